// core under streams of arbitrary events (tests/oracle_core.h): random ones from fixed seeds, and the fuzzer's corpus.
#include <stdlib.h>

#include "core/rules.h"
#include "tests/check.h"
#include "tests/corpus.h"
#include "tests/oracle_core.h"
#include "tests/support.h"

#define CORPUS "tests/fuzz/corpus/core/"

enum { STREAMS = 4000, OCTETS = 1500 };

static uint8_t octets[OCTETS];

static void fill(uint64_t seed) {
    uint64_t state = seed * 7919 + 1;
    for (unsigned i = 0; i < OCTETS; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        octets[i] = (uint8_t)(state >> 40);
    }
}

static void test_streams(void) {
    for (uint64_t seed = 0; seed < STREAMS; seed++) {
        fill(seed);
        check_about("stream of seed %d", (int)seed);
        CHECK_STR(oracle_core(octets, OCTETS), NULL);
    }
    check_about(NULL);
}

// The same without each rule in turn.
static void test_streams_without_rule(void) {
    for (unsigned rule = 0; rule < TCP_RULES; rule++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            fill(seed);
            octets[0] = 3;
            octets[1] = 0;
            octets[2] = (uint8_t)rule;
            octets[3] = 0xff;  // every option
            check_about("without %s, seed %d", tcp_rule_info((enum tcp_rule)rule)->name, (int)seed);
            CHECK_STR(oracle_core(octets, OCTETS), NULL);
        }
    }
    check_about(NULL);
}

static void test_corpus(void) {
    CHECK(replay_corpus(CORPUS, oracle_core) >= 12);
}

int main(void) {
    test_streams();
    test_streams_without_rule();
    test_corpus();
    return check_result();
}
