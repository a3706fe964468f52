// host, client:runs, server:serves, and the fields that name a host's sequence numbers.
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

struct host_object {
    struct sandbox_object object;
    uint32_t host;
};

struct serves_object {
    struct sandbox_object object;
    uint32_t number;  // in scenario->serves
};

const char *api_host_name(const struct scenario *scenario, uint32_t host) {
    return scenario->hosts[host].options.name;
}

// ---- Declaring ------------------------------------------------------------------------------------------------

static int declare(lua_State *L) {
    struct scenario *scenario = api_building(L, "host");
    const char *name = args_words(L, 1, "host: the name", 32);
    if (strchr(name, '\n') != NULL) sandbox_error(L, "host: a name is one line");
    if (lua_gettop(L) > 1) sandbox_error(L, "host takes a name, and its options behind it: host \"%s\" { ... }", name);
    for (uint32_t i = 0; i < scenario->host_count; i++)
        if (strcmp(api_host_name(scenario, i), name) == 0)
            sandbox_error(L, "there is a host '%s' already; every host needs a name of its own", name);
    if (scenario->host_count == WORLD_HOSTS) sandbox_error(L, "a world has at most %d hosts", WORLD_HOSTS);
    struct host_object *object = api_push_object(L, "host", sizeof *object);
    object->host = scenario->host_count;
    struct api_host *host = &scenario->hosts[scenario->host_count];
    host->options.name = api_keep_string(L, name);
    host->options.tcp = tcp_config_default();
    host->options.line = (uint32_t)sandbox_line(L);
    scenario->host_count++;
    return 1;
}

void api_flush_hosts(lua_State *L) {
    struct scenario *scenario = api_scenario(L);
    for (; scenario->hosts_added < scenario->host_count; scenario->hosts_added++) {
        struct api_host *host = &scenario->hosts[scenario->hosts_added];
        uint32_t number;
        const char *sentence = world_add_host(scenario->world, &host->options, &number);
        if (sentence != NULL)
            api_error_at(L, host->options.line, lua_pushfstring(L, "host '%s': %s", host->options.name, sentence));
        for (int rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++)
            if (tcp_rule_set_has(&host->without, (enum tcp_rule)rule))
                world_without(scenario->world, number, (enum tcp_rule)rule);
    }
}

uint32_t api_host_at(lua_State *L, int index, const char *label) {
    char shown[ARGS_SHOWN];
    struct host_object *object = api_object(L, index, "host");
    if (object == NULL)
        sandbox_error(L, "%s is %s; it must be a host, as made by: local server = host \"server\"", label,
                      args_show(L, index, shown));
    return object->host;
}

bool api_host_field(const struct args *args, const char *name, uint32_t *host) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *host = api_host_at(args->L, -1, label);
    lua_pop(args->L, 1);
    return true;
}

// ---- Options --------------------------------------------------------------------------------------------------

// The length of the list on top of the stack, from 1 to `high`.
static uint32_t list_length(lua_State *L, const char *label, uint32_t high) {
    char shown[ARGS_SHOWN];
    lua_Unsigned length = lua_istable(L, -1) ? lua_rawlen(L, -1) : 0;
    if (length == 0 || length > high)
        sandbox_error(L, "%s is %s; a list of 1 to %d is wanted", label,
                      lua_istable(L, -1) ? (length == 0 ? "an empty list" : "too long a list")
                                         : args_show(L, -1, shown),
                      (int)high);
    return (uint32_t)length;
}

static void read_isn(const struct args *args, struct host_options *options) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "isn", label)) return;
    if (lua_istable(L, -1)) {
        options->iss_count = list_length(L, label, WORLD_GIVEN_ISS);
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
        sandbox_error(L, "%s: '%s' is no address; write \"10.0.0.1\" or \"2001:db8::1\"", label, text);
}

static void read_addresses(const struct args *args, struct host_options *options) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "address", label)) return;
    if (lua_istable(L, -1)) {
        options->address_count = list_length(L, label, WORLD_ADDRESSES);
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
        sandbox_error(L, "%s is not { first, last }, such as { 49152, 65535 }", label);
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    options->first_port = args_port(L, -2, label);
    options->last_port = args_port(L, -1, label);
    if (options->first_port > options->last_port)
        sandbox_error(L, "%s: %d comes after %d; write the lower port first", label, (int)options->first_port,
                      (int)options->last_port);
    lua_pop(L, 3);
}

// A single time is the initial RTO; the least one follows it down, the greatest one up.
static void read_rto(const struct args *args, struct tcp_config *tcp) {
    static const char *const names[] = {"initial", "min", "max", NULL};
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "rto", label)) return;
    if (lua_istable(L, -1)) {
        struct args rto = args_open(L, -1, label, names);
        args_time_field(&rto, "initial", &tcp->rto_initial);
        args_time_field(&rto, "min", &tcp->rto_min);
        args_time_field(&rto, "max", &tcp->rto_max);
    } else {
        tcp->rto_initial = args_time(L, -1, label);
        if (tcp->rto_min > tcp->rto_initial) tcp->rto_min = tcp->rto_initial;
        if (tcp->rto_max < tcp->rto_initial) tcp->rto_max = tcp->rto_initial;
    }
    lua_pop(L, 1);
    // TCP keeps its RTO in 32 bits of microseconds.
    if (tcp->rto_initial < ARGS_MICROSECOND || tcp->rto_min < ARGS_MICROSECOND || tcp->rto_max > 60 * ARGS_MINUTE)
        sandbox_error(L, "%s: a retransmission timeout is from 1 * us to 60 * min", label);
    if (tcp->rto_min > tcp->rto_max || tcp->rto_initial > tcp->rto_max)
        sandbox_error(L, "%s: initial and min must not be greater than max", label);
}

static void read_without(const struct args *args, struct tcp_rule_set *without) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "without", label)) return;
    if (lua_istable(L, -1)) {
        uint32_t count = list_length(L, label, TCP_RULES);
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

static int describe(lua_State *L) {
    static const char *const names[] = {"isn",    "address", "ports",          "mss",         "msl",          "r2",
                                        "r2_syn", "rto",     "receive_buffer", "send_buffer", "user_timeout", "without",
                                        NULL};
    struct scenario *scenario = api_building(L, "host");
    uint32_t number = api_host_at(L, 1, "host");
    struct api_host *host = &scenario->hosts[number];
    char what[ARGS_SHOWN];
    snprintf(what, sizeof what, "host \"%s\"", host->options.name);
    if (host->described) sandbox_error(L, "%s has its options already; give them once", what);
    if (number < scenario->hosts_added)
        sandbox_error(L, "%s is in use already; give its options where it is declared: %s { ... }", what, what);
    struct args args = args_open(L, 2, what, names);
    struct host_options *options = &host->options;
    uint32_t mss;
    read_isn(&args, options);
    read_addresses(&args, options);
    read_ports(&args, options);
    if (args_u32_field(&args, "mss", 1, 65535, &mss)) options->mss = (uint16_t)mss;
    args_time_field(&args, "msl", &options->tcp.msl);
    args_time_field(&args, "r2", &options->tcp.r2);
    args_time_field(&args, "r2_syn", &options->tcp.r2_syn);
    args_time_field(&args, "user_timeout", &options->tcp.user_timeout);
    args_u32_field(&args, "receive_buffer", 1, 65535, &options->tcp.receive_buffer);
    args_u32_field(&args, "send_buffer", 1, 1u << 30, &options->tcp.send_buffer);
    read_rto(&args, &options->tcp);
    read_without(&args, &host->without);
    host->described = true;
    lua_settop(L, 1);
    return 1;
}

// ---- Programs -------------------------------------------------------------------------------------------------

// The host of a method call; a dot instead of a colon leaves it out.
static uint32_t method_host(lua_State *L, const char *method) {
    struct host_object *object = api_object(L, 1, "host");
    if (object == NULL) sandbox_error(L, "%s is called with a colon: client:%s", method, method);
    return object->host;
}

static int runs(lua_State *L) {
    static const char *const names[] = {"at_boot", NULL};
    struct scenario *scenario = api_building(L, "runs");
    uint32_t host = method_host(L, "runs { ... }");
    bool at_boot = false;
    if (!lua_isnoneornil(L, 3)) {
        struct args args = args_open(L, 3, "runs", names);
        args_boolean_field(&args, "at_boot", &at_boot);
    }
    uint32_t program = api_program(L, 2, "runs");
    api_flush_hosts(L);
    api_check(L, world_runs(scenario->world, host, program, at_boot, (uint32_t)sandbox_line(L)));
    return 0;
}

static int serves(lua_State *L) {
    static const char *const names[] = {"backlog", "accept", NULL};
    struct scenario *scenario = api_building(L, "serves");
    uint32_t host = method_host(L, "serves(80) { ... }");
    uint16_t port = args_port(L, 2, "serves: the port");
    struct service service = {.port = port, .line = (uint32_t)sandbox_line(L)};
    if (lua_type(L, 3) == LUA_TSTRING)
        sandbox_error(L, "serves: what is served is a program; write serves(%d) { serve \"echo\" }", (int)port);
    if (lua_istable(L, 3) && lua_rawlen(L, 3) > 0)
        sandbox_error(L, "serves: the program stands behind it; write serves(%d) { ... }", (int)port);
    if (!lua_isnoneornil(L, 3)) {
        struct args args = args_open(L, 3, "serves", names);
        args_u32_field(&args, "backlog", 1, 65535, &service.backlog);
        args_u32_field(&args, "accept", 1, 65535, &service.accept);
    }
    if (scenario->serves_count == API_SERVES) sandbox_error(L, "a scenario serves at most %d ports", API_SERVES);
    struct serves_object *object = api_push_object(L, "service", sizeof *object);
    object->number = scenario->serves_count++;
    scenario->serves[object->number] = (struct api_serves){.host = host, .service = service};
    return 1;
}

static int serves_program(lua_State *L) {
    struct scenario *scenario = api_building(L, "serves");
    struct serves_object *object = api_object(L, 1, "service");
    struct api_serves *service = &scenario->serves[object->number];
    if (service->programmed)
        sandbox_error(L, "port %d has its program already; a port serves one program", (int)service->service.port);
    service->service.program = api_program(L, 2, "serves");
    api_flush_hosts(L);
    api_check(L, world_serves(scenario->world, service->host, &service->service));
    service->programmed = true;
    return 0;
}

void api_check_serves(lua_State *L) {
    const struct scenario *scenario = api_scenario(L);
    for (uint32_t i = 0; i < scenario->serves_count; i++) {
        const struct api_serves *service = &scenario->serves[i];
        if (service->programmed) continue;
        lua_pushfstring(L, "serves(%d) has no program; write serves(%d) { recv(5), ... }", (int)service->service.port,
                        (int)service->service.port);
        api_error_at(L, service->service.line, lua_tostring(L, -1));
    }
}

// ---- Fields ---------------------------------------------------------------------------------------------------

static const struct {
    const char *name;
    lua_CFunction function;
} methods[] = {{"runs", runs}, {"serves", serves}, {"connection", api_host_connection}};
enum { METHODS = sizeof methods / sizeof methods[0] };

static int index_host(lua_State *L) {
    struct host_object *object = api_object(L, 1, "host");
    char shown[ARGS_SHOWN];
    if (lua_type(L, 2) != LUA_TSTRING) sandbox_error(L, "a host has no field %s", args_show(L, 2, shown));
    const char *field = lua_tostring(L, 2);
    for (size_t i = 0; i < METHODS; i++) {
        if (strcmp(field, methods[i].name) != 0) continue;
        lua_pushcfunction(L, methods[i].function);
        return 1;
    }
    if (api_push_connection_field(L, object->host, 0, field)) return 1;
    struct suggestion suggestion;
    args_suggest(L, &suggestion, field);
    for (size_t i = 0; i < METHODS; i++)
        suggest_add(&suggestion, methods[i].name);
    api_suggest_connection_fields(&suggestion);
    args_unknown(L, "a host", "field", field, suggestion.best,
                 "it has runs, serves, connection, and its newest connection's snd_nxt, rcv_nxt, iss ...");
}

void api_add_hosts(lua_State *L) {
    api_define_type(L, &(struct api_type){.name = "host", .index = index_host, .call = describe});
    api_define_type(L, &(struct api_type){.name = "service", .call = serves_program});
    api_add_function(L, "host", declare);
}
