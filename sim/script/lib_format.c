// string.format: a number's directive is handed to the C library piece by piece, so its length is bounded.
#include "sim/script/lib.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    DIRECTIVE_SIZE = 16,
    NUMBER_SIZE = 512,  // %99.99f of the greatest float: 309 digits before the point, 99 behind it
};

struct directive {
    char text[DIRECTIVE_SIZE];  // "%-10.3" and room for a length modifier and the letter
    size_t length;
    size_t precision;
    bool has_precision, has_width;
    char letter;
};

// The flags that a letter takes, and whether it takes a precision; NULL: no such directive.
static const char *flags_of(char letter, bool *precision) {
    *precision = letter != 'c';
    switch (letter) {
    case 'd':
    case 'i': return "-+0 ";
    case 'u': return "-0";
    case 'x':
    case 'X':
    case 'o': return "-#0";
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': return "-+#0 ";
    case 'c':
    case 's': return "-";
    default: return NULL;
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static _Noreturn void invalid(lua_State *L, const char *from, const char *end) {
    char text[DIRECTIVE_SIZE];
    size_t length = (size_t)(end - from);
    if (length > sizeof text - 1) length = sizeof text - 1;
    memcpy(text, from, length);
    text[length] = '\0';
    sandbox_error(L, "invalid conversion '%s' to 'format'", text);
}

// Reads the directive behind the % at `from`. Returns its end.
static const char *read_directive(lua_State *L, const char *from, const char *end, struct directive *directive) {
    bool takes_precision;
    const char *p = from + 1;
    *directive = (struct directive){0};
    while (p < end && *p != '\0' && strchr("-+#0 ", *p) != NULL)
        p++;
    const char *flags_end = p;
    for (int digits = 0; p < end && digits < 2 && is_digit(*p); digits++, p++)
        directive->has_width = true;
    if (p < end && *p == '.') {
        directive->has_precision = true;
        p++;
        for (int digits = 0; p < end && digits < 2 && is_digit(*p); digits++, p++)
            directive->precision = directive->precision * 10 + (size_t)(*p - '0');
    }
    if (p == end) invalid(L, from, p);
    if (*p == 'p') sandbox_error(L, "'%%p' is not available: addresses differ from run to run");
    if (*p == 'a' || *p == 'A')
        sandbox_error(L, "'%%%c' is not available: C libraries write it differently (%%.17g has all digits)", *p);
    directive->letter = *p;
    const char *flags = flags_of(*p, &takes_precision);
    if (flags == NULL || (directive->has_precision && !takes_precision) || flags_end - from > 6)
        invalid(L, from, p + 1);
    for (const char *flag = from + 1; flag < flags_end; flag++) {
        if (strchr(flags, *flag) == NULL) invalid(L, from, p + 1);
    }
    directive->length = (size_t)(p - from);
    memcpy(directive->text, from, directive->length);
    return p + 1;
}

static void add_integer(lua_State *L, struct lib_buffer *buffer, struct directive *directive, int argument) {
    char number[NUMBER_SIZE];
    const long long value = sandbox_check_integer(L, argument);
    memcpy(directive->text + directive->length, "ll", 2);
    directive->text[directive->length + 2] = directive->letter;
    const int length = snprintf(number, sizeof number, directive->text, value);
    lib_buffer_add(buffer, number, (size_t)length);
}

static void add_float(lua_State *L, struct lib_buffer *buffer, struct directive *directive, int argument) {
    char number[NUMBER_SIZE];
    double value = sandbox_check_number(L, argument);
    if (!(value < 0 || value >= 0)) value = NAN;  // the sign of "no number" is the processor's whim
    directive->text[directive->length] = directive->letter;
    sandbox_charge(L, 50);
    const int length = snprintf(number, sizeof number, directive->text, value);
    lib_buffer_add(buffer, number, (size_t)length);
}

// Adds `text` in its first directive->precision bytes, padded to the width.
static void add_padded(struct lib_buffer *buffer, const struct directive *directive, const char *text, size_t length) {
    const char *p = directive->text + 1;
    const bool left = *p == '-';
    size_t width = 0;
    while (*p == '-')
        p++;
    for (; is_digit(*p); p++)
        width = width * 10 + (size_t)(*p - '0');
    if (directive->has_precision && directive->precision < length) length = directive->precision;
    const size_t padding = width > length ? width - length : 0;
    if (left) lib_buffer_add(buffer, text, length);
    if (padding > 0) {
        memset(lib_buffer_room(buffer, padding), ' ', padding);
        buffer->length += padding;
    }
    if (!left) lib_buffer_add(buffer, text, length);
}

static void add_quoted_string(lua_State *L, struct lib_buffer *buffer, int argument) {
    size_t length;
    const char *text = lua_tolstring(L, argument, &length);
    lib_buffer_add(buffer, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\' || byte == '\n') {
            lib_buffer_add(buffer, "\\", 1);
            lib_buffer_add(buffer, text + i, 1);
        } else if (byte < ' ' || byte == 127) {
            char code[8];
            const bool digit_follows = i + 1 < length && is_digit(text[i + 1]);
            const int size = snprintf(code, sizeof code, digit_follows ? "\\%03d" : "\\%d", byte);
            lib_buffer_add(buffer, code, (size_t)size);
        } else {
            lib_buffer_add(buffer, text + i, 1);
        }
    }
    lib_buffer_add(buffer, "\"", 1);
}

static void add_quoted_integer(lua_State *L, struct lib_buffer *buffer, int argument) {
    char number[64];
    if (!lua_isinteger(L, argument))
        sandbox_error(L, "'%%q' of a float is not available: C libraries write it differently (%%.17g has all digits)");
    const lua_Integer value = lua_tointeger(L, argument);
    const int length = snprintf(number, sizeof number, value == LUA_MININTEGER ? "0x%llx" : "%lld", (long long)value);
    lib_buffer_add(buffer, number, (size_t)length);
}

static void add_quoted(lua_State *L, struct lib_buffer *buffer, int argument) {
    switch (lua_type(L, argument)) {
    case LUA_TSTRING: add_quoted_string(L, buffer, argument); break;
    case LUA_TNUMBER: add_quoted_integer(L, buffer, argument); break;
    case LUA_TNIL:
    case LUA_TBOOLEAN:
        sandbox_tostring(L, argument, NULL);
        lib_buffer_add_value(buffer, -1);
        lua_pop(L, 1);
        break;
    default: sandbox_argument_error(L, argument, "value has no literal form");
    }
}

static void add_directive(lua_State *L, struct lib_buffer *buffer, struct directive *directive, int argument) {
    switch (directive->letter) {
    case 'c': {
        const char byte = (char)(unsigned char)sandbox_check_integer(L, argument);
        add_padded(buffer, directive, &byte, 1);
        break;
    }
    case 's': {
        size_t length;
        luaL_checkany(L, argument);
        const char *text = sandbox_tostring(L, argument, &length);
        add_padded(buffer, directive, text, length);
        lua_pop(L, 1);
        break;
    }
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': add_integer(L, buffer, directive, argument); break;
    default: add_float(L, buffer, directive, argument);
    }
}

int lib_format(lua_State *L) {
    const int top = lua_gettop(L);
    size_t length;
    const char *p = lib_check_text(L, 1, &length);
    const char *end = p + length;
    int argument = 1;
    struct lib_buffer buffer;
    lib_buffer_init(L, &buffer);
    while (p < end) {
        struct directive directive;
        const char *percent = memchr(p, '%', (size_t)(end - p));
        const char *text_end = percent == NULL ? end : percent;
        lib_buffer_add(&buffer, p, (size_t)(text_end - p));
        if (percent == NULL) break;
        p = percent + 2;
        if (percent + 1 < end && percent[1] == '%') {
            lib_buffer_add(&buffer, "%", 1);
            continue;
        }
        sandbox_charge(L, 10);
        if (++argument > top) sandbox_argument_error(L, argument, "no value");
        if (percent + 1 < end && percent[1] == 'q') {
            add_quoted(L, &buffer, argument);
            continue;
        }
        p = read_directive(L, percent, end, &directive);
        add_directive(L, &buffer, &directive, argument);
    }
    lib_buffer_push(&buffer);
    return 1;
}
