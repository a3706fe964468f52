#include "sim/script/args.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

#include "core/tcp.h"
#include "sim/script/sandbox.h"

// ---- Errors ---------------------------------------------------------------------------------------------------

void args_suggest(lua_State *L, struct suggestion *suggestion, const char *wanted) {
    sandbox_charge(L, 5000);  // about what comparing it with a hundred names costs
    suggest_begin(suggestion, wanted);
}

void args_unknown(lua_State *L, const char *what, const char *kind, const char *name, const char *best,
                  const char *hint) {
    if (best[0] != '\0') sandbox_error(L, "%l: no %t '%s'; did you mean '%s'?", what, kind, name, best);
    sandbox_error(L, "%l: no %t '%s'; %t", what, kind, name, hint);
}

// A string in quotes, cut after some 30 bytes, control characters as '?'.
static void show_string(lua_State *L, int index, char shown[ARGS_SHOWN]) {
    size_t length;
    const char *text = lua_tolstring(L, index, &length);
    size_t cut = length > 30 ? 30 : length;
    while (cut < length && cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
        cut--;
    char *to = shown;
    *to++ = '"';
    for (size_t i = 0; i < cut; i++)
        *to++ = (char)((unsigned char)text[i] < 0x20 || text[i] == 0x7F ? '?' : text[i]);
    memcpy(to, cut < length ? "...\"" : "\"", cut < length ? 5 : 2);
}

static void show_number(lua_State *L, int index, char shown[ARGS_SHOWN]) {
    lua_Number number = lua_tonumber(L, index);
    if (lua_isinteger(L, index)) {
        snprintf(shown, ARGS_SHOWN, "%" PRId64, (int64_t)lua_tointeger(L, index));
    } else if (number != number) {
        memcpy(shown, "nan", 4);  // printf writes its sign on some machines
    } else {
        snprintf(shown, ARGS_SHOWN, "%.14g", number);
    }
}

const char *args_show(lua_State *L, int index, char shown[ARGS_SHOWN]) {
    const char *type = lua_typename(L, lua_type(L, index));
    switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL: type = "nothing (nil)"; break;
    case LUA_TNUMBER: show_number(L, index, shown); return shown;
    case LUA_TSTRING: show_string(L, index, shown); return shown;
    case LUA_TBOOLEAN: return lua_toboolean(L, index) ? "true" : "false";
    case LUA_TUSERDATA:
        if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) {
            const char *name = lua_tostring(L, -1);
            snprintf(shown, ARGS_SHOWN, "%s %s", strchr("aeio", name[0]) != NULL ? "an" : "a", name);
            lua_pop(L, 1);
            return shown;
        }
        break;
    default: break;
    }
    snprintf(shown, ARGS_SHOWN, "%s%s", type[0] == 'n' ? "" : "a ", type);
    return shown;
}

// ---- Values ---------------------------------------------------------------------------------------------------

uint64_t args_integer(lua_State *L, int index, const char *label, uint64_t low, uint64_t high) {
    char shown[ARGS_SHOWN];
    int is_integer = 0;
    lua_Integer value = lua_type(L, index) == LUA_TNUMBER ? lua_tointegerx(L, index, &is_integer) : 0;
    bool good = is_integer != 0 && value >= 0 && (uint64_t)value >= low && (uint64_t)value <= high;
    if (!good)
        sandbox_error(L, "%l is %t; it must be a whole number from %I to %I", label, args_show(L, index, shown),
                      (LUAI_UACINT)low, (LUAI_UACINT)high);
    return (uint64_t)value;
}

_Noreturn static void no_time(lua_State *L, int index, const char *label) {
    char shown[ARGS_SHOWN];
    sandbox_error(L, "%l is %t; a time is a number from 0 to ten years, such as 20 * ms", label,
                  args_show(L, index, shown));
}

uint64_t args_time(lua_State *L, int index, const char *label) {
    if (lua_type(L, index) != LUA_TNUMBER) no_time(L, index, label);
    if (lua_isinteger(L, index)) {
        lua_Integer time = lua_tointeger(L, index);
        if (time < 0 || (uint64_t)time > ARGS_TIME_LIMIT) no_time(L, index, label);
        return (uint64_t)time;
    }
    lua_Number time = lua_tonumber(L, index);
    // Written so that NaN fails. Beyond 2^52 a double is a whole number already.
    if (!(time >= 0 && time <= (lua_Number)ARGS_TIME_LIMIT)) no_time(L, index, label);
    return time >= 4503599627370496.0 ? (uint64_t)time : (uint64_t)(time + 0.5);
}

static uint32_t read_probability(lua_State *L, int index, const char *label) {
    char shown[ARGS_SHOWN];
    lua_Number p = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : -1;
    if (!(p >= 0 && p <= 1))
        sandbox_error(L, "%l is %t; a probability is a number from 0 to 1", label, args_show(L, index, shown));
    return (uint32_t)(p * 1e6 + 0.5);
}

uint16_t args_port(lua_State *L, int index, const char *label) {
    return (uint16_t)args_integer(L, index, label, 1, 65535);
}

static bool read_boolean(lua_State *L, int index, const char *label) {
    char shown[ARGS_SHOWN];
    if (!lua_isboolean(L, index))
        sandbox_error(L, "%l is %t; it must be true or false", label, args_show(L, index, shown));
    return lua_toboolean(L, index) != 0;
}

const char *args_string(lua_State *L, int index, const char *label, size_t low, size_t high, size_t *length) {
    char shown[ARGS_SHOWN];
    if (lua_type(L, index) != LUA_TSTRING)
        sandbox_error(L, "%l is %t; it must be a string", label, args_show(L, index, shown));
    const char *text = lua_tolstring(L, index, length);
    if (*length < low || *length > high)
        sandbox_error(L, "%l is %d bytes long; it must have %d to %d", label, (int)*length, (int)low, (int)high);
    return text;
}

const char *args_words(lua_State *L, int index, const char *label, size_t high) {
    size_t length;
    const char *text = args_string(L, index, label, 1, high, &length);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\n') || c == 0x7F)
            sandbox_error(L, "%l has the control character %d in it; it must be plain text", label, (int)c);
    }
    return text;
}

static const char *const flag_names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};

// The bit of the flag whose name is the `length` bytes at `word`.
static uint8_t flag_bit(lua_State *L, const char *word, size_t length, const char *label) {
    char name[SUGGEST_NAME] = "";
    memcpy(name, word, length < sizeof name ? length : sizeof name - 1);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    for (unsigned bit = 0; bit < 8; bit++) {
        if (strcmp(name, flag_names[bit]) == 0) return (uint8_t)(1u << bit);
        suggest_add(&suggestion, flag_names[bit]);
    }
    args_unknown(L, label, "flag", name, suggestion.best,
                 "flags are written \"SYN,ACK\" (FIN SYN RST PSH ACK URG ECE CWR)");
}

uint8_t args_flags(lua_State *L, int index, const char *label) {
    size_t length;
    const char *at = args_string(L, index, label, 0, 64, &length);
    if (strcmp(at, "none") == 0) return 0;
    uint8_t flags = 0;
    for (;;) {
        at += strspn(at, ", +|");
        size_t word = strcspn(at, ", +|");
        if (word == 0) break;
        flags |= flag_bit(L, at, word, label);
        at += word;
    }
    if (flags == 0) sandbox_error(L, "%l is empty; write \"SYN\", \"SYN,ACK\" ..., or \"none\" for no flag", label);
    return flags;
}

enum tcp_rule args_rule(lua_State *L, int index, const char *label) {
    size_t length;
    const char *name = args_string(L, index, label, 1, 256, &length);
    enum tcp_rule rule = tcp_rule_by_name(name);
    if (rule != TCP_RULE_NONE) return rule;
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    for (int i = TCP_RULE_NONE + 1; i < TCP_RULES; i++)
        suggest_add(&suggestion, tcp_rule_info((enum tcp_rule)i)->name);
    args_unknown(L, label, "rule", name, suggestion.best, "'synfin rules' lists them");
}

uint32_t args_list(lua_State *L, const char *label, uint32_t high) {
    char shown[ARGS_SHOWN];
    lua_Unsigned length = lua_istable(L, -1) ? lua_rawlen(L, -1) : 0;
    if (length == 0 || length > high)
        sandbox_error(L, "%l is %t; a list of 1 to %d is wanted", label,
                      lua_istable(L, -1) ? (length == 0 ? "an empty list" : "too long a list")
                                         : args_show(L, -1, shown),
                      (int)high);
    return (uint32_t)length;
}

// ---- Tables of options ----------------------------------------------------------------------------------------

static bool known(const char *const *names, const char *name) {
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0) return true;
    return false;
}

_Noreturn static void unknown_option(lua_State *L, const char *what, const char *const *names, const char *name) {
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    for (const char *const *at = names; *at != NULL; at++)
        suggest_add(&suggestion, *at);
    if (suggestion.best[0] != '\0') args_unknown(L, what, "option", name, suggestion.best, "");
    luaL_Buffer list;
    luaL_buffinit(L, &list);
    for (const char *const *at = names; *at != NULL; at++) {
        if (at != names) luaL_addstring(&list, ", ");
        luaL_addstring(&list, *at);
    }
    luaL_pushresult(&list);
    sandbox_error(L, "%l: no option '%s'; it takes %s", what, name, lua_tostring(L, -1));
}

struct args args_open(lua_State *L, int index, const char *what, const char *const *names) {
    char shown[ARGS_SHOWN];
    if (!lua_istable(L, index))
        sandbox_error(L, "%l takes a table of options, not %t", what, args_show(L, index, shown));
    luaL_checkstack(L, 8, what);
    struct args args = {L, lua_absindex(L, index), what};
    int count = 0;
    const char *bad = NULL;  // the least one, for the order in which a table is walked differs from run to run
    lua_pushnil(L);
    while (lua_next(L, args.table) != 0) {
        lua_pop(L, 1);
        sandbox_charge(L, 2);
        if (++count > ARGS_OPTIONS) sandbox_error(L, "%l has more than %d options", what, ARGS_OPTIONS);
        if (lua_type(L, -1) != LUA_TSTRING)
            sandbox_error(L, "%l has a value without a name among its options; options are written name = value", what);
        const char *name = lua_tostring(L, -1);
        if (!known(names, name) && (bad == NULL || strcmp(name, bad) < 0)) bad = name;
    }
    if (bad != NULL) unknown_option(L, what, names, bad);
    return args;
}

bool args_field(const struct args *args, const char *name, char label[ARGS_SHOWN]) {
    snprintf(label, ARGS_SHOWN, "%s: %s", args->what, name);
    lua_pushstring(args->L, name);
    if (lua_rawget(args->L, args->table) != LUA_TNIL) return true;
    lua_pop(args->L, 1);
    return false;
}

bool args_has(const struct args *args, const char *name) {
    char label[ARGS_SHOWN];
    bool has = args_field(args, name, label);
    if (has) lua_pop(args->L, 1);
    return has;
}

bool args_integer_field(const struct args *args, const char *name, uint64_t low, uint64_t high, uint64_t *value) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *value = args_integer(args->L, -1, label, low, high);
    lua_pop(args->L, 1);
    return true;
}

bool args_u32_field(const struct args *args, const char *name, uint32_t low, uint32_t high, uint32_t *value) {
    uint64_t wide;
    if (!args_integer_field(args, name, low, high, &wide)) return false;
    *value = (uint32_t)wide;
    return true;
}

bool args_time_field(const struct args *args, const char *name, uint64_t *value) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *value = args_time(args->L, -1, label);
    lua_pop(args->L, 1);
    return true;
}

bool args_probability_field(const struct args *args, const char *name, uint32_t *value) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *value = read_probability(args->L, -1, label);
    lua_pop(args->L, 1);
    return true;
}

bool args_port_field(const struct args *args, const char *name, uint16_t *value) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *value = args_port(args->L, -1, label);
    lua_pop(args->L, 1);
    return true;
}

bool args_boolean_field(const struct args *args, const char *name, bool *value) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *value = read_boolean(args->L, -1, label);
    lua_pop(args->L, 1);
    return true;
}

bool args_flags_field(const struct args *args, const char *name, uint8_t *value) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *value = args_flags(args->L, -1, label);
    lua_pop(args->L, 1);
    return true;
}
