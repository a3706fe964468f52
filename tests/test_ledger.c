// The ledger of RFC 9293 appendix B is complete and true: each requirement once, and what is named as its proof exists.
#include <stdlib.h>

#include "core/ledger.h"
#include "tests/check.h"
#include "tests/support.h"

// Appendix B, by the labels: those of a kind are numbered from 1 without a gap. (Its table has MAY-5, MAY-10 and MAY-11
// in the column of SHOULD and SHLD-25 in that of MUST; the text of the sections agrees with the labels.)
static const struct kind {
    const char *label;
    unsigned count;
    enum level { MUST, SHOULD, MAY } level;
} kinds[] = {{"MUST", 69, MUST}, {"SHLD", 31, SHOULD}, {"MAY", 18, MAY}, {"REC", 1, SHOULD}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static bool is_chinese(const char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0xE4) return true;
    return false;
}

static bool is_ascii(const char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80) return false;
    return true;
}

// ---- What is named as proof

// Texts of files that were asked for, so that each is read once.
static const char *file_text(const char *path) {
    static struct {
        char path[80];
        char *text;
    } files[40];
    static unsigned count;
    for (unsigned i = 0; i < count; i++)
        if (strcmp(files[i].path, path) == 0) return files[i].text;
    if (!CHECK(count < sizeof files / sizeof *files && strlen(path) < sizeof files->path)) return "";
    strcpy(files[count].path, path);
    files[count].text = read_whole_file(path, NULL);
    return files[count].text == NULL ? "" : files[count++].text;
}

// How often `name(` stands in the text as a word of its own, outside of // comments.
static unsigned mentions(const char *text, const char *name) {
    unsigned count = 0;
    size_t length = strlen(name);
    for (const char *found = text; (found = strstr(found, name)) != NULL; found += length) {
        if (found > text && (found[-1] == '_' || (found[-1] >= '0' && found[-1] <= 'z'))) continue;
        if (found[length] != '(') continue;
        const char *line = found;
        while (line > text && line[-1] != '\n')
            line--;
        const char *comment = strstr(line, "//");
        count += comment == NULL || comment > found;
    }
    return count;
}

// "tests/test_core.c:test_order": the function is defined there, and called.
static void check_function(const char *proof, size_t length) {
    char path[80], name[80], definition[128];
    const char *colon = memchr(proof, ':', length);
    if (!CHECK(colon != NULL && length < sizeof path)) return;
    snprintf(path, sizeof path, "%.*s", (int)(colon - proof), proof);
    snprintf(name, sizeof name, "%.*s", (int)(proof + length - colon - 1), colon + 1);
    snprintf(definition, sizeof definition, "\nstatic void %s(", name);
    CHECK_EQ(strncmp(path, "tests/test_", 11), 0);
    const char *text = file_text(path);
    if (!CHECK(strstr(text, definition) != NULL)) fprintf(stderr, "%s has no function %s\n", path, name);
    if (!CHECK(mentions(text, name) >= 2)) fprintf(stderr, "%s never calls %s\n", path, name);
    CHECK(mentions(text, "main") == 1);
}

// `synfin list` names it.
static void check_scenario(const char *path, const char *list) {
    CHECK_CONTAINS(list, path);
}

// It exists, and a scenario says that it needs it: prove-rules takes that scenario for its proof.
static void check_rule(const char *name) {
    char quoted[128];
    bool needed = false;
    snprintf(quoted, sizeof quoted, "\"%s\"", name);
    if (!CHECK(tcp_rule_by_name(name) != TCP_RULE_NONE)) fprintf(stderr, "there is no rule %s\n", name);
    char **paths = scenario_paths();
    for (char **path = paths; *path != NULL && !needed; path++) {
        char *text = read_whole_file(*path, NULL);
        needed = text != NULL && strstr(text, "needs") != NULL && strstr(text, quoted) != NULL;
        free(text);
    }
    free_paths(paths);
    if (!CHECK(needed)) fprintf(stderr, "no scenario needs the rule %s\n", name);
}

static void check_proof(const char *proof, const char *list) {
    CHECK(proof[0] != '\0');
    while (*proof != '\0') {
        char one[100];
        size_t length = strcspn(proof, ",");
        if (!CHECK(length > 0 && length < sizeof one)) return;
        snprintf(one, sizeof one, "%.*s", (int)length, proof);
        if (strncmp(one, "tests/", 6) == 0)
            check_function(one, length);
        else if (strncmp(one, "scenarios/", 10) == 0)
            check_scenario(one, list);
        else
            check_rule(one);
        proof += length;
        if (*proof == ',') proof += proof[1] == ' ' ? 2 : 1;
    }
}

// ---- Rows

static void check_row(const struct ledger_row *row, enum level level, const char *list) {
    CHECK_EQ(strspn(row->section, "0123456789."), strlen(row->section));
    CHECK(row->section[0] == '3' && row->section[1] == '.');
    CHECK(row->says[0][0] != '\0' && is_ascii(row->says[0]));
    CHECK(is_chinese(row->says[1]));
    if (row->status == LEDGER_SHOWN) {
        check_proof(row->proof, list);
        CHECK_STR(row->because[0], "");
        CHECK_STR(row->because[1], "");
        return;
    }
    CHECK(row->status == LEDGER_NOT_APPLICABLE || level == MAY);  // what is no permission can't be left
    CHECK_STR(row->proof, "");
    CHECK(row->because[0][0] != '\0' && is_ascii(row->because[0]));
    CHECK(is_chinese(row->because[1]));
}

static const struct ledger_row *find(const char *name) {
    const struct ledger_row *found = NULL;
    for (unsigned i = 0; i < LEDGER_ROWS; i++) {
        if (strcmp(ledger_row(i)->name, name) != 0) continue;
        CHECK(found == NULL);  // twice
        found = ledger_row(i);
    }
    return found;
}

static void check_rows(const char *list) {
    unsigned count = 0;
    for (unsigned kind = 0; kind < KINDS; kind++)
        for (unsigned number = 1; number <= kinds[kind].count; number++, count++) {
            char name[16];
            snprintf(name, sizeof name, "%s-%u", kinds[kind].label, number);
            check_about("%s", name);
            const struct ledger_row *row = find(name);
            if (CHECK(row != NULL)) check_row(row, kinds[kind].level, list);
        }
    check_about(NULL);
    CHECK_EQ(count, 119);
    CHECK_EQ(LEDGER_ROWS, 119);
}

// ---- The command

static struct finished run_synfin(const char *command, const char *option, const char *language) {
    const char *words[] = {SYNFIN_BINARY, command, "--lang", language, option, "--width", "400", NULL};
    if (option == NULL) words[4] = NULL;
    struct finished finished = run_process(words, STDOUT_KEPT);
    CHECK_EQ(finished.status, 0);
    return finished;
}

// Every row is printed, with its sentence and its proof or why there is none.
static void check_printed(const char *language, int number) {
    struct finished finished = run_synfin("rules", "--ledger", language);
    for (unsigned i = 0; i < LEDGER_ROWS; i++) {
        const struct ledger_row *row = ledger_row(i);
        char begin[40];
        check_about("synfin rules --ledger --lang %s: %s", language, row->name);
        snprintf(begin, sizeof begin, "%-8s %s ", row->name, row->section);
        CHECK_CONTAINS(finished.out, begin);
        CHECK_CONTAINS(finished.out, row->says[number]);
        CHECK_CONTAINS(finished.out, row->status == LEDGER_SHOWN ? row->proof : row->because[number]);
    }
    check_about(NULL);
    free_finished(&finished);
}

int main(void) {
    struct finished list = run_synfin("list", NULL, "en");
    check_rows(list.out);
    free_finished(&list);
    check_printed("en", 0);
    check_printed("zh", 1);
    return check_result();
}
