#include "sim/script/api.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

// Registry keys.
static const char names_key = 'n';

struct kept {
    struct kept *next;
    max_align_t bytes[];
};

void api_open(struct scenario *scenario) {
    lua_State *L = scenario->L;
    memcpy(lua_getextraspace(L), &scenario, sizeof(void *));
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);
    api_add_scenario(L);
    api_add_params(L);
    api_add_hosts(L);
    api_add_links(L);
    api_add_packets(L);
    api_add_steps(L);
    api_add_calls(L);
    api_add_claims(L);
    api_add_faults(L);
    api_add_views(L);
}

void api_push_names(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
}

void api_free_kept(struct scenario *scenario) {
    while (scenario->kept != NULL) {
        struct kept *next = scenario->kept->next;
        free(scenario->kept);
        scenario->kept = next;
    }
}

struct scenario *api_scenario(lua_State *L) {
    struct scenario *scenario;  // every thread has a copy of the main thread's extra space
    memcpy(&scenario, lua_getextraspace(L), sizeof(void *));
    return scenario;
}

struct scenario *api_building(lua_State *L, const char *what) {
    struct scenario *scenario = api_scenario(L);
    if (!scenario->building)
        sandbox_error(L, "%s builds a scenario, and this one is running already; say it outside of functions", what);
    return scenario;
}

void *api_keep(lua_State *L, const void *bytes, size_t size) {
    struct scenario *scenario = api_scenario(L);
    scenario->kept_bytes += sizeof(struct kept) + size;
    if (scenario->kept_bytes > API_KEPT)
        sandbox_error(L, "the scenario's names, notes and claims are too much; 8 MiB is the limit");
    struct kept *kept = malloc(sizeof *kept + size);
    if (kept == NULL) {
        fprintf(stderr, "synfin: out of memory\n");
        abort();
    }
    kept->next = scenario->kept;
    scenario->kept = kept;
    memcpy(kept->bytes, bytes, size);
    return kept->bytes;
}

const char *api_keep_string(lua_State *L, const char *string) {
    return api_keep(L, string, strlen(string) + 1);
}

uint32_t api_text(lua_State *L, const char *bytes, size_t length) {
    struct scenario *scenario = api_scenario(L);
    if (length == 0) return 0;
    scenario->text_bytes += length;
    if (length > WORLD_TEXT_LIMIT || scenario->text_bytes > API_TEXT)
        sandbox_error(L, "too much text; a text may have %d octets and all of a scenario's %d", (int)WORLD_TEXT_LIMIT,
                      (int)API_TEXT);
    return world_text(scenario->world, bytes, (uint32_t)length);
}

void api_check(lua_State *L, const char *sentence) {
    if (sentence != NULL) sandbox_error(L, "%w", sentence);
}

void api_error_at(lua_State *L, uint32_t line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (line == 0) sandbox_raise(L, NULL, 0, format, arguments);
    sandbox_raise(L, api_scenario(L)->info.file, line, format, arguments);
}

// ---- Types and names ------------------------------------------------------------------------------------------

static int refuse_change(lua_State *L) {
    char shown[ARGS_SHOWN];
    sandbox_error(L, "%t can't be changed; its options are given where it is declared", args_show(L, 1, shown));
}

static int type_name(lua_State *L) {
    luaL_getmetafield(L, 1, "__name");
    return 1;
}

static void set_function(lua_State *L, const char *event, lua_CFunction function) {
    if (function == NULL) return;
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, event);
}

void api_define_type(lua_State *L, const struct api_type *type) {
    luaL_newmetatable(L, type->name);
    set_function(L, "__index", type->index);
    set_function(L, "__call", type->call);
    set_function(L, "__len", type->length);
    set_function(L, "__add", type->add);
    set_function(L, "__sub", type->subtract);
    set_function(L, "__newindex", refuse_change);
    set_function(L, "__tostring", type_name);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");  // what getmetatable() answers
    lua_pop(L, 1);
}

void *api_push_object(lua_State *L, const char *type, size_t size) {
    void *object = sandbox_new_object(L, size, 0);
    luaL_setmetatable(L, type);
    return object;
}

void *api_object(lua_State *L, int index, const char *type) {
    return luaL_testudata(L, index, type);
}

void api_add_value(lua_State *L, const char *name) {
    api_push_names(L);
    lua_insert(L, -2);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

void api_add_function(lua_State *L, const char *name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    api_add_value(L, name);
}

// ---- Texts ----------------------------------------------------------------------------------------------------

void api_two_texts(lua_State *L, int index, const char *label, size_t high, const char *texts[TCP_LANGUAGES]) {
    static const char *const languages[] = {"en", "zh", NULL};
    char shown[ARGS_SHOWN];
    if (lua_type(L, index) == LUA_TSTRING) {
        texts[0] = texts[1] = api_keep_string(L, args_words(L, index, label, high));
        return;
    }
    if (!lua_istable(L, index))
        sandbox_error(L, "%l is %t; it must be \"text\" or { en = \"text\", zh = \"文字\" }", label,
                      args_show(L, index, shown));
    struct args args = args_open(L, index, label, languages);
    const char *found[TCP_LANGUAGES] = {NULL, NULL};
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        char field[ARGS_SHOWN];
        if (!args_field(&args, languages[i], field)) continue;
        found[i] = api_keep_string(L, args_words(L, -1, field, high));
        lua_pop(L, 1);
    }
    if (found[0] == NULL && found[1] == NULL)
        sandbox_error(L, "%l has no text; write { en = \"text\", zh = \"文字\" }", label);
    for (int i = 0; i < TCP_LANGUAGES; i++)
        texts[i] = found[i] != NULL ? found[i] : found[1 - i];
}
