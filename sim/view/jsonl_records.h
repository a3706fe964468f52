// What the lines of each kind hold. For jsonl.c alone.
#ifndef VIEW_JSONL_RECORDS_H
#define VIEW_JSONL_RECORDS_H

#include "sim/view/jsonl_fields.h"

struct jsonl_kind {
    uint8_t kind;  // enum record_kind, or the engine's
    const char *name;
    // Visits the fields behind number, time and cause. `joined` is memory for a text that is put together.
    void (*visit)(struct jsonl *jsonl, struct record *record, struct words *joined);
};

// By the record's kind, and by the line's; NULL: there is none.
const struct jsonl_kind *jsonl_kind(uint8_t kind);
const struct jsonl_kind *jsonl_kind_named(struct record_text name);

#endif
