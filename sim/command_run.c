#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/failure.h"
#include "sim/output.h"
#include "sim/pictures.h"
#include "sim/repeat.h"
#include "sim/script/scenario.h"
#include "sim/view/timeline.h"

// ---- What failed ---------------------------------------------------------------------------------------------------

// True when what is printed on stdout and on stderr is read in one place: a terminal, or 2>&1.
static bool one_place(void) {
    struct stat out, err;
    if (fstat(STDOUT_FILENO, &out) != 0 || fstat(STDERR_FILENO, &err) != 0) return false;
    return out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

// The timeline ends with the same, and is enough where both can be read.
static void say_failures(enum language language, const struct world *world, const char *again, bool timeline_shown) {
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    if (count == 0 || (timeline_shown && one_place())) return;
    output_flush();
    for (uint32_t i = 0; i < count; i++)
        failure_say(language, &failures[i]);
    failure_say_part(language, MESSAGE_AGAIN, again);
}

// ---- The run -------------------------------------------------------------------------------------------------------

static enum status status_of(enum run_status end) {
    switch (end) {
    case RUN_HOLDS: return STATUS_HOLDS;
    case RUN_CLAIM_FAILS: return STATUS_CLAIM_FAILS;
    case RUN_BAD_INPUT: return STATUS_BAD_INPUT;
    case RUN_RUNNING: break;
    }
    return STATUS_BUG;
}

static bool wants_timeline(const struct options *options) {
    return !options->quiet && pictures_on_stdout(options) == 0;
}

// Prints what was asked for. False: our own trace makes no sense to our own view.
static bool show(const struct options *options, const struct trace *trace) {
    if (options->digest) {
        printf("%016" PRIx64 "\n", trace_digest(trace));
        return true;
    }
    if (!wants_timeline(options)) return true;
    char error[512];
    struct timeline_options look = output_look(options);
    if (timeline_write(trace, &look, stdout, error, sizeof error)) return true;
    fprintf(stderr, "synfin: %s\n", error);
    return false;
}

static bool write_trace(const struct options *options, const struct trace *trace) {
    if (options->trace == NULL) return true;
    int reason = trace_write(trace, options->trace);
    return reason == 0 || output_failed(options->language, options->trace, reason);
}

// Says what is wrong with the scenario, and returns NULL then.
static struct scenario *load(const struct options *options, struct trace *trace, const char *again) {
    struct scenario_options how = {.seed = options->seed,
                                   .sets = options->set,
                                   .set_count = options->set_count,
                                   .without = options->without,
                                   .without_count = options->without_count,
                                   .profile = options->profile,
                                   .trace = trace,
                                   .command = again,
                                   .language = (int)options->language};
    char error[SCENARIO_ERROR];
    struct scenario *scenario = scenario_load(options->operand, &how, error, sizeof error);
    if (scenario == NULL) fprintf(stderr, "synfin: %s\n", error);
    return scenario;
}

// The run to hold it against: with the rules that --without takes away. False: it has no run, and why has been said.
static bool run_every_rule(const struct options *options, struct trace *trace) {
    struct options every = *options;
    every.without_count = 0;
    char *again = repeat_command(&every);
    struct scenario *scenario = load(&every, trace, again);
    if (scenario != NULL) world_run(scenario_world(scenario));
    bool good = scenario != NULL;
    scenario_free(scenario);
    free(again);
    return good;
}

static bool write_pictures(const struct options *options, const struct trace *trace) {
    if (!options->both) return pictures_write(options, trace, NULL);
    struct trace every;
    trace_init(&every);
    bool good = run_every_rule(options, &every) && pictures_write(options, trace, &every);
    trace_free(&every);
    return good;
}

static enum status run(const struct options *options, struct trace *trace, const char *again) {
    struct scenario *scenario = load(options, trace, again);
    if (scenario == NULL) return STATUS_BAD_INPUT;
    struct world *world = scenario_world(scenario);
    enum status status = status_of(world_run(world));
    if (!show(options, trace)) status = STATUS_BUG;
    say_failures(options->language, world, again, wants_timeline(options));
    if (!write_trace(options, trace)) status = STATUS_BAD_INPUT;
    if (!write_pictures(options, trace)) status = STATUS_BAD_INPUT;
    scenario_free(scenario);
    return status;
}

enum status command_run(const struct options *options) {
    if (!pictures_possible(options)) return STATUS_BAD_INPUT;
    struct trace trace;
    trace_init(&trace);
    char *again = repeat_command(options);
    enum status status = run(options, &trace, again);
    free(again);
    trace_free(&trace);
    return status;
}
