// Bulk transfer: Reno with and without SACK over 100 Mbit/s and 40 ms, at several rates of loss, against what is known;
// and how much of it is simulated in a second.
#include <stdio.h>
#include <time.h>

#include "tests/bench/transfer.h"

enum { SEEDS = 4 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// The mean over the seeds. False: an octet is missing, or came twice.
static bool measure(bool sack, uint32_t loss, uint32_t octets, bool bounded) {
    double rate = 0, expected = transfer_expected(loss);
    bool whole = true;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct transfer transfer = {.seed = seed, .loss = loss, .octets = octets, .sack = sack, .claims = true};
        struct transferred result = transfer_run(&transfer);
        rate += (double)result.octets / result.seconds / SEEDS;
        whole = whole && result.held && result.octets == octets;
    }
    double part = rate / expected;
    bool within = !bounded || (part > 0.7 && part < 1.3);
    printf("  %-14s  %5.1f %%  %10.2f Mbit/s  %10.2f Mbit/s  %6.2f%s%s\n", sack ? "Reno with SACK" : "Reno",
           loss * 1e-4, rate * 8e-6, expected * 8e-6, part, within ? "" : "  outside 30 %",
           whole ? "" : "  not every octet once");
    fflush(stdout);
    return within && whole;
}

static void measure_speed(bool sack) {
    struct transfer transfer = {.seed = 1, .octets = 1000000000, .sack = sack};
    double begin = now();
    struct transferred result = transfer_run(&transfer);
    double seconds = now() - begin;
    printf("  %.0f Mbyte in %.2f s: %.0f Mbyte and %.0f thousand segments a second, %.0f ns an event\n",
           (double)result.octets * 1e-6, seconds, (double)result.octets / seconds * 1e-6,
           (double)result.packets / seconds * 1e-3, seconds / (double)result.events * 1e9);
}

int main(void) {
    static const struct {
        uint32_t loss, octets;
        bool bounded;
    } rows[] = {{0, 300000000, true}, {1000, 200000000, true}, {10000, 60000000, true}, {50000, 5000000, false}};
    bool good = true;
    printf("  %-14s  %7s  %17s  %17s  %6s\n", "", "loss", "measured", "expected", "part");
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int sack = 0; sack <= 1; sack++)
            good = measure(sack != 0, rows[i].loss, rows[i].octets, rows[i].bounded) && good;
    measure_speed(false);
    return good ? 0 : 1;
}
