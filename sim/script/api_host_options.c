// The options of a host: host "client" { ... }.
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

static void read_isn(const struct args *args, struct host_options *options) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "isn", label)) return;
    if (lua_istable(L, -1)) {
        options->iss_count = args_list(L, label, WORLD_GIVEN_ISS);
        for (uint32_t i = 0; i < options->iss_count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            options->iss[i] = (uint32_t)args_integer(L, -1, label, 0, UINT32_MAX);
            lua_pop(L, 1);
        }
    } else {
        options->iss_fixed = true;
        options->iss_count = 1;
        options->iss[0] = (uint32_t)args_integer(L, -1, label, 0, UINT32_MAX);
    }
    lua_pop(L, 1);
}

static void read_address(lua_State *L, const char *label, struct record_endpoint *address) {
    const char *text = args_words(L, -1, label, 64);
    if (!api_parse_address(text, address))
        sandbox_error(L, "%l: '%s' is no address; write \"10.0.0.1\" or \"2001:db8::1\"", label, text);
}

static void read_addresses(const struct args *args, struct host_options *options) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "address", label)) return;
    if (lua_istable(L, -1)) {
        options->address_count = args_list(L, label, WORLD_ADDRESSES);
        for (uint32_t i = 0; i < options->address_count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            read_address(L, label, &options->address[i]);
            lua_pop(L, 1);
        }
    } else {
        options->address_count = 1;
        read_address(L, label, &options->address[0]);
    }
    lua_pop(L, 1);
}

static void read_ports(const struct args *args, struct host_options *options) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "ports", label)) return;
    if (!lua_istable(L, -1) || lua_rawlen(L, -1) != 2)
        sandbox_error(L, "%l is not { first, last }, such as { 49152, 65535 }", label);
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    options->first_port = args_port(L, -2, label);
    options->last_port = args_port(L, -1, label);
    if (options->first_port > options->last_port)
        sandbox_error(L, "%l: %d comes after %d; write the lower port first", label, (int)options->first_port,
                      (int)options->last_port);
    lua_pop(L, 3);
}

static void read_without(const struct args *args, struct tcp_rule_set *without) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "without", label)) return;
    if (lua_istable(L, -1)) {
        uint32_t count = args_list(L, label, TCP_RULES);
        for (uint32_t i = 0; i < count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            tcp_rule_set_add(without, args_rule(L, -1, label));
            lua_pop(L, 1);
        }
    } else {
        tcp_rule_set_add(without, args_rule(L, -1, label));
    }
    lua_pop(L, 1);
}

enum profile api_profile(lua_State *L, const char *label) {
    size_t length;
    const char *name = args_string(L, -1, label, 1, 64, &length);
    enum profile profile;
    if (profile_by_name(name, &profile)) return profile;
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    for (int i = 0; i < PROFILES; i++)
        suggest_add(&suggestion, profile_name((enum profile)i));
    args_unknown(L, label, "profile", name, suggestion.best, "there are \"rfc9293\", \"linux\" and \"freebsd\"");
}

// Before all other options, which change what the profile says.
static void read_profile(const struct args *args, struct host_options *options) {
    char label[ARGS_SHOWN];
    if (!args_field(args, "profile", label)) return;
    profile_apply(api_profile(args->L, label), options);
    lua_pop(args->L, 1);
}

static void read_ip(const struct args *args, struct host_options *options) {
    uint32_t number;
    if (args_u32_field(args, "mss", 1, 65535, &number)) options->mss = (uint16_t)number;
    if (args_u32_field(args, "ttl", 1, UINT8_MAX, &number)) options->ttl = (uint8_t)number;
    if (args_u32_field(args, "dscp", 0, 63, &number)) options->dscp = (uint8_t)number;
}

static void read_syn_queue(const struct args *args, struct host_options *options) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "syn_queue", label)) return;
    const char *name = args_words(L, -1, label, 32);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    int queue = 0;
    for (; queue < SYN_QUEUES && strcmp(name, syn_queue_name((enum syn_queue)queue)) != 0; queue++)
        suggest_add(&suggestion, syn_queue_name((enum syn_queue)queue));
    if (queue == SYN_QUEUES)
        args_unknown(L, label, "SYN queue", name, suggestion.best,
                     "it is \"backlog\", \"cache\", \"cookies\" or \"cookies-when-full\"");
    options->syn_queue = (enum syn_queue)queue;
    lua_pop(L, 1);
}

void api_read_host(lua_State *L, int index, struct api_host *host) {
    static const char *const names[] = {"profile", "isn",       "address",       "ports",   "mss", "ttl",
                                        "dscp",    "syn_queue", API_TCP_OPTIONS, "without", NULL};
    struct host_options *options = &host->options;
    char what[ARGS_SHOWN];
    snprintf(what, sizeof what, "host \"%s\"", options->name);
    struct args args = args_open(L, index, what, names);
    read_profile(&args, options);
    read_isn(&args, options);
    read_addresses(&args, options);
    read_ports(&args, options);
    read_ip(&args, options);
    read_syn_queue(&args, options);
    api_read_tcp(&args, &options->tcp);
    read_without(&args, &host->without);
}
