// utf8: characters up to U+7FFFFFFF when `lax`, else up to U+10FFFF without surrogates.
#include "sim/script/lib.h"

#include <stdbool.h>

enum { CHARACTER_SIZE = 6 };

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

// Reads the character at `text`, which is followed by a NUL at `end`. Its size, or 0 when it is malformed.
static size_t decode(const char *text, const char *end, bool strict, uint32_t *character) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000};
    const unsigned char first = (unsigned char)text[0];
    size_t size = 1;
    if (first < 0x80) {
        *character = first;
        return 1;
    }
    while (size < 8 && (first & (0x80u >> size)) != 0)
        size++;
    if (size < 2 || size > CHARACTER_SIZE || (size_t)(end - text) < size) return 0;
    uint32_t value = first & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if (!is_continuation(text[i])) return 0;
        value = value << 6 | ((unsigned char)text[i] & 0x3Fu);
    }
    if (value < least[size]) return 0;
    if (strict && (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))) return 0;
    *character = value;
    return size;
}

static size_t encode(uint32_t character, char bytes[CHARACTER_SIZE]) {
    static const uint32_t limit[] = {0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000, 0x80000000};
    size_t size = 1;
    while (character >= limit[size])
        size++;
    for (size_t i = size - 1; i > 0; i--) {
        bytes[i] = (char)(0x80u | (character & 0x3Fu));
        character >>= 6;
    }
    bytes[0] = (char)(size == 1 ? character : ((0xFF00u >> size) & 0xFFu) | character);
    return size;
}

static int utf8_char(lua_State *L) {
    const int count = lua_gettop(L);
    struct lib_buffer buffer;
    lib_buffer_init(L, &buffer);
    for (int i = 1; i <= count; i++) {
        char bytes[CHARACTER_SIZE];
        const lua_Integer character = sandbox_check_integer(L, i);
        if (character < 0 || character > 0x7FFFFFFF) sandbox_argument_error(L, i, "value out of range");
        lib_buffer_add(&buffer, bytes, encode((uint32_t)character, bytes));
    }
    lib_buffer_push(&buffer);
    return 1;
}

static int utf8_len(lua_State *L) {
    size_t length;
    const char *text = lib_check_text(L, 1, &length);
    size_t at = lib_position(sandbox_opt_integer(L, 2, 1), length);
    const lua_Integer last = (lua_Integer)lib_position(sandbox_opt_integer(L, 3, -1), length);
    const bool lax = lua_toboolean(L, 4) != 0;
    if (at < 1 || at > length + 1) sandbox_argument_error(L, 2, "initial position out of bounds");
    if (last > (lua_Integer)length) sandbox_argument_error(L, 3, "final position out of bounds");
    lua_Integer count = 0;
    for (; (lua_Integer)at <= last; count++) {
        uint32_t character;
        const size_t size = decode(text + at - 1, text + length, !lax, &character);
        sandbox_charge(L, 1);
        if (size == 0) {
            luaL_pushfail(L);
            lua_pushinteger(L, (lua_Integer)at);
            return 2;
        }
        at += size;
    }
    lua_pushinteger(L, count);
    return 1;
}

static int utf8_codepoint(lua_State *L) {
    size_t length;
    const char *text = lib_check_text(L, 1, &length);
    const lua_Integer first = sandbox_opt_integer(L, 2, 1);
    size_t at = lib_position(first, length);
    const size_t last = lib_position(sandbox_opt_integer(L, 3, (lua_Integer)at), length);
    const bool lax = lua_toboolean(L, 4) != 0;
    if (at < 1) sandbox_argument_error(L, 2, "out of bounds");
    if (last > length) sandbox_argument_error(L, 3, "out of bounds");
    int count = 0;
    while (at <= last) {
        uint32_t character;
        const size_t size = decode(text + at - 1, text + length, !lax, &character);
        if (size == 0) sandbox_error(L, "invalid UTF-8 code");
        sandbox_charge(L, 1);
        luaL_checkstack(L, 1, "string slice too long");
        lua_pushinteger(L, character);
        at += size;
        count++;
    }
    return count;
}

static int utf8_offset(lua_State *L) {
    size_t length;
    const char *text = lib_check_text(L, 1, &length);
    lua_Integer n = sandbox_check_integer(L, 2);
    const lua_Integer start = sandbox_opt_integer(L, 3, n >= 0 ? 1 : (lua_Integer)length + 1);
    const size_t position = lib_position(start, length);
    if (position < 1 || position > length + 1) sandbox_argument_error(L, 3, "position out of bounds");
    size_t at = position - 1;
    sandbox_charge(L, 1 + length / 4);
    if (n == 0) {
        while (at > 0 && is_continuation(text[at]))
            at--;
    } else if (is_continuation(text[at])) {
        sandbox_error(L, "initial position is a continuation byte");
    }
    for (; n < 0 && at > 0; n++) {
        do
            at--;
        while (at > 0 && is_continuation(text[at]));
    }
    for (; n > 1 && at < length; n--) {
        do
            at++;
        while (is_continuation(text[at]));
    }
    if (n == 0 || n == 1) {
        lua_pushinteger(L, (lua_Integer)at + 1);
    } else {
        luaL_pushfail(L);
    }
    return 1;
}

static int codes_step(lua_State *L, bool strict) {
    size_t length;
    const char *text = lib_check_text(L, 1, &length);
    const lua_Unsigned before = (lua_Unsigned)sandbox_check_integer(L, 2);
    size_t at = before < length ? (size_t)before : length;
    uint32_t character;
    sandbox_charge(L, 1);
    while (before > 0 && before < length && is_continuation(text[at])) {
        sandbox_charge(L, 1);
        at++;
    }
    if (at >= length) return 0;
    const size_t size = decode(text + at, text + length, strict, &character);
    if (size == 0 || is_continuation(text[at + size])) sandbox_error(L, "invalid UTF-8 code");
    lua_pushinteger(L, (lua_Integer)at + 1);
    lua_pushinteger(L, character);
    return 2;
}

static int strict_step(lua_State *L) {
    return codes_step(L, true);
}

static int lax_step(lua_State *L) {
    return codes_step(L, false);
}

static int utf8_codes(lua_State *L) {
    const bool lax = lua_toboolean(L, 2) != 0;
    lib_check_text(L, 1, NULL);
    lua_pushcfunction(L, lax ? lax_step : strict_step);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

static const luaL_Reg functions[] = {
    {"char", utf8_char},     {"len", utf8_len},     {"codepoint", utf8_codepoint},
    {"offset", utf8_offset}, {"codes", utf8_codes}, {NULL, NULL},
};

void lib_open_utf8(lua_State *L) {
    luaL_newlib(L, functions);
    lua_pushlstring(L, "[\0-\x7F\xC2-\xFD][\x80-\xBF]*", 14);
    lua_setfield(L, -2, "charpattern");
    lua_setglobal(L, "utf8");
}
