// Links: by property for luck, by number for rate, queue, down periods and scripted fates.
#include <stdint.h>
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/link.h"
#include "tests/check.h"

static const uint64_t MS = 1000000, SECOND = 1000000000;

struct outcome {
    uint32_t count;
    uint64_t busy_until;
    struct link_copy copy[LINK_COPIES];
};

static uint64_t random_state = 1;

static uint64_t random_number(void) {
    random_state += BITS_GOLDEN;
    return bits_mix(random_state);
}

static uint32_t random_chance(void) {
    return random_number() % 4 == 0 ? 0 : (uint32_t)(random_number() % (ENGINE_MILLION + 1));
}

static struct packet_key random_key(void) {
    struct packet_key key = {{(uint32_t)random_number() % 100, 2, (uint32_t)random_number() % 2000, 0, 1, 0}};
    return key;
}

// A packet on a link that was idle before.
static struct outcome decide(const struct link_settings *settings, uint64_t seed, uint32_t direction,
                             const struct packet_key *key, uint64_t now, const struct fate_order *order) {
    struct link_direction link = {.settings = *settings};
    struct outcome outcome;
    memset(&outcome, 0, sizeof outcome);
    outcome.count = link_decide(&link, seed, direction, key, now, 40, order, outcome.copy);
    outcome.busy_until = link.busy_until;
    return outcome;
}

static bool same(const struct outcome *a, const struct outcome *b) {
    bool equal = a->count == b->count && a->busy_until == b->busy_until;
    for (uint32_t i = 0; equal && i < a->count; i++)
        equal = a->copy[i].fate == b->copy[i].fate && a->copy[i].arrival == b->copy[i].arrival;
    return equal;
}

static bool is_lost(const struct outcome *outcome, enum packet_fate fate) {
    return outcome->count == 1 && outcome->copy[0].fate == fate && outcome->copy[0].arrival == 0;
}

static struct link_settings random_settings(void) {
    return (struct link_settings){
        .delay = 20 * MS,
        .jitter = random_number() % 2 * 7 * MS,
        .loss = random_chance() / 2,
        .burst = random_chance() / 2,
        .burst_loss = random_chance(),
        .duplicate = random_chance(),
        .reorder = random_chance(),
        .burst_slot = 50 * MS,
        .duplicate_delay = random_number() % 2 * MS,
        .reorder_delay = 30 * MS,
        .rate = random_number() % 2 * 1000000,
    };
}

// ---- Luck -----------------------------------------------------------------------------------------------------

struct raising {
    uint32_t loss, burst, burst_loss, duplicate, reorder;  // how often each changed something
};

static uint32_t *chance_of(struct link_settings *settings, int which) {
    uint32_t *chances[] = {&settings->loss, &settings->burst, &settings->burst_loss, &settings->duplicate,
                           &settings->reorder};
    return chances[which];
}

// What may become different when one probability is raised.
static void check_raised(int which, const struct link_settings *settings, const struct outcome *before,
                         const struct outcome *after, struct raising *changed) {
    CHECK_EQ(after->busy_until, before->busy_until);
    if (same(before, after)) return;
    struct outcome back = *after;
    switch (which) {
    case 0:
        CHECK(is_lost(after, FATE_LOST));
        changed->loss++;
        break;
    case 1:
    case 2:
        CHECK(is_lost(after, FATE_LOST_BURST) && before->copy[0].fate == FATE_DELIVERED);
        which == 1 ? changed->burst++ : changed->burst_loss++;
        break;
    case 3:
        CHECK(after->count == 2 && before->count == 1 && after->copy[1].fate == FATE_DELIVERED);
        CHECK(after->copy[1].arrival >= settings->delay + settings->duplicate_delay);
        back.count = 1;
        CHECK(same(before, &back));
        changed->duplicate++;
        break;
    default:
        back.copy[0].arrival -= settings->reorder_delay;
        CHECK(same(before, &back));
        changed->reorder++;
    }
}

static void raising_one_changes_no_other(void) {
    struct raising changed = {0};
    for (uint32_t round = 0; round < 30000; round++) {
        struct link_settings settings = random_settings();
        struct packet_key key = random_key();
        uint64_t seed = random_number() % 50, now = random_number() % SECOND;
        struct outcome before = decide(&settings, seed, 1, &key, now, NULL);
        for (int which = 0; which < 5; which++) {
            struct link_settings raised = settings;
            uint32_t *chance = chance_of(&raised, which);
            *chance += (uint32_t)(random_number() % (ENGINE_MILLION + 1 - *chance));
            check_about("round %u, probability %d raised from %u to %u", round, which, *chance_of(&settings, which),
                        *chance);
            struct outcome after = decide(&raised, seed, 1, &key, now, NULL);
            check_raised(which, &raised, &before, &after, &changed);
        }
    }
    check_about(NULL);
    CHECK(changed.loss > 100 && changed.burst > 100 && changed.burst_loss > 100);
    CHECK(changed.duplicate > 100 && changed.reorder > 100);
}

static void fate_is_a_function(void) {
    struct link_settings settings = {.delay = MS, .loss = 500000};
    uint32_t by_direction = 0, by_seed = 0, by_key = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        struct packet_key key = {{i, 0, 0, 0, 0, 0}}, other = {{i, 0, 0, 0, 0, 1}};
        struct outcome a = decide(&settings, 1, 0, &key, 5, NULL);
        struct outcome again = decide(&settings, 1, 0, &key, 5, NULL);
        struct outcome late = decide(&settings, 1, 0, &key, 999 * MS, NULL);
        CHECK(same(&a, &again));
        CHECK_EQ(a.copy[0].fate, late.copy[0].fate);  // the time doesn't matter
        by_direction += decide(&settings, 1, 1, &key, 5, NULL).copy[0].fate != a.copy[0].fate;
        by_seed += decide(&settings, 2, 0, &key, 5, NULL).copy[0].fate != a.copy[0].fate;
        by_key += decide(&settings, 1, 0, &other, 5, NULL).copy[0].fate != a.copy[0].fate;
    }
    CHECK(by_direction > 400 && by_direction < 600);
    CHECK(by_seed > 400 && by_seed < 600);
    CHECK(by_key > 400 && by_key < 600);
}

static void jitter_has_its_range(void) {
    struct link_settings settings = {
        .delay = 10 * MS, .jitter = 4, .duplicate = ENGINE_MILLION, .duplicate_delay = 100};
    uint32_t seen[2][5] = {{0}}, equal = 0;
    for (uint32_t i = 0; i < 5000; i++) {
        struct packet_key key = {{i, 0, 0, 0, 0, 0}};
        struct outcome outcome = decide(&settings, 1, 0, &key, SECOND, NULL);
        CHECK_EQ(outcome.count, 2);
        uint64_t first = outcome.copy[0].arrival - SECOND - 10 * MS;
        uint64_t second = outcome.copy[1].arrival - SECOND - 10 * MS - 100;
        if (!CHECK(first <= 4 && second <= 4)) return;
        seen[0][first]++;
        seen[1][second]++;
        equal += first == second;
    }
    CHECK(equal > 850 && equal < 1150);  // a jitter of its own
    for (int i = 0; i < 10; i++)
        CHECK(seen[i / 5][i % 5] > 850 && seen[i / 5][i % 5] < 1150);
}

// Losses of a burst come in whole slots, and slots are bad as often as they should be.
static void bursts_have_slots(void) {
    struct link_settings settings = {.burst = 300000, .burst_loss = ENGINE_MILLION, .burst_slot = 100};
    uint32_t bad = 0;
    for (uint64_t slot = 0; slot < 2000; slot++) {
        struct packet_key a = random_key(), b = random_key();
        struct outcome begin = decide(&settings, 1, 0, &a, slot * 100, NULL);
        struct outcome end = decide(&settings, 1, 0, &b, slot * 100 + 99, NULL);
        bool first = is_lost(&begin, FATE_LOST_BURST);
        CHECK_EQ(first, is_lost(&end, FATE_LOST_BURST));
        bad += first;
    }
    CHECK(bad > 480 && bad < 720);
}

// Without luck the answer is the delay and nothing else, with or without the way around all luck.
static void ideal(void) {
    struct link_settings settings = {.delay = 20 * MS}, slow = settings;
    slow.down_count = 1;  // a period long ago: not ideal
    slow.down[0].to = 1;
    for (uint32_t i = 0; i < 100; i++) {
        struct packet_key key = random_key();
        struct outcome a = decide(&settings, 1, 0, &key, i * MS + 1, NULL);
        struct outcome b = decide(&slow, 1, 0, &key, i * MS + 1, NULL);
        CHECK(same(&a, &b) && a.count == 1 && a.copy[0].fate == FATE_DELIVERED);
        CHECK_EQ(a.copy[0].arrival, i * MS + 1 + 20 * MS);
    }
    struct packet_key key = random_key();
    CHECK_EQ(decide(&settings, 1, 0, &key, UINT64_MAX - 1, NULL).copy[0].arrival, UINT64_MAX);
}

// ---- Rate, queue, down periods --------------------------------------------------------------------------------

static struct link_copy send_at(struct link_direction *link, uint64_t now, uint32_t size,
                                const struct fate_order *order) {
    struct link_copy copies[LINK_COPIES];
    struct packet_key key = {{0}};
    CHECK_EQ(link_decide(link, 1, 0, &key, now, size, order, copies), 1);
    return copies[0];
}

static void rate_and_queue(void) {
    // 1000 bytes take 8 ms.
    struct link_direction link = {.settings = {.delay = 5 * MS, .rate = 1000000, .queue_limit = 2000}};
    CHECK_EQ(send_at(&link, 0, 1000, NULL).arrival, 13 * MS);
    CHECK_EQ(send_at(&link, 0, 1000, NULL).arrival, 21 * MS);  // 1000 wait and 1000 come: 2000
    CHECK_EQ(send_at(&link, 0, 1, NULL).fate, FATE_LOST_QUEUE);
    CHECK_EQ(link.busy_until, 16 * MS);  // what was dropped takes no time
    CHECK_EQ(send_at(&link, 8 * MS, 1000, NULL).arrival, 29 * MS);
    CHECK_EQ(send_at(&link, 12 * MS, 501, NULL).fate, FATE_LOST_QUEUE);  // 1500 wait
    CHECK_EQ(send_at(&link, 12 * MS, 500, NULL).arrival, 33 * MS);
    CHECK_EQ(send_at(&link, 28 * MS, 9000, NULL).arrival, 105 * MS);  // idle again: a packet of any size
    CHECK_EQ(send_at(&link, 28 * MS, 1, NULL).fate, FATE_LOST_QUEUE);

    struct link_direction odd = {.settings = {.rate = 3}};  // rounded up, no limit
    CHECK_EQ(send_at(&odd, 0, 1, NULL).arrival, UINT64_C(2666666667));
    CHECK_EQ(send_at(&odd, 0, 1, NULL).arrival, UINT64_C(5333333334));
    struct link_direction fast = {.settings = {.rate = UINT64_MAX, .queue_limit = UINT32_MAX}};
    CHECK_EQ(send_at(&fast, 7, UINT32_C(1) << 31, NULL).arrival, 8);
    struct link_direction slow = {.settings = {.rate = 1}};
    for (int i = 0; i < 3; i++)
        CHECK_EQ(send_at(&slow, UINT64_MAX - 10, 1500, NULL).arrival, UINT64_MAX);
}

// What the network loses has occupied the rate; what a down period loses hasn't.
static void losses_and_the_rate(void) {
    struct link_settings settings = {.rate = 1000000, .loss = ENGINE_MILLION, .down_count = 2};
    settings.down[1].from = 100 * MS;
    settings.down[1].to = 200 * MS;
    struct link_direction link = {.settings = settings};
    CHECK_EQ(send_at(&link, 0, 1000, NULL).fate, FATE_LOST);
    CHECK_EQ(link.busy_until, 8 * MS);
    CHECK_EQ(send_at(&link, 100 * MS - 1, 1000, NULL).fate, FATE_LOST);
    uint64_t busy_until = link.busy_until;
    CHECK_EQ(send_at(&link, 100 * MS, 1000, NULL).fate, FATE_LOST_DOWN);
    CHECK_EQ(send_at(&link, 200 * MS - 1, 1000, NULL).fate, FATE_LOST_DOWN);
    CHECK_EQ(link.busy_until, busy_until);
    CHECK_EQ(send_at(&link, 200 * MS, 1000, NULL).fate, FATE_LOST);
}

// ---- Scripted fates -------------------------------------------------------------------------------------------

static void orders(void) {
    struct link_settings settings = random_settings();
    settings.loss = settings.duplicate = settings.reorder = settings.burst = settings.burst_loss = ENGINE_MILLION;
    settings.jitter = 5 * MS;
    settings.rate = 0;
    struct packet_key key = random_key();

    struct fate_order none = {0};
    struct outcome outcome = decide(&settings, 1, 0, &key, SECOND, &none);
    CHECK_EQ(outcome.count, 1);
    CHECK_EQ(outcome.copy[0].fate, FATE_DELIVERED);  // luck is off
    CHECK_EQ(outcome.copy[0].arrival, SECOND + 20 * MS);

    struct fate_order drop = {.drop = true, .duplicates = 3};
    outcome = decide(&settings, 1, 0, &key, SECOND, &drop);
    CHECK(is_lost(&outcome, FATE_LOST_ORDER));

    struct fate_order all = {.has_delay = true, .delay = 3 * MS, .hold = 2 * SECOND, .duplicates = 8, .spacing = MS};
    outcome = decide(&settings, 1, 0, &key, SECOND, &all);
    CHECK_EQ(outcome.count, 9);
    for (uint32_t i = 0; i < outcome.count; i++) {
        CHECK_EQ(outcome.copy[i].fate, FATE_DELIVERED);
        CHECK_EQ(outcome.copy[i].arrival, 3 * SECOND + 3 * MS + i * MS);
    }

    settings.down_count = 1;
    settings.down[0].to = 1;
    outcome = decide(&settings, 1, 0, &key, 0, &all);
    CHECK(is_lost(&outcome, FATE_LOST_DOWN));

    struct link_direction link = {.settings = {.rate = 1000000, .queue_limit = 1500}};
    CHECK_EQ(send_at(&link, 0, 1000, &none).arrival, 8 * MS);
    CHECK_EQ(send_at(&link, 0, 1000, &none).fate, FATE_LOST_QUEUE);
    CHECK_EQ(send_at(&link, 0, 500, &drop).fate, FATE_LOST_ORDER);
    CHECK_EQ(link.busy_until, 12 * MS);
}

int main(void) {
    raising_one_changes_no_other();
    fate_is_a_function();
    jitter_has_its_range();
    bursts_have_slots();
    ideal();
    rate_and_queue();
    losses_and_the_rate();
    orders();
    return check_result();
}
