// Traces: bytes as the header says, reading that never leaves a record, files that are whole or refused.
#define _POSIX_C_SOURCE 200809L  // setrlimit()

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "sim/engine/trace.h"
#include "tests/check.h"

static const char *const FILE_NAME = "test_trace.scratch";

// A trace with records of each size, the third one with a cause.
static void make(struct trace *trace) {
    trace_init(trace);
    CHECK_EQ(trace_begin(trace, TRACE_KIND_HOST, 5), 1);
    trace_end(trace);
    CHECK_EQ(trace_begin(trace, TRACE_KIND_HOST + 1, 5), 2);
    trace_put_u8(trace, 0x11);
    trace_put_u16(trace, 0x2233);
    trace_put_u32(trace, 0x44556677);
    trace_put_u64(trace, UINT64_C(0x8899aabbccddeeff));
    trace_end(trace);
    trace->cause = 2;
    CHECK_EQ(trace_begin(trace, TRACE_KIND_HOST + 2, UINT64_C(1) << 40), 3);
    trace_put_string(trace, "why");
    trace_put_bytes(trace, NULL, 0);
    trace_put_bytes(trace, "\0\1", 2);
    trace_end(trace);
}

static void bytes_are_as_the_header_says(void) {
    static const unsigned char want[] = {
        's',  'y',  'n',  'f',  'i',  'n',  0,    1,  //
        28,   0,    0,    0,    16,   0,    0,    0,    1,    0,    0,    0,    0,    0,    0,    0, 5,
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,  //
        43,   0,    0,    0,    17,   0,    0,    0,    2,    0,    0,    0,    0,    0,    0,    0, 5,
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,     //
        0x11, 0x33, 0x22, 0x77, 0x66, 0x55, 0x44, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x88,  //
        45,   0,    0,    0,    18,   0,    0,    0,    3,    0,    0,    0,    0,    0,    0,    0, 0,
        0,    0,    0,    0,    1,    0,    0,    2,    0,    0,    0,    0,    0,    0,    0,  //
        3,    0,    0,    0,    'w',  'h',  'y',  0,    0,    0,    0,    2,    0,    0,    0,    0, 1,
    };
    struct trace trace;
    make(&trace);
    CHECK_EQ(trace.length, sizeof want);
    CHECK(trace.length == sizeof want && memcmp(trace.bytes, want, sizeof want) == 0);
    CHECK_EQ(trace.records, 3);
    trace_free(&trace);
}

static void reading_gives_what_was_written(void) {
    struct trace trace;
    struct trace_record record;
    size_t offset = 0;
    uint32_t length;
    make(&trace);
    CHECK(trace_next(&trace, &offset, &record));
    CHECK(record.kind == TRACE_KIND_HOST && record.number == 1 && record.time == 5 && record.cause == 0);
    CHECK_EQ(record.length, 0);
    CHECK(trace_next(&trace, &offset, &record));
    CHECK_EQ(trace_get_u8(&record), 0x11);
    CHECK_EQ(trace_get_u16(&record), 0x2233);
    CHECK_EQ(trace_get_u32(&record), 0x44556677);
    CHECK_EQ(trace_get_u64(&record), UINT64_C(0x8899aabbccddeeff));
    CHECK(!record.bad && record.position == record.length);
    CHECK(trace_next(&trace, &offset, &record));
    CHECK(record.kind == TRACE_KIND_HOST + 2 && record.number == 3 && record.cause == 2);
    const unsigned char *bytes = trace_get_bytes(&record, &length);
    CHECK(length == 3 && memcmp(bytes, "why", 3) == 0);
    trace_get_bytes(&record, &length);
    CHECK_EQ(length, 0);
    bytes = trace_get_bytes(&record, &length);
    CHECK(length == 2 && memcmp(bytes, "\0\1", 2) == 0);
    CHECK(!record.bad);
    CHECK(!trace_next(&trace, &offset, &record));
    CHECK(!trace_next(&trace, &offset, &record));
    trace_free(&trace);
}

static void missing_reads_as_nothing(void) {
    struct trace trace;
    struct trace_record record;
    size_t offset = 0;
    uint32_t length;
    trace_init(&trace);
    trace_begin(&trace, TRACE_KIND_HOST, 0);
    trace_put_u32(&trace, 1000);  // a length that lies
    trace_put_u8(&trace, 7);
    trace_end(&trace);
    trace_begin(&trace, TRACE_KIND_HOST, 0);  // open: not there yet
    CHECK(trace_next(&trace, &offset, &record));
    struct trace_record again = record;
    CHECK_EQ(trace_get_u64(&record), 0);
    CHECK(record.bad);
    CHECK_EQ(trace_get_u8(&record), 0);  // nothing after what was missing
    record = again;
    CHECK(trace_get_bytes(&record, &length) != NULL);
    CHECK_EQ(length, 0);
    CHECK(record.bad);
    CHECK(!trace_next(&trace, &offset, &record));
    trace_free(&trace);
}

static void copies_and_digests(void) {
    struct trace trace, copy;
    make(&trace);
    trace_init(&copy);
    trace_copy(&copy, &trace);
    uint64_t digest = trace_digest(&trace);
    CHECK_EQ(digest, UINT64_C(0xc3982e7bafbf828f));  // the same on every machine
    CHECK_EQ(trace_digest(&copy), digest);
    for (size_t bit = 0; bit < copy.length * 8; bit++) {
        copy.bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
        CHECK(trace_digest(&copy) != digest);
        copy.bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    CHECK_EQ(trace_begin(&copy, TRACE_KIND_HOST, UINT64_C(1) << 40), 4);
    trace_end(&copy);
    CHECK(trace_digest(&copy) != digest);
    CHECK_EQ(trace_digest(&trace), digest);
    copy.length = trace.length - 1;  // one zero byte less or more counts too
    uint64_t shorter = trace_digest(&copy);
    copy.bytes[copy.length++] = 0;
    CHECK(trace_digest(&copy) != shorter);
    trace_free(&trace);
    trace_free(&copy);
}

// ---- Files ----------------------------------------------------------------------------------------------------

static size_t load(unsigned char *bytes, size_t size) {
    FILE *file = fopen(FILE_NAME, "rb");
    if (!CHECK(file != NULL)) return 0;
    size_t length = fread(bytes, 1, size, file);
    fclose(file);
    return length;
}

static void store(const unsigned char *bytes, size_t length) {
    FILE *file = fopen(FILE_NAME, "wb");
    if (!CHECK(file != NULL)) exit(check_result());
    CHECK_EQ(fwrite(bytes, 1, length, file), length);
    CHECK_EQ(fclose(file), 0);
}

// Reads the bytes as a file; what trace_read() says about them is left in `error`, "" when nothing is wrong.
static void read_bytes(const unsigned char *bytes, size_t length, char *error, size_t size) {
    struct trace trace;
    store(bytes, length);
    error[0] = '\0';
    const char *wrong = trace_read(&trace, FILE_NAME, error, size);
    CHECK(wrong == NULL || wrong == error);
    if (wrong == NULL) CHECK_EQ(trace.length + 48, length);
    trace_free(&trace);
}

static void round_trip(void) {
    struct trace trace, back;
    char error[200];
    make(&trace);
    for (int round = 0; round < 2; round++) {  // the second time over an existing file
        CHECK_EQ(trace_write(&trace, FILE_NAME), 0);
        const char *wrong = trace_read(&back, FILE_NAME, error, sizeof error);
        CHECK_STR(wrong, NULL);
        CHECK_EQ(back.records, trace.records);
        CHECK_EQ(trace_digest(&back), trace_digest(&trace));
        trace_free(&trace);
        trace = back;
    }
    trace_free(&trace);
    CHECK(fopen("test_trace.scratch.0.tmp", "rb") == NULL);

    trace_init(&trace);  // without a record
    CHECK_EQ(trace_write(&trace, FILE_NAME), 0);
    CHECK(trace_read(&back, FILE_NAME, error, sizeof error) == NULL && back.records == 0);
    trace_free(&trace);
    trace_free(&back);
}

// A trace larger than any buffer on the way.
static void large_round_trip(void) {
    struct trace trace, back;
    char error[200];
    trace_init(&trace);
    for (uint32_t i = 0; i < 30000; i++) {
        trace.cause = i;
        trace_begin(&trace, TRACE_KIND_HOST, i);
        for (uint32_t j = 0; j < i % 20; j++)
            trace_put_u32(&trace, i * j);
        trace_end(&trace);
    }
    CHECK_EQ(trace_write(&trace, FILE_NAME), 0);
    CHECK_STR(trace_read(&back, FILE_NAME, error, sizeof error), NULL);
    CHECK_EQ(trace_digest(&back), trace_digest(&trace));
    trace_free(&trace);
    trace_free(&back);
}

static void cut_off_anywhere(void) {
    unsigned char bytes[1000] = {0};
    char error[200];
    struct trace trace;
    make(&trace);
    CHECK_EQ(trace_write(&trace, FILE_NAME), 0);
    trace_free(&trace);
    size_t length = load(bytes, sizeof bytes);
    for (size_t cut = 0; cut < length; cut++) {
        read_bytes(bytes, cut, error, sizeof error);
        check_about("cut to %zu bytes", cut);
        CHECK_CONTAINS(error, "offset ");
        if (cut >= 8) CHECK_CONTAINS(error, "cut off");
    }
    check_about(NULL);
    bytes[length] = 0;
    read_bytes(bytes, length + 1, error, sizeof error);
    CHECK_STR(error, "offset 184: nothing follows an END record, but the file has 1 more bytes");
}

// One byte changed: always refused, but in the END record's time and cause, which say nothing.
static void any_byte_changed(void) {
    unsigned char bytes[1000] = {0};
    char error[200];
    struct trace trace;
    make(&trace);
    CHECK_EQ(trace_write(&trace, FILE_NAME), 0);
    trace_free(&trace);
    size_t length = load(bytes, sizeof bytes);
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    for (size_t at = 0; at < length; at++)
        for (size_t i = 0; i < sizeof changes; i++) {
            bytes[at] ^= changes[i];
            read_bytes(bytes, length, error, sizeof error);
            if (at < length - 48 || at >= length - 16) CHECK(error[0] != '\0');
            bytes[at] ^= changes[i];
        }
}

static void each_error_says_where(void) {
    static const struct {
        size_t at;
        unsigned char value;
        const char *error;
    } cases[] = {
        {0, 'S', "offset 0: this is not a trace: a trace begins with the bytes \"synfin\\0\\1\""},
        {7, 2, "offset 7: the trace has version 2, and this program reads version 1"},
        {8, 27, "offset 8: record 1 says that 27 bytes follow; at least 28 do"},
        {11, 1,
         "offset 8: record 1 says that 16777244 bytes follow, and the file has 172 more: it is cut off, or the "
         "length is wrong"},
        {13, 1, "offset 13: the record's flags are not 0"},
        {15, 1, "offset 13: the record's flags are not 0"},
        {16, 2, "offset 16: record number 2, where 1 is next"},
        {56, 4, "offset 56: time 4 ns, which is before the last record's 5"},
        {111, 3, "offset 111: record 3 is caused by record 3, not by an earlier one"},
        {168, 2, "offset 168: the END record counts 2 records; 3 are there"},
        {12, 1, "offset 8: 28 bytes follow in the END record; 44 is right"},
    };
    unsigned char bytes[1000] = {0};
    char error[200];
    struct trace trace;
    make(&trace);
    CHECK_EQ(trace_write(&trace, FILE_NAME), 0);
    trace_free(&trace);
    size_t length = load(bytes, sizeof bytes);
    CHECK_EQ(length, 184);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char before = bytes[cases[i].at];
        bytes[cases[i].at] = cases[i].value;
        read_bytes(bytes, length, error, sizeof error);
        CHECK_STR(error, cases[i].error);
        bytes[cases[i].at] = before;
    }
    char small[10];  // an error that doesn't fit is cut
    read_bytes(bytes, 3, small, sizeof small);
    CHECK_STR(small, "offset 0:");
}

// The disk is full halfway: the old file stays, and there is no half of a new one.
static void a_full_disk(void) {
    struct trace old, trace, back;
    char error[200];
    make(&old);
    make(&trace);
    CHECK_EQ(trace_write(&old, FILE_NAME), 0);
    trace_begin(&trace, TRACE_KIND_HOST, UINT64_C(1) << 40);
    for (uint32_t i = 0; i < 10000; i++)
        trace_put_u32(&trace, i);
    trace_end(&trace);
    struct rlimit before, small;
    CHECK_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    CHECK_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    int wrong = trace_write(&trace, FILE_NAME);
    CHECK_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    CHECK_EQ(wrong, EFBIG);
    CHECK(fopen("test_trace.scratch.0.tmp", "rb") == NULL);
    CHECK_STR(trace_read(&back, FILE_NAME, error, sizeof error), NULL);
    CHECK_EQ(trace_digest(&back), trace_digest(&old));
    trace_free(&old);
    trace_free(&trace);
    trace_free(&back);
}

static void writing_that_fails_leaves_nothing(void) {
    struct trace trace;
    char error[200];
    make(&trace);
    CHECK_EQ(trace_write(&trace, "no/such/directory/trace"), ENOENT);
    CHECK(trace_write(&trace, ".") != 0);
    FILE *full = fopen("/dev/full", "wb");
    if (full != NULL) {
        fclose(full);
        CHECK_EQ(trace_write(&trace, "/dev/full"), ENOSPC);
    }
    trace_free(&trace);
    CHECK_CONTAINS(trace_read(&trace, "no/such/trace", error, sizeof error), "can't be opened");
    trace_free(&trace);
    CHECK(trace_read(&trace, ".", error, sizeof error) != NULL);
    trace_free(&trace);
}

int main(void) {
    bytes_are_as_the_header_says();
    reading_gives_what_was_written();
    missing_reads_as_nothing();
    copies_and_digests();
    round_trip();
    large_round_trip();
    cut_off_anywhere();
    any_byte_changed();
    each_error_says_where();
    a_full_disk();
    writing_that_fails_leaves_nothing();
    remove(FILE_NAME);
    return check_result();
}
