// synfin explore on the command line: what they say, their exit status, and bad input.
#include <stdlib.h>

#include "tests/check.h"
#include "tests/support.h"

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
    check_refused(SYNFIN("explore", "tests/script/functions.lua"),
                  "synfin: tests/script/functions.lua:6: a step that is a function can't be explored, for a state of "
                  "Lua can't be saved; write plain steps, or try check\n");
    check_refused(SYNFIN("explore", "tests/script/functions.lua", "--lang", "zh"),
                  "synfin: tests/script/functions.lua:6: 函数步骤无法探索，因为 Lua 的状态不能保存；请改写成普通步骤，"
                  "或改用 check\n");
    check_refused(SYNFIN("explore", visit, "--drop", "0"),
                  "synfin: --drop wants a whole number in 1..200; for none, leave it out, or, where the scenario has "
                  "bounds of its own, write --no-budgets\n");
    check_refused(SYNFIN("explore", visit, "--no-budgets", "--overtake", "1"), "--no-budgets contradicts --drop");
    check_refused(SYNFIN("explore", visit, "--no-budgets=1"), "--no-budgets takes no value");
    check_refused(SYNFIN("explore", visit, "--fire", "-1"), "--fire");
    check_refused(SYNFIN("explore", visit, "--overtake", "201"), "1..200");
    check_refused(SYNFIN("explore", visit, "--depth", "0"), "--depth");
    check_refused(SYNFIN("explore", visit, "--memory", "0MiB"), "512MiB");
    check_refused(SYNFIN("explore", visit, "--memory", "99999999999999999999GiB"), "512MiB");
    check_refused(SYNFIN("explore", visit, "--memory", "-1GiB"), "512MiB");
    check_refused(SYNFIN("explore", visit, "--duplicate", "99999999999999999999"), "1..200");
    check_refused(SYNFIN("explore", visit, "--depth", "1000001"), "--depth");
    check_refused(SYNFIN("explore", visit, "--jobs", "0"), "1..256");
    check_refused(SYNFIN("explore", visit, "--jobs", "1000"), "1..256");
    check_refused(SYNFIN("explore", visit, "--without", "no-such-rule"), "no-such-rule");
    check_refused(SYNFIN("explore", visit, "--dot", "no-such-folder/pairs.dot"),
                  "can't write no-such-folder/pairs.dot");
    check_refused(SYNFIN("explore", visit, "--dot", "no-such-folder/pairs.dot", "--lang", "zh"), "无法写入");
    check_refused(SYNFIN("explore", visit, "--drop", "0", "--lang", "zh"), "--drop");
    check_refused(SYNFIN("explore", visit, "--memory", "0MiB", "--lang", "zh"), "512MiB");
}

static void functions_are_refused(void) {
    const char *path = SYNFIN_SCRATCH "/explore-function.lua";
    FILE *file = fopen(path, "w");
    if (!CHECK(file != NULL)) return;
    fputs("local a = host \"a\"\nlocal b = host \"b\"\nlink(a, b) {}\na:runs { function (w) end }\n", file);
    fclose(file);
    check_refused(SYNFIN("explore", path), "function");
    check_refused(SYNFIN("explore", path, "--lang", "zh", "--jobs", "2"), path);
}

// The scenario's bounds, other ones, and none.
static void bounds_and_none(void) {
    const char *path = SYNFIN_SCRATCH "/explore-bounds.lua";
    FILE *file = fopen(path, "w");
    if (!CHECK(file != NULL)) return;
    fputs("scenario { title = \"b\", bounds = { drop = 2, overtake = 0, duplicate = 1, depth = 30 } }\n"
          "local a, b = host \"a\", host \"b\"\nlink(a, b) {}\n"
          "a:runs { connect(b, 80, { may_fail = true }), close { may_fail = true } }\n"
          "b:serves(80) { recv_eof { may_fail = true }, close { may_fail = true } }\n",
          file);
    fclose(file);
    static const struct {
        const char *option, *value, *says;
    } cases[] = {
        {"--quiet", NULL, "2 lost, 1 doubled, 0 overtaken, 0 repeated early, at most 30 actions\n"},
        {"--drop", "1", "1 lost, 0 doubled, 0 overtaken, 0 repeated early\n"},
        {"--no-budgets", NULL, "0 lost, 0 doubled, 0 overtaken, 0 repeated early\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct finished found = cases[i].value == NULL ? SYNFIN("explore", path, cases[i].option)
                                                       : SYNFIN("explore", path, cases[i].option, cases[i].value);
        CHECK_CONTAINS(found.out, cases[i].says);
        free_finished(&found);
    }
}

// Standard output that can't be written says why.
static void full_output(void) {
    static const char *const words[] = {SYNFIN_BINARY, "explore", visit, NULL};
    struct finished found = run_process(words, STDOUT_FULL);
    CHECK_EQ(found.status, 2);
    CHECK_CONTAINS(found.err, "synfin: can't write standard output: No space left on device\n");
    free_finished(&found);
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
    struct finished tiny = SYNFIN("explore", visit, "--memory", "1KiB", "--quiet", "--lang", "zh");
    CHECK_EQ(tiny.status, 3);
    CHECK_CONTAINS(tiny.out, "内存用尽");
    free_finished(&tiny);
}

// Shadow memory alone is more than what no_memory_left() leaves.
#if defined(__SANITIZE_ADDRESS__)
enum { HAS_SHADOW = true };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { HAS_SHADOW = true };
#else
enum { HAS_SHADOW = false };
#endif
#else
enum { HAS_SHADOW = false };
#endif

// The machine's memory is smaller than --memory: the same, with what was covered.
static void no_memory_left(void) {
    if (HAS_SHADOW) return;
    const char *words[] = {"/bin/sh", "-c",
                           "ulimit -v 60000; exec " SYNFIN_BINARY " explore scenarios/proofs/same-ports.lua --drop 9 "
                           "--duplicate 9 --overtake 9 --fire 9 --memory 900GiB --quiet",
                           NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    CHECK_EQ(finished.status, 3);
    CHECK_CONTAINS(finished.out, "memory ran out");
    CHECK_CONTAINS(finished.out, "states:");
    free_finished(&finished);
}

static void disk_is_full(void) {
    struct finished finished = SYNFIN("explore", visit, "--dot", "/dev/full", "--quiet");
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, "can't write /dev/full");
    free_finished(&finished);
}

// Two ends that acknowledge each other for ever, in two languages: no rule is missing.
static void livelock_is_shown(void) {
    static const char storm[] = "scenarios/weaknesses/duplicate-syn-ack-storm.lua";
    struct finished finished = SYNFIN("explore", storm, "--duplicate", "1", "--overtake", "1");
    CHECK_EQ(finished.status, 1);
    CHECK_CONTAINS(finished.out, "LIVELOCK: a fair schedule goes round for ever; actions in a shortest way there: 15, "
                                 "once around: 2");
    CHECK_CONTAINS(finished.out, "behind 0.150 s, up to 0.170 s");
    CHECK_CONTAINS(finished.out, "unacceptable-segment-is-answered");
    free_finished(&finished);
    finished = SYNFIN("explore", storm, "--duplicate", "1", "--overtake", "1", "--lang", "zh", "--jobs", "2");
    CHECK_EQ(finished.status, 1);
    CHECK_CONTAINS(finished.out, "活锁");
    CHECK_CONTAINS(finished.out, "0.150 秒");
    free_finished(&finished);
}

// A script's claims are looked at by each of the threads, in a state of Lua of its own.
static void jobs_agree(const char *path) {
    check_about("%s", path);
    struct finished one = SYNFIN("explore", path, "--drop", "1", "--overtake", "1");
    struct finished two = SYNFIN("explore", path, "--drop", "1", "--overtake", "1", "--jobs", "2");
    CHECK_EQ(one.status, two.status);
    CHECK_STR(one.out, two.out);
    if (one.status == 0) CHECK_CONTAINS(one.out, "never:");
    free_finished(&one);
    free_finished(&two);
    check_about(NULL);
}

static void harm_is_shown(void) {
    struct finished finished = SYNFIN("explore", "scenarios/proofs/stale-syn.lua", "--without", "three-way-handshake");
    CHECK_EQ(finished.status, 1);
    CHECK_CONTAINS(finished.out, "FAILED: no-ghost-connection");
    CHECK_CONTAINS(finished.out, "explore scenarios/proofs/stale-syn.lua --without three-way-handshake");
    free_finished(&finished);
}

// Resets look otherwise there, and are none the worse for it.
static void other_resets_hold(void) {
    struct finished finished = SYNFIN("explore", "scenarios/proofs/abort.lua", "--profile", "linux", "--quiet");
    check_about("abort.lua as Linux does it");
    CHECK_EQ(finished.status, 0);
    CHECK_CONTAINS(finished.out, "HOLDS");
    free_finished(&finished);
    check_about(NULL);
}

// What a TCB keeps in SYN-SENT is in the state that is saved, and comes back with it.
static void narrow_path_is_remembered(void) {
    const char *path = SYNFIN_SCRATCH "/explore-narrow.lua";
    write_whole_file(path,
                     "local client, server = host \"client\", host \"server\"\n"
                     "link(client, server) {}\n"
                     "server:runs { observe { from = client, flags = \"SYN\" },\n"
                     "  inject { by = server, to = client, icmp = \"packet-too-big\", mtu = 700, quote = seen } }\n"
                     "client:runs { sleep(1 * ms), connect(server, 80), close(), recv_eof() }\n"
                     "server:serves(80) { recv_eof(), close() }\n"
                     "finally(\"narrow\", function (w) return w.client.connection(1).mss == 660 end)\n");
    struct finished finished = SYNFIN("explore", path, "--duplicate", "1");
    CHECK_EQ(finished.status, 0);
    CHECK_CONTAINS(finished.out, "HOLDS");
    free_finished(&finished);
}

int main(void) {
    other_resets_hold();
    narrow_path_is_remembered();
    bad_input();
    functions_are_refused();
    bounds_and_none();
    full_output();
    exact_agrees(visit);
    exact_agrees("scenarios/proofs/stale-syn.lua");
    exact_agrees("scenarios/proofs/simultaneous-open.lua");
    exact_agrees("scenarios/proofs/next-incarnation.lua");
    limits();
    no_memory_left();
    disk_is_full();
    livelock_is_shown();
    jobs_agree(visit);
    jobs_agree("scenarios/proofs/stale-syn.lua");
    jobs_agree("scenarios/handshake/stale-duplicate-syn.lua");
    harm_is_shown();
    return check_result();
}
