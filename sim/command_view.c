#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/command.h"
#include "sim/host/record.h"
#include "sim/output.h"
#include "sim/view/timeline.h"

static const char *show(const struct trace *trace, const struct options *options, char *error, size_t size) {
    if (options->digest) {
        printf("%016" PRIx64 "\n", trace_digest(trace));
        return NULL;
    }
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

enum status command_view(const struct options *options) {
    char error[512];
    struct trace trace;
    const char *wrong = trace_read(&trace, options->operand, error, sizeof error);
    if (wrong == NULL) wrong = show(&trace, options, error, sizeof error);
    const char *from =
        strcmp(options->operand, "-") == 0 ? message(options->language, MESSAGE_STDIN) : options->operand;
    if (wrong != NULL) message_error(options->language, MESSAGE_BAD_TRACE, from, wrong);
    bool failed = wrong == NULL && claim_failed(&trace);
    trace_free(&trace);
    if (wrong != NULL) return STATUS_BAD_INPUT;
    return failed ? STATUS_CLAIM_FAILS : STATUS_HOLDS;
}
