// Columns, UTF-8, line breaks, and what becomes of text that others wrote.
#include <string.h>

#include "sim/view/width.h"
#include "sim/view/words.h"
#include "tests/check.h"

static void check_decoding(void) {
    static const struct {
        const char *bytes;
        size_t size;
        uint32_t point;
    } good[] = {{"A", 1, 'A'},
                {"\xc2\x80", 2, 0x80},
                {"\xe4\xb8\x89", 3, 0x4e09},
                {"\xef\xbf\xbd", 3, 0xfffd},
                {"\xf0\x9f\x98\x80", 4, 0x1f600},
                {"\xf4\x8f\xbf\xbf", 4, 0x10ffff}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint32_t point = 0;
        char bytes[4];
        check_about("well-formed %zu", i);
        CHECK_EQ(width_decode(good[i].bytes, strlen(good[i].bytes), &point), good[i].size);
        CHECK_EQ(point, good[i].point);
        CHECK_EQ(width_encode(point, bytes), good[i].size);
        CHECK(memcmp(bytes, good[i].bytes, good[i].size) == 0);
        for (size_t cut = 0; cut < good[i].size; cut++)
            CHECK_EQ(width_decode(good[i].bytes, cut, &point), 0);
    }
    static const char *const bad[] = {"\x80",         "\xc0\x80",         "\xc1\xbf",         "\xe0\x80\x80",
                                      "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
                                      "\xff",         "\xe4\xb8z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint32_t point = 0;
        check_about("ill-formed %zu", i);
        CHECK_EQ(width_decode(bad[i], strlen(bad[i]), &point), 0);
    }
}

static void check_columns(void) {
    check_about("columns");
    CHECK_EQ(width_of('A'), 1);
    CHECK_EQ(width_of(0x301), 0);
    CHECK_EQ(width_of(0x4e09), 2);
    CHECK_EQ(width_of(0xff0c), 2);
    CHECK_EQ(width_of(0x3002), 2);
    CHECK_EQ(width_of(0x2500), 1);
    CHECK_EQ(width_of(0x25ba), 1);
    CHECK_EQ(width_of(0x1f600), 2);
    CHECK_EQ(width_text("SYN 同步", strlen("SYN 同步")), 8);
    CHECK(width_hidden(0x1b) && width_hidden(0x7f) && width_hidden(0x9b) && width_hidden(0x202e));
    CHECK(width_hidden(0x200d) && width_hidden(0xe000) && width_hidden(0xfeff));
    CHECK(!width_hidden('A') && !width_hidden(0x4e09) && !width_hidden(0x2500));
}

// Breaks `text` into lines of `columns` and compares them with `wanted`, lines separated by '|'.
static void check_lines(const char *text, unsigned columns, const char *wanted) {
    char lines[512] = "";
    size_t length = strlen(text), used = 0;
    check_about("\"%s\" on %u columns", text, columns);
    for (size_t begin = 0; begin < length;) {
        size_t next = 0, line = width_line(text + begin, length - begin, columns, &next);
        CHECK(width_text(text + begin, line) <= columns);
        CHECK(next > 0);
        if (next == 0) return;
        if (used > 0) lines[used++] = '|';
        memcpy(lines + used, text + begin, line);
        used += line;
        begin += next;
    }
    lines[used] = '\0';
    CHECK_STR(lines, wanted);
}

static void check_breaking(void) {
    check_lines("one two three", 100, "one two three");
    check_lines("one two three", 7, "one two|three");
    check_lines("one two three", 8, "one two|three");
    check_lines("one  two", 5, "one|two");
    check_lines("unbreakable", 4, "unbr|eaka|ble");
    check_lines("see three-way-handshake", 12, "see|three-way-|handshake");
    check_lines("SYN-RECEIVED here", 8, "SYN-RECE|IVED|here");
    check_lines("三次握手", 4, "三次|握手");
    check_lines("三次握手", 5, "三次|握手");
    check_lines("三次握手。四次挥手", 8, "三次握|手。四次|挥手");
    check_lines("收到（SYN）后", 7, "收到|（SYN）|后");
    check_lines("发送 SYN 报文段", 9, "发送 SYN|报文段");
    check_lines("7\u00a0字节", 4, "7\u00a0字|节");
    check_lines("共 7\u00a0字\x1f节", 8, "共|7\u00a0字\x1f节");
}

static void check_prose(const char *text, size_t length, bool ascii, const char *wanted) {
    struct words words = {0};
    check_about("prose, wanted \"%s\"", wanted);
    words_add_prose(&words, (struct record_text){(const unsigned char *)text, (uint32_t)length}, ascii);
    CHECK_STR(words_string(&words), wanted);
    words_free(&words);
}

static void check_quoted(const char *text, size_t length, unsigned columns, const char *wanted) {
    struct words words = {0};
    check_about("quoted, wanted %s", wanted);
    words_add_quoted(&words, (struct record_text){(const unsigned char *)text, (uint32_t)length}, columns, false);
    CHECK_STR(words_string(&words), wanted);
    words_free(&words);
}

static void check_untrusted(void) {
    check_prose("plain", 5, false, "plain");
    check_prose("  a \n\t b  ", 9, false, "a b");
    check_prose("\x1b[2J", 4, false, "\\x1b[2J");
    check_prose("\xc2\x9b", 2, false, "\\u{9b}");
    check_prose("\xff\xfe", 2, false, "\\xff\\xfe");
    check_prose("a\0b", 3, false, "a\\x00b");
    check_prose("\u202eevil", 7, false, "\\u{202e}evil");
    check_prose("主机", 6, false, "主机");
    check_prose("主机", 6, true, "\\u{4e3b}\\u{673a}");
    check_prose("e\u0301\u0301\u0301\u0301", 9, false, "e\u0301\u0301\\u{301}\\u{301}");
    check_prose("\u0301", 2, false, "\\u{301}");
    check_quoted("GET /\r\n", 7, 40, "\"GET\u00a0/\\r\\n\"");
    check_quoted("say \"hi\\\"", 9, 40, "\"say\u00a0\\\"hi\\\\\\\"\"");
    check_quoted("0123456789", 10, 6, "\"01234…\"");
    check_quoted("", 0, 6, "\"\"");
    check_quoted("\0\0", 2, 40, "\"\\x00\\x00\"");
}

static void check_duration(uint64_t nanoseconds, const char *wanted) {
    struct words words = {0};
    check_about("%llu ns", (unsigned long long)nanoseconds);
    words_add_duration(&words, nanoseconds);
    CHECK_STR(words_string(&words), wanted);
    words_free(&words);
}

static void check_seconds(uint64_t nanoseconds, unsigned digits, const char *wanted) {
    struct words words = {0};
    check_about("%llu ns, %u digits", (unsigned long long)nanoseconds, digits);
    words_add_seconds(&words, nanoseconds, digits);
    CHECK_STR(words_string(&words), wanted);
    words_free(&words);
}

static void check_times(void) {
    check_duration(0, "0\u00a0s");
    check_duration(1, "1\u00a0ns");
    check_duration(20000000, "20\u00a0ms");
    check_duration(20500000, "20.5\u00a0ms");
    check_duration(3020000000, "3.02\u00a0s");
    check_duration(1500, "1.5\u00a0us");
    check_duration(UINT64_C(120000000000), "2\u00a0min");
    check_duration(UINT64_C(125000000000), "2\u00a0min\u00a05\u00a0s");
    check_duration(UINT64_C(125000000001), "125.000000001\u00a0s");
    check_seconds(20000000, 3, "0.020");
    check_seconds(1000000001, 9, "1.000000001");
    check_seconds(1999999999, 3, "1.999");
    check_seconds(UINT64_MAX, 3, "18446744073.709");
}

int main(void) {
    check_decoding();
    check_columns();
    check_breaking();
    check_untrusted();
    check_times();
    return check_result();
}
