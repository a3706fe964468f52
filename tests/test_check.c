// `synfin check` and `synfin merge`, from the command line: what one process finds, any number of jobs and shards
// finds; what fails is shrunk to a minimum that is known, and what is saved fails the same way without luck.
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/support.h"

#define FOLDER SYNFIN_SCRATCH "/check"
static const char folder[] = FOLDER;

static const char head[] = "local client = host \"client\" { isn = 100, rto = { initial = 1 * s, min = 1 * s } }\n"
                           "local server = host \"server\" { isn = 300 }\n"
                           "link(client, server) { delay = 20 * ms";
static const char body[] =
    "client:runs { connect(server, 80, { may_fail = true }), send(\"GET /\", { may_fail = true }),\n"
    "  recv_eof { may_fail = true }, close { may_fail = true } }\n"
    "server:serves(80) { recv(5, { may_fail = true }), send(\"200 OK\", { may_fail = true }), close { may_fail = true "
    "} }\n";

// A scenario with a fault that has to be found, and the fewest things that must go wrong for it.
struct planted {
    const char *name;
    const char *link;   // settings of the link
    const char *rest;   // faults and claims
    unsigned fates;     // known minimum
    const char *shows;  // in what is saved; NULL: nothing in particular
};

static const struct planted planted[] = {
    {"nothing", "", "faults { loss = 0.3 }\nexpect('at once', 10 * ms, function (w) return w.server.opened == 1 end)",
     0, "fates {\n}"},
    {"one-loss", "",
     "faults { loss = 0.3, duplicate = 0.2, reorder = 0.2 }\n"
     "expect('soon', 500 * ms, function (w) return w.client.connection(1).established end)",
     1, "drop = true"},
    {"three-losses", "",
     "faults { loss = 0.5, duplicate = 0.2, reorder = 0.2, delay = { 0, 50 * ms } }\n"
     "expect('soon', 5 * s, function (w) return w.client.connection(1).established end)",
     3, "drop = true"},
    // TIME-WAIT keeps it out, unless TIME-WAIT is assassinated: RFC 1337.
    {"old-syn", "",
     "faults { loss = 0.1, duplicate = 0.3, reorder = 0.2 }\n"
     "always('one connection', function (w) return w.server.opened <= 1 end)",
     2, NULL},
    {"held-back", "",
     "faults { reorder = 0.3 }\n"
     "expect('served', 900 * ms, function (w) return w.client.connection(1).received == '200 OK' end)",
     1, NULL},
    {"late", "",
     "faults { delay = { 0, 900 * ms } }\n"
     "expect('soon', 700 * ms, function (w) return w.client.connection(1).established end)",
     1, NULL},
    {"crash", "",
     "faults { loss = 0.1, crash = server }\n"
     "always('the server is up', function (w) return w.server.up end)",
     1, "{ crash = \"server\", at = 1 * us, boots = 2 * us },"},
    {"two-crashes", "",
     "faults { loss = 0.1, crash = { client, server } }\n"
     "always('one of them is up', function (w) return w.client.up or w.server.up end)",
     2, "{ crash = \"client\", at = "},
    {"last-ack", "",
     "faults { loss = 0.4, duplicate = 0.1, reorder = 0.1 }\n"
     "expect('gone', 2500 * ms, function (w) return w.client.open == 0 or w.server.open == 0 end)",
     2, NULL},
    {"lossy-link", ", loss = 0.3, jitter = 5 * ms",
     "expect('soon', 500 * ms, function (w) return w.client.connection(1).established end)", 1, "drop = true"},
};
enum { PLANTED = sizeof planted / sizeof planted[0] };

static const char *write_planted(const struct planted *what) {
    static char path[400], text[4000];
    snprintf(path, sizeof path, "%s/%s.lua", FOLDER, what->name);
    snprintf(text, sizeof text, "%s%s }\n%s%s\n", head, what->link, body, what->rest);
    write_whole_file(path, text);
    return path;
}

// ---- Shrinking, and what is saved ---------------------------------------------------------------------------------

static unsigned count_of(const char *text, const char *part) {
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

// The saved scenario that the last line of `out` names, or NULL.
static const char *saved_in(char *out) {
    char *at = strstr(out, "saved: ");
    if (at == NULL) return NULL;
    at += strlen("saved: ");
    at[strcspn(at, "\n")] = '\0';
    return at;
}

// It fails without luck, whatever the seed, for `run` and for `check`.
static void check_saved(const struct planted *what, const char *path, const char *claim) {
    char *text = read_whole_file(path, NULL);
    if (!CHECK(text != NULL)) return;
    const char *fates = strstr(text, "\nfates {");
    if (CHECK(fates != NULL)) {
        CHECK_EQ(count_of(fates, "\n  { "), what->fates);
        if (what->shows != NULL) CHECK_CONTAINS(fates, what->shows);
    }
    free(text);
    struct finished run = SYNFIN("run", path, "--quiet"), other = SYNFIN("run", path, "--quiet", "--seed", "77");
    struct finished again = SYNFIN("check", path, "--seed", "5");
    CHECK_EQ(run.status, 1);
    CHECK_CONTAINS(run.err, claim);
    CHECK_EQ(other.status, 1);
    CHECK_CONTAINS(other.err, claim);
    CHECK_EQ(again.status, 1);
    CHECK_CONTAINS(again.out, claim);
    free_finished(&run);
    free_finished(&other);
    free_finished(&again);
}

static void check_planted(const struct planted *what) {
    const char *path = write_planted(what);
    check_about("synfin check %s", path);
    struct finished found = SYNFIN("check", path, "--save", folder, "--runs", "3000");
    CHECK_EQ(found.status, 1);
    CHECK_STR(found.err, "");
    char expected[80], claim[200];
    snprintf(expected, sizeof expected, what->fates == 0 ? "Nothing has to go wrong" : "It takes %u of", what->fates);
    CHECK_CONTAINS(found.out, expected);
    const char *quote = strchr(
        strstr(what->rest, "always") != NULL ? strstr(what->rest, "always") : strstr(what->rest, "expect"), '\'');
    snprintf(claim, sizeof claim, "%.*s", (int)strcspn(quote + 1, "'"), quote + 1);
    CHECK_CONTAINS(found.out, claim);
    const char *saved = saved_in(found.out);
    if (CHECK(saved != NULL)) check_saved(what, saved, claim);
    free_finished(&found);
}

// ---- One process, many, and shards -------------------------------------------------------------------------------

// The same words and the same picture for any number of jobs.
static void check_jobs(const char *path, int status) {
    struct finished one = SYNFIN("check", path, "--runs", "700", "--seed", "3");
    CHECK_EQ(one.status, status);
    static const char *const jobs[] = {"1", "2", "3", "7"};
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        check_about("synfin check %s --runs 700 --seed 3 --jobs %s", path, jobs[i]);
        struct finished many = SYNFIN("check", path, "--runs", "700", "--seed", "3", "--jobs", jobs[i]);
        CHECK_EQ(many.status, status);
        CHECK_STR(many.out, one.out);
        free_finished(&many);
    }
    free_finished(&one);
}

static void first_line(char *text) {
    text[strcspn(text, "\n")] = '\0';
}

static void check_shards(const char *path, int status) {
    static const char *const shards[] = {"1/3", "2/3", "3/3"};
    static const char *const reports[] = {FOLDER "/1.report", FOLDER "/2.report", FOLDER "/3.report"};
    check_about("shards of %s", path);
    for (int i = 0; i < 3; i++) {
        struct finished part = SYNFIN("check", path, "--runs", "500", "--shard", shards[i], "--report", reports[i]);
        CHECK(part.status == 0 || (status == 1 && part.status == 1));
        free_finished(&part);
    }
    struct finished whole = SYNFIN("check", path, "--runs", "500");
    struct finished sum = SYNFIN("merge", reports[2], reports[0], reports[1]);
    CHECK_EQ(whole.status, status);
    CHECK_EQ(sum.status, status);
    if (status == 1) {  // merge shows no timeline
        char *fail = strstr(whole.out, "\nFAIL: ");
        if (CHECK(fail != NULL)) {
            first_line(fail + 1);
            first_line(sum.out);
            CHECK_STR(sum.out, fail + 1);
        }
    } else {
        CHECK_STR(sum.out, whole.out);
    }
    struct finished twice = SYNFIN("merge", reports[0], reports[1], reports[0]);
    CHECK_EQ(twice.status, 2);
    CHECK_CONTAINS(twice.err, "1.report: its shard was added already");
    struct finished chinese = SYNFIN("merge", reports[0], reports[0], "--lang", "zh");
    CHECK_EQ(chinese.status, 2);
    CHECK_CONTAINS(chinese.err, "1.report：这个分片已经合并过");
    free_finished(&chinese);
    struct finished part = SYNFIN("merge", reports[0], reports[2]);
    CHECK(part.status == 3 || (status == 1 && part.status == 1));
    free_finished(&whole);
    free_finished(&sum);
    free_finished(&twice);
    free_finished(&part);
}

// More shards than runs: some have nothing to do, which is said, and their reports add up with the others'.
static void check_empty_shard(const char *path) {
    static const char *const reports[] = {FOLDER "/1.report", FOLDER "/2.report"};
    struct finished first = SYNFIN("check", path, "--runs", "1", "--shard", "1/2", "--report", reports[0]);
    struct finished empty = SYNFIN("check", path, "--runs", "1", "--shard", "2/2", "--report", reports[1]);
    CHECK_EQ(empty.status, 0);
    CHECK_CONTAINS(empty.out, ": none of the 1 runs is this shard's, so nothing was tried\nshard 2/2\n");
    CHECK(strncmp(empty.out, "EMPTY: ", 7) == 0);
    struct finished sum = SYNFIN("merge", reports[1], reports[0]);
    struct finished whole = SYNFIN("check", path, "--runs", "1");
    CHECK_EQ(sum.status, 0);
    CHECK_STR(sum.out, whole.out);
    struct finished nothing = SYNFIN("merge", reports[1]);
    CHECK_EQ(nothing.status, 3);
    CHECK(strncmp(nothing.out, "INCOMPLETE: ", 12) == 0);
    CHECK_CONTAINS(nothing.out, ": no run was done\n");
    struct finished tap = SYNFIN("check", path, "--runs", "1", "--shard", "2/2", "--tap");
    CHECK_EQ(tap.status, 0);
    CHECK(strncmp(tap.out, "TAP version 13\n1..0 # SKIP ", 27) == 0);
    free_finished(&first);
    free_finished(&empty);
    free_finished(&sum);
    free_finished(&whole);
    free_finished(&nothing);
    free_finished(&tap);
}

// A shard of something else.
static void check_foreign_shards(const char *path, const char *other) {
    const char *mine = FOLDER "/1.report", *foreign = FOLDER "/foreign.report";
    struct finished made = SYNFIN("check", path, "--runs", "60", "--shard", "1/2", "--report", mine);
    free_finished(&made);
    const char *const cases[][6] = {
        {"check", other, "--runs", "60", NULL, NULL},
        {"check", path, "--runs", "61", NULL, NULL},
        {"check", path, "--runs", "60", "--seed=4", NULL},
        {"check", path, "--runs", "60", "--without=time-wait", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_about("foreign shard %zu", i);
        const char *const *words = cases[i];
        const char *last = words[4] == NULL ? "--lang=en" : words[4];
        made = SYNFIN(words[0], words[1], words[2], words[3], last, "--shard", "2/2", "--report", foreign);
        free_finished(&made);
        struct finished sum = SYNFIN("merge", mine, foreign);
        CHECK_EQ(sum.status, 2);
        CHECK_CONTAINS(sum.err, "foreign.report: it is a shard of another check");
        struct finished chinese = SYNFIN("merge", mine, foreign, "--lang=zh");
        CHECK_CONTAINS(chinese.err, "foreign.report：它是另一次检查的分片");
        free_finished(&chinese);
        free_finished(&sum);
    }
}

// Every beginning of a report, and every report with a byte changed, is refused or read: nothing else.
static void check_damaged_reports(void) {
    const char *path = FOLDER "/damaged.report";
    size_t length;
    char *text = read_whole_file(FOLDER "/1.report", &length);
    if (!CHECK(text != NULL)) return;
    for (size_t at = 0; at < length; at += length / 40 + 1) {
        char before = text[at];
        check_about("report damaged at %zu", at);
        text[at] = '\0';
        write_whole_file(path, text);
        struct finished cut = SYNFIN("merge", path);
        CHECK_EQ(cut.status, 2);
        CHECK_CONTAINS(cut.err, "damaged.report:");
        text[at] = '~';
        write_whole_file(path, text);
        struct finished changed = SYNFIN("merge", path);
        CHECK(changed.status >= 0 && changed.status <= 3);
        text[at] = before;
        free_finished(&cut);
        free_finished(&changed);
    }
    free(text);
}

// What the command line changed is in what is saved.
static void check_saved_settings(void) {
    const char *path = FOLDER "/settings.lua", *far = FOLDER "/far.lua";
    static char text[4000];
    snprintf(text, sizeof text,
             "local want = param('want', 'none')\nlocal loss = param('loss', 0)\n%s }\n%sfaults { duplicate = 0.1 }\n"
             "always('as ever', function (w) return loss ~= 0.25 or want ~= 'a \"b\" \\\\' or "
             "w.client.connection(1).state ~= 'CLOSED' end)\n",
             head, body);
    write_whole_file(path, text);
    check_about("what is saved of --set and --without");
    const char *const settings[] = {"--set=loss=9", "--set=loss=0.25", "--set=want=a \"b\" \\",
                                    "--without=client:time-wait", NULL};
    struct finished found = SYNFIN("check", path, settings[0], settings[1], settings[2], settings[3], "--save", folder);
    CHECK_EQ(found.status, 1);
    const char *saved = saved_in(found.out);
    char *kept = saved == NULL ? NULL : read_whole_file(saved, NULL);
    if (CHECK(kept != NULL)) {
        CHECK_CONTAINS(kept, "\n  set = { \"want=a \\034b\\034 \\092\", \"loss=0.25\", \"loss=9\" },\n"
                             "  without = { \"client:time-wait\" },\n}\n");
        write_whole_file(far, kept);
        struct finished run = SYNFIN("run", far, "--quiet"), other = SYNFIN("run", far, "--quiet", "--set", "loss=0");
        struct finished again = SYNFIN("check", far, "--save", folder);
        CHECK_EQ(run.status, 1);
        CHECK_CONTAINS(run.err, "as ever");
        CHECK_EQ(other.status, 0);  // the command line has the last word
        CHECK_EQ(again.status, 2);
        CHECK_CONTAINS(again.err, "far.lua has its fates already");
        free_finished(&run);
        free_finished(&other);
        free_finished(&again);
    }
    free(kept);
    free_finished(&found);
}

// A device, or a link to a file, is written to, and stays what it is.
static void check_reports_elsewhere(const char *path) {
    const char *target = FOLDER "/linked.report", *name = FOLDER "/link.report";
    struct stat what;
    check_about("a report through a link");
    remove(name);
    CHECK(symlink("linked.report", name) == 0);
    struct finished made = SYNFIN("check", path, "--runs", "20", "--report", name), sum = SYNFIN("merge", target);
    CHECK_EQ(made.status, 0);
    CHECK_EQ(sum.status, 0);
    CHECK(lstat(name, &what) == 0 && S_ISLNK(what.st_mode));
    free_finished(&made);
    free_finished(&sum);
    made = SYNFIN("check", path, "--runs", "20", "--report", "/dev/null");
    CHECK_EQ(made.status, 0);
    CHECK(lstat("/dev/null", &what) == 0 && S_ISCHR(what.st_mode));
    free_finished(&made);
}

// ---- Everything else ----------------------------------------------------------------------------------------------

static void check_coverage(const char *path) {
    check_about("coverage of %s", path);
    struct finished found = SYNFIN("check", path, "--runs", "300");
    CHECK_CONTAINS(found.out, "300  CLOSED -> SYN-SENT");
    CHECK_CONTAINS(found.out, "300  three-way-handshake");
    CHECK_CONTAINS(found.out, "300  the client gets on");
    CHECK_CONTAINS(found.out, "never: it goes wrong");
    CHECK_CONTAINS(found.out, "never: crashes of hosts");
    struct finished chinese = SYNFIN("check", path, "--runs", "300", "--lang", "zh");
    CHECK_CONTAINS(chinese.out, "通过");
    CHECK_CONTAINS(chinese.out, "出了事");
    struct finished tap = SYNFIN("check", path, "--runs", "30", "--tap");
    CHECK_EQ(tap.status, 0);
    CHECK(strncmp(tap.out, "TAP version 13\nok 1 - ", 22) == 0);
    CHECK_CONTAINS(tap.out, "\n1..");
    CHECK(strstr(tap.out, "not ok") == NULL);
    struct finished chinese_tap = SYNFIN("check", path, "--runs", "30", "--tap", "--lang", "zh");
    CHECK_CONTAINS(chinese_tap.out, " - 程序都按所说的那样结束，运行也是\n1..");
    CHECK_CONTAINS(chinese_tap.out, "\n# 已运行 30 次\n");
    free_finished(&found);
    free_finished(&chinese);
    free_finished(&tap);
    free_finished(&chinese_tap);
}

static void check_incomplete(const char *path) {
    check_about("INCOMPLETE");
    struct finished found = SYNFIN("check", path, "--runs", "900000000000", "--time", "1ms");
    CHECK_EQ(found.status, 3);
    CHECK(strncmp(found.out, "INCOMPLETE: ", 12) == 0);
    free_finished(&found);
    found = SYNFIN("check", path, "--runs", "900000000000", "--time", "1ms", "--tap");
    CHECK_EQ(found.status, 3);
    CHECK(strncmp(found.out, "TAP version 13\n", 15) == 0);
    CHECK_CONTAINS(found.out, "\nBail out! incomplete\n");
    free_finished(&found);
    found = SYNFIN("check", path, "--time", "20ms");
    CHECK_EQ(found.status, 0);
    free_finished(&found);
}

// The command that repeats a run finds the same.
static void check_one_run(const char *path) {
    check_about("one run of %s", path);
    struct finished whole = SYNFIN("check", path, "--seed", "9", "--runs", "3000");
    char *fail = strstr(whole.out, "\nFAIL: run "), number[32];
    if (CHECK(fail != NULL)) {
        snprintf(number, sizeof number, "%.*s", (int)strspn(fail + 11, "0123456789"), fail + 11);
        struct finished one = SYNFIN("check", path, "--seed", "9", "--run", number);
        CHECK_EQ(one.status, 1);
        CHECK_STR(one.out, whole.out);
        free_finished(&one);
    }
    struct finished tap = SYNFIN("check", path, "--seed", "9", "--runs", "3000", "--tap");
    CHECK_EQ(tap.status, 1);
    CHECK_EQ(count_of(tap.out, "\nnot ok "), 1);
    CHECK_CONTAINS(tap.out, "# again: synfin check ");
    free_finished(&whole);
    free_finished(&tap);
}

static void check_functions(void) {
    const char *path = FOLDER "/function.lua";
    static char text[4000];
    snprintf(text, sizeof text,
             "%s }\nlocal visits = 0\n"
             "client:runs { connect(server, 80), function (w) visits = visits + 1 end, send \"GET /\", recv_eof(), "
             "close() }\n"
             "server:serves(80) { recv(5), send \"200 OK\", close() }\n"
             "faults { loss = 0.2 }\nfinally('once', function (w) return visits == 1 end)\n",
             head);
    write_whole_file(path, text);
    check_about("function steps");
    struct finished found = SYNFIN("check", path, "--runs", "100");
    CHECK_EQ(found.status, 0);
    free_finished(&found);
}

static void check_refused(const char *path) {
    write_whole_file(FOLDER "/calm.lua",
                     "local client = host \"client\"\nlocal server = host \"server\"\nlink(client, server) {}\n");
    write_whole_file(FOLDER "/file", "");
    const struct {
        const char *words[5];
        const char *says;
    } cases[] = {
        {{"check", path, "--runs=0", NULL}, "--runs wants a whole number in 1..1000000000000000"},
        {{"check", path, "--runs=-3", NULL}, "--runs wants a whole number"},
        {{"check", path, "--runs=99999999999999999999", NULL}, "--runs wants a whole number"},
        {{"check", path, "--jobs=0", NULL}, "--jobs wants a whole number in 1..256"},
        {{"check", path, "--jobs=257", NULL}, "--jobs wants a whole number"},
        {{"check", path, "--time=0s", NULL}, "--time wants a time such as 30s"},
        {{"check", path, "--time=5", NULL}, "--time wants a time such as 30s"},
        {{"check", path, "--time=-5s", NULL}, "--time wants a time such as 30s"},
        {{"check", path, "--shard=4/3", NULL}, "--shard wants I/N"},
        {{"check", path, "--shard=0/3", NULL}, "--shard wants I/N"},
        {{"check", path, "--shard=1", NULL}, "--shard wants I/N"},
        {{"check", path, "--run=1", "--runs=5", NULL}, "--run is one run alone"},
        {{"check", path, "--save=" FOLDER "/nowhere", NULL}, "can't write " FOLDER "/nowhere"},
        {{"check", path, "--save=" FOLDER "/file", NULL}, "can't write " FOLDER "/file"},
        {{"check", path, "--report=" FOLDER "/nowhere/report", NULL}, "can't write " FOLDER "/nowhere/report"},
        {{"check", FOLDER "/calm.lua", NULL}, "every run would be the same"},
        {{"check", NULL}, "\"synfin check\" wants a file"},
        {{"check", FOLDER "/no.lua", NULL}, "No such file"},
        {{"merge", NULL}, "\"synfin merge\" wants a file"},
        {{"merge", FOLDER "/no.report", NULL}, "no.report: No such file"},
        {{"merge", path, NULL}, ":1: here should be \"synfin-check-report\" and a number; name a file"},
        {{"merge", path, "--lang=zh", NULL}, ":1: 这里应当是 \"synfin-check-report\" 和一个数字；请给出"},
        {{"check", path, "--report=" FOLDER, NULL}, "can't write " FOLDER ": Is a directory"},
        {{"check", path, "--time=0", NULL}, "--time wants a time such as 30s"},
        {{"check", path, "--jobs=10000", NULL}, "--jobs wants a whole number in 1..256"},
        {{"run", path, "--runs=5", NULL}, "--runs is no option"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_about("synfin %s %s", cases[i].words[0], cases[i].words[1] == NULL ? "" : cases[i].words[2]);
        const char *const *words = cases[i].words;
        struct finished refused = SYNFIN(words[0], words[1], words[2], words[3]);
        CHECK_EQ(refused.status, 2);
        CHECK_STR(refused.out, "");
        CHECK_CONTAINS(refused.err, cases[i].says);
        CHECK_EQ(count_of(refused.err, "synfin: "), 1);
        free_finished(&refused);
    }
}

int main(void) {
    mkdir(FOLDER, 0777);
    for (size_t i = 0; i < PLANTED; i++)
        check_planted(&planted[i]);
    const struct planted good = {"good", "",
                                 "faults { loss = 0.2, duplicate = 0.1, reorder = 0.1, delay = { 0, 30 * ms } }\n"
                                 "covers({ en = 'the client gets on', zh = '客户端连上了' }, function (w) return "
                                 "w.client.connection(1).established end)\n"
                                 "covers({ en = 'it goes wrong', zh = '出了事' }, function (w) return false end)\n",
                                 0, NULL};
    char *path = strdup(write_planted(&good));
    const char *failing = FOLDER "/three-losses.lua";
    check_jobs(path, 0);
    check_jobs(failing, 1);
    check_shards(path, 0);
    check_empty_shard(path);
    check_shards(failing, 1);
    check_foreign_shards(path, failing);
    check_damaged_reports();
    check_saved_settings();
    check_reports_elsewhere(path);
    check_coverage(path);
    check_incomplete(path);
    check_one_run(failing);
    check_functions();
    check_refused(path);
    free(path);
    return check_result();
}
