// What may happen next where time is abstract, and how it happens.
#include "sim/host/abstract.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/seq.h"
#include "sim/engine/link.h"
#include "sim/engine/memory.h"
#include "sim/host/abstract_state.h"
#include "sim/host/internal.h"

// R1 of section 3.8.3, in repetitions: "SHOULD correspond to at least 3 retransmissions", and R2 is above it.
enum { REPEATS_KEPT = 3 };

// ---- Making one -----------------------------------------------------------------------------------------------

void abstract_begin(struct world *world, const struct abstract_limits *limits) {
    assert(world->started && world->held);
    world->abstract = memory_allocate(sizeof *world->abstract);
    world->abstract->limits = *limits;
    memcpy(world->abstract->left, limits->budget, sizeof world->abstract->left);
    world->abstract->listeners = world->listeners.count;
    if (world->trace == NULL) world->engine.now = 1;  // a time of 0 means "never" to some who look
    for (uint32_t i = 0; i < world->engine.directions; i++)
        engine_link(&world->engine, i)->down_count = 0;
    // Neither means anything without time: how much a path carries, and how many challenges a second are too many.
    for (uint32_t i = 0; i < world->host_count; i++) {
        struct tcp_config *tcp = &world_host_at(world, i)->tcp;
        tcp->congestion_control = false;
        tcp->challenge_limit = UINT32_MAX;
    }
}

void abstract_copy(struct world *to, const struct world *from) {
    to->abstract = memory_grow(NULL, sizeof *to->abstract);
    *to->abstract = *from->abstract;
    to->abstract->image = NULL;
}

void abstract_end(struct world *world) {
    if (world->abstract != NULL) free(world->abstract->image);
    free(world->abstract);
}

const char *abstract_refuses(const struct world *world, uint32_t *line) {
    *line = world->function_line;
    if (world->functions)
        return SENTENCE("a step that is a function can't be explored, for a state of Lua can't be saved; write plain "
                        "steps, or try check",
                        "函数步骤无法探索，因为 Lua 的状态不能保存；请改写成普通步骤，或改用 check");
    if (world->bulks.count > 0) return SENTENCE("bulk work can't be explored", "批量连接无法探索");
    return NULL;
}

uint32_t abstract_id(const struct world *world, uint32_t host, uint32_t ordinal) {
    return (ordinal - 1) * (world->host_count + 1) + host + 1;
}

uint32_t abstract_injected(struct world *world) {
    return abstract_id(world, world->host_count, ++world->abstract->injected);
}

uint32_t abstract_in_flight(const struct world *world) {
    return world->abstract->count;
}

bool abstract_overflows(const struct world *world) {
    return world->abstract->overflows || world->sockets.live > ORDER_MOST || world->processes.live > ORDER_MOST;
}

// ---- An order of their own ------------------------------------------------------------------------------------

static uint64_t socket_rank(const void *item) {
    const struct socket *socket = item;
    return (uint64_t)socket->host << 32 | socket->ordinal;
}

static uint64_t process_rank(const void *item) {
    const struct process *process = item;
    return (uint64_t)process->host << 56 | (uint64_t)(process->program & 0xffffff) << 32 | process->connection;
}

static inline uint32_t in_order(const struct pool *pool, struct pool_ref *refs, uint64_t (*rank)(const void *)) {
    uint64_t ranks[ORDER_MOST];
    uint32_t count = 0;
    for (uint32_t i = 0; i < pool->count && count < ORDER_MOST; i++) {
        const struct pool_slot *slot = pool_slot(pool, i);
        if (slot->generation % 2 == 0) continue;
        uint64_t mine = rank(slot + 1);
        uint32_t place = count++;
        for (; place > 0 && ranks[place - 1] > mine; place--) {
            ranks[place] = ranks[place - 1];
            refs[place] = refs[place - 1];
        }
        ranks[place] = mine;
        refs[place] = (struct pool_ref){.index = i, .generation = slot->generation};
    }
    return count;
}

void abstract_order(const struct world *world, struct order *order) {
    order->sockets = in_order(&world->sockets, order->socket, socket_rank);
    order->processes = in_order(&world->processes, order->process, process_rank);
}

static int difference(uint64_t a, uint64_t b) {
    return a < b ? -1 : a > b;
}

int abstract_compare(const struct flight *a, const struct flight *b) {
    const struct tcp_segment *s = &a->segment, *t = &b->segment;
    const uint64_t pairs[][2] = {
        {tuple_key(a->tuple), tuple_key(b->tuple)},
        {s->flags, t->flags},
        {(uint64_t)s->seq << 32 | s->ack, (uint64_t)t->seq << 32 | t->ack},
        {(uint64_t)s->len << 32 | s->source, (uint64_t)t->len << 32 | t->source},
        {(uint64_t)s->wnd << 32 | (uint64_t)s->mss << 16 | s->up,
         (uint64_t)t->wnd << 32 | (uint64_t)t->mss << 16 | t->up},
        {(uint64_t)a->sender_source << 32 | a->receiver_source, (uint64_t)b->sender_source << 32 | b->receiver_source},
        {(uint64_t)a->sender << 32 | (uint64_t)s->options << 8 | s->compartment,
         (uint64_t)b->sender << 32 | (uint64_t)t->options << 8 | t->compartment},
        {(uint64_t)a->icmp << 8 | a->injected, (uint64_t)b->icmp << 8 | b->injected},
    };
    int found = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && found == 0; i++)
        found = difference(pairs[i][0], pairs[i][1]);
    return found != 0 ? found : memcmp(s, t, sizeof *s);  // what options say
}

// ---- Packets in flight ----------------------------------------------------------------------------------------

// What becomes of each copy of each packet, as a replay finds it out.
struct planned {
    uint64_t number, arrival;
    uint64_t record;  // of its fate
    uint32_t copy;
    uint32_t copies;  // made so far in this replay; of copy 0
    bool lost;
};
struct abstract_plan {
    uint32_t count;
    struct planned *list;
};

struct abstract_plan *abstract_plan_new(void) {
    return memory_allocate(sizeof(struct abstract_plan));
}

void abstract_plan_free(struct abstract_plan *plan) {
    if (plan != NULL) free(plan->list);
    free(plan);
}

void abstract_follow(struct world *world, struct abstract_plan *plan, bool known) {
    world->abstract->plan = plan;
    world->abstract->plan_known = known;
    for (uint32_t i = 0; i < plan->count; i++)
        plan->list[i].copies = 0;
}

static struct planned *plan_for(struct abstract_plan *plan, uint64_t number, uint32_t copy) {
    for (uint32_t i = 0; i < plan->count; i++)
        if (plan->list[i].number == number && plan->list[i].copy == copy) return &plan->list[i];
    plan->list = memory_grow(plan->list, (plan->count + 1) * sizeof *plan->list);
    struct planned *planned = &plan->list[plan->count++];
    *planned = (struct planned){.number = number, .copy = copy, .arrival = TCP_NEVER};
    return planned;
}

// Notes what became of a copy.
static void plan_note(struct world *world, const struct engine_packet *carried, bool lost) {
    struct abstract *abstract = world->abstract;
    if (abstract->plan == NULL || abstract->plan_known) return;
    struct planned *planned = plan_for(abstract->plan, carried->number, carried->copy);
    planned->arrival = lost ? 0 : world->engine.now;
    planned->lost = lost;
}

// A packet is sent: records the fates of all its copies, as the plan knows them.
static void record_fates(struct world *world, struct engine_packet *carried, const struct packet_key *key) {
    struct abstract_plan *plan = world->abstract->plan;
    if (world->trace == NULL || plan == NULL || !world->abstract->plan_known) return;
    uint64_t cause = world->trace->cause;
    for (uint32_t copy = 0;; copy++) {
        struct engine_packet one = *carried;
        one.copy = copy;
        uint32_t known = plan->count;
        struct planned *planned = plan_for(plan, carried->number, copy);
        if (plan->count > known && copy > 0) {
            plan->count = known;
            break;
        }
        // What is still on its way in the end arrives after it.
        enum { TAIL = 10000000 };
        uint64_t arrival = planned->arrival == TCP_NEVER ? world->engine.now + TAIL : planned->arrival;
        enum packet_fate fate = planned->lost ? FATE_LOST : FATE_DELIVERED;
        planned->record = engine_record_fate(&world->engine, &one, key, fate, planned->lost ? 0 : arrival, true);
        if (copy == 0) carried->record = planned->record;
        world->trace->cause = cause;
    }
}

struct flight abstract_flight(const struct packet *packet, uint32_t direction) {
    struct flight flight = {.segment = packet->segment,
                            .tuple = packet->tuple,
                            .sender_source = packet->sender_source,
                            .receiver_source = packet->receiver_source,
                            .sender = packet->sender,
                            .direction = (uint8_t)direction,
                            .injected = packet->injected,
                            .icmp = packet->icmp};
    flight.segment.repeat = 0;
    flight.segment.reserved = packet->ip.dscp;
    if (packet->icmp != TCP_ICMP_NONE) flight.segment.mss = packet->mtu;
    return flight;
}

struct packet abstract_packet(const struct flight *flight) {
    struct packet packet = {.segment = flight->segment,
                            .tuple = flight->tuple,
                            .sender_source = flight->sender_source,
                            .receiver_source = flight->receiver_source,
                            .sender = flight->sender,
                            .injected = flight->injected,
                            .icmp = flight->icmp,
                            .ip = {.dscp = flight->segment.reserved}};
    packet.segment.reserved = 0;
    if (flight->icmp != TCP_ICMP_NONE) {
        packet.mtu = flight->segment.mss;
        packet.segment.mss = 0;
    }
    return packet;
}

// `recorded` matters in a replay alone.
static void insert(struct abstract *abstract, uint32_t place, struct flight flight, const struct recorded *recorded) {
    uint32_t behind = abstract->count++ - place;
    memmove(abstract->flight + place + 1, abstract->flight + place, behind * sizeof *abstract->flight);
    abstract->flight[place] = flight;
    if (abstract->plan == NULL) return;
    memmove(abstract->recorded + place + 1, abstract->recorded + place, behind * sizeof *abstract->recorded);
    abstract->recorded[place] = *recorded;
}

static void take_out(struct abstract *abstract, uint32_t place) {
    uint32_t behind = --abstract->count - place;
    memmove(abstract->flight + place, abstract->flight + place + 1, behind * sizeof *abstract->flight);
    if (abstract->plan == NULL) return;
    memmove(abstract->recorded + place, abstract->recorded + place + 1, behind * sizeof *abstract->recorded);
}

// What becomes of a packet that is sent, as far as links without luck decide it.
static enum packet_fate fate_of(struct world *world, uint32_t direction, uint32_t size) {
    if (direction == UINT32_MAX) return FATE_LOST_NO_LINK;
    const struct link_settings *link = engine_link(&world->engine, direction);
    if (link->down_count > 0) return FATE_LOST_DOWN;
    return link->mtu != 0 && size > link->mtu ? FATE_LOST_TOO_BIG : FATE_DELIVERED;
}

void abstract_send(struct world *world, uint32_t direction, const struct packet_key *key, const struct packet *packet,
                   uint32_t size) {
    struct abstract *abstract = world->abstract;
    struct recorded recorded;
    recorded.carried = (struct engine_packet){.number = ++world->engine.packets_sent, .direction = direction};
    recorded.packet = *packet;
    world->engine.last_fate = fate_of(world, direction, size);
    if (world->engine.last_fate != FATE_DELIVERED) {
        engine_record_fate(&world->engine, &recorded.carried, key, world->engine.last_fate, 0, false);
        return;
    }
    if (abstract->count == ABSTRACT_FLIGHTS) {
        abstract->overflows = true;
        return;
    }
    record_fates(world, &recorded.carried, key);
    uint32_t place = abstract->count;
    while (place > 0 && abstract->flight[place - 1].direction > direction)
        place--;
    insert(abstract, place, abstract_flight(packet, direction), &recorded);
}

// Those of the same direction that the packet at `place` would overtake.
static uint32_t overtakes(const struct abstract *abstract, uint32_t place) {
    uint32_t count = 0;
    uint32_t direction = abstract->flight[place].direction;
    if (abstract->flight[place].loose) return 0;
    for (uint32_t i = place; i > 0 && abstract->flight[i - 1].direction == direction; i--)
        if (!abstract->flight[i - 1].loose) count++;
    return count;
}

// The `count` packets before `place` are overtaken: they move among those of their direction that were before.
static void loosen(struct abstract *abstract, uint32_t place, uint32_t count) {
    for (uint32_t i = place - count; i < place; i++) {
        struct flight flight = abstract->flight[i];
        struct recorded recorded = abstract->recorded[i];
        uint32_t at = i;
        flight.loose = true;
        for (; at > 0 && abstract->flight[at - 1].loose && abstract->flight[at - 1].direction == flight.direction &&
               abstract_compare(&abstract->flight[at - 1], &flight) > 0;
             at--) {
            abstract->flight[at] = abstract->flight[at - 1];
            abstract->recorded[at] = abstract->recorded[at - 1];
        }
        abstract->flight[at] = flight;
        abstract->recorded[at] = recorded;
    }
}

static void arrive(struct world *world, uint32_t place) {
    struct abstract *abstract = world->abstract;
    uint32_t count = overtakes(abstract, place);
    abstract->left[BUDGET_OVERTAKE] = (uint8_t)(abstract->left[BUDGET_OVERTAKE] - count);
    loosen(abstract, place, count);
    world->arrival.connection = 0;
    if (abstract->plan == NULL) {
        world->arrival.packet = abstract_packet(&abstract->flight[place]);
        world->arrival.number = 1;  // 0 would be no arrival
        world->arrival.copy = 0;
    } else {
        const struct recorded *recorded = &abstract->recorded[place];
        world->arrival.packet = recorded->packet;
        world->arrival.number = recorded->carried.number;
        world->arrival.copy = recorded->carried.copy;
        plan_note(world, &recorded->carried, false);
        engine_record_arrival(&world->engine, &recorded->carried);
    }
    take_out(abstract, place);
    arrival_deliver(world);
}

static void lose(struct world *world, uint32_t place) {
    struct abstract *abstract = world->abstract;
    abstract->left[BUDGET_DROP]--;
    plan_note(world, &abstract->recorded[place].carried, true);
    take_out(abstract, place);
}

static void copy(struct world *world, uint32_t place) {
    struct abstract *abstract = world->abstract;
    struct recorded recorded = abstract->recorded[place];
    abstract->left[BUDGET_DUPLICATE]--;
    if (abstract->count == ABSTRACT_FLIGHTS) {
        abstract->overflows = true;
        return;
    }
    if (abstract->plan != NULL) {
        struct engine_packet *carried = &recorded.carried;
        carried->copy = ++plan_for(abstract->plan, carried->number, 0)->copies;
        carried->record = plan_for(abstract->plan, carried->number, carried->copy)->record;
    }
    insert(abstract, place + 1, abstract->flight[place], &recorded);
}

// ---- What may happen next -------------------------------------------------------------------------------------

struct listing {
    const struct world *world;
    struct action *list;
    uint32_t count;
    bool cut;
};

// `cost` of the budget is spent by it.
static void add(struct listing *listing, struct action action, enum budget budget, uint32_t cost) {
    if (cost > listing->world->abstract->left[budget]) {
        listing->cut = true;
    } else if (listing->count < ABSTRACT_ACTIONS) {
        listing->list[listing->count++] = action;
    }
}

static void list_packets(struct listing *listing) {
    const struct abstract *abstract = listing->world->abstract;
    for (uint32_t i = 0; i < abstract->count; i++) {
        const struct flight *flight = &abstract->flight[i];
        // Equal packets that may arrive whenever are one and the same.
        bool again = i > 0 && flight->loose && flight[-1].loose && flight[-1].direction == flight->direction &&
                     abstract_compare(&flight[-1], flight) == 0;
        if (again) continue;
        uint16_t place = (uint16_t)i;
        add(listing, (struct action){.kind = ACTION_ARRIVE, .place = place}, BUDGET_OVERTAKE, overtakes(abstract, i));
        add(listing, (struct action){.kind = ACTION_LOSE, .place = place}, BUDGET_DROP, 1);
        add(listing, (struct action){.kind = ACTION_DOUBLE, .place = place}, BUDGET_DUPLICATE, 1);
    }
}

static bool armed(const struct socket *socket, enum tcp_timer timer) {
    return socket->tcp.deadline[timer] != TCP_NEVER;
}

// True when that end, which may be in a SYN cache, will repeat something of its own accord.
static bool repeats(const struct world *world, struct tuple tuple) {
    const struct socket *socket = socket_at(world, demux_find(&world->demux, tuple));
    if (socket != NULL) return armed(socket, TCP_TIMER_RETRANSMISSION);
    for (uint32_t i = 0; i < world->half_open.count; i++) {
        const struct half_open *entry = array_at(&world->half_open, i);
        if (tuple_key(entry->tuple) == tuple_key(tuple)) return !syn_queue_gives_up(entry);
    }
    return false;
}

// True when a packet between the two endpoints is in flight.
static bool talked_of(const struct world *world, struct tuple tuple) {
    uint64_t mine = tuple_key(tuple), theirs = tuple_key(tuple_mirrored(tuple));
    for (uint32_t i = 0; i < world->abstract->count; i++) {
        uint64_t key = tuple_key(world->abstract->flight[i].tuple);
        if (key == mine || key == theirs) return true;
    }
    return false;
}

static bool may_be_long(const struct world *world, struct tuple peer) {
    if (world->abstract->limits.long_silence) return true;
    return world->abstract->count == 0 && !repeats(world, peer);
}

static void list_timers(struct listing *listing, const struct socket *socket, uint16_t place) {
    const struct world *world = listing->world;
    for (unsigned timer = 0; timer < TCP_TIMERS; timer++) {
        if (!armed(socket, (enum tcp_timer)timer)) continue;
        uint32_t cost = 0;
        switch ((enum tcp_timer)timer) {
        case TCP_TIMER_RETRANSMISSION:
        case TCP_TIMER_PERSIST: cost = talked_of(world, socket->tuple) ? 1 : 0; break;
        case TCP_TIMER_DELAYED_ACK: break;
        case TCP_TIMER_R2:
            if (abstract_silence(&socket->tcp) < REPEATS_KEPT) continue;
            // fall through
        case TCP_TIMER_USER:
        case TCP_TIMER_KEEP_ALIVE:
        case TCP_TIMER_TIME_WAIT:
            if (!may_be_long(world, tuple_mirrored(socket->tuple))) continue;
            break;
        }
        add(listing, (struct action){.kind = ACTION_TIMEOUT, .timer = (uint8_t)timer, .place = place}, BUDGET_FIRE,
            cost);
    }
}

static void list_half_open(struct listing *listing) {
    const struct world *world = listing->world;
    for (uint32_t i = 0; i < world->half_open.count; i++) {
        const struct half_open *entry = array_at(&world->half_open, i);
        bool over = syn_queue_gives_up(entry);
        if (over && !may_be_long(world, tuple_mirrored(entry->tuple))) continue;
        uint32_t cost = !over && talked_of(world, entry->tuple) ? 1 : 0;
        add(listing, (struct action){.kind = ACTION_HALF_OPEN, .place = (uint16_t)i}, BUDGET_FIRE, cost);
    }
}

static void list_quiet(struct listing *listing, uint32_t number) {
    const struct world *world = listing->world;
    if (world_host_at(world, number)->quiet_until == 0) return;
    bool may = world->abstract->limits.long_silence || world->abstract->count == 0;
    for (uint32_t i = 0; i < world->sockets.count && may; i++) {
        const struct socket *socket = pool_at(&world->sockets, i, NULL);
        if (socket != NULL && socket->host != number) may = may_be_long(world, socket->tuple);
    }
    for (uint32_t i = 0; i < world->half_open.count && may; i++)
        may = may_be_long(world, ((const struct half_open *)array_at(&world->half_open, i))->tuple);
    if (may) add(listing, (struct action){.kind = ACTION_QUIET, .place = (uint16_t)number}, BUDGET_FIRE, 0);
}

uint32_t abstract_actions(const struct world *world, struct action *list, bool *cut) {
    struct listing listing = {.world = world, .list = list};
    uint32_t flights = world->abstract->limits.flights;
    *cut = flights != 0 && world->abstract->count > flights;
    if (*cut) return 0;
    struct order order;
    abstract_order(world, &order);
    list_packets(&listing);
    for (uint32_t i = 0; i < order.sockets; i++)
        list_timers(&listing, socket_at(world, order.socket[i]), (uint16_t)i);
    list_half_open(&listing);
    for (uint32_t i = 0; i < order.processes; i++)
        if (process_at(world, order.process[i])->until == TCP_NEVER)
            add(&listing, (struct action){.kind = ACTION_WAKE, .place = (uint16_t)i}, BUDGET_FIRE, 0);
    for (uint32_t i = 0; i < world->host_count; i++)
        list_quiet(&listing, i);
    *cut = listing.cut;
    return listing.count;
}

// ---- How it happens -------------------------------------------------------------------------------------------

uint32_t abstract_silence(const struct tcp_connection *tcp) {
    uint64_t deadline = tcp->deadline[TCP_TIMER_R2];
    return deadline > 0 && deadline <= 1 + REPEATS_KEPT ? (uint32_t)(deadline - 1) : 0;
}

static void normalise(const struct world *world, struct tcp_connection *tcp, uint32_t host) {
    uint32_t silence = abstract_silence(tcp);
    for (int timer = 0; timer < TCP_TIMERS; timer++)
        if (tcp->deadline[timer] != TCP_NEVER && tcp->state != TCP_CLOSED) tcp->deadline[timer] = 1;
    tcp->flags &= ~(uint32_t)TCP_CONNECTION_TIMING;
    if (tcp->deadline[TCP_TIMER_R2] == 1) tcp->deadline[TCP_TIMER_R2] += silence;
    tcp->srtt = tcp->rttvar = tcp->rtt_seq = 0;
    tcp->rtt_start = tcp->ts_recent_time = tcp->send_time = tcp->challenge_time = 0;
    tcp->rto = (uint32_t)(world_host_at(world, host)->tcp.rto_initial / 1000);
    if (tcp->repeats > REPEATS_KEPT) tcp->repeats = REPEATS_KEPT;
    if (tcp->probes > 1) tcp->probes = 1;
    tcp->challenges = 0;
    if (tcp->rounds > REPEATS_KEPT) tcp->rounds = REPEATS_KEPT;
    if (seq_lt(tcp->recover, tcp->snd_una)) tcp->recover = tcp->snd_una - 1;
}

void abstract_normalise(struct world *world) {
    for (uint32_t i = 0; i < world->sockets.count; i++) {
        struct socket *socket = pool_at(&world->sockets, i, NULL);
        if (socket != NULL) normalise(world, &socket->tcp, socket->host);
    }
}

static void time_out(struct world *world, const struct order *order, struct action action) {
    struct socket *socket = socket_at(world, order->socket[action.place]);
    bool repeats = action.timer == TCP_TIMER_RETRANSMISSION && armed(socket, TCP_TIMER_R2);
    if (repeats && abstract_silence(&socket->tcp) < REPEATS_KEPT) socket->tcp.deadline[TCP_TIMER_R2]++;
    bool early = (action.timer == TCP_TIMER_RETRANSMISSION || action.timer == TCP_TIMER_PERSIST) &&
                 talked_of(world, socket->tuple);
    if (early) world->abstract->left[BUDGET_FIRE]--;
    socket_timeout(world, order->socket[action.place], tcp_timeout_of((enum tcp_timer)action.timer));
}

static void repeat_half_open(struct world *world, uint32_t place) {
    const struct half_open *entry = array_at(&world->half_open, place);
    if (!syn_queue_gives_up(entry) && talked_of(world, entry->tuple)) world->abstract->left[BUDGET_FIRE]--;
    syn_queue_timeout(world, place);
}

static void happen(struct world *world, struct action action) {
    struct order order;
    switch ((enum action_kind)action.kind) {
    case ACTION_NONE: return;
    case ACTION_ARRIVE: arrive(world, action.place); return;
    case ACTION_LOSE: lose(world, action.place); return;
    case ACTION_DOUBLE: copy(world, action.place); return;
    case ACTION_TIMEOUT:
        abstract_order(world, &order);
        time_out(world, &order, action);
        return;
    case ACTION_HALF_OPEN: repeat_half_open(world, action.place); return;
    case ACTION_WAKE:
        abstract_order(world, &order);
        process_at(world, order.process[action.place])->until = 0;
        world_ready(world, order.process[action.place], true);
        return;
    case ACTION_QUIET:
        world_host_at(world, action.place)->quiet_until = world->engine.now;
        host_quiet_over(world, action.place);
        world_host_at(world, action.place)->quiet_until = 0;
        return;
    }
}

// The world will not be any more what it was when it was saved or loaded last.
static void grow_old(struct abstract_image *image, struct action action) {
    if (image == NULL) return;
    bool flights = action.kind == ACTION_LOSE || action.kind == ACTION_DOUBLE;
    image->age = flights && image->age != IMAGE_OLD ? IMAGE_FLIGHTS : IMAGE_OLD;
}

void abstract_act(struct world *world, struct action action) {
    enum { TICK = 10000000 };  // ns, of a replay
    if (world->abstract->plan != NULL) world->engine.now += TICK;
    if (world->trace != NULL) world->trace->cause = 0;
    world->arrival.number = 0;
    world->work = 0;
    world->last = world->last_event = world->engine.now;
    world->engine.events++;
    grow_old(world->abstract->image, action);
    happen(world, action);
    if (action.kind == ACTION_LOSE || action.kind == ACTION_DOUBLE) return;  // nobody notices
    world_after_event(world);
    abstract_normalise(world);
    // What a property has seen in this step is in no state.
    if (world->broken.count > 0) abstract_look(world);
}
