// The table that finds a connection by its four-tuple, against a plain list.
#include <string.h>

#include "sim/engine/luck.h"
#include "sim/host/internal.h"
#include "tests/check.h"

enum { MOST = 3000 };

static struct tuple tuples[MOST];
static struct pool_ref refs[MOST];
static uint32_t count;

static uint32_t draw(uint32_t step, uint32_t limit) {
    return (uint32_t)luck_upto(luck_draw(1, LUCK_SCRIPT, step, NULL, 0), limit);
}

static bool same(struct pool_ref a, struct pool_ref b) {
    return a.index == b.index && a.generation == b.generation;
}

// Few different numbers, so that ports neighbour and places are taken.
static struct tuple some_tuple(uint32_t step, uint32_t stride) {
    return (struct tuple){.local = (uint16_t)draw(step * 4, 1),
                          .remote = (uint16_t)draw(step * 4 + 1, 3),
                          .local_port = (uint16_t)(1024 + draw(step * 4 + 2, 200) * stride),
                          .remote_port = (uint16_t)(80 + draw(step * 4 + 3, 9))};
}

static void check_all(const struct demux *demux) {
    CHECK_EQ(demux->count, count);
    for (uint32_t i = 0; i < count; i++)
        CHECK(same(demux_find(demux, tuples[i]), refs[i]));
}

static void add_or_remove(struct demux *demux, uint32_t step, uint32_t stride) {
    struct tuple tuple = some_tuple(step, stride);
    uint32_t i = 0;
    while (i < count && memcmp(&tuples[i], &tuple, sizeof tuple) != 0)
        i++;
    if (i < count) {
        CHECK(same(demux_find(demux, tuple), refs[i]));
        demux_remove(demux, tuple);
        tuples[i] = tuples[--count];
        refs[i] = refs[count];
    } else if (count < MOST) {
        CHECK(demux_find(demux, tuple).generation == 0);
        tuples[count] = tuple;
        refs[count] = (struct pool_ref){.index = step, .generation = 2 * step + 1};
        demux_add(demux, tuple, refs[count++]);
    }
}

static void test_against_list(uint32_t stride) {
    check_about("ports %u apart", stride);
    struct demux demux, copy;
    count = 0;
    demux_init(&demux);
    for (uint32_t step = 0; step < 20000; step++) {
        add_or_remove(&demux, step, stride);
        if (step % 1000 == 0) check_all(&demux);
    }
    demux_copy(&copy, &demux);
    while (count > 0) {
        if (count % 500 == 0) check_all(&demux);
        demux_remove(&demux, tuples[--count]);
    }
    CHECK_EQ(demux.count, 0);
    CHECK(copy.count > 500);
    demux_free(&demux);
    demux_free(&copy);
}

int main(void) {
    test_against_list(1);
    test_against_list(64);  // all on the same place of their blocks
    test_against_list(7);
    return check_result();
}
