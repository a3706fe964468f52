// The command line that repeats a run.
#ifndef SIM_REPEAT_H
#define SIM_REPEAT_H

#include "sim/options.h"

// "synfin run FILE ..." with everything that the run depends on and nothing that only its picture does, quoted for the
// shell. To be freed by the caller.
char *repeat_command(const struct options *options);

#endif
