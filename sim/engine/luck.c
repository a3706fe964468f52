#include "sim/engine/luck.h"

#include "sim/engine/bits.h"
#include "sim/engine/engine.h"

uint64_t luck_draw(uint64_t seed, enum luck_kind kind, uint64_t where, const uint32_t *words, uint32_t count) {
    uint64_t state = bits_absorb(seed, (uint64_t)kind << 32 | count);
    state = bits_absorb(state, where);
    for (uint32_t i = 0; i < count; i += 2) {
        uint64_t pair = words[i];
        if (i + 1 < count) pair |= (uint64_t)words[i + 1] << 32;
        state = bits_absorb(state, pair);
    }
    return state;
}

bool luck_hit(uint64_t draw, uint32_t out_of_million) {
    // The upper half of the draw, as a number from 0 to 999999.
    return (draw >> 32) * ENGINE_MILLION >> 32 < out_of_million;
}

uint64_t luck_upto(uint64_t draw, uint64_t limit) {
    if (limit == UINT64_MAX) return draw;
    // The upper 64 bits of draw * range, from four products of halves.
    uint64_t range = limit + 1;
    uint64_t draw_low = draw & UINT32_MAX, draw_high = draw >> 32;
    uint64_t range_low = range & UINT32_MAX, range_high = range >> 32;
    uint64_t low = draw_low * range_low;
    uint64_t middle = draw_high * range_low + (low >> 32);  // at most 2^64 - 2^32
    uint64_t other = draw_low * range_high + (middle & UINT32_MAX);
    return draw_high * range_high + (middle >> 32) + (other >> 32);
}
