// Requirements of RFC 9293 appendix B on packets: options beside any flags, the Diffserv field, the time to live.
#include "core/wire.h"
#include "tests/check.h"

static const struct wire_endpoints ends[] = {
    {.version = 4,
     .source = {192, 0, 2, 1},
     .destination = {198, 51, 100, 2},
     .source_port = 40000,
     .destination_port = 80},
    {.version = 6,
     .source = {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
     .destination = {0x20, 0x01, 0x0d, 0xb8, [15] = 2},
     .source_port = 40000,
     .destination_port = 80},
};
enum { VERSIONS = sizeof ends / sizeof *ends };

// MUST-5: whatever the flags, a segment with an option is decoded, option and text.
static void test_options_with_any_flags(void) {
    for (unsigned flags = 0; flags <= UINT8_MAX; flags++) {
        uint8_t octets[100];
        struct wire_buffer out = {octets, sizeof octets, 0};
        struct wire_packet packet;
        struct tcp_segment segment = {.seq = 100, .len = 5, .flags = (uint8_t)flags};
        segment.options = TCP_OPTION_TIMESTAMPS | TCP_OPTION_USER_TIMEOUT;
        segment.ts_val = 7;
        segment.timeout = 60;
        check_about("flags %02x", flags);
        CHECK_EQ(wire_encode_tcp(&ends[0], (struct wire_ip){0}, WIRE_LAYOUT_RFC9293, &segment, (const uint8_t *)"hello",
                                 &out),
                 WIRE_OK);
        CHECK_EQ(wire_decode(octets, out.length, WIRE_CHECK, &packet), WIRE_OK);
        CHECK_EQ(packet.segment.options, segment.options);
        CHECK_EQ(packet.segment.ts_val, 7);
        CHECK_EQ(packet.segment.timeout, 60);
        CHECK(packet.segment.len == 5 && memcmp(packet.text, "hello", 5) == 0);
    }
    check_about(NULL);
}

// MUST-48, MUST-49, SHLD-22, the wire's part: each packet has the Diffserv field and the time to live that its sender
// gives, and its receiver sees the former. What programs say is in tests/test_pcap.c:check_ip_fields.
static void test_diffserv_and_hop_limit(void) {
    for (unsigned i = 0; i < VERSIONS; i++)
        for (unsigned value = 0; value <= UINT8_MAX; value++) {
            uint8_t octets[100];
            struct wire_buffer out = {octets, sizeof octets, 0};
            struct wire_packet packet;
            const struct tcp_segment segment = {.seq = 100 + value, .flags = TCP_ACK};
            const struct wire_ip ip = {.hop_limit = (uint8_t)value, .traffic_class = (uint8_t)(UINT8_MAX - value)};
            check_about("IPv%u, %u", ends[i].version, value);
            CHECK_EQ(wire_encode_tcp(&ends[i], ip, WIRE_LAYOUT_RFC9293, &segment, NULL, &out), WIRE_OK);
            uint8_t time_to_live = i == 0 ? octets[8] : octets[7];
            unsigned traffic_class = i == 0 ? octets[1] : ((unsigned)octets[0] << 4 | octets[1] >> 4) & 0xffu;
            CHECK_EQ(time_to_live, value == 0 ? WIRE_HOP_LIMIT : value);
            CHECK_EQ(traffic_class, UINT8_MAX - value);
            CHECK_EQ(wire_decode(octets, out.length, WIRE_CHECK, &packet), WIRE_OK);
            CHECK_EQ(packet.ip.traffic_class, UINT8_MAX - value);
        }
    check_about(NULL);
}

int main(void) {
    test_options_with_any_flags();
    test_diffserv_and_hop_limit();
    return check_result();
}
