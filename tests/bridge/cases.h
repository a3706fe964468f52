// What is tried between two ends.
#ifndef TESTS_BRIDGE_CASES_H
#define TESTS_BRIDGE_CASES_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bridge/end.h"

struct plan {
    const char *name;  // for messages: "IPv4, 5 % loss"
    unsigned options;  // END_WINDOW_SCALE ...: what every connection must agree on
    uint16_t port;     // the first of those that the server listens on; each case has its own
};

// Plays the client's part of every case, or the server's, while the other end's process plays the other. The number of
// checks that failed; each is said on stderr.
unsigned long cases_play(struct end *end, bool client, const struct plan *plan);

#endif
