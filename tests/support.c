#define _XOPEN_SOURCE 700  // nftw()
#include "tests/support.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SCENARIOS_MOST = 1000 };

static char **paths;
static size_t path_count;

static void give_up(const char *what) {
    perror(what);
    exit(1);
}

static int visit(const char *path, const struct stat *what, int type, struct FTW *place) {
    (void)what;
    (void)place;
    size_t length = strlen(path);
    if (type != FTW_F || length < 4 || strcmp(path + length - 4, ".lua") != 0) return 0;
    if (length >= 9 && strcmp(path + length - 9, ".meta.lua") == 0) return 0;
    if (path_count < SCENARIOS_MOST) paths[path_count++] = strdup(path);
    return 0;
}

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **scenario_paths(void) {
    paths = calloc(SCENARIOS_MOST + 1, sizeof *paths);
    path_count = 0;
    if (paths == NULL || nftw("scenarios", visit, 16, FTW_PHYS) != 0) give_up("scenarios");
    qsort(paths, path_count, sizeof *paths, compare_paths);
    return paths;
}

void free_paths(char **list) {
    for (char **path = list; *path != NULL; path++)
        free(*path);
    free(list);
}

char *read_whole_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = NULL;
    size_t size = 0, capacity = 0, got;
    do {
        if (size + 1 >= capacity) {
            capacity = capacity == 0 ? 65536 : 2 * capacity;
            text = realloc(text, capacity);
            if (text == NULL) give_up("realloc");
        }
        got = fread(text + size, 1, capacity - size - 1, file);
        size += got;
    } while (got > 0);
    fclose(file);
    text[size] = '\0';
    if (length != NULL) *length = size;
    return text;
}

// A nameless file for one of the outputs.
static FILE *new_output(void) {
    FILE *file = tmpfile();
    if (file == NULL) give_up("tmpfile");
    return file;
}

static char *take_output(FILE *file) {
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (text == NULL) give_up("output");
    rewind(file);
    text[fread(text, 1, (size_t)size, file)] = '\0';
    fclose(file);
    return text;
}

struct finished run_process(const char *const *words, enum stdout_is stdout_is) {
    FILE *out = new_output(), *err = new_output();
    fflush(NULL);
    pid_t child = fork();
    if (child < 0) give_up("fork");
    if (child == 0) {
        if (stdout_is == STDOUT_CLOSED)
            close(STDOUT_FILENO);
        else
            dup2(stdout_is == STDOUT_FULL ? open("/dev/full", O_WRONLY) : fileno(out), STDOUT_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        char *const *arguments;  // execv() changes nothing, but its type can't say so
        memcpy(&arguments, &words, sizeof arguments);
        execv(words[0], arguments);
        _exit(127);
    }
    int status;
    if (waitpid(child, &status, 0) != child) give_up("waitpid");
    return (struct finished){.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                             .out = take_output(out),
                             .err = take_output(err)};
}

void free_finished(struct finished *finished) {
    free(finished->out);
    free(finished->err);
}

void write_whole_file(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    if (file != NULL && fputs(text, file) >= 0 && fclose(file) == 0) return;
    perror(path);
    exit(1);
}
