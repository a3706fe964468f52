#include "sim/view/mermaid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/view/label.h"
#include "sim/view/model.h"
#include "sim/view/text.h"
#include "sim/view/width.h"

#define SILENCE UINT64_C(500000000)  // nanoseconds; a longer one is said

struct mermaid {
    struct model model;
    struct timeline_options options;
    struct words *out;
    struct words label;
};

// ---- Text

// These stand for themselves in Mermaid; what else is ASCII is written as an entity, "#59;", since quotes, colons,
// semicolons, #, %, $, braces, and words in angle brackets mean something to it. U+FB02 stands in its own notation of
// entities.
static bool is_plain(uint32_t point) {
    if (point >= 0x80) return point != 0xfb02;
    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z') ||
           (point != '\0' && strchr(" ,.=_/()-", (int)point) != NULL);
}

// Appends the label without its marks of style, and a line end.
static void put_label(struct mermaid *mermaid, const struct words *label) {
    const char *text = words_string(label);
    for (size_t at = 0, size; at < label->length; at += size) {
        uint32_t point = 0;
        char entity[16];
        size = width_decode(text + at, label->length - at, &point);
        if (size == 0) size = 1;
        if (point == '\n') {
            words_add(mermaid->out, "<br/>");
        } else if (point == 0xa0) {
            words_add(mermaid->out, " ");
        } else if (is_plain(point)) {
            words_add_bytes(mermaid->out, text + at, size);
        } else if (point >= ' ') {
            snprintf(entity, sizeof entity, "#%" PRIu32 ";", point);
            words_add(mermaid->out, entity);
        }
    }
    words_add(mermaid->out, "\n");
    words_clear(&mermaid->label);
}

// "    Note over h0: ", or over all hosts.
static void put_note(struct mermaid *mermaid, uint32_t host) {
    char front[60];
    uint32_t hosts = mermaid->model.host_count;
    if (mermaid->label.length == 0 || hosts == 0) {
        words_clear(&mermaid->label);
        return;
    }
    if (host != MODEL_NONE || hosts == 1)
        snprintf(front, sizeof front, "    Note over h%" PRIu32 ": ", host != MODEL_NONE ? host : 0);
    else
        snprintf(front, sizeof front, "    Note over h0,h%" PRIu32 ": ", hosts - 1);
    words_add(mermaid->out, front);
    put_label(mermaid, &mermaid->label);
}

// ---- Where arrows are drawn

static bool is_shown(const struct model_row *row) {
    return row->first_change != MODEL_NONE || row->error != TCP_OK || row->weight == WEIGHT_SHOWN;
}

// Something of `host` is shown between the two rows.
static bool is_busy(const struct model *model, uint32_t from, uint32_t to, uint32_t host) {
    for (uint32_t i = from + 1; i < to; i++)
        if (is_shown(&model->rows[i]) && (model->rows[i].host == host || model->rows[i].host == MODEL_NONE))
            return true;
    return false;
}

enum drawn { DRAWN_AT_DEPARTURE, DRAWN_AT_ARRIVAL, DRAWN_TWICE };

// A single arrow must not stand on the wrong side of what its two ends do meanwhile.
static enum drawn place_of(const struct model *model, const struct model_flight *flight) {
    const struct model_packet *packet = &model->packets[flight->packet];
    if (flight->arrives_row == MODEL_NONE) return DRAWN_AT_DEPARTURE;
    if (!is_busy(model, flight->departs_row, flight->arrives_row, packet->to_host)) return DRAWN_AT_DEPARTURE;
    if (!is_busy(model, flight->departs_row, flight->arrives_row, packet->host)) return DRAWN_AT_ARRIVAL;
    return DRAWN_TWICE;
}

static void put_arrow(struct mermaid *mermaid, const struct model_packet *packet, const char *arrow) {
    char front[60];
    snprintf(front, sizeof front, "    h%" PRIu32 "%sh%" PRIu32 ": ", packet->host, arrow, packet->to_host);
    words_add(mermaid->out, front);
    put_label(mermaid, &mermaid->label);
}

// "#1", or "copy of #1".
static void add_name(struct mermaid *mermaid, const struct model_flight *flight) {
    const struct model_packet *packet = &mermaid->model.packets[flight->packet];
    if (flight->copy > 0) {
        text_add_number(&mermaid->label, mermaid->options.language, TEXT_COPY_OF, packet->number);
        return;
    }
    words_add(&mermaid->label, "#");
    words_add_number(&mermaid->label, packet->number);
}

// Adds a line below the label, where there is something to say.
static void add_below(struct words *label, const struct words *more) {
    if (more->length == 0) return;
    words_add(label, "\n");
    words_add(label, words_string(more));
}

// The packet with why it was sent, and what becomes of it.
static void add_packet(struct mermaid *mermaid, const struct model_flight *flight) {
    const struct model_packet *packet = &mermaid->model.packets[flight->packet];
    struct words reasons = {0};
    if (flight->copy > 0)
        add_name(mermaid, flight);
    else
        label_packet(&mermaid->label, &mermaid->model, &mermaid->options, packet);
    label_reasons(&reasons, &mermaid->model, &mermaid->options, flight);
    add_below(&mermaid->label, &reasons);
    words_free(&reasons);
}

// What is to be said of it where it arrives.
static void add_arrival(struct mermaid *mermaid, const struct model_flight *flight) {
    if (flight->arrives_row == MODEL_NONE) return;
    struct words arrival = {0};
    label_arrival(&arrival, &mermaid->model, &mermaid->options, &mermaid->model.rows[flight->arrives_row]);
    add_below(&mermaid->label, &arrival);
    words_free(&arrival);
}

static void put_departure(struct mermaid *mermaid, const struct model_row *row) {
    const struct model_flight *flight = &mermaid->model.flights[row->flight];
    const struct model_packet *packet = &mermaid->model.packets[flight->packet];
    enum drawn place = place_of(&mermaid->model, flight);
    if (place == DRAWN_AT_ARRIVAL) return;
    add_packet(mermaid, flight);
    if (packet->to_host == MODEL_NONE) {
        put_note(mermaid, packet->host);
        return;
    }
    bool lost = !model_arrives(flight), open = place == DRAWN_TWICE || flight->arrives_row == MODEL_NONE;
    if (place == DRAWN_AT_DEPARTURE) add_arrival(mermaid, flight);
    put_arrow(mermaid, packet, lost ? "--x" : open ? "-)" : flight->copy > 0 ? "-->>" : "->>");
}

static void put_arrival(struct mermaid *mermaid, const struct model_row *row) {
    const struct model_flight *flight = &mermaid->model.flights[row->flight];
    enum drawn place = place_of(&mermaid->model, flight);
    if (place == DRAWN_AT_DEPARTURE) return;
    if (place == DRAWN_AT_ARRIVAL) {
        add_packet(mermaid, flight);
    } else {
        add_name(mermaid, flight);
        words_add(&mermaid->label, " ");
        words_add(&mermaid->label, text_of(mermaid->options.language, TEXT_ARRIVES));
    }
    add_arrival(mermaid, flight);
    put_arrow(mermaid, &mermaid->model.packets[flight->packet],
              place == DRAWN_TWICE || flight->copy > 0 ? "-->>" : "->>");
}

// ---- Rows

static void put_changes(struct mermaid *mermaid, const struct model_row *row) {
    const struct model *model = &mermaid->model;
    for (uint32_t i = row->first_change; i != MODEL_NONE; i = model->changes[i].next) {
        const struct model_change *change = &model->changes[i];
        if (change->labelled) label_connection(&mermaid->label, model, &mermaid->options, change->connection);
        words_add(&mermaid->label, label_state(mermaid->options.language, change->state));
        put_note(mermaid, change->host);
    }
}

static void put_row(struct mermaid *mermaid, const struct model_row *row) {
    struct words text = {0};
    label_row(&text, &mermaid->model, &mermaid->options, row);
    if (text.length > 0) {
        if (row->labelled) label_connection(&mermaid->label, &mermaid->model, &mermaid->options, row->connection);
        words_add(&mermaid->label, words_string(&text));
    }
    if (row->error != TCP_OK) {
        words_add(&mermaid->label, mermaid->options.ascii ? " -> " : " → ");
        words_add(&mermaid->label, text_error(mermaid->options.language, row->error));
    }
    put_note(mermaid, row->host);
    words_free(&text);
}

static void put_rows(struct mermaid *mermaid) {
    uint64_t last = 0;
    for (uint32_t i = 0; i < mermaid->model.row_count; i++) {
        const struct model_row *row = &mermaid->model.rows[i];
        if (!is_shown(row)) continue;
        if (row->time - last > SILENCE) {
            struct words later = {0};
            words_add_duration(&later, row->time - last);
            text_add(&mermaid->label, mermaid->options.language, TEXT_LATER, words_string(&later), NULL);
            put_note(mermaid, MODEL_NONE);
            words_free(&later);
        }
        last = row->time;
        if (row->kind == ROW_DEPARTURE)
            put_departure(mermaid, row);
        else if (row->kind == ROW_ARRIVAL)
            put_arrival(mermaid, row);
        else
            put_row(mermaid, row);
        put_changes(mermaid, row);
    }
}

// ---- Around them

static void put_title(struct mermaid *mermaid) {
    if (!mermaid->model.has_run) return;
    struct record run = model_record(&mermaid->model, mermaid->model.run_at);
    words_add_prose(&mermaid->label, label_in_language(run.run.title, mermaid->options.language),
                    label_ascii(&mermaid->options));
    if (mermaid->label.length == 0) return;
    words_add(mermaid->out, "    title ");
    put_label(mermaid, &mermaid->label);
}

static void put_participants(struct mermaid *mermaid) {
    for (uint32_t i = 0; i < mermaid->model.host_count; i++) {
        char front[60];
        snprintf(front, sizeof front, "    participant h%" PRIu32 " as ", i);
        words_add(mermaid->out, front);
        label_host(&mermaid->label, &mermaid->model, &mermaid->options, i);
        if (mermaid->label.length == 0) words_add(&mermaid->label, "?");
        put_label(mermaid, &mermaid->label);
    }
    for (uint32_t i = 0; i < mermaid->model.host_count; i++) {
        const struct model_host *host = &mermaid->model.hosts[i];
        if (!host->listens && host->connections == 0) continue;
        words_add(&mermaid->label, label_state(mermaid->options.language, host->listens ? TCP_LISTEN : TCP_CLOSED));
        put_note(mermaid, i);
    }
}

static void put_claims(struct mermaid *mermaid) {
    for (uint32_t i = 0; i < mermaid->model.claim_count; i++) {
        struct record record = model_record(&mermaid->model, mermaid->model.claims[i]);
        struct words claim = {0};
        words_add_prose(&claim, label_in_language(record.claim.claim, mermaid->options.language),
                        label_ascii(&mermaid->options));
        text_add(&mermaid->label, mermaid->options.language, TEXT_CLAIM_FAILED, words_string(&claim), NULL);
        put_note(mermaid, MODEL_NONE);
        words_free(&claim);
    }
}

bool mermaid_write(const struct trace *trace, const struct timeline_options *options, struct words *out, char *error,
                   size_t size) {
    struct mermaid mermaid = {.options = *options, .out = out};
    mermaid.options.language = options->language == 1;
    bool good = model_read(&mermaid.model, trace, error, size);
    if (good) {
        words_add(out, "sequenceDiagram\n");
        put_title(&mermaid);
        put_participants(&mermaid);
        put_rows(&mermaid);
        put_claims(&mermaid);
    }
    words_free(&mermaid.label);
    model_free(&mermaid.model);
    return good;
}
