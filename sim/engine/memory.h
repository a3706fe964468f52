// Memory that doesn't run out: when it does, the process ends with one message and exit status 4.
#ifndef ENGINE_MEMORY_H
#define ENGINE_MEMORY_H

#include <stddef.h>

enum {
    MEMORY_EXIT_STATUS = 4,
    MEMORY_LINE = 64,  // bytes of a cache line
};

// `size` bytes, all zero, never NULL. Freed with free().
void *memory_allocate(size_t size);
// `size` bytes that begin on a cache line, not initialised, never NULL: pages that nobody writes cost nothing. Freed
// with free().
void *memory_lines(size_t size);
// As realloc(): `memory` (NULL: nothing yet) at its new size, perhaps elsewhere; what is new is not initialised.
void *memory_grow(void *memory, size_t size);

#endif
