#include "tests/oracle_core.h"

#include <stdbool.h>
#include <string.h>

#include "core/seq.h"
#include "core/tcp.h"

// ---- octets to events

struct input {
    const uint8_t *octets;
    size_t left;
};

// 0 beyond the end.
static uint8_t octet(struct input *in) {
    if (in->left == 0) return 0;
    in->left--;
    return *in->octets++;
}

static uint16_t two(struct input *in) {
    uint32_t high = octet(in);
    return (uint16_t)(high << 8 | octet(in));
}

static uint32_t four(struct input *in) {
    uint32_t high = two(in);
    return high << 16 | two(in);
}

// A number at or near one that means something to the connection, or any.
static uint32_t near_number(struct input *in, const struct tcp_connection *tcb) {
    const uint32_t numbers[] = {
        tcb->rcv_nxt, tcb->snd_una,     tcb->snd_nxt,   tcb->rcv_nxt + tcb->rcv_wnd, tcb->snd_end,         tcb->iss,
        tcb->irs,     tcb->held[0].seq, tcb->ts_recent, tcb->last_ack_sent,          tcb->sacked[0].begin, 0};
    uint8_t choice = octet(in);
    uint32_t number = numbers[choice % (sizeof numbers / sizeof *numbers)];
    switch (choice / 16) {
    case 0: return four(in);
    case 1: return number + two(in);
    case 2: return number - two(in);
    case 3: return number + UINT32_C(0x80000000);
    case 4: return number - 1;
    case 5: return number + 1;
    default: return number;
    }
}

static struct tcp_segment segment_from(struct input *in, const struct tcp_connection *tcb) {
    struct tcp_segment segment;
    memset(&segment, 0, sizeof segment);
    segment.flags = octet(in);
    segment.seq = segment.flags & 0x80 ? tcb->rcv_nxt : near_number(in, tcb);
    if (segment.flags & TCP_ACK) segment.ack = segment.flags & 0x80 ? tcb->snd_nxt : near_number(in, tcb);
    segment.options = octet(in) & 0x7f;
    uint8_t size = octet(in);
    segment.len = size < 128 ? 0 : size < 250 ? (size - 127u) * 100u : two(in);
    segment.source = segment.len > 0 ? 9 : 0;
    segment.wnd = two(in);
    if (segment.flags & TCP_URG) segment.up = two(in);
    if (segment.options & TCP_OPTION_MSS) segment.mss = two(in);
    if (segment.options & TCP_OPTION_WINDOW_SCALE) segment.scale = octet(in);
    if (segment.options & TCP_OPTION_USER_TIMEOUT) segment.timeout = two(in);
    if (segment.options & TCP_OPTION_TIMESTAMPS) {
        segment.ts_val = near_number(in, tcb);
        segment.ts_ecr = four(in);
    }
    if (segment.flags & TCP_SYN) {
        segment.cookie_len = segment.options & TCP_OPTION_FAST_OPEN ? octet(in) : 0;
    } else if (segment.options & TCP_OPTION_SACK) {
        segment.blocks = (uint8_t)(1 + octet(in) % TCP_SACK_BLOCKS);
        for (unsigned i = 0; i < segment.blocks; i++)
            segment.sack[i] = (struct tcp_block){near_number(in, tcb), near_number(in, tcb)};
    }
    if (octet(in) == 255) segment.compartment = 1;
    return segment;
}

static struct tcp_event event_from(struct input *in, const struct tcp_connection *tcb) {
    struct tcp_event event;
    memset(&event, 0, sizeof event);
    uint8_t kind = octet(in);
    event.kind = (enum tcp_event_kind)(kind % TCP_EVENT_KINDS);
    if (kind >= 128) event.kind = TCP_SEGMENT_ARRIVES;
    if (event.kind == TCP_SEGMENT_ARRIVES) {
        event.segment = segment_from(in, tcb);
        event.may_reopen = (kind & 1) != 0;
    } else if (event.kind == TCP_ICMP_ARRIVES) {
        event.icmp.kind = octet(in);
        event.icmp.seq = near_number(in, tcb);
        event.icmp.text_mss = two(in);
    } else {
        event.length = kind & 1 ? four(in) : two(in);
        event.urgent = (kind & 64) != 0;
    }
    if (event.kind <= TCP_OPEN_ACTIVE || event.kind == TCP_SEGMENT_ARRIVES) {
        event.incarnation = (struct tcp_incarnation){.source = 1, .iss_given = (kind & 2) != 0};
        event.incarnation.iss_has_floor = (kind & 4) != 0;
        event.incarnation.mss = event.kind == TCP_SEGMENT_ARRIVES ? 1460 : (uint16_t)(1 + two(in) % 65535);
        if (tcb->state < TCP_SYN_SENT) {
            event.incarnation.iss = four(in);
            event.incarnation.fast_open = octet(in) % (TCP_FAST_OPEN_TAKE + 1);
            event.incarnation.cookie_len = (uint8_t)(octet(in) % 9 * 2);
        }
    }
    return event;
}

// What no RFC asks for.
static void add_habits(struct tcp_config *config, uint16_t habits) {
    config->window_must_be_used = (habits & 0x1) != 0;
    config->syn_at_once = (habits & 0x2) != 0;
    config->syn_ack_at_once = (habits & 0x4) != 0;
    config->newer_syn_draws_rst = (habits & 0x8) != 0;
    config->listen_takes_syn_only = (habits & 0x10) != 0;
    config->syn_fin_is_dropped = (habits & 0x20) != 0;
    config->reset_acknowledges = (habits & 0x40) != 0;
    config->probes_are_empty = (habits & 0x80) != 0;
    config->closing_repeats_fin = (habits & 0x100) != 0;
    config->time_wait_hears_acks = (habits & 0x200) != 0;
    config->too_big_lowers_offer = config->closing_repeats_fin;
    config->rounding = (uint8_t)(habits >> 10 & 3) % (TCP_ROUNDING_UP + 1);
    if (habits & 0x1000) config->fin_wait_2 = UINT64_C(60000000000);
    if (habits & 0x2000) config->syn_linear = config->syn_plain = config->quick_acks = 2;
    if (habits & 0x4000) config->r2_syn_ack = UINT64_C(63000000000);
    if (habits & 0x8000) config->reopened_iss_gap = 65537;
}

// First which kind of TCP: as the RFCs want it, twice as often as with habits, or without a rule.
enum { PLAIN = 2, WITH_HABITS, WITHOUT_RULE, KINDS };

static struct tcp_config config_from(struct input *in, bool *plain) {
    struct tcp_config config = tcp_config_default();
    uint8_t kind = octet(in) % KINDS;
    uint16_t choice = two(in);
    *plain = kind < WITH_HABITS;
    if (kind == WITH_HABITS) add_habits(&config, choice);
    if (kind == WITHOUT_RULE) tcp_rule_set_add(&config.without, (enum tcp_rule)(choice % TCP_RULES));
    config.options = octet(in) & 0x7f;
    config.scale = octet(in) % (TCP_WINDOW_SCALE_MAX + 1);
    uint8_t what = octet(in);
    config.ecn = what & 1 ? TCP_ECN_ASK : what & 2 ? TCP_ECN_ACCEPT : TCP_ECN_OFF;
    config.no_delay = (what & 4) != 0;
    config.keep_alive = (what & 8) != 0;
    config.congestion_control = (what & 16) == 0;
    if (what & 32) config.delayed_ack = 0;
    if (what & 64) config.user_timeout = UINT64_C(30000000000);
    config.receive_buffer = what & 128 ? 1u + two(in) : UINT32_C(1) << (octet(in) % 31);
    return config;
}

// ---- what holds

static bool all_zero(const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        if (at[i] != 0) return false;
    return true;
}

static const char *check_held(const struct tcp_connection *tcb) {
    unsigned seen = 0;
    if (tcb->held_count > TCP_HELD_RANGES) return "held_count is beyond held[]";
    for (unsigned i = 0; i < tcb->held_count; i++) {
        const struct tcp_range *range = &tcb->held[i];
        if (range->len == 0 || range->source == 0) return "a held range is empty, or of no stream";
        if (i > 0 && seq_lt(range->seq, range[-1].seq + range[-1].len)) return "held[] is not sorted and disjoint";
        if (tcp_synchronized((enum tcp_state)tcb->state) && (tcb->flags & TCP_CONNECTION_SYN_ACKED) &&
            !seq_gt(range->seq, tcb->rcv_nxt))
            return "held text is not beyond RCV.NXT";
        unsigned place = tcb->held_order >> (4 * i) & 0xf;
        if (place >= tcb->held_count || (seen >> place & 1) != 0) return "held_order is no order of held[]";
        seen |= 1u << place;
    }
    if (tcb->held_order >> (4 * tcb->held_count) != 0) return "held_order names more than there is";
    if (!all_zero(&tcb->held[tcb->held_count], (TCP_HELD_RANGES - tcb->held_count) * sizeof tcb->held[0]))
        return "stale bytes behind held[]";
    return NULL;
}

static const char *check_sacked(const struct tcp_connection *tcb) {
    if (tcb->sacked_count > TCP_SACKED_RANGES) return "sacked_count is beyond sacked[]";
    uint32_t behind = tcb->snd_una;
    for (unsigned i = 0; i < tcb->sacked_count; i++) {
        if (!seq_gt(tcb->sacked[i].begin, behind)) return "sacked[] is not sorted, apart and beyond SND.UNA";
        if (!seq_lt(tcb->sacked[i].begin, tcb->sacked[i].end)) return "a range in sacked[] is empty";
        behind = tcb->sacked[i].end;
    }
    if (seq_gt(behind, tcb->snd_nxt)) return "sacked[] goes beyond SND.NXT";
    if (!all_zero(&tcb->sacked[tcb->sacked_count], (TCP_SACKED_RANGES - tcb->sacked_count) * sizeof tcb->sacked[0]))
        return "stale bytes behind sacked[]";
    return NULL;
}

static const char *check_numbers(const struct tcp_config *config, const struct tcp_connection *tcb) {
    uint32_t fin = tcb->flags & TCP_CONNECTION_FIN_SENT ? 1u : 0u;
    if (!seq_le(tcb->snd_una, tcb->snd_nxt)) return "SND.UNA is beyond SND.NXT";
    if (!seq_le(tcb->snd_nxt, tcb->snd_end + fin)) return "SND.NXT is beyond what was queued";
    if (tcb->snd_end - tcb->snd_una > config->send_buffer + 1 && tcb->snd_una != tcb->snd_end + 1)
        return "more is queued than the send buffer takes";
    if (tcb->snd_scale > TCP_WINDOW_SCALE_MAX || tcb->rcv_scale > TCP_WINDOW_SCALE_MAX) return "a scale beyond 14";
    if (tcp_unread(tcb) + (uint64_t)tcb->rcv_wnd > config->receive_buffer)
        return "the window offers more than the buffer has";
    if (!seq_le(tcb->rcv_user, tcb->rcv_nxt)) return "the user has read more than arrived";
    if (tcb->snd_mss == 0) return "SND.MSS is 0";
    if (!tcb->duplicate_acks && config->congestion_control && (tcb->flags & TCP_CONNECTION_SYN_ACKED) && tcb->cwnd == 0)
        return "the congestion window is empty";
    return NULL;
}

static const char *check_deadlines(const struct tcp_connection *tcb) {
    bool synchronized = tcp_synchronized((enum tcp_state)tcb->state);
    bool in_flight = tcb->snd_una != tcb->snd_nxt || !(tcb->flags & TCP_CONNECTION_SYN_ACKED);
    if (in_flight != (tcb->deadline[TCP_TIMER_RETRANSMISSION] != TCP_NEVER))
        return "the retransmission timer is armed with nothing in flight, or the other way round";
    if (!in_flight && tcb->deadline[TCP_TIMER_R2] != TCP_NEVER) return "R2 is armed with nothing in flight";
    if (!in_flight && tcb->deadline[TCP_TIMER_USER] != TCP_NEVER) return "the user timeout is, with nothing in flight";
    if (in_flight && tcb->deadline[TCP_TIMER_PERSIST] != TCP_NEVER) return "a probe is due with something in flight";
    if ((tcb->state == TCP_TIME_WAIT) != (tcb->deadline[TCP_TIMER_TIME_WAIT] != TCP_NEVER))
        return "the TIME-WAIT timer and TIME-WAIT go apart";
    bool delayed = (tcb->flags & TCP_CONNECTION_ACK_DELAYED) != 0;
    bool owed = (tcb->flags & TCP_CONNECTION_ACK_OWED) != 0;  // then it no longer matters
    if (synchronized && !owed && delayed != (tcb->deadline[TCP_TIMER_DELAYED_ACK] != TCP_NEVER))
        return "the delayed ACK and its timer go apart";
    return NULL;
}

static const char *check_segment(const struct tcp_connection *tcb, const struct tcp_segment *segment) {
    if (!(segment->flags & TCP_ACK) && segment->ack != 0) return "an ACK field without the bit";
    if ((segment->len > 0) != (segment->source != 0)) return "text of no stream, or no text of one";
    if ((segment->flags & TCP_RST) && segment->len + segment->wnd > 0) return "a reset with text or a window";
    if (segment->scale > TCP_WINDOW_SCALE_MAX) return "a scale beyond 14 is offered";
    if (!(segment->options & TCP_OPTION_SACK) != (segment->blocks == 0)) return "a SACK option without blocks";
    if (segment->blocks > (segment->options & TCP_OPTION_TIMESTAMPS ? 3 : 4)) return "too many blocks";
    for (unsigned i = 0; i < segment->blocks; i++)
        if (!seq_lt(segment->sack[i].begin, segment->sack[i].end)) return "an empty block is reported";
    uint32_t options = segment->options & TCP_OPTION_TIMESTAMPS ? 12 : 0;
    if (segment->blocks > 0) options += 4 + 8u * segment->blocks;
    if (tcb->state != TCP_CLOSED && segment->len > 1 && segment->len + options > tcb->snd_mss)
        return "text and options are more than the peer takes";
    return NULL;
}

static const char *check_effects(const struct tcp_connection *tcb, const struct tcp_effects *effects) {
    bool deleted = false;
    if (effects->count > TCP_EFFECTS) return "more effects than there is room for";
    for (uint32_t i = 0; i < effects->count; i++) {
        const struct tcp_effect *effect = &effects->list[i];
        const char *broken = NULL;
        if (effect->kind == TCP_EFFECT_SEGMENT) broken = check_segment(tcb, &effect->segment);
        if (effect->kind == TCP_EFFECT_TEXT && effect->text.len == 0) broken = "no text is delivered";
        if (deleted && effect->kind != TCP_EFFECT_REOPEN) broken = "something follows DELETE";
        if (effect->kind == TCP_EFFECT_DELETE) deleted = true;
        if (effect->rule >= TCP_RULES) broken = "an effect of no rule";
        if (broken != NULL) return broken;
    }
    if (deleted && tcb->state != TCP_CLOSED) return "DELETE leaves a connection";
    if (effects->cookie_len > TCP_COOKIE_LENGTH) return "too long a cookie is told";
    return NULL;
}

// What was delivered is what RCV.NXT moved by; edges do not go back.
static const char *check_progress(const struct tcp_connection *before, const struct tcp_connection *after,
                                  const struct tcp_effects *effects) {
    if (before->state < TCP_SYN_RECEIVED || after->state < TCP_SYN_RECEIVED) return NULL;
    uint32_t text = 0;
    for (uint32_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == TCP_EFFECT_TEXT) text += effects->list[i].text.len;
    uint32_t fin = !(before->flags & TCP_CONNECTION_FIN_RECEIVED) && (after->flags & TCP_CONNECTION_FIN_RECEIVED);
    if (after->rcv_nxt - before->rcv_nxt != text + fin)
        return "RCV.NXT moved by something else than what was delivered";
    if (seq_lt(after->snd_una, before->snd_una)) return "SND.UNA went back";
    if (seq_lt(after->snd_nxt, before->snd_nxt)) return "SND.NXT went back";
    uint32_t edge = after->rcv_nxt + after->rcv_wnd, old = before->rcv_nxt + before->rcv_wnd;
    if (seq_lt(edge, old) && fin == 0) return "the right edge of the window went back";
    return NULL;
}

// tcp_deadline() says "now" exactly while TCP_CONTINUE has something to do.
static const char *check_owed(const struct tcp_config *config, const struct tcp_connection *tcb, uint64_t now) {
    struct tcp_connection copy = *tcb;
    struct tcp_effects effects;
    const struct tcp_event more = {.kind = TCP_CONTINUE};
    bool owed = tcp_deadline(config, tcb, NULL) == 0;
    tcp_step(config, &copy, &more, now, &effects);
    if (owed != (effects.count > 0)) return owed ? "nothing came of what is owed" : "something came of nothing owed";
    bool moved = copy.snd_nxt != tcb->snd_nxt || copy.high_rxt != tcb->high_rxt || copy.flags != tcb->flags;
    return owed && !moved ? "what is owed stays owed" : NULL;
}

static const char *check_connection(const struct tcp_config *config, const struct tcp_connection *tcb) {
    const char *broken = NULL;
    if (tcb->state >= TCP_STATES) return "there is no such state";
    if (tcb->state == TCP_CLOSED) return all_zero(tcb, sizeof *tcb) ? NULL : "a closed connection has stale bytes";
    if (tcb->state == TCP_LISTEN) return NULL;
    if (broken == NULL) broken = check_numbers(config, tcb);
    if (broken == NULL) broken = check_held(tcb);
    if (broken == NULL) broken = check_sacked(tcb);
    if (broken == NULL) broken = check_deadlines(tcb);
    return broken;
}

// What holds of any TCP.
static const char *check_bounds(const struct tcp_connection *tcb, const struct tcp_effects *effects) {
    if (effects->count > TCP_EFFECTS) return "more effects than there is room for";
    if (tcb->state >= TCP_STATES) return "there is no such state";
    if (tcb->state == TCP_CLOSED && !all_zero(tcb, sizeof *tcb)) return "a closed connection has stale bytes";
    if (tcb->held_count > TCP_HELD_RANGES) return "held_count is beyond held[]";
    if (tcb->sacked_count > TCP_SACKED_RANGES) return "sacked_count is beyond sacked[]";
    return NULL;
}

// The next event is the timer that is due, often; otherwise whatever the octets say.
static const char *one_event(struct input *in, const struct tcp_config *config, struct tcp_connection *tcb,
                             uint64_t *now, bool plain) {
    struct tcp_effects effects;
    struct tcp_event event = event_from(in, tcb);
    uint8_t pause = octet(in);
    enum tcp_event_kind due = TCP_STATUS;
    uint64_t deadline = tcp_deadline(config, tcb, &due);
    if (pause >= 192 && deadline != TCP_NEVER) {
        event.kind = due;
        if (deadline > *now) *now = deadline;
    } else {
        *now += (uint64_t)pause << (pause % 48);
    }
    const struct tcp_connection before = *tcb;
    tcp_step(config, tcb, &event, *now, &effects);
    if (!plain) return check_bounds(tcb, &effects);
    const char *broken = check_effects(tcb, &effects);
    bool opened = event.kind == TCP_OPEN_ACTIVE && before.state <= TCP_LISTEN;
    if (broken == NULL && !opened) broken = check_progress(&before, tcb, &effects);
    if (broken == NULL) broken = check_connection(config, tcb);
    if (broken == NULL) broken = check_owed(config, tcb, *now);
    return broken;
}

const char *oracle_core(const uint8_t *octets, size_t length) {
    struct input in = {octets, length};
    bool plain = true;
    const struct tcp_config config = config_from(&in, &plain);
    struct tcp_connection tcb;
    uint64_t now = 0;
    memset(&tcb, 0, sizeof tcb);
    while (in.left > 0) {
        const char *broken = one_event(&in, &config, &tcb, &now, plain);
        if (broken != NULL) return broken;
    }
    return NULL;
}
