// A state as bytes, and back. What is saved is what a later step, or a claim, can read; in an order that doesn't depend
// on how the state was reached. Times, counts of repetitions, hints where something lies, and what only the recording
// knows are left out.
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/link.h"
#include "sim/engine/memory.h"
#include "sim/host/abstract_state.h"
#include "sim/host/witness.h"

// ---- Parts  ---------------------------------------------------------------------------------------------------

struct pen {
    const struct world *world;
    struct abstract_image *image;
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
    struct saved_tcb saved = {.snd_mss = tcp->snd_mss, .rcv_mss = tcp->rcv_mss, .remote_timeout = tcp->remote_timeout};
    uint32_t timers = abstract_silence(tcp) << TCP_TIMERS;
    memcpy(saved.head, tcp, TCB_HEAD);
    for (unsigned timer = 0; timer < TCP_TIMERS; timer++)
        if (tcp->deadline[timer] != TCP_NEVER) timers |= 1U << timer;
    saved.timers = (uint16_t)timers;
    return saved;
}

static void put_held(struct pen *pen, const struct tcp_connection *tcp) {
    if (tcp->held_count > 0) put(pen, tcp->held, tcp->held_count * sizeof *tcp->held);
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
    put_number(pen, world->cookies.count);
    if (world->cookies.count > 0)
        put(pen, world->cookies.items, world->cookies.count * sizeof(struct fast_open_cookie));
}

static void put_listeners(struct pen *pen) {
    const struct world *world = pen->world;
    for (uint32_t i = 0; i < world->listeners.count; i++) {
        const struct listener *listener = listener_at(world, i);
        const struct saved_listener saved = {listener->half_open, listener->running, listener->waiting,
                                             (listener->open ? LISTENS : 0) | (listener->ended ? ENDED : 0) |
                                                 (listener->cookies_until != 0 ? SENT_COOKIES : 0)};
        put(pen, &saved, sizeof saved);
        if (i < world->abstract->listeners) continue;
        const uint32_t made[] = {listener->host,    listener->program,
                                 listener->backlog, listener->accept,
                                 listener->line,    listener->port | (uint32_t)listener->fast_open << 16,
                                 listener->address};
        put(pen, made, sizeof made);
    }
}

static void put_socket(struct pen *pen, const struct socket *socket) {
    struct saved_socket saved = {
        .tcb = tcb_saved(&socket->tcp),
        .tuple = behind_filed(socket),  // so that a connection filed elsewhere is another one
        .host = socket->host,
        .flags = (uint16_t)(socket->flags & ~SOCKET_READY),
        .resets = socket->resets,
        .reason = socket->reason,
        .dscp_heard = socket->dscp_heard,
        .ip = socket->ip,
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
    if (process->loops > 0) put(pen, process->loop, process->loops * sizeof *process->loop);
    const struct flight seen = abstract_flight(&process->seen, 0);
    if (process->has_seen) put(pen, &seen, sizeof seen);
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
        .dscp_heard = view->dscp_heard,
        .ip = {.ttl = view->ttl, .dscp = view->dscp},
        .delivered = (uint32_t)past->delivered,
        .peer_source = past->peer_source,
        .flags = (view->passive ? PAST_PASSIVE : 0) | (view->accepted ? PAST_ACCEPTED : 0) |
                 (view->established ? PAST_ESTABLISHED : 0) | (view->peer_closed ? PAST_PEER_CLOSED : 0) |
                 (view->timed_out ? PAST_TIMED_OUT : 0) | (view->foreign_text ? PAST_FOREIGN : 0) |
                 (view->urgent ? PAST_URGENT : 0) | (view->troubled ? PAST_TROUBLED : 0),
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
           64 * ((size_t)world->host_count + world->listeners.count + world->waiting.count + world->half_open.count +
                 world->cookies.count + world->engine.directions) +
           256 * (size_t)world->past.count + sizeof(struct witness) * (size_t)world->witnesses.count +
           32 * ((size_t)world->deliveries.count + world->pieces.count + world->streams.count + world->known.count);
}

static void put_waiting(struct pen *pen) {
    for (uint32_t i = 0; i < pen->world->waiting.count; i++) {
        const struct waiting *waiting = array_at(&pen->world->waiting, i);
        put_number(pen, waiting->listener);
        put_number(pen, place_of(pen, waiting->socket));
    }
}

static void put_half_open(struct pen *pen) {
    for (uint32_t i = 0; i < pen->world->half_open.count; i++) {
        const struct half_open *entry = array_at(&pen->world->half_open, i);
        const struct saved_half_open saved = {
            .tuple = entry->tuple,
            .listener = entry->listener,
            .iss = entry->iss,
            .irs = entry->irs,
            .ts_val = entry->ts_val,
            .wnd = entry->wnd,
            .mss = entry->mss,
            .timeout = entry->timeout,
            .flags = entry->flags,
            .options = entry->options,
            .scale = entry->scale,
            .compartment = entry->compartment,
            .repeats = entry->repeats,
        };
        put(pen, &saved, sizeof saved);
    }
}

// Those, from the first on, that lie in the slots of their places.
static uint32_t in_place(const struct pool_ref *refs, uint32_t count) {
    uint32_t i = 0;
    while (i < count && refs[i].index == i)
        i++;
    return i;
}

static void begins(struct pen *pen, enum section section) {
    pen->image->head.begin[section] = (uint16_t)(pen->at - pen->image->bytes);
}

// All sections but the last.
static void put_sections(struct pen *pen) {
    const struct world *world = pen->world;
    begins(pen, SECTION_HOSTS);
    put_hosts(pen);
    begins(pen, SECTION_LISTENERS);
    put_listeners(pen);
    begins(pen, SECTION_SOCKETS);
    for (uint32_t i = 0; i < pen->order.sockets; i++)
        put_socket(pen, socket_at(world, pen->order.socket[i]));
    begins(pen, SECTION_PROCESSES);
    for (uint32_t i = 0; i < pen->order.processes; i++)
        put_process(pen, process_at(world, pen->order.process[i]));
    begins(pen, SECTION_WAITING);
    put_waiting(pen);
    begins(pen, SECTION_HALF_OPEN);
    put_half_open(pen);
    begins(pen, SECTION_HISTORY);
    if (world->keeps) put_history(pen);
    begins(pen, SECTION_FLIGHTS);
}

static void save_all(struct world *world, struct abstract_image *image) {
    struct pen pen;
    pen.world = world;
    pen.image = image;
    pen.at = image->bytes + sizeof image->head;
    abstract_order(world, &pen.order);
    image->head = (struct saved_world){.foreign = world->foreign,
                                       .injected = (uint16_t)world->abstract->injected,
                                       .listeners = (uint16_t)world->listeners.count,
                                       .sockets = (uint16_t)pen.order.sockets,
                                       .processes = (uint16_t)pen.order.processes,
                                       .waiting = (uint16_t)world->waiting.count,
                                       .half_open = (uint16_t)world->half_open.count};
    put_sections(&pen);
    image->sockets = in_place(pen.order.socket, pen.order.sockets);
    image->processes = in_place(pen.order.process, pen.order.processes);
}

uint32_t abstract_save(struct world *world, unsigned char *bytes) {
    struct abstract *abstract = world->abstract;
    if (estimate(world) > ABSTRACT_STATE_MOST || abstract_overflows(world)) return 0;
    if (abstract->image == NULL) abstract->image = memory_allocate(sizeof *abstract->image);
    struct abstract_image *image = abstract->image;
    if (image->age == IMAGE_OLD) save_all(world, image);
    image->age = IMAGE_SAME;
    size_t flights = abstract->count * sizeof *abstract->flight;
    uint32_t length = (uint32_t)(image->head.begin[SECTION_FLIGHTS] + flights);
    memcpy(image->head.left, abstract->left, sizeof abstract->left);
    image->head.flights = (uint16_t)abstract->count;
    image->head.begin[SECTION_END] = (uint16_t)length;
    memcpy(image->bytes + image->head.begin[SECTION_FLIGHTS], abstract->flight, flights);
    memcpy(bytes, image->bytes, length);
    return length;
}

// ---- Digest ---------------------------------------------------------------------------------------------------

static uint64_t word_at(const unsigned char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

// In each lane, every word is taken in by a permutation: states that differ in one word differ in their lane.
enum { LANES = 4, WORD = 8, BLOCK = LANES * WORD };

static void absorb_block(uint64_t *lane, const unsigned char *bytes) {
    enum { SPREAD = 29 };
    for (unsigned i = 0; i < LANES; i++) {
        uint64_t mixed = (lane[i] ^ word_at(bytes + i * WORD)) * BITS_GOLDEN;
        lane[i] = mixed << SPREAD | mixed >> (64 - SPREAD);
    }
}

uint64_t abstract_digest(const unsigned char *bytes, uint32_t length) {
    uint64_t lane[LANES] = {length, 1, 2, 3};
    uint32_t at = 0;
    for (; length - at >= BLOCK; at += BLOCK)
        absorb_block(lane, bytes + at);
    unsigned char last[BLOCK] = {0};
    memcpy(last, bytes + at, length - at);
    absorb_block(lane, last);
    uint64_t digest = 0;
    for (unsigned i = 0; i < LANES; i++)
        digest = bits_absorb(digest, lane[i]);
    return digest == 0 ? 1 : digest;
}
