#define _POSIX_C_SOURCE 200809L  // lstat()
#include "sim/engine/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/engine/memory.h"

enum { TEMPORARY_NAMES = 100 };

// What errno says of a call that failed; the standard doesn't promise that it says anything.
static int what_failed(void) {
    return errno != 0 ? errno : EIO;
}

static bool is_replaced(const char *path) {
    struct stat status;
    return lstat(path, &status) != 0 || S_ISREG(status.st_mode);
}

// A new file beside the one that is meant.
static FILE *open_aside(struct file *file) {
    size_t size = strlen(file->path) + sizeof ".99.tmp";
    file->aside = memory_allocate(size);
    for (int i = 0; i < TEMPORARY_NAMES; i++) {
        snprintf(file->aside, size, "%s.%d.tmp", file->path, i);
        errno = 0;
        FILE *stream = fopen(file->aside, "wbx");
        if (stream != NULL || errno != EEXIST) return stream;
    }
    return NULL;
}

static void forget(struct file *file) {
    free(file->aside);
    *file = (struct file){.stream = NULL};
}

int file_open(struct file *file, const char *path) {
    *file = (struct file){.path = path};
    errno = 0;
    if (strcmp(path, "-") == 0)
        file->stream = stdout;
    else
        file->stream = is_replaced(path) ? open_aside(file) : fopen(path, "wb");
    if (file->stream != NULL) return 0;
    int error = what_failed();
    forget(file);
    return error;
}

int file_close(struct file *file) {
    errno = 0;
    int error = fflush(file->stream) != 0 || ferror(file->stream) ? what_failed() : 0;
    if (file->stream != stdout && fclose(file->stream) != 0 && error == 0) error = what_failed();
    if (error == 0 && file->aside != NULL && rename(file->aside, file->path) != 0) error = what_failed();
    if (error != 0 && file->aside != NULL) remove(file->aside);
    forget(file);
    return error;
}

void file_discard(struct file *file) {
    if (file->stream != stdout) fclose(file->stream);
    if (file->aside != NULL) remove(file->aside);
    forget(file);
}

int file_write(const char *path, const struct file_part *parts, size_t count) {
    struct file file;
    int error = file_open(&file, path);
    if (error != 0) return error;
    for (size_t i = 0; i < count && error == 0; i++) {
        errno = 0;
        if (fwrite(parts[i].octets, 1, parts[i].length, file.stream) != parts[i].length) error = what_failed();
    }
    if (error == 0) return file_close(&file);
    file_discard(&file);
    return error;
}
