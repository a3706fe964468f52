// ICMP errors in the simulated network: who tells them to whom, and which connection they are for.
//
// A link has one router, which speaks with the address of the host beyond it: links have no addresses, and a receiver
// doesn't look at that one. What it says takes the link back, with all its luck.
#include <string.h>

#include "core/wire.h"
#include "sim/host/internal.h"

bool icmp_by_name(const char *name, enum tcp_icmp *kind) {
    for (unsigned i = TCP_ICMP_NONE + 1; i < TCP_ICMP_KINDS; i++) {
        if (strcmp(name, tcp_icmp_name((enum tcp_icmp)i)) != 0) continue;
        *kind = (enum tcp_icmp)i;
        return true;
    }
    return false;
}

// ---- Telling --------------------------------------------------------------------------------------------------

// RFC 1122 section 3.2.2: never about another ICMP error, nor where an address isn't one host's.
static bool may_be_told(const struct world *world, const struct packet *packet) {
    return packet->icmp == TCP_ICMP_NONE && !address_at(world, packet->tuple.local)->odd &&
           !address_at(world, packet->tuple.remote)->odd;
}

static void send(struct world *world, const struct packet *quoted, uint64_t number, enum tcp_icmp kind, uint32_t mtu) {
    const struct packet packet = {
        .segment = {.seq = quoted->segment.seq},
        .tuple = tuple_mirrored(quoted->tuple),
        .relative_seq = quoted->relative_seq,
        .count = quoted->count,
        .has_relative = quoted->has_relative,
        .icmp = (uint8_t)kind,
        .mtu = (uint16_t)mtu,
    };
    const struct sending sending = {
        .host = address_at(world, packet.tuple.local)->host, .key = tuple_hash(packet.tuple), .about = number};
    packet_emit(world, &packet, &sending);
}

void icmp_lost(struct world *world, const struct packet *lost, uint64_t number, uint32_t direction,
               const struct fate_order *order) {
    if (direction == UINT32_MAX || !may_be_told(world, lost)) return;
    const struct link_settings *link = engine_link(&world->engine, direction);
    enum tcp_icmp kind = TCP_ICMP_NONE;
    switch (world->engine.last_fate) {
    case FATE_LOST_TOO_BIG:
        if (!link->black_hole) kind = TCP_ICMP_FRAGMENTATION_NEEDED;
        break;
    case FATE_LOST_DOWN: kind = (enum tcp_icmp)link->unreachable; break;
    case FATE_LOST_ORDER:
    case FATE_LOST_PLAN: kind = order != NULL ? (enum tcp_icmp)order->unreachable : TCP_ICMP_NONE; break;
    case FATE_DELIVERED:
    case FATE_CORRUPTED:
    case FATE_LOST:
    case FATE_LOST_BURST:
    case FATE_LOST_QUEUE:  // a router that told of these would make it worse (RFC 6633)
    case FATE_LOST_NO_LINK: break;
    }
    uint32_t mtu = kind == TCP_ICMP_FRAGMENTATION_NEEDED ? link->mtu : 0;
    if (kind != TCP_ICMP_NONE) send(world, lost, number, kind, mtu);
}

void icmp_host_down(struct world *world, uint32_t host) {
    const struct packet *lost = &world->arrival.packet;
    uint32_t from = address_at(world, lost->tuple.local)->host;
    uint32_t direction = world->directions[from * world->host_count + host];
    if (direction == UINT32_MAX || !may_be_told(world, lost)) return;
    uint8_t kind = engine_link(&world->engine, direction)->unreachable;
    if (kind != TCP_ICMP_NONE) send(world, lost, world->arrival.number, (enum tcp_icmp)kind, 0);
}

void icmp_record(struct world *world, const struct packet *packet, const struct sending *sending) {
    struct record record = {.kind = RECORD_ICMP, .time = world->engine.now};
    record.packet.packet = engine_next_packet(&world->engine);
    record.packet.host = sending->host;
    record.packet.to_host = address_at(world, packet->tuple.remote)->host;
    record.packet.line = sending->line;
    record.packet.from = look_endpoint(world, packet->tuple.local, packet->tuple.local_port);
    record.packet.to = look_endpoint(world, packet->tuple.remote, packet->tuple.remote_port);
    record.packet.icmp = packet->icmp;
    record.packet.segment.seq = packet->segment.seq;
    record.packet.has_relative_seq = packet->has_relative;
    record.packet.relative_seq = packet->has_relative ? packet->relative_seq : 0;
    record.packet.mtu = packet->mtu;
    record.packet.injected = packet->injected;
    record.packet.about = sending->about;
    world->trace->cause = record_write(world->trace, &record);
}

// ---- Being told -----------------------------------------------------------------------------------------------

void icmp_deliver(struct world *world, uint32_t host, struct tuple tuple) {
    const struct packet *packet = &world->arrival.packet;
    struct pool_ref ref = demux_find(&world->demux, tuple);
    const struct socket *socket = socket_at(world, ref);
    if (socket == NULL) {
        packet_drop(world, host, DROP_NO_CONNECTION, TCP_RULE_NONE);
        return;
    }
    uint8_t version = address_at(world, tuple.local)->endpoint.family;
    const struct tcp_icmp_error error = {
        .kind = packet->icmp,
        .seq = packet->segment.seq,
        .text_mss = packet->mtu == 0 ? 0 : wire_text_mss(version, packet->mtu),
    };
    world->arrival.connection = socket->id;
    socket_icmp(world, ref, &error);
}
