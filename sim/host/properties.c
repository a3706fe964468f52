// The built-in properties, in one table, and how a world claims them.
#include <assert.h>
#include <string.h>

#include "sim/host/witness.h"

enum {
    PEERS = ASSUMES_NO_FORGERY | ASSUMES_FRESH_NUMBERS | ASSUMES_MSL,  // what two ends must be able to trust
    NETWORK = PEERS | ASSUMES_NO_DEPARTURE | ASSUMES_LONG_TIME_WAIT,   // and what an end in order needs
};

// Each can fail: tests/test_properties.c shows for each the rule without which it does, or where that is shown. One
// that no missing rule can break says in property_reason() why it is there.
static const struct property table[] = {
    {"synchronized-ends-agree",
     "RFC 9293 3.4.1",
     {"Where both ends of a connection are synchronized, each one's IRS is the other's ISS.",
      "连接的两端都已同步时，每一端的 IRS 就是另一端的 ISS。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     look_synchronized_ends_agree,
     NULL},
    {"peer-knows-this-incarnation",
     "RFC 9293 3.5",
     {"Where an end is synchronized and its SYN acknowledged, the incarnation that it is synchronized with, once it "
      "has "
      "left SYN-SENT, knows this end's ISS.",
      "一端已同步且其 SYN 已得到确认时，与之同步的那次连接只要已离开 SYN-SENT，就知道这一端的 ISS。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     look_peer_knows_incarnation,
     NULL},
    {"no-ghost-connection",
     "RFC 9293 3.5",
     {"A passive end is established only with a peer that acknowledged its SYN.",
      "被动打开的一端，只有在对端确认了它的 SYN 之后才进入已建立状态。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     look_no_ghost,
     NULL},
    {"each-incarnation-accepted-once",
     "RFC 9293 3.5; Belsnes 1976",
     {"No incarnation of the peer is accepted twice.", "对端的同一次连接不会被接受两次。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS | ASSUMES_NO_COOKIES,
     NULL,
     observe_accepted_once},
    {"text-is-from-this-incarnation",
     "RFC 9293 3.4.1",
     {"Every octet that is delivered was sent by the other end of this very connection, not of an earlier one.",
      "交付的每个字节都由本次连接的对端发出，而不是来自早先的连接。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     look_text_of_incarnation,
     NULL},
    {"text-is-in-order",
     "RFC 9293 3.10.7.4, seventh",
     {"What is delivered is a prefix of what the other end sent: every octet once, in order, none left out.",
      "交付的内容是对端所发内容的前缀：每个字节一次，按序，不缺不重。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     NULL,
     observe_text_in_order},
    {"fin-after-all-text",
     "RFC 9293 3.10.7.4, eighth",
     {"Who has received the peer's FIN has received all octets that the peer sent before it, and the peer has called "
      "CLOSE.",
      "收到对端 FIN 的一方，已经收到对端在它之前发送的全部字节；而对端确实调用过 CLOSE。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     look_fin_after_all_text,
     NULL},
    {"acknowledged-fin-was-received",
     "RFC 9293 3.10.7.4, fifth",
     {"Where an end takes its FIN for acknowledged, its peer has received the FIN, or is gone.",
      "一端认为自己的 FIN 已得到确认时，对端确已收到它，或者已经不在。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     look_fin_acknowledged,
     NULL},
    {"reset-only-by-an-absent-peer",
     "RFC 9293 3.5.2",
     {"A synchronized connection is reset only when its peer is gone.", "已同步的连接只有在对端已不存在时才会被复位。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS | ASSUMES_NO_COOKIES,
     NULL,
     observe_reset_by_absent},
    {"orderly-close-draws-no-reset",
     "RFC 9293 3.6.1",
     {"When one end has closed in order and is gone, its peer is not told \"connection reset\".",
      "一端正常关闭并离开之后，对端不会得到“连接被复位”的通知。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     (NETWORK & ~(unsigned)ASSUMES_NO_DEPARTURE) | ASSUMES_NO_STALE_TEXT,
     NULL,
     observe_reset_after_close},
    {"time-wait-lasts",
     "RFC 9293 3.6.1; RFC 1337",
     {"TIME-WAIT lasts 2 MSL from its beginning or from the peer's last FIN. Only a newer connection, ABORT, close() "
      "with "
      "text unread, or a reset at RCV.NXT (where RFC 1337's advice is not taken) ends it before.",
      "TIME-WAIT 从开始、或从对端最后一个 FIN 算起停留 2MSL。只有更新的连接、ABORT、尚有未读数据时的 close()，"
      "或位于 RCV.NXT 的 RST（未采纳 RFC 1337 的建议时）才能提前终止它。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_time_wait},
    {"nothing-outlives-time-wait",
     "RFC 9293 3.4.3, 3.6.1",
     {"When the end that closed first forgets the connection, no segment sent before is still in the network.",
      "先关闭的一端忘掉连接时，此前发出的报文段都已不在网络里。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     ASSUMES_MSL,
     NULL,
     observe_two_msl},
    {"numbers-fit-the-state",
     "RFC 9293 3.3.1, 3.4",
     {"SND.UNA =< SND.NXT, and both are what the state means: only our SYN in SYN-SENT and SYN-RECEIVED, our FIN "
      "acknowledged in FIN-WAIT-2 and TIME-WAIT, and so on.",
      "SND.UNA =< SND.NXT，且两者与状态相符：SYN-SENT 和 SYN-RECEIVED 中只有己方的 SYN，FIN-WAIT-2 和 TIME-WAIT "
      "中己方的 FIN 已得到确认，等等。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_numbers_fit_state},
    {"numbers-follow-the-peer",
     "RFC 9293 3.4",
     {"RCV.NXT is never beyond what the peer sent, SND.UNA never beyond what the peer acknowledged; neither goes back, "
      "nor "
      "does a SEG.ACK that is sent.",
      "RCV.NXT 不超过对端发出过的，SND.UNA 不超过对端确认过的；两者都不倒退，发出的 SEG.ACK 也不倒退。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     NULL,
     observe_numbers_of_peer},
    {"window-does-not-shrink",
     "RFC 9293 3.8.6, SHLD-14; RFC 7323 2.4",
     {"The right edge of the window that is offered never goes back, but by what its scale can't show.",
      "通告的窗口右沿从不后退，窗口扩大所不能表示的零头除外。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_right_edge},
    {"states-change-along-edges",
     "RFC 9293 3.3.2, figure 5; 3.10",
     {"Every change of state is an edge of the diagram or of the text, with the cause that stands there.",
      "每次状态变化都是状态图或正文中的一条边，且有那里写明的原因。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_edges},
    {"resets-have-their-form",
     "RFC 9293 3.5.2, 3.10.5",
     {"A reset has the numbers that its receiver will accept; a reset is never answered by one; a synchronized "
      "connection answers no segment by a reset, unless its user has left (SHLD-3).",
      "RST 的号码是接收方会接受的；绝不以 RST 答复 RST；已同步的连接不以 RST 答复报文段，除非用户已经离开（SHLD-3）。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_form_of_rst},
    {"reset-ends-syn-received",
     "RFC 9293 3.5.3, MUST-11",
     {"In SYN-RECEIVED, a reset at RCV.NXT returns to LISTEN without a word after a passive OPEN, and means "
      "\"connection "
      "refused\" after an active one.",
      "SYN-RECEIVED 收到位于 RCV.NXT 的 RST：被动打开的悄然回到 LISTEN，主动打开的则为“连接被拒绝”。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_rst_in_syn_received},
    {"blind-segments-do-nothing",
     "RFC 5961 3, 4, 5",
     {"A reset ends a connection only at RCV.NXT, and elsewhere in the window draws one ACK; a SYN in a synchronized "
      "state draws one ACK; an ACK of what was never sent, or far too old, changes nothing.",
      "RST 只有位于 RCV.NXT 才终止连接，在窗口内别处只引出一个 ACK；已同步的状态收到 SYN 只回一个 ACK；"
      "确认了从未发送的内容、或陈旧得离谱的 ACK 什么也改变不了。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_rfc5961},
    {"older-timestamps-change-nothing",
     "RFC 7323 5",
     {"Where timestamps are agreed, no segment older by its timestamp than one already taken changes anything; a reset "
      "aside.",
      "双方已商定使用时间戳时，时间戳比先前已接受的报文段更旧的报文段什么也改变不了，RST 除外。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_timestamps},
    {"syn-sent-is-left-with-reason",
     "RFC 9293 3.10.7.3",
     {"A segment ends SYN-SENT only by a reset that acknowledges the SYN, by a SYN that does, or by a bare SYN.",
      "报文段要使连接离开 SYN-SENT，只能是确认了 SYN 的 RST、确认了 SYN 的 SYN，或不带 ACK 的 SYN。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_syn_sent},
    {"reopened-iss-is-above",
     "RFC 9293 3.6.1 (1), MAY-2",
     {"A connection that is opened out of TIME-WAIT, with an ISS of TCP's own choice, begins above the numbers of the "
      "old "
      "one.",
      "从 TIME-WAIT 重新打开的连接，若初始序列号由 TCP 自选，则高于旧连接用过的序列号。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_reopened_iss},
    {"one-notice-of-the-end",
     "RFC 9293 3.5.3, MUST-12",
     {"Whose connection ends otherwise than by his own doing is told so, once; nobody else is. A half-open connection "
      "of a "
      "listener, of which nobody knows, ends in silence, and so does TIME-WAIT.",
      "连接并非由自己结束的用户会得到一次通知，其他情况不通知。监听者的半开连接无人知晓，悄然结束；TIME-WAIT 也一样。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_notices},
    {"closed-and-listen-answer-as-written",
     "RFC 9293 3.10.7.1, 3.10.7.2",
     {"CLOSED answers all but a reset by one reset; LISTEN answers an ACK by a reset, a SYN by a SYN,ACK, and nothing "
      "else.",
      "CLOSED 对除 RST 外的报文段都答以一个 RST；LISTEN 对 ACK 答以 RST，对 SYN 答以 SYN,ACK，其余不答。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_closed_and_listen},
    {"text-waits-for-established",
     "RFC 9293 3.10.7.2, third",
     {"No text reaches the user before this end's SYN is acknowledged.", "己方的 SYN 得到确认之前，没有数据交给用户。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS,
     NULL,
     observe_text_after_established},
    {"timers-run-when-needed",
     "RFC 9293 3.8.1, 3.8.4, 3.8.6.1, 3.8.6.3; RFC 6298 5",
     {"The retransmission timer runs exactly while something waits for its acknowledgment, the persist timer while "
      "text "
      "waits for the window, the delayed ACK timer while text waits for its acknowledgment, the keep-alive timer while "
      "an "
      "end that asked for it has nothing under way, the 2 MSL timer in TIME-WAIT.",
      "重传定时器只在有内容等待确认时走，坚持定时器只在有数据等待窗口时走，延迟确认定时器只在收到的数据等着确认时走，"
      "保活定时器只在启用了保活而又没有内容在途时走，2MSL 定时器只在 TIME-WAIT 中走。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_timers},
    {"listener-survives",
     "RFC 9293 3.5.3, MUST-11",
     {"A listener stays until its user closes it, whatever befalls its connections.",
      "无论它的连接遭遇什么，监听者都在，直到用户关闭它。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     look_listener_survives,
     NULL},
    {"repetitions-keep-their-numbers",
     "RFC 9293 3.10.8",
     {"A SYN, a FIN or an octet that is sent again has the number that it had first.",
      "重发的 SYN、FIN 或字节，序列号与第一次相同。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     0,
     NULL,
     observe_first_numbers},
    {"answers-come-to-an-end",
     "RFC 9293 3.5",
     {"No chain of segments that carry nothing, each sent in answer to the one before, is longer than 32.",
      "不含任何内容、又彼此答复的报文段，连续不超过 32 个。"},
     PROPERTY_SAFETY,
     CLAIM_ALWAYS,
     PEERS | ASSUMES_NO_STALE_SYN | ASSUMES_ROOM,
     NULL,
     observe_chains},
    {"open-succeeds",
     "RFC 9293 3.5",
     {"Who opens a connection to somebody who listens is established in the end, and so is the other end.",
      "向监听者打开连接的一端终将建立，对端也一样。"},
     PROPERTY_LIVENESS,
     CLAIM_FINALLY,
     NETWORK | ASSUMES_NO_COOKIES,
     look_open_succeeds,
     NULL},
    {"passing-states-are-left",
     "RFC 9293 3.3.2",
     {"When everything rests, nobody is in SYN-SENT, SYN-RECEIVED, FIN-WAIT-1, CLOSING, LAST-ACK or TIME-WAIT.",
      "一切静止之后，没有谁停在 SYN-SENT、SYN-RECEIVED、FIN-WAIT-1、CLOSING、LAST-ACK 或 TIME-WAIT。"},
     PROPERTY_LIVENESS,
     CLAIM_FINALLY,
     0,
     look_states_are_left,
     NULL},
    {"both-close-in-order",
     "RFC 9293 3.6",
     {"Where both users call CLOSE, both ends are CLOSED in the end, and nobody was reset.",
      "双方都调用 CLOSE，则两端终将 CLOSED，且没有谁被复位。"},
     PROPERTY_LIVENESS,
     CLAIM_FINALLY,
     NETWORK,
     look_both_closed,
     NULL},
    {"half-open-is-reset",
     "RFC 9293 3.5.1",
     {"Who sends to a host that has forgotten the connection learns it by a reset, and need not give up.",
      "向已忘掉连接的主机发送数据的一端，会由 RST 得知，而不必等到放弃。"},
     PROPERTY_LIVENESS,
     CLAIM_FINALLY,
     ASSUMES_NO_FORGERY,
     look_half_open_is_reset,
     NULL},
    {"all-is-delivered-in-the-end",
     "RFC 9293 3.8",
     {"When everything rests, nobody has anything left to send, and nothing waits for an acknowledgment.",
      "一切静止之后，谁也没有剩下要发送的内容，也没有什么在等待确认。"},
     PROPERTY_LIVENESS,
     CLAIM_FINALLY,
     0,
     look_all_rests,
     NULL},
    {"network-drains",
     "RFC 9293 3.4.2",
     {"In the end no segment is in flight.", "最后没有报文段还在途中。"},
     PROPERTY_LIVENESS,
     CLAIM_FINALLY,
     ASSUMES_NO_FORGERY | ASSUMES_NO_STALE_SYN | ASSUMES_ROOM,
     look_network_drains,
     NULL},
    {"everything-closed",
     "RFC 9293 3.6",
     {"In the end no connection is left, listeners aside.", "运行结束时，除监听者外不再有任何连接。"},
     PROPERTY_CHOICE,
     CLAIM_FINALLY,
     0,
     look_everything_closed,
     NULL},
    {"nobody-reset",
     "RFC 9293 3.5.2",
     {"No connection was reset or refused.", "没有连接被重置或被拒绝。"},
     PROPERTY_CHOICE,
     CLAIM_FINALLY,
     0,
     look_nobody_reset,
     NULL},
    {"programs-finish",
     "",
     {"When the run ends, no program still waits. Always claimed.", "运行结束时，没有程序还在等待。此项总是被检查。"},
     PROPERTY_CHOICE,
     CLAIM_FINALLY,
     0,
     look_programs_finish,
     NULL},
    {"programs-end-as-they-say",
     "",
     {"Steps end in an error only where the scenario says so. Always claimed.",
      "只有在场景写明之处，步骤才会以错误结束。此项总是被检查。"},
     PROPERTY_CHOICE,
     CLAIM_ALWAYS,
     0,
     look_programs_end_as_they_say,
     NULL},
};
enum { PROPERTIES = sizeof table / sizeof *table };
_Static_assert(PROPERTIES <= 64, "world.observed has a bit for each");

const struct property *properties(size_t *count) {
    *count = PROPERTIES;
    return table;
}

const struct property *property_by_name(const char *name) {
    for (size_t i = 0; i < PROPERTIES; i++)
        if (strcmp(table[i].name, name) == 0) return &table[i];
    return NULL;
}

const char *property_reason(const struct property *property, int language) {
    static const char *const texts[TCP_LANGUAGES] = {
        "No missing rule breaks it: what moves the edge is arithmetic, not a choice. It is there for whoever changes "
        "how "
        "the window is computed, or links a TCP of their own.",
        "缺少哪条规则都不会违反它：右沿的移动是运算的结果，而不是可以取舍的规则。它是为修改窗口算法的人、"
        "或换上自己的 TCP 的人准备的。"};
    return strcmp(property->name, "window-does-not-shrink") == 0 ? texts[language] : NULL;
}

const char *property_assumption(unsigned number, int language) {
    static const char *const texts[ASSUMPTIONS][TCP_LANGUAGES] = {
        {"nobody forges segments or ICMP errors, and no flipped bits go unnoticed",
         "没有人伪造报文段或 ICMP 差错，也没有比特翻转逃过校验"},
        {"no connection uses numbers near those of an earlier one of the same ports that ended without TIME-WAIT",
         "同一对端口上，没有连接使用与未经 TIME-WAIT 就结束的早先连接相近的序列号"},
        {"no segment lives longer than MSL", "没有报文段存活超过 MSL"},
        {"2 MSL are longer than R2", "2MSL 长于 R2"},
        {"nobody gave up, crashed, aborted or left text unread", "没有谁放弃、崩溃、中止，或留下未读的数据"},
        {"no old duplicate of a SYN finds a listener, or somebody who opens",
         "没有滞留的重复 SYN 遇上监听者，或正在打开连接的一端"},
        {"no end has filled the other's window while something before it was missing",
         "没有哪一端在前面还有缺口时就填满了对方的窗口"},
        {"no listener answers a SYN by a SYN cookie and forgets it", "没有监听者以 SYN cookie 答复 SYN 之后就忘掉它"},
        {"no old duplicate of a SYN is served at once, by Fast Open", "没有滞留的重复 SYN 经由 Fast Open 立即得到服务"},
    };
    assert(number < ASSUMPTIONS);
    return texts[number][language];
}

const struct socket *property_next(const struct world *world, uint32_t *index) {
    while (*index < world->sockets.count) {
        const struct socket *socket = pool_at(&world->sockets, (*index)++, NULL);
        if (socket != NULL) return socket;
    }
    return NULL;
}

void property_say(struct claim_detail *detail, const struct world *world, const struct socket *socket,
                  const char *english, const char *chinese) {
    const char *host = world_host_at(world, socket->host)->name;
    const char *state = tcp_state_name((enum tcp_state)socket->tcp.state);
    tell(detail->text[TELL_ENGLISH], CLAIM_DETAIL, "connection %u of %s (%s): %s", socket->ordinal, host, state,
         english);
    tell(detail->text[TELL_CHINESE], CLAIM_DETAIL, "%s 的连接 %u（%s）：%s", host, socket->ordinal, state, chinese);
}

// ---- Claims ---------------------------------------------------------------------------------------------------

static bool is_unbroken(const struct world *world, const struct property *property, struct claim_detail *detail,
                        bool *error) {
    if (property->holds != NULL) return property->holds(world, NULL, detail, error);
    for (uint32_t i = 0; i < world->broken.count; i++) {
        const struct broken_property *broken = array_at(&world->broken, i);
        if (&table[broken->number] != property) continue;
        *detail = broken->detail;
        return false;
    }
    return true;
}

static bool holds_in_scenario(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    return is_unbroken(world, context, detail, error);
}

static bool holds_as_assumed(const struct world *world, void *context, struct claim_detail *detail, bool *error) {
    const struct property *property = context;
    return (world->assumed & property->assumes) != 0 || is_unbroken(world, property, detail, error);
}

bool property_excuses_storms(const struct world *world) {
    return world->witnessed && (world->assumed & property_by_name("answers-come-to-an-end")->assumes) != 0;
}

static void claim(struct world *world, const struct property *property, const struct claim *claim) {
    bool before_all = world->born == 0;
    assert(before_all && "properties are claimed before anything happens");
    world_claim(world, claim);
    world->keeps = true;
    world->always = world->always || claim->when == CLAIM_ALWAYS;
    if (property->observe != NULL) world->observed |= UINT64_C(1) << (property - table);
    if (property->observe != NULL || property->kind == PROPERTY_LIVENESS) world->witnessed = true;
}

void world_claim_property(struct world *world, const struct property *property, enum claim_when when,
                          const char *where) {
    claim(world, property,
          &(struct claim){.name = {property->name},
                          .where = where,
                          .when = when,
                          .holds = holds_in_scenario,
                          .context = (void *)property});
}

void world_claim_all_properties(struct world *world) {
    world->witnessed = true;  // for the assumptions
    for (size_t i = 0; i < PROPERTIES; i++) {
        if (table[i].kind == PROPERTY_CHOICE) continue;
        claim(world, &table[i],
              &(struct claim){.name = {table[i].name},
                              .where = "",
                              .when = table[i].when,
                              .holds = holds_as_assumed,
                              .context = (void *)&table[i]});
    }
}
