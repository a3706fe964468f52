// What systems do differently (the second half of struct tcp_config): each choice does what its comment says, and the
// default does not.
#include "core/tcp.h"
#include "tests/check.h"

enum { ISS = 1000, PEER = 5000, MSS = 1000, WINDOW = 60000 };
static const uint64_t MILLISECOND = UINT64_C(1000000);

struct end {
    struct tcp_config config;
    struct tcp_connection tcp;
    struct tcp_effects effects;  // of the last step
    uint64_t now;
};

static struct end begin(void) {
    struct end e;
    memset(&e, 0, sizeof e);
    e.config = tcp_config_default();
    e.now = 1000 * MILLISECOND;
    return e;
}

static void step(struct end *e, const struct tcp_event *event) {
    tcp_step(&e->config, &e->tcp, event, e->now, &e->effects);
}

static void call(struct end *e, enum tcp_event_kind kind, uint32_t length) {
    struct tcp_event event = {.kind = kind, .length = length};
    event.incarnation = (struct tcp_incarnation){.source = 7, .iss_given = true, .iss = ISS, .mss = MSS};
    step(e, &event);
}

static void arrives(struct end *e, struct tcp_segment segment) {
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = segment};
    event.incarnation = (struct tcp_incarnation){.source = 7, .iss_given = true, .iss = ISS, .mss = MSS};
    step(e, &event);
}

// Whatever the deadline says, at its time.
static enum tcp_event_kind wait(struct end *e) {
    enum tcp_event_kind kind = TCP_STATUS;
    uint64_t deadline = tcp_deadline(&e->config, &e->tcp, &kind);
    if (!CHECK(deadline != TCP_NEVER)) return kind;
    if (deadline > e->now) e->now = deadline;
    call(e, kind, 0);
    return kind;
}

// The `nth` segment of the last step, from 0; `flags` 0xff when there is none.
static struct tcp_segment sent(const struct end *e, unsigned nth) {
    for (uint32_t i = 0; i < e->effects.count; i++)
        if (e->effects.list[i].kind == TCP_EFFECT_SEGMENT && nth-- == 0) return e->effects.list[i].segment;
    return (struct tcp_segment){.flags = 0xff};
}

static bool silent(const struct end *e) {
    return sent(e, 0).flags == 0xff;
}

static struct tcp_segment segment(uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len) {
    return (struct tcp_segment){
        .flags = flags, .seq = seq, .ack = ack, .len = len, .source = len > 0 ? 9 : 0, .wnd = WINDOW};
}

static void establish(struct end *e) {
    call(e, TCP_OPEN_ACTIVE, 0);
    e->now += 40 * MILLISECOND;
    struct tcp_segment answer = segment(TCP_SYN | TCP_ACK, PEER, ISS + 1, 0);
    answer.options = TCP_OPTION_MSS;
    answer.mss = MSS;
    arrives(e, answer);
    CHECK_EQ(e->tcp.state, TCP_ESTABLISHED);
}

static void half_open(struct end *e, uint8_t flags, uint32_t len) {
    call(e, TCP_OPEN_PASSIVE, 0);
    arrives(e, segment(flags, PEER, 0, len));
    CHECK_EQ(e->tcp.state, TCP_SYN_RECEIVED);
}

// ---- Opening -------------------------------------------------------------------------------------------------------

static void unacceptable_ack_in_syn_sent(bool habit) {
    struct end e = begin();
    e.config.syn_at_once = habit;
    call(&e, TCP_OPEN_ACTIVE, 0);
    e.now += 5 * MILLISECOND;
    arrives(&e, segment(TCP_ACK, PEER, ISS + 77, 0));
    CHECK_EQ(sent(&e, 0).flags, TCP_RST);
    CHECK_EQ(wait(&e), TCP_RETRANSMISSION_TIMEOUT);
    CHECK_EQ(sent(&e, 0).flags, TCP_SYN);
    CHECK_EQ(e.now, (habit ? 1005 : 2000) * MILLISECOND);
    arrives(&e, segment(TCP_ACK, PEER, ISS + 77, 0));  // once is enough
    CHECK(tcp_deadline(&e.config, &e.tcp, NULL) > e.now);
}

static void syn_in_syn_received(bool habit) {
    struct end e = begin();
    e.config.syn_ack_at_once = e.config.newer_syn_draws_rst = habit;
    half_open(&e, TCP_SYN, 0);
    arrives(&e, segment(TCP_SYN, PEER, 0, 0));
    CHECK_EQ(sent(&e, 0).flags, habit ? TCP_SYN | TCP_ACK : TCP_ACK);
    CHECK_EQ(sent(&e, 0).repeat, habit ? 1 : 0);
    arrives(&e, segment(TCP_SYN, PEER - 100, 0, 0));  // an older one
    CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
    arrives(&e, segment(TCP_SYN, PEER + 100, 0, 0));
    CHECK_EQ(e.tcp.state, TCP_CLOSED);
    CHECK_EQ(sent(&e, 0).flags, habit ? TCP_RST | TCP_ACK : 0xff);
    if (habit) CHECK_EQ(sent(&e, 0).ack, PEER + 101);
}

static void too_big_in_syn_sent(bool habit) {
    struct end e = begin();
    e.config.too_big_lowers_offer = habit;
    call(&e, TCP_OPEN_ACTIVE, 0);
    uint16_t mss = sent(&e, 0).mss;
    struct tcp_event event = {.kind = TCP_ICMP_ARRIVES};
    event.icmp = (struct tcp_icmp_error){.kind = TCP_ICMP_FRAGMENTATION_NEEDED, .seq = ISS, .text_mss = mss - 100u};
    step(&e, &event);
    CHECK_EQ(wait(&e), TCP_RETRANSMISSION_TIMEOUT);
    CHECK_EQ(sent(&e, 0).mss, habit ? mss - 100 : mss);
}

static void text_of_a_syn(bool habit) {
    struct end e = begin();
    e.config.listen_takes_syn_only = habit;
    half_open(&e, TCP_SYN | TCP_FIN, 10);
    CHECK_EQ(e.tcp.held_count, habit ? 0 : 1);
    CHECK_EQ((e.tcp.flags & TCP_CONNECTION_FIN_HELD) != 0, !habit);
}

static void syn_with_fin(bool habit) {
    struct end e = begin();
    e.config.syn_fin_is_dropped = habit;
    call(&e, TCP_OPEN_PASSIVE, 0);
    arrives(&e, segment(TCP_SYN | TCP_FIN, PEER, 0, 0));
    CHECK_EQ(e.tcp.state, habit ? TCP_LISTEN : TCP_SYN_RECEIVED);
}

static void plain_syn(bool habit) {
    struct end e = begin();
    e.config.options = TCP_OPTION_TIMESTAMPS | TCP_OPTION_SACK_PERMITTED;
    e.config.ecn = TCP_ECN_ASK;
    e.config.syn_plain = habit ? 2 : 0;
    e.config.syn_ecn = habit ? 1 : UINT8_MAX;
    call(&e, TCP_OPEN_ACTIVE, 0);
    wait(&e);
    CHECK_EQ(sent(&e, 0).options, TCP_OPTION_MSS | TCP_OPTION_TIMESTAMPS | TCP_OPTION_SACK_PERMITTED);
    CHECK_EQ(sent(&e, 0).flags, TCP_SYN | TCP_ECE | TCP_CWR);
    wait(&e);
    CHECK_EQ(sent(&e, 0).options,
             habit ? TCP_OPTION_MSS : TCP_OPTION_MSS | TCP_OPTION_TIMESTAMPS | TCP_OPTION_SACK_PERMITTED);
    CHECK_EQ(sent(&e, 0).flags, habit ? TCP_SYN : TCP_SYN | TCP_ECE | TCP_CWR);
}

static void given_up_syn_ack(bool habit) {
    struct end e = begin();
    e.config.r2_syn_ack = habit ? 63000 * MILLISECOND : 0;
    half_open(&e, TCP_SYN, 0);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_R2], e.now + (habit ? 63000 : 180000) * MILLISECOND);
}

static void reopened(bool habit) {
    struct end e = begin();
    e.config.reopened_iss_gap = habit ? 65537 : 0;
    call(&e, TCP_OPEN_PASSIVE, 0);
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = segment(TCP_SYN, PEER, 0, 0)};
    event.incarnation =
        (struct tcp_incarnation){.source = 7, .isn_clock = 900000, .iss_has_floor = true, .iss_floor = 400, .mss = MSS};
    step(&e, &event);
    CHECK_EQ(e.tcp.iss, habit ? 400 + 65537 : 900000);
}

// ---- Acknowledging and windows
// ---------------------------------------------------------------------------------------

static void quick_acks(bool habit) {
    struct end e = begin();
    e.config.quick_acks = habit ? 2 : 0;
    establish(&e);
    for (uint32_t i = 0; i < 3; i++) {
        arrives(&e, segment(TCP_ACK, PEER + 1 + i * (MSS - 10), ISS + 1, MSS - 10));
        CHECK_EQ(tcp_deadline(&e.config, &e.tcp, NULL) == 0, habit ? i < 2 : false);
        call(&e, TCP_CONTINUE, 0);
        if (!habit || i == 2) CHECK_EQ(wait(&e), TCP_DELAYED_ACK_TIMEOUT);
        CHECK_EQ(e.tcp.last_ack_sent, e.tcp.rcv_nxt);
    }
}

static void window_steps(bool habit) {
    struct end e = begin();
    e.config.window_step = habit ? 2 : 1;
    e.config.delayed_ack = 0;
    establish(&e);
    for (uint32_t i = 0; i < 10; i++) {
        arrives(&e, segment(TCP_ACK, PEER + 1 + i * MSS, ISS + 1, MSS));
        call(&e, TCP_CONTINUE, 0);
    }
    uint32_t window = e.tcp.rcv_wnd;
    call(&e, TCP_RECEIVE, MSS);
    CHECK_EQ(e.tcp.rcv_wnd, habit ? window : window + MSS);
    call(&e, TCP_RECEIVE, MSS);
    CHECK_EQ(e.tcp.rcv_wnd, window + 2 * MSS);
}

static void rounding(void) {
    const enum tcp_rounding ways[] = {TCP_ROUNDING_NONE, TCP_ROUNDING_DOWN, TCP_ROUNDING_UP};
    const uint32_t first[] = {30500, 30000, 30500}, later[] = {30500, 30000, 31000};
    for (int i = 0; i < 3; i++) {
        struct end e = begin();
        e.config.receive_buffer = 30500;
        e.config.rounding = (uint8_t)ways[i];
        call(&e, TCP_OPEN_ACTIVE, 0);
        CHECK_EQ(sent(&e, 0).wnd, first[i]);
        e = begin();
        e.config.receive_buffer = 30500;
        e.config.rounding = (uint8_t)ways[i];
        establish(&e);
        CHECK_EQ(e.tcp.rcv_wnd, later[i]);
    }
}

// ---- Timers
// ----------------------------------------------------------------------------------------------------------

static void margins(bool habit) {
    struct end e = begin();
    e.config.rto_min = MILLISECOND;
    if (habit) e.config.rto_margin = 200 * MILLISECOND;
    establish(&e);
    for (int i = 0; i < 40; i++) {  // the variance dies away
        call(&e, TCP_SEND, 10);
        e.now += 40 * MILLISECOND;
        arrives(&e, segment(TCP_ACK, PEER + 1, e.tcp.snd_nxt, 0));
    }
    CHECK_EQ(e.tcp.srtt, 40000);
    CHECK(habit ? e.tcp.rto == 240000 : e.tcp.rto < 41000);
}

static void slop(bool habit) {
    struct end e = begin();
    e.config.rto_slop = habit ? 200 * MILLISECOND : 0;
    call(&e, TCP_OPEN_ACTIVE, 0);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_RETRANSMISSION], e.now + 1000 * MILLISECOND);
    wait(&e);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_RETRANSMISSION], e.now + (habit ? 2200 : 2000) * MILLISECOND);
}

static void linear(bool habit) {
    struct end e = begin();
    e.config.syn_linear = habit ? 1 : 0;
    call(&e, TCP_OPEN_ACTIVE, 0);
    const uint64_t begun = e.now;
    wait(&e);
    wait(&e);
    CHECK_EQ(e.now - begun, (habit ? 2000 : 3000) * MILLISECOND);
    wait(&e);
    CHECK_EQ(e.now - begun, (habit ? 4000 : 7000) * MILLISECOND);
}

static void give_up_before_repeating(void) {
    struct end e = begin();
    e.config.r2_syn = 3000 * MILLISECOND;
    call(&e, TCP_OPEN_ACTIVE, 0);
    wait(&e);
    CHECK_EQ(wait(&e), TCP_R2_TIMEOUT);
    CHECK(silent(&e));
}

// ---- Probes
// ----------------------------------------------------------------------------------------------------------

static void close_window(struct end *e) {
    establish(e);
    struct tcp_segment closed = segment(TCP_ACK, PEER + 1, ISS + 1, 0);
    closed.wnd = 0;
    arrives(e, closed);
    call(e, TCP_SEND, 100);
    CHECK(silent(e));
}

static void probes(bool habit) {
    struct end e = begin();
    e.config.probes_are_empty = habit;
    close_window(&e);
    const uint64_t rto = (uint64_t)e.tcp.rto * 1000, begun = e.now;
    CHECK_EQ(wait(&e), TCP_PERSIST_TIMEOUT);
    CHECK_EQ(sent(&e, 0).len, habit ? 0 : 1);
    CHECK_EQ(sent(&e, 0).seq, habit ? ISS : ISS + 1);
    wait(&e);
    CHECK_EQ(e.now - begun, habit ? 3 * rto : 2 * rto);
    CHECK_EQ(sent(&e, 0).seq, habit ? ISS : ISS + 1);
    struct tcp_segment closed = segment(TCP_ACK, PEER + 1, ISS + 1, 0);
    closed.wnd = 0;
    arrives(&e, closed);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_R2], e.now + 100000 * MILLISECOND);  // the peer lives
    closed.wnd = WINDOW;
    arrives(&e, closed);
    CHECK_EQ(e.tcp.probes, 0);
    if (!habit) return;  // the probe itself is repeated first
    CHECK_EQ(e.tcp.snd_nxt, ISS + 101);
    arrives(&e, segment(TCP_ACK, PEER + 1, ISS + 101, 0));
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_R2], TCP_NEVER);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_PERSIST], TCP_NEVER);
}

// Nobody answers the empty probes: like everything else, that has its end.
static void probes_unanswered(void) {
    struct end e = begin();
    e.config.probes_are_empty = true;
    close_window(&e);
    const uint64_t begun = e.now;
    for (int turn = 0; turn < 100 && e.tcp.state != TCP_CLOSED; turn++)
        wait(&e);
    CHECK_EQ(e.tcp.state, TCP_CLOSED);
    CHECK_EQ(e.now - begun, (1000 + 100000) * MILLISECOND);
}

// ---- Closing
// ---------------------------------------------------------------------------------------------------------

static void resets(bool habit) {
    struct end e = begin();
    e.config.reset_acknowledges = habit;
    establish(&e);
    struct end unread = e;
    call(&e, TCP_ABORT, 0);
    CHECK_EQ(sent(&e, 0).flags, habit ? TCP_RST | TCP_ACK : TCP_RST);
    CHECK_EQ(sent(&e, 0).ack, habit ? PEER + 1 : 0);
    arrives(&unread, segment(TCP_ACK, PEER + 1, ISS + 1, 10));
    call(&unread, TCP_SOCKETS_CLOSE, 0);
    CHECK_EQ(sent(&unread, 0).flags, habit ? TCP_RST | TCP_ACK : TCP_RST);
}

static void crossing_fins(bool habit) {
    struct end e = begin();
    e.config.closing_repeats_fin = habit;
    establish(&e);
    call(&e, TCP_CLOSE, 0);
    CHECK_EQ(sent(&e, 0).flags, TCP_FIN | TCP_ACK);
    arrives(&e, segment(TCP_FIN | TCP_ACK, PEER + 1, ISS + 1, 0));
    CHECK_EQ(e.tcp.state, TCP_CLOSING);
    if (!habit) call(&e, TCP_CONTINUE, 0);
    CHECK_EQ(sent(&e, 0).flags, habit ? TCP_FIN | TCP_ACK : TCP_ACK);
    CHECK_EQ(sent(&e, 0).seq, habit ? ISS + 1 : ISS + 2);
    CHECK_EQ(sent(&e, 0).ack, PEER + 2);
    CHECK(tcp_deadline(&e.config, &e.tcp, NULL) > 0);  // nothing is owed any more
}

static void time_wait(bool habit) {
    struct end e = begin();
    e.config.time_wait_hears_acks = habit;
    establish(&e);
    call(&e, TCP_CLOSE, 0);
    arrives(&e, segment(TCP_ACK, PEER + 1, ISS + 2, 0));
    arrives(&e, segment(TCP_FIN | TCP_ACK, PEER + 1, ISS + 2, 0));
    CHECK_EQ(e.tcp.state, TCP_TIME_WAIT);
    call(&e, TCP_CONTINUE, 0);
    arrives(&e, segment(TCP_SYN, PEER, 0, 0));
    CHECK_EQ(silent(&e), habit);
    arrives(&e, segment(TCP_FIN, PEER + 1, 0, 0));
    CHECK_EQ(silent(&e), habit);
    arrives(&e, segment(TCP_SYN | TCP_ACK, PEER, ISS + 1, 0));
    CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
    arrives(&e, segment(TCP_FIN | TCP_ACK, PEER + 1, ISS + 2, 0));
    CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
}

// ---- Congestion
// ------------------------------------------------------------------------------------------------------

static void unused_window(bool habit) {
    struct end e = begin();
    e.config.window_must_be_used = habit;
    establish(&e);
    uint32_t window = e.tcp.cwnd;
    call(&e, TCP_SEND, 10);
    arrives(&e, segment(TCP_ACK, PEER + 1, ISS + 11, 0));
    CHECK_EQ(e.tcp.cwnd, habit ? window : window + 10);
    call(&e, TCP_SEND, 10 * MSS);
    arrives(&e, segment(TCP_ACK, PEER + 1, e.tcp.snd_una + 2 * MSS, 0));
    CHECK_EQ(e.tcp.cwnd, habit ? window + MSS : window + 10 + MSS);
}

int main(void) {
    for (int habit = 0; habit < 2; habit++) {
        check_about("%s", habit ? "with the habit" : "by default");
        unacceptable_ack_in_syn_sent(habit);
        syn_in_syn_received(habit);
        too_big_in_syn_sent(habit);
        text_of_a_syn(habit);
        syn_with_fin(habit);
        plain_syn(habit);
        given_up_syn_ack(habit);
        reopened(habit);
        quick_acks(habit);
        window_steps(habit);
        margins(habit);
        slop(habit);
        linear(habit);
        probes(habit);
        resets(habit);
        crossing_fins(habit);
        time_wait(habit);
        unused_window(habit);
    }
    check_about(NULL);
    rounding();
    give_up_before_repeating();
    probes_unanswered();
    return check_result();
}
