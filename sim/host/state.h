// What a world consists of: hosts, sockets, listeners, programs, packets. For the files of sim/host only (and for tests
// that look inside).
//
// All state is in pools and flat arrays, by number: nothing in it is a pointer into it. So world_fork() is a handful of
// copies.
#ifndef HOST_STATE_H
#define HOST_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/tcp.h"
#include "sim/engine/engine.h"
#include "sim/host/abstract.h"
#include "sim/host/fates.h"
#include "sim/host/program.h"
#include "sim/host/record.h"
#include "sim/host/world.h"

// ---- Flat arrays (array.c)

struct array {
    void *items;
    uint32_t item_size;
    uint32_t count, capacity;
};
void array_init(struct array *array, size_t item_size);
void array_free(struct array *array);
void array_copy(struct array *to, const struct array *from);
// A new item at the end, all bytes zero. Pointers to other items are void afterwards.
void *array_add(struct array *array);
// Room for `count` items at the end, not initialised.
void *array_room(struct array *array, uint32_t count);
// `count` items at the end, copied from `items`; the number of the first.
uint32_t array_append(struct array *array, const void *items, uint32_t count);
void *array_at(const struct array *array, uint32_t number);  // number < count
size_t array_bytes(const struct array *array);

// ---- Four-tuples and the table that finds a connection by them (demux.c)

// Both endpoints as one end sees them; addresses are numbers into world.addresses.
struct tuple {
    uint16_t local, remote;
    uint16_t local_port, remote_port;
};
// In `local`: the listener of host `remote`, port `local_port`; `remote_port` is 1 + the number of the address that it
// listens on, or 0 for all of the host's.
enum { TUPLE_LISTENER = 0xffff };

static inline uint64_t tuple_key(struct tuple tuple) {
    return tuple.local | (uint64_t)tuple.remote << 16 | (uint64_t)tuple.local_port << 32 |
           (uint64_t)tuple.remote_port << 48;
}
static inline struct tuple tuple_mirrored(struct tuple tuple) {
    return (struct tuple){tuple.remote, tuple.local, tuple.remote_port, tuple.local_port};
}
static inline struct tuple tuple_of_listener(uint32_t host, uint16_t address, uint16_t port) {
    return (struct tuple){
        .local = TUPLE_LISTENER, .remote = (uint16_t)host, .local_port = port, .remote_port = address};
}
// Where the connection is filed that stays in TIME-WAIT behind a newer one of the tuple.
static inline struct tuple tuple_behind(struct tuple tuple) {
    tuple.local |= 0x8000;  // there are not so many addresses
    return tuple;
}
// Well mixed bits of a tuple.
static inline uint32_t tuple_hash(struct tuple tuple) {
    uint64_t hash = tuple_key(tuple) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(hash >> 32);
}

struct demux_entry {
    uint64_t key;
    struct pool_ref ref;  // generation 0: the entry is empty
};
struct demux {
    struct demux_entry *entries;
    uint32_t mask;  // one less than the number of entries, a power of two
    uint32_t count;
};
void demux_init(struct demux *demux);
void demux_free(struct demux *demux);
void demux_copy(struct demux *to, const struct demux *from);
// What was added under the tuple, or {0, 0}.
struct pool_ref demux_find(const struct demux *demux, struct tuple tuple);
// The tuple must not be there yet.
void demux_add(struct demux *demux, struct tuple tuple, struct pool_ref ref);
// The tuple must be there.
void demux_remove(struct demux *demux, struct tuple tuple);

// ---- What the world consists of

struct address {
    struct record_endpoint endpoint;  // port 0
    uint32_t host;                    // who has it; or who forges packets from it, and whom packets to it reach
    bool odd;                         // it isn't one host's: multicast, broadcast, unspecified
};

enum { EARLIER = 1024 };  // a power of two

// What TCP tells IP of a packet (section 3.9.2).
struct packet_ip {
    uint8_t ttl;   // time to live, or hop limit; 0: 64
    uint8_t dscp;  // Diffserv code point, 0..63
};

struct host {
    struct tcp_config tcp;
    uint32_t address_count;
    uint16_t address[WORLD_ADDRESSES];
    uint16_t mss;  // 0: by the address family
    uint16_t first_port, last_port, next_port;
    bool up;
    bool iss_fixed;
    bool syn_sent_refuses;
    struct packet_ip ip;  // of what it sends, unless a program says otherwise
    enum wire_layout layout;
    enum syn_queue syn_queue;
    uint32_t iss_count;
    uint64_t secret[2];                                   // RFC 6528's
    uint64_t quiet_until;                                 // after a reboot
    uint32_t opened, accepted, refused, open, half_open;  // as in struct host_view
    uint32_t line;
    uint32_t iss[WORLD_GIVEN_ISS];
    // How many connections the tuples that hash to a place have had: part of a packet's key, so that luck tells
    // incarnations apart without a counter that other connections could move.
    uint16_t earlier[EARLIER];
    char name[40];
};

enum {
    SOCKET_PASSIVE = 0x01,
    SOCKET_ACCEPTED = 0x02,     // counted in host.accepted
    SOCKET_ESTABLISHED = 0x04,  // it was, at some time
    SOCKET_PEER_CLOSED = 0x08,
    SOCKET_TIMED_OUT = 0x10,
    SOCKET_FOREIGN = 0x20,     // octets were delivered that the peer's incarnation did not send
    SOCKET_READY = 0x40,       // in world.ready
    SOCKET_BULK = 0x80,        // a connection of world_bulk()
    SOCKET_SERVED = 0x100,     // its built-in program came to its end
    SOCKET_URGENT = 0x400,     // the user was told of urgent text
    SOCKET_WAITING = 0x200,    // in world.waiting: accepted, and not taken
    SOCKET_TROUBLED = 0x2000,  // the user was told of a delivery problem
    SOCKET_BEHIND = 0x800,     // in TIME-WAIT behind a newer connection of its tuple, which isn't established yet
    SOCKET_BEFORE = 0x1000,    // such a newer one
};

// A connection of a host: the TCB and what the host keeps beside it.
struct socket {
    struct tcp_connection tcp;
    struct tuple tuple;
    uint64_t wake;            // the one queued wake-up that counts; TCP_NEVER: none
    struct pool_ref peer;     // where the other end's socket lay when it last sent: a hint, for packet.to
    struct pool_ref process;  // who runs on it, {0, 0}: nobody
    uint16_t host;
    uint16_t flags;                      // SOCKET_PASSIVE ...
    uint32_t id;                         // over all hosts, from 1
    uint32_t ordinal;                    // among the host's
    uint32_t key;                        // of luck: the tuple and its earlier incarnations
    uint32_t listener;                   // 1 + its number, 0: active
    uint32_t peer_source;                // the incarnation at the other end; 0: not known
    uint32_t builtin;                    // 1 + the number of the built-in step that runs on it; 0: none
    uint32_t out_left, in_left, rounds;  // what that step has still to do
    uint32_t ack_seq, ack_ack;           // the last bare ACK ...
    uint16_t ack_count;                  // ... and how often it was sent before
    uint16_t resets;
    uint8_t reason;           // enum program_error: how it ended
    uint8_t dscp_heard;       // of the packet that arrived last
    struct packet_ip ip;      // of what it sends
    uint64_t sent, received;  // octets that SEND and RECEIVE took
    uint64_t delivered;       // octets that TEXT gave
    uint64_t born;
};

// A segment on its way, for the engine; or an ICMP error, of which `segment` is what it quotes: SEG.SEQ alone.
struct packet {
    struct tcp_segment segment;
    struct tuple tuple;      // as its sender sees it
    uint32_t sender_source;  // incarnations: for checks alone
    uint32_t receiver_source;
    struct pool_ref from;   // where the sender's socket lies; {0, 0}: none
    struct pool_ref to;     // and the receiver's, as far as the sender knows: a hint that saves a look-up
    uint32_t sender;        // connection id; 0: none
    uint32_t relative_seq;  // SEG.SEQ - ISS and SEG.ACK - IRS of the sender, or what comes nearest
    uint32_t relative_ack;
    uint16_t count;  // how often this very segment was sent before
    bool injected;
    bool has_relative;
    uint8_t icmp;  // enum tcp_icmp; TCP_ICMP_NONE: it is a segment
    uint8_t drop;  // 1 + enum packet_drop: why its bits, flipped on the way, mean nothing to the receiver; 0: they do
    uint16_t mtu;  // with TCP_ICMP_FRAGMENTATION_NEEDED
    struct packet_ip ip;
    bool altered;  // its bits were flipped on the way, and it passes for another segment than was sent
};
_Static_assert(sizeof(struct packet) <= 144, "packets in flight are small");

// What a packet tells besides its own content.
struct sending {
    uint32_t host;     // the sender, whose link it takes
    uint32_t ordinal;  // the sender's connection, 0: none
    uint32_t key;      // of luck
    uint32_t line;     // of the script, where it was injected
    enum tcp_rule rule;
    const struct fate_order *order;  // NULL: scripted fates and luck decide
    uint64_t about;                  // ICMP: the packet that is quoted
};

struct listener {
    struct tcp_connection tcp;
    uint32_t host;
    uint32_t program;
    uint32_t backlog;    // how many connections may be in SYN-RECEIVED
    uint32_t half_open;  // how many are; with those of the SYN cache
    uint32_t accept;     // how many of its programs may run, 0: any number
    uint32_t running;    // how many do
    uint32_t waiting;    // connections that wait for one of them to end
    uint32_t line;
    uint16_t port;
    uint16_t address;  // 1 + its number; 0: all of the host's
    bool open;
    bool at_boot;  // by world_serves(): opened at each boot
    bool ended;    // its user closed it, or it was lost in a crash: it is meant to be closed
    bool fast_open;
    uint64_t cookies_until;  // while some SYN cookie that it has sent may still be good; 0: it has sent none
};

// A half-open connection in the SYN cache: what is needed of the SYN to make a TCB of it.
struct half_open {
    struct tuple tuple;
    uint64_t due;       // when the SYN,ACK is sent again
    uint32_t id;        // of those ever
    uint32_t listener;  // its number
    uint32_t iss, irs, ts_val;
    uint16_t wnd, mss, timeout;
    uint8_t flags, options, scale, compartment;
    uint8_t repeats;  // of the SYN,ACK
};

// A client's, for Fast Open. Saved as it is, so without padding.
struct fast_open_cookie {
    uint32_t host;
    uint16_t address;  // the server's
    uint8_t length;
    uint8_t unused;
    uint8_t octets[TCP_COOKIE_LENGTH];
};
_Static_assert(sizeof(struct fast_open_cookie) == 24, "a cookie has no padding, which would be part of the digest");

enum { PROCESS_LOOPS = 8 };

// A program that is being run.
struct process {
    uint32_t host, program;
    uint32_t place;  // of the current step in the program
    bool begun;      // the current step has begun
    bool serving;
    bool opened;            // CONNECT: it has sent its SYN
    bool watches;           // counted in world.watchers
    bool waits_for_packet;  // OBSERVE
    bool has_seen;
    struct pool_ref socket;  // the current connection, {0, 0}: none
    uint32_t connection;     // its id
    uint8_t end;             // enum program_error: how the current connection ended, once it is gone
    bool over;               // and it ended in order: the peer's FIN had come, and
    uint32_t unread;         // so many octets that are still to be read
    uint32_t listener;       // 1 + the number of the one that it serves, 0: none
    uint32_t left;           // octets that the current step has still to send or receive
    uint32_t matched;        // OBSERVE: packets that matched but for nth
    uint64_t until;          // SLEEP
    uint64_t since;          // when the current step began
    uint64_t call;           // record of the current step
    struct packet seen;      // by OBSERVE
    uint32_t loops;
    struct {
        uint32_t first, end, left;  // steps first ... end - 1, and how many rounds are left after this one
    } loop[PROCESS_LOOPS];
};

struct program {
    uint32_t first, count;  // of world.steps
};

// A program that a host starts by itself.
struct start {
    uint32_t host, program, line;
    bool at_boot;
};

// A connection that waits for its listener's application.
struct waiting {
    struct pool_ref socket;
    uint32_t listener;
};

struct fate_rule {
    struct selector select;
    struct fate_order order;
    uint32_t line;
    uint32_t matched;
};

struct claim_entry {
    struct claim claim;
    bool failed;
    bool done;  // CLAIM_AT
};

struct link_pair {
    uint32_t from, to, direction;
};

struct bulk_entry {
    struct bulk bulk;
    uint32_t step;  // of world.steps
    uint32_t started;
};

// A connection in the memory of the world, where there is one: see history.c.
struct known {
    struct pool_ref socket;
    uint32_t host, ordinal;
    uint32_t past;       // 1 + its number in world.past; 0: it exists
    uint32_t last_sent;  // recording: 1 + number in world.passed; chains
    uint32_t last_heard;
    uint32_t last_text;  // 1 + number in world.deliveries
    uint32_t acked;      // the highest SEG.ACK that it sent
    bool has_acked;
};
struct past {
    struct connection_view view;
    struct tuple tuple;
    uint32_t peer_source;
    uint64_t delivered;
};
struct passed {  // a packet that a connection sent or heard
    uint64_t packet;
    uint32_t seq, end;
    uint32_t previous;
};
struct delivery {
    struct tcp_range range;
    uint64_t offset;  // in the stream of what was received
    uint32_t previous;
};
struct stream {
    uint32_t last;  // 1 + number of its last piece
    uint32_t id;    // the connection whose stream it is; 0: injected text
};
struct piece {
    uint32_t seq, length;
    uint32_t text;  // in world.texts; 0: a pattern
    uint32_t previous;
};

enum world_event {
    WORLD_EVENT_SOCKET = ENGINE_EVENT_HOST,  // a connection's wake-up
    WORLD_EVENT_PROCESS,                     // a program's
    WORLD_EVENT_QUIET_OVER,                  // of host `index`
    WORLD_EVENT_CLAIM,                       // claim `index`; generation 1: behind what else happens at that time
    WORLD_EVENT_BULK,
    WORLD_EVENT_HALF_OPEN,  // entry `index` of the SYN cache, by its id
    WORLD_EVENT_FAULT,      // of world.plan's entry `index`: generation 0 crash, 1 boot
};

struct ready {
    struct pool_ref ref;
    uint64_t cause;  // record
    bool process;    // else a socket
};

struct arrival {
    struct packet packet;
    uint64_t number;  // 0: this event is no arrival
    uint32_t copy;
    uint32_t connection;  // that it reached, 0: none
};

enum { ABSTRACT_FLIGHTS = 64 };

// A packet in flight where time is abstract: what a later step can read of it. Saved as it is, so without padding.
struct flight {
    struct tcp_segment segment;  // its `repeat` is 0, its `reserved` the Diffserv code point
    struct tuple tuple;
    uint32_t sender_source, receiver_source, sender;  // as in struct packet
    uint8_t direction;
    bool loose;  // it was overtaken, and may arrive whenever
    bool injected;
    uint8_t icmp;  // as in struct packet, whose `mtu` is here in segment.mss
};
_Static_assert(sizeof(struct flight) == 96, "a packet in flight has no padding, which would be part of the digest");

// Instead of a queue, where time is abstract.
struct abstract {
    struct abstract_limits limits;
    uint8_t left[BUDGETS];
    bool overflows;
    uint32_t injected;   // texts
    uint32_t listeners;  // that the scenario made
    // By direction: first those that were overtaken, in an order of their own, then the others, as they were sent.
    uint32_t count;
    struct flight flight[ABSTRACT_FLIGHTS];
    struct recorded {  // the same packets with what recording wants to know of them: in a replay alone
        struct engine_packet carried;
        struct packet packet;
    } recorded[ABSTRACT_FLIGHTS];
    struct abstract_plan *plan;  // of a replay, the caller's; or NULL
    bool plan_known;
    struct abstract_image *image;  // what was saved or loaded last (abstract_state.h); NULL: nothing was
};

struct world {
    struct engine engine;
    struct trace *trace;  // NULL: recording is off
    uint64_t seed;
    bool keeps;  // connections of the past and all text, for views and claims
    bool started, ended;
    bool stopped;            // before its end, by something faulty
    bool functions;          // a step is a function of the script
    uint32_t function_line;  // the first of them
    bool always;             // there are claims to be looked at after each event
    bool ends_given;
    bool held;        // world_start() leaves time 0 to world_begin()
    bool covers;      // there are labels
    bool has_faults;  // declared
    bool planned;     // fates are those of `plan`
    bool drawing;     // faults are drawn
    bool fate_is_scripted;
    bool error_noted;  // programs-end-as-they-say has failed
    uint64_t ends;
    uint64_t last;        // when something last happened
    uint64_t last_event;  // the same with stale wake-ups
    uint32_t work;        // events and steps at this very time
    uint32_t host_count;
    uint32_t born;       // connections ever
    uint32_t sources;    // streams ever
    uint32_t foreign;    // connections with foreign text
    uint32_t watchers;   // processes that wait for more than their own connection
    struct array hosts;  // struct host
    struct array addresses;
    struct array links;    // struct link_pair
    uint32_t *directions;  // host_count * host_count of them, UINT32_MAX: no link
    struct pool sockets, processes;
    struct demux demux;
    struct array steps, programs, listeners, starts, fates, bulks, claims, failures;
    struct array texts;  // bytes
    struct bulk_result bulk;
    struct array ready;  // struct ready
    uint32_t ready_head;
    struct array waiting;    // struct waiting, in the order in which they were established
    struct array half_open;  // struct half_open: the SYN caches of all hosts, the oldest first
    uint32_t half_opened;    // entries ever
    struct array cookies;    // struct fast_open_cookie, by host and address
    struct array known, past, passed, deliveries, streams, pieces;
    struct array ids[WORLD_HOSTS];  // of a host's connections, by ordinal
    struct arrival arrival;
    unsigned char *scratch;  // see world_scratch()
    uint32_t scratch_size;
    // Texts of RECORD_RUN, NUL-terminated.
    uint32_t file, title[TCP_LANGUAGES], about[TCP_LANGUAGES], question[TCP_LANGUAGES], source_lines, command;
    struct tcp_rule_set without;  // of hosts to come
    world_call call;
    void *call_context;
    struct faults faults;
    struct array plan;         // struct plan_entry
    struct array plan_places;  // uint32_t: where its fates are found, see fates.c
    uint64_t longest_hold;     // of a drawn fault
    struct fate_order drawn;   // the last one
    struct fate_log *log;      // the caller's; NULL: none
    struct coverage *coverage;
    struct abstract *abstract;  // NULL: time is a clock; else see abstract.h
    // See witness.h.
    bool witnessed;      // somebody claims a property that needs it
    uint64_t observed;   // bit n: property n looks at steps, and was not broken so far
    uint32_t assumed;    // enum assumption: those that this run has broken
    uint64_t least_msl;  // of all hosts
    struct array witnesses, trails;
    struct array broken;  // struct broken_property
};

// A property that looks at steps was found broken.
struct broken_property {
    uint32_t number;
    struct claim_detail detail;
};

static inline struct host *world_host_at(const struct world *world, uint32_t host) {
    return (struct host *)world->hosts.items + host;
}
static inline struct socket *socket_at(const struct world *world, struct pool_ref ref) {
    return pool_get(&world->sockets, ref);
}
static inline struct process *process_at(const struct world *world, struct pool_ref ref) {
    return pool_get(&world->processes, ref);
}
static inline struct listener *listener_at(const struct world *world, uint32_t number) {
    return (struct listener *)world->listeners.items + number;
}
static inline const struct address *address_at(const struct world *world, uint32_t number) {
    return (const struct address *)world->addresses.items + number;
}
static inline const struct step *step_at(const struct world *world, uint32_t number) {
    return (const struct step *)world->steps.items + number;
}
// True when `text` names something; its bytes.
static inline const char *text_at(const struct world *world, uint32_t text) {
    return text == 0 ? "" : (const char *)world->texts.items + (text - 1);
}

#endif
