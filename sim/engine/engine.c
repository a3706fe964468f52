#include "sim/engine/engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/link.h"
#include "sim/engine/memory.h"

void engine_init(struct engine *engine, size_t payload_size, uint64_t seed, struct trace *trace) {
    assert(payload_size <= UINT32_MAX - sizeof(struct engine_packet));
    *engine = (struct engine){.seed = seed, .payload_size = (uint32_t)payload_size, .trace = trace};
    engine->queue = queue_new();
    pool_init(&engine->packets, sizeof(struct engine_packet) + payload_size);
}

void engine_free(struct engine *engine) {
    queue_delete(engine->queue);
    pool_free(&engine->packets);
    free(engine->direction);
    *engine = (struct engine){0};
}

void engine_copy(struct engine *to, const struct engine *from, struct trace *trace) {
    *to = *from;
    to->trace = trace;
    to->queue = queue_copy(from->queue);
    pool_init(&to->packets, from->packets.item_size);
    pool_copy(&to->packets, &from->packets);
    size_t size = from->directions * sizeof *from->direction;
    to->direction = memory_allocate(size);
    if (size > 0) memcpy(to->direction, from->direction, size);
}

uint32_t engine_add_link(struct engine *engine, const struct link_settings *settings) {
    uint32_t direction = engine->directions++;
    assert(direction < UINT32_MAX);  // which is no link
    engine->direction = memory_grow(engine->direction, engine->directions * sizeof *engine->direction);
    engine->direction[direction] = (struct link_direction){.settings = *settings};
    return direction;
}

struct link_settings *engine_link(struct engine *engine, uint32_t direction) {
    assert(direction < engine->directions);
    return &engine->direction[direction].settings;
}

uint64_t engine_record_fate(struct engine *engine, const struct engine_packet *packet, const struct packet_key *key,
                            enum packet_fate fate, uint64_t arrival, bool scripted) {
    struct trace *trace = engine->trace;
    if (trace == NULL) return 0;
    uint64_t record = trace_begin(trace, TRACE_KIND_FATE, engine->now);
    trace_put_u64(trace, packet->number);
    trace_put_u32(trace, packet->copy);
    trace_put_u32(trace, packet->direction);
    trace_put_u8(trace, (uint8_t)fate);
    trace_put_u8(trace, scripted);
    trace_put_u64(trace, arrival);
    for (size_t i = 0; i < sizeof key->word / sizeof key->word[0]; i++)
        trace_put_u32(trace, key->word[i]);
    trace_end(trace);
    return record;
}

static void put_in_flight(struct engine *engine, const struct engine_packet *packet, const void *payload,
                          const struct link_copy *copy) {
    struct pool_ref ref = pool_add(&engine->packets);
    struct engine_packet *flying = pool_get(&engine->packets, ref);
    *flying = *packet;
    memcpy(flying + 1, payload, engine->payload_size);
    if (copy->fate == FATE_CORRUPTED && engine->corrupts != NULL)
        engine->corrupts(engine->corrupts_context, copy->flip, copy->flips, flying + 1);
    queue_push(engine->queue, copy->arrival, ENGINE_EVENT_ARRIVAL, ref.index, ref.generation);
}

uint64_t engine_send(struct engine *engine, uint32_t direction, const struct packet_key *key, const void *payload,
                     uint32_t wire_size, const struct fate_order *order) {
    struct engine_packet packet = {.number = ++engine->packets_sent, .direction = direction};
    struct link_copy copies[LINK_COPIES];
    uint32_t count = 1;
    if (direction == UINT32_MAX) {
        copies[0] = (struct link_copy){.fate = FATE_LOST_NO_LINK};
    } else {
        assert(direction < engine->directions);
        static const struct fate_order usual = {.drop = false};
        count = link_decide(&engine->direction[direction], engine->seed, direction, key, engine->now, wire_size,
                            order == NULL && engine->calm ? &usual : order, copies);
        if (engine->decided != NULL) engine->decided(engine->decided_context, direction, key, copies, count);
    }
    engine->last_fate = copies[0].fate;
    for (; packet.copy < count; packet.copy++) {
        const struct link_copy *copy = &copies[packet.copy];
        packet.record = engine_record_fate(engine, &packet, key, copy->fate, copy->arrival, order != NULL);
        if (fate_arrives(copy->fate)) put_in_flight(engine, &packet, payload, copy);
    }
    return packet.number;
}

uint64_t engine_next_packet(const struct engine *engine) {
    return engine->packets_sent + 1;
}

void engine_at(struct engine *engine, uint64_t time, uint32_t kind, uint32_t index, uint32_t generation) {
    assert(kind >= ENGINE_EVENT_HOST && time >= engine->now);
    queue_push(engine->queue, time, kind, index, generation);
}

bool engine_next(struct engine *engine, struct queue_event *event) {
    if (!queue_pop(engine->queue, event)) return false;
    engine->now = event->time;
    engine->events++;
    return true;
}

void engine_take(struct engine *engine, const struct queue_event *event, struct engine_packet *packet, void *payload) {
    assert(event->kind == ENGINE_EVENT_ARRIVAL);
    struct pool_ref ref = {.index = event->index, .generation = event->generation};
    const struct engine_packet *flying = pool_get(&engine->packets, ref);
    assert(flying != NULL);
    *packet = *flying;
    memcpy(payload, flying + 1, engine->payload_size);
    pool_remove(&engine->packets, ref);
    engine_record_arrival(engine, packet);
}

void engine_record_arrival(struct engine *engine, const struct engine_packet *packet) {
    struct trace *trace = engine->trace;
    if (trace == NULL) return;
    trace->cause = packet->record;
    uint64_t record = trace_begin(trace, TRACE_KIND_ARRIVAL, engine->now);
    trace_put_u64(trace, packet->number);
    trace_put_u32(trace, packet->copy);
    trace_end(trace);
    trace->cause = record;  // of what the packet brings about
}
