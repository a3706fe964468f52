// A radix queue. Times are read as 11 digits of base 64. An event waits on the level of the highest digit in which its
// time differs from `now`, in the bucket of its own digit there. So the earliest event is in the lowest bucket of the
// lowest level in use; all times of a bucket on level 0 are equal; and when `now` moves to the earliest time of a
// bucket on a higher level, exactly the events of that bucket have to move, each to a lower level.
//
// Where an event waits depends on its time and on `now` alone, and buckets are first in, first out. So equal times are
// always in one bucket, in the order of their numbers.
//
// A bucket's events lie in blocks of a few cache lines each: pushing appends, moving a bucket reads memory in sequence.
// With a million events waiting this is what counts.
#include "sim/engine/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/memory.h"

enum {
    DIGIT_BITS = 6,
    DIGITS = 1 << DIGIT_BITS,
    LEVELS = 11,        // 11 * 6 >= 64
    BLOCK_EVENTS = 29,  // on a 64-bit machine a block is 15 cache lines: an odd number spreads them over a cache's sets
    FIRST_CHUNK_BITS = 3,
    FIRST_CHUNK = 1 << FIRST_CHUNK_BITS,
    CHUNKS = 32 - FIRST_CHUNK_BITS,
};

struct block {
    uint32_t next;         // of the bucket, or of the free list; 0: none
    uint32_t begin;        // events before it were popped
    uint32_t end;          // events from it on are not there yet
    uint32_t reserved[5];  // the first event shares the cache line
    struct queue_event event[BLOCK_EVENTS];
};

struct bucket {
    uint64_t earliest;
    uint32_t head, tail;  // blocks
};

// Blocks are numbered from FIRST_CHUNK on; chunk k holds those with k + FIRST_CHUNK_BITS as the highest bit.
struct queue {
    uint64_t now;     // time of the last event popped
    uint64_t popped;  // its number
    uint64_t pushed;  // the last number given
    uint64_t count;
    uint32_t levels;  // a bit for each level with events
    uint32_t blocks;  // the number after the last one ever used
    uint32_t free_head;
    uint64_t digits[LEVELS];               // a bit for each bucket with events
    struct bucket bucket[LEVELS][DIGITS];  // meaningful where the bit is set
    struct block *chunks[CHUNKS];
    queue_soon soon;  // NULL: nobody wants to know
    void *context;
};

// ---- Blocks ---------------------------------------------------------------------------------------------------

static struct block *block_at(const struct queue *queue, uint32_t number) {
    uint32_t highest = bits_highest(number);
    return queue->chunks[highest - FIRST_CHUNK_BITS] + (number ^ (UINT32_C(1) << highest));
}

static void need_chunk(struct queue *queue, uint32_t chunk) {
    if (queue->chunks[chunk] == NULL)
        queue->chunks[chunk] = memory_lines(((size_t)FIRST_CHUNK << chunk) * sizeof(struct block));
}

static uint32_t block_new(struct queue *queue) {
    uint32_t number = queue->free_head;
    struct block *block;
    if (number != 0) {
        block = block_at(queue, number);
        queue->free_head = block->next;
    } else {
        assert(queue->blocks < UINT32_MAX);
        number = queue->blocks++;
        need_chunk(queue, bits_highest(number) - FIRST_CHUNK_BITS);
        block = block_at(queue, number);
        memset(block, 0, offsetof(struct block, event));
    }
    block->next = 0;
    return number;
}

static void block_free(struct queue *queue, struct block *block, uint32_t number) {
    block->next = queue->free_head;
    block->begin = block->end = 0;
    queue->free_head = number;
}

static void prefetch(const struct block *block) {
    for (size_t line = 0; line < sizeof *block; line += MEMORY_LINE)
        __builtin_prefetch((const char *)block + line);
}

// What is behind a block's last event is left alone: most blocks of a small queue are nearly empty.
static void block_copy(struct block *to, const struct block *from) {
    memcpy(to, from, offsetof(struct block, event) + from->end * sizeof from->event[0]);
}

// ---- Buckets --------------------------------------------------------------------------------------------------

static void insert(struct queue *queue, const struct queue_event *event) {
    uint32_t level = bits_highest64((event->time ^ queue->now) | 1) / DIGIT_BITS;
    uint32_t digit = (uint32_t)(event->time >> (DIGIT_BITS * level)) % DIGITS;
    struct bucket *bucket = &queue->bucket[level][digit];
    uint64_t bit = UINT64_C(1) << digit;
    if ((queue->digits[level] & bit) == 0) {
        queue->digits[level] |= bit;
        queue->levels |= UINT32_C(1) << level;
        bucket->head = bucket->tail = block_new(queue);
        bucket->earliest = event->time;
    } else if (event->time < bucket->earliest) {
        bucket->earliest = event->time;
    }
    struct block *block = block_at(queue, bucket->tail);
    if (block->end == BLOCK_EVENTS) {
        bucket->tail = block->next = block_new(queue);
        block = block_at(queue, bucket->tail);
    }
    block->event[block->end++] = *event;
}

static void mark_empty(struct queue *queue, uint32_t level, uint32_t digit) {
    queue->digits[level] &= ~(UINT64_C(1) << digit);
    if (queue->digits[level] == 0) queue->levels &= ~(UINT32_C(1) << level);
}

// Moves `now` to the bucket's earliest time, and its events to lower levels.
static void spread(struct queue *queue, uint32_t level, uint32_t digit) {
    struct bucket bucket = queue->bucket[level][digit];
    mark_empty(queue, level, digit);
    queue->now = bucket.earliest;
    for (uint32_t number = bucket.head; number != 0;) {
        struct block *block = block_at(queue, number);
        uint32_t next = block->next;
        if (next != 0) prefetch(block_at(queue, next));
        for (uint32_t i = block->begin; i < block->end; i++) {
            insert(queue, &block->event[i]);
            if (level <= QUEUE_SOON_LEVELS && queue->soon) queue->soon(queue->context, &block->event[i], level);
        }
        block_free(queue, block, number);
        number = next;
    }
}

static bool is_single(const struct queue *queue, const struct bucket *bucket) {
    const struct block *block = block_at(queue, bucket->head);
    return block->next == 0 && block->end - block->begin == 1;
}

// ---- Queue ----------------------------------------------------------------------------------------------------

struct queue *queue_new(void) {
    struct queue *queue = memory_allocate(sizeof *queue);
    queue->blocks = FIRST_CHUNK;
    return queue;
}

void queue_delete(struct queue *queue) {
    if (queue == NULL) return;
    for (uint32_t chunk = 0; chunk < CHUNKS; chunk++)
        free(queue->chunks[chunk]);
    free(queue);
}

struct queue *queue_copy(const struct queue *queue) {
    struct queue *copy = memory_grow(NULL, sizeof *copy);
    memcpy(copy, queue, sizeof *copy);
    memset(copy->chunks, 0, sizeof copy->chunks);
    copy->soon = NULL;
    uint32_t left = queue->blocks - FIRST_CHUNK;
    for (uint32_t chunk = 0; left > 0; chunk++) {
        uint32_t blocks = (uint32_t)FIRST_CHUNK << chunk;
        if (blocks > left) blocks = left;
        need_chunk(copy, chunk);
        for (uint32_t i = 0; i < blocks; i++)
            block_copy(&copy->chunks[chunk][i], &queue->chunks[chunk][i]);
        left -= blocks;
    }
    return copy;
}

void queue_watch(struct queue *queue, queue_soon soon, void *context) {
    queue->soon = soon;
    queue->context = context;
}

void queue_push(struct queue *queue, uint64_t time, uint32_t kind, uint32_t index, uint32_t generation) {
    assert(time >= queue->now);
    struct queue_event event = {
        .time = time, .number = ++queue->pushed, .index = index, .generation = generation, .kind = kind};
    insert(queue, &event);
    queue->count++;
}

bool queue_pop(struct queue *queue, struct queue_event *event) {
    if (queue->count == 0) return false;
    uint64_t before = queue->now;
    uint32_t level = bits_lowest(queue->levels);
    uint32_t digit = bits_lowest64(queue->digits[level]);
    if (level > 0 && !is_single(queue, &queue->bucket[level][digit])) {
        spread(queue, level, digit);
        level = 0;
        digit = bits_lowest64(queue->digits[0]);
    }
    struct bucket *bucket = &queue->bucket[level][digit];
    struct block *block = block_at(queue, bucket->head);
    *event = block->event[block->begin++];
    assert(event->time > before || (event->time == before && event->number > queue->popped));
    if (block->begin == block->end) {
        uint32_t next = block->next;
        block_free(queue, block, bucket->head);
        bucket->head = next;
        if (next == 0) mark_empty(queue, level, digit);
    }
    queue->now = event->time;
    queue->popped = event->number;
    queue->count--;
    return true;
}

uint64_t queue_next_time(struct queue *queue) {
    if (queue->count == 0) return UINT64_MAX;
    uint32_t level = bits_lowest(queue->levels);
    return queue->bucket[level][bits_lowest64(queue->digits[level])].earliest;
}

uint64_t queue_count(const struct queue *queue) {
    return queue->count;
}

size_t queue_bytes(const struct queue *queue) {
    size_t blocks = 0;
    for (uint32_t chunk = 0; chunk < CHUNKS; chunk++)
        if (queue->chunks[chunk] != NULL) blocks += (size_t)FIRST_CHUNK << chunk;
    return sizeof *queue + blocks * sizeof(struct block);
}
