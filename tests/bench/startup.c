// From process start to printed timeline: the stale duplicate SYN, run as a process of its own. To reach: under 5 ms.
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 50, GOAL = 5000 };  // microseconds

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

// Microseconds that one run takes; -1: it failed.
static int64_t run_once(void) {
    int64_t start = now();
    pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        if (chdir(SYNFIN_SOURCE_DIR) == 0)
            execl(SYNFIN_BINARY, SYNFIN_BINARY, "run", "scenarios/handshake/stale-duplicate-syn.lua", (char *)NULL);
        _exit(127);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return -1;
    return now() - start;
}

static int compare_times(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int main(void) {
    int64_t times[RUNS];
    for (int i = 0; i < RUNS; i++) {
        times[i] = run_once();
        if (times[i] < 0) {
            fprintf(stderr, "startup: synfin did not run\n");
            return 1;
        }
    }
    qsort(times, RUNS, sizeof times[0], compare_times);
    int64_t median = times[RUNS / 2];
    printf("startup: process start to printed timeline, %d runs: median %.2f ms, fastest %.2f, slowest %.2f (goal "
           "%.0f)%s\n",
           RUNS, (double)median / 1000, (double)times[0] / 1000, (double)times[RUNS - 1] / 1000, GOAL / 1000.0,
           median < GOAL ? "" : "  MISSED");
    return 0;
}
