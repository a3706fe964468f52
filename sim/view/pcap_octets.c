#include "sim/view/pcap_octets.h"

#include <string.h>

// False: no such packet could be.
static bool ends_of(const struct record_endpoint *from, const struct record_endpoint *to, struct wire_endpoints *ends) {
    if ((from->family != 4 && from->family != 6) || from->family != to->family) return false;
    *ends = (struct wire_endpoints){.version = from->family, .source_port = from->port, .destination_port = to->port};
    memcpy(ends->source, from->address, sizeof ends->source);
    memcpy(ends->destination, to->address, sizeof ends->destination);
    return true;
}

// Who writes the packet's headers: what is forged looks as if its sender had written it.
static const struct model_host *writer(const struct model *model, const struct record *record) {
    const struct record_endpoint *from = &record->packet.from;
    for (uint32_t i = 0; record->packet.injected && i < model->host_count; i++) {
        const struct record_endpoint *address = &model->hosts[i].address;
        if (address->family == from->family && memcmp(address->address, from->address, sizeof from->address) == 0)
            return &model->hosts[i];
    }
    return &model->hosts[record->packet.host];
}

static enum wire_error put_segment(const struct model *model, const struct record *record, struct wire_buffer *out) {
    const struct model_host *host = writer(model, record);
    const struct tcp_segment *segment = &record->packet.segment;
    const struct wire_ip ip = {.identification = (uint16_t)record->packet.packet,
                               .hop_limit = record->packet.own_ip ? record->packet.ttl : host->ttl,
                               .traffic_class =
                                   (uint8_t)((record->packet.own_ip ? record->packet.dscp : host->dscp) << 2)};
    struct wire_endpoints ends;
    out->length = 0;
    if (!ends_of(&record->packet.from, &record->packet.to, &ends)) return WIRE_VERSION;
    if (record->packet.text.length != segment->len) return WIRE_TCP_CUT;
    return wire_encode_tcp(&ends, ip, (enum wire_layout)host->layout, segment, record->packet.text.bytes, out);
}

// The packet that an ICMP error quotes: as it was sent; or, if nobody sent it, as much of it as the error says.
static enum wire_error put_quoted(const struct model *model, const struct record *error, struct wire_buffer *out) {
    uint32_t about = error->packet.about == 0 ? MODEL_NONE : model_packet(model, error->packet.about);
    if (about != MODEL_NONE) {
        struct record quoted = model_record(model, model->packets[about].at);
        if (quoted.kind == RECORD_PACKET) return put_segment(model, &quoted, out);
    }
    struct wire_endpoints ends;
    const struct tcp_segment segment = {.seq = error->packet.segment.seq, .flags = TCP_ACK};
    out->length = 0;
    if (!ends_of(&error->packet.to, &error->packet.from, &ends)) return WIRE_VERSION;
    enum wire_error wrong = wire_encode_tcp(&ends, (struct wire_ip){0}, WIRE_LAYOUT_RFC9293, &segment, NULL, out);
    if (wrong == WIRE_OK) out->length -= WIRE_TCP_HEADER - WIRE_QUOTED_OCTETS;
    return wrong;
}

static enum wire_error put_icmp(const struct model *model, const struct record *record, struct wire_buffer *out) {
    static uint8_t octets[WIRE_LONGEST];
    struct wire_buffer quoted = {.octets = octets, .capacity = sizeof octets};
    const struct wire_ip ip = {.identification = (uint16_t)record->packet.packet};
    const struct wire_icmp icmp = {.kind = (enum tcp_icmp)record->packet.icmp, .mtu = record->packet.mtu};
    struct wire_endpoints ends;
    out->length = 0;
    if (!ends_of(&record->packet.from, &record->packet.to, &ends)) return WIRE_VERSION;
    enum wire_error wrong = put_quoted(model, record, &quoted);
    if (wrong != WIRE_OK) return wrong;
    return wire_encode_icmp(&ends, ip, &icmp, quoted.octets, quoted.length, out);
}

// Bits are numbered in the order in which they are sent; beyond the end of the packet, counting goes on at its
// beginning.
static void flip(const struct record *record, struct wire_buffer *out) {
    for (uint32_t i = 0; i < record->flips.count; i++) {
        size_t octet = record->flips.bit[i] / 8 % out->length;
        out->octets[octet] = (uint8_t)(out->octets[octet] ^ 0x80 >> record->flips.bit[i] % 8);
    }
}

enum wire_error pcap_octets(const struct model *model, const struct model_flight *flight, bool arrived,
                            struct wire_buffer *out) {
    const struct model_packet *packet = &model->packets[flight->packet];
    struct record record = model_record(model, packet->at);
    enum wire_error wrong =
        record.kind == RECORD_ICMP ? put_icmp(model, &record, out) : put_segment(model, &record, out);
    if (wrong != WIRE_OK || !arrived || flight->fate != FATE_CORRUPTED || packet->flips == 0) return wrong;
    struct record flips = model_record(model, packet->flips);
    flip(&flips, out);
    return WIRE_OK;
}
