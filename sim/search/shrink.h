// From a run that fails to the fewest and smallest things that have to happen for it to fail.
#ifndef SEARCH_SHRINK_H
#define SEARCH_SHRINK_H

#include "sim/search/check.h"

struct shrunk {
    bool planned;  // the plan alone fails in the same way; else luck is needed, and the plan is only what it did
    struct plan_entry *entries;
    uint64_t *times;  // when each entry's packet was first sent, or the host crashed
    uint32_t count;
    uint32_t before;  // how many entries there were
    uint64_t runs;    // that were tried
    bool cut;         // it took too many events: there may be a smaller plan
};

// Told of now and then: how many runs were tried so far, and how many entries are left.
typedef void (*shrink_watch)(void *context, uint64_t runs, uint32_t count);

// `seed` is that of a run which ended with `verdict`. The same run is shrunk to the same plan everywhere: what bounds
// the effort is events, not time. The caller frees the result with shrunk_free(). `watch` may be NULL.
void shrink(struct checker *checker, uint64_t seed, const struct verdict *verdict, struct shrunk *shrunk,
            shrink_watch watch, void *context);
void shrunk_free(struct shrunk *shrunk);

#endif
