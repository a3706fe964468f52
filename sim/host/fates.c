// Faults, planned fates and coverage: what sim/search does to a world.
#include "sim/host/fates.h"

#include <stdlib.h>
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/link.h"
#include "sim/engine/luck.h"
#include "sim/engine/memory.h"
#include "sim/host/internal.h"

static const uint64_t millisecond = 1000000, second = 1000000000;

enum { KEY_WORDS = sizeof(struct packet_key) / sizeof(uint32_t) };

// ---- The plan's fates by what names a packet: open addressing; 1 + an entry's number, 0 is free ----------------

static bool is_fate_of(const struct plan_entry *entry, uint32_t from, uint32_t to, const struct packet_key *key) {
    return entry->from == from && entry->to == to && memcmp(&entry->key, key, sizeof *key) == 0;
}

// The place of that packet's fate, or the free one where it belongs. At most half of the places are taken.
static uint32_t *plan_place(const struct world *world, uint32_t from, uint32_t to, const struct packet_key *key) {
    const uint32_t last = world->plan_places.count - 1;
    uint64_t hash = bits_absorb(from, to);
    for (unsigned i = 0; i < KEY_WORDS; i++)
        hash = bits_absorb(hash, key->word[i]);
    for (uint32_t at = (uint32_t)hash & last;; at = (at + 1) & last) {
        uint32_t *place = array_at(&world->plan_places, at);
        if (*place == 0 || is_fate_of(array_at(&world->plan, *place - 1), from, to, key)) return place;
    }
}

// Of two fates of one packet the first counts.
static void index_plan(struct world *world) {
    uint32_t size = 2;
    while (size < 2 * world->plan.count)
        size *= 2;
    world->plan_places.count = 0;
    memset(array_room(&world->plan_places, size), 0, size * sizeof(uint32_t));
    for (uint32_t i = 0; i < world->plan.count; i++) {
        const struct plan_entry *entry = array_at(&world->plan, i);
        if (entry->kind != PLAN_FATE) continue;
        uint32_t *place = plan_place(world, entry->from, entry->to, &entry->key);
        if (*place == 0) *place = i + 1;
    }
}

// ---- Building -------------------------------------------------------------------------------------------------

const char *world_faults(struct world *world, const struct faults *faults) {
    if (world->has_faults)
        return SENTENCE("faults are told twice; a scenario has one set of them", "faults 写了两次；一个场景只能有一组");
    world->faults = *faults;
    world->has_faults = true;
    return NULL;
}

const struct faults *world_declared_faults(const struct world *world) {
    return world->has_faults ? &world->faults : NULL;
}

void world_plan(struct world *world, const struct plan_entry *entries, uint32_t count) {
    world->plan.count = 0;
    array_append(&world->plan, entries, count);
    index_plan(world);
    world->planned = true;
    world->engine.calm = true;
}

bool world_planned(const struct world *world, const struct plan_entry **entries, uint32_t *count) {
    *entries = world->plan.items;
    *count = world->plan.count;
    return world->planned;
}

void world_hold(struct world *world) {
    world->held = true;
}

bool world_has_luck(const struct world *world) {
    if (world->planned) return false;
    if (world->has_faults) return true;
    for (uint32_t i = 0; i < world->engine.directions; i++) {
        const struct link_settings *link = &world->engine.direction[i].settings;
        uint32_t chances = link->loss | link->burst | link->duplicate | link->reorder | link->corrupt;
        if (chances != 0 || link->jitter != 0) return true;
    }
    return false;
}

uint32_t world_claims(const struct world *world) {
    return world->claims.count;
}

const struct claim *world_claim_at(const struct world *world, uint32_t number) {
    return &((const struct claim_entry *)array_at(&world->claims, number))->claim;
}

// The claim that is label `number`, or NULL.
static const struct claim *label_at(const struct world *world, uint32_t number) {
    for (uint32_t i = 0; i < world->claims.count; i++) {
        const struct claim *claim = world_claim_at(world, i);
        if (claim->when == CLAIM_COVERS && number-- == 0) return claim;
    }
    return NULL;
}

uint32_t world_labels(const struct world *world) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->claims.count; i++)
        count += world_claim_at(world, i)->when == CLAIM_COVERS;
    return count;
}

const char *world_label(const struct world *world, uint32_t number, int language) {
    const struct claim *claim = label_at(world, number);
    return claim->name[language] != NULL ? claim->name[language] : claim->name[0];
}

// ---- Which faults a run has -----------------------------------------------------------------------------------

static uint64_t draw(const struct world *world, enum luck_kind kind, uint32_t word) {
    return luck_draw(world->engine.seed, kind, 0, &word, 1);
}

// Between a millisecond and `most`, every order of magnitude as likely as another.
static uint64_t some_time(uint64_t luck, uint64_t most) {
    uint32_t doublings = 0;
    while (doublings < 40 && millisecond << (doublings + 1) <= most)
        doublings++;
    uint64_t low = millisecond << luck_upto(luck, doublings);
    uint64_t time = low + luck_upto(bits_mix(luck), low);
    return time < most ? time : most;
}

// No packet outlives the shortest MSL of all hosts, which is what every TCP relies on: a copy's delay and jitter are
// small against the half of it.
static uint64_t longest_hold(const struct world *world) {
    uint64_t most = 60 * second;
    for (uint32_t i = 0; i < world->host_count; i++) {
        uint64_t msl = world_host_at(world, i)->tcp.msl;
        if (msl / 2 < most) most = msl / 2;
    }
    return most;
}

static void draw_crashes(struct world *world, uint64_t hosts) {
    for (uint32_t i = 0; i < world->host_count; i++) {
        if ((hosts >> i & 1) == 0) continue;
        struct plan_entry *entry = array_add(&world->plan);
        entry->kind = PLAN_CRASH;
        entry->from = i;
        entry->at = some_time(draw(world, LUCK_CRASH, 2 * i), world->faults.heals);
        entry->boots = entry->at + some_time(draw(world, LUCK_CRASH, 2 * i + 1), 8 * second);
    }
}

void world_draw(struct world *world, uint64_t seed, bool faults) {
    enum { LOSS = 1, DUPLICATE = 2, REORDER = 4, DELAY = 8, CRASH = 16, CORRUPT = 32 };
    world->engine.seed = seed;
    if (!faults || !world->has_faults || world->planned) return;
    // Swarm testing: what is always on hides what only shows when something else is off.
    uint64_t swarm = draw(world, LUCK_SWARM, 0);
    struct faults *kinds = &world->faults;
    if (!(swarm & LOSS)) kinds->loss = 0;
    if (!(swarm & DUPLICATE)) kinds->duplicate = 0;
    if (!(swarm & REORDER)) kinds->reorder = 0;
    if (!(swarm & CORRUPT)) kinds->corrupt = 0;
    if (!(swarm & DELAY)) kinds->delay_least = kinds->delay_most = 0;
    world->longest_hold = longest_hold(world);
    world->drawing = true;
    if (swarm & CRASH) draw_crashes(world, kinds->crashes);
}

// ---- A packet's fate ------------------------------------------------------------------------------------------

static uint64_t draw_for(const struct world *world, enum luck_kind kind, uint32_t from, uint32_t to,
                         const struct packet_key *key) {
    return luck_draw(world->engine.seed, kind, (uint64_t)from << 32 | to, key->word, KEY_WORDS);
}

// NULL: nothing happens to it but what the link does.
static const struct fate_order *draw_order(struct world *world, uint32_t from, uint32_t to,
                                           const struct packet_key *key, uint32_t size) {
    const struct faults *faults = &world->faults;
    struct fate_order *order = &world->drawn;
    *order = (struct fate_order){.author = FATE_BY_LUCK};
    if (faults->loss > 0 && luck_hit(draw_for(world, LUCK_FAULT_LOSS, from, to, key), faults->loss)) {
        order->drop = true;
        return order;
    }
    if (faults->delay_most > 0)
        order->hold = faults->delay_least + luck_upto(draw_for(world, LUCK_FAULT_DELAY, from, to, key),
                                                      faults->delay_most - faults->delay_least);
    uint64_t luck = faults->reorder == 0 ? 0 : draw_for(world, LUCK_FAULT_REORDER, from, to, key);
    if (faults->reorder > 0 && luck_hit(luck, faults->reorder))
        order->hold += some_time(bits_mix(luck), world->longest_hold);
    luck = faults->duplicate == 0 ? 0 : draw_for(world, LUCK_FAULT_DUPLICATE, from, to, key);
    if (faults->duplicate > 0 && luck_hit(luck, faults->duplicate)) {
        order->duplicates = 1;
        order->spacing = some_time(bits_mix(luck), world->longest_hold);
    }
    luck = faults->corrupt == 0 ? 0 : draw_for(world, LUCK_FAULT_CORRUPT, from, to, key);
    if (faults->corrupt > 0 && luck_hit(luck, faults->corrupt))
        order->flips = (uint8_t)link_flips(bits_mix(luck), size, order->flip);
    return order->hold > 0 || order->duplicates > 0 || order->flips > 0 ? order : NULL;
}

static const struct fate_order *planned_order(struct world *world, uint32_t from, uint32_t to,
                                              const struct packet_key *key) {
    const uint32_t *place = plan_place(world, from, to, key);
    if (*place == 0) return NULL;
    const struct plan_entry *entry = array_at(&world->plan, *place - 1);
    world->drawn = entry->order;
    world->drawn.author = FATE_BY_PLAN;
    return &world->drawn;
}

const struct fate_order *fates_decide(struct world *world, uint32_t from, uint32_t to, const struct packet_key *key,
                                      uint32_t size, const struct fate_order *scripted) {
    const struct fate_order *order = world->planned ? planned_order(world, from, to, key) : NULL;
    world->fate_is_scripted = order == NULL && scripted != NULL;
    if (order != NULL || scripted != NULL) return order != NULL ? order : scripted;
    if (!world->drawing) return NULL;
    if (world->engine.now < world->faults.heals) return draw_order(world, from, to, key, size);
    world->engine.calm = true;  // healed
    return NULL;
}

// ---- What came of it ------------------------------------------------------------------------------------------

void fate_log_free(struct fate_log *log) {
    free(log->items);
    *log = (struct fate_log){.items = NULL};
}

static struct logged_fate *log_add(struct fate_log *log) {
    if (log->count == log->capacity) {
        log->capacity = log->capacity < 64 ? 64 : 2 * log->capacity;
        log->items = memory_grow(log->items, log->capacity * sizeof *log->items);
    }
    struct logged_fate *fate = &log->items[log->count++];
    memset(fate, 0, sizeof *fate);
    return fate;
}

static void cover_fate(struct coverage *coverage, const struct link_copy *copies, uint32_t count) {
    bool lost = !fate_arrives(copies[0].fate);
    coverage->fates[COVERED_SENT]++;
    coverage->fates[COVERED_LOST] += lost;
    coverage->fates[COVERED_DUPLICATED] += count > 1;
    coverage->fates[COVERED_LATE] += !lost && copies[0].late > 0;
    coverage->fates[COVERED_CORRUPTED] += copies[0].fate == FATE_CORRUPTED;
}

// As an order that does the same without luck. What a full queue or a down period loses is lost again anyway.
static struct fate_order order_of(const struct link_copy *copies, uint32_t count) {
    struct fate_order order = {.drop = copies[0].fate == FATE_LOST || copies[0].fate == FATE_LOST_BURST ||
                                       copies[0].fate == FATE_LOST_ORDER || copies[0].fate == FATE_LOST_PLAN};
    if (!fate_arrives(copies[0].fate)) return order;
    uint64_t first = copies[0].late, last = copies[count - 1].late;
    order.hold = first < last ? first : last;
    order.duplicates = count - 1;
    if (count > 1) order.spacing = ((first < last ? last : first) - order.hold) / (count - 1);
    for (uint32_t i = 0; i < count; i++) {
        if (copies[i].fate != FATE_CORRUPTED) continue;
        order.flips = (uint8_t)copies[i].flips;
        order.flipped = (uint8_t)(first <= last ? i : count - 1 - i);
        memcpy(order.flip, copies[i].flip, copies[i].flips * sizeof *order.flip);  // the others stay 0
    }
    return order;
}

static void decided(void *context, uint32_t direction, const struct packet_key *key, const struct link_copy *copies,
                    uint32_t count) {
    struct world *world = context;
    if (world->coverage != NULL) cover_fate(world->coverage, copies, count);
    if (world->log == NULL) return;
    struct logged_fate *fate = log_add(world->log);
    fate->time = world->engine.now;
    fate->scripted = world->fate_is_scripted;
    fate->entry.kind = PLAN_FATE;
    fate->entry.key = *key;
    fate->entry.order = order_of(copies, count);
    const struct fate_order *order = &fate->entry.order;
    fate->usual = !order->drop && order->hold == 0 && order->duplicates == 0 && order->flips == 0;
    for (uint32_t i = 0; i < world->links.count; i++) {
        const struct link_pair *link = array_at(&world->links, i);
        if (link->direction != direction) continue;
        fate->entry.from = link->from;
        fate->entry.to = link->to;
    }
}

void world_watch(struct world *world, struct fate_log *log, struct coverage *coverage) {
    world->log = log;
    world->coverage = coverage;
    world->engine.decided = log != NULL || coverage != NULL ? decided : NULL;
    world->engine.decided_context = world;
}

void fates_cover_decision(struct coverage *coverage, enum tcp_rule rule) {
    tcp_rule_set_add(&coverage->rules, rule);
}

void fates_cover_step(struct coverage *coverage, uint8_t before, uint8_t after, const struct tcp_rule_set *applied) {
    coverage->transitions[before] |= (uint16_t)(1u << after);
    tcp_rule_set_unite(&coverage->rules, applied);
}

// ---- Crashes --------------------------------------------------------------------------------------------------

void fates_queue_crashes(struct world *world) {
    for (uint32_t i = 0; i < world->plan.count; i++) {
        const struct plan_entry *entry = array_at(&world->plan, i);
        if (entry->kind != PLAN_CRASH) continue;
        engine_at(&world->engine, entry->at, WORLD_EVENT_FAULT, i, 0);
        engine_at(&world->engine, entry->boots, WORLD_EVENT_FAULT, i, 1);
        if (world->log != NULL) log_add(world->log)->entry = *entry;
        if (world->coverage != NULL) world->coverage->fates[COVERED_CRASHED]++;
    }
}

void fates_crash_event(struct world *world, const struct queue_event *event) {
    const struct plan_entry *entry = array_at(&world->plan, event->index);
    if (event->generation == 0)
        host_crash(world, entry->from);
    else
        host_reboot(world, entry->from);
}
