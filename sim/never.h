// What was never seen, as lines of names: how check, merge and explore end.
#ifndef SIM_NEVER_H
#define SIM_NEVER_H

#include <stdio.h>

#include "core/tcp.h"
#include "sim/messages.h"

struct never {
    FILE *out;
    enum language language;
    uint32_t column;  // 0: nothing so far
};

void never_add(struct never *never, const char *name);
// Behind the last name, if there was one.
void never_end(const struct never *never);
// "SYN-SENT -> CLOSED"; `name` is what it returns.
const char *never_edge_name(enum tcp_state from, enum tcp_state to, char name[64]);

#endif
