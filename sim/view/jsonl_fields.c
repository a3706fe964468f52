#include "sim/view/jsonl_fields.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void jsonl_free(struct jsonl *jsonl) {
    words_free(&jsonl->rules);
    for (uint32_t i = 0; i < MODEL_HOSTS; i++)
        words_free(&jsonl->hosts[i]);
}

void jsonl_wrong(struct jsonl *jsonl, const char *key, const char *format, ...) {
    if (jsonl->wrong[0] != '\0') return;
    int length = key == NULL ? 0 : snprintf(jsonl->wrong, sizeof jsonl->wrong, "\"%s\": ", key);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(jsonl->wrong + length, sizeof jsonl->wrong - (size_t)length, format, arguments);
    va_end(arguments);
}

// ---- Members

static bool writes(const struct jsonl *jsonl) {
    return jsonl->to != NULL;
}

// Writing: the comma before a further member.
static void add_comma(struct jsonl *jsonl) {
    const char *line = words_string(jsonl->to);
    char last = jsonl->to->length > 0 ? line[jsonl->to->length - 1] : '{';
    if (last != '{' && last != '[' && last != '\n') words_add(jsonl->to, ",");
}

static void add_key(struct jsonl *jsonl, const char *key) {
    add_comma(jsonl);
    words_add(jsonl->to, "\"");
    words_add(jsonl->to, key);
    words_add(jsonl->to, "\":");
}

static const struct json_value *value_at(const struct jsonl *jsonl, uint32_t index) {
    return &jsonl->from->values[index];
}

// Reading: the member, which counts as asked for from now on. NULL: something is wrong.
static const struct json_value *member(struct jsonl *jsonl, const char *key) {
    if (jsonl->wrong[0] != '\0') return NULL;
    uint32_t index = json_member(jsonl->from, jsonl->object, key);
    if (index == JSON_NONE) {
        jsonl_wrong(jsonl, NULL, "\"%s\" is missing", key);
        return NULL;
    }
    jsonl->from->values[index].taken = true;
    return value_at(jsonl, index);
}

static const struct json_value *member_of(struct jsonl *jsonl, const char *key, enum json_kind kind, const char *what) {
    const struct json_value *value = member(jsonl, key);
    if (value == NULL || value->kind == kind) return value;
    jsonl_wrong(jsonl, key, "%s is right", what);
    return NULL;
}

bool jsonl_has(struct jsonl *jsonl, const char *key, bool has) {
    if (writes(jsonl)) return has;
    return jsonl->wrong[0] == '\0' && json_member(jsonl->from, jsonl->object, key) != JSON_NONE;
}

uint32_t jsonl_enter(struct jsonl *jsonl, const char *key) {
    uint32_t outer = jsonl->object;
    if (writes(jsonl)) {
        add_key(jsonl, key);
        words_add(jsonl->to, "{");
        return outer;
    }
    const struct json_value *value = member_of(jsonl, key, JSON_OBJECT, "an object");
    if (value != NULL) jsonl->object = (uint32_t)(value - jsonl->from->values);
    return outer;
}

void jsonl_leave(struct jsonl *jsonl, uint32_t outer) {
    if (writes(jsonl)) {
        words_add(jsonl->to, "}");
        return;
    }
    uint32_t i = jsonl->wrong[0] != '\0' ? JSON_NONE : value_at(jsonl, jsonl->object)->first;
    for (; i != JSON_NONE; i = value_at(jsonl, i)->next) {
        const struct json_value *value = value_at(jsonl, i);
        if (value->taken) continue;
        struct words key = {0};
        words_add_quoted(&key, value->key, 40, true);
        jsonl_wrong(jsonl, NULL, "the key %s does not belong here, or is here twice", words_string(&key));
        words_free(&key);
    }
    jsonl->object = outer;
}

// ---- Numbers

static void number(struct jsonl *jsonl, const char *key, uint64_t *value, uint64_t most) {
    if (writes(jsonl)) {
        add_key(jsonl, key);
        words_add_number(jsonl->to, *value);
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_NUMBER, "a number");
    if (read == NULL) return;
    if (read->number > most)
        jsonl_wrong(jsonl, key, "%" PRIu64 " is too large; at most %" PRIu64 " is right", read->number, most);
    *value = read->number;
}

void jsonl_u8(struct jsonl *jsonl, const char *key, uint8_t *value) {
    uint64_t wide = *value;
    number(jsonl, key, &wide, UINT8_MAX);
    *value = (uint8_t)wide;
}

void jsonl_u16(struct jsonl *jsonl, const char *key, uint16_t *value) {
    uint64_t wide = *value;
    number(jsonl, key, &wide, UINT16_MAX);
    *value = (uint16_t)wide;
}

void jsonl_u32(struct jsonl *jsonl, const char *key, uint32_t *value) {
    uint64_t wide = *value;
    number(jsonl, key, &wide, UINT32_MAX);
    *value = (uint32_t)wide;
}

void jsonl_u64(struct jsonl *jsonl, const char *key, uint64_t *value) {
    number(jsonl, key, value, UINT64_MAX);
}

void jsonl_bool(struct jsonl *jsonl, const char *key, bool *value) {
    if (writes(jsonl)) {
        add_key(jsonl, key);
        words_add(jsonl->to, *value ? "true" : "false");
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_BOOLEAN, "true or false");
    if (read != NULL) *value = read->number == 1;
}

void jsonl_wide(struct jsonl *jsonl, const char *key, uint64_t *value) {
    char digits[24];
    if (writes(jsonl)) {
        snprintf(digits, sizeof digits, "\"%" PRIu64 "\"", *value);
        add_key(jsonl, key);
        words_add(jsonl->to, digits);
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_STRING, "a number in quotes");
    uint64_t sum = 0;
    for (uint32_t i = 0; read != NULL && i < read->text.length; i++) {
        unsigned digit = (unsigned)read->text.bytes[i] - '0';
        if (digit > 9 || sum > (UINT64_MAX - digit) / 10) {
            jsonl_wrong(jsonl, key, "the digits of a number below 2^64, in quotes, are right");
            return;
        }
        sum = sum * 10 + digit;
    }
    *value = sum;
}

void jsonl_numbers(struct jsonl *jsonl, const char *key, uint32_t *values, unsigned *count, unsigned most) {
    if (writes(jsonl)) {
        add_key(jsonl, key);
        words_add(jsonl->to, "[");
        for (unsigned i = 0; i < *count; i++) {
            add_comma(jsonl);
            words_add_number(jsonl->to, values[i]);
        }
        words_add(jsonl->to, "]");
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_ARRAY, "an array of numbers");
    *count = 0;
    if (read == NULL) return;
    for (uint32_t i = read->first; i != JSON_NONE; i = value_at(jsonl, i)->next) {
        const struct json_value *item = value_at(jsonl, i);
        if (*count == most || item->kind != JSON_NUMBER || item->number > UINT32_MAX) {
            jsonl_wrong(jsonl, key, "at most %u numbers below 2^32 are right", most);
            return;
        }
        values[(*count)++] = (uint32_t)item->number;
    }
}

// ---- Text

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_base64(struct words *words, struct record_text text) {
    for (size_t at = 0; at < text.length; at += 3) {
        size_t left = text.length - at;
        uint32_t group = (uint32_t)text.bytes[at] << 16;
        if (left > 1) group |= (uint32_t)text.bytes[at + 1] << 8;
        if (left > 2) group |= text.bytes[at + 2];
        char digits[4];
        for (unsigned i = 0; i < 4; i++)
            digits[i] = i > left ? '=' : digits64[group >> (18 - 6 * i) & 63];
        words_add_bytes(words, digits, sizeof digits);
    }
}

static void add_text(struct words *words, struct record_text text) {
    if (json_add_string(words, text)) return;
    words_add(words, "{\"base64\":\"");
    add_base64(words, text);
    words_add(words, "\"}");
}

// Decodes in place, since it becomes shorter. False: it isn't base64.
static bool decode_base64(struct record_text *text) {
    unsigned char *to = (unsigned char *)text->bytes;
    uint32_t length = text->length, group = 0, used = 0;
    if (length % 4 != 0) return false;
    while (length > 0 && text->length - length < 2 && to[length - 1] == '=')
        length--;
    uint32_t out = 0;
    for (uint32_t i = 0; i < length; i++) {
        const char *digit = to[i] != '\0' ? strchr(digits64, to[i]) : NULL;
        if (digit == NULL) return false;
        group = group << 6 | (uint32_t)(digit - digits64);
        used += 6;
        if (used < 8) continue;
        used -= 8;
        to[out++] = (unsigned char)(group >> used & 255);
    }
    text->length = out;
    return true;
}

// What add_text() has written.
static void read_text(struct jsonl *jsonl, const char *key, const struct json_value *value, struct record_text *text) {
    if (value->kind == JSON_STRING) {
        *text = value->text;
        return;
    }
    uint32_t coded = json_member(jsonl->from, (uint32_t)(value - jsonl->from->values), "base64");
    bool alone = value->kind == JSON_OBJECT && coded != JSON_NONE && coded == value->first &&
                 value_at(jsonl, coded)->next == JSON_NONE && value_at(jsonl, coded)->kind == JSON_STRING;
    if (alone) *text = value_at(jsonl, coded)->text;
    if (!alone || !decode_base64(text))
        jsonl_wrong(jsonl, key, "a string is right, or {\"base64\":\"...\"} for octets that are no text");
}

void jsonl_text(struct jsonl *jsonl, const char *key, struct record_text *text) {
    if (writes(jsonl)) {
        add_key(jsonl, key);
        add_text(jsonl->to, *text);
        return;
    }
    const struct json_value *value = member(jsonl, key);
    if (value != NULL) read_text(jsonl, key, value, text);
}

void jsonl_texts(struct jsonl *jsonl, const char *key, struct record_text text[TCP_LANGUAGES]) {
    uint32_t outer = jsonl_enter(jsonl, key);
    jsonl_text(jsonl, "en", &text[0]);
    jsonl_text(jsonl, "zh", &text[1]);
    jsonl_leave(jsonl, outer);
}

// Line `index` of the text; false: it has no such line.
static bool line_of(struct record_text text, uint32_t index, struct record_text *line) {
    for (uint32_t begin = 0; begin < text.length;) {
        const unsigned char *end = memchr(text.bytes + begin, '\n', text.length - begin);
        uint32_t length = end != NULL ? (uint32_t)(end - text.bytes) - begin : text.length - begin;
        *line = (struct record_text){text.bytes + begin, length};
        if (index-- == 0) return true;
        begin += length + 1;
    }
    return false;
}

void jsonl_lines(struct jsonl *jsonl, const char *key, struct record_text *text, struct words *joined) {
    if (writes(jsonl)) {
        struct record_text line;
        add_key(jsonl, key);
        words_add(jsonl->to, "[");
        for (uint32_t i = 0; line_of(*text, i, &line); i++) {
            add_comma(jsonl);
            add_text(jsonl->to, line);
        }
        words_add(jsonl->to, "]");
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_ARRAY, "an array of strings");
    if (read == NULL) return;
    words_clear(joined);
    for (uint32_t i = read->first; i != JSON_NONE && jsonl->wrong[0] == '\0'; i = value_at(jsonl, i)->next) {
        struct record_text line = {0};
        read_text(jsonl, key, value_at(jsonl, i), &line);
        if (line.length > 0 && memchr(line.bytes, '\n', line.length) != NULL)
            jsonl_wrong(jsonl, key, "no line feed is right in a line");
        if (i != read->first) words_add(joined, "\n");
        if (line.length > 0) words_add_bytes(joined, (const char *)line.bytes, line.length);
    }
    *text = (struct record_text){(const unsigned char *)words_string(joined), (uint32_t)joined->length};
}

void jsonl_hex(struct jsonl *jsonl, const char *key, uint8_t *octets, uint8_t *count, unsigned most) {
    static const char digits[] = "0123456789abcdef";
    if (writes(jsonl)) {
        add_key(jsonl, key);
        words_add(jsonl->to, "\"");
        for (unsigned i = 0; i < *count && i < most; i++) {
            words_add_bytes(jsonl->to, &digits[octets[i] >> 4], 1);
            words_add_bytes(jsonl->to, &digits[octets[i] & 15], 1);
        }
        words_add(jsonl->to, "\"");
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_STRING, "a string of hexadecimal digits");
    if (read == NULL) return;
    bool good = read->text.length <= 2 * most && read->text.length % 2 == 0;
    for (uint32_t i = 0; good && i < read->text.length; i++) {
        const char *digit = read->text.bytes[i] != '\0' ? strchr(digits, read->text.bytes[i]) : NULL;
        if (digit == NULL)
            good = false;
        else
            octets[i / 2] = (uint8_t)(octets[i / 2] << 4 | (digit - digits));
    }
    if (good)
        *count = (uint8_t)(read->text.length / 2);
    else
        jsonl_wrong(jsonl, key, "an even number of the digits 0-9 and a-f, at most %u, is right", 2 * most);
}

// ---- Names

static bool same_text(struct record_text a, struct record_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static struct record_text text_of_words(const struct words *words) {
    return (struct record_text){(const unsigned char *)words_string(words), (uint32_t)words->length};
}

static bool is_named(struct record_text text, const char *name) {
    return same_text(text, (struct record_text){(const unsigned char *)name, (uint32_t)strlen(name)});
}

// Says which name isn't known.
static void unknown(struct jsonl *jsonl, const char *key, struct record_text text, const char *what) {
    struct words name = {0};
    words_add_quoted(&name, text, 40, true);
    jsonl_wrong(jsonl, key, "%s is not the name of %s", words_string(&name), what);
    words_free(&name);
}

void jsonl_enum(struct jsonl *jsonl, const char *key, uint8_t *value, jsonl_names name, unsigned count) {
    if (writes(jsonl)) {
        struct record_text text = {(const unsigned char *)name(*value), (uint32_t)strlen(name(*value))};
        jsonl_text(jsonl, key, &text);
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_STRING, "a name");
    if (read == NULL) return;
    for (unsigned i = 0; i < count; i++) {
        *value = (uint8_t)i;
        if (is_named(read->text, name(*value))) return;
    }
    struct words like = {0};
    words_add(&like, "anything that stands here; ");
    words_add(&like, name(0));
    words_add(&like, " does");
    unknown(jsonl, key, read->text, words_string(&like));
    words_free(&like);
}

static void bit_name(char name[16], const char *const *names, unsigned count, unsigned bit) {
    if (bit < count)
        snprintf(name, 16, "%s", names[bit]);
    else
        snprintf(name, 16, "bit-%u", bit);
}

void jsonl_bits(struct jsonl *jsonl, const char *key, uint32_t *bits, const char *const *names, unsigned count) {
    char name[16];
    if (writes(jsonl)) {
        add_key(jsonl, key);
        words_add(jsonl->to, "[");
        for (unsigned bit = 0; bit < 32; bit++) {
            if ((*bits >> bit & 1) == 0) continue;
            add_comma(jsonl);
            bit_name(name, names, count, bit);
            words_add(jsonl->to, "\"");
            words_add(jsonl->to, name);
            words_add(jsonl->to, "\"");
        }
        words_add(jsonl->to, "]");
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_ARRAY, "an array of names");
    if (read == NULL) return;
    for (uint32_t i = read->first; i != JSON_NONE; i = value_at(jsonl, i)->next) {
        struct record_text text = value_at(jsonl, i)->text;  // empty unless it is a string
        unsigned bit = 0;
        do
            bit_name(name, names, count, bit);
        while (!is_named(text, name) && ++bit < 32);
        if (bit == 32) {
            unknown(jsonl, key, text, "a flag");
            return;
        }
        *bits |= UINT32_C(1) << bit;
    }
}

void jsonl_host(struct jsonl *jsonl, const char *key, uint32_t *host) {
    if (writes(jsonl)) {
        if (*host != MODEL_NONE && *host >= jsonl->host_count) {
            jsonl_wrong(jsonl, key, "a host that is not there");
            return;
        }
        add_key(jsonl, key);
        if (*host == MODEL_NONE) {
            words_add(jsonl->to, "null");
            return;
        }
        add_text(jsonl->to, text_of_words(&jsonl->hosts[*host]));
        return;
    }
    const struct json_value *read = member(jsonl, key);
    struct record_text text = {0};
    *host = MODEL_NONE;
    if (read == NULL || read->kind == JSON_NULL) return;
    read_text(jsonl, key, read, &text);
    for (uint32_t i = 0; i < jsonl->host_count; i++) {
        if (!same_text(text_of_words(&jsonl->hosts[i]), text)) continue;
        *host = i;
        return;
    }
    unknown(jsonl, key, text, "a host whose line came before");
}

// ---- Rules

static void add_rule(struct jsonl *jsonl, uint16_t rule) {
    struct record_text name = {0};
    if (rule == TCP_RULE_NONE)
        words_add(jsonl->to, "null");
    else if (line_of(text_of_words(&jsonl->rules), rule - 1u, &name))
        add_text(jsonl->to, name);
    else
        jsonl_wrong(jsonl, NULL, "rule %u, which the trace does not name", rule);
}

static uint16_t read_rule(struct jsonl *jsonl, const char *key, const struct json_value *value) {
    struct record_text wanted = {0}, name = {0};
    if (value->kind == JSON_NULL) return TCP_RULE_NONE;
    read_text(jsonl, key, value, &wanted);
    for (uint16_t rule = 1; rule < RECORD_RULES_MOST && line_of(text_of_words(&jsonl->rules), rule - 1u, &name); rule++)
        if (same_text(name, wanted)) return rule;
    unknown(jsonl, key, wanted, "a rule that the line of kind \"rules\" names");
    return TCP_RULE_NONE;
}

void jsonl_rule(struct jsonl *jsonl, const char *key, uint16_t *rule) {
    if (writes(jsonl)) {
        add_key(jsonl, key);
        add_rule(jsonl, *rule);
        return;
    }
    const struct json_value *read = member(jsonl, key);
    if (read != NULL) *rule = read_rule(jsonl, key, read);
}

void jsonl_rules(struct jsonl *jsonl, const char *key, struct tcp_rule_set *rules) {
    if (writes(jsonl)) {
        add_key(jsonl, key);
        words_add(jsonl->to, "[");
        for (uint32_t rule = TCP_RULE_NONE + 1; rule < RECORD_RULES_MOST; rule++) {
            if (!tcp_rule_set_has(rules, (enum tcp_rule)rule)) continue;
            add_comma(jsonl);
            add_rule(jsonl, (uint16_t)rule);
        }
        words_add(jsonl->to, "]");
        return;
    }
    const struct json_value *read = member_of(jsonl, key, JSON_ARRAY, "an array of rules");
    if (read == NULL) return;
    for (uint32_t i = read->first; i != JSON_NONE; i = value_at(jsonl, i)->next)
        tcp_rule_set_add(rules, (enum tcp_rule)read_rule(jsonl, key, value_at(jsonl, i)));
}

// ---- Endpoints

static void address_string(const struct record_endpoint *endpoint, char string[48]) {
    const uint8_t *a = endpoint->address;
    if (endpoint->family == 4) {
        snprintf(string, 48, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
        return;
    }
    int length = 0;
    for (unsigned i = 0; i < 16; i += 2)
        length += snprintf(string + length, 48 - (size_t)length, "%s%x", i > 0 ? ":" : "",
                           (unsigned)a[i] << 8 | (unsigned)a[i + 1]);
}

static void read_address(struct jsonl *jsonl, struct record_endpoint *endpoint, struct record_text text) {
    char string[48] = "";
    if (text.length < sizeof string && text.length > 0) memcpy(string, text.bytes, text.length);
    if (inet_pton(AF_INET, string, endpoint->address) == 1)
        endpoint->family = 4;
    else if (inet_pton(AF_INET6, string, endpoint->address) == 1)
        endpoint->family = 6;
    else
        unknown(jsonl, "address", text, "an IPv4 or IPv6 address");
}

void jsonl_endpoint(struct jsonl *jsonl, const char *key, struct record_endpoint *endpoint) {
    char string[48] = "";
    if (writes(jsonl) && endpoint->family == 0) {
        add_key(jsonl, key);
        words_add(jsonl->to, "null");
        return;
    }
    if (!writes(jsonl)) {
        const struct json_value *value = member(jsonl, key);
        if (value == NULL || value->kind == JSON_NULL) return;
    }
    uint32_t outer = jsonl_enter(jsonl, key);
    if (writes(jsonl)) address_string(endpoint, string);
    struct record_text text = {(const unsigned char *)string, (uint32_t)strlen(string)};
    jsonl_text(jsonl, "address", &text);
    if (!writes(jsonl)) read_address(jsonl, endpoint, text);
    jsonl_u16(jsonl, "port", &endpoint->port);
    jsonl_leave(jsonl, outer);
}
