// w: the world as claims and function steps see it, read-only. An object of it says where to look, not at which world:
// that is set for the time of a call, so that the same functions serve a world and its forks.
#include "sim/script/api.h"
#include "sim/script/errors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

enum view_level { OF_WORLD, OF_HOST, OF_CONNECTION };

enum view_field {
    W_NOW,
    W_IN_FLIGHT,
    W_HOST,
    H_NAME,
    H_UP,
    H_ACCEPTED,
    H_OPENED,
    H_REFUSED,
    H_OPEN,
    H_HALF_OPEN,
    H_CONNECTIONS,
    H_CONNECTION,
    C_STATE,
    C_EXISTS,
    C_PASSIVE,
    C_ACCEPTED,
    C_ESTABLISHED,
    C_PEER_CLOSED,
    C_RESETS,
    C_TIMED_OUT,
    C_FOREIGN_TEXT,
    C_URGENT,
    C_TROUBLED,
    C_RECEIVED,
    C_SENT,
    C_ACKNOWLEDGED,
    C_ISS,
    C_IRS,
    C_SND_UNA,
    C_SND_NXT,
    C_SND_WND,
    C_RCV_NXT,
    C_RCV_WND,
    C_RTO,
    C_SRTT,
    C_CWND,
    C_SSTHRESH,
    C_MSS,
    C_TS_RECENT,
    C_SND_SCALE,
    C_RCV_SCALE,
    C_SCALED,
    C_SACK,
    C_TIMESTAMPS,
    C_ECN,
    C_NO_DELAY,
    C_KEEP_ALIVE,
    C_USER_TIMEOUT,
    C_SOFT_ERROR,
    C_DIFFSERV,
    C_DIFFSERV_HEARD,
    C_HOP_LIMIT,
    C_LOCAL_PORT,
    C_REMOTE_PORT,
};

static const struct view_name {
    const char *name;
    enum view_level level;
} view_names[] = {
    [W_NOW] = {"now", OF_WORLD},
    [W_IN_FLIGHT] = {"in_flight", OF_WORLD},
    [W_HOST] = {"host", OF_WORLD},
    [H_NAME] = {"name", OF_HOST},
    [H_UP] = {"up", OF_HOST},
    [H_ACCEPTED] = {"accepted", OF_HOST},
    [H_OPENED] = {"opened", OF_HOST},
    [H_REFUSED] = {"refused", OF_HOST},
    [H_OPEN] = {"open", OF_HOST},
    [H_HALF_OPEN] = {"half_open", OF_HOST},
    [H_CONNECTIONS] = {"connections", OF_HOST},
    [H_CONNECTION] = {"connection", OF_HOST},
    [C_STATE] = {"state", OF_CONNECTION},
    [C_EXISTS] = {"exists", OF_CONNECTION},
    [C_PASSIVE] = {"passive", OF_CONNECTION},
    [C_ACCEPTED] = {"accepted", OF_CONNECTION},
    [C_ESTABLISHED] = {"established", OF_CONNECTION},
    [C_PEER_CLOSED] = {"peer_closed", OF_CONNECTION},
    [C_RESETS] = {"resets", OF_CONNECTION},
    [C_TIMED_OUT] = {"timed_out", OF_CONNECTION},
    [C_FOREIGN_TEXT] = {"foreign_text", OF_CONNECTION},
    [C_URGENT] = {"urgent", OF_CONNECTION},
    [C_TROUBLED] = {"troubled", OF_CONNECTION},
    [C_RECEIVED] = {"received", OF_CONNECTION},
    [C_SENT] = {"sent", OF_CONNECTION},
    [C_ACKNOWLEDGED] = {"acknowledged", OF_CONNECTION},
    [C_ISS] = {"iss", OF_CONNECTION},
    [C_IRS] = {"irs", OF_CONNECTION},
    [C_SND_UNA] = {"snd_una", OF_CONNECTION},
    [C_SND_NXT] = {"snd_nxt", OF_CONNECTION},
    [C_SND_WND] = {"snd_wnd", OF_CONNECTION},
    [C_RCV_NXT] = {"rcv_nxt", OF_CONNECTION},
    [C_RCV_WND] = {"rcv_wnd", OF_CONNECTION},
    [C_RTO] = {"rto", OF_CONNECTION},
    [C_SRTT] = {"srtt", OF_CONNECTION},
    [C_CWND] = {"cwnd", OF_CONNECTION},
    [C_SSTHRESH] = {"ssthresh", OF_CONNECTION},
    [C_MSS] = {"mss", OF_CONNECTION},
    [C_TS_RECENT] = {"ts_recent", OF_CONNECTION},
    [C_SND_SCALE] = {"snd_scale", OF_CONNECTION},
    [C_RCV_SCALE] = {"rcv_scale", OF_CONNECTION},
    [C_SCALED] = {"scaled", OF_CONNECTION},
    [C_SACK] = {"sack", OF_CONNECTION},
    [C_TIMESTAMPS] = {"timestamps", OF_CONNECTION},
    [C_ECN] = {"ecn", OF_CONNECTION},
    [C_NO_DELAY] = {"no_delay", OF_CONNECTION},
    [C_KEEP_ALIVE] = {"keep_alive", OF_CONNECTION},
    [C_USER_TIMEOUT] = {"user_timeout", OF_CONNECTION},
    [C_SOFT_ERROR] = {"soft_error", OF_CONNECTION},
    [C_DIFFSERV] = {"diffserv", OF_CONNECTION},
    [C_DIFFSERV_HEARD] = {"diffserv_heard", OF_CONNECTION},
    [C_HOP_LIMIT] = {"hop_limit", OF_CONNECTION},
    [C_LOCAL_PORT] = {"local_port", OF_CONNECTION},
    [C_REMOTE_PORT] = {"remote_port", OF_CONNECTION},
};
enum { VIEW_FIELDS = sizeof view_names / sizeof view_names[0] };

// A host of w, a connection of it, or the list of its connections.
struct view_object {
    struct sandbox_object object;
    uint32_t host, connection;
};

// ---- Values ---------------------------------------------------------------------------------------------------

struct value {
    enum { VALUE_NUMBER, VALUE_TIME, VALUE_BOOLEAN, VALUE_WORDS, VALUE_TEXT } kind;
    uint64_t number;    // with VALUE_TEXT: octets
    const char *words;  // static, or the world's
};

static struct value number(uint64_t value) {
    return (struct value){VALUE_NUMBER, value, NULL};
}

static struct value boolean(bool value) {
    return (struct value){VALUE_BOOLEAN, value, NULL};
}

static struct value host_value(const struct world *world, uint32_t host, enum view_field field) {
    struct host_view view = world_host(world, host);
    if (field == H_NAME) return (struct value){VALUE_WORDS, 0, world_host_name(world, host)};
    if (field == H_UP) return boolean(view.up);
    if (field == H_ACCEPTED) return number(view.accepted);
    if (field == H_OPENED) return number(view.opened);
    if (field == H_REFUSED) return number(view.refused);
    if (field == H_OPEN) return number(view.open);
    return number(view.half_open);
}

static struct value time_value(const struct tcp_connection *tcp, enum view_field field) {
    uint64_t time = tcp->rto * ARGS_MICROSECOND;
    if (field == C_SRTT) time = tcp->srtt * ARGS_MICROSECOND;
    if (field == C_USER_TIMEOUT) time = tcp->user_timeout * ARGS_MILLISECOND;
    return (struct value){VALUE_TIME, time, NULL};
}

// The bit of a connection's flags that the field shows; 0: it shows something else.
static uint32_t flag_of(enum view_field field) {
    if (field == C_SCALED) return TCP_CONNECTION_WINDOW_SCALE;
    if (field == C_SACK) return TCP_CONNECTION_SACK;
    if (field == C_TIMESTAMPS) return TCP_CONNECTION_TIMESTAMPS;
    if (field == C_ECN) return TCP_CONNECTION_ECN;
    if (field == C_NO_DELAY) return TCP_CONNECTION_NO_DELAY;
    return field == C_KEEP_ALIVE ? TCP_CONNECTION_KEEP_ALIVE : 0;
}

static struct value tcb_value(const struct tcp_connection *tcp, enum view_field field) {
    if (flag_of(field) != 0) return boolean((tcp->flags & flag_of(field)) != 0);
    if (field == C_ISS) return number(tcp->iss);
    if (field == C_IRS) return number(tcp->irs);
    if (field == C_SND_UNA) return number(tcp->snd_una);
    if (field == C_SND_NXT) return number(tcp->snd_nxt);
    if (field == C_SND_WND) return number(tcp->snd_wnd);
    if (field == C_RCV_NXT) return number(tcp->rcv_nxt);
    if (field == C_RCV_WND) return number(tcp->rcv_wnd);
    if (field == C_CWND) return number(tcp->cwnd);
    if (field == C_SSTHRESH) return number(tcp->ssthresh);
    if (field == C_MSS) return number(tcp->snd_mss);
    if (field == C_TS_RECENT) return number(tcp->ts_recent);
    if (field == C_SND_SCALE) return number(tcp->snd_scale);
    if (field == C_RCV_SCALE) return number(tcp->rcv_scale);
    if (field == C_SOFT_ERROR) return (struct value){VALUE_WORDS, 0, tcp_icmp_name((enum tcp_icmp)tcp->soft_error)};
    return time_value(tcp, field);
}

static struct value connection_value(const struct world *world, uint32_t host, uint32_t ordinal,
                                     enum view_field field) {
    struct connection_view view;
    if (!world_connection(world, host, ordinal, &view)) memset(&view, 0, sizeof view);
    enum tcp_state state = view.exists ? (enum tcp_state)view.tcp.state : TCP_CLOSED;
    if (field == C_STATE) return (struct value){VALUE_WORDS, 0, tcp_state_name(state)};
    if (field == C_EXISTS) return boolean(view.exists);
    if (field == C_PASSIVE) return boolean(view.passive);
    if (field == C_ACCEPTED) return boolean(view.accepted);
    if (field == C_ESTABLISHED) return boolean(view.established);
    if (field == C_PEER_CLOSED) return boolean(view.peer_closed);
    if (field == C_RESETS) return number(view.resets);
    if (field == C_TIMED_OUT) return boolean(view.timed_out);
    if (field == C_FOREIGN_TEXT) return boolean(view.foreign_text);
    if (field == C_URGENT) return boolean(view.urgent);
    if (field == C_TROUBLED) return boolean(view.troubled);
    if (field == C_RECEIVED) return (struct value){VALUE_TEXT, view.received, NULL};
    if (field == C_SENT) return number(view.sent);
    if (field == C_ACKNOWLEDGED) return number(view.acknowledged);
    if (field == C_DIFFSERV) return number(view.dscp);
    if (field == C_DIFFSERV_HEARD) return number(view.dscp_heard);
    if (field == C_HOP_LIMIT) return number(view.ttl != 0 ? view.ttl : WIRE_HOP_LIMIT);
    if (field == C_LOCAL_PORT) return number(view.local.port);
    if (field == C_REMOTE_PORT) return number(view.remote.port);
    return tcb_value(&view.tcp, field);
}

static struct value read_value(const struct world *world, const struct api_read *read) {
    enum view_field field = (enum view_field)read->field;
    if (field == W_NOW) return (struct value){VALUE_TIME, world_now(world), NULL};
    if (field == W_IN_FLIGHT) return number(world_in_flight(world));
    if (view_names[field].level == OF_HOST) return host_value(world, read->host, field);
    return connection_value(world, read->host, read->connection, field);
}

static void push_received(lua_State *L, const struct world *world, const struct api_read *read, uint64_t octets) {
    size_t length = octets > WORLD_TEXT_LIMIT ? WORLD_TEXT_LIMIT : (size_t)octets;
    sandbox_charge(L, length / 4);
    luaL_Buffer buffer;
    char *bytes = luaL_buffinitsize(L, &buffer, length);
    luaL_pushresultsize(&buffer, world_received(world, read->host, read->connection, 0, bytes, (uint32_t)length));
}

// Pushes the value, and notes that it was read, for the words about a claim that fails.
static int push_value(lua_State *L, uint32_t host, uint32_t connection, enum view_field field) {
    struct scenario *scenario = api_scenario(L);
    struct api_read read = {host, connection, (uint32_t)field};
    struct value value = read_value(scenario->looking, &read);
    bool new = scenario->read_count < API_READS;
    for (uint32_t i = 0; i < scenario->read_count; i++)
        if (memcmp(&scenario->reads[i], &read, sizeof read) == 0) new = false;
    if (new) scenario->reads[scenario->read_count++] = read;
    switch (value.kind) {
    case VALUE_NUMBER:
    case VALUE_TIME: lua_pushinteger(L, (lua_Integer)value.number); break;
    case VALUE_BOOLEAN: lua_pushboolean(L, value.number != 0); break;
    case VALUE_WORDS: lua_pushstring(L, value.words); break;
    case VALUE_TEXT: push_received(L, scenario->looking, &read, value.number); break;
    }
    return 1;
}

static void describe_value(struct api_words *words, const struct world *world, const struct api_read *read) {
    struct value value = read_value(world, read);
    switch (value.kind) {
    case VALUE_NUMBER: api_words(words, "%" PRIu64, value.number); break;
    case VALUE_TIME: api_words_time(words, value.number); break;
    case VALUE_BOOLEAN: api_words(words, value.number != 0 ? "true" : "false"); break;
    case VALUE_WORDS: api_words(words, "\"%s\"", value.words); break;
    case VALUE_TEXT: {
        char text[40];
        uint32_t length = world_received(world, read->host, read->connection, 0, text, sizeof text);
        api_words_string(words, text, length);
        if (value.number > length) api_words(words, "... (%" PRIu64 " octets)", value.number);
        break;
    }
    }
}

void api_describe_reads(struct scenario *scenario, const struct world *world, struct claim_detail *detail) {
    char *text = detail->text[0];
    size_t length = 0;
    for (uint32_t i = 0; i < scenario->read_count; i++) {
        const struct api_read *read = &scenario->reads[i];
        const struct view_name *name = &view_names[read->field];
        struct api_words words = {0};
        if (name->level != OF_WORLD) api_words(&words, "%s.", world_host_name(world, read->host));
        if (name->level == OF_CONNECTION) api_words(&words, "connection(%" PRIu32 ").", read->connection);
        api_words(&words, "%s = ", name->name);
        describe_value(&words, world, read);
        if (length + strlen(words.text) + 3 > CLAIM_DETAIL) break;
        length += (size_t)snprintf(text + length, CLAIM_DETAIL - length, "%s%s", i > 0 ? ", " : "", words.text);
    }
    memcpy(detail->text[1], text, CLAIM_DETAIL);
}

// ---- Objects --------------------------------------------------------------------------------------------------

// The world that is looked at; raises an error when none is.
static const struct world *looking(lua_State *L) {
    const struct scenario *scenario = api_scenario(L);
    if (scenario->looking == NULL)
        sandbox_error(L, "w shows the world to the function that it is given to; don't use it elsewhere");
    return scenario->looking;
}

static int find_view_name(const char *name, enum view_level level) {
    for (int i = 0; i < (int)VIEW_FIELDS; i++)
        if (view_names[i].level == level && view_names[i].name[0] == name[0] && strcmp(view_names[i].name, name) == 0)
            return i;
    return -1;
}

// The field name at index 2.
static const char *field_name(lua_State *L, const char *what) {
    char shown[ARGS_SHOWN];
    if (lua_type(L, 2) != LUA_TSTRING) sandbox_error(L, "%l has no field %t", what, args_show(L, 2, shown));
    return lua_tostring(L, 2);
}

static void suggest_fields(struct suggestion *suggestion, enum view_level level) {
    for (size_t i = 0; i < VIEW_FIELDS; i++)
        if (view_names[i].level == level) suggest_add(suggestion, view_names[i].name);
}

static int push_view(lua_State *L, const char *type, uint32_t host, uint32_t connection) {
    struct view_object *view = api_push_object(L, type, sizeof *view);
    view->host = host;
    view->connection = connection;
    return 1;
}

// Claims ask for the same few hosts after each event of many runs: one object each is enough.
static int push_host_view(lua_State *L, uint32_t host) {
    int *kept = &api_scenario(L)->host_views[host];
    if (*kept == 0) {
        push_view(L, "host of w", host, 0);
        *kept = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, *kept);
    return 1;
}

static int push_host(lua_State *L, const char *name) {
    const struct world *world = looking(L);
    uint32_t host = world_host_by_name(world, name);
    if (host != UINT32_MAX) return push_host_view(L, host);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    for (uint32_t i = 0; i < world_hosts(world); i++)
        suggest_add(&suggestion, world_host_name(world, i));
    suggest_fields(&suggestion, OF_WORLD);
    args_unknown(L, "w", "field or host", name, suggestion.best, "w has now, in_flight, and the hosts by name");
}

// w.host("x y"), and w:host("x y") as well.
static int host_by_name(lua_State *L) {
    return push_host(L, args_words(L, lua_gettop(L) > 1 ? 2 : 1, "w.host: the name", API_SHORT_TEXT));
}

static int index_world(lua_State *L) {
    const char *name = field_name(L, "w");
    looking(L);
    int field = find_view_name(name, OF_WORLD);
    if (field < 0) return push_host(L, name);
    if (field != W_HOST) return push_value(L, UINT32_MAX, 0, (enum view_field)field);
    lua_pushcfunction(L, host_by_name);
    return 1;
}

// w.server.connection(2), and w.server:connection(2) as well.
static int connection_by_number(lua_State *L) {
    int index = api_object(L, 1, "host of w") != NULL ? 2 : 1;
    uint32_t ordinal = (uint32_t)args_integer(L, index, "connection: its number", 1, UINT32_MAX);
    return push_view(L, "connection of w", (uint32_t)lua_tointeger(L, lua_upvalueindex(1)), ordinal);
}

static int index_host(lua_State *L) {
    const struct view_object *view = api_object(L, 1, "host of w");
    const char *name = field_name(L, "a host");
    looking(L);
    int field = find_view_name(name, OF_HOST);
    if (field == H_CONNECTIONS) return push_view(L, "list of connections", view->host, 0);
    if (field == H_CONNECTION) {
        lua_pushinteger(L, view->host);
        lua_pushcclosure(L, connection_by_number, 1);
        return 1;
    }
    if (field >= 0) return push_value(L, view->host, 0, (enum view_field)field);
    if (find_view_name(name, OF_CONNECTION) >= 0)
        sandbox_error(L, "a host has no '%s', its connections have; write .connection(1).%s", name, name);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    suggest_fields(&suggestion, OF_HOST);
    args_unknown(L, "a host", "field", name, suggestion.best,
                 "it has accepted, opened, refused, open, connections ...");
}

static int index_connections(lua_State *L) {
    const struct view_object *view = api_object(L, 1, "list of connections");
    char shown[ARGS_SHOWN];
    int is_integer = 0;
    lua_Integer ordinal = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &is_integer) : 0;
    if (is_integer == 0)
        sandbox_error(L, "connections has no field %t; write connections[1], or #connections", args_show(L, 2, shown));
    if (ordinal < 1 || ordinal > (lua_Integer)world_connections(looking(L), view->host)) return 0;
    return push_view(L, "connection of w", view->host, (uint32_t)ordinal);
}

static int count_connections(lua_State *L) {
    const struct view_object *view = api_object(L, 1, "list of connections");
    lua_pushinteger(L, (lua_Integer)world_connections(looking(L), view->host));
    return 1;
}

static int index_view_of_connection(lua_State *L) {
    const struct view_object *view = api_object(L, 1, "connection of w");
    const char *name = field_name(L, "a connection");
    looking(L);
    int field = find_view_name(name, OF_CONNECTION);
    if (field >= 0) return push_value(L, view->host, view->connection, (enum view_field)field);
    struct suggestion suggestion;
    args_suggest(L, &suggestion, name);
    suggest_fields(&suggestion, OF_CONNECTION);
    args_unknown(L, "a connection", "field", name, suggestion.best, "it has state, exists, received, snd_nxt, iss ...");
}

bool api_look(struct scenario *scenario, const struct world *world, int reference, int results,
              struct claim_detail *error) {
    lua_State *L = scenario->L;
    scenario->looking = world;
    scenario->read_count = 0;
    sandbox_refill(scenario->sandbox);
    lua_settop(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
    lua_rawgeti(L, LUA_REGISTRYINDEX, scenario->world_view);
    const char *wrong = sandbox_call(scenario->sandbox, 1, results);
    scenario->looking = NULL;
    if (wrong == NULL) return true;
    const char *texts[TCP_LANGUAGES] = {wrong, sandbox_chinese(scenario->sandbox)};
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        snprintf(error->text[i], CLAIM_DETAIL, "%s", texts[i]);
        errors_trim(error->text[i]);
    }
    return false;
}

void api_add_views(lua_State *L) {
    api_define_type(L, &(struct api_type){.name = "world", .index = index_world});
    api_define_type(L, &(struct api_type){.name = "host of w", .index = index_host});
    api_define_type(
        L, &(struct api_type){.name = "list of connections", .index = index_connections, .length = count_connections});
    api_define_type(L, &(struct api_type){.name = "connection of w", .index = index_view_of_connection});
    api_push_object(L, "world", sizeof(struct sandbox_object));
    api_scenario(L)->world_view = luaL_ref(L, LUA_REGISTRYINDEX);
}
