// Requirements of RFC 9293 appendix B on text: PUSH, urgent text, acknowledgements. As in test_requirements.c.
#include "tests/one_end.h"

// ---- PUSH

// MUST-61, SHLD-27, SHLD-28: three SENDs while nothing may go out leave as full segments; the last alone has PSH.
static void test_push_on_last_segment(void) {
    struct end e;
    establish_with_defaults(&e);
    arrives(&e, window_of(&e, 0, 0));
    for (int i = 0; i < 3; i++)
        call(&e, TCP_SEND, 900);
    CHECK_EQ(e.count, 0);
    arrives(&e, window_of(&e, 0, WINDOW));
    CHECK_EQ(e.count, 2);
    arrives(&e, window_of(&e, 2 * MSS, WINDOW));
    CHECK_EQ(e.count, 3);
    for (unsigned i = 0; i < e.count; i++) {
        CHECK_EQ(e.sent[i].len, i < 2 ? MSS : 700);
        CHECK_EQ((e.sent[i].flags & TCP_PSH) != 0, i == 2);
    }
}

// MUST-60, MAY-16: what waits for company, for a window worth while, or for a window at all goes out in the end,
// without another call of the user's.
static void test_text_is_not_kept(void) {
    struct end e;
    establish_with_defaults(&e);
    call(&e, TCP_SEND, 10);
    call(&e, TCP_SEND, 10);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(sent_text(&e), 10);  // Nagle gathers the rest
    arrives(&e, window_of(&e, 10, WINDOW));
    CHECK_EQ(sent_text(&e), 30);
    CHECK_EQ(last(&e)->len, 20);
    arrives(&e, window_of(&e, 30, 300));
    call(&e, TCP_SEND, 800);
    CHECK_EQ(sent_text(&e), 30);
    CHECK_EQ(fire_next(&e), TCP_PERSIST_TIMEOUT);
    CHECK_EQ(sent_text(&e), 330);
    arrives(&e, window_of(&e, 330, 0));
    CHECK_EQ(fire_next(&e), TCP_PERSIST_TIMEOUT);
    CHECK_EQ(sent_text(&e), 331);
}

// ---- Urgent text

static void send_urgent(struct end *e, uint32_t length) {
    const struct tcp_event event = {.kind = TCP_SEND, .length = length, .urgent = true};
    step(e, &event);
}

// MUST-30, MUST-62: the pointer of each segment up to the end of what is urgent names the octet behind it.
static void test_urgent_pointer(void) {
    struct end e;
    establish_with_defaults(&e);
    call(&e, TCP_SEND, 10);
    send_urgent(&e, 2 * MSS);
    call(&e, TCP_SEND, 2 * MSS);
    arrives(&e, window_of(&e, 10, WINDOW));
    CHECK_EQ(sent_text(&e), 4 * MSS + 10);
    for (unsigned i = 1; i < e.count; i++) {
        const struct tcp_segment *segment = &e.sent[i];
        bool urgent = seq_lt(segment->seq, ISS + 1 + 10 + 2 * MSS);
        CHECK_EQ((segment->flags & TCP_URG) != 0, urgent);
        if (urgent) CHECK_EQ(segment->seq + segment->up, ISS + 1 + 10 + 2 * MSS);
    }
}

// MUST-31: urgent text of any length. As long as its end is further away than 16 bits can say, the pointer says 65535.
static void test_long_urgent_text(void) {
    const uint32_t length = 200 * MSS;
    struct end e;
    establish_with_defaults(&e);
    send_urgent(&e, length);
    for (uint32_t acknowledged = 0; acknowledged < length; acknowledged += MSS)
        arrives(&e, window_of(&e, acknowledged, WINDOW));
    CHECK_EQ(sent_text(&e), length);
    for (unsigned i = 0; i < e.count; i++) {
        uint32_t left = ISS + 1 + length - e.sent[i].seq;
        CHECK_EQ(e.sent[i].flags & TCP_URG, TCP_URG);
        CHECK_EQ(e.sent[i].up, left < 65535 ? left : 65535);
    }
}

static void urgent_arrives(struct end *e, uint32_t offset, uint32_t len, uint16_t up) {
    struct tcp_segment segment = text_of(e, offset, len);
    segment.flags |= TCP_URG;
    segment.up = up;
    arrives(e, segment);
}

// MUST-32, MUST-33: the user hears of urgent text, and again when the pointer advances; not when it is repeated. How
// much of it is left to be read can be seen.
static void test_urgent_is_told(void) {
    struct end e;
    establish_with_defaults(&e);
    urgent_arrives(&e, 0, 10, 100);
    CHECK_EQ(e.signals[TCP_SIGNAL_URGENT], 1);
    CHECK_EQ(e.tcp.rcv_up - e.tcp.rcv_user, 100);
    urgent_arrives(&e, 10, 10, 90);  // the same end
    urgent_arrives(&e, 20, 10, 50);  // an earlier one
    CHECK_EQ(e.signals[TCP_SIGNAL_URGENT], 1);
    urgent_arrives(&e, 30, 10, 200);
    CHECK_EQ(e.signals[TCP_SIGNAL_URGENT], 2);
    call(&e, TCP_RECEIVE, 40);
    CHECK_EQ(e.tcp.rcv_up - e.tcp.rcv_user, 190);
    arrives(&e, text_of(&e, 40, 190));
    call(&e, TCP_RECEIVE, 190);
    CHECK_EQ(e.tcp.flags & TCP_CONNECTION_URGENT, 0);  // all of it was read
    urgent_arrives(&e, 230, 10, 10);
    CHECK_EQ(e.signals[TCP_SIGNAL_URGENT], 3);
}

// ---- Acknowledgements

// MUST-58, MUST-59, core's part: whoever keeps segments waiting hands them all over before TCP_CONTINUE; then one ACK
// is for all of them, and text takes it along.
static void test_one_ack_for_many_segments(void) {
    for (int answer = 0; answer <= 1; answer++) {
        struct end e;
        establish_with_defaults(&e);
        for (uint32_t i = 0; i < 6; i++) {
            const struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = text_of(&e, i * MSS, MSS)};
            tcp_step(&e.config, &e.tcp, &event, e.now, &e.effects);
            collect(&e);
        }
        CHECK_EQ(e.count, 0);
        call(&e, answer ? TCP_SEND : TCP_CONTINUE, answer ? 10 : 0);
        CHECK_EQ(e.count, 1);
        CHECK_EQ(last(&e)->ack, PEER + 1 + 6 * MSS);
        CHECK_EQ(last(&e)->len, answer ? 10 : 0);
    }
}

// MUST-58: one ACK is for text and for the FIN behind it.
static void test_text_and_fin_draw_one_ack(void) {
    struct end e;
    establish_with_defaults(&e);
    struct tcp_segment segment = text_of(&e, 0, 10);
    segment.flags |= TCP_FIN;
    arrives(&e, segment);
    CHECK_EQ(e.count, 1);
    CHECK_EQ(last(&e)->ack, PEER + 1 + 10 + 1);
}

// SHLD-31, MAY-13: what arrives ahead of a gap draws an ACK and is held; when the gap is filled, one ACK is for all.
static void test_gap_is_filled(void) {
    struct end e;
    establish_with_defaults(&e);
    for (uint32_t i = 1; i < 5; i++) {
        arrives(&e, text_of(&e, i * MSS, MSS));
        CHECK_EQ(e.count, i);
        CHECK_EQ(last(&e)->ack, PEER + 1);
    }
    arrives(&e, text_of(&e, 0, MSS));
    CHECK_EQ(e.count, 5);
    CHECK_EQ(last(&e)->ack, PEER + 1 + 5 * MSS);
    CHECK_EQ(e.received, 5 * MSS);
}

// SHLD-18, MUST-40: the ACK of a lone segment waits as long as is configured, and segments that follow don't make it
// wait longer. By default that is less than half a second; no host can be made with more (test_ack_delay_is_bounded).
static void test_ack_waits_less_than_half_a_second(void) {
    const uint64_t delays[] = {0, 1, 40 * MILLISECOND, tcp_config_default().delayed_ack, SECOND / 2 - 1};
    CHECK(tcp_config_default().delayed_ack < SECOND / 2);
    for (size_t i = 0; i < sizeof delays / sizeof *delays; i++) {
        struct end e;
        begin(&e);
        e.config.delayed_ack = delays[i];
        establish(&e);
        uint64_t arrived = e.now;
        arrives(&e, text_of(&e, 0, 10));
        CHECK_EQ(e.count, delays[i] == 0 ? 1 : 0);
        if (delays[i] == 0) continue;
        e.now += delays[i] / 2;
        arrives(&e, text_of(&e, 10, 10));
        CHECK_EQ(e.count, 0);
        CHECK_EQ(fire_next(&e), TCP_DELAYED_ACK_TIMEOUT);
        CHECK_EQ(e.now - arrived, delays[i]);
        CHECK_EQ(e.count, 1);
        CHECK_EQ(last(&e)->ack, PEER + 1 + 20);
    }
}

int main(void) {
    test_push_on_last_segment();
    test_text_is_not_kept();
    test_urgent_pointer();
    test_long_urgent_text();
    test_urgent_is_told();
    test_one_ack_for_many_segments();
    test_text_and_fin_draw_one_ack();
    test_gap_is_filled();
    test_ack_waits_less_than_half_a_second();
    return check_result();
}
