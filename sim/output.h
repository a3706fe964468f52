// Standard output as a promise: what the user asked to see is seen, or the program says that it wasn't.
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/options.h"
#include "sim/view/timeline.h"

// Call first: a closed descriptor 0, 1 or 2 is occupied, so that no file that is opened later takes its place, and a
// failed assertion ends with status 4.
void output_start(void);

// Flushes standard output in between: before something is said on standard error, and before a process forks. Why that
// failed, if it does, is for output_finish() to say.
void output_flush(void);

// Flushes standard output; false, and an error line, when something of it was lost.
bool output_finish(enum language language);

// Says that `path` can't be written ("-": standard output), and why: an errno value. Returns false.
bool output_failed(enum language language, const char *path, int reason);

// How to draw: as the options say; as wide as the terminal if they don't; in colour only for a terminal whose user
// didn't decline it (NO_COLOR, TERM=dumb).
struct timeline_options output_look(const struct options *options);

#endif
