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
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
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

bool stopped_by_window(const struct tcp_connection *tcb) {
    return may_send_text(tcb) && tcb->snd_end != tcb->snd_nxt && window_left(tcb) == 0 && tcb->snd_una == tcb->snd_nxt;
}

// Octets of text that the next segment may carry.
static uint32_t next_text(const struct tcp_config *config, struct tcp_rule_set *applied,
                          const struct tcp_connection *tcb) {
    if (!may_send_text(tcb)) return 0;
    uint32_t len = tcb->snd_end - tcb->snd_nxt;
    if (len > tcb->snd_mss) len = tcb->snd_mss;
    uint32_t room = window_left(tcb);
    if (len > room && tcp_rule_in_force(&config->without, applied, TCP_RULE_WINDOW_BOUNDS_SENDING)) len = room;
    return len;
}

static bool fin_is_next(const struct tcp_connection *tcb) {
    return tcb_has(tcb, TCP_CONNECTION_FIN_QUEUED) && may_send_text(tcb) && tcb->snd_nxt == tcb->snd_end;
}

bool something_owed(const struct tcp_config *config, const struct tcp_connection *tcb) {
    struct tcp_rule_set unused = {{0, 0}};
    if (tcb_has(tcb, TCP_CONNECTION_ACK_OWED)) return true;
    return fin_is_next(tcb) || next_text(config, &unused, tcb) > 0;
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
}

static bool room_left(const struct step *s) {
    return s->effects->count < TCP_EFFECTS;
}

void send_owed(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    while (room_left(s)) {
        uint32_t len = next_text(s->config, &s->effects->applied, tcb);
        if (len == 0) break;
        uint8_t flags = text_flags(tcb, tcb->snd_nxt + len);
        effect_segment(s, TCP_RULE_SEND_SENDS_TEXT, flags, tcb->snd_nxt, len, 0);
        tcb->snd_nxt += len;
        timer_sent(s, true);
    }
    if (room_left(s) && fin_is_next(tcb)) send_fin(s);
}

void send_owed_ack(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!tcb_has(tcb, TCP_CONNECTION_ACK_OWED) || !room_left(s)) return;
    effect_ack(s, (enum tcp_rule)tcb->ack_rule);
}

// The number of the repetition that goes out now; luck and timelines want to know.
static uint8_t count_repeat(struct tcp_connection *tcb) {
    if (tcb->repeats < UINT8_MAX) tcb->repeats++;
    return tcb->repeats;
}

static void send_syn_again(struct step *s, enum tcp_rule why, uint8_t repeat) {
    uint8_t flags = s->tcb->state == TCP_SYN_SENT ? TCP_SYN : TCP_SYN | TCP_ACK;
    effect_segment(s, why, flags, s->tcb->iss, 0, repeat);
}

static void send_fin_again(struct step *s, enum tcp_rule why, uint8_t repeat) {
    uint8_t flags = rule(s, TCP_RULE_REPEATED_FIN_IS_A_FIN) ? TCP_FIN | TCP_ACK : TCP_ACK;
    effect_segment(s, why, flags, s->tcb->snd_una, 0, repeat);
}

void send_front_again(struct step *s, enum tcp_rule why) {
    struct tcp_connection *tcb = s->tcb;
    if (!something_unacknowledged(tcb)) return;
    uint8_t repeat = count_repeat(tcb);
    timer_forget_sample(s);
    if (!tcb_has(tcb, TCP_CONNECTION_SYN_ACKED)) {
        send_syn_again(s, why, repeat);
    } else {
        uint32_t text_end = tcb_has(tcb, TCP_CONNECTION_FIN_SENT) ? tcb->snd_end : tcb->snd_nxt;
        uint32_t len = text_end - tcb->snd_una;
        if (len > tcb->snd_mss) len = tcb->snd_mss;
        if (len > 0)
            effect_segment(s, why, text_flags(tcb, tcb->snd_una + len), tcb->snd_una, len, repeat);
        else
            send_fin_again(s, why, repeat);
    }
    timer_sent(s, false);
}

// "At least one octet of new data" (MUST-36). It is then in flight as any other, and the retransmission timer repeats
// it.
void send_window_probe(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    effect_segment(s, TCP_RULE_ZERO_WINDOW_IS_PROBED, text_flags(tcb, tcb->snd_nxt + 1), tcb->snd_nxt, 1, 0);
    if (tcb->probes < UINT8_MAX) tcb->probes++;
    tcb->snd_nxt += 1;
    timer_sent(s, true);
}
