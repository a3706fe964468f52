// A scenario's file as check, explore and prove-rules see it.
#ifndef SIM_SUBJECT_H
#define SIM_SUBJECT_H

#include <stdbool.h>

#include "sim/options.h"
#include "sim/script/scenario.h"
#include "sim/search/check.h"
#include "sim/search/explore.h"

// What the subject remembers: it must stay.
struct subject_file {
    const struct options *options;
    bool properties;  // every world claims all properties
};
// Loads the scenario that the options name, its world held. The seed is always the same: luck is drawn run by run, and
// what is saved has to fail under `synfin run`, which knows no other. NULL: it can't be, and why has been said.
struct scenario *subject_load(const struct options *options, struct trace *trace, const char *command);
// Makes the worlds of the scenario that the file's options name, for which subject_loads() is true.
struct subject subject_of(struct subject_file *file);
// The bounds that a scenario names, or those that every proof has: a search with all properties, 1 GiB of memory.
struct explore_options subject_bounds(const struct scenario_bounds *bounds);
// Says that the scenario at `path` can't be explored: `sentence`, as explore() returns it, about a line of it or 0.
void subject_refused(enum language language, const char *path, uint32_t line, const char *sentence);
// Tries to load the scenario; false: it can't be, and why has been said.
bool subject_loads(const struct options *options);

#endif
