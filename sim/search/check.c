#include "sim/search/check.h"

#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/luck.h"

void checker_open(struct checker *checker, const struct subject *subject) {
    *checker = (struct checker){.subject = subject};
    if (subject->forks) checker->base = subject->make(subject->context, NULL, NULL, &checker->handle);
}

void checker_close(struct checker *checker) {
    if (checker->base != NULL) checker->subject->drop(checker->subject->context, checker->handle);
    *checker = (struct checker){.subject = NULL};
}

// ---- One run --------------------------------------------------------------------------------------------------

static uint64_t digest_text(uint64_t state, const char *text) {
    for (; *text != '\0'; text++)
        state = bits_absorb(state, (unsigned char)*text);
    return bits_absorb(state, 0);
}

static struct verdict verdict_of(const struct world *world, enum run_status status) {
    struct verdict verdict = {
        .status = status, .time = world_now(world), .events = world_events(world), .packets = world_packets(world)};
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    // Its name alone: the file may be saved under another name, and claim a property that all runs are held to.
    if (count > 0) verdict.failed = digest_text(1, failures[0].claim[0]) | 1;
    return verdict;
}

static struct verdict run(struct world *world, const struct schedule *schedule) {
    if (schedule->planned)
        world_plan(world, schedule->plan, schedule->plan_count);
    else
        world_draw(world, schedule->seed, true);
    world_begin(world);
    return verdict_of(world, world_run(world));
}

struct verdict checker_run(struct checker *checker, const struct schedule *schedule, struct fate_log *log,
                           struct coverage *coverage) {
    const struct subject *subject = checker->subject;
    void *handle = checker->handle;
    struct world *world =
        checker->base != NULL ? world_fork(checker->base, NULL) : subject->make(subject->context, NULL, NULL, &handle);
    subject->renew(subject->context, handle);
    world_watch(world, log, coverage);
    struct verdict verdict = run(world, schedule);
    if (checker->base != NULL)
        world_free(world);
    else
        subject->drop(subject->context, handle);
    return verdict;
}

struct verdict checker_tell(const struct subject *subject, const struct schedule *schedule, struct trace *trace,
                            const char *command, checker_look look, void *context) {
    void *handle;
    struct world *world = subject->make(subject->context, trace, command, &handle);
    struct verdict verdict = run(world, schedule);
    if (look != NULL) look(context, world);
    subject->drop(subject->context, handle);
    return verdict;
}

bool verdict_same(const struct verdict *a, const struct verdict *b) {
    return a->status == b->status && a->failed == b->failed;
}

// ---- Many runs ------------------------------------------------------------------------------------------------

uint64_t check_seed(uint64_t root, const char *name, uint64_t number) {
    const uint32_t words[] = {(uint32_t)number, (uint32_t)(number >> 32)};
    return luck_draw(root, LUCK_RUN, digest_text(0, name), words, 2);
}

uint64_t check_range_count(const struct check_range *range) {
    return range->first > range->last ? 0 : (range->last - range->first) / range->step + 1;
}

void checker_part(struct checker *checker, const struct check_range *range, uint64_t from, uint64_t to,
                  struct check_part *part) {
    memset(part, 0, sizeof *part);
    for (uint64_t i = from; i < to; i++) {
        uint64_t number = range->first + i * range->step;
        struct coverage coverage = {.labels = 0};
        const struct schedule schedule = {.seed = check_seed(range->root, checker->subject->name, number)};
        struct verdict verdict = checker_run(checker, &schedule, NULL, &coverage);
        tally_run(&part->tally, &coverage);
        if (verdict.status == RUN_HOLDS) continue;
        part->failed = number;
        part->verdict = verdict;
        return;
    }
}
