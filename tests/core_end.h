// One end of a connection, and what tests do to it; they play the peer segment by segment.
#ifndef TESTS_CORE_END_H
#define TESTS_CORE_END_H

#include "core/tcp.h"
#include "tests/check.h"

enum { ISS = 100, IRS = 5000, MSS = 1000 };
__attribute__((unused)) static const uint64_t SECOND = UINT64_C(1000000000);
__attribute__((unused)) static const uint8_t ALL =
    TCP_OPTION_WINDOW_SCALE | TCP_OPTION_SACK_PERMITTED | TCP_OPTION_TIMESTAMPS;

struct end {
    struct tcp_config config;
    struct tcp_connection tcb;
    struct tcp_effects effects;  // of the last step
    uint64_t now;
};

__attribute__((unused)) static struct end new_end(uint8_t options) {
    struct end e;
    memset(&e, 0, sizeof e);
    e.config = tcp_config_default();
    e.config.options = options;
    e.config.delayed_ack = 0;
    e.config.no_delay = true;
    e.now = SECOND;
    return e;
}

__attribute__((unused)) static struct tcp_event event_of(enum tcp_event_kind kind, uint32_t length) {
    struct tcp_event event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.length = length;
    event.incarnation = (struct tcp_incarnation){.source = 1, .iss = ISS, .mss = MSS, .iss_given = true};
    return event;
}

__attribute__((unused)) static void step(struct end *e, const struct tcp_event *event) {
    tcp_step(&e->config, &e->tcb, event, e->now, &e->effects);
}

__attribute__((unused)) static void call(struct end *e, enum tcp_event_kind kind, uint32_t length) {
    struct tcp_event event = event_of(kind, length);
    step(e, &event);
}

__attribute__((unused)) static void arrive(struct end *e, struct tcp_segment segment) {
    struct tcp_event event = event_of(TCP_SEGMENT_ARRIVES, 0);
    event.segment = segment;
    step(e, &event);
}

__attribute__((unused)) static void icmp(struct end *e, enum tcp_icmp kind, uint32_t seq, uint32_t text_mss) {
    struct tcp_event event = event_of(TCP_ICMP_ARRIVES, 0);
    event.icmp = (struct tcp_icmp_error){.kind = (uint8_t)kind, .seq = seq, .text_mss = text_mss};
    step(e, &event);
}

// The timer that is due next fires; its event.
__attribute__((unused)) static enum tcp_event_kind fire(struct end *e) {
    enum tcp_event_kind kind = TCP_STATUS;
    uint64_t at = tcp_deadline(&e->config, &e->tcb, &kind);
    if (!CHECK(at != TCP_NEVER)) return TCP_STATUS;
    if (at > e->now) e->now = at;
    call(e, kind, 0);
    return kind;
}

__attribute__((unused)) static void settle(struct end *e) {
    for (int i = 0; i < 100 && tcp_deadline(&e->config, &e->tcb, NULL) == 0; i++)
        call(e, TCP_CONTINUE, 0);
}

// The segment number `which` of the last step; none: all zero.
__attribute__((unused)) static struct tcp_segment sent(const struct end *e, unsigned which) {
    for (uint32_t i = 0; i < e->effects.count; i++)
        if (e->effects.list[i].kind == TCP_EFFECT_SEGMENT && which-- == 0) return e->effects.list[i].segment;
    return (struct tcp_segment){.seq = 0};
}

__attribute__((unused)) static unsigned count_of(const struct end *e, enum tcp_effect_kind kind) {
    unsigned count = 0;
    for (uint32_t i = 0; i < e->effects.count; i++)
        count += e->effects.list[i].kind == kind;
    return count;
}

__attribute__((unused)) static bool signalled(const struct end *e, enum tcp_signal signal) {
    for (uint32_t i = 0; i < e->effects.count; i++)
        if (e->effects.list[i].kind == TCP_EFFECT_SIGNAL && e->effects.list[i].signal == signal) return true;
    return false;
}

__attribute__((unused)) static struct tcp_segment ack_of(const struct end *e) {
    return (struct tcp_segment){
        .seq = e->tcb.rcv_nxt, .ack = e->tcb.snd_nxt, .flags = TCP_ACK, .wnd = 60000, .options = 0};
}

__attribute__((unused)) static struct tcp_segment syn_ack(uint8_t options) {
    return (struct tcp_segment){.seq = IRS,
                                .ack = ISS + 1,
                                .flags = TCP_SYN | TCP_ACK,
                                .wnd = 60000,
                                .options = (uint8_t)(options | TCP_OPTION_MSS),
                                .mss = MSS,
                                .scale = 7,
                                .ts_val = 1000,
                                .ts_ecr = 1000};
}

// ESTABLISHED by an active OPEN; both offered the options.
__attribute__((unused)) static struct end connected(uint8_t options) {
    struct end e = new_end(options);
    call(&e, TCP_OPEN_ACTIVE, 0);
    arrive(&e, syn_ack(options));
    CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
    settle(&e);
    return e;
}

// A segment with a timestamp, where those are agreed.
__attribute__((unused)) static struct tcp_segment stamped(const struct end *e, uint32_t ts_val) {
    struct tcp_segment segment = ack_of(e);
    segment.options = TCP_OPTION_TIMESTAMPS;
    segment.ts_val = ts_val;
    segment.ts_ecr = 1000;
    return segment;
}

#endif
