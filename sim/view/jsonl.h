// A trace as JSON Lines, for other programs: one JSON object a line and a record. It says all that the trace says, so
// that the trace can be had back from it. README.md and tests/jsonl.schema.json describe it.
//
// The first line is {"format":"synfin-trace","version":1}, the last one {"kind":"end",...}.
#ifndef VIEW_JSONL_H
#define VIEW_JSONL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/engine/trace.h"
#include "sim/view/words.h"

enum { JSONL_VERSION = 1 };

// Appends all lines to `out`. False when the trace makes no sense: `error` (`size` bytes) says why.
bool jsonl_write(const struct trace *trace, struct words *out, char *error, size_t size);

// Reads the lines of `file` into `trace` (which holds nothing yet; to be freed by the caller in any case). What is read
// may be anything. NULL, or what is wrong, in `error`: in which line, and what would be right.
const char *jsonl_read(struct trace *trace, FILE *file, char *error, size_t size);

#endif
