// The oracle: a second, slow and literal reading of RFC 9293 section 3.10.7, SEGMENT ARRIVES. It shares no code with
// core. Where the text leaves a choice, oracle_arrives.c says so at the place ("Choice") and which reading it takes.
//
// Sequence numbers are positions on an endless line of 64 bits: nothing wraps, and < means <. A position stands for the
// sequence number of its lower 32 bits. Positions are large enough (2^32 and more) that no difference is negative.
#ifndef TESTS_ORACLE_ARRIVES_H
#define TESTS_ORACLE_ARRIVES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/tcp.h"

// What a TCP knows before a segment arrives. No text is held out of order, none waits to be sent, and the user knows of
// no urgent text.
struct oracle_tcb {
    enum tcp_state state;
    bool passive;   // came from LISTEN
    bool fin_sent;  // the last sequence number that was sent is our FIN
    uint64_t iss;   // in LISTEN: the one that would be used
    uint64_t snd_una, snd_nxt;
    uint64_t snd_wnd, snd_wl1, snd_wl2, max_snd_wnd;
    uint64_t rcv_user;          // the next octet that the user will read
    uint64_t rcv_nxt, rcv_wnd;  // rcv_wnd in LISTEN and SYN-SENT: what would be offered
};

struct oracle_segment {
    bool syn, ack, fin, rst, urg;
    bool other_compartment;  // appendix A.1: not the connection's
    uint64_t seq;
    uint64_t ack_number;  // with `ack`
    uint64_t text;        // octets
    uint64_t wnd;
    uint64_t up;  // with `urg`
};

// Octets [seq, seq + len).
struct oracle_text {
    uint64_t seq, len;
};

enum { ORACLE_SIGNALS = 4 };

// What must follow.
struct oracle_outcome {
    struct oracle_tcb after;
    bool untouched;  // the segment was dropped in silence: not one variable changes
    bool deleted;    // the TCB is gone
    bool reopened;   // and the SYN goes to the listener, with an ISS beyond `floor`
    uint64_t floor;
    bool replied;
    struct oracle_segment reply;  // its window is not said
    uint32_t signal_count;
    enum tcp_signal signals[ORACLE_SIGNALS];  // in order
    struct oracle_text delivered;             // to the user; len 0: nothing
    struct oracle_text held;                  // kept for later; len 0: nothing
    bool fin_held;
    uint64_t held_fin;  // its position
    bool urgent_held;
    uint64_t held_up;        // where the urgent text ends
    bool time_wait_started;  // the 2 MSL timer was started or restarted
};

// Section 3.10.7 for a segment that arrives at a TCP that knows `tcb`.
struct oracle_outcome oracle_segment_arrives(const struct oracle_tcb *tcb, const struct oracle_segment *segment);

#endif
