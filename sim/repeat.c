#include "sim/repeat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Words of these characters mean themselves to every shell.
static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";

static void put_word(FILE *out, const char *word) {
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        fprintf(out, " %s", word);
        return;
    }
    fputs(" '", out);
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    }
    fputc('\'', out);
}

// Of `explore`: what bounds it.
static void put_bounds(FILE *out, const struct options *options) {
    const struct {
        const char *name;
        uint32_t value;
    } bounds[] = {{"drop", options->drop},
                  {"duplicate", options->duplicate},
                  {"overtake", options->overtake},
                  {"fire", options->fire},
                  {"depth", options->depth}};
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (bounds[i].value > 0) fprintf(out, " --%s %" PRIu32, bounds[i].name, bounds[i].value);
    if (options->no_budgets) fputs(" --no-budgets", out);
    if (options->long_silence) fputs(" --long-silence", out);
}

// What both commands share: the file, and all that changes what it says.
static char *repeat(const struct options *options, const char *command, const char *file, bool seed, uint64_t run) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) abort();
    fprintf(out, "synfin %s", command);
    bool dash = file[0] == '-';  // then it has to stand last, behind "--"
    if (!dash) put_word(out, file);
    if (seed && options->seed != OPTIONS_SEED) fprintf(out, " --seed %" PRIu64, options->seed);
    put_bounds(out, options);
    if (run > 0) fprintf(out, " --run %" PRIu64, run);
    for (uint32_t i = 0; i < options->set_count; i++) {
        fputs(" --set", out);
        put_word(out, options->set[i]);
    }
    for (uint32_t i = 0; i < options->without_count; i++) {
        fputs(" --without", out);
        put_word(out, options->without[i]);
    }
    if (options->profile != NULL) {
        fputs(" --profile", out);
        put_word(out, options->profile);
    }
    if (dash) {
        fputs(" --", out);
        put_word(out, file);
    }
    if (fclose(out) != 0) abort();
    return text;
}

char *repeat_explore(const struct options *options) {
    return repeat(options, "explore", options->operand, true, 0);
}

char *repeat_command(const struct options *options) {
    return repeat(options, "run", options->operand, true, 0);
}

char *repeat_check(const struct options *options, uint64_t run) {
    return repeat(options, "check", options->operand, true, run);
}

char *repeat_saved(const char *file) {
    const struct options nothing = {.seed = OPTIONS_SEED};  // the file says itself what the command line changed
    return repeat(&nothing, "run", file, false, 0);
}
