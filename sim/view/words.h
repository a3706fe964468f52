// Text that grows: well-formed UTF-8 for people, in which U+00A0 stands for a space where a line must not be broken.
#ifndef VIEW_WORDS_H
#define VIEW_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/host/record.h"

// All zero is an empty text. `bytes` is NUL-terminated, or NULL while nothing was ever added.
struct words {
    char *bytes;
    size_t length;
    size_t capacity;
};

// Marks of style: a text may hold these characters, which take no column and last until the next one. What others say
// never holds one, since it is escaped.
enum style {
    STYLE_PLAIN = 1,
    STYLE_DIM,
    STYLE_STRONG,
    STYLE_STATE,
    STYLE_FLAGS,
    STYLE_BAD,
    STYLE_CALL,
    STYLE_NOTE,
};
enum { STYLES = STYLE_NOTE + 1 };
void words_add_style(struct words *words, enum style style);

void words_clear(struct words *words);
void words_free(struct words *words);
// The text as a C string; never NULL.
const char *words_string(const struct words *words);

void words_add(struct words *words, const char *string);
void words_add_bytes(struct words *words, const char *bytes, size_t length);
// Adds a text that is to hold together: no line is broken in it while it fits on one.
void words_add_together(struct words *words, const char *string);
void words_add_number(struct words *words, uint64_t number);

// Adds what a script or a trace says, so that no terminal can be harmed: hidden characters and invalid UTF-8 as \x1b or
// \u{202e}, heaps of combining characters too; with `ascii` everything beyond ASCII. Prose: runs of white space and
// line ends become one space. Code: blanks are kept. Quoted: "\n" and its like, quotes and backslashes are shown as C
// writes them, spaces hold together, and what is longer than `columns` is cut, with a mark.
void words_add_prose(struct words *words, struct record_text text, bool ascii);
void words_add_code(struct words *words, struct record_text text, bool ascii);
void words_add_quoted(struct words *words, struct record_text text, unsigned columns, bool ascii);

// A duration of nanoseconds in its natural unit: "20 ms", "3.5 s", "2 min". Exact.
void words_add_duration(struct words *words, uint64_t nanoseconds);
// Seconds with `digits` (0..9) of a fraction, cut, not rounded: "0.020".
void words_add_seconds(struct words *words, uint64_t nanoseconds, unsigned digits);

#endif
