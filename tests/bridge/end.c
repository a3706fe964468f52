#include "tests/bridge/end.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const uint8_t end_address4[2][4] = {{192, 0, 2, 1}, {192, 0, 2, 2}};
const uint8_t end_address6[2][16] = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}, {0x20, 0x01, 0x0d, 0xb8, [15] = 2}};

void end_fill(const struct end *end, uint8_t *octets, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        octets[i] = end_pattern(end->client, end->sent + i);
}

bool end_take(struct end *end, const uint8_t *octets, uint32_t count) {
    for (uint32_t i = 0; i < count; i++, end->received++) {
        uint8_t right = end_pattern(!end->client, end->received);
        if (octets[i] == right) continue;
        fprintf(stderr, "%s: octet %u of what it received is 0x%02x, not 0x%02x\n", end->name, end->received, octets[i],
                right);
        return false;
    }
    return true;
}

const char *end_wait_state(struct end *end, const char *state) {
    uint64_t limit = end_clock() + END_PATIENCE;
    const char *now = end->calls->state(end);
    while (strcmp(now, state) != 0 && end_clock() < limit) {
        end->calls->wait(end, 1);
        now = end->calls->state(end);
    }
    return now;
}

uint64_t end_clock(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

bool end_say(const struct end *end) {
    const char here = '.';
    return send(end->other, &here, 1, MSG_NOSIGNAL) == 1;
}

bool end_hear(const struct end *end, int milliseconds) {
    struct pollfd poll_for = {.fd = end->other, .events = POLLIN};
    char here;
    return poll(&poll_for, 1, milliseconds) == 1 && recv(end->other, &here, 1, 0) == 1;
}
