// SYN cookies: a half-open connection that is kept in the sequence number of its own SYN,ACK (RFC 4987 section 3.6).
//
//     31    27 26 24 23                         0
//    +--------+-----+----------------------------+
//    | counter| MSS |            hash            |
//    +--------+-----+----------------------------+
//
// The counter ticks every 64 seconds; 5 bits of it are enough to find the tick that is meant. The MSS is the place of
// one of eight in a table. The hash is keyed by the host's secret and covers both endpoints, the peer's ISN, the whole
// counter and the MSS: who has not seen the SYN,ACK guesses it with a chance of one in 2^24. Nothing else that the SYN
// said is kept: neither window scale nor SACK nor timestamps can be agreed.
#include <string.h>

#include "sim/host/internal.h"

enum {
    COUNTER_SHIFT = 27,
    COUNTER_MASK = 31,
    MSS_SHIFT = 24,
    MSS_MASK = 7,
    HASH_MASK = (1 << MSS_SHIFT) - 1,
    TICKS_GOOD = 2,  // the tick in which it was made, and the next
};

static const uint64_t tick = UINT64_C(64) * 1000000000;

// What people have: tunnels, the minimum of IPv6, PPPoE, Ethernet, jumbo frames. The first is for who takes less than
// anybody should.
static const uint16_t table[MSS_MASK + 1] = {1, 216, 536, 1220, 1360, 1440, 1460, 8940};

static uint32_t place_of(uint16_t mss) {
    uint32_t place = 0;
    while (place < MSS_MASK && table[place + 1] <= mss)
        place++;
    return place;
}

static uint32_t counter_now(const struct world *world) {
    return (uint32_t)(world->engine.now / tick);
}

static uint32_t hash(const struct world *world, uint32_t host, struct tuple tuple, const uint32_t words[3]) {
    enum { BYTES = SOCKET_ENDPOINTS + 3 * 4 };
    unsigned char bytes[BYTES];
    socket_endpoints(world, tuple, bytes);
    for (unsigned i = 0; i < 3 * 4; i++)
        bytes[SOCKET_ENDPOINTS + i] = (unsigned char)(words[i / 4] >> i % 4 * 8);
    return tcp_isn_hash(world_host_at(world, host)->secret, bytes, sizeof bytes) & HASH_MASK;
}

uint32_t syn_cookie_make(const struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *syn) {
    bool ipv6 = address_at(world, tuple.local)->endpoint.family == 6;
    uint16_t mss = ipv6 ? TCP_DEFAULT_MSS_IPV6 : TCP_DEFAULT_MSS_IPV4;
    if (syn->options & TCP_OPTION_MSS) mss = syn->mss;
    const uint32_t words[] = {syn->seq, counter_now(world), place_of(mss)};
    return (words[1] & COUNTER_MASK) << COUNTER_SHIFT | words[2] << MSS_SHIFT | hash(world, host, tuple, words);
}

bool syn_cookie_check(const struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *ack,
                      struct tcp_segment *syn, struct tcp_rule_set *applied) {
    const struct tcp_rule_set *without = &world_host_at(world, host)->tcp.without;
    uint32_t cookie = ack->ack - 1, place = cookie >> MSS_SHIFT & MSS_MASK;
    uint32_t age = (counter_now(world) - (cookie >> COUNTER_SHIFT)) & COUNTER_MASK;
    const uint32_t words[] = {ack->seq - 1, counter_now(world) - age, place};
    bool made_here = (cookie & HASH_MASK) == hash(world, host, tuple, words);
    if (tcp_rule_in_force(without, applied, TCP_RULE_SYN_COOKIES_ARE_CHECKED) && !made_here) return false;
    if (age >= TICKS_GOOD && tcp_rule_in_force(without, applied, TCP_RULE_SYN_COOKIES_EXPIRE)) return false;
    *syn = (struct tcp_segment){.seq = ack->seq - 1,
                                .flags = TCP_SYN,
                                .options = TCP_OPTION_MSS,
                                .mss = table[place],
                                .wnd = ack->wnd,
                                .compartment = ack->compartment};
    return true;
}
