// Sequence number arithmetic, modulo 2^32 (RFC 9293 section 3.4). Nothing else in the program compares
// sequence numbers; everything that does includes this header.
#ifndef CORE_SEQ_H
#define CORE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

// a < b, that is: b is ahead of a by less than 2^31.
static inline bool seq_lt(uint32_t a, uint32_t b) {
    return a != b && (uint32_t)(b - a) < UINT32_C(0x80000000);
}

// a =< b.
static inline bool seq_le(uint32_t a, uint32_t b) {
    return (uint32_t)(b - a) < UINT32_C(0x80000000);
}

// a > b.
static inline bool seq_gt(uint32_t a, uint32_t b) {
    return seq_lt(b, a);
}

// a >= b.
static inline bool seq_ge(uint32_t a, uint32_t b) {
    return seq_le(b, a);
}

// low =< x < high, where the range may cross the wrap. Empty when low = high.
static inline bool seq_in(uint32_t x, uint32_t low, uint32_t high) {
    return (uint32_t)(x - low) < (uint32_t)(high - low);
}

static inline uint32_t seq_max(uint32_t a, uint32_t b) {
    return seq_lt(a, b) ? b : a;
}

static inline uint32_t seq_min(uint32_t a, uint32_t b) {
    return seq_lt(a, b) ? a : b;
}

#endif
