#include "sim/search/edges.h"

#include <stdlib.h>
#include <string.h>

void edges_init(struct edges *edges, size_t limit) {
    memset(edges, 0, sizeof *edges);
    edges->limit = limit;
}

void edges_free(struct edges *edges) {
    free(edges->bytes);
    free(edges->begins);
    free(edges->list);
    memset(edges, 0, sizeof *edges);
}

size_t edges_bytes(const struct edges *edges) {
    return edges->room + edges->block_room * sizeof *edges->begins + edges->list_room * sizeof *edges->list;
}

// `memory`, of `had` bytes, at its new size; NULL: there is no room, and nothing more is kept.
static void *grow(struct edges *edges, void *memory, size_t had, size_t size) {
    bool fits = edges_bytes(edges) - had + size <= edges->limit;
    void *larger = fits ? realloc(memory, size) : NULL;
    if (larger == NULL) edges->full = true;
    return larger;
}

static void put_byte(struct edges *edges, unsigned char byte) {
    if (edges->full) return;
    if (edges->length == edges->room) {
        size_t room = edges->room == 0 ? 1 << 12 : edges->room + edges->room / 2;
        unsigned char *larger = grow(edges, edges->bytes, edges->room, room);
        if (larger == NULL) return;
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

// Forward as even numbers, back as odd ones.
static uint32_t get_edge(const unsigned char **at, uint32_t state) {
    uint64_t edge = get(at);
    return edge % 2 == 0 ? state + (uint32_t)(edge / 2) : state - (uint32_t)(edge / 2);
}

static void begin_block(struct edges *edges) {
    if (edges->blocks == edges->block_room) {
        uint32_t room = edges->block_room == 0 ? 64 : edges->block_room * 2;
        size_t each = sizeof *edges->begins;
        size_t *larger = grow(edges, edges->begins, edges->block_room * each, room * each);
        if (larger == NULL) return;
        edges->begins = larger;
        edges->block_room = room;
    }
    edges->begins[edges->blocks++] = edges->length;
}

// The edges of the current state are all there.
static void close_state(struct edges *edges) {
    if (edges->state % EDGES_BLOCK == 0) begin_block(edges);
    put(edges, edges->count);
    for (uint32_t i = 0; i < edges->count; i++) {
        uint32_t to = edges->list[i];
        put(edges, to >= edges->state ? (uint64_t)(to - edges->state) * 2 : (uint64_t)(edges->state - to) * 2 + 1);
    }
    edges->count = 0;
    edges->state++;
}

void edges_add(struct edges *edges, uint32_t from, uint32_t to) {
    while (edges->state < from && !edges->full)
        close_state(edges);
    if (edges->full) return;
    if (edges->count == edges->list_room) {
        uint32_t room = edges->list_room == 0 ? 64 : edges->list_room * 2;
        size_t each = sizeof *edges->list;
        uint32_t *larger = grow(edges, edges->list, edges->list_room * each, room * each);
        if (larger == NULL) return;
        edges->list = larger;
        edges->list_room = room;
    }
    edges->list[edges->count++] = to;
}

bool edges_close(struct edges *edges, uint32_t states) {
    while (edges->state < states && !edges->full)
        close_state(edges);
    return !edges->full;
}

// Strikes out the states of a block of which no edge leads to a state that isn't; true when there was one. Within the
// block from the last to the first, for most edges lead forward.
static bool strike(const struct edges *edges, uint32_t block, uint32_t states, unsigned char *endless) {
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
        if (!endless[state]) continue;
        at = begins[i - 1];
        unsigned char any = 0;
        for (uint64_t left = get(&at); left > 0 && !any; left--)
            any = endless[get_edge(&at, state)];
        endless[state] = any;
        news = news || !any;
    }
    return news;
}

void edges_endless(const struct edges *edges, uint32_t states, unsigned char *endless) {
    memset(endless, 1, states);
    for (bool news = true; news;) {
        news = false;
        for (uint32_t block = edges->blocks; block > 0; block--)
            news = strike(edges, block - 1, states, endless) || news;
    }
}

void edges_each(const struct edges *edges, uint32_t states, const unsigned char *of,
                void (*show)(void *context, uint32_t from, uint32_t to), void *context) {
    const unsigned char *at = edges->bytes;
    for (uint32_t state = 0; state < states; state++) {
        for (uint64_t left = get(&at); left > 0; left--) {
            uint32_t to = get_edge(&at, state);
            if (of[state]) show(context, state, to);
        }
    }
}
