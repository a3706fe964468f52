// A state as bytes, and back. What is saved is what a later step, or a claim, can read; in an order that doesn't depend
// on how the state was reached. Times, counts of repetitions, hints where something lies, and what only the recording
// knows are left out.
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/link.h"
#include "sim/host/abstract_state.h"
#include "sim/host/witness.h"

// ---- Parts  ---------------------------------------------------------------------------------------------------

struct pen {
    const struct world *world;
    unsigned char *at;
    struct order order;
};

static void put(struct pen *pen, const void *bytes, size_t length) {
    memcpy(pen->at, bytes, length);
    pen->at += length;
}

static void put_number(struct pen *pen, uint32_t number) {
    put(pen, &number, sizeof number);
}

static struct saved_tcb tcb_saved(const struct tcp_connection *tcp) {
    struct saved_tcb saved = {.snd_mss = tcp->snd_mss, .rcv_mss = tcp->rcv_mss};
    memcpy(saved.head, tcp, TCB_HEAD);
    for (unsigned timer = 0; timer < TCP_TIMERS; timer++)
        if (tcp->deadline[timer] != TCP_NEVER) saved.timers |= 1U << timer;
    return saved;
}

static void put_held(struct pen *pen, const struct tcp_connection *tcp) {
    put(pen, tcp->held, tcp->held_count * sizeof *tcp->held);
}

static void put_hosts(struct pen *pen) {
    const struct world *world = pen->world;
    for (uint32_t i = 0; i < world->host_count; i++) {
        const struct host *host = world_host_at(world, i);
        const struct saved_host saved = {host->opened,    host->accepted,  host->refused, host->open,
                                         host->half_open, host->next_port, host->up,      host->quiet_until != 0};
        put(pen, &saved, sizeof saved);
    }
    for (uint32_t i = 0; i < world->engine.directions; i++)
        *pen->at++ = (unsigned char)world->engine.direction[i].settings.down_count;
}

static void put_listeners(struct pen *pen) {
    const struct world *world = pen->world;
    for (uint32_t i = 0; i < world->listeners.count; i++) {
        const struct listener *listener = listener_at(world, i);
        const struct saved_listener saved = {listener->half_open, listener->running, listener->waiting,
                                             (listener->open ? LISTENS : 0) | (listener->ended ? ENDED : 0)};
        put(pen, &saved, sizeof saved);
        if (i < world->abstract->listeners) continue;
        const uint32_t made[] = {listener->host,   listener->program, listener->backlog,
                                 listener->accept, listener->line,    listener->port};
        put(pen, made, sizeof made);
    }
}

static void put_socket(struct pen *pen, const struct socket *socket) {
    struct saved_socket saved = {
        .tcb = tcb_saved(&socket->tcp),
        .tuple = socket->tuple,
        .host = socket->host,
        .flags = (uint16_t)(socket->flags & ~SOCKET_READY),
        .resets = socket->resets,
        .reason = socket->reason,
        .ordinal = socket->ordinal,
        .listener = socket->listener,
        .peer_source = socket->peer_source,
        .builtin = socket->builtin,
        .out_left = socket->out_left,
        .in_left = socket->in_left,
        .rounds = socket->rounds,
        .sent = (uint32_t)socket->sent,
        .received = (uint32_t)socket->received,
        .delivered = (uint32_t)socket->delivered,
    };
    put(pen, &saved, sizeof saved);
    put_held(pen, &socket->tcp);
}

static bool same_ref(struct pool_ref a, struct pool_ref b) {
    return a.index == b.index && a.generation == b.generation;
}

static uint16_t place_of(const struct pen *pen, struct pool_ref ref) {
    for (uint32_t i = 0; i < pen->order.sockets; i++)
        if (same_ref(pen->order.socket[i], ref)) return (uint16_t)i;
    return NOBODY;
}

static void put_packet(struct pen *pen, const struct packet *packet, uint32_t direction, bool loose) {
    struct saved_packet saved = {.segment = packet->segment,
                                 .tuple = packet->tuple,
                                 .sender_source = packet->sender_source,
                                 .receiver_source = packet->receiver_source,
                                 .sender = packet->sender,
                                 .direction = (uint8_t)direction,
                                 .loose = loose,
                                 .injected = packet->injected};
    saved.segment.repeat = 0;
    put(pen, &saved, sizeof saved);
}

static void put_process(struct pen *pen, const struct process *process) {
    struct saved_process saved = {
        .host = process->host,
        .program = process->program,
        .place = process->place,
        .socket = place_of(pen, process->socket),
        .connection = process->connection,
        .listener = process->listener,
        .left = process->left,
        .matched = process->matched,
        .unread = process->unread,
        .end = process->end,
        .loops = (uint16_t)process->loops,
    };
    saved.flags = (uint16_t)((process->begun ? BEGUN : 0) | (process->serving ? SERVING : 0) |
                             (process->opened ? OPENED : 0) | (process->watches ? WATCHES : 0) |
                             (process->waits_for_packet ? WAITS_FOR_PACKET : 0) | (process->has_seen ? HAS_SEEN : 0) |
                             (process->over ? OVER : 0) | (process->until == TCP_NEVER ? SLEEPS : 0));
    put(pen, &saved, sizeof saved);
    put(pen, process->loop, process->loops * sizeof *process->loop);
    if (process->has_seen) put_packet(pen, &process->seen, 0, false);
}

static void put_past(struct pen *pen, const struct past *past) {
    const struct connection_view *view = &past->view;
    const struct saved_past saved = {
        .tcb = tcb_saved(&view->tcp),
        .tuple = past->tuple,
        .sent = (uint32_t)view->sent,
        .received = (uint32_t)view->received,
        .acknowledged = (uint32_t)view->acknowledged,
        .resets = view->resets,
        .delivered = (uint32_t)past->delivered,
        .peer_source = past->peer_source,
        .flags = (view->passive ? PAST_PASSIVE : 0) | (view->accepted ? PAST_ACCEPTED : 0) |
                 (view->established ? PAST_ESTABLISHED : 0) | (view->peer_closed ? PAST_PEER_CLOSED : 0) |
                 (view->timed_out ? PAST_TIMED_OUT : 0) | (view->foreign_text ? PAST_FOREIGN : 0),
    };
    put(pen, &saved, sizeof saved);
    put_held(pen, &view->tcp);
}

// Chains are saved from their end to their beginning, behind their length.
static void put_deliveries(struct pen *pen, uint32_t last) {
    unsigned char *length = pen->at;
    uint32_t count = 0;
    put_number(pen, 0);
    for (uint32_t number = last; number != 0; count++) {
        const struct delivery *delivery = array_at(&pen->world->deliveries, number - 1);
        put(pen, &delivery->range, sizeof delivery->range);
        put_number(pen, (uint32_t)delivery->offset);
        number = delivery->previous;
    }
    memcpy(length, &count, sizeof count);
}

static void put_stream(struct pen *pen, uint32_t source) {
    unsigned char *length = pen->at;
    uint32_t count = 0;
    put_number(pen, 0);
    const struct stream *stream = array_at(&pen->world->streams, source - 1);
    for (uint32_t number = stream->last; number != 0;) {
        const struct piece *piece = array_at(&pen->world->pieces, number - 1);
        number = piece->previous;
        if (piece->length == 0) continue;
        const uint32_t saved[] = {piece->seq, piece->length, piece->text};
        put(pen, saved, sizeof saved);
        count++;
    }
    memcpy(length, &count, sizeof count);
}

// What properties know of a connection's past.
static void put_witness(struct pen *pen, uint32_t id) {
    struct witness saved = {.end = 0};
    if (id <= pen->world->witnesses.count) saved = *(const struct witness *)array_at(&pen->world->witnesses, id - 1);
    saved.time_wait = 0;
    put(pen, &saved, sizeof saved);
}

static void put_history(struct pen *pen) {
    const struct world *world = pen->world;
    if (world->witnessed) put_number(pen, world->assumed);
    for (uint32_t host = 0; host < world->host_count; host++) {
        for (uint32_t ordinal = 1; ordinal <= world_host_at(world, host)->opened; ordinal++) {
            uint32_t id = abstract_id(world, host, ordinal);
            const struct known *known = history_known(world, id);
            *pen->at++ = known->past != 0;
            if (known->past != 0) put_past(pen, array_at(&world->past, known->past - 1));
            put_deliveries(pen, known->last_text);
            put_stream(pen, id);
            if (world->witnessed) put_witness(pen, id);
        }
    }
    for (uint32_t i = 1; i <= world->abstract->injected; i++)
        put_stream(pen, abstract_id(world, world->host_count, i));
}

// More than what the state can come to, as bytes.
static size_t estimate(const struct world *world) {
    return 1024 + 512 * ((size_t)world->sockets.live + world->processes.live) + 64 * (size_t)world->abstract->count +
           64 * ((size_t)world->host_count + world->listeners.count + world->waiting.count + world->engine.directions) +
           256 * (size_t)world->past.count + sizeof(struct witness) * (size_t)world->witnesses.count +
           32 * ((size_t)world->deliveries.count + world->pieces.count + world->streams.count + world->known.count);
}

uint32_t abstract_save(const struct world *world, unsigned char *bytes) {
    if (estimate(world) > ABSTRACT_STATE_MOST || abstract_overflows(world)) return 0;
    struct pen pen;
    pen.world = world;
    pen.at = bytes;
    abstract_order(world, &pen.order);
    const struct abstract *abstract = world->abstract;
    struct saved_world saved = {.foreign = world->foreign,
                                .injected = (uint16_t)abstract->injected,
                                .listeners = (uint16_t)world->listeners.count,
                                .sockets = (uint16_t)pen.order.sockets,
                                .processes = (uint16_t)pen.order.processes,
                                .flights = (uint16_t)abstract->count,
                                .waiting = (uint16_t)world->waiting.count};
    memcpy(saved.left, abstract->left, sizeof saved.left);
    put(&pen, &saved, sizeof saved);
    put_hosts(&pen);
    put_listeners(&pen);
    for (uint32_t i = 0; i < pen.order.sockets; i++)
        put_socket(&pen, socket_at(world, pen.order.socket[i]));
    for (uint32_t i = 0; i < pen.order.processes; i++)
        put_process(&pen, process_at(world, pen.order.process[i]));
    for (uint32_t i = 0; i < abstract->count; i++) {
        const struct flight *flight = &abstract->flight[i];
        put_packet(&pen, &flight->packet, flight->carried.direction, flight->loose);
    }
    for (uint32_t i = 0; i < world->waiting.count; i++) {
        const struct waiting *waiting = array_at(&world->waiting, i);
        put_number(&pen, waiting->listener);
        put_number(&pen, place_of(&pen, waiting->socket));
    }
    if (world->keeps) put_history(&pen);
    return (uint32_t)(pen.at - bytes);
}

// ---- Digest ---------------------------------------------------------------------------------------------------

static uint64_t word_at(const unsigned char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

// In each lane, every word is taken in by a permutation: states that differ in one word differ in their lane.
uint64_t abstract_digest(const unsigned char *bytes, uint32_t length) {
    enum { LANES = 4, WORD = 8, SPREAD = 29 };
    uint64_t lane[LANES] = {length, 1, 2, 3};
    uint32_t at = 0;
    for (; length - at >= LANES * WORD; at += LANES * WORD) {
        for (unsigned i = 0; i < LANES; i++) {
            uint64_t mixed = (lane[i] ^ word_at(bytes + at + i * WORD)) * BITS_GOLDEN;
            lane[i] = mixed << SPREAD | mixed >> (64 - SPREAD);
        }
    }
    unsigned char last[LANES * WORD] = {0};
    memcpy(last, bytes + at, length - at);
    uint64_t digest = 0;
    for (unsigned i = 0; i < LANES; i++)
        digest = bits_absorb(bits_absorb(digest, lane[i]), word_at(last + i * WORD));
    return digest == 0 ? 1 : digest;
}
