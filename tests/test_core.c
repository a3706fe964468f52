// core as a pair of connections on a wire that this file plays itself: opening, data, closing, timers, windows, and
// every rule taken away in turn under random events.
#include <stdlib.h>
#include <string.h>

#include "core/seq.h"
#include "core/tcp.h"
#include "tests/check.h"

enum { QUEUE = 256, CLIENT = 0, SERVER = 1 };
static const uint64_t SECOND = UINT64_C(1000000000);

// Two ends and the segments between them. Delivery is in order and instant unless a test plays with the queue.
struct pair {
    struct tcp_config config[2];
    struct tcp_connection end[2];
    struct tcp_effects effects;          // of the last step
    struct tcp_segment queue[2][QUEUE];  // towards end i
    unsigned count[2];
    uint32_t received[2];  // octets of TEXT
    unsigned signals[2];   // bits by enum tcp_signal
    unsigned segments;     // sent by both
    uint64_t now;
};

static void pair_init(struct pair *p) {
    memset(p, 0, sizeof *p);
    p->config[0] = p->config[1] = tcp_config_default();
    p->config[0].delayed_ack = p->config[1].delayed_ack = 0;  // test_core_data.c looks at what waits
    p->config[0].no_delay = p->config[1].no_delay = true;
}

static void collect(struct pair *p, int end) {
    for (uint32_t i = 0; i < p->effects.count; i++) {
        const struct tcp_effect *effect = &p->effects.list[i];
        if (effect->kind == TCP_EFFECT_SEGMENT) {
            p->segments++;
            if (p->count[!end] < QUEUE) p->queue[!end][p->count[!end]++] = effect->segment;
        }
        if (effect->kind == TCP_EFFECT_TEXT) p->received[end] += effect->text.len;
        if (effect->kind == TCP_EFFECT_SIGNAL) p->signals[end] |= 1u << effect->signal;
    }
}

static struct tcp_event event_of(int end, enum tcp_event_kind kind, uint32_t length) {
    struct tcp_event event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.length = length;
    event.incarnation = (struct tcp_incarnation){
        .source = (uint32_t)end + 1, .iss = end == CLIENT ? 100 : 300, .mss = 1460, .iss_given = true};
    return event;
}

static void step(struct pair *p, int end, const struct tcp_event *event) {
    tcp_step(&p->config[end], &p->end[end], event, p->now, &p->effects);
    collect(p, end);
}

static void call(struct pair *p, int end, enum tcp_event_kind kind, uint32_t length) {
    struct tcp_event event = event_of(end, kind, length);
    step(p, end, &event);
}

static void continue_all(struct pair *p, int end) {
    while (tcp_deadline(&p->config[end], &p->end[end], NULL) == 0)
        call(p, end, TCP_CONTINUE, 0);
}

static struct tcp_segment take(struct pair *p, int end, unsigned at) {
    struct tcp_segment segment = p->queue[end][at];
    p->count[end]--;
    memmove(&p->queue[end][at], &p->queue[end][at + 1], (p->count[end] - at) * sizeof segment);
    return segment;
}

static void arrive(struct pair *p, int end, struct tcp_segment segment) {
    struct tcp_event event = event_of(end, TCP_SEGMENT_ARRIVES, 0);
    event.segment = segment;
    if (p->end[end].state == TCP_CLOSED) {
        tcp_step_closed(&p->config[end], &segment, &p->effects);
        collect(p, end);
        return;
    }
    step(p, end, &event);
}

static void settle(struct pair *p) {
    for (int rounds = 0; rounds < 1000; rounds++) {
        for (int end = 0; end < 2; end++)
            continue_all(p, end);
        if (p->count[0] + p->count[1] == 0) return;
        int end = p->count[SERVER] > 0 ? SERVER : CLIENT;
        arrive(p, end, take(p, end, 0));
    }
    CHECK(p->count[0] + p->count[1] == 0);  // the wire falls silent
}

// Lets the next timer of `end` fire; its name.
static enum tcp_event_kind fire(struct pair *p, int end) {
    enum tcp_event_kind kind = TCP_STATUS;
    uint64_t at = tcp_deadline(&p->config[end], &p->end[end], &kind);
    CHECK(at != TCP_NEVER);
    if (at == TCP_NEVER) return kind;
    if (at > p->now) p->now = at;
    call(p, end, kind, 0);
    return kind;
}

static void connect_pair(struct pair *p) {
    pair_init(p);
    call(p, SERVER, TCP_OPEN_PASSIVE, 0);
    call(p, CLIENT, TCP_OPEN_ACTIVE, 0);
    settle(p);
    CHECK_EQ(p->end[CLIENT].state, TCP_ESTABLISHED);
    CHECK_EQ(p->end[SERVER].state, TCP_ESTABLISHED);
}

static void test_sequence_numbers(void) {
    CHECK(seq_lt(UINT32_MAX, 0) && seq_lt(0xfffffff0, 5) && !seq_lt(5, 0xfffffff0) && !seq_lt(7, 7));
    CHECK(seq_le(7, 7) && seq_gt(1, UINT32_MAX) && seq_ge(1, 1));
    CHECK(seq_in(2, 0xfffffffe, 6) && !seq_in(6, 0xfffffffe, 6) && !seq_in(3, 3, 3));
}

// SipHash-2-4's published vector: key 00..0f, input 00..0e gives a129ca6149be45e5.
static void test_isn_hash(void) {
    const uint64_t key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    unsigned char input[15];
    for (unsigned i = 0; i < sizeof input; i++)
        input[i] = (unsigned char)i;
    CHECK_EQ(tcp_isn_hash(key, input, sizeof input), 0x49be45e5 ^ 0u);
}

static void test_handshake(void) {
    struct pair p;
    pair_init(&p);
    call(&p, SERVER, TCP_OPEN_PASSIVE, 0);
    call(&p, CLIENT, TCP_OPEN_ACTIVE, 0);
    CHECK_EQ(p.end[CLIENT].state, TCP_SYN_SENT);
    struct tcp_segment syn = p.queue[SERVER][0];
    CHECK(syn.flags == TCP_SYN && syn.seq == 100 && syn.ack == 0 && syn.mss == 1460);
    arrive(&p, SERVER, take(&p, SERVER, 0));
    CHECK_EQ(p.end[SERVER].state, TCP_SYN_RECEIVED);
    struct tcp_segment syn_ack = p.queue[CLIENT][0];
    CHECK(syn_ack.flags == (TCP_SYN | TCP_ACK) && syn_ack.seq == 300 && syn_ack.ack == 101);
    arrive(&p, CLIENT, take(&p, CLIENT, 0));
    CHECK_EQ(p.end[CLIENT].state, TCP_ESTABLISHED);
    struct tcp_segment ack = p.queue[SERVER][0];
    CHECK(ack.flags == TCP_ACK && ack.seq == 101 && ack.ack == 301 && ack.len == 0);
    settle(&p);
    CHECK_EQ(p.end[SERVER].state, TCP_ESTABLISHED);
    CHECK_EQ(p.segments, 3);
    CHECK_EQ(tcp_deadline(&p.config[CLIENT], &p.end[CLIENT], NULL), TCP_NEVER);
}

static void test_data_and_four_segments(void) {
    struct pair p;
    connect_pair(&p);
    call(&p, CLIENT, TCP_SEND, 5000);
    settle(&p);
    CHECK_EQ(p.received[SERVER], 5000);
    CHECK_EQ(tcp_unread(&p.end[SERVER]), 5000);
    call(&p, SERVER, TCP_RECEIVE, 5000);
    settle(&p);
    CHECK_EQ(p.end[CLIENT].snd_wnd, 65535);
    p.segments = 0;
    call(&p, CLIENT, TCP_CLOSE, 0);
    settle(&p);
    CHECK_EQ(p.end[CLIENT].state, TCP_FIN_WAIT_2);
    CHECK_EQ(p.end[SERVER].state, TCP_CLOSE_WAIT);
    call(&p, SERVER, TCP_SEND, 10);  // half-close
    settle(&p);
    CHECK_EQ(p.received[CLIENT], 10);
    call(&p, SERVER, TCP_CLOSE, 0);
    settle(&p);
    CHECK_EQ(p.segments, 6);
    CHECK_EQ(p.end[SERVER].state, TCP_CLOSED);
    CHECK_EQ(p.end[CLIENT].state, TCP_TIME_WAIT);
    CHECK_EQ(fire(&p, CLIENT), TCP_TIME_WAIT_TIMEOUT);
    CHECK_EQ(p.now, 240 * SECOND);
    static const struct tcp_connection closed;
    CHECK(memcmp(&closed, &p.end[CLIENT], sizeof closed) == 0);
}

// A user who closes before TCP_CONTINUE has the ACK on its FIN.
static void test_three_segments(void) {
    struct pair p;
    connect_pair(&p);
    p.segments = 0;
    call(&p, CLIENT, TCP_CLOSE, 0);
    arrive(&p, SERVER, take(&p, SERVER, 0));
    CHECK(p.signals[SERVER] & 1u << TCP_SIGNAL_CLOSING);
    call(&p, SERVER, TCP_CLOSE, 0);
    settle(&p);
    CHECK_EQ(p.segments, 3);
    CHECK_EQ(p.end[CLIENT].state, TCP_TIME_WAIT);
}

static void test_simultaneous(void) {
    struct pair p;
    pair_init(&p);
    call(&p, CLIENT, TCP_OPEN_ACTIVE, 0);
    call(&p, SERVER, TCP_OPEN_ACTIVE, 0);
    settle(&p);
    CHECK_EQ(p.end[CLIENT].state, TCP_ESTABLISHED);
    CHECK_EQ(p.end[SERVER].state, TCP_ESTABLISHED);
    call(&p, CLIENT, TCP_CLOSE, 0);
    call(&p, SERVER, TCP_CLOSE, 0);
    arrive(&p, CLIENT, take(&p, CLIENT, 0));
    CHECK_EQ(p.end[CLIENT].state, TCP_CLOSING);
    settle(&p);
    CHECK_EQ(p.end[CLIENT].state, TCP_TIME_WAIT);
    CHECK_EQ(p.end[SERVER].state, TCP_TIME_WAIT);
}

// RFC 6298: 1 s, doubling, at most 60 s; MUST-23: 180 s for a SYN.
static void test_syn_backoff(void) {
    static const unsigned at[] = {1, 3, 7, 15, 31, 63, 123};
    struct pair p;
    pair_init(&p);
    call(&p, CLIENT, TCP_OPEN_ACTIVE, 0);
    for (unsigned i = 0; i < sizeof at / sizeof *at; i++) {
        CHECK_EQ(fire(&p, CLIENT), TCP_RETRANSMISSION_TIMEOUT);
        CHECK_EQ(p.now, at[i] * SECOND);
        const struct tcp_segment *again = &p.queue[SERVER][i + 1];
        CHECK(again->flags == TCP_SYN && again->seq == 100 && again->repeat == i + 1);
    }
    CHECK_EQ(fire(&p, CLIENT), TCP_R2_TIMEOUT);
    CHECK_EQ(p.now, 180 * SECOND);
    CHECK(p.signals[CLIENT] & 1u << TCP_SIGNAL_TIMED_OUT);
    CHECK_EQ(p.end[CLIENT].state, TCP_CLOSED);
}

static void test_round_trip_time(void) {
    struct pair p;
    connect_pair(&p);
    p.config[CLIENT].rto_min = SECOND / 1000;
    call(&p, CLIENT, TCP_SEND, 10);
    p.now += 100 * SECOND / 1000;
    settle(&p);
    CHECK_EQ(p.end[CLIENT].srtt, 12500 + 0u);  // 7/8 of the handshake's 1 us, 1/8 of 100 ms
    call(&p, CLIENT, TCP_SEND, 10);
    p.count[SERVER] = 0;  // lost
    uint32_t srtt = p.end[CLIENT].srtt;
    CHECK_EQ(fire(&p, CLIENT), TCP_RETRANSMISSION_TIMEOUT);
    p.now += SECOND;
    settle(&p);
    CHECK_EQ(p.end[CLIENT].srtt, srtt);  // Karn
    CHECK_EQ(p.received[SERVER], 20);
}

// Every order of five segments, and the FIN in front of all.
static void test_order(void) {
    for (unsigned order = 0; order < 120; order++) {
        struct pair p;
        connect_pair(&p);
        call(&p, CLIENT, TCP_SEND, 4 * 1460);
        call(&p, CLIENT, TCP_CLOSE, 0);
        CHECK_EQ(p.count[SERVER], 5);
        unsigned rest = order;
        for (unsigned left = 5; left > 0; left--) {
            arrive(&p, SERVER, take(&p, SERVER, rest % left));
            rest /= left;
            continue_all(&p, SERVER);
        }
        settle(&p);
        CHECK_EQ(p.received[SERVER], 4 * 1460);
        CHECK_EQ(p.end[SERVER].state, TCP_CLOSE_WAIT);
        CHECK_EQ(p.end[SERVER].held_count, 0);
        CHECK_EQ(p.end[CLIENT].state, TCP_FIN_WAIT_2);
    }
}

static void test_burst_loss(void) {
    struct pair p;
    connect_pair(&p);
    call(&p, CLIENT, TCP_SEND, 10 * 1460);
    continue_all(&p, CLIENT);
    p.count[SERVER] = 0;  // all ten
    CHECK_EQ(fire(&p, CLIENT), TCP_RETRANSMISSION_TIMEOUT);
    uint64_t once = p.now;
    settle(&p);
    CHECK_EQ(p.received[SERVER], 10 * 1460);
    CHECK_EQ(p.now, once);  // one timeout for all of them
}

static void test_zero_window(void) {
    struct pair p;
    connect_pair(&p);
    call(&p, CLIENT, TCP_SEND, 70000);
    settle(&p);
    CHECK_EQ(p.received[SERVER], 44 * 1460);  // 1295 octets of window are left: too few
    CHECK_EQ(fire(&p, CLIENT), TCP_PERSIST_TIMEOUT);
    settle(&p);
    CHECK_EQ(p.received[SERVER], 65535);  // the override timeout
    CHECK_EQ(p.end[CLIENT].snd_wnd, 0);
    CHECK_EQ(fire(&p, CLIENT), TCP_PERSIST_TIMEOUT);
    for (int i = 0; i < 20; i++) {  // far beyond R2
        settle(&p);
        CHECK_EQ(fire(&p, CLIENT), TCP_RETRANSMISSION_TIMEOUT);
        CHECK_EQ(p.end[CLIENT].state, TCP_ESTABLISHED);
    }
    settle(&p);
    CHECK_EQ(p.received[SERVER], 65535);
    call(&p, SERVER, TCP_RECEIVE, 65535);
    settle(&p);
    CHECK_EQ(p.received[SERVER], 70000);
}

static void test_time_wait(void) {
    struct pair p;
    connect_pair(&p);
    call(&p, CLIENT, TCP_CLOSE, 0);
    settle(&p);
    call(&p, SERVER, TCP_CLOSE, 0);
    struct tcp_segment fin = p.queue[CLIENT][0];
    settle(&p);
    p.now += 100 * SECOND;
    arrive(&p, CLIENT, fin);  // the last ACK was lost
    CHECK_EQ(p.effects.count, 1);
    CHECK_EQ(p.effects.list[0].rule, TCP_RULE_TIME_WAIT_ACKS_REPEATED_FIN);
    CHECK_EQ(tcp_deadline(&p.config[CLIENT], &p.end[CLIENT], NULL), p.now + 240 * SECOND);
    struct tcp_segment syn = {.seq = fin.seq + 100000, .flags = TCP_SYN, .wnd = 1000};
    arrive(&p, CLIENT, syn);  // nobody listens there: TIME-WAIT stays
    CHECK_EQ(p.end[CLIENT].state, TCP_TIME_WAIT);
    CHECK_EQ(p.effects.count, 1);
    struct tcp_event event = event_of(CLIENT, TCP_SEGMENT_ARRIVES, 0);
    event.segment = syn;
    event.may_reopen = true;
    step(&p, CLIENT, &event);
    CHECK_EQ(p.effects.count, 2);
    CHECK_EQ(p.effects.list[1].kind, TCP_EFFECT_REOPEN);
    CHECK_EQ(p.effects.list[1].floor, 102);
}

// Text of a SYN that is held when the sockets' close() comes: nobody will read it.
static void test_deaf_to_syn_text(void) {
    struct pair p;
    pair_init(&p);
    call(&p, SERVER, TCP_OPEN_PASSIVE, 0);
    arrive(&p, SERVER, (struct tcp_segment){.seq = 500, .len = 5, .source = 9, .flags = TCP_SYN, .wnd = 1000});
    call(&p, SERVER, TCP_SOCKETS_CLOSE, 0);
    arrive(&p, SERVER, (struct tcp_segment){.seq = 506, .ack = 301, .flags = TCP_ACK, .wnd = 1000});
    CHECK_EQ(p.received[SERVER], 0);
    CHECK_EQ(p.end[SERVER].state, TCP_CLOSED);
}

// MUST-15, and never more than we take ourselves.
static void test_default_mss(void) {
    static const uint16_t offered[] = {1460, 1440, 100}, by_default[] = {0, TCP_DEFAULT_MSS_IPV6, 0},
                          expected[] = {536, 1220, 100};
    for (int i = 0; i < 3; i++) {
        struct pair p;
        pair_init(&p);
        struct tcp_event event = event_of(CLIENT, TCP_OPEN_ACTIVE, 0);
        event.incarnation.mss = offered[i];
        event.incarnation.default_mss = by_default[i];
        step(&p, CLIENT, &event);
        CHECK_EQ(p.end[CLIENT].snd_mss, expected[i]);
    }
}

// RFC 6298 5.7 within the bounds of the configuration.
static void test_rto_after_repeated_syn(void) {
    struct pair p;
    pair_init(&p);
    p.config[CLIENT].rto_max = 2 * SECOND;
    call(&p, SERVER, TCP_OPEN_PASSIVE, 0);
    call(&p, CLIENT, TCP_OPEN_ACTIVE, 0);
    p.count[SERVER] = 0;  // lost
    fire(&p, CLIENT);
    settle(&p);
    CHECK_EQ(p.end[CLIENT].state, TCP_ESTABLISHED);
    CHECK_EQ(p.end[CLIENT].rto, 2000000);
}

// Patience of the user's own, beside R2.
static void test_user_timeout(void) {
    struct pair p;
    pair_init(&p);
    p.config[CLIENT].user_timeout = 5 * SECOND;
    call(&p, CLIENT, TCP_OPEN_ACTIVE, 0);
    while (p.end[CLIENT].state != TCP_CLOSED)
        fire(&p, CLIENT);
    CHECK_EQ(p.now, 5 * SECOND);
    CHECK(p.signals[CLIENT] & 1u << TCP_SIGNAL_USER_TIMEOUT);
}

static void test_sockets_close(void) {
    struct pair p;
    connect_pair(&p);
    call(&p, CLIENT, TCP_SEND, 10);
    settle(&p);
    call(&p, SERVER, TCP_SOCKETS_CLOSE, 0);  // unread
    CHECK_EQ(p.queue[CLIENT][0].flags, TCP_RST);
    settle(&p);
    CHECK(p.signals[CLIENT] & 1u << TCP_SIGNAL_RESET);
    connect_pair(&p);
    call(&p, SERVER, TCP_SOCKETS_CLOSE, 0);
    settle(&p);
    CHECK_EQ(p.end[CLIENT].state, TCP_CLOSE_WAIT);
    call(&p, CLIENT, TCP_SEND, 10);  // nobody will read it
    settle(&p);
    CHECK_EQ(p.end[CLIENT].state, TCP_CLOSED);
    CHECK_EQ(p.end[SERVER].state, TCP_CLOSED);
}

// ---- random events

static uint64_t random_state;

static uint32_t random_below(uint32_t limit) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((random_state >> 33) % limit);
}

static struct tcp_segment forged(const struct tcp_connection *to) {
    static const uint32_t around[] = {0, 1, 2, 1000, 65535, 65536, 70000, 0x80000000, UINT32_MAX, UINT32_MAX - 1};
    const uint32_t kinds = sizeof around / sizeof *around;
    struct tcp_segment segment = {.seq = to->rcv_nxt + around[random_below(kinds)],
                                  .ack = to->snd_una + around[random_below(kinds)],
                                  .len = random_below(3) == 0 ? random_below(3000) : 0,
                                  .wnd = (uint16_t)(random_below(4) == 0 ? 0 : random_below(65536)),
                                  .up = (uint16_t)random_below(100),
                                  .flags = (uint8_t)random_below(64)};
    segment.source = segment.len > 0 ? 9 : 0;
    return segment;
}

// Every octet of TEXT was in a segment; without rules it may come twice, but never out of nowhere.
static void check_text(const struct pair *p, const struct tcp_segment *segment) {
    for (uint32_t i = 0; i < p->effects.count; i++) {
        const struct tcp_effect *effect = &p->effects.list[i];
        if (effect->kind == TCP_EFFECT_TEXT && effect->text.source == 9 && segment->source == 9)
            CHECK(effect->text.len <= 6 * 3000 + segment->len);
    }
}

static void random_event(struct pair *p) {
    static const enum tcp_event_kind calls[] = {TCP_SEND,   TCP_SEND,          TCP_RECEIVE,
                                                TCP_CLOSE,  TCP_SOCKETS_CLOSE, TCP_ABORT,
                                                TCP_STATUS, TCP_OPEN_ACTIVE,   TCP_OPEN_PASSIVE};
    int end = (int)random_below(2);
    unsigned what = random_below(100);
    if (what < 60 && p->count[end] > 0)
        arrive(p, end, take(p, end, random_below(p->count[end])));
    else if (what < 70 && p->count[end] > 0)
        take(p, end, 0);
    else if (what < 74) {
        struct tcp_segment segment = forged(&p->end[end]);
        arrive(p, end, segment);
        check_text(p, &segment);
    } else if (what < 86)
        call(p, end, (enum tcp_event_kind)random_below(TCP_EVENT_KINDS), random_below(2000));
    else
        call(p, end, calls[random_below(sizeof calls / sizeof *calls)], random_below(3000));
    p->now += random_below(4) == 0 ? random_below(2000000000) : 0;
}

static void check_invariants(const struct pair *p, bool complete) {
    for (int end = 0; end < 2; end++) {
        const struct tcp_connection *tcb = &p->end[end];
        CHECK(tcb->state < TCP_STATES);
        if (tcb->state == TCP_CLOSED || tcb->state == TCP_LISTEN || !complete) continue;
        CHECK(seq_le(tcb->snd_una, tcb->snd_nxt));
        CHECK(tcp_unread(tcb) <= p->config[end].receive_buffer);
        CHECK(tcb->rcv_wnd <= p->config[end].receive_buffer);
        bool synchronized = tcp_synchronized((enum tcp_state)tcb->state) && (tcb->flags & TCP_CONNECTION_SYN_ACKED);
        for (unsigned i = 0; i < tcb->held_count; i++)
            CHECK(tcb->held[i].len > 0 && (!synchronized || seq_lt(tcb->rcv_nxt, tcb->held[i].seq)));
        CHECK((tcb->state == TCP_TIME_WAIT) == (tcb->deadline[TCP_TIMER_TIME_WAIT] != TCP_NEVER));
        if (synchronized) CHECK_EQ(tcb->snd_una != tcb->snd_nxt, tcb->deadline[TCP_TIMER_RETRANSMISSION] != TCP_NEVER);
    }
}

// Two rules missing at a time.
static void test_random_pairs(void) {
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct pair p;
        connect_pair(&p);
        random_state = seed;
        for (int end = 0; end < 2; end++)
            for (int i = 0; i < 2; i++)
                tcp_rule_set_add(&p.config[end].without, (enum tcp_rule)(1 + random_below(TCP_RULES - 1)));
        check_about("pairs of missing rules, seed %d", (int)seed);
        for (int i = 0; i < 200; i++)
            random_event(&p);
        check_invariants(&p, false);
    }
    check_about(NULL);
}

static void test_random_events(void) {
    for (int missing = TCP_RULE_NONE; missing < TCP_RULES; missing++) {
        for (uint64_t seed = 0; seed < 40; seed++) {
            struct pair p;
            connect_pair(&p);
            random_state = seed * 1000 + (uint64_t)missing;
            if (missing != TCP_RULE_NONE) tcp_rule_set_add(&p.config[0].without, (enum tcp_rule)missing);
            if (missing != TCP_RULE_NONE) tcp_rule_set_add(&p.config[1].without, (enum tcp_rule)missing);
            check_about("without %s, seed %d", tcp_rule_info((enum tcp_rule)missing)->name, (int)seed);
            for (int i = 0; i < 300; i++) {
                random_event(&p);
                check_invariants(&p, missing == TCP_RULE_NONE);
            }
        }
    }
    check_about(NULL);
}

int main(void) {
    test_sequence_numbers();
    test_isn_hash();
    test_handshake();
    test_data_and_four_segments();
    test_three_segments();
    test_simultaneous();
    test_syn_backoff();
    test_round_trip_time();
    test_order();
    test_burst_loss();
    test_zero_window();
    test_time_wait();
    test_deaf_to_syn_text();
    test_default_mss();
    test_rto_after_repeated_syn();
    test_user_timeout();
    test_sockets_close();
    test_random_events();
    test_random_pairs();
    return check_result();
}
