#include "sim/search/expand.h"

#include <stdlib.h>
#include <string.h>

#include "sim/engine/memory.h"

struct expander {
    const struct subject *subject;
    void *handle;
    struct world *world;
    struct findings *findings;                 // of the batch that is done
    struct abstract_pair pairs[EXPAND_PAIRS];  // of the parent
    uint32_t pair_count;
};

struct world *expand_world(const struct subject *subject, const struct explore_options *options, struct trace *trace,
                           const char *command, void **handle) {
    struct world *world = subject->make(subject->context, trace, command, handle);
    if (options->properties) world_claim_all_properties(world);
    abstract_begin(world, &options->limits);
    return world;
}

struct expander *expander_new(const struct subject *subject, const struct explore_options *options) {
    struct expander *expander = memory_allocate(sizeof *expander);
    expander->subject = subject;
    expander->world = expand_world(subject, options, NULL, NULL, &expander->handle);
    return expander;
}

void expander_free(struct expander *expander) {
    expander->subject->drop(expander->subject->context, expander->handle);
    free(expander);
}

struct world *expander_world(struct expander *expander) {
    return expander->world;
}

void expander_renew(struct expander *expander) {
    const struct subject *subject = expander->subject;
    if (subject->renew != NULL) subject->renew(subject->context, expander->handle);
}

void findings_free(struct findings *findings) {
    free(findings->child);
    free(findings->bytes);
    memset(findings, 0, sizeof *findings);
}

static void forget(struct findings *findings) {
    findings->children = findings->ends = 0;
    findings->length = 0;
    findings->transitions = findings->cuts = 0;
    findings->goes_on = false;
    memset(&findings->coverage, 0, sizeof findings->coverage);
    memset(findings->pairs, 0, sizeof findings->pairs);
    findings->limit = LIMIT_NONE;
    findings->here.end = findings->beyond.end = EXPLORE_HOLDS;
}

static bool broken(const struct world *world) {
    uint32_t count;
    world_failures(world, &count);
    return count > 0;
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

static void see(struct findings *findings, uint32_t from, uint32_t to) {
    if (from != to) findings->pairs[from][to / 64] |= UINT64_C(1) << to % 64;
}

static void see_pairs(struct expander *expander) {
    struct abstract_pair now[EXPAND_PAIRS];
    struct findings *findings = expander->findings;
    uint32_t count = abstract_pairs(expander->world, now, EXPAND_PAIRS);
    for (uint32_t i = 0; i < count; i++)
        see(findings, code_of(expander->pairs, expander->pair_count, now[i].key), pair_code(&now[i]));
    for (uint32_t i = 0; i < expander->pair_count; i++)
        if (code_of(now, count, expander->pairs[i].key) == 0) see(findings, pair_code(&expander->pairs[i]), 0);
}

// ---- One state ------------------------------------------------------------------------------------------------

static void find(struct find *find, enum explore_end end, uint32_t state, struct action action) {
    if (find->end == EXPLORE_HOLDS) *find = (struct find){end, state, action};
}

// Room for one more child, and its bytes.
static bool make_room(struct findings *findings, uint32_t length) {
    if (findings->children == findings->child_room) {
        uint32_t room = findings->child_room == 0 ? 4 * FRONTIER_BATCH : findings->child_room * 2;
        struct child *larger = realloc(findings->child, room * sizeof *larger);
        if (larger == NULL) return false;
        findings->child = larger;
        findings->child_room = room;
    }
    if (findings->length + length > findings->room) {
        size_t room = (findings->length + length) * 2;
        unsigned char *larger = realloc(findings->bytes, room);
        if (larger == NULL) return false;
        findings->bytes = larger;
        findings->room = room;
    }
    return true;
}

// The action happens to the world, which is in state `parent`.
static void try_action(struct expander *expander, uint32_t parent, struct action action) {
    struct findings *findings = expander->findings;
    abstract_act(expander->world, action);
    findings->transitions++;
    if (action.kind != ACTION_LOSE && action.kind != ACTION_DOUBLE) see_pairs(expander);
    if (broken(expander->world)) {
        find(&findings->beyond, EXPLORE_FAILS, parent, action);
        return;
    }
    if (!make_room(findings, ABSTRACT_STATE_MOST)) {
        findings->limit = LIMIT_MEMORY;
        return;
    }
    unsigned char *bytes = findings->bytes + findings->length;
    uint32_t length = abstract_save(expander->world, bytes);
    if (length == 0) {
        findings->limit = LIMIT_STATE;
        return;
    }
    findings->child[findings->children++] = (struct child){
        .action = action,
        .parent = parent,
        .length = length,
        .digest = abstract_digest(bytes, length),
        .begin = findings->length,
    };
    findings->length += length;
}

// The world is in the state. How much may happen next.
static uint32_t judge(struct expander *expander, uint32_t state, struct action *list, bool *cut) {
    struct findings *findings = expander->findings;
    struct world *world = expander->world;
    const struct action itself = {.kind = ACTION_NONE};
    *cut = false;
    abstract_look(world);
    if (broken(world)) {
        find(&findings->here, EXPLORE_FAILS, state, itself);
        return 0;
    }
    uint32_t count = abstract_actions(world, list, cut);
    if (count > 0 || *cut) return count;
    bool waits = abstract_waits(world);
    abstract_finish(world);
    if (broken(world)) find(&findings->here, waits ? EXPLORE_DEADLOCK : EXPLORE_FAILS, state, itself);
    findings->ends++;
    return 0;
}

static void expand(struct expander *expander, uint32_t state, const unsigned char *bytes, bool judge_only) {
    struct findings *findings = expander->findings;
    struct action list[ABSTRACT_ACTIONS];
    bool cut;
    abstract_load(expander->world, bytes);
    uint32_t count = judge(expander, state, list, &cut);
    // Once something is found, the rest is only judged: a state that is broken itself lies nearer.
    if (findings->here.end != EXPLORE_HOLDS || findings->beyond.end != EXPLORE_HOLDS) return;
    if (findings->limit != LIMIT_NONE) return;
    findings->cuts += cut;
    findings->goes_on = findings->goes_on || count > 0 || cut;
    if (judge_only) return;
    if (count == ABSTRACT_ACTIONS) findings->limit = LIMIT_STATE;
    expander->pair_count = abstract_pairs(expander->world, expander->pairs, EXPAND_PAIRS);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) abstract_load(expander->world, bytes);
        try_action(expander, state, list[i]);
        if (findings->beyond.end != EXPLORE_HOLDS) return;
    }
}

void expander_run(struct expander *expander, const struct batch *batch, bool judge_only, struct findings *findings) {
    struct batch_head head;
    size_t at = 0;
    forget(findings);
    expander->findings = findings;
    expander_renew(expander);  // claims of a script have a budget
    world_watch(expander->world, NULL, &findings->coverage);
    for (const unsigned char *bytes; (bytes = batch_next(batch, &at, &head)) != NULL;) {
        expand(expander, head.state, bytes, judge_only);
        if (findings->here.end != EXPLORE_HOLDS) return;
    }
}
