// Requirements of RFC 9293 appendix B on failures: R1 and R2, ICMP, keep-alives. As in test_requirements.c.
#include "tests/one_end.h"

// ---- Failures

// MUST-20, MUST-22, SHLD-9, SHLD-10, SHLD-11, MUST-47: text and SYN alike are repeated; after three repetitions the
// user hears of the trouble, and after R2 the connection is closed.
static void test_r1_and_r2(void) {
    for (int syn = 0; syn <= 1; syn++) {
        struct end e;
        check_about(syn ? "SYN" : "text");
        begin(&e);
        if (syn)
            open_actively(&e);
        else
            establish(&e);
        if (!syn) call(&e, TCP_SEND, 10);
        uint64_t first = e.now;
        for (unsigned i = 1; i <= 3; i++) {
            CHECK_EQ(e.signals[TCP_SIGNAL_SOFT_ERROR], 0);
            CHECK_EQ(fire_next(&e), TCP_RETRANSMISSION_TIMEOUT);
        }
        CHECK_EQ(e.signals[TCP_SIGNAL_SOFT_ERROR], 1);
        CHECK(e.tcp.state != TCP_CLOSED);
        while (e.tcp.state != TCP_CLOSED && e.count < SENT)
            fire_next(&e);
        CHECK_EQ(e.signals[TCP_SIGNAL_SOFT_ERROR], 1);
        CHECK_EQ(e.signals[TCP_SIGNAL_TIMED_OUT], 1);
        CHECK_EQ(e.now - first, (syn ? 180 : 100) * SECOND);
    }
    check_about(NULL);
}

// MUST-21: the user of one connection sets its patience, shorter or longer than the host's R2.
static void test_r2_of_one_connection(void) {
    static const uint32_t seconds[] = {5, 3600};
    for (int i = 0; i < 2; i++) {
        struct end e;
        establish_with_defaults(&e);
        call(&e, TCP_SET_USER_TIMEOUT, seconds[i] * 1000);
        call(&e, TCP_SEND, 10);
        uint64_t first = e.now;
        while (e.tcp.state != TCP_CLOSED && e.count < SENT)
            fire_next(&e);
        CHECK_EQ(e.now - first, seconds[i] * SECOND);
        CHECK_EQ(e.signals[TCP_SIGNAL_USER_TIMEOUT], 1);
    }
}

static void icmp(struct end *e, enum tcp_icmp kind) {
    struct tcp_event event = {.kind = TCP_ICMP_ARRIVES};
    event.icmp = (struct tcp_icmp_error){.kind = (uint8_t)kind, .seq = e->tcp.snd_una};
    step(e, &event);
}

// MUST-54, MUST-56, SHLD-25, MUST-47: what may pass is told and remembered, in whatever state, and ends nothing.
static void test_soft_errors(void) {
    static const enum tcp_icmp soft[] = {TCP_ICMP_NETWORK_UNREACHABLE, TCP_ICMP_HOST_UNREACHABLE,
                                         TCP_ICMP_SOURCE_ROUTE_FAILED, TCP_ICMP_TIME_EXCEEDED,
                                         TCP_ICMP_PARAMETER_PROBLEM};
    for (unsigned i = 0; i < sizeof soft / sizeof *soft; i++)
        for (int open = 0; open <= 1; open++) {
            struct end e;
            begin(&e);
            if (open)
                establish(&e);
            else
                open_actively(&e);
            if (open) call(&e, TCP_SEND, 10);
            uint8_t state = e.tcp.state;
            icmp(&e, soft[i]);
            CHECK_EQ(e.tcp.state, state);
            CHECK_EQ(e.tcp.soft_error, soft[i]);
            CHECK_EQ(e.signals[TCP_SIGNAL_SOFT_ERROR], 1);
            CHECK_EQ(fire_next(&e), TCP_RETRANSMISSION_TIMEOUT);
        }
}

// SHLD-26, as RFC 5461 has it: while it is being opened, an unreachable port or protocol ends a connection.
static void test_hard_errors(void) {
    static const enum tcp_icmp hard[] = {TCP_ICMP_PROTOCOL_UNREACHABLE, TCP_ICMP_PORT_UNREACHABLE};
    for (unsigned i = 0; i < 2; i++) {
        struct end e;
        begin(&e);
        open_actively(&e);
        icmp(&e, hard[i]);
        CHECK_EQ(e.tcp.state, TCP_CLOSED);
        CHECK_EQ(e.signals[TCP_SIGNAL_UNREACHABLE], 1);
        // As section 3.9.2.2 alone would have it.
        begin(&e);
        tcp_rule_set_add(&e.config.without, TCP_RULE_HARD_ERROR_SPARES_OPEN_CONNECTION);
        establish(&e);
        call(&e, TCP_SEND, 10);
        icmp(&e, hard[i]);
        CHECK_EQ(e.tcp.state, TCP_CLOSED);
    }
}

// MUST-55
static void test_source_quench_is_ignored(void) {
    struct end e;
    establish_with_defaults(&e);
    call(&e, TCP_SEND, 10);
    struct tcp_connection before = e.tcp;
    icmp(&e, TCP_ICMP_SOURCE_QUENCH);
    CHECK(memcmp(&before, &e.tcp, sizeof before) == 0);
    CHECK_EQ(e.effects.count, 0);
}

// ---- Keep-alive

// MUST-24, MUST-25, MUST-27, MUST-28: off until the user of the connection wants it, then after two hours or what is
// configured; and off again. MAY-5, SHLD-12: a probe has no text, and stands below SND.NXT.
static void test_keep_alive_is_asked_for(void) {
    struct end e;
    establish_with_defaults(&e);
    CHECK_EQ(tcp_deadline(&e.config, &e.tcp, NULL), TCP_NEVER);
    call(&e, TCP_SET_KEEP_ALIVE, 1);
    uint64_t before = e.now;
    CHECK_EQ(fire_next(&e), TCP_KEEP_ALIVE_TIMEOUT);
    CHECK_EQ(e.now - before, 7200 * SECOND);
    CHECK_EQ(e.count, 1);
    CHECK_EQ(last(&e)->len, 0);
    CHECK_EQ(last(&e)->seq, e.tcp.snd_nxt - 1);
    call(&e, TCP_SET_KEEP_ALIVE, 0);
    CHECK_EQ(tcp_deadline(&e.config, &e.tcp, NULL), TCP_NEVER);
    begin(&e);
    e.config.keep_alive_idle = 30 * SECOND;
    establish(&e);
    call(&e, TCP_SET_KEEP_ALIVE, 1);
    CHECK_EQ(tcp_deadline(&e.config, &e.tcp, NULL), e.now + 30 * SECOND);
}

// MUST-26: not while something is unacknowledged, and not before the whole interval has been silent.
static void test_keep_alive_needs_silence(void) {
    struct end e;
    establish_with_defaults(&e);
    call(&e, TCP_SET_KEEP_ALIVE, 1);
    e.now += 3600 * SECOND;
    arrives(&e, text_of(&e, 0, 0));
    CHECK_EQ(tcp_deadline(&e.config, &e.tcp, NULL), e.now + 7200 * SECOND);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_KEEP_ALIVE], TCP_NEVER);
    arrives(&e, window_of(&e, 10, WINDOW));
    CHECK_EQ(tcp_deadline(&e.config, &e.tcp, NULL), e.now + 7200 * SECOND);
}

// MUST-29: a probe without an answer means nothing; the first answer ends the doubt.
static void test_keep_alive_forgives_losses(void) {
    struct end e;
    establish_with_defaults(&e);
    call(&e, TCP_SET_KEEP_ALIVE, 1);
    for (unsigned i = 1; i <= 8; i++) {
        CHECK_EQ(fire_next(&e), TCP_KEEP_ALIVE_TIMEOUT);
        CHECK_EQ(e.count, i);
        CHECK_EQ(e.tcp.state, TCP_ESTABLISHED);
    }
    arrives(&e, text_of(&e, 0, 0));
    CHECK_EQ(tcp_deadline(&e.config, &e.tcp, NULL), e.now + 7200 * SECOND);
    for (unsigned i = 0; i < 9; i++) {
        CHECK_EQ(e.tcp.state, TCP_ESTABLISHED);
        fire_next(&e);
    }
    fire_next(&e);
    CHECK_EQ(e.tcp.state, TCP_CLOSED);
}

int main(void) {
    test_r1_and_r2();
    test_r2_of_one_connection();
    test_soft_errors();
    test_hard_errors();
    test_source_quench_is_ignored();
    test_keep_alive_is_asked_for();
    test_keep_alive_needs_silence();
    test_keep_alive_forgives_losses();
    return check_result();
}
