#include "sim/search/visited.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ENTRIES = 1 << 12 };

// `memory`, of `had` bytes, at its new size. Memory may run out: NULL then, and the search ends and says what it has
// covered.
static void *grow(struct visited *visited, void *memory, size_t had, size_t size) {
    bool fits = !visited->full && visited_bytes(visited) - had + size <= visited->limit;
    void *larger = fits ? realloc(memory, size) : NULL;
    if (larger == NULL) visited->full = true;
    return larger;
}

void visited_init(struct visited *visited, bool exact, size_t limit) {
    memset(visited, 0, sizeof *visited);
    visited->exact = exact;
    visited->limit = limit;
    visited->entries = calloc(FIRST_ENTRIES, sizeof *visited->entries);
    visited->mask = FIRST_ENTRIES - 1;
    if (visited->entries == NULL) visited->full = true;
}

void visited_free(struct visited *visited) {
    free(visited->entries);
    free(visited->step);
    free(visited->bytes);
    free(visited->begins);
}

size_t visited_bytes(const struct visited *visited) {
    size_t bytes = ((size_t)visited->mask + 1) * sizeof *visited->entries + visited->step_room * sizeof *visited->step;
    if (visited->exact) bytes += visited->room + visited->step_room * sizeof *visited->begins;
    return bytes;
}

void visited_soon(const struct visited *visited, uint64_t digest) {
    __builtin_prefetch(&visited->entries[digest & visited->mask]);
}

static bool grow_entries(struct visited *visited) {
    uint64_t mask = visited->mask * 2 + 1;
    size_t size = ((size_t)mask + 1) * sizeof *visited->entries;
    bool fits = visited_bytes(visited) + size <= visited->limit;
    struct visited_entry *entries = fits ? calloc((size_t)mask + 1, sizeof *entries) : NULL;
    if (entries == NULL) {
        visited->full = true;
        return false;
    }
    for (uint64_t i = 0; i <= visited->mask; i++) {
        if (visited->entries[i].digest == 0) continue;
        uint64_t place = visited->entries[i].digest & mask;
        while (entries[place].digest != 0)
            place = (place + 1) & mask;
        entries[place] = visited->entries[i];
    }
    free(visited->entries);
    visited->entries = entries;
    visited->mask = mask;
    return true;
}

static bool grow_steps(struct visited *visited) {
    size_t had = visited->step_room, room = had == 0 ? FIRST_ENTRIES : had + had / 2;
    void *step = grow(visited, visited->step, had * sizeof *visited->step, room * sizeof *visited->step);
    if (step == NULL) return false;
    visited->step = step;
    if (visited->exact) {
        void *begins = grow(visited, visited->begins, had * sizeof *visited->begins, room * sizeof *visited->begins);
        if (begins == NULL) return false;
        visited->begins = begins;
    }
    visited->step_room = (uint32_t)room;
    return true;
}

static bool keep(struct visited *visited, const unsigned char *bytes, uint32_t length) {
    if (visited->length + length > visited->room) {
        size_t room = (visited->room + length) * 2;
        void *larger = grow(visited, visited->bytes, visited->room, room);
        if (larger == NULL) return false;
        visited->bytes = larger;
        visited->room = room;
    }
    memcpy(visited->bytes + visited->length, bytes, length);
    visited->begins[visited->count] = visited->length;
    visited->length += length;
    return true;
}

// True when the state at the entry is the very one.
static bool same(const struct visited *visited, uint32_t state, const unsigned char *bytes, uint32_t length) {
    if (!visited->exact) return true;
    uint64_t begin = visited->begins[state];
    uint64_t end = state + 1 < visited->count ? visited->begins[state + 1] : visited->length;
    return end - begin == length && memcmp(visited->bytes + begin, bytes, length) == 0;
}

uint32_t visited_add(struct visited *visited, uint64_t digest, const unsigned char *bytes, uint32_t length,
                     struct visited_step step, bool *is_new) {
    *is_new = false;
    uint64_t place = digest & visited->mask;
    for (; visited->entries[place].digest != 0; place = (place + 1) & visited->mask)
        if (visited->entries[place].digest == digest && same(visited, visited->entries[place].state, bytes, length))
            return visited->entries[place].state;
    if (visited->full || visited->count == UINT32_MAX - 1) return UINT32_MAX;
    if (visited->count == visited->step_room && !grow_steps(visited)) return UINT32_MAX;
    if (visited->exact && !keep(visited, bytes, length)) return UINT32_MAX;
    *is_new = true;
    uint32_t state = visited->count++;
    visited->step[state] = step;
    visited->entries[place] = (struct visited_entry){digest, state};
    if (visited->count > visited->mask / 4 * 3) grow_entries(visited);  // if it can't, the next state finds no room
    return state;
}
