// Connections for the table of section 3.10.7: each is brought into its state by tcp_step() with the events of a real
// history, and described to the oracle.
#ifndef TESTS_ORACLE_SCENE_H
#define TESTS_ORACLE_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/tcp.h"
#include "tests/oracle_arrives.h"

enum scene_opening {
    SCENE_NOTHING,  // CLOSED
    SCENE_OPEN,     // an OPEN and nothing else
    SCENE_HALF,     // SYN-RECEIVED
    SCENE_FULL,     // ESTABLISHED
};

// A history: how it opens, then one letter an event. s: SEND of SCENE_TEXT octets; c: CLOSE; a: the peer acknowledges
// all; f: the peer's FIN, which acknowledges nothing new; g: the peer's FIN, which acknowledges all; w: an empty
// segment from further right in the window, so that later ones have older news of the peer's window.
struct scene_story {
    const char *name;
    enum tcp_state state;
    enum scene_opening opening;
    const char *events;
};

extern const struct scene_story scene_stories[];
enum { SCENE_STORIES = 20, SCENE_WINDOWLESS = 3 };  // the first three have no window: ACK classes only

enum scene_window { SCENE_WIDE, SCENE_TINY, SCENE_ZERO };
enum { SCENE_WINDOWS = SCENE_ZERO + 1 };

enum scene_numbers { SCENE_ORDINARY, SCENE_WRAPPING, SCENE_HALFWAY };
enum { SCENE_NUMBERS = SCENE_HALFWAY + 1 };

enum {
    SCENE_TEXT = 5,  // octets in flight after `s`
    SCENE_WIDE_BUFFER = 1000,
    SCENE_TINY_BUFFER = 4,
    SCENE_PEER_WINDOW = 2000,  // what the peer has offered so far
    SCENE_ISS_SOURCE = 3,      // the stream that our end sends
    SCENE_OLD_SOURCE = 7,      // the stream of the peer's text so far
};

struct scene {
    struct tcp_config config;
    struct tcp_connection connection;
    struct tcp_incarnation incarnation;  // for a SYN that arrives in LISTEN
    struct oracle_tcb tcb;               // the same connection as the oracle sees it
    uint64_t irs;                        // position of the peer's SYN
    uint64_t peer_nxt;                   // position of what the peer sends next
    uint64_t now;
};

// Plays the story. NULL, or what in the connection is not as the story demands.
const char *scene_play(struct scene *scene, const struct scene_story *story, bool passive, enum scene_window window,
                       enum scene_numbers numbers);

// What an event led to, together with what the connection owed after it and sent at once (TCP_CONTINUE).
enum { SCENE_EFFECTS = 2 * TCP_EFFECTS };
struct scene_effects {
    uint32_t count;
    struct tcp_effect list[SCENE_EFFECTS];
};

// tcp_step(), and TCP_CONTINUE while something is owed.
void scene_step(struct scene *scene, const struct tcp_event *event, struct scene_effects *all);

// The position near `near` that stands for the sequence number `seq`.
uint64_t scene_position(uint64_t near, uint32_t seq);

#endif
