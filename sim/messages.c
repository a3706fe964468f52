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
    [MESSAGE_NOT_A_PROFILE] = {"there is no profile \"{1}\"; there are {2}", "没有名为“{1}”的主机类型；有 {2}"},
    [MESSAGE_OPERAND_MISSING] = {"\"synfin {1}\" wants a file: synfin {1} {2}",
                                 "“synfin {1}”缺少文件，应写作 synfin {1} {2}"},
    [MESSAGE_OPERAND_TOO_MANY] = {"\"synfin {1}\" has no use for the argument \"{2}\"", "“synfin {1}”用不上参数“{2}”"},
    [MESSAGE_BOTH_TO_STDOUT] = {"only one output can have standard output: one \"-\", or --digest",
                                "标准输出只能给一项输出：一个“-”，或 --digest"},
    [MESSAGE_PCAP_WANTS_FOLDER] =
        {"--pcap wants a folder, for a capture of each host; --pcap-merged - is standard output",
         "--pcap 应为目录，每台主机各写一个抓包文件；要写到标准输出，用 --pcap-merged -"},
    [MESSAGE_BOTH_WANTS] = {"--both shows a run with every rule beside one without some: it wants --without RULE and "
                            "--html FILE",
                            "--both 把规则齐全的运行与去掉规则的运行并排播放：还需要 --without RULE 和 --html FILE"},
    [MESSAGE_BESIDE_WANTS] = {"--beside is for the page of a player: it wants --html FILE",
                              "--beside 用于播放网页：还需要 --html FILE"},
    [MESSAGE_STDIN_TWICE] = {"standard input can be one trace only: one \"-\"", "标准输入只能给出一份记录：一个“-”"},
    [MESSAGE_NOT_A_COUNT] = {"{1} wants a whole number in {2}", "{1} 应为 {2} 范围内的整数"},
    [MESSAGE_NOT_A_TIME] = {"--time wants a time such as 30s, 500ms or 2min, not \"{1}\"",
                            "--time 应写作 30s、500ms 或 2min 这样的时间，而不是“{1}”"},
    [MESSAGE_NOT_A_SHARD] = {"--shard wants I/N with I from 1 to N, such as 2/8, not \"{1}\"",
                             "--shard 应写作 I/N，I 从 1 到 N，例如 2/8，而不是“{1}”"},
    [MESSAGE_NOT_A_BUDGET] = {"{1} wants a whole number in {2}; for none, leave it out, or, where the scenario has "
                              "bounds of its own, write --no-budgets",
                              "{1} 应为 {2} 范围内的整数；不要预算就去掉它，若场景自己写了 bounds，则用 --no-budgets"},
    [MESSAGE_BUDGETS_OR_NONE] =
        {"--no-budgets contradicts --drop, --duplicate, --overtake and --fire; a budget that is "
         "left out beside another one is none already",
         "--no-budgets 与 --drop、--duplicate、--overtake、--fire 互相矛盾；只要给了其中一个，"
         "没给的就已经是零"},
    [MESSAGE_ONE_LIST] = {"--properties and --ledger are two lists; ask for one",
                          "--properties 和 --ledger 是两个列表；一次只能列出一个"},
    [MESSAGE_RUN_ALONE] = {"--run is one run alone; leave out --runs, --time and --shard",
                           "--run 只运行一次；请去掉 --runs、--time 和 --shard"},
    [MESSAGE_NO_LUCK] = {"{1}: every run would be the same; add faults { loss = 0.1 }, or luck to a link",
                         "{1}：每次运行都会一样；请加上 faults { loss = 0.1 }，或让链路带有随机性"},
    [MESSAGE_SAVED_ALREADY] = {"{1} has its fates already: it needs no luck, and there is nothing to save",
                               "{1} 里已经有 fates：它不靠运气，没有什么可保存的"},
    [MESSAGE_MERGED_BEFORE] = {"{1}: its shard was added already; each shard counts once",
                               "{1}：这个分片已经合并过；每个分片只算一次"},
    [MESSAGE_MERGED_OTHER] = {"{1}: it is a shard of another check: scenario, its text, --set, --without, --seed, "
                              "--runs and the number of shards must be the same in all",
                              "{1}：它是另一次检查的分片；场景及其文本、--set、--without、--seed、--runs "
                              "和分片数必须全部相同"},
    [MESSAGE_SEE_HELP] = {"\"synfin {1}\" tells what is possible", "用法见“synfin {1}”"},

    [MESSAGE_CANNOT_WRITE] = {"can't write {1}: {2}", "无法写入 {1}：{2}"},
    [MESSAGE_BAD_TRACE] = {"{1}: {2}", "{1}：{2}"},
    [MESSAGE_CANNOT_OPEN_FOLDER] = {"can't list {1}: {2}", "无法列出 {1}：{2}"},
    [MESSAGE_STDIN] = {"standard input", "标准输入"},
    [MESSAGE_STDOUT] = {"standard output", "标准输出"},
    [MESSAGE_NO_LIBRARY] = {"there is no folder scenarios/ here; name the folder: synfin list DIR",
                            "这里没有 scenarios/ 目录；请写明目录：synfin list DIR"},
    [MESSAGE_NO_SCENARIOS] = {"there is no scenario (*.lua) in {1}", "{1} 里没有场景文件（*.lua）"},

    [MESSAGE_CLAIM_FAILED] = {"claim failed: {1}", "断言不成立：{1}"},
    [MESSAGE_CLAIM_FAULTY] = {"faulty claim or function: {1}", "断言或函数本身有错：{1}"},
    [MESSAGE_WHERE] = {"where: {1}", "位置：{1}"},
    [MESSAGE_BUILT_IN] = {"built in", "内置性质"},
    [MESSAGE_WHEN] = {"when:  {1}", "时刻：{1}"},
    [MESSAGE_FOUND] = {"found: {1}", "所见：{1}"},
    [MESSAGE_AGAIN] = {"again: {1}", "重现：{1}"},

    [MESSAGE_CHECK_PASSED] = {"PASS: {2}: every claim holds in {1} runs", "通过：{2}：{1} 次运行中断言全部成立"},
    [MESSAGE_CHECK_FAILED] = {"FAIL: run {1}: {2}", "失败：第 {1} 次运行：{2}"},
    [MESSAGE_CHECK_INCOMPLETE] = {"INCOMPLETE: {2}: only {1} runs were done; in those every claim holds",
                                  "未完成：{2}：只运行了 {1} 次，其中断言全部成立"},
    [MESSAGE_CHECK_EMPTY] = {"EMPTY: {2}: none of the {1} runs is this shard's, so nothing was tried",
                             "空：{2}：全部 {1} 次运行都不在本分片，什么也没有检验"},
    [MESSAGE_CHECK_NONE] = {"INCOMPLETE: {2}: no run was done", "未完成：{2}：一次也没有运行"},
    [MESSAGE_TAP_END] = {"programs end as they say, and so does the run", "程序都按所说的那样结束，运行也是"},
    [MESSAGE_TAP_INCOMPLETE] = {"incomplete", "未完成"},
    [MESSAGE_CHECK_SHARD] = {"shard {1}", "分片 {1}"},
    [MESSAGE_CHECK_SHARDS] = {"shards: {1}", "分片：{1}"},
    [MESSAGE_CHECK_FATES] = {"It takes {1} of the {2} things that went wrong in that run:",
                             "那次运行出了 {2} 处意外，其中 {1} 处就足以使它失败："},
    [MESSAGE_CHECK_NO_FATES] = {"Nothing has to go wrong for it.", "不需要任何意外就会失败。"},
    [MESSAGE_CHECK_LUCKY] = {"It could not be shrunk: it fails with that run's luck alone.",
                             "无法缩减：只有那次运行的全部运气合在一起才会失败。"},
    [MESSAGE_CHECK_CUT] =
        {"cut off in the middle: {1} of them, where ACKs answer ACKs without end; TCP is known to do so after an old "
         "duplicate, a full window or a forgery: scenarios/weaknesses/*-storm.lua",
         "其中 {1} 次中途截断：ACK 互相答复，没有尽头；旧的重复报文段、占满的窗口或伪造的报文段会使 TCP 如此，"
         "见 scenarios/weaknesses/*-storm.lua"},
    [MESSAGE_CHECK_SHRINKING_CUT] = {"Shrinking was given up after {1} runs: fewer things may be enough.",
                                     "运行 {1} 次之后不再缩减：也许更少的意外就已足够。"},
    [MESSAGE_CHECK_MORE_FATES] = {"  ... and {1} more", "  …… 另有 {1} 处"},
    [MESSAGE_FATE_LOST] = {"{1}: lost", "{1}：丢失"},
    [MESSAGE_FATE_FLIPPED] = {"{1}: bits flipped: {2}", "{1}：翻转的比特数：{2}"},
    [MESSAGE_FATE_HELD] = {"{1}: {2} late", "{1}：迟到 {2}"},
    [MESSAGE_FATE_DOUBLED] = {"{1}: comes again {2} later", "{1}：{2} 之后又到一次"},
    [MESSAGE_FATE_CRASH] = {"{1} crashes at {2}", "{1} 在 {2} 崩溃"},
    [MESSAGE_FATE_BOOTS] = {", and boots at {1}", "，在 {1} 重启"},
    [MESSAGE_CHECK_SAVED] = {"saved: {1}", "已保存：{1}"},
    [MESSAGE_NOT_REPEATED] =
        {"run {1} ended otherwise when it was repeated: a bug in synfin, or claims that remember "
         "something from one run to the next in a variable outside of them",
         "第 {1} 次运行重复后结果不同：这是 synfin 的错误，或者断言用外部变量在各次运行之间记住了什么"},
    [MESSAGE_JOB_LOST] = {"a process of this check ended before its work was done",
                          "本次检查的一个进程没有做完就结束了"},
    [MESSAGE_NOT_SAVED] = {"what would be saved in {1} does not fail as the run did; it was not saved",
                           "要存入 {1} 的场景并不像那次运行那样失败，因此没有保存"},
    [MESSAGE_PROGRESS] = {"{1} runs", "已运行 {1} 次"},
    [MESSAGE_SHRINKING] = {"shrinking: {1} runs, {2} fates left", "正在缩减：已运行 {1} 次，还剩 {2} 处意外"},
    [MESSAGE_COVERED_FATES] = {"packets:", "包："},
    [MESSAGE_COVERED_STATES] = {"runs in which a state was seen:", "出现过各状态的运行次数："},
    [MESSAGE_COVERED_TRANSITIONS] = {"runs in which a change of state was seen:", "出现过各状态变化的运行次数："},
    [MESSAGE_COVERED_RULES] = {"runs in which a rule was applied:", "用到过各规则的运行次数："},
    [MESSAGE_COVERED_LABELS] = {"runs in which a label of the scenario was seen:", "出现过场景各标签的运行次数："},
    [MESSAGE_NEVER_SEEN] = {"never:", "从未出现："},
    [MESSAGE_FATES_SENT] = {"sent", "发出"},
    [MESSAGE_FATES_LOST] = {"lost", "丢失"},
    [MESSAGE_FATES_DUPLICATED] = {"doubled", "重复"},
    [MESSAGE_FATES_LATE] = {"late", "迟到"},
    [MESSAGE_FATES_CRASHED] = {"crashes of hosts", "主机崩溃"},
    [MESSAGE_FATES_CORRUPTED] = {"with flipped bits", "比特被翻转"},

    [MESSAGE_NOT_A_SIZE] = {"--memory wants a size such as 512MiB or 2GiB, not \"{1}\"",
                            "--memory 应为大小，例如 512MiB 或 2GiB，而不是“{1}”"},
    [MESSAGE_NOT_EXPLORED] = {"{1}: {2}", "{1}: {2}"},
    [MESSAGE_EXPLORE_HOLDS] = {"HOLDS: {1}: every schedule within the bounds was tried",
                               "成立：{1}：界限之内的每一种时序都试过了"},
    [MESSAGE_EXPLORE_FAILS] = {"FAILS: \"{1}\" is broken; actions in a shortest schedule that does so: {2}",
                               "不成立：“{1}”被违反；最短的时序有 {2} 步"},
    [MESSAGE_EXPLORE_DEADLOCK] =
        {"DEADLOCK: nothing can happen any more, and a program still waits; actions in a shortest schedule: {1}",
         "死锁：再没有什么可以发生，却还有程序在等待；最短的时序有 {1} 步"},
    [MESSAGE_EXPLORE_LIVELOCK] =
        {"LIVELOCK: a fair schedule goes round for ever; actions in a shortest way there: {1}, once around: {2}",
         "活锁：公平的时序可以一直兜圈子；走到那里最短要 {1} 步，兜一圈 {2} 步"},
    [MESSAGE_EXPLORE_ROUND] = {"once around: what happens behind {1} s, up to {2} s",
                               "兜一圈：上图中 {1} 秒之后、到 {2} 秒为止所发生的事"},
    [MESSAGE_EXPLORE_INCOMPLETE] = {"INCOMPLETE: {1}: {2}; what was tried holds", "未完成：{1}：{2}；试过的部分都成立"},
    [MESSAGE_LIMIT_MEMORY] = {"memory ran out", "内存用尽"},
    [MESSAGE_LIMIT_DEPTH] = {"there are longer schedules than --depth allows", "还有比 --depth 更长的时序"},
    [MESSAGE_LIMIT_STATE] = {"a state has too many packets, connections or programs", "某个状态里的包、连接或程序太多"},
    [MESSAGE_LIMIT_LIVELOCK] = {"every schedule was tried, but memory ran out before livelocks were looked for",
                                "每一种时序都试过了，但内存已用尽，没有查找活锁"},
    [MESSAGE_EXPLORE_BOUNDS] = {"bounds:      ", "界限："},
    [MESSAGE_BOUND_DROP] = {"{1} lost", "丢失 {1} 个"},
    [MESSAGE_BOUND_DUPLICATE] = {", {1} doubled", "，重复 {1} 个"},
    [MESSAGE_BOUND_OVERTAKE] = {", {1} overtaken", "，被超越 {1} 个"},
    [MESSAGE_BOUND_FIRE] = {", {1} repeated early", "，提前重传 {1} 次"},
    [MESSAGE_BOUND_DEPTH] = {", at most {1} actions", "，至多 {1} 步"},
    [MESSAGE_BOUND_SILENCE] = {", long timers at any time", "，长定时器随时可能到期"},
    [MESSAGE_EXPLORE_STATES] = {"states:      {1}, by {2} transitions", "状态：{1} 个，转移 {2} 次"},
    [MESSAGE_EXPLORE_DEPTH] = {"depth:       {1} actions; in {2} states it is all over",
                               "深度：{1} 步；有 {2} 个状态是终点"},
    [MESSAGE_EXPLORE_CUTS] = {"cut:         {1} states, in which more would be possible with larger budgets",
                              "截断：{1} 个状态，若预算更大还有别的可能"},
    [MESSAGE_EXPLORE_PAIRS] = {"both ends:   {1} pairs of states, {2} transitions between them",
                               "两端：{1} 种状态组合，{2} 种组合之间的转移"},
    [MESSAGE_EXPLORE_EDGES] = {"one end:     {1} of the {2} transitions of TCP's diagram",
                               "一端：TCP 状态图的 {2} 种转移中出现了 {1} 种"},
    [MESSAGE_EXPLORE_RULES] = {"rules:       {1} of {2} decided something", "规则：{2} 条中有 {1} 条起了作用"},
    [MESSAGE_EXPLORE_BUG] = {"the schedule that was found does not fail when it is repeated: a bug in synfin",
                             "找到的时序重演时却没有失败：这是 synfin 自身的错误"},
    [MESSAGE_EXPLORE_PROGRESS] = {"{1} states, {2} transitions", "已探索 {1} 个状态、{2} 次转移"},
    [MESSAGE_EXPLORE_PROGRESS_DEPTH] = {", depth {1}", "，深度 {1}"},
    [MESSAGE_EXPLORE_SPEED] = {"{1} states and {2} transitions a second", "每秒 {1} 个状态、{2} 次转移"},
    [MESSAGE_EXPLORE_MEMORY] = {"{1} bytes a stored state, and {2} MiB of frontier",
                                "每个存下的状态 {1} 字节，前沿另占 {2} MiB"},
    [MESSAGE_EXPLORE] = {"try every schedule of a scenario, within budgets", "在预算之内试遍一个场景的所有时序"},
    [MESSAGE_EXPLORE_MORE] =
        {"Tries, breadth first, every order in which segments arrive, timers fire and sleepers wake, and prints a\n"
         "shortest schedule that breaks a claim, as a timeline. Time is abstract: a timeout may come whenever its "
         "timer\n"
         "is armed, delays and scripted fates play no part, nor do expectations at a time. Segments arrive in order, "
         "and\n"
         "once, unless a budget is given for something else, here or by the scenario's own bounds. One that is given "
         "here\n"
         "stands for all of those: what is not given is none.",
         "以广度优先试遍报文段到达、定时器到期、休眠醒来的一切次序，把违反断言的最短时序打印成时间线。\n"
         "时间是抽象的：定时器只要启动就随时可能到期，时延、场景里写定的命运和某一时刻的期望都不起作用。\n"
         "报文段按序到达、各到一次，除非在这里或场景的 bounds 中给了预算。在这里给出任何一个，场景的 bounds "
         "就不再算数，\n"
         "没给的都是零。"},
    [MESSAGE_PROVE] = {"show for each rule of TCP what its absence breaks", "逐条证明：缺了这条规则会坏什么"},
    [MESSAGE_PROVE_MORE] =
        {"For each rule of TCP, takes the scenarios of a folder (scenarios/proofs) that say needs = \"the-rule\".\n"
         "Explores them with every rule, which must hold, and without that one, which must break something. Prints\n"
         "the scenario, how many states it has with the rule, how many actions lead to the harm, the claim that is\n"
         "broken (one of the scenario's own if possible, else a property), and the bounds where they are not the\n"
         "usual ones. Scenarios with a measure are run instead, with the rule and without it. Status 0 means that\n"
         "every rule is proven.",
         "对每条 TCP 规则，取一个目录（scenarios/proofs）中写有 needs = \"该规则\" 的场景。\n"
         "带着全部规则探索，必须成立；去掉这一条再探索，必须有东西被破坏。打印场景、带规则时的状态数、\n"
         "导致损害的步数、被破坏的断言（尽可能是场景自己的断言，否则是内置性质），以及与通常不同的界限。\n"
         "写有 measure 的场景则各运行一遍：带着规则，和去掉规则。退出码 0 表示每条规则都已证明。"},
    [MESSAGE_PROVE_HEAD] =
        {"rule                                    scenario                        states  steps  broken without it",
         "规则                                    场景                            状态数   步数  缺了它被破坏的"},
    [MESSAGE_PROVE_COST_HEAD] =
        {"rule, where time counts                 scenario                        with it -> without it",
         "规则（以真实时间运行）                  场景                            有它 -> 没有它"},
    [MESSAGE_PROVE_HARMLESS_HEAD] = {"nothing gets worse                      scenario                        why",
                                     "缺了也无妨的规则                        场景                            原因"},
    [MESSAGE_PROVE_ENDLESS] = {"(it goes round for ever)", "（无休止地兜圈子）"},
    [MESSAGE_PROVE_SEGMENTS] = {"segments", "个报文段"},
    [MESSAGE_PROVE_OCTETS] = {"octets sent", "字节数据"},
    [MESSAGE_PROVE_TIME] = {"seconds", "秒"},
    [MESSAGE_PROVE_CLAIMS] = {"broken claims", "条断言不成立"},
    [MESSAGE_PROVE_RUNS] = {" in {1} runs", "（{1} 次运行）"},
    [MESSAGE_PROVE_SUM] =
        {"{1} of {2} rules are proven. Bounds where none are shown: drop=1 duplicate=1 overtake=1 fire=0",
         "{2} 条规则中证明了 {1} 条。未注明的界限：drop=1 duplicate=1 overtake=1 fire=0"},
    [MESSAGE_PROVE_BROKEN] = {"{1} doesn't hold even with every rule; it proves nothing: {2}",
                              "{1} 即使带着全部规则也不成立，不能用作证明：{2}"},
    [MESSAGE_PROVE_INCOMPLETE] = {"{1}: the search ended before it was exhaustive; choose smaller bounds: {2}",
                                  "{1}：没能穷尽所有时序，请缩小界限：{2}"},
    [MESSAGE_PROVE_SILENT] = {"{1}: nothing gets worse without it in the scenario that needs it: {2}",
                              "{1}：在声称需要它的场景里，缺了它也没有变坏：{2}"},
    [MESSAGE_PROVE_FAILS] = {"{1}: the scenario measures what its absence costs, but a claim is broken: {2}",
                             "{1}：场景本要度量缺了它的代价，却有断言不成立：{2}"},
    [MESSAGE_PROVE_HARMFUL] = {"{1}: the scenario says that its absence does no harm, but it does: {2}",
                               "{1}：场景说缺了它无妨，实际却有损害：{2}"},
    [MESSAGE_PROVE_UNUSED] = {"{1}: the scenario that speaks of it never applies it: {2}",
                              "{1}：提到它的场景从未用到它：{2}"},
    [MESSAGE_PROVE_MISSING] = {"{1}: no scenario shows what its absence does; write one into {2} that says needs = "
                               "\"{1}\"",
                               "{1}：没有场景说明缺了它会怎样；请在 {2} 中写一个，注明 needs = \"{1}\""},
    [MESSAGE_PROVE_PROGRESS] = {"{1} of {2} explorations", "已完成 {2} 次探索中的 {1} 次"},
    [MESSAGE_OPTION_DROP] = {"so many segments may be lost", "至多丢失 N 个报文段"},
    [MESSAGE_OPTION_DUPLICATE] = {"the network may double so many segments", "网络至多重复 N 个报文段"},
    [MESSAGE_OPTION_OVERTAKE] = {"so many segments may be overtaken by later ones", "至多 N 个报文段被后发的超越"},
    [MESSAGE_OPTION_FIRE] = {"so many repetitions while a segment of that connection is in flight",
                             "该连接还有报文段在途时，至多重传 N 次"},
    [MESSAGE_OPTION_NO_BUDGETS] = {"no budget for anything, whatever bounds the scenario has",
                                   "不给任何预算，不管场景的 bounds 怎么写"},
    [MESSAGE_OPTION_LONG_SILENCE] = {"2MSL, user timeout, R2 and quiet time may end while segments are in flight",
                                     "报文段还在途时，2MSL、用户超时、R2、静默期也可能到期"},
    [MESSAGE_OPTION_DEPTH] = {"try no schedule of more than N actions", "不试超过 N 步的时序"},
    [MESSAGE_OPTION_MEMORY] = {"what the states may take: 512MiB, 4GiB; 1GiB if not given",
                               "存放状态的内存：512MiB、4GiB；默认 1GiB"},
    [MESSAGE_OPTION_EXACT] = {"compare whole states instead of 64-bit digests", "比较整个状态，而不是 64 位摘要"},
    [MESSAGE_OPTION_DOT] = {"write the graph of the states of both ends, for Graphviz",
                            "把两端状态组合的图写成 Graphviz 文件"},

    [MESSAGE_SYNOPSIS] = {"usage:", "用法："},
    [MESSAGE_COMMANDS] = {"commands:", "命令："},
    [MESSAGE_OPTIONS] = {"options:", "选项："},
    [MESSAGE_STATUS] =
        {"exit status: 0 every claim holds, 1 a claim fails, 2 bad input or output that can't be written,\n"
         "             3 incomplete, 4 a bug in synfin",
         "退出码：0 断言全部成立，1 有断言不成立，2 输入有误或输出无法写出，\n"
         "        3 未完成，4 synfin 自身的错误"},
    [MESSAGE_RUN] = {"run a scenario and print its timeline", "运行一个场景，打印时间线"},
    [MESSAGE_RUN_MORE] =
        {"Runs the scenario once, in virtual time, and prints what every segment was and why it was sent.\n"
         "The same command prints the same everywhere.",
         "在虚拟时间里把场景运行一遍，逐个打印报文段是什么、为什么发出。\n"
         "同一条命令在任何机器上输出都相同。"},
    [MESSAGE_VIEW] = {"print the timeline of a trace file", "打印轨迹文件里的时间线"},
    [MESSAGE_VIEW_MORE] =
        {"Prints what \"synfin run\" would have printed, from a file that its --trace or its --jsonl\n"
         "wrote; - is standard input.",
         "读取“synfin run”用 --trace 或 --jsonl 写下的轨迹文件，打印运行当时会打印的内容；\n"
         "- 表示标准输入。"},
    [MESSAGE_LIST] = {"list the scenarios, with the question that each answers", "列出全部场景和各自回答的问题"},
    [MESSAGE_LIST_MORE] = {"Lists every scenario below DIR; without DIR, the library that came with synfin.",
                           "列出 DIR 下的全部场景；不写 DIR 则列出 synfin 自带的场景库。"},
    [MESSAGE_RULES] = {"list the rules of TCP that --without knows", "列出 --without 认识的 TCP 规则"},
    [MESSAGE_RULES_MORE] = {"Lists each rule with its clause, what it does, and what a TCP without it does instead.",
                            "逐条列出规则：出处、作用，以及缺了它的 TCP 会怎么做。"},
    [MESSAGE_CHECK] = {"run a scenario many times, with faults, and shrink what fails",
                       "带着随机故障多次运行一个场景，并缩减失败的运行"},
    [MESSAGE_CHECK_MORE] =
        {"Runs the scenario with the faults that it declares, each time with other luck. The first run that fails is\n"
         "repeated, shrunk to the fewest things that have to go wrong, and printed. 10000 runs, if nothing else is "
         "said.\n"
         "The results are the same for any number of jobs and shards.",
         "按场景声明的 faults 反复运行，每次运气不同。第一个失败的运行会被重复、缩减到最少的意外，再打印出来。\n"
         "不另说明则运行 10000 次。用多少进程、多少分片，结果都一样。"},
    [MESSAGE_MERGE] = {"add up the reports of a check's shards", "合并一次检查各分片的报告"},
    [MESSAGE_MERGE_MORE] = {"Adds up what \"synfin check --shard I/N --report FILE\" wrote, and prints what one "
                            "process would have printed.",
                            "合并“synfin check --shard I/N --report FILE”写下的报告，打印单个进程会打印的内容。"},
    [MESSAGE_HELP] = {"print help, or a command's: synfin help run", "打印帮助，或某个命令的帮助：synfin help run"},
    [MESSAGE_HELP_MORE] = {"Prints what every command does; with COMMAND, that command's options.",
                           "打印各命令的用途；写明 COMMAND 则打印该命令的选项。"},

    [MESSAGE_OPTION_SEED] = {"the seed of the network's luck; 1 if not given", "网络随机性的种子；默认为 1"},
    [MESSAGE_OPTION_SET] = {"give a parameter of the scenario another value, such as loss=0.1",
                            "改变场景声明的参数，例如 loss=0.1"},
    [MESSAGE_OPTION_WITHOUT] = {"take this rule from every host's TCP, or from one host's: server:time-wait",
                                "从所有主机的 TCP 中去掉一条规则，或只去掉一台主机的：server:time-wait"},
    [MESSAGE_OPTION_PROFILE] = {"hosts that name no profile of their own behave as rfc9293 (the default), linux or "
                                "freebsd",
                                "没有自行指定的主机按哪种系统的习惯行事：rfc9293（默认）、linux 或 freebsd"},
    [MESSAGE_OPTION_LANG] = {"language: en or zh (also through SYNFIN_LANG)",
                             "语言：en 或 zh（也可用环境变量 SYNFIN_LANG）"},
    [MESSAGE_OPTION_EXPLAIN] = {"below each line, the rules that were applied, with their clauses",
                                "在每行下面写出所用的规则及其出处"},
    [MESSAGE_OPTION_TRACE] = {"also write the run's trace to a file; - is standard output, instead of the timeline",
                              "另把运行轨迹写入文件；- 表示写到标准输出，代替时间线"},
    [MESSAGE_OPTION_HTML] = {"also write a page that plays the run in a browser, in one file; - is standard output",
                             "另写出一个网页，在浏览器里逐步播放本次运行，只有一个文件；- 表示写到标准输出"},
    [MESSAGE_OPTION_BOTH] = {"with --html: the page plays the run with every rule, too, beside this one",
                             "与 --html 合用：网页同时播放规则齐全的运行，两者并排"},
    [MESSAGE_OPTION_BESIDE] = {"with --html: the page plays this trace, too, beside the first",
                               "与 --html 合用：网页同时播放这份记录，两者并排"},
    [MESSAGE_OPTION_PCAP] = {"also write what each host sees, for Wireshark: a pcapng file a host",
                             "另为 Wireshark 写出每台主机所见：每台主机一个 pcapng 文件"},
    [MESSAGE_OPTION_PCAP_MERGED] = {"the same in one file, an interface a host; - is standard output",
                                    "同上，但写在一个文件里，每台主机一个接口；- 表示写到标准输出"},
    [MESSAGE_OPTION_SVG] = {"also write a drawing (SVG), for documents", "另写成一张 SVG 图，可嵌入文档"},
    [MESSAGE_OPTION_MERMAID] = {"also write a Mermaid sequence diagram, for documents",
                                "另写成 Mermaid 时序图，可嵌入文档"},
    [MESSAGE_OPTION_JSONL] = {"also write the trace as JSON Lines, for programs; \"synfin view\" reads it back",
                              "另把轨迹写成 JSON Lines，供程序使用；“synfin view”能读回"},
    [MESSAGE_OPTION_DIGEST] = {"print the run's digest instead of its timeline",
                               "不打印时间线，只打印本次运行的摘要值"},
    [MESSAGE_OPTION_WIDTH] = {"columns to use, from 72 to 400; the terminal's if not given",
                              "使用的列数，72 到 400；默认取终端宽度"},
    [MESSAGE_OPTION_ABSOLUTE] = {"absolute sequence numbers alone", "只显示绝对序列号"},
    [MESSAGE_OPTION_ASCII] = {"draw with ASCII alone", "只用 ASCII 字符画图"},
    [MESSAGE_OPTION_QUIET] = {"print no timeline: the exit status and failed claims tell",
                              "不打印时间线，只看退出码和不成立的断言"},
    [MESSAGE_OPTION_RUNS] = {"how many runs; 10000 if not given", "运行次数；默认 10000"},
    [MESSAGE_OPTION_TIME] = {"no more runs after this time of your clock: 30s, 500ms, 2min",
                             "到此时间（真实时间）后不再运行：30s、500ms、2min"},
    [MESSAGE_OPTION_RUN] = {"this run alone", "只运行第 N 次"},
    [MESSAGE_OPTION_JOBS] = {"spread the work over N processes or threads; 1 if not given",
                             "用 N 个进程或线程分担；默认 1"},
    [MESSAGE_OPTION_SHARD] = {"do only the Ith of N parts of the runs", "只做 N 份中的第 I 份"},
    [MESSAGE_OPTION_SAVE] = {"write a scenario that fails the same way, without luck, into this folder",
                             "把一个不靠运气也同样失败的场景写入该目录"},
    [MESSAGE_OPTION_REPORT] = {"write a report for \"synfin merge\"", "写下供“synfin merge”合并的报告"},
    [MESSAGE_OPTION_TAP] = {"print a line for each claim, as the Test Anything Protocol has it",
                            "按 Test Anything Protocol 为每个断言打印一行"},
    [MESSAGE_OPTION_PROPERTIES] = {"list the built-in properties instead, with their sources and assumptions",
                                   "改为列出内置性质及其出处和前提"},
    [MESSAGE_OPTION_LEDGER] = {"list the requirements of RFC 9293 instead, with the test that shows each",
                               "改为列出 RFC 9293 的各条要求，以及证明每一条的测试"},
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
