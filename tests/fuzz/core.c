// libFuzzer's target for the state machine: octets are a stream of events, and invariants are checked after each. Its
// corpus is replayed by test_core_random.
//
//     clang -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I. tests/fuzz/core.c
//         tests/oracle_core.c core/[!w]*.c -o fuzz_core
//     ./fuzz_core -max_len=2000 -max_total_time=60 tests/fuzz/corpus/core
#include <stdio.h>
#include <stdlib.h>

#include "tests/oracle_core.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length) {
    const char *broken = oracle_core(octets, length);
    if (broken == NULL) return 0;
    fprintf(stderr, "%s\n", broken);
    abort();
}
