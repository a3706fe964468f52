#include "sim/search/livelock.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/fair.h"
#include "sim/search/graph.h"

void livelock_free(struct livelock *livelock) {
    free(livelock->round);
    memset(livelock, 0, sizeof *livelock);
}

// ---- The states from which some way goes on for ever ------------------------------------------------------------

struct core {
    uint32_t *state;  // ascending
    uint32_t count;
    size_t *first;  // edges among them, as of a struct graph
    uint32_t *to;
    size_t edges;
    uint32_t *component;
};

static void core_free(struct core *core) {
    free(core->state);
    free(core->first);
    free(core->to);
    free(core->component);
}

// The place of a number in an ascending list; UINT32_MAX: it isn't there.
static uint32_t place_of(const uint32_t *list, uint32_t count, uint32_t number) {
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && list[low] == number ? low : UINT32_MAX;
}

static void count_edge(void *context, uint32_t from, uint32_t to) {
    struct core *core = context;
    (void)from;
    (void)to;
    core->edges++;
}

static void add_edge(void *context, uint32_t from, uint32_t to) {
    struct core *core = context;
    uint32_t place = place_of(core->state, core->count, to);
    if (place == UINT32_MAX) return;
    // The edges of a state come one behind the other, and the states in order.
    uint32_t of = place_of(core->state, core->count, from);
    core->to[core->edges++] = place;
    core->first[of + 1] = core->edges;
}

static bool make_core(const struct livelock_search *search, struct core *core, const unsigned char *endless) {
    uint32_t states = search->visited->count, count = 0;
    for (uint32_t i = 0; i < states; i++)
        core->count += endless[i];
    edges_each(search->edges, states, endless, count_edge, core);
    size_t needed = core->count * (2 * sizeof(uint32_t) + sizeof(size_t)) + core->edges * sizeof(uint32_t);
    if (needed + graph_memory(core->count) > search->limit) return false;
    core->state = malloc(core->count * sizeof(uint32_t) + 1);
    core->component = malloc(core->count * sizeof(uint32_t) + 1);
    core->first = calloc((size_t)core->count + 1, sizeof(size_t));
    core->to = malloc(core->edges * sizeof(uint32_t) + 1);
    if (core->state == NULL || core->component == NULL || core->first == NULL || core->to == NULL) return false;
    for (uint32_t i = 0; i < states; i++)
        if (endless[i]) core->state[count++] = i;
    core->edges = 0;
    edges_each(search->edges, states, endless, add_edge, core);
    const struct graph graph = {core->count, core->first, core->to};
    return graph_components(&graph, core->component);
}

static bool find_core(const struct livelock_search *search, struct core *core) {
    uint32_t states = search->visited->count;
    if (!edges_close(search->edges, states) || states > search->limit) return false;
    unsigned char *endless = malloc((size_t)states + 1);
    if (endless == NULL) return false;
    edges_endless(search->edges, states, endless);
    bool done = make_core(search, core, endless);
    free(endless);
    return done;
}

// ---- Each cycle -------------------------------------------------------------------------------------------------

// All states of components, component by component, ascending in each; `begin` has where each one's begin, and where
// the last one's end.
static void sort_by_component(const struct core *core, uint32_t *begin, uint32_t *sorted) {
    for (uint32_t i = 0; i < core->count; i++)
        if (core->component[i] != GRAPH_NONE) begin[core->component[i] + 1]++;
    for (uint32_t i = 0; i <= core->count; i++)
        begin[i + 1] += begin[i];
    for (uint32_t i = core->count; i > 0; i--) {
        uint32_t component = core->component[i - 1];
        if (component != GRAPH_NONE) sorted[--begin[component + 1]] = core->state[i - 1];
    }
}

// Components in the order of their first states, until one has a fair cycle. `begin` is one place further on than
// above, for sorting has moved it.
static bool try_each(const struct livelock_search *search, const struct core *core, const uint32_t *begin,
                     const uint32_t *sorted, struct livelock *livelock) {
    for (uint32_t i = 0; i < core->count; i++) {
        uint32_t component = core->component[i];
        if (component == GRAPH_NONE) continue;
        const uint32_t *list = sorted + begin[component];
        if (list[0] != core->state[i]) continue;  // done
        if (!fair_cycle(search, list, begin[component + 1] - begin[component], livelock)) return false;
        if (livelock->found) return true;
    }
    return true;
}

static bool find_fair(const struct livelock_search *search, const struct core *core, struct livelock *livelock) {
    uint32_t *begin = calloc((size_t)core->count + 2, sizeof *begin);
    uint32_t *sorted = malloc(core->count * sizeof *sorted + 1);
    bool enough = begin != NULL && sorted != NULL;
    if (enough) {
        sort_by_component(core, begin, sorted);
        enough = try_each(search, core, begin + 1, sorted, livelock);
    }
    free(begin);
    free(sorted);
    return enough;
}

bool livelock_find(const struct livelock_search *search, struct livelock *livelock) {
    struct core core;
    memset(livelock, 0, sizeof *livelock);
    memset(&core, 0, sizeof core);
    bool enough = find_core(search, &core) && find_fair(search, &core, livelock);
    core_free(&core);
    return enough;
}
