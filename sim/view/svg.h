// A trace as a drawing (SVG) for documents: time runs down, arrows slant as packets travel, a cross stands where one is
// lost, duplicates are dashed, and each host's line is a bar in the colour of its state. Light or dark as the reader's
// browser is. Whole numbers alone, so that the same trace gives the same bytes everywhere.
#ifndef VIEW_SVG_H
#define VIEW_SVG_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/engine/trace.h"
#include "sim/view/timeline.h"
#include "sim/view/words.h"

// Appends the drawing to `out`; colour and width don't matter to it. False when the trace makes no sense: `error`
// (`size` bytes) says why.
bool svg_write(const struct trace *trace, const struct timeline_options *options, struct words *out, char *error,
               size_t size);

#endif
