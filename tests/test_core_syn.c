// What a SYN brings beside its sequence number, and when that counts: text, urgent text, the user timeout, the MSS.
#include "tests/core_end.h"

// In SYN-RECEIVED, out of LISTEN, by `syn`.
static struct end half_open(uint8_t options, struct tcp_segment syn) {
    struct end e = new_end(options);
    syn.seq = IRS;
    syn.flags |= TCP_SYN;
    syn.wnd = 60000;
    call(&e, TCP_OPEN_PASSIVE, 0);
    arrive(&e, syn);
    CHECK_EQ(e.tcb.state, TCP_SYN_RECEIVED);
    return e;
}

// Text that came with the SYN, and comes again with the ACK because the SYN,ACK did not acknowledge it, is a duplicate
// (RFC 2883 section 4).
static void test_syn_text_comes_twice(void) {
    struct end e = half_open(TCP_OPTION_SACK_PERMITTED,
                             (struct tcp_segment){.len = 5, .source = 2, .options = TCP_OPTION_SACK_PERMITTED});
    struct tcp_segment again = ack_of(&e);
    again.len = 8;
    again.source = 2;
    arrive(&e, again);
    CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 2);
    struct tcp_segment answer = sent(&e, 0);
    CHECK_EQ(answer.ack, IRS + 1 + 8);
    CHECK(answer.blocks == 1 && answer.sack[0].begin == IRS + 1 && answer.sack[0].end == IRS + 1 + 5);
    e.config.delayed_ack = SECOND / 5;
    again = ack_of(&e);
    again.len = 8;
    again.source = 2;
    arrive(&e, again);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 0);
}

static struct tcp_segment urgent(uint32_t len, uint16_t up) {
    return (struct tcp_segment){.len = len, .source = len > 0 ? 2 : 0, .up = up, .flags = TCP_URG};
}

// MUST-66, 3.10.7.3, fourth: behind the SYN,ACK processing goes on at the sixth step, before the text is delivered.
static void test_urgent_syn_ack(void) {
    struct end e = new_end(0);
    call(&e, TCP_OPEN_ACTIVE, 0);
    struct tcp_segment answer = syn_ack(0);
    answer.flags |= TCP_URG;
    answer.up = 6;
    answer.len = 5;
    answer.source = 2;
    arrive(&e, answer);
    CHECK(signalled(&e, TCP_SIGNAL_URGENT));
    CHECK_EQ(e.tcb.rcv_up, IRS + 6);
    CHECK(tcp_unread(&e.tcb) == 5 && e.tcb.flags & TCP_CONNECTION_URGENT);
}

// 3.10.7.2, third: "any other control or text should be queued for processing later".
static void test_urgent_syn(void) {
    struct end e = half_open(0, urgent(5, 6));
    CHECK(!signalled(&e, TCP_SIGNAL_URGENT) && !(e.tcb.flags & TCP_CONNECTION_URGENT));
    struct end closed = e;
    arrive(&e, ack_of(&e));
    CHECK(signalled(&e, TCP_SIGNAL_URGENT));
    CHECK_EQ(e.tcb.rcv_up, IRS + 6);
    CHECK_EQ(e.tcb.flags & TCP_CONNECTION_URGENT_HELD, 0);
    call(&e, TCP_RECEIVE, 5);
    CHECK_EQ(e.tcb.rcv_up, 0);
    call(&closed, TCP_CLOSE, 0);  // the ACK of SYN and FIN finds FIN-WAIT-1
    settle(&closed);
    arrive(&closed, ack_of(&closed));
    CHECK(closed.tcb.state == TCP_FIN_WAIT_2 && signalled(&closed, TCP_SIGNAL_URGENT));
    e = half_open(0, urgent(0, 1));  // nothing ahead of it
    arrive(&e, ack_of(&e));
    CHECK(!signalled(&e, TCP_SIGNAL_URGENT) && e.tcb.rcv_up == 0);
}

// The same where the SYNs cross (3.10.7.3, fourth): "queue them for processing after the ESTABLISHED state".
static void test_urgent_syns_cross(void) {
    struct end e = new_end(0);
    call(&e, TCP_OPEN_ACTIVE, 0);
    struct tcp_segment syn = urgent(0, 100);
    syn.seq = IRS;
    syn.flags |= TCP_SYN;
    syn.wnd = 60000;
    arrive(&e, syn);
    CHECK(e.tcb.state == TCP_SYN_RECEIVED && !signalled(&e, TCP_SIGNAL_URGENT));
    arrive(&e, ack_of(&e));
    CHECK(signalled(&e, TCP_SIGNAL_URGENT));
    CHECK_EQ(e.tcb.rcv_up, IRS + 100);
}

// Where the text does not wait, the pointer doesn't: a cookie was right, or the handshake has two segments.
static void test_urgent_syn_at_once(void) {
    struct end e = new_end(0);
    struct tcp_event event = event_of(TCP_SEGMENT_ARRIVES, 0);
    event.segment = urgent(5, 6);
    event.segment.seq = IRS;
    event.segment.flags |= TCP_SYN;
    event.segment.wnd = 60000;
    event.segment.options = TCP_OPTION_FAST_OPEN;
    event.segment.cookie_len = 8;
    event.incarnation.fast_open = TCP_FAST_OPEN_TAKE;
    call(&e, TCP_OPEN_PASSIVE, 0);
    step(&e, &event);
    CHECK(e.tcb.state == TCP_SYN_RECEIVED && signalled(&e, TCP_SIGNAL_URGENT));
    e = new_end(0);
    tcp_rule_set_add(&e.config.without, TCP_RULE_THREE_WAY_HANDSHAKE);
    event.incarnation.fast_open = TCP_FAST_OPEN_OFF;
    call(&e, TCP_OPEN_PASSIVE, 0);
    step(&e, &event);
    CHECK(e.tcb.state == TCP_ESTABLISHED && signalled(&e, TCP_SIGNAL_URGENT));
}

// A packet too big tells of the path, which the SYN,ACK doesn't widen (RFC 1191 section 6.3).
static void test_too_big_in_syn_sent(void) {
    for (int said = 0; said <= 1; said++) {
        struct end e = new_end(0);
        call(&e, TCP_OPEN_ACTIVE, 0);
        icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS, 700);
        icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS, 900);  // never larger
        struct tcp_segment answer = syn_ack(0);
        if (!said) answer.options = 0;
        arrive(&e, answer);
        CHECK_EQ(e.tcb.snd_mss, said ? 700 : 536);
        CHECK_EQ(e.tcb.path_mss, 0);
        call(&e, TCP_SEND, 2 * MSS);
        CHECK_EQ(sent(&e, 0).len, said ? 700 : 536);
    }
    struct end e = new_end(0);
    call(&e, TCP_OPEN_ACTIVE, 0);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS, 500);
    CHECK_EQ(fire(&e), TCP_RETRANSMISSION_TIMEOUT);
    CHECK_EQ(sent(&e, 0).mss, MSS);  // what we receive comes another way
    struct tcp_segment answer = syn_ack(0);
    answer.options = 0;
    arrive(&e, answer);
    CHECK_EQ(e.tcb.snd_mss, 500);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS + 1, 400);
    CHECK_EQ(e.tcb.snd_mss, 500);  // nothing is in flight
}

int main(void) {
    test_too_big_in_syn_sent();
    test_urgent_syn_ack();
    test_urgent_syn();
    test_urgent_syns_cross();
    test_urgent_syn_at_once();
    test_syn_text_comes_twice();
    return check_result();
}
