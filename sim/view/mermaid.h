// A trace as a Mermaid sequence diagram, for documents: participants, a note for each state, arrows, and a cross at the
// end of an arrow where a packet is lost. What is under way while its receiver, and its sender, have other things to
// do is drawn twice: as it leaves, and as it arrives.
#ifndef VIEW_MERMAID_H
#define VIEW_MERMAID_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/engine/trace.h"
#include "sim/view/timeline.h"
#include "sim/view/words.h"

// Appends the diagram to `out`; colour and width don't matter to it. False when the trace makes no sense: `error`
// (`size` bytes) says why.
bool mermaid_write(const struct trace *trace, const struct timeline_options *options, struct words *out, char *error,
                   size_t size);

#endif
