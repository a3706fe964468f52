// How connections end as programs see it, and what is said of it in both languages.
#include "tests/worlds.h"

// The client has closed, and the server's text and FIN end its connection in one step: there is no TIME-WAIT.
static void test_end_in_one_step(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("FIN and end in one step");
    pair_make(&pair, &options);
    struct world *world = pair.world;
    world_without(world, UINT32_MAX, TCP_RULE_TIME_WAIT);
    const struct step client[] = {step_connect(pair.server, 80),
                                  step_of(STEP_CLOSE),
                                  step_sleep(SECOND),
                                  step_recv(3),
                                  step_of(STEP_RECV_EOF),
                                  failing(step_recv(1), PROGRAM_ERROR_END_OF_STREAM),
                                  step_of(STEP_CLOSE),
                                  step_of(STEP_SOCKETS_CLOSE)};
    const struct step server[] = {step_of(STEP_RECV_EOF), step_send(world, "the end"), step_of(STEP_CLOSE),
                                  step_of(STEP_WAIT_CLOSED), step_of(STEP_RECV_EOF)};
    runs(world, pair.client, client, COUNT_OF(client));
    serves(world, pair.server, 80, server, COUNT_OF(server));
    // Not all of them: without TIME-WAIT the properties that speak of it fail.
    static const char *const kept[] = {"synchronized-ends-agree", "text-is-from-this-incarnation", "fin-after-all-text",
                                       "everything-closed", "nobody-reset"};
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        claim_property(world, kept[i]);
    pair_run(&pair, RUN_HOLDS);
    check_received(world, pair.client, 1, "the end");
    CHECK_EQ(connection(world, pair.client, 1).received, 7);
    pair_free(&pair);
}

// After a reset nothing is left to read, and CLOSE has no connection.
static void test_end_by_reset(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("end by reset");
    pair_make(&pair, &options);
    struct world *world = pair.world;
    const struct step client[] = {step_connect(pair.server, 80), step_sleep(SECOND),
                                  failing(step_recv(3), PROGRAM_ERROR_RESET),
                                  failing(step_of(STEP_CLOSE), PROGRAM_ERROR_DOES_NOT_EXIST)};
    const struct step server[] = {step_send(world, "text"), step_sleep(100 * MS), step_of(STEP_ABORT)};
    runs(world, pair.client, client, COUNT_OF(client));
    serves(world, pair.server, 80, server, COUNT_OF(server));
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(connection(world, pair.client, 1).received, 0);
    pair_free(&pair);
}

// An echo sends back what it got, octet by octet, though it finds room for a few at a time.
static void test_echo(void) {
    static const char text[] = "the quick brown fox jumps over the lazy dog, and once more, and once more";
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("echo");
    options.server.tcp.send_buffer = 7;
    options.server.tcp.receive_buffer = 20;
    pair_make(&pair, &options);
    struct world *world = pair.world;
    const struct step client[] = {step_connect(pair.server, 80), step_send(world, text), step_recv(sizeof text - 1),
                                  step_of(STEP_CLOSE), step_of(STEP_RECV_EOF)};
    const struct step echo = step_of(STEP_ECHO);
    runs(world, pair.client, client, COUNT_OF(client));
    serves(world, pair.server, 80, &echo, 1);
    pair_run(&pair, RUN_HOLDS);
    check_received(world, pair.client, 1, text);
    pair_free(&pair);
}

// Each reset has seq=91, which is 1 above the ISS of the incarnation that is meant. How many there are.
static uint32_t check_resets(const struct trace *trace) {
    size_t offset = 0;
    struct trace_record raw;
    struct record record;
    uint32_t resets = 0;
    while (trace_next(trace, &offset, &raw)) {
        if (!CHECK(record_decode(&raw, &record)) || record.kind != RECORD_PACKET) continue;
        if (!(record.packet.segment.flags & TCP_RST)) continue;
        resets++;
        CHECK_EQ(record.packet.segment.seq, 91);
        CHECK(record.packet.has_relative_seq);
        CHECK_EQ(record.packet.relative_seq, 1);
    }
    return resets;
}

// RFC 9293 figure 8: the reset of an ACK for another incarnation bears that incarnation's numbers.
static void test_reset_in_syn_sent(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("reset in SYN-SENT");
    options.client.iss_count = 2;
    options.client.iss[0] = 90;
    options.client.iss[1] = 100;
    pair_make(&pair, &options);
    struct world *world = pair.world;
    struct step first = step_connect(pair.server, 80);
    first.has_local_port = true;
    first.local_port = 5000;
    struct step second = first;
    first.flag = false;
    const struct step client[] = {first, step_sleep(2 * SECOND), step_of(STEP_ABORT), second, step_of(STEP_CLOSE)};
    const struct step server[] = {step_of(STEP_RECV_EOF), step_of(STEP_CLOSE)};
    runs(world, pair.client, client, COUNT_OF(client));
    serves(world, pair.server, 80, server, COUNT_OF(server));
    const struct selector syn = {
        .from = pair.client, .to = UINT32_MAX, .connection = 1, .nth = 1, .has_flags = true, .flags = TCP_SYN};
    const struct selector again = {
        .from = pair.client, .to = UINT32_MAX, .connection = 1, .has_flags = true, .flags = TCP_SYN};
    const struct selector new_syn = {
        .from = pair.client, .to = UINT32_MAX, .connection = 2, .nth = 1, .has_flags = true, .flags = TCP_SYN};
    CHECK_STR(world_fate(world, &syn, &(struct fate_order){.hold = 2 * SECOND}, 0), NULL);
    CHECK_STR(world_fate(world, &again, &(struct fate_order){.drop = true}, 0), NULL);
    CHECK_STR(world_fate(world, &new_syn, &(struct fate_order){.hold = 100 * MS}, 0), NULL);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(check_resets(&pair.trace), 1);
    pair_free(&pair);
}

// Who waits when the run ends, and who ends otherwise than he says: the same is told in each language.
static void test_told_in_both_languages(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("both languages");
    pair_make(&pair, &options);
    const struct step waits[] = {step_connect(pair.server, 80), step_recv(5)};
    const struct step fails[] = {step_connect(pair.server, 81)};
    const struct step server[] = {step_of(STEP_RECV_EOF)};
    runs(pair.world, pair.client, waits, COUNT_OF(waits));
    runs(pair.world, pair.client, fails, COUNT_OF(fails));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    pair_run(&pair, RUN_CLAIM_FAILS);
    uint32_t count = 0;
    const struct failure *failures = world_failures(pair.world, &count);
    if (!CHECK_EQ(count, 2)) return;
    CHECK_STR(failures[0].claim[0], "programs-end-as-they-say");
    CHECK_STR(failures[0].claim[1], "programs-end-as-they-say");
    CHECK_STR(failures[0].detail.text[0], "client, in connect: connection reset");
    CHECK_STR(failures[0].detail.text[1], "client 执行 connect：结果是 connection reset");
    CHECK_STR(failures[1].claim[0], "programs-finish");
    CHECK_STR(failures[1].detail.text[0], "client, in recv, waits for 5 octets since 40 ms; and 1 more");
    CHECK_STR(failures[1].detail.text[1], "client 执行 recv，自 40 ms 起一直在等待 5 个字节；另有 1 个程序也在等待");
    pair_free(&pair);
}

int main(void) {
    test_end_in_one_step();
    test_end_by_reset();
    test_echo();
    test_reset_in_syn_sent();
    test_told_in_both_languages();
    return check_result();
}
