#include "sim/engine/trace.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/memory.h"
#include "sim/engine/trace_format.h"

const unsigned char trace_magic[TRACE_FILE_HEADER] = {'s', 'y', 'n', 'f', 'i', 'n', 0, TRACE_VERSION};

// ---- Writing --------------------------------------------------------------------------------------------------

// `size` more bytes at the end, to be filled in.
static unsigned char *room(struct trace *trace, size_t size) {
    if (size > trace->capacity - trace->length) {
        size_t capacity = trace->capacity;
        do
            capacity = capacity < 512 ? 512 : capacity + capacity / 2;
        while (size > capacity - trace->length);
        trace->bytes = memory_grow(trace->bytes, capacity);
        trace->capacity = capacity;
    }
    unsigned char *bytes = trace->bytes + trace->length;
    trace->length += size;
    return bytes;
}

void trace_init(struct trace *trace) {
    memset(trace, 0, sizeof *trace);
    memcpy(room(trace, TRACE_FILE_HEADER), trace_magic, TRACE_FILE_HEADER);
}

void trace_free(struct trace *trace) {
    free(trace->bytes);
    memset(trace, 0, sizeof *trace);
}

void trace_copy(struct trace *to, const struct trace *from) {
    to->length = 0;
    memcpy(room(to, from->length), from->bytes, from->length);
    to->records = from->records;
    to->cause = from->cause;
    to->time = from->time;
    to->open = from->open;
}

uint64_t trace_begin(struct trace *trace, uint8_t kind, uint64_t time) {
    assert(trace->open == 0 && time >= trace->time);
    trace->open = trace->length;
    trace->time = time;
    unsigned char *bytes = room(trace, TRACE_RECORD_HEADER);
    memset(bytes, 0, TRACE_RECORD_HEADER);
    bytes[TRACE_AT_KIND] = kind;
    bits_store64(bytes + TRACE_AT_NUMBER, ++trace->records);
    bits_store64(bytes + TRACE_AT_TIME, time);
    bits_store64(bytes + TRACE_AT_CAUSE, trace->cause);
    return trace->records;
}

void trace_put_u8(struct trace *trace, uint8_t value) {
    *room(trace, 1) = value;
}

void trace_put_u16(struct trace *trace, uint16_t value) {
    bits_store16(room(trace, 2), value);
}

void trace_put_u32(struct trace *trace, uint32_t value) {
    bits_store32(room(trace, 4), value);
}

void trace_put_u64(struct trace *trace, uint64_t value) {
    bits_store64(room(trace, 8), value);
}

void trace_put_bytes(struct trace *trace, const void *bytes, uint32_t length) {
    trace_put_u32(trace, length);
    if (length > 0) memcpy(room(trace, length), bytes, length);
}

void trace_put_string(struct trace *trace, const char *string) {
    size_t length = strlen(string);
    assert(length <= UINT32_MAX);
    trace_put_bytes(trace, string, (uint32_t)length);
}

void trace_end(struct trace *trace) {
    assert(trace->open != 0);
    size_t length = trace->length - trace->open - TRACE_RECORD_LENGTH;
    assert(length <= UINT32_MAX);
    bits_store32(trace->bytes + trace->open, (uint32_t)length);
    trace->open = 0;
}

// ---- Reading --------------------------------------------------------------------------------------------------

bool trace_next(const struct trace *trace, size_t *offset, struct trace_record *record) {
    size_t at = *offset == 0 ? TRACE_FILE_HEADER : *offset;
    size_t end = trace->open != 0 ? trace->open : trace->length;
    if (at > end || end - at < TRACE_RECORD_HEADER) return false;
    const unsigned char *bytes = trace->bytes + at;
    uint32_t length = bits_load32(bytes);
    if (length < TRACE_RECORD_LEAST || length > end - at - TRACE_RECORD_LENGTH) return false;
    *record = (struct trace_record){
        .kind = bytes[TRACE_AT_KIND],
        .number = bits_load64(bytes + TRACE_AT_NUMBER),
        .time = bits_load64(bytes + TRACE_AT_TIME),
        .cause = bits_load64(bytes + TRACE_AT_CAUSE),
        .payload = bytes + TRACE_RECORD_HEADER,
        .length = length - TRACE_RECORD_LEAST,
    };
    *offset = at + TRACE_RECORD_LENGTH + length;
    return true;
}

// The next `size` bytes of the payload, or NULL when they aren't all there; then all that follows is missing too.
static const unsigned char *take(struct trace_record *record, size_t size) {
    if (size == 0) return record->payload;
    if (size > record->length - record->position) {
        record->bad = true;
        record->position = record->length;
        return NULL;
    }
    const unsigned char *bytes = record->payload + record->position;
    record->position += size;
    return bytes;
}

uint8_t trace_get_u8(struct trace_record *record) {
    const unsigned char *bytes = take(record, 1);
    return bytes == NULL ? 0 : *bytes;
}

uint16_t trace_get_u16(struct trace_record *record) {
    const unsigned char *bytes = take(record, 2);
    return bytes == NULL ? 0 : bits_load16(bytes);
}

uint32_t trace_get_u32(struct trace_record *record) {
    const unsigned char *bytes = take(record, 4);
    return bytes == NULL ? 0 : bits_load32(bytes);
}

uint64_t trace_get_u64(struct trace_record *record) {
    const unsigned char *bytes = take(record, 8);
    return bytes == NULL ? 0 : bits_load64(bytes);
}

const unsigned char *trace_get_bytes(struct trace_record *record, uint32_t *length) {
    *length = trace_get_u32(record);
    const unsigned char *bytes = take(record, *length);
    if (bytes != NULL) return bytes;
    *length = 0;
    return (const unsigned char *)"";  // a record without any payload has no place to point at
}

uint64_t trace_digest(const struct trace *trace) {
    uint64_t state = bits_absorb(0, trace->length);
    size_t at = 0;
    for (; trace->length - at >= 8; at += 8)
        state = bits_absorb(state, bits_load64(trace->bytes + at));
    unsigned char last[8] = {0};
    memcpy(last, trace->bytes + at, trace->length - at);
    return bits_absorb(state, bits_load64(last));
}
