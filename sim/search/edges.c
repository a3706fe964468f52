#include "sim/search/edges.h"

#include <stdlib.h>
#include <string.h>

#include "sim/engine/memory.h"

void edges_init(struct edges *edges, size_t limit) {
    memset(edges, 0, sizeof *edges);
    edges->limit = limit;
}

void edges_free(struct edges *edges) {
    free(edges->bytes);
    free(edges->begins);
    free(edges->list);
    free(edges->ends);
}

size_t edges_bytes(const struct edges *edges) {
    return edges->room + edges->block_room * sizeof *edges->begins + edges->end_room * sizeof *edges->ends;
}

static void put_byte(struct edges *edges, unsigned char byte) {
    if (edges->length == edges->room) {
        size_t room = edges->room == 0 ? 1 << 12 : edges->room + edges->room / 2;
        unsigned char *larger = room > edges->limit ? NULL : realloc(edges->bytes, room);
        if (larger == NULL) {
            edges->full = true;
            return;
        }
        edges->bytes = larger;
        edges->room = room;
    }
    edges->bytes[edges->length++] = byte;
}

// Seven bits a byte, the lowest first.
static void put(struct edges *edges, uint64_t number) {
    for (; number >= 0x80; number >>= 7)
        put_byte(edges, (unsigned char)(number | 0x80));
    put_byte(edges, (unsigned char)number);
}

static uint64_t get(const unsigned char **at) {
    uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        unsigned char byte = *(*at)++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return number;
    }
}

// The edges of the current state are all there.
static void close_state(struct edges *edges) {
    if (edges->state % EDGES_BLOCK == 0) {
        if (edges->blocks == edges->block_room) {
            edges->block_room = edges->block_room == 0 ? 64 : edges->block_room * 2;
            edges->begins = memory_grow(edges->begins, edges->block_room * sizeof *edges->begins);
        }
        edges->begins[edges->blocks++] = edges->length;
    }
    put(edges, edges->count);
    for (uint32_t i = 0; i < edges->count; i++) {
        // Forward as even numbers, back as odd ones.
        uint32_t to = edges->list[i];
        put(edges, to >= edges->state ? (uint64_t)(to - edges->state) * 2 : (uint64_t)(edges->state - to) * 2 + 1);
    }
    edges->count = 0;
    edges->state++;
}

void edges_add(struct edges *edges, uint32_t from, uint32_t to) {
    if (edges->full) return;
    while (edges->state < from)
        close_state(edges);
    if (edges->count == edges->list_room) {
        edges->list_room = edges->list_room == 0 ? 64 : edges->list_room * 2;
        edges->list = memory_grow(edges->list, edges->list_room * sizeof *edges->list);
    }
    edges->list[edges->count++] = to;
}

void edges_end(struct edges *edges, uint32_t state) {
    if (edges->end_count == edges->end_room) {
        edges->end_room = edges->end_room == 0 ? 64 : edges->end_room * 2;
        edges->ends = memory_grow(edges->ends, edges->end_room * sizeof *edges->ends);
    }
    edges->ends[edges->end_count++] = state;
}

// Marks the states of a block of which an edge leads to a marked one; true when there was a new one. Within the block
// from the last to the first, for most edges lead forward.
static bool spread(const struct edges *edges, uint32_t block, uint32_t states, unsigned char *marked) {
    const unsigned char *begins[EDGES_BLOCK];
    const unsigned char *at = edges->bytes + edges->begins[block];
    uint32_t first = block * EDGES_BLOCK;
    uint32_t count = states - first < EDGES_BLOCK ? states - first : EDGES_BLOCK;
    for (uint32_t i = 0; i < count; i++) {
        begins[i] = at;
        for (uint64_t left = get(&at); left > 0; left--)
            get(&at);
    }
    bool news = false;
    for (uint32_t i = count; i > 0; i--) {
        uint32_t state = first + i - 1;
        if (marked[state]) continue;
        at = begins[i - 1];
        for (uint64_t left = get(&at); left > 0 && !marked[state]; left--) {
            uint64_t edge = get(&at);
            uint32_t to = edge % 2 == 0 ? state + (uint32_t)(edge / 2) : state - (uint32_t)(edge / 2);
            marked[state] = marked[to];
        }
        news = news || marked[state];
    }
    return news;
}

uint32_t edges_endless(struct edges *edges, uint32_t states) {
    while (edges->state < states && !edges->full)
        close_state(edges);
    unsigned char *marked = edges->full ? NULL : calloc(states, 1);
    if (marked == NULL) return UINT32_MAX;
    for (uint32_t i = 0; i < edges->end_count; i++)
        marked[edges->ends[i]] = 1;
    bool news = true;
    while (news) {
        news = false;
        for (uint32_t block = edges->blocks; block > 0; block--)
            news = spread(edges, block - 1, states, marked) || news;
    }
    uint32_t first = 0;
    while (first < states && marked[first])
        first++;
    free(marked);
    return first < states ? first : UINT32_MAX;
}
