#include "sim/view/jsonl_records.h"

#include <string.h>

#include "core/wire.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// ---- Names that programs read. They never change; sentences for people are in text.c.

static const char *name_at(const char *const *names, size_t count, uint8_t value) {
    return value < count ? names[value] : "?";
}

static const char *fate_name(uint8_t fate) {
    static const char *const names[PACKET_FATES] = {
        [FATE_DELIVERED] = "delivered",       [FATE_LOST] = "lost",
        [FATE_LOST_BURST] = "lost-in-burst",  [FATE_LOST_QUEUE] = "lost-queue-full",
        [FATE_LOST_DOWN] = "lost-link-down",  [FATE_LOST_ORDER] = "lost-by-script",
        [FATE_LOST_NO_LINK] = "lost-no-link", [FATE_LOST_PLAN] = "lost-by-plan",
        [FATE_CORRUPTED] = "corrupted",       [FATE_LOST_TOO_BIG] = "lost-too-big",
    };
    return name_at(names, LENGTH(names), fate);
}

static const char *drop_name(uint8_t drop) {
    static const char *const names[PACKET_DROPS] = {
        [DROP_HOST_DOWN] = "host-down",         [DROP_NO_SUCH_ADDRESS] = "no-such-address",
        [DROP_BACKLOG_FULL] = "backlog-full",   [DROP_ACCEPT_QUEUE_FULL] = "accept-queue-full",
        [DROP_CHECKSUM] = "checksum",           [DROP_MALFORMED] = "malformed",
        [DROP_NO_CONNECTION] = "no-connection", [DROP_NOT_ONE_HOST] = "not-one-host",
    };
    return name_at(names, LENGTH(names), drop);
}

static const char *icmp_name(uint8_t icmp) {
    return tcp_icmp_name((enum tcp_icmp)icmp);
}

static const char *host_event_name(uint8_t event) {
    static const char *const names[] = {
        [HOST_CRASHED] = "crashed",
        [HOST_REBOOTED] = "rebooted",
        [HOST_PROCESS_EXITED] = "process-exited",
        [HOST_QUIET_OVER] = "quiet-time-over",
    };
    return name_at(names, LENGTH(names), event);
}

static const char *run_end_name(uint8_t end) {
    static const char *const names[] = {
        [RUN_IDLE] = "idle",
        [RUN_ENDS_AT] = "ends-at",
        [RUN_TIME_LIMIT] = "time-limit",
        [RUN_STOPPED] = "stopped",
    };
    return name_at(names, LENGTH(names), end);
}

static const char *layout_name(uint8_t layout) {
    static const char *const names[WIRE_LAYOUTS] = {
        [WIRE_LAYOUT_RFC9293] = "rfc9293",
        [WIRE_LAYOUT_LINUX] = "linux",
        [WIRE_LAYOUT_FREEBSD] = "freebsd",
    };
    return name_at(names, LENGTH(names), layout);
}

static const char *state_name(uint8_t state) {
    return tcp_state_name((enum tcp_state)state);
}

static const char *event_name(uint8_t event) {
    return tcp_event_name((enum tcp_event_kind)event);
}

static const char *error_name(uint8_t error) {
    return tcp_error_name((enum tcp_error)error);
}

static const char *signal_name(uint8_t signal) {
    return tcp_signal_name((enum tcp_signal)signal);
}

// ---- Records

static void visit_run(struct jsonl *jsonl, struct record *record, struct words *joined) {
    jsonl_text(jsonl, "synfin", &record->run.version);
    jsonl_text(jsonl, "file", &record->run.file);
    jsonl_texts(jsonl, "title", record->run.title);
    jsonl_texts(jsonl, "about", record->run.about);
    jsonl_texts(jsonl, "question", record->run.question);
    jsonl_lines(jsonl, "sources", &record->run.sources, joined);
    jsonl_text(jsonl, "command", &record->run.command);
    jsonl_wide(jsonl, "seed", &record->run.seed);
}

static void keep(struct words *words, struct record_text text) {
    words_clear(words);
    if (text.length > 0) words_add_bytes(words, (const char *)text.bytes, text.length);
}

static void visit_rules(struct jsonl *jsonl, struct record *record, struct words *joined) {
    jsonl_lines(jsonl, "names", &record->rules.names, joined);
    if (jsonl->rules.length > 0) jsonl_wrong(jsonl, NULL, "the rules are named twice");
    keep(&jsonl->rules, record->rules.names);
}

static void visit_host(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_text(jsonl, "name", &record->host.name);
    jsonl_endpoint(jsonl, "address", &record->host.address);
    jsonl_rules(jsonl, "without", &record->host.without);
    jsonl_enum(jsonl, "layout", &record->host.layout, layout_name, WIRE_LAYOUTS);
    jsonl_u8(jsonl, "ttl", &record->host.ttl);
    jsonl_u8(jsonl, "dscp", &record->host.dscp);
    if (record->host.dscp > 63) jsonl_wrong(jsonl, "dscp", "at most 63 is right");
    record->host.host = jsonl->host_count;
    if (jsonl->host_count == MODEL_HOSTS) {
        jsonl_wrong(jsonl, NULL, "more than %d hosts", MODEL_HOSTS);
        return;
    }
    struct record_text name = record->host.name;
    for (uint32_t i = 0; i < jsonl->host_count; i++)
        if (jsonl->hosts[i].length == name.length &&
            memcmp(words_string(&jsonl->hosts[i]), name.bytes, name.length) == 0)
            jsonl_wrong(jsonl, NULL, "two hosts of the same name");
    keep(&jsonl->hosts[jsonl->host_count++], name);
}

static void visit_call(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_host(jsonl, "host", &record->call.host);
    jsonl_u32(jsonl, "connection", &record->call.connection);
    jsonl_u32(jsonl, "line", &record->call.line);
    jsonl_text(jsonl, "text", &record->call.text);
}

static void visit_tcb(struct jsonl *jsonl, const char *key, struct record_tcb *tcb) {
    static const char *const flags[] = {
        "ACTIVE",     "FIN_QUEUED", "FIN_SENT",  "FIN_HELD",      "FIN_RECEIVED",  "ACK_OWED",
        "DEAF",       "TIMING",     "SYN_ACKED", "URGENT_SENT",   "URGENT",        "WINDOW_SCALE",
        "TIMESTAMPS", "SACK",       "ECN",       "ACK_DELAYED",   "FAST_RECOVERY", "LOSS",
        "NO_DELAY",   "KEEP_ALIVE", "FAST_OPEN", "FIXED_TIMEOUT", "TELL_TIMEOUT",
    };
    uint32_t outer = jsonl_enter(jsonl, key);
    jsonl_enum(jsonl, "state", &tcb->state, state_name, TCP_STATES);
    jsonl_bits(jsonl, "flags", &tcb->flags, flags, LENGTH(flags));
    jsonl_u32(jsonl, "iss", &tcb->iss);
    jsonl_u32(jsonl, "snd_una", &tcb->snd_una);
    jsonl_u32(jsonl, "snd_nxt", &tcb->snd_nxt);
    jsonl_u32(jsonl, "snd_wnd", &tcb->snd_wnd);
    jsonl_u8(jsonl, "snd_scale", &tcb->snd_scale);
    jsonl_u32(jsonl, "irs", &tcb->irs);
    jsonl_u32(jsonl, "rcv_nxt", &tcb->rcv_nxt);
    jsonl_u32(jsonl, "rcv_wnd", &tcb->rcv_wnd);
    jsonl_u8(jsonl, "rcv_scale", &tcb->rcv_scale);
    jsonl_u32(jsonl, "rcv_user", &tcb->rcv_user);
    jsonl_u32(jsonl, "cwnd", &tcb->cwnd);
    jsonl_u32(jsonl, "ssthresh", &tcb->ssthresh);
    jsonl_u32(jsonl, "ts_recent", &tcb->ts_recent);
    jsonl_u32(jsonl, "srtt_us", &tcb->srtt);
    jsonl_u32(jsonl, "rto_us", &tcb->rto);
    jsonl_leave(jsonl, outer);
}

static void visit_step(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_host(jsonl, "host", &record->step.host);
    jsonl_u32(jsonl, "connection", &record->step.connection);
    jsonl_enum(jsonl, "event", &record->step.event, event_name, TCP_EVENT_KINDS);
    jsonl_enum(jsonl, "error", &record->step.error, error_name, TCP_ERROR_NO_RESOURCES + 1);
    jsonl_endpoint(jsonl, "local", &record->step.local);
    jsonl_endpoint(jsonl, "remote", &record->step.remote);
    visit_tcb(jsonl, "before", &record->step.before);
    visit_tcb(jsonl, "after", &record->step.after);
    jsonl_rules(jsonl, "rules", &record->step.applied);
    jsonl_bool(jsonl, "deleted", &record->step.deleted);
}

// Whether the option is there, which its member says.
static bool has_option(struct jsonl *jsonl, const char *key, struct tcp_segment *segment, uint8_t option) {
    bool has = jsonl_has(jsonl, key, (segment->options & option) != 0);
    if (has) segment->options |= option;
    return has;
}

static void visit_sack(struct jsonl *jsonl, struct tcp_segment *segment) {
    uint32_t edges[2 * TCP_SACK_BLOCKS] = {0};
    unsigned count = 2u * segment->blocks;
    for (unsigned i = 0; i < segment->blocks; i++) {
        edges[2 * i] = segment->sack[i].begin;
        edges[2 * i + 1] = segment->sack[i].end;
    }
    jsonl_numbers(jsonl, "sack", edges, &count, LENGTH(edges));
    if (count % 2 != 0) jsonl_wrong(jsonl, "sack", "two numbers a block are right");
    segment->blocks = (uint8_t)(count / 2);
    for (unsigned i = 0; i < segment->blocks; i++)
        segment->sack[i] = (struct tcp_block){edges[2 * i], edges[2 * i + 1]};
}

static void visit_options(struct jsonl *jsonl, struct tcp_segment *segment) {
    uint32_t outer = jsonl_enter(jsonl, "options");
    if (has_option(jsonl, "mss", segment, TCP_OPTION_MSS)) jsonl_u16(jsonl, "mss", &segment->mss);
    if (has_option(jsonl, "window_scale", segment, TCP_OPTION_WINDOW_SCALE))
        jsonl_u8(jsonl, "window_scale", &segment->scale);
    if (has_option(jsonl, "sack_permitted", segment, TCP_OPTION_SACK_PERMITTED)) {
        bool permitted = true;
        jsonl_bool(jsonl, "sack_permitted", &permitted);
        if (!permitted) jsonl_wrong(jsonl, "sack_permitted", "true is right, or nothing");
    }
    if (has_option(jsonl, "timestamps", segment, TCP_OPTION_TIMESTAMPS)) {
        uint32_t inner = jsonl_enter(jsonl, "timestamps");
        jsonl_u32(jsonl, "value", &segment->ts_val);
        jsonl_u32(jsonl, "echo", &segment->ts_ecr);
        jsonl_leave(jsonl, inner);
    }
    if (has_option(jsonl, "user_timeout", segment, TCP_OPTION_USER_TIMEOUT))
        jsonl_u16(jsonl, "user_timeout", &segment->timeout);
    if (has_option(jsonl, "sack", segment, TCP_OPTION_SACK)) visit_sack(jsonl, segment);
    if (has_option(jsonl, "fast_open", segment, TCP_OPTION_FAST_OPEN))
        jsonl_hex(jsonl, "fast_open", segment->cookie, &segment->cookie_len, TCP_COOKIE_LENGTH);
    jsonl_leave(jsonl, outer);
}

static void visit_segment(struct jsonl *jsonl, struct tcp_segment *segment) {
    static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
    uint32_t flags = segment->flags;
    jsonl_bits(jsonl, "flags", &flags, names, LENGTH(names));
    if (flags > UINT8_MAX) jsonl_wrong(jsonl, "flags", "a segment has eight control bits");
    segment->flags = (uint8_t)flags;
    jsonl_u32(jsonl, "seq", &segment->seq);
    jsonl_u32(jsonl, "ack", &segment->ack);
    jsonl_u16(jsonl, "window", &segment->wnd);
    jsonl_u16(jsonl, "urgent_pointer", &segment->up);
    visit_options(jsonl, segment);
    jsonl_u32(jsonl, "length", &segment->len);
    jsonl_u32(jsonl, "source", &segment->source);
    jsonl_u8(jsonl, "compartment", &segment->compartment);
    jsonl_u8(jsonl, "repeat", &segment->repeat);
}

// A number that may be unknown: then it is left out.
static void visit_relative(struct jsonl *jsonl, const char *key, uint32_t *value, bool *has) {
    *has = jsonl_has(jsonl, key, *has);
    if (*has) jsonl_u32(jsonl, key, value);
}

static void visit_relatives(struct jsonl *jsonl, struct record *record) {
    visit_relative(jsonl, "relative_seq", &record->packet.relative_seq, &record->packet.has_relative_seq);
    visit_relative(jsonl, "relative_ack", &record->packet.relative_ack, &record->packet.has_relative_ack);
}

// Left out where they are the host's.
static void visit_ip(struct jsonl *jsonl, struct record *record) {
    record->packet.own_ip = jsonl_has(jsonl, "ttl", record->packet.own_ip);
    if (!record->packet.own_ip) return;
    jsonl_u8(jsonl, "ttl", &record->packet.ttl);
    jsonl_u8(jsonl, "dscp", &record->packet.dscp);
    if (record->packet.dscp > 63) jsonl_wrong(jsonl, "dscp", "at most 63 is right");
}

static void visit_packet(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_u64(jsonl, "packet", &record->packet.packet);
    jsonl_host(jsonl, "host", &record->packet.host);
    jsonl_host(jsonl, "to_host", &record->packet.to_host);
    jsonl_u32(jsonl, "connection", &record->packet.connection);
    jsonl_u32(jsonl, "line", &record->packet.line);
    jsonl_endpoint(jsonl, "from", &record->packet.from);
    jsonl_endpoint(jsonl, "to", &record->packet.to);
    visit_segment(jsonl, &record->packet.segment);
    visit_relatives(jsonl, record);
    visit_ip(jsonl, record);
    jsonl_bool(jsonl, "injected", &record->packet.injected);
    jsonl_rule(jsonl, "rule", &record->packet.rule);
    jsonl_u64(jsonl, "answers", &record->packet.answers);
    jsonl_u64(jsonl, "repeats", &record->packet.repeats);
    jsonl_u64(jsonl, "acknowledges", &record->packet.acknowledges);
    jsonl_text(jsonl, "text", &record->packet.text);
}

static void visit_icmp(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_u64(jsonl, "packet", &record->packet.packet);
    jsonl_host(jsonl, "host", &record->packet.host);
    jsonl_host(jsonl, "to_host", &record->packet.to_host);
    jsonl_u32(jsonl, "line", &record->packet.line);
    jsonl_endpoint(jsonl, "from", &record->packet.from);
    jsonl_endpoint(jsonl, "to", &record->packet.to);
    jsonl_enum(jsonl, "icmp", &record->packet.icmp, icmp_name, TCP_ICMP_KINDS);
    jsonl_u32(jsonl, "seq", &record->packet.segment.seq);
    visit_relative(jsonl, "relative_seq", &record->packet.relative_seq, &record->packet.has_relative_seq);
    jsonl_u32(jsonl, "mtu", &record->packet.mtu);
    jsonl_bool(jsonl, "injected", &record->packet.injected);
    jsonl_u64(jsonl, "about", &record->packet.about);
}

static void visit_altered(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_u64(jsonl, "packet", &record->packet.packet);
    jsonl_host(jsonl, "host", &record->packet.host);
    visit_segment(jsonl, &record->packet.segment);
    visit_relatives(jsonl, record);
    jsonl_text(jsonl, "text", &record->packet.text);
}

static void visit_fate(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    unsigned words = LENGTH(record->fate.key.word);
    jsonl_u64(jsonl, "packet", &record->fate.packet);
    jsonl_u32(jsonl, "copy", &record->fate.copy);
    jsonl_u32(jsonl, "direction", &record->fate.direction);
    jsonl_enum(jsonl, "fate", &record->fate.fate, fate_name, PACKET_FATES);
    jsonl_bool(jsonl, "scripted", &record->fate.scripted);
    jsonl_u64(jsonl, "arrival_ns", &record->fate.arrival);
    jsonl_numbers(jsonl, "key", record->fate.key.word, &words, LENGTH(record->fate.key.word));
    if (words != LENGTH(record->fate.key.word)) jsonl_wrong(jsonl, "key", "six numbers are right");
}

static void visit_flips(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    unsigned count = record->flips.count;
    jsonl_u64(jsonl, "packet", &record->flips.packet);
    jsonl_numbers(jsonl, "bits", record->flips.bit, &count, ENGINE_FLIPS);
    record->flips.count = count;
}

static void visit_arrival(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_u64(jsonl, "packet", &record->arrival.packet);
    jsonl_u32(jsonl, "copy", &record->arrival.copy);
}

static void visit_drop(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_u64(jsonl, "packet", &record->drop.packet);
    jsonl_u32(jsonl, "copy", &record->drop.copy);
    jsonl_host(jsonl, "host", &record->drop.host);
    jsonl_enum(jsonl, "why", &record->drop.drop, drop_name, PACKET_DROPS);
    jsonl_rule(jsonl, "rule", &record->drop.rule);
}

static void visit_delivery(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_host(jsonl, "host", &record->delivery.host);
    jsonl_u32(jsonl, "connection", &record->delivery.connection);
    jsonl_u32(jsonl, "seq", &record->delivery.seq);
    jsonl_u32(jsonl, "source", &record->delivery.source);
    jsonl_bool(jsonl, "foreign", &record->delivery.foreign);
    jsonl_text(jsonl, "text", &record->delivery.text);
}

static void visit_signal(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_host(jsonl, "host", &record->signal.host);
    jsonl_u32(jsonl, "connection", &record->signal.connection);
    jsonl_enum(jsonl, "signal", &record->signal.signal, signal_name, TCP_SIGNALS);
    jsonl_rule(jsonl, "rule", &record->signal.rule);
}

static void visit_note(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_host(jsonl, "host", &record->note.host);
    jsonl_u32(jsonl, "line", &record->note.line);
    jsonl_texts(jsonl, "text", record->note.text);
}

static void visit_host_event(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_host(jsonl, "host", &record->host_event.host);
    jsonl_enum(jsonl, "event", &record->host_event.event, host_event_name, HOST_QUIET_OVER + 1);
    jsonl_rule(jsonl, "rule", &record->host_event.rule);
}

static void visit_wait(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_host(jsonl, "host", &record->wait.host);
    jsonl_u32(jsonl, "connection", &record->wait.connection);
    jsonl_u32(jsonl, "line", &record->wait.line);
    jsonl_text(jsonl, "outcome", &record->wait.outcome);
}

static void visit_claim(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_texts(jsonl, "claim", record->claim.claim);
    jsonl_texts(jsonl, "detail", record->claim.detail);
    jsonl_text(jsonl, "where", &record->claim.where);
}

static void visit_finish(struct jsonl *jsonl, struct record *record, struct words *joined) {
    (void)joined;
    jsonl_enum(jsonl, "end", &record->finish.end, run_end_name, RUN_STOPPED + 1);
    jsonl_u64(jsonl, "events", &record->finish.events);
}

static const struct jsonl_kind kinds[] = {
    {RECORD_RUN, "run", visit_run},
    {RECORD_RULES, "rules", visit_rules},
    {RECORD_HOST, "host", visit_host},
    {RECORD_CALL, "call", visit_call},
    {RECORD_STEP, "step", visit_step},
    {RECORD_PACKET, "packet", visit_packet},
    {RECORD_ICMP, "icmp", visit_icmp},
    {TRACE_KIND_FATE, "fate", visit_fate},
    {RECORD_FLIPS, "flips", visit_flips},
    {TRACE_KIND_ARRIVAL, "arrival", visit_arrival},
    {RECORD_ALTERED, "altered", visit_altered},
    {RECORD_DROP, "drop", visit_drop},
    {RECORD_DELIVERY, "delivery", visit_delivery},
    {RECORD_SIGNAL, "signal", visit_signal},
    {RECORD_NOTE, "note", visit_note},
    {RECORD_HOST_EVENT, "host-event", visit_host_event},
    {RECORD_WAIT, "wait", visit_wait},
    {RECORD_CLAIM, "claim", visit_claim},
    {RECORD_FINISH, "finish", visit_finish},
};

const struct jsonl_kind *jsonl_kind(uint8_t kind) {
    for (size_t i = 0; i < LENGTH(kinds); i++)
        if (kinds[i].kind == kind) return &kinds[i];
    return NULL;
}

const struct jsonl_kind *jsonl_kind_named(struct record_text name) {
    for (size_t i = 0; i < LENGTH(kinds); i++)
        if (strlen(kinds[i].name) == name.length && memcmp(kinds[i].name, name.bytes, name.length) == 0)
            return &kinds[i];
    return NULL;
}
