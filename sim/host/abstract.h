// Abstract time: a world in which nothing happens at a time, and everything that may happen next is an action.
//
// For searches over all schedules. The clock stands still; a timeout may come whenever its timer is armed, a sleeper
// may wake whenever he sleeps, a packet may arrive, be lost or be doubled while it is in flight. No round-trip time is
// measured, and a host's ISN clock advances by one second at each OPEN. Links carry everything, in order: what the
// scenario says of delay, luck and fates plays no part, and neither do expectations at a time.
//
// A state is saved as bytes, and equal states are equal bytes: connections, programs and packets stand in an order of
// their own, numbers don't depend on the order in which things happened, and what no later step can read is left out.
#ifndef HOST_ABSTRACT_H
#define HOST_ABSTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/host/world.h"

enum {
    ABSTRACT_STATE_MOST = 1 << 16,  // bytes of a saved state
    ABSTRACT_ACTIONS = 512,         // that are possible in one state
    ABSTRACT_BUDGET_MOST = 200,     // of each kind
};

// What a schedule may spend.
enum budget {
    BUDGET_DROP,       // packets that are lost
    BUDGET_DUPLICATE,  // copies that the network makes
    BUDGET_OVERTAKE,   // packets that a later one of the same direction overtakes
    BUDGET_FIRE,       // repetitions while a packet of the same connection is in flight
};
enum { BUDGETS = BUDGET_FIRE + 1 };

struct abstract_limits {
    uint8_t budget[BUDGETS];
    uint32_t flights;  // a schedule that brings more packets in flight than that is cut off there; 0: no limit
    // Long timers fire whatever is in flight. Otherwise 2 MSL, the user timeout, R2 and the quiet time end only when
    // nothing is in flight and no retransmission timer of the other end is armed: that is MSL's promise
    // (section 3.4.2). R2 is over, in either case, only after three repetitions since the peer was last heard to live.
    bool long_silence;
};

enum action_kind {
    ACTION_NONE,       // how it began
    ACTION_ARRIVE,     // packet `place` arrives
    ACTION_LOSE,       // packet `place` is lost
    ACTION_DOUBLE,     // a copy of packet `place` follows it
    ACTION_TIMEOUT,    // `timer` of connection `place` fires
    ACTION_HALF_OPEN,  // entry `place` of the SYN caches sends its SYN,ACK again, or is forgotten
    ACTION_WAKE,       // program `place` has slept long enough
    ACTION_QUIET,      // the quiet time of host `place` is over
};

// Places are those of the state in which the action is possible.
struct action {
    uint8_t kind;   // enum action_kind
    uint8_t timer;  // enum tcp_timer
    uint16_t place;
};

// The world's time will be abstract. For a world that is held (sim/host/fates.h), before world_begin(). `limits` is
// copied.
void abstract_begin(struct world *world, const struct abstract_limits *limits);
// NULL, or a SENTENCE() that says why the world can't be searched, and in `line` the script's line that it is about, or
// 0.
const char *abstract_refuses(const struct world *world, uint32_t *line);

// What may happen next: at most ABSTRACT_ACTIONS; how many. `*cut`: more would be possible if a budget were not spent.
uint32_t abstract_actions(const struct world *world, struct action *list, bool *cut);
// One of them happens, and what follows from it at once.
void abstract_act(struct world *world, struct action action);
// What the actions have come to: more packets in flight, connections or programs than a search can hold.
bool abstract_overflows(const struct world *world);

// The state as it is after an action, into `bytes` (ABSTRACT_STATE_MOST). Its length; 0: it is too long.
uint32_t abstract_save(struct world *world, unsigned char *bytes);
// Makes the world what it was when the bytes were saved, in it or in another world of the same making. Failures are
// forgotten.
void abstract_load(struct world *world, const unsigned char *bytes);
// 64 well mixed bits of the bytes, never 0.
uint64_t abstract_digest(const unsigned char *bytes, uint32_t length);

// Claims of the kind that hold always; and the end, where nothing can happen any more. See world_failures().
void abstract_look(struct world *world);
bool abstract_waits(const struct world *world);  // a program waits for something
void abstract_finish(struct world *world);
void abstract_stop(struct world *world);  // here, though it would go on

// Both ends of a connection: `key` names the endpoints, `first` is the state at the host with the lower number.
struct abstract_pair {
    uint64_t key;
    uint8_t first, second;  // enum tcp_state; CLOSED where there is no connection
};
// Those of which at least one end exists, at most `most`; how many.
uint32_t abstract_pairs(const struct world *world, struct abstract_pair *pairs, uint32_t most);

// ---- Fairness: whose turn it is to go on. The same packet, timer, program or host has the same number in every state.

#define ABSTRACT_TIMED (UINT64_C(1) << 63)  // in the number: it waits for a time to come

// Who goes on by the action; 0: nobody does, for it is the network that loses or doubles a packet. The action is
// possible in the state that the world is in.
uint64_t abstract_turn(const struct world *world, struct action action);
// Those whose timers are armed, whether or not they may fire: at most `most`; how many.
uint32_t abstract_armed(const struct world *world, uint64_t *turns, uint32_t most);
// True when a budget was spent from one saved state to the other.
bool abstract_spent(const unsigned char *before, const unsigned char *after);

// ---- Replaying with recording on, so that packets arrive when the schedule says. The first replay finds out what
// becomes of each packet; the second one records it.

struct abstract_plan;
struct abstract_plan *abstract_plan_new(void);
void abstract_plan_free(struct abstract_plan *plan);
// The world follows the plan, or makes it: `known` when an earlier replay did. Each action takes 10 ms.
void abstract_follow(struct world *world, struct abstract_plan *plan, bool known);

#endif
