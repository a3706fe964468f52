// Requirements of RFC 9293 appendix B on the state machine, each where it can be seen alone. Which requirement is shown
// where is in core/ledger.def.
#include "tests/one_end.h"

// ---- The window as a number

// MUST-1: a window of 2^15 and more is large, not negative.
static void test_window_is_unsigned(void) {
    static const uint32_t windows[] = {0x7fff, 0x8000, 0xc000, 0xffff};
    for (unsigned i = 0; i < sizeof windows / sizeof *windows; i++) {
        struct end e;
        check_about("window %u", windows[i]);
        begin(&e);
        e.config.congestion_control = false;
        establish(&e);
        arrives(&e, window_of(&e, 0, windows[i]));
        CHECK_EQ(e.tcp.snd_wnd, windows[i]);
        call(&e, TCP_SEND, 100000);
        CHECK_EQ(sent_text(&e), windows[i] / MSS * MSS);
    }
    check_about(NULL);
}

// REC-1: 32 bits hold the largest window of RFC 7323, on both sides.
static void test_windows_of_30_bits(void) {
    struct end e;
    begin(&e);
    e.config.options = TCP_OPTION_WINDOW_SCALE;
    e.config.scale = TCP_WINDOW_SCALE_MAX;
    e.config.receive_buffer = UINT32_C(1) << 30;
    e.config.send_buffer = UINT32_C(1) << 30;
    e.config.congestion_control = false;
    open_actively(&e);
    struct tcp_segment answer = syn_ack();
    answer.options |= TCP_OPTION_WINDOW_SCALE;
    answer.scale = TCP_WINDOW_SCALE_MAX;
    arrives(&e, answer);
    arrives(&e, window_of(&e, 0, 0xffff));
    CHECK_EQ(e.tcp.snd_wnd, UINT32_C(0xffff) << 14);
    CHECK_EQ(e.tcp.rcv_wnd, UINT32_C(0xffff) << 14);
    CHECK_EQ(last(&e)->wnd, 0xffff);
    CHECK_EQ(sizeof e.tcp.snd_wnd, 4);
    CHECK_EQ(sizeof e.tcp.rcv_wnd, 4);
    forget(&e);
    call(&e, TCP_SEND, 500 * MSS);
    CHECK_EQ(sent_text(&e), 500 * MSS);
}

// SHLD-14: whatever arrives and however the user reads, the right edge never moves to the left.
static void test_window_never_shrinks(void) {
    struct end e;
    establish_with_defaults(&e);
    uint32_t edge = e.tcp.rcv_nxt + e.tcp.rcv_wnd, offset = 0;
    for (uint32_t i = 0; i < 200; i++) {
        uint32_t len = 1 + i * 37 % MSS;
        if (e.tcp.rcv_wnd >= len) {
            arrives(&e, text_of(&e, offset, len));
            offset += len;
        }
        if (i % 3 == 0) call(&e, TCP_RECEIVE, i * 17 % 2000 % (tcp_unread(&e.tcp) + 1));
        CHECK(seq_le(edge, e.tcp.rcv_nxt + e.tcp.rcv_wnd));
        edge = e.tcp.rcv_nxt + e.tcp.rcv_wnd;
        if (e.count > 0) CHECK(seq_le(last(&e)->ack + last(&e)->wnd, edge));
        forget(&e);
    }
    CHECK(offset > WINDOW);
}

// MUST-35, MAY-7: the window shrinks to zero in front of what was sent. That is sent again and again, doubling the
// interval, and as long as the peer answers the connection stays.
static void test_window_shrinks_to_zero(void) {
    struct end e;
    establish_with_defaults(&e);
    call(&e, TCP_SEND, 3 * MSS);
    arrives(&e, window_of(&e, MSS, 0));
    forget(&e);
    uint64_t before = e.now;
    for (unsigned i = 0; i < 12; i++) {
        CHECK_EQ(fire_next(&e), TCP_RETRANSMISSION_TIMEOUT);
        CHECK_EQ(e.count, i + 1);
        CHECK_EQ(last(&e)->seq, ISS + 1 + MSS);
        arrives(&e, window_of(&e, MSS, 0));
    }
    CHECK(e.now - before > e.config.r2);
    CHECK_EQ(e.tcp.state, TCP_ESTABLISHED);
    arrives(&e, window_of(&e, 3 * MSS, WINDOW));
    CHECK_EQ(e.tcp.snd_una, e.tcp.snd_nxt);
}

// SHLD-29, SHLD-30: the first probe of a closed window after one RTO; then the time between two of them doubles.
static void test_intervals_of_probes(void) {
    struct end e;
    establish_with_defaults(&e);
    arrives(&e, window_of(&e, 0, 0));
    call(&e, TCP_SEND, MSS);
    CHECK_EQ(e.count, 0);
    uint64_t interval = (uint64_t)e.tcp.rto * 1000, before = e.now;
    CHECK_EQ(fire_next(&e), TCP_PERSIST_TIMEOUT);
    CHECK_EQ(e.now - before, interval);
    for (unsigned i = 1; i < 6; i++, interval *= 2) {
        CHECK_EQ(e.count, i);
        CHECK_EQ(last(&e)->len, 1);
        arrives(&e, window_of(&e, 0, 0));
        before = e.now;
        CHECK_EQ(fire_next(&e), TCP_RETRANSMISSION_TIMEOUT);
        CHECK_EQ(e.now - before, interval);
    }
}

// MUST-66: of a segment that finds the window closed, RST and URG count.
static void test_closed_window_hears_rst_and_urg(void) {
    struct end e;
    for (int reset = 0; reset <= 1; reset++) {
        begin(&e);
        e.config.receive_buffer = MSS;
        establish(&e);
        arrives(&e, text_of(&e, 0, MSS));
        CHECK_EQ(e.tcp.rcv_wnd, 0);
        struct tcp_segment segment = text_of(&e, MSS, 10);
        segment.flags |= reset ? TCP_RST : TCP_URG;
        segment.up = reset ? 0 : 5;
        arrives(&e, segment);
        CHECK_EQ(e.received, MSS);
        CHECK_EQ(e.signals[TCP_SIGNAL_URGENT], !reset);
        CHECK_EQ(e.signals[TCP_SIGNAL_RESET], reset);
        CHECK_EQ(e.tcp.state, reset ? TCP_CLOSED : TCP_ESTABLISHED);
    }
}

// ---- Options of segments, and their size

// MUST-5: an option on a segment where it means nothing changes nothing.
static void test_options_on_any_segment(void) {
    for (unsigned options = 0; options < 0x80; options++) {
        struct end plain, e;
        check_about("options %x", options);
        establish_with_defaults(&plain);
        establish_with_defaults(&e);
        struct tcp_segment segment = text_of(&e, 0, 10);
        arrives(&plain, segment);
        segment.options = (uint8_t)options;
        segment.mss = 88;
        segment.scale = 14;
        segment.timeout = 1;
        segment.blocks = 1;
        segment.ts_val = 9;
        arrives(&e, segment);
        CHECK_EQ(e.received, 10);
        CHECK(memcmp(&plain.tcp, &e.tcp, sizeof e.tcp) == 0);
    }
    check_about(NULL);
}

// MUST-14, MUST-65, SHLD-5, MAY-3: both SYNs carry the option, whatever its value, and nothing else does.
static void test_mss_on_syn_alone(void) {
    static const uint16_t sizes[] = {536, 1000, 1220, 1460};
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int passive = 0; passive <= 1; passive++) {
            struct end e;
            begin(&e);
            struct tcp_event open = {.kind = passive ? TCP_OPEN_PASSIVE : TCP_OPEN_ACTIVE};
            open.incarnation =
                (struct tcp_incarnation){.source = SOURCE, .iss = ISS, .iss_given = true, .mss = sizes[i]};
            step(&e, &open);
            struct tcp_event syn = {.kind = TCP_SEGMENT_ARRIVES, .segment = syn_ack(), .incarnation = open.incarnation};
            if (passive) syn.segment.flags = TCP_SYN;
            step(&e, &syn);
            CHECK_EQ(e.sent[0].flags & TCP_SYN, TCP_SYN);
            CHECK_EQ(e.sent[0].options, TCP_OPTION_MSS);
            CHECK_EQ(e.sent[0].mss, sizes[i]);
            forget(&e);
            arrives(&e, text_of(&e, 0, 10));
            call(&e, TCP_SEND, 5000);
            CHECK_EQ(fire_next(&e), TCP_RETRANSMISSION_TIMEOUT);
            call(&e, TCP_CLOSE, 0);
            call(&e, TCP_ABORT, 0);
            CHECK(e.count > 4);
            for (unsigned n = 0; n < e.count; n++)
                CHECK_EQ(e.sent[n].options & TCP_OPTION_MSS, 0);
        }
}

// MUST-15: a SYN without the option means 536 octets, or 1220 over IPv6.
static void test_mss_by_default(void) {
    static const uint16_t defaults[] = {TCP_DEFAULT_MSS_IPV4, TCP_DEFAULT_MSS_IPV6};
    for (int i = 0; i < 2; i++) {
        struct end e;
        begin(&e);
        struct tcp_event open = {.kind = TCP_OPEN_ACTIVE};
        open.incarnation = (struct tcp_incarnation){
            .source = SOURCE, .iss = ISS, .iss_given = true, .mss = 9000, .default_mss = defaults[i]};
        step(&e, &open);
        struct tcp_segment answer = syn_ack();
        answer.options = 0;
        answer.mss = 0;
        arrives(&e, answer);
        forget(&e);
        call(&e, TCP_SEND, 4000);
        CHECK_EQ(e.sent[0].len, i == 0 ? 536 : 1220);
    }
}

// MUST-16: the smaller of what the peer takes and what this end's own path takes, less the options of each segment.
static void test_effective_send_mss(void) {
    static const struct {
        uint16_t offered, sent;
        uint8_t options;
    } cases[] = {{600, 600, 0}, {4000, MSS, 0}, {600, 588, TCP_OPTION_TIMESTAMPS}, {4000, 988, TCP_OPTION_TIMESTAMPS}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct end e;
        check_about("MSS %u", cases[i].offered);
        begin(&e);
        e.config.options = cases[i].options;
        open_actively(&e);
        struct tcp_segment answer = syn_ack();
        answer.mss = cases[i].offered;
        answer.options |= cases[i].options;
        answer.ts_val = 1;
        arrives(&e, answer);
        forget(&e);
        call(&e, TCP_SEND, 5000);
        CHECK_EQ(e.sent[0].len, cases[i].sent);
    }
    check_about(NULL);
}

// ---- Opening and ending

// MUST-9, SHLD-1: who doesn't know the key can't tell one hash from another, and no two connections share one.
static void test_isn_hash_depends_on_key(void) {
    static const uint64_t keys[][2] = {{1, 2}, {1, 3}, {2, 2}};
    static const char *const endpoints[] = {"a:1-b:80", "a:2-b:80", "a:1-c:80", "b:80-a:1"};
    uint32_t seen[12];
    unsigned count = 0;
    for (unsigned key = 0; key < 3; key++)
        for (unsigned i = 0; i < 4; i++) {
            uint32_t hash = tcp_isn_hash(keys[key], endpoints[i], strlen(endpoints[i]));
            for (unsigned other = 0; other < count; other++)
                CHECK(seen[other] != hash);
            seen[count++] = hash;
        }
}

// MUST-12: the user hears whether the peer has closed or given up.
static void test_told_how_it_ended(void) {
    struct end e;
    establish_with_defaults(&e);
    struct tcp_segment fin = text_of(&e, 0, 0);
    fin.flags |= TCP_FIN;
    arrives(&e, fin);
    CHECK_EQ(e.signals[TCP_SIGNAL_CLOSING], 1);
    CHECK_EQ(e.signals[TCP_SIGNAL_RESET], 0);
    establish_with_defaults(&e);
    struct tcp_segment reset = text_of(&e, 0, 0);
    reset.flags = TCP_RST;
    arrives(&e, reset);
    CHECK_EQ(e.signals[TCP_SIGNAL_CLOSING], 0);
    CHECK_EQ(e.signals[TCP_SIGNAL_RESET], 1);
}

// SHLD-2: a reset that carries a diagnosis is a reset.
static void test_reset_with_text(void) {
    struct end e;
    establish_with_defaults(&e);
    struct tcp_segment reset = text_of(&e, 0, 40);
    reset.flags = TCP_RST;
    arrives(&e, reset);
    CHECK_EQ(e.tcp.state, TCP_CLOSED);
    CHECK_EQ(e.signals[TCP_SIGNAL_RESET], 1);
    CHECK_EQ(e.received, 0);
}

int main(void) {
    test_window_is_unsigned();
    test_windows_of_30_bits();
    test_window_never_shrinks();
    test_window_shrinks_to_zero();
    test_intervals_of_probes();
    test_closed_window_hears_rst_and_urg();
    test_options_on_any_segment();
    test_mss_on_syn_alone();
    test_mss_by_default();
    test_effective_send_mss();
    test_isn_hash_depends_on_key();
    test_told_how_it_ended();
    test_reset_with_text();
    return check_result();
}
