// JSON (RFC 8259) as far as synfin reads and writes it: a line holds one value; numbers are whole, not negative, and
// below 2^64.
#ifndef VIEW_JSON_H
#define VIEW_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/view/words.h"

enum json_kind { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

#define JSON_NONE UINT32_MAX

struct json_value {
    enum json_kind kind;
    bool taken;               // for the reader's own use: false at first
    uint32_t first, next;     // index of the first member, of the following one of the same parent; or JSON_NONE
    uint64_t number;          // of a number; 0 or 1 of a boolean
    struct record_text key;   // of an object's member
    struct record_text text;  // of a string
};

// The values of one line; the whole is values[0]. All zero is empty. The memory is used again by the next line.
struct json {
    struct json_value *values;
    uint32_t count, capacity;
};

// Parses `length` bytes, which strings are decoded into and point into. NULL, or what is wrong and what would be right;
// then `*at` is where, counted in bytes from 0.
const char *json_parse(struct json *json, char *line, size_t length, size_t *at);
void json_free(struct json *json);

// The member of that name, or JSON_NONE; `object` may be any value.
uint32_t json_member(const struct json *json, uint32_t object, const char *key);

// Adds the text as a JSON string; false: it isn't UTF-8, and nothing was added.
bool json_add_string(struct words *words, struct record_text text);

#endif
