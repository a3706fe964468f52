#include "sim/save.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/engine/file.h"
#include "sim/failure.h"
#include "sim/repeat.h"
#include "sim/search/plan.h"

// A text that is put together, or the end.
static FILE *begin_text(char **text, size_t *size) {
    FILE *out = open_memstream(text, size);
    if (out == NULL) abort();
    return out;
}

const char *save_refused(const char *folder) {
    struct stat what;
    if (stat(folder, &what) != 0) return strerror(errno);
    if (!S_ISDIR(what.st_mode)) return strerror(ENOTDIR);
    // Permissions don't tell all: there are folders in which nobody can make a file.
    char *name = NULL;
    size_t size;
    FILE *out = begin_text(&name, &size);
    fprintf(out, "%s/synfin-XXXXXX", folder);
    if (fclose(out) != 0) abort();
    int made = mkstemp(name), reason = errno;
    if (made >= 0) {
        close(made);
        remove(name);
    }
    free(name);
    return made >= 0 ? NULL : strerror(reason);
}

char *save_path(const struct options *options, uint64_t run) {
    const char *slash = strrchr(options->operand, '/');
    const char *name = slash == NULL ? options->operand : slash + 1;
    const char *dot = strrchr(name, '.');
    size_t length = dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name);
    char *text = NULL;
    size_t size;
    FILE *out = begin_text(&text, &size);
    fprintf(out, "%s/%.*s.seed-%" PRIu64 ".run-%" PRIu64 ".lua", options->save, (int)length, name, options->seed, run);
    if (fclose(out) != 0) abort();
    return text;
}

static bool copy_scenario(const char *path, FILE *out) {
    FILE *in = fopen(path, "rb");
    if (in == NULL) return false;
    int byte, last = '\n';
    while ((byte = getc(in)) != EOF) {
        putc(byte, out);
        last = byte;
    }
    bool good = ferror(in) == 0;
    if (last != '\n') putc('\n', out);
    return fclose(in) == 0 && good;
}

static void put_string(const char *text, FILE *out) {
    fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        bool plain = *at >= ' ' && *at != 0x7f && *at != '"' && *at != '\\';
        fprintf(out, plain ? "%c" : "\\%03d", *at);
    }
    fputc('"', out);
}

static void put_list(const char *name, const char *const *words, uint32_t count, FILE *out) {
    fprintf(out, "  %s = { ", name);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) fputs(", ", out);
        put_string(words[i], out);
    }
    fputs(" },\n", out);
}

// What the command line changed, in front of the text that it changes.
static void put_settings(const struct options *options, FILE *out) {
    const char *sets[OPTIONS_REPEATED];
    for (uint32_t i = 0; i < options->set_count; i++)
        sets[i] = options->set[options->set_count - 1 - i];  // the last one holds; in settings { }, the first one
    if (options->set_count + options->without_count == 0 && options->profile == NULL) return;
    fputs("-- What the command line of the check said.\nsettings {\n", out);
    if (options->set_count > 0) put_list("set", sets, options->set_count, out);
    if (options->without_count > 0) put_list("without", options->without, options->without_count, out);
    if (options->profile != NULL) {
        fputs("  profile = ", out);
        put_string(options->profile, out);
        fputs(",\n", out);
    }
    fputs("}\n\n", out);
}

// Every run of `check` is held to the built-in properties; a run of the saved scenario, to those that it names.
static void put_claim(const struct world *world, FILE *out) {
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    const struct property *property = count == 0 ? NULL : property_by_name(failures[0].claim[0]);
    if (property == NULL || failures[0].where[0] != '\0') return;
    fprintf(out, "\n%s \"%s\"\n", property->when == CLAIM_FINALLY ? "finally" : "always", property->name);
}

static void put_fates(const struct shrunk *shrunk, const struct world *world, const char *path, FILE *out) {
    char time[48];
    char *command = repeat_saved(path);
    fprintf(out, "\n-- What becomes of the packets, instead of luck. To see it: %s\nfates {\n", command);
    free(command);
    for (uint32_t i = 0; i < shrunk->count; i++) {
        failure_time(shrunk->times[i], time, sizeof time);
        fputs("  ", out);
        plan_entry_write(out, &shrunk->entries[i], world);
        fprintf(out, shrunk->entries[i].kind == PLAN_FATE ? " -- sent at %s\n" : "\n", time);
    }
    fputs("}\n", out);
}

int save_write(const struct options *options, const struct shrunk *shrunk, const struct world *world,
               const char *path) {
    struct file file;
    int reason = file_open(&file, path);
    if (reason != 0) return reason;
    put_settings(options, file.stream);
    bool copied = copy_scenario(options->operand, file.stream);
    reason = errno;
    put_claim(world, file.stream);
    put_fates(shrunk, world, path, file.stream);
    if (copied) return file_close(&file);
    file_discard(&file);
    return reason;
}
