// A record as a JSON object, field by field: each visit appends the field to a line, or fills it from one, so that
// writing and reading can't disagree. For jsonl.c alone.
#ifndef VIEW_JSONL_FIELDS_H
#define VIEW_JSONL_FIELDS_H

#include "sim/view/json.h"
#include "sim/view/model.h"

struct jsonl {
    struct words *to;         // writing, or
    const struct json *from;  // reading,
    uint32_t object;          // from this one
    struct words rules;       // the trace's, a line each
    struct words hosts[MODEL_HOSTS];
    uint32_t host_count;
    char wrong[200];  // the first thing that is; else ""
};

void jsonl_free(struct jsonl *jsonl);

// The first complaint counts. `key` may be NULL.
__attribute__((format(printf, 3, 4))) void jsonl_wrong(struct jsonl *jsonl, const char *key, const char *format, ...);

// Objects in objects. Between the two, fields are those of the inner one; jsonl_leave() gets what jsonl_enter()
// returned, and complains about members that nobody asked for.
uint32_t jsonl_enter(struct jsonl *jsonl, const char *key);
void jsonl_leave(struct jsonl *jsonl, uint32_t outer);

// Whether a field is there that need not be: reading finds out, writing is told.
bool jsonl_has(struct jsonl *jsonl, const char *key, bool has);

void jsonl_u8(struct jsonl *jsonl, const char *key, uint8_t *value);
void jsonl_u16(struct jsonl *jsonl, const char *key, uint16_t *value);
void jsonl_u32(struct jsonl *jsonl, const char *key, uint32_t *value);
void jsonl_u64(struct jsonl *jsonl, const char *key, uint64_t *value);
void jsonl_bool(struct jsonl *jsonl, const char *key, bool *value);
// A number that may use all of its 64 bits, in a string, since many programs round numbers beyond 2^53.
void jsonl_wide(struct jsonl *jsonl, const char *key, uint64_t *value);
// The first `count` members of an array of so many; reading at most `most`.
void jsonl_numbers(struct jsonl *jsonl, const char *key, uint32_t *values, unsigned *count, unsigned most);

// A string, or octets that are no text.
void jsonl_text(struct jsonl *jsonl, const char *key, struct record_text *text);
// In both languages: an object.
void jsonl_texts(struct jsonl *jsonl, const char *key, struct record_text text[TCP_LANGUAGES]);
// A text of several lines: an array.
void jsonl_lines(struct jsonl *jsonl, const char *key, struct record_text *text, struct words *joined);
void jsonl_hex(struct jsonl *jsonl, const char *key, uint8_t *octets, uint8_t *count, unsigned most);

typedef const char *(*jsonl_names)(uint8_t value);
// One of `count` names.
void jsonl_enum(struct jsonl *jsonl, const char *key, uint8_t *value, jsonl_names name, unsigned count);
// An array of the names of bits, the lowest first; a bit without a name is "bit-31".
void jsonl_bits(struct jsonl *jsonl, const char *key, uint32_t *bits, const char *const *names, unsigned count);

// A host by its name; null: `none`.
void jsonl_host(struct jsonl *jsonl, const char *key, uint32_t *host);
// A rule by its name, and a set of them; null: no rule.
void jsonl_rule(struct jsonl *jsonl, const char *key, uint16_t *rule);
void jsonl_rules(struct jsonl *jsonl, const char *key, struct tcp_rule_set *rules);
// An address and a port; null: there is none.
void jsonl_endpoint(struct jsonl *jsonl, const char *key, struct record_endpoint *endpoint);

#endif
