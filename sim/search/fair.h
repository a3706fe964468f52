// Of states that lead to one another: whether a fair schedule can stay among them. For livelock.c.
#ifndef SEARCH_FAIR_H
#define SEARCH_FAIR_H

#include "sim/search/livelock.h"

// The states, ascending, are all those of the search that lead to one another. If there is a fair cycle among them, it
// is what was found. False: there is not enough memory to tell.
bool fair_cycle(const struct livelock_search *search, const uint32_t *states, uint32_t count,
                struct livelock *livelock);

#endif
