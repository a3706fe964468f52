// setmetatable and getmetatable. Lua itself never sees a table of the script as a metatable, but a shadow with the
// events below: the script could add __mode or __gc to its table at any time. The shadow follows the table at each
// setmetatable().
//
// No instruction may run through a chain of metatables unpaid. Of __call only functions are taken: for a table Lua
// would look for that table's __call, and so on. A table as __index or __newindex is replaced by a function that walks
// the chain and pays for each link.
#include "sim/script/lib.h"

#include <stdbool.h>
#include <string.h>

enum { LONGEST_CHAIN = 2000 };  // as in Lua

static const char shadows_key;   // in the registry: metatable -> its shadow
static const char original_key;  // in a shadow: the metatable it stands for

static const char *const events[] = {"__index", "__newindex", "__call",   "__tostring", "__name", "__len",  "__eq",
                                     "__lt",    "__le",       "__concat", "__unm",      "__add",  "__sub",  "__mul",
                                     "__div",   "__mod",      "__idiv",   "__band",     "__bor",  "__bxor", "__shl",
                                     "__shr",   "__bnot",     "__pairs",  "__metatable"};
static const char *const forbidden[] = {"__gc", "__mode", "__close"};

// ---- chains

// Replaces the table at `level` by the `event` of its metatable, as the script wrote it. False when it has none.
static bool follow(lua_State *L, int level, const char *event, lua_CFunction walker) {
    if (luaL_getmetafield(L, level, event) == LUA_TNIL) return false;
    if (lua_tocfunction(L, -1) == walker) {
        lua_getupvalue(L, -1, 1);
        lua_remove(L, -2);
    }
    lua_replace(L, level);
    return true;
}

// What is neither a table nor a function must be a string or an object of the API, whose chains are short.
static void check_other(lua_State *L, int level, const char *event) {
    if (luaL_getmetafield(L, level, event) == LUA_TNIL) {
        sandbox_error(L, "attempt to index a %s value (by %s)", luaL_typename(L, level), event);
    }
    lua_pop(L, 1);
}

static int finish_index(lua_State *L, int status, lua_KContext context) {
    (void)L, (void)status, (void)context;
    return 1;
}

// __index: (object, key). The tables of the chain are at 4, one after the other, and at 3 the one before.
static int walk_index(lua_State *L) {
    lua_settop(L, 2);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    for (int i = 0; i < LONGEST_CHAIN; i++) {
        sandbox_charge(L, sandbox_weight(L));
        if (lua_type(L, 4) != LUA_TTABLE) {
            check_other(L, 4, "__index");
            lua_pushvalue(L, 2);
            lua_gettable(L, 4);
            return 1;
        }
        lua_pushvalue(L, 2);
        if (lua_rawget(L, 4) != LUA_TNIL) return 1;
        lua_settop(L, 4);
        lua_copy(L, 4, 3);
        if (!follow(L, 4, "__index", walk_index)) return 0;
        if (lua_type(L, 4) == LUA_TFUNCTION) {
            lua_insert(L, 3);
            lua_pushvalue(L, 2);
            lua_callk(L, 2, 1, 0, finish_index);
            return 1;
        }
    }
    sandbox_error(L, "'__index' chain too long; possible loop");
}

static int finish_newindex(lua_State *L, int status, lua_KContext context) {
    (void)L, (void)status, (void)context;
    return 0;
}

// Sets the field `2` of the table at 5 to the value at 3.
static int set_raw(lua_State *L) {
    if (lua_isnil(L, 2)) sandbox_error(L, "table index is nil");
    if (lua_type(L, 2) == LUA_TNUMBER && !lua_rawequal(L, 2, 2)) sandbox_error(L, "table index is NaN");
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_rawset(L, 5);
    return 0;
}

// __newindex: (object, key, value). As above, at 5 and 4.
static int walk_newindex(lua_State *L) {
    lua_settop(L, 3);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    for (int i = 0; i < LONGEST_CHAIN; i++) {
        sandbox_charge(L, sandbox_weight(L));
        if (lua_type(L, 5) != LUA_TTABLE) {
            check_other(L, 5, "__newindex");
            lua_pushvalue(L, 2);
            lua_pushvalue(L, 3);
            lua_settable(L, 5);
            return 0;
        }
        lua_pushvalue(L, 2);
        if (lua_rawget(L, 5) != LUA_TNIL) return set_raw(L);
        lua_settop(L, 5);
        lua_copy(L, 5, 4);
        if (!follow(L, 5, "__newindex", walk_newindex)) return set_raw(L);
        if (lua_type(L, 5) == LUA_TFUNCTION) {
            lua_insert(L, 4);
            lua_pushvalue(L, 2);
            lua_pushvalue(L, 3);
            lua_callk(L, 3, 0, 0, finish_newindex);
            return 0;
        }
    }
    sandbox_error(L, "'__newindex' chain too long; possible loop");
}

// ---- shadows

// The function that stands for a table as the event, or NULL.
static lua_CFunction walker_of(const char *event) {
    if (strcmp(event, "__index") == 0) return walk_index;
    return strcmp(event, "__newindex") == 0 ? walk_newindex : NULL;
}

// Copies the event from the metatable at `original` to the shadow at `shadow`.
static void copy_event(lua_State *L, int original, int shadow, const char *event) {
    lua_pushstring(L, event);
    lua_pushvalue(L, -1);
    const int type = lua_rawget(L, original);
    const lua_CFunction walker = walker_of(event);
    if (type != LUA_TNIL && (strcmp(event, "__len") == 0 || strcmp(event, "__unm") == 0)) sandbox_distrust_loops(L);
    if (type != LUA_TNIL && type != LUA_TFUNCTION && strcmp(event, "__call") == 0) {
        sandbox_error(L, "__call must be a function here, not a %s", lua_typename(L, type));
    }
    if (type == LUA_TTABLE && walker != NULL) lua_pushcclosure(L, walker, 1);
    lua_rawset(L, shadow);
}

// True when the shadow's walker is already that of the table which is the event of the original.
static bool walks_already(lua_State *L, int original, int shadow, const char *event) {
    const int top = lua_gettop(L);
    lua_pushstring(L, event);
    lua_rawget(L, original);
    lua_pushstring(L, event);
    lua_rawget(L, shadow);
    const bool same = lua_type(L, -2) == LUA_TTABLE && lua_tocfunction(L, -1) == walker_of(event) &&
                      lua_getupvalue(L, -1, 1) != NULL && lua_rawequal(L, -1, -3);
    lua_settop(L, top);
    return same;
}

// Pushes the shadow of the metatable at `original`, made if it isn't there yet.
static void push_shadow(lua_State *L, int original) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &shadows_key);
    lua_pushvalue(L, original);
    if (lua_rawget(L, -2) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, original);
        lua_rawsetp(L, -2, &original_key);
        lua_pushvalue(L, original);
        lua_pushvalue(L, -2);
        lua_rawset(L, -4);
    }
    lua_remove(L, -2);
    sandbox_charge(L, sizeof events / sizeof *events);
    const int shadow = lua_gettop(L);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        const bool is_chain = walker_of(events[i]) != NULL;
        if (!is_chain || !walks_already(L, original, shadow, events[i])) copy_event(L, original, shadow, events[i]);
    }
}

int lib_setmetatable(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    const int type = lua_type(L, 2);
    if (type != LUA_TNIL && type != LUA_TTABLE) luaL_typeerror(L, 2, "nil or table");
    if (lua_getmetatable(L, 1)) {
        const bool is_ours = lua_rawgetp(L, -1, &original_key) == LUA_TNIL;
        if (is_ours || luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) {
            sandbox_error(L, "cannot change a protected metatable");
        }
    }
    lua_settop(L, 2);
    for (size_t i = 0; type == LUA_TTABLE && i < sizeof forbidden / sizeof *forbidden; i++) {
        lua_pushstring(L, forbidden[i]);
        if (lua_rawget(L, 2) != LUA_TNIL) {
            sandbox_error(L, "a metatable can't have %s here: when it runs would differ from run to run", forbidden[i]);
        }
        lua_pop(L, 1);
    }
    if (type == LUA_TTABLE) push_shadow(L, 2);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

// The string metatable and those of the API are not for scripts.
int lib_getmetatable(lua_State *L) {
    luaL_checkany(L, 1);
    if (!lua_getmetatable(L, 1)) {
        lua_pushnil(L);
    } else if (luaL_getmetafield(L, 1, "__metatable") == LUA_TNIL && lua_rawgetp(L, -1, &original_key) == LUA_TNIL) {
        lua_pushboolean(L, 0);
    }
    return 1;
}

void lib_open_metatables(lua_State *L) {
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "kv");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &shadows_key);
}
