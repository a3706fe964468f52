#include "sim/engine/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/memory.h"

enum { FIRST_CHUNK = 1 << POOL_FIRST_CHUNK_BITS };

static size_t stride(const struct pool *pool) {
    return sizeof(struct pool_slot) + pool->item_size;
}

static void need_chunk(struct pool *pool, uint32_t chunk) {
    if (pool->chunks[chunk] == NULL) pool->chunks[chunk] = memory_lines(((size_t)FIRST_CHUNK << chunk) * stride(pool));
}

void pool_init(struct pool *pool, size_t item_size) {
    memset(pool, 0, sizeof *pool);
    pool->item_size = (uint32_t)((item_size + 7) / 8 * 8);
    assert(pool->item_size >= item_size);
}

void pool_free(struct pool *pool) {
    for (uint32_t chunk = 0; chunk < POOL_CHUNKS; chunk++)
        free(pool->chunks[chunk]);
    pool_init(pool, pool->item_size);
}

void pool_copy(struct pool *to, const struct pool *from) {
    assert(to->item_size == from->item_size);
    uint32_t left = from->count;
    for (uint32_t chunk = 0; left > 0; chunk++) {
        uint32_t slots = (uint32_t)FIRST_CHUNK << chunk;
        if (slots > left) slots = left;
        need_chunk(to, chunk);
        memcpy(to->chunks[chunk], from->chunks[chunk], slots * stride(from));
        left -= slots;
    }
    to->count = from->count;
    to->live = from->live;
    to->free_head = from->free_head;
}

// A slot behind all others.
static struct pool_slot *append(struct pool *pool) {
    assert(pool->count < UINT32_MAX - FIRST_CHUNK);
    need_chunk(pool, bits_highest(pool->count + FIRST_CHUNK) - POOL_FIRST_CHUNK_BITS);
    struct pool_slot *slot = pool_slot(pool, pool->count++);
    slot->generation = 0;
    slot->next_free = 0;
    return slot;
}

struct pool_ref pool_add(struct pool *pool) {
    struct pool_ref ref;
    struct pool_slot *slot;
    if (pool->free_head != 0) {
        ref.index = pool->free_head - 1;
        slot = pool_slot(pool, ref.index);
        pool->free_head = slot->next_free;
        slot->next_free = 0;
    } else {
        ref.index = pool->count;
        slot = append(pool);
    }
    pool->live++;
    ref.generation = ++slot->generation;
    memset(slot + 1, 0, pool->item_size);
    return ref;
}

void pool_remove(struct pool *pool, struct pool_ref ref) {
    assert(pool_get(pool, ref) != NULL);
    struct pool_slot *slot = pool_slot(pool, ref.index);
    slot->generation++;
    slot->next_free = pool->free_head;
    pool->free_head = ref.index + 1;
    pool->live--;
}

size_t pool_bytes(const struct pool *pool) {
    size_t slots = 0;
    for (uint32_t chunk = 0; chunk < POOL_CHUNKS; chunk++)
        if (pool->chunks[chunk] != NULL) slots += (size_t)FIRST_CHUNK << chunk;
    return slots * stride(pool);
}
