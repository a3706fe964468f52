// What a packet meets on its way, in this order:
//
//   1. a down period: nothing leaves the sender;
//   2. the MTU: a router can't pass on what is longer;
//   3. the rate, with the queue in front of it: the queue may be full, otherwise the packet occupies the rate;
//   4. the network: a scripted fate, or else loss, burst, duplication, reordering, jitter, corruption.
//
// So a packet that the network loses has occupied the sender's rate, and copies that the network makes haven't: raising
// a probability moves no other packet. Each kind of luck has a draw of its own, and the two copies of a duplicate have
// each their own delay, so it changes nothing else about this packet either.
#include "sim/engine/link.h"

#include <assert.h>

#include "sim/engine/bits.h"
#include "sim/engine/luck.h"

enum { KEY_WORDS = sizeof(struct packet_key) / sizeof(uint32_t) };

// The packet that is being decided about.
struct passage {
    const struct link_settings *settings;
    const struct packet_key *key;
    uint64_t seed;
    uint32_t direction;
    uint32_t size;
    uint64_t sent;  // when it was given to the link
    uint64_t left;  // when its last byte has left the sender
};

// A time that would be beyond the end of all time is the end of all time.
static uint64_t later(uint64_t time, uint64_t delay) {
    return delay <= UINT64_MAX - time ? time + delay : UINT64_MAX;
}

static bool is_ideal(const struct link_settings *settings) {
    return (settings->loss | settings->burst | settings->duplicate | settings->reorder | settings->down_count) == 0 &&
           (settings->jitter | settings->rate) == 0 && (settings->corrupt | settings->mtu) == 0;
}

static bool is_down(const struct link_settings *settings, uint64_t now) {
    for (uint32_t i = 0; i < settings->down_count; i++)
        if (now >= settings->down[i].from && now < settings->down[i].to) return true;
    return false;
}

// Nanoseconds that `size` bytes, at most 2^31, need at `rate` bits a second, rounded up.
static uint64_t transmission(uint32_t size, uint64_t rate) {
    assert(size <= UINT32_C(1) << 31);
    uint64_t scaled = size * UINT64_C(8000000000);  // fits: 2^31 * 8 * 10^9 < 2^64
    return scaled / rate + (scaled % rate != 0);
}

// Whether `waiting` nanoseconds of transmission and then `size` bytes fit into the queue. Limits above 2 GiB are none.
static bool fits(const struct link_settings *settings, uint64_t waiting, uint32_t size) {
    uint32_t limit = settings->queue_limit;
    if (limit == 0 || limit > UINT32_C(1) << 31) return true;
    return size <= limit && waiting <= transmission(limit - size, settings->rate);
}

// Has the packet leave through the rate: false when the queue is full. An idle link takes a packet of any size.
static bool leave(struct link_direction *link, uint64_t now, uint32_t wire_size, uint64_t *left) {
    const struct link_settings *settings = &link->settings;
    *left = now;
    if (settings->rate == 0) return true;
    uint64_t begin = now;
    if (link->busy_until > now) {
        if (!fits(settings, link->busy_until - now, wire_size)) return false;
        begin = link->busy_until;
    }
    link->busy_until = *left = later(begin, transmission(wire_size, settings->rate));
    return true;
}

static uint64_t draw(const struct passage *passage, enum luck_kind kind) {
    return luck_draw(passage->seed, kind, passage->direction, passage->key->word, KEY_WORDS);
}

static bool hit(const struct passage *passage, enum luck_kind kind, uint32_t out_of_million) {
    return out_of_million != 0 && luck_hit(draw(passage, kind), out_of_million);
}

// A slot is bad for everybody who sends in it: that draw is for the time, not for the packet.
static bool is_bad_slot(const struct passage *passage) {
    const struct link_settings *settings = passage->settings;
    if (settings->burst == 0 || settings->burst_slot == 0) return false;
    uint64_t slot = passage->sent / settings->burst_slot;
    uint32_t words[2] = {(uint32_t)slot, (uint32_t)(slot >> 32)};
    return luck_hit(luck_draw(passage->seed, LUCK_BURST_SLOT, passage->direction, words, 2), settings->burst);
}

static uint64_t jittered(const struct passage *passage, enum luck_kind kind) {
    const struct link_settings *settings = passage->settings;
    uint64_t arrival = later(passage->left, settings->delay);
    if (settings->jitter == 0) return arrival;
    return later(arrival, luck_upto(draw(passage, kind), settings->jitter));
}

// By how much `arrival` is later than it would be without luck and orders.
static uint64_t lateness(const struct passage *passage, uint64_t arrival) {
    uint64_t usual = later(passage->left, passage->settings->delay);
    return arrival > usual ? arrival - usual : 0;
}

static uint32_t one_copy(struct link_copy *copies, enum packet_fate fate, uint64_t arrival) {
    copies[0].fate = fate;
    copies[0].arrival = arrival;
    copies[0].late = 0;
    copies[0].flips = 0;  // so `flip` needs not be cleared for every packet there is
    return 1;
}

uint32_t link_flips(uint64_t draw, uint32_t size, uint32_t *flip) {
    uint32_t wanted = 1 + (uint32_t)(draw % ENGINE_FLIPS), count = 0;
    for (uint32_t i = 0; i < wanted; i++) {
        draw = bits_mix(draw);
        flip[count] = (uint32_t)luck_upto(draw, (uint64_t)size * 8 - 1);
        bool again = false;  // twice flipped is not at all
        for (uint32_t j = 0; j < count; j++)
            again = again || flip[j] == flip[count];
        if (!again) count++;
    }
    return count;
}

static void corrupt_by_luck(const struct passage *passage, struct link_copy *copy) {
    copy->fate = FATE_CORRUPTED;
    copy->flips = link_flips(draw(passage, LUCK_FLIPS), passage->size, copy->flip);
}

static void corrupt_by_order(const struct passage *passage, const struct fate_order *order, struct link_copy *copy) {
    if (order->flips == ENGINE_LUCKY_FLIPS) {
        corrupt_by_luck(passage, copy);
        return;
    }
    assert(order->flips <= ENGINE_FLIPS);
    copy->fate = FATE_CORRUPTED;
    copy->flips = order->flips;
    for (uint32_t i = 0; i < order->flips; i++)
        copy->flip[i] = (uint32_t)(order->flip[i] % ((uint64_t)passage->size * 8));
}

static uint32_t by_luck(const struct passage *passage, struct link_copy *copies) {
    const struct link_settings *settings = passage->settings;
    if (hit(passage, LUCK_LOSS, settings->loss)) return one_copy(copies, FATE_LOST, 0);
    if (is_bad_slot(passage) && hit(passage, LUCK_BURST_LOSS, settings->burst_loss))
        return one_copy(copies, FATE_LOST_BURST, 0);

    uint64_t arrival = jittered(passage, LUCK_JITTER);
    if (hit(passage, LUCK_REORDER, settings->reorder)) arrival = later(arrival, settings->reorder_delay);
    uint32_t count = one_copy(copies, FATE_DELIVERED, arrival);
    copies[0].late = lateness(passage, arrival);
    if (hit(passage, LUCK_DUPLICATE, settings->duplicate)) {
        uint64_t follows = later(jittered(passage, LUCK_COPY_JITTER), settings->duplicate_delay);
        copies[count++] =
            (struct link_copy){.fate = FATE_DELIVERED, .arrival = follows, .late = lateness(passage, follows)};
    }
    // What the network copies, it has copied before.
    if (hit(passage, LUCK_CORRUPT, settings->corrupt)) corrupt_by_luck(passage, &copies[0]);
    return count;
}

static uint32_t by_order(const struct passage *passage, const struct fate_order *order, struct link_copy *copies) {
    static const enum packet_fate lost[] = {
        [FATE_BY_SCRIPT] = FATE_LOST_ORDER, [FATE_BY_PLAN] = FATE_LOST_PLAN, [FATE_BY_LUCK] = FATE_LOST};
    if (order->drop) return one_copy(copies, lost[order->author], 0);
    assert(order->duplicates < LINK_COPIES);
    uint64_t arrival = later(passage->left, order->has_delay ? order->delay : passage->settings->delay);
    arrival = later(arrival, order->hold);
    for (uint32_t copy = 0; copy <= order->duplicates; copy++) {
        copies[copy] =
            (struct link_copy){.fate = FATE_DELIVERED, .arrival = arrival, .late = lateness(passage, arrival)};
        arrival = later(arrival, order->spacing);
    }
    if (order->flips > 0 && order->flipped <= order->duplicates)
        corrupt_by_order(passage, order, &copies[order->flipped]);
    return order->duplicates + 1;
}

uint32_t link_decide(struct link_direction *link, uint64_t seed, uint32_t direction, const struct packet_key *key,
                     uint64_t now, uint32_t wire_size, const struct fate_order *order, struct link_copy *copies) {
    const struct link_settings *settings = &link->settings;
    if (order == NULL && is_ideal(settings)) return one_copy(copies, FATE_DELIVERED, later(now, settings->delay));

    struct passage passage = {.settings = settings,
                              .key = key,
                              .seed = seed,
                              .direction = direction,
                              .size = wire_size,
                              .sent = now,
                              .left = now};
    if (is_down(settings, now)) return one_copy(copies, FATE_LOST_DOWN, 0);
    if (settings->mtu != 0 && wire_size > settings->mtu) return one_copy(copies, FATE_LOST_TOO_BIG, 0);
    if (!leave(link, now, wire_size, &passage.left)) return one_copy(copies, FATE_LOST_QUEUE, 0);
    return order != NULL ? by_order(&passage, order, copies) : by_luck(&passage, copies);
}
