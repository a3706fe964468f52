// The rules of TCP as a table (core/rules.def), and sets of them.
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include <stdbool.h>
#include <stdint.h>

enum tcp_rule {
    TCP_RULE_NONE,  // no rule: what a user or a script did
#define RULE(id, name, clause, requirement, owner, does, does_zh, without, without_zh) TCP_RULE_##id,
#include "core/rules.def"
#undef RULE
    TCP_RULES,  // how many there are, with TCP_RULE_NONE
};

enum { TCP_RULE_WORDS = 3 };  // of 64 bits, in a set
_Static_assert(TCP_RULES <= 64 * TCP_RULE_WORDS, "every rule has its bit");

// Who applies a rule: the state machine, or the host around it.
enum tcp_rule_owner { TCP_RULE_CORE, TCP_RULE_HOST };

enum { TCP_LANGUAGES = 2 };  // indices into the texts below: 0 English, 1 Chinese

// One row of the table. Static strings.
struct tcp_rule_info {
    const char *name;         // "three-way-handshake"
    const char *clause;       // "RFC 9293 3.5"
    const char *requirement;  // "MUST-11", or ""
    enum tcp_rule_owner owner;
    const char *does[TCP_LANGUAGES];     // what the rule does: one sentence
    const char *without[TCP_LANGUAGES];  // what a TCP without it does instead: one sentence
};

// The row of `rule`; the row of TCP_RULE_NONE has empty strings. `rule` is less than TCP_RULES.
const struct tcp_rule_info *tcp_rule_info(enum tcp_rule rule);

// The rule of that name, or TCP_RULE_NONE.
enum tcp_rule tcp_rule_by_name(const char *name);

struct tcp_rule_set {
    uint64_t bits[TCP_RULE_WORDS];
};

static inline bool tcp_rule_set_has(const struct tcp_rule_set *set, enum tcp_rule rule) {
    return (set->bits[rule / 64u] >> (rule % 64u) & 1u) != 0;
}

static inline void tcp_rule_set_add(struct tcp_rule_set *set, enum tcp_rule rule) {
    set->bits[rule / 64u] |= UINT64_C(1) << (rule % 64u);
}

// Adds all of `more`.
static inline void tcp_rule_set_unite(struct tcp_rule_set *set, const struct tcp_rule_set *more) {
    for (int word = 0; word < TCP_RULE_WORDS; word++)
        set->bits[word] |= more->bits[word];
}

static inline bool tcp_rule_set_is_empty(const struct tcp_rule_set *set) {
    uint64_t any = 0;
    for (int word = 0; word < TCP_RULE_WORDS; word++)
        any |= set->bits[word];
    return any == 0;
}

// True when `rule` is in force: not in `without`. Then it is noted in `applied`: it decided something. Each rule is
// asked for in exactly one place, where the answer makes a difference.
static inline bool tcp_rule_in_force(const struct tcp_rule_set *without, struct tcp_rule_set *applied,
                                     enum tcp_rule rule) {
    if (tcp_rule_set_has(without, rule)) return false;
    tcp_rule_set_add(applied, rule);
    return true;
}

#endif
