#include <stdio.h>

#include "sim/command.h"
#include "sim/host/claim.h"
#include "sim/output.h"
#include "sim/view/rules_list.h"

static void list_properties(const struct timeline_options *look, int language) {
    size_t count;
    const struct property *all = properties(&count);
    for (size_t i = 0; i < count; i++) {
        const char *assumes[ASSUMPTIONS];
        struct rules_list_row row = {
            .name = all[i].name, .source = all[i].source, .says = all[i].says[language], .assumes = assumes};
        row.reason = property_reason(&all[i], language);
        for (unsigned bit = 0; bit < ASSUMPTIONS; bit++)
            if (all[i].assumes & 1u << bit) assumes[row.assumes_count++] = property_assumption(bit, language);
        rules_list_write_row(look, &row, stdout);
    }
}

enum status command_rules(const struct options *options) {
    struct timeline_options look = output_look(options);
    if (options->ledger)
        rules_list_write_ledger(&look, stdout);
    else if (options->properties)
        list_properties(&look, (int)options->language);
    else
        rules_list_write(&look, stdout);
    return STATUS_HOLDS;
}
