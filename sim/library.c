#include "sim/library.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FOLDERS_DEEP = 16,  // deeper folders are a loop of links, or not a library
    PATH_LIMIT = 4096,
};

static void add(struct library *library, const char *path) {
    if (library->count == library->capacity) {
        library->capacity = library->capacity == 0 ? 64 : 2 * library->capacity;
        library->path = realloc(library->path, library->capacity * sizeof *library->path);
        if (library->path == NULL) abort();
    }
    char *copy = strdup(path);
    if (copy == NULL) abort();
    library->path[library->count++] = copy;
}

void library_free(struct library *library) {
    for (size_t i = 0; i < library->count; i++)
        free(library->path[i]);
    free(library->path);
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

// Collects the scenarios below `folder`: *.lua, without the file that describes the API to editors (*.meta.lua).
// False: a folder can't be read, which has been said.
static bool collect(struct library *library, const char *folder, int depth, enum language language) {
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        message_error(language, MESSAGE_CANNOT_OPEN_FOLDER, folder, strerror(errno));
        return false;
    }
    bool all = true;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char path[PATH_LIMIT];
        struct stat what;
        if (entry->d_name[0] == '.') continue;
        int length = snprintf(path, sizeof path, "%s%s%s", folder, ends_with(folder, "/") ? "" : "/", entry->d_name);
        if (length < 0 || length >= PATH_LIMIT || stat(path, &what) != 0) continue;
        if (S_ISDIR(what.st_mode) && depth < FOLDERS_DEEP) all = collect(library, path, depth + 1, language) && all;
        if (S_ISREG(what.st_mode) && ends_with(path, ".lua") && !ends_with(path, ".meta.lua")) add(library, path);
    }
    closedir(directory);
    return all;
}

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool library_find(struct library *library, const char *folder, enum language language) {
    if (!collect(library, folder, 0, language)) return false;
    if (library->count == 0) {
        message_error(language, MESSAGE_NO_SCENARIOS, folder, NULL);
        return false;
    }
    qsort(library->path, library->count, sizeof *library->path, compare_paths);
    return true;
}
