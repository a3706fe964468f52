// What the files of sim/host share. For them only (and for tests that look inside).
//
// All state is in pools and flat arrays, by number: nothing in it is a pointer into it. So world_fork() is a handful of
// copies.
#ifndef HOST_INTERNAL_H
#define HOST_INTERNAL_H

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
enum { TUPLE_LISTENER = 0xffff };  // in `local`: the listener of host `remote`, port `local_port`

static inline uint64_t tuple_key(struct tuple tuple) {
    return tuple.local | (uint64_t)tuple.remote << 16 | (uint64_t)tuple.local_port << 32 |
           (uint64_t)tuple.remote_port << 48;
}
static inline struct tuple tuple_mirrored(struct tuple tuple) {
    return (struct tuple){tuple.remote, tuple.local, tuple.remote_port, tuple.local_port};
}
static inline struct tuple tuple_of_listener(uint32_t host, uint16_t port) {
    return (struct tuple){.local = TUPLE_LISTENER, .remote = (uint16_t)host, .local_port = port};
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
    uint32_t host;
};

enum { EARLIER = 1024 };  // a power of two

struct host {
    struct tcp_config tcp;
    uint32_t address_count;
    uint16_t address[WORLD_ADDRESSES];
    uint16_t mss;  // 0: by the address family
    uint16_t first_port, last_port, next_port;
    bool up;
    bool iss_fixed;
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
    SOCKET_FOREIGN = 0x20,   // octets were delivered that the peer's incarnation did not send
    SOCKET_READY = 0x40,     // in world.ready
    SOCKET_BULK = 0x80,      // a connection of world_bulk()
    SOCKET_SERVED = 0x100,   // its built-in program came to its end
    SOCKET_URGENT = 0x400,   // the user was told of urgent text
    SOCKET_WAITING = 0x200,  // in world.waiting: accepted, and not taken
    SOCKET_BEHIND = 0x800,   // in TIME-WAIT behind a newer connection of its tuple, which isn't established yet
    SOCKET_BEFORE = 0x1000,  // such a newer one
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
    uint64_t sent, received;  // octets that SEND and RECEIVE took
    uint64_t delivered;       // octets that TEXT gave
    uint64_t born;
};

// A segment on its way, for the engine.
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
};
_Static_assert(sizeof(struct packet) <= 96, "packets in flight are small");

// What a packet tells besides its own content.
struct sending {
    uint32_t host;     // the sender, whose link it takes
    uint32_t ordinal;  // the sender's connection, 0: none
    uint32_t key;      // of luck
    uint32_t line;     // of the script, where it was injected
    enum tcp_rule rule;
    const struct fate_order *order;  // NULL: scripted fates and luck decide
};

struct listener {
    struct tcp_connection tcp;
    uint32_t host;
    uint32_t program;
    uint32_t backlog;    // how many connections may be in SYN-RECEIVED
    uint32_t half_open;  // how many are
    uint32_t accept;     // how many of its programs may run, 0: any number
    uint32_t running;    // how many do
    uint32_t waiting;    // connections that wait for one of them to end
    uint32_t line;
    uint16_t port;
    bool open;
    bool at_boot;  // by world_serves(): opened at each boot
    bool ended;    // its user closed it, or it was lost in a crash: it is meant to be closed
};

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
    WORLD_EVENT_FAULT,  // of world.plan's entry `index`: generation 0 crash, 1 boot
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
    struct tcp_segment segment;  // its `repeat` is 0
    struct tuple tuple;
    uint32_t sender_source, receiver_source, sender;  // as in struct packet
    uint8_t direction;
    bool loose;  // it was overtaken, and may arrive whenever
    bool injected;
    uint8_t unused;
};
_Static_assert(sizeof(struct flight) == 52, "a packet in flight has no padding, which would be part of the digest");

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
    bool stopped;    // before its end, by something faulty
    bool functions;  // a step is a function of the script
    bool always;     // there are claims to be looked at after each event
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
    struct array waiting;  // struct waiting, in the order in which they were established
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
    struct array plan;        // struct plan_entry
    uint64_t longest_hold;    // of a drawn fault
    struct fate_order drawn;  // the last one
    struct fate_log *log;     // the caller's; NULL: none
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

// ---- world.c

// Notes that a claim failed. `faulty`: the claim or a function of the script itself went wrong.
void world_fail(struct world *world, const char *const claim[TCP_LANGUAGES], const char *where,
                const struct claim_detail *detail, bool faulty);
// The same of a claim that is built in.
void world_fail_built_in(struct world *world, const char *claim, const struct claim_detail *detail);
// A step was taken; a world in which too many are taken at one instant is ended.
void world_count_work(struct world *world);
// Room for `size` bytes, good until the next call: for what is being recorded.
unsigned char *world_scratch(struct world *world, uint32_t size);
// What an event has made ready gets its turn.
void world_after_event(struct world *world);
// Looks at the claims of that kind.
void world_look_at_claims(struct world *world, enum claim_when when);
// The run is over, for that reason: looks at what must hold then, and records the end.
void world_finish(struct world *world, enum run_end end);
// The connection or process gets its turn before this event is over.
void world_ready(struct world *world, struct pool_ref ref, bool process);

// ---- build.c

// NULL, or what doesn't fit together; `*line` of the script.
const char *build_check(struct world *world, uint32_t *line);
void build_directions(struct world *world);

// ---- socket.c

// A new connection by an active OPEN to `port` of `remote`; `local_port` 0: the host chooses. It has sent its SYN.
enum program_error socket_connect(struct world *world, uint32_t number, uint32_t remote, uint16_t port,
                                  uint16_t local_port, struct pool_ref *ref);
// A new connection in state CLOSED, without a TCB. `passive` by the number of its listener + 1, or 0.
struct pool_ref socket_new(struct world *world, uint32_t number, struct tuple tuple, uint32_t listener);
// What a user call is answered; and whether the connection is gone.
struct socket_answer {
    enum tcp_error error;
    uint32_t accepted;  // octets, by SEND
    bool gone;
};
// A user call.
struct socket_answer socket_call(struct world *world, struct pool_ref ref, struct socket *socket,
                                 enum tcp_event_kind kind, uint32_t length);
// SEND of octets of `text` (0: a pattern), as many of `length` as find room.
struct socket_answer socket_send(struct world *world, struct pool_ref ref, struct socket *socket, uint32_t length,
                                 uint32_t text, bool urgent);
// RECEIVE of `length` octets that are there. False: the connection is gone.
bool socket_receive(struct world *world, struct pool_ref ref, struct socket *socket, uint32_t length);
// What a new incarnation of `tuple` needs.
struct tcp_incarnation socket_incarnation(struct world *world, uint32_t number, struct tuple tuple);
// What follows from tcp_step() on the connection. `before` is the TCB before the step; `event` what happened. What the
// connection owes is done by socket_react(), after the program has had its turn: so an answer carries the ACK.
// False: it is gone.
bool socket_stepped(struct world *world, struct pool_ref ref, struct socket *socket,
                    const struct tcp_connection *before, const struct tcp_event *event,
                    const struct tcp_effects *effects);
// Something happened to the connection, by record `cause`: its program goes on, then it does what it owes.
void socket_react(struct world *world, struct pool_ref ref, uint64_t cause);
// A packet arrived.
void socket_arrival(struct world *world, const struct queue_event *event);
// The packet of world.arrival is at its host.
void socket_deliver(struct world *world);
// A timer of the connection fires.
void socket_timeout(struct world *world, struct pool_ref ref, enum tcp_event_kind kind);
// Its wake-up. False: it was stale.
bool socket_wake(struct world *world, const struct queue_event *event);
// The connection is gone without a word: crash.
void socket_forget(struct world *world, struct pool_ref ref);
enum program_error socket_error(enum tcp_error error);
// Announced by the queue: brings what the event is about near (queue.h).
void socket_soon(void *context, const struct queue_event *event, uint32_t level);
// The segment of world.arrival goes to a connection, a listener, or section 3.10.7.1.
void socket_dispatch(struct world *world, uint32_t host, struct tuple tuple);

// ---- behind.c -------------------------------------------------------------------------------------------------

// The tuple under which the connection is in world.demux.
struct tuple behind_filed(const struct socket *socket);
// The step of a connection in TIME-WAIT says REOPEN; `before` is all of it. It stays, behind the one that the listener
// makes of the SYN.
void behind_reopen(struct world *world, struct pool_ref ref, struct socket *socket, const struct tcp_connection *before,
                   const struct tcp_event *event, struct tcp_effects *effects);
// The newer connection is established: TIME-WAIT is over.
void behind_replaced(struct world *world, struct socket *newer);
// The newer connection has come to nothing: TIME-WAIT is what the endpoints are in, as before.
void behind_come_back(struct world *world, struct tuple tuple);

// ---- listener.c

enum { LISTENER_MSS = 1460 };  // a listener's, until a SYN tells the address family
// True when the port is free and now served; false: it has a listener.
bool listener_open(struct world *world, uint32_t host, const struct service *service);
// A listener that is opened at each boot.
void listener_add(struct world *world, uint32_t host, const struct service *service);
// CLOSE of the listener. False: there is none.
bool listener_close(struct world *world, uint32_t host, uint16_t port);
// The segment of world.arrival is for no connection and no listener: section 3.10.7.1.
void listener_nobody(struct world *world, uint32_t host, struct tuple tuple);
// True when a SYN for the port would get a connection of its own.
bool listener_has_room(const struct world *world, uint32_t host, uint16_t port);
// The SYN of world.arrival has ended a connection in TIME-WAIT, which reached `floor`, and goes on to the listener.
void listener_reopen(struct world *world, uint32_t host, struct tuple tuple, uint32_t floor);
// The segment of world.arrival reaches listener `number`. `floor`: what the older incarnation reached, or NULL.
void listener_arrival(struct world *world, uint32_t number, struct tuple tuple, const uint32_t *floor);
// Its number, or UINT32_MAX.
uint32_t listener_find(const struct world *world, uint32_t host, uint16_t port);
// All of a host's: opened at boot, forgotten by a crash.
void listener_boot(struct world *world, uint32_t host);
void listener_crash(struct world *world, uint32_t host);
// CLOSE of listener `number`, if it is open, on behalf of nobody but a segment.
void listener_delete(struct world *world, uint32_t number);
// A connection of listener `number` is established: the application takes it, now or when it is its turn.
void listener_established(struct world *world, uint32_t number, struct pool_ref ref, struct socket *socket);
// A program of listener `number` has ended: the application takes the next connection that waits.
void listener_program_ended(struct world *world, uint32_t number);
// A connection that waits is gone.
void listener_lost(struct world *world, struct pool_ref ref);
// All programs of the host are gone, and nobody takes what waits.
void listener_forget_waiting(struct world *world, uint32_t host);
// True when the segment of world.arrival would establish a connection for which there is no room. It is dropped then.
bool listener_drops(struct world *world, const struct socket *socket);

// ---- packet.c

// Sends a segment of a connection; `tcp` is its TCB, or what it was before it was deleted.
void packet_send(struct world *world, struct pool_ref ref, struct socket *socket, const struct tcp_connection *tcp,
                 const struct tcp_segment *segment, enum tcp_rule rule);
// Sends a segment of no connection in answer to the packet of world.arrival. `tuple` as the sender sees it.
void packet_reply(struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *segment,
                  enum tcp_rule rule);
// Sends `packet` as it is.
void packet_emit(struct world *world, const struct packet *packet, const struct sending *sending);
// The packet of world.arrival is dropped before TCP sees it.
void packet_drop(struct world *world, uint32_t host, enum packet_drop drop, enum tcp_rule rule);

// ---- fates.c

// The fate that is planned or drawn for a packet; `scripted`, which may be NULL, otherwise. NULL: the link's luck.
const struct fate_order *fates_decide(struct world *world, uint32_t from, uint32_t to, const struct packet_key *key,
                                      const struct fate_order *scripted);
void fates_queue_crashes(struct world *world);
void fates_crash_event(struct world *world, const struct queue_event *event);
// A step of core, and a rule of the host's, were seen.
void fates_cover_step(struct coverage *coverage, uint8_t before, uint8_t after, const struct tcp_rule_set *applied);
void fates_cover_decision(struct coverage *coverage, enum tcp_rule rule);

// ---- tap.c

// True when the packet matches the selector but for `nth`.
bool tap_matches(const struct world *world, const struct selector *select, const struct packet *packet,
                 uint32_t ordinal);
// The scripted fate for a packet, or NULL.
const struct fate_order *tap_fate(struct world *world, const struct packet *packet, uint32_t ordinal);
// Tells those who OBSERVE.
void tap_observe(struct world *world, const struct packet *packet, uint32_t ordinal);
// Sends a forged segment.
enum program_error tap_inject(struct world *world, const struct process *process, const struct step *step);

// ---- program.c

// Starts a program on a host, on a connection where `socket` names one; a built-in one runs without a process.
void process_start(struct world *world, uint32_t host, uint32_t program, struct pool_ref socket);
// Goes on with a program as far as it can.
void process_run(struct world *world, struct pool_ref ref);
// Runs what is ready until nothing is.
void process_run_ready(struct world *world);
// A sleeper's wake-up.
void process_wake(struct world *world, const struct queue_event *event);
// Everybody who waits for something beyond his own connection looks again.
void process_wake_watchers(struct world *world);
// All processes of the host end.
void process_kill_all(struct world *world, uint32_t host);
// The connection of the process is gone.
void process_lost(struct world *world, struct pool_ref ref, const struct socket *socket);
// A step ended by an error: fails "programs-end-as-they-say" unless the step allows it.
void process_judge(struct world *world, uint32_t host, const struct step *step, enum program_error error);
// All processes of the host look again.
void process_wake_host(struct world *world, uint32_t host);
// A step begins; what follows is caused by its record.
void process_record_call(struct world *world, uint32_t host, uint32_t connection, const struct step *step);
// A step has ended.
void process_record_wait(struct world *world, uint32_t host, uint32_t connection, const struct step *step,
                         enum program_error error);

// ---- host.c

// All connections, listeners and programs are gone without a word. Nothing happens to a host that is down.
void host_crash(struct world *world, uint32_t number);
// A crash, if the host is up; then listeners and programs of the boot start.
void host_reboot(struct world *world, uint32_t number);
void host_start_programs(struct world *world, uint32_t number, bool boot);
void host_exit(struct world *world, uint32_t number);
void host_quiet_over(struct world *world, uint32_t number);
bool host_is_quiet(const struct world *world, uint32_t host);
void host_note(struct world *world, uint32_t host, const struct step *step);
void host_set_link(struct world *world, uint32_t a, uint32_t b, bool up);

// ---- builtin.c

enum progress { PROGRESS_DONE, PROGRESS_WAITS, PROGRESS_FAILED };

bool builtin_is(enum step_kind kind);
// The built-in step `number` begins on a connection.
void builtin_begin(struct world *world, struct socket *socket, uint32_t number);
// It goes on as far as it can. `*gone`: the connection is no more.
enum progress builtin_advance(struct world *world, struct pool_ref ref, struct socket *socket,
                              enum program_error *error, bool *gone);
// A built-in program that has no process goes on, and how it ends is noted. False: the connection is gone.
bool builtin_run(struct world *world, struct pool_ref ref, struct socket *socket);
// A connection is gone on which a built-in program without a process ran.
void builtin_lost(struct world *world, struct socket *socket);
// A connection of a world_bulk() is gone.
void bulk_ended(struct world *world, const struct socket *socket);
// The next connection of a world_bulk().
void bulk_next(struct world *world, uint32_t number);

// ---- stream.c: sources, and the bytes that they stand for

// The next stream: connection `id`'s, or with id 0 of injected text. Its number.
uint32_t stream_new(struct world *world, uint32_t id);
// Appends to the stream: `length` octets from `seq` on are those of `text` (0: a pattern).
void stream_append(struct world *world, uint32_t source, uint32_t seq, uint32_t length, uint32_t text);
// Takes back the last `length` octets that were appended.
void stream_cut(struct world *world, uint32_t source, uint32_t length);
// The one function in which bytes exist: octets [seq, seq + length) of stream `source`.
void stream_read(const struct world *world, uint32_t source, uint32_t seq, uint32_t length, unsigned char *bytes);

// ---- history.c: what is remembered for views, claims and recording; nothing of it in bulk runs

void history_born(struct world *world, struct pool_ref ref, const struct socket *socket);
// The connection is about to be gone; `last` is its TCB as it last was.
void history_gone(struct world *world, const struct socket *socket, const struct tcp_connection *last);
void history_delivered(struct world *world, const struct socket *socket, const struct tcp_range *range);
// `count` octets more were received of what connection `id`, which is gone, had delivered.
void history_read(struct world *world, uint32_t id, uint32_t count);
// The packet of world.arrival reaches a connection.
void history_heard(struct world *world, uint32_t id);
// Fills answers, repeats and acknowledges of a packet that a connection sends.
void history_sent(struct world *world, uint32_t id, const struct tcp_segment *segment, struct record *record);
struct known *history_known(const struct world *world, uint32_t id);
// The host's connection `ordinal` (0: its newest), or NULL.
struct known *history_find(const struct world *world, uint32_t host, uint32_t ordinal);

// ---- abstract.c: for a world in which time is no clock

// The id of a host's connection and the source of its stream, which don't depend on what happens elsewhere.
uint32_t abstract_id(const struct world *world, uint32_t host, uint32_t ordinal);
// Repetitions in vain since R2 was started, up to the number after which it may be over. In abstract time, where R2's
// deadline has nothing else to tell, it holds this number, plus one.
uint32_t abstract_silence(const struct tcp_connection *tcp);
// The source of the next injected text.
uint32_t abstract_injected(struct world *world);
// The packet is in flight; `direction` UINT32_MAX: lost.
void abstract_send(struct world *world, uint32_t direction, const struct packet_key *key, const struct packet *packet);
// What is only a matter of time becomes the same whenever it happened.
void abstract_normalise(struct world *world);
uint32_t abstract_in_flight(const struct world *world);
void abstract_copy(struct world *to, const struct world *from);
// Connections and programs in the order in which a state tells of them: by host and ordinal, by host and connection.
enum { ORDER_MOST = 250 };
struct order {
    uint32_t sockets, processes;
    struct pool_ref socket[ORDER_MOST], process[ORDER_MOST];
};
void abstract_order(const struct world *world, struct order *order);
// The same of packets in flight: which of two comes first; 0: they are equal, but for being loose.
int abstract_compare(const struct flight *a, const struct flight *b);
// What a later step can read of a packet, and back.
struct flight abstract_flight(const struct packet *packet, uint32_t direction);
struct packet abstract_packet(const struct flight *flight);
void abstract_end(struct world *world);

// ---- look.c

void look_socket(const struct world *world, const struct socket *socket, const struct tcp_connection *tcp,
                 struct connection_view *view);
struct record_endpoint look_endpoint(const struct world *world, uint32_t address, uint16_t port);

// ---- tell.c: what is said to people about the world, in each language

enum { TELL_ENGLISH, TELL_CHINESE };

// As snprintf() into `text`, which has `size` bytes; what doesn't fit is cut off behind a whole character.
void tell(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
// "server, in recv(5) at FILE:12": who was doing what.
void tell_step(const struct world *world, int language, uint32_t host, const struct step *step, char *text,
               size_t size);
// How many programs still wait; the first is described.
uint32_t tell_waiting(const struct world *world, struct claim_detail *detail);

#endif
