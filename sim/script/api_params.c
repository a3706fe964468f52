// param, settings, and the units.
#include "sim/script/api.h"

#include <string.h>

#include <lauxlib.h>

// Units that a number of a setting may end in.
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

// A setting of this name: what stands behind its "=". NULL: it is another's.
static const char *value_of(const char *setting, const char *name) {
    size_t length = strlen(name);
    return strncmp(setting, name, length) == 0 && setting[length] == '=' ? setting + length + 1 : NULL;
}

// The value of the last --set of this name or, where there is none, of the first in settings { }. NULL: nothing sets
// it. `option` becomes what one has to write in front of a setting to change it.
static const char *find_set(const struct scenario *scenario, const char *name, const char **option) {
    *option = "--set ";
    for (size_t i = scenario->options.set_count; i > 0; i--) {
        const char *value = value_of(scenario->options.sets[i - 1], name);
        if (value != NULL) return value;
    }
    *option = "";
    for (uint32_t i = 0; i < scenario->set.count; i++) {
        const char *value = value_of(scenario->set.list[i].text, name);
        if (value != NULL) return value;
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

// Pushes what a setting made of a parameter whose default is at `index`.
static void push_set(lua_State *L, int index, const char *name, const char *text, const char *option) {
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        if (!push_number(L, text))
            sandbox_error(L, "%s%s=%s: '%s' is a number; write %s%s=0.5, or 20ms for a time", option, name, text, name,
                          option, name);
        return;
    case LUA_TBOOLEAN:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            sandbox_error(L, "%s%s=%s: '%s' is yes or no; write %s%s=true or %s%s=false", option, name, text, name,
                          option, name, option, name);
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
        sandbox_error(L, "param '%s': the default is %t; it must be a number, a string or a boolean", name,
                      args_show(L, 2, shown));
    for (size_t i = 0; i < scenario->info.param_count; i++)
        if (strcmp(scenario->params[i].name, name) == 0)
            sandbox_error(L, "param '%s' is declared twice; keep its value in a local", name);
    if (scenario->info.param_count == API_PARAMS) sandbox_error(L, "a scenario has at most %d params", API_PARAMS);
    const char *option, *set = find_set(scenario, name, &option);
    if (set != NULL)
        push_set(L, 2, name, set, option);
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

// Raises an error unless the setting is a parameter's. `line` 0: it is no line's.
static void check_set(lua_State *L, const char *option, const char *set, uint32_t line) {
    const struct scenario *scenario = api_scenario(L);
    size_t length = strcspn(set, "=");
    if (set[length] == '\0') sandbox_error(L, "--set %s: there is no value; write --set name=value", set);
    if (declared(scenario, set, length)) return;
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
        api_error_at(L, line, "%s%s: there is no parameter '%s'; this scenario has %t", option, set, name, list);
    api_error_at(L, line, "%s%s: there is no parameter '%s'; did you mean '%s'? This scenario has %t", option, set,
                 name, suggestion.best, list);
}

void api_check_sets(lua_State *L) {
    const struct scenario *scenario = api_scenario(L);
    for (size_t i = 0; i < scenario->options.set_count; i++)
        check_set(L, "--set ", scenario->options.sets[i], 0);
    for (uint32_t i = 0; i < scenario->set.count; i++)
        check_set(L, "settings: ", scenario->set.list[i].text, scenario->set.list[i].line);
}

// ---- What a command line would say ------------------------------------------------------------------------------

// One word of a list, on top of the stack.
static const char *keep_word(lua_State *L, const char *label, struct api_settings *settings) {
    if (settings->count == API_SETTINGS) sandbox_error(L, "%l: there are more than %d", label, API_SETTINGS);
    struct api_setting *setting = &settings->list[settings->count];
    size_t length;
    setting->line = (uint32_t)sandbox_line(L);
    setting->text = api_keep_string(L, args_string(L, -1, label, 1, API_LONG_TEXT, &length));
    settings->count++;
    return setting->text;
}

// Keeps each of a list of strings that passes the check.
static void read_words(const struct args *args, const char *name, struct api_settings *settings,
                       void (*check)(lua_State *L, const char *label, const char *word)) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN], shown[ARGS_SHOWN];
    if (!args_field(args, name, label)) return;
    lua_Unsigned count = lua_istable(L, -1) ? lua_rawlen(L, -1) : 0;
    if (count == 0) sandbox_error(L, "%l is %t; it must be a list of strings", label, args_show(L, -1, shown));
    for (lua_Unsigned i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        check(L, label, keep_word(L, label, settings));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

// A parameter takes its value when it is declared.
static void check_set_word(lua_State *L, const char *label, const char *word) {
    size_t length = strcspn(word, "=");
    if (length == 0 || word[length] == '\0')
        sandbox_error(L, "%l: '%s' is no setting; write \"name=value\", as behind --set", label, word);
    if (!declared(api_scenario(L), word, length)) return;
    lua_pushlstring(L, word, length);
    sandbox_error(L, "%l: '%s' has its value already; settings stand in front of its param()", label,
                  lua_tostring(L, -1));
}

// "RULE" or "HOST:RULE"; which hosts there are is known at the end.
static void check_rule_word(lua_State *L, const char *label, const char *word) {
    const char *colon = strrchr(word, ':');
    lua_pushstring(L, colon == NULL ? word : colon + 1);
    args_rule(L, -1, label);
    lua_pop(L, 1);
}

// A host has its profile from the beginning.
static void read_profile(const struct args *args, struct scenario *scenario) {
    char label[ARGS_SHOWN];
    if (!args_field(args, "profile", label)) return;
    enum profile profile = api_profile(args->L, label);
    if (scenario->host_count > 0) sandbox_error(args->L, "%l stands in front of the hosts", label);
    if (scenario->options.profile == NULL) scenario->profile = profile;
    lua_pop(args->L, 1);
}

static int declare_settings(lua_State *L) {
    static const char *const names[] = {"set", "without", "profile", NULL};
    struct scenario *scenario = api_building(L, "settings");
    struct args args = args_open(L, 1, "settings", names);
    read_words(&args, "set", &scenario->set, check_set_word);
    read_words(&args, "without", &scenario->without, check_rule_word);
    read_profile(&args, scenario);
    return 0;
}

void api_add_params(lua_State *L) {
    api_add_function(L, "param", declare_param);
    api_add_function(L, "settings", declare_settings);
    for (size_t i = 0; i < UNITS; i++) {
        lua_pushinteger(L, (lua_Integer)units[i].value);
        api_add_value(L, units[i].name);
    }
}
