// The event queue against an unsorted array that is searched for the least (time, number).
#include <stdint.h>
#include <stdlib.h>

#include "sim/engine/bits.h"
#include "sim/engine/queue.h"
#include "tests/check.h"

enum { MODEL_EVENTS = 4096 };

struct model {
    struct queue_event event[MODEL_EVENTS];
    uint32_t count;
    uint64_t pushed;
};

static uint64_t random_state;

static uint64_t random_number(void) {
    random_state += BITS_GOLDEN;
    return bits_mix(random_state);
}

static uint32_t model_earliest(const struct model *model) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < model->count; i++) {
        const struct queue_event *a = &model->event[i], *b = &model->event[best];
        if (a->time < b->time || (a->time == b->time && a->number < b->number)) best = i;
    }
    return best;
}

static void push_both(struct queue *queue, struct model *model, uint64_t time) {
    struct queue_event event = {.time = time,
                                .number = ++model->pushed,
                                .index = (uint32_t)random_number(),
                                .generation = (uint32_t)random_number(),
                                .kind = (uint32_t)random_number()};
    model->event[model->count++] = event;
    queue_push(queue, time, event.kind, event.index, event.generation);
}

// True when both give the same event, whose time is left in `now`.
static bool pop_both(struct queue *queue, struct model *model, uint64_t *now) {
    struct queue_event event = {0};
    bool any = queue_pop(queue, &event);
    if (!CHECK_EQ(any, model->count > 0)) return false;
    if (!any) return true;
    uint32_t best = model_earliest(model);
    struct queue_event want = model->event[best];
    model->event[best] = model->event[--model->count];
    *now = want.time;
    return CHECK_EQ(event.time, want.time) && CHECK_EQ(event.number, want.number) &&
           CHECK_EQ(event.index, want.index) && CHECK_EQ(event.generation, want.generation) &&
           CHECK_EQ(event.kind, want.kind);
}

static bool peek_both(struct queue *queue, const struct model *model) {
    uint64_t want = model->count == 0 ? UINT64_MAX : model->event[model_earliest(model)].time;
    return CHECK_EQ(queue_next_time(queue), want) && CHECK_EQ(queue_count(queue), model->count);
}

// A distance of any magnitude from 0 to 2^`bits`, often a round one, so that times coincide.
static uint64_t any_distance(uint32_t bits) {
    uint32_t magnitude = (uint32_t)(random_number() % (bits + 1));
    uint64_t distance = magnitude == 0 ? 0 : random_number() >> (64 - magnitude);
    return random_number() % 4 == 0 ? distance >> magnitude / 2 << magnitude / 2 : distance;
}

// One random history. `push_share` of 256 steps push while there is room.
static void random_history(uint64_t seed, uint64_t start, uint32_t bits, uint32_t push_share, uint32_t steps) {
    static struct model model;
    model.count = 0;
    model.pushed = 0;
    random_state = seed;
    check_about("seed %llu, from %llu, distances below 2^%u, %u/256 pushes", (unsigned long long)seed,
                (unsigned long long)start, bits, push_share);
    struct queue *queue = queue_new();
    uint64_t now = start;
    bool same = true;
    for (uint32_t step = 0; step < steps && same; step++) {
        if (random_number() % 256 < push_share && model.count < MODEL_EVENTS) {
            uint64_t distance = any_distance(bits);
            push_both(queue, &model, distance < UINT64_MAX - now ? now + distance : UINT64_MAX);
        } else {
            same = pop_both(queue, &model, &now);
        }
        if (random_number() % 4 == 0) same = same && peek_both(queue, &model);
        if (random_number() % 64 == 0) {  // a copy goes on where the queue was
            struct queue *copy = queue_copy(queue);
            queue_delete(queue);
            queue = copy;
        }
    }
    while (same && model.count > 0)
        same = peek_both(queue, &model) && pop_both(queue, &model, &now);
    if (same) CHECK(pop_both(queue, &model, &now) && peek_both(queue, &model));
    queue_delete(queue);
    check_about(NULL);
}

static void histories(void) {
    static const uint64_t starts[] = {
        0, 1, 63, (UINT64_C(1) << 36) - 1, (UINT64_C(1) << 63) - 1000, UINT64_C(1) << 63, UINT64_MAX - 100000};
    static const uint32_t bits[] = {0, 3, 12, 40, 63};
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        for (size_t j = 0; j < sizeof bits / sizeof *bits; j++)
            for (uint32_t share = 100; share <= 180; share += 40)
                random_history(seed++, starts[i], bits[j], share, 3000);
}

// Many events of one time, pushed from far away, from near, and while they are popped.
static void equal_times(void) {
    struct queue *queue = queue_new();
    uint64_t time = UINT64_C(5000000000000);
    for (uint32_t i = 0; i < 500; i++) {
        queue_push(queue, time, 1, i, 0);
        queue_push(queue, i, 2, i, 0);
    }
    struct queue_event event;
    for (uint32_t i = 0; i < 500; i++) {
        CHECK(queue_pop(queue, &event) && event.kind == 2 && event.index == i);
        queue_push(queue, time, 1, 500 + i, 0);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        CHECK_EQ(queue_next_time(queue), time);
        CHECK(queue_pop(queue, &event) && event.time == time && event.index == i);
        if (i < 300) queue_push(queue, time, 1, 1000 + i, 0);
    }
    for (uint32_t i = 0; i < 300; i++)
        CHECK(queue_pop(queue, &event) && event.index == 1000 + i);
    CHECK(!queue_pop(queue, &event));
    queue_delete(queue);
}

// Looking at the next time must not keep an earlier one from being pushed.
static void look_then_push_earlier(void) {
    struct queue *queue = queue_new();
    struct queue_event event;
    queue_push(queue, 1000000, 1, 0, 0);
    for (uint64_t time = 999999; time > 0; time /= 2) {
        CHECK(queue_next_time(queue) > time);
        queue_push(queue, time, 1, 0, 0);
        CHECK_EQ(queue_next_time(queue), time);
    }
    uint64_t last = 0;
    while (queue_pop(queue, &event)) {
        CHECK(event.time > last);
        last = event.time;
    }
    CHECK_EQ(last, 1000000);
    queue_delete(queue);
}

static void copies_are_independent(void) {
    struct queue *queue = queue_new();
    for (uint32_t i = 0; i < 1000; i++)
        queue_push(queue, i * UINT64_C(7919) % 1000, 1, i, 0);
    struct queue *copy = queue_copy(queue);
    struct queue_event a, b;
    while (queue_pop(queue, &a))
        queue_bytes(queue);
    queue_delete(queue);
    uint32_t count = 0;
    for (uint64_t last = 0; queue_pop(copy, &b); count++, last = b.time)
        CHECK(b.time >= last);
    CHECK_EQ(count, 1000);
    queue_push(copy, 1000, 1, 0, 0);
    CHECK(queue_pop(copy, &b));
    CHECK_EQ(b.number, 1001);
    queue_delete(copy);
}

// Once warm, the queue needs no more memory.
static void memory_stays(void) {
    struct queue *queue = queue_new();
    struct queue_event event = {0};
    size_t warm = 0;
    for (uint32_t i = 0; i < 2000; i++)
        queue_push(queue, i, 1, i, 0);
    for (uint32_t round = 0; round < 400000; round++) {
        CHECK(queue_pop(queue, &event));
        queue_push(queue, event.time + any_distance(34), 1, event.index, 0);
        if (round == 300000) warm = queue_bytes(queue);
    }
    CHECK_EQ(queue_bytes(queue), warm);
    queue_delete(queue);
}

int main(void) {
    histories();
    equal_times();
    look_then_push_earlier();
    copies_are_independent();
    memory_stays();
    return check_result();
}
