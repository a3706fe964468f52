// Sending: what luck looks at, what is recorded, which link it takes.
#include "core/wire.h"
#include "sim/host/internal.h"
#include "sim/host/witness.h"

uint32_t packet_size(const struct world *world, const struct packet *packet) {
    enum { ICMP_HEADER = 8, MSS_OPTION = 4 };
    const struct tcp_segment *segment = &packet->segment;
    uint8_t version = address_at(world, packet->tuple.local)->endpoint.family;
    uint32_t header = version == 6 ? WIRE_IPV6_HEADER : WIRE_IPV4_HEADER;
    if (packet->icmp != TCP_ICMP_NONE) return 2 * header + ICMP_HEADER + WIRE_QUOTED_OCTETS;
    // The two that nearly all packets are: every layout writes them alike.
    if (segment->options == 0) return header + WIRE_TCP_HEADER + segment->len;
    if (segment->options == TCP_OPTION_MSS) return header + WIRE_TCP_HEADER + MSS_OPTION + segment->len;
    const struct host *sender = world_host_at(world, address_at(world, packet->tuple.local)->host);
    return (uint32_t)wire_length(version, sender->layout, segment);
}

// True when a packet of the connection answers the one that is being processed: a bare acknowledgement, a SYN,ACK, a
// reset; but not text that happens to be sent now.
static bool answers(const struct world *world, const struct packet *packet, const struct record *record) {
    if (world->arrival.number == 0 || packet->injected) return false;
    if (packet->sender != world->arrival.connection) return false;
    if (packet->segment.flags & (TCP_SYN | TCP_RST)) return true;
    if (packet->segment.len == 0 && !(packet->segment.flags & TCP_FIN)) return true;
    return record->packet.acknowledges == world->arrival.number;
}

static void record_packet(struct world *world, const struct packet *packet, const struct sending *sending) {
    const struct tcp_segment *segment = &packet->segment;
    struct record record = {.kind = RECORD_PACKET, .time = world->engine.now};
    record.packet.packet = engine_next_packet(&world->engine);
    record.packet.host = sending->host;
    record.packet.to_host = address_at(world, packet->tuple.remote)->host;
    record.packet.connection = packet->sender;
    record.packet.line = sending->line;
    record.packet.from = look_endpoint(world, packet->tuple.local, packet->tuple.local_port);
    record.packet.to = look_endpoint(world, packet->tuple.remote, packet->tuple.remote_port);
    record.packet.segment = *segment;
    record.packet.has_relative_seq = packet->has_relative;
    record.packet.relative_seq = packet->has_relative ? packet->relative_seq : 0;
    record.packet.has_relative_ack = packet->has_relative && (segment->flags & TCP_ACK);
    record.packet.relative_ack = record.packet.has_relative_ack ? packet->relative_ack : 0;
    record.packet.injected = packet->injected;
    const struct packet_ip *usual = &world_host_at(world, sending->host)->ip;
    record.packet.ttl = packet->ip.ttl;
    record.packet.dscp = packet->ip.dscp;
    record.packet.own_ip = !packet->injected && (packet->ip.ttl != usual->ttl || packet->ip.dscp != usual->dscp);
    if (!record.packet.own_ip) record.packet.ttl = record.packet.dscp = 0;
    record.packet.rule = (uint16_t)sending->rule;
    if (packet->sender != 0) history_sent(world, packet->sender, segment, &record);
    if (answers(world, packet, &record)) record.packet.answers = world->arrival.number;
    unsigned char *bytes = world_scratch(world, segment->len);
    stream_read(world, segment->source, tcp_text_seq(segment), segment->len, bytes);
    record.packet.text = (struct record_text){bytes, segment->len};
    world->trace->cause = record_write(world->trace, &record);
}

void packet_record_altered(struct world *world, uint32_t host) {
    const struct packet *packet = &world->arrival.packet;
    const struct tcp_segment *segment = &packet->segment;
    struct record record = {.kind = RECORD_ALTERED, .time = world->engine.now};
    record.packet.packet = world->arrival.number;
    record.packet.host = host;
    record.packet.segment = *segment;
    record.packet.has_relative_seq = packet->has_relative;
    record.packet.relative_seq = packet->has_relative ? packet->relative_seq : 0;
    record.packet.has_relative_ack = packet->has_relative && (segment->flags & TCP_ACK);
    record.packet.relative_ack = record.packet.has_relative_ack ? packet->relative_ack : 0;
    unsigned char *bytes = world_scratch(world, segment->len);
    stream_read(world, segment->source, tcp_text_seq(segment), segment->len, bytes);
    record.packet.text = (struct record_text){bytes, segment->len};
    record_write(world->trace, &record);
}

// What luck looks at.
static struct packet_key key_of(const struct packet *packet, const struct sending *sending) {
    uint32_t what = packet->icmp != TCP_ICMP_NONE ? FATE_KEY_ICMP + (uint32_t)packet->icmp : packet->segment.flags;
    return (struct packet_key){
        {sending->key, what, packet->relative_seq, packet->relative_ack, packet->segment.len, packet->count}};
}

static void record(struct world *world, const struct packet *packet, const struct sending *sending) {
    if (packet->icmp != TCP_ICMP_NONE) {
        icmp_record(world, packet, sending);
    } else {
        record_packet(world, packet, sending);
    }
}

void packet_emit(struct world *world, const struct packet *packet, const struct sending *sending) {
    uint32_t to = address_at(world, packet->tuple.remote)->host;
    uint32_t direction = world->directions[sending->host * world->host_count + to];
    const struct fate_order *order = sending->order;
    const struct packet_key key = key_of(packet, sending);
    uint32_t size = packet_size(world, packet);
    bool abstract = world->abstract != NULL;
    if (order == NULL && world->fates.count > 0 && !abstract) order = tap_fate(world, packet, sending->ordinal);
    if (world->planned || world->drawing || world->log != NULL)
        order = fates_decide(world, sending->host, to, &key, size, order);
    if (world->watchers > 0) tap_observe(world, packet, sending->ordinal);
    if (world->witnessed) witness_send(world, packet);
    uint64_t cause = 0;
    if (world->trace != NULL) {
        cause = world->trace->cause;
        record(world, packet, sending);
    }
    uint64_t number = engine_next_packet(&world->engine);
    if (abstract) {
        abstract_send(world, direction, &key, packet, size);
    } else {
        engine_send(&world->engine, direction, &key, packet, size, order);
    }
    if (!fate_arrives(world->engine.last_fate)) icmp_lost(world, packet, number, direction, order);
    if (world->trace != NULL) world->trace->cause = cause;
}

// How often this very segment was sent before. Core counts those that take sequence numbers.
static uint16_t count_of(struct socket *socket, const struct tcp_segment *segment) {
    if (tcp_segment_length(segment) > 0) return segment->repeat;
    if (segment->seq == socket->ack_seq && segment->ack == socket->ack_ack) {
        if (socket->ack_count < UINT16_MAX) socket->ack_count++;
    } else {
        socket->ack_seq = segment->seq;
        socket->ack_ack = segment->ack;
        socket->ack_count = 1;
    }
    return (uint16_t)(socket->ack_count - 1);
}

// A reset's numbers are those of the packet that drew it, seen from the other side.
static void reset_numbers(struct packet *reset, const struct packet *cause) {
    const struct tcp_segment *segment = &reset->segment;
    bool from_ack = !(segment->flags & TCP_ACK);
    reset->has_relative = cause->has_relative;
    reset->relative_seq = from_ack ? segment->seq - cause->segment.ack + cause->relative_ack : 0;
    reset->relative_ack = from_ack ? 0 : segment->ack - cause->segment.seq + cause->relative_seq;
}

// True when the connection, not yet synchronized, refuses an ACK that isn't its own by a reset at that ACK's number.
static bool refuses(const struct world *world, const struct socket *socket, const struct tcp_connection *tcp,
                    const struct tcp_segment *segment) {
    return (segment->flags & (TCP_RST | TCP_ACK)) == TCP_RST && !tcp_synchronized((enum tcp_state)tcp->state) &&
           world->arrival.number != 0 && world->arrival.connection == socket->id &&
           segment->seq == world->arrival.packet.segment.ack;
}

void packet_send(struct world *world, struct pool_ref ref, struct socket *socket, const struct tcp_connection *tcp,
                 const struct tcp_segment *segment, enum tcp_rule rule) {
    struct packet packet = {
        .segment = *segment,
        .tuple = socket->tuple,
        .sender_source = tcp->snd_source,
        .receiver_source = socket->peer_source,
        .from = ref,
        .to = socket->peer,
        .sender = socket->id,
        .relative_seq = segment->seq - tcp->iss,
        .relative_ack = segment->flags & TCP_ACK ? segment->ack - tcp->irs : 0,
        .count = count_of(socket, segment),
        .has_relative = true,
        .ip = socket->ip,
    };
    if (refuses(world, socket, tcp, segment)) reset_numbers(&packet, &world->arrival.packet);
    const struct sending sending = {.host = socket->host, .ordinal = socket->ordinal, .key = socket->key, .rule = rule};
    packet_emit(world, &packet, &sending);
}

void packet_reply(struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *segment,
                  enum tcp_rule rule) {
    const struct packet *cause = &world->arrival.packet;
    struct packet packet = {.segment = *segment, .tuple = tuple, .receiver_source = cause->sender_source};
    packet.ip = world_host_at(world, host)->ip;
    packet.count = cause->count;
    reset_numbers(&packet, cause);
    const struct sending sending = {.host = host, .key = tuple_hash(tuple), .rule = rule};
    packet_emit(world, &packet, &sending);
}

void packet_syn_ack(struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *segment,
                    enum tcp_rule rule) {
    struct packet packet = {.segment = *segment, .tuple = tuple, .relative_ack = 1, .has_relative = true};
    packet.ip = world_host_at(world, host)->ip;
    packet.count = segment->repeat;
    if (world->arrival.number != 0) packet.count = (uint16_t)(packet.count + world->arrival.packet.count);
    const struct sending sending = {.host = host, .key = socket_key(world_host_at(world, host), tuple), .rule = rule};
    packet_emit(world, &packet, &sending);
}

// True where it is the host that doesn't want the packet, or isn't there: otherwise it is as if the network had lost
// it.
static bool by_host(enum packet_drop drop) {
    return drop != DROP_CHECKSUM && drop != DROP_MALFORMED && drop != DROP_NO_SUCH_ADDRESS &&
           drop != DROP_NO_CONNECTION && drop != DROP_NOT_ONE_HOST;
}

void packet_drop(struct world *world, uint32_t host, enum packet_drop drop, enum tcp_rule rule) {
    if (world->coverage != NULL) fates_cover_decision(world->coverage, rule);
    if (world->witnessed && by_host(drop)) witness_assumption_broken(world, ASSUMES_NO_DEPARTURE);
    if (world->trace == NULL) return;
    struct record record = {.kind = RECORD_DROP, .time = world->engine.now};
    record.drop.packet = world->arrival.number;
    record.drop.copy = world->arrival.copy;
    record.drop.host = host;
    record.drop.drop = (uint8_t)drop;
    record.drop.rule = (uint16_t)rule;
    record_write(world->trace, &record);
}
