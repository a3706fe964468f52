// A look at a script's text before it is compiled, for what can't be prevented while it runs.
#ifndef SCRIPT_SOURCE_H
#define SCRIPT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct source_facts {
    size_t start;    // where the text begins: behind a byte order mark
    bool loose_for;  // a numeric `for` has bounds that may be strings
    int line;        // of the error
    const char *error;
};

// False, with `line` and `error`, when the text is compiled code or uses the operator ^. Text that isn't Lua otherwise
// is left to the compiler.
bool source_check(const char *text, size_t length, struct source_facts *facts);

#endif
