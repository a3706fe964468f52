// math: what is exact on every machine. Nothing here comes from the C library's math.
#include "sim/script/lib.h"

#include "sim/engine/luck.h"

#include <math.h>

static int math_type(lua_State *L) {
    luaL_checkany(L, 1);
    if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_pushstring(L, lua_isinteger(L, 1) ? "integer" : "float");
    } else {
        luaL_pushfail(L);
    }
    return 1;
}

static int math_tointeger(lua_State *L) {
    int is_integer = 0;
    luaL_checkany(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING) sandbox_charge(L, lua_rawlen(L, 1));
    const lua_Integer value = lua_tointegerx(L, 1, &is_integer);
    if (is_integer) {
        lua_pushinteger(L, value);
    } else {
        luaL_pushfail(L);
    }
    return 1;
}

// Pushes the integral float `value` as an integer when it is one.
static void push_integral(lua_State *L, lua_Number value) {
    lua_Integer integer;
    if (lua_numbertointeger(value, &integer)) {
        lua_pushinteger(L, integer);
    } else {
        lua_pushnumber(L, value);
    }
}

// Beyond this every float is integral (or no number).
static int has_fraction(lua_Number value) {
    const lua_Number edge = 4503599627370496.0;
    return value > -edge && value < edge;
}

static lua_Number round_down(lua_Number value) {
    if (!has_fraction(value)) return value;
    const lua_Number truncated = (lua_Number)(lua_Integer)value;
    return truncated > value ? truncated - 1 : truncated;
}

static int math_floor(lua_State *L) {
    const lua_Number value = sandbox_check_number(L, 1);
    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
    } else {
        push_integral(L, round_down(value));
    }
    return 1;
}

static int math_ceil(lua_State *L) {
    const lua_Number value = sandbox_check_number(L, 1);
    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
    } else {
        push_integral(L, -round_down(-value));
    }
    return 1;
}

static int math_abs(lua_State *L) {
    const lua_Number value = sandbox_check_number(L, 1);
    if (lua_isinteger(L, 1)) {
        const lua_Integer integer = lua_tointeger(L, 1);
        lua_pushinteger(L, integer < 0 ? (lua_Integer)(0u - (lua_Unsigned)integer) : integer);
    } else {
        lua_pushnumber(L, value == 0 ? 0.0 : value < 0 ? -value : value);
    }
    return 1;
}

static int math_fmod(lua_State *L) {
    lua_Number a = sandbox_check_number(L, 1);
    lua_Number b = sandbox_check_number(L, 2);
    if (lua_isinteger(L, 1) && lua_isinteger(L, 2)) {
        const lua_Integer divisor = lua_tointeger(L, 2);
        if (divisor == 0) sandbox_argument_error(L, 2, "zero");
        lua_pushinteger(L, divisor == -1 ? 0 : lua_tointeger(L, 1) % divisor);
        return 1;
    }
    // Of numbers that are not negative, Lua's % is the remainder, which is exact.
    const int negative = a < 0;
    lua_pushnumber(L, negative ? -a : a);
    lua_pushnumber(L, b < 0 ? -b : b);
    lua_arith(L, LUA_OPMOD);
    if (negative) lua_pushnumber(L, -lua_tonumber(L, -1));
    return 1;
}

static int extreme(lua_State *L, int sign) {
    const int count = lua_gettop(L);
    int best = 1;
    sandbox_check_number(L, 1);
    for (int i = 2; i <= count; i++) {
        sandbox_check_number(L, i);
        sandbox_charge(L, 1);
        if (sign < 0 ? lua_compare(L, i, best, LUA_OPLT) : lua_compare(L, best, i, LUA_OPLT)) best = i;
    }
    lua_pushvalue(L, best);
    return 1;
}

static int math_max(lua_State *L) {
    return extreme(L, 1);
}

static int math_min(lua_State *L) {
    return extreme(L, -1);
}

static int math_ult(lua_State *L) {
    const lua_Integer a = sandbox_check_integer(L, 1);
    const lua_Integer b = sandbox_check_integer(L, 2);
    lua_pushboolean(L, (lua_Unsigned)a < (lua_Unsigned)b);
    return 1;
}

static int math_random(lua_State *L) {
    lua_Integer low = 1;
    lua_Integer high;
    switch (lua_gettop(L)) {
    case 0: lua_pushnumber(L, (lua_Number)(sandbox_random(L) >> 11) * (0.5 / ((lua_Number)(1ull << 52)))); return 1;
    case 1:
        high = sandbox_check_integer(L, 1);
        if (high == 0) {
            lua_pushinteger(L, (lua_Integer)sandbox_random(L));
            return 1;
        }
        break;
    case 2:
        low = sandbox_check_integer(L, 1);
        high = sandbox_check_integer(L, 2);
        break;
    default: sandbox_error(L, "wrong number of arguments to 'random'");
    }
    if (low > high) sandbox_argument_error(L, lua_gettop(L), "interval is empty");
    const uint64_t drawn = luck_upto(sandbox_random(L), (uint64_t)high - (uint64_t)low);
    const uint64_t number = (uint64_t)low + drawn;
    lua_pushinteger(L, (lua_Integer)number);
    return 1;
}

static int math_randomseed(lua_State *L) {
    sandbox_error(L, "math.randomseed is not available: the seed is that of the run (--seed)");
}

static const luaL_Reg functions[] = {
    {"type", math_type},
    {"tointeger", math_tointeger},
    {"floor", math_floor},
    {"ceil", math_ceil},
    {"abs", math_abs},
    {"fmod", math_fmod},
    {"max", math_max},
    {"min", math_min},
    {"ult", math_ult},
    {"random", math_random},
    {"randomseed", math_randomseed},
    {NULL, NULL},
};

void lib_open_math(lua_State *L) {
    luaL_newlib(L, functions);
    lua_pushnumber(L, (lua_Number)HUGE_VAL);
    lua_setfield(L, -2, "huge");
    lua_pushnumber(L, 3.141592653589793);
    lua_setfield(L, -2, "pi");
    lua_pushinteger(L, LUA_MAXINTEGER);
    lua_setfield(L, -2, "maxinteger");
    lua_pushinteger(L, LUA_MININTEGER);
    lua_setfield(L, -2, "mininteger");
    lua_setglobal(L, "math");
}
