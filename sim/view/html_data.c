#include "sim/view/html_data.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/view/json.h"
#include "sim/view/label.h"
#include "sim/view/text.h"

// ---- JSON

// A comma, unless it is the first member of what was opened.
static void add_comma(struct words *words) {
    char last = words->length > 0 ? words->bytes[words->length - 1] : '{';
    if (last != '{' && last != '[') words_add(words, ",");
}

void html_data_key(struct words *words, const char *key) {
    add_comma(words);
    words_add(words, "\"");
    words_add(words, key);
    words_add(words, "\":");
}

// Marks of style are left out, and what may not be broken may be.
void html_data_string(struct words *words, const char *string) {
    static const char held[] = "\u00a0";
    struct words plain = {0};
    for (const char *at = string; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ') continue;
        bool blank = strncmp(at, held, sizeof held - 1) == 0;
        words_add_bytes(&plain, blank ? " " : at, 1);
        if (blank) at++;
    }
    struct record_text text = {(const unsigned char *)words_string(&plain), (uint32_t)plain.length};
    if (!json_add_string(words, text)) words_add(words, "\"?\"");  // no sentence of ours is anything but UTF-8
    words_free(&plain);
}

void html_data_number(struct words *words, const char *key, uint64_t number) {
    html_data_key(words, key);
    words_add_number(words, number);
}

void html_data_text(struct words *words, const struct model *model, const char *key, html_says says, const void *what) {
    struct words in[TCP_LANGUAGES] = {{0}};
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        struct timeline_options options = {.language = i};
        says(&in[i], model, &options, what);
    }
    bool same = strcmp(words_string(&in[0]), words_string(&in[1])) == 0;
    if (!same || in[0].length > 0) {
        html_data_key(words, key);
        if (!same) words_add(words, "[");
        html_data_string(words, words_string(&in[0]));
        if (!same) words_add(words, ",");
        if (!same) html_data_string(words, words_string(&in[1]));
        if (!same) words_add(words, "]");
    }
    words_free(&in[0]);
    words_free(&in[1]);
}

static void add_pair(struct words *words, const char *key, const char *const in[TCP_LANGUAGES]) {
    if (key != NULL) html_data_key(words, key);
    words_add(words, "[");
    html_data_string(words, in[0]);
    words_add(words, ",");
    html_data_string(words, in[1]);
    words_add(words, "]");
}

// What others wrote: hidden characters are shown.
static void add_prose(struct words *words, const char *key, struct record_text text) {
    struct words prose = {0};
    words_add_prose(&prose, text, false);
    html_data_key(words, key);
    html_data_string(words, words_string(&prose));
    words_free(&prose);
}

static void say_translated(struct words *words, const struct model *model, const struct timeline_options *options,
                           const void *what) {
    (void)model;
    words_add_prose(words, label_in_language(what, options->language), false);
}

// ---- The run

static void add_sources(struct words *words, struct record_text sources) {
    html_data_key(words, "sources");
    words_add(words, "[");
    for (uint32_t begin = 0; begin < sources.length;) {
        const unsigned char *end = memchr(sources.bytes + begin, '\n', sources.length - begin);
        uint32_t length = end != NULL ? (uint32_t)(end - sources.bytes) - begin : sources.length - begin;
        struct words line = {0};
        words_add_prose(&line, (struct record_text){sources.bytes + begin, length}, false);
        add_comma(words);
        html_data_string(words, words_string(&line));
        words_free(&line);
        begin += length + 1;
    }
    words_add(words, "]");
}

static void add_run(struct words *words, const struct model *model) {
    if (!model->has_run) return;
    struct record record = model_record(model, model->run_at);
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, record.run.seed);
    add_prose(words, "version", record.run.version);
    add_prose(words, "file", record.run.file);
    html_data_key(words, "seed");
    html_data_string(words, seed);
    struct words command = {0};
    words_add_code(&command, record.run.command, false);
    html_data_key(words, "command");
    html_data_string(words, words_string(&command));
    words_free(&command);
    html_data_text(words, model, "title", say_translated, record.run.title);
    html_data_text(words, model, "question", say_translated, record.run.question);
    html_data_text(words, model, "about", say_translated, record.run.about);
    add_sources(words, record.run.sources);
}

static void say_end(struct words *words, const struct model *model, const struct timeline_options *options,
                    const void *what) {
    const struct record *record = what;
    (void)model;
    struct words time = {0};
    unsigned digits = 9;
    for (uint64_t rest = record->time; digits > 0 && rest % 10 == 0; rest /= 10)
        digits--;
    words_add_seconds(&time, record->time, digits);
    text_add(words, options->language, TEXT_END, words_string(&time),
             text_run_end(options->language, record->finish.end));
    words_free(&time);
}

static void say_unfinished(struct words *words, const struct model *model, const struct timeline_options *options,
                           const void *what) {
    (void)model;
    (void)what;
    words_add(words, text_of(options->language, TEXT_UNFINISHED));
}

static void add_outcome(struct words *words, const struct model *model) {
    if (model->has_finish) {
        struct record finish = model_record(model, model->finish_at);
        html_data_text(words, model, "end", say_end, &finish);
    } else {
        html_data_text(words, model, "end", say_unfinished, NULL);
    }
    html_data_key(words, "claims");
    words_add(words, "[");
    for (uint32_t i = 0; i < model->claim_count; i++) {
        struct record record = model_record(model, model->claims[i]);
        add_comma(words);
        words_add(words, "{");
        html_data_number(words, "t", record.time);
        html_data_text(words, model, "claim", say_translated, record.claim.claim);
        html_data_text(words, model, "detail", say_translated, record.claim.detail);
        add_prose(words, "where", record.claim.where);
        words_add(words, "}");
    }
    words_add(words, "]");
}

// ---- Rules and hosts

static void unite_one(struct tcp_rule_set *set, uint32_t rule) {
    if (rule != TCP_RULE_NONE) tcp_rule_set_add(set, (enum tcp_rule)rule);
}

// Those of which the page speaks.
static struct tcp_rule_set rules_used(const struct model *model) {
    struct tcp_rule_set used = {{0}};
    for (uint32_t i = 0; i < model->host_count; i++)
        tcp_rule_set_unite(&used, &model->hosts[i].without);
    for (uint32_t i = 0; i < model->packet_count; i++)
        unite_one(&used, model_record(model, model->packets[i].at).packet.rule);
    for (uint32_t i = 0; i < model->row_count; i++) {
        const struct model_row *row = &model->rows[i];
        tcp_rule_set_unite(&used, &row->applied);
        unite_one(&used, row->drop_rule);
        if (row->kind == ROW_SIGNAL) unite_one(&used, model_record(model, row->at).signal.rule);
        if (row->kind == ROW_HOST_EVENT) unite_one(&used, model_record(model, row->at).host_event.rule);
    }
    return used;
}

static void add_rule(struct words *words, const struct model *model, uint32_t rule) {
    words_add(words, "{");
    html_data_number(words, "id", rule);
    add_prose(words, "name", model_rule_name(model, rule));
    if (rule < TCP_RULES) {
        const struct tcp_rule_info *info = tcp_rule_info((enum tcp_rule)rule);
        html_data_key(words, "clause");
        html_data_string(words, info->clause);
        html_data_key(words, "requirement");
        html_data_string(words, info->requirement);
        add_pair(words, "does", info->does);
        add_pair(words, "without", info->without);
    }
    words_add(words, "}");
}

static void add_rules(struct words *words, const struct model *model) {
    struct tcp_rule_set used = rules_used(model);
    html_data_key(words, "rules");
    words_add(words, "[");
    for (uint32_t rule = TCP_RULE_NONE + 1; rule < RECORD_RULES_MOST; rule++) {
        if (!tcp_rule_set_has(&used, (enum tcp_rule)rule)) continue;
        add_comma(words);
        add_rule(words, model, rule);
    }
    words_add(words, "]");
}

static void add_states(struct words *words) {
    html_data_key(words, "states");
    words_add(words, "[");
    for (unsigned i = 0; i <= MODEL_STATE_DOWN; i++) {
        const char *in[TCP_LANGUAGES] = {label_state(0, (uint8_t)i), label_state(1, (uint8_t)i)};
        add_comma(words);
        add_pair(words, NULL, in);
    }
    words_add(words, "]");
    html_data_key(words, "gloss");
    words_add(words, "[");
    for (unsigned i = 0; i < TCP_STATES; i++) {
        add_comma(words);
        html_data_string(words, text_state(1, (uint8_t)i));
    }
    words_add(words, "]");
}

static void add_endpoint(struct words *words, const char *key, const struct record_endpoint *endpoint, bool port) {
    char address[INET6_ADDRSTRLEN] = "", text[INET6_ADDRSTRLEN + 16];
    if (endpoint->family == 0) return;
    bool six = endpoint->family == 6;
    if (inet_ntop(six ? AF_INET6 : AF_INET, endpoint->address, address, sizeof address) == NULL) return;
    snprintf(text, sizeof text, port && six ? "[%s]" : "%s", address);
    size_t length = strlen(text);
    if (port) snprintf(text + length, sizeof text - length, ":%u", endpoint->port);
    html_data_key(words, key);
    html_data_string(words, text);
}

static void add_hosts(struct words *words, const struct model *model) {
    html_data_key(words, "hosts");
    words_add(words, "[");
    for (uint32_t i = 0; i < model->host_count; i++) {
        const struct model_host *host = &model->hosts[i];
        add_comma(words);
        words_add(words, "{");
        add_prose(words, "name", host->name);
        add_endpoint(words, "address", &host->address, false);
        html_data_number(words, "listens", host->listens);
        html_data_key(words, "without");
        words_add(words, "[");
        for (uint32_t rule = TCP_RULE_NONE + 1; rule < RECORD_RULES_MOST; rule++) {
            if (!tcp_rule_set_has(&host->without, (enum tcp_rule)rule)) continue;
            add_comma(words);
            words_add_number(words, rule);
        }
        words_add(words, "]}");
    }
    words_add(words, "]");
}

static void say_connection(struct words *words, const struct model *model, const struct timeline_options *options,
                           const void *what) {
    const struct model_connection *connection = what;
    label_connection(words, model, options, connection->id);
}

static void add_connections(struct words *words, const struct model *model) {
    html_data_key(words, "connections");
    words_add(words, "[");
    for (uint32_t i = 0; i < model->connection_count; i++) {
        const struct model_connection *connection = &model->connections[i];
        add_comma(words);
        words_add(words, "{");
        html_data_number(words, "id", connection->id);
        html_data_number(words, "host", connection->host);
        html_data_text(words, model, "label", say_connection, connection);
        add_endpoint(words, "local", &connection->local, true);
        add_endpoint(words, "remote", &connection->remote, true);
        words_add(words, "}");
    }
    words_add(words, "]");
}

// ---- Packets

// What is said in dim letters, the absolute numbers behind the relative ones, is left out.
static void add_bright(struct words *words, const struct words *from) {
    bool dim = false;
    for (size_t i = 0; i < from->length; i++) {
        char byte = from->bytes[i];
        if (byte >= STYLE_PLAIN && byte < STYLES) dim = byte == STYLE_DIM;
        if (!dim) words_add_bytes(words, &byte, 1);
    }
}

static void say_relative(struct words *words, const struct model *model, const struct timeline_options *options,
                         const void *what) {
    struct words both = {0};
    label_packet(&both, model, options, what);
    add_bright(words, &both);
    words_free(&both);
}

static void say_absolute(struct words *words, const struct model *model, const struct timeline_options *options,
                         const void *what) {
    struct timeline_options absolute = *options;
    absolute.absolute = true;
    label_packet(words, model, &absolute, what);
}

static void add_numbers(struct words *words, const char *key, const uint32_t *numbers, unsigned count) {
    html_data_key(words, key);
    words_add(words, "[");
    for (unsigned i = 0; i < count; i++) {
        add_comma(words);
        words_add_number(words, numbers[i]);
    }
    words_add(words, "]");
}

static void add_options(struct words *words, const struct tcp_segment *segment) {
    const uint8_t options = segment->options;
    if ((options & TCP_OPTION_MSS) != 0) html_data_number(words, "mss", segment->mss);
    if ((options & TCP_OPTION_WINDOW_SCALE) != 0) html_data_number(words, "wscale", segment->scale);
    if ((options & TCP_OPTION_SACK_PERMITTED) != 0) html_data_number(words, "sackOk", 1);
    if ((options & TCP_OPTION_TIMESTAMPS) != 0)
        add_numbers(words, "ts", (const uint32_t[]){segment->ts_val, segment->ts_ecr}, 2);
    if ((options & TCP_OPTION_USER_TIMEOUT) != 0) html_data_number(words, "userTimeout", segment->timeout);
    if ((options & TCP_OPTION_FAST_OPEN) != 0) html_data_number(words, "cookie", segment->cookie_len);
    if ((options & TCP_OPTION_SACK) == 0) return;
    uint32_t edges[2 * TCP_SACK_BLOCKS];
    unsigned count = segment->blocks < TCP_SACK_BLOCKS ? segment->blocks : TCP_SACK_BLOCKS;
    for (unsigned i = 0; i < count; i++) {
        edges[2 * i] = segment->sack[i].begin;
        edges[2 * i + 1] = segment->sack[i].end;
    }
    add_numbers(words, "sack", edges, 2 * count);
}

static void add_segment(struct words *words, const struct record *record, const struct model_packet *packet) {
    const struct tcp_segment *segment = &record->packet.segment;
    struct words quoted = {0};
    html_data_number(words, "flags", segment->flags);
    html_data_number(words, "seq", segment->seq);
    html_data_number(words, "ack", segment->ack);
    if (record->packet.has_relative_seq) html_data_number(words, "rseq", record->packet.relative_seq);
    if (record->packet.has_relative_ack) html_data_number(words, "rack", record->packet.relative_ack);
    html_data_number(words, "len", segment->len);
    html_data_number(words, "wnd", segment->wnd);
    if (packet->scale > 0) html_data_number(words, "scale", packet->scale);
    if ((segment->flags & TCP_URG) != 0) html_data_number(words, "up", segment->up);
    add_options(words, segment);
    if (record->packet.text.length > 0) {
        words_add_quoted(&quoted, record->packet.text, 240, false);
        html_data_key(words, "data");
        html_data_string(words, words_string(&quoted));
    }
    words_free(&quoted);
}

static void add_packet(struct words *words, const struct model *model, const struct model_packet *packet) {
    struct record record = model_record(model, packet->at);
    words_add(words, "{");
    html_data_number(words, "n", packet->number);
    html_data_number(words, "from", packet->host);
    if (packet->to_host != MODEL_NONE) html_data_number(words, "to", packet->to_host);
    html_data_number(words, "c", packet->connection);
    add_endpoint(words, "source", &record.packet.from, true);
    add_endpoint(words, "destination", &record.packet.to, true);
    html_data_text(words, model, "label", say_relative, packet);
    html_data_text(words, model, "absolute", say_absolute, packet);
    if (record.kind == RECORD_ICMP)
        html_data_number(words, "icmp", record.packet.icmp);
    else
        add_segment(words, &record, packet);
    if (record.packet.injected) html_data_number(words, "injected", 1);
    if (record.packet.answers != 0) html_data_number(words, "answers", record.packet.answers);
    if (record.packet.repeats != 0) html_data_number(words, "repeats", record.packet.repeats);
    if (record.packet.acknowledges != 0) html_data_number(words, "acknowledges", record.packet.acknowledges);
    words_add(words, "}");
}

static void add_packets(struct words *words, const struct model *model) {
    html_data_key(words, "packets");
    words_add(words, "[");
    for (uint32_t i = 0; i < model->packet_count; i++) {
        if (i > 0) words_add(words, ",\n");
        add_packet(words, model, &model->packets[i]);
    }
    words_add(words, "]");
}

static void say_reasons(struct words *words, const struct model *model, const struct timeline_options *options,
                        const void *what) {
    label_reasons(words, model, options, what);
}

static void add_flights(struct words *words, const struct model *model) {
    html_data_key(words, "flights");
    words_add(words, "[");
    for (uint32_t i = 0; i < model->flight_count; i++) {
        const struct model_flight *flight = &model->flights[i];
        if (i > 0) words_add(words, ",\n");
        words_add(words, "{");
        html_data_number(words, "p", flight->packet);
        if (flight->copy > 0) html_data_number(words, "copy", flight->copy);
        if (!model_arrives(flight)) html_data_number(words, "lost", 1);
        if (flight->fate == FATE_CORRUPTED) html_data_number(words, "corrupted", 1);
        html_data_number(words, "sent", flight->sent);
        if (model_arrives(flight)) html_data_number(words, "arrival", flight->arrival);
        html_data_text(words, model, "why", say_reasons, flight);
        words_add(words, "}");
    }
    words_add(words, "]");
}

void html_data(struct words *words, const struct model *model) {
    words_add(words, "{");
    add_run(words, model);
    add_outcome(words, model);
    add_states(words);
    add_rules(words, model);
    add_hosts(words, model);
    add_connections(words, model);
    add_packets(words, model);
    add_flights(words, model);
    html_data_steps(words, model);
    words_add(words, "}");
}
