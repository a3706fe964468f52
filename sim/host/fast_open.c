// TCP Fast Open, the host's part (RFC 7413): a server's cookies, which it computes whenever it needs one, and a
// client's, which it keeps by the server's address. Off unless the programs ask for it.
#include <string.h>

#include "sim/host/internal.h"

enum { COOKIE = 8 };  // octets of those that are given here

// ---- Server ---------------------------------------------------------------------------------------------------

// Section 4.1.2: the client's address under the server's key, so that only who is at home there can know it.
static void make_cookie(const struct world *world, uint32_t host, uint16_t client, uint8_t *cookie) {
    enum { ADDRESS = 16, HASH = 4 };
    unsigned char bytes[ADDRESS + 1];
    memcpy(bytes, address_at(world, client)->endpoint.address, ADDRESS);
    for (unsigned i = 0; i < COOKIE; i++) {
        bytes[ADDRESS] = (unsigned char)(i / HASH);
        uint32_t hash = tcp_isn_hash(world_host_at(world, host)->secret, bytes, sizeof bytes);
        cookie[i] = (uint8_t)(hash >> i % HASH * 8);
    }
}

void fast_open_give(const struct world *world, uint32_t number, struct tuple tuple, const struct tcp_segment *syn,
                    struct tcp_incarnation *incarnation) {
    const struct listener *listener = listener_at(world, number);
    if (!listener->fast_open || !(syn->options & TCP_OPTION_FAST_OPEN)) return;
    incarnation->fast_open = TCP_FAST_OPEN_GIVE;
    incarnation->cookie_len = COOKIE;
    make_cookie(world, listener->host, tuple.remote, incarnation->cookie);
}

bool fast_open_takes(const struct world *world, uint32_t number, struct tuple tuple, const struct tcp_segment *syn,
                     struct tcp_rule_set *applied) {
    const struct listener *listener = listener_at(world, number);
    bool shows = (syn->options & TCP_OPTION_FAST_OPEN) && syn->cookie_len > 0;
    if (!listener->fast_open || !shows || listener_crowded(listener)) return false;
    uint8_t cookie[COOKIE];
    make_cookie(world, listener->host, tuple.remote, cookie);
    if (syn->cookie_len == COOKIE && memcmp(syn->cookie, cookie, COOKIE) == 0) return true;
    const struct tcp_config *config = &world_host_at(world, listener->host)->tcp;
    return !tcp_rule_in_force(&config->without, applied, TCP_RULE_FAST_OPEN_COOKIE_IS_CHECKED);
}

// ---- Client ---------------------------------------------------------------------------------------------------

// The host's cookie for the address, or where it would stand: they are sorted, so that it doesn't matter which came
// first.
static uint32_t place_of(const struct world *world, uint32_t host, uint16_t address, bool *there) {
    uint32_t place = 0;
    *there = false;
    for (; place < world->cookies.count; place++) {
        const struct fast_open_cookie *cookie = array_at(&world->cookies, place);
        *there = cookie->host == host && cookie->address == address;
        if (cookie->host > host || (cookie->host == host && cookie->address >= address)) break;
    }
    return place;
}

void fast_open_ask(const struct world *world, uint32_t host, uint16_t server, struct tcp_incarnation *incarnation) {
    bool there;
    uint32_t place = place_of(world, host, server, &there);
    incarnation->fast_open = there ? TCP_FAST_OPEN_TEXT : TCP_FAST_OPEN_ASK;
    if (!there) return;
    const struct fast_open_cookie *cookie = array_at(&world->cookies, place);
    incarnation->cookie_len = cookie->length;
    memcpy(incarnation->cookie, cookie->octets, sizeof cookie->octets);
}

void fast_open_learn(struct world *world, uint32_t host, uint16_t server, const struct tcp_effects *effects) {
    bool there;
    uint32_t place = place_of(world, host, server, &there);
    if (!there) {
        array_add(&world->cookies);
        struct fast_open_cookie *at = array_at(&world->cookies, place);
        memmove(at + 1, at, (world->cookies.count - 1 - place) * sizeof *at);
    }
    struct fast_open_cookie *cookie = array_at(&world->cookies, place);
    *cookie = (struct fast_open_cookie){.host = host, .address = server, .length = effects->cookie_len};
    memcpy(cookie->octets, effects->cookie, effects->cookie_len);
}

void fast_open_crash(struct world *world, uint32_t host) {
    for (uint32_t i = world->cookies.count; i > 0; i--) {
        struct fast_open_cookie *cookie = array_at(&world->cookies, i - 1);
        if (cookie->host != host) continue;
        memmove(cookie, cookie + 1, (world->cookies.count - i) * sizeof *cookie);
        world->cookies.count--;
    }
}
