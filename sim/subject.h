// A scenario's file as explore and prove-rules see it.
#ifndef SIM_SUBJECT_H
#define SIM_SUBJECT_H

#include "sim/options.h"
#include "sim/search/check.h"

// What the subject remembers: it must stay.
struct subject_file {
    const struct options *options;
};
// Makes the worlds of the scenario that the file's options name, for which subject_loads() is true.
struct subject subject_of(struct subject_file *file);
// Tries to load the scenario; false: it can't be, and why has been said.
bool subject_loads(const struct options *options);

#endif
