// --pcap and --pcap-merged: run and view write the same, whole files take the place of what was there, and mistakes are
// met with one clear error.
#define _XOPEN_SOURCE 700  // mkdtemp()
#include <stdlib.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/support.h"

#define GOOD "scenarios/handshake/stale-duplicate-syn.lua"

static char folder[] = SYNFIN_SCRATCH "/pcap-XXXXXX";

static const char *at(const char *name) {
    static char paths[8][1000];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static struct finished run(const char *const *words) {
    struct finished finished = run_process(words, STDOUT_KEPT);
    check_about("synfin %s %s %s: %s", words[1], words[2], words[3], finished.err);
    return finished;
}

static void check_same_files(const char *a, const char *b) {
    size_t one = 0, other = 0;
    char *first = read_whole_file(at(a), &one), *second = read_whole_file(at(b), &other);
    if (CHECK(first != NULL && second != NULL) && CHECK_EQ(one, other))
        CHECK(one > 0 && memcmp(first, second, one) == 0);
    free(first);
    free(second);
}

static void check_run_and_view(void) {
    FILE *old = fopen(at("merged.pcapng"), "wb");  // replaced whole
    CHECK(old != NULL && fprintf(old, "%100000d", 1) == 100000 && fclose(old) == 0);
    struct finished finished = run((const char *[]){SYNFIN_BINARY, "run", GOOD, "--quiet", "--trace", at("trace"),
                                                    "--pcap", at("run"), "--pcap-merged", at("merged.pcapng"), NULL});
    CHECK_EQ(finished.status, 0);
    free_finished(&finished);
    finished =
        run((const char *[]){SYNFIN_BINARY, "view", at("trace"), "--pcap", at("view"), "--pcap-merged", "-", NULL});
    CHECK_EQ(finished.status, 0);
    CHECK(memcmp(finished.out, "\n\r\r\n", 4) == 0);
    free_finished(&finished);
    finished = run((const char *[]){SYNFIN_BINARY, "view", at("trace"), "--pcap-merged", at("again.pcapng"), NULL});
    CHECK_EQ(finished.status, 0);
    CHECK_CONTAINS(finished.out, "Stale duplicate SYN");
    free_finished(&finished);
    check_same_files("run/client.pcapng", "view/client.pcapng");
    check_same_files("run/server.pcapng", "view/server.pcapng");
    check_same_files("merged.pcapng", "again.pcapng");
    static const char *const made[] = {
        "run/client.pcapng", "view/client.pcapng", "run/server.pcapng", "view/server.pcapng", "run", "view", "trace",
        "merged.pcapng",     "again.pcapng"};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        CHECK_EQ(remove(at(made[i])), 0);
}

static void check_mistakes(void) {
    struct finished finished = run((const char *[]){SYNFIN_BINARY, "run", GOOD, "--pcap", "-", NULL});
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, "--pcap wants a folder");
    free_finished(&finished);
    finished = run((const char *[]){SYNFIN_BINARY, "run", GOOD, "--quiet", "--pcap", at("no/such"), NULL});
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, "can't write");
    free_finished(&finished);
    finished = run((const char *[]){SYNFIN_BINARY, "run", GOOD, "--quiet", "--pcap-merged", "/dev/full", NULL});
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, "can't write /dev/full: No space left on device");
    free_finished(&finished);
    finished = run((const char *[]){SYNFIN_BINARY, "run", GOOD, "--digest", "--pcap-merged", "-", NULL});
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, "only one output can have standard output");
    free_finished(&finished);
}

int main(void) {
    unsetenv("SYNFIN_LANG");
    if (CHECK(mkdtemp(folder) != NULL)) {
        check_run_and_view();
        check_mistakes();
        rmdir(folder);
    }
    return check_result();
}
