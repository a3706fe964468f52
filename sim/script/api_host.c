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
    profile_apply(scenario->profile, &host->options);
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
        if (sentence != NULL) api_error_at(L, host->options.line, "host '%s': %w", host->options.name, sentence);
        for (int rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++)
            if (tcp_rule_set_has(&host->without, (enum tcp_rule)rule))
                world_without(scenario->world, number, (enum tcp_rule)rule);
    }
}

uint32_t api_host_at(lua_State *L, int index, const char *label) {
    char shown[ARGS_SHOWN];
    struct host_object *object = api_object(L, index, "host");
    if (object == NULL)
        sandbox_error(L, "%l is %t; it must be a host, as made by: local server = host \"server\"", label,
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

static int describe(lua_State *L) {
    struct scenario *scenario = api_building(L, "host");
    uint32_t number = api_host_at(L, 1, "host");
    struct api_host *host = &scenario->hosts[number];
    const char *name = host->options.name;
    if (host->described) sandbox_error(L, "host \"%s\" has its options already; give them once", name);
    if (number < scenario->hosts_added)
        sandbox_error(L, "host \"%s\" is in use already; give its options where it is declared: host \"%s\" { ... }",
                      name, name);
    api_read_host(L, 2, host);
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
    static const char *const names[] = {"address", "backlog", "accept", "fast_open", NULL};
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
        uint32_t address = 0;
        args_u32_field(&args, "address", 1, WORLD_ADDRESSES, &address);
        service.address = (uint8_t)address;
        args_u32_field(&args, "backlog", 1, 65535, &service.backlog);
        args_u32_field(&args, "accept", 1, 65535, &service.accept);
        args_boolean_field(&args, "fast_open", &service.fast_open);
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
        api_error_at(L, service->service.line, "serves(%d) has no program; write serves(%d) { recv(5), ... }",
                     (int)service->service.port, (int)service->service.port);
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
    if (lua_type(L, 2) != LUA_TSTRING) sandbox_error(L, "a host has no field %t", args_show(L, 2, shown));
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
