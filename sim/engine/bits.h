// Small things that several files of the engine need: bit positions, mixing, and little-endian bytes.
#ifndef ENGINE_BITS_H
#define ENGINE_BITS_H

#include <stdint.h>

// The position of the highest one. `x` is not 0.
static inline uint32_t bits_highest(uint32_t x) {
    return 31 - (uint32_t)__builtin_clz(x);
}

static inline uint32_t bits_highest64(uint64_t x) {
    return 63 - (uint32_t)__builtin_clzll(x);
}

// The position of the lowest one. `x` is not 0.
static inline uint32_t bits_lowest(uint32_t x) {
    return (uint32_t)__builtin_ctz(x);
}

static inline uint32_t bits_lowest64(uint64_t x) {
    return (uint32_t)__builtin_ctzll(x);
}

#define BITS_GOLDEN UINT64_C(0x9e3779b97f4a7c15)  // 2^64 divided by the golden ratio

// A permutation of 64-bit numbers in which each bit of the input moves about half of the output's: the shifts and
// factors that David Stafford found for splitmix64.
static inline uint64_t bits_mix(uint64_t x) {
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

// `state` after taking in `x`. The order of what is taken in matters, and zeros count.
static inline uint64_t bits_absorb(uint64_t state, uint64_t x) {
    return bits_mix((state ^ x) + BITS_GOLDEN);
}

static inline void bits_store16(unsigned char *bytes, uint16_t value) {
    bytes[0] = (unsigned char)value;
    bytes[1] = (unsigned char)(value >> 8);
}

static inline void bits_store32(unsigned char *bytes, uint32_t value) {
    bits_store16(bytes, (uint16_t)value);
    bits_store16(bytes + 2, (uint16_t)(value >> 16));
}

static inline void bits_store64(unsigned char *bytes, uint64_t value) {
    bits_store32(bytes, (uint32_t)value);
    bits_store32(bytes + 4, (uint32_t)(value >> 32));
}

static inline uint16_t bits_load16(const unsigned char *bytes) {
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t bits_load32(const unsigned char *bytes) {
    return (uint32_t)bits_load16(bytes) | (uint32_t)bits_load16(bytes + 2) << 16;
}

static inline uint64_t bits_load64(const unsigned char *bytes) {
    return (uint64_t)bits_load32(bytes) | (uint64_t)bits_load32(bytes + 4) << 32;
}

#endif
