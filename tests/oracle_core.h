// What holds of a connection whatever happens to it, asked after each of a stream of arbitrary events.
#ifndef TESTS_ORACLE_CORE_H
#define TESTS_ORACLE_CORE_H

#include <stddef.h>
#include <stdint.h>

// Takes the octets for a configuration and a stream of events, and lets them happen to one connection. Any octets are
// a stream. NULL: everything held; otherwise what did not, a static string.
const char *oracle_core(const uint8_t *octets, size_t length);

#endif
