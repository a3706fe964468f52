// From bytes back to a state: see abstract_save.c. What the world has already, by its image, is left as it is; and it
// is left in the very slots where it would be put, so that what happens later depends on the bytes alone.
#include <string.h>

#include "sim/engine/memory.h"
#include "sim/host/abstract_state.h"
#include "sim/host/witness.h"

struct reader {
    struct world *world;
    const unsigned char *bytes, *at;
    const struct saved_world *head;
    struct abstract_image *image;
    bool known;  // the world is what the image says, but for packets in flight
    struct pool_ref socket[ORDER_MOST];
};

static void get(struct reader *reader, void *bytes, size_t length) {
    memcpy(bytes, reader->at, length);
    reader->at += length;
}

// Goes to the beginning of the section. True: the world has it already.
static bool begins(struct reader *reader, enum section section) {
    const uint16_t *now = reader->head->begin + section, *before = reader->image->head.begin + section;
    reader->at = reader->bytes + now[0];
    size_t length = (size_t)(now[1] - now[0]);
    return reader->known && length == (size_t)(before[1] - before[0]) &&
           memcmp(reader->at, reader->image->bytes + before[0], length) == 0;
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
    tcp->remote_timeout = saved->remote_timeout;
    tcp->rto = (uint32_t)(world_host_at(world, host)->tcp.rto_initial / 1000);
    for (unsigned timer = 0; timer < TCP_TIMERS; timer++)
        tcp->deadline[timer] = saved->timers >> timer & 1 ? 1 : TCP_NEVER;
    if (tcp->deadline[TCP_TIMER_R2] == 1) tcp->deadline[TCP_TIMER_R2] += saved->timers >> TCP_TIMERS;
}

static void get_held(struct reader *reader, struct tcp_connection *tcp) {
    size_t length = tcp->held_count * sizeof *tcp->held;
    get(reader, tcp->held, length);
    memset((unsigned char *)tcp->held + length, 0, sizeof tcp->held - length);
}

// True when they were the same already. So are the others.
static bool get_hosts(struct reader *reader) {
    struct world *world = reader->world;
    if (begins(reader, SECTION_HOSTS)) return true;
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
    uint32_t cookies = get_number(reader);
    world->cookies.count = 0;
    if (cookies > 0) get(reader, array_room(&world->cookies, cookies), cookies * sizeof(struct fast_open_cookie));
    return false;
}

// A listener's TCB, which never changes while it listens.
static void listen_again(struct world *world, struct listener *listener) {
    struct tcp_event event = {.kind = TCP_OPEN_PASSIVE, .incarnation = {.mss = LISTENER_MSS}};
    struct tcp_effects effects;
    memset(&listener->tcp, 0, sizeof listener->tcp);
    tcp_step(&world_host_at(world, listener->host)->tcp, &listener->tcp, &event, world->engine.now, &effects);
}

// Listeners that the scenario opened later can't be found any more.
static void forget_listeners(struct world *world) {
    for (uint32_t i = world->abstract->listeners; i < world->listeners.count; i++) {
        const struct listener *listener = listener_at(world, i);
        if (listener->open)
            demux_remove(&world->demux, tuple_of_listener(listener->host, listener->address, listener->port));
    }
}

static void get_listeners(struct reader *reader) {
    struct world *world = reader->world;
    uint32_t count = reader->head->listeners;
    if (begins(reader, SECTION_LISTENERS)) return;
    forget_listeners(world);
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
        listener->cookies_until = saved.flags & SENT_COOKIES ? TCP_NEVER : 0;
        if (i >= world->abstract->listeners) {
            uint32_t made[7];
            get(reader, made, sizeof made);
            listener->host = made[0];
            listener->program = made[1];
            listener->backlog = made[2];
            listener->accept = made[3];
            listener->line = made[4];
            listener->port = (uint16_t)made[5];
            listener->fast_open = made[5] >> 16 != 0;
            listener->address = (uint16_t)made[6];
            listener->at_boot = false;
        }
        struct tuple tuple = tuple_of_listener(listener->host, listener->address, listener->port);
        if (was_open && !listener->open) demux_remove(&world->demux, tuple);
        if (!listener->open) memset(&listener->tcp, 0, sizeof listener->tcp);
        if (was_open || !listener->open) continue;
        listen_again(world, listener);
        demux_add(&world->demux, tuple, (struct pool_ref){.index = i, .generation = 1});
    }
}

// ---- Connections ----------------------------------------------------------------------------------------------

static size_t socket_size(const unsigned char *saved) {
    return sizeof(struct saved_socket) + saved[offsetof(struct tcp_connection, held_count)] * sizeof(struct tcp_range);
}

static bool same_identity(const unsigned char *a, const unsigned char *b) {
    enum { BEGIN = offsetof(struct saved_socket, tuple), END = offsetof(struct saved_socket, flags) };
    return memcmp(a + BEGIN, b + BEGIN, END - BEGIN) == 0;
}

// How many connections, from the first on, are in their slots already, though they may be in other states.
static uint32_t sockets_in_place(const struct reader *reader) {
    const struct abstract_image *image = reader->image;
    const unsigned char *now = reader->at, *before = image->bytes + image->head.begin[SECTION_SOCKETS];
    uint32_t most = reader->known ? image->sockets : 0, count = 0;
    if (most > reader->head->sockets) most = reader->head->sockets;
    for (; count < most && same_identity(now, before); count++) {
        now += socket_size(now);
        before += socket_size(before);
    }
    return count;
}

// Only the first `count` slots, all of which are used, remain; the next one will be the one behind them.
static void cut(struct pool *pool, uint32_t count) {
    pool->count = pool->live = count;
    pool->free_head = 0;
}

static void forget_sockets(struct world *world, uint32_t first) {
    for (uint32_t i = first; i < world->sockets.count; i++) {
        const struct socket *socket = pool_at(&world->sockets, i, NULL);
        if (socket != NULL) demux_remove(&world->demux, behind_filed(socket));
    }
    cut(&world->sockets, first);
}

// The socket is new, or another state of the same connection: of that, only hints and what luck asks for remain.
static void get_socket(struct reader *reader, struct socket *socket) {
    const struct world *world = reader->world;
    struct saved_socket saved;
    get(reader, &saved, sizeof saved);
    tcb_loaded(world, saved.host, &saved.tcb, &socket->tcp);
    get_held(reader, &socket->tcp);
    socket->tuple = saved.tuple;
    if (saved.flags & SOCKET_BEHIND) socket->tuple.local &= (uint16_t)~tuple_behind((struct tuple){0}).local;
    socket->wake = TCP_NEVER;
    socket->host = saved.host;
    socket->flags = saved.flags;
    socket->resets = saved.resets;
    socket->reason = saved.reason;
    socket->dscp_heard = saved.dscp_heard;
    socket->ip = saved.ip;
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
}

// True when all were there already.
static bool get_sockets(struct reader *reader) {
    struct world *world = reader->world;
    bool same = begins(reader, SECTION_SOCKETS) && reader->image->sockets == reader->head->sockets;
    uint32_t in_place = same ? reader->head->sockets : sockets_in_place(reader);
    const unsigned char *before = reader->image->bytes + reader->image->head.begin[SECTION_SOCKETS];
    bool all = reader->known && in_place == reader->head->sockets && in_place == reader->image->head.sockets;
    forget_sockets(world, in_place);
    for (uint32_t i = 0; i < in_place; i++) {
        struct socket *socket = pool_at(&world->sockets, i, &reader->socket[i]);
        if (same) continue;
        size_t size = socket_size(reader->at), size_before = socket_size(before);
        if (size == size_before && memcmp(reader->at, before, size) == 0) {
            reader->at += size;
        } else {
            get_socket(reader, socket);
        }
        before += size_before;
    }
    for (uint32_t i = in_place; i < reader->head->sockets; i++) {
        reader->socket[i] = pool_add(&world->sockets);
        struct socket *socket = socket_at(world, reader->socket[i]);
        get_socket(reader, socket);
        demux_add(&world->demux, behind_filed(socket), reader->socket[i]);
    }
    return all;
}

// ---- Programs -------------------------------------------------------------------------------------------------

// All bytes of the process are zero.
static void get_process(struct reader *reader, struct process *process) {
    struct saved_process saved;
    get(reader, &saved, sizeof saved);
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
    if (saved.socket != NOBODY) process->socket = reader->socket[saved.socket];
    if (!process->has_seen) return;
    struct flight seen;
    get(reader, &seen, sizeof seen);
    process->seen = abstract_packet(&seen);
}

// `sockets`: the connections are all in the slots where they were.
static void get_processes(struct reader *reader, bool sockets) {
    struct world *world = reader->world;
    const struct abstract_image *image = reader->image;
    bool same = begins(reader, SECTION_PROCESSES) && sockets && image->processes == image->head.processes;
    cut(&world->processes, same ? image->processes : 0);
    for (uint32_t i = 0; i < reader->head->sockets; i++)
        socket_at(world, reader->socket[i])->process = (struct pool_ref){0, 0};
    world->watchers = 0;
    for (uint32_t i = 0; i < reader->head->processes; i++) {
        struct pool_ref ref;
        if (!same) pool_add(&world->processes);
        struct process *process = pool_at(&world->processes, i, &ref);
        if (!same) get_process(reader, process);
        if (process->watches) world->watchers++;
        struct socket *socket = socket_at(world, process->socket);
        if (socket != NULL) socket->process = ref;
    }
}

static void get_waiting(struct reader *reader) {
    struct world *world = reader->world;
    world->waiting.count = 0;
    begins(reader, SECTION_WAITING);
    for (uint32_t i = 0; i < reader->head->waiting; i++) {
        struct waiting *waiting = array_room(&world->waiting, 1);
        waiting->listener = get_number(reader);
        waiting->socket = reader->socket[get_number(reader)];
    }
}

static void get_half_open(struct reader *reader) {
    struct world *world = reader->world;
    world->half_open.count = 0;
    begins(reader, SECTION_HALF_OPEN);
    for (uint32_t i = 0; i < reader->head->half_open; i++) {
        struct half_open *entry = array_add(&world->half_open);
        struct saved_half_open saved;
        get(reader, &saved, sizeof saved);
        *entry = (struct half_open){
            .tuple = saved.tuple,
            .listener = saved.listener,
            .iss = saved.iss,
            .irs = saved.irs,
            .ts_val = saved.ts_val,
            .wnd = saved.wnd,
            .mss = saved.mss,
            .timeout = saved.timeout,
            .flags = saved.flags,
            .options = saved.options,
            .scale = saved.scale,
            .compartment = saved.compartment,
            .repeats = saved.repeats,
        };
    }
}

// ---- History --------------------------------------------------------------------------------------------------

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
    view->dscp_heard = saved.dscp_heard;
    view->ttl = saved.ip.ttl;
    view->dscp = saved.ip.dscp;
    view->passive = (saved.flags & PAST_PASSIVE) != 0;
    view->accepted = (saved.flags & PAST_ACCEPTED) != 0;
    view->established = (saved.flags & PAST_ESTABLISHED) != 0;
    view->peer_closed = (saved.flags & PAST_PEER_CLOSED) != 0;
    view->timed_out = (saved.flags & PAST_TIMED_OUT) != 0;
    view->foreign_text = (saved.flags & PAST_FOREIGN) != 0;
    view->urgent = (saved.flags & PAST_URGENT) != 0;
    view->troubled = (saved.flags & PAST_TROUBLED) != 0;
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

static uint32_t history_items(const struct world *world) {
    return world->past.count + world->deliveries.count + world->pieces.count;
}

static void read_history(struct reader *reader) {
    const struct saved_world *saved = reader->head;
    struct world *world = reader->world;
    uint32_t most = saved->injected > 0 ? abstract_id(world, world->host_count, saved->injected) : 0;
    uint32_t newest = 0;
    for (uint32_t host = 0; host < world->host_count; host++) {
        uint32_t opened = world_host_at(world, host)->opened;
        uint32_t id = opened > 0 ? abstract_id(world, host, opened) : 0;
        if (id > newest) newest = id;
        world->ids[host].count = 0;
        if (opened > 0) array_room(&world->ids[host], opened);
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

static bool history_is_there(const struct reader *reader) {
    return reader->image->head.injected == reader->head->injected &&
           reader->image->history == history_items(reader->world);
}

// `same`: hosts and connections are those that there were, where they were.
static void get_history(struct reader *reader, bool same) {
    if (begins(reader, SECTION_HISTORY) && same && history_is_there(reader)) return;
    read_history(reader);
    reader->image->history = history_items(reader->world);
}

// ---- All of it ------------------------------------------------------------------------------------------------

// What no state tells of.
static void forget(struct world *world) {
    world->ready.count = world->ready_head = 0;
    world->engine.events = world->engine.packets_sent = 0;
    world->ended = world->stopped = world->error_noted = false;
    world->abstract->overflows = false;
    world->broken.count = 0;
    if (world->failures.count == 0) return;
    world->failures.count = 0;
    for (uint32_t i = 0; i < world->claims.count; i++)
        ((struct claim_entry *)array_at(&world->claims, i))->failed = false;
}

// True when all sections but packets in flight are there, in their places.
static bool is_there(const struct reader *reader) {
    enum { FIRST = sizeof(struct saved_world) };
    const struct abstract_image *image = reader->image;
    const struct saved_world *now = reader->head, *before = &image->head;
    return reader->known && memcmp(now->begin, before->begin, SECTION_END * sizeof *now->begin) == 0 &&
           image->sockets == before->sockets && image->processes == before->processes && history_is_there(reader) &&
           memcmp(reader->bytes + FIRST, image->bytes + FIRST, now->begin[SECTION_FLIGHTS] - (size_t)FIRST) == 0;
}

static void get_sections(struct reader *reader) {
    bool hosts = get_hosts(reader);
    get_listeners(reader);
    bool sockets = get_sockets(reader);
    get_processes(reader, sockets);
    get_waiting(reader);
    get_half_open(reader);
    if (reader->world->keeps) get_history(reader, hosts && sockets);
    memcpy(reader->image->bytes, reader->bytes, reader->head->begin[SECTION_FLIGHTS]);
    reader->image->sockets = reader->head->sockets;
    reader->image->processes = reader->head->processes;
}

static void get_flights(struct reader *reader) {
    struct abstract *abstract = reader->world->abstract;
    size_t begin = reader->head->begin[SECTION_FLIGHTS], length = reader->head->begin[SECTION_END] - begin;
    abstract->count = reader->head->flights;
    memcpy(abstract->flight, reader->bytes + begin, length);
    memcpy(reader->image->bytes + begin, reader->bytes + begin, length);
}

void abstract_load(struct world *world, const unsigned char *bytes) {
    struct abstract *abstract = world->abstract;
    struct saved_world head;
    memcpy(&head, bytes, sizeof head);
    if (abstract->image == NULL) abstract->image = memory_allocate(sizeof *abstract->image);
    struct reader reader;
    reader.world = world;
    reader.bytes = bytes;
    reader.head = &head;
    reader.image = abstract->image;
    reader.known = abstract->image->age != IMAGE_OLD;
    forget(world);
    if (is_there(&reader)) {
        cut(&world->sockets, head.sockets);
        cut(&world->processes, head.processes);
    } else {
        get_sections(&reader);
    }
    get_flights(&reader);
    memcpy(abstract->left, head.left, sizeof head.left);
    world->foreign = head.foreign;
    abstract->injected = head.injected;
    abstract->image->head = head;
    abstract->image->age = IMAGE_SAME;
}
