// Every schedule of a scenario within budgets, breadth first: so what breaks a claim is found by a shortest way.
#ifndef SEARCH_EXPLORE_H
#define SEARCH_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/host/abstract.h"
#include "sim/host/fates.h"
#include "sim/search/check.h"

struct explored;

struct explore_options {
    struct abstract_limits limits;
    uint32_t depth;   // longest schedule, in actions; 0: any length
    size_t memory;    // bytes that what is stored of the states may take, those whose turn is still to come included
    uint32_t jobs;    // threads; 0: one. They change nothing but the time it takes
    bool exact;       // whole states are compared, not digests
    bool properties;  // every property of safety is claimed, whatever the scenario claims
    // Shown again and again how far the search has come: states, transitions and depth of `so_far`. NULL: nobody looks.
    void (*progress)(void *context, const struct explored *so_far);
    void *context;  // for progress
};

enum explore_end {
    EXPLORE_HOLDS,       // every schedule within the budgets was seen
    EXPLORE_FAILS,       // a claim fails
    EXPLORE_DEADLOCK,    // nothing can happen any more, and a program still waits
    EXPLORE_LIVELOCK,    // a fair schedule can go on for ever: see sim/search/livelock.h
    EXPLORE_INCOMPLETE,  // memory or depth ended it, or a state was too large
};
enum explore_limit {
    LIMIT_NONE,
    LIMIT_MEMORY,
    LIMIT_DEPTH,
    LIMIT_STATE,     // a state was too large
    LIMIT_LIVELOCK,  // every schedule was tried, but there was no memory to look for livelocks
};

enum {
    EXPLORE_PAIRS = TCP_STATES * TCP_STATES,  // states of both ends of a connection
    EXPLORE_PAIR_WORDS = (EXPLORE_PAIRS + 63) / 64,
};

struct explored {
    enum explore_end end;
    enum explore_limit limit;  // with EXPLORE_INCOMPLETE
    uint64_t states, transitions;
    uint64_t ends;   // states in which nothing can happen any more
    uint64_t cuts;   // states in which more would be possible if a budget were not spent
    uint32_t depth;  // of the deepest state
    size_t bytes;    // of memory, at most, for all states stored; beyond that, for those whose turn was to come:
    size_t frontier;
    struct coverage coverage;  // rules, and transitions of connections
    // Bit n of [m]: the pair of states m went to the pair n. A pair is 11 * the state at the host with the lower number
    // + the other.
    uint64_t pairs[EXPLORE_PAIRS][EXPLORE_PAIR_WORDS];
    // The schedule that leads to what was found; free() it. Until it is replayed nothing is known of what was found.
    struct action *path;
    uint32_t length;
    uint32_t round;  // of EXPLORE_LIVELOCK: so many actions at the path's end lead once around
    uint32_t line;   // of the script, when it can't be explored: what that is about, or 0
};

// Explores the subject, which must be able to fork. NULL, or why that is impossible:
// a static SENTENCE() (sim/host/world.h), and explored->line.
const char *explore(const struct subject *subject, const struct explore_options *options, struct explored *explored);
void explored_free(struct explored *explored);
// Happens to a world of the subject what the path says, recording into `trace`; shows it to `look` when it has ended.
// False: the replay came to nothing, which is a mistake of ours.
bool explore_replay(const struct subject *subject, const struct explore_options *options,
                    const struct explored *explored, struct trace *trace, const char *command,
                    void (*look)(void *context, const struct world *world), void *context);
// True when the pair was seen at either side of a transition.
bool explored_pair(const struct explored *explored, uint32_t pair);

#endif
