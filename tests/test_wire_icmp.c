// ICMP errors on the wire: every type and code of both versions, what is quoted, and how much of it.
#include "core/wire.h"
#include "tests/check.h"
#include "tests/wire_seeds.h"

static const struct wire_endpoints client4 = {
    .version = 4,
    .source = {192, 0, 2, 1},
    .destination = {198, 51, 100, 2},
    .source_port = 40000,
    .destination_port = 80,
};
static const struct wire_endpoints client6 = {
    .version = 6,
    .source = {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
    .destination = {0x20, 0x01, 0x0d, 0xb8, [7] = 1, [15] = 2},
    .source_port = 40000,
    .destination_port = 80,
};
static const struct wire_endpoints router4 = {
    .version = 4,
    .source = {203, 0, 113, 9},
    .destination = {192, 0, 2, 1},
};
static const struct wire_endpoints router6 = {
    .version = 6,
    .source = {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, [15] = 9},
    .destination = {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
};
static const struct wire_ip usual = {.identification = 0x1234, .hop_limit = 64};

// ---------------------------------------------------------------------------------------------------------------

// The message with this type, code and rest of header, quoting the client's text; its kind, or TCP_ICMP_NONE when it is
// no error for TCP.
static struct wire_packet message(uint8_t version, uint8_t type, uint8_t code, uint32_t rest) {
    uint8_t quoted[WIRE_SEED_MAX], octets[WIRE_ICMPV6_MAX];
    size_t length = wire_seed_octets(wire_seed_by_name(version == 4 ? "ipv4-text" : "ipv6-text"), quoted);
    struct wire_buffer out = {octets, sizeof octets, 0};
    struct wire_icmp any = {.kind = TCP_ICMP_TIME_EXCEEDED};
    struct wire_packet packet;
    CHECK_EQ(wire_encode_icmp(version == 4 ? &router4 : &router6, usual, &any, quoted, length, &out), WIRE_OK);
    uint8_t *icmp = octets + (version == 4 ? 20 : 40);
    icmp[0] = type;
    icmp[1] = code;
    for (int i = 0; i < 4; i++)
        icmp[4 + i] = (uint8_t)(rest >> (24 - 8 * i));
    enum wire_error error = wire_decode(octets, out.length, WIRE_REPORT, &packet);
    CHECK(error == (packet.icmp.kind == TCP_ICMP_NONE ? WIRE_ICMP_OTHER : WIRE_OK));
    return packet;
}

struct code_case {
    uint8_t version, type, code;
    enum tcp_icmp kind;
};

// Written out by hand from RFC 792, 1122 and 1812, and 4443: what isn't here is TCP_ICMP_NONE.
static const struct code_case codes[] = {
    {4, 3, 0, TCP_ICMP_NETWORK_UNREACHABLE},
    {4, 3, 1, TCP_ICMP_HOST_UNREACHABLE},
    {4, 3, 2, TCP_ICMP_PROTOCOL_UNREACHABLE},
    {4, 3, 3, TCP_ICMP_PORT_UNREACHABLE},
    {4, 3, 4, TCP_ICMP_FRAGMENTATION_NEEDED},
    {4, 3, 5, TCP_ICMP_SOURCE_ROUTE_FAILED},
    {4, 3, 6, TCP_ICMP_NETWORK_UNREACHABLE},
    {4, 3, 7, TCP_ICMP_HOST_UNREACHABLE},
    {4, 3, 8, TCP_ICMP_HOST_UNREACHABLE},
    {4, 3, 9, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {4, 3, 10, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {4, 3, 11, TCP_ICMP_NETWORK_UNREACHABLE},
    {4, 3, 12, TCP_ICMP_HOST_UNREACHABLE},
    {4, 3, 13, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {4, 3, 14, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {4, 3, 15, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {4, 4, 0, TCP_ICMP_SOURCE_QUENCH},
    {4, 11, 0, TCP_ICMP_TIME_EXCEEDED},
    {4, 11, 1, TCP_ICMP_TIME_EXCEEDED},
    {4, 12, 0, TCP_ICMP_PARAMETER_PROBLEM},
    {4, 12, 1, TCP_ICMP_PARAMETER_PROBLEM},
    {4, 12, 2, TCP_ICMP_PARAMETER_PROBLEM},
    {6, 1, 0, TCP_ICMP_NETWORK_UNREACHABLE},
    {6, 1, 1, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {6, 1, 2, TCP_ICMP_NETWORK_UNREACHABLE},
    {6, 1, 3, TCP_ICMP_HOST_UNREACHABLE},
    {6, 1, 4, TCP_ICMP_PORT_UNREACHABLE},
    {6, 1, 5, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {6, 1, 6, TCP_ICMP_ADMINISTRATIVELY_PROHIBITED},
    {6, 1, 7, TCP_ICMP_SOURCE_ROUTE_FAILED},
    {6, 2, 0, TCP_ICMP_FRAGMENTATION_NEEDED},
    {6, 3, 0, TCP_ICMP_TIME_EXCEEDED},
    {6, 3, 1, TCP_ICMP_TIME_EXCEEDED},
    {6, 4, 0, TCP_ICMP_PARAMETER_PROBLEM},
    {6, 4, 1, TCP_ICMP_PARAMETER_PROBLEM},
    {6, 4, 2, TCP_ICMP_PARAMETER_PROBLEM},
};

static enum tcp_icmp kind_by_hand(uint8_t version, uint8_t type, uint8_t code) {
    // A code that ICMPv4's source quench and parameter problem or ICMPv6's packet too big and parameter problem don't
    // know says no less: the type alone does (RFC 4443 section 3.2 even asks that the code be ignored).
    bool any_code = version == 4 ? type == 4 || type == 12 : type == 2 || type == 4;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].version == version && codes[i].type == type && (any_code || codes[i].code == code))
            return codes[i].kind;
    return TCP_ICMP_NONE;
}

static void every_type_and_code(void) {
    for (unsigned at = 0; at < 65536; at++) {
        for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
            uint8_t type = (uint8_t)(at >> 8), code = (uint8_t)at;
            check_about("ICMPv%d type %d code %d", version, type, code);
            struct wire_packet packet = message(version, type, code, 0xfeed0578);
            CHECK_EQ(packet.icmp.kind, kind_by_hand(version, type, code));
            if (packet.icmp.kind == TCP_ICMP_NONE) continue;
            bool too_big = packet.icmp.kind == TCP_ICMP_FRAGMENTATION_NEEDED;
            CHECK_EQ(packet.icmp.mtu, !too_big ? 0 : version == 4 ? 0x0578 : 0xfeed0578);
            CHECK_EQ(packet.icmp.seq, 101);
            CHECK(memcmp(&packet.icmp.quoted, version == 4 ? &client4 : &client6, sizeof client4) == 0);
            CHECK(memcmp(&packet.ends, version == 4 ? &router4 : &router6, sizeof router4) == 0);
        }
    }
    check_about(NULL);
}

// ---------------------------------------------------------------------------------------------------------------

// Each kind that a version has a message for is told as it is; ICMPv6 has none for two.
static void every_kind(void) {
    for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
        uint8_t quoted[WIRE_SEED_MAX], octets[WIRE_ICMPV6_MAX];
        size_t length = wire_seed_octets(wire_seed_by_name(version == 4 ? "ipv4-text" : "ipv6-text"), quoted);
        for (int kind = TCP_ICMP_NONE; kind <= TCP_ICMP_SOURCE_QUENCH; kind++) {
            struct wire_icmp icmp = {.kind = (enum tcp_icmp)kind, .mtu = 0x20578};
            struct wire_buffer out = {octets, sizeof octets, 99};
            struct wire_packet packet;
            check_about("ICMPv%d, kind %d", version, kind);
            bool none = kind == TCP_ICMP_NONE ||
                        (version == 6 && (kind == TCP_ICMP_PROTOCOL_UNREACHABLE || kind == TCP_ICMP_SOURCE_QUENCH));
            enum wire_error error =
                wire_encode_icmp(version == 4 ? &router4 : &router6, usual, &icmp, quoted, length, &out);
            CHECK_EQ(error, none ? WIRE_ICMP_NO_MESSAGE : WIRE_OK);
            CHECK_EQ(out.length, none ? 0 : (version == 4 ? 28u : 48u) + length);
            if (none) continue;
            CHECK_EQ(wire_decode(octets, out.length, WIRE_CHECK, &packet), WIRE_OK);
            CHECK_EQ(packet.icmp.kind, kind);
            bool too_big = kind == TCP_ICMP_FRAGMENTATION_NEEDED;
            CHECK_EQ(packet.icmp.mtu, !too_big ? 0 : version == 4 ? 0x578 : 0x20578);
            CHECK_EQ(octets[version == 4 ? 25 : 45], too_big && version == 6 ? 2 : 0);
            CHECK_EQ(packet.segment.len, 0);
        }
    }
    check_about(NULL);
}

// Octet for octet, against messages that another program made.
static void known_messages(void) {
    static const struct {
        const char *name, *quotes;
        struct wire_icmp icmp;
        size_t cut;
    } cases[] = {
        {"icmpv4-port-unreachable", "ipv4-text", {.kind = TCP_ICMP_PORT_UNREACHABLE}, 28},
        {"icmpv6-port-unreachable", "ipv6-text", {.kind = TCP_ICMP_PORT_UNREACHABLE}, 48},
        {"icmpv6-too-big", "ipv6-text", {.kind = TCP_ICMP_FRAGMENTATION_NEEDED, .mtu = 1280}, 65},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t quoted[WIRE_SEED_MAX], expected[WIRE_SEED_MAX], octets[WIRE_ICMPV6_MAX];
        struct wire_buffer out = {octets, sizeof octets, 0};
        check_about("%s", cases[i].name);
        wire_seed_octets(wire_seed_by_name(cases[i].quotes), quoted);
        size_t length = wire_seed_octets(wire_seed_by_name(cases[i].name), expected);
        bool six = cases[i].quotes[3] == '6';
        CHECK_EQ(wire_encode_icmp(six ? &router6 : &router4, usual, &cases[i].icmp, quoted, cases[i].cut, &out),
                 WIRE_OK);
        CHECK(out.length == length && memcmp(octets, expected, length) == 0);
    }
    check_about(NULL);
}

// As much is quoted as fits 576 or 1280 octets, and what is quoted of a long packet is enough.
static void how_much_is_quoted(void) {
    static uint8_t text[3000], quoted[4000], octets[WIRE_ICMPV6_MAX];
    for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
        const struct wire_endpoints *client = version == 4 ? &client4 : &client6;
        const struct wire_endpoints *router = version == 4 ? &router4 : &router6;
        struct wire_icmp icmp = {.kind = TCP_ICMP_HOST_UNREACHABLE, .mtu = 9};
        struct tcp_segment segment;
        struct wire_buffer packet = {quoted, sizeof quoted, 0}, out = {octets, sizeof octets, 0};
        struct wire_packet after;
        memset(&segment, 0, sizeof segment);
        segment.flags = TCP_ACK;
        segment.seq = 0xfffffffe;
        segment.len = sizeof text;
        check_about("ICMPv%d", version);
        CHECK_EQ(wire_encode_tcp(client, usual, WIRE_LAYOUT_RFC9293, &segment, text, &packet), WIRE_OK);
        CHECK_EQ(wire_encode_icmp(router, usual, &icmp, quoted, packet.length, &out), WIRE_OK);
        CHECK_EQ(out.length, version == 4 ? 576 : 1280);
        CHECK_EQ(wire_decode(octets, out.length, WIRE_CHECK, &after), WIRE_OK);
        CHECK_EQ(after.icmp.seq, 0xfffffffe);
        CHECK_EQ(after.icmp.mtu, 0);
        CHECK_EQ(after.length, out.length);
        // Where there is less than that, all of it; where there is nothing, nothing.
        CHECK_EQ(wire_encode_icmp(router, usual, &icmp, quoted, 40, &out), WIRE_OK);
        CHECK_EQ(out.length, version == 4 ? 68 : 88);
        CHECK_EQ(wire_encode_icmp(router, usual, &icmp, NULL, 0, &out), WIRE_OK);
        CHECK_EQ(wire_decode(octets, out.length, WIRE_CHECK, &after), WIRE_QUOTE);
        CHECK_EQ(after.fault, WIRE_EMPTY);
        out.capacity = version == 4 ? 575 : 1279;
        CHECK_EQ(wire_encode_icmp(router, usual, &icmp, quoted, packet.length, &out), WIRE_NO_ROOM);
        CHECK_EQ(out.length, 0);
    }
    check_about(NULL);
}

int main(void) {
    every_type_and_code();
    every_kind();
    known_messages();
    how_much_is_quoted();
    return check_result();
}
