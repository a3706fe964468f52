// The command line that repeats a run.
#ifndef SIM_REPEAT_H
#define SIM_REPEAT_H

#include <stdint.h>

#include "sim/options.h"

// "synfin run FILE ..." with everything that the run depends on and nothing that only its picture does, quoted for the
// shell. To be freed by the caller.
char *repeat_command(const struct options *options);
// "synfin check FILE ...", all of it (run 0) or one run.
char *repeat_check(const struct options *options, uint64_t run);
// "synfin explore FILE ...", with its bounds.
char *repeat_explore(const struct options *options);
// "synfin run ..." of a file that `check --save` wrote.
char *repeat_saved(const char *file);

#endif
