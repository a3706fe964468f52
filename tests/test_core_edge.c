// What stands at the right edge of the receive window. Found by the bridge to Linux's TCP (tests/bridge), which lost
// the front of a full window in each direction: both ends then dropped each other's ACKs and answered them with more.
#include "tests/core_end.h"

enum { BUFFER = 4 * MSS };

// ESTABLISHED, with a MSS of text in flight and a window that is full but for its first segment.
static struct end full_but_for_a_hole(void) {
    struct end e = connected(0);
    e.config.receive_buffer = BUFFER;
    e.tcb.rcv_wnd = BUFFER;
    call(&e, TCP_SEND, MSS);
    CHECK_EQ(sent(&e, 0).len, MSS);
    struct tcp_segment text = ack_of(&e);
    text.ack = e.tcb.snd_una;
    text.source = 2;
    text.len = MSS;
    for (int i = 1; i < 4; i++) {
        text.seq = e.tcb.rcv_nxt + (uint32_t)i * MSS;
        arrive(&e, text);
    }
    CHECK_EQ(e.tcb.rcv_nxt, IRS + 1);
    settle(&e);
    return e;
}

static struct tcp_segment ack_at_edge(const struct end *e) {
    struct tcp_segment ack = ack_of(e);
    ack.seq = e->tcb.rcv_nxt + e->tcb.rcv_wnd;
    return ack;
}

// It is processed, and draws no ACK.
static void test_ack(void) {
    struct end e = full_but_for_a_hole();
    arrive(&e, ack_at_edge(&e));
    CHECK_EQ(e.tcb.snd_una, e.tcb.snd_nxt);
    settle(&e);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 0);
    CHECK_EQ(tcp_deadline(&e.config, &e.tcb, NULL), TCP_NEVER);
}

// The peer repeats what was lost, and everything is delivered.
static void test_repair(void) {
    struct end e = full_but_for_a_hole();
    arrive(&e, ack_at_edge(&e));
    struct tcp_segment text = ack_of(&e);
    text.source = 2;
    text.len = MSS;
    arrive(&e, text);
    CHECK_EQ(e.tcb.rcv_nxt, IRS + 1 + BUFFER);
    CHECK_EQ(tcp_unread(&e.tcb), BUFFER);
}

// Nothing else may stand there, nor anything beyond.
static void test_others(void) {
    const struct end full = full_but_for_a_hole();
    for (int kind = 0; kind < 6; kind++) {
        struct end e = full;
        struct tcp_segment segment = ack_at_edge(&e);
        if (kind == 0) segment.seq++;
        if (kind == 1) segment.flags |= TCP_FIN;
        if (kind == 2) segment.flags |= TCP_SYN;
        if (kind == 3) segment.ack = e.tcb.snd_nxt + 1;
        if (kind == 4) segment.len = 1;
        if (kind == 5) segment.compartment = 1;
        check_about("kind %d", kind);
        arrive(&e, segment);
        CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
        CHECK_EQ(e.tcb.snd_una, full.tcb.snd_una);
        CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 1);
        CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
    }
    struct end e = full;
    struct tcp_segment reset = ack_at_edge(&e);
    reset.flags = TCP_RST;
    check_about("a reset");
    arrive(&e, reset);
    CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
    CHECK_EQ(e.effects.count, 0);
    check_about(NULL);
}

// Two ends that have filled each other's windows: without the rule, each ACK would draw another.
static void test_rule(void) {
    struct end e = full_but_for_a_hole();
    tcp_rule_set_add(&e.config.without, TCP_RULE_RIGHT_EDGE_TAKES_ACKS);
    arrive(&e, ack_at_edge(&e));
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 1);
    CHECK(e.tcb.snd_una != e.tcb.snd_nxt);
}

int main(void) {
    test_ack();
    test_repair();
    test_others();
    test_rule();
    return check_result();
}
