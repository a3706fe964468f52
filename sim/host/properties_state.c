// Properties of a connection by itself: its state, its numbers, its timers, what it sends.
#include "core/seq.h"
#include "sim/host/witness.h"

// ---- Numbers that fit the state (3.3.1, 3.4)

// True when our FIN was sent and is acknowledged.
static bool fin_is_acked(const struct tcp_connection *tcp) {
    return (tcp->flags & TCP_CONNECTION_FIN_SENT) != 0 && tcp->snd_una == tcp->snd_nxt;
}

static bool numbers_fit(const struct tcp_connection *tcp) {
    bool acked = (tcp->flags & TCP_CONNECTION_SYN_ACKED) != 0, sent = (tcp->flags & TCP_CONNECTION_FIN_SENT) != 0;
    bool queued = (tcp->flags & TCP_CONNECTION_FIN_QUEUED) != 0;
    if (!seq_le(tcp->snd_una, tcp->snd_nxt) || !seq_le(tcp->snd_nxt, tcp->snd_end + sent)) return false;
    if (acked != seq_lt(tcp->iss, tcp->snd_una)) return false;
    if (sent && tcp->snd_nxt != tcp->snd_end + 1) return false;
    switch ((enum tcp_state)tcp->state) {
    case TCP_CLOSED:
    case TCP_LISTEN: return true;
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
        // Fast Open: text may stand behind the SYN.
        if (tcp->flags & TCP_CONNECTION_FAST_OPEN) return tcp->snd_una == tcp->iss && tcp->snd_nxt != tcp->iss && !sent;
        return tcp->snd_una == tcp->iss && tcp->snd_nxt == tcp->iss + 1 && !sent;
    case TCP_ESTABLISHED: return acked && !queued && !sent;
    case TCP_CLOSE_WAIT: return acked && !sent;
    case TCP_FIN_WAIT_1:
    case TCP_CLOSING: return queued && !fin_is_acked(tcp);
    case TCP_LAST_ACK: return acked && sent && !fin_is_acked(tcp);
    case TCP_FIN_WAIT_2:
    case TCP_TIME_WAIT: return acked && fin_is_acked(tcp);
    }
    return true;
}

sentences observe_numbers_fit_state(const struct observation *seen) {
    static const char *const numbers[] = {"SND.UNA and SND.NXT are not what this state means",
                                          "SND.UNA 与 SND.NXT 不符合这个状态的含义"};
    return seen->socket == NULL || seen->gone || numbers_fit(seen->after) ? NULL : numbers;
}

// ---- Edges (figure 5, 3.10)

// Why a state may be left for another.
enum cause {
    BY_OPEN = 0x01,
    BY_CLOSE = 0x02,    // CLOSE, or the sockets' close()
    BY_ABORT = 0x04,    // ABORT, or close() with text unread (SHLD-3)
    BY_TIMEOUT = 0x08,  // R2, the user timeout, keep-alives without an answer
    BY_2MSL = 0x10,
    BY_RST = 0x20,
    BY_SYN = 0x40,  // without ACK
    BY_SYN_ACK = 0x80,
    BY_ACK = 0x100,
    BY_ACK_OF_FIN = 0x200,  // of all that was sent, the FIN included
    BY_FIN = 0x400,         // the peer's, now or held back until now
    BY_DEAF = 0x800,        // text for a user who has called close() (SHLD-3)
    BY_SENDING = 0x1000,    // a queued FIN found its turn
    BY_APART = 0x2000,      // another security compartment (A.1)
    BY_ICMP = 0x4000,       // an error about the path (3.9.2.2)
};

// Each edge, and all the causes that it needs together; an edge with several sets stands there several times.
static const struct edge {
    uint8_t from, to;
    uint16_t needs;
} edges[] = {
    {TCP_CLOSED, TCP_SYN_SENT, BY_OPEN},
    {TCP_LISTEN, TCP_SYN_RECEIVED, BY_SYN},
    {TCP_SYN_SENT, TCP_CLOSED, BY_CLOSE},
    {TCP_SYN_SENT, TCP_CLOSED, BY_ABORT},
    {TCP_SYN_SENT, TCP_CLOSED, BY_TIMEOUT},
    {TCP_SYN_SENT, TCP_CLOSED, BY_RST | BY_ACK},
    {TCP_SYN_SENT, TCP_CLOSED, BY_ICMP},
    {TCP_SYN_RECEIVED, TCP_CLOSED, BY_ICMP},
    {TCP_SYN_SENT, TCP_SYN_RECEIVED, BY_SYN},
    {TCP_SYN_SENT, TCP_ESTABLISHED, BY_SYN_ACK},
    {TCP_SYN_SENT, TCP_CLOSE_WAIT, BY_SYN_ACK | BY_FIN},  // through ESTABLISHED
    {TCP_SYN_RECEIVED, TCP_CLOSED, BY_ABORT},
    {TCP_SYN_RECEIVED, TCP_CLOSED, BY_TIMEOUT},
    {TCP_SYN_RECEIVED, TCP_CLOSED, BY_RST},  // LISTEN, for a listener's
    {TCP_SYN_RECEIVED, TCP_CLOSED, BY_SYN},  // the same
    {TCP_SYN_RECEIVED, TCP_CLOSED, BY_SYN_ACK},
    {TCP_SYN_RECEIVED, TCP_CLOSED, BY_ACK | BY_DEAF},  // through FIN-WAIT-1: CLOSE came before
    {TCP_SYN_RECEIVED, TCP_FIN_WAIT_1, BY_CLOSE},
    {TCP_SYN_RECEIVED, TCP_FIN_WAIT_1, BY_ACK},  // CLOSE came before (3.10.4)
    {TCP_SYN_RECEIVED, TCP_ESTABLISHED, BY_ACK},
    {TCP_SYN_RECEIVED, TCP_CLOSE_WAIT, BY_ACK | BY_FIN},
    {TCP_SYN_RECEIVED, TCP_CLOSING, BY_ACK | BY_FIN},
    {TCP_ESTABLISHED, TCP_CLOSED, BY_ABORT},
    {TCP_ESTABLISHED, TCP_CLOSED, BY_TIMEOUT},
    {TCP_ESTABLISHED, TCP_CLOSED, BY_RST},
    {TCP_ESTABLISHED, TCP_CLOSED, BY_APART},
    {TCP_ESTABLISHED, TCP_FIN_WAIT_1, BY_CLOSE},
    {TCP_ESTABLISHED, TCP_CLOSE_WAIT, BY_FIN},
    {TCP_FIN_WAIT_1, TCP_CLOSED, BY_ABORT},
    {TCP_FIN_WAIT_1, TCP_CLOSED, BY_TIMEOUT},
    {TCP_FIN_WAIT_1, TCP_CLOSED, BY_RST},
    {TCP_FIN_WAIT_1, TCP_CLOSED, BY_APART},
    {TCP_FIN_WAIT_1, TCP_CLOSED, BY_DEAF},
    {TCP_FIN_WAIT_1, TCP_FIN_WAIT_2, BY_ACK_OF_FIN},
    {TCP_FIN_WAIT_1, TCP_CLOSING, BY_FIN},
    {TCP_FIN_WAIT_1, TCP_TIME_WAIT, BY_ACK_OF_FIN | BY_FIN},
    {TCP_FIN_WAIT_2, TCP_CLOSED, BY_ABORT},
    {TCP_FIN_WAIT_2, TCP_CLOSED, BY_RST},
    {TCP_FIN_WAIT_2, TCP_CLOSED, BY_APART},
    {TCP_FIN_WAIT_2, TCP_CLOSED, BY_DEAF},
    {TCP_FIN_WAIT_2, TCP_CLOSED, BY_TIMEOUT},  // of keep-alives, or where nobody will read
    {TCP_FIN_WAIT_2, TCP_TIME_WAIT, BY_FIN},
    {TCP_CLOSE_WAIT, TCP_CLOSED, BY_ABORT},
    {TCP_CLOSE_WAIT, TCP_CLOSED, BY_TIMEOUT},
    {TCP_CLOSE_WAIT, TCP_CLOSED, BY_RST},
    {TCP_CLOSE_WAIT, TCP_CLOSED, BY_APART},
    {TCP_CLOSE_WAIT, TCP_LAST_ACK, BY_CLOSE},
    {TCP_CLOSE_WAIT, TCP_LAST_ACK, BY_SENDING},
    {TCP_CLOSING, TCP_CLOSED, BY_ABORT},
    {TCP_CLOSING, TCP_CLOSED, BY_TIMEOUT},
    {TCP_CLOSING, TCP_CLOSED, BY_RST},
    {TCP_CLOSING, TCP_CLOSED, BY_APART},
    {TCP_CLOSING, TCP_TIME_WAIT, BY_ACK_OF_FIN},
    {TCP_LAST_ACK, TCP_CLOSED, BY_ABORT},
    {TCP_LAST_ACK, TCP_CLOSED, BY_TIMEOUT},
    {TCP_LAST_ACK, TCP_CLOSED, BY_RST},
    {TCP_LAST_ACK, TCP_CLOSED, BY_APART},
    {TCP_LAST_ACK, TCP_CLOSED, BY_ACK_OF_FIN},
    {TCP_TIME_WAIT, TCP_CLOSED, BY_ABORT},
    {TCP_TIME_WAIT, TCP_CLOSED, BY_2MSL},
    {TCP_TIME_WAIT, TCP_CLOSED, BY_RST},
    {TCP_TIME_WAIT, TCP_CLOSED, BY_APART},
    {TCP_TIME_WAIT, TCP_CLOSED, BY_SYN},  // MAY-2
};

static unsigned causes_of_segment(const struct observation *seen) {
    const struct tcp_connection *before = seen->before;
    const struct tcp_segment *segment = seen->segment;
    bool ack = (segment->flags & TCP_ACK) != 0;
    unsigned causes = 0;
    if (segment->compartment != before->compartment) causes |= BY_APART;
    if (segment->flags & TCP_RST) return causes | BY_RST | (ack ? BY_ACK : 0u);
    if (segment->flags & TCP_SYN) causes |= ack ? BY_SYN_ACK : BY_SYN;
    if (ack) causes |= BY_ACK;
    if (observed_ack_of_fin(seen)) causes |= BY_ACK_OF_FIN;
    if ((segment->flags & TCP_FIN) || (before->flags & TCP_CONNECTION_FIN_HELD)) causes |= BY_FIN;
    if (segment->len > 0 && (before->flags & TCP_CONNECTION_DEAF)) causes |= BY_DEAF;
    if (before->flags & TCP_CONNECTION_FIN_QUEUED) causes |= BY_SENDING;
    return causes;
}

static unsigned causes_of(const struct observation *seen) {
    switch (seen->event) {
    case TCP_OPEN_PASSIVE:
    case TCP_OPEN_ACTIVE: return BY_OPEN;
    case TCP_CLOSE: return BY_CLOSE;
    case TCP_SOCKETS_CLOSE: return tcp_unread(seen->before) > 0 ? BY_ABORT | BY_CLOSE : BY_CLOSE;
    case TCP_ABORT: return BY_ABORT;
    case TCP_SEGMENT_ARRIVES: return seen->reopened ? BY_SYN : causes_of_segment(seen);
    case TCP_R2_TIMEOUT:
    case TCP_USER_TIMEOUT:
    case TCP_KEEP_ALIVE_TIMEOUT: return BY_TIMEOUT;
    case TCP_TIME_WAIT_TIMEOUT:
        if (seen->state == TCP_TIME_WAIT) return BY_2MSL;
        return seen->before->flags & TCP_CONNECTION_DEAF ? BY_TIMEOUT : 0;
    case TCP_ICMP_ARRIVES: return BY_ICMP;
    case TCP_SEND:
    case TCP_RECEIVE:
    case TCP_STATUS:
    case TCP_RETRANSMISSION_TIMEOUT:
    case TCP_PERSIST_TIMEOUT:
    case TCP_DELAYED_ACK_TIMEOUT:
    case TCP_SET_NO_DELAY:
    case TCP_SET_KEEP_ALIVE:
    case TCP_SET_USER_TIMEOUT:
    case TCP_CONTINUE: return seen->before->flags & TCP_CONNECTION_FIN_QUEUED ? BY_SENDING : 0;
    }
    return 0;
}

sentences observe_edges(const struct observation *seen) {
    static const char *const edge[] = {"it went from one state to another in a way that TCP's diagram does not know",
                                       "它以 TCP 状态图中没有的方式改变了状态"};
    if (seen->socket == NULL || seen->state == (enum tcp_state)seen->after->state) return NULL;
    unsigned causes = causes_of(seen);
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        if (edges[i].from != seen->state || edges[i].to != seen->after->state) continue;
        if ((causes & edges[i].needs) == edges[i].needs) return NULL;
    }
    return edge;
}

// ---- Timers (3.8.1, 3.8.6.1, 3.10.8)

// What options take of a segment (RFC 6691): timestamps, and while there is a gap as many SACK blocks as find room.
static uint32_t option_octets(const struct tcp_connection *tcp) {
    uint32_t octets = tcp->flags & TCP_CONNECTION_TIMESTAMPS ? 12 : 0, most = octets > 0 ? 3 : 4;
    if ((tcp->flags & TCP_CONNECTION_SACK) && tcp->held_count > 0)
        octets += 4 + 8 * (tcp->held_count < most ? tcp->held_count : most);
    return octets < tcp->snd_mss ? octets : tcp->snd_mss - 1u;
}

// Text waits, and the window is too small for any of it, or for so much that sending it would not be silly.
static bool waits_for_window(const struct tcp_connection *tcp) {
    uint32_t room = tcp->snd_wnd < tcp->max_snd_wnd / 2 ? tcp->snd_wnd : UINT32_MAX;
    bool small = room < tcp->snd_end - tcp->snd_nxt && room < tcp->snd_mss - option_octets(tcp);
    bool may_send = tcp->state == TCP_ESTABLISHED || tcp->state == TCP_FIN_WAIT_1 || tcp->state == TCP_CLOSE_WAIT ||
                    tcp->state == TCP_CLOSING;
    return may_send && !(tcp->flags & TCP_CONNECTION_FIN_SENT) && tcp->snd_end != tcp->snd_nxt &&
           tcp->snd_una == tcp->snd_nxt && (small || tcp->snd_wnd == 0);
}

static bool runs(const struct tcp_connection *tcp, enum tcp_timer timer) {
    return tcp->deadline[timer] != TCP_NEVER;
}

// FIN-WAIT-2 after the sockets' close(), at a host that sets it a limit.
static bool is_orphan(const struct observation *seen) {
    const struct tcp_connection *tcp = seen->after;
    bool limit = world_host_at(seen->world, seen->host)->tcp.fin_wait_2 > 0;
    return limit && tcp->state == TCP_FIN_WAIT_2 && (tcp->flags & TCP_CONNECTION_DEAF) != 0;
}

sentences observe_timers(const struct observation *seen) {
    static const char *const retransmission[] = {
        "its retransmission timer runs, and nothing waits for an acknowledgment; or the other way round",
        "重传定时器在走，却没有什么在等确认；或者反过来"};
    static const char *const persist[] = {
        "its persist timer runs, and nothing waits for the window to open; or the other way round",
        "坚持定时器在走，却没有什么在等窗口打开；或者反过来"};
    static const char *const two_msl[] = {
        "the 2 MSL timer runs in TIME-WAIT, and nowhere else but in FIN-WAIT-2 when nobody will read any more",
        "2MSL 定时器在 TIME-WAIT 中走；此外只有不再有人读取的 FIN-WAIT-2 中走"};
    static const char *const delayed[] = {
        "its delayed ACK timer runs, and no text waits for its acknowledgment; or the other way round",
        "延迟确认定时器在走，却没有收到的数据等着确认；或者反过来"};
    static const char *const alive[] = {
        "its keep-alive timer runs, and nobody asked for it, or something is under way; or the other way round",
        "保活定时器在走，却没有人启用保活，或者有内容在途；或者反过来"};
    const struct tcp_connection *tcp = seen->after;
    if (seen->socket == NULL || seen->gone || tcp->state < TCP_SYN_SENT) return NULL;
    bool waits = !(tcp->flags & TCP_CONNECTION_SYN_ACKED) || tcp->snd_una != tcp->snd_nxt;
    if (runs(tcp, TCP_TIMER_TIME_WAIT) != (tcp->state == TCP_TIME_WAIT || is_orphan(seen))) return two_msl;
    if (runs(tcp, TCP_TIMER_RETRANSMISSION) != waits) return retransmission;
    if (runs(tcp, TCP_TIMER_PERSIST) != waits_for_window(tcp)) return persist;
    bool silent = tcp->state == TCP_ESTABLISHED || tcp->state == TCP_CLOSE_WAIT || tcp->state == TCP_FIN_WAIT_2;
    if (runs(tcp, TCP_TIMER_KEEP_ALIVE) != (silent && !waits && (tcp->flags & TCP_CONNECTION_KEEP_ALIVE) != 0))
        return alive;
    if (tcp->flags & TCP_CONNECTION_ACK_OWED) return NULL;  // it goes out at once
    return runs(tcp, TCP_TIMER_DELAYED_ACK) == (tcp->rcv_nxt != tcp->last_ack_sent) ? NULL : delayed;
}

// ---- What is sent

sentences observe_right_edge(const struct observation *seen) {
    static const char *const shrunk[] = {"the right edge of the window that it offers went back",
                                         "它通告的窗口右沿后退了"};
    if (seen->socket == NULL) return NULL;
    bool known = (seen->witness->flags & WITNESS_ACKED) != 0;
    uint32_t edge = seen->witness->edge;
    // What the field can't show is no loss (RFC 7323 section 2.4).
    uint32_t rounding = (UINT32_C(1) << (seen->gone ? seen->before : seen->after)->rcv_scale) - 1;
    const struct tcp_segment *sent;
    for (uint32_t i = 0; (sent = observed_next_sent(seen, &i)) != NULL;) {
        if ((sent->flags & (TCP_RST | TCP_ACK)) != TCP_ACK) continue;
        uint32_t offered = observed_edge(seen, sent);
        if (known && seq_lt(offered + rounding, edge)) return shrunk;
        if (!known || seq_gt(offered, edge)) edge = offered;
        known = true;
    }
    return NULL;
}

sentences observe_first_numbers(const struct observation *seen) {
    static const char *const syn[] = {"a SYN was sent with another number than the ISS", "发出的 SYN 的序列号不是 ISS"};
    static const char *const fin[] = {"a FIN was repeated with another number than the first, or without its bit",
                                      "重发的 FIN 换了序列号，或者丢了 FIN 标志"};
    static const char *const text[] = {"octets were sent with other numbers than their own",
                                       "发出的字节用了不属于它的序列号"};
    if (seen->socket == NULL) return NULL;
    const struct tcp_connection *tcp = seen->gone ? seen->before : seen->after;
    bool known = (seen->witness->flags & WITNESS_FIN) != 0;
    uint32_t number = seen->witness->fin;
    const struct tcp_segment *sent;
    for (uint32_t i = 0; (sent = observed_next_sent(seen, &i)) != NULL;) {
        if (sent->flags & TCP_RST) continue;
        uint32_t end = tcp_text_seq(sent) + sent->len;
        if ((sent->flags & TCP_SYN) && sent->seq != tcp->iss) return syn;
        if (sent->repeat > 0 && tcp_segment_length(sent) == 0 && seen->event != TCP_KEEP_ALIVE_TIMEOUT) return fin;
        if ((sent->flags & TCP_FIN) && known && end != number) return fin;
        if (sent->flags & TCP_FIN) {
            known = true;
            number = end;
        }
        bool own = sent->source == tcp->snd_source && seq_lt(tcp->iss, tcp_text_seq(sent)) && seq_le(end, tcp->snd_end);
        if (sent->len > 0 && (!own || (known && seq_gt(end, number)))) return text;
    }
    return NULL;
}

sentences observe_text_after_established(const struct observation *seen) {
    static const char *const early[] = {"text reached the user before the connection was established",
                                        "连接尚未建立，数据就到了用户手里"};
    if (seen->socket == NULL) return NULL;
    // Fast Open is the exception: the peer has shown that it was here before (RFC 7413).
    const uint32_t either = TCP_CONNECTION_SYN_ACKED | TCP_CONNECTION_FAST_OPEN;
    bool open = ((seen->before->flags | seen->after->flags) & either) != 0;
    for (uint32_t i = 0; i < seen->effects->count; i++) {
        const struct tcp_effect *effect = &seen->effects->list[i];
        if (effect->kind == TCP_EFFECT_SIGNAL && effect->signal == TCP_SIGNAL_ESTABLISHED) open = true;
        if (effect->kind == TCP_EFFECT_TEXT && !open) return early;
    }
    return NULL;
}
