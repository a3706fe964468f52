#include "tests/bridge/link.h"

#include <stdbool.h>
#include <unistd.h>

// Xorshift (Marsaglia): good enough to lose packets by. The state is never 0.
static bool meets_loss(struct link *link, unsigned direction) {
    uint64_t x = link->luck[direction];
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    link->luck[direction] = x;
    return (x >> 32) % 100 < link->loss[direction];
}

static bool passes(struct link *link, unsigned direction) {
    bool lost = meets_loss(link, direction);
    (lost ? link->lost : link->passed)[direction]++;
    return !lost;
}

void link_send(struct link *link, const uint8_t *octets, size_t length) {
    if (!passes(link, LINK_OUT)) return;
    if (write(link->fd, octets, length) < 0) link->refused++;
}

size_t link_receive(struct link *link, uint8_t *octets, size_t capacity) {
    for (;;) {
        ssize_t length = read(link->fd, octets, capacity);
        if (length == 0) link->fd = -1;  // a socket whose other side is gone
        if (length <= 0) return 0;
        if (passes(link, LINK_IN)) return (size_t)length;
    }
}
