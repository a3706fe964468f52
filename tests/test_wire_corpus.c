// Every octet string of tests/fuzz/corpus/wire/ keeps the wire codec's promises: the seeds, and whatever the fuzzer
// found. `test_wire_corpus write`, from the top folder, writes the seeds there anew.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/corpus.h"
#include "tests/oracle_wire.h"
#include "tests/support.h"
#include "tests/wire_seeds.h"

#define CORPUS "tests/fuzz/corpus/wire/"

static char path[600];

static void write_seeds(void) {
    for (size_t i = 0; i < WIRE_SEEDS; i++) {
        uint8_t octets[WIRE_SEED_MAX];
        size_t length = wire_seed_octets(&wire_seeds[i], octets);
        snprintf(path, sizeof path, CORPUS "%s", wire_seeds[i].name);
        FILE *file = fopen(path, "wb");
        CHECK(file != NULL && fwrite(octets, 1, length, file) == length);
        if (file != NULL) CHECK(fclose(file) == 0);
    }
}

// The seeds in the folder are those of the table.
static void seeds_are_there(void) {
    for (size_t i = 0; i < WIRE_SEEDS; i++) {
        uint8_t octets[WIRE_SEED_MAX];
        size_t length = wire_seed_octets(&wire_seeds[i], octets), size = 0;
        snprintf(path, sizeof path, CORPUS "%s", wire_seeds[i].name);
        check_about("%s", path);
        char *content = read_whole_file(path, &size);
        CHECK(content != NULL && size == length && memcmp(content, octets, length) == 0);
        free(content);
    }
}

static void replay(void) {
    CHECK(replay_corpus(CORPUS, oracle_wire) >= WIRE_SEEDS);
}

int main(int count, char **words) {
    if (count == 2 && strcmp(words[1], "write") == 0) {
        write_seeds();
        return check_result();
    }
    seeds_are_there();
    replay();
    return check_result();
}
