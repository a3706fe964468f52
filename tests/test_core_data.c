// How core carries text: congestion control, repair of losses, what is reported and acknowledged, what waits. One end
// is under test; the test plays the other by hand.
#include "tests/core_text.h"

// ---- Congestion control

static void test_slow_start(uint32_t iss) {
    struct end e;
    open_with(&e, iss, 0);
    CHECK_EQ(e.tcp.cwnd, 10 * MSS);  // RFC 6928
    call(&e, TCP_SEND, 100 * MSS);
    CHECK_EQ(e.count, 10);
    acknowledge(&e, 2 * MSS);  // one ACK, however much it acknowledges: one segment
    CHECK_EQ(e.tcp.cwnd, 11 * MSS);
    CHECK_EQ(e.count, 13);
    acknowledge(&e, 2 * MSS + 500);  // and no more than it acknowledges
    CHECK_EQ(e.tcp.cwnd, 11 * MSS + 500);
    for (uint32_t i = 3; i <= 12; i++)
        acknowledge(&e, i * MSS);
    CHECK_EQ(e.tcp.cwnd, 21 * MSS);
}

static void test_initial_window(void) {
    struct end e;
    open_with(&e, 100, 0);
    memset(&e, 0, sizeof e);
    e.config = tcp_config_default();
    struct tcp_event open = {.kind = TCP_OPEN_ACTIVE};
    open.incarnation = (struct tcp_incarnation){.source = SOURCE, .iss = 100, .iss_given = true, .mss = MSS};
    step(&e, &open);
    fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
    struct tcp_event answer = {.kind = TCP_SEGMENT_ARRIVES};
    answer.segment = (struct tcp_segment){
        .seq = PEER, .ack = 101, .wnd = WINDOW, .mss = MSS, .flags = TCP_SYN | TCP_ACK, .options = TCP_OPTION_MSS};
    step(&e, &answer);
    CHECK_EQ(e.tcp.cwnd, MSS);  // the SYN was repeated: RFC 5681 section 3.1
}

// Ten segments are in flight, and the first is lost.
static void test_fast_retransmit(uint32_t iss) {
    struct end e;
    open_with(&e, iss, 0);
    call(&e, TCP_SEND, 40 * MSS);
    forget(&e);
    acknowledge(&e, 0);
    check_sent(&e, 0, 10 * MSS, MSS, 0);  // limited transmit
    acknowledge(&e, 0);
    check_sent(&e, 1, 11 * MSS, MSS, 0);
    CHECK_EQ(e.count, 2);
    acknowledge(&e, 0);
    check_sent(&e, 2, 0, MSS, 1);
    CHECK_EQ(e.count, 3);
    CHECK_EQ(e.tcp.ssthresh, 5 * MSS);  // limited transmit's two do not count
    CHECK_EQ(e.tcp.cwnd, 8 * MSS);
    for (int i = 0; i < 4; i++)
        acknowledge(&e, 0);
    CHECK_EQ(e.count, 3);
    acknowledge(&e, 0);
    check_sent(&e, 3, 12 * MSS, MSS, 0);  // the fifth more than three: 13 segments fit
    acknowledge(&e, 13 * MSS);
    CHECK(!(e.tcp.flags & TCP_CONNECTION_FAST_RECOVERY));
    CHECK_EQ(e.tcp.cwnd, 2 * MSS);  // nothing is in flight: no burst
    CHECK_EQ(e.tcp.ssthresh, 5 * MSS);
}

// Two duplicates, and then an ACK of something new: nothing was lost.
static void test_reordering(void) {
    struct end e;
    open_with(&e, 100, 0);
    call(&e, TCP_SEND, 12 * MSS);
    forget(&e);
    acknowledge(&e, 0);
    acknowledge(&e, 0);
    acknowledge(&e, 12 * MSS);
    CHECK_EQ(e.count, 2);
    CHECK_EQ(e.tcp.duplicate_acks, 0);
    // What is no duplicate: with text, with another window, with nothing in flight.
    for (int i = 0; i < 5; i++)
        acknowledge(&e, 12 * MSS);
    CHECK_EQ(e.tcp.duplicate_acks, 0);
    call(&e, TCP_SEND, 12 * MSS);
    forget(&e);
    for (uint32_t i = 0; i < 5; i++) {
        struct tcp_segment other_window = ack_of(&e, 12 * MSS);
        other_window.wnd = (uint16_t)(WINDOW - 1 - i);
        arrives(&e, other_window);
    }
    CHECK_EQ(e.tcp.duplicate_acks, 0);
    CHECK_EQ(e.count, 0);
}

// NewReno: of ten segments the first and the fifth are lost.
static void test_partial_acknowledgement(uint32_t iss) {
    struct end e;
    open_with(&e, iss, 0);
    call(&e, TCP_SEND, 40 * MSS);
    for (int i = 0; i < 8; i++)
        acknowledge(&e, 0);
    forget(&e);
    acknowledge(&e, 4 * MSS);
    check_sent(&e, 0, 4 * MSS, MSS, 1);
    CHECK(e.tcp.flags & TCP_CONNECTION_FAST_RECOVERY);
    acknowledge(&e, 12 * MSS);
    CHECK(!(e.tcp.flags & TCP_CONNECTION_FAST_RECOVERY));
    CHECK(e.tcp.cwnd <= 5 * MSS);
    // A loss among what was sent since is a new one.
    uint32_t front = e.tcp.snd_una;
    forget(&e);
    for (int i = 0; i < 3; i++)
        arrives(&e, (struct tcp_segment){.seq = PEER + 1, .ack = front, .wnd = WINDOW, .flags = TCP_ACK});
    CHECK(e.tcp.flags & TCP_CONNECTION_FAST_RECOVERY);
}

static void test_congestion_avoidance(void) {
    struct end e;
    open_with(&e, 100, 0);
    call(&e, TCP_SEND, 400 * MSS);
    for (int i = 0; i < 8; i++)
        acknowledge(&e, 0);
    acknowledge(&e, 13 * MSS);
    uint32_t offset = 13 * MSS;
    while (e.tcp.cwnd < e.tcp.ssthresh)
        acknowledge(&e, offset += MSS);
    CHECK_EQ(e.tcp.cwnd, 5 * MSS);
    for (int i = 0; i < 4; i++)
        acknowledge(&e, offset += MSS);
    CHECK_EQ(e.tcp.cwnd, 5 * MSS);
    acknowledge(&e, offset += MSS);  // a window of ACKs
    CHECK_EQ(e.tcp.cwnd, 6 * MSS);
    for (int i = 0; i < 5; i++)  // which acknowledge two segments each, and count as one
        acknowledge(&e, offset += 2 * MSS);
    CHECK_EQ(e.tcp.cwnd, 6 * MSS);
    acknowledge(&e, offset += 2 * MSS);
    CHECK_EQ(e.tcp.cwnd, 7 * MSS);
    for (int i = 0; i < 70; i++)  // ACKs of a tenth of a segment gain a tenth
        acknowledge(&e, offset += MSS / 10);
    CHECK_EQ(e.tcp.cwnd, 8 * MSS);
}

// ---- Timeouts

static void test_timeout(uint32_t iss) {
    struct end e;
    open_with(&e, iss, 0);
    call(&e, TCP_SEND, 40 * MSS);
    forget(&e);
    fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
    CHECK_EQ(e.count, 1);
    check_sent(&e, 0, 0, MSS, 1);
    CHECK_EQ(e.tcp.cwnd, MSS);
    CHECK_EQ(e.tcp.ssthresh, 5 * MSS);
    fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
    check_sent(&e, 1, 0, MSS, 2);
    CHECK_EQ(e.tcp.ssthresh, 5 * MSS);  // held for what was repeated before
    acknowledge(&e, MSS);               // slow start over what was in flight
    check_sent(&e, 2, MSS, MSS, 2);
    check_sent(&e, 3, 2 * MSS, MSS, 2);
    CHECK_EQ(e.count, 4);
    // Its repetition is lost as well: the next has another number, or the same luck would lose it again.
    fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
    check_sent(&e, 4, MSS, MSS, 3);
    acknowledge(&e, 10 * MSS);
    CHECK(!(e.tcp.flags & TCP_CONNECTION_LOSS));
    CHECK_EQ(e.tcp.rounds, 0);
    // What was repeated needlessly draws duplicate ACKs, which tell of no loss (RFC 6582 section 3.2, 2).
    forget(&e);
    for (int i = 0; i < 5; i++)
        acknowledge(&e, 10 * MSS);
    CHECK(!(e.tcp.flags & TCP_CONNECTION_FAST_RECOVERY));
}

// A timeout in fast recovery, which went on sending: the window falls from what the loss had left of it.
static void test_timeout_in_fast_recovery(unsigned options) {
    struct end e;
    open_with(&e, 100, options);
    call(&e, TCP_SEND, 60 * MSS);
    for (uint32_t i = 2; i < 40; i++) {
        const uint32_t pair[] = {1, i};
        if (options != 0)
            acknowledge_with(&e, 0, pair, 1);
        else
            acknowledge(&e, 0);
    }
    CHECK(e.tcp.snd_nxt - e.tcp.snd_una > 30 * MSS);
    fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
    CHECK_EQ(e.tcp.ssthresh, 5 * MSS);
    CHECK_EQ(e.tcp.cwnd, MSS);
}

static void test_restart_after_idle(void) {
    struct end e;
    open_with(&e, 100, 0);
    for (uint32_t i = 0; i < 20; i++) {
        call(&e, TCP_SEND, MSS);
        acknowledge(&e, (i + 1) * MSS);
    }
    CHECK_EQ(e.tcp.cwnd, 30 * MSS);
    e.now += 500 * MILLISECOND;  // less than the RTO
    call(&e, TCP_SEND, MSS);
    CHECK_EQ(e.tcp.cwnd, 30 * MSS);
    acknowledge(&e, 21 * MSS);
    e.now += 5000 * MILLISECOND;
    forget(&e);
    call(&e, TCP_SEND, 40 * MSS);
    CHECK_EQ(e.tcp.cwnd, 10 * MSS);
    CHECK_EQ(e.count, 10);
}

// ---- SACK: what the sender makes of it

// Of twenty segments 0, 5 and 10 are lost: all three are sent again before anything new is acknowledged.
static void test_sack_recovery(uint32_t iss) {
    struct end e;
    open_with(&e, iss, TCP_OPTION_SACK_PERMITTED);
    call(&e, TCP_SEND, 10 * MSS);
    acknowledge(&e, 10 * MSS);
    for (uint32_t i = 1; i <= 10; i++) {
        call(&e, TCP_SEND, MSS);
        acknowledge(&e, (10 + i) * MSS);
    }
    call(&e, TCP_SEND, 20 * MSS);
    forget(&e);
    const uint32_t base = 20;
    for (uint32_t i = 1; i < 20; i++) {
        const uint32_t newest = i < 5 ? 1 : i < 10 ? 6 : 11;
        const uint32_t pairs[] = {base + newest, base + i + 1, base + 6, base + 10, base + 1, base + 5};
        if (i != 5 && i != 10) acknowledge_with(&e, base * MSS, pairs, i < 5 ? 1 : i < 10 ? 1 : 3);
    }
    CHECK_EQ(e.count, 3);
    check_sent(&e, 0, base * MSS, MSS, 1);
    check_sent(&e, 1, (base + 5) * MSS, MSS, 1);
    check_sent(&e, 2, (base + 10) * MSS, MSS, 1);
    acknowledge(&e, (base + 20) * MSS);
    CHECK_EQ(e.tcp.cwnd, 10 * MSS);
    CHECK(!(e.tcp.flags & TCP_CONNECTION_FAST_RECOVERY));
    CHECK_EQ(e.tcp.sacked_count, 0);
}

// Something that was sent during the repair is lost too: it is repaired next, although no duplicate ACK follows.
static void test_sack_loss_during_recovery(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
    call(&e, TCP_SEND, 10 * MSS);
    for (uint32_t i = 2; i <= 10; i++)
        acknowledge_with(&e, 0, (const uint32_t[]){1, i}, 1);
    call(&e, TCP_SEND, 4 * MSS);  // 10 to 13, of which 10 is lost
    CHECK_EQ(e.tcp.snd_nxt, at(&e, 14 * MSS));
    forget(&e);
    acknowledge_with(&e, 0, (const uint32_t[]){11, 14, 1, 10}, 2);
    acknowledge_with(&e, 10 * MSS, (const uint32_t[]){11, 14}, 1);
    CHECK_EQ(e.count, 1);
    check_sent(&e, 0, 10 * MSS, MSS, 1);
    acknowledge(&e, 14 * MSS);
    CHECK(!(e.tcp.flags & TCP_CONNECTION_FAST_RECOVERY));
}

// More is to be repeated at once than one event's effects hold: the rest is owed.
static void test_many_repeats(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
    call(&e, TCP_SEND, 10 * MSS);
    for (uint32_t i = 1; i <= 50; i++) {
        acknowledge(&e, i * MSS);
        call(&e, TCP_SEND, 2 * MSS);
    }
    uint32_t offset = e.tcp.snd_una - e.iss - 1, segments = (e.tcp.snd_nxt - e.tcp.snd_una) / MSS;
    CHECK(segments > TCP_EFFECTS + 10);
    tcp_rule_set_add(&e.config.without, TCP_RULE_LOSS_HALVES_WINDOW);
    forget(&e);
    acknowledge_with(&e, offset, (const uint32_t[]){offset / MSS + segments - 5, offset / MSS + segments}, 1);
    CHECK_EQ(e.count, segments - 5);
    for (unsigned i = 0; i < e.count; i++)
        check_sent(&e, i, offset + i * MSS, MSS, 1);
}

// A fifth range takes the place of a smaller one, whether it lies before or behind it.
static void test_full_scoreboard(void) {
    static const uint32_t newcomers[][2] = {{1, 3}, {12, 14}};
    for (unsigned i = 0; i < 2; i++) {
        struct end e;
        open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
        e.config.congestion_control = false;
        call(&e, TCP_SEND, 20 * MSS);
        acknowledge_with(&e, 0, (const uint32_t[]){4, 6, 7, 8, 9, 10}, 3);
        acknowledge_with(&e, 0, (const uint32_t[]){15, 16}, 1);
        CHECK_EQ(e.tcp.sacked_count, TCP_SACKED_RANGES);
        acknowledge_with(&e, 0, (const uint32_t[]){17, 18}, 1);  // no larger than what is there
        CHECK_EQ(e.tcp.sacked[3].end, at(&e, 16 * MSS));
        acknowledge_with(&e, 0, newcomers[i], 1);
        CHECK_EQ(e.tcp.sacked_count, TCP_SACKED_RANGES);
        unsigned found = 0;
        for (unsigned n = 0; n < e.tcp.sacked_count; n++)
            found += e.tcp.sacked[n].begin == at(&e, newcomers[i][0] * MSS);
        CHECK_EQ(found, 1);
    }
}

// D-SACK says what came twice, not what is lost.
static void test_report_of_duplicate(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
    call(&e, TCP_SEND, 10 * MSS);
    acknowledge(&e, 5 * MSS);
    forget(&e);
    for (int i = 0; i < 5; i++)
        acknowledge_with(&e, 5 * MSS, (const uint32_t[]){2, 3}, 1);
    CHECK_EQ(e.count, 0);
    CHECK_EQ(e.tcp.duplicate_acks, 0);
    CHECK_EQ(e.tcp.sacked_count, 0);
}

static void test_lying_blocks(uint32_t iss) {
    struct end e;
    open_with(&e, iss, TCP_OPTION_SACK_PERMITTED);
    call(&e, TCP_SEND, 10 * MSS);
    acknowledge(&e, 2 * MSS);
    forget(&e);
    const uint32_t lies[][2] = {{3, 11}, {11, 12}, {0, 1}, {1, 4}, {2, 4}, {5, 5}, {6, 4}, {0, 4000000}};
    for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++)
        acknowledge_with(&e, 2 * MSS, lies[i], 1);
    CHECK_EQ(e.tcp.sacked_count, 0);
    CHECK_EQ(e.count, 0);
    // Overlapping ones are one.
    acknowledge_with(&e, 2 * MSS, (const uint32_t[]){4, 6, 5, 8, 4, 5, 8, 9}, 4);
    CHECK_EQ(e.tcp.sacked_count, 1);
    CHECK_EQ(e.tcp.sacked[0].begin, at(&e, 4 * MSS));
    CHECK_EQ(e.tcp.sacked[0].end, at(&e, 9 * MSS));
    // More blocks than an option has room for, and blocks without the option.
    struct tcp_segment wild = ack_of(&e, 2 * MSS);
    wild.blocks = 255;
    wild.sack[0] = (struct tcp_block){at(&e, 9 * MSS), at(&e, 10 * MSS)};
    arrives(&e, wild);
    CHECK_EQ(e.tcp.sacked[0].end, at(&e, 9 * MSS));
    wild.options = TCP_OPTION_SACK;
    arrives(&e, wild);
    CHECK_EQ(e.tcp.sacked[0].end, at(&e, 10 * MSS));
}

// The peer takes back what it reported: it is forgotten, and the timer repeats it.
static void test_reneging(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
    call(&e, TCP_SEND, 10 * MSS);
    for (uint32_t i = 3; i <= 10; i++)
        acknowledge_with(&e, 0, (const uint32_t[]){2, i}, 1);
    acknowledge(&e, 2 * MSS);
    CHECK_EQ(e.tcp.sacked_count, 0);
    forget(&e);
    fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
    check_sent(&e, 0, 2 * MSS, MSS, 2);
    for (uint32_t i = 3; i <= 10; i++)
        acknowledge(&e, i * MSS);
    CHECK_EQ(e.tcp.snd_una, e.tcp.snd_nxt);
}

// A peer that claims to have all but the first segment, and takes the first only: nothing is lost for ever.
static void test_blocks_never_acknowledged(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
    call(&e, TCP_SEND, 10 * MSS);
    acknowledge_with(&e, 0, (const uint32_t[]){1, 4, 5, 7, 8, 10}, 3);
    for (uint32_t offset = 0, turns = 0; e.tcp.snd_una != e.tcp.snd_nxt; turns++) {
        if (!CHECK(turns < 20)) return;
        forget(&e);
        fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
        check_sent(&e, 0, offset, MSS, e.sent[0].repeat);
        acknowledge(&e, offset += MSS);
    }
}

// ---- SACK: what the receiver reports

static void check_block(const struct end *e, unsigned which, uint32_t begin, uint32_t end) {
    const struct tcp_segment *ack = &e->sent[e->count - 1];
    if (!CHECK(e->count > 0 && which < ack->blocks)) return;
    CHECK_EQ(ack->sack[which].begin - PEER - 1, begin);
    CHECK_EQ(ack->sack[which].end - PEER - 1, end);
}

static void test_block_order(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
    peer_sends(&e, 1000, 100, 1);
    peer_sends(&e, 3000, 100, 1);
    peer_sends(&e, 2000, 100, 1);
    CHECK_EQ(e.sent[e.count - 1].blocks, 3);
    check_block(&e, 0, 2000, 2100);
    check_block(&e, 1, 3000, 3100);
    check_block(&e, 2, 1000, 1100);
    peer_sends(&e, 1100, 100, 1);  // grows: the newest
    check_block(&e, 0, 1000, 1200);
    check_block(&e, 1, 2000, 2100);
    check_block(&e, 2, 3000, 3100);
    peer_sends(&e, 2100, 900, 2);  // joins two, though it is another's text
    CHECK_EQ(e.sent[e.count - 1].blocks, 2);
    check_block(&e, 0, 2000, 3100);
    check_block(&e, 1, 1000, 1200);
    peer_sends(&e, 5000, 100, 1);
    peer_sends(&e, 6000, 100, 1);
    CHECK_EQ(e.sent[e.count - 1].blocks, 4);
    check_block(&e, 0, 6000, 6100);
    check_block(&e, 3, 1000, 1200);
    peer_sends(&e, 0, 1000, 1);  // the gap is filled: ACK at once, of what has become whole
    CHECK_EQ(e.sent[e.count - 1].ack, PEER + 1 + 1200);
    CHECK_EQ(e.sent[e.count - 1].blocks, 3);
    CHECK_EQ(e.received, 1200);
}

static void test_duplicate_is_reported(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
    peer_sends(&e, 0, 1000, 1);
    peer_sends(&e, 1000, 1000, 1);
    peer_sends(&e, 500, 700, 1);  // old
    CHECK_EQ(e.sent[e.count - 1].blocks, 1);
    check_block(&e, 0, 500, 1200);
    peer_sends(&e, 4000, 1000, 1);
    check_block(&e, 0, 4000, 5000);
    peer_sends(&e, 4200, 100, 1);  // held already: the duplicate, and the block that holds it
    CHECK_EQ(e.sent[e.count - 1].blocks, 2);
    check_block(&e, 0, 4200, 4300);
    check_block(&e, 1, 4000, 5000);
}

// The block tells of the segment that has just arrived (RFC 2883 section 4 (1)): where that brings new text too, its
// ACK doesn't wait. One ACK is for the text and for the FIN behind it.
static void test_duplicate_beside_new_text(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED);
    peer_sends(&e, 0, 500, 1);
    CHECK_EQ(e.count, 0);
    peer_sends(&e, 200, 800, 1);  // 300 old octets, 500 new ones: no second full segment yet
    CHECK_EQ(e.count, 1);
    CHECK_EQ(e.sent[0].ack, PEER + 1 + 1000);
    CHECK_EQ(e.sent[0].blocks, 1);
    check_block(&e, 0, 200, 500);
    peer_sends(&e, 2000, 500, 1);
    peer_sends(&e, 3000, 500, 1);
    forget(&e);
    peer_sends(&e, 1000, 1200, 1);  // fills the first gap, and repeats 200 octets of what was held behind it
    CHECK_EQ(e.count, 1);
    CHECK_EQ(e.sent[0].ack, PEER + 1 + 2500);
    CHECK_EQ(e.sent[0].blocks, 2);
    check_block(&e, 0, 2000, 2200);
    check_block(&e, 1, 3000, 3500);
    struct tcp_segment last = ack_of(&e, 0);
    last = (struct tcp_segment){.seq = PEER + 1 + 2400, .ack = last.ack, .len = 1200, .source = 1, .wnd = WINDOW};
    last.flags = TCP_FIN | TCP_ACK;
    arrives(&e, last);
    CHECK_EQ(e.count, 2);
    CHECK_EQ(e.sent[1].ack, PEER + 1 + 3600 + 1);
    check_block(&e, 0, 2400, 2500);
}

// Whoever permits no SACK hears of no duplicate, and the ACK waits.
static void test_duplicate_without_sack(void) {
    struct end e;
    open_with(&e, 100, 0);
    peer_sends(&e, 0, 500, 1);
    peer_sends(&e, 200, 800, 1);
    CHECK_EQ(e.count, 0);
}

static void test_blocks_beside_timestamps(void) {
    struct end e;
    open_with(&e, 100, TCP_OPTION_SACK_PERMITTED | TCP_OPTION_TIMESTAMPS);
    for (uint32_t i = 1; i <= 5; i++)
        peer_sends(&e, 2000 * i, 100, 1);
    CHECK_EQ(e.sent[e.count - 1].blocks, 3);
    check_block(&e, 0, 10000, 10100);
    check_block(&e, 2, 6000, 6100);
}

// ---- Acknowledgements

static void test_delayed_ack(void) {
    struct end e;
    open_with(&e, 100, 0);
    peer_sends(&e, 0, MSS, 1);
    CHECK_EQ(e.count, 0);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_DELAYED_ACK], e.now + 200 * MILLISECOND);
    fire(&e, TCP_TIMER_DELAYED_ACK, TCP_DELAYED_ACK_TIMEOUT);
    CHECK_EQ(e.count, 1);
    CHECK_EQ(e.sent[0].ack, PEER + 1 + MSS);
    peer_sends(&e, MSS, MSS, 1);
    CHECK_EQ(e.count, 1);
    peer_sends(&e, 2 * MSS, MSS, 1);  // the second full segment
    CHECK_EQ(e.count, 2);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_DELAYED_ACK], TCP_NEVER);
    peer_sends(&e, 3 * MSS, 10, 1);
    peer_sends(&e, 3 * MSS + 10, 10, 1);
    CHECK_EQ(e.count, 2);
    call(&e, TCP_SEND, 10);  // text takes the acknowledgement along
    CHECK_EQ(e.count, 3);
    CHECK_EQ(e.sent[2].ack, PEER + 1 + 3 * MSS + 20);
    CHECK_EQ(e.tcp.deadline[TCP_TIMER_DELAYED_ACK], TCP_NEVER);
    peer_sends(&e, 4 * MSS, 10, 1);  // out of order: at once
    CHECK_EQ(e.count, 4);
    peer_sends(&e, 3 * MSS + 20, MSS - 20, 1);  // fills the gap: at once
    CHECK_EQ(e.count, 5);
    CHECK_EQ(e.sent[4].ack, PEER + 1 + 4 * MSS + 10);
}

// A user who reads at once, before what is owed goes out, does not make every segment draw an ACK of its own.
static void test_every_second_segment(unsigned options) {
    struct end e;
    open_with(&e, 100, options);
    uint32_t size = options & TCP_OPTION_TIMESTAMPS ? MSS - 12 : MSS;
    for (uint32_t i = 0; i < 40; i++) {
        struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES};
        event.segment = (struct tcp_segment){.seq = PEER + 1 + i * size,
                                             .ack = e.tcp.snd_nxt,
                                             .len = size,
                                             .source = 1,
                                             .wnd = WINDOW,
                                             .flags = TCP_ACK,
                                             .options = (uint8_t)options,
                                             .ts_val = 2000 + i};
        tcp_step(&e.config, &e.tcp, &event, e.now, &e.effects);
        collect(&e);
        call(&e, TCP_RECEIVE, size);
    }
    CHECK_EQ(e.count, 20);
    CHECK(e.tcp.rcv_wnd > 60000);
}

// A window that was closed is opened with a word, however little the user reads at a time.
static void test_window_opens(void) {
    struct end e;
    open_with(&e, 100, 0);
    uint32_t size = MSS, offset = 0;
    while (e.tcp.rcv_wnd >= size) {
        peer_sends(&e, offset, size, 1);
        offset += size;
    }
    forget(&e);
    call(&e, TCP_RECEIVE, 100);
    CHECK_EQ(e.count, 0);  // MUST-39
    for (int i = 0; i < 12; i++)
        call(&e, TCP_RECEIVE, 100);
    CHECK(e.count >= 1);
    CHECK(e.sent[e.count - 1].wnd >= MSS);
}

// ---- What waits

static void test_nagle(void) {
    struct end e;
    open_with(&e, 100, 0);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(e.count, 1);
    call(&e, TCP_SEND, 10);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(e.count, 1);
    call(&e, TCP_SEND, MSS);  // a full segment goes, its rest waits
    CHECK_EQ(e.count, 2);
    check_sent(&e, 1, 10, MSS, 0);
    acknowledge(&e, 10 + MSS);
    check_sent(&e, 2, 10 + MSS, 20, 0);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(e.count, 3);
    call(&e, TCP_SET_NO_DELAY, 1);
    CHECK_EQ(e.count, 4);
    call(&e, TCP_SET_NO_DELAY, 0);
    call(&e, TCP_SEND, 10);
    CHECK_EQ(e.count, 4);
    call(&e, TCP_CLOSE, 0);  // no company will come
    CHECK_EQ(e.count, 6);
    CHECK(e.sent[5].flags & TCP_FIN);
}

static void acknowledge_window(struct end *e, uint32_t offset, uint32_t window) {
    struct tcp_segment segment = ack_of(e, offset);
    segment.wnd = (uint16_t)window;
    arrives(e, segment);
}

static void test_silly_window(void) {
    struct end e;
    open_with(&e, 100, 0);
    call(&e, TCP_SEND, MSS);
    acknowledge_window(&e, MSS, 300);
    forget(&e);
    call(&e, TCP_SEND, 2 * MSS);
    CHECK_EQ(e.count, 0);
    fire(&e, TCP_TIMER_PERSIST, TCP_PERSIST_TIMEOUT);  // the override timeout
    CHECK_EQ(e.count, 1);
    check_sent(&e, 0, MSS, 300, 0);
    acknowledge_window(&e, MSS + 300, 5 * MSS);
    check_sent(&e, 1, MSS + 300, MSS, 0);
}

// "[SND.NXT = SND.UNA and]" stands in 3.8.6.2.1 (3) too: what the window cuts waits as the last piece of text does, and
// a FIN behind the rest is no reason to hurry.
static void test_nagle_in_small_window(void) {
    for (int closed = 0; closed <= 1; closed++) {
        struct end e;
        open_with(&e, 100, 0);
        e.tcp.snd_wnd = e.tcp.max_snd_wnd = 500;  // as if the SYN,ACK had said so
        call(&e, TCP_SEND, 5 * MSS);
        if (closed) call(&e, TCP_CLOSE, 0);
        CHECK_EQ(e.count, 1);
        acknowledge_window(&e, 0, 1100);  // 600 octets more, which is half of the largest window
        CHECK_EQ(e.count, 1);
        acknowledge_window(&e, 500, 600);
        CHECK_EQ(e.count, 2);
        check_sent(&e, 1, 500, 600, 0);
        call(&e, TCP_SET_NO_DELAY, 1);
        acknowledge_window(&e, 500, 1200);
        CHECK_EQ(e.count, 3);
        check_sent(&e, 2, 1100, 600, 0);
        acknowledge_window(&e, 500, 1200 + MSS);  // a full segment never waits
        CHECK_EQ(e.count, 4);
        check_sent(&e, 3, 1700, MSS, 0);
    }
}

static void test_closed_window(void) {
    struct end e;
    open_with(&e, 100, 0);
    for (uint32_t i = 0; i < 20; i++) {
        call(&e, TCP_SEND, MSS);
        acknowledge_window(&e, (i + 1) * MSS, i < 19 ? WINDOW : 0);
    }
    uint32_t window = e.tcp.cwnd;
    call(&e, TCP_SEND, 4 * MSS);
    forget(&e);
    fire(&e, TCP_TIMER_PERSIST, TCP_PERSIST_TIMEOUT);
    check_sent(&e, 0, 20 * MSS, 1, 0);
    for (unsigned i = 1; i < 8; i++) {
        acknowledge_window(&e, 20 * MSS, 0);
        fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
        check_sent(&e, i, 20 * MSS, 1, i);
    }
    CHECK_EQ(e.tcp.cwnd, window);  // a closed window is no congestion
    acknowledge_window(&e, 20 * MSS, WINDOW);
    check_sent(&e, 8, 20 * MSS, 1, 8);
    acknowledge_window(&e, 20 * MSS + 1, WINDOW);
    CHECK_EQ(e.tcp.snd_nxt - e.tcp.snd_una, 3 * MSS);  // Nagle keeps the rest
}

// MUST-34, SHLD-15 to 17: the window shrinks to the left of what was sent.
static void test_shrinking_window(uint32_t iss) {
    struct end e;
    open_with(&e, iss, 0);
    call(&e, TCP_SEND, 40 * MSS);
    acknowledge_window(&e, 2 * MSS, 3 * MSS);
    forget(&e);
    call(&e, TCP_SEND, MSS);
    CHECK_EQ(e.count, 0);
    fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
    check_sent(&e, 0, 2 * MSS, MSS, 1);
    acknowledge_window(&e, 5 * MSS, 0);
    uint64_t r2 = e.tcp.deadline[TCP_TIMER_R2];
    e.now += 1000 * MILLISECOND;
    acknowledge_window(&e, 5 * MSS, 0);
    CHECK(e.tcp.deadline[TCP_TIMER_R2] > r2);
    acknowledge_window(&e, 10 * MSS, WINDOW);
    CHECK_EQ(e.tcp.state, TCP_ESTABLISHED);
    CHECK(seq_gt(e.tcp.snd_nxt, at(&e, 10 * MSS)));
}

// Without congestion control the peer's window alone bounds what is sent, and a loss is still repaired.
static void test_without_congestion_control(void) {
    struct end e;
    open_with(&e, 100, 0);
    e.config.congestion_control = false;
    call(&e, TCP_SEND, 100 * MSS);
    CHECK_EQ(e.tcp.snd_nxt, at(&e, WINDOW));
    forget(&e);
    fire(&e, TCP_TIMER_RETRANSMISSION, TCP_RETRANSMISSION_TIMEOUT);
    CHECK_EQ(e.count, 1);
    acknowledge(&e, MSS);
    CHECK_EQ(e.count, 2);
    check_sent(&e, 1, MSS, MSS, 1);
    acknowledge(&e, WINDOW);
    CHECK_EQ(e.tcp.snd_nxt, at(&e, 100 * MSS));
}

static void test_rule_missing(enum tcp_rule rule, uint32_t in_flight) {
    struct end e;
    open_with(&e, 100, 0);
    tcp_rule_set_add(&e.config.without, rule);
    call(&e, TCP_SEND, 100 * MSS);
    acknowledge(&e, MSS);
    CHECK_EQ(e.tcp.snd_nxt - e.tcp.snd_una, in_flight);
}

int main(void) {
    for (unsigned n = 0; n < NUMBERS; n++) {
        check_about("ISS %u", numbers[n]);
        test_slow_start(numbers[n]);
        test_fast_retransmit(numbers[n]);
        test_partial_acknowledgement(numbers[n]);
        test_timeout(numbers[n]);
        test_sack_recovery(numbers[n]);
        test_lying_blocks(numbers[n]);
        test_shrinking_window(numbers[n]);
    }
    check_about(NULL);
    test_initial_window();
    test_reordering();
    test_congestion_avoidance();
    test_timeout_in_fast_recovery(0);
    test_timeout_in_fast_recovery(TCP_OPTION_SACK_PERMITTED);
    test_restart_after_idle();
    test_sack_loss_during_recovery();
    test_many_repeats();
    test_full_scoreboard();
    test_report_of_duplicate();
    test_reneging();
    test_blocks_never_acknowledged();
    test_block_order();
    test_duplicate_is_reported();
    test_duplicate_beside_new_text();
    test_duplicate_without_sack();
    test_blocks_beside_timestamps();
    test_delayed_ack();
    test_every_second_segment(0);
    test_every_second_segment(TCP_OPTION_TIMESTAMPS);
    test_window_opens();
    test_nagle();
    test_silly_window();
    test_nagle_in_small_window();
    test_closed_window();
    test_without_congestion_control();
    test_rule_missing(TCP_RULE_SLOW_START, 10 * MSS);
    test_rule_missing(TCP_RULE_CONGESTION_WINDOW_BOUNDS_SENDING, WINDOW);
    return check_result();
}
