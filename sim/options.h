// The options of every command: one table says what each is called, what it takes, and which commands know it.
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/messages.h"

enum {
    OPTIONS_REPEATED = 64,  // how often --set and --without may each be given
    OPTIONS_OPERANDS = 10000,
    OPTIONS_SHARDS = 10000,
    OPTIONS_JOBS = 256,
    OPTIONS_SEED = 1,  // unless --seed says otherwise
};

// The commands, as bits: an option names those that know it.
enum command_bit {
    COMMAND_RUN = 1,
    COMMAND_VIEW = 2,
    COMMAND_LIST = 4,
    COMMAND_RULES = 8,
    COMMAND_HELP = 16,
    COMMAND_CHECK = 32,
    COMMAND_MERGE = 64,
    COMMAND_EXPLORE = 128,
    COMMAND_PROVE = 256,
};

struct options {
    enum command_bit command;
    enum language language;
    uint64_t seed;
    uint32_t width;  // 0: as wide as the terminal
    bool help, explain, absolute, digest, ascii, quiet;
    const char *trace;                  // NULL: none is written
    const char *pcap;                   // a folder for captures; NULL: none
    const char *pcap_merged;            // a file for one capture of all hosts; NULL: none
    const char *jsonl, *mermaid, *svg;  // files; NULL: none
    const char *html;                   // a file for the player; NULL: none
    bool both;                          // run: which shows the run with every rule, too
    const char *beside;                 // view: which shows this trace, too; NULL: none
    bool properties, ledger;            // rules
    const char *operand;                // the file or folder; NULL: none was given
    const char *set[OPTIONS_REPEATED];  // "loss=0.1"
    uint32_t set_count;
    const char *without[OPTIONS_REPEATED];  // "rule" or "host:rule"
    uint32_t without_count;
    const char *profile;  // of hosts that name none; NULL: what the scenario says
    // check, merge
    uint64_t runs;   // 0: not given
    uint64_t run;    // the only one; 0: all
    uint64_t time;   // milliseconds of the wall clock; 0: no limit
    uint32_t jobs;   // 0: not given; prove-rules, too
    uint32_t shard;  // of `shards`, from 1; 0: not given
    uint32_t shards;
    bool tap;
    const char *save, *report;  // a folder, a file
    // explore
    uint32_t drop, duplicate, overtake, fire;
    uint32_t depth;   // 0: any
    uint64_t memory;  // bytes; 0: not given
    bool exact, long_silence, no_budgets;
    const char *dot;                     // a file
    const char *more[OPTIONS_OPERANDS];  // operands behind the first
    uint32_t more_count;
};

// Which language to speak: the last --lang among the arguments, else SYNFIN_LANG, else English. The locale has no say:
// the same command prints the same everywhere. What is no language counts as English here; options_parse() complains.
enum language options_language(int count, char *const *arguments);

// Reads the arguments behind the command's name into `options`, whose `command` and `language` are set. The strings
// stay the caller's. False: a mistake, and what it was has been said on standard error.
bool options_parse(struct options *options, const char *command, int count, char *const *arguments);

// Prints the options that `command` knows, a line each.
void options_print(FILE *out, enum command_bit command, enum language language);

#endif
