// Congestion control: RFC 5681 and 6582 (Reno and NewReno), RFC 6928, with RFC 6675 where the peer permits SACK. The
// one door: whoever wants another algorithm replaces what cwnd and ssthresh become here; nobody else changes them.
#include "core/step.h"

static const uint32_t most_cwnd = UINT32_C(1) << 30;

static uint32_t segment_size(const struct tcp_connection *tcb) {
    return segment_text_max(tcb);
}

// RFC 6928 section 2: ten segments, but no more than 14600 octets unless two segments are.
static uint32_t initial_window(const struct step *s) {
    uint32_t mss = segment_size(s->tcb);
    uint32_t octets = 1460 * (uint32_t)s->config->initial_window;
    if (octets < 2 * mss) octets = 2 * mss;
    uint32_t window = mss * s->config->initial_window;
    return window < octets ? window : octets;
}

static uint32_t at_least_two_segments(const struct tcp_connection *tcb, uint32_t octets) {
    uint32_t two = 2 * segment_size(tcb);
    return octets > two ? octets : two;
}

static void grow(struct tcp_connection *tcb, uint32_t octets) {
    tcb->cwnd = tcb->cwnd < most_cwnd - octets ? tcb->cwnd + octets : most_cwnd;
}

void congestion_start(struct step *s, bool syn_repeated) {
    struct tcp_connection *tcb = s->tcb;
    // RFC 5681 section 3.1: a SYN that was lost leaves one segment.
    tcb->high_rxt = tcb->snd_una;
    if (!s->config->congestion_control) return;
    tcb->cwnd = syn_repeated ? segment_size(tcb) : initial_window(s);
    tcb->ssthresh = most_cwnd;
    tcb->send_time = tcp_coarse_time(s->now);
}

// Section 4.1: after a timeout's worth of silence the window says nothing of the path any more.
void congestion_restart_after_idle(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!s->config->congestion_control) return;
    uint32_t silence = tcp_coarse_time(s->now) - tcb->send_time;
    if (tcb->snd_una == tcb->snd_nxt && silence > tcp_coarse_time((uint64_t)tcb->rto * 1000)) {
        uint32_t restart = initial_window(s);
        if (tcb->cwnd > restart && rule(s, TCP_RULE_WINDOW_RESTARTS_AFTER_IDLE)) tcb->cwnd = restart;
    }
    tcb->send_time = tcp_coarse_time(s->now);
}

// RFC 3042: the first two duplicate ACKs each let a new segment go.
bool congestion_permits(const struct tcp_config *config, struct tcp_rule_set *applied, const struct tcp_connection *tcb,
                        uint32_t len) {
    uint32_t window = tcb->cwnd, pipe = octets_in_flight(tcb);
    if (!config->congestion_control) {  // without it, what is lost is still repeated one segment at a time
        if (!tcb_has(tcb, TCP_CONNECTION_LOSS)) return true;
        window = segment_size(tcb);
    }
    bool early = tcb->duplicate_acks == 1 || tcb->duplicate_acks == 2;
    if (early && !tcb_has(tcb, TCP_CONNECTION_FAST_RECOVERY | TCP_CONNECTION_LOSS) && tcb->sacked_count == 0 &&
        tcp_rule_in_force(&config->without, applied, TCP_RULE_LIMITED_TRANSMIT))
        window += tcb->duplicate_acks * segment_size(tcb);
    if (window >= pipe && window - pipe >= len) return true;
    return !tcp_rule_in_force(&config->without, applied, TCP_RULE_CONGESTION_WINDOW_BOUNDS_SENDING);
}

// ---- no loss is being repaired

static void slow_start(struct step *s, uint32_t acked) {
    uint32_t mss = segment_size(s->tcb);
    if (rule(s, TCP_RULE_SLOW_START)) grow(s->tcb, acked < mss ? acked : mss);  // equation 2
}

// Equation 3 without its fractions: each ACK counts as the segment that it takes off the network, and a window of them
// opens the window by one. Counting a segment an ACK, and not all that it acknowledges, is what Mathis's constant for
// delayed ACKs describes; never more than the octets, so that ACKs of little pieces gain nothing.
static void avoid_congestion(struct step *s, uint32_t acked) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t mss = segment_size(tcb);
    tcb->cwnd_acked += acked < mss ? acked : mss;
    if (tcb->cwnd_acked < tcb->cwnd) return;
    tcb->cwnd_acked -= tcb->cwnd;
    if (rule(s, TCP_RULE_CONGESTION_AVOIDANCE)) grow(tcb, segment_size(tcb));
}

// RFC 7661's concern: a window that the sender did not fill says nothing of the path. In slow start half of it will do,
// for it is twice as large a round trip later.
static bool window_was_used(const struct step *s, uint32_t acked) {
    const struct tcp_connection *tcb = s->tcb;
    uint32_t flight = tcb->snd_nxt - tcb->snd_una + acked;
    if (!s->config->window_must_be_used) return true;
    return tcb->cwnd < tcb->ssthresh ? tcb->cwnd < 2 * flight : tcb->cwnd < flight + segment_size(tcb);
}

static void open_congestion_window(struct step *s, uint32_t acked) {
    if (s->tcb->cwnd < s->tcb->ssthresh)
        slow_start(s, acked);
    else
        avoid_congestion(s, acked);
}

// ---- loss

void begin_round(struct tcp_connection *tcb) {
    if (tcb->rounds < UINT8_MAX) tcb->rounds++;
}

static void begin_repair(struct tcp_connection *tcb, uint32_t flag) {
    tcb_clear(tcb, TCP_CONNECTION_FAST_RECOVERY | TCP_CONNECTION_LOSS);
    tcb_set(tcb, flag);
    tcb->recover = tcb->snd_nxt;
    tcb->high_rxt = tcb->snd_una;
    begin_round(tcb);
}

// ssthresh = max (FlightSize / 2, 2*SMSS): equation 4.
static void halve(struct step *s, uint32_t flight) {
    struct tcp_connection *tcb = s->tcb;
    tcb->cwnd_acked = 0;
    if (rule(s, TCP_RULE_LOSS_HALVES_WINDOW)) tcb->ssthresh = at_least_two_segments(tcb, flight / 2);
}

static void enter_fast_recovery(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t mss = segment_size(tcb), flight = tcb->snd_nxt - tcb->snd_una;
    // What limited transmit sent beyond the window does not count (section 3.2, 2).
    halve(s, flight < tcb->cwnd ? flight : tcb->cwnd);
    begin_repair(tcb, TCP_CONNECTION_FAST_RECOVERY);
    // Without SACK, the window is inflated by what the duplicate ACKs say has left the network (section 3.2, 3).
    tcb->cwnd = tcb->ssthresh < most_cwnd ? tcb->ssthresh : tcb->cwnd;
    if (!tcb_has(tcb, TCP_CONNECTION_SACK)) grow(tcb, 3 * mss);
    send_front_again(s, TCP_RULE_FAST_RETRANSMIT);
}

void congestion_duplicate_ack(struct step *s, bool sack_news) {
    struct tcp_connection *tcb = s->tcb;
    if (!s->config->congestion_control) return;
    if (tcb->duplicate_acks < UINT8_MAX) tcb->duplicate_acks++;
    if (tcb_has(tcb, TCP_CONNECTION_LOSS)) return;
    if (tcb_has(tcb, TCP_CONNECTION_FAST_RECOVERY)) {
        if (!tcb_has(tcb, TCP_CONNECTION_SACK)) grow(tcb, segment_size(tcb));  // section 3.2, 4
        return;
    }
    if (tcb->duplicate_acks < 3 && !(sack_news && front_is_lost(tcb))) return;
    // RFC 6582 section 3.2, 2: after a timeout, what was repeated needlessly draws duplicate ACKs too. SACK tells them
    // apart.
    if (!tcb_has(tcb, TCP_CONNECTION_SACK) && tcb->snd_una == tcb->recover) return;
    if (rule(s, TCP_RULE_FAST_RETRANSMIT)) enter_fast_recovery(s);
}

// RFC 6582 section 3.2, 3: everything that was in flight when the loss was noticed has arrived.
static void leave_fast_recovery(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t mss = segment_size(tcb), flight = tcb->snd_nxt - tcb->snd_una;
    tcb_clear(tcb, TCP_CONNECTION_FAST_RECOVERY);
    if (tcb_has(tcb, TCP_CONNECTION_SACK)) {
        if (front_is_lost(tcb)) enter_fast_recovery(s);  // of what was sent meanwhile, something is missing too
        return;
    }
    tcb->recover = tcb->snd_una - 1;  // it repeated only what was asked for: the next duplicates tell of a new loss
    uint32_t window = (flight > mss ? flight : mss) + mss;
    tcb->cwnd = window < tcb->ssthresh ? window : tcb->ssthresh;
}

// A partial acknowledgement: the segment that it asks for is lost too. The scoreboard may not know: the peer did not
// report all that it holds, or holds less than what arrived.
static void partial_acknowledgement(struct step *s, uint32_t acked) {
    struct tcp_connection *tcb = s->tcb;
    uint32_t mss = segment_size(tcb);
    if (!tcb_has(tcb, TCP_CONNECTION_SACK)) {
        tcb->cwnd = tcb->cwnd > acked + mss ? tcb->cwnd - acked : mss;
        if (acked >= mss) grow(tcb, mss);
    } else if (tcb->high_rxt != tcb->snd_una) {
        return;  // it is repeated already
    }
    if (rule(s, TCP_RULE_PARTIAL_ACK_REPEATS_IN_RECOVERY))
        send_front_again(s, TCP_RULE_PARTIAL_ACK_REPEATS_IN_RECOVERY);
}

void congestion_acknowledged(struct step *s, uint32_t acked) {
    struct tcp_connection *tcb = s->tcb;
    bool repaired = seq_ge(tcb->snd_una, tcb->recover);
    tcb->duplicate_acks = 0;
    if (repaired) tcb->rounds = 0;
    if (!tcb_has(tcb, TCP_CONNECTION_FAST_RECOVERY)) {
        if (repaired) tcb_clear(tcb, TCP_CONNECTION_LOSS);
        if (s->config->congestion_control && window_was_used(s, acked)) open_congestion_window(s, acked);
    } else if (repaired) {
        leave_fast_recovery(s);
    } else {
        partial_acknowledgement(s, acked);
    }
}

// Section 3.1: the loss window is one segment; ssthresh is halved by the first timeout of a segment alone.
void congestion_timeout(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    bool first = tcb->repeats == 0 || !tcb_has(tcb, TCP_CONNECTION_LOSS);
    uint32_t flight = tcb->snd_nxt - tcb->snd_una;
    // Fast recovery goes on sending what its duplicate ACKs permit while it waits for a repetition that was lost: that
    // flight says nothing of the path, and the loss was answered already.
    bool answered = tcb_has(tcb, TCP_CONNECTION_FAST_RECOVERY) && tcb->ssthresh < flight / 2;
    if (answered) flight = 2 * tcb->ssthresh;
    begin_repair(tcb, TCP_CONNECTION_LOSS);
    tcb->duplicate_acks = 0;
    forget_sacked(tcb);  // RFC 2018 section 8: the peer may have thrown away what it held
    if (!s->config->congestion_control) return;
    if (first) halve(s, flight);
    tcb->cwnd = segment_size(tcb);
}

// No window shrinks for it.
void congestion_repeat_all(struct step *s, enum tcp_rule why) {
    struct tcp_connection *tcb = s->tcb;
    if (tcb_has(tcb, TCP_CONNECTION_FAST_RECOVERY) && tcb->cwnd > tcb->ssthresh) tcb->cwnd = tcb->ssthresh;
    begin_repair(tcb, TCP_CONNECTION_LOSS);
    tcb->duplicate_acks = 0;
    send_front_again(s, why);
}
