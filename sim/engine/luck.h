// Luck: draws that are pure functions of what they are drawn for. No state, no order of calls.
#ifndef ENGINE_LUCK_H
#define ENGINE_LUCK_H

#include <stdbool.h>
#include <stdint.h>

// Each kind of luck has a draw of its own, so that raising one probability changes no other draw.
enum luck_kind {
    LUCK_LOSS,
    LUCK_BURST_SLOT,
    LUCK_BURST_LOSS,
    LUCK_DUPLICATE,
    LUCK_REORDER,
    LUCK_JITTER,
    LUCK_COPY_JITTER,
    LUCK_SCRIPT,  // math.random of scenarios
    LUCK_SECRET,  // a host's secret key
    // Of runs with faults:
    LUCK_SWARM,  // which kinds of fault there are
    LUCK_CRASH,
    LUCK_FAULT_LOSS,
    LUCK_FAULT_DUPLICATE,
    LUCK_FAULT_REORDER,
    LUCK_FAULT_DELAY,
    LUCK_RUN,  // the seed of one run of many
    // Of packets again: the numbers of those above are part of every draw.
    LUCK_CORRUPT,
    LUCK_FLIPS,  // which bits
    LUCK_FAULT_CORRUPT,
};

// A well mixed 64-bit number from the arguments and nothing else. `words` may be NULL when count is 0.
uint64_t luck_draw(uint64_t seed, enum luck_kind kind, uint64_t where, const uint32_t *words, uint32_t count);
// True with probability `out_of_million` / 1000000: exactly, and monotone in it for the same draw.
bool luck_hit(uint64_t draw, uint32_t out_of_million);
// Uniform in 0..limit, both included, without division.
uint64_t luck_upto(uint64_t draw, uint64_t limit);

#endif
