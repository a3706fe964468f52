// States whose successors are still to be looked for, as bytes, in batches: what a job does at a time.
#ifndef SEARCH_FRONTIER_H
#define SEARCH_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRONTIER_BATCH = 32 };  // states of a batch; the last one may have fewer

// States one behind the other: number, length, bytes.
struct batch {
    uint32_t states;
    size_t length, room;
    unsigned char bytes[];
};
struct batch_head {
    uint32_t state, length;
};

struct frontier {
    struct batch **batch;
    uint32_t batches, batch_room;
    size_t bytes;  // of memory held
};

void frontier_free(struct frontier *frontier);
// Makes room for a state of `length` bytes; `most` bytes of memory may be held. False: there is none.
bool frontier_reserve(struct frontier *frontier, uint32_t length, size_t most);
// Adds a state, for which there is room.
void frontier_put(struct frontier *frontier, uint32_t state, const unsigned char *bytes, uint32_t length);
// Batch `number` isn't needed any more.
void frontier_drop(struct frontier *frontier, uint32_t number);
// The state at `*at` (0 at first), which moves behind it. NULL: there are no more.
const unsigned char *batch_next(const struct batch *batch, size_t *at, struct batch_head *head);

#endif
