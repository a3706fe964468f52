// Small worlds built from C, for the tests of the host layer.
#ifndef TESTS_WORLDS_H
#define TESTS_WORLDS_H

#include <stdio.h>
#include <string.h>

#include "sim/host/world.h"
#include "tests/check.h"

#define MS UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)

// What a test does not use of this header is fine.
#define MAYBE __attribute__((unused)) static

// A client (host 0) and a server (host 1), linked.
struct pair {
    struct trace trace;
    struct world *world;
    uint32_t client, server;
};

struct pair_options {
    uint64_t seed;
    bool silent;  // no recording
    struct link_settings link;
    struct host_options client, server;  // zero: as the defaults are
};

MAYBE struct link_settings link_of(uint64_t delay) {
    struct link_settings link;
    memset(&link, 0, sizeof link);
    link.delay = delay;
    return link;
}

MAYBE struct host_options host_named(const char *name) {
    struct host_options options;
    memset(&options, 0, sizeof options);
    options.name = name;
    options.tcp = tcp_config_default();
    return options;
}

MAYBE struct pair_options pair_options(void) {
    struct pair_options options;
    memset(&options, 0, sizeof options);
    options.seed = 1;
    options.link = link_of(20 * MS);
    options.client = host_named("client");
    options.server = host_named("server");
    return options;
}

MAYBE void pair_make(struct pair *pair, const struct pair_options *options) {
    trace_init(&pair->trace);
    pair->world = world_new(options->seed, options->silent ? NULL : &pair->trace);
    CHECK_STR(world_add_host(pair->world, &options->client, &pair->client), NULL);
    CHECK_STR(world_add_host(pair->world, &options->server, &pair->server), NULL);
    CHECK_STR(world_link(pair->world, pair->client, pair->server, &options->link, &options->link), NULL);
}

MAYBE void pair_free(struct pair *pair) {
    world_free(pair->world);
    trace_free(&pair->trace);
}

MAYBE void pair_start(struct pair *pair) {
    uint32_t line = 0;
    CHECK_STR(world_start(pair->world, &line), NULL);
}

// Starts and runs; prints what failed unless `expected` says that something does.
MAYBE enum run_status pair_run(struct pair *pair, enum run_status expected) {
    pair_start(pair);
    enum run_status status = world_run(pair->world);
    CHECK_EQ(status, expected);
    uint32_t count = 0;
    const struct failure *failures = world_failures(pair->world, &count);
    for (uint32_t i = 0; i < count && status != expected; i++)
        fprintf(stderr, "    %s: %s\n", failures[i].claim[0], failures[i].detail.text[0]);
    return status;
}

// The detail of the failed claim of that name, or NULL.
MAYBE const char *failure_of(const struct world *world, const char *claim) {
    uint32_t count = 0;
    const struct failure *failures = world_failures(world, &count);
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(failures[i].claim[0], claim) == 0) return failures[i].detail.text[0];
    return NULL;
}

MAYBE void claim_property(struct world *world, const char *name) {
    const struct property *property = property_by_name(name);
    if (!CHECK(property != NULL)) return;
    world_claim_property(world, property, property->when, "");
}

// All that must hold in every run, and in one that goes as it should.
MAYBE void claim_all_properties(struct world *world) {
    world_claim_all_properties(world);
    claim_property(world, "everything-closed");
    claim_property(world, "nobody-reset");
}

// ---- Steps

MAYBE struct step step_of(enum step_kind kind) {
    struct step step;
    memset(&step, 0, sizeof step);
    step.kind = (uint8_t)kind;
    return step;
}

MAYBE struct step step_connect(uint32_t host, uint16_t port) {
    struct step step = step_of(STEP_CONNECT);
    step.host = host;
    step.port = port;
    step.flag = true;
    return step;
}

MAYBE struct step step_send(struct world *world, const char *text) {
    struct step step = step_of(STEP_SEND);
    step.text_length = (uint32_t)strlen(text);
    step.text = world_text(world, text, step.text_length);
    return step;
}

MAYBE struct step step_recv(uint32_t count) {
    struct step step = step_of(STEP_RECV);
    step.count = count;
    return step;
}

MAYBE struct step step_sleep(uint64_t duration) {
    struct step step = step_of(STEP_SLEEP);
    step.duration = duration;
    return step;
}

MAYBE struct step step_on_host(enum step_kind kind, uint32_t host) {
    struct step step = step_of(kind);
    step.host = host;
    return step;
}

MAYBE struct step failing(struct step step, enum program_error error) {
    step.outcome = OUTCOME_FAILS;
    step.error = (uint8_t)error;
    return step;
}

#define COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

MAYBE void runs(struct world *world, uint32_t host, const struct step *steps, uint32_t count) {
    CHECK_STR(world_runs(world, host, world_program(world, steps, count), false, 0), NULL);
}

MAYBE void serves(struct world *world, uint32_t host, uint16_t port, const struct step *steps, uint32_t count) {
    const struct service service = {.port = port, .program = world_program(world, steps, count)};
    CHECK_STR(world_serves(world, host, &service), NULL);
}

// The client asks for "GET /", the server answers "200 OK" and closes, the client closes.
MAYBE void visit(struct pair *pair) {
    struct world *world = pair->world;
    const struct step client[] = {step_connect(pair->server, 80), step_send(world, "GET /"), step_of(STEP_RECV_EOF),
                                  step_of(STEP_CLOSE)};
    const struct step server[] = {step_recv(5), step_send(world, "200 OK"), step_of(STEP_CLOSE)};
    runs(world, pair->client, client, COUNT_OF(client));
    serves(world, pair->server, 80, server, COUNT_OF(server));
}

MAYBE struct connection_view connection(const struct world *world, uint32_t host, uint32_t ordinal) {
    struct connection_view view;
    memset(&view, 0, sizeof view);
    CHECK(world_connection(world, host, ordinal, &view));
    return view;
}

MAYBE void check_received(const struct world *world, uint32_t host, uint32_t ordinal, const char *expected) {
    char text[256];
    uint32_t length = world_received(world, host, ordinal, 0, text, sizeof text - 1);
    text[length] = '\0';
    CHECK_STR(text, expected);
}

#endif
