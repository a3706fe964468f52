// Programs: lists of steps, the words of a step, and the steps that control a program, a host or a link.
#include "sim/script/api.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

// One step of the script; times() makes several of the world's.
struct step_object {
    struct sandbox_object object;
    uint32_t count;
    struct step steps[];
};

// ---- Words ----------------------------------------------------------------------------------------------------

void api_words(struct api_words *words, const char *format, ...) {
    if (words->cut) return;
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(words->text + words->length, API_WORDS - words->length, format, arguments);
    va_end(arguments);
    words->cut = wanted < 0 || (size_t)wanted >= API_WORDS - words->length;
    words->length = strlen(words->text);
    if (!words->cut) return;
    // Not in the middle of a character.
    while (words->length > 0 && ((unsigned char)words->text[words->length - 1] & 0xC0) == 0x80)
        words->length--;
    if (words->length > 0 && ((unsigned char)words->text[words->length - 1] & 0x80) != 0) words->length--;
    memcpy(words->text + words->length, "...", 4);
    words->length += 3;
}

void api_words_time(struct api_words *words, uint64_t time) {
    static const struct {
        uint64_t unit;
        const char *name;
    } units[] = {{ARGS_MINUTE, "min"}, {ARGS_SECOND, "s"}, {ARGS_MILLISECOND, "ms"}, {ARGS_MICROSECOND, "us"}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (time == 0 || time % units[i].unit != 0) continue;
        api_words(words, "%" PRIu64 " * %s", time / units[i].unit, units[i].name);
        return;
    }
    api_words(words, "%" PRIu64, time);
}

static bool is_fill(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (text[i] != api_fill_octet((uint32_t)i)) return false;
    return length >= 8;
}

void api_words_string(struct api_words *words, const char *text, size_t length) {
    if (is_fill(text, length)) {
        api_words(words, "fill(%zu)", length);
        return;
    }
    api_words(words, "\"");
    for (size_t i = 0; i < length && !words->cut; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n')
            api_words(words, "\\n");
        else if (c == '\r')
            api_words(words, "\\r");
        else if (c == '"' || c == '\\')
            api_words(words, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            api_words(words, "\\%d", c);
        else
            api_words(words, "%c", c);
    }
    api_words(words, "\"");
}

// A name that could be a variable's stands as one.
void api_words_host(struct api_words *words, const struct scenario *scenario, uint32_t host) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    const char *name = api_host_name(scenario, host);
    bool plain = strspn(name, letters) == strlen(name) && (name[0] < '0' || name[0] > '9');
    api_words(words, plain ? "%s" : "\"%s\"", name);
}

// ---- Steps and programs ---------------------------------------------------------------------------------------

static struct step_object *push_object(lua_State *L, uint32_t count) {
    struct step_object *object =
        api_push_object(L, "step", offsetof(struct step_object, steps) + count * sizeof(struct step));
    object->count = count;
    return object;
}

static void set_words(lua_State *L, struct step *step, const struct api_words *words) {
    step->line = (uint32_t)sandbox_line(L);
    step->words = api_text(L, words->text, words->length);
    step->words_length = (uint32_t)words->length;
}

int api_push_step(lua_State *L, const struct step *step, const struct api_words *words) {
    struct step_object *object = push_object(L, 1);
    object->steps[0] = *step;
    set_words(L, &object->steps[0], words);
    return 1;
}

// Raises an error about the function at the top of the stack, one of ours, that stands where its result belongs.
_Noreturn static void uncalled(lua_State *L, const char *label, int position) {
    const char *name = "?";
    api_push_names(L);
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_rawequal(L, -1, -4) != 0) name = lua_tostring(L, -2);
        lua_pop(L, 1);
    }
    sandbox_error(L, "%l: step %d is the function %s itself; write %s(...)", label, position, name, name);
}

// How many of the world's steps the value at the top of the stack makes: step `position` of a list.
static uint32_t count_step(lua_State *L, const char *label, int position) {
    char shown[ARGS_SHOWN];
    const struct step_object *object = api_object(L, -1, "step");
    if (object != NULL) return object->count;
    if (lua_iscfunction(L, -1)) uncalled(L, label, position);
    if (lua_isfunction(L, -1)) return 1;
    const char *right = "a step is what connect(...), send \"...\", recv(5) ... make, or function (w) ... end";
    if (lua_type(L, -1) == LUA_TSTRING) right = "to send it write send \"...\"";
    if (lua_istable(L, -1)) right = "to repeat steps write times(2, { ... })";
    sandbox_error(L, "%l: step %d is %t; %t", label, position, args_show(L, -1, shown), right);
}

// Steps of the world in the list of steps at `index`.
static uint32_t count_steps(lua_State *L, int index, const char *label) {
    char shown[ARGS_SHOWN];
    if (!lua_istable(L, index))
        sandbox_error(L, "%l: the program is %t; it must be a list of steps: { connect(server, 80), close() }", label,
                      args_show(L, index, shown));
    lua_Unsigned length = lua_rawlen(L, index), keys = 0;
    uint64_t count = 0;
    for (lua_Unsigned i = 1; i <= length; i++) {
        lua_rawgeti(L, index, (lua_Integer)i);
        count += count_step(L, label, (int)i);
        lua_pop(L, 1);
        sandbox_charge(L, 1);
    }
    for (lua_pushnil(L); keys <= length && lua_next(L, index) != 0; lua_pop(L, 1)) {
        sandbox_charge(L, 1);
        keys++;
    }
    if (keys != length) sandbox_error(L, "%l: a program is a plain list of steps; something in it has a name", label);
    struct scenario *scenario = api_scenario(L);
    scenario->steps += count;
    if (scenario->steps > API_STEPS) sandbox_error(L, "too many steps; a scenario has at most %d", API_STEPS);
    return (uint32_t)count;
}

static void function_step(lua_State *L, struct step *step) {
    lua_Debug function;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &function);
    struct api_words words = {0};
    api_words(&words, "function (w) ... end");
    *step = (struct step){.kind = STEP_FUNCTION};
    set_words(L, step, &words);
    step->line = (uint32_t)(function.linedefined > 0 ? function.linedefined : sandbox_line(L));
    lua_pushvalue(L, -1);
    step->function = (uint32_t)luaL_ref(L, LUA_REGISTRYINDEX);
    api_scenario(L)->info.has_functions = true;
}

// Pushes the steps of the list at `index`, all in one object, with `room` free ones before them.
static struct step_object *gather(lua_State *L, int index, const char *label, uint32_t room) {
    struct step_object *object = push_object(L, room + count_steps(L, index, label));
    uint32_t at = room;
    for (lua_Integer i = 1; at < object->count; i++) {
        lua_rawgeti(L, index, i);
        const struct step_object *part = api_object(L, -1, "step");
        if (part == NULL) {
            function_step(L, &object->steps[at++]);
        } else {
            memcpy(&object->steps[at], part->steps, part->count * sizeof part->steps[0]);
            at += part->count;
        }
        lua_pop(L, 1);
    }
    return object;
}

uint32_t api_program(lua_State *L, int index, const char *label) {
    struct step_object *object = gather(L, index, label, 0);
    uint32_t program = world_program(api_scenario(L)->world, object->steps, object->count);
    lua_pop(L, 1);
    return program;
}

// ---- Control --------------------------------------------------------------------------------------------------

static void no_more(lua_State *L, int arguments, const char *form) {
    if (lua_gettop(L) > arguments) sandbox_error(L, "too much for this step; write %t", form);
}

static int sleep_step(lua_State *L) {
    api_building(L, "sleep");
    no_more(L, 1, "sleep(2 * s)");
    struct step step = {.kind = STEP_SLEEP, .duration = args_time(L, 1, "sleep: the time")};
    struct api_words words = {0};
    api_words(&words, "sleep(");
    api_words_time(&words, step.duration);
    api_words(&words, ")");
    return api_push_step(L, &step, &words);
}

static int sleep_until(lua_State *L) {
    api_building(L, "sleep_until");
    no_more(L, 1, "sleep_until(10 * s)");
    struct step step = {.kind = STEP_SLEEP_UNTIL, .duration = args_time(L, 1, "sleep_until: the time")};
    struct api_words words = {0};
    api_words(&words, "sleep_until(");
    api_words_time(&words, step.duration);
    api_words(&words, ")");
    return api_push_step(L, &step, &words);
}

static int note(lua_State *L) {
    api_building(L, "note");
    no_more(L, 1, "note { en = \"...\", zh = \"...\" }");
    const char *texts[TCP_LANGUAGES];
    api_two_texts(L, 1, "note", API_NOTE, texts);
    struct step step = {.kind = STEP_NOTE};
    step.text_length = (uint32_t)strlen(texts[0]);
    step.text = api_text(L, texts[0], step.text_length);
    step.text_zh_length = (uint32_t)strlen(texts[1]);
    step.text_zh = api_text(L, texts[1], step.text_zh_length);
    struct api_words words = {0};
    api_words(&words, "note ");
    api_words_string(&words, texts[0], step.text_length);
    return api_push_step(L, &step, &words);
}

static int exit_step(lua_State *L) {
    api_building(L, "exit");
    no_more(L, 0, "exit()");
    struct api_words words = {0};
    api_words(&words, "exit()");
    return api_push_step(L, &(struct step){.kind = STEP_EXIT}, &words);
}

static int host_step(lua_State *L, enum step_kind kind, const char *name) {
    struct scenario *scenario = api_building(L, name);
    char label[ARGS_SHOWN];
    snprintf(label, sizeof label, "%s: the host", name);
    struct step step = {.kind = (uint8_t)kind, .host = api_host_at(L, 1, label)};
    no_more(L, 1, "the name of a host alone");
    struct api_words words = {0};
    api_words(&words, "%s(", name);
    api_words_host(&words, scenario, step.host);
    api_words(&words, ")");
    return api_push_step(L, &step, &words);
}

static int crash(lua_State *L) {
    return host_step(L, STEP_CRASH, "crash");
}

static int reboot(lua_State *L) {
    return host_step(L, STEP_REBOOT, "reboot");
}

static int link_step(lua_State *L, bool up, const char *name) {
    struct scenario *scenario = api_building(L, name);
    char label[ARGS_SHOWN];
    snprintf(label, sizeof label, "%s: the end", name);
    struct step step = {.kind = STEP_LINK, .flag = up};
    step.host = api_host_at(L, 1, label);
    step.host2 = api_host_at(L, 2, label);
    no_more(L, 2, "the names of two hosts alone");
    bool linked = false;
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        const struct api_link *link = &scenario->links[i];
        linked = linked || (link->a == step.host && link->b == step.host2) ||
                 (link->a == step.host2 && link->b == step.host);
    }
    if (!linked)
        sandbox_error(L, "%s: '%s' and '%s' are not linked; write link(a, b) { ... } before it", name,
                      api_host_name(scenario, step.host), api_host_name(scenario, step.host2));
    struct api_words words = {0};
    api_words(&words, "%s(", name);
    api_words_host(&words, scenario, step.host);
    api_words(&words, ", ");
    api_words_host(&words, scenario, step.host2);
    api_words(&words, ")");
    return api_push_step(L, &step, &words);
}

static int link_down(lua_State *L) {
    return link_step(L, false, "link_down");
}

static int link_up(lua_State *L) {
    return link_step(L, true, "link_up");
}

static int times(lua_State *L) {
    api_building(L, "times");
    uint32_t count = (uint32_t)args_integer(L, 1, "times: how often", 1, 1000000);
    no_more(L, 2, "times(3, { ... })");
    struct step_object *object = gather(L, 2, "times", 1);
    object->steps[0] = (struct step){.kind = STEP_REPEAT, .count = count, .skip = object->count - 1};
    if (object->steps[0].skip == 0)
        sandbox_error(L, "times: there is nothing to repeat; write times(3, { step, ... })");
    struct api_words words = {0};
    api_words(&words, "times(%lu, { ... })", (unsigned long)count);
    set_words(L, &object->steps[0], &words);
    return 1;
}

static int call_step(lua_State *L) {
    sandbox_error(L, "a step is done by the program that it stands in; it can't be called");
}

void api_add_steps(lua_State *L) {
    api_define_type(L, &(struct api_type){.name = "step", .call = call_step});
    api_add_function(L, "sleep", sleep_step);
    api_add_function(L, "sleep_until", sleep_until);
    api_add_function(L, "note", note);
    api_add_function(L, "exit", exit_step);
    api_add_function(L, "crash", crash);
    api_add_function(L, "reboot", reboot);
    api_add_function(L, "link_down", link_down);
    api_add_function(L, "link_up", link_up);
    api_add_function(L, "times", times);
}
