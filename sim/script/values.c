// Values of the script seen from C: as text, as numbers, as keys in order; and text being built.
#include "sim/script/lib.h"

#include <stdbool.h>
#include <string.h>

// ---- text of values

// Numbers as Lua writes them, but for "not a number": its sign depends on the processor.
static void push_number(lua_State *L, int index) {
    if (lua_isinteger(L, index)) {
        lua_pushfstring(L, "%I", lua_tointeger(L, index));
        return;
    }
    const lua_Number number = lua_tonumber(L, index);
    if (number < 0 || number >= 0) {
        lua_pushfstring(L, "%f", number);
    } else {
        lua_pushliteral(L, "nan");
    }
}

static void push_text(lua_State *L, int index) {
    const int type = lua_type(L, index);
    switch (type) {
    case LUA_TNIL: lua_pushliteral(L, "nil"); break;
    case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false"); break;
    case LUA_TNUMBER: push_number(L, index); break;
    case LUA_TSTRING: lua_pushvalue(L, index); break;
    default: {
        const int name = luaL_getmetafield(L, index, "__name");
        if (name == LUA_TSTRING) return;
        if (name != LUA_TNIL) lua_pop(L, 1);
        lua_pushstring(L, lua_typename(L, type));
    }
    }
}

const char *sandbox_tostring(lua_State *L, int index, size_t *length) {
    index = lua_absindex(L, index);
    sandbox_charge(L, 10);
    if (lua_type(L, index) > LUA_TSTRING && luaL_callmeta(L, index, "__tostring")) {
        if (lua_type(L, -1) != LUA_TSTRING) sandbox_error(L, "'__tostring' must return a string");
    } else {
        push_text(L, index);
    }
    return lua_tolstring(L, -1, length);
}

const char *lib_check_text(lua_State *L, int argument, size_t *length) {
    if (lua_type(L, argument) == LUA_TNUMBER) {
        push_number(L, argument);
        lua_replace(L, argument);
    }
    return luaL_checklstring(L, argument, length);
}

// ---- numbers

// A string converts as in Lua, but its length is paid for.
static void charge_conversion(lua_State *L, int argument) {
    if (lua_type(L, argument) == LUA_TSTRING) sandbox_charge(L, lua_rawlen(L, argument));
}

lua_Integer sandbox_check_integer(lua_State *L, int argument) {
    charge_conversion(L, argument);
    return luaL_checkinteger(L, argument);
}

lua_Number sandbox_check_number(lua_State *L, int argument) {
    charge_conversion(L, argument);
    return luaL_checknumber(L, argument);
}

lua_Integer sandbox_opt_integer(lua_State *L, int argument, lua_Integer otherwise) {
    return lua_isnoneornil(L, argument) ? otherwise : sandbox_check_integer(L, argument);
}

size_t lib_position(lua_Integer position, size_t length) {
    if (position > 0) return (size_t)position;
    if (position == 0) return 0;
    if (position < -(lua_Integer)length) return 0;
    return length + 1 - (size_t)-position;
}

// ---- text being built

void lib_buffer_init(lua_State *L, struct lib_buffer *buffer) {
    *buffer = (struct lib_buffer){.L = L, .capacity = 256};
    buffer->data = lua_newuserdatauv(L, buffer->capacity, 0);
    buffer->slot = lua_gettop(L);
}

char *lib_buffer_room(struct lib_buffer *buffer, size_t length) {
    if (length > SIZE_MAX / 4) sandbox_check_length(buffer->L, length);
    sandbox_check_length(buffer->L, buffer->length + length);
    sandbox_charge(buffer->L, 1 + length / 256);
    if (buffer->length + length > buffer->capacity) {
        buffer->capacity =
            buffer->length + length > 2 * buffer->capacity ? buffer->length + length : 2 * buffer->capacity;
        char *data = lua_newuserdatauv(buffer->L, buffer->capacity, 0);
        memcpy(data, buffer->data, buffer->length);
        buffer->data = data;
        lua_replace(buffer->L, buffer->slot);
    }
    return buffer->data + buffer->length;
}

void lib_buffer_add(struct lib_buffer *buffer, const char *text, size_t length) {
    if (length == 0) return;
    memcpy(lib_buffer_room(buffer, length), text, length);
    buffer->length += length;
}

void lib_buffer_add_value(struct lib_buffer *buffer, int index) {
    size_t length;
    index = lua_absindex(buffer->L, index);
    push_text(buffer->L, index);
    const char *text = lua_tolstring(buffer->L, -1, &length);
    lib_buffer_add(buffer, text, length);
    lua_pop(buffer->L, 1);
}

void lib_buffer_push(struct lib_buffer *buffer) {
    lua_pushlstring(buffer->L, buffer->data, buffer->length);
}

// ---- keys in order

enum rank { RANK_INTEGER, RANK_FLOAT, RANK_STRING, RANK_BOOLEAN, RANK_OBJECT };

struct key {
    enum rank rank;
    lua_Integer index;  // for sandbox_sorted_keys()
    union {
        lua_Integer integer;  // booleans too
        lua_Number number;
        uint64_t serial;
        struct {
            const char *text;
            size_t length;
        } string;
    } as;
};

static struct key read_key(lua_State *L, int index) {
    struct key key = {.rank = RANK_OBJECT};
    const int type = lua_type(L, index);
    if (type == LUA_TNUMBER && lua_isinteger(L, index)) {
        key.rank = RANK_INTEGER;
        key.as.integer = lua_tointeger(L, index);
    } else if (type == LUA_TNUMBER) {
        key.rank = RANK_FLOAT;
        key.as.number = lua_tonumber(L, index);
    } else if (type == LUA_TSTRING) {
        key.rank = RANK_STRING;
        key.as.string.text = lua_tolstring(L, index, &key.as.string.length);
    } else if (type == LUA_TBOOLEAN) {
        key.rank = RANK_BOOLEAN;
        key.as.integer = lua_toboolean(L, index);
    } else if (type == LUA_TUSERDATA) {
        key.as.serial = ((const struct sandbox_object *)lua_touserdata(L, index))->serial;
    } else {
        sandbox_error(L, "pairs and next have no order for a key that is a %s", lua_typename(L, type));
    }
    return key;
}

// Float keys are never integral within the range of integers: Lua makes those integers.
static int order_mixed(lua_Integer integer, lua_Number number) {
    const lua_Number edge = 9223372036854775808.0;
    if (number >= edge) return -1;
    if (number < -edge) return 1;
    const lua_Integer truncated = (lua_Integer)number;
    if (integer != truncated) return integer < truncated ? -1 : 1;
    return (lua_Number)truncated < number ? -1 : 1;
}

static int order_strings(lua_State *L, const struct key *a, const struct key *b) {
    const size_t shorter = a->as.string.length < b->as.string.length ? a->as.string.length : b->as.string.length;
    if (shorter >= 64) sandbox_charge(L, shorter / 64);
    const int order = memcmp(a->as.string.text, b->as.string.text, shorter);
    if (order != 0) return order;
    return (a->as.string.length > b->as.string.length) - (a->as.string.length < b->as.string.length);
}

// Negative, zero, positive: a before, the same as, after b.
static int order_keys(lua_State *L, const struct key *a, const struct key *b) {
    if (a->rank == RANK_INTEGER && b->rank == RANK_FLOAT) return order_mixed(a->as.integer, b->as.number);
    if (a->rank == RANK_FLOAT && b->rank == RANK_INTEGER) return -order_mixed(b->as.integer, a->as.number);
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    switch (a->rank) {
    case RANK_FLOAT: return (a->as.number > b->as.number) - (a->as.number < b->as.number);
    case RANK_STRING: return order_strings(L, a, b);
    case RANK_OBJECT: return (a->as.serial > b->as.serial) - (a->as.serial < b->as.serial);
    case RANK_INTEGER:
    case RANK_BOOLEAN: break;
    }
    return (a->as.integer > b->as.integer) - (a->as.integer < b->as.integer);
}

// Merges two sorted runs of `from` at `left` and `right`, which ends at `end`, into `to`.
static void merge(lua_State *L, const struct key *from, struct key *to, size_t left, size_t right, size_t end) {
    size_t a = left;
    size_t b = right;
    sandbox_charge(L, end - left);
    for (size_t i = left; i < end; i++) {
        const bool take_right = a == right || (b < end && order_keys(L, &from[b], &from[a]) < 0);
        to[i] = take_right ? from[b++] : from[a++];
    }
}

// Sorts `count` keys; `spare` has room for as many. Returns where they are now.
static struct key *sort_keys(lua_State *L, struct key *keys, struct key *spare, size_t count) {
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t at = 0; at < count; at += 2 * run) {
            const size_t right = at + run < count ? at + run : count;
            merge(L, keys, spare, at, right, right + run < count ? right + run : count);
        }
        struct key *sorted = spare;
        spare = keys;
        keys = sorted;
    }
    return keys;
}

// Reads the keys of `table` into `keys` and into a new array on the top of the stack.
static void read_keys(lua_State *L, int table, struct key *keys, size_t count) {
    lua_createtable(L, count < 1 << 24 ? (int)count : 0, 0);
    const int array = lua_gettop(L);
    size_t at = 0;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        keys[at] = read_key(L, -2);
        keys[at].index = (lua_Integer)at + 1;
        at++;
        lua_pushvalue(L, -2);
        lua_rawseti(L, array, (lua_Integer)at);
    }
}

void sandbox_sorted_keys(lua_State *L, int index) {
    const int table = lua_absindex(L, index);
    luaL_checkstack(L, 8, NULL);
    sandbox_charge_walk(L);
    size_t count = 0;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        sandbox_charge(L, 2 * sandbox_weight(L));
        count++;
    }
    lua_createtable(L, count < 1 << 24 ? (int)count : 0, 0);
    const int sorted = lua_gettop(L);
    struct key *keys = lua_newuserdatauv(L, 2 * (count + 1) * sizeof *keys, 0);
    read_keys(L, table, keys, count);
    keys = sort_keys(L, keys, keys + count, count);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, sorted + 2, keys[i].index);
        lua_rawseti(L, sorted, (lua_Integer)i + 1);
    }
    lua_settop(L, sorted);
}

int lib_next(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    const bool from_start = lua_isnil(L, 2);
    struct key before = {0};
    struct key best = {0};
    if (!from_start) before = read_key(L, 2);
    sandbox_charge_walk(L);
    lua_pushnil(L);  // 3: the best so far
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
        sandbox_charge(L, sandbox_weight(L));
        const struct key key = read_key(L, 4);
        if (!from_start && order_keys(L, &key, &before) <= 0) continue;
        if (!lua_isnil(L, 3) && order_keys(L, &key, &best) >= 0) continue;
        best = key;
        lua_copy(L, 4, 3);
    }
    if (lua_isnil(L, 3)) return 1;
    lua_pushvalue(L, 3);
    lua_rawget(L, 1);
    return 2;
}
