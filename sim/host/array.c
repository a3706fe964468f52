#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/memory.h"
#include "sim/host/internal.h"

void array_init(struct array *array, size_t item_size) {
    memset(array, 0, sizeof *array);
    array->item_size = (uint32_t)item_size;
}

void array_free(struct array *array) {
    free(array->items);
    array_init(array, array->item_size);
}

void array_copy(struct array *to, const struct array *from) {
    array_init(to, from->item_size);
    if (from->count > 0) array_append(to, from->items, from->count);
}

void *array_room(struct array *array, uint32_t count) {
    assert(count <= UINT32_MAX / 2 - array->count);
    uint32_t needed = array->count + count;
    if (needed > array->capacity) {
        uint32_t capacity = array->capacity < 4 ? 4 : array->capacity;
        while (capacity < needed)
            capacity *= 2;
        array->items = memory_grow(array->items, (size_t)capacity * array->item_size);
        array->capacity = capacity;
    }
    void *place = (unsigned char *)array->items + (size_t)array->count * array->item_size;
    array->count = needed;
    return place;
}

void *array_add(struct array *array) {
    return memset(array_room(array, 1), 0, array->item_size);
}

uint32_t array_append(struct array *array, const void *items, uint32_t count) {
    uint32_t first = array->count;
    if (count > 0) memcpy(array_room(array, count), items, (size_t)count * array->item_size);
    return first;
}

void *array_at(const struct array *array, uint32_t number) {
    assert(number < array->count);
    return (unsigned char *)array->items + (size_t)number * array->item_size;
}

size_t array_bytes(const struct array *array) {
    return (size_t)array->capacity * array->item_size;
}
