// The options of a host that are its TCP's: struct tcp_config.
#include "sim/script/api.h"

#include <string.h>

#include <lauxlib.h>

// A single time is the initial RTO; the least one follows it down, the greatest one up.
static void read_rto(const struct args *args, struct tcp_config *tcp) {
    static const char *const names[] = {"initial", "min", "max", NULL};
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "rto", label)) return;
    if (lua_istable(L, -1)) {
        struct args rto = args_open(L, -1, label, names);
        args_time_field(&rto, "initial", &tcp->rto_initial);
        args_time_field(&rto, "min", &tcp->rto_min);
        args_time_field(&rto, "max", &tcp->rto_max);
    } else {
        tcp->rto_initial = args_time(L, -1, label);
        if (tcp->rto_min > tcp->rto_initial) tcp->rto_min = tcp->rto_initial;
        if (tcp->rto_max < tcp->rto_initial) tcp->rto_max = tcp->rto_initial;
    }
    lua_pop(L, 1);
    // TCP keeps its RTO in 32 bits of microseconds.
    if (tcp->rto_initial < ARGS_MICROSECOND || tcp->rto_min < ARGS_MICROSECOND || tcp->rto_max > 60 * ARGS_MINUTE)
        sandbox_error(L, "%l: a retransmission timeout is from 1 * us to 60 * min", label);
    if (tcp->rto_min > tcp->rto_max || tcp->rto_initial > tcp->rto_max)
        sandbox_error(L, "%l: initial and min must not be greater than max", label);
}

// A name out of a list, which ends with NULL: its place there.
static uint32_t read_name(lua_State *L, int index, const char *label, const char *kind, const char *const *names) {
    size_t length;
    const char *name = args_string(L, index, label, 1, 32, &length);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    luaL_Buffer list;
    uint32_t at;
    for (at = 0; names[at] != NULL; at++) {
        if (strcmp(name, names[at]) == 0) return at;
        suggest_add(&suggestion, names[at]);
    }
    if (suggestion.best[0] != '\0') args_unknown(L, label, kind, name, suggestion.best, "");
    luaL_buffinit(L, &list);
    for (uint32_t i = 0; i < at; i++) {
        if (i > 0) luaL_addstring(&list, ", ");
        lua_pushfstring(L, "\"%s\"", names[i]);
        luaL_addvalue(&list);
    }
    luaL_pushresult(&list);
    sandbox_error(L, "%l: no %t '%s'; it is one of %s", label, kind, name, lua_tostring(L, -1));
}

// { "sack", "timestamps" }: these, and no others but MSS. An empty list is none.
static void read_options(const struct args *args, struct tcp_config *tcp) {
    static const char *const names[] = {"window-scale", "sack", "timestamps", "user-timeout", NULL};
    static const uint8_t bits[] = {TCP_OPTION_WINDOW_SCALE, TCP_OPTION_SACK_PERMITTED, TCP_OPTION_TIMESTAMPS,
                                   TCP_OPTION_USER_TIMEOUT};
    lua_State *L = args->L;
    char label[ARGS_SHOWN], shown[ARGS_SHOWN];
    if (!args_field(args, "options", label)) return;
    if (!lua_istable(L, -1))
        sandbox_error(L, "%l is %t; a list such as { \"sack\", \"timestamps\" } is wanted", label,
                      args_show(L, -1, shown));
    tcp->options = 0;
    uint32_t count = lua_rawlen(L, -1) == 0 ? 0 : args_list(L, label, 16);
    for (uint32_t i = 0; i < count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        tcp->options |= bits[read_name(L, -1, label, "TCP option", names)];
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static uint8_t scale_for(uint32_t buffer) {
    uint8_t scale = 0;
    while (scale < TCP_WINDOW_SCALE_MAX && buffer > (uint32_t)UINT16_MAX << scale)
        scale++;
    return scale;
}

static void read_buffers(const struct args *args, struct tcp_config *tcp) {
    lua_State *L = args->L;
    bool scaled = tcp->options & TCP_OPTION_WINDOW_SCALE;
    uint32_t scale;
    bool given = args_u32_field(args, "receive_buffer", 1, 1u << 30, &tcp->receive_buffer);
    args_u32_field(args, "send_buffer", 1, 1u << 30, &tcp->send_buffer);
    if (given && tcp->receive_buffer > UINT16_MAX && !scaled)
        sandbox_error(L,
                      "%l: receive_buffer is %d; more than 65535 octets can be shown to a peer only with options = { "
                      "\"window-scale\" }",
                      args->what, (int)tcp->receive_buffer);
    if (given) tcp->scale = scale_for(tcp->receive_buffer);
    if (!args_u32_field(args, "scale", 0, TCP_WINDOW_SCALE_MAX, &scale)) return;
    if (!scaled) sandbox_error(L, "%l: scale goes with options = { \"window-scale\" }", args->what);
    uint32_t most = 0;
    while (most < TCP_WINDOW_SCALE_MAX && tcp->receive_buffer >> (most + 1) > 0)
        most++;
    if (scale > most)
        sandbox_error(L,
                      "%l: scale = %d shows a receive_buffer of %d as a window of 0; the scale of such a buffer is at "
                      "most %d",
                      args->what, (int)scale, (int)tcp->receive_buffer, (int)most);
    tcp->scale = (uint8_t)scale;
}

// How long TCP waits for what. Nobody waits for no time at all: for that there are rules to go without.
static void read_times(const struct args *args, struct tcp_config *tcp) {
    lua_State *L = args->L;
    args_time_field(args, "msl", &tcp->msl);
    args_time_field(args, "r2", &tcp->r2);
    args_time_field(args, "r2_syn", &tcp->r2_syn);
    args_time_field(args, "user_timeout", &tcp->user_timeout);
    args_time_field(args, "fin_wait_2", &tcp->fin_wait_2);
    if (tcp->msl == 0)
        sandbox_error(L, "%l: msl is above 0, such as 30 * s; to do without TIME-WAIT write without = \"time-wait\"",
                      args->what);
    if (tcp->r2 == 0 || tcp->r2_syn == 0)
        sandbox_error(L, "%l: r2 and r2_syn are above 0, such as 100 * s: so long is repeated before TCP gives up",
                      args->what);
    if (tcp->user_timeout % ARGS_MILLISECOND != 0)
        sandbox_error(L, "%l: user_timeout is whole milliseconds; 0 switches it off", args->what);
}

// true and false switch it; a table says how, and switches it on.
static void read_keep_alive(const struct args *args, struct tcp_config *tcp) {
    static const char *const names[] = {"idle", "interval", "probes", NULL};
    lua_State *L = args->L;
    char label[ARGS_SHOWN], shown[ARGS_SHOWN];
    uint32_t probes;
    if (!args_field(args, "keep_alive", label)) return;
    if (lua_isboolean(L, -1)) {
        tcp->keep_alive = lua_toboolean(L, -1);
    } else if (lua_istable(L, -1)) {
        struct args keep_alive = args_open(L, -1, label, names);
        args_time_field(&keep_alive, "idle", &tcp->keep_alive_idle);
        args_time_field(&keep_alive, "interval", &tcp->keep_alive_interval);
        if (args_u32_field(&keep_alive, "probes", 1, UINT8_MAX, &probes)) tcp->keep_alive_probes = (uint8_t)probes;
        if (tcp->keep_alive_idle == 0 || tcp->keep_alive_interval == 0)
            sandbox_error(L, "%l: idle and interval are longer than 0", label);
        tcp->keep_alive = true;
    } else {
        sandbox_error(L, "%l is %t; it must be true, false or { idle =, interval =, probes = }", label,
                      args_show(L, -1, shown));
    }
    lua_pop(L, 1);
}

static void read_delayed_ack(const struct args *args, struct tcp_config *tcp) {
    if (!args_time_field(args, "delayed_ack", &tcp->delayed_ack)) return;
    if (tcp->delayed_ack >= 500 * ARGS_MILLISECOND)
        sandbox_error(args->L, "%l: delayed_ack is less than 500 * ms (MUST-40); 0 acknowledges at once", args->what);
}

static void read_ecn(const struct args *args, struct tcp_config *tcp) {
    static const char *const names[] = {"off", "accept", "ask", NULL};  // enum tcp_ecn
    char label[ARGS_SHOWN];
    if (!args_field(args, "ecn", label)) return;
    tcp->ecn = (uint8_t)read_name(args->L, -1, label, "way", names);
    lua_pop(args->L, 1);
}

// What some systems do on demand.
static void read_demands(const struct args *args, struct tcp_config *tcp) {
    uint32_t repeat;
    args_boolean_field(args, "drop_syn_fin", &tcp->syn_fin_is_dropped);
    if (args_u32_field(args, "plain_syn", 0, UINT8_MAX, &repeat)) tcp->syn_plain = (uint8_t)repeat;
}

static void read_limits(const struct args *args, struct tcp_config *tcp) {
    uint32_t number;
    args_u32_field(args, "challenge_limit", 1, UINT8_MAX, &tcp->challenge_limit);
    args_time_field(args, "challenge_interval", &tcp->challenge_interval);
    if (tcp->challenge_interval == 0)
        sandbox_error(args->L,
                      "%l: challenge_interval is above 0, such as 5 * s: in each, challenge_limit challenges are sent",
                      args->what);
    if (args_u32_field(args, "initial_window", 1, UINT16_MAX, &number)) tcp->initial_window = (uint16_t)number;
    args_boolean_field(args, "congestion_control", &tcp->congestion_control);
}

void api_read_tcp(const struct args *args, struct tcp_config *tcp) {
    bool nagle = !tcp->no_delay;
    args_boolean_field(args, "nagle", &nagle);
    tcp->no_delay = !nagle;
    read_times(args, tcp);
    read_rto(args, tcp);
    read_options(args, tcp);
    read_buffers(args, tcp);
    read_keep_alive(args, tcp);
    read_delayed_ack(args, tcp);
    read_ecn(args, tcp);
    read_limits(args, tcp);
    read_demands(args, tcp);
}
