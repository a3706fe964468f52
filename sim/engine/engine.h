// Time, the event queue, links with luck, and the trace: a network that knows no TCP. A packet is a block of bytes
// whose meaning is the host layer's.
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/pool.h"
#include "sim/engine/queue.h"
#include "sim/engine/trace.h"

enum {
    ENGINE_MILLION = 1000000,  // probabilities are integers out of a million
    ENGINE_DOWN_PERIODS = 16,  // a link direction's
    ENGINE_FLIPS = 4,          // of one packet, at most
    ENGINE_LUCKY_FLIPS = 255,  // in struct fate_order
};

// One direction of a link. Times in nanoseconds, probabilities out of ENGINE_MILLION. All zero is an ideal link.
struct link_settings {
    uint64_t delay;            // propagation
    uint64_t jitter;           // each packet's delay is longer by up to this much; packets may overtake
    uint32_t loss;             // each packet on its own
    uint32_t burst;            // each time slot of burst_slot is bad with this probability ...
    uint32_t burst_loss;       // ... and loses each packet sent in it with this one
    uint32_t duplicate;        // a second copy travels, with a jitter of its own
    uint32_t reorder;          // the packet is held back by reorder_delay, so that later ones overtake it
    uint32_t corrupt;          // one to ENGINE_FLIPS bits of the packet are flipped
    uint64_t burst_slot;       // length of a time slot, > 0 where burst is used
    uint64_t duplicate_delay;  // the copy follows by this much
    uint64_t reorder_delay;
    uint64_t rate;         // bits a second; 0: no limit
    uint32_t queue_limit;  // bytes that may wait for the rate; beyond: dropped. 0: no limit
    uint32_t mtu;          // bytes; a longer packet is dropped. 0: no limit
    // What the router in front of the link says to the sender of a packet that it can't pass on. The host layer's.
    uint8_t unreachable;  // of one for a host or link that is down
    bool black_hole;      // nothing of one that is too long
    uint32_t down_count;
    struct {
        uint64_t from, to;  // packets sent in [from, to) are lost
    } down[ENGINE_DOWN_PERIODS];
};

// What luck looks at, opaque to the engine: the fate of a packet is a pure function of (seed, direction, key).
struct packet_key {
    uint32_t word[6];
};

// Who decides a fate.
enum fate_author { FATE_BY_SCRIPT, FATE_BY_PLAN, FATE_BY_LUCK };

// A fate that was decided elsewhere. It replaces the link's luck for one packet; its rate and down periods still hold.
struct fate_order {
    bool drop;
    bool has_delay;               // `delay` replaces the link's
    uint8_t author;               // enum fate_author
    uint8_t flips;                // how many bits of one copy are flipped; ENGINE_LUCKY_FLIPS: luck says which
    uint8_t flipped;              // number of that copy
    uint8_t unreachable;          // with `drop`: what the sender is told. The host layer's
    uint32_t duplicates;          // further copies, 0..8
    uint32_t flip[ENGINE_FLIPS];  // bits, from 0 in the order in which they are sent; beyond the end of the packet,
                                  // counting goes on at its beginning
    uint64_t delay;               // nanoseconds
    uint64_t hold;                // nanoseconds, added to the delay of every copy
    uint64_t spacing;             // nanoseconds between one copy and the next
};

// What became of a packet, or of one copy of it; in the trace.
enum packet_fate {
    FATE_DELIVERED,
    FATE_LOST,  // independent loss
    FATE_LOST_BURST,
    FATE_LOST_QUEUE,  // the rate's queue was full
    FATE_LOST_DOWN,
    FATE_LOST_ORDER,    // a scripted fate said so
    FATE_LOST_NO_LINK,  // no link leads there
    FATE_LOST_PLAN,     // a planned fate said so
    FATE_CORRUPTED,     // delivered, with other bits than were sent
    FATE_LOST_TOO_BIG,  // longer than the link's MTU
};
enum { PACKET_FATES = FATE_LOST_TOO_BIG + 1 };

static inline bool fate_arrives(enum packet_fate fate) {
    return fate == FATE_DELIVERED || fate == FATE_CORRUPTED;
}

// Event kinds of the engine; the host layer's begin at ENGINE_EVENT_HOST.
enum { ENGINE_EVENT_ARRIVAL, ENGINE_EVENT_HOST };

struct link_copy;  // see link.h
// Told what becomes of a packet and of its copies.
typedef void (*engine_decided)(void *context, uint32_t direction, const struct packet_key *key,
                               const struct link_copy *copies, uint32_t count);
// Flips bits (numbered as in struct fate_order, below the packet's size) of a packet that is on its way: `payload`
// becomes what the receiver will find.
typedef void (*engine_corrupts)(void *context, const uint32_t *flips, uint32_t count, void *payload);

struct engine {
    uint64_t now;  // nanoseconds
    uint64_t seed;
    uint64_t events;  // popped so far
    uint64_t packets_sent;
    struct queue *queue;
    struct pool packets;  // in flight; each item is a struct engine_packet followed by the caller's bytes
    uint32_t payload_size;
    uint32_t directions;
    struct link_direction *direction;  // see link.h
    struct trace *trace;               // NULL: recording is off
    bool calm;                         // luck does nothing: no loss, no copies, nothing late
    engine_decided decided;            // NULL: nobody wants to know
    void *decided_context;
    engine_corrupts corrupts;  // NULL: bits are flipped and nobody sees it
    void *corrupts_context;
    enum packet_fate last_fate;  // of what was sent last; of the first copy
};

// In front of each packet's payload.
struct engine_packet {
    uint64_t number;  // the packet's number, from 1 in order of sending: the timeline's #n; copies share it
    uint32_t direction;
    uint32_t copy;    // 0: the packet, 1..: its duplicates
    uint64_t record;  // this copy's TRACE_KIND_FATE record; 0 when recording is off
};

// Initialises `engine` for packets of `payload_size` bytes. `trace` stays the caller's; NULL turns recording off.
void engine_init(struct engine *engine, size_t payload_size, uint64_t seed, struct trace *trace);
void engine_free(struct engine *engine);
// Makes `to`, which holds nothing yet, an independent copy of `from`, with `trace` (the caller's, already copied, or
// NULL) as its own.
void engine_copy(struct engine *to, const struct engine *from, struct trace *trace);

// A new link direction; its number. The settings may be changed later through engine_link(), whose pointer is good
// until the next engine_add_link().
uint32_t engine_add_link(struct engine *engine, const struct link_settings *settings);
struct link_settings *engine_link(struct engine *engine, uint32_t direction);

// Sends `payload` (payload_size bytes, copied) of `wire_size` bytes on the wire (for the rate): decides its fate,
// records it, and queues an arrival for every copy that is delivered. `order` may be NULL: luck decides. Returns the
// packet's number. With direction UINT32_MAX the packet is lost: FATE_LOST_NO_LINK.
uint64_t engine_send(struct engine *engine, uint32_t direction, const struct packet_key *key, const void *payload,
                     uint32_t wire_size, const struct fate_order *order);

// The number that the next engine_send() will give its packet.
uint64_t engine_next_packet(const struct engine *engine);

// Has `kind` (ENGINE_EVENT_HOST or above) happen at `time`, not before now.
void engine_at(struct engine *engine, uint64_t time, uint32_t kind, uint32_t index, uint32_t generation);

// Takes the earliest event and moves the clock to it. False: none is left. For ENGINE_EVENT_ARRIVAL, {index,
// generation} names the packet in `packets`; the caller takes it with engine_take().
bool engine_next(struct engine *engine, struct queue_event *event);

// The arrived packet's payload, copied to `payload`, and the packet's slot freed. Records the arrival, caused by the
// record of the copy's fate, and makes it the cause of the records that follow.
void engine_take(struct engine *engine, const struct queue_event *event, struct engine_packet *packet, void *payload);

// Who carries packets by other means than engine_send() and engine_take() records what becomes of them by these two.
// Writes the fate of a copy, which arrives at `arrival`; the record's number, 0 when recording is off.
uint64_t engine_record_fate(struct engine *engine, const struct engine_packet *packet, const struct packet_key *key,
                            enum packet_fate fate, uint64_t arrival, bool scripted);
// Writes the arrival of a copy, and makes it the cause of the records that follow.
void engine_record_arrival(struct engine *engine, const struct engine_packet *packet);

#endif
