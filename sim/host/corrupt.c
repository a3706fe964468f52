// Bits that are flipped on the way. The packet is written as octets, its bits are flipped, and the octets are read as
// the receiver reads them: what the checksums notice, they notice here. Reading depends on nothing but the octets and
// the receiver's rules, so it needs not wait until the packet arrives.
#include <string.h>

#include "core/wire.h"
#include "sim/host/internal.h"
#include "sim/host/witness.h"

static void refuse(struct packet *packet, enum packet_drop drop) {
    packet->drop = (uint8_t)(drop + 1);
}

static struct wire_endpoints ends_of(const struct world *world, struct tuple tuple) {
    const struct record_endpoint *from = &address_at(world, tuple.local)->endpoint;
    const struct record_endpoint *to = &address_at(world, tuple.remote)->endpoint;
    struct wire_endpoints ends = {
        .version = from->family, .source_port = tuple.local_port, .destination_port = tuple.remote_port};
    memcpy(ends.source, from->address, sizeof ends.source);
    memcpy(ends.destination, to->address, sizeof ends.destination);
    return ends;
}

// The number of the address. False: nobody has it.
static bool find_address(const struct world *world, uint8_t version, const uint8_t *octets, uint16_t *number) {
    for (uint32_t i = 0; i < world->addresses.count; i++) {
        const struct record_endpoint *known = &address_at(world, i)->endpoint;
        if (known->family != version || memcmp(known->address, octets, sizeof known->address) != 0) continue;
        *number = (uint16_t)i;
        return true;
    }
    return false;
}

// False: it isn't for the host at the end of the link any more, or from nobody whom an answer could reach.
static bool read_ends(const struct world *world, const struct wire_endpoints *ends, struct tuple *tuple) {
    uint32_t host = address_at(world, tuple->remote)->host;
    tuple->local_port = ends->source_port;
    tuple->remote_port = ends->destination_port;
    return find_address(world, ends->version, ends->source, &tuple->local) &&
           find_address(world, ends->version, ends->destination, &tuple->remote) &&
           address_at(world, tuple->remote)->host == host;
}

// Text that is no longer what the sender's stream has at these numbers is a stream of its own.
static uint32_t source_of(struct world *world, const struct tcp_segment *was, const unsigned char *text,
                          const struct wire_packet *read) {
    const struct tcp_segment *segment = &read->segment;
    if (segment->len == 0) return 0;
    bool same = was->len >= segment->len && tcp_text_seq(was) == tcp_text_seq(segment) &&
                memcmp(text, read->text, segment->len) == 0;
    if (same) return was->source;
    uint32_t source = stream_new(world, 0);
    if (world->keeps)
        stream_append(world, source, tcp_text_seq(segment), segment->len, world_text(world, read->text, segment->len));
    return source;
}

// The octets pass for a segment: it takes the place of what was sent.
static void take(struct world *world, struct packet *packet, const unsigned char *text,
                 const struct wire_packet *read) {
    const struct tcp_segment was = packet->segment;
    struct tuple tuple = packet->tuple;
    if (!read_ends(world, &read->ends, &tuple)) {
        refuse(packet, DROP_NO_SUCH_ADDRESS);
        return;
    }
    packet->tuple = tuple;
    packet->segment = read->segment;
    packet->ip.dscp = read->ip.traffic_class >> 2;
    packet->segment.compartment = was.compartment;
    packet->segment.repeat = was.repeat;
    packet->segment.source = source_of(world, &was, text, read);
    packet->relative_seq += packet->segment.seq - was.seq;
    packet->relative_ack += packet->segment.ack - was.ack;
    packet->altered = memcmp(&packet->segment, &was, sizeof was) != 0;
    if (packet->altered && world->witnessed) witness_assumption_broken(world, ASSUMES_NO_FORGERY);
}

static enum wire_checksums checksums_of(const struct world *world, const struct packet *packet) {
    const struct host *host = world_host_at(world, address_at(world, packet->tuple.remote)->host);
    struct tcp_rule_set applied = {{0}};
    bool checks = tcp_rule_in_force(&host->tcp.without, &applied, TCP_RULE_CHECKSUM_MUST_BE_RIGHT);
    return checks ? WIRE_CHECK : WIRE_REPORT;
}

static bool is_checksum(enum wire_error error) {
    return error == WIRE_IP_CHECKSUM || error == WIRE_TCP_CHECKSUM || error == WIRE_ICMP_CHECKSUM;
}

static void record_flips(struct world *world, const uint32_t *flips, uint32_t count) {
    if (world->trace == NULL) return;
    struct record record = {.kind = RECORD_FLIPS, .time = world->engine.now};
    record.flips.packet = world->engine.packets_sent;
    record.flips.count = count;
    memcpy(record.flips.bit, flips, count * sizeof *flips);
    record_write(world->trace, &record);
}

void corrupt_packet(void *context, const uint32_t *flips, uint32_t count, void *payload) {
    struct world *world = context;
    struct packet *packet = payload;
    const struct tcp_segment *segment = &packet->segment;
    record_flips(world, flips, count);
    if (packet->icmp != TCP_ICMP_NONE) {  // what else could it be than an error about an error?
        refuse(packet, DROP_CHECKSUM);
        return;
    }
    unsigned char *text = world_scratch(world, segment->len + WIRE_LONGEST);
    struct wire_buffer wire = {.octets = text + segment->len, .capacity = WIRE_LONGEST};
    stream_read(world, segment->source, tcp_text_seq(segment), segment->len, text);
    const struct wire_endpoints ends = ends_of(world, packet->tuple);
    const struct host *sender = world_host_at(world, address_at(world, packet->tuple.local)->host);
    const struct wire_ip ip = {.hop_limit = packet->ip.ttl, .traffic_class = (uint8_t)(packet->ip.dscp << 2)};
    if (wire_encode_tcp(&ends, ip, sender->layout, segment, text, &wire) != WIRE_OK) return;
    for (uint32_t i = 0; i < count; i++) {
        size_t octet = flips[i] / 8 % wire.length;
        wire.octets[octet] = (uint8_t)(wire.octets[octet] ^ 0x80 >> flips[i] % 8);
    }
    struct wire_packet read;
    enum wire_error error = wire_decode(wire.octets, wire.length, checksums_of(world, packet), &read);
    if (error != WIRE_OK || read.icmp.kind != TCP_ICMP_NONE) {
        refuse(packet, is_checksum(error) ? DROP_CHECKSUM : DROP_MALFORMED);
    } else {
        take(world, packet, text, &read);
    }
}
