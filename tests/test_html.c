// The player's page: for every scenario its data is JSON that hangs together, `run` and `view` make the same page, and
// nothing that a scenario says becomes markup, script or an address.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/view/html.h"
#include "sim/view/html_player.h"
#include "sim/view/json.h"
#include "tests/check.h"
#include "tests/support.h"
#include "tests/traces.h"

static const char opening[] = "<script type=\"application/json\" id=\"data\">", closing[] = "</script>";

static unsigned count_of(const char *text, const char *what) {
    unsigned count = 0;
    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        count++;
    return count;
}

// ---- The data

static uint32_t length_of(const struct json *json, uint32_t array) {
    uint32_t count = 0;
    for (uint32_t i = json->values[array].first; i != JSON_NONE; i = json->values[i].next)
        count++;
    return count;
}

static uint64_t number_of(const struct json *json, uint32_t object, const char *key) {
    uint32_t member = json_member(json, object, key);
    return member != JSON_NONE && json->values[member].kind == JSON_NUMBER ? json->values[member].number : UINT64_MAX;
}

static uint32_t array_of(const struct json *json, uint32_t object, const char *key) {
    uint32_t member = json_member(json, object, key);
    if (!CHECK(member != JSON_NONE && json->values[member].kind == JSON_ARRAY)) exit(1);
    return member;
}

// Every index leads somewhere, and no step is caused by a later one.
static void check_run(const struct json *json, uint32_t run) {
    uint32_t hosts = length_of(json, array_of(json, run, "hosts"));
    uint32_t flights = array_of(json, run, "flights"), flight_count = length_of(json, flights);
    uint64_t at = 0, time = 0;
    bool good = true;
    for (uint32_t i = json->values[array_of(json, run, "steps")].first; i != JSON_NONE;
         i = json->values[i].next, at++) {
        uint64_t host = number_of(json, i, "host"), flight = number_of(json, i, "flight"),
                 by = number_of(json, i, "by");
        uint64_t now = number_of(json, i, "t");
        good = good && now != UINT64_MAX && now >= time && (host == UINT64_MAX || host < hosts) &&
               (flight == UINT64_MAX || flight < flight_count) && (by == UINT64_MAX || by < at);
        time = now;
    }
    CHECK(good);
    CHECK(at > 0);
    uint32_t packets = length_of(json, array_of(json, run, "packets"));
    for (uint32_t i = json->values[flights].first; i != JSON_NONE; i = json->values[i].next)
        good = good && number_of(json, i, "p") < packets;
    for (uint32_t i = json->values[array_of(json, run, "tcbs")].first; i != JSON_NONE; i = json->values[i].next)
        good = good && length_of(json, i) == 20 && json->values[json->values[i].first].number < at;
    CHECK(good);
}

// The page's data, parsed; and what it is made of is harmless in a page.
static void check_page(const char *page, unsigned runs) {
    const char *begin = strstr(page, opening);
    if (!CHECK(begin != NULL)) return;
    begin += sizeof opening - 1;
    const char *end = strstr(begin, closing);
    if (!CHECK(end != NULL)) return;
    size_t length = (size_t)(end - begin), at = 0;
    char *line = malloc(length + 1);
    if (!CHECK(line != NULL)) exit(1);
    memcpy(line, begin, length);
    line[length] = '\0';
    bool harmless = strpbrk(line, "<>&") == NULL && strstr(line, "\u2028") == NULL && strstr(line, "\u2029") == NULL;
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\n') line[i] = ' ';  // between members
        if ((unsigned char)line[i] < ' ') harmless = false;
    }
    CHECK(harmless);
    struct json json = {0};
    const char *wrong = json_parse(&json, line, length, &at);
    if (wrong != NULL) check_about("%s, at %zu: %.40s", wrong, at, begin + at);
    if (CHECK(wrong == NULL)) {
        uint32_t list = array_of(&json, 0, "runs");
        CHECK_EQ(length_of(&json, list), runs);
        for (uint32_t run = json.values[list].first; run != JSON_NONE; run = json.values[run].next)
            check_run(&json, run);
    }
    json_free(&json);
    free(line);
}

// ---- Every scenario

static void check_scenario(const char *path) {
    static const char trace[] = SYNFIN_SCRATCH "/html.trace", first[] = SYNFIN_SCRATCH "/html.first",
                      second[] = SYNFIN_SCRATCH "/html.second";
    check_about("%s", path);
    struct finished run = run_process(
        (const char *[]){SYNFIN_BINARY, "run", path, "--quiet", "--trace", trace, "--html", first, NULL}, STDOUT_KEPT);
    struct finished view =
        run_process((const char *[]){SYNFIN_BINARY, "view", trace, "--html", second, NULL}, STDOUT_KEPT);
    CHECK_EQ(run.status, view.status);
    size_t length = 0, again = 0;
    char *page = read_whole_file(first, &length), *same = read_whole_file(second, &again);
    if (CHECK(page != NULL && same != NULL)) {
        CHECK(length == again && memcmp(page, same, length) == 0);
        check_page(page, 1);
    }
    free(page);
    free(same);
    free_finished(&run);
    free_finished(&view);
    unlink(trace);
    unlink(first);
    unlink(second);
}

static void every_scenario(void) {
    char **paths = scenario_paths();
    for (char **path = paths; *path != NULL; path++)
        check_scenario(*path);
    free_paths(paths);
    check_about(NULL);
}

// ---- Hostile traces

static const char hostile[] = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>&amp;\"'\\{{DATA}}"
                              "\u2028\u202e\x1b[31m";

static void put_hostile(struct trace *trace, const char *text) {
    trace_init(trace);
    put_run(trace, text, text, text, text);
    put_host(trace, 0, text);
    put_host(trace, 1, "server");
    put_call(trace, 0, 0, 1, text);
    put_note(trace, 0, UINT32_MAX, text, text);
    put_step(trace, 0, 0, 1, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49152, 1);
    put_packet(trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_SYN, .text = text, .rule = 1}, FATE_DELIVERED, 20 * MS);
    put_arrival(trace, 20 * MS, 1, 0);
    put_claim(trace, 30 * MS, text, text);
}

static void names_are_text(void) {
    struct trace mild, wild;
    struct words plain = {0}, page = {0};
    char error[200];
    put_hostile(&mild, "client");
    put_hostile(&wild, hostile);
    for (int language = 0; language < 2; language++) {
        words_clear(&plain);
        words_clear(&page);
        if (!CHECK(html_write(&mild, &mild, language, &plain, error, sizeof error))) exit(1);
        if (!CHECK(html_write(&mild, &wild, language, &page, error, sizeof error))) exit(1);
        check_page(words_string(&page), 2);
        CHECK_EQ(strlen(words_string(&page)), page.length);
        CHECK_EQ(count_of(page.bytes, "<"), count_of(plain.bytes, "<"));
        CHECK_EQ(count_of(page.bytes, "{{DATA}}") > 0, true);  // as text, and never filled in
        CHECK_EQ(count_of(page.bytes, opening), 1);
        CHECK(strchr(page.bytes, 0x1b) == NULL);
        CHECK(strstr(page.bytes, "\u202e") == NULL);
        words_clear(&page);
        if (!CHECK(html_write(&wild, NULL, language, &page, error, sizeof error))) exit(1);
        CHECK(strstr(page.bytes, "<title>&lt;/script&gt;") != NULL);
    }
    words_free(&plain);
    words_free(&page);
    trace_free(&mild);
    trace_free(&wild);
}

static void nonsense_is_refused(void) {
    struct trace trace;
    struct words page = {0};
    char error[200] = "";
    trace_init(&trace);
    put_arrival(&trace, 0, 1, 0);
    CHECK(!html_write(&trace, NULL, 0, &page, error, sizeof error));
    CHECK(strstr(error, "record 1") != NULL);
    CHECK_EQ(page.length, 0);
    trace_free(&trace);
    trace_init(&trace);
    if (CHECK(html_write(&trace, NULL, 0, &page, error, sizeof error)))
        CHECK(strstr(page.bytes, "\"steps\":[]") != NULL);
    words_free(&page);
    trace_free(&trace);
}

// What makes sense although an octet was changed makes a page, too.
static void damage_does_no_harm(void) {
    struct trace trace;
    struct words page = {0};
    char error[200];
    unsigned pages = 0;
    put_hostile(&trace, "client");
    for (size_t at = 8; at < trace.length; at += 5) {
        unsigned char kept = trace.bytes[at];
        trace.bytes[at] = (unsigned char)(kept ^ (1u << at % 8));
        check_about("octet %zu changed", at);
        words_clear(&page);
        if (html_write(&trace, NULL, 0, &page, error, sizeof error)) {
            pages++;
            CHECK_EQ(count_of(page.bytes, opening), 1);
            CHECK(strstr(page.bytes, "\"tcbs\":[") != NULL);
        }
        trace.bytes[at] = kept;
    }
    check_about(NULL);
    CHECK(pages > 100);
    words_free(&page);
    trace_free(&trace);
}

// ---- Two runs

// run --both has the same page as view has of the two runs' traces; what the options lack is said.
static void two_runs(void) {
    static const char every[] = SYNFIN_SCRATCH "/html.every", without[] = SYNFIN_SCRATCH "/html.without",
                      first[] = SYNFIN_SCRATCH "/html.first", second[] = SYNFIN_SCRATCH "/html.second";
    static const char scenario[] = "scenarios/handshake/stale-duplicate-syn.lua", rule[] = "three-way-handshake";
    struct finished runs[] = {
        SYNFIN("run", scenario, "--quiet", "--trace", every),
        SYNFIN("run", scenario, "--quiet", "--without", rule, "--trace", without, "--html", first, "--both"),
        SYNFIN("view", every, "--html", second, "--beside", without),
        SYNFIN("run", scenario, "--both", "--html", first),
        SYNFIN("run", scenario, "--both", "--without", rule),
        SYNFIN("view", every, "--beside", without),
        SYNFIN("view", "-", "--html", second, "--beside", "-"),
        SYNFIN("view", every, "--html", second, "--beside", scenario),
    };
    static const int statuses[] = {0, 1, 0, 2, 2, 2, 2, 2};
    static const char *const complaints[] = {"",         "",         "",          "--without RULE",
                                             "--html F", "--html F", "one \"-\"", scenario};
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        check_about("command %zu of two_runs()", i + 1);
        CHECK_EQ(runs[i].status, statuses[i]);
        CHECK_CONTAINS(runs[i].err, complaints[i]);
        free_finished(&runs[i]);
    }
    check_about(NULL);
    size_t length = 0, again = 0;
    char *page = read_whole_file(first, &length), *same = read_whole_file(second, &again);
    if (CHECK(page != NULL && same != NULL)) {
        CHECK(length == again && memcmp(page, same, length) == 0);
        check_page(page, 2);
        CHECK(strstr(page, "never are two connections open") > strstr(page, "\"claims\":[]"));
    }
    free(page);
    free(same);
    unlink(every);
    unlink(without);
    unlink(first);
    unlink(second);
}

// ---- The player itself

static void page_stands_alone(void) {
    static const char *const forbidden[] = {"eval(", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                                            "src=",  "@import",   "fetch(",    "XMLHttpRequest",     "import("};
    const char *const parts[] = {html_player_html, html_player_css, html_player_js};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (size_t k = 0; k < sizeof forbidden / sizeof forbidden[0]; k++) {
            check_about("part %zu: %s", i, forbidden[k]);
            CHECK_EQ(count_of(parts[i], forbidden[k]), 0);
        }
        check_about("part %zu", i);
        CHECK_EQ(count_of(parts[i], "://"), count_of(parts[i], "http://www.w3.org/2000/svg"));  // the name of SVG
        CHECK(i == 0 || strstr(parts[i], "</s") == NULL);
    }
    check_about(NULL);
    CHECK(strstr(html_player_html, "default-src 'none'") != NULL);
}

int main(void) {
    page_stands_alone();
    names_are_text();
    nonsense_is_refused();
    two_runs();
    damage_does_no_harm();
    every_scenario();
    return check_result();
}
