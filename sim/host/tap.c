// The network's wire from outside: selectors, scripted fates, observing, forging.
#include <string.h>

#include "sim/host/internal.h"

bool tap_matches(const struct world *world, const struct selector *select, const struct packet *packet,
                 uint32_t ordinal) {
    const struct tcp_segment *segment = &packet->segment;
    bool error = packet->icmp != TCP_ICMP_NONE;
    if (error != (select->icmp != 0) || (error && select->icmp != SELECT_ICMP && select->icmp != packet->icmp))
        return false;
    if (select->from != UINT32_MAX && select->from != address_at(world, packet->tuple.local)->host) return false;
    if (select->to != UINT32_MAX && select->to != address_at(world, packet->tuple.remote)->host) return false;
    if (select->connection != 0 && select->connection != ordinal) return false;
    if (select->has_flags && select->flags != segment->flags) return false;
    if (select->has_length && select->length != segment->len) return false;
    return !select->has_text || select->text == (segment->len > 0);
}

const struct fate_order *tap_fate(struct world *world, const struct packet *packet, uint32_t ordinal) {
    const struct fate_order *decided = NULL;
    for (uint32_t i = 0; i < world->fates.count; i++) {
        struct fate_rule *rule = array_at(&world->fates, i);
        if (!tap_matches(world, &rule->select, packet, ordinal)) continue;
        // Counted even where an earlier one decides, so that `nth` doesn't depend on the others.
        rule->matched++;
        if (decided == NULL && (rule->select.nth == 0 || rule->select.nth == rule->matched)) decided = &rule->order;
    }
    return decided;
}

void tap_observe(struct world *world, const struct packet *packet, uint32_t ordinal) {
    for (uint32_t i = 0; i < world->processes.count; i++) {
        struct pool_ref ref;
        struct process *process = pool_at(&world->processes, i, &ref);
        if (process == NULL || !process->waits_for_packet || process->has_seen) continue;
        const struct program *program = array_at(&world->programs, process->program);
        const struct selector *select = &step_at(world, program->first + process->place)->select;
        if (!tap_matches(world, select, packet, ordinal)) continue;
        process->matched++;
        if (select->nth != 0 && select->nth != process->matched) continue;
        process->seen = *packet;
        process->has_seen = true;
        world_ready(world, ref, true);
    }
}

// ---- Forging --------------------------------------------------------------------------------------------------

static uint32_t field_of_packet(const struct packet *packet, enum operand_field field) {
    const struct tcp_segment *segment = &packet->segment;
    switch (field) {
    case FIELD_SEG_SEQ: return segment->seq;
    case FIELD_SEG_ACK: return segment->ack;
    case FIELD_SEG_LEN: return tcp_segment_length(segment);
    case FIELD_SEG_WND: return segment->wnd;
    case FIELD_SEG_END: return segment->seq + tcp_segment_length(segment);
    case FIELD_SEG_TS_VAL: return segment->ts_val;
    case FIELD_SEG_TS_ECR: return segment->ts_ecr;
    case FIELD_SOURCE_PORT: return packet->tuple.local_port;
    case FIELD_DESTINATION_PORT: return packet->tuple.remote_port;
    case FIELD_SND_UNA:
    case FIELD_SND_NXT:
    case FIELD_SND_WND:
    case FIELD_ISS:
    case FIELD_RCV_NXT:
    case FIELD_RCV_WND:
    case FIELD_IRS:
    case FIELD_TS_RECENT:
    case FIELD_LOCAL_PORT:
    case FIELD_REMOTE_PORT: return 0;
    }
    return 0;
}

static uint32_t field_of_connection(const struct connection_view *view, enum operand_field field) {
    switch (field) {
    case FIELD_SND_UNA: return view->tcp.snd_una;
    case FIELD_SND_NXT: return view->tcp.snd_nxt;
    case FIELD_SND_WND: return view->tcp.snd_wnd;
    case FIELD_ISS: return view->tcp.iss;
    case FIELD_RCV_NXT: return view->tcp.rcv_nxt;
    case FIELD_RCV_WND: return view->tcp.rcv_wnd;
    case FIELD_IRS: return view->tcp.irs;
    case FIELD_TS_RECENT: return view->tcp.ts_recent;
    case FIELD_LOCAL_PORT: return view->local.port;
    case FIELD_REMOTE_PORT: return view->remote.port;
    case FIELD_SEG_SEQ:
    case FIELD_SEG_ACK:
    case FIELD_SEG_LEN:
    case FIELD_SEG_WND:
    case FIELD_SEG_END:
    case FIELD_SEG_TS_VAL:
    case FIELD_SEG_TS_ECR:
    case FIELD_SOURCE_PORT:
    case FIELD_DESTINATION_PORT: return 0;
    }
    return 0;
}

// False: it depends on a connection that doesn't exist, or on a packet that was not seen.
static bool evaluate(const struct world *world, const struct process *process, const struct operand *operand,
                     uint32_t *value) {
    struct connection_view view;
    *value = operand->add;
    switch ((enum operand_kind)operand->kind) {
    case OPERAND_NUMBER: return true;
    case OPERAND_FIELD:
        if (!world_connection(world, operand->host, operand->connection, &view)) return false;
        *value += field_of_connection(&view, (enum operand_field)operand->field);
        return true;
    case OPERAND_SEEN:
        if (!process->has_seen) return false;
        *value += field_of_packet(&process->seen, (enum operand_field)operand->field);
        return true;
    }
    return false;
}

// The newest connection between the two hosts, as `from` sees it or would see it; UINT32_MAX: anybody. False: there is
// none.
static bool newest_between(const struct world *world, uint32_t from, uint32_t to, struct tuple *tuple) {
    const struct socket *newest = NULL;
    for (uint32_t i = 0; i < world->sockets.count; i++) {
        const struct socket *socket = pool_at(&world->sockets, i, NULL);
        if (socket == NULL || (newest != NULL && newest->id > socket->id)) continue;
        uint32_t peer = address_at(world, socket->tuple.remote)->host;
        bool any = from == UINT32_MAX;
        if ((socket->host == from && peer == to) || (socket->host == to && (any || peer == from))) newest = socket;
    }
    if (newest == NULL) return false;
    *tuple = newest->host == to ? tuple_mirrored(newest->tuple) : newest->tuple;
    return true;
}

static bool forge_ports(const struct world *world, const struct process *process, const struct injection *forged,
                        struct tuple *tuple) {
    bool between = newest_between(world, forged->from, forged->to, tuple);
    if (!between && (!forged->has_ports || forged->from == UINT32_MAX)) return false;
    if (!between) {
        const struct host *from = world_host_at(world, forged->from), *to = world_host_at(world, forged->to);
        *tuple = (struct tuple){.local = from->address[0], .remote = to->address[0]};
    }
    if (forged->source_address != 0) tuple->local = (uint16_t)(forged->source_address - 1);
    if (forged->destination_address != 0) tuple->remote = (uint16_t)(forged->destination_address - 1);
    if (!forged->has_ports) return true;
    uint32_t source, destination;
    if (!evaluate(world, process, &forged->source_port, &source)) return false;
    if (!evaluate(world, process, &forged->destination_port, &destination)) return false;
    tuple->local_port = (uint16_t)source;
    tuple->remote_port = (uint16_t)destination;
    return true;
}

// The error is about the packet that was seen. False: there is none, or it isn't from the host that is told.
static bool quote_seen(const struct world *world, const struct process *process, const struct injection *forged,
                       struct packet *packet) {
    const struct packet *seen = &process->seen;
    if (!process->has_seen || seen->icmp != TCP_ICMP_NONE) return false;
    packet->tuple = tuple_mirrored(seen->tuple);
    packet->segment.seq = seen->segment.seq;
    return address_at(world, seen->tuple.local)->host == forged->to;
}

static bool forge_error(struct world *world, const struct process *process, const struct injection *forged,
                        struct packet *packet) {
    packet->icmp = forged->icmp;
    packet->mtu = forged->mtu;
    if (forged->quotes_seen) return quote_seen(world, process, forged, packet);
    return forge_ports(world, process, forged, &packet->tuple) &&
           evaluate(world, process, &forged->seq, &packet->segment.seq);
}

static bool forge_options(const struct world *world, const struct process *process, const struct injection *forged,
                          struct tcp_segment *segment) {
    segment->options = forged->options;
    if (forged->options & TCP_OPTION_FAST_OPEN) {
        segment->cookie_len = forged->cookie_len;
        memcpy(segment->cookie, forged->cookie, sizeof segment->cookie);
    }
    segment->scale = forged->scale;
    segment->mss = forged->mss;
    segment->blocks = forged->blocks;
    for (unsigned i = 0; i < forged->blocks; i++)
        if (!evaluate(world, process, &forged->sack[i].begin, &segment->sack[i].begin) ||
            !evaluate(world, process, &forged->sack[i].end, &segment->sack[i].end))
            return false;
    return evaluate(world, process, &forged->ts_val, &segment->ts_val) &&
           evaluate(world, process, &forged->ts_ecr, &segment->ts_ecr);
}

static bool forge_segment(struct world *world, const struct process *process, const struct injection *forged,
                          struct packet *packet) {
    struct tcp_segment *segment = &packet->segment;
    uint32_t wnd;
    if (!forge_ports(world, process, forged, &packet->tuple) || !forge_options(world, process, forged, segment) ||
        !evaluate(world, process, &forged->seq, &segment->seq) ||
        !evaluate(world, process, &forged->ack, &segment->ack) || !evaluate(world, process, &forged->wnd, &wnd))
        return false;
    segment->wnd = (uint16_t)wnd;
    segment->flags = forged->flags;
    segment->compartment = forged->compartment;
    segment->len = forged->text_length;
    if (!(forged->flags & TCP_ACK)) segment->ack = 0;
    if (forged->text_length == 0) return true;
    segment->source = stream_new(world, 0);
    if (world->keeps) stream_append(world, segment->source, tcp_text_seq(segment), forged->text_length, forged->text);
    return true;
}

// Relative numbers are those of the connection that the forged segment is meant for, or that it pretends to come from.
static void relate(const struct world *world, struct packet *packet) {
    const struct socket *victim = socket_at(world, demux_find(&world->demux, tuple_mirrored(packet->tuple)));
    const struct socket *mask = socket_at(world, demux_find(&world->demux, packet->tuple));
    packet->has_relative = victim != NULL || mask != NULL;
    packet->relative_seq = packet->segment.seq;
    packet->relative_ack = packet->segment.ack;
    if (!packet->has_relative) return;
    bool by_mask = mask != NULL && (victim == NULL || victim->tcp.irs == 0);
    packet->relative_seq -= by_mask ? mask->tcp.iss : victim->tcp.irs;
    packet->relative_ack -= by_mask ? mask->tcp.irs : victim->tcp.iss;
    // What an error quotes, the victim itself has sent.
    if (packet->icmp != TCP_ICMP_NONE)
        packet->relative_seq = packet->segment.seq - (victim != NULL ? victim->tcp.iss : mask->tcp.irs);
}

enum program_error tap_inject(struct world *world, const struct process *process, const struct step *step) {
    const struct injection *forged = &step->inject;
    struct packet packet = {.injected = true};
    bool error = forged->icmp != TCP_ICMP_NONE;
    if (!(error ? forge_error : forge_segment)(world, process, forged, &packet)) return PROGRAM_ERROR_DOES_NOT_EXIST;
    relate(world, &packet);
    packet.ip = world_host_at(world, address_at(world, packet.tuple.local)->host)->ip;
    const struct fate_order held = {.hold = (uint64_t)forged->delay * 1000};
    const struct sending sending = {.host = forged->sender,
                                    .key = tuple_hash(packet.tuple) ^ step->line,
                                    .line = step->line,
                                    .order = forged->delay > 0 ? &held : NULL};
    packet_emit(world, &packet, &sending);
    return PROGRAM_OK;
}
