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

char *repeat_command(const struct options *options) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) abort();
    fputs("synfin run", out);
    bool dash = options->operand[0] == '-';  // then it has to stand last, behind "--"
    if (!dash) put_word(out, options->operand);
    if (options->seed != OPTIONS_SEED) fprintf(out, " --seed %" PRIu64, options->seed);
    for (uint32_t i = 0; i < options->set_count; i++) {
        fputs(" --set", out);
        put_word(out, options->set[i]);
    }
    for (uint32_t i = 0; i < options->without_count; i++) {
        fputs(" --without", out);
        put_word(out, options->without[i]);
    }
    if (dash) {
        fputs(" --", out);
        put_word(out, options->operand);
    }
    if (fclose(out) != 0) abort();
    return text;
}
