#include "sim/summary.h"

#include <inttypes.h>
#include <string.h>

#include "sim/never.h"

static void say(FILE *out, enum language language, enum message which) {
    message_print(out, language, which, NULL, NULL);
    fputc('\n', out);
}

// The runs that there should be.
static uint64_t wanted(const struct report *report, uint32_t added) {
    return added == 0 ? report_share(report) : report->runs;
}

enum status summary_status(const struct report *report, uint32_t added) {
    if (report->failed > 0) return STATUS_CLAIM_FAILS;
    bool enough = report->runs == 0 ? report->done > 0 : report->done == wanted(report, added);
    bool all = added == 0 || added == report->shards;
    return enough && all ? STATUS_HOLDS : STATUS_INCOMPLETE;
}

// ---- Lists ---------------------------------------------------------------------------------------------------------

static void count_line(FILE *out, uint64_t count, const char *name) {
    fprintf(out, "  %10" PRIu64 "  ", count);
    for (; *name != '\0'; name++)
        fputc((unsigned char)*name < ' ' || *name == 0x7f ? '?' : *name, out);
    fputc('\n', out);
}

static void print_fates(FILE *out, enum language language, const struct tally *tally) {
    static const enum message names[COVERAGE_FATES] = {
        [COVERED_SENT] = MESSAGE_FATES_SENT,
        [COVERED_LOST] = MESSAGE_FATES_LOST,
        [COVERED_DUPLICATED] = MESSAGE_FATES_DUPLICATED,
        [COVERED_LATE] = MESSAGE_FATES_LATE,
        [COVERED_CRASHED] = MESSAGE_FATES_CRASHED,
        [COVERED_CORRUPTED] = MESSAGE_FATES_CORRUPTED,
    };
    say(out, language, MESSAGE_COVERED_FATES);
    for (int i = 0; i < COVERAGE_FATES; i++)
        if (tally->fates[i] > 0) count_line(out, tally->fates[i], message(language, names[i]));
    struct never never = {out, language, 0};
    for (int i = 0; i < COVERAGE_FATES; i++)
        if (tally->fates[i] == 0) never_add(&never, message(language, names[i]));
    never_end(&never);
}

static void print_states(FILE *out, enum language language, const struct tally *tally) {
    struct never never = {out, language, 0};
    say(out, language, MESSAGE_COVERED_STATES);
    for (int i = 0; i < TCP_STATES; i++) {
        uint64_t count = tally_state(tally, (enum tcp_state)i);
        if (count > 0) count_line(out, count, tcp_state_name((enum tcp_state)i));
    }
    for (int i = 0; i < TCP_STATES; i++)
        if (tally_state(tally, (enum tcp_state)i) == 0) never_add(&never, tcp_state_name((enum tcp_state)i));
    never_end(&never);
}

static void print_transitions(FILE *out, enum language language, const struct tally *tally) {
    char name[64];
    uint32_t count;
    const struct tally_edge *edges = tally_edges(&count);
    struct never never = {out, language, 0};
    say(out, language, MESSAGE_COVERED_TRANSITIONS);
    for (int i = 0; i < TCP_STATES; i++)
        for (int k = 0; k < TCP_STATES; k++)
            if (i != k && tally->transitions[i][k] > 0)
                count_line(out, tally->transitions[i][k], never_edge_name((enum tcp_state)i, (enum tcp_state)k, name));
    for (uint32_t i = 0; i < count; i++)
        if (tally->transitions[edges[i].from][edges[i].to] == 0)
            never_add(&never, never_edge_name(edges[i].from, edges[i].to, name));
    never_end(&never);
}

static void print_rules(FILE *out, enum language language, const struct tally *tally) {
    struct never never = {out, language, 0};
    say(out, language, MESSAGE_COVERED_RULES);
    for (int i = TCP_RULE_NONE + 1; i < TCP_RULES; i++)
        if (tally->rules[i] > 0) count_line(out, tally->rules[i], tcp_rule_info((enum tcp_rule)i)->name);
    for (int i = TCP_RULE_NONE + 1; i < TCP_RULES; i++)
        if (tally->rules[i] == 0) never_add(&never, tcp_rule_info((enum tcp_rule)i)->name);
    never_end(&never);
}

static void print_labels(FILE *out, enum language language, const struct report *report) {
    struct never never = {out, language, 0};
    if (report->label_count == 0) return;
    say(out, language, MESSAGE_COVERED_LABELS);
    for (uint32_t i = 0; i < report->label_count; i++)
        if (report->tally.labels[i] > 0) count_line(out, report->tally.labels[i], report->labels[i][language]);
    for (uint32_t i = 0; i < report->label_count; i++)
        if (report->tally.labels[i] == 0) never_add(&never, report->labels[i][language]);
    never_end(&never);
}

// ---- All of it -----------------------------------------------------------------------------------------------------

static void print_failure(FILE *out, enum language language, const struct report *report) {
    char number[32];
    snprintf(number, sizeof number, "%" PRIu64, report->failed);
    message_print(out, language, MESSAGE_CHECK_FAILED, number, report->claim[language]);
    fputc('\n', out);
}

// Of runs that all hold, if there are any.
static void print_outcome(FILE *out, enum language language, const struct report *report, uint32_t added) {
    char count[80];
    bool holds = summary_status(report, added) == STATUS_HOLDS;
    enum message which = holds ? MESSAGE_CHECK_PASSED : MESSAGE_CHECK_INCOMPLETE;
    if (report->done == 0) which = holds ? MESSAGE_CHECK_EMPTY : MESSAGE_CHECK_NONE;
    if (which == MESSAGE_CHECK_EMPTY)
        snprintf(count, sizeof count, "%" PRIu64, report->runs);
    else if (holds || report->runs == 0)
        snprintf(count, sizeof count, "%" PRIu64, report->done);
    else
        snprintf(count, sizeof count, "%" PRIu64 " / %" PRIu64, report->done, wanted(report, added));
    message_print(out, language, which, count, report->scenario);
    fputc('\n', out);
}

void summary_print(FILE *out, enum language language, const struct report *report, uint32_t added) {
    if (report->failed > 0) {
        print_failure(out, language, report);
        return;
    }
    char count[80];
    print_outcome(out, language, report, added);
    if (report->shards > 1 && added < report->shards) {
        snprintf(count, sizeof count, added == 0 ? "%" PRIu32 "/%" PRIu32 : "%" PRIu32 " of %" PRIu32,
                 added == 0 ? report->shard : added, report->shards);
        message_print(out, language, added == 0 ? MESSAGE_CHECK_SHARD : MESSAGE_CHECK_SHARDS, count, NULL);
        fputc('\n', out);
    }
    if (report->done == 0) return;
    snprintf(count, sizeof count, "%" PRIu64, report->tally.cut);
    if (report->tally.cut > 0) message_print(out, language, MESSAGE_CHECK_CUT, count, NULL);
    if (report->tally.cut > 0) fputc('\n', out);
    print_fates(out, language, &report->tally);
    print_states(out, language, &report->tally);
    print_transitions(out, language, &report->tally);
    print_rules(out, language, &report->tally);
    print_labels(out, language, report);
}
