// scenario { wireshark = { ... } }: what Wireshark says of the captures, and where its marks are guesses.
#include "sim/script/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

// ---- Wireshark's words ----------------------------------------------------------------------------------------

void scenario_completeness(unsigned completeness, char text[SCENARIO_COMPLETENESS_TEXT]) {
    enum { SYN = 1, SYN_ACK = 2, ACK = 4, DATA = 8, FIN = 16, RST = 32, OPEN = SYN | SYN_ACK | ACK };
    const char *words = "Incomplete";
    if (completeness == SYN)
        words = "Incomplete, SYN_SENT";
    else if (completeness == (SYN | SYN_ACK))
        words = "Incomplete, CLIENT_ESTABLISHED";
    else if (completeness == OPEN)
        words = "Incomplete, ESTABLISHED";
    else if (completeness == (OPEN | DATA))
        words = "Incomplete, DATA";
    else if ((completeness & OPEN) == OPEN)  // and FIN, RST or both
        words = completeness & DATA ? "Complete, WITH_DATA" : "Complete, NO_DATA";
    snprintf(text, SCENARIO_COMPLETENESS_TEXT, "%s (%u)", words, completeness);
}

// The number that is meant by the value on top of the stack: itself, or in parentheses at its end. Otherwise one too
// high.
static unsigned long meant_number(lua_State *L) {
    const unsigned long none = SCENARIO_COMPLETENESS_MOST + 1;
    if (lua_isinteger(L, -1)) {
        lua_Integer number = lua_tointeger(L, -1);
        return number < 0 || number > SCENARIO_COMPLETENESS_MOST ? none : (unsigned long)number;
    }
    const char *parenthesis = lua_type(L, -1) == LUA_TSTRING ? strrchr(lua_tostring(L, -1), '(') : NULL;
    if (parenthesis == NULL || parenthesis[1] < '0' || parenthesis[1] > '9') return none;
    return strtoul(parenthesis + 1, NULL, 10);
}

// The value on top of the stack is "Complete, WITH_DATA (31)": 31.
static uint8_t read_completeness(lua_State *L, const char *label) {
    char shown[ARGS_SHOWN], words[SCENARIO_COMPLETENESS_TEXT];
    unsigned long number = meant_number(L);
    if (number > SCENARIO_COMPLETENESS_MOST)
        sandbox_error(L, "%l is %t; it must be in Wireshark's words, such as \"Complete, WITH_DATA (31)\"", label,
                      args_show(L, -1, shown));
    scenario_completeness((unsigned)number, words);
    if (lua_type(L, -1) != LUA_TSTRING || strcmp(lua_tostring(L, -1), words) != 0)
        sandbox_error(L, "%l is %t; in Wireshark's words it must be \"%s\"", label, args_show(L, -1, shown), words);
    return (uint8_t)number;
}

// ---- Streams --------------------------------------------------------------------------------------------------

// The value on top of the stack is about the capture of `host`, or of each host if NULL.
static void read_streams(lua_State *L, const char *host, const char *label) {
    struct scenario *scenario = api_scenario(L);
    struct scenario_streams *streams = &scenario->captures[scenario->info.wireshark.capture_count];
    streams->host = host == NULL ? NULL : api_keep_string(L, host);
    streams->count = lua_istable(L, -1) ? args_list(L, label, SCENARIO_STREAMS_MOST) : 0;
    if (streams->count == 0) streams->completeness[0] = read_completeness(L, label);
    for (uint32_t i = 0; i < streams->count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        streams->completeness[i] = read_completeness(L, label);
        lua_pop(L, 1);
    }
    scenario->info.wireshark.capture_count++;
}

// The table on top of the stack has a value for each of some hosts; above it, its keys are pushed.
static void read_hosts(lua_State *L, const char *label) {
    char shown[ARGS_SHOWN];
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    if (count == 0 || count > WORLD_HOSTS)
        sandbox_error(L, "%l names %t; write { client = \"Complete, WITH_DATA (31)\", server = ... }", label,
                      count == 0 ? "no host" : "too many hosts");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        if (lua_type(L, -1) != LUA_TSTRING)
            sandbox_error(L, "%l: %t is no host's name; write { client = \"Complete, WITH_DATA (31)\", server = ... }",
                          label, args_show(L, -1, shown));
        const char *host = args_words(L, -1, label, API_SHORT_TEXT);
        const char *host_label = lua_pushfstring(L, "%s: %s", label, host);
        lua_pushvalue(L, -2);
        lua_rawget(L, -5);
        read_streams(L, host, host_label);
        lua_pop(L, 3);
    }
}

static void read_captures(lua_State *L, const struct args *args) {
    const struct scenario *scenario = api_scenario(L);
    char label[ARGS_SHOWN];
    if (!args_field(args, "completeness", label))
        sandbox_error(L, "%l says no completeness; write %s", args->what,
                      "wireshark = { completeness = \"Complete, WITH_DATA (31)\" }");
    if (lua_istable(L, -1)) {
        lua_Unsigned listed = lua_rawlen(L, -1);
        sandbox_sorted_keys(L, -1);
        if (listed > 0 && lua_rawlen(L, -1) > listed)
            sandbox_error(L, "%l is a list and names hosts, too; a list is about every capture, a name about its own",
                          label);
        if (listed == 0) read_hosts(L, label);
        lua_pop(L, 1);
    }
    if (scenario->info.wireshark.capture_count == 0) read_streams(L, NULL, label);
    lua_pop(L, 1);
}

void api_check_captures(lua_State *L) {
    static const char label[] = "scenario: wireshark: completeness";
    const struct scenario *scenario = api_scenario(L);
    for (size_t i = 0; i < scenario->info.wireshark.capture_count; i++) {
        const char *name = scenario->captures[i].host;
        bool known = name == NULL;
        struct suggestion suggestion;
        args_suggest(L, &suggestion, known ? "" : name);
        for (uint32_t host = 0; host < scenario->host_count && !known; host++) {
            known = strcmp(api_host_name(scenario, host), name) == 0;
            suggest_add(&suggestion, api_host_name(scenario, host));
        }
        if (known) continue;
        if (suggestion.best[0] != '\0')
            api_error_at(L, scenario->introduced_at, "%l: no %t '%s'; did you mean '%s'?", label, "host", name,
                         suggestion.best);
        api_error_at(L, scenario->introduced_at, "%l: no %t '%s'; %t", label, "host", name,
                     "name hosts of the scenario");
    }
}

// ---- Guesses --------------------------------------------------------------------------------------------------

// The number on top of the stack is a packet's; `why` is said already.
static void add_guess(lua_State *L, const char *label, const char *const why[TCP_LANGUAGES]) {
    struct scenario *scenario = api_scenario(L);
    size_t count = scenario->info.wireshark.guess_count;
    uint64_t packet = args_integer(L, -1, label, 1, UINT32_MAX);
    for (size_t i = 0; i < count; i++)
        if (scenario->guesses[i].packet == packet)
            sandbox_error(L, "%l: %d is named twice; once will do", label, (int)packet);
    if (count == SCENARIO_GUESSES_MOST)
        sandbox_error(L, "%l: %d packets are named already", label, SCENARIO_GUESSES_MOST);
    struct scenario_guess *guess = &scenario->guesses[scenario->info.wireshark.guess_count++];
    guess->packet = packet;
    for (int i = 0; i < TCP_LANGUAGES; i++)
        guess->why[i] = why[i];
}

// The table on top of the stack: { packet = 9, why = ... }, { packet = { 9, 10 }, why = ... }.
static void read_guess(lua_State *L, const char *what) {
    static const char *const names[] = {"packet", "why", NULL};
    const char *why[TCP_LANGUAGES];
    char label[ARGS_SHOWN];
    struct args args = args_open(L, -1, what, names);
    if (!args_has(&args, "packet") || !args_field(&args, "why", label))
        sandbox_error(L, "%l: a guess is { packet = 9, why = { en = \"...\", zh = \"...\" } }", what);
    api_two_texts(L, -1, label, API_SHORT_TEXT, why);
    lua_pop(L, 1);
    args_field(&args, "packet", label);
    uint32_t count = lua_istable(L, -1) ? args_list(L, label, SCENARIO_GUESSES_MOST) : 0;
    if (count == 0) add_guess(L, label, why);
    for (uint32_t i = 0; i < count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        add_guess(L, label, why);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void read_guesses(lua_State *L, const struct args *args) {
    char label[ARGS_SHOWN];
    if (!args_field(args, "guesses", label)) return;
    uint32_t count = args_list(L, label, SCENARIO_GUESSES_MOST);
    for (uint32_t i = 0; i < count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        read_guess(L, label);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

void api_read_wireshark(const struct args *args) {
    static const char *const names[] = {"completeness", "guesses", NULL};
    char label[ARGS_SHOWN];
    if (!args_field(args, "wireshark", label)) return;
    struct args each = args_open(args->L, -1, label, names);
    read_captures(args->L, &each);
    read_guesses(args->L, &each);
    lua_pop(args->L, 1);
}
