// States that lead to one another, made anew one after the other: who does what on the edges among them, and who could.
#ifndef SEARCH_REGION_H
#define SEARCH_REGION_H

#include "sim/search/graph.h"
#include "sim/search/livelock.h"

// One that could go on in a state, or whose timer is armed there.
struct turn {
    uint64_t who;
    bool may;  // false: the timer is armed, but may not fire
};

struct region {
    uint32_t count;
    uint32_t *state;        // by node, in the order in which they were reached from the first one
    struct graph graph;     // node to node, in arrays of the region's
    struct action *action;  // by edge
    uint64_t *who;          // by edge: whose turn it was; 0: nobody's
    struct turn *turn;      // of node n: from turns[n] to turns[n + 1]
    size_t *turns;
    // For the making
    size_t *first;
    uint32_t *to;
    size_t edge_room, turn_room;
};

// The states, ascending, are one strongly connected component. False: there is not enough memory.
bool region_make(struct region *region, const struct livelock_search *search, const uint32_t *states, uint32_t count);
void region_free(struct region *region);

#endif
