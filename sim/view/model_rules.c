// Rules by the trace's numbers and by this build's: RECORD_RULES has the names.
#include <string.h>

#include "sim/view/model.h"

// This build's number of the rule, or of a place among the foreign ones; TCP_RULE_NONE when there is no place left.
static uint16_t number_here(struct model_rules *rules, struct record_text name) {
    for (uint32_t rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++) {
        const char *known = tcp_rule_info((enum tcp_rule)rule)->name;
        if (strlen(known) == name.length && memcmp(known, name.bytes, name.length) == 0) return (uint16_t)rule;
    }
    uint32_t place = TCP_RULES + rules->foreign_count;
    if (place >= RECORD_RULES_MOST || name.length == 0) return TCP_RULE_NONE;
    rules->foreign[rules->foreign_count++] = name;
    return (uint16_t)place;
}

bool model_rules_read(struct model_rules *rules, struct record_text names) {
    uint32_t number = 1;
    for (uint32_t begin = 0; begin < names.length; number++) {
        const unsigned char *end = memchr(names.bytes + begin, '\n', names.length - begin);
        uint32_t length = end != NULL ? (uint32_t)(end - names.bytes) - begin : names.length - begin;
        if (number == RECORD_RULES_MOST) return false;
        rules->here[number] = number_here(rules, (struct record_text){names.bytes + begin, length});
        begin += length + 1;
    }
    rules->count = number;
    return true;
}

static bool translate_rule(const struct model_rules *rules, uint16_t *rule) {
    if (*rule == TCP_RULE_NONE) return true;
    if (*rule >= rules->count) return false;
    *rule = rules->here[*rule];
    return true;
}

static bool translate_set(const struct model_rules *rules, struct tcp_rule_set *set) {
    struct tcp_rule_set here = {{0}};
    for (uint32_t i = 0; i < RECORD_RULES_MOST; i++) {
        uint16_t rule = (uint16_t)i;
        if (!tcp_rule_set_has(set, (enum tcp_rule)i)) continue;
        if (!translate_rule(rules, &rule)) return false;
        if (rule != TCP_RULE_NONE) tcp_rule_set_add(&here, (enum tcp_rule)rule);
    }
    *set = here;
    return true;
}

bool model_rules_translate(const struct model_rules *rules, struct record *record) {
    switch (record->kind) {
    case RECORD_HOST: return translate_set(rules, &record->host.without);
    case RECORD_STEP: return translate_set(rules, &record->step.applied);
    case RECORD_PACKET: return translate_rule(rules, &record->packet.rule);
    case RECORD_SIGNAL: return translate_rule(rules, &record->signal.rule);
    case RECORD_HOST_EVENT: return translate_rule(rules, &record->host_event.rule);
    case RECORD_DROP: return translate_rule(rules, &record->drop.rule);
    default: return true;
    }
}

struct record_text model_rule_name(const struct model *model, uint32_t rule) {
    if (rule >= TCP_RULES) return model->rules.foreign[rule - TCP_RULES];
    const char *name = tcp_rule_info((enum tcp_rule)rule)->name;
    return (struct record_text){(const unsigned char *)name, (uint32_t)strlen(name)};
}
