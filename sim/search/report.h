// What came of a range of runs, or of one shard of it, as a small text file that shards on other machines can write and
// `synfin merge` can add up.
#ifndef SEARCH_REPORT_H
#define SEARCH_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/search/tally.h"

enum {
    REPORT_VERSION = 1,
    REPORT_WORDS = 400,  // bytes of a text
    REPORT_COMMAND = 2000,
    REPORT_SHARDS = 10000,
};

struct report {
    char version[REPORT_WORDS];    // of synfin
    char scenario[REPORT_WORDS];   // its name
    char command[REPORT_COMMAND];  // checks all of it: synfin check FILE ...
    uint64_t digest;               // of the scenario's text and of what the command line changes in it
    uint64_t seed;
    uint64_t runs;                            // in all shards; 0: as many as time allows
    uint32_t shard, shards;                   // from 1
    uint64_t done;                            // in this shard
    uint64_t failed;                          // number of the first run that failed; 0: none
    char claim[TCP_LANGUAGES][REPORT_WORDS];  // that failed
    uint32_t label_count;
    char labels[COVERAGE_LABELS][TCP_LANGUAGES][REPORT_WORDS];
    struct tally tally;
};

// How many runs are this shard's; UINT64_MAX where time alone decides.
uint64_t report_share(const struct report *report);
// Copies a text, in which control characters become spaces, cut behind a whole character.
void report_words(char to[REPORT_WORDS], const char *from);
void report_write(const struct report *report, FILE *out);
// False, with one line in `error`, in the language (0 English, 1 Chinese): "FILE:LINE: what is wrong; what would be
// right".
bool report_read(struct report *report, const char *path, int language, char *error, size_t size);

// Adds up shards, which come in any order. All bytes zero at first.
struct report_sum {
    struct report report;  // of the whole; `shard` is how many shards were added
    bool seen[REPORT_SHARDS + 1];
};
enum report_added {
    REPORT_ADDED,
    REPORT_ADDED_BEFORE,      // its shard was
    REPORT_OF_ANOTHER_CHECK,  // scenario, text, --set, --without, --seed, --runs or the number of shards differ
};
enum report_added report_add(struct report_sum *sum, const struct report *report);

#endif
