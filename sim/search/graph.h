// A directed graph in memory, and where it goes round: its strongly connected components.
#ifndef SEARCH_GRAPH_H
#define SEARCH_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRAPH_NONE UINT32_MAX

struct graph {
    uint32_t nodes;
    const size_t *first;  // of each node's edges in `to`; one more than there are nodes
    const uint32_t *to;
};

// Bytes of memory that graph_components() takes for a while.
size_t graph_memory(uint32_t nodes);
// By node: the number of the component in which some way leads from the node back to itself; GRAPH_NONE: there is none.
// False: memory has run out.
bool graph_components(const struct graph *graph, uint32_t *component);

#endif
