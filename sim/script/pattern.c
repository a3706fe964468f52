#include "sim/script/pattern.h"

#include <string.h>

static const char *match(struct pattern *m, const char *s, const char *p);

static const char *fail(struct pattern *m, const char *error) {
    if (m->error == NULL) m->error = error;
    return NULL;
}

static bool stopped(const struct pattern *m) {
    return m->error != NULL || m->exhausted;
}

static bool step(struct pattern *m, uint64_t steps) {
    if (m->steps < steps) {
        m->steps = 0;
        m->exhausted = true;
        return false;
    }
    m->steps -= steps;
    return true;
}

// ---- characters. ASCII only: the same whatever the locale.

static bool between(unsigned char c, unsigned char low, unsigned char high) {
    return c >= low && c <= high;
}

static bool is_alpha(unsigned char c) {
    return between(c, 'a', 'z') || between(c, 'A', 'Z');
}

static bool is_punctuation(unsigned char c) {
    return between(c, '!', '~') && !is_alpha(c) && !between(c, '0', '9');
}

static bool is_hex(unsigned char c) {
    return between(c, '0', '9') || between(c, 'a', 'f') || between(c, 'A', 'F');
}

// Is `c` in the class %`name`? A capital letter is the complement; what isn't a letter of a class is itself.
static bool in_class(unsigned char c, unsigned char name) {
    const unsigned char lower = between(name, 'A', 'Z') ? (unsigned char)(name - 'A' + 'a') : name;
    bool in;
    switch (lower) {
    case 'a': in = is_alpha(c); break;
    case 'c': in = c < ' ' || c == 127; break;
    case 'd': in = between(c, '0', '9'); break;
    case 'g': in = between(c, '!', '~'); break;
    case 'l': in = between(c, 'a', 'z'); break;
    case 'p': in = is_punctuation(c); break;
    case 's': in = c == ' ' || between(c, '\t', '\r'); break;
    case 'u': in = between(c, 'A', 'Z'); break;
    case 'w': in = is_alpha(c) || between(c, '0', '9'); break;
    case 'x': in = is_hex(c); break;
    case 'z': in = c == '\0'; break;
    default: return name == c;
    }
    return lower == name ? in : !in;
}

// ---- single characters of a pattern: a letter, '.', %class, [set]

// The end of the item at `p`, which isn't the pattern's end. NULL: malformed.
static const char *item_end(struct pattern *m, const char *p) {
    const char first = *p++;
    if (first == '%') {
        if (p == m->pattern_end) return fail(m, "malformed pattern (ends with '%')");
        return p + 1;
    }
    if (first != '[') return p;
    if (p < m->pattern_end && *p == '^') p++;
    do {  // a ] that comes first is a member
        if (p == m->pattern_end) return fail(m, "malformed pattern (missing ']')");
        if (*p++ == '%') {
            if (p == m->pattern_end) return fail(m, "malformed pattern (missing ']')");
            p++;
        }
        if (p == m->pattern_end) return fail(m, "malformed pattern (missing ']')");
    } while (*p != ']');
    return p + 1;
}

// Is `c` in the set from `p`, its '[', to `end`, behind its ']'?
static bool in_set(struct pattern *m, unsigned char c, const char *p, const char *end) {
    const char *last = end - 1;
    bool in = true;
    if (!step(m, (uint64_t)(end - p) / 4)) return false;
    p++;
    if (*p == '^') {
        in = false;
        p++;
    }
    while (p < last) {
        if (*p == '%') {
            if (in_class(c, (unsigned char)p[1])) return in;
            p += 2;
        } else if (p + 2 < last && p[1] == '-') {
            if (between(c, (unsigned char)p[0], (unsigned char)p[2])) return in;
            p += 3;
        } else {
            if ((unsigned char)*p == c) return in;
            p++;
        }
    }
    return !in;
}

// Does the character at `s` match the item from `p` to `end`?
static bool matches_one(struct pattern *m, const char *s, const char *p, const char *end) {
    if (s == m->text_end || !step(m, 1)) return false;
    const unsigned char c = (unsigned char)*s;
    switch (*p) {
    case '.': return true;
    case '%': return in_class(c, (unsigned char)p[1]);
    case '[': return in_set(m, c, p, end);
    default: return (unsigned char)*p == c;
    }
}

// ---- captures

static const char *open_capture(struct pattern *m, const char *s, const char *p, ptrdiff_t length) {
    if (m->level >= PATTERN_CAPTURES) return fail(m, "too many captures");
    m->captures[m->level].start = s;
    m->captures[m->level].length = length;
    m->level++;
    const char *end = match(m, s, p);
    if (end == NULL) m->level--;
    return end;
}

static const char *close_capture(struct pattern *m, const char *s, const char *p) {
    int i = m->level - 1;
    while (i >= 0 && m->captures[i].length != PATTERN_OPEN)
        i--;
    if (i < 0) return fail(m, "invalid pattern capture");
    m->captures[i].length = s - m->captures[i].start;
    const char *end = match(m, s, p);
    if (end == NULL) m->captures[i].length = PATTERN_OPEN;
    return end;
}

// %1: the same text as the capture's, at `s`. Its end or NULL.
static const char *match_back(struct pattern *m, const char *s, char digit) {
    const int i = digit - '1';
    if (i < 0 || i >= m->level || m->captures[i].length == PATTERN_OPEN) {
        return fail(m, "invalid capture index in pattern");
    }
    if (m->captures[i].length == PATTERN_POSITION) return NULL;  // no text, so no text is the same
    const size_t length = (size_t)m->captures[i].length;
    if (!step(m, 1 + length / 16) || (size_t)(m->text_end - s) < length) return NULL;
    return memcmp(m->captures[i].start, s, length) == 0 ? s + length : NULL;
}

// ---- %b and %f

// %bxy at `s`, `p` at x. Its end or NULL.
static const char *match_balance(struct pattern *m, const char *s, const char *p) {
    if (m->pattern_end - p < 2) return fail(m, "malformed pattern (missing arguments to '%b')");
    if (s == m->text_end || *s != p[0]) return NULL;
    size_t open = 1;
    for (s++; s < m->text_end; s++) {
        if (!step(m, 1)) return NULL;
        if (*s == p[1]) {
            if (--open == 0) return s + 1;
        } else if (*s == p[0]) {
            open++;
        }
    }
    return NULL;
}

// %f[set], `p` at [: the set begins at `s`. The end of the set in the pattern or NULL.
static const char *match_frontier(struct pattern *m, const char *s, const char *p) {
    if (p == m->pattern_end || *p != '[') return fail(m, "missing '[' after '%f' in pattern");
    const char *end = item_end(m, p);
    if (end == NULL) return NULL;
    const unsigned char before = s == m->text ? '\0' : (unsigned char)s[-1];
    const unsigned char here = s == m->text_end ? '\0' : (unsigned char)*s;
    return !in_set(m, before, p, end) && in_set(m, here, p, end) ? end : NULL;
}

// ---- repetitions

// As many as possible of the item from `p` to `end`, at least `least`, then the rest of the pattern.
static const char *match_most(struct pattern *m, const char *s, const char *p, const char *end, ptrdiff_t least) {
    ptrdiff_t count = 0;
    while (matches_one(m, s + count, p, end))
        count++;
    for (; count >= least && !stopped(m); count--) {
        const char *match_end = match(m, s + count, end + 1);
        if (match_end != NULL) return match_end;
    }
    return NULL;
}

// As few as possible.
static const char *match_least(struct pattern *m, const char *s, const char *p, const char *end) {
    for (;;) {
        const char *match_end = match(m, s, end + 1);
        if (match_end != NULL || stopped(m)) return match_end;
        if (!matches_one(m, s, p, end)) return NULL;
        s++;
    }
}

// Once or not at all.
static const char *match_optional(struct pattern *m, const char *s, const char *p, const char *end) {
    if (matches_one(m, s, p, end)) {
        const char *match_end = match(m, s + 1, end + 1);
        if (match_end != NULL || stopped(m)) return match_end;
    }
    return match(m, s, end + 1);
}

// ---- the pattern

// What the pattern has at `p`.
enum item {
    ITEM_OPEN,
    ITEM_POSITION,
    ITEM_CLOSE,
    ITEM_END_ANCHOR,
    ITEM_BALANCE,
    ITEM_FRONTIER,
    ITEM_BACK,
    ITEM_SINGLE,
};

static enum item item_at(const struct pattern *m, const char *p) {
    const char next = p + 1 < m->pattern_end ? p[1] : '\0';
    switch (*p) {
    case '(': return next == ')' ? ITEM_POSITION : ITEM_OPEN;
    case ')': return ITEM_CLOSE;
    case '$': return p + 1 == m->pattern_end ? ITEM_END_ANCHOR : ITEM_SINGLE;
    case '%':
        if (next == 'b') return ITEM_BALANCE;
        if (next == 'f') return ITEM_FRONTIER;
        return between((unsigned char)next, '0', '9') ? ITEM_BACK : ITEM_SINGLE;
    default: return ITEM_SINGLE;
    }
}

// A single character from `*p` on, which may be repeated. Moves `*p` behind it when only that character was matched;
// sets it to NULL when the rest of the pattern was too.
static const char *match_single(struct pattern *m, const char *s, const char **p) {
    const char *from = *p;
    const char *end = item_end(m, from);
    *p = NULL;
    if (end == NULL) return NULL;
    switch (end < m->pattern_end ? *end : '\0') {
    case '*': return match_most(m, s, from, end, 0);
    case '+': return match_most(m, s, from, end, 1);
    case '-': return match_least(m, s, from, end);
    case '?': return match_optional(m, s, from, end);
    default: *p = end; return matches_one(m, s, from, end) ? s + 1 : NULL;
    }
}

// Matches items that stand alone, one after the other, until one needs the rest of the pattern matched inside of it.
static const char *match_items(struct pattern *m, const char *s, const char *p) {
    while (p < m->pattern_end) {
        if (!step(m, 1)) return NULL;
        switch (item_at(m, p)) {
        case ITEM_OPEN: return open_capture(m, s, p + 1, PATTERN_OPEN);
        case ITEM_POSITION: return open_capture(m, s, p + 2, PATTERN_POSITION);
        case ITEM_CLOSE: return close_capture(m, s, p + 1);
        case ITEM_END_ANCHOR: return s == m->text_end ? s : NULL;
        case ITEM_BALANCE:
            s = match_balance(m, s, p + 2);
            p += 4;
            break;
        case ITEM_FRONTIER:
            p = match_frontier(m, s, p + 2);
            if (p == NULL) return NULL;
            break;
        case ITEM_BACK:
            s = match_back(m, s, p[1]);
            p += 2;
            break;
        case ITEM_SINGLE: s = match_single(m, s, &p); break;
        }
        if (s == NULL) return NULL;
        if (p == NULL) return s;
    }
    return s;
}

static const char *match(struct pattern *m, const char *s, const char *p) {
    if (m->depth >= PATTERN_DEPTH) return fail(m, "pattern too complex");
    m->depth++;
    const char *end = match_items(m, s, p);
    m->depth--;
    return end;
}

const char *pattern_match(struct pattern *pattern, const char *at) {
    pattern->level = 0;
    pattern->depth = 0;
    const char *end = match(pattern, at, pattern->pattern);
    for (int i = 0; end != NULL && i < pattern->level; i++) {
        if (pattern->captures[i].length == PATTERN_OPEN) return fail(pattern, "unfinished capture");
    }
    return stopped(pattern) ? NULL : end;
}
