#include "sim/view/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/view/width.h"

enum { DEPTH = 8 };  // of values in values

// ---- Parsing

struct parser {
    struct json *json;
    unsigned char *line;
    size_t length, at;
    unsigned depth;
    const char *wrong;
};

static bool wrong(struct parser *parser, const char *what) {
    if (parser->wrong == NULL) parser->wrong = what;
    return false;
}

static int next_byte(const struct parser *parser) {
    return parser->at < parser->length ? parser->line[parser->at] : -1;
}

static void skip_blanks(struct parser *parser) {
    while (next_byte(parser) == ' ' || next_byte(parser) == '\t' || next_byte(parser) == '\r')
        parser->at++;
}

static bool take(struct parser *parser, char byte) {
    skip_blanks(parser);
    if (next_byte(parser) != byte) return false;
    parser->at++;
    return true;
}

static uint32_t add_value(struct json *json, enum json_kind kind) {
    if (json->count == json->capacity) {
        uint32_t capacity = json->capacity * 2 + 64;
        struct json_value *larger = capacity > json->capacity ? realloc(json->values, capacity * sizeof *larger) : NULL;
        if (larger == NULL) {
            fprintf(stderr, "synfin: out of memory\n");
            exit(4);
        }
        json->values = larger;
        json->capacity = capacity;
    }
    json->values[json->count] = (struct json_value){.kind = kind, .first = JSON_NONE, .next = JSON_NONE};
    return json->count++;
}

static bool parse_hex(struct parser *parser, uint32_t *point) {
    *point = 0;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        int byte = next_byte(parser);
        const char *digit = byte > 0 ? strchr(digits, byte) : NULL;
        if (digit == NULL) return wrong(parser, "four hexadecimal digits follow \\u");
        uint32_t value = (uint32_t)(digit - digits);
        *point = *point * 16 + (value > 15 ? value - 6 : value);
        parser->at++;
    }
    return true;
}

// What stands behind "\u": a character, or half of one, whose other half must follow.
static bool parse_point(struct parser *parser, uint32_t *point) {
    uint32_t low = 0;
    if (!parse_hex(parser, point)) return false;
    if (*point < 0xd800 || *point > 0xdfff) return true;
    if (*point > 0xdbff || parser->length - parser->at < 2 || memcmp(parser->line + parser->at, "\\u", 2) != 0)
        return wrong(parser, "half of a surrogate pair");
    parser->at += 2;
    if (!parse_hex(parser, &low)) return false;
    if (low < 0xdc00 || low > 0xdfff) return wrong(parser, "half of a surrogate pair");
    *point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

// Behind a backslash. What it stands for is never longer than it is itself.
static bool parse_escape(struct parser *parser, unsigned char **to) {
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    int byte = next_byte(parser);
    const char *letter = byte > 0 ? strchr(letters, byte) : NULL;
    if (byte != 'u' && letter == NULL) return wrong(parser, "a backslash is followed by one of \"\\/bfnrtu");
    parser->at++;
    if (letter != NULL) {
        *(*to)++ = (unsigned char)meanings[letter - letters];
        return true;
    }
    uint32_t point = 0;
    char bytes[4];
    if (!parse_point(parser, &point)) return false;
    size_t size = width_encode(point, bytes);
    memcpy(*to, bytes, size);
    *to += size;
    return true;
}

static bool parse_text(struct parser *parser, struct record_text *text) {
    if (!take(parser, '"')) return wrong(parser, "a string in quotes belongs here");
    unsigned char *begin = parser->line + parser->at, *to = begin;
    for (int byte; (byte = next_byte(parser)) != '"';) {
        if (byte < 0) return wrong(parser, "a string that does not end");
        if (byte < ' ') return wrong(parser, "a control character in a string is written \\u00..");
        if (byte == '\\') {
            parser->at++;
            if (!parse_escape(parser, &to)) return false;
            continue;
        }
        uint32_t point = 0;
        size_t size = width_decode(parser->line + parser->at, parser->length - parser->at, &point);
        if (size == 0) return wrong(parser, "not UTF-8; octets that are no text are {\"base64\":\"...\"}");
        memmove(to, parser->line + parser->at, size);
        to += size;
        parser->at += size;
    }
    parser->at++;
    if (to - begin > UINT32_MAX / 2) return wrong(parser, "a string that is too long");
    *text = (struct record_text){begin, (uint32_t)(to - begin)};
    return true;
}

static bool parse_number(struct parser *parser, uint64_t *number) {
    size_t begin = parser->at;
    *number = 0;
    for (int byte; (byte = next_byte(parser)) >= '0' && byte <= '9'; parser->at++) {
        uint64_t digit = (uint64_t)(byte - '0');
        if (*number > (UINT64_MAX - digit) / 10) return wrong(parser, "a number that is not below 2^64");
        *number = *number * 10 + digit;
    }
    if (parser->line[begin] == '0' && parser->at > begin + 1) return wrong(parser, "a number with a zero in front");
    int byte = next_byte(parser);
    if (byte == '.' || byte == 'e' || byte == 'E') return wrong(parser, "numbers are whole, such as 20000000");
    return true;
}

static bool parse_word(struct parser *parser, const char *word) {
    size_t length = strlen(word);
    if (parser->length - parser->at < length || memcmp(parser->line + parser->at, word, length) != 0)
        return wrong(parser, "a value belongs here: an object, an array, a string, a number, true, false or null");
    parser->at += length;
    return true;
}

static bool parse_value(struct parser *parser, uint32_t *index);

// The members of an array or an object, behind its first bracket.
static bool parse_members(struct parser *parser, uint32_t parent, bool keys) {
    const char close = keys ? '}' : ']';
    if (take(parser, close)) return true;
    for (uint32_t last = JSON_NONE;;) {
        struct record_text key = {0};
        uint32_t member = 0;
        if (keys && !parse_text(parser, &key)) return false;
        if (keys && !take(parser, ':')) return wrong(parser, "a colon belongs behind a key");
        if (!parse_value(parser, &member)) return false;
        parser->json->values[member].key = key;
        if (last == JSON_NONE)
            parser->json->values[parent].first = member;
        else
            parser->json->values[last].next = member;
        last = member;
        if (take(parser, close)) return true;
        if (!take(parser, ',')) return wrong(parser, keys ? "a comma or } belongs here" : "a comma or ] belongs here");
    }
}

// NOLINTNEXTLINE(misc-no-recursion): DEPTH is its bound
static bool parse_value(struct parser *parser, uint32_t *index) {
    skip_blanks(parser);
    int byte = next_byte(parser);
    if (byte == '-') return wrong(parser, "numbers are not negative");
    enum json_kind kind = byte == '{'                  ? JSON_OBJECT
                          : byte == '['                ? JSON_ARRAY
                          : byte == '"'                ? JSON_STRING
                          : byte >= '0' && byte <= '9' ? JSON_NUMBER
                          : byte == 'n'                ? JSON_NULL
                                                       : JSON_BOOLEAN;
    *index = add_value(parser->json, kind);
    struct json_value value = parser->json->values[*index];
    bool good = true;
    switch (kind) {
    case JSON_NULL: return parse_word(parser, "null");
    case JSON_BOOLEAN:
        value.number = byte == 't';
        good = parse_word(parser, byte == 't' ? "true" : "false");
        break;
    case JSON_NUMBER: good = parse_number(parser, &value.number); break;
    case JSON_STRING: good = parse_text(parser, &value.text); break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        if (parser->depth == DEPTH) return wrong(parser, "values in values in values: too deep");
        parser->at++;
        parser->depth++;
        good = parse_members(parser, *index, kind == JSON_OBJECT);
        parser->depth--;
        return good;
    }
    parser->json->values[*index] = value;
    return good;
}

const char *json_parse(struct json *json, char *line, size_t length, size_t *at) {
    struct parser parser = {.json = json, .line = (unsigned char *)line, .length = length};
    uint32_t whole = 0;
    json->count = 0;
    if (parse_value(&parser, &whole)) {
        skip_blanks(&parser);
        if (parser.at < length) wrong(&parser, "nothing follows the value on its line");
    }
    *at = parser.at;
    return parser.wrong;
}

void json_free(struct json *json) {
    free(json->values);
    *json = (struct json){0};
}

uint32_t json_member(const struct json *json, uint32_t object, const char *key) {
    size_t length = strlen(key);
    for (uint32_t i = json->values[object].first; i != JSON_NONE; i = json->values[i].next) {
        const struct record_text *name = &json->values[i].key;
        if (name->length == length && memcmp(name->bytes, key, length) == 0) return i;
    }
    return JSON_NONE;
}

// ---- Writing

static bool is_utf8(struct record_text text) {
    uint32_t point = 0;
    for (size_t at = 0, size; at < text.length; at += size)
        if ((size = width_decode(text.bytes + at, text.length - at, &point)) == 0) return false;
    return true;
}

bool json_add_string(struct words *words, struct record_text text) {
    static const char escaped[] = "\"\\\n\r\t", letters[] = "\"\\nrt";
    if (!is_utf8(text)) return false;
    words_add(words, "\"");
    for (size_t at = 0, size; at < text.length; at += size) {
        uint32_t point = 0;
        size = width_decode(text.bytes + at, text.length - at, &point);
        const char *found = point > 0 && point < 0x80 ? strchr(escaped, (int)point) : NULL;
        char escape[16];
        if (found != NULL) {
            snprintf(escape, sizeof escape, "\\%c", letters[found - escaped]);
            words_add(words, escape);
        } else if (point < 0x10000 && width_hidden(point)) {
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)point);
            words_add(words, escape);
        } else {
            words_add_bytes(words, (const char *)text.bytes + at, size);
        }
    }
    words_add(words, "\"");
    return true;
}
