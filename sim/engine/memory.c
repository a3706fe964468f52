#include "sim/engine/memory.h"

#include <stdio.h>
#include <stdlib.h>

static void *or_exit(void *memory, size_t size) {
    if (memory == NULL) {
        fprintf(stderr, "synfin: out of memory: %zu more bytes are not to be had\n", size);
        exit(MEMORY_EXIT_STATUS);
    }
    return memory;
}

void *memory_allocate(size_t size) {
    return or_exit(calloc(size > 0 ? size : 1, 1), size);
}

void *memory_lines(size_t size) {
    // C11 wants a multiple of the alignment.
    size_t whole = (size + MEMORY_LINE - 1) / MEMORY_LINE * MEMORY_LINE;
    if (whole < size) return or_exit(NULL, size);
    return or_exit(aligned_alloc(MEMORY_LINE, whole > 0 ? whole : MEMORY_LINE), size);
}

void *memory_grow(void *memory, size_t size) {
    return or_exit(realloc(memory, size > 0 ? size : 1), size);
}
