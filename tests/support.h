// What tests share that need files and processes: the list of all scenarios, and a command's output.
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>

// Every scenario's path, relative to the current directory, sorted; NULL-terminated, to be freed with free_paths().
char **scenario_paths(void);
void free_paths(char **list);

// A finished process. Both outputs are NUL-terminated; free_finished() frees them.
struct finished {
    int status;  // its exit status, or 128 + the signal that ended it
    char *out, *err;
};

// Where a process's standard output goes.
enum stdout_is { STDOUT_KEPT, STDOUT_CLOSED, STDOUT_FULL };  // FULL: /dev/full

// Runs `words` (NULL-terminated, the first is the program's path) and waits for it. Ends the test when that is
// impossible.
struct finished run_process(const char *const *words, enum stdout_is stdout_is);
void free_finished(struct finished *finished);

// Runs synfin with these words.
#define SYNFIN(...) run_process((const char *const[]){SYNFIN_BINARY, __VA_ARGS__, NULL}, STDOUT_KEPT)

// A whole file, NUL-terminated, to be freed; NULL: it can't be read. `length` may be NULL.
char *read_whole_file(const char *path, size_t *length);
// A file with that text. Ends the test when that is impossible.
void write_whole_file(const char *path, const char *text);

#endif
