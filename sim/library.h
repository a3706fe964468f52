// The scenarios below a folder.
#ifndef SIM_LIBRARY_H
#define SIM_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/messages.h"

// Paths of scenarios, sorted by their bytes. All zero is an empty library.
struct library {
    char **path;
    size_t count, capacity;
};

// Fills the library with what is in the folder and below it. False: the folder can't be read, or has no scenario, and
// that has been said.
bool library_find(struct library *library, const char *folder, enum language language);
void library_free(struct library *library);

#endif
