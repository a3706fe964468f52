// What many runs together have covered.
#ifndef SEARCH_TALLY_H
#define SEARCH_TALLY_H

#include <stdint.h>

#include "core/tcp.h"
#include "sim/host/fates.h"

// Sums, so that tallies of disjoint runs add up in any order. All bytes zero is of no run.
struct tally {
    uint64_t runs;
    uint64_t rules[TCP_RULES];                     // runs in which the rule decided something
    uint64_t transitions[TCP_STATES][TCP_STATES];  // runs in which it was seen; [m][m]: a step within state m
    uint64_t labels[COVERAGE_LABELS];              // runs in which it was seen
    uint64_t fates[COVERAGE_FATES];                // packets; hosts
    uint64_t cut;                                  // runs without an end, which were stopped
};

// One more run.
void tally_run(struct tally *tally, const struct coverage *coverage);
void tally_add(struct tally *to, const struct tally *from);
// Runs in which some step began or ended in the state: the largest number that its transitions say.
uint64_t tally_state(const struct tally *tally, enum tcp_state state);

// The edges of RFC 9293 figure 5 (and of 3.10.7.4, where the figure leaves them out). `*count` receives how many.
struct tally_edge {
    enum tcp_state from, to;
};
const struct tally_edge *tally_edges(uint32_t *count);

#endif
