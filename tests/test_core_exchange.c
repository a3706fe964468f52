// Two ends of core, 20 ms apart, over a network that loses and a peer that lies: whatever happens, each gets all that
// the other sent, in order, and nothing goes on for ever.
#include "tests/core_text.h"

enum { FLIGHTS = 1024 };

struct net {
    struct end *end[2];
    struct {
        uint64_t arrival;  // 0: free
        struct tcp_segment segment;
    } flight[2][FLIGHTS];  // towards end i
    uint64_t now;
    unsigned loss;      // a thousandth
    bool lies;          // acknowledgements bear blocks that nobody meant
    bool holes;         // of the first 40 text segments, the odd ones are lost once
    unsigned timeouts;  // retransmissions by timer
    unsigned odd;       // text segments seen with `holes`
    uint32_t random;
};

static uint32_t next_random(struct net *net) {
    net->random = net->random * UINT32_C(1664525) + UINT32_C(1013904223);
    return net->random >> 8;
}

static bool is_lost(struct net *net, const struct tcp_segment *segment) {
    if (net->holes && segment->len > 0 && segment->repeat == 0 && net->odd < 40) return net->odd++ % 2 != 0;
    return next_random(net) % 1000 < net->loss;
}

static void lie(struct net *net, struct tcp_segment *segment) {
    if (!net->lies || (segment->flags & TCP_SYN) || next_random(net) % 4 != 0) return;
    segment->options |= TCP_OPTION_SACK;
    segment->blocks = (uint8_t)(1 + next_random(net) % 4);
    for (unsigned i = 0; i < segment->blocks; i++) {
        uint32_t begin = segment->ack + next_random(net) % (20 * MSS) - 2 * MSS;
        segment->sack[i] = (struct tcp_block){begin, begin + next_random(net) % (8 * MSS)};
    }
}

// What end `from` has sent goes on its way.
static void carry(struct net *net, int from) {
    struct end *e = net->end[from];
    unsigned slot = 0;
    for (unsigned i = 0; i < e->count; i++) {
        if (is_lost(net, &e->sent[i])) continue;
        while (slot < FLIGHTS && net->flight[!from][slot].arrival != 0)
            slot++;
        if (!CHECK(slot < FLIGHTS)) return;
        net->flight[!from][slot].segment = e->sent[i];
        net->flight[!from][slot].arrival = net->now + 20 * MILLISECOND + i;
        lie(net, &net->flight[!from][slot].segment);
    }
    forget(e);
}

static void happens(struct net *net, int to, const struct tcp_event *event) {
    struct end *e = net->end[to];
    e->now = net->now;
    if (event->kind == TCP_RETRANSMISSION_TIMEOUT) net->timeouts++;
    step(e, event);
    if (tcp_unread(&e->tcp) > 0) call(e, TCP_RECEIVE, tcp_unread(&e->tcp));
    carry(net, to);
}

// The earliest event. False: there is none.
static bool net_step(struct net *net) {
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES};
    uint64_t first = TCP_NEVER;
    int to = 0;
    unsigned slot = FLIGHTS;
    for (int end = 0; end < 2; end++) {
        enum tcp_event_kind kind;
        uint64_t deadline = tcp_deadline(&net->end[end]->config, &net->end[end]->tcp, &kind);
        if (deadline < first) {
            first = deadline, to = end, slot = FLIGHTS;
            event.kind = kind;
        }
        for (unsigned i = 0; i < FLIGHTS; i++)
            if (net->flight[end][i].arrival != 0 && net->flight[end][i].arrival < first)
                first = net->flight[end][i].arrival, to = end, slot = i;
    }
    if (first == TCP_NEVER) return false;
    if (first > net->now) net->now = first;
    if (slot < FLIGHTS) {
        event.kind = TCP_SEGMENT_ARRIVES;
        event.segment = net->flight[to][slot].segment;
        net->flight[to][slot].arrival = 0;
    }
    happens(net, to, &event);
    return true;
}

static void net_open(struct net *net, struct end ends[2], const struct tcp_config *config, uint32_t iss) {
    struct tcp_event open = {.kind = TCP_OPEN_PASSIVE};
    memset(ends, 0, 2 * sizeof *ends);
    net->now = 1000 * MILLISECOND;
    for (int i = 0; i < 2; i++) {
        net->end[i] = &ends[i];
        ends[i].config = *config;
    }
    open.incarnation = (struct tcp_incarnation){.source = 1, .mss = MSS};
    happens(net, 1, &open);
    open.kind = TCP_OPEN_ACTIVE;
    open.incarnation.iss = iss;
    open.incarnation.iss_given = true;
    happens(net, 0, &open);
    struct tcp_event syn = {.kind = TCP_SEGMENT_ARRIVES, .segment = net->flight[1][0].segment};
    syn.incarnation = (struct tcp_incarnation){.source = 2, .iss = ~iss, .iss_given = true, .mss = MSS};
    if (net->flight[1][0].arrival == 0) syn.segment = (struct tcp_segment){.seq = iss, .flags = TCP_SYN, .wnd = WINDOW};
    net->flight[1][0].arrival = 0;
    net->now += 20 * MILLISECOND;
    happens(net, 1, &syn);
}

// Both send, close, and get everything.
static void exchange(struct net *net, const struct tcp_config *config, uint32_t iss, const uint32_t octets[2]) {
    static struct end ends[2];
    struct tcp_event event = {.kind = TCP_SEND};
    unsigned steps = 0;
    net_open(net, ends, config, iss);
    while (ends[0].tcp.state != TCP_ESTABLISHED || ends[1].tcp.state != TCP_ESTABLISHED)
        if (!CHECK(net_step(net) && ++steps < 1000)) return;
    for (int i = 0; i < 2; i++) {
        event.kind = TCP_SEND;
        event.length = octets[i];
        happens(net, i, &event);
        event.kind = TCP_CLOSE;
        happens(net, i, &event);
    }
    while (ends[0].tcp.state < TCP_TIME_WAIT && ends[0].tcp.state != TCP_CLOSED && steps++ < 100000)
        if (!net_step(net)) break;
    for (int i = 0; i < 2; i++)
        CHECK_EQ(ends[i].received, octets[!i]);
    CHECK(steps < 100000);
}

static void test_exchanges(void) {
    static const unsigned losses[] = {0, 10, 50, 200};
    for (uint32_t run = 0; run < 160; run++) {
        static struct net net;
        memset(&net, 0, sizeof net);
        struct tcp_config config = tcp_config_default();
        net.loss = losses[run % 4];
        net.random = run;
        net.lies = run / 4 % 2 != 0;
        config.r2 = 100000000 * MILLISECOND;
        config.rto_max = 4000 * MILLISECOND;
        if (run & 8) config.options |= TCP_OPTION_SACK_PERMITTED;
        if (run & 16) config.options |= TCP_OPTION_TIMESTAMPS;
        config.congestion_control = (run & 32) == 0;
        const uint32_t octets[2] = {next_random(&net) % 300000, run & 64 ? next_random(&net) % 100000 : 0};
        check_about("exchange %u", run);
        exchange(&net, &config, numbers[run % NUMBERS], octets);
    }
    check_about(NULL);
}

// Twenty holes in forty segments, more than the sender keeps in mind: none of them waits for the timer.
static void test_many_holes(void) {
    for (int sack = 0; sack <= 1; sack++)
        for (unsigned n = 0; n < NUMBERS; n++) {
            static struct net net;
            memset(&net, 0, sizeof net);
            struct tcp_config config = tcp_config_default();
            const uint32_t octets[2] = {200 * MSS, 0};
            net.holes = true;
            config.initial_window = 40;
            if (sack) config.options = TCP_OPTION_SACK_PERMITTED;
            check_about("%s SACK, ISS %u", sack ? "with" : "without", numbers[n]);
            exchange(&net, &config, numbers[n], octets);
            CHECK_EQ(net.timeouts, 0);
        }
    check_about(NULL);
}

int main(void) {
    test_exchanges();
    test_many_holes();
    return check_result();
}
