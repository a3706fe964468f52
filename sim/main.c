// The command line: synfin COMMAND [FILE] [OPTION...].
#include <stdio.h>
#include <string.h>

#include "sim/command.h"
#include "sim/output.h"

static enum status dispatch(int count, char **arguments, enum language language) {
    const char *name = arguments[0];
    if (strcmp(name, "--version") == 0) {
        printf("synfin %s\n", SYNFIN_VERSION);
        return STATUS_HOLDS;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) name = "help";
    const struct command *command = command_find(name);
    if (command == NULL) return command_unknown(name, language);
    struct options options = {.command = command->bit, .language = language, .seed = OPTIONS_SEED};
    if (!options_parse(&options, name, count - 1, arguments + 1)) return STATUS_BAD_INPUT;
    if (!options.help) return command->run(&options);
    help_command(stdout, command, options.language);
    return STATUS_HOLDS;
}

int main(int count, char **arguments) {
    output_start();
    if (count < 2) {
        help_all(stderr, options_language(0, NULL));
        return STATUS_BAD_INPUT;
    }
    enum language language = options_language(count - 1, arguments + 1);
    enum status status = dispatch(count - 1, arguments + 1, language);
    return (int)(output_finish(language) ? status : STATUS_BAD_INPUT);
}
