// Built-in programs: echo, sink, request and response. Their state is in the connection, so that a program which is
// nothing else needs no process, and a million of them no memory of their own.
#include <string.h>

#include "sim/host/internal.h"

bool builtin_is(enum step_kind kind) {
    return kind == STEP_ECHO || kind == STEP_SINK || kind == STEP_RESPOND || kind == STEP_REQUEST;
}

void builtin_begin(struct world *world, struct socket *socket, uint32_t number) {
    const struct step *step = step_at(world, number);
    socket->builtin = number + 1;
    socket->in_left = step->kind == STEP_RESPOND ? step->count : 0;
    socket->out_left = step->kind == STEP_REQUEST ? step->count : 0;
    socket->rounds = step->kind == STEP_REQUEST && step->repeat > 1 ? step->repeat : 1;
}

// What an echo sends next, as a text of the world: of the last octets that were received, those that it has still to
// send and that find room. 0: there is none.
static uint32_t echo_text(struct world *world, const struct socket *socket) {
    uint32_t room = tcp_send_room(&world_host_at(world, socket->host)->tcp, &socket->tcp);
    uint32_t length = socket->out_left < room ? socket->out_left : room;
    if (length == 0) return 0;
    uint32_t text = world->texts.count + 1;
    unsigned char *bytes = array_room(&world->texts, length);
    world_received(world, socket->host, socket->ordinal, socket->received - socket->out_left, bytes, length);
    // In a search, equal texts are one text, however often they are echoed.
    const unsigned char *all = world->texts.items;
    for (uint32_t i = 0; world->abstract != NULL && i + 1 < text; i++) {
        if (memcmp(all + i, bytes, length) != 0) continue;
        world->texts.count -= length;
        return i + 1;
    }
    return text;
}

// Sends what is left of the output.
static struct socket_answer send_left(struct world *world, struct pool_ref ref, struct socket *socket,
                                      const struct step *step) {
    uint32_t text = world->keeps && step->kind == STEP_ECHO ? echo_text(world, socket) : 0;
    struct socket_answer answer = socket_send(world, ref, socket, socket->out_left, text, false);
    if (!answer.gone) socket->out_left -= answer.accepted;
    return answer;
}

// A round's input is complete: what comes next. False: the exchange is over.
static bool next_round(const struct step *step, struct socket *socket) {
    if (step->kind == STEP_RESPOND) {
        socket->out_left = step->count2;
        socket->in_left = step->count;
        return true;
    }
    if (--socket->rounds == 0) return false;
    socket->out_left = step->count;
    return true;
}

static enum progress close_down(struct world *world, struct pool_ref ref, struct socket *socket,
                                enum program_error *error, bool *gone) {
    struct socket_answer answer = socket_call(world, ref, socket, TCP_CLOSE, 0);
    *gone = answer.gone;
    *error = socket_error(answer.error);
    return *error == PROGRAM_OK ? PROGRESS_DONE : PROGRESS_FAILED;
}

static enum progress ended_by_peer(struct world *world, struct pool_ref ref, struct socket *socket,
                                   const struct step *step, enum program_error *error, bool *gone) {
    bool between = step->kind != STEP_RESPOND || socket->in_left == step->count;
    if (step->kind != STEP_REQUEST && between) return close_down(world, ref, socket, error, gone);
    *error = PROGRAM_ERROR_END_OF_STREAM;
    return PROGRESS_FAILED;
}

// Octets that the step takes before it does anything else.
static uint32_t wanted(const struct step *step, struct socket *socket) {
    if (step->kind == STEP_ECHO || step->kind == STEP_SINK) return UINT32_MAX;
    if (step->kind == STEP_REQUEST && socket->in_left == 0) socket->in_left = step->count2;
    return socket->in_left;
}

// Takes what is there, at most what the step wants; true when anything was taken. `*complete`: all that it wants.
static bool take(struct world *world, struct pool_ref ref, struct socket *socket, const struct step *step,
                 bool *complete, bool *gone) {
    uint32_t limit = wanted(step, socket);
    uint32_t unread = tcp_unread(&socket->tcp);
    uint32_t taken = unread < limit ? unread : limit;
    if (taken > 0) *gone = !socket_receive(world, ref, socket, taken);
    if (*gone) return false;
    if (step->kind == STEP_ECHO) socket->out_left = taken;
    if (limit != UINT32_MAX) socket->in_left -= taken;
    *complete = limit != UINT32_MAX && socket->in_left == 0;
    return taken > 0;
}

enum progress builtin_advance(struct world *world, struct pool_ref ref, struct socket *socket,
                              enum program_error *error, bool *gone) {
    const struct step *step = step_at(world, socket->builtin - 1);
    for (;;) {
        if (socket->out_left > 0) {
            struct socket_answer answer = send_left(world, ref, socket, step);
            *gone = answer.gone;
            *error = socket_error(answer.error);
            if (*error != PROGRAM_OK) return PROGRESS_FAILED;
            if (*gone || socket->out_left > 0) return PROGRESS_WAITS;
        }
        bool complete = false;
        bool taken = take(world, ref, socket, step, &complete, gone);
        if (*gone) return PROGRESS_WAITS;
        if (complete) {
            if (!next_round(step, socket)) return close_down(world, ref, socket, error, gone);
        } else if (!taken) {
            bool over = (socket->tcp.flags & TCP_CONNECTION_FIN_RECEIVED) != 0;
            return over ? ended_by_peer(world, ref, socket, step, error, gone) : PROGRESS_WAITS;
        }
    }
}

bool builtin_run(struct world *world, struct pool_ref ref, struct socket *socket) {
    enum program_error error = PROGRAM_OK;
    bool gone = false;
    uint32_t host = socket->host, id = socket->id;
    const struct step *step = step_at(world, socket->builtin - 1);
    if (!tcp_synchronized((enum tcp_state)socket->tcp.state)) return true;
    enum progress progress = builtin_advance(world, ref, socket, &error, &gone);
    if (progress != PROGRESS_WAITS) process_record_wait(world, host, id, step, error);
    if (progress == PROGRESS_FAILED) process_judge(world, host, step, error);
    if (gone || progress == PROGRESS_WAITS) return !gone;
    socket->builtin = 0;
    if (progress == PROGRESS_DONE) socket->flags |= SOCKET_SERVED;
    if (socket->listener != 0) listener_program_ended(world, socket->listener - 1);
    return true;
}

void builtin_lost(struct world *world, struct socket *socket) {
    const struct step *step = step_at(world, socket->builtin - 1);
    enum program_error reason =
        socket->reason == PROGRAM_OK ? PROGRAM_ERROR_DOES_NOT_EXIST : (enum program_error)socket->reason;
    process_record_wait(world, socket->host, socket->id, step, reason);
    if (!(socket->flags & SOCKET_BULK)) process_judge(world, socket->host, step, reason);
    if (socket->listener != 0) listener_program_ended(world, socket->listener - 1);
}

// ---- Bulk work ------------------------------------------------------------------------------------------------

void bulk_ended(struct world *world, const struct socket *socket) {
    if (socket->flags & SOCKET_SERVED && socket->reason == PROGRAM_OK) {
        world->bulk.completed++;
    } else {
        world->bulk.failed++;
    }
}

void bulk_next(struct world *world, uint32_t number) {
    const struct bulk_entry *entry = array_at(&world->bulks, number);
    const struct bulk *bulk = &entry->bulk;
    const struct host *client = world_host_at(world, bulk->client);
    uint32_t ephemeral = (uint32_t)(client->last_port - client->first_port) + 1;
    uint16_t port = (uint16_t)(bulk->port + entry->started / ephemeral % bulk->ports);
    struct pool_ref ref;
    world->bulk.started++;
    const struct opening opening = {.remote = bulk->server, .port = port};
    if (socket_connect(world, bulk->client, &opening, &ref) == PROGRAM_OK) {
        struct socket *socket = socket_at(world, ref);
        socket->flags |= SOCKET_BULK;
        builtin_begin(world, socket, entry->step);
    } else {
        world->bulk.failed++;
    }
    struct bulk_entry *counted = array_at(&world->bulks, number);
    if (++counted->started < bulk->count)
        engine_at(&world->engine, world->engine.now + bulk->interval, WORLD_EVENT_BULK, number, 0);
}

struct bulk_result world_bulk_result(const struct world *world) {
    return world->bulk;
}
