// The world: hosts on a network, their sockets and programs. It is a value: it can be forked, and a run of it depends
// on nothing outside it. Built by sim/script (or by C), run by sim/main.c and sim/search.
//
// Everything is addressed by number. Functions that can be misused by a script return NULL when all is well, else one
// English sentence without file and line, which the caller adds: "a link needs two different hosts". Static or owned by
// the world, valid until the next call.
#ifndef HOST_WORLD_H
#define HOST_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/tcp.h"
#include "core/wire.h"
#include "sim/engine/engine.h"
#include "sim/host/claim.h"
#include "sim/host/program.h"
#include "sim/host/record.h"

enum {
    WORLD_HOSTS = 64,
    WORLD_ADDRESSES = 4,   // a host's
    WORLD_GIVEN_ISS = 64,  // a host's
    WORLD_TEXT_LIMIT = 1 << 20,
};

struct world;  // see sim/host/internal.h

// ---- Building -------------------------------------------------------------------------------------------------

// What a host's listeners keep of a SYN until somebody answers for it (RFC 4987).
enum syn_queue {
    SYN_QUEUE_BACKLOG,            // a connection in SYN-RECEIVED; a SYN beyond the backlog is dropped
    SYN_QUEUE_CACHE,              // a small entry; beyond the backlog, the oldest is dropped
    SYN_QUEUE_COOKIES,            // nothing: what is needed stands in the SYN,ACK's sequence number
    SYN_QUEUE_COOKIES_WHEN_FULL,  // as BACKLOG, and nothing beyond it
};
enum { SYN_QUEUES = SYN_QUEUE_COOKIES_WHEN_FULL + 1 };
// "backlog", "cache", "cookies", "cookies-when-full"; NULL beyond. Static.
const char *syn_queue_name(enum syn_queue queue);

struct host_options {
    const char *name;        // 1..32 bytes of UTF-8 without control characters, unique
    uint32_t address_count;  // 0: the world gives 10.0.0.n and fd00::n
    struct record_endpoint address[WORLD_ADDRESSES];
    uint32_t iss_count;  // ISNs for the first connections, in order of opening; the last one is not repeated:
    uint32_t iss[WORLD_GIVEN_ISS];   // later ones come from RFC 6528
    bool iss_fixed;                  // every connection uses iss[0]
    struct tcp_config tcp;           // start from tcp_config_default(); `without` is completed by world_without()
    uint16_t mss;                    // 0: 1460 for IPv4, 1440 for IPv6
    uint16_t first_port, last_port;  // ephemeral ports, used in order; 0: 49152..65535 (RFC 6335)
    enum syn_queue syn_queue;
    enum wire_layout layout;  // of TCP options
    uint8_t ttl;              // of IP packets (MUST-49); 0: 64
    uint8_t dscp;             // Diffserv code point, 0..63 (MUST-48)
    bool syn_sent_refuses;    // a reset in SYN-SENT is "connection refused", as sockets say, not "reset"
    uint32_t line;            // of the script
};

// Functions that return a string return NULL when all is well, or a sentence that says what is wrong, in both
// languages: English, and behind its NUL Chinese. It is static, or the world's until something is added to it.
#define SENTENCE(english, chinese) english "\0" chinese
// The sentence in a language: 0 English, 1 Chinese.
const char *sentence_in(const char *sentence, int language);

// An empty world. `trace` is the caller's (initialised), or NULL: recording off.
struct world *world_new(uint64_t seed, struct trace *trace);
void world_free(struct world *world);
// An independent copy, with `trace` (NULL: recording off; otherwise an initialised trace that becomes a copy of the
// world's own). Steps that are functions of a script can't be forked: NULL then.
struct world *world_fork(const struct world *from, struct trace *trace);

// What RECORD_RUN says. Any of them may be NULL.
struct world_description {
    const char *file;  // the scenario's path as given
    const char *title[TCP_LANGUAGES];
    const char *about[TCP_LANGUAGES];
    const char *question[TCP_LANGUAGES];
    const char *sources;  // lines
    const char *command;  // the command line that repeats the run
};
// Strings are copied. Call before world_start().
void world_describe(struct world *world, const struct world_description *description);

const char *world_add_host(struct world *world, const struct host_options *options, uint32_t *number);
const char *world_link(struct world *world, uint32_t a, uint32_t b, const struct link_settings *a_to_b,
                       const struct link_settings *b_to_a);
// Takes a rule from one host, or from all present and future ones (host UINT32_MAX).
void world_without(struct world *world, uint32_t host, enum tcp_rule rule);
// Bytes that programs refer to; copied. The number of the first, never 0.
uint32_t world_text(struct world *world, const void *bytes, uint32_t length);
// A program's steps, copied. Its number.
uint32_t world_program(struct world *world, const struct step *steps, uint32_t count);
// `host` runs the program from time 0 on; `at_boot`: and again after each reboot.
const char *world_runs(struct world *world, uint32_t host, uint32_t program, bool at_boot, uint32_t line);
// A port that a host listens on. Each connection that the application takes runs the program.
struct service {
    uint16_t port;
    uint8_t address;  // which of the host's own addresses, from 1; 0: any of them
    uint32_t program;
    uint32_t backlog;  // so many connections may be half-open, and so many may wait to be taken; 0: 128
    uint32_t accept;   // the application takes a connection only while fewer of its programs run; 0: at once
    bool fast_open;    // RFC 7413: gives cookies, and takes the text of SYNs that show them
    uint32_t line;     // of the script
};
const char *world_serves(struct world *world, uint32_t host, const struct service *service);
// Bulk work without programs of its own: `count` connections from `client`, one each `interval` from time 0 on, to the
// ports `port` ... `port` + `ports` - 1 of `server`: to the next one whenever the client has used all of its ephemeral
// ports. Each sends `request` octets, receives `response` octets, and
// closes. The server needs listeners, such as world_serves() with a program of STEP_RESPOND alone.
struct bulk {
    uint32_t client, server;
    uint16_t port, ports;
    uint32_t count;
    uint64_t interval;  // nanoseconds
    uint32_t request, response;
};
const char *world_bulk(struct world *world, const struct bulk *bulk);
// What has become of all bulk connections so far. Those that were completed had their whole exchange and ended without
// an error.
struct bulk_result {
    uint32_t started, completed, failed;
};
struct bulk_result world_bulk_result(const struct world *world);

// An address that isn't one host's (multicast, broadcast, unspecified), for injections: its number, never 0. What is
// sent to it reaches the host that the injection names. NULL and a number, or what is wrong.
const char *world_odd_address(struct world *world, const struct record_endpoint *endpoint, uint32_t host,
                              uint32_t *number);
// A scripted fate for packets that match. The first match, in order of registration, decides.
const char *world_fate(struct world *world, const struct selector *select, const struct fate_order *order,
                       uint32_t line);
void world_claim(struct world *world, const struct claim *claim);
// The run ends at that time at the latest. Default: an hour; that it was reached is then a failed claim.
void world_ends(struct world *world, uint64_t time);
// Who calls the script's functions (STEP_FUNCTION): returns NULL, or a SENTENCE() that fails the run (status 2).
typedef const char *(*world_call)(struct world *world, uint32_t host, uint32_t function, void *context);
void world_set_call(struct world *world, world_call call, void *context);

// ---- Running --------------------------------------------------------------------------------------------------

enum run_status {
    RUN_RUNNING,
    RUN_HOLDS,        // ended; every claim holds
    RUN_CLAIM_FAILS,  // see world_failures()
    RUN_BAD_INPUT,    // a script's function or claim is faulty; see world_failures()
};

// Checks that everything fits together (links, ports, at least one host) and starts the programs. NULL, or a sentence.
const char *world_start(struct world *world, uint32_t *line);
// One event. RUN_RUNNING while there may be more.
enum run_status world_step(struct world *world);
// To the end.
enum run_status world_run(struct world *world);

struct failure {
    const char *claim[TCP_LANGUAGES];  // its name
    const char *where;                 // file:line or ""
    struct claim_detail detail;
    uint64_t time;
    bool faulty;  // the claim or function itself went wrong
};
// Claims that failed, at most one entry a claim, in order of time.
const struct failure *world_failures(const struct world *world, uint32_t *count);

// ---- Looking --------------------------------------------------------------------------------------------------

uint64_t world_now(const struct world *world);
uint64_t world_events(const struct world *world);
uint64_t world_packets(const struct world *world);
uint32_t world_hosts(const struct world *world);
const char *world_host_name(const struct world *world, uint32_t host);
// By name; UINT32_MAX: none.
uint32_t world_host_by_name(const struct world *world, const char *name);

struct host_view {
    uint32_t opened;     // connections ever, active and passive
    uint32_t accepted;   // that became ready for accept(), taken or not
    uint32_t refused;    // that got "connection refused" or "connection reset"
    uint32_t open;       // that exist now
    uint32_t half_open;  // in SYN-RECEIVED now
    bool up;
};
struct host_view world_host(const struct world *world, uint32_t number);

// A connection, existing or gone. Every connection of a host that was opened actively or left LISTEN has an ordinal
// there, from 1. Those of the past are kept (final state CLOSED) while recording is on.
struct connection_view {
    uint32_t host, ordinal;
    uint32_t id;  // over all hosts, from 1: the trace's connection number
    bool exists;
    bool passive;
    bool accepted;
    struct record_endpoint local, remote;
    struct tcp_connection tcp;  // as it is, or as it last was
    uint64_t sent, received;    // octets that SEND and RECEIVE took
    uint64_t acknowledged;      // octets
    uint32_t resets;            // "connection reset" or "refused" signals
    bool established;           // it was, at some time
    bool peer_closed;           // "connection closing" was signalled
    bool timed_out;
    bool foreign_text;    // it received octets that its peer's incarnation did not send
    bool urgent;          // "urgent data" was signalled
    bool troubled;        // "delivery problem" was
    uint8_t ttl, dscp;    // of what it sends; ttl 0: 64
    uint8_t dscp_heard;   // of the packet that arrived last (MAY-9)
    uint64_t born, gone;  // times; gone 0: exists
};
// False: there is no such connection. Ordinal 0: the newest.
bool world_connection(const struct world *world, uint32_t host, uint32_t ordinal, struct connection_view *view);
uint32_t world_connections(const struct world *world, uint32_t host);
// What the connection has received so far, copied: at most `size` octets from `offset`; how many were copied.
uint32_t world_received(const struct world *world, uint32_t host, uint32_t ordinal, uint64_t offset, void *bytes,
                        uint32_t size);
// Packets in flight now.
uint32_t world_in_flight(const struct world *world);
// Bytes of memory that the world holds.
size_t world_bytes(const struct world *world);

#endif
