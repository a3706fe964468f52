// Livelocks: ways round and round on which a fair schedule can stay for ever.
//
// States that all lead to one another are asked together, as many as there are. A schedule that stays among them is
// fair when nobody who could go on is passed over for ever:
// - The packet whose turn it is in its direction arrives, and so does one that was overtaken; a sleeper wakes. Whoever
//   can do so in every one of these states must do so in one of them.
// - Time passes. So a timer that is armed in every one of these states, and that may fire in one of them, must fire in
//   one of them. (One that is set anew each time round counts as one that stays armed.)
// Nothing else is owed: the network need not lose, double or overtake anything, nor need anything be repeated early.
// What is spent of a budget doesn't come back, so no cycle spends anything. A state in which only a spent budget stands
// in the way of something is neither a livelock nor a deadlock.
#ifndef SEARCH_LIVELOCK_H
#define SEARCH_LIVELOCK_H

#include "sim/search/edges.h"
#include "sim/search/expand.h"
#include "sim/search/visited.h"

struct livelock_search {
    struct visited *visited;  // all states that can be reached; none is added
    struct edges *edges;
    struct expander *expander;
    const unsigned char *root;  // the first state, saved
    size_t limit;               // bytes of memory
};

struct livelock {
    bool found;
    uint32_t state;        // where the cycle begins: the first one of its states in order of discovery
    struct action *round;  // once around
    uint32_t length;
};

// False: there is not enough memory to tell.
bool livelock_find(const struct livelock_search *search, struct livelock *livelock);
void livelock_free(struct livelock *livelock);

#endif
