#include "tests/bridge/cases.h"

#include <stdlib.h>

#include "tests/check.h"

enum {
    MEGABYTE = 1 << 20,
    LITTLE = 5000,    // octets: some segments
    STALLS = 300000,  // more than a receiver holds that nobody reads from
};

// ---- what cases have in common

// Without the other end, the next steps mean nothing. It has said what was wrong.
static void meet_deaf(struct end *end, bool deaf) {
    if (end->calls->meet(end, deaf)) return;
    fprintf(stderr, "[%s] the other end is gone\n", check_note);
    exit(1);
}

static void meet(struct end *end) {
    meet_deaf(end, false);
}

static void check_open(struct end *end, const struct plan *plan) {
    CHECK_STR(end->calls->state(end), "ESTABLISHED");
    CHECK_EQ(end->calls->options(end), plan->options);
    meet(end);
}

static void wait_state(struct end *end, const char *state) {
    CHECK_STR(end_wait_state(end, state), state);
}

static void check_end(struct end *end) {
    CHECK_EQ(end->calls->receive_end(end, END_PATIENCE), END_EOF);
}

static void check_exchange(struct end *end, uint32_t to_send, uint32_t to_receive) {
    CHECK_EQ(end->calls->exchange(end, to_send, to_receive), END_OK);
}

static void close_first(struct end *end) {
    end->calls->close(end);
    check_end(end);
    wait_state(end, "TIME-WAIT");
}

static void close_last(struct end *end) {
    check_end(end);
    wait_state(end, "CLOSE-WAIT");
    end->calls->close(end);
    wait_state(end, "CLOSED");
}

// A reset isn't repeated. Where it is lost, the next text draws another.
static void check_reset(struct end *end) {
    enum end_outcome outcome = END_OK;
    for (uint64_t limit = end_clock() + END_PATIENCE; outcome != END_RESET && end_clock() < limit;) {
        outcome = end->calls->receive_end(end, 200);
        if (outcome == END_RESET) break;
        outcome = end->calls->exchange(end, 1, 0);
        end->calls->wait(end, 10);
    }
    CHECK_EQ(outcome, END_RESET);
    CHECK_STR(end->calls->state(end), "CLOSED");
}

// ---- a megabyte each way, and more after the client has closed its half

static void transfer_client(struct end *end) {
    check_exchange(end, MEGABYTE, MEGABYTE);
    end->calls->close(end);
    wait_state(end, "FIN-WAIT-2");
    meet(end);
    check_exchange(end, 0, LITTLE);
    check_end(end);
    wait_state(end, "TIME-WAIT");
}

static void transfer_server(struct end *end) {
    check_exchange(end, MEGABYTE, MEGABYTE);
    check_end(end);
    wait_state(end, "CLOSE-WAIT");
    meet(end);
    check_exchange(end, LITTLE, 0);
    end->calls->close(end);
    wait_state(end, "CLOSED");
}

// ---- the server closes first; then the client comes again from the same port, to a server in TIME-WAIT

// An ISN by a clock of 4 microseconds is beyond the last connection's numbers only if that sent no faster than 250 kB a
// second (section 3.4.1). Linux, whose clock is faster, would leave the SYN of one that did to be repeated.
enum { ISN_PASSES = 100 };

static void reopen_client(struct end *end) {
    check_exchange(end, LITTLE, 1);
    close_last(end);
    end->calls->wait(end, ISN_PASSES);
    meet(end);
    CHECK_EQ(end->calls->connect(end, 0, true), END_OK);
    check_exchange(end, LITTLE, LITTLE);
    close_first(end);
}

static void reopen_server(struct end *end) {
    check_exchange(end, 1, LITTLE);
    close_first(end);
    meet(end);
    CHECK_EQ(end->calls->accept(end), END_OK);
    check_exchange(end, LITTLE, LITTLE);
    close_last(end);
}

// ---- both close at once

static void crossing_fins(struct end *end) {
    check_exchange(end, LITTLE, LITTLE);
    meet(end);
    meet_deaf(end, end->patient);
    if (!end->patient) end->calls->close(end);
    meet_deaf(end, end->patient);
    if (end->patient) end->calls->close(end);
    check_end(end);
    wait_state(end, "TIME-WAIT");
}

// ---- the server reads late: its window closes, is probed, and opens

static void stall_client(struct end *end) {
    check_exchange(end, STALLS, 0);
    close_first(end);
}

static void stall_server(struct end *end) {
    end->calls->wait(end, 700);
    check_exchange(end, 0, STALLS);
    close_last(end);
}

// ---- resets

static void abort_client(struct end *end) {
    check_exchange(end, 1, 1);
    meet(end);
    end->calls->abort(end);
    CHECK_STR(end->calls->state(end), "CLOSED");
}

static void abort_server(struct end *end) {
    check_exchange(end, 1, 1);
    meet(end);
    check_reset(end);
}

// The sockets' close() with text that nobody has read (section 3.6.1).
static void unread_client(struct end *end) {
    uint64_t limit = end_clock() + END_PATIENCE;
    while (end->calls->unread(end) < LITTLE && end_clock() < limit)
        end->calls->wait(end, 1);
    CHECK(end->calls->unread(end) >= LITTLE);
    end->calls->sockets_close(end);
    CHECK_STR(end->calls->state(end), "CLOSED");
}

static void unread_server(struct end *end) {
    check_exchange(end, LITTLE, 0);
    check_reset(end);
}

// Text that comes after it.
static void late_text_client(struct end *end) {
    check_exchange(end, 1, 1);
    end->calls->sockets_close(end);
    meet(end);
}

static void late_text_server(struct end *end) {
    check_exchange(end, 1, 1);
    check_end(end);
    meet(end);
    end->calls->exchange(end, LITTLE, 0);
    check_reset(end);
}

// ---- all of them

static const struct {
    const char *name;
    void (*client)(struct end *end);
    void (*server)(struct end *end);
} cases[] = {
    {"a megabyte each way, half-close", transfer_client, transfer_server},
    {"again from TIME-WAIT", reopen_client, reopen_server},
    {"simultaneous close", crossing_fins, crossing_fins},
    {"zero window", stall_client, stall_server},
    {"abort", abort_client, abort_server},
    {"close() with unread text", unread_client, unread_server},
    {"text after close()", late_text_client, late_text_server},
};

static void play(struct end *end, bool client, const struct plan *plan, unsigned number) {
    const uint16_t port = (uint16_t)(plan->port + number);
    check_about("%s, %s as %s: %s", plan->name, end->name, client ? "client" : "server", cases[number].name);
    if (!client) end->calls->listen(end, port);
    meet(end);
    CHECK_EQ(client ? end->calls->connect(end, port, false) : end->calls->accept(end), END_OK);
    check_open(end, plan);
    (client ? cases[number].client : cases[number].server)(end);
    meet(end);
}

static void play_closed_port(struct end *end, bool client, const struct plan *plan) {
    check_about("%s, %s as %s: SYN to a closed port", plan->name, end->name, client ? "client" : "server");
    if (client) CHECK_EQ(end->calls->connect(end, (uint16_t)(plan->port - 1), false), END_REFUSED);
    meet(end);
}

unsigned long cases_play(struct end *end, bool client, const struct plan *plan) {
    unsigned long before = check_failures;
    play_closed_port(end, client, plan);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0] && check_failures == before; i++)
        play(end, client, plan, i);
    return check_failures - before;
}
