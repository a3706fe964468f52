// Which state leads to which: kept small, to find the states from which a schedule can go on for ever.
#ifndef SEARCH_EDGES_H
#define SEARCH_EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EDGES_BLOCK = 1024 };  // states of a block

struct edges {
    unsigned char *bytes;  // by state: a number of edges, then each as the distance to where it leads
    size_t length, room;
    size_t *begins;  // of each block of states in `bytes`
    uint32_t blocks, block_room;
    uint32_t state;  // whose edges are being added
    uint32_t *list;  // where they lead
    uint32_t count, list_room;
    size_t limit;  // bytes of memory that all of this may take
    bool full;     // not all edges are there: nothing can be said
};

void edges_init(struct edges *edges, size_t limit);
void edges_free(struct edges *edges);
// `from` never goes down, and skips only states without edges.
void edges_add(struct edges *edges, uint32_t from, uint32_t to);
// All edges of `states` states are there. False: they aren't, for want of memory.
bool edges_close(struct edges *edges, uint32_t states);
size_t edges_bytes(const struct edges *edges);

// Behind edges_close(). `endless`, by state: 1 where some way goes on for ever, else 0.
void edges_endless(const struct edges *edges, uint32_t states, unsigned char *endless);
// Shows each edge of each state for which `of` is not 0, in order.
void edges_each(const struct edges *edges, uint32_t states, const unsigned char *of,
                void (*show)(void *context, uint32_t from, uint32_t to), void *context);

#endif
