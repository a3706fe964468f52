#include "core/rules.h"

#include <stddef.h>

#define CORE TCP_RULE_CORE
#define HOST TCP_RULE_HOST

static const struct tcp_rule_info table[TCP_RULES] = {
    [TCP_RULE_NONE] = {"", "", "", CORE, {"", ""}, {"", ""}},
#define RULE(id, name, clause, requirement, owner, does, does_zh, without, without_zh)                                 \
    [TCP_RULE_##id] = {name, clause, requirement, owner, {does, does_zh}, {without, without_zh}},
#include "core/rules.def"
#undef RULE
};

const struct tcp_rule_info *tcp_rule_info(enum tcp_rule rule) {
    return &table[rule];
}

static bool same(const char *a, const char *b) {
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

enum tcp_rule tcp_rule_by_name(const char *name) {
    for (int rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++)
        if (same(table[rule].name, name)) return (enum tcp_rule)rule;
    return TCP_RULE_NONE;
}
