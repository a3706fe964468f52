// Measures explore on one core: handshake and teardown with one stale SYN, one duplicate, one retransmission while its
// answer is in flight, one overtaking and one loss, with the real core and host.
//
//     bench_explore [drop duplicate overtake fire]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/search/explore.h"

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct step step_of(enum step_kind kind) {
    struct step step;
    memset(&step, 0, sizeof step);
    step.kind = (uint8_t)kind;
    return step;
}

static struct step connect_to(uint32_t host, bool wait) {
    struct step step = step_of(STEP_CONNECT);
    step.host = host;
    step.port = 80;
    step.flag = wait;
    return step;
}

static uint32_t add_host(struct world *world, const char *name, uint32_t first_iss, uint32_t second_iss) {
    struct host_options options;
    uint32_t number = 0;
    memset(&options, 0, sizeof options);
    options.name = name;
    options.tcp = tcp_config_default();
    options.iss_count = 2;
    options.iss[0] = first_iss;
    options.iss[1] = second_iss;
    if (world_add_host(world, &options, &number) != NULL) abort();
    return number;
}

static struct world *make(void *context, struct trace *trace, const char *command, void **handle) {
    (void)context;
    (void)command;
    struct world *world = world_new(1, trace);
    struct link_settings link;
    memset(&link, 0, sizeof link);
    uint32_t client = add_host(world, "client", 100, 900), server = add_host(world, "server", 300, 700), line;
    if (world_link(world, client, server, &link, &link) != NULL) abort();
    struct step eof = step_of(STEP_RECV_EOF);
    eof.outcome = OUTCOME_MAY_FAIL;
    const struct step visit[] = {connect_to(server, false), step_of(STEP_ABORT), connect_to(server, true),
                                 step_of(STEP_CLOSE), step_of(STEP_RECV_EOF)};
    const struct step serve[] = {eof, step_of(STEP_CLOSE)};
    world_runs(world, client, world_program(world, visit, sizeof visit / sizeof *visit), false, 0);
    const struct service service = {.port = 80, .program = world_program(world, serve, 2)};
    world_serves(world, server, &service);
    world_hold(world);
    if (world_start(world, &line) != NULL) abort();
    *handle = world;
    return world;
}

static void drop(void *context, void *handle) {
    (void)context;
    world_free(handle);
}

int main(int count, char **arguments) {
    const struct subject subject = {.name = "bench", .forks = true, .make = make, .drop = drop};
    struct explore_options options = {.memory = (size_t)2 << 30};
    const uint8_t usual[BUDGETS] = {1, 1, 1, 1};
    for (int i = 0; i < BUDGETS; i++)
        options.limits.budget[i] = count > i + 1 ? (uint8_t)strtoul(arguments[i + 1], NULL, 10) : usual[i];
    struct explored explored;
    double start = seconds();
    const char *wrong = explore(&subject, &options, &explored);
    double took = seconds() - start;
    if (wrong != NULL) abort();
    printf("%llu states, %llu transitions, depth %u, ends %llu, outcome %d\n", (unsigned long long)explored.states,
           (unsigned long long)explored.transitions, explored.depth, (unsigned long long)explored.ends,
           (int)explored.end);
    printf("%.3f s: %.0f states/s, %.0f transitions/s; %.1f bytes a state, and %.1f MB of frontier\n", took,
           (double)explored.states / took, (double)explored.transitions / took,
           (double)explored.bytes / (double)explored.states, (double)explored.frontier / 1e6);
    explored_free(&explored);
    return 0;
}
