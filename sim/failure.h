// What failed, on standard error.
#ifndef SIM_FAILURE_H
#define SIM_FAILURE_H

#include "sim/host/world.h"
#include "sim/messages.h"

// Seconds of virtual time, without trailing zeros: "3.02 s".
void failure_time(uint64_t time, char *text, size_t size);
// The claim, where it stands, when it failed, and what was found.
void failure_say(enum language language, const struct failure *failure);
// One indented line of it.
void failure_say_part(enum language language, enum message which, const char *value);

#endif
