// TCP options on the wire: each profile's layouts octet for octet, what gives way where 40 octets are too few, and
// what is read from option lists of every kind.
#include "core/wire.h"
#include "tests/check.h"
#include "tests/wire_seeds.h"

enum {
    MSS = TCP_OPTION_MSS,
    SCALE = TCP_OPTION_WINDOW_SCALE,
    SACK_OK = TCP_OPTION_SACK_PERMITTED,
    SACK = TCP_OPTION_SACK,
    TS = TCP_OPTION_TIMESTAMPS,
    TIMEOUT = TCP_OPTION_USER_TIMEOUT,
    COOKIE = TCP_OPTION_FAST_OPEN,
};

// A segment with these options: MSS 1460, scale 7, timestamps 0x11223344 and 0x55667788, user timeout 0x8005, blocks
// [1,2) [3,4) [5,6) [7,8) or a cookie a0 a1 ...
static struct tcp_segment carrying(uint8_t flags, uint8_t options, uint8_t blocks, uint8_t cookie_len) {
    struct tcp_segment segment;
    memset(&segment, 0, sizeof segment);
    segment.flags = flags;
    segment.options = options;
    segment.mss = 1460;
    segment.scale = 7;
    segment.ts_val = 0x11223344;
    segment.ts_ecr = 0x55667788;
    segment.timeout = 0x8005;
    segment.blocks = blocks;
    segment.cookie_len = cookie_len;
    for (uint32_t i = 0; i < blocks; i++)
        segment.sack[i] = (struct tcp_block){2 * i + 1, 2 * i + 2};
    for (unsigned i = 0; i < cookie_len; i++)
        segment.cookie[i] = (uint8_t)(0xa0 + i);
    return segment;
}

// The octets in words: "mss", "nop", "ts", "sack2", "cookie8" ... with what follows the kind checked beside.
static void spell(const uint8_t *octets, size_t length, char *out, size_t size) {
    static const char *const names[256] = {[2] = "mss", [3] = "scale", [4] = "sackok", [8] = "ts", [28] = "timeout"};
    size_t used = 0;
    out[0] = '\0';
    for (size_t at = 0; at < length;) {
        uint8_t kind = octets[at];
        const char *comma = at == 0 ? "" : ",";
        if (kind <= 1) {
            used += (size_t)snprintf(out + used, size - used, "%s%s", comma, kind == 0 ? "eol" : "nop");
            at++;
            continue;
        }
        uint8_t whole = octets[at + 1];
        if (kind == 5)
            used += (size_t)snprintf(out + used, size - used, "%ssack%d", comma, whole / 8);
        else if (kind == 34)
            used += (size_t)snprintf(out + used, size - used, "%scookie%d", comma, whole - 2);
        else
            used += (size_t)snprintf(out + used, size - used, "%s%s", comma, names[kind] == NULL ? "?" : names[kind]);
        at += whole;
    }
}

static void laid_out(enum wire_layout layout, struct tcp_segment segment, const char *expected) {
    uint8_t octets[WIRE_OPTIONS];
    char text[400];
    size_t length = wire_options(layout, &segment, octets);
    check_about("layout %d, flags %02x, options %02x", layout, segment.flags, segment.options);
    CHECK(length <= WIRE_OPTIONS && length % 4 == 0);
    spell(octets, length, text, sizeof text);
    CHECK_STR(text, expected);
}

struct layout_case {
    uint8_t options, cookie_len;
    const char *expected;
};

static void syn_layouts(enum wire_layout layout, const struct layout_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        laid_out(layout, carrying(TCP_SYN, cases[i].options, 0, cases[i].cookie_len), cases[i].expected);
        laid_out(layout, carrying(TCP_SYN | TCP_ACK, cases[i].options, 0, cases[i].cookie_len), cases[i].expected);
    }
}

#define SYN_LAYOUTS(layout, cases) syn_layouts((layout), (cases), sizeof(cases) / sizeof *(cases))

static void layouts_of_syns(void) {
    static const struct layout_case rfc9293[] = {
        {0, 0, ""},
        {MSS, 0, "mss"},
        {MSS | SCALE, 0, "mss,nop,scale"},
        {MSS | SACK_OK, 0, "mss,nop,nop,sackok"},
        {MSS | TS, 0, "mss,nop,nop,ts"},
        {MSS | SACK_OK | TS, 0, "mss,sackok,ts"},
        {MSS | SCALE | SACK_OK, 0, "mss,nop,scale,nop,nop,sackok"},
        {MSS | SCALE | SACK_OK | TS, 0, "mss,nop,scale,sackok,ts"},
        {MSS | COOKIE, 0, "mss,cookie0,eol,eol"},
        {MSS | COOKIE, 8, "mss,cookie8,eol,eol"},
        {MSS | TIMEOUT, 0, "mss,timeout"},
        {MSS | COOKIE | TIMEOUT, 8, "mss,cookie8,nop,nop,timeout"},
        {MSS | SCALE | SACK_OK | TS | COOKIE, 16, "mss,nop,scale,sackok,ts,cookie16,eol,eol"},
    };
    static const struct layout_case gnu_linux[] = {
        {MSS, 0, "mss"},
        {MSS | SCALE, 0, "mss,nop,scale"},
        {MSS | SACK_OK, 0, "mss,nop,nop,sackok"},
        {MSS | TS, 0, "mss,nop,nop,ts"},
        {MSS | SACK_OK | TS, 0, "mss,sackok,ts"},
        {MSS | SCALE | SACK_OK, 0, "mss,nop,nop,sackok,nop,scale"},
        {MSS | SCALE | SACK_OK | TS, 0, "mss,sackok,ts,nop,scale"},
        {MSS | SCALE | SACK_OK | TS | COOKIE, 0, "mss,sackok,ts,nop,scale,cookie0,nop,nop"},
        {MSS | SCALE | SACK_OK | TS | COOKIE, 16, "mss,sackok,ts,nop,scale,cookie16,nop,nop"},
    };
    static const struct layout_case freebsd[] = {
        {0, 0, ""},
        {MSS, 0, "mss"},
        {MSS | SCALE, 0, "mss,nop,scale"},
        {MSS | SACK_OK, 0, "mss,sackok,eol,eol"},
        {MSS | SCALE | TS, 0, "mss,nop,scale,nop,nop,ts"},
        {MSS | SCALE | SACK_OK, 0, "mss,nop,scale,sackok,eol,eol"},
        {MSS | SCALE | SACK_OK | TS, 0, "mss,nop,scale,sackok,ts"},
        {MSS | SACK_OK | COOKIE, 8, "mss,sackok,cookie8"},
        {MSS | SCALE | SACK_OK | TS | COOKIE, 16, "mss,nop,scale,sackok,ts,cookie16,eol,eol"},
    };
    SYN_LAYOUTS(WIRE_LAYOUT_RFC9293, rfc9293);
    SYN_LAYOUTS(WIRE_LAYOUT_LINUX, gnu_linux);
    SYN_LAYOUTS(WIRE_LAYOUT_FREEBSD, freebsd);
}

// Of later segments: the three profiles agree.
static void layouts_of_later_segments(void) {
    for (int i = 0; i < WIRE_LAYOUTS; i++) {
        enum wire_layout layout = (enum wire_layout)i;
        laid_out(layout, carrying(TCP_ACK, 0, 0, 0), "");
        laid_out(layout, carrying(TCP_ACK, TS, 0, 0), "nop,nop,ts");
        laid_out(layout, carrying(TCP_ACK, SACK, 1, 0), "nop,nop,sack1");
        laid_out(layout, carrying(TCP_ACK, SACK, 4, 0), "nop,nop,sack4");
        laid_out(layout, carrying(TCP_ACK, TS | SACK, 3, 0), "nop,nop,ts,nop,nop,sack3");
        laid_out(layout, carrying(TCP_ACK, TIMEOUT, 0, 0), "timeout");
        laid_out(layout, carrying(TCP_ACK, TS | TIMEOUT, 0, 0), "nop,nop,ts,timeout");
    }
}

// Where 40 octets are too few, the last blocks give way, and a SYN's user timeout.
static void what_gives_way(void) {
    for (int i = 0; i < WIRE_LAYOUTS; i++) {
        enum wire_layout layout = (enum wire_layout)i;
        laid_out(layout, carrying(TCP_ACK, TS | SACK, 4, 0), "nop,nop,ts,nop,nop,sack3");
        laid_out(layout, carrying(TCP_ACK, TS | SACK | TIMEOUT, 4, 0), "nop,nop,ts,nop,nop,sack2,timeout");
        laid_out(layout, carrying(TCP_ACK, SACK | TIMEOUT, 4, 0), "nop,nop,sack4,timeout");
        laid_out(layout, carrying(TCP_ACK, SACK, 0, 0), "");
        laid_out(layout, carrying(TCP_SYN, MSS | SACK, 2, 0), "mss");
        laid_out(layout, carrying(TCP_ACK, COOKIE, 0, 8), "");
        uint8_t octets[WIRE_OPTIONS];
        struct tcp_segment all = carrying(TCP_ACK, 0xff, 4, 0);
        CHECK_EQ(wire_options(layout, &all, octets), 36);
        all = carrying(TCP_SYN, 0xff, 0, 16);
        CHECK_EQ(wire_options(layout, &all, octets), 40);
        CHECK(octets[36] != 28);
    }
    laid_out(WIRE_LAYOUT_LINUX, carrying(TCP_SYN, MSS | SCALE | SACK_OK | TS | COOKIE | TIMEOUT, 0, 16),
             "mss,sackok,ts,nop,scale,cookie16,nop,nop");
    laid_out(WIRE_LAYOUT_RFC9293, carrying(TCP_SYN, MSS | SCALE | SACK_OK | TS | COOKIE | TIMEOUT, 0, 16),
             "mss,nop,scale,sackok,ts,cookie16,eol,eol");
    laid_out(WIRE_LAYOUT_FREEBSD, carrying(TCP_SYN, MSS | SCALE | SACK_OK | TS | COOKIE | TIMEOUT, 0, 14),
             "mss,nop,scale,sackok,ts,cookie14,timeout");
}

// What stands in the options, octet for octet: Linux' SYN,ACK, FreeBSD's SYN, and blocks beside timestamps.
static void contents(void) {
    static const uint8_t linux_syn_ack[] = {2,    4,    0x05, 0xb4, 4,    2,    8, 10, 0x11, 0x22,
                                            0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 1, 3,  3,    7};
    static const uint8_t freebsd_syn[] = {2, 4,  0x05, 0xb4, 1,    3,    3, 7, 4, 2,
                                          8, 10, 0x11, 0x22, 0x33, 0x44, 0, 0, 0, 0};
    static const uint8_t blocks[] = {28, 4, 0x80, 5};
    uint8_t octets[WIRE_OPTIONS];
    struct tcp_segment segment = carrying(TCP_SYN | TCP_ACK, MSS | SACK_OK | TS | SCALE, 0, 0);
    check_about(NULL);
    CHECK_EQ(wire_options(WIRE_LAYOUT_LINUX, &segment, octets), sizeof linux_syn_ack);
    CHECK(memcmp(octets, linux_syn_ack, sizeof linux_syn_ack) == 0);
    segment.flags = TCP_SYN;
    CHECK_EQ(wire_options(WIRE_LAYOUT_FREEBSD, &segment, octets), sizeof freebsd_syn);
    CHECK(memcmp(octets, freebsd_syn, sizeof freebsd_syn) == 0);
    segment = carrying(TCP_ACK, TIMEOUT, 0, 0);
    CHECK_EQ(wire_options(WIRE_LAYOUT_RFC9293, &segment, octets), sizeof blocks);
    CHECK(memcmp(octets, blocks, sizeof blocks) == 0);
    static const uint8_t sack[] = {1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4};
    segment = carrying(TCP_ACK, SACK, 2, 0);
    CHECK_EQ(wire_options(WIRE_LAYOUT_RFC9293, &segment, octets), sizeof sack);
    CHECK(memcmp(octets, sack, sizeof sack) == 0);
    static const uint8_t cookie[] = {34, 6, 0xa0, 0xa1, 0xa2, 0xa3, 1, 1};
    segment = carrying(TCP_SYN, COOKIE, 0, 4);
    CHECK_EQ(wire_options(WIRE_LAYOUT_LINUX, &segment, octets), sizeof cookie);
    CHECK(memcmp(octets, cookie, sizeof cookie) == 0);
}

// ---------------------------------------------------------------------------------------------------------------

static struct tcp_segment read_from(const char *name) {
    uint8_t octets[WIRE_SEED_MAX];
    struct wire_packet packet = {.length = 0};
    const struct wire_seed *seed = wire_seed_by_name(name);
    check_about("%s", name);
    if (CHECK(seed != NULL))
        CHECK_EQ(wire_decode(octets, wire_seed_octets(seed, octets), WIRE_CHECK, &packet), WIRE_OK);
    return packet.segment;
}

static void fast_open(void) {
    static const uint8_t cookie[TCP_COOKIE_LENGTH] = {0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7};
    struct tcp_segment segment;
    static const char *const requests[] = {"ipv4-fast-open-request", "ipv4-fast-open-experiment-request"};
    for (size_t i = 0; i < 2; i++) {
        segment = read_from(requests[i]);
        CHECK_EQ(segment.options, MSS | COOKIE);
        CHECK_EQ(segment.cookie_len, 0);
    }
    static const char *const names[] = {"ipv4-fast-open-cookie", "ipv4-fast-open-experiment"};
    for (size_t i = 0; i < 2; i++) {
        segment = read_from(names[i]);
        CHECK_EQ(segment.options, MSS | COOKIE);
        CHECK_EQ(segment.cookie_len, 8);
        CHECK(memcmp(segment.cookie, cookie, sizeof cookie) == 0);
        CHECK_EQ(segment.len, i == 0 ? 5 : 0);
    }
    // RFC 7413 section 4.1.1: with a length that none has, the option is ignored.
    CHECK_EQ(read_from("ipv4-fast-open-odd-cookie").options, 0);
    CHECK_EQ(read_from("ipv4-fast-open-short-cookie").options, 0);
    CHECK_EQ(read_from("ipv4-fast-open-long-cookie").options, 0);
    CHECK_EQ(read_from("ipv4-other-experiment").options, 0);
    // Nothing of the first cookie stays behind the last.
    segment = read_from("ipv4-cookie-repeated");
    CHECK_EQ(segment.cookie_len, 4);
    CHECK(segment.cookie[0] == 0xa4 && segment.cookie[3] == 0xa7 && segment.cookie[4] == 0);
}

static void unaligned_and_unknown(void) {
    struct tcp_segment segment = read_from("ipv4-options-unaligned");
    CHECK_EQ(segment.options, MSS | TS | SCALE | SACK_OK);
    CHECK_EQ(segment.mss, 1460);
    CHECK_EQ(segment.ts_val, 7);
    CHECK_EQ(segment.scale, 14);
    segment = read_from("ipv4-unknown-options");
    CHECK_EQ(segment.options, MSS);
    CHECK_EQ(segment.mss, 1460);
    segment = read_from("ipv4-user-timeout");
    CHECK_EQ(segment.options, TIMEOUT);
    CHECK_EQ(segment.timeout, 0x8005);
}

// The last of a repeated option counts; an option where it has no business doesn't.
static void repeated_and_misplaced(void) {
    CHECK_EQ(read_from("ipv4-options-repeated").mss, 1460);
    struct tcp_segment segment = read_from("ipv4-sack-repeated");
    CHECK_EQ(segment.blocks, 1);
    CHECK_EQ(segment.sack[0].begin, 901);
    CHECK_EQ(segment.sack[1].begin, 0);
    segment = read_from("ipv4-sack-on-syn");
    CHECK_EQ(segment.options, 0);
    CHECK_EQ(segment.blocks, 0);
    segment = read_from("ipv4-syn-options-on-ack");
    CHECK_EQ(segment.options, 0);
    CHECK_EQ(segment.mss, 0);
    CHECK_EQ(segment.scale, 0);
    CHECK_EQ(segment.cookie_len, 0);
}

// A length that can't be believed ends the list, and what stood before it counts; one that is only another kind's is
// stepped over.
static void malformed(void) {
    CHECK_EQ(read_from("ipv4-option-cut").options, MSS);
    CHECK_EQ(read_from("ipv4-option-length-0").options, MSS);
    CHECK_EQ(read_from("ipv4-option-length-1").options, 0);
    CHECK_EQ(read_from("ipv4-option-long").options, MSS);
    struct tcp_segment segment = read_from("ipv4-option-wrong-length");
    CHECK_EQ(segment.options, MSS);
    CHECK_EQ(segment.mss, 1460);
    CHECK_EQ(read_from("ipv4-option-two-faults").options, 0);
    CHECK_EQ(read_from("ipv4-sack-odd-length").options, 0);
    CHECK_EQ(read_from("ipv4-sack-empty").options, 0);
}

int main(void) {
    layouts_of_syns();
    layouts_of_later_segments();
    what_gives_way();
    contents();
    fast_open();
    unaligned_and_unknown();
    repeated_and_misplaced();
    malformed();
    return check_result();
}
