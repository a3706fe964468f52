// scenario, ends, fill.
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
            sandbox_error(L, "%l is %t; it must be a list of 1 to %d strings", label, args_show(L, -1, shown),
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

static void add_need(lua_State *L, const char *label) {
    struct scenario *scenario = api_scenario(L);
    const char *name = tcp_rule_info(args_rule(L, -1, label))->name;
    for (size_t i = 0; i < scenario->info.needs_count; i++)
        if (scenario->needs[i] == name) sandbox_error(L, "%l: '%s' is named twice; once will do", label, name);
    scenario->needs[scenario->info.needs_count++] = name;
}

static void read_needs(lua_State *L, const struct args *args) {
    char label[ARGS_SHOWN], shown[ARGS_SHOWN];
    if (!args_field(args, "needs", label)) return;
    if (lua_istable(L, -1)) {
        lua_Unsigned count = lua_rawlen(L, -1);
        if (count == 0 || count > API_NEEDS)
            sandbox_error(L, "%l is %t; it must be a rule's name, or a list of 1 to %d", label,
                          count == 0 ? "an empty list" : "a longer list", API_NEEDS);
        for (lua_Unsigned i = 0; i < count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            add_need(L, label);
            lua_pop(L, 1);
        }
    } else if (lua_type(L, -1) == LUA_TSTRING) {
        add_need(L, label);
    } else {
        sandbox_error(L, "%l is %t; it must be a rule's name, or a list of names", label, args_show(L, -1, shown));
    }
    lua_pop(L, 1);
}

static void read_bounds(lua_State *L, const struct args *args) {
    static const char *const names[] = {"drop", "duplicate", "overtake", "fire", "depth", "long_silence", NULL};
    struct scenario_bounds *bounds = &api_scenario(L)->info.bounds;
    char label[ARGS_SHOWN];
    if (!args_field(args, "bounds", label)) return;
    struct args each = args_open(L, -1, label, names);
    args_u32_field(&each, "drop", 0, SCENARIO_BUDGET_MOST, &bounds->drop);
    args_u32_field(&each, "duplicate", 0, SCENARIO_BUDGET_MOST, &bounds->duplicate);
    args_u32_field(&each, "overtake", 0, SCENARIO_BUDGET_MOST, &bounds->overtake);
    args_u32_field(&each, "fire", 0, SCENARIO_BUDGET_MOST, &bounds->fire);
    args_u32_field(&each, "depth", 0, SCENARIO_DEPTH_MOST, &bounds->depth);
    args_boolean_field(&each, "long_silence", &bounds->long_silence);
    bounds->given = true;
    lua_pop(L, 1);
}

static void read_measure(lua_State *L, const struct args *args) {
    static const char *const names[] = {"", "segments", "octets", "time", "claims"};
    char label[ARGS_SHOWN];
    if (!args_field(args, "measure", label)) return;
    const char *name = args_words(L, -1, label, API_SHORT_TEXT);
    enum scenario_measure measure = SCENARIO_MEASURE_CLAIMS;
    while (measure > SCENARIO_MEASURE_NONE && strcmp(names[measure], name) != 0)
        measure--;
    if (measure == SCENARIO_MEASURE_NONE)
        sandbox_error(L, "%l: no measure '%s'; it must be \"segments\", \"octets\", \"time\" or \"claims\"", label,
                      name);
    api_scenario(L)->info.measure = measure;
    lua_pop(L, 1);
}

static void read_texts(const struct args *args, const char *name, size_t high, const char *texts[TCP_LANGUAGES]) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return;
    api_two_texts(args->L, -1, label, high, texts);
    lua_pop(args->L, 1);
}

// What the rules are worth that nobody is harmed without: a measure, or a sentence.
static void read_worth(lua_State *L, const struct args *args) {
    struct scenario_info *info = &api_scenario(L)->info;
    bool measured = args_has(args, "measure"), harmless = args_has(args, "harmless");
    if (measured && harmless)
        sandbox_error(L, "scenario: measure and harmless contradict each other; keep the one that is true");
    if ((measured || harmless) && info->needs_count == 0)
        sandbox_error(L, "scenario: %s speaks of a rule, and there is none; add needs = \"gap-is-reported\"",
                      measured ? "measure" : "harmless");
    if (measured) read_measure(L, args);
    read_texts(args, "harmless", API_SHORT_TEXT, info->harmless);
}

static int introduce(lua_State *L) {
    static const char *const names[] = {"title",  "about",   "question", "source",    "needs",
                                        "bounds", "measure", "harmless", "wireshark", NULL};
    struct scenario *scenario = api_building(L, "scenario");
    if (scenario->introduced) sandbox_error(L, "scenario is told twice; a file is one scenario");
    scenario->introduced = true;  // even if it fails and the script goes on: lists would go on where they stopped
    scenario->introduced_at = (uint32_t)sandbox_line(L);
    struct args args = args_open(L, 1, "scenario", names);
    if (!args_has(&args, "title"))
        sandbox_error(L, "scenario has no title; write scenario { title = { en = \"...\", zh = \"...\" }, ... }");
    read_texts(&args, "title", API_SHORT_TEXT, scenario->info.title);
    read_texts(&args, "about", API_LONG_TEXT, scenario->info.about);
    read_texts(&args, "question", API_LONG_TEXT, scenario->info.question);
    read_sources(L, &args);
    read_needs(L, &args);
    read_bounds(L, &args);
    read_worth(L, &args);
    api_read_wireshark(&args);
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
    api_add_function(L, "ends", set_end);
    api_add_function(L, "fill", fill);
}
