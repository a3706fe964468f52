// prove-rules: each rule of TCP is taken away, and the scenarios that need it show what its absence does.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command.h"
#include "sim/library.h"
#include "sim/output.h"
#include "sim/progress.h"
#include "sim/proof.h"
#include "sim/search/jobs.h"
#include "sim/subject.h"

static const char default_folder[] = "scenarios/proofs";

// A scenario with every rule (TCP_RULE_NONE), or without one that it needs.
struct trial {
    uint32_t scenario;
    enum tcp_rule rule;
    bool proves;
    struct proof proof;
};

struct prover {
    const struct options *options;  // of the command line
    const char *folder;
    struct proof_scenario *scenarios;
    uint32_t scenario_count;
    struct trial *trials;  // of scenario n with every rule: number n
    uint32_t trial_count;
    uint32_t complaints;
    struct progress progress;
    bool refused;
};

// ---- Scenarios -----------------------------------------------------------------------------------------------------

// Keeps the scenarios of the library that need a rule. False: one can't be loaded.
static bool read_scenarios(struct prover *prover, const struct library *library) {
    prover->scenarios = calloc(library->count, sizeof *prover->scenarios);
    if (prover->scenarios == NULL) abort();
    size_t prefix = strlen(prover->folder);
    for (size_t i = 0; i < library->count; i++) {
        struct proof_scenario *scenario = &prover->scenarios[prover->scenario_count];
        *scenario = (struct proof_scenario){.kind = PROOF_OF_HARM};
        snprintf(scenario->path, sizeof scenario->path, "%s", library->path[i]);
        if (!proof_read(prover->options, scenario)) return false;
        scenario->name = scenario->path + prefix;
        while (*scenario->name == '/')
            scenario->name++;
        if (scenario->needed > 0) prover->scenario_count++;
    }
    return true;
}

static bool find_scenarios(struct prover *prover) {
    struct library library = {.path = NULL};
    bool found = library_find(&library, prover->folder, prover->options->language) && read_scenarios(prover, &library);
    library_free(&library);
    return found;
}

static void add_trial(struct prover *prover, uint32_t scenario, enum tcp_rule rule) {
    prover->trials[prover->trial_count++] = (struct trial){.scenario = scenario, .rule = rule};
}

static void plan_trials(struct prover *prover) {
    size_t most = (size_t)prover->scenario_count * TCP_RULES;
    prover->trials = calloc(most + 1, sizeof *prover->trials);
    if (prover->trials == NULL) abort();
    for (uint32_t i = 0; i < prover->scenario_count; i++)
        add_trial(prover, i, TCP_RULE_NONE);
    for (enum tcp_rule rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++)
        for (uint32_t i = 0; i < prover->scenario_count; i++)
            if (tcp_rule_set_has(&prover->scenarios[i].needs, rule)) add_trial(prover, i, rule);
}

// ---- Trials --------------------------------------------------------------------------------------------------------

static void work(void *context, uint64_t item, void *result) {
    const struct prover *prover = context;
    const struct trial *trial = &prover->trials[item];
    proof_try(prover->options, &prover->scenarios[trial->scenario], trial->rule, result);
}

static bool take(void *context, uint64_t item, const void *result) {
    struct prover *prover = context;
    struct trial *trial = &prover->trials[item];
    memcpy(&trial->proof, result, sizeof trial->proof);
    if (progress_is_due(&prover->progress)) {
        char done[16], all[16];
        snprintf(done, sizeof done, "%" PRIu64, item + 1);
        snprintf(all, sizeof all, "%" PRIu32, prover->trial_count);
        message_print(stderr, prover->options->language, MESSAGE_PROVE_PROGRESS, done, all);
    }
    prover->refused = trial->proof.end == PROOF_REFUSED;
    return !prover->refused;
}

// False: nothing can be said of the rules, and why has been said.
static bool try_all(struct prover *prover) {
    const struct jobs_items items = {
        .count = prover->trial_count, .size = sizeof(struct proof), .work = work, .take = take, .context = prover};
    prover->progress = progress_begin();
    output_flush();
    bool done = jobs_spread(&items, prover->options->jobs == 0 ? 1 : prover->options->jobs);
    progress_end(&prover->progress);
    if (!done) message_error(prover->options->language, MESSAGE_JOB_LOST, NULL, NULL);
    for (uint32_t i = 0; i < prover->trial_count && prover->refused; i++)
        if (prover->trials[i].proof.end == PROOF_REFUSED)
            subject_refused(prover->options->language, prover->scenarios[prover->trials[i].scenario].path,
                            prover->trials[i].proof.line, prover->trials[i].proof.wrong);
    return done && !prover->refused;
}

// ---- What the trials come to ---------------------------------------------------------------------------------------

static void complain(struct prover *prover, enum message which, const char *subject, const struct trial *trial) {
    char *command = proof_command(prover->options, &prover->scenarios[trial->scenario], trial->rule);
    message_error(prover->options->language, which, subject, command);
    free(command);
    prover->complaints++;
}

static bool holds(const struct proof_scenario *scenario, const struct proof *proof) {
    if (scenario->kind != PROOF_OF_COST) return proof->end == PROOF_HOLDS;
    return proof->end == PROOF_COSTS && (scenario->measure != SCENARIO_MEASURE_CLAIMS || proof->amount == 0);
}

// Complains of a trial without a rule that doesn't show what its scenario says.
static void judge(struct prover *prover, struct trial *trial) {
    const struct proof_scenario *scenario = &prover->scenarios[trial->scenario];
    const struct proof *with = &prover->trials[trial->scenario].proof, *without = &trial->proof;
    const char *rule = tcp_rule_info(trial->rule)->name;
    if (!holds(scenario, with)) return;  // what has been complained of
    if (without->end == PROOF_INCOMPLETE) {
        complain(prover, MESSAGE_PROVE_INCOMPLETE, scenario->path, trial);
    } else if (scenario->kind == PROOF_OF_COST && without->end == PROOF_HARMS) {
        complain(prover, MESSAGE_PROVE_FAILS, rule, trial);
    } else if (scenario->kind == PROOF_OF_COST) {
        trial->proves = without->amount > with->amount;
        if (!trial->proves) complain(prover, MESSAGE_PROVE_SILENT, rule, trial);
    } else if (scenario->kind == PROOF_OF_NOTHING) {
        bool used = tcp_rule_set_has(&with->applied, trial->rule);
        trial->proves = used && without->end == PROOF_HOLDS;
        if (!trial->proves) complain(prover, used ? MESSAGE_PROVE_HARMFUL : MESSAGE_PROVE_UNUSED, rule, trial);
    } else {
        trial->proves = without->end == PROOF_HARMS;
        if (!trial->proves) complain(prover, MESSAGE_PROVE_SILENT, rule, trial);
    }
}

static void judge_all(struct prover *prover) {
    for (uint32_t i = 0; i < prover->scenario_count; i++) {
        const struct trial *whole = &prover->trials[i];
        const struct proof_scenario *scenario = &prover->scenarios[i];
        if (holds(scenario, &whole->proof)) continue;
        bool incomplete = whole->proof.end == PROOF_INCOMPLETE;
        complain(prover, incomplete ? MESSAGE_PROVE_INCOMPLETE : MESSAGE_PROVE_BROKEN, scenario->path, whole);
    }
    for (uint32_t i = prover->scenario_count; i < prover->trial_count; i++)
        judge(prover, &prover->trials[i]);
}

// What a user notices says most: a claim of the scenario that is broken. Then a property, then what the absence costs,
// and a sentence last.
static int weight(const struct prover *prover, const struct trial *trial) {
    const struct proof_scenario *scenario = &prover->scenarios[trial->scenario];
    if (scenario->kind == PROOF_OF_NOTHING) return 4;
    if (scenario->kind == PROOF_OF_COST) return scenario->measure == SCENARIO_MEASURE_CLAIMS ? 1 : 3;
    return trial->proof.own ? 0 : 2;
}

// Among equals, the shortest way to harm.
static bool better(const struct prover *prover, const struct trial *a, const struct trial *b) {
    int weight_a = weight(prover, a), weight_b = weight(prover, b);
    return weight_a != weight_b ? weight_a < weight_b : a->proof.length < b->proof.length;
}

static const struct trial *best_of(const struct prover *prover, enum tcp_rule rule) {
    const struct trial *best = NULL;
    for (uint32_t i = prover->scenario_count; i < prover->trial_count; i++) {
        const struct trial *trial = &prover->trials[i];
        if (trial->rule == rule && trial->proves && (best == NULL || better(prover, trial, best))) best = trial;
    }
    return best;
}

static bool named(const struct prover *prover, enum tcp_rule rule) {
    for (uint32_t i = 0; i < prover->scenario_count; i++)
        if (tcp_rule_set_has(&prover->scenarios[i].needs, rule)) return true;
    return false;
}

// ---- The table -----------------------------------------------------------------------------------------------------

static void print_bounds(const struct scenario_bounds *bounds) {
    const struct {
        const char *name;
        uint32_t value, usual;
    } all[] = {{"drop", bounds->drop, 1},         {"duplicate", bounds->duplicate, 1},
               {"overtake", bounds->overtake, 1}, {"fire", bounds->fire, 0},
               {"depth", bounds->depth, 0},       {"long_silence", bounds->long_silence, 0}};
    const char *before = "  [";
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].value == all[i].usual) continue;
        printf("%s%s=%" PRIu32, before, all[i].name, all[i].value);
        before = " ";
    }
    if (before[0] == ' ' && before[1] == '\0') putchar(']');
}

static void print_amount(enum scenario_measure measure, uint64_t amount) {
    enum { MILLION = 1000000 };  // nanoseconds in a millisecond
    if (measure == SCENARIO_MEASURE_TIME)
        printf("%" PRIu64 ".%03" PRIu64, amount / MILLION / 1000, amount / MILLION % 1000);
    else
        printf("%" PRIu64, amount);
}

static void print_cost(const struct prover *prover, const struct trial *trial) {
    static const enum message names[] = {[SCENARIO_MEASURE_SEGMENTS] = MESSAGE_PROVE_SEGMENTS,
                                         [SCENARIO_MEASURE_OCTETS] = MESSAGE_PROVE_OCTETS,
                                         [SCENARIO_MEASURE_TIME] = MESSAGE_PROVE_TIME,
                                         [SCENARIO_MEASURE_CLAIMS] = MESSAGE_PROVE_CLAIMS};
    enum scenario_measure measure = prover->scenarios[trial->scenario].measure;
    enum language language = prover->options->language;
    print_amount(measure, prover->trials[trial->scenario].proof.amount);
    fputs(" -> ", stdout);
    print_amount(measure, trial->proof.amount);
    printf(" %s", message(language, names[measure]));
    char runs[16];
    snprintf(runs, sizeof runs, "%" PRIu32, trial->proof.runs);
    if (measure == SCENARIO_MEASURE_CLAIMS) printf(" (%s)", trial->proof.broken);
    if (trial->proof.runs > 1) message_print(stdout, language, MESSAGE_PROVE_RUNS, runs, NULL);
}

static void print_row(const struct prover *prover, const struct trial *trial) {
    const struct proof_scenario *scenario = &prover->scenarios[trial->scenario];
    printf("%-39s %-30s ", tcp_rule_info(trial->rule)->name, scenario->name);
    if (scenario->kind == PROOF_OF_COST) {
        print_cost(prover, trial);
    } else if (scenario->kind == PROOF_OF_NOTHING) {
        fputs(scenario->harmless[prover->options->language], stdout);
    } else {
        printf("%7" PRIu64 " %6" PRIu32 "  %s", prover->trials[trial->scenario].proof.states, trial->proof.length,
               trial->proof.broken);
        print_bounds(&scenario->bounds);
    }
    putchar('\n');
}

static int by_name(const void *a, const void *b) {
    return strcmp(tcp_rule_info(*(const enum tcp_rule *)a)->name, tcp_rule_info(*(const enum tcp_rule *)b)->name);
}

// The rules whose best proof is of that kind, by name; how many.
static uint32_t print_kind(const struct prover *prover, const enum tcp_rule *rules, enum proof_kind kind,
                           enum message head) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < TCP_RULES - 1; i++) {
        const struct trial *trial = best_of(prover, rules[i]);
        if (trial == NULL || prover->scenarios[trial->scenario].kind != kind) continue;
        if (count++ == 0) {
            if (kind != PROOF_OF_HARM) putchar('\n');
            message_print(stdout, prover->options->language, head, NULL, NULL);
            putchar('\n');
        }
        print_row(prover, trial);
    }
    return count;
}

static uint32_t print_table(struct prover *prover) {
    enum tcp_rule rules[TCP_RULES - 1];
    for (uint32_t i = 0; i < TCP_RULES - 1; i++)
        rules[i] = (enum tcp_rule)(i + 1);
    qsort(rules, TCP_RULES - 1, sizeof rules[0], by_name);
    uint32_t proven = print_kind(prover, rules, PROOF_OF_HARM, MESSAGE_PROVE_HEAD);
    proven += print_kind(prover, rules, PROOF_OF_COST, MESSAGE_PROVE_COST_HEAD);
    proven += print_kind(prover, rules, PROOF_OF_NOTHING, MESSAGE_PROVE_HARMLESS_HEAD);
    char count[16], all[16];
    snprintf(count, sizeof count, "%" PRIu32, proven);
    snprintf(all, sizeof all, "%d", TCP_RULES - 1);
    putchar('\n');
    message_print(stdout, prover->options->language, MESSAGE_PROVE_SUM, count, all);
    putchar('\n');
    output_flush();
    for (uint32_t i = 0; i < TCP_RULES - 1; i++)
        if (!named(prover, rules[i]))
            message_error(prover->options->language, MESSAGE_PROVE_MISSING, tcp_rule_info(rules[i])->name,
                          prover->folder);
    return proven;
}

enum status command_prove(const struct options *options) {
    struct prover prover = {.options = options, .folder = options->operand != NULL ? options->operand : default_folder};
    enum status status = STATUS_BAD_INPUT;
    if (find_scenarios(&prover)) {
        plan_trials(&prover);
        if (try_all(&prover)) {
            judge_all(&prover);
            uint32_t proven = print_table(&prover);
            status = proven == TCP_RULES - 1 && prover.complaints == 0 ? STATUS_HOLDS : STATUS_CLAIM_FAILS;
        } else if (!prover.refused) {
            status = STATUS_BUG;
        }
    }
    free(prover.trials);
    free(prover.scenarios);
    return status;
}
