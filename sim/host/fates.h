// What searching does to a world: faults drawn by luck, fates that are planned packet by packet, a record of what came
// of every packet, and what a run has covered. A world that nobody searches knows nothing of all this.
#ifndef HOST_FATES_H
#define HOST_FATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/tcp.h"
#include "sim/engine/engine.h"
#include "sim/host/world.h"

// What may go wrong, beyond the luck of the links. Probabilities out of ENGINE_MILLION, times in nanoseconds.
struct faults {
    uint32_t loss;
    uint32_t duplicate;  // a copy follows, between 1 ms and the longest time that a packet may be held back
    uint32_t reorder;    // the packet is held back as long
    uint32_t corrupt;    // some of its bits are flipped
    uint64_t delay_least, delay_most;  // each packet is later by this much; both 0: none
    uint64_t crashes;                  // bit n: host n may crash once, and boots again
    uint64_t heals;                    // from then on the network is healed: no luck at all
};

// In the key of an ICMP error, in the place of the flags: this + enum tcp_icmp.
enum { FATE_KEY_ICMP = 0x100 };

// Something that happens to a packet, or to a host, and would not by itself.
enum plan_kind { PLAN_FATE, PLAN_CRASH };
struct plan_entry {
    enum plan_kind kind;
    uint32_t from, to;        // FATE: hosts. CRASH: `from` alone
    struct packet_key key;    // FATE
    struct fate_order order;  // FATE: drop, or hold, duplicates and spacing, flips
    uint64_t at, boots;       // CRASH: when, and when it boots again
};

// What became of each packet of a run, crashes in front. Items are struct plan_entry.
struct fate_log {
    struct logged_fate {
        struct plan_entry entry;
        uint64_t time;  // when it was sent
        bool usual;     // it arrived once, neither late nor early
        bool scripted;  // by fate() or inject(): `entry` says nothing of it
    } * items;
    uint32_t count, capacity;
};
// All bytes zero is an empty log.
void fate_log_free(struct fate_log *log);

enum coverage_fate { COVERED_SENT, COVERED_LOST, COVERED_DUPLICATED, COVERED_LATE, COVERED_CRASHED, COVERED_CORRUPTED };
enum { COVERAGE_FATES = COVERED_CORRUPTED + 1, COVERAGE_LABELS = 64 };

// What a run has seen.
struct coverage {
    struct tcp_rule_set rules;         // that decided something
    uint16_t transitions[TCP_STATES];  // bit n of [m]: from state m to state n; n = m: a step within the state
    uint64_t labels;                   // of covers(), in order of declaration
    uint32_t fates[COVERAGE_FATES];    // packets; hosts
    bool cut;                          // it had no end, for a reason that is known of TCP, and was stopped
};

// ---- Building: before world_start()

// What scenario says may go wrong. Means nothing unless world_draw() is called.
const char *world_faults(struct world *world, const struct faults *faults);
// What world_faults() took, or NULL.
const struct faults *world_declared_faults(const struct world *world);
// These fates, and no luck from now on: neither the links' nor faults. In front of scripted fates. Later calls replace
// what earlier ones planned. Copied.
void world_plan(struct world *world, const struct plan_entry *entries, uint32_t count);
// What is planned. False: world_plan() was never called, and luck decides.
bool world_planned(const struct world *world, const struct plan_entry **entries, uint32_t *count);
// world_start() stops short of what happens at time 0, until world_begin().
void world_hold(struct world *world);

// ---- Searching: between world_start() of a world that is held, and world_begin()

// Another seed for the luck of the network; and with `faults` what world_faults() declared is drawn from it: first
// which kinds of fault this run has at all.
void world_draw(struct world *world, uint64_t seed, bool faults);
// Both are the caller's; NULL: none. A fork has neither.
void world_watch(struct world *world, struct fate_log *log, struct coverage *coverage);
// What happens at time 0.
void world_begin(struct world *world);

// True when two runs of the world can differ: a link has luck, or faults are declared, and no fates are planned.
bool world_has_luck(const struct world *world);

// ---- Claims and labels, in order of declaration

uint32_t world_claims(const struct world *world);
const struct claim *world_claim_at(const struct world *world, uint32_t number);
uint32_t world_labels(const struct world *world);
const char *world_label(const struct world *world, uint32_t number, int language);

#endif
