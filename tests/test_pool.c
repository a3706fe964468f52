// Pools against an array that remembers what lives where.
#include <stdint.h>
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/pool.h"
#include "tests/check.h"

enum { SLOTS = 5000, ITEM = 20 };

// What the pool ought to hold.
struct model {
    struct pool_ref ref[SLOTS];  // its last life
    unsigned char *item[SLOTS];  // where it was
    bool live[SLOTS];
    uint32_t freed[SLOTS];  // a stack
    uint32_t freed_count, count, live_count;
};

static uint64_t random_state = 1;

static uint32_t random_below(uint32_t limit) {
    random_state += BITS_GOLDEN;
    return (uint32_t)(bits_mix(random_state) >> 32) % limit;
}

// What an item is filled with: a pattern of its name.
static void fill(unsigned char *item, struct pool_ref ref) {
    memset(item, (int)(ref.index * 7 + ref.generation * 13) & 0xff, ITEM);
}

static bool is_filled(const unsigned char *item, struct pool_ref ref) {
    unsigned char want[ITEM];
    fill(want, ref);
    return memcmp(item, want, ITEM) == 0;
}

static void add(struct pool *pool, struct model *model) {
    static const unsigned char zero[ITEM];
    uint32_t want = model->freed_count > 0 ? model->freed[--model->freed_count] : model->count++;
    struct pool_ref ref = pool_add(pool);
    CHECK_EQ(ref.index, want);
    CHECK_EQ(ref.generation % 2, 1);
    CHECK_EQ(ref.generation, model->ref[want].generation + (model->ref[want].generation == 0 ? 1 : 2));
    unsigned char *item = pool_get(pool, ref);
    CHECK(item != NULL && (uintptr_t)item % 8 == 0 && memcmp(item, zero, ITEM) == 0);
    fill(item, ref);
    model->ref[want] = ref;
    model->item[want] = item;
    model->live[want] = true;
    model->live_count++;
}

static void remove_one(struct pool *pool, struct model *model, uint32_t index) {
    pool_remove(pool, model->ref[index]);
    model->live[index] = false;
    model->live_count--;
    model->freed[model->freed_count++] = index;
    CHECK(pool_get(pool, model->ref[index]) == NULL);
}

static void compare(const struct pool *pool, const struct model *model, bool same_place) {
    CHECK_EQ(pool->count, model->count);
    CHECK_EQ(pool->live, model->live_count);
    for (uint32_t i = 0; i < model->count; i++) {
        struct pool_ref ref = {0, 0};
        unsigned char *item = pool_at(pool, i, &ref);
        CHECK_EQ(item != NULL, model->live[i]);
        CHECK(pool_get(pool, model->ref[i]) == item);
        if (item == NULL) continue;
        CHECK(ref.index == i && ref.generation == model->ref[i].generation);
        CHECK(is_filled(item, ref) && (!same_place || item == model->item[i]));
        CHECK(pool_get(pool, (struct pool_ref){.index = i, .generation = ref.generation + 2}) == NULL);
        CHECK(pool_get(pool, (struct pool_ref){.index = i, .generation = ref.generation - 1}) == NULL);
    }
}

static void random_life(struct pool *pool, struct model *model, uint32_t steps, uint32_t adds_of_16) {
    for (uint32_t step = 0; step < steps; step++) {
        if (random_below(16) < adds_of_16 && model->count < SLOTS) {
            add(pool, model);
        } else if (model->live_count > 0) {
            uint32_t index = random_below(model->count);
            while (!model->live[index])
                index = (index + 1) % model->count;
            remove_one(pool, model, index);
        }
    }
}

static void against_the_model(void) {
    static struct model model, copied;
    struct pool pool, copy;
    pool_init(&pool, ITEM);
    pool_init(&copy, ITEM);
    CHECK_EQ(pool.item_size, 24);
    CHECK_EQ(pool_bytes(&pool), 0);
    for (int round = 0; round < 6; round++) {
        random_life(&pool, &model, 2000, round % 2 == 0 ? 12 : 6);
        compare(&pool, &model, true);
        pool_copy(&copy, &pool);  // over what an earlier round left
        memcpy(&copied, &model, sizeof model);
        random_life(&copy, &copied, 500, 9);
        compare(&copy, &copied, false);
        compare(&pool, &model, true);
    }
    // To something smaller, and back.
    struct pool small;
    pool_init(&small, ITEM);
    pool_copy(&copy, &small);
    CHECK_EQ(copy.count, 0);
    CHECK_EQ(pool_add(&copy).generation, 1);
    pool_copy(&copy, &pool);
    compare(&copy, &model, false);
    pool_free(&pool);
    pool_free(&copy);
    pool_free(&small);
    CHECK_EQ(pool_bytes(&pool), 0);
}

static void nothing_has_a_name(void) {
    struct pool pool;
    pool_init(&pool, 8);
    CHECK(pool_get(&pool, (struct pool_ref){0, 0}) == NULL);
    CHECK(pool_get(&pool, (struct pool_ref){0, 1}) == NULL);
    struct pool_ref ref = pool_add(&pool);
    CHECK(pool_get(&pool, (struct pool_ref){0, 0}) == NULL);
    CHECK(pool_get(&pool, (struct pool_ref){1, 1}) == NULL);
    CHECK(pool_get(&pool, (struct pool_ref){UINT32_MAX, 1}) == NULL);
    pool_remove(&pool, ref);
    CHECK(pool_get(&pool, (struct pool_ref){0, 2}) == NULL);
    CHECK(pool_at(&pool, 0, NULL) == NULL);
    pool_free(&pool);
}

int main(void) {
    against_the_model();
    nothing_has_a_name();
    return check_result();
}
