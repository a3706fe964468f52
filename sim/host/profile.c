#include "sim/host/profile.h"

#include <string.h>

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)

// What the table has beside values: which TCP options a system offers.
enum {
    RFC7323 = TCP_OPTION_WINDOW_SCALE | TCP_OPTION_TIMESTAMPS,
    MODERN = RFC7323 | TCP_OPTION_SACK_PERMITTED,
};

static const char *const names[PROFILES] = {
#define PROFILE(id, name) [PROFILE_##id] = (name),
#define VALUE(field, value)
#define WITHOUT(rule)
#include "sim/host/profile.def"
};

const char *profile_name(enum profile profile) {
    return (unsigned)profile < PROFILES ? names[profile] : "?";
}

bool profile_by_name(const char *name, enum profile *profile) {
    for (int i = 0; i < PROFILES; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        *profile = (enum profile)i;
        return true;
    }
    return false;
}

void profile_apply(enum profile profile, struct host_options *options) {
    int row = -1;  // the table is read from the top: the rows of a profile stand below its name
    options->tcp = tcp_config_default();
    options->layout = WIRE_LAYOUT_RFC9293;
    options->syn_queue = SYN_QUEUE_BACKLOG;
    options->syn_sent_refuses = false;
#define PROFILE(id, name) row = PROFILE_##id;
#define VALUE(field, value)                                                                                            \
    if (row == (int)profile) options->field = (value);
#define WITHOUT(rule)                                                                                                  \
    if (row == (int)profile) tcp_rule_set_add(&options->tcp.without, TCP_RULE_##rule);
#include "sim/host/profile.def"
}
