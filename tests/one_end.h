// What the tests of requirements need beyond tests/core_text.h: an end that opens actively as it is configured, and the
// segments that its peer sends.
#ifndef TESTS_ONE_END_H
#define TESTS_ONE_END_H

#include "tests/core_text.h"

enum { ISS = 100 };
#define SECOND (1000 * MILLISECOND)

// The next timer fires; which.
MAYBE enum tcp_event_kind fire_next(struct end *e) {
    enum tcp_event_kind kind = TCP_STATUS;
    uint64_t deadline = tcp_deadline(&e->config, &e->tcp, &kind);
    if (!CHECK(deadline != TCP_NEVER)) return TCP_STATUS;
    if (deadline > e->now) e->now = deadline;
    call(e, kind, 0);
    return kind;
}

// What was sent last.
MAYBE const struct tcp_segment *last(const struct end *e) {
    static const struct tcp_segment none;
    return CHECK(e->count > 0) ? &e->sent[e->count - 1] : &none;
}

// Octets of text that were sent.
MAYBE uint32_t sent_text(const struct end *e) {
    uint32_t octets = 0;
    for (unsigned i = 0; i < e->count; i++)
        octets += e->sent[i].len;
    return octets;
}

MAYBE void begin(struct end *e) {
    memset(e, 0, sizeof *e);
    e->config = tcp_config_default();
    e->iss = ISS;
    e->now = SECOND;
}

MAYBE void open_actively(struct end *e) {
    struct tcp_event open = {.kind = TCP_OPEN_ACTIVE};
    open.incarnation = (struct tcp_incarnation){.source = SOURCE, .iss = ISS, .iss_given = true, .mss = MSS};
    step(e, &open);
}

MAYBE struct tcp_segment syn_ack(void) {
    return (struct tcp_segment){
        .seq = PEER, .ack = ISS + 1, .wnd = WINDOW, .mss = MSS, .flags = TCP_SYN | TCP_ACK, .options = TCP_OPTION_MSS};
}

// Until the connection is open. What of the configuration differs from the defaults is set before.
MAYBE void establish(struct end *e) {
    open_actively(e);
    arrives(e, syn_ack());
    CHECK_EQ(e->tcp.state, TCP_ESTABLISHED);
    forget(e);
}

MAYBE void establish_with_defaults(struct end *e) {
    begin(e);
    establish(e);
}

// What the peer acknowledges of this end's text, and offers.
MAYBE struct tcp_segment window_of(const struct end *e, uint32_t offset, uint32_t window) {
    struct tcp_segment segment = ack_of(e, offset);
    segment.wnd = (uint16_t)window;
    return segment;
}

// `len` octets at `offset` of the peer's text, and an acknowledgment of all that was sent.
MAYBE struct tcp_segment text_of(const struct end *e, uint32_t offset, uint32_t len) {
    return (struct tcp_segment){.seq = PEER + 1 + offset,
                                .ack = e->tcp.snd_nxt,
                                .len = len,
                                .source = len > 0 ? 1 : 0,
                                .wnd = WINDOW,
                                .flags = TCP_ACK};
}

#endif
