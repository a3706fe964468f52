// What the command line says, in every language: one table.
#ifndef SIM_MESSAGES_H
#define SIM_MESSAGES_H

#include <stdio.h>

#include "core/rules.h"

enum language { ENGLISH, CHINESE };
enum { LANGUAGES = TCP_LANGUAGES };

enum message {
    // Mistakes on the command line
    MESSAGE_UNKNOWN_COMMAND,   // {1}: the word
    MESSAGE_UNKNOWN_OPTION,    // {1}: the option
    MESSAGE_OPTION_ELSEWHERE,  // {1}: the option, {2}: the command
    MESSAGE_DID_YOU_MEAN,      // {1}: the name
    MESSAGE_TOO_OFTEN,         // {1}: the option
    MESSAGE_VALUE_MISSING,     // {1}: the option, {2}: what it wants
    MESSAGE_VALUE_NOT_WANTED,  // {1}: the option, {2}: the value
    MESSAGE_NOT_A_SEED,        // {1}: what was given
    MESSAGE_NOT_A_WIDTH,       // {1}: what was given
    MESSAGE_NOT_A_LANGUAGE,    // {1}: what was given, {2}: where
    MESSAGE_NOT_A_SETTING,     // {1}: what was given
    MESSAGE_NOT_A_PROFILE,     // {1}: what was given, {2}: those that there are
    MESSAGE_OPERAND_MISSING,   // {1}: the command, {2}: the operand
    MESSAGE_OPERAND_TOO_MANY,  // {1}: the command, {2}: the operand
    MESSAGE_BOTH_TO_STDOUT,
    MESSAGE_PCAP_WANTS_FOLDER,
    MESSAGE_BOTH_WANTS,
    MESSAGE_BESIDE_WANTS,
    MESSAGE_STDIN_TWICE,
    MESSAGE_NOT_A_COUNT,   // {1}: the option, {2}: the range
    MESSAGE_NOT_A_TIME,    // {1}: what was given
    MESSAGE_NOT_A_SHARD,   // {1}: what was given
    MESSAGE_NOT_A_BUDGET,  // {1}: the option, {2}: the range
    MESSAGE_BUDGETS_OR_NONE,
    MESSAGE_ONE_LIST,
    MESSAGE_RUN_ALONE,
    MESSAGE_SAVED_ALREADY,  // {1}: the file
    MESSAGE_NO_LUCK,        // {1}: the file
    MESSAGE_MERGED_BEFORE,  // {1}: the report
    MESSAGE_MERGED_OTHER,   // {1}: the report
    MESSAGE_SEE_HELP,       // {1}: the command
    // Files
    MESSAGE_CANNOT_WRITE,        // {1}: the path, {2}: the system's reason
    MESSAGE_BAD_TRACE,           // {1}: the path, {2}: what is wrong
    MESSAGE_CANNOT_OPEN_FOLDER,  // {1}: the path, {2}: the system's reason
    MESSAGE_STDIN,               // the names of standard input ...
    MESSAGE_STDOUT,              // ... and output
    MESSAGE_NO_LIBRARY,
    MESSAGE_NO_SCENARIOS,  // {1}: the folder
    // Outcomes
    MESSAGE_CLAIM_FAILED,  // {1}: the claim
    MESSAGE_CLAIM_FAULTY,  // {1}: the claim or function
    MESSAGE_WHERE,         // {1}: file:line
    MESSAGE_BUILT_IN,
    MESSAGE_WHEN,   // {1}: virtual time
    MESSAGE_FOUND,  // {1}: what
    MESSAGE_AGAIN,  // {1}: a command
    // check and merge
    MESSAGE_CHECK_PASSED,      // {1}: runs, {2}: the scenario
    MESSAGE_CHECK_FAILED,      // {1}: the run, {2}: the claim
    MESSAGE_CHECK_INCOMPLETE,  // {1}: "12 of 100" runs, {2}: the scenario
    MESSAGE_CHECK_EMPTY,       // {1}: runs of all shards, {2}: the scenario
    MESSAGE_CHECK_NONE,        // {2}: the scenario
    MESSAGE_CHECK_SHARD,       // {1}: "1/3"
    MESSAGE_CHECK_SHARDS,      // {1}: "2 of 3"
    MESSAGE_TAP_END,
    MESSAGE_TAP_INCOMPLETE,
    MESSAGE_CHECK_FATES,  // {1}: how many, {2}: of how many
    MESSAGE_CHECK_NO_FATES,
    MESSAGE_CHECK_LUCKY,          // the failure needs luck that is no packet's
    MESSAGE_CHECK_CUT,            // {1}: runs
    MESSAGE_CHECK_SHRINKING_CUT,  // {1}: runs that were tried
    MESSAGE_CHECK_MORE_FATES,     // {1}: how many are not told
    MESSAGE_FATE_LOST,            // {1}: the packet
    MESSAGE_FATE_HELD,            // {1}: the packet, {2}: for how long
    MESSAGE_FATE_FLIPPED,         // {1}: the packet, {2}: how many
    MESSAGE_FATE_DOUBLED,         // {1}: the packet, {2}: how much later
    MESSAGE_FATE_CRASH,           // {1}: the host, {2}: when
    MESSAGE_FATE_BOOTS,           // {1}: when
    MESSAGE_CHECK_SAVED,          // {1}: the file
    MESSAGE_NOT_REPEATED,         // {1}: the run
    MESSAGE_JOB_LOST,
    MESSAGE_NOT_SAVED,  // {1}: the folder
    MESSAGE_PROGRESS,   // {1}: runs so far
    MESSAGE_SHRINKING,  // {1}: runs so far, {2}: fates left
    MESSAGE_COVERED_FATES,
    MESSAGE_COVERED_STATES,
    MESSAGE_COVERED_TRANSITIONS,
    MESSAGE_COVERED_RULES,
    MESSAGE_COVERED_LABELS,
    MESSAGE_NEVER_SEEN,
    MESSAGE_FATES_SENT,
    MESSAGE_FATES_LOST,
    MESSAGE_FATES_DUPLICATED,
    MESSAGE_FATES_LATE,
    MESSAGE_FATES_CRASHED,
    MESSAGE_FATES_CORRUPTED,
    // explore
    MESSAGE_NOT_A_SIZE,          // {1}: what was given
    MESSAGE_NOT_EXPLORED,        // {1}: file:line or the file, {2}: why
    MESSAGE_EXPLORE_HOLDS,       // {1}: the scenario
    MESSAGE_EXPLORE_FAILS,       // {1}: the claim, {2}: how many actions
    MESSAGE_EXPLORE_DEADLOCK,    // {1}: how many actions
    MESSAGE_EXPLORE_LIVELOCK,    // {1}: how many actions lead there, {2}: lead around
    MESSAGE_EXPLORE_ROUND,       // {1}: when the cycle begins, {2}: when it ends
    MESSAGE_EXPLORE_INCOMPLETE,  // {1}: the scenario, {2}: why
    MESSAGE_LIMIT_MEMORY,
    MESSAGE_LIMIT_DEPTH,
    MESSAGE_LIMIT_STATE,
    MESSAGE_LIMIT_LIVELOCK,
    MESSAGE_EXPLORE_BOUNDS,
    MESSAGE_BOUND_DROP,       // {1}: how many
    MESSAGE_BOUND_DUPLICATE,  // {1}: how many
    MESSAGE_BOUND_OVERTAKE,   // {1}: how many
    MESSAGE_BOUND_FIRE,       // {1}: how many
    MESSAGE_BOUND_DEPTH,      // {1}: how many
    MESSAGE_BOUND_SILENCE,
    MESSAGE_EXPLORE_STATES,  // {1}: states, {2}: transitions
    MESSAGE_EXPLORE_DEPTH,   // {1}: actions, {2}: ends
    MESSAGE_EXPLORE_CUTS,    // {1}: states
    MESSAGE_EXPLORE_PAIRS,   // {1}: pairs, {2}: transitions of pairs
    MESSAGE_EXPLORE_EDGES,   // {1}: transitions of one end, {2}: of how many
    MESSAGE_EXPLORE_RULES,   // {1}: rules, {2}: of how many
    MESSAGE_EXPLORE_BUG,
    MESSAGE_EXPLORE_PROGRESS,        // {1}: states so far, {2}: transitions
    MESSAGE_EXPLORE_PROGRESS_DEPTH,  // {1}: actions so far
    MESSAGE_EXPLORE_SPEED,           // {1}: states a second, {2}: transitions a second
    MESSAGE_EXPLORE_MEMORY,          // {1}: of states, {2}: of the frontier
    MESSAGE_EXPLORE,
    MESSAGE_EXPLORE_MORE,
    MESSAGE_PROVE,
    MESSAGE_PROVE_MORE,
    MESSAGE_PROVE_HEAD,
    MESSAGE_PROVE_COST_HEAD,
    MESSAGE_PROVE_HARMLESS_HEAD,
    MESSAGE_PROVE_ENDLESS,
    MESSAGE_PROVE_SEGMENTS,
    MESSAGE_PROVE_OCTETS,
    MESSAGE_PROVE_TIME,
    MESSAGE_PROVE_CLAIMS,
    MESSAGE_PROVE_RUNS,        // {1}: how many
    MESSAGE_PROVE_SUM,         // {1}: proofs, {2}: rules
    MESSAGE_PROVE_BROKEN,      // {1}: the scenario, {2}: the command
    MESSAGE_PROVE_INCOMPLETE,  // {1}: the scenario, {2}: the command
    MESSAGE_PROVE_SILENT,      // {1}: the rule, {2}: the command
    MESSAGE_PROVE_FAILS,       // {1}: the rule, {2}: the command
    MESSAGE_PROVE_HARMFUL,     // {1}: the rule, {2}: the command
    MESSAGE_PROVE_UNUSED,      // {1}: the rule, {2}: the command
    MESSAGE_PROVE_MISSING,     // {1}: the rule, {2}: the folder
    MESSAGE_PROVE_PROGRESS,    // {1}: proofs tried, {2}: of how many
    MESSAGE_OPTION_DROP,
    MESSAGE_OPTION_DUPLICATE,
    MESSAGE_OPTION_OVERTAKE,
    MESSAGE_OPTION_FIRE,
    MESSAGE_OPTION_NO_BUDGETS,
    MESSAGE_OPTION_LONG_SILENCE,
    MESSAGE_OPTION_DEPTH,
    MESSAGE_OPTION_MEMORY,
    MESSAGE_OPTION_EXACT,
    MESSAGE_OPTION_DOT,
    // Help
    MESSAGE_SYNOPSIS,
    MESSAGE_COMMANDS,
    MESSAGE_OPTIONS,
    MESSAGE_STATUS,
    MESSAGE_RUN,
    MESSAGE_RUN_MORE,
    MESSAGE_VIEW,
    MESSAGE_VIEW_MORE,
    MESSAGE_LIST,
    MESSAGE_LIST_MORE,
    MESSAGE_RULES,
    MESSAGE_RULES_MORE,
    MESSAGE_CHECK,
    MESSAGE_CHECK_MORE,
    MESSAGE_MERGE,
    MESSAGE_MERGE_MORE,
    MESSAGE_HELP,
    MESSAGE_HELP_MORE,
    MESSAGE_OPTION_SEED,
    MESSAGE_OPTION_SET,
    MESSAGE_OPTION_WITHOUT,
    MESSAGE_OPTION_PROFILE,
    MESSAGE_OPTION_LANG,
    MESSAGE_OPTION_EXPLAIN,
    MESSAGE_OPTION_TRACE,
    MESSAGE_OPTION_HTML,
    MESSAGE_OPTION_BOTH,
    MESSAGE_OPTION_BESIDE,
    MESSAGE_OPTION_PCAP,
    MESSAGE_OPTION_PCAP_MERGED,
    MESSAGE_OPTION_SVG,
    MESSAGE_OPTION_MERMAID,
    MESSAGE_OPTION_JSONL,
    MESSAGE_OPTION_DIGEST,
    MESSAGE_OPTION_WIDTH,
    MESSAGE_OPTION_ABSOLUTE,
    MESSAGE_OPTION_ASCII,
    MESSAGE_OPTION_QUIET,
    MESSAGE_OPTION_RUNS,
    MESSAGE_OPTION_TIME,
    MESSAGE_OPTION_RUN,
    MESSAGE_OPTION_JOBS,
    MESSAGE_OPTION_SHARD,
    MESSAGE_OPTION_SAVE,
    MESSAGE_OPTION_REPORT,
    MESSAGE_OPTION_TAP,
    MESSAGE_OPTION_PROPERTIES,
    MESSAGE_OPTION_LEDGER,
    MESSAGE_OPTION_HELP,
    MESSAGE_COUNT,
};

// The text as it stands in the table, with its {1} and {2}.
const char *message(enum language language, enum message which);

// Writes the text to `out` with {1} and {2} replaced; NULL counts as "", and their
// control characters become "?". No line feed is added.
void message_print(FILE *out, enum language language, enum message which, const char *first, const char *second);

// An error line on standard error: "synfin: " and the text.
void message_error(enum language language, enum message which, const char *first, const char *second);

#endif
