// Segments as octets: TCP and ICMP over IPv4 and IPv6, in both directions. Pure functions; nothing is allocated, and
// whatever is pointed at stays the caller's.
//
// Decoding is total: any octets give a segment, an ICMP error or the name of what is wrong with them. Encoding never
// fails for a segment as core/tcp.h describes it, unless it is too long for IP or for the buffer.
//
// Octets are in network byte order, numbers in structures in the machine's. RFC 791, 8200, 9293 section 3.1, 1071.
#ifndef CORE_WIRE_H
#define CORE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "core/tcp.h"

enum {
    WIRE_IPV4_HEADER = 20,
    WIRE_IPV6_HEADER = 40,
    WIRE_TCP_HEADER = 20,
    WIRE_OPTIONS = 40,          // octets of TCP options that the data offset leaves room for
    WIRE_HOP_LIMIT = 64,        // of what is sent, unless the caller says otherwise
    WIRE_ICMPV4_MAX = 576,      // octets of an ICMP error, quote and all (RFC 1812 section 4.3.2.3)
    WIRE_ICMPV6_MAX = 1280,     // RFC 4443 section 3.1
    WIRE_QUOTED_OCTETS = 8,     // of TCP, at least: ports and sequence number (RFC 792)
    WIRE_LONGEST = 40 + 65535,  // octets of any packet that the codec writes
};

enum wire_error {
    WIRE_OK,
#define WIRE_ERROR(id, name, en, zh) WIRE_##id,
#include "core/wire.def"
#undef WIRE_ERROR
};
enum { WIRE_ERRORS = WIRE_NO_ROOM + 1 };

// "tcp-checksum", and the same as a phrase: "wrong TCP checksum". `language` is 0 English, 1 Chinese. Static strings;
// "ok" for WIRE_OK, "?" outside the enum.
const char *wire_error_name(enum wire_error error);
const char *wire_error_text(enum wire_error error, unsigned language);

// Who speaks to whom. An IPv4 address is in the first 4 octets and the others are 0. An ICMP message has ports 0.
struct wire_endpoints {
    uint8_t version;   // 4 or 6
    uint8_t reserved;  // 0: no padding, so that equal ends are equal octets
    uint8_t source[16];
    uint8_t destination[16];
    uint16_t source_port;
    uint16_t destination_port;
};

// What else an IP header says.
struct wire_ip {
    uint16_t identification;  // IPv4's; of no meaning to a packet that is never fragmented (RFC 6864)
    uint8_t hop_limit;        // IPv4's time to live (MUST-49); to be sent, 0 is WIRE_HOP_LIMIT
    uint8_t traffic_class;    // Diffserv field and ECN (MUST-48, RFC 3168 section 5)
};

// Which checksums are wrong.
enum { WIRE_WRONG_IP = 0x01, WIRE_WRONG_TCP = 0x02, WIRE_WRONG_ICMP = 0x04 };

// An ICMP error and the segment that it quotes.
struct wire_icmp {
    enum tcp_icmp kind;
    uint32_t mtu;                  // with TCP_ICMP_FRAGMENTATION_NEEDED, as on the wire: octets of the IP packet; an
                                   // old router's 0 says nothing (RFC 1191 section 5); else 0
    uint32_t seq;                  // quoted
    struct wire_endpoints quoted;  // of the quoted segment: its source is who is told
};

// What wire_decode() finds.
struct wire_packet {
    struct wire_endpoints ends;  // of the IP packet; with the segment's ports
    struct wire_ip ip;
    struct tcp_segment segment;  // of TCP; source, compartment and repeat are 0: they aren't on the wire
    const uint8_t *text;         // its segment.len octets, within what was decoded; NULL when there are none
    struct wire_icmp icmp;       // of ICMP; kind is TCP_ICMP_NONE when it is a segment
    size_t length;               // of the packet in octets, without what trails it (an Ethernet frame's padding)
    unsigned wrong;              // WIRE_WRONG_IP ...: only when they are let pass
    enum wire_error fault;       // a segment's first bad option, or with WIRE_QUOTE what is wrong with the quote
};

// What becomes of a packet with a wrong checksum.
enum wire_checksums {
    WIRE_CHECK,   // it is an error (RFC 9293 section 3.1, MUST-3)
    WIRE_REPORT,  // it is noted in wire_packet.wrong: a capture of packets that the sender's hardware would complete
};

// Decodes the IP packet at the beginning of `length` octets; `octets` may be NULL when there are none. Overwrites
// `packet`; after an error only `packet->fault` means something. Octets beyond IP's own length are ignored.
//
// - Skipped unread: IPv4 options; IPv6 hop-by-hop (only as the first: RFC 8200 section 4.1), destination and routing
//   headers without segments left. Fragments are refused, an IPv6 "atomic" one and a quoted one too.
// - Reserved bits and everything after the end of the option list are ignored. What has no meaning in a segment is 0:
//   `ack` without ACK, `up` without URG, `ts_ecr` without ACK (RFC 7323 section 3.2).
// - A malformed option never costs the segment. MUST-7 suggests a reset instead, but that would hand a blind attacker
//   what RFC 5961 takes from him: options are read before anything was held against the window. It is noted in `fault`.
//   One whose length can't be believed (below 2, or beyond the header) ends the list, and those before it count;
//   one whose length is only not its kind's is skipped like an unknown one (MUST-6).
// - Of an option that is repeated, the last counts (as in the stacks most met with).
// - MSS, window scale, SACK-permitted and Fast Open (kind 34, and 254 with the identifier F989 of RFC 7413's
//   experiments) count in segments with SYN alone (MUST-65, RFC 7323 section 2.2, RFC 2018 section 2, RFC 7413
//   section 4.1.1), SACK in those without.
// - An ICMP error counts when its first 8 octets of quoted TCP are there. The quote's own checksums are not looked at:
//   routers have changed it, and the rest of it is missing. Whether the sequence number is in flight is for the host
//   to say (RFC 5927).
enum wire_error wire_decode(const uint8_t *octets, size_t length, enum wire_checksums checksums,
                            struct wire_packet *packet);

// How a system lays out its options: their order, alignment and padding. Of what core/tcp.h allows, all fits in 40
// octets but these: as many SACK blocks as there is room for, the first ones (RFC 2018 section 3; 3 beside
// timestamps); and no user timeout behind a SYN's other options with a cookie of 16 octets, as RFC 5482 section 3
// foresees.
enum wire_layout {
    WIRE_LAYOUT_RFC9293,  // in the order of their kinds, on word boundaries as in RFC 7323 appendix A; EOL
    WIRE_LAYOUT_LINUX,    // window scale behind timestamps; NOP
    WIRE_LAYOUT_FREEBSD,  // SACK-permitted wherever it fits; EOL
};
enum { WIRE_LAYOUTS = WIRE_LAYOUT_FREEBSD + 1 };

// Writes the segment's options into out[] and returns how many octets they take, a multiple of 4. A segment with SYN
// has no SACK blocks, one without has no cookie; all else is written as it is told, even where it has no business.
// segment->blocks is at most TCP_SACK_BLOCKS, segment->cookie_len at most TCP_COOKIE_LENGTH.
size_t wire_options(enum wire_layout layout, const struct tcp_segment *segment, uint8_t out[WIRE_OPTIONS]);

// Octets of the IP packet that wire_encode_tcp() would write: what a link's MTU is held against. `version` is 4 or 6.
size_t wire_length(uint8_t version, enum wire_layout layout, const struct tcp_segment *segment);

// Text and options that a path with this MTU (octets of an IP packet) takes in one segment: tcp_icmp_error.text_mss;
// 0 when there is not even room for the headers.
uint32_t wire_text_mss(uint8_t version, uint32_t mtu);

// Where a packet is written: `capacity` octets of the caller's; `length` of them are the packet afterwards.
struct wire_buffer {
    uint8_t *octets;
    size_t capacity;
    size_t length;
};

// Writes the segment as an IP packet: no IP options, don't-fragment set, flow label 0, all checksums right. `text` is
// segment->len octets outside the buffer; NULL when there are none. WIRE_TOO_LONG: more than 65535 octets for IPv4's
// total or IPv6's payload length; WIRE_NO_ROOM; after an error out->length is 0 and the octets are as they were.
// ends->version is 4 or 6.
enum wire_error wire_encode_tcp(const struct wire_endpoints *ends, struct wire_ip ip, enum wire_layout layout,
                                const struct tcp_segment *segment, const uint8_t *text, struct wire_buffer *out);

// Writes an ICMP error from ends->source to ends->destination (ports don't matter), of icmp->kind and, where that has
// one, icmp->mtu (IPv4's field keeps its low 16 bits); the rest of `icmp` isn't read. It quotes as much of the packet
// `quoted` as fits 576 octets (IPv4, RFC 1812) or 1280 (IPv6, RFC 4443). That a packet of ICMP is never answered so
// (RFC 1122 section 3.2.2) is the caller's to see to. WIRE_ICMP_NO_MESSAGE: TCP_ICMP_NONE, or ICMPv6 has no message of
// that kind (source quench, protocol unreachable); WIRE_NO_ROOM; then as above.
enum wire_error wire_encode_icmp(const struct wire_endpoints *ends, struct wire_ip ip, const struct wire_icmp *icmp,
                                 const uint8_t *quoted, size_t quoted_length, struct wire_buffer *out);

// The Internet checksum of RFC 1071, as it stands in a header: over octets that hold their own checksum it is 0.
uint16_t wire_checksum(const uint8_t *octets, size_t length);

#endif
