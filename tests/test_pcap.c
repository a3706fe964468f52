// Captures: every block of every scenario's captures is read back by the letter of pcapng, and every packet in them by
// the codec; what is there agrees with the trace, packet by packet. Then names that harm, and traces that lie.
#include <stdlib.h>

#include "core/wire.h"
#include "sim/script/scenario.h"
#include "sim/view/pcap.h"
#include "sim/view/width.h"
#include "tests/check.h"
#include "tests/support.h"
#include "tests/traces.h"

enum { FRAMES_MOST = 60000, INTERFACES_MOST = 64 };

// A packet of a capture.
struct frame {
    uint32_t interface, length, flags;
    uint64_t time, id;
    const unsigned char *octets;
    char comment[1000];
};

// A capture, read back.
struct capture {
    uint32_t interfaces, names, frames;
    char name[INTERFACES_MOST][200];
    char section[1000], application[100];
    bool resolution[INTERFACES_MOST];
};

static struct frame frames[FRAMES_MOST];

// ---- Reading pcapng ------------------------------------------------------------------------------------------------

static uint32_t get16(const unsigned char *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t get32(const unsigned char *at) {
    return get16(at) | get16(at + 2) << 16;
}

struct option {
    uint32_t code, length;
    const unsigned char *value;
};

// Steps over one option, or one name, and its padding, which is zero. False: there is none any more, and the end is
// where it should be.
static bool next_option(const unsigned char **at, const unsigned char *end, struct option *option) {
    if (!CHECK(end - *at >= 4)) return false;
    *option = (struct option){.code = get16(*at), .length = get16(*at + 2), .value = *at + 4};
    uint32_t padded = (option->length + 3) / 4 * 4;
    if (!CHECK((size_t)(end - option->value) >= padded)) return false;
    for (uint32_t i = option->length; i < padded; i++)
        CHECK_EQ(option->value[i], 0);
    *at = option->value + padded;
    if (option->code != 0) return true;
    CHECK_EQ(option->length, 0);
    CHECK(*at == end);
    return false;
}

static void copy_text(char *to, size_t size, const struct option *option) {
    CHECK(option->length > 0 && option->length < size);
    size_t length = option->length < size ? option->length : size - 1;
    for (size_t at = 0, step; at < length; at += step) {
        uint32_t point = 0;
        step = width_decode(option->value + at, length - at, &point);
        CHECK(step > 0 && (point == '\n' || !width_hidden(point)));
        if (step == 0) step = 1;
    }
    memcpy(to, option->value, length);
    to[length] = '\0';
}

static void read_section(struct capture *capture, const unsigned char *at, const unsigned char *end) {
    static const unsigned char fixed[16] = {0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255};
    CHECK(end - at >= 16 && memcmp(at, fixed, sizeof fixed) == 0);
    struct option option;
    for (at += 16; next_option(&at, end, &option);) {
        CHECK(option.code == 1 || option.code == 4);  // what machine and system it was is nobody's business
        if (option.code == 1) copy_text(capture->section, sizeof capture->section, &option);
        if (option.code == 4) copy_text(capture->application, sizeof capture->application, &option);
    }
}

static void read_interface(struct capture *capture, const unsigned char *at, const unsigned char *end) {
    static const unsigned char raw[8] = {101};
    CHECK(end - at >= 8 && memcmp(at, raw, sizeof raw) == 0);
    uint32_t interface = capture->interfaces++;
    if (!CHECK(interface < INTERFACES_MOST)) return;
    struct option option;
    for (at += 8; next_option(&at, end, &option);) {
        if (option.code == 2) copy_text(capture->name[interface], sizeof capture->name[0], &option);
        if (option.code == 4) CHECK_EQ(option.length, 8);
        if (option.code == 5) CHECK_EQ(option.length, 17);
        if (option.code == 9) capture->resolution[interface] = CHECK(option.length == 1 && option.value[0] == 9);
    }
}

static void read_names(struct capture *capture, const unsigned char *at, const unsigned char *end) {
    struct option name;
    while (next_option(&at, end, &name)) {
        capture->names++;
        CHECK(name.code == 1 || name.code == 2);
        uint32_t size = name.code == 1 ? 4 : 16;
        CHECK(name.length > size + 1);
        CHECK(memchr(name.value + size, 0, name.length - size) == name.value + name.length - 1);
    }
}

static void read_packet(struct capture *capture, const unsigned char *at, const unsigned char *end) {
    if (!CHECK(capture->frames < FRAMES_MOST && end - at >= 20)) return;
    struct frame *frame = &frames[capture->frames++];
    *frame = (struct frame){.interface = get32(at),
                            .time = (uint64_t)get32(at + 4) << 32 | get32(at + 8),
                            .length = get32(at + 12),
                            .octets = at + 20};
    CHECK(frame->interface < capture->interfaces);
    CHECK_EQ(get32(at + 16), frame->length);
    uint32_t padded = (frame->length + 3) / 4 * 4;
    if (!CHECK((size_t)(end - at - 20) >= padded)) return;
    for (uint32_t i = frame->length; i < padded; i++)
        CHECK_EQ(at[20 + i], 0);
    struct option option;
    for (at += 20 + padded; next_option(&at, end, &option);) {
        if (option.code == 1) copy_text(frame->comment, sizeof frame->comment, &option);
        if (option.code == 2 && CHECK_EQ(option.length, 4)) frame->flags = get32(option.value);
        if (option.code == 5 && CHECK_EQ(option.length, 8))
            frame->id = get32(option.value) | (uint64_t)get32(option.value + 4) << 32;
    }
    CHECK(frame->flags == 1 || frame->flags == 2);
}

// Reads the capture into `frames`.
static void read_capture(struct capture *capture, const struct pcapng *file) {
    *capture = (struct capture){0};
    for (size_t at = 0; at < file->length;) {
        const unsigned char *block = file->octets + at;
        if (!CHECK(file->length - at >= 12)) return;
        uint32_t type = get32(block), length = get32(block + 4);
        if (!CHECK(length >= 12 && length % 4 == 0 && length <= file->length - at)) return;
        if (!CHECK_EQ(get32(block + length - 4), length)) return;
        const unsigned char *from = block + 8, *to = block + length - 4;
        CHECK((at == 0) == (type == 0x0a0d0d0a));
        switch (type) {
        case 0x0a0d0d0a: read_section(capture, from, to); break;
        case 1: read_interface(capture, from, to); break;
        case 4: read_names(capture, from, to); break;
        case 6: read_packet(capture, from, to); break;
        default: CHECK(false);
        }
        at += length;
    }
    for (uint32_t i = 0; i < capture->interfaces; i++)
        CHECK(capture->resolution[i]);
    for (uint32_t i = 1; i < capture->frames; i++)
        CHECK(frames[i].time >= frames[i - 1].time);
}

// ---- Captures and their trace --------------------------------------------------------------------------------------

// What the trace says of a packet.
struct sent {
    struct record record;
    bool corrupted;   // a copy
    uint32_t copies;  // that arrived
};

static struct sent sent[FRAMES_MOST];
static uint32_t sent_count, arrivals;

static void read_trace(const struct trace *trace) {
    struct trace_record raw;
    struct record record;
    sent_count = arrivals = 0;
    for (size_t offset = 0; trace_next(trace, &offset, &raw);) {
        if (!CHECK(record_decode(&raw, &record))) return;
        if ((record.kind == RECORD_PACKET || record.kind == RECORD_ICMP) && CHECK(sent_count + 1 < FRAMES_MOST))
            sent[++sent_count] = (struct sent){.record = record};
        if (record.kind == TRACE_KIND_FATE && record.fate.fate == FATE_CORRUPTED)
            sent[record.fate.packet].corrupted = true;
        if (record.kind == TRACE_KIND_ARRIVAL) {
            arrivals++;
            sent[record.arrival.packet].copies++;
        }
    }
}

static bool is_routers(const struct record *record) {
    return record->kind == RECORD_ICMP && !record->packet.injected;
}

static void check_segment(const struct frame *frame, const struct record *record) {
    struct wire_packet read;
    enum wire_error wrong = wire_decode(frame->octets, frame->length, WIRE_CHECK, &read);
    if (!CHECK_STR(wire_error_name(wrong), "ok")) return;
    CHECK_EQ(read.length, frame->length);
    CHECK_EQ(read.fault, WIRE_OK);
    CHECK(read.ends.version == 6 || read.ip.identification == (record->packet.packet & 0xffff));
    CHECK(memcmp(read.ends.source, record->packet.from.address, 16) == 0);
    CHECK(memcmp(read.ends.destination, record->packet.to.address, 16) == 0);
    if (record->kind == RECORD_ICMP) {
        CHECK_EQ(read.icmp.kind, record->packet.icmp);
        CHECK_EQ(read.icmp.seq, record->packet.segment.seq);
        CHECK_EQ(read.icmp.quoted.source_port, record->packet.to.port);
        CHECK_EQ(read.icmp.quoted.destination_port, record->packet.from.port);
        return;
    }
    const struct tcp_segment *segment = &record->packet.segment;
    CHECK_EQ(read.ends.source_port, record->packet.from.port);
    CHECK_EQ(read.ends.destination_port, record->packet.to.port);
    CHECK_EQ(read.segment.seq, segment->seq);
    CHECK_EQ(read.segment.ack, segment->flags & TCP_ACK ? segment->ack : 0);
    CHECK_EQ(read.segment.flags, segment->flags);
    CHECK_EQ(read.segment.wnd, segment->wnd);
    CHECK_EQ(read.segment.ts_val, segment->ts_val);
    if (CHECK_EQ(read.segment.len, segment->len) && segment->len > 0)
        CHECK(memcmp(read.text, record->packet.text.bytes, segment->len) == 0);
}

static bool says(const char *comment, const char *what, uint64_t number) {
    char part[60];
    snprintf(part, sizeof part, "%s#%llu", what, (unsigned long long)number);
    return strstr(comment, part) != NULL;
}

static void check_comment(const struct frame *frame, const struct record *record) {
    CHECK(says(frame->comment, "", record->packet.packet));
    if (record->kind == RECORD_ICMP) return;
    CHECK(record->packet.acknowledges == 0 || says(frame->comment, "acknowledges ", record->packet.acknowledges));
    CHECK(record->packet.repeats == 0 || says(frame->comment, "repeats ", record->packet.repeats));
    CHECK(record->packet.answers == 0 || strstr(frame->comment, "answers ") != NULL);
}

// One vantage point, or all of them. Every packet that leaves or arrives there is there, once.
static void check_frames(const struct capture *capture, uint32_t vantage) {
    uint32_t outbound = 0, inbound = 0;
    for (uint32_t i = 0; i < capture->frames; i++) {
        const struct frame *frame = &frames[i];
        uint64_t number = frame->id & UINT32_MAX;
        if (!CHECK(number > 0 && number <= sent_count)) return;
        const struct record *record = &sent[number].record;
        bool leaves = frame->flags == 2;
        uint32_t host = vantage == PCAP_MERGED ? frame->interface : vantage;
        CHECK_EQ(host, leaves ? record->packet.host : record->packet.to_host);
        CHECK(!leaves || (frame->time == record->time && frame->id == number));
        CHECK(leaves || frame->time >= record->time);
        CHECK((strstr(frame->comment, "bits are flipped on the way") != NULL) <= sent[number].corrupted);
        if (leaves || !sent[number].corrupted) check_segment(frame, record);
        check_comment(frame, record);
        if (leaves)
            outbound++;
        else
            inbound++;
    }
    uint32_t leave = 0, arrive = 0;
    for (uint32_t i = 1; i <= sent_count; i++) {
        const struct record *record = &sent[i].record;
        if (vantage == PCAP_MERGED || record->packet.host == vantage) leave += !is_routers(record);
        if (vantage == PCAP_MERGED || record->packet.to_host == vantage) arrive += sent[i].copies;
    }
    CHECK_EQ(outbound, leave);
    CHECK_EQ(inbound, arrive);
}

// What is sent under an id arrives under it, octet by octet.
static void check_both_ends(const struct capture *merged) {
    static const struct frame *left[FRAMES_MOST];
    memset(left, 0, sizeof left);
    for (uint32_t i = 0; i < merged->frames; i++) {
        const struct frame *frame = &frames[i];
        uint64_t number = frame->id & UINT32_MAX;
        if (frame->flags == 2) {
            CHECK(left[number] == NULL);
            left[number] = frame;
        } else if (left[number] == NULL) {
            CHECK(is_routers(&sent[number].record));
        } else if (!sent[number].corrupted && CHECK_EQ(frame->length, left[number]->length)) {
            CHECK(memcmp(frame->octets, left[number]->octets, frame->length) == 0);
        }
    }
}

static void check_trace(const struct trace *trace, const char *what) {
    char error[200] = "";
    read_trace(trace);
    struct pcap *pcap = pcap_open(trace, 0, error, sizeof error);
    if (!CHECK_STR(error, "") || !CHECK(pcap != NULL)) return;
    struct capture capture;
    for (uint32_t vantage = 0; vantage <= pcap_vantages(pcap); vantage++) {
        bool all = vantage == pcap_vantages(pcap);
        struct pcapng file = {0};
        check_about("%s, %s", what, all ? "merged" : pcap_file_name(pcap, vantage));
        CHECK(pcap_write(pcap, all ? PCAP_MERGED : vantage, &file, error, sizeof error));
        CHECK_STR(error, "");
        read_capture(&capture, &file);
        CHECK_EQ(capture.interfaces, all ? pcap_vantages(pcap) : 1);
        CHECK(capture.names >= pcap_vantages(pcap));
        check_frames(&capture, all ? PCAP_MERGED : vantage);
        if (all) check_both_ends(&capture);
        pcapng_free(&file);
    }
    pcap_close(pcap);
}

static void make_trace(struct trace *trace, const char *path) {
    char error[512];
    trace_init(trace);
    struct scenario_options how = {.seed = 1, .trace = trace, .command = "synfin run"};
    struct scenario *scenario = scenario_load(path, &how, error, sizeof error);
    check_about("%s", path);
    if (!CHECK(scenario != NULL)) return;
    world_run(scenario_world(scenario));
    scenario_free(scenario);
}

static void check_scenarios(void) {
    char **paths = scenario_paths();
    uint32_t count = 0;
    for (char **path = paths; *path != NULL; path++, count++) {
        struct trace trace;
        make_trace(&trace, *path);
        check_trace(&trace, *path);
        trace_free(&trace);
    }
    CHECK(count > 50);
    free_paths(paths);
}

// MUST-48, MUST-49, SHLD-21, SHLD-22: what a program says of its connection's packets stands in their IP headers, from
// the next segment on; until then, what its host says.
static void check_ip_fields(void) {
    static const struct {
        uint8_t ttl, dscp;
    } client[] = {{32, 8}, {32, 8}, {32, 8}, {32, 46}, {8, 46}, {8, 0}, {8, 0}};
    enum { PACKETS = sizeof client / sizeof client[0] };
    struct trace trace;
    struct pcapng file = {0};
    struct capture capture;
    char error[200];
    make_trace(&trace, "tests/script/diffserv.lua");
    struct pcap *pcap = pcap_open(&trace, 0, error, sizeof error);
    if (!CHECK(pcap != NULL) || !CHECK(pcap_write(pcap, 0, &file, error, sizeof error))) return;
    read_capture(&capture, &file);
    uint32_t seen = 0;
    for (uint32_t i = 0; i < capture.frames; i++) {
        struct wire_packet read;
        CHECK_EQ(wire_decode(frames[i].octets, frames[i].length, WIRE_CHECK, &read), WIRE_OK);
        if (read.ends.destination_port != 80 || !CHECK(seen < PACKETS)) continue;
        check_about("packet %u of the client", seen + 1);
        CHECK_EQ(frames[i].octets[8], client[seen].ttl);
        CHECK_EQ(read.ip.traffic_class, client[seen].dscp << 2);
        seen++;
    }
    check_about(NULL);
    CHECK_EQ(seen, PACKETS);
    pcapng_free(&file);
    pcap_close(pcap);
    trace_free(&trace);
}

// ---- Flipped bits --------------------------------------------------------------------------------------------------

// What arrives with flipped bits has exactly those bits flipped.
static void check_flips(void) {
    struct trace trace;
    struct capture capture;
    struct pcapng file = {0};
    char error[200] = "";
    unsigned wrong = 0, flipped = 0;
    make_trace(&trace, "scenarios/weaknesses/two-flipped-bits.lua");
    struct pcap *pcap = pcap_open(&trace, 0, error, sizeof error);
    if (!CHECK(pcap != NULL) || !CHECK(pcap_write(pcap, 1, &file, error, sizeof error))) return;
    read_capture(&capture, &file);
    for (uint32_t i = 0; i < capture.frames; i++) {
        struct wire_packet read;
        enum wire_error fault = wire_decode(frames[i].octets, frames[i].length, WIRE_CHECK, &read);
        if (fault != WIRE_OK) {
            CHECK_STR(wire_error_name(fault), "tcp-checksum");
            CHECK_CONTAINS(frames[i].comment, "dropped by server: wrong checksum");
            wrong++;
        } else if (read.segment.len == 8) {
            CHECK(memcmp(read.text, "pay 1100", 8) == 0);
            CHECK_CONTAINS(frames[i].comment, "bits are flipped on the way");
            flipped++;
        }
    }
    CHECK_EQ(wrong, 1);
    CHECK_EQ(flipped, 1);
    pcapng_free(&file);
    pcap_close(pcap);
    trace_free(&trace);
}

// ---- Names ---------------------------------------------------------------------------------------------------------

static void check_file_names(void) {
    static const struct {
        const char *host, *file;
    } names[] = {
        {"client", "client.pcapng"},
        {"a b", "a_b.pcapng"},
        {"a/b", "a_b-2.pcapng"},
        {"A_B", "A_B-3.pcapng"},
        {"", "host.pcapng"},
        {"..", "_..pcapng"},
        {"-rf", "_rf.pcapng"},
        {"../../etc/passwd", "_._.._etc_passwd.pcapng"},
        {"客户端", "客户端.pcapng"},
        {"x\xe2\x80\xaey\x1b[2Jz\xff", "x_y__2Jz_.pcapng"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "a",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.pcapng"},
    };
    enum { NAMES = sizeof names / sizeof names[0] };
    struct trace trace;
    char error[200];
    struct capture capture;
    struct pcapng file = {0};
    trace_init(&trace);
    put_run(&trace, "Names", "名字", "", "");
    for (uint32_t i = 0; i < NAMES; i++)
        put_host(&trace, i, names[i].host);
    put_finish(&trace, 0, RUN_IDLE);
    struct pcap *pcap = pcap_open(&trace, 1, error, sizeof error);
    check_about("names of files");
    if (!CHECK(pcap != NULL)) return;
    for (uint32_t i = 0; i < NAMES; i++)
        CHECK_STR(pcap_file_name(pcap, i), names[i].file);
    CHECK(pcap_write(pcap, PCAP_MERGED, &file, error, sizeof error));
    read_capture(&capture, &file);
    CHECK_EQ(capture.interfaces, NAMES);
    CHECK_STR(capture.name[9], "x\\u{202e}y\\x1b[2Jz\\xff");
    CHECK_STR(capture.section, "名字\n为什么是三个报文段，而不是两个？\n"
                               "synfin run scenarios/handshake/by-hand.lua --seed 1");
    CHECK_STR(capture.application, "synfin 0");
    pcapng_free(&file);
    pcap_close(pcap);
    trace_free(&trace);
}

// ---- Comments ------------------------------------------------------------------------------------------------------

// Loss, repetition, a copy, a forgery, a drop.
static void make_mishaps(struct trace *trace) {
    trace_init(trace);
    put_run(trace, "Mishaps", "意外", "", "");
    put_host(trace, 0, "client");
    put_host(trace, 1, "server");
    put_host(trace, 2, "attacker");
    put_packet(trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_SYN, .seq = 0}, FATE_LOST, 0);
    put_packet(trace, 1000 * MS, &(struct hand_packet){2, 0, 1, 1, TCP_SYN, .repeats = 1}, FATE_DELIVERED, 1020 * MS);
    put_fate(trace, 1000 * MS, 2, 1, FATE_DELIVERED, false, 1500 * MS);
    put_arrival(trace, 1020 * MS, 2, 0);
    put_packet(trace, 1020 * MS,
               &(struct hand_packet){3, 1, 0, 2, TCP_SYN | TCP_ACK, 0, 1, .answers = 2, .acknowledges = 2},
               FATE_DELIVERED, 9000 * MS);
    put_packet(trace, 1030 * MS, &(struct hand_packet){4, 2, 1, 0, TCP_RST, 1, .injected = true}, FATE_DELIVERED,
               1040 * MS);
    put_arrival(trace, 1040 * MS, 4, 0);
    put_drop(trace, 1040 * MS, 4, 1, DROP_HOST_DOWN, TCP_RULE_NONE);
    put_arrival(trace, 1500 * MS, 2, 1);
    put_finish(trace, 2000 * MS, RUN_STOPPED);
}

static void check_comments(void) {
    static const struct {
        const char *en, *zh;
    } comments[] = {
        {"#1 · lost: by chance", "#1 · 未送达：随机丢失"},
        {"#2 · repeats #1 · arrived at server after 20 ms · copy of #2: arrived at server after 500 ms",
         "#2 · 重传 #1 · 20 ms 后到达 server · #2 的副本：500 ms 后到达 server"},
        {"#2 · repeats #1 · arrived at server after 20 ms", "#2 · 重传 #1 · 20 ms 后到达 server"},
        {"#3 · answers #2 · acknowledges #2 · still in flight at the end", "#3 · 答复 #2 · 确认 #2 · 结束时仍在途中"},
        {"#4 · forged as client · arrived at server after 10 ms · dropped by server: the host is down",
         "#4 · 冒充 client · 10 ms 后到达 server · 被 server 丢弃：主机已宕机"},
        {"#4 · forged as client · arrived at server after 10 ms · dropped by server: the host is down",
         "#4 · 冒充 client · 10 ms 后到达 server · 被 server 丢弃：主机已宕机"},
        {"copy of #2 · repeats #1 · arrived at server after 500 ms", "#2 的副本 · 重传 #1 · 500 ms 后到达 server"},
    };
    enum { COMMENTS = sizeof comments / sizeof comments[0] };
    static const uint64_t ids[COMMENTS] = {1, 2, 2, 3, 4, 4, UINT64_C(1) << 32 | 2};
    struct trace trace;
    char error[200];
    make_mishaps(&trace);
    for (int language = 0; language < 2; language++) {
        struct pcapng file = {0};
        struct capture capture;
        check_about("comments, language %d", language);
        struct pcap *pcap = pcap_open(&trace, language, error, sizeof error);
        if (!CHECK(pcap != NULL) || !CHECK(pcap_write(pcap, PCAP_MERGED, &file, error, sizeof error))) return;
        read_capture(&capture, &file);
        CHECK_EQ(capture.frames, COMMENTS);
        for (uint32_t i = 0; i < COMMENTS && i < capture.frames; i++) {
            CHECK_STR(frames[i].comment, language == 0 ? comments[i].en : comments[i].zh);
            CHECK_EQ(frames[i].id, ids[i]);
        }
        pcapng_free(&file);
        pcap_close(pcap);
    }
    trace_free(&trace);
}

// ---- Traces that lie -----------------------------------------------------------------------------------------------

static void write_all(const struct trace *trace) {
    char error[200];
    struct pcap *pcap = pcap_open(trace, 0, error, sizeof error);
    if (pcap == NULL) return;
    struct pcapng file = {0};
    struct capture capture;
    if (pcap_write(pcap, PCAP_MERGED, &file, error, sizeof error)) read_capture(&capture, &file);
    pcapng_free(&file);
    pcap_close(pcap);
}

// Bytes altered: refused or written, never a crash, and what is written is well formed.
static void alter_bytes(const struct trace *trace, size_t step) {
    struct trace altered;
    trace_init(&altered);
    for (size_t i = 40; i < trace->length; i += step) {
        trace_copy(&altered, trace);
        altered.bytes[i] = (unsigned char)(altered.bytes[i] ^ (1u << i % 8));
        write_all(&altered);
    }
    trace_free(&altered);
}

static void check_altered_bytes(void) {
    static const char *const paths[] = {"scenarios/network/path-mtu-discovery.lua",
                                        "scenarios/weaknesses/two-flipped-bits.lua",
                                        "scenarios/handshake/fast-open.lua"};
    struct trace trace;
    make_mishaps(&trace);
    check_about("altered bytes");
    alter_bytes(&trace, 1);
    trace_free(&trace);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        make_trace(&trace, paths[i]);
        check_about("altered bytes of %s", paths[i]);
        alter_bytes(&trace, 7);
        trace_free(&trace);
    }
}

// A segment for which IP has no length is an error that says so.
static void check_too_long(void) {
    static char text[65536];
    struct trace trace;
    char error[200] = "";
    struct pcapng file = {0};
    memset(text, 'x', sizeof text - 1);
    trace_init(&trace);
    put_run(&trace, "Too long", "过长", "", "");
    put_host(&trace, 0, "client");
    put_host(&trace, 1, "server");
    put_packet(&trace, 0, &(struct hand_packet){1, 0, 1, 1, TCP_ACK, .text = text}, FATE_LOST, 0);
    check_about("a segment of 65535 octets");
    struct pcap *pcap = pcap_open(&trace, 0, error, sizeof error);
    if (!CHECK(pcap != NULL)) return;
    CHECK(!pcap_write(pcap, 0, &file, error, sizeof error));
    CHECK_STR(error, "packet #1: longer than IP's length field can say");
    pcapng_free(&file);
    pcap_close(pcap);
    trace_free(&trace);
}

int main(void) {
    check_scenarios();
    check_ip_fields();
    check_flips();
    check_file_names();
    check_comments();
    check_altered_bytes();
    check_too_long();
    return check_result();
}
