#include <stdio.h>

#include "sim/command.h"
#include "sim/output.h"
#include "sim/view/rules_list.h"

enum status command_rules(const struct options *options) {
    struct timeline_options look = output_look(options);
    rules_list_write(&look, stdout);
    return STATUS_HOLDS;
}
