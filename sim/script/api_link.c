// link(a, b) { ... }
#include "sim/script/api.h"

#include <string.h>

#include <lauxlib.h>

struct link_object {
    struct sandbox_object object;
    uint32_t number;  // in scenario->links
};

static int declare(lua_State *L) {
    struct scenario *scenario = api_building(L, "link");
    uint32_t a = api_host_at(L, 1, "link: the first end"), b = api_host_at(L, 2, "link: the second end");
    if (lua_gettop(L) > 2) sandbox_error(L, "link takes two hosts, and its options behind them: link(a, b) { ... }");
    if (a == b) sandbox_error(L, "a link needs two different hosts; a host reaches itself without one");
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        const struct api_link *link = &scenario->links[i];
        if ((link->a == a && link->b == b) || (link->a == b && link->b == a))
            sandbox_error(L, "'%s' and '%s' are linked already, on line %d; two hosts share one link",
                          api_host_name(scenario, a), api_host_name(scenario, b), (int)link->line);
    }
    if (scenario->link_count == API_LINKS) sandbox_error(L, "a scenario has at most %d links", API_LINKS);
    api_flush_hosts(L);
    struct link_object *object = api_push_object(L, "link", sizeof *object);
    object->number = scenario->link_count++;
    scenario->links[object->number] = (struct api_link){.a = a, .b = b, .line = (uint32_t)sandbox_line(L)};
    return 1;
}

static void read_down(const struct args *args, struct link_settings *settings) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "down", label)) return;
    lua_Unsigned count = lua_istable(L, -1) ? lua_rawlen(L, -1) : 0;
    if (count == 0 || count > ENGINE_DOWN_PERIODS)
        sandbox_error(L, "%l is not a list of 1 to %d periods; write down = { { 2 * s, 5 * s } }", label,
                      ENGINE_DOWN_PERIODS);
    for (lua_Unsigned i = 0; i < count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        if (!lua_istable(L, -1) || lua_rawlen(L, -1) != 2)
            sandbox_error(L, "%l: a period is { from, to }; write down = { { 2 * s, 5 * s } }", label);
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        settings->down[i].from = args_time(L, -2, label);
        settings->down[i].to = args_time(L, -1, label);
        if (settings->down[i].from >= settings->down[i].to)
            sandbox_error(L, "%l: a period ends before it begins; write { from, to } with from before to", label);
        lua_pop(L, 3);
    }
    settings->down_count = (uint32_t)count;
    lua_pop(L, 1);
}

static void read_burst(const struct args *args, struct link_settings *settings) {
    static const char *const names[] = {"slot", "probability", "loss", NULL};
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "burst", label)) return;
    struct args burst = args_open(L, -1, label, names);
    bool whole = args_time_field(&burst, "slot", &settings->burst_slot) &&
                 args_probability_field(&burst, "probability", &settings->burst);
    settings->burst_loss = ENGINE_MILLION;
    args_probability_field(&burst, "loss", &settings->burst_loss);
    if (!whole || settings->burst_slot == 0)
        sandbox_error(L, "%l needs a slot and a probability; write burst = { slot = 100 * ms, probability = 0.1 }",
                      label);
    lua_pop(L, 1);
}

// Bits that are flipped, and what the router says of packets that it can't pass on.
static void read_router(const struct args *args, struct link_settings *settings) {
    enum { LEAST_MTU = 68 };  // RFC 791
    bool tells = !settings->black_hole;
    args_probability_field(args, "corrupt", &settings->corrupt);
    args_u32_field(args, "mtu", LEAST_MTU, UINT16_MAX, &settings->mtu);
    if (args_boolean_field(args, "icmp", &tells) && settings->mtu == 0)
        sandbox_error(args->L, "%l: icmp says whether the sender of too long a packet is told; add mtu = 1500",
                      args->what);
    settings->black_hole = !tells;
    api_unreachable_field(args, &settings->unreachable);
}

static void read_direction(const struct args *args, struct link_settings *settings) {
    args_time_field(args, "delay", &settings->delay);
    args_time_field(args, "jitter", &settings->jitter);
    args_probability_field(args, "loss", &settings->loss);
    args_probability_field(args, "duplicate", &settings->duplicate);
    args_time_field(args, "duplicate_delay", &settings->duplicate_delay);
    args_probability_field(args, "reorder", &settings->reorder);
    args_time_field(args, "reorder_delay", &settings->reorder_delay);
    args_integer_field(args, "rate", 1, UINT64_C(1000000000000), &settings->rate);
    args_u32_field(args, "queue", 1, 1u << 30, &settings->queue_limit);
    read_router(args, settings);
    read_burst(args, settings);
    read_down(args, settings);
    if (settings->reorder > 0 && settings->reorder_delay == 0)
        sandbox_error(args->L, "%l: reorder needs to know by how much; add reorder_delay = 30 * ms", args->what);
    if (settings->queue_limit > 0 && settings->rate == 0)
        sandbox_error(args->L, "%l: a queue builds up at a rate alone; add rate = 10 * mbit", args->what);
}

static int describe(lua_State *L) {
#define DIRECTION                                                                                                      \
    "delay", "jitter", "loss", "duplicate", "duplicate_delay", "reorder", "reorder_delay", "burst", "rate", "queue",   \
        "down", "corrupt", "mtu", "icmp", "unreachable"
    static const char *const names[] = {DIRECTION, "back", NULL};
    static const char *const back_names[] = {DIRECTION, NULL};
#undef DIRECTION
    struct scenario *scenario = api_building(L, "link");
    struct link_object *object = api_object(L, 1, "link");
    struct api_link *link = &scenario->links[object->number];
    if (link->described) sandbox_error(L, "the link has its options already; give them once");
    struct args args = args_open(L, 2, "link", names);
    read_direction(&args, &link->there);
    link->back = link->there;
    char label[ARGS_SHOWN];
    if (args_field(&args, "back", label)) {
        struct args back = args_open(L, -1, label, back_names);
        read_direction(&back, &link->back);
        lua_pop(L, 1);
    }
    link->described = true;
    lua_settop(L, 1);
    return 1;
}

void api_flush_links(lua_State *L) {
    struct scenario *scenario = api_scenario(L);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        const struct api_link *link = &scenario->links[i];
        const char *sentence = world_link(scenario->world, link->a, link->b, &link->there, &link->back);
        if (sentence != NULL)
            api_error_at(L, link->line, "the link of '%s' and '%s': %w", api_host_name(scenario, link->a),
                         api_host_name(scenario, link->b), sentence);
    }
}

void api_add_links(lua_State *L) {
    api_define_type(L, &(struct api_type){.name = "link", .call = describe});
    api_add_function(L, "link", declare);
}
