// What a saved state is made of: structures without padding, one behind the other. For abstract_save.c and
// abstract_load.c.
#ifndef HOST_ABSTRACT_STATE_H
#define HOST_ABSTRACT_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/host/internal.h"

enum { NOBODY = 0xffff };

enum section {
    SECTION_HOSTS,
    SECTION_LISTENERS,
    SECTION_SOCKETS,
    SECTION_PROCESSES,
    SECTION_WAITING,
    SECTION_HALF_OPEN,
    SECTION_HISTORY,
    SECTION_FLIGHTS,
    SECTION_END
};

struct saved_world {
    uint8_t left[BUDGETS];
    uint32_t foreign;
    uint16_t injected, listeners, sockets, processes, flights, waiting, half_open;
    uint16_t begin[SECTION_END + 1];  // of each section, from the first byte of the state on
};

struct saved_host {
    uint32_t opened, accepted, refused, open, half_open;
    uint16_t next_port;
    uint8_t up, quiet;
};

struct saved_listener {
    uint32_t half_open, running, waiting;
    uint32_t flags;  // LISTENS ...
};
enum { LISTENS = 0x01, ENDED = 0x02, SENT_COOKIES = 0x04 };

struct saved_half_open {
    struct tuple tuple;
    uint32_t listener, iss, irs, ts_val;
    uint16_t wnd, mss, timeout;
    uint8_t flags, options, scale, compartment, repeats, unused;
};

// The first fields of a TCB, up to the round-trip time.
enum { TCB_HEAD = offsetof(struct tcp_connection, srtt) };
_Static_assert(TCB_HEAD == 120, "a TCB's head has no padding");

struct saved_tcb {
    uint8_t head[TCB_HEAD];
    uint16_t snd_mss, rcv_mss;
    uint16_t timers;  // that are armed: bits; above them, abstract_silence()
    uint16_t remote_timeout;
};

struct saved_socket {
    struct saved_tcb tcb;
    struct tuple tuple;
    uint32_t ordinal;
    uint16_t host, flags, resets;
    uint8_t reason, dscp_heard;
    struct packet_ip ip;
    uint16_t unused;
    uint32_t listener, peer_source;
    uint32_t builtin, out_left, in_left, rounds;
    uint32_t sent, received, delivered;
};

struct saved_process {
    uint32_t host, program, place;
    uint16_t flags;   // BEGUN ...
    uint16_t socket;  // its place, or NOBODY
    uint32_t connection, listener, left, matched, unread;
    uint16_t end, loops;
};
enum {
    BEGUN = 0x01,
    SERVING = 0x02,
    OPENED = 0x04,
    WATCHES = 0x08,
    WAITS_FOR_PACKET = 0x10,
    HAS_SEEN = 0x20,
    OVER = 0x40,
    SLEEPS = 0x80,
};

struct saved_past {
    struct saved_tcb tcb;
    struct tuple tuple;
    uint32_t sent, received, acknowledged, resets, delivered, peer_source;
    uint8_t flags;  // PAST_PASSIVE ...
    uint8_t dscp_heard;
    struct packet_ip ip;
};
enum {
    PAST_PASSIVE = 0x01,
    PAST_ACCEPTED = 0x02,
    PAST_ESTABLISHED = 0x04,
    PAST_PEER_CLOSED = 0x08,
    PAST_TIMED_OUT = 0x10,
    PAST_FOREIGN = 0x20,
    PAST_URGENT = 0x40,
    PAST_TROUBLED = 0x80,
};

_Static_assert(sizeof(struct saved_world) == 40 && sizeof(struct saved_host) == 24 &&
                   sizeof(struct saved_listener) == 16 && sizeof(struct saved_half_open) == 36 &&
                   sizeof(struct saved_tcb) == 128 && sizeof(struct saved_socket) == 188 &&
                   sizeof(struct saved_process) == 40 && sizeof(struct saved_past) == 164,
               "what is saved has no padding, which would be part of the digest");

// ---- What was saved or loaded last: what has not changed since need not be saved or loaded again

enum image_age {
    IMAGE_OLD,      // anything may have changed since
    IMAGE_FLIGHTS,  // only packets in flight and budgets have
    IMAGE_SAME,
};

struct abstract_image {
    enum image_age age;
    // So many connections and programs, from the first on, lie in the slots of their places.
    uint32_t sockets, processes;
    uint32_t history;  // items that the history had when it was loaded last, all arrays together
    union {
        struct saved_world head;
        unsigned char bytes[ABSTRACT_STATE_MOST];
    };
};

#endif
