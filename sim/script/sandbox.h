// The sandbox: a Lua state in which an untrusted script can compute, print and fail, and nothing else, and in which it
// computes the same on every machine. It has libraries of its own (lib_*.c) and a budget.
//
// Work is counted in steps: at least one for an instruction of Lua's machine, four for an allocation and one more for
// each 64 bytes of it, one for each round of a library's loop. Once a script has made long strings or large hash tables
// its instructions cost more, since a single one can compare or search all of them: a budget lasts for about the same
// time whatever it is spent on. When the budget or the memory is spent the sandbox is finished for good: pcall, xpcall
// and coroutines raise the error again, and every later call fails with it at once.
//
// One thing a script can still learn about the machine: Lua's own `..` writes "not a number" with its sign, and the
// sign of 0/0 depends on the processor. (What converts a number here, such as tostring, print and string.*, writes
// "nan".) No function runs for `..` on numbers, so nothing could step in. A script that shows numbers which may be none
// uses tostring().
#ifndef SCRIPT_SANDBOX_H
#define SCRIPT_SANDBOX_H

#include <lua.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox;

struct sandbox_limits {
    uint64_t work;    // steps the script starts with, and the most it can have
    uint64_t refill;  // steps that sandbox_refill() adds
    size_t memory;    // bytes, the state's own included; up to twice that until the next instruction
    uint32_t string;  // bytes of the longest string
};

// Enough for any honest scenario, spent in well under a second: 2 million steps, 100,000 a refill, 32 MiB, 1 MiB.
extern const struct sandbox_limits sandbox_default_limits;

enum { SANDBOX_SOURCE_MAX = 64 * 1024 };  // bytes of a script's text: Lua's compiler has no budget

// Every userdata of the sandbox is an object made by sandbox_new_object() and starts with this.
struct sandbox_object {
    uint64_t serial;  // 1 for the first object of the sandbox, 2 for the second ...: their order as table keys
};

// A new sandbox with the standard functions as globals. `limits` may be NULL: the defaults. `seed` is math.random's.
// NULL when there is no memory, or when the limits do not suffice for the libraries.
struct sandbox *sandbox_new(const struct sandbox_limits *limits, uint64_t seed);
void sandbox_delete(struct sandbox *sandbox);

// The main thread. Outside of sandbox_protect() or a function that Lua called, only use on it what raises no error
// (lua_settop, lua_to*, lua_push{nil,boolean,integer,number,lightuserdata}, lua_rawgeti, lua_type).
lua_State *sandbox_state(struct sandbox *sandbox);

// Where `print` goes. `text` has no newline at its end; it is NUL-terminated. Without it, print does nothing.
typedef void sandbox_print(void *context, const char *text, size_t length);
void sandbox_set_print(struct sandbox *sandbox, sandbox_print *print, void *context);

// Calls that cannot fail other than by their result: NULL, or the error as text, "file:line: what" when a line is to
// blame. The text belongs to the sandbox and is good until the next of these calls.

// What the last of these calls that failed said, in Chinese: what this sandbox and the API say. Lua's own words, and
// the script's, are as they are.
const char *sandbox_chinese(const struct sandbox *sandbox);

// Calls `function` with one argument, the light userdata `context`; it may do all that raises errors. No results.
const char *sandbox_protect(struct sandbox *sandbox, lua_CFunction function, void *context);
// Compiles and runs the text `source` (at most SANDBOX_SOURCE_MAX bytes; no binary chunks), called `name` in messages.
// Its environment is the table that sandbox_set_environment() took, else the globals. Results are dropped.
const char *sandbox_run(struct sandbox *sandbox, const char *name, const char *source, size_t length);
// Calls the function below `nargs` arguments on the main thread's stack. Pops both; pushes `nresults` results
// (LUA_MULTRET: all) when it ends well, nothing otherwise. Renews no budget.
const char *sandbox_call(struct sandbox *sandbox, int nargs, int nresults);

// Pops a table from L's stack: the environment of scripts run from now on.
void sandbox_set_environment(lua_State *L);
// Adds limits.refill steps to what is left, never beyond limits.work: for each evaluation of a claim, each step that is
// a function. A spent sandbox stays spent.
void sandbox_refill(struct sandbox *sandbox);
// All of limits.work again, for a run that must not feel what runs before it have spent. A spent sandbox stays spent.
void sandbox_renew(struct sandbox *sandbox);

// For functions that Lua calls (they raise errors):

// Takes `work` steps from the budget; raises the error when it is spent. A C loop whose length the script chooses
// calls this.
void sandbox_charge(lua_State *L, uint64_t work);
// Raises "file:line: message", of the line of the script that is being executed, whatever C functions are between. In
// `format`: %s %d %I (lua_Integer) %c %% as lua_pushfstring, and, for strings that Chinese has other words for, %t (a
// phrase), %l (the label of a value: "link: delay", "connect: the port") and %w (a SENTENCE() of the world's). Each
// format and phrase has a row in errors.def. A script sees the English text.
_Noreturn void sandbox_error(lua_State *L, const char *format, ...);
// As sandbox_error() with "file:line: " of a place of the caller's; `file` NULL: that of the script being executed.
_Noreturn void sandbox_raise(lua_State *L, const char *file, uint32_t line, const char *format, va_list arguments);
// Raises "file:line: bad argument #n to 'function' (message)", `n` counting from 1, without self in method calls.
_Noreturn void sandbox_argument_error(lua_State *L, int argument, const char *message);
// As lua_getinfo's: the line of the script being executed, 0 when unknown.
int sandbox_line(lua_State *L);

// Pushes a new userdata of `size` bytes (its first member is struct sandbox_object), zero but for its serial, with
// `user_values` user values and no metatable. Metatables of objects should have __name and __metatable = false.
void *sandbox_new_object(lua_State *L, size_t size, int user_values);
// Pushes a new array with the keys of the table at `index` in the order of `pairs`: numbers ascending, strings by their
// bytes, false, true, objects by serial. Any other key is an error. C code never uses lua_next() for anything whose
// outcome may depend on the order: that order differs from run to run.
void sandbox_sorted_keys(lua_State *L, int index);
// Pushes what `tostring` gives for the value at `index`: as in Lua, but without addresses. May call __tostring.
const char *sandbox_tostring(lua_State *L, int index, size_t *length);
// As luaL_checkinteger() and luaL_checknumber(), which must not be used on what scripts pass: to convert a megabyte of
// digits takes milliseconds that nobody counts. (The same holds for lua_tonumber() and lua_tointeger() of a string.)
lua_Integer sandbox_check_integer(lua_State *L, int argument);
lua_Number sandbox_check_number(lua_State *L, int argument);
lua_Integer sandbox_opt_integer(lua_State *L, int argument, lua_Integer otherwise);

#endif
