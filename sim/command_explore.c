#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/command.h"
#include "sim/engine/file.h"
#include "sim/failure.h"
#include "sim/never.h"
#include "sim/output.h"
#include "sim/progress.h"
#include "sim/repeat.h"
#include "sim/search/explore.h"
#include "sim/subject.h"
#include "sim/view/timeline.h"

// ---- What is said --------------------------------------------------------------------------------------------------

static void say(enum language language, enum message which, const char *first, const char *second) {
    message_print(stdout, language, which, first, second);
}

static void say_numbers(enum language language, enum message which, uint64_t first, uint64_t second) {
    char a[24], b[24];
    snprintf(a, sizeof a, "%" PRIu64, first);
    snprintf(b, sizeof b, "%" PRIu64, second);
    say(language, which, a, b);
}

static void say_bounds(enum language language, const struct explore_options *how) {
    const uint8_t *budget = how->limits.budget;
    say(language, MESSAGE_EXPLORE_BOUNDS, NULL, NULL);
    say_numbers(language, MESSAGE_BOUND_DROP, budget[BUDGET_DROP], 0);
    say_numbers(language, MESSAGE_BOUND_DUPLICATE, budget[BUDGET_DUPLICATE], 0);
    say_numbers(language, MESSAGE_BOUND_OVERTAKE, budget[BUDGET_OVERTAKE], 0);
    say_numbers(language, MESSAGE_BOUND_FIRE, budget[BUDGET_FIRE], 0);
    if (how->depth > 0) say_numbers(language, MESSAGE_BOUND_DEPTH, how->depth, 0);
    if (how->limits.long_silence) say(language, MESSAGE_BOUND_SILENCE, NULL, NULL);
    putchar('\n');
}

static void say_line(enum language language, enum message which, uint64_t first, uint64_t second) {
    say_numbers(language, which, first, second);
    putchar('\n');
}

static unsigned ones(uint64_t bits) {
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

// `all`: what was never seen is named, too.
static void say_transitions(enum language language, const struct coverage *coverage, bool all) {
    char name[64];
    uint32_t count, seen = 0;
    const struct tally_edge *edges = tally_edges(&count);
    struct never never = {stdout, language, 0};
    for (uint32_t i = 0; i < count; i++)
        seen += coverage->transitions[edges[i].from] >> edges[i].to & 1;
    say_line(language, MESSAGE_EXPLORE_EDGES, seen, count);
    for (uint32_t i = 0; all && i < count; i++)
        if (!(coverage->transitions[edges[i].from] >> edges[i].to & 1))
            never_add(&never, never_edge_name(edges[i].from, edges[i].to, name));
    never_end(&never);
}

static void say_rules(enum language language, const struct tcp_rule_set *rules, bool all) {
    uint32_t seen = 0;
    struct never never = {stdout, language, 0};
    for (int i = TCP_RULE_NONE + 1; i < TCP_RULES; i++)
        seen += tcp_rule_set_has(rules, (enum tcp_rule)i);
    say_line(language, MESSAGE_EXPLORE_RULES, seen, TCP_RULES - 1);
    for (int i = TCP_RULE_NONE + 1; all && i < TCP_RULES; i++)
        if (!tcp_rule_set_has(rules, (enum tcp_rule)i)) never_add(&never, tcp_rule_info((enum tcp_rule)i)->name);
    never_end(&never);
}

static void say_coverage(enum language language, const struct explored *explored) {
    uint64_t pairs = 0, edges = 0;
    for (uint32_t i = 0; i < EXPLORE_PAIRS; i++) {
        pairs += explored_pair(explored, i);
        for (size_t k = 0; k < EXPLORE_PAIR_WORDS; k++)
            edges += ones(explored->pairs[i][k]);
    }
    say_line(language, MESSAGE_EXPLORE_STATES, explored->states, explored->transitions);
    say_line(language, MESSAGE_EXPLORE_DEPTH, explored->depth, explored->ends);
    if (explored->cuts > 0) say_line(language, MESSAGE_EXPLORE_CUTS, explored->cuts, 0);
    say_line(language, MESSAGE_EXPLORE_PAIRS, pairs, edges);
    // A search that found something has stopped there.
    bool all = explored->end == EXPLORE_HOLDS || explored->end == EXPLORE_INCOMPLETE;
    say_transitions(language, &explored->coverage, all);
    say_rules(language, &explored->coverage.rules, all);
}

// Not the same from run to run.
static void say_speed(enum language language, const struct explored *explored, double seconds) {
    enum { MIB = 1 << 20 };
    char first[32], second[32];
    if (seconds <= 0) seconds = 1e-9;
    snprintf(first, sizeof first, "%.0f", (double)explored->states / seconds);
    snprintf(second, sizeof second, "%.0f", (double)explored->transitions / seconds);
    message_error(language, MESSAGE_EXPLORE_SPEED, first, second);
    snprintf(first, sizeof first, "%.0f",
             (double)explored->bytes / (double)(explored->states > 0 ? explored->states : 1));
    snprintf(second, sizeof second, "%.1f", (double)explored->frontier / MIB);
    message_error(language, MESSAGE_EXPLORE_MEMORY, first, second);
}

// ---- A graph for Graphviz ------------------------------------------------------------------------------------------

static const char *end_name(uint32_t state) {
    return tcp_state_name((enum tcp_state)state);
}

// Opened before anything is tried, so that nobody waits in vain. False: it can't be.
static bool open_dot(const struct options *options, struct file *dot) {
    dot->stream = NULL;
    int reason = options->dot == NULL ? 0 : file_open(dot, options->dot);
    return reason == 0 || output_failed(options->language, options->dot, reason);
}

static bool write_dot(const struct options *options, const struct explored *explored, struct file *dot) {
    FILE *out = dot->stream;
    if (out == NULL) return true;
    fputs("digraph pairs {\n  node [shape=box];\n", out);
    for (uint32_t i = 0; i < EXPLORE_PAIRS; i++)
        if (explored_pair(explored, i))
            fprintf(out, "  p%" PRIu32 " [label=\"%s\\n%s\"];\n", i, end_name(i / TCP_STATES),
                    end_name(i % TCP_STATES));
    for (uint32_t i = 0; i < EXPLORE_PAIRS; i++)
        for (uint32_t k = 0; k < EXPLORE_PAIRS; k++)
            if (explored->pairs[i][k / 64] >> k % 64 & 1) fprintf(out, "  p%" PRIu32 " -> p%" PRIu32 ";\n", i, k);
    fputs("}\n", out);
    int reason = file_close(dot);
    return reason == 0 || output_failed(options->language, options->dot, reason);
}

// ---- What was found ------------------------------------------------------------------------------------------------

struct told {
    enum language language;
    char claim[256];
    bool faulty;
};

static void look(void *context, const struct world *world) {
    struct told *told = context;
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    if (count == 0) return;
    snprintf(told->claim, sizeof told->claim, "%s", failures[0].claim[told->language]);
    told->faulty = failures[0].faulty;
    if (told->faulty) failure_say(told->language, &failures[0]);
}

// An action takes 10 ms where it is drawn: see abstract_follow().
static void say_livelock(const struct options *options, const struct explored *explored) {
    enum { HUNDREDTHS = 100 };
    char first[24], second[24];
    uint32_t there = explored->length - explored->round;
    say_numbers(options->language, MESSAGE_EXPLORE_LIVELOCK, there, explored->round);
    if (options->quiet) return;
    snprintf(first, sizeof first, "%" PRIu32 ".%02" PRIu32 "0", there / HUNDREDTHS, there % HUNDREDTHS);
    snprintf(second, sizeof second, "%" PRIu32 ".%02" PRIu32 "0", explored->length / HUNDREDTHS,
             explored->length % HUNDREDTHS);
    putchar('\n');
    say(options->language, MESSAGE_EXPLORE_ROUND, first, second);
}

static enum status tell_found(const struct options *options, const struct subject *subject,
                              const struct explore_options *how, const struct explored *explored) {
    struct trace trace;
    struct told told = {.language = options->language};
    char error[512], length[16];
    trace_init(&trace);
    char *again = repeat_explore(options);
    bool repeats = explore_replay(subject, how, explored, &trace, again, look, &told);
    struct timeline_options style = output_look(options);
    bool drawn = options->quiet || timeline_write(&trace, &style, stdout, error, sizeof error);
    if (!drawn) fprintf(stderr, "synfin: %s\n", error);
    free(again);
    trace_free(&trace);
    snprintf(length, sizeof length, "%" PRIu32, explored->length);
    putchar('\n');
    if (explored->end == EXPLORE_FAILS) say(options->language, MESSAGE_EXPLORE_FAILS, told.claim, length);
    if (explored->end == EXPLORE_DEADLOCK) say(options->language, MESSAGE_EXPLORE_DEADLOCK, length, NULL);
    if (explored->end == EXPLORE_LIVELOCK) say_livelock(options, explored);
    putchar('\n');
    if (!repeats) message_error(options->language, MESSAGE_EXPLORE_BUG, NULL, NULL);
    if (!repeats || !drawn) return STATUS_BUG;
    return told.faulty ? STATUS_BAD_INPUT : STATUS_CLAIM_FAILS;
}

static enum message limit_message(enum explore_limit limit) {
    if (limit == LIMIT_DEPTH) return MESSAGE_LIMIT_DEPTH;
    if (limit == LIMIT_LIVELOCK) return MESSAGE_LIMIT_LIVELOCK;
    return limit == LIMIT_STATE ? MESSAGE_LIMIT_STATE : MESSAGE_LIMIT_MEMORY;
}

static enum status tell(const struct options *options, const struct subject *subject, const struct explore_options *how,
                        const struct explored *explored, struct file *dot) {
    enum language language = options->language;
    enum status status = STATUS_HOLDS;
    if (explored->end == EXPLORE_HOLDS) {
        say(language, MESSAGE_EXPLORE_HOLDS, options->operand, NULL);
        putchar('\n');
    } else if (explored->end == EXPLORE_INCOMPLETE) {
        say(language, MESSAGE_EXPLORE_INCOMPLETE, options->operand, message(language, limit_message(explored->limit)));
        putchar('\n');
        status = STATUS_INCOMPLETE;
    } else {
        status = tell_found(options, subject, how, explored);
    }
    say_bounds(language, how);
    say_coverage(language, explored);
    return write_dot(options, explored, dot) ? status : STATUS_BAD_INPUT;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// The command line's bounds, or, where it has none, the scenario's. False: the scenario can't be loaded.
static bool read_bounds(const struct options *options, struct explore_options *how) {
    struct scenario *scenario = subject_load(options, NULL, NULL);
    if (scenario == NULL) return false;
    struct scenario_bounds bounds = scenario_info(scenario)->bounds;
    const struct scenario_bounds given = {.given = true,
                                          .drop = options->drop,
                                          .duplicate = options->duplicate,
                                          .overtake = options->overtake,
                                          .fire = options->fire,
                                          .depth = options->depth,
                                          .long_silence = options->long_silence};
    bool any = given.drop + given.duplicate + given.overtake + given.fire + given.depth > 0 || given.long_silence ||
               options->no_budgets;
    *how = subject_bounds(any || !bounds.given ? &given : &bounds);
    if (options->memory > 0) how->memory = (size_t)options->memory;
    how->exact = options->exact;
    how->jobs = options->jobs;
    scenario_free(scenario);
    return true;
}

struct watch {
    enum language language;
    struct progress progress;
};

static void show_progress(void *context, const struct explored *so_far) {
    struct watch *watch = context;
    if (!progress_is_due(&watch->progress)) return;
    char states[24], transitions[24], depth[16];
    snprintf(states, sizeof states, "%" PRIu64, so_far->states);
    snprintf(transitions, sizeof transitions, "%" PRIu64, so_far->transitions);
    snprintf(depth, sizeof depth, "%" PRIu32, so_far->depth);
    message_print(stderr, watch->language, MESSAGE_EXPLORE_PROGRESS, states, transitions);
    message_print(stderr, watch->language, MESSAGE_EXPLORE_PROGRESS_DEPTH, depth, NULL);
}

static const char *explore_watched(const struct options *options, const struct subject *subject,
                                   struct explore_options *how, struct explored *explored) {
    struct watch watch = {.language = options->language, .progress = progress_begin()};
    if (watch.progress.watched) {
        how->progress = show_progress;
        how->context = &watch;
    }
    const char *wrong = explore(subject, how, explored);
    progress_end(&watch.progress);
    how->progress = NULL;
    return wrong;
}

enum status command_explore(const struct options *options) {
    struct subject_file file = {.options = options};
    const struct subject subject = subject_of(&file);
    struct explore_options how;
    struct file dot;
    if (!read_bounds(options, &how) || !open_dot(options, &dot)) return STATUS_BAD_INPUT;
    struct explored explored;
    double start = seconds();
    const char *wrong = explore_watched(options, &subject, &how, &explored);
    if (wrong != NULL) {
        subject_refused(options->language, options->operand, explored.line, wrong);
        if (dot.stream != NULL) file_discard(&dot);
        return STATUS_BAD_INPUT;
    }
    double took = seconds() - start;
    enum status status = tell(options, &subject, &how, &explored, &dot);
    output_flush();
    if (!options->quiet) say_speed(options->language, &explored, took);
    explored_free(&explored);
    return status;
}
