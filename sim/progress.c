#include "sim/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL = 200 };  // milliseconds

static const char clear_line[] = "\r\x1b[K";

uint64_t progress_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct progress progress_begin(void) {
    return (struct progress){.watched = isatty(STDERR_FILENO) != 0, .since = progress_clock()};
}

bool progress_is_due(struct progress *progress) {
    if (!progress->watched) return false;
    uint64_t now = progress_clock();
    if (now - progress->since < INTERVAL) return false;
    progress->since = now;
    progress->shown = true;
    fputs(clear_line, stderr);
    return true;
}

void progress_end(struct progress *progress) {
    if (progress->shown) fputs(clear_line, stderr);
    progress->shown = false;
}
