// The commands of the command line. Each gets its options parsed, prints to standard output, says what went wrong on
// standard error, and returns the exit status.
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include "sim/options.h"

// Exit status, the same for every command.
enum status {
    STATUS_HOLDS,  // all is well; every claim holds
    STATUS_CLAIM_FAILS,
    STATUS_BAD_INPUT,   // or output that can't be written
    STATUS_INCOMPLETE,  // a budget was spent before there was an answer
    STATUS_BUG,         // ours
};

enum status command_run(const struct options *options);
enum status command_view(const struct options *options);
enum status command_list(const struct options *options);
enum status command_rules(const struct options *options);
enum status command_check(const struct options *options);
enum status command_merge(const struct options *options);
enum status command_explore(const struct options *options);
enum status command_prove(const struct options *options);
enum status command_help(const struct options *options);

// One command: what main() needs to start it, and help to describe it.
struct command {
    const char *name;
    const char *operands;  // as usage shows them
    enum command_bit bit;
    enum message brief;  // one line
    enum message more;   // a paragraph
    enum status (*run)(const struct options *options);
};

// The command of that name, or NULL; and the complaint when there is none.
const struct command *command_find(const char *name);
enum status command_unknown(const char *name, enum language language);

// Everything, and one command's.
void help_all(FILE *out, enum language language);
void help_command(FILE *out, const struct command *command, enum language language);

#endif
