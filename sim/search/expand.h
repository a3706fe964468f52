// What becomes of the states of a batch: they are judged, and everything that may happen next happens. An expander has
// a world of its own, so that several can work at once; what it finds depends on the batch alone.
#ifndef SEARCH_EXPAND_H
#define SEARCH_EXPAND_H

#include "sim/search/explore.h"
#include "sim/search/frontier.h"

enum { EXPAND_PAIRS = 16 };  // connections whose states are looked at

struct child {
    struct action action;
    uint32_t parent, length;
    uint64_t digest;
    size_t begin;  // of its bytes
};

// Something that was sought.
struct find {
    enum explore_end end;  // EXPLORE_HOLDS: nothing was found
    uint32_t state;        // that breaks a claim, or whose successor by `action` does
    struct action action;  // ACTION_NONE: the state itself
};

struct findings {
    // Successors, in order, up to the first find.
    struct child *child;
    uint32_t children, child_room;
    unsigned char *bytes;
    size_t length, room;
    uint64_t transitions, cuts;
    uint32_t ends;  // states in which nothing can happen any more
    bool goes_on;   // in some state something may happen
    struct coverage coverage;
    uint64_t pairs[EXPLORE_PAIRS][EXPLORE_PAIR_WORDS];
    enum explore_limit limit;
    struct find here;    // the first state of the batch that is broken itself
    struct find beyond;  // the first successor that is, unless `here` comes before it
};
void findings_free(struct findings *findings);

// A world of the subject, whose time will be abstract. See struct subject.
struct world *expand_world(const struct subject *subject, const struct explore_options *options, struct trace *trace,
                           const char *command, void **handle);

struct expander;
// Never NULL. Its world has not begun.
struct expander *expander_new(const struct subject *subject, const struct explore_options *options);
void expander_free(struct expander *expander);
struct world *expander_world(struct expander *expander);
void expander_renew(struct expander *expander);
// `judge_only`: the states are judged, and nothing happens.
void expander_run(struct expander *expander, const struct batch *batch, bool judge_only, struct findings *findings);

#endif
