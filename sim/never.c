#include "sim/never.h"

#include <string.h>

enum { COLUMNS = 100 };

void never_add(struct never *never, const char *name) {
    uint32_t width = (uint32_t)strlen(name);
    if (never->column == 0) {
        fputs("  ", never->out);
        message_print(never->out, never->language, MESSAGE_NEVER_SEEN, NULL, NULL);
        never->column = 10;
    } else {
        fputc(',', never->out);
        never->column++;
    }
    if (never->column + width + 1 > COLUMNS) {
        fputs("\n   ", never->out);
        never->column = 3;
    }
    fprintf(never->out, " %s", name);
    never->column += width + 1;
}

void never_end(const struct never *never) {
    if (never->column > 0) fputc('\n', never->out);
}

const char *never_edge_name(enum tcp_state from, enum tcp_state to, char name[64]) {
    snprintf(name, 64, "%s -> %s", tcp_state_name(from), tcp_state_name(to));
    return name;
}
