#include "sim/search/explore.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/edges.h"
#include "sim/search/visited.h"

// ---- The frontier: states whose successors are still to be looked for -----------------------------------------

// One behind the other: number, length, bytes.
struct frontier {
    unsigned char *bytes;
    size_t length, room;
};
struct frontier_head {
    uint32_t state, length;
};

static bool frontier_put(struct frontier *frontier, uint32_t state, const unsigned char *bytes, uint32_t length) {
    const struct frontier_head head = {state, length};
    size_t needed = frontier->length + sizeof head + length;
    if (needed > frontier->room) {
        size_t room = needed * 2 < 1 << 16 ? 1 << 16 : needed * 2;
        unsigned char *larger = realloc(frontier->bytes, room);
        if (larger == NULL) return false;
        frontier->bytes = larger;
        frontier->room = room;
    }
    memcpy(frontier->bytes + frontier->length, &head, sizeof head);
    memcpy(frontier->bytes + frontier->length + sizeof head, bytes, length);
    frontier->length = needed;
    return true;
}

// ---- A search -------------------------------------------------------------------------------------------------

enum { PAIRS_MOST = 16 };

struct search {
    const struct subject *subject;
    const struct explore_options *options;
    struct explored *explored;
    struct checker checker;
    struct world *world;
    struct visited visited;
    struct edges edges;
    struct frontier now, next;  // of this depth, and of the one behind it
    uint32_t depth;             // of `now`
    uint32_t looked;            // claims looked at since the subject was last told that a run begins
    bool found;
    uint32_t found_state;  // a state that breaks a claim, or whose successor by `found_action` does
    struct action found_action;
    uint32_t found_depth;
    // Successors of one state, waiting for their places in the set to be near.
    struct child {
        struct action action;
        uint64_t digest;
        size_t begin;
        uint32_t length;
    } child[ABSTRACT_ACTIONS];
    uint32_t children;
    struct frontier staged;                  // the children's bytes, without heads
    struct abstract_pair pairs[PAIRS_MOST];  // of the parent
    uint32_t pair_count;
    struct action list[ABSTRACT_ACTIONS];
    unsigned char bytes[ABSTRACT_STATE_MOST];
};

static bool broken(const struct world *world) {
    uint32_t count;
    world_failures(world, &count);
    return count > 0;
}

// `action` ACTION_NONE: the state itself is what was found.
static void find(struct search *search, uint32_t state, struct action action, uint32_t depth, enum explore_end end) {
    if (search->found && search->found_depth <= depth) return;
    search->found = true;
    search->found_state = state;
    search->found_action = action;
    search->found_depth = depth;
    search->explored->end = end;
}

static void give_up(struct search *search, enum explore_limit limit) {
    if (search->explored->limit == LIMIT_NONE) search->explored->limit = limit;
}

// ---- What was seen --------------------------------------------------------------------------------------------

static uint32_t pair_code(const struct abstract_pair *pair) {
    return (uint32_t)pair->first * TCP_STATES + pair->second;
}

static uint32_t code_of(const struct abstract_pair *pairs, uint32_t count, uint64_t key) {
    for (uint32_t i = 0; i < count; i++)
        if (pairs[i].key == key) return pair_code(&pairs[i]);
    return 0;
}

static void see(struct explored *explored, uint32_t from, uint32_t to) {
    if (from != to) explored->pairs[from][to / 64] |= UINT64_C(1) << to % 64;
}

static void see_pairs(struct search *search) {
    struct abstract_pair now[PAIRS_MOST];
    uint32_t count = abstract_pairs(search->world, now, PAIRS_MOST);
    for (uint32_t i = 0; i < count; i++)
        see(search->explored, code_of(search->pairs, search->pair_count, now[i].key), pair_code(&now[i]));
    for (uint32_t i = 0; i < search->pair_count; i++)
        if (code_of(now, count, search->pairs[i].key) == 0) see(search->explored, pair_code(&search->pairs[i]), 0);
}

bool explored_pair(const struct explored *explored, uint32_t pair) {
    for (uint32_t i = 0; i < EXPLORE_PAIRS; i++) {
        if (explored->pairs[i][pair / 64] >> pair % 64 & 1) return true;
        if (i < sizeof explored->pairs[0] / sizeof explored->pairs[0][0] && explored->pairs[pair][i] != 0) return true;
    }
    return false;
}

// ---- New states -----------------------------------------------------------------------------------------------

// Claims of a script have a budget; it is given back from time to time.
static void renew(struct search *search) {
    enum { LOOKS = 64 };
    if (++search->looked % LOOKS == 0 && search->subject->renew != NULL)
        search->subject->renew(search->subject->context, search->checker.handle);
}

// The world is in the state, which is new.
static void judge(struct search *search, uint32_t state, uint32_t depth) {
    bool cut = false;
    const struct action itself = {.kind = ACTION_NONE};
    renew(search);
    abstract_look(search->world);
    if (broken(search->world)) {
        find(search, state, itself, depth, EXPLORE_FAILS);
        return;
    }
    uint32_t possible = abstract_actions(search->world, search->list, &cut);
    if (cut) search->explored->cuts++;
    if (possible > 0) return;
    search->explored->ends++;
    edges_end(&search->edges, state);
    bool waits = abstract_waits(search->world);
    abstract_finish(search->world);
    if (broken(search->world)) find(search, state, itself, depth, waits ? EXPLORE_DEADLOCK : EXPLORE_FAILS);
}

static void add_child(struct search *search, uint32_t parent, const struct child *child) {
    bool is_new;
    const unsigned char *bytes = search->staged.bytes + child->begin;
    uint32_t state = visited_add(&search->visited, child->digest, bytes, child->length,
                                 (struct visited_step){parent, child->action}, &is_new);
    if (state == UINT32_MAX) {
        give_up(search, LIMIT_MEMORY);
        return;
    }
    edges_add(&search->edges, parent, state);
    if (!is_new) return;
    search->explored->depth = search->depth + 1;
    abstract_load(search->world, bytes);
    judge(search, state, search->depth + 1);
    if (!frontier_put(&search->next, state, bytes, child->length)) give_up(search, LIMIT_MEMORY);
}

// ---- Successors -----------------------------------------------------------------------------------------------

// The action happens to the world, which is in state `parent`.
static void try_action(struct search *search, uint32_t parent, struct action action) {
    abstract_act(search->world, action);
    search->explored->transitions++;
    if (action.kind != ACTION_LOSE && action.kind != ACTION_DOUBLE) see_pairs(search);
    if (broken(search->world)) {
        find(search, parent, action, search->depth + 1, EXPLORE_FAILS);
        return;
    }
    uint32_t length = abstract_save(search->world, search->bytes);
    if (length == 0) {
        give_up(search, LIMIT_STATE);
        return;
    }
    struct child *child = &search->child[search->children];
    child->action = action;
    child->digest = abstract_digest(search->bytes, length);
    visited_soon(&search->visited, child->digest);
    child->begin = search->staged.length;
    child->length = length;
    size_t needed = search->staged.length + length;
    if (needed > search->staged.room) {
        unsigned char *larger = realloc(search->staged.bytes, needed * 2);
        if (larger == NULL) {
            give_up(search, LIMIT_MEMORY);
            return;
        }
        search->staged.bytes = larger;
        search->staged.room = needed * 2;
    }
    memcpy(search->staged.bytes + child->begin, search->bytes, length);
    search->staged.length = needed;
    search->children++;
}

static void expand(struct search *search, uint32_t state, const unsigned char *bytes) {
    bool cut;
    struct action list[ABSTRACT_ACTIONS];
    abstract_load(search->world, bytes);
    uint32_t count = abstract_actions(search->world, list, &cut);
    if (count == ABSTRACT_ACTIONS) give_up(search, LIMIT_STATE);
    search->pair_count = abstract_pairs(search->world, search->pairs, PAIRS_MOST);
    search->children = 0;
    search->staged.length = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) abstract_load(search->world, bytes);
        try_action(search, state, list[i]);
    }
    for (uint32_t i = 0; i < search->children; i++)
        add_child(search, state, &search->child[i]);
}

static void expand_all(struct search *search) {
    size_t at = 0;
    while (at < search->now.length && !search->found && search->explored->limit == LIMIT_NONE) {
        struct frontier_head head;
        memcpy(&head, search->now.bytes + at, sizeof head);
        expand(search, head.state, search->now.bytes + at + sizeof head);
        at += sizeof head + head.length;
    }
}

static bool any_depth(const struct search *search) {
    return search->options->depth == 0 || search->depth < search->options->depth;
}

static void search_levels(struct search *search) {
    while (search->now.length > 0 && !search->found && search->explored->limit == LIMIT_NONE) {
        if (!any_depth(search)) {
            give_up(search, LIMIT_DEPTH);
            return;
        }
        expand_all(search);
        size_t frontier = search->now.room + search->next.room;
        if (frontier > search->explored->frontier) search->explored->frontier = frontier;
        struct frontier done = search->now;
        search->now = search->next;
        search->next = done;
        search->next.length = 0;
        search->depth++;
    }
}

static void begin(struct search *search) {
    world_begin(search->world);
    bool is_new;
    uint32_t length = abstract_save(search->world, search->bytes);
    if (length == 0) {
        give_up(search, LIMIT_STATE);
        return;
    }
    visited_add(&search->visited, abstract_digest(search->bytes, length), search->bytes, length,
                (struct visited_step){0, {.kind = ACTION_NONE}}, &is_new);
    if (!is_new || !frontier_put(&search->now, 0, search->bytes, length)) {
        give_up(search, LIMIT_MEMORY);
        return;
    }
    if (broken(search->world)) {
        find(search, 0, (struct action){.kind = ACTION_NONE}, 0, EXPLORE_FAILS);
    } else {
        judge(search, 0, 0);
    }
}

// ---- The end --------------------------------------------------------------------------------------------------

static void write_path(struct search *search) {
    struct explored *explored = search->explored;
    bool beyond = search->found_action.kind != ACTION_NONE;
    uint32_t length = beyond ? 1 : 0;
    const struct visited_step *step = search->visited.step;
    for (uint32_t state = search->found_state; state != 0; state = step[state].from)
        length++;
    explored->path = calloc(length + 1, sizeof *explored->path);
    explored->length = length;
    if (explored->path == NULL) abort();
    if (beyond) explored->path[--length] = search->found_action;
    for (uint32_t state = search->found_state; state != 0; state = step[state].from)
        explored->path[--length] = step[state].action;
}

static void conclude(struct search *search) {
    struct explored *explored = search->explored;
    explored->states = search->visited.count;
    explored->bytes = visited_bytes(&search->visited) + edges_bytes(&search->edges);
    bool whole = explored->limit == LIMIT_NONE;
    if (!search->found && whole) {
        uint32_t state = edges_endless(&search->edges, search->visited.count);
        if (state != UINT32_MAX)
            find(search, state, (struct action){.kind = ACTION_NONE}, search->depth, EXPLORE_LIVELOCK);
    }
    if (search->found) {
        explored->limit = LIMIT_NONE;
        write_path(search);
    } else {
        explored->end = whole ? EXPLORE_HOLDS : EXPLORE_INCOMPLETE;
    }
}

static struct world *make(const struct subject *subject, const struct explore_options *options, struct trace *trace,
                          const char *command, void **handle) {
    struct world *world = subject->make(subject->context, trace, command, handle);
    if (options->properties) world_claim_all_properties(world);
    abstract_begin(world, &options->limits);
    return world;
}

const char *explore(const struct subject *subject, const struct explore_options *options, struct explored *explored) {
    memset(explored, 0, sizeof *explored);
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL) return "there is no memory for a search";
    search->subject = subject;
    search->options = options;
    search->explored = explored;
    search->world = make(subject, options, NULL, NULL, &search->checker.handle);
    const char *wrong = abstract_refuses(search->world);
    if (wrong == NULL) {
        visited_init(&search->visited, options->exact, options->memory);
        edges_init(&search->edges, options->memory);
        world_watch(search->world, NULL, &explored->coverage);
        begin(search);
        search_levels(search);
        conclude(search);
    }
    subject->drop(subject->context, search->checker.handle);
    visited_free(&search->visited);
    edges_free(&search->edges);
    free(search->now.bytes);
    free(search->next.bytes);
    free(search->staged.bytes);
    free(search);
    return wrong;
}

void explored_free(struct explored *explored) {
    free(explored->path);
    explored->path = NULL;
}

// ---- Replays --------------------------------------------------------------------------------------------------

static void happen(struct world *world, const struct explored *explored) {
    world_begin(world);
    for (uint32_t i = 0; i < explored->length; i++)
        abstract_act(world, explored->path[i]);
    bool cut;
    struct action list[ABSTRACT_ACTIONS];
    abstract_look(world);
    bool ends = abstract_actions(world, list, &cut) == 0;
    if (broken(world) || ends || explored->end == EXPLORE_LIVELOCK) abstract_finish(world);
}

bool explore_replay(const struct subject *subject, const struct explore_options *options,
                    const struct explored *explored, struct trace *trace, const char *command,
                    void (*look)(void *context, const struct world *world), void *context) {
    struct abstract_plan *plan = abstract_plan_new();
    struct trace scratch;
    void *handle;
    trace_init(&scratch);
    struct world *first = make(subject, options, &scratch, NULL, &handle);
    abstract_follow(first, plan, false);
    happen(first, explored);
    subject->drop(subject->context, handle);
    trace_free(&scratch);
    struct world *second = make(subject, options, trace, command, &handle);
    abstract_follow(second, plan, true);
    happen(second, explored);
    bool as_found = explored->end == EXPLORE_LIVELOCK || broken(second);
    look(context, second);
    subject->drop(subject->context, handle);
    abstract_plan_free(plan);
    return as_found;
}
