// string, but for patterns (lib_pattern.c) and format (lib_format.c). Letters are ASCII's whatever the locale.
#include "sim/script/lib.h"

#include <limits.h>
#include <string.h>

static int string_len(lua_State *L) {
    size_t length;
    lib_check_text(L, 1, &length);
    lua_pushinteger(L, (lua_Integer)length);
    return 1;
}

// The end of a range: as lib_position(), but never behind the end.
static size_t end_position(lua_Integer position, size_t length) {
    const size_t end = lib_position(position, length);
    return end > length ? length : end;
}

static int string_sub(lua_State *L) {
    size_t length;
    const char *text = lib_check_text(L, 1, &length);
    size_t first = lib_position(sandbox_check_integer(L, 2), length);
    const size_t last = end_position(sandbox_opt_integer(L, 3, -1), length);
    if (first < 1) first = 1;
    if (first > last) {
        lua_pushliteral(L, "");
    } else {
        lua_pushlstring(L, text + first - 1, last - first + 1);
    }
    return 1;
}

static char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int convert(lua_State *L, char (*character)(char)) {
    size_t length;
    struct lib_buffer buffer;
    const char *text = lib_check_text(L, 1, &length);
    lib_buffer_init(L, &buffer);
    char *room = lib_buffer_room(&buffer, length);
    for (size_t i = 0; i < length; i++)
        room[i] = character(text[i]);
    buffer.length = length;
    lib_buffer_push(&buffer);
    return 1;
}

static int string_upper(lua_State *L) {
    return convert(L, to_upper);
}

static int string_lower(lua_State *L) {
    return convert(L, to_lower);
}

static int string_reverse(lua_State *L) {
    size_t length;
    struct lib_buffer buffer;
    const char *text = lib_check_text(L, 1, &length);
    lib_buffer_init(L, &buffer);
    char *room = lib_buffer_room(&buffer, length);
    for (size_t i = 0; i < length; i++)
        room[i] = text[length - 1 - i];
    buffer.length = length;
    lib_buffer_push(&buffer);
    return 1;
}

static int string_rep(lua_State *L) {
    size_t length;
    size_t separator_length;
    struct lib_buffer buffer;
    const char *text = lib_check_text(L, 1, &length);
    const lua_Integer count = sandbox_check_integer(L, 2);
    if (lua_isnoneornil(L, 3)) {
        lua_settop(L, 2);
        lua_pushliteral(L, "");
    }
    const char *separator = lib_check_text(L, 3, &separator_length);
    if (count <= 0 || length + separator_length == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    const size_t unit = length + separator_length;
    if ((lua_Unsigned)count > SIZE_MAX / 2 / unit) sandbox_check_length(L, SIZE_MAX);
    const size_t total = (size_t)count * unit - separator_length;  // the separator comes once less
    lib_buffer_init(L, &buffer);
    char *room = lib_buffer_room(&buffer, total);
    memcpy(room, text, length);
    if (count > 1) memcpy(room + length, separator, separator_length);
    for (size_t done = unit; done < total; done *= 2)
        memcpy(room + done, room, done < total - done ? done : total - done);
    buffer.length = total;
    lib_buffer_push(&buffer);
    return 1;
}

static int string_byte(lua_State *L) {
    size_t length;
    const char *text = lib_check_text(L, 1, &length);
    const lua_Integer from = sandbox_opt_integer(L, 2, 1);
    size_t first = lib_position(from, length);
    const size_t last = end_position(sandbox_opt_integer(L, 3, (lua_Integer)first), length);
    if (first < 1) first = 1;
    if (first > last) return 0;
    const size_t count = last - first + 1;
    sandbox_charge(L, count);
    if (count >= INT_MAX || !lua_checkstack(L, (int)count)) sandbox_error(L, "string slice too long");
    for (size_t i = 0; i < count; i++)
        lua_pushinteger(L, (unsigned char)text[first - 1 + i]);
    return (int)count;
}

static int string_char(lua_State *L) {
    const int count = lua_gettop(L);
    struct lib_buffer buffer;
    lib_buffer_init(L, &buffer);
    for (int i = 1; i <= count; i++) {
        const lua_Integer value = sandbox_check_integer(L, i);
        if (value < 0 || value > UCHAR_MAX) sandbox_argument_error(L, i, "value out of range");
        const char byte = (char)(unsigned char)value;
        lib_buffer_add(&buffer, &byte, 1);
    }
    lib_buffer_push(&buffer);
    return 1;
}

static const luaL_Reg functions[] = {
    {"len", string_len},         {"sub", string_sub}, {"upper", string_upper}, {"lower", string_lower},
    {"reverse", string_reverse}, {"rep", string_rep}, {"byte", string_byte},   {"char", string_char},
    {"format", lib_format},      {NULL, NULL},
};

// Strings find their methods in a metatable that no script can get hold of.
void lib_open_string(lua_State *L) {
    luaL_newlib(L, functions);
    lib_add_patterns(L);
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
    lua_setglobal(L, "string");
}
