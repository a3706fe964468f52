// A packet arrives at its host: it is for a connection, a listener, or nobody.
#include "sim/host/internal.h"
#include "sim/host/witness.h"

enum { LINE = 64 };  // of a cache, octets

// A connection that was not used lately is in no cache: all of it is fetched while its first line is waited for.
static void prefetch(const struct socket *socket) {
    for (size_t offset = LINE; offset < sizeof *socket; offset += LINE)
        __builtin_prefetch((const char *)socket + offset);
}

// The connection of the tuple. The packet may know already where it lies.
static struct pool_ref find(const struct world *world, struct tuple tuple) {
    struct pool_ref hint = world->arrival.packet.to;
    const struct socket *socket = socket_at(world, hint);
    if (socket != NULL && tuple_key(behind_filed(socket)) == tuple_key(tuple)) return hint;
    return demux_find(&world->demux, tuple);
}

void arrival_soon(void *context, const struct queue_event *event, uint32_t level) {
    const struct world *world = context;
    bool arrives = event->kind == ENGINE_EVENT_ARRIVAL;
    if (arrives && level == 2) {
        const char *slot = (const char *)pool_slot(&world->engine.packets, event->index);
        for (size_t offset = 0; offset < sizeof(struct engine_packet) + sizeof(struct packet); offset += LINE)
            __builtin_prefetch(slot + offset);
        return;
    }
    if (level != 1 || (!arrives && event->kind != WORLD_EVENT_SOCKET)) return;
    uint32_t index = event->index;
    if (arrives) {
        const struct engine_packet *carried =
            pool_get(&world->engine.packets, (struct pool_ref){event->index, event->generation});
        const struct packet *packet = (const void *)(carried + 1);
        if (packet->to.generation == 0) return;
        index = packet->to.index;
    }
    const struct pool_slot *slot = pool_slot(&world->sockets, index);
    __builtin_prefetch(slot);
    prefetch((const struct socket *)(slot + 1));
}

void arrival_dispatch(struct world *world, uint32_t host, struct tuple tuple) {
    const struct packet *packet = &world->arrival.packet;
    struct pool_ref ref = find(world, tuple);
    if (ref.generation != 0) {
        struct socket *socket = socket_at(world, ref);
        if (packet->from.generation != 0) socket->peer = packet->from;
        socket->dscp_heard = packet->ip.dscp;
        struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = packet->segment};
        prefetch(socket);
        if (listener_drops(world, socket)) return;
        // Without the rule "active-open-is-refused" a connection may be in LISTEN itself.
        if (socket->tcp.state == TCP_LISTEN) event.incarnation = socket_incarnation(world, host, tuple);
        if (socket->tcp.state == TCP_TIME_WAIT) event.may_reopen = listener_has_room(world, host, tuple);
        world->arrival.connection = socket->id;
        if (world->trace != NULL) history_heard(world, socket->id);
        socket_step(world, ref, socket, &event);
        return;
    }
    uint32_t listener = listener_find(world, host, tuple);
    if (listener != UINT32_MAX) {
        listener_arrival(world, listener, tuple, NULL);
    } else {
        listener_nobody(world, host, tuple);
    }
}

void arrival_event(struct world *world, const struct queue_event *event) {
    struct engine_packet carried;
    struct packet *packet = &world->arrival.packet;
    engine_take(&world->engine, event, &carried, packet);
    world->arrival.number = carried.number;
    world->arrival.copy = carried.copy;
    world->arrival.connection = 0;
    if (world->trace != NULL) world->trace->cause = world->trace->records;
    arrival_deliver(world);
}

void arrival_deliver(struct world *world) {
    const struct packet *packet = &world->arrival.packet;
    if (world->witnessed) witness_arrival(world);
    struct tuple tuple = tuple_mirrored(packet->tuple);
    uint32_t number = address_at(world, tuple.local)->host;
    const struct host *host = world_host_at(world, number);
    bool odd = address_at(world, tuple.local)->odd || address_at(world, tuple.remote)->odd;
    if (packet->altered && world->trace != NULL) packet_record_altered(world, number);
    bool opens = (packet->segment.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
    if (!host->up) {
        packet_drop(world, number, DROP_HOST_DOWN, TCP_RULE_NONE);
        icmp_host_down(world, number);
    } else if (packet->drop != 0) {
        bool checked = packet->drop == DROP_CHECKSUM + 1;
        packet_drop(world, number, (enum packet_drop)(packet->drop - 1),
                    checked ? TCP_RULE_CHECKSUM_MUST_BE_RIGHT : TCP_RULE_NONE);
    } else if (odd) {
        packet_drop(world, number, DROP_NOT_ONE_HOST, TCP_RULE_NONE);  // whatever it is: nobody could be answered
    } else if (packet->icmp != TCP_ICMP_NONE) {
        icmp_deliver(world, number, tuple);
    } else if (opens && host_is_quiet(world, number)) {
        packet_drop(world, number, DROP_HOST_DOWN, TCP_RULE_QUIET_TIME);
    } else {
        arrival_dispatch(world, number, tuple);
    }
}
