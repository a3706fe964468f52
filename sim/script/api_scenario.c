// scenario, param, ends, the units, fill.
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

static void read_sources(lua_State *L, const struct args *args) {
    struct scenario *scenario = api_scenario(L);
    char label[ARGS_SHOWN], shown[ARGS_SHOWN];
    if (!args_field(args, "source", label)) return;
    if (lua_type(L, -1) == LUA_TSTRING) {
        scenario->sources[0] = api_keep_string(L, args_words(L, -1, label, API_SHORT_TEXT));
        scenario->info.source_count = 1;
    } else {
        lua_Unsigned count = lua_istable(L, -1) ? lua_rawlen(L, -1) : 0;
        if (count == 0 || count > API_SOURCES)
            sandbox_error(L, "%s is %s; it must be a list of 1 to %d strings", label, args_show(L, -1, shown),
                          API_SOURCES);
        for (lua_Unsigned i = 0; i < count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            scenario->sources[i] = api_keep_string(L, args_words(L, -1, label, API_SHORT_TEXT));
            lua_pop(L, 1);
        }
        scenario->info.source_count = (size_t)count;
    }
    scenario->info.sources = scenario->sources;
    lua_pop(L, 1);
}

static void read_texts(const struct args *args, const char *name, size_t high, const char *texts[TCP_LANGUAGES]) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return;
    api_two_texts(args->L, -1, label, high, texts);
    lua_pop(args->L, 1);
}

static int introduce(lua_State *L) {
    static const char *const names[] = {"title", "about", "question", "source", "needs", NULL};
    struct scenario *scenario = api_building(L, "scenario");
    if (scenario->introduced) sandbox_error(L, "scenario is told twice; a file is one scenario");
    struct args args = args_open(L, 1, "scenario", names);
    char label[ARGS_SHOWN];
    if (!args_has(&args, "title"))
        sandbox_error(L, "scenario has no title; write scenario { title = { en = \"...\", zh = \"...\" }, ... }");
    read_texts(&args, "title", API_SHORT_TEXT, scenario->info.title);
    read_texts(&args, "about", API_LONG_TEXT, scenario->info.about);
    read_texts(&args, "question", API_LONG_TEXT, scenario->info.question);
    read_sources(L, &args);
    if (args_field(&args, "needs", label)) {
        scenario->info.needs = tcp_rule_info(args_rule(L, -1, label))->name;
        lua_pop(L, 1);
    }
    scenario->introduced = true;
    return 0;
}

static int set_end(lua_State *L) {
    struct scenario *scenario = api_building(L, "ends");
    if (scenario->ended) sandbox_error(L, "ends is said twice; a run ends once");
    uint64_t time = args_time(L, 1, "ends: the time");
    if (time == 0) sandbox_error(L, "ends(0) is before anything happens; write ends(10 * s)");
    world_ends(scenario->world, time);
    scenario->ended = true;
    return 0;
}

// ---- Parameters -----------------------------------------------------------------------------------------------

// Units that a number of --set may end in.
static const struct {
    const char *name;
    uint64_t value;
} units[] = {
    {"ns", ARGS_NANOSECOND}, {"us", ARGS_MICROSECOND}, {"ms", ARGS_MILLISECOND}, {"s", ARGS_SECOND},
    {"min", ARGS_MINUTE},    {"kbit", 1000},           {"mbit", 1000000},        {"gbit", 1000000000},
    {"KiB", 1024},           {"MiB", 1048576},
};
enum { UNITS = sizeof units / sizeof units[0] };

static void push_params(lua_State *L, const struct scenario *scenario) {
    luaL_Buffer list;
    luaL_buffinit(L, &list);
    for (size_t i = 0; i < scenario->info.param_count; i++) {
        if (i > 0) luaL_addstring(&list, ", ");
        luaL_addstring(&list, scenario->params[i].name);
    }
    luaL_pushresult(&list);
}

// The value of the last --set of this name, or NULL.
static const char *find_set(const struct scenario *scenario, const char *name) {
    size_t length = strlen(name);
    for (size_t i = scenario->options.set_count; i > 0; i--) {
        const char *set = scenario->options.sets[i - 1];
        if (strncmp(set, name, length) == 0 && set[length] == '=') return set + length + 1;
    }
    return NULL;
}

// Pushes the number that `text` is: a numeral of Lua's, with or without a unit behind it.
static bool push_number(lua_State *L, const char *text) {
    size_t length = strlen(text);
    if (length == 0 || length > 60) return false;
    if (lua_stringtonumber(L, text) != 0) return true;
    size_t digits = length;
    while (digits > 0 && ((text[digits - 1] | 0x20) >= 'a' && (text[digits - 1] | 0x20) <= 'z'))
        digits--;
    for (size_t i = 0; i < UNITS; i++) {
        if (strcmp(text + digits, units[i].name) != 0) continue;
        char numeral[64];
        memcpy(numeral, text, digits);
        numeral[digits] = '\0';
        if (lua_stringtonumber(L, numeral) == 0) return false;
        lua_pushinteger(L, (lua_Integer)units[i].value);
        lua_arith(L, LUA_OPMUL);
        return true;
    }
    return false;
}

// Pushes what --set made of a parameter whose default is at `index`.
static void push_set(lua_State *L, int index, const char *name, const char *text) {
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        if (!push_number(L, text))
            sandbox_error(L, "--set %s=%s: '%s' is a number; write --set %s=0.5, or 20ms for a time", name, text, name,
                          name);
        return;
    case LUA_TBOOLEAN:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            sandbox_error(L, "--set %s=%s: '%s' is yes or no; write --set %s=true or --set %s=false", name, text, name,
                          name, name);
        lua_pushboolean(L, strcmp(text, "true") == 0);
        return;
    default: lua_pushstring(L, text); return;
    }
}

static const char *value_as_text(lua_State *L, int index) {
    if (lua_isboolean(L, index)) return lua_toboolean(L, index) ? "true" : "false";
    lua_pushvalue(L, index);  // lua_tostring() changes numbers in place
    const char *text = api_keep_string(L, lua_tostring(L, -1));
    lua_pop(L, 1);
    return text;
}

static int declare_param(lua_State *L) {
    struct scenario *scenario = api_building(L, "param");
    char shown[ARGS_SHOWN];
    const char *name = args_words(L, 1, "param: the name", 40);
    size_t length = strlen(name);
    if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != length)
        sandbox_error(L, "param: '%s' is not a name for a command line; use letters, digits, - and _", name);
    int type = lua_type(L, 2);
    if (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TBOOLEAN)
        sandbox_error(L, "param '%s': the default is %s; it must be a number, a string or a boolean", name,
                      args_show(L, 2, shown));
    for (size_t i = 0; i < scenario->info.param_count; i++)
        if (strcmp(scenario->params[i].name, name) == 0)
            sandbox_error(L, "param '%s' is declared twice; keep its value in a local", name);
    if (scenario->info.param_count == API_PARAMS) sandbox_error(L, "a scenario has at most %d params", API_PARAMS);
    const char *set = find_set(scenario, name);
    if (set != NULL)
        push_set(L, 2, name, set);
    else
        lua_pushvalue(L, 2);
    struct scenario_param *param = &scenario->params[scenario->info.param_count];
    param->name = api_keep_string(L, name);
    param->initial = value_as_text(L, 2);
    param->value = value_as_text(L, -1);
    scenario->info.param_count++;
    return 1;
}

static bool declared(const struct scenario *scenario, const char *set, size_t length) {
    for (size_t i = 0; i < scenario->info.param_count; i++) {
        const char *name = scenario->params[i].name;
        if (strlen(name) == length && memcmp(name, set, length) == 0) return true;
    }
    return false;
}

void api_check_sets(lua_State *L) {
    const struct scenario *scenario = api_scenario(L);
    for (size_t i = 0; i < scenario->options.set_count; i++) {
        const char *set = scenario->options.sets[i];
        size_t length = strcspn(set, "=");
        if (set[length] == '\0') sandbox_error(L, "--set %s: there is no value; write --set name=value", set);
        if (declared(scenario, set, length)) continue;
        lua_pushlstring(L, set, length);
        const char *name = lua_tostring(L, -1);
        struct suggestion suggestion;
        args_suggest(L, &suggestion, name);
        for (size_t k = 0; k < scenario->info.param_count; k++)
            suggest_add(&suggestion, scenario->params[k].name);
        push_params(L, scenario);
        const char *list = lua_tostring(L, -1);
        if (list[0] == '\0') list = "no parameters";
        if (suggestion.best[0] == '\0')
            sandbox_error(L, "--set %s: there is no parameter '%s'; this scenario has %s", set, name, list);
        sandbox_error(L, "--set %s: there is no parameter '%s'; did you mean '%s'? This scenario has %s", set, name,
                      suggestion.best, list);
    }
}

// ---- Text of a given length -----------------------------------------------------------------------------------

// Octet `position` of fill(): blocks of eight that say where they stand, "0000016 ".
char api_fill_octet(uint32_t position) {
    static const uint32_t powers[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    uint32_t place = position % 8;
    if (place == 7) return ' ';
    return "0123456789"[position / 8 * 8 / powers[place] % 10];
}

static int fill(lua_State *L) {
    uint32_t length = (uint32_t)args_integer(L, 1, "fill: the length", 1, WORLD_TEXT_LIMIT);
    luaL_Buffer buffer;
    sandbox_charge(L, length / 4);
    char *bytes = luaL_buffinitsize(L, &buffer, length);
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = api_fill_octet(i);
    luaL_pushresultsize(&buffer, length);
    return 1;
}

void api_add_scenario(lua_State *L) {
    api_add_function(L, "scenario", introduce);
    api_add_function(L, "param", declare_param);
    api_add_function(L, "ends", set_end);
    api_add_function(L, "fill", fill);
    for (size_t i = 0; i < UNITS; i++) {
        lua_pushinteger(L, (lua_Integer)units[i].value);
        api_add_value(L, units[i].name);
    }
}
