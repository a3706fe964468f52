// A trace as a file.
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/engine/bits.h"
#include "sim/engine/file.h"
#include "sim/engine/memory.h"
#include "sim/engine/trace.h"
#include "sim/engine/trace_format.h"

enum {
    END_SIZE = TRACE_RECORD_HEADER + 16,  // the END record
    END_DIGEST = TRACE_RECORD_HEADER + 8,
    READ_AT_LEAST = 1 << 16,
};

// ---- Writing --------------------------------------------------------------------------------------------------

int trace_write(const struct trace *trace, const char *path) {
    assert(trace->open == 0);
    unsigned char end[END_SIZE] = {0};
    bits_store32(end, END_SIZE - TRACE_RECORD_LENGTH);
    end[TRACE_AT_KIND] = TRACE_KIND_END;
    bits_store64(end + TRACE_AT_NUMBER, trace->records + 1);
    bits_store64(end + TRACE_AT_TIME, trace->time);
    bits_store64(end + TRACE_RECORD_HEADER, trace->records);
    bits_store64(end + END_DIGEST, trace_digest(trace));
    return file_write(path, (const struct file_part[]){{trace->bytes, trace->length}, {end, sizeof end}}, 2);
}

// ---- Reading --------------------------------------------------------------------------------------------------

// Where the message about what is wrong goes.
struct complaint {
    char *text;
    size_t size;
};

#define COMPLAIN(complaint, ...) (snprintf((complaint)->text, (complaint)->size, __VA_ARGS__), (complaint)->text)

static const char *check_file_header(const struct trace *trace, const struct complaint *complaint) {
    if (trace->length < TRACE_FILE_HEADER || memcmp(trace->bytes, trace_magic, TRACE_AT_VERSION) != 0)
        return COMPLAIN(complaint, "offset 0: this is not a trace: a trace begins with the bytes \"synfin\\0\\%d\"",
                        TRACE_VERSION);
    if (trace->bytes[TRACE_AT_VERSION] != TRACE_VERSION)
        return COMPLAIN(complaint, "offset %d: the trace has version %d, and this program reads version %d",
                        TRACE_AT_VERSION, trace->bytes[TRACE_AT_VERSION], TRACE_VERSION);
    return NULL;
}

// Reads on until `trace` has `length` bytes or the file ends.
static const char *read_up_to(struct trace *trace, FILE *file, size_t length, const struct complaint *complaint) {
    while (trace->length < length) {
        if (trace->length == trace->capacity) {
            trace->capacity += trace->capacity / 2 > READ_AT_LEAST ? trace->capacity / 2 : READ_AT_LEAST;
            trace->bytes = memory_grow(trace->bytes, trace->capacity);
        }
        size_t want = trace->capacity < length ? trace->capacity : length;
        errno = 0;
        size_t got = fread(trace->bytes + trace->length, 1, want - trace->length, file);
        trace->length += got;
        if (got == 0 && ferror(file))
            return COMPLAIN(complaint, "offset %zu: can't be read: %s", trace->length,
                            strerror(errno != 0 ? errno : EIO));
        if (got == 0) break;
    }
    return NULL;
}

static const char *read_file(struct trace *trace, FILE *file, const struct complaint *complaint) {
    // The header first: what isn't a trace may be endless.
    const char *wrong = read_up_to(trace, file, TRACE_FILE_HEADER, complaint);
    if (wrong == NULL) wrong = check_file_header(trace, complaint);
    return wrong != NULL ? wrong : read_up_to(trace, file, SIZE_MAX, complaint);
}

// The record's length is all there and adds up.
static const char *check_extent(const struct trace *trace, size_t at, const struct complaint *complaint) {
    size_t left = trace->length - at;
    if (left == 0) return COMPLAIN(complaint, "offset %zu: the file is cut off here: it has no END record", at);
    if (left < TRACE_RECORD_LENGTH)
        return COMPLAIN(complaint, "offset %zu: the file is cut off inside the length of record %" PRIu64, at,
                        trace->records + 1);
    uint32_t length = bits_load32(trace->bytes + at);
    left -= TRACE_RECORD_LENGTH;
    if (length < TRACE_RECORD_LEAST)
        return COMPLAIN(complaint, "offset %zu: record %" PRIu64 " says that %" PRIu32 " bytes follow; at least %d do",
                        at, trace->records + 1, length, TRACE_RECORD_LEAST);
    if (length > left)
        return COMPLAIN(complaint,
                        "offset %zu: record %" PRIu64 " says that %" PRIu32 " bytes follow, and the file has %zu more: "
                        "it is cut off, or the length is wrong",
                        at, trace->records + 1, length, left);
    return NULL;
}

static const char *check_record_header(const struct trace *trace, size_t at, const struct complaint *complaint) {
    const unsigned char *bytes = trace->bytes + at;
    uint64_t number = bits_load64(bytes + TRACE_AT_NUMBER);
    uint64_t time = bits_load64(bytes + TRACE_AT_TIME);
    uint64_t cause = bits_load64(bytes + TRACE_AT_CAUSE);
    if (bytes[TRACE_AT_FLAGS] != 0 || bits_load16(bytes + TRACE_AT_FLAGS + 1) != 0)
        return COMPLAIN(complaint, "offset %zu: the record's flags are not 0", at + TRACE_AT_FLAGS);
    if (number != trace->records + 1)
        return COMPLAIN(complaint, "offset %zu: record number %" PRIu64 ", where %" PRIu64 " is next",
                        at + TRACE_AT_NUMBER, number, trace->records + 1);
    if (time < trace->time)
        return COMPLAIN(complaint, "offset %zu: time %" PRIu64 " ns, which is before the last record's %" PRIu64,
                        at + TRACE_AT_TIME, time, trace->time);
    if (cause >= number)
        return COMPLAIN(complaint,
                        "offset %zu: record %" PRIu64 " is caused by record %" PRIu64 ", not by an earlier one",
                        at + TRACE_AT_CAUSE, number, cause);
    return NULL;
}

static const char *check_end(const struct trace *trace, size_t at, const struct complaint *complaint) {
    uint32_t length = bits_load32(trace->bytes + at);
    if (length != END_SIZE - TRACE_RECORD_LENGTH)
        return COMPLAIN(complaint, "offset %zu: %" PRIu32 " bytes follow in the END record; %d is right", at, length,
                        END_SIZE - TRACE_RECORD_LENGTH);
    uint64_t count = bits_load64(trace->bytes + at + TRACE_RECORD_HEADER);
    if (count != trace->records)
        return COMPLAIN(complaint, "offset %zu: the END record counts %" PRIu64 " records; %" PRIu64 " are there",
                        at + TRACE_RECORD_HEADER, count, trace->records);
    if (trace->length - at != END_SIZE)
        return COMPLAIN(complaint, "offset %zu: nothing follows an END record, but the file has %zu more bytes",
                        at + END_SIZE, trace->length - at - END_SIZE);
    return NULL;
}

// All bytes before the END record at `at` are as they were written.
static const char *check_digest(struct trace *trace, size_t at, const struct complaint *complaint) {
    uint64_t said = bits_load64(trace->bytes + at + END_DIGEST);
    trace->length = at;
    uint64_t found = trace_digest(trace);
    if (said == found) return NULL;
    return COMPLAIN(complaint,
                    "offset %zu: the END record says that the digest is %016" PRIx64 ", and it is %016" PRIx64
                    ": something in the file was changed",
                    at + END_DIGEST, said, found);
}

// Goes through the records; the END record is taken off.
static const char *check_records(struct trace *trace, const struct complaint *complaint) {
    for (size_t at = TRACE_FILE_HEADER;;) {
        const char *wrong = check_extent(trace, at, complaint);
        if (wrong == NULL) wrong = check_record_header(trace, at, complaint);
        if (wrong != NULL) return wrong;
        if (trace->bytes[at + TRACE_AT_KIND] == TRACE_KIND_END) {
            wrong = check_end(trace, at, complaint);
            return wrong != NULL ? wrong : check_digest(trace, at, complaint);
        }
        trace->records++;
        trace->time = bits_load64(trace->bytes + at + TRACE_AT_TIME);
        at += TRACE_RECORD_LENGTH + bits_load32(trace->bytes + at);
    }
}

const char *trace_read_from(struct trace *trace, FILE *file, char *error, size_t size) {
    memset(trace, 0, sizeof *trace);
    if (size > 0) error[0] = '\0';
    struct complaint complaint = {.text = error, .size = size};
    const char *wrong = read_file(trace, file, &complaint);
    return wrong != NULL ? wrong : check_records(trace, &complaint);
}

const char *trace_read(struct trace *trace, const char *path, char *error, size_t size) {
    if (strcmp(path, "-") == 0) return trace_read_from(trace, stdin, error, size);
    memset(trace, 0, sizeof *trace);
    struct complaint complaint = {.text = error, .size = size};
    errno = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return COMPLAIN(&complaint, "can't be opened: %s", strerror(errno != 0 ? errno : EIO));
    const char *wrong = trace_read_from(trace, file, error, size);
    fclose(file);
    return wrong;
}
