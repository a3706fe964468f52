#include "sim/view/timeline.h"

#include <string.h>

#include "sim/view/label.h"
#include "sim/view/ladder.h"
#include "sim/view/model.h"
#include "sim/view/text.h"
#include "sim/view/width.h"

#define SILENCE UINT64_C(500000000)  // nanoseconds; a longer one has a line of its own

struct timeline {
    struct model model;
    struct timeline_options options;
    struct ladder ladder;
    struct words more;  // explanations
    FILE *out;
};

// ---- Prose above and below the ladder

// Prints `words` from column `indent` on, wrapped.
static void print_prose(struct timeline *timeline, const struct words *words, unsigned indent) {
    const char *text = words_string(words);
    struct canvas *canvas = &timeline->ladder.canvas;
    enum style style = STYLE_PLAIN;
    for (size_t begin = 0; begin < words->length;) {
        size_t next = 0;
        size_t length = width_line(text + begin, words->length - begin, timeline->options.width - indent, &next);
        canvas_clear(canvas);
        canvas_text(canvas, indent, text + begin, length, &style);
        canvas_print(canvas);
        begin += next;
    }
}

// Prints the text in the timeline's language, if there is any.
static void print_paragraph(struct timeline *timeline, const struct record_text text[TCP_LANGUAGES], enum style style) {
    struct words words = {0};
    words_add_style(&words, style);
    words_add_prose(&words, label_in_language(text, timeline->options.language), label_ascii(&timeline->options));
    if (words.length > 1) print_prose(timeline, &words, 0);
    words_free(&words);
}

static bool is_ascii(struct record_text text) {
    for (uint32_t i = 0; i < text.length; i++)
        if (text.bytes[i] > 0x7e) return false;
    return true;
}

// The sources, a line each, as a list on one line. Those whose names can't be written in ASCII are left out there.
static void print_sources(struct timeline *timeline, struct record_text sources) {
    struct words list = {0}, words = {0};
    bool ascii = label_ascii(&timeline->options);
    for (uint32_t begin = 0; begin < sources.length;) {
        const unsigned char *end = memchr(sources.bytes + begin, '\n', sources.length - begin);
        uint32_t length = end != NULL ? (uint32_t)(end - sources.bytes) - begin : sources.length - begin;
        struct record_text source = {sources.bytes + begin, length};
        begin += length + 1;
        if (ascii && !is_ascii(source)) continue;
        if (list.length > 0) words_add(&list, timeline->options.language == 1 ? "；" : "; ");
        words_add_prose(&list, source, ascii);
    }
    words_add_style(&words, STYLE_DIM);
    text_add(&words, timeline->options.language, TEXT_SOURCES, words_string(&list), NULL);
    if (list.length > 0) print_prose(timeline, &words, 0);
    words_free(&list);
    words_free(&words);
}

static void print_run(struct timeline *timeline, const struct record *run) {
    struct words words = {0};
    print_paragraph(timeline, run->run.title, STYLE_STRONG);
    print_paragraph(timeline, run->run.question, STYLE_NOTE);
    print_paragraph(timeline, run->run.about, STYLE_PLAIN);
    print_sources(timeline, run->run.sources);
    words_add_style(&words, STYLE_DIM);
    if (run->run.file.length > 0) {
        words_add_prose(&words, run->run.file, label_ascii(&timeline->options));
        label_separator(&words, &timeline->options);
    }
    text_add_number(&words, timeline->options.language, TEXT_SEED, run->run.seed);
    print_prose(timeline, &words, 0);
    words_free(&words);
}

// What "5000/2" means, at the first connection that bears such a name.
static void print_reuse(struct timeline *timeline) {
    const struct model *model = &timeline->model;
    for (uint32_t i = 0; i < model->connection_count; i++) {
        if (!model->connections[i].reuses) continue;
        struct words line = {0}, name = {0};
        label_connection(&name, model, &timeline->options, model->connections[i].id);
        name.bytes[name.length - 2] = '1';
        struct words second = {0};
        words_add_bytes(&second, name.bytes, name.length - 2);
        words_add(&second, "2");
        name.bytes[--name.length] = '\0';
        words_add_style(&line, STYLE_DIM);
        text_add(&line, timeline->options.language, TEXT_REUSED, words_string(&name), words_string(&second));
        print_prose(timeline, &line, 0);
        words_free(&line);
        words_free(&name);
        words_free(&second);
        return;
    }
}

static bool same_rules(const struct tcp_rule_set *a, const struct tcp_rule_set *b) {
    return memcmp(a->bits, b->bits, sizeof a->bits) == 0;
}

static bool add_rule_names(const struct timeline *timeline, struct words *words, const struct tcp_rule_set *rules) {
    const struct timeline_options *options = &timeline->options;
    bool any = false;
    for (uint32_t rule = TCP_RULE_NONE + 1; rule < RECORD_RULES_MOST; rule++) {
        if (!tcp_rule_set_has(rules, (enum tcp_rule)rule)) continue;
        if (any) words_add(words, text_of(options->language, TEXT_COMMA));
        label_rule_name(words, &timeline->model, options, rule);
        any = true;
    }
    return any;
}

// The rules that hosts go without: once where it is the same for all.
static void print_without(struct timeline *timeline) {
    const struct model *model = &timeline->model;
    bool all = true;
    for (uint32_t i = 1; i < model->host_count; i++)
        if (!same_rules(&model->hosts[i].without, &model->hosts[0].without)) all = false;
    for (uint32_t i = 0; i < model->host_count && (i == 0 || !all); i++) {
        struct words rules = {0}, name = {0}, line = {0};
        words_add_style(&line, STYLE_BAD);
        label_host(&name, model, &timeline->options, i);
        if (add_rule_names(timeline, &rules, &model->hosts[i].without)) {
            text_add(&line, timeline->options.language, all ? TEXT_WITHOUT_ALL : TEXT_WITHOUT,
                     all ? words_string(&rules) : words_string(&name), words_string(&rules));
            print_prose(timeline, &line, 0);
        }
        words_free(&rules);
        words_free(&name);
        words_free(&line);
    }
}

static void print_claim(struct timeline *timeline, size_t at) {
    struct record record = model_record(&timeline->model, at);
    struct words words = {0}, argument = {0};
    int language = timeline->options.language;
    bool ascii = label_ascii(&timeline->options);
    words_add_style(&words, STYLE_BAD);
    words_add_prose(&argument, label_in_language(record.claim.claim, language), ascii);
    text_add(&words, language, TEXT_CLAIM_FAILED, words_string(&argument), NULL);
    print_prose(timeline, &words, 0);
    words_clear(&words);
    words_clear(&argument);
    words_add_prose(&words, label_in_language(record.claim.detail, language), ascii);
    if (words.length > 0) print_prose(timeline, &words, 8);
    words_clear(&words);
    words_add_style(&words, STYLE_DIM);
    words_add_seconds(&argument, record.time, timeline->ladder.digits);
    text_add(&words, language, TEXT_CLAIM_AT, words_string(&argument), NULL);
    if (record.claim.where.length > 0) {
        words_add(&words, text_of(language, TEXT_COMMA));
        words_add_prose(&words, record.claim.where, ascii);
    }
    print_prose(timeline, &words, 8);
    words_free(&words);
    words_free(&argument);
}

// A line that is never broken, however long.
static void print_unbroken(struct timeline *timeline, const char *string) {
    static const char held[] = "\u00a0";
    fputs("        ", timeline->out);
    for (const char *at = string; *at != '\0'; at++) {
        bool blank = strncmp(at, held, sizeof held - 1) == 0;
        fputc(blank ? ' ' : *at, timeline->out);
        if (blank) at++;
    }
    fputc('\n', timeline->out);
}

// The command that repeats the run, on a line of its own, so that it can be copied.
static void print_repeat(struct timeline *timeline) {
    struct record run = model_record(&timeline->model, timeline->model.run_at);
    if (run.run.command.length == 0) return;
    struct words words = {0}, command = {0};
    words_add(&words, text_of(timeline->options.language, TEXT_REPEAT));
    print_prose(timeline, &words, 0);
    words_add_code(&command, run.run.command, label_ascii(&timeline->options));
    print_unbroken(timeline, words_string(&command));
    words_free(&words);
    words_free(&command);
}

static void print_end(struct timeline *timeline) {
    const struct model *model = &timeline->model;
    struct words words = {0}, time = {0};
    int language = timeline->options.language;
    fputc('\n', timeline->out);
    words_add_style(&words, STYLE_DIM);
    if (model->has_finish) {
        struct record finish = model_record(model, model->finish_at);
        words_add_seconds(&time, finish.time, timeline->ladder.digits);
        text_add(&words, language, TEXT_END, words_string(&time), text_run_end(language, finish.finish.end));
    } else {
        words_add(&words, text_of(language, TEXT_UNFINISHED));
    }
    print_prose(timeline, &words, 0);
    for (uint32_t i = 0; i < model->claim_count; i++)
        print_claim(timeline, model->claims[i]);
    if (model->claim_count > 0 && model->has_run) print_repeat(timeline);
    words_free(&words);
    words_free(&time);
}

// ---- Rows of one host

// What stands before a row's text, so that one sees what it is.
static const char *mark_of(const struct timeline_options *options, enum model_row_kind kind) {
    if (kind == ROW_CALL) return options->ascii ? "> " : "▸ ";
    if (kind == ROW_TIMER) return options->ascii ? "@ " : "◷ ";
    if (kind == ROW_NOTE) return "* ";
    if (kind == ROW_SIGNAL || kind == ROW_WAIT) return options->ascii ? "< " : "◂ ";
    return "";
}

static void write_row(struct timeline *timeline, const struct model_row *row) {
    struct ladder *ladder = &timeline->ladder;
    struct words words = {0};
    label_row(&words, &timeline->model, &timeline->options, row);
    if (row->error != TCP_OK) {
        words_add_style(&words, STYLE_BAD);
        words_add(&words, timeline->options.ascii ? " -> " : " → ");
        words_add(&words, text_error(timeline->options.language, row->error));
    }
    words_clear(&ladder->text);
    if (words.length > 0) {
        if (ladder->list && row->host != MODEL_NONE) {
            label_host(&ladder->text, ladder->model, &timeline->options, row->host);
            words_add(&ladder->text, ": ");
        }
        words_add(&ladder->text, mark_of(&timeline->options, row->kind));
        if (row->labelled || ladder->list) {
            words_add_style(&ladder->text, STYLE_DIM);
            label_connection(&ladder->text, ladder->model, &timeline->options, row->connection);
        }
        words_add(&ladder->text, words_string(&words));
        ladder_text(ladder, row->host);
    } else {
        ladder_flush(ladder, MODEL_NONE);
    }
    words_free(&words);
}

// ---- Explanations

// Adds the rules to timeline->more: each with its sentence where it is new, and the others together on one line.
static void explain(struct timeline *timeline, const struct tcp_rule_set *rules) {
    struct tcp_rule_set *explained = &timeline->ladder.explained;
    struct words known = {0};
    for (uint32_t i = TCP_RULE_NONE + 1; i < RECORD_RULES_MOST; i++) {
        enum tcp_rule rule = (enum tcp_rule)i;
        if (!tcp_rule_set_has(rules, rule)) continue;
        bool is_new = !tcp_rule_set_has(explained, rule);
        struct words *words = is_new ? &timeline->more : &known;
        if (words->length > 0) words_add(words, is_new ? "\n" : text_of(timeline->options.language, TEXT_COMMA));
        if (is_new) words_add(words, timeline->options.ascii ? "-\u00a0" : "•\u00a0");
        label_rule(words, &timeline->model, &timeline->options, i, is_new);
        tcp_rule_set_add(explained, rule);
    }
    if (known.length > 0) {
        if (timeline->more.length > 0) words_add(&timeline->more, "\n");
        words_add(&timeline->more, timeline->options.ascii ? "-\u00a0" : "•\u00a0");
        words_add(&timeline->more, words_string(&known));
    }
    words_free(&known);
}

// Explains what a row that isn't a departure applied, below it.
static void explain_row(struct timeline *timeline, const struct model_row *row) {
    if (!timeline->options.explain) return;
    words_clear(&timeline->more);
    if (tcp_rule_set_is_empty(&row->applied)) return;
    explain(timeline, &row->applied);
    words_clear(&timeline->ladder.text);
    words_add(&timeline->ladder.text, words_string(&timeline->more));
    ladder_text(&timeline->ladder, row->host);
}

// Prepares the explanation of the rule that a packet owes itself to, where it is new: its label has the clause.
static void explain_packet(struct timeline *timeline, const struct model_row *row) {
    words_clear(&timeline->more);
    if (!timeline->options.explain) return;
    const struct model_flight *flight = &timeline->model.flights[row->flight];
    struct record record = model_record(&timeline->model, timeline->model.packets[flight->packet].at);
    struct tcp_rule_set rule = {{0}};
    enum tcp_rule which = (enum tcp_rule)record.packet.rule;
    if (which == TCP_RULE_NONE || tcp_rule_set_has(&timeline->ladder.explained, which)) return;
    tcp_rule_set_add(&rule, which);
    explain(timeline, &rule);
}

// ---- All rows

static bool is_shown(const struct timeline *timeline, const struct model_row *row) {
    if (row->first_change != MODEL_NONE || row->error != TCP_OK) return true;
    if (row->weight == WEIGHT_DETAIL) return timeline->options.explain;
    return row->weight == WEIGHT_SHOWN;
}

static uint32_t next_shown(const struct timeline *timeline, uint32_t row) {
    for (uint32_t i = row + 1; i < timeline->model.row_count; i++)
        if (is_shown(timeline, &timeline->model.rows[i])) return i;
    return MODEL_NONE;
}

static void show_changes(struct timeline *timeline, const struct model_row *row) {
    const struct model *model = &timeline->model;
    struct ladder *ladder = &timeline->ladder;
    for (uint32_t i = row->first_change; i != MODEL_NONE; i = model->changes[i].next) {
        const struct model_change *change = &model->changes[i];
        if (!ladder->list) {
            ladder_state(ladder, change);
            continue;
        }
        words_clear(&ladder->text);
        label_host(&ladder->text, model, &timeline->options, change->host);
        words_add(&ladder->text, ": ");
        label_connection(&ladder->text, model, &timeline->options, change->connection);
        words_add_style(&ladder->text, STYLE_STATE);
        words_add(&ladder->text, label_state(timeline->options.language, change->state));
        ladder_text(ladder, MODEL_NONE);
    }
}

static void write_rows(struct timeline *timeline) {
    struct ladder *ladder = &timeline->ladder;
    const struct model *model = &timeline->model;
    uint64_t last = 0;
    for (uint32_t i = 0; i < model->row_count; i++) {
        const struct model_row *row = &model->rows[i];
        if (!is_shown(timeline, row)) continue;
        if (row->time - last > SILENCE && !ladder->carries) ladder_gap(ladder, row->time - last);
        ladder->now = last = row->time;
        show_changes(timeline, row);
        if (row->kind == ROW_HOST_EVENT) {
            struct record record = model_record(model, row->at);
            ladder->down[row->host] = record.host_event.event == HOST_CRASHED;
        }
        if (row->kind == ROW_DEPARTURE) {
            explain_packet(timeline, row);
            ladder_departure(ladder, row, next_shown(timeline, i), &timeline->more);
            continue;
        }
        if (row->kind == ROW_ARRIVAL)
            ladder_arrival(ladder, row);
        else
            write_row(timeline, row);
        if (ladder->inside) ladder_flush(ladder, MODEL_NONE);
        explain_row(timeline, row);
    }
    ladder_flush(ladder, MODEL_NONE);
}

static struct timeline_options completed(const struct timeline_options *options) {
    struct timeline_options complete = *options;
    complete.language = options->language == 1;
    if (complete.width == 0) complete.width = TIMELINE_WIDTH;
    if (complete.width < TIMELINE_WIDTH_LEAST) complete.width = TIMELINE_WIDTH_LEAST;
    if (complete.width > TIMELINE_WIDTH_MOST) complete.width = TIMELINE_WIDTH_MOST;
    return complete;
}

bool timeline_write(const struct trace *trace, const struct timeline_options *options, FILE *out, char *error,
                    size_t size) {
    struct timeline timeline = {.options = completed(options), .out = out};
    bool good = model_read(&timeline.model, trace, error, size);
    if (good) {
        ladder_init(&timeline.ladder, &timeline.model, &timeline.options, out);
        if (timeline.model.has_run) {
            struct record run = model_record(&timeline.model, timeline.model.run_at);
            print_run(&timeline, &run);
        }
        print_without(&timeline);
        print_reuse(&timeline);
        fputc('\n', out);
        ladder_heading(&timeline.ladder);
        write_rows(&timeline);
        print_end(&timeline);
        ladder_free(&timeline.ladder);
    }
    words_free(&timeline.more);
    model_free(&timeline.model);
    return good;
}
