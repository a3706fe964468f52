// Every scenario gives the same digest again: in this process, through a snapshot in the middle, and in processes of
// their own, whatever their environment.
#include <inttypes.h>
#include <stdlib.h>

#include "sim/options.h"
#include "sim/script/scenario.h"
#include "tests/check.h"
#include "tests/support.h"

// A scenario as `synfin run FILE` loads it. `again` is the command that the trace will name.
static struct scenario *load(const char *path, struct trace *trace) {
    static char again[4200], error[512];
    snprintf(again, sizeof again, "synfin run %s", path);
    struct scenario_options how = {.seed = OPTIONS_SEED, .trace = trace, .command = again};
    trace_init(trace);
    struct scenario *scenario = scenario_load(path, &how, error, sizeof error);
    if (!CHECK(scenario != NULL)) fprintf(stderr, "%s\n", error);
    return scenario;
}

// Runs to the end; the digest, and in `steps` how many events that took.
static uint64_t digest_of(const char *path, uint64_t *steps) {
    struct trace trace;
    struct scenario *scenario = load(path, &trace);
    *steps = 0;
    if (scenario != NULL)
        while (world_step(scenario_world(scenario)) == RUN_RUNNING)
            ++*steps;
    uint64_t digest = trace_digest(&trace);
    scenario_free(scenario);
    trace_free(&trace);
    return digest;
}

// Forks the world after `steps` events; original and copy must both end with `digest`, one run after the other.
static void check_fork(const char *path, uint64_t steps, uint64_t digest) {
    struct trace trace, copy;
    struct scenario *scenario = load(path, &trace);
    if (scenario == NULL) return;
    for (uint64_t i = 0; i < steps; i++)
        world_step(scenario_world(scenario));
    trace_init(&copy);
    struct world *fork = world_fork(scenario_world(scenario), &copy);
    if (scenario_info(scenario)->has_functions) {
        CHECK(fork == NULL);
        printf("%s has functions as steps: not forked\n", path);
    } else if (CHECK(fork != NULL)) {
        world_run(fork);
        CHECK_EQ(trace_digest(&copy), digest);
        world_run(scenario_world(scenario));
        CHECK_EQ(trace_digest(&trace), digest);
    }
    world_free(fork);
    trace_free(&copy);
    scenario_free(scenario);
    trace_free(&trace);
}

static void check_process(const char *path, uint64_t digest) {
    const char *words[] = {SYNFIN_BINARY, "run", path, "--digest", NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    char expected[20];
    snprintf(expected, sizeof expected, "%016" PRIx64 "\n", digest);
    CHECK_EQ(finished.status, 0);
    CHECK_STR(finished.out, expected);
    free_finished(&finished);
}

int main(void) {
    char **paths = scenario_paths();
    for (char **path = paths; *path != NULL; path++) {
        uint64_t steps, again;
        check_about("synfin run %s --digest", *path);
        uint64_t digest = digest_of(*path, &steps);
        CHECK_EQ(digest_of(*path, &again), digest);
        CHECK_EQ(again, steps);
        check_fork(*path, steps / 2, digest);
        check_process(*path, digest);
        setenv("LC_ALL", "zh_CN.UTF-8", 1);
        setenv("SYNFIN_LANG", "zh", 1);
        setenv("TZ", "Asia/Shanghai", 1);
        check_process(*path, digest);
        unsetenv("LC_ALL");
        unsetenv("SYNFIN_LANG");
    }
    CHECK(paths[0] != NULL);
    free_paths(paths);
    return check_result();
}
