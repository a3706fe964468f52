// The sequence diagrams of every scenario keep to Mermaid's grammar, whatever hosts, notes and texts are called, and
// say what the timeline says.
#define _XOPEN_SOURCE 700  // strdup()
#include <ctype.h>
#include <stdlib.h>

#include "sim/options.h"
#include "sim/script/scenario.h"
#include "sim/view/mermaid.h"
#include "tests/check.h"
#include "tests/each_trace.h"
#include "tests/support.h"
#include "tests/traces.h"

static char error[600];

static unsigned hosts;

// ---- The grammar, as far as it is used

static bool skip(const char **at, const char *word) {
    if (strncmp(*at, word, strlen(word)) != 0) return false;
    *at += strlen(word);
    return true;
}

// "h" and the number of a participant that was declared.
static bool skip_host(const char **at) {
    if (!skip(at, "h") || !isdigit((unsigned char)**at)) return false;
    char *end;
    unsigned long number = strtoul(*at, &end, 10);
    *at = end;
    return number < hosts;
}

static bool skip_arrow(const char **at) {
    return skip(at, "->>") || skip(at, "-->>") || skip(at, "--x") || skip(at, "-)");
}

// An entity, "#59;", or a line break, where `at` stands.
static size_t special_length(const char *at) {
    if (strncmp(at, "<br/>", 5) == 0) return 5;
    size_t digits = *at == '#' ? strspn(at + 1, "0123456789") : 0;
    return digits > 0 && at[1 + digits] == ';' ? digits + 2 : 0;
}

// What a label must not hold, since it would end it or mean something; NULL: nothing.
static const char *fault_of_label(const char *label) {
    static char what[20];
    if (*label == '\0') return "nothing";
    for (const char *at = label; *at != '\0';) {
        size_t special = special_length(at);
        if (special == 0 && (unsigned char)*at < 0x80 && !isalnum((unsigned char)*at) &&
            strchr(" ,.=_/()-", *at) == NULL) {
            snprintf(what, sizeof what, "\\x%02x", (unsigned)(unsigned char)*at);
            return what;
        }
        at += special > 0 ? special : 1;
    }
    return NULL;
}

static const char *fault_of_line(const char *line) {
    const char *at = line;
    if (!skip(&at, "    ")) return "it is not indented";
    if (skip(&at, "participant h")) {
        char *end;
        if (strtoul(at, &end, 10) != hosts++) return "participants are not numbered in order";
        at = end;
        return skip(&at, " as ") ? fault_of_label(at) : "a participant without a label";
    }
    if (skip(&at, "title ")) return fault_of_label(at);
    if (skip(&at, "Note over ")) {
        if (!skip_host(&at) || (skip(&at, ",") && !skip_host(&at))) return "a note over nobody";
        return skip(&at, ": ") ? fault_of_label(at) : "a note without a text";
    }
    if (skip_host(&at) && skip_arrow(&at) && skip_host(&at)) return skip(&at, ": ") ? fault_of_label(at) : "no text";
    return "neither a participant, a title, a note nor an arrow";
}

static void check_grammar(const char *text) {
    hosts = 0;
    CHECK(skip(&text, "sequenceDiagram\n"));
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        char line[20000];
        size_t length = (size_t)(end - text);
        if (!CHECK(length < sizeof line)) return;
        memcpy(line, text, length);
        line[length] = '\0';
        const char *fault = fault_of_line(line);
        if (fault != NULL) fprintf(stderr, "%s: %s\n", fault, line);
        CHECK_STR(fault, NULL);
    }
    CHECK(*text == '\0');
}

// ---- Diagrams

static char *diagram_of(const struct trace *trace, struct timeline_options look) {
    struct words out = {0};
    CHECK(mermaid_write(trace, &look, &out, error, sizeof error));
    char *text = strdup(words_string(&out));
    if (text == NULL) abort();
    words_free(&out);
    return text;
}

static void check_trace(const struct trace *trace) {
    for (int mode = 0; mode < 8; mode++) {
        char *text = diagram_of(
            trace, (struct timeline_options){.language = mode & 1, .explain = mode & 2, .absolute = mode & 4});
        check_grammar(text);
        free(text);
    }
}

static void check_hostile(void) {
    static const char hostile[] =
        "</text>;#35;\"'`%%{init}end\nloop x: style:#a;$$\\(<script>alert(1)</script>\xff\xef\xac\x82";
    struct trace trace;
    trace_init(&trace);
    put_run(&trace, hostile, "", hostile, hostile);
    put_host(&trace, 0, hostile);
    put_host(&trace, 1, "");
    put_host(&trace, 2, "end");
    put_call(&trace, 0, 0, 1, hostile);
    put_step(&trace, 0, 0, 1, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49152, TCP_RULE_NONE);
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_SYN, .text = hostile}, FATE_LOST_ORDER, 0);
    put_note(&trace, 0, UINT32_MAX, hostile, "");
    put_note(&trace, 0, 1, ";", "#");
    put_claim(&trace, 0, hostile, hostile);
    put_finish(&trace, 0, RUN_IDLE);
    check_about("hostile names and notes");
    check_trace(&trace);
    char *text = diagram_of(&trace, (struct timeline_options){0});
    CHECK_CONTAINS(text, "    participant h1 as #63;\n");
    CHECK_CONTAINS(text, "    Note over h1: #59;\n");
    CHECK_CONTAINS(text, "#60;script#62;alert(1)#60;/script#62;");
    CHECK_CONTAINS(text, "    h0--xh1: #35;1 SYN");
    free(text);
    trace_free(&trace);
}

static void check_text(void) {
    struct trace trace;
    trace_init(&trace);
    put_host(&trace, 0, "client");
    put_host(&trace, 1, "server");
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 0, TCP_SYN, .text = NULL}, FATE_DELIVERED, 90 * MS);
    put_packet(&trace, 10 * MS, &(struct hand_packet){2, 1, 0, 0, TCP_SYN, .text = NULL}, FATE_DELIVERED, 30 * MS);
    put_fate(&trace, 10 * MS, 2, 1, FATE_DELIVERED, false, 40 * MS);
    put_arrival(&trace, 30 * MS, 2, 0);
    put_arrival(&trace, 40 * MS, 2, 1);
    put_arrival(&trace, 90 * MS, 1, 0);
    check_about("arrows that cross");
    char *text = diagram_of(&trace, (struct timeline_options){0});
    CHECK_CONTAINS(text, "    h0-)h1: #35;1 SYN");
    CHECK_CONTAINS(text, "    h1->>h0: #35;2 SYN");
    CHECK_CONTAINS(text, "    h1-->>h0: copy of #35;2");
    CHECK_CONTAINS(text, "    h0-->>h1: #35;1 arrives");
    free(text);
    trace_free(&trace);
    trace_init(&trace);
    put_host(&trace, 1, "not the first");
    check_about("a trace that makes no sense");
    struct words out = {0};
    CHECK(!mermaid_write(&trace, &(struct timeline_options){0}, &out, error, sizeof error));
    CHECK_CONTAINS(error, "hosts are not numbered in order");
    words_free(&out);
    trace_free(&trace);
}

static void check_command(void) {
    const char *words[] = {SYNFIN_BINARY, "run", "scenarios/handshake/syn-lost.lua", "--mermaid", "-", NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    check_about("synfin run scenarios/handshake/syn-lost.lua --mermaid -");
    CHECK_EQ(finished.status, 0);
    check_grammar(finished.out);
    CHECK_CONTAINS(finished.out, "--xh1: #35;1 SYN seq=0");
    free_finished(&finished);
}

int main(void) {
    char **paths = scenario_paths();
    for (char **path = paths; *path != NULL; path++) {
        check_about("%s", *path);
        check_scenario_trace(*path, check_trace);
    }
    free_paths(paths);
    check_hostile();
    check_text();
    check_command();
    return check_result();
}
