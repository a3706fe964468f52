// What a fair schedule owes: who waits for his turn in a state.
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/host/abstract_state.h"

// Two of them are the same when they would do the same for the same one.
static uint64_t name(uint64_t kind, uint64_t who, uint64_t what) {
    return bits_absorb(bits_absorb(kind, who), what) & ~ABSTRACT_TIMED;
}

// Packets of a direction arrive one behind the other, so it is the first one's turn; but each overtaken one may arrive
// whenever.
static uint64_t packet_name(const struct flight *flight) {
    uint64_t what = 0;
    const struct tcp_segment *segment = &flight->segment;
    if (flight->loose) {
        what = bits_absorb(tuple_key(flight->tuple), (uint64_t)segment->seq << 32 | segment->ack);
        what = bits_absorb(what, (uint64_t)segment->len << 32 | (uint64_t)segment->flags << 16 | segment->up);
        what = bits_absorb(what, (uint64_t)segment->source << 32 | (uint64_t)flight->icmp << 16 | segment->wnd) | 1;
    }
    return name(ACTION_ARRIVE, flight->direction, what);
}

static uint64_t timer_name(const struct socket *socket, unsigned timer) {
    return name(ACTION_TIMEOUT, (uint64_t)socket->host << 32 | socket->ordinal, timer) | ABSTRACT_TIMED;
}

static uint64_t half_open_name(const struct half_open *entry) {
    return name(ACTION_HALF_OPEN, tuple_key(entry->tuple), entry->iss) | ABSTRACT_TIMED;
}

static uint64_t quiet_name(uint32_t host) {
    return name(ACTION_QUIET, host, 0) | ABSTRACT_TIMED;
}

static uint64_t program_name(const struct process *process) {
    return name(ACTION_WAKE, (uint64_t)process->host << 32 | process->program, process->connection);
}

uint64_t abstract_turn(const struct world *world, struct action action) {
    struct order order;
    switch ((enum action_kind)action.kind) {
    case ACTION_NONE:
    case ACTION_LOSE:
    case ACTION_DOUBLE: return 0;
    case ACTION_ARRIVE: return packet_name(&world->abstract->flight[action.place]);
    case ACTION_TIMEOUT:
        abstract_order(world, &order);
        return timer_name(socket_at(world, order.socket[action.place]), action.timer);
    case ACTION_HALF_OPEN: return half_open_name(array_at(&world->half_open, action.place));
    case ACTION_WAKE:
        abstract_order(world, &order);
        return program_name(process_at(world, order.process[action.place]));
    case ACTION_QUIET: return quiet_name(action.place);
    }
    return 0;
}

uint32_t abstract_armed(const struct world *world, uint64_t *turns, uint32_t most) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->sockets.count; i++) {
        const struct socket *socket = pool_at(&world->sockets, i, NULL);
        for (unsigned timer = 0; socket != NULL && timer < TCP_TIMERS; timer++)
            if (socket->tcp.deadline[timer] != TCP_NEVER && count < most) turns[count++] = timer_name(socket, timer);
    }
    for (uint32_t i = 0; i < world->half_open.count && count < most; i++)
        turns[count++] = half_open_name(array_at(&world->half_open, i));
    for (uint32_t i = 0; i < world->host_count; i++)
        if (world_host_at(world, i)->quiet_until != 0 && count < most) turns[count++] = quiet_name(i);
    return count;
}

bool abstract_spent(const unsigned char *before, const unsigned char *after) {
    return memcmp(before + offsetof(struct saved_world, left), after + offsetof(struct saved_world, left), BUDGETS) !=
           0;
}
