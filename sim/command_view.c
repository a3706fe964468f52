#include <inttypes.h>
#include <stdio.h>

#include "sim/command.h"
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

enum status command_view(const struct options *options) {
    char error[512];
    struct trace trace;
    const char *wrong = trace_read(&trace, options->operand, error, sizeof error);
    if (wrong == NULL) wrong = show(&trace, options, error, sizeof error);
    if (wrong != NULL) message_error(options->language, MESSAGE_BAD_TRACE, options->operand, wrong);
    trace_free(&trace);
    return wrong == NULL ? STATUS_HOLDS : STATUS_BAD_INPUT;
}
