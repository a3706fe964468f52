#define _DEFAULT_SOURCE  // winsize
#include "sim/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/command.h"

static void aborted(int number) {
    (void)number;
    static const char text[] = "synfin: this is a bug in synfin, not in the input; please report it with the command\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(STATUS_BUG);
}

void output_start(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
        // The wrong way round on purpose: using it fails as using a closed descriptor does.
        if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) _exit(STATUS_BAD_INPUT);
    }
    struct sigaction action = {.sa_handler = aborted};
    sigemptyset(&action.sa_mask);
    sigaction(SIGABRT, &action, NULL);
}

bool output_finish(enum language language) {
    errno = 0;
    bool lost = fflush(stdout) != 0;
    int reason = errno;
    if (!lost && !ferror(stdout)) return true;
    message_error(language, MESSAGE_CANNOT_WRITE, message(language, MESSAGE_STDOUT),
                  strerror(reason != 0 ? reason : EIO));
    return false;
}

// ---- Files ---------------------------------------------------------------------------------------------------------

enum { TEMPORARY_NAMES = 100 };

// What errno says of a call that failed; the standard doesn't promise that it says anything.
static int what_failed(void) {
    return errno != 0 ? errno : EIO;
}

static int put(FILE *file, const void *octets, size_t length) {
    errno = 0;
    if (fwrite(octets, 1, length, file) != length || fflush(file) != 0) return what_failed();
    return 0;
}

static int put_and_close(FILE *file, const void *octets, size_t length) {
    if (file == NULL) return what_failed();
    int error = put(file, octets, length);
    if (fclose(file) != 0 && error == 0) error = what_failed();
    return error;
}

// A new file beside `path`, whose name is left in `name`.
static FILE *open_beside(const char *path, char *name, size_t size) {
    for (int i = 0; i < TEMPORARY_NAMES; i++) {
        snprintf(name, size, "%s.%d.tmp", path, i);
        FILE *file = fopen(name, "wbx");
        if (file != NULL || errno != EEXIST) return file;
    }
    return NULL;
}

static int put_beside(const char *path, const void *octets, size_t length) {
    size_t size = strlen(path) + sizeof ".99.tmp";
    char *name = malloc(size);
    if (name == NULL) return ENOMEM;
    errno = 0;
    FILE *file = open_beside(path, name, size);
    int error = put_and_close(file, octets, length);
    if (error == 0 && rename(name, path) != 0) error = what_failed();
    if (error != 0 && file != NULL) remove(name);
    free(name);
    return error;
}

int output_write(const char *path, const void *octets, size_t length) {
    if (strcmp(path, "-") == 0) return put(stdout, octets, length);
    struct stat status;
    errno = 0;
    if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode)) return put_and_close(fopen(path, "wb"), octets, length);
    return put_beside(path, octets, length);
}

// ---- The look of timelines -----------------------------------------------------------------------------------------

// The terminal's columns; 0: there is no terminal, or it doesn't say.
static uint32_t terminal_width(void) {
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

static bool colour_is_welcome(void) {
    const char *declined = getenv("NO_COLOR");
    if (declined != NULL && declined[0] != '\0') return false;
    const char *terminal = getenv("TERM");
    if (terminal == NULL || strcmp(terminal, "dumb") == 0) return false;
    return isatty(STDOUT_FILENO) != 0;
}

struct timeline_options output_look(const struct options *options) {
    return (struct timeline_options){.language = (int)options->language,
                                     .ascii = options->ascii,
                                     .colour = colour_is_welcome(),
                                     .explain = options->explain,
                                     .absolute = options->absolute,
                                     .width = options->width != 0 ? options->width : terminal_width()};
}
