// Scenarios that are right: what a script says is what its world does. The scripts stand in tests/script.
#include "core/tcp.h"
#include "sim/host/record.h"
#include "sim/script/scenario.h"
#include "sim/script/suggest.h"
#include "tests/check.h"

#define SCRIPTS SYNFIN_SOURCE_DIR "/tests/script/"

static struct scenario *load(const char *name, const struct scenario_options *options) {
    char path[512], error[1024] = "";
    snprintf(path, sizeof path, "%s%s.lua", SCRIPTS, name);
    struct scenario *scenario = scenario_load(path, options, error, sizeof error);
    check_about("%s", name);
    CHECK_STR(error, "");
    CHECK(scenario != NULL);
    return scenario;
}

// Runs the world; its failures must be those of `claims`, in order, each with its detail. Ends with NULL.
static void check_run(struct scenario *scenario, enum run_status status, const char *const (*claims)[2]) {
    struct world *world = scenario_world(scenario);
    CHECK_EQ(world_run(world), status);
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    uint32_t expected = 0;
    for (; claims != NULL && claims[expected][0] != NULL; expected++) {
        if (!CHECK(expected < count)) break;
        CHECK_CONTAINS(failures[expected].claim[0], claims[expected][0]);
        CHECK_CONTAINS(failures[expected].detail.text[0], claims[expected][1]);
    }
    if (!CHECK_EQ(count, expected))
        for (uint32_t i = 0; i < count; i++)
            fprintf(stderr, "    %s (%s): %s\n", failures[i].claim[0], failures[i].where, failures[i].detail.text[0]);
}

static void check_script(const char *name, const struct scenario_options *options, enum run_status status,
                         const char *const (*claims)[2]) {
    struct scenario *scenario = load(name, options);
    if (scenario == NULL) return;
    check_run(scenario, status, claims);
    scenario_free(scenario);
}

// ---- The stale duplicate SYN -----------------------------------------------------------------------------------

static void design_example(void) {
    struct scenario *scenario = load("design", NULL);
    if (scenario == NULL) return;
    const struct scenario_info *info = scenario_info(scenario);
    CHECK_STR(info->title[0], "Stale duplicate SYN");
    CHECK_STR(info->title[1], "滞留的重复 SYN");
    CHECK_STR(info->about[1], "为什么是三次握手而不是两次。");
    CHECK_STR(info->question[0], "");
    CHECK_EQ(info->needs_count, 1);
    CHECK_STR(info->needs[0], "three-way-handshake");
    CHECK_EQ(info->source_count, 2);
    CHECK_STR(info->sources[1], "RFC 9293 figure 8");
    CHECK(!info->has_functions);
    check_run(scenario, RUN_HOLDS, NULL);
    scenario_free(scenario);
}

static void without_a_rule(void) {
    static const char *const everywhere[] = {"three-way-handshake"};
    static const char *const at_server[] = {"server:three-way-handshake"};
    for (int i = 0; i < 2; i++) {
        struct scenario_options options = {.without = i == 0 ? everywhere : at_server, .without_count = 1};
        struct scenario *scenario = load("design", &options);
        if (scenario == NULL) continue;
        CHECK_EQ(world_run(scenario_world(scenario)), RUN_CLAIM_FAILS);
        uint32_t count;
        const struct failure *failures = world_failures(scenario_world(scenario), &count);
        bool found = false;
        for (uint32_t k = 0; k < count; k++)
            if (strcmp(failures[k].claim[0], "one visitor was served") == 0) {
                found = true;
                CHECK_STR(failures[k].detail.text[0], "server.accepted = 3");  // the held SYN and its repetition, too
                CHECK_CONTAINS(failures[k].where, "design.lua:19");
            }
        CHECK(found);
        scenario_free(scenario);
    }
}

// ---- Command line ----------------------------------------------------------------------------------------------

static void parameters(void) {
    static const char *const sets[] = {"delay=5ms", "loss=0.25", "name=guest", "polite=false"};
    struct scenario_options options = {.sets = sets, .set_count = 4};
    struct scenario *scenario = load("params", &options);
    if (scenario == NULL) return;
    const struct scenario_info *info = scenario_info(scenario);
    if (CHECK_EQ(info->param_count, 4)) {
        CHECK_STR(info->params[0].name, "delay");
        CHECK_STR(info->params[0].initial, "20000000");
        CHECK_STR(info->params[0].value, "5000000");
        CHECK_STR(info->params[3].initial, "true");
        CHECK_STR(info->params[3].value, "false");
    }
    check_run(scenario, RUN_HOLDS, NULL);
    scenario_free(scenario);
}

// What the command line gets wrong is one error, too.
static void refused_options(void) {
    static const struct {
        const char *set, *without, *error;
    } cases[] = {
        {"los=0.1", NULL,
         "--set los=0.1: there is no parameter 'los'; did you mean 'loss'? This scenario has delay, loss, "
         "name, polite"},
        {"frobnicate=1", NULL, "there is no parameter 'frobnicate'; this scenario has delay, loss, name, polite"},
        {"loss", NULL, "--set loss: there is no value; write --set name=value"},
        {"loss=much", NULL, "params.lua:2: --set loss=much: 'loss' is a number"},
        {"loss=", NULL, "--set loss=: 'loss' is a number"},
        {"loss=1.5", NULL, "params.lua:6: link: loss is 1.5; a probability"},
        {"delay=5parsecs", NULL, "'delay' is a number"},
        {"polite=perhaps", NULL, "write --set polite=true or --set polite=false"},
        {NULL, "three-way-handshak", "--without: no rule 'three-way-handshak'; did you mean 'three-way-handshake'?"},
        {NULL, "sever:time-wait", "--without: no host 'sever'; did you mean 'server'?"},
        {NULL, "server:", "--without"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char error[1024] = "";
        struct scenario_options options = {.sets = &cases[i].set,
                                           .set_count = cases[i].set != NULL,
                                           .without = &cases[i].without,
                                           .without_count = cases[i].without != NULL};
        check_about("--set %s --without %s", cases[i].set == NULL ? "" : cases[i].set,
                    cases[i].without == NULL ? "" : cases[i].without);
        struct scenario *scenario = scenario_load(SCRIPTS "params.lua", &options, error, sizeof error);
        CHECK(scenario == NULL);
        CHECK_CONTAINS(error, cases[i].error);
        CHECK_CONTAINS(error, SCRIPTS "params.lua:");
        scenario_free(scenario);
    }
}

static void unreadable_files(void) {
    static const char *const paths[] = {SCRIPTS "no-such-file.lua", SCRIPTS, ""};
    for (int i = 0; i < 3; i++) {
        char error[1024] = "";
        check_about("file '%s'", paths[i]);
        CHECK(scenario_load(paths[i], NULL, error, sizeof error) == NULL);
        CHECK_CONTAINS(error, paths[i]);
        CHECK_CONTAINS(error, "; name a scenario's file");
        const struct scenario_options options = {.language = 1};
        CHECK(scenario_load(paths[i], &options, error, sizeof error) == NULL);
        CHECK_CONTAINS(error, "；请写明场景文件");
    }
    char small[8];
    CHECK(scenario_load(SCRIPTS "no-such-file.lua", NULL, small, sizeof small) == NULL);
    CHECK(strlen(small) < sizeof small);
}

// ---- Claims and functions --------------------------------------------------------------------------------------

// A claim's text and detail in each language; where one is missing, the other stands for it.
static void claims_in_both_languages(void) {
    static const char *const said[][4] = {
        {"two were served", "接待了两位", "server.accepted = 1", "server.accepted = 1"},
        {"只有中文", "只有中文", "的确如此", "的确如此"},
        {"in English alone", "in English alone", "so it is", "是这样"},
    };
    struct scenario *scenario = load("claim-texts", NULL);
    if (scenario == NULL) return;
    CHECK_EQ(world_run(scenario_world(scenario)), RUN_CLAIM_FAILS);
    uint32_t count;
    const struct failure *failures = world_failures(scenario_world(scenario), &count);
    CHECK_EQ(count, 3);
    for (uint32_t i = 0; i < 3 && i < count; i++) {
        for (int k = 0; k < TCP_LANGUAGES; k++) {
            CHECK_STR(failures[i].claim[k], said[i][k]);
            CHECK_STR(failures[i].detail.text[k], said[i][2 + k]);
        }
    }
    scenario_free(scenario);
    static const char *const german[][2] = {
        {"words", "claim-bad-detail.lua:4: the claim's function returned a table; it must return false and a text, or"},
        {NULL, NULL}};
    check_script("claim-bad-detail", NULL, RUN_BAD_INPUT, german);
}

static void claims(void) {
    static const char *const failures[][2] = {
        {"nothing is ever sent", "in_flight = 1"},
        {"the server has nothing after 1 ms", "server.opened = 1"},
        {"two were served", "server.accepted = 1"},
        {"with words of its own", "so it is"},
        {"what came", "server.connection(1).received = \"hello\""},
        {NULL, NULL},
    };
    check_script("claims", NULL, RUN_CLAIM_FAILS, failures);
    static const char *const misspelt[][2] = {
        {"one was served", "claim-faulty.lua:5: a host: no field 'acepted'; did you mean 'accepted'?"}, {NULL, NULL}};
    check_script("claim-faulty", NULL, RUN_BAD_INPUT, misspelt);
    static const char *const silent[][2] = {
        {"no return",
         "claim-no-boolean.lua:4: the claim's function returned nothing (nil); it must return true or false"},
        {NULL, NULL}};
    check_script("claim-no-boolean", NULL, RUN_BAD_INPUT, silent);
    static const char *const endless[][2] = {{"never", "claim-endless.lua:4: "}, {NULL, NULL}};
    check_script("claim-endless", NULL, RUN_BAD_INPUT, endless);
    check_script("view-escapes", NULL, RUN_HOLDS, NULL);
}

// What is wrong with a claim is said in both languages.
static void faulty_in_chinese(void) {
    static const char *const cases[][2] = {
        {"claim-faulty", "claim-faulty.lua:5: 主机：没有这样的字段：“acepted”；是不是想写“accepted”？"},
        {"claim-no-boolean", "claim-no-boolean.lua:4: 断言的函数返回了空值 nil；应返回 true 或 false"},
        {"claim-bad-detail",
         "claim-bad-detail.lua:4: 断言的函数返回了表；应返回 false 和一段文字，或 { en = \"text\", zh = \"文字\" }"},
        {"claim-endless", "claim-endless.lua:4: 脚本用完了 200 万步的预算（是不是死循环？）"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t count;
        struct scenario *scenario = load(cases[i][0], NULL);
        if (scenario == NULL) continue;
        CHECK_EQ(world_run(scenario_world(scenario)), RUN_BAD_INPUT);
        const struct failure *failures = world_failures(scenario_world(scenario), &count);
        if (CHECK(count > 0)) CHECK_CONTAINS(failures[0].detail.text[1], cases[i][1]);
        scenario_free(scenario);
    }
}

static void function_steps(void) {
    struct scenario *scenario = load("functions", NULL);
    if (scenario == NULL) return;
    CHECK(scenario_info(scenario)->has_functions);
    CHECK(world_fork(scenario_world(scenario), NULL) == NULL);
    check_run(scenario, RUN_HOLDS, NULL);
    scenario_free(scenario);
    scenario = load("function-fails", NULL);
    if (scenario == NULL) return;
    CHECK_EQ(world_run(scenario_world(scenario)), RUN_BAD_INPUT);
    uint32_t count;
    const struct failure *failures = world_failures(scenario_world(scenario), &count);
    if (CHECK(count > 0))
        CHECK_CONTAINS(failures[0].detail.text[0],
                       "function-fails.lua:3: a host: no field 'opend'; did you mean 'opened'?");
    if (count > 0)
        CHECK_CONTAINS(failures[0].detail.text[1],
                       "function-fails.lua:3: 主机：没有这样的字段：“opend”；是不是想写“opened”？");
    scenario_free(scenario);
}

// A function step runs in a world that is built, even where it runs before anything else.
static void late_declarations(void) {
    static const char *const cases[][2] = {
        {"declare-late-host", "declare-late-host.lua:3: host builds a scenario, and this one is running already"},
        {"declare-late-runs", "declare-late-runs.lua:3: note builds a scenario, and this one is running already"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const failures[][2] = {{"a function of the script", cases[i][1]}, {NULL, NULL}};
        check_script(cases[i][0], NULL, RUN_BAD_INPUT, failures);
    }
}

// A fork asks the same Lua functions about itself.
static void forks(void) {
    struct scenario *scenario = load("design", NULL);
    if (scenario == NULL) return;
    for (int i = 0; i < 5; i++)
        CHECK_EQ(world_step(scenario_world(scenario)), RUN_RUNNING);
    struct world *fork = world_fork(scenario_world(scenario), NULL);
    if (CHECK(fork != NULL)) {
        CHECK_EQ(world_run(fork), RUN_HOLDS);
        world_free(fork);
    }
    check_run(scenario, RUN_HOLDS, NULL);
    scenario_free(scenario);
}

// ---- What the trace says ---------------------------------------------------------------------------------------

// The words of the steps as the timeline prints them.
static void words(void) {
    static const char *const expected[] = {
        "note \"It begins.\"",
        "sleep(100 * ms)",
        "sleep_until(200 * ms)",
        "connect(server, 80, { from = 40005 })",
        "send \"request\"",
        "recv(7)",
        "wait_state \"CLOSE-WAIT\"",
        "close()",
        "recv_eof()",
        "connect(server, 81, { fails = \"connection reset\" })",
        "send(fill(100), { urgent = true })",
        "sockets_close()",
        "abort()",
        "request({ times = 3, send = 100, recv = 50 })",
        "serve({ request = 100, response = 50 })",
        "serve(\"sink\", { may_fail = true })",
        "crash(\"the other one\")",
        "listen(85, { ... })",
        "link_down(\"the other one\", client)",
        "recv(1, { fails = \"connection reset\" })",
        "observe { from = client, to = server, flags = \"SYN\" }",
        "exit()",
    };
    enum { EXPECTED = sizeof expected / sizeof expected[0] };
    bool found[EXPECTED] = {false};
    struct trace trace;
    trace_init(&trace);
    struct scenario_options options = {.trace = &trace, .command = "synfin run everything.lua"};
    struct scenario *scenario = load("everything", &options);
    if (scenario != NULL) check_run(scenario, RUN_HOLDS, NULL);
    size_t offset = 0;
    struct trace_record raw;
    struct record record;
    while (trace_next(&trace, &offset, &raw)) {
        if (!record_decode(&raw, &record) || record.kind != RECORD_CALL) continue;
        for (int i = 0; i < EXPECTED; i++)
            found[i] = found[i] || (record.call.text.length == strlen(expected[i]) && record.call.line > 0 &&
                                    memcmp(record.call.text.bytes, expected[i], record.call.text.length) == 0);
    }
    for (int i = 0; i < EXPECTED; i++) {
        check_about("%s", expected[i]);
        CHECK(found[i]);
    }
    scenario_free(scenario);
    trace_free(&trace);
}

// ---- Profiles ---------------------------------------------------------------------------------------------------

static void profiles(void) {
    static const char *const window = "first=64240";
    const struct scenario_options linux_options = {.seed = 1, .sets = &window, .set_count = 1, .profile = "linux"};
    check_script("profiles", NULL, RUN_HOLDS, NULL);
    check_script("profiles", &linux_options, RUN_HOLDS, NULL);
    const struct scenario_options unknown = {.profile = "plan9"};
    char error[512] = "";
    CHECK(scenario_load(SCRIPTS "profiles.lua", &unknown, error, sizeof error) == NULL);
    CHECK_CONTAINS(error, "--profile: no profile 'plan9'; there are \"rfc9293\", \"linux\" and \"freebsd\"");
}

// ---- TIME-WAIT behind a newer connection ------------------------------------------------------------------------

static void behind(void) {
    static const char *const ways[] = {"way=runs-out", "way=comes-back", "way=crash"};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        const struct scenario_options options = {.seed = 1, .sets = &ways[i], .set_count = 1};
        check_about("%s", ways[i]);
        check_script("behind", &options, RUN_HOLDS, NULL);
    }
}

// ---- The description for editors -------------------------------------------------------------------------------

static void read_text(const char *path, char *text, size_t size) {
    FILE *file = fopen(path, "r");
    text[0] = '\0';
    if (!CHECK(file != NULL)) return;
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

// scenarios/synfin.meta.lua describes each name of the API, and no other: tests/script/names.lua lists and uses them.
static void described_names(void) {
    static char meta[65536], names[65536];
    read_text(SYNFIN_SOURCE_DIR "/scenarios/synfin.meta.lua", meta, sizeof meta);
    read_text(SCRIPTS "names.lua", names, sizeof names);
    for (const char *line = strtok(meta, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char name[64] = "", quoted[80];
        bool found = sscanf(line, "function %63[a-z_A-Z](", name) == 1 && strchr(line, ':') == NULL;
        if (!found) found = sscanf(line, "%63[a-zA-Z_] = ", name) == 1 && strstr(line, " = ") == line + strlen(name);
        if (!found) continue;
        snprintf(quoted, sizeof quoted, "\"%s\"", name);
        check_about("%s", line);
        char *at = strstr(names, quoted);
        if (CHECK(at != NULL)) memset(at, ' ', strlen(quoted));
    }
    check_about("names that scenarios/synfin.meta.lua lacks");
    char *rest = strstr(names, "{");
    if (CHECK(rest != NULL)) rest[strcspn(rest, "}")] = '\0';
    CHECK(rest == NULL || strchr(rest, '"') == NULL);
    check_script("names", NULL, RUN_HOLDS, NULL);
}

// ---- Did you mean ----------------------------------------------------------------------------------------------

static void suggestions(void) {
    static const struct {
        const char *wanted, *candidate;
        size_t distance;
        bool near;
    } cases[] = {
        {"accept", "accepted", 2, true}, {"acepted", "accepted", 1, true},
        {"rcv_nxt", "rcv_nxt", 0, true}, {"rvc_nxt", "rcv_nxt", 1, true},
        {"SYN", "syn", 0, true},         {"x", "s", 1, false},
        {"abc", "xyz", 3, false},        {"m", "ms", 1, false},
        {"mss", "ms", 1, true},          {"frobnicate", "connect", 6, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct suggestion suggestion;
        check_about("%s %s", cases[i].wanted, cases[i].candidate);
        suggest_begin(&suggestion, cases[i].wanted);
        suggest_add(&suggestion, cases[i].candidate);
        if (cases[i].near) CHECK_EQ(suggestion.distance, cases[i].distance);
        CHECK_STR(suggestion.best, cases[i].near ? cases[i].candidate : "");
    }
}

// MAY-9: each end hears the code point that the other has chosen last.
static void test_diffserv(void) {
    check_script("diffserv", NULL, RUN_HOLDS, NULL);
}

int main(void) {
    suggestions();
    test_diffserv();
    check_script("environment", NULL, RUN_HOLDS, NULL);
    design_example();
    without_a_rule();
    parameters();
    refused_options();
    unreadable_files();
    claims();
    claims_in_both_languages();
    faulty_in_chinese();
    function_steps();
    late_declarations();
    forks();
    check_script("inject", NULL, RUN_HOLDS, NULL);
    check_script("ipv6", NULL, RUN_HOLDS, NULL);
    check_script("options", NULL, RUN_HOLDS, NULL);
    check_script("forged-options", NULL, RUN_HOLDS, NULL);
    profiles();
    words();
    behind();
    described_names();
    return check_result();
}
