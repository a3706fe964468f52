#include "sim/view/canvas.h"

#include <string.h>

#include "sim/view/width.h"

void canvas_init(struct canvas *canvas, FILE *out, const struct timeline_options *options, unsigned width) {
    canvas->out = out;
    canvas->ascii = options->ascii;
    canvas->colour = options->colour;
    canvas->width = width;
    canvas_clear(canvas);
}

void canvas_clear(struct canvas *canvas) {
    memset(canvas->cells, 0, sizeof canvas->cells);
}

// A cell that gets something new gives back the other half of a wide character.
static struct canvas_cell *fresh(struct canvas *canvas, unsigned x) {
    struct canvas_cell *cell = &canvas->cells[x];
    if (cell->covered && x > 0) canvas->cells[x - 1].point[0] = ' ';
    if (x + 1 < canvas->width && canvas->cells[x + 1].covered) canvas->cells[x + 1] = (struct canvas_cell){0};
    *cell = (struct canvas_cell){0};
    return cell;
}

static void add_mark(struct canvas_cell *cell, uint32_t point) {
    for (size_t i = 1; i < sizeof cell->point / sizeof cell->point[0]; i++)
        if (cell->point[i] == 0) {
            cell->point[i] = point;
            return;
        }
}

unsigned canvas_text(struct canvas *canvas, unsigned x, const char *text, size_t length, enum style *style) {
    unsigned at_cell = x;
    for (size_t at = 0, size; at < length; at += size) {
        uint32_t point = 0;
        size = width_decode(text + at, length - at, &point);
        if (size == 0) size = 1;
        unsigned width = width_of(point);
        if (point > 0 && point < STYLES) *style = (enum style)point;
        if (width == 0 && point >= 0x20 && at_cell < x) add_mark(&canvas->cells[at_cell], point);
        if (width == 0 || x >= canvas->width || x + width > canvas->width) continue;
        struct canvas_cell *cell = fresh(canvas, x);
        cell->point[0] = point == 0xa0 ? ' ' : point;
        cell->style = (uint8_t)*style;
        if (width == 2) *fresh(canvas, x + 1) = (struct canvas_cell){.covered = true, .style = (uint8_t)*style};
        at_cell = x;
        x += width;
    }
    return x;
}

void canvas_stroke(struct canvas *canvas, unsigned x, unsigned strokes, enum style style, bool dashed) {
    if (x >= canvas->width) return;
    struct canvas_cell *cell = &canvas->cells[x];
    if (cell->point[0] != 0 || cell->covered) cell = fresh(canvas, x);
    cell->strokes = (uint8_t)(cell->strokes | strokes);
    cell->style = (uint8_t)style;
    cell->dashed = dashed;
}

void canvas_across(struct canvas *canvas, unsigned from, unsigned to, enum style style, bool dashed) {
    unsigned left = from < to ? from : to, right = from < to ? to : from;
    if (left == right) return;
    canvas_stroke(canvas, left, STROKE_RIGHT, style, dashed);
    for (unsigned x = left + 1; x < right; x++)
        canvas_stroke(canvas, x, STROKE_LEFT | STROKE_RIGHT, style, dashed);
    canvas_stroke(canvas, right, STROKE_LEFT, style, dashed);
}

void canvas_symbol(struct canvas *canvas, unsigned x, enum symbol symbol, enum style style) {
    static const uint32_t symbols[] = {[SYMBOL_LEFT] = 0x25c4, [SYMBOL_RIGHT] = 0x25ba, [SYMBOL_CROSS] = 0x2717};
    static const char plain[] = {[SYMBOL_LEFT] = '<', [SYMBOL_RIGHT] = '>', [SYMBOL_CROSS] = 'X'};
    if (x >= canvas->width) return;
    struct canvas_cell *cell = fresh(canvas, x);
    cell->point[0] = canvas->ascii ? (uint32_t)plain[symbol] : symbols[symbol];
    cell->style = (uint8_t)style;
}

// The character that a cell's strokes make.
static uint32_t stroke_character(const struct canvas *canvas, const struct canvas_cell *cell, unsigned x) {
    static const uint32_t joined[16] = {' ',    0x2574, 0x2576, 0x2500, 0x2575, 0x256f, 0x2570, 0x2534,
                                        0x2577, 0x256e, 0x256d, 0x252c, 0x2502, 0x2524, 0x251c, 0x253c};
    static const char plain[16] = {' ', '-', '-', '-', '|', '\'', '`', '+', '|', '.', '.', '+', '|', '|', '|', '+'};
    bool across = cell->strokes == (STROKE_LEFT | STROKE_RIGHT), upright = cell->strokes == (STROKE_UP | STROKE_DOWN);
    if (canvas->ascii) {
        if (cell->dashed && across && x % 2 == 1) return ' ';
        return cell->dashed && upright ? ':' : (uint32_t)plain[cell->strokes];
    }
    if (cell->dashed && across) return 0x2504;
    return cell->dashed && upright ? 0x250a : joined[cell->strokes];
}

static const char *escape_of(uint8_t style) {
    static const char *const escapes[STYLES] = {
        [STYLE_DIM] = "\033[2m",    [STYLE_STRONG] = "\033[1m", [STYLE_STATE] = "\033[1;36m", [STYLE_FLAGS] = "\033[1m",
        [STYLE_BAD] = "\033[1;31m", [STYLE_CALL] = "\033[32m",  [STYLE_NOTE] = "\033[33m",
    };
    return style < STYLES ? escapes[style] : NULL;
}

static void print_point(const struct canvas *canvas, uint32_t point) {
    char bytes[4];
    fwrite(bytes, 1, width_encode(point, bytes), canvas->out);
}

void canvas_print(const struct canvas *canvas) {
    unsigned end = canvas->width;
    while (end > 0 && !canvas->cells[end - 1].covered && canvas->cells[end - 1].strokes == 0 &&
           (canvas->cells[end - 1].point[0] == 0 || canvas->cells[end - 1].point[0] == ' '))
        end--;
    const char *active = NULL;
    for (unsigned x = 0; x < end; x++) {
        const struct canvas_cell *cell = &canvas->cells[x];
        if (cell->covered) continue;
        uint32_t point = cell->point[0] != 0 ? cell->point[0] : stroke_character(canvas, cell, x);
        const char *wanted = canvas->colour && point != ' ' ? escape_of(cell->style) : active;
        if (wanted != active) {
            if (active != NULL) fputs("\033[0m", canvas->out);
            if (wanted != NULL) fputs(wanted, canvas->out);
            active = wanted;
        }
        print_point(canvas, point);
        for (size_t i = 1; i < sizeof cell->point / sizeof cell->point[0]; i++)
            if (cell->point[i] != 0) print_point(canvas, cell->point[i]);
    }
    if (active != NULL) fputs("\033[0m", canvas->out);
    fputc('\n', canvas->out);
}
