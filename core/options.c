// TCP options: what a segment of this connection carries, and what the peer's say. RFC 7323, 2018, 5482, 3168.
#include "core/step.h"

#include <assert.h>
#include <string.h>

static bool offers(const struct step *s, unsigned option) {
    return (s->config->options & option) != 0;
}

// The clock of timestamps ticks once a millisecond (RFC 7323 section 5.4).
uint32_t timestamp(const struct step *s) {
    return (uint32_t)(s->now / 1000000) + s->tcb->ts_offset;
}

static void add(struct tcp_segment *segment, unsigned option) {
    segment->options = (uint8_t)(segment->options | option);
}

// ---- what is sent

// RFC 5482 section 2: minutes where seconds do not fit into 15 bits. 0 says nothing: part of a second is one.
static uint16_t timeout_field(uint32_t milliseconds) {
    uint32_t seconds = milliseconds / 1000 + (milliseconds % 1000 != 0);
    if (seconds < 0x8000) return (uint16_t)seconds;
    uint32_t minutes = seconds / 60;
    return (uint16_t)(0x8000 | (minutes < 0x8000 ? minutes : 0x7fff));
}

uint32_t configured_user_timeout(const struct tcp_config *config) {
    uint64_t milliseconds = config->user_timeout / 1000000;
    return milliseconds < UINT32_MAX ? (uint32_t)milliseconds : UINT32_MAX;
}

// ADV_UTO of RFC 5482 section 3.1: what this end's user or host has asked for, whatever the peer has made of it.
static uint32_t advertised_timeout(const struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    return tcb_has(tcb, TCP_CONNECTION_FIXED_TIMEOUT) ? tcb->user_timeout : configured_user_timeout(s->config);
}

static void add_timeout(struct step *s, struct tcp_segment *segment) {
    uint32_t timeout = advertised_timeout(s);
    if (!offers(s, TCP_OPTION_USER_TIMEOUT) || timeout == 0) return;
    add(segment, TCP_OPTION_USER_TIMEOUT);
    segment->timeout = timeout_field(timeout);
}

// RFC 7413 section 4.1: a SYN asks for a cookie or shows the one that it has; a SYN,ACK gives one to who asked. A
// repetition goes without: something on the path may have disliked the option.
static void add_cookie(struct step *s, struct tcp_segment *segment) {
    const struct tcp_incarnation *incarnation = &s->event->incarnation;
    uint8_t what = incarnation->fast_open;
    if (segment->repeat > 0) return;
    if (segment->flags & TCP_ACK) {
        bool asked = !tcb_has(s->tcb, TCP_CONNECTION_ACTIVE) && (s->segment.options & TCP_OPTION_FAST_OPEN);
        if (!asked || what != TCP_FAST_OPEN_GIVE) return;
    } else if (!tcb_has(s->tcb, TCP_CONNECTION_FAST_OPEN)) {
        return;
    }
    add(segment, TCP_OPTION_FAST_OPEN);
    if (what == TCP_FAST_OPEN_ASK) return;
    assert(incarnation->cookie_len <= TCP_COOKIE_LENGTH);
    segment->cookie_len = incarnation->cookie_len;
    memcpy(segment->cookie, incarnation->cookie, incarnation->cookie_len);
}

static void add_mss(const struct step *s, struct tcp_segment *segment) {
    add(segment, TCP_OPTION_MSS);
    segment->mss = s->tcb->rcv_mss;
}

// A SYN offers what the host wants; a SYN,ACK agrees to what the peer's SYN offered too.
static void add_syn_options(struct step *s, struct tcp_segment *segment) {
    const struct tcp_connection *tcb = s->tcb;
    bool offer = !(segment->flags & TCP_ACK);
    add_mss(s, segment);
    if (offer ? offers(s, TCP_OPTION_WINDOW_SCALE) : tcb_has(tcb, TCP_CONNECTION_WINDOW_SCALE)) {
        add(segment, TCP_OPTION_WINDOW_SCALE);
        segment->scale = offer ? s->config->scale : tcb->rcv_scale;
    }
    if (offer ? offers(s, TCP_OPTION_SACK_PERMITTED) : tcb_has(tcb, TCP_CONNECTION_SACK))
        add(segment, TCP_OPTION_SACK_PERMITTED);
    add_timeout(s, segment);
    add_cookie(s, segment);
    bool asks = offer && s->config->ecn == TCP_ECN_ASK && segment->repeat <= s->config->syn_ecn;
    if (asks) segment->flags |= TCP_ECE | TCP_CWR;
    if (!offer && tcb_has(tcb, TCP_CONNECTION_ECN)) segment->flags |= TCP_ECE;
}

static void add_timestamps(struct step *s, struct tcp_segment *segment) {
    const struct tcp_connection *tcb = s->tcb;
    bool offer = (segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    if (offer ? !offers(s, TCP_OPTION_TIMESTAMPS) : !tcb_has(tcb, TCP_CONNECTION_TIMESTAMPS)) return;
    add(segment, TCP_OPTION_TIMESTAMPS);
    segment->ts_val = timestamp(s);
    segment->ts_ecr = segment->flags & TCP_ACK ? tcb->ts_recent : 0;
}

// RFC 5482 section 3: a change is said by the next segment; and what the SYN said, by the first one without SYN, for
// there are peers that keep nothing of a SYN.
static void tell_timeout(struct step *s, struct tcp_segment *segment) {
    const uint32_t octets = 16;  // beside timestamps
    struct tcp_connection *tcb = s->tcb;
    if (!tcb_has(tcb, TCP_CONNECTION_TELL_TIMEOUT) || segment->len + octets > tcb->snd_mss) return;
    tcb_clear(tcb, TCP_CONNECTION_TELL_TIMEOUT);
    add_timeout(s, segment);
}

// Something on the path may dislike what the SYN carries.
static bool is_plain_syn(const struct step *s, const struct tcp_segment *segment) {
    bool late = s->config->syn_plain > 0 && segment->repeat >= s->config->syn_plain;
    return late && (segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

void add_options(struct step *s, struct tcp_segment *segment) {
    if (is_plain_syn(s, segment)) {
        add_mss(s, segment);
        return;
    }
    if (segment->flags & TCP_SYN) add_syn_options(s, segment);
    add_timestamps(s, segment);
    if (segment->flags & (TCP_SYN | TCP_RST)) return;
    tell_timeout(s, segment);
    add_sack_blocks(s, segment);
}

// The MSS counts no options (MUST-16, RFC 6691): timestamps take 12 octets of every segment, and SACK blocks of those
// that are sent while there is a gap.
uint32_t segment_text_max(const struct tcp_connection *tcb) {
    uint32_t options = tcb_has(tcb, TCP_CONNECTION_TIMESTAMPS) ? 12 : 0;
    if (tcb_has(tcb, TCP_CONNECTION_SACK) && tcb->held_count > 0) {
        uint32_t most = options > 0 ? TCP_SACK_BLOCKS - 1 : TCP_SACK_BLOCKS;
        options += 4 + 8 * (tcb->held_count < most ? tcb->held_count : most);
    }
    return tcb->snd_mss > options ? tcb->snd_mss - options : 1;
}

// ---- what a SYN says

uint16_t path_mss(const struct tcp_connection *tcb) {
    return tcb->path_mss > 0 ? tcb->path_mss : tcb->rcv_mss;
}

// 3.7.1: the MSS option of a SYN; without it 536 (MUST-15), which SND.MSS has been since OPEN.
static void take_mss(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    uint16_t most = path_mss(tcb);
    bool said = (segment->options & TCP_OPTION_MSS) && segment->mss > 0;
    if (said && rule(s, TCP_RULE_MSS_OPTION_BOUNDS_SEGMENTS)) tcb->snd_mss = segment->mss;
    if (tcb->snd_mss > most) tcb->snd_mss = most;
    tcb->path_mss = 0;
}

// RFC 7323 section 2.2: only when both SYNs carry it; a shift beyond 14 counts as 14 (section 2.3).
static void take_scale(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    bool both = offers(s, TCP_OPTION_WINDOW_SCALE) && (segment->options & TCP_OPTION_WINDOW_SCALE);
    tcb->rcv_scale = 0;
    if (!both) return;
    tcb_set(tcb, TCP_CONNECTION_WINDOW_SCALE);
    tcb->rcv_scale = s->config->scale;
    if (rule(s, TCP_RULE_WINDOW_IS_SCALED))
        tcb->snd_scale = segment->scale < TCP_WINDOW_SCALE_MAX ? segment->scale : TCP_WINDOW_SCALE_MAX;
}

static void take_timestamps(struct step *s) {
    if (!offers(s, TCP_OPTION_TIMESTAMPS) || !(s->segment.options & TCP_OPTION_TIMESTAMPS)) return;
    tcb_set(s->tcb, TCP_CONNECTION_TIMESTAMPS);
    s->tcb->ts_recent = s->segment.ts_val;
    s->tcb->ts_recent_time = tcp_coarse_time(s->now);
}

// RFC 3168 section 6.1.1: ECE and CWR ask; ECE alone, in the SYN,ACK, agrees.
static void take_ecn(struct step *s) {
    uint8_t ecn = s->segment.flags & (TCP_ECE | TCP_CWR);
    if (s->segment.flags & TCP_ACK) {
        if (s->config->ecn == TCP_ECN_ASK && ecn == TCP_ECE) tcb_set(s->tcb, TCP_CONNECTION_ECN);
    } else if (s->config->ecn != TCP_ECN_OFF && ecn == (TCP_ECE | TCP_CWR)) {
        tcb_set(s->tcb, TCP_CONNECTION_ECN);
    }
}

void note_user_timeout(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    bool said = (segment->options & TCP_OPTION_USER_TIMEOUT) != 0;
    if (said && offers(s, TCP_OPTION_USER_TIMEOUT)) s->tcb->remote_timeout = segment->timeout;
}

// RFC 5482 section 3.1: USER_TIMEOUT = min(U_LIMIT, max(ADV_UTO, REMOTE_UTO, L_LIMIT)), as long as it is CHANGEABLE.
// L_LIMIT is the least that R2 should be (SHLD-11), U_LIMIT a day. Where this end advertises none, R2 is what ends the
// connection: less than that would shorten it.
void take_user_timeout(struct step *s) {
    const uint32_t lower = 100 * 1000, upper = 24 * 3600 * 1000;
    struct tcp_connection *tcb = s->tcb;
    uint32_t value = tcb->remote_timeout & 0x7fff, unit = tcb->remote_timeout & 0x8000 ? 60 * 1000 : 1000;
    tcb->remote_timeout = 0;
    if (value == 0 || tcb_has(tcb, TCP_CONNECTION_FIXED_TIMEOUT)) return;
    uint32_t remote = value * unit;
    if (remote > upper) remote = upper;
    if (remote < lower) remote = lower;
    uint32_t own = advertised_timeout(s);
    uint64_t patience = own > 0 ? own : s->config->r2 / 1000000;
    uint32_t agreed = remote > patience ? remote : own;
    if (agreed == tcb->user_timeout || !rule(s, TCP_RULE_USER_TIMEOUT_IS_AGREED)) return;
    tcb->user_timeout = agreed;
    timer_restart_user(s);
}

void user_timeout_counts(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (offers(s, TCP_OPTION_USER_TIMEOUT) && advertised_timeout(s) > 0) tcb_set(tcb, TCP_CONNECTION_TELL_TIMEOUT);
    take_user_timeout(s);
}

// RFC 7413 section 4.1.1: an option of another length is ignored, and so is a cookie that nobody asked for.
void take_cookie(struct step *s) {
    const struct tcp_segment *segment = &s->segment;
    const uint8_t least = 4;
    if (!tcb_has(s->tcb, TCP_CONNECTION_FAST_OPEN) || !(segment->options & TCP_OPTION_FAST_OPEN)) return;
    if (segment->cookie_len < least || segment->cookie_len > TCP_COOKIE_LENGTH || segment->cookie_len % 2 != 0) return;
    s->effects->cookie_len = segment->cookie_len;
    memcpy(s->effects->cookie, segment->cookie, segment->cookie_len);
}

void take_syn_options(struct step *s) {
    take_mss(s);
    take_scale(s);
    take_timestamps(s);
    take_ecn(s);
    note_user_timeout(s);
    if (offers(s, TCP_OPTION_SACK_PERMITTED) && (s->segment.options & TCP_OPTION_SACK_PERMITTED))
        tcb_set(s->tcb, TCP_CONNECTION_SACK);
}

// ---- timestamps of later segments

// RFC 7323 section 5.5: a TS.Recent older than 24 days says nothing.
static bool ts_recent_is_valid(const struct step *s) {
    const uint32_t days = (uint32_t)(UINT64_C(24) * 24 * 3600 * 1000000000 >> 24);
    return tcp_coarse_time(s->now) - s->tcb->ts_recent_time <= days;
}

// RFC 7323 section 5.3, R1. The comparison is that of sequence numbers.
bool timestamp_acceptable(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    if (!tcb_has(tcb, TCP_CONNECTION_TIMESTAMPS) || (segment->flags & TCP_RST)) return true;
    if (!(segment->options & TCP_OPTION_TIMESTAMPS)) return true;
    if (!seq_lt(segment->ts_val, tcb->ts_recent) || !ts_recent_is_valid(s)) return true;
    return !rule(s, TCP_RULE_OLD_TIMESTAMP_IS_REFUSED);
}

// RFC 7323 section 3.2: once agreed, a segment without timestamps is not of this connection. A SYN may come from a peer
// that has forgotten it, and learns that from a challenge ACK (RFC 5961 section 4).
bool timestamp_missing(struct step *s) {
    if (!tcb_has(s->tcb, TCP_CONNECTION_TIMESTAMPS) || (s->segment.flags & (TCP_RST | TCP_SYN))) return false;
    if (s->segment.options & TCP_OPTION_TIMESTAMPS) return false;
    return rule(s, TCP_RULE_TIMESTAMPS_ON_EVERY_SEGMENT);
}

// RFC 7323 section 4.3 (2): of the segment that spans the last ACK, so that a delayed ACK echoes the first one's.
void take_timestamp(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    if (!tcb_has(tcb, TCP_CONNECTION_TIMESTAMPS) || !(segment->options & TCP_OPTION_TIMESTAMPS)) return;
    if (seq_lt(segment->ts_val, tcb->ts_recent) && ts_recent_is_valid(s)) return;
    if (seq_gt(segment->seq, tcb->last_ack_sent) && rule(s, TCP_RULE_TIMESTAMP_OF_LEFT_EDGE)) return;
    tcb->ts_recent = segment->ts_val;
    tcb->ts_recent_time = tcp_coarse_time(s->now);
}

// RFC 6191 section 2: the timestamp of a SYN tells whether it is newer than the connection in TIME-WAIT: 1 it is, -1 it
// is not, 0 the sequence number must tell.
int newer_by_timestamp(struct step *s) {
    const struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    if (!offers(s, TCP_OPTION_TIMESTAMPS) || !(segment->options & TCP_OPTION_TIMESTAMPS)) return 0;
    bool used = tcb_has(tcb, TCP_CONNECTION_TIMESTAMPS);
    if (used && segment->ts_val == tcb->ts_recent) return 0;
    if (!rule(s, TCP_RULE_TIME_WAIT_TAKES_NEWER_TIMESTAMP)) return 0;
    return !used || seq_gt(segment->ts_val, tcb->ts_recent) ? 1 : -1;
}
