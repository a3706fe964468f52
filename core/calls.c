// User calls: RFC 9293 sections 3.10.1 to 3.10.6, one function each, cases in the order of the text.
#include "core/step.h"

#include <string.h>

enum { FIXED_ISS = 0 };  // what a TCP without a clock for its ISNs always takes

static void refuse(struct step *s, enum tcp_error error) {
    s->effects->error = error;
}

// ---- 3.10.1 OPEN

// What the peer takes until its MSS option says more (MUST-15), and no more than we take ourselves.
static uint16_t first_snd_mss(const struct tcp_incarnation *incarnation) {
    uint16_t mss = incarnation->default_mss != 0 ? incarnation->default_mss : TCP_DEFAULT_MSS_IPV4;
    return mss < incarnation->mss ? mss : incarnation->mss;
}

void create_tcb(struct step *s, const struct tcp_incarnation *incarnation) {
    struct tcp_connection *tcb = s->tcb;
    uint8_t compartment = tcb->compartment;
    memset(tcb, 0, sizeof *tcb);
    tcb->compartment = compartment;
    tcb->rcv_wnd = first_window(s->config, incarnation->mss);
    tcb->rcv_mss = incarnation->mss;
    tcb->snd_mss = first_snd_mss(incarnation);
    tcb->rto = (uint32_t)(s->config->rto_initial / 1000);
    tcb->user_timeout = configured_user_timeout(s->config);
    if (s->config->no_delay) tcb_set(tcb, TCP_CONNECTION_NO_DELAY);
    if (s->config->keep_alive) tcb_set(tcb, TCP_CONNECTION_KEEP_ALIVE);
    timer_stop_all(tcb);
}

void call_open_passive(struct step *s) {
    if (s->tcb->state != TCP_CLOSED) {
        refuse(s, TCP_ERROR_ALREADY_EXISTS);
        return;
    }
    create_tcb(s, &s->event->incarnation);
    s->tcb->state = TCP_LISTEN;
}

// RFC 6528 section 3: ISN = M + F(localip, localport, remoteip, remoteport, secretkey).
static uint32_t generated_iss(struct step *s) {
    const struct tcp_incarnation *incarnation = &s->event->incarnation;
    if (incarnation->iss_has_floor && s->config->reopened_iss_gap > 0)
        return incarnation->iss_floor + s->config->reopened_iss_gap;
    uint32_t iss = rule(s, TCP_RULE_ISN_FROM_CLOCK) ? incarnation->isn_clock : FIXED_ISS;
    if (rule(s, TCP_RULE_ISN_KEYED_BY_ENDPOINTS)) iss += incarnation->isn_hash;
    if (!incarnation->iss_has_floor || seq_gt(iss, incarnation->iss_floor)) return iss;
    return rule(s, TCP_RULE_REOPENED_ISS_ABOVE_OLD) ? incarnation->iss_floor + 1 : iss;
}

void select_iss(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_incarnation *incarnation = &s->event->incarnation;
    tcb->iss = incarnation->iss_given ? incarnation->iss : generated_iss(s);
    tcb->ts_offset = incarnation->ts_offset;
    tcb->snd_source = incarnation->source;
    tcb->snd_una = tcb->iss;
    tcb->snd_nxt = tcb->iss + syn_size(s);
    tcb->snd_end = tcb->snd_nxt;
    tcb->recover = tcb->iss;
    tcb->high_rxt = tcb->iss;
    tcb->rtt_seq = tcb->iss;
}

static void queue_text(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t room = tcp_send_room(s->config, tcb);
    uint32_t accepted = s->event->length < room ? s->event->length : room;
    s->effects->accepted = accepted;
    if (accepted < s->event->length) refuse(s, TCP_ERROR_NO_RESOURCES);
    if (accepted == 0 || !rule(s, TCP_RULE_SEND_SENDS_TEXT)) return;
    tcb->snd_end += accepted;
    if (!s->event->urgent) return;
    tcb_set(tcb, TCP_CONNECTION_URGENT_SENT);
    tcb->snd_up = tcb->snd_end;
}

// RFC 7413 section 4.2.1: who has a cookie sends text with the SYN. All options together take 40 octets at most.
static uint32_t syn_text(struct step *s) {
    const uint32_t options = 40;
    const struct tcp_connection *tcb = s->tcb;
    const struct tcp_incarnation *incarnation = &s->event->incarnation;
    if (incarnation->fast_open != TCP_FAST_OPEN_TEXT || incarnation->cookie_len == 0) return 0;
    uint32_t most = tcb->snd_mss > options ? tcb->snd_mss - options : 0, waits = tcb->snd_end - tcb->snd_nxt;
    return waits < most ? waits : most;
}

static void send_first_syn(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    bool asks = s->event->incarnation.fast_open == TCP_FAST_OPEN_ASK;
    bool shows = s->event->incarnation.fast_open == TCP_FAST_OPEN_TEXT;
    uint32_t len = 0;
    if ((asks || shows) && rule(s, TCP_RULE_FAST_OPEN_SENDS_WITH_SYN)) {
        tcb_set(tcb, TCP_CONNECTION_FAST_OPEN);
        len = syn_text(s);
    }
    uint8_t push = len > 0 && len == tcb->snd_end - tcb->snd_nxt ? TCP_PSH : 0;
    effect_segment(s, TCP_RULE_OPEN_SENDS_SYN, (uint8_t)(TCP_SYN | push), tcb->iss, len, 0);
    timer_sent(s, true);  // what is measured is the SYN: its text may be left unacknowledged
    tcb->snd_nxt += len;
}

void call_open_active(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (tcb->state != TCP_CLOSED && tcb->state != TCP_LISTEN) {
        refuse(s, TCP_ERROR_ALREADY_EXISTS);
        return;
    }
    create_tcb(s, &s->event->incarnation);
    tcb_set(tcb, TCP_CONNECTION_ACTIVE);
    select_iss(s);
    tcb->state = TCP_SYN_SENT;
    queue_text(s);
    if (rule(s, TCP_RULE_OPEN_SENDS_SYN)) send_first_syn(s);
}

// ---- 3.10.2 SEND

void call_send(struct step *s) {
    switch ((enum tcp_state)s->tcb->state) {
    case TCP_CLOSED: refuse(s, TCP_ERROR_DOES_NOT_EXIST); return;
    case TCP_LISTEN: refuse(s, TCP_ERROR_REMOTE_UNSPECIFIED); return;
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_CLOSE_WAIT:
        // A CLOSE that waits for its turn (SYN-RECEIVED, CLOSE-WAIT) ends sending as the states below do.
        if (tcb_has(s->tcb, TCP_CONNECTION_FIN_QUEUED)) break;
        queue_text(s);
        return;
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT: break;
    }
    refuse(s, TCP_ERROR_CLOSING);
}

// ---- 3.10.3 RECEIVE

// Left alone, the pointer would come to stand ahead again once 2^31 octets have passed it.
static void forget_read_urgent_text(struct tcp_connection *tcb) {
    if (!tcb_has(tcb, TCP_CONNECTION_URGENT) || seq_gt(tcb->rcv_up, tcb->rcv_user)) return;
    tcb_clear(tcb, TCP_CONNECTION_URGENT);
    tcb->rcv_up = 0;
}

static void take_text(struct step *s) {
    uint32_t unread = tcp_unread(s->tcb);
    uint32_t taken = s->event->length < unread ? s->event->length : unread;
    if (taken < s->event->length) refuse(s, TCP_ERROR_NO_RESOURCES);
    s->tcb->rcv_user += taken;
    forget_read_urgent_text(s->tcb);
    open_window(s);
}

void call_receive(struct step *s) {
    switch ((enum tcp_state)s->tcb->state) {
    case TCP_CLOSED: refuse(s, TCP_ERROR_DOES_NOT_EXIST); return;
    case TCP_LISTEN:
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2: take_text(s); return;
    case TCP_CLOSE_WAIT:
    // The text of these three says "connection closing" whatever is on hand. That would lose octets which were
    // acknowledged and which the FIN has pushed to the user (3.10.7.4, eighth), so they are as CLOSE-WAIT.
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT:
        if (tcp_unread(s->tcb) == 0) {
            refuse(s, TCP_ERROR_CLOSING);
            return;
        }
        take_text(s);
        return;
    }
}

// ---- 3.10.4 CLOSE

// The FIN stands behind all text that SEND has queued.
static void queue_fin(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (tcb->snd_end != tcb->snd_nxt && !rule(s, TCP_RULE_FIN_WAITS_FOR_QUEUED_TEXT)) tcb->snd_end = tcb->snd_nxt;
    if (rule(s, TCP_RULE_CLOSE_SENDS_FIN)) tcb_set(tcb, TCP_CONNECTION_FIN_QUEUED);
}

static void close_in_syn_received(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!rule(s, TCP_RULE_CLOSE_IN_SYN_RECEIVED_SENDS_FIN)) {
        effect_delete(s, TCP_RULE_NONE);
        return;
    }
    bool text_waits = tcb->snd_end != tcb->snd_nxt;
    queue_fin(s);
    if (!text_waits) tcb->state = TCP_FIN_WAIT_1;
}

void call_close(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    switch ((enum tcp_state)tcb->state) {
    case TCP_CLOSED: refuse(s, TCP_ERROR_DOES_NOT_EXIST); return;
    case TCP_LISTEN:
    case TCP_SYN_SENT: effect_delete(s, TCP_RULE_NONE); return;
    case TCP_SYN_RECEIVED:
        if (tcb_has(tcb, TCP_CONNECTION_FIN_QUEUED)) break;
        close_in_syn_received(s);
        return;
    case TCP_ESTABLISHED:
        queue_fin(s);
        tcb->state = TCP_FIN_WAIT_1;
        return;
    case TCP_CLOSE_WAIT:
        if (tcb_has(tcb, TCP_CONNECTION_FIN_QUEUED)) break;
        queue_fin(s);
        return;
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT: break;
    }
    refuse(s, TCP_ERROR_CLOSING);
}

static uint8_t reset_flags(const struct step *s) {
    return s->config->reset_acknowledges ? TCP_RST | TCP_ACK : TCP_RST;
}

// The sockets' close(), section 3.6.1: "if such a host issues a CLOSE call while received data is still pending, or if
// new data is received after CLOSE is called, its TCP implementation SHOULD send a RST" (SHLD-3).
void call_sockets_close(struct step *s) {
    if (tcp_unread(s->tcb) > 0 && rule(s, TCP_RULE_CLOSE_WITH_UNREAD_TEXT_RESETS)) {
        effect_segment(s, TCP_RULE_CLOSE_WITH_UNREAD_TEXT_RESETS, reset_flags(s), s->tcb->snd_nxt, 0, 0);
        effect_delete(s, TCP_RULE_CLOSE_WITH_UNREAD_TEXT_RESETS);
        return;
    }
    if (s->tcb->state != TCP_CLOSED) tcb_set(s->tcb, TCP_CONNECTION_DEAF);
    call_close(s);
}

// ---- 3.10.5 ABORT

void call_abort(struct step *s) {
    switch ((enum tcp_state)s->tcb->state) {
    case TCP_CLOSED: refuse(s, TCP_ERROR_DOES_NOT_EXIST); return;
    case TCP_LISTEN:
    case TCP_SYN_SENT: break;
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT:
        if (!rule(s, TCP_RULE_ABORT_SENDS_RST)) break;
        effect_segment(s, TCP_RULE_ABORT_SENDS_RST, reset_flags(s), s->tcb->snd_nxt, 0, 0);
        break;
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT: break;
    }
    // At once and without TIME-WAIT, as 3.10.5 says; 3.5.2 and 3.6 hint at TIME-WAIT.
    effect_delete(s, TCP_RULE_NONE);
}

// ---- 3.10.6 STATUS

// The state is in the TCB for everybody to read; all that is left to say is whether there is one.
void call_status(struct step *s) {
    if (s->tcb->state == TCP_CLOSED) refuse(s, TCP_ERROR_DOES_NOT_EXIST);
}

// ---- what the user may set

// On or off.
static void set_flag(struct step *s, unsigned flag) {
    if (s->tcb->state == TCP_CLOSED) {
        refuse(s, TCP_ERROR_DOES_NOT_EXIST);
        return;
    }
    if (s->event->length != 0)
        tcb_set(s->tcb, flag);
    else
        tcb_clear(s->tcb, flag);
}

void call_set_no_delay(struct step *s) {
    set_flag(s, TCP_CONNECTION_NO_DELAY);
}

void call_set_keep_alive(struct step *s) {
    set_flag(s, TCP_CONNECTION_KEEP_ALIVE);
}

// What the user asks for, the peer's option no longer changes (RFC 5482 section 3.1, CHANGEABLE).
void call_set_user_timeout(struct step *s) {
    if (s->tcb->state == TCP_CLOSED) {
        refuse(s, TCP_ERROR_DOES_NOT_EXIST);
        return;
    }
    s->tcb->user_timeout = s->event->length;
    tcb_set(s->tcb, TCP_CONNECTION_FIXED_TIMEOUT | TCP_CONNECTION_TELL_TIMEOUT);
    timer_restart_user(s);
}
