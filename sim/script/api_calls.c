// The steps that call TCP, or serve a connection: connect, send, recv, close ...
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

// ---- Outcomes -------------------------------------------------------------------------------------------------

// The options that every call takes as its last argument, and connect's and listen's own before them.
static const char *const outcome_names[] = {"fails", "may_fail", NULL};
static const char *const connect_names[] = {"wait", "from", "address", "fast_open", "text", "fails", "may_fail", NULL};
static const char *const send_names[] = {"urgent", "fails", "may_fail", NULL};
static const char *const listen_names[] = {"address", "backlog", "accept", "fast_open", "fails", "may_fail", NULL};

static uint8_t read_error(lua_State *L, const char *label) {
    size_t length;
    const char *name = args_string(L, -1, label, 1, 64, &length);
    enum program_error error;
    if (program_error_by_name(name, &error)) return (uint8_t)error;
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    for (int i = PROGRAM_OK + 1; i < PROGRAM_ERRORS; i++)
        suggest_add(&suggestion, program_error_name((enum program_error)i));
    args_unknown(
        L, label, "error", name, suggestion.best,
        "errors are \"connection refused\", \"connection reset\", \"connection timed out\", \"connection closing\", "
        "\"end of stream\" ...");
}

// Appends ", { a = 1" for the first option and ", b = 2" for others; `*any` says whether there was one.
static void words_option(struct api_words *words, bool *any, const char *text) {
    bool alone = words->length > 0 && words->text[words->length - 1] == '(';
    api_words(words, "%s%s", *any ? ", " : (alone ? "{ " : ", { "), text);
    *any = true;
}

static void read_outcome(const struct args *args, struct step *step, struct api_words *words, bool *any) {
    char label[ARGS_SHOWN], text[ARGS_SHOWN + 16];
    bool may_fail = false;
    args_boolean_field(args, "may_fail", &may_fail);
    if (args_field(args, "fails", label)) {
        if (may_fail) sandbox_error(args->L, "%l: fails and may_fail contradict each other; give one", args->what);
        step->error = read_error(args->L, label);
        step->outcome = OUTCOME_FAILS;
        lua_pop(args->L, 1);
        snprintf(text, sizeof text, "fails = \"%s\"", program_error_name((enum program_error)step->error));
        words_option(words, any, text);
    } else if (may_fail) {
        step->outcome = OUTCOME_MAY_FAIL;
        words_option(words, any, "may_fail = true");
    }
}

// Pushes a step that takes nothing but the options of its outcome, which stand at `index`. `words` has "recv(5".
static int push_call(lua_State *L, int index, const char *name, struct step *step, struct api_words *words) {
    bool any = false;
    if (lua_gettop(L) > index) sandbox_error(L, "%s takes no more than its options { fails = \"...\" }", name);
    if (!lua_isnoneornil(L, index)) {
        struct args args = args_open(L, index, name, outcome_names);
        read_outcome(&args, step, words, &any);
    }
    api_words(words, any ? " })" : ")");
    return api_push_step(L, step, words);
}

// ---- Opening and closing --------------------------------------------------------------------------------------

// RFC 7413: the text goes with the SYN where there is a cookie, and behind the handshake where not.
static void read_fast_open(const struct args *args, struct step *step, struct api_words *words, bool *any) {
    char label[ARGS_SHOWN];
    args_boolean_field(args, "fast_open", &step->fast_open);
    if (step->fast_open) words_option(words, any, "fast_open = true");
    if (!args_field(args, "text", label)) return;
    if (!step->fast_open)
        sandbox_error(args->L,
                      "connect: text goes with fast_open = true; without it, write send \"...\" behind connect");
    size_t length;
    const char *text = args_string(args->L, -1, label, 1, WORLD_TEXT_LIMIT, &length);
    step->text = api_text(args->L, text, length);
    step->text_length = (uint32_t)length;
    words_option(words, any, "text = ");
    api_words_string(words, text, length);
    lua_pop(args->L, 1);
}

// Which of the host's own addresses.
static void read_address(const struct args *args, struct step *step, struct api_words *words, bool *any) {
    char text[32];
    uint32_t number;
    if (!args_u32_field(args, "address", 1, WORLD_ADDRESSES, &number)) return;
    step->address = (uint8_t)number;
    snprintf(text, sizeof text, "address = %u", (unsigned)number);
    words_option(words, any, text);
}

static int connect(lua_State *L) {
    struct scenario *scenario = api_building(L, "connect");
    struct step step = {.kind = STEP_CONNECT, .flag = true};
    step.host = api_host_at(L, 1, "connect: the server");
    step.port = args_port(L, 2, "connect: the port");
    if (lua_gettop(L) > 3)
        sandbox_error(L, "connect takes a host, a port and options; write connect(server, 80, { ... })");
    struct api_words words = {0};
    bool any = false;
    api_words(&words, "connect(");
    api_words_host(&words, scenario, step.host);
    api_words(&words, ", %u", (unsigned)step.port);
    if (!lua_isnoneornil(L, 3)) {
        char text[32];
        struct args args = args_open(L, 3, "connect", connect_names);
        args_boolean_field(&args, "wait", &step.flag);
        if (!step.flag) words_option(&words, &any, "wait = false");
        step.has_local_port = args_port_field(&args, "from", &step.local_port);
        snprintf(text, sizeof text, "from = %u", (unsigned)step.local_port);
        if (step.has_local_port) words_option(&words, &any, text);
        read_address(&args, &step, &words, &any);
        read_fast_open(&args, &step, &words, &any);
        read_outcome(&args, &step, &words, &any);
    }
    api_words(&words, any ? " })" : ")");
    return api_push_step(L, &step, &words);
}

// A call without an argument of its own.
static int plain_call(lua_State *L, enum step_kind kind, const char *name) {
    api_building(L, name);
    struct step step = {.kind = (uint8_t)kind};
    struct api_words words = {0};
    api_words(&words, "%s(", name);
    return push_call(L, 1, name, &step, &words);
}

static int close_step(lua_State *L) {
    return plain_call(L, STEP_CLOSE, "close");
}

static int sockets_close(lua_State *L) {
    return plain_call(L, STEP_SOCKETS_CLOSE, "sockets_close");
}

static int abort_step(lua_State *L) {
    return plain_call(L, STEP_ABORT, "abort");
}

// no_delay(true), keep_alive(false)
static int switch_call(lua_State *L, enum step_kind kind, const char *name) {
    api_building(L, name);
    char shown[ARGS_SHOWN];
    if (!lua_isboolean(L, 1))
        sandbox_error(L, "%s is switched by true and false, not by %t", name, args_show(L, 1, shown));
    struct step step = {.kind = (uint8_t)kind, .flag = lua_toboolean(L, 1)};
    struct api_words words = {0};
    api_words(&words, "%s(%s", name, step.flag ? "true" : "false");
    return push_call(L, 2, name, &step, &words);
}

static int no_delay(lua_State *L) {
    return switch_call(L, STEP_NO_DELAY, "no_delay");
}

static int keep_alive(lua_State *L) {
    return switch_call(L, STEP_KEEP_ALIVE, "keep_alive");
}

static int user_timeout(lua_State *L) {
    api_building(L, "user_timeout");
    struct step step = {.kind = STEP_USER_TIMEOUT, .duration = args_time(L, 1, "user_timeout: the time")};
    if (step.duration % ARGS_MILLISECOND != 0)
        sandbox_error(L, "user_timeout: the time is whole milliseconds; 0 switches it off");
    struct api_words words = {0};
    api_words(&words, "user_timeout(");
    api_words_time(&words, step.duration);
    return push_call(L, 2, "user_timeout", &step, &words);
}

// diffserv(46), hop_limit(8)
static int ip_call(lua_State *L, enum step_kind kind, const char *name, const char *label, uint32_t least,
                   uint32_t most) {
    api_building(L, name);
    struct step step = {.kind = (uint8_t)kind, .count = (uint32_t)args_integer(L, 1, label, least, most)};
    struct api_words words = {0};
    api_words(&words, "%s(%u", name, (unsigned)step.count);
    return push_call(L, 2, name, &step, &words);
}

static int diffserv(lua_State *L) {
    return ip_call(L, STEP_DIFFSERV, "diffserv", "diffserv: the code point", 0, 63);
}

static int hop_limit(lua_State *L) {
    return ip_call(L, STEP_HOP_LIMIT, "hop_limit", "hop_limit: the number of hops", 1, UINT8_MAX);
}

static int recv_eof(lua_State *L) {
    return plain_call(L, STEP_RECV_EOF, "recv_eof");
}

static int wait_closed(lua_State *L) {
    return plain_call(L, STEP_WAIT_CLOSED, "wait_closed");
}

static int wait_state(lua_State *L) {
    api_building(L, "wait_state");
    size_t length;
    const char *name = args_string(L, 1, "wait_state: the state", 1, 64, &length);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    int state = 0;
    for (; state < TCP_STATES; state++) {
        const char *candidate = tcp_state_name((enum tcp_state)state);
        if (strcmp(candidate, name) == 0) break;
        suggest_add(&suggestion, candidate);
    }
    if (state == TCP_STATES)
        args_unknown(L, "wait_state", "state", name, suggestion.best,
                     "states are written \"ESTABLISHED\", \"FIN-WAIT-1\" ...");
    if (state == TCP_LISTEN)
        sandbox_error(L, "wait_state: a program's connection is never in LISTEN; listen(port, { ... }) does not wait");
    struct step step = {.kind = state == TCP_CLOSED ? STEP_WAIT_CLOSED : STEP_WAIT_STATE, .state = (uint8_t)state};
    struct api_words words = {0};
    if (lua_isnoneornil(L, 2)) {
        api_words(&words, "wait_state \"%s\"", name);
        return api_push_step(L, &step, &words);
    }
    api_words(&words, "wait_state(\"%s\"", name);
    return push_call(L, 2, "wait_state", &step, &words);
}

static int listen_step(lua_State *L) {
    api_building(L, "listen");
    struct step step = {.kind = STEP_LISTEN, .port = args_port(L, 1, "listen: the port")};
    struct api_words words = {0};
    bool any = false;
    char text[32];
    api_words(&words, "listen(%u, { ... }", (unsigned)step.port);
    if (lua_gettop(L) > 3) sandbox_error(L, "listen takes a port, a program and options; write listen(80, { ... })");
    if (!lua_isnoneornil(L, 3)) {
        struct args args = args_open(L, 3, "listen", listen_names);
        read_address(&args, &step, &words, &any);
        if (args_u32_field(&args, "backlog", 1, 65535, &step.backlog)) {
            snprintf(text, sizeof text, "backlog = %u", (unsigned)step.backlog);
            words_option(&words, &any, text);
        }
        if (args_u32_field(&args, "accept", 1, 65535, &step.accept)) {
            snprintf(text, sizeof text, "accept = %u", (unsigned)step.accept);
            words_option(&words, &any, text);
        }
        args_boolean_field(&args, "fast_open", &step.fast_open);
        if (step.fast_open) words_option(&words, &any, "fast_open = true");
        read_outcome(&args, &step, &words, &any);
    }
    step.program = api_program(L, 2, "listen");
    api_words(&words, any ? " })" : ")");
    return api_push_step(L, &step, &words);
}

static int unlisten(lua_State *L) {
    api_building(L, "unlisten");
    struct step step = {.kind = STEP_UNLISTEN, .port = args_port(L, 1, "unlisten: the port")};
    struct api_words words = {0};
    api_words(&words, "unlisten(%u", (unsigned)step.port);
    return push_call(L, 2, "unlisten", &step, &words);
}

// ---- Sending and receiving ------------------------------------------------------------------------------------

static int send_step(lua_State *L) {
    api_building(L, "send");
    size_t length;
    const char *text = args_string(L, 1, "send: the text", 1, WORLD_TEXT_LIMIT, &length);
    struct step step = {.kind = STEP_SEND, .text_length = (uint32_t)length};
    step.text = api_text(L, text, length);
    struct api_words quoted = {0}, words = {0};
    api_words_string(&quoted, text, length);
    bool options = !lua_isnoneornil(L, 2), any = false;
    bool call = options || quoted.text[0] != '"';
    if (lua_gettop(L) > 2) sandbox_error(L, "send takes a text and options; write send(\"GET\", { urgent = true })");
    api_words(&words, call ? "send(%s" : "send %s", quoted.text);
    if (options) {
        struct args args = args_open(L, 2, "send", send_names);
        args_boolean_field(&args, "urgent", &step.flag);
        if (step.flag) words_option(&words, &any, "urgent = true");
        read_outcome(&args, &step, &words, &any);
    }
    if (call) api_words(&words, any ? " })" : ")");
    return api_push_step(L, &step, &words);
}

static int recv(lua_State *L) {
    api_building(L, "recv");
    struct step step = {.kind = STEP_RECV};
    step.count = (uint32_t)args_integer(L, 1, "recv: how many octets", 1, 1u << 30);
    struct api_words words = {0};
    api_words(&words, "recv(%lu", (unsigned long)step.count);
    return push_call(L, 2, "recv", &step, &words);
}

// Which of the built-in programs the string at index 1 names.
static enum step_kind served(lua_State *L) {
    static const char *const names[] = {"echo", "sink"};
    size_t length;
    const char *name = args_string(L, 1, "serve", 1, 64, &length);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    for (int i = 0; i < 2; i++) {
        if (strcmp(name, names[i]) == 0) return i == 0 ? STEP_ECHO : STEP_SINK;
        suggest_add(&suggestion, names[i]);
    }
    args_unknown(L, "serve", "service", name, suggestion.best,
                 "write serve \"echo\", serve \"sink\" or serve { request = 100, response = 100 }");
}

static int serve(lua_State *L) {
    static const char *const names[] = {"request", "response", NULL};
    api_building(L, "serve");
    struct step step = {0};
    struct api_words words = {0};
    if (lua_istable(L, 1)) {
        step.kind = STEP_RESPOND;
        struct args args = args_open(L, 1, "serve", names);
        if (!args_u32_field(&args, "request", 1, 1u << 30, &step.count) ||
            !args_u32_field(&args, "response", 1, 1u << 30, &step.count2))
            sandbox_error(L, "serve: request and response go together; write serve { request = 100, response = 100 }");
        api_words(&words, "serve({ request = %lu, response = %lu }", (unsigned long)step.count,
                  (unsigned long)step.count2);
    } else {
        step.kind = (uint8_t)served(L);
        api_words(&words, "serve(\"%s\"", step.kind == STEP_ECHO ? "echo" : "sink");
    }
    return push_call(L, 2, "serve", &step, &words);
}

static int request(lua_State *L) {
    static const char *const names[] = {"times", "send", "recv", NULL};
    api_building(L, "request");
    struct step step = {.kind = STEP_REQUEST, .repeat = 1};
    struct args args = args_open(L, 1, "request", names);
    args_u32_field(&args, "times", 1, 1u << 30, &step.repeat);
    if (!args_u32_field(&args, "send", 1, 1u << 30, &step.count) ||
        !args_u32_field(&args, "recv", 1, 1u << 30, &step.count2))
        sandbox_error(L, "request: send and recv go together; write request { times = 10, send = 100, recv = 100 }");
    struct api_words words = {0};
    api_words(&words, "request({ times = %lu, send = %lu, recv = %lu }", (unsigned long)step.repeat,
              (unsigned long)step.count, (unsigned long)step.count2);
    return push_call(L, 2, "request", &step, &words);
}

void api_add_calls(lua_State *L) {
    api_add_function(L, "connect", connect);
    api_add_function(L, "send", send_step);
    api_add_function(L, "recv", recv);
    api_add_function(L, "recv_eof", recv_eof);
    api_add_function(L, "close", close_step);
    api_add_function(L, "sockets_close", sockets_close);
    api_add_function(L, "abort", abort_step);
    api_add_function(L, "no_delay", no_delay);
    api_add_function(L, "keep_alive", keep_alive);
    api_add_function(L, "user_timeout", user_timeout);
    api_add_function(L, "diffserv", diffserv);
    api_add_function(L, "hop_limit", hop_limit);
    api_add_function(L, "wait_state", wait_state);
    api_add_function(L, "wait_closed", wait_closed);
    api_add_function(L, "listen", listen_step);
    api_add_function(L, "unlisten", unlisten);
    api_add_function(L, "serve", serve);
    api_add_function(L, "request", request);
}
