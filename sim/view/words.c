#include "sim/view/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/view/width.h"

enum { MARKS = 2 };  // combining characters that one character may carry

void words_clear(struct words *words) {
    words->length = 0;
    if (words->bytes != NULL) words->bytes[0] = '\0';
}

void words_free(struct words *words) {
    free(words->bytes);
    *words = (struct words){0};
}

const char *words_string(const struct words *words) {
    return words->bytes != NULL ? words->bytes : "";
}

void words_add_bytes(struct words *words, const char *bytes, size_t length) {
    if (words->length + length + 1 > words->capacity) {
        size_t capacity = 2 * (words->length + length) + 64;
        char *larger = realloc(words->bytes, capacity);
        if (larger == NULL) {
            fprintf(stderr, "synfin: out of memory\n");
            exit(4);
        }
        words->bytes = larger;
        words->capacity = capacity;
    }
    if (length > 0) memcpy(words->bytes + words->length, bytes, length);
    words->length += length;
    words->bytes[words->length] = '\0';
}

void words_add(struct words *words, const char *string) {
    words_add_bytes(words, string, strlen(string));
}

void words_add_style(struct words *words, enum style style) {
    char mark = (char)style;
    words_add_bytes(words, &mark, 1);
}

void words_add_together(struct words *words, const char *string) {
    static const char joiner = WIDTH_JOINER;
    size_t length = strlen(string);
    for (size_t at = 0, size; at < length; at += size) {
        uint32_t point = 0;
        size = width_decode(string + at, length - at, &point);
        if (size == 0) size = 1;
        if (at > 0 && width_of(point) == 2) words_add_bytes(words, &joiner, 1);
        if (point == ' ')
            words_add(words, "\u00a0");
        else
            words_add_bytes(words, string + at, size);
    }
}

void words_add_number(struct words *words, uint64_t number) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
    words_add_bytes(words, digits, (size_t)length);
}

// One character of untrusted text, or one byte that isn't part of any. Returns how many bytes it took.
static size_t add_safely(struct words *words, struct record_text text, size_t at, bool ascii, unsigned *marks) {
    uint32_t point = 0;
    size_t size = width_decode(text.bytes + at, text.length - at, &point);
    char escape[16];
    int length = 0;
    *marks = size > 0 && width_of(point) == 0 ? *marks + 1 : 0;
    if (size == 0 || (size == 1 && width_hidden(point))) {
        length = snprintf(escape, sizeof escape, "\\x%02x", (unsigned)text.bytes[at]);
        size = 1;
    } else if (width_hidden(point) || *marks > MARKS || (ascii && point > 0x7e)) {
        length = snprintf(escape, sizeof escape, "\\u{%" PRIx32 "}", point);
    }
    if (length > 0)
        words_add_bytes(words, escape, (size_t)length);
    else
        words_add_bytes(words, (const char *)text.bytes + at, size);
    return size;
}

static bool is_blank(unsigned char byte) {
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

void words_add_prose(struct words *words, struct record_text text, bool ascii) {
    unsigned marks = MARKS;  // none may come before the first character
    bool blank = false, begun = false;
    for (size_t at = 0; at < text.length;) {
        if (is_blank(text.bytes[at])) {
            blank = true;
            at++;
            continue;
        }
        if (blank && begun) words_add(words, " ");
        blank = false;
        begun = true;
        at += add_safely(words, text, at, ascii, &marks);
    }
}

void words_add_code(struct words *words, struct record_text text, bool ascii) {
    unsigned marks = MARKS;
    for (size_t at = 0; at < text.length;) {
        bool blank = text.bytes[at] == ' ';
        bool next = at + 1 < text.length && text.bytes[at + 1] == ' ', before = at > 0 && text.bytes[at - 1] == ' ';
        if (blank && (next || before)) {
            words_add(words, "\u00a0");
            at++;
        } else {
            at += add_safely(words, text, at, ascii, &marks);
        }
    }
}

void words_add_quoted(struct words *words, struct record_text text, unsigned columns, bool ascii) {
    static const char escaped[] = "\n\t\r\"\\", letters[] = "ntr\"\\";
    unsigned marks = MARKS;
    size_t begin = words->length;
    words_add(words, "\"");
    for (size_t at = 0; at < text.length;) {
        size_t before = words->length;
        size_t size = 1;
        const char *found = text.bytes[at] != '\0' ? strchr(escaped, text.bytes[at]) : NULL;
        if (found != NULL) {
            words_add(words, "\\");
            words_add_bytes(words, &letters[found - escaped], 1);
        } else if (text.bytes[at] == ' ') {
            words_add(words, "\u00a0");
        } else {
            size = add_safely(words, text, at, ascii, &marks);
        }
        if (width_text(words->bytes + begin, words->length - begin) > columns) {
            words->length = before;
            words_add(words, ascii ? "..." : "…");
            break;
        }
        at += size;
    }
    words_add(words, "\"");
}

void words_add_duration(struct words *words, uint64_t nanoseconds) {
    static const struct {
        uint64_t size;
        unsigned digits;
        const char *name;
    } units[] = {{1000000000, 9, "s"}, {1000000, 6, "ms"}, {1000, 3, "us"}, {1, 0, "ns"}};
    if (nanoseconds >= 60 * units[0].size && nanoseconds % units[0].size == 0) {
        words_add_number(words, nanoseconds / (60 * units[0].size));
        words_add(words, "\u00a0min");
        nanoseconds %= 60 * units[0].size;
        if (nanoseconds == 0) return;
        words_add(words, "\u00a0");
    }
    size_t unit = 0;
    while (unit < 3 && nanoseconds < units[unit].size)
        unit++;
    if (nanoseconds == 0) unit = 0;
    words_add_number(words, nanoseconds / units[unit].size);
    uint64_t fraction = nanoseconds % units[unit].size;
    if (fraction != 0) {
        char digits[16];
        int length = snprintf(digits, sizeof digits, ".%0*" PRIu64, (int)units[unit].digits, fraction);
        while (length > 0 && digits[length - 1] == '0')
            length--;
        words_add_bytes(words, digits, (size_t)length);
    }
    words_add(words, "\u00a0");
    words_add(words, units[unit].name);
}

void words_add_seconds(struct words *words, uint64_t nanoseconds, unsigned digits) {
    uint64_t fraction = nanoseconds % 1000000000;
    words_add_number(words, nanoseconds / 1000000000);
    if (digits == 0) return;
    for (unsigned i = digits; i < 9; i++)
        fraction /= 10;
    char text[16];
    int length = snprintf(text, sizeof text, ".%0*" PRIu64, (int)digits, fraction);
    words_add_bytes(words, text, (size_t)length);
}
