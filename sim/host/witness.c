// Notes what connections do, and shows each step to the properties that look at steps.
#include "sim/host/witness.h"

#include "core/seq.h"

// ---- What is noted

const struct witness *observed_peer(const struct world *world, uint32_t peer_source) {
    if (peer_source == 0 || peer_source > world->streams.count) return NULL;
    uint32_t id = ((const struct stream *)array_at(&world->streams, peer_source - 1))->id;
    return id == 0 || id > world->witnesses.count ? NULL : array_at(&world->witnesses, id - 1);
}

bool observed_peer_view(const struct world *world, const struct socket *socket, struct connection_view *view) {
    if (socket->peer_source == 0 || socket->peer_source > world->streams.count) return false;
    const struct stream *stream = array_at(&world->streams, socket->peer_source - 1);
    const struct known *known = history_known(world, stream->id);
    return known != NULL && world_connection(world, known->host, known->ordinal, view);
}

void witness_assumption_broken(struct world *world, enum assumption assumption) {
    world->assumed |= (uint32_t)assumption;
}

// What two numbers that were used are near each other: a window's worth of text, and more.
static bool overlaps(const struct witness *earlier, uint32_t iss) {
    const uint32_t near = UINT32_C(1) << 20;
    uint32_t used = earlier->sent_end - earlier->iss;
    return (uint32_t)(earlier->sent_end - iss + near) <= used + 2 * near;
}

// The same incarnation of the peer had a connection here before.
static bool was_here(const struct world *world, const struct socket *socket) {
    for (uint32_t i = 0; i < world->witnesses.count; i++) {
        const struct witness *other = array_at(&world->witnesses, i);
        if (i != socket->id - 1 && other->host == socket->host && other->peer_source == socket->peer_source)
            return true;
    }
    return false;
}

// A SYN opened the connection behind which nobody stands any more. `answered`: it was the answer to a SYN,ACK that did,
// so that the peer is open already. Such an answer may be old, too: a SYN cookie is no fresh number.
static bool is_stale(const struct world *world, const struct socket *socket, bool answered) {
    const struct witness *peer = observed_peer(world, socket->peer_source);
    if (peer == NULL || peer->end != END_LIVES) return true;
    return answered ? was_here(world, socket) : (peer->flags & WITNESS_OPENED) != 0;
}

// Section 3.4.1: numbers are safe from those of an earlier incarnation by lying elsewhere, or by TIME-WAIT. That one is
// at one end alone: the other is open to all that its peer's old incarnation has sent.
static void check_fresh(struct world *world, const struct socket *socket, uint32_t iss, bool answered) {
    bool stale = socket->listener != 0 && is_stale(world, socket, answered);
    bool served = (socket->tcp.flags & TCP_CONNECTION_FAST_OPEN) != 0;
    if (stale) witness_assumption_broken(world, ASSUMES_NO_STALE_SYN);
    if (stale && served) witness_assumption_broken(world, ASSUMES_NO_STALE_TEXT);
    for (uint32_t i = 0; i < world->witnesses.count; i++) {
        const struct witness *earlier = array_at(&world->witnesses, i);
        if (earlier->host != socket->host || tuple_key(earlier->tuple) != tuple_key(socket->tuple)) continue;
        if (i == socket->id - 1 || earlier->end == END_LIVES) continue;
        if (earlier->end == END_IN_ORDER && !stale) continue;
        if (overlaps(earlier, iss)) witness_assumption_broken(world, ASSUMES_FRESH_NUMBERS);
    }
}

static struct witness *witness_of(struct world *world, const struct socket *socket) {
    while (world->witnesses.count < socket->id)
        array_add(&world->witnesses);
    struct witness *witness = array_at(&world->witnesses, socket->id - 1);
    witness->tuple = socket->tuple;
    witness->host = socket->host;
    witness->peer_source = socket->peer_source;
    return witness;
}

bool witness_host_answers(const struct world *world, uint16_t address) {
    const struct host *host = world_host_at(world, address_at(world, address)->host);
    return host->up && world->engine.now >= host->quiet_until;
}

static bool loses_nothing(const struct link_settings *link) {
    return link->loss == 0 && link->burst == 0 && link->down_count == 0 && link->queue_limit == 0;
}

// True when the network has lost nothing for the last `duration`. Planned fates stand for faults that were drawn: they
// are judged alike, or a run that fails would not fail any more once its fates are written down.
static bool was_sound(struct world *world, uint64_t duration) {
    for (uint32_t i = 0; i < world->fates.count; i++)
        if (((const struct fate_rule *)array_at(&world->fates, i))->order.drop) return false;
    if (world->abstract != NULL) return false;
    if (world->has_faults && (world->drawing || world->planned))
        return world->engine.now >= world->faults.heals + duration;
    if (world->planned) return false;
    for (uint32_t i = 0; i < world->engine.directions; i++)
        if (!loses_nothing(engine_link(&world->engine, i))) return false;
    return world->engine.now >= duration;
}

// ---- What is observed

bool observed_signal(const struct observation *seen, enum tcp_signal signal) {
    for (uint32_t i = 0; i < seen->effects->count; i++) {
        const struct tcp_effect *effect = &seen->effects->list[i];
        if (effect->kind == TCP_EFFECT_SIGNAL && effect->signal == (uint8_t)signal) return true;
    }
    return false;
}

static bool is_notice(const struct tcp_effect *effect) {
    if (effect->kind != TCP_EFFECT_SIGNAL) return false;
    return effect->signal == TCP_SIGNAL_RESET || effect->signal == TCP_SIGNAL_REFUSED ||
           effect->signal == TCP_SIGNAL_TIMED_OUT || effect->signal == TCP_SIGNAL_USER_TIMEOUT ||
           effect->signal == TCP_SIGNAL_UNREACHABLE;
}

uint32_t observed_notices(const struct observation *seen) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < seen->effects->count; i++)
        count += is_notice(&seen->effects->list[i]);
    return count;
}

const struct tcp_segment *observed_next_sent(const struct observation *seen, uint32_t *place) {
    while (*place < seen->effects->count) {
        const struct tcp_effect *effect = &seen->effects->list[(*place)++];
        if (effect->kind == TCP_EFFECT_SEGMENT) return &effect->segment;
    }
    return NULL;
}

uint32_t observed_edge(const struct observation *seen, const struct tcp_segment *sent) {
    const struct tcp_connection *tcb = seen->gone ? seen->before : seen->after;
    bool scaled = (tcb->flags & TCP_CONNECTION_WINDOW_SCALE) != 0 && !(sent->flags & TCP_SYN);
    return sent->ack + ((uint32_t)sent->wnd << (scaled ? tcb->rcv_scale : 0));
}

bool observed_ack_of_fin(const struct observation *seen) {
    return observed_has(seen, TCP_ACK) && (seen->before->flags & TCP_CONNECTION_FIN_SENT) != 0 &&
           seen->segment->ack == seen->before->snd_nxt;
}

// Shows the step to every property that is claimed.
static void show(struct world *world, const struct observation *seen) {
    size_t count;
    const struct property *all = properties(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (!(world->observed & UINT64_C(1) << i)) continue;
        sentences wrong = all[i].observe(seen);
        if (wrong == NULL) continue;
        if (world->abstract == NULL) world->observed &= ~(UINT64_C(1) << i);  // once is enough, where nothing goes back
        struct broken_property *broken = array_add(&world->broken);
        broken->number = i;
        if (seen->socket != NULL) {
            property_say(&broken->detail, world, seen->socket, wrong[TELL_ENGLISH], wrong[TELL_CHINESE]);
        } else {
            const char *host = world_host_at(world, seen->host)->name, *state = tcp_state_name(seen->state);
            tell(broken->detail.text[TELL_ENGLISH], CLAIM_DETAIL, "%s (%s): %s", host, state, wrong[TELL_ENGLISH]);
            tell(broken->detail.text[TELL_CHINESE], CLAIM_DETAIL, "%s（%s）：%s", host, state, wrong[TELL_CHINESE]);
        }
    }
}

// ---- Noting a step

static void note_sent(struct witness *witness, const struct observation *seen, const struct tcp_segment *sent) {
    if (sent->flags & TCP_RST) return;
    uint32_t end = sent->seq + tcp_segment_length(sent);
    if (!(witness->flags & WITNESS_SENT) || seq_gt(end, witness->sent_end)) witness->sent_end = end;
    witness->flags |= WITNESS_SENT;
    if (sent->flags & TCP_FIN && !(witness->flags & WITNESS_FIN)) {
        witness->fin = end - 1;
        witness->flags |= WITNESS_FIN;
    }
    if (!(sent->flags & TCP_ACK)) return;
    uint32_t edge = observed_edge(seen, sent);
    bool first = !(witness->flags & WITNESS_ACKED);
    if (first || seq_gt(sent->ack, witness->acked)) witness->acked = sent->ack;
    if (first || seq_gt(edge, witness->edge)) witness->edge = edge;
    witness->flags |= WITNESS_ACKED;
}

static bool gives_up(enum tcp_event_kind event) {
    return event == TCP_R2_TIMEOUT || event == TCP_USER_TIMEOUT || event == TCP_KEEP_ALIVE_TIMEOUT ||
           event == TCP_ICMP_ARRIVES;
}

static enum witness_end end_of(const struct observation *seen) {
    bool notice = observed_notices(seen) > 0;
    if (gives_up(seen->event)) return END_GAVE_UP;
    // In FIN-WAIT-2 that timer ends what nobody will read any more.
    if (seen->event == TCP_TIME_WAIT_TIMEOUT && seen->state != TCP_TIME_WAIT) return END_BY_USER;
    if (seen->event == TCP_TIME_WAIT_TIMEOUT || seen->reopened) return END_IN_ORDER;
    if (seen->segment == NULL) return END_BY_USER;
    if (notice || (seen->segment->flags & (TCP_RST | TCP_SYN)) || seen->state == TCP_SYN_RECEIVED) return END_BY_PEER;
    const struct tcp_segment *sent;
    for (uint32_t i = 0; (sent = observed_next_sent(seen, &i)) != NULL;)
        if (sent->flags & TCP_RST) return END_BY_USER;
    return END_IN_ORDER;
}

// At the end of TIME-WAIT, a segment is still under way that is older than MSL: it will not have kept its promise.
static void check_msl(struct world *world) {
    for (uint32_t i = 0; i < world->engine.packets.count; i++) {
        const struct engine_packet *carried = pool_at(&world->engine.packets, i, NULL);
        if (carried == NULL || carried->number > world->trails.count) continue;
        const struct trail *trail = array_at(&world->trails, (uint32_t)carried->number - 1);
        if (world->engine.now - trail->sent > world->least_msl) witness_assumption_broken(world, ASSUMES_MSL);
    }
}

static void note_end(struct world *world, struct witness *witness, const struct observation *seen) {
    witness->end = (uint32_t)end_of(seen);
    if (seen->reopened) witness->flags |= WITNESS_REOPENED;
    if (seen->event == TCP_TIME_WAIT_TIMEOUT) check_msl(world);
    const struct tcp_config *config = &world_host_at(world, seen->host)->tcp;
    uint64_t patience = config->r2 > config->r2_syn ? config->r2 : config->r2_syn;
    if (seen->event == TCP_KEEP_ALIVE_TIMEOUT)
        patience += config->keep_alive_idle + config->keep_alive_probes * config->keep_alive_interval;
    // Who gives up although nothing was lost has no excuse.
    bool others = seen->event == TCP_USER_TIMEOUT || seen->event == TCP_ICMP_ARRIVES;
    bool excused = others || !was_sound(world, patience);
    bool departed = witness->end == END_BY_USER || (witness->end == END_GAVE_UP && excused);
    if (departed) witness_assumption_broken(world, ASSUMES_NO_DEPARTURE);
    const struct witness *peer = observed_peer(world, witness->peer_source);
    bool unheard = peer != NULL && peer->end != END_LIVES && witness_host_answers(world, witness->tuple.remote);
    if (witness->end == END_GAVE_UP && !excused && tcp_synchronized(seen->state) && unheard)
        witness->flags |= WITNESS_UNHEARD;
}

static void note_text(struct witness *witness, const struct tcp_effect *effect) {
    witness->text_end = effect->text.seq + effect->text.len;
    witness->flags |= WITNESS_TEXT;
}

// A bare ACK carries SND.NXT. Where all of the window is in flight and its beginning was lost, that is the right edge:
// outside the window, by a hair (3.10.7.4, first), or two where a probe or a FIN went beyond it.
static bool is_at_edge(const struct observation *seen) {
    if (seen->segment == NULL || seen->state < TCP_ESTABLISHED || tcp_segment_length(seen->segment) > 0) return false;
    uint32_t ahead = seen->segment->seq - seen->before->rcv_nxt;
    return ahead > 0 && (ahead == seen->before->rcv_wnd || ahead == seen->before->rcv_wnd + 1);
}

static void note(struct world *world, struct witness *witness, const struct observation *seen) {
    const struct tcp_connection *after = seen->after;
    if (seen->state < TCP_SYN_SENT) witness->iss = after->iss;
    if (seen->state < TCP_SYN_SENT && !(seen->socket->flags & SOCKET_PASSIVE)) witness->flags |= WITNESS_ACTIVE;
    for (uint32_t i = 0; i < seen->effects->count; i++) {
        const struct tcp_effect *effect = &seen->effects->list[i];
        if (effect->kind == TCP_EFFECT_SEGMENT) note_sent(witness, seen, &effect->segment);
        if (effect->kind == TCP_EFFECT_TEXT) note_text(witness, effect);
    }
    if (observed_signal(seen, TCP_SIGNAL_ESTABLISHED) || socket_opened_late(seen->before, after))
        witness->flags |= seen->socket->flags & SOCKET_PASSIVE ? WITNESS_OPENED | WITNESS_ACCEPTED : WITNESS_OPENED;
    if (observed_signal(seen, TCP_SIGNAL_RESET) || observed_signal(seen, TCP_SIGNAL_REFUSED))
        witness->flags |= WITNESS_RESET;
    if (seen->event == TCP_CLOSE || seen->event == TCP_SOCKETS_CLOSE) witness->flags |= WITNESS_CLOSED;
    bool restarted = after->deadline[TCP_TIMER_TIME_WAIT] != seen->before->deadline[TCP_TIMER_TIME_WAIT] ||
                     seen->state != TCP_TIME_WAIT;
    if (after->state == TCP_TIME_WAIT && restarted) witness->time_wait = (uint32_t)world->engine.packets_sent;
    if (seen->socket->flags & SOCKET_BEHIND) witness->flags |= WITNESS_REOPENED;
    if (is_at_edge(seen)) witness_assumption_broken(world, ASSUMES_ROOM);
    if (seen->gone) note_end(world, witness, seen);
}

static bool has_effect(const struct tcp_effects *effects, enum tcp_effect_kind kind) {
    for (uint32_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == (uint8_t)kind) return true;
    return false;
}

void witness_step(struct world *world, const struct socket *socket, const struct tcp_connection *before,
                  const struct tcp_event *event, const struct tcp_effects *effects) {
    struct witness *witness = witness_of(world, socket);
    const struct observation seen = {
        .world = world,
        .host = socket->host,
        .socket = socket,
        .witness = witness,
        .before = before,
        .after = &socket->tcp,
        .state = (enum tcp_state)before->state,
        .event = event->kind,
        .segment = event->kind == TCP_SEGMENT_ARRIVES ? &event->segment : NULL,
        .effects = effects,
        .gone = has_effect(effects, TCP_EFFECT_DELETE),
        .reopened = has_effect(effects, TCP_EFFECT_REOPEN) ||
                    ((socket->flags & SOCKET_BEHIND) && event->kind == TCP_SEGMENT_ARRIVES),
    };
    if (before->state < TCP_SYN_SENT) check_fresh(world, socket, socket->tcp.iss, event->incarnation.answered);
    bool crossed = before->state == TCP_SYN_SENT && socket->tcp.state == TCP_SYN_RECEIVED;
    if (crossed && is_stale(world, socket, false)) witness_assumption_broken(world, ASSUMES_NO_STALE_SYN);
    show(world, &seen);
    note(world, witness, &seen);
}

void witness_answer(struct world *world, uint32_t host, enum tcp_state state, const struct tcp_effects *effects) {
    const struct observation seen = {.world = world,
                                     .host = host,
                                     .state = state,
                                     .event = TCP_SEGMENT_ARRIVES,
                                     .segment = &world->arrival.packet.segment,
                                     .effects = effects};
    show(world, &seen);
}

void witness_crash(struct world *world, const struct socket *socket) {
    witness_of(world, socket)->end = (uint32_t)END_BY_CRASH;
    witness_assumption_broken(world, ASSUMES_NO_DEPARTURE);
}

// ---- Packets

void witness_send(struct world *world, const struct packet *packet) {
    if (packet->injected) witness_assumption_broken(world, ASSUMES_NO_FORGERY);
    if (world->abstract != NULL) return;
    while (world->trails.count <= world->engine.packets_sent)
        array_add(&world->trails);
    struct trail *trail = array_at(&world->trails, (uint32_t)world->engine.packets_sent);
    trail->sent = world->engine.now;
    uint64_t cause = world->arrival.number;
    bool mere = tcp_segment_length(&packet->segment) == 0 && !packet->injected;
    if (!mere || cause == 0 || cause > world->trails.count) return;
    trail->chain = ((const struct trail *)array_at(&world->trails, (uint32_t)cause - 1))->chain + 1;
}

void witness_arrival(struct world *world) {
    uint64_t number = world->arrival.number;
    if (world->abstract != NULL || number == 0 || number > world->trails.count) return;
    const struct trail *trail = array_at(&world->trails, (uint32_t)number - 1);
    if (world->engine.now - trail->sent > world->least_msl) witness_assumption_broken(world, ASSUMES_MSL);
}

void witness_begin(struct world *world) {
    world->least_msl = UINT64_MAX;
    uint64_t most_r2 = 0;
    for (uint32_t i = 0; i < world->host_count; i++) {
        const struct tcp_config *config = &world_host_at(world, i)->tcp;
        if (config->msl < world->least_msl) world->least_msl = config->msl;
        if (config->r2 > most_r2) most_r2 = config->r2;
    }
    if (world->least_msl < UINT64_MAX / 2 && 2 * world->least_msl <= most_r2)
        witness_assumption_broken(world, ASSUMES_LONG_TIME_WAIT);
}
