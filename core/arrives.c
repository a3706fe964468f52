// SEGMENT ARRIVES: RFC 9293 section 3.10.7. One function for each of 3.10.7.1 to 3.10.7.3, then the eight checks of
// 3.10.7.4 as eight functions, which return false where the text says "return".
#include "core/step.h"

// ---- 3.10.7.1 CLOSED

static void arrives_in_closed(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    if ((segment->flags & TCP_RST) && rule(s, TCP_RULE_RST_NEVER_ANSWERS_RST)) return;
    if (!rule(s, TCP_RULE_RST_FOR_UNKNOWN_CONNECTION)) return;
    effect_reset_for(s, TCP_RULE_RST_FOR_UNKNOWN_CONNECTION, segment);
}

// ---- 3.10.7.2 LISTEN

static bool compartment_differs(struct step *s) {
    return s->segment.compartment != s->tcb->compartment && rule(s, TCP_RULE_COMPARTMENT_MUST_MATCH);
}

// 3.7.1: the MSS option of a SYN; without it 536 (MUST-15).
static void take_mss(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    if (!(segment->options & TCP_OPTION_MSS) || segment->mss == 0) return;
    if (!rule(s, TCP_RULE_MSS_OPTION_BOUNDS_SEGMENTS)) return;
    tcb->snd_mss = segment->mss < tcb->rcv_mss ? segment->mss : tcb->rcv_mss;
}

// The peer's SYN: IRS, RCV.NXT and what else it tells.
static void take_syn(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    tcb->irs = s->segment.seq;
    tcb->rcv_nxt = s->segment.seq + syn_size(s);
    tcb->rcv_user = tcb->rcv_nxt;
    take_mss(s);
}

static void enter_established(struct step *s, enum tcp_rule why) {
    struct tcp_connection *tcb = s->tcb;
    tcb->state = TCP_ESTABLISHED;
    effect_signal(s, why, TCP_SIGNAL_ESTABLISHED);
    if (tcb_has(tcb, TCP_CONNECTION_FIN_QUEUED)) tcb->state = TCP_FIN_WAIT_1;  // 3.10.4: CLOSE in SYN-RECEIVED
}

static void arrives_in_listen(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    if (segment->flags & TCP_RST) {
        if (rule(s, TCP_RULE_LISTEN_IGNORES_RST)) return;
        effect_signal(s, TCP_RULE_NONE, TCP_SIGNAL_REFUSED);
        effect_delete(s, TCP_RULE_NONE);
        return;
    }
    if (segment->flags & TCP_ACK) {
        if (!rule(s, TCP_RULE_LISTEN_ANSWERS_ACK_WITH_RST)) return;
        effect_reset_for(s, TCP_RULE_LISTEN_ANSWERS_ACK_WITH_RST, segment);
        return;
    }
    if (!(segment->flags & TCP_SYN)) return;
    if (compartment_differs(s)) {
        effect_reset_for(s, TCP_RULE_COMPARTMENT_MUST_MATCH, segment);
        return;
    }
    take_syn(s);
    select_iss(s);
    take_window(s);  // the text leaves it to SYN-RECEIVED, but CLOSE may lead past that check
    tcb->state = TCP_SYN_RECEIVED;
    if (rule(s, TCP_RULE_SYN_ACK_ANSWERS_SYN)) {
        effect_segment(s, TCP_RULE_SYN_ACK_ANSWERS_SYN, TCP_SYN | TCP_ACK, tcb->iss, 0, 0);
        timer_sent(s, true);
    }
    if (!rule(s, TCP_RULE_THREE_WAY_HANDSHAKE)) enter_established(s, TCP_RULE_NONE);
    hold_syn_text(s);
}

// ---- 3.10.7.3 SYN-SENT

// First: true when the segment goes on to the next check.
static bool syn_sent_check_ack(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    if (!(segment->flags & TCP_ACK)) return true;
    if (seq_le(tcb->iss + syn_size(s), segment->ack) && seq_le(segment->ack, tcb->snd_nxt)) return true;
    if (!rule(s, TCP_RULE_ACK_ACCEPTABLE_IN_SYN_SENT)) {
        s->segment.ack = tcb->snd_nxt;  // what such a TCP takes it for
        return true;
    }
    if (segment->flags & TCP_RST) return false;
    if (rule(s, TCP_RULE_UNACCEPTABLE_ACK_IN_SYN_SENT_DRAWS_RST))
        effect_reset_for(s, TCP_RULE_UNACCEPTABLE_ACK_IN_SYN_SENT_DRAWS_RST, segment);
    return false;
}

// Second. The sequence number can't be checked: there is no RCV.NXT yet, whatever RFC 5961 says.
static bool syn_sent_check_rst(struct step *s) {
    if (!(s->segment.flags & TCP_RST)) return true;
    if (!(s->segment.flags & TCP_ACK) && rule(s, TCP_RULE_RST_IN_SYN_SENT_NEEDS_ACK)) return false;
    if (!rule(s, TCP_RULE_RST_ENDS_SYN_SENT)) return false;
    effect_signal(s, TCP_RULE_RST_ENDS_SYN_SENT, TCP_SIGNAL_RESET);
    effect_delete(s, TCP_RULE_RST_ENDS_SYN_SENT);
    return false;
}

static bool syn_sent_check_security(struct step *s) {
    if (!compartment_differs(s)) return true;
    effect_reset_for(s, TCP_RULE_COMPARTMENT_MUST_MATCH, &s->segment);
    return false;
}

// Fourth, with an ACK: our SYN is acknowledged, the connection is open.
static void syn_sent_established(struct step *s) {
    if (!rule(s, TCP_RULE_SYN_ACK_OPENS_CONNECTION)) return;
    take_syn(s);
    take_acknowledgement_of_syn(s, s->segment.ack);
    take_window(s);
    enter_established(s, TCP_RULE_SYN_ACK_OPENS_CONNECTION);
    receive_text(s);
    receive_fin(s);
    // At once, even where text is queued that could carry it: the third segment of the handshake is what the other
    // side waits for.
    if (rule(s, TCP_RULE_ACK_ANSWERS_SYN_ACK)) effect_ack(s, TCP_RULE_ACK_ANSWERS_SYN_ACK);
}

// Fourth, without: simultaneous open.
static void syn_sent_crossed(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!rule(s, TCP_RULE_SIMULTANEOUS_OPEN)) return;
    take_syn(s);
    take_window(s);
    timer_forget_sample(s);  // our SYN goes out again, if with an ACK
    tcb->state = TCP_SYN_RECEIVED;
    effect_segment(s, TCP_RULE_SIMULTANEOUS_OPEN, TCP_SYN | TCP_ACK, tcb->iss, 0, 0);
    hold_syn_text(s);
}

static void arrives_in_syn_sent(struct step *s) {
    if (!syn_sent_check_ack(s)) return;
    if (!syn_sent_check_rst(s)) return;
    if (!syn_sent_check_security(s)) return;
    if (!(s->segment.flags & TCP_SYN)) return;
    if (s->segment.flags & TCP_ACK)
        syn_sent_established(s);
    else
        syn_sent_crossed(s);
}

// ---- 3.10.7.4, first: check sequence number

// Table 6.
static bool sequence_acceptable(const struct tcp_connection *tcb, uint32_t seq, uint32_t length) {
    uint32_t end = tcb->rcv_nxt + tcb->rcv_wnd;
    if (tcb->rcv_wnd == 0) return length == 0 && seq == tcb->rcv_nxt;
    if (seq_in(seq, tcb->rcv_nxt, end)) return true;
    return length > 0 && seq_in(seq + length - 1, tcb->rcv_nxt, end);
}

bool tcp_would_establish(const struct tcp_connection *connection, const struct tcp_segment *segment) {
    if (connection->state != TCP_SYN_RECEIVED) return false;
    if ((segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_ACK) return false;
    return sequence_acceptable(connection, segment->seq, tcp_segment_length(segment)) &&
           seq_lt(connection->snd_una, segment->ack) && seq_le(segment->ack, connection->snd_nxt);
}

// MAY-2, section 3.6.1. Such a SYN lies beyond RCV.NXT, perhaps beyond the window too. Where nobody would take it,
// TIME-WAIT stays.
static bool reopens_time_wait(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    if (s->tcb->state != TCP_TIME_WAIT || !s->event->may_reopen) return false;
    if ((segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN) return false;
    bool newer = seq_gt(segment->seq, s->tcb->rcv_nxt);
    if (!newer && rule(s, TCP_RULE_TIME_WAIT_SYN_MUST_BE_NEWER)) return false;
    return rule(s, TCP_RULE_TIME_WAIT_TAKES_NEWER_SYN);
}

// A FIN in TIME-WAIT is the peer's, repeated: our last ACK was lost. It lies below the window, and check one would only
// acknowledge it; that it restarts 2MSL is said in the fifth and the eighth, which it never reaches.
static void answer_repeated_fin(struct step *s) {
    if (rule(s, TCP_RULE_TIME_WAIT_RESTARTS_ON_FIN)) timer_start_time_wait(s);
    if (rule(s, TCP_RULE_TIME_WAIT_ACKS_REPEATED_FIN)) effect_ack(s, TCP_RULE_TIME_WAIT_ACKS_REPEATED_FIN);
}

// RFC 5961 section 5: (SND.UNA - MAX.SND.WND) =< SEG.ACK =< SND.NXT.
static bool ack_in_range(const struct tcp_connection *tcb, uint32_t ack) {
    return seq_le(tcb->snd_una - tcb->max_snd_wnd, ack) && seq_le(ack, tcb->snd_nxt);
}

// Exactly the FIN that was taken, and from somebody who knows our numbers: anything else could be sent blindly to keep
// TIME-WAIT alive.
static bool is_repeated_fin(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    if (s->tcb->state != TCP_TIME_WAIT) return false;
    if ((segment->flags & (TCP_FIN | TCP_SYN | TCP_ACK)) != (TCP_FIN | TCP_ACK)) return false;
    return segment->seq + segment_length(s, segment) == s->tcb->rcv_nxt && ack_in_range(s->tcb, segment->ack);
}

static void answer_unacceptable(struct step *s) {
    if (is_repeated_fin(s)) {
        answer_repeated_fin(s);
        return;
    }
    if (!rule(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED)) return;
    if (rule(s, TCP_RULE_UNACCEPTABLE_SEGMENT_DRAWS_ACK_NOT_RST))
        effect_ack(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED);
    else
        effect_reset_for(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED, &s->segment);
}

// An ACK that the fifth check would take.
static bool has_valid_ack(const struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    if (!(s->segment.flags & TCP_ACK)) return false;
    if (tcb->state != TCP_SYN_RECEIVED) return ack_in_range(tcb, s->segment.ack);
    return seq_lt(tcb->snd_una, s->segment.ack) && seq_le(s->segment.ack, tcb->snd_nxt);
}

// "If the RCV.WND is zero, no segments will be acceptable, but special allowance should be made to accept valid ACKs,
// URGs, and RSTs": the text is cut off, an ACK is owed for it, and the rest goes on.
static bool allowed_into_zero_window(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    if (s->tcb->rcv_wnd != 0 || segment->seq != s->tcb->rcv_nxt) return false;
    if ((segment->flags & TCP_SYN) || segment->compartment != s->tcb->compartment) return false;
    if (!(segment->flags & TCP_RST) && !has_valid_ack(s)) return false;
    if (!rule(s, TCP_RULE_ZERO_WINDOW_TAKES_ACKS)) return false;
    s->text.len = 0;
    s->fin = false;
    if (!(segment->flags & TCP_RST)) owe_ack(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED);
    return true;
}

static void trim_left(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    if (!seq_lt(s->segment.seq, tcb->rcv_nxt)) return;
    // A repeated SYN whose text reaches into the window: SYN-RECEIVED would take it for a newer one. The synchronized
    // states challenge a SYN irrespective of its sequence number (fourth).
    if (tcb->state == TCP_SYN_RECEIVED) s->segment.flags &= (uint8_t)~TCP_SYN;
    s->seq = tcb->rcv_nxt;
    uint32_t old = seq_lt(s->text.seq, tcb->rcv_nxt) ? tcb->rcv_nxt - s->text.seq : 0;
    if (old > s->text.len) old = s->text.len;
    if (old == 0 || !rule(s, TCP_RULE_OLD_TEXT_IS_CUT_OFF)) return;
    s->text.seq += old;
    s->text.len -= old;
}

static void trim_right(struct step *s) {
    uint32_t end = s->tcb->rcv_nxt + s->tcb->rcv_wnd;
    uint32_t text_end = s->text.seq + s->text.len;
    if (seq_le(text_end, end) && !(s->fin && text_end == end)) return;
    if (!rule(s, TCP_RULE_TEXT_BEYOND_WINDOW_IS_CUT_OFF)) return;
    s->fin = false;
    if (!seq_gt(text_end, end)) return;
    uint32_t beyond = text_end - end;
    s->text.len -= beyond < s->text.len ? beyond : s->text.len;
}

static bool check_sequence(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    if (reopens_time_wait(s)) {
        effect_reopen(s, TCP_RULE_TIME_WAIT_TAKES_NEWER_SYN);
        return false;
    }
    bool acceptable = sequence_acceptable(s->tcb, segment->seq, segment_length(s, segment));
    if (!acceptable && !allowed_into_zero_window(s)) {
        if (segment->flags & TCP_RST) return true;  // dropped by the second
        if (rule(s, TCP_RULE_SEQUENCE_NUMBER_MUST_BE_ACCEPTABLE)) {
            answer_unacceptable(s);
            return false;
        }
    }
    trim_left(s);
    trim_right(s);
    return true;
}

// ---- 3.10.7.4, second: check the RST bit

static void reset_in_syn_received(struct step *s) {
    if (!rule(s, TCP_RULE_RST_ENDS_SYN_RECEIVED)) return;
    if (!tcb_has(s->tcb, TCP_CONNECTION_ACTIVE)) {
        // MUST-11. "Return this connection to LISTEN": the copy goes, the listener stays.
        if (!rule(s, TCP_RULE_PASSIVE_OPEN_RETURNS_TO_LISTEN)) effect_signal(s, TCP_RULE_NONE, TCP_SIGNAL_REFUSED);
        effect_delete(s, TCP_RULE_RST_ENDS_SYN_RECEIVED);
        return;
    }
    if (rule(s, TCP_RULE_ACTIVE_OPEN_IS_REFUSED)) {
        effect_signal(s, TCP_RULE_ACTIVE_OPEN_IS_REFUSED, TCP_SIGNAL_REFUSED);
        effect_delete(s, TCP_RULE_ACTIVE_OPEN_IS_REFUSED);
        return;
    }
    struct tcp_incarnation same = {.mss = s->tcb->rcv_mss};
    create_tcb(s, &same);
    s->tcb->state = TCP_LISTEN;
}

// What a TCP does that is in a hurry to be rid of TIME-WAIT.
static bool stray_rst_ends_time_wait(struct step *s) {
    if (s->tcb->state != TCP_TIME_WAIT || s->segment.seq == s->tcb->rcv_nxt) return false;
    if (rule(s, TCP_RULE_TIME_WAIT_CHECKS_RST)) return false;
    effect_delete(s, TCP_RULE_NONE);
    return true;
}

static bool check_rst(struct step *s) {
    if (!(s->segment.flags & TCP_RST)) return true;
    if (stray_rst_ends_time_wait(s)) return false;
    bool exact = s->segment.seq == s->tcb->rcv_nxt;
    bool in_window = sequence_acceptable(s->tcb, s->segment.seq, 0);
    if (!exact && !in_window && rule(s, TCP_RULE_RST_MUST_BE_IN_WINDOW)) return false;
    if (!exact && in_window && rule(s, TCP_RULE_RST_MUST_BE_EXACT)) {
        if (rule(s, TCP_RULE_CHALLENGE_ACK_FOR_RST)) effect_ack(s, TCP_RULE_CHALLENGE_ACK_FOR_RST);
        return false;
    }
    switch ((enum tcp_state)s->tcb->state) {
    case TCP_SYN_RECEIVED: reset_in_syn_received(s); return false;
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT:
        if (!rule(s, TCP_RULE_RST_ENDS_CONNECTION)) return false;
        effect_signal(s, TCP_RULE_RST_ENDS_CONNECTION, TCP_SIGNAL_RESET);
        effect_delete(s, TCP_RULE_RST_ENDS_CONNECTION);
        return false;
    case TCP_CLOSING:
    case TCP_LAST_ACK:
        // 3.10.7.4 says nothing of the user here; 3.5.3 and MUST-12 do.
        if (!rule(s, TCP_RULE_RST_ENDS_CLOSING)) return false;
        effect_signal(s, TCP_RULE_RST_ENDS_CLOSING, TCP_SIGNAL_RESET);
        effect_delete(s, TCP_RULE_RST_ENDS_CLOSING);
        return false;
    case TCP_TIME_WAIT:
        if (rule(s, TCP_RULE_RST_ENDS_TIME_WAIT)) effect_delete(s, TCP_RULE_RST_ENDS_TIME_WAIT);
        return false;
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT: break;
    }
    return false;
}

// ---- 3.10.7.4, third: check security

static bool check_security(struct step *s) {
    if (!compartment_differs(s)) return true;
    effect_reset_for(s, TCP_RULE_COMPARTMENT_MUST_MATCH, &s->segment);
    if (s->tcb->state == TCP_SYN_RECEIVED) return false;
    effect_signal(s, TCP_RULE_COMPARTMENT_MUST_MATCH, TCP_SIGNAL_RESET);
    effect_delete(s, TCP_RULE_COMPARTMENT_MUST_MATCH);
    return false;
}

// ---- 3.10.7.4, fourth: check the SYN bit

static bool check_syn(struct step *s) {
    if (!(s->segment.flags & TCP_SYN)) return true;
    bool passive_half_open = s->tcb->state == TCP_SYN_RECEIVED && !tcb_has(s->tcb, TCP_CONNECTION_ACTIVE);
    if (passive_half_open && rule(s, TCP_RULE_NEWER_SYN_RETURNS_TO_LISTEN)) {
        effect_delete(s, TCP_RULE_NEWER_SYN_RETURNS_TO_LISTEN);
        return false;
    }
    if (rule(s, TCP_RULE_CHALLENGE_ACK_FOR_SYN)) {
        effect_ack(s, TCP_RULE_CHALLENGE_ACK_FOR_SYN);
        return false;
    }
    // RFC 793: an error; reset.
    effect_reset_for(s, TCP_RULE_NONE, &s->segment);
    effect_signal(s, TCP_RULE_NONE, TCP_SIGNAL_RESET);
    effect_delete(s, TCP_RULE_NONE);
    return false;
}

// ---- 3.10.7.4, fifth: check the ACK field

// SYN-RECEIVED's own check. It stands before RFC 5961's range, so that the reset of figures 8 and 11 is sent.
static bool check_ack_in_syn_received(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    bool acceptable = seq_le(tcb->iss + syn_size(s), segment->ack) && seq_le(segment->ack, tcb->snd_nxt);
    if (!acceptable && rule(s, TCP_RULE_ACK_ACCEPTABLE_IN_SYN_RECEIVED)) {
        effect_reset_for(s, TCP_RULE_ACK_ACCEPTABLE_IN_SYN_RECEIVED, segment);
        return false;
    }
    if (!rule(s, TCP_RULE_ACK_OF_SYN_OPENS_CONNECTION)) return false;
    take_acknowledgement_of_syn(s, acceptable ? segment->ack : tcb->snd_nxt);
    take_window(s);
    enter_established(s, TCP_RULE_ACK_OF_SYN_OPENS_CONNECTION);
    receive_held_text(s);
    return tcb->state != TCP_CLOSED;
}

// The processing of ESTABLISHED, which all later states share.
static bool check_ack_as_established(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t ack = s->segment.ack;
    if (seq_gt(ack, tcb->snd_nxt)) {
        if (rule(s, TCP_RULE_ACK_OF_UNSENT_IS_REFUSED)) {
            effect_ack(s, TCP_RULE_ACK_OF_UNSENT_IS_REFUSED);
            return false;
        }
        ack = tcb->snd_nxt;  // all that there is
    }
    if (seq_lt(ack, tcb->snd_una - tcb->max_snd_wnd) && rule(s, TCP_RULE_FAR_TOO_OLD_ACK_IS_REFUSED)) {
        effect_ack(s, TCP_RULE_FAR_TOO_OLD_ACK_IS_REFUSED);
        return false;
    }
    if (seq_lt(ack, tcb->snd_una)) return true;
    if (seq_gt(ack, tcb->snd_una) && !tcb_has(tcb, TCP_CONNECTION_SYN_ACKED)) {
        take_acknowledgement_of_syn(s, ack);  // CLOSE in SYN-RECEIVED went before
        receive_held_text(s);
        if (tcb->state == TCP_CLOSED) return false;
    } else {
        take_acknowledgement(s, ack);
    }
    take_newer_window(s);
    return true;
}

static void fin_acknowledged_in_fin_wait_1(struct step *s) {
    if (!our_fin_acknowledged(s)) {
        if (rule(s, TCP_RULE_FIN_WAIT_1_NEEDS_ACK_OF_FIN)) return;
        take_acknowledgement(s, s->tcb->snd_nxt);
    }
    if (!rule(s, TCP_RULE_ACK_OF_FIN_ENDS_FIN_WAIT_1)) return;
    s->tcb->state = TCP_FIN_WAIT_2;
    effect_signal(s, TCP_RULE_ACK_OF_FIN_ENDS_FIN_WAIT_1, TCP_SIGNAL_CLOSED);
}

static bool fin_acknowledged_in_closing(struct step *s) {
    if (!our_fin_acknowledged(s)) {
        if (rule(s, TCP_RULE_CLOSING_NEEDS_ACK_OF_FIN)) return false;
        take_acknowledgement(s, s->tcb->snd_nxt);
    }
    effect_signal(s, TCP_RULE_CLOSING_LEADS_TO_TIME_WAIT, TCP_SIGNAL_CLOSED);
    if (rule(s, TCP_RULE_CLOSING_LEADS_TO_TIME_WAIT))
        enter_time_wait(s);
    else
        effect_delete(s, TCP_RULE_NONE);
    return s->tcb->state != TCP_CLOSED;
}

static bool fin_acknowledged_in_last_ack(struct step *s) {
    if (!our_fin_acknowledged(s) && rule(s, TCP_RULE_LAST_ACK_NEEDS_ACK_OF_FIN)) return true;
    if (!rule(s, TCP_RULE_ACK_OF_FIN_ENDS_LAST_ACK)) return true;
    effect_signal(s, TCP_RULE_ACK_OF_FIN_ENDS_LAST_ACK, TCP_SIGNAL_CLOSED);
    effect_delete(s, TCP_RULE_ACK_OF_FIN_ENDS_LAST_ACK);
    return false;
}

static bool check_ack(struct step *s) {
    if (!(s->segment.flags & TCP_ACK)) return !rule(s, TCP_RULE_SEGMENT_NEEDS_ACK_BIT);
    if (s->tcb->state == TCP_SYN_RECEIVED) {
        if (!check_ack_in_syn_received(s)) return false;
    } else if (!check_ack_as_established(s)) {
        return false;
    }
    switch ((enum tcp_state)s->tcb->state) {
    case TCP_FIN_WAIT_1: fin_acknowledged_in_fin_wait_1(s); return true;
    case TCP_CLOSING: return fin_acknowledged_in_closing(s);
    case TCP_LAST_ACK: return fin_acknowledged_in_last_ack(s);
    case TCP_TIME_WAIT:  // "Acknowledge it": a FIN in the eighth, text here
        if (s->text.len > 0) owe_ack(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED);
        return true;
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT:
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT: break;
    }
    return true;
}

// ---- 3.10.7.4, sixth: check the URG bit

static void check_urg(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!(s->segment.flags & TCP_URG)) return;
    if (tcb->state != TCP_ESTABLISHED && tcb->state != TCP_FIN_WAIT_1 && tcb->state != TCP_FIN_WAIT_2) return;
    uint32_t up = s->segment.seq + s->segment.up;
    bool urgent = tcb_has(tcb, TCP_CONNECTION_URGENT) && seq_gt(tcb->rcv_up, tcb->rcv_user);
    tcb->rcv_up = urgent ? seq_max(tcb->rcv_up, up) : up;
    if (urgent || !seq_gt(up, tcb->rcv_user)) return;  // told already, or nothing ahead
    tcb_set(tcb, TCP_CONNECTION_URGENT);
    if (rule(s, TCP_RULE_URGENT_TEXT_IS_SIGNALLED))
        effect_signal(s, TCP_RULE_URGENT_TEXT_IS_SIGNALLED, TCP_SIGNAL_URGENT);
}

// ---- 3.10.7.4, seventh: process the segment text

static void check_text(struct step *s) {
    switch ((enum tcp_state)s->tcb->state) {
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2: receive_text(s); return;
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT:
    case TCP_SYN_RECEIVED:
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT: return;
    }
}

// ---- 3.10.7.4, eighth: check the FIN bit

static void check_fin(struct step *s) {
    if (s->tcb->state != TCP_TIME_WAIT)
        receive_fin(s);
    else if (s->fin)
        answer_repeated_fin(s);
}

static void arrives_in_other_states(struct step *s) {
    if (!check_sequence(s)) return;
    if (!check_rst(s)) return;
    if (!check_security(s)) return;
    if (!check_syn(s)) return;
    if (!check_ack(s)) return;
    check_urg(s);
    check_text(s);
    check_fin(s);
}

void segment_arrives(struct step *s) {
    s->seq = s->segment.seq;
    s->text = (struct tcp_range){tcp_text_seq(&s->segment), s->segment.len, s->segment.source};
    s->fin = (s->segment.flags & TCP_FIN) != 0;
    switch ((enum tcp_state)s->tcb->state) {
    case TCP_CLOSED: arrives_in_closed(s); return;
    case TCP_LISTEN: arrives_in_listen(s); return;
    case TCP_SYN_SENT: arrives_in_syn_sent(s); return;
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT: arrives_in_other_states(s); return;
    }
}
