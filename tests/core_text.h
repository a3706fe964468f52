// One end of a connection without a host, which sends what it owes after each step; and a peer that the test plays by
// hand. For the tests of how core carries text.
#ifndef TESTS_CORE_TEXT_H
#define TESTS_CORE_TEXT_H

#include <stdlib.h>

#include "core/seq.h"
#include "core/tcp.h"
#include "tests/check.h"

// What a test does not use of this header is fine.
#define MAYBE __attribute__((unused)) static

enum { SENT = 4096, MSS = 1000, PEER = 5000, SOURCE = 7, WINDOW = 60000 };
__attribute__((unused)) static const uint64_t MILLISECOND = UINT64_C(1000000);

struct end {
    struct tcp_config config;
    struct tcp_connection tcp;
    struct tcp_effects effects;     // of the last step
    struct tcp_segment sent[SENT];  // since forget(), whatever was owed with it
    unsigned count;
    uint32_t received;              // octets of TEXT
    unsigned signals[TCP_SIGNALS];  // how often each came
    uint32_t iss;
    uint64_t now;
};

// ---- Steps. After each, what is owed is sent; and it is owed exactly when there is something to be sent.

MAYBE unsigned segments_in(const struct tcp_effects *effects) {
    unsigned count = 0;
    for (uint32_t i = 0; i < effects->count; i++)
        count += effects->list[i].kind == TCP_EFFECT_SEGMENT;
    return count;
}

MAYBE void collect(struct end *e) {
    for (uint32_t i = 0; i < e->effects.count; i++) {
        const struct tcp_effect *effect = &e->effects.list[i];
        if (effect->kind == TCP_EFFECT_SEGMENT && e->count < SENT) e->sent[e->count++] = effect->segment;
        if (effect->kind == TCP_EFFECT_SIGNAL) e->signals[effect->signal]++;
        if (effect->kind != TCP_EFFECT_TEXT) continue;
        CHECK_EQ(effect->text.seq, e->tcp.irs + 1 + e->received);
        e->received += effect->text.len;
    }
}

MAYBE bool owes(const struct end *e) {
    enum tcp_event_kind kind = TCP_STATUS;
    return tcp_deadline(&e->config, &e->tcp, &kind) == 0 && kind == TCP_CONTINUE;
}

MAYBE void check_scoreboard(const struct tcp_connection *tcp) {
    uint32_t below = tcp->snd_una;
    for (unsigned i = 0; i < tcp->sacked_count; i++) {
        CHECK(seq_lt(below, tcp->sacked[i].begin));
        CHECK(seq_lt(tcp->sacked[i].begin, tcp->sacked[i].end));
        CHECK(seq_le(tcp->sacked[i].end, tcp->snd_nxt));
        below = tcp->sacked[i].end;
    }
}

MAYBE void step(struct end *e, const struct tcp_event *event) {
    tcp_step(&e->config, &e->tcp, event, e->now, &e->effects);
    collect(e);
    check_scoreboard(&e->tcp);
    struct tcp_event go_on = {.kind = TCP_CONTINUE};
    for (int turn = 0; owes(e); turn++) {
        if (!CHECK(turn < 1000)) return;  // for ever
        tcp_step(&e->config, &e->tcp, &go_on, e->now, &e->effects);
        if (!CHECK(segments_in(&e->effects) > 0)) return;
        collect(e);
    }
    struct tcp_connection copy = e->tcp;
    struct tcp_effects none;
    tcp_step(&e->config, &copy, &go_on, e->now, &none);
    CHECK_EQ(segments_in(&none), 0);
}

MAYBE void call(struct end *e, enum tcp_event_kind kind, uint32_t length) {
    struct tcp_event event = {.kind = kind, .length = length};
    step(e, &event);
}

MAYBE void fire(struct end *e, enum tcp_timer timer, enum tcp_event_kind kind) {
    if (!CHECK(e->tcp.deadline[timer] != TCP_NEVER)) return;
    if (e->tcp.deadline[timer] > e->now) e->now = e->tcp.deadline[timer];
    call(e, kind, 0);
}

MAYBE void forget(struct end *e) {
    e->count = 0;
}

MAYBE void arrives(struct end *e, struct tcp_segment segment) {
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = segment};
    if (e->tcp.flags & TCP_CONNECTION_TIMESTAMPS) {
        event.segment.options |= TCP_OPTION_TIMESTAMPS;
        event.segment.ts_val = 1000 + (uint32_t)(e->now / MILLISECOND);
    }
    step(e, &event);
}

// ---- The end under test has opened actively: its text begins at `iss` + 1, the peer's at PEER + 1.

MAYBE void open_with(struct end *e, uint32_t iss, unsigned options) {
    memset(e, 0, sizeof *e);
    e->config = tcp_config_default();
    e->config.options = (uint8_t)options;
    e->iss = iss;
    e->now = 1000 * MILLISECOND;
    struct tcp_event open = {.kind = TCP_OPEN_ACTIVE};
    open.incarnation = (struct tcp_incarnation){.source = SOURCE, .iss = iss, .iss_given = true, .mss = MSS};
    step(e, &open);
    e->now += 40 * MILLISECOND;
    struct tcp_event answer = {.kind = TCP_SEGMENT_ARRIVES};
    answer.segment = (struct tcp_segment){.seq = PEER,
                                          .ack = iss + 1,
                                          .wnd = WINDOW,
                                          .mss = MSS,
                                          .ts_val = 1000,
                                          .flags = TCP_SYN | TCP_ACK,
                                          .options = (uint8_t)(TCP_OPTION_MSS | options)};
    step(e, &answer);
    CHECK_EQ(e->tcp.state, TCP_ESTABLISHED);
    forget(e);
}

// The number of an octet of this end's text, from 0.
MAYBE uint32_t at(const struct end *e, uint32_t offset) {
    return e->iss + 1 + offset;
}

MAYBE struct tcp_segment ack_of(const struct end *e, uint32_t offset) {
    return (struct tcp_segment){.seq = PEER + 1, .ack = at(e, offset), .wnd = WINDOW, .flags = TCP_ACK};
}

MAYBE void acknowledge(struct end *e, uint32_t offset) {
    arrives(e, ack_of(e, offset));
}

// An ACK with blocks: pairs of offsets of this end's text, in thousands.
MAYBE void acknowledge_with(struct end *e, uint32_t offset, const uint32_t *pairs, unsigned blocks) {
    struct tcp_segment segment = ack_of(e, offset);
    segment.options = TCP_OPTION_SACK;
    segment.blocks = (uint8_t)blocks;
    for (unsigned i = 0; i < blocks; i++)
        segment.sack[i] = (struct tcp_block){at(e, pairs[2 * (size_t)i] * MSS), at(e, pairs[2 * (size_t)i + 1] * MSS)};
    arrives(e, segment);
}

MAYBE void check_sent(const struct end *e, unsigned which, uint32_t offset, uint32_t len, unsigned repeat) {
    if (!CHECK(which < e->count)) return;
    CHECK_EQ(e->sent[which].seq - e->iss - 1, offset);
    CHECK_EQ(e->sent[which].len, len);
    CHECK_EQ(e->sent[which].repeat, repeat);
}

// What the peer sends: `len` octets at `offset` of its text.
MAYBE void peer_sends(struct end *e, uint32_t offset, uint32_t len, uint32_t source) {
    arrives(e, (struct tcp_segment){.seq = PEER + 1 + offset,
                                    .ack = e->tcp.snd_nxt,
                                    .len = len,
                                    .source = source,
                                    .wnd = WINDOW,
                                    .flags = TCP_ACK});
}

__attribute__((unused)) static const uint32_t numbers[] = {100, UINT32_C(0xffffffff), UINT32_C(0xfffff000),
                                                           UINT32_C(0x7fffe000)};
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

#endif
