#include <stdio.h>
#include <stdlib.h>

#include "sim/view/html_data.h"
#include "sim/view/label.h"
#include "sim/view/text.h"

// Where a record comes from: along the chain of causes, the nearest one that names a line of the script, and the
// nearest that is a step of the page.
struct origin {
    uint64_t number;
    size_t script;  // the record that names the line; 0: none does (there, the trace's header stands)
    uint32_t step;  // of the page; MODEL_NONE: none
};

struct steps {
    const struct model *model;
    struct words *words;
    uint32_t *of_row;  // the step that shows a row, or the one before it; MODEL_NONE: there is none
    struct origin *origins;
    size_t count, capacity;
};

static void *allocated(void *old, size_t count, size_t item) {
    void *memory = count < SIZE_MAX / item ? realloc(old, (count + 1) * item) : NULL;
    if (memory == NULL) {
        fprintf(stderr, "synfin: out of memory\n");
        exit(4);
    }
    return memory;
}

static bool is_shown(const struct model_row *row) {
    return row->weight != WEIGHT_HIDDEN || row->first_change != MODEL_NONE || row->error != TCP_OK;
}

static void number_rows(struct steps *steps) {
    const struct model *model = steps->model;
    steps->of_row = allocated(NULL, model->row_count, sizeof *steps->of_row);
    uint32_t step = MODEL_NONE;
    for (uint32_t i = 0; i < model->row_count; i++) {
        if (is_shown(&model->rows[i])) step = step == MODEL_NONE ? 0 : step + 1;
        steps->of_row[i] = step;
    }
}

// ---- Origins

static const struct origin *origin_of(const struct steps *steps, uint64_t number) {
    size_t low = 0, high = steps->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (steps->origins[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < steps->count && steps->origins[low].number == number ? &steps->origins[low] : NULL;
}

static uint32_t line_of(const struct record *record) {
    if (record->kind == RECORD_CALL) return record->call.line;
    if (record->kind == RECORD_NOTE) return record->note.line;
    if (record->kind == RECORD_WAIT) return record->wait.line;
    if (record->kind == RECORD_PACKET || record->kind == RECORD_ICMP) return record->packet.line;
    return 0;
}

// The first shown row of that record, from `*row` on, which is moved there: records and rows are in the same order.
static uint32_t step_of_record(const struct steps *steps, uint64_t number, uint32_t *row) {
    const struct model *model = steps->model;
    while (*row < model->row_count && model->rows[*row].number < number)
        ++*row;
    for (uint32_t i = *row; i < model->row_count && model->rows[i].number == number; i++)
        if (is_shown(&model->rows[i])) return steps->of_row[i];
    return MODEL_NONE;
}

static void find_origins(struct steps *steps) {
    const struct model *model = steps->model;
    struct trace_record raw;
    uint32_t row = 0;
    for (size_t offset = 0;;) {
        size_t at = offset;
        if (!trace_next(model->trace, &offset, &raw)) break;
        struct record record = model_record(model, at);
        const struct origin *cause = record.cause < record.number ? origin_of(steps, record.cause) : NULL;
        struct origin origin = {.number = record.number, .step = step_of_record(steps, record.number, &row)};
        if (origin.step == MODEL_NONE && cause != NULL) origin.step = cause->step;
        origin.script = line_of(&record) != 0 ? at : cause != NULL ? cause->script : 0;
        if (steps->count == steps->capacity) {
            steps->capacity = 2 * steps->capacity + 64;
            steps->origins = allocated(steps->origins, steps->capacity, sizeof *steps->origins);
        }
        steps->origins[steps->count++] = origin;
    }
}

// The line of the script that led here, and the cause: an earlier step.
static void add_origin(const struct steps *steps, const struct record *record, uint32_t step) {
    struct words *words = steps->words;
    const struct origin *own = origin_of(steps, record->number);
    const struct origin *cause = record->cause < record->number ? origin_of(steps, record->cause) : NULL;
    if (cause != NULL && cause->step != MODEL_NONE && cause->step < step) html_data_number(words, "by", cause->step);
    if (own == NULL || own->script == 0) return;
    struct record script = model_record(steps->model, own->script);
    html_data_number(words, "line", line_of(&script));
    if (script.kind != RECORD_CALL) return;
    struct words code = {0};
    words_add_code(&code, script.call.text, false);
    html_data_key(words, "code");
    html_data_string(words, words_string(&code));
    words_free(&code);
}

// ---- Steps

static void say_row(struct words *words, const struct model *model, const struct timeline_options *options,
                    const void *what) {
    const struct model_row *row = what;
    if (row->kind == ROW_ARRIVAL)
        label_arrival(words, model, options, row);
    else if (row->kind != ROW_DEPARTURE)
        label_row(words, model, options, row);
}

static void say_error(struct words *words, const struct model *model, const struct timeline_options *options,
                      const void *what) {
    const struct model_row *row = what;
    (void)model;
    words_add(words, text_error(options->language, row->error));
}

static struct tcp_rule_set rules_of(const struct model *model, const struct model_row *row,
                                    const struct record *record) {
    struct tcp_rule_set rules = row->applied;
    uint32_t more = TCP_RULE_NONE;
    if (row->kind == ROW_DEPARTURE)
        more = model_record(model, model->packets[model->flights[row->flight].packet].at).packet.rule;
    if (row->kind == ROW_ARRIVAL) more = row->drop_rule;
    if (row->kind == ROW_SIGNAL) more = record->signal.rule;
    if (row->kind == ROW_HOST_EVENT) more = record->host_event.rule;
    if (more != TCP_RULE_NONE) tcp_rule_set_add(&rules, (enum tcp_rule)more);
    return rules;
}

static void add_rules(struct words *words, const struct tcp_rule_set *rules) {
    if (tcp_rule_set_is_empty(rules)) return;
    html_data_key(words, "rules");
    const char *before = "[";
    for (uint32_t rule = TCP_RULE_NONE + 1; rule < RECORD_RULES_MOST; rule++) {
        if (!tcp_rule_set_has(rules, (enum tcp_rule)rule)) continue;
        words_add(words, before);
        words_add_number(words, rule);
        before = ",";
    }
    words_add(words, "]");
}

static void add_changes(struct words *words, const struct model *model, const struct model_row *row) {
    if (row->first_change == MODEL_NONE) return;
    html_data_key(words, "changes");
    const char *before = "[";
    for (uint32_t i = row->first_change; i != MODEL_NONE; i = model->changes[i].next) {
        char change[64];
        snprintf(change, sizeof change, "%s[%u,%u,%u]", before, (unsigned)model->changes[i].host,
                 (unsigned)model->changes[i].connection, (unsigned)model->changes[i].state);
        words_add(words, change);
        before = ",";
    }
    words_add(words, "]");
}

static const char *kind_name(enum model_row_kind kind) {
    switch (kind) {
    case ROW_CALL: return "call";
    case ROW_TIMER: return "timer";
    case ROW_STATE: return "state";
    case ROW_DEPARTURE: return "departure";
    case ROW_ARRIVAL: return "arrival";
    case ROW_DELIVERY: return "delivery";
    case ROW_SIGNAL: return "signal";
    case ROW_NOTE: return "note";
    case ROW_HOST_EVENT: return "host";
    case ROW_WAIT: return "wait";
    }
    return "?";
}

static void add_step(const struct steps *steps, const struct model_row *row, uint32_t step) {
    const struct model *model = steps->model;
    struct words *words = steps->words;
    struct record record = model_record(model, row->at);
    words_add(words, "{");
    html_data_number(words, "t", row->time);
    html_data_key(words, "kind");
    html_data_string(words, kind_name(row->kind));
    if (row->host != MODEL_NONE) html_data_number(words, "host", row->host);
    if (row->connection != 0) html_data_number(words, "c", row->connection);
    if (row->flight != MODEL_NONE) html_data_number(words, "flight", row->flight);
    html_data_text(words, model, "text", say_row, row);
    if (row->error != TCP_OK) html_data_text(words, model, "error", say_error, row);
    if (row->drop != 0) html_data_number(words, "dropped", 1);
    add_origin(steps, &record, step);
    struct tcp_rule_set rules = rules_of(model, row, &record);
    add_rules(words, &rules);
    add_changes(words, model, row);
    words_add(words, "}");
}

// ---- The connections' variables

// [step, connection, gone, then those of struct record_tcb, in the order of the page's `fields`]
static void add_tcb(const struct steps *steps, const struct model_step *step) {
    struct record record = model_record(steps->model, step->at);
    const struct record_tcb *tcb = &record.step.after;
    const uint32_t values[] = {record.step.connection, record.step.deleted, tcb->state,     tcb->iss,     tcb->snd_una,
                               tcb->snd_nxt,           tcb->snd_wnd,        tcb->irs,       tcb->rcv_nxt, tcb->rcv_wnd,
                               tcb->rcv_user,          tcb->cwnd,           tcb->ssthresh,  tcb->srtt,    tcb->rto,
                               tcb->ts_recent,         tcb->snd_scale,      tcb->rcv_scale, tcb->flags};
    words_add(steps->words, "[");
    words_add_number(steps->words, steps->of_row[step->row]);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        words_add(steps->words, ",");
        words_add_number(steps->words, values[i]);
    }
    words_add(steps->words, "]");
}

static void add_tcbs(const struct steps *steps) {
    const struct model *model = steps->model;
    html_data_key(steps->words, "tcbs");
    const char *before = "[";
    for (uint32_t i = 0; i < model->step_count; i++) {
        uint32_t row = model->steps[i].row;
        if (row == MODEL_NONE || steps->of_row[row] == MODEL_NONE) continue;
        words_add(steps->words, before);
        add_tcb(steps, &model->steps[i]);
        before = ",\n";
    }
    words_add(steps->words, *before == '[' ? "[]" : "]");
}

void html_data_steps(struct words *words, const struct model *model) {
    struct steps steps = {.model = model, .words = words};
    number_rows(&steps);
    find_origins(&steps);
    html_data_key(words, "steps");
    const char *before = "[";
    uint32_t step = 0;
    for (uint32_t i = 0; i < model->row_count; i++) {
        if (!is_shown(&model->rows[i])) continue;
        words_add(words, before);
        add_step(&steps, &model->rows[i], step++);
        before = ",\n";
    }
    words_add(words, step == 0 ? "[]" : "]");
    add_tcbs(&steps);
    free(steps.of_row);
    free(steps.origins);
}
