// Measures explore on one core: handshake and teardown with one stale SYN, at most four segments in flight, one copy
// made by the network, one overtaking, and one retransmission an end while its answer is in flight; with the real core
// and host.
//
//     bench_explore [drop duplicate overtake fire [flights (0: any number)]]
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/search/explore.h"

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);  // one thread: what others do on the machine counts little
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

enum { FLOOR_STATES = 300000, GOAL_STATES = 700000, FLOOR_TRANSITIONS = 1500000, FLOOR_BYTES = 64, RUNS = 20 };

// The fastest of some runs: others may be using the machine.
static double measure(const struct explore_options *options, struct explored *explored) {
    const struct subject subject = {.name = "bench", .forks = true, .make = make, .drop = drop};
    double best = 0;
    for (int i = 0; i < RUNS; i++) {
        if (i > 0) explored_free(explored);
        double start = seconds();
        if (explore(&subject, options, explored) != NULL) abort();
        double took = seconds() - start;
        if (i == 0 || took < best) best = took;
    }
    return best;
}

int main(int count, char **arguments) {
    struct explore_options options = {.memory = (size_t)2 << 30};
    const uint8_t usual[BUDGETS] = {0, 1, 1, 2};
    for (int i = 0; i < BUDGETS; i++)
        options.limits.budget[i] = count > i + 1 ? (uint8_t)strtoul(arguments[i + 1], NULL, 10) : usual[i];
    options.limits.flights = count > BUDGETS + 1 ? (uint32_t)strtoul(arguments[BUDGETS + 1], NULL, 10) : 4;
    const uint8_t *budget = options.limits.budget;
    struct explored explored;
    double took = measure(&options, &explored);
    double states = (double)explored.states / took, transitions = (double)explored.transitions / took;
    double bytes = (double)explored.bytes / (double)explored.states;
    printf("explore  %u lost, %u doubled, %u overtaken, %u repeated early", budget[BUDGET_DROP],
           budget[BUDGET_DUPLICATE], budget[BUDGET_OVERTAKE], budget[BUDGET_FIRE]);
    if (options.limits.flights != 0) printf(", at most %u in flight", options.limits.flights);
    printf(": %llu states, %llu transitions, depth %u, outcome %d, %.3f s\n", (unsigned long long)explored.states,
           (unsigned long long)explored.transitions, explored.depth, (int)explored.end, took);
    printf("explore  %.0f states a second on one core: %.2f of the floor of %d, %.2f of the goal of %d\n", states,
           states / FLOOR_STATES, FLOOR_STATES, states / GOAL_STATES, GOAL_STATES);
    printf("explore  %.0f transitions a second: %.2f of the floor of %d\n", transitions,
           transitions / FLOOR_TRANSITIONS, FLOOR_TRANSITIONS);
    printf("explore  %.1f bytes a stored state (at most %d), and %.1f MB of frontier\n", bytes, FLOOR_BYTES,
           (double)explored.frontier / 1e6);
    explored_free(&explored);
    return 0;
}
