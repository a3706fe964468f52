// coroutine. Each thread counts its instructions anew and is looked at only once an interval, so a new one is charged
// a whole interval; and no error of the budget stops at a coroutine's edge.
#include "sim/script/lib.h"

#include <stdbool.h>
#include <string.h>

enum { COST_OF_SWITCH = 20 };

static lua_State *check_thread(lua_State *L) {
    lua_State *thread = lua_tothread(L, 1);
    if (thread == NULL) luaL_typeerror(L, 1, "coroutine");
    return thread;
}

static int co_create(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    sandbox_charge(L, SANDBOX_INTERVAL * sandbox_weight(L) + COST_OF_SWITCH);
    lua_State *thread = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, thread, 1);
    return 1;
}

// Moves `count` arguments over and runs `thread`. The number of its results, now on L's stack; or -1, and its error.
static int resume(lua_State *L, lua_State *thread, int count) {
    int results = 0;
    sandbox_charge(L, COST_OF_SWITCH + (uint64_t)count);
    if (!lua_checkstack(thread, count)) sandbox_error(L, "too many arguments to resume");
    lua_xmove(L, thread, count);
    lua_State *before = sandbox_switch(L, thread);
    const int status = lua_resume(thread, L, count, &results);
    sandbox_switch(L, before);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(thread, L, 1);
        sandbox_caught(L, status);
        return -1;
    }
    sandbox_check(L);
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(thread, results);
        sandbox_error(L, "too many results to resume");
    }
    lua_xmove(thread, L, results);
    return results;
}

static int co_resume(lua_State *L) {
    lua_State *thread = check_thread(L);
    const int results = resume(L, thread, lua_gettop(L) - 1);
    lua_pushboolean(L, results >= 0);
    const int count = results >= 0 ? results + 1 : 2;
    lua_insert(L, -count);
    return count;
}

static int wrapped(lua_State *L) {
    lua_State *thread = lua_tothread(L, lua_upvalueindex(1));
    const int results = resume(L, thread, lua_gettop(L));
    if (results >= 0) return results;
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int co_wrap(lua_State *L) {
    co_create(L);
    lua_pushcclosure(L, wrapped, 1);
    return 1;
}

static int co_yield (lua_State *L) {
    return lua_yield(L, lua_gettop(L));
}

static const char *status_of(lua_State *L, lua_State *thread) {
    lua_Debug info;
    if (thread == L) return "running";
    if (lua_status(thread) == LUA_YIELD) return "suspended";
    if (lua_status(thread) != LUA_OK) return "dead";
    if (lua_getstack(thread, 0, &info)) return "normal";  // it resumed another
    return lua_gettop(thread) == 0 ? "dead" : "suspended";
}

static int co_status(lua_State *L) {
    lua_pushstring(L, status_of(L, check_thread(L)));
    return 1;
}

static int co_running(lua_State *L) {
    const int is_main = lua_pushthread(L);
    lua_pushboolean(L, is_main);
    return 2;
}

static int co_isyieldable(lua_State *L) {
    lua_State *thread = lua_isnone(L, 1) ? L : check_thread(L);
    lua_pushboolean(L, lua_isyieldable(thread));
    return 1;
}

static int co_close(lua_State *L) {
    lua_State *thread = check_thread(L);
    const char *status = status_of(L, thread);
    if (strcmp(status, "dead") != 0 && strcmp(status, "suspended") != 0) {
        sandbox_error(L, "cannot close a %s coroutine", status);
    }
    if (lua_resetthread(thread) == LUA_OK) {
        lua_pushboolean(L, true);
        return 1;
    }
    lua_pushboolean(L, false);
    lua_xmove(thread, L, 1);
    return 2;
}

static const luaL_Reg functions[] = {
    {"create", co_create}, {"resume", co_resume},           {"wrap", co_wrap},
    {"yield", co_yield },  {"status", co_status},           {"running", co_running},
    {"close", co_close},   {"isyieldable", co_isyieldable}, {NULL, NULL},
};

void lib_open_coroutine(lua_State *L) {
    luaL_newlib(L, functions);
    lua_setglobal(L, "coroutine");
}
