#include "sim/script/source.h"

#include <string.h>

// A token as coarse as is needed here.
enum token {
    TOKEN_END,
    TOKEN_NAME,  // or a keyword
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_OTHER,  // a character
};

struct reader {
    const char *text;
    size_t length, at;
    size_t start;  // of the last token
    int line;
};

static char ahead(const struct reader *reader, size_t offset) {
    return reader->at + offset < reader->length ? reader->text[reader->at + offset] : '\0';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void advance(struct reader *reader) {
    if (reader->text[reader->at] == '\n') reader->line++;
    reader->at++;
}

// At '[': the level of a long bracket ([[ is 0, [=[ is 1), or -1.
static int long_bracket(const struct reader *reader) {
    size_t level = 0;
    while (ahead(reader, 1 + level) == '=')
        level++;
    return ahead(reader, 1 + level) == '[' ? (int)level : -1;
}

static bool closes(const struct reader *reader, int level) {
    if (ahead(reader, 0) != ']' || ahead(reader, (size_t)level + 1) != ']') return false;
    for (int i = 1; i <= level; i++) {
        if (ahead(reader, (size_t)i) != '=') return false;
    }
    return true;
}

static void skip_long(struct reader *reader, int level) {
    reader->at += (size_t)level + 2;
    while (reader->at < reader->length && !closes(reader, level))
        advance(reader);
    reader->at += (size_t)level + 2;
    if (reader->at > reader->length) reader->at = reader->length;
}

// A quoted string ends at its quote; one that isn't finished ends with its line, where the compiler complains. The line
// goes on behind \ at its end and behind \z.
static void skip_quoted(struct reader *reader) {
    const char quote = ahead(reader, 0);
    reader->at++;
    while (reader->at < reader->length && ahead(reader, 0) != quote && ahead(reader, 0) != '\n') {
        const bool skips_space = ahead(reader, 0) == '\\' && ahead(reader, 1) == 'z';
        if (ahead(reader, 0) == '\\' && reader->at + 1 < reader->length) {
            reader->at += ahead(reader, 1) == '\r' && ahead(reader, 2) == '\n' ? 2 : 1;
        }
        advance(reader);
        while (skips_space && reader->at < reader->length && strchr(" \t\r\n\v\f", ahead(reader, 0)) != NULL &&
               ahead(reader, 0) != '\0')
            advance(reader);
    }
    if (reader->at < reader->length && ahead(reader, 0) == quote) reader->at++;
}

static void skip_comment(struct reader *reader) {
    reader->at += 2;
    const int level = ahead(reader, 0) == '[' ? long_bracket(reader) : -1;
    if (level >= 0) {
        skip_long(reader, level);
        return;
    }
    while (reader->at < reader->length && ahead(reader, 0) != '\n' && ahead(reader, 0) != '\r')
        reader->at++;
}

static void skip_blank(struct reader *reader) {
    while (reader->at < reader->length) {
        const char c = ahead(reader, 0);
        if (c == '-' && ahead(reader, 1) == '-') {
            skip_comment(reader);
        } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
            advance(reader);
        } else {
            return;
        }
    }
}

static enum token next_token(struct reader *reader) {
    skip_blank(reader);
    reader->start = reader->at;
    if (reader->at >= reader->length) return TOKEN_END;
    const char c = ahead(reader, 0);
    if (c == '"' || c == '\'') {
        skip_quoted(reader);
        return TOKEN_STRING;
    }
    if (c == '[' && long_bracket(reader) >= 0) {
        skip_long(reader, long_bracket(reader));
        return TOKEN_STRING;
    }
    if (!is_word(c)) {
        reader->at++;
        return TOKEN_OTHER;
    }
    // Numbers may have one point and an exponent with a sign; both only matter in that they are no operators of ours.
    while (is_word(ahead(reader, 0)) || (is_digit(c) && ahead(reader, 0) == '.'))
        reader->at++;
    return is_digit(c) ? TOKEN_NUMBER : TOKEN_NAME;
}

static bool is_text(const struct reader *reader, const char *word) {
    const size_t length = strlen(word);
    return reader->at - reader->start == length && memcmp(reader->text + reader->start, word, length) == 0;
}

// Where the reader is in `for NAME = bounds do`.
enum loop { LOOP_NONE, LOOP_FOR, LOOP_NAME, LOOP_BOUNDS, LOOP_LENGTH };

// Bounds made of numbers and the lengths of named things (#list, #self.list) are no strings. (With a metatable they can
// be: setmetatable() sees to that.)
static enum loop follow_loop(enum loop loop, enum token token, const struct reader *reader, bool *loose) {
    if (token == TOKEN_NAME && is_text(reader, "for")) return LOOP_FOR;
    if (loop == LOOP_NONE) return LOOP_NONE;
    if (loop == LOOP_FOR) return token == TOKEN_NAME ? LOOP_NAME : LOOP_NONE;
    if (loop == LOOP_NAME) return token == TOKEN_OTHER && is_text(reader, "=") ? LOOP_BOUNDS : LOOP_NONE;
    if (token == TOKEN_NAME && is_text(reader, "do")) return LOOP_NONE;
    const char c = reader->text[reader->start];
    if (loop == LOOP_LENGTH && (token == TOKEN_NAME || (token == TOKEN_OTHER && c == '.'))) return LOOP_LENGTH;
    if (token == TOKEN_OTHER && c == '#') return LOOP_LENGTH;
    if (token == TOKEN_NUMBER || (token == TOKEN_OTHER && strchr(",-", c) != NULL)) return LOOP_BOUNDS;
    *loose = true;
    return LOOP_NONE;
}

bool source_check(const char *text, size_t length, struct source_facts *facts) {
    struct reader reader = {.text = text, .length = length, .line = 1};
    enum loop loop = LOOP_NONE;
    enum token token;
    facts->loose_for = false;
    facts->line = 1;
    facts->error = "this is compiled Lua; only text is run";
    facts->start = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    reader.at = facts->start;
    if (length > 0 && text[0] == '\x1B') return false;
    facts->error = "the operator ^ is not available: powers differ from machine to machine (for powers of two: 1 << n)";
    while ((token = next_token(&reader)) != TOKEN_END) {
        facts->line = reader.line;
        if (token == TOKEN_OTHER && text[reader.start] == '^') return false;
        loop = follow_loop(loop, token, &reader, &facts->loose_for);
    }
    facts->error = NULL;
    return true;
}
