// Every rule can be switched off in every scenario: the run ends, and a harm is a failed claim, not a crash. A rule
// that decides nothing while all are there is never asked for, and its absence changes nothing: such runs are left out.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/fates.h"
#include "sim/options.h"
#include "sim/script/scenario.h"
#include "tests/check.h"
#include "tests/support.h"

// How the run of `path` ends, without `rule` unless that is NULL; which rules decided something.
static enum run_status end_of(const char *path, const char *rule, struct coverage *coverage) {
    char error[512];
    struct trace trace;
    trace_init(&trace);
    struct scenario_options how = {.seed = OPTIONS_SEED, .without_count = rule != NULL, .trace = &trace};
    how.without = &rule;
    check_about("synfin run %s --without %s", path, rule != NULL ? rule : "nothing");
    struct scenario *scenario = scenario_load(path, &how, error, sizeof error);
    enum run_status end = RUN_BAD_INPUT;
    if (CHECK(scenario != NULL)) {
        world_watch(scenario_world(scenario), NULL, coverage);
        end = world_run(scenario_world(scenario));
    } else {
        fprintf(stderr, "%s\n", error);
    }
    scenario_free(scenario);
    trace_free(&trace);
    return end;
}

static void each_rule_of(const char *path, unsigned harmed[TCP_RULES], unsigned asked[TCP_RULES]) {
    struct coverage whole, unused;
    memset(&whole, 0, sizeof whole);
    CHECK_EQ(end_of(path, NULL, &whole), RUN_HOLDS);
    for (int rule = 1; rule < TCP_RULES; rule++) {
        if (!tcp_rule_set_has(&whole.rules, (enum tcp_rule)rule)) continue;
        memset(&unused, 0, sizeof unused);
        enum run_status end = end_of(path, tcp_rule_info((enum tcp_rule)rule)->name, &unused);
        CHECK(end == RUN_HOLDS || end == RUN_CLAIM_FAILS);
        harmed[rule] += end == RUN_CLAIM_FAILS;
        asked[rule]++;
    }
}

int main(void) {
    unsigned harmed[TCP_RULES] = {0}, asked[TCP_RULES] = {0};
    char **paths = scenario_paths();
    CHECK(paths[0] != NULL);
    for (char **path = paths; *path != NULL; path++)
        each_rule_of(*path, harmed, asked);
    for (int rule = 1; rule < TCP_RULES; rule++)
        printf("without %s, claims fail in %u of %u scenarios\n", tcp_rule_info((enum tcp_rule)rule)->name,
               harmed[rule], asked[rule]);
    free_paths(paths);
    return check_result();
}
