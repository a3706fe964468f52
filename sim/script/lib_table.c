// table: every loop is paid for, and respects metamethods as Lua's does.
#include "sim/script/lib.h"

#include <limits.h>
#include <stdbool.h>

// Anything that can be indexed and has a length will do, not only tables.
static void check_list(lua_State *L, int argument) {
    if (lua_type(L, argument) != LUA_TTABLE && !luaL_getmetafield(L, argument, "__index")) {
        luaL_checktype(L, argument, LUA_TTABLE);
    }
}

static lua_Integer length_of(lua_State *L, int argument) {
    luaL_checktype(L, argument, LUA_TTABLE);
    return luaL_len(L, argument);
}

static void charge_round(lua_State *L) {
    sandbox_charge(L, 1 + sandbox_weight(L));
}

static int table_insert(lua_State *L) {
    const lua_Integer end = (lua_Integer)((lua_Unsigned)length_of(L, 1) + 1);
    const int count = lua_gettop(L);
    if (count != 2 && count != 3) sandbox_error(L, "wrong number of arguments to 'insert'");
    lua_Integer position = end;
    if (count == 3) {
        position = sandbox_check_integer(L, 2);
        if ((lua_Unsigned)position - 1u >= (lua_Unsigned)end) sandbox_argument_error(L, 2, "position out of bounds");
    }
    for (lua_Integer i = end; i > position; i--) {
        charge_round(L);
        lua_geti(L, 1, i - 1);
        lua_seti(L, 1, i);
    }
    lua_seti(L, 1, position);
    return 0;
}

static int table_remove(lua_State *L) {
    const lua_Integer size = length_of(L, 1);
    lua_Integer position = sandbox_opt_integer(L, 2, size);
    if (position != size && (lua_Unsigned)position - 1u > (lua_Unsigned)size) {
        sandbox_argument_error(L, 2, "position out of bounds");
    }
    lua_settop(L, 1);
    lua_geti(L, 1, position);
    for (; position < size; position++) {
        charge_round(L);
        lua_geti(L, 1, position + 1);
        lua_seti(L, 1, position);
    }
    lua_pushnil(L);
    lua_seti(L, 1, position);
    return 1;
}

static int table_move(lua_State *L) {
    const lua_Integer from = sandbox_check_integer(L, 2);
    const lua_Integer end = sandbox_check_integer(L, 3);
    const lua_Integer to = sandbox_check_integer(L, 4);
    const int target = lua_isnoneornil(L, 5) ? 1 : 5;
    check_list(L, 1);
    check_list(L, target);
    if (end >= from) {
        if (!(from > 0 || end < LUA_MAXINTEGER + from)) sandbox_argument_error(L, 3, "too many elements to move");
        const lua_Integer count = end - from + 1;
        if (to > LUA_MAXINTEGER - count + 1) sandbox_argument_error(L, 4, "destination wrap around");
        const bool forwards = to > end || to <= from || (target != 1 && !lua_compare(L, 1, target, LUA_OPEQ));
        for (lua_Integer i = 0; i < count; i++) {
            const lua_Integer offset = forwards ? i : count - 1 - i;
            charge_round(L);
            lua_geti(L, 1, from + offset);
            lua_seti(L, target, to + offset);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

static int table_concat(lua_State *L) {
    const lua_Integer size = length_of(L, 1);
    size_t separator_length;
    lua_settop(L, 4);
    if (lua_isnil(L, 2)) {
        lua_pushliteral(L, "");
        lua_replace(L, 2);
    }
    const char *separator = lib_check_text(L, 2, &separator_length);
    const lua_Integer first = sandbox_opt_integer(L, 3, 1);
    const lua_Integer last = sandbox_opt_integer(L, 4, size);
    struct lib_buffer buffer;
    lib_buffer_init(L, &buffer);
    for (lua_Integer i = first; i <= last; i++) {
        charge_round(L);
        const int type = lua_geti(L, 1, i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER) {
            sandbox_error(L, "invalid value (at index %I) in table for 'concat'", i);
        }
        lib_buffer_add_value(&buffer, -1);
        lua_pop(L, 1);
        if (i == last) break;  // it may be the greatest integer
        lib_buffer_add(&buffer, separator, separator_length);
    }
    lib_buffer_push(&buffer);
    return 1;
}

static int table_pack(lua_State *L) {
    const int count = lua_gettop(L);
    lua_createtable(L, count, 1);
    lua_insert(L, 1);
    for (int i = count; i >= 1; i--)
        lua_rawseti(L, 1, i);
    lua_pushinteger(L, count);
    lua_setfield(L, 1, "n");
    sandbox_charge(L, (uint64_t)count);
    return 1;
}

static int table_unpack(lua_State *L) {
    const lua_Integer first = sandbox_opt_integer(L, 2, 1);
    const lua_Integer last = lua_isnoneornil(L, 3) ? luaL_len(L, 1) : sandbox_check_integer(L, 3);
    if (first > last) return 0;
    const lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first + 1u;
    if (count == 0 || count >= INT_MAX || !lua_checkstack(L, (int)count))
        sandbox_error(L, "too many results to unpack");
    for (lua_Unsigned i = 0; i < count; i++) {
        charge_round(L);
        lua_geti(L, 1, (lua_Integer)((lua_Unsigned)first + i));
    }
    return (int)count;
}

// ---- sort

// Is the value at `a` before that at `b`? The function is at 2, if there is one.
static bool is_less(lua_State *L, int a, int b) {
    sandbox_charge(L, 2 * sandbox_weight(L));
    if (lua_isnil(L, 2)) return lua_compare(L, a, b, LUA_OPLT) != 0;
    lua_pushvalue(L, 2);
    lua_pushvalue(L, a);
    lua_pushvalue(L, b);
    lua_call(L, 2, 1);
    const bool less = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return less;
}

// Merges two sorted runs of the array at `from`, [left, right) and [right, end), into the array at `to`.
static void merge(lua_State *L, int from, int to, lua_Integer left, lua_Integer right, lua_Integer end) {
    lua_Integer a = left;
    lua_Integer b = right;
    const int top = lua_gettop(L);
    for (lua_Integer i = left; i < end; i++) {
        sandbox_charge(L, 1);
        lua_rawgeti(L, from, a < right ? a : b);
        lua_rawgeti(L, from, b < end ? b : a);
        if (a == right || (b < end && is_less(L, top + 2, top + 1))) {
            b++;
        } else {
            lua_pop(L, 1);
            a++;
        }
        lua_rawseti(L, to, i);
        lua_settop(L, top);
    }
}

static void copy_list(lua_State *L, int from, int to, lua_Integer size) {
    for (lua_Integer i = 1; i <= size; i++) {
        charge_round(L);
        lua_geti(L, from, i);
        lua_seti(L, to, i);
    }
}

// A merge sort: stable, and no order function, however inconsistent, makes it fail or take longer.
static int table_sort(lua_State *L) {
    const lua_Integer size = length_of(L, 1);
    if (size >= INT_MAX) sandbox_argument_error(L, 1, "array too big");
    if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_newtable(L);
    lua_newtable(L);
    copy_list(L, 1, 3, size);
    int from = 3;
    int to = 4;
    for (lua_Integer run = 1; run < size; run *= 2) {
        for (lua_Integer at = 1; at <= size; at += 2 * run) {
            const lua_Integer right = at + run <= size ? at + run : size + 1;
            merge(L, from, to, at, right, right + run <= size ? right + run : size + 1);
        }
        from = to;
        to = 7 - from;
    }
    copy_list(L, from, 1, size);
    return 0;
}

static const luaL_Reg functions[] = {
    {"insert", table_insert}, {"remove", table_remove}, {"move", table_move}, {"concat", table_concat},
    {"pack", table_pack},     {"unpack", table_unpack}, {"sort", table_sort}, {NULL, NULL},
};

void lib_open_table(lua_State *L) {
    luaL_newlib(L, functions);
    lua_setglobal(L, "table");
}
