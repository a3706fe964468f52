// Programs: their processes, and how their steps go on.
#include <string.h>

#include "sim/host/internal.h"

// ---- Errors ---------------------------------------------------------------------------------------------------

static const char *const error_names[PROGRAM_ERRORS] = {
    [PROGRAM_OK] = "ok",
    [PROGRAM_ERROR_REFUSED] = "connection refused",
    [PROGRAM_ERROR_RESET] = "connection reset",
    [PROGRAM_ERROR_TIMED_OUT] = "connection timed out",
    [PROGRAM_ERROR_CLOSING] = "connection closing",
    [PROGRAM_ERROR_DOES_NOT_EXIST] = "connection does not exist",
    [PROGRAM_ERROR_ALREADY_EXISTS] = "connection already exists",
    [PROGRAM_ERROR_END_OF_STREAM] = "end of stream",
    [PROGRAM_ERROR_NO_PORT] = "no port left",
    [PROGRAM_ERROR_USER_TIMEOUT] = "user timeout",
    [PROGRAM_ERROR_UNREACHABLE] = "destination unreachable",
    [PROGRAM_ERROR_ABORTED] = "aborted",
    [PROGRAM_ERROR_HOST_DOWN] = "host down",
};

const char *program_error_name(enum program_error error) {
    return (unsigned)error < PROGRAM_ERRORS ? error_names[error] : "?";
}

bool program_error_by_name(const char *name, enum program_error *error) {
    for (int i = PROGRAM_OK + 1; i < PROGRAM_ERRORS; i++) {
        if (strcmp(name, error_names[i]) != 0) continue;
        *error = (enum program_error)i;
        return true;
    }
    return false;
}

// ---- Processes ------------------------------------------------------------------------------------------------

static const struct program *program_of(const struct world *world, const struct process *process) {
    return array_at(&world->programs, process->program);
}

static void detach(const struct world *world, struct process *process) {
    struct socket *socket = socket_at(world, process->socket);
    if (socket != NULL) socket->process = (struct pool_ref){0, 0};
    process->socket = (struct pool_ref){0, 0};
}

static void attach(const struct world *world, struct pool_ref ref, struct process *process, struct pool_ref socket) {
    detach(world, process);
    process->socket = socket;
    process->end = PROGRAM_OK;
    process->over = false;
    process->unread = 0;
    process->connection = socket_at(world, socket)->id;
    socket_at(world, socket)->process = ref;
}

void process_start(struct world *world, uint32_t host, uint32_t program, struct pool_ref socket) {
    const struct program *steps = array_at(&world->programs, program);
    bool serves = socket.generation != 0;
    if (serves && steps->count == 1 && builtin_is((enum step_kind)step_at(world, steps->first)->kind)) {
        builtin_begin(world, socket_at(world, socket), steps->first);
        process_record_call(world, host, socket_at(world, socket)->id, step_at(world, steps->first));
        return;
    }
    struct pool_ref ref = pool_add(&world->processes);
    struct process *process = process_at(world, ref);
    process->host = host;
    process->program = program;
    process->serving = serves;
    if (serves) process->listener = socket_at(world, socket)->listener;
    if (serves) attach(world, ref, process, socket);
    world_ready(world, ref, true);
}

static void stop_watching(struct world *world, struct process *process) {
    if (process->watches) world->watchers--;
    process->watches = false;
    process->waits_for_packet = false;
}

static void start_watching(struct world *world, struct process *process) {
    if (!process->watches) world->watchers++;
    process->watches = true;
}

static void kill_process(struct world *world, struct pool_ref ref) {
    struct process *process = process_at(world, ref);
    detach(world, process);
    stop_watching(world, process);
    pool_remove(&world->processes, ref);
}

static void end_process(struct world *world, struct pool_ref ref) {
    uint32_t listener = process_at(world, ref)->listener;
    kill_process(world, ref);
    if (listener != 0) listener_program_ended(world, listener - 1);
}

void process_kill_all(struct world *world, uint32_t host) {
    for (uint32_t i = 0; i < world->processes.count; i++) {
        struct pool_ref ref;
        const struct process *process = pool_at(&world->processes, i, &ref);
        if (process != NULL && process->host == host) kill_process(world, ref);
    }
}

void process_lost(struct world *world, struct pool_ref ref, const struct socket *socket) {
    struct process *process = process_at(world, ref);
    if (process == NULL) return;
    process->socket = (struct pool_ref){0, 0};
    process->end = socket->reason == PROGRAM_OK ? PROGRAM_ERROR_DOES_NOT_EXIST : socket->reason;
    process->over = socket->reason == PROGRAM_OK && (socket->flags & SOCKET_PEER_CLOSED);
    process->unread = process->over ? (uint32_t)(socket->delivered - socket->received) : 0;
    world_ready(world, ref, true);
}

void process_wake(struct world *world, const struct queue_event *event) {
    struct pool_ref ref = {event->index, event->generation};
    if (process_at(world, ref) != NULL) world_ready(world, ref, true);
}

void process_wake_host(struct world *world, uint32_t host) {
    for (uint32_t i = 0; i < world->processes.count; i++) {
        struct pool_ref ref;
        const struct process *process = pool_at(&world->processes, i, &ref);
        if (process != NULL && process->host == host) world_ready(world, ref, true);
    }
}

void process_wake_watchers(struct world *world) {
    for (uint32_t i = 0; i < world->processes.count; i++) {
        struct pool_ref ref;
        const struct process *process = pool_at(&world->processes, i, &ref);
        if (process != NULL && process->watches && !process->waits_for_packet) world_ready(world, ref, true);
    }
}

void process_run_ready(struct world *world) {
    while (world->ready_head < world->ready.count && !world->stopped) {
        struct ready ready = *(struct ready *)array_at(&world->ready, world->ready_head++);
        if (!ready.process) {
            socket_react(world, ready.ref, ready.cause);
            continue;
        }
        if (world->trace != NULL) world->trace->cause = ready.cause;
        process_run(world, ready.ref);
    }
    world->ready.count = 0;
    world->ready_head = 0;
}

// ---- Steps ----------------------------------------------------------------------------------------------------

struct turn {  // of a process
    struct world *world;
    struct pool_ref ref;
    struct process *process;
    const struct step *step;
    bool first;                // the step has just begun
    enum program_error error;  // with PROGRESS_FAILED
};

static enum progress failed(struct turn *turn, enum program_error error) {
    turn->error = error;
    return PROGRESS_FAILED;
}

// The connection is gone: how it ended, to be heard once; afterwards it does not exist.
static enum progress lost(struct turn *turn) {
    enum program_error error = (enum program_error)turn->process->end;
    turn->process->end = PROGRAM_ERROR_DOES_NOT_EXIST;
    return failed(turn, error == PROGRAM_OK ? PROGRAM_ERROR_DOES_NOT_EXIST : error);
}

static struct socket *current(const struct turn *turn) {
    return socket_at(turn->world, turn->process->socket);
}

// SEND of what is left of the step's text.
static enum progress push_text(struct turn *turn) {
    struct process *process = turn->process;
    const struct step *step = turn->step;
    if (current(turn) == NULL) return lost(turn);
    uint32_t text = step->text == 0 ? 0 : step->text + (step->text_length - process->left);
    bool urgent = step->kind == STEP_SEND && step->flag;
    struct socket_answer answer = socket_send(turn->world, process->socket, current(turn), process->left, text, urgent);
    process->left -= answer.accepted;
    if (answer.error != TCP_OK) return failed(turn, socket_error(answer.error));
    return process->left == 0 ? PROGRESS_DONE : PROGRESS_WAITS;
}

static enum program_error open_connection(struct turn *turn) {
    struct process *process = turn->process;
    const struct step *step = turn->step;
    const struct opening opening = {.remote = step->host,
                                    .port = step->port,
                                    .local_port = step->has_local_port ? step->local_port : 0,
                                    .address = step->address,
                                    .fast_open = step->fast_open,
                                    .text = step->text,
                                    .length = step->text_length};
    struct pool_ref socket;
    enum program_error error = socket_connect(turn->world, process->host, &opening, &socket);
    if (error != PROGRAM_OK) return error;
    attach(turn->world, turn->ref, process, socket);
    process->opened = true;
    process->left = step->text_length - (uint32_t)current(turn)->sent;
    return PROGRAM_OK;
}

static enum progress connect_step(struct turn *turn) {
    struct process *process = turn->process;
    if (!process->opened) {
        if (host_is_quiet(turn->world, process->host)) return PROGRESS_WAITS;
        enum program_error error = open_connection(turn);
        if (error != PROGRAM_OK) return failed(turn, error);
    }
    enum progress pushed = process->left > 0 ? push_text(turn) : PROGRESS_DONE;
    if (pushed != PROGRESS_DONE || !turn->step->flag) return pushed;
    const struct socket *socket = current(turn);
    if (socket == NULL) return lost(turn);
    return tcp_synchronized((enum tcp_state)socket->tcp.state) ? PROGRESS_DONE : PROGRESS_WAITS;
}

static enum progress send_step(struct turn *turn) {
    if (turn->first) turn->process->left = turn->step->text_length;
    return push_text(turn);
}

static bool peer_has_ended(const struct socket *socket) {
    return (socket->tcp.flags & TCP_CONNECTION_FIN_RECEIVED) != 0;
}

// RECEIVE of what is there, at most `limit`; how much. Of a connection that ended in order, what it left behind: the
// peer's FIN and the end of the TCB may come in one step, before the program has read what came before them.
static uint32_t take(struct turn *turn, uint32_t limit) {
    struct socket *socket = current(turn);
    struct process *process = turn->process;
    uint32_t unread = socket != NULL ? tcp_unread(&socket->tcp) : process->unread;
    uint32_t taken = unread < limit ? unread : limit;
    if (taken == 0) return 0;
    if (socket != NULL) {
        socket_receive(turn->world, process->socket, socket, taken);
    } else {
        process->unread -= taken;
        if (turn->world->keeps) history_read(turn->world, process->connection, taken);
    }
    return taken;
}

static enum progress recv_step(struct turn *turn) {
    struct process *process = turn->process;
    if (turn->first) process->left = turn->step->count;
    process->left -= take(turn, process->left);
    if (process->left == 0) return PROGRESS_DONE;
    const struct socket *socket = current(turn);
    if (socket == NULL && !process->over) return lost(turn);
    bool ended = socket == NULL || peer_has_ended(socket);
    return ended ? failed(turn, PROGRAM_ERROR_END_OF_STREAM) : PROGRESS_WAITS;
}

static enum progress recv_eof_step(struct turn *turn) {
    take(turn, UINT32_MAX);
    const struct socket *socket = current(turn);
    if (socket == NULL) return turn->process->over ? PROGRESS_DONE : lost(turn);
    return peer_has_ended(socket) ? PROGRESS_DONE : PROGRESS_WAITS;
}

static enum progress call_step(struct turn *turn, enum tcp_event_kind kind) {
    if (current(turn) == NULL) {
        // The sockets' close() gives a descriptor back; that works whatever became of the connection. CLOSE does
        // where the connection ended in order.
        const struct process *process = turn->process;
        bool works = kind == TCP_SOCKETS_CLOSE ? process->end != PROGRAM_OK : kind == TCP_CLOSE && process->over;
        return works ? PROGRESS_DONE : lost(turn);
    }
    enum tcp_error error = socket_call(turn->world, turn->process->socket, current(turn), kind, 0).error;
    return error == TCP_OK ? PROGRESS_DONE : failed(turn, socket_error(error));
}

// What the program changes of its connection.
static enum progress set_step(struct turn *turn, enum tcp_event_kind kind, uint32_t value) {
    if (current(turn) == NULL) return lost(turn);
    enum tcp_error error = socket_call(turn->world, turn->process->socket, current(turn), kind, value).error;
    return error == TCP_OK ? PROGRESS_DONE : failed(turn, socket_error(error));
}

// MUST-48, MUST-49, SHLD-21: of the program's connection, from the next segment on.
static enum progress ip_step(struct turn *turn) {
    struct socket *socket = current(turn);
    if (socket == NULL) return lost(turn);
    if (turn->step->kind == STEP_DIFFSERV)
        socket->ip.dscp = (uint8_t)turn->step->count;
    else
        socket->ip.ttl = (uint8_t)turn->step->count;
    return PROGRESS_DONE;
}

static enum progress sleep_step(struct turn *turn) {
    struct world *world = turn->world;
    struct process *process = turn->process;
    if (turn->first) {
        bool until = turn->step->kind == STEP_SLEEP_UNTIL;
        process->until = turn->step->duration + (until ? 0 : world->engine.now);
        bool abstract = world->abstract != NULL;
        if (abstract) process->until = turn->step->duration > 0 ? TCP_NEVER : 0;  // until somebody wakes it
        if (process->until > world->engine.now && !abstract)
            engine_at(&world->engine, process->until, WORLD_EVENT_PROCESS, turn->ref.index, turn->ref.generation);
    }
    return process->until <= world->engine.now ? PROGRESS_DONE : PROGRESS_WAITS;
}

// Without a connection of its own, a program waits for its host's newest one.
static enum progress wait_state_step(struct turn *turn) {
    const struct socket *socket = current(turn);
    if (socket != NULL) return socket->tcp.state == turn->step->state ? PROGRESS_DONE : PROGRESS_WAITS;
    if (turn->process->end != PROGRAM_OK) return turn->step->state == TCP_CLOSED ? PROGRESS_DONE : lost(turn);
    struct connection_view view;
    if (world_connection(turn->world, turn->process->host, 0, &view) && view.tcp.state == turn->step->state)
        return PROGRESS_DONE;
    start_watching(turn->world, turn->process);
    return PROGRESS_WAITS;
}

static enum progress observe_step(struct turn *turn) {
    struct process *process = turn->process;
    if (turn->first) {
        process->has_seen = false;
        process->matched = 0;
        process->waits_for_packet = true;
        start_watching(turn->world, process);
    }
    return process->has_seen ? PROGRESS_DONE : PROGRESS_WAITS;
}

static enum progress builtin_step(struct turn *turn) {
    struct socket *socket = current(turn);
    if (socket == NULL && turn->step->kind == STEP_SINK) return recv_eof_step(turn);
    if (socket == NULL) return lost(turn);
    if (turn->first) {
        const struct step *steps = turn->world->steps.items;
        builtin_begin(turn->world, socket, (uint32_t)(turn->step - steps));
    }
    bool gone = false;
    enum progress progress = builtin_advance(turn->world, turn->process->socket, socket, &turn->error, &gone);
    if (!gone && progress != PROGRESS_WAITS) socket->builtin = 0;
    return progress;
}

static enum progress function_step(struct turn *turn) {
    struct world *world = turn->world;
    if (world->call == NULL) return PROGRESS_DONE;
    const char *wrong = world->call(world, turn->process->host, turn->step->function, world->call_context);
    if (wrong != NULL) {
        static const char *const name[TCP_LANGUAGES] = {"a function of the script", "脚本中的函数"};
        struct claim_detail detail;
        for (int i = 0; i < TCP_LANGUAGES; i++)
            tell(detail.text[i], CLAIM_DETAIL, "%s", sentence_in(wrong, i));
        world_fail(world, name, "", &detail, true);
    }
    return PROGRESS_DONE;
}

static enum progress listen_step(struct turn *turn) {
    const struct step *step = turn->step;
    const struct service service = {.port = step->port,
                                    .address = step->address,
                                    .program = step->program,
                                    .backlog = step->backlog,
                                    .accept = step->accept,
                                    .fast_open = step->fast_open,
                                    .line = step->line};
    bool opened = listener_open(turn->world, turn->process->host, &service);
    return opened ? PROGRESS_DONE : failed(turn, PROGRAM_ERROR_ALREADY_EXISTS);
}

static enum progress result(struct turn *turn, enum program_error error) {
    return error == PROGRAM_OK ? PROGRESS_DONE : failed(turn, error);
}

static enum progress do_step(struct turn *turn) {
    struct world *world = turn->world;
    struct process *process = turn->process;
    const struct step *step = turn->step;
    switch ((enum step_kind)step->kind) {
    case STEP_CONNECT: return connect_step(turn);
    case STEP_SEND: return send_step(turn);
    case STEP_RECV: return recv_step(turn);
    case STEP_RECV_EOF: return recv_eof_step(turn);
    case STEP_CLOSE: return call_step(turn, TCP_CLOSE);
    case STEP_SOCKETS_CLOSE: return call_step(turn, TCP_SOCKETS_CLOSE);
    case STEP_ABORT: return call_step(turn, TCP_ABORT);
    case STEP_NO_DELAY: return set_step(turn, TCP_SET_NO_DELAY, step->flag);
    case STEP_KEEP_ALIVE: return set_step(turn, TCP_SET_KEEP_ALIVE, step->flag);
    case STEP_USER_TIMEOUT: return set_step(turn, TCP_SET_USER_TIMEOUT, (uint32_t)(step->duration / 1000000));
    case STEP_DIFFSERV:
    case STEP_HOP_LIMIT: return ip_step(turn);
    case STEP_SLEEP:
    case STEP_SLEEP_UNTIL: return sleep_step(turn);
    case STEP_WAIT_STATE: return wait_state_step(turn);
    case STEP_WAIT_CLOSED: return current(turn) == NULL ? PROGRESS_DONE : PROGRESS_WAITS;
    case STEP_LISTEN: return listen_step(turn);
    case STEP_UNLISTEN:
        return listener_close(world, process->host, step->port) ? PROGRESS_DONE
                                                                : failed(turn, PROGRAM_ERROR_DOES_NOT_EXIST);
    case STEP_NOTE: host_note(world, process->host, step); return PROGRESS_DONE;
    case STEP_INJECT: return result(turn, tap_inject(world, process, step));
    case STEP_OBSERVE: return observe_step(turn);
    case STEP_EXIT: host_exit(world, process->host); return PROGRESS_DONE;
    case STEP_CRASH: host_crash(world, step->host); return PROGRESS_DONE;
    case STEP_REBOOT: host_reboot(world, step->host); return PROGRESS_DONE;
    case STEP_LINK: host_set_link(world, step->host, step->host2, step->flag); return PROGRESS_DONE;
    case STEP_REPEAT: return PROGRESS_DONE;  // see advance()
    case STEP_FUNCTION: return function_step(turn);
    case STEP_ECHO:
    case STEP_SINK:
    case STEP_RESPOND:
    case STEP_REQUEST: return builtin_step(turn);
    }
    return PROGRESS_DONE;
}

// ---- From step to step ----------------------------------------------------------------------------------------

void process_record_call(struct world *world, uint32_t host, uint32_t connection, const struct step *step) {
    if (world->trace == NULL || step->kind == STEP_REPEAT) return;
    struct record record = {.kind = RECORD_CALL, .time = world->engine.now};
    record.call.host = host;
    record.call.connection = connection;
    record.call.line = step->line;
    record.call.text = (struct record_text){(const unsigned char *)text_at(world, step->words), step->words_length};
    world->trace->cause = record_write(world->trace, &record);
}

void process_record_wait(struct world *world, uint32_t host, uint32_t connection, const struct step *step,
                         enum program_error error) {
    if (world->trace == NULL || step->kind == STEP_REPEAT) return;
    const char *outcome = program_error_name(error);
    struct record record = {.kind = RECORD_WAIT, .time = world->engine.now};
    record.wait.host = host;
    record.wait.connection = connection;
    record.wait.line = step->line;
    record.wait.outcome = (struct record_text){(const unsigned char *)outcome, (uint32_t)strlen(outcome)};
    record_write(world->trace, &record);
}

// To the step after this one, where loops may lead back.
static void advance(struct process *process, const struct step *step) {
    process->begun = false;
    process->opened = false;
    process->place++;
    if (step->kind == STEP_REPEAT) {
        if (step->count == 0 || process->loops == PROCESS_LOOPS) {
            process->place += step->skip;
        } else {
            process->loop[process->loops].first = process->place;
            process->loop[process->loops].end = process->place + step->skip;
            process->loop[process->loops++].left = step->count - 1;
        }
    }
    while (process->loops > 0 && process->place == process->loop[process->loops - 1].end) {
        if (process->loop[process->loops - 1].left > 0) {
            process->loop[process->loops - 1].left--;
            process->place = process->loop[process->loops - 1].first;
            return;
        }
        process->loops--;
    }
}

// True when a step that ended so lets its program go on.
static bool goes_on(const struct step *step, enum program_error error) {
    return error == PROGRAM_OK || (step->outcome == OUTCOME_FAILS && step->error == error);
}

// One step, as far as it goes. False: the process waits, or is gone.
static bool take_turn(struct world *world, struct pool_ref ref, uint64_t cause) {
    struct process *process = process_at(world, ref);
    if (process == NULL) return false;
    const struct program *program = program_of(world, process);
    if (process->place >= program->count) {
        end_process(world, ref);
        return false;
    }
    const struct step *step = step_at(world, program->first + process->place);
    struct turn turn = {world, ref, process, step, !process->begun, PROGRAM_OK};
    if (world->trace != NULL) world->trace->cause = process->begun ? process->call : cause;
    if (turn.first) {
        process_record_call(world, process->host, process->connection, step);
        process->call = world->trace != NULL ? world->trace->cause : 0;
        process->begun = true;
        process->since = world->engine.now;
    }
    enum progress progress = do_step(&turn);
    process = process_at(world, ref);
    if (process == NULL || progress == PROGRESS_WAITS) return false;
    stop_watching(world, process);
    process_record_wait(world, process->host, process->connection, step, turn.error);
    process_judge(world, process->host, step, turn.error);
    if (!goes_on(step, turn.error)) {
        end_process(world, ref);
        return false;
    }
    advance(process, step);
    return true;
}

void process_run(struct world *world, struct pool_ref ref) {
    uint64_t cause = world->trace != NULL ? world->trace->cause : 0;
    while (!world->stopped && take_turn(world, ref, cause))
        world_count_work(world);
}
