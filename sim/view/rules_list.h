// The table of rules as a list for people: what `synfin rules` prints.
#ifndef VIEW_RULES_LIST_H
#define VIEW_RULES_LIST_H

#include <stdint.h>
#include <stdio.h>

#include "core/ledger.h"
#include "sim/view/timeline.h"

// Writes every rule with its clause, its requirement, what it does and what a TCP without it does, in the order of the
// table. Of the options it reads language, ascii, colour and width.
void rules_list_write(const struct timeline_options *options, FILE *out);

// One row of another list in the same manner.
struct rules_list_row {
    const char *name, *source, *says;
    const char *const *assumes;  // what it takes for granted
    unsigned assumes_count;
    const char *reason;  // why it is there although nothing can break it; or NULL
};
// Writes the row. `out` and `options` as above.
void rules_list_write_row(const struct timeline_options *options, const struct rules_list_row *row, FILE *out);

// Writes the ledger of requirements (core/ledger.h), a row each, and a sum. Options as above.
void rules_list_write_ledger(const struct timeline_options *options, FILE *out);

#endif
