#include "sim/script/scenario.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "sim/host/fates.h"
#include "sim/script/api.h"
#include "sim/script/errors.h"

// ---- The environment of the script ----------------------------------------------------------------------------

// Candidates that only the script knows: its hosts, and the local variables where the name was used.
static void suggest_variables(lua_State *L, struct suggestion *suggestion) {
    const struct scenario *scenario = api_scenario(L);
    for (uint32_t i = 0; i < scenario->host_count; i++)
        suggest_add(suggestion, api_host_name(scenario, i));
    lua_Debug frame;
    if (lua_getstack(L, 1, &frame) == 0) return;
    const char *name;
    for (int i = 1; (name = lua_getlocal(L, &frame, i)) != NULL; i++) {
        if (name[0] != '(') suggest_add(suggestion, name);
        lua_pop(L, 1);
    }
    lua_getinfo(L, "f", &frame);
    for (int i = 1; (name = lua_getupvalue(L, -1, i)) != NULL; i++) {
        suggest_add(suggestion, name);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

// Lua's names that a scenario does without.
static bool is_forbidden(const char *name) {
    static const char *const names[] = {"os",     "io",       "debug", "package",        "require",
                                        "dofile", "loadfile", "load",  "collectgarbage", NULL};
    for (const char *const *at = names; *at != NULL; at++)
        if (strcmp(*at, name) == 0) return true;
    return false;
}

// __index of the table of names: (names, key).
static int unknown_global(lua_State *L) {
    char shown[ARGS_SHOWN];
    if (lua_type(L, 2) != LUA_TSTRING) sandbox_error(L, "there is no global %t", args_show(L, 2, shown));
    const char *name = lua_tostring(L, 2);
    if (is_forbidden(name))
        sandbox_error(L, "there is no '%s' in a scenario; it can compute, print and fail, and nothing else", name);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    suggest_variables(L, &suggestion);
    sandbox_sorted_keys(L, 1);
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        suggest_add(&suggestion, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    if (strcmp(suggestion.best, name) == 0)
        sandbox_error(L, "the host '%s' is in no variable; write local %s = host \"%s\"", name, name, name);
    if (suggestion.best[0] != '\0') sandbox_error(L, "there is no '%s'; did you mean '%s'?", name, suggestion.best);
    sandbox_error(L, "there is no '%s'; declare it before: local %s = ...", name, name);
}

// __newindex of the environment: (environment, key, value).
static int refuse_global(lua_State *L) {
    char shown[ARGS_SHOWN];
    if (lua_type(L, 2) != LUA_TSTRING) sandbox_error(L, "%t can't be a variable", args_show(L, 2, shown));
    const char *name = lua_tostring(L, 2);
    api_push_names(L);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL)
        sandbox_error(L, "'%s' belongs to synfin and can't be assigned; choose another name and make it local", name);
    if (lua_isfunction(L, 3)) sandbox_error(L, "'%s' is not declared; write local function %s", name, name);
    sandbox_error(L, "'%s' is not declared; write local %s = ...", name, name);
}

// Lua's own functions stand among the API's names; the script sees all of them through an empty table.
static void make_environment(lua_State *L) {
    api_push_names(L);
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -6);
    }
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);  // the names' metatable
    lua_pushcfunction(L, unknown_global);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
    lua_newtable(L);  // the environment
    lua_createtable(L, 0, 3);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_global);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "_G");
    sandbox_set_environment(L);
    lua_pop(L, 1);
}

// ---- Building -------------------------------------------------------------------------------------------------

static void print_line(void *context, const char *text, size_t length) {
    (void)context;
    fwrite(text, 1, length, stderr);
    fputc('\n', stderr);
}

static int prepare(lua_State *L) {
    struct scenario *scenario = lua_touserdata(L, 1);
    api_open(scenario);
    if (scenario->options.profile != NULL) {
        lua_pushstring(L, scenario->options.profile);
        scenario->profile = api_profile(L, "--profile");
    }
    make_environment(L);
    return 0;
}

// One --without, or one of settings { }: RULE or HOST:RULE. `option` is what the message calls it.
static void take_rule(lua_State *L, const char *text, const char *option) {
    struct scenario *scenario = api_scenario(L);
    const char *colon = strrchr(text, ':');
    uint32_t host = UINT32_MAX;
    if (colon != NULL) {
        lua_pushlstring(L, text, (size_t)(colon - text));
        const char *name = lua_tostring(L, -1);
        struct suggestion suggestion;
        args_suggest(L, &suggestion, name);
        for (uint32_t i = 0; i < scenario->host_count; i++) {
            if (strcmp(api_host_name(scenario, i), name) == 0) host = i;
            suggest_add(&suggestion, api_host_name(scenario, i));
        }
        if (host == UINT32_MAX) args_unknown(L, option, "host", name, suggestion.best, "write RULE or HOST:RULE");
    }
    const char *rule = colon == NULL ? text : colon + 1;
    if (*rule == '\0') sandbox_error(L, "%l '%s' names no rule; write RULE or HOST:RULE", option, text);
    lua_pushstring(L, rule);
    world_without(scenario->world, host, args_rule(L, -1, option));
    lua_pop(L, colon == NULL ? 1 : 2);
}

// The sources, a line each, on Lua's stack.
static const char *push_sources(lua_State *L, const struct scenario_info *info) {
    luaL_Buffer lines;
    luaL_buffinit(L, &lines);
    for (size_t i = 0; i < info->source_count; i++) {
        if (i > 0) luaL_addchar(&lines, '\n');
        luaL_addstring(&lines, info->sources[i]);
    }
    luaL_pushresult(&lines);
    return lua_tostring(L, -1);
}

static void describe(lua_State *L, const struct scenario *scenario) {
    const struct scenario_info *info = &scenario->info;
    struct world_description description = {
        .file = info->file, .sources = push_sources(L, info), .command = scenario->options.command};
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        description.title[i] = info->title[i];
        description.about[i] = info->about[i];
        description.question[i] = info->question[i];
    }
    world_describe(scenario->world, &description);
    lua_pop(L, 1);
}

// What remains to be done when the script has run.
static int finish(lua_State *L) {
    struct scenario *scenario = lua_touserdata(L, 1);
    api_check_sets(L);
    if (scenario->host_count == 0)
        sandbox_error(L, "there is no host in this scenario; write local client = host \"client\"");
    api_check_captures(L);
    api_check_serves(L);
    api_flush_hosts(L);
    api_flush_links(L);
    for (size_t i = 0; i < scenario->options.without_count; i++)
        take_rule(L, scenario->options.without[i], "--without");
    for (uint32_t i = 0; i < scenario->without.count; i++)
        take_rule(L, scenario->without.list[i].text, "settings: without");
    world_set_call(scenario->world, api_call_function, scenario);
    describe(L, scenario);
    if (scenario->options.held) world_hold(scenario->world);
    scenario->building = false;  // steps at time zero are done here, and functions among them declare nothing
    uint32_t line = 0;
    const char *sentence = world_start(scenario->world, &line);
    if (sentence != NULL) api_error_at(L, line, "%w", sentence);
    return 0;
}

// ---- Loading --------------------------------------------------------------------------------------------------

// Copies `wrong` to `error` as one line that begins with the file.
static void tell(const char *path, const char *wrong, char *error, size_t size) {
    size_t length = strlen(path);
    bool named = strncmp(wrong, path, length) == 0 && wrong[length] == ':';
    snprintf(error, size, "%s%s%s", named ? "" : path, named ? "" : ": ", wrong);
    errors_trim(error);
    for (char *at = error; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F) *at = ' ';
}

// The same, of a SENTENCE().
static void tell_sentence(const char *path, const char *sentence, int language, char *error, size_t size) {
    tell(path, sentence_in(sentence, language), error, size);
}

static void tell_unreadable(const char *path, int why, int language, char *error, size_t size) {
    char wrong[256];
    const char *right = sentence_in(SENTENCE("; name a scenario's file", "；请写明场景文件"), language);
    snprintf(wrong, sizeof wrong, "%s%s", strerror(why), right);
    tell(path, wrong, error, size);
}

static const char *const no_memory = SENTENCE("there is no memory for the scenario", "内存不足，无法载入场景");

// The file's text, allocated, or NULL with what is wrong in `error`.
static char *read_file(const char *path, size_t *length, int language, char *error, size_t size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        tell_unreadable(path, errno, language, error, size);
        return NULL;
    }
    char *text = malloc(SANDBOX_SOURCE_MAX + 1);
    errno = 0;
    *length = text == NULL ? 0 : fread(text, 1, SANDBOX_SOURCE_MAX + 1, file);
    int why = text == NULL ? ENOMEM : errno;
    bool failed = text == NULL || ferror(file) != 0;
    fclose(file);
    bool long_text = *length > SANDBOX_SOURCE_MAX;
    if (failed) tell_unreadable(path, why, language, error, size);
    if (!failed && !long_text) return text;
    if (long_text)
        tell_sentence(path,
                      SENTENCE("the file is too long; a scenario has at most 64 KiB", "文件太长；场景最长为 64 KiB"),
                      language, error, size);
    free(text);
    return NULL;
}

static_assert(SANDBOX_SOURCE_MAX == 64 * 1024, "what read_file() says");

// Makes the sandbox and the world, and runs the script in them. NULL, or what is wrong.
static const char *build(struct scenario *scenario, const char *path, const char *text, size_t length) {
    scenario->sandbox = sandbox_new(NULL, scenario->options.seed);
    if (scenario->sandbox == NULL) return sentence_in(no_memory, scenario->options.language);
    scenario->L = sandbox_state(scenario->sandbox);
    sandbox_set_print(scenario->sandbox, print_line, NULL);
    scenario->world = world_new(scenario->options.seed, scenario->options.trace);
    const char *wrong = sandbox_protect(scenario->sandbox, prepare, scenario);
    if (wrong == NULL) wrong = sandbox_run(scenario->sandbox, path, text, length);
    if (wrong == NULL) wrong = sandbox_protect(scenario->sandbox, finish, scenario);
    return wrong == NULL || scenario->options.language == 0 ? wrong : sandbox_chinese(scenario->sandbox);
}

// What is known before the script has run.
static void begin_info(struct scenario *scenario) {
    struct scenario_info *info = &scenario->info;
    info->file = scenario->path;
    info->needs = scenario->needs;
    info->wireshark.captures = scenario->captures;
    info->wireshark.guesses = scenario->guesses;
    info->bounds = (struct scenario_bounds){.drop = 1, .duplicate = 1, .overtake = 1};
    info->params = scenario->params;
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        info->title[i] = scenario->path;
        info->about[i] = info->question[i] = info->harmless[i] = "";
    }
}

struct scenario *scenario_load(const char *path, const struct scenario_options *options, char *error, size_t size) {
    size_t length;
    const int language = options == NULL ? 0 : options->language;
    char *text = read_file(path, &length, language, error, size);
    if (text == NULL) return NULL;
    struct scenario *scenario = calloc(1, sizeof *scenario);
    if (scenario == NULL) {
        tell_sentence(path, no_memory, language, error, size);
        free(text);
        return NULL;
    }
    if (options != NULL) scenario->options = *options;
    scenario->building = true;
    scenario->path = strdup(path);
    begin_info(scenario);
    const char *wrong = scenario->path == NULL ? sentence_in(no_memory, language) : build(scenario, path, text, length);
    free(text);
    if (wrong == NULL) return scenario;
    tell(path, wrong, error, size);
    scenario_free(scenario);
    return NULL;
}

struct world *scenario_world(struct scenario *scenario) {
    return scenario->world;
}

void scenario_renew(struct scenario *scenario) {
    sandbox_renew(scenario->sandbox);
}

const struct scenario_info *scenario_info(const struct scenario *scenario) {
    return &scenario->info;
}

void scenario_free(struct scenario *scenario) {
    if (scenario == NULL) return;
    if (scenario->world != NULL) world_free(scenario->world);
    if (scenario->sandbox != NULL) sandbox_delete(scenario->sandbox);
    api_free_kept(scenario);
    free(scenario->path);
    free(scenario);
}
