// Where a host's packets go: a TUN device or a socket, with loss that a seed decides.
#ifndef TESTS_BRIDGE_LINK_H
#define TESTS_BRIDGE_LINK_H

#include <stddef.h>
#include <stdint.h>

enum { LINK_OUT, LINK_IN };

struct link {
    int fd;            // one packet a read() or write(); does not block; -1: there is nobody any more
    uint32_t loss[2];  // of LINK_OUT and LINK_IN: packets out of 100
    uint64_t luck[2];  // each direction's own, so that the nth packet of each meets the same luck in every run
    uint64_t passed[2];
    uint64_t lost[2];  // by the luck above
    uint64_t refused;  // the other side's queue was full
};

// The direction's next packet goes, or not.
void link_send(struct link *link, const uint8_t *octets, size_t length);

// The next packet that has arrived: its octets; 0 when there is none. Of those that are lost, none is seen.
size_t link_receive(struct link *link, uint8_t *octets, size_t capacity);

#endif
