// faults: what `check` may do to the packets and hosts of a scenario. fates: what it did, packet by packet. covers is
// beside the claims.
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

#include "sim/host/fates.h"

enum { FATES_MOST = 4096 };

// The host that is `-1` on the stack: a host, or its name.
static uint32_t host_or_name(lua_State *L, const char *label) {
    const struct scenario *scenario = api_scenario(L);
    if (lua_type(L, -1) != LUA_TSTRING) return api_host_at(L, -1, label);
    const char *name = lua_tostring(L, -1);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    for (uint32_t i = 0; i < scenario->host_count; i++) {
        if (strcmp(api_host_name(scenario, i), name) == 0) return i;
        suggest_add(&suggestion, api_host_name(scenario, i));
    }
    args_unknown(L, label, "host", name, suggestion.best, "hosts are declared before: host \"client\"");
}

static bool host_field(const struct args *args, const char *name, uint32_t *host) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *host = host_or_name(args->L, label);
    lua_pop(args->L, 1);
    return true;
}

// ---- faults ---------------------------------------------------------------------------------------------------

// {from, to}, two times in order.
static void read_delay(const struct args *args, struct faults *faults) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "delay", label)) return;
    if (!lua_istable(L, -1) || lua_rawlen(L, -1) != 2)
        sandbox_error(L, "%l is two times, the least and the most; write delay = { 0, 50 * ms }", label);
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    faults->delay_least = args_time(L, -2, label);
    faults->delay_most = args_time(L, -1, label);
    if (faults->delay_least > faults->delay_most || faults->delay_most > 60 * ARGS_MINUTE)
        sandbox_error(L, "%l: the first time is the least and the second the most, up to an hour", label);
    lua_pop(L, 3);
}

// A host, or a list of hosts.
static void read_crash(const struct args *args, struct faults *faults) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "crash", label)) return;
    if (!lua_istable(L, -1)) {
        faults->crashes = UINT64_C(1) << host_or_name(L, label);
    } else {
        lua_Unsigned count = lua_rawlen(L, -1);
        if (count == 0 || count > WORLD_HOSTS)
            sandbox_error(L, "%l is an empty list; write crash = server, or crash = { client, server }", label);
        for (lua_Unsigned i = 1; i <= count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i);
            faults->crashes |= UINT64_C(1) << host_or_name(L, label);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
}

static int declare_faults(lua_State *L) {
    static const char *const names[] = {"loss", "duplicate", "delay", "reorder", "crash", "heals", "corrupt", NULL};
    struct scenario *scenario = api_building(L, "faults");
    struct args args = args_open(L, 1, "faults", names);
    struct faults faults = {.heals = 30 * ARGS_SECOND};
    args_probability_field(&args, "loss", &faults.loss);
    args_probability_field(&args, "duplicate", &faults.duplicate);
    args_probability_field(&args, "reorder", &faults.reorder);
    args_probability_field(&args, "corrupt", &faults.corrupt);
    read_delay(&args, &faults);
    read_crash(&args, &faults);
    args_time_field(&args, "heals", &faults.heals);
    if (faults.heals == 0) sandbox_error(L, "faults: heals = 0 is before anything happens; write heals = 30 * s");
    if ((faults.loss | faults.duplicate | faults.reorder | faults.corrupt) == 0 && faults.delay_most == 0 &&
        faults.crashes == 0)
        sandbox_error(L, "faults: nothing goes wrong; add loss = 0.1, duplicate, delay, reorder, corrupt or crash");
    api_check(L, world_faults(scenario->world, &faults));
    return 0;
}

// ---- fates ----------------------------------------------------------------------------------------------------

// A decimal or hexadecimal number below 2^32 at `*at`, which moves behind it and the spaces that follow.
static bool read_word(const char **at, uint32_t base, uint32_t *word) {
    static const char digits[] = "0123456789abcdef";
    uint64_t value = 0;
    const char *start = *at;
    for (; **at != '\0' && **at != ' '; (*at)++) {
        const char *digit = memchr(digits, **at, base);
        if (digit == NULL) return false;
        value = value * base + (uint64_t)(digit - digits);
        if (value > UINT32_MAX) return false;
    }
    bool any = *at != start;
    while (**at == ' ')
        (*at)++;
    *word = (uint32_t)value;
    return any;
}

// "1f3a9c22 SYN,ACK 0 1 0 0": connection, flags, SEG.SEQ - ISS, SEG.ACK - IRS, length, how often it was sent before.
static void read_key(const struct args *args, struct packet_key *key) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "key", label)) sandbox_error(L, "fates: a packet is named by its key, as `check` prints it");
    size_t length;
    const char *at = args_string(L, -1, label, 1, 128, &length);
    bool good = read_word(&at, 16, &key->word[0]);
    size_t flags = strcspn(at, " ");
    if (good) {
        lua_pushlstring(L, at, flags);
        enum tcp_icmp kind;
        bool error = icmp_by_name(lua_tostring(L, -1), &kind);
        key->word[1] = error ? FATE_KEY_ICMP + (uint32_t)kind : args_flags(L, -1, label);
        lua_pop(L, 1);
        at += flags;
        at += strspn(at, " ");
        for (int i = 2; i < 6; i++)
            good = good && read_word(&at, 10, &key->word[i]);
    }
    if (!good || *at != '\0')
        sandbox_error(L, "%l is no packet's; keys look like \"1f3a9c22 SYN,ACK 0 1 0 0\", as `check` prints them",
                      label);
    lua_pop(L, 1);
}

static void read_fate(const struct args *args, struct plan_entry *entry) {
    lua_State *L = args->L;
    struct fate_order *order = &entry->order;
    entry->kind = PLAN_FATE;
    if (!host_field(args, "from", &entry->from) || !host_field(args, "to", &entry->to) || entry->from == entry->to)
        sandbox_error(L, "fates: a packet goes from a host to another; add from = \"client\", to = \"server\"");
    read_key(args, &entry->key);
    args_boolean_field(args, "drop", &order->drop);
    bool hold = args_time_field(args, "hold", &order->hold);
    bool duplicate = args_u32_field(args, "duplicate", 1, 8, &order->duplicates);
    bool spacing = args_time_field(args, "spacing", &order->spacing);
    bool corrupt = api_flips_field(args, false, order);
    uint32_t copy = 0;
    if (args_u32_field(args, "copy", 1, 8, &copy) && (!corrupt || copy > order->duplicates))
        sandbox_error(L, "fates: copy says which copy is corrupt; there is none of that number");
    order->flipped = (uint8_t)copy;
    bool other = hold || duplicate || corrupt;
    if (order->drop == other)
        sandbox_error(
            L, "fates: a packet has one fate; write drop = true, or hold = 3 * s, duplicate = 1, corrupt = { 7 }");
    if (spacing && !duplicate) sandbox_error(L, "fates: spacing is between copies; add duplicate = 1");
    if (args_has(args, "at") || args_has(args, "boots"))
        sandbox_error(L, "fates: at and boots are times of a crash; add crash = \"server\", or leave them out");
}

static void read_planned_crash(const struct args *args, struct plan_entry *entry) {
    static const char *const others[] = {"from",      "to",      "key",     "drop", "hold",
                                         "duplicate", "spacing", "corrupt", "copy", NULL};
    lua_State *L = args->L;
    entry->kind = PLAN_CRASH;
    bool at = args_time_field(args, "at", &entry->at), boots = args_time_field(args, "boots", &entry->boots);
    if (!at || !boots || entry->boots <= entry->at)
        sandbox_error(L, "fates: a crash has a time, and a later one to boot again; add at = 1 * s, boots = 2 * s");
    for (int i = 0; others[i] != NULL; i++)
        if (args_has(args, others[i])) sandbox_error(L, "fates: a crash has no '%s'; it has at and boots", others[i]);
}

static int declare_fates(lua_State *L) {
    static const char *const names[] = {"from",  "to", "key",   "drop",    "hold", "duplicate", "spacing",
                                        "crash", "at", "boots", "corrupt", "copy", NULL};
    struct scenario *scenario = api_building(L, "fates");
    char shown[ARGS_SHOWN];
    const struct plan_entry *before;
    uint32_t before_count;
    if (world_planned(scenario->world, &before, &before_count))
        sandbox_error(L, "fates are told twice; a scenario has one list of them");
    if (!lua_istable(L, 1))
        sandbox_error(L, "fates takes a list of fates, not %t; `check --save` writes it", args_show(L, 1, shown));
    lua_Unsigned count = lua_rawlen(L, 1);
    if (count > FATES_MOST) sandbox_error(L, "fates: there are more than %d", FATES_MOST);
    struct plan_entry *entries = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof *entries, 0);
    memset(entries, 0, (size_t)(count + 1) * sizeof *entries);
    for (lua_Unsigned i = 0; i < count; i++) {
        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        struct args args = args_open(L, -1, "fates", names);
        if (host_field(&args, "crash", &entries[i].from))
            read_planned_crash(&args, &entries[i]);
        else
            read_fate(&args, &entries[i]);
        lua_pop(L, 1);
    }
    world_plan(scenario->world, entries, (uint32_t)count);
    return 0;
}

void api_add_faults(lua_State *L) {
    api_add_function(L, "faults", declare_faults);
    api_add_function(L, "fates", declare_fates);
}
