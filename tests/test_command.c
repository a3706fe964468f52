// The command line meets mistakes with one clear error and the right exit status, and loses nothing silently.
#define _XOPEN_SOURCE 700  // mkdtemp()
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/support.h"

#define GOOD "scenarios/handshake/stale-duplicate-syn.lua"

enum { WORDS_MOST = 10 };

static char folder[] = SYNFIN_SCRATCH "/command-XXXXXX";  // emptied and removed at the end

// A path in `folder`, valid until eight more have been asked for.
static const char *at(const char *name) {
    static char paths[8][1000];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void write_file(const char *path, const char *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

// Runs synfin with these words. A word that begins with "@" is a path in `folder`.
static struct finished run(const char *const *words, enum stdout_is stdout_is) {
    const char *all[WORDS_MOST + 2] = {SYNFIN_BINARY};
    static char about[4000];
    size_t length = 0;
    about[0] = '\0';
    for (int i = 0; i < WORDS_MOST && words[i] != NULL; i++) {
        all[i + 1] = words[i][0] == '@' ? at(words[i] + 1) : words[i];
        length += (size_t)snprintf(about + length, sizeof about - length, " '%s'", all[i + 1]);
    }
    check_about("synfin%s", about);
    return run_process(all, stdout_is);
}

// ---- Mistakes ------------------------------------------------------------------------------------------------------

struct mistake {
    const char *words[WORDS_MOST];
    const char *says;  // on standard error
};

static const struct mistake mistakes[] = {
    {{NULL}, "usage:"},
    {{"rum", GOOD}, "no command \"rum\"; did you mean run?"},
    {{"xyzzy"}, "no command \"xyzzy\""},
    {{"help", "lits"}, "did you mean list?"},
    {{"run"}, "wants a file: synfin run FILE"},
    {{"view"}, "wants a file: synfin view TRACE"},
    {{"run", GOOD, GOOD}, "no use for the argument"},
    {{"rules", "more"}, "no use for the argument \"more\""},
    {{"run", GOOD, "--sed", "3"}, "no option --sed; did you mean --seed?"},
    {{"run", GOOD, "--explian"}, "did you mean --explain?"},
    {{"run", GOOD, "-x"}, "no option -x"},
    {{"view", "x", "--seed", "3"}, "--seed is no option of \"synfin view\""},
    {{"run", GOOD, "--seed"}, "--seed wants a value: --seed N"},
    {{"run", GOOD, "--trace"}, "--trace wants a value"},
    {{"run", GOOD, "--seed", "abc"}, "not \"abc\""},
    {{"run", GOOD, "--seed", "-1"}, "not \"-1\""},
    {{"run", GOOD, "--seed="}, "--seed wants a value"},
    {{"run", GOOD, "--profile", "plan9"}, "there is no profile \"plan9\"; there are rfc9293, linux, freebsd"},
    {{"run", GOOD, "--seed", "0x10"}, "not \"0x10\""},
    {{"run", GOOD, "--seed", "18446744073709551616"}, "not \"18446744073709551616\""},
    {{"run", GOOD, "--width", "71"}, "from 72 to 400, not \"71\""},
    {{"run", GOOD, "--width", "401"}, "not \"401\""},
    {{"run", GOOD, "--width", "wide"}, "not \"wide\""},
    {{"run", GOOD, "--lang", "fr"}, "--lang wants en or zh, not \"fr\""},
    {{"run", GOOD, "--explain=yes"}, "--explain takes no value, but got \"yes\""},
    {{"run", GOOD, "--set", "loss"}, "--set wants NAME=VALUE"},
    {{"run", GOOD, "--set", "=1"}, "--set wants NAME=VALUE"},
    {{"run", GOOD, "--set", "no-such-param=1"}, "no-such-param"},
    {{"run", GOOD, "--without", "three-way-handshak"}, "three-way-handshake"},
    {{"run", GOOD, "--without", ""}, "--without wants a value: --without [HOST:]RULE"},
    {{"run", GOOD, "--without", "no-such-host:time-wait"}, "no-such-host"},
    {{"run", GOOD, "--svg", "-", "--jsonl", "-"}, "only one output can have standard output"},
    {{"run", GOOD, "--mermaid", "@no-such-folder/x"}, "No such file or directory"},
    {{"run", GOOD, "--jsonl", "/dev/full"}, "can't write /dev/full: No space left"},
    {{"run", GOOD, "--trace", "-", "--digest"}, "only one output can have standard output"},
    {{"run", GOOD, "--lang", "zh", "--seed", "abc"}, "而不是“abc”"},
    {{"run", "@no-such-file.lua"}, "No such file"},
    {{"run", "@"}, "directory"},
    {{"run", "@empty.lua"}, "empty.lua"},
    {{"run", "@zeros.lua"}, "zeros.lua"},
    {{"run", "@wrong.lua"}, "wrong.lua:1:"},
    {{"run", ""}, "synfin: "},
    {{"run", GOOD, "--trace", "@no-such-folder/trace"}, "No such file or directory"},
    {{"run", GOOD, "--trace", "@"}, "directory"},
    {{"run", GOOD, "--trace", "/dev/full"}, "can't write /dev/full: No space left"},
    {{"view", "@no-such-file"}, "No such file"},
    {{"view", "@"}, "directory"},
    {{"view", "@empty.lua"}, "not a trace"},
    {{"view", "README.md"}, "not a trace"},
    {{"view", "@cut.trace"}, "cut off"},
    {{"view", "@future.trace"}, "version"},
    {{"view", "@flipped.trace"}, "flipped.trace"},
    {{"view", "-"}, "standard input: offset 0: this is not a trace"},
    {{"rules", "--properties", "--ledger"}, "--properties and --ledger are two lists; ask for one"},
    {{"list", "@no-such-folder"}, "No such file"},
    {{"list", "@wrong.lua"}, "Not a directory"},
    {{"list", "@nothing"}, "no scenario"},
};

static void check_mistakes(void) {
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct finished finished = run(mistakes[i].words, STDOUT_KEPT);
        CHECK_EQ(finished.status, 2);
        CHECK_CONTAINS(finished.err, mistakes[i].says);
        free_finished(&finished);
    }
    setenv("SYNFIN_LANG", "fr", 1);
    const char *words[] = {"rules", NULL};
    struct finished finished = run(words, STDOUT_KEPT);
    CHECK_EQ(finished.status, 2);
    CHECK_CONTAINS(finished.err, "SYNFIN_LANG wants en or zh");
    free_finished(&finished);
    unsetenv("SYNFIN_LANG");
}

// ---- Output that can't be written ----------------------------------------------------------------------------------

static void check_lost_output(void) {
    static const char *const commands[][WORDS_MOST] = {
        {"run", GOOD},
        {"run", GOOD, "--digest"},
        {"run", GOOD, "--trace", "-"},
        {"run", GOOD, "--jsonl", "-"},
        {"view", "@good.trace", "--mermaid", "-"},
        {"view", "@good.trace", "--svg", "-"},
        {"view", "@good.trace"},
        {"list"},
        {"rules", "--lang", "zh"},
        {"help"},
        {"run", "--help"},
        {"--version"},
    };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        for (enum stdout_is where = STDOUT_CLOSED; where <= STDOUT_FULL; where++) {
            struct finished finished = run(commands[i], where);
            CHECK_EQ(finished.status, 2);
            const char *reason = where == STDOUT_FULL ? "No space left" : "Bad file descriptor";
            CHECK_CONTAINS(finished.err, reason);
            free_finished(&finished);
        }
    }
}

// A trace goes to the file that was named, even where standard output is closed and its number free.
static void check_closed_output_and_trace(void) {
    const char *words[] = {"run", GOOD, "--quiet", "--trace", "@closed.trace", NULL};
    struct finished finished = run(words, STDOUT_CLOSED);
    CHECK_EQ(finished.status, 0);
    free_finished(&finished);
    size_t length = 0, expected = 0;
    char *written = read_whole_file(at("closed.trace"), &length);
    char *good = read_whole_file(at("good.trace"), &expected);
    CHECK(written != NULL && good != NULL && length == expected && memcmp(written, good, length) == 0);
    free(written);
    free(good);
}

// ---- What is right -------------------------------------------------------------------------------------------------

// Expects the status, and returns standard output, to be freed.
static char *output_of(const char *const *words, int status) {
    struct finished finished = run(words, STDOUT_KEPT);
    CHECK_EQ(finished.status, status);
    free(finished.err);
    return finished.out;
}

static void check_same_output(const char *const *a, const char *const *b) {
    char *from_a = output_of(a, 0), *from_b = output_of(b, 0);
    CHECK_STR(from_b, from_a);
    CHECK(from_a[0] != '\0');
    free(from_a);
    free(from_b);
}

static void check_traces(void) {
    const char *run_it[] = {"run", GOOD, NULL}, *view_it[] = {"view", "@good.trace", NULL};
    check_same_output(run_it, view_it);
    const char *read_it[] = {"view", "-", NULL};
    CHECK(freopen(at("good.trace"), "rb", stdin) != NULL);
    check_same_output(run_it, read_it);
    CHECK(freopen("/dev/null", "rb", stdin) != NULL);
    const char *run_zh[] = {"run", "--lang=zh", "--explain", "--", GOOD, NULL};
    const char *view_zh[] = {"view", "--explain", "@good.trace", "--lang", "zh", NULL};
    check_same_output(run_zh, view_zh);
    const char *run_digest[] = {"run", GOOD, "--digest", NULL},
               *view_digest[] = {"view", "@good.trace", "--digest", NULL};
    check_same_output(run_digest, view_digest);
}

static void check_help(void) {
    static const char *const commands[] = {"run", "view", "list", "rules", "help"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const char *help[] = {"help", commands[i], NULL}, *option[] = {commands[i], "--help", NULL};
        check_same_output(help, option);
        const char *short_zh[] = {commands[i], "-h", "--lang", "zh", NULL};
        char *text = output_of(short_zh, 0);
        CHECK_CONTAINS(text, "用法");
        free(text);
    }
    const char *all[] = {"--help", NULL}, *version[] = {"--version", NULL};
    char *text = output_of(all, 0);
    CHECK_CONTAINS(text, "synfin run FILE");
    free(text);
    text = output_of(version, 0);
    CHECK_STR(text, "synfin " SYNFIN_VERSION "\n");
    free(text);
}

// A failed claim says which, where, when and what, and a command that the shell reads back as the same run.
static void check_failed_claim(void) {
    const char *words[] = {"run",       "@it's failing.lua", "--set",           "word=it's \"a b\"", "--seed=7",
                           "--without", "a:time-wait",       "--profile=linux", "--quiet",           NULL};
    struct finished finished = run(words, STDOUT_KEPT);
    CHECK_EQ(finished.status, 1);
    CHECK_STR(finished.out, "");
    CHECK_CONTAINS(finished.err, "claim failed: the word is x");
    CHECK_CONTAINS(finished.err, "failing.lua:5");
    CHECK_CONTAINS(finished.err, "when:  0 s");
    const char *again = strstr(finished.err, "again: synfin ");
    if (CHECK(again != NULL)) {
        char line[4000];
        CHECK_CONTAINS(again, "--seed 7");
        CHECK_CONTAINS(again, "--profile linux");
        snprintf(line, sizeof line, "%s %.*s --quiet", SYNFIN_BINARY,
                 (int)strcspn(again + strlen("again: synfin "), "\n"), again + strlen("again: synfin "));
        const char *shell[] = {"/bin/sh", "-c", line, NULL};
        struct finished repeated = run_process(shell, STDOUT_KEPT);
        CHECK_EQ(repeated.status, 1);
        CHECK_STR(repeated.err, finished.err);
        free_finished(&repeated);
    }
    free_finished(&finished);
}

// A script that shows its errors, and a claim that is faulty, do the same in every language.
static void check_languages(void) {
    static const char *const scripts[] = {"tests/script/claim-faulty.lua", "tests/script/errors-seen.lua"};
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        struct finished english = SYNFIN("run", scripts[i], "--digest");
        struct finished chinese = SYNFIN("run", scripts[i], "--digest", "--lang", "zh");
        CHECK_EQ(english.status, 2);
        CHECK_EQ(chinese.status, 2);
        CHECK_STR(chinese.out, english.out);
        CHECK_CONTAINS(english.err, ": a host: no field 'acepted'; did you mean 'accepted'?\n");
        CHECK_CONTAINS(chinese.err, "所见：");
        CHECK_CONTAINS(chinese.err, ": 主机：没有这样的字段：“acepted”；是不是想写“accepted”？\n");
        free_finished(&english);
        free_finished(&chinese);
    }
}

// ---- The folder ----------------------------------------------------------------------------------------------------

static const char failing[] = "scenario { title = 'failing' }\n"
                              "local a, b = host 'a', host 'b'\n"
                              "link(a, b) { delay = 1 * ms }\n"
                              "local word = param('word', 'x')\n"
                              "finally('the word is x', function (w) return word == 'x' end)\n";

static void fill_folder(void) {
    CHECK(mkdtemp(folder) != NULL);
    CHECK(mkdir(at("nothing"), 0777) == 0);
    write_file(at("empty.lua"), "", 0);
    write_file(at("zeros.lua"), "\0\0\0\0", 4);
    write_file(at("wrong.lua"), "scenario {", 10);
    write_file(at("it's failing.lua"), failing, sizeof failing - 1);
    const char *words[] = {"run", GOOD, "--quiet", "--trace", "@good.trace", NULL};
    free(output_of(words, 0));
    size_t length = 0;
    char *trace = read_whole_file(at("good.trace"), &length);
    if (!CHECK(trace != NULL && length > 200)) return;
    write_file(at("cut.trace"), trace, length / 2);
    trace[length / 2] = (char)(trace[length / 2] ^ 0x80);
    trace[40] = (char)(trace[40] ^ 0x80);
    write_file(at("flipped.trace"), trace, length);
    trace[7]++;
    write_file(at("future.trace"), trace, length);
    free(trace);
}

// Only what this test put there is there: nothing half-written was left. Then all is removed.
static void empty_folder(void) {
    static const char *const names[] = {"empty.lua", "zeros.lua",     "wrong.lua",    "it's failing.lua", "good.trace",
                                        "cut.trace", "flipped.trace", "future.trace", "closed.trace",     "nothing"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        remove(at(names[i]));
    check_about("files left in %s", folder);
    CHECK(rmdir(folder) == 0);
}

int main(void) {
    unsetenv("SYNFIN_LANG");
    fill_folder();
    check_mistakes();
    check_lost_output();
    check_closed_output_and_trace();
    check_traces();
    check_help();
    check_failed_claim();
    check_languages();
    empty_folder();
    return check_result();
}
