#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command.h"
#include "sim/engine/bits.h"
#include "sim/engine/file.h"
#include "sim/engine/memory.h"
#include "sim/failure.h"
#include "sim/output.h"
#include "sim/progress.h"
#include "sim/repeat.h"
#include "sim/save.h"
#include "sim/search/jobs.h"
#include "sim/search/plan.h"
#include "sim/search/report.h"
#include "sim/search/shrink.h"
#include "sim/subject.h"
#include "sim/summary.h"

enum {
    RUNS = 10000,     // unless --runs or --time says otherwise
    FATES_TOLD = 40,  // of what has to go wrong
};

static const uint64_t endless = UINT64_C(1) << 60;  // runs, where time alone ends them

// ---- The clock -----------------------------------------------------------------------------------------------------

// The one place where a clock of this world decides anything: whether there are more runs.
struct watch {
    const struct options *options;
    uint64_t began;  // milliseconds
    struct progress progress;
    bool over;  // --time has passed
};

static void show_progress(struct watch *watch, enum message what, uint64_t first, uint64_t second) {
    if (!progress_is_due(&watch->progress)) return;
    char one[32], two[32];
    snprintf(one, sizeof one, "%" PRIu64, first);
    snprintf(two, sizeof two, "%" PRIu64, second);
    message_print(stderr, watch->options->language, what, one, two);
}

static bool go_on(void *context, uint64_t done) {
    struct watch *watch = context;
    show_progress(watch, MESSAGE_PROGRESS, done, 0);
    uint64_t limit = watch->options->time;
    if (limit > 0 && progress_clock() - watch->began >= limit) watch->over = true;
    return !watch->over;
}

// ---- A run that fails ----------------------------------------------------------------------------------------------

struct failing {
    const struct options *options;
    struct watch *watch;
    const struct subject *subject;
    uint64_t run, seed;
    struct verdict verdict;
    struct shrunk shrunk;
    char *again;  // the command that repeats it
    struct report *report;
    bool faulty;  // a claim or function of the script is to blame
    enum status status;
    char *saved;
};

static void note_claim(void *context, const struct world *world) {
    struct failing *failing = context;
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    assert(count > 0);
    for (int i = 0; i < TCP_LANGUAGES; i++)
        report_words(failing->report->claim[i], failures[0].claim[i]);
    for (uint32_t i = 0; i < count && failing->faulty; i++)
        if (failures[i].faulty) failure_say(failing->options->language, &failures[i]);
}

// Once more, from the file on. False: it ended otherwise.
static bool repeats(struct failing *failing) {
    const struct schedule schedule = {.seed = failing->seed};
    failing->faulty = failing->verdict.status == RUN_BAD_INPUT;
    struct verdict again = checker_tell(failing->subject, &schedule, NULL, NULL,
                                        failing->verdict.failed != 0 ? note_claim : NULL, failing);
    const struct verdict *before = &failing->verdict;
    return verdict_same(&again, before) && again.time == before->time && again.events == before->events &&
           again.packets == before->packets;
}

static void write_saved(void *context, const struct world *world) {
    struct failing *failing = context;
    const struct options *options = failing->options;
    char *path = save_path(options, failing->run);
    int reason = save_write(options, &failing->shrunk, world, path);
    if (reason == 0) {
        failing->saved = path;
        return;
    }
    message_error(options->language, MESSAGE_CANNOT_WRITE, path, strerror(reason));
    failing->status = STATUS_BAD_INPUT;
    free(path);
}

// What was saved must fail as the run did, or it is worth nothing.
static void try_saved(struct failing *failing) {
    struct options saved = *failing->options;
    saved.operand = failing->saved;
    saved.set_count = saved.without_count = 0;
    struct subject subject = *failing->subject;
    struct subject_file saved_file = {.options = &saved, .properties = true};
    subject.context = &saved_file;
    const struct schedule schedule = {.seed = OPTIONS_SEED};
    struct verdict verdict = checker_tell(&subject, &schedule, NULL, NULL, NULL, NULL);
    if (verdict_same(&verdict, &failing->verdict)) return;
    message_error(failing->options->language, MESSAGE_NOT_SAVED, failing->options->save, NULL);
    remove(failing->saved);
    free(failing->saved);
    failing->saved = NULL;
    failing->status = STATUS_BUG;
}

static struct schedule shrunk_schedule(const struct failing *failing) {
    const struct shrunk *shrunk = &failing->shrunk;
    return (struct schedule){
        .seed = failing->seed, .planned = shrunk->planned, .plan = shrunk->entries, .plan_count = shrunk->count};
}

static void save(struct failing *failing) {
    if (failing->options->save == NULL || !failing->shrunk.planned) return;
    struct schedule schedule = shrunk_schedule(failing);
    checker_tell(failing->subject, &schedule, NULL, NULL, write_saved, failing);
    if (failing->saved != NULL) try_saved(failing);
}

static void say_entry(const struct failing *failing, const struct plan_entry *entry, uint64_t when,
                      const struct world *world, FILE *out) {
    enum language language = failing->options->language;
    char time[48], length[48], packet[200], key[PLAN_KEY];
    failure_time(when, time, sizeof time);
    fputs("  ", out);
    if (entry->kind == PLAN_CRASH) {
        message_print(out, language, MESSAGE_FATE_CRASH, world_host_name(world, entry->from), time);
        failure_time(entry->boots, time, sizeof time);
        message_print(out, language, MESSAGE_FATE_BOOTS, time, NULL);
    } else {
        const struct fate_order *order = &entry->order;
        plan_key(&entry->key, key);
        key[strcspn(key + 9, " ") + 9] = '\0';  // the flags stand behind eight digits and a space
        snprintf(packet, sizeof packet, "%s, %s -> %s, %s", time, world_host_name(world, entry->from),
                 world_host_name(world, entry->to), key + 9);
        failure_time(order->duplicates > 0 ? order->spacing : order->hold, length, sizeof length);
        enum message what = order->drop             ? MESSAGE_FATE_LOST
                            : order->duplicates > 0 ? MESSAGE_FATE_DOUBLED
                                                    : MESSAGE_FATE_HELD;
        bool flips = order->flips > 0, other = order->drop || order->duplicates > 0 || order->hold > 0;
        if (other || !flips) message_print(out, language, what, packet, length);
        if (other && flips) fputs("\n  ", out);
        snprintf(length, sizeof length, "%u", (unsigned)order->flips);
        if (flips) message_print(out, language, MESSAGE_FATE_FLIPPED, packet, length);
    }
    fputc('\n', out);
}

static void say_line(enum language language, enum message what, const char *first) {
    message_print(stdout, language, what, first, NULL);
    fputc('\n', stdout);
}

static void say_fates(void *context, const struct world *world) {
    const struct failing *failing = context;
    const struct shrunk *shrunk = &failing->shrunk;
    enum language language = failing->options->language;
    char count[24], before[24];
    snprintf(count, sizeof count, "%" PRIu32, shrunk->count);
    snprintf(before, sizeof before, "%" PRIu32, shrunk->before);
    enum message how = !shrunk->planned     ? MESSAGE_CHECK_LUCKY
                       : shrunk->count == 0 ? MESSAGE_CHECK_NO_FATES
                                            : MESSAGE_CHECK_FATES;
    message_print(stdout, language, how, count, before);
    fputc('\n', stdout);
    for (uint32_t i = 0; shrunk->planned && i < shrunk->count && i < FATES_TOLD; i++)
        say_entry(failing, &shrunk->entries[i], shrunk->times[i], world, stdout);
    snprintf(count, sizeof count, "%" PRIu32, shrunk->count - FATES_TOLD);
    if (shrunk->planned && shrunk->count > FATES_TOLD) say_line(language, MESSAGE_CHECK_MORE_FATES, count);
    snprintf(count, sizeof count, "%" PRIu64, shrunk->runs);
    if (shrunk->cut) say_line(language, MESSAGE_CHECK_SHRINKING_CUT, count);
}

static void print_timeline(struct failing *failing) {
    struct trace trace;
    char error[512];
    trace_init(&trace);
    struct schedule schedule = shrunk_schedule(failing);
    checker_tell(failing->subject, &schedule, &trace, failing->again, NULL, NULL);
    struct timeline_options look = output_look(failing->options);
    if (!timeline_write(&trace, &look, stdout, error, sizeof error)) {
        fprintf(stderr, "synfin: %s\n", error);
        failing->status = STATUS_BUG;
    }
    fputc('\n', stdout);
    trace_free(&trace);
}

static void show_shrinking(void *context, uint64_t runs, uint32_t count) {
    show_progress(context, MESSAGE_SHRINKING, runs, count);
}

static void examine(struct checker *checker, struct failing *failing) {
    const struct options *options = failing->options;
    char number[32];
    snprintf(number, sizeof number, "%" PRIu64, failing->run);
    if (!repeats(failing)) {
        message_error(options->language, MESSAGE_NOT_REPEATED, number, NULL);
        failing->status = STATUS_BUG;
        return;
    }
    failing->status = failing->faulty ? STATUS_BAD_INPUT : STATUS_CLAIM_FAILS;
    if (failing->faulty) return;
    shrink(checker, failing->seed, &failing->verdict, &failing->shrunk, show_shrinking, failing->watch);
    progress_end(&failing->watch->progress);
    save(failing);
    failing->again = failing->saved != NULL ? repeat_saved(failing->saved) : repeat_check(options, failing->run);
    if (options->tap) return;
    print_timeline(failing);
    summary_print(stdout, options->language, failing->report, 0);
    struct schedule schedule = shrunk_schedule(failing);
    checker_tell(failing->subject, &schedule, NULL, NULL, say_fates, failing);
    if (failing->saved == NULL) return;
    message_print(stdout, options->language, MESSAGE_CHECK_SAVED, failing->saved, NULL);
    fputc('\n', stdout);
}

// ---- The report ----------------------------------------------------------------------------------------------------

// Of the scenario's text, and of what the command line changes in it. 0: it can't be read.
static uint64_t digest_of(const struct options *options) {
    uint64_t state = 1;
    FILE *in = fopen(options->operand, "rb");
    if (in == NULL) return 0;
    int byte;
    while ((byte = getc(in)) != EOF)
        state = bits_absorb(state, (uint64_t)byte);
    fclose(in);
    for (const char *at = options->profile; at != NULL && *at != '\0'; at++)
        state = bits_absorb(state, (uint64_t)258 + (unsigned char)*at);
    for (uint32_t i = 0; i < options->set_count + options->without_count; i++) {
        const char *at = i < options->set_count ? options->set[i] : options->without[i - options->set_count];
        state = bits_absorb(state, i < options->set_count ? 256 : 257);
        for (; *at != '\0'; at++)
            state = bits_absorb(state, (unsigned char)*at);
    }
    return state;
}

static void describe(struct report *report, const struct options *options, const char *name,
                     const struct world *world) {
    char *command = repeat_check(options, 0);
    report_words(report->version, SYNFIN_VERSION);
    report_words(report->scenario, name);
    snprintf(report->command, sizeof report->command, "%s", command);
    free(command);
    report->digest = digest_of(options);
    report->seed = options->seed;
    report->shard = options->shard == 0 ? 1 : options->shard;
    report->shards = options->shard == 0 ? 1 : options->shards;
    report->runs = options->runs > 0 ? options->runs : options->time > 0 ? 0 : RUNS;
    if (!world_has_luck(world)) report->runs = 1;
    report->label_count = world_labels(world);
    for (uint32_t i = 0; i < report->label_count; i++)
        for (int k = 0; k < TCP_LANGUAGES; k++)
            report_words(report->labels[i][k], world_label(world, i, k));
}

// Opens it at once, so that a check doesn't run for hours in vain. False: it can't be.
static bool open_report(const struct options *options, struct file *file) {
    file->stream = NULL;
    int reason = options->report == NULL ? 0 : file_open(file, options->report);
    return reason == 0 || output_failed(options->language, options->report, reason);
}

static bool close_report(const struct options *options, const struct report *report, struct file *file) {
    if (file->stream == NULL) return true;
    report_write(report, file->stream);
    int reason = file_close(file);
    return reason == 0 || output_failed(options->language, options->report, reason);
}

// ---- Test Anything Protocol ------------------------------------------------------------------------------------

// A line of a point: its number, and what it is about.
static void tap_point(bool ok, uint32_t number, const char *name) {
    char shown[REPORT_WORDS];
    report_words(shown, name);
    printf("%s %" PRIu32 " - %s\n", ok ? "ok" : "not ok", number, shown);
}

static void tap_comment(enum language language, enum message which, const char *value) {
    fputs("# ", stdout);
    message_print(stdout, language, which, value, NULL);
    putchar('\n');
}

// The claims' points; how many. `*found` becomes true at the one that failed.
static uint32_t tap_claims(const struct report *report, enum language language, const struct world *world,
                           bool *found) {
    uint32_t points = 0;
    for (uint32_t i = 0; i < world_claims(world); i++) {
        const struct claim *claim = world_claim_at(world, i);
        if (claim->when == CLAIM_COVERS) continue;
        char name[REPORT_WORDS];
        report_words(name, claim->name[0]);
        bool failed = !*found && strcmp(name, report->claim[0]) == 0;
        *found = *found || failed;
        tap_point(!failed, ++points, claim->name[language] != NULL ? claim->name[language] : claim->name[0]);
    }
    return points;
}

static void print_tap(const struct report *report, enum status status, enum language language,
                      const struct world *world, const char *again) {
    bool found = report->failed == 0;
    char runs[24];
    printf("TAP version 13\n");
    if (report->done == 0 && status == STATUS_HOLDS) {  // a shard without runs
        snprintf(runs, sizeof runs, "%" PRIu64, report->runs);
        fputs("1..0 # SKIP ", stdout);
        message_print(stdout, language, MESSAGE_CHECK_EMPTY, runs, report->scenario);
        putchar('\n');
        return;
    }
    uint32_t points = report->done == 0 ? 0 : tap_claims(report, language, world, &found);
    if (report->done > 0)
        tap_point(found, ++points, found ? message(language, MESSAGE_TAP_END) : report->claim[language]);
    snprintf(runs, sizeof runs, "%" PRIu64, report->done);
    printf("1..%" PRIu32 "\n", points);
    tap_comment(language, MESSAGE_PROGRESS, runs);
    if (report->failed > 0) tap_comment(language, MESSAGE_AGAIN, again);
    if (status == STATUS_INCOMPLETE) printf("Bail out! %s\n", message(language, MESSAGE_TAP_INCOMPLETE));
}

// ---- The command ---------------------------------------------------------------------------------------------------

static const char *name_of(const char *path, char *name, size_t size) {
    const char *slash = strrchr(path, '/');
    snprintf(name, size, "%s", slash == NULL ? path : slash + 1);
    char *dot = strrchr(name, '.');
    if (dot != NULL && dot != name) *dot = '\0';
    return name;
}

static struct check_range range_of(const struct options *options, const struct report *report) {
    uint64_t last = report->runs == 0 ? endless : report->runs;
    struct check_range range = {options->seed, report->shard, report->shards, last};
    if (options->run > 0) range = (struct check_range){options->seed, options->run, 1, options->run};
    return range;
}

// Runs, and says what came of it.
static enum status check(const struct options *options, const struct subject *subject, const struct world *world,
                         struct report *report) {
    struct checker checker;
    struct jobs_result result;
    struct watch watch = {.options = options, .began = progress_clock(), .progress = progress_begin()};
    const struct check_range range = range_of(options, report);
    output_flush();
    checker_open(&checker, subject);
    jobs_run(&checker, &range, options->jobs == 0 ? 1 : options->jobs, go_on, &watch, &result);
    progress_end(&watch.progress);
    report->done = result.done;
    report->failed = result.sum.failed;
    report->tally = result.sum.tally;
    if (options->run > 0) report->runs = result.done;
    struct failing failing = {.options = options,
                              .watch = &watch,
                              .subject = subject,
                              .run = report->failed,
                              .seed = check_seed(options->seed, subject->name, report->failed),
                              .verdict = result.sum.verdict,
                              .report = report};
    if (result.broken) {
        message_error(options->language, MESSAGE_JOB_LOST, NULL, NULL);
        failing.status = STATUS_BUG;
    } else if (report->failed > 0) {
        examine(&checker, &failing);
    } else {
        failing.status = summary_status(report, 0);
        if (!options->tap) summary_print(stdout, options->language, report, 0);
    }
    if (options->tap && failing.status != STATUS_BUG && failing.status != STATUS_BAD_INPUT)
        print_tap(report, failing.status, options->language, world, failing.again);
    free(failing.again);
    free(failing.saved);
    shrunk_free(&failing.shrunk);
    checker_close(&checker);
    return failing.status;
}

// What can be refused before anything is run. False: it is, and that has been said.
static bool acceptable(const struct options *options, const struct world *world) {
    bool luck = world_has_luck(world);
    const struct plan_entry *entries;
    uint32_t count;
    bool planned = world_planned(world, &entries, &count);
    const char *refused = options->save == NULL ? NULL : save_refused(options->save);
    if (options->run > 0 && (options->runs > 0 || options->time > 0 || options->shard > 0))
        message_error(options->language, MESSAGE_RUN_ALONE, NULL, NULL);
    else if (refused != NULL)
        message_error(options->language, MESSAGE_CANNOT_WRITE, options->save, refused);
    else if (options->save != NULL && planned)
        message_error(options->language, MESSAGE_SAVED_ALREADY, options->operand, NULL);
    else if (!luck && !planned)
        message_error(options->language, MESSAGE_NO_LUCK, options->operand, NULL);
    else
        return true;
    return false;
}

enum status command_check(const struct options *options) {
    char name[256];
    struct subject_file scenario_file = {.options = options, .properties = true};
    struct scenario *scenario = subject_load(options, NULL, NULL);
    if (scenario == NULL) return STATUS_BAD_INPUT;
    const struct world *world = scenario_world(scenario);
    struct subject subject = subject_of(&scenario_file);
    subject.name = name_of(options->operand, name, sizeof name);
    subject.forks = !scenario_info(scenario)->has_functions;
    enum status status = STATUS_BAD_INPUT;
    struct file file;
    struct report *report = memory_allocate(sizeof *report);
    if (acceptable(options, world) && open_report(options, &file)) {
        describe(report, options, name, world);
        status = check(options, &subject, world, report);
        if (!close_report(options, report, &file)) status = STATUS_BAD_INPUT;
    }
    free(report);
    scenario_free(scenario);
    return status;
}
