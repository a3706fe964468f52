#include "sim/search/explore.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/crew.h"
#include "sim/search/edges.h"
#include "sim/search/livelock.h"
#include "sim/search/visited.h"

struct search {
    const struct explore_options *options;
    struct explored *explored;
    struct crew *crew;
    struct visited visited;
    struct edges edges;
    struct frontier now, next;  // of this depth, and of the one behind it
    uint32_t depth;             // of `now`
    struct find found;
    unsigned char root[ABSTRACT_STATE_MOST];
};

static void give_up(struct search *search, enum explore_limit limit) {
    if (search->explored->limit == LIMIT_NONE) search->explored->limit = limit;
}

static bool goes_on(const struct search *search) {
    return search->found.end == EXPLORE_HOLDS && search->explored->limit == LIMIT_NONE;
}

// ---- Memory ---------------------------------------------------------------------------------------------------

// What the parts hold together may reach the limit, so each may have what the others leave.
static size_t left(const struct search *search, size_t mine) {
    size_t held =
        visited_bytes(&search->visited) + edges_bytes(&search->edges) + search->now.bytes + search->next.bytes;
    return held - mine < search->options->memory ? search->options->memory - (held - mine) : 0;
}

static void note_memory(struct search *search) {
    size_t frontier = search->now.bytes + search->next.bytes;
    if (frontier > search->explored->frontier) search->explored->frontier = frontier;
}

// ---- What a batch has brought ---------------------------------------------------------------------------------

static void add_coverage(struct explored *explored, const struct findings *findings) {
    struct coverage *sum = &explored->coverage;
    const struct coverage *more = &findings->coverage;
    tcp_rule_set_unite(&sum->rules, &more->rules);
    sum->labels |= more->labels;
    for (int i = 0; i < TCP_STATES; i++)
        sum->transitions[i] |= more->transitions[i];
    for (int i = 0; i < COVERAGE_FATES; i++)
        sum->fates[i] += more->fates[i];
    for (int i = 0; i < EXPLORE_PAIRS; i++)
        for (int k = 0; k < EXPLORE_PAIR_WORDS; k++)
            explored->pairs[i][k] |= findings->pairs[i][k];
}

static void add_counts(struct search *search, const struct findings *findings) {
    struct explored *explored = search->explored;
    explored->transitions += findings->transitions;
    explored->cuts += findings->cuts;
    explored->ends += findings->ends;
    add_coverage(explored, findings);
}

static bool add_child(struct search *search, const struct findings *findings, const struct child *child) {
    const unsigned char *bytes = findings->bytes + child->begin;
    bool is_new;
    if (!frontier_reserve(&search->next, child->length, left(search, search->next.bytes))) return false;
    search->visited.limit = left(search, visited_bytes(&search->visited));
    uint32_t state = visited_add(&search->visited, child->digest, bytes, child->length,
                                 (struct visited_step){child->parent, child->action}, &is_new);
    if (state == UINT32_MAX) return false;
    search->edges.limit = left(search, edges_bytes(&search->edges));
    edges_add(&search->edges, child->parent, state);
    if (!is_new) return true;
    search->explored->depth = search->depth + 1;
    frontier_put(&search->next, state, bytes, child->length);
    return true;
}

static void add_children(struct search *search, const struct findings *findings) {
    enum { AHEAD = 8 };
    for (uint32_t i = 0; i < findings->children && i < AHEAD; i++)
        visited_soon(&search->visited, findings->child[i].digest);
    for (uint32_t i = 0; i < findings->children; i++) {
        if (i + AHEAD < findings->children) visited_soon(&search->visited, findings->child[i + AHEAD].digest);
        if (!add_child(search, findings, &findings->child[i])) {
            give_up(search, LIMIT_MEMORY);
            return;
        }
    }
}

// What the batch has found, if that is nearer than what was found before it.
static void add_find(struct search *search, const struct findings *findings) {
    if (findings->here.end != EXPLORE_HOLDS)
        search->found = findings->here;
    else if (search->found.end == EXPLORE_HOLDS)
        search->found = findings->beyond;
}

// ---- Depth by depth -------------------------------------------------------------------------------------------

// The states of `frontier` are looked at, and nothing happens. True: in one of them something may.
static bool judge_all(struct search *search, const struct frontier *frontier) {
    bool any = false;
    crew_begin(search->crew, frontier, true);
    for (uint32_t i = 0; i < frontier->batches && search->found.end == EXPLORE_HOLDS; i++) {
        const struct findings *findings = crew_take(search->crew);
        any = any || findings->goes_on;
        add_counts(search, findings);
        add_find(search, findings);
        crew_give_back(search->crew);
    }
    crew_end(search->crew);
    return any;
}

static void show_progress(const struct search *search) {
    if (search->options->progress == NULL) return;
    search->explored->states = search->visited.count;
    search->options->progress(search->options->context, search->explored);
}

// All states of this depth. When a successor is broken, the rest is still asked for one that is broken itself, for
// that is nearer.
static void search_depth(struct search *search) {
    crew_begin(search->crew, &search->now, false);
    for (uint32_t i = 0; i < search->now.batches; i++) {
        const struct findings *findings = crew_take(search->crew);
        if (goes_on(search)) {
            add_counts(search, findings);
            add_children(search, findings);
            if (findings->limit != LIMIT_NONE) give_up(search, findings->limit);
            note_memory(search);
        }
        add_find(search, findings);
        crew_give_back(search->crew);
        frontier_drop(&search->now, i);
        show_progress(search);
        if (goes_on(search)) continue;
        if (search->found.end == EXPLORE_HOLDS || search->found.action.kind == ACTION_NONE) break;
        crew_only_judge(search->crew);
    }
    crew_end(search->crew);
}

static void search_depths(struct search *search) {
    while (search->now.batches > 0 && goes_on(search)) {
        if (search->options->depth != 0 && search->depth == search->options->depth) {
            if (judge_all(search, &search->now)) give_up(search, LIMIT_DEPTH);
            return;
        }
        search_depth(search);
        if (!goes_on(search)) break;
        frontier_free(&search->now);
        search->now = search->next;
        memset(&search->next, 0, sizeof search->next);
        search->depth++;
    }
    // What was reached before memory ran out has not been looked at.
    if (search->found.end == EXPLORE_HOLDS && search->explored->limit != LIMIT_NONE) {
        judge_all(search, &search->now);
        if (search->found.end == EXPLORE_HOLDS) judge_all(search, &search->next);
    }
}

static void begin(struct search *search) {
    struct world *world = expander_world(crew_expander(search->crew));
    uint32_t count;
    bool is_new = false;
    expander_renew(crew_expander(search->crew));
    world_watch(world, NULL, &search->explored->coverage);
    world_begin(world);
    world_failures(world, &count);
    if (count > 0) search->found = (struct find){EXPLORE_FAILS, 0, {.kind = ACTION_NONE}};
    uint32_t length = abstract_save(world, search->root);
    if (length == 0) {
        give_up(search, LIMIT_STATE);
        return;
    }
    bool fits = frontier_reserve(&search->now, length, left(search, search->now.bytes));
    search->visited.limit = left(search, visited_bytes(&search->visited));
    if (fits)
        visited_add(&search->visited, abstract_digest(search->root, length), search->root, length,
                    (struct visited_step){0, {.kind = ACTION_NONE}}, &is_new);
    if (is_new)
        frontier_put(&search->now, 0, search->root, length);
    else
        give_up(search, LIMIT_MEMORY);
}

// ---- The end --------------------------------------------------------------------------------------------------

// The way to the state, and `more` actions behind it.
static void write_path(struct search *search, uint32_t found, const struct action *more, uint32_t count) {
    struct explored *explored = search->explored;
    const struct visited_step *step = search->visited.step;
    uint32_t length = count;
    for (uint32_t state = found; state != 0; state = step[state].from)
        length++;
    explored->path = calloc(length + 1, sizeof *explored->path);
    explored->length = length;
    if (explored->path == NULL) abort();
    if (count > 0) memcpy(explored->path + length - count, more, count * sizeof *more);
    length -= count;
    for (uint32_t state = found; state != 0; state = step[state].from)
        explored->path[--length] = step[state].action;
}

static void look_for_livelocks(struct search *search) {
    struct explored *explored = search->explored;
    frontier_free(&search->now);
    frontier_free(&search->next);
    struct livelock livelock;
    const struct livelock_search where = {.visited = &search->visited,
                                          .edges = &search->edges,
                                          .expander = crew_expander(search->crew),
                                          .root = search->root,
                                          .limit = left(search, 0)};
    world_watch(expander_world(where.expander), NULL, NULL);
    if (!livelock_find(&where, &livelock)) {
        give_up(search, LIMIT_LIVELOCK);
    } else if (livelock.found) {
        explored->end = EXPLORE_LIVELOCK;
        explored->round = livelock.length;
        write_path(search, livelock.state, livelock.round, livelock.length);
    }
    livelock_free(&livelock);
}

static void conclude(struct search *search) {
    struct explored *explored = search->explored;
    explored->states = search->visited.count;
    explored->bytes = visited_bytes(&search->visited) + edges_bytes(&search->edges);
    if (search->found.end != EXPLORE_HOLDS) {
        explored->limit = LIMIT_NONE;
        explored->end = search->found.end;
        bool beyond = search->found.action.kind != ACTION_NONE;
        write_path(search, search->found.state, &search->found.action, beyond);
        return;
    }
    if (explored->limit == LIMIT_NONE) look_for_livelocks(search);
    if (explored->end == EXPLORE_LIVELOCK) return;
    explored->end = explored->limit == LIMIT_NONE ? EXPLORE_HOLDS : EXPLORE_INCOMPLETE;
}

static void explore_all(struct search *search) {
    visited_init(&search->visited, search->options->exact, search->options->memory);
    edges_init(&search->edges, search->options->memory);
    begin(search);
    search_depths(search);
    conclude(search);
    visited_free(&search->visited);
    edges_free(&search->edges);
    frontier_free(&search->now);
    frontier_free(&search->next);
}

const char *explore(const struct subject *subject, const struct explore_options *options, struct explored *explored) {
    memset(explored, 0, sizeof *explored);
    struct search *search = calloc(1, sizeof *search);
    uint32_t jobs = options->jobs == 0 ? 1 : options->jobs < CREW_MOST ? options->jobs : CREW_MOST;
    struct crew *crew = search == NULL ? NULL : crew_new(subject, options, jobs);
    if (crew == NULL) {
        free(search);
        return SENTENCE("there is no memory for a search", "内存不足，无法开始搜索");
    }
    search->options = options;
    search->explored = explored;
    search->crew = crew;
    const char *wrong = abstract_refuses(expander_world(crew_expander(crew)), &explored->line);
    if (wrong == NULL) explore_all(search);
    crew_free(crew);
    free(search);
    return wrong;
}

void explored_free(struct explored *explored) {
    free(explored->path);
    explored->path = NULL;
}

bool explored_pair(const struct explored *explored, uint32_t pair) {
    for (uint32_t i = 0; i < EXPLORE_PAIRS; i++)
        if (explored->pairs[i][pair / 64] >> pair % 64 & 1) return true;
    for (uint32_t i = 0; i < EXPLORE_PAIR_WORDS; i++)
        if (explored->pairs[pair][i] != 0) return true;
    return false;
}
