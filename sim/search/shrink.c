// Delta debugging (Zeller and Hildebrandt 2002) over the fates that are not the usual ones, then over how late and how
// long each of them is. What that leaves can't be made smaller by leaving out one thing; so plans of a single fate, and
// of two, are tried as well, for every packet of the run: there are few enough of them.
#include "sim/search/shrink.h"

#include <stdlib.h>
#include <string.h>

#include "sim/engine/memory.h"

static const uint64_t microsecond = 1000;

enum { PAIRS_MOST = 20000 };  // runs that looking for two fates may take

// Events that shrinking may take: some seconds. What ordinary scenarios need is far below.
static const uint64_t events_most = 3000000;

struct shrinker {
    struct checker *checker;
    const struct verdict *verdict;
    uint64_t runs, events;
    shrink_watch watch;
    void *context;
    struct plan_entry *plan;  // the smallest so far that fails
    uint32_t count;
    struct plan_entry *trial;
};

static bool is_spent(const struct shrinker *shrinker) {
    return shrinker->events >= events_most;
}

// When the effort is spent, nothing more is tried.
static bool fails(struct shrinker *shrinker, const struct plan_entry *plan, uint32_t count) {
    const struct schedule schedule = {.planned = true, .plan = plan, .plan_count = count};
    if (is_spent(shrinker)) return false;
    struct verdict verdict = checker_run(shrinker->checker, &schedule, NULL, NULL);
    shrinker->runs++;
    shrinker->events += verdict.events;
    if (shrinker->watch != NULL) shrinker->watch(shrinker->context, shrinker->runs, shrinker->count);
    return verdict_same(&verdict, shrinker->verdict);
}

// Makes the trial the plan if it fails.
static bool take_trial(struct shrinker *shrinker, uint32_t count) {
    if (!fails(shrinker, shrinker->trial, count)) return false;
    memcpy(shrinker->plan, shrinker->trial, count * sizeof *shrinker->plan);
    shrinker->count = count;
    return true;
}

// The plan without the entries [from, to).
static bool leave_out(struct shrinker *shrinker, uint32_t from, uint32_t to) {
    if (is_spent(shrinker)) return false;
    uint32_t behind = shrinker->count - to;
    memcpy(shrinker->trial, shrinker->plan, from * sizeof *shrinker->trial);
    memcpy(shrinker->trial + from, shrinker->plan + to, behind * sizeof *shrinker->trial);
    return take_trial(shrinker, from + behind);
}

// Until no single entry can be left out. True: something was.
static bool leave_out_most(struct shrinker *shrinker) {
    uint32_t before = shrinker->count;
    for (uint32_t size = before; size > 0; size /= 2) {
        bool again = true;
        while (again) {
            again = false;
            for (uint32_t end = shrinker->count; end > 0;) {
                uint32_t from = end > size ? end - size : 0;
                if (leave_out(shrinker, from, end)) again = size == 1;
                end = from;
            }
        }
    }
    return shrinker->count < before;
}

// ---- Smaller times --------------------------------------------------------------------------------------------

static bool fails_with(struct shrinker *shrinker, uint64_t *value, uint64_t candidate) {
    uint64_t before = *value;
    *value = candidate;
    bool worse = fails(shrinker, shrinker->plan, shrinker->count);
    if (!worse) *value = before;
    return worse;
}

// A round time that is not much longer, if that fails too.
static void make_round(struct shrinker *shrinker, uint64_t *value, uint64_t most) {
    for (uint64_t unit = UINT64_C(10000000000); unit > 1; unit /= 10) {
        uint64_t round = (*value + unit - 1) / unit * unit;
        if (round > most || round - *value > *value / 4) continue;
        if (round == *value || fails_with(shrinker, value, round)) return;
    }
}

// The least that `*value`, a time in the plan, can be.
static void lower(struct shrinker *shrinker, uint64_t *value, uint64_t least) {
    uint64_t most = *value;
    if (most <= least || fails_with(shrinker, value, least)) return;
    uint64_t holds = least;
    while (*value - holds > microsecond && *value - holds > *value / 64) {
        uint64_t middle = holds + (*value - holds) / 2;
        if (!fails_with(shrinker, value, middle)) holds = middle;
    }
    make_round(shrinker, value, most);
}

static bool same_order(const struct fate_order *a, const struct fate_order *b) {
    return a->drop == b->drop && a->has_delay == b->has_delay && a->duplicates == b->duplicates &&
           a->delay == b->delay && a->hold == b->hold && a->spacing == b->spacing && a->flips == b->flips &&
           a->flipped == b->flipped && memcmp(a->flip, b->flip, sizeof a->flip) == 0;
}

static bool try_order(struct shrinker *shrinker, struct plan_entry *entry, struct fate_order order) {
    struct fate_order before = entry->order;
    if (same_order(&before, &order)) return false;
    entry->order = order;
    if (fails(shrinker, shrinker->plan, shrinker->count)) return true;
    entry->order = before;
    return false;
}

// The copy that has other bits is one of those that are left.
static struct fate_order without_copies(struct fate_order order) {
    order.duplicates = 0;
    order.spacing = 0;
    order.flipped = 0;
    return order;
}

// Without flipped bits; or with as few of them as will do.
static void flip_less(struct shrinker *shrinker, struct plan_entry *entry) {
    struct fate_order whole = entry->order;
    whole.flips = whole.flipped = 0;
    memset(whole.flip, 0, sizeof whole.flip);
    bool other = whole.hold > 0 || whole.duplicates > 0;
    if (entry->order.flips == 0 || (other && try_order(shrinker, entry, whole))) return;
    for (uint32_t i = entry->order.flips; i > 0 && entry->order.flips > 1; i--) {
        struct fate_order less = entry->order;
        for (uint32_t k = i; k < less.flips; k++)
            less.flip[k - 1] = less.flip[k];
        less.flip[--less.flips] = 0;
        try_order(shrinker, entry, less);
    }
}

// To lose a packet is simpler than to hold it back, and that is simpler than to double it or to flip its bits.
static void simplify(struct shrinker *shrinker, struct plan_entry *entry) {
    struct fate_order *order = &entry->order;
    if (entry->kind == PLAN_CRASH) {
        lower(shrinker, &entry->at, microsecond);
        lower(shrinker, &entry->boots, entry->at + microsecond);
        return;
    }
    if (order->drop) return;
    struct fate_order lost = {.drop = true}, once = without_copies(*order), prompt = *order;
    prompt.hold = 0;
    if (try_order(shrinker, entry, lost)) return;
    if (order->hold > 0 && order->duplicates > 0 && !try_order(shrinker, entry, once))
        try_order(shrinker, entry, prompt);
    if (order->hold > 0) lower(shrinker, &order->hold, order->duplicates > 0 ? 0 : microsecond);
    if (order->duplicates > 0) lower(shrinker, &order->spacing, 0);
    flip_less(shrinker, entry);
}

// ---- One fate, or two -----------------------------------------------------------------------------------------

// The fates that are tried: a loss, and those of the plan.
struct choices {
    struct fate_order *orders;
    uint32_t count;
};

static struct choices choices_of(const struct shrinker *shrinker) {
    struct choices choices = {.orders = memory_allocate((2 * shrinker->count + 1) * sizeof *choices.orders)};
    choices.orders[choices.count++] = (struct fate_order){.drop = true};
    for (uint32_t i = 0; i < shrinker->count; i++) {
        const struct plan_entry *entry = &shrinker->plan[i];
        bool known = entry->kind == PLAN_CRASH;
        for (uint32_t k = 0; k < choices.count; k++)
            known = known || same_order(&choices.orders[k], &entry->order);
        if (!known) choices.orders[choices.count++] = entry->order;
    }
    return choices;
}

static bool may_try(const struct shrinker *shrinker, uint64_t limit) {
    return shrinker->runs < limit && !is_spent(shrinker);
}

// Tries every choice for every packet that follows the `count` entries of the trial. True: one more was enough.
static bool try_one_more(struct shrinker *shrinker, const struct choices *choices, uint32_t count, uint64_t limit) {
    struct fate_log log = {.items = NULL};
    const struct schedule schedule = {.planned = true, .plan = shrinker->trial, .plan_count = count};
    checker_run(shrinker->checker, &schedule, &log, NULL);
    bool found = false;
    for (uint32_t i = 0; i < log.count && !found && may_try(shrinker, limit); i++) {
        if (log.items[i].scripted || !log.items[i].usual) continue;
        for (uint32_t k = 0; k < choices->count && !found && may_try(shrinker, limit); k++) {
            shrinker->trial[count] = log.items[i].entry;
            shrinker->trial[count].order = choices->orders[k];
            found = take_trial(shrinker, count + 1);
        }
    }
    fate_log_free(&log);
    return found;
}

static bool try_pairs(struct shrinker *shrinker, const struct choices *choices) {
    struct fate_log log = {.items = NULL};
    const struct schedule schedule = {.planned = true};
    uint64_t limit = shrinker->runs + PAIRS_MOST;
    checker_run(shrinker->checker, &schedule, &log, NULL);
    bool found = false;
    for (uint32_t i = 0; i < log.count && !found && may_try(shrinker, limit); i++) {
        if (log.items[i].scripted || !log.items[i].usual) continue;
        for (uint32_t k = 0; k < choices->count && !found && may_try(shrinker, limit); k++) {
            shrinker->trial[0] = log.items[i].entry;
            shrinker->trial[0].order = choices->orders[k];
            found = try_one_more(shrinker, choices, 1, limit);
        }
    }
    fate_log_free(&log);
    return found;
}

static void try_few(struct shrinker *shrinker) {
    if (shrinker->count < 2 || is_spent(shrinker)) return;
    struct choices choices = choices_of(shrinker);
    bool found = try_one_more(shrinker, &choices, 0, UINT64_MAX);
    if (!found && shrinker->count > 2) try_pairs(shrinker, &choices);
    free(choices.orders);
}

// ---- All of it ------------------------------------------------------------------------------------------------

static void make_small(struct shrinker *shrinker) {
    bool changed = true;
    for (int round = 0; changed && round < 4; round++) {
        changed = leave_out_most(shrinker);
        try_few(shrinker);
        for (uint32_t i = 0; i < shrinker->count; i++)
            simplify(shrinker, &shrinker->plan[i]);
    }
    leave_out_most(shrinker);
}

// When the things of the plan happen.
static void find_times(struct shrinker *shrinker, struct shrunk *shrunk) {
    struct fate_log log = {.items = NULL};
    const struct schedule schedule = {.planned = true, .plan = shrinker->plan, .plan_count = shrinker->count};
    checker_run(shrinker->checker, &schedule, &log, NULL);
    shrunk->times = memory_allocate((shrinker->count + 1) * sizeof *shrunk->times);
    for (uint32_t i = 0; i < shrinker->count; i++) {
        const struct plan_entry *entry = &shrinker->plan[i];
        shrunk->times[i] = entry->at;
        if (entry->kind == PLAN_CRASH) continue;
        for (uint32_t k = log.count; k > 0; k--) {
            const struct logged_fate *fate = &log.items[k - 1];
            if (fate->entry.kind == PLAN_FATE && memcmp(&fate->entry.key, &entry->key, sizeof entry->key) == 0 &&
                fate->entry.from == entry->from && fate->entry.to == entry->to)
                shrunk->times[i] = fate->time;
        }
    }
    fate_log_free(&log);
}

void shrink(struct checker *checker, uint64_t seed, const struct verdict *verdict, struct shrunk *shrunk,
            shrink_watch watch, void *context) {
    struct fate_log log = {.items = NULL};
    const struct schedule schedule = {.seed = seed};
    struct shrinker shrinker = {.checker = checker, .verdict = verdict, .runs = 1, .watch = watch, .context = context};
    *shrunk = (struct shrunk){.planned = false};
    checker_run(checker, &schedule, &log, NULL);
    shrinker.plan = memory_allocate((log.count + 2) * sizeof *shrinker.plan);
    shrinker.trial = memory_allocate((log.count + 2) * sizeof *shrinker.trial);
    for (uint32_t i = 0; i < log.count; i++)
        if (!log.items[i].scripted && !log.items[i].usual) shrinker.plan[shrinker.count++] = log.items[i].entry;
    fate_log_free(&log);
    shrunk->before = shrinker.count;
    shrunk->planned = fails(&shrinker, shrinker.plan, shrinker.count);
    if (shrunk->planned) make_small(&shrinker);
    find_times(&shrinker, shrunk);
    shrunk->entries = shrinker.plan;
    shrunk->count = shrinker.count;
    shrunk->runs = shrinker.runs;
    shrunk->cut = is_spent(&shrinker);
    free(shrinker.trial);
}

void shrunk_free(struct shrunk *shrunk) {
    free(shrunk->entries);
    free(shrunk->times);
    *shrunk = (struct shrunk){.planned = false};
}
