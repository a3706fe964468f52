// always, finally, expect: claims about the run; and the function steps of programs.
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "sim/host/claim.h"

// ---- When the world asks --------------------------------------------------------------------------------------

// A struct claim's function: what the script's function says of `world`.
static bool ask(const struct world *world, void *context, char *detail, size_t size, bool *error) {
    const struct api_claim *claim = context;
    struct scenario *scenario = claim->scenario;
    if (!api_look(scenario, world, claim->function, 2, detail, size)) {
        *error = true;
        return false;
    }
    lua_State *L = scenario->L;
    bool holds = false;
    if (!lua_isboolean(L, -2)) {
        char shown[ARGS_SHOWN];
        snprintf(detail, size, "%s: the claim's function returned %s; it must return true or false", claim->where,
                 args_show(L, -2, shown));
        *error = true;
    } else {
        holds = lua_toboolean(L, -2) != 0;
        bool told = lua_type(L, -1) == LUA_TSTRING;
        if (!holds && told) snprintf(detail, size, "%s", lua_tostring(L, -1));
        if (!holds && !told) api_describe_reads(scenario, world, detail, size);
    }
    lua_settop(L, 0);
    return holds;
}

const char *api_call_function(struct world *world, uint32_t host, uint32_t function, void *context) {
    struct scenario *scenario = context;
    (void)host;
    bool done = api_look(scenario, world, (int)function, 0, scenario->sentence, sizeof scenario->sentence);
    return done ? NULL : scenario->sentence;
}

// ---- When the script declares ---------------------------------------------------------------------------------

static const char *here(lua_State *L) {
    lua_pushfstring(L, "%s:%d", api_scenario(L)->info.file, sandbox_line(L));
    const char *where = api_keep_string(L, lua_tostring(L, -1));
    lua_pop(L, 1);
    return where;
}

static struct scenario *one_more(lua_State *L, const char *what) {
    struct scenario *scenario = api_building(L, what);
    if (scenario->claim_count == API_CLAIMS) sandbox_error(L, "a scenario has at most %d claims", API_CLAIMS);
    scenario->claim_count++;
    return scenario;
}

// A claim with the function at `index`.
static int claim_function_at(lua_State *L, int index, const char *what, enum claim_when when, uint64_t at) {
    struct scenario *scenario = one_more(L, what);
    char label[ARGS_SHOWN], shown[ARGS_SHOWN];
    snprintf(label, sizeof label, "%s: the claim's text", what);
    const char *name = api_keep_string(L, args_words(L, 1, label, API_SHORT_TEXT));
    if (!lua_isfunction(L, index) || lua_iscfunction(L, index))
        sandbox_error(L, "%s: the claim is %s; it must be function (w) return ... end", what,
                      args_show(L, index, shown));
    const char *where = here(L);
    lua_pushvalue(L, index);
    struct api_claim claim = {scenario, where, luaL_ref(L, LUA_REGISTRYINDEX)};
    world_claim(scenario->world, &(struct claim){.name = name,
                                                 .where = where,
                                                 .when = when,
                                                 .at = at,
                                                 .holds = ask,
                                                 .context = api_keep(L, &claim, sizeof claim)});
    return 0;
}

// A built-in property by its name, the only argument. finally() asks it once, at the end.
static int claim_property(lua_State *L, const char *what, bool at_end) {
    struct scenario *scenario = one_more(L, what);
    char label[ARGS_SHOWN];
    snprintf(label, sizeof label, "%s: the property's name", what);
    const char *name = args_words(L, 1, label, API_SHORT_TEXT);
    const struct property *property = property_by_name(name);
    if (property == NULL) {
        size_t count;
        const struct property *all = properties(&count);
        struct suggestion suggestion;
        args_suggest(L, &suggestion, name);
        for (size_t i = 0; i < count; i++)
            suggest_add(&suggestion, all[i].name);
        args_unknown(L, what, "property", name, suggestion.best,
                     "a claim of your own is a text and a function: (\"text\", function (w) return ... end)");
    }
    world_claim(scenario->world, &(struct claim){.name = property->name,
                                                 .where = here(L),
                                                 .when = at_end ? CLAIM_FINALLY : property->when,
                                                 .holds = property->holds});
    return 0;
}

static int always(lua_State *L) {
    if (lua_gettop(L) == 1) return claim_property(L, "always", false);
    return claim_function_at(L, 2, "always", CLAIM_ALWAYS, 0);
}

static int finally(lua_State *L) {
    if (lua_gettop(L) == 1) return claim_property(L, "finally", true);
    return claim_function_at(L, 2, "finally", CLAIM_FINALLY, 0);
}

static int expect(lua_State *L) {
    uint64_t at = args_time(L, 2, "expect: the time");
    return claim_function_at(L, 3, "expect", CLAIM_AT, at);
}

void api_add_claims(lua_State *L) {
    api_add_function(L, "always", always);
    api_add_function(L, "finally", finally);
    api_add_function(L, "expect", expect);
}
