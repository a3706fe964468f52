// Listeners: a TCB in LISTEN, of which each SYN gets a copy.
#include <assert.h>
#include <string.h>

#include "sim/host/internal.h"
#include "sim/host/witness.h"

enum { DEFAULT_BACKLOG = 128 };

// Where the listener is filed.
static struct tuple filed(const struct listener *listener) {
    return tuple_of_listener(listener->host, listener->address, listener->port);
}

static bool is_free(const struct world *world, const struct listener *listener) {
    return demux_find(&world->demux, filed(listener)).generation == 0;
}

uint32_t listener_find(const struct world *world, uint32_t host, struct tuple tuple) {
    uint16_t address = (uint16_t)(tuple.local + 1);
    struct pool_ref ref = demux_find(&world->demux, tuple_of_listener(host, address, tuple.local_port));
    if (ref.generation == 0) ref = demux_find(&world->demux, tuple_of_listener(host, 0, tuple.local_port));
    return ref.generation == 0 ? UINT32_MAX : ref.index;
}

void listener_record(struct world *world, uint32_t host, uint16_t port, enum tcp_event_kind kind, uint8_t before,
                     uint8_t after, const struct tcp_effects *effects) {
    if (world->coverage != NULL) fates_cover_step(world->coverage, before, after, &effects->applied);
    if (world->trace == NULL) return;
    struct record record = {.kind = RECORD_STEP, .time = world->engine.now};
    record.step.host = host;
    record.step.event = (uint8_t)kind;
    record.step.error = (uint8_t)effects->error;
    record.step.local = look_endpoint(world, world_host_at(world, host)->address[0], port);
    record.step.before.state = before;
    record.step.after.state = after;
    record.step.applied = effects->applied;
    record.step.deleted = before != TCP_CLOSED && after == TCP_CLOSED;
    world->trace->cause = record_write(world->trace, &record);
}

static void reply(struct world *world, uint32_t host, struct tuple tuple, const struct tcp_effects *effects) {
    for (uint32_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == TCP_EFFECT_SEGMENT)
            packet_reply(world, host, tuple, &effects->list[i].segment, (enum tcp_rule)effects->list[i].rule);
}

void listener_nobody(struct world *world, uint32_t host, struct tuple tuple) {
    struct tcp_effects effects = {.count = 0};
    tcp_step_closed(&world_host_at(world, host)->tcp, &world->arrival.packet.segment, &effects);
    listener_record(world, host, tuple.local_port, TCP_SEGMENT_ARRIVES, TCP_CLOSED, TCP_CLOSED, &effects);
    if (world->witnessed) witness_answer(world, host, TCP_CLOSED, &effects);
    reply(world, host, tuple, &effects);
}

static void call(struct world *world, struct listener *listener, enum tcp_event_kind kind) {
    struct tcp_event event = {.kind = kind, .incarnation = {.mss = LISTENER_MSS}};
    uint8_t before = listener->tcp.state;
    struct tcp_effects effects;
    tcp_step(&world_host_at(world, listener->host)->tcp, &listener->tcp, &event, world->engine.now, &effects);
    listener_record(world, listener->host, listener->port, kind, before, listener->tcp.state, &effects);
}

static void open_number(struct world *world, uint32_t number) {
    struct listener *listener = listener_at(world, number);
    listener->open = true;
    listener->ended = false;
    demux_add(&world->demux, filed(listener), (struct pool_ref){.index = number, .generation = 1});
    call(world, listener, TCP_OPEN_PASSIVE);
}

void listener_add(struct world *world, uint32_t host, const struct service *service) {
    struct listener *listener = array_add(&world->listeners);
    listener->host = host;
    listener->port = service->port;
    if (service->address != 0)
        listener->address = (uint16_t)(1 + world_host_at(world, host)->address[service->address - 1]);
    listener->program = service->program;
    listener->backlog = service->backlog == 0 ? DEFAULT_BACKLOG : service->backlog;
    listener->accept = service->accept;
    listener->fast_open = service->fast_open;
    listener->at_boot = true;
    listener->ended = true;
    listener->line = service->line;
}

bool listener_open(struct world *world, uint32_t host, const struct service *service) {
    uint32_t number = world->listeners.count;
    listener_add(world, host, service);
    listener_at(world, number)->at_boot = false;
    if (is_free(world, listener_at(world, number))) {
        open_number(world, number);
        return true;
    }
    world->listeners.count--;
    return false;
}

static void forget(struct world *world, uint32_t number) {
    struct listener *listener = listener_at(world, number);
    syn_queue_forget(world, number);
    listener->open = false;
    listener->cookies_until = 0;
    memset(&listener->tcp, 0, sizeof listener->tcp);
    demux_remove(&world->demux, filed(listener));
}

bool listener_close(struct world *world, uint32_t host, uint16_t port) {
    bool found = false;
    for (uint32_t i = 0; i < world->listeners.count; i++) {
        const struct listener *listener = listener_at(world, i);
        if (listener->host != host || listener->port != port || !listener->open) continue;
        listener_delete(world, i);
        listener_at(world, i)->ended = true;
        found = true;
    }
    return found;
}

void listener_delete(struct world *world, uint32_t number) {
    struct listener *listener = listener_at(world, number);
    if (!listener->open) return;
    call(world, listener, TCP_CLOSE);
    forget(world, number);
}

void listener_boot(struct world *world, uint32_t host) {
    for (uint32_t i = 0; i < world->listeners.count; i++) {
        const struct listener *listener = listener_at(world, i);
        bool wanted = listener->host == host && listener->at_boot && !listener->open;
        if (wanted && is_free(world, listener)) open_number(world, i);
    }
}

void listener_crash(struct world *world, uint32_t host) {
    for (uint32_t i = 0; i < world->listeners.count; i++) {
        struct listener *listener = listener_at(world, i);
        if (listener->host != host || !listener->open) continue;
        forget(world, i);
        listener->ended = true;
    }
}

// ---- Established connections, and an application that takes them ----------------------------------------------

static void take(struct world *world, uint32_t number, struct pool_ref ref) {
    struct listener *listener = listener_at(world, number);
    listener->running++;
    process_start(world, listener->host, listener->program, ref);
}

void listener_established(struct world *world, uint32_t number, struct pool_ref ref, struct socket *socket) {
    struct listener *listener = listener_at(world, number);
    if (listener->accept == 0 || listener->running < listener->accept) {
        take(world, number, ref);
        return;
    }
    const struct waiting waiting = {.socket = ref, .listener = number};
    array_append(&world->waiting, &waiting, 1);
    listener->waiting++;
    socket->flags |= SOCKET_WAITING;
}

// Takes entry `i` out of world.waiting: the connection that waited.
static struct pool_ref stop_waiting(struct world *world, uint32_t i) {
    struct waiting *first = world->waiting.items;
    struct pool_ref ref = first[i].socket;
    listener_at(world, first[i].listener)->waiting--;
    world->waiting.count--;
    memmove(first + i, first + i + 1, (world->waiting.count - i) * sizeof *first);
    struct socket *socket = socket_at(world, ref);
    socket->flags = (uint16_t)(socket->flags & ~SOCKET_WAITING);
    return ref;
}

void listener_program_ended(struct world *world, uint32_t number) {
    struct listener *listener = listener_at(world, number);
    assert(listener->running > 0);
    listener->running--;
    for (uint32_t i = 0; i < world->waiting.count && listener->waiting > 0; i++) {
        if (((const struct waiting *)array_at(&world->waiting, i))->listener != number) continue;
        struct pool_ref ref = stop_waiting(world, i);
        take(world, number, ref);
        struct socket *socket = socket_at(world, ref);
        if (!(socket->flags & SOCKET_READY)) world_ready(world, ref, false);
        socket->flags |= SOCKET_READY;
        return;
    }
}

void listener_lost(struct world *world, struct pool_ref ref) {
    for (uint32_t i = 0; i < world->waiting.count; i++) {
        const struct waiting *waiting = array_at(&world->waiting, i);
        if (waiting->socket.index != ref.index || waiting->socket.generation != ref.generation) continue;
        stop_waiting(world, i);
        return;
    }
}

void listener_forget_waiting(struct world *world, uint32_t host) {
    for (uint32_t i = world->waiting.count; i > 0; i--) {
        const struct waiting *waiting = array_at(&world->waiting, i - 1);
        if (listener_at(world, waiting->listener)->host == host) stop_waiting(world, i - 1);
    }
    for (uint32_t i = 0; i < world->listeners.count; i++)
        if (listener_at(world, i)->host == host) listener_at(world, i)->running = 0;
}

bool listener_crowded(const struct listener *listener) {
    return listener->accept != 0 && listener->running >= listener->accept && listener->waiting >= listener->backlog;
}

bool listener_overrun(struct world *world, uint32_t number) {
    const struct listener *listener = listener_at(world, number);
    struct tcp_rule_set applied = {{0}};
    if (!listener_crowded(listener) ||
        !tcp_rule_in_force(&world_host_at(world, listener->host)->tcp.without, &applied, TCP_RULE_ACCEPT_QUEUE_BOUNDS))
        return false;
    packet_drop(world, listener->host, DROP_ACCEPT_QUEUE_FULL, TCP_RULE_ACCEPT_QUEUE_BOUNDS);
    return true;
}

bool listener_drops(struct world *world, const struct socket *socket) {
    if (socket->listener == 0 || socket->tcp.state != TCP_SYN_RECEIVED) return false;
    return tcp_would_establish(&socket->tcp, &world->arrival.packet.segment) &&
           listener_overrun(world, socket->listener - 1);
}

// ---- Segments that arrive -------------------------------------------------------------------------------------

struct pool_ref listener_connection(struct world *world, uint32_t number, struct tuple tuple,
                                    const struct tcp_connection *copy, const struct tcp_event *event,
                                    const struct tcp_effects *effects) {
    const struct listener *listener = listener_at(world, number);
    struct tcp_connection before;
    socket_remember(world, &listener->tcp, event, &before);
    struct pool_ref ref = socket_new(world, listener->host, tuple, number + 1);
    struct socket *socket = socket_at(world, ref);
    socket->tcp = *copy;
    socket->peer = world->arrival.packet.from;
    stream_new(world, socket->id);
    world->arrival.connection = socket->id;
    // Where its SYN was answered before, what arrives is not the SYN.
    if (world->trace != NULL && !event->incarnation.answered) history_heard(world, socket->id);
    socket_stepped(world, ref, socket, &before, event, effects);
    return ref;
}

// A SYN may be answered: the copy of the listener's TCB that answers it, offering the MSS of its address family.
static void make_copy(const struct tcp_config *config, const struct listener *listener,
                      const struct tcp_incarnation *incarnation, uint64_t now, struct tcp_connection *copy) {
    if (incarnation->mss == LISTENER_MSS) {
        *copy = listener->tcp;
        return;
    }
    const struct tcp_event event = {.kind = TCP_OPEN_PASSIVE, .incarnation = *incarnation};
    struct tcp_effects effects;
    memset(copy, 0, sizeof *copy);
    tcp_step(config, copy, &event, now, &effects);
}

static bool says_refused(const struct tcp_effects *effects) {
    for (uint32_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == TCP_EFFECT_SIGNAL && effects->list[i].signal == TCP_SIGNAL_REFUSED) return true;
    return false;
}

void listener_copy(const struct world *world, uint32_t number, const struct tcp_event *event,
                   struct tcp_connection *copy, struct tcp_effects *effects) {
    const struct listener *listener = listener_at(world, number);
    const struct tcp_config *config = &world_host_at(world, listener->host)->tcp;
    make_copy(config, listener, &event->incarnation, world->engine.now, copy);
    tcp_step(config, copy, event, world->engine.now, effects);
}

bool listener_full(const struct world *world, uint32_t number) {
    const struct listener *listener = listener_at(world, number);
    struct tcp_rule_set applied = {{0}};
    return listener->half_open >= listener->backlog &&
           tcp_rule_in_force(&world_host_at(world, listener->host)->tcp.without, &applied, TCP_RULE_LISTEN_BACKLOG);
}

bool listener_has_room(const struct world *world, uint32_t host, struct tuple tuple) {
    uint32_t number = listener_find(world, host, tuple);
    return number != UINT32_MAX && !listener_full(world, number);
}

void listener_merge(struct tcp_rule_set *set, const struct tcp_rule_set *more) {
    for (size_t i = 0; i < sizeof set->bits / sizeof *set->bits; i++)
        set->bits[i] |= more->bits[i];
}

void listener_answers(struct world *world, uint32_t number, struct tuple tuple, uint8_t before, uint8_t after,
                      const struct tcp_effects *effects) {
    const struct listener *listener = listener_at(world, number);
    listener_record(world, listener->host, listener->port, TCP_SEGMENT_ARRIVES, before, after, effects);
    if (world->witnessed && before == TCP_LISTEN) witness_answer(world, listener->host, TCP_LISTEN, effects);
    reply(world, listener->host, tuple, effects);
    if (says_refused(effects)) listener_delete(world, number);
}

void listener_arrival(struct world *world, uint32_t number, struct tuple tuple, const uint32_t *floor) {
    uint32_t host = listener_at(world, number)->host;
    const struct tcp_segment *segment = &world->arrival.packet.segment;
    struct tcp_rule_set applied = {{0}};
    bool opens = (segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
    bool takes_text = opens && fast_open_takes(world, number, tuple, segment, &applied);
    // Text is kept in a TCB alone. And so is a SYN that opens out of TIME-WAIT: no cookie would be above the numbers of
    // the old connection.
    if (!takes_text && floor == NULL && syn_queue_takes(world, number, tuple)) return;
    if (opens && listener_full(world, number)) {
        packet_drop(world, host, DROP_BACKLOG_FULL, TCP_RULE_LISTEN_BACKLOG);
        return;
    }
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = *segment};
    event.incarnation = socket_incarnation(world, host, tuple);
    if (floor != NULL) {
        event.incarnation.iss_has_floor = true;
        event.incarnation.iss_floor = *floor;
    }
    if (opens) fast_open_give(world, number, tuple, segment, &event.incarnation);
    if (takes_text) event.incarnation.fast_open = TCP_FAST_OPEN_TAKE;
    struct tcp_effects effects;
    struct tcp_connection copy;
    listener_copy(world, number, &event, &copy, &effects);
    listener_merge(&effects.applied, &applied);
    if (copy.state != TCP_LISTEN && copy.state != TCP_CLOSED) {
        listener_connection(world, number, tuple, &copy, &event, &effects);
    } else {
        listener_answers(world, number, tuple, TCP_LISTEN, TCP_LISTEN, &effects);
    }
}

void listener_reopen(struct world *world, uint32_t host, struct tuple tuple, uint32_t floor) {
    world->arrival.connection = 0;
    listener_arrival(world, listener_find(world, host, tuple), tuple, &floor);
}
