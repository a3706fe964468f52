// Traces made by hand, record by record, for the tests of views.
#ifndef TESTS_TRACES_H
#define TESTS_TRACES_H

#include <string.h>

#include "sim/host/record.h"

#define MS UINT64_C(1000000)

static inline struct record_text text_from(const char *string) {
    return (struct record_text){(const unsigned char *)string, (uint32_t)strlen(string)};
}

static inline struct record_endpoint endpoint_of(uint32_t host, uint16_t port) {
    return (struct record_endpoint){.family = 4, .address = {10, 0, 0, (uint8_t)(host + 1)}, .port = port};
}

static inline void put_run(struct trace *trace, const char *title, const char *title_zh, const char *about,
                           const char *about_zh) {
    struct record record = {.kind = RECORD_RUN};
    record.run.version = text_from("0");
    record.run.file = text_from("scenarios/handshake/by-hand.lua");
    record.run.title[0] = text_from(title);
    record.run.title[1] = text_from(title_zh);
    record.run.about[0] = text_from(about);
    record.run.about[1] = text_from(about_zh);
    record.run.question[0] = text_from("Why three segments, not two?");
    record.run.question[1] = text_from("为什么是三个报文段，而不是两个？");
    record.run.sources = text_from("RFC 9293 3.5\nRFC 9293 3.10.7\n三次握手");
    record.run.command = text_from("synfin run scenarios/handshake/by-hand.lua --seed 1");
    record.run.seed = 1;
    record_write(trace, &record);
    record_write_rules(trace);
}

// The rules of another build.
static inline void put_rules(struct trace *trace, const char *names) {
    struct record record = {.kind = RECORD_RULES};
    record.rules.names = text_from(names);
    record_write(trace, &record);
}

static inline void put_host(struct trace *trace, uint32_t host, const char *name) {
    struct record record = {.kind = RECORD_HOST};
    record.host.host = host;
    record.host.name = text_from(name);
    record.host.address = endpoint_of(host, 0);
    record_write(trace, &record);
}

static inline uint64_t put_call(struct trace *trace, uint64_t time, uint32_t host, uint32_t connection,
                                const char *text) {
    struct record record = {.kind = RECORD_CALL, .time = time};
    record.call.host = host;
    record.call.connection = connection;
    record.call.text = text_from(text);
    return trace->cause = record_write(trace, &record);
}

// A step from one state to another; connections of even number are at port 80.
static inline void put_step(struct trace *trace, uint64_t time, uint32_t host, uint32_t connection, uint8_t event,
                            uint8_t before, uint8_t after, uint16_t port, enum tcp_rule rule) {
    struct record record = {.kind = RECORD_STEP, .time = time};
    record.step.host = host;
    record.step.connection = connection;
    record.step.event = event;
    record.step.before.state = before;
    record.step.after.state = after;
    record.step.local = endpoint_of(host, port);
    record.step.remote = endpoint_of(1 - host % 2, port == 80 ? 49152 : 80);
    record.step.deleted = after == TCP_CLOSED;
    if (rule != TCP_RULE_NONE) tcp_rule_set_add(&record.step.applied, rule);
    record_write(trace, &record);
}

struct hand_packet {
    uint64_t number;
    uint32_t from, to, connection;
    uint8_t flags;
    uint32_t seq, ack;  // relative
    const char *text;
    uint64_t answers, repeats, acknowledges;
    enum tcp_rule rule;
    bool injected;
};

static inline void put_fate(struct trace *trace, uint64_t time, uint64_t packet, uint32_t copy, uint8_t fate,
                            bool scripted, uint64_t arrival) {
    trace_begin(trace, TRACE_KIND_FATE, time);
    trace_put_u64(trace, packet);
    trace_put_u32(trace, copy);
    trace_put_u32(trace, (uint32_t)(packet % 2));
    trace_put_u8(trace, fate);
    trace_put_u8(trace, scripted);
    trace_put_u64(trace, fate == FATE_DELIVERED ? arrival : 0);
    for (uint32_t i = 0; i < 6; i++)
        trace_put_u32(trace, i);
    trace_end(trace);
}

// A packet and the fate of its first copy; `arrival` 0: lost.
static inline void put_packet(struct trace *trace, uint64_t time, const struct hand_packet *packet, uint8_t fate,
                              uint64_t arrival) {
    static const uint32_t initial[] = {100, 300, 5000};
    struct record record = {.kind = RECORD_PACKET, .time = time};
    record.packet.packet = packet->number;
    record.packet.host = packet->from;
    record.packet.to_host = packet->to;
    record.packet.connection = packet->connection;
    record.packet.from = endpoint_of(packet->injected ? 0 : packet->from, 49152);
    record.packet.to = endpoint_of(packet->to, 80);
    record.packet.segment.seq = initial[packet->from % 3] + packet->seq;
    record.packet.segment.ack = initial[packet->to % 3] + packet->ack;
    record.packet.segment.flags = packet->flags;
    record.packet.segment.wnd = 65535;
    record.packet.relative_seq = packet->seq;
    record.packet.relative_ack = packet->ack;
    record.packet.has_relative_seq = record.packet.has_relative_ack = true;
    record.packet.injected = packet->injected;
    record.packet.rule = (uint16_t)packet->rule;
    record.packet.answers = packet->answers;
    record.packet.repeats = packet->repeats;
    record.packet.acknowledges = packet->acknowledges;
    record.packet.text = text_from(packet->text != NULL ? packet->text : "");
    record.packet.segment.len = record.packet.text.length;
    record_write(trace, &record);
    put_fate(trace, time, packet->number, 0, fate, fate == FATE_LOST_ORDER, arrival);
}

static inline void put_arrival(struct trace *trace, uint64_t time, uint64_t packet, uint32_t copy) {
    trace->cause = trace_begin(trace, TRACE_KIND_ARRIVAL, time);
    trace_put_u64(trace, packet);
    trace_put_u32(trace, copy);
    trace_end(trace);
}

static inline void put_drop(struct trace *trace, uint64_t time, uint64_t packet, uint32_t host, uint8_t drop,
                            enum tcp_rule rule) {
    struct record record = {.kind = RECORD_DROP, .time = time};
    record.drop.packet = packet;
    record.drop.host = host;
    record.drop.drop = drop;
    record.drop.rule = (uint16_t)rule;
    record_write(trace, &record);
}

static inline void put_signal(struct trace *trace, uint64_t time, uint32_t host, uint32_t connection, uint8_t signal) {
    struct record record = {.kind = RECORD_SIGNAL, .time = time};
    record.signal.host = host;
    record.signal.connection = connection;
    record.signal.signal = signal;
    record_write(trace, &record);
}

static inline void put_note(struct trace *trace, uint64_t time, uint32_t host, const char *text, const char *text_zh) {
    struct record record = {.kind = RECORD_NOTE, .time = time};
    record.note.host = host;
    record.note.text[0] = text_from(text);
    record.note.text[1] = text_from(text_zh);
    record_write(trace, &record);
}

static inline void put_host_event(struct trace *trace, uint64_t time, uint32_t host, uint8_t event) {
    struct record record = {.kind = RECORD_HOST_EVENT, .time = time};
    record.host_event.host = host;
    record.host_event.event = event;
    record_write(trace, &record);
}

static inline void put_claim(struct trace *trace, uint64_t time, const char *claim, const char *detail) {
    struct record record = {.kind = RECORD_CLAIM, .time = time};
    record.claim.claim[0] = text_from(claim);
    record.claim.detail[0] = text_from(detail);
    record.claim.where = text_from("scenarios/handshake/by-hand.lua:12");
    record_write(trace, &record);
}

static inline void put_finish(struct trace *trace, uint64_t time, uint8_t end) {
    struct record record = {.kind = RECORD_FINISH, .time = time};
    record.finish.end = end;
    record.finish.events = 12;
    record_write(trace, &record);
}

#endif
