// The table of rules is complete: names, clauses and sentences in both languages, and rows that the design promises.
#include <stdlib.h>

#include "core/rules.h"
#include "sim/host/claim.h"
#include "tests/check.h"
#include "tests/support.h"

enum { RULES_LEAST = 30 };

static const char *const promised[] = {
    "three-way-handshake",
    "time-wait",
    "fin-takes-sequence-number",
    "syn-takes-sequence-number",
    "isn-from-clock",
    "ack-acceptable-in-syn-sent",
    "rst-for-unknown-connection",
    "passive-open-returns-to-listen",
    "fin-waits-for-missing-data",
};

// "", or MUST-11, SHLD-3, MAY-1, several with commas between.
static bool is_requirement(const char *text) {
    static const char *const kinds[] = {"MUST-", "SHLD-", "MAY-", "REC-"};
    while (*text != '\0') {
        size_t length = 0;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && length == 0; i++)
            if (strncmp(text, kinds[i], strlen(kinds[i])) == 0) length = strlen(kinds[i]);
        size_t digits = strspn(text + length, "0123456789");
        if (length == 0 || digits == 0) return false;
        text += length + digits;
        if (*text == ',')
            text += text[1] == ' ' ? 2 : 1;
        else if (*text != '\0')
            return false;
    }
    return true;
}

// At least one character that no English sentence has.
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

static void check_row(enum tcp_rule rule) {
    const struct tcp_rule_info *info = tcp_rule_info(rule);
    check_about("rule %d, %s", (int)rule, info->name);
    CHECK(info->name[0] >= 'a' && info->name[0] <= 'z');
    CHECK_EQ(strspn(info->name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(info->name));
    CHECK_EQ(tcp_rule_by_name(info->name), rule);
    CHECK_EQ(strncmp(info->clause, "RFC ", 4), 0);
    CHECK(is_requirement(info->requirement));
    CHECK(info->owner == TCP_RULE_CORE || info->owner == TCP_RULE_HOST);
    CHECK(info->does[0][0] != '\0' && is_ascii(info->does[0]));
    CHECK(info->without[0][0] != '\0' && is_ascii(info->without[0]));
    CHECK(is_chinese(info->does[1]));
    CHECK(is_chinese(info->without[1]));
}

static void check_sets(void) {
    struct tcp_rule_set without = {{0}}, applied = {{0}};
    enum tcp_rule first = (enum tcp_rule)1, last = (enum tcp_rule)(TCP_RULES - 1);
    tcp_rule_set_add(&without, last);
    CHECK(tcp_rule_set_has(&without, last));
    CHECK(!tcp_rule_set_has(&without, first));
    CHECK(!tcp_rule_in_force(&without, &applied, last));
    CHECK(!tcp_rule_set_has(&applied, last));
    CHECK(tcp_rule_in_force(&without, &applied, first));
    CHECK(tcp_rule_set_has(&applied, first));
}

// `synfin rules` names every one of them, in both languages.
static void check_list(const char *language) {
    const char *words[] = {SYNFIN_BINARY, "rules", "--lang", language, NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    check_about("synfin rules --lang %s", language);
    CHECK_EQ(finished.status, 0);
    for (int rule = 1; rule < TCP_RULES; rule++)
        CHECK_CONTAINS(finished.out, tcp_rule_info((enum tcp_rule)rule)->name);
    free_finished(&finished);
}

// `synfin rules --properties` names every property, and what each assumes.
static void check_properties(const char *language, int number) {
    const char *words[] = {SYNFIN_BINARY, "rules", "--properties", "--width", "400", "--lang", language, NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    check_about("synfin rules --properties --lang %s", language);
    CHECK_EQ(finished.status, 0);
    size_t count;
    const struct property *all = properties(&count);
    for (size_t i = 0; i < count; i++) {
        CHECK_CONTAINS(finished.out, all[i].name);
        CHECK_CONTAINS(finished.out, all[i].says[number]);
        if (property_reason(&all[i], number) != NULL) CHECK_CONTAINS(finished.out, property_reason(&all[i], number));
    }
    for (unsigned i = 0; i < ASSUMPTIONS; i++)
        CHECK_CONTAINS(finished.out, property_assumption(i, number));
    free_finished(&finished);
}

int main(void) {
    CHECK(TCP_RULES - 1 >= RULES_LEAST);
    for (int rule = 1; rule < TCP_RULES; rule++)
        check_row((enum tcp_rule)rule);
    check_about(NULL);
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++)
        CHECK(tcp_rule_by_name(promised[i]) != TCP_RULE_NONE);
    CHECK_EQ(tcp_rule_by_name("no-such-rule"), TCP_RULE_NONE);
    CHECK_EQ(tcp_rule_by_name(""), TCP_RULE_NONE);
    CHECK_STR(tcp_rule_info(TCP_RULE_NONE)->name, "");
    check_sets();
    check_list("en");
    check_list("zh");
    check_properties("en", 0);
    check_properties("zh", 1);
    return check_result();
}
