// One line on standard error that says how far a long command has come, as long as a terminal watches. A clock decides
// when it is shown, and nothing else.
#ifndef SIM_PROGRESS_H
#define SIM_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool watched;    // by a terminal
    bool shown;      // there is a line
    uint64_t since;  // when it was last shown, or begun
};

// Milliseconds of a clock that is never set.
uint64_t progress_clock(void);

struct progress progress_begin(void);
// True when it is time for the line, some times a second: then its place is empty, and the caller writes it.
bool progress_is_due(struct progress *progress);
// The line goes away.
void progress_end(struct progress *progress);

#endif
