// The ACK field: what it takes off the retransmission queue, the round-trip time, the send window.
#include "core/step.h"

static uint32_t bounded_rto(const struct tcp_config *config, uint64_t rto) {
    uint64_t low = config->rto_min / 1000;
    uint64_t high = config->rto_max / 1000;
    if (rto < low) rto = low;
    if (rto > high) rto = high;
    return (uint32_t)rto;
}

// RFC 6298 section 2, in microseconds. The clock granularity G is one of them.
static void take_rtt_sample(struct step *s, uint64_t nanoseconds) {
    struct tcp_connection *tcb = s->tcb;
    uint64_t limit = s->config->rto_max / 1000;
    uint64_t r = nanoseconds / 1000;
    if (r == 0) r = 1;
    if (r > limit) r = limit;
    if (tcb->srtt == 0) {  // 2.2
        tcb->srtt = (uint32_t)r;
        tcb->rttvar = (uint32_t)(r / 2);
    } else {  // 2.3: alpha = 1/8, beta = 1/4
        uint64_t error = r > tcb->srtt ? r - tcb->srtt : tcb->srtt - r;
        tcb->rttvar = (uint32_t)((3 * (uint64_t)tcb->rttvar + error) / 4);
        tcb->srtt = (uint32_t)((7 * (uint64_t)tcb->srtt + r) / 8);
    }
    uint64_t margin = 4 * (uint64_t)tcb->rttvar;
    if (rule(s, TCP_RULE_RTO_FROM_ROUND_TRIP_TIME))
        tcb->rto = bounded_rto(s->config, tcb->srtt + (margin > 0 ? margin : 1));
}

// RFC 6298 section 5.7: a SYN was repeated, so nothing was measured and the path may be slow. It speaks of a TCP whose
// timeout is less than 3 seconds at first.
static void forget_syn_backoff(struct step *s) {
    const uint64_t three_seconds = UINT64_C(3000000000);
    if (s->tcb->repeats == 0 || s->config->rto_initial >= three_seconds) return;
    if (rule(s, TCP_RULE_RTO_AFTER_REPEATED_SYN)) s->tcb->rto = bounded_rto(s->config, three_seconds / 1000);
}

void take_acknowledgement_of_syn(struct step *s, uint32_t ack) {
    forget_syn_backoff(s);
    tcb_set(s->tcb, TCP_CONNECTION_SYN_ACKED);
    take_acknowledgement(s, ack);
    timer_acknowledged(s);
}

void take_acknowledgement(struct step *s, uint32_t ack) {
    struct tcp_connection *tcb = s->tcb;
    if (ack == tcb->snd_una) {
        if (tcb->snd_wnd == 0) timer_peer_alive(s);
        return;
    }
    tcb->snd_una = ack;
    if (tcb_has(tcb, TCP_CONNECTION_TIMING) && seq_ge(ack, tcb->rtt_seq)) {
        tcb_clear(tcb, TCP_CONNECTION_TIMING);
        take_rtt_sample(s, s->now - tcb->rtt_start);
    }
    tcb->repeats = 0;
    timer_acknowledged(s);
    // After a timeout, what was in flight then counts as lost: each ACK that leaves some of it asks for the next.
    bool lost_is_left = seq_lt(ack, tcb->recover) && ack != tcb->snd_nxt;
    if (lost_is_left && rule(s, TCP_RULE_PARTIAL_ACK_REPEATS_NEXT))
        send_front_again(s, TCP_RULE_PARTIAL_ACK_REPEATS_NEXT);
}

void take_window(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    bool opens = tcb->snd_wnd == 0 && segment->wnd > 0;
    tcb->snd_wnd = segment->wnd;
    tcb->snd_wl1 = s->seq;
    tcb->snd_wl2 = segment->flags & TCP_ACK ? segment->ack : tcb->snd_una;
    if (tcb->snd_wnd > tcb->max_snd_wnd) tcb->max_snd_wnd = tcb->snd_wnd;
    if (!opens || tcb->probes == 0) return;
    tcb->probes = 0;
    if (tcb->snd_una != tcb->snd_nxt) send_front_again(s, TCP_RULE_ZERO_WINDOW_IS_PROBED);  // the probe found no room
}

void take_newer_window(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    bool newer = seq_lt(tcb->snd_wl1, s->seq) || (tcb->snd_wl1 == s->seq && seq_le(tcb->snd_wl2, segment->ack));
    if (!newer && rule(s, TCP_RULE_WINDOW_FROM_NEWEST_SEGMENT)) return;
    take_window(s);
}

bool our_fin_acknowledged(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    return tcb_has(tcb, TCP_CONNECTION_FIN_SENT) && tcb->snd_una == tcb->snd_nxt;
}
