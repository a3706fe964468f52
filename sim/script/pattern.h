// Lua's patterns, matched by backtracking with a limit on the steps. Knows no Lua state.
#ifndef SCRIPT_PATTERN_H
#define SCRIPT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PATTERN_CAPTURES = 32,
    PATTERN_DEPTH = 200,    // repetitions and captures in one another
    PATTERN_OPEN = -1,      // length of a capture whose ')' hasn't come yet
    PATTERN_POSITION = -2,  // length of a capture (), a position
};

struct pattern {
    const char *text, *text_end;
    const char *pattern, *pattern_end;  // without the anchor ^
    uint64_t steps;                     // left; taken by pattern_match()
    const char *error;                  // set when the pattern is malformed or too complex
    bool exhausted;                     // set when the steps are used up
    int level;                          // captures
    int depth;
    struct {
        const char *start;
        ptrdiff_t length;  // or PATTERN_*
    } captures[PATTERN_CAPTURES];
};

// Matches the whole pattern at `at`, between text and text_end. The end of the match, or NULL: no match, or `error` or
// `exhausted` is set. Sets the captures, all of them closed when it matches.
const char *pattern_match(struct pattern *pattern, const char *at);

#endif
