#include "sim/search/report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const char *const fate_names[COVERAGE_FATES] = {"sent", "lost", "duplicated", "late", "crashed", "corrupted"};

uint64_t report_share(const struct report *report) {
    if (report->runs == 0) return UINT64_MAX;
    return report->runs < report->shard ? 0 : (report->runs - report->shard) / report->shards + 1;
}

void report_words(char to[REPORT_WORDS], const char *from) {
    size_t length = strlen(from);
    if (length >= REPORT_WORDS) {
        length = REPORT_WORDS - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80)
            length--;
    }
    for (size_t i = 0; i < length; i++)
        to[i] = (unsigned char)from[i] < ' ' || from[i] == 0x7f ? ' ' : from[i];
    to[length] = '\0';
}

// ---- Writing --------------------------------------------------------------------------------------------------

static void write_tally(const struct tally *tally, FILE *out) {
    if (tally->cut > 0) fprintf(out, "cut %" PRIu64 "\n", tally->cut);
    for (int i = 0; i < COVERAGE_FATES; i++)
        fprintf(out, "fate %s %" PRIu64 "\n", fate_names[i], tally->fates[i]);
    for (int i = 0; i < TCP_STATES; i++)
        for (int k = 0; k < TCP_STATES; k++)
            if (tally->transitions[i][k] > 0)
                fprintf(out, "transition %s %s %" PRIu64 "\n", tcp_state_name((enum tcp_state)i),
                        tcp_state_name((enum tcp_state)k), tally->transitions[i][k]);
    for (int i = TCP_RULE_NONE + 1; i < TCP_RULES; i++)
        if (tally->rules[i] > 0)
            fprintf(out, "rule %s %" PRIu64 "\n", tcp_rule_info((enum tcp_rule)i)->name, tally->rules[i]);
}

void report_write(const struct report *report, FILE *out) {
    fprintf(out, "synfin-check-report %d\nversion %s\nscenario %s\ncommand %s\ndigest %016" PRIx64 "\n", REPORT_VERSION,
            report->version, report->scenario, report->command, report->digest);
    fprintf(out, "seed %" PRIu64 "\nruns %" PRIu64 "\nshard %" PRIu32 "\nshards %" PRIu32 "\n", report->seed,
            report->runs, report->shard, report->shards);
    fprintf(out, "done %" PRIu64 "\nfailed %" PRIu64 "\n", report->done, report->failed);
    if (report->failed > 0) fprintf(out, "claim %s\t%s\n", report->claim[0], report->claim[1]);
    for (uint32_t i = 0; i < report->label_count; i++)
        fprintf(out, "label %" PRIu64 " %s\t%s\n", report->tally.labels[i], report->labels[i][0], report->labels[i][1]);
    write_tally(&report->tally, out);
    fputs("end\n", out);
}

// ---- What can be wrong with a report ----------------------------------------------------------------------------

enum wrong {
    CUT_OFF,
    NO_LINE_END,
    NO_NUMBER,  // {name}
    NO_TEXT,    // {name}
    NO_TWO_TEXTS,
    NO_LABEL,
    COUNT_TOO_HIGH,
    NO_COUNT,
    UNKNOWN_COUNT,
    NO_FAILURE,
};

static const char *words_of(enum wrong wrong, int language) {
    static const char *const words[][TCP_LANGUAGES] = {
        [CUT_OFF] = {"the report is cut off", "报告不完整，在这里中断"},
        [NO_LINE_END] = {"the line has no end", "这一行没有结尾"},
        [NO_NUMBER] = {"here should be \"%s\" and a number", "这里应当是 \"%s\" 和一个数字"},
        [NO_TEXT] = {"here should be \"%s\" and a text", "这里应当是 \"%s\" 和一段文字"},
        [NO_TWO_TEXTS] = {"here should be a text in each language", "这里应当有两种语言的文字"},
        [NO_LABEL] = {"this is no label", "这不是标签"},
        [COUNT_TOO_HIGH] = {"the count is no number up to that of the runs", "计数应当是不超过运行次数的数字"},
        [NO_COUNT] = {"a count is missing", "缺少计数"},
        [UNKNOWN_COUNT] = {"this synfin knows no such count", "这个版本的 synfin 没有这样的计数"},
        [NO_FAILURE] = {"the run that failed is not this shard's, or its claim is missing",
                        "失败的那次运行不属于这个分片，或者缺少失败的断言"},
    };
    return words[wrong][language];
}

static const char *hint(int language) {
    static const char *const words[TCP_LANGUAGES] = {"name a file that `synfin check --report` wrote",
                                                     "请给出 `synfin check --report` 写出的文件"};
    return words[language];
}

// ---- Reading --------------------------------------------------------------------------------------------------

struct reader {
    FILE *in;
    const char *path;
    int language;
    unsigned number;  // of the line
    char line[REPORT_COMMAND + 100];
    char *error;
    size_t size;
    bool failed;
};

// `name` is what should stand in the line, or NULL.
static bool complain(struct reader *reader, enum wrong wrong, const char *name) {
    const char *words = words_of(wrong, reader->language), *place = strstr(words, "%s");
    int length = place == NULL ? (int)strlen(words) : (int)(place - words);
    const char *semicolon = reader->language == 0 ? "; " : "；";
    if (!reader->failed)
        snprintf(reader->error, reader->size, "%s:%u: %.*s%s%s%s%s", reader->path, reader->number, length, words,
                 place == NULL ? "" : name, place == NULL ? "" : place + 2, semicolon, hint(reader->language));
    reader->failed = true;
    return false;
}

static bool next_line(struct reader *reader) {
    if (reader->failed) return false;
    reader->number++;
    if (fgets(reader->line, sizeof reader->line, reader->in) == NULL) return complain(reader, CUT_OFF, NULL);
    size_t length = strlen(reader->line);
    if (length == 0 || reader->line[length - 1] != '\n') return complain(reader, NO_LINE_END, NULL);
    reader->line[length - 1] = '\0';
    return true;
}

// What stands behind "NAME " in the current line, or NULL.
static const char *value_of(const struct reader *reader, const char *name) {
    size_t length = strlen(name);
    bool found = strncmp(reader->line, name, length) == 0 && reader->line[length] == ' ';
    return found ? reader->line + length + 1 : NULL;
}

static bool parse(const char *text, uint32_t base, uint64_t *number) {
    static const char digits[] = "0123456789abcdef";
    uint64_t value = 0;
    if (*text == '\0') return false;
    for (; *text != '\0'; text++) {
        const char *digit = memchr(digits, *text, base);
        uint64_t add = digit == NULL ? 0 : (uint64_t)(digit - digits);
        if (digit == NULL || value > (UINT64_MAX - add) / base) return false;
        value = value * base + add;
    }
    *number = value;
    return true;
}

static uint64_t read_number(struct reader *reader, const char *name, uint32_t base, uint64_t low, uint64_t high) {
    uint64_t number = low;
    if (!next_line(reader)) return low;
    const char *value = value_of(reader, name);
    if (value == NULL || !parse(value, base, &number) || number < low || number > high)
        complain(reader, NO_NUMBER, name);
    return reader->failed ? low : number;
}

static void read_text(struct reader *reader, const char *name, char *to, size_t size) {
    if (!next_line(reader)) return;
    const char *value = value_of(reader, name);
    if (value == NULL || strlen(value) >= size) {
        complain(reader, NO_TEXT, name);
        return;
    }
    memcpy(to, value, strlen(value) + 1);
}

// "English<TAB>Chinese"
static void split_texts(struct reader *reader, const char *value, char texts[TCP_LANGUAGES][REPORT_WORDS]) {
    size_t length = strcspn(value, "\t");
    if (value[length] == '\0' || length >= REPORT_WORDS || strlen(value + length + 1) >= REPORT_WORDS) {
        complain(reader, NO_TWO_TEXTS, NULL);
        return;
    }
    memcpy(texts[0], value, length);
    texts[0][length] = '\0';
    memcpy(texts[1], value + length + 1, strlen(value + length + 1) + 1);
}

static int find_state(const char *name, size_t length) {
    for (int i = 0; i < TCP_STATES; i++) {
        const char *state = tcp_state_name((enum tcp_state)i);
        if (strncmp(state, name, length) == 0 && state[length] == '\0') return i;
    }
    return -1;
}

// The count that "cut", "fate lost", "rule time-wait" or "transition CLOSED LISTEN" names, or NULL.
static uint64_t *find_count(struct tally *tally, char *what) {
    size_t kind = strcspn(what, " ");
    char *name = what[kind] == '\0' ? what + kind : what + kind + 1;
    what[kind] = '\0';
    if (strcmp(what, "fate") == 0) {
        for (int i = 0; i < COVERAGE_FATES; i++)
            if (strcmp(name, fate_names[i]) == 0) return &tally->fates[i];
    } else if (strcmp(what, "rule") == 0) {
        enum tcp_rule rule = tcp_rule_by_name(name);
        if (rule != TCP_RULE_NONE) return &tally->rules[rule];
    } else if (strcmp(what, "transition") == 0) {
        size_t space = strcspn(name, " ");
        int from = find_state(name, space);
        int to = name[space] == '\0' ? -1 : find_state(name + space + 1, strlen(name + space + 1));
        if (from >= 0 && to >= 0) return &tally->transitions[from][to];
    } else if (strcmp(what, "cut") == 0 && name[0] == '\0') {
        return &tally->cut;
    }
    return NULL;
}

static void read_label(struct reader *reader, struct report *report, const char *value) {
    char number[32];
    size_t length = strcspn(value, " ");
    if (report->label_count == COVERAGE_LABELS || length >= sizeof number || value[length] == '\0') {
        complain(reader, NO_LABEL, NULL);
        return;
    }
    memcpy(number, value, length);
    number[length] = '\0';
    uint32_t label = report->label_count++;
    if (!parse(number, 10, &report->tally.labels[label]) || report->tally.labels[label] > report->done)
        complain(reader, COUNT_TOO_HIGH, NULL);
    split_texts(reader, value + length + 1, report->labels[label]);
}

// The lines of the tally, up to "end".
static void read_tally(struct reader *reader, struct report *report) {
    while (next_line(reader) && strcmp(reader->line, "end") != 0) {
        const char *label = value_of(reader, "label");
        if (label != NULL) {
            read_label(reader, report, label);
            continue;
        }
        char *count = strrchr(reader->line, ' ');
        uint64_t value = 0;
        if (count == NULL || !parse(count + 1, 10, &value)) {
            complain(reader, NO_COUNT, NULL);
            return;
        }
        *count = '\0';
        bool packets = strncmp(reader->line, "fate ", 5) == 0;
        uint64_t *place = find_count(&report->tally, reader->line);
        if (place == NULL || (!packets && value > report->done)) {
            complain(reader, UNKNOWN_COUNT, NULL);
            return;
        }
        *place = value;
    }
}

bool report_read(struct report *report, const char *path, int language, char *error, size_t size) {
    struct reader reader = {.in = fopen(path, "rb"), .path = path, .language = language, .error = error, .size = size};
    memset(report, 0, sizeof *report);
    if (reader.in == NULL) {
        snprintf(error, size, "%s: %s%s%s", path, strerror(errno), language == 0 ? "; " : "；", hint(language));
        return false;
    }
    read_number(&reader, "synfin-check-report", 10, REPORT_VERSION, REPORT_VERSION);
    read_text(&reader, "version", report->version, sizeof report->version);
    read_text(&reader, "scenario", report->scenario, sizeof report->scenario);
    read_text(&reader, "command", report->command, sizeof report->command);
    report->digest = read_number(&reader, "digest", 16, 0, UINT64_MAX);
    report->seed = read_number(&reader, "seed", 10, 0, UINT64_MAX);
    report->runs = read_number(&reader, "runs", 10, 0, UINT64_MAX);
    report->shard = (uint32_t)read_number(&reader, "shard", 10, 1, REPORT_SHARDS);
    report->shards = (uint32_t)read_number(&reader, "shards", 10, report->shard, REPORT_SHARDS);
    report->done = report->tally.runs = read_number(&reader, "done", 10, 0, report_share(report));
    report->failed = read_number(&reader, "failed", 10, 0, report->runs == 0 ? UINT64_MAX : report->runs);
    if (report->failed > 0 && next_line(&reader)) {
        const char *claim = value_of(&reader, "claim");
        bool mine = report->shards > 0 && (report->failed - 1) % report->shards == report->shard - 1;
        if (claim == NULL || !mine)
            complain(&reader, NO_FAILURE, NULL);
        else
            split_texts(&reader, claim, report->claim);
    }
    if (!reader.failed) read_tally(&reader, report);
    fclose(reader.in);
    return !reader.failed;
}

// ---- Adding up ------------------------------------------------------------------------------------------------

static bool same_check(const struct report *a, const struct report *b) {
    return strcmp(a->version, b->version) == 0 && strcmp(a->scenario, b->scenario) == 0 && a->digest == b->digest &&
           a->seed == b->seed && a->runs == b->runs && a->shards == b->shards && a->label_count == b->label_count;
}

enum report_added report_add(struct report_sum *sum, const struct report *report) {
    struct report *whole = &sum->report;
    if (whole->shards == 0) {
        *whole = *report;
        whole->shard = 1;
        sum->seen[report->shard] = true;
        return REPORT_ADDED;
    }
    if (!same_check(whole, report)) return REPORT_OF_ANOTHER_CHECK;
    if (sum->seen[report->shard]) return REPORT_ADDED_BEFORE;
    sum->seen[report->shard] = true;
    whole->shard++;
    whole->done += report->done;
    tally_add(&whole->tally, &report->tally);
    if (report->failed > 0 && (whole->failed == 0 || report->failed < whole->failed)) {
        whole->failed = report->failed;
        memcpy(whole->claim, report->claim, sizeof whole->claim);
    }
    return REPORT_ADDED;
}
