// SEGMENT ARRIVES before the connection is synchronized: RFC 9293 sections 3.10.7.1 to 3.10.7.3, one function each.
#include "core/step.h"

// ---- 3.10.7.1 CLOSED

void arrives_in_closed(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    if ((segment->flags & TCP_RST) && rule(s, TCP_RULE_RST_NEVER_ANSWERS_RST)) return;
    if (!rule(s, TCP_RULE_RST_FOR_UNKNOWN_CONNECTION)) return;
    effect_reset_for(s, TCP_RULE_RST_FOR_UNKNOWN_CONNECTION, segment);
}

// ---- 3.10.7.2 LISTEN

bool compartment_differs(struct step *s) {
    return s->segment.compartment != s->tcb->compartment && rule(s, TCP_RULE_COMPARTMENT_MUST_MATCH);
}

// The peer's SYN: IRS, RCV.NXT and what else it tells.
static void take_syn(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    tcb->irs = s->segment.seq;
    tcb->rcv_nxt = s->segment.seq + syn_size(s);
    tcb->rcv_user = tcb->rcv_nxt;
    tcb->last_ack_sent = tcb->rcv_nxt;
    take_syn_options(s);
}

void enter_established(struct step *s, enum tcp_rule why) {
    struct tcp_connection *tcb = s->tcb;
    tcb->state = TCP_ESTABLISHED;
    show_whole_window(s);
    effect_signal(s, why, TCP_SIGNAL_ESTABLISHED);
    if (tcb_has(tcb, TCP_CONNECTION_FIN_QUEUED)) tcb->state = TCP_FIN_WAIT_1;  // 3.10.4: CLOSE in SYN-RECEIVED
}

// RFC 7413 section 4.2.2: whoever has our cookie was at this address before.
static bool cookie_is_right(struct step *s) {
    if (s->event->incarnation.fast_open != TCP_FAST_OPEN_TAKE) return false;
    if (!(s->segment.options & TCP_OPTION_FAST_OPEN) || s->segment.cookie_len == 0) return false;
    return rule(s, TCP_RULE_FAST_OPEN_TAKES_SYN_TEXT);
}

static void take_syn_text_at_once(struct step *s) {
    tcb_set(s->tcb, TCP_CONNECTION_FAST_OPEN);
    congestion_start(s, false);
    hold_syn_text(s);
}

void arrives_in_listen(struct step *s) {
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
    bool at_once = cookie_is_right(s);
    if (at_once) take_syn_text_at_once(s);
    if (rule(s, TCP_RULE_SYN_ACK_ANSWERS_SYN)) {
        effect_segment(s, TCP_RULE_SYN_ACK_ANSWERS_SYN, TCP_SYN | TCP_ACK, tcb->iss, 0, 0);
        timer_sent(s, !s->event->incarnation.answered);
    }
    if (!rule(s, TCP_RULE_THREE_WAY_HANDSHAKE)) enter_established(s, TCP_RULE_NONE);
    if (!at_once && !s->config->listen_takes_syn_only) hold_syn_text(s);
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
    if (s->config->syn_at_once && tcb->repeats == 0) timer_retransmit_now(s);
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

// Our SYN is acknowledged, but its text is not: the peer does no Fast Open, or the SYN had to be repeated without it.
void send_syn_text_again(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    const uint32_t both = TCP_CONNECTION_ACTIVE | TCP_CONNECTION_FAST_OPEN;
    if ((tcb->flags & both) != both || tcb->snd_una == tcb->snd_nxt) return;
    congestion_repeat_all(s, TCP_RULE_FAST_OPEN_SENDS_WITH_SYN);
}

// Fourth, with an ACK: our SYN is acknowledged, the connection is open.
static void syn_sent_established(struct step *s) {
    if (!rule(s, TCP_RULE_SYN_ACK_OPENS_CONNECTION)) return;
    take_syn(s);
    take_acknowledgement_of_syn(s, s->segment.ack);
    take_window(s);
    take_cookie(s);
    enter_established(s, TCP_RULE_SYN_ACK_OPENS_CONNECTION);
    trim_to_window(s);
    check_urg(s);  // "continue processing at the sixth step under Section 3.10.7.4 where the URG bit is checked"
    receive_text(s);
    receive_fin(s);
    // At once, even where text is queued that could carry it: the third segment of the handshake is what the other
    // side waits for.
    if (rule(s, TCP_RULE_ACK_ANSWERS_SYN_ACK)) effect_ack(s, TCP_RULE_ACK_ANSWERS_SYN_ACK);
    send_syn_text_again(s);
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

void arrives_in_syn_sent(struct step *s) {
    if (!syn_sent_check_ack(s)) return;
    if (!syn_sent_check_rst(s)) return;
    if (!syn_sent_check_security(s)) return;
    if (!(s->segment.flags & TCP_SYN)) return;
    if (s->segment.flags & TCP_ACK)
        syn_sent_established(s);
    else
        syn_sent_crossed(s);
}
