#include "sim/search/fair.h"

#include <stdlib.h>
#include <string.h>

#include "sim/host/abstract.h"
#include "sim/search/region.h"

// ---- Who is passed over -----------------------------------------------------------------------------------------

// Somebody whose turn it may be in the region.
struct claimant {
    uint64_t who;
    uint32_t may;   // in so many states he could go on
    uint32_t held;  // in so many he could, or his timer is armed
    bool goes;      // an edge within the region is his
};

struct claims {
    struct claimant *claimant;
    uint32_t count, room;
};

static struct claimant *claimant_of(struct claims *claims, uint64_t who) {
    for (uint32_t i = 0; i < claims->count; i++)
        if (claims->claimant[i].who == who) return &claims->claimant[i];
    if (claims->count == claims->room) {
        uint32_t room = claims->room * 2 + 16;
        struct claimant *larger = realloc(claims->claimant, room * sizeof *larger);
        if (larger == NULL) return NULL;
        claims->claimant = larger;
        claims->room = room;
    }
    claims->claimant[claims->count] = (struct claimant){.who = who};
    return &claims->claimant[claims->count++];
}

static bool ask_all(const struct region *region, struct claims *claims) {
    struct claimant *claimant;
    for (size_t i = 0; i < region->turns[region->count]; i++) {
        claimant = claimant_of(claims, region->turn[i].who);
        if (claimant == NULL) return false;
        claimant->may += region->turn[i].may;
        claimant->held++;
    }
    for (size_t i = 0; i < region->graph.first[region->count]; i++) {
        if (region->who[i] == 0) continue;
        claimant = claimant_of(claims, region->who[i]);
        if (claimant == NULL) return false;
        claimant->goes = true;
    }
    return true;
}

static bool is_timed(uint64_t who) {
    return (who & ABSTRACT_TIMED) != 0;
}

static bool is_fair(const struct region *region, const struct claims *claims) {
    for (uint32_t i = 0; i < claims->count; i++) {
        const struct claimant *claimant = &claims->claimant[i];
        if (claimant->goes || claimant->may == 0) continue;
        if ((is_timed(claimant->who) ? claimant->held : claimant->may) == region->count) return false;
    }
    return true;
}

// In the state he could go on, or his timer is armed.
static bool is_held(const struct region *region, uint32_t node, uint64_t who) {
    for (size_t i = region->turns[node]; i < region->turns[node + 1]; i++)
        if (region->turn[i].who == who) return region->turn[i].may || is_timed(who);
    return false;
}

// ---- Once around ------------------------------------------------------------------------------------------------

struct round {
    const struct region *region;
    uint32_t at;   // a node; it began at node 0
    size_t *edge;  // those gone along
    uint32_t length, room;
    size_t *by;       // of a search: the edge by which a node was reached
    uint32_t *queue;  // nodes
    unsigned char *seen;
};

// True when the edge satisfies him; `home`: when it leads back to the start.
static bool satisfies(const struct round *round, size_t edge, uint64_t who, bool home) {
    const struct region *region = round->region;
    uint32_t to = region->graph.to[edge];
    if (home) return to == 0;
    return region->who[edge] == who || !is_held(region, to, who);
}

static uint32_t source_of(const struct region *region, size_t edge) {
    uint32_t low = 0, high = region->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (region->graph.first[middle] <= edge)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool append_way(struct round *round, size_t last) {
    const struct region *region = round->region;
    uint32_t count = 1;
    for (uint32_t node = source_of(region, last); node != round->at; node = source_of(region, round->by[node]))
        count++;
    if (round->length + count > round->room) {
        uint32_t room = (round->length + count) * 2;
        size_t *larger = realloc(round->edge, room * sizeof *larger);
        if (larger == NULL) return false;
        memset(larger + round->length, 0, (room - round->length) * sizeof *larger);
        round->edge = larger;
        round->room = room;
    }
    uint32_t place = round->length + count;
    round->edge[--place] = last;
    for (uint32_t node = source_of(region, last); node != round->at; node = source_of(region, round->by[node]))
        round->edge[--place] = round->by[node];
    round->length += count;
    round->at = region->graph.to[last];
    return true;
}

// Goes a shortest way from here to an edge that satisfies him. There is one.
static bool go(struct round *round, uint64_t who, bool home) {
    const struct region *region = round->region;
    uint32_t head = 0, tail = 0;
    memset(round->seen, 0, region->count);
    round->seen[round->at] = 1;
    round->queue[tail++] = round->at;
    while (head < tail) {
        uint32_t node = round->queue[head++];
        for (size_t i = region->graph.first[node]; i < region->graph.first[node + 1]; i++) {
            uint32_t to = region->graph.to[i];
            if (satisfies(round, i, who, home)) return append_way(round, i);
            if (round->seen[to]) continue;
            round->seen[to] = 1;
            round->by[to] = i;
            round->queue[tail++] = to;
        }
    }
    return false;
}

static bool is_satisfied(const struct round *round, uint64_t who) {
    const struct region *region = round->region;
    if (!is_held(region, 0, who)) return true;
    for (uint32_t i = 0; i < round->length; i++)
        if (satisfies(round, round->edge[i], who, false)) return true;
    return false;
}

// From the first state, which is reached first, past everybody.
static bool go_around(struct round *round, const struct claims *claims) {
    for (uint32_t i = 0; i < claims->count; i++) {
        const struct claimant *claimant = &claims->claimant[i];
        if (claimant->may == 0 || is_satisfied(round, claimant->who)) continue;
        if (!go(round, claimant->who, false)) return false;
    }
    return (round->length > 0 && round->at == 0) || go(round, 0, true);
}

static bool write_round(const struct region *region, const struct claims *claims, struct livelock *livelock) {
    struct round round = {.region = region};
    round.by = malloc(region->count * sizeof *round.by);
    round.queue = malloc(region->count * sizeof *round.queue);
    round.seen = malloc(region->count);
    bool done = round.by != NULL && round.queue != NULL && round.seen != NULL && go_around(&round, claims);
    struct action *actions = done ? malloc(round.length * sizeof *actions) : NULL;
    for (uint32_t i = 0; actions != NULL && i < round.length; i++)
        actions[i] = region->action[round.edge[i]];
    free(round.edge);
    free(round.by);
    free(round.queue);
    free(round.seen);
    if (actions == NULL) return false;
    *livelock = (struct livelock){true, region->state[0], actions, round.length};
    return true;
}

bool fair_cycle(const struct livelock_search *search, const uint32_t *states, uint32_t count,
                struct livelock *livelock) {
    struct region region;
    struct claims claims = {.count = 0};
    bool enough = region_make(&region, search, states, count) && ask_all(&region, &claims);
    if (enough && is_fair(&region, &claims)) enough = write_round(&region, &claims, livelock);
    free(claims.claimant);
    region_free(&region);
    return enough;
}
