// A world's life: made, copied, started, run event by event, ended.
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/memory.h"
#include "sim/host/internal.h"
#include "sim/host/witness.h"

#ifndef SYNFIN_VERSION
#define SYNFIN_VERSION "unknown"
#endif

static const uint64_t one_hour = UINT64_C(3600) * 1000000000;

enum {
    SCRATCH = 65536,
    // More steps and events than this at one instant are an endless loop without delay.
    WORK_KEPT = 200000,
    // A run that is recorded, or that claims look at, has an end somewhere.
    EVENTS_KEPT = 500000,
    TRACE_KEPT = 128 << 20,
    WORK_BULK = 100000000,
};

// ---- Made and copied ------------------------------------------------------------------------------------------

struct part {  // an array of the world
    size_t offset;
    size_t item_size;
};
static const struct part parts[] = {
    {offsetof(struct world, hosts), sizeof(struct host)},
    {offsetof(struct world, addresses), sizeof(struct address)},
    {offsetof(struct world, links), sizeof(struct link_pair)},
    {offsetof(struct world, steps), sizeof(struct step)},
    {offsetof(struct world, programs), sizeof(struct program)},
    {offsetof(struct world, listeners), sizeof(struct listener)},
    {offsetof(struct world, starts), sizeof(struct start)},
    {offsetof(struct world, fates), sizeof(struct fate_rule)},
    {offsetof(struct world, bulks), sizeof(struct bulk_entry)},
    {offsetof(struct world, claims), sizeof(struct claim_entry)},
    {offsetof(struct world, failures), sizeof(struct failure)},
    {offsetof(struct world, texts), 1},
    {offsetof(struct world, ready), sizeof(struct ready)},
    {offsetof(struct world, waiting), sizeof(struct waiting)},
    {offsetof(struct world, half_open), sizeof(struct half_open)},
    {offsetof(struct world, cookies), sizeof(struct fast_open_cookie)},
    {offsetof(struct world, known), sizeof(struct known)},
    {offsetof(struct world, past), sizeof(struct past)},
    {offsetof(struct world, passed), sizeof(struct passed)},
    {offsetof(struct world, deliveries), sizeof(struct delivery)},
    {offsetof(struct world, streams), sizeof(struct stream)},
    {offsetof(struct world, pieces), sizeof(struct piece)},
    {offsetof(struct world, plan), sizeof(struct plan_entry)},
    {offsetof(struct world, plan_places), sizeof(uint32_t)},
    {offsetof(struct world, witnesses), sizeof(struct witness)},
    {offsetof(struct world, trails), sizeof(struct trail)},
    {offsetof(struct world, broken), sizeof(struct broken_property)},
};
enum { PARTS = sizeof parts / sizeof *parts };

static struct array *part(struct world *world, size_t number) {
    return (struct array *)(void *)((unsigned char *)world + parts[number].offset);
}

static const struct array *part_of(const struct world *world, size_t number) {
    return (const struct array *)(const void *)((const unsigned char *)world + parts[number].offset);
}

struct world *world_new(uint64_t seed, struct trace *trace) {
    struct world *world = memory_allocate(sizeof *world);
    engine_init(&world->engine, sizeof(struct packet), seed, trace);
    world->trace = trace;
    world->seed = seed;
    world->ends = one_hour;
    world->engine.corrupts = corrupt_packet;
    world->engine.corrupts_context = world;
    pool_init(&world->sockets, sizeof(struct socket));
    pool_init(&world->processes, sizeof(struct process));
    demux_init(&world->demux);
    for (size_t i = 0; i < PARTS; i++)
        array_init(part(world, i), parts[i].item_size);
    for (uint32_t i = 0; i < WORLD_HOSTS; i++)
        array_init(&world->ids[i], sizeof(uint32_t));
    return world;
}

void world_free(struct world *world) {
    if (world == NULL) return;
    engine_free(&world->engine);
    pool_free(&world->sockets);
    pool_free(&world->processes);
    demux_free(&world->demux);
    for (size_t i = 0; i < PARTS; i++)
        array_free(part(world, i));
    for (uint32_t i = 0; i < WORLD_HOSTS; i++)
        array_free(&world->ids[i]);
    free(world->directions);
    free(world->scratch);
    abstract_end(world);
    free(world);
}

struct world *world_fork(const struct world *from, struct trace *trace) {
    if (from->functions) return NULL;
    struct world *to = memory_grow(NULL, sizeof *to);
    *to = *from;
    if (trace != NULL && from->trace != NULL) trace_copy(trace, from->trace);
    to->trace = trace;
    engine_copy(&to->engine, &from->engine, trace);
    to->engine.corrupts_context = to;
    pool_init(&to->sockets, sizeof(struct socket));
    pool_copy(&to->sockets, &from->sockets);
    pool_init(&to->processes, sizeof(struct process));
    pool_copy(&to->processes, &from->processes);
    demux_copy(&to->demux, &from->demux);
    for (size_t i = 0; i < PARTS; i++)
        array_copy(part(to, i), part_of(from, i));
    for (uint32_t i = 0; i < from->host_count; i++)
        array_copy(&to->ids[i], &from->ids[i]);
    if (from->directions != NULL) build_directions(to);
    if (to->bulks.count > 0) queue_watch(to->engine.queue, arrival_soon, to);
    if (from->abstract != NULL) abstract_copy(to, from);
    to->scratch = NULL;
    to->scratch_size = 0;
    world_watch(to, NULL, NULL);
    return to;
}

size_t world_bytes(const struct world *world) {
    size_t bytes = sizeof *world + pool_bytes(&world->sockets) + pool_bytes(&world->processes) +
                   pool_bytes(&world->engine.packets) + queue_bytes(world->engine.queue) +
                   ((size_t)world->demux.mask + 1) * sizeof *world->demux.entries;
    for (size_t i = 0; i < PARTS; i++)
        bytes += array_bytes(part_of(world, i));
    for (uint32_t i = 0; i < world->host_count; i++)
        bytes += array_bytes(&world->ids[i]);
    return bytes;
}

// ---- Claims ---------------------------------------------------------------------------------------------------

static struct record_text words(const char *string) {
    assert(string != NULL);
    return (struct record_text){(const unsigned char *)string, (uint32_t)strlen(string)};
}

void world_fail(struct world *world, const char *const claim[TCP_LANGUAGES], const char *where,
                const struct claim_detail *detail, bool faulty) {
    struct failure *failure = array_add(&world->failures);
    failure->where = where;
    failure->time = world->engine.now;
    failure->faulty = faulty;
    failure->detail = *detail;
    for (int i = 0; i < TCP_LANGUAGES; i++)
        failure->claim[i] = claim[i] != NULL ? claim[i] : claim[0];
    if (faulty) world->stopped = true;
    if (world->trace == NULL) return;
    struct record record = {.kind = RECORD_CLAIM, .time = world->engine.now};
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        record.claim.claim[i] = words(failure->claim[i]);
        record.claim.detail[i] = words(detail->text[i]);
    }
    record.claim.where = words(where);
    record_write(world->trace, &record);
}

void world_fail_built_in(struct world *world, const char *claim, const struct claim_detail *detail) {
    const char *const name[TCP_LANGUAGES] = {claim, NULL};
    world_fail(world, name, "", detail, false);
}

static void look_at_claim(struct world *world, uint32_t number) {
    struct claim_entry *entry = array_at(&world->claims, number);
    if (entry->failed || world->stopped) return;
    struct claim_detail detail;  // not cleared whole: this comes after each event
    for (int i = 0; i < TCP_LANGUAGES; i++)
        detail.text[i][0] = '\0';
    bool error = false;
    const struct claim *claim = &entry->claim;
    if (claim->holds(world, claim->context, &detail, &error) && !error) return;
    entry->failed = true;
    world_fail(world, claim->name, claim->where, &detail, error);
}

void world_look_at_claims(struct world *world, enum claim_when when) {
    for (uint32_t i = 0; i < world->claims.count; i++)
        if (((const struct claim_entry *)array_at(&world->claims, i))->claim.when == when) look_at_claim(world, i);
}

// A label is seen once in a run. Nothing fails when it isn't.
static void look_at_labels(struct world *world) {
    uint32_t label = 0;
    for (uint32_t i = 0; i < world->claims.count && !world->stopped; i++) {
        const struct claim *claim = world_claim_at(world, i);
        if (claim->when != CLAIM_COVERS) continue;
        uint64_t bit = UINT64_C(1) << label++;
        if (world->coverage->labels & bit) continue;
        struct claim_detail detail = {{""}};
        bool error = false;
        if (claim->holds(world, claim->context, &detail, &error)) world->coverage->labels |= bit;
        if (error) world_fail(world, claim->name, claim->where, &detail, true);
    }
}

static void fail_property(struct world *world, const char *name) {
    struct claim_detail detail = {{""}};
    bool error = false;
    const struct property *property = property_by_name(name);
    if (!property->holds(world, NULL, &detail, &error)) world_fail_built_in(world, property->name, &detail);
}

void process_judge(struct world *world, uint32_t host, const struct step *step, enum program_error error) {
    bool as_said = step->outcome == OUTCOME_FAILS ? error == step->error
                                                  : error == PROGRAM_OK || step->outcome == OUTCOME_MAY_FAIL;
    if (as_said || world->error_noted) return;
    const char *is = program_error_name(error), *said = program_error_name((enum program_error)step->error);
    bool fails = step->outcome == OUTCOME_FAILS;
    struct claim_detail detail;
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        char who[240];
        char *text = detail.text[i];
        tell_step(world, i, host, step, who, sizeof who);
        if (i == TELL_ENGLISH) {
            tell(text, CLAIM_DETAIL, fails ? "%s: %s, not %s" : "%s: %s", who, is, said);
        } else {
            tell(text, CLAIM_DETAIL, fails ? "%s：结果是 %s，而不是 %s" : "%s：结果是 %s", who, is, said);
        }
    }
    world->error_noted = true;
    world_fail_built_in(world, "programs-end-as-they-say", &detail);
}

// ---- Started --------------------------------------------------------------------------------------------------

static void record_beginning(struct world *world) {
    struct record run = {.kind = RECORD_RUN};
    run.run.version = words(SYNFIN_VERSION);
    run.run.file = words(text_at(world, world->file));
    run.run.command = words(text_at(world, world->command));
    run.run.seed = world->seed;
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        run.run.title[i] = words(text_at(world, world->title[i]));
        run.run.about[i] = words(text_at(world, world->about[i]));
        run.run.question[i] = words(text_at(world, world->question[i]));
    }
    run.run.sources = words(text_at(world, world->source_lines));
    record_write(world->trace, &run);
    record_write_rules(world->trace);
    for (uint32_t i = 0; i < world->host_count; i++) {
        const struct host *host = world_host_at(world, i);
        struct record record = {.kind = RECORD_HOST};
        record.host.host = i;
        record.host.name = words(host->name);
        record.host.address = address_at(world, host->address[0])->endpoint;
        record.host.without = host->tcp.without;
        record.host.layout = (uint8_t)host->layout;
        record.host.ttl = host->ip.ttl;
        record.host.dscp = host->ip.dscp;
        record_write(world->trace, &record);
    }
}

static void queue_beginning(struct world *world) {
    for (uint32_t i = 0; i < world->claims.count; i++) {
        const struct claim *claim = &((const struct claim_entry *)array_at(&world->claims, i))->claim;
        world->always = world->always || claim->when == CLAIM_ALWAYS;
        world->covers = world->covers || claim->when == CLAIM_COVERS;
        if (claim->when == CLAIM_AT) engine_at(&world->engine, claim->at, WORLD_EVENT_CLAIM, i, 0);
    }
    for (uint32_t i = 0; i < world->bulks.count; i++)
        if (((const struct bulk_entry *)array_at(&world->bulks, i))->bulk.count > 0)
            engine_at(&world->engine, 0, WORLD_EVENT_BULK, i, 0);
}

void world_after_event(struct world *world) {
    process_run_ready(world);
    if (world->watchers > 0) {
        process_wake_watchers(world);
        process_run_ready(world);
    }
    if (world->always && world->abstract == NULL) world_look_at_claims(world, CLAIM_ALWAYS);
    if (world->covers && world->coverage != NULL && world->abstract == NULL) look_at_labels(world);
}

void world_begin(struct world *world) {
    witness_begin(world);
    fates_queue_crashes(world);
    for (uint32_t i = 0; i < world->host_count; i++)
        listener_boot(world, i);
    for (uint32_t i = 0; i < world->host_count; i++)
        host_start_programs(world, i, false);
    world_after_event(world);
    if (world->abstract != NULL) abstract_normalise(world);
}

const char *world_start(struct world *world, uint32_t *line) {
    *line = 0;
    const char *wrong = build_check(world, line);
    if (wrong != NULL) return wrong;
    build_directions(world);
    world->started = true;
    world->keeps = world->trace != NULL || world->claims.count > 0 || world->functions;
    if (world->trace != NULL) {
        record_beginning(world);
    }
    queue_beginning(world);
    if (world->bulks.count > 0) queue_watch(world->engine.queue, arrival_soon, world);
    if (!world->held) world_begin(world);
    return NULL;
}

// ---- Run ------------------------------------------------------------------------------------------------------

void world_ready(struct world *world, struct pool_ref ref, bool process) {
    struct ready *ready = array_room(&world->ready, 1);
    ready->ref = ref;
    ready->cause = world->trace != NULL ? world->trace->cause : 0;
    ready->process = process;
}

unsigned char *world_scratch(struct world *world, uint32_t size) {
    if (size > world->scratch_size || world->scratch == NULL) {
        world->scratch_size = size > SCRATCH ? size : SCRATCH;
        world->scratch = memory_grow(world->scratch, world->scratch_size);
    }
    return world->scratch;
}

static const struct claim_detail too_much_at_once = {
    {"too much happens at one instant: a loop in which no time passes?", "同一时刻发生的事太多：是不停歇的循环吗？"}};

// Why the run has done enough, or NULL.
static const struct claim_detail *exhausted(const struct world *world) {
    static const struct claim_detail events = {
        {"there is no end of events: 500,000 have happened", "事件没有尽头：已经发生了 50 万个"}};
    static const struct claim_detail trace = {{"the trace has grown to 128 MiB: send less, or in a scenario of its own",
                                               "轨迹已达 128 MiB：请少发一些，或另写情景"}};
    if (world->work >= (world->keeps ? WORK_KEPT : WORK_BULK)) return &too_much_at_once;
    if (world->keeps && world->engine.events >= EVENTS_KEPT) return &events;
    return world->trace != NULL && world->trace->length >= TRACE_KEPT ? &trace : NULL;
}

void world_count_work(struct world *world) {
    world->work++;
    if (world->stopped) return;
    const struct claim_detail *detail = exhausted(world);
    if (detail == NULL) return;
    world->stopped = true;
    // A search, which holds TCP to what it promises, is not told again what it doesn't: see property_excuses_storms().
    bool searched = world->drawing || world->planned;
    if (searched && detail != &too_much_at_once && property_excuses_storms(world)) {
        if (world->coverage != NULL) world->coverage->cut = true;
        return;
    }
    world_fail_built_in(world, "the-run-ends", detail);
}

static enum run_status status(const struct world *world) {
    for (uint32_t i = 0; i < world->failures.count; i++)
        if (((const struct failure *)array_at(&world->failures, i))->faulty) return RUN_BAD_INPUT;
    return world->failures.count > 0 ? RUN_CLAIM_FAILS : RUN_HOLDS;
}

static void fail_time_limit(struct world *world) {
    static const char *const formats[TCP_LANGUAGES] = {"after an hour there are %" PRIu32 " connections, %" PRIu32
                                                       " packets in flight%s%s",
                                                       "一小时之后还有 %" PRIu32 " 个连接，%" PRIu32 " 个包在途中%s%s"};
    struct claim_detail waiting = {{""}}, detail;
    bool waits = tell_waiting(world, &waiting) > 0;
    for (int i = 0; i < TCP_LANGUAGES; i++)
        tell(detail.text[i], CLAIM_DETAIL, formats[i], world->sockets.live, world->engine.packets.live,
             !waits              ? ""
             : i == TELL_ENGLISH ? "; "
                                 : "；",
             waiting.text[i]);
    world_fail_built_in(world, "the-run-ends", &detail);
}

void world_finish(struct world *world, enum run_end end) {
    if (world->trace != NULL) world->trace->cause = 0;
    world->ended = true;
    if (end == RUN_TIME_LIMIT) fail_time_limit(world);
    if (end != RUN_STOPPED) {
        fail_property(world, "programs-finish");
        world_look_at_claims(world, CLAIM_FINALLY);
    }
    if (world->trace == NULL) return;
    struct record record = {.kind = RECORD_FINISH, .time = world->engine.now};
    record.finish.end = (uint8_t)end;
    record.finish.events = world->engine.events;
    record_write(world->trace, &record);
}

// An expectation is looked at behind what else happens at its time.
static void claim_event(struct world *world, const struct queue_event *event) {
    bool behind = event->generation == 1 || queue_next_time(world->engine.queue) > event->time;
    if (behind) {
        look_at_claim(world, event->index);
    } else {
        engine_at(&world->engine, event->time, WORLD_EVENT_CLAIM, event->index, 1);
    }
}

// True when something came of the event, which need not be: a wake-up may be stale.
static bool happen(struct world *world, const struct queue_event *event) {
    if (event->kind == ENGINE_EVENT_ARRIVAL) {
        arrival_event(world, event);
        return true;
    }
    switch ((enum world_event)event->kind) {
    case WORLD_EVENT_SOCKET: return socket_wake(world, event);
    case WORLD_EVENT_PROCESS: process_wake(world, event); return true;
    case WORLD_EVENT_QUIET_OVER: host_quiet_over(world, event->index); return true;
    case WORLD_EVENT_CLAIM: claim_event(world, event); return true;
    case WORLD_EVENT_BULK: bulk_next(world, event->index); return true;
    case WORLD_EVENT_HALF_OPEN: return syn_queue_wake(world, event);
    case WORLD_EVENT_FAULT: fates_crash_event(world, event); return true;
    }
    return true;
}

// The run is over: the clock goes back from stale wake-ups to the last thing that happened, or stops at the end.
static void end_run(struct world *world, bool idle) {
    enum run_end end = world->ends_given ? RUN_ENDS_AT : RUN_TIME_LIMIT;
    world->engine.now = world->stopped || idle ? world->last : world->ends;
    if (idle) end = RUN_IDLE;
    if (world->stopped) end = RUN_STOPPED;
    world_finish(world, end);
}

enum run_status world_step(struct world *world) {
    if (world->ended) return status(world);
    uint64_t next = queue_next_time(world->engine.queue);
    if (world->stopped || next > world->ends) {
        end_run(world, next == UINT64_MAX);
        return status(world);
    }
    struct queue_event event;
    engine_next(&world->engine, &event);
    if (event.time != world->last_event) world->work = 0;
    world->last_event = event.time;
    if (world->trace != NULL) world->trace->cause = 0;
    world->arrival.number = 0;
    world_count_work(world);
    if (!happen(world, &event)) return RUN_RUNNING;
    world->last = event.time;
    world_after_event(world);
    return RUN_RUNNING;
}

enum run_status world_run(struct world *world) {
    enum run_status now;
    while ((now = world_step(world)) == RUN_RUNNING)
        ;
    return now;
}

const struct failure *world_failures(const struct world *world, uint32_t *count) {
    *count = world->failures.count;
    return world->failures.items;
}
