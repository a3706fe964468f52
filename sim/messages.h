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
    MESSAGE_OPERAND_MISSING,   // {1}: the command, {2}: the operand
    MESSAGE_OPERAND_TOO_MANY,  // {1}: the command, {2}: the operand
    MESSAGE_BOTH_TO_STDOUT,
    MESSAGE_SEE_HELP,  // {1}: the command
    // Files
    MESSAGE_CANNOT_WRITE,        // {1}: the path, {2}: the system's reason
    MESSAGE_BAD_TRACE,           // {1}: the path, {2}: what is wrong
    MESSAGE_CANNOT_OPEN_FOLDER,  // {1}: the path, {2}: the system's reason
    MESSAGE_STDOUT,              // the name of standard output
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
    MESSAGE_HELP,
    MESSAGE_HELP_MORE,
    MESSAGE_OPTION_SEED,
    MESSAGE_OPTION_SET,
    MESSAGE_OPTION_WITHOUT,
    MESSAGE_OPTION_LANG,
    MESSAGE_OPTION_EXPLAIN,
    MESSAGE_OPTION_TRACE,
    MESSAGE_OPTION_DIGEST,
    MESSAGE_OPTION_WIDTH,
    MESSAGE_OPTION_ABSOLUTE,
    MESSAGE_OPTION_ASCII,
    MESSAGE_OPTION_QUIET,
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
