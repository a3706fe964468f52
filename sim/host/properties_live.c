// Properties of the end: what must have come about once everything rests.
#include <inttypes.h>

#include "sim/host/witness.h"

// ---- Rest

// A program sleeps: something will still happen.
static bool somebody_sleeps(const struct world *world) {
    for (uint32_t i = 0; i < world->processes.count; i++) {
        const struct process *process = pool_at(&world->processes, i, NULL);
        if (process != NULL && process->begun && process->until > world->engine.now) return true;
    }
    return false;
}

// Nothing will happen any more by itself: no packet is in flight, no timer runs, nobody sleeps.
static bool rests(const struct world *world) {
    if (world_in_flight(world) > 0 || somebody_sleeps(world)) return false;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;)
        if (tcp_deadline(&world_host_at(world, socket->host)->tcp, &socket->tcp, NULL) != TCP_NEVER) return false;
    return true;
}

// ---- Opening

static bool is_served(const struct world *world, struct tuple tuple) {
    return listener_find(world, address_at(world, tuple.remote)->host, tuple_mirrored(tuple)) != UINT32_MAX;
}

// The incarnation at the other end that `witness` opened, by its own account.
static bool other_end_opened(const struct world *world, const struct witness *witness) {
    const struct witness *peer = observed_peer(world, witness->peer_source);
    return peer != NULL && (peer->flags & WITNESS_OPENED) != 0;
}

bool look_open_succeeds(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    if (!rests(world)) return true;
    for (uint32_t i = 0; i < world->witnesses.count; i++) {
        const struct witness *witness = array_at(&world->witnesses, i);
        bool asked = (witness->flags & WITNESS_ACTIVE) != 0 && is_served(world, witness->tuple);
        if (!asked || !witness_host_answers(world, witness->tuple.remote) || witness->end == END_BY_USER) continue;
        bool opened = (witness->flags & WITNESS_OPENED) != 0;
        // Nobody listened then; or the user was content with less (CLOSE in SYN-RECEIVED).
        if (!opened && (witness->end == END_BY_PEER || (witness->flags & WITNESS_CLOSED))) continue;
        if (opened && other_end_opened(world, witness)) continue;
        const char *host = world_host_at(world, witness->host)->name;
        tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "%s, from port %u to %u: %s", host, witness->tuple.local_port,
             witness->tuple.remote_port,
             opened ? "it is established, but its peer never was" : "somebody listens, and it was not established");
        tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "%s，端口 %u 到 %u：%s", host, witness->tuple.local_port,
             witness->tuple.remote_port, opened ? "这一端已建立，对端却从未建立" : "对端有人监听，连接却没有建立");
        return false;
    }
    return true;
}

// ---- What may remain

static bool is_passing(enum tcp_state state) {
    return state == TCP_SYN_SENT || state == TCP_SYN_RECEIVED || state == TCP_FIN_WAIT_1 || state == TCP_CLOSING ||
           state == TCP_LAST_ACK || state == TCP_TIME_WAIT;
}

bool look_states_are_left(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    if (!rests(world)) return true;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;) {
        if (!is_passing((enum tcp_state)socket->tcp.state)) continue;
        property_say(detail, world, socket, "it stays in this state for ever", "它永远停在这个状态");
        return false;
    }
    return true;
}

bool look_all_rests(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    if (!rests(world)) return true;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;) {
        const struct tcp_connection *tcp = &socket->tcp;
        bool sent = (tcp->flags & TCP_CONNECTION_FIN_SENT) != 0;
        bool queued = (tcp->flags & TCP_CONNECTION_FIN_QUEUED) != 0 && !sent;
        if (tcp->snd_una == tcp->snd_nxt && tcp->snd_nxt == tcp->snd_end + sent && !queued) continue;
        property_say(detail, world, socket,
                     "something is still to be sent or acknowledged, and nothing happens any more",
                     "还有东西要发送或等待确认，却再也不会有事发生");
        return false;
    }
    return true;
}

// ---- Closing

bool look_both_closed(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    if (!rests(world)) return true;
    for (uint32_t i = 0; i < world->witnesses.count; i++) {
        const struct witness *witness = array_at(&world->witnesses, i);
        const struct witness *peer = observed_peer(world, witness->peer_source);
        bool both = peer != NULL && (witness->flags & peer->flags & (WITNESS_CLOSED | WITNESS_OPENED)) ==
                                        (WITNESS_CLOSED | WITNESS_OPENED);
        if (!both || (witness->end == END_IN_ORDER && !(witness->flags & WITNESS_RESET))) continue;
        if (witness->end == END_BY_PEER && !(witness->flags & WITNESS_RESET)) continue;  // TIME-WAIT, ended by a reset
        const char *host = world_host_at(world, witness->host)->name;
        tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL,
             "%s, from port %u to %u: both ends called CLOSE, and it was not closed in order", host,
             witness->tuple.local_port, witness->tuple.remote_port);
        tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "%s，端口 %u 到 %u：两端都调用了 CLOSE，连接却没有正常关闭",
             host, witness->tuple.local_port, witness->tuple.remote_port);
        return false;
    }
    return true;
}

bool look_half_open_is_reset(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    for (uint32_t i = 0; i < world->witnesses.count; i++) {
        const struct witness *witness = array_at(&world->witnesses, i);
        if (!(witness->flags & WITNESS_UNHEARD)) continue;
        const char *host = world_host_at(world, witness->host)->name;
        tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL,
             "%s, from port %u to %u: it went on sending to somebody who has forgotten it, and gave up unheard", host,
             witness->tuple.local_port, witness->tuple.remote_port);
        tell(detail->text[TELL_CHINESE], CLAIM_DETAIL,
             "%s，端口 %u 到 %u：它一直向已忘掉它的对端发送，直到放弃也没有回音", host, witness->tuple.local_port,
             witness->tuple.remote_port);
        return false;
    }
    return true;
}

// Text is still to be acknowledged: a window that stays closed is probed for ever (MUST-37), and a small one is slow.
// Keep-alives never end either, as long as they are answered.
static bool somebody_sends(const struct world *world) {
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;)
        if (socket->tcp.snd_una != socket->tcp.snd_nxt || socket->tcp.snd_nxt != socket->tcp.snd_end ||
            (socket->tcp.flags & TCP_CONNECTION_KEEP_ALIVE) != 0)
            return true;
    return false;
}

bool look_network_drains(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    uint32_t left = world_in_flight(world);
    if (world->ends_given || world->stopped || left == 0 || somebody_sends(world)) return true;
    tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "%" PRIu32 " packets are still in flight", left);
    tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "仍有 %" PRIu32 " 个包在途中", left);
    return false;
}

// ---- What a scenario may want

bool look_everything_closed(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    uint32_t i = 0;
    const struct socket *socket = property_next(world, &i);
    if (socket == NULL) return true;
    property_say(detail, world, socket, "it still exists", "它仍然存在");
    return false;
}

bool look_nobody_reset(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    for (uint32_t i = 0; i < world->host_count; i++) {
        const struct host *host = world_host_at(world, i);
        if (host->refused == 0) continue;
        tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "%s: %" PRIu32 " reset or refused", host->name, host->refused);
        tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "%s：%" PRIu32 " 个连接被重置或被拒绝", host->name,
             host->refused);
        return false;
    }
    return true;
}

bool look_programs_finish(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    return tell_waiting(world, detail) == 0;
}

bool look_programs_end_as_they_say(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    if (!world->error_noted) return true;
    tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "a step ended in another way than it says");
    tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "有一步的结果与它写明的不同");
    return false;
}
