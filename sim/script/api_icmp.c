// ICMP errors and flipped bits, as scenarios say them.
#include "sim/script/api.h"

#include <string.h>

#include <lauxlib.h>

// ---- ICMP -----------------------------------------------------------------------------------------------------

bool api_icmp_field(const struct args *args, const char *name, enum tcp_icmp *kind) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, name, label)) return false;
    size_t length;
    const char *text = args_string(L, -1, label, 1, 64, &length);
    if (strlen(text) != length || !icmp_by_name(text, kind)) {
        struct suggestion suggestion;
        args_suggest(L, &suggestion, text);
        for (int i = TCP_ICMP_NONE + 1; i <= TCP_ICMP_SOURCE_QUENCH; i++)
            suggest_add(&suggestion, tcp_icmp_name((enum tcp_icmp)i));
        args_unknown(L, label, "ICMP error", text, suggestion.best,
                     "there are \"host-unreachable\", \"port-unreachable\", \"packet-too-big\", \"time-exceeded\" ...");
    }
    lua_pop(L, 1);
    return true;
}

void api_unreachable_field(const struct args *args, uint8_t *kind) {
    static const struct {
        const char *name;
        enum tcp_icmp kind;
    } words[] = {{"network", TCP_ICMP_NETWORK_UNREACHABLE},
                 {"host", TCP_ICMP_HOST_UNREACHABLE},
                 {"protocol", TCP_ICMP_PROTOCOL_UNREACHABLE},
                 {"port", TCP_ICMP_PORT_UNREACHABLE},
                 {"prohibited", TCP_ICMP_ADMINISTRATIVELY_PROHIBITED}};
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "unreachable", label)) return;
    size_t length;
    const char *text = args_string(L, -1, label, 1, 64, &length);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i].name) == 0) *kind = (uint8_t)words[i].kind;
    if (*kind == TCP_ICMP_NONE || strlen(text) != length)
        sandbox_error(L, "%l is one of \"network\", \"host\", \"protocol\", \"port\", \"prohibited\"", label);
    lua_pop(L, 1);
}

// quote = seen, or quote = { seq = client.snd_una, source_port = 49152, destination_port = 80
// }.
static void read_quote(const struct args *args, struct injection *forged) {
    static const char *const names[] = {"seq", "source_port", "destination_port", NULL};
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "quote", label))
        sandbox_error(L,
                      "inject: an ICMP error quotes a segment; add quote = seen, or quote = { seq = client.snd_una }");
    forged->quotes_seen = api_object(L, -1, "seen") != NULL;
    if (forged->quotes_seen) {
        if (forged->from != UINT32_MAX)
            sandbox_error(L, "inject: what was seen says where it went; leave out from, and add by = attacker");
        lua_pop(L, 1);
        return;
    }
    struct args quote = args_open(L, -1, label, names);
    if (!api_operand_field(&quote, "seq", UINT32_MAX, &forged->seq))
        sandbox_error(L, "%l: there is no seq; add seq = 0 or seq = client.snd_una", label);
    // The ICMP packet goes the other way than what it quotes.
    bool source = api_operand_field(&quote, "source_port", 65535, &forged->destination_port);
    bool destination = api_operand_field(&quote, "destination_port", 65535, &forged->source_port);
    if (source != destination)
        sandbox_error(L, "%l: source_port and destination_port belong together; give both or neither", label);
    forged->has_ports = source;
    lua_pop(L, 1);
}

void api_read_icmp(const struct args *args, struct injection *forged) {
    static const char *const others[] = {
        "flags",      "seq",  "ack", "wnd",   "text",           "compartment", "source_port", "destination_port",
        "timestamps", "sack", "mss", "scale", "sack_permitted", NULL};
    enum { LEAST_MTU = 68 };
    lua_State *L = args->L;
    enum tcp_icmp kind = TCP_ICMP_NONE;
    for (int i = 0; others[i] != NULL; i++)
        if (args_has(args, others[i]))
            sandbox_error(L, "inject: an ICMP error has no '%s'; it has icmp, quote and mtu", others[i]);
    api_icmp_field(args, "icmp", &kind);
    forged->icmp = (uint8_t)kind;
    read_quote(args, forged);
    uint32_t mtu = 0;
    bool has_mtu = args_u32_field(args, "mtu", LEAST_MTU, UINT16_MAX, &mtu);
    if (has_mtu != (kind == TCP_ICMP_FRAGMENTATION_NEEDED))
        sandbox_error(L, has_mtu ? "inject: mtu goes with icmp = \"packet-too-big\" alone"
                                 : "inject: a packet was too big for what? Add mtu = 576");
    forged->mtu = (uint16_t)mtu;
}

// ---- Flipped bits ---------------------------------------------------------------------------------------------

static uint32_t read_flip(lua_State *L, const char *label) {
    enum { BITS = (65535 + 40) * 8 };
    return (uint32_t)args_integer(L, -1, label, 0, BITS - 1);
}

bool api_flips_field(const struct args *args, bool may_be_lucky, struct fate_order *order) {
    lua_State *L = args->L;
    char label[ARGS_SHOWN];
    if (!args_field(args, "corrupt", label)) return false;
    lua_Unsigned count = lua_istable(L, -1) ? lua_rawlen(L, -1) : 1;
    if (lua_istable(L, -1) && (count == 0 || count > ENGINE_FLIPS))
        sandbox_error(L, "%l is a list of 1 to %d bits, counted from the IP header on; write corrupt = { 320, 336 }",
                      label, ENGINE_FLIPS);
    if (may_be_lucky && lua_isboolean(L, -1) && lua_toboolean(L, -1)) {
        order->flips = ENGINE_LUCKY_FLIPS;
        lua_pop(L, 1);
        return true;
    }
    for (lua_Unsigned i = 0; i < count; i++) {
        if (lua_istable(L, -1)) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            order->flip[i] = read_flip(L, label);
            lua_pop(L, 1);
        } else {
            order->flip[i] = read_flip(L, label);
        }
        for (lua_Unsigned k = 0; k < i; k++)
            if (order->flip[k] == order->flip[i])
                sandbox_error(L, "%l: bit %d is flipped twice, which is not at all", label, (int)order->flip[i]);
    }
    order->flips = (uint8_t)count;
    lua_pop(L, 1);
    return true;
}
