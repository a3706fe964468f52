// Which state leads to which: kept small, to find states from which no schedule comes to an end.
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
    uint32_t *ends;  // states that are ends
    uint32_t end_count, end_room;
    size_t limit;
    bool full;  // not all edges are there: nothing can be said
};

void edges_init(struct edges *edges, size_t limit);
void edges_free(struct edges *edges);
// `from` never goes down, and skips only states without edges.
void edges_add(struct edges *edges, uint32_t from, uint32_t to);
// Nothing can happen in the state.
void edges_end(struct edges *edges, uint32_t state);
// Of `states` states the first from which no end can be reached; UINT32_MAX: there is none, or that isn't known.
uint32_t edges_endless(struct edges *edges, uint32_t states);
size_t edges_bytes(const struct edges *edges);

#endif
