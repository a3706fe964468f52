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
    CLAIM_COVERS,   // no claim: a label, noted in the coverage of `check` when it first holds
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

// What a property takes for granted. In a run that breaks one of a property's assumptions, the property says nothing
// more. What TCP does then, with no rule missing, the scenarios of scenarios/weaknesses show: ack-storm and
// syn-undoes-a-handshake what a forger can do, visit-replayed what numbers used again, duplicate-syn-ack-storm and
// old-syn-meets-new-open what an old SYN, full-windows-ack-storm what windows that are full, the
// syn-cookie ones what SYN cookies, and fast-open-served-twice what Fast Open.
enum assumption {
    ASSUMES_NO_FORGERY = 0x01,      // nobody injects anything, and no flipped bits go unnoticed
    ASSUMES_FRESH_NUMBERS = 0x02,   // no incarnation uses the numbers of an earlier one that ended without TIME-WAIT
    ASSUMES_MSL = 0x04,             // no segment lives longer than MSL
    ASSUMES_LONG_TIME_WAIT = 0x08,  // 2 MSL are longer than R2
    ASSUMES_NO_DEPARTURE = 0x10,    // nobody gave up, crashed, aborted, or threw text away unread
    ASSUMES_NO_STALE_SYN = 0x20,    // no old duplicate of a SYN finds a listener, or somebody who opens
    ASSUMES_ROOM = 0x40,            // no end has filled the other's window while something before it was missing
    ASSUMES_NO_COOKIES = 0x80,      // no listener answers a SYN by a SYN cookie, and forgets it
    ASSUMES_NO_STALE_TEXT = 0x100,  // no old duplicate of a SYN is served at once, by Fast Open
};
enum { ASSUMPTIONS = 9 };

enum property_kind {
    PROPERTY_SAFETY,    // holds after every event of every run
    PROPERTY_LIVENESS,  // holds when everything rests, if the network was good in the end
    PROPERTY_CHOICE,    // true of the runs that are meant to be so: for a scenario to claim
};

struct observation;
// Looks at one step. NULL, or what is wrong with it, in each language; static.
typedef const char *const *(*property_observer)(const struct observation *seen);

// A property that is built in: a look at the world, or at each step.
struct property {
    const char *name;     // "synchronized-ends-agree"
    const char *source;   // "RFC 9293 3.4.1"
    const char *says[2];  // English, Chinese
    enum property_kind kind;
    enum claim_when when;
    uint32_t assumes;           // enum assumption, or-ed
    claim_function holds;       // NULL: it looks at steps
    property_observer observe;  // NULL: it looks at the world
};

// The built-in properties; `*count` receives how many, at most 64. Static.
const struct property *properties(size_t *count);
// By name, or NULL.
const struct property *property_by_name(const char *name);
// Why the property is there although no missing rule can break it, in each language; NULL: one can. Static.
const char *property_reason(const struct property *property, int language);
// What the assumption says, in each language. `number` is below ASSUMPTIONS: that of bit 1 << `number`. Static.
const char *property_assumption(unsigned number, int language);

// The world claims the property, whatever it assumes: so a scenario claims it. `where` as in struct claim. Before
// anything has happened in the world (world_hold()).
void world_claim_property(struct world *world, const struct property *property, enum claim_when when,
                          const char *where);
// The world claims every property of safety and liveness, each as long as its assumptions hold. As above.
void world_claim_all_properties(struct world *world);
// True when ends may answer each other for ever in this run: what answers-come-to-an-end assumes was broken.
bool property_excuses_storms(const struct world *world);

#endif
