// print, pairs, pcall and the other functions that stand alone.
#include "sim/script/lib.h"

#include <stdbool.h>
#include <string.h>

static int base_print(lua_State *L) {
    const int count = lua_gettop(L);
    struct lib_buffer buffer;
    lib_buffer_init(L, &buffer);
    for (int i = 1; i <= count; i++) {
        size_t length;
        const char *text = sandbox_tostring(L, i, &length);
        if (i > 1) lib_buffer_add(&buffer, "\t", 1);
        lib_buffer_add(&buffer, text, length);
        lua_pop(L, 1);
    }
    *lib_buffer_room(&buffer, 1) = '\0';
    sandbox_charge(L, buffer.length);  // whoever reads it has a budget too
    sandbox_clean(buffer.data, buffer.length);
    sandbox_print_line(L, buffer.data, buffer.length);
    return 0;
}

static int base_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    sandbox_tostring(L, 1, NULL);
    return 1;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return 99;
}

// The integer that `text` is in `base`, with blanks around and a sign; false when it is none.
static bool read_in_base(const char *text, size_t length, int base, lua_Integer *result) {
    static const char blanks[] = " \t\n\r\v\f";
    const char *at = text;
    at += strspn(at, blanks);
    const bool negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    if (digit_value(*at) >= base) return false;
    lua_Unsigned sum = 0;
    for (; digit_value(*at) < base; at++)
        sum = sum * (lua_Unsigned)base + (lua_Unsigned)digit_value(*at);
    at += strspn(at, blanks);
    *result = (lua_Integer)(negative ? 0u - sum : sum);
    return at == text + length;
}

static int base_tonumber(lua_State *L) {
    size_t length;
    if (lua_type(L, 1) == LUA_TSTRING) sandbox_charge(L, lua_rawlen(L, 1));
    if (!lua_isnoneornil(L, 2)) {
        const lua_Integer base = sandbox_check_integer(L, 2);
        lua_Integer result;
        luaL_checktype(L, 1, LUA_TSTRING);
        const char *text = lua_tolstring(L, 1, &length);
        if (base < 2 || base > 36) sandbox_argument_error(L, 2, "base out of range");
        if (read_in_base(text, length, (int)base, &result)) {
            lua_pushinteger(L, result);
            return 1;
        }
    } else if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_settop(L, 1);
        return 1;
    } else if (lua_type(L, 1) == LUA_TSTRING) {
        const char *text = lua_tolstring(L, 1, &length);
        if (lua_stringtonumber(L, text) == length + 1) return 1;
    } else {
        luaL_checkany(L, 1);
    }
    luaL_pushfail(L);
    return 1;
}

static int base_type(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

static int base_select(lua_State *L) {
    const int count = lua_gettop(L);
    if (lua_type(L, 1) == LUA_TSTRING && strcmp(lua_tostring(L, 1), "#") == 0) {
        lua_pushinteger(L, count - 1);
        return 1;
    }
    lua_Integer first = sandbox_check_integer(L, 1);
    if (first < 0) first = count + first;
    if (first > count) first = count;
    if (first < 1) sandbox_argument_error(L, 1, "index out of range");
    return count - (int)first;
}

// ---- raw access

static int base_rawequal(lua_State *L) {
    luaL_checkany(L, 1);
    luaL_checkany(L, 2);
    lua_pushboolean(L, lua_rawequal(L, 1, 2));
    return 1;
}

static int base_rawlen(lua_State *L) {
    if (lua_type(L, 1) != LUA_TSTRING) luaL_checktype(L, 1, LUA_TTABLE);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

static int base_rawget(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    lua_settop(L, 2);
    lua_rawget(L, 1);
    return 1;
}

static int base_rawset(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 3);
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 1;
}

// ---- loops

static int pairs_step(lua_State *L) {
    lua_settop(L, 1);
    for (lua_Integer at = lua_tointeger(L, lua_upvalueindex(2)) + 1;; at++) {
        sandbox_charge(L, 1);
        lua_pushinteger(L, at);
        lua_replace(L, lua_upvalueindex(2));
        if (lua_rawgeti(L, lua_upvalueindex(1), at) == LUA_TNIL) return 1;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL) return 2;
        lua_settop(L, 1);  // the loop's body removed it
    }
}

static int finish_pairs(lua_State *L, int status, lua_KContext context) {
    (void)L, (void)status, (void)context;
    return 3;
}

static int base_pairs(lua_State *L) {
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, finish_pairs);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    sandbox_sorted_keys(L, 1);
    lua_pushinteger(L, 0);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, pairs_step, 3);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

static int ipairs_step(lua_State *L) {
    const lua_Integer at = (lua_Integer)((lua_Unsigned)sandbox_check_integer(L, 2) + 1);
    lua_pushinteger(L, at);
    return lua_geti(L, 1, at) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushcfunction(L, ipairs_step);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

// ---- errors

static int base_error(lua_State *L) {
    enum { FARTHEST = 200 };
    const lua_Integer level = sandbox_opt_integer(L, 2, 1);
    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING && level > 0) {
        const int near = level < FARTHEST ? (int)level : FARTHEST;
        sandbox_charge(L, (uint64_t)near);  // that many frames are passed
        luaL_where(L, near);
        lua_insert(L, 1);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int base_assert(lua_State *L) {
    luaL_checkany(L, 1);
    if (lua_toboolean(L, 1)) return lua_gettop(L);
    if (lua_gettop(L) < 2) sandbox_error(L, "assertion failed!");
    lua_settop(L, 2);
    return lua_error(L);
}

// Both as the continuation and directly. Below the results is one slot, true already.
static int finish_pcall(lua_State *L, int status, lua_KContext extra) {
    if (status != LUA_OK && status != LUA_YIELD) {
        sandbox_caught(L, status);
        lua_pushboolean(L, 0);
        lua_pushvalue(L, -2);
        return 2;
    }
    sandbox_check(L);
    return lua_gettop(L) - (int)extra;
}

static int base_pcall(lua_State *L) {
    luaL_checkany(L, 1);
    sandbox_charge(L, 20);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    const int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

// The handler has been called: false and its result, or false and its own error.
static int finish_handler(lua_State *L, int status, lua_KContext extra) {
    (void)extra;
    if (status != LUA_OK && status != LUA_YIELD) sandbox_caught(L, status);
    sandbox_check(L);
    lua_pushboolean(L, 0);
    lua_replace(L, 2);
    return lua_gettop(L) - 1;
}

// Stack: handler, true, results or error. The handler runs when the stack is unwound: a handler that runs where the
// error was raised would run inside of an error of the budget.
static int finish_xpcall(lua_State *L, int status, lua_KContext extra) {
    (void)extra;
    if (status == LUA_OK || status == LUA_YIELD) {
        sandbox_check(L);
        return lua_gettop(L) - 1;
    }
    sandbox_caught(L, status);
    lua_pushvalue(L, 1);
    lua_insert(L, 3);  // handler, true, handler, error
    const int handled = lua_pcallk(L, 1, 1, 0, 0, finish_handler);
    return finish_handler(L, handled, 0);
}

static int base_xpcall(lua_State *L) {
    const int count = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    sandbox_charge(L, 20);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2);
    lua_remove(L, 1);  // handler, true, function, arguments
    const int status = lua_pcallk(L, count - 2, LUA_MULTRET, 0, 0, finish_xpcall);
    return finish_xpcall(L, status, 0);
}

static const luaL_Reg functions[] = {
    {"print", base_print},
    {"tostring", base_tostring},
    {"tonumber", base_tonumber},
    {"type", base_type},
    {"select", base_select},
    {"rawequal", base_rawequal},
    {"rawlen", base_rawlen},
    {"rawget", base_rawget},
    {"rawset", base_rawset},
    {"next", lib_next},
    {"setmetatable", lib_setmetatable},
    {"getmetatable", lib_getmetatable},
    {"pairs", base_pairs},
    {"ipairs", base_ipairs},
    {"error", base_error},
    {"assert", base_assert},
    {"pcall", base_pcall},
    {"xpcall", base_xpcall},
    {NULL, NULL},
};

void lib_open_base(lua_State *L) {
    lib_open_metatables(L);
    lua_pushglobaltable(L);
    luaL_setfuncs(L, functions, 0);
    lua_pushliteral(L, "Lua 5.4");
    lua_setfield(L, -2, "_VERSION");
    lua_pop(L, 1);
}
