#include <stdio.h>
#include <stdlib.h>

#include "sim/command.h"
#include "sim/engine/memory.h"
#include "sim/search/report.h"
#include "sim/summary.h"

// Adds one report. False: it can't be, and that has been said.
static bool add(enum language language, struct report_sum *sum, struct report *report, const char *path) {
    char error[600];
    if (!report_read(report, path, (int)language, error, sizeof error)) {
        fprintf(stderr, "synfin: %s\n", error);
        return false;
    }
    switch (report_add(sum, report)) {
    case REPORT_ADDED: return true;
    case REPORT_ADDED_BEFORE: message_error(language, MESSAGE_MERGED_BEFORE, path, NULL); return false;
    case REPORT_OF_ANOTHER_CHECK: message_error(language, MESSAGE_MERGED_OTHER, path, NULL); return false;
    }
    return false;
}

enum status command_merge(const struct options *options) {
    struct report_sum *sum = memory_allocate(sizeof *sum);
    struct report *report = memory_allocate(sizeof *report);
    bool good = add(options->language, sum, report, options->operand);
    for (uint32_t i = 0; good && i < options->more_count; i++)
        good = add(options->language, sum, report, options->more[i]);
    enum status status = STATUS_BAD_INPUT;
    if (good) {
        uint32_t added = sum->report.shard;
        status = summary_status(&sum->report, added);
        summary_print(stdout, options->language, &sum->report, added);
        if (sum->report.failed > 0)
            printf("%s --run %llu\n", sum->report.command, (unsigned long long)sum->report.failed);
    }
    free(report);
    free(sum);
    return status;
}
