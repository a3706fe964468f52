// prove-rules: each rule of TCP is taken away, and every schedule of small scenarios is tried until its absence hurts.
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command.h"
#include "sim/search/explore.h"
#include "sim/subject.h"

enum { SCENARIOS = 64, PATH = 512 };

static const char default_folder[] = "scenarios/proofs";

// Bounds that every proof has.
static const struct explore_options bounds = {
    .limits = {.budget = {[BUDGET_DROP] = 1, [BUDGET_DUPLICATE] = 1, [BUDGET_OVERTAKE] = 1}},
    .memory = (size_t)1 << 30,
    .properties = true,
};

struct proof {
    uint32_t scenario;  // its number
    uint32_t length;    // actions to harm
    char broken[96];    // the claim
};

struct prover {
    const struct options *options;  // of the command line
    struct options *now;            // what is tried
    char path[SCENARIOS][PATH];
    uint64_t states[SCENARIOS];  // with every rule
    bool holds[SCENARIOS];
    uint32_t count;
};

// ---- Scenarios -----------------------------------------------------------------------------------------------------

static int by_name(const void *a, const void *b) {
    return strcmp(a, b);
}

static bool find_scenarios(struct prover *prover) {
    const char *folder = prover->options->operand != NULL ? prover->options->operand : default_folder;
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        message_error(prover->options->language, MESSAGE_NO_SCENARIOS, folder, NULL);
        return false;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL && prover->count < SCENARIOS;) {
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 4, ".lua") != 0) continue;
        int written = snprintf(prover->path[prover->count], PATH, "%s/%s", folder, entry->d_name);
        if (written > 0 && written < PATH) prover->count++;
    }
    closedir(directory);
    qsort(prover->path, prover->count, sizeof prover->path[0], by_name);
    if (prover->count == 0) message_error(prover->options->language, MESSAGE_NO_SCENARIOS, folder, NULL);
    return prover->count > 0;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

// ---- Proofs --------------------------------------------------------------------------------------------------------

static void look(void *context, const struct world *world) {
    struct proof *proof = context;
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    if (count > 0) snprintf(proof->broken, sizeof proof->broken, "%s", failures[0].claim[0]);
}

// Explores scenario `number` without the rule (NULL: with all). False: it is bad input.
static bool try_one(struct prover *prover, uint32_t number, const char *rule, struct explored *explored,
                    struct proof *proof) {
    *prover->now = *prover->options;
    prover->now->operand = prover->path[number];
    prover->now->without_count = rule != NULL ? 1 : 0;
    prover->now->without[0] = rule;
    struct subject_file file = {.options = prover->now};
    const struct subject subject = subject_of(&file);
    if (!subject_loads(prover->now)) return false;
    const char *wrong = explore(&subject, &bounds, explored);
    if (wrong != NULL) {
        message_error(prover->options->language, MESSAGE_NOT_EXPLORED, prover->path[number], wrong);
        return false;
    }
    if (proof == NULL || explored->end == EXPLORE_HOLDS || explored->end == EXPLORE_INCOMPLETE) return true;
    struct trace trace;
    trace_init(&trace);
    proof->scenario = number;
    proof->length = explored->length;
    explore_replay(&subject, &bounds, explored, &trace, NULL, look, proof);
    if (explored->end == EXPLORE_LIVELOCK)
        snprintf(proof->broken, sizeof proof->broken, "%s", message(prover->options->language, MESSAGE_PROVE_ENDLESS));
    trace_free(&trace);
    return true;
}

// With every rule, each scenario must hold.
static bool try_whole(struct prover *prover) {
    for (uint32_t i = 0; i < prover->count; i++) {
        struct explored explored;
        if (!try_one(prover, i, NULL, &explored, NULL)) return false;
        prover->holds[i] = explored.end == EXPLORE_HOLDS;
        prover->states[i] = explored.states;
        if (!prover->holds[i]) message_error(prover->options->language, MESSAGE_PROVE_BROKEN, prover->path[i], NULL);
        explored_free(&explored);
    }
    return true;
}

// The shortest harm that the absence of the rule does in any scenario.
static bool prove(struct prover *prover, const char *rule, struct proof *best, bool *proven) {
    *proven = false;
    for (uint32_t i = 0; i < prover->count; i++) {
        struct explored explored;
        struct proof proof;
        if (!prover->holds[i]) continue;
        if (!try_one(prover, i, rule, &explored, &proof)) return false;
        bool harm = explored.end != EXPLORE_HOLDS && explored.end != EXPLORE_INCOMPLETE;
        if (harm && (!*proven || proof.length < best->length)) {
            *best = proof;
            *proven = true;
        }
        explored_free(&explored);
    }
    return true;
}

// ---- The table -----------------------------------------------------------------------------------------------------

static int by_rule_name(const void *a, const void *b) {
    return strcmp(tcp_rule_info(*(const enum tcp_rule *)a)->name, tcp_rule_info(*(const enum tcp_rule *)b)->name);
}

static bool print_table(struct prover *prover, uint32_t *proofs) {
    enum tcp_rule rules[TCP_RULES - 1], left[TCP_RULES - 1];
    uint32_t left_count = 0;
    enum language language = prover->options->language;
    for (uint32_t i = 0; i < TCP_RULES - 1; i++)
        rules[i] = (enum tcp_rule)(i + 1);
    qsort(rules, TCP_RULES - 1, sizeof rules[0], by_rule_name);
    message_print(stdout, language, MESSAGE_PROVE_HEAD, NULL, NULL);
    putchar('\n');
    for (uint32_t i = 0; i < TCP_RULES - 1; i++) {
        const char *name = tcp_rule_info(rules[i])->name;
        struct proof proof = {.scenario = 0};
        bool proven;
        if (!prove(prover, name, &proof, &proven)) return false;
        if (!proven) {
            left[left_count++] = rules[i];
            continue;
        }
        printf("%-38s %-24s %8" PRIu64 " %6" PRIu32 "  %s\n", name, base_name(prover->path[proof.scenario]),
               prover->states[proof.scenario], proof.length, proof.broken);
        fflush(stdout);
        ++*proofs;
    }
    for (uint32_t i = 0; i < left_count; i++) {
        printf("%-38s ", tcp_rule_info(left[i])->name);
        message_print(stdout, language, MESSAGE_PROVE_LEFT, NULL, NULL);
        putchar('\n');
    }
    return true;
}

enum status command_prove(const struct options *options) {
    struct prover *prover = calloc(1, sizeof *prover);
    if (prover == NULL) abort();
    prover->options = options;
    prover->now = calloc(1, sizeof *prover->now);
    if (prover->now == NULL) abort();
    uint32_t proofs = 0;
    bool done = find_scenarios(prover) && try_whole(prover) && print_table(prover, &proofs);
    bool whole = true;
    for (uint32_t i = 0; i < prover->count; i++)
        whole = whole && prover->holds[i];
    if (done) {
        char proven[16], all[16];
        snprintf(proven, sizeof proven, "%" PRIu32, proofs);
        snprintf(all, sizeof all, "%d", TCP_RULES - 1);
        putchar('\n');
        message_print(stdout, options->language, MESSAGE_PROVE_SUM, proven, all);
        putchar('\n');
    }
    free(prover->now);
    free(prover);
    if (!done) return STATUS_BAD_INPUT;
    if (!whole) return STATUS_CLAIM_FAILS;
    return proofs == TCP_RULES - 1 ? STATUS_HOLDS : STATUS_INCOMPLETE;
}
