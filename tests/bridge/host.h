// A synfin host in real time: core/tcp.h under a clock, core/wire.h on a link. It holds the octets, which core doesn't.
// Everything happens within host_turn(); between turns the caller is the user.
#ifndef TESTS_BRIDGE_HOST_H
#define TESTS_BRIDGE_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/tcp.h"
#include "core/wire.h"
#include "tests/bridge/link.h"

enum {
    HOST_SESSIONS = 16,
    HOST_RING = 1 << 17,  // octets of a stream that are held: no buffer of the configuration is larger
};

// A connection and its octets. Octet q of a stream is at q modulo the ring's size.
struct session {
    bool used;
    bool fresh;                 // came from the listener, and host_accepted() has not told of it
    bool misdelivered;          // core handed text up twice, or left a gap
    uint16_t local, remote;     // ports
    uint32_t signals;           // a bit for each enum tcp_signal that the user was told
    uint32_t delivered;         // sequence number behind the text that core handed up,
    uint32_t taken;             // and behind what the user took
    struct tcp_connection tcb;  // CLOSED when it is gone
    uint8_t sent[HOST_RING];
    uint8_t arrived[HOST_RING];
};

struct host {
    struct tcp_config config;
    struct link link;
    enum wire_layout layout;
    uint8_t version;      // of IP
    uint8_t address[16];  // its own, and the peer's, as in struct wire_endpoints
    uint8_t peer[16];
    uint16_t listens;          // port; 0: none
    uint16_t next_port;        // for connections that it opens
    uint64_t malformed;        // packets of TCP that could not be read, or with an option that could not
    uint64_t began;            // time 0, on the machine's clock
    struct session *sessions;  // HOST_SESSIONS of them, and one where the listener's answers are found
};

// The sessions are the host's to free; ends the process when there is no memory.
void host_begin(struct host *host);
void host_end(struct host *host);

// Everything that is due by now happens; then waits for a packet, `fd` (-1: none), the next timer or so many
// milliseconds, and takes one packet if there is one. True when there is something to read from `fd`.
bool host_turn(struct host *host, int fd, int milliseconds);

// Opens a connection to a port; `from` is the port that it comes from, 0: a new one.
struct session *host_connect(struct host *host, uint16_t from, uint16_t port);

// The next connection that the listener has made and that has become ESTABLISHED; NULL: none yet.
struct session *host_accepted(struct host *host);

// A user's call, or one of a timer.
enum tcp_error host_call(struct host *host, struct session *session, enum tcp_event_kind kind, uint32_t length);

// Octets that the user may send, and take, now. The octets themselves are copied from and to the caller.
uint32_t host_room(const struct host *host, const struct session *session);
void host_write(struct host *host, struct session *session, const uint8_t *octets, uint32_t count);
uint32_t host_unread(const struct session *session);
void host_read(struct host *host, struct session *session, uint8_t *octets, uint32_t count);

#endif
