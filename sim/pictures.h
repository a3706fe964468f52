// Everything that a trace is turned into beside the timeline: which options ask for it, and where it goes.
#ifndef SIM_PICTURES_H
#define SIM_PICTURES_H

#include <stdbool.h>

#include "sim/engine/trace.h"
#include "sim/options.h"

// How many outputs go to standard output, in the place of the timeline: those called "-", a trace and a digest too.
unsigned pictures_on_stdout(const struct options *options);

// False, and an error line: what the options ask for can't all be had.
bool pictures_possible(const struct options *options);

// Writes each of them from `trace`; the player shows `beside` too, unless that is NULL. A file is written whole or not
// at all. False, and an error line for each that wasn't.
bool pictures_write(const struct options *options, const struct trace *trace, const struct trace *beside);

#endif
