#include <string.h>

#include "sim/view/label.h"
#include "sim/view/text.h"

struct record_text label_in_language(const struct record_text text[TCP_LANGUAGES], int language) {
    return text[language].length > 0 ? text[language] : text[0];
}

// Adds a step so that "{ a = b }" is broken in front of names alone.
static void add_code(struct words *words, const char *code) {
    for (const char *at = code; *at != '\0'; at++) {
        bool holds = *at == ' ' && at > code && (strchr("=}+-", at[1]) != NULL || strchr("={+-", at[-1]) != NULL);
        words_add_bytes(words, holds ? "\u00a0" : at, holds ? 2 : 1);
    }
}

// A step as it is written in the script. One that changes a link changes what the ladder is drawn on: that is said in
// words.
static void add_call(struct words *words, struct record_text text, const struct timeline_options *options) {
    static const char down[] = "link_down(", up[] = "link_up(";
    struct words code = {0}, hosts = {0};
    words_add_code(&code, text, label_ascii(options));
    const char *string = words_string(&code);
    bool goes_down = strncmp(string, down, sizeof down - 1) == 0, comes_up = strncmp(string, up, sizeof up - 1) == 0;
    size_t begin = goes_down ? sizeof down - 1 : sizeof up - 1;
    if ((goes_down || comes_up) && string[code.length - 1] == ')') {
        words_add_bytes(&hosts, string + begin, code.length - 1 - begin);
        words_add_style(words, STYLE_NOTE);
        text_add(words, options->language, goes_down ? TEXT_LINK_DOWN : TEXT_LINK_UP, words_string(&hosts), NULL);
    } else {
        words_add_style(words, STYLE_CALL);
        add_code(words, string);
    }
    words_free(&code);
    words_free(&hosts);
}

// How a step ended, where it was not well.
static void add_outcome(struct words *words, struct record_text name, const struct timeline_options *options) {
    const char *outcome = text_outcome(options->language, name);
    words_add_style(words, STYLE_BAD);
    if (outcome != NULL)
        words_add(words, outcome);
    else
        words_add_prose(words, name, label_ascii(options));
}

static enum style style_of_signal(enum tcp_signal signal) {
    switch (signal) {
    case TCP_SIGNAL_ESTABLISHED:
    case TCP_SIGNAL_CLOSING:
    case TCP_SIGNAL_CLOSED:
    case TCP_SIGNAL_URGENT: return STYLE_CALL;
    case TCP_SIGNAL_SOFT_ERROR: return STYLE_NOTE;
    case TCP_SIGNAL_RESET:
    case TCP_SIGNAL_REFUSED:
    case TCP_SIGNAL_TIMED_OUT:
    case TCP_SIGNAL_USER_TIMEOUT:
    case TCP_SIGNAL_UNREACHABLE: break;
    }
    return STYLE_BAD;
}

// What TCP tells the user. A delivery problem ends nothing, and the rule says what it is.
static void add_signal(struct words *words, const struct model *model, const struct timeline_options *options,
                       const struct record *record) {
    words_add_style(words, style_of_signal((enum tcp_signal)record->signal.signal));
    words_add(words, text_signal(options->language, record->signal.signal));
    if (record->signal.signal != TCP_SIGNAL_SOFT_ERROR || record->signal.rule == TCP_RULE_NONE) return;
    words_add_style(words, STYLE_DIM);
    label_separator(words, options);
    label_rule_name(words, model, options, record->signal.rule);
}

void label_row(struct words *words, const struct model *model, const struct timeline_options *options,
               const struct model_row *row) {
    struct record record = model_record(model, row->at);
    bool ascii = label_ascii(options);
    struct words quoted = {0};
    switch (row->kind) {
    case ROW_CALL: add_call(words, record.call.text, options); break;
    case ROW_TIMER:
        words_add_style(words, STYLE_NOTE);
        words_add(words, row->event == TCP_TIME_WAIT_TIMEOUT && record.step.before.state != TCP_TIME_WAIT
                             ? text_of(options->language, TEXT_ORPHAN_TIMEOUT)
                             : text_event(options->language, row->event));
        break;
    case ROW_SIGNAL: add_signal(words, model, options, &record); break;
    case ROW_DELIVERY:
        words_add_style(words, record.delivery.foreign ? STYLE_BAD : STYLE_DIM);
        words_add_quoted(&quoted, record.delivery.text, 40, ascii);
        text_add(words, options->language, record.delivery.foreign ? TEXT_FOREIGN : TEXT_DELIVERED,
                 words_string(&quoted), NULL);
        break;
    case ROW_NOTE:
        words_add_style(words, STYLE_NOTE);
        words_add_prose(words, label_in_language(record.note.text, options->language), ascii);
        break;
    case ROW_HOST_EVENT:
        words_add_style(words, STYLE_BAD);
        words_add(words, text_host_event(options->language, record.host_event.event));
        break;
    case ROW_WAIT: add_outcome(words, record.wait.outcome, options); break;
    case ROW_STATE:
    case ROW_DEPARTURE:
    case ROW_ARRIVAL: break;
    }
    words_free(&quoted);
}
