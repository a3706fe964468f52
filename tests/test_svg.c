// The drawings of every scenario are well-formed XML of whole numbers, in which no text leaves the drawing or covers
// another, whatever hosts, notes and texts are called.
#define _XOPEN_SOURCE 700  // strdup(), strnlen()
#include <ctype.h>
#include <stdlib.h>

#include "sim/options.h"
#include "sim/script/scenario.h"
#include "sim/view/svg.h"
#include "sim/view/width.h"
#include "tests/check.h"
#include "tests/each_trace.h"
#include "tests/support.h"
#include "tests/traces.h"

static char error[600];

enum { DEPTH = 16, LAST = 80, COLUMN = 8, HEIGHT = 14 };

// ---- A small checker of XML

struct box {
    long left, right, top, bottom;
};

struct xml {
    const char *at;
    char open[DEPTH][20];  // elements
    unsigned depth;
    long width, height;  // of the drawing
    long x, y;           // of the text that is open
    int anchor;          // -1: x is its left end, 0: its middle, 1: its right end
    bool in_text;
    struct box last[LAST];  // of the texts before
    unsigned long texts;
};

static size_t name_length(const char *at) {
    return isalpha((unsigned char)*at) ? strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-:0123456789")
                                       : 0;
}

// A number between two quotes.
static bool read_long(const char *value, size_t length, long *number) {
    char *end;
    *number = strtol(value, &end, 10);
    return (size_t)(end - value) == length && length > 0;
}

static const char *take_attribute(struct xml *xml, const char *element, const char *name, size_t size,
                                  const char *value, size_t length) {
    bool text = strcmp(element, "text") == 0, whole = strcmp(element, "svg") == 0;
    char key[20];
    snprintf(key, sizeof key, "%.*s", (int)size, name);
    bool number =
        strcmp(key, "x") == 0 || strcmp(key, "y") == 0 || strcmp(key, "width") == 0 || strcmp(key, "height") == 0;
    long read = 0;
    if (number && (!read_long(value, length, &read) || read < 0)) return "a number that isn't whole, or negative";
    if (text && key[0] == 'x') xml->x = read;
    if (text && key[0] == 'y') xml->y = read;
    if (text && strcmp(key, "text-anchor") == 0) xml->anchor = value[0] == 'm' ? 0 : 1;
    if (whole && strcmp(key, "width") == 0) xml->width = read;
    if (whole && strcmp(key, "height") == 0) xml->height = read;
    if (strcmp(element, "rect") == 0 && strcmp(key, "height") == 0 && read > xml->height) return "a bar is too long";
    return memchr(value, '<', length) != NULL ? "< in an attribute" : NULL;
}

static const char *take_tag(struct xml *xml) {
    const char *at = xml->at + 1;
    bool closes = *at == '/';
    if (closes) at++;
    size_t size = name_length(at);
    char element[20];
    if (size == 0 || size >= sizeof element) return "an element without a name";
    snprintf(element, sizeof element, "%.*s", (int)size, at);
    at += size;
    xml->anchor = xml->in_text ? xml->anchor : -1;
    while (*at == ' ') {
        const char *name = ++at;
        size = name_length(name);
        if (size == 0 || strncmp(name + size, "=\"", 2) != 0) return "an attribute without a name or a value";
        const char *value = name + size + 2, *end = strchr(value, '"');
        if (end == NULL) return "an attribute that does not end";
        const char *fault = take_attribute(xml, element, name, size, value, (size_t)(end - value));
        if (fault != NULL) return fault;
        at = end + 1;
    }
    bool empty = *at == '/';
    if (empty) at++;
    if (*at != '>') return "a tag that does not end";
    xml->at = at + 1;
    if (closes) {
        if (xml->depth == 0 || strcmp(xml->open[--xml->depth], element) != 0) return "an end without its beginning";
        xml->in_text = false;
    } else if (!empty) {
        if (xml->depth == DEPTH) return "too deep";
        memcpy(xml->open[xml->depth++], element, sizeof element);
        xml->in_text = strcmp(element, "text") == 0;
    }
    return NULL;
}

// A text's place: inside the drawing, and apart from the others.
static const char *place_text(struct xml *xml, unsigned columns) {
    long width = (long)columns * COLUMN;
    struct box box = {.top = xml->y - HEIGHT + 3, .bottom = xml->y + 3};
    box.left = xml->anchor < 0 ? xml->x : xml->anchor > 0 ? xml->x - width : xml->x - width / 2;
    box.right = box.left + width;
    if (box.left < 0 || box.right > xml->width || box.top < 0 || box.bottom > xml->height) return "a text is cut off";
    for (unsigned long i = 0; i < LAST && i < xml->texts; i++) {
        const struct box *other = &xml->last[i];
        if (box.left < other->right && other->left < box.right && box.top < other->bottom && other->top < box.bottom)
            return "two texts overlap";
    }
    xml->last[xml->texts++ % LAST] = box;
    return NULL;
}

// What stands between two tags.
static const char *take_content(struct xml *xml) {
    unsigned columns = 0;
    bool style = xml->depth > 0 && strcmp(xml->open[xml->depth - 1], "style") == 0;
    while (*xml->at != '<' && *xml->at != '\0') {
        uint32_t point = 0;
        size_t size = width_decode(xml->at, strnlen(xml->at, 4), &point);
        if (size == 0) return "not UTF-8";
        if (point != '\n' && (point < ' ' || point == 0xfffe || point == 0xffff)) return "a control character";
        if (point == '>' && !style) return "> in a text";
        if (point == '&') {
            char *end;
            if (strncmp(xml->at, "&#", 2) != 0 || (strtol(xml->at + 2, &end, 10), *end != ';')) return "a bare &";
            size = (size_t)(end - xml->at) + 1;
        }
        if (xml->depth == 0 && point != '\n') return "text outside";
        columns += point == '&' ? 1 : width_of(point);
        xml->at += size;
    }
    return xml->in_text ? place_text(xml, columns) : NULL;
}

static void check_drawing(const char *text) {
    static struct xml xml;
    memset(&xml, 0, sizeof xml);
    xml.at = text;
    const char *fault = NULL;
    CHECK(strncmp(text, "<svg ", 5) == 0);
    while (fault == NULL && *xml.at != '\0')
        fault = *xml.at == '<' ? take_tag(&xml) : take_content(&xml);
    if (fault != NULL) fprintf(stderr, "%s, before: %.200s\n", fault, xml.at);
    CHECK_STR(fault, NULL);
    CHECK(xml.depth == 0 && xml.width > 0 && xml.height > 0);
}

// ---- Drawings

static char *drawing_of(const struct trace *trace, struct timeline_options look) {
    struct words out = {0};
    CHECK(svg_write(trace, &look, &out, error, sizeof error));
    char *text = strdup(words_string(&out));
    if (text == NULL) abort();
    words_free(&out);
    return text;
}

static void check_trace(const struct trace *trace) {
    for (int mode = 0; mode < 8; mode++) {
        struct timeline_options look = {.language = mode & 1, .explain = mode & 2, .absolute = mode & 4};
        char *text = drawing_of(trace, look), *again = drawing_of(trace, look);
        check_drawing(text);
        CHECK(strcmp(text, again) == 0);
        free(text);
        free(again);
    }
}

static void check_hostile(void) {
    static const char hostile[] = "</text><script>alert(1)</script>&amp;\"']]>\x1b[31m\xff\xef\xbf\xbf 很长的名字";
    struct trace trace;
    trace_init(&trace);
    put_run(&trace, hostile, "", hostile, hostile);
    put_host(&trace, 0, hostile);
    put_host(&trace, 1, "");
    put_host(&trace, 2, "a-name-that-is-much-longer-than-anybody-would-call-a-host-but-somebody-may");
    put_call(&trace, 0, 0, 1, hostile);
    put_step(&trace, 0, 0, 1, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49152, TCP_RULE_NONE);
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_SYN, .text = hostile}, FATE_LOST_ORDER, 0);
    put_note(&trace, 0, UINT32_MAX, hostile, "");
    put_note(&trace, 5000 * MS, 2, hostile, "");
    put_host_event(&trace, 5000 * MS, 1, HOST_CRASHED);
    put_claim(&trace, 5000 * MS, hostile, hostile);
    put_finish(&trace, 5000 * MS, RUN_IDLE);
    check_about("hostile names and notes");
    check_trace(&trace);
    char *text = drawing_of(&trace, (struct timeline_options){0});
    CHECK(strstr(text, "<script") == NULL);
    CHECK_CONTAINS(text, "&#60;script&#62;");
    CHECK_CONTAINS(text, "class=\"x\"");
    CHECK_CONTAINS(text, "s later");
    free(text);
    trace_free(&trace);
}

static void check_what_it_says(void) {
    struct trace trace;
    trace_init(&trace);
    put_host(&trace, 0, "client");
    put_host(&trace, 1, "server");
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 0, TCP_SYN, .text = NULL}, FATE_DELIVERED, 20 * MS);
    put_fate(&trace, 0, 1, 1, FATE_DELIVERED, false, 40 * MS);
    put_arrival(&trace, 20 * MS, 1, 0);
    put_arrival(&trace, 40 * MS, 1, 1);
    check_about("a duplicate is dashed");
    char *text = drawing_of(&trace, (struct timeline_options){0});
    CHECK_CONTAINS(text, "class=\"f\" marker-end");
    CHECK_CONTAINS(text, "class=\"f d\" marker-end");
    free(text);
    trace_free(&trace);
    trace_init(&trace);
    check_about("an empty trace");
    check_trace(&trace);
    put_host(&trace, 1, "not the first");
    struct words out = {0};
    check_about("a trace that makes no sense");
    CHECK(!svg_write(&trace, &(struct timeline_options){0}, &out, error, sizeof error));
    CHECK_CONTAINS(error, "hosts are not numbered in order");
    words_free(&out);
    trace_free(&trace);
}

int main(void) {
    char **paths = scenario_paths();
    for (char **path = paths; *path != NULL; path++) {
        check_about("%s", *path);
        check_scenario_trace(*path, check_trace);
    }
    free_paths(paths);
    check_hostile();
    check_what_it_says();
    const char *words[] = {SYNFIN_BINARY, "run", "scenarios/handshake/syn-lost.lua", "--svg", "-", NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    check_about("synfin run scenarios/handshake/syn-lost.lua --svg -");
    CHECK_EQ(finished.status, 0);
    check_drawing(finished.out);
    free_finished(&finished);
    return check_result();
}
