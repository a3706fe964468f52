// A trace as views need it: hosts, connections, packets with the flights of their copies, and rows in order of time.
// What a row's record says is not copied; model_record() decodes it again.
#ifndef VIEW_MODEL_H
#define VIEW_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/host/record.h"

enum { MODEL_HOSTS = 64 };

#define MODEL_NONE UINT32_MAX  // no host, row, flight or change

// Beyond enum tcp_state: what a host's state column shows while the host is down.
enum { MODEL_STATE_DOWN = TCP_STATES };

struct model_host {
    struct record_text name;
    struct record_endpoint address;
    struct tcp_rule_set without;
    uint8_t layout, ttl, dscp;  // of its packets, as in RECORD_HOST
    uint32_t connections;
    bool listens;  // from the start on
};

struct model_connection {
    uint32_t id;
    uint32_t host;
    struct record_endpoint local, remote;
    uint8_t state;     // while reading: as the rows so far show it
    uint8_t scale;     // while reading: of the windows that it offers
    uint16_t port;     // tells it from its host's others, where there are any; else 0
    uint32_t peer;     // the other host, where the port isn't enough; else MODEL_NONE
    uint32_t ordinal;  // among those of the same two endpoints, from 1
    bool reuses;       // there are others of the same two endpoints
};

struct model_packet {
    uint64_t number;
    size_t at;  // its RECORD_PACKET
    uint32_t host, to_host;
    uint32_t connection;
    uint32_t first_flight;  // copy 0, which is always there
    uint32_t flights;       // their copies are numbered in order
    bool window_changed;    // it differs from the one in this connection's packet before
    bool window_leaps;      // by a quarter or more, or to or from zero
    uint8_t scale;          // of its window field (RFC 7323)
    size_t flips;           // RECORD_FLIPS of its corrupted copy; 0: none
    bool answers_copy;      // what it answers is a copy of the packet that it names
};

// One copy of a packet on its way.
struct model_flight {
    uint32_t packet;  // index
    uint32_t copy;
    uint8_t fate;  // enum packet_fate
    bool scripted;
    bool overtaken;      // and the packet that overtook it says so
    uint32_t direction;  // the engine's
    uint64_t sent;       // nanoseconds
    uint64_t arrival;    // nanoseconds; 0: lost
    uint64_t held;       // nanoseconds by which a script delayed it, where that is known
    uint64_t overtakes;  // packet that was sent before and is still under way when this one arrives; 0: none
    uint32_t departs_row;
    uint32_t arrives_row;  // MODEL_NONE: it never does
};

// It arrives, whole or not.
static inline bool model_arrives(const struct model_flight *flight) {
    return fate_arrives((enum packet_fate)flight->fate);
}

enum model_row_kind {
    ROW_CALL,        // RECORD_CALL
    ROW_TIMER,       // RECORD_STEP of a timeout
    ROW_STATE,       // RECORD_STEP that shows a change and belongs to no other row
    ROW_DEPARTURE,   // RECORD_PACKET, RECORD_ICMP, or TRACE_KIND_FATE of a copy
    ROW_ARRIVAL,     // TRACE_KIND_ARRIVAL
    ROW_DELIVERY,    // RECORD_DELIVERY
    ROW_SIGNAL,      // RECORD_SIGNAL
    ROW_NOTE,        // RECORD_NOTE
    ROW_HOST_EVENT,  // RECORD_HOST_EVENT
    ROW_WAIT,        // RECORD_WAIT
};

// How much a row says that other rows don't.
enum model_weight {
    WEIGHT_SHOWN,
    WEIGHT_DETAIL,  // for explained timelines: the states show as much
    WEIGHT_HIDDEN,  // nothing
};

struct model_row {
    enum model_row_kind kind;
    uint8_t error;          // enum tcp_error: the answer to a call
    uint8_t event;          // enum tcp_event_kind, with ROW_TIMER
    uint8_t drop;           // 1 + enum packet_drop, with ROW_ARRIVAL; 0: TCP saw the packet
    uint8_t weight;         // enum model_weight
    uint16_t drop_rule;     // with `drop` or `ignored`: the rule that decided
    bool stepped;           // a step belongs to the row
    bool fruitful;          // with ROW_ARRIVAL: a packet, a delivery, a signal or another TCB came of it
    bool ignored;           // with ROW_ARRIVAL: TCP saw the packet, and nothing came of it
    bool duplicate_ack;     // with ROW_ARRIVAL: it acknowledges SND.UNA again while text is in flight
    bool synchronized;      // with ROW_ARRIVAL: it met a connection in ESTABLISHED or later
    bool labelled;          // its connection is not the one whose state its host showed last
    uint32_t host;          // MODEL_NONE: the world
    uint32_t connection;    // id; 0: none
    uint32_t flight;        // with ROW_DEPARTURE and ROW_ARRIVAL
    uint32_t first_change;  // index, MODEL_NONE: none
    uint64_t number;        // of its record
    uint64_t time;
    size_t at;                    // its record
    size_t altered;               // with ROW_ARRIVAL: RECORD_ALTERED; 0: it is what was sent
    struct tcp_rule_set applied;  // in the steps that belong to the row
};

// A step of a connection.
struct model_step {
    size_t at;     // its RECORD_STEP
    uint32_t row;  // that it belongs to, or the one before it where none does; MODEL_NONE: there is none yet
};

// A connection's state changes.
struct model_change {
    uint32_t host;
    uint32_t connection;
    uint8_t state;  // enum tcp_state, or MODEL_STATE_DOWN
    bool labelled;  // the connection is not the one whose state the host showed last
    uint32_t next;  // of the same row
};

// The trace's rules. Those that this build doesn't know stand behind its own.
struct model_rules {
    uint32_t count;  // numbers of the trace; 0: it names none
    uint16_t here[RECORD_RULES_MOST];
    uint32_t foreign_count;
    struct record_text foreign[RECORD_RULES_MOST];
};

struct model {
    const struct trace *trace;
    struct model_rules rules;
    bool has_run, has_finish;
    size_t run_at, finish_at;
    uint64_t finish_time;
    struct model_host hosts[MODEL_HOSTS];
    uint32_t host_count;
    // Arrays that grow, each with its count and capacity.
    struct model_connection *connections;  // by id
    struct model_packet *packets;          // by number
    struct model_flight *flights;
    struct model_row *rows;
    struct model_change *changes;
    struct model_step *steps;
    size_t *claims;  // their records
    uint32_t connection_count, packet_count, flight_count, row_count, change_count, claim_count, step_count;
    uint32_t connection_capacity, packet_capacity, flight_capacity, row_capacity, change_capacity, claim_capacity,
        step_capacity;
    uint32_t oldest_flight;  // while reading: flights before it have arrived or are lost
};

// Reads `trace`, which must outlive the model. False when it makes no sense: `error` says what is wrong, with the
// record's number. model_free() in any case.
bool model_read(struct model *model, const struct trace *trace, char *error, size_t size);
void model_free(struct model *model);

// What only the whole trace tells: the connections' labels, delays by scripts, windows that changed, the weight of
// rows. model_read() calls it.
void model_complete(struct model *model);

// Decodes the record at `at`, which was well formed when the model was read; its rules are numbered as here.
struct record model_record(const struct model *model, size_t at);

// The connection, or NULL.
const struct model_connection *model_connection(const struct model *model, uint32_t id);

// Index of the packet with that number, or MODEL_NONE.
uint32_t model_packet(const struct model *model, uint64_t number);

// model_rules.c: takes the names of RECORD_RULES; false: they are too many. Then puts this build's numbers in the place
// of the trace's; false: the trace names no such rule. A rule that this build doesn't know gets a number from TCP_RULES
// on, less than RECORD_RULES_MOST, or TCP_RULE_NONE when these are used up.
bool model_rules_read(struct model_rules *rules, struct record_text names);
bool model_rules_translate(const struct model_rules *rules, struct record *record);
// The name of a rule, known or not. What a trace says may hold anything.
struct record_text model_rule_name(const struct model *model, uint32_t rule);

#endif
