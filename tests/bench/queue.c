// How long the event queue takes for an event: the hold model. So many events wait; the earliest is taken and one is
// put in its place, at a random distance.
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "sim/engine/bits.h"
#include "sim/engine/queue.h"

enum { ROUNDS = 4000000 };

static double seconds(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// Up to `spread` nanoseconds, with a tail: one in 16 waits up to 4096 times as long, as timers do.
static uint64_t distance(uint64_t *state, uint64_t spread) {
    *state += BITS_GOLDEN;
    uint64_t draw = bits_mix(*state);
    uint64_t range = draw >> 60 == 0 ? spread << 12 : spread;
    return (draw & 0xffffffff) * range >> 32;
}

static void measure(uint32_t waiting, uint64_t spread, const char *what) {
    struct queue *queue = queue_new();
    struct queue_event event = {0};
    uint64_t state = waiting, sum = 0;
    for (uint32_t i = 0; i < waiting; i++)
        queue_push(queue, distance(&state, spread), 1, i, 1);
    double begin = 0;
    for (uint32_t round = 0; round < 2 * ROUNDS; round++) {
        if (round == ROUNDS) begin = seconds();  // the first half settles the queue
        queue_pop(queue, &event);
        sum += event.index;
        queue_push(queue, event.time + distance(&state, spread), 1, event.index, 1);
    }
    double each = (seconds() - begin) / ROUNDS;
    printf("%9u waiting, %-22s %6.1f ns an event, %6.1f bytes a waiting event  (%llx)\n", waiting, what, each * 1e9,
           (double)queue_bytes(queue) / waiting, (unsigned long long)(sum & 0xffff));
    queue_delete(queue);
}

int main(void) {
    static const uint32_t sizes[] = {10, 1000, 100000, 1000000};
    for (uint32_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        measure(sizes[i], 20000000, "20 ms apart at most");
        measure(sizes[i], UINT64_C(240000000000), "4 minutes at most");
        measure(sizes[i], 1000, "1 us: many equal times");
    }
    return 0;
}
