// Text and FIN: in order to the user, out of order into held[].
#include "core/step.h"

#include <string.h>

void owe_ack(struct step *s, enum tcp_rule why) {
    if (tcb_has(s->tcb, TCP_CONNECTION_ACK_OWED)) return;
    tcb_set(s->tcb, TCP_CONNECTION_ACK_OWED);
    s->tcb->ack_rule = (uint8_t)why;
}

// ---- ranges out of order

static void remove_held(struct tcp_connection *tcb, unsigned at) {
    tcb->held_count--;
    memmove(&tcb->held[at], &tcb->held[at + 1], (tcb->held_count - at) * sizeof tcb->held[0]);
    memset(&tcb->held[tcb->held_count], 0, sizeof tcb->held[0]);
}

static bool adjoins(const struct tcp_range *a, const struct tcp_range *b) {
    return a->seq + a->len == b->seq && a->source == b->source;
}

// Puts a range that overlaps no other in front of held[at], merged with its neighbours. A full list drops it.
static void insert_held(struct tcp_connection *tcb, unsigned at, struct tcp_range range) {
    if (at > 0 && adjoins(&tcb->held[at - 1], &range)) {
        tcb->held[at - 1].len += range.len;
        if (at == tcb->held_count || !adjoins(&tcb->held[at - 1], &tcb->held[at])) return;
        tcb->held[at - 1].len += tcb->held[at].len;
        remove_held(tcb, at);
        return;
    }
    if (at < tcb->held_count && adjoins(&range, &tcb->held[at])) {
        tcb->held[at].seq = range.seq;
        tcb->held[at].len += range.len;
        return;
    }
    if (tcb->held_count == TCP_HELD_RANGES) return;
    memmove(&tcb->held[at + 1], &tcb->held[at], (tcb->held_count - at) * sizeof tcb->held[0]);
    tcb->held[at] = range;
    tcb->held_count++;
}

// Of overlapping copies the first stays: only what lies in the gaps is new.
static void hold(struct tcp_connection *tcb, struct tcp_range range) {
    unsigned at = 0;
    while (range.len > 0) {
        while (at < tcb->held_count && seq_le(tcb->held[at].seq + tcb->held[at].len, range.seq))
            at++;
        if (at == tcb->held_count) break;
        const struct tcp_range next = tcb->held[at];
        if (seq_le(range.seq + range.len, next.seq)) break;
        if (seq_lt(range.seq, next.seq)) {
            struct tcp_range gap = {range.seq, next.seq - range.seq, range.source};
            insert_held(tcb, at, gap);
        }
        uint32_t covered = next.seq + next.len - range.seq;
        if (covered >= range.len) return;
        range.seq += covered;
        range.len -= covered;
    }
    if (range.len > 0) insert_held(tcb, at, range);
}

// ---- text in order

static void deliver(struct step *s, struct tcp_range text) {
    struct tcp_connection *tcb = s->tcb;
    effect_text(s, TCP_RULE_TEXT_IS_ACKNOWLEDGED, text);
    tcb->rcv_nxt += text.len;
    tcb->rcv_wnd -= text.len < tcb->rcv_wnd ? text.len : tcb->rcv_wnd;
}

// The sockets' close() was called: there is nobody to read it.
static bool refused_by_deaf_user(struct step *s) {
    if (!tcb_has(s->tcb, TCP_CONNECTION_DEAF)) return false;
    if (!rule(s, TCP_RULE_TEXT_AFTER_CLOSE_DRAWS_RST)) return false;
    effect_segment(s, TCP_RULE_TEXT_AFTER_CLOSE_DRAWS_RST, TCP_RST, s->tcb->snd_nxt, 0, 0);
    effect_delete(s, TCP_RULE_TEXT_AFTER_CLOSE_DRAWS_RST);
    return true;
}

void receive_held_text(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (tcb->held_count > 0 && refused_by_deaf_user(s)) return;
    while (tcb->held_count > 0 && seq_le(tcb->held[0].seq, tcb->rcv_nxt)) {
        struct tcp_range next = tcb->held[0];
        remove_held(tcb, 0);
        uint32_t old = tcb->rcv_nxt - next.seq;
        if (old >= next.len) continue;
        deliver(s, (struct tcp_range){next.seq + old, next.len - old, next.source});
        owe_ack(s, TCP_RULE_TEXT_IS_ACKNOWLEDGED);
    }
}

// Text that begins at or below RCV.NXT. What held[] has of it came first and stays.
static void receive_in_order(struct step *s, struct tcp_range text) {
    struct tcp_connection *tcb = s->tcb;
    // Below RCV.NXT only where the rule that cuts old text off is missing: such a TCP delivers it again.
    if (seq_lt(text.seq, tcb->rcv_nxt)) {
        uint32_t again = tcb->rcv_nxt - text.seq;
        if (again > text.len) again = text.len;
        effect_text(s, TCP_RULE_NONE, (struct tcp_range){text.seq, again, text.source});
        text.seq += again;
        text.len -= again;
    }
    while (text.len > 0) {
        uint32_t gap = tcb->held_count > 0 ? tcb->held[0].seq - text.seq : text.len;
        if (gap > text.len) gap = text.len;
        deliver(s, (struct tcp_range){text.seq, gap, text.source});
        receive_held_text(s);
        uint32_t taken = tcb->rcv_nxt - text.seq;
        text.seq += taken;
        text.len -= taken < text.len ? taken : text.len;
    }
}

static bool refused_after_close(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    if (tcb->state == TCP_ESTABLISHED || rule(s, TCP_RULE_CLOSE_KEEPS_RECEIVING)) return false;
    s->fin = false;  // it stands behind text that was refused
    return true;
}

void receive_text(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    struct tcp_range text = s->text;
    if (text.len == 0) return;
    if (refused_by_deaf_user(s) || refused_after_close(s)) return;
    if (seq_le(text.seq, tcb->rcv_nxt)) {
        receive_in_order(s, text);
        if (rule(s, TCP_RULE_TEXT_IS_ACKNOWLEDGED)) owe_ack(s, TCP_RULE_TEXT_IS_ACKNOWLEDGED);
        return;
    }
    if (rule(s, TCP_RULE_OUT_OF_ORDER_TEXT_IS_HELD)) hold(tcb, text);
    if (rule(s, TCP_RULE_GAP_IS_REPORTED)) effect_ack(s, TCP_RULE_GAP_IS_REPORTED);
}

// Section 3.10.7.2 and the fourth of 3.10.7.3: "any other control or text should be queued for processing later".
void hold_syn_text(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    struct tcp_range text = {tcb->rcv_nxt, s->text.len, s->text.source};
    if (text.len > tcb->rcv_wnd) text.len = tcb->rcv_wnd;
    if (s->fin && text.len == s->text.len) {
        tcb_set(tcb, TCP_CONNECTION_FIN_HELD);
        tcb->held_fin = text.seq + text.len;
    }
    if (text.len == 0) return;
    if (tcb->state == TCP_SYN_RECEIVED && rule(s, TCP_RULE_SYN_TEXT_WAITS_FOR_ESTABLISHED))
        hold(tcb, text);
    else
        receive_in_order(s, text);
}

// ---- FIN

// Where the FIN stands, when there is one to be processed now.
static bool fin_is_due(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    bool held = tcb_has(tcb, TCP_CONNECTION_FIN_HELD);
    if (s->fin) {
        uint32_t at = s->text.seq + s->text.len;
        if (seq_gt(at, tcb->rcv_nxt) && !held) {
            tcb_set(tcb, TCP_CONNECTION_FIN_HELD);
            tcb->held_fin = at;
            held = true;
        }
        if (at == tcb->rcv_nxt) return true;
    }
    if (!held) return false;
    if (tcb->held_fin == tcb->rcv_nxt) return true;
    if (rule(s, TCP_RULE_FIN_WAITS_FOR_MISSING_DATA)) {
        bool bare = s->fin && s->text.len == 0;
        if (bare) effect_ack(s, TCP_RULE_FIN_WAITS_FOR_MISSING_DATA);
        return false;
    }
    // The missing text is taken as never sent: the user reads on across the hole.
    uint32_t hole = tcb->held_fin - tcb->rcv_nxt;
    tcb->rcv_nxt += hole;
    tcb->rcv_user += hole;
    tcb->held_count = 0;
    memset(tcb->held, 0, sizeof tcb->held);
    return true;
}

static void take_fin(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t size = fin_size(s);
    tcb_set(tcb, TCP_CONNECTION_FIN_RECEIVED);
    tcb_clear(tcb, TCP_CONNECTION_FIN_HELD);
    tcb->held_fin = 0;
    tcb->rcv_nxt += size;
    tcb->rcv_user += size;  // it is nothing to read
    tcb->rcv_wnd -= size < tcb->rcv_wnd ? size : tcb->rcv_wnd;
    effect_signal(s, TCP_RULE_FIN_ENDS_STREAM, TCP_SIGNAL_CLOSING);
    if (rule(s, TCP_RULE_FIN_IS_ACKNOWLEDGED)) owe_ack(s, TCP_RULE_FIN_IS_ACKNOWLEDGED);
}

void receive_fin(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    switch ((enum tcp_state)tcb->state) {
    case TCP_ESTABLISHED:
        if (!fin_is_due(s)) return;
        take_fin(s);
        if (rule(s, TCP_RULE_FIN_ENDS_STREAM)) tcb->state = TCP_CLOSE_WAIT;
        return;
    case TCP_FIN_WAIT_1:  // our FIN isn't acknowledged: the fifth check would have moved on
        if (!fin_is_due(s)) return;
        take_fin(s);
        if (rule(s, TCP_RULE_SIMULTANEOUS_CLOSE_WAITS_FOR_ACK))
            tcb->state = TCP_CLOSING;
        else
            enter_time_wait(s);
        return;
    case TCP_FIN_WAIT_2:
        if (!fin_is_due(s)) return;
        take_fin(s);
        enter_time_wait(s);
        return;
    case TCP_CLOSE_WAIT:  // a second FIN, ahead of the first: acknowledged, and nothing else
    case TCP_CLOSING:
    case TCP_LAST_ACK:
        if (s->fin) owe_ack(s, TCP_RULE_FIN_IS_ACKNOWLEDGED);
        return;
    case TCP_SYN_RECEIVED:
    case TCP_TIME_WAIT:
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT: return;
    }
}

// ---- the window

// Section 3.8.6.2.2: the right edge moves by a segment or half the buffer, not octet by octet (MUST-39).
void open_window(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (tcb_has(tcb, TCP_CONNECTION_FIN_RECEIVED)) return;
    uint32_t unread = tcp_unread(tcb);
    if (unread >= s->config->receive_buffer) return;
    uint32_t space = s->config->receive_buffer - unread;
    if (space <= tcb->rcv_wnd) return;
    uint32_t step = s->config->receive_buffer / 2;
    if (step > tcb->rcv_mss) step = tcb->rcv_mss;
    if (space - tcb->rcv_wnd < step && rule(s, TCP_RULE_WINDOW_OPENS_IN_BIG_STEPS)) return;
    tcb->rcv_wnd = space;
    if (rule(s, TCP_RULE_WINDOW_UPDATE_IS_SENT)) owe_ack(s, TCP_RULE_WINDOW_UPDATE_IS_SENT);
}
