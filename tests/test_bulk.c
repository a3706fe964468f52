// The bench's bulk transfers, shorter: each delivers every octet once, in order, at the rate that is known.
#include "tests/bench/transfer.h"
#include "tests/check.h"

enum { SEEDS = 3 };

static double mean_rate(const struct transfer *row) {
    double rate = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct transfer transfer = *row;
        transfer.seed = seed;
        transfer.claims = true;
        struct transferred result = transfer_run(&transfer);
        CHECK(result.held);
        CHECK_EQ(result.octets, row->octets);
        rate += (double)result.octets / result.seconds / SEEDS;
    }
    return rate;
}

static void test_rates(void) {
    static const struct transfer rows[] = {
        {.loss = 0, .octets = 40000000},
        {.loss = 1000, .octets = 60000000},
        {.loss = 10000, .octets = 20000000},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int sack = 0; sack <= 1; sack++) {
            struct transfer row = rows[i];
            row.sack = sack != 0;
            double part = mean_rate(&row) / transfer_expected(row.loss);
            check_about("loss %u out of a million, %s SACK: %.2f of the expected rate", row.loss,
                        row.sack ? "with" : "without", part);
            CHECK(part > 0.7 && part < 1.3);
        }
}

// Heavy loss: no rate is known, but nothing is lost to the user.
static void test_heavy_loss(void) {
    static const uint32_t losses[] = {50000, 200000};
    for (unsigned i = 0; i < sizeof losses / sizeof losses[0]; i++)
        for (int sack = 0; sack <= 1; sack++) {
            struct transfer row = {.loss = losses[i], .octets = 300000, .sack = sack != 0};
            check_about("loss %u out of a million, %s SACK", row.loss, row.sack ? "with" : "without");
            CHECK(mean_rate(&row) > 0);
        }
}

int main(void) {
    test_rates();
    test_heavy_loss();
    return check_result();
}
