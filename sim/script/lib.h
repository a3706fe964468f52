// What the libraries of the sandbox (lib_*.c) share with it and with each other. Nobody else includes this.
#ifndef SCRIPT_LIB_H
#define SCRIPT_LIB_H

#include "sim/script/sandbox.h"

#include <lauxlib.h>
#include <lualib.h>

enum { SANDBOX_INTERVAL = 100 };  // instructions between two looks at the budget

// Each puts its functions into the globals.
void lib_open_base(lua_State *L);
void lib_open_table(lua_State *L);
void lib_open_string(lua_State *L);
void lib_open_math(lua_State *L);
void lib_open_utf8(lua_State *L);
void lib_open_coroutine(lua_State *L);

// Adds functions to the table on the top of the stack: string.find and its kin, string.format.
void lib_add_patterns(lua_State *L);
int lib_format(lua_State *L);

// For the base library: what keeps the scripts' metatables; setmetatable and getmetatable.
void lib_open_metatables(lua_State *L);
int lib_setmetatable(lua_State *L);
int lib_getmetatable(lua_State *L);

// `next`: the first key in the order of `pairs` that comes behind the given one. Looks at every key each time.
int lib_next(lua_State *L);

// Raises the sandbox's last error again when it is spent.
void sandbox_check(lua_State *L);
// After a protected call that failed with `status` and left its error on the stack: raises again what must not be
// caught, and gives an error of the allocator its text.
void sandbox_caught(lua_State *L, int status);
// Tells the sandbox that `thread` is now the one that runs. Returns the one before.
lua_State *sandbox_switch(lua_State *L, lua_State *thread);
// Steps left.
uint64_t sandbox_left(lua_State *L);
// What one instruction is charged now: more than 1 when it could touch long strings or large tables. Loops of C code
// that index tables or compare values of the script charge as much a round.
uint64_t sandbox_weight(lua_State *L);
// Takes the steps of one walk through a table's fields, beside those of each field: lua_next() passes over the empty
// ones unseen.
void sandbox_charge_walk(lua_State *L);
// From now on any numeric `for` may have strings as bounds.
void sandbox_distrust_loops(lua_State *L);
// The longest string allowed; raises the error for one of `length` bytes when it is longer.
void sandbox_check_length(lua_State *L, size_t length);
// The next number of the script's luck.
uint64_t sandbox_random(lua_State *L);
// Hands a line of text to the print callback.
void sandbox_print_line(lua_State *L, const char *text, size_t length);
// Replaces control characters other than newline and tab: text of a script must not steer a terminal.
void sandbox_clean(char *text, size_t length);

// The argument as a string; a number becomes one, as `tostring` writes it. Other types raise an error.
const char *lib_check_text(lua_State *L, int argument, size_t *length);

// Text being built. It lives in a userdata at a fixed place of the stack, so that errors leak nothing.
struct lib_buffer {
    lua_State *L;
    char *data;
    size_t length, capacity;
    int slot;
};

// Pushes the buffer's place; it must stay where it is.
void lib_buffer_init(lua_State *L, struct lib_buffer *buffer);
// Room for `length` more bytes behind buffer->length. Raises an error when the string gets too long.
char *lib_buffer_room(struct lib_buffer *buffer, size_t length);
void lib_buffer_add(struct lib_buffer *buffer, const char *text, size_t length);
// Adds the string or number at `index`, numbers as `tostring` writes them.
void lib_buffer_add_value(struct lib_buffer *buffer, int index);
// Pushes the text as a string.
void lib_buffer_push(struct lib_buffer *buffer);

// A position in a string as scripts give it: from 1, negative from the end. Returns it from 1, at least 0: Lua's rule.
size_t lib_position(lua_Integer position, size_t length);

#endif
