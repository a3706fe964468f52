#include "sim/view/text.h"

#include <string.h>

#include "sim/host/record.h"

// A pair of English and Chinese.
struct pair {
    const char *in[TCP_LANGUAGES];
};

static const struct pair sentences[TEXT_IDS] = {
    [TEXT_SEED] = {{"seed {0}", "随机种子 {0}"}},
    [TEXT_SOURCES] = {{"Sources: {0}", "出处：{0}"}},
    [TEXT_REUSED] = {{"{0}, {1}: connections one after the other between the same two ports.",
                      "{0}、{1}：同一对端口之间先后的连接。"}},
    [TEXT_WITHOUT_ALL] = {{"Without {0}.", "去掉规则：{0}。"}},
    [TEXT_WITHOUT] = {{"{0} goes without {1}.", "{0} 去掉规则：{1}。"}},
    [TEXT_REPEAT] = {{"To see it again:", "重现命令："}},
    [TEXT_TIME] = {{"seconds", "时间/秒"}},
    [TEXT_TIME_NARROW] = {{"s", "秒"}},
    [TEXT_COLON] = {{": ", "："}},
    [TEXT_COMMA] = {{", ", "、"}},
    [TEXT_BYTE] = {{"{0}\u00a0byte", "{0}\u00a0字节"}},
    [TEXT_BYTES] = {{"{0}\u00a0bytes", "{0}\u00a0字节"}},
    [TEXT_NO_FLAGS] = {{"no\u00a0flags", "无标志"}},
    [TEXT_ANSWERS] = {{"answers\u00a0#{0}", "答复\u00a0#{0}"}},
    [TEXT_ANSWERS_COPY] = {{"answers\u00a0the\u00a0copy\u00a0of\u00a0#{0}", "答复\u00a0#{0}\u00a0的副本"}},
    [TEXT_REPEATS] = {{"repeats\u00a0#{0}", "重传\u00a0#{0}"}},
    [TEXT_ACKNOWLEDGES] = {{"acknowledges\u00a0#{0}", "确认\u00a0#{0}"}},
    [TEXT_COPY_OF] = {{"copy\u00a0of\u00a0#{0}", "#{0}\u00a0的副本"}},
    [TEXT_FORGED] = {{"forged\u00a0as\u00a0{0}", "冒充\u00a0{0}"}},
    [TEXT_OVERTAKES] = {{"overtakes\u00a0#{0}", "超越\u00a0#{0}"}},
    [TEXT_ICMP_MTU] = {{" (mtu\u00a0{0})", "（MTU\u00a0{0}）"}},
    [TEXT_ICMP_ABOUT] = {{"{0} about\u00a0{1}", "{0}，针对\u00a0{1}"}},
    [TEXT_HELD] = {{"held\u00a0{0}", "在网络中滞留\u00a0{0}"}},
    [TEXT_ARRIVES_AFTER] = {{"arrives\u00a0{0}\u00a0later", "{0}\u00a0后到达"}},
    [TEXT_ARRIVES] = {{"arrives", "到达"}},
    [TEXT_ARRIVES_AS] = {{"arrives as ", "到达时成了 "}},
    [TEXT_STILL_IN_FLIGHT] = {{"still in flight at the end", "结束时仍在途中"}},
    [TEXT_ARRIVED] = {{"arrived at {0} after {1}", "{1} 后到达 {0}"}},
    [TEXT_DROPPED_BY] = {{"dropped by {0}: ", "被 {0} 丢弃："}},
    [TEXT_LOST_ON_THE_WAY] = {{"lost: {0}", "未送达：{0}"}},
    [TEXT_IGNORED] = {{"ignored", "忽略"}},
    [TEXT_NOTHING_NEW] = {{"nothing new", "无新内容"}},
    [TEXT_DUPLICATE_ACK] = {{"duplicate ACK", "重复确认"}},
    [TEXT_ORPHAN_TIMEOUT] = {{"FIN-WAIT-2 TIMEOUT: nobody waits for the peer's FIN",
                              "FIN-WAIT-2 超时：已无人等待对方的 FIN"}},
    [TEXT_DOWN] = {{"DOWN", "宕机"}},
    [TEXT_LINK_DOWN] = {{"the link goes down: {0}", "链路断开：{0}"}},
    [TEXT_LINK_UP] = {{"the link is up again: {0}", "链路恢复：{0}"}},
    [TEXT_LOST] = {{"lost", "丢失"}},
    [TEXT_DELIVERED] = {{"delivered: {0}", "交付用户：{0}"}},
    [TEXT_FOREIGN] = {{"delivered, but not sent by this connection's other end: {0}",
                       "交付了并非本连接对端所发的数据：{0}"}},
    [TEXT_LATER] = {{"{0} later", "{0} 之后"}},
    [TEXT_CLAIM_FAILED] = {{"FAILED: {0}", "不成立：{0}"}},
    [TEXT_CLAIM_AT] = {{"at {0}\u00a0s", "时刻 {0}\u00a0秒"}},
    [TEXT_END] = {{"The run ended at {0}\u00a0s: {1}.", "运行在 {0}\u00a0秒结束：{1}。"}},
    [TEXT_UNFINISHED] = {{"The trace stops here: the run was not finished.", "轨迹到此为止：运行没有结束。"}},
    [TEXT_RULE_WITHOUT] = {{"Without it: ", "若无此规则："}},
    [TEXT_RULE_COUNT] = {{"{0} rules. Any of them can be switched off: --without NAME, or --without HOST:NAME.",
                          "共 {0} 条规则。每一条都可以去掉：--without 规则名，或 --without 主机:规则名。"}},
    [TEXT_RULE_HOST] = {{"applied by the host", "由主机执行"}},
    [TEXT_PROPERTY_ASSUMES] = {{"Assumes that ", "前提："}},
    [TEXT_LEDGER_NOT_TAKEN] = {{"Not taken: ", "未采用："}},
    [TEXT_LEDGER_NOT_APPLICABLE] = {{"Does not apply: ", "不适用："}},
    [TEXT_LEDGER_COUNT] = {{"{0} requirements of RFC 9293, appendix B: ", "RFC 9293 附录 B 共 {0} 条要求："}},
    [TEXT_LEDGER_SUMS] = {{"{0} are shown by what is named, {1} are permissions not taken, the others do not apply.",
                           "{0} 条由所列测试证明，{1} 条是未采用的许可，其余不适用。"}},
};

const char *text_of(int language, enum text_id id) {
    return sentences[id].in[language == 1];
}

void text_add(struct words *words, int language, enum text_id id, const char *first, const char *second) {
    const char *from = text_of(language, id);
    for (const char *brace; (brace = strchr(from, '{')) != NULL; from = brace + 3) {
        words_add_bytes(words, from, (size_t)(brace - from));
        const char *argument = brace[1] == '0' ? first : second;
        if (argument != NULL) words_add(words, argument);
    }
    words_add(words, from);
}

void text_add_number(struct words *words, int language, enum text_id id, uint64_t number) {
    struct words digits = {0};
    words_add_number(&digits, number);
    text_add(words, language, id, words_string(&digits), NULL);
    words_free(&digits);
}

static const char *name_of(const struct pair *names, size_t count, uint8_t index, int language) {
    if (index >= count || names[index].in[0] == NULL) return "?";
    return names[index].in[language == 1];
}

#define NAME_OF(names, index, language) name_of(names, sizeof names / sizeof names[0], index, language)

const char *text_state(int language, uint8_t state) {
    static const struct pair states[] = {
        [TCP_CLOSED] = {{"", "关闭"}},
        [TCP_LISTEN] = {{"", "监听"}},
        [TCP_SYN_SENT] = {{"", "同步已发送"}},
        [TCP_SYN_RECEIVED] = {{"", "同步已收到"}},
        [TCP_ESTABLISHED] = {{"", "已建立连接"}},
        [TCP_FIN_WAIT_1] = {{"", "终止等待-1"}},
        [TCP_FIN_WAIT_2] = {{"", "终止等待-2"}},
        [TCP_CLOSE_WAIT] = {{"", "关闭等待"}},
        [TCP_CLOSING] = {{"", "同时关闭"}},
        [TCP_LAST_ACK] = {{"", "最后确认"}},
        [TCP_TIME_WAIT] = {{"", "时间等待"}},
    };
    return NAME_OF(states, state, language);
}

const char *text_event(int language, uint8_t event) {
    static const struct pair events[] = {
        [TCP_OPEN_PASSIVE] = {{"OPEN (passive)", "被动打开 OPEN"}},
        [TCP_OPEN_ACTIVE] = {{"OPEN (active)", "主动打开 OPEN"}},
        [TCP_SEND] = {{"SEND", "发送 SEND"}},
        [TCP_RECEIVE] = {{"RECEIVE", "接收 RECEIVE"}},
        [TCP_CLOSE] = {{"CLOSE", "关闭 CLOSE"}},
        [TCP_SOCKETS_CLOSE] = {{"close()", "套接字 close()"}},
        [TCP_ABORT] = {{"ABORT", "中止 ABORT"}},
        [TCP_STATUS] = {{"STATUS", "查询 STATUS"}},
        [TCP_SEGMENT_ARRIVES] = {{"SEGMENT ARRIVES", "报文段到达"}},
        [TCP_RETRANSMISSION_TIMEOUT] = {{"RETRANSMISSION TIMEOUT", "重传超时"}},
        [TCP_PERSIST_TIMEOUT] = {{"PERSIST TIMEOUT", "坚持定时器超时（零窗口探测）"}},
        [TCP_R2_TIMEOUT] = {{"R2 TIMEOUT: retransmission is given up", "到达 R2：放弃重传"}},
        [TCP_USER_TIMEOUT] = {{"USER TIMEOUT", "用户超时"}},
        [TCP_DELAYED_ACK_TIMEOUT] = {{"DELAYED ACK TIMEOUT", "延迟确认定时器超时"}},
        [TCP_KEEP_ALIVE_TIMEOUT] = {{"KEEP-ALIVE TIMEOUT", "保活定时器超时"}},
        [TCP_TIME_WAIT_TIMEOUT] = {{"TIME-WAIT TIMEOUT: 2 MSL are over", "TIME-WAIT 超时：2MSL 已过"}},
        [TCP_SET_NO_DELAY] = {{"Nagle's algorithm is set", "设置 Nagle 算法"}},
        [TCP_SET_KEEP_ALIVE] = {{"keep-alives are set", "设置保活"}},
        [TCP_SET_USER_TIMEOUT] = {{"the user timeout is set", "设置用户超时"}},
        [TCP_ICMP_ARRIVES] = {{"ICMP ERROR ARRIVES", "ICMP 差错报文到达"}},
        [TCP_CONTINUE] = {{"CONTINUE", "继续发送"}},
    };
    return NAME_OF(events, event, language);
}

const char *text_signal(int language, uint8_t signal) {
    static const struct pair signals[] = {
        [TCP_SIGNAL_ESTABLISHED] = {{"connection established", "连接已建立"}},
        [TCP_SIGNAL_CLOSING] = {{"connection closing", "对方正在关闭（connection closing）"}},
        [TCP_SIGNAL_CLOSED] = {{"CLOSE: ok", "CLOSE 完成：FIN 已被确认"}},
        [TCP_SIGNAL_RESET] = {{"connection reset", "连接被重置（connection reset）"}},
        [TCP_SIGNAL_REFUSED] = {{"connection refused", "连接被拒绝（connection refused）"}},
        [TCP_SIGNAL_TIMED_OUT] = {{"connection timed out", "连接超时，已放弃（connection timed out）"}},
        [TCP_SIGNAL_USER_TIMEOUT] = {{"connection aborted due to user timeout", "用户超时，连接中止"}},
        [TCP_SIGNAL_URGENT] = {{"urgent data", "前面有紧急数据（urgent data）"}},
        [TCP_SIGNAL_SOFT_ERROR] = {{"delivery problem", "投递遇到困难"}},
        [TCP_SIGNAL_UNREACHABLE] = {{"destination unreachable", "目的不可达（destination unreachable）"}},
    };
    return NAME_OF(signals, signal, language);
}

const char *text_error(int language, uint8_t error) {
    static const struct pair errors[] = {
        [TCP_OK] = {{"ok", "成功"}},
        [TCP_ERROR_DOES_NOT_EXIST] = {{"connection does not exist", "连接不存在"}},
        [TCP_ERROR_ALREADY_EXISTS] = {{"connection already exists", "连接已存在"}},
        [TCP_ERROR_CLOSING] = {{"connection closing", "连接正在关闭"}},
        [TCP_ERROR_REMOTE_UNSPECIFIED] = {{"remote socket unspecified", "未指定对端套接字"}},
        [TCP_ERROR_NO_RESOURCES] = {{"insufficient resources", "资源不足"}},
    };
    return NAME_OF(errors, error, language);
}

static bool is_named(struct record_text name, const char *string) {
    return name.length == strlen(string) && memcmp(name.bytes, string, name.length) == 0;
}

const char *text_outcome(int language, struct record_text name) {
    for (int i = TCP_SIGNAL_RESET; i < TCP_SIGNALS; i++)
        if (is_named(name, tcp_signal_name((enum tcp_signal)i))) return text_signal(language, (uint8_t)i);
    for (int i = TCP_OK + 1; i <= TCP_ERROR_NO_RESOURCES; i++)
        if (is_named(name, tcp_error_name((enum tcp_error)i))) return text_error(language, (uint8_t)i);
    return NULL;
}

const char *text_fate(int language, uint8_t fate) {
    static const struct pair fates[] = {
        [FATE_DELIVERED] = {{"delivered", "送达"}},
        [FATE_LOST] = {{"by chance", "随机丢失"}},
        [FATE_LOST_BURST] = {{"in a burst of losses", "突发丢失"}},
        [FATE_LOST_QUEUE] = {{"the link's queue is full", "链路队列已满"}},
        [FATE_LOST_DOWN] = {{"the link is down", "链路中断"}},
        [FATE_LOST_ORDER] = {{"dropped by the script", "被脚本丢弃"}},
        [FATE_LOST_NO_LINK] = {{"no link leads there", "没有通往那里的链路"}},
        [FATE_LOST_PLAN] = {{"by the plan", "按计划丢失"}},
        [FATE_CORRUPTED] = {{"bits are flipped on the way", "途中发生比特差错"}},
        [FATE_LOST_TOO_BIG] = {{"longer than the link's MTU", "超过链路的 MTU"}},
    };
    return NAME_OF(fates, fate, language);
}

const char *text_drop(int language, uint8_t drop) {
    static const struct pair drops[] = {
        [DROP_HOST_DOWN] = {{"the host is down", "主机已宕机"}},
        [DROP_NO_SUCH_ADDRESS] = {{"not this host's address", "不是本机地址"}},
        [DROP_BACKLOG_FULL] = {{"the backlog is full", "半连接队列已满"}},
        [DROP_ACCEPT_QUEUE_FULL] = {{"the accept queue is full", "全连接队列已满"}},
        [DROP_CHECKSUM] = {{"wrong checksum", "校验和错误"}},
        [DROP_MALFORMED] = {{"malformed", "格式损坏"}},
        [DROP_NO_CONNECTION] = {{"about no connection of this host", "与本机的任何连接无关"}},
        [DROP_NOT_ONE_HOST] = {{"not from one host to another", "地址不是单播地址"}},
    };
    return NAME_OF(drops, drop, language);
}

const char *text_icmp(int language, uint8_t icmp) {
    static const struct pair errors[] = {
        [TCP_ICMP_NONE] = {{"", ""}},
        [TCP_ICMP_NETWORK_UNREACHABLE] = {{"network unreachable", "网络不可达"}},
        [TCP_ICMP_HOST_UNREACHABLE] = {{"host unreachable", "主机不可达"}},
        [TCP_ICMP_SOURCE_ROUTE_FAILED] = {{"source route failed", "源路由失败"}},
        [TCP_ICMP_TIME_EXCEEDED] = {{"time exceeded", "超时"}},
        [TCP_ICMP_PARAMETER_PROBLEM] = {{"parameter problem", "参数问题"}},
        [TCP_ICMP_PROTOCOL_UNREACHABLE] = {{"protocol unreachable", "协议不可达"}},
        [TCP_ICMP_PORT_UNREACHABLE] = {{"port unreachable", "端口不可达"}},
        [TCP_ICMP_FRAGMENTATION_NEEDED] = {{"packet too big", "数据包过大"}},
        [TCP_ICMP_ADMINISTRATIVELY_PROHIBITED] = {{"administratively prohibited", "管理性禁止"}},
        [TCP_ICMP_SOURCE_QUENCH] = {{"source quench", "源抑制"}},
    };
    return NAME_OF(errors, icmp, language);
}

const char *text_host_event(int language, uint8_t event) {
    static const struct pair events[] = {
        [HOST_CRASHED] = {{"crashes: all its connections are forgotten", "崩溃：忘记全部连接"}},
        [HOST_REBOOTED] = {{"runs again", "重新启动"}},
        [HOST_PROCESS_EXITED] = {{"the process exits", "进程退出"}},
        [HOST_QUIET_OVER] = {{"the quiet time is over", "静默时间结束"}},
    };
    return NAME_OF(events, event, language);
}

const char *text_run_end(int language, uint8_t end) {
    static const struct pair ends[] = {
        [RUN_IDLE] = {{"nothing is left to happen", "不再有任何事件"}},
        [RUN_ENDS_AT] = {{"the scenario says so", "到了场景规定的结束时刻"}},
        [RUN_TIME_LIMIT] = {{"the time limit was reached", "到达时间上限"}},
        [RUN_STOPPED] = {{"it was stopped", "被中止"}},
    };
    return NAME_OF(ends, end, language);
}
