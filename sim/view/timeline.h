// The terminal timeline: a trace as a ladder in the spirit of RFC 9293's figures, with both ends' states, every
// packet's fate and cause, and the rules behind it. Written from the trace alone.
#ifndef VIEW_TIMELINE_H
#define VIEW_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/engine/trace.h"

enum {
    TIMELINE_WIDTH_LEAST = 72,
    TIMELINE_WIDTH = 100,  // the default
    TIMELINE_WIDTH_MOST = 400,
};

struct timeline_options {
    int language;   // 0 English, 1 Chinese
    bool ascii;     // draw with ASCII; English output is then ASCII altogether (other characters are escaped)
    bool colour;    // ANSI colours; whether they are welcome is for the caller to know (terminal, NO_COLOR)
    bool explain;   // with the sentence and the clause of the rules that were applied: in full where a rule appears for
                    // the first time, by name and clause afterwards
    bool absolute;  // absolute sequence numbers alone; otherwise both, "seq=0 (100)", where the relative one is known
    uint32_t
        width;  // columns, TIMELINE_WIDTH_LEAST..TIMELINE_WIDTH_MOST; others are brought into that range; 0: default
};

// Writes the timeline of `trace` to `out`. No line is wider than the width, and nothing that the trace says can reach
// the terminal as a control character. False when the trace makes no sense: then `error` (`size` bytes) says what is
// wrong, in English, with the record's number, and nothing was written. Errors of `out` are the caller's to find
// (ferror).
bool timeline_write(const struct trace *trace, const struct timeline_options *options, FILE *out, char *error,
                    size_t size);

#endif
