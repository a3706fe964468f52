// What Wireshark makes of captures: nothing is malformed, no checksum is wrong but where bits were flipped, streams are
// as complete as the scenario states, and its marks agree with the trace, which knows, or the scenario lists why not.
// What Wireshark can't know is listed under "Guesses"; nothing else may differ, listed or not.
//
//     test_wireshark               some scenarios; exit status 77, "skipped", where there is no tshark
//     test_wireshark all           every scenario
//     test_wireshark FILE...       these
#include <stdlib.h>

#include "core/seq.h"
#include "core/wire.h"
#include "sim/script/scenario.h"
#include "sim/view/model.h"
#include "sim/view/pcap.h"
#include "tests/check.h"
#include "tests/support.h"

// Those of the article, and one of each kind of trouble.
static const char *const some[] = {
    "scenarios/handshake/three-way-handshake.lua", "scenarios/handshake/stale-duplicate-syn.lua",
    "scenarios/handshake/simultaneous-open.lua",   "scenarios/handshake/syn-ack-lost.lua",
    "scenarios/network/path-mtu-discovery.lua",    "scenarios/weaknesses/two-flipped-bits.lua",
    "scenarios/proofs/timed/out-of-order.lua",     "scenarios/attacks/forged-syn-ack.lua",
    "scenarios/teardown/fin-overtakes-data.lua",   NULL,
};

// ---- Frames as tshark tells them -----------------------------------------------------------------------------------

enum field {
    FIELD_ID,
    FIELD_TIME,
    FIELD_STREAM,
    FIELD_COMPLETENESS,
    FIELD_IP_CHECKSUM,
    FIELD_TCP_CHECKSUM,
    FIELD_ICMP_CHECKSUM,
    FIELD_ICMPV6_CHECKSUM,
    FIELD_MALFORMED,
    FIELD_RETRANSMISSION,  // fast and spurious ones too
    FIELD_DUPLICATE_ACK,
    FIELD_OUT_OF_ORDER,
    FIELD_LOST_SEGMENT,
    FIELD_KEEP_ALIVE,
    FIELD_WINDOW_PROBE,
    FIELD_ROUND_TRIP,
    FIELDS,
};
static const char *const fields[FIELDS] = {
    "frame.packet_id",
    "frame.time_epoch",
    "tcp.stream",
    "tcp.completeness",
    "ip.checksum.status",
    "tcp.checksum.status",
    "icmp.checksum.status",
    "icmpv6.checksum.status",
    "_ws.malformed",
    "tcp.analysis.retransmission",
    "tcp.analysis.duplicate_ack",
    "tcp.analysis.out_of_order",
    "tcp.analysis.lost_segment",
    "tcp.analysis.keep_alive",
    "tcp.analysis.zero_window_probe",
    "tcp.analysis.initial_rtt",
};

// Runs tshark on the file. It looks at every packet twice, so that what is said of a stream is said of the whole. It
// does not put streams together: the text of scenarios is no HTTP, whatever the port.
static struct finished dissect(const char *path) {
    const char *words[32 + 2 * FIELDS] = {"/usr/bin/env", "tshark",
                                          "-2",           "-n",
                                          "-r",           path,
                                          "-o",           "tcp.desegment_tcp_streams:FALSE",
                                          "-o",           "tcp.check_checksum:TRUE",
                                          "-o",           "ip.check_checksum:TRUE",
                                          "-o",           "tcp.analyze_sequence_numbers:TRUE",
                                          "-T",           "fields"};
    size_t count = 16;
    for (size_t i = 0; i < FIELDS; i++) {
        words[count++] = "-e";
        words[count++] = fields[i];
    }
    return run_process(words, STDOUT_KEPT);
}

// Cuts a line into its fields, in place. Returns where the next one begins.
static char *cut(char *line, char *values[FIELDS]) {
    char *end = line + strcspn(line, "\n");
    char *next = *end == '\0' ? end : end + 1;
    *end = '\0';
    for (size_t i = 0; i < FIELDS; i++) {
        values[i] = line;
        line += strcspn(line, "\t");
        if (*line == '\t') *line++ = '\0';
    }
    return next;
}

static bool is_set(char *const values[FIELDS], enum field field) {
    return values[field][0] != '\0';
}

// ---- The scenario that is looked at ---------------------------------------------------------------------------------

static struct {
    const char *path;
    const struct model *model;                // of its trace
    const struct scenario_wireshark *stated;  // what it says of its captures
    bool guessed[SCENARIO_GUESSES_MOST];      // which of its guesses made a difference
    uint32_t streams;                         // of all captures, so far
} subject;

// ---- What the trace says of a stream at a vantage point ------------------------------------------------------------

enum { STREAMS_MOST = 2000, PACKETS_MOST = 20000 };

// One direction of a stream, so far.
struct direction {
    bool begun;
    struct record_endpoint from;
    uint32_t end;     // behind the highest sequence number
    double end_time;  // when that came, in seconds
    struct tcp_segment last;
    uint32_t connection;  // the sender's, 0 for one who forges
    bool mixed;           // not all of it was sent by one connection that goes on
};

struct stream {
    struct direction direction[2];
    unsigned completeness;  // of Wireshark: SYN 1, SYN,ACK 2, ACK 4, text 8, FIN 16, RST 32
    unsigned unclear;       // which of these are not compared
};

static struct stream streams[STREAMS_MOST];
static unsigned seen[PACKETS_MOST];  // how many copies of the packet, so far

static bool same_endpoint(const struct record_endpoint *a, const struct record_endpoint *b) {
    return a->port == b->port && memcmp(a->address, b->address, sizeof a->address) == 0;
}

static struct direction *direction_of(struct stream *stream, const struct record_endpoint *from) {
    struct direction *direction = &stream->direction[0];
    return !direction->begun || same_endpoint(&direction->from, from) ? direction : &stream->direction[1];
}

static bool takes_numbers(const struct tcp_segment *segment) {
    return tcp_segment_length(segment) > 0;
}

// It lies, whole or in part, before what came with higher numbers.
static bool is_behind(const struct direction *direction, const struct tcp_segment *segment) {
    return direction->begun && takes_numbers(segment) && seq_lt(segment->seq, direction->end);
}

// There is a gap before it. A reset's numbers are what they have to be; before a SYN there is nothing.
static bool leaves_gap(const struct direction *direction, const struct tcp_segment *segment) {
    return direction->begun && (segment->flags & (TCP_RST | TCP_SYN)) == 0 && seq_gt(segment->seq, direction->end);
}

// It only says once more what the segment before it said.
static bool says_again(const struct direction *direction, const struct tcp_segment *segment) {
    const struct tcp_segment *last = &direction->last;
    return direction->begun && segment->flags == TCP_ACK && segment->len == 0 && segment->seq == direction->end &&
           (last->flags & TCP_ACK) != 0 && segment->ack == last->ack && segment->wnd == last->wnd && segment->wnd > 0;
}

static bool overlap(const struct tcp_segment *a, const struct tcp_segment *b) {
    return seq_lt(a->seq, b->seq + tcp_segment_length(b)) && seq_lt(b->seq, a->seq + tcp_segment_length(a));
}

// Some of its numbers were sent before: by the same connection, or by whoever seemed to be its end.
static bool is_repetition(const struct model *model, uint32_t packet) {
    struct record record = model_record(model, model->packets[packet].at);
    for (uint32_t i = 0; i < packet; i++) {
        struct record earlier = model_record(model, model->packets[i].at);
        if (earlier.kind == RECORD_ICMP || !same_endpoint(&earlier.packet.from, &record.packet.from) ||
            !same_endpoint(&earlier.packet.to, &record.packet.to))
            continue;
        bool same = earlier.packet.connection == record.packet.connection || earlier.packet.connection == 0 ||
                    record.packet.connection == 0;
        if (same && overlap(&earlier.packet.segment, &record.packet.segment)) return true;
    }
    return false;
}

static bool is_mixed(const struct direction *direction, const struct record *record) {
    return direction->mixed || record->packet.connection == 0 ||
           (direction->begun && direction->connection != record->packet.connection);
}

static void note(struct stream *stream, struct direction *direction, const struct record *record, double time,
                 bool probe) {
    const struct tcp_segment *segment = &record->packet.segment;
    uint32_t end = segment->seq + tcp_segment_length(segment);
    if (!direction->begun || (seq_gt(end, direction->end) && !probe)) {  // 4
        direction->end = end;
        direction->end_time = time;
    }
    direction->mixed = is_mixed(direction, record) || (segment->flags & TCP_RST) != 0;
    direction->connection = record->packet.connection;
    direction->begun = true;
    direction->from = record->packet.from;
    direction->last = *segment;
    bool syn = (segment->flags & TCP_SYN) != 0;
    if (syn) stream->completeness |= segment->flags & TCP_ACK ? 2 : 1;
    if ((segment->flags & TCP_ACK) != 0 && !syn && segment->len == 0) stream->completeness |= 4;
    if (segment->len > 0) stream->completeness |= 8;
    if (segment->len > 0 && syn) stream->unclear |= 8;
    if (segment->flags & TCP_FIN) stream->completeness |= 16;
    if (segment->flags & TCP_RST) stream->completeness |= 32;
}

// ---- Guesses -------------------------------------------------------------------------------------------------------
//
// What Wireshark can't see, and what it takes it for:
// 1. It knows no incarnations of a connection, and no forgers: what several of them send, some of it behind a reset, it
//    takes for one stream.
// 2. Whether what lies behind the highest number was sent before, it guesses by the time since that came: within the
//    first round trip it is out of order, later a retransmission.
// 3. It puts completeness together from what follows a SYN: without one, nothing is looked at. An ACK that carries
//    text doesn't count; whether text in a SYN does depends on what came before.
// 4. The octet of a zero-window probe it takes for one that was never sent.

// ---- Comparison ----------------------------------------------------------------------------------------------------

static void check_sums(char *const values[FIELDS], const struct record *record, bool corrupted) {
    bool icmp = record->kind == RECORD_ICMP;
    CHECK(!is_set(values, FIELD_MALFORMED));
    CHECK(corrupted || values[FIELD_IP_CHECKSUM][0] != '0');
    CHECK(icmp || corrupted || values[FIELD_TCP_CHECKSUM][0] == '1');
    CHECK(!icmp || values[FIELD_ICMP_CHECKSUM][0] == '1' || values[FIELD_ICMPV6_CHECKSUM][0] == '1');
}

enum { MARK_RETRANSMISSION = 1, MARK_DUPLICATE_ACK = 2, MARK_OUT_OF_ORDER = 4, MARK_LOST_SEGMENT = 8 };

static const char *marks_text(unsigned marks, char text[80]) {
    snprintf(text, 80, "%s%s%s%s%s", marks & MARK_RETRANSMISSION ? "retransmission " : "",
             marks & MARK_DUPLICATE_ACK ? "duplicate ACK " : "", marks & MARK_OUT_OF_ORDER ? "out of order " : "",
             marks & MARK_LOST_SEGMENT ? "lost segment " : "", marks == 0 ? "no mark " : "");
    return text;
}

static unsigned marks_of_wireshark(char *const values[FIELDS]) {
    return (is_set(values, FIELD_RETRANSMISSION) ? MARK_RETRANSMISSION : 0u) |
           (is_set(values, FIELD_DUPLICATE_ACK) ? MARK_DUPLICATE_ACK : 0u) |
           (is_set(values, FIELD_OUT_OF_ORDER) ? MARK_OUT_OF_ORDER : 0u) |
           (is_set(values, FIELD_LOST_SEGMENT) ? MARK_LOST_SEGMENT : 0u);
}

static unsigned marks_of_trace(const struct direction *direction, const struct record *record, bool probe) {
    const struct tcp_segment *segment = &record->packet.segment;
    unsigned marks = (leaves_gap(direction, segment) ? MARK_LOST_SEGMENT : 0u) |
                     (says_again(direction, segment) ? MARK_DUPLICATE_ACK : 0u);
    if (probe || !is_behind(direction, segment)) return marks;
    uint64_t number = record->packet.packet;
    bool repeated = seen[number] > 0 || is_repetition(subject.model, model_packet(subject.model, number));
    return marks | (repeated ? MARK_RETRANSMISSION : MARK_OUT_OF_ORDER);
}

// Which of Wireshark's marks are guesses.
static unsigned guessed_marks(unsigned theirs, unsigned ours, bool mixed, bool soon) {
    const unsigned by_time = MARK_RETRANSMISSION | MARK_OUT_OF_ORDER;
    if (mixed) return by_time | MARK_LOST_SEGMENT;  // 1
    bool told_by_time = ours & (soon ? MARK_RETRANSMISSION : MARK_OUT_OF_ORDER);
    return told_by_time && (theirs & by_time) != 0 ? by_time : 0;  // 2
}

// The scenario lists the packet; that it had to is noted. One that states nothing need not.
static bool may_differ(uint64_t packet) {
    for (size_t i = 0; i < subject.stated->guess_count; i++)
        if (subject.stated->guesses[i].packet == packet) return subject.guessed[i] = true;
    return subject.stated->capture_count == 0;
}

static void check_marks(char *const values[FIELDS], const struct direction *direction, const struct record *record,
                        double time) {
    double round_trip = is_set(values, FIELD_ROUND_TRIP) ? strtod(values[FIELD_ROUND_TRIP], NULL) : 0.003;
    bool soon = time - direction->end_time < round_trip;
    bool probe = is_set(values, FIELD_KEEP_ALIVE) || is_set(values, FIELD_WINDOW_PROBE);
    unsigned theirs = marks_of_wireshark(values), ours = marks_of_trace(direction, record, probe);
    unsigned guesses = guessed_marks(theirs, ours, is_mixed(direction, record), soon);
    char wireshark[80], trace[80];
    if (((theirs ^ ours) & ~guesses) != 0 || (theirs != ours && !may_differ(record->packet.packet)))
        CHECK_STR(marks_text(theirs, wireshark), marks_text(ours, trace));
    else
        CHECK(true);
}

static void check_frame(char *values[FIELDS], bool one_end) {
    const struct model *model = subject.model;
    uint64_t id = strtoull(values[FIELD_ID], NULL, 0);
    double time = strtod(values[FIELD_TIME], NULL);
    uint32_t packet = model_packet(model, id & UINT32_MAX);
    if (!CHECK(packet != MODEL_NONE && (id & UINT32_MAX) < PACKETS_MOST)) return;
    struct record record = model_record(model, model->packets[packet].at);
    const struct model_flight *flight = &model->flights[model->packets[packet].first_flight + (id >> 32)];
    check_sums(values, &record, flight->fate == FATE_CORRUPTED);
    if (record.kind == RECORD_ICMP) return;
    unsigned long number = strtoul(values[FIELD_STREAM], NULL, 10);
    if (!CHECK(is_set(values, FIELD_STREAM) && number < STREAMS_MOST)) return;
    struct stream *stream = &streams[number];
    struct direction *direction = direction_of(stream, &record.packet.from);
    if (one_end) check_marks(values, direction, &record, time);
    note(stream, direction, &record, time, is_set(values, FIELD_WINDOW_PROBE));
    seen[record.packet.packet]++;
}

// What the scenario says of the capture, or NULL.
static const struct scenario_streams *stated_streams(uint32_t vantage) {
    const struct scenario_wireshark *stated = subject.stated;
    const struct record_text *name = vantage == PCAP_MERGED ? NULL : &subject.model->hosts[vantage].name;
    for (size_t i = 0; name != NULL && i < stated->capture_count; i++) {
        const char *host = stated->captures[i].host;
        if (host == NULL) return &stated->captures[i];
        if (strlen(host) == name->length && memcmp(host, name->bytes, name->length) == 0) return &stated->captures[i];
    }
    return NULL;
}

// A capture without streams has nothing to be said of it, unless all are spoken of at once.
static void check_stream_count(uint32_t vantage, uint32_t count) {
    const struct scenario_streams *stated = stated_streams(vantage);
    if (stated == NULL) {
        if (vantage != PCAP_MERGED && subject.stated->capture_count > 0) CHECK_EQ(count, 0);
    } else if (stated->count > 0) {
        if (count > 0 || stated->host != NULL) CHECK_EQ(count, stated->count);
    } else if (stated->host != NULL) {
        CHECK(count > 0);
    }
}

static void check_completeness(uint32_t vantage, uint32_t stream, unsigned theirs) {
    const struct scenario_streams *stated = stated_streams(vantage);
    unsigned clear = ~streams[stream].unclear, ours = streams[stream].completeness;
    if (ours & 1) CHECK_EQ(theirs & clear, ours & clear);  // 3
    if (stated == NULL || (stated->count > 0 && stream >= stated->count)) return;
    char wireshark[SCENARIO_COMPLETENESS_TEXT], scenario[SCENARIO_COMPLETENESS_TEXT];
    scenario_completeness(theirs, wireshark);
    scenario_completeness(stated->completeness[stated->count > 0 ? stream : 0], scenario);
    CHECK_STR(wireshark, scenario);
}

static void check_lines(char *lines, uint32_t vantage, const char *file) {
    static unsigned completeness[STREAMS_MOST];
    memset(streams, 0, sizeof streams);
    memset(seen, 0, sizeof seen);
    memset(completeness, 0, sizeof completeness);
    uint32_t count = 0;
    for (unsigned frame = 1; *lines != '\0'; frame++) {
        char *values[FIELDS];
        lines = cut(lines, values);
        unsigned long long number = strtoull(values[FIELD_ID], NULL, 0) & UINT32_MAX;
        check_about("%s, frame %u of %s, packet #%llu", subject.path, frame, file, number);
        check_frame(values, vantage != PCAP_MERGED);
        if (!is_set(values, FIELD_COMPLETENESS)) continue;
        unsigned long stream = strtoul(values[FIELD_STREAM], NULL, 10);
        if (stream >= STREAMS_MOST) continue;
        if (stream >= count) count = (uint32_t)stream + 1;
        completeness[stream] = (unsigned)strtoul(values[FIELD_COMPLETENESS], NULL, 10);
    }
    check_about("%s, streams of %s", subject.path, file);
    check_stream_count(vantage, count);
    subject.streams += count;
    for (uint32_t stream = 0; stream < count; stream++) {
        check_about("%s, stream %u of %s", subject.path, stream, file);
        check_completeness(vantage, stream, completeness[stream]);
    }
}

static void check_capture(const struct pcap *pcap, uint32_t vantage) {
    static const char name[] = SYNFIN_SCRATCH "/wireshark.pcapng";
    const char *shown = vantage == PCAP_MERGED ? "all in one" : pcap_file_name(pcap, vantage);
    char error[200] = "";
    struct pcapng file = {0};
    FILE *out = fopen(name, "wb");
    check_about("%s, %s", subject.path, shown);
    CHECK(pcap_write(pcap, vantage, &file, error, sizeof error));
    bool good = out != NULL && fwrite(file.octets, 1, file.length, out) == file.length && fclose(out) == 0;
    pcapng_free(&file);
    if (!CHECK(good)) return;
    struct finished finished = dissect(name);
    CHECK_EQ(finished.status, 0);
    check_lines(finished.out, vantage, shown);
    free_finished(&finished);
    remove(name);
}

// Those of the project state what Wireshark says, but for proofs, which are explored.
static bool has_to_state(const char *path) {
    return strncmp(path, "scenarios/", 10) == 0 && strncmp(path, "scenarios/proofs/", 17) != 0;
}

static void check_captures(const struct pcap *pcap) {
    memset(subject.guessed, 0, sizeof subject.guessed);
    subject.streams = 0;
    if (has_to_state(subject.path)) CHECK(subject.stated->capture_count > 0);
    for (uint32_t i = 0; i < pcap_vantages(pcap); i++)
        check_capture(pcap, i);
    check_capture(pcap, PCAP_MERGED);
    if (subject.stated->capture_count > 0) CHECK(subject.streams > 0);
    for (size_t i = 0; i < subject.stated->guess_count; i++) {
        check_about("%s: a guess at #%llu", subject.path, (unsigned long long)subject.stated->guesses[i].packet);
        CHECK(subject.guessed[i]);
    }
}

static void check_scenario(const char *path) {
    unsigned long failures = check_failures;
    char error[512];
    struct trace trace;
    struct model model;
    trace_init(&trace);
    struct scenario_options how = {.seed = 1, .trace = &trace};
    struct scenario *scenario = scenario_load(path, &how, error, sizeof error);
    check_about("%s", path);
    if (!CHECK(scenario != NULL)) return;
    world_run(scenario_world(scenario));
    struct pcap *pcap = pcap_open(&trace, 0, error, sizeof error);
    subject.path = path;
    subject.model = &model;
    subject.stated = &scenario_info(scenario)->wireshark;
    if (CHECK(model_read(&model, &trace, error, sizeof error)) && CHECK(pcap != NULL)) check_captures(pcap);
    if (check_failures > failures) fprintf(stderr, "to see it again: build/tests/test_wireshark %s\n", path);
    if (pcap != NULL) pcap_close(pcap);
    model_free(&model);
    scenario_free(scenario);
    trace_free(&trace);
}

static bool is_there(void) {
    struct finished finished = run_process((const char *[]){"/usr/bin/env", "tshark", "--version", NULL}, STDOUT_KEPT);
    bool there = finished.status == 0;
    free_finished(&finished);
    return there;
}

int main(int count, char **words) {
    if (!is_there()) {
        puts("there is no tshark here");
        return 77;
    }
    if (count > 1 && strcmp(words[1], "all") == 0) {
        char **paths = scenario_paths();
        for (char **path = paths; *path != NULL; path++)
            check_scenario(*path);
        free_paths(paths);
    } else if (count > 1) {
        for (int i = 1; i < count; i++)
            check_scenario(words[i]);
    } else {
        for (size_t i = 0; some[i] != NULL; i++)
            check_scenario(some[i]);
    }
    return check_result();
}
