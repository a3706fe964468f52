// The errors of a script in Chinese: sim/script/errors.def.
#ifndef SCRIPT_ERRORS_H
#define SCRIPT_ERRORS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum { ERRORS_FORMAT = 256 };  // bytes of the longest format

// A row of the table.
struct error_row {
    const char *english, *chinese;
};
const struct error_row *errors_formats(size_t *count);
const struct error_row *errors_phrases(size_t *count);

// The format as lua_pushvfstring() knows it: %s for each conversion that is sandbox_error()'s own.
void errors_plain(const char *format, char plain[ERRORS_FORMAT]);
// Writes what the format says, in Chinese, as many whole characters as there is room for. False, and nothing is
// written: the table doesn't have it.
bool errors_chinese(char *text, size_t size, const char *format, va_list arguments);
// Writes what the format says to both, `size` bytes each. Its conversions are %s, %d, %t, %l and %w alone.
void errors_both(char *english, char *chinese, size_t size, const char *format, ...);
// The phrase in Chinese; itself, if the table doesn't have it.
const char *errors_phrase(const char *english);
// Takes away what is left of a character that was cut off at the text's end.
void errors_trim(char *text);

#endif
