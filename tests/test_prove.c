// synfin prove-rules: every rule of TCP is needed, and what proves nothing is found out.
#include <sys/stat.h>

#include "core/rules.h"
#include "tests/check.h"
#include "tests/support.h"

enum { WORDS = 8 };

static struct finished prove(const char *const *words) {
    const char *all[WORDS + 3] = {SYNFIN_BINARY, "prove-rules"};
    for (int i = 0; i < WORDS && words[i] != NULL; i++)
        all[i + 2] = words[i];
    return run_process(all, STDOUT_KEPT);
}

#define PROVE(...) prove((const char *const[]){__VA_ARGS__, NULL})

static void every_rule_is_proven(void) {
    check_about("synfin prove-rules");
    struct finished alone = PROVE(NULL), spread = PROVE("--jobs", "3"), chinese = PROVE("--lang", "zh");
    CHECK_EQ(alone.status, 0);
    CHECK_STR(alone.err, "");
    for (int rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++) {
        char row[80];
        snprintf(row, sizeof row, "\n%s ", tcp_rule_info((enum tcp_rule)rule)->name);
        check_about("synfin prove-rules: %s", row + 1);
        CHECK(strstr(alone.out, row) != NULL);
        CHECK(strstr(chinese.out, row) != NULL);
    }
    CHECK_STR(spread.out, alone.out);
    CHECK_EQ(spread.status, 0);
    CHECK_EQ(chinese.status, 0);
    CHECK_CONTAINS(chinese.out, "条规则");
    free_finished(&alone);
    free_finished(&spread);
    free_finished(&chinese);
    check_about(NULL);
}

// A folder with one scenario: a visit, whose block says `words`, where the client does `more` at the end.
static const char *folder_with(const char *words, const char *more) {
    static const char folder[] = SYNFIN_SCRATCH "/proofs";
    mkdir(folder, 0777);
    FILE *file = fopen(SYNFIN_SCRATCH "/proofs/visit.lua", "w");
    if (!CHECK(file != NULL)) return folder;
    fprintf(file,
            "scenario { title = \"a visit\", %s }\n"
            "local client = host \"client\" { isn = 100 }\n"
            "local server = host \"server\" { isn = 300 }\n"
            "link(client, server) { delay = 20 * ms }\n"
            "client:runs { connect(server, 80), close(), recv_eof() %s }\n"
            "server:serves(80) { recv_eof(), close() }\n",
            words, more);
    fclose(file);
    return folder;
}

// What such a folder is answered by: exit status 1, and on standard error `says` and `again`.
static void check_complaint(const char *words, const char *more, const char *says, const char *again) {
    check_about("scenario { %s } ... %s", words, more);
    struct finished finished = PROVE(folder_with(words, more));
    CHECK_EQ(finished.status, 1);
    CHECK_CONTAINS(finished.err, says);
    CHECK_CONTAINS(finished.err, again);
    CHECK_CONTAINS(finished.err, "three-way-handshake: no scenario shows what its absence does");
    free_finished(&finished);
    check_about(NULL);
}

static void what_proves_nothing_is_told(void) {
    check_complaint("needs = \"quiet-time\"", "", "quiet-time: nothing gets worse without it",
                    "visit.lua --drop 1 --duplicate 1 --overtake 1 --without quiet-time\n");
    check_complaint("needs = \"quiet-time\", bounds = { drop = 0 }", "", "nothing gets worse",
                    "visit.lua --without quiet-time\n");
    check_complaint("needs = \"quiet-time\", measure = \"time\"", "", "nothing gets worse",
                    "synfin run " SYNFIN_SCRATCH "/proofs/visit.lua --without quiet-time\n");
    check_complaint("needs = \"retransmission\", measure = \"time\"", ", wait_state \"ESTABLISHED\"",
                    "doesn't hold even with every rule", "synfin run ");
    check_complaint("needs = \"close-sends-fin\", measure = \"segments\"", "", "but a claim is broken", "synfin run ");
    check_complaint("needs = \"retransmission\"", ", recv(1)", "doesn't hold even with every rule", "synfin explore ");
    check_complaint("needs = \"retransmission\", bounds = { depth = 3 }", "", "before it was exhaustive",
                    "visit.lua\n");
    check_complaint("needs = \"retransmission\", harmless = \"so\"", "", "says that its absence does no harm, but",
                    "--without retransmission\n");
    check_complaint("needs = \"quiet-time\", harmless = \"so\"", "", "never applies it", "--without quiet-time\n");
}

static void what_proves_something_is_shown(void) {
    struct finished finished = PROVE(folder_with("needs = { \"retransmission\", \"time-wait\" }", ""));
    CHECK_EQ(finished.status, 1);
    CHECK_CONTAINS(finished.out, "\nretransmission ");
    CHECK_CONTAINS(finished.out, "\ntime-wait ");
    CHECK_CONTAINS(finished.out, "2 of ");
    free_finished(&finished);
    finished = PROVE(folder_with("needs = \"ack-answers-syn-ack\", harmless = \"so it is\"", ""));
    CHECK_CONTAINS(finished.out, "so it is\n");
    CHECK_CONTAINS(finished.out, "1 of ");
    free_finished(&finished);
}

static void check_refused(const char *folder, const char *says) {
    struct finished finished = PROVE(folder);
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, says);
    CHECK_STR(finished.out, "");
    free_finished(&finished);
}

static void bad_input(void) {
    check_refused("no-such-folder", "no-such-folder");
    check_refused(folder_with("needs = \"time-wate\"", ""), "did you mean 'time-wait'?");
    check_refused(folder_with("needs = \"time-wait\"", ", function (w) end"), "function");
    struct finished finished = PROVE("--jobs", "0");
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, "--jobs");
    free_finished(&finished);
}

// What explore does without budgets of its own.
static void bounds_hold_for_explore(void) {
    const char *folder = folder_with("bounds = { overtake = 0, fire = 1, depth = 40, long_silence = true }", "");
    char path[200];
    snprintf(path, sizeof path, "%s/visit.lua", folder);
    const char *words[] = {SYNFIN_BINARY, "explore", path, "--quiet", NULL, NULL, NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    CHECK_CONTAINS(finished.out, "1 lost, 1 doubled, 0 overtaken, 1 repeated early, at most 40 actions");
    free_finished(&finished);
    words[4] = "--drop";
    words[5] = "2";
    finished = run_process(words, STDOUT_KEPT);
    CHECK_CONTAINS(finished.out, "2 lost, 0 doubled, 0 overtaken, 0 repeated early\n");
    free_finished(&finished);
}

int main(void) {
    every_rule_is_proven();
    what_proves_nothing_is_told();
    what_proves_something_is_shown();
    bad_input();
    bounds_hold_for_explore();
    return check_result();
}
