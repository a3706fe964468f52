// Profiles against what is known of the systems: the options of their SYNs and SYN,ACKs as they stand on the wire,
// their windows, and when they repeat a SYN and give up. What each value does is tests/test_core_habits.c's matter.
#include <stdlib.h>

#include "core/wire.h"
#include "sim/host/profile.h"
#include "tests/check.h"

enum { LIST = 256 };

static const unsigned SACK = TCP_OPTION_SACK_PERMITTED;
static const unsigned SCALE = TCP_OPTION_WINDOW_SCALE;
static const unsigned STAMPS = TCP_OPTION_TIMESTAMPS;

// "mss 1460,sackOK,TS,nop,wscale 10"
static void list_options(const uint8_t *octets, size_t length, char text[LIST]) {
    size_t end = 0;
    text[0] = '\0';
    for (size_t at = 0; at < length; at += octets[at] < 2 ? 1 : octets[at + 1]) {
        const char *comma = end > 0 ? "," : "";
        switch (octets[at]) {
        case 0: end += (size_t)snprintf(text + end, LIST - end, "%seol", comma); break;
        case 1: end += (size_t)snprintf(text + end, LIST - end, "%snop", comma); break;
        case 2:
            end += (size_t)snprintf(text + end, LIST - end, "%smss %d", comma, octets[at + 2] << 8 | octets[at + 3]);
            break;
        case 3: end += (size_t)snprintf(text + end, LIST - end, "%swscale %d", comma, octets[at + 2]); break;
        case 4: end += (size_t)snprintf(text + end, LIST - end, "%ssackOK", comma); break;
        case 5: end += (size_t)snprintf(text + end, LIST - end, "%ssack", comma); break;
        case 8: end += (size_t)snprintf(text + end, LIST - end, "%sTS", comma); break;
        default: end += (size_t)snprintf(text + end, LIST - end, "%s%d", comma, octets[at]); break;
        }
        if (octets[at] >= 2 && !CHECK(octets[at + 1] >= 2)) return;
    }
}

static void list_segment(const struct host_options *host, const struct tcp_segment *segment, char text[LIST]) {
    uint8_t octets[WIRE_OPTIONS];
    list_options(octets, wire_options(host->layout, segment, octets), text);
}

// The first segment of the step.
static struct tcp_segment segment_of(const struct tcp_effects *effects) {
    for (uint32_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == TCP_EFFECT_SEGMENT) return effects->list[i].segment;
    CHECK(effects->count > effects->count);
    return (struct tcp_segment){.seq = 0};
}

static struct host_options host_like(const char *name) {
    struct host_options host = {.name = "host"};
    enum profile profile = PROFILE_RFC9293;
    check_about("%s", name);
    CHECK(profile_by_name(name, &profile));
    CHECK_STR(profile_name(profile), name);
    profile_apply(profile, &host);
    return host;
}

static struct tcp_segment open_with(const struct host_options *host, struct tcp_connection *tcp, uint16_t mss) {
    struct tcp_event event = {.kind = TCP_OPEN_ACTIVE};
    event.incarnation = (struct tcp_incarnation){.source = 1, .iss_given = true, .iss = 1000, .mss = mss};
    struct tcp_effects effects;
    memset(tcp, 0, sizeof *tcp);
    tcp_step(&host->tcp, tcp, &event, 0, &effects);
    return segment_of(&effects);
}

// The SYN,ACK for a SYN with these options.
static struct tcp_segment answer_to(const struct host_options *host, unsigned options) {
    struct tcp_connection tcp;
    struct tcp_effects effects;
    struct tcp_event event = {.kind = TCP_OPEN_PASSIVE};
    event.incarnation = (struct tcp_incarnation){.source = 1, .iss_given = true, .iss = 1000, .mss = 1460};
    memset(&tcp, 0, sizeof tcp);
    tcp_step(&host->tcp, &tcp, &event, 0, &effects);
    event.kind = TCP_SEGMENT_ARRIVES;
    event.segment =
        (struct tcp_segment){.seq = 5000, .wnd = 65535, .mss = 1460, .flags = TCP_SYN, .ts_val = 7, .scale = 2};
    event.segment.options = (uint8_t)(TCP_OPTION_MSS | options);
    tcp_step(&host->tcp, &tcp, &event, 0, &effects);
    return segment_of(&effects);
}

// ---- SYNs and SYN,ACKs ---------------------------------------------------------------------------------------------

// What a host sends that offers `options`, and what the same host, offering all that it knows, answers to a SYN with
// them.
struct layout {
    const char *profile;
    unsigned options;
    const char *syn;
    const char *syn_ack;
};

static void check_layouts(void) {
    const struct layout layouts[] = {
        {"linux", SACK | STAMPS | SCALE, "mss 1460,sackOK,TS,nop,wscale 10", "mss 1460,sackOK,TS,nop,wscale 10"},
        {"linux", SACK | SCALE, "mss 1460,nop,nop,sackOK,nop,wscale 10", "mss 1460,nop,nop,sackOK,nop,wscale 10"},
        {"linux", SCALE, "mss 1460,nop,wscale 10", "mss 1460,nop,wscale 10"},
        {"linux", SACK, "mss 1460,nop,nop,sackOK", "mss 1460,nop,nop,sackOK"},
        {"linux", SACK | STAMPS, "mss 1460,sackOK,TS", "mss 1460,sackOK,TS"},
        {"linux", 0, "mss 1460", "mss 1460"},
        {"freebsd", SACK | STAMPS | SCALE, "mss 1460,nop,wscale 6,sackOK,TS", "mss 1460,nop,wscale 6,sackOK,TS"},
        {"freebsd", STAMPS | SCALE, "mss 1460,nop,wscale 6,nop,nop,TS", "mss 1460,nop,wscale 6,nop,nop,TS"},
        {"freebsd", SACK, "mss 1460,sackOK,eol,eol", "mss 1460,sackOK,eol,eol"},
        {"freebsd", 0, "mss 1460", "mss 1460"},
        {"rfc9293", 0, "mss 1460", "mss 1460"},
    };
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        const struct layout *layout = &layouts[i];
        struct host_options host = host_like(layout->profile);
        char text[LIST];
        struct tcp_segment segment = answer_to(&host, layout->options);
        check_about("%s, options 0x%x", layout->profile, layout->options);
        CHECK_EQ(segment.flags, TCP_SYN | TCP_ACK);
        list_segment(&host, &segment, text);
        CHECK_STR(text, layout->syn_ack);
        host.tcp.options = (uint8_t)layout->options;
        struct tcp_connection tcp;
        segment = open_with(&host, &tcp, 1460);
        list_segment(&host, &segment, text);
        CHECK_STR(text, layout->syn);
    }
}

static void check_later_segments(void) {
    const struct tcp_segment stamped = {.flags = TCP_ACK, .options = TCP_OPTION_TIMESTAMPS};
    const struct tcp_segment blocked = {.flags = TCP_ACK, .options = TCP_OPTION_SACK, .blocks = 1};
    struct host_options host = host_like("freebsd");
    char text[LIST];
    list_segment(&host, &stamped, text);
    CHECK_STR(text, "nop,nop,TS");
    list_segment(&host, &blocked, text);
    CHECK_STR(text, "nop,nop,sack");
}

// ---- Windows
// ---------------------------------------------------------------------------------------------------------

static void check_first_window(const char *profile, uint16_t mss, unsigned window) {
    struct host_options host = host_like(profile);
    struct tcp_connection tcp;
    CHECK_EQ(open_with(&host, &tcp, mss).wnd, window);
}

// The SYN,ACK of a peer that can do nothing but MSS.
static void check_plain_window(const char *profile, uint16_t mss, unsigned field, unsigned window) {
    struct host_options host = host_like(profile);
    struct tcp_connection tcp;
    struct tcp_effects effects;
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES};
    open_with(&host, &tcp, mss);
    event.segment =
        (struct tcp_segment){.seq = 5000, .ack = 1001, .wnd = 65535, .mss = mss, .flags = TCP_SYN | TCP_ACK};
    event.segment.options = TCP_OPTION_MSS;
    tcp_step(&host.tcp, &tcp, &event, 1000000, &effects);
    CHECK_EQ(tcp.state, TCP_ESTABLISHED);
    CHECK_EQ(segment_of(&effects).wnd, field);
    CHECK_EQ(tcp.rcv_wnd, window);
}

static void check_windows(void) {
    check_first_window("rfc9293", 1460, 65535);
    check_first_window("linux", 1460, 64240);
    check_first_window("linux", 1440, 64800);
    check_first_window("freebsd", 1460, 65535);
    check_plain_window("rfc9293", 1460, 65535, 65535);
    check_plain_window("linux", 1460, 64240, 64240);
    check_plain_window("freebsd", 1460, 65535, 65700);
    check_plain_window("freebsd", 1440, 65535, 66240);
}

// ---- SYNs that nobody answers
// ----------------------------------------------------------------------------------------

// Milliseconds at which a SYN that is lost is sent again, and the one at which the OPEN ends, 0 behind it.
static void check_schedule(const char *profile, const unsigned *times) {
    struct host_options host = host_like(profile);
    struct tcp_connection tcp;
    struct tcp_effects effects;
    open_with(&host, &tcp, 1460);
    for (unsigned at = 0; times[at] != 0; at++) {
        struct tcp_event event = {.kind = TCP_STATUS};
        uint64_t deadline = tcp_deadline(&host.tcp, &tcp, &event.kind);
        CHECK_EQ(deadline, times[at] * UINT64_C(1000000));
        CHECK_EQ(event.kind, times[at + 1] != 0 ? TCP_RETRANSMISSION_TIMEOUT : TCP_R2_TIMEOUT);
        tcp_step(&host.tcp, &tcp, &event, deadline, &effects);
        if (times[at + 1] != 0) CHECK_EQ(segment_of(&effects).flags & (TCP_SYN | TCP_ACK), TCP_SYN);
    }
    CHECK_EQ(tcp.state, TCP_CLOSED);
}

static void check_schedules(void) {
    static const unsigned rfc[] = {1000, 3000, 7000, 15000, 31000, 63000, 123000, 180000, 0};
    static const unsigned linux_times[] = {1000, 2000, 3000, 4000, 5000, 7000, 11000, 19000, 35000, 67000, 131000, 0};
    static const unsigned freebsd[] = {1000, 3200, 7400, 15600, 31800, 64000, 75000, 0};
    check_schedule("rfc9293", rfc);
    check_schedule("linux", linux_times);
    check_schedule("freebsd", freebsd);
}

// ---- The rest of the table
// -------------------------------------------------------------------------------------------

static void check_default(void) {
    struct host_options host = host_like("linux");
    profile_apply(PROFILE_RFC9293, &host);  // leaves nothing behind
    const struct tcp_config plain = tcp_config_default();
    CHECK(memcmp(&host.tcp.without, &plain.without, sizeof plain.without) == 0);
    CHECK_EQ(host.tcp.options, plain.options);
    CHECK_EQ(host.tcp.msl, plain.msl);
    CHECK_EQ(host.tcp.rounding, plain.rounding);
    CHECK_EQ(host.layout, WIRE_LAYOUT_RFC9293);
    CHECK(!host.syn_sent_refuses);
}

static void check_without(void) {
    struct host_options host = host_like("freebsd");
    CHECK(tcp_rule_set_has(&host.tcp.without, TCP_RULE_RST_ENDS_TIME_WAIT));
    host = host_like("linux");
    CHECK(!tcp_rule_set_has(&host.tcp.without, TCP_RULE_RST_ENDS_TIME_WAIT));
    CHECK_STR(profile_name(PROFILES), "?");
    enum profile profile;
    CHECK(!profile_by_name("plan9", &profile));
}

int main(void) {
    check_layouts();
    check_later_segments();
    check_windows();
    check_schedules();
    check_default();
    check_without();
    return check_result();
}
