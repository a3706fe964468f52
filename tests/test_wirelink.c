// The wire in the simulated network: flipped bits, packets that are too long, ICMP errors, odd addresses.
#include "core/wire.h"
#include "sim/host/fates.h"
#include "tests/worlds.h"

static struct selector every(uint32_t from) {
    struct selector select;
    memset(&select, 0, sizeof select);
    select.from = from;
    select.to = UINT32_MAX;
    return select;
}

static struct selector text_from(uint32_t from) {
    struct selector select = every(from);
    select.has_text = true;
    select.text = true;
    return select;
}

// How many records of the kind there are whose `drop`, or ICMP kind, or fate is `what`.
static uint32_t count_of(const struct trace *trace, uint8_t kind, uint32_t what) {
    uint32_t count = 0;
    size_t offset = 0;
    struct trace_record raw;
    struct record record;
    while (trace_next(trace, &offset, &raw)) {
        if (raw.kind != kind || !record_decode(&raw, &record)) continue;
        if (kind == RECORD_DROP) count += record.drop.drop == what;
        if (kind == RECORD_ICMP) count += record.packet.icmp == what;
        if (kind == TRACE_KIND_FATE) count += record.fate.fate == what;
    }
    return count;
}

static void use_ipv6(struct pair_options *options) {
    options->client.address_count = options->server.address_count = 1;
    options->client.address[0] = (struct record_endpoint){.family = 6, .address = {[0] = 0xfd, [15] = 1}};
    options->server.address[0] = (struct record_endpoint){.family = 6, .address = {[0] = 0xfd, [15] = 2}};
}

// ---- Flipped bits

// A visit in which one bit of the client's text, or of its SYN, is flipped: whatever bit it is, the pages are right.
static void test_one_flip(bool ipv6, bool syn, uint32_t bit, uint32_t *dropped) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("%s, bit %u of %s", ipv6 ? "IPv6" : "IPv4", (unsigned)bit, syn ? "the SYN" : "the text");
    if (ipv6) use_ipv6(&options);
    pair_make(&pair, &options);
    struct selector select = syn ? every(pair.client) : text_from(pair.client);
    struct fate_order order = {.flips = 1, .flip = {bit}};
    select.nth = 1;
    CHECK_STR(world_fate(pair.world, &select, &order, 0), NULL);
    visit(&pair);
    claim_all_properties(pair.world);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(connection(pair.world, pair.server, 1).foreign_text, false);
    check_received(pair.world, pair.server, 1, "GET /");
    check_received(pair.world, pair.client, 1, "200 OK");
    CHECK_EQ(count_of(&pair.trace, TRACE_KIND_FATE, FATE_CORRUPTED), 1);
    *dropped += count_of(&pair.trace, RECORD_DROP, DROP_CHECKSUM) + count_of(&pair.trace, RECORD_DROP, DROP_MALFORMED);
    pair_free(&pair);
}

static void test_every_flip(void) {
    enum { IPV6_UNPROTECTED = 4 + 4 + 20 + 8 };  // traffic class (its ends in two octets), flow label, hop limit
    uint32_t dropped = 0;
    for (uint32_t bit = 0; bit < 8 * (20 + 20 + 5); bit++)
        test_one_flip(false, false, bit, &dropped);
    CHECK_EQ(dropped, 8 * (20 + 20 + 5));
    dropped = 0;
    for (uint32_t bit = 0; bit < 8 * (20 + 24); bit++)
        test_one_flip(false, true, bit, &dropped);
    CHECK_EQ(dropped, 8 * (20 + 24));
    dropped = 0;
    for (uint32_t bit = 0; bit < 8 * (40 + 20 + 5); bit++)
        test_one_flip(true, false, bit, &dropped);
    CHECK_EQ(dropped, 8 * (40 + 20 + 5) - IPV6_UNPROTECTED);
}

// Bits of two words at the same place: the sum stays, the text doesn't.
static void test_two_flips(bool checked) {
    struct pair_options options = pair_options();
    struct pair pair;
    const uint32_t text = 8 * (20 + 20);
    check_about("flips that %s", checked ? "cancel" : "are let pass without the rule");
    pair_make(&pair, &options);
    if (!checked) world_without(pair.world, pair.server, TCP_RULE_CHECKSUM_MUST_BE_RIGHT);
    // "GET /": G is 0x47, T is 0x54: bit 4 (of weight 8), bit 1.
    const struct fate_order cancels = {.flips = 2, .flip = {text + 3, text + 16 + 3}};
    const struct fate_order plain = {.flips = 1, .flip = {text + 7}};
    const struct selector select = text_from(pair.client);
    CHECK_STR(world_fate(pair.world, &select, checked ? &cancels : &plain, 0), NULL);
    visit(&pair);
    claim_property(pair.world, "text-is-from-this-incarnation");
    pair_run(&pair, RUN_CLAIM_FAILS);
    CHECK(failure_of(pair.world, "text-is-from-this-incarnation") != NULL);
    CHECK(connection(pair.world, pair.server, 1).foreign_text);
    check_received(pair.world, pair.server, 1, checked ? "WED /" : "FET /");
    CHECK_EQ(count_of(&pair.trace, RECORD_DROP, DROP_CHECKSUM), 0);
    pair_free(&pair);
}

// Luck: a link that flips bits of every fourth packet delays everything and harms nothing.
static void test_luck(void) {
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct pair_options options = pair_options();
        struct pair pair;
        check_about("a link that corrupts, seed %u", (unsigned)seed);
        options.seed = seed;
        options.link.corrupt = 250000;
        options.link.duplicate = 200000;
        options.link.jitter = 30 * MS;
        pair_make(&pair, &options);
        visit(&pair);
        CHECK(world_has_luck(pair.world));
        pair_run(&pair, RUN_HOLDS);
        check_received(pair.world, pair.server, 1, "GET /");
        check_received(pair.world, pair.client, 1, "200 OK");
        pair_free(&pair);
    }
}

// What luck did, told as a plan, happens again.
static void run_planned(const struct pair_options *options, const struct fate_log *log, uint64_t events) {
    struct pair pair;
    struct plan_entry plan[256];
    uint32_t count = 0, flips = 0;
    pair_make(&pair, options);
    for (uint32_t i = 0; i < log->count && count < COUNT_OF(plan); i++) {
        if (log->items[i].usual) continue;
        plan[count++] = log->items[i].entry;
        flips += log->items[i].entry.order.flips;
    }
    world_plan(pair.world, plan, count);
    visit(&pair);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(world_events(pair.world), events);
    CHECK(flips > 0);
    pair_free(&pair);
}

static void test_faults_and_plan(void) {
    uint32_t runs_with_flips = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct pair_options options = pair_options();
        struct fate_log log;
        struct coverage coverage;
        struct pair pair;
        uint32_t line;
        const struct faults faults = {.corrupt = 200000, .heals = 10 * SECOND};
        check_about("faults that corrupt, seed %u", (unsigned)seed);
        memset(&log, 0, sizeof log);
        memset(&coverage, 0, sizeof coverage);
        pair_make(&pair, &options);
        CHECK_STR(world_faults(pair.world, &faults), NULL);
        visit(&pair);
        world_hold(pair.world);
        CHECK_STR(world_start(pair.world, &line), NULL);
        world_draw(pair.world, seed, true);
        world_watch(pair.world, &log, &coverage);
        world_begin(pair.world);
        CHECK_EQ(world_run(pair.world), RUN_HOLDS);
        if (coverage.fates[COVERED_CORRUPTED] > 0) {
            runs_with_flips++;
            CHECK(tcp_rule_set_has(&coverage.rules, TCP_RULE_CHECKSUM_MUST_BE_RIGHT));
            run_planned(&options, &log, world_events(pair.world));
        }
        fate_log_free(&log);
        pair_free(&pair);
    }
    CHECK(runs_with_flips > 5 && runs_with_flips < 40);
}

// ---- MTU

static void test_mtu(bool ipv6, uint32_t mtu, bool black_hole) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("%s over an MTU of %u%s", ipv6 ? "IPv6" : "IPv4", (unsigned)mtu, black_hole ? ", a black hole" : "");
    if (ipv6) use_ipv6(&options);
    options.link.mtu = mtu;
    options.link.black_hole = black_hole;
    pair_make(&pair, &options);
    struct step send = step_of(STEP_SEND), sink = step_of(STEP_SINK);
    send.text_length = 20000;
    const struct step client[] = {step_connect(pair.server, 9), send, step_of(STEP_CLOSE), step_of(STEP_WAIT_CLOSED)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 9, &sink, 1);
    pair_run(&pair, black_hole ? RUN_CLAIM_FAILS : RUN_HOLDS);
    CHECK_EQ(connection(pair.world, pair.server, 1).received, black_hole ? 0 : 20000);
    CHECK_EQ(count_of(&pair.trace, RECORD_ICMP, TCP_ICMP_FRAGMENTATION_NEEDED) > 0, !black_hole);
    CHECK(count_of(&pair.trace, TRACE_KIND_FATE, FATE_LOST_TOO_BIG) > 0);
    if (!black_hole) CHECK_EQ(connection(pair.world, pair.client, 1).tcp.snd_mss, wire_text_mss(ipv6 ? 6 : 4, mtu));
    if (!black_hole) CHECK(world_now(pair.world) < 300 * SECOND);  // no R2, no repeated timeouts
    pair_free(&pair);
}

// A packet that just fits, and one that is an octet too long.
static void test_edge(uint32_t over) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("a packet of the MTU + %u", (unsigned)over);
    options.link.mtu = 100;
    pair_make(&pair, &options);
    struct step send = step_of(STEP_SEND), sink = step_of(STEP_SINK);
    send.text_length = 100 - 20 - 20 + over;
    const struct step client[] = {step_connect(pair.server, 9), send, step_of(STEP_CLOSE)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 9, &sink, 1);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(count_of(&pair.trace, RECORD_ICMP, TCP_ICMP_FRAGMENTATION_NEEDED), over);
    CHECK_EQ(connection(pair.world, pair.server, 1).received, 60 + over);
    pair_free(&pair);
}

// ---- ICMP errors

static struct step step_icmp(const struct pair *pair, enum tcp_icmp kind, uint32_t seq) {
    struct step step = step_of(STEP_INJECT);
    step.inject.from = pair->server;
    step.inject.to = pair->client;
    step.inject.sender = pair->server;
    step.inject.icmp = (uint8_t)kind;
    step.inject.seq.add = seq;
    step.inject.mtu = kind == TCP_ICMP_FRAGMENTATION_NEEDED ? 576 : 0;
    return step;
}

// An error of each kind about each of these numbers, at each time of a visit: only what RFC 5461 says may happen.
static void test_injected(enum tcp_icmp kind, uint32_t seq, uint64_t at, bool in_flight) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("%s about %u at %u ms", tcp_icmp_name(kind), (unsigned)seq, (unsigned)(at / MS));
    options.client.iss_count = 1;
    options.client.iss[0] = 100;
    pair_make(&pair, &options);
    bool hard = kind == TCP_ICMP_PORT_UNREACHABLE || kind == TCP_ICMP_PROTOCOL_UNREACHABLE;
    bool ends = hard && in_flight && at < 20 * MS;  // it takes 20 ms
    const struct step forger[] = {step_sleep(at), step_icmp(&pair, kind, seq)};
    runs(pair.world, pair.server, forger, COUNT_OF(forger));
    if (ends) {
        const struct step client[] = {failing(step_connect(pair.server, 80), PROGRAM_ERROR_UNREACHABLE)};
        const struct step server[] = {step_sleep(MS)};
        runs(pair.world, pair.client, client, COUNT_OF(client));
        serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    } else {
        visit(&pair);
    }
    pair_run(&pair, RUN_HOLDS);
    if (!ends) check_received(pair.world, pair.client, 1, "200 OK");
    CHECK_EQ(count_of(&pair.trace, RECORD_ICMP, kind), 1);
    pair_free(&pair);
}

static void test_injections(void) {
    static const uint32_t guesses[] = {0, 50, 99, 102, 7000, 0x80000064, UINT32_MAX};
    static const uint64_t times[] = {5, 35, 61, 90};  // ms: SYN-SENT; and ESTABLISHED, text in flight, closing
    for (int kind = TCP_ICMP_NONE + 1; kind <= TCP_ICMP_SOURCE_QUENCH; kind++) {
        for (uint32_t i = 0; i < COUNT_OF(guesses); i++)
            test_injected((enum tcp_icmp)kind, guesses[i], 5 * MS, false);
        for (uint32_t i = 0; i < COUNT_OF(times); i++) {
            test_injected((enum tcp_icmp)kind, 100, times[i] * MS, i == 0);
            test_injected((enum tcp_icmp)kind, 101, times[i] * MS, false);
        }
    }
}

// MUST-54: by the ends of the segment that is quoted, and no others.
static void test_demultiplexing(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("an error about a connection that isn't there");
    pair_make(&pair, &options);
    struct step stray = step_icmp(&pair, TCP_ICMP_PORT_UNREACHABLE, 100);
    stray.inject.has_ports = true;
    stray.inject.source_port.add = 80;
    stray.inject.destination_port.add = 12345;
    const struct step forger[] = {step_sleep(5 * MS), stray};
    runs(pair.world, pair.server, forger, COUNT_OF(forger));
    visit(&pair);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(count_of(&pair.trace, RECORD_DROP, DROP_NO_CONNECTION), 1);
    pair_free(&pair);
}

// A router tells that the host is down; and that a link is. Nobody tells of an ICMP error that is lost.
static void test_router(bool link) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("a router before %s that is down", link ? "a link" : "a host");
    options.link.unreachable = TCP_ICMP_HOST_UNREACHABLE;
    pair_make(&pair, &options);
    struct step down = step_on_host(link ? STEP_LINK : STEP_CRASH, link ? pair.client : pair.server);
    down.host2 = pair.server;
    const struct step client[] = {down, failing(step_connect(pair.server, 80), PROGRAM_ERROR_TIMED_OUT)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    pair_run(&pair, RUN_HOLDS);
    uint32_t told = count_of(&pair.trace, RECORD_ICMP, TCP_ICMP_HOST_UNREACHABLE);
    CHECK(told >= 5);  // of each SYN; and it goes on, since that is a soft error
    CHECK_EQ(count_of(&pair.trace, RECORD_DROP, DROP_HOST_DOWN), link ? 0 : told);
    pair_free(&pair);
}

// Errors are packets: a fate may drop them, and a fate for segments doesn't see them.
static void test_fates_of_errors(bool drop) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("a fate for %s", drop ? "ICMP errors" : "segments alone");
    pair_make(&pair, &options);
    struct selector syn = every(pair.client), error = every(pair.server);
    syn.nth = 1;
    if (drop) error.icmp = SELECT_ICMP;
    error.nth = 1;
    const struct fate_order refused = {.drop = true, .unreachable = TCP_ICMP_PORT_UNREACHABLE}, lost = {.drop = true};
    CHECK_STR(world_fate(pair.world, &syn, &refused, 0), NULL);
    CHECK_STR(world_fate(pair.world, &error, &lost, 0), NULL);
    if (drop) {
        visit(&pair);
    } else {
        const struct step client[] = {failing(step_connect(pair.server, 80), PROGRAM_ERROR_UNREACHABLE)};
        runs(pair.world, pair.client, client, COUNT_OF(client));
    }
    pair_run(&pair, RUN_HOLDS);
    pair_free(&pair);
}

// ---- Addresses that are no host's: MUST-57, MUST-63

static void test_odd_address(bool source, uint8_t family, const uint8_t *octets, uint8_t flags) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("a segment %s %u.%u..., flags %u", source ? "from" : "to", octets[0], octets[1], flags);
    if (family == 6) use_ipv6(&options);
    pair_make(&pair, &options);
    struct record_endpoint address = {.family = family};
    memcpy(address.address, octets, family == 6 ? 16 : 4);
    uint32_t number = 0;
    CHECK_STR(world_odd_address(pair.world, &address, source ? pair.client : pair.server, &number), NULL);
    struct step forged = step_of(STEP_INJECT);
    forged.inject.from = forged.inject.sender = pair.client;
    forged.inject.to = pair.server;
    forged.inject.flags = flags;
    forged.inject.has_ports = true;
    forged.inject.source_port.add = 1000;
    forged.inject.destination_port.add = 80;
    if (source)
        forged.inject.source_address = number;
    else
        forged.inject.destination_address = number;
    const struct step server[] = {step_sleep(MS)};
    runs(pair.world, pair.client, &forged, 1);
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(count_of(&pair.trace, RECORD_DROP, DROP_NOT_ONE_HOST), 1);
    CHECK_EQ(world_packets(pair.world), 1);  // nobody answers
    CHECK_EQ(world_host(pair.world, pair.server).half_open, 0);
    pair_free(&pair);
}

static void test_odd_addresses(void) {
    static const uint8_t ipv4[][4] = {
        {224, 0, 0, 1}, {255, 255, 255, 255}, {239, 1, 2, 3}, {0, 0, 0, 0}, {240, 0, 0, 1}};
    static const uint8_t ipv6[][16] = {{0xff, 0x02, [15] = 1}, {0}};
    static const uint8_t flags[] = {TCP_SYN, TCP_ACK, TCP_RST, TCP_SYN | TCP_ACK};
    for (uint32_t k = 0; k < COUNT_OF(flags); k++) {
        for (uint32_t i = 0; i < COUNT_OF(ipv4); i++) {
            test_odd_address(true, 4, ipv4[i], flags[k]);
            test_odd_address(false, 4, ipv4[i], flags[k]);
        }
        for (uint32_t i = 0; i < COUNT_OF(ipv6); i++) {
            test_odd_address(true, 6, ipv6[i], flags[k]);
            test_odd_address(false, 6, ipv6[i], flags[k]);
        }
    }
}

// MUST-46: nobody can OPEN to such an address, for no host can have it.
static void test_open_to_many(void) {
    struct world *world = world_new(1, NULL);
    struct host_options options = host_named("everybody");
    uint32_t number;
    check_about("a host whose address is of many");
    options.address_count = 1;
    options.address[0] = (struct record_endpoint){.family = 4, .address = {224, 0, 0, 1}};
    CHECK_CONTAINS(world_add_host(world, &options, &number), "not unspecified, multicast or broadcast");
    options.address[0] = (struct record_endpoint){.family = 4, .address = {10, 0, 0, 1}};
    CHECK_CONTAINS(world_odd_address(world, &options.address[0], 0, &number), "is that host's");
    world_free(world);
}

int main(void) {
    test_every_flip();
    test_two_flips(true);
    test_two_flips(false);
    test_luck();
    test_faults_and_plan();
    test_mtu(false, 576, false);
    test_mtu(false, 88, false);
    test_mtu(false, 1499, false);
    test_mtu(true, 1280, false);
    test_mtu(false, 576, true);
    test_edge(0);
    test_edge(1);
    test_injections();
    test_demultiplexing();
    test_router(false);
    test_router(true);
    test_fates_of_errors(true);
    test_fates_of_errors(false);
    test_odd_addresses();
    test_open_to_many();
    return check_result();
}
