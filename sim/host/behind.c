// TIME-WAIT behind a newer connection of the same endpoints. A SYN has opened it out of TIME-WAIT; whether that was an
// old duplicate is known when the new connection is established, or ends before. Until then TIME-WAIT is kept, and its
// 2 MSL run on (MAY-2, section 3.6.1 (2)): it is filed elsewhere, so that no segment finds it.
#include <string.h>

#include "sim/host/internal.h"

static void refile(struct world *world, struct pool_ref ref, struct socket *socket, bool behind) {
    demux_remove(&world->demux, behind_filed(socket));
    socket->flags = (uint16_t)(behind ? socket->flags | SOCKET_BEHIND : socket->flags & ~SOCKET_BEHIND);
    demux_add(&world->demux, behind_filed(socket), ref);
}

void behind_reopen(struct world *world, struct pool_ref ref, struct socket *socket, const struct tcp_connection *before,
                   const struct tcp_event *event, struct tcp_effects *effects) {
    struct tuple tuple = socket->tuple;
    uint32_t host = socket->host, floor = effects->list[1].floor;
    socket->tcp = *before;
    effects->count = 0;
    refile(world, ref, socket, true);
    socket_stepped(world, ref, socket, before, event, effects);
    listener_reopen(world, host, tuple, floor);
    struct socket *newer = socket_at(world, demux_find(&world->demux, tuple));
    if (newer == NULL) {
        behind_come_back(world, tuple);
        return;
    }
    newer->flags |= SOCKET_BEFORE;
    if (newer->flags & SOCKET_ESTABLISHED) behind_replaced(world, newer);
}

void behind_come_back(struct world *world, struct tuple tuple) {
    struct pool_ref ref = demux_find(&world->demux, tuple_behind(tuple));
    if (ref.generation != 0) refile(world, ref, socket_at(world, ref), false);
}

void behind_replaced(struct world *world, struct socket *newer) {
    newer->flags = (uint16_t)(newer->flags & ~SOCKET_BEFORE);
    struct pool_ref ref = demux_find(&world->demux, tuple_behind(newer->tuple));
    if (ref.generation == 0) return;  // its 2 MSL are over
    struct socket *socket = socket_at(world, ref);
    struct tcp_connection before = socket->tcp;
    // The SYN takes effect that arrived before.
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = {.flags = TCP_SYN, .seq = newer->tcp.irs}};
    event.segment.compartment = before.compartment;
    struct tcp_effects effects = {.count = 1};
    effects.list[0] = (struct tcp_effect){.kind = TCP_EFFECT_DELETE, .rule = TCP_RULE_TIME_WAIT_TAKES_NEWER_SYN};
    memset(&socket->tcp, 0, sizeof socket->tcp);
    socket_stepped(world, ref, socket, &before, &event, &effects);
}
