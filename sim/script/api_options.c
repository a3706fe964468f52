// TCP options of forged segments: inject { timestamps = ..., sack = ..., mss = ... }.
#include "sim/script/api.h"

#include <stdio.h>
#include <string.h>

static void add(struct injection *forged, unsigned option) {
    forged->options = (uint8_t)(forged->options | option);
}

// { val = 5, ecr = seen.ts_val }
static void read_timestamps(const struct args *args, struct injection *forged) {
    static const char *const names[] = {"val", "ecr", NULL};
    char label[ARGS_SHOWN];
    if (!args_field(args, "timestamps", label)) return;
    struct args timestamps = args_open(args->L, -1, label, names);
    if (!api_operand_field(&timestamps, "val", UINT32_MAX, &forged->ts_val))
        sandbox_error(args->L, "%l: there is no val; write timestamps = { val = 5, ecr = 0 }", label);
    bool ecr = api_operand_field(&timestamps, "ecr", UINT32_MAX, &forged->ts_ecr);
    if (ecr && !(forged->flags & TCP_ACK))
        sandbox_error(args->L, "%l: ecr means nothing without ACK (RFC 7323 section 3.2)", label);
    add(forged, TCP_OPTION_TIMESTAMPS);
    lua_pop(args->L, 1);
}

// One edge of the block on top of the stack.
static void read_edge(const struct args *args, const char *label, lua_Integer at, struct operand *edge) {
    lua_rawgeti(args->L, -1, at);
    *edge = api_operand_at(args->L, -1, label, UINT32_MAX);
    lua_pop(args->L, 1);
}

// { { begin, end }, ... }: numbers [begin, end).
static void read_sack(const struct args *args, struct injection *forged) {
    char label[ARGS_SHOWN];
    if (!args_field(args, "sack", label)) return;
    if (forged->flags & TCP_SYN) sandbox_error(args->L, "%l: a SYN has no blocks; it has sack_permitted = true", label);
    uint32_t count = args_list(args->L, label, TCP_SACK_BLOCKS);
    for (uint32_t i = 0; i < count; i++) {
        lua_rawgeti(args->L, -1, (lua_Integer)i + 1);
        if (!lua_istable(args->L, -1) || lua_rawlen(args->L, -1) != 2)
            sandbox_error(args->L, "%l: a block is { begin, end }, as in sack = { { 300, 400 } }", label);
        read_edge(args, label, 1, &forged->sack[i].begin);
        read_edge(args, label, 2, &forged->sack[i].end);
        lua_pop(args->L, 1);
    }
    forged->blocks = (uint8_t)count;
    add(forged, TCP_OPTION_SACK);
    lua_pop(args->L, 1);
}

// Fast Open's, as many octets as are written: none asks for one.
static void read_cookie(const struct args *args, struct injection *forged) {
    char label[ARGS_SHOWN];
    size_t length;
    if (!args_field(args, "cookie", label)) return;
    const char *octets = args_string(args->L, -1, label, 0, TCP_COOKIE_LENGTH, &length);
    forged->cookie_len = (uint8_t)length;
    memcpy(forged->cookie, octets, length);
    add(forged, TCP_OPTION_FAST_OPEN);
    lua_pop(args->L, 1);
}

void api_read_segment_options(const struct args *args, struct injection *forged) {
    uint32_t mss, scale;
    bool permitted = false;
    read_timestamps(args, forged);
    read_sack(args, forged);
    if (args_u32_field(args, "mss", 0, UINT16_MAX, &mss)) {
        forged->mss = (uint16_t)mss;
        add(forged, TCP_OPTION_MSS);
    }
    if (args_u32_field(args, "scale", 0, UINT8_MAX, &scale)) {
        forged->scale = (uint8_t)scale;
        add(forged, TCP_OPTION_WINDOW_SCALE);
    }
    if (args_boolean_field(args, "sack_permitted", &permitted) && permitted) add(forged, TCP_OPTION_SACK_PERMITTED);
    read_cookie(args, forged);
    const unsigned of_syn = TCP_OPTION_MSS | TCP_OPTION_WINDOW_SCALE | TCP_OPTION_SACK_PERMITTED | TCP_OPTION_FAST_OPEN;
    if ((forged->options & of_syn) && !(forged->flags & TCP_SYN))
        sandbox_error(args->L,
                      "inject: mss, scale, sack_permitted and cookie stand in a SYN; nobody reads them elsewhere");
}
