// Which packets: fate and observe. Forged ones: inject, and the numbers that they are made of.
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

#include <lauxlib.h>

// ---- Operands -------------------------------------------------------------------------------------------------

struct operand_object {
    struct sandbox_object object;
    struct operand operand;
};

// server:connection(2)
struct connection_object {
    struct sandbox_object object;
    uint32_t host, connection;
};

struct field_name {
    const char *name;
    enum operand_field field;
};

static const struct field_name connection_fields[] = {
    {"snd_una", FIELD_SND_UNA},
    {"snd_nxt", FIELD_SND_NXT},
    {"snd_wnd", FIELD_SND_WND},
    {"iss", FIELD_ISS},
    {"rcv_nxt", FIELD_RCV_NXT},
    {"rcv_wnd", FIELD_RCV_WND},
    {"irs", FIELD_IRS},
    {"ts_recent", FIELD_TS_RECENT},
    {"local_port", FIELD_LOCAL_PORT},
    {"remote_port", FIELD_REMOTE_PORT},
};
static const struct field_name packet_fields[] = {
    {"seq", FIELD_SEG_SEQ},
    {"ack", FIELD_SEG_ACK},
    {"len", FIELD_SEG_LEN},
    {"wnd", FIELD_SEG_WND},
    {"end_seq", FIELD_SEG_END},
    {"ts_val", FIELD_SEG_TS_VAL},
    {"ts_ecr", FIELD_SEG_TS_ECR},
    {"source_port", FIELD_SOURCE_PORT},
    {"destination_port", FIELD_DESTINATION_PORT},
};
enum {
    CONNECTION_FIELDS = sizeof connection_fields / sizeof connection_fields[0],
    PACKET_FIELDS = sizeof packet_fields / sizeof packet_fields[0],
};

static const struct field_name *find_field(const struct field_name *fields, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0) return &fields[i];
    return NULL;
}

static void push_operand(lua_State *L, const struct operand *operand) {
    struct operand_object *object = api_push_object(L, "operand", sizeof *object);
    object->operand = *operand;
}

bool api_push_connection_field(lua_State *L, uint32_t host, uint32_t connection, const char *field) {
    const struct field_name *found = find_field(connection_fields, CONNECTION_FIELDS, field);
    if (found == NULL) return false;
    push_operand(L, &(struct operand){.kind = OPERAND_FIELD,
                                      .field = (uint8_t)found->field,
                                      .host = (uint16_t)host,
                                      .connection = connection});
    return true;
}

void api_suggest_connection_fields(struct suggestion *suggestion) {
    for (size_t i = 0; i < CONNECTION_FIELDS; i++)
        suggest_add(suggestion, connection_fields[i].name);
}

int api_host_connection(lua_State *L) {
    if (api_object(L, 1, "host") == NULL) sandbox_error(L, "connection is called with a colon: server:connection(1)");
    uint32_t host = api_host_at(L, 1, "connection");
    uint32_t connection = (uint32_t)args_integer(L, 2, "connection: its number", 1, UINT32_MAX);
    struct connection_object *object = api_push_object(L, "connection", sizeof *object);
    object->host = host;
    object->connection = connection;
    return 1;
}

static int index_connection(lua_State *L) {
    const struct connection_object *object = api_object(L, 1, "connection");
    char shown[ARGS_SHOWN];
    if (lua_type(L, 2) != LUA_TSTRING) sandbox_error(L, "a connection has no field %t", args_show(L, 2, shown));
    const char *field = lua_tostring(L, 2);
    if (api_push_connection_field(L, object->host, object->connection, field)) return 1;
    struct suggestion suggestion;
    args_suggest(L, &suggestion, field);
    api_suggest_connection_fields(&suggestion);
    args_unknown(L, "a connection", "field", field, suggestion.best, "it has snd_nxt, rcv_nxt, iss, irs, snd_una ...");
}

static int index_seen(lua_State *L) {
    char shown[ARGS_SHOWN];
    if (lua_type(L, 2) != LUA_TSTRING) sandbox_error(L, "seen has no field %t", args_show(L, 2, shown));
    const char *field = lua_tostring(L, 2);
    const struct field_name *found = find_field(packet_fields, PACKET_FIELDS, field);
    if (found != NULL) {
        push_operand(L, &(struct operand){.kind = OPERAND_SEEN, .field = (uint8_t)found->field});
        return 1;
    }
    struct suggestion suggestion;
    args_suggest(L, &suggestion, field);
    for (size_t i = 0; i < PACKET_FIELDS; i++)
        suggest_add(&suggestion, packet_fields[i].name);
    args_unknown(L, "seen", "field", field, suggestion.best, "it has seq, ack, len, wnd, end_seq, source_port, ...");
}

// The number at `index`, modulo 2^32.
static uint32_t operand_number(lua_State *L, int index) {
    char shown[ARGS_SHOWN];
    int is_integer = 0;
    lua_Integer number = lua_type(L, index) == LUA_TNUMBER ? lua_tointegerx(L, index, &is_integer) : 0;
    if (is_integer == 0 || number > UINT32_MAX || number < -(lua_Integer)UINT32_MAX)
        sandbox_error(L, "an operand plus %t; only whole numbers below 2^32 are added to it",
                      args_show(L, index, shown));
    return (uint32_t)number;
}

static int add_operand(lua_State *L) {
    int object_index = api_object(L, 1, "operand") != NULL ? 1 : 2;
    struct operand_object *object = api_object(L, object_index, "operand");
    struct operand operand = object->operand;
    operand.add += operand_number(L, 3 - object_index);
    push_operand(L, &operand);
    return 1;
}

static int subtract_operand(lua_State *L) {
    struct operand_object *object = api_object(L, 1, "operand");
    if (object == NULL) sandbox_error(L, "an operand is no number yet; nothing can be subtracted by it");
    struct operand operand = object->operand;
    operand.add -= operand_number(L, 2);
    push_operand(L, &operand);
    return 1;
}

struct operand api_operand_at(lua_State *L, int index, const char *label, uint32_t high) {
    struct operand_object *object = api_object(L, index, "operand");
    if (object != NULL) return object->operand;
    return (struct operand){.add = (uint32_t)args_integer(L, index, label, 0, high)};
}

bool api_operand_field(const struct args *args, const char *name, uint32_t high, struct operand *operand) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    *operand = api_operand_at(args->L, -1, label, high);
    lua_pop(args->L, 1);
    return true;
}

// ---- Selectors ------------------------------------------------------------------------------------------------

// icmp = true: errors of any kind; icmp = "packet-too-big": of that one.
static void read_icmp_selector(const struct args *args, struct selector *select) {
    char label[ARGS_SHOWN];
    if (!args_field(args, "icmp", label)) return;
    bool any = lua_type(args->L, -1) == LUA_TBOOLEAN && lua_toboolean(args->L, -1);
    lua_pop(args->L, 1);
    enum tcp_icmp kind = TCP_ICMP_NONE;
    if (!any) api_icmp_field(args, "icmp", &kind);
    select->icmp = any ? SELECT_ICMP : (uint8_t)kind;
    if (select->has_flags || select->has_text || select->has_length || select->connection != 0)
        sandbox_error(args->L, "%l: an ICMP error has no flags, text and connection; leave these out", args->what);
}

static struct selector read_selector(const struct args *args) {
    struct selector select = {.from = UINT32_MAX, .to = UINT32_MAX};
    bool from = api_host_field(args, "from", &select.from);
    bool to = api_host_field(args, "to", &select.to);
    if (from && to && select.from == select.to)
        sandbox_error(args->L, "%l: from and to are the same host; packets go from one host to another", args->what);
    if (args_u32_field(args, "connection", 1, UINT32_MAX, &select.connection) && !from)
        sandbox_error(args->L, "%l: connection counts the connections of one sender; add from = client", args->what);
    args_u32_field(args, "nth", 1, UINT32_MAX, &select.nth);
    select.has_flags = args_flags_field(args, "flags", &select.flags);
    select.has_length = args_u32_field(args, "length", 0, 65535, &select.length);
    select.has_text = args_boolean_field(args, "text", &select.text);
    read_icmp_selector(args, &select);
    if (select.has_text && select.has_length && select.text != (select.length > 0))
        sandbox_error(args->L, "%l: text and length contradict each other; give one of them", args->what);
    return select;
}

static int fate(lua_State *L) {
    static const char *const names[] = {"from",    "to",      "flags",       "connection", "nth",   "text",
                                        "length",  "icmp",    "drop",        "hold",       "delay", "duplicate",
                                        "spacing", "corrupt", "unreachable", NULL};
    struct scenario *scenario = api_building(L, "fate");
    struct args args = args_open(L, 1, "fate", names);
    struct selector select = read_selector(&args);
    struct fate_order order = {0};
    args_boolean_field(&args, "drop", &order.drop);
    bool hold = args_time_field(&args, "hold", &order.hold);
    order.has_delay = args_time_field(&args, "delay", &order.delay);
    bool duplicate = args_u32_field(&args, "duplicate", 1, 8, &order.duplicates);
    bool spacing = args_time_field(&args, "spacing", &order.spacing);
    if (args_has(&args, "drop") && !order.drop) sandbox_error(L, "fate: drop = false says nothing; leave it out");
    bool corrupt = api_flips_field(&args, true, &order);
    api_unreachable_field(&args, &order.unreachable);
    if (order.unreachable != TCP_ICMP_NONE) order.drop = true;
    if (order.drop && (hold || order.has_delay || duplicate || corrupt))
        sandbox_error(L,
                      "fate: drop and unreachable contradict hold, delay, duplicate and corrupt; a dropped packet has "
                      "no other fate");
    if (hold && order.has_delay)
        sandbox_error(L, "fate: hold adds to the link's delay and delay replaces it; give one of them");
    if (spacing && !duplicate) sandbox_error(L, "fate: spacing is between copies; add duplicate = 1");
    if (!order.drop && !hold && !order.has_delay && !duplicate && !corrupt)
        sandbox_error(L, "fate: nothing happens to the packet; add drop = true, hold, delay, duplicate or corrupt");
    api_flush_hosts(L);
    api_check(L, world_fate(scenario->world, &select, &order, (uint32_t)sandbox_line(L)));
    return 0;
}

// ---- Steps ----------------------------------------------------------------------------------------------------

// In the order in which people say them: SYN,ACK, and FIN,ACK.
static void words_flags(struct api_words *words, uint8_t flags) {
    static const struct {
        uint8_t bit;
        const char *name;
    } order[] = {{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_PSH, "PSH"},
                 {TCP_ACK, "ACK"}, {TCP_URG, "URG"}, {TCP_ECE, "ECE"}, {TCP_CWR, "CWR"}};
    const char *between = "";
    api_words(words, "\"");
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if ((flags & order[i].bit) == 0) continue;
        api_words(words, "%s%s", between, order[i].name);
        between = ",";
    }
    api_words(words, "%s\"", flags == 0 ? "none" : "");
}

static void words_operand(struct api_words *words, const struct scenario *scenario, const char *name,
                          const struct operand *operand) {
    uint32_t add = operand->add;
    api_words(words, ", %s = ", name);
    if (operand->kind == OPERAND_NUMBER) {
        api_words(words, "%lu", (unsigned long)add);
        return;
    }
    bool seen = operand->kind == OPERAND_SEEN;
    const struct field_name *fields = seen ? packet_fields : connection_fields;
    size_t i = 0;
    while (fields[i].field != operand->field)
        i++;
    if (seen)
        api_words(words, "seen");
    else
        api_words_host(words, scenario, operand->host);
    if (operand->connection != 0) api_words(words, ":connection(%lu)", (unsigned long)operand->connection);
    api_words(words, ".%s", fields[i].name);
    bool negative = add > UINT32_MAX / 2;
    if (add != 0) api_words(words, " %c %lu", negative ? '-' : '+', (unsigned long)(negative ? 0 - add : add));
}

static void read_ports(const struct args *args, struct injection *inject) {
    bool source = api_operand_field(args, "source_port", 65535, &inject->source_port);
    bool destination = api_operand_field(args, "destination_port", 65535, &inject->destination_port);
    if (source != destination)
        sandbox_error(args->L, "inject: source_port and destination_port belong together; give both or neither");
    inject->has_ports = source;
}

static void read_injected_text(const struct args *args, struct injection *inject) {
    char label[ARGS_SHOWN];
    if (!args_field(args, "text", label)) return;
    size_t length;
    const char *text = args_string(args->L, -1, label, 1, 65535 - 40, &length);
    inject->text = api_text(args->L, text, length);
    inject->text_length = (uint32_t)length;
    lua_pop(args->L, 1);
}

// In microseconds.
static uint32_t injection_delay(const struct args *args) {
    uint64_t delay = 0;
    args_time_field(args, "delay", &delay);
    if (delay > 60 * ARGS_MINUTE) sandbox_error(args->L, "inject: delay is over an hour; sleep before it instead");
    return (uint32_t)(delay / ARGS_MICROSECOND);
}

// "224.0.0.1": an address that is no host's; what is sent to it reaches `host` all the same.
static uint32_t read_odd_address(const struct args *args, const char *name, uint32_t host) {
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return 0;
    size_t length;
    struct record_endpoint address;
    uint32_t number = 0;
    const char *text = args_string(args->L, -1, label, 1, 64, &length);
    if (strlen(text) != length || !api_parse_address(text, &address))
        sandbox_error(args->L, "%l is no address; write %s = \"224.0.0.1\" or \"255.255.255.255\"", label, name);
    api_flush_hosts(args->L);
    const char *wrong = world_odd_address(api_scenario(args->L)->world, &address, host, &number);
    if (wrong != NULL) sandbox_error(args->L, "%l: %w", label, wrong);
    lua_pop(args->L, 1);
    return number;
}

// Who sends it to whom.
static void read_parties(const struct args *args, struct injection *forged) {
    lua_State *L = args->L;
    forged->from = UINT32_MAX;
    bool from = api_host_field(args, "from", &forged->from), to = api_host_field(args, "to", &forged->to);
    if (!to || (!from && !args_has(args, "icmp")))
        sandbox_error(L, "inject: a packet goes from a host to a host; add from = client, to = server");
    if (forged->from == forged->to) sandbox_error(L, "inject: from and to are the same host; name two");
    forged->sender = forged->from;
    if (!api_host_field(args, "by", &forged->sender) && !from)
        sandbox_error(L, "inject: whose link does the ICMP error take? Add from = server, or by = attacker");
    forged->source_address = read_odd_address(args, "source_address", forged->sender);
    forged->destination_address = read_odd_address(args, "destination_address", forged->to);
    forged->delay = injection_delay(args);
}

static void read_segment(const struct args *args, struct injection *forged) {
    lua_State *L = args->L;
    if (args_has(args, "quote") || args_has(args, "mtu"))
        sandbox_error(L, "inject: quote and mtu belong to ICMP errors; add icmp = \"port-unreachable\"");
    if (!args_flags_field(args, "flags", &forged->flags))
        sandbox_error(L, "inject: there are no flags; add flags = \"RST\", or flags = \"none\"");
    if (!api_operand_field(args, "seq", UINT32_MAX, &forged->seq))
        sandbox_error(L, "inject: there is no seq; add seq = 0 or seq = server.rcv_nxt");
    bool ack = api_operand_field(args, "ack", UINT32_MAX, &forged->ack);
    if (ack != ((forged->flags & TCP_ACK) != 0))
        sandbox_error(L, ack ? "inject: ack means nothing without the flag; write flags = \"...,ACK\" or leave it out"
                             : "inject: the flag ACK needs a number; add ack = server.snd_nxt");
    forged->wnd.add = 65535;
    api_operand_field(args, "wnd", 65535, &forged->wnd);
    read_ports(args, forged);
    read_injected_text(args, forged);
    uint32_t compartment = 0;
    args_u32_field(args, "compartment", 0, UINT8_MAX, &compartment);
    forged->compartment = (uint8_t)compartment;
    api_read_segment_options(args, forged);
}

static void words_injection(struct api_words *words, const struct scenario *scenario, const struct injection *forged) {
    if (forged->icmp != TCP_ICMP_NONE) {
        api_words(words, "inject { icmp = \"%s\"", tcp_icmp_name((enum tcp_icmp)forged->icmp));
        if (forged->mtu != 0) api_words(words, ", mtu = %u", (unsigned)forged->mtu);
        if (forged->quotes_seen)
            api_words(words, ", quote = seen");
        else
            words_operand(words, scenario, "quote", &forged->seq);
    } else {
        api_words(words, "inject { flags = ");
        words_flags(words, forged->flags);
        words_operand(words, scenario, "seq", &forged->seq);
        if (forged->flags & TCP_ACK) words_operand(words, scenario, "ack", &forged->ack);
    }
    api_words(words, ", ... }");
}

static int inject(lua_State *L) {
    static const char *const names[] = {"from",
                                        "to",
                                        "by",
                                        "flags",
                                        "seq",
                                        "ack",
                                        "wnd",
                                        "text",
                                        "source_port",
                                        "destination_port",
                                        "delay",
                                        "compartment",
                                        "icmp",
                                        "quote",
                                        "mtu",
                                        "source_address",
                                        "destination_address",
                                        "timestamps",
                                        "sack",
                                        "mss",
                                        "scale",
                                        "sack_permitted",
                                        "cookie",
                                        NULL};
    struct scenario *scenario = api_building(L, "inject");
    struct args args = args_open(L, 1, "inject", names);
    struct step step = {.kind = STEP_INJECT};
    read_parties(&args, &step.inject);
    if (args_has(&args, "icmp"))
        api_read_icmp(&args, &step.inject);
    else
        read_segment(&args, &step.inject);
    struct api_words words = {0};
    words_injection(&words, scenario, &step.inject);
    return api_push_step(L, &step, &words);
}

static int observe(lua_State *L) {
    static const char *const names[] = {"from", "to", "flags", "connection", "nth", "text", "length", "icmp", NULL};
    struct scenario *scenario = api_building(L, "observe");
    struct args args = args_open(L, 1, "observe", names);
    struct step step = {.kind = STEP_OBSERVE, .select = read_selector(&args)};
    struct api_words words = {0};
    const char *between = "";
    api_words(&words, "observe {");
    if (step.select.from != UINT32_MAX) {
        api_words(&words, " from = ");
        api_words_host(&words, scenario, step.select.from);
        between = ",";
    }
    if (step.select.to != UINT32_MAX) {
        api_words(&words, "%s to = ", between);
        api_words_host(&words, scenario, step.select.to);
        between = ",";
    }
    if (step.select.has_flags) {
        api_words(&words, "%s flags = ", between);
        words_flags(&words, step.select.flags);
    }
    api_words(&words, " }");
    return api_push_step(L, &step, &words);
}

void api_add_packets(lua_State *L) {
    api_define_type(L, &(struct api_type){.name = "operand", .add = add_operand, .subtract = subtract_operand});
    api_define_type(L, &(struct api_type){.name = "connection", .index = index_connection});
    api_define_type(L, &(struct api_type){.name = "seen", .index = index_seen});
    api_push_object(L, "seen", sizeof(struct sandbox_object));
    api_add_value(L, "seen");
    api_add_function(L, "fate", fate);
    api_add_function(L, "inject", inject);
    api_add_function(L, "observe", observe);
}
