// always, finally, expect: claims about the run; and the function steps of programs.
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "sim/host/claim.h"
#include "sim/host/fates.h"
#include "sim/script/errors.h"

// ---- When the world asks --------------------------------------------------------------------------------------

// Copies the string on top of the stack, cut behind a whole character where it is too long.
static void copy_text(lua_State *L, char text[CLAIM_DETAIL]) {
    size_t length;
    const char *string = lua_tolstring(L, -1, &length);
    if (length >= CLAIM_DETAIL) {
        length = CLAIM_DETAIL - 1;
        while (length > 0 && ((unsigned char)string[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(text, string, length);
    text[length] = '\0';
}

// What stands behind false, on top of the stack: nothing, a text, or one in each language. False: something else.
// Nothing here raises an error: it is not the script that calls.
static bool read_detail(lua_State *L, struct claim_detail *detail) {
    static const char *const languages[TCP_LANGUAGES] = {"en", "zh"};
    if (lua_isnil(L, -1)) return true;
    if (lua_type(L, -1) == LUA_TSTRING) {
        copy_text(L, detail->text[0]);
        memcpy(detail->text[1], detail->text[0], CLAIM_DETAIL);
        return true;
    }
    if (!lua_istable(L, -1)) return false;
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        int language = 0;
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        while (language < TCP_LANGUAGES && strcmp(key, languages[language]) != 0)
            language++;
        bool good = language < TCP_LANGUAGES && lua_type(L, -1) == LUA_TSTRING;
        if (good) copy_text(L, detail->text[language]);
        if (good) continue;
        lua_pop(L, 2);
        return false;
    }
    for (int i = 0; i < TCP_LANGUAGES; i++)
        if (detail->text[i][0] == '\0') memcpy(detail->text[i], detail->text[1 - i], CLAIM_DETAIL);
    return detail->text[0][0] != '\0';
}

// What the function returned is no claim: says so, of the value at `index`.
static bool complain(const struct api_claim *claim, int index, const char *right, struct claim_detail *detail) {
    char shown[ARGS_SHOWN];
    errors_both(detail->text[0], detail->text[1], CLAIM_DETAIL,
                "%s: the claim's function returned %t; it must return %t", claim->where,
                args_show(claim->scenario->L, index, shown), right);
    return false;
}

// A struct claim's function: what the script's function says of `world`.
static bool ask(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    const struct api_claim *claim = context;
    struct scenario *scenario = claim->scenario;
    lua_State *L = scenario->L;
    *error = true;
    if (!api_look(scenario, world, claim->function, 2, detail)) return false;
    bool holds = lua_toboolean(L, -2) != 0;
    if (!lua_isboolean(L, -2)) {
        complain(claim, -2, "true or false", detail);
    } else if (!holds && !read_detail(L, detail)) {
        complain(claim, -1, "false and a text, or { en = \"text\", zh = \"文字\" }", detail);
    } else {
        *error = false;
        if (!holds && lua_isnil(L, -1)) api_describe_reads(scenario, world, detail);
    }
    lua_settop(L, 0);
    return holds && !*error;
}

const char *api_call_function(struct world *world, uint32_t host, uint32_t function, void *context) {
    struct scenario *scenario = context;
    (void)host;
    struct claim_detail error;
    if (api_look(scenario, world, (int)function, 0, &error)) return NULL;
    size_t length = strlen(error.text[0]) + 1;  // as SENTENCE() has it
    memcpy(scenario->sentence, error.text[0], length);
    memcpy(scenario->sentence + length, error.text[1], strlen(error.text[1]) + 1);
    return scenario->sentence;
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
    const char *name[TCP_LANGUAGES];
    snprintf(label, sizeof label, "%s: the claim's text", what);
    api_two_texts(L, 1, label, API_SHORT_TEXT, name);
    if (!lua_isfunction(L, index) || lua_iscfunction(L, index))
        sandbox_error(L, "%s: the claim is %t; it must be function (w) return ... end", what,
                      args_show(L, index, shown));
    const char *where = here(L);
    lua_pushvalue(L, index);
    struct api_claim claim = {scenario, where, luaL_ref(L, LUA_REGISTRYINDEX)};
    world_claim(scenario->world, &(struct claim){.name = {name[0], name[1]},
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
    world_claim_property(scenario->world, property, at_end ? CLAIM_FINALLY : property->when, here(L));
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

static int covers(lua_State *L) {
    struct scenario *scenario = api_building(L, "covers");
    if (scenario->label_count == COVERAGE_LABELS) sandbox_error(L, "a scenario has at most %d labels", COVERAGE_LABELS);
    scenario->label_count++;
    return claim_function_at(L, 2, "covers", CLAIM_COVERS, 0);
}

void api_add_claims(lua_State *L) {
    api_add_function(L, "always", always);
    api_add_function(L, "finally", finally);
    api_add_function(L, "expect", expect);
    api_add_function(L, "covers", covers);
}
