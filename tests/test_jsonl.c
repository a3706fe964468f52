// Every scenario's trace as JSON Lines: each line is as tests/jsonl.schema.json says, and what is read back is the same
// trace. What is no such file is refused with one sentence, and nothing that is read does harm.
#define _XOPEN_SOURCE 700  // open_memstream()
#include <stdlib.h>

#include "sim/options.h"
#include "sim/script/scenario.h"
#include "sim/view/json.h"
#include "sim/view/jsonl.h"
#include "sim/view/timeline.h"
#include "tests/check.h"
#include "tests/each_trace.h"
#include "tests/support.h"
#include "tests/traces.h"

// ---- A small validator: type, const, enum, properties, required, additionalProperties, items, minItems, maxItems,
// ---- minimum, maximum, anyOf, $ref to #/$defs

static struct json schema;

static bool is_text(struct record_text text, const char *string) {
    return text.length == strlen(string) && memcmp(text.bytes, string, text.length) == 0;
}

static bool same_text(struct record_text a, struct record_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static uint32_t rule_of(uint32_t from, const char *key) {
    return json_member(&schema, from, key);
}

static bool has_type(const struct json_value *value, struct record_text type) {
    switch (value->kind) {
    case JSON_NULL: return is_text(type, "null");
    case JSON_BOOLEAN: return is_text(type, "boolean");
    case JSON_NUMBER: return is_text(type, "integer");
    case JSON_STRING: return is_text(type, "string");
    case JSON_ARRAY: return is_text(type, "array");
    case JSON_OBJECT: return is_text(type, "object");
    }
    return false;
}

static bool is_same(const struct json_value *a, const struct json_value *b) {
    return a->kind == b->kind && a->number == b->number && same_text(a->text, b->text);
}

static bool valid(const struct json *json, uint32_t value, uint32_t wanted);

static uint32_t referred(struct record_text reference) {
    char name[80];
    snprintf(name, sizeof name, "%.*s", (int)reference.length, (const char *)reference.bytes);
    CHECK(strncmp(name, "#/$defs/", 8) == 0);
    uint32_t found = json_member(&schema, json_member(&schema, 0, "$defs"), name + 8);
    if (!CHECK(found != JSON_NONE)) exit(1);
    return found;
}

static bool any_of(const struct json *json, uint32_t value, uint32_t list) {
    for (uint32_t i = schema.values[list].first; i != JSON_NONE; i = schema.values[i].next)
        if (valid(json, value, i)) return true;
    return false;
}

static bool in_enum(const struct json_value *value, uint32_t list) {
    for (uint32_t i = schema.values[list].first; i != JSON_NONE; i = schema.values[i].next)
        if (is_same(value, &schema.values[i])) return true;
    return false;
}

static bool valid_members(const struct json *json, uint32_t value, uint32_t wanted) {
    uint32_t properties = rule_of(wanted, "properties"), required = rule_of(wanted, "required");
    if (required != JSON_NONE)
        for (uint32_t i = schema.values[required].first; i != JSON_NONE; i = schema.values[i].next) {
            char key[80];
            snprintf(key, sizeof key, "%.*s", (int)schema.values[i].text.length,
                     (const char *)schema.values[i].text.bytes);
            if (json_member(json, value, key) == JSON_NONE) return false;
        }
    for (uint32_t i = json->values[value].first; i != JSON_NONE; i = json->values[i].next) {
        uint32_t property = schema.values[properties].first;
        while (property != JSON_NONE && !same_text(schema.values[property].key, json->values[i].key))
            property = schema.values[property].next;
        if (property == JSON_NONE || !valid(json, i, property)) return false;
    }
    return true;
}

static bool valid_items(const struct json *json, uint32_t value, uint32_t wanted) {
    uint32_t items = rule_of(wanted, "items"), least = rule_of(wanted, "minItems"), most = rule_of(wanted, "maxItems");
    uint64_t count = 0;
    for (uint32_t i = json->values[value].first; i != JSON_NONE; i = json->values[i].next, count++)
        if (!valid(json, i, items)) return false;
    return (least == JSON_NONE || count >= schema.values[least].number) &&
           (most == JSON_NONE || count <= schema.values[most].number);
}

static bool valid(const struct json *json, uint32_t value, uint32_t wanted) {
    const struct json_value *is = &json->values[value];
    uint32_t reference = rule_of(wanted, "$ref"), any = rule_of(wanted, "anyOf"), type = rule_of(wanted, "type");
    if (reference != JSON_NONE) return valid(json, value, referred(schema.values[reference].text));
    if (any != JSON_NONE) return any_of(json, value, any);
    uint32_t constant = rule_of(wanted, "const"), list = rule_of(wanted, "enum");
    if (constant != JSON_NONE) return is_same(is, &schema.values[constant]);
    if (list != JSON_NONE) return in_enum(is, list);
    if (!CHECK(type != JSON_NONE)) return false;
    if (!has_type(is, schema.values[type].text)) return false;
    if (is->kind == JSON_OBJECT) return valid_members(json, value, wanted);
    if (is->kind == JSON_ARRAY) return valid_items(json, value, wanted);
    uint32_t least = rule_of(wanted, "minimum"), most = rule_of(wanted, "maximum");
    return (least == JSON_NONE || is->number >= schema.values[least].number) &&
           (most == JSON_NONE || is->number <= schema.values[most].number);
}

static char *read_schema(void) {
    size_t length = 0, at = 0;
    char *text = read_whole_file("tests/jsonl.schema.json", &length);
    if (!CHECK(text != NULL)) exit(1);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\n') text[i] = ' ';
    CHECK_STR(json_parse(&schema, text, length, &at), NULL);
    return text;
}

static bool valid_line(const char *line, size_t length) {
    static struct json json;
    size_t at = 0;
    char *copy = malloc(length + 1);
    if (copy == NULL) abort();
    memcpy(copy, line, length);
    bool good = json_parse(&json, copy, length, &at) == NULL && valid(&json, 0, 0);
    free(copy);
    return good;
}

static void check_lines(const char *text) {
    unsigned number = 1;
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1, number++) {
        bool as_the_schema_says = valid_line(text, (size_t)(end - text));
        if (CHECK(as_the_schema_says)) continue;
        fprintf(stderr, "line %u: %.*s\n", number, (int)(end - text), text);
        return;
    }
    CHECK(*text == '\0' && number > 2);
}

// ---- There and back

static char error[600];

// False: refused, and `error` says why.
static bool read_back(const char *text, size_t length, struct trace *trace) {
    FILE *file = tmpfile();
    if (file == NULL || fwrite(text, 1, length, file) != length) abort();
    rewind(file);
    error[0] = '\0';
    const char *wrong = jsonl_read(trace, file, error, sizeof error);
    fclose(file);
    return wrong == NULL;
}

static char *timeline_of(const struct trace *trace, struct timeline_options look) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) abort();
    bool good = timeline_write(trace, &look, out, error, sizeof error);
    fclose(out);
    if (!good) text[0] = '\0';
    return text;
}

static void check_same(const struct trace *trace, const struct trace *again) {
    CHECK_EQ(trace_digest(again), trace_digest(trace));
    for (int language = 0; language < 2; language++) {
        struct timeline_options look = {.language = language, .explain = language == 0};
        char *a = timeline_of(trace, look), *b = timeline_of(again, look);
        CHECK(a[0] != '\0' && strcmp(a, b) == 0);
        free(a);
        free(b);
    }
}

static void check_trace(const struct trace *trace) {
    struct words text = {0};
    struct trace again;
    if (CHECK(jsonl_write(trace, &text, error, sizeof error))) {
        check_lines(text.bytes);
        if (CHECK(read_back(text.bytes, text.length, &again)))
            check_same(trace, &again);
        else
            fprintf(stderr, "%s\n", error);
        trace_free(&again);
    }
    words_free(&text);
}

// ---- By hand: what no scenario says

static void begin(struct trace *trace) {
    trace_init(trace);
    put_run(trace, "\"Title\"\n\\", "题目\xe2\x80\xa8", "\x01\x7f\xff", "");
    put_host(trace, 0, "client \"x\"");
    put_host(trace, 1, "\xff\xfe");
    put_call(trace, 0, 0, 1, "connect(server, 80)");
    put_step(trace, 0, 0, 1, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49152, TCP_RULE_OPEN_SENDS_SYN);
    put_packet(trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_SYN, .rule = TCP_RULE_OPEN_SENDS_SYN, .text = "a\xc0"},
               FATE_DELIVERED, 20 * MS);
    put_arrival(trace, 20 * MS, 1, 0);
    put_drop(trace, 20 * MS, 1, 1, DROP_BACKLOG_FULL, TCP_RULE_LISTEN_BACKLOG);
    put_signal(trace, 30 * MS, 0, 1, TCP_SIGNAL_TIMED_OUT);
    put_note(trace, 30 * MS, UINT32_MAX, "</script>", "");
    put_host_event(trace, 40 * MS, 1, HOST_CRASHED);
    put_claim(trace, 40 * MS, "a claim", "");
    put_finish(trace, 40 * MS, RUN_IDLE);
}

static void check_by_hand(void) {
    struct trace trace;
    begin(&trace);
    check_about("by hand");
    check_trace(&trace);
    trace_free(&trace);
    trace_init(&trace);
    put_rules(&trace, "a-rule-of-tomorrow\nthree-way-handshake");
    put_host(&trace, 0, "a");
    put_step(&trace, 0, 0, 1, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49152, (enum tcp_rule)1);
    check_about("another build's rules, and no end");
    check_trace(&trace);
    trace_free(&trace);
    trace_init(&trace);
    put_host(&trace, 0, "a");
    put_host(&trace, 1, "a");
    struct words text = {0};
    check_about("two hosts of one name");
    CHECK(!jsonl_write(&trace, &text, error, sizeof error));
    CHECK_STR(error, "record 2: two hosts of the same name");
    words_free(&text);
    trace_free(&trace);
}

// ---- What is wrong

#define HEAD "{\"format\":\"synfin-trace\",\"version\":1}\n"
#define FRONT "\"number\":1,\"time_ns\":0,\"cause\":0,"

static const struct mistake {
    const char *text, *says;
} mistakes[] = {
    {"{", "line 1, column 2: a string in quotes belongs here"},
    {"{}\n", "line 1: \"format\" is missing"},
    {"{\"format\":\"x\",\"version\":1}\n",
     "line 1: the first line is right as {\"format\":\"synfin-trace\",\"version\":1}"},
    {"{\"format\":\"synfin-trace\",\"version\":2}\n", "line 1: \"version\": it is 2, and this program reads version 1"},
    {HEAD, "line 2: the file is cut off here: a line of kind \"end\" is the last"},
    {HEAD "\n", "line 2, column 1: a value belongs here"},
    {HEAD "[]\n", "line 2: a line is right as an object"},
    {HEAD "{\"kind\":\"xyz\"}\n", "line 2: \"kind\": there is no kind \"xyz\""},
    {HEAD "{\"kind\":1}\n", "line 2: \"kind\": a string is right"},
    {HEAD "{\"kind\":\"arrival\",\"number\":2}\n", "line 2: \"number\": 1 is right here"},
    {HEAD "{\"kind\":\"arrival\",\"number\":1,\"time_ns\":1.5}\n", "line 2, column 41: numbers are whole"},
    {HEAD "{\"kind\":\"arrival\",\"number\":1,\"time_ns\":-1}\n", "line 2, column 40: numbers are not negative"},
    {HEAD "{\"kind\":\"arrival\",\"number\":01}\n", "line 2, column 30: a number with a zero in front"},
    {HEAD "{\"kind\":\"arrival\",\"number\":18446744073709551616}\n", "a number that is not below 2^64"},
    {HEAD "{\"kind\":\"arrival\",\"number\":1,\"time_ns\":0,\"cause\":1}\n",
     "line 2: \"cause\": the number of an earlier"},
    {HEAD "{\"kind\":\"arrival\"," FRONT "\"packet\":1,\"copy\":4294967296}\n",
     "line 2: \"copy\": 4294967296 is too large; at most 4294967295 is right"},
    {HEAD "{\"kind\":\"arrival\"," FRONT "\"packet\":1,\"copy\":0,\"copies\":0}\n",
     "line 2: the key \"copies\" does not belong here, or is here twice"},
    {HEAD "{\"kind\":\"arrival\"," FRONT "\"packet\":1,\"copy\":0,\"copy\":0}\n",
     "the key \"copy\" does not belong here"},
    {HEAD "{\"kind\":\"arrival\"," FRONT "\"packet\":1,\"copy\":0} x\n", "nothing follows the value on its line"},
    {HEAD "{\"kind\":\"note\"," FRONT "\"host\":\"a\"}\n", "\"host\": \"a\" is not the name of a host whose line came"},
    {HEAD "{\"kind\":\"note\"," FRONT "\"host\":null,\"line\":0,\"text\":{\"en\":{\"base64\":\"a\"},\"zh\":\"\"}}\n",
     "\"en\": a string is right, or {\"base64\""},
    {HEAD "{\"kind\":\"note\"," FRONT "\"host\":null,\"line\":0,\"text\":{\"en\":\"\xff\",\"zh\":\"\"}}\n",
     "not UTF-8"},
    {HEAD "{\"kind\":\"note\"," FRONT "\"host\":null,\"line\":0,\"text\":{\"en\":\"\\ud800\"}}\n",
     "half of a surrogate pair"},
    {HEAD "{\"kind\":\"note\"," FRONT "\"host\":null,\"line\":0,\"text\":{\"en\":\"\\x\"}}\n",
     "a backslash is followed by"},
    {HEAD "{\"kind\":\"host\"," FRONT "\"name\":\"a\",\"address\":{\"address\":\"1.2.3\",\"port\":0}}\n",
     "\"address\": \"1.2.3\" is not the name of an IPv4 or IPv6 address"},
    {HEAD "{\"kind\":\"finish\"," FRONT "\"end\":\"never\",\"events\":0}\n", "\"end\": \"never\" is not the name of"},
    {HEAD "{\"kind\":\"signal\"," FRONT "\"host\":null,\"connection\":1,\"signal\":\"urgent data\",\"rule\":\"x\"}\n",
     "\"rule\": \"x\" is not the name of a rule that the line of kind \"rules\" names"},
    {HEAD "[[[[[[[[[1]]]]]]]]]\n", "values in values in values: too deep"},
    {HEAD "{\"kind\":\"end\",\"records\":1}\n", "line 2: \"records\": 0 were here before"},
    {HEAD "{\"kind\":\"end\",\"records\":0,\"digest\":\"0\"}\n",
     "is right for what stands above, unless it was changed"},
    {HEAD "{\"kind\":\"end\",\"records\":0}\n{\"kind\":\"end\",\"records\":0}\n",
     "line 3: nothing follows the line of kind"},
};

static void check_mistakes(void) {
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct trace trace;
        check_about("%.300s", mistakes[i].text);
        CHECK(!read_back(mistakes[i].text, strlen(mistakes[i].text), &trace));
        CHECK_CONTAINS(error, mistakes[i].says);
        CHECK(strchr(error, '\n') == NULL);
        trace_free(&trace);
    }
    struct trace trace;
    const char empty[] = HEAD "{ \"records\" : 0, \"kind\":\"\\u0065nd\" }\r\n";
    check_about("blanks, order, escapes, and no digest");
    CHECK(read_back(empty, sizeof empty - 1, &trace));
    CHECK_EQ(trace.records, 0);
    trace_free(&trace);
}

// Whatever is done to a byte, or where the file is cut off: it is read, or refused with a sentence.
static void check_damage(void) {
    static const char marks[] = {'\0', '"', '{', '}', '[', ',', '9', 'a', '\\', '\n', '\xff'};
    struct trace trace, again;
    struct words text = {0};
    begin(&trace);
    CHECK(jsonl_write(&trace, &text, error, sizeof error));
    for (size_t at = 0; at < text.length; at += 3) {
        char was = text.bytes[at];
        check_about("byte %zu is damaged", at);
        text.bytes[at] = marks[at / 3 % sizeof marks];
        if (read_back(text.bytes, text.length, &again))
            free(timeline_of(&again, (struct timeline_options){0}));
        else
            CHECK(strncmp(error, "line ", 5) == 0);
        trace_free(&again);
        text.bytes[at] = was;
        if (at == 0 || at % 7 != 0) continue;
        check_about("cut off at byte %zu", at);
        CHECK(!read_back(text.bytes, at, &again));
        CHECK(strncmp(error, "line ", 5) == 0);
        trace_free(&again);
    }
    words_free(&text);
    trace_free(&trace);
}

// ---- The command line

static char *output_of(const char *const *words) {
    struct finished finished = run_process(words, STDOUT_KEPT);
    CHECK_EQ(finished.status, 0);
    free(finished.err);
    return finished.out;
}

static void check_command(void) {
    const char *path = SYNFIN_SCRATCH "/jsonl.jsonl", *scenario = "scenarios/handshake/syn-lost.lua";
    const char *run[] = {SYNFIN_BINARY, "run", scenario, "--jsonl", path, NULL};
    const char *view[] = {SYNFIN_BINARY, "view", path, NULL};
    const char *run_out[] = {SYNFIN_BINARY, "run", scenario, "--jsonl", "-", NULL};
    const char *view_out[] = {SYNFIN_BINARY, "view", path, "--jsonl", "-", NULL};
    check_about("synfin run %s --jsonl FILE, and synfin view FILE", scenario);
    char *timeline = output_of(run), *again = output_of(view), *lines = output_of(run_out), *same = output_of(view_out);
    CHECK_STR(again, timeline);
    CHECK_STR(same, lines);
    CHECK(strncmp(lines, HEAD, sizeof HEAD - 1) == 0);
    free(timeline);
    free(again);
    free(lines);
    free(same);
    remove(path);
}

int main(void) {
    char *text = read_schema();
    char **paths = scenario_paths();
    for (char **path = paths; *path != NULL; path++) {
        check_about("%s", *path);
        check_scenario_trace(*path, check_trace);
    }
    free_paths(paths);
    check_by_hand();
    check_mistakes();
    check_damage();
    check_command();
    json_free(&schema);
    free(text);
    return check_result();
}
