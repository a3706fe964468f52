#include "sim/view/svg.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/view/label.h"
#include "sim/view/model.h"
#include "sim/view/text.h"
#include "sim/view/width.h"

#define SILENCE UINT64_C(500000000)  // nanoseconds; a longer one is said, not drawn to scale
#define USUAL_DELAY UINT64_C(20000000)

// Pixels. A column of text is as wide as a character of the fonts that the style names, at their size, or a bit wider.
enum {
    COLUMN = 8,
    LINE = 18,
    MARGIN = 16,
    LANE = 480,        // between two hosts
    BESIDE = 14,       // from a host's line to text
    FLIGHT = 48,       // how far the quickest packet falls
    FLIGHT_MOST = 96,  // how far apart two rows are at most for the sake of time
    STUB = 40,         // how far a packet falls that never arrives
    BAR = 8,
};

struct svg {
    struct model model;
    struct timeline_options options;
    struct words *out;
    struct words back, arrows, front;  // from the back to the front of the drawing
    struct words text;
    uint64_t quickest;  // nanoseconds
    unsigned digits;    // of a second
    uint32_t *y;        // of each row: the bottom of its text; 0: it isn't shown
    uint32_t left, right, width, height;
    uint32_t state_y[MODEL_HOSTS];  // where the bar begins
    uint8_t state[MODEL_HOSTS];     // enum tcp_state or MODEL_STATE_DOWN
};

__attribute__((format(printf, 2, 3))) static void put(struct words *words, const char *format, ...) {
    char line[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    words_add(words, line);
}

// ---- Text

// The marks of style are left out, and what XML can't hold.
static void put_escaped(struct words *out, const char *text, size_t length) {
    for (size_t at = 0, size; at < length; at += size) {
        uint32_t point = 0;
        size = width_decode(text + at, length - at, &point);
        if (size == 0) size = 1;
        if (point < ' ') continue;
        if (point == '<' || point == '>' || point == '&' || point == '"')
            put(out, "&#%" PRIu32 ";", point);
        else if (point == 0xfffe || point == 0xffff)
            words_add(out, "\xef\xbf\xbd");
        else
            words_add_bytes(out, text + at, size);
    }
}

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

static void put_line(struct words *out, uint32_t x, uint32_t y, enum anchor anchor, const char *class, const char *text,
                     size_t length) {
    static const char *const names[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    put(out, "<text x=\"%" PRIu32 "\" y=\"%" PRIu32 "\" class=\"%s\"%s>", x, y, class, names[anchor]);
    put_escaped(out, text, length);
    words_add(out, "</text>\n");
}

// Breaks `words` into lines of so many columns; draws them with `bottom` below the last one, unless `out` is NULL. How
// many lines they are.
static uint32_t put_lines(struct words *out, const struct words *words, uint32_t columns, uint32_t x, uint32_t bottom,
                          enum anchor anchor, const char *class) {
    const char *text = words_string(words);
    uint32_t lines = 0, all = out != NULL ? put_lines(NULL, words, columns, 0, 0, anchor, class) : 0;
    for (size_t begin = 0; begin < words->length;) {
        const char *end = strchr(text + begin, '\n');
        size_t stop = end != NULL ? (size_t)(end - text) : words->length;
        do {
            size_t next = 0, length = width_line(text + begin, stop - begin, columns, &next);
            lines++;
            if (out != NULL) put_line(out, x, bottom - LINE * (all - lines) - 5, anchor, class, text + begin, length);
            begin += next;
        } while (begin < stop);
        begin = stop + 1;
    }
    return lines;
}

// ---- Places

static uint32_t x_of(const struct svg *svg, uint32_t host) {
    return svg->left + LANE * host;
}

static uint32_t lanes(const struct svg *svg) {
    return svg->model.host_count > 1 ? svg->model.host_count - 1 : 1;
}

// Text of a host stands to the right of its line, that of the last one to the left.
static bool is_last(const struct svg *svg, uint32_t host) {
    return host != MODEL_NONE && host > 0 && host + 1 == svg->model.host_count;
}

static bool is_shown(const struct model_row *row) {
    return row->first_change != MODEL_NONE || row->error != TCP_OK || row->weight == WEIGHT_SHOWN;
}

// A host between two others has lanes on both sides: its states take a line of their own.
static bool is_inner(const struct svg *svg, uint32_t host) {
    return host > 0 && host + 1 < svg->model.host_count;
}

// ---- What a row says

static void add_departure(struct svg *svg, const struct model_row *row) {
    const struct model_flight *flight = &svg->model.flights[row->flight];
    const struct model_packet *packet = &svg->model.packets[flight->packet];
    struct words reasons = {0};
    if (flight->copy > 0)
        text_add_number(&svg->text, svg->options.language, TEXT_COPY_OF, packet->number);
    else
        label_packet(&svg->text, &svg->model, &svg->options, packet);
    label_reasons(&reasons, &svg->model, &svg->options, flight);
    if (reasons.length > 0) {
        words_add(&svg->text, "\n");
        words_add(&svg->text, words_string(&reasons));
    }
    words_free(&reasons);
}

static void add_arrival(struct svg *svg, const struct model_row *row) {
    const struct model_flight *flight = &svg->model.flights[row->flight];
    struct words more = {0};
    words_add(&svg->text, "#");
    words_add_number(&svg->text, svg->model.packets[flight->packet].number);
    label_arrival(&more, &svg->model, &svg->options, row);
    if (more.length > 0) {
        label_separator(&svg->text, &svg->options);
        words_add(&svg->text, words_string(&more));
    }
    words_free(&more);
}

// Leaves the row's text in svg->text.
static void read_row(struct svg *svg, const struct model_row *row) {
    words_clear(&svg->text);
    if (row->kind == ROW_DEPARTURE) {
        add_departure(svg, row);
        return;
    }
    if (row->kind == ROW_ARRIVAL) {
        add_arrival(svg, row);
        return;
    }
    struct words text = {0};
    label_row(&text, &svg->model, &svg->options, row);
    if (text.length > 0) {
        if (row->labelled) label_connection(&svg->text, &svg->model, &svg->options, row->connection);
        words_add(&svg->text, words_string(&text));
    }
    if (row->error != TCP_OK) {
        words_add(&svg->text, " → ");
        words_add(&svg->text, text_error(svg->options.language, row->error));
    }
    words_free(&text);
}

// A packet's text stands on the side to which it goes.
static bool is_on_left(const struct svg *svg, const struct model_row *row) {
    if (row->kind != ROW_DEPARTURE && row->kind != ROW_ARRIVAL) return is_last(svg, row->host);
    const struct model_packet *packet = &svg->model.packets[svg->model.flights[row->flight].packet];
    if (packet->to_host == MODEL_NONE || packet->to_host == packet->host) return is_last(svg, packet->host);
    return (row->kind == ROW_DEPARTURE) == (packet->to_host < packet->host);
}

static uint32_t columns_of(const struct svg *svg, const struct model_row *row) {
    return (row->host == MODEL_NONE ? lanes(svg) * LANE - 2 * BESIDE : LANE - 3 * BESIDE) / COLUMN;
}

// Its text, in two passes: `out` is NULL in the one that measures.
static uint32_t put_text(struct svg *svg, struct words *out, const struct model_row *row, uint32_t bottom) {
    read_row(svg, row);
    bool left = is_on_left(svg, row);
    uint32_t x = x_of(svg, row->host == MODEL_NONE ? 0 : row->host);
    const char *class = row->kind == ROW_DEPARTURE ? "p" : row->kind == ROW_ARRIVAL ? "a" : "n";
    return put_lines(out, &svg->text, columns_of(svg, row), left ? x - BESIDE : x + BESIDE, bottom,
                     left ? ANCHOR_END : ANCHOR_START, class);
}

// ---- Heights

static void find_quickest(struct svg *svg) {
    svg->quickest = UINT64_MAX;
    svg->digits = 3;
    for (uint32_t i = 0; i < svg->model.flight_count; i++) {
        const struct model_flight *flight = &svg->model.flights[i];
        if (flight->arrives_row == MODEL_NONE || flight->arrival <= flight->sent) continue;
        if (flight->arrival - flight->sent < svg->quickest) svg->quickest = flight->arrival - flight->sent;
    }
    if (svg->quickest == UINT64_MAX) svg->quickest = USUAL_DELAY;
    for (uint32_t i = 0; i < svg->model.row_count; i++) {
        if (svg->model.rows[i].time % 1000000 != 0 && svg->digits < 6) svg->digits = 6;
        if (svg->model.rows[i].time % 1000 != 0) svg->digits = 9;
    }
}

// How far below the last row one begins that is `passed` nanoseconds later, so that time is seen.
static uint32_t fall_of(const struct svg *svg, uint64_t passed) {
    if (passed > SILENCE) return 2 * LINE + FLIGHT / 2;
    uint64_t pixels = passed * FLIGHT / svg->quickest;
    return pixels > FLIGHT_MOST ? FLIGHT_MOST : (uint32_t)pixels;
}

static bool is_stub(const struct svg *svg, const struct model_row *row) {
    return row->kind == ROW_DEPARTURE && svg->model.flights[row->flight].arrives_row == MODEL_NONE;
}

// Finds every row's place; returns where the last one ends.
static uint32_t place_rows(struct svg *svg, uint32_t top) {
    uint32_t bottom = top, last_y = top, stub = 0;
    uint64_t last = 0;
    for (uint32_t i = 0; i < svg->model.row_count; i++) {
        const struct model_row *row = &svg->model.rows[i];
        if (!is_shown(row)) continue;
        uint32_t lines = put_text(svg, NULL, row, 0), inner = 0;
        for (uint32_t j = row->first_change; j != MODEL_NONE; j = svg->model.changes[j].next)
            if (is_inner(svg, svg->model.changes[j].host)) inner++;
        uint32_t least = bottom + LINE * (lines > 0 ? lines : 1), timely = last_y + fall_of(svg, row->time - last);
        if (row->time - last > SILENCE) least += 2 * LINE;
        svg->y[i] = least > timely ? least : timely;
        last_y = svg->y[i];
        last = row->time;
        bottom = svg->y[i] + LINE * inner;
        if (is_stub(svg, row) && svg->y[i] + STUB > stub) stub = svg->y[i] + STUB;
    }
    return stub > bottom ? stub : bottom;
}

// ---- Drawing

static void put_bar(struct svg *svg, uint32_t host, uint32_t y) {
    if (y <= svg->state_y[host]) return;
    put(&svg->back, "<rect x=\"%" PRIu32 "\" y=\"%" PRIu32 "\" width=\"%d\" height=\"%" PRIu32 "\" class=\"s%u\"/>\n",
        x_of(svg, host) - BAR / 2, svg->state_y[host], (int)BAR, y - svg->state_y[host], (unsigned)svg->state[host]);
}

static void put_state(struct svg *svg, const struct words *label, uint32_t host, uint32_t y) {
    uint32_t x = x_of(svg, host);
    bool left = host == 0;
    put_line(&svg->front, left ? x - BESIDE : x + BESIDE, y - 5, left ? ANCHOR_END : ANCHOR_START, "s",
             words_string(label), label->length);
}

static void put_changes(struct svg *svg, const struct model_row *row, uint32_t y) {
    uint32_t inner = 0;
    for (uint32_t i = row->first_change; i != MODEL_NONE; i = svg->model.changes[i].next) {
        const struct model_change *change = &svg->model.changes[i];
        struct words label = {0};
        if (change->labelled) label_connection(&label, &svg->model, &svg->options, change->connection);
        words_add(&label, label_state(svg->options.language, change->state));
        if (is_inner(svg, change->host)) inner++;
        put_state(svg, &label, change->host, is_inner(svg, change->host) ? y + LINE * inner : y);
        put_bar(svg, change->host, y);
        svg->state_y[change->host] = y;
        svg->state[change->host] = change->state;
        words_free(&label);
    }
}

static void put_cross(struct svg *svg, uint32_t x, uint32_t y) {
    put(&svg->arrows, "<path d=\"M%" PRIu32 " %" PRIu32 "l12 12m0 -12l-12 12\" class=\"x\"/>\n", x - 6, y - 6);
}

// From the sender's line to the receiver's, or as far as the packet comes.
static void put_arrow(struct svg *svg, const struct model_row *row, uint32_t y) {
    const struct model_flight *flight = &svg->model.flights[row->flight];
    const struct model_packet *packet = &svg->model.packets[flight->packet];
    bool arrives = flight->arrives_row != MODEL_NONE, lost = !model_arrives(flight);
    bool left = packet->to_host != MODEL_NONE ? packet->to_host < packet->host : is_last(svg, packet->host);
    uint32_t from = x_of(svg, packet->host), to = left ? from - BAR / 2 - LANE * 3 / 5 : from + LANE * 3 / 5;
    uint32_t end = y + STUB - 10;
    if (packet->to_host == packet->host) to = from + LANE / 4;
    if (arrives) {
        to = x_of(svg, packet->to_host);
        to = left ? to + BAR / 2 + 1 : to - BAR / 2 - 1;
        end = svg->y[flight->arrives_row];
    }
    from = left ? from - BAR / 2 : from + BAR / 2;
    put(&svg->arrows, "<path d=\"M%" PRIu32 " %" PRIu32 "L%" PRIu32 " %" PRIu32 "\" class=\"f%s\"%s/>\n", from, y, to,
        end, flight->copy > 0 || (!arrives && !lost) ? " d" : "", lost ? "" : " marker-end=\"url(#head)\"");
    if (lost) put_cross(svg, to, end);
}

static void put_time(struct svg *svg, uint64_t time, uint32_t y) {
    words_clear(&svg->text);
    words_add_seconds(&svg->text, time, svg->digits);
    put_line(&svg->front, MARGIN, y - 5, ANCHOR_START, "t", words_string(&svg->text), svg->text.length);
}

static void put_gap(struct svg *svg, uint64_t passed, uint32_t y) {
    struct words duration = {0};
    words_add_duration(&duration, passed);
    words_clear(&svg->text);
    text_add(&svg->text, svg->options.language, TEXT_LATER, words_string(&duration), NULL);
    put_line(&svg->front, svg->left + lanes(svg) * LANE / 2, y, ANCHOR_MIDDLE, "t", words_string(&svg->text),
             svg->text.length);
    words_free(&duration);
}

static void put_rows(struct svg *svg) {
    uint64_t last = UINT64_MAX, before = 0;
    for (uint32_t i = 0; i < svg->model.row_count; i++) {
        const struct model_row *row = &svg->model.rows[i];
        if (!is_shown(row)) continue;
        uint32_t lines = put_text(svg, &svg->front, row, svg->y[i]);
        if (row->time - before > SILENCE)
            put_gap(svg, row->time - before, svg->y[i] - LINE * (lines > 0 ? lines : 1) - 13);
        if (row->time != last) put_time(svg, row->time, svg->y[i]);
        last = before = row->time;
        put_changes(svg, row, svg->y[i]);
        if (row->kind == ROW_DEPARTURE) put_arrow(svg, row, svg->y[i]);
    }
}

// ---- Around the rows

static uint32_t state_columns(struct svg *svg, uint32_t host) {
    uint32_t most = 6;  // "CLOSED"
    for (uint32_t i = 0; i < svg->model.change_count; i++) {
        const struct model_change *change = &svg->model.changes[i];
        if (change->host != host) continue;
        words_clear(&svg->text);
        if (change->labelled) label_connection(&svg->text, &svg->model, &svg->options, change->connection);
        words_add(&svg->text, label_state(svg->options.language, change->state));
        uint32_t columns = width_text(words_string(&svg->text), svg->text.length);
        if (columns > most) most = columns;
    }
    return most;
}

static void find_width(struct svg *svg) {
    uint32_t hosts = svg->model.host_count;
    words_clear(&svg->text);
    words_add_seconds(&svg->text, svg->model.finish_time, svg->digits);
    svg->left = MARGIN + COLUMN * ((uint32_t)svg->text.length + 2) + COLUMN * state_columns(svg, 0) + BESIDE;
    svg->right = hosts > 1 ? BESIDE + COLUMN * state_columns(svg, hosts - 1) : 0;
    svg->width = svg->left + lanes(svg) * LANE + svg->right + MARGIN;
}

// A paragraph from the left edge; returns where it ends.
static uint32_t put_paragraph(struct svg *svg, const char *class, uint32_t y) {
    uint32_t columns = (svg->width - 2 * MARGIN) / COLUMN;
    uint32_t bottom = y + LINE * put_lines(NULL, &svg->text, columns, 0, 0, ANCHOR_START, class);
    put_lines(&svg->front, &svg->text, columns, MARGIN, bottom, ANCHOR_START, class);
    words_clear(&svg->text);
    return bottom;
}

static uint32_t put_heading(struct svg *svg) {
    uint32_t y = MARGIN;
    words_clear(&svg->text);
    if (svg->model.has_run) {
        struct record run = model_record(&svg->model, svg->model.run_at);
        int language = svg->options.language;
        words_add_prose(&svg->text, label_in_language(run.run.title, language), label_ascii(&svg->options));
        y = put_paragraph(svg, "h", y);
        words_add_prose(&svg->text, label_in_language(run.run.question, language), label_ascii(&svg->options));
        y = put_paragraph(svg, "n", y) + LINE / 2;
    }
    return y;
}

// The hosts' names, and their states at the start; returns where the rows begin.
static uint32_t put_hosts(struct svg *svg, uint32_t y) {
    uint32_t lines = 1;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < svg->model.host_count; i++) {
            words_clear(&svg->text);
            label_host(&svg->text, &svg->model, &svg->options, i);
            uint32_t columns = (i == 0 || is_last(svg, i) ? (i == 0 ? svg->left : svg->right) * 2 : LANE) / COLUMN - 2;
            uint32_t count = put_lines(pass == 0 ? NULL : &svg->front, &svg->text, columns, x_of(svg, i),
                                       y + LINE * lines, ANCHOR_MIDDLE, "h");
            if (pass == 0 && count > lines) lines = count;
        }
    y += LINE * (lines + 1);
    for (uint32_t i = 0; i < svg->model.host_count; i++) {
        const struct model_host *host = &svg->model.hosts[i];
        svg->state[i] = host->listens ? TCP_LISTEN : TCP_CLOSED;
        svg->state_y[i] = y - LINE;
        words_clear(&svg->text);
        words_add(&svg->text, label_state(svg->options.language, svg->state[i]));
        if (host->listens || host->connections > 0) put_state(svg, &svg->text, i, y);
    }
    return y;
}

// What failed, below the drawing; returns where it ends.
static uint32_t put_claims(struct svg *svg, uint32_t y) {
    words_clear(&svg->text);
    for (uint32_t i = 0; i < svg->model.claim_count; i++) {
        struct record record = model_record(&svg->model, svg->model.claims[i]);
        struct words claim = {0};
        words_add_prose(&claim, label_in_language(record.claim.claim, svg->options.language),
                        label_ascii(&svg->options));
        text_add(&svg->text, svg->options.language, TEXT_CLAIM_FAILED, words_string(&claim), NULL);
        y = put_paragraph(svg, "b", y);
        words_free(&claim);
    }
    return y;
}

// Hues of the states, in the order of enum tcp_state, and of a host that is down.
static void put_style(struct svg *svg) {
    static const char *const light[] = {"#b8b8b8", "#8fa3bf", "#f2b84b", "#e8923a", "#3fa66b", "#5b8fd6",
                                        "#7fb0e6", "#b58ad6", "#d67fae", "#a86fc0", "#d66a5b", "#555555"};
    words_add(svg->out, "<style>\n"
                        "svg{background:#fff;color:#1a1a1a}\n"
                        "text{font:13px \"DejaVu Sans Mono\",Menlo,Consolas,\"Noto Sans Mono CJK SC\",monospace;"
                        "fill:currentColor;paint-order:stroke;stroke:#fff;stroke-width:4px;white-space:pre}\n"
                        ".h{font-weight:bold}.s{font-weight:bold}.t,.a{fill:#666}.n{fill:#0b5394}.b{fill:#b00020}\n"
                        ".f,.x{fill:none;stroke:currentColor;stroke-width:1.5px}.d{stroke-dasharray:6 4}"
                        ".x{stroke:#b00020;stroke-width:2px}.head{fill:currentColor}\n");
    for (size_t i = 0; i < sizeof light / sizeof light[0]; i++)
        put(svg->out, ".s%zu{fill:%s}", i, light[i]);
    words_add(svg->out, "\n@media (prefers-color-scheme:dark){svg{background:#16181c;color:#e8e8e8}"
                        "text{stroke:#16181c}.t,.a{fill:#a0a0a0}.n{fill:#8ab8f0}.b{fill:#ff8a80}.x{stroke:#ff8a80}}\n"
                        "</style>\n");
}

static void put_document(struct svg *svg) {
    put(svg->out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" viewBox=\"0 0 %" PRIu32
        " %" PRIu32 "\" role=\"img\" lang=\"%s\">\n",
        svg->width, svg->height, svg->width, svg->height, svg->options.language == 1 ? "zh" : "en");
    if (svg->model.has_run) {
        struct record run = model_record(&svg->model, svg->model.run_at);
        words_clear(&svg->text);
        words_add_prose(&svg->text, label_in_language(run.run.title, svg->options.language), false);
        words_add(svg->out, "<title>");
        put_escaped(svg->out, words_string(&svg->text), svg->text.length);
        words_add(svg->out, "</title>\n");
    }
    put_style(svg);
    words_add(svg->out, "<defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"9\" "
                        "markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
                        "<path d=\"M0 0L10 5L0 10z\" class=\"head\"/></marker></defs>\n");
    words_add(svg->out, words_string(&svg->back));
    words_add(svg->out, words_string(&svg->arrows));
    words_add(svg->out, words_string(&svg->front));
    words_add(svg->out, "</svg>\n");
}

static void draw(struct svg *svg) {
    svg->y = calloc((size_t)svg->model.row_count + 1, sizeof *svg->y);
    if (svg->y == NULL) {
        fprintf(stderr, "synfin: out of memory\n");
        exit(4);
    }
    find_quickest(svg);
    find_width(svg);
    uint32_t bottom = place_rows(svg, put_hosts(svg, put_heading(svg))) + LINE;
    put_rows(svg);
    for (uint32_t i = 0; i < svg->model.host_count; i++)
        put_bar(svg, i, bottom);
    svg->height = put_claims(svg, bottom + LINE / 2) + MARGIN;
    put_document(svg);
    free(svg->y);
}

bool svg_write(const struct trace *trace, const struct timeline_options *options, struct words *out, char *error,
               size_t size) {
    struct svg svg = {.options = *options, .out = out};
    svg.options.language = options->language == 1;
    bool good = model_read(&svg.model, trace, error, size);
    if (good) draw(&svg);
    words_free(&svg.back);
    words_free(&svg.arrows);
    words_free(&svg.front);
    words_free(&svg.text);
    model_free(&svg.model);
    return good;
}
