// What is remembered for views and claims (connections of the past, what was received) and for the recording (which
// packet answers, repeats, acknowledges which). Bulk runs have neither, and nothing here is called.
#include "core/seq.h"
#include "sim/host/internal.h"

struct known *history_known(const struct world *world, uint32_t id) {
    if (id == 0 || id > world->known.count) return NULL;
    return array_at(&world->known, id - 1);
}

struct known *history_find(const struct world *world, uint32_t host, uint32_t ordinal) {
    const struct array *ids = &world->ids[host];
    if (ordinal == 0) ordinal = ids->count;
    if (ordinal == 0 || ordinal > ids->count) return NULL;
    return history_known(world, *(const uint32_t *)array_at(ids, ordinal - 1));
}

void history_born(struct world *world, struct pool_ref ref, const struct socket *socket) {
    // Ids may have gaps in a world of abstract time alone.
    while (world->known.count < socket->id)
        array_add(&world->known);
    struct known *known = history_known(world, socket->id);
    known->socket = ref;
    known->host = socket->host;
    known->ordinal = socket->ordinal;
    array_append(&world->ids[socket->host], &socket->id, 1);
}

void history_gone(struct world *world, const struct socket *socket, const struct tcp_connection *last) {
    struct past *past = array_add(&world->past);
    look_socket(world, socket, last, &past->view);
    past->view.exists = false;
    past->view.tcp.state = TCP_CLOSED;
    past->view.gone = world->engine.now;
    past->tuple = socket->tuple;
    past->peer_source = socket->peer_source;
    past->delivered = socket->delivered;
    struct known *known = history_known(world, socket->id);
    known->past = world->past.count;
}

void history_delivered(struct world *world, const struct socket *socket, const struct tcp_range *range) {
    struct known *known = history_known(world, socket->id);
    if (known->last_text != 0) {
        struct delivery *last = array_at(&world->deliveries, known->last_text - 1);
        if (last->range.source == range->source && last->range.seq + last->range.len == range->seq) {
            last->range.len += range->len;
            return;
        }
    }
    struct delivery *delivery = array_add(&world->deliveries);
    *delivery =
        (struct delivery){.range = *range, .offset = socket->delivered - range->len, .previous = known->last_text};
    known->last_text = world->deliveries.count;
}

void history_read(struct world *world, uint32_t id, uint32_t count) {
    const struct known *known = history_known(world, id);
    struct past *past = array_at(&world->past, known->past - 1);
    past->view.received += count;
}

// ---- Recording ------------------------------------------------------------------------------------------------

static uint32_t note(struct world *world, uint64_t packet, const struct tcp_segment *segment, uint32_t previous) {
    struct passed *passed = array_add(&world->passed);
    *passed = (struct passed){
        .packet = packet, .seq = segment->seq, .end = segment->seq + tcp_segment_length(segment), .previous = previous};
    return world->passed.count;
}

void history_heard(struct world *world, uint32_t id) {
    const struct tcp_segment *segment = &world->arrival.packet.segment;
    if (tcp_segment_length(segment) == 0) return;
    struct known *known = history_known(world, id);
    known->last_heard = note(world, world->arrival.number, segment, known->last_heard);
}

// The first packet of the chain that began at the same sequence number.
static uint64_t first_with(const struct world *world, uint32_t last, uint32_t seq) {
    uint64_t found = 0;
    while (last != 0) {
        const struct passed *passed = array_at(&world->passed, last - 1);
        if (passed->seq == seq) found = passed->packet;
        last = passed->previous;
    }
    return found;
}

// The last packet that arrived of those that end nearest below `ack`, and beyond what was acknowledged before.
static uint64_t newly_covered(const struct world *world, const struct known *known, uint32_t ack) {
    uint64_t found = 0;
    uint32_t end = 0;
    for (uint32_t last = known->last_heard; last != 0;) {
        const struct passed *passed = array_at(&world->passed, last - 1);
        bool fresh = !known->has_acked || seq_gt(passed->end, known->acked);
        if (fresh && seq_le(passed->end, ack) && (found == 0 || seq_gt(passed->end, end))) {
            found = passed->packet;
            end = passed->end;
        }
        last = passed->previous;
    }
    return found;
}

// Takes what ends at or below `ack` out of the chain: it is never newly covered again.
static void forget_covered(struct world *world, uint32_t *last, uint32_t ack) {
    while (*last != 0) {
        struct passed *passed = array_at(&world->passed, *last - 1);
        if (seq_le(passed->end, ack)) {
            *last = passed->previous;
        } else {
            last = &passed->previous;
        }
    }
}

void history_sent(struct world *world, uint32_t id, const struct tcp_segment *segment, struct record *record) {
    struct known *known = history_known(world, id);
    if (segment->repeat > 0) record->packet.repeats = first_with(world, known->last_sent, segment->seq);
    if ((segment->flags & TCP_ACK) && (!known->has_acked || seq_gt(segment->ack, known->acked))) {
        record->packet.acknowledges = newly_covered(world, known, segment->ack);
        forget_covered(world, &known->last_heard, segment->ack);
        known->acked = segment->ack;
        known->has_acked = true;
    }
    if (tcp_segment_length(segment) > 0)
        known->last_sent = note(world, record->packet.packet, segment, known->last_sent);
}
