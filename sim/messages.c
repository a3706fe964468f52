#include "sim/messages.h"

#include <assert.h>

static const char *const texts[MESSAGE_COUNT][LANGUAGES] = {
    [MESSAGE_UNKNOWN_COMMAND] = {"there is no command \"{1}\"", "没有“{1}”这个命令"},
    [MESSAGE_UNKNOWN_OPTION] = {"there is no option {1}", "没有 {1} 这个选项"},
    [MESSAGE_OPTION_ELSEWHERE] = {"{1} is no option of \"synfin {2}\"", "“synfin {2}”不接受选项 {1}"},
    [MESSAGE_DID_YOU_MEAN] = {"; did you mean {1}?", "；是不是想写 {1}？"},
    [MESSAGE_TOO_OFTEN] = {"{1} was given more than 64 times", "{1} 出现了超过 64 次"},
    [MESSAGE_VALUE_MISSING] = {"{1} wants a value: {1} {2}", "{1} 缺少取值，应写作 {1} {2}"},
    [MESSAGE_VALUE_NOT_WANTED] = {"{1} takes no value, but got \"{2}\"", "{1} 不带取值，却给了“{2}”"},
    [MESSAGE_NOT_A_SEED] = {"--seed wants a whole number from 0 to 18446744073709551615, not \"{1}\"",
                            "--seed 应为 0 到 18446744073709551615 之间的整数，而不是“{1}”"},
    [MESSAGE_NOT_A_WIDTH] = {"--width wants a number of columns from 72 to 400, not \"{1}\"",
                             "--width 应为 72 到 400 之间的列数，而不是“{1}”"},
    [MESSAGE_NOT_A_LANGUAGE] = {"{2} wants en or zh, not \"{1}\"", "{2} 应为 en 或 zh，而不是“{1}”"},
    [MESSAGE_NOT_A_SETTING] = {"--set wants NAME=VALUE, such as loss=0.1, not \"{1}\"",
                               "--set 应写作“名字=值”，例如 loss=0.1，而不是“{1}”"},
    [MESSAGE_OPERAND_MISSING] = {"\"synfin {1}\" wants a file: synfin {1} {2}",
                                 "“synfin {1}”缺少文件，应写作 synfin {1} {2}"},
    [MESSAGE_OPERAND_TOO_MANY] = {"\"synfin {1}\" has no use for the argument \"{2}\"", "“synfin {1}”用不上参数“{2}”"},
    [MESSAGE_BOTH_TO_STDOUT] = {"--trace - and --digest can't both have standard output",
                                "--trace - 与 --digest 不能同时占用标准输出"},
    [MESSAGE_SEE_HELP] = {"\"synfin {1}\" tells what is possible", "用法见“synfin {1}”"},

    [MESSAGE_CANNOT_WRITE] = {"can't write {1}: {2}", "无法写入 {1}：{2}"},
    [MESSAGE_BAD_TRACE] = {"{1}: {2}", "{1}：{2}"},
    [MESSAGE_CANNOT_OPEN_FOLDER] = {"can't list {1}: {2}", "无法列出 {1}：{2}"},
    [MESSAGE_STDOUT] = {"standard output", "标准输出"},
    [MESSAGE_NO_LIBRARY] = {"there is no folder scenarios/ here; name the folder: synfin list DIR",
                            "这里没有 scenarios/ 目录；请写明目录：synfin list DIR"},
    [MESSAGE_NO_SCENARIOS] = {"there is no scenario (*.lua) in {1}", "{1} 里没有情景文件（*.lua）"},

    [MESSAGE_CLAIM_FAILED] = {"claim failed: {1}", "断言不成立：{1}"},
    [MESSAGE_CLAIM_FAULTY] = {"faulty claim or function: {1}", "断言或函数本身有错：{1}"},
    [MESSAGE_WHERE] = {"where: {1}", "位置：{1}"},
    [MESSAGE_BUILT_IN] = {"built in", "内置性质"},
    [MESSAGE_WHEN] = {"when:  {1}", "时刻：{1}"},
    [MESSAGE_FOUND] = {"found: {1}", "所见：{1}"},
    [MESSAGE_AGAIN] = {"again: {1}", "重现：{1}"},

    [MESSAGE_SYNOPSIS] = {"usage:", "用法："},
    [MESSAGE_COMMANDS] = {"commands:", "命令："},
    [MESSAGE_OPTIONS] = {"options:", "选项："},
    [MESSAGE_STATUS] =
        {"exit status: 0 every claim holds, 1 a claim fails, 2 bad input or output that can't be written,\n"
         "             3 incomplete, 4 a bug in synfin",
         "退出码：0 断言全部成立，1 有断言不成立，2 输入有误或输出写不出去，\n"
         "        3 未完成，4 synfin 自身的错误"},
    [MESSAGE_RUN] = {"run a scenario and print its timeline", "运行一个情景，打印时间线"},
    [MESSAGE_RUN_MORE] =
        {"Runs the scenario once, in virtual time, and prints what every segment was and why it was sent.\n"
         "The same command prints the same everywhere.",
         "在虚拟时间里把情景运行一遍，逐个打印报文段是什么、为什么发出。\n"
         "同一条命令在任何机器上输出都相同。"},
    [MESSAGE_VIEW] = {"print the timeline of a trace file", "打印轨迹文件里的时间线"},
    [MESSAGE_VIEW_MORE] = {"Prints what \"synfin run\" would have printed, from a file that its --trace wrote.",
                           "读取“synfin run --trace”写下的轨迹文件，打印运行当时会打印的内容。"},
    [MESSAGE_LIST] = {"list the scenarios, with the question that each answers", "列出全部情景和各自回答的问题"},
    [MESSAGE_LIST_MORE] = {"Lists every scenario below DIR; without DIR, the library that came with synfin.",
                           "列出 DIR 下的全部情景；不写 DIR 则列出 synfin 自带的情景库。"},
    [MESSAGE_RULES] = {"list the rules of TCP that --without knows", "列出 --without 认识的 TCP 规则"},
    [MESSAGE_RULES_MORE] = {"Lists each rule with its clause, what it does, and what a TCP without it does instead.",
                            "逐条列出规则：出处、作用，以及缺了它的 TCP 会怎么做。"},
    [MESSAGE_HELP] = {"print help, or a command's: synfin help run", "打印帮助，或某个命令的帮助：synfin help run"},
    [MESSAGE_HELP_MORE] = {"Prints what every command does; with COMMAND, that command's options.",
                           "打印各命令的用途；写明 COMMAND 则打印该命令的选项。"},

    [MESSAGE_OPTION_SEED] = {"the seed of the network's luck; 1 if not given", "网络运气的种子；默认为 1"},
    [MESSAGE_OPTION_SET] = {"give a parameter of the scenario another value, such as loss=0.1",
                            "改变情景声明的参数，例如 loss=0.1"},
    [MESSAGE_OPTION_WITHOUT] = {"take this rule from every host's TCP, or from one host's: server:time-wait",
                                "从所有主机的 TCP 中去掉一条规则，或只去掉一台主机的：server:time-wait"},
    [MESSAGE_OPTION_LANG] = {"language: en or zh (also through SYNFIN_LANG)",
                             "语言：en 或 zh（也可用环境变量 SYNFIN_LANG）"},
    [MESSAGE_OPTION_EXPLAIN] = {"below each line, the rules that were applied, with their clauses",
                                "在每行下面写出所用的规则及其出处"},
    [MESSAGE_OPTION_TRACE] = {"also write the run's trace to a file; - is standard output, instead of the timeline",
                              "另把运行轨迹写入文件；- 表示写到标准输出，代替时间线"},
    [MESSAGE_OPTION_DIGEST] = {"print the run's digest instead of its timeline",
                               "不打印时间线，只打印本次运行的摘要值"},
    [MESSAGE_OPTION_WIDTH] = {"columns to use, from 72; the terminal's if not given",
                              "使用的列数，至少 72；默认取终端宽度"},
    [MESSAGE_OPTION_ABSOLUTE] = {"absolute sequence numbers alone", "只显示绝对序号"},
    [MESSAGE_OPTION_ASCII] = {"draw with ASCII alone", "只用 ASCII 字符画图"},
    [MESSAGE_OPTION_QUIET] = {"print no timeline: the exit status and failed claims tell",
                              "不打印时间线，只看退出码和不成立的断言"},
    [MESSAGE_OPTION_HELP] = {"print this help", "打印本帮助"},
};

const char *message(enum language language, enum message which) {
    assert(which < MESSAGE_COUNT && texts[which][language] != NULL);
    return texts[which][language];
}

// What somebody else wrote may be meant to command the terminal.
static void put_value(FILE *out, const char *value) {
    if (value == NULL) return;
    for (; *value != '\0'; value++)
        fputc((unsigned char)*value < ' ' || *value == 0x7f ? '?' : *value, out);
}

void message_print(FILE *out, enum language language, enum message which, const char *first, const char *second) {
    const char *values[] = {first, second};
    for (const char *text = message(language, which); *text != '\0'; text++) {
        if (text[0] == '{' && (text[1] == '1' || text[1] == '2') && text[2] == '}') {
            put_value(out, values[text[1] - '1']);
            text += 2;
        } else {
            fputc(*text, out);
        }
    }
}

void message_error(enum language language, enum message which, const char *first, const char *second) {
    fputs("synfin: ", stderr);
    message_print(stderr, language, which, first, second);
    fputc('\n', stderr);
}
