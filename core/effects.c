#include "core/step.h"

#include <assert.h>
#include <string.h>

static struct tcp_effect *add_effect(struct step *s, enum tcp_effect_kind kind, enum tcp_rule why) {
    assert(s->effects->count < TCP_EFFECTS);
    struct tcp_effect *effect = &s->effects->list[s->effects->count++];
    effect->kind = (uint8_t)kind;
    effect->signal = 0;
    effect->rule = (uint16_t)why;
    effect->floor = 0;
    return effect;
}

void effect_signal(struct step *s, enum tcp_rule why, enum tcp_signal signal) {
    add_effect(s, TCP_EFFECT_SIGNAL, why)->signal = (uint8_t)signal;
}

void effect_text(struct step *s, enum tcp_rule why, struct tcp_range text) {
    add_effect(s, TCP_EFFECT_TEXT, why)->text = text;
}

void effect_delete(struct step *s, enum tcp_rule why) {
    add_effect(s, TCP_EFFECT_DELETE, why);
    memset(s->tcb, 0, sizeof *s->tcb);
}

void effect_reopen(struct step *s, enum tcp_rule why) {
    uint32_t floor = s->tcb->snd_nxt;
    effect_delete(s, why);
    add_effect(s, TCP_EFFECT_REOPEN, why)->floor = floor;
}

// What the window field says; that of a SYN is never scaled (RFC 7323 section 2.2).
static uint16_t window_field(const struct tcp_connection *tcb, uint8_t flags) {
    uint32_t window = flags & TCP_SYN ? tcb->rcv_wnd : tcb->rcv_wnd >> tcb->rcv_scale;
    return (uint16_t)(window < UINT16_MAX ? window : UINT16_MAX);
}

static void add_urgent_pointer(const struct tcp_connection *tcb, struct tcp_segment *segment) {
    if (!tcb_has(tcb, TCP_CONNECTION_URGENT_SENT) || !seq_lt(segment->seq, tcb->snd_up)) return;
    uint32_t ahead = tcb->snd_up - segment->seq;
    segment->flags |= TCP_URG;
    segment->up = (uint16_t)(ahead < UINT16_MAX ? ahead : UINT16_MAX);
}

static void acknowledgement_sent(struct tcp_connection *tcb) {
    tcb_clear(tcb, TCP_CONNECTION_ACK_OWED | TCP_CONNECTION_ACK_DELAYED);
    tcb->deadline[TCP_TIMER_DELAYED_ACK] = TCP_NEVER;
    tcb->ack_rule = TCP_RULE_NONE;
    tcb->last_ack_sent = tcb->rcv_nxt;
}

static bool may_reset(struct step *s) {
    return rule(s, TCP_RULE_RESETS_ARE_SENT);
}

void effect_segment(struct step *s, enum tcp_rule why, uint8_t flags, uint32_t seq, uint32_t len, uint8_t repeat) {
    struct tcp_connection *tcb = s->tcb;
    if ((flags & TCP_RST) && !may_reset(s)) return;
    struct tcp_segment *segment = &add_effect(s, TCP_EFFECT_SEGMENT, why)->segment;
    *segment = (struct tcp_segment){.seq = seq,
                                    .len = len,
                                    .source = len > 0 ? tcb->snd_source : 0,
                                    .flags = flags,
                                    .compartment = tcb->compartment,
                                    .repeat = repeat};
    if (flags & TCP_ACK) segment->ack = tcb->rcv_nxt;
    add_options(s, segment);
    if (flags & TCP_RST) return;
    segment->wnd = window_field(tcb, flags);
    if (flags & TCP_ACK) acknowledgement_sent(tcb);
    if (len > 0) add_urgent_pointer(tcb, segment);
}

void effect_ack(struct step *s, enum tcp_rule why) {
    effect_segment(s, why, TCP_ACK, s->tcb->snd_nxt, 0, 0);
}

// RFC 5961 section 7: no more than so many in so long a time, or they become a weapon of their own. Both times were
// rounded down: only two ticks more make sure that the interval is over.
static bool challenges_spent(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    if (!rule(s, TCP_RULE_CHALLENGE_ACKS_ARE_LIMITED)) return false;
    uint32_t now = tcp_coarse_time(s->now), interval = tcp_coarse_time(s->config->challenge_interval) + 2;
    uint32_t limit = s->config->challenge_limit < UINT8_MAX ? s->config->challenge_limit : UINT8_MAX;
    if (tcb->challenges == 0 || now - tcb->challenge_time >= interval) {
        tcb->challenges = 0;
        tcb->challenge_time = now;
    }
    if (tcb->challenges >= limit) return true;
    tcb->challenges++;
    return false;
}

void effect_challenge_ack(struct step *s, enum tcp_rule why) {
    if (!challenges_spent(s)) effect_ack(s, why);
}

void effect_reset_for(struct step *s, enum tcp_rule why, const struct tcp_segment *segment) {
    if (!may_reset(s)) return;
    bool has_ack = (segment->flags & TCP_ACK) != 0;
    struct tcp_segment reset = {.compartment = segment->compartment};
    if (has_ack) {
        reset.flags = TCP_RST;
        reset.seq = segment->ack;
    } else {
        reset.flags = TCP_RST | TCP_ACK;
        reset.ack = segment->seq + segment_length(s, segment);
    }
    add_effect(s, TCP_EFFECT_SEGMENT, why)->segment = reset;
}

uint32_t syn_size(struct step *s) {
    return rule(s, TCP_RULE_SYN_TAKES_SEQUENCE_NUMBER) ? 1 : 0;
}

uint32_t fin_size(struct step *s) {
    return rule(s, TCP_RULE_FIN_TAKES_SEQUENCE_NUMBER) ? 1 : 0;
}

uint32_t segment_length(struct step *s, const struct tcp_segment *segment) {
    uint32_t length = segment->len;
    if (segment->flags & TCP_SYN) length += syn_size(s);
    if (segment->flags & TCP_FIN) length += fin_size(s);
    return length;
}
