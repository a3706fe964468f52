// The timeline, from traces made by hand: what it says, that no line is wider than asked for, that nothing hostile gets
// through, and that a trace that makes no sense is refused in one sentence.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/view/rules_list.h"
#include "sim/view/timeline.h"
#include "sim/view/width.h"
#include "tests/check.h"
#include "tests/traces.h"

static char output[1 << 20];
static char error[200];

// Writes the timeline into `output`. False: refused.
static bool write_timeline(const struct trace *trace, const struct timeline_options *options) {
    FILE *file = tmpfile();
    if (!CHECK(file != NULL)) exit(1);
    bool good = timeline_write(trace, options, file, error, sizeof error);
    rewind(file);
    size_t length = fread(output, 1, sizeof output - 1, file);
    output[length] = '\0';
    fclose(file);
    return good;
}

// ---- Traces

static void begin(struct trace *trace, uint32_t hosts) {
    static const char *const names[] = {"client", "server", "attacker", "d", "e", "f", "g"};
    trace_init(trace);
    put_run(trace, "Three-way handshake", "三次握手",
            "Each end's SYN has to be acknowledged, and one of the acknowledgements rides on a SYN.",
            "双方的 SYN 都要得到确认，其中一个确认与 SYN 合并在同一个报文段里，所以一共三个报文段，而不是四个。");
    for (uint32_t i = 0; i < hosts; i++)
        put_host(trace, i, names[i]);
    put_step(trace, 0, 1, 0, TCP_OPEN_PASSIVE, TCP_CLOSED, TCP_LISTEN, 80, TCP_RULE_NONE);
}

static void open_connection(struct trace *trace) {
    put_call(trace, 0, 0, 1, "connect(server, 80)");
    put_step(trace, 0, 0, 1, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49152, 1);
    put_packet(trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_SYN, .rule = 1}, FATE_DELIVERED, 20 * MS);
    put_arrival(trace, 20 * MS, 1, 0);
    put_step(trace, 20 * MS, 1, 2, TCP_SEGMENT_ARRIVES, TCP_LISTEN, TCP_SYN_RECEIVED, 80, 2);
    put_packet(trace, 20 * MS,
               &(struct hand_packet){2, 1, 0, 2, TCP_SYN | TCP_ACK, 0, 1, .answers = 1, .acknowledges = 1, .rule = 2},
               FATE_DELIVERED, 40 * MS);
    put_arrival(trace, 40 * MS, 2, 0);
    put_step(trace, 40 * MS, 0, 1, TCP_SEGMENT_ARRIVES, TCP_SYN_SENT, TCP_ESTABLISHED, 49152, 3);
    put_packet(trace, 40 * MS,
               &(struct hand_packet){3, 0, 1, 1, TCP_ACK, 1, 1, .answers = 2, .acknowledges = 2, .rule = 3},
               FATE_DELIVERED, 60 * MS);
    put_arrival(trace, 60 * MS, 3, 0);
    put_step(trace, 60 * MS, 1, 2, TCP_SEGMENT_ARRIVES, TCP_SYN_RECEIVED, TCP_ESTABLISHED, 80, 4);
}

// Loss and repetition, overtaking, a copy, a forged reset, a crash, a long silence, a failed claim.
static void mishaps(struct trace *trace, uint32_t hosts) {
    struct hand_packet first = {4, 0, 1, 1, TCP_PSH | TCP_ACK, 1, 1, .text = "GET /\r\n", .rule = 5};
    struct hand_packet again = {5, 0, 1, 1, TCP_PSH | TCP_ACK, 1, 1, .text = "GET /\r\n", .repeats = 4, .rule = 6};
    struct hand_packet more = {6, 0, 1, 1, TCP_PSH | TCP_ACK, 8, 1, .text = "Host: \x1b[31mx", .rule = 5};
    struct hand_packet reset = {7, hosts > 2 ? 2 : 0, 1, 0, TCP_RST, 1, 0, .injected = true};
    put_packet(trace, 100 * MS, &first, FATE_LOST_ORDER, 0);
    trace->cause = 0;
    put_step(trace, 1100 * MS, 0, 1, TCP_RETRANSMISSION_TIMEOUT, TCP_ESTABLISHED, TCP_ESTABLISHED, 49152, 6);
    put_packet(trace, 1100 * MS, &again, FATE_DELIVERED, 1130 * MS);
    put_packet(trace, 1100 * MS, &more, FATE_DELIVERED, 1120 * MS);
    put_fate(trace, 1100 * MS, 6, 1, FATE_DELIVERED, false, 4120 * MS);
    put_arrival(trace, 1120 * MS, 6, 0);
    put_arrival(trace, 1130 * MS, 5, 0);
    put_packet(trace, 1200 * MS, &reset, FATE_DELIVERED, 1210 * MS);
    put_arrival(trace, 1210 * MS, 7, 0);
    put_step(trace, 1210 * MS, 1, 2, TCP_SEGMENT_ARRIVES, TCP_ESTABLISHED, TCP_CLOSED, 80, 7);
    put_signal(trace, 1210 * MS, 1, 2, TCP_SIGNAL_RESET);
    put_note(trace, 1300 * MS, UINT32_MAX, "The client's host fails now, and forgets everything.",
             "客户端的主机此刻崩溃，忘记一切。");
    put_host_event(trace, 1300 * MS, 0, HOST_CRASHED);
    put_arrival(trace, 4120 * MS, 6, 1);
    put_claim(trace, 4120 * MS, "one visitor was served", "0 visitors were served");
    put_finish(trace, 4120 * MS, RUN_IDLE);
}

static void make(struct trace *trace, uint32_t hosts) {
    begin(trace, hosts);
    open_connection(trace);
    mishaps(trace, hosts);
}

// ---- What every output must keep to

// The first thing that is wrong with a line; NULL: nothing.
static const char *fault_of(const char *line, size_t length, unsigned width, bool ascii, bool colour) {
    if (!colour && width_text(line, length) > width) return "too wide";
    if (length > 0 && line[length - 1] == ' ') return "ends in a space";
    for (size_t at = 0, size; at < length; at += size) {
        uint32_t point = 0;
        size = width_decode(line + at, length - at, &point);
        if (size == 0) return "not UTF-8";
        if (width_hidden(point) && !(colour && point == 0x1b)) return "a control character";
        if (ascii && point > 0x7e) return "not ASCII";
    }
    return NULL;
}

static void check_lines(const char *text, unsigned width, bool ascii, bool colour) {
    const char *line = text;
    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
        CHECK_STR(fault_of(line, (size_t)(end - line), width, ascii, colour), NULL);
    CHECK(*line == '\0');
}

static void check_all_modes(const struct trace *trace, const char *what) {
    static const uint32_t widths[] = {72, 80, 100, 133, 400};
    for (unsigned mode = 0; mode < 16; mode++)
        for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
            struct timeline_options options = {.language = (mode & 1) != 0,
                                               .ascii = (mode & 2) != 0,
                                               .explain = (mode & 4) != 0,
                                               .absolute = (mode & 8) != 0,
                                               .width = widths[i]};
            check_about("%s, language %d, ascii %d, explain %d, width %u", what, options.language, options.ascii,
                        options.explain, (unsigned)widths[i]);
            CHECK(write_timeline(trace, &options));
            check_lines(output, widths[i], options.ascii && options.language == 0, false);
            if (options.ascii) CHECK(strstr(output, "│") == NULL && strstr(output, "►") == NULL);
        }
}

// ---- What it says

static void check_handshake(void) {
    struct trace trace;
    make(&trace, 2);
    check_about("handshake in English, 100 columns");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 100}));
    CHECK_CONTAINS(output, "Three-way handshake\nWhy three segments, not two?\n");
    CHECK_CONTAINS(output, "Sources: RFC 9293 3.5; RFC 9293 3.10.7; 三次握手\n");
    CHECK_CONTAINS(output, "seed 1");
    CHECK_CONTAINS(output, "CLOSED │");
    CHECK_CONTAINS(output, "│ LISTEN");
    CHECK_CONTAINS(output, "SYN-SENT │ ▸ connect(server, 80)");
    CHECK_CONTAINS(output, "├── #1 SYN seq=0 (100) ──");
    CHECK_CONTAINS(output, "╰──►│ SYN-RECEIVED\n");
    CHECK_CONTAINS(output, "╭── #2 SYN,ACK seq=0 (300) ack=1 (101) ──");
    CHECK_CONTAINS(output, "0.040  ESTABLISHED │◄──╯   answers #1 · acknowledges #1 · ");
    CHECK_CONTAINS(output, "answers #2 · acknowledges #2");
    CHECK_CONTAINS(output, "  0.060");
    CHECK_CONTAINS(output, "✗ lost");
    CHECK_CONTAINS(output, "dropped by the script");
    CHECK_CONTAINS(output, "RETRANSMISSION TIMEOUT");
    CHECK_CONTAINS(output, "repeats #4");
    CHECK_CONTAINS(output, "7 bytes \"GET /\\r\\n\"");
    CHECK_CONTAINS(output, "#6 · overtakes #5");
    CHECK_CONTAINS(output, "copy of #6");
    CHECK_CONTAINS(output, "1 s later");
    CHECK_CONTAINS(output, "connection reset");
    CHECK_CONTAINS(output, "The client's host fails now");
    CHECK_CONTAINS(output, "crashes");
    CHECK_CONTAINS(output, "FAILED: one visitor was served");
    CHECK_CONTAINS(output, "0 visitors were served");
    CHECK_CONTAINS(output, "by-hand.lua:12");
    CHECK_CONTAINS(output, "To see it again:\n        synfin run scenarios/handshake/by-hand.lua --seed 1");
    CHECK_CONTAINS(output, "nothing is left to happen");
    trace_free(&trace);
}

static void check_chinese(void) {
    struct trace trace;
    make(&trace, 2);
    check_about("handshake in Chinese, explained");
    CHECK(write_timeline(&trace, &(struct timeline_options){.language = 1, .explain = true, .width = 100}));
    CHECK_CONTAINS(output, "三次握手\n为什么是三个报文段，而不是两个？\n");
    CHECK_CONTAINS(output, "出处：RFC 9293 3.5；RFC 9293 3.10.7；三次握手\n");
    CHECK_CONTAINS(output, "SYN-RECEIVED\n");
    CHECK_CONTAINS(output, "同步已收到");
    CHECK_CONTAINS(output, "答复 #1 · 确认 #1");
    CHECK_CONTAINS(output, "重传 #4");
    CHECK_CONTAINS(output, "丢失");
    CHECK_CONTAINS(output, "被脚本丢弃");
    CHECK_CONTAINS(output, "重传超时");
    CHECK_CONTAINS(output, "超越 #5");
    CHECK_CONTAINS(output, "客户端的主机此刻崩溃，忘记一切。");
    CHECK_CONTAINS(output, tcp_rule_info((enum tcp_rule)1)->name);
    CHECK(strstr(output, "answers #") == NULL && strstr(output, "lost") == NULL);
    trace_free(&trace);
}

static void check_forgery(void) {
    struct trace trace;
    make(&trace, 3);
    check_about("an attacker");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 120}));
    CHECK_CONTAINS(output, "attacker");
    CHECK_CONTAINS(output, "forged as client");
    CHECK_CONTAINS(output, "#7 RST seq=1 (5001)");
    trace_free(&trace);
    make(&trace, 7);
    check_about("more hosts than have room");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 72}));
    CHECK_CONTAINS(output, "client ─► server: #1 SYN seq=0 (100)");
    CHECK_CONTAINS(output, "server: SYN-RECEIVED");
    CHECK_CONTAINS(output, "client ─► server: #1 arrives");
    trace_free(&trace);
}

static void check_absolute(void) {
    struct trace trace;
    make(&trace, 2);
    check_about("absolute numbers");
    CHECK(write_timeline(&trace, &(struct timeline_options){.absolute = true}));
    CHECK_CONTAINS(output, "#2 SYN,ACK seq=300 ack=101");
    check_about("colours");
    CHECK(write_timeline(&trace, &(struct timeline_options){.colour = true, .width = 100}));
    CHECK_CONTAINS(output, "\033[");
    check_lines(output, 100, false, true);
    trace_free(&trace);
}

// Two connections of one host are told apart by their ports; what is deleted is CLOSED.
static void check_two_connections(void) {
    struct trace trace;
    begin(&trace, 2);
    open_connection(&trace);
    put_call(&trace, 70 * MS, 0, 1, "abort()");
    put_step(&trace, 70 * MS, 0, 1, TCP_ABORT, TCP_ESTABLISHED, TCP_CLOSED, 49152, TCP_RULE_NONE);
    put_call(&trace, 70 * MS, 0, 3, "connect(server, 80)");
    put_step(&trace, 70 * MS, 0, 3, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49153, TCP_RULE_NONE);
    check_about("two connections");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 100}));
    CHECK_CONTAINS(output, "49152 SYN-SENT │ ▸ connect(server, 80)");
    CHECK_CONTAINS(output, "  ESTABLISHED │");
    CHECK_CONTAINS(output, "  CLOSED │ ▸ abort()");
    CHECK_CONTAINS(output, "49153 SYN-SENT │ ▸ connect(server, 80)");
    CHECK(strstr(output, "49152 ESTABLISHED") == NULL && strstr(output, "49153/") == NULL);
    CHECK_CONTAINS(output, "the run was not finished");
    check_all_modes(&trace, "two connections");
    trace_free(&trace);
}

// Whose turn it is shows where it changes; incarnations of the same ports are numbered, and that is explained.
static void check_reused_ports(void) {
    struct trace trace;
    begin(&trace, 2);
    open_connection(&trace);
    put_call(&trace, 70 * MS, 0, 1, "abort()");
    put_step(&trace, 70 * MS, 0, 1, TCP_ABORT, TCP_ESTABLISHED, TCP_CLOSED, 49152, TCP_RULE_NONE);
    put_call(&trace, 80 * MS, 0, 1, "connect(server, 80)");
    put_step(&trace, 80 * MS, 0, 3, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49152, TCP_RULE_NONE);
    put_call(&trace, 90 * MS, 0, 1, "send \"x\"");
    check_about("the same ports again");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 100}));
    CHECK_CONTAINS(output, "49152/1, 49152/2: connections one after the other");
    CHECK_CONTAINS(output, "49152/1 SYN-SENT │ ▸ connect(server, 80)");
    CHECK_CONTAINS(output, "49152/2 SYN-SENT │ ▸ connect(server, 80)");
    CHECK_CONTAINS(output, "▸ 49152/1 send \"x\"");
    check_all_modes(&trace, "the same ports again");
    trace_free(&trace);
}

// ---- What comes of an arrival

static void arrive(struct trace *trace, uint64_t time, const struct hand_packet *packet) {
    put_packet(trace, time - 20 * MS, packet, FATE_DELIVERED, time);
    put_arrival(trace, time, packet->number, 0);
}

static void check_ignored(void) {
    struct trace trace;
    begin(&trace, 2);
    put_call(&trace, 0, 0, 1, "connect(server, 80)");
    put_step(&trace, 0, 0, 1, TCP_OPEN_ACTIVE, TCP_CLOSED, TCP_SYN_SENT, 49152, TCP_RULE_OPEN_SENDS_SYN);
    arrive(&trace, 20 * MS, &(struct hand_packet){1, 1, 0, 0, TCP_RST, 1, 1, .injected = true});
    put_step(&trace, 20 * MS, 0, 1, TCP_SEGMENT_ARRIVES, TCP_SYN_SENT, TCP_SYN_SENT, 49152,
             TCP_RULE_RST_IN_SYN_SENT_NEEDS_ACK);
    arrive(&trace, 40 * MS, &(struct hand_packet){2, 1, 0, 2, TCP_ACK, 1, 1, .rule = TCP_RULE_NONE});
    put_step(&trace, 40 * MS, 0, 1, TCP_SEGMENT_ARRIVES, TCP_SYN_SENT, TCP_ESTABLISHED, 49152, TCP_RULE_NONE);
    arrive(&trace, 60 * MS, &(struct hand_packet){3, 1, 0, 2, TCP_ACK, 1, 1, .rule = TCP_RULE_NONE});
    put_step(&trace, 60 * MS, 0, 1, TCP_SEGMENT_ARRIVES, TCP_ESTABLISHED, TCP_ESTABLISHED, 49152, TCP_RULE_NONE);
    arrive(&trace, 80 * MS, &(struct hand_packet){4, 1, 0, 2, TCP_ACK, 1, 2, .rule = TCP_RULE_NONE});
    struct record news = {.kind = RECORD_STEP, .time = 80 * MS};
    news.step.connection = 1;
    news.step.event = TCP_SEGMENT_ARRIVES;
    news.step.before.state = news.step.after.state = TCP_ESTABLISHED;
    news.step.local = endpoint_of(0, 49152);
    news.step.remote = endpoint_of(1, 80);
    news.step.after.snd_una = 1;
    record_write(&trace, &news);
    arrive(&trace, 100 * MS, &(struct hand_packet){5, 0, 1, 0, TCP_RST, 1, 2, .rule = TCP_RULE_NONE});
    put_step(&trace, 100 * MS, 1, 0, TCP_SEGMENT_ARRIVES, TCP_LISTEN, TCP_LISTEN, 80, TCP_RULE_LISTEN_IGNORES_RST);
    arrive(&trace, 120 * MS, &(struct hand_packet){6, 0, 1, 0, TCP_SYN, 1, 2, .rule = TCP_RULE_NONE});
    put_drop(&trace, 120 * MS, 6, 1, DROP_BACKLOG_FULL, TCP_RULE_LISTEN_BACKLOG);
    check_about("arrivals of which nothing comes");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 100}));
    CHECK_CONTAINS(output, "#1 · ignored · rst-in-syn-sent-needs-ack");
    CHECK_CONTAINS(output, "#3 · nothing new");
    CHECK(strstr(output, "#2 · ") == NULL && strstr(output, "#4 · ") == NULL);
    CHECK_CONTAINS(output, "#5 · ignored · listen-ignores-rst");
    CHECK_CONTAINS(output, "#6 · the backlog is full · listen-backlog");
    CHECK(write_timeline(&trace, &(struct timeline_options){.language = 1, .width = 100}));
    CHECK_CONTAINS(output, "#1 · 忽略 · rst-in-syn-sent-needs-ack");
    CHECK_CONTAINS(output, "#3 · 无新内容");
    CHECK_CONTAINS(output, "#6 · 半连接队列已满 · listen-backlog");
    check_all_modes(&trace, "arrivals of which nothing comes");
    trace_free(&trace);
}

// ---- Options and windows

// The server's segment `number` to the client, with the options and the window of `segment`.
static void put_with_options(struct trace *trace, uint64_t time, uint64_t number, struct tcp_segment segment) {
    struct record record = {.kind = RECORD_PACKET, .time = time};
    segment.seq = 301;
    segment.ack = 101;
    record.packet.packet = number;
    record.packet.host = 1;
    record.packet.connection = 2;
    record.packet.from = endpoint_of(1, 80);
    record.packet.to = endpoint_of(0, 49152);
    record.packet.segment = segment;
    record.packet.relative_seq = record.packet.relative_ack = 1;
    record.packet.has_relative_seq = record.packet.has_relative_ack = true;
    record_write(trace, &record);
    put_fate(trace, time, number, 0, FATE_DELIVERED, false, time + 20 * MS);
    put_arrival(trace, time + 20 * MS, number, 0);
}

static void put_segments_with_options(struct trace *trace) {
    const struct tcp_block gaps[] = {{301, 401}, {201, 251}}, below[] = {{51, 101}, {301, 401}},
                           within[] = {{311, 321}, {301, 401}};
    struct tcp_segment syn = {.flags = TCP_SYN | TCP_ACK, .wnd = 65535, .mss = 1460, .scale = 7, .timeout = 0x8002};
    syn.options = TCP_OPTION_MSS | TCP_OPTION_WINDOW_SCALE | TCP_OPTION_SACK_PERMITTED | TCP_OPTION_TIMESTAMPS |
                  TCP_OPTION_USER_TIMEOUT | TCP_OPTION_FAST_OPEN;
    syn.ts_val = 11;
    syn.ts_ecr = 22;
    put_with_options(trace, 100 * MS, 4, syn);
    struct record scaled = {.kind = RECORD_STEP, .time = 200 * MS};
    scaled.step.host = 1;
    scaled.step.connection = 2;
    scaled.step.event = TCP_RECEIVE;
    scaled.step.before.state = scaled.step.after.state = TCP_ESTABLISHED;
    scaled.step.after.flags = TCP_CONNECTION_WINDOW_SCALE;
    scaled.step.after.rcv_scale = 7;
    scaled.step.local = endpoint_of(1, 80);
    scaled.step.remote = endpoint_of(0, 49152);
    record_write(trace, &scaled);
    const struct tcp_block *blocks[] = {gaps, below, within};
    for (uint64_t i = 0; i < 3; i++) {
        struct tcp_segment ack = {.flags = TCP_ACK, .wnd = 2048, .options = TCP_OPTION_SACK, .blocks = 2};
        memcpy(ack.sack, blocks[i], 2 * sizeof *gaps);
        put_with_options(trace, (200 + 100 * i) * MS, 5 + i, ack);
    }
}

// SACK blocks are numbers like SEG.ACK, and one that tells of a duplicate says so. What a SYN offers is shown, its MSS
// and the timestamps' values where the timeline explains. A scaled window is no leap for being scaled.
static void check_options(void) {
    struct trace trace;
    begin(&trace, 2);
    open_connection(&trace);
    put_segments_with_options(&trace);
    check_about("options");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 200}));
    CHECK_CONTAINS(output, "#4 SYN,ACK seq=1 (301) ack=1 (101) wscale=7 sack-permitted timestamps ");
    CHECK_CONTAINS(output, " user-timeout=2 min fast-open=request");
    CHECK_CONTAINS(output, "#5 ACK seq=1 (301) ack=1 (101) wnd=2048<<7 sack=201-301,101-151 ");
    CHECK_CONTAINS(output, "#6 ACK seq=1 (301) ack=1 (101) dsack=-49-1 sack=201-301 ");
    CHECK_CONTAINS(output, "#7 ACK seq=1 (301) ack=1 (101) dsack=211-221 sack=201-301 ");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 200, .absolute = true, .explain = true}));
    CHECK_CONTAINS(output, "#4 SYN,ACK seq=301 ack=101 wnd=65535 mss=1460 wscale=7 sack-permitted ");
    CHECK_CONTAINS(output, " TSval=11 TSecr=22 user-timeout=2 min ");
    CHECK_CONTAINS(output, "#6 ACK seq=301 ack=101 dsack=51-101 sack=301-401 ");
    check_all_modes(&trace, "options");
    trace_free(&trace);
}

// A packet that has arrived isn't overtaken, whatever its copy does; what answers the copy says so.
static void check_copies(void) {
    struct trace trace;
    begin(&trace, 2);
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 0, TCP_ACK, 1, 1, .rule = TCP_RULE_NONE}, FATE_DELIVERED,
               20 * MS);
    put_fate(&trace, 0, 1, 1, FATE_DELIVERED, true, 60 * MS);
    put_arrival(&trace, 20 * MS, 1, 0);
    put_packet(&trace, 20 * MS, &(struct hand_packet){2, 0, 1, 0, TCP_ACK, 1, 1, .rule = TCP_RULE_NONE}, FATE_DELIVERED,
               40 * MS);
    put_arrival(&trace, 40 * MS, 2, 0);
    put_arrival(&trace, 60 * MS, 1, 1);
    put_packet(&trace, 60 * MS, &(struct hand_packet){3, 1, 0, 0, TCP_RST, 1, 1, .answers = 1}, FATE_DELIVERED,
               80 * MS);
    put_arrival(&trace, 80 * MS, 3, 0);
    check_about("copies");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 100}));
    CHECK(strstr(output, "overtakes") == NULL);
    CHECK_CONTAINS(output, "answers the copy of #1");
    CHECK(write_timeline(&trace, &(struct timeline_options){.language = 1, .width = 100}));
    CHECK_CONTAINS(output, "答复 #1 的副本");
    trace_free(&trace);
}

// ---- Hosts and links that fail

static void check_downs(void) {
    struct trace trace;
    begin(&trace, 2);
    open_connection(&trace);
    put_call(&trace, 70 * MS, 1, 0, "link_down(client, server)");
    put_call(&trace, 80 * MS, 1, 0, "link_up(client, server)");
    put_call(&trace, 85 * MS, 1, 0, "observe { from = client, flags = \"SYN\" }");
    put_host_event(&trace, 90 * MS, 0, HOST_CRASHED);
    put_host_event(&trace, 100 * MS, 0, HOST_REBOOTED);
    check_about("failures");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 100}));
    CHECK_CONTAINS(output, "the link goes down: client, server");
    CHECK_CONTAINS(output, "the link is up again: client, server");
    CHECK(strstr(output, "link_") == NULL && strstr(output, "observe") == NULL);
    CHECK_CONTAINS(output, "0.090         DOWN ┊ crashes");
    CHECK_CONTAINS(output, "0.100       CLOSED │ runs again");
    CHECK(write_timeline(&trace, &(struct timeline_options){.language = 1, .width = 100, .explain = true}));
    CHECK_CONTAINS(output, "宕机 ┊");
    CHECK_CONTAINS(output, "链路断开：client, server");
    CHECK_CONTAINS(output, "observe");
    check_all_modes(&trace, "failures");
    trace_free(&trace);
}

// ---- Traces of other builds

static void check_foreign_rules(void) {
    struct trace trace;
    trace_init(&trace);
    put_rules(&trace, "a-rule-of-tomorrow\n\x1b[2J\nopen-sends-syn");
    struct record host = {.kind = RECORD_HOST};
    host.host.name = text_from("client");
    tcp_rule_set_add(&host.host.without, (enum tcp_rule)1);
    record_write(&trace, &host);
    put_host(&trace, 1, "server");
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_SYN, .rule = (enum tcp_rule)3}, FATE_DELIVERED, 20);
    put_arrival(&trace, 20, 1, 0);
    put_step(&trace, 20, 1, 2, TCP_SEGMENT_ARRIVES, TCP_LISTEN, TCP_SYN_RECEIVED, 80, (enum tcp_rule)1);
    put_packet(&trace, 30, &(struct hand_packet){2, 1, 0, 2, TCP_ACK, .rule = (enum tcp_rule)2}, FATE_DELIVERED, 40);
    check_about("rules of another build");
    CHECK(write_timeline(&trace, &(struct timeline_options){.width = 100, .explain = true}));
    CHECK_CONTAINS(output, "client goes without a-rule-of-tomorrow.");
    CHECK_CONTAINS(output, "open-sends-syn (RFC 9293 3.10.1)");
    CHECK_CONTAINS(output, "• a-rule-of-tomorrow");
    CHECK_CONTAINS(output, "\\x1b[2J");
    check_all_modes(&trace, "rules of another build");
    trace_free(&trace);
}

// ---- Hostile traces

static void check_hostile_names(void) {
    struct trace trace;
    trace_init(&trace);
    put_run(&trace, "\x1b]0;owned\x07 title", "\xe2\x80\xae", "a\0b \xff\xfe \xc2\x9b[2J \r\n \x1b[1A", "");
    put_host(&trace, 0, "\x1b[2Jclient\u202e");
    put_host(&trace, 1,
             "s\u0301\u0301\u0301\u0301\u0301\u0301\u0301 a name that is a good deal longer than its lane "
             "\xf0\x9f\x98\x80\x80");
    put_call(&trace, 0, 0, 1, "\x7f\x08\x08 connect");
    put_note(&trace, 0, 0, "\x1b[31mred",
             "\x9b"
             "31m");
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 1, 0xff, 5, 6, .text = "\x1b[2J\x07\xff"}, FATE_DELIVERED, 5);
    put_claim(&trace, 5, "\x1b[0m", "\x01\x02\x03\x04\x1f");
    check_all_modes(&trace, "hostile names");
    trace_free(&trace);
}

// Every packet from a host to itself, to nobody, from the last host to the first; hosts without any event.
static void check_odd_paths(void) {
    for (uint32_t hosts = 1; hosts < 8; hosts++) {
        struct trace trace;
        trace_init(&trace);
        for (uint32_t i = 0; i < hosts; i++)
            put_host(&trace, i, "host");
        uint64_t number = 0;
        for (uint32_t from = 0; from < hosts; from++)
            for (uint32_t to = 0; to < hosts; to++) {
                struct hand_packet packet = {++number, from, to, 0, TCP_ACK, 1, 1, .text = "x"};
                put_packet(&trace, number, &packet, number % 3 == 0 ? FATE_LOST : FATE_DELIVERED, 1000 + number);
            }
        struct hand_packet nowhere = {++number, hosts - 1, UINT32_MAX, 0, TCP_SYN, .rule = TCP_RULE_NONE};
        put_packet(&trace, number, &nowhere, FATE_LOST_NO_LINK, 0);
        for (uint64_t i = 1; i < number; i++)
            if (i % 3 != 0) put_arrival(&trace, 1000 + i, i, 0);
        check_all_modes(&trace, "odd paths");
        trace_free(&trace);
    }
}

static void refuse(struct trace *trace, const char *sentence) {
    check_about("a trace that is to be refused: %s", sentence);
    output[0] = '\0';
    error[0] = '\0';
    CHECK(!write_timeline(trace, &(struct timeline_options){.width = 0}));
    CHECK_CONTAINS(error, "record ");
    CHECK_CONTAINS(error, sentence);
    CHECK_STR(output, "");
    trace_free(trace);
}

// Adds a record that happens before the last one, which no writer does.
static void set_back_last(struct trace *trace) {
    size_t begins = trace->length;
    put_call(trace, 5, 0, 1, "x");
    trace->bytes[begins + 16] = 4;  // the time follows length, kind, flags and number
}

static void check_refusals(void) {
    struct trace trace;
    struct hand_packet packet = {1, 0, 1, 1, TCP_SYN, .rule = TCP_RULE_NONE};
    trace_init(&trace);
    put_host(&trace, 1, "a");
    refuse(&trace, "hosts are not numbered in order");
    trace_init(&trace);
    put_call(&trace, 0, 0, 1, "x");
    refuse(&trace, "a host that is not there");
    trace_init(&trace);
    put_packet(&trace, 0, &packet, FATE_DELIVERED, 1);
    refuse(&trace, "from a host that is not there");
    begin(&trace, 2);
    put_arrival(&trace, 0, 1, 0);
    refuse(&trace, "arrives that was not sent");
    begin(&trace, 2);
    put_packet(&trace, 0, &packet, FATE_LOST, 0);
    put_arrival(&trace, 1, 1, 0);
    refuse(&trace, "is lost or has arrived");
    begin(&trace, 2);
    put_packet(&trace, 0, &packet, FATE_DELIVERED, 1);
    put_packet(&trace, 0, &packet, FATE_DELIVERED, 1);
    refuse(&trace, "packets are not numbered in order");
    begin(&trace, 2);
    put_call(&trace, 5, 0, 1, "x");
    set_back_last(&trace);
    refuse(&trace, "time goes back");
    begin(&trace, 2);
    trace_begin(&trace, RECORD_SIGNAL, 0);
    trace_put_u32(&trace, 0);
    trace_end(&trace);
    refuse(&trace, "not well formed");
}

static void check_refused_rules(void) {
    struct trace trace;
    trace_init(&trace);
    put_rules(&trace, "open-sends-syn\ntime-wait");
    put_host(&trace, 0, "a");
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_SYN, .rule = (enum tcp_rule)3}, FATE_LOST, 0);
    refuse(&trace, "a rule that the trace does not name");
    begin(&trace, 2);
    put_rules(&trace, "time-wait");
    refuse(&trace, "named twice");
    char many[2 * RECORD_RULES_MOST + 1];
    for (size_t i = 0; i < sizeof many - 1; i++)
        many[i] = i % 2 == 0 ? 'r' : '\n';
    many[sizeof many - 1] = '\0';
    trace_init(&trace);
    put_rules(&trace, many);
    refuse(&trace, "more than 127 rules");
}

// Every byte of a trace's records altered: refused or drawn, never a crash, never a control character.
static void check_altered_bytes(void) {
    struct trace trace, altered;
    make(&trace, 3);
    trace_init(&altered);
    check_about("altered bytes");
    for (size_t i = 40; i < trace.length; i += 3) {
        trace_copy(&altered, &trace);
        altered.bytes[i] = (unsigned char)(altered.bytes[i] ^ (1u << i % 8));
        if (write_timeline(&altered, &(struct timeline_options){.explain = i % 2 != 0}))
            check_lines(output, 100, false, false);
    }
    trace_free(&altered);
    trace_free(&trace);
}

static void check_rules_list(void) {
    for (unsigned mode = 0; mode < 4; mode++) {
        struct timeline_options options = {.language = (mode & 1) != 0, .ascii = (mode & 2) != 0, .width = 72};
        FILE *file = tmpfile();
        if (!CHECK(file != NULL)) return;
        rules_list_write(&options, file);
        rewind(file);
        output[fread(output, 1, sizeof output - 1, file)] = '\0';
        fclose(file);
        check_about("the list of rules, language %d", options.language);
        check_lines(output, 72, false, false);
        for (uint32_t rule = TCP_RULE_NONE + 1; rule < TCP_RULES; rule++)
            CHECK_CONTAINS(output, tcp_rule_info((enum tcp_rule)rule)->name);
    }
}

int main(void) {
    struct trace trace;
    for (uint32_t hosts = 2; hosts <= 7; hosts++) {
        make(&trace, hosts);
        check_all_modes(&trace, "mishaps");
        trace_free(&trace);
    }
    check_handshake();
    check_chinese();
    check_forgery();
    check_absolute();
    check_two_connections();
    check_reused_ports();
    check_ignored();
    check_options();
    check_copies();
    check_downs();
    check_foreign_rules();
    check_hostile_names();
    check_odd_paths();
    check_refusals();
    check_refused_rules();
    check_altered_bytes();
    check_rules_list();
    return check_result();
}
