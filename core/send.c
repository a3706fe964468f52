// What a connection owes by its state: new text, the FIN, acknowledgements, repetitions.
#include "core/step.h"

bool something_unacknowledged(const struct tcp_connection *tcb) {
    return !tcb_has(tcb, TCP_CONNECTION_SYN_ACKED) || tcb->snd_una != tcb->snd_nxt;
}

// Text may be sent once the connection is ESTABLISHED, and as long as the FIN is still to come.
static bool may_send_text(const struct tcp_connection *tcb) {
    switch ((enum tcp_state)tcb->state) {
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING: return !tcb_has(tcb, TCP_CONNECTION_FIN_SENT);
    case TCP_SYN_RECEIVED: return opened_fast(tcb);
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT:
    case TCP_FIN_WAIT_2:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT: break;
    }
    return false;
}

// Octets that SND.UNA + SND.WND leaves beyond SND.NXT.
static uint32_t window_left(const struct tcp_connection *tcb) {
    uint32_t edge = tcb->snd_una + tcb->snd_wnd;
    return seq_gt(edge, tcb->snd_nxt) ? edge - tcb->snd_nxt : 0;
}

// What next_text() and next_owed() look at: a const connection, and where the rules are noted.
struct sender {
    const struct tcp_config *config;
    const struct tcp_connection *tcb;
    struct tcp_rule_set *applied;
};

static bool sender_rule(const struct sender *sender, enum tcp_rule r) {
    return tcp_rule_in_force(&sender->config->without, sender->applied, r);
}

// Behind a SYN,ACK that let text in early, the SYN alone is no reason to wait.
static bool text_in_flight(const struct tcp_connection *tcb) {
    return tcb->snd_nxt - tcb->snd_una > (tcb_has(tcb, TCP_CONNECTION_SYN_ACKED) ? 0u : 1u);
}

// Nagle's algorithm (section 3.7.4): less than a full segment waits until everything before it is acknowledged, be it
// all that is queued or what the window cuts (the brackets of 3.8.6.2.1 (2) and (3)); but where a FIN follows it, no
// company will come, and urgent text is not to wait for any.
static bool waits_for_company(const struct sender *sender, bool is_all) {
    const struct tcp_connection *tcb = sender->tcb;
    if (!text_in_flight(tcb)) return false;
    if (tcb_has(tcb, TCP_CONNECTION_NO_DELAY) || (is_all && tcb_has(tcb, TCP_CONNECTION_FIN_QUEUED))) return false;
    if (tcb_has(tcb, TCP_CONNECTION_URGENT_SENT) && seq_lt(tcb->snd_nxt, tcb->snd_up)) return false;
    return sender_rule(sender, TCP_RULE_NAGLE);
}

// Section 3.8.6.2.1: what the window cuts below a full segment is sent only when it is half of the largest window that
// the peer has ever shown (MUST-38).
static bool would_be_silly(const struct sender *sender, uint32_t len) {
    if (len >= sender->tcb->max_snd_wnd / 2) return false;
    return sender_rule(sender, TCP_RULE_SENDER_AVOIDS_SILLY_WINDOW);
}

// Octets of text that the next segment may carry.
static uint32_t next_text(const struct sender *sender) {
    const struct tcp_connection *tcb = sender->tcb;
    if (!may_send_text(tcb) || tcb->snd_end == tcb->snd_nxt) return 0;
    uint32_t most = segment_text_max(tcb), waits = tcb->snd_end - tcb->snd_nxt;
    uint32_t len = waits < most ? waits : most;
    uint32_t room = window_left(tcb);
    if (len > room && sender_rule(sender, TCP_RULE_WINDOW_BOUNDS_SENDING)) len = room;
    if (len == 0) return 0;
    bool is_all = len == waits;
    if (len < most && waits_for_company(sender, is_all)) return 0;
    if (len < most && !is_all && would_be_silly(sender, len)) return 0;
    return congestion_permits(sender->config, sender->applied, tcb, len) ? len : 0;
}

bool stopped_by_window(const struct tcp_connection *tcb) {
    return tcb->snd_end != tcb->snd_nxt && tcb->snd_una == tcb->snd_nxt && may_send_text(tcb);
}

static bool fin_is_next(const struct tcp_connection *tcb) {
    return tcb_has(tcb, TCP_CONNECTION_FIN_QUEUED) && may_send_text(tcb) && tcb->snd_nxt == tcb->snd_end;
}

// What is to be sent again now, as far as the congestion window permits.
static bool repeat_is_due(const struct sender *sender, struct tcp_block *next) {
    const struct tcp_connection *tcb = sender->tcb;
    if (!repairs_loss(tcb) || !next_repeat(tcb, next_text(sender) > 0, next)) return false;
    if (!congestion_permits(sender->config, sender->applied, tcb, segment_text_max(tcb))) return false;
    return !tcb_has(tcb, TCP_CONNECTION_LOSS) || sender_rule(sender, TCP_RULE_PARTIAL_ACK_REPEATS_NEXT);
}

// False: there is no text, no FIN and no repetition to think about. So it is after most steps, and costs little there.
static bool something_waits(const struct tcp_connection *tcb) {
    if (repairs_loss(tcb)) return true;
    if (tcb_has(tcb, TCP_CONNECTION_FIN_SENT)) return false;
    return tcb->snd_end != tcb->snd_nxt || tcb_has(tcb, TCP_CONNECTION_FIN_QUEUED);
}

bool something_owed(const struct tcp_config *config, const struct tcp_connection *tcb) {
    if (tcb_has(tcb, TCP_CONNECTION_ACK_OWED)) return true;
    if (!something_waits(tcb)) return false;
    struct tcp_rule_set unused = {{0}};
    const struct sender sender = {config, tcb, &unused};
    struct tcp_block next;
    return fin_is_next(tcb) || next_text(&sender) > 0 || repeat_is_due(&sender, &next);
}

// PSH stands where a SEND ended: with the last octet queued (SHLD-27).
static uint8_t text_flags(const struct tcp_connection *tcb, uint32_t end) {
    return end == tcb->snd_end ? TCP_ACK | TCP_PSH : TCP_ACK;
}

static void send_fin(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    effect_segment(s, TCP_RULE_CLOSE_SENDS_FIN, TCP_FIN | TCP_ACK, tcb->snd_nxt, 0, 0);
    tcb->snd_nxt += fin_size(s);
    tcb_set(tcb, TCP_CONNECTION_FIN_SENT);
    timer_sent(s, true);
    if (tcb->state == TCP_CLOSE_WAIT) tcb->state = TCP_LAST_ACK;
    if (tcb->state == TCP_SYN_RECEIVED) tcb->state = TCP_FIN_WAIT_1;
}

static bool room_left(const struct step *s) {
    return s->effects->count < TCP_EFFECTS;
}

void send_owed_ack(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!tcb_has(tcb, TCP_CONNECTION_ACK_OWED)) return;  // where text left no room, it was acknowledged with the text
    effect_ack(s, (enum tcp_rule)tcb->ack_rule);
}

static void send_syn_again(struct step *s, enum tcp_rule why) {
    uint8_t flags = s->tcb->state == TCP_SYN_SENT ? TCP_SYN : TCP_SYN | TCP_ACK;
    effect_segment(s, why, flags, s->tcb->iss, 0, s->tcb->repeats);
}

void send_fin_again(struct step *s, enum tcp_rule why) {
    uint8_t flags = rule(s, TCP_RULE_REPEATED_FIN_IS_A_FIN) ? TCP_FIN | TCP_ACK : TCP_ACK;
    effect_segment(s, why, flags, s->tcb->snd_end, 0, s->tcb->rounds);
}

// Repeats what begins at `seq`, at most a segment and not beyond `end`. In one round nothing is repeated twice, so that
// the round's number tells repetitions apart.
static void send_from_again(struct step *s, enum tcp_rule why, uint32_t seq, uint32_t end) {
    struct tcp_connection *tcb = s->tcb;
    timer_forget_sample(s);
    tcb->send_time = tcp_coarse_time(s->now);
    uint32_t text_end = tcb_has(tcb, TCP_CONNECTION_FIN_SENT) ? tcb->snd_end : tcb->snd_nxt;
    uint32_t len = seq_min(text_end, end) - seq, most = segment_text_max(tcb);
    if (len > most) len = most;
    if (len > 0)
        effect_segment(s, why, text_flags(tcb, seq + len), seq, len, tcb->rounds);
    else
        send_fin_again(s, why);
    if (repairs_loss(tcb)) tcb->high_rxt = seq_max(tcb->high_rxt, seq + (len > 0 ? len : fin_size(s)));
    timer_sent(s, false);
}

static void send_again(struct step *s, const struct tcp_block *next) {
    bool timeout = tcb_has(s->tcb, TCP_CONNECTION_LOSS);
    send_from_again(s, timeout ? TCP_RULE_PARTIAL_ACK_REPEATS_NEXT : TCP_RULE_SACK_STEERS_REPEATS, next->begin,
                    next->end);
}

void send_front_again(struct step *s, enum tcp_rule why) {
    struct tcp_connection *tcb = s->tcb;
    if (!something_unacknowledged(tcb)) return;
    if (tcb->repeats < UINT8_MAX) tcb->repeats++;
    if (tcb_has(tcb, TCP_CONNECTION_SYN_ACKED)) {
        uint32_t end = tcb->sacked_count > 0 ? tcb->sacked[0].begin : tcb->snd_nxt;
        send_from_again(s, why, tcb->snd_una, end);
        return;
    }
    timer_forget_sample(s);
    send_syn_again(s, why);
    timer_sent(s, false);
}

static void send_text(struct step *s, enum tcp_rule why, uint32_t len) {
    struct tcp_connection *tcb = s->tcb;
    congestion_restart_after_idle(s);
    effect_segment(s, why, text_flags(tcb, tcb->snd_nxt + len), tcb->snd_nxt, len, 0);
    tcb->snd_nxt += len;
    timer_sent(s, true);
}

void send_owed(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!something_waits(tcb)) return;
    const struct sender sender = {s->config, tcb, &s->effects->applied};
    struct tcp_block next;
    while (room_left(s) && repeat_is_due(&sender, &next))
        send_again(s, &next);
    while (room_left(s)) {
        uint32_t len = next_text(&sender);
        if (len == 0) break;
        send_text(s, TCP_RULE_SEND_SENDS_TEXT, len);
    }
    if (room_left(s) && fin_is_next(tcb)) send_fin(s);
}

// "At least one octet of new data" (MUST-36). It is then in flight as any other, and the retransmission timer repeats
// it. Or none, as some systems do: what is acknowledged already is answered too (section 3.10.7.4, first).
void send_window_probe(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (s->config->probes_are_empty) {
        effect_segment(s, TCP_RULE_ZERO_WINDOW_IS_PROBED, TCP_ACK, tcb->snd_una - 1, 0, 0);
        if (tcb->probes < UINT8_MAX) tcb->probes++;
        return;
    }
    effect_segment(s, TCP_RULE_ZERO_WINDOW_IS_PROBED, text_flags(tcb, tcb->snd_nxt + 1), tcb->snd_nxt, 1, 0);
    if (tcb->probes < UINT8_MAX) tcb->probes++;
    tcb->snd_nxt += 1;
    timer_sent(s, true);
}

// Section 3.8.6.2.1 (4): the override timeout. The window has not grown; what it permits is sent.
void send_into_small_window(struct step *s) {
    uint32_t waits = s->tcb->snd_end - s->tcb->snd_nxt, room = window_left(s->tcb);
    uint32_t len = waits < room ? waits : room, most = segment_text_max(s->tcb);
    send_text(s, TCP_RULE_SENDER_AVOIDS_SILLY_WINDOW, len < most ? len : most);
}

bool window_is_closed(const struct tcp_connection *tcb) {
    return window_left(tcb) == 0;
}
