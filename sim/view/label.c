#include "sim/view/label.h"

#include <string.h>

#include "core/seq.h"
#include "sim/view/text.h"

enum { SNIPPET_COLUMNS = 24, SNIPPET_COLUMNS_EXPLAINED = 48 };

bool label_ascii(const struct timeline_options *options) {
    return options->ascii && options->language == 0;
}

void label_separator(struct words *words, const struct timeline_options *options) {
    words_add(words, options->ascii ? "; " : "\u00a0· ");
}

void label_flags(struct words *words, uint8_t flags, int language) {
    static const struct {
        uint8_t flag;
        const char *name;
    } names[] = {{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_PSH, "PSH"},
                 {TCP_ACK, "ACK"}, {TCP_URG, "URG"}, {TCP_ECE, "ECE"}, {TCP_CWR, "CWR"}};
    if (flags == 0) words_add(words, text_of(language, TEXT_NO_FLAGS));
    bool first = true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((flags & names[i].flag) == 0) continue;
        if (!first) words_add(words, ",");
        first = false;
        words_add(words, names[i].name);
    }
}

// What lies before the initial number is negative.
static void add_relative(struct words *words, uint32_t relative) {
    bool before = relative > INT32_MAX;
    if (before) words_add(words, "-");
    words_add_number(words, before ? (uint32_t)(0 - relative) : relative);
}

// "seq=1 (101)".
static void add_sequence(struct words *words, const char *name, uint32_t absolute, bool has_relative, uint32_t relative,
                         const struct timeline_options *options) {
    words_add(words, " ");
    words_add(words, name);
    words_add(words, "=");
    if (!has_relative || options->absolute) {
        words_add_number(words, absolute);
        return;
    }
    add_relative(words, relative);
    words_add_style(words, STYLE_DIM);
    words_add(words, "\u00a0(");
    words_add_number(words, absolute);
    words_add(words, ")");
    words_add_style(words, STYLE_PLAIN);
}

static void add_text(struct words *words, const struct record *record, const struct timeline_options *options) {
    uint32_t length = record->packet.segment.len;
    struct words count = {0};
    words_add(words, " ");
    text_add_number(&count, options->language, length == 1 ? TEXT_BYTE : TEXT_BYTES, length);
    words_add_together(words, words_string(&count));
    words_free(&count);
    if (record->packet.text.length == 0) return;
    words_add(words, "\u00a0");
    words_add_quoted(words, record->packet.text, options->explain ? SNIPPET_COLUMNS_EXPLAINED : SNIPPET_COLUMNS,
                     label_ascii(options));
}

static void add_field(struct words *words, const char *name, uint32_t value) {
    words_add(words, " ");
    words_add(words, name);
    words_add(words, "=");
    words_add_number(words, value);
}

// ---- Options

// A number of the other direction's: relative as SEG.ACK is.
static void add_beside_ack(struct words *words, const struct record *record, uint32_t number,
                           const struct timeline_options *options) {
    if (!record->packet.has_relative_ack || options->absolute)
        words_add_number(words, number);
    else
        add_relative(words, record->packet.relative_ack + (number - record->packet.segment.ack));
}

static void add_block(struct words *words, const struct record *record, const struct tcp_block *block,
                      const struct timeline_options *options) {
    add_beside_ack(words, record, block->begin, options);
    words_add(words, "-");
    add_beside_ack(words, record, block->end, options);
}

// RFC 2883 section 4: the first block tells of a duplicate when it lies below SEG.ACK, or within the second one.
static bool tells_of_duplicate(const struct tcp_segment *segment) {
    const struct tcp_block *first = &segment->sack[0], *second = &segment->sack[1];
    if (seq_lt(first->begin, segment->ack)) return true;
    return segment->blocks > 1 && seq_le(second->begin, first->begin) && seq_le(first->end, second->end);
}

// "dsack=1-101 sack=301-401,501-601": from the first number held to the one behind the last.
static void add_sack(struct words *words, const struct record *record, const struct timeline_options *options) {
    const struct tcp_segment *segment = &record->packet.segment;
    bool duplicate = segment->blocks > 0 && tells_of_duplicate(segment);
    for (unsigned i = 0; i < segment->blocks; i++) {
        if (i == 0 || (i == 1 && duplicate))
            words_add(words, i == 0 && duplicate ? " dsack=" : " sack=");
        else
            words_add(words, ",");
        add_block(words, record, &segment->sack[i], options);
    }
}

// RFC 5482 section 3: the highest bit makes them minutes.
static void add_user_timeout(struct words *words, uint16_t timeout) {
    const unsigned minutes = 0x8000;
    words_add(words, " user-timeout=");
    words_add_number(words, timeout & ~minutes);
    words_add(words, timeout & minutes ? "\u00a0min" : "\u00a0s");
}

// What a SYN offers holds for the connection. The MSS, which every SYN offers, and the timestamps, which every segment
// bears, are for explained timelines; what else stands in an option is always shown.
static void add_options(struct words *words, const struct record *record, const struct timeline_options *options) {
    const struct tcp_segment *segment = &record->packet.segment;
    if ((segment->options & TCP_OPTION_MSS) != 0 && options->explain) add_field(words, "mss", segment->mss);
    if ((segment->options & TCP_OPTION_WINDOW_SCALE) != 0) add_field(words, "wscale", segment->scale);
    if ((segment->options & TCP_OPTION_SACK_PERMITTED) != 0) words_add(words, " sack-permitted");
    if ((segment->options & TCP_OPTION_TIMESTAMPS) != 0) {
        bool syn = (segment->flags & TCP_SYN) != 0;
        if (options->explain) add_field(words, "TSval", segment->ts_val);
        if (options->explain && (segment->flags & TCP_ACK) != 0) add_field(words, "TSecr", segment->ts_ecr);
        if (!options->explain && syn) words_add(words, " timestamps");
    }
    if ((segment->options & TCP_OPTION_USER_TIMEOUT) != 0) add_user_timeout(words, segment->timeout);
    if ((segment->options & TCP_OPTION_FAST_OPEN) != 0)
        words_add(words, segment->cookie_len > 0 ? " fast-open=cookie" : " fast-open=request");
    if ((segment->options & TCP_OPTION_SACK) != 0) add_sack(words, record, options);
}

// The window in octets where a scale makes them more than the field says.
static void add_window(struct words *words, const struct model_packet *packet, uint16_t field) {
    add_field(words, "wnd", field);
    if (packet->scale == 0 || field == 0) return;
    words_add(words, "<<");
    words_add_number(words, packet->scale);
}

// ---- Packets

// "ICMP packet too big (mtu 576) about #4", or about a sequence number where no such packet was sent.
static void add_icmp(struct words *words, const struct record *record, const struct timeline_options *options) {
    struct words kind = {0}, mtu = {0}, about = {0};
    words_add(&kind, text_icmp(options->language, record->packet.icmp));
    if (record->packet.icmp == TCP_ICMP_FRAGMENTATION_NEEDED) {
        words_add_number(&mtu, record->packet.mtu);
        text_add(&kind, options->language, TEXT_ICMP_MTU, words_string(&mtu), NULL);
    }
    if (record->packet.about != 0) {
        words_add(&about, "#");
        words_add_number(&about, record->packet.about);
    } else {
        add_sequence(&about, "seq", record->packet.segment.seq, record->packet.has_relative_seq,
                     record->packet.relative_seq, options);
    }
    words_add_style(words, STYLE_FLAGS);
    words_add(words, "ICMP ");
    words_add_style(words, STYLE_PLAIN);
    const char *number = words_string(&about);
    text_add(words, options->language, TEXT_ICMP_ABOUT, words_string(&kind), *number == ' ' ? number + 1 : number);
    words_free(&kind);
    words_free(&mtu);
    words_free(&about);
}

// "SYN,ACK seq=0 (300) ack=1 (101)", and its text.
static void add_segment(struct words *words, const struct record *record, const struct timeline_options *options) {
    const struct tcp_segment *segment = &record->packet.segment;
    words_add_style(words, (segment->flags & TCP_RST) != 0 ? STYLE_BAD : STYLE_FLAGS);
    label_flags(words, segment->flags, options->language);
    words_add_style(words, STYLE_PLAIN);
    add_sequence(words, "seq", segment->seq, record->packet.has_relative_seq, record->packet.relative_seq, options);
    if ((segment->flags & TCP_ACK) != 0)
        add_sequence(words, "ack", segment->ack, record->packet.has_relative_ack, record->packet.relative_ack, options);
    if (segment->len > 0) add_text(words, record, options);
}

void label_packet(struct words *words, const struct model *model, const struct timeline_options *options,
                  const struct model_packet *packet) {
    struct record record = model_record(model, packet->at);
    const struct tcp_segment *segment = &record.packet.segment;
    words_add(words, "#");
    words_add_number(words, packet->number);
    words_add(words, "\u00a0");
    if (record.kind == RECORD_ICMP) {
        add_icmp(words, &record, options);
        return;
    }
    add_segment(words, &record, options);
    bool tells_window = options->explain && (packet->window_changed || (segment->flags & TCP_SYN) != 0);
    if (packet->window_leaps || tells_window) add_window(words, packet, segment->wnd);
    if ((segment->flags & TCP_URG) != 0) add_field(words, "up", segment->up);
    add_options(words, &record, options);
}

// A member of a line of reasons; separated from the one before.
static void add_reason(struct words *words, size_t begin, const struct timeline_options *options, enum text_id id,
                       const char *argument) {
    struct words reason = {0};
    if (words->length > begin) label_separator(words, options);
    text_add(&reason, options->language, id, argument, NULL);
    words_add_together(words, words_string(&reason));
    words_free(&reason);
}

static void add_packet_reason(struct words *words, size_t begin, const struct timeline_options *options,
                              enum text_id id, uint64_t packet) {
    if (packet == 0) return;
    struct words number = {0};
    words_add_number(&number, packet);
    add_reason(words, begin, options, id, words_string(&number));
    words_free(&number);
}

static bool same_address(const struct record_endpoint *a, const struct record_endpoint *b) {
    return a->family == b->family && memcmp(a->address, b->address, sizeof a->address) == 0;
}

// An injected packet bears the address of a host that didn't send it.
static void add_forgery(struct words *words, size_t begin, const struct model *model,
                        const struct timeline_options *options, const struct record *record) {
    if (!record->packet.injected) return;
    for (uint32_t i = 0; i < model->host_count; i++) {
        if (i == record->packet.host || !same_address(&model->hosts[i].address, &record->packet.from)) continue;
        struct words name = {0};
        label_host(&name, model, options, i);
        add_reason(words, begin, options, TEXT_FORGED, words_string(&name));
        words_free(&name);
        return;
    }
}

// How a copy fares, where the drawing doesn't say it.
static void add_fate(struct words *words, size_t begin, const struct model *model,
                     const struct timeline_options *options, const struct model_flight *flight, bool far) {
    if (flight->fate != FATE_DELIVERED) {  // FATE_CORRUPTED too
        if (words->length > begin) label_separator(words, options);
        words_add_style(words, STYLE_BAD);
        words_add_together(words, text_fate(options->language, flight->fate));
        words_add_style(words, STYLE_DIM);
        return;
    }
    struct words time = {0};
    if (flight->arrives_row == MODEL_NONE) {
        if (model->has_finish) add_reason(words, begin, options, TEXT_STILL_IN_FLIGHT, NULL);
    } else if (flight->held > 0) {
        words_add_duration(&time, flight->held);
        add_reason(words, begin, options, TEXT_HELD, words_string(&time));
    } else if (far) {
        words_add_duration(&time, flight->arrival - flight->sent);
        add_reason(words, begin, options, TEXT_ARRIVES_AFTER, words_string(&time));
    }
    words_free(&time);
}

// " (RFC 9293 3.5, MUST-4)", where the rule is one of this build's.
static void add_clause(struct words *words, uint32_t rule) {
    if (rule >= TCP_RULES) return;
    const struct tcp_rule_info *info = tcp_rule_info((enum tcp_rule)rule);
    words_add(words, " (");
    for (const char *from = info->clause; *from != '\0'; from++)
        if (*from == ' ' && from[-1] != ',')
            words_add(words, "\u00a0");
        else
            words_add_bytes(words, from, 1);
    if (info->requirement[0] != '\0') {
        words_add(words, ", ");
        words_add(words, info->requirement);
    }
    words_add(words, ")");
}

void label_why(struct words *words, size_t begin, const struct model *model, const struct timeline_options *options,
               const struct model_packet *packet) {
    struct record record = model_record(model, packet->at);
    add_packet_reason(words, begin, options, packet->answers_copy ? TEXT_ANSWERS_COPY : TEXT_ANSWERS,
                      record.packet.answers);
    add_packet_reason(words, begin, options, TEXT_REPEATS, record.packet.repeats);
    add_packet_reason(words, begin, options, TEXT_ACKNOWLEDGES, record.packet.acknowledges);
    add_forgery(words, begin, model, options, &record);
    if (record.packet.rule == TCP_RULE_NONE) return;
    if (words->length > begin) label_separator(words, options);
    label_rule_name(words, model, options, record.packet.rule);
    if (options->explain) add_clause(words, record.packet.rule);
}

void label_reasons(struct words *words, const struct model *model, const struct timeline_options *options,
                   const struct model_flight *flight) {
    words_add_style(words, STYLE_DIM);
    size_t begin = words->length;
    if (flight->copy == 0) label_why(words, begin, model, options, &model->packets[flight->packet]);
    uint64_t took = flight->arrival - flight->sent;
    add_fate(words, begin, model, options, flight, flight->fate == FATE_DELIVERED && took >= 500000000);
    if (words->length == begin) words->length--;  // the mark of style alone is no text
    if (words->bytes != NULL) words->bytes[words->length] = '\0';
}

// A bare ACK that is in order, but only says once more what was known, isn't refused; while text is in flight, it tells
// that something else has arrived.
static enum text_id ignored_text(const struct model *model, const struct model_row *row) {
    struct record record = model_record(model, model->packets[model->flights[row->flight].packet].at);
    const struct tcp_segment *segment = &record.packet.segment;
    bool bare = segment->flags == TCP_ACK && segment->len == 0;
    if (!bare || !row->synchronized || row->drop_rule != TCP_RULE_NONE) return TEXT_IGNORED;
    return row->duplicate_ack ? TEXT_DUPLICATE_ACK : TEXT_NOTHING_NEW;
}

void label_arrival(struct words *words, const struct model *model, const struct timeline_options *options,
                   const struct model_row *row) {
    const struct model_flight *flight = &model->flights[row->flight];
    if (row->altered != 0) {
        struct record record = model_record(model, row->altered);
        words_add_style(words, STYLE_BAD);
        words_add(words, text_of(options->language, TEXT_ARRIVES_AS));
        add_segment(words, &record, options);
        if (row->drop != 0 || row->ignored || flight->overtakes != 0) label_separator(words, options);
    }
    size_t begin = words->length;
    if (row->drop != 0 || row->ignored) {
        words_add_style(words, row->drop != 0 ? STYLE_BAD : STYLE_NOTE);
        words_add_together(words, row->drop != 0 ? text_drop(options->language, (uint8_t)(row->drop - 1))
                                                 : text_of(options->language, ignored_text(model, row)));
        words_add_style(words, STYLE_DIM);
        if (row->drop_rule != TCP_RULE_NONE) {
            label_separator(words, options);
            label_rule_name(words, model, options, row->drop_rule);
            if (options->explain && row->drop != 0) add_clause(words, row->drop_rule);
        }
    }
    add_packet_reason(words, begin, options, TEXT_OVERTAKES, flight->overtakes);
}

void label_rule_name(struct words *words, const struct model *model, const struct timeline_options *options,
                     uint32_t rule) {
    words_add_prose(words, model_rule_name(model, rule), label_ascii(options));
}

void label_rule(struct words *words, const struct model *model, const struct timeline_options *options, uint32_t rule,
                bool sentence) {
    words_add_style(words, STYLE_STRONG);
    label_rule_name(words, model, options, rule);
    words_add_style(words, STYLE_DIM);
    add_clause(words, rule);
    words_add_style(words, STYLE_PLAIN);
    if (!sentence || rule >= TCP_RULES) return;
    words_add(words, text_of(options->language, TEXT_COLON));
    words_add(words, tcp_rule_info((enum tcp_rule)rule)->does[options->language == 1]);
}

void label_connection(struct words *words, const struct model *model, const struct timeline_options *options,
                      uint32_t connection) {
    const struct model_connection *named = model_connection(model, connection);
    if (named == NULL || named->port == 0) return;
    if (named->peer != MODEL_NONE) {
        label_host(words, model, options, named->peer);
        words_add(words, ":");
    }
    words_add_number(words, named->port);
    if (named->reuses) {
        words_add(words, "/");
        words_add_number(words, named->ordinal);
    }
    words_add(words, " ");
}

const char *label_state(int language, uint8_t state) {
    return state == MODEL_STATE_DOWN ? text_of(language, TEXT_DOWN) : tcp_state_name((enum tcp_state)state);
}

void label_host(struct words *words, const struct model *model, const struct timeline_options *options, uint32_t host) {
    words_add_prose(words, model->hosts[host].name, label_ascii(options));
}
