// What the files of the wire codec share.
#ifndef CORE_WIRE_PARTS_H
#define CORE_WIRE_PARTS_H

#include "core/wire.h"

enum { WIRE_PROTOCOL_ICMPV4 = 1, WIRE_PROTOCOL_TCP = 6, WIRE_PROTOCOL_ICMPV6 = 58 };

static inline uint16_t wire_get16(const uint8_t *octets) {
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

static inline uint32_t wire_get32(const uint8_t *octets) {
    return (uint32_t)wire_get16(octets) << 16 | wire_get16(octets + 2);
}

static inline void wire_put16(uint8_t *octets, uint32_t value) {
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
}

static inline void wire_put32(uint8_t *octets, uint32_t value) {
    wire_put16(octets, value >> 16);
    wire_put16(octets + 2, value);
}

// What an IP packet carries.
struct wire_upper {
    struct wire_ip ip;
    uint8_t protocol;
    unsigned wrong;  // WIRE_WRONG_IP, or 0
    const uint8_t *octets;
    size_t length;
    size_t packet_length;  // by the IP header
};

// Is the packet to be believed whole, or the quote of an ICMP error: cut off anywhere, its checksum of no interest?
enum wire_trust { WIRE_WHOLE, WIRE_QUOTED };

// Reads IP's headers: addresses (and ports 0) into `ends`, the rest into `upper`. `length` octets, at least 1. A wrong
// IPv4 checksum is noted in upper->wrong and is no error.
enum wire_error wire_read_ip(const uint8_t *octets, size_t length, enum wire_trust trust, struct wire_endpoints *ends,
                             struct wire_upper *upper);

// Writes an IP header; `length` octets of `protocol` follow it. Returns the header's length.
size_t wire_write_ip(const struct wire_endpoints *ends, struct wire_ip ip, uint8_t protocol, size_t length,
                     uint8_t *octets);

static inline size_t wire_ip_header(uint8_t version) {
    return version == 4 ? WIRE_IPV4_HEADER : WIRE_IPV6_HEADER;
}

// The checksum with the pseudo-header of RFC 9293 section 3.1 and RFC 8200 section 8.1.
uint16_t wire_pseudo_checksum(const struct wire_endpoints *ends, uint8_t protocol, const uint8_t *octets,
                              size_t length);

// Reads `length` octets of TCP options into the segment, whose flags are set and whose options aren't. Returns WIRE_OK
// or the first thing wrong.
enum wire_error wire_read_options(const uint8_t *octets, size_t length, struct tcp_segment *segment);

// Reads an ICMP message: packet->icmp, packet->wrong and, with WIRE_QUOTE, packet->fault.
enum wire_error wire_read_icmp(const struct wire_upper *upper, struct wire_packet *packet);

#endif
