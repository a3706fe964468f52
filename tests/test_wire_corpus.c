// Every octet string of tests/fuzz/corpus/wire/ keeps the wire codec's promises: the seeds, and whatever the fuzzer
// found. `test_wire_corpus write`, from the top folder, writes the seeds there anew.
#include <dirent.h>
#include <stdlib.h>

#include "tests/check.h"
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

// Each file in an allocation of its own size, so that a sanitizer sees a read beyond it.
static void replay(void) {
    DIR *folder = opendir(CORPUS);
    if (!CHECK(folder != NULL)) return;
    size_t count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, CORPUS "%s", entry->d_name);
        check_about("%s", path);
        size_t length = 0;
        char *content = read_whole_file(path, &length);
        if (!CHECK(content != NULL)) continue;
        uint8_t *octets = malloc(length == 0 ? 1 : length);
        if (CHECK(octets != NULL)) {
            memcpy(octets, content, length);
            CHECK_STR(oracle_wire(octets, length), NULL);
        }
        free(octets);
        free(content);
        count++;
    }
    closedir(folder);
    CHECK(count >= WIRE_SEEDS);
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
