// What happens to a host as a whole, and to its links.
#include "sim/host/internal.h"

static void record_event(struct world *world, uint32_t host, enum host_event event, enum tcp_rule rule) {
    if (world->trace == NULL) return;
    struct record record = {.kind = RECORD_HOST_EVENT, .time = world->engine.now};
    record.host_event.host = host;
    record.host_event.event = (uint8_t)event;
    record.host_event.rule = (uint16_t)rule;
    world->trace->cause = record_write(world->trace, &record);
}

void host_crash(struct world *world, uint32_t number) {
    struct host *host = world_host_at(world, number);
    if (!host->up) return;
    record_event(world, number, HOST_CRASHED, TCP_RULE_NONE);
    host->up = false;
    host->quiet_until = 0;
    process_kill_all(world, number);
    listener_forget_waiting(world, number);
    for (uint32_t i = 0; i < world->sockets.count; i++) {
        struct pool_ref ref;
        struct socket *socket = pool_at(&world->sockets, i, &ref);
        if (socket == NULL || socket->host != number) continue;
        socket->builtin = 0;
        socket_forget(world, ref);
    }
    listener_crash(world, number);
    fast_open_crash(world, number);
}

void host_start_programs(struct world *world, uint32_t number, bool boot) {
    for (uint32_t i = 0; i < world->starts.count; i++) {
        const struct start *start = array_at(&world->starts, i);
        if (start->host == number && (start->at_boot || !boot))
            process_start(world, number, start->program, (struct pool_ref){0, 0});
    }
}

// RFC 9293 section 3.4.3: a TCP that has forgotten which sequence numbers it used keeps quiet for one MSL.
void host_reboot(struct world *world, uint32_t number) {
    struct host *host = world_host_at(world, number);
    struct tcp_rule_set applied = {{0}};
    host_crash(world, number);
    host->up = true;
    if (tcp_rule_in_force(&host->tcp.without, &applied, TCP_RULE_QUIET_TIME)) {
        record_event(world, number, HOST_REBOOTED, TCP_RULE_QUIET_TIME);
        if (world->coverage != NULL) fates_cover_decision(world->coverage, TCP_RULE_QUIET_TIME);
        bool abstract = world->abstract != NULL;
        host->quiet_until = abstract ? TCP_NEVER : world->engine.now + host->tcp.msl;
        if (!abstract) engine_at(&world->engine, host->quiet_until, WORLD_EVENT_QUIET_OVER, number, 0);
    } else {
        record_event(world, number, HOST_REBOOTED, TCP_RULE_NONE);
    }
    listener_boot(world, number);
    host_start_programs(world, number, true);
}

bool host_is_quiet(const struct world *world, uint32_t number) {
    return world->engine.now < world_host_at(world, number)->quiet_until;
}

void host_quiet_over(struct world *world, uint32_t number) {
    const struct host *host = world_host_at(world, number);
    if (!host->up || host->quiet_until != world->engine.now) return;
    record_event(world, number, HOST_QUIET_OVER, TCP_RULE_QUIET_TIME);
    process_wake_host(world, number);
}

// A host is one process: what it has open is closed as close() closes it, listeners too.
void host_exit(struct world *world, uint32_t number) {
    record_event(world, number, HOST_PROCESS_EXITED, TCP_RULE_NONE);
    uint64_t cause = world->trace != NULL ? world->trace->cause : 0;
    process_kill_all(world, number);
    listener_forget_waiting(world, number);
    for (uint32_t i = 0; i < world->listeners.count; i++)
        if (listener_at(world, i)->host == number && listener_at(world, i)->open)
            listener_close(world, number, listener_at(world, i)->port);
    for (uint32_t i = 0; i < world->sockets.count; i++) {
        struct pool_ref ref;
        struct socket *socket = pool_at(&world->sockets, i, &ref);
        if (socket == NULL || socket->host != number) continue;
        socket->builtin = 0;
        if (world->trace != NULL) world->trace->cause = cause;
        socket_call(world, ref, socket, TCP_SOCKETS_CLOSE, 0);
    }
}

void host_note(struct world *world, uint32_t host, const struct step *step) {
    if (world->trace == NULL) return;
    struct record record = {.kind = RECORD_NOTE, .time = world->engine.now};
    record.note.host = host;
    record.note.line = step->line;
    record.note.text[0] = (struct record_text){(const unsigned char *)text_at(world, step->text), step->text_length};
    record.note.text[1] =
        (struct record_text){(const unsigned char *)text_at(world, step->text_zh), step->text_zh_length};
    record_write(world->trace, &record);
}

static void set_direction(struct world *world, uint32_t from, uint32_t to, bool up) {
    uint32_t direction = world->directions[from * world->host_count + to];
    if (direction == UINT32_MAX) return;
    struct link_settings *link = engine_link(&world->engine, direction);
    uint64_t now = world->engine.now;
    bool down = link->down_count > 0 && link->down[link->down_count - 1].to > now &&
                link->down[link->down_count - 1].from <= now;
    if (up && down) link->down_count--;
    if (up || down) return;
    // Periods that are over are not needed any more.
    uint32_t kept = 0;
    for (uint32_t i = 0; i < link->down_count; i++)
        if (link->down[i].to > now) link->down[kept++] = link->down[i];
    link->down_count = kept < ENGINE_DOWN_PERIODS ? kept + 1 : kept;
    link->down[link->down_count - 1].from = now;
    link->down[link->down_count - 1].to = UINT64_MAX;
}

void host_set_link(struct world *world, uint32_t a, uint32_t b, bool up) {
    set_direction(world, a, b, up);
    set_direction(world, b, a, up);
}
