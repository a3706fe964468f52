// Streams: what sources stand for. A stream is a chain of pieces, in the order in which they were sent; where nothing
// is known of a position, the octet is a pattern of it.
#include "sim/host/internal.h"

// In a world of abstract time, streams have the numbers of their connections.
static uint32_t new_in_place(struct world *world, uint32_t id) {
    uint32_t source = id != 0 ? id : abstract_injected(world);
    while (world->keeps && world->streams.count < source)
        array_add(&world->streams);
    if (world->keeps) ((struct stream *)array_at(&world->streams, source - 1))->id = id;
    return source;
}

uint32_t stream_new(struct world *world, uint32_t id) {
    if (world->abstract != NULL) return new_in_place(world, id);
    if (world->keeps) {
        struct stream *stream = array_add(&world->streams);
        stream->id = id;
    }
    return ++world->sources;
}

void stream_append(struct world *world, uint32_t source, uint32_t seq, uint32_t length, uint32_t text) {
    struct stream *stream = array_at(&world->streams, source - 1);
    struct piece *piece = array_add(&world->pieces);
    *piece = (struct piece){.seq = seq, .length = length, .text = text, .previous = stream->last};
    stream->last = world->pieces.count;
}

void stream_cut(struct world *world, uint32_t source, uint32_t length) {
    const struct stream *stream = array_at(&world->streams, source - 1);
    struct piece *piece = array_at(&world->pieces, stream->last - 1);
    piece->length -= length;
}

// The piece of the stream that holds `seq`, or NULL.
static const struct piece *piece_at(const struct world *world, uint32_t source, uint32_t seq) {
    if (source == 0 || source > world->streams.count) return NULL;
    const struct stream *stream = array_at(&world->streams, source - 1);
    for (uint32_t number = stream->last; number != 0;) {
        const struct piece *piece = array_at(&world->pieces, number - 1);
        if (seq - piece->seq < piece->length) return piece;
        number = piece->previous;
    }
    return NULL;
}

void stream_read(const struct world *world, uint32_t source, uint32_t seq, uint32_t length, unsigned char *bytes) {
    enum { LETTERS = 26 };
    const struct piece *piece = NULL;
    for (uint32_t i = 0; i < length; i++) {
        if (piece == NULL || seq + i - piece->seq >= piece->length) piece = piece_at(world, source, seq + i);
        uint32_t offset = piece == NULL ? seq + i : seq + i - piece->seq;
        if (piece != NULL && piece->text != 0) {
            bytes[i] = ((const unsigned char *)world->texts.items)[piece->text - 1 + offset];
        } else {
            bytes[i] = (unsigned char)('a' + offset % LETTERS);
        }
    }
}
