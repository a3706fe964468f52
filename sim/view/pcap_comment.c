#include "sim/view/pcap_comment.h"

#include "sim/view/label.h"
#include "sim/view/text.h"
#include "sim/view/width.h"

// Adds what was composed for a terminal without its marks of style, and with ordinary spaces.
static void add_plain(struct words *words, const struct words *composed) {
    const char *bytes = words_string(composed);
    for (size_t at = 0, size; at < composed->length; at += size) {
        uint32_t point = 0;
        size = width_decode(bytes + at, composed->length - at, &point);
        if (size == 0) size = 1;
        if (point == 0xa0)
            words_add(words, " ");
        else if (point >= 0x20 || point == '\n')
            words_add_bytes(words, bytes + at, size);
    }
}

static void add_number(struct words *words, const struct model *model, const struct timeline_options *options,
                       const struct model_packet *packet, bool copy) {
    struct record record = model_record(model, packet->at);
    if (copy) {
        text_add_number(words, options->language, TEXT_COPY_OF, packet->number);
    } else if (record.kind == RECORD_ICMP) {
        label_packet(words, model, options, packet);
    } else {
        words_add(words, "#");
        words_add_number(words, packet->number);
    }
}

// "arrived at server after 20 ms", and what the host made of it.
static void add_arrival(struct words *words, const struct model *model, const struct timeline_options *options,
                        const struct model_flight *flight) {
    const struct model_row *row = &model->rows[flight->arrives_row];
    struct words host = {0}, took = {0}, more = {0};
    label_host(&host, model, options, row->host);
    words_add_duration(&took, row->time - flight->sent);
    text_add(words, options->language, TEXT_ARRIVED, words_string(&host), words_string(&took));
    label_arrival(&more, model, options, row);
    if (more.length > 0) label_separator(words, options);
    if (row->drop != 0) text_add(words, options->language, TEXT_DROPPED_BY, words_string(&host), NULL);
    words_add_bytes(words, words_string(&more), more.length);
    words_free(&host);
    words_free(&took);
    words_free(&more);
}

static void add_fate(struct words *words, const struct model *model, const struct timeline_options *options,
                     const struct model_flight *flight) {
    const char *fate = text_fate(options->language, flight->fate);
    if (!model_arrives(flight)) {
        text_add(words, options->language, TEXT_LOST_ON_THE_WAY, fate, NULL);
        return;
    }
    if (flight->fate == FATE_CORRUPTED) {
        words_add(words, fate);
        label_separator(words, options);
    }
    if (flight->arrives_row != MODEL_NONE)
        add_arrival(words, model, options, flight);
    else
        words_add(words, text_of(options->language, TEXT_STILL_IN_FLIGHT));
}

void pcap_comment(struct words *words, const struct model *model, const struct timeline_options *options,
                  const struct model_flight *flight, bool arrived) {
    const struct model_packet *packet = &model->packets[flight->packet];
    struct words line = {0};
    add_number(&line, model, options, packet, flight->copy > 0);
    size_t number = line.length;
    label_separator(&line, options);
    size_t begin = line.length;
    label_why(&line, begin, model, options, packet);
    if (line.length == begin) line.length = number;
    label_separator(&line, options);
    add_fate(&line, model, options, flight);
    for (uint32_t copy = 1; !arrived && copy < packet->flights; copy++) {
        label_separator(&line, options);
        text_add_number(&line, options->language, TEXT_COPY_OF, packet->number);
        words_add(&line, text_of(options->language, TEXT_COLON));
        add_fate(&line, model, options, &model->flights[packet->first_flight + copy]);
    }
    add_plain(words, &line);
    words_free(&line);
}

static void add_line(struct words *words, struct record_text text) {
    if (text.length == 0) return;
    if (words->length > 0) words_add(words, "\n");
    words_add_prose(words, text, false);
}

// The first stands for both where the second is empty.
static void add_line_in(struct words *words, const struct record_text texts[TCP_LANGUAGES], int language) {
    const struct record_text *text = &texts[language == 1];
    add_line(words, text->length > 0 ? *text : texts[0]);
}

void pcap_comment_run(struct words *words, const struct record *run, const struct timeline_options *options) {
    add_line_in(words, run->run.title, options->language);
    add_line_in(words, run->run.question, options->language);
    add_line(words, run->run.command);
}
