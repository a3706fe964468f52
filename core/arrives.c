// SEGMENT ARRIVES in all other states: RFC 9293 section 3.10.7.4, its eight checks as eight functions, which return
// false where the text says "return".
#include "core/step.h"

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
    int by_timestamp = newer_by_timestamp(s);
    bool newer = by_timestamp != 0 ? by_timestamp > 0 : seq_gt(segment->seq, s->tcb->rcv_nxt);
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

// The SYN that this end has answered with its SYN,ACK.
static bool is_repeated_syn(const struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    if (tcb->state != TCP_SYN_RECEIVED || tcb_has(tcb, TCP_CONNECTION_ACTIVE)) return false;
    return (s->segment.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && s->segment.seq == tcb->irs;
}

static void answer_unacceptable(struct step *s) {
    if (is_repeated_fin(s)) {
        answer_repeated_fin(s);
        return;
    }
    if (s->tcb->state == TCP_TIME_WAIT && !(s->segment.flags & TCP_ACK) && s->config->time_wait_hears_acks) return;
    if (!rule(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED)) return;
    if (s->config->syn_ack_at_once && is_repeated_syn(s)) {
        send_front_again(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED);
        return;
    }
    if (!rule(s, TCP_RULE_UNACCEPTABLE_SEGMENT_DRAWS_ACK_NOT_RST))
        effect_reset_for(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED, &s->segment);
    else if (s->segment.flags & TCP_SYN)  // a challenge "irrespective of the sequence number" (RFC 5961 section 4)
        effect_challenge_ack(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED);
    else
        effect_ack(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED);
}

// An ACK that the fifth check would take.
static bool has_valid_ack(const struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    if (!(s->segment.flags & TCP_ACK)) return false;
    if (tcb->state != TCP_SYN_RECEIVED) return ack_in_range(tcb, s->segment.ack);
    return seq_lt(tcb->snd_una, s->segment.ack) && seq_le(s->segment.ack, tcb->snd_nxt);
}

// A bare ACK from the right edge of an open window: a peer that has filled the window sends its ACKs from there, though
// the front of its text may have been lost. By table 6 it isn't acceptable, and two ends that have filled each other's
// windows would never be done with ACKs of ACKs; appendix A.2 warns of such cases.
static bool is_ack_at_edge(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    if (segment_length(s, segment) != 0 || (segment->flags & TCP_RST)) return false;
    return s->tcb->state != TCP_SYN_RECEIVED && s->tcb->state != TCP_TIME_WAIT;
}

// "If the RCV.WND is zero, no segments will be acceptable, but special allowance should be made to accept valid ACKs,
// URGs, and RSTs": the text is cut off, an ACK is owed for it, and the rest goes on.
static bool allowed_at_right_edge(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    bool closed = s->tcb->rcv_wnd == 0;
    if (segment->seq != s->tcb->rcv_nxt + s->tcb->rcv_wnd || (!closed && !is_ack_at_edge(s))) return false;
    if ((segment->flags & TCP_SYN) || segment->compartment != s->tcb->compartment) return false;
    if (!(segment->flags & TCP_RST) && !has_valid_ack(s)) return false;
    if (closed ? !rule(s, TCP_RULE_ZERO_WINDOW_TAKES_ACKS) : !rule(s, TCP_RULE_RIGHT_EDGE_TAKES_ACKS)) return false;
    s->text.len = 0;
    s->fin = false;
    if (closed && !(segment->flags & TCP_RST)) owe_ack(s, TCP_RULE_UNACCEPTABLE_SEGMENT_IS_ANSWERED);
    return true;
}

static void note_old_text(struct step *s) {
    if (!seq_lt(s->text.seq, s->tcb->rcv_nxt)) return;
    note_duplicate(s, s->text.seq, seq_min(s->text.seq + s->text.len, s->tcb->rcv_nxt));
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

void trim_to_window(struct step *s) {
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
    // RFC 7323 section 5.3: timestamps are looked at before numbers.
    if (timestamp_missing(s)) return false;
    note_old_text(s);
    if (!timestamp_acceptable(s)) {
        answer_unacceptable(s);
        return false;
    }
    bool acceptable = sequence_acceptable(s->tcb, segment->seq, segment_length(s, segment));
    if (!acceptable && !allowed_at_right_edge(s)) {
        if (segment->flags & TCP_RST) return true;  // dropped by the second
        if (rule(s, TCP_RULE_SEQUENCE_NUMBER_MUST_BE_ACCEPTABLE)) {
            answer_unacceptable(s);
            return false;
        }
    }
    trim_left(s);
    trim_to_window(s);
    return true;
}

// ---- 3.10.7.4, second: check the RST bit

static void reset_in_syn_received(struct step *s) {
    if (!rule(s, TCP_RULE_RST_ENDS_SYN_RECEIVED)) return;
    if (opened_fast(s->tcb)) {
        effect_signal(s, TCP_RULE_RST_ENDS_SYN_RECEIVED, TCP_SIGNAL_RESET);
        effect_delete(s, TCP_RULE_RST_ENDS_SYN_RECEIVED);
        return;
    }
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
        if (rule(s, TCP_RULE_CHALLENGE_ACK_FOR_RST)) effect_challenge_ack(s, TCP_RULE_CHALLENGE_ACK_FOR_RST);
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
    case TCP_CLOSED:  // these three have checks of their own
    case TCP_LISTEN:
    case TCP_SYN_SENT:
    case TCP_TIME_WAIT:
        if (rule(s, TCP_RULE_RST_ENDS_TIME_WAIT)) effect_delete(s, TCP_RULE_RST_ENDS_TIME_WAIT);
        return false;
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
    if (!user_knows(s->tcb) && rule(s, TCP_RULE_NEWER_SYN_RETURNS_TO_LISTEN)) {
        if (s->config->newer_syn_draws_rst) effect_reset_for(s, TCP_RULE_NEWER_SYN_RETURNS_TO_LISTEN, &s->segment);
        effect_delete(s, TCP_RULE_NEWER_SYN_RETURNS_TO_LISTEN);
        return false;
    }
    if (rule(s, TCP_RULE_CHALLENGE_ACK_FOR_SYN)) {
        effect_challenge_ack(s, TCP_RULE_CHALLENGE_ACK_FOR_SYN);
        return false;
    }
    // RFC 793: an error; reset.
    effect_reset_for(s, TCP_RULE_NONE, &s->segment);
    effect_signal(s, TCP_RULE_NONE, TCP_SIGNAL_RESET);
    effect_delete(s, TCP_RULE_NONE);
    return false;
}

// ---- 3.10.7.4, fifth: check the ACK field

// RFC 7323 looks at the timestamp before it looks at the ACK. But whoever sends blindly would then put in place what
// refuses the peer's own segments, so it is left until RFC 5961's checks have been passed.
static void peer_speaks(struct step *s) {
    take_timestamp(s);
    note_user_timeout(s);
    if (tcb_has(s->tcb, TCP_CONNECTION_SYN_ACKED)) take_user_timeout(s);
}

static void take_urgent_pointer_of_syn(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!tcb_has(tcb, TCP_CONNECTION_URGENT_HELD)) return;
    uint32_t up = tcb->rcv_up;
    tcb_clear(tcb, TCP_CONNECTION_URGENT_HELD);
    tcb->rcv_up = 0;
    take_urgent_pointer(s, up);
}

// What the SYN brought, the sixth check before the seventh; and then of this segment what the SYN did not have: who got
// no answer to it sends it again.
static bool receive_syn_text(struct step *s) {
    take_urgent_pointer_of_syn(s);
    receive_held_text(s);
    if (s->tcb->state == TCP_CLOSED) return false;
    note_old_text(s);
    trim_left(s);
    return true;
}

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
    peer_speaks(s);
    take_acknowledgement_of_syn(s, acceptable ? segment->ack : tcb->snd_nxt);
    take_window(s);
    enter_established(s, TCP_RULE_ACK_OF_SYN_OPENS_CONNECTION);
    if (!receive_syn_text(s)) return false;
    send_syn_text_again(s);
    return true;
}

// RFC 5961 section 5. Until the SYN is acknowledged (CLOSE in SYN-RECEIVED went before) there is nothing else that an
// ACK could mean: one of less comes from another incarnation, and its text is not for this one's user.
static bool ack_is_far_too_old(const struct tcp_connection *tcb, uint32_t ack) {
    if (!tcb_has(tcb, TCP_CONNECTION_SYN_ACKED)) return seq_le(ack, tcb->snd_una);
    return seq_lt(ack, tcb->snd_una - tcb->max_snd_wnd);
}

// The processing of ESTABLISHED, which all later states share.
static bool check_ack_as_established(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t ack = s->segment.ack;
    if (seq_gt(ack, tcb->snd_nxt)) {
        if (rule(s, TCP_RULE_ACK_OF_UNSENT_IS_REFUSED)) {
            effect_challenge_ack(s, TCP_RULE_ACK_OF_UNSENT_IS_REFUSED);
            return false;
        }
        ack = tcb->snd_nxt;  // all that there is
    }
    if (ack_is_far_too_old(tcb, ack) && rule(s, TCP_RULE_FAR_TOO_OLD_ACK_IS_REFUSED)) {
        effect_challenge_ack(s, TCP_RULE_FAR_TOO_OLD_ACK_IS_REFUSED);
        return false;
    }
    peer_speaks(s);
    if (seq_lt(ack, tcb->snd_una)) return true;
    bool sack_news = take_sack_blocks(s);
    if (seq_gt(ack, tcb->snd_una) && !tcb_has(tcb, TCP_CONNECTION_SYN_ACKED)) {
        take_acknowledgement_of_syn(s, ack);  // CLOSE in SYN-RECEIVED went before
        if (!receive_syn_text(s)) return false;
    } else {
        if (ack == tcb->snd_una) take_duplicate_acknowledgement(s, sack_news);
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

// MUST-32: told again whenever the pointer advances. The sixth itself would tell once of "this continuous sequence of
// urgent data", as RFC 793 had it; section 3.8.5 has what RFC 1122 made of that.
void take_urgent_pointer(struct step *s, uint32_t up) {
    struct tcp_connection *tcb = s->tcb;
    if (!seq_gt(up, tcb->rcv_user)) return;           // nothing ahead
    bool told = tcb_has(tcb, TCP_CONNECTION_URGENT);  // and not read up to there since
    if (told && !seq_gt(up, tcb->rcv_up)) return;
    tcb->rcv_up = up;
    tcb_set(tcb, TCP_CONNECTION_URGENT);
    if (rule(s, TCP_RULE_URGENT_TEXT_IS_SIGNALLED))
        effect_signal(s, TCP_RULE_URGENT_TEXT_IS_SIGNALLED, TCP_SIGNAL_URGENT);
}

void check_urg(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    if (!(s->segment.flags & TCP_URG)) return;
    if (tcb->state != TCP_ESTABLISHED && tcb->state != TCP_FIN_WAIT_1 && tcb->state != TCP_FIN_WAIT_2) return;
    take_urgent_pointer(s, s->segment.seq + s->segment.up);
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
    if (has_valid_ack(s)) timer_peer_heard(s);
    if (!check_sequence(s)) return;
    if (!check_rst(s)) return;
    if (!check_security(s)) return;
    if (!check_syn(s)) return;
    if (!check_ack(s)) return;
    check_urg(s);
    check_text(s);
    check_fin(s);
    report_duplicate(s);
}

void segment_arrives(struct step *s) {
    s->seq = s->segment.seq;
    s->text = (struct tcp_range){tcp_text_seq(&s->segment), s->segment.len, s->segment.source};
    s->fin = (s->segment.flags & TCP_FIN) != 0;
    if (s->config->syn_fin_is_dropped && s->fin && (s->segment.flags & TCP_SYN)) return;
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
