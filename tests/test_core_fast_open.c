// core and Fast Open (RFC 7413), both sides.
#include "tests/core_end.h"

static const uint8_t cookie[8] = {1, 2, 3, 4, 5, 6, 7, 8};

static struct tcp_event fast_event(enum tcp_event_kind kind, enum tcp_fast_open what, uint8_t length) {
    struct tcp_event event = event_of(kind, 0);
    event.incarnation.fast_open = (uint8_t)what;
    event.incarnation.cookie_len = length;
    memcpy(event.incarnation.cookie, cookie, sizeof cookie);
    return event;
}

static void test_fast_open_ask(void) {
    struct end e = new_end(0);
    struct tcp_event event = fast_event(TCP_OPEN_ACTIVE, TCP_FAST_OPEN_ASK, 0);
    event.length = 300;
    step(&e, &event);
    CHECK(sent(&e, 0).options == (TCP_OPTION_MSS | TCP_OPTION_FAST_OPEN) && sent(&e, 0).cookie_len == 0);
    CHECK(sent(&e, 0).len == 0 && e.effects.accepted == 300);
    for (unsigned length = 0; length < 256; length++) {
        struct end copy = e;
        struct tcp_segment answer = syn_ack(TCP_OPTION_FAST_OPEN);
        answer.cookie_len = (uint8_t)length;
        memcpy(answer.cookie, cookie, sizeof cookie);
        arrive(&copy, answer);
        bool legal = length >= 4 && length <= 16 && length % 2 == 0;
        CHECK_EQ(copy.effects.cookie_len, legal ? length : 0);
        CHECK_EQ(copy.tcb.state, TCP_ESTABLISHED);
        if (length == 8) CHECK(memcmp(copy.effects.cookie, cookie, 8) == 0);
        CHECK_EQ(sent(&copy, 1).len, 300);
    }
}

static struct end fast_client(uint32_t length) {
    struct end e = new_end(0);
    struct tcp_event event = fast_event(TCP_OPEN_ACTIVE, TCP_FAST_OPEN_TEXT, 8);
    event.length = length;
    step(&e, &event);
    return e;
}

static void test_fast_open_text(void) {
    struct end e = fast_client(300);
    struct tcp_segment syn = sent(&e, 0);
    CHECK(syn.flags == (TCP_SYN | TCP_PSH) && syn.len == 300 && syn.source == 1 && syn.cookie_len == 8);
    CHECK(memcmp(syn.cookie, cookie, 8) == 0);
    struct end repeated = e;
    CHECK_EQ(fire(&repeated), TCP_RETRANSMISSION_TIMEOUT);
    CHECK(sent(&repeated, 0).flags == TCP_SYN && sent(&repeated, 0).len == 0);
    CHECK_EQ(sent(&repeated, 0).options, TCP_OPTION_MSS);
    struct tcp_segment answer = syn_ack(0);
    struct end refused = e;
    arrive(&refused, answer);  // of the SYN alone
    CHECK(sent(&refused, 0).flags == TCP_ACK && sent(&refused, 1).seq == ISS + 1 && sent(&refused, 1).len == 300);
    CHECK_EQ(refused.tcb.snd_nxt, ISS + 301);
    arrive(&repeated, answer);
    CHECK_EQ(sent(&repeated, 1).len, 300);
    answer.ack = ISS + 101;  // of a part
    struct end part = e;
    arrive(&part, answer);
    CHECK(sent(&part, 1).seq == ISS + 101 && sent(&part, 1).len == 200);
    answer.ack = ISS + 301;
    arrive(&e, answer);
    CHECK(count_of(&e, TCP_EFFECT_SEGMENT) == 1 && e.tcb.snd_una == ISS + 301);
    e = fast_client(5000);
    CHECK(sent(&e, 0).len == 536 - 40 && sent(&e, 0).flags == TCP_SYN);
    arrive(&e, syn_ack(0));
    CHECK_EQ(e.tcb.snd_nxt, ISS + 1 + 5000);
    struct end crossed = fast_client(300);
    arrive(&crossed, (struct tcp_segment){.seq = IRS, .flags = TCP_SYN, .wnd = 60000, .len = 5, .source = 2});
    CHECK(crossed.tcb.state == TCP_SYN_RECEIVED && count_of(&crossed, TCP_EFFECT_TEXT) == 0);
    struct tcp_segment ack = ack_of(&crossed);
    ack.ack = ISS + 1;
    arrive(&crossed, ack);
    CHECK_EQ(count_of(&crossed, TCP_EFFECT_TEXT), 1);
    CHECK_EQ(sent(&crossed, 0).len, 300);
    struct end cookieless = new_end(0);
    struct tcp_event event = fast_event(TCP_OPEN_ACTIVE, TCP_FAST_OPEN_TEXT, 0);
    event.length = 300;
    step(&cookieless, &event);
    CHECK_EQ(sent(&cookieless, 0).len, 0);
}

static struct end fast_server(enum tcp_fast_open what, uint8_t options) {
    struct end e = new_end(0);
    e.config.no_delay = false;
    call(&e, TCP_OPEN_PASSIVE, 0);
    struct tcp_event event = fast_event(TCP_SEGMENT_ARRIVES, what, 8);
    event.segment = (struct tcp_segment){.seq = IRS,
                                         .flags = TCP_SYN,
                                         .wnd = 60000,
                                         .len = 200,
                                         .source = 2,
                                         .options = options,
                                         .cookie_len = what == TCP_FAST_OPEN_TAKE ? 8 : 0};
    step(&e, &event);
    CHECK_EQ(e.tcb.state, TCP_SYN_RECEIVED);
    return e;
}

static void test_fast_open_give(void) {
    struct end e = fast_server(TCP_FAST_OPEN_GIVE, TCP_OPTION_FAST_OPEN);
    CHECK(sent(&e, 0).cookie_len == 8 && memcmp(sent(&e, 0).cookie, cookie, 8) == 0);
    CHECK(sent(&e, 0).ack == IRS + 1 && count_of(&e, TCP_EFFECT_TEXT) == 0);
    fire(&e);
    CHECK_EQ(sent(&e, 0).options, TCP_OPTION_MSS);  // repeated without
    e = fast_server(TCP_FAST_OPEN_GIVE, 0);         // nobody asked
    CHECK_EQ(sent(&e, 0).options & TCP_OPTION_FAST_OPEN, 0);
    e = fast_server(TCP_FAST_OPEN_TAKE, 0);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 0);
    // The client whose text waited sends it again behind the handshake: each octet is delivered once.
    struct tcp_segment again = ack_of(&e);
    again.seq = IRS + 1;
    again.len = 300;
    again.source = 2;
    arrive(&e, again);
    CHECK_EQ(tcp_unread(&e.tcb), 300);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 2);
}

static void test_fast_open_take(void) {
    struct end e = fast_server(TCP_FAST_OPEN_TAKE, TCP_OPTION_FAST_OPEN);
    CHECK(count_of(&e, TCP_EFFECT_TEXT) == 1 && sent(&e, 0).ack == IRS + 201 && tcp_unread(&e.tcb) == 200);
    CHECK_EQ(sent(&e, 0).wnd, 65335);
    struct end fresh = e;
    call(&e, TCP_SEND, 500);
    CHECK(sent(&e, 0).len == 500 && sent(&e, 0).seq == ISS + 1 && sent(&e, 0).flags == (TCP_ACK | TCP_PSH));
    call(&e, TCP_SEND, 100);  // now Nagle waits
    CHECK_EQ(e.effects.count, 0);
    struct end closing = e;
    struct tcp_segment ack = ack_of(&e);
    ack.ack = ISS + 1;
    arrive(&e, ack);
    CHECK(e.tcb.state == TCP_ESTABLISHED && signalled(&e, TCP_SIGNAL_ESTABLISHED) && e.tcb.rcv_wnd == 65335);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 0);
    call(&closing, TCP_CLOSE, 0);
    CHECK_EQ(sent(&closing, 0).len, 100);
    call(&closing, TCP_CONTINUE, 0);
    CHECK(closing.tcb.state == TCP_FIN_WAIT_1 && (closing.tcb.flags & TCP_CONNECTION_FIN_SENT));
    // Whoever was let in hears of its end.
    struct end copy = fresh;
    arrive(&copy, (struct tcp_segment){.seq = IRS + 201, .flags = TCP_RST});
    CHECK(signalled(&copy, TCP_SIGNAL_RESET) && copy.tcb.state == TCP_CLOSED);
    copy = fresh;
    while (copy.tcb.state != TCP_CLOSED)
        fire(&copy);
    CHECK(signalled(&copy, TCP_SIGNAL_TIMED_OUT));
    copy = fresh;
    icmp(&copy, TCP_ICMP_PORT_UNREACHABLE, ISS, 0);
    CHECK(signalled(&copy, TCP_SIGNAL_UNREACHABLE) && copy.tcb.state == TCP_CLOSED);
    arrive(&fresh, (struct tcp_segment){.seq = IRS + 300, .flags = TCP_SYN});
    CHECK_EQ(fresh.tcb.state, TCP_SYN_RECEIVED);  // another SYN does not undo it
}

int main(void) {
    test_fast_open_ask();
    test_fast_open_text();
    test_fast_open_give();
    test_fast_open_take();
    return check_result();
}
