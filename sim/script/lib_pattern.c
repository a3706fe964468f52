// string.find, match, gmatch, gsub.
#include "sim/script/lib.h"
#include "sim/script/pattern.h"

#include <stdbool.h>
#include <string.h>

// The state of a gmatch, kept in a userdata.
struct walk {
    size_t at;          // where the next attempt starts, from 0
    size_t last_match;  // the end of the last match + 1, 0: none. An empty match there doesn't count
};

static struct pattern prepare(lua_State *L, int text, int pattern) {
    size_t text_length;
    size_t pattern_length;
    struct pattern m = {0};
    m.text = lib_check_text(L, text, &text_length);
    m.pattern = lib_check_text(L, pattern, &pattern_length);
    m.text_end = m.text + text_length;
    m.pattern_end = m.pattern + pattern_length;
    return m;
}

// A match at `at`, paid for; its end or NULL.
static const char *try_match(lua_State *L, struct pattern *m, const char *at) {
    const uint64_t left = sandbox_left(L);
    m->steps = left;
    const char *end = pattern_match(m, at);
    sandbox_charge(L, m->exhausted ? UINT64_MAX : 1 + left - m->steps);
    if (m->error != NULL) sandbox_error(L, "%t", m->error);
    return end;
}

static int capture_count(const struct pattern *m) {
    return m->level == 0 ? 1 : m->level;  // without captures the whole match is the one
}

static void push_capture(lua_State *L, const struct pattern *m, int i, const char *start, const char *end) {
    if (m->level == 0) {
        lua_pushlstring(L, start, (size_t)(end - start));
    } else if (m->captures[i].length == PATTERN_POSITION) {
        lua_pushinteger(L, m->captures[i].start - m->text + 1);
    } else {
        lua_pushlstring(L, m->captures[i].start, (size_t)m->captures[i].length);
    }
}

static int push_captures(lua_State *L, const struct pattern *m, const char *start, const char *end) {
    const int count = capture_count(m);
    luaL_checkstack(L, count, "too many captures");
    for (int i = 0; i < count; i++)
        push_capture(L, m, i, start, end);
    return count;
}

// Where `what` first is in the text from `from` on, or NULL.
static const char *find_plain(lua_State *L, const char *from, const char *text_end, const char *what, size_t length) {
    uint64_t compared = 0;
    while ((size_t)(text_end - from) >= length) {
        size_t same = 0;
        while (same < length && from[same] == what[same])
            same++;
        if (same == length) return from;
        from++;
        compared += same + 1;
        if (compared >= 4096) {
            sandbox_charge(L, compared / 8);
            compared = 0;
        }
    }
    sandbox_charge(L, 1 + compared / 8);
    return NULL;
}

static bool has_specials(const struct pattern *m) {
    for (const char *p = m->pattern; p < m->pattern_end; p++) {
        if (*p != '\0' && strchr("^$*+?.([%-", *p) != NULL) return true;
    }
    return false;
}

static bool take_anchor(struct pattern *m) {
    if (m->pattern == m->pattern_end || *m->pattern != '^') return false;
    m->pattern++;
    return true;
}

static int push_nothing(lua_State *L) {
    luaL_pushfail(L);
    return 1;
}

// Pushes where a match is: its first and last position.
static int push_range(lua_State *L, const struct pattern *m, const char *start, const char *end) {
    lua_pushinteger(L, start - m->text + 1);
    lua_pushinteger(L, end - m->text);
    return 2;
}

static int find_or_match(lua_State *L, bool find) {
    struct pattern m = prepare(L, 1, 2);
    const size_t length = (size_t)(m.text_end - m.text);
    const size_t pattern_length = (size_t)(m.pattern_end - m.pattern);
    size_t from = lib_position(sandbox_opt_integer(L, 3, 1), length);
    if (from < 1) from = 1;
    if (from > length + 1) return push_nothing(L);
    sandbox_charge(L, 1 + pattern_length / 8);
    if (find && (lua_toboolean(L, 4) || !has_specials(&m))) {
        const char *at = find_plain(L, m.text + from - 1, m.text_end, m.pattern, pattern_length);
        return at == NULL ? push_nothing(L) : push_range(L, &m, at, at + pattern_length);
    }
    const bool anchored = take_anchor(&m);
    for (const char *at = m.text + from - 1; at <= m.text_end; at++) {
        const char *end = try_match(L, &m, at);
        if (end != NULL && !find) return push_captures(L, &m, at, end);
        if (end != NULL) return push_range(L, &m, at, end) + (m.level == 0 ? 0 : push_captures(L, &m, at, end));
        if (anchored) break;
    }
    return push_nothing(L);
}

static int string_find(lua_State *L) {
    return find_or_match(L, true);
}

static int string_match(lua_State *L) {
    return find_or_match(L, false);
}

static int gmatch_step(lua_State *L) {
    struct walk *walk = lua_touserdata(L, lua_upvalueindex(3));
    struct pattern m = prepare(L, lua_upvalueindex(1), lua_upvalueindex(2));
    for (; walk->at <= (size_t)(m.text_end - m.text); walk->at++) {
        const char *at = m.text + walk->at;
        const char *end = try_match(L, &m, at);
        if (end == NULL || (size_t)(end - m.text) + 1 == walk->last_match) continue;
        walk->at = (size_t)(end - m.text);
        walk->last_match = walk->at + 1;
        return push_captures(L, &m, at, end);
    }
    return 0;
}

static int string_gmatch(lua_State *L) {
    size_t length;
    lib_check_text(L, 1, &length);
    lib_check_text(L, 2, NULL);
    const size_t from = lib_position(sandbox_opt_integer(L, 3, 1), length);
    lua_settop(L, 2);
    struct walk *walk = lua_newuserdatauv(L, sizeof *walk, 0);
    walk->at = from > length + 1 ? length + 1 : from > 0 ? from - 1 : 0;
    walk->last_match = 0;
    lua_pushcclosure(L, gmatch_step, 3);
    return 1;
}

// ---- gsub

// Adds the replacement text at 3, in which %1 is a capture, %0 the match and %% a percent sign.
static void add_text(lua_State *L, struct lib_buffer *buffer, const struct pattern *m, const char *start,
                     const char *end) {
    size_t length;
    const char *text = lua_tolstring(L, 3, &length);
    const char *text_end = text + length;
    while (text < text_end) {
        const char *percent = memchr(text, '%', (size_t)(text_end - text));
        const char *plain_end = percent == NULL ? text_end : percent;
        sandbox_charge(L, 1 + (uint64_t)(plain_end - text) / 16);
        lib_buffer_add(buffer, text, (size_t)(plain_end - text));
        if (percent == NULL) break;
        const char code = percent + 1 < text_end ? percent[1] : '\0';
        text = percent + 2;
        if (code == '%') {
            lib_buffer_add(buffer, "%", 1);
        } else if (code == '0') {
            lib_buffer_add(buffer, start, (size_t)(end - start));
        } else if (code < '1' || code > '9') {
            sandbox_error(L, "invalid use of '%%' in replacement string");
        } else if (code - '1' >= capture_count(m)) {
            sandbox_error(L, "invalid capture index %%%d in replacement string", code - '0');
        } else {
            push_capture(L, m, code - '1', start, end);
            lib_buffer_add_value(buffer, -1);
            lua_pop(L, 1);
        }
    }
}

// Adds what replaces the match.
static void add_replacement(lua_State *L, struct lib_buffer *buffer, const struct pattern *m, const char *start,
                            const char *end) {
    const int type = lua_type(L, 3);
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(L, m, start, end), 1);
    } else if (type == LUA_TTABLE) {
        push_capture(L, m, 0, start, end);
        lua_gettable(L, 3);
    } else {
        add_text(L, buffer, m, start, end);
        return;
    }
    if (!lua_toboolean(L, -1)) {
        lib_buffer_add(buffer, start, (size_t)(end - start));
    } else if (lua_type(L, -1) == LUA_TSTRING || lua_type(L, -1) == LUA_TNUMBER) {
        lib_buffer_add_value(buffer, -1);
    } else {
        sandbox_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    }
    lua_pop(L, 1);
}

static int string_gsub(lua_State *L) {
    struct pattern m = prepare(L, 1, 2);
    const int type = lua_type(L, 3);
    if (type == LUA_TNUMBER) {
        lib_check_text(L, 3, NULL);
    } else if (type != LUA_TSTRING && type != LUA_TTABLE && type != LUA_TFUNCTION) {
        luaL_typeerror(L, 3, "string/function/table");
    }
    const lua_Integer limit = sandbox_opt_integer(L, 4, LUA_MAXINTEGER);
    const bool anchored = take_anchor(&m);
    const char *at = m.text;
    const char *last_match = NULL;
    lua_Integer count = 0;
    struct lib_buffer buffer;
    lua_settop(L, 4);
    lib_buffer_init(L, &buffer);
    while (count < limit) {
        const char *end = try_match(L, &m, at);
        if (end != NULL && end != last_match) {
            count++;
            add_replacement(L, &buffer, &m, at, end);
            at = last_match = end;
        } else if (at < m.text_end) {
            lib_buffer_add(&buffer, at++, 1);
        } else {
            break;
        }
        if (anchored) break;
    }
    lib_buffer_add(&buffer, at, (size_t)(m.text_end - at));
    lib_buffer_push(&buffer);
    lua_pushinteger(L, count);
    return 2;
}

static const luaL_Reg functions[] = {
    {"find", string_find}, {"match", string_match}, {"gmatch", string_gmatch}, {"gsub", string_gsub}, {NULL, NULL},
};

void lib_add_patterns(lua_State *L) {
    luaL_setfuncs(L, functions, 0);
}
