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

// What the page is made of.
struct player {
    struct model models[2];
    unsigned runs;  // of these
    int language;
};

// The title of the first run.
static void add_title(struct words *page, const struct player *player) {
    const struct model *model = &player->models[0];
    struct words title = {0};
    if (model->has_run) {
        struct record record = model_record(model, model->run_at);
        words_add_prose(&title, label_in_language(record.run.title, player->language), false);
    }
    if (title.length > 0) words_add(&title, " - ");
    words_add(&title, "synfin");
    add_escaped(page, &title);
    words_free(&title);
}

static void add_runs(struct words *page, const struct player *player) {
    struct words json = {0};
    words_add(&json, "{\"language\":");
    words_add_number(&json, (uint64_t)player->language);
    words_add(&json, ",\"runs\":[");
    for (unsigned i = 0; i < player->runs; i++) {
        if (i > 0) words_add(&json, ",\n");
        html_data(&json, &player->models[i]);
    }
    words_add(&json, "]}");
    add_data(page, &json);
    words_free(&json);
}

// What stands for a mark of player.html.
static void add_part(struct words *page, const struct player *player, const char *mark, size_t length) {
    if (strncmp(mark, "TITLE", length) == 0) add_title(page, player);
    if (strncmp(mark, "LANGUAGE", length) == 0) words_add(page, player->language == 1 ? "zh-Hans" : "en");
    if (strncmp(mark, "STYLE", length) == 0) words_add(page, html_player_css);
    if (strncmp(mark, "SCRIPT", length) == 0) words_add(page, html_player_js);
    if (strncmp(mark, "DATA", length) == 0) add_runs(page, player);
}

// player.html with what stands for {{MARK}}.
static void add_page(struct words *page, const struct player *player) {
    const char *from = html_player_html;
    for (const char *mark; (mark = strstr(from, "{{")) != NULL;) {
        const char *end = strstr(mark, "}}");
        if (end == NULL) break;
        words_add_bytes(page, from, (size_t)(mark - from));
        add_part(page, player, mark + 2, (size_t)(end - mark) - 2);
        from = end + 2;
    }
    words_add(page, from);
}

bool html_write(const struct trace *trace, const struct trace *beside, int language, struct words *page, char *error,
                size_t size) {
    struct player player = {.runs = beside != NULL ? 2 : 1, .language = language == 1};
    bool good = model_read(&player.models[0], trace, error, size);
    if (good && beside != NULL) good = model_read(&player.models[1], beside, error, size);
    if (good) add_page(page, &player);
    model_free(&player.models[0]);
    model_free(&player.models[1]);
    return good;
}
