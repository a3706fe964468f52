// TCP as a function: tcp_step(config, connection, event, now) -> effects.
//
// This header is the whole of core for its callers: another implementation of it can be linked in its place.
// Core allocates nothing, reads no clock, keeps no globals and calls nobody back. Whatever a connection knows is in
// `struct tcp_connection`; whatever it does is in `struct tcp_effects`. Section numbers are RFC 9293's unless another
// document is named.
//
// Times are unsigned 64-bit nanoseconds on the caller's clock. Sequence numbers wrap at 2^32 (core/seq.h).
#ifndef CORE_TCP_H
#define CORE_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rules.h"

// ---------------------------------------------------------------------------------------------------------------
// Segments

// Control bits, as on the wire (section 3.1).
enum {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_URG = 0x20,
    TCP_ECE = 0x40,
    TCP_CWR = 0x80,
};

// Which options a segment carries. The later options find their room here and behind `mss`.
enum {
    TCP_OPTION_MSS = 0x01,
};

// A segment without its bytes. Text is named, not held: it is the `len` octets of stream `source` that begin at the
// sequence number tcp_text_seq(). `len` counts text alone; SYN and FIN are counted by tcp_segment_length().
struct tcp_segment {
    uint32_t seq;
    uint32_t ack;         // meaningful with TCP_ACK alone; 0 otherwise
    uint32_t len;         // octets of text, 0..65535
    uint32_t source;      // the stream that the text comes from; 0 when len is 0
    uint16_t wnd;         // as on the wire, unscaled
    uint16_t up;          // urgent pointer; meaningful with TCP_URG alone
    uint16_t mss;         // with TCP_OPTION_MSS
    uint8_t flags;        // TCP_FIN ...
    uint8_t options;      // TCP_OPTION_MSS ...
    uint8_t compartment;  // security compartment (appendix A.1); 0 unless set
    uint8_t repeat;       // how often this end has repeated these sequence numbers, at most 255; for luck and
                          // timelines, not on the wire, and read by no receiver
    uint8_t reserved[2];  // 0
};

// SEG.LEN of section 3.4: text plus one for SYN and one for FIN.
static inline uint32_t tcp_segment_length(const struct tcp_segment *segment) {
    return segment->len + ((segment->flags & TCP_SYN) != 0) + ((segment->flags & TCP_FIN) != 0);
}

// The sequence number of the first octet of text: SEG.SEQ, or the one after it behind a SYN.
static inline uint32_t tcp_text_seq(const struct tcp_segment *segment) {
    return segment->seq + ((segment->flags & TCP_SYN) != 0);
}

// ---------------------------------------------------------------------------------------------------------------
// Connections

// Section 3.3.2, in the order of its text.
enum tcp_state {
    TCP_CLOSED,
    TCP_LISTEN,
    TCP_SYN_SENT,
    TCP_SYN_RECEIVED,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT_1,
    TCP_FIN_WAIT_2,
    TCP_CLOSE_WAIT,
    TCP_CLOSING,
    TCP_LAST_ACK,
    TCP_TIME_WAIT,
};
enum { TCP_STATES = TCP_TIME_WAIT + 1 };

// Each timer is an absolute deadline in the connection. Ties fire in this order.
enum tcp_timer {
    TCP_TIMER_RETRANSMISSION,  // RFC 6298
    TCP_TIMER_PERSIST,         // zero-window probes, section 3.8.6.1
    TCP_TIMER_R2,              // retransmission is given up, section 3.8.3
    TCP_TIMER_USER,            // user timeout, section 3.10.8
    TCP_TIMER_TIME_WAIT,       // 2 MSL, section 3.10.8
};
enum { TCP_TIMERS = TCP_TIMER_TIME_WAIT + 1 };

#define TCP_NEVER UINT64_MAX  // the deadline of a timer that is not armed

// Octets [seq, seq + len) of stream `source`.
struct tcp_range {
    uint32_t seq;
    uint32_t len;
    uint32_t source;
};

enum { TCP_HELD_RANGES = 6 };  // how many ranges a connection holds out of order; a full list drops the newcomer

enum {
    TCP_CONNECTION_ACTIVE = 0x01,        // came from an active OPEN (MUST-11)
    TCP_CONNECTION_FIN_QUEUED = 0x02,    // CLOSE was called; the FIN stands at snd_end
    TCP_CONNECTION_FIN_SENT = 0x04,      // and went out at least once
    TCP_CONNECTION_FIN_HELD = 0x08,      // a FIN arrived ahead of its text; it stands at held_fin
    TCP_CONNECTION_FIN_RECEIVED = 0x10,  // rcv_nxt is beyond the peer's FIN
    TCP_CONNECTION_ACK_OWED = 0x20,      // the peer must hear rcv_nxt or the window
    TCP_CONNECTION_DEAF = 0x40,          // the sockets' close() was called: nobody will read (section 3.6.1)
    TCP_CONNECTION_TIMING = 0x80,        // an RTT sample is being taken: rtt_seq and rtt_start
    TCP_CONNECTION_SYN_ACKED = 0x100,    // the peer acknowledged our SYN
    TCP_CONNECTION_URGENT_SENT = 0x200,  // snd_up is meant: text before it is urgent
    TCP_CONNECTION_URGENT = 0x400,       // rcv_up is meant: the user was told of urgent text before it
};

// A connection's TCB (section 3.3.1). Plain data without pointers, padding or stale bytes: connections in equal
// states are equal bytes, and a copy is a connection. All bytes zero is a CLOSED connection. Callers read it; only
// tcp_step() changes it.
struct tcp_connection {
    uint8_t state;         // enum tcp_state
    uint8_t compartment;   // section 3.10.7.4, third
    uint16_t flags;        // TCP_CONNECTION_ACTIVE ...
    uint8_t repeats;       // retransmissions since snd_una last moved, at most 255
    uint8_t probes;        // zero-window probes since the window last opened, at most 255
    uint8_t held_count;    // ranges in held[]
    uint8_t ack_rule;      // enum tcp_rule: why an acknowledgement is owed
    uint32_t snd_una;      // oldest unacknowledged sequence number
    uint32_t snd_nxt;      // next sequence number to send; never goes back
    uint32_t snd_wnd;      // the peer's window, an offset from snd_una
    uint32_t snd_wl1;      // SEG.SEQ of the last window update
    uint32_t snd_wl2;      // SEG.ACK of the last window update
    uint32_t snd_end;      // one beyond the last octet that SEND has queued: where a FIN would stand
    uint32_t max_snd_wnd;  // MAX.SND.WND of RFC 5961 section 5
    uint32_t iss;
    uint32_t rcv_nxt;
    uint32_t rcv_wnd;   // window offered; rcv_nxt + rcv_wnd never shrinks
    uint32_t rcv_user;  // next octet that the user will RECEIVE; rcv_nxt - rcv_user octets wait for it
    uint32_t irs;
    uint32_t held_fin;    // with TCP_CONNECTION_FIN_HELD
    uint32_t snd_source;  // the stream that this end sends
    uint32_t recover;     // snd_nxt when the retransmission timer last fired: below it, everything counts as lost
    uint32_t snd_up;      // with TCP_CONNECTION_URGENT_SENT
    uint32_t rcv_up;      // with TCP_CONNECTION_URGENT
    uint32_t srtt;        // microseconds, RFC 6298 section 2; 0 before the first sample
    uint32_t rttvar;      // microseconds
    uint32_t rto;         // microseconds
    uint32_t rtt_seq;     // the sample ends when this sequence number is acknowledged
    uint16_t snd_mss;     // largest text to send in one segment, section 3.7.1
    uint16_t rcv_mss;     // what our SYN offers
    uint64_t rtt_start;   // when the timed segment was sent
    uint64_t deadline[TCP_TIMERS];           // nanoseconds, or TCP_NEVER
    struct tcp_range held[TCP_HELD_RANGES];  // by seq, disjoint, all beyond rcv_nxt (or text of a SYN, before
                                             // ESTABLISHED); unused ones are zero
};

// What one host's TCP is like. Const during a run; times in nanoseconds. Fill it with tcp_config_default().
struct tcp_config {
    uint64_t msl;                 // maximum segment lifetime, section 3.4.2: 2 min
    uint64_t rto_initial;         // RFC 6298 section 2: 1 s
    uint64_t rto_min;             // RFC 6298 section 2.4: 1 s
    uint64_t rto_max;             // RFC 6298 section 2.5: 60 s
    uint64_t r2;                  // section 3.8.3: 100 s
    uint64_t r2_syn;              // section 3.8.3, MUST-23: 180 s
    uint64_t user_timeout;        // 0: off
    uint32_t receive_buffer;      // octets, 1..65535: 65535
    uint32_t send_buffer;         // octets that SEND may queue, 1..2^30: 2^20
    struct tcp_rule_set without;  // rules that this TCP goes without
};

// MUST-15, section 3.7.1.
enum { TCP_DEFAULT_MSS_IPV4 = 536, TCP_DEFAULT_MSS_IPV6 = 1220 };

// What a new incarnation of a connection needs from its host.
struct tcp_incarnation {
    uint32_t source;       // names the stream that this incarnation will send; not 0
    uint32_t isn_clock;    // ticks of 4 microseconds: M of RFC 6528 section 3
    uint32_t isn_hash;     // tcp_isn_hash() of the endpoints and the host's secret: F of RFC 6528 section 3
    uint32_t iss;          // with iss_given: the ISS to use
    uint32_t iss_floor;    // with iss_has_floor: what an older incarnation of the same endpoints reached (MAY-2)
    uint16_t mss;          // the MSS to offer, 1..65535
    uint16_t default_mss;  // what the peer takes without an MSS option (MUST-15); 0: 536
    bool iss_given;
    bool iss_has_floor;
};

// ---------------------------------------------------------------------------------------------------------------
// Events

// Section 3.10. A user call that is refused leaves the connection as it was and says why in tcp_effects.error; but
// "insufficient resources" means that SEND or RECEIVE did a part of it.
//
// The acknowledgement of text and FIN that arrived in order is owed, not sent at once: tcp_deadline() is then "now",
// and the caller lets the user react to what the same event brought before it calls TCP_CONTINUE. So an answer, or the
// FIN of a user who closes at once, carries the acknowledgement ("piggybacked on a segment being transmitted if
// possible without incurring undue delay", section 3.10.7.4; MUST-58).
enum tcp_event_kind {
    TCP_OPEN_PASSIVE,   // incarnation (its mss alone)
    TCP_OPEN_ACTIVE,    // incarnation
    TCP_SEND,           // length: octets appended to the stream; `accepted` of them found room
    TCP_RECEIVE,        // length: octets that the user took out of the receive buffer
    TCP_CLOSE,          // the RFC's: nothing more to send; receiving goes on
    TCP_SOCKETS_CLOSE,  // the sockets' close(): unread or later text draws RST (MAY-1, SHLD-3)
    TCP_ABORT,
    TCP_STATUS,
    TCP_SEGMENT_ARRIVES,  // segment; and incarnation, read in LISTEN alone
    TCP_RETRANSMISSION_TIMEOUT,
    TCP_PERSIST_TIMEOUT,
    TCP_R2_TIMEOUT,
    TCP_USER_TIMEOUT,
    TCP_TIME_WAIT_TIMEOUT,
    TCP_CONTINUE,  // send what is owed: what found no room in an earlier event's effects, and acknowledgements
};
enum { TCP_EVENT_KINDS = TCP_CONTINUE + 1 };

struct tcp_event {
    enum tcp_event_kind kind;
    uint32_t length;
    bool urgent;      // SEND: the text is urgent (section 3.8.5)
    bool may_reopen;  // SEGMENT ARRIVES: a listener would take a SYN for these endpoints now; read in TIME-WAIT alone
    struct tcp_segment segment;
    struct tcp_incarnation incarnation;
};

// ---------------------------------------------------------------------------------------------------------------
// Effects

// What a user call is answered at once: the error strings of section 3.10.
enum tcp_error {
    TCP_OK,
    TCP_ERROR_DOES_NOT_EXIST,      // "connection does not exist"
    TCP_ERROR_ALREADY_EXISTS,      // "connection already exists"
    TCP_ERROR_CLOSING,             // "connection closing"
    TCP_ERROR_REMOTE_UNSPECIFIED,  // "remote socket unspecified"
    TCP_ERROR_NO_RESOURCES,        // "insufficient resources"
};

// What the user hears later.
enum tcp_signal {
    TCP_SIGNAL_ESTABLISHED,   // the connection is open
    TCP_SIGNAL_CLOSING,       // "connection closing": the peer's FIN; the stream ends at rcv_nxt
    TCP_SIGNAL_CLOSED,        // this end's FIN was acknowledged: the user's CLOSE is "ok" (section 3.10.7.4)
    TCP_SIGNAL_RESET,         // "connection reset"
    TCP_SIGNAL_REFUSED,       // "connection refused"
    TCP_SIGNAL_TIMED_OUT,     // R2 was reached (section 3.8.3)
    TCP_SIGNAL_USER_TIMEOUT,  // "connection aborted due to user timeout"
    TCP_SIGNAL_URGENT,        // the peer has urgent text ahead (section 3.8.5)
};

enum tcp_effect_kind {
    TCP_EFFECT_SEGMENT,  // send `segment`
    TCP_EFFECT_TEXT,     // append `text` to the user's receive buffer: in order, each octet once
    TCP_EFFECT_SIGNAL,   // tell the user `signal`
    TCP_EFFECT_DELETE,   // the TCB is gone: the connection is CLOSED (a copy of a listener's: back to LISTEN; but after
                         // "connection refused" the passive OPEN itself has ended, and the listener with it)
    TCP_EFFECT_REOPEN,   // with DELETE: give this SYN to the listener, with iss_floor = `floor` (MAY-2)
};

struct tcp_effect {
    uint8_t kind;    // enum tcp_effect_kind
    uint8_t signal;  // enum tcp_signal
    uint16_t rule;   // enum tcp_rule: the one rule without which this effect would not be there
    uint32_t floor;  // with TCP_EFFECT_REOPEN: the old incarnation's SND.NXT
    union {
        struct tcp_segment segment;
        struct tcp_range text;
    };
};

// The answers of one event always fit: at most two replies (a SYN,ACK's ACK and a reset), a TEXT for each held range
// and for each gap around them, four signals, DELETE and REOPEN, which is 21. What the state owes (new text, a FIN, an
// acknowledgement) takes what room is left; the rest waits for TCP_CONTINUE.
enum { TCP_EFFECTS = 32, TCP_EFFECTS_ANSWERS = 9 + 2 * TCP_HELD_RANGES };

// Owned by the caller; tcp_step() overwrites it and reads nothing of what was in it.
struct tcp_effects {
    uint32_t count;
    uint32_t accepted;            // after TCP_SEND: how many octets found room
    enum tcp_error error;         // TCP_OK, or why a user call was refused
    struct tcp_rule_set applied;  // the rules that decided something
    struct tcp_effect list[TCP_EFFECTS];
};

// ---------------------------------------------------------------------------------------------------------------
// Functions

// The defaults beside the fields of struct tcp_config; no rule missing.
struct tcp_config tcp_config_default(void);

// One event of section 3.10 happens to `connection` at `now`, which never goes back from step to step. Changes the
// connection, and overwrites `effects` with what follows, in order. Any segment is allowed; any event is allowed in any
// state (a timeout whose timer isn't armed does nothing).
void tcp_step(const struct tcp_config *config, struct tcp_connection *connection, const struct tcp_event *event,
              uint64_t now, struct tcp_effects *effects);

// A segment arrives for which there is no connection: section 3.10.7.1, a function of the segment alone.
void tcp_step_closed(const struct tcp_config *config, const struct tcp_segment *segment, struct tcp_effects *effects);

// When the connection next wants an event of its own accord, and which: an armed timer's timeout, or TCP_CONTINUE at 0
// ("now") while something is owed. TCP_NEVER: nothing, until somebody calls or a segment arrives. `kind` may be NULL.
uint64_t tcp_deadline(const struct tcp_config *config, const struct tcp_connection *connection,
                      enum tcp_event_kind *kind);

// F of RFC 6528: a keyed hash (SipHash-2-4) of `length` bytes that name both endpoints. `key` is the host's secret.
uint32_t tcp_isn_hash(const uint64_t key[2], const void *endpoints, size_t length);

// Octets that SEND would accept now.
uint32_t tcp_send_room(const struct tcp_config *config, const struct tcp_connection *connection);

// Octets that were delivered by TCP_EFFECT_TEXT and not yet taken with TCP_RECEIVE.
uint32_t tcp_unread(const struct tcp_connection *connection);

// True when the segment is the acknowledgment that would take the connection from SYN-RECEIVED to ESTABLISHED: what a
// host with a full accept queue drops before TCP sees it.
bool tcp_would_establish(const struct tcp_connection *connection, const struct tcp_segment *segment);

// True from SYN-RECEIVED's successor on: ESTABLISHED, FIN-WAIT-1 ... TIME-WAIT (section 3.5.2, group 3).
bool tcp_synchronized(enum tcp_state state);

// Names as the RFC writes them: "SYN-RECEIVED", "RETRANSMISSION TIMEOUT", "connection reset". Static strings; an
// argument outside its enum gives "?".
const char *tcp_state_name(enum tcp_state state);
const char *tcp_event_name(enum tcp_event_kind kind);
const char *tcp_timer_name(enum tcp_timer timer);
const char *tcp_error_name(enum tcp_error error);
const char *tcp_signal_name(enum tcp_signal signal);

#endif
