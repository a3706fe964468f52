// One line of the timeline while it is composed: cells with text, or with strokes of lines that join where they meet.
#ifndef VIEW_CANVAS_H
#define VIEW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/view/timeline.h"
#include "sim/view/words.h"

// Strokes from the middle of a cell to its edges.
enum stroke { STROKE_LEFT = 1, STROKE_RIGHT = 2, STROKE_UP = 4, STROKE_DOWN = 8 };

enum symbol { SYMBOL_LEFT, SYMBOL_RIGHT, SYMBOL_CROSS };

struct canvas_cell {
    uint32_t point[3];  // a character and its combining ones; 0: none
    uint8_t strokes;    // enum stroke, where there is no character
    uint8_t style;      // enum style
    bool dashed;
    bool covered;  // by the wide character before
};

struct canvas {
    FILE *out;
    bool ascii, colour;
    unsigned width;
    struct canvas_cell cells[TIMELINE_WIDTH_MOST];
};

void canvas_init(struct canvas *canvas, FILE *out, const struct timeline_options *options, unsigned width);
// An empty line.
void canvas_clear(struct canvas *canvas);
// Puts text (words.h) at column `x`, over what is there. `*style` is the style it begins in, and receives the one it
// ends in. What would leave the line is left out. Returns the column behind it.
unsigned canvas_text(struct canvas *canvas, unsigned x, const char *text, size_t length, enum style *style);
// Adds strokes to a cell: lines that cross become a crossing.
void canvas_stroke(struct canvas *canvas, unsigned x, unsigned strokes, enum style style, bool dashed);
// A horizontal line from the middle of column `from` to the middle of `to`, whichever is more to the left.
void canvas_across(struct canvas *canvas, unsigned from, unsigned to, enum style style, bool dashed);
void canvas_symbol(struct canvas *canvas, unsigned x, enum symbol symbol, enum style style);
// Writes the line without trailing spaces, and a line end.
void canvas_print(const struct canvas *canvas);

#endif
