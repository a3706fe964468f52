#include "tests/bridge/synfin.h"

#include <stdio.h>
#include <stdlib.h>

// The newest connection; one a process.
static struct session *session;

static struct host *host_of(struct end *end) {
    return end->self;
}

// When the connection has failed: how.
static enum end_outcome failure(void) {
    if (session->misdelivered) {
        fprintf(stderr, "synfin: core delivered text twice, or left a gap\n");
        return END_WRONG;
    }
    if (session->signals & 1u << TCP_SIGNAL_RESET) return END_RESET;
    if (session->signals & 1u << TCP_SIGNAL_REFUSED) return END_REFUSED;
    if (session->signals & (1u << TCP_SIGNAL_TIMED_OUT | 1u << TCP_SIGNAL_USER_TIMEOUT)) return END_TIMED_OUT;
    return END_OK;
}

static void begin(struct end *end, bool client) {
    end->client = client;
    end->sent = end->received = 0;
}

static void synfin_listen(struct end *end, uint16_t port) {
    host_of(end)->listens = port;
}

static enum end_outcome synfin_accept(struct end *end) {
    uint64_t limit = end_clock() + END_PATIENCE;
    struct session *accepted = host_accepted(host_of(end));
    while (accepted == NULL && end_clock() < limit) {
        host_turn(host_of(end), -1, 100);
        accepted = host_accepted(host_of(end));
    }
    if (accepted == NULL) return END_TIMED_OUT;
    session = accepted;
    begin(end, false);
    return END_OK;
}

static enum end_outcome synfin_connect(struct end *end, uint16_t port, bool again) {
    uint64_t limit = end_clock() + END_PATIENCE;
    host_of(end)->listens = 0;
    session = host_connect(host_of(end), again ? session->local : 0, again ? session->remote : port);
    begin(end, true);
    while (end_clock() < limit) {
        if (session->signals & 1u << TCP_SIGNAL_ESTABLISHED) return END_OK;
        // Section 3.10.7.3 says "connection reset" where the sockets say "connection refused".
        if (failure() != END_OK) return failure() == END_RESET ? END_REFUSED : failure();
        host_turn(host_of(end), -1, 100);
    }
    return END_TIMED_OUT;
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static void send_some(struct end *end, uint32_t *left) {
    uint8_t octets[END_CHUNK];
    uint32_t count = smaller(smaller(*left, END_CHUNK), host_room(host_of(end), session));
    if (count == 0) return;
    end_fill(end, octets, count);
    host_write(host_of(end), session, octets, count);
    end->sent += count;
    *left -= count;
}

static bool receive_some(struct end *end, uint32_t *left) {
    uint8_t octets[END_CHUNK];
    uint32_t count = smaller(smaller(*left, END_CHUNK), host_unread(session));
    if (count == 0) return true;
    host_read(host_of(end), session, octets, count);
    *left -= count;
    return end_take(end, octets, count);
}

static enum end_outcome synfin_exchange(struct end *end, uint32_t to_send, uint32_t to_receive) {
    uint64_t limit = end_clock() + END_PATIENCE;
    while (end_clock() < limit) {
        if (!receive_some(end, &to_receive)) return END_WRONG;
        if (failure() != END_OK) return failure();
        send_some(end, &to_send);
        if (to_send == 0 && to_receive == 0) return END_OK;
        if (to_receive > 0 && host_unread(session) == 0 && (session->signals & 1u << TCP_SIGNAL_CLOSING))
            return END_EOF;
        host_turn(host_of(end), -1, 100);
    }
    return END_TIMED_OUT;
}

static enum end_outcome synfin_receive_end(struct end *end, int milliseconds) {
    uint64_t limit = end_clock() + (uint64_t)milliseconds;
    for (;;) {
        if (host_unread(session) > 0) return END_WRONG;
        if (failure() != END_OK) return failure();
        if (session->signals & 1u << TCP_SIGNAL_CLOSING) return END_EOF;
        if (end_clock() >= limit) return END_TIMED_OUT;
        host_turn(host_of(end), -1, 10);
    }
}

static uint32_t synfin_unread(struct end *end) {
    (void)end;
    return host_unread(session);
}

static void call(struct end *end, enum tcp_event_kind kind) {
    enum tcp_error error = host_call(host_of(end), session, kind, 0);
    if (error != TCP_OK) fprintf(stderr, "synfin: %s\n", tcp_error_name(error));
}

static void synfin_close(struct end *end) {
    call(end, TCP_CLOSE);
}

static void synfin_sockets_close(struct end *end) {
    call(end, TCP_SOCKETS_CLOSE);
}

static void synfin_abort(struct end *end) {
    call(end, TCP_ABORT);
}

static const char *synfin_state(struct end *end) {
    (void)end;
    return tcp_state_name((enum tcp_state)session->tcb.state);
}

static unsigned synfin_options(struct end *end) {
    uint32_t flags = session->tcb.flags;
    (void)end;
    return (flags & TCP_CONNECTION_WINDOW_SCALE ? END_WINDOW_SCALE : 0u) |
           (flags & TCP_CONNECTION_SACK ? END_SACK : 0u) | (flags & TCP_CONNECTION_TIMESTAMPS ? END_TIMESTAMPS : 0u);
}

static void synfin_wait(struct end *end, int milliseconds) {
    uint64_t limit = end_clock() + (uint64_t)milliseconds;
    for (uint64_t time = end_clock(); time < limit; time = end_clock())
        host_turn(host_of(end), -1, (int)(limit - time));
}

static bool synfin_meet(struct end *end, bool deaf) {
    uint64_t limit = end_clock() + 2 * END_PATIENCE;
    if (!end_say(end)) return false;
    if (deaf) return end_hear(end, 2 * END_PATIENCE);
    while (!host_turn(host_of(end), end->other, 100))
        if (end_clock() >= limit) return false;
    return end_hear(end, 0);
}

static bool all_gone(const struct host *host) {
    for (int i = 0; i < HOST_SESSIONS; i++)
        if (host->sessions[i].used && host->sessions[i].tcb.state != TCP_CLOSED) return false;
    return true;
}

bool synfin_drain(struct host *host) {
    uint64_t limit = end_clock() + END_PATIENCE;
    while (!all_gone(host) && end_clock() < limit)
        host_turn(host, -1, 100);
    return all_gone(host);
}

void synfin_end(struct end *end, struct host *host) {
    static const struct end_calls calls = {
        .listen = synfin_listen,
        .accept = synfin_accept,
        .connect = synfin_connect,
        .exchange = synfin_exchange,
        .receive_end = synfin_receive_end,
        .unread = synfin_unread,
        .close = synfin_close,
        .sockets_close = synfin_sockets_close,
        .abort = synfin_abort,
        .state = synfin_state,
        .options = synfin_options,
        .wait = synfin_wait,
        .meet = synfin_meet,
    };
    end->calls = &calls;
    end->self = host;
    end->name = "synfin";
}
