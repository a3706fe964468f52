// The engine as a whole: packets through links and queue, what the trace says of them, and copies that go on alike.
#include <stdint.h>
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/engine.h"
#include "tests/check.h"

enum { EVENT_TICK = ENGINE_EVENT_HOST + 1, PAYLOAD = 12, DIRECTIONS = 2 };

static const uint64_t MS = 1000000;

struct payload {
    uint32_t from, hops, tag;
};

static void send_payload(struct engine *engine, uint32_t direction, struct payload payload,
                         const struct fate_order *order) {
    struct packet_key key = {{payload.from, payload.hops, payload.tag, 0, 0, 0}};
    uint64_t number = engine_next_packet(engine);
    CHECK_EQ(engine_send(engine, direction, &key, &payload, 100, order), number);
}

// Two ends that throw packets back and forth and tick now and then, on lossy links.
static void start(struct engine *engine, uint64_t seed, struct trace *trace) {
    struct link_settings settings = {.delay = 10 * MS,
                                     .jitter = 3 * MS,
                                     .loss = 100000,
                                     .duplicate = 120000,
                                     .reorder = 100000,
                                     .reorder_delay = 25 * MS,
                                     .rate = 10000000,
                                     .queue_limit = 1000};
    engine_init(engine, PAYLOAD, seed, trace);
    for (uint32_t i = 0; i < DIRECTIONS; i++)
        CHECK_EQ(engine_add_link(engine, &settings), i);
    for (uint32_t i = 0; i < 20; i++)
        engine_at(engine, i * MS, EVENT_TICK, i, 0);
}

// One event. What happened is mixed into `history`. False at the end.
static bool step(struct engine *engine, uint64_t *history) {
    struct queue_event event;
    uint64_t before = engine->now;
    if (!engine_next(engine, &event)) return false;
    CHECK(event.time == engine->now && engine->now >= before);
    *history = bits_absorb(*history, engine->now ^ (uint64_t)event.kind << 60);
    if (event.kind == EVENT_TICK) {
        if (engine->trace != NULL) engine->trace->cause = 0;
        send_payload(engine, event.index % DIRECTIONS, (struct payload){event.index % DIRECTIONS, 0, event.index},
                     NULL);
        if (engine->now < 400 * MS) engine_at(engine, engine->now + 20 * MS, EVENT_TICK, event.index, 0);
        return true;
    }
    struct engine_packet packet;
    struct payload payload;
    engine_take(engine, &event, &packet, &payload);
    CHECK_EQ(packet.direction, payload.from);
    CHECK(packet.number > 0 && packet.number < engine_next_packet(engine));
    *history = bits_absorb(*history, packet.number << 8 | packet.copy);
    if (payload.hops == 20) return true;
    payload.from = 1 - payload.from;
    payload.hops++;
    send_payload(engine, payload.from, payload, NULL);
    return true;
}

static uint64_t run(struct engine *engine, uint64_t history) {
    while (step(engine, &history))
        ;
    CHECK_EQ(engine->packets.live, 0);
    return history;
}

static void equal_seeds_equal_runs(void) {
    uint64_t history[3];
    uint64_t digest[3];
    for (int i = 0; i < 3; i++) {
        struct engine engine;
        struct trace trace;
        trace_init(&trace);
        start(&engine, i == 2 ? 8 : 7, &trace);
        history[i] = run(&engine, 0);
        digest[i] = trace_digest(&trace);
        CHECK(engine.packets_sent > 300);
        engine_free(&engine);
        trace_free(&trace);
    }
    CHECK_EQ(history[0], history[1]);
    CHECK_EQ(digest[0], digest[1]);
    CHECK(history[0] != history[2] && digest[0] != digest[2]);

    struct engine engine;  // recording changes nothing
    start(&engine, 7, NULL);
    CHECK_EQ(run(&engine, 0), history[0]);
    engine_free(&engine);
}

// Forked at any event, original and copy go on as if there had been no fork.
static void copies_go_on_alike(void) {
    struct engine whole;
    struct trace whole_trace;
    trace_init(&whole_trace);
    start(&whole, 3, &whole_trace);
    uint64_t want = run(&whole, 0), want_digest = trace_digest(&whole_trace);
    engine_free(&whole);
    trace_free(&whole_trace);

    for (uint32_t at = 0; at < 700; at += 37) {
        struct engine engine, copy;
        struct trace trace, copy_trace;
        trace_init(&trace);
        trace_init(&copy_trace);
        start(&engine, 3, &trace);
        uint64_t history = 0;
        for (uint32_t i = 0; i < at; i++)
            CHECK(step(&engine, &history));
        trace_copy(&copy_trace, &trace);
        engine_copy(&copy, &engine, &copy_trace);
        check_about("forked after %u events", at);
        CHECK_EQ(run(&engine, history), want);
        engine_free(&engine);
        CHECK_EQ(run(&copy, history), want);
        CHECK_EQ(trace_digest(&trace), want_digest);
        CHECK_EQ(trace_digest(&copy_trace), want_digest);
        engine_free(&copy);
        trace_free(&trace);
        trace_free(&copy_trace);
    }
    check_about(NULL);
}

struct fate_record {
    uint64_t packet, arrival;
    uint32_t copy, direction;
    uint8_t fate, scripted;
};

static struct fate_record next_fate(const struct trace *trace, size_t *offset, struct trace_record *record) {
    struct fate_record fate = {0};
    CHECK(trace_next(trace, offset, record));
    CHECK_EQ(record->kind, TRACE_KIND_FATE);
    fate.packet = trace_get_u64(record);
    fate.copy = trace_get_u32(record);
    fate.direction = trace_get_u32(record);
    fate.fate = trace_get_u8(record);
    fate.scripted = trace_get_u8(record);
    fate.arrival = trace_get_u64(record);
    for (uint32_t i = 0; i < 3; i++)
        CHECK_EQ(trace_get_u32(record), i == 2 ? 9 : i == 0);
    CHECK_EQ(trace_get_u64(record), 0);
    CHECK_EQ(trace_get_u32(record), 0);
    CHECK(!record->bad && record->position == record->length);
    return fate;
}

// A duplicated packet, a dropped one and one without a link: each fate, each arrival, each cause.
static void records_and_causes(void) {
    struct engine engine;
    struct trace trace;
    struct trace_record record;
    struct queue_event event;
    struct engine_packet packet;
    struct payload payload = {.from = 1, .tag = 9};
    struct fate_order twice = {.duplicates = 1, .spacing = MS}, drop = {.drop = true};
    trace_init(&trace);
    engine_init(&engine, PAYLOAD, 1, &trace);
    CHECK_EQ(engine_add_link(&engine, &(struct link_settings){.delay = 5 * MS}), 0);
    engine_link(&engine, 0)->delay = 10 * MS;

    trace_begin(&trace, TRACE_KIND_HOST, 0);  // record 1: what the host says of the packet
    trace_end(&trace);
    trace.cause = 1;
    send_payload(&engine, 0, payload, &twice);         // 2, 3
    send_payload(&engine, 0, payload, &drop);          // 4
    send_payload(&engine, UINT32_MAX, payload, NULL);  // 5
    CHECK(engine_next(&engine, &event) && event.kind == ENGINE_EVENT_ARRIVAL);
    engine_take(&engine, &event, &packet, &payload);  // 6
    CHECK(packet.number == 1 && packet.copy == 0 && packet.record == 2 && payload.tag == 9);
    CHECK_EQ(trace.cause, 6);
    CHECK(engine_next(&engine, &event));
    engine_take(&engine, &event, &packet, &payload);  // 7
    CHECK(packet.number == 1 && packet.copy == 1 && packet.record == 3);
    CHECK_EQ(engine.now, 11 * MS);
    CHECK(!engine_next(&engine, &event));
    CHECK_EQ(engine.events, 2);

    static const struct fate_record want[] = {{1, 10000000, 0, 0, FATE_DELIVERED, 1},
                                              {1, 11000000, 1, 0, FATE_DELIVERED, 1},
                                              {2, 0, 0, 0, FATE_LOST_ORDER, 1},
                                              {3, 0, 0, UINT32_MAX, FATE_LOST_NO_LINK, 0}};
    size_t offset = 0;
    CHECK(trace_next(&trace, &offset, &record));
    for (uint32_t i = 0; i < 4; i++) {
        struct fate_record fate = next_fate(&trace, &offset, &record);
        CHECK(record.number == 2 + i && record.cause == 1 && record.time == 0);
        CHECK(fate.packet == want[i].packet && fate.arrival == want[i].arrival && fate.copy == want[i].copy);
        CHECK(fate.direction == want[i].direction && fate.fate == want[i].fate && fate.scripted == want[i].scripted);
    }
    for (uint32_t copy = 0; copy < 2; copy++) {
        CHECK(trace_next(&trace, &offset, &record) && record.kind == TRACE_KIND_ARRIVAL);
        CHECK(record.number == 6 + copy && record.cause == 2 + copy && record.time == (10 + copy) * MS);
        CHECK_EQ(trace_get_u64(&record), 1);
        CHECK_EQ(trace_get_u32(&record), copy);
        CHECK(!record.bad && record.position == record.length);
    }
    engine_free(&engine);
    trace_free(&trace);
}

int main(void) {
    equal_seeds_equal_runs();
    copies_go_on_alike();
    records_and_causes();
    return check_result();
}
