// Text and FIN: in order to the user, out of order into held[].
#include "core/step.h"

#include <string.h>

void owe_ack(struct step *s, enum tcp_rule why) {
    if (tcb_has(s->tcb, TCP_CONNECTION_ACK_OWED)) return;
    tcb_set(s->tcb, TCP_CONNECTION_ACK_OWED);
    s->tcb->ack_rule = (uint8_t)why;
}

// Two full segments, as this end offered to take them (RFC 5681 section 4.2), wait for their acknowledgement.
static bool second_segment(const struct tcp_connection *tcb) {
    uint32_t full = tcb->rcv_mss;
    if (tcb_has(tcb, TCP_CONNECTION_TIMESTAMPS)) full -= full > 12 ? 12 : 0;
    return tcb->rcv_nxt - tcb->last_ack_sent >= 2 * full;
}

// Section 3.8.6.3: the ACK of text may wait for company, though not for long and not behind a second full segment.
static void owe_ack_of_text(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!rule(s, TCP_RULE_TEXT_IS_ACKNOWLEDGED) || tcb_has(tcb, TCP_CONNECTION_ACK_OWED)) return;
    bool quick = tcb->rcv_nxt - tcb->irs <= (uint32_t)s->config->quick_acks * tcb->rcv_mss;
    bool wait = s->config->delayed_ack > 0 && tcb->held_count == 0 && !quick;
    if (wait && second_segment(tcb) && rule(s, TCP_RULE_SECOND_SEGMENT_IS_ACKNOWLEDGED)) wait = false;
    if (!wait || !rule(s, TCP_RULE_DELAYED_ACK)) {
        owe_ack(s, TCP_RULE_TEXT_IS_ACKNOWLEDGED);
        return;
    }
    tcb_set(tcb, TCP_CONNECTION_ACK_DELAYED);
    tcb->ack_rule = TCP_RULE_TEXT_IS_ACKNOWLEDGED;
    timer_delay_ack(s);
}

// ---- ranges out of order

static void remove_held(struct tcp_connection *tcb, unsigned at) {
    order_removed(tcb, tcb->held_count, at);
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
        order_newest(tcb, tcb->held_count, at - 1, false);
        if (at == tcb->held_count || !adjoins(&tcb->held[at - 1], &tcb->held[at])) return;
        tcb->held[at - 1].len += tcb->held[at].len;
        remove_held(tcb, at);
        return;
    }
    if (at < tcb->held_count && adjoins(&range, &tcb->held[at])) {
        tcb->held[at].seq = range.seq;
        tcb->held[at].len += range.len;
        order_newest(tcb, tcb->held_count, at, false);
        return;
    }
    if (tcb->held_count == TCP_HELD_RANGES) return;
    order_newest(tcb, tcb->held_count, at, true);
    memmove(&tcb->held[at + 1], &tcb->held[at], (tcb->held_count - at) * sizeof tcb->held[0]);
    tcb->held[at] = range;
    tcb->held_count++;
}

// The range that holds `seq` was asked for again: it is what the next SACK option names first.
static void newest_is_around(struct tcp_connection *tcb, uint32_t seq) {
    for (unsigned at = 0; at < tcb->held_count; at++)
        if (seq_in(seq, tcb->held[at].seq, tcb->held[at].seq + tcb->held[at].len))
            order_newest(tcb, tcb->held_count, at, false);
}

void note_duplicate(struct step *s, uint32_t begin, uint32_t end) {
    if (begin == end || s->duplicate.begin != s->duplicate.end || !tcb_has(s->tcb, TCP_CONNECTION_SACK)) return;
    if (rule(s, TCP_RULE_DUPLICATE_IS_REPORTED)) s->duplicate = (struct tcp_block){begin, end};
}

// RFC 2883 section 4 (1): the block tells of "the most recent packet" alone. So the ACK of a segment that brought new
// text and old waits neither for company nor for the next segment.
void report_duplicate(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    if (s->duplicate.begin == s->duplicate.end) return;
    if (tcb_has(tcb, TCP_CONNECTION_ACK_OWED | TCP_CONNECTION_ACK_DELAYED)) effect_ack(s, (enum tcp_rule)tcb->ack_rule);
}

// Of overlapping copies the first stays: only what lies in the gaps is new. The range is not empty.
static void hold(struct step *s, struct tcp_range range) {
    struct tcp_connection *tcb = s->tcb;
    unsigned at = 0;
    for (;;) {
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
        note_duplicate(s, seq_max(range.seq, next.seq), seq_min(range.seq + range.len, next.seq + next.len));
        if (covered >= range.len) {
            newest_is_around(tcb, range.seq);
            return;
        }
        range.seq += covered;
        range.len -= covered;
    }
    insert_held(tcb, at, range);
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
    while (tcb->held_count > 0 && tcb->held[0].seq == tcb->rcv_nxt) {
        struct tcp_range next = tcb->held[0];
        remove_held(tcb, 0);
        deliver(s, next);
        owe_ack(s, TCP_RULE_TEXT_IS_ACKNOWLEDGED);  // at once: a gap was filled (RFC 5681 section 4.2)
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
        if (gap > 0) deliver(s, (struct tcp_range){text.seq, gap, text.source});
        receive_held_text(s);
        note_duplicate(s, text.seq + gap, seq_min(text.seq + text.len, tcb->rcv_nxt));
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
        owe_ack_of_text(s);
        return;
    }
    if (rule(s, TCP_RULE_OUT_OF_ORDER_TEXT_IS_HELD)) hold(s, text);
    if (rule(s, TCP_RULE_GAP_IS_REPORTED)) effect_ack(s, TCP_RULE_GAP_IS_REPORTED);
}

// The urgent pointer of a SYN is told of once the connection is ESTABLISHED, as its text is delivered.
static void hold_urgent_pointer(struct step *s, bool early) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t up = s->segment.seq + s->segment.up;
    if (!(s->segment.flags & TCP_URG) || !seq_gt(up, tcb->rcv_nxt)) return;
    if (!early) {
        take_urgent_pointer(s, up);
        return;
    }
    tcb_set(tcb, TCP_CONNECTION_URGENT_HELD);
    tcb->rcv_up = up;
}

// Section 3.10.7.2 and the fourth of 3.10.7.3: "any other control or text should be queued for processing later". The
// controls are URG and FIN.
void hold_syn_text(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    bool early = tcb->state == TCP_SYN_RECEIVED && !opened_fast(tcb);
    hold_urgent_pointer(s, early);
    struct tcp_range text = {tcb->rcv_nxt, s->text.len, s->text.source};
    if (text.len > tcb->rcv_wnd) text.len = tcb->rcv_wnd;
    if (s->fin && text.len == s->text.len) {
        tcb_set(tcb, TCP_CONNECTION_FIN_HELD);
        tcb->held_fin = text.seq + text.len;
    }
    if (text.len == 0) return;
    if (early && rule(s, TCP_RULE_SYN_TEXT_WAITS_FOR_ESTABLISHED))
        hold(s, text);
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
    return true;
}

static void take_fin(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t size = fin_size(s);
    tcb_set(tcb, TCP_CONNECTION_FIN_RECEIVED);
    tcb_clear(tcb, TCP_CONNECTION_FIN_HELD);
    tcb->held_fin = 0;
    tcb->held_count = 0;  // what claims to stand behind the end of the stream
    tcb->held_order = 0;
    memset(tcb->held, 0, sizeof tcb->held);
    tcb->rcv_nxt += size;
    tcb->rcv_user += size;  // it is nothing to read
    tcb->rcv_wnd -= size < tcb->rcv_wnd ? size : tcb->rcv_wnd;
    effect_signal(s, TCP_RULE_FIN_ENDS_STREAM, TCP_SIGNAL_CLOSING);
    if (rule(s, TCP_RULE_FIN_IS_ACKNOWLEDGED)) owe_ack(s, TCP_RULE_FIN_IS_ACKNOWLEDGED);
}

static void answer_with_fin(struct step *s) {
    if (!s->config->closing_repeats_fin || !tcb_has(s->tcb, TCP_CONNECTION_FIN_SENT)) return;
    begin_round(s->tcb);
    send_fin_again(s, TCP_RULE_FIN_IS_ACKNOWLEDGED);
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
        if (!rule(s, TCP_RULE_SIMULTANEOUS_CLOSE_WAITS_FOR_ACK)) {
            enter_time_wait(s);
            return;
        }
        tcb->state = TCP_CLOSING;
        answer_with_fin(s);
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

static uint32_t rounded_down(uint32_t buffer, uint32_t mss) {
    return buffer > mss ? buffer - buffer % mss : buffer;
}

uint32_t first_window(const struct tcp_config *config, uint16_t mss) {
    uint32_t window = config->receive_buffer < UINT16_MAX ? config->receive_buffer : UINT16_MAX;
    return config->rounding == TCP_ROUNDING_DOWN ? rounded_down(window, mss) : window;
}

// What the window field can show of the buffer; where that was rounded up, it shows as much as it can.
static uint32_t usable_buffer(const struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    uint64_t most = (uint64_t)UINT16_MAX << tcb->rcv_scale;
    uint32_t buffer = s->config->receive_buffer < most ? s->config->receive_buffer : (uint32_t)most;
    if (s->config->rounding == TCP_ROUNDING_DOWN) return rounded_down(buffer, tcb->rcv_mss);
    if (s->config->rounding == TCP_ROUNDING_NONE) return buffer;
    return rounded_down(buffer + tcb->snd_mss - 1, tcb->snd_mss);
}

// Once scale is agreed, the field can show more than it could in the SYN.
void show_whole_window(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t window = (usable_buffer(s) - tcp_unread(tcb)) >> tcb->rcv_scale << tcb->rcv_scale;
    if (window > tcb->rcv_wnd) tcb->rcv_wnd = window;
}

// Section 3.8.6.2.2: the right edge moves by a segment or half the buffer, not octet by octet (MUST-39).
void open_window(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (tcb_has(tcb, TCP_CONNECTION_FIN_RECEIVED)) return;
    uint32_t unread = tcp_unread(tcb);
    uint32_t buffer = usable_buffer(s);
    if (unread >= buffer) return;
    uint32_t space = (buffer - unread) >> tcb->rcv_scale << tcb->rcv_scale;
    if (space <= tcb->rcv_wnd) return;
    uint32_t step = buffer / 2, segments = (uint32_t)s->config->window_step * tcb->rcv_mss;
    if (step > segments) step = segments;
    if (space - tcb->rcv_wnd < step && rule(s, TCP_RULE_WINDOW_OPENS_IN_BIG_STEPS)) return;
    // Where the peer has room enough, an acknowledgement that waits will tell of this too. What was read meanwhile is
    // in RCV.WND, but the peer doesn't know it yet.
    uint32_t unknown = tcb->rcv_nxt - tcb->last_ack_sent;
    bool told_soon = tcb_has(tcb, TCP_CONNECTION_ACK_DELAYED) && tcb->rcv_wnd >= buffer / 2 && unknown < buffer / 2;
    tcb->rcv_wnd = space;
    if (told_soon) return;
    if (rule(s, TCP_RULE_WINDOW_UPDATE_IS_SENT)) owe_ack(s, TCP_RULE_WINDOW_UPDATE_IS_SENT);
}
