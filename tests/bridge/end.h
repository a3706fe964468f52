// One end of a connection under test, whoever's TCP is below it: this machine's kernel, or a synfin host in real time.
// The scripts of cases.c are written against this alone. Each end lives in a process of its own, and has one
// connection at a time to talk about, the newest; older ones may linger in TIME-WAIT.
#ifndef TESTS_BRIDGE_END_H
#define TESTS_BRIDGE_END_H

#include <stdbool.h>
#include <stdint.h>

enum end_outcome { END_OK, END_EOF, END_RESET, END_REFUSED, END_TIMED_OUT, END_WRONG };

// What a connection's SYNs agreed on.
enum { END_WINDOW_SCALE = 1, END_SACK = 2, END_TIMESTAMPS = 4 };

enum {
    END_PATIENCE = 25000,  // milliseconds that any of the calls below waits at most
    END_CHUNK = 1 << 14,   // octets that are made, or compared, in one go
};

struct end {
    const struct end_calls *calls;
    void *self;
    const char *name;   // "kernel" or "synfin", for messages
    int other;          // a socket to the other end's process, for meet()
    uint8_t version;    // of IP: 4 or 6
    bool right;         // which of the two addresses is its own
    bool patient;       // in a simultaneous close: the one that leaves the peer's FIN unread until it has sent its own
    bool client;        // of the newest connection: pattern() depends on it
    uint32_t sent;      // octets of text that it has sent,
    uint32_t received;  // and received
};

struct end_calls {
    void (*listen)(struct end *end, uint16_t port);  // ends listening on an older port
    enum end_outcome (*accept)(struct end *end);
    // From a new port; or with `again` between the ports of the connection before, whatever `port` is.
    enum end_outcome (*connect)(struct end *end, uint16_t port, bool again);
    // Sends so many octets of the pattern, and receives and compares so many, both at once. END_WRONG: an octet is not
    // what it should be.
    enum end_outcome (*exchange)(struct end *end, uint32_t send, uint32_t receive);
    // Waits for the end of the peer's stream: END_EOF, END_RESET, END_TIMED_OUT after so many milliseconds; END_WRONG:
    // there is more text.
    enum end_outcome (*receive_end)(struct end *end, int milliseconds);
    uint32_t (*unread)(struct end *end);              // octets that are there to be received
    void (*close)(struct end *end);                   // the RFC's: the sending direction
    void (*sockets_close)(struct end *end);           // close(): nobody will read
    void (*abort)(struct end *end);                   // with a reset
    const char *(*state)(struct end *end);            // RFC 9293's name of it; "CLOSED" when the connection is gone
    unsigned (*options)(struct end *end);             // END_WINDOW_SCALE ...
    void (*wait)(struct end *end, int milliseconds);  // life goes on below
    // Waits until the other end's process calls meet() too. With `deaf`, nothing that arrives is read meanwhile. False:
    // the other one is gone, or doesn't come.
    bool (*meet)(struct end *end, bool deaf);
};

// Octet `at` of the stream that the client sends, or the server.
static inline uint8_t end_pattern(bool from_client, uint32_t at) {
    uint32_t x = (at ^ (from_client ? UINT32_C(0x5bd1e995) : 0)) * UINT32_C(0x9e3779b1);
    x ^= x >> 15;
    return (uint8_t)(x * UINT32_C(0x85ebca6b) >> 24);
}

// The next octets that this end sends.
void end_fill(const struct end *end, uint8_t *octets, uint32_t count);

// Takes octets that were received: true when they are the next ones; says what is wrong otherwise.
bool end_take(struct end *end, const uint8_t *octets, uint32_t count);

// Waits until the connection is in a state; the state that it is in at last.
const char *end_wait_state(struct end *end, const char *state);

// The addresses, of documentation (RFC 5737, 3849); octets in network byte order.
extern const uint8_t end_address4[2][4];
extern const uint8_t end_address6[2][16];

// Milliseconds on a clock that only goes forward.
uint64_t end_clock(void);

// Half of meet(): says that this end has come; and hears, within so many milliseconds, that the other one has.
bool end_say(const struct end *end);
bool end_hear(const struct end *end, int milliseconds);

// The end that is this machine's kernel. One a process.
void kernel_end(struct end *end);

// How often the kernel has met segments in this network namespace that it calls wrong: bad checksums and options, old
// timestamps, false SACK blocks, SYNs and RSTs to be challenged. Says on stderr what it was.
unsigned long kernel_complaints(void);

#endif
