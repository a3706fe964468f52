// IP and TCP headers. Options are in wire_options.c, ICMP is in wire_icmp.c.
#include "core/wire.h"

#include <assert.h>
#include <string.h>

#include "core/wire_parts.h"

// ---------------------------------------------------------------------------------------------------------------
// Names

struct wire_error_row {
    const char *name;
    const char *text[TCP_LANGUAGES];
};

static const struct wire_error_row wire_error_rows[WIRE_ERRORS] = {
    [WIRE_OK] = {"ok", {"ok", "正常"}},
#define WIRE_ERROR(id, name, en, zh) [WIRE_##id] = {name, {en, zh}},
#include "core/wire.def"
#undef WIRE_ERROR
};

const char *wire_error_name(enum wire_error error) {
    return (unsigned)error < WIRE_ERRORS ? wire_error_rows[error].name : "?";
}

const char *wire_error_text(enum wire_error error, unsigned language) {
    if (language >= TCP_LANGUAGES || (unsigned)error >= WIRE_ERRORS) return "?";
    return wire_error_rows[error].text[language];
}

// ---------------------------------------------------------------------------------------------------------------
// Checksums

// RFC 1071: the sum of the 16-bit words, an odd octet at the end being the upper half of one.
static uint64_t wire_sum(const uint8_t *octets, size_t length) {
    uint64_t sum = 0;
    for (size_t at = 0; at + 1 < length; at += 2)
        sum += wire_get16(octets + at);
    if (length % 2 != 0) sum += (uint64_t)octets[length - 1] << 8;
    return sum;
}

static uint16_t wire_fold(uint64_t sum) {
    while (sum > UINT16_MAX)
        sum = (sum & UINT16_MAX) + (sum >> 16);
    return (uint16_t)~sum;
}

uint16_t wire_checksum(const uint8_t *octets, size_t length) {
    return wire_fold(wire_sum(octets, length));
}

// Both versions' pseudo-headers are the same sum: fields of 0 don't count.
uint16_t wire_pseudo_checksum(const struct wire_endpoints *ends, uint8_t protocol, const uint8_t *octets,
                              size_t length) {
    size_t address = ends->version == 4 ? 4 : 16;
    uint64_t sum = wire_sum(ends->source, address) + wire_sum(ends->destination, address);
    return wire_fold(sum + protocol + length + wire_sum(octets, length));
}

// ---------------------------------------------------------------------------------------------------------------
// IP headers

// RFC 791 section 3.1.
static enum wire_error wire_read_ipv4(const uint8_t *octets, size_t length, enum wire_trust trust,
                                      struct wire_endpoints *ends, struct wire_upper *upper) {
    enum { MORE_FRAGMENTS_AND_OFFSET = 0x3fff };
    if (length < WIRE_IPV4_HEADER) return WIRE_IP_CUT;
    size_t header = (octets[0] & 0x0fu) * 4u;
    if (header < WIRE_IPV4_HEADER) return WIRE_IP_HEADER_LENGTH;
    if (header > length) return WIRE_IP_CUT;
    if (wire_checksum(octets, header) != 0) upper->wrong = WIRE_WRONG_IP;
    size_t total = wire_get16(octets + 2);
    if (total < header) return WIRE_IP_LENGTH_SHORT;
    if (total > length && trust == WIRE_WHOLE) return WIRE_IP_LENGTH_LONG;
    if ((wire_get16(octets + 6) & MORE_FRAGMENTS_AND_OFFSET) != 0) return WIRE_FRAGMENT;

    memcpy(ends->source, octets + 12, 4);
    memcpy(ends->destination, octets + 16, 4);
    upper->ip.identification = wire_get16(octets + 4);
    upper->ip.hop_limit = octets[8];
    upper->ip.traffic_class = octets[1];
    upper->protocol = octets[9];
    upper->octets = octets + header;
    upper->length = (total < length ? total : length) - header;
    upper->packet_length = total;
    return WIRE_OK;
}

// RFC 8200 section 4: goes over the extension headers between IP and what it carries.
static enum wire_error wire_skip_extensions(struct wire_upper *upper) {
    enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60 };
    bool first = true;
    while (upper->protocol == DESTINATION || upper->protocol == ROUTING || upper->protocol == FRAGMENT ||
           (upper->protocol == HOP_BY_HOP && first)) {
        if (upper->protocol == FRAGMENT) return WIRE_FRAGMENT;
        if (upper->length < 8) return WIRE_EXTENSION;
        size_t header = 8u + 8u * upper->octets[1];
        if (header > upper->length) return WIRE_EXTENSION;
        if (upper->protocol == ROUTING && upper->octets[3] != 0) return WIRE_ROUTING;
        upper->protocol = upper->octets[0];
        upper->octets += header;
        upper->length -= header;
        first = false;
    }
    return WIRE_OK;
}

// RFC 8200 section 3.
static enum wire_error wire_read_ipv6(const uint8_t *octets, size_t length, enum wire_trust trust,
                                      struct wire_endpoints *ends, struct wire_upper *upper) {
    if (length < WIRE_IPV6_HEADER) return WIRE_IP_CUT;
    size_t total = (size_t)WIRE_IPV6_HEADER + wire_get16(octets + 4);
    if (total > length && trust == WIRE_WHOLE) return WIRE_IP_LENGTH_LONG;
    memcpy(ends->source, octets + 8, 16);
    memcpy(ends->destination, octets + 24, 16);
    upper->ip.hop_limit = octets[7];
    upper->ip.traffic_class = (uint8_t)(wire_get16(octets) >> 4);
    upper->protocol = octets[6];
    upper->octets = octets + WIRE_IPV6_HEADER;
    upper->length = (total < length ? total : length) - WIRE_IPV6_HEADER;
    upper->packet_length = total;
    return wire_skip_extensions(upper);
}

enum wire_error wire_read_ip(const uint8_t *octets, size_t length, enum wire_trust trust, struct wire_endpoints *ends,
                             struct wire_upper *upper) {
    memset(ends, 0, sizeof *ends);
    memset(upper, 0, sizeof *upper);
    ends->version = octets[0] >> 4;
    if (ends->version == 4) return wire_read_ipv4(octets, length, trust, ends, upper);
    if (ends->version == 6) return wire_read_ipv6(octets, length, trust, ends, upper);
    return WIRE_VERSION;
}

size_t wire_write_ip(const struct wire_endpoints *ends, struct wire_ip ip, uint8_t protocol, size_t length,
                     uint8_t *octets) {
    enum { DONT_FRAGMENT = 0x4000 };
    size_t header = wire_ip_header(ends->version);
    uint8_t hop_limit = ip.hop_limit == 0 ? WIRE_HOP_LIMIT : ip.hop_limit;
    memset(octets, 0, header);
    if (ends->version == 4) {
        octets[0] = 4 << 4 | WIRE_IPV4_HEADER / 4;
        octets[1] = ip.traffic_class;
        wire_put16(octets + 2, (uint32_t)(header + length));
        wire_put16(octets + 4, ip.identification);
        wire_put16(octets + 6, DONT_FRAGMENT);
        octets[8] = hop_limit;
        octets[9] = protocol;
        memcpy(octets + 12, ends->source, 4);
        memcpy(octets + 16, ends->destination, 4);
        wire_put16(octets + 10, wire_checksum(octets, header));
    } else {
        wire_put16(octets, 6u << 12 | (unsigned)ip.traffic_class << 4);
        wire_put16(octets + 4, (uint32_t)length);
        octets[6] = protocol;
        octets[7] = hop_limit;
        memcpy(octets + 8, ends->source, 16);
        memcpy(octets + 24, ends->destination, 16);
    }
    return header;
}

// ---------------------------------------------------------------------------------------------------------------
// Decoding

// RFC 9293 section 3.1.
static enum wire_error wire_read_tcp(const struct wire_upper *upper, struct wire_packet *packet) {
    const uint8_t *octets = upper->octets;
    if (upper->length < WIRE_TCP_HEADER) return WIRE_TCP_CUT;
    if (wire_pseudo_checksum(&packet->ends, WIRE_PROTOCOL_TCP, octets, upper->length) != 0)
        packet->wrong |= WIRE_WRONG_TCP;
    size_t header = (octets[12] >> 4) * 4u;
    if (header < WIRE_TCP_HEADER) return WIRE_TCP_OFFSET_SHORT;
    if (header > upper->length) return WIRE_TCP_OFFSET_LONG;

    struct tcp_segment *segment = &packet->segment;
    packet->ends.source_port = wire_get16(octets);
    packet->ends.destination_port = wire_get16(octets + 2);
    segment->flags = octets[13];
    segment->seq = wire_get32(octets + 4);
    if ((segment->flags & TCP_ACK) != 0) segment->ack = wire_get32(octets + 8);
    segment->wnd = wire_get16(octets + 14);
    if ((segment->flags & TCP_URG) != 0) segment->up = wire_get16(octets + 18);
    packet->fault = wire_read_options(octets + WIRE_TCP_HEADER, header - WIRE_TCP_HEADER, segment);
    segment->len = (uint32_t)(upper->length - header);
    if (segment->len != 0) packet->text = octets + header;
    return WIRE_OK;
}

static enum wire_error wire_read_upper(const struct wire_upper *upper, struct wire_packet *packet) {
    uint8_t icmp = packet->ends.version == 4 ? WIRE_PROTOCOL_ICMPV4 : WIRE_PROTOCOL_ICMPV6;
    if (upper->protocol == WIRE_PROTOCOL_TCP) return wire_read_tcp(upper, packet);
    if (upper->protocol == icmp) return wire_read_icmp(upper, packet);
    return WIRE_PROTOCOL;
}

enum wire_error wire_decode(const uint8_t *octets, size_t length, enum wire_checksums checksums,
                            struct wire_packet *packet) {
    memset(packet, 0, sizeof *packet);
    if (length == 0) return WIRE_EMPTY;
    struct wire_upper upper;
    enum wire_error error = wire_read_ip(octets, length, WIRE_WHOLE, &packet->ends, &upper);
    if (upper.wrong != 0 && checksums == WIRE_CHECK) return WIRE_IP_CHECKSUM;
    if (error != WIRE_OK) return error;
    packet->ip = upper.ip;
    packet->length = upper.packet_length;
    packet->wrong = upper.wrong;
    error = wire_read_upper(&upper, packet);
    if (checksums == WIRE_CHECK && (packet->wrong & WIRE_WRONG_TCP) != 0) return WIRE_TCP_CHECKSUM;
    if (checksums == WIRE_CHECK && (packet->wrong & WIRE_WRONG_ICMP) != 0) return WIRE_ICMP_CHECKSUM;
    return error;
}

// ---------------------------------------------------------------------------------------------------------------
// Encoding

size_t wire_length(uint8_t version, enum wire_layout layout, const struct tcp_segment *segment) {
    uint8_t options[WIRE_OPTIONS];
    return wire_ip_header(version) + WIRE_TCP_HEADER + wire_options(layout, segment, options) + segment->len;
}

uint32_t wire_text_mss(uint8_t version, uint32_t mtu) {
    uint32_t headers = (uint32_t)wire_ip_header(version) + WIRE_TCP_HEADER;
    return mtu > headers ? mtu - headers : 0;
}

enum wire_error wire_encode_tcp(const struct wire_endpoints *ends, struct wire_ip ip, enum wire_layout layout,
                                const struct tcp_segment *segment, const uint8_t *text, struct wire_buffer *out) {
    assert(ends->version == 4 || ends->version == 6);
    uint8_t options[WIRE_OPTIONS];
    size_t options_length = wire_options(layout, segment, options);
    size_t header = WIRE_TCP_HEADER + options_length;
    size_t length = header + segment->len;
    out->length = 0;
    if (length + (ends->version == 4 ? WIRE_IPV4_HEADER : 0) > UINT16_MAX) return WIRE_TOO_LONG;
    if (wire_ip_header(ends->version) + length > out->capacity) return WIRE_NO_ROOM;

    size_t ip_header = wire_write_ip(ends, ip, WIRE_PROTOCOL_TCP, length, out->octets);
    uint8_t *octets = out->octets + ip_header;
    memset(octets, 0, WIRE_TCP_HEADER);
    wire_put16(octets, ends->source_port);
    wire_put16(octets + 2, ends->destination_port);
    wire_put32(octets + 4, segment->seq);
    if ((segment->flags & TCP_ACK) != 0) wire_put32(octets + 8, segment->ack);
    octets[12] = (uint8_t)(header / 4 << 4);
    octets[13] = segment->flags;
    wire_put16(octets + 14, segment->wnd);
    if ((segment->flags & TCP_URG) != 0) wire_put16(octets + 18, segment->up);
    memcpy(octets + WIRE_TCP_HEADER, options, options_length);
    if (segment->len != 0) memcpy(octets + header, text, segment->len);
    wire_put16(octets + 16, wire_pseudo_checksum(ends, WIRE_PROTOCOL_TCP, octets, length));
    out->length = ip_header + length;
    return WIRE_OK;
}
