// Block b of the range is done by process b modulo their number. The parent takes the blocks in order, so it never
// matters who was faster.
#include "sim/search/jobs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK = 64 };  // runs

struct job {
    pid_t process;
    int results;  // a pipe
};

static uint64_t block_end(const struct check_range *range, uint64_t block) {
    uint64_t count = check_range_count(range), end = (block + 1) * BLOCK;
    return end < count ? end : count;
}

static bool write_all(int to, const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    while (size > 0) {
        ssize_t wrote = write(to, at, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        at += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

static bool read_all(int from, void *bytes, size_t size) {
    unsigned char *at = bytes;
    while (size > 0) {
        ssize_t got = read(from, at, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

_Noreturn static void work(struct checker *checker, const struct check_range *range, uint32_t job, uint32_t jobs,
                           int results) {
    for (uint64_t block = job; block * BLOCK < check_range_count(range); block += jobs) {
        struct check_part part;
        checker_part(checker, range, block * BLOCK, block_end(range, block), &part);
        if (!write_all(results, &part, sizeof part) || part.failed != 0) break;
    }
    _exit(0);
}

// False: the system has no more processes or pipes.
static bool start(struct checker *checker, const struct check_range *range, uint32_t job, uint32_t jobs,
                  struct job *list) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    list[job].process = fork();
    if (list[job].process == 0) {
        for (uint32_t other = 0; other < job; other++)
            close(list[other].results);
        close(ends[0]);
        work(checker, range, job, jobs, ends[1]);
    }
    close(ends[1]);
    list[job].results = ends[0];
    if (list[job].process > 0) return true;
    close(ends[0]);
    return false;
}

static void stop(const struct job *list, uint32_t jobs) {
    for (uint32_t job = 0; job < jobs; job++) {
        close(list[job].results);
        kill(list[job].process, SIGTERM);
    }
    for (uint32_t job = 0; job < jobs; job++)
        while (waitpid(list[job].process, NULL, 0) < 0 && errno == EINTR)
            ;
}

static void add_part(struct jobs_result *result, const struct check_part *part) {
    tally_add(&result->sum.tally, &part->tally);
    result->sum.failed = part->failed;
    result->sum.verdict = part->verdict;
    result->done = result->sum.tally.runs;
}

void jobs_run(struct checker *checker, const struct check_range *range, uint32_t jobs, jobs_go_on go_on, void *context,
              struct jobs_result *result) {
    struct job list[JOBS_MOST];
    memset(result, 0, sizeof *result);
    uint64_t blocks = (check_range_count(range) + BLOCK - 1) / BLOCK;
    if (jobs > blocks) jobs = (uint32_t)blocks;
    uint32_t started = 0;
    while (jobs > 1 && started < jobs && !result->broken) {
        result->broken = !start(checker, range, started, jobs, list);
        started += !result->broken;
    }
    for (uint64_t block = 0; block < blocks && !result->broken && result->sum.failed == 0; block++) {
        if (!go_on(context, result->done)) break;
        struct check_part part;
        if (jobs <= 1)
            checker_part(checker, range, block * BLOCK, block_end(range, block), &part);
        else
            result->broken = !read_all(list[block % jobs].results, &part, sizeof part);
        if (!result->broken) add_part(result, &part);
    }
    stop(list, started);
}
