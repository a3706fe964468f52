// The event queue: a monotone priority queue ordered by (time, number), which is total. Numbers are given in the order
// of queue_push(), so events of the same time come out in the order they went in.
#ifndef ENGINE_QUEUE_H
#define ENGINE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue_event {
    uint64_t time;        // nanoseconds
    uint64_t number;      // from 1
    uint32_t index;       // the caller's
    uint32_t generation;  // the caller's
    uint32_t kind;        // the caller's
};

struct queue;  // owned by the engine; see queue.c

struct queue *queue_new(void);
void queue_delete(struct queue *queue);
// A copy that gives the same events in the same order.
struct queue *queue_copy(const struct queue *queue);
void queue_push(struct queue *queue, uint64_t time, uint32_t kind, uint32_t index, uint32_t generation);
// The earliest event, removed. False: the queue is empty. `time` of later pushes must not be less than its time.
bool queue_pop(struct queue *queue, struct queue_event *event);
// The time of the earliest event, or UINT64_MAX.
uint64_t queue_next_time(struct queue *queue);
// With a million events waiting, what an event is about is in no cache when it comes out. So somebody may be told a
// little ahead, to have it brought there: of an event that comes out within about 262 us with level 2, within 4 us with
// level 1. A hint alone: not every event is announced, and `soon` must change nothing. A copy announces to nobody.
enum { QUEUE_SOON_LEVELS = 2 };
typedef void (*queue_soon)(void *context, const struct queue_event *event, uint32_t level);
void queue_watch(struct queue *queue, queue_soon soon, void *context);
uint64_t queue_count(const struct queue *queue);
size_t queue_bytes(const struct queue *queue);

#endif
