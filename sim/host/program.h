// Programs as data: what an application does, step by step.
#ifndef HOST_PROGRAM_H
#define HOST_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/tcp.h"

enum step_kind {
    STEP_CONNECT,        // active OPEN; the new connection becomes the program's current one
    STEP_SEND,           // SEND the text; waits for room
    STEP_RECV,           // RECEIVE `count` octets; waits for them
    STEP_RECV_EOF,       // RECEIVE until the peer's FIN
    STEP_CLOSE,          // the RFC's CLOSE
    STEP_SOCKETS_CLOSE,  // the sockets' close()
    STEP_ABORT,
    STEP_NO_DELAY,      // Nagle's algorithm off (`flag`) or on
    STEP_KEEP_ALIVE,    // keep-alives on (`flag`) or off
    STEP_USER_TIMEOUT,  // of `duration`; 0: off
    STEP_DIFFSERV,      // what is sent from now on has the Diffserv code point `count`
    STEP_HOP_LIMIT,     // the time to live `count`
    STEP_SLEEP,         // for `duration`
    STEP_SLEEP_UNTIL,   // until `duration` on the world's clock
    STEP_WAIT_STATE,    // until the current connection is in `state`
    STEP_WAIT_CLOSED,   // until the current connection is gone
    STEP_LISTEN,        // `port` serves `program` from now on
    STEP_UNLISTEN,      // CLOSE of the listener of `port`
    STEP_NOTE,          // `text` (and text_zh) on the timeline
    STEP_INJECT,        // `inject`
    STEP_OBSERVE,       // until a packet that matches `select` is sent; it becomes the program's `seen`
    STEP_EXIT,          // the process ends: sockets' close() of all that it has open
    STEP_CRASH,         // host `host` forgets all connections and stops answering
    STEP_REBOOT,        // host `host` runs again, and its programs marked at_boot with it
    STEP_LINK,          // the link between hosts `host` and `host2` goes up or down (`flag`)
    STEP_REPEAT,        // the next `skip` steps are done `count` times
    STEP_FUNCTION,      // the script's function `function`
    STEP_ECHO,          // built-in: sends back what it receives until the peer's FIN, then CLOSE
    STEP_SINK,          // built-in: receives until the peer's FIN, then CLOSE
    STEP_RESPOND,       // built-in: `count` octets in, `count2` octets out, until the peer's FIN, then CLOSE
    STEP_REQUEST,       // built-in: `repeat` times `count` octets out, `count2` octets in; then CLOSE
};
enum { STEP_KINDS = STEP_REQUEST + 1 };

// A number that may depend on the world when it is used: base + add.
enum operand_kind {
    OPERAND_NUMBER,  // 0 + add
    OPERAND_FIELD,   // `field` of host `host`'s connection number `connection` (from 1; 0: its newest) + add
    OPERAND_SEEN,    // `field` of the packet that OBSERVE saw last + add
};
enum operand_field {
    FIELD_SND_UNA,
    FIELD_SND_NXT,
    FIELD_SND_WND,
    FIELD_ISS,
    FIELD_RCV_NXT,
    FIELD_RCV_WND,
    FIELD_IRS,
    FIELD_LOCAL_PORT,
    FIELD_REMOTE_PORT,
    FIELD_SEG_SEQ,
    FIELD_SEG_ACK,
    FIELD_SEG_LEN,
    FIELD_SEG_WND,
    FIELD_SEG_END,  // SEG_END: SEG.SEQ + SEG.LEN
    FIELD_TS_RECENT,
    FIELD_SEG_TS_VAL,
    FIELD_SEG_TS_ECR,
    FIELD_SOURCE_PORT,
    FIELD_DESTINATION_PORT,
};
enum { OPERAND_FIELDS = FIELD_DESTINATION_PORT + 1 };
struct operand {
    uint8_t kind;   // enum operand_kind
    uint8_t field;  // enum operand_field
    uint16_t host;
    uint32_t connection;
    uint32_t add;  // modulo 2^32
};

// Which packets. An absent criterion (its has_ or UINT32_MAX) matches all.
struct selector {
    uint32_t from, to;    // hosts, or UINT32_MAX
    uint32_t connection;  // the sender's ordinal among its connections, from 1; 0: any
    uint32_t nth;         // only the nth packet that matches the rest, from 1; 0: each
    bool has_flags;       // exactly `flags`
    uint8_t flags;
    bool has_length;  // text of exactly `length` octets
    uint32_t length;
    bool has_text;  // text or none
    bool text;
    uint8_t icmp;  // ICMP errors of this enum tcp_icmp, or SELECT_ICMP; 0: segments
};
enum { SELECT_ICMP = 255 };  // errors of any kind

// A forged segment, or ICMP error.
struct injection {
    uint32_t from,
        to;           // hosts: whose addresses the packet bears. ICMP: `from` may be UINT32_MAX, whoever `to` talks to
    uint32_t sender;  // the host whose link to `to` it takes: the attacker's, or `from`
    uint8_t flags;
    uint8_t compartment;  // security compartment; connections have 0
    bool has_ports;       // else those of the newest connection between the two
    struct operand source_port, destination_port;
    struct operand seq, ack, wnd;
    uint32_t text;  // in the world's texts; 0: none
    uint32_t text_length;
    uint32_t delay;  // microseconds until it arrives, beyond the link's delay
    // Of world_odd_address(), or 0: the host's own.
    uint32_t source_address, destination_address;
    // An ICMP error about the segment of `to` with these ports, the ICMP packet's mirrored, and with `seq`.
    uint8_t icmp;      // enum tcp_icmp; TCP_ICMP_NONE: a segment
    bool quotes_seen;  // about the packet that OBSERVE saw last
    uint16_t mtu;      // with TCP_ICMP_FRAGMENTATION_NEEDED
    // What else it carries: as in struct tcp_segment.
    uint8_t options, scale, blocks, cookie_len;
    uint16_t mss;
    uint8_t cookie[TCP_COOKIE_LENGTH];
    struct operand ts_val, ts_ecr;
    struct {
        struct operand begin, end;
    } sack[TCP_SACK_BLOCKS];
};

// The kind that tcp_icmp_name() calls so; false: there is none.
bool icmp_by_name(const char *name, enum tcp_icmp *kind);

// How a step can end. The names are what scripts write in fails="..." and what timelines show.
enum program_error {
    PROGRAM_OK,                    // "ok"
    PROGRAM_ERROR_REFUSED,         // "connection refused"
    PROGRAM_ERROR_RESET,           // "connection reset"
    PROGRAM_ERROR_TIMED_OUT,       // "connection timed out": R2 was reached
    PROGRAM_ERROR_CLOSING,         // "connection closing"
    PROGRAM_ERROR_DOES_NOT_EXIST,  // "connection does not exist"
    PROGRAM_ERROR_ALREADY_EXISTS,  // "connection already exists"
    PROGRAM_ERROR_END_OF_STREAM,   // "end of stream": RECV wanted more than came before the peer's FIN
    PROGRAM_ERROR_NO_PORT,         // "no port left"
    PROGRAM_ERROR_USER_TIMEOUT,    // "user timeout"
    PROGRAM_ERROR_UNREACHABLE,     // "destination unreachable"
    PROGRAM_ERROR_ABORTED,         // "aborted": by this end
    PROGRAM_ERROR_HOST_DOWN,       // "host down"
};
enum { PROGRAM_ERRORS = PROGRAM_ERROR_HOST_DOWN + 1 };

// The name; "?" for what is no program_error. Static.
const char *program_error_name(enum program_error error);
// The error of that name; false: there is none. "ok" is no error.
bool program_error_by_name(const char *name, enum program_error *error);

// What a step expects of its own outcome.
enum step_outcome {
    OUTCOME_OK,        // an error ends the program and fails the claim "programs end as they say"
    OUTCOME_MAY_FAIL,  // an error ends the program
    OUTCOME_FAILS,     // the step must end with `error`; the program goes on
};

struct step {
    uint8_t kind;     // enum step_kind
    uint8_t outcome;  // enum step_outcome
    uint8_t state;    // enum tcp_state
    uint8_t error;    // enum program_error, with OUTCOME_FAILS
    bool flag;        // CONNECT: wait until established; SEND: urgent; LINK: up
    bool has_local_port;
    bool fast_open;       // CONNECT, LISTEN: as in struct opening and struct service
    uint16_t port;        // remote port, or the port to listen on
    uint16_t local_port;  // CONNECT, with has_local_port
    uint8_t address;      // CONNECT, LISTEN: which of the host's own addresses, from 1; 0: the host chooses, or any
    uint32_t host, host2;
    uint32_t count, count2, repeat;
    uint32_t skip;
    uint32_t text, text_length;        // in the world's texts; SEND: text 0 is a pattern of text_length octets; CONNECT
    uint32_t text_zh, text_zh_length;  // NOTE
    uint32_t program;                  // LISTEN
    uint32_t backlog, accept;          // LISTEN, as in struct service
    uint32_t function;                 // FUNCTION: the script's handle
    uint32_t line;                     // of the script
    uint32_t words, words_length;      // the step as written, in the world's texts
    uint64_t duration;                 // nanoseconds
    struct selector select;
    struct injection inject;
};

#endif
