// The end that is a synfin host.
#ifndef TESTS_BRIDGE_SYNFIN_H
#define TESTS_BRIDGE_SYNFIN_H

#include "tests/bridge/end.h"
#include "tests/bridge/host.h"

// The host stays the caller's, and outlives the end. One a process.
void synfin_end(struct end *end, struct host *host);

// Runs the host until all of its connections are gone: true when that took no longer than END_PATIENCE.
bool synfin_drain(struct host *host);

#endif
