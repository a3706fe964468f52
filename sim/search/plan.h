// Plans as text: what fates { } of a scenario reads.
#ifndef SEARCH_PLAN_H
#define SEARCH_PLAN_H

#include <stdio.h>

#include "sim/host/fates.h"

enum { PLAN_KEY = 96 };

// "1f3a9c22 SYN,ACK 0 1 0 0"
void plan_key(const struct packet_key *key, char text[PLAN_KEY]);
// A time as a script writes it: "3 * s", "1500 * ms", "17" (nanoseconds).
void plan_time(uint64_t time, char text[PLAN_KEY]);
// One line of the table that fates takes, with its comma and without line feed. `world` knows the hosts' names.
void plan_entry_write(FILE *out, const struct plan_entry *entry, const struct world *world);

#endif
