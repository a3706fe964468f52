// What core does where a rule is missing, where a counter is full, and where hosts differ: what no exchange of two
// ordinary ends comes across.
#include "core/seq.h"
#include "tests/core_end.h"

static struct end connected_without(uint8_t options, enum tcp_rule rule) {
    struct end e = connected(options);
    tcp_rule_set_add(&e.config.without, rule);
    return e;
}

// A FIN that comes again finds a TIME-WAIT that doesn't begin anew, a scale that was agreed to is not used, and a
// repeated FIN is none.
static void test_single_rules_missing(void) {
    struct end e = connected_without(0, TCP_RULE_TIME_WAIT_RESTARTS_ON_FIN);
    call(&e, TCP_CLOSE, 0);
    struct tcp_segment fin = ack_of(&e);
    fin.flags |= TCP_FIN;
    arrive(&e, fin);
    CHECK_EQ(e.tcb.state, TCP_TIME_WAIT);
    uint64_t over = e.tcb.deadline[TCP_TIMER_TIME_WAIT];
    e.now += SECOND;
    arrive(&e, fin);
    CHECK_EQ(e.tcb.deadline[TCP_TIMER_TIME_WAIT], over);

    e = new_end(TCP_OPTION_WINDOW_SCALE);
    tcp_rule_set_add(&e.config.without, TCP_RULE_WINDOW_IS_SCALED);
    call(&e, TCP_OPEN_ACTIVE, 0);
    arrive(&e, syn_ack(TCP_OPTION_WINDOW_SCALE));
    CHECK(e.tcb.flags & TCP_CONNECTION_WINDOW_SCALE && e.tcb.snd_scale == 0);

    e = connected_without(0, TCP_RULE_REPEATED_FIN_IS_A_FIN);
    call(&e, TCP_CLOSE, 0);
    CHECK_EQ(fire(&e), TCP_RETRANSMISSION_TIMEOUT);
    CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
}

static void test_icmp_without_rules(void) {
    struct end e = connected_without(0, TCP_RULE_SOFT_ERRORS_ARE_REMEMBERED);
    call(&e, TCP_SEND, 10);
    icmp(&e, TCP_ICMP_HOST_UNREACHABLE, ISS + 1, 0);
    CHECK(e.tcb.state == TCP_CLOSED && signalled(&e, TCP_SIGNAL_UNREACHABLE));
    e = connected_without(0, TCP_RULE_HARD_ERROR_SPARES_OPEN_CONNECTION);
    call(&e, TCP_SEND, 10);
    icmp(&e, TCP_ICMP_PORT_UNREACHABLE, ISS + 1, 0);
    CHECK(e.tcb.state == TCP_CLOSED && signalled(&e, TCP_SIGNAL_UNREACHABLE));
    e = connected_without(0, TCP_RULE_ICMP_MUST_QUOTE_FLIGHT);
    icmp(&e, TCP_ICMP_HOST_UNREACHABLE, 12345, 0);
    CHECK(signalled(&e, TCP_SIGNAL_SOFT_ERROR));
    e = connected_without(0, TCP_RULE_PACKET_TOO_BIG_LOWERS_MSS);
    call(&e, TCP_SEND, 10);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS + 1, 500);
    CHECK(e.tcb.snd_mss == MSS && e.effects.count == 0);
    e = new_end(0);
    tcp_rule_set_add(&e.config.without, TCP_RULE_HARD_ERROR_ENDS_OPENING);
    call(&e, TCP_OPEN_ACTIVE, 0);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS, 500);  // nothing to send again yet
    CHECK(e.tcb.path_mss == 500 && e.effects.count == 0);
    icmp(&e, TCP_ICMP_PORT_UNREACHABLE, ISS, 0);
    CHECK_EQ(e.tcb.state, TCP_SYN_SENT);
}

// Nobody has been told of a passive connection that is half open: its errors are nobody's.
static void test_icmp_half_open(void) {
    for (int missing = 0; missing < 2; missing++) {
        struct end e = new_end(0);
        if (missing) tcp_rule_set_add(&e.config.without, TCP_RULE_SOFT_ERRORS_ARE_REMEMBERED);
        call(&e, TCP_OPEN_PASSIVE, 0);
        arrive(&e, (struct tcp_segment){.seq = IRS, .flags = TCP_SYN, .wnd = 1000});
        struct end hard = e;
        icmp(&e, TCP_ICMP_HOST_UNREACHABLE, ISS, 0);
        CHECK_EQ(count_of(&e, TCP_EFFECT_SIGNAL), 0);
        CHECK_EQ(e.tcb.state, missing ? TCP_CLOSED : TCP_SYN_RECEIVED);
        icmp(&hard, TCP_ICMP_PORT_UNREACHABLE, ISS, 0);
        CHECK(count_of(&hard, TCP_EFFECT_SIGNAL) == 0 && hard.tcb.state == TCP_CLOSED);
    }
    struct end e = new_end(0);
    e.config.user_timeout = SECOND / 2;
    call(&e, TCP_OPEN_PASSIVE, 0);
    arrive(&e, (struct tcp_segment){.seq = IRS, .flags = TCP_SYN, .wnd = 1000});
    CHECK_EQ(fire(&e), TCP_USER_TIMEOUT);
    CHECK(count_of(&e, TCP_EFFECT_SIGNAL) == 0 && e.tcb.state == TCP_CLOSED);
}

static void test_too_big_while_repairing(void) {
    struct end e = connected(0);
    call(&e, TCP_SEND, 10 * MSS);
    struct tcp_segment duplicate = ack_of(&e);
    duplicate.ack = ISS + 1;
    for (int i = 0; i < 6; i++)
        arrive(&e, duplicate);
    CHECK(e.tcb.flags & TCP_CONNECTION_FAST_RECOVERY);
    uint32_t ssthresh = e.tcb.ssthresh;
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS + 1, 500);
    CHECK(e.tcb.cwnd == ssthresh && (e.tcb.flags & TCP_CONNECTION_LOSS));
    CHECK(!(e.tcb.flags & TCP_CONNECTION_FAST_RECOVERY));
}

// CLOSE before the SYN is acknowledged; then a segment of another incarnation, which acknowledges less than the SYN.
static void test_closed_before_open(void) {
    for (int missing = 0; missing < 2; missing++) {
        struct end e = new_end(0);
        if (missing) tcp_rule_set_add(&e.config.without, TCP_RULE_FAR_TOO_OLD_ACK_IS_REFUSED);
        call(&e, TCP_OPEN_ACTIVE, 0);
        arrive(&e, (struct tcp_segment){.seq = IRS, .flags = TCP_SYN, .wnd = 1000, .len = 10, .source = 2});
        call(&e, TCP_CLOSE, 0);
        CHECK(e.tcb.state == TCP_FIN_WAIT_1 && e.tcb.held_count == 1);
        const struct tcp_segment old = {
            .seq = IRS + 1, .ack = ISS, .flags = TCP_ACK, .wnd = 1000, .len = 20, .source = 3};
        arrive(&e, old);
        CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), missing ? 2 : 0);
        CHECK_EQ(sent(&e, 0).ack, missing ? 0 : IRS + 1);
        CHECK_EQ(e.tcb.rcv_nxt, missing ? IRS + 21 : IRS + 1);
        if (missing) continue;
        arrive(&e, ack_of(&e));
        CHECK(count_of(&e, TCP_EFFECT_TEXT) == 1 && e.tcb.state == TCP_FIN_WAIT_2);
    }
}

static void test_timestamps_without_rules(void) {
    struct end e = connected_without(ALL, TCP_RULE_OLD_TIMESTAMP_IS_REFUSED);
    struct tcp_segment text = stamped(&e, 1);
    text.len = 10;
    text.source = 2;
    arrive(&e, text);
    CHECK(count_of(&e, TCP_EFFECT_TEXT) == 1 && e.tcb.ts_recent == 1000);
    e = connected_without(ALL, TCP_RULE_TIMESTAMPS_ON_EVERY_SEGMENT);
    text = ack_of(&e);
    text.len = 10;
    text.source = 2;
    arrive(&e, text);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 1);
    e = connected_without(ALL, TCP_RULE_TIMESTAMP_OF_LEFT_EDGE);
    text = stamped(&e, 2000);
    text.seq += 100;
    text.len = 10;
    text.source = 2;
    arrive(&e, text);
    CHECK_EQ(e.tcb.ts_recent, 2000);
    e = connected_without(ALL, TCP_RULE_ROUND_TRIP_FROM_TIMESTAMPS);
    call(&e, TCP_SEND, 10);
    fire(&e);
    uint32_t srtt = e.tcb.srtt;
    arrive(&e, stamped(&e, 2000));
    CHECK_EQ(e.tcb.srtt, srtt);  // Karn
}

static void test_time_wait_without_rules(void) {
    static const enum tcp_rule rules[] = {TCP_RULE_TIME_WAIT_TAKES_NEWER_TIMESTAMP,
                                          TCP_RULE_TIME_WAIT_SYN_MUST_BE_NEWER, TCP_RULE_TIME_WAIT_TAKES_NEWER_SYN};
    static const bool opens[] = {false, true, false};
    for (unsigned i = 0; i < 3; i++) {
        struct end e = connected_without(ALL, rules[i]);
        call(&e, TCP_CLOSE, 0);
        struct tcp_segment fin = stamped(&e, 2000);
        fin.flags |= TCP_FIN;
        arrive(&e, fin);
        settle(&e);
        struct tcp_event event = event_of(TCP_SEGMENT_ARRIVES, 0);
        event.may_reopen = true;
        event.segment = (struct tcp_segment){.seq = e.tcb.rcv_nxt - 900,
                                             .flags = TCP_SYN,
                                             .options = TCP_OPTION_TIMESTAMPS,
                                             .ts_val = i == 0 ? 2001 : 1999};
        step(&e, &event);
        CHECK_EQ(e.tcb.state == TCP_CLOSED, opens[i]);
    }
    // Timestamps of a new incarnation are news where the old one had none.
    struct end e = connected(0);
    e.config.options = ALL;
    call(&e, TCP_CLOSE, 0);
    struct tcp_segment fin = ack_of(&e);
    fin.flags |= TCP_FIN;
    arrive(&e, fin);
    struct tcp_event event = event_of(TCP_SEGMENT_ARRIVES, 0);
    event.may_reopen = true;
    event.segment = (struct tcp_segment){.seq = IRS - 9, .flags = TCP_SYN, .options = TCP_OPTION_TIMESTAMPS};
    step(&e, &event);
    CHECK_EQ(count_of(&e, TCP_EFFECT_REOPEN), 1);
}

static void test_slow_timers(void) {
    struct end e = connected_without(0, TCP_RULE_KEEP_ALIVE_ASKS);
    call(&e, TCP_SET_KEEP_ALIVE, 1);
    CHECK_EQ(fire(&e), TCP_KEEP_ALIVE_TIMEOUT);
    CHECK_EQ(e.effects.count, 0);
    e = connected_without(0, TCP_RULE_USER_TIMEOUT_ENDS_CONNECTION);
    call(&e, TCP_SET_USER_TIMEOUT, 500);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(fire(&e), TCP_USER_TIMEOUT);
    CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
    e = connected(0);
    e.config.fin_wait_2 = 60 * SECOND;
    call(&e, TCP_SOCKETS_CLOSE, 0);
    arrive(&e, ack_of(&e));
    uint64_t begin = e.now;
    arrive(&e, ack_of(&e));  // it is armed once
    CHECK_EQ(fire(&e), TCP_TIME_WAIT_TIMEOUT);
    CHECK(e.tcb.state == TCP_CLOSED && e.now == begin + 60 * SECOND);
    e = connected(0);
    e.config.fin_wait_2 = 60 * SECOND;
    call(&e, TCP_CLOSE, 0);  // somebody still reads
    arrive(&e, ack_of(&e));
    CHECK_EQ(tcp_deadline(&e.config, &e.tcb, NULL), TCP_NEVER);
    e = connected(0);
    e.config.msl = UINT64_MAX / 2;  // a deadline beyond the end of time
    call(&e, TCP_CLOSE, 0);
    struct tcp_segment fin = ack_of(&e);
    fin.flags |= TCP_FIN;
    arrive(&e, fin);
    CHECK_EQ(e.tcb.deadline[TCP_TIMER_TIME_WAIT], TCP_NEVER - 1);
}

static void test_full_counters(void) {
    struct end e = connected_without(0, TCP_RULE_R2_ENDS_CONNECTION);
    call(&e, TCP_SEND, 20 * MSS);
    struct tcp_segment duplicate = ack_of(&e);
    duplicate.ack = ISS + 1;
    for (int i = 0; i < 300; i++)
        arrive(&e, duplicate);
    CHECK_EQ(e.tcb.duplicate_acks, 255);
    for (int i = 0; i < 700; i++)
        fire(&e);
    CHECK(e.tcb.repeats == 255 && e.tcb.rounds == 255);
    CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
}

static void test_isn_and_floor(void) {
    static const uint32_t clocks[] = {1000, 5, 5}, expected[] = {1003, 501, 8};
    for (unsigned i = 0; i < 3; i++) {
        struct end e = new_end(0);
        struct tcp_event event = event_of(TCP_OPEN_ACTIVE, 0);
        event.incarnation.iss_given = false;
        event.incarnation.isn_clock = clocks[i];
        event.incarnation.isn_hash = 3;
        event.incarnation.iss_has_floor = i < 2;
        event.incarnation.iss_floor = 500;
        step(&e, &event);
        CHECK_EQ(e.tcb.iss, expected[i]);
    }
}

static void test_would_establish(void) {
    struct end e = new_end(0);
    call(&e, TCP_OPEN_PASSIVE, 0);
    struct tcp_segment ack = {.seq = IRS + 1, .ack = ISS + 1, .flags = TCP_ACK};
    CHECK(!tcp_would_establish(&e.tcb, &ack));
    arrive(&e, (struct tcp_segment){.seq = IRS, .flags = TCP_SYN, .wnd = 1000});
    CHECK(tcp_would_establish(&e.tcb, &ack));
    struct tcp_segment other = ack;
    other.flags |= TCP_SYN;
    CHECK(!tcp_would_establish(&e.tcb, &other));
    other = ack;
    other.seq--;
    CHECK(!tcp_would_establish(&e.tcb, &other));
    other = ack;
    other.ack--;
    CHECK(!tcp_would_establish(&e.tcb, &other));
    other.ack += 2;
    CHECK(!tcp_would_establish(&e.tcb, &other));
}

static void test_compartments(void) {
    struct end e = connected(0);
    struct tcp_segment other = ack_of(&e);
    other.compartment = 1;
    struct end lax = e;
    tcp_rule_set_add(&lax.config.without, TCP_RULE_COMPARTMENT_MUST_MATCH);
    arrive(&lax, other);
    CHECK_EQ(lax.tcb.state, TCP_ESTABLISHED);
    arrive(&e, other);
    CHECK(e.tcb.state == TCP_CLOSED && sent(&e, 0).flags == TCP_RST);
}

static void test_user_timeout_is_ignored(void) {
    struct end e = new_end(TCP_OPTION_USER_TIMEOUT);
    tcp_rule_set_add(&e.config.without, TCP_RULE_USER_TIMEOUT_IS_AGREED);
    call(&e, TCP_OPEN_ACTIVE, 0);
    struct tcp_segment answer = syn_ack(TCP_OPTION_USER_TIMEOUT);
    answer.timeout = 1000;
    arrive(&e, answer);
    CHECK_EQ(e.tcb.user_timeout, 0);
    call(&e, TCP_SET_USER_TIMEOUT, 1000);
    call(&e, TCP_SET_USER_TIMEOUT, 0);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(sent(&e, 0).options, 0);  // there is none to tell of
}

static void test_probes_without_rules(void) {
    static const enum tcp_rule rules[] = {TCP_RULE_ZERO_WINDOW_IS_PROBED, TCP_RULE_ZERO_WINDOW_IS_NO_DEATH};
    for (unsigned i = 0; i < 2; i++) {
        struct end e = connected_without(0, rules[i]);
        struct tcp_segment closed = ack_of(&e);
        closed.wnd = 0;
        arrive(&e, closed);
        call(&e, TCP_SEND, 10);
        CHECK_EQ(fire(&e), TCP_PERSIST_TIMEOUT);
        CHECK_EQ(e.effects.count, i);
        if (i == 0) continue;
        uint64_t r2 = e.tcb.deadline[TCP_TIMER_R2];
        e.now += SECOND / 2;
        arrive(&e, closed);  // alive, but that doesn't count
        CHECK_EQ(e.tcb.deadline[TCP_TIMER_R2], r2);
        for (int probe = 0; probe < 300 && e.tcb.state != TCP_CLOSED; probe++)
            fire(&e);
        CHECK(signalled(&e, TCP_SIGNAL_TIMED_OUT));
    }
}

static void test_nothing_to_send_again(void) {
    struct end e = connected_without(0, TCP_RULE_ICMP_MUST_QUOTE_FLIGHT);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, 12345, 500);
    CHECK(e.tcb.snd_mss == 500 && e.effects.count == 0);
}

static void test_receive_nothing(void) {
    struct end e = connected(0);
    struct tcp_segment text = ack_of(&e);
    text.len = 65535;
    text.source = 2;
    arrive(&e, text);
    settle(&e);
    call(&e, TCP_RECEIVE, 0);
    CHECK(e.effects.count == 0 && e.tcb.rcv_wnd == 0);
}

// Fourteen octets beside a timestamp: two of them are a full segment.
static void test_tiny_segments(void) {
    static const uint16_t offered[] = {14, 5};
    for (unsigned i = 0; i < 2; i++) {
        struct end e = new_end(TCP_OPTION_TIMESTAMPS);
        e.config.delayed_ack = SECOND / 5;
        struct tcp_event event = event_of(TCP_OPEN_ACTIVE, 0);
        event.incarnation.mss = offered[i];
        step(&e, &event);
        arrive(&e, syn_ack(TCP_OPTION_TIMESTAMPS));
        settle(&e);
        struct tcp_segment text = stamped(&e, 2000);
        text.len = 2 * 5;
        text.source = 2;
        arrive(&e, text);
        CHECK(e.tcb.flags & TCP_CONNECTION_ACK_OWED);
        call(&e, TCP_SEND, 5);
        CHECK(sent(&e, 0).len == (i == 0 ? 2 : 1));
    }
}

static void test_time_wait_is_silent(void) {
    struct end e = connected_without(0, TCP_RULE_TIME_WAIT_ACKS_REPEATED_FIN);
    call(&e, TCP_CLOSE, 0);
    struct tcp_segment fin = ack_of(&e);
    fin.flags |= TCP_FIN;
    arrive(&e, fin);
    settle(&e);
    arrive(&e, fin);
    CHECK(e.tcb.state == TCP_TIME_WAIT && count_of(&e, TCP_EFFECT_SEGMENT) == 0);
}

static void test_names(void) {
    CHECK_STR(tcp_state_name((enum tcp_state)TCP_STATES), "?");
    CHECK_STR(tcp_event_name((enum tcp_event_kind)TCP_EVENT_KINDS), "?");
    CHECK_STR(tcp_state_name(TCP_SYN_RECEIVED), "SYN-RECEIVED");
}

int main(void) {
    test_single_rules_missing();
    test_icmp_without_rules();
    test_icmp_half_open();
    test_too_big_while_repairing();
    test_closed_before_open();
    test_timestamps_without_rules();
    test_time_wait_without_rules();
    test_slow_timers();
    test_full_counters();
    test_isn_and_floor();
    test_would_establish();
    test_compartments();
    test_user_timeout_is_ignored();
    test_probes_without_rules();
    test_nothing_to_send_again();
    test_receive_nothing();
    test_tiny_segments();
    test_time_wait_is_silent();
    test_names();
    return check_result();
}
