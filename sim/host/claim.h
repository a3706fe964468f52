// Claims: what must be true of a run.
#ifndef HOST_CLAIM_H
#define HOST_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;

enum claim_when {
    CLAIM_ALWAYS,  // after every event
    CLAIM_FINALLY, // when the run has ended
    CLAIM_AT,      // once, at time `at`
};

// Looks at the world without changing it. True: it holds. False: `detail` (size bytes) may say what was found. `error`
// set: the claim itself is faulty (the script's mistake), and `detail` says how.
typedef bool (*claim_function)(const struct world *world, void *context, char *detail, size_t size, bool *error);

struct claim {
    const char *name;  // owned by whoever registers it; outlives the world
    const char *where; // file:line, or "" for a built-in one; as above
    enum claim_when when;
    uint64_t at;       // nanoseconds, with CLAIM_AT
    claim_function holds;
    void *context;
};

// A property that is built in.
struct property {
    const char *name;   // "synchronized-ends-agree"
    const char *source; // "RFC 9293 3.4.1"
    const char *says[2]; // English, Chinese
    enum claim_when when;
    claim_function holds;
};

// The built-in properties; `*count` receives how many. Static.
const struct property *properties(size_t *count);
// By name, or NULL.
const struct property *property_by_name(const char *name);

#endif
