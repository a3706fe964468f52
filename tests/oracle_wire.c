#include "tests/oracle_wire.h"

#include <string.h>

#include "core/wire.h"

static const struct wire_ip no_ip;

bool oracle_wire_same(const struct tcp_segment *a, const struct tcp_segment *b) {
    const void *octets_a = a, *octets_b = b;  // a union keeps clang-tidy from seeing that there is no padding
    return memcmp(octets_a, octets_b, sizeof *a) == 0;
}

// What of a segment's options may not fit once they are aligned: SACK blocks from the end, and the user timeout of a
// SYN.
static struct tcp_segment without_what_gave_way(struct tcp_segment segment, const struct tcp_segment *after) {
    if ((segment.options & after->options & TCP_OPTION_SACK) != 0)
        for (; segment.blocks > after->blocks; segment.blocks--)
            memset(&segment.sack[segment.blocks - 1], 0, sizeof segment.sack[0]);
    if ((segment.flags & TCP_SYN) != 0 && segment.cookie_len == TCP_COOKIE_LENGTH &&
        (after->options & TCP_OPTION_USER_TIMEOUT) == 0) {
        segment.options &= (uint8_t)~TCP_OPTION_USER_TIMEOUT;
        segment.timeout = 0;
    }
    return segment;
}

static const char *encodes_and_decodes(const struct wire_packet *packet, enum wire_layout layout) {
    static uint8_t first[WIRE_LONGEST], second[WIRE_LONGEST];
    struct wire_buffer out = {first, sizeof first, 0}, again = {second, sizeof second, 0};
    struct wire_packet after;
    enum wire_error error = wire_encode_tcp(&packet->ends, packet->ip, layout, &packet->segment, packet->text, &out);
    if (error == WIRE_TOO_LONG) return packet->segment.len > 65000 ? NULL : "too long, with little text";
    if (error != WIRE_OK) return "a decoded segment can't be encoded";
    if (out.length != wire_length(packet->ends.version, layout, &packet->segment))
        return "wire_length() is not the length";
    if (wire_decode(first, out.length, WIRE_CHECK, &after) != WIRE_OK) return "an encoded segment can't be decoded";
    if (after.fault != WIRE_OK) return "an encoded segment has a bad option";
    struct tcp_segment expected = without_what_gave_way(packet->segment, &after.segment);
    if (!oracle_wire_same(&expected, &after.segment)) return "encoded and decoded, a segment is another";
    if (memcmp(&packet->ends, &after.ends, sizeof after.ends) != 0) return "encoded and decoded, the ends are others";
    if (after.segment.len != 0 && memcmp(packet->text, after.text, after.segment.len) != 0)
        return "encoded and decoded, the text is another";
    wire_encode_tcp(&after.ends, after.ip, layout, &after.segment, after.text, &again);
    if (again.length != out.length || memcmp(first, second, out.length) != 0) return "encoded again, octets differ";
    return NULL;
}

// An ICMP error about the packet finds its way back. IPv6's extension headers may push TCP out of the quote.
static const char *can_be_quoted(const uint8_t *octets, const struct wire_packet *packet) {
    uint8_t answer[WIRE_ICMPV6_MAX];
    struct wire_buffer out = {answer, sizeof answer, 0};
    struct wire_icmp icmp = {.kind = TCP_ICMP_FRAGMENTATION_NEEDED, .mtu = 1300};
    struct wire_packet after;
    if (wire_encode_icmp(&packet->ends, no_ip, &icmp, octets, packet->length, &out) != WIRE_OK)
        return "a packet can't be quoted";
    enum wire_error error = wire_decode(answer, out.length, WIRE_CHECK, &after);
    if (error != WIRE_OK)
        return packet->ends.version == 6 && packet->length > 1000 ? NULL : "an ICMP error can't be decoded";
    if (after.icmp.kind != TCP_ICMP_FRAGMENTATION_NEEDED || after.icmp.mtu != 1300) return "an ICMP error is another";
    if (memcmp(&after.icmp.quoted, &packet->ends, sizeof packet->ends) != 0) return "quoted ends are others";
    return after.icmp.seq == packet->segment.seq ? NULL : "the quoted sequence number is another";
}

static const char *makes_sense(const uint8_t *octets, size_t length, const struct wire_packet *packet) {
    const struct tcp_segment *segment = &packet->segment;
    if (packet->length > length) return "the packet is longer than what was decoded";
    if (packet->ends.version != 4 && packet->ends.version != 6) return "an unknown IP version was taken";
    if (packet->icmp.kind != TCP_ICMP_NONE) return segment->len == 0 ? NULL : "an ICMP error has text";
    if ((segment->len == 0) != (packet->text == NULL)) return "text without length, or length without text";
    if (segment->len != 0 && packet->text + segment->len > octets + packet->length) return "text beyond the packet";
    if (segment->blocks > TCP_SACK_BLOCKS || segment->cookie_len > TCP_COOKIE_LENGTH) return "too long an option";
    if (((segment->options & TCP_OPTION_SACK) != 0) != (segment->blocks != 0)) return "SACK without blocks";
    return NULL;
}

const char *oracle_wire(const uint8_t *octets, size_t length) {
    struct wire_packet packet, checked;
    enum wire_error strict = wire_decode(octets, length, WIRE_CHECK, &checked);
    enum wire_error error = wire_decode(octets, length, WIRE_REPORT, &packet);
    if ((int)strict >= WIRE_ERRORS || (int)error >= WIRE_ERRORS) return "an error without a name";
    if (strict == WIRE_OK && (error != WIRE_OK || packet.wrong != 0))
        return "let pass unlike the one that lets all pass";
    if (strict == WIRE_OK && !oracle_wire_same(&packet.segment, &checked.segment))
        return "checking changes the segment";
    if (error != WIRE_OK) return NULL;
    const char *broken = makes_sense(octets, length, &packet);
    if (packet.icmp.kind != TCP_ICMP_NONE) return broken;
    for (int layout = 0; layout < WIRE_LAYOUTS && broken == NULL; layout++)
        broken = encodes_and_decodes(&packet, (enum wire_layout)layout);
    return broken != NULL ? broken : can_be_quoted(octets, &packet);
}
