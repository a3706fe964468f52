// Properties of how connections end.
#include <inttypes.h>

#include "core/seq.h"
#include "sim/host/witness.h"

// ---- Looks at the world

bool look_fin_after_all_text(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;) {
        struct connection_view peer;
        if (!(socket->tcp.flags & TCP_CONNECTION_FIN_RECEIVED) || !observed_peer_view(world, socket, &peer)) continue;
        if (!(peer.tcp.flags & TCP_CONNECTION_FIN_QUEUED)) {
            property_say(detail, world, socket, "it has a FIN, but its peer has not called CLOSE",
                         "它收到了 FIN，对端却没有调用过 CLOSE");
            return false;
        }
        if (socket->delivered == peer.sent) continue;
        char english[96], chinese[160];
        tell(english, sizeof english, "it has the peer's FIN but %" PRIu64 " of %" PRIu64 " octets", socket->delivered,
             peer.sent);
        tell(chinese, sizeof chinese, "它已收到对端的 FIN，对端发送的 %" PRIu64 " 个字节却只收到 %" PRIu64 " 个",
             peer.sent, socket->delivered);
        property_say(detail, world, socket, english, chinese);
        return false;
    }
    return true;
}

bool look_fin_acknowledged(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;) {
        const struct tcp_connection *tcp = &socket->tcp;
        struct connection_view peer;
        if (!(tcp->flags & TCP_CONNECTION_FIN_SENT) || tcp->snd_una != tcp->snd_nxt) continue;
        if (!observed_peer_view(world, socket, &peer) || !peer.exists) continue;
        if (peer.tcp.rcv_nxt == tcp->snd_nxt && (peer.tcp.flags & TCP_CONNECTION_FIN_RECEIVED)) continue;
        property_say(detail, world, socket, "it takes its FIN for acknowledged, but its peer has not received it",
                     "它以为自己的 FIN 已得到确认，对端却没有收到过");
        return false;
    }
    return true;
}

bool look_listener_survives(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    for (uint32_t i = 0; i < world->listeners.count; i++) {
        const struct listener *listener = listener_at(world, i);
        if (listener->open || listener->ended) continue;
        const char *host = world_host_at(world, listener->host)->name;
        tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "%s: the listener of port %u is gone, and nobody closed it",
             host, listener->port);
        tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "%s：端口 %u 的监听没有人关闭，却不见了", host, listener->port);
        return false;
    }
    return true;
}

// ---- Resets

// A segment has told the user of a synchronized connection "connection reset".
static bool is_reset(const struct observation *seen) {
    return seen->socket != NULL && seen->segment != NULL && tcp_synchronized(seen->state) &&
           observed_signal(seen, TCP_SIGNAL_RESET);
}

sentences observe_reset_by_absent(const struct observation *seen) {
    static const char *const present[] = {"it was reset, but its peer is still there", "它被复位了，对端却还在"};
    struct connection_view peer;
    if (!is_reset(seen) || !observed_peer_view(seen->world, seen->socket, &peer)) return NULL;
    return peer.exists ? present : NULL;
}

sentences observe_reset_after_close(const struct observation *seen) {
    static const char *const orderly[] = {"it was reset, but its peer had closed in order",
                                          "它被复位了，对端却是正常关闭的"};
    if (!is_reset(seen)) return NULL;
    const struct witness *peer = observed_peer(seen->world, seen->socket->peer_source);
    return peer != NULL && peer->end == END_IN_ORDER ? orderly : NULL;
}

// ---- TIME-WAIT

static bool is_peers_fin(const struct observation *seen) {
    const struct tcp_connection *before = seen->before;
    const struct tcp_segment *segment = seen->segment;
    if (segment == NULL || (segment->flags & (TCP_FIN | TCP_SYN | TCP_ACK | TCP_RST)) != (TCP_FIN | TCP_ACK))
        return false;
    return segment->seq + tcp_segment_length(segment) == before->rcv_nxt &&
           seq_le(before->snd_una - before->max_snd_wnd, segment->ack) && seq_le(segment->ack, before->snd_nxt);
}

// RFC 6191: the timestamp tells whether a SYN is newer, where it has one and both aren't the same; a connection without
// them is older than any. Otherwise the sequence number does.
static bool is_newer(const struct observation *seen) {
    const struct tcp_connection *before = seen->before;
    const struct tcp_segment *segment = seen->segment;
    bool stamps = (before->flags & TCP_CONNECTION_TIMESTAMPS) != 0;
    bool offers = (world_host_at(seen->world, seen->host)->tcp.options & TCP_OPTION_TIMESTAMPS) != 0;
    bool by_number = !(segment->options & TCP_OPTION_TIMESTAMPS) || (stamps && segment->ts_val == before->ts_recent);
    if (!offers || by_number) return seq_gt(segment->seq, before->rcv_nxt);
    return !stamps || seq_gt(segment->ts_val, before->ts_recent);
}

static bool may_end_time_wait(const struct observation *seen) {
    if (seen->event == TCP_TIME_WAIT_TIMEOUT || seen->event == TCP_ABORT) return true;
    if (seen->event == TCP_SOCKETS_CLOSE) return tcp_unread(seen->before) > 0;  // SHLD-3
    if (seen->segment == NULL) return false;
    if (seen->segment->compartment != seen->before->compartment) return true;
    if (seen->reopened) {
        bool judged = seen->gone && (seen->socket->flags & SOCKET_BEHIND) != 0;  // when the SYN arrived
        return (seen->segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN && (judged || is_newer(seen));
    }
    return observed_has(seen, TCP_RST) && seen->segment->seq == seen->before->rcv_nxt;
}

sentences observe_time_wait(const struct observation *seen) {
    static const char *const ended[] = {"TIME-WAIT was ended by something that may not end it",
                                        "TIME-WAIT 被不该终止它的事终止了"};
    static const char *const timer[] = {"TIME-WAIT does not last 2 MSL from its beginning, or from the peer's last FIN",
                                        "TIME-WAIT 没有从开始、或从对端最后一个 FIN 算起停留 2MSL"};
    if (seen->socket == NULL) return NULL;
    if (seen->state == TCP_TIME_WAIT && (seen->gone || seen->reopened) && !may_end_time_wait(seen)) return ended;
    if (seen->after->state != TCP_TIME_WAIT) return NULL;
    const struct world *world = seen->world;
    uint64_t two_msl = 2 * world_host_at(world, seen->host)->tcp.msl, now = world->engine.now;
    bool begins = seen->state != TCP_TIME_WAIT || is_peers_fin(seen);
    return !begins || seen->after->deadline[TCP_TIMER_TIME_WAIT] - now == two_msl ? NULL : timer;
}

// True when a packet of these endpoints is in flight that is not newer than number `newest`.
static bool in_flight(const struct world *world, struct tuple tuple, uint32_t newest) {
    uint64_t there = tuple_key(tuple), back = tuple_key(tuple_mirrored(tuple));
    for (uint32_t i = 0; i < world->engine.packets.count; i++) {
        const struct engine_packet *carried = pool_at(&world->engine.packets, i, NULL);
        if (carried == NULL || carried->number > newest) continue;
        uint64_t key = tuple_key(((const struct packet *)(const void *)(carried + 1))->tuple);
        if (key == there || key == back) return true;
    }
    return false;
}

// Where there is no TIME-WAIT, the end comes when the last FIN does. In a world of abstract time nothing can be in
// flight then, unless long silence was asked for.
sentences observe_two_msl(const struct observation *seen) {
    static const char *const old[] = {"the connection is over, but segments of it are still in the network",
                                      "连接已经结束，它的报文段却还在网络里"};
    if (seen->socket == NULL || !seen->gone) return NULL;
    if (seen->event == TCP_TIME_WAIT_TIMEOUT)
        return in_flight(seen->world, seen->socket->tuple, seen->witness->time_wait) ? old : NULL;
    bool waits = seen->state == TCP_FIN_WAIT_1 || seen->state == TCP_FIN_WAIT_2 || seen->state == TCP_CLOSING;
    bool resets = observed_has(seen, TCP_RST) || (seen->before->flags & TCP_CONNECTION_DEAF);
    if (!waits || seen->segment == NULL || resets || observed_notices(seen) > 0) return NULL;
    return in_flight(seen->world, seen->socket->tuple, (uint32_t)seen->world->engine.packets_sent) ? old : NULL;
}

// ---- Notices (3.5.3, MUST-12)

// How many notices the end of the connection must bring its user; UINT32_MAX: one or none.
static uint32_t notices_due(const struct observation *seen) {
    const uint32_t known = TCP_CONNECTION_ACTIVE | TCP_CONNECTION_FAST_OPEN;
    bool half_open = seen->state == TCP_SYN_RECEIVED && !(seen->before->flags & known);
    if (seen->event == TCP_R2_TIMEOUT || seen->event == TCP_ICMP_ARRIVES) return half_open ? 0 : 1;
    if (seen->event == TCP_KEEP_ALIVE_TIMEOUT) return 1;
    if (seen->event == TCP_USER_TIMEOUT) return half_open ? UINT32_MAX : 1;
    if (seen->segment == NULL || half_open || seen->reopened) return 0;
    if (seen->segment->compartment != seen->before->compartment) return UINT32_MAX;
    return observed_has(seen, TCP_RST) && seen->state != TCP_TIME_WAIT ? 1 : 0;
}

sentences observe_notices(const struct observation *seen) {
    static const char *const early[] = {"its user was told that it is over, but it isn't",
                                        "用户被告知连接已经结束，其实没有"};
    static const char *const many[] = {
        "its user was told of its end though there was nothing to tell, or more than once",
        "用户不该得到结束的通知，或者得到了不止一次"};
    static const char *const none[] = {"it ended without its user's doing, and nobody was told",
                                       "它并非由用户结束，却没有告诉任何人"};
    if (seen->socket == NULL) return NULL;
    uint32_t told = observed_notices(seen);
    if (!seen->gone) return told == 0 ? NULL : early;
    uint32_t due = notices_due(seen);
    if (due == UINT32_MAX) return told <= 1 ? NULL : many;
    if (told > due) return many;
    return told < due ? none : NULL;
}
