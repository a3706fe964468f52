// Finds a connection by its four-tuple: open addressing. An entry is 16 bytes and holds the whole tuple, so that a miss
// touches no connection.
//
// Ephemeral ports are given in order, so connections of the same age have neighbouring ports. They are put side by
// side: a block of the table is chosen by hash, the place in it by the port. What finds its place taken goes on to the
// next block, one place further, so that in the end it comes by every place.
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/memory.h"
#include "sim/host/internal.h"

enum {
    BLOCK = 64,
    FIRST_ENTRIES = BLOCK,
    STRIDE = BLOCK + 1,  // odd: it leads through the whole table
};
static const uint32_t stride_inverse = 0xc0fc0fc1;  // STRIDE * stride_inverse = 1 modulo 2^32

void demux_init(struct demux *demux) {
    demux->entries = memory_allocate(FIRST_ENTRIES * sizeof *demux->entries);
    demux->mask = FIRST_ENTRIES - 1;
    demux->count = 0;
}

void demux_free(struct demux *demux) {
    free(demux->entries);
    memset(demux, 0, sizeof *demux);
}

void demux_copy(struct demux *to, const struct demux *from) {
    size_t size = ((size_t)from->mask + 1) * sizeof *from->entries;
    *to = *from;
    to->entries = memory_grow(NULL, size);
    memcpy(to->entries, from->entries, size);
}

static uint32_t home(const struct demux *demux, uint64_t key) {
    uint64_t addresses = key & UINT32_MAX;
    uint64_t one = key >> 32 & UINT16_MAX, other = key >> 48;
    uint64_t ephemeral = one > other ? one : other, served = one > other ? other : one;
    uint64_t hash = (addresses << 32 | ephemeral / BLOCK << 16 | served) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return ((uint32_t)(hash >> 32) * BLOCK + (uint32_t)ephemeral % BLOCK) & demux->mask;
}

// The entry of the key, or the empty one where it would stand.
static uint32_t place_of(const struct demux *demux, uint64_t key) {
    uint32_t place = home(demux, key);
    while (demux->entries[place].ref.generation != 0 && demux->entries[place].key != key)
        place = (place + STRIDE) & demux->mask;
    return place;
}

// How many strides lead from one place to another.
static uint32_t strides(const struct demux *demux, uint32_t from, uint32_t to) {
    return (to - from) * stride_inverse & demux->mask;
}

struct pool_ref demux_find(const struct demux *demux, struct tuple tuple) {
    return demux->entries[place_of(demux, tuple_key(tuple))].ref;
}

static void grow(struct demux *demux) {
    struct demux old = *demux;
    demux->mask = old.mask * 2 + 1;
    demux->entries = memory_allocate(((size_t)demux->mask + 1) * sizeof *demux->entries);
    for (uint32_t i = 0; i <= old.mask; i++)
        if (old.entries[i].ref.generation != 0) demux->entries[place_of(demux, old.entries[i].key)] = old.entries[i];
    free(old.entries);
}

void demux_add(struct demux *demux, struct tuple tuple, struct pool_ref ref) {
    if (demux->count + 1 > demux->mask / 4 * 3) grow(demux);
    struct demux_entry *entry = &demux->entries[place_of(demux, tuple_key(tuple))];
    assert(entry->ref.generation == 0);
    *entry = (struct demux_entry){.key = tuple_key(tuple), .ref = ref};
    demux->count++;
}

void demux_remove(struct demux *demux, struct tuple tuple) {
    uint32_t hole = place_of(demux, tuple_key(tuple));
    assert(demux->entries[hole].ref.generation != 0);
    // Those behind the hole move up, unless that would put them before their home.
    uint32_t place = (hole + STRIDE) & demux->mask;
    for (; demux->entries[place].ref.generation != 0; place = (place + STRIDE) & demux->mask) {
        uint32_t from_home = strides(demux, home(demux, demux->entries[place].key), place);
        if (from_home < strides(demux, hole, place)) continue;
        demux->entries[hole] = demux->entries[place];
        hole = place;
    }
    memset(&demux->entries[hole], 0, sizeof demux->entries[hole]);
    demux->count--;
}
