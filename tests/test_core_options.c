// core and the options of TCP, ICMP, the slow timers and RFC 5961's limits.
#include <stdlib.h>

#include "core/seq.h"
#include "tests/core_end.h"

// ---- what SYNs say

static void test_offers(void) {
    struct end e = new_end(ALL | TCP_OPTION_USER_TIMEOUT);
    e.config.scale = 5;
    e.config.user_timeout = SECOND / 2;
    call(&e, TCP_OPEN_ACTIVE, 0);
    struct tcp_segment syn = sent(&e, 0);
    CHECK_EQ(syn.options, ALL | TCP_OPTION_MSS | TCP_OPTION_USER_TIMEOUT);
    CHECK(syn.mss == MSS && syn.scale == 5 && syn.ts_ecr == 0 && syn.timeout == 1);  // 0 says nothing
    e = new_end(TCP_OPTION_USER_TIMEOUT);
    e.config.user_timeout = 50000 * SECOND;
    call(&e, TCP_OPEN_ACTIVE, 0);
    CHECK_EQ(sent(&e, 0).timeout, 0x8000 | 833);
    e = new_end(TCP_OPTION_USER_TIMEOUT);
    e.config.user_timeout = UINT64_MAX;
    call(&e, TCP_OPEN_ACTIVE, 0);
    CHECK_EQ(sent(&e, 0).timeout, 0xffff);
    CHECK_EQ(e.tcb.user_timeout, UINT32_MAX);
}

// A SYN,ACK agrees to what both want and to nothing else.
static void test_agreement(void) {
    for (unsigned ours = 0; ours < 8; ours++) {
        for (unsigned theirs = 0; theirs < 8; theirs++) {
            static const uint8_t options[] = {TCP_OPTION_WINDOW_SCALE, TCP_OPTION_SACK_PERMITTED,
                                              TCP_OPTION_TIMESTAMPS};
            uint8_t mine = 0, its = 0;
            for (unsigned i = 0; i < 3; i++) {
                if (ours >> i & 1) mine |= options[i];
                if (theirs >> i & 1) its |= options[i];
            }
            struct end e = new_end(mine);
            call(&e, TCP_OPEN_PASSIVE, 0);
            arrive(&e, (struct tcp_segment){.seq = IRS, .flags = TCP_SYN, .wnd = 1, .options = its, .ts_val = 77});
            CHECK_EQ(sent(&e, 0).options, TCP_OPTION_MSS | (mine & its));
            if (mine & its & TCP_OPTION_TIMESTAMPS) CHECK_EQ(sent(&e, 0).ts_ecr, 77);
        }
    }
}

// All that two ends may want of ECN, and what a broken one answers (RFC 3168 section 6.1.1).
static void test_ecn(void) {
    const uint8_t both = TCP_ECE | TCP_CWR;
    for (unsigned ours = TCP_ECN_OFF; ours <= TCP_ECN_ASK; ours++) {
        for (unsigned bits = 0; bits < 4; bits++) {
            uint8_t theirs = (uint8_t)((bits & 1 ? TCP_ECE : 0) | (bits & 2 ? TCP_CWR : 0));
            struct end e = new_end(0);
            e.config.ecn = (uint8_t)ours;
            call(&e, TCP_OPEN_PASSIVE, 0);
            arrive(&e, (struct tcp_segment){.seq = IRS, .flags = TCP_SYN | theirs, .wnd = 1});
            bool agreed = ours != TCP_ECN_OFF && theirs == both;
            CHECK_EQ(sent(&e, 0).flags, TCP_SYN | TCP_ACK | (agreed ? TCP_ECE : 0));
            CHECK_EQ((e.tcb.flags & TCP_CONNECTION_ECN) != 0, agreed);
            e = new_end(0);
            e.config.ecn = (uint8_t)ours;
            call(&e, TCP_OPEN_ACTIVE, 0);
            CHECK_EQ(sent(&e, 0).flags, TCP_SYN | (ours == TCP_ECN_ASK ? both : 0));
            struct tcp_segment answer = syn_ack(0);
            answer.flags |= theirs;
            arrive(&e, answer);
            CHECK_EQ((e.tcb.flags & TCP_CONNECTION_ECN) != 0, ours == TCP_ECN_ASK && theirs == TCP_ECE);
            CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
        }
    }
}

static void test_contradictory_options(void) {
    struct end e = new_end(TCP_OPTION_WINDOW_SCALE);  // no SACK here, and no timestamps
    call(&e, TCP_OPEN_ACTIVE, 0);
    struct tcp_segment answer = syn_ack(0x7f & ~TCP_OPTION_SACK);
    answer.scale = 15;
    answer.mss = 0;
    arrive(&e, answer);
    CHECK_EQ(e.tcb.snd_scale, 14);
    CHECK_EQ(e.tcb.snd_mss, 536);  // as if there were no option
    CHECK_EQ(e.tcb.flags & (TCP_CONNECTION_SACK | TCP_CONNECTION_TIMESTAMPS), 0);
    CHECK_EQ(e.effects.cookie_len, 0);
    call(&e, TCP_SEND, 5000);
    struct tcp_segment sack = ack_of(&e);
    sack.ack = ISS + 1;
    sack.options = TCP_OPTION_SACK | TCP_OPTION_TIMESTAMPS | TCP_OPTION_WINDOW_SCALE | TCP_OPTION_FAST_OPEN;
    sack.blocks = 4;
    sack.scale = 3;
    sack.sack[0] = (struct tcp_block){ISS + 537, ISS + 1073};
    arrive(&e, sack);
    CHECK(e.tcb.state == TCP_ESTABLISHED && e.tcb.sacked_count == 0 && e.tcb.snd_scale == 14);
    // Every bit set: it has a SYN, and draws a challenge ACK.
    struct tcp_segment every = ack_of(&e);
    every.flags = 0xff & ~TCP_RST;
    arrive(&e, every);
    CHECK(e.tcb.state == TCP_ESTABLISHED && sent(&e, 0).flags == TCP_ACK);
    every.flags = 0xff;
    arrive(&e, every);
    CHECK_EQ(e.tcb.state, TCP_CLOSED);  // the RST is looked at first
}

// ---- window scale

// Any numbers will do, if they are the same in each run (Numerical Recipes' generator).
static uint32_t draw(uint32_t *state) {
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static void test_scale_rounding(void) {
    uint32_t state = 1;
    for (unsigned scale = 0; scale <= TCP_WINDOW_SCALE_MAX; scale++) {
        struct end e = new_end(TCP_OPTION_WINDOW_SCALE);
        e.config.scale = (uint8_t)scale;
        e.config.receive_buffer = (UINT32_C(40000) << scale) + 12345;
        if (e.config.receive_buffer > UINT32_C(1) << 30) e.config.receive_buffer = UINT32_C(1) << 30;
        call(&e, TCP_OPEN_ACTIVE, 0);
        CHECK(sent(&e, 0).wnd == (e.config.receive_buffer < 65535 ? e.config.receive_buffer : 65535));
        arrive(&e, syn_ack(TCP_OPTION_WINDOW_SCALE));
        uint32_t edge = sent(&e, 0).ack + ((uint32_t)sent(&e, 0).wnd << scale);
        for (unsigned i = 0; i < 300; i++) {
            struct tcp_segment text = ack_of(&e);
            text.len = 1 + draw(&state) % 3000;
            text.source = 2;
            arrive(&e, text);
            if (draw(&state) % 3 == 0) call(&e, TCP_RECEIVE, tcp_unread(&e.tcb) / (1 + draw(&state) % 3));
            call(&e, TCP_CONTINUE, 0);
            if (count_of(&e, TCP_EFFECT_SEGMENT) == 0) continue;
            uint32_t shown = sent(&e, 0).ack + ((uint32_t)sent(&e, 0).wnd << scale);
            CHECK(seq_lt(edge - (UINT32_C(1) << scale), shown));
            CHECK(seq_le(shown, e.tcb.rcv_user + e.config.receive_buffer));
            edge = seq_max(edge, shown);
        }
    }
}

// Less than a unit is left: zero is shown, but what was promised before is taken.
static void test_zero_window_with_scale(void) {
    struct end e = new_end(TCP_OPTION_WINDOW_SCALE);
    e.config.scale = 10;
    e.config.receive_buffer = 4096;
    call(&e, TCP_OPEN_ACTIVE, 0);
    arrive(&e, syn_ack(TCP_OPTION_WINDOW_SCALE));
    struct tcp_segment text = ack_of(&e);
    text.len = 3596;
    text.source = 2;
    arrive(&e, text);
    call(&e, TCP_CONTINUE, 0);
    CHECK(sent(&e, 0).wnd == 0 && e.tcb.rcv_wnd == 500);
    text = ack_of(&e);
    text.len = 1;  // a probe
    text.source = 2;
    arrive(&e, text);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 1);
    call(&e, TCP_RECEIVE, 3597);
    call(&e, TCP_CONTINUE, 0);
    CHECK_EQ(sent(&e, 0).wnd, 4);
    // The peer's zero window, with a scale: a shift of nothing is nothing.
    call(&e, TCP_SEND, 10);
    struct tcp_segment closed = ack_of(&e);
    closed.wnd = 0;
    arrive(&e, closed);
    CHECK_EQ(e.tcb.snd_wnd, 0);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(fire(&e), TCP_PERSIST_TIMEOUT);
    CHECK_EQ(sent(&e, 0).len, 1);
    CHECK_EQ(fire(&e), TCP_RETRANSMISSION_TIMEOUT);
    CHECK_EQ(e.tcb.cwnd > MSS, 1);  // a probe that is left unanswered tells of no congestion
}

// ---- timestamps

static void test_timestamps_on_every_segment(void) {
    struct end e = connected(ALL);
    CHECK(e.tcb.flags & TCP_CONNECTION_TIMESTAMPS);
    call(&e, TCP_SEND, 3000);
    CHECK_EQ(sent(&e, 0).len, MSS - 12);
    CHECK(sent(&e, 0).options & TCP_OPTION_TIMESTAMPS);
    CHECK_EQ(sent(&e, 0).ts_ecr, 1000);
    struct tcp_segment bare = ack_of(&e);
    arrive(&e, bare);  // vanished: dropped in silence
    CHECK(e.effects.count == 0 && e.tcb.snd_una == ISS + 1);
    bare.flags = TCP_RST;
    bare.seq++;
    arrive(&e, bare);  // a reset needs none
    CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
    CHECK(sent(&e, 0).options & TCP_OPTION_TIMESTAMPS);
    bare.flags = TCP_SYN;  // nor does a peer that has forgotten us: it is challenged
    arrive(&e, bare);
    CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
    call(&e, TCP_ABORT, 0);
    CHECK(sent(&e, 0).flags == TCP_RST && (sent(&e, 0).options & TCP_OPTION_TIMESTAMPS));
}

static void test_ts_offset(void) {
    struct end e = new_end(TCP_OPTION_TIMESTAMPS);
    call(&e, TCP_OPEN_PASSIVE, 0);
    struct tcp_event event = event_of(TCP_SEGMENT_ARRIVES, 0);
    event.incarnation.ts_offset = 123456;
    event.segment = (struct tcp_segment){.seq = IRS, .flags = TCP_SYN, .wnd = 9, .options = TCP_OPTION_TIMESTAMPS};
    step(&e, &event);
    CHECK_EQ(sent(&e, 0).ts_val, 124456);
}

static void test_paws(void) {
    struct end e = new_end(ALL);
    call(&e, TCP_OPEN_ACTIVE, 0);
    struct tcp_segment answer = syn_ack(ALL);
    answer.ts_val = UINT32_MAX - 1;
    arrive(&e, answer);
    struct tcp_segment old = stamped(&e, UINT32_MAX - 2), text;
    old.len = 10;
    old.source = 2;
    arrive(&e, old);  // one tick too old
    CHECK(count_of(&e, TCP_EFFECT_TEXT) == 0 && sent(&e, 0).flags == TCP_ACK);
    text = old;
    text.ts_val = 5;  // beyond the wrap
    arrive(&e, text);
    CHECK(count_of(&e, TCP_EFFECT_TEXT) == 1 && e.tcb.ts_recent == 5);
    settle(&e);
    old = stamped(&e, UINT32_MAX);
    old.len = 10;
    old.source = 2;
    arrive(&e, old);
    CHECK_EQ(count_of(&e, TCP_EFFECT_TEXT), 0);
    old.flags |= TCP_RST;  // a reset is not looked at
    old.len = 0;
    struct end copy = e;
    arrive(&copy, old);
    CHECK_EQ(copy.tcb.state, TCP_CLOSED);
    // RFC 7323 section 5.5: 24 days later TS.Recent says nothing.
    old = stamped(&e, UINT32_MAX);
    old.len = 10;
    old.source = 2;
    e.now += UINT64_C(24) * 86400 * SECOND - SECOND;
    copy = e;
    arrive(&copy, old);
    CHECK_EQ(count_of(&copy, TCP_EFFECT_TEXT), 0);
    e.now += 2 * SECOND;
    arrive(&e, old);
    CHECK(count_of(&e, TCP_EFFECT_TEXT) == 1 && e.tcb.ts_recent == UINT32_MAX);
}

// RFC 7323 section 4.3: of the segment at the left edge, and of nobody who doesn't know our numbers.
static void test_which_timestamp_is_echoed(void) {
    struct end e = connected(ALL);
    struct tcp_segment text = stamped(&e, 2000);
    text.len = 100;
    text.source = 2;
    text.seq += 100;  // a gap before it
    arrive(&e, text);
    CHECK(e.tcb.ts_recent == 1000 && sent(&e, 0).ts_ecr == 1000 && sent(&e, 0).blocks == 1);
    text.seq -= 100;
    text.ts_val = 3000;
    text.ack = e.tcb.snd_nxt + 100;  // forged
    arrive(&e, text);
    CHECK_EQ(e.tcb.ts_recent, 1000);
    text.flags = TCP_RST;  // and challenged
    text.seq++;
    arrive(&e, text);
    CHECK_EQ(e.tcb.ts_recent, 1000);
    text.flags = TCP_ACK;
    text.seq--;
    text.ack = e.tcb.snd_nxt;
    arrive(&e, text);
    CHECK_EQ(e.tcb.ts_recent, 3000);
}

static void test_round_trip_from_timestamps(void) {
    struct end e = connected(ALL);
    uint32_t srtt = e.tcb.srtt;
    call(&e, TCP_SEND, 10);
    fire(&e);  // repeated: Karn would take no sample
    e.now += SECOND / 10;
    struct tcp_segment ack = stamped(&e, 2000);
    ack.ts_ecr = sent(&e, 0).ts_val;
    struct end future = e;
    arrive(&e, ack);
    CHECK(e.tcb.srtt != srtt);
    ack.ts_ecr += 500000;  // a timestamp that was never sent
    arrive(&future, ack);
    CHECK_EQ(future.tcb.srtt, srtt);
}

// RFC 6191 section 2.
static void test_time_wait_and_timestamps(void) {
    struct end e = connected(ALL);
    call(&e, TCP_CLOSE, 0);
    struct tcp_segment fin = stamped(&e, 2000);
    fin.flags |= TCP_FIN;
    arrive(&e, fin);
    settle(&e);
    CHECK_EQ(e.tcb.state, TCP_TIME_WAIT);
    static const struct {
        uint32_t ts_val;
        int32_t seq;
        bool stamped, opens;
    } syns[] = {{2001, -900, true, true}, {2000, -900, true, false}, {2000, 900, true, true},
                {1999, 900, true, false}, {0, 900, false, true},     {0, -900, false, false}};
    for (unsigned i = 0; i < sizeof syns / sizeof *syns; i++) {
        struct end copy = e;
        struct tcp_event event = event_of(TCP_SEGMENT_ARRIVES, 0);
        event.may_reopen = true;
        event.segment = (struct tcp_segment){.seq = e.tcb.rcv_nxt + (uint32_t)syns[i].seq,
                                             .flags = TCP_SYN,
                                             .options = syns[i].stamped ? TCP_OPTION_TIMESTAMPS : 0,
                                             .ts_val = syns[i].ts_val};
        check_about("SYN %u in TIME-WAIT", i);
        step(&copy, &event);
        CHECK_EQ(count_of(&copy, TCP_EFFECT_REOPEN), syns[i].opens);
        CHECK_EQ(copy.tcb.state, syns[i].opens ? TCP_CLOSED : TCP_TIME_WAIT);
    }
    check_about(NULL);
    // RFC 1337: a TCP without the rule.
    struct end deaf = e;
    tcp_rule_set_add(&deaf.config.without, TCP_RULE_RST_ENDS_TIME_WAIT);
    struct tcp_segment reset = {.seq = e.tcb.rcv_nxt, .flags = TCP_RST};
    arrive(&deaf, reset);
    CHECK_EQ(deaf.tcb.state, TCP_TIME_WAIT);
    arrive(&e, reset);
    CHECK_EQ(e.tcb.state, TCP_CLOSED);
}

// Text and options together are never more than the peer takes (MUST-16).
static void test_options_take_room(void) {
    struct end e = connected(ALL);
    for (uint32_t i = 0; i < 3; i++) {
        struct tcp_segment text = stamped(&e, 2000);
        text.seq += 100 + 200 * i;
        text.len = 100;
        text.source = 2;
        arrive(&e, text);
    }
    CHECK_EQ(sent(&e, 0).blocks, 3);
    call(&e, TCP_SEND, 5000);
    CHECK_EQ(sent(&e, 0).len, MSS - 12 - 28);
    CHECK_EQ(sent(&e, 0).blocks, 3);
}

// ---- user timeout

static void test_user_timeout(void) {
    struct end e = new_end(TCP_OPTION_USER_TIMEOUT);
    call(&e, TCP_OPEN_ACTIVE, 0);
    struct tcp_segment answer = syn_ack(TCP_OPTION_USER_TIMEOUT);
    answer.timeout = 0x8000 | 10;  // 10 minutes
    arrive(&e, answer);
    CHECK_EQ(e.tcb.user_timeout, 600000);
    call(&e, TCP_SEND, 10);
    uint64_t begin = e.now;
    while (e.tcb.state != TCP_CLOSED)
        fire(&e);
    CHECK_EQ(e.now - begin, 600 * SECOND);  // R2 would have ended it after 100 s
    CHECK(signalled(&e, TCP_SIGNAL_USER_TIMEOUT));
    static const uint16_t said[] = {0, 0x8000, 1, 0x7fff, 0xffff};
    static const uint32_t taken[] = {0, 0, 0, 32767000, 86400000};
    for (unsigned i = 0; i < 5; i++) {
        e = new_end(TCP_OPTION_USER_TIMEOUT);
        call(&e, TCP_OPEN_ACTIVE, 0);
        answer.timeout = said[i];
        arrive(&e, answer);
        CHECK_EQ(e.tcb.user_timeout, taken[i]);
    }
}

static void peer_says(struct end *e, uint16_t timeout) {
    struct tcp_segment segment = ack_of(e);
    segment.options = TCP_OPTION_USER_TIMEOUT;
    segment.timeout = timeout;
    arrive(e, segment);
}

// RFC 5482 section 3.1: the peer's wish lengthens what this end has, and may be taken back; it never shortens. Without
// a timeout of this end's, that is R2.
static void test_user_timeout_is_not_shortened(void) {
    struct end e = connected(TCP_OPTION_USER_TIMEOUT);
    peer_says(&e, 60);
    CHECK_EQ(e.tcb.user_timeout, 0);
    peer_says(&e, 101);
    CHECK_EQ(e.tcb.user_timeout, 101000);
    peer_says(&e, 100);
    CHECK_EQ(e.tcb.user_timeout, 0);
    e.config.r2 = 300 * SECOND;
    peer_says(&e, 200);
    CHECK_EQ(e.tcb.user_timeout, 0);
    e.config.user_timeout = 250 * SECOND;
    e.tcb.user_timeout = 250000;
    peer_says(&e, 200);
    CHECK_EQ(e.tcb.user_timeout, 250000);
    peer_says(&e, 260);
    CHECK_EQ(e.tcb.user_timeout, 260000);
    peer_says(&e, 200);
    CHECK_EQ(e.tcb.user_timeout, 250000);
    e.config.user_timeout = 20 * SECOND;
    peer_says(&e, 1);  // L_LIMIT
    CHECK_EQ(e.tcb.user_timeout, 100000);
    e.config.options = 0;
    peer_says(&e, 1000);
    CHECK_EQ(e.tcb.user_timeout, 100000);
}

// The option counts in synchronized states: until then MUST-23's three minutes hold, and then what the SYN said does.
static void test_user_timeout_waits_for_open(void) {
    struct end e = new_end(TCP_OPTION_USER_TIMEOUT);
    call(&e, TCP_OPEN_PASSIVE, 0);
    arrive(&e, (struct tcp_segment){
                   .seq = IRS, .flags = TCP_SYN, .wnd = 60000, .options = TCP_OPTION_USER_TIMEOUT, .timeout = 600});
    CHECK_EQ(sent(&e, 0).options, TCP_OPTION_MSS);
    struct end open = e, closed = e;
    uint64_t begin = e.now;
    while (e.tcb.state != TCP_CLOSED)
        fire(&e);
    CHECK_EQ(e.now - begin, 180 * SECOND);
    arrive(&open, ack_of(&open));
    CHECK(open.tcb.state == TCP_ESTABLISHED && open.tcb.user_timeout == 600000 && open.tcb.remote_timeout == 0);
    call(&closed, TCP_CLOSE, 0);
    settle(&closed);
    CHECK(closed.tcb.state == TCP_FIN_WAIT_1 && closed.tcb.user_timeout == 0);
    peer_says(&closed, 700);
    CHECK(closed.tcb.state == TCP_FIN_WAIT_2 && closed.tcb.user_timeout == 700000);
}

// ADV_UTO is this end's own, whatever the peer has made of it, and is none where nobody has set one. The first segment
// without SYN repeats what the SYN said.
static void test_user_timeout_that_is_told(void) {
    for (int own = 0; own <= 1; own++) {
        struct end e = new_end(TCP_OPTION_USER_TIMEOUT);
        e.config.user_timeout = own ? 20 * SECOND : 0;
        call(&e, TCP_OPEN_ACTIVE, 0);
        CHECK_EQ(sent(&e, 0).timeout, own ? 20 : 0);
        struct tcp_segment answer = syn_ack(TCP_OPTION_USER_TIMEOUT);
        answer.timeout = 600;
        arrive(&e, answer);
        CHECK_EQ(e.tcb.user_timeout, 600000);
        CHECK_EQ(sent(&e, 0).options, own ? TCP_OPTION_USER_TIMEOUT : 0);
        CHECK_EQ(sent(&e, 0).timeout, own ? 20 : 0);
        peer_says(&e, 700);
        CHECK_EQ(e.tcb.user_timeout, 700000);
        call(&e, TCP_SEND, 10);
        CHECK_EQ(sent(&e, 0).options, 0);
    }
}

static void test_fixed_user_timeout(void) {
    struct end e = connected(TCP_OPTION_USER_TIMEOUT);
    call(&e, TCP_SET_USER_TIMEOUT, 5000);
    call(&e, TCP_SEND, 2 * MSS);
    CHECK_EQ(sent(&e, 0).options, 0);  // no room for the option beside a whole segment
    struct tcp_segment longer = ack_of(&e);
    longer.options = TCP_OPTION_USER_TIMEOUT;
    longer.timeout = 1000;
    arrive(&e, longer);
    CHECK_EQ(e.tcb.user_timeout, 5000);
    call(&e, TCP_SEND, 10);
    CHECK(sent(&e, 0).options == TCP_OPTION_USER_TIMEOUT && sent(&e, 0).timeout == 5);
    call(&e, TCP_SET_USER_TIMEOUT, 2000);  // while something is in flight
    uint64_t begin = e.now;
    while (e.tcb.state != TCP_CLOSED)
        fire(&e);
    CHECK_EQ(e.now - begin, 2 * SECOND);
    call(&e, TCP_SET_USER_TIMEOUT, 1);
    CHECK_EQ(e.effects.error, TCP_ERROR_DOES_NOT_EXIST);
    call(&e, TCP_SET_KEEP_ALIVE, 1);
    CHECK_EQ(e.effects.error, TCP_ERROR_DOES_NOT_EXIST);
    e = connected(0);
    call(&e, TCP_SET_USER_TIMEOUT, 5000);
    call(&e, TCP_SEND, 10);
    call(&e, TCP_SET_USER_TIMEOUT, 0);
    CHECK_EQ(e.tcb.deadline[TCP_TIMER_USER], TCP_NEVER);
    CHECK(e.tcb.deadline[TCP_TIMER_R2] != TCP_NEVER);
}

// ---- keep-alive

static void test_keep_alive(void) {
    struct end e = connected(0);
    CHECK_EQ(tcp_deadline(&e.config, &e.tcb, NULL), TCP_NEVER);  // off by default
    call(&e, TCP_SET_KEEP_ALIVE, 1);
    uint64_t begin = e.now;
    CHECK_EQ(fire(&e), TCP_KEEP_ALIVE_TIMEOUT);
    CHECK_EQ(e.now - begin, 7200 * SECOND);
    CHECK(sent(&e, 0).seq == e.tcb.snd_nxt - 1 && sent(&e, 0).len == 0 && sent(&e, 0).flags == TCP_ACK);
    for (int i = 0; i < 5; i++)
        fire(&e);
    CHECK_EQ(e.tcb.keep_alives, 6);
    call(&e, TCP_SEND, 10);  // what is in flight asks in its own way
    CHECK_EQ(e.tcb.deadline[TCP_TIMER_KEEP_ALIVE], TCP_NEVER);
    arrive(&e, ack_of(&e));
    CHECK_EQ(e.tcb.keep_alives, 0);  // the peer was heard
    begin = e.now;
    arrive(&e, (struct tcp_segment){.seq = 1, .flags = TCP_RST});  // that is nobody
    CHECK_EQ(e.tcb.deadline[TCP_TIMER_KEEP_ALIVE], begin + 7200 * SECOND);
    while (e.tcb.state != TCP_CLOSED)
        CHECK_EQ(fire(&e), TCP_KEEP_ALIVE_TIMEOUT);
    CHECK_EQ(e.now - begin, (7200 + 9 * 75) * SECOND);
    CHECK(signalled(&e, TCP_SIGNAL_TIMED_OUT));
    e = connected(0);
    call(&e, TCP_SET_KEEP_ALIVE, 1);
    call(&e, TCP_SET_KEEP_ALIVE, 0);
    CHECK_EQ(tcp_deadline(&e.config, &e.tcb, NULL), TCP_NEVER);
}

// ---- RFC 5961

// What draws challenges: a reset within the window, any SYN, an ACK of what was not sent or is far too old.
static struct tcp_segment forgery(const struct end *e, unsigned which) {
    struct tcp_segment segment = ack_of(e);
    if (which == 0) segment.flags = TCP_RST;
    if (which == 0) segment.seq += 10;
    if (which == 1) segment.flags = TCP_SYN;
    if (which == 2) segment.flags = TCP_SYN;
    if (which == 2) segment.seq -= 10000000;  // "irrespective of the sequence number"
    if (which == 3) segment.ack += 1;
    if (which == 4) segment.ack -= 10000000;
    return segment;
}

static void test_challenges(void) {
    for (unsigned which = 0; which < 5; which++) {
        struct end e = connected(0);
        uint64_t begin = e.now;
        unsigned drawn = 0;
        check_about("forgery %u", which);
        for (unsigned i = 0; i < 100; i++) {
            arrive(&e, forgery(&e, which));
            drawn += sent(&e, 0).flags == TCP_ACK;
            CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
        }
        CHECK_EQ(drawn, 10);
        e.now = begin + 5 * SECOND - 1;
        arrive(&e, forgery(&e, which));
        CHECK_EQ(e.effects.count, 0);
        e.now = begin + 5 * SECOND + SECOND / 10;
        arrive(&e, forgery(&e, which));
        CHECK_EQ(sent(&e, 0).flags, TCP_ACK);
    }
    check_about(NULL);
    struct end e = connected(0);
    e.config.challenge_limit = 1000;  // as many as can be counted
    unsigned drawn = 0;
    for (unsigned i = 0; i < 600; i++) {
        arrive(&e, forgery(&e, 1));
        drawn += e.effects.count;
    }
    CHECK_EQ(drawn, 255);
}

// ---- ICMP

static void test_icmp_quotes(void) {
    struct end e = connected(0);
    icmp(&e, TCP_ICMP_HOST_UNREACHABLE, e.tcb.snd_una, 0);  // nothing is in flight
    CHECK_EQ(e.effects.count, 0);
    call(&e, TCP_SEND, 3 * MSS);
    static const int32_t nonsense[] = {-1, 3 * MSS, 0x7fffffff, -70000};
    for (unsigned i = 0; i < 4; i++) {
        icmp(&e, TCP_ICMP_PORT_UNREACHABLE, e.tcb.snd_una + (uint32_t)nonsense[i], 0);
        CHECK(e.effects.count == 0 && e.tcb.soft_error == 0);
    }
    for (unsigned kind = 0; kind < 256; kind++) {
        icmp(&e, (enum tcp_icmp)kind, e.tcb.snd_una + 2 * MSS, UINT32_MAX);
        bool heard = kind >= TCP_ICMP_NETWORK_UNREACHABLE && kind <= TCP_ICMP_ADMINISTRATIVELY_PROHIBITED &&
                     kind != TCP_ICMP_FRAGMENTATION_NEEDED;
        check_about("ICMP %u", kind);
        CHECK_EQ(signalled(&e, TCP_SIGNAL_SOFT_ERROR), heard);
        CHECK_EQ(e.tcb.state, TCP_ESTABLISHED);
    }
    check_about(NULL);
    e = new_end(0);
    icmp(&e, TCP_ICMP_PORT_UNREACHABLE, 0, 0);
    CHECK_EQ(e.effects.count, 0);
    call(&e, TCP_OPEN_ACTIVE, 0);
    icmp(&e, TCP_ICMP_HOST_UNREACHABLE, ISS, 0);
    CHECK(signalled(&e, TCP_SIGNAL_SOFT_ERROR) && e.tcb.state == TCP_SYN_SENT);
    icmp(&e, TCP_ICMP_PORT_UNREACHABLE, ISS, 0);
    CHECK(signalled(&e, TCP_SIGNAL_UNREACHABLE) && e.tcb.state == TCP_CLOSED);
}

static void test_packet_too_big(void) {
    struct end e = connected(0);
    call(&e, TCP_SEND, 4 * MSS);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 4);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS + 1, 500);
    CHECK_EQ(e.tcb.snd_mss, 500);
    CHECK_EQ(count_of(&e, TCP_EFFECT_SEGMENT), 8);  // all that was too big, at once
    for (unsigned i = 0; i < 8; i++)
        CHECK(sent(&e, i).seq == ISS + 1 + 500 * i && sent(&e, i).len == 500);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS + 1, 500);  // again: no news
    CHECK_EQ(e.effects.count, 0);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS + 1, 0);  // a path of nothing
    CHECK_EQ(e.tcb.snd_mss, 48);
    icmp(&e, TCP_ICMP_FRAGMENTATION_NEEDED, ISS + 1, 60000);  // never larger
    CHECK_EQ(e.tcb.snd_mss, 48);
    arrive(&e, ack_of(&e));
    CHECK(e.tcb.snd_una == e.tcb.snd_nxt && !(e.tcb.flags & TCP_CONNECTION_LOSS));
}

// ---- wraps

static void test_urgent_wraps(void) {
    struct end e = connected(0);
    struct tcp_segment urgent = ack_of(&e);
    urgent.flags |= TCP_URG;
    urgent.up = 10;
    urgent.len = 10;
    urgent.source = 2;
    arrive(&e, urgent);
    CHECK(signalled(&e, TCP_SIGNAL_URGENT));
    call(&e, TCP_RECEIVE, 10);
    CHECK(e.tcb.rcv_up == 0 && !(e.tcb.flags & TCP_CONNECTION_URGENT));
    struct tcp_event event = event_of(TCP_SEND, 10);
    event.urgent = true;
    step(&e, &event);
    CHECK(sent(&e, 0).flags & TCP_URG && sent(&e, 0).up == 10);
    arrive(&e, ack_of(&e));
    CHECK(e.tcb.snd_up == 0 && !(e.tcb.flags & TCP_CONNECTION_URGENT_SENT));
}

// A closed connection's timers are not armed, whatever its bytes say.
static void test_events_in_closed(void) {
    static const struct tcp_connection closed;
    for (int kind = TCP_SEND; kind < TCP_EVENT_KINDS; kind++) {
        struct end e = new_end(0);
        if (kind == TCP_SEGMENT_ARRIVES) continue;
        call(&e, (enum tcp_event_kind)kind, 1);
        CHECK(e.effects.count == 0 && memcmp(&closed, &e.tcb, sizeof closed) == 0);
    }
    struct end e = connected(0);
    call(&e, TCP_CLOSE, 0);
    arrive(&e, ack_of(&e));
    CHECK_EQ(e.tcb.state, TCP_FIN_WAIT_2);
    call(&e, TCP_TIME_WAIT_TIMEOUT, 0);
    CHECK_EQ(e.tcb.state, TCP_FIN_WAIT_2);
}

int main(void) {
    test_offers();
    test_agreement();
    test_ecn();
    test_contradictory_options();
    test_scale_rounding();
    test_zero_window_with_scale();
    test_timestamps_on_every_segment();
    test_ts_offset();
    test_paws();
    test_which_timestamp_is_echoed();
    test_round_trip_from_timestamps();
    test_time_wait_and_timestamps();
    test_options_take_room();
    test_user_timeout();
    test_user_timeout_is_not_shortened();
    test_user_timeout_waits_for_open();
    test_user_timeout_that_is_told();
    test_fixed_user_timeout();
    test_keep_alive();
    test_challenges();
    test_icmp_quotes();
    test_packet_too_big();
    test_urgent_wraps();
    test_events_in_closed();
    return check_result();
}
