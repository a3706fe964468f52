// Many runs of one scenario, each with luck of its own.
#ifndef SEARCH_CHECK_H
#define SEARCH_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/host/fates.h"
#include "sim/search/tally.h"

// A scenario, as a search sees it: who makes its worlds.
struct subject {
    const char *name;  // part of every run's seed
    void *context;
    bool forks;  // its worlds can be forked; otherwise each run makes one
    // A new world, started and held (see world_hold()), recording into `trace` unless that is NULL; `command` is the
    // one that repeats the run, or NULL. It worked before, so it works again: never NULL. `*handle` is what drop()
    // wants.
    struct world *(*make)(void *context, struct trace *trace, const char *command, void **handle);
    void (*drop)(void *context, void *handle);
    // A run begins: on a fork of the world of `handle`, or on that world itself.
    void (*renew)(void *context, void *handle);
};

// A subject and the world that its runs are forked from.
struct checker {
    const struct subject *subject;
    struct world *base;  // NULL where worlds can't be forked
    void *handle;
};
void checker_open(struct checker *checker, const struct subject *subject);
void checker_close(struct checker *checker);

// How a run ended.
struct verdict {
    enum run_status status;
    uint64_t time, events, packets;
    uint64_t failed;  // digest of the first failed claim's name; 0: none failed
};

// What a run is made of: luck, or a plan.
struct schedule {
    uint64_t seed;  // of luck
    bool planned;   // else `plan` is not used
    const struct plan_entry *plan;
    uint32_t plan_count;
};

// Runs the scenario once. `log` and `coverage` (zero before) may be NULL.
struct verdict checker_run(struct checker *checker, const struct schedule *schedule, struct fate_log *log,
                           struct coverage *coverage);
// The same in a world of its own, which tells more; `look` is shown it when it has ended. `trace` may be NULL.
typedef void (*checker_look)(void *context, const struct world *world);
struct verdict checker_tell(const struct subject *subject, const struct schedule *schedule, struct trace *trace,
                            const char *command, checker_look look, void *context);
// True when the verdict's claim is among those that failed in this world.
bool verdict_same(const struct verdict *a, const struct verdict *b);

// The seed of run `number` (from 1) of the scenario: of nothing but these.
uint64_t check_seed(uint64_t root, const char *name, uint64_t number);

// Which runs are meant: `first`, `first` + `step`, ... up to `last`.
struct check_range {
    uint64_t root;
    uint64_t first, step, last;
};
uint64_t check_range_count(const struct check_range *range);

// What came of a part of a range.
struct check_part {
    uint64_t failed;  // the number of the first run that failed, in which the part ended; 0: none
    struct verdict verdict;
    struct tally tally;
};
// Runs number `from` ... `to` - 1 of the range, counted from 0. Adds to nothing: `part` is overwritten.
void checker_part(struct checker *checker, const struct check_range *range, uint64_t from, uint64_t to,
                  struct check_part *part);

#endif
