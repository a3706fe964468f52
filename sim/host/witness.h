// What properties need to know of the past: of each connection what it was seen to do, and of each step what went in
// and what came out. Kept only in worlds in which somebody claims a property that asks for it. For sim/host only.
#ifndef HOST_WITNESS_H
#define HOST_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/host/internal.h"

// How a connection ended.
enum witness_end {
    END_LIVES,
    END_IN_ORDER,  // both FINs were acknowledged; TIME-WAIT, where there is one, is over
    END_BY_USER,   // ABORT, CLOSE before the connection was open, close() with text unread or still to come
    END_BY_PEER,   // reset; or a half-open one went back to LISTEN
    END_GAVE_UP,   // R2, the user timeout, no answer to keep-alives, or an ICMP error
    END_BY_CRASH,
};

enum {
    WITNESS_SENT = 0x01,      // sent_end is meant
    WITNESS_ACKED = 0x02,     // acked and edge are meant
    WITNESS_FIN = 0x04,       // fin is meant
    WITNESS_TEXT = 0x08,      // text_end is meant
    WITNESS_ACCEPTED = 0x10,  // it came from a listener, and became ESTABLISHED
    WITNESS_CLOSED = 0x20,    // its user called CLOSE, or the sockets' close()
    WITNESS_REOPENED = 0x40,  // a SYN ended its TIME-WAIT
    WITNESS_RESET = 0x80,     // its user was told "connection reset" or "refused"
    WITNESS_OPENED = 0x100,   // it was ESTABLISHED
    WITNESS_ACTIVE = 0x200,
    WITNESS_UNHEARD = 0x400,  // it gave up, in a network that lost nothing, sending to a host that had forgotten it
};

// By connection id. Plain data; nothing in it depends on when things happened, `time_wait` apart.
struct witness {
    struct tuple tuple;
    uint16_t host;
    uint16_t flags;        // WITNESS_SENT ...
    uint32_t end;          // enum witness_end
    uint32_t peer_source;  // the incarnation at the other end; 0: not known
    uint32_t iss;
    uint32_t sent_end;   // one beyond the highest sequence number that it sent
    uint32_t acked;      // the highest SEG.ACK that it sent
    uint32_t edge;       // the highest right edge of the window that it offered
    uint32_t fin;        // the sequence number of its FIN
    uint32_t text_end;   // one beyond the last octet that its user was given
    uint32_t time_wait;  // how many packets there were when TIME-WAIT was last started
};

// Of a packet, by its number: when it was sent, and how long the chain of mere answers is that it stands in.
struct trail {
    uint64_t sent;
    uint32_t chain;
    uint32_t unused;
};

// A step as properties see it.
struct observation {
    const struct world *world;
    uint32_t host;
    const struct socket *socket;                  // NULL: of no connection, that is of LISTEN or CLOSED
    const struct witness *witness;                // what was known before the step; NULL as above
    const struct tcp_connection *before, *after;  // NULL as above; all of `after` is zero when the TCB was deleted
    enum tcp_state state;                         // before the step
    enum tcp_event_kind event;
    const struct tcp_segment *segment;  // with SEGMENT ARRIVES; otherwise NULL
    const struct tcp_effects *effects;
    bool gone;
    bool reopened;
};

static inline bool observed_has(const struct observation *seen, uint8_t flags) {
    return seen->segment != NULL && (seen->segment->flags & flags) == flags;
}
// The signal is among the effects.
bool observed_signal(const struct observation *seen, enum tcp_signal signal);
// "reset", "refused", "timed out", "user timeout", "destination unreachable": how many are among the effects.
uint32_t observed_notices(const struct observation *seen);
// The segments among the effects: the one behind `*place`, which moves there; NULL: no more. Begin with 0.
const struct tcp_segment *observed_next_sent(const struct observation *seen, uint32_t *place);
// The right edge of the window that a segment with ACK offers.
uint32_t observed_edge(const struct observation *seen, const struct tcp_segment *sent);
// What is known of the other end's incarnation; NULL: nothing.
const struct witness *observed_peer(const struct world *world, uint32_t peer_source);
// The same, of a connection, living or gone. False: nothing.
bool observed_peer_view(const struct world *world, const struct socket *socket, struct connection_view *view);
// The host of that address is up, and not in its quiet time.
bool witness_host_answers(const struct world *world, uint16_t address);
// SEG.ACK acknowledges exactly all that was sent, the FIN included.
bool observed_ack_of_fin(const struct observation *seen);

// ---- witness.c: called by the others of sim/host, only where world.witnessed is set

void witness_step(struct world *world, const struct socket *socket, const struct tcp_connection *before,
                  const struct tcp_event *event, const struct tcp_effects *effects);
// LISTEN or CLOSED has answered the segment of world.arrival.
void witness_answer(struct world *world, uint32_t host, enum tcp_state state, const struct tcp_effects *effects);
// A connection is forgotten by a crash.
void witness_crash(struct world *world, const struct socket *socket);
// The packet is about to be sent; `answer`: it takes no sequence number and answers world.arrival.
void witness_send(struct world *world, const struct packet *packet);
void witness_arrival(struct world *world);
// The run begins: what can be said of its assumptions at once.
void witness_begin(struct world *world);
// An assumption doesn't hold in this run.
void witness_assumption_broken(struct world *world, enum assumption assumption);

// ---- The properties that look at steps: NULL, or what is wrong in each language

typedef const char *const *sentences;
#define OBSERVER(name) sentences name(const struct observation *seen)

// properties_agree.c
OBSERVER(observe_accepted_once);
OBSERVER(observe_text_in_order);
OBSERVER(observe_numbers_of_peer);
OBSERVER(observe_reopened_iss);
// properties_state.c
OBSERVER(observe_numbers_fit_state);
OBSERVER(observe_edges);
OBSERVER(observe_timers);
OBSERVER(observe_right_edge);
OBSERVER(observe_first_numbers);
OBSERVER(observe_text_after_established);
// properties_answer.c
OBSERVER(observe_form_of_rst);
OBSERVER(observe_rst_in_syn_received);
OBSERVER(observe_rfc5961);
OBSERVER(observe_timestamps);
OBSERVER(observe_syn_sent);
OBSERVER(observe_closed_and_listen);
OBSERVER(observe_chains);
// properties_close.c
OBSERVER(observe_reset_by_absent);
OBSERVER(observe_reset_after_close);
OBSERVER(observe_time_wait);
OBSERVER(observe_two_msl);
OBSERVER(observe_notices);

#undef OBSERVER

// ---- The properties that look at the world

#define LOOK(name) bool name(const struct world *world, void *context, struct claim_detail *detail, bool *error)

// properties_agree.c
LOOK(look_synchronized_ends_agree);
LOOK(look_peer_knows_incarnation);
LOOK(look_no_ghost);
LOOK(look_text_of_incarnation);
// properties_close.c
LOOK(look_fin_after_all_text);
LOOK(look_fin_acknowledged);
LOOK(look_listener_survives);
// properties_live.c
LOOK(look_open_succeeds);
LOOK(look_states_are_left);
LOOK(look_both_closed);
LOOK(look_half_open_is_reset);
LOOK(look_all_rests);
LOOK(look_network_drains);
LOOK(look_everything_closed);
LOOK(look_nobody_reset);
LOOK(look_programs_finish);
LOOK(look_programs_end_as_they_say);

#undef LOOK

// Says of a connection what was found.
void property_say(struct claim_detail *detail, const struct world *world, const struct socket *socket,
                  const char *english, const char *chinese);
// The next connection that exists at or behind slot `*index`, which moves behind it. NULL: none.
const struct socket *property_next(const struct world *world, uint32_t *index);

#endif
