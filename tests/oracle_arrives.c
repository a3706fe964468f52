#include "tests/oracle_arrives.h"

#include <assert.h>

static uint64_t larger(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

// SEG.LEN.
static uint64_t length(const struct oracle_segment *seg) {
    return seg->text + (seg->syn ? 1 : 0) + (seg->fin ? 1 : 0);
}

// ---- What an outcome is made of -------------------------------------------------------------------------------------

static void drop(struct oracle_outcome *o) {
    o->untouched = true;
}

// One segment in reply at most (MUST-58): a later acknowledgement takes the place of an earlier one.
static void reply(struct oracle_outcome *o, struct oracle_segment segment) {
    o->replied = true;
    o->reply = segment;
}

// <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
static void reply_ack(struct oracle_outcome *o) {
    reply(o, (struct oracle_segment){.seq = o->after.snd_nxt, .ack = true, .ack_number = o->after.rcv_nxt});
}

// <SEQ=SEG.ACK><CTL=RST>
static void reply_rst_at_ack(struct oracle_outcome *o, const struct oracle_segment *seg) {
    reply(o, (struct oracle_segment){.seq = seg->ack_number, .rst = true});
}

// The reset of 3.5.2: from the ACK field, or <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>.
static void reply_rst(struct oracle_outcome *o, const struct oracle_segment *seg) {
    if (seg->ack) {
        reply_rst_at_ack(o, seg);
    } else {
        reply(o, (struct oracle_segment){.seq = 0, .ack = true, .ack_number = seg->seq + length(seg), .rst = true});
    }
}

static void signal_user(struct oracle_outcome *o, enum tcp_signal signal) {
    assert(o->signal_count < ORACLE_SIGNALS);
    o->signals[o->signal_count++] = signal;
}

static void delete_tcb(struct oracle_outcome *o) {
    o->deleted = true;
    o->after.state = TCP_CLOSED;
}

static void enter_time_wait(struct oracle_outcome *o) {
    o->after.state = TCP_TIME_WAIT;
    o->time_wait_started = true;
}

static bool peer_has_finished(enum tcp_state state) {
    return state == TCP_CLOSE_WAIT || state == TCP_CLOSING || state == TCP_LAST_ACK || state == TCP_TIME_WAIT;
}

// ---- 3.10.7.1 CLOSED ------------------------------------------------------------------------------------------------

static void closed(struct oracle_outcome *o, const struct oracle_segment *seg) {
    if (seg->rst) {
        drop(o);
    } else {
        reply_rst(o, seg);
    }
}

// ---- Text and FIN, now or later -------------------------------------------------------------------------------------

// The part of the segment's text that lies in the window.
static struct oracle_text text_in_window(const struct oracle_tcb *tcb, const struct oracle_segment *seg) {
    uint64_t first = seg->seq + (seg->syn ? 1 : 0);
    uint64_t from = larger(first, tcb->rcv_nxt);
    uint64_t to = smaller(first + seg->text, tcb->rcv_nxt + tcb->rcv_wnd);
    return from < to ? (struct oracle_text){from, to - from} : (struct oracle_text){0, 0};
}

// Where the FIN stands: behind SYN and text.
static uint64_t fin_position(const struct oracle_segment *seg) {
    return seg->seq + length(seg) - 1;
}

static bool fin_in_window(const struct oracle_tcb *tcb, const struct oracle_segment *seg) {
    uint64_t position = fin_position(seg);
    return tcb->rcv_nxt <= position && position < tcb->rcv_nxt + tcb->rcv_wnd;
}

// "Any other control or text should be queued for processing later."
// Choice: what does not fit the window is not queued, as in any later segment.
static void queue_for_later(struct oracle_outcome *o, const struct oracle_segment *seg) {
    o->held = text_in_window(&o->after, seg);
    if (seg->fin && fin_in_window(&o->after, seg)) {
        o->fin_held = true;
        o->held_fin = fin_position(seg);
    }
    // URG is a control too. Choice: a pointer that stands at nothing ahead says nothing, as later in the sixth.
    if (seg->urg && seg->seq + seg->up > o->after.rcv_nxt) {
        o->urgent_held = true;
        o->held_up = seg->seq + seg->up;
    }
}

// ---- 3.10.7.2 LISTEN ------------------------------------------------------------------------------------------------

static void listen(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    // Choice: the text holds that its fourth step is not reached ("must have an ACK"). Segments without SYN, RST and
    // ACK exist; "drop the segment" then.
    if (seg->rst || (!seg->ack && !seg->syn)) {
        drop(o);
    } else if (seg->ack) {
        reply_rst_at_ack(o, seg);
    } else if (seg->other_compartment) {
        reply_rst(o, seg);
    } else {
        tcb->rcv_nxt = seg->seq + 1;
        tcb->snd_una = tcb->iss;
        tcb->snd_nxt = tcb->iss + 1;
        tcb->state = TCP_SYN_RECEIVED;
        tcb->passive = true;
        queue_for_later(o, seg);
        reply(o, (struct oracle_segment){.seq = tcb->iss, .ack = true, .ack_number = tcb->rcv_nxt, .syn = true});
    }
}

// ---- 3.10.7.3 SYN-SENT ----------------------------------------------------------------------------------------------

static bool sixth_urg(struct oracle_outcome *o, const struct oracle_segment *seg);
static bool seventh_text(struct oracle_outcome *o, const struct oracle_segment *seg);
static void eighth_fin(struct oracle_outcome *o, const struct oracle_segment *seg);

static void syn_sent_syn(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    tcb->rcv_nxt = seg->seq + 1;
    tcb->rcv_user = tcb->rcv_nxt;
    // Choice: the text sets these only on the way to SYN-RECEIVED; without them an ESTABLISHED connection would have
    // no window to send into.
    tcb->snd_wnd = seg->wnd;
    tcb->snd_wl1 = seg->seq;
    tcb->snd_wl2 = seg->ack ? seg->ack_number : tcb->iss;
    if (seg->ack) tcb->snd_una = seg->ack_number;

    if (tcb->snd_una > tcb->iss) {
        tcb->state = TCP_ESTABLISHED;
        signal_user(o, TCP_SIGNAL_ESTABLISHED);
        reply_ack(o);
        // Choice: "some suppress this segment when the segment contains data that will anyways generate an
        // acknowledgment": so do we (MUST-58). reply() keeps the last one.
        if (sixth_urg(o, seg) && seventh_text(o, seg)) eighth_fin(o, seg);
    } else {
        tcb->state = TCP_SYN_RECEIVED;
        tcb->passive = false;
        queue_for_later(o, seg);
        reply(o, (struct oracle_segment){.seq = tcb->iss, .ack = true, .ack_number = tcb->rcv_nxt, .syn = true});
    }
}

static void syn_sent(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    if (seg->ack && (seg->ack_number <= tcb->iss || seg->ack_number > tcb->snd_nxt)) {
        if (seg->rst) {
            drop(o);
        } else {
            reply_rst_at_ack(o, seg);
        }
    } else if (seg->rst) {
        // Choice: RFC 5961's "first check that the sequence number exactly matches RCV.NXT" can't be done: there is no
        // RCV.NXT yet.
        if (seg->ack) {
            signal_user(o, TCP_SIGNAL_RESET);
            delete_tcb(o);
        } else {
            drop(o);
        }
    } else if (seg->other_compartment) {
        reply_rst(o, seg);
    } else if (seg->syn) {
        syn_sent_syn(o, seg);
    } else {
        drop(o);
    }
}

// ---- 3.10.7.4, first: check sequence number -------------------------------------------------------------------------

// Table 6, by the letter.
// Choice: a segment that begins before the window and ends beyond it passes neither part of the fourth test, though
// the whole window is in it. By the letter it is not acceptable.
static bool acceptable(const struct oracle_tcb *tcb, const struct oracle_segment *seg) {
    uint64_t left = tcb->rcv_nxt;
    uint64_t beyond = tcb->rcv_nxt + tcb->rcv_wnd;
    if (length(seg) == 0 && tcb->rcv_wnd == 0) return seg->seq == left;
    if (length(seg) == 0) return left <= seg->seq && seg->seq < beyond;
    if (tcb->rcv_wnd == 0) return false;
    uint64_t last = seg->seq + length(seg) - 1;
    return (left <= seg->seq && seg->seq < beyond) || (left <= last && last < beyond);
}

// MAY-2.
// Choice: whether its compartment is right is for the listener to see. Newer means SEG.SEQ > RCV.NXT, in the window or
// beyond it, and only a SYN without ACK is an attempt to open.
static bool opens_anew(const struct oracle_tcb *tcb, const struct oracle_segment *seg) {
    return tcb->state == TCP_TIME_WAIT && seg->syn && !seg->ack && !seg->rst && seg->seq > tcb->rcv_nxt;
}

// Choice: "the only thing that can arrive in TIME-WAIT is a retransmission of the remote FIN. Acknowledge it, and
// restart the 2 MSL timeout" (fifth), but that retransmission is below the window and the first check would drop it. So
// it is let through: the very FIN that RCV.NXT stands behind, with an ACK (the fifth check drops what has none) and no
// SYN.
static bool repeats_fin_in_time_wait(const struct oracle_tcb *tcb, const struct oracle_segment *seg) {
    return tcb->state == TCP_TIME_WAIT && seg->fin && seg->ack && !seg->syn && fin_position(seg) + 1 == tcb->rcv_nxt;
}

static bool ack_is_valid(const struct oracle_tcb *tcb, const struct oracle_segment *seg);
static bool fifth_ack_by_state(struct oracle_outcome *o, const struct oracle_segment *seg);

static void unacceptable(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    if (seg->rst) {
        drop(o);
        return;
    }
    // Choice: by the letter, the ACKs of a peer whose text fills the window but for a hole at its front are
    // unacceptable (appendix A.2). A bare ACK at the right edge is processed, as if the window were closed, and not
    // answered.
    bool synchronized = tcb->state != TCP_SYN_RECEIVED && tcb->state != TCP_TIME_WAIT;
    bool at_edge = tcb->rcv_wnd > 0 && seg->seq == tcb->rcv_nxt + tcb->rcv_wnd && length(seg) == 0 && seg->ack;
    if (at_edge && synchronized && !seg->other_compartment && ack_is_valid(tcb, seg)) {
        if (fifth_ack_by_state(o, seg)) (void)sixth_urg(o, seg);
        return;
    }
    reply_ack(o);
    // "If the RCV.WND is zero, no segments will be acceptable, but special allowance should be made to accept valid
    // ACKs, URGs, and RSTs" (and MUST-66).
    //
    // Choice: at RCV.NXT and nowhere else; whatever else the segment brings is not taken; an ACK that is not valid, or
    // comes in another compartment, gets no answer of its own ("this check is placed following the sequence check", and
    // that one failed); a SYN gets no allowance, as no SYN's ACK is ever processed in these states.
    bool right_place = tcb->rcv_wnd == 0 && seg->seq == tcb->rcv_nxt;
    bool allowance = right_place && seg->ack && !seg->syn && !seg->other_compartment;
    if (!allowance || tcb->state == TCP_TIME_WAIT || !ack_is_valid(tcb, seg)) return;
    if (fifth_ack_by_state(o, seg)) (void)sixth_urg(o, seg);
    // Choice: a connection that this ACK ends owes no acknowledgement any more.
    if (o->deleted) o->replied = false;
}

static bool first_sequence_number(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    if (opens_anew(tcb, seg)) {
        o->reopened = true;
        o->floor = tcb->snd_nxt;
        delete_tcb(o);
        return false;
    }
    if (acceptable(tcb, seg) || repeats_fin_in_time_wait(tcb, seg)) return true;
    // MUST-66: a RST is processed even when the window is zero. (One without text passed above.)
    if (seg->rst && tcb->rcv_wnd == 0 && seg->seq == tcb->rcv_nxt) return true;
    unacceptable(o, seg);
    return false;
}

// ---- Second: check the RST bit --------------------------------------------------------------------------------------

static void reset(struct oracle_outcome *o) {
    switch (o->after.state) {
    case TCP_SYN_RECEIVED:
        if (!o->after.passive) signal_user(o, TCP_SIGNAL_REFUSED);
        break;
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT:
    // Choice: here 3.10.7.4 says nothing of a signal for the next two; 3.5.3 "advises the user" and MUST-12 demands
    // that the application learns that it was aborted. Their CLOSE is not yet "ok", so they hear it.
    case TCP_CLOSING:
    case TCP_LAST_ACK: signal_user(o, TCP_SIGNAL_RESET); break;
    // In TIME-WAIT both directions ended normally and the user was told so.
    case TCP_TIME_WAIT: break;
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT: assert(false);
    }
    delete_tcb(o);
}

// With RFC 5961 section 3.
// Choice: it is SEG.SEQ as it arrived that is compared, not that of a segment trimmed to the window. The ACK field of a
// RST is not looked at.
static bool second_rst(struct oracle_outcome *o, const struct oracle_segment *seg) {
    const struct oracle_tcb *tcb = &o->after;
    if (!seg->rst) return true;
    if (seg->seq == tcb->rcv_nxt) {
        reset(o);
    } else if (tcb->rcv_nxt < seg->seq && seg->seq < tcb->rcv_nxt + tcb->rcv_wnd) {
        reply_ack(o);
    } else {
        drop(o);
    }
    return false;
}

// ---- Third: check security ------------------------------------------------------------------------------------------

// Choice: a segment without ACK gets the reset that 3.5.2 gives it in its second group; the third group forgets it.
static bool third_security(struct oracle_outcome *o, const struct oracle_segment *seg) {
    if (!seg->other_compartment) return true;
    reply_rst(o, seg);
    if (o->after.state != TCP_SYN_RECEIVED) {
        signal_user(o, TCP_SIGNAL_RESET);
        delete_tcb(o);
    }
    return false;
}

// ---- Fourth: check the SYN bit --------------------------------------------------------------------------------------

// Choice: the text asks for the SYN bit alone; SYN,ACK is treated alike.
// Choice: text behind a SYN that stands below the window may reach into it. "Trimming off any portions that lie outside
// the window (including SYN and FIN)" then leaves a segment without SYN. So in SYN-RECEIVED; in synchronized states RFC
// 5961 wants the challenge "irrespective of the sequence number".
static bool fourth_syn(struct oracle_outcome *o, const struct oracle_segment *seg) {
    if (!seg->syn) return true;
    if (o->after.state == TCP_SYN_RECEIVED && seg->seq < o->after.rcv_nxt) return true;
    if (o->after.state == TCP_SYN_RECEIVED && o->after.passive) {
        delete_tcb(o);  // back to LISTEN
    } else {
        reply_ack(o);  // challenge ACK, RFC 5961 section 4
    }
    return false;
}

// ---- Fifth: check the ACK field -------------------------------------------------------------------------------------

// SYN-RECEIVED has a range of its own; elsewhere it is RFC 5961's. Choice: as long as the SYN is not acknowledged
// (CLOSE went before), SYN-RECEIVED's range holds on. By the letter, text of an earlier connection could come in.
static bool ack_is_valid(const struct oracle_tcb *tcb, const struct oracle_segment *seg) {
    bool own_range = tcb->state == TCP_SYN_RECEIVED || tcb->snd_una == tcb->iss;
    if (own_range) return tcb->snd_una < seg->ack_number && seg->ack_number <= tcb->snd_nxt;
    return tcb->snd_una - tcb->max_snd_wnd <= seg->ack_number && seg->ack_number <= tcb->snd_nxt;
}

// "ESTABLISHED STATE". True when our FIN is acknowledged.
static bool take_ack(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    if (tcb->snd_una < seg->ack_number) tcb->snd_una = seg->ack_number;
    if (tcb->snd_una <= seg->ack_number) {
        // Choice: SEG.SEQ is that of "the idealized segment that begins at RCV.NXT".
        uint64_t seq = larger(seg->seq, tcb->rcv_nxt);
        bool later = tcb->snd_wl1 < seq || (tcb->snd_wl1 == seq && tcb->snd_wl2 <= seg->ack_number);
        if (later) {
            tcb->snd_wnd = seg->wnd;
            tcb->snd_wl1 = seq;
            tcb->snd_wl2 = seg->ack_number;
        }
    }
    return tcb->fin_sent && tcb->snd_una == tcb->snd_nxt;
}

static void ack_in_syn_received(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    tcb->state = TCP_ESTABLISHED;
    tcb->snd_una = seg->ack_number;
    tcb->snd_wnd = seg->wnd;
    tcb->snd_wl1 = seg->seq;
    tcb->snd_wl2 = seg->ack_number;
    signal_user(o, TCP_SIGNAL_ESTABLISHED);
}

// Choice: "the only thing that can arrive is a retransmission of the remote FIN. Acknowledge it, and restart". A FIN
// restarts, wherever it stands in the window; text is acknowledged, but does not restart; an empty segment is not
// answered, or two ends in TIME-WAIT could acknowledge each other for ever.
static void ack_in_time_wait(struct oracle_outcome *o, const struct oracle_segment *seg) {
    const struct oracle_tcb *tcb = &o->after;
    if (seg->fin && (fin_in_window(tcb, seg) || repeats_fin_in_time_wait(tcb, seg))) o->time_wait_started = true;
    if (length(seg) > 0) reply_ack(o);
}

// The ACK is valid. False: the segment is done.
static bool fifth_ack_by_state(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    switch (tcb->state) {
    case TCP_SYN_RECEIVED: ack_in_syn_received(o, seg); return true;
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT: (void)take_ack(o, seg); return true;
    case TCP_FIN_WAIT_1:
        if (take_ack(o, seg)) {
            tcb->state = TCP_FIN_WAIT_2;
            signal_user(o, TCP_SIGNAL_CLOSED);  // "the user's CLOSE can be acknowledged"
        }
        return true;
    case TCP_CLOSING:
        if (!take_ack(o, seg)) return false;  // "otherwise, ignore the segment"
        signal_user(o, TCP_SIGNAL_CLOSED);
        enter_time_wait(o);
        return true;
    case TCP_LAST_ACK:
        // Choice: text before our FIN may be acknowledged here before the FIN is; the RFC forgets it. Done as in
        // ESTABLISHED.
        if (!take_ack(o, seg)) return true;
        signal_user(o, TCP_SIGNAL_CLOSED);
        delete_tcb(o);
        return false;
    case TCP_TIME_WAIT: ack_in_time_wait(o, seg); return false;
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT: assert(false);
    }
    return false;
}

// Choice: the ACK (as RST and SYN before it) of a segment that begins beyond RCV.NXT is processed when it arrives; only
// its text and FIN are "held for later processing".
static bool fifth_ack(struct oracle_outcome *o, const struct oracle_segment *seg) {
    if (!seg->ack) {
        drop(o);
        return false;
    }
    if (!ack_is_valid(&o->after, seg)) {
        // Choice: in SYN-RECEIVED the reset goes before RFC 5961's range, and the segment goes no further, though the
        // text doesn't say "return".
        if (o->after.state == TCP_SYN_RECEIVED) {
            reply_rst_at_ack(o, seg);
        } else {
            reply_ack(o);
        }
        return false;
    }
    return fifth_ack_by_state(o, seg);
}

// ---- Sixth: check the URG bit ---------------------------------------------------------------------------------------

// Choice: as with ACK, where the segment stands in the window doesn't matter: it is news from ahead.
static bool sixth_urg(struct oracle_outcome *o, const struct oracle_segment *seg) {
    const struct oracle_tcb *tcb = &o->after;
    if (peer_has_finished(tcb->state)) return true;  // "this should not occur": ignored
    if (seg->urg && seg->seq + seg->up > tcb->rcv_user) signal_user(o, TCP_SIGNAL_URGENT);
    return true;
}

// ---- Seventh: process the segment text ------------------------------------------------------------------------------

// Always goes on to the eighth.
static bool seventh_text(struct oracle_outcome *o, const struct oracle_segment *seg) {
    struct oracle_tcb *tcb = &o->after;
    // "This should not occur since a FIN has been received from the remote side. Ignore the segment text."
    if (peer_has_finished(tcb->state)) return true;
    struct oracle_text text = text_in_window(tcb, seg);
    if (text.len == 0) return true;
    if (text.seq == tcb->rcv_nxt) {
        o->delivered = text;
        tcb->rcv_nxt += text.len;
        tcb->rcv_wnd -= text.len;  // the right edge stays
    } else {
        o->held = text;
    }
    // Choice: MAY-13, the acknowledgement of what is not at the left edge, is sent (RFC 5681 section 4.2 wants it at
    // once).
    reply_ack(o);
    return true;
}

// ---- Eighth: check the FIN bit --------------------------------------------------------------------------------------

static void take_fin(struct oracle_outcome *o) {
    struct oracle_tcb *tcb = &o->after;
    tcb->rcv_nxt += 1;
    tcb->rcv_wnd -= 1;
    signal_user(o, TCP_SIGNAL_CLOSING);
    if (tcb->state == TCP_ESTABLISHED) tcb->state = TCP_CLOSE_WAIT;
    // The fifth check has made a FIN-WAIT-1 whose FIN is acknowledged a FIN-WAIT-2.
    else if (tcb->state == TCP_FIN_WAIT_1)
        tcb->state = TCP_CLOSING;
    else
        enter_time_wait(o);
    reply_ack(o);
}

static void eighth_fin(struct oracle_outcome *o, const struct oracle_segment *seg) {
    const struct oracle_tcb *tcb = &o->after;
    if (!seg->fin || !fin_in_window(tcb, seg)) return;  // not there, or trimmed off
    if (peer_has_finished(tcb->state)) {
        // Choice: a FIN behind the FIN. The text would advance RCV.NXT over it and signal again; but "one and only one
        // copy of the control will be acted upon" (3.4), and nothing follows a FIN. It is acknowledged; TIME-WAIT
        // restarts.
        if (tcb->state == TCP_TIME_WAIT) o->time_wait_started = true;
        reply_ack(o);
        return;
    }
    if (!fin_in_window(tcb, seg)) return;  // trimmed off
    if (fin_position(seg) == tcb->rcv_nxt) {
        take_fin(o);
    } else {
        o->fin_held = true;
        o->held_fin = fin_position(seg);
        reply_ack(o);  // MAY-13
    }
}

// ---- 3.10.7 ---------------------------------------------------------------------------------------------------------

struct oracle_outcome oracle_segment_arrives(const struct oracle_tcb *tcb, const struct oracle_segment *seg) {
    struct oracle_outcome o = {.after = *tcb};
    if (tcb->state == TCP_CLOSED) {
        closed(&o, seg);
    } else if (tcb->state == TCP_LISTEN) {
        listen(&o, seg);
    } else if (tcb->state == TCP_SYN_SENT) {
        syn_sent(&o, seg);
    } else {
        bool goes_on = first_sequence_number(&o, seg) && second_rst(&o, seg) && third_security(&o, seg) &&
                       fourth_syn(&o, seg) && fifth_ack(&o, seg) && sixth_urg(&o, seg) && seventh_text(&o, seg);
        if (goes_on) eighth_fin(&o, seg);
    }
    return o;
}
