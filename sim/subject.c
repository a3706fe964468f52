#include "sim/subject.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/command.h"

struct scenario *subject_load(const struct options *options, struct trace *trace, const char *command) {
    const struct scenario_options how = {.seed = OPTIONS_SEED,
                                         .sets = options->set,
                                         .set_count = options->set_count,
                                         .without = options->without,
                                         .without_count = options->without_count,
                                         .profile = options->profile,
                                         .trace = trace,
                                         .command = command,
                                         .held = true,
                                         .language = (int)options->language};
    char error[SCENARIO_ERROR];
    struct scenario *scenario = scenario_load(options->operand, &how, error, sizeof error);
    if (scenario == NULL) fprintf(stderr, "synfin: %s\n", error);
    return scenario;
}

// What has loaded once loads again, unless somebody takes its file away.
static struct world *make(void *context, struct trace *trace, const char *command, void **handle) {
    const struct subject_file *file = context;
    struct scenario *scenario = subject_load(file->options, trace, command);
    if (scenario == NULL) exit(STATUS_BAD_INPUT);
    *handle = scenario;
    if (file->properties) world_claim_all_properties(scenario_world(scenario));
    return scenario_world(scenario);
}

static void drop(void *context, void *handle) {
    (void)context;
    scenario_free(handle);
}

static void renew(void *context, void *handle) {
    (void)context;
    scenario_renew(handle);
}

struct subject subject_of(struct subject_file *file) {
    return (struct subject){
        .name = file->options->operand, .context = file, .forks = true, .make = make, .drop = drop, .renew = renew};
}

struct explore_options subject_bounds(const struct scenario_bounds *bounds) {
    return (struct explore_options){
        .limits = {.budget = {(uint8_t)bounds->drop, (uint8_t)bounds->duplicate, (uint8_t)bounds->overtake,
                              (uint8_t)bounds->fire},
                   .long_silence = bounds->long_silence},
        .depth = bounds->depth,
        .memory = (size_t)1 << 30,
        .properties = true,
    };
}

void subject_refused(enum language language, const char *path, uint32_t line, const char *sentence) {
    char place[PATH_MAX + 16];
    snprintf(place, sizeof place, line == 0 ? "%s" : "%s:%" PRIu32, path, line);
    message_error(language, MESSAGE_NOT_EXPLORED, place, sentence_in(sentence, (int)language));
}

bool subject_loads(const struct options *options) {
    struct scenario *scenario = subject_load(options, NULL, NULL);
    scenario_free(scenario);
    return scenario != NULL;
}
