#define _POSIX_C_SOURCE 200809L  // getline()
#include "sim/view/jsonl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "sim/view/jsonl_records.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// ---- Writing

static void write_record(struct jsonl *jsonl, struct record *record) {
    const struct jsonl_kind *kind = jsonl_kind(record->kind);
    if (kind == NULL) return;  // TRACE_KIND_END: it is written behind all others
    struct words none = {0};
    words_add(jsonl->to, "{\"kind\":\"");
    words_add(jsonl->to, kind->name);
    words_add(jsonl->to, "\"");
    jsonl_u64(jsonl, "number", &record->number);
    jsonl_u64(jsonl, "time_ns", &record->time);
    jsonl_u64(jsonl, "cause", &record->cause);
    kind->visit(jsonl, record, &none);
    words_add(jsonl->to, "}\n");
}

static void write_end(const struct trace *trace, struct words *out) {
    char line[120];
    snprintf(line, sizeof line, "{\"kind\":\"end\",\"records\":%" PRIu64 ",\"digest\":\"%016" PRIx64 "\"}\n",
             trace->records, trace_digest(trace));
    words_add(out, line);
}

static bool write_records(const struct trace *trace, struct jsonl *jsonl, char *error, size_t size) {
    struct trace_record raw;
    struct record record;
    for (size_t offset = 0; trace_next(trace, &offset, &raw);) {
        if (!record_decode(&raw, &record)) return false;  // the model has read it before
        write_record(jsonl, &record);
        if (jsonl->wrong[0] == '\0') continue;
        snprintf(error, size, "record %" PRIu64 ": %s", raw.number, jsonl->wrong);
        return false;
    }
    return true;
}

bool jsonl_write(const struct trace *trace, struct words *out, char *error, size_t size) {
    struct model model;
    bool good = model_read(&model, trace, error, size);
    model_free(&model);
    if (!good) return false;
    struct jsonl jsonl = {.to = out};
    char header[60];
    snprintf(header, sizeof header, "{\"format\":\"synfin-trace\",\"version\":%d}\n", JSONL_VERSION);
    words_add(out, header);
    good = write_records(trace, &jsonl, error, size);
    if (good) write_end(trace, out);
    jsonl_free(&jsonl);
    return good;
}

// ---- Reading

struct reader {
    struct jsonl jsonl;
    struct json json;
    struct trace *trace;
    struct words joined;
    uint64_t line;
    bool ended;
};

static void put_engine(struct trace *trace, const struct record *record) {
    trace_begin(trace, record->kind, record->time);
    if (record->kind == TRACE_KIND_ARRIVAL) {
        trace_put_u64(trace, record->arrival.packet);
        trace_put_u32(trace, record->arrival.copy);
    } else {
        trace_put_u64(trace, record->fate.packet);
        trace_put_u32(trace, record->fate.copy);
        trace_put_u32(trace, record->fate.direction);
        trace_put_u8(trace, record->fate.fate);
        trace_put_u8(trace, record->fate.scripted);
        trace_put_u64(trace, record->fate.arrival);
        for (size_t i = 0; i < LENGTH(record->fate.key.word); i++)
            trace_put_u32(trace, record->fate.key.word[i]);
    }
    trace_end(trace);
}

// The number, the time and the cause; they must follow from what was read so far.
static void read_front(struct reader *reader, struct record *record) {
    struct jsonl *jsonl = &reader->jsonl;
    const struct trace *trace = reader->trace;
    jsonl_u64(jsonl, "number", &record->number);
    if (record->number != trace->records + 1)
        jsonl_wrong(jsonl, "number", "%" PRIu64 " is right here", trace->records + 1);
    jsonl_u64(jsonl, "time_ns", &record->time);
    if (record->time < trace->time)
        jsonl_wrong(jsonl, "time_ns", "time does not go back: at least %" PRIu64 " is right", trace->time);
    jsonl_u64(jsonl, "cause", &record->cause);
    if (record->cause >= record->number) jsonl_wrong(jsonl, "cause", "the number of an earlier record is right, or 0");
}

static void read_record(struct reader *reader, const struct jsonl_kind *kind) {
    struct record record;
    memset(&record, 0, sizeof record);
    record.kind = kind->kind;
    read_front(reader, &record);
    kind->visit(&reader->jsonl, &record, &reader->joined);
    jsonl_leave(&reader->jsonl, 0);
    if (reader->jsonl.wrong[0] != '\0') return;
    reader->trace->cause = record.cause;
    if (record.kind < TRACE_KIND_HOST)
        put_engine(reader->trace, &record);
    else
        record_write(reader->trace, &record);
}

static void read_end(struct reader *reader) {
    struct jsonl *jsonl = &reader->jsonl;
    uint64_t records = 0;
    char digest[20];
    jsonl_u64(jsonl, "records", &records);
    if (records != reader->trace->records)
        jsonl_wrong(jsonl, "records", "%" PRIu64 " were here before", reader->trace->records);
    snprintf(digest, sizeof digest, "%016" PRIx64, trace_digest(reader->trace));
    struct record_text said = {(const unsigned char *)digest, 16};
    if (jsonl_has(jsonl, "digest", false)) jsonl_text(jsonl, "digest", &said);
    if (said.length != 16 || memcmp(said.bytes, digest, 16) != 0)
        jsonl_wrong(jsonl, "digest",
                    "\"%s\" is right for what stands above, unless it was changed; who changes a "
                    "trace leaves it out",
                    digest);
    jsonl_leave(jsonl, 0);
    reader->ended = true;
}

static void read_header(struct reader *reader) {
    struct jsonl *jsonl = &reader->jsonl;
    struct record_text format = {0};
    uint32_t version = 0;
    jsonl_text(jsonl, "format", &format);
    if (format.length != 12 || memcmp(format.bytes, "synfin-trace", 12) != 0)
        jsonl_wrong(jsonl, NULL, "the first line is right as {\"format\":\"synfin-trace\",\"version\":%d}",
                    JSONL_VERSION);
    jsonl_u32(jsonl, "version", &version);
    if (version != JSONL_VERSION)
        jsonl_wrong(jsonl, "version", "it is %u, and this program reads version %d", version, JSONL_VERSION);
    jsonl_leave(jsonl, 0);
}

static void read_object(struct reader *reader) {
    struct jsonl *jsonl = &reader->jsonl;
    struct record_text name = {0};
    if (reader->line == 1) {
        read_header(reader);
        return;
    }
    if (reader->ended) jsonl_wrong(jsonl, NULL, "nothing follows the line of kind \"end\"");
    jsonl_text(jsonl, "kind", &name);
    if (jsonl->wrong[0] != '\0') return;
    if (name.length == 3 && memcmp(name.bytes, "end", 3) == 0) {
        read_end(reader);
        return;
    }
    const struct jsonl_kind *kind = jsonl_kind_named(name);
    if (kind != NULL) {
        read_record(reader, kind);
        return;
    }
    struct words quoted = {0};
    words_add_quoted(&quoted, name, 40, true);
    jsonl_wrong(jsonl, "kind", "there is no kind %s", words_string(&quoted));
    words_free(&quoted);
}

// One line; false: something is wrong, and `error` says what.
static bool read_line(struct reader *reader, char *line, size_t length, char *error, size_t size) {
    size_t at = 0;
    reader->line++;
    if (length > 0 && line[length - 1] == '\n') length--;
    const char *wrong = json_parse(&reader->json, line, length, &at);
    if (wrong != NULL) {
        snprintf(error, size, "line %" PRIu64 ", column %zu: %s", reader->line, at + 1, wrong);
        return false;
    }
    if (reader->json.values[0].kind != JSON_OBJECT)
        jsonl_wrong(&reader->jsonl, NULL, "a line is right as an object: {\"kind\":...}");
    reader->jsonl.object = 0;
    if (reader->jsonl.wrong[0] == '\0') read_object(reader);
    if (reader->jsonl.wrong[0] == '\0') return true;
    snprintf(error, size, "line %" PRIu64 ": %s", reader->line, reader->jsonl.wrong);
    return false;
}

const char *jsonl_read(struct trace *trace, FILE *file, char *error, size_t size) {
    struct reader reader = {.trace = trace};
    reader.jsonl.from = &reader.json;
    char *line = NULL;
    size_t capacity = 0;
    bool good = true;
    trace_init(trace);
    errno = 0;
    for (ssize_t length; good && (length = getline(&line, &capacity, file)) >= 0;)
        good = read_line(&reader, line, (size_t)length, error, size);
    if (good && ferror(file)) {
        snprintf(error, size, "line %" PRIu64 ": can't be read: %s", reader.line + 1, strerror(errno));
        good = false;
    } else if (good && !reader.ended) {
        snprintf(error, size, "line %" PRIu64 ": the file is cut off here: a line of kind \"end\" is the last",
                 reader.line + 1);
        good = false;
    }
    free(line);
    json_free(&reader.json);
    words_free(&reader.joined);
    jsonl_free(&reader.jsonl);
    return good ? NULL : error;
}
