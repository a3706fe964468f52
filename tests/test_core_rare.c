// What the other tests of core do not come across: a rule that is missing while two things meet, a counter at its end,
// a buffer filled to the octet. With them, every branch of core is taken (cmake --build build --target coverage).
#include "core/seq.h"
#include "tests/core_end.h"

static struct end connected_without(uint8_t options, enum tcp_rule rule) {
    struct end e = connected(options);
    tcp_rule_set_add(&e.config.without, rule);
    return e;
}

static struct tcp_segment text_of(const struct end *e, uint32_t offset, uint32_t len) {
    struct tcp_segment text = ack_of(e);
    text.seq += offset;
    text.len = len;
    text.source = 2;
    return text;
}

static struct tcp_segment ack_with_sack(const struct end *e, uint32_t ack, uint32_t begin, uint32_t end) {
    struct tcp_segment segment = ack_of(e);
    segment.ack = ack;
    segment.options = TCP_OPTION_SACK;
    segment.blocks = 1;
    segment.sack[0] = (struct tcp_block){begin, end};
    return segment;
}

static void test_timeout_after_repeated_syn(void) {
    static const uint64_t initial[] = {1, 1, 3};
    static const uint32_t expected[] = {3, 2, 6};  // seconds: RFC 6298's 3; backed off; the rule is not about it
    for (unsigned i = 0; i < 3; i++) {
        struct end e = new_end(0);
        e.config.rto_initial = initial[i] * SECOND;
        if (i == 1) tcp_rule_set_add(&e.config.without, TCP_RULE_RTO_AFTER_REPEATED_SYN);
        call(&e, TCP_OPEN_ACTIVE, 0);
        CHECK_EQ(fire(&e), TCP_RETRANSMISSION_TIMEOUT);
        arrive(&e, syn_ack(0));
        CHECK_EQ(e.tcb.rto, expected[i] * 1000000);
    }
}

// Agreed timestamps that the peer leaves off, and a TCP that lets it.
static void test_round_trip_without_timestamp(void) {
    struct end e = connected_without(ALL, TCP_RULE_TIMESTAMPS_ON_EVERY_SEGMENT);
    call(&e, TCP_SEND, 10);
    e.now += SECOND / 2;
    arrive(&e, ack_of(&e));
    CHECK_EQ(e.tcb.snd_una, ISS + 11);
    CHECK_EQ(e.tcb.srtt, SECOND / 2 / 8 / 1000);
}

static void test_closing_without_rule(void) {
    struct end e = connected_without(0, TCP_RULE_CLOSING_NEEDS_ACK_OF_FIN);
    call(&e, TCP_CLOSE, 0);
    struct tcp_segment fin = ack_of(&e);
    fin.ack = ISS + 1;
    fin.flags |= TCP_FIN;
    arrive(&e, fin);
    CHECK_EQ(e.tcb.state, TCP_CLOSING);
    struct tcp_segment ack = ack_of(&e);
    ack.ack = ISS + 1;
    arrive(&e, ack);
    CHECK(e.tcb.state == TCP_TIME_WAIT && signalled(&e, TCP_SIGNAL_CLOSED));
}

// 2^30 octets are as many as the congestion window will hold.
static void test_largest_congestion_window(void) {
    struct end e = new_end(0);
    e.config.initial_window = 65535;
    struct tcp_event event = event_of(TCP_OPEN_ACTIVE, 0);
    event.incarnation.mss = 65535;
    step(&e, &event);
    struct tcp_segment answer = syn_ack(0);
    answer.mss = 65535;
    arrive(&e, answer);
    for (int i = 0; i < 20000 && e.tcb.cwnd < UINT32_C(1) << 30; i++) {
        call(&e, TCP_SEND, 60000);
        arrive(&e, ack_of(&e));
    }
    CHECK_EQ(e.tcb.cwnd, UINT32_C(1) << 30);
    call(&e, TCP_SEND, 60000);
    arrive(&e, ack_of(&e));
    CHECK_EQ(e.tcb.cwnd, UINT32_C(1) << 30);
}

// Three duplicate ACKs, and then one that acknowledges a part.
static void test_partial_acknowledgement_without_rule(void) {
    for (int missing = 0; missing < 2; missing++) {
        struct end e = connected(0);
        if (missing) tcp_rule_set_add(&e.config.without, TCP_RULE_PARTIAL_ACK_REPEATS_IN_RECOVERY);
        call(&e, TCP_SEND, 10 * MSS);
        struct tcp_segment ack = ack_of(&e);
        ack.ack = ISS + 1;
        for (int i = 0; i < 3; i++)
            arrive(&e, ack);
        CHECK(e.tcb.flags & TCP_CONNECTION_FAST_RECOVERY);
        ack.ack = ISS + 1 + MSS;
        arrive(&e, ack);
        CHECK_EQ(sent(&e, 0).seq == ISS + 1 + MSS, !missing);
    }
}

// With SACK, fast recovery inflates no window: there is nothing to take back.
static void test_too_big_in_recovery_with_sack(void) {
    struct end e = connected(TCP_OPTION_SACK_PERMITTED);
    call(&e, TCP_SEND, 10 * MSS);
    for (uint32_t i = 1; i <= 3; i++)
        arrive(&e, ack_with_sack(&e, ISS + 1, ISS + 1 + MSS, ISS + 1 + (i + 1) * MSS));
    CHECK(e.tcb.flags & TCP_CONNECTION_FAST_RECOVERY);
    CHECK_EQ(e.tcb.cwnd, e.tcb.ssthresh);
    uint32_t cwnd = e.tcb.cwnd;
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS + 1, 500);
    CHECK_EQ(e.tcb.cwnd, cwnd);
    CHECK_EQ(sent(&e, 0).len, 500);
}

static void test_sack_without_rules(void) {
    struct end e = connected_without(TCP_OPTION_SACK_PERMITTED, TCP_RULE_SACK_STEERS_REPEATS);
    call(&e, TCP_SEND, 10 * MSS);
    arrive(&e, ack_with_sack(&e, ISS + 1, ISS + 1 + MSS, ISS + 1 + 2 * MSS));
    CHECK_EQ(e.tcb.sacked_count, 0);
    e = connected_without(TCP_OPTION_SACK_PERMITTED, TCP_RULE_DUPLICATE_IS_REPORTED);
    arrive(&e, text_of(&e, 10, 10));
    arrive(&e, text_of(&e, 10, 10));
    struct tcp_segment answer = sent(&e, 0);
    CHECK(answer.blocks == 1 && answer.sack[0].begin == IRS + 11);
    e = connected_without(TCP_OPTION_SACK_PERMITTED, TCP_RULE_PARTIAL_ACK_REPEATS_NEXT);
    call(&e, TCP_SEND, 10 * MSS);
    CHECK_EQ(fire(&e), TCP_RETRANSMISSION_TIMEOUT);
    struct tcp_segment ack = ack_of(&e);
    ack.ack = ISS + 1 + MSS;
    arrive(&e, ack);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 0);
}

// A segment that two held ranges overlap: the first of both is what D-SACK reports.
static void test_two_duplicates(void) {
    struct end e = connected(TCP_OPTION_SACK_PERMITTED);
    arrive(&e, text_of(&e, 10, 10));
    arrive(&e, text_of(&e, 30, 10));
    arrive(&e, text_of(&e, 10, 40));
    struct tcp_segment answer = sent(&e, 0);
    CHECK(answer.sack[0].begin == IRS + 11 && answer.sack[0].end == IRS + 21);
    CHECK(answer.blocks == 2 && answer.sack[1].begin == IRS + 11 && answer.sack[1].end == IRS + 51);
}

// Found by the fuzzer: SND.UNA < begin < end <= SND.NXT, each by the signed difference, and yet no part of what is in
// flight. Taken for true, it made a hole without an end.
static void test_sack_block_around_the_circle(void) {
    struct end e = connected(TCP_OPTION_SACK_PERMITTED);
    const uint32_t una = e.tcb.snd_una;
    arrive(&e, ack_with_sack(&e, una, una + 829601244, una + 2400028792));
    CHECK_EQ(e.tcb.sacked_count, 0);
    call(&e, TCP_SEND, 2 * MSS);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 2);
    arrive(&e, ack_with_sack(&e, una, una + 829601244, una + 2400028792));
    CHECK_EQ(e.tcb.sacked_count, 0);
}

static void test_ecn_is_asked_for_once(void) {
    struct end e = new_end(0);
    e.config.ecn = TCP_ECN_ASK;
    e.config.syn_ecn = 1;
    call(&e, TCP_OPEN_ACTIVE, 0);
    CHECK(sent(&e, 0).flags & TCP_ECE);
    fire(&e);
    CHECK(sent(&e, 0).flags & TCP_ECE);
    fire(&e);
    CHECK_EQ(sent(&e, 0).flags, TCP_SYN);
}

static void test_second_segment_without_rule(void) {
    struct end e = connected_without(0, TCP_RULE_SECOND_SEGMENT_IS_ACKNOWLEDGED);
    e.config.delayed_ack = SECOND / 5;
    arrive(&e, text_of(&e, 0, 2 * MSS));
    CHECK(!(e.tcb.flags & TCP_CONNECTION_ACK_OWED));
    CHECK_EQ(fire(&e), TCP_DELAYED_ACK_TIMEOUT);
}

// The ACK of the SYN's text brings less than the SYN did, and nobody cuts off what is old: it is delivered once more.
static void test_old_text_behind_syn_without_rule(void) {
    struct end e = new_end(0);
    tcp_rule_set_add(&e.config.without, TCP_RULE_OLD_TEXT_IS_CUT_OFF);
    call(&e, TCP_OPEN_PASSIVE, 0);
    arrive(&e, (struct tcp_segment){.seq = IRS, .flags = TCP_SYN, .wnd = 1000, .len = 20, .source = 2});
    struct tcp_segment ack = {.seq = IRS + 1, .ack = ISS + 1, .flags = TCP_ACK, .wnd = 1000, .len = 10, .source = 2};
    arrive(&e, ack);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 2);
    CHECK_EQ(e.tcb.rcv_nxt, IRS + 21);
}

// One segment fills half the buffer, and is read before its acknowledgement has gone: the peer, who knows of half a
// window alone, is told at once.
static void test_window_opens_behind_delayed_ack(void) {
    struct end e = new_end(0);
    e.config.delayed_ack = SECOND / 5;
    struct tcp_event event = event_of(TCP_OPEN_ACTIVE, 0);
    event.incarnation.mss = 40000;
    step(&e, &event);
    arrive(&e, syn_ack(0));
    settle(&e);
    arrive(&e, text_of(&e, 0, 65535 / 2));
    CHECK(e.tcb.flags & TCP_CONNECTION_ACK_DELAYED);
    call(&e, TCP_RECEIVE, 65535 / 2);
    CHECK(e.tcb.rcv_wnd == 65535 && (e.tcb.flags & TCP_CONNECTION_ACK_OWED));
}

// Nagle's algorithm lets urgent text pass, and nothing behind it.
static void test_text_behind_urgent_text(void) {
    struct end e = connected(0);
    call(&e, TCP_SET_NO_DELAY, 0);
    struct tcp_event event = event_of(TCP_SEND, 10);
    event.urgent = true;
    step(&e, &event);
    step(&e, &event);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 1);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 0);
}

// As many segments as an event's effects hold; the FIN behind them goes with TCP_CONTINUE.
static void test_fin_finds_no_room(void) {
    struct end e = new_end(0);
    e.config.initial_window = 40;
    call(&e, TCP_OPEN_ACTIVE, 0);
    struct tcp_segment answer = syn_ack(0);
    answer.wnd = 0;
    arrive(&e, answer);
    call(&e, TCP_SEND, TCP_EFFECTS * MSS);
    call(&e, TCP_CLOSE, 0);
    struct tcp_segment ack = ack_of(&e);
    arrive(&e, ack);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), TCP_EFFECTS);
    CHECK(!(e.tcb.flags & TCP_CONNECTION_FIN_SENT));
    CHECK_EQ(tcp_deadline(&e.config, &e.tcb, NULL), 0);
    call(&e, TCP_CONTINUE, 0);
    CHECK_EQ(sent(&e, 0).flags, TCP_FIN | TCP_ACK);
}

// A window that stays closed, and a peer that answers each probe.
static void test_many_probes(void) {
    for (int empty = 0; empty < 2; empty++) {
        struct end e = connected(0);
        e.config.probes_are_empty = empty;
        struct tcp_segment closed = ack_of(&e);
        closed.wnd = 0;
        arrive(&e, closed);
        call(&e, TCP_SEND, 1000);
        for (int i = 0; i < 300; i++) {
            CHECK_EQ(fire(&e), TCP_PERSIST_TIMEOUT);
            closed.ack = e.tcb.snd_nxt;
            arrive(&e, closed);
        }
        CHECK(e.tcb.state == TCP_ESTABLISHED && e.tcb.probes == 255);
    }
}

// Whoever probes without text sends text into a window that is merely small.
static void test_small_window_and_empty_probes(void) {
    struct end e = connected(0);
    e.config.probes_are_empty = true;
    struct tcp_segment small = ack_of(&e);
    small.wnd = 10;
    arrive(&e, small);
    call(&e, TCP_SEND, 1000);
    CHECK_EQ(fire(&e), TCP_PERSIST_TIMEOUT);
    CHECK_EQ(sent(&e, 0).len, 10);
    CHECK_EQ(e.tcb.probes, 0);
}

static void test_unknown_event(void) {
    struct end e = connected(0);
    const struct tcp_connection before = e.tcb;
    call(&e, (enum tcp_event_kind)TCP_EVENT_KINDS, 10);
    CHECK(e.effects.count == 0 && memcmp(&before, &e.tcb, sizeof before) == 0);
}

static void test_names_of_all(void) {
    for (int i = 0; i < TCP_STATES; i++)
        CHECK(strlen(tcp_state_name((enum tcp_state)i)) > 1);
    for (int i = 0; i < TCP_EVENT_KINDS; i++)
        CHECK(strlen(tcp_event_name((enum tcp_event_kind)i)) > 1);
    for (int i = 0; i < TCP_TIMERS; i++)
        CHECK(strlen(tcp_timer_name((enum tcp_timer)i)) > 1);
    for (int i = 0; i <= TCP_ERROR_NO_RESOURCES; i++)
        CHECK(strlen(tcp_error_name((enum tcp_error)i)) > 1);
    for (int i = 0; i < TCP_SIGNALS; i++)
        CHECK(strlen(tcp_signal_name((enum tcp_signal)i)) > 1);
    for (int i = TCP_ICMP_NONE + 1; i < TCP_ICMP_KINDS; i++)
        CHECK(strlen(tcp_icmp_name((enum tcp_icmp)i)) > 1);
    for (int i = TCP_RULE_NONE + 1; i < TCP_RULES; i++)
        CHECK_EQ(tcp_rule_by_name(tcp_rule_info((enum tcp_rule)i)->name), i);
    CHECK_EQ(tcp_rule_by_name("no-such-rule"), TCP_RULE_NONE);
}

int main(void) {
    test_timeout_after_repeated_syn();
    test_round_trip_without_timestamp();
    test_closing_without_rule();
    test_largest_congestion_window();
    test_partial_acknowledgement_without_rule();
    test_too_big_in_recovery_with_sack();
    test_sack_without_rules();
    test_two_duplicates();
    test_sack_block_around_the_circle();
    test_ecn_is_asked_for_once();
    test_second_segment_without_rule();
    test_old_text_behind_syn_without_rule();
    test_window_opens_behind_delayed_ack();
    test_text_behind_urgent_text();
    test_fin_finds_no_room();
    test_many_probes();
    test_small_window_and_empty_probes();
    test_unknown_event();
    test_names_of_all();
    return check_result();
}
