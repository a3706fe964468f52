// ICMP errors as octets: RFC 792, 1122 section 3.2.2.1, 1191 and 4443.
#include <assert.h>
#include <string.h>

#include "core/wire.h"
#include "core/wire_parts.h"

enum { WIRE_ICMP_HEADER = 8, WIRE_ICMPV6_PACKET_TOO_BIG = 2 };

// Messages of ICMP and what they tell TCP. The first row of a version and kind is what is sent, with `code`.
struct wire_icmp_row {
    uint8_t version;
    uint8_t type;
    uint8_t code, last_code;
    uint8_t kind;  // enum tcp_icmp
};

static const struct wire_icmp_row wire_icmp_rows[] = {
    {4, 3, 0, 0, TCP_ICMP_NETWORK_UNREACHABLE},
    {4, 3, 1, 1, TCP_ICMP_HOST_UNREACHABLE},
    {4, 3, 2, 2, TCP_ICMP_PROTOCOL_UNREACHABLE},
    {4, 3, 3, 3, TCP_ICMP_PORT_UNREACHABLE},
    {4, 3, 4, 4, TCP_ICMP_FRAGMENTATION_NEEDED},
    {4, 3, 5, 5, TCP_ICMP_SOURCE_ROUTE_FAILED},
    {4, 3, 13, 15, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},  // RFC 1812 section 5.2.7.1
    {4, 3, 6, 6, TCP_ICMP_NETWORK_UNREACHABLE},            // unknown
    {4, 3, 7, 8, TCP_ICMP_HOST_UNREACHABLE},               // unknown; isolated
    {4, 3, 9, 10, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {4, 3, 11, 11, TCP_ICMP_NETWORK_UNREACHABLE},  // for this type of service
    {4, 3, 12, 12, TCP_ICMP_HOST_UNREACHABLE},
    {4, 4, 0, 255, TCP_ICMP_SOURCE_QUENCH},
    {4, 11, 0, 1, TCP_ICMP_TIME_EXCEEDED},
    {4, 12, 0, 255, TCP_ICMP_PARAMETER_PROBLEM},
    {6, 1, 0, 0, TCP_ICMP_NETWORK_UNREACHABLE},
    {6, 1, 1, 1, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {6, 1, 2, 2, TCP_ICMP_NETWORK_UNREACHABLE},  // beyond scope of the source address
    {6, 1, 3, 3, TCP_ICMP_HOST_UNREACHABLE},
    {6, 1, 4, 4, TCP_ICMP_PORT_UNREACHABLE},
    {6, 1, 5, 6, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},  // by policy; by a route
    {6, 1, 7, 7, TCP_ICMP_SOURCE_ROUTE_FAILED},          // RFC 6554
    {6, WIRE_ICMPV6_PACKET_TOO_BIG, 0, 255, TCP_ICMP_FRAGMENTATION_NEEDED},
    {6, 3, 0, 1, TCP_ICMP_TIME_EXCEEDED},
    {6, 4, 0, 255, TCP_ICMP_PARAMETER_PROBLEM},
};
enum { WIRE_ICMP_ROWS = sizeof wire_icmp_rows / sizeof *wire_icmp_rows };

// ---------------------------------------------------------------------------------------------------------------
// Reading

static enum tcp_icmp wire_icmp_kind(uint8_t version, uint8_t type, uint8_t code) {
    for (size_t i = 0; i < WIRE_ICMP_ROWS; i++) {
        const struct wire_icmp_row *row = &wire_icmp_rows[i];
        if (row->version == version && row->type == type && code >= row->code && code <= row->last_code)
            return (enum tcp_icmp)row->kind;
    }
    return TCP_ICMP_NONE;
}

// The packet that an error quotes: its addresses, ports and sequence number.
static enum wire_error wire_read_quote(const uint8_t *octets, size_t length, uint8_t version, struct wire_icmp *icmp) {
    if (length == 0) return WIRE_EMPTY;
    struct wire_upper upper;
    enum wire_error error = wire_read_ip(octets, length, WIRE_QUOTED, &icmp->quoted, &upper);
    if (error != WIRE_OK) return error;
    if (icmp->quoted.version != version) return WIRE_VERSION;
    if (upper.protocol != WIRE_PROTOCOL_TCP) return WIRE_QUOTE_PROTOCOL;
    if (upper.length < WIRE_QUOTED_OCTETS) return WIRE_QUOTE_CUT;
    icmp->quoted.source_port = wire_get16(upper.octets);
    icmp->quoted.destination_port = wire_get16(upper.octets + 2);
    icmp->seq = wire_get32(upper.octets + 4);
    return WIRE_OK;
}

static bool wire_icmp_checksum_is_wrong(const struct wire_endpoints *ends, const struct wire_upper *upper) {
    if (ends->version == 4) return wire_checksum(upper->octets, upper->length) != 0;
    return wire_pseudo_checksum(ends, WIRE_PROTOCOL_ICMPV6, upper->octets, upper->length) != 0;
}

enum wire_error wire_read_icmp(const struct wire_upper *upper, struct wire_packet *packet) {
    const uint8_t *octets = upper->octets;
    uint8_t version = packet->ends.version;
    struct wire_icmp *icmp = &packet->icmp;
    if (upper->length < WIRE_ICMP_HEADER) return WIRE_ICMP_CUT;
    if (wire_icmp_checksum_is_wrong(&packet->ends, upper)) packet->wrong |= WIRE_WRONG_ICMP;
    icmp->kind = wire_icmp_kind(version, octets[0], octets[1]);
    if (icmp->kind == TCP_ICMP_NONE) return WIRE_ICMP_OTHER;
    if (icmp->kind == TCP_ICMP_FRAGMENTATION_NEEDED)
        icmp->mtu = version == 4 ? wire_get16(octets + 6) : wire_get32(octets + 4);
    packet->fault = wire_read_quote(octets + WIRE_ICMP_HEADER, upper->length - WIRE_ICMP_HEADER, version, icmp);
    if (packet->fault == WIRE_OK) return WIRE_OK;
    return packet->fault == WIRE_QUOTE_PROTOCOL || packet->fault == WIRE_QUOTE_CUT ? packet->fault : WIRE_QUOTE;
}

// ---------------------------------------------------------------------------------------------------------------
// Writing

static const struct wire_icmp_row *wire_icmp_message(uint8_t version, enum tcp_icmp kind) {
    for (size_t i = 0; i < WIRE_ICMP_ROWS; i++)
        if (wire_icmp_rows[i].version == version && wire_icmp_rows[i].kind == kind) return &wire_icmp_rows[i];
    return NULL;
}

enum wire_error wire_encode_icmp(const struct wire_endpoints *ends, struct wire_ip ip, const struct wire_icmp *icmp,
                                 const uint8_t *quoted, size_t quoted_length, struct wire_buffer *out) {
    assert(ends->version == 4 || ends->version == 6);
    const struct wire_icmp_row *message = wire_icmp_message(ends->version, icmp->kind);
    size_t header = wire_ip_header(ends->version) + WIRE_ICMP_HEADER;
    size_t most = (ends->version == 4 ? WIRE_ICMPV4_MAX : WIRE_ICMPV6_MAX) - header;
    if (quoted_length > most) quoted_length = most;
    size_t length = WIRE_ICMP_HEADER + quoted_length;
    out->length = 0;
    if (message == NULL) return WIRE_ICMP_NO_MESSAGE;
    if (header + quoted_length > out->capacity) return WIRE_NO_ROOM;

    uint8_t protocol = ends->version == 4 ? WIRE_PROTOCOL_ICMPV4 : WIRE_PROTOCOL_ICMPV6;
    uint8_t *octets = out->octets + wire_write_ip(ends, ip, protocol, length, out->octets);
    memset(octets, 0, WIRE_ICMP_HEADER);
    octets[0] = message->type;
    octets[1] = message->code;
    if (icmp->kind == TCP_ICMP_FRAGMENTATION_NEEDED)
        wire_put32(octets + 4, ends->version == 4 ? icmp->mtu & UINT16_MAX : icmp->mtu);
    if (quoted_length != 0) memcpy(octets + WIRE_ICMP_HEADER, quoted, quoted_length);
    wire_put16(octets + 2, ends->version == 4 ? wire_checksum(octets, length)
                                              : wire_pseudo_checksum(ends, protocol, octets, length));
    out->length = header + quoted_length;
    return WIRE_OK;
}
