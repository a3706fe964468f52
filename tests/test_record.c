// Records: what is written comes back, in every kind and with every field; anything else is refused without a crash.
#include <stdio.h>
#include <string.h>

#include "core/wire.h"
#include "sim/host/record.h"
#include "tests/check.h"

// A stream of bytes that differ, so that a field that was swapped with another shows.
static uint32_t counter;

static uint32_t next(void) {
    return counter = counter * UINT32_C(1664525) + UINT32_C(1013904223);
}

static struct record_text text(void) {
    static const char letters[] = "SYN\0ACK\xff\x1b[2J and more";
    return (struct record_text){(const unsigned char *)letters, next() % sizeof letters};
}

static struct record_endpoint endpoint(void) {
    struct record_endpoint result = {.family = next() % 2 != 0 ? 4 : 6, .port = (uint16_t)next()};
    for (size_t i = 0; i < sizeof result.address; i++)
        result.address[i] = (uint8_t)(next() >> 8);
    return result;
}

static struct tcp_rule_set rules(void) {
    struct tcp_rule_set set = {{0}};
    for (int i = 0; i < 5; i++)
        tcp_rule_set_add(&set, (enum tcp_rule)(next() % TCP_RULES));
    return set;
}

static uint16_t rule(void) {
    return (uint16_t)(next() % TCP_RULES);
}

static bool flag(void) {
    return (next() >> 16 & 1) != 0;
}

static struct record_tcb tcb(void) {
    return (struct record_tcb){.state = (uint8_t)(next() % TCP_STATES),
                               .snd_scale = (uint8_t)next(),
                               .rcv_scale = (uint8_t)next(),
                               .flags = next(),
                               .iss = next(),
                               .snd_una = next(),
                               .snd_nxt = next(),
                               .snd_wnd = next(),
                               .irs = next(),
                               .rcv_nxt = next(),
                               .rcv_wnd = next(),
                               .rcv_user = next(),
                               .cwnd = next(),
                               .ssthresh = next(),
                               .ts_recent = next(),
                               .srtt = next(),
                               .rto = next()};
}

// Its SACK blocks or its cookie are for the caller to fill: a segment has but one of them.
static struct tcp_segment segment(void) {
    return (struct tcp_segment){.seq = next(),
                                .ack = next(),
                                .len = next(),
                                .source = next(),
                                .wnd = (uint16_t)next(),
                                .up = (uint16_t)next(),
                                .mss = (uint16_t)next(),
                                .timeout = (uint16_t)next(),
                                .flags = (uint8_t)next(),
                                .options = TCP_OPTION_MSS | TCP_OPTION_WINDOW_SCALE | TCP_OPTION_SACK_PERMITTED |
                                           TCP_OPTION_TIMESTAMPS | TCP_OPTION_USER_TIMEOUT,
                                .compartment = (uint8_t)next(),
                                .repeat = (uint8_t)next(),
                                .scale = (uint8_t)next(),
                                .ts_val = next(),
                                .ts_ecr = next()};
}

static void fill_host_side(struct record *record) {
    switch (record->kind) {
    case RECORD_RUN:
        record->run.version = text();
        record->run.file = text();
        record->run.title[0] = text();
        record->run.title[1] = text();
        record->run.about[0] = text();
        record->run.about[1] = text();
        record->run.question[0] = text();
        record->run.question[1] = text();
        record->run.sources = text();
        record->run.command = text();
        record->run.seed = (uint64_t)next() << 32 | next();
        break;
    case RECORD_HOST:
        record->host.host = next();
        record->host.name = text();
        record->host.address = endpoint();
        record->host.without = rules();
        record->host.layout = (uint8_t)(next() % WIRE_LAYOUTS);
        record->host.ttl = (uint8_t)next();
        record->host.dscp = (uint8_t)(next() % 64);
        break;
    case RECORD_CALL:
        record->call.host = next();
        record->call.connection = next();
        record->call.line = next();
        record->call.text = text();
        break;
    case RECORD_NOTE:
        record->note.host = next();
        record->note.line = next();
        record->note.text[0] = text();
        record->note.text[1] = text();
        break;
    case RECORD_HOST_EVENT:
        record->host_event.host = next();
        record->host_event.event = HOST_REBOOTED;
        record->host_event.rule = rule();
        break;
    case RECORD_CLAIM:
        for (int i = 0; i < TCP_LANGUAGES; i++) {
            record->claim.claim[i] = text();
            record->claim.detail[i] = text();
        }
        record->claim.where = text();
        break;
    case RECORD_FINISH:
        record->finish.end = RUN_TIME_LIMIT;
        record->finish.events = (uint64_t)next() << 20;
        break;
    case RECORD_RULES: record->rules.names = text(); break;
    case RECORD_WAIT:
        record->wait.host = next();
        record->wait.connection = next();
        record->wait.line = next();
        record->wait.outcome = text();
        break;
    default: break;
    }
}

static void fill_tcp_side(struct record *record) {
    switch (record->kind) {
    case RECORD_STEP:
        record->step.host = next();
        record->step.connection = next();
        record->step.event = TCP_R2_TIMEOUT;
        record->step.error = TCP_ERROR_CLOSING;
        record->step.local = endpoint();
        record->step.remote = endpoint();
        record->step.before = tcb();
        record->step.after = tcb();
        record->step.applied = rules();
        record->step.deleted = flag();
        break;
    case RECORD_PACKET:
        record->packet.packet = (uint64_t)next() << 7;
        record->packet.host = next();
        record->packet.to_host = next();
        record->packet.connection = next();
        record->packet.line = next();
        record->packet.from = endpoint();
        record->packet.to = endpoint();
        record->packet.segment = segment();
        record->packet.relative_seq = next();
        record->packet.relative_ack = next();
        record->packet.has_relative_seq = flag();
        record->packet.has_relative_ack = flag();
        record->packet.injected = flag();
        record->packet.own_ip = flag();
        if (record->packet.own_ip) record->packet.ttl = (uint8_t)next();
        if (record->packet.own_ip) record->packet.dscp = (uint8_t)(next() % 64);
        record->packet.rule = rule();
        record->packet.answers = next();
        record->packet.repeats = next();
        record->packet.acknowledges = next();
        record->packet.text = text();
        break;
    case RECORD_ICMP:
        record->packet.packet = (uint64_t)next() << 7;
        record->packet.host = next();
        record->packet.to_host = next();
        record->packet.line = next();
        record->packet.from = endpoint();
        record->packet.to = endpoint();
        record->packet.icmp = TCP_ICMP_FRAGMENTATION_NEEDED;
        record->packet.segment.seq = next();
        record->packet.relative_seq = next();
        record->packet.has_relative_seq = flag();
        record->packet.mtu = next();
        record->packet.injected = flag();
        record->packet.about = (uint64_t)next() << 7;
        break;
    case RECORD_ALTERED:
        record->packet.packet = (uint64_t)next() << 7;
        record->packet.host = next();
        record->packet.segment = segment();
        record->packet.relative_seq = next();
        record->packet.relative_ack = next();
        record->packet.has_relative_seq = flag();
        record->packet.has_relative_ack = flag();
        record->packet.text = text();
        break;
    case RECORD_FLIPS:
        record->flips.packet = (uint64_t)next() << 7;
        record->flips.count = ENGINE_FLIPS;
        for (uint32_t i = 0; i < ENGINE_FLIPS; i++)
            record->flips.bit[i] = next();
        break;
    case RECORD_DELIVERY:
        record->delivery.host = next();
        record->delivery.connection = next();
        record->delivery.seq = next();
        record->delivery.source = next();
        record->delivery.foreign = flag();
        record->delivery.text = text();
        break;
    case RECORD_SIGNAL:
        record->signal.host = next();
        record->signal.connection = next();
        record->signal.signal = TCP_SIGNAL_REFUSED;
        record->signal.rule = rule();
        break;
    case RECORD_DROP:
        record->drop.packet = next();
        record->drop.copy = next();
        record->drop.host = next();
        record->drop.drop = DROP_BACKLOG_FULL;
        record->drop.rule = rule();
        break;
    default: break;
    }
}

// Two records are equal when their encodings are: padding and pointers don't count.
static bool encodes_equally(const struct record *a, const struct record *b) {
    struct trace one, two;
    trace_init(&one);
    trace_init(&two);
    record_write(&one, a);
    record_write(&two, b);
    bool equal = one.length == two.length && memcmp(one.bytes, two.bytes, one.length) == 0;
    trace_free(&one);
    trace_free(&two);
    return equal;
}

// Every beginning of the payload, and the payload with a byte more, is refused.
static void check_lengths(const struct trace_record *raw) {
    unsigned char bytes[4096];
    struct record record;
    struct trace_record cut = *raw;
    CHECK(raw->length + 1 < sizeof bytes);
    memcpy(bytes, raw->payload, raw->length);
    bytes[raw->length] = 0;
    cut.payload = bytes;
    for (size_t length = 0; length < raw->length; length++) {
        cut.length = length;
        CHECK(!record_decode(&cut, &record));
    }
    cut.length = raw->length + 1;
    CHECK(!record_decode(&cut, &record));
}

static void check_kind(uint8_t kind) {
    struct record record = {.kind = kind, .time = next()}, decoded, other;
    check_about("kind %u", (unsigned)kind);
    fill_host_side(&record);
    fill_tcp_side(&record);
    struct trace trace;
    trace_init(&trace);
    trace.cause = 77;
    CHECK_EQ(record_write(&trace, &record), 1);
    size_t offset = 0;
    struct trace_record raw;
    CHECK(trace_next(&trace, &offset, &raw));
    CHECK(record_decode(&raw, &decoded));
    CHECK_EQ(decoded.kind, kind);
    CHECK_EQ(decoded.number, 1);
    CHECK_EQ(decoded.time, record.time);
    CHECK_EQ(decoded.cause, 77);
    CHECK(encodes_equally(&record, &decoded));
    check_lengths(&raw);
    other = record;
    fill_host_side(&other);
    fill_tcp_side(&other);
    CHECK(!encodes_equally(&record, &other));
    trace_free(&trace);
}

static void check_step_fields(void) {
    struct trace trace;
    struct record record = {.kind = RECORD_STEP, .time = 5}, decoded;
    check_about("fields of a step");
    fill_tcp_side(&record);
    trace_init(&trace);
    record_write(&trace, &record);
    size_t offset = 0;
    struct trace_record raw;
    if (!CHECK(trace_next(&trace, &offset, &raw) && record_decode(&raw, &decoded))) return;
    CHECK_EQ(decoded.step.connection, record.step.connection);
    CHECK_EQ(decoded.step.event, TCP_R2_TIMEOUT);
    CHECK_EQ(decoded.step.local.port, record.step.local.port);
    CHECK_EQ(decoded.step.before.rcv_user, record.step.before.rcv_user);
    CHECK_EQ(decoded.step.after.rto, record.step.after.rto);
    CHECK_EQ(decoded.step.after.state, record.step.after.state);
    CHECK_EQ(decoded.step.applied.bits[0], record.step.applied.bits[0]);
    trace_free(&trace);
}

// The table names every rule of this build, in order.
static void check_rules(void) {
    struct trace trace;
    struct record decoded;
    struct trace_record raw;
    size_t offset = 0;
    check_about("the names of the rules");
    trace_init(&trace);
    CHECK_EQ(record_write_rules(&trace), 1);
    if (!CHECK(trace_next(&trace, &offset, &raw) && record_decode(&raw, &decoded))) return;
    CHECK_EQ(decoded.kind, RECORD_RULES);
    const char *names = (const char *)decoded.rules.names.bytes, *end = names + decoded.rules.names.length;
    for (uint32_t rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++) {
        const char *name = tcp_rule_info((enum tcp_rule)rule)->name;
        size_t length = strlen(name);
        CHECK((size_t)(end - names) >= length && memcmp(names, name, length) == 0);
        names += length;
        CHECK(rule + 1 == TCP_RULES ? names == end : *names == '\n');
        names++;
    }
    trace_free(&trace);
}

static void check_engine_kinds(void) {
    struct trace trace;
    struct record decoded;
    check_about("kinds of the engine");
    trace_init(&trace);
    trace_begin(&trace, TRACE_KIND_FATE, 9);
    trace_put_u64(&trace, 3);
    trace_put_u32(&trace, 1);
    trace_put_u32(&trace, 2);
    trace_put_u8(&trace, FATE_LOST_DOWN);
    trace_put_u8(&trace, 1);
    trace_put_u64(&trace, 12);
    for (uint32_t i = 0; i < 6; i++)
        trace_put_u32(&trace, 100 + i);
    trace_end(&trace);
    trace_begin(&trace, TRACE_KIND_ARRIVAL, 12);
    trace_put_u64(&trace, 3);
    trace_put_u32(&trace, 1);
    trace_end(&trace);
    size_t offset = 0;
    struct trace_record raw;
    CHECK(trace_next(&trace, &offset, &raw) && record_decode(&raw, &decoded));
    CHECK_EQ(decoded.fate.packet, 3);
    CHECK_EQ(decoded.fate.copy, 1);
    CHECK_EQ(decoded.fate.direction, 2);
    CHECK_EQ(decoded.fate.fate, FATE_LOST_DOWN);
    CHECK(decoded.fate.scripted);
    CHECK_EQ(decoded.fate.arrival, 12);
    CHECK_EQ(decoded.fate.key.word[5], 105);
    check_lengths(&raw);
    CHECK(trace_next(&trace, &offset, &raw) && record_decode(&raw, &decoded));
    CHECK_EQ(decoded.arrival.packet, 3);
    CHECK_EQ(decoded.arrival.copy, 1);
    check_lengths(&raw);
    trace_free(&trace);
}

static bool same_segment(const struct tcp_segment *a, const struct tcp_segment *b) {
    return memcmp(a, b, sizeof *a) == 0;  // it has no padding
}

// What options say comes back: SACK blocks as many as there are, a cookie of any length, and nothing without the
// option.
static void check_options(void) {
    struct record record = {.kind = RECORD_PACKET}, decoded;
    for (unsigned count = 0; count <= TCP_COOKIE_LENGTH; count++) {
        check_about("options, %u", count);
        record.packet.segment = segment();
        struct tcp_segment *sent = &record.packet.segment;
        if (count > 0 && count <= TCP_SACK_BLOCKS) {
            sent->options |= TCP_OPTION_SACK;
            sent->blocks = (uint8_t)count;
            for (unsigned i = 0; i < count; i++)
                sent->sack[i] = (struct tcp_block){next(), next()};
        } else {
            sent->options |= TCP_OPTION_FAST_OPEN;
            sent->cookie_len = (uint8_t)count;
            for (unsigned i = 0; i < count; i++)
                sent->cookie[i] = (uint8_t)(next() >> 8);
        }
        struct trace trace;
        trace_init(&trace);
        record_write(&trace, &record);
        size_t offset = 0;
        struct trace_record raw;
        CHECK(trace_next(&trace, &offset, &raw) && record_decode(&raw, &decoded));
        CHECK(same_segment(sent, &decoded.packet.segment));
        check_lengths(&raw);
        trace_free(&trace);
    }
}

// Every event, timer and signal of TCP is a record; what lies beyond them is none.
static void check_enums(void) {
    struct record record, decoded;
    check_about("events and signals");
    for (unsigned i = 0; i <= TCP_EVENT_KINDS; i++) {
        struct trace trace;
        size_t offset = 0;
        struct trace_record raw;
        trace_init(&trace);
        record = (struct record){.kind = RECORD_STEP};
        record.step.event = (uint8_t)i;
        record_write(&trace, &record);
        CHECK(trace_next(&trace, &offset, &raw));
        CHECK_EQ(record_decode(&raw, &decoded), i < TCP_EVENT_KINDS);
        if (i <= TCP_SIGNALS) {
            record = (struct record){.kind = RECORD_SIGNAL};
            record.signal.signal = (uint8_t)i;
            record_write(&trace, &record);
            CHECK(trace_next(&trace, &offset, &raw));
            CHECK_EQ(record_decode(&raw, &decoded), i < TCP_SIGNALS);
        }
        trace_free(&trace);
    }
}

// Each byte of a payload set to each of a few values: never a crash, and what is accepted holds its enums' ranges.
static void check_altered_bytes(uint8_t kind) {
    static const unsigned char values[] = {0, 1, 2, 5, 7, 11, 0x7f, 0x80, 0xff};
    struct record record = {.kind = kind}, decoded;
    unsigned char bytes[4096];
    check_about("altered bytes of kind %u", (unsigned)kind);
    fill_host_side(&record);
    fill_tcp_side(&record);
    struct trace trace;
    trace_init(&trace);
    record_write(&trace, &record);
    size_t offset = 0;
    struct trace_record raw;
    CHECK(trace_next(&trace, &offset, &raw));
    memcpy(bytes, raw.payload, raw.length);
    raw.payload = bytes;
    for (size_t i = 0; i < raw.length; i++) {
        unsigned char original = bytes[i];
        for (size_t j = 0; j < sizeof values; j++) {
            bytes[i] = values[j];
            if (!record_decode(&raw, &decoded)) continue;
            if (kind == RECORD_STEP)
                CHECK(decoded.step.after.state < TCP_STATES && decoded.step.event < TCP_EVENT_KINDS);
            if (kind == RECORD_PACKET) CHECK(decoded.packet.rule < RECORD_RULES_MOST);
            if (kind == RECORD_SIGNAL) CHECK(decoded.signal.signal < TCP_SIGNALS);
            if (kind == RECORD_FINISH) CHECK(decoded.finish.end <= RUN_STOPPED);
        }
        bytes[i] = original;
    }
    CHECK(record_decode(&raw, &decoded));
    trace_free(&trace);
}

static void check_unknown_kinds(void) {
    struct record decoded;
    check_about("unknown kinds");
    for (unsigned kind = 0; kind < 256; kind++) {
        struct trace_record raw = {.kind = (uint8_t)kind};
        CHECK(!record_decode(&raw, &decoded));
    }
}

int main(void) {
    for (int kind = RECORD_RUN; kind <= RECORD_FLIPS; kind++) {
        check_kind((uint8_t)kind);
        check_altered_bytes((uint8_t)kind);
    }
    check_step_fields();
    check_rules();
    check_options();
    check_enums();
    check_engine_kinds();
    check_unknown_kinds();
    return check_result();
}
