#include "sim/script/errors.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <lua.h>

#include "sim/host/world.h"

static const struct error_row formats[] = {
#define ERROR(english, chinese) {english, chinese},
#define PHRASE(english, chinese)
#include "sim/script/errors.def"
#undef ERROR
#undef PHRASE
};

static const struct error_row phrases[] = {
#define ERROR(english, chinese)
#define PHRASE(english, chinese) {english, chinese},
#include "sim/script/errors.def"
#undef ERROR
#undef PHRASE
};

const struct error_row *errors_formats(size_t *count) {
    *count = sizeof formats / sizeof formats[0];
    return formats;
}

const struct error_row *errors_phrases(size_t *count) {
    *count = sizeof phrases / sizeof phrases[0];
    return phrases;
}

static const char *find(const struct error_row *rows, size_t count, const char *english) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].english, english) == 0) return rows[i].chinese;
    return NULL;
}

static const char *find_phrase(const char *english) {
    return find(phrases, sizeof phrases / sizeof phrases[0], english);
}

const char *errors_phrase(const char *english) {
    const char *chinese = find_phrase(english);
    return chinese == NULL ? english : chinese;
}

void errors_plain(const char *format, char plain[ERRORS_FORMAT]) {
    size_t length = strlen(format);
    assert(length < ERRORS_FORMAT);
    for (size_t i = 0; i <= length; i++) {
        bool behind = i > 0 && format[i - 1] == '%' && !(i > 1 && format[i - 2] == '%');
        plain[i] = behind && format[i] != '\0' && strchr("tlw", format[i]) != NULL ? 's' : format[i];
    }
}

// ---- Text that is being written -------------------------------------------------------------------------------

struct writer {
    char *text;
    size_t size, length;  // without the NUL
};

static void put(struct writer *writer, const char *bytes, size_t length) {
    size_t room = writer->size - 1 - writer->length;
    if (length > room) length = room;
    memcpy(writer->text + writer->length, bytes, length);
    writer->length += length;
}

static bool is_chinese(char byte) {
    return ((unsigned char)byte & 0x80) != 0;
}

// Puts what stands for a conversion. A space in front of it is for what isn't Chinese.
static void put_value(struct writer *writer, const char *value) {
    bool spaced = writer->length > 1 && writer->text[writer->length - 1] == ' ';
    if (spaced && is_chinese(writer->text[writer->length - 2]) && is_chinese(value[0])) writer->length--;
    put(writer, value, strlen(value));
}

// "link: delay" is the delay of link. Names in quotes stay as they are.
static void put_path(struct writer *writer, const char *path, size_t length) {
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted ^= path[i] == '"';
        bool colon = !quoted && i + 1 < length && path[i] == ':' && path[i + 1] == ' ';
        put(writer, colon ? " 的 " : path + i, colon ? strlen(" 的 ") : 1);
        i += colon;
    }
}

static void put_label(struct writer *writer, const char *label) {
    enum { LABEL = 256 };
    char text[LABEL];
    struct writer chinese = {text, sizeof text, 0};
    const char *whole = find_phrase(label), *end = NULL, *tail = NULL;
    for (const char *at = strstr(label, ": "); at != NULL; at = strstr(at + 1, ": "))
        end = at;
    if (end != NULL) tail = find_phrase(end);
    if (whole != NULL) {
        put(&chinese, whole, strlen(whole));
    } else {
        put_path(&chinese, label, tail != NULL ? (size_t)(end - label) : strlen(label));
        if (tail != NULL) put(&chinese, tail, strlen(tail));
    }
    text[chinese.length] = '\0';
    put_value(writer, text);
}

// The conversion whose letter it is takes its argument.
static void convert(struct writer *writer, char letter, va_list *arguments) {
    char number[32] = "";
    switch (letter) {
    case 's': put_value(writer, va_arg(*arguments, const char *)); return;
    case 't': put_value(writer, errors_phrase(va_arg(*arguments, const char *))); return;
    case 'l': put_label(writer, va_arg(*arguments, const char *)); return;
    case 'w': put_value(writer, sentence_in(va_arg(*arguments, const char *), 1)); return;
    case 'd': snprintf(number, sizeof number, "%d", va_arg(*arguments, int)); break;
    case 'I': snprintf(number, sizeof number, "%lld", (long long)va_arg(*arguments, LUAI_UACINT)); break;
    case 'c': number[0] = (char)va_arg(*arguments, int); break;
    default: number[0] = letter; break;  // %%
    }
    put_value(writer, number);
}

bool errors_chinese(char *text, size_t size, const char *format, va_list arguments) {
    const char *chinese = find(formats, sizeof formats / sizeof formats[0], format);
    struct writer writer = {text, size, 0};
    va_list rest;
    if (chinese == NULL) return false;
    va_copy(rest, arguments);
    for (const char *at = chinese; *at != '\0'; at++) {
        if (*at == '%') {
            convert(&writer, *++at, &rest);
            bool spaced = at[1] == ' ' && is_chinese(at[2]);
            if (spaced && writer.length > 0 && is_chinese(text[writer.length - 1])) at++;
        } else {
            put(&writer, at, 1);
        }
    }
    va_end(rest);
    text[writer.length] = '\0';
    errors_trim(text);
    return true;
}

void errors_both(char *english, char *chinese, size_t size, const char *format, ...) {
    char plain[ERRORS_FORMAT];
    va_list arguments;
    errors_plain(format, plain);
    va_start(arguments, format);
    if (!errors_chinese(chinese, size, format, arguments)) chinese[0] = '\0';
    vsnprintf(english, size, plain, arguments);
    va_end(arguments);
    errors_trim(english);
}

void errors_trim(char *text) {
    size_t length = strlen(text), start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0) return;
    unsigned char first = (unsigned char)text[start - 1];
    size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (wanted > 1 && length - (start - 1) < wanted) text[start - 1] = '\0';
}
