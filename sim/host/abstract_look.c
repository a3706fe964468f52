// What can be seen of a world whose time is abstract, and its end.
#include "sim/host/abstract.h"
#include "sim/host/internal.h"

void abstract_look(struct world *world) {
    if (world->always) world_look_at_claims(world, CLAIM_ALWAYS);
}

bool abstract_waits(const struct world *world) {
    struct claim_detail detail;
    return tell_waiting(world, &detail) > 0;
}

void abstract_finish(struct world *world) {
    world_finish(world, world->failures.count > 0 ? RUN_STOPPED : RUN_IDLE);
}

void abstract_stop(struct world *world) {
    world_finish(world, RUN_STOPPED);
}

// The connection at `place`, or NULL when its other end, which comes before it, has told of the pair already.
static const struct socket *pair_at(const struct world *world, uint32_t place, const struct socket **peer) {
    const struct socket *socket = pool_at(&world->sockets, place, NULL);
    *peer = NULL;
    if (socket == NULL) return NULL;
    uint64_t key = tuple_key(tuple_mirrored(socket->tuple));
    for (uint32_t i = 0; i < world->sockets.count && *peer == NULL; i++) {
        const struct socket *other = pool_at(&world->sockets, i, NULL);
        if (other != NULL && tuple_key(other->tuple) == key) *peer = other;
    }
    bool first = socket->tuple.local < socket->tuple.remote;
    return first || *peer == NULL ? socket : NULL;
}

uint32_t abstract_pairs(const struct world *world, struct abstract_pair *pairs, uint32_t most) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->sockets.count && count < most; i++) {
        const struct socket *peer, *socket = pair_at(world, i, &peer);
        if (socket == NULL) continue;
        bool first = socket->tuple.local < socket->tuple.remote;
        uint8_t other = peer == NULL ? TCP_CLOSED : peer->tcp.state;
        pairs[count++] = (struct abstract_pair){
            .key = tuple_key(first ? socket->tuple : tuple_mirrored(socket->tuple)),
            .first = first ? socket->tcp.state : other,
            .second = first ? other : socket->tcp.state,
        };
    }
    return count;
}
