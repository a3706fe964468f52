// Connections: opening them, stepping them, and what follows from a step.
#include <assert.h>
#include <string.h>

#include "sim/engine/luck.h"
#include "sim/host/internal.h"
#include "sim/host/witness.h"

// ---- Opening --------------------------------------------------------------------------------------------------

static uint16_t offered_mss(const struct world *world, const struct host *host, struct tuple tuple) {
    enum { MSS_IPV4 = 1460, MSS_IPV6 = 1440 };  // an Ethernet's 1500 less the headers
    if (host->mss != 0) return host->mss;
    return address_at(world, tuple.local)->endpoint.family == 6 ? MSS_IPV6 : MSS_IPV4;
}

void socket_endpoints(const struct world *world, struct tuple tuple, unsigned char *bytes) {
    enum { ADDRESS = 16, ENDPOINT = SOCKET_ENDPOINTS / 2 };
    memcpy(bytes, address_at(world, tuple.local)->endpoint.address, ADDRESS);
    bytes[ADDRESS] = (unsigned char)(tuple.local_port >> 8);
    bytes[ADDRESS + 1] = (unsigned char)tuple.local_port;
    memcpy(bytes + ENDPOINT, address_at(world, tuple.remote)->endpoint.address, ADDRESS);
    bytes[ENDPOINT + ADDRESS] = (unsigned char)(tuple.remote_port >> 8);
    bytes[ENDPOINT + ADDRESS + 1] = (unsigned char)tuple.remote_port;
}

static uint32_t isn_hash(const struct world *world, const struct host *host, struct tuple tuple) {
    unsigned char endpoints[SOCKET_ENDPOINTS];
    socket_endpoints(world, tuple, endpoints);
    return tcp_isn_hash(host->secret, endpoints, sizeof endpoints);
}

struct tcp_incarnation socket_incarnation(struct world *world, uint32_t number, struct tuple tuple) {
    enum { ISN_TICK = 4000 };                                // nanoseconds, RFC 6528 section 3
    enum { OPEN_TICKS = 250000, OPEN_MILLISECONDS = 1000 };  // in abstract time each OPEN is a second after the other
    const struct host *host = world_host_at(world, number);
    bool abstract = world->abstract != NULL;
    bool ipv6 = address_at(world, tuple.local)->endpoint.family == 6;
    struct tcp_incarnation incarnation = {.source = world->sources + 1,
                                          .mss = offered_mss(world, host, tuple),
                                          .default_mss = ipv6 ? TCP_DEFAULT_MSS_IPV6 : TCP_DEFAULT_MSS_IPV4};
    if (abstract) {
        incarnation.source = abstract_id(world, number, host->opened + 1);
        incarnation.ts_offset = (host->opened + 1) * OPEN_MILLISECONDS;
    }
    if (host->iss_fixed || host->opened < host->iss_count) {
        incarnation.iss_given = true;
        incarnation.iss = host->iss[host->iss_fixed ? 0 : host->opened];
    } else {
        incarnation.isn_clock = abstract ? (host->opened + 1) * OPEN_TICKS : (uint32_t)(world->engine.now / ISN_TICK);
        incarnation.isn_hash = isn_hash(world, host, tuple);
    }
    return incarnation;
}

static uint32_t earlier_of(struct tuple tuple) {
    return tuple_hash(tuple) % EARLIER;
}

uint32_t socket_key(const struct host *host, struct tuple tuple) {
    return tuple_hash(tuple) ^ host->earlier[earlier_of(tuple)] * UINT32_C(0x9e3779b1);
}

struct pool_ref socket_new(struct world *world, uint32_t number, struct tuple tuple, uint32_t listener) {
    struct host *host = world_host_at(world, number);
    struct pool_ref ref = pool_add(&world->sockets);
    struct socket *socket = socket_at(world, ref);
    socket->tuple = tuple;
    socket->wake = TCP_NEVER;
    socket->host = (uint16_t)number;
    socket->flags = listener != 0 ? SOCKET_PASSIVE : 0;
    socket->listener = listener;
    socket->ordinal = ++host->opened;
    socket->id = world->abstract != NULL ? abstract_id(world, number, socket->ordinal) : ++world->born;
    socket->key = socket_key(host, tuple);
    socket->ip = host->ip;
    socket->born = world->engine.now;
    host->earlier[earlier_of(tuple)]++;
    host->open++;
    demux_add(&world->demux, tuple, ref);
    if (world->keeps) history_born(world, ref, socket);
    return ref;
}

// The first pair of addresses of one family, ours the one that the user names, if he does (MUST-43, MUST-44). False:
// there is none.
static bool choose_addresses(const struct world *world, uint32_t from, const struct opening *opening,
                             struct tuple *tuple) {
    const struct host *a = world_host_at(world, from), *b = world_host_at(world, opening->remote);
    for (uint32_t i = 0; i < a->address_count; i++) {
        if (opening->address != 0 && opening->address != i + 1) continue;
        for (uint32_t j = 0; j < b->address_count; j++) {
            tuple->local = a->address[i];
            tuple->remote = b->address[j];
            if (address_at(world, tuple->local)->endpoint.family == address_at(world, tuple->remote)->endpoint.family)
                return true;
        }
    }
    return false;
}

static bool exists(const struct world *world, struct tuple tuple) {
    return demux_find(&world->demux, tuple).generation != 0;
}

// The next ephemeral port with which the tuple is free; a connection in TIME-WAIT isn't. False: none is.
static bool choose_port(const struct world *world, struct host *host, struct tuple *tuple) {
    uint32_t ports = (uint32_t)(host->last_port - host->first_port) + 1;
    for (uint32_t tried = 0; tried < ports; tried++) {
        tuple->local_port = host->next_port;
        host->next_port = host->next_port == host->last_port ? host->first_port : (uint16_t)(host->next_port + 1);
        if (!exists(world, *tuple)) return true;
    }
    return false;
}

void socket_remember(const struct world *world, const struct tcp_connection *tcp, const struct tcp_event *event,
                     struct tcp_connection *before) {
    if (world->keeps || event->may_reopen) {
        *before = *tcp;
    } else {
        before->state = tcp->state;
        before->flags = tcp->flags;
        before->iss = tcp->iss;
        before->irs = tcp->irs;
        before->snd_source = tcp->snd_source;
    }
}

enum program_error socket_connect(struct world *world, uint32_t number, const struct opening *opening,
                                  struct pool_ref *ref) {
    struct host *host = world_host_at(world, number);
    struct tuple tuple = {.local_port = opening->local_port, .remote_port = opening->port};
    if (!host->up || !choose_addresses(world, number, opening, &tuple)) return PROGRAM_ERROR_HOST_DOWN;
    if (tuple.local_port != 0 && exists(world, tuple)) return PROGRAM_ERROR_ALREADY_EXISTS;
    if (tuple.local_port == 0 && !choose_port(world, host, &tuple)) return PROGRAM_ERROR_NO_PORT;
    struct tcp_event event = {.kind = TCP_OPEN_ACTIVE, .length = opening->length};
    event.incarnation = socket_incarnation(world, number, tuple);
    if (opening->fast_open) fast_open_ask(world, number, tuple.remote, &event.incarnation);
    *ref = socket_new(world, number, tuple, 0);
    struct socket *socket = socket_at(world, *ref);
    stream_new(world, socket->id);
    struct tcp_connection before;
    struct tcp_effects effects;
    socket_remember(world, &socket->tcp, &event, &before);
    tcp_step(&host->tcp, &socket->tcp, &event, world->engine.now, &effects);
    // The text is there before what sends it; that it begins behind the SYN is known only now.
    uint32_t seq = socket->tcp.snd_end - effects.accepted;
    if (world->keeps && effects.accepted > 0)
        stream_append(world, socket->tcp.snd_source, seq, effects.accepted, opening->text);
    socket->sent = effects.accepted;
    socket_stepped(world, *ref, socket, &before, &event, &effects);
    return PROGRAM_OK;
}

// ---- What follows from a step ---------------------------------------------------------------------------------

static struct record_tcb tcb_of(const struct tcp_connection *tcp) {
    return (struct record_tcb){
        .state = tcp->state,
        .snd_scale = tcp->snd_scale,
        .rcv_scale = tcp->rcv_scale,
        .flags = tcp->flags,
        .iss = tcp->iss,
        .snd_una = tcp->snd_una,
        .snd_nxt = tcp->snd_nxt,
        .snd_wnd = tcp->snd_wnd,
        .irs = tcp->irs,
        .rcv_nxt = tcp->rcv_nxt,
        .rcv_wnd = tcp->rcv_wnd,
        .rcv_user = tcp->rcv_user,
        .cwnd = tcp->cwnd,
        .ssthresh = tcp->ssthresh,
        .ts_recent = tcp->ts_recent,
        .srtt = tcp->srtt,
        .rto = tcp->rto,
    };
}

static void record_step(struct world *world, const struct socket *socket, const struct tcp_connection *before,
                        const struct tcp_event *event, const struct tcp_effects *effects) {
    struct record record = {.kind = RECORD_STEP, .time = world->engine.now};
    record.step.host = socket->host;
    record.step.connection = socket->id;
    record.step.event = (uint8_t)event->kind;
    record.step.error = (uint8_t)effects->error;
    record.step.local = look_endpoint(world, socket->tuple.local, socket->tuple.local_port);
    record.step.remote = look_endpoint(world, socket->tuple.remote, socket->tuple.remote_port);
    record.step.before = tcb_of(before);
    record.step.after = tcb_of(&socket->tcp);
    record.step.applied = effects->applied;
    record.step.deleted = socket->tcp.state == TCP_CLOSED && before->state != TCP_CLOSED;
    world->trace->cause = record_write(world->trace, &record);
}

// Counts that depend on the state.
static void state_changed(struct world *world, const struct socket *socket, uint8_t before, uint8_t after) {
    if (before == after) return;
    struct host *host = world_host_at(world, socket->host);
    uint32_t *backlog = socket->listener != 0 ? &listener_at(world, socket->listener - 1)->half_open : NULL;
    if (before == TCP_SYN_RECEIVED) {
        host->half_open--;
        if (backlog != NULL) (*backlog)--;
    }
    if (after == TCP_SYN_RECEIVED) {
        host->half_open++;
        if (backlog != NULL) (*backlog)++;
    }
}

static void deliver(struct world *world, struct socket *socket, const struct tcp_range *range) {
    bool foreign = range->source != socket->peer_source;
    socket->delivered += range->len;
    if (foreign && !(socket->flags & SOCKET_FOREIGN)) {
        socket->flags |= SOCKET_FOREIGN;
        world->foreign++;
    }
    if (world->keeps) history_delivered(world, socket, range);
    if (world->trace == NULL) return;
    unsigned char *bytes = world_scratch(world, range->len);
    stream_read(world, range->source, range->seq, range->len, bytes);
    struct record record = {.kind = RECORD_DELIVERY, .time = world->engine.now};
    record.delivery.host = socket->host;
    record.delivery.connection = socket->id;
    record.delivery.seq = range->seq;
    record.delivery.source = range->source;
    record.delivery.foreign = foreign;
    record.delivery.text = (struct record_text){bytes, range->len};
    record_write(world->trace, &record);
}

static void accept_connection(struct world *world, struct pool_ref ref, struct socket *socket) {
    if (socket->listener == 0 || (socket->flags & SOCKET_ACCEPTED)) return;
    socket->flags |= SOCKET_ACCEPTED;
    world_host_at(world, socket->host)->accepted++;
    listener_established(world, socket->listener - 1, ref, socket);
}

static void note_open(struct world *world, struct socket *socket) {
    socket->flags |= SOCKET_ESTABLISHED;
    if (socket->flags & SOCKET_BEFORE) behind_replaced(world, socket);
}

// Without the rule "passive-open-returns-to-listen" a reset of the half-open connection ends the listener's own OPEN.
static void refused(struct world *world, struct socket *socket, uint8_t before) {
    if (socket->listener != 0 && before == TCP_SYN_RECEIVED) listener_delete(world, socket->listener - 1);
}

// Section 3.10.7.3 calls a reset in SYN-SENT "connection reset"; most sockets do not.
static bool says_refused(const struct world *world, const struct socket *socket, uint8_t before,
                         const struct tcp_effect *effect) {
    if (effect->signal == TCP_SIGNAL_REFUSED) return true;
    return before == TCP_SYN_SENT && world_host_at(world, socket->host)->syn_sent_refuses;
}

static void hear(struct world *world, struct pool_ref ref, struct socket *socket, uint8_t before,
                 const struct tcp_effect *effect) {
    if (world->trace != NULL) {
        struct record record = {.kind = RECORD_SIGNAL, .time = world->engine.now};
        record.signal.host = socket->host;
        record.signal.connection = socket->id;
        record.signal.signal = effect->signal;
        record.signal.rule = effect->rule;
        record_write(world->trace, &record);
    }
    switch ((enum tcp_signal)effect->signal) {
    case TCP_SIGNAL_ESTABLISHED:
        note_open(world, socket);
        accept_connection(world, ref, socket);
        return;
    case TCP_SIGNAL_CLOSING: socket->flags |= SOCKET_PEER_CLOSED; return;
    case TCP_SIGNAL_CLOSED: return;
    case TCP_SIGNAL_SOFT_ERROR: socket->flags |= SOCKET_TROUBLED; return;
    case TCP_SIGNAL_URGENT: socket->flags |= SOCKET_URGENT; return;
    case TCP_SIGNAL_REFUSED:
        refused(world, socket, before);  // and as RESET
    // fall through
    case TCP_SIGNAL_RESET:
        socket->reason = says_refused(world, socket, before, effect) ? PROGRAM_ERROR_REFUSED : PROGRAM_ERROR_RESET;
        socket->resets++;
        world_host_at(world, socket->host)->refused++;
        return;
    case TCP_SIGNAL_UNREACHABLE: socket->reason = PROGRAM_ERROR_UNREACHABLE; return;
    case TCP_SIGNAL_TIMED_OUT:
        socket->reason = PROGRAM_ERROR_TIMED_OUT;
        socket->flags |= SOCKET_TIMED_OUT;
        return;
    case TCP_SIGNAL_USER_TIMEOUT:
        socket->reason = PROGRAM_ERROR_USER_TIMEOUT;
        socket->flags |= SOCKET_TIMED_OUT;
        return;
    }
}

// The connection ends; its slot is free afterwards.
static void end(struct world *world, struct pool_ref ref, struct socket *socket, const struct tcp_connection *last) {
    world_host_at(world, socket->host)->open--;
    if (world->keeps) history_gone(world, socket, last);
    demux_remove(&world->demux, behind_filed(socket));
    if (socket->flags & SOCKET_BEFORE) behind_come_back(world, socket->tuple);
    if (socket->flags & SOCKET_BULK) bulk_ended(world, socket);
    if (socket->flags & SOCKET_WAITING) listener_lost(world, ref);
    if (socket->process.generation != 0) {
        process_lost(world, socket->process, socket);
    } else if (socket->builtin != 0) {
        builtin_lost(world, socket);
    }
    pool_remove(&world->sockets, ref);
}

// Which incarnation is at the other end: the one whose SYN took this end out of LISTEN or SYN-SENT.
static void learn_peer(const struct world *world, struct socket *socket, uint8_t before,
                       const struct tcp_event *event) {
    if (event->kind != TCP_SEGMENT_ARRIVES || socket->tcp.state == before) return;
    if (before == TCP_LISTEN || before == TCP_SYN_SENT) socket->peer_source = world->arrival.packet.sender_source;
}

// Fast Open: the application has the connection from the SYN on (RFC 7413 section 4.2.2).
static bool takes_syn_text(const struct tcp_connection *before, const struct socket *socket) {
    return before->state == TCP_LISTEN && (socket->tcp.flags & TCP_CONNECTION_FAST_OPEN) != 0;
}

// The effects of one step. False: the connection is gone.
static bool apply(struct world *world, struct pool_ref ref, struct socket *socket, const struct tcp_connection *before,
                  const struct tcp_event *event, const struct tcp_effects *effects) {
    bool gone = false;
    const struct tcp_effect *reopen = NULL;
    const struct tcp_connection *tcp = socket->tcp.state == TCP_CLOSED ? before : &socket->tcp;
    struct tuple tuple = socket->tuple;
    uint32_t host = socket->host;
    learn_peer(world, socket, before->state, event);
    if (world->trace != NULL) record_step(world, socket, before, event, effects);
    if (world->coverage != NULL) fates_cover_step(world->coverage, before->state, socket->tcp.state, &effects->applied);
    uint64_t cause = world->trace != NULL ? world->trace->cause : 0;
    if (world->witnessed) witness_step(world, socket, before, event, effects);
    state_changed(world, socket, before->state, socket->tcp.state);
    for (uint32_t i = 0; i < effects->count; i++) {
        const struct tcp_effect *effect = &effects->list[i];
        switch ((enum tcp_effect_kind)effect->kind) {
        case TCP_EFFECT_SEGMENT:
            if (event->incarnation.answered) break;
            packet_send(world, ref, socket, tcp, &effect->segment, (enum tcp_rule)effect->rule);
            break;
        case TCP_EFFECT_TEXT: deliver(world, socket, &effect->text); break;
        case TCP_EFFECT_SIGNAL: hear(world, ref, socket, before->state, effect); break;
        case TCP_EFFECT_DELETE: gone = true; break;
        case TCP_EFFECT_REOPEN: reopen = effect; break;
        }
        if (world->trace != NULL) world->trace->cause = cause;
    }
    if (effects->cookie_len > 0) fast_open_learn(world, host, tuple.remote, effects);
    if (!gone && takes_syn_text(before, socket)) accept_connection(world, ref, socket);
    if (!gone && socket_opened_late(before, &socket->tcp)) note_open(world, socket);
    if (gone) end(world, ref, socket, before);
    if (reopen != NULL) listener_reopen(world, host, tuple, reopen->floor);
    return !gone;
}

// One wake-up a connection: when its deadline moves later, nothing is queued; when it moves earlier, the wake-up that
// is queued already becomes stale, which socket_wake() sees by its time.
static void schedule(struct world *world, struct pool_ref ref, struct socket *socket, uint64_t deadline) {
    if (deadline >= socket->wake || world->abstract != NULL) return;
    socket->wake = deadline > world->engine.now ? deadline : world->engine.now;
    engine_at(&world->engine, socket->wake, WORLD_EVENT_SOCKET, ref.index, ref.generation);
}

bool socket_stepped(struct world *world, struct pool_ref ref, struct socket *socket,
                    const struct tcp_connection *before, const struct tcp_event *event,
                    const struct tcp_effects *effects) {
    if (!apply(world, ref, socket, before, event, effects)) return false;
    if (socket->flags & SOCKET_READY) return true;
    socket->flags |= SOCKET_READY;
    world_ready(world, ref, false);
    return true;
}

// ---- Events ---------------------------------------------------------------------------------------------------

enum program_error socket_error(enum tcp_error error) {
    switch (error) {
    case TCP_OK: return PROGRAM_OK;
    case TCP_ERROR_ALREADY_EXISTS: return PROGRAM_ERROR_ALREADY_EXISTS;
    case TCP_ERROR_CLOSING: return PROGRAM_ERROR_CLOSING;
    case TCP_ERROR_DOES_NOT_EXIST:
    case TCP_ERROR_REMOTE_UNSPECIFIED:
    case TCP_ERROR_NO_RESOURCES: return PROGRAM_ERROR_DOES_NOT_EXIST;
    }
    return PROGRAM_ERROR_DOES_NOT_EXIST;
}

static bool reopens(const struct tcp_effects *effects) {
    return effects->count == 2 && effects->list[1].kind == TCP_EFFECT_REOPEN;
}

static bool stays_behind(const struct world *world, const struct socket *socket, struct tcp_effects *effects) {
    const struct tcp_config *config = &world_host_at(world, socket->host)->tcp;
    return tcp_rule_in_force(&config->without, &effects->applied, TCP_RULE_TIME_WAIT_RETURNS);
}

struct socket_answer socket_step(struct world *world, struct pool_ref ref, struct socket *socket,
                                 const struct tcp_event *event) {
    struct tcp_connection before;
    struct tcp_effects effects;
    socket_remember(world, &socket->tcp, event, &before);
    tcp_step(&world_host_at(world, socket->host)->tcp, &socket->tcp, event, world->engine.now, &effects);
    if (event->may_reopen && reopens(&effects) && stays_behind(world, socket, &effects)) {
        behind_reopen(world, ref, socket, &before, event, &effects);
        return (struct socket_answer){.error = effects.error};
    }
    bool alive = socket_stepped(world, ref, socket, &before, event, &effects);
    return (struct socket_answer){.error = effects.error, .accepted = effects.accepted, .gone = !alive};
}

struct socket_answer socket_call(struct world *world, struct pool_ref ref, struct socket *socket,
                                 enum tcp_event_kind kind, uint32_t length) {
    struct tcp_event event = {.kind = kind, .length = length};
    if (kind == TCP_ABORT) socket->reason = PROGRAM_ERROR_ABORTED;
    return socket_step(world, ref, socket, &event);
}

// True when SEND is refused for want of room alone.
static bool may_send(const struct tcp_connection *tcp) {
    bool open = tcp->state == TCP_SYN_SENT || tcp->state == TCP_SYN_RECEIVED || tcp->state == TCP_ESTABLISHED ||
                tcp->state == TCP_CLOSE_WAIT;
    return open && !(tcp->flags & TCP_CONNECTION_FIN_QUEUED);
}

struct socket_answer socket_send(struct world *world, struct pool_ref ref, struct socket *socket, uint32_t length,
                                 uint32_t text, bool urgent) {
    uint32_t seq = socket->tcp.snd_end, source = socket->tcp.snd_source;
    // The text is there before the step that may send it; what found no room is taken back.
    uint32_t room = tcp_send_room(&world_host_at(world, socket->host)->tcp, &socket->tcp);
    uint32_t expected = length < room ? length : room;
    if (expected == 0 && may_send(&socket->tcp)) return (struct socket_answer){.error = TCP_OK};
    if (world->keeps && expected > 0) stream_append(world, source, seq, expected, text);
    socket->sent += expected;
    const struct tcp_event event = {.kind = TCP_SEND, .length = expected, .urgent = urgent};
    struct socket_answer answer = socket_step(world, ref, socket, &event);
    if (answer.accepted == expected || answer.gone) return answer;
    socket->sent -= expected - answer.accepted;
    if (world->keeps && expected > 0) stream_cut(world, source, expected - answer.accepted);
    return answer;
}

bool socket_receive(struct world *world, struct pool_ref ref, struct socket *socket, uint32_t length) {
    socket->received += length;
    return !socket_call(world, ref, socket, TCP_RECEIVE, length).gone;
}

bool socket_wake(struct world *world, const struct queue_event *event) {
    struct pool_ref ref = {event->index, event->generation};
    struct socket *socket = socket_at(world, ref);
    if (socket == NULL || socket->wake != event->time) return false;
    socket->wake = TCP_NEVER;
    enum tcp_event_kind kind = TCP_STATUS;
    uint64_t deadline = tcp_deadline(&world_host_at(world, socket->host)->tcp, &socket->tcp, &kind);
    if (deadline > world->engine.now) {
        schedule(world, ref, socket, deadline);
        return false;
    }
    socket_timeout(world, ref, kind);
    return true;
}

void socket_timeout(struct world *world, struct pool_ref ref, enum tcp_event_kind kind) {
    const struct tcp_event timeout = {.kind = kind};
    socket_step(world, ref, socket_at(world, ref), &timeout);
}

void socket_icmp(struct world *world, struct pool_ref ref, const struct tcp_icmp_error *error) {
    const struct tcp_event arrives = {.kind = TCP_ICMP_ARRIVES, .icmp = *error};
    socket_step(world, ref, socket_at(world, ref), &arrives);
}

// ---- Turns ----------------------------------------------------------------------------------------------------

// Does what is owed, or sees to it that the connection wakes up in time. True: there may be more to do.
static bool settle(struct world *world, struct pool_ref ref, struct socket *socket) {
    static const struct tcp_event go_on = {.kind = TCP_CONTINUE};
    enum tcp_event_kind kind = TCP_STATUS;
    uint64_t deadline = tcp_deadline(&world_host_at(world, socket->host)->tcp, &socket->tcp, &kind);
    if (kind == TCP_CONTINUE) return !socket_step(world, ref, socket, &go_on).gone;
    schedule(world, ref, socket, deadline);
    socket->flags = (uint16_t)(socket->flags & ~SOCKET_READY);
    return false;
}

// The program has its turn. False: the connection is gone.
static bool run_program(struct world *world, struct pool_ref ref, struct socket *socket) {
    if (socket->process.generation != 0) {
        process_run(world, socket->process);
        return socket_at(world, ref) != NULL;
    }
    return socket->builtin == 0 || builtin_run(world, ref, socket);
}

static void set_cause(struct world *world, uint64_t cause) {
    if (world->trace != NULL) world->trace->cause = cause;
}

void socket_react(struct world *world, struct pool_ref ref, uint64_t cause) {
    struct socket *socket = socket_at(world, ref);
    if (socket == NULL) return;
    do {
        set_cause(world, cause);
        if (!run_program(world, ref, socket)) return;
        set_cause(world, cause);
    } while (settle(world, ref, socket));
}

void socket_forget(struct world *world, struct pool_ref ref) {
    struct socket *socket = socket_at(world, ref);
    struct tcp_connection last = socket->tcp;
    state_changed(world, socket, last.state, TCP_CLOSED);
    socket->reason = PROGRAM_ERROR_HOST_DOWN;
    if (world->witnessed) witness_crash(world, socket);
    end(world, ref, socket, &last);
}
