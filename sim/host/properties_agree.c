// Properties of two ends that must agree: incarnations, numbers, text.
#include "core/seq.h"
#include "sim/host/witness.h"

// ---- Looks at the world

// Synchronized, and the peer has acknowledged its SYN: CLOSE may lead from SYN-RECEIVED to FIN-WAIT-1 before that. Who
// is in TIME-WAIT behind a newer connection has no other end any more.
static bool is_synchronized(const struct socket *socket) {
    return tcp_synchronized((enum tcp_state)socket->tcp.state) && (socket->tcp.flags & TCP_CONNECTION_SYN_ACKED) != 0 &&
           !(socket->flags & SOCKET_BEHIND);
}

static const struct socket *other_end(const struct world *world, const struct socket *socket) {
    return socket_at(world, demux_find(&world->demux, tuple_mirrored(socket->tuple)));
}

bool look_synchronized_ends_agree(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;) {
        if (!is_synchronized(socket)) continue;
        const struct socket *peer = other_end(world, socket);
        if (peer == NULL || !is_synchronized(peer)) continue;
        if (socket->tcp.irs == peer->tcp.iss && socket->tcp.iss == peer->tcp.irs) continue;
        property_say(detail, world, socket, "the other end is synchronized with another incarnation",
                     "另一端是与另一次连接同步的");
        return false;
    }
    return true;
}

bool look_peer_knows_incarnation(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;) {
        if (!is_synchronized(socket)) continue;
        const struct socket *peer = other_end(world, socket);
        if (peer == NULL || peer->tcp.state <= TCP_SYN_SENT || peer->tcp.iss != socket->tcp.irs) continue;
        if (peer->tcp.irs == socket->tcp.iss) continue;
        property_say(detail, world, socket, "it takes its SYN for acknowledged, but the other end knows another one's",
                     "它以为自己的 SYN 已得到确认，另一端知道的却是别的连接的 SYN");
        return false;
    }
    return true;
}

bool look_no_ghost(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;) {
        if (!(socket->flags & SOCKET_PASSIVE) || !(socket->flags & SOCKET_ESTABLISHED)) continue;
        struct connection_view peer;
        bool acknowledged =
            observed_peer_view(world, socket, &peer) && peer.established && peer.tcp.irs == socket->tcp.iss;
        if (acknowledged) continue;
        property_say(detail, world, socket, "it is established, but its peer never acknowledged its SYN",
                     "它已建立，对端却从未确认过它的 SYN");
        return false;
    }
    return true;
}

bool look_text_of_incarnation(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    (void)context;
    (void)error;
    if (world->foreign == 0) return true;
    const struct socket *socket;
    for (uint32_t i = 0; (socket = property_next(world, &i)) != NULL;) {
        if (!(socket->flags & SOCKET_FOREIGN)) continue;
        property_say(detail, world, socket, "it received octets that its peer's incarnation did not send",
                     "它收到的字节并非本次连接的对端所发");
        return false;
    }
    tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL,
         "a connection, gone by now, received octets that its peer's "
         "incarnation did not send");
    tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "某个已经消失的连接收到过并非本次连接的对端所发的字节");
    return false;
}

// ---- Looks at steps

sentences observe_accepted_once(const struct observation *seen) {
    static const char *const twice[] = {"one incarnation of the peer was accepted twice",
                                        "对端的同一次连接被接受了两次"};
    const struct world *world = seen->world;
    if (seen->socket == NULL || !(seen->socket->flags & SOCKET_PASSIVE) || seen->socket->peer_source == 0) return NULL;
    if (!observed_signal(seen, TCP_SIGNAL_ESTABLISHED)) return NULL;
    for (uint32_t i = 0; i < world->witnesses.count; i++) {
        const struct witness *other = array_at(&world->witnesses, i);
        if (other == seen->witness || !(other->flags & WITNESS_ACCEPTED) || other->host != seen->host) continue;
        if (other->peer_source == seen->socket->peer_source) return twice;
    }
    return NULL;
}

// Where the text of a stream begins. False: nothing was ever put into it.
static bool stream_begin(const struct world *world, uint32_t source, uint32_t *seq) {
    if (source == 0 || source > world->streams.count) return false;
    uint32_t number = ((const struct stream *)array_at(&world->streams, source - 1))->last;
    if (number == 0) return false;
    while (number != 0) {
        const struct piece *piece = array_at(&world->pieces, number - 1);
        *seq = piece->seq;
        number = piece->previous;
    }
    return true;
}

sentences observe_text_in_order(const struct observation *seen) {
    static const char *const again[] = {"octets were delivered that don't follow those before",
                                        "交付的字节与先前交付的并不相接"};
    static const char *const beyond[] = {"more was delivered than the peer has sent", "交付的内容比对端发出的还多"};
    if (seen->socket == NULL) return NULL;
    bool known = (seen->witness->flags & WITNESS_TEXT) != 0;
    uint32_t next = seen->witness->text_end;
    if (!known) known = stream_begin(seen->world, seen->socket->peer_source, &next);
    const struct witness *peer = observed_peer(seen->world, seen->socket->peer_source);
    for (uint32_t i = 0; i < seen->effects->count; i++) {
        const struct tcp_effect *effect = &seen->effects->list[i];
        if (effect->kind != TCP_EFFECT_TEXT) continue;
        if (known && effect->text.seq != next) return again;
        known = true;
        next = effect->text.seq + effect->text.len;
        if (peer != NULL && seq_gt(next, peer->sent_end)) return beyond;
    }
    return NULL;
}

static sentences acks_go_forward(const struct observation *seen) {
    static const char *const back[] = {"it acknowledges less than it did before", "它的确认号倒退了"};
    bool known = (seen->witness->flags & WITNESS_ACKED) != 0;
    uint32_t acked = seen->witness->acked;
    const struct tcp_segment *sent;
    for (uint32_t i = 0; (sent = observed_next_sent(seen, &i)) != NULL;) {
        if ((sent->flags & (TCP_RST | TCP_ACK)) != TCP_ACK) continue;
        if (known && seq_lt(sent->ack, acked)) return back;
        known = true;
        acked = sent->ack;
    }
    return NULL;
}

sentences observe_numbers_of_peer(const struct observation *seen) {
    static const char *const back[] = {"RCV.NXT or SND.UNA went back", "RCV.NXT 或 SND.UNA 倒退了"};
    static const char *const unsent[] = {"RCV.NXT is beyond all that the peer has sent",
                                         "RCV.NXT 超过了对端发出过的一切"};
    static const char *const unheard[] = {"SND.UNA is beyond all that the peer has acknowledged",
                                          "SND.UNA 超过了对端确认过的一切"};
    const struct tcp_connection *before = seen->before, *after = seen->after;
    if (seen->socket == NULL) return NULL;
    sentences wrong = acks_go_forward(seen);
    if (wrong != NULL || seen->gone || after->state < TCP_SYN_RECEIVED) return wrong;
    if (before->state >= TCP_SYN_RECEIVED &&
        (seq_lt(after->rcv_nxt, before->rcv_nxt) || seq_lt(after->snd_una, before->snd_una)))
        return back;
    const struct witness *peer = observed_peer(seen->world, seen->socket->peer_source);
    if (peer == NULL) return NULL;
    if ((peer->flags & WITNESS_SENT) && seq_gt(after->rcv_nxt, peer->sent_end)) return unsent;
    bool acked = (after->flags & TCP_CONNECTION_SYN_ACKED) != 0;
    if (acked && (!(peer->flags & WITNESS_ACKED) || seq_gt(after->snd_una, peer->acked))) return unheard;
    return NULL;
}

// Only an ISS that TCP has chosen: a scenario may give any.
sentences observe_reopened_iss(const struct observation *seen) {
    static const char *const low[] = {
        "its ISS is not above the numbers of the connection in TIME-WAIT that it replaces",
        "它的 ISS 并不高于它所取代的那个 TIME-WAIT 连接的序列号"};
    const struct world *world = seen->world;
    if (seen->socket == NULL || seen->state != TCP_LISTEN || seen->after->state == TCP_LISTEN) return NULL;
    const struct host *host = world_host_at(world, seen->host);
    if (host->iss_fixed || seen->socket->ordinal <= host->iss_count) return NULL;
    for (uint32_t i = world->witnesses.count; i > 0; i--) {
        const struct witness *earlier = array_at(&world->witnesses, i - 1);
        if (earlier == seen->witness || earlier->host != seen->host ||
            tuple_key(earlier->tuple) != tuple_key(seen->socket->tuple))
            continue;
        bool reopened = (earlier->flags & WITNESS_REOPENED) != 0;
        return reopened && !seq_ge(seen->after->iss, earlier->sent_end) ? low : NULL;
    }
    return NULL;
}
