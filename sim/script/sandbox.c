#include "sim/script/sandbox.h"

#include "sim/engine/luck.h"
#include "sim/script/errors.h"
#include "sim/script/lib.h"
#include "sim/script/source.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PLACE_SIZE = LUA_IDSIZE + 16,
    COUNT_SIZE = 80,
    LAST_WORDS_SIZE = PLACE_SIZE + COUNT_SIZE + 160,  // the errors of the budget and the allocator
    MESSAGE_SIZE = 2048,
    TOLD = 4,              // errors whose Chinese is remembered: the newest, and those that came between
    RESERVE = 256 * 1024,  // more bytes for unwinding, in small pieces, once the sandbox is spent
    RESERVE_PIECE = 4096,
};

enum spent { SPENT_NOTHING, SPENT_WORK, SPENT_MEMORY };

// What the allocator found. It must not look at Lua's stack, which may be what it is moving, so it can neither say
// where nor raise an error: it lets the block be had and rings for the hook, which comes before the next instruction.
enum alarm { ALARM_WORK = 1, ALARM_MEMORY = 2, ALARM_STRING = 4 };

// An error that the script may have caught, in both languages. English is "" when it was too long to be remembered.
struct told {
    char english[MESSAGE_SIZE], chinese[MESSAGE_SIZE];
};

struct sandbox {
    lua_State *main;
    lua_State *running;  // the thread being executed; NULL outside of calls. The allocator isn't told which it is
    struct sandbox_limits limits;
    uint64_t left;                                        // steps
    size_t used;                                          // bytes
    size_t longest_string, largest_hash, largest_vector;  // bytes
    uint64_t most_arguments;                              // of a function with ...
    bool loose_for;                                       // a numeric `for` of the script may have strings as bounds
    enum spent spent;
    unsigned alarms;  // enum alarm
    uint64_t seed, draws;
    uint64_t objects;  // made so far
    sandbox_print *print;
    void *print_context;
    const char *compiling;
    // Each in English and in Chinese:
    char why[2][LAST_WORDS_SIZE];  // the error that can't be caught, once spent
    char place[PLACE_SIZE];        // where the last uncaught error was raised: "file:line: "
    char message[2][MESSAGE_SIZE];
    const char *chinese;  // of the last call that failed
    struct told told[TOLD];
    unsigned newest;  // of these
};

const struct sandbox_limits sandbox_default_limits = {
    .work = 2 * 1000 * 1000, .refill = 100 * 1000, .memory = 32 * 1024 * 1024, .string = 1024 * 1024};

static const char environment_key;

static struct sandbox *sandbox_of(lua_State *L) {
    void *sandbox = NULL;
    lua_getallocf(L, &sandbox);
    return sandbox;
}

lua_State *sandbox_state(struct sandbox *sandbox) {
    return sandbox->main;
}

// ---- where

// The innermost function of the script in `L`, or false. Allocates nothing.
static bool find_place(lua_State *L, lua_Debug *info) {
    for (int level = 0; lua_getstack(L, level, info) != 0; level++) {
        lua_getinfo(L, "Sl", info);
        if (info->currentline > 0) return true;
    }
    return false;
}

// Writes "file:line: " of the line being executed, or "" when there is none; at most PLACE_SIZE bytes.
static void write_place(const struct sandbox *sandbox, lua_State *L, char *place) {
    lua_Debug info;
    place[0] = '\0';
    if (L != NULL && find_place(L, &info)) {
        snprintf(place, PLACE_SIZE, "%s:%d: ", info.short_src, info.currentline);
    } else if (sandbox->compiling != NULL) {
        snprintf(place, PLACE_SIZE, "%.*s: ", LUA_IDSIZE, sandbox->compiling);
    }
}

int sandbox_line(lua_State *L) {
    lua_Debug info;
    return find_place(L, &info) ? info.currentline : 0;
}

// ---- the budget

// Both write a SENTENCE(): English, and behind its NUL Chinese.
static void write_count(char text[COUNT_SIZE], uint64_t count) {
    const uint64_t million = 1000000;
    const bool whole = count >= million && count % million == 0;
    const int length =
        snprintf(text, COUNT_SIZE, whole ? "%" PRIu64 " million" : "%" PRIu64, whole ? count / million : count) + 1;
    snprintf(text + length, COUNT_SIZE - (size_t)length, whole ? "%" PRIu64 " 万" : "%" PRIu64,
             whole ? count / 10000 : count);
}

static void write_bytes(char text[COUNT_SIZE], size_t count) {
    const size_t mega = 1024 * 1024;
    const bool whole = count >= mega && count % mega == 0;
    const size_t number = whole ? count / mega : count;
    const int length = snprintf(text, COUNT_SIZE, "%zu %s", number, whole ? "MiB" : "bytes") + 1;
    snprintf(text + length, COUNT_SIZE - (size_t)length, "%zu %s", number, whole ? "MiB" : "字节");
}

// From here on the sandbox is finished. `L` is where, or NULL. Allocates nothing.
static void spend_work(struct sandbox *sandbox, lua_State *L) {
    if (sandbox->spent != SPENT_NOTHING) return;
    sandbox->spent = SPENT_WORK;
    char place[PLACE_SIZE];
    char count[COUNT_SIZE];
    write_place(sandbox, L, place);
    write_count(count, sandbox->limits.work);
    errors_both(sandbox->why[0], sandbox->why[1], LAST_WORDS_SIZE,
                "%sthe script used up its budget of %w steps (an endless loop?)", place, count);
}

static void spend_memory(struct sandbox *sandbox, lua_State *L) {
    if (sandbox->spent != SPENT_NOTHING) return;
    sandbox->spent = SPENT_MEMORY;
    char place[PLACE_SIZE];
    char count[COUNT_SIZE];
    write_place(sandbox, L, place);
    write_bytes(count, sandbox->limits.memory);
    errors_both(sandbox->why[0], sandbox->why[1], LAST_WORDS_SIZE,
                "%sthe script used up its memory of %w (a table or a recursion without an end?)", place, count);
}

static bool take(struct sandbox *sandbox, uint64_t work) {
    const bool enough = work <= sandbox->left;
    sandbox->left = enough ? sandbox->left - work : 0;
    return enough;
}

static _Noreturn void raise_spent(lua_State *L) {
    lua_pushstring(L, sandbox_of(L)->why[0]);
    lua_error(L);
    abort();  // lua_error doesn't return
}

// Remembers what the error's text on top of the stack is in Chinese, behind `place`.
static void remember(lua_State *L, const char *place, const char *format, va_list arguments) {
    struct sandbox *sandbox = sandbox_of(L);
    sandbox->newest = (sandbox->newest + 1) % TOLD;
    struct told *told = &sandbox->told[sandbox->newest];
    size_t length, before = strlen(place);
    const char *english = lua_tolstring(L, -1, &length);
    bool fits = length < MESSAGE_SIZE && before < MESSAGE_SIZE / 2;
    told->english[0] = '\0';
    if (!fits || !errors_chinese(told->chinese + before, MESSAGE_SIZE - before, format, arguments)) return;
    memcpy(told->chinese, place, before);
    memcpy(told->english, english, length + 1);
}

// Pushes `place` and the message.
static void push_error_at(lua_State *L, const char *place, const char *format, va_list arguments) {
    char plain[ERRORS_FORMAT];
    va_list again;
    va_copy(again, arguments);
    errors_plain(format, plain);
    lua_pushstring(L, place);
    lua_pushvfstring(L, plain, arguments);
    lua_concat(L, 2);
    remember(L, place, format, again);
    va_end(again);
}

static void push_error(lua_State *L, const char *place, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    push_error_at(L, place, format, arguments);
    va_end(arguments);
}

static void push_too_long(lua_State *L) {
    char count[COUNT_SIZE], place[PLACE_SIZE];
    write_bytes(count, sandbox_of(L)->limits.string);
    write_place(sandbox_of(L), L, place);
    push_error(L, place, "a string may have at most %w", count);
}

// Memory that is used up is left to the hook, which may collect garbage, and to the end of the call.
void sandbox_check(lua_State *L) {
    struct sandbox *sandbox = sandbox_of(L);
    if (sandbox->alarms & ALARM_WORK) spend_work(sandbox, L);
    if (sandbox->spent != SPENT_NOTHING) raise_spent(L);
    if (sandbox->alarms & ALARM_STRING) {
        sandbox->alarms &= ~(unsigned)ALARM_STRING;
        push_too_long(L);
        lua_error(L);
    }
}

void sandbox_charge(lua_State *L, uint64_t work) {
    struct sandbox *sandbox = sandbox_of(L);
    if (!take(sandbox, work)) spend_work(sandbox, L);
    if (sandbox->spent != SPENT_NOTHING || sandbox->alarms != 0) sandbox_check(L);
}

void sandbox_refill(struct sandbox *sandbox) {
    const uint64_t missing = sandbox->limits.work - sandbox->left;
    sandbox->left += missing < sandbox->limits.refill ? missing : sandbox->limits.refill;
}

void sandbox_renew(struct sandbox *sandbox) {
    if (sandbox->spent == SPENT_NOTHING) sandbox->left = sandbox->limits.work;
}

uint64_t sandbox_left(lua_State *L) {
    return sandbox_of(L)->left;
}

// One instruction may compare two long strings (0.03 ns a byte), or walk a chain of colliding keys through a whole hash
// table (0.1 ns a byte), or turn three bounds of a `for` from text into numbers (2 ns a byte each), or copy all
// arguments of a function (1 ns each). It is charged as if it did, at 10 to 20 ns a step or more, so that the longest
// string says little about how long a budget lasts. That a string was long is never forgotten: the allocator can't tell
// when the last one is gone.
uint64_t sandbox_weight(lua_State *L) {
    const struct sandbox *sandbox = sandbox_of(L);
    return 1 + sandbox->longest_string / (sandbox->loose_for ? 128 : 4096) + sandbox->largest_hash / 2048 +
           sandbox->most_arguments / 64;
}

void sandbox_charge_walk(lua_State *L) {
    sandbox_charge(L, sandbox_weight(L) + sandbox_of(L)->largest_vector / 256);
}

void sandbox_distrust_loops(lua_State *L) {
    sandbox_of(L)->loose_for = true;
}

enum { HOOK_MASK = LUA_MASKCOUNT | LUA_MASKCALL | LUA_MASKRET };

// Collects garbage when the memory is used up, and ends the script when that does not help.
static void check_memory(lua_State *L) {
    struct sandbox *sandbox = sandbox_of(L);
    sandbox->alarms &= ~(unsigned)ALARM_MEMORY;
    sandbox_charge(L, sandbox->used / 256);
    lua_gc(L, LUA_GCCOLLECT);
    if (sandbox->used > sandbox->limits.memory) spend_memory(sandbox, L);
    sandbox_check(L);
}

// Called for a function's arguments beyond the named ones: how many there are, to a factor of two.
static void note_arguments(lua_State *L, const lua_Debug *info) {
    struct sandbox *sandbox = sandbox_of(L);
    for (int count = 64; lua_getlocal(L, info, -count) != NULL; count *= 2) {
        lua_pop(L, 1);
        if ((uint64_t)count > sandbox->most_arguments) sandbox->most_arguments = (uint64_t)count;
    }
}

// Results are handed from call to call, as many as there are.
static void charge_results(lua_State *L, lua_Debug *info) {
    lua_getinfo(L, "r", info);
    if (info->ntransfer >= 32) sandbox_charge(L, info->ntransfer / 32);
}

static void on_event(lua_State *L, lua_Debug *info) {
    switch (info->event) {
    case LUA_HOOKCALL:
    case LUA_HOOKTAILCALL: note_arguments(L, info); break;
    case LUA_HOOKRET: charge_results(L, info); break;
    default:
        if (lua_gethookcount(L) != SANDBOX_INTERVAL) lua_sethook(L, on_event, HOOK_MASK, SANDBOX_INTERVAL);
        sandbox_charge(L, SANDBOX_INTERVAL * sandbox_weight(L));
        if (sandbox_of(L)->alarms & ALARM_MEMORY) check_memory(L);
    }
}

lua_State *sandbox_switch(lua_State *L, lua_State *thread) {
    struct sandbox *sandbox = sandbox_of(L);
    lua_State *before = sandbox->running;
    sandbox->running = thread;
    return before;
}

uint64_t sandbox_random(lua_State *L) {
    struct sandbox *sandbox = sandbox_of(L);
    return luck_draw(sandbox->seed, LUCK_SCRIPT, sandbox->draws++, NULL, 0);
}

// ---- memory

// Nodes of a table's hash part are 24 bytes and a power of two of them; arrays are powers of two of 16 bytes.
static bool is_hash(size_t size) {
    const size_t nodes = size / 24;
    return nodes * 24 == size && (nodes & (nodes - 1)) == 0;
}

// lua_sethook() is made to be called at any time, even from a signal: it does not touch the stack.
static void ring(struct sandbox *sandbox, enum alarm alarm) {
    if (sandbox->alarms & (unsigned)alarm) return;
    sandbox->alarms |= (unsigned)alarm;
    if (sandbox->running != NULL) lua_sethook(sandbox->running, on_event, HOOK_MASK, 1);
}

// May a block grow (from `before` bytes, 0 for a new one) to `size`? Up to twice the limit, so that no table's doubling
// is refused here, where nobody could say what line did it.
static bool may_grow(struct sandbox *sandbox, bool is_string, size_t before, size_t size) {
    enum { BESIDE_TEXT = 32 + PLACE_SIZE };  // Lua's own bytes of a string; and the place before an error's text
    const size_t after = sandbox->used - before + size;
    const size_t most = 2 * sandbox->limits.memory;
    if (sandbox->spent != SPENT_NOTHING) return size <= RESERVE_PIECE && after <= most + RESERVE;
    if (!take(sandbox, 4 + (size - before) / 64)) ring(sandbox, ALARM_WORK);
    if (is_string && size > (size_t)sandbox->limits.string + BESIDE_TEXT) ring(sandbox, ALARM_STRING);
    if (after > sandbox->limits.memory) ring(sandbox, ALARM_MEMORY);
    return after <= most;
}

// lua_Alloc. For a new block `before` is the type of what it is for, 0 for a part of something.
static void *allocate(void *context, void *block, size_t before, size_t size) {
    struct sandbox *sandbox = context;
    const bool is_string = block == NULL && before == LUA_TSTRING;
    const bool is_vector = block != NULL || before == 0;
    if (block == NULL) before = 0;
    if (size == 0) {
        free(block);
        sandbox->used -= before;
        return NULL;
    }
    if (size > before && !may_grow(sandbox, is_string, before, size)) return NULL;
    // A table's array that stays or shrinks has been counted through, for each rehash of the table.
    if (size <= before && !take(sandbox, before / 256)) ring(sandbox, ALARM_WORK);
    void *new_block = realloc(block, size);
    if (new_block == NULL) return size > before ? NULL : block;
    sandbox->used = sandbox->used - before + size;
    if (is_string && size > sandbox->longest_string) sandbox->longest_string = size;
    if (is_vector && size > sandbox->largest_vector) sandbox->largest_vector = size;
    if (before == 0 && is_vector && size > sandbox->largest_hash && is_hash(size)) sandbox->largest_hash = size;
    return new_block;
}

void sandbox_check_length(lua_State *L, size_t length) {
    if (length <= sandbox_of(L)->limits.string) return;
    push_too_long(L);
    lua_error(L);
}

// ---- errors

_Noreturn void sandbox_error(lua_State *L, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    sandbox_raise(L, NULL, 0, format, arguments);
}

_Noreturn void sandbox_raise(lua_State *L, const char *file, uint32_t line, const char *format, va_list arguments) {
    char place[MESSAGE_SIZE / 4];
    if (file == NULL) {
        write_place(sandbox_of(L), L, place);
    } else {
        snprintf(place, sizeof place, "%s:%lu: ", file, (unsigned long)line);
    }
    push_error_at(L, place, format, arguments);
    lua_error(L);
    abort();  // lua_error doesn't return
}

_Noreturn void sandbox_argument_error(lua_State *L, int argument, const char *message) {
    lua_Debug info;
    if (lua_getstack(L, 0, &info) == 0) sandbox_error(L, "bad argument #%d (%t)", argument, message);
    lua_getinfo(L, "n", &info);
    const char *name = info.name == NULL ? "?" : info.name;
    if (strcmp(info.namewhat, "method") == 0 && --argument == 0) {
        sandbox_error(L, "calling '%s' on bad self (%t)", name, message);
    }
    sandbox_error(L, "bad argument #%d to '%s' (%t)", argument, name, message);
}

// How deep the stack is, to a factor of two.
static uint64_t depth_of(lua_State *L) {
    lua_Debug info;
    int depth = 1;
    while (lua_getstack(L, depth, &info) != 0)
        depth *= 2;
    return (uint64_t)depth;
}

void sandbox_caught(lua_State *L, int status) {
    struct sandbox *sandbox = sandbox_of(L);
    const bool too_long = (sandbox->alarms & ALARM_STRING) != 0;
    sandbox->alarms &= ~(unsigned)ALARM_STRING;
    if (status == LUA_ERRMEM && !too_long) spend_memory(sandbox, L);
    sandbox_check(L);
    sandbox_charge(L, depth_of(L) / 4);  // Lua has measured the whole stack, too
    if (!too_long) return;
    lua_pop(L, 1);
    push_too_long(L);
}

// ---- calls from outside

// Message handler: runs where the error is raised, and changes nothing but `place`. Lua calls none for LUA_ERRMEM.
static int note_place(lua_State *L) {
    struct sandbox *sandbox = sandbox_of(L);
    write_place(sandbox, L, sandbox->place);
    return 1;
}

static int error_to_text(lua_State *L) {
    lua_settop(L, 1);
    push_error(L, "", "the error value is: %s", sandbox_tostring(L, 1, NULL));
    return 1;
}

// True when `text` starts with a file and a line, as errors of Lua and of this file do.
static bool has_place(const char *text) {
    const char *colon = strchr(text, ':');
    if (colon == NULL) return false;
    const size_t digits = strspn(colon + 1, "0123456789");
    return digits > 0 && colon[1 + digits] == ':';
}

void sandbox_clean(char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if ((byte < ' ' && byte != '\n' && byte != '\t') || byte == 127) text[i] = '?';
    }
}

// What the call that failed says from now on. Returns the English of it.
static const char *fail(struct sandbox *sandbox, const char *english, const char *chinese) {
    sandbox->chinese = chinese;
    return english;
}

// The same, when it is sandbox->message.
static const char *fail_by_message(struct sandbox *sandbox) {
    for (int i = 0; i < 2; i++) {
        errors_trim(sandbox->message[i]);
        sandbox_clean(sandbox->message[i], strlen(sandbox->message[i]));
    }
    return fail(sandbox, sandbox->message[0], sandbox->message[1]);
}

// Makes a message of the text that an error ended with. It may be one that was told by this file, or end in one, for
// error() puts a place in front of what it is given; else it is somebody's own words.
static void write_message(struct sandbox *sandbox, const char *text) {
    const char *place = has_place(text) ? "" : sandbox->place;
    const size_t length = strlen(text);
    for (int i = 0; i < 2; i++)
        snprintf(sandbox->message[i], MESSAGE_SIZE, "%s%s", place, text);
    for (unsigned i = 0; i < TOLD; i++) {
        const struct told *told = &sandbox->told[(sandbox->newest + TOLD - i) % TOLD];
        const size_t tail = strlen(told->english);
        if (tail == 0 || tail > length || strcmp(text + length - tail, told->english) != 0) continue;
        char *message = sandbox->message[1];  // what doesn't fit is cut
        if (snprintf(message, MESSAGE_SIZE, "%s%.*s%s", place, (int)(length - tail), text, told->chinese) < 0)
            *message = '\0';
        return;
    }
}

// Replaces an error on top of the stack that is no string by its text; nil if that fails, too.
static void make_text(struct sandbox *sandbox) {
    lua_State *L = sandbox->main;
    lua_pushcfunction(L, error_to_text);
    lua_insert(L, -2);
    sandbox->running = L;
    if (lua_pcall(L, 1, 1, 0) != LUA_OK && lua_type(L, -1) != LUA_TSTRING) {
        lua_pop(L, 1);
        lua_pushnil(L);
    }
    sandbox->running = NULL;
}

// Pops the error that a call with `status` ended in, if it left one; returns its text.
static const char *failure(struct sandbox *sandbox, int status) {
    lua_State *L = sandbox->main;
    const bool too_long = (sandbox->alarms & ALARM_STRING) != 0;
    if (status == LUA_ERRMEM && !too_long) spend_memory(sandbox, NULL);
    if (sandbox->spent == SPENT_NOTHING && status != LUA_ERRMEM && lua_type(L, -1) != LUA_TSTRING) make_text(sandbox);
    if (sandbox->spent != SPENT_NOTHING) {
        memcpy(sandbox->message[0], sandbox->why[0], LAST_WORDS_SIZE);
        memcpy(sandbox->message[1], sandbox->why[1], LAST_WORDS_SIZE);
    } else if (too_long) {
        char count[COUNT_SIZE], refusal[2][LAST_WORDS_SIZE];
        write_bytes(count, sandbox->limits.string);
        errors_both(refusal[0], refusal[1], LAST_WORDS_SIZE, "a string may have at most %w", count);
        for (int i = 0; i < 2; i++)
            snprintf(sandbox->message[i], MESSAGE_SIZE, "%s%s", sandbox->place, refusal[i]);
    } else if (lua_type(L, -1) == LUA_TSTRING) {
        write_message(sandbox, lua_tostring(L, -1));
    } else {
        errors_both(sandbox->message[0], sandbox->message[1], MESSAGE_SIZE, "%san error without a text",
                    sandbox->place);
    }
    return fail_by_message(sandbox);
}

// What the allocator found since the last instruction.
static void settle(struct sandbox *sandbox) {
    if (sandbox->alarms & ALARM_MEMORY) {
        lua_gc(sandbox->main, LUA_GCCOLLECT);
        if (sandbox->used > sandbox->limits.memory) spend_memory(sandbox, NULL);
    }
    if (sandbox->alarms & ALARM_WORK) spend_work(sandbox, NULL);
}

const char *sandbox_call(struct sandbox *sandbox, int nargs, int nresults) {
    lua_State *L = sandbox->main;
    const int base = lua_gettop(L) - nargs - 1;
    assert(base >= 0);
    if (sandbox->spent != SPENT_NOTHING || !lua_checkstack(L, LUA_MINSTACK)) {
        lua_settop(L, base);
        if (sandbox->spent != SPENT_NOTHING) return fail(sandbox, sandbox->why[0], sandbox->why[1]);
        errors_both(sandbox->message[0], sandbox->message[1], MESSAGE_SIZE, "no memory is left for the script's stack");
        return fail_by_message(sandbox);
    }
    lua_State *before = sandbox_switch(L, L);
    sandbox->place[0] = '\0';
    lua_pushcfunction(L, note_place);
    lua_insert(L, base + 1);
    const int status = lua_pcall(L, nargs, nresults, base + 1);
    const char *message = NULL;
    settle(sandbox);
    if (status != LUA_OK || sandbox->spent != SPENT_NOTHING) {
        message = failure(sandbox, status);
        lua_settop(L, base);
    } else {
        lua_remove(L, base + 1);
    }
    sandbox->alarms = 0;
    sandbox->running = before;
    return message;
}

const char *sandbox_chinese(const struct sandbox *sandbox) {
    return sandbox->chinese;
}

const char *sandbox_protect(struct sandbox *sandbox, lua_CFunction function, void *context) {
    lua_pushcfunction(sandbox->main, function);
    lua_pushlightuserdata(sandbox->main, context);
    return sandbox_call(sandbox, 1, 0);
}

void sandbox_set_environment(lua_State *L) {
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &environment_key);
}

struct script {
    const char *name, *source;
    size_t length;
};

static _Noreturn void raise_at(lua_State *L, const char *file, uint32_t line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    sandbox_raise(L, file, line, format, arguments);
}

static int compile_and_run(lua_State *L) {
    const struct script *script = lua_touserdata(L, 1);
    struct sandbox *sandbox = sandbox_of(L);
    struct source_facts facts = {0};
    sandbox_charge(L, script->length);
    if (!source_check(script->source, script->length, &facts)) {
        raise_at(L, script->name, (uint32_t)facts.line, "%t", facts.error);
    }
    if (facts.loose_for) sandbox->loose_for = true;
    lua_pushfstring(L, "@%s", script->name);
    sandbox->compiling = script->name;
    const int status =
        luaL_loadbufferx(L, script->source + facts.start, script->length - facts.start, lua_tostring(L, -1), "t");
    if (status != LUA_OK) {
        sandbox_caught(L, status);
        return lua_error(L);
    }
    sandbox_check(L);
    sandbox->compiling = NULL;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &environment_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_pushglobaltable(L);
    }
    if (lua_setupvalue(L, -2, 1) == NULL) lua_pop(L, 1);
    lua_call(L, 0, 0);
    return 0;
}

const char *sandbox_run(struct sandbox *sandbox, const char *name, const char *source, size_t length) {
    struct script script = {.name = name, .source = source, .length = length};
    if (length > SANDBOX_SOURCE_MAX) {
        errors_both(sandbox->message[0], sandbox->message[1], MESSAGE_SIZE, "%s: a script may have at most %d KiB",
                    name, SANDBOX_SOURCE_MAX / 1024);
        return fail_by_message(sandbox);
    }
    const char *message = sandbox_protect(sandbox, compile_and_run, &script);
    sandbox->compiling = NULL;
    return message;
}

// ---- making one

void sandbox_set_print(struct sandbox *sandbox, sandbox_print *print, void *context) {
    sandbox->print = print;
    sandbox->print_context = context;
}

void sandbox_print_line(lua_State *L, const char *text, size_t length) {
    const struct sandbox *sandbox = sandbox_of(L);
    if (sandbox->print != NULL) sandbox->print(sandbox->print_context, text, length);
}

void *sandbox_new_object(lua_State *L, size_t size, int user_values) {
    assert(size >= sizeof(struct sandbox_object));
    struct sandbox_object *object = lua_newuserdatauv(L, size, user_values);
    memset(object, 0, size);
    object->serial = ++sandbox_of(L)->objects;
    return object;
}

static int open_libraries(lua_State *L) {
    lib_open_base(L);
    lib_open_table(L);
    lib_open_string(L);
    lib_open_math(L);
    lib_open_utf8(L);
    lib_open_coroutine(L);
    return 0;
}

static int on_panic(lua_State *L) {
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "?";
    fprintf(stderr, "synfin: an error of Lua outside of a protected call: %s\n", text);
    return 0;  // Lua aborts
}

struct sandbox *sandbox_new(const struct sandbox_limits *limits, uint64_t seed) {
    struct sandbox *sandbox = calloc(1, sizeof *sandbox);
    if (sandbox == NULL) return NULL;
    sandbox->limits = limits == NULL ? sandbox_default_limits : *limits;
    sandbox->left = sandbox->limits.work;
    sandbox->seed = seed;
    sandbox->main = lua_newstate(allocate, sandbox);
    if (sandbox->main == NULL) {
        free(sandbox);
        return NULL;
    }
    lua_atpanic(sandbox->main, on_panic);
    lua_sethook(sandbox->main, on_event, HOOK_MASK, SANDBOX_INTERVAL);
    if (sandbox_protect(sandbox, open_libraries, NULL) != NULL) {
        sandbox_delete(sandbox);
        return NULL;
    }
    sandbox->left = sandbox->limits.work;
    return sandbox;
}

void sandbox_delete(struct sandbox *sandbox) {
    if (sandbox == NULL) return;
    lua_close(sandbox->main);
    free(sandbox);
}
