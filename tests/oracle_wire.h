// What the wire codec promises of any octets, as one question: for the fuzz target, its corpus, and sweeps.
#ifndef TESTS_ORACLE_WIRE_H
#define TESTS_ORACLE_WIRE_H

#include "core/tcp.h"

// Decodes the octets and holds what comes out against the promises of core/wire.h: an error is named; text lies within
// the packet; what was decoded encodes, in every layout, to a packet that decodes to the same; and an ICMP error that
// quotes it is understood. Returns NULL, or which promise was broken (a static string).
const char *oracle_wire(const uint8_t *octets, size_t length);

// True when all that the segments say is the same. They have no padding.
bool oracle_wire_same(const struct tcp_segment *a, const struct tcp_segment *b);

#endif
