// The wire codec: known packets in both directions, every error by its name, identity over a sweep of segments, and
// every truncation and change of an octet.
#include <stdlib.h>

#include "core/wire.h"
#include "tests/check.h"
#include "tests/oracle_wire.h"
#include "tests/wire_seeds.h"

static const struct wire_endpoints ends4 = {
    .version = 4,
    .source = {192, 0, 2, 1},
    .destination = {198, 51, 100, 2},
    .source_port = 40000,
    .destination_port = 80,
};
static const struct wire_endpoints ends6 = {
    .version = 6,
    .source = {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
    .destination = {0x20, 0x01, 0x0d, 0xb8, [7] = 1, [15] = 2},
    .source_port = 40000,
    .destination_port = 80,
};
static const struct wire_ip usual = {.identification = 0x1234, .hop_limit = 64};
static const struct wire_ip marked = {.identification = 0x1234, .hop_limit = 7, .traffic_class = 0xb8};

// ---------------------------------------------------------------------------------------------------------------

// RFC 1071 section 3's example, an IPv4 header from a textbook, and lengths that are odd or nothing.
static void checksums(void) {
    static const uint8_t example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    static const uint8_t header[] = {0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                                     0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};
    CHECK_EQ(wire_checksum(example, sizeof example), 0x220d);
    CHECK_EQ(wire_checksum(header, sizeof header), 0);
    CHECK_EQ(wire_checksum(example, 3), 0x0dfe);
    CHECK_EQ(wire_checksum(example, 0), 0xffff);
    static uint8_t ones[65535];
    memset(ones, 0xff, sizeof ones);
    CHECK_EQ(wire_checksum(ones, sizeof ones), 0x00ff);
}

static void names(void) {
    for (int error = 0; error < WIRE_ERRORS; error++) {
        check_about("error %d", error);
        CHECK(strlen(wire_error_name((enum wire_error)error)) > 1);
        CHECK(strlen(wire_error_text((enum wire_error)error, 0)) > 1);
        CHECK(strlen(wire_error_text((enum wire_error)error, 1)) > 1);
        for (int other = 0; other < error; other++)
            CHECK(strcmp(wire_error_name((enum wire_error)error), wire_error_name((enum wire_error)other)) != 0);
    }
    check_about(NULL);
    CHECK_STR(wire_error_name(WIRE_TCP_CHECKSUM), "tcp-checksum");
    CHECK_STR(wire_error_text(WIRE_TCP_CHECKSUM, 0), "wrong TCP checksum");
    CHECK_STR(wire_error_name((enum wire_error)WIRE_ERRORS), "?");
    CHECK_STR(wire_error_text((enum wire_error)WIRE_ERRORS, 0), "?");
    CHECK_STR(wire_error_text(WIRE_OK, TCP_LANGUAGES), "?");
}

// Each seed is decoded to what its row says, in an allocation of its own length; and no error is without a seed but
// those that only encoding gives.
static void seeds(void) {
    bool seen[WIRE_ERRORS] = {[WIRE_ICMP_NO_MESSAGE] = true, [WIRE_TOO_LONG] = true, [WIRE_NO_ROOM] = true};
    for (size_t i = 0; i < WIRE_SEEDS; i++) {
        const struct wire_seed *seed = &wire_seeds[i];
        uint8_t octets[WIRE_SEED_MAX];
        size_t length = wire_seed_octets(seed, octets);
        struct wire_packet packet;
        check_about("%s", seed->name);
        CHECK_STR(wire_error_name(wire_decode(octets, length, WIRE_CHECK, &packet)), wire_error_name(seed->error));
        CHECK_STR(wire_error_name(packet.fault), wire_error_name(seed->fault));
        seen[seed->error] = seen[seed->fault] = true;
    }
    for (int error = 0; error < WIRE_ERRORS; error++) {
        check_about("error %s", wire_error_name((enum wire_error)error));
        CHECK(seen[error]);
    }
    struct wire_packet packet;
    check_about("nothing");
    CHECK_EQ(wire_decode(NULL, 0, WIRE_CHECK, &packet), WIRE_EMPTY);
    check_about(NULL);
}

// ---------------------------------------------------------------------------------------------------------------

static uint8_t seed_octets[WIRE_SEED_MAX];  // the packet points into it

static struct wire_packet decoded(const char *name, enum wire_checksums checksums) {
    struct wire_packet packet = {.length = 0};
    const struct wire_seed *seed = wire_seed_by_name(name);
    check_about("%s", name);
    if (CHECK(seed != NULL))
        CHECK_EQ(wire_decode(seed_octets, wire_seed_octets(seed, seed_octets), checksums, &packet), WIRE_OK);
    return packet;
}

// The segment is encoded to the seed of that name, octet for octet, and decoded again to itself.
static void known(const char *name, enum wire_layout layout, const struct wire_endpoints *ends, struct wire_ip ip,
                  struct tcp_segment segment, const char *text) {
    uint8_t octets[WIRE_SEED_MAX];
    struct wire_buffer out = {octets, sizeof octets, 0};
    struct wire_packet packet = decoded(name, WIRE_CHECK);
    const uint8_t *bytes = text == NULL ? NULL : (const uint8_t *)text;
    CHECK_EQ(wire_encode_tcp(ends, ip, layout, &segment, bytes, &out), WIRE_OK);
    CHECK_EQ(out.length, wire_length(ends->version, layout, &segment));
    CHECK(packet.length == out.length && memcmp(octets, seed_octets, out.length) == 0);
    CHECK(memcmp(&packet.ends, ends, sizeof *ends) == 0);
    CHECK(oracle_wire_same(&packet.segment, &segment));
    CHECK_EQ(packet.ip.identification, ends->version == 4 ? ip.identification : 0);
    CHECK_EQ(packet.ip.hop_limit, ip.hop_limit);
    CHECK_EQ(packet.ip.traffic_class, ip.traffic_class);
    CHECK_EQ(packet.wrong, 0);
    CHECK_EQ(packet.icmp.kind, TCP_ICMP_NONE);
    CHECK((packet.text == NULL) == (text == NULL));
    if (text != NULL && packet.text != NULL) CHECK(memcmp(packet.text, text, segment.len) == 0);
}

static struct tcp_segment plain(uint8_t flags) {
    struct tcp_segment segment;
    memset(&segment, 0, sizeof segment);
    segment.seq = (flags & TCP_SYN) != 0 ? 100 : 101;
    segment.ack = (flags & TCP_ACK) != 0 ? 301 : 0;
    segment.wnd = 65535;
    segment.flags = flags;
    return segment;
}

static struct tcp_segment full_syn(uint16_t wnd, uint8_t scale) {
    struct tcp_segment segment = plain(TCP_SYN);
    segment.wnd = wnd;
    segment.options = TCP_OPTION_MSS | TCP_OPTION_SACK_PERMITTED | TCP_OPTION_TIMESTAMPS | TCP_OPTION_WINDOW_SCALE;
    segment.mss = 1460;
    segment.scale = scale;
    segment.ts_val = 1000;
    return segment;
}

static void known_segments(void) {
    struct tcp_segment syn = plain(TCP_SYN);
    syn.options = TCP_OPTION_MSS;
    syn.mss = 1460;
    known("ipv4-syn", WIRE_LAYOUT_RFC9293, &ends4, usual, syn, NULL);
    syn.mss = 1440;
    known("ipv6-syn", WIRE_LAYOUT_RFC9293, &ends6, usual, syn, NULL);
    known("ipv4-syn-linux", WIRE_LAYOUT_LINUX, &ends4, usual, full_syn(64240, 10), NULL);
    known("ipv4-syn-freebsd", WIRE_LAYOUT_FREEBSD, &ends4, usual, full_syn(65535, 6), NULL);

    struct tcp_segment text = plain(TCP_PSH | TCP_ACK);
    text.len = 5;
    known("ipv4-text", WIRE_LAYOUT_LINUX, &ends4, marked, text, "hello");
    known("ipv6-text", WIRE_LAYOUT_FREEBSD, &ends6, marked, text, "hello");

    struct tcp_segment sack = plain(TCP_ACK);
    sack.options = TCP_OPTION_SACK;
    sack.blocks = 4;
    sack.sack[0] = (struct tcp_block){501, 601};
    sack.sack[1] = (struct tcp_block){701, 801};
    sack.sack[2] = (struct tcp_block){901, 1001};
    sack.sack[3] = (struct tcp_block){0xffffff00, 16};
    known("ipv4-sack-of-four", WIRE_LAYOUT_RFC9293, &ends4, usual, sack, NULL);
    sack.options |= TCP_OPTION_TIMESTAMPS;
    sack.ts_val = 1001;
    sack.ts_ecr = 2002;
    sack.blocks = 3;
    sack.sack[3] = (struct tcp_block){0, 0};
    for (int layout = 0; layout < WIRE_LAYOUTS; layout++)
        known("ipv4-sack-beside-timestamps", (enum wire_layout)layout, &ends4, usual, sack, NULL);

    struct tcp_segment every = plain(0xff);
    every.seq = every.ack = 0xffffffff;
    every.up = 9;
    every.len = 1;
    known("ipv4-every-flag", WIRE_LAYOUT_LINUX, &ends4, usual, every, "x");
}

// What IP carries around the segment is left out, and what has no meaning in it is 0.
static void around_the_segment(void) {
    static const char *const plain_acks[] = {"ipv4-ip-options", "ipv4-ethernet-padding", "ipv4-reserved-bits",
                                             "ipv6-extensions", "ipv6-ethernet-padding"};
    struct tcp_segment ack = plain(TCP_ACK);
    for (size_t i = 0; i < sizeof plain_acks / sizeof *plain_acks; i++) {
        struct wire_packet packet = decoded(plain_acks[i], WIRE_CHECK);
        CHECK(oracle_wire_same(&packet.segment, &ack));
        CHECK(packet.text == NULL);
        CHECK(memcmp(&packet.ends, packet.ends.version == 4 ? &ends4 : &ends6, sizeof ends4) == 0);
    }
    CHECK_EQ(decoded("ipv4-ethernet-padding", WIRE_CHECK).length, 40);
    CHECK_EQ(decoded("ipv6-ethernet-padding", WIRE_CHECK).length, 60);
    CHECK_EQ(decoded("ipv6-extensions", WIRE_CHECK).length, 100);
    struct wire_packet none = decoded("ipv4-no-flag", WIRE_CHECK);
    CHECK_EQ(none.segment.ack, 0);
    CHECK_EQ(none.segment.up, 0);
}

// Wrong checksums are let pass and named when that is asked for.
static void reported_checksums(void) {
    CHECK_EQ(decoded("error-ipv4-checksum", WIRE_REPORT).wrong, WIRE_WRONG_IP);
    CHECK_EQ(decoded("error-tcp-checksum", WIRE_REPORT).wrong, WIRE_WRONG_TCP);
    CHECK_EQ(decoded("error-tcp-checksum", WIRE_REPORT).segment.seq, 100);
    CHECK_EQ(decoded("error-ipv6-tcp-checksum", WIRE_REPORT).wrong, WIRE_WRONG_TCP);
    CHECK_EQ(decoded("error-icmpv4-checksum", WIRE_REPORT).wrong, WIRE_WRONG_ICMP);
    CHECK_EQ(decoded("error-icmpv6-checksum", WIRE_REPORT).wrong, WIRE_WRONG_ICMP);
    CHECK_EQ(decoded("ipv4-syn", WIRE_REPORT).wrong, 0);
}

// ---------------------------------------------------------------------------------------------------------------

// The longest segments that IP has room for, and one octet more; and a buffer one octet too small.
static void limits(void) {
    static uint8_t text[65536], octets[WIRE_LONGEST];
    struct tcp_segment segment = plain(TCP_ACK);
    struct wire_buffer out = {octets, sizeof octets, 0};
    struct wire_packet packet;
    memset(text, 0xa5, sizeof text);
    for (int version = 4; version <= 6; version += 2) {
        const struct wire_endpoints *ends = version == 4 ? &ends4 : &ends6;
        check_about("IPv%d", version);
        segment.len = version == 4 ? 65495 : 65515;
        CHECK_EQ(wire_encode_tcp(ends, usual, WIRE_LAYOUT_LINUX, &segment, text, &out), WIRE_OK);
        CHECK_EQ(out.length, version == 4 ? 65535 : 65575);
        CHECK_EQ(wire_decode(octets, out.length, WIRE_CHECK, &packet), WIRE_OK);
        CHECK(packet.segment.len == segment.len && memcmp(packet.text, text, segment.len) == 0);
        segment.len++;
        CHECK_EQ(wire_encode_tcp(ends, usual, WIRE_LAYOUT_LINUX, &segment, text, &out), WIRE_TOO_LONG);
        CHECK_EQ(out.length, 0);
        segment.len = 9;
        out.capacity = wire_length(ends->version, WIRE_LAYOUT_LINUX, &segment);
        CHECK_EQ(wire_encode_tcp(ends, usual, WIRE_LAYOUT_LINUX, &segment, text, &out), WIRE_OK);
        octets[0] = 0;
        out.capacity--;
        CHECK_EQ(wire_encode_tcp(ends, usual, WIRE_LAYOUT_LINUX, &segment, text, &out), WIRE_NO_ROOM);
        CHECK_EQ(out.length, 0);
        CHECK_EQ(octets[0], 0);
        out.capacity = sizeof octets;
    }
    check_about(NULL);
    CHECK_EQ(wire_text_mss(4, 1500), 1460);
    CHECK_EQ(wire_text_mss(6, 1500), 1440);
    CHECK_EQ(wire_text_mss(4, 40), 0);
    CHECK_EQ(wire_text_mss(6, 0), 0);
}

// A hop limit of 0 is the usual one.
static void usual_hop_limit(void) {
    uint8_t octets[80];
    struct wire_buffer out = {octets, sizeof octets, 0};
    struct tcp_segment segment = plain(TCP_ACK);
    struct wire_packet packet;
    CHECK_EQ(wire_encode_tcp(&ends6, (struct wire_ip){0}, WIRE_LAYOUT_LINUX, &segment, NULL, &out), WIRE_OK);
    CHECK_EQ(wire_decode(octets, out.length, WIRE_CHECK, &packet), WIRE_OK);
    CHECK_EQ(packet.ip.hop_limit, WIRE_HOP_LIMIT);
}

// ---------------------------------------------------------------------------------------------------------------
// Sweeps

static uint64_t draws;

static uint32_t draw(void) {
    draws ^= draws << 13;
    draws ^= draws >> 7;
    draws ^= draws << 17;
    return (uint32_t)(draws >> 32);
}

static void draw_options(struct tcp_segment *segment) {
    bool syn = (segment->flags & TCP_SYN) != 0;
    segment->options = (uint8_t)(draw() & (TCP_OPTION_TIMESTAMPS | TCP_OPTION_USER_TIMEOUT));
    if (syn)
        segment->options |= (uint8_t)(draw() & (TCP_OPTION_MSS | TCP_OPTION_WINDOW_SCALE | TCP_OPTION_SACK_PERMITTED |
                                                TCP_OPTION_FAST_OPEN));
    else
        segment->options |= (uint8_t)(draw() & TCP_OPTION_SACK);
    if ((segment->options & TCP_OPTION_FAST_OPEN) != 0) {
        static const uint8_t lengths[] = {0, 4, 6, 8, 10, 12, 14, 16};
        segment->cookie_len = lengths[draw() % 8];
        if (segment->cookie_len == 16) segment->options &= (uint8_t)~TCP_OPTION_USER_TIMEOUT;
        for (size_t i = 0; i < segment->cookie_len; i++)
            segment->cookie[i] = (uint8_t)draw();
    }
    bool timestamps = (segment->options & TCP_OPTION_TIMESTAMPS) != 0;
    bool timeout = (segment->options & TCP_OPTION_USER_TIMEOUT) != 0;
    if ((segment->options & TCP_OPTION_MSS) != 0) segment->mss = (uint16_t)draw();
    if ((segment->options & TCP_OPTION_WINDOW_SCALE) != 0) segment->scale = (uint8_t)draw();
    if (timestamps) segment->ts_val = draw();
    if (timestamps && (segment->flags & TCP_ACK) != 0) segment->ts_ecr = draw();
    if (timeout) segment->timeout = (uint16_t)draw();
    if ((segment->options & TCP_OPTION_SACK) != 0) {
        uint32_t most = !timestamps ? 4 : timeout ? 2 : 3;
        segment->blocks = (uint8_t)(1 + draw() % most);
        for (size_t i = 0; i < segment->blocks; i++)
            segment->sack[i] = (struct tcp_block){draw(), draw()};
    }
}

static struct tcp_segment draw_segment(uint32_t len) {
    struct tcp_segment segment;
    memset(&segment, 0, sizeof segment);
    segment.flags = (uint8_t)draw();
    segment.seq = draw();
    segment.wnd = (uint16_t)draw();
    segment.len = len;
    if ((segment.flags & TCP_ACK) != 0) segment.ack = draw();
    if ((segment.flags & TCP_URG) != 0) segment.up = (uint16_t)draw();
    draw_options(&segment);
    return segment;
}

// Any segment that core/tcp.h describes comes back from the wire as it was.
static void identity(void) {
    static uint8_t text[64], octets[512];
    draws = UINT64_C(0x9e3779b97f4a7c15);
    for (int turn = 0; turn < 60000; turn++) {
        check_about("turn %d", turn);
        struct wire_endpoints ends = {.version = turn % 2 == 0 ? 4 : 6};
        for (size_t i = 0; i < (ends.version == 4 ? 4 : 16); i++) {
            ends.source[i] = (uint8_t)draw();
            ends.destination[i] = (uint8_t)draw();
        }
        ends.source_port = (uint16_t)draw();
        ends.destination_port = (uint16_t)draw();
        struct tcp_segment segment = draw_segment(draw() % sizeof text);
        for (size_t i = 0; i < segment.len; i++)
            text[i] = (uint8_t)draw();
        struct wire_ip ip = {ends.version == 4 ? (uint16_t)draw() : 0, (uint8_t)(draw() % 255 + 1), (uint8_t)draw()};
        struct wire_buffer out = {octets, sizeof octets, 0};
        struct wire_packet packet;
        CHECK_EQ(wire_encode_tcp(&ends, ip, (enum wire_layout)(draw() % WIRE_LAYOUTS), &segment, text, &out), WIRE_OK);
        CHECK_EQ(wire_decode(octets, out.length, WIRE_CHECK, &packet), WIRE_OK);
        CHECK_EQ(packet.fault, WIRE_OK);
        CHECK(oracle_wire_same(&packet.segment, &segment));
        CHECK(memcmp(&packet.ends, &ends, sizeof ends) == 0);
        CHECK(memcmp(&packet.ip, &ip, sizeof ip) == 0);
        CHECK(segment.len == 0 || memcmp(packet.text, text, segment.len) == 0);
    }
    check_about(NULL);
}

// In an allocation of its own length, so that a sanitizer sees a read beyond it.
static void keeps_its_promises(const uint8_t *octets, size_t length) {
    uint8_t *copy = malloc(length == 0 ? 1 : length);
    if (!CHECK(copy != NULL)) return;
    memcpy(copy, octets, length);
    CHECK_STR(oracle_wire(copy, length), NULL);
    free(copy);
}

// Every truncation, and every change of one octet to every other value in what holds lengths and types: the 80 octets
// in front; later ones by each bit.
static void truncations_and_changes(void) {
    for (size_t i = 0; i < WIRE_SEEDS; i++) {
        uint8_t octets[WIRE_SEED_MAX];
        size_t length = wire_seed_octets(&wire_seeds[i], octets);
        for (size_t cut = 0; cut <= length; cut++) {
            check_about("%s, its first %zu octets", wire_seeds[i].name, cut);
            keeps_its_promises(octets, cut);
        }
        for (size_t at = 0; at < length; at++) {
            uint8_t before = octets[at];
            for (unsigned value = 0; value < 256; value++) {
                unsigned change = value ^ before;
                if (at >= 80 && (change & (change - 1)) != 0) continue;
                octets[at] = (uint8_t)value;
                check_about("%s, octet %zu is %u", wire_seeds[i].name, at, value);
                keeps_its_promises(octets, length);
            }
            octets[at] = before;
        }
    }
    check_about(NULL);
}

// No change of a single bit of a packet without padding passes for it: IPv4's own checksum covers its header, TCP's the
// rest.
static void changes_are_caught(void) {
    static const char *const names[] = {"ipv4-text", "ipv4-syn-linux", "ipv4-every-flag"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        uint8_t octets[WIRE_SEED_MAX];
        size_t length = wire_seed_octets(wire_seed_by_name(names[i]), octets);
        for (size_t bit = 0; bit < 8 * length; bit++) {
            struct wire_packet packet;
            check_about("%s, bit %zu", names[i], bit);
            octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
            enum wire_error error = wire_decode(octets, length, WIRE_CHECK, &packet);
            CHECK(error != WIRE_OK);
            if (bit >= 8 * (size_t)WIRE_IPV4_HEADER) CHECK_EQ(error, WIRE_TCP_CHECKSUM);
            octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    check_about(NULL);
}

int main(void) {
    checksums();
    names();
    seeds();
    known_segments();
    around_the_segment();
    reported_checksums();
    limits();
    usual_hop_limit();
    identity();
    truncations_and_changes();
    changes_are_caught();
    return check_result();
}
