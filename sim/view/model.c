#include "sim/view/model.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A reading under way.
struct reading {
    struct model *model;
    uint32_t arrival;      // the row of the last arrival, MODEL_NONE: none yet
    struct record record;  // the one that is read now
    size_t at;             // where it begins
    char *error;
    size_t size;
};

static bool wrong(const struct reading *reading, const char *what) {
    snprintf(reading->error, reading->size, "record %" PRIu64 ": %s", reading->record.number, what);
    return false;
}

// Makes room for one more item; returns the array, perhaps at another place.
static void *grown(void *array, uint32_t count, uint32_t *capacity, size_t item) {
    if (count < *capacity) return array;
    uint32_t larger = *capacity < 32 ? 64 : *capacity * 2;
    void *moved = larger > *capacity ? realloc(array, larger * item) : NULL;
    if (moved == NULL) {
        fprintf(stderr, "synfin: out of memory\n");
        exit(4);
    }
    *capacity = larger;
    return moved;
}

#define GROW(model, name)                                                                                              \
    ((model)->name##s =                                                                                                \
         grown((model)->name##s, (model)->name##_count, &(model)->name##_capacity, sizeof *(model)->name##s),          \
     &(model)->name##s[(model)->name##_count++])

static struct model_row *add_row(const struct reading *reading, enum model_row_kind kind, uint32_t host,
                                 uint32_t connection) {
    struct model_row *row = GROW(reading->model, row);
    *row = (struct model_row){.kind = kind,
                              .host = host,
                              .connection = connection,
                              .flight = MODEL_NONE,
                              .first_change = MODEL_NONE,
                              .number = reading->record.number,
                              .time = reading->record.time,
                              .at = reading->at};
    return row;
}

// Where `id` is, or belongs, among the connections.
static uint32_t connection_place(const struct model *model, uint32_t id) {
    uint32_t low = 0, high = model->connection_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (model->connections[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct model_connection *model_connection(const struct model *model, uint32_t id) {
    uint32_t place = connection_place(model, id);
    return place < model->connection_count && model->connections[place].id == id ? &model->connections[place] : NULL;
}

uint32_t model_packet(const struct model *model, uint64_t number) {
    uint32_t low = 0, high = model->packet_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (model->packets[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < model->packet_count && model->packets[low].number == number ? low : MODEL_NONE;
}

struct record model_record(const struct model *model, size_t at) {
    struct trace_record raw;
    struct record record;
    bool there = trace_next(model->trace, &at, &raw) && record_decode(&raw, &record) &&
                 model_rules_translate(&model->rules, &record);
    assert(there);
    (void)there;
    return record;
}

static bool read_host(const struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    if (record->host.host != model->host_count) return wrong(reading, "hosts are not numbered in order");
    if (model->host_count == MODEL_HOSTS) return wrong(reading, "more than 64 hosts");
    model->hosts[model->host_count++] = (struct model_host){.name = record->host.name,
                                                            .address = record->host.address,
                                                            .without = record->host.without,
                                                            .layout = record->host.layout,
                                                            .ttl = record->host.ttl,
                                                            .dscp = record->host.dscp};
    return true;
}

static bool read_call(const struct reading *reading) {
    const struct record *record = &reading->record;
    if (record->call.host != MODEL_NONE && record->call.host >= reading->model->host_count)
        return wrong(reading, "a call at a host that is not there");
    add_row(reading, ROW_CALL, record->call.host, record->call.connection);
    return true;
}

static struct model_connection *connection_of_step(const struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    uint32_t place = connection_place(model, record->step.connection);
    if (place == model->connection_count || model->connections[place].id != record->step.connection) {
        GROW(model, connection);
        memmove(&model->connections[place + 1], &model->connections[place],
                (model->connection_count - 1 - place) * sizeof *model->connections);
        model->connections[place] = (struct model_connection){.id = record->step.connection,
                                                              .host = record->step.host,
                                                              .local = record->step.local,
                                                              .remote = record->step.remote,
                                                              .state = record->step.before.state};
    }
    struct model_connection *connection = &model->connections[place];
    if (record->step.remote.family != 0) connection->remote = record->step.remote;
    if (record->step.local.family != 0) connection->local = record->step.local;
    return connection;
}

// The row that a step belongs to: its cause's, or else the one before it at the same host and time.
static struct model_row *row_of_step(const struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    struct model_row *nearest = NULL;
    for (uint32_t i = model->row_count; i > 0 && model->rows[i - 1].time == record->time; i--) {
        struct model_row *row = &model->rows[i - 1];
        if (row->kind == ROW_DEPARTURE || row->kind == ROW_WAIT) continue;
        if (row->number == record->cause) return row;
        if (nearest == NULL && row->host == record->step.host) nearest = row;
        if (row->number < record->cause) break;
    }
    return nearest;
}

static bool has_change_at(const struct model *model, const struct model_row *row, uint32_t host) {
    for (uint32_t i = row->first_change; i != MODEL_NONE; i = model->changes[i].next)
        if (model->changes[i].host == host) return true;
    return false;
}

static void add_change(struct model *model, struct model_row *row, uint32_t host, uint32_t connection, uint8_t state) {
    uint32_t *link = &row->first_change;
    while (*link != MODEL_NONE)
        link = &model->changes[*link].next;
    uint32_t change = model->change_count;
    *link = change;
    (void)GROW(model, change);
    model->changes[change] =
        (struct model_change){.host = host, .connection = connection, .state = state, .next = MODEL_NONE};
}

// What is deleted in SYN-RECEIVED by a segment, and came from a passive OPEN, was a listener's copy (section 3.10.7.4).
static bool returns_to_listen(const struct record *step) {
    return step->step.event == TCP_SEGMENT_ARRIVES && step->step.before.state == TCP_SYN_RECEIVED &&
           (step->step.before.flags & TCP_CONNECTION_ACTIVE) == 0;
}

static bool is_timeout(uint8_t event) {
    return event >= TCP_RETRANSMISSION_TIMEOUT && event <= TCP_TIME_WAIT_TIMEOUT;
}

// The variables that a segment may change. The same RTO and the same flags are no news.
static bool same_tcb(const struct record_tcb *a, const struct record_tcb *b) {
    return a->state == b->state && a->snd_una == b->snd_una && a->snd_nxt == b->snd_nxt && a->snd_wnd == b->snd_wnd &&
           a->rcv_nxt == b->rcv_nxt && a->rcv_wnd == b->rcv_wnd && a->rcv_user == b->rcv_user;
}

// What the row's packet acknowledges was acknowledged before, and there is more to acknowledge.
static bool acknowledges_again(const struct model *model, const struct model_row *row, const struct record *step) {
    if (row->kind != ROW_ARRIVAL || step->step.before.snd_una == step->step.before.snd_nxt) return false;
    struct record record = model_record(model, model->packets[model->flights[row->flight].packet].at);
    const struct tcp_segment *segment = &record.packet.segment;
    return (segment->flags & TCP_ACK) != 0 && segment->ack == step->step.before.snd_una;
}

// What a step tells beside the state: the answer to a call, and the rules. Returns the row to which it belongs, or NULL
// where no row shows it.
static struct model_row *show_step(const struct reading *reading, bool changes) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    uint32_t host = record->step.host, id = record->step.connection;
    struct model_row *row =
        is_timeout(record->step.event) ? add_row(reading, ROW_TIMER, host, id) : row_of_step(reading);
    if (changes && (row == NULL || has_change_at(model, row, host))) row = add_row(reading, ROW_STATE, host, id);
    if (row == NULL) return NULL;
    row->stepped = true;
    if (id != 0 && record->step.before.state >= TCP_ESTABLISHED) row->synchronized = true;
    if (acknowledges_again(model, row, record)) row->duplicate_ack = true;
    if (changes || !same_tcb(&record->step.before, &record->step.after)) row->fruitful = true;
    if (row->kind == ROW_TIMER) row->event = record->step.event;
    if (record->step.error != TCP_OK) row->error = record->step.error;
    if (row->connection == 0 && row->host == host) row->connection = id;
    tcp_rule_set_unite(&row->applied, &record->step.applied);
    return row;
}

static void add_step(const struct reading *reading, const struct model_row *row) {
    struct model *model = reading->model;
    uint32_t nearest = model->row_count > 0 ? model->row_count - 1 : MODEL_NONE;
    uint32_t index = row != NULL ? (uint32_t)(row - model->rows) : nearest;
    *GROW(model, step) = (struct model_step){.at = reading->at, .row = index};
}

// Number 0 is a listener, or nobody.
static void read_listener_step(const struct reading *reading) {
    const struct record *record = &reading->record;
    uint8_t state = record->step.after.state;
    bool changes = state != record->step.before.state;
    if (changes && record->time == 0 && state == TCP_LISTEN) {
        reading->model->hosts[record->step.host].listens = true;
        return;
    }
    struct model_row *row = show_step(reading, changes);
    if (changes && row != NULL) add_change(reading->model, row, record->step.host, 0, state);
}

static bool read_step(const struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    if (record->step.host >= model->host_count) return wrong(reading, "a step at a host that is not there");
    if (record->step.connection == 0) {
        read_listener_step(reading);
        return true;
    }
    struct model_connection *connection = connection_of_step(reading);
    if (connection->host != record->step.host) return wrong(reading, "a connection moves to another host");
    uint8_t state = record->step.after.state;
    if (record->step.deleted) state = returns_to_listen(record) ? TCP_LISTEN : TCP_CLOSED;
    bool changes = state != connection->state;
    connection->state = state;
    if (record->step.after.flags & TCP_CONNECTION_WINDOW_SCALE) connection->scale = record->step.after.rcv_scale;
    struct model_row *row = show_step(reading, changes);
    add_step(reading, row);
    if (changes && row != NULL) add_change(model, row, connection->host, connection->id, state);
    return true;
}

static uint32_t add_flight(const struct reading *reading, uint32_t packet, uint32_t copy) {
    struct model *model = reading->model;
    const struct model_packet *sent = &model->packets[packet];
    uint32_t flight = model->flight_count;
    *GROW(model, flight) = (struct model_flight){.packet = packet,
                                                 .copy = copy,
                                                 .sent = reading->record.time,
                                                 .departs_row = model->row_count,
                                                 .arrives_row = MODEL_NONE};
    add_row(reading, ROW_DEPARTURE, sent->host, sent->connection)->flight = flight;
    return flight;
}

// The row of the arrival that is behind the record, or NULL: all that follows from one is recorded before the next.
static struct model_row *arrival_behind(const struct reading *reading, uint32_t host) {
    if (reading->arrival == MODEL_NONE) return NULL;
    struct model_row *row = &reading->model->rows[reading->arrival];
    return row->time == reading->record.time && reading->record.cause >= row->number && row->host == host ? row : NULL;
}

static void note_fruit(const struct reading *reading, uint32_t host) {
    struct model_row *row = arrival_behind(reading, host);
    if (row != NULL) row->fruitful = true;
}

// Is what the packet answers a copy?
static bool answers_copy(const struct reading *reading) {
    const struct model *model = reading->model;
    const struct record *record = &reading->record;
    const struct model_row *row = arrival_behind(reading, record->packet.host);
    if (row == NULL || record->packet.answers == 0) return false;
    const struct model_flight *flight = &model->flights[row->flight];
    return flight->copy > 0 && model->packets[flight->packet].number == record->packet.answers;
}

static bool read_packet(const struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    if (record->packet.host >= model->host_count) return wrong(reading, "a packet from a host that is not there");
    if (record->packet.to_host != MODEL_NONE && record->packet.to_host >= model->host_count)
        return wrong(reading, "a packet to a host that is not there");
    uint64_t last = model->packet_count > 0 ? model->packets[model->packet_count - 1].number : 0;
    if (record->packet.packet <= last) return wrong(reading, "packets are not numbered in order");
    uint32_t packet = model->packet_count;
    *GROW(model, packet) = (struct model_packet){.number = record->packet.packet,
                                                 .at = reading->at,
                                                 .host = record->packet.host,
                                                 .to_host = record->packet.to_host,
                                                 .connection = record->packet.connection,
                                                 .first_flight = model->flight_count,
                                                 .flights = 1,
                                                 .answers_copy = answers_copy(reading)};
    const struct model_connection *sender = model_connection(model, record->packet.connection);
    bool scaled = sender != NULL && (record->packet.segment.flags & TCP_SYN) == 0;
    model->packets[packet].scale = scaled ? sender->scale : 0;
    note_fruit(reading, record->packet.host);
    add_flight(reading, packet, 0);
    return true;
}

static bool read_altered(const struct reading *reading) {
    struct model_row *row = arrival_behind(reading, reading->record.packet.host);
    if (row == NULL) return wrong(reading, "a packet is altered that has not arrived just now");
    row->altered = reading->at;
    return true;
}

static bool read_flips(const struct reading *reading) {
    struct model *model = reading->model;
    uint32_t packet = model_packet(model, reading->record.flips.packet);
    if (packet == MODEL_NONE || packet + 1 != model->packet_count)
        return wrong(reading, "bits are flipped of a packet that was not sent just now");
    model->packets[packet].flips = reading->at;
    return true;
}

static bool read_fate(const struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    uint32_t packet = model_packet(model, record->fate.packet);
    if (packet == MODEL_NONE || packet + 1 != model->packet_count)
        return wrong(reading, "the fate of a packet that was not sent just now");
    struct model_packet *sent = &model->packets[packet];
    if (record->fate.copy > sent->flights) return wrong(reading, "copies are not numbered in order");
    uint32_t flight = sent->first_flight + record->fate.copy;
    if (record->fate.copy == sent->flights) {
        flight = add_flight(reading, packet, record->fate.copy);
        sent->flights++;
    }
    model->flights[flight].fate = record->fate.fate;
    model->flights[flight].scripted = record->fate.scripted;
    model->flights[flight].direction = record->fate.direction;
    model->flights[flight].arrival = record->fate.arrival;
    if (fate_arrives((enum packet_fate)record->fate.fate) && record->fate.arrival < record->time)
        return wrong(reading, "a packet arrives before it is sent");
    return true;
}

// Which packet of the same two hosts, sent earlier, is still under way as `flight` arrives? Each is named once.
static void note_overtaking(struct model *model, uint32_t flight) {
    struct model_flight *arrives = &model->flights[flight];
    const struct model_packet *packet = &model->packets[arrives->packet];
    while (model->oldest_flight < model->flight_count &&
           (!model_arrives(&model->flights[model->oldest_flight]) ||
            model->flights[model->oldest_flight].arrives_row != MODEL_NONE))
        model->oldest_flight++;
    for (uint32_t i = model->oldest_flight; i < flight; i++) {
        struct model_flight *earlier = &model->flights[i];
        const struct model_packet *other = &model->packets[earlier->packet];
        if (!model_arrives(earlier) || earlier->arrives_row != MODEL_NONE) continue;
        if (earlier->copy > 0 || earlier->overtaken) continue;
        if (earlier->packet == arrives->packet || earlier->arrival <= arrives->arrival) continue;
        if (other->host != packet->host || other->to_host != packet->to_host) continue;
        earlier->overtaken = true;
        arrives->overtakes = other->number;
        return;
    }
}

static bool read_arrival(struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    uint32_t packet = model_packet(model, record->arrival.packet);
    if (packet == MODEL_NONE || record->arrival.copy >= model->packets[packet].flights)
        return wrong(reading, "a packet arrives that was not sent");
    uint32_t flight = model->packets[packet].first_flight + record->arrival.copy;
    if (!model_arrives(&model->flights[flight]) || model->flights[flight].arrives_row != MODEL_NONE)
        return wrong(reading, "a packet arrives that is lost or has arrived before");
    if (model->packets[packet].to_host == MODEL_NONE) return wrong(reading, "a packet arrives nowhere");
    model->flights[flight].arrives_row = model->row_count;
    model->flights[flight].arrival = record->time;
    reading->arrival = model->row_count;
    add_row(reading, ROW_ARRIVAL, model->packets[packet].to_host, 0)->flight = flight;
    note_overtaking(model, flight);
    return true;
}

static bool read_drop(const struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    uint32_t packet = model_packet(model, record->drop.packet);
    if (packet == MODEL_NONE || record->drop.copy >= model->packets[packet].flights)
        return wrong(reading, "a packet is dropped that was not sent");
    uint32_t row = model->flights[model->packets[packet].first_flight + record->drop.copy].arrives_row;
    if (row == MODEL_NONE) return wrong(reading, "a packet is dropped that has not arrived");
    model->rows[row].drop = (uint8_t)(record->drop.drop + 1);
    model->rows[row].drop_rule = record->drop.rule;
    return true;
}

// A row at a host and connection that the record names; `whole_world`: the host may be the world.
static bool read_row(const struct reading *reading, enum model_row_kind kind, uint32_t host, uint32_t connection,
                     bool whole_world) {
    if (host >= reading->model->host_count && !(whole_world && host == MODEL_NONE))
        return wrong(reading, "something happens at a host that is not there");
    if (kind == ROW_DELIVERY || kind == ROW_SIGNAL) note_fruit(reading, host);
    add_row(reading, kind, host, connection);
    return true;
}

static bool read_run(const struct reading *reading) {
    struct model *model = reading->model;
    if (model->has_run) return wrong(reading, "a second run");
    model->has_run = true;
    model->run_at = reading->at;
    return true;
}

// The hosts follow, which may go without rules.
static bool read_rules(const struct reading *reading) {
    struct model_rules *rules = &reading->model->rules;
    if (rules->count > 0) return wrong(reading, "the rules are named twice");
    return model_rules_read(rules, reading->record.rules.names) || wrong(reading, "more than 127 rules");
}

// Nobody answers at a host that is down, which begins to be so.
static bool read_host_event(const struct reading *reading) {
    const struct record *record = &reading->record;
    if (!read_row(reading, ROW_HOST_EVENT, record->host_event.host, 0, false)) return false;
    struct model *model = reading->model;
    struct model_row *row = &model->rows[model->row_count - 1];
    if (record->host_event.event == HOST_CRASHED) add_change(model, row, row->host, 0, MODEL_STATE_DOWN);
    return true;
}

static bool read_record(struct reading *reading) {
    struct model *model = reading->model;
    const struct record *record = &reading->record;
    switch (record->kind) {
    case TRACE_KIND_FATE: return read_fate(reading);
    case TRACE_KIND_ARRIVAL: return read_arrival(reading);
    case RECORD_RUN: return read_run(reading);
    case RECORD_RULES: return read_rules(reading);
    case RECORD_HOST: return read_host(reading);
    case RECORD_CALL: return read_call(reading);
    case RECORD_STEP: return read_step(reading);
    case RECORD_PACKET:
    case RECORD_ICMP: return read_packet(reading);
    case RECORD_ALTERED: return read_altered(reading);
    case RECORD_FLIPS: return read_flips(reading);
    case RECORD_DELIVERY:
        return read_row(reading, ROW_DELIVERY, record->delivery.host, record->delivery.connection, false);
    case RECORD_SIGNAL: return read_row(reading, ROW_SIGNAL, record->signal.host, record->signal.connection, false);
    case RECORD_NOTE: return read_row(reading, ROW_NOTE, record->note.host, 0, true);
    case RECORD_HOST_EVENT: return read_host_event(reading);
    case RECORD_WAIT: return read_row(reading, ROW_WAIT, record->wait.host, record->wait.connection, true);
    case RECORD_DROP: return read_drop(reading);
    case RECORD_CLAIM: *GROW(model, claim) = reading->at; return true;
    case RECORD_FINISH:
        model->has_finish = true;
        model->finish_at = reading->at;
        model->finish_time = record->time;
        return true;
    default: return true;  // TRACE_KIND_END; record_decode() lets no other pass
    }
}

// A host that runs again and does not listen shows that it has no connection.
static void show_reboots(struct model *model) {
    for (uint32_t i = 0; i < model->row_count; i++) {
        struct model_row *row = &model->rows[i];
        if (row->kind != ROW_HOST_EVENT || has_change_at(model, row, row->host)) continue;
        if (model_record(model, row->at).host_event.event == HOST_REBOOTED)
            add_change(model, row, row->host, 0, TCP_CLOSED);
    }
}

bool model_read(struct model *model, const struct trace *trace, char *error, size_t size) {
    *model = (struct model){.trace = trace};
    struct reading reading = {.model = model, .arrival = MODEL_NONE, .error = error, .size = size};
    struct trace_record raw;
    uint64_t now = 0;
    for (size_t offset = 0;;) {
        reading.at = offset;
        if (!trace_next(trace, &offset, &raw)) break;
        reading.record.number = raw.number;
        if (!record_decode(&raw, &reading.record)) return wrong(&reading, "it is not well formed");
        if (!model_rules_translate(&model->rules, &reading.record))
            return wrong(&reading, "a rule that the trace does not name");
        if (raw.time < now) return wrong(&reading, "time goes back");
        now = raw.time;
        if (!read_record(&reading)) return false;
    }
    if (!model->has_finish) model->finish_time = now;
    show_reboots(model);
    model_complete(model);
    return true;
}

void model_free(struct model *model) {
    free(model->connections);
    free(model->packets);
    free(model->flights);
    free(model->rows);
    free(model->changes);
    free(model->claims);
    free(model->steps);
    *model = (struct model){0};
}
