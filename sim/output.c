#define _DEFAULT_SOURCE  // winsize
#include "sim/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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

// Why standard output could first not be flushed: an errno value. A later attempt has nothing left to fail with.
static int lost;

void output_flush(void) {
    errno = 0;
    if (fflush(stdout) != 0 && lost == 0) lost = errno;
}

bool output_finish(enum language language) {
    output_flush();
    if (lost == 0 && !ferror(stdout)) return true;
    message_error(language, MESSAGE_CANNOT_WRITE, message(language, MESSAGE_STDOUT), strerror(lost != 0 ? lost : EIO));
    return false;
}

bool output_failed(enum language language, const char *path, int reason) {
    bool to_stdout = strcmp(path, "-") == 0;
    message_error(language, MESSAGE_CANNOT_WRITE, to_stdout ? message(language, MESSAGE_STDOUT) : path,
                  strerror(reason));
    if (!to_stdout) return false;
    clearerr(stdout);  // said once is enough
    lost = 0;
    return false;
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
