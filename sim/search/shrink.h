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
};

// `seed` is that of a run which ended with `verdict`. The caller frees the result with shrunk_free().
void shrink(struct checker *checker, uint64_t seed, const struct verdict *verdict, struct shrunk *shrunk);
void shrunk_free(struct shrunk *shrunk);

#endif
