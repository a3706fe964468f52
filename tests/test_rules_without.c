// Every rule can be switched off in every scenario: the run ends, and a harm is a failed claim, not a crash.
#include <inttypes.h>
#include <stdlib.h>

#include "sim/options.h"
#include "sim/script/scenario.h"
#include "tests/check.h"
#include "tests/support.h"

// How the run of `path` without `rule` ends.
static enum run_status end_of(const char *path, const char *rule) {
    char error[512];
    struct trace trace;
    trace_init(&trace);
    struct scenario_options how = {.seed = OPTIONS_SEED, .without = &rule, .without_count = 1, .trace = &trace};
    check_about("synfin run %s --without %s", path, rule);
    struct scenario *scenario = scenario_load(path, &how, error, sizeof error);
    enum run_status end = RUN_BAD_INPUT;
    if (CHECK(scenario != NULL))
        end = world_run(scenario_world(scenario));
    else
        fprintf(stderr, "%s\n", error);
    scenario_free(scenario);
    trace_free(&trace);
    return end;
}

int main(void) {
    char **paths = scenario_paths();
    CHECK(paths[0] != NULL);
    for (int rule = 1; rule < TCP_RULES; rule++) {
        unsigned harmed = 0, count = 0;
        const char *name = tcp_rule_info((enum tcp_rule)rule)->name;
        for (char **path = paths; *path != NULL; path++, count++) {
            enum run_status end = end_of(*path, name);
            CHECK(end == RUN_HOLDS || end == RUN_CLAIM_FAILS);
            harmed += end == RUN_CLAIM_FAILS;
        }
        printf("without %s, claims fail in %u of %u scenarios\n", name, harmed, count);
    }
    free_paths(paths);
    return check_result();
}
