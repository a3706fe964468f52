// check: runs a second on one core of the article's stale SYN, with its faults, its claims and all built-in properties.
#include <stdio.h>
#include <time.h>

#include "sim/script/scenario.h"
#include "sim/search/check.h"

enum { RUNS = 20000, ROUNDS = 5, GOAL = 20000 };

static struct world *make(void *context, struct trace *trace, const char *command, void **handle) {
    const struct scenario_options options = {.seed = 1, .trace = trace, .command = command, .held = true};
    char error[400];
    struct scenario *scenario = scenario_load(context, &options, error, sizeof error);
    if (scenario == NULL) {
        fprintf(stderr, "check: %s\n", error);
        return NULL;
    }
    world_claim_all_properties(scenario_world(scenario));
    *handle = scenario;
    return scenario_world(scenario);
}

static void drop(void *context, void *handle) {
    (void)context;
    scenario_free(handle);
}

static void renew(void *context, void *handle) {
    (void)context;
    scenario_renew(handle);
}

// The process's own time, so that others on the machine count less.
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(void) {
    static char path[] = SYNFIN_SOURCE_DIR "/scenarios/handshake/stale-duplicate-syn.lua";
    const struct subject subject = {"stale-duplicate-syn", path, true, make, drop, renew};
    struct checker checker;
    checker_open(&checker, &subject);
    if (checker.base == NULL) return 1;
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const struct check_range range = {.root = (uint64_t)round, .first = 1, .step = 1, .last = RUNS};
        struct check_part part;
        double before = now();
        checker_part(&checker, &range, 0, RUNS, &part);
        double rate = (double)part.tally.runs / (now() - before);
        if (part.failed != 0) {
            fprintf(stderr, "check: run %llu fails\n", (unsigned long long)part.failed);
            return 1;
        }
        if (rate > best) best = rate;
    }
    checker_close(&checker);
    printf("check    stale SYN: %.0f runs a second on one core (goal: %d)\n", best, GOAL);
    return 0;
}
