// A path that a search has found happens once more, and is recorded.
#include <stdlib.h>
#include <string.h>

#include "sim/search/expand.h"

static bool broken(const struct world *world) {
    uint32_t count;
    world_failures(world, &count);
    return count > 0;
}

// True: where the path should go round once, the world is at last what it was before.
static bool happen(struct world *world, const struct explored *explored) {
    static const uint32_t sizes = ABSTRACT_STATE_MOST;
    unsigned char *before = malloc(sizes), *after = malloc(sizes);
    uint32_t length = 0;
    if (before == NULL || after == NULL) abort();
    world_begin(world);
    for (uint32_t i = 0; i < explored->length; i++) {
        if (i == explored->length - explored->round) length = abstract_save(world, before);
        abstract_act(world, explored->path[i]);
    }
    bool around = length > 0 && abstract_save(world, after) == length && memcmp(before, after, length) == 0;
    free(before);
    free(after);
    bool cut;
    struct action list[ABSTRACT_ACTIONS];
    abstract_look(world);
    bool ends = abstract_actions(world, list, &cut) == 0;
    if (explored->end == EXPLORE_LIVELOCK)
        abstract_stop(world);
    else if (broken(world) || ends)
        abstract_finish(world);
    return around;
}

bool explore_replay(const struct subject *subject, const struct explore_options *options,
                    const struct explored *explored, struct trace *trace, const char *command,
                    void (*look)(void *context, const struct world *world), void *context) {
    struct abstract_plan *plan = abstract_plan_new();
    struct trace scratch;
    void *handle;
    trace_init(&scratch);
    struct world *first = expand_world(subject, options, &scratch, NULL, &handle);
    abstract_follow(first, plan, false);
    happen(first, explored);
    subject->drop(subject->context, handle);
    trace_free(&scratch);
    struct world *second = expand_world(subject, options, trace, command, &handle);
    abstract_follow(second, plan, true);
    bool around = happen(second, explored);
    bool as_found = explored->end == EXPLORE_LIVELOCK ? around : broken(second);
    look(context, second);
    subject->drop(subject->context, handle);
    abstract_plan_free(plan);
    return as_found;
}
