// Core can be replaced: this program links the host and the engine with the TCP of other_tcp.c in core's place.
#include <inttypes.h>
#include <string.h>

#include "core/tcp.h"
#include "sim/engine/trace.h"
#include "sim/host/world.h"
#include "tests/check.h"
#include "tests/other_tcp.h"

static const uint64_t milliseconds = 1000000;

static uint32_t add_host(struct world *world, const char *name) {
    struct host_options options = {.name = name, .tcp = tcp_config_default(), .iss_count = 1, .iss = {100}};
    uint32_t host = UINT32_MAX;
    CHECK_STR(world_add_host(world, &options, &host), NULL);
    return host;
}

static uint32_t server_program(struct world *world, uint32_t answer, uint32_t length) {
    const struct step steps[] = {
        {.kind = STEP_RECV, .count = length},
        {.kind = STEP_SEND, .text = answer, .text_length = length},
        {.kind = STEP_CLOSE},
        {.kind = STEP_WAIT_CLOSED},
    };
    return world_program(world, steps, sizeof steps / sizeof steps[0]);
}

static uint32_t client_program(struct world *world, uint32_t server, uint32_t question, uint32_t length) {
    const struct step steps[] = {
        {.kind = STEP_CONNECT, .host = server, .port = 80, .flag = true},
        {.kind = STEP_SEND, .text = question, .text_length = length},
        {.kind = STEP_RECV_EOF},
        {.kind = STEP_CLOSE},
        {.kind = STEP_WAIT_CLOSED},
    };
    return world_program(world, steps, sizeof steps / sizeof steps[0]);
}

// A client asks `length` octets and is answered with as many. `drop`: the network loses the first SYN.
static struct world *ask(struct trace *trace, uint32_t length, bool drop) {
    static char question[WORLD_TEXT_LIMIT], answer[WORLD_TEXT_LIMIT];
    memset(question, '?', length);
    memset(answer, '!', length);
    trace_init(trace);  // with a trace the world remembers connections that are gone
    struct world *world = world_new(1, trace);
    uint32_t client = add_host(world, "client");
    uint32_t server = add_host(world, "server");
    const struct link_settings link = {.delay = 20 * milliseconds};
    CHECK_STR(world_link(world, client, server, &link, &link), NULL);
    uint32_t asked = world_text(world, question, length);
    uint32_t answered = world_text(world, answer, length);
    uint32_t serving = server_program(world, answered, length);
    const struct service service = {.port = 80, .program = serving, .backlog = 5};
    CHECK_STR(world_serves(world, server, &service), NULL);
    CHECK_STR(world_runs(world, client, client_program(world, server, asked, length), false, 0), NULL);
    if (drop) {
        const struct selector first = {.from = client, .to = UINT32_MAX, .nth = 1, .has_flags = true, .flags = TCP_SYN};
        const struct fate_order order = {.drop = true};
        CHECK_STR(world_fate(world, &first, &order, 0), NULL);
    }
    uint32_t line = 0;
    CHECK_STR(world_start(world, &line), NULL);
    return world;
}

static void check_end(const struct world *world, const char *name, uint32_t length) {
    uint32_t host = world_host_by_name(world, name);
    struct connection_view view;
    if (!CHECK(world_connection(world, host, 1, &view))) return;
    CHECK(!view.exists);
    CHECK(view.established);
    CHECK(view.peer_closed);
    CHECK_EQ(view.resets, 0);
    CHECK_EQ(view.sent, length);
    CHECK_EQ(view.received, length);
    CHECK_EQ(world_host(world, host).open, 0);
}

static void test_transfer(uint32_t length) {
    check_about("%" PRIu32 " octets each way", length);
    struct trace trace;
    struct world *world = ask(&trace, length, false);
    CHECK_EQ(world_run(world), RUN_HOLDS);
    uint32_t failures = 0;
    const struct failure *failure = world_failures(world, &failures);
    for (uint32_t i = 0; i < failures; i++)
        CHECK_STR(failure[i].detail.text[0], "");
    CHECK_EQ(world_host(world, world_host_by_name(world, "server")).accepted, 1);
    check_end(world, "client", length);
    check_end(world, "server", length);
    CHECK_EQ(world_now(world) / (1000 * milliseconds), 240);  // the client waited for 2 MSL and a few round trips
    world_free(world);
    trace_free(&trace);
}

// It is indeed the other TCP: both ends have its ISS and not the one that was given, and it repeats no SYN.
static void test_it_is_the_other(void) {
    check_about("the other TCP's ISS");
    struct trace trace;
    struct world *world = ask(&trace, 10, false);
    struct connection_view view;
    uint32_t client = world_host_by_name(world, "client");
    for (int step = 0; step < 1000 && !(world_connection(world, client, 1, &view) && view.established); step++)
        if (world_step(world) != RUN_RUNNING) break;
    CHECK(world_connection(world, client, 1, &view));
    CHECK_EQ(view.tcp.iss, OTHER_TCP_ISS);
    CHECK_EQ(view.tcp.irs, OTHER_TCP_ISS);
    world_free(world);
    trace_free(&trace);

    check_about("a lost SYN");
    world = ask(&trace, 10, true);
    CHECK_EQ(world_run(world), RUN_CLAIM_FAILS);
    CHECK_EQ(world_packets(world), 1);
    world_free(world);
    trace_free(&trace);
}

int main(void) {
    test_transfer(1);
    test_transfer(1000);
    test_transfer(200000);  // many windows, and more segments than fit the effects of one event
    test_it_is_the_other();
    return check_result();
}
