// The trace: an append-only sequence of records, each with a number, a time and a cause. In memory it is what it is in
// a file: little-endian bytes, no memory images. So the run digest is a hash of these bytes, and writing is one write.
//
// File: the 8 bytes "synfin\0\1" (the last is the version), then records. Record: u32 length of what follows, u8 kind,
// u8 flags (0), u16 0, u64 number, u64 time in nanoseconds, u64 number of the causing record (0: none), payload.
// What the payloads mean: kinds below TRACE_KIND_HOST here, the others in sim/host/record.h.
#ifndef ENGINE_TRACE_H
#define ENGINE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum trace_kind {
    TRACE_KIND_END = 1,  // u64 records before it, u64 digest of the bytes before it: the last record of a file
    TRACE_KIND_FATE,     // u64 packet, u32 copy, u32 direction, u8 enum packet_fate, u8 scripted, u64 time of arrival
                         // (0 when lost), 6 x u32 key
    TRACE_KIND_ARRIVAL,  // u64 packet, u32 copy
    TRACE_KIND_HOST = 16,
};

struct trace {
    unsigned char *bytes;
    size_t length;
    size_t capacity;
    uint64_t records;  // the number of the last record
    uint64_t cause;    // what records that follow are caused by; set by whoever knows
    uint64_t time;     // of the last record
    size_t open;       // where the record that is being written begins; 0: none
};

// An empty trace, header written.
void trace_init(struct trace *trace);
void trace_free(struct trace *trace);
// Makes `to` (initialised) an independent copy of `from`.
void trace_copy(struct trace *to, const struct trace *from);

// Writing a record: trace_begin(), any number of trace_put_*(), trace_end(). trace_begin() returns the record's number.
// `time` is not less than the last record's.
uint64_t trace_begin(struct trace *trace, uint8_t kind, uint64_t time);
void trace_put_u8(struct trace *trace, uint8_t value);
void trace_put_u16(struct trace *trace, uint16_t value);
void trace_put_u32(struct trace *trace, uint32_t value);
void trace_put_u64(struct trace *trace, uint64_t value);
void trace_put_bytes(struct trace *trace, const void *bytes, uint32_t length);  // u32 length, then the bytes
void trace_put_string(struct trace *trace, const char *string);                 // as trace_put_bytes, without the NUL
void trace_end(struct trace *trace);

// Reading. A cursor never reads beyond the record; what is missing reads as 0 or empty and sets `bad`.
struct trace_record {
    uint8_t kind;
    uint64_t number;
    uint64_t time;
    uint64_t cause;
    const unsigned char *payload;
    size_t length;
    size_t position;  // of the next trace_get_*()
    bool bad;
};
// Steps to the next record. `*offset` is 0 at first and is the caller's bookmark. False at the end.
bool trace_next(const struct trace *trace, size_t *offset, struct trace_record *record);
uint8_t trace_get_u8(struct trace_record *record);
uint16_t trace_get_u16(struct trace_record *record);
uint32_t trace_get_u32(struct trace_record *record);
uint64_t trace_get_u64(struct trace_record *record);
// Points into the record; not NUL-terminated.
const unsigned char *trace_get_bytes(struct trace_record *record, uint32_t *length);

// 64-bit digest of the bytes so far: equal on every machine for equal runs.
uint64_t trace_digest(const struct trace *trace);

// Writes the trace and an END record to `path`: to a temporary file beside it, then renamed, so that a failure leaves
// no half file. "-" is standard output. 0, or an errno value.
int trace_write(const struct trace *trace, const char *path);
// Reads a file ("-": standard input) into `trace` (which holds nothing yet; to be freed by the caller in any case). The
// END record is checked and not kept, so the digest is the run's and the trace may be written again. NULL, or what is
// wrong with the file, in `error` (size bytes), with the offset and what would be right, without the path: not a trace,
// another version, truncated, a record that lies about its length.
const char *trace_read(struct trace *trace, const char *path, char *error, size_t size);
// The same from a file that is open, and stays so.
const char *trace_read_from(struct trace *trace, FILE *file, char *error, size_t size);

#endif
