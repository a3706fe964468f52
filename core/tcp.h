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

#include <assert.h>
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

// Which options a segment carries, and which a host offers.
enum {
    TCP_OPTION_MSS = 0x01,
    TCP_OPTION_WINDOW_SCALE = 0x02,    // RFC 7323 section 2
    TCP_OPTION_SACK_PERMITTED = 0x04,  // RFC 2018 section 2
    TCP_OPTION_SACK = 0x08,            // RFC 2018 section 3
    TCP_OPTION_TIMESTAMPS = 0x10,      // RFC 7323 section 3
    TCP_OPTION_USER_TIMEOUT = 0x20,    // RFC 5482
    TCP_OPTION_FAST_OPEN = 0x40,       // RFC 7413 section 4.1
};

enum {
    TCP_SACK_BLOCKS = 4,        // in one option; 3 beside timestamps
    TCP_COOKIE_LENGTH = 16,     // of a Fast Open cookie, at most
    TCP_WINDOW_SCALE_MAX = 14,  // RFC 7323 section 2.3
};

// Sequence numbers [begin, end).
struct tcp_block {
    uint32_t begin;
    uint32_t end;
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
    uint16_t timeout;     // with TCP_OPTION_USER_TIMEOUT: granularity and 15 bits, as on the wire
    uint8_t flags;        // TCP_FIN ...
    uint8_t options;      // TCP_OPTION_MSS ...
    uint8_t compartment;  // security compartment (appendix A.1); 0 unless set
    uint8_t repeat;       // how often this end has repeated these sequence numbers, at most 255; for luck and
                          // timelines, not on the wire, and read by no receiver
    uint8_t scale;        // with TCP_OPTION_WINDOW_SCALE: shift count as on the wire, 0..255
    uint8_t blocks;       // with TCP_OPTION_SACK: 1..4 of sack[]
    uint8_t cookie_len;   // with TCP_OPTION_FAST_OPEN: 0 (a request), or 4..16 octets of cookie[]
    uint8_t reserved;     // 0
    uint32_t ts_val;      // with TCP_OPTION_TIMESTAMPS
    uint32_t ts_ecr;      // with TCP_OPTION_TIMESTAMPS and ACK
    union {               // all zero without either option
        struct tcp_block sack[TCP_SACK_BLOCKS];  // newest first; with TCP_OPTION_SACK
        uint8_t cookie[TCP_COOKIE_LENGTH];       // of a SYN, which has no SACK blocks
    };
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

// Each timer is an absolute deadline in the connection. Ties fire in this order, but R2 first.
enum tcp_timer {
    TCP_TIMER_RETRANSMISSION,  // RFC 6298
    TCP_TIMER_PERSIST,         // zero-window probes, section 3.8.6.1
    TCP_TIMER_R2,              // retransmission is given up, section 3.8.3
    TCP_TIMER_USER,            // user timeout, section 3.10.8
    TCP_TIMER_DELAYED_ACK,     // section 3.8.6.3
    TCP_TIMER_KEEP_ALIVE,      // section 3.8.4
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

enum {
    TCP_HELD_RANGES = 6,    // how many ranges a connection holds out of order; a full list drops the newcomer
    TCP_SACKED_RANGES = 4,  // how many ranges that the peer holds a connection remembers; beyond that, it forgets
};

enum {
    TCP_CONNECTION_ACTIVE = 0x01,             // came from an active OPEN (MUST-11)
    TCP_CONNECTION_FIN_QUEUED = 0x02,         // CLOSE was called; the FIN stands at snd_end
    TCP_CONNECTION_FIN_SENT = 0x04,           // and went out at least once
    TCP_CONNECTION_FIN_HELD = 0x08,           // a FIN arrived ahead of its text; it stands at held_fin
    TCP_CONNECTION_FIN_RECEIVED = 0x10,       // rcv_nxt is beyond the peer's FIN
    TCP_CONNECTION_ACK_OWED = 0x20,           // the peer must hear rcv_nxt or the window
    TCP_CONNECTION_DEAF = 0x40,               // the sockets' close() was called: nobody will read (section 3.6.1)
    TCP_CONNECTION_TIMING = 0x80,             // an RTT sample is being taken: rtt_seq and rtt_start
    TCP_CONNECTION_SYN_ACKED = 0x100,         // the peer acknowledged our SYN
    TCP_CONNECTION_URGENT_SENT = 0x200,       // snd_up is meant: text before it is urgent
    TCP_CONNECTION_URGENT = 0x400,            // rcv_up is meant: the user was told of urgent text before it
    TCP_CONNECTION_WINDOW_SCALE = 0x800,      // both SYNs carried the option: snd_scale and rcv_scale count
    TCP_CONNECTION_TIMESTAMPS = 0x1000,       // both SYNs carried the option: every segment does
    TCP_CONNECTION_SACK = 0x2000,             // the peer permits SACK, and so do we
    TCP_CONNECTION_ECN = 0x4000,              // ECN was negotiated (RFC 3168 section 6.1.1)
    TCP_CONNECTION_ACK_DELAYED = 0x8000,      // text waits for its acknowledgement, but not longer than the timer
    TCP_CONNECTION_FAST_RECOVERY = 0x10000,   // duplicate ACKs told of a loss: below `recover` (RFC 5681 section 3.2)
    TCP_CONNECTION_LOSS = 0x20000,            // a timeout did: everything below `recover` counts as lost
    TCP_CONNECTION_NO_DELAY = 0x40000,        // the user has switched Nagle's algorithm off (MUST-17)
    TCP_CONNECTION_KEEP_ALIVE = 0x80000,      // the user has switched keep-alives on (MUST-24)
    TCP_CONNECTION_FAST_OPEN = 0x100000,      // active: our SYN carried Fast Open's option; passive: the peer's cookie
                                              // was right, and its SYN's text was taken at once (RFC 7413)
    TCP_CONNECTION_FIXED_TIMEOUT = 0x200000,  // the user has set the user timeout: the peer's option changes nothing
    TCP_CONNECTION_TELL_TIMEOUT = 0x400000,   // the next segment with room for it carries the user timeout option
    TCP_CONNECTION_URGENT_HELD = 0x800000,    // rcv_up came with the SYN, and counts once the connection is ESTABLISHED
};

// A connection's TCB (section 3.3.1). Plain data without pointers, padding or stale bytes: connections in equal
// states are equal bytes, and a copy is a connection. All bytes zero is a CLOSED connection. Callers read it; only
// tcp_step() changes it.
struct tcp_connection {
    uint8_t state;           // enum tcp_state
    uint8_t compartment;     // section 3.10.7.4, third
    uint8_t snd_scale;       // Snd.Wind.Shift of RFC 7323, 0..14: the peer's windows are shifted by it
    uint8_t rcv_scale;       // Rcv.Wind.Shift: ours are; what we offer, and use with TCP_CONNECTION_WINDOW_SCALE
    uint32_t flags;          // TCP_CONNECTION_ACTIVE ...
    uint8_t repeats;         // of what stands at snd_una, since it last moved, at most 255
    uint8_t probes;          // zero-window probes since the window last opened, at most 255
    uint8_t held_count;      // ranges in held[]
    uint8_t sacked_count;    // ranges in sacked[]
    uint8_t ack_rule;        // enum tcp_rule: why an acknowledgement is owed or delayed
    uint8_t duplicate_acks;  // in a row, at most 255 (RFC 5681 section 2)
    uint8_t challenges;      // challenge ACKs since challenge_time (RFC 5961 section 7)
    uint8_t soft_error;      // enum tcp_icmp that was remembered, or 0 (RFC 5461 section 2)
    uint32_t snd_una;        // oldest unacknowledged sequence number
    uint32_t snd_nxt;        // next sequence number to send; never goes back
    uint32_t snd_wnd;        // the peer's window, an offset from snd_una, scale taken in
    uint32_t snd_wl1;        // SEG.SEQ of the last window update
    uint32_t snd_wl2;        // SEG.ACK of the last window update
    uint32_t snd_end;        // one beyond the last octet that SEND has queued: where a FIN would stand
    uint32_t max_snd_wnd;    // MAX.SND.WND of RFC 5961 section 5
    uint32_t iss;
    uint32_t rcv_nxt;
    uint32_t rcv_wnd;   // window offered; rcv_nxt + rcv_wnd never shrinks, but by the scale's rounding
    uint32_t rcv_user;  // next octet that the user will RECEIVE; rcv_nxt - rcv_user octets wait for it
    uint32_t irs;
    uint32_t held_fin;    // with TCP_CONNECTION_FIN_HELD
    uint32_t snd_source;  // the stream that this end sends
    uint32_t recover;     // snd_nxt when a loss was last noticed (RFC 6582): it is repaired when this is acknowledged
    uint32_t high_rxt;    // while it is repaired: everything below was repeated, or held by the peer (RFC 6675)
    uint32_t snd_up;      // with TCP_CONNECTION_URGENT_SENT
    uint32_t rcv_up;      // with TCP_CONNECTION_URGENT or _URGENT_HELD
    uint32_t cwnd;        // congestion window, octets (RFC 5681)
    uint32_t ssthresh;    // slow start threshold, octets
    uint32_t cwnd_acked;  // octets acknowledged towards the next increase in congestion avoidance (RFC 3465)
    uint32_t last_ack_sent;  // Last.ACK.sent of RFC 7323
    uint32_t ts_recent;      // TS.Recent of RFC 7323
    uint32_t ts_offset;      // added to the timestamp clock (RFC 7323 section 5.4)
    uint32_t held_order;     // places in held[], newest first, 4 bits each: the order of SACK blocks (RFC 2018)
    uint32_t user_timeout;   // milliseconds; 0: off. Without TCP_CONNECTION_FIXED_TIMEOUT the peer may lengthen it
    // From here on, what is measured in time.
    uint32_t srtt;            // microseconds, RFC 6298 section 2; 0 before the first sample
    uint32_t rttvar;          // microseconds
    uint32_t rto;             // microseconds
    uint32_t rtt_seq;         // the sample ends when this sequence number is acknowledged
    uint32_t rtt_start;       // when the timed segment was sent: the low bits of the time in microseconds
    uint32_t ts_recent_time;  // when it was taken, tcp_coarse_time()
    uint32_t send_time;       // when text was last sent, tcp_coarse_time(): restart after idle (RFC 5681 section 4.1)
    uint32_t challenge_time;  // when `challenges` began to count, tcp_coarse_time()
    uint16_t snd_mss;         // largest text to send in one segment without options, section 3.7.1
    uint16_t rcv_mss;         // what our SYN offers
    uint8_t keep_alives;      // keep-alive probes since the peer was last heard
    uint8_t rounds;           // repairs of losses since something below `recover` was first repeated, at most 255
    union {                   // before the connection is open; 0: nothing was said
        uint16_t path_mss;    // SYN-SENT: what the path takes, by an ICMP error
        uint16_t remote_timeout;  // then, until our SYN is acknowledged: the peer's user timeout option, as on the wire
    };
    uint64_t deadline[TCP_TIMERS];               // nanoseconds, or TCP_NEVER
    struct tcp_range held[TCP_HELD_RANGES];      // by seq, disjoint, all beyond rcv_nxt (or text of a SYN, before
                                                 // ESTABLISHED); unused ones are zero
    struct tcp_block sacked[TCP_SACKED_RANGES];  // what the peer holds beyond snd_una: by number, disjoint, apart;
                                                 // unused ones are zero
};

// What one host's TCP is like. Const during a run; times in nanoseconds. Fill it with tcp_config_default().
struct tcp_config {
    uint64_t msl;                  // maximum segment lifetime, section 3.4.2: 2 min
    uint64_t rto_initial;          // RFC 6298 section 2: 1 s
    uint64_t rto_min;              // RFC 6298 section 2.4: 1 s
    uint64_t rto_max;              // RFC 6298 section 2.5: 60 s
    uint64_t r2;                   // section 3.8.3: 100 s
    uint64_t r2_syn;               // section 3.8.3, MUST-23: 180 s
    uint64_t user_timeout;         // 0: off
    uint64_t delayed_ack;          // section 3.8.6.3, MUST-40, below 0.5 s: 200 ms
    uint64_t keep_alive_idle;      // section 3.8.4, MUST-28: 2 h
    uint64_t keep_alive_interval;  // between probes: 75 s
    uint64_t challenge_interval;   // RFC 5961 section 7: 5 s
    uint64_t fin_wait_2;           // how long FIN-WAIT-2 lasts after the sockets' close(); 0, the RFC's: for ever
    uint32_t receive_buffer;       // octets, 1..2^30, at most 65535 counts without window scale: 65535
    uint32_t send_buffer;          // octets that SEND may queue, 1..2^30: 2^20
    uint32_t challenge_limit;      // challenge ACKs an interval, 1..255: 10
    uint16_t initial_window;       // segments, RFC 6928: 10
    uint8_t keep_alive_probes;     // unanswered ones that end a connection: 9
    uint8_t options;               // TCP_OPTION_WINDOW_SCALE ... to offer; MSS always is: none
    uint8_t scale;                 // Rcv.Wind.Shift to offer, 0..14: the smallest that shows the whole buffer
    uint8_t ecn;                   // enum tcp_ecn: off
    bool no_delay;                 // Nagle's algorithm is off: false
    bool keep_alive;               // keep-alives are on (MUST-25, default off): false
    bool congestion_control;       // RFC 5681: true
    // What the RFCs leave open, or forbid, and systems do all the same. Who does is said in sim/host/profile.def.
    uint64_t rto_margin;          // RTO is at least this beyond SRTT, G of RFC 6298 section 2.3: 1 us. Linux: 200 ms
    uint64_t rto_slop;            // added to a timeout that was measured or backed off: 0. FreeBSD: 200 ms
    uint64_t r2_syn_ack;          // r2_syn of a passive open; 0: the same. Linux: 63 s
    uint32_t reopened_iss_gap;    // an ISS that follows TIME-WAIT is so far beyond its SND.NXT; 0, RFC 6528's: by the
                                  // clock. Linux: 65537
    uint8_t syn_linear;           // repetitions of a SYN before its timeout doubles: 0. Linux: 4
    uint8_t syn_plain;            // from this repetition on, a SYN carries MSS alone; 0: never. FreeBSD on demand: 3
    uint8_t syn_ecn;              // repetitions of a SYN that still ask for ECN: 255. FreeBSD: 1
    uint8_t quick_acks;           // segments at a connection's beginning whose ACKs never wait: 0. Linux: 16
    uint8_t window_step;          // segments that the window opens by: 1. FreeBSD: 2
    uint8_t rounding;             // enum tcp_rounding of the receive buffer: none
    bool window_must_be_used;     // the congestion window grows only while it is what holds text back: false. Linux
    bool syn_at_once;             // the reset for an unacceptable ACK in SYN-SENT is followed by the SYN: false. Linux
    bool too_big_lowers_offer;    // "packet too big" in SYN-SENT: the next SYN's MSS is smaller: false. FreeBSD
    bool syn_ack_at_once;         // a repeated SYN in SYN-RECEIVED draws the SYN,ACK and not an ACK: false. Linux
    bool newer_syn_draws_rst;     // another SYN within the window there draws a reset: false. Linux
    bool listen_takes_syn_only;   // what a SYN carries is left to be repeated: false. Linux, FreeBSD
    bool syn_fin_is_dropped;      // SYN with FIN, in any state: false. FreeBSD on demand
    bool reset_acknowledges;      // the reset of ABORT and of the sockets' close() has an ACK: false. Linux
    bool probes_are_empty;        // zero-window probes are SND.UNA-1 without text: false. Linux
    bool closing_repeats_fin;     // a FIN that takes FIN-WAIT-1 to CLOSING draws our FIN: false. FreeBSD
    bool time_wait_hears_acks;    // TIME-WAIT answers nothing that has no ACK: false. FreeBSD
    struct tcp_rule_set without;  // rules that this TCP goes without
};

// To a multiple of the segment size: FreeBSD up, once the connection is ESTABLISHED; Linux down, from the SYN on.
enum tcp_rounding { TCP_ROUNDING_NONE, TCP_ROUNDING_DOWN, TCP_ROUNDING_UP };

// RFC 3168 section 6.1.1: whether ECN is negotiated.
enum tcp_ecn { TCP_ECN_OFF, TCP_ECN_ACCEPT, TCP_ECN_ASK };

// MUST-15, section 3.7.1.
enum { TCP_DEFAULT_MSS_IPV4 = 536, TCP_DEFAULT_MSS_IPV6 = 1220 };

// What a new incarnation of a connection needs from its host.
struct tcp_incarnation {
    uint32_t source;       // names the stream that this incarnation will send; not 0
    uint32_t isn_clock;    // ticks of 4 microseconds: M of RFC 6528 section 3
    uint32_t isn_hash;     // tcp_isn_hash() of the endpoints and the host's secret: F of RFC 6528 section 3
    uint32_t iss;          // with iss_given: the ISS to use
    uint32_t iss_floor;    // with iss_has_floor: what an older incarnation of the same endpoints reached (MAY-2)
    uint32_t ts_offset;    // of the timestamps (RFC 7323 section 5.4): the same for all connections of two addresses
    uint16_t mss;          // the MSS to offer, 1..65535
    uint16_t default_mss;  // what the peer takes without an MSS option (MUST-15); 0: 536
    uint8_t cookie_len;    // Fast Open's cookie for this peer, 4..16 octets, an even number; 0: none
    uint8_t fast_open;     // enum tcp_fast_open
    bool iss_given;
    bool iss_has_floor;
    bool answered;  // the SYN of a passive OPEN had its SYN,ACK before: its round trip is not measured (RFC 4987)
    uint8_t cookie[TCP_COOKIE_LENGTH];
};

// What an OPEN does about Fast Open (RFC 7413): nothing; an active one asks for a cookie, or sends text with its
// cookie; a passive one gives the cookie, or finds that the SYN's is right and takes its text at once.
enum tcp_fast_open { TCP_FAST_OPEN_OFF, TCP_FAST_OPEN_ASK, TCP_FAST_OPEN_TEXT, TCP_FAST_OPEN_GIVE, TCP_FAST_OPEN_TAKE };

// ---------------------------------------------------------------------------------------------------------------
// Events

// Section 3.10. A user call that is refused leaves the connection as it was and says why in tcp_effects.error; but
// "insufficient resources" means that SEND or RECEIVE did a part of it.
//
// The acknowledgement of text and FIN that arrived in order is owed, not sent at once: tcp_deadline() is then "now",
// and the caller lets the user react to what the same event brought before it calls TCP_CONTINUE. So an answer, or the
// FIN of a user who closes at once, carries the acknowledgement ("piggybacked on a segment being transmitted if
// possible without incurring undue delay", section 3.10.7.4; MUST-58). A caller that keeps segments waiting hands all
// of them over first (MUST-59).
enum tcp_event_kind {
    TCP_OPEN_PASSIVE,   // incarnation (its mss alone)
    TCP_OPEN_ACTIVE,    // incarnation; length: octets queued first, as by SEND, so that Fast Open's SYN carries them
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
    TCP_DELAYED_ACK_TIMEOUT,
    TCP_KEEP_ALIVE_TIMEOUT,
    TCP_TIME_WAIT_TIMEOUT,
    TCP_SET_NO_DELAY,      // length: 1 switches Nagle's algorithm off, 0 on (MUST-17)
    TCP_SET_KEEP_ALIVE,    // length: 1 switches keep-alives on, 0 off (MUST-25)
    TCP_SET_USER_TIMEOUT,  // length: milliseconds, and R2 where that is shorter (MUST-21); 0: off
    TCP_ICMP_ARRIVES,      // icmp: an error about a segment of this connection (section 3.9.2.2)
    TCP_CONTINUE,          // send what is owed: what found no room in an earlier event's effects, and acknowledgements
};
enum { TCP_EVENT_KINDS = TCP_CONTINUE + 1 };

// The event that comes when the timer's time is over. Both have the same order.
static inline enum tcp_event_kind tcp_timeout_of(enum tcp_timer timer) {
    static_assert(TCP_RETRANSMISSION_TIMEOUT + TCP_TIMERS - 1 == TCP_TIME_WAIT_TIMEOUT, "a timeout a timer");
    return (enum tcp_event_kind)(TCP_RETRANSMISSION_TIMEOUT + timer);
}

// What an ICMP error says, of either version of IP (RFC 5461, RFC 9293 section 3.9.2.2).
enum tcp_icmp {
    TCP_ICMP_NONE,
    TCP_ICMP_NETWORK_UNREACHABLE,          // soft (MUST-56)
    TCP_ICMP_HOST_UNREACHABLE,             // soft
    TCP_ICMP_SOURCE_ROUTE_FAILED,          // soft
    TCP_ICMP_TIME_EXCEEDED,                // soft
    TCP_ICMP_PARAMETER_PROBLEM,            // soft
    TCP_ICMP_PROTOCOL_UNREACHABLE,         // hard (SHLD-26)
    TCP_ICMP_PORT_UNREACHABLE,             // hard
    TCP_ICMP_FRAGMENTATION_NEEDED,         // packet too big: `mtu`
    TCP_ICMP_ADMINISTRATIVELY_PROHIBITED,  // soft
    TCP_ICMP_SOURCE_QUENCH,                // ignored (MUST-55)
};
enum { TCP_ICMP_KINDS = TCP_ICMP_SOURCE_QUENCH + 1 };

struct tcp_icmp_error {
    uint8_t kind;  // enum tcp_icmp
    uint8_t reserved[3];
    uint32_t seq;  // the quoted segment's
    uint32_t
        text_mss;  // with TCP_ICMP_FRAGMENTATION_NEEDED: text and options that the path takes: its MTU without headers
};

struct tcp_event {
    enum tcp_event_kind kind;
    uint32_t length;
    bool urgent;      // SEND: the text is urgent (section 3.8.5)
    bool may_reopen;  // SEGMENT ARRIVES: a listener would take a SYN for these endpoints now; read in TIME-WAIT alone
    struct tcp_segment segment;
    struct tcp_icmp_error icmp;
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
    TCP_SIGNAL_SOFT_ERROR,    // an ICMP error, or R1: the connection goes on (section 3.9.1.8)
    TCP_SIGNAL_UNREACHABLE,   // a hard ICMP error ended the attempt (RFC 5461)
};
enum { TCP_SIGNALS = TCP_SIGNAL_UNREACHABLE + 1 };

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
    uint32_t accepted;            // after TCP_SEND and TCP_OPEN_ACTIVE: how many octets found room
    enum tcp_error error;         // TCP_OK, or why a user call was refused
    struct tcp_rule_set applied;  // the rules that decided something
    uint8_t cookie_len;           // octets of the Fast Open cookie that the peer's SYN,ACK gives; 0: it gives none
    uint8_t cookie[TCP_COOKIE_LENGTH];
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

// Time in units of 2^24 ns (16.8 ms), 32 bits: it wraps after 2.3 years. For what is asked about long times.
static inline uint32_t tcp_coarse_time(uint64_t now) {
    return (uint32_t)(now >> 24);
}

// True from SYN-RECEIVED's successor on: ESTABLISHED, FIN-WAIT-1 ... TIME-WAIT (section 3.5.2, group 3).
bool tcp_synchronized(enum tcp_state state);

// Names as the RFC writes them: "SYN-RECEIVED", "RETRANSMISSION TIMEOUT", "connection reset". Static strings; an
// argument outside its enum gives "?".
const char *tcp_state_name(enum tcp_state state);
const char *tcp_event_name(enum tcp_event_kind kind);
const char *tcp_timer_name(enum tcp_timer timer);
const char *tcp_error_name(enum tcp_error error);
const char *tcp_signal_name(enum tcp_signal signal);
// As scripts and traces write it: "port-unreachable", "packet-too-big"; "" for TCP_ICMP_NONE.
const char *tcp_icmp_name(enum tcp_icmp kind);

#endif
