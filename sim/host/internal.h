// What the files of sim/host do for one another. For them only (and for tests that look inside).
#ifndef HOST_INTERNAL_H
#define HOST_INTERNAL_H

#include "sim/host/state.h"

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

// A new connection by an active OPEN to `port` of host `remote`; `local_port` 0: the host chooses. It has sent its SYN.
struct opening {
    uint32_t remote;
    uint16_t port, local_port;
    uint8_t address;        // which of the host's own, from 1; 0: the host chooses
    bool fast_open;         // a cookie is asked for, or shown
    uint32_t text, length;  // what is queued with the OPEN, as by socket_send(), as far as there is room
};
enum program_error socket_connect(struct world *world, uint32_t number, const struct opening *opening,
                                  struct pool_ref *ref);
// A new connection in state CLOSED, without a TCB. `passive` by the number of its listener + 1, or 0.
struct pool_ref socket_new(struct world *world, uint32_t number, struct tuple tuple, uint32_t listener);
// Addresses and ports of both ends as bytes, for what is hashed with a host's secret.
enum { SOCKET_ENDPOINTS = 36 };
void socket_endpoints(const struct world *world, struct tuple tuple, unsigned char *bytes);
// The key of luck for the next connection of the tuple.
uint32_t socket_key(const struct host *host, struct tuple tuple);
// What a user call is answered; and whether the connection is gone.
struct socket_answer {
    enum tcp_error error;
    uint32_t accepted;  // octets, by SEND
    bool gone;
};
// The event happens to the connection, with all that follows.
struct socket_answer socket_step(struct world *world, struct pool_ref ref, struct socket *socket,
                                 const struct tcp_event *event);
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
// Before tcp_step(): what has to be known later of the TCB before `event`. All of it, or what segments and counts need.
void socket_remember(const struct world *world, const struct tcp_connection *tcp, const struct tcp_event *event,
                     struct tcp_connection *before);
// What follows from tcp_step() on the connection. `before` is the TCB before the step; `event` what happened. What the
// connection owes is done by socket_react(), after the program has had its turn: so an answer carries the ACK.
// False: it is gone.
bool socket_stepped(struct world *world, struct pool_ref ref, struct socket *socket,
                    const struct tcp_connection *before, const struct tcp_event *event,
                    const struct tcp_effects *effects);
// Something happened to the connection, by record `cause`: its program goes on, then it does what it owes.
void socket_react(struct world *world, struct pool_ref ref, uint64_t cause);
// A timer of the connection fires.
void socket_timeout(struct world *world, struct pool_ref ref, enum tcp_event_kind kind);
// An ICMP error about a segment of the connection.
void socket_icmp(struct world *world, struct pool_ref ref, const struct tcp_icmp_error *error);
// Fast Open: the handshake is over, but the user has called CLOSE before, and hears no more of it.
static inline bool socket_opened_late(const struct tcp_connection *before, const struct tcp_connection *after) {
    bool now = (after->flags & TCP_CONNECTION_SYN_ACKED) && !(before->flags & TCP_CONNECTION_SYN_ACKED);
    return now && (after->flags & TCP_CONNECTION_FAST_OPEN) && before->state == TCP_FIN_WAIT_1;
}
// Its wake-up. False: it was stale.
bool socket_wake(struct world *world, const struct queue_event *event);
// The connection is gone without a word: crash.
void socket_forget(struct world *world, struct pool_ref ref);
enum program_error socket_error(enum tcp_error error);

// ---- arrival.c

// A packet arrived.
void arrival_event(struct world *world, const struct queue_event *event);
// The packet of world.arrival is at its host.
void arrival_deliver(struct world *world);
// Announced by the queue: brings what the event is about near (queue.h).
void arrival_soon(void *context, const struct queue_event *event, uint32_t level);
// The segment of world.arrival goes to a connection, a listener, or section 3.10.7.1.
void arrival_dispatch(struct world *world, uint32_t host, struct tuple tuple);

// ---- behind.c -------------------------------------------------------------------------------------------------

// The tuple under which the connection is in world.demux.
static inline struct tuple behind_filed(const struct socket *socket) {
    return socket->flags & SOCKET_BEHIND ? tuple_behind(socket->tuple) : socket->tuple;
}
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
// CLOSE of all that listen on the port. False: nobody does.
bool listener_close(struct world *world, uint32_t host, uint16_t port);
// The segment of world.arrival is for no connection and no listener: section 3.10.7.1.
void listener_nobody(struct world *world, uint32_t host, struct tuple tuple);
// True when a SYN for the tuple would get a connection of its own.
bool listener_has_room(const struct world *world, uint32_t host, struct tuple tuple);
// The SYN of world.arrival has ended a connection in TIME-WAIT, which reached `floor`, and goes on to the listener.
void listener_reopen(struct world *world, uint32_t host, struct tuple tuple, uint32_t floor);
// The segment of world.arrival reaches listener `number`. `floor`: what the older incarnation reached, or NULL.
void listener_arrival(struct world *world, uint32_t number, struct tuple tuple, const uint32_t *floor);
// The number of the one that takes what comes for the tuple: who listens on that very address, else who listens on all.
// UINT32_MAX: nobody does.
uint32_t listener_find(const struct world *world, uint32_t host, struct tuple tuple);
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
// True when the application is busy and nobody more may wait for it.
bool listener_crowded(const struct listener *listener);
// The same as listener_drops(), of a segment that would establish a connection of listener `number`.
bool listener_overrun(struct world *world, uint32_t number);
// True when the backlog has no room for one more half-open connection.
bool listener_full(const struct world *world, uint32_t number);
// What becomes of `copy`, a copy of the listener's TCB, by the event.
void listener_copy(const struct world *world, uint32_t number, const struct tcp_event *event,
                   struct tcp_connection *copy, struct tcp_effects *effects);
// The copy has left LISTEN by the event: it becomes a connection.
struct pool_ref listener_connection(struct world *world, uint32_t number, struct tuple tuple,
                                    const struct tcp_connection *copy, const struct tcp_event *event,
                                    const struct tcp_effects *effects);
// Rules that the host applied beside those of core.
void listener_merge(struct tcp_rule_set *set, const struct tcp_rule_set *more);
// A step of no connection: of a listener, or of nobody (section 3.10.7.1).
void listener_record(struct world *world, uint32_t host, uint16_t port, enum tcp_event_kind kind, uint8_t before,
                     uint8_t after, const struct tcp_effects *effects);
// The same of listener `number`, and what it answers to the segment of world.arrival.
void listener_answers(struct world *world, uint32_t number, struct tuple tuple, uint8_t before, uint8_t after,
                      const struct tcp_effects *effects);

// ---- syn_queue.c: half-open connections without a TCB

// The segment of world.arrival is for listener `number` and no connection. False: the listener itself must deal with
// it.
bool syn_queue_takes(struct world *world, uint32_t number, struct tuple tuple);
// The listener is closed.
void syn_queue_forget(struct world *world, uint32_t number);
// Entry `place` of the cache sends its SYN,ACK again, or is forgotten: which of them.
void syn_queue_timeout(struct world *world, uint32_t place);
bool syn_queue_gives_up(const struct half_open *entry);
// Its wake-up. False: it was stale.
bool syn_queue_wake(struct world *world, const struct queue_event *event);

// ---- fast_open.c

// The SYN asks listener `number` for a cookie, or shows one that isn't taken: it gets one, if the listener gives any.
void fast_open_give(const struct world *world, uint32_t number, struct tuple tuple, const struct tcp_segment *syn,
                    struct tcp_incarnation *incarnation);
// True when the SYN shows a cookie that lets its text in.
bool fast_open_takes(const struct world *world, uint32_t number, struct tuple tuple, const struct tcp_segment *syn,
                     struct tcp_rule_set *applied);
// A host opens: it shows the cookie that it has for the server's address, or asks for one.
void fast_open_ask(const struct world *world, uint32_t host, uint16_t server, struct tcp_incarnation *incarnation);
// A SYN,ACK brought one.
void fast_open_learn(struct world *world, uint32_t host, uint16_t server, const struct tcp_effects *effects);
// The host forgets all it has.
void fast_open_crash(struct world *world, uint32_t host);

// ---- syn_cookie.c

// The ISS that stands for this SYN.
uint32_t syn_cookie_make(const struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *syn);
// True when the ACK has a cookie that is good; `syn` is then the SYN, as far as the cookie knows it.
bool syn_cookie_check(const struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *ack,
                      struct tcp_segment *syn, struct tcp_rule_set *applied);

// ---- packet.c

// Sends a segment of a connection; `tcp` is its TCB, or what it was before it was deleted.
void packet_send(struct world *world, struct pool_ref ref, struct socket *socket, const struct tcp_connection *tcp,
                 const struct tcp_segment *segment, enum tcp_rule rule);
// Sends a segment of no connection in answer to the packet of world.arrival. `tuple` as the sender sees it.
void packet_reply(struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *segment,
                  enum tcp_rule rule);
// Sends the SYN,ACK of a half-open connection that has no TCB. `tuple` as the sender sees it.
void packet_syn_ack(struct world *world, uint32_t host, struct tuple tuple, const struct tcp_segment *segment,
                    enum tcp_rule rule);
// Sends `packet` as it is.
void packet_emit(struct world *world, const struct packet *packet, const struct sending *sending);
// The packet of world.arrival isn't what was sent: records what it is.
void packet_record_altered(struct world *world, uint32_t host);
// Octets on the wire, IP header and all.
uint32_t packet_size(const struct world *world, const struct packet *packet);
// The packet of world.arrival is dropped before TCP sees it.
void packet_drop(struct world *world, uint32_t host, enum packet_drop drop, enum tcp_rule rule);

// ---- icmp.c

// The packet `number` was lost as engine.last_fate says, by `order` where that is not NULL: its sender is told, if
// anybody tells him.
void icmp_lost(struct world *world, const struct packet *lost, uint64_t number, uint32_t direction,
               const struct fate_order *order);
// The packet of world.arrival finds its host down: likewise.
void icmp_host_down(struct world *world, uint32_t host);
// The error of world.arrival reaches its host; `tuple` are the ends of the quoted segment, as its sender sees them.
void icmp_deliver(struct world *world, uint32_t host, struct tuple tuple);
// Records that an error is sent.
void icmp_record(struct world *world, const struct packet *packet, const struct sending *sending);

// ---- corrupt.c

// As engine_corrupts: the payload is a struct packet, the context the world.
void corrupt_packet(void *context, const uint32_t *flips, uint32_t count, void *payload);

// ---- fates.c

// The fate that is planned or drawn for a packet of `size` octets; `scripted`, which may be NULL, otherwise. NULL: the
// link's luck.
const struct fate_order *fates_decide(struct world *world, uint32_t from, uint32_t to, const struct packet_key *key,
                                      uint32_t size, const struct fate_order *scripted);
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
// The packet, of `size` octets, is in flight; `direction` UINT32_MAX: lost. What became of it is engine.last_fate.
void abstract_send(struct world *world, uint32_t direction, const struct packet_key *key, const struct packet *packet,
                   uint32_t size);
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
