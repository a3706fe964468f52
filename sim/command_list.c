#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/command.h"
#include "sim/script/scenario.h"

enum {
    FOLDERS_DEEP = 16,  // deeper folders are a loop of links, or not a library
    PATH_LIMIT = 4096,
};

// Paths of scenarios, to be sorted.
struct library {
    char **path;
    size_t count, capacity;
};

static void library_add(struct library *library, const char *path) {
    if (library->count == library->capacity) {
        library->capacity = library->capacity == 0 ? 64 : 2 * library->capacity;
        library->path = realloc(library->path, library->capacity * sizeof *library->path);
        if (library->path == NULL) abort();
    }
    char *copy = strdup(path);
    if (copy == NULL) abort();
    library->path[library->count++] = copy;
}

static void library_free(struct library *library) {
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
static bool library_collect(struct library *library, const char *folder, int depth, enum language language) {
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
        if (S_ISDIR(what.st_mode) && depth < FOLDERS_DEEP)
            all = library_collect(library, path, depth + 1, language) && all;
        if (S_ISREG(what.st_mode) && ends_with(path, ".lua") && !ends_with(path, ".meta.lua"))
            library_add(library, path);
    }
    closedir(directory);
    return all;
}

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// The library's folder: the one here, else the one that synfin was built from. NULL: neither is there.
static const char *library_folder(void) {
    static const char *const places[] = {"scenarios", SYNFIN_SOURCE_DIR "/scenarios"};
    struct stat what;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (stat(places[i], &what) == 0 && S_ISDIR(what.st_mode)) return places[i];
    return NULL;
}

static bool list_scenario(const char *path, enum language language) {
    char error[512];
    struct scenario *scenario = scenario_load(path, NULL, error, sizeof error);
    if (scenario == NULL) {
        fflush(stdout);
        fprintf(stderr, "synfin: %s\n", error);
        return false;
    }
    const struct scenario_info *info = scenario_info(scenario);
    printf("%s\n    %s\n", path, info->title[language]);
    if (info->question[language][0] != '\0') printf("    %s\n", info->question[language]);
    scenario_free(scenario);
    return true;
}

enum status command_list(const struct options *options) {
    const char *folder = options->operand != NULL ? options->operand : library_folder();
    if (folder == NULL) {
        message_error(options->language, MESSAGE_NO_LIBRARY, NULL, NULL);
        return STATUS_BAD_INPUT;
    }
    struct library library = {0};
    enum status status = library_collect(&library, folder, 0, options->language) ? STATUS_HOLDS : STATUS_BAD_INPUT;
    if (library.count == 0 && status == STATUS_HOLDS) {
        message_error(options->language, MESSAGE_NO_SCENARIOS, folder, NULL);
        status = STATUS_BAD_INPUT;
    } else if (library.count > 0) {
        qsort(library.path, library.count, sizeof *library.path, compare_paths);
    }
    for (size_t i = 0; i < library.count; i++)
        if (!list_scenario(library.path[i], options->language)) status = STATUS_BAD_INPUT;
    library_free(&library);
    return status;
}
