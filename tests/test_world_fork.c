// A world is a value: equal runs have equal traces, a fork goes on as its original does, and bulk runs account for all.
#include "tests/worlds.h"

static void make_noisy(struct pair *pair, uint64_t seed) {
    struct pair_options options = pair_options();
    options.seed = seed;
    options.link.loss = 150000;
    options.link.duplicate = 100000;
    options.link.jitter = 40 * MS;
    options.link.reorder = 100000;
    options.link.corrupt = 50000;
    options.link.reorder_delay = 100 * MS;
    pair_make(pair, &options);
    struct step echo = step_of(STEP_ECHO), repeat = step_of(STEP_REPEAT);
    struct step wait = step_recv(7);
    repeat.count = 5;
    repeat.skip = 3;
    const struct step client[] = {step_connect(pair->server, 7),
                                  repeat,
                                  step_send(pair->world, "octets!"),
                                  wait,
                                  step_sleep(3 * MS),
                                  step_of(STEP_CLOSE),
                                  step_of(STEP_WAIT_CLOSED)};
    serves(pair->world, pair->server, 7, &echo, 1);
    runs(pair->world, pair->client, client, COUNT_OF(client));
    runs(pair->world, pair->client, client, COUNT_OF(client));
    visit(pair);
    claim_all_properties(pair->world);
}

static uint64_t digest_of_run(uint64_t seed, uint64_t *events) {
    struct pair pair;
    make_noisy(&pair, seed);
    pair_run(&pair, RUN_HOLDS);
    uint64_t digest = trace_digest(&pair.trace);
    *events = world_events(pair.world);
    pair_free(&pair);
    return digest;
}

static void test_equal_runs(void) {
    uint64_t previous = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        uint64_t events, again;
        check_about("two runs, seed %llu", (unsigned long long)seed);
        uint64_t digest = digest_of_run(seed, &events);
        CHECK_EQ(digest, digest_of_run(seed, &again));
        CHECK_EQ(events, again);
        CHECK(digest != previous);
        previous = digest;
    }
}

static void test_fork(void) {
    uint64_t events;
    uint64_t expected = digest_of_run(7, &events);
    for (uint64_t at = 0; at <= events; at += 1 + events / 23) {
        struct pair pair;
        check_about("fork after event %llu", (unsigned long long)at);
        make_noisy(&pair, 7);
        pair_start(&pair);
        for (uint64_t i = 0; i < at; i++)
            world_step(pair.world);
        struct trace trace;
        trace_init(&trace);
        struct world *fork = world_fork(pair.world, &trace), *silent = world_fork(pair.world, NULL);
        CHECK_EQ(world_run(fork), RUN_HOLDS);
        CHECK_EQ(trace_digest(&trace), expected);
        CHECK_EQ(world_run(silent), RUN_HOLDS);
        CHECK_EQ(world_events(silent), events);
        check_received(silent, pair.client, 1, "octets!octets!octets!octets!octets!");
        // The original is not disturbed by what its forks did.
        CHECK_EQ(world_run(pair.world), RUN_HOLDS);
        CHECK_EQ(trace_digest(&pair.trace), expected);
        CHECK_EQ(world_now(silent), world_now(pair.world));
        world_free(fork);
        world_free(silent);
        trace_free(&trace);
        pair_free(&pair);
    }
}

// Recording changes nothing of what happens.
static void test_silent_run(void) {
    struct pair_options options = pair_options();
    struct pair loud, silent;
    check_about("without recording");
    options.link.loss = 200000;
    pair_make(&loud, &options);
    visit(&loud);
    pair_run(&loud, RUN_HOLDS);
    options.silent = true;
    pair_make(&silent, &options);
    visit(&silent);
    pair_run(&silent, RUN_HOLDS);
    CHECK_EQ(world_events(loud.world), world_events(silent.world));
    CHECK_EQ(world_now(loud.world), world_now(silent.world));
    CHECK_EQ(world_packets(loud.world), world_packets(silent.world));
    pair_free(&loud);
    pair_free(&silent);
}

// A connection meets the same luck whatever other connections do: the third visitor doesn't disturb the first two.
static uint64_t end_of_first(bool with_another) {
    struct pair_options options = pair_options();
    struct pair pair;
    options.link.loss = 300000;
    options.client.iss_count = 1;
    pair_make(&pair, &options);
    visit(&pair);
    const struct step other[] = {step_sleep(7 * MS), step_connect(pair.server, 81), step_send(pair.world, "x"),
                                 step_of(STEP_CLOSE), step_of(STEP_RECV_EOF)};
    const struct step sink = step_of(STEP_SINK);
    if (with_another) {
        runs(pair.world, pair.client, other, COUNT_OF(other));
        serves(pair.world, pair.server, 81, &sink, 1);
    }
    pair_run(&pair, RUN_HOLDS);
    uint64_t gone = connection(pair.world, pair.client, 1).gone;
    pair_free(&pair);
    return gone;
}

static void test_same_luck(void) {
    check_about("luck of a connection among others");
    CHECK_EQ(end_of_first(false), end_of_first(true));
}

static void test_bulk(uint32_t loss) {
    enum { CONNECTIONS = 500 };
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("bulk, loss %u", loss);
    options.silent = true;
    options.link.loss = loss;
    options.client.tcp.msl = 10 * MS;
    pair_make(&pair, &options);
    struct step respond = step_of(STEP_RESPOND);
    respond.count = 100;
    respond.count2 = 1000;
    serves(pair.world, pair.server, 80, &respond, 1);
    const struct bulk bulk = {.client = pair.client,
                              .server = pair.server,
                              .port = 80,
                              .ports = 1,
                              .count = CONNECTIONS,
                              .interval = 10000,
                              .request = 100,
                              .response = 1000};
    CHECK_STR(world_bulk(pair.world, &bulk), NULL);
    pair_run(&pair, RUN_HOLDS);
    struct bulk_result result = world_bulk_result(pair.world);
    CHECK_EQ(result.started, CONNECTIONS);
    CHECK_EQ(result.completed, CONNECTIONS);
    CHECK_EQ(result.failed, 0);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, CONNECTIONS);
    CHECK_EQ(world_host(pair.world, pair.client).open, 0);
    pair_free(&pair);
}

int main(void) {
    test_equal_runs();
    test_fork();
    test_silent_run();
    test_same_luck();
    test_bulk(0);
    test_bulk(10000);
    return check_result();
}
