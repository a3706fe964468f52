// What a listener keeps of a SYN until somebody answers for it (RFC 4987): a connection in SYN-RECEIVED, which is
// listener.c's; a small entry (SYN cache, section 3.5); or nothing (SYN cookies, section 3.6).
//
// Core knows nothing of this. From what was kept, the TCB that would be in SYN-RECEIVED is unfolded whenever it is
// needed, by stepping a copy of the listener's with the SYN as it was; core then says what becomes of the next segment.
#include <string.h>

#include "sim/engine/luck.h"
#include "sim/host/internal.h"
#include "sim/host/witness.h"

enum { REPEATS = 3 };  // of a SYN,ACK, before an entry is forgotten

static const uint64_t cookies_last = UINT64_C(128) * 1000000000;  // see syn_cookie.c

const char *syn_queue_name(enum syn_queue queue) {
    static const char *const names[SYN_QUEUES] = {
        [SYN_QUEUE_BACKLOG] = "backlog",
        [SYN_QUEUE_CACHE] = "cache",
        [SYN_QUEUE_COOKIES] = "cookies",
        [SYN_QUEUE_COOKIES_WHEN_FULL] = "cookies-when-full",
    };
    return (unsigned)queue < SYN_QUEUES ? names[queue] : NULL;
}

// What the SYN said, without its text. Who shows a cookie of Fast Open, and has come here, gets a new one.
static struct tcp_segment bare_syn(const struct tcp_segment *segment) {
    struct tcp_segment syn = *segment;
    syn.len = syn.source = 0;
    syn.flags &= (uint8_t)(TCP_SYN | TCP_ECE | TCP_CWR);
    syn.options &= (uint8_t) ~(unsigned)TCP_OPTION_SACK;
    syn.cookie_len = syn.blocks = syn.repeat = 0;
    memset(syn.cookie, 0, sizeof syn.cookie);
    return syn;
}

// A half-open connection as it would be, had it a TCB, and the step that made it.
struct unfolded {
    struct tcp_connection tcp;
    struct tcp_event event;
    struct tcp_effects effects;
};

// `iss` NULL: a new one. False: the SYN opens nothing, or more than a half-open connection.
static bool unfold(struct world *world, uint32_t number, struct tuple tuple, const struct tcp_segment *syn,
                   const uint32_t *iss, struct unfolded *unfolded) {
    unfolded->event = (struct tcp_event){.kind = TCP_SEGMENT_ARRIVES, .segment = *syn};
    struct tcp_incarnation *incarnation = &unfolded->event.incarnation;
    *incarnation = socket_incarnation(world, listener_at(world, number)->host, tuple);
    incarnation->answered = true;
    fast_open_give(world, number, tuple, syn, incarnation);
    if (iss != NULL) {
        incarnation->iss_given = true;
        incarnation->iss = *iss;
    }
    listener_copy(world, number, &unfolded->event, &unfolded->tcp, &unfolded->effects);
    return unfolded->tcp.state == TCP_SYN_RECEIVED;
}

static void send_syn_ack(struct world *world, uint32_t host, struct tuple tuple, const struct tcp_effects *effects,
                         uint8_t repeats) {
    for (uint32_t i = 0; i < effects->count; i++) {
        const struct tcp_effect *effect = &effects->list[i];
        if (effect->kind != TCP_EFFECT_SEGMENT) continue;
        struct tcp_segment segment = effect->segment;
        segment.repeat = repeats;
        packet_syn_ack(world, host, tuple, &segment, (enum tcp_rule)effect->rule);
    }
}

// The peer has the numbers of an incarnation that comes to be only now: for checks alone.
static void introduce(const struct world *world, const struct socket *socket) {
    struct socket *peer = socket_at(world, demux_find(&world->demux, tuple_mirrored(socket->tuple)));
    bool waits = peer != NULL && peer->peer_source == 0 && peer->tcp.irs == socket->tcp.iss;
    if (waits && peer->tcp.snd_source == world->arrival.packet.sender_source)
        peer->peer_source = socket->tcp.snd_source;
}

// Somebody has answered: the half-open connection becomes one, and the segment of world.arrival goes to it.
static void establish(struct world *world, uint32_t number, struct tuple tuple, const struct unfolded *unfolded) {
    struct pool_ref ref =
        listener_connection(world, number, tuple, &unfolded->tcp, &unfolded->event, &unfolded->effects);
    introduce(world, socket_at(world, ref));
    arrival_dispatch(world, listener_at(world, number)->host, tuple);
}

// ---- SYN cache ------------------------------------------------------------------------------------------------

static struct half_open *entry_at(const struct world *world, uint32_t place) {
    return array_at(&world->half_open, place);
}

// A listener has no more entries than its backlog, and only hosts with a cache have any.
static uint32_t find(const struct world *world, uint32_t number, struct tuple tuple) {
    for (uint32_t i = 0; i < world->half_open.count; i++) {
        const struct half_open *entry = entry_at(world, i);
        if (entry->listener == number && tuple_key(entry->tuple) == tuple_key(tuple)) return i;
    }
    return UINT32_MAX;
}

static void forget(struct world *world, uint32_t place) {
    struct half_open *entry = entry_at(world, place);
    struct listener *listener = listener_at(world, entry->listener);
    listener->half_open--;
    world_host_at(world, listener->host)->half_open--;
    world->half_open.count--;
    memmove(entry, entry + 1, (world->half_open.count - place) * sizeof *entry);
}

void syn_queue_forget(struct world *world, uint32_t number) {
    for (uint32_t i = world->half_open.count; i > 0; i--)
        if (entry_at(world, i - 1)->listener == number) forget(world, i - 1);
}

// Makes room for a newcomer. False: there is none.
static bool drop_oldest(struct world *world, uint32_t number, struct tcp_rule_set *applied) {
    const struct tcp_rule_set *without = &world_host_at(world, listener_at(world, number)->host)->tcp.without;
    uint32_t oldest = 0;
    while (oldest < world->half_open.count && entry_at(world, oldest)->listener != number)
        oldest++;
    if (oldest == world->half_open.count) return false;
    if (!tcp_rule_in_force(without, applied, TCP_RULE_SYN_CACHE_DROPS_OLDEST)) return false;
    forget(world, oldest);
    return true;
}

static struct tcp_segment syn_of(const struct half_open *entry) {
    return (struct tcp_segment){
        .seq = entry->irs,
        .wnd = entry->wnd,
        .mss = entry->mss,
        .timeout = entry->timeout,
        .flags = entry->flags,
        .options = entry->options,
        .compartment = entry->compartment,
        .scale = entry->scale,
        .ts_val = entry->ts_val,
    };
}

// The SYN,ACK was sent: when it is to be sent again.
static void schedule(struct world *world, struct half_open *entry) {
    if (world->abstract != NULL) return;
    const struct tcp_config *config = &world_host_at(world, listener_at(world, entry->listener)->host)->tcp;
    uint64_t wait = config->rto_initial << entry->repeats;
    entry->due = world->engine.now + (wait < config->rto_max ? wait : config->rto_max);
    engine_at(&world->engine, entry->due, WORLD_EVENT_HALF_OPEN, entry->id, 0);
}

static bool remember(struct world *world, uint32_t number, struct tuple tuple) {
    struct listener *listener = listener_at(world, number);
    const struct tcp_segment syn = bare_syn(&world->arrival.packet.segment);
    struct unfolded unfolded;
    if (!unfold(world, number, tuple, &syn, NULL, &unfolded)) return false;
    if (listener_full(world, number) && !drop_oldest(world, number, &unfolded.effects.applied)) {
        packet_drop(world, listener->host, DROP_BACKLOG_FULL, TCP_RULE_LISTEN_BACKLOG);
        return true;
    }
    struct half_open *entry = array_add(&world->half_open);
    *entry = (struct half_open){
        .tuple = tuple,
        .id = world->abstract != NULL ? 0 : ++world->half_opened,
        .listener = number,
        .iss = unfolded.tcp.iss,
        .irs = syn.seq,
        .ts_val = syn.ts_val,
        .wnd = syn.wnd,
        .mss = syn.mss,
        .timeout = syn.timeout,
        .flags = syn.flags,
        .options = (uint8_t)(syn.options & ~(unsigned)TCP_OPTION_FAST_OPEN),
        .scale = syn.scale,
        .compartment = syn.compartment,
    };
    listener->half_open++;
    world_host_at(world, listener->host)->half_open++;
    schedule(world, entry);
    listener_record(world, listener->host, listener->port, TCP_SEGMENT_ARRIVES, TCP_LISTEN, TCP_LISTEN,
                    &unfolded.effects);
    send_syn_ack(world, listener->host, tuple, &unfolded.effects, 0);
    return true;
}

// A segment for a half-open connection: core says what it does to the TCB, which nobody keeps.
static void arrives(struct world *world, uint32_t place) {
    const struct half_open entry = *entry_at(world, place);
    const struct listener *listener = listener_at(world, entry.listener);
    const struct tcp_segment syn = syn_of(&entry);
    struct unfolded unfolded;
    if (!unfold(world, entry.listener, entry.tuple, &syn, &entry.iss, &unfolded)) return;
    struct tcp_connection tcp = unfolded.tcp;
    const struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = world->arrival.packet.segment};
    struct tcp_effects effects;
    tcp_step(&world_host_at(world, listener->host)->tcp, &tcp, &event, world->engine.now, &effects);
    if (tcp_synchronized((enum tcp_state)tcp.state)) {
        if (listener_overrun(world, entry.listener)) return;
        forget(world, place);
        establish(world, entry.listener, entry.tuple, &unfolded);
        return;
    }
    bool over = tcp.state != TCP_SYN_RECEIVED;
    if (over) forget(world, place);
    listener_answers(world, entry.listener, entry.tuple, TCP_SYN_RECEIVED, over ? TCP_LISTEN : TCP_SYN_RECEIVED,
                     &effects);
}

void syn_queue_timeout(struct world *world, uint32_t place) {
    struct half_open *entry = entry_at(world, place);
    const struct listener *listener = listener_at(world, entry->listener);
    const struct tcp_segment syn = syn_of(entry);
    struct tuple tuple = entry->tuple;
    struct unfolded unfolded;
    bool whole = unfold(world, entry->listener, tuple, &syn, &entry->iss, &unfolded);
    if (!whole || entry->repeats == REPEATS) {
        const struct tcp_effects none = {.count = 0};
        forget(world, place);
        listener_record(world, listener->host, listener->port, TCP_R2_TIMEOUT, TCP_SYN_RECEIVED, TCP_LISTEN, &none);
        return;
    }
    entry->repeats++;
    schedule(world, entry);
    listener_record(world, listener->host, listener->port, TCP_RETRANSMISSION_TIMEOUT, TCP_SYN_RECEIVED,
                    TCP_SYN_RECEIVED, &unfolded.effects);
    send_syn_ack(world, listener->host, tuple, &unfolded.effects, entry->repeats);
}

bool syn_queue_wake(struct world *world, const struct queue_event *event) {
    for (uint32_t i = 0; i < world->half_open.count; i++) {
        const struct half_open *entry = entry_at(world, i);
        if (entry->id != event->index || entry->due != event->time) continue;
        syn_queue_timeout(world, i);
        return true;
    }
    return false;
}

bool syn_queue_gives_up(const struct half_open *entry) {
    return entry->repeats == REPEATS;
}

// ---- SYN cookies ----------------------------------------------------------------------------------------------

static bool send_cookie(struct world *world, uint32_t number, struct tuple tuple) {
    struct listener *listener = listener_at(world, number);
    struct tcp_segment syn = bare_syn(&world->arrival.packet.segment);
    uint32_t cookie = syn_cookie_make(world, listener->host, tuple, &syn);
    syn.options &= TCP_OPTION_MSS | TCP_OPTION_FAST_OPEN;
    syn.flags = TCP_SYN;
    struct unfolded unfolded;
    if (!unfold(world, number, tuple, &syn, &cookie, &unfolded)) return false;
    if (world->witnessed) witness_assumption_broken(world, ASSUMES_NO_COOKIES);
    listener->cookies_until = world->abstract != NULL ? TCP_NEVER : world->engine.now + cookies_last;
    listener_record(world, listener->host, listener->port, TCP_SEGMENT_ARRIVES, TCP_LISTEN, TCP_LISTEN,
                    &unfolded.effects);
    send_syn_ack(world, listener->host, tuple, &unfolded.effects, 0);
    return true;
}

// False: the ACK has no cookie of ours, and LISTEN answers it by a reset.
static bool take_cookie(struct world *world, uint32_t number, struct tuple tuple) {
    const struct tcp_segment *segment = &world->arrival.packet.segment;
    uint32_t cookie = segment->ack - 1;
    struct tcp_rule_set applied = {{0}};
    struct tcp_segment syn;
    struct unfolded unfolded;
    if (!syn_cookie_check(world, listener_at(world, number)->host, tuple, segment, &syn, &applied)) return false;
    if (!unfold(world, number, tuple, &syn, &cookie, &unfolded)) return false;
    if (listener_overrun(world, number)) return true;
    listener_merge(&unfolded.effects.applied, &applied);
    establish(world, number, tuple, &unfolded);
    return true;
}

// ---- Which of them --------------------------------------------------------------------------------------------

static bool cache_takes(struct world *world, uint32_t number, struct tuple tuple, bool opens) {
    uint32_t place = find(world, number, tuple);
    if (place == UINT32_MAX) return opens && remember(world, number, tuple);
    arrives(world, place);
    return true;
}

bool syn_queue_takes(struct world *world, uint32_t number, struct tuple tuple) {
    const struct listener *listener = listener_at(world, number);
    uint8_t flags = world->arrival.packet.segment.flags & (TCP_SYN | TCP_ACK | TCP_RST);
    bool opens = flags == TCP_SYN, acknowledges = flags == TCP_ACK;
    switch (world_host_at(world, listener->host)->syn_queue) {
    case SYN_QUEUE_BACKLOG: return false;
    case SYN_QUEUE_CACHE: return cache_takes(world, number, tuple, opens);
    case SYN_QUEUE_COOKIES:
        return (opens && send_cookie(world, number, tuple)) || (acknowledges && take_cookie(world, number, tuple));
    case SYN_QUEUE_COOKIES_WHEN_FULL:
        // An ACK is looked at only while it may have a cookie: nobody guesses one that was never sent.
        if (acknowledges) return world->engine.now < listener->cookies_until && take_cookie(world, number, tuple);
        return opens && listener_full(world, number) && send_cookie(world, number, tuple);
    }
    return false;
}
