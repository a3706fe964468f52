#include "sim/view/ladder.h"

#include <stdlib.h>
#include <string.h>

#include "sim/view/label.h"
#include "sim/view/text.h"
#include "sim/view/width.h"

enum {
    LANE_LEAST = 34,         // columns between two hosts, beside which states have columns of their own
    LANE_LEAST_INSIDE = 24,  // with states between the lines; below, the ladder becomes a list
    LANE_MOST = 80,
    WIDE = 88,  // columns that leave room for luxuries
};

// ---- Geometry

// Digits of a second that times need: enough to be exact where that is microseconds or less, and enough to tell
// different times apart.
static unsigned digits_needed(const struct model *model) {
    unsigned exact = 3, apart = 3;
    for (uint32_t i = 0; i < model->row_count; i++) {
        uint64_t time = model->rows[i].time, before = i > 0 ? model->rows[i - 1].time : 0;
        if (time % 1000000 != 0 && exact < 6) exact = 6;
        if (time % 1000 != 0) exact = 9;
        if (time != before && time / 1000000 == before / 1000000 && apart < 6) apart = 6;
        if (time != before && time / 1000 == before / 1000) apart = 9;
    }
    if (exact <= 6) return exact;
    return apart > 6 ? apart : 6;
}

// The lines of a state's cell: the state, the connection where there are several, the gloss where states are explained.
static unsigned state_lines(const struct ladder *ladder, const struct model_change *change,
                            struct words lines[LADDER_CELL]) {
    const struct timeline_options *options = ladder->options;
    const char *gloss =
        options->explain && change->state < TCP_STATES ? text_state(options->language, change->state) : "";
    unsigned count = 0;
    struct words label = {0};
    if (change->labelled) label_connection(&label, ladder->model, options, change->connection);
    bool labelled = label.length > 0, beside = labelled && ladder->width >= WIDE;
    words_clear(&lines[0]);
    if (beside) {
        words_add_style(&lines[0], STYLE_DIM);
        words_add(&lines[0], words_string(&label));
    }
    words_add_style(&lines[0], change->state == MODEL_STATE_DOWN ? STYLE_BAD : STYLE_STATE);
    words_add(&lines[count++], label_state(options->language, change->state));
    if (labelled && !beside) {
        words_clear(&lines[count]);
        words_add_style(&lines[count], STYLE_DIM);
        words_add(&lines[count], ":");
        words_add_bytes(&lines[count++], words_string(&label), label.length - 1);
    }
    words_free(&label);
    if (gloss[0] != '\0') {
        words_clear(&lines[count]);
        words_add_style(&lines[count], STYLE_DIM);
        words_add(&lines[count++], gloss);
    }
    return count;
}

static unsigned columns_of(const struct words *words) {
    return width_text(words_string(words), words->length);
}

// Columns that the states of `host` need.
static unsigned state_columns(const struct ladder *ladder, uint32_t host) {
    struct words lines[LADDER_CELL] = {{0}};
    const struct model_host *at = &ladder->model->hosts[host];
    unsigned most = at->listens || at->connections > 0 ? 6 : 0;  // "CLOSED", "LISTEN"
    for (uint32_t i = 0; i < ladder->model->change_count; i++) {
        if (ladder->model->changes[i].host != host) continue;
        unsigned count = state_lines(ladder, &ladder->model->changes[i], lines);
        for (unsigned line = 0; line < count; line++)
            if (columns_of(&lines[line]) > most) most = columns_of(&lines[line]);
    }
    for (unsigned line = 0; line < LADDER_CELL; line++)
        words_free(&lines[line]);
    return most;
}

static void place_hosts(struct ladder *ladder, unsigned first, unsigned last) {
    unsigned hosts = ladder->model->host_count;
    for (unsigned i = 0; i < hosts; i++)
        ladder->x[i] = hosts > 1 ? first + (last - first) * i / (hosts - 1) : first;
}

static void find_geometry(struct ladder *ladder) {
    unsigned hosts = ladder->model->host_count, margin = ladder->time_width + 2;
    unsigned gaps = hosts > 1 ? hosts - 1 : 1;
    unsigned left = hosts > 0 ? state_columns(ladder, 0) : 0, right = hosts > 1 ? state_columns(ladder, hosts - 1) : 0;
    unsigned first = margin + left + 1, last = hosts > 1 ? ladder->width - right - 2 : ladder->width - 1;
    ladder->inside = hosts > 2 && last < first + gaps * LANE_LEAST;
    if (ladder->inside) {
        first = margin;
        last = ladder->width - 1;
    }
    ladder->list = hosts == 0 || (ladder->inside && last < first + gaps * LANE_LEAST_INSIDE);
    if (ladder->list) first = last = margin;
    if (last > first + gaps * LANE_MOST) last = first + gaps * LANE_MOST;
    place_hosts(ladder, first, last);
}

static const char *time_heading(const struct ladder *ladder) {
    return text_of(ladder->options->language, ladder->width < WIDE ? TEXT_TIME_NARROW : TEXT_TIME);
}

void ladder_init(struct ladder *ladder, const struct model *model, const struct timeline_options *options, FILE *out) {
    memset(ladder, 0, sizeof *ladder);
    ladder->model = model;
    ladder->options = options;
    ladder->width = options->width;
    ladder->shown = UINT64_MAX;
    canvas_init(&ladder->canvas, out, options, ladder->width);
    ladder->digits = digits_needed(model);
    words_add_seconds(&ladder->text, model->finish_time, ladder->digits);
    ladder->time_width = columns_of(&ladder->text);
    const char *seconds = time_heading(ladder);
    unsigned heading = width_text(seconds, strlen(seconds));
    if (ladder->time_width < heading) ladder->time_width = heading;
    find_geometry(ladder);
}

void ladder_free(struct ladder *ladder) {
    words_free(&ladder->text);
    free(ladder->slices);
    for (uint32_t i = 0; i < MODEL_HOSTS; i++)
        for (unsigned line = 0; line < LADDER_CELL; line++)
            words_free(&ladder->states[i].lines[line]);
}

// ---- Lines

static void put(struct ladder *ladder, unsigned x, const struct words *words, enum style style) {
    canvas_text(&ladder->canvas, x, words_string(words), words->length, &style);
}

static void draw_hosts(struct ladder *ladder, bool dashed) {
    if (ladder->list) return;
    for (uint32_t i = 0; i < ladder->model->host_count; i++)
        canvas_stroke(&ladder->canvas, ladder->x[i], STROKE_UP | STROKE_DOWN, STYLE_DIM, dashed || ladder->down[i]);
}

void ladder_begin(struct ladder *ladder) {
    canvas_clear(&ladder->canvas);
    draw_hosts(ladder, false);
    for (unsigned i = 0; i < ladder->track_count; i++)
        canvas_stroke(&ladder->canvas, ladder->tracks[i].x, STROKE_UP | STROKE_DOWN, STYLE_PLAIN,
                      ladder->model->flights[ladder->tracks[i].flight].copy > 0);
}

static void put_time(struct ladder *ladder) {
    if (ladder->shown == ladder->now) return;
    ladder->shown = ladder->now;
    struct words time = {0};
    words_add_seconds(&time, ladder->now, ladder->digits);
    unsigned columns = columns_of(&time);
    put(ladder, columns < ladder->time_width ? ladder->time_width - columns : 0, &time, STYLE_PLAIN);
    words_free(&time);
}

static bool is_free(const struct ladder *ladder, unsigned from, unsigned to) {
    for (unsigned x = from; x < to; x++) {
        const struct canvas_cell *cell = &ladder->canvas.cells[x];
        if (x >= ladder->width || cell->point[0] != 0 || cell->strokes != 0 || cell->covered) return false;
    }
    return true;
}

// Where the next line of a host's state goes; false: this line of the ladder has no room for it.
static bool state_place(const struct ladder *ladder, uint32_t host, unsigned columns, unsigned *x) {
    uint32_t hosts = ladder->model->host_count;
    unsigned line = ladder->x[host];
    bool edge = !ladder->inside && !ladder->list;
    unsigned left = line >= columns + 1 ? line - columns - 1 : 0;
    *x = edge && host == 0 ? left : line + 2;
    if (ladder->list || (edge && (host == 0 || host + 1 == hosts))) return true;
    // Between the lines: beside the host's own; on a line of its own, as near to it as packets under way allow.
    for (unsigned away = 2; away < (ladder->flushes ? LANE_LEAST : 3); away++) {
        *x = line + away;
        if (host + 1 < hosts && is_free(ladder, line + away - 1, line + away + columns + 1)) return true;
        if (host == 0 || line < columns + away) continue;
        *x = line - columns - away + 1;
        if (is_free(ladder, *x - 1, *x + columns + 1)) return true;
    }
    return false;
}

static void put_states(struct ladder *ladder) {
    for (uint32_t host = 0; host < ladder->model->host_count; host++) {
        struct ladder_state *state = &ladder->states[host];
        if (state->shown == state->count) continue;
        const struct words *line = &state->lines[state->shown];
        unsigned x = 0;
        if (!state_place(ladder, host, columns_of(line), &x)) continue;
        put(ladder, x, line, STYLE_PLAIN);
        state->shown++;
    }
}

void ladder_end(struct ladder *ladder) {
    put_time(ladder);
    put_states(ladder);
    canvas_print(&ladder->canvas);
}

static bool place_is_found(const struct ladder *ladder, uint32_t host) {
    const struct ladder_state *state = &ladder->states[host];
    unsigned x = 0;
    return state_place(ladder, host, columns_of(&state->lines[state->shown]), &x);
}

void ladder_flush(struct ladder *ladder, uint32_t host) {
    for (uint32_t i = 0; i < ladder->model->host_count; i++) {
        if (host != MODEL_NONE && i != host) continue;
        struct ladder_state *state = &ladder->states[i];
        ladder->flushes = true;
        while (state->shown < state->count) {
            ladder_begin(ladder);
            if (!place_is_found(ladder, i)) {
                unsigned columns = columns_of(&state->lines[state->shown]), x = ladder->x[i] + 2;
                if (x + columns > ladder->width) x = ladder->width - columns;
                put(ladder, x, &state->lines[state->shown++], STYLE_PLAIN);
            }
            ladder_end(ladder);
        }
        ladder->flushes = false;
    }
}

void ladder_state(struct ladder *ladder, const struct model_change *change) {
    struct ladder_state *state = &ladder->states[change->host];
    ladder_flush(ladder, change->host);
    state->count = state_lines(ladder, change, state->lines);
    state->shown = 0;
}

// ---- Text

void ladder_clear_of_tracks(const struct ladder *ladder, unsigned *from, unsigned *to) {
    unsigned left = *from, right = *to;
    for (unsigned i = 0; i < ladder->track_count; i++) {
        unsigned x = ladder->tracks[i].x;
        if (x + 2 < *from || x > *to + 1) continue;
        if (x - *from < *to - x || x < *from) {
            if (x + 3 > left) left = x + 3;
        } else if (x < right + 2) {
            right = x - 2;
        }
    }
    if (right < left + 16) return;
    *from = left;
    *to = right;
}

bool ladder_beside(const struct ladder *ladder, uint32_t host, unsigned *from, unsigned *to) {
    uint32_t hosts = ladder->model->host_count;
    if (ladder->list || hosts == 1) {
        *from = ladder->x[0] + (ladder->list ? 0 : 2);
        *to = ladder->width;
        return false;
    }
    bool left = host != MODEL_NONE && host + 1 == hosts;
    uint32_t first = host == MODEL_NONE ? 0 : left ? host - 1 : host;
    uint32_t last = host == MODEL_NONE ? hosts - 1 : first + 1;
    *from = ladder->x[first] + 2;
    *to = ladder->x[last] - 1;
    ladder_clear_of_tracks(ladder, from, to);
    return left;
}

static void add_slice(struct ladder *ladder, size_t begin, size_t length, unsigned indent) {
    if (ladder->slice_count == ladder->slice_capacity) {
        size_t capacity = ladder->slice_capacity * 2 + 16;
        struct ladder_slice *larger = realloc(ladder->slices, capacity * sizeof *larger);
        if (larger == NULL) {
            fprintf(stderr, "synfin: out of memory\n");
            exit(4);
        }
        ladder->slices = larger;
        ladder->slice_capacity = capacity;
    }
    static const char separator[] = "\u00a0·";  // at the end of a line it separates nothing
    const char *text = words_string(&ladder->text) + begin;
    size_t size = sizeof separator - 1;
    if (length > size && memcmp(text + length - size, separator, size) == 0) length -= size;
    ladder->slices[ladder->slice_count++] = (struct ladder_slice){begin, length, indent};
}

// Columns by which the lines below one that begins with a bullet are indented.
static unsigned hanging(const char *line) {
    static const char *const bullets[] = {"•\u00a0", "-\u00a0"};
    while (*line > 0 && *line < STYLES)
        line++;
    for (size_t i = 0; i < sizeof bullets / sizeof bullets[0]; i++)
        if (strncmp(line, bullets[i], strlen(bullets[i])) == 0) return 2;
    return 0;
}

void ladder_break(struct ladder *ladder, unsigned columns) {
    if (columns < 4 || columns > ladder->width) columns = 4;  // there is no room at all
    const char *text = words_string(&ladder->text);
    ladder->slice_count = 0;
    for (size_t begin = 0; begin < ladder->text.length;) {
        const char *end = strchr(text + begin, '\n');
        size_t stop = end != NULL ? (size_t)(end - text) : ladder->text.length;
        unsigned below = hanging(text + begin), indent = 0;
        while (begin < stop) {
            size_t next = 0, length = width_line(text + begin, stop - begin, columns - indent, &next);
            add_slice(ladder, begin, length, indent);
            begin += next;
            indent = below;
        }
        begin = stop + 1;
    }
}

// The style that is in force where a slice begins.
static enum style style_at(const struct ladder *ladder, size_t at) {
    const char *text = words_string(&ladder->text);
    for (; at > 0; at--)
        if ((unsigned char)text[at - 1] < STYLES) return (enum style)text[at - 1];
    return STYLE_PLAIN;
}

void ladder_slice(struct ladder *ladder, size_t index, unsigned x) {
    const struct ladder_slice *slice = &ladder->slices[index];
    enum style style = style_at(ladder, slice->begin);
    canvas_text(&ladder->canvas, x + slice->indent, words_string(&ladder->text) + slice->begin, slice->length, &style);
}

void ladder_text(struct ladder *ladder, uint32_t host) {
    unsigned from = 0, to = 0;
    bool right_aligned = ladder_beside(ladder, host, &from, &to);
    ladder_break(ladder, to - from);
    unsigned most = 0;
    for (size_t i = 0; i < ladder->slice_count; i++) {
        const struct ladder_slice *slice = &ladder->slices[i];
        unsigned columns = slice->indent + width_text(words_string(&ladder->text) + slice->begin, slice->length);
        if (columns > most) most = columns;
    }
    for (size_t i = 0; i < ladder->slice_count; i++) {
        ladder_begin(ladder);
        ladder_slice(ladder, i, right_aligned ? to - most : from);
        ladder_end(ladder);
    }
}

// ---- Heading and silence

// The name of `host`, cut to `columns`.
static unsigned name_of(struct ladder *ladder, uint32_t host, unsigned columns) {
    words_clear(&ladder->text);
    words_add_style(&ladder->text, STYLE_STRONG);
    label_host(&ladder->text, ladder->model, ladder->options, host);
    ladder_break(ladder, columns);
    if (ladder->slice_count == 0) return 0;
    return width_text(words_string(&ladder->text) + ladder->slices[0].begin, ladder->slices[0].length);
}

static void put_names(struct ladder *ladder) {
    uint32_t hosts = ladder->model->host_count;
    unsigned room = hosts > 1 ? ladder->x[1] - ladder->x[0] - 2 : ladder->width / 2;
    for (uint32_t host = 0; host < hosts; host++) {
        unsigned columns = name_of(ladder, host, room), x = ladder->x[host];
        if (columns == 0) continue;
        unsigned half = host == 0 ? columns - 1 : host + 1 == hosts ? 0 : columns / 2;
        x = x > half + ladder->time_width + 1 ? x - half : ladder->time_width + 2;
        if (x + columns > ladder->width) x = ladder->width - columns;
        ladder_slice(ladder, 0, x);
    }
}

void ladder_heading(struct ladder *ladder) {
    const struct model *model = ladder->model;
    enum style style = STYLE_DIM;
    const char *seconds = time_heading(ladder);
    unsigned columns = width_text(seconds, strlen(seconds));
    canvas_clear(&ladder->canvas);
    canvas_text(&ladder->canvas, ladder->time_width - columns, seconds, strlen(seconds), &style);
    if (!ladder->list) put_names(ladder);
    canvas_print(&ladder->canvas);
    if (ladder->list) return;
    for (uint32_t host = 0; host < model->host_count; host++) {
        if (!model->hosts[host].listens && model->hosts[host].connections == 0) continue;
        struct model_change start = {.host = host, .state = model->hosts[host].listens ? TCP_LISTEN : TCP_CLOSED};
        ladder_state(ladder, &start);
    }
    ladder_begin(ladder);
    ladder_end(ladder);
    ladder_flush(ladder, MODEL_NONE);
}

void ladder_gap(struct ladder *ladder, uint64_t nanoseconds) {
    struct words time = {0};
    unsigned from = 0, to = 0;
    words_add_duration(&time, nanoseconds);
    words_clear(&ladder->text);
    words_add_style(&ladder->text, STYLE_DIM);
    words_add(&ladder->text, ladder->options->ascii ? ". . .  " : "·  ·  ·  ");
    text_add(&ladder->text, ladder->options->language, TEXT_LATER, words_string(&time), NULL);
    words_add(&ladder->text, ladder->options->ascii ? "  . . ." : "  ·  ·  ·");
    words_free(&time);
    ladder_flush(ladder, MODEL_NONE);
    ladder_begin(ladder);
    draw_hosts(ladder, true);
    ladder_beside(ladder, MODEL_NONE, &from, &to);
    unsigned columns = columns_of(&ladder->text);
    put(ladder, to - from > columns ? from + (to - from - columns) / 2 : from, &ladder->text, STYLE_DIM);
    canvas_print(&ladder->canvas);
}
