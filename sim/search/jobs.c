// Item i is done by process i modulo their number. The parent takes the results in order, so it never matters who was
// faster.
#include "sim/search/jobs.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
    pid_t process;
    int results;  // a pipe
};

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

_Noreturn static void work(const struct jobs_items *items, uint32_t job, uint32_t jobs, int results, void *result) {
    for (uint64_t item = job; item < items->count; item += jobs) {
        items->work(items->context, item, result);
        if (!write_all(results, result, items->size)) break;
    }
    _exit(0);
}

// False: the system has no more processes or pipes.
static bool start(const struct jobs_items *items, uint32_t job, uint32_t jobs, struct job *list, void *result) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    list[job].process = fork();
    if (list[job].process == 0) {
        for (uint32_t other = 0; other < job; other++)
            close(list[other].results);
        close(ends[0]);
        work(items, job, jobs, ends[1], result);
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

bool jobs_spread(const struct jobs_items *items, uint32_t jobs) {
    struct job list[JOBS_MOST];
    uint32_t started = 0;
    void *result = calloc(1, items->size);
    if (result == NULL) abort();
    if (jobs > items->count) jobs = (uint32_t)items->count;
    bool well = true;
    while (jobs > 1 && started < jobs && well) {
        well = start(items, started, jobs, list, result);
        started += well;
    }
    for (uint64_t item = 0; item < items->count && well; item++) {
        if (jobs <= 1)
            items->work(items->context, item, result);
        else
            well = read_all(list[item % jobs].results, result, items->size);
        if (well && !items->take(items->context, item, result)) break;
    }
    stop(list, started);
    free(result);
    return well;
}

// ---- Runs ----------------------------------------------------------------------------------------------------------

enum { BLOCK = 64 };  // runs that are an item

struct runs {
    struct checker *checker;
    const struct check_range *range;
    jobs_go_on go_on;
    void *context;
    struct jobs_result *result;
};

static void run_block(void *context, uint64_t block, void *result) {
    const struct runs *runs = context;
    uint64_t count = check_range_count(runs->range), end = (block + 1) * BLOCK;
    checker_part(runs->checker, runs->range, block * BLOCK, end < count ? end : count, result);
}

static bool take_block(void *context, uint64_t block, const void *bytes) {
    const struct runs *runs = context;
    const struct check_part *part = bytes;
    struct jobs_result *result = runs->result;
    (void)block;
    tally_add(&result->sum.tally, &part->tally);
    result->sum.failed = part->failed;
    result->sum.verdict = part->verdict;
    result->done = result->sum.tally.runs;
    return part->failed == 0 && runs->go_on(runs->context, result->done);
}

void jobs_run(struct checker *checker, const struct check_range *range, uint32_t jobs, jobs_go_on go_on, void *context,
              struct jobs_result *result) {
    memset(result, 0, sizeof *result);
    struct runs runs = {checker, range, go_on, context, result};
    const struct jobs_items blocks = {.count = (check_range_count(range) + BLOCK - 1) / BLOCK,
                                      .size = sizeof(struct check_part),
                                      .work = run_block,
                                      .take = take_block,
                                      .context = &runs};
    if (go_on(context, 0)) result->broken = !jobs_spread(&blocks, jobs);
}
