// For tests of views: the trace of every scenario, once.
#ifndef TESTS_EACH_TRACE_H
#define TESTS_EACH_TRACE_H

#include "sim/options.h"
#include "sim/script/scenario.h"
#include "tests/check.h"

// Runs the scenario of that path and shows its trace to `look`.
static void check_scenario_trace(const char *path, void (*look)(const struct trace *trace)) {
    static char why[600];
    struct trace trace;
    trace_init(&trace);
    struct scenario_options how = {.seed = OPTIONS_SEED, .trace = &trace, .command = "synfin run it"};
    struct scenario *scenario = scenario_load(path, &how, why, sizeof why);
    if (CHECK(scenario != NULL)) {
        world_run(scenario_world(scenario));
        look(&trace);
    } else {
        fprintf(stderr, "%s\n", why);
    }
    scenario_free(scenario);
    trace_free(&trace);
}

#endif
