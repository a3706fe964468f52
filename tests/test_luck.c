// Luck: that draws are good, that they depend on everything they are drawn for, and that they are the same everywhere.
#include <stdint.h>

#include "sim/engine/luck.h"
#include "tests/check.h"

static uint32_t ones(uint64_t x) {
    uint32_t count = 0;
    for (; x != 0; x &= x - 1)
        count++;
    return count;
}

// The upper 64 bits of a * b, one bit at a time.
static uint64_t slow_upper(uint64_t a, uint64_t b) {
    uint64_t high = 0, low = 0;
    for (int bit = 63; bit >= 0; bit--) {
        high = high << 1 | low >> 63;
        low <<= 1;
        if ((a >> bit & 1) == 0) continue;
        low += b;
        if (low < b) high++;
    }
    return high;
}

// A run must replay on every machine and with every later version: these numbers may not change.
static void pinned(void) {
    static const uint32_t words[6] = {1, 2, 3, 4, 5, 6};
    CHECK_EQ(luck_draw(0, LUCK_LOSS, 0, NULL, 0), UINT64_C(0xa706dd2f4d197e6f));
    CHECK_EQ(luck_draw(1, LUCK_JITTER, 2, words, 6), UINT64_C(0xfb77701dcfe67b8a));
    CHECK_EQ(luck_draw(UINT64_MAX, LUCK_SECRET, UINT64_MAX, words, 5), UINT64_C(0x5e3143ea2a62d06b));
}

// Each bit of each argument moves about half of the bits of the draw.
static void every_argument_counts(void) {
    uint64_t total = 0;
    uint32_t flips = 0;
    for (uint32_t sample = 0; sample < 64; sample++) {
        uint32_t words[6] = {sample, sample * 3, 0, 0, 7, 0};
        uint64_t before = luck_draw(sample, LUCK_LOSS, sample, words, 6);
        for (uint32_t bit = 0; bit < 64; bit++) {
            total += ones(before ^ luck_draw(sample ^ UINT64_C(1) << bit, LUCK_LOSS, sample, words, 6));
            total += ones(before ^ luck_draw(sample, LUCK_LOSS, sample ^ UINT64_C(1) << bit, words, 6));
            flips += 2;
        }
        for (uint32_t bit = 0; bit < 192; bit++, flips++) {
            words[bit / 32] ^= UINT32_C(1) << bit % 32;
            uint32_t moved = ones(before ^ luck_draw(sample, LUCK_LOSS, sample, words, 6));
            CHECK(moved > 8 && moved < 56);
            total += moved;
            words[bit / 32] ^= UINT32_C(1) << bit % 32;
        }
        CHECK(before != luck_draw(sample, LUCK_DUPLICATE, sample, words, 6));
        CHECK(before != luck_draw(sample, LUCK_LOSS, sample, words, 5));  // though the last word is 0
    }
    CHECK(total > 31 * (uint64_t)flips && total < 33 * (uint64_t)flips);
}

// Neighbouring seeds and keys, as scenarios have them, hit as often as they should: within six standard deviations.
static void frequencies(void) {
    static const uint32_t chances[] = {1000, 10000, 100000, 500000, 900000};
    enum { SAMPLES = 400000 };
    for (size_t c = 0; c < sizeof chances / sizeof *chances; c++) {
        uint64_t hits = 0;
        for (uint32_t i = 0; i < SAMPLES; i++) {
            uint32_t words[6] = {i % 1000, 2, 0, 0, 0, 0};
            hits += luck_hit(luck_draw(i / 1000, LUCK_LOSS, 1, words, 6), chances[c]);
        }
        uint64_t p = chances[c], mean = SAMPLES * p / 1000000;
        uint64_t variance = SAMPLES * p / 1000000 * (1000000 - p) / 1000000;
        uint64_t off = hits > mean ? hits - mean : mean - hits;
        check_about("probability %u / 1000000: %llu hits of %d", chances[c], (unsigned long long)hits, SAMPLES);
        CHECK(off * off < 36 * variance);
    }
    check_about(NULL);
}

static void hits_are_monotone(void) {
    for (uint32_t i = 0; i < 2000; i++) {
        uint64_t draw = luck_draw(i, LUCK_LOSS, 0, NULL, 0);
        CHECK(!luck_hit(draw, 0));
        CHECK(luck_hit(draw, 1000000));
        bool before = false;
        for (uint32_t chance = 0; chance <= 1000000; chance += 9973) {
            bool now = luck_hit(draw, chance);
            CHECK(now || !before);
            before = now;
        }
    }
    CHECK(luck_hit(0, 1));
    CHECK(luck_hit(UINT64_MAX, 1000000) && !luck_hit(UINT64_MAX, 999999));
}

static void upto_is_exact(void) {
    static const uint64_t limits[] = {0,
                                      1,
                                      2,
                                      999,
                                      UINT32_MAX - UINT64_C(1),
                                      UINT32_MAX,
                                      UINT64_C(1) << 32,
                                      (UINT64_C(1) << 63) - 1,
                                      UINT64_C(1) << 63,
                                      UINT64_MAX - 1};
    for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
        CHECK_EQ(luck_upto(0, limits[l]), 0);
        CHECK_EQ(luck_upto(UINT64_MAX, limits[l]), limits[l]);
        for (uint32_t i = 0; i < 2000; i++) {
            uint64_t draw = luck_draw(i, LUCK_JITTER, l, NULL, 0);
            CHECK_EQ(luck_upto(draw, limits[l]), slow_upper(draw, limits[l] + 1));
        }
    }
    CHECK_EQ(luck_upto(UINT64_MAX, UINT64_MAX), UINT64_MAX);
    CHECK_EQ(luck_upto(12345, UINT64_MAX), 12345);
    uint32_t seen[7] = {0};
    for (uint32_t i = 0; i < 70000; i++)
        seen[luck_upto(luck_draw(i, LUCK_JITTER, 0, NULL, 0), 6)]++;
    for (uint32_t i = 0; i < 7; i++)
        CHECK(seen[i] > 9400 && seen[i] < 10600);
}

int main(void) {
    pinned();
    every_argument_counts();
    frequencies();
    hits_are_monotone();
    upto_is_exact();
    return check_result();
}
