// One direction of a link: what becomes of a packet that is sent on it.
#ifndef ENGINE_LINK_H
#define ENGINE_LINK_H

#include "sim/engine/engine.h"

struct link_direction {
    struct link_settings settings;
    uint64_t busy_until;  // when the last queued byte leaves, where there is a rate
};

// One copy's fate.
struct link_copy {
    enum packet_fate fate;
    uint64_t arrival;  // nanoseconds; 0 when lost
    uint64_t late;     // by so much later than the link's delay and rate would have it
    uint32_t flips;    // FATE_CORRUPTED: bits, below the packet's size
    uint32_t flip[ENGINE_FLIPS];
};

enum { LINK_COPIES = 10 };

// The bits that luck would flip in a packet of `size` bytes, from a draw: into `flip` (ENGINE_FLIPS), all different.
// How many, at least one.
uint32_t link_flips(uint64_t draw, uint32_t size, uint32_t *flip);

// Decides what becomes of a packet sent at `now`: fills `copies` (LINK_COPIES) and returns how many there are, at least
// one. Changes `link` by the time that the packet occupies its rate, and by nothing else.
uint32_t link_decide(struct link_direction *link, uint64_t seed, uint32_t direction, const struct packet_key *key,
                     uint64_t now, uint32_t wire_size, const struct fate_order *order, struct link_copy *copies);

#endif
