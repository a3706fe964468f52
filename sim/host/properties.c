// The built-in properties. Each looks at connections that exist; what is over can't go wrong any more.
#include <inttypes.h>
#include <string.h>

#include "sim/host/internal.h"

static void say(struct claim_detail *detail, const struct world *world, const struct socket *socket,
                const char *english, const char *chinese) {
    const char *host = world_host_at(world, socket->host)->name;
    const char *state = tcp_state_name((enum tcp_state)socket->tcp.state);
    tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "connection %" PRIu32 " of %s (%s): %s", socket->ordinal, host,
         state, english);
    tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "%s 的连接 %" PRIu32 "（%s）：%s", host, socket->ordinal, state,
         chinese);
}

// The next connection that exists at or behind slot `*index`, which moves behind it. NULL: none.
static const struct socket *next_socket(const struct world *world, uint32_t *index) {
    while (*index < world->sockets.count) {
        const struct socket *socket = pool_at(&world->sockets, (*index)++, NULL);
        if (socket != NULL) return socket;
    }
    return NULL;
}

// What is known of the incarnation at the other end, living or gone. False: nothing.
static bool peer_of(const struct world *world, const struct socket *socket, struct connection_view *view) {
    if (socket->peer_source == 0 || socket->peer_source > world->streams.count) return false;
    const struct stream *stream = array_at(&world->streams, socket->peer_source - 1);
    const struct known *known = history_known(world, stream->id);
    return known != NULL && world_connection(world, known->host, known->ordinal, view);
}

static bool synchronized_ends_agree(const struct world *world, void *context, struct claim_detail *detail,
                                    bool *error) {
    (void)context;
    (void)error;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = next_socket(world, &i)) != NULL;) {
        if (!tcp_synchronized((enum tcp_state)socket->tcp.state)) continue;
        const struct socket *peer = socket_at(world, demux_find(&world->demux, tuple_mirrored(socket->tuple)));
        if (peer == NULL || !tcp_synchronized((enum tcp_state)peer->tcp.state)) continue;
        if (socket->tcp.irs == peer->tcp.iss && socket->tcp.iss == peer->tcp.irs) continue;
        say(detail, world, socket, "the other end is synchronized with another incarnation",
            "另一端是与另一次连接同步的");
        return false;
    }
    return true;
}

static bool no_ghost_connection(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = next_socket(world, &i)) != NULL;) {
        if (!(socket->flags & SOCKET_PASSIVE) || !(socket->flags & SOCKET_ESTABLISHED)) continue;
        struct connection_view peer;
        bool acknowledged = peer_of(world, socket, &peer) && peer.established && peer.tcp.irs == socket->tcp.iss;
        if (acknowledged) continue;
        say(detail, world, socket, "it is established, but its peer never acknowledged its SYN",
            "它已建立，对端却从未确认过它的 SYN");
        return false;
    }
    return true;
}

static bool text_is_from_this_incarnation(const struct world *world, void *context, struct claim_detail *detail,
                                          bool *error) {
    (void)context;
    (void)error;
    if (world->foreign == 0) return true;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = next_socket(world, &i)) != NULL;) {
        if (!(socket->flags & SOCKET_FOREIGN)) continue;
        say(detail, world, socket, "it received octets that its peer's incarnation did not send",
            "它收到的字节并非本次连接的对端所发");
        return false;
    }
    tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL,
         "a connection, gone by now, received octets that its peer's "
         "incarnation did not send");
    tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "某个已经消失的连接收到过并非本次连接的对端所发的字节");
    return false;
}

static bool fin_after_all_text(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = next_socket(world, &i)) != NULL;) {
        struct connection_view peer;
        if (!(socket->tcp.flags & TCP_CONNECTION_FIN_RECEIVED) || !peer_of(world, socket, &peer)) continue;
        if (socket->delivered == peer.sent) continue;
        char english[96], chinese[160];
        tell(english, sizeof english, "it has the peer's FIN but %" PRIu64 " of %" PRIu64 " octets", socket->delivered,
             peer.sent);
        tell(chinese, sizeof chinese, "它已收到对端的 FIN，对端发送的 %" PRIu64 " 个字节却只收到 %" PRIu64 " 个",
             peer.sent, socket->delivered);
        say(detail, world, socket, english, chinese);
        return false;
    }
    return true;
}

static bool everything_closed(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    uint32_t i = 0;
    const struct socket *socket = next_socket(world, &i);
    if (socket == NULL) return true;
    say(detail, world, socket, "it still exists", "它仍然存在");
    return false;
}

static bool nobody_reset(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    for (uint32_t i = 0; i < world->host_count; i++) {
        const struct host *host = world_host_at(world, i);
        if (host->refused == 0) continue;
        tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "%s: %" PRIu32 " reset or refused", host->name, host->refused);
        tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "%s：%" PRIu32 " 个连接被重置或被拒绝", host->name,
             host->refused);
        return false;
    }
    return true;
}

static bool programs_finish(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    return tell_waiting(world, detail) == 0;
}

static bool programs_end_as_they_say(const struct world *world, void *context, struct claim_detail *detail,
                                     bool *error) {
    (void)context;
    (void)error;
    if (!world->error_noted) return true;
    tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "a step ended in another way than it says");
    tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "有一步的结果与它写明的不同");
    return false;
}

static const struct property table[] = {
    {"synchronized-ends-agree",
     "RFC 9293 3.4.1",
     {"Where both ends of a connection are synchronized, each one's IRS is the other's ISS.",
      "连接的两端都已同步时，每一端的 IRS 就是另一端的 ISS。"},
     CLAIM_ALWAYS,
     synchronized_ends_agree},
    {"no-ghost-connection",
     "RFC 9293 3.5",
     {"A passive end is established only with a peer that acknowledged its SYN.",
      "被动打开的一端，只有在对端确认了它的 SYN 之后才进入已建立状态。"},
     CLAIM_ALWAYS,
     no_ghost_connection},
    {"text-is-from-this-incarnation",
     "RFC 9293 3.4.1",
     {"Every octet that is delivered was sent by the other end of this very connection, not of an earlier one.",
      "交付的每个字节都由本次连接的对端发出，而不是来自早先的连接。"},
     CLAIM_ALWAYS,
     text_is_from_this_incarnation},
    {"fin-after-all-text",
     "RFC 9293 3.10.7.4",
     {"Who has received the peer's FIN has received all octets that the peer sent before it.",
      "收到对端 FIN 的一方，已经收到对端在它之前发送的全部字节。"},
     CLAIM_ALWAYS,
     fin_after_all_text},
    {"everything-closed",
     "RFC 9293 3.6",
     {"In the end no connection is left, listeners aside.", "运行结束时，除监听者外不再有任何连接。"},
     CLAIM_FINALLY,
     everything_closed},
    {"nobody-reset",
     "RFC 9293 3.5.2",
     {"No connection was reset or refused.", "没有连接被重置或被拒绝。"},
     CLAIM_FINALLY,
     nobody_reset},
    {"programs-finish",
     "",
     {"When the run ends, no program still waits. Always claimed.", "运行结束时，没有程序还在等待。此项总是被检查。"},
     CLAIM_FINALLY,
     programs_finish},
    {"programs-end-as-they-say",
     "",
     {"Steps end in an error only where the scenario says so. Always claimed.",
      "只有在场景写明之处，步骤才会以错误结束。此项总是被检查。"},
     CLAIM_ALWAYS,
     programs_end_as_they_say},
};

const struct property *properties(size_t *count) {
    *count = sizeof table / sizeof *table;
    return table;
}

const struct property *property_by_name(const char *name) {
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0) return &table[i];
    return NULL;
}
