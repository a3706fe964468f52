// Claims: what must be true of a run.
#ifndef HOST_CLAIM_H
#define HOST_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rules.h"

struct world;

enum claim_when {
    CLAIM_ALWAYS,   // after every event
    CLAIM_FINALLY,  // when the run has ended
    CLAIM_AT,       // once, at time `at`
};

enum { CLAIM_DETAIL = 400 };

// What was found, in each language. All empty: nothing is said of it.
struct claim_detail {
    char text[TCP_LANGUAGES][CLAIM_DETAIL];
};

// Looks at the world without changing it. True: it holds. False: `detail`, empty before, may say what was found.
// `error` set: the claim itself is faulty (the script's mistake), and `detail` says how.
typedef bool (*claim_function)(const struct world *world, void *context, struct claim_detail *detail, bool *error);

struct claim {
    const char
        *name[TCP_LANGUAGES];  // owned by whoever registers it; outlives the world. The second NULL: as the first
    const char *where;         // file:line, or "" for a built-in one; as above
    enum claim_when when;
    uint64_t at;  // nanoseconds, with CLAIM_AT
    claim_function holds;
    void *context;
};

// A property that is built in.
struct property {
    const char *name;     // "synchronized-ends-agree"
    const char *source;   // "RFC 9293 3.4.1"
    const char *says[2];  // English, Chinese
    enum claim_when when;
    claim_function holds;
};

// The built-in properties; `*count` receives how many. Static.
const struct property *properties(size_t *count);
// By name, or NULL.
const struct property *property_by_name(const char *name);

#endif
