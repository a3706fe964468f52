// The set of states that a search has seen: digests, how each state was reached, and in exact mode the states
// themselves.
#ifndef SEARCH_VISITED_H
#define SEARCH_VISITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/host/abstract.h"

struct visited_entry {
    uint64_t digest;  // 0: the entry is empty
    uint32_t state;
};

// How a state was reached first, which is a shortest way.
struct visited_step {
    uint32_t from;
    struct action action;
};

struct visited {
    struct visited_entry *entries;
    uint64_t mask;              // one less than the number of entries, a power of two
    uint32_t count;             // states; their numbers are 0 ... count - 1, in order of discovery
    struct visited_step *step;  // by state
    uint32_t step_room;
    // Exact mode: the states one behind the other, and where each begins.
    bool exact;
    unsigned char *bytes;
    uint64_t *begins;
    size_t length, room;
    size_t limit;  // bytes of memory that all of this may take
    bool full;     // the limit is reached, or memory has run out
};

// An empty set.
void visited_init(struct visited *visited, bool exact, size_t limit);
void visited_free(struct visited *visited);
// Asks for the cache line where the digest would stand.
void visited_soon(const struct visited *visited, uint64_t digest);
// The number of the state; `*is_new`: it was not there and is now, reached by `step`. UINT32_MAX: there is no room.
uint32_t visited_add(struct visited *visited, uint64_t digest, const unsigned char *bytes, uint32_t length,
                     struct visited_step step, bool *is_new);
// Bytes of memory held.
size_t visited_bytes(const struct visited *visited);

#endif
