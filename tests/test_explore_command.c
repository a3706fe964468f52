// synfin explore and prove-rules on the command line: what they say, their exit status, and bad input.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/support.h"

enum { WORDS = 12 };

// Runs synfin with these words, which end with NULL.
static struct finished synfin(const char *const *words) {
    const char *all[WORDS + 2] = {SYNFIN_BINARY};
    for (int i = 0; i < WORDS && words[i] != NULL; i++)
        all[i + 1] = words[i];
    return run_process(all, STDOUT_KEPT);
}

#define SYNFIN(...) synfin((const char *const[]){__VA_ARGS__, NULL})

static const char visit[] = "scenarios/proofs/visit.lua";

static void check_refused(struct finished finished, const char *says) {
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, says);
    CHECK_STR(finished.out, "");
    free_finished(&finished);
}

static void bad_input(void) {
    check_refused(SYNFIN("explore"), "wants a file");
    check_refused(SYNFIN("explore", "no-such-file.lua"), "no-such-file.lua");
    check_refused(SYNFIN("explore", visit, "--drop", "0"), "--drop");
    check_refused(SYNFIN("explore", visit, "--fire", "-1"), "--fire");
    check_refused(SYNFIN("explore", visit, "--overtake", "201"), "1..200");
    check_refused(SYNFIN("explore", visit, "--depth", "0"), "--depth");
    check_refused(SYNFIN("explore", visit, "--memory", "0MiB"), "512MiB");
    check_refused(SYNFIN("explore", visit, "--memory", "99999999999999999999GiB"), "512MiB");
    check_refused(SYNFIN("explore", visit, "--without", "no-such-rule"), "no-such-rule");
    check_refused(SYNFIN("prove-rules", "no-such-folder"), "no-such-folder");
}

static void functions_are_refused(void) {
    const char *path = SYNFIN_SCRATCH "/explore-function.lua";
    FILE *file = fopen(path, "w");
    if (!CHECK(file != NULL)) return;
    fputs("local a = host \"a\"\nlocal b = host \"b\"\nlink(a, b) {}\na:runs { function (w) end }\n", file);
    fclose(file);
    check_refused(SYNFIN("explore", path), "function");
}

// Digests and whole states come to the same.
static void exact_agrees(const char *path) {
    check_about("%s", path);
    struct finished digests = SYNFIN("explore", path, "--drop", "1", "--overtake", "1", "--quiet");
    struct finished whole = SYNFIN("explore", path, "--drop", "1", "--overtake", "1", "--quiet", "--exact");
    CHECK_EQ(digests.status, whole.status);
    CHECK_EQ(digests.status, 0);
    CHECK_STR(digests.out, whole.out);
    free_finished(&digests);
    free_finished(&whole);
    check_about(NULL);
}

static void limits(void) {
    struct finished shallow = SYNFIN("explore", visit, "--depth", "3", "--quiet");
    CHECK_EQ(shallow.status, 3);
    CHECK_CONTAINS(shallow.out, "INCOMPLETE");
    free_finished(&shallow);
    struct finished small = SYNFIN("explore", "scenarios/proofs/stale-syn.lua", "--drop", "1", "--duplicate", "1",
                                   "--overtake", "1", "--memory", "100KiB", "--quiet");
    CHECK_EQ(small.status, 3);
    CHECK_CONTAINS(small.out, "memory ran out");
    free_finished(&small);
}

static void harm_is_shown(void) {
    struct finished finished = SYNFIN("explore", "scenarios/proofs/stale-syn.lua", "--without", "three-way-handshake");
    CHECK_EQ(finished.status, 1);
    CHECK_CONTAINS(finished.out, "FAILED: no-ghost-connection");
    CHECK_CONTAINS(finished.out, "explore scenarios/proofs/stale-syn.lua --without three-way-handshake");
    free_finished(&finished);
}

static void rules_are_proven(void) {
    struct finished finished = SYNFIN("prove-rules");
    CHECK(finished.status == 0 || finished.status == 3);
    CHECK_STR(finished.err, "");
    CHECK_CONTAINS(finished.out, "\nthree-way-handshake ");
    CHECK_CONTAINS(finished.out, "\nretransmission ");
    CHECK_CONTAINS(finished.out, "rules are proven");
    free_finished(&finished);
}

int main(void) {
    bad_input();
    functions_are_refused();
    exact_agrees(visit);
    exact_agrees("scenarios/proofs/stale-syn.lua");
    exact_agrees("scenarios/proofs/simultaneous-open.lua");
    exact_agrees("scenarios/proofs/next-incarnation.lua");
    limits();
    harm_is_shown();
    rules_are_proven();
    return check_result();
}
