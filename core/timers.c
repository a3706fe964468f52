// Timers: absolute deadlines, each armed by one function, and what happens when they fire (section 3.10.8, RFC 6298).
#include "core/step.h"

static void set(struct tcp_connection *tcb, enum tcp_timer timer, uint64_t deadline) {
    tcb->deadline[timer] = deadline;
}

static bool armed(const struct tcp_connection *tcb, enum tcp_timer timer) {
    return tcb->deadline[timer] != TCP_NEVER;
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
    set(s->tcb, TCP_TIMER_RETRANSMISSION, after(s->now, (uint64_t)s->tcb->rto * 1000));
}

// R2 for a SYN is longer (MUST-23).
static uint64_t r2(struct step *s) {
    if (tcb_has(s->tcb, TCP_CONNECTION_SYN_ACKED)) return s->config->r2;
    return rule(s, TCP_RULE_SYN_R2_AT_LEAST_THREE_MINUTES) ? s->config->r2_syn : s->config->r2;
}

static void start_r2(struct step *s) {
    set(s->tcb, TCP_TIMER_R2, after(s->now, r2(s)));
}

static void start_user(struct step *s) {
    if (s->config->user_timeout > 0) set(s->tcb, TCP_TIMER_USER, after(s->now, s->config->user_timeout));
}

void timer_sent(struct step *s, bool is_new) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_RETRANSMISSION)) start_retransmission(s);  // RFC 6298 5.1
    if (!armed(tcb, TCP_TIMER_R2)) start_r2(s);
    if (!armed(tcb, TCP_TIMER_USER)) start_user(s);
    if (!is_new || tcb_has(tcb, TCP_CONNECTION_TIMING)) return;
    tcb_set(tcb, TCP_CONNECTION_TIMING);
    tcb->rtt_seq = tcb->snd_nxt;
    tcb->rtt_start = s->now;
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

static void back_off(struct step *s) {
    uint64_t high = s->config->rto_max / 1000;
    uint64_t doubled = 2 * (uint64_t)s->tcb->rto;
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
    tcb->recover = tcb->snd_nxt;
    // What was sent into a closed window is a probe, and is repeated as one (SHLD-30).
    bool probe = tcb->probes > 0 && tcb->snd_wnd == 0;
    send_front_again(s, probe ? TCP_RULE_ZERO_WINDOW_IS_PROBED : TCP_RULE_RETRANSMISSION);  // RFC 6298 5.4 and 5.6
}

void give_up_timeout(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_R2)) return;
    set(tcb, TCP_TIMER_R2, TCP_NEVER);
    if (!rule(s, TCP_RULE_R2_ENDS_CONNECTION)) return;
    // After a passive OPEN, nobody has been told of the connection yet: back to LISTEN in silence, as after a reset.
    bool known = tcb->state != TCP_SYN_RECEIVED || tcb_has(tcb, TCP_CONNECTION_ACTIVE);
    if (known) effect_signal(s, TCP_RULE_R2_ENDS_CONNECTION, TCP_SIGNAL_TIMED_OUT);
    effect_delete(s, TCP_RULE_R2_ENDS_CONNECTION);
}

void user_timeout(struct step *s) {
    if (!armed(s->tcb, TCP_TIMER_USER)) return;
    set(s->tcb, TCP_TIMER_USER, TCP_NEVER);
    if (!rule(s, TCP_RULE_USER_TIMEOUT_ENDS_CONNECTION)) return;
    effect_signal(s, TCP_RULE_USER_TIMEOUT_ENDS_CONNECTION, TCP_SIGNAL_USER_TIMEOUT);
    effect_delete(s, TCP_RULE_USER_TIMEOUT_ENDS_CONNECTION);
}

// ---- zero-window probes

void timer_update_persist(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!stopped_by_window(tcb))
        set(tcb, TCP_TIMER_PERSIST, TCP_NEVER);
    else if (!armed(tcb, TCP_TIMER_PERSIST))  // SHLD-29: first after one RTO
        set(tcb, TCP_TIMER_PERSIST, after(s->now, (uint64_t)tcb->rto * 1000));
}

void persist_timeout(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!armed(tcb, TCP_TIMER_PERSIST)) return;
    set(tcb, TCP_TIMER_PERSIST, TCP_NEVER);
    if (stopped_by_window(tcb) && rule(s, TCP_RULE_ZERO_WINDOW_IS_PROBED)) send_window_probe(s);
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

void time_wait_timeout(struct step *s) {
    if (s->tcb->state == TCP_TIME_WAIT) effect_delete(s, TCP_RULE_TIME_WAIT);
}
