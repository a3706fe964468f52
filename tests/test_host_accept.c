// A listener's backlog and accept queue: who is taken, who waits, whose handshake is left unfinished.
#include "tests/worlds.h"

enum { VISITORS = 5 };

// How many records of packets that TCP never saw because the queue was full there are.
static uint32_t dropped(const struct trace *trace) {
    size_t offset = 0;
    struct trace_record raw;
    struct record record;
    uint32_t count = 0;
    while (trace_next(trace, &offset, &raw)) {
        if (!CHECK(record_decode(&raw, &record))) continue;
        if (record.kind != RECORD_DROP || record.drop.drop != DROP_ACCEPT_QUEUE_FULL) continue;
        CHECK_EQ(record.drop.rule, TCP_RULE_ACCEPT_QUEUE_BOUNDS);
        count++;
    }
    return count;
}

// Five clients, one each 100 ms, of a server that needs 10 s for each.
static void make(struct pair *pair, uint32_t backlog, uint32_t accept, bool bounded) {
    struct pair_options options = pair_options();
    pair_make(pair, &options);
    struct world *world = pair->world;
    if (!bounded) world_without(world, UINT32_MAX, TCP_RULE_ACCEPT_QUEUE_BOUNDS);
    for (uint32_t i = 0; i < VISITORS; i++) {
        const struct step client[] = {step_sleep(i * 100 * MS), step_connect(pair->server, 80), step_recv(2),
                                      step_of(STEP_CLOSE)};
        runs(world, pair->client, client, COUNT_OF(client));
    }
    const struct step server[] = {step_sleep(10 * SECOND), step_send(world, "ok"), step_of(STEP_CLOSE)};
    const struct service service = {
        .port = 80, .program = world_program(world, server, COUNT_OF(server)), .backlog = backlog, .accept = accept};
    CHECK_STR(world_serves(world, pair->server, &service), NULL);
}

static void run_until(struct pair *pair, uint64_t time) {
    while (world_now(pair->world) < time && world_step(pair->world) == RUN_RUNNING)
        ;
}

static uint32_t in_state(const struct pair *pair, uint32_t host, uint8_t state) {
    uint32_t count = 0;
    for (uint32_t i = 1; i <= world_connections(pair->world, host); i++)
        if (connection(pair->world, host, i).tcp.state == state) count++;
    return count;
}

// Without a bound on its programs, the application takes all at once.
static void test_unlimited(void) {
    struct pair pair;
    check_about("accept: no limit");
    make(&pair, 1, 0, true);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, VISITORS);
    CHECK_EQ(dropped(&pair.trace), 0);
    pair_free(&pair);
}

// One is served, the others wait: all of them in the end, one after the other, in the order of arrival.
static void test_waiting(void) {
    struct pair pair;
    check_about("accept: they wait");
    make(&pair, VISITORS, 1, true);
    pair_start(&pair);
    run_until(&pair, 15 * SECOND);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, VISITORS);
    CHECK_EQ(in_state(&pair, pair.client, TCP_ESTABLISHED), VISITORS - 1);
    CHECK_EQ(connection(pair.world, pair.client, 1).received, 2);
    CHECK_EQ(connection(pair.world, pair.client, 2).received, 0);
    run_until(&pair, 45 * SECOND);
    CHECK_EQ(connection(pair.world, pair.client, 4).received, 2);
    CHECK_EQ(connection(pair.world, pair.client, 5).received, 0);
    CHECK_EQ(world_run(pair.world), RUN_HOLDS);
    CHECK_EQ(connection(pair.world, pair.client, 5).received, 2);
    CHECK_EQ(dropped(&pair.trace), 0);
    pair_free(&pair);
}

// One is served, one waits; three believe themselves connected, and the server doesn't.
static void test_full(bool bounded) {
    struct pair pair;
    check_about("accept: full, %s the rule", bounded ? "with" : "without");
    make(&pair, 1, 1, bounded);
    pair_start(&pair);
    run_until(&pair, 900 * MS);
    CHECK_EQ(in_state(&pair, pair.client, TCP_ESTABLISHED), bounded ? 3 : VISITORS);
    CHECK_EQ(in_state(&pair, pair.server, TCP_SYN_RECEIVED), bounded ? 1 : 0);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, bounded ? 2 : VISITORS);
    CHECK_EQ(world_run(pair.world), RUN_HOLDS);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, VISITORS);
    if (bounded) CHECK(dropped(&pair.trace) > 0);
    if (!bounded) CHECK_EQ(dropped(&pair.trace), 0);
    pair_free(&pair);
}

// Built-in programs, which need no process, are counted as well.
static void test_built_in(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("accept: built-in programs");
    pair_make(&pair, &options);
    for (uint32_t i = 0; i < VISITORS; i++) {
        const struct step client[] = {step_sleep(i * 100 * MS), step_connect(pair.server, 80),
                                      step_send(pair.world, "hello"), step_recv(5), step_of(STEP_CLOSE)};
        runs(pair.world, pair.client, client, COUNT_OF(client));
    }
    const struct step echo = step_of(STEP_ECHO);
    const struct service service = {.port = 80, .program = world_program(pair.world, &echo, 1), .accept = 1};
    CHECK_STR(world_serves(pair.world, pair.server, &service), NULL);
    pair_run(&pair, RUN_HOLDS);
    for (uint32_t i = 1; i <= VISITORS; i++)
        check_received(pair.world, pair.client, i, "hello");
    pair_free(&pair);
}

// Who waits and is reset gives his place back, and a crash forgets all who wait.
static void test_lost(bool crash) {
    struct pair pair;
    check_about("accept: %s", crash ? "crash" : "reset");
    make(&pair, 2, 1, true);
    struct step reset = step_of(STEP_INJECT);
    reset.inject = (struct injection){.from = pair.client, .to = pair.server, .sender = pair.client, .flags = TCP_RST};
    reset.inject.seq =
        (struct operand){.kind = OPERAND_FIELD, .field = FIELD_RCV_NXT, .host = (uint16_t)pair.server, .connection = 2};
    reset.inject.has_ports = true;
    reset.inject.source_port = (struct operand){
        .kind = OPERAND_FIELD, .field = FIELD_REMOTE_PORT, .host = (uint16_t)pair.server, .connection = 2};
    reset.inject.destination_port.add = 80;
    const struct step mischief[] = {step_sleep(250 * MS), crash ? step_on_host(STEP_CRASH, pair.server) : reset,
                                    step_on_host(STEP_REBOOT, pair.server)};
    runs(pair.world, pair.client, mischief, crash ? 3 : 2);
    const struct step late[] = {step_sleep(SECOND), step_connect(pair.server, 80), step_recv(2), step_of(STEP_CLOSE)};
    if (crash) runs(pair.world, pair.client, late, COUNT_OF(late));
    world_without(pair.world, pair.server, TCP_RULE_QUIET_TIME);
    world_ends(pair.world, 100 * SECOND);
    pair_start(&pair);
    run_until(&pair, 500 * MS);
    if (!crash) {
        CHECK(!connection(pair.world, pair.server, 2).exists);
        CHECK_EQ(world_host(pair.world, pair.server).accepted, 4);  // the fourth got the place of the second
        CHECK_EQ(in_state(&pair, pair.server, TCP_ESTABLISHED), 3);
    }
    run_until(&pair, 35 * SECOND);
    if (crash) CHECK_EQ(connection(pair.world, pair.client, VISITORS + 1).received, 2);
    pair_free(&pair);
}

int main(void) {
    test_unlimited();
    test_waiting();
    test_full(true);
    test_full(false);
    test_built_in();
    test_lost(false);
    test_lost(true);
    return check_result();
}
