#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/command.h"
#include "sim/host/record.h"
#include "sim/output.h"
#include "sim/pictures.h"
#include "sim/view/jsonl.h"
#include "sim/view/timeline.h"

static const char *show(const struct trace *trace, const struct options *options, char *error, size_t size) {
    if (options->digest) {
        printf("%016" PRIx64 "\n", trace_digest(trace));
        return NULL;
    }
    if (pictures_on_stdout(options) > 0) return NULL;
    struct timeline_options look = output_look(options);
    return timeline_write(trace, &look, stdout, error, size) ? NULL : error;
}

// True when a claim failed in the run that the trace tells of.
static bool claim_failed(const struct trace *trace) {
    struct trace_record record;
    for (size_t offset = 0; trace_next(trace, &offset, &record);)
        if (record.kind == RECORD_CLAIM) return true;
    return false;
}

// A trace, or one as JSON Lines: the first byte tells.
static const char *read_either(struct trace *trace, FILE *file, char *error, size_t size) {
    int first = getc(file);
    if (first != EOF) ungetc(first, file);
    return first == '{' ? jsonl_read(trace, file, error, size) : trace_read_from(trace, file, error, size);
}

static const char *read_operand(struct trace *trace, const char *path, char *error, size_t size) {
    if (strcmp(path, "-") == 0) return read_either(trace, stdin, error, size);
    errno = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        snprintf(error, size, "can't be opened: %s", strerror(errno != 0 ? errno : EIO));
        return error;
    }
    const char *wrong = read_either(trace, file, error, size);
    fclose(file);
    return wrong;
}

// Says what is wrong with the file, and returns false then. The trace is the caller's to free in any case.
static bool load(const struct options *options, struct trace *trace, const char *path) {
    char error[512];
    const char *wrong = read_operand(trace, path, error, sizeof error);
    const char *from = strcmp(path, "-") == 0 ? message(options->language, MESSAGE_STDIN) : path;
    if (wrong != NULL) message_error(options->language, MESSAGE_BAD_TRACE, from, wrong);
    return wrong == NULL;
}

static enum status view(const struct options *options, const struct trace *trace, const struct trace *beside) {
    char error[512];
    const char *wrong = show(trace, options, error, sizeof error);
    if (wrong != NULL) {
        message_error(options->language, MESSAGE_BAD_TRACE, options->operand, wrong);
        return STATUS_BAD_INPUT;
    }
    if (!pictures_write(options, trace, beside)) return STATUS_BAD_INPUT;
    return claim_failed(trace) ? STATUS_CLAIM_FAILS : STATUS_HOLDS;
}

enum status command_view(const struct options *options) {
    if (!pictures_possible(options)) return STATUS_BAD_INPUT;
    struct trace trace = {0}, beside = {0};  // what reads them makes them
    enum status status = STATUS_BAD_INPUT;
    if (load(options, &trace, options->operand) && (options->beside == NULL || load(options, &beside, options->beside)))
        status = view(options, &trace, options->beside == NULL ? NULL : &beside);
    trace_free(&trace);
    trace_free(&beside);
    return status;
}
