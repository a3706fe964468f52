// What many runs came to: the end of `check` and all of `merge`.
#ifndef SIM_SUMMARY_H
#define SIM_SUMMARY_H

#include "sim/command.h"
#include "sim/search/report.h"

// How the runs ended. `added`: so many shards were added up in the report; 0: it is one shard's, or of all runs.
enum status summary_status(const struct report *report, uint32_t added);
// PASS, FAIL or INCOMPLETE; and, unless a run failed, what was covered and what was never seen.
void summary_print(FILE *out, enum language language, const struct report *report, uint32_t added);

#endif
