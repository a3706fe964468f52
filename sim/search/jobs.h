// Work that is spread over processes. What comes of it is the same for any number of them.
#ifndef SEARCH_JOBS_H
#define SEARCH_JOBS_H

#include <stddef.h>

#include "sim/search/check.h"

enum { JOBS_MOST = 256 };

// Items 0 ... count - 1, each worth a result of `size` bytes without pointers to what was allocated meanwhile.
struct jobs_items {
    uint64_t count;
    size_t size;
    void (*work)(void *context, uint64_t item, void *result);
    // In the order of the items, in this process. False: no more.
    bool (*take)(void *context, uint64_t item, const void *result);
    void *context;
};
// False: a process ended without its results, or the system has no more processes.
bool jobs_spread(const struct jobs_items *items, uint32_t jobs);

// Asked between blocks of runs; `done` of them are over. False: no more.
typedef bool (*jobs_go_on)(void *context, uint64_t done);

struct jobs_result {
    uint64_t done;  // runs, the failed one included
    bool broken;    // a process ended without its result
    struct check_part sum;
};

// Runs the range until it ends, a run fails or `go_on` says so. The first run that fails is the one with the lowest
// number, and what comes behind it doesn't count.
void jobs_run(struct checker *checker, const struct check_range *range, uint32_t jobs, jobs_go_on go_on, void *context,
              struct jobs_result *result);

#endif
