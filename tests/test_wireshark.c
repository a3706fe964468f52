// What Wireshark makes of captures: nothing is malformed, no checksum is wrong but where bits were flipped, and its
// analysis agrees with the trace, which knows. What it can't know and guesses is listed under "Guesses".
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
    "scenarios/proofs/timed/out-of-order.lua",     NULL,
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

// There is a gap before it. A reset's numbers are what they have to be.
static bool leaves_gap(const struct direction *direction, const struct tcp_segment *segment) {
    return direction->begun && (segment->flags & TCP_RST) == 0 && seq_gt(segment->seq, direction->end);
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

static void check_marks(char *const values[FIELDS], const struct model *model, const struct direction *direction,
                        const struct record *record, double time) {
    const struct tcp_segment *segment = &record->packet.segment;
    bool behind = is_behind(direction, segment);
    uint32_t packet = model_packet(model, record->packet.packet);
    double round_trip = is_set(values, FIELD_ROUND_TRIP) ? strtod(values[FIELD_ROUND_TRIP], NULL) : 0.003;
    bool soon = time - direction->end_time < round_trip;
    bool probe = is_set(values, FIELD_KEEP_ALIVE) || is_set(values, FIELD_WINDOW_PROBE);
    bool repeated = behind && !probe && (seen[record->packet.packet] > 0 || is_repetition(model, packet));
    CHECK_EQ(is_set(values, FIELD_DUPLICATE_ACK), says_again(direction, segment));
    if (is_mixed(direction, record)) return;  // 1
    CHECK_EQ(is_set(values, FIELD_LOST_SEGMENT), leaves_gap(direction, segment));
    if (behind && !probe && repeated == soon)  // 2
        CHECK(is_set(values, FIELD_RETRANSMISSION) || is_set(values, FIELD_OUT_OF_ORDER));
    else {
        CHECK_EQ(is_set(values, FIELD_RETRANSMISSION), repeated);
        CHECK_EQ(is_set(values, FIELD_OUT_OF_ORDER), behind && !probe && !repeated);
    }
}

static void check_frame(char *values[FIELDS], const struct model *model) {
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
    check_marks(values, model, direction, &record, time);
    note(stream, direction, &record, time, is_set(values, FIELD_WINDOW_PROBE));
    seen[record.packet.packet]++;
}

static void check_lines(char *lines, const struct model *model, const char *path, const char *file) {
    static unsigned completeness[STREAMS_MOST];
    memset(streams, 0, sizeof streams);
    memset(seen, 0, sizeof seen);
    memset(completeness, 0, sizeof completeness);
    unsigned long most = 0;
    for (unsigned frame = 1; *lines != '\0'; frame++) {
        char *values[FIELDS];
        lines = cut(lines, values);
        check_about("%s, frame %u of %s", path, frame, file);
        check_frame(values, model);
        if (!is_set(values, FIELD_COMPLETENESS)) continue;
        unsigned long stream = strtoul(values[FIELD_STREAM], NULL, 10);
        if (stream >= STREAMS_MOST) continue;
        most = stream > most ? stream : most;
        completeness[stream] = (unsigned)strtoul(values[FIELD_COMPLETENESS], NULL, 10);
    }
    for (unsigned long stream = 0; stream <= most; stream++) {
        check_about("%s, stream %lu of %s", path, stream, file);
        unsigned clear = ~streams[stream].unclear, ours = streams[stream].completeness;
        if (ours & 1) CHECK_EQ(completeness[stream] & clear, ours & clear);  // 3
    }
}

static void check_capture(const struct pcap *pcap, uint32_t vantage, const struct model *model, const char *path) {
    static const char name[] = SYNFIN_SCRATCH "/wireshark.pcapng";
    char error[200] = "";
    struct pcapng file = {0};
    FILE *out = fopen(name, "wb");
    check_about("%s, %s", path, pcap_file_name(pcap, vantage));
    CHECK(pcap_write(pcap, vantage, &file, error, sizeof error));
    bool good = out != NULL && fwrite(file.octets, 1, file.length, out) == file.length && fclose(out) == 0;
    pcapng_free(&file);
    if (!CHECK(good)) return;
    struct finished finished = dissect(name);
    CHECK_EQ(finished.status, 0);
    check_lines(finished.out, model, path, pcap_file_name(pcap, vantage));
    free_finished(&finished);
    remove(name);
}

static void check_scenario(const char *path) {
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
    if (CHECK(model_read(&model, &trace, error, sizeof error)) && CHECK(pcap != NULL))
        for (uint32_t i = 0; i < pcap_vantages(pcap); i++)
            check_capture(pcap, i, &model, path);
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
