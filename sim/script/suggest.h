// "did you mean": the known name that a misspelt one is nearest to.
#ifndef SCRIPT_SUGGEST_H
#define SCRIPT_SUGGEST_H

#include <stddef.h>

enum { SUGGEST_NAME = 48 };  // longer names get no suggestion

// Candidates are added one by one.
struct suggestion {
    char wanted[SUGGEST_NAME];  // what was written
    char best[SUGGEST_NAME];    // the nearest candidate so far; "" when none is near enough
    size_t distance;            // its distance; at first, the least that is too far
};

void suggest_begin(struct suggestion *suggestion, const char *wanted);
// Of equally near candidates the first one wins.
void suggest_add(struct suggestion *suggestion, const char *candidate);

#endif
