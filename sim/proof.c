#include "sim/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/trace.h"
#include "sim/host/fates.h"
#include "sim/repeat.h"
#include "sim/search/explore.h"
#include "sim/subject.h"

// The command line's options, for one scenario without one rule. free() it.
static struct options *options_for(const struct options *options, const char *path, enum tcp_rule rule) {
    struct options *now = calloc(1, sizeof *now);
    if (now == NULL) abort();
    now->language = options->language;
    now->seed = OPTIONS_SEED;
    now->operand = path;
    now->without_count = rule == TCP_RULE_NONE ? 0 : 1;
    now->without[0] = tcp_rule_info(rule)->name;
    return now;
}

bool proof_read(const struct options *options, struct proof_scenario *scenario) {
    struct options *now = options_for(options, scenario->path, TCP_RULE_NONE);
    struct scenario *loaded = subject_load(now, NULL, NULL);
    free(now);
    if (loaded == NULL) return false;
    const struct scenario_info *info = scenario_info(loaded);
    for (size_t i = 0; i < info->needs_count; i++)
        tcp_rule_set_add(&scenario->needs, tcp_rule_by_name(info->needs[i]));
    scenario->needed = (uint32_t)info->needs_count;
    scenario->bounds = info->bounds;
    scenario->measure = info->measure;
    for (int i = 0; i < TCP_LANGUAGES; i++)
        snprintf(scenario->harmless[i], sizeof scenario->harmless[i], "%s", info->harmless[i]);
    scenario->kind = info->measure != SCENARIO_MEASURE_NONE ? PROOF_OF_COST
                     : info->harmless[0][0] != '\0'         ? PROOF_OF_NOTHING
                                                            : PROOF_OF_HARM;
    scenario_free(loaded);
    return true;
}

// ---- Harm ----------------------------------------------------------------------------------------------------------

struct looking {
    const struct options *options;
    struct proof *proof;
};

static void look(void *context, const struct world *world) {
    const struct looking *looking = context;
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    if (count > 0) snprintf(looking->proof->broken, PROOF_BROKEN, "%s", failures[0].claim[looking->options->language]);
}

static void search(const struct options *now, const struct explore_options *how, struct proof *proof) {
    struct subject_file file = {.options = now};
    const struct subject subject = subject_of(&file);
    struct explored explored;
    proof->wrong = explore(&subject, how, &explored);
    proof->end = PROOF_REFUSED;
    proof->line = explored.line;
    if (proof->wrong != NULL) return;
    proof->states = explored.states;
    proof->length = explored.length;
    proof->applied = explored.coverage.rules;
    if (explored.end == EXPLORE_HOLDS) {
        proof->end = PROOF_HOLDS;
    } else if (explored.end == EXPLORE_INCOMPLETE) {
        proof->end = PROOF_INCOMPLETE;
    } else {
        struct trace trace;
        struct looking looking = {now, proof};
        proof->end = PROOF_HARMS;
        trace_init(&trace);
        explore_replay(&subject, how, &explored, &trace, NULL, look, &looking);
        if (explored.end == EXPLORE_LIVELOCK)
            snprintf(proof->broken, PROOF_BROKEN, "%s", message(now->language, MESSAGE_PROVE_ENDLESS));
        trace_free(&trace);
    }
    explored_free(&explored);
}

// What a user notices counts for more than what only a property sees: without a rule, the scenario's own claims are
// asked first.
static void try_harm(const struct options *now, const struct proof_scenario *scenario, bool whole,
                     struct proof *proof) {
    struct explore_options how = subject_bounds(&scenario->bounds);
    if (!whole) {
        how.properties = false;
        search(now, &how, proof);
        proof->own = proof->end == PROOF_HARMS;
        if (proof->own || proof->end == PROOF_REFUSED) return;
        how.properties = true;
    }
    search(now, &how, proof);
}

// ---- Cost ----------------------------------------------------------------------------------------------------------

static uint64_t octets(const struct fate_log *log) {
    enum { LENGTH = 4 };  // the word of a packet's key that holds the length of its text
    uint64_t sum = 0;
    for (uint32_t i = 0; i < log->count; i++)
        if (log->items[i].entry.kind == PLAN_FATE) sum += log->items[i].entry.key.word[LENGTH];
    return sum;
}

// One run, or many where runs can differ. They have the same luck with the rule and without it.
static void try_cost(const struct options *now, const struct proof_scenario *scenario, struct proof *proof) {
    struct subject_file file = {.options = now};
    const struct subject subject = subject_of(&file);
    struct checker checker;
    struct coverage coverage = {.labels = 0};
    checker_open(&checker, &subject);
    bool lucky = checker.base != NULL && world_has_luck(checker.base);
    proof->end = PROOF_COSTS;
    proof->runs = lucky ? PROOF_RUNS : 1;
    for (uint32_t i = 1; i <= proof->runs && proof->end == PROOF_COSTS; i++) {
        struct fate_log log = {.items = NULL};
        const struct schedule schedule = {.seed = check_seed(now->seed, subject.name, i)};
        struct verdict verdict = checker_run(&checker, &schedule, &log, &coverage);
        if (verdict.status != RUN_HOLDS) {
            struct looking looking = {now, proof};
            checker_tell(&subject, &schedule, NULL, NULL, look, &looking);
            if (scenario->measure == SCENARIO_MEASURE_CLAIMS)
                proof->amount++;
            else
                proof->end = PROOF_HARMS;
        }
        if (scenario->measure == SCENARIO_MEASURE_SEGMENTS) proof->amount += verdict.packets;
        if (scenario->measure == SCENARIO_MEASURE_OCTETS) proof->amount += octets(&log);
        if (scenario->measure == SCENARIO_MEASURE_TIME) proof->amount += verdict.time;
        fate_log_free(&log);
    }
    proof->applied = coverage.rules;
    checker_close(&checker);
}

void proof_try(const struct options *options, const struct proof_scenario *scenario, enum tcp_rule rule,
               struct proof *proof) {
    struct options *now = options_for(options, scenario->path, rule);
    *proof = (struct proof){.wrong = NULL};
    if (scenario->kind == PROOF_OF_COST)
        try_cost(now, scenario, proof);
    else
        try_harm(now, scenario, rule == TCP_RULE_NONE, proof);
    free(now);
}

char *proof_command(const struct options *options, const struct proof_scenario *scenario, enum tcp_rule rule) {
    struct options *now = options_for(options, scenario->path, rule);
    if (scenario->kind != PROOF_OF_COST && !scenario->bounds.given) {
        now->drop = scenario->bounds.drop;
        now->duplicate = scenario->bounds.duplicate;
        now->overtake = scenario->bounds.overtake;
    }
    char *command = scenario->kind == PROOF_OF_COST ? repeat_command(now) : repeat_explore(now);
    free(now);
    return command;
}
