// Properties of what is answered to a segment, and what follows from it.
#include <string.h>

#include "core/seq.h"
#include "sim/host/witness.h"

// Segments among the effects.
static uint32_t sent_count(const struct observation *seen) {
    uint32_t count = 0;
    for (uint32_t i = 0; observed_next_sent(seen, &i) != NULL;)
        count++;
    return count;
}

// Exactly one segment is sent, a bare ACK, and nothing else happens.
static bool only_an_ack(const struct observation *seen) {
    uint32_t place = 0;
    const struct tcp_segment *sent = observed_next_sent(seen, &place);
    return seen->effects->count == 1 && sent != NULL && sent->flags == TCP_ACK && sent->len == 0;
}

// The numbers that the connection lives by are as they were.
static bool nothing_moved(const struct observation *seen) {
    const struct tcp_connection *before = seen->before, *after = seen->after;
    return before->state == after->state && before->snd_una == after->snd_una && before->snd_nxt == after->snd_nxt &&
           before->rcv_nxt == after->rcv_nxt && before->snd_wnd == after->snd_wnd;
}

// ---- The form of a RST (3.5.2, 3.10.5, 3.6.1)

// In answer to a segment: with its ACK number, or acknowledging all of it.
static bool is_answering_rst(const struct tcp_segment *rst, const struct tcp_segment *to) {
    if (to->flags & TCP_ACK) return rst->flags == TCP_RST && rst->seq == to->ack;
    return rst->flags == (TCP_RST | TCP_ACK) && rst->seq == 0 && rst->ack == to->seq + tcp_segment_length(to);
}

// The reset of ABORT and of the sockets' close(): at SND.NXT; with an ACK where the host's TCP has that habit.
static bool is_own_rst(const struct observation *seen, const struct tcp_segment *sent) {
    if (seen->socket == NULL || sent->seq != seen->before->snd_nxt) return false;
    bool acknowledges = world_host_at(seen->world, seen->host)->tcp.reset_acknowledges;
    if (!acknowledges) return sent->flags == TCP_RST;
    return sent->flags == (TCP_RST | TCP_ACK) && sent->ack == seen->before->rcv_nxt;
}

sentences observe_form_of_rst(const struct observation *seen) {
    static const char *const to_rst[] = {"a reset was answered by a reset", "对 RST 答以 RST"};
    static const char *const form[] = {"this reset has not the numbers that its receiver would accept",
                                       "这个 RST 的号码不是接收方会接受的号码"};
    static const char *const synchronized[] = {"a synchronized connection answered a segment by a reset",
                                               "已同步的连接对报文段答以 RST"};
    const struct tcp_segment *sent;
    for (uint32_t i = 0; (sent = observed_next_sent(seen, &i)) != NULL;) {
        if (!(sent->flags & TCP_RST)) continue;
        if (observed_has(seen, TCP_RST)) return to_rst;
        bool own = is_own_rst(seen, sent);
        bool answer = seen->segment != NULL && is_answering_rst(sent, seen->segment);
        if (!(seen->segment == NULL ? own : answer || own)) return form;
        // A user who is gone (SHLD-3), and another security compartment (A.1), are the two exceptions.
        bool deaf = seen->socket != NULL && (seen->before->flags & TCP_CONNECTION_DEAF) && own;
        bool apart =
            seen->socket != NULL && seen->segment != NULL && seen->segment->compartment != seen->before->compartment;
        if (seen->segment != NULL && tcp_synchronized(seen->state) && !deaf && !apart) return synchronized;
    }
    return NULL;
}

// ---- RST in SYN-RECEIVED (3.5.3, MUST-11); LISTEN's own are those of observe_closed_and_listen()

sentences observe_rst_in_syn_received(const struct observation *seen) {
    static const char *const ends[] = {"an exact reset has not ended the half-open connection",
                                       "序列号准确的 RST 没有结束半开连接"};
    static const char *const passive[] = {"after a passive OPEN, a reset in SYN-RECEIVED is nobody's business",
                                          "被动打开的连接在 SYN-RECEIVED 中被 RST，不应告知任何人"};
    static const char *const active[] = {"after an active OPEN, a reset in SYN-RECEIVED is \"connection refused\"",
                                         "主动打开的连接在 SYN-RECEIVED 中被 RST，应告知“连接被拒绝”"};
    if (seen->state != TCP_SYN_RECEIVED || !observed_has(seen, TCP_RST)) return NULL;
    if (seen->segment->seq != seen->before->rcv_nxt) return NULL;
    if (!seen->gone) return ends;
    if (seen->before->flags & TCP_CONNECTION_FAST_OPEN) return NULL;  // its user has it already
    bool from_active = (seen->before->flags & TCP_CONNECTION_ACTIVE) != 0;
    bool told = observed_signal(seen, TCP_SIGNAL_REFUSED);
    if (!from_active && (told || observed_notices(seen) > 0)) return passive;
    return from_active && !told ? active : NULL;
}

// ---- RFC 5961

static bool in_window(const struct tcp_connection *tcb, uint32_t seq) {
    return seq == tcb->rcv_nxt || seq_in(seq, tcb->rcv_nxt, tcb->rcv_nxt + tcb->rcv_wnd);
}

// One ACK, or none where the limit is reached (section 7); and nothing else.
static bool challenged(const struct observation *seen) {
    const struct tcp_config *config = &world_host_at(seen->world, seen->host)->tcp;
    bool spent =
        seen->before->challenges >= (config->challenge_limit < UINT8_MAX ? config->challenge_limit : UINT8_MAX);
    return nothing_moved(seen) && (only_an_ack(seen) || (spent && seen->effects->count == 0));
}

static sentences check_rst(const struct observation *seen) {
    static const char *const accepted[] = {"a reset was accepted that is not at RCV.NXT",
                                           "接受了序列号不在 RCV.NXT 的 RST"};
    static const char *const challenge[] = {
        "a reset in the window but not at RCV.NXT must draw one ACK, and nothing else",
        "窗口内但不在 RCV.NXT 的 RST 只应引出一个 ACK"};
    static const char *const silence[] = {"a reset outside the window must be dropped in silence",
                                          "窗口之外的 RST 应被默默丢弃"};
    if (seen->segment->seq == seen->before->rcv_nxt) return NULL;
    if (seen->gone) return accepted;
    if (in_window(seen->before, seen->segment->seq)) return challenged(seen) ? NULL : challenge;
    return seen->effects->count == 0 && nothing_moved(seen) ? NULL : silence;
}

static sentences check_syn(const struct observation *seen) {
    static const char *const challenge[] = {"a SYN in a synchronized state must draw one ACK, and change nothing",
                                            "已同步的状态收到 SYN，只应回一个 ACK，什么也不变"};
    if (seen->state == TCP_SYN_RECEIVED || seen->reopened) return NULL;
    // A system that leaves such a SYN in TIME-WAIT without an answer goes against the RFC, but says so.
    bool deaf = world_host_at(seen->world, seen->host)->tcp.time_wait_hears_acks && seen->state == TCP_TIME_WAIT;
    if (deaf && seen->effects->count == 0 && nothing_moved(seen)) return NULL;
    return challenged(seen) ? NULL : challenge;
}

static sentences check_ack(const struct observation *seen) {
    static const char *const unsent[] = {"an ACK was taken for something that was never sent, or is far too old",
                                         "采信了从未发送过的、或陈旧得离谱的确认"};
    const struct tcp_connection *before = seen->before;
    uint32_t ack = seen->segment->ack;
    if (seen->state == TCP_SYN_RECEIVED) {
        bool good = seq_lt(before->iss, ack) && seq_le(ack, before->snd_nxt);
        return good || !observed_signal(seen, TCP_SIGNAL_ESTABLISHED) ? NULL : unsent;
    }
    if (seq_le(before->snd_una - before->max_snd_wnd, ack) && seq_le(ack, before->snd_nxt)) return NULL;
    return !seen->gone && nothing_moved(seen) ? NULL : unsent;
}

sentences observe_rfc5961(const struct observation *seen) {
    if (seen->segment == NULL || seen->socket == NULL || seen->state < TCP_SYN_RECEIVED) return NULL;
    if (seen->segment->compartment != seen->before->compartment) return NULL;
    if (seen->segment->flags & TCP_RST) return check_rst(seen);
    if (seen->segment->flags & TCP_SYN) return check_syn(seen);
    return seen->segment->flags & TCP_ACK ? check_ack(seen) : NULL;
}

// ---- Timestamps (RFC 7323 section 5)

// TS.Recent is no older than 24 days (section 5.5).
static bool ts_recent_counts(const struct observation *seen) {
    const uint64_t days = UINT64_C(24) * 24 * 3600 * 1000000000;
    uint32_t age = tcp_coarse_time(seen->world->engine.now) - seen->before->ts_recent_time;
    return (seen->before->flags & TCP_CONNECTION_TIMESTAMPS) != 0 && age < tcp_coarse_time(days);
}

// A reset needs no timestamp, and a SYN in TIME-WAIT may belong to another connection.
sentences observe_timestamps(const struct observation *seen) {
    static const char *const old[] = {
        "a segment was taken that is older, by its timestamp, than one that was taken before",
        "接受了一个时间戳比先前已接受的报文段更旧的报文段"};
    if (seen->segment == NULL || seen->socket == NULL || seen->state < TCP_SYN_RECEIVED || seen->reopened) return NULL;
    if (observed_has(seen, TCP_RST) || !(seen->segment->options & TCP_OPTION_TIMESTAMPS)) return NULL;
    if (!ts_recent_counts(seen) || !seq_lt(seen->segment->ts_val, seen->before->ts_recent)) return NULL;
    for (uint32_t i = 0; i < seen->effects->count; i++)
        if (seen->effects->list[i].kind == TCP_EFFECT_TEXT) return old;
    return !seen->gone && nothing_moved(seen) ? NULL : old;
}

// ---- SYN-SENT (3.10.7.3)

sentences observe_syn_sent(const struct observation *seen) {
    static const char *const reset[] = {"only a reset that acknowledges the SYN ends SYN-SENT",
                                        "只有确认了 SYN 的 RST 才能结束 SYN-SENT"};
    static const char *const opened[] = {"only a SYN that acknowledges the SYN leads from SYN-SENT to ESTABLISHED",
                                         "只有确认了 SYN 的 SYN 才能使 SYN-SENT 成为 ESTABLISHED"};
    static const char *const crossed[] = {"only a bare SYN leads from SYN-SENT to SYN-RECEIVED",
                                          "只有不带 ACK 的 SYN 才能使 SYN-SENT 成为 SYN-RECEIVED"};
    if (seen->segment == NULL || seen->state != TCP_SYN_SENT || seen->after->state == TCP_SYN_SENT) return NULL;
    uint32_t ack = seen->segment->ack;
    bool acceptable =
        (seen->segment->flags & TCP_ACK) && seq_lt(seen->before->iss, ack) && seq_le(ack, seen->before->snd_nxt);
    bool rst = observed_has(seen, TCP_RST), syn = observed_has(seen, TCP_SYN);
    if (seen->gone) return rst && acceptable ? NULL : reset;
    if (seen->after->state == TCP_SYN_RECEIVED)
        return syn && !rst && !(seen->segment->flags & TCP_ACK) ? NULL : crossed;
    return syn && !rst && acceptable ? NULL : opened;
}

// ---- CLOSED and LISTEN (3.10.7.1, 3.10.7.2)

static sentences check_closed(const struct observation *seen) {
    static const char *const closed[] = {"CLOSED answers a reset by nothing, and anything else by one reset",
                                         "CLOSED 对 RST 不作答复，对其他报文段答以一个 RST"};
    uint32_t place = 0;
    const struct tcp_segment *sent = observed_next_sent(seen, &place);
    if (observed_has(seen, TCP_RST)) return sent == NULL ? NULL : closed;
    return sent != NULL && (sent->flags & TCP_RST) && sent_count(seen) == 1 ? NULL : closed;
}

static sentences check_listen(const struct observation *seen) {
    static const char *const listen[] = {
        "LISTEN answers an ACK by one reset, a SYN by one SYN,ACK, a reset or anything "
        "else by nothing",
        "LISTEN 对 ACK 答以一个 RST，对 SYN 答以一个 SYN,ACK，对 RST 和其他报文段不作答复"};
    uint32_t place = 0;
    const struct tcp_segment *sent = observed_next_sent(seen, &place);
    uint8_t flags = seen->segment->flags;
    if ((flags & TCP_RST) || !(flags & (TCP_ACK | TCP_SYN))) return seen->effects->count == 0 ? NULL : listen;
    bool apart = seen->socket == NULL && !(flags & TCP_ACK);  // a SYN that opened nothing: another compartment
    if (sent == NULL || sent_count(seen) != 1) return listen;
    if ((flags & TCP_ACK) || apart) return sent->flags & TCP_RST ? NULL : listen;
    return (sent->flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) == (TCP_SYN | TCP_ACK) && sent->len == 0 ? NULL
                                                                                                            : listen;
}

sentences observe_closed_and_listen(const struct observation *seen) {
    if (seen->segment == NULL) return NULL;
    if (seen->state == TCP_CLOSED) return check_closed(seen);
    return seen->state == TCP_LISTEN ? check_listen(seen) : NULL;
}

// ---- Nobody answers anybody for ever

// Mere answers to mere answers: neither text nor SYN nor FIN is in them.
sentences observe_chains(const struct observation *seen) {
    enum { CHAIN = 32 };
    static const char *const endless[] = {
        "the two ends answer each other's answers: more than 32 in a row carry nothing",
        "两端没完没了地互相答复：已连续超过 32 个不含任何内容的答复"};
    const struct world *world = seen->world;
    uint64_t number = world->arrival.number;
    if (seen->segment == NULL || number == 0 || number > world->trails.count) return NULL;
    return ((const struct trail *)array_at(&world->trails, (uint32_t)number - 1))->chain > CHAIN ? endless : NULL;
}
