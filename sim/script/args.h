// Checked reading of what a script hands to the API. Each function either returns a value that is in range or raises
// one sandbox_error(): what was written, and what would be right. Nothing here calls back into the script: fields are
// read raw.
#ifndef SCRIPT_ARGS_H
#define SCRIPT_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lua.h>

#include "core/rules.h"
#include "sim/script/suggest.h"

#define ARGS_NANOSECOND UINT64_C(1)
#define ARGS_MICROSECOND UINT64_C(1000)
#define ARGS_MILLISECOND UINT64_C(1000000)
#define ARGS_SECOND UINT64_C(1000000000)
#define ARGS_MINUTE (60 * ARGS_SECOND)
#define ARGS_TIME_LIMIT (UINT64_C(10) * 366 * 24 * 60 * ARGS_MINUTE)  // ten years

enum { ARGS_SHOWN = 64, ARGS_OPTIONS = 64 };

// The value as a person would name it in a sentence, in `shown`: 3, "text", a table, a host, nothing (nil).
const char *args_show(lua_State *L, int index, char shown[ARGS_SHOWN]);
// suggest_begin(), paid for out of the script's budget.
void args_suggest(lua_State *L, struct suggestion *suggestion, const char *wanted);
// Raises "what: no NAME 'name'; did you mean 'best'?" or, with nothing near, the hint.
_Noreturn void args_unknown(lua_State *L, const char *what, const char *kind, const char *name, const char *best,
                            const char *hint);

// Values on the stack. `label` is what the message calls them: "sleep: the time".
uint64_t args_integer(lua_State *L, int index, const char *label, uint64_t low, uint64_t high);
// Nanoseconds, rounded to the nearest.
uint64_t args_time(lua_State *L, int index, const char *label);
uint16_t args_port(lua_State *L, int index, const char *label);
// UTF-8 or any bytes, `low`..`high` of them. The pointer is good as long as the value is on the stack or in its table.
const char *args_string(lua_State *L, int index, const char *label, size_t low, size_t high, size_t *length);
// As args_string(), for names and texts that are shown to people: no zero byte, no control characters but newline.
const char *args_words(lua_State *L, int index, const char *label, size_t high);
// TCP_FIN ... from "SYN,ACK"; "none" is a segment without flags.
uint8_t args_flags(lua_State *L, int index, const char *label);
enum tcp_rule args_rule(lua_State *L, int index, const char *label);
// The length of the list on top of the stack, from 1 to `high`.
uint32_t args_list(lua_State *L, const char *label, uint32_t high);

// A table of named options.
struct args {
    lua_State *L;
    int table;         // an absolute stack index
    const char *what;  // whose options: "link"
};

// Checks that the value is a table with no other keys than `names` (ends with NULL).
struct args args_open(lua_State *L, int index, const char *what, const char *const *names);
// Pushes the field and returns true, or pushes nothing and returns false when it is absent. `label` (ARGS_SHOWN bytes)
// receives "link: delay".
bool args_field(const struct args *args, const char *name, char label[ARGS_SHOWN]);
bool args_has(const struct args *args, const char *name);
// Each leaves `*value` alone and returns false when the field is absent.
bool args_integer_field(const struct args *args, const char *name, uint64_t low, uint64_t high, uint64_t *value);
bool args_u32_field(const struct args *args, const char *name, uint32_t low, uint32_t high, uint32_t *value);
bool args_time_field(const struct args *args, const char *name, uint64_t *value);
// Out of a million, rounded to the nearest.
bool args_probability_field(const struct args *args, const char *name, uint32_t *value);
bool args_port_field(const struct args *args, const char *name, uint16_t *value);
bool args_boolean_field(const struct args *args, const char *name, bool *value);
bool args_flags_field(const struct args *args, const char *name, uint8_t *value);

#endif
