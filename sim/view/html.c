#include "sim/view/html.h"

#include <string.h>

#include "sim/view/html_data.h"
#include "sim/view/html_player.h"
#include "sim/view/label.h"

// As it may stand in markup.
static void add_escaped(struct words *page, const struct words *text) {
    for (size_t i = 0; i < text->length; i++) {
        const char *byte = &text->bytes[i];
        if (*byte == '&')
            words_add(page, "&amp;");
        else if (*byte == '<')
            words_add(page, "&lt;");
        else if (*byte == '>')
            words_add(page, "&gt;");
        else
            words_add_bytes(page, byte, 1);
    }
}

// As it may stand inside <script>: these characters occur in JSON's strings alone, where they may be written so.
static void add_data(struct words *page, const struct words *json) {
    for (size_t i = 0; i < json->length; i++) {
        const char *byte = &json->bytes[i];
        if (*byte == '&')
            words_add(page, "\\u0026");
        else if (*byte == '<')
            words_add(page, "\\u003c");
        else if (*byte == '>')
            words_add(page, "\\u003e");
        else
            words_add_bytes(page, byte, 1);
    }
}

static void add_title(struct words *page, const struct model *model, int language) {
    struct words title = {0};
    if (model->has_run) {
        struct record record = model_record(model, model->run_at);
        words_add_prose(&title, label_in_language(record.run.title, language), false);
    }
    if (title.length > 0) words_add(&title, " - ");
    words_add(&title, "synfin");
    add_escaped(page, &title);
    words_free(&title);
}

// What stands for a mark of player.html.
static void add_part(struct words *page, const struct model *model, int language, const char *mark, size_t length) {
    struct words json = {0};
    if (strncmp(mark, "TITLE", length) == 0) add_title(page, model, language);
    if (strncmp(mark, "LANGUAGE", length) == 0) words_add(page, language == 1 ? "zh-Hans" : "en");
    if (strncmp(mark, "STYLE", length) == 0) words_add(page, html_player_css);
    if (strncmp(mark, "SCRIPT", length) == 0) words_add(page, html_player_js);
    if (strncmp(mark, "DATA", length) == 0) {
        html_data(&json, model, language);
        add_data(page, &json);
    }
    words_free(&json);
}

// player.html with what stands for {{MARK}}.
static void add_page(struct words *page, const struct model *model, int language) {
    const char *from = html_player_html;
    for (const char *mark; (mark = strstr(from, "{{")) != NULL;) {
        const char *end = strstr(mark, "}}");
        if (end == NULL) break;
        words_add_bytes(page, from, (size_t)(mark - from));
        add_part(page, model, language, mark + 2, (size_t)(end - mark) - 2);
        from = end + 2;
    }
    words_add(page, from);
}

bool html_write(const struct trace *trace, int language, struct words *page, char *error, size_t size) {
    struct model model;
    bool good = model_read(&model, trace, error, size);
    if (good) add_page(page, &model, language == 1);
    model_free(&model);
    return good;
}
