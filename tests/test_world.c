// Connections from handshake to teardown, on the whole: host layer, core and engine together.
#include "tests/worlds.h"

static void test_visit(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("visit");
    pair_make(&pair, &options);
    visit(&pair);
    claim_all_properties(pair.world);
    pair_run(&pair, RUN_HOLDS);
    struct host_view server = world_host(pair.world, pair.server);
    CHECK_EQ(server.accepted, 1);
    CHECK_EQ(server.opened, 1);
    CHECK_EQ(server.open, 0);
    CHECK_EQ(server.half_open, 0);
    struct connection_view client = connection(pair.world, pair.client, 1);
    CHECK(!client.exists);
    CHECK(client.established && client.peer_closed && !client.passive);
    CHECK_EQ(client.sent, 5);
    CHECK_EQ(client.acknowledged, 5);
    CHECK_EQ(client.received, 6);
    CHECK_EQ(client.tcp.state, TCP_CLOSED);
    CHECK_EQ(client.remote.port, 80);
    CHECK_EQ(client.local.port, 49152);
    CHECK_EQ(connection(pair.world, pair.server, 0).remote.port, 49152);
    check_received(pair.world, pair.client, 1, "200 OK");
    check_received(pair.world, pair.server, 1, "GET /");
    CHECK_EQ(world_in_flight(pair.world), 0);
    pair_free(&pair);
}

static void test_ipv6(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("IPv6");
    struct record_endpoint address = {.family = 6, .address = {0x20, 0x01, 0x0d, 0xb8}};
    address.address[15] = 1;
    options.client.address[0] = address;
    options.client.address_count = 1;
    address.address[15] = 2;
    options.server.address[0] = address;
    options.server.address_count = 1;
    pair_make(&pair, &options);
    visit(&pair);
    pair_run(&pair, RUN_HOLDS);
    struct connection_view view = connection(pair.world, pair.server, 1);
    CHECK_EQ(view.remote.family, 6);
    CHECK_EQ(view.remote.address[15], 1);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, 1);
    pair_free(&pair);
}

static void test_loss(void) {
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct pair_options options = pair_options();
        struct pair pair;
        check_about("loss, seed %llu", (unsigned long long)seed);
        options.seed = seed;
        options.link.loss = 200000;
        options.link.jitter = 30 * MS;
        options.link.duplicate = 100000;
        pair_make(&pair, &options);
        visit(&pair);
        claim_all_properties(pair.world);
        pair_run(&pair, RUN_HOLDS);
        check_received(pair.world, pair.client, 1, "200 OK");
        check_received(pair.world, pair.server, 1, "GET /");
        pair_free(&pair);
    }
}

static void test_refused(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("refused");
    pair_make(&pair, &options);
    // 3.10.7.3 calls it "connection reset"; the sockets' ECONNREFUSED is the same thing.
    const struct step client[] = {failing(step_connect(pair.server, 81), PROGRAM_ERROR_RESET),
                                  failing(step_of(STEP_CLOSE), PROGRAM_ERROR_DOES_NOT_EXIST)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(world_host(pair.world, pair.client).refused, 1);
    CHECK_EQ(world_packets(pair.world), 2);
    pair_free(&pair);
}

static void test_unexpected_error(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("an error that the step does not allow");
    pair_make(&pair, &options);
    const struct step client[] = {step_connect(pair.server, 81), step_send(pair.world, "never")};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    pair_run(&pair, RUN_CLAIM_FAILS);
    CHECK_CONTAINS(failure_of(pair.world, "programs-end-as-they-say"), "client, in connect: connection reset");
    CHECK(failure_of(pair.world, "programs-finish") == NULL);
    pair_free(&pair);
}

static void test_waiting_program(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("a program that waits for ever");
    pair_make(&pair, &options);
    const struct step client[] = {step_connect(pair.server, 80), step_recv(3)};
    const struct step server[] = {step_recv(5)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    pair_run(&pair, RUN_CLAIM_FAILS);
    CHECK_CONTAINS(failure_of(pair.world, "programs-finish"),
                   "client, in recv, waits for 3 octets since 40 ms; and 1 more");
    pair_free(&pair);
}

static void test_end_of_stream(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("end of stream");
    pair_make(&pair, &options);
    const struct step client[] = {step_connect(pair.server, 80), step_send(pair.world, "abc"), step_of(STEP_CLOSE),
                                  step_of(STEP_WAIT_CLOSED)};
    const struct step server[] = {failing(step_recv(5), PROGRAM_ERROR_END_OF_STREAM), step_of(STEP_CLOSE)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    pair_run(&pair, RUN_HOLDS);
    check_received(pair.world, pair.server, 1, "abc");
    pair_free(&pair);
}

static void test_ports(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("ephemeral ports");
    options.client.first_port = 5000;
    options.client.last_port = 5001;
    pair_make(&pair, &options);
    struct step taken = failing(step_connect(pair.server, 80), PROGRAM_ERROR_ALREADY_EXISTS);
    taken.has_local_port = true;
    taken.local_port = 5000;
    const struct step client[] = {step_connect(pair.server, 80), step_connect(pair.server, 80),
                                  failing(step_connect(pair.server, 80), PROGRAM_ERROR_NO_PORT), taken,
                                  // Another port of the server is another four-tuple.
                                  step_connect(pair.server, 81)};
    const struct step server = step_of(STEP_ABORT);
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, &server, 0);
    serves(pair.world, pair.server, 81, &server, 0);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(connection(pair.world, pair.client, 1).local.port, 5000);
    CHECK_EQ(connection(pair.world, pair.client, 2).local.port, 5001);
    CHECK_EQ(world_host(pair.world, pair.client).open, 3);
    pair_free(&pair);
}

static void test_given_iss(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("given ISNs");
    options.client.iss_count = 2;
    options.client.iss[0] = 100;
    options.client.iss[1] = 900;
    options.server.iss_count = 1;
    options.server.iss[0] = UINT32_MAX - 2;
    options.server.iss_fixed = true;
    pair_make(&pair, &options);
    const struct step once[] = {step_connect(pair.server, 80), step_of(STEP_RECV_EOF), step_of(STEP_CLOSE)};
    const struct step client[] = {once[0], once[1], once[2], once[0], once[1], once[2], once[0], once[1], once[2]};
    const struct step server[] = {step_send(pair.world, "hello"), step_of(STEP_CLOSE)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    claim_all_properties(pair.world);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(connection(pair.world, pair.client, 1).tcp.iss, 100);
    CHECK_EQ(connection(pair.world, pair.client, 2).tcp.iss, 900);
    CHECK(connection(pair.world, pair.client, 3).tcp.iss != 900);
    for (uint32_t i = 1; i <= 3; i++) {
        CHECK_EQ(connection(pair.world, pair.server, i).tcp.iss, UINT32_MAX - 2);
        check_received(pair.world, pair.client, i, "hello");
    }
    pair_free(&pair);
}

static void test_large_transfer(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("more than a window, through loss");
    options.link.loss = 20000;
    options.client.tcp.send_buffer = 30000;
    pair_make(&pair, &options);
    struct step send = step_of(STEP_SEND);
    send.text_length = 300000;
    const struct step client[] = {step_connect(pair.server, 80), send, step_of(STEP_CLOSE), step_of(STEP_RECV_EOF)};
    const struct step server[] = {step_of(STEP_SINK)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    claim_all_properties(pair.world);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(connection(pair.world, pair.server, 1).received, 300000);
    char start[27] = "";
    CHECK_EQ(world_received(pair.world, pair.server, 1, 0, start, 26), 26);
    CHECK_STR(start, "abcdefghijklmnopqrstuvwxyz");
    pair_free(&pair);
}

static void test_echo_and_respond(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("built-in programs");
    pair_make(&pair, &options);
    const struct step client[] = {step_connect(pair.server, 7), step_send(pair.world, "echo me"), step_recv(7),
                                  step_of(STEP_CLOSE), step_of(STEP_RECV_EOF)};
    struct step request = step_of(STEP_REQUEST);
    request.count = 100;
    request.count2 = 3000;
    request.repeat = 5;
    struct step respond = step_of(STEP_RESPOND);
    respond.count = 100;
    respond.count2 = 3000;
    const struct step asker[] = {step_connect(pair.server, 80), request, step_of(STEP_WAIT_CLOSED)};
    const struct step echo = step_of(STEP_ECHO);
    runs(pair.world, pair.client, client, COUNT_OF(client));
    runs(pair.world, pair.client, asker, COUNT_OF(asker));
    serves(pair.world, pair.server, 7, &echo, 1);
    serves(pair.world, pair.server, 80, &respond, 1);
    claim_all_properties(pair.world);
    pair_run(&pair, RUN_HOLDS);
    check_received(pair.world, pair.client, 1, "echo me");
    CHECK_EQ(connection(pair.world, pair.client, 2).received, 15000);
    CHECK_EQ(connection(pair.world, pair.server, 2).received, 500);
    pair_free(&pair);
}

static void test_loops(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("loops");
    pair_make(&pair, &options);
    struct step outer = step_of(STEP_REPEAT), inner = outer, never = outer;
    outer.count = 3;
    outer.skip = 4;
    inner.count = 4;
    inner.skip = 1;
    never.count = 0;
    never.skip = 1;
    const struct step tick = step_sleep(MS);
    const struct step client[] = {outer, inner, tick, never, step_sleep(SECOND), tick};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(world_now(pair.world), 13 * MS);
    pair_free(&pair);
}

int main(void) {
    test_visit();
    test_ipv6();
    test_loss();
    test_refused();
    test_unexpected_error();
    test_waiting_program();
    test_end_of_stream();
    test_ports();
    test_given_iss();
    test_large_transfer();
    test_echo_and_respond();
    test_loops();
    return check_result();
}
