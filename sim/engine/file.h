// Files that are written whole or not at all: beside what was there, and renamed when all is written.
#ifndef ENGINE_FILE_H
#define ENGINE_FILE_H

#include <stddef.h>
#include <stdio.h>

// A file that is being written. A device, a pipe or what a link names is written to directly; "-" is standard output.
struct file {
    FILE *stream;      // for the caller to write to
    const char *path;  // the caller's
    char *aside;       // the name until then; NULL: it is written to directly
};

// Begins to write `path`, which stays the caller's until the end. 0, or an errno value: then there is nothing to end.
int file_open(struct file *file, const char *path);

// Ends it: the file is there now. 0, or an errno value: then nothing has changed at `path`.
int file_close(struct file *file);

// Ends it, and nothing has changed at `path`.
void file_discard(struct file *file);

struct file_part {
    const void *octets;
    size_t length;
};

// Writes `count` parts, one after the other, as a file. 0, or an errno value.
int file_write(const char *path, const struct file_part *parts, size_t count);

#endif
