// From bytes back to a state: see abstract_save.c.
#include <string.h>

#include "sim/host/abstract_state.h"
#include "sim/host/witness.h"

struct reader {
    struct world *world;
    const unsigned char *at;
    struct pool_ref socket[ORDER_MOST];
};

static void get(struct reader *reader, void *bytes, size_t length) {
    memcpy(bytes, reader->at, length);
    reader->at += length;
}

static uint32_t get_number(struct reader *reader) {
    uint32_t number;
    get(reader, &number, sizeof number);
    return number;
}

static void tcb_loaded(const struct world *world, uint32_t host, const struct saved_tcb *saved,
                       struct tcp_connection *tcp) {
    memcpy(tcp, saved->head, TCB_HEAD);
    tcp->snd_mss = saved->snd_mss;
    tcp->rcv_mss = saved->rcv_mss;
    tcp->rto = (uint32_t)(world_host_at(world, host)->tcp.rto_initial / 1000);
    for (unsigned timer = 0; timer < TCP_TIMERS; timer++)
        tcp->deadline[timer] = saved->timers >> timer & 1 ? 1 : TCP_NEVER;
}

static void get_held(struct reader *reader, struct tcp_connection *tcp) {
    get(reader, tcp->held, tcp->held_count * sizeof *tcp->held);
}

static void get_hosts(struct reader *reader) {
    struct world *world = reader->world;
    for (uint32_t i = 0; i < world->host_count; i++) {
        struct host *host = world_host_at(world, i);
        struct saved_host saved;
        get(reader, &saved, sizeof saved);
        host->opened = saved.opened;
        host->accepted = saved.accepted;
        host->refused = saved.refused;
        host->open = saved.open;
        host->half_open = saved.half_open;
        host->next_port = saved.next_port;
        host->up = saved.up;
        host->quiet_until = saved.quiet ? TCP_NEVER : 0;
    }
    for (uint32_t i = 0; i < world->engine.directions; i++)
        engine_link(&world->engine, i)->down_count = *reader->at++;
}

// A listener's TCB, which never changes while it listens.
static void listen_again(struct world *world, struct listener *listener) {
    struct tcp_event event = {.kind = TCP_OPEN_PASSIVE, .incarnation = {.mss = LISTENER_MSS}};
    struct tcp_effects effects;
    memset(&listener->tcp, 0, sizeof listener->tcp);
    tcp_step(&world_host_at(world, listener->host)->tcp, &listener->tcp, &event, world->engine.now, &effects);
}

static void get_listeners(struct reader *reader, uint32_t count) {
    struct world *world = reader->world;
    while (world->listeners.count < count)
        array_add(&world->listeners);
    world->listeners.count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct listener *listener = listener_at(world, i);
        struct saved_listener saved;
        bool was_open = listener->open && i < world->abstract->listeners;
        get(reader, &saved, sizeof saved);
        listener->half_open = saved.half_open;
        listener->running = saved.running;
        listener->waiting = saved.waiting;
        listener->open = (saved.flags & LISTENS) != 0;
        listener->ended = (saved.flags & ENDED) != 0;
        if (i >= world->abstract->listeners) {
            uint32_t made[6];
            get(reader, made, sizeof made);
            listener->host = made[0];
            listener->program = made[1];
            listener->backlog = made[2];
            listener->accept = made[3];
            listener->line = made[4];
            listener->port = (uint16_t)made[5];
            listener->at_boot = false;
        }
        struct tuple tuple = tuple_of_listener(listener->host, listener->port);
        if (was_open && !listener->open) demux_remove(&world->demux, tuple);
        if (!listener->open) memset(&listener->tcp, 0, sizeof listener->tcp);
        if (was_open || !listener->open) continue;
        listen_again(world, listener);
        demux_add(&world->demux, tuple, (struct pool_ref){.index = i, .generation = 1});
    }
}

static void get_socket(struct reader *reader, uint32_t number) {
    struct world *world = reader->world;
    struct saved_socket saved;
    get(reader, &saved, sizeof saved);
    struct pool_ref ref = reader->socket[number] = pool_add(&world->sockets);
    struct socket *socket = socket_at(world, ref);
    tcb_loaded(world, saved.host, &saved.tcb, &socket->tcp);
    socket->tuple = saved.tuple;
    socket->wake = TCP_NEVER;
    socket->host = saved.host;
    socket->flags = saved.flags;
    socket->resets = saved.resets;
    socket->reason = (uint8_t)saved.reason;
    socket->ordinal = saved.ordinal;
    socket->id = abstract_id(world, saved.host, saved.ordinal);
    socket->listener = saved.listener;
    socket->peer_source = saved.peer_source;
    socket->builtin = saved.builtin;
    socket->out_left = saved.out_left;
    socket->in_left = saved.in_left;
    socket->rounds = saved.rounds;
    socket->sent = saved.sent;
    socket->received = saved.received;
    socket->delivered = saved.delivered;
    socket->born = world->engine.now;
    get_held(reader, &socket->tcp);
    demux_add(&world->demux, socket->tuple, ref);
}

static void get_packet(struct reader *reader, struct packet *packet, uint32_t *direction, bool *loose) {
    struct saved_packet saved;
    get(reader, &saved, sizeof saved);
    *packet = (struct packet){.segment = saved.segment,
                              .tuple = saved.tuple,
                              .sender_source = saved.sender_source,
                              .receiver_source = saved.receiver_source,
                              .sender = saved.sender,
                              .injected = saved.injected != 0};
    *direction = saved.direction;
    *loose = saved.loose != 0;
}

static void get_process(struct reader *reader) {
    struct world *world = reader->world;
    struct saved_process saved;
    get(reader, &saved, sizeof saved);
    struct pool_ref ref = pool_add(&world->processes);
    struct process *process = process_at(world, ref);
    process->host = saved.host;
    process->program = saved.program;
    process->place = saved.place;
    process->begun = (saved.flags & BEGUN) != 0;
    process->serving = (saved.flags & SERVING) != 0;
    process->opened = (saved.flags & OPENED) != 0;
    process->watches = (saved.flags & WATCHES) != 0;
    process->waits_for_packet = (saved.flags & WAITS_FOR_PACKET) != 0;
    process->has_seen = (saved.flags & HAS_SEEN) != 0;
    process->over = (saved.flags & OVER) != 0;
    process->until = saved.flags & SLEEPS ? TCP_NEVER : 0;
    process->connection = saved.connection;
    process->listener = saved.listener;
    process->left = saved.left;
    process->matched = saved.matched;
    process->unread = saved.unread;
    process->end = (uint8_t)saved.end;
    process->loops = saved.loops;
    get(reader, process->loop, process->loops * sizeof *process->loop);
    if (process->watches) world->watchers++;
    uint32_t direction;
    bool loose;
    if (process->has_seen) get_packet(reader, &process->seen, &direction, &loose);
    if (saved.socket == NOBODY) return;
    process->socket = reader->socket[saved.socket];
    ((struct socket *)socket_at(world, process->socket))->process = ref;
}

static void get_past(struct reader *reader, struct known *known, uint32_t id) {
    struct world *world = reader->world;
    struct saved_past saved;
    get(reader, &saved, sizeof saved);
    struct past *past = array_add(&world->past);
    struct connection_view *view = &past->view;
    known->past = world->past.count;
    tcb_loaded(world, known->host, &saved.tcb, &view->tcp);
    get_held(reader, &view->tcp);
    past->tuple = saved.tuple;
    past->delivered = saved.delivered;
    past->peer_source = saved.peer_source;
    view->host = known->host;
    view->ordinal = known->ordinal;
    view->id = id;
    view->local = look_endpoint(world, saved.tuple.local, saved.tuple.local_port);
    view->remote = look_endpoint(world, saved.tuple.remote, saved.tuple.remote_port);
    view->sent = saved.sent;
    view->received = saved.received;
    view->acknowledged = saved.acknowledged;
    view->resets = saved.resets;
    view->passive = (saved.flags & PAST_PASSIVE) != 0;
    view->accepted = (saved.flags & PAST_ACCEPTED) != 0;
    view->established = (saved.flags & PAST_ESTABLISHED) != 0;
    view->peer_closed = (saved.flags & PAST_PEER_CLOSED) != 0;
    view->timed_out = (saved.flags & PAST_TIMED_OUT) != 0;
    view->foreign_text = (saved.flags & PAST_FOREIGN) != 0;
    view->born = view->gone = world->engine.now;
}

// The number of the chain's last link, where the links are saved last first.
static uint32_t get_deliveries(struct reader *reader) {
    uint32_t count = get_number(reader);
    if (count == 0) return 0;
    struct array *array = &reader->world->deliveries;
    uint32_t first = array->count;
    array_room(array, count);
    for (uint32_t i = count; i > 0; i--) {
        struct delivery *delivery = array_at(array, first + i - 1);
        get(reader, &delivery->range, sizeof delivery->range);
        delivery->offset = get_number(reader);
        delivery->previous = i > 1 ? first + i - 1 : 0;
    }
    return array->count;
}

static uint32_t get_stream(struct reader *reader) {
    uint32_t count = get_number(reader);
    if (count == 0) return 0;
    struct array *array = &reader->world->pieces;
    uint32_t first = array->count;
    array_room(array, count);
    for (uint32_t i = count; i > 0; i--) {
        uint32_t saved[3];
        get(reader, saved, sizeof saved);
        *(struct piece *)array_at(array, first + i - 1) =
            (struct piece){saved[0], saved[1], saved[2], i > 1 ? first + i - 1 : 0};
    }
    return array->count;
}

// `count` items, all bytes zero.
static void refill(struct array *array, uint32_t count) {
    array->count = 0;
    if (count > 0) memset(array_room(array, count), 0, (size_t)count * array->item_size);
}

static void get_history(struct reader *reader, const struct saved_world *saved) {
    struct world *world = reader->world;
    uint32_t most = saved->injected > 0 ? abstract_id(world, world->host_count, saved->injected) : 0;
    uint32_t newest = 0;
    for (uint32_t host = 0; host < world->host_count; host++) {
        uint32_t opened = world_host_at(world, host)->opened;
        uint32_t id = opened > 0 ? abstract_id(world, host, opened) : 0;
        if (id > newest) newest = id;
        world->ids[host].count = 0;
        array_room(&world->ids[host], opened);
    }
    refill(&world->known, newest);
    refill(&world->streams, newest > most ? newest : most);
    world->past.count = world->deliveries.count = world->pieces.count = 0;
    if (world->witnessed) {
        refill(&world->witnesses, newest);
        world->assumed = get_number(reader);
    }
    for (uint32_t host = 0; host < world->host_count; host++) {
        for (uint32_t ordinal = 1; ordinal <= world_host_at(world, host)->opened; ordinal++) {
            uint32_t id = abstract_id(world, host, ordinal);
            struct known *known = history_known(world, id);
            known->host = host;
            known->ordinal = ordinal;
            *(uint32_t *)array_at(&world->ids[host], ordinal - 1) = id;
            if (*reader->at++) get_past(reader, known, id);
            known->last_text = get_deliveries(reader);
            struct stream *stream = array_at(&world->streams, id - 1);
            stream->id = id;
            stream->last = get_stream(reader);
            if (world->witnessed) get(reader, array_at(&world->witnesses, id - 1), sizeof(struct witness));
        }
    }
    for (uint32_t i = 1; i <= saved->injected; i++) {
        struct stream *stream = array_at(&world->streams, abstract_id(world, world->host_count, i) - 1);
        stream->last = get_stream(reader);
    }
    for (uint32_t i = 0; i < saved->sockets; i++) {
        const struct socket *socket = socket_at(world, reader->socket[i]);
        history_known(world, socket->id)->socket = reader->socket[i];
    }
}

static void empty(struct pool *pool) {
    pool->count = pool->live = pool->free_head = 0;
}

// Connections, and listeners that the scenario opened later, can't be found any more.
static void forget_tuples(struct world *world) {
    for (uint32_t i = 0; i < world->sockets.count; i++) {
        const struct socket *socket = pool_at(&world->sockets, i, NULL);
        if (socket != NULL) demux_remove(&world->demux, socket->tuple);
    }
    for (uint32_t i = world->abstract->listeners; i < world->listeners.count; i++) {
        const struct listener *listener = listener_at(world, i);
        if (listener->open) demux_remove(&world->demux, tuple_of_listener(listener->host, listener->port));
    }
}

static void forget(struct world *world) {
    forget_tuples(world);
    empty(&world->sockets);
    empty(&world->processes);
    world->ready.count = world->ready_head = 0;
    world->watchers = 0;
    world->engine.events = world->engine.packets_sent = 0;
    world->ended = world->stopped = world->error_noted = false;
    world->abstract->overflows = false;
    world->broken.count = 0;
    if (world->failures.count == 0) return;
    world->failures.count = 0;
    for (uint32_t i = 0; i < world->claims.count; i++)
        ((struct claim_entry *)array_at(&world->claims, i))->failed = false;
}

void abstract_load(struct world *world, const unsigned char *bytes) {
    struct reader reader;
    reader.world = world;
    reader.at = bytes;
    struct saved_world saved;
    get(&reader, &saved, sizeof saved);
    forget(world);
    memcpy(world->abstract->left, saved.left, sizeof saved.left);
    world->foreign = saved.foreign;
    world->abstract->injected = saved.injected;
    get_hosts(&reader);
    get_listeners(&reader, saved.listeners);
    for (uint32_t i = 0; i < saved.sockets; i++)
        get_socket(&reader, i);
    for (uint32_t i = 0; i < saved.processes; i++)
        get_process(&reader);
    world->abstract->count = saved.flights;
    for (uint32_t i = 0; i < saved.flights; i++) {
        struct flight *flight = &world->abstract->flight[i];
        flight->carried = (struct engine_packet){.number = 1};
        get_packet(&reader, &flight->packet, &flight->carried.direction, &flight->loose);
    }
    world->waiting.count = 0;
    for (uint32_t i = 0; i < saved.waiting; i++) {
        struct waiting *waiting = array_room(&world->waiting, 1);
        waiting->listener = get_number(&reader);
        waiting->socket = reader.socket[get_number(&reader)];
    }
    if (world->keeps) get_history(&reader, &saved);
}
