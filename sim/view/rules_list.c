#include "sim/view/rules_list.h"

#include <string.h>

#include "sim/view/canvas.h"
#include "sim/view/text.h"
#include "sim/view/width.h"

enum { INDENT = 4 };

static void print_wrapped(struct canvas *canvas, const struct words *words, unsigned indent) {
    const char *text = words_string(words);
    enum style style = STYLE_PLAIN;
    for (size_t begin = 0; begin < words->length;) {
        size_t next = 0, length = width_line(text + begin, words->length - begin, canvas->width - indent, &next);
        canvas_clear(canvas);
        canvas_text(canvas, indent, text + begin, length, &style);
        canvas_print(canvas);
        begin += next;
    }
}

static void print_rule(struct canvas *canvas, const struct tcp_rule_info *info, int language) {
    struct words words = {0};
    words_add_style(&words, STYLE_STRONG);
    words_add(&words, info->name);
    words_add_style(&words, STYLE_DIM);
    words_add(&words, "  ");
    words_add(&words, info->clause);
    if (info->requirement[0] != '\0') {
        words_add(&words, ", ");
        words_add(&words, info->requirement);
    }
    if (info->owner == TCP_RULE_HOST) {
        words_add(&words, ", ");
        words_add(&words, text_of(language, TEXT_RULE_HOST));
    }
    print_wrapped(canvas, &words, 0);
    words_clear(&words);
    words_add(&words, info->does[language]);
    print_wrapped(canvas, &words, INDENT);
    words_clear(&words);
    words_add_style(&words, STYLE_DIM);
    words_add(&words, text_of(language, TEXT_RULE_WITHOUT));
    words_add(&words, info->without[language]);
    print_wrapped(canvas, &words, INDENT);
    words_free(&words);
}

static void init_canvas(struct canvas *canvas, const struct timeline_options *options, FILE *out) {
    unsigned width = options->width == 0 ? TIMELINE_WIDTH : options->width;
    if (width < TIMELINE_WIDTH_LEAST) width = TIMELINE_WIDTH_LEAST;
    if (width > TIMELINE_WIDTH_MOST) width = TIMELINE_WIDTH_MOST;
    canvas_init(canvas, out, options, width);
}

void rules_list_write_row(const struct timeline_options *options, const struct rules_list_row *row, FILE *out) {
    struct canvas canvas;
    struct words words = {0};
    init_canvas(&canvas, options, out);
    words_add_style(&words, STYLE_STRONG);
    words_add(&words, row->name);
    words_add_style(&words, STYLE_DIM);
    words_add(&words, "  ");
    words_add(&words, row->source);
    print_wrapped(&canvas, &words, 0);
    words_clear(&words);
    words_add(&words, row->says);
    print_wrapped(&canvas, &words, INDENT);
    for (unsigned i = 0; i < row->assumes_count; i++) {
        words_clear(&words);
        words_add_style(&words, STYLE_DIM);
        words_add(&words, text_of(options->language == 1, TEXT_PROPERTY_ASSUMES));
        words_add(&words, row->assumes[i]);
        print_wrapped(&canvas, &words, INDENT);
    }
    if (row->reason != NULL) {
        words_clear(&words);
        words_add(&words, row->reason);
        print_wrapped(&canvas, &words, INDENT);
    }
    fputc('\n', out);
    words_free(&words);
}

void rules_list_write(const struct timeline_options *options, FILE *out) {
    struct canvas canvas;
    int language = options->language == 1;
    init_canvas(&canvas, options, out);
    for (uint32_t rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++) {
        print_rule(&canvas, tcp_rule_info((enum tcp_rule)rule), language);
        fputc('\n', out);
    }
    struct words words = {0};
    text_add_number(&words, language, TEXT_RULE_COUNT, TCP_RULES - 1);
    print_wrapped(&canvas, &words, 0);
    words_free(&words);
}

// ---- The ledger ----------------------------------------------------------------------------------------------------

enum { LEDGER_SECTION = 9, LEDGER_TEXT = 20 };  // columns

// What the row asks for, behind its name and section.
static void print_requirement(struct canvas *canvas, const struct ledger_row *row, int language) {
    const char *says = row->says[language];
    size_t length = strlen(says);
    for (size_t begin = 0; begin < length;) {
        enum style strong = STYLE_STRONG, dim = STYLE_DIM, plain = STYLE_PLAIN;
        size_t next = 0, line = width_line(says + begin, length - begin, canvas->width - LEDGER_TEXT, &next);
        canvas_clear(canvas);
        if (begin == 0) canvas_text(canvas, 0, row->name, strlen(row->name), &strong);
        if (begin == 0) canvas_text(canvas, LEDGER_SECTION, row->section, strlen(row->section), &dim);
        canvas_text(canvas, LEDGER_TEXT, says + begin, line, &plain);
        canvas_print(canvas);
        begin += next;
    }
}

static void print_ledger_row(struct canvas *canvas, const struct ledger_row *row, int language) {
    struct words words = {0};
    print_requirement(canvas, row, language);
    words_add_style(&words, STYLE_DIM);
    switch (row->status) {
    case LEDGER_SHOWN: words_add(&words, row->proof); break;
    case LEDGER_NOT_TAKEN: words_add(&words, text_of(language, TEXT_LEDGER_NOT_TAKEN)); break;
    case LEDGER_NOT_APPLICABLE: words_add(&words, text_of(language, TEXT_LEDGER_NOT_APPLICABLE)); break;
    }
    words_add(&words, row->because[language]);
    print_wrapped(canvas, &words, LEDGER_TEXT);
    words_free(&words);
}

void rules_list_write_ledger(const struct timeline_options *options, FILE *out) {
    struct canvas canvas;
    int language = options->language == 1;
    unsigned sums[LEDGER_NOT_APPLICABLE + 1] = {0};
    init_canvas(&canvas, options, out);
    for (unsigned i = 0; i < LEDGER_ROWS; i++) {
        print_ledger_row(&canvas, ledger_row(i), language);
        sums[ledger_row(i)->status]++;
    }
    char shown[16], not_taken[16];
    snprintf(shown, sizeof shown, "%u", sums[LEDGER_SHOWN]);
    snprintf(not_taken, sizeof not_taken, "%u", sums[LEDGER_NOT_TAKEN]);
    struct words words = {0};
    text_add_number(&words, language, TEXT_LEDGER_COUNT, LEDGER_ROWS);
    text_add(&words, language, TEXT_LEDGER_SUMS, shown, not_taken);
    fputc('\n', out);
    print_wrapped(&canvas, &words, 0);
    words_free(&words);
}
