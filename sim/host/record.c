#include "sim/host/record.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/wire.h"

// Each kind of record is described once, by a function that visits its fields in order. What a visit does depends on
// the direction: it appends the field to a trace, or fills it from a record. So the two can't disagree.
struct codec {
    struct trace *to;           // writing, or
    struct trace_record *from;  // reading
    bool bad;                   // read something that no writer writes
};

static void field_u8(struct codec *codec, uint8_t *value) {
    if (codec->to != NULL)
        trace_put_u8(codec->to, *value);
    else
        *value = trace_get_u8(codec->from);
}

static void field_u16(struct codec *codec, uint16_t *value) {
    if (codec->to != NULL)
        trace_put_u16(codec->to, *value);
    else
        *value = trace_get_u16(codec->from);
}

static void field_u32(struct codec *codec, uint32_t *value) {
    if (codec->to != NULL)
        trace_put_u32(codec->to, *value);
    else
        *value = trace_get_u32(codec->from);
}

static void field_u64(struct codec *codec, uint64_t *value) {
    if (codec->to != NULL)
        trace_put_u64(codec->to, *value);
    else
        *value = trace_get_u64(codec->from);
}

static void field_bool(struct codec *codec, bool *value) {
    uint8_t byte = *value;
    field_u8(codec, &byte);
    if (byte > 1) codec->bad = true;
    *value = byte == 1;
}

// A value of an enum with `count` values.
static void field_enum(struct codec *codec, uint8_t *value, uint32_t count) {
    field_u8(codec, value);
    if (*value >= count) codec->bad = true;
}

static void field_rule(struct codec *codec, uint16_t *rule) {
    field_u16(codec, rule);
    if (*rule >= RECORD_RULES_MOST) codec->bad = true;
}

static void field_rules(struct codec *codec, struct tcp_rule_set *rules) {
    for (size_t i = 0; i < sizeof rules->bits / sizeof rules->bits[0]; i++)
        field_u64(codec, &rules->bits[i]);
}

static void field_text(struct codec *codec, struct record_text *text) {
    if (codec->to != NULL)
        trace_put_bytes(codec->to, text->bytes, text->length);
    else
        text->bytes = trace_get_bytes(codec->from, &text->length);
}

static void field_endpoint(struct codec *codec, struct record_endpoint *endpoint) {
    field_u8(codec, &endpoint->family);
    for (size_t i = 0; i < sizeof endpoint->address; i++)
        field_u8(codec, &endpoint->address[i]);
    field_u16(codec, &endpoint->port);
    if (endpoint->family != 0 && endpoint->family != 4 && endpoint->family != 6) codec->bad = true;
}

static void field_tcb(struct codec *codec, struct record_tcb *tcb) {
    field_enum(codec, &tcb->state, TCP_STATES);
    field_u8(codec, &tcb->snd_scale);
    field_u8(codec, &tcb->rcv_scale);
    field_u32(codec, &tcb->flags);
    field_u32(codec, &tcb->iss);
    field_u32(codec, &tcb->snd_una);
    field_u32(codec, &tcb->snd_nxt);
    field_u32(codec, &tcb->snd_wnd);
    field_u32(codec, &tcb->irs);
    field_u32(codec, &tcb->rcv_nxt);
    field_u32(codec, &tcb->rcv_wnd);
    field_u32(codec, &tcb->rcv_user);
    field_u32(codec, &tcb->cwnd);
    field_u32(codec, &tcb->ssthresh);
    field_u32(codec, &tcb->ts_recent);
    field_u32(codec, &tcb->srtt);
    field_u32(codec, &tcb->rto);
}

static void field_sack(struct codec *codec, struct tcp_segment *segment) {
    field_u8(codec, &segment->blocks);
    if (segment->blocks > TCP_SACK_BLOCKS) codec->bad = true;
    for (unsigned i = 0; i < TCP_SACK_BLOCKS && i < segment->blocks; i++) {
        field_u32(codec, &segment->sack[i].begin);
        field_u32(codec, &segment->sack[i].end);
    }
}

static void field_cookie(struct codec *codec, struct tcp_segment *segment) {
    field_u8(codec, &segment->cookie_len);
    if (segment->cookie_len > TCP_COOKIE_LENGTH) codec->bad = true;
    for (unsigned i = 0; i < TCP_COOKIE_LENGTH && i < segment->cookie_len; i++)
        field_u8(codec, &segment->cookie[i]);
}

// What the options say, as far as there are any.
static void field_options(struct codec *codec, struct tcp_segment *segment) {
    field_u8(codec, &segment->options);
    if (segment->options & TCP_OPTION_MSS) field_u16(codec, &segment->mss);
    if (segment->options & TCP_OPTION_WINDOW_SCALE) field_u8(codec, &segment->scale);
    if (segment->options & TCP_OPTION_USER_TIMEOUT) field_u16(codec, &segment->timeout);
    if (segment->options & TCP_OPTION_TIMESTAMPS) {
        field_u32(codec, &segment->ts_val);
        field_u32(codec, &segment->ts_ecr);
    }
    if (segment->options & TCP_OPTION_SACK) field_sack(codec, segment);
    if (segment->options & TCP_OPTION_FAST_OPEN) field_cookie(codec, segment);
}

static void field_segment(struct codec *codec, struct tcp_segment *segment) {
    field_u32(codec, &segment->seq);
    field_u32(codec, &segment->ack);
    field_u32(codec, &segment->len);
    field_u32(codec, &segment->source);
    field_u16(codec, &segment->wnd);
    field_u16(codec, &segment->up);
    field_u8(codec, &segment->flags);
    field_u8(codec, &segment->compartment);
    field_u8(codec, &segment->repeat);
    field_options(codec, segment);
}

static void visit_run(struct codec *codec, struct record *record) {
    field_text(codec, &record->run.version);
    field_text(codec, &record->run.file);
    for (int i = 0; i < TCP_LANGUAGES; i++)
        field_text(codec, &record->run.title[i]);
    for (int i = 0; i < TCP_LANGUAGES; i++)
        field_text(codec, &record->run.about[i]);
    for (int i = 0; i < TCP_LANGUAGES; i++)
        field_text(codec, &record->run.question[i]);
    field_text(codec, &record->run.sources);
    field_text(codec, &record->run.command);
    field_u64(codec, &record->run.seed);
}

static void visit_host(struct codec *codec, struct record *record) {
    field_u32(codec, &record->host.host);
    field_text(codec, &record->host.name);
    field_endpoint(codec, &record->host.address);
    field_rules(codec, &record->host.without);
    field_enum(codec, &record->host.layout, WIRE_LAYOUTS);
    field_u8(codec, &record->host.ttl);
    field_enum(codec, &record->host.dscp, 64);
}

static void visit_call(struct codec *codec, struct record *record) {
    field_u32(codec, &record->call.host);
    field_u32(codec, &record->call.connection);
    field_u32(codec, &record->call.line);
    field_text(codec, &record->call.text);
}

static void visit_step(struct codec *codec, struct record *record) {
    field_u32(codec, &record->step.host);
    field_u32(codec, &record->step.connection);
    field_enum(codec, &record->step.event, TCP_EVENT_KINDS);
    field_enum(codec, &record->step.error, TCP_ERROR_NO_RESOURCES + 1);
    field_endpoint(codec, &record->step.local);
    field_endpoint(codec, &record->step.remote);
    field_tcb(codec, &record->step.before);
    field_tcb(codec, &record->step.after);
    field_rules(codec, &record->step.applied);
    field_bool(codec, &record->step.deleted);
}

enum { MARK_INJECTED = 1, MARK_OWN_IP = 2 };

static void field_marks(struct codec *codec, struct record *record) {
    uint8_t marks = (record->packet.injected ? MARK_INJECTED : 0) | (record->packet.own_ip ? MARK_OWN_IP : 0);
    field_enum(codec, &marks, MARK_INJECTED + MARK_OWN_IP + 1);
    record->packet.injected = (marks & MARK_INJECTED) != 0;
    record->packet.own_ip = (marks & MARK_OWN_IP) != 0;
    if (!record->packet.own_ip) return;
    field_u8(codec, &record->packet.ttl);
    field_enum(codec, &record->packet.dscp, 64);
}

static void visit_packet(struct codec *codec, struct record *record) {
    field_u64(codec, &record->packet.packet);
    field_u32(codec, &record->packet.host);
    field_u32(codec, &record->packet.to_host);
    field_u32(codec, &record->packet.connection);
    field_u32(codec, &record->packet.line);
    field_endpoint(codec, &record->packet.from);
    field_endpoint(codec, &record->packet.to);
    field_segment(codec, &record->packet.segment);
    field_u32(codec, &record->packet.relative_seq);
    field_u32(codec, &record->packet.relative_ack);
    field_bool(codec, &record->packet.has_relative_seq);
    field_bool(codec, &record->packet.has_relative_ack);
    field_marks(codec, record);
    field_rule(codec, &record->packet.rule);
    field_u64(codec, &record->packet.answers);
    field_u64(codec, &record->packet.repeats);
    field_u64(codec, &record->packet.acknowledges);
    field_text(codec, &record->packet.text);
}

static void visit_icmp(struct codec *codec, struct record *record) {
    field_u64(codec, &record->packet.packet);
    field_u32(codec, &record->packet.host);
    field_u32(codec, &record->packet.to_host);
    field_u32(codec, &record->packet.line);
    field_endpoint(codec, &record->packet.from);
    field_endpoint(codec, &record->packet.to);
    field_enum(codec, &record->packet.icmp, TCP_ICMP_SOURCE_QUENCH + 1);
    field_u32(codec, &record->packet.segment.seq);
    field_u32(codec, &record->packet.relative_seq);
    field_bool(codec, &record->packet.has_relative_seq);
    field_u32(codec, &record->packet.mtu);
    field_bool(codec, &record->packet.injected);
    field_u64(codec, &record->packet.about);
}

static void visit_altered(struct codec *codec, struct record *record) {
    field_u64(codec, &record->packet.packet);
    field_u32(codec, &record->packet.host);
    field_segment(codec, &record->packet.segment);
    field_u32(codec, &record->packet.relative_seq);
    field_u32(codec, &record->packet.relative_ack);
    field_bool(codec, &record->packet.has_relative_seq);
    field_bool(codec, &record->packet.has_relative_ack);
    field_text(codec, &record->packet.text);
}

// As the engine writes it (sim/engine/trace.h).
static void visit_fate(struct codec *codec, struct record *record) {
    field_u64(codec, &record->fate.packet);
    field_u32(codec, &record->fate.copy);
    field_u32(codec, &record->fate.direction);
    field_enum(codec, &record->fate.fate, PACKET_FATES);
    field_bool(codec, &record->fate.scripted);
    field_u64(codec, &record->fate.arrival);
    for (size_t i = 0; i < sizeof record->fate.key.word / sizeof record->fate.key.word[0]; i++)
        field_u32(codec, &record->fate.key.word[i]);
}

static void visit_arrival(struct codec *codec, struct record *record) {
    field_u64(codec, &record->arrival.packet);
    field_u32(codec, &record->arrival.copy);
}

static void visit_delivery(struct codec *codec, struct record *record) {
    field_u32(codec, &record->delivery.host);
    field_u32(codec, &record->delivery.connection);
    field_u32(codec, &record->delivery.seq);
    field_u32(codec, &record->delivery.source);
    field_bool(codec, &record->delivery.foreign);
    field_text(codec, &record->delivery.text);
}

static void visit_signal(struct codec *codec, struct record *record) {
    field_u32(codec, &record->signal.host);
    field_u32(codec, &record->signal.connection);
    field_enum(codec, &record->signal.signal, TCP_SIGNALS);
    field_rule(codec, &record->signal.rule);
}

static void visit_note(struct codec *codec, struct record *record) {
    field_u32(codec, &record->note.host);
    field_u32(codec, &record->note.line);
    for (int i = 0; i < TCP_LANGUAGES; i++)
        field_text(codec, &record->note.text[i]);
}

static void visit_host_event(struct codec *codec, struct record *record) {
    field_u32(codec, &record->host_event.host);
    field_enum(codec, &record->host_event.event, HOST_QUIET_OVER + 1);
    field_rule(codec, &record->host_event.rule);
}

static void visit_claim(struct codec *codec, struct record *record) {
    for (int i = 0; i < TCP_LANGUAGES; i++)
        field_text(codec, &record->claim.claim[i]);
    for (int i = 0; i < TCP_LANGUAGES; i++)
        field_text(codec, &record->claim.detail[i]);
    field_text(codec, &record->claim.where);
}

static void visit_finish(struct codec *codec, struct record *record) {
    field_enum(codec, &record->finish.end, RUN_STOPPED + 1);
    field_u64(codec, &record->finish.events);
}

static void visit_drop(struct codec *codec, struct record *record) {
    field_u64(codec, &record->drop.packet);
    field_u32(codec, &record->drop.copy);
    field_u32(codec, &record->drop.host);
    field_enum(codec, &record->drop.drop, PACKET_DROPS);
    field_rule(codec, &record->drop.rule);
}

static void visit_wait(struct codec *codec, struct record *record) {
    field_u32(codec, &record->wait.host);
    field_u32(codec, &record->wait.connection);
    field_u32(codec, &record->wait.line);
    field_text(codec, &record->wait.outcome);
}

static void visit_rules(struct codec *codec, struct record *record) {
    field_text(codec, &record->rules.names);
}

static void visit_flips(struct codec *codec, struct record *record) {
    field_u64(codec, &record->flips.packet);
    field_u32(codec, &record->flips.count);
    if (record->flips.count > ENGINE_FLIPS) codec->bad = true;
    for (uint32_t i = 0; i < ENGINE_FLIPS && i < record->flips.count; i++)
        field_u32(codec, &record->flips.bit[i]);
}

static void visit_end(struct codec *codec, struct record *record) {
    uint64_t records = record->number;
    field_u64(codec, &records);
}

typedef void (*visit)(struct codec *codec, struct record *record);

static visit visit_of(uint8_t kind) {
    static const visit engine[] = {
        [TRACE_KIND_END] = visit_end, [TRACE_KIND_FATE] = visit_fate, [TRACE_KIND_ARRIVAL] = visit_arrival};
    static const visit host[] = {
        [RECORD_RUN - TRACE_KIND_HOST] = visit_run,
        [RECORD_HOST - TRACE_KIND_HOST] = visit_host,
        [RECORD_CALL - TRACE_KIND_HOST] = visit_call,
        [RECORD_STEP - TRACE_KIND_HOST] = visit_step,
        [RECORD_PACKET - TRACE_KIND_HOST] = visit_packet,
        [RECORD_DELIVERY - TRACE_KIND_HOST] = visit_delivery,
        [RECORD_SIGNAL - TRACE_KIND_HOST] = visit_signal,
        [RECORD_NOTE - TRACE_KIND_HOST] = visit_note,
        [RECORD_HOST_EVENT - TRACE_KIND_HOST] = visit_host_event,
        [RECORD_CLAIM - TRACE_KIND_HOST] = visit_claim,
        [RECORD_FINISH - TRACE_KIND_HOST] = visit_finish,
        [RECORD_DROP - TRACE_KIND_HOST] = visit_drop,
        [RECORD_WAIT - TRACE_KIND_HOST] = visit_wait,
        [RECORD_RULES - TRACE_KIND_HOST] = visit_rules,
        [RECORD_ICMP - TRACE_KIND_HOST] = visit_icmp,
        [RECORD_ALTERED - TRACE_KIND_HOST] = visit_altered,
        [RECORD_FLIPS - TRACE_KIND_HOST] = visit_flips,
    };
    if (kind < sizeof engine / sizeof engine[0]) return engine[kind];
    if (kind < TRACE_KIND_HOST || kind - TRACE_KIND_HOST >= (int)(sizeof host / sizeof host[0])) return NULL;
    return host[kind - TRACE_KIND_HOST];
}

uint64_t record_write(struct trace *trace, const struct record *record) {
    assert(record->kind >= TRACE_KIND_HOST && visit_of(record->kind) != NULL);
    struct record copy = *record;  // writing changes nothing, but the visits can't promise it
    struct codec codec = {.to = trace};
    uint64_t number = trace_begin(trace, record->kind, record->time);
    visit_of(record->kind)(&codec, &copy);
    trace_end(trace);
    return number;
}

uint64_t record_write_rules(struct trace *trace) {
    char names[TCP_RULES * 64];
    size_t length = 0;
    for (uint32_t rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++) {
        const char *from = tcp_rule_info((enum tcp_rule)rule)->name;
        assert(length + strlen(from) + 1 < sizeof names);
        if (length > 0) names[length++] = '\n';
        for (; *from != '\0'; from++)
            names[length++] = *from;
    }
    struct record record = {.kind = RECORD_RULES, .time = trace->time};
    record.rules.names = (struct record_text){(const unsigned char *)names, (uint32_t)length};
    return record_write(trace, &record);
}

bool record_decode(const struct trace_record *from, struct record *to) {
    struct trace_record cursor = *from;
    cursor.position = 0;
    cursor.bad = false;
    memset(to, 0, sizeof *to);
    to->kind = from->kind;
    to->number = from->number;
    to->time = from->time;
    to->cause = from->cause;
    visit of = visit_of(from->kind);
    if (of == NULL) return false;
    struct codec codec = {.from = &cursor};
    of(&codec, to);
    return !codec.bad && !cursor.bad && cursor.position == cursor.length;
}
