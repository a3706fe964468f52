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
static void take_rtt_sample(struct step *s, uint64_t microseconds) {
    struct tcp_connection *tcb = s->tcb;
    uint64_t limit = s->config->rto_max / 1000;
    uint64_t r = microseconds;
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
    uint64_t margin = 4 * (uint64_t)tcb->rttvar, granularity = s->config->rto_margin / 1000;
    if (rule(s, TCP_RULE_RTO_FROM_ROUND_TRIP_TIME))
        tcb->rto = bounded_rto(s->config, tcb->srtt + (margin > granularity ? margin : granularity));
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
    user_timeout_counts(s);
    bool repeated = s->tcb->repeats > 0;
    take_acknowledgement(s, ack);
    if (repeated || !opened_fast(s->tcb)) congestion_start(s, repeated);
    timer_acknowledged(s);
}

// RFC 7323 section 4.1: the echo tells when what is acknowledged now was sent, the repetition too. Once a round trip.
static bool measured_by_timestamp(struct step *s, uint32_t ack) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    if (!tcb_has(tcb, TCP_CONNECTION_TIMESTAMPS) || !(segment->options & TCP_OPTION_TIMESTAMPS)) return false;
    if (segment->ts_ecr == 0 || seq_gt(segment->ts_ecr, timestamp(s))) return false;  // no timestamp of ours
    if (!rule(s, TCP_RULE_ROUND_TRIP_FROM_TIMESTAMPS)) return false;
    tcb_clear(tcb, TCP_CONNECTION_TIMING);
    if (seq_lt(ack, tcb->rtt_seq)) return true;
    tcb->rtt_seq = tcb->snd_nxt;
    take_rtt_sample(s, (uint64_t)(timestamp(s) - segment->ts_ecr) * 1000);
    return true;
}

static void measure_round_trip(struct step *s, uint32_t ack) {
    struct tcp_connection *tcb = s->tcb;
    if (measured_by_timestamp(s, ack)) return;
    if (!tcb_has(tcb, TCP_CONNECTION_TIMING) || seq_lt(ack, tcb->rtt_seq)) return;
    tcb_clear(tcb, TCP_CONNECTION_TIMING);
    take_rtt_sample(s, (uint32_t)(s->now / 1000) - tcb->rtt_start);
}

// Left alone, the pointer would come to stand ahead again 2^31 octets later.
static void forget_acknowledged_urgent_text(struct tcp_connection *tcb) {
    if (!tcb_has(tcb, TCP_CONNECTION_URGENT_SENT) || seq_gt(tcb->snd_up, tcb->snd_una)) return;
    tcb_clear(tcb, TCP_CONNECTION_URGENT_SENT);
    tcb->snd_up = 0;
}

void take_acknowledgement(struct step *s, uint32_t ack) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t acked = ack - tcb->snd_una;
    if (acked == 0) {
        if (tcb->snd_wnd == 0) timer_peer_alive(s);
        return;
    }
    tcb->snd_una = ack;
    if (!seq_gt(tcb->high_rxt, ack)) tcb->high_rxt = ack;
    forget_acknowledged_urgent_text(tcb);
    forget_sacked_below_una(tcb);
    measure_round_trip(s, ack);
    tcb->repeats = 0;
    timer_acknowledged(s);
    congestion_acknowledged(s, acked);
}

// RFC 5681 section 2: an ACK that says nothing but that a later segment has arrived. Where it has SACK blocks, they
// must tell of something new (RFC 6675 section 2): a report of a duplicate (RFC 2883) is none.
void take_duplicate_acknowledgement(struct step *s, bool sack_news) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    if (segment->ack != tcb->snd_una || tcb->snd_una == tcb->snd_nxt) return;
    if (tcb->probes > 0) return;  // it answers a probe of a closed window
    bool bare = segment->len == 0 && !(segment->flags & TCP_FIN) && window_of(s) == tcb->snd_wnd;
    if (tcb_has(tcb, TCP_CONNECTION_SACK) && (segment->options & TCP_OPTION_SACK)) bare = false;
    if (bare || sack_news) congestion_duplicate_ack(s, sack_news);
}

// SEG.WND in octets: that of a SYN is never scaled (RFC 7323 section 2.2).
uint32_t window_of(const struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    return segment->flags & TCP_SYN ? segment->wnd : (uint32_t)segment->wnd << s->tcb->snd_scale;
}

void take_window(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    bool opens = tcb->snd_wnd == 0 && segment->wnd > 0;
    tcb->snd_wnd = window_of(s);
    tcb->snd_wl1 = s->seq;
    tcb->snd_wl2 = segment->flags & TCP_ACK ? segment->ack : tcb->snd_una;
    if (tcb->snd_wnd > tcb->max_snd_wnd) tcb->max_snd_wnd = tcb->snd_wnd;
    if (!opens || tcb->probes == 0) return;
    tcb->probes = 0;
    if (tcb->snd_una == tcb->snd_nxt) return;
    begin_round(tcb);
    send_front_again(s, TCP_RULE_ZERO_WINDOW_IS_PROBED);  // the probe found no room
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
