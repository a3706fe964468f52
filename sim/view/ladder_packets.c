#include <string.h>

#include "sim/view/label.h"
#include "sim/view/ladder.h"
#include "sim/view/text.h"
#include "sim/view/width.h"

enum {
    HOOK = 4,          // columns between a host's line and the packet that comes down beside it
    HOOK_STEP = 2,     // and from one such packet to the next
    TRACK_ROWS = 24,   // a packet that is under way for more rows (some may be hidden) is drawn in two pieces
    DASHES = 10,       // columns of the broken end of such a piece
    WIDE_LANE = 50,    // columns between hosts that leave room for many packets under way
    LABEL_LEAST = 20,  // columns for a label, before it may cross another host's line
};
#define TRACK_TIME UINT64_C(500000000)  // nanoseconds; likewise

// How a copy is drawn.
struct path {
    unsigned from, to;  // the hosts' lines
    unsigned bend;      // where it turns down, or ends
    bool rightwards;
    bool itself;  // a host sends to itself
    bool dashed;  // a copy
    enum { PATH_LOST, PATH_TRACK, PATH_BROKEN } kind;
    unsigned text, text_end;  // columns of the label
};

// The bend nearest to the target that no other packet uses; 0: they are all in use.
static unsigned free_bend(const struct ladder *ladder, const struct path *path) {
    unsigned lane = path->rightwards ? path->to - path->from : path->from - path->to;
    for (unsigned i = 0; i < (lane < WIDE_LANE ? 2 : LADDER_HOST_TRACKS); i++) {
        unsigned x = path->to;
        x = path->rightwards ? x - HOOK - i * HOOK_STEP : x + HOOK + i * HOOK_STEP;
        bool used = false, beyond = false;
        for (unsigned j = 0; j < ladder->track_count; j++) {
            unsigned other = ladder->tracks[j].x;
            if (other == x) used = true;
            // One that was sent before bends nearer to the sender: behind it, the lines would cross for no reason.
            if (path->rightwards ? other < x && other + HOOK_STEP * LADDER_HOST_TRACKS >= x
                                 : other > x && other <= x + HOOK_STEP * LADDER_HOST_TRACKS)
                beyond = true;
        }
        if (!used && !beyond) return x;
    }
    return 0;
}

// Where a stroke ends that goes no further: short of the target, and of what is under way there.
static unsigned open_end(const struct ladder *ladder, const struct path *path, unsigned short_of) {
    unsigned most = HOOK + HOOK_STEP * LADDER_HOST_TRACKS, tracks = 0;
    for (unsigned i = 0; i < ladder->track_count; i++) {
        unsigned x = ladder->tracks[i].x, away = x < path->to ? path->to - x : x - path->to;
        if ((x < path->to) == path->rightwards && away <= most && away > tracks) tracks = away;
    }
    if (tracks > 0) short_of += tracks - 1;
    return path->rightwards ? path->to - short_of : path->to + short_of;
}

static bool goes_on_track(const struct ladder *ladder, const struct model_row *row, uint32_t next) {
    const struct model_flight *flight = &ladder->model->flights[row->flight];
    if (flight->arrives_row == MODEL_NONE) return false;
    if (next == flight->arrives_row) return true;
    uint32_t index = (uint32_t)(row - ladder->model->rows);
    return flight->arrives_row - index <= TRACK_ROWS && flight->arrival - flight->sent < TRACK_TIME;
}

// The columns of the label: between the line and the bend, and in one lane where that is wide enough.
static void place_label(const struct ladder *ladder, struct path *path, uint32_t host) {
    path->text = path->rightwards ? path->from + 4 : path->bend + 4;
    path->text_end = path->rightwards ? path->bend - 2 : path->from - 2;
    ladder_clear_of_tracks(ladder, &path->text, &path->text_end);
    if (path->itself) return;
    unsigned lane = path->rightwards ? ladder->x[host + 1] - 2 : ladder->x[host - 1] + 3;
    if (path->rightwards && lane < path->text_end && lane >= path->text + LABEL_LEAST) path->text_end = lane;
    if (!path->rightwards && lane > path->text && path->text_end >= lane + LABEL_LEAST) path->text = lane;
}

static struct path path_of(const struct ladder *ladder, const struct model_row *row, uint32_t next) {
    const struct model *model = ladder->model;
    const struct model_flight *flight = &model->flights[row->flight];
    const struct model_packet *packet = &model->packets[flight->packet];
    uint32_t hosts = model->host_count, to = packet->to_host;
    struct path path = {.from = ladder->x[packet->host], .dashed = flight->copy > 0, .itself = to == packet->host};
    if (to == MODEL_NONE) to = packet->host + 1 < hosts ? packet->host + 1 : packet->host - (hosts > 1);
    path.rightwards = to > packet->host || (to == packet->host && (to + 1 < hosts || hosts == 1));
    path.to = ladder->x[to];
    if (to == packet->host && hosts == 1) path.to = ladder->width - 1;
    if (to == packet->host && hosts > 1) path.to = path.rightwards ? ladder->x[to + 1] : ladder->x[to - 1];
    path.itself = to == packet->host;
    path.kind = !model_arrives(flight) ? PATH_LOST : goes_on_track(ladder, row, next) ? PATH_TRACK : PATH_BROKEN;
    if (path.kind == PATH_TRACK) {
        path.bend = free_bend(ladder, &path);
        if (path.bend == 0 || ladder->track_count == LADDER_TRACKS) path.kind = PATH_BROKEN;
    }
    unsigned short_of = HOOK;
    if (path.kind == PATH_LOST) {
        const char *lost = text_of(ladder->options->language, TEXT_LOST);
        short_of = width_text(lost, strlen(lost)) + HOOK;
    }
    if (path.kind != PATH_TRACK) path.bend = open_end(ladder, &path, short_of);
    place_label(ladder, &path, packet->host);
    return path;
}

// The stroke from the sender to the bend, and what is there.
static void draw_departure(struct ladder *ladder, const struct path *path) {
    struct canvas *canvas = &ladder->canvas;
    canvas_across(canvas, path->from, path->bend, STYLE_PLAIN, path->dashed);
    if (path->kind == PATH_TRACK) {
        canvas_stroke(canvas, path->bend, STROKE_DOWN, STYLE_PLAIN, path->dashed);
    } else if (path->kind == PATH_BROKEN) {
        unsigned length = path->rightwards ? path->bend - path->from : path->from - path->bend;
        unsigned dashes = length > DASHES + 2 ? DASHES : length / 2;
        unsigned back = path->rightwards ? path->bend - dashes : path->bend + dashes;
        canvas_across(canvas, back, path->bend, STYLE_PLAIN, true);
        canvas_symbol(canvas, path->bend, path->rightwards ? SYMBOL_RIGHT : SYMBOL_LEFT, STYLE_PLAIN);
    } else {
        const char *lost = text_of(ladder->options->language, TEXT_LOST);
        unsigned columns = width_text(lost, strlen(lost));
        enum style style = STYLE_BAD;
        canvas_symbol(canvas, path->bend, SYMBOL_CROSS, STYLE_BAD);
        canvas_text(canvas, path->rightwards ? path->bend + 2 : path->bend - 1 - columns, lost, strlen(lost), &style);
    }
}

// The first slice stands in the stroke, with a space on either side.
static void put_label(struct ladder *ladder, const struct path *path) {
    if (ladder->slice_count == 0) return;
    enum style style = STYLE_PLAIN;
    unsigned columns = width_text(words_string(&ladder->text) + ladder->slices[0].begin, ladder->slices[0].length);
    canvas_text(&ladder->canvas, path->text - 1, " ", 1, &style);
    ladder_slice(ladder, 0, path->text);
    canvas_text(&ladder->canvas, path->text + columns, " ", 1, &style);
}

static void compose(struct ladder *ladder, const struct model_flight *flight, const struct words *more) {
    const struct model_packet *packet = &ladder->model->packets[flight->packet];
    words_clear(&ladder->text);
    if (flight->copy == 0) {
        label_packet(&ladder->text, ladder->model, ladder->options, packet);
    } else {
        text_add_number(&ladder->text, ladder->options->language, TEXT_COPY_OF, packet->number);
    }
    words_add(&ladder->text, "\n");
    label_reasons(&ladder->text, ladder->model, ladder->options, flight);
    if (more != NULL && more->length > 0) {
        words_add(&ladder->text, "\n");
        words_add(&ladder->text, words_string(more));
    }
}

// An arrival that says nothing itself, and is drawn right below its departure, takes the last line of its text.
static bool may_carry(const struct ladder *ladder, const struct path *path, const struct model_row *row,
                      uint32_t next) {
    const struct model_flight *flight = &ladder->model->flights[row->flight];
    if (path->kind != PATH_TRACK || path->itself || next != flight->arrives_row || ladder->slice_count < 2)
        return false;
    const struct model_row *arrival = &ladder->model->rows[next];
    return arrival->drop == 0 && !arrival->ignored && arrival->altered == 0 && flight->overtakes == 0;
}

static void list_departure(struct ladder *ladder, const struct model_row *row, const struct words *more);

void ladder_departure(struct ladder *ladder, const struct model_row *row, uint32_t next, const struct words *more) {
    const struct model_flight *flight = &ladder->model->flights[row->flight];
    if (ladder->list) {
        list_departure(ladder, row, more);
        return;
    }
    struct path path = path_of(ladder, row, next);
    compose(ladder, flight, more);
    ladder_break(ladder, path.text_end - path.text);
    ladder_begin(ladder);
    draw_departure(ladder, &path);
    put_label(ladder, &path);
    ladder_end(ladder);
    if (path.kind == PATH_TRACK)
        ladder->tracks[ladder->track_count++] = (struct ladder_track){.flight = row->flight, .x = path.bend};
    ladder->carries = may_carry(ladder, &path, row, next);
    ladder->carries_x = path.text;
    for (size_t i = 1; i + ladder->carries < ladder->slice_count; i++) {
        ladder_begin(ladder);
        ladder_slice(ladder, i, path.text);
        ladder_end(ladder);
    }
}

// ---- Arrivals

// Forgets the track of `flight`; its column, or 0: it has none.
static unsigned take_track(struct ladder *ladder, uint32_t flight) {
    for (unsigned i = 0; i < ladder->track_count; i++) {
        if (ladder->tracks[i].flight != flight) continue;
        unsigned x = ladder->tracks[i].x;
        ladder->track_count--;
        memmove(&ladder->tracks[i], &ladder->tracks[i + 1], (ladder->track_count - i) * sizeof ladder->tracks[0]);
        return x;
    }
    return 0;
}

// The number and what label_arrival() has to say; `whole`: the packet's label, since its departure is far away.
static void compose_arrival(struct ladder *ladder, const struct model_row *row, bool whole) {
    const struct model_flight *flight = &ladder->model->flights[row->flight];
    const struct model_packet *packet = &ladder->model->packets[flight->packet];
    struct words says = {0};
    words_clear(&ladder->text);
    if (flight->copy > 0) {
        text_add_number(&ladder->text, ladder->options->language, TEXT_COPY_OF, packet->number);
    } else if (whole) {
        label_packet(&ladder->text, ladder->model, ladder->options, packet);
    } else {
        words_add(&ladder->text, "#");
        words_add_number(&ladder->text, packet->number);
    }
    label_arrival(&says, ladder->model, ladder->options, row);
    if (says.length > 0) {
        label_separator(&ladder->text, ladder->options);
        words_add(&ladder->text, words_string(&says));
    }
    words_free(&says);
}

static void draw_arrival(struct ladder *ladder, const struct model_row *row, unsigned bend, unsigned line,
                         bool dashed) {
    bool rightwards = bend < line;
    canvas_across(&ladder->canvas, bend, line, STYLE_PLAIN, dashed);
    enum symbol head = row->drop != 0 ? SYMBOL_CROSS : rightwards ? SYMBOL_RIGHT : SYMBOL_LEFT;
    canvas_symbol(&ladder->canvas, rightwards ? line - 1 : line + 1, head, row->drop != 0 ? STYLE_BAD : STYLE_PLAIN);
    canvas_stroke(&ladder->canvas, line, STROKE_UP | STROKE_DOWN, STYLE_DIM, ladder->down[row->host]);
    ladder->canvas.cells[line].strokes = STROKE_UP | STROKE_DOWN;
}

// Text on the inner side of the bend, on as many lines as it takes; the arrow is on the last one of them.
static void arrival_text(struct ladder *ladder, const struct model_row *row, unsigned bend, unsigned line,
                         unsigned other, bool broken, bool dashed) {
    bool rightwards = bend < line;
    unsigned from = rightwards ? other + 2 : bend + 2, to = rightwards ? bend - 1 : other - 1;
    if (broken && rightwards) to -= DASHES;
    if (broken && !rightwards) from += DASHES;
    unsigned start = broken ? (rightwards ? to + 1 : from - 2) : bend;
    bool itself = ladder->model->packets[ladder->model->flights[row->flight].packet].host == row->host;
    if (itself) from = (rightwards ? bend : line) + 4;
    if (itself) to = (rightwards ? line : bend) - 2;
    if (!itself) ladder_clear_of_tracks(ladder, &from, &to);
    ladder_break(ladder, to - from);
    for (size_t i = 0; i < ladder->slice_count; i++) {
        const struct ladder_slice *slice = &ladder->slices[i];
        unsigned columns = width_text(words_string(&ladder->text) + slice->begin, slice->length);
        unsigned x = rightwards ? to - columns : from;
        ladder_begin(ladder);
        if (i == 0) draw_arrival(ladder, row, start, line, dashed || broken);
        unsigned joins = !broken ? STROKE_UP : rightwards ? STROKE_LEFT : STROKE_RIGHT;
        if (i == 0) canvas_stroke(&ladder->canvas, start, joins, STYLE_PLAIN, dashed || broken);
        ladder_slice(ladder, i, x);
        ladder_end(ladder);
    }
}

static void list_arrival(struct ladder *ladder, const struct model_row *row);

void ladder_arrival(struct ladder *ladder, const struct model_row *row) {
    const struct model_flight *flight = &ladder->model->flights[row->flight];
    const struct model_packet *packet = &ladder->model->packets[flight->packet];
    if (ladder->list) {
        list_arrival(ladder, row);
        return;
    }
    unsigned bend = take_track(ladder, row->flight), line = ladder->x[row->host], other = ladder->x[packet->host];
    bool broken = bend == 0, dashed = flight->copy > 0;
    if (packet->host == row->host) {
        uint32_t hosts = ladder->model->host_count;
        other = hosts == 1              ? ladder->width - 1
                : row->host + 1 < hosts ? ladder->x[row->host + 1]
                                        : ladder->x[row->host - 1];
    }
    if (broken) bend = other > line ? line + 2 : line - 2;
    if (!ladder->carries) {
        compose_arrival(ladder, row, broken);
        arrival_text(ladder, row, bend, line, other, broken, dashed);
        return;
    }
    ladder->carries = false;
    ladder_begin(ladder);
    draw_arrival(ladder, row, bend, line, dashed);
    canvas_stroke(&ladder->canvas, bend, STROKE_UP, STYLE_PLAIN, dashed);
    ladder_slice(ladder, ladder->slice_count - 1, ladder->carries_x);
    ladder_end(ladder);
}

// ---- Without a ladder

// "client -> server  #1 SYN ..."
static void list_packet(struct ladder *ladder, const struct model_packet *packet) {
    words_clear(&ladder->text);
    label_host(&ladder->text, ladder->model, ladder->options, packet->host);
    words_add(&ladder->text, ladder->options->ascii ? " -> " : " ─► ");
    if (packet->to_host != MODEL_NONE)
        label_host(&ladder->text, ladder->model, ladder->options, packet->to_host);
    else
        words_add(&ladder->text, "?");
    words_add(&ladder->text, ": ");
}

static void list_departure(struct ladder *ladder, const struct model_row *row, const struct words *more) {
    const struct model_flight *flight = &ladder->model->flights[row->flight];
    struct words says = {0};
    compose(ladder, flight, more);
    words_add(&says, words_string(&ladder->text));
    list_packet(ladder, &ladder->model->packets[flight->packet]);
    words_add(&ladder->text, words_string(&says));
    words_free(&says);
    ladder_text(ladder, MODEL_NONE);
}

static void list_arrival(struct ladder *ladder, const struct model_row *row) {
    const struct model_flight *flight = &ladder->model->flights[row->flight];
    struct words says = {0};
    compose_arrival(ladder, row, false);
    words_add(&says, words_string(&ladder->text));
    list_packet(ladder, &ladder->model->packets[flight->packet]);
    words_add(&ladder->text, words_string(&says));
    words_add(&ladder->text, " ");
    words_add(&ladder->text, text_of(ladder->options->language, TEXT_ARRIVES));
    words_free(&says);
    ladder_text(ladder, MODEL_NONE);
}
