#include "sim/search/frontier.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void frontier_free(struct frontier *frontier) {
    for (uint32_t i = 0; i < frontier->batches; i++)
        free(frontier->batch[i]);
    free(frontier->batch);
    memset(frontier, 0, sizeof *frontier);
}

static bool add_batch(struct frontier *frontier, size_t most) {
    if (frontier->batches == frontier->batch_room) {
        uint32_t room = frontier->batch_room == 0 ? 64 : frontier->batch_room * 2;
        size_t more = (room - frontier->batch_room) * sizeof(struct batch *);
        bool fits = frontier->bytes + more <= most;
        struct batch **larger = fits ? realloc(frontier->batch, room * sizeof(struct batch *)) : NULL;
        if (larger == NULL) return false;
        frontier->batch = larger;
        frontier->batch_room = room;
        frontier->bytes += more;
    }
    frontier->batch[frontier->batches++] = NULL;
    return true;
}

bool frontier_reserve(struct frontier *frontier, uint32_t length, size_t most) {
    uint32_t last = frontier->batches - 1;
    bool fresh =
        frontier->batches == 0 || (frontier->batch[last] != NULL && frontier->batch[last]->states == FRONTIER_BATCH);
    if (fresh && !add_batch(frontier, most)) return false;
    struct batch **place = &frontier->batch[frontier->batches - 1];
    size_t state = sizeof(struct batch_head) + length;
    size_t had = *place == NULL ? 0 : sizeof **place + (*place)->room;
    size_t used = *place == NULL ? 0 : (*place)->length;
    if (*place != NULL && used + state <= (*place)->room) return true;
    // Most states of a search are about equally long.
    uint32_t left = FRONTIER_BATCH - (*place == NULL ? 0 : (*place)->states);
    size_t room = used + state * left;
    if (frontier->bytes - had + sizeof **place + room > most) return false;
    struct batch *larger = realloc(*place, sizeof *larger + room);
    if (larger == NULL) return false;
    if (*place == NULL) larger->states = 0, larger->length = 0;
    larger->room = room;
    *place = larger;
    frontier->bytes += sizeof *larger + room - had;
    return true;
}

void frontier_put(struct frontier *frontier, uint32_t state, const unsigned char *bytes, uint32_t length) {
    const struct batch_head head = {state, length};
    struct batch *batch = frontier->batch[frontier->batches - 1];
    assert(batch->length + sizeof head + length <= batch->room);
    memcpy(batch->bytes + batch->length, &head, sizeof head);
    memcpy(batch->bytes + batch->length + sizeof head, bytes, length);
    batch->length += sizeof head + length;
    batch->states++;
}

void frontier_drop(struct frontier *frontier, uint32_t number) {
    struct batch *batch = frontier->batch[number];
    if (batch == NULL) return;
    frontier->bytes -= sizeof *batch + batch->room;
    free(batch);
    frontier->batch[number] = NULL;
}

const unsigned char *batch_next(const struct batch *batch, size_t *at, struct batch_head *head) {
    if (batch == NULL || *at == batch->length) return NULL;
    memcpy(head, batch->bytes + *at, sizeof *head);
    const unsigned char *bytes = batch->bytes + *at + sizeof *head;
    *at += sizeof *head + head->length;
    return bytes;
}
