// Chunked arrays: items of one size, addressed by index and generation, never by pointer. Chunks don't move, so a
// pointer to an item is good until the item is freed; across events only references are kept.
#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/bits.h"

enum { POOL_CHUNKS = 26, POOL_FIRST_CHUNK_BITS = 6 };  // chunk k holds 64 << k items

// Names one life of one slot. {0, 0} names nothing: generations of live items are odd.
struct pool_ref {
    uint32_t index;
    uint32_t generation;
};

struct pool {
    uint32_t item_size;  // bytes, a multiple of 8
    uint32_t count;      // slots ever used
    uint32_t live;
    uint32_t free_head;  // 1 + the slot freed last; 0: none
    unsigned char *chunks[POOL_CHUNKS];
};

// In front of each item, so that looking at the generation brings the item's first cache line along.
struct pool_slot {
    uint32_t generation;  // odd: live
    uint32_t next_free;   // 1 + the slot freed before this one; 0: none
};

// Counted from the first chunk's size on, the slots of chunk k are the numbers with k + POOL_FIRST_CHUNK_BITS as the
// highest bit. `index` is less than pool->count.
static inline struct pool_slot *pool_slot(const struct pool *pool, uint32_t index) {
    uint32_t place = index + (UINT32_C(1) << POOL_FIRST_CHUNK_BITS);
    uint32_t highest = bits_highest(place);
    size_t offset = place ^ (UINT32_C(1) << highest);
    size_t stride = sizeof(struct pool_slot) + pool->item_size;
    return (struct pool_slot *)(void *)(pool->chunks[highest - POOL_FIRST_CHUNK_BITS] + offset * stride);
}

// An empty pool of items of `item_size` bytes (rounded up to a multiple of 8).
void pool_init(struct pool *pool, size_t item_size);
// Frees all memory. The pool may be used again after pool_init().
void pool_free(struct pool *pool);
// Makes `to` (empty or with other contents, of the same item size) equal to `from`: every slot, generation and free
// list.
void pool_copy(struct pool *to, const struct pool *from);

// A new item, all bytes zero, in the slot that was freed last or behind all others. Ends the process with a message
// when memory runs out.
struct pool_ref pool_add(struct pool *pool);
// Frees the item; its generation ends. `ref` must be live.
void pool_remove(struct pool *pool, struct pool_ref ref);
// The item, or NULL when its generation is over.
static inline void *pool_get(const struct pool *pool, struct pool_ref ref) {
    if (ref.index >= pool->count || ref.generation % 2 == 0) return NULL;
    struct pool_slot *slot = pool_slot(pool, ref.index);
    return slot->generation == ref.generation ? slot + 1 : NULL;
}
// The item in slot `index` (less than pool->count), or NULL when the slot is free; `ref`, if not NULL, receives its
// name.
static inline void *pool_at(const struct pool *pool, uint32_t index, struct pool_ref *ref) {
    assert(index < pool->count);
    struct pool_slot *slot = pool_slot(pool, index);
    if (slot->generation % 2 == 0) return NULL;
    if (ref != NULL) *ref = (struct pool_ref){.index = index, .generation = slot->generation};
    return slot + 1;
}
// Bytes of memory held.
size_t pool_bytes(const struct pool *pool);

#endif
