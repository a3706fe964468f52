// For tests that replay a fuzzer's corpus.
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/support.h"

// Shows each file of the folder (its path ends in '/') to the oracle, which must have no complaint. Each is in an
// allocation of its own size, so that a sanitizer sees a read beyond it. How many there were.
static size_t replay_corpus(const char *folder, const char *(*oracle)(const uint8_t *octets, size_t length)) {
    static char path[600];
    size_t count = 0;
    DIR *directory = opendir(folder);
    if (!CHECK(directory != NULL)) return 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s%s", folder, entry->d_name);
        check_about("%s", path);
        size_t length = 0;
        char *content = read_whole_file(path, &length);
        if (!CHECK(content != NULL)) continue;
        uint8_t *octets = malloc(length == 0 ? 1 : length);
        if (CHECK(octets != NULL)) {
            memcpy(octets, content, length);
            CHECK_STR(oracle(octets, length), NULL);
        }
        free(octets);
        free(content);
        count++;
    }
    closedir(directory);
    check_about(NULL);
    return count;
}

#endif
