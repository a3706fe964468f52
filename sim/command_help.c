#include <stdio.h>
#include <string.h>

#include "sim/command.h"
#include "sim/script/suggest.h"

static const struct command commands[] = {
    {"run", "FILE", COMMAND_RUN, MESSAGE_RUN, MESSAGE_RUN_MORE, command_run},
    {"check", "FILE", COMMAND_CHECK, MESSAGE_CHECK, MESSAGE_CHECK_MORE, command_check},
    {"explore", "FILE", COMMAND_EXPLORE, MESSAGE_EXPLORE, MESSAGE_EXPLORE_MORE, command_explore},
    {"prove-rules", "[DIR]", COMMAND_PROVE, MESSAGE_PROVE, MESSAGE_PROVE_MORE, command_prove},
    {"merge", "REPORT...", COMMAND_MERGE, MESSAGE_MERGE, MESSAGE_MERGE_MORE, command_merge},
    {"view", "TRACE", COMMAND_VIEW, MESSAGE_VIEW, MESSAGE_VIEW_MORE, command_view},
    {"list", "[DIR]", COMMAND_LIST, MESSAGE_LIST, MESSAGE_LIST_MORE, command_list},
    {"rules", "", COMMAND_RULES, MESSAGE_RULES, MESSAGE_RULES_MORE, command_rules},
    {"help", "[COMMAND]", COMMAND_HELP, MESSAGE_HELP, MESSAGE_HELP_MORE, command_help},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

const struct command *command_find(const char *name) {
    for (unsigned i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

enum status command_unknown(const char *name, enum language language) {
    struct suggestion suggestion;
    suggest_begin(&suggestion, name);
    for (unsigned i = 0; i < COMMANDS; i++)
        suggest_add(&suggestion, commands[i].name);
    fputs("synfin: ", stderr);
    message_print(stderr, language, MESSAGE_UNKNOWN_COMMAND, name, NULL);
    if (suggestion.best[0] != '\0') message_print(stderr, language, MESSAGE_DID_YOU_MEAN, suggestion.best, NULL);
    fputc('\n', stderr);
    message_error(language, MESSAGE_SEE_HELP, "help", NULL);
    return STATUS_BAD_INPUT;
}

static void say(FILE *out, enum language language, enum message which) {
    message_print(out, language, which, NULL, NULL);
    fputc('\n', out);
}

static void usage(FILE *out, const struct command *command) {
    fprintf(out, "  synfin %s%s%s [OPTION...]\n", command->name, command->operands[0] == '\0' ? "" : " ",
            command->operands);
}

void help_all(FILE *out, enum language language) {
    say(out, language, MESSAGE_SYNOPSIS);
    for (unsigned i = 0; i < COMMANDS; i++)
        usage(out, &commands[i]);
    fputs("  synfin --version\n\n", out);
    say(out, language, MESSAGE_COMMANDS);
    for (unsigned i = 0; i < COMMANDS; i++) {
        fprintf(out, "  %-8s", commands[i].name);
        say(out, language, commands[i].brief);
    }
    fputc('\n', out);
    say(out, language, MESSAGE_STATUS);
}

void help_command(FILE *out, const struct command *command, enum language language) {
    say(out, language, MESSAGE_SYNOPSIS);
    usage(out, command);
    fputc('\n', out);
    say(out, language, command->more);
    fputc('\n', out);
    say(out, language, MESSAGE_OPTIONS);
    options_print(out, command->bit, language);
    if ((command->bit &
         (COMMAND_RUN | COMMAND_VIEW | COMMAND_CHECK | COMMAND_MERGE | COMMAND_EXPLORE | COMMAND_PROVE)) == 0)
        return;
    fputc('\n', out);
    say(out, language, MESSAGE_STATUS);
}

enum status command_help(const struct options *options) {
    if (options->operand == NULL) {
        help_all(stdout, options->language);
        return STATUS_HOLDS;
    }
    const struct command *command = command_find(options->operand);
    if (command == NULL) return command_unknown(options->operand, options->language);
    help_command(stdout, command, options->language);
    return STATUS_HOLDS;
}
