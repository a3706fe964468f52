// The table of a script's errors, sim/script/errors.def, against the sources: what is said there has a row, what has a
// row is said there, and both languages of a row say it with the same conversions. And what becomes of errors that a
// script catches.
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>

#include "sim/script/errors.h"
#include "sim/script/sandbox.h"
#include "tests/check.h"

// ---- The sources' tokens ---------------------------------------------------------------------------------------

enum { TOKENS = 100000, WORD = 400 };

struct token {
    char kind;  // 'a': a name or number, '"': a string, adjacent ones as one; else itself
    char text[WORD];
};

static struct token *tokens;
static size_t token_count;

static void add(char kind, const char *text, size_t length) {
    struct token *last = token_count == 0 ? NULL : &tokens[token_count - 1];
    if (kind == '"' && last != NULL && last->kind == '"') {
        size_t before = strlen(last->text);
        CHECK(before + length < WORD);
        snprintf(last->text + before, WORD - before, "%.*s", (int)length, text);
        return;
    }
    if (!CHECK(token_count < TOKENS)) return;
    tokens[token_count].kind = kind;
    snprintf(tokens[token_count++].text, WORD, "%.*s", (int)length, text);
}

// Reads the string or character behind its quote; what it stands for.
static const char *read_quoted(const char *at, char quote, char *text) {
    size_t length = 0;
    for (; *at != quote; at++) {
        bool escaped = *at == '\\';
        if (escaped) at++;
        if (length < WORD - 1) text[length++] = escaped && *at == 'n' ? '\n' : escaped && *at == '0' ? '\1' : *at;
    }
    text[length] = '\0';
    return at + 1;
}

static void read_tokens(const char *at) {
    char text[WORD];
    while (*at != '\0') {
        if (at[0] == '/' && at[1] == '/') {
            at += strcspn(at, "\n");
        } else if (*at == '"' || *at == '\'') {
            char quote = *at;
            at = read_quoted(at + 1, quote, text);
            add(quote, text, strlen(text));
        } else if (isalnum((unsigned char)*at) || *at == '_') {
            size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
            add('a', at, length);
            at += length;
        } else {
            if (!isspace((unsigned char)*at)) add(*at, at, 1);
            at++;
        }
    }
}

static void read_source(const char *path) {
    enum { SIZE = 1 << 17 };
    static char text[SIZE];
    FILE *file = fopen(path, "rb");
    if (!CHECK(file != NULL)) return;
    size_t length = fread(text, 1, SIZE - 1, file);
    fclose(file);
    CHECK(length < SIZE - 1);
    text[length] = '\0';
    read_tokens(text);
}

static void read_sources(void) {
    static const char folder[] = SYNFIN_SOURCE_DIR "/sim/script";
    tokens = calloc(TOKENS, sizeof *tokens);
    DIR *directory = opendir(folder);
    if (!CHECK(tokens != NULL && directory != NULL)) exit(check_result());
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        char path[1024];
        size_t length = strlen(entry->d_name);
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length > 2 && strcmp(entry->d_name + length - 2, ".c") == 0) read_source(path);
    }
    closedir(directory);
}

// ---- Rows and sources ------------------------------------------------------------------------------------------

static size_t rows_of(const struct error_row *rows, size_t count, const char *english) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += strcmp(rows[i].english, english) == 0;
    return found;
}

// Each string in the argument `wanted` (from 0) of the call whose "(" is at `at`: has it one row? How many strings.
static size_t check_call(size_t at, int wanted, const struct error_row *rows, size_t count) {
    int depth = 0, argument = 0;
    size_t strings = 0;
    for (; at < token_count; at++) {
        char kind = tokens[at].kind;
        depth += (kind == '(') - (kind == ')');
        if (depth == 0) break;
        if (kind == ',' && depth == 1) argument++;
        if (kind != '"' || argument != wanted || depth != 1 || tokens[at].text[0] == '\0') continue;
        check_about("\"%s\"", tokens[at].text);
        CHECK_EQ(rows_of(rows, count, tokens[at].text), 1);
        check_about(NULL);
        strings++;
    }
    return strings;
}

static void sources_have_rows(void) {
    static const struct {
        const char *name;
        int argument;  // that is the format
        bool phrase;   // it is a phrase
    } calls[] = {{"sandbox_error", 1, false}, {"sandbox_argument_error", 2, true},
                 {"api_error_at", 2, false},  {"push_error", 2, false},
                 {"raise_at", 3, false},      {"errors_both", 3, false},
                 {"args_unknown", 2, true},   {"args_unknown", 5, true}};
    size_t format_count, phrase_count, strings = 0;
    const struct error_row *formats = errors_formats(&format_count), *phrases = errors_phrases(&phrase_count);
    for (size_t i = 0; i + 1 < token_count; i++) {
        for (size_t k = 0; k < sizeof calls / sizeof calls[0]; k++) {
            if (tokens[i + 1].kind != '(' || strcmp(tokens[i].text, calls[k].name) != 0) continue;
            const struct error_row *rows = calls[k].phrase ? phrases : formats;
            strings += check_call(i + 1, calls[k].argument, rows, calls[k].phrase ? phrase_count : format_count);
        }
    }
    CHECK(strings >= 250);
}

// Is there a string of the sources that is `text` or, for the end of a label, ends in it?
static bool is_said(const char *text) {
    size_t length = strlen(text);
    for (size_t i = 0; i < token_count; i++) {
        size_t whole = strlen(tokens[i].text);
        if (tokens[i].kind != '"' || whole < length) continue;
        if (strcmp(tokens[i].text + whole - length, text) == 0 && (whole == length || text[0] == ':')) return true;
    }
    return false;
}

// "a host" is made of a type's name, ours or Lua's.
static bool is_type(const char *text) {
    static const char *const lua[] = {"table", "function", "thread", "userdata"};
    const char *name = strncmp(text, "a ", 2) == 0 ? text + 2 : strncmp(text, "an ", 3) == 0 ? text + 3 : NULL;
    if (name == NULL) return false;
    for (size_t i = 0; i < sizeof lua / sizeof lua[0]; i++)
        if (strcmp(name, lua[i]) == 0) return true;
    return is_said(name);
}

static void rows_are_used(void) {
    size_t count;
    const struct error_row *rows = errors_formats(&count);
    for (size_t i = 0; i < count; i++) {
        check_about("ERROR(\"%s\")", rows[i].english);
        CHECK_EQ(rows_of(rows, count, rows[i].english), 1);
        CHECK(is_said(rows[i].english));
    }
    rows = errors_phrases(&count);
    for (size_t i = 0; i < count; i++) {
        check_about("PHRASE(\"%s\")", rows[i].english);
        CHECK_EQ(rows_of(rows, count, rows[i].english), 1);
        CHECK(is_said(rows[i].english) || is_type(rows[i].english));
    }
    check_about(NULL);
}

static void conversions(const char *format, char *letters) {
    for (; *format != '\0'; format++)
        if (*format == '%') *letters++ = *++format;
    *letters = '\0';
}

static void conversions_agree(void) {
    size_t count;
    const struct error_row *rows = errors_formats(&count);
    for (size_t i = 0; i < count; i++) {
        char english[64], chinese[64];
        check_about("%s", rows[i].english);
        conversions(rows[i].english, english);
        conversions(rows[i].chinese, chinese);
        CHECK_STR(chinese, english);
        CHECK(strspn(english, "stlwdIc%") == strlen(english));
        CHECK(strlen(rows[i].english) < ERRORS_FORMAT);
    }
    check_about(NULL);
}

// ---- Errors that a script has caught ---------------------------------------------------------------------------

static void check_told(const char *source, const char *english, const char *chinese) {
    struct sandbox *sandbox = sandbox_new(NULL, 1);
    check_about("%s", source);
    if (!CHECK(sandbox != NULL)) return;
    const char *error = sandbox_run(sandbox, "t.lua", source, strlen(source));
    if (CHECK(error != NULL)) {
        CHECK_STR(error, english);
        CHECK_STR(sandbox_chinese(sandbox), chinese);
    }
    sandbox_delete(sandbox);
    check_about(NULL);
}

static void caught_errors(void) {
    check_told("table.insert({})", "t.lua:1: wrong number of arguments to 'insert'", "t.lua:1: insert 的参数个数不对");
    check_told("\ntable.insert({}, 9, 1)", "t.lua:2: bad argument #2 to 'insert' (position out of bounds)",
               "t.lua:2: 第 2 个参数有误，函数为“insert”（位置越界）");
    // Caught and raised again, as it is and with a place in front of it.
    check_told("local _, e = pcall(table.insert, {}) error(e, 0)", "t.lua:1: wrong number of arguments to 'insert'",
               "t.lua:1: insert 的参数个数不对");
    check_told("local _, e = pcall(table.insert, {})\nerror(e)",
               "t.lua:2: t.lua:1: wrong number of arguments to 'insert'", "t.lua:2: t.lua:1: insert 的参数个数不对");
    check_told("local f = coroutine.wrap(function () table.insert({}) end)\nf()",
               "t.lua:2: t.lua:1: wrong number of arguments to 'insert'", "t.lua:2: t.lua:1: insert 的参数个数不对");
    // Another one came between, while the first was on its way.
    check_told("local _, e = pcall(table.insert, {}) pcall(string.format, '%p', 1) error(e, 0)",
               "t.lua:1: wrong number of arguments to 'insert'", "t.lua:1: insert 的参数个数不对");
    // What a script says in words of its own, and what Lua says, stays as it is.
    check_told("pcall(table.insert, {}) error('not so')", "t.lua:1: not so", "t.lua:1: not so");
    check_told("local _, e = pcall(table.insert, {}) error(e .. '!', 0)",
               "t.lua:1: wrong number of arguments to 'insert'!", "t.lua:1: wrong number of arguments to 'insert'!");
    check_told("local x = nil .. 1", "t.lua:1: attempt to concatenate a nil value",
               "t.lua:1: attempt to concatenate a nil value");
    check_told("x = = 1", "t.lua:1: unexpected symbol near '='", "t.lua:1: unexpected symbol near '='");
    check_told("error({})", "t.lua:1: the error value is: table", "t.lua:1: 错误的值是：table");
    check_told("error()", "t.lua:1: the error value is: nil", "t.lua:1: 错误的值是：nil");
    check_told(
        "local x = 2 ^ 3",
        "t.lua:1: the operator ^ is not available: powers differ from machine to machine (for powers of two: 1 << "
        "n)",
        "t.lua:1: 不能使用运算符 ^：各种机器算出的幂不尽相同（2 的幂可写作 1 << n）");
    check_told("while true do end", "t.lua:1: the script used up its budget of 2 million steps (an endless loop?)",
               "t.lua:1: 脚本用完了 200 万步的预算（是不是死循环？）");
    check_told("pcall(function () while true do end end)",
               "t.lua:1: the script used up its budget of 2 million steps (an endless loop?)",
               "t.lua:1: 脚本用完了 200 万步的预算（是不是死循环？）");
    check_told("local s = ('x'):rep(1 << 20)\nlocal t = s .. s", "t.lua:2: a string may have at most 1 MiB",
               "t.lua:2: 字符串最长为 1 MiB");
}

// A script sees English, whoever reads: what it does must not depend on that.
static void scripts_see_english(void) {
    static const char source[] = "local _, e = pcall(table.insert, {})\n"
                                 "assert(e == \"t.lua:1: wrong number of arguments to 'insert'\", e)\n"
                                 "local _, e = xpcall(table.insert, function (e) return e .. '!' end, {})\n"
                                 "assert(e == \"t.lua:3: wrong number of arguments to 'insert'!\", e)\n";
    struct sandbox *sandbox = sandbox_new(NULL, 1);
    if (!CHECK(sandbox != NULL)) return;
    CHECK_STR(sandbox_run(sandbox, "t.lua", source, strlen(source)), NULL);
    sandbox_delete(sandbox);
}

// Long names are cut, and never within a character.
static void long_errors(void) {
    static char source[9000];
    struct sandbox *sandbox = sandbox_new(NULL, 1);
    if (!CHECK(sandbox != NULL)) return;
    for (int shift = 0; shift < 3; shift++) {
        size_t length = (size_t)snprintf(source, sizeof source, "local a = {} error('%.*s", shift, "xy");
        for (int i = 0; i < 1000; i++)
            length += (size_t)snprintf(source + length, sizeof source - length, "窗");
        snprintf(source + length, sizeof source - length, "')");
        const char *error = sandbox_run(sandbox, "t.lua", source, strlen(source));
        if (!CHECK(error != NULL)) break;
        for (int i = 0; i < 2; i++) {
            const char *text = i == 0 ? error : sandbox_chinese(sandbox);
            CHECK_EQ((strlen(text) - strlen("t.lua:1: ") - (size_t)shift) % strlen("窗"), 0);
            CHECK(strlen(text) > 2000);
        }
    }
    sandbox_delete(sandbox);
}

int main(void) {
    read_sources();
    sources_have_rows();
    rows_are_used();
    conversions_agree();
    caught_errors();
    scripts_see_english();
    long_errors();
    free(tokens);
    return check_result();
}
