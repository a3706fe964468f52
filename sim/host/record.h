// What the host layer writes into the trace: records beyond those of sim/engine/trace.h, in struct form. The host layer
// writes them, views read them; both go through this file. Decoding is total: any bytes give a record or `false`.
#ifndef HOST_RECORD_H
#define HOST_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/tcp.h"
#include "sim/engine/engine.h"
#include "sim/engine/trace.h"

enum record_kind {
    RECORD_RUN = TRACE_KIND_HOST,  // first: what was run
    RECORD_HOST,                   // a host exists
    RECORD_CALL,                   // a program's step begins, or the script did something at a time of its own
    RECORD_STEP,                   // tcp_step(): the connection changed
    RECORD_PACKET,                 // a packet is sent; RECORD_FATEs follow from the engine
    RECORD_DELIVERY,               // text went into a receive buffer
    RECORD_SIGNAL,                 // TCP told the user something
    RECORD_NOTE,                   // words of the script
    RECORD_HOST_EVENT,             // crash, reboot, process exit
    RECORD_CLAIM,                  // a claim failed
    RECORD_FINISH,                 // last: why the run ended
    RECORD_DROP,                   // a packet reached a host and TCP never saw it
    RECORD_WAIT,                   // a program's step ended: how
    RECORD_RULES,                  // second: the names of the rules
    RECORD_ICMP,                   // an ICMP error is sent: a packet like others. What it fills of `packet` is marked
    RECORD_ALTERED,                // behind an arrival: flipped bits made another segment of it. Of `packet`: number,
                                   // receiver (as `host`), segment, relative numbers, text
    RECORD_FLIPS,                  // behind a copy's FATE_CORRUPTED: which bits of it are flipped
};

// Bytes inside the record: not NUL-terminated, valid as long as the trace.
struct record_text {
    const unsigned char *bytes;
    uint32_t length;
};

// An IPv4 (family 4) or IPv6 (family 6) address, network byte order, unused bytes 0; and a port.
struct record_endpoint {
    uint8_t family;
    uint8_t address[16];
    uint16_t port;
};

// The variables of a TCB that views show, beside struct tcp_connection of which they are a part.
struct record_tcb {
    uint8_t state;  // enum tcp_state
    uint8_t snd_scale, rcv_scale;
    uint32_t flags;  // TCP_CONNECTION_ACTIVE ...
    uint32_t iss, snd_una, snd_nxt, snd_wnd;
    uint32_t irs, rcv_nxt, rcv_wnd, rcv_user;
    uint32_t cwnd, ssthresh;  // octets
    uint32_t ts_recent;
    uint32_t srtt, rto;  // microseconds
};

// A rule's number in a record is what RECORD_RULES of the same trace makes of it, less than this; 0 is none. In what is
// written, and in traces of this build, it is an enum tcp_rule. Other builds may number rules otherwise.
enum { RECORD_RULES_MOST = 64 * TCP_RULE_WORDS };

enum host_event { HOST_CRASHED, HOST_REBOOTED, HOST_PROCESS_EXITED, HOST_QUIET_OVER };
enum run_end { RUN_IDLE, RUN_ENDS_AT, RUN_TIME_LIMIT, RUN_STOPPED };
enum packet_drop {
    DROP_HOST_DOWN,
    DROP_NO_SUCH_ADDRESS,
    DROP_BACKLOG_FULL,
    DROP_ACCEPT_QUEUE_FULL,
    DROP_CHECKSUM,       // wrong: bits were flipped on the way
    DROP_MALFORMED,      // no checksum covers it, but it is no packet any more
    DROP_NO_CONNECTION,  // an ICMP error about a segment of no connection (MUST-54)
    DROP_NOT_ONE_HOST,   // from or to an address of many hosts, or of none (MUST-57, MUST-63)
};
enum { PACKET_DROPS = DROP_NOT_ONE_HOST + 1 };

struct record {
    uint8_t kind;  // enum record_kind, or a kind of sim/engine/trace.h
    uint64_t number;
    uint64_t time;   // nanoseconds
    uint64_t cause;  // record number, 0: none
    union {
        struct {
            struct record_text version;               // of synfin
            struct record_text file;                  // the scenario's path as given
            struct record_text title[TCP_LANGUAGES];  // the first is used where the second is empty
            struct record_text about[TCP_LANGUAGES];
            struct record_text question[TCP_LANGUAGES];  // that the scenario answers
            struct record_text sources;                  // where it comes from, a line each
            struct record_text command;                  // the command line that repeats this run
            uint64_t seed;
        } run;
        struct {
            uint32_t host;
            struct record_text name;
            struct record_endpoint address;  // the first; port 0
            struct tcp_rule_set without;
            uint8_t layout;  // enum wire_layout, of its TCP options
            uint8_t ttl;     // of its IP packets; 0: 64
            uint8_t dscp;    // Diffserv code point, 0..63
        } host;
        struct {
            uint32_t host;
            uint32_t connection;      // 0: none yet
            uint32_t line;            // of the script; 0: none
            struct record_text text;  // as written: connect(server, 80)
        } call;
        struct {
            uint32_t host;
            uint32_t connection;  // numbered from 1 over all hosts in order of birth
            uint8_t event;        // enum tcp_event_kind
            uint8_t error;        // enum tcp_error
            struct record_endpoint local, remote;
            struct record_tcb before, after;  // equal states with different bytes differ here or in nothing shown
            struct tcp_rule_set applied;
            bool deleted;  // the TCB is gone after this step
        } step;
        struct {
            uint64_t packet;                  // the timeline's #n. ICMP too
            uint32_t host;                    // sender. ICMP too
            uint32_t to_host;                 // UINT32_MAX: nobody has the address. ICMP too
            uint32_t connection;              // sender's, 0: none (section 3.10.7.1, or injected)
            uint32_t line;                    // of the script, where a script injected it; else 0. ICMP too
            struct record_endpoint from, to;  // ICMP too: mirrored, these are the ends of the segment that it quotes
            struct tcp_segment segment;       // ICMP: its `seq` is the quoted one, the rest is 0
            uint32_t relative_seq;            // SEG.SEQ - ISS of the direction, where known. ICMP too
            uint32_t relative_ack;            // SEG.ACK - ISS of the other direction, where known
            bool has_relative_seq, has_relative_ack;  // ICMP: seq
            bool injected;                            // ICMP too
            bool own_ip;        // `ttl` and `dscp` are not those of its host, which are in RECORD_HOST; else both are 0
            uint8_t ttl, dscp;  // of its IP packet, as there
            uint8_t icmp;       // enum tcp_icmp. ICMP alone
            uint32_t mtu;       // with TCP_ICMP_FRAGMENTATION_NEEDED: octets. ICMP alone
            uint64_t about;     // the packet that it quotes; 0: none that was sent. ICMP alone
            uint16_t rule;      // without which it would not be there
            uint64_t answers;   // packet that this one was sent in answer to; 0: none
            uint64_t repeats;   // packet with the same sequence numbers that was sent before; 0: none
            uint64_t acknowledges;    // the last packet whose sequence numbers SEG.ACK newly covers; 0: none
            struct record_text text;  // the octets
        } packet;
        struct {
            uint64_t packet;
            uint32_t copy, direction;
            uint8_t fate;  // enum packet_fate
            bool scripted;
            uint64_t arrival;
            struct packet_key key;
        } fate;
        struct {
            uint64_t packet;
            uint32_t count;
            uint32_t bit[ENGINE_FLIPS];  // numbered as in struct fate_order
        } flips;
        struct {
            uint64_t packet;
            uint32_t copy;
        } arrival;
        struct {
            uint32_t host, connection;
            uint32_t seq, source;
            bool foreign;  // not what the same incarnation's other end sent
            struct record_text text;
        } delivery;
        struct {
            uint32_t host, connection;
            uint8_t signal;  // enum tcp_signal
            uint16_t rule;
        } signal;
        struct {
            uint32_t host;  // UINT32_MAX: the world
            uint32_t line;
            struct record_text text[TCP_LANGUAGES];
        } note;
        struct {
            uint32_t host;
            uint8_t event;  // enum host_event
            uint16_t rule;
        } host_event;
        struct {
            struct record_text claim[TCP_LANGUAGES];   // its name
            struct record_text detail[TCP_LANGUAGES];  // what was found
            struct record_text where;                  // file:line
        } claim;
        struct {
            uint8_t end;  // enum run_end
            uint64_t events;
        } finish;
        struct {
            uint64_t packet;
            uint32_t copy;
            uint32_t host;
            uint8_t drop;  // enum packet_drop
            uint16_t rule;
        } drop;
        struct {
            uint32_t host, connection, line;
            struct record_text outcome;  // "ok", or the error's name
        } wait;
        struct {
            struct record_text names;  // a line each, in order: rule 1 first
        } rules;
    };
};

// Appends `record` (its number and cause are the trace's) to the trace at record->time; returns its number. Kinds of
// the engine are not written here.
uint64_t record_write(struct trace *trace, const struct record *record);
// Writes RECORD_RULES with the names of this build's rules; returns its number.
uint64_t record_write_rules(struct trace *trace);
// Decodes any record, the engine's too. False: it isn't well formed, or of an unknown kind.
bool record_decode(const struct trace_record *from, struct record *to);

#endif
