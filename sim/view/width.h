// How text looks in a terminal: UTF-8, columns, and where a line may be broken.
#ifndef VIEW_WIDTH_H
#define VIEW_WIDTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Between two characters of a text: no line may be broken there.
enum { WIDTH_JOINER = 0x1f };

// Decodes the character at the front of `length` bytes. Returns how many bytes it takes, 1..4; 0 where they aren't
// well-formed UTF-8 (overlong, surrogate, beyond U+10FFFF, cut off) or `length` is 0.
size_t width_decode(const void *bytes, size_t length, uint32_t *point);

// Encodes a character, not NUL-terminated. Returns how many bytes it takes.
size_t width_encode(uint32_t point, char bytes[4]);

// Columns of a character: 0 for a combining one and for U+0000..U+001F (words.h's marks of style), 2 for a wide one
// (Chinese), else 1.
unsigned width_of(uint32_t point);

// True for what must not reach a terminal as it is: control and format characters (bidirectional marks among them),
// private use, surrogates.
bool width_hidden(uint32_t point);

// Columns of well-formed UTF-8.
unsigned width_text(const char *text, size_t length);

// How many bytes of the well-formed `text` go on a line of `columns` (at least 2): broken at spaces and between Chinese
// characters, but never so that closing punctuation starts a line or opening punctuation ends one; a word that is too
// long is broken behind a hyphen between small letters, or cut. `*next` receives where the following line begins
// (behind the spaces), or `length` at the end.
size_t width_line(const char *text, size_t length, unsigned columns, size_t *next);

#endif
