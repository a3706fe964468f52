// Counterexamples as scenarios.
#ifndef SIM_SAVE_H
#define SIM_SAVE_H

#include "sim/options.h"
#include "sim/search/shrink.h"

// Where save_write() writes to, as the line says that refuses: NULL, or why nothing can be written into the folder.
const char *save_refused(const char *folder);
// The file that run `run` of options->operand is saved in: DIR/NAME.seed-1.run-57.lua. To be freed.
char *save_path(const struct options *options, uint64_t run);
// Writes the scenario's text and its fates to `path`: all of it or nothing. 0, or an errno value.
int save_write(const struct options *options, const struct shrunk *shrunk, const struct world *world, const char *path);

#endif
