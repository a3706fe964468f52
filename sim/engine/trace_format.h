// Where things are in a trace's bytes; for trace.c and trace_file.c.
#ifndef ENGINE_TRACE_FORMAT_H
#define ENGINE_TRACE_FORMAT_H

enum {
    TRACE_VERSION = 1,
    TRACE_FILE_HEADER = 8,
    TRACE_AT_VERSION = 7,  // in the file header

    // In a record.
    TRACE_RECORD_LENGTH = 4,  // bytes of the length itself, which doesn't count them
    TRACE_AT_KIND = 4,
    TRACE_AT_FLAGS = 5,  // u8 and u16, all 0
    TRACE_AT_NUMBER = 8,
    TRACE_AT_TIME = 16,
    TRACE_AT_CAUSE = 24,
    TRACE_RECORD_HEADER = 32,
    TRACE_RECORD_LEAST = TRACE_RECORD_HEADER - TRACE_RECORD_LENGTH,  // what the length says without payload
};

extern const unsigned char trace_magic[TRACE_FILE_HEADER];

#endif
