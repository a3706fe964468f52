#include "sim/search/region.h"

#include <stdlib.h>
#include <string.h>

enum { ARMED_MOST = 256, STATE_USUAL = 4096 };

void region_free(struct region *region) {
    free(region->state);
    free(region->first);
    free(region->to);
    free(region->action);
    free(region->who);
    free(region->turn);
    free(region->turns);
}

// What is needed while the region is made.
struct making {
    const struct livelock_search *search;
    struct region *region;
    const uint32_t *states;
    uint32_t *node;         // by place in `states`; UINT32_MAX: not reached yet
    unsigned char **saved;  // by node, of those that were reached and not left
    uint32_t reached;
    unsigned char bytes[ABSTRACT_STATE_MOST];
};

static uint32_t place_of(const struct making *making, uint32_t state) {
    uint32_t low = 0, high = making->region->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (making->states[middle] < state)
            low = middle + 1;
        else
            high = middle;
    }
    return low < making->region->count && making->states[low] == state ? low : UINT32_MAX;
}

static bool reach(struct making *making, uint32_t place, uint32_t length) {
    unsigned char *saved = malloc(length);
    if (saved == NULL) return false;
    memcpy(saved, making->bytes, length);
    making->node[place] = making->reached;
    making->region->state[making->reached] = making->states[place];
    making->saved[making->reached++] = saved;
    return true;
}

// Goes the way to the first of the states.
static bool go_there(struct making *making) {
    const struct livelock_search *search = making->search;
    const struct visited_step *step = search->visited->step;
    struct world *world = expander_world(search->expander);
    uint32_t length = 0, count = 0;
    for (uint32_t state = making->states[0]; state != 0; state = step[state].from)
        count++;
    struct action *way = malloc((count + 1) * sizeof *way);
    if (way == NULL) return false;
    for (uint32_t state = making->states[0], left = count; state != 0; state = step[state].from)
        way[--left] = step[state].action;
    abstract_load(world, search->root);
    for (uint32_t i = 0; i < count; i++) {
        abstract_act(world, way[i]);
        length = abstract_save(world, making->bytes);
        abstract_load(world, making->bytes);
    }
    if (count == 0) length = abstract_save(world, making->bytes);
    free(way);
    return reach(making, 0, length);
}

static bool add_turn(struct region *region, uint32_t node, uint64_t who, bool may) {
    for (size_t i = region->turns[node]; i < region->turns[node + 1]; i++)
        if (region->turn[i].who == who) return true;
    if (region->turns[node + 1] == region->turn_room) {
        size_t room = region->turn_room * 2 + 64;
        struct turn *larger = realloc(region->turn, room * sizeof *larger);
        if (larger == NULL) return false;
        region->turn = larger;
        region->turn_room = room;
    }
    region->turn[region->turns[node + 1]++] = (struct turn){who, may};
    return true;
}

static bool add_edge(struct region *region, uint32_t node, uint32_t to, struct action action, uint64_t who) {
    size_t edge = region->first[node + 1];
    if (edge == region->edge_room) {
        size_t room = region->edge_room * 2 + 64;
        uint32_t *targets = realloc(region->to, room * sizeof *targets);
        if (targets != NULL) region->to = targets;
        struct action *actions = realloc(region->action, room * sizeof *actions);
        if (actions != NULL) region->action = actions;
        uint64_t *turns = realloc(region->who, room * sizeof *turns);
        if (turns != NULL) region->who = turns;
        if (targets == NULL || actions == NULL || turns == NULL) return false;
        region->edge_room = room;
    }
    region->to[edge] = to;
    region->action[edge] = action;
    region->who[edge] = who;
    region->first[node + 1]++;
    return true;
}

// The action happens in the node, whose state is `saved`.
static bool follow(struct making *making, uint32_t node, const unsigned char *saved, struct action action) {
    struct visited *visited = making->search->visited;
    struct world *world = expander_world(making->search->expander);
    bool is_new;
    abstract_load(world, saved);
    uint64_t who = abstract_turn(world, action);
    abstract_act(world, action);
    uint32_t length = abstract_save(world, making->bytes);
    if (abstract_spent(saved, making->bytes)) return true;
    if (who != 0 && !add_turn(making->region, node, who, true)) return false;
    const struct visited_step none = {0, {.kind = ACTION_NONE}};
    uint32_t state = visited_add(visited, abstract_digest(making->bytes, length), making->bytes, length, none, &is_new);
    uint32_t place = place_of(making, state);
    if (place == UINT32_MAX) return true;
    if (making->node[place] == UINT32_MAX && !reach(making, place, length)) return false;
    return add_edge(making->region, node, making->node[place], action, who);
}

static bool expand(struct making *making, uint32_t node) {
    struct region *region = making->region;
    struct world *world = expander_world(making->search->expander);
    const unsigned char *saved = making->saved[node];
    struct action list[ABSTRACT_ACTIONS];
    uint64_t armed[ARMED_MOST];
    bool cut, enough = true;
    region->first[node + 1] = region->first[node];
    region->turns[node + 1] = region->turns[node];
    abstract_load(world, saved);
    uint32_t count = abstract_actions(world, list, &cut), timers = abstract_armed(world, armed, ARMED_MOST);
    for (uint32_t i = 0; i < count && enough; i++)
        enough = follow(making, node, saved, list[i]);
    for (uint32_t i = 0; i < timers && enough; i++)
        enough = add_turn(region, node, armed[i], false);
    free(making->saved[node]);
    making->saved[node] = NULL;
    return enough;
}

static bool make(struct making *making) {
    struct region *region = making->region;
    uint32_t count = region->count;
    bool enough = making->node != NULL && making->saved != NULL && region->state != NULL && region->first != NULL &&
                  region->turns != NULL;
    if (!enough) return false;
    memset(making->node, 0xff, count * sizeof *making->node);
    enough = go_there(making);
    for (uint32_t node = 0; enough && node < making->reached; node++)
        enough = expand(making, node);
    region->graph = (struct graph){making->reached, region->first, region->to};
    return enough;
}

bool region_make(struct region *region, const struct livelock_search *search, const uint32_t *states, uint32_t count) {
    memset(region, 0, sizeof *region);
    struct making *making = calloc(1, sizeof *making);
    bool enough = making != NULL && (size_t)count * STATE_USUAL <= search->limit;
    if (enough) {
        region->count = count;
        region->state = malloc(count * sizeof *region->state);
        region->first = calloc((size_t)count + 1, sizeof *region->first);
        region->turns = calloc((size_t)count + 1, sizeof *region->turns);
        making->search = search;
        making->region = region;
        making->states = states;
        making->node = malloc(count * sizeof *making->node);
        making->saved = calloc(count, sizeof *making->saved);
        enough = make(making);
        for (uint32_t node = 0; making->saved != NULL && node < making->reached; node++)
            free(making->saved[node]);
        free(making->node);
        free(making->saved);
    }
    free(making);
    return enough;
}
