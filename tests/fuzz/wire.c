// libFuzzer's target for the wire decoder. Its corpus is replayed by test_wire_corpus.
//
//     clang -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I. \
//         tests/fuzz/wire.c tests/oracle_wire.c core/wire.c core/wire_options.c core/wire_icmp.c -o fuzz_wire
//     ./fuzz_wire -max_len=2000 -max_total_time=60 tests/fuzz/corpus/wire
#include <stdio.h>
#include <stdlib.h>

#include "tests/oracle_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length) {
    const char *broken = oracle_wire(octets, length);
    if (broken == NULL) return 0;
    fprintf(stderr, "%s\n", broken);
    abort();
}
