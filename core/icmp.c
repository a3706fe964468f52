// ICMP errors: RFC 9293 section 3.9.2.2, RFC 5461, RFC 5927.
#include "core/step.h"

// RFC 5927 section 4.1: whoever quotes a number that isn't in flight has not seen our segment.
static bool quotes_flight(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    if (seq_in(s->event->icmp.seq, tcb->snd_una, tcb->snd_nxt)) return true;
    return !rule(s, TCP_RULE_ICMP_MUST_QUOTE_FLIGHT);
}

static void remember(struct step *s) {
    s->tcb->soft_error = s->event->icmp.kind;
    if (user_knows(s->tcb)) effect_signal(s, TCP_RULE_SOFT_ERRORS_ARE_REMEMBERED, TCP_SIGNAL_SOFT_ERROR);
}

static void soft(struct step *s) {
    if (rule(s, TCP_RULE_SOFT_ERRORS_ARE_REMEMBERED)) {
        remember(s);
        return;
    }
    if (user_knows(s->tcb)) effect_signal(s, TCP_RULE_NONE, TCP_SIGNAL_UNREACHABLE);
    effect_delete(s, TCP_RULE_NONE);
}

// RFC 5461 section 4.1: only while the connection is being opened; a synchronized one takes it for a soft error.
static void hard(struct step *s) {
    bool opening = s->tcb->state == TCP_SYN_SENT || s->tcb->state == TCP_SYN_RECEIVED;
    if (!opening && rule(s, TCP_RULE_HARD_ERROR_SPARES_OPEN_CONNECTION)) {
        soft(s);
        return;
    }
    if (!rule(s, TCP_RULE_HARD_ERROR_ENDS_OPENING)) return;
    if (user_knows(s->tcb)) effect_signal(s, TCP_RULE_HARD_ERROR_ENDS_OPENING, TCP_SIGNAL_UNREACHABLE);
    effect_delete(s, TCP_RULE_HARD_ERROR_ENDS_OPENING);
}

// There is no text yet to be cut smaller, but the SYN,ACK will not make the path wider. Our own MSS option says what we
// can receive (MUST-67), over a path that may be another; there are systems that take both for the same.
static void path_is_narrow(struct step *s, uint16_t mss) {
    s->tcb->path_mss = mss;
    if (s->config->too_big_lowers_offer) s->tcb->rcv_mss = mss;
}

// RFC 1191 section 6.3: segments become smaller, and what was too big is sent again at once. Never larger: that would
// be anything but a report of a packet too big. Whatever else is in flight was cut to the same size.
static void too_big(struct step *s) {
    const uint16_t least = 48;  // with 40 octets of options there is room for 8 of text
    struct tcp_connection *tcb = s->tcb;
    uint32_t mss = s->event->icmp.text_mss;
    if (mss < least) mss = least;
    bool opening = tcb->state == TCP_SYN_SENT;
    uint16_t before = opening ? path_mss(tcb) : tcb->snd_mss;
    if (mss >= before || !rule(s, TCP_RULE_PACKET_TOO_BIG_LOWERS_MSS)) return;
    if (opening)
        path_is_narrow(s, (uint16_t)mss);
    else
        tcb->snd_mss = (uint16_t)mss;
    if (tcb_has(tcb, TCP_CONNECTION_SYN_ACKED)) congestion_repeat_all(s, TCP_RULE_PACKET_TOO_BIG_LOWERS_MSS);
}

void icmp_arrives(struct step *s) {
    if (s->tcb->state == TCP_CLOSED || s->tcb->state == TCP_LISTEN || !quotes_flight(s)) return;
    switch ((enum tcp_icmp)s->event->icmp.kind) {
    case TCP_ICMP_NETWORK_UNREACHABLE:
    case TCP_ICMP_HOST_UNREACHABLE:
    case TCP_ICMP_SOURCE_ROUTE_FAILED:
    case TCP_ICMP_TIME_EXCEEDED:
    case TCP_ICMP_PARAMETER_PROBLEM:
    case TCP_ICMP_ADMINISTRATIVELY_PROHIBITED: soft(s); return;
    case TCP_ICMP_PROTOCOL_UNREACHABLE:
    case TCP_ICMP_PORT_UNREACHABLE: hard(s); return;
    case TCP_ICMP_FRAGMENTATION_NEEDED: too_big(s); return;
    case TCP_ICMP_SOURCE_QUENCH:  // MUST-55
    case TCP_ICMP_NONE: return;
    }
}
