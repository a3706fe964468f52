// Timers: absolute deadlines, each armed by one function, and what happens when they fire (section 3.10.8, RFC 6298).
#include "core/step.h"

static void set(struct tcp_connection *tcb, enum tcp_timer timer, uint64_t deadline) {
    tcb->deadline[timer] = deadline;
}

// All bytes of a closed connection are zero, its deadlines too.
static bool armed(const struct tcp_connection *tcb, enum tcp_timer timer) {
    return tcb->state != TCP_CLOSED && tcb->deadline[timer] != TCP_NEVER;
}

static uint64_t after(uint64_t now, uint64_t duration) {
    return duration < TCP_NEVER - now ? now + duration : TCP_NEVER - 1;
}

void timer_stop_all(struct tcp_connection *tcb) {
    for (int timer = 0; timer < TCP_TIMERS; timer++)
        set(tcb, (enum tcp_timer)timer, TCP_NEVER);
}

// ---- retransmission, R2 and the user timeout: armed while something is unacknowledged

static void start_retransmission(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    uint64_t rto = (uint64_t)tcb->rto * 1000;
    if (tcb->srtt > 0 || tcb->repeats > 0) rto += s->config->rto_slop;
    set(s->tcb, TCP_TIMER_RETRANSMISSION, after(s->now, rto < s->config->rto_max ? rto : s->config->rto_max));
}

void timer_retransmit_now(struct step *s) {
    set(s->tcb, TCP_TIMER_RETRANSMISSION, s->now);
}

// R2 for a SYN is longer (MUST-23).
static uint64_t r2(struct step *s) {
    if (tcb_has(s->tcb, TCP_CONNECTION_SYN_ACKED)) return s->config->r2;
    if (!rule(s, TCP_RULE_SYN_R2_AT_LEAST_THREE_MINUTES)) return s->config->r2;
    bool passive = !tcb_has(s->tcb, TCP_CONNECTION_ACTIVE) && s->config->r2_syn_ack > 0;
    return passive ? s->config->r2_syn_ack : s->config->r2_syn;
}

static uint64_t users_patience(const struct tcp_connection *tcb) {
    return (uint64_t)tcb->user_timeout * 1000000;
}

// A user timeout beyond R2 is the user's R2 (MUST-21).
static void start_r2(struct step *s) {
    uint64_t patience = r2(s);
    bool user_decides = users_patience(s->tcb) > patience;
    set(s->tcb, TCP_TIMER_R2, user_decides ? TCP_NEVER : after(s->now, patience));
}

static void start_user(struct step *s) {
    uint64_t patience = users_patience(s->tcb);
    set(s->tcb, TCP_TIMER_USER, patience > 0 ? after(s->now, patience) : TCP_NEVER);
}

void timer_restart_user(struct step *s) {
    if (!armed(s->tcb, TCP_TIMER_RETRANSMISSION)) return;
    start_r2(s);
    start_user(s);
}

void timer_sent(struct step *s, bool is_new) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_RETRANSMISSION)) start_retransmission(s);  // RFC 6298 5.1
    if (!armed(tcb, TCP_TIMER_R2)) start_r2(s);
    if (!armed(tcb, TCP_TIMER_USER)) start_user(s);
    if (!is_new || tcb_has(tcb, TCP_CONNECTION_TIMING)) return;
    tcb_set(tcb, TCP_CONNECTION_TIMING);
    tcb->rtt_seq = tcb->snd_nxt;
    tcb->rtt_start = (uint32_t)(s->now / 1000);
}

// RFC 6298 section 3: nobody knows which of the two is acknowledged.
void timer_forget_sample(struct step *s) {
    if (!tcb_has(s->tcb, TCP_CONNECTION_TIMING)) return;
    if (rule(s, TCP_RULE_NO_SAMPLE_FROM_REPEATS)) tcb_clear(s->tcb, TCP_CONNECTION_TIMING);
}

void timer_acknowledged(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (something_unacknowledged(tcb)) {  // RFC 6298 5.3
        start_retransmission(s);
        start_r2(s);
        start_user(s);
        return;
    }
    set(tcb, TCP_TIMER_RETRANSMISSION, TCP_NEVER);  // RFC 6298 5.2
    set(tcb, TCP_TIMER_R2, TCP_NEVER);
    set(tcb, TCP_TIMER_USER, TCP_NEVER);
}

// MUST-37: as long as the peer acknowledges, a closed window ends no connection.
void timer_peer_alive(struct step *s) {
    if (armed(s->tcb, TCP_TIMER_R2) && rule(s, TCP_RULE_ZERO_WINDOW_IS_NO_DEATH)) start_r2(s);
}

enum { r1 = 3 };  // retransmissions, section 3.8.3

static void back_off(struct step *s) {
    uint64_t high = s->config->rto_max / 1000;
    uint64_t doubled = 2 * (uint64_t)s->tcb->rto;
    if (s->tcb->state == TCP_SYN_SENT && s->tcb->repeats < s->config->syn_linear) return;
    if (!rule(s, TCP_RULE_TIMEOUT_DOUBLES_RTO)) return;  // RFC 6298 5.5
    s->tcb->rto = (uint32_t)(doubled < high ? doubled : high);
}

void retransmission_timeout(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_RETRANSMISSION)) return;
    set(tcb, TCP_TIMER_RETRANSMISSION, TCP_NEVER);
    if (!something_unacknowledged(tcb)) return;
    if (!rule(s, TCP_RULE_RETRANSMISSION)) return;
    back_off(s);
    // What was sent into a closed window is a probe, and is repeated as one (SHLD-30): no sign of congestion.
    bool probe = tcb->probes > 0;
    if (probe)
        begin_round(tcb);
    else if (tcb_has(tcb, TCP_CONNECTION_SYN_ACKED))
        congestion_timeout(s);
    send_front_again(s, probe ? TCP_RULE_ZERO_WINDOW_IS_PROBED : TCP_RULE_RETRANSMISSION);  // RFC 6298 5.4 and 5.6
    if (tcb->repeats == r1 && rule(s, TCP_RULE_R1_IS_REPORTED) && user_knows(tcb))
        effect_signal(s, TCP_RULE_R1_IS_REPORTED, TCP_SIGNAL_SOFT_ERROR);
}

void give_up_timeout(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_R2)) return;
    set(tcb, TCP_TIMER_R2, TCP_NEVER);
    if (!rule(s, TCP_RULE_R2_ENDS_CONNECTION)) return;
    if (user_knows(tcb)) effect_signal(s, TCP_RULE_R2_ENDS_CONNECTION, TCP_SIGNAL_TIMED_OUT);
    effect_delete(s, TCP_RULE_R2_ENDS_CONNECTION);
}

void user_timeout(struct step *s) {
    if (!armed(s->tcb, TCP_TIMER_USER)) return;
    set(s->tcb, TCP_TIMER_USER, TCP_NEVER);
    if (!rule(s, TCP_RULE_USER_TIMEOUT_ENDS_CONNECTION)) return;
    if (user_knows(s->tcb)) effect_signal(s, TCP_RULE_USER_TIMEOUT_ENDS_CONNECTION, TCP_SIGNAL_USER_TIMEOUT);
    effect_delete(s, TCP_RULE_USER_TIMEOUT_ENDS_CONNECTION);
}

// ---- zero-window probes

// `wait` microseconds, doubled `times` times.
static uint64_t backed_off(const struct tcp_config *config, uint64_t wait, unsigned times) {
    uint64_t most = config->rto_max / 1000, doubled = wait << (times < 31 ? times : 31);
    return doubled < most ? doubled : most;
}

void timer_update_persist(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const uint64_t override = UINT64_C(1000000);  // microseconds; section 3.8.6.2.1 asks for 0.1 to 1 s
    if (!stopped_by_window(tcb)) {
        set(tcb, TCP_TIMER_PERSIST, TCP_NEVER);
        if (s->config->probes_are_empty && !something_unacknowledged(tcb)) set(tcb, TCP_TIMER_R2, TCP_NEVER);
        return;
    }
    if (armed(tcb, TCP_TIMER_PERSIST)) return;
    uint64_t wait = tcb->rto;                                                          // SHLD-29: first after one RTO
    if (s->config->probes_are_empty) wait = backed_off(s->config, wait, tcb->probes);  // SHLD-30
    if (!window_is_closed(tcb) && wait > override) wait = override;
    set(tcb, TCP_TIMER_PERSIST, after(s->now, wait * 1000));
}

void persist_timeout(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_PERSIST)) return;
    set(tcb, TCP_TIMER_PERSIST, TCP_NEVER);
    if (!window_is_closed(tcb))
        send_into_small_window(s);
    else if (rule(s, TCP_RULE_ZERO_WINDOW_IS_PROBED))
        send_window_probe(s);
    // A probe without text is never in flight, but somebody must answer it some time.
    if (s->config->probes_are_empty && tcb->probes > 0 && !armed(tcb, TCP_TIMER_R2)) start_r2(s);
}

// ---- delayed acknowledgements

void timer_delay_ack(struct step *s) {
    if (!armed(s->tcb, TCP_TIMER_DELAYED_ACK))
        set(s->tcb, TCP_TIMER_DELAYED_ACK, after(s->now, s->config->delayed_ack));
}

void delayed_ack_timeout(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_DELAYED_ACK)) return;
    effect_ack(s, (enum tcp_rule)tcb->ack_rule);
}

// ---- keep-alive, section 3.8.4

// Only where nothing is under way that would tell as much.
static bool keeps_alive(const struct tcp_connection *tcb) {
    if (!tcb_has(tcb, TCP_CONNECTION_KEEP_ALIVE) || something_unacknowledged(tcb)) return false;
    return tcb->state == TCP_ESTABLISHED || tcb->state == TCP_CLOSE_WAIT || tcb->state == TCP_FIN_WAIT_2;
}

void timer_update_keep_alive(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!keeps_alive(tcb))
        set(tcb, TCP_TIMER_KEEP_ALIVE, TCP_NEVER);
    else if (!armed(tcb, TCP_TIMER_KEEP_ALIVE))
        set(tcb, TCP_TIMER_KEEP_ALIVE, after(s->now, s->config->keep_alive_idle));
}

// Something arrived: the silence begins anew.
void timer_peer_heard(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    tcb->keep_alives = 0;
    if (armed(tcb, TCP_TIMER_KEEP_ALIVE)) set(tcb, TCP_TIMER_KEEP_ALIVE, after(s->now, s->config->keep_alive_idle));
}

// No single answer that fails to come means anything (MUST-29); so many do.
void keep_alive_timeout(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_KEEP_ALIVE)) return;
    set(tcb, TCP_TIMER_KEEP_ALIVE, TCP_NEVER);
    if (!rule(s, TCP_RULE_KEEP_ALIVE_ASKS)) return;
    if (tcb->keep_alives >= s->config->keep_alive_probes) {
        effect_signal(s, TCP_RULE_KEEP_ALIVE_ASKS, TCP_SIGNAL_TIMED_OUT);
        effect_delete(s, TCP_RULE_KEEP_ALIVE_ASKS);
        return;
    }
    tcb->keep_alives++;
    effect_segment(s, TCP_RULE_KEEP_ALIVE_ASKS, TCP_ACK, tcb->snd_nxt - 1, 0, tcb->keep_alives);
    set(tcb, TCP_TIMER_KEEP_ALIVE, after(s->now, s->config->keep_alive_interval));
}

// ---- TIME-WAIT

void timer_start_time_wait(struct step *s) {
    set(s->tcb, TCP_TIMER_TIME_WAIT, after(s->now, 2 * s->config->msl));
}

void enter_time_wait(struct step *s) {
    if (!rule(s, TCP_RULE_TIME_WAIT)) {
        send_owed_ack(s);  // the last thing that it does
        effect_delete(s, TCP_RULE_NONE);
        return;
    }
    s->tcb->state = TCP_TIME_WAIT;
    timer_stop_all(s->tcb);
    timer_start_time_wait(s);
}

// Some systems do not wait for ever in FIN-WAIT-2 once nobody can read any more (RFC 9293 leaves it open).
void timer_update_orphan(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (s->config->fin_wait_2 == 0 || tcb->state != TCP_FIN_WAIT_2 || !tcb_has(tcb, TCP_CONNECTION_DEAF)) return;
    if (!armed(tcb, TCP_TIMER_TIME_WAIT)) set(tcb, TCP_TIMER_TIME_WAIT, after(s->now, s->config->fin_wait_2));
}

void time_wait_timeout(struct step *s) {
    if (!armed(s->tcb, TCP_TIMER_TIME_WAIT)) return;
    effect_delete(s, s->tcb->state == TCP_TIME_WAIT ? TCP_RULE_TIME_WAIT : TCP_RULE_NONE);
}
