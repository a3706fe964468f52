#include <stdio.h>
#include <string.h>

#include "sim/view/model.h"

static bool same_endpoint(const struct record_endpoint *a, const struct record_endpoint *b) {
    return a->family == b->family && a->port == b->port && memcmp(a->address, b->address, sizeof a->address) == 0;
}

// The port that tells connections of one host apart: the local one where it differs among them, else the remote one.
// Where neither does, the higher one: it is the client's.
static unsigned telling_port(const struct model *model, const struct model_connection *connection) {
    bool local_differs = false, remote_differs = false;
    for (uint32_t i = 0; i < model->connection_count; i++) {
        const struct model_connection *other = &model->connections[i];
        if (other->host != connection->host) continue;
        if (other->local.port != connection->local.port) local_differs = true;
        if (other->remote.port != connection->remote.port) remote_differs = true;
    }
    unsigned local = connection->local.port, remote = connection->remote.port;
    if (local_differs || remote_differs) return local_differs ? local : remote;
    return local > remote ? local : remote;
}

// Incarnations of the same ports bear a number behind the port.
static void name_connection(const struct model *model, struct model_connection *connection) {
    unsigned earlier = 0, port = telling_port(model, connection);
    for (const struct model_connection *other = model->connections; other != connection; other++)
        if (other->host == connection->host && same_endpoint(&other->local, &connection->local) &&
            same_endpoint(&other->remote, &connection->remote))
            earlier++;
    if (earlier == 0)
        snprintf(connection->label, sizeof connection->label, "%u", port);
    else
        snprintf(connection->label, sizeof connection->label, "%u/%u", port, earlier + 1);
}

// A script's delay is what a flight takes beyond the quickest flight in its direction that luck alone decided.
static void measure_delays(struct model *model) {
    for (uint32_t i = 0; i < model->flight_count; i++) {
        struct model_flight *flight = &model->flights[i];
        if (!flight->scripted || flight->fate != FATE_DELIVERED) continue;
        uint64_t took = flight->arrival - flight->sent, usual = UINT64_MAX;
        for (uint32_t j = 0; j < model->flight_count; j++) {
            const struct model_flight *other = &model->flights[j];
            if (other->scripted || other->fate != FATE_DELIVERED || other->direction != flight->direction) continue;
            if (other->arrival - other->sent < usual) usual = other->arrival - other->sent;
        }
        if (usual < took) flight->held = took - usual;
    }
}

static bool is_reset(const struct record *packet) {
    return (packet->packet.segment.flags & TCP_RST) != 0;
}

// A window is worth a word where it isn't what the same connection said last. That of an RST means nothing.
static void compare_windows(struct model *model) {
    for (uint32_t i = 0; i < model->packet_count; i++) {
        struct model_packet *packet = &model->packets[i];
        struct record record = model_record(model, packet->at);
        if (packet->connection == 0 || is_reset(&record)) continue;
        for (uint32_t j = i; j > 0 && i - j < 64; j--) {
            const struct model_packet *earlier = &model->packets[j - 1];
            if (earlier->connection != packet->connection) continue;
            struct record before = model_record(model, earlier->at);
            if (is_reset(&before)) continue;
            uint16_t was = before.packet.segment.wnd, is = record.packet.segment.wnd;
            packet->window_changed = was != is;
            packet->window_leaps =
                was != is && (was == 0 || is == 0 || (was > is ? was - is : is - was) >= was / 4 + 1);
            break;
        }
    }
}

static bool is_text(struct record_text text, const char *string) {
    return text.length == strlen(string) && memcmp(text.bytes, string, text.length) == 0;
}

// A step that ended well says nothing; an error is shown once, as TCP's signal or as the step's outcome.
static uint8_t weight_of_wait(const struct model *model, uint32_t index) {
    const struct model_row *row = &model->rows[index];
    struct record wait = model_record(model, row->at);
    if (is_text(wait.wait.outcome, "ok")) return WEIGHT_HIDDEN;
    for (uint32_t i = index; i > 0 && model->rows[i - 1].time == row->time; i--) {
        const struct model_row *before = &model->rows[i - 1];
        if (before->host != row->host) continue;
        if (before->error != TCP_OK && is_text(wait.wait.outcome, tcp_error_name(before->error))) return WEIGHT_HIDDEN;
        if (before->kind != ROW_SIGNAL) continue;
        struct record signal = model_record(model, before->at);
        if (is_text(wait.wait.outcome, tcp_signal_name(signal.signal.signal))) return WEIGHT_HIDDEN;
    }
    return WEIGHT_SHOWN;
}

// Text that goes to the user as it came with the packet before needs no row.
static uint8_t weight_of_delivery(const struct model *model, uint32_t index) {
    const struct model_row *row = &model->rows[index];
    struct record delivery = model_record(model, row->at);
    if (delivery.delivery.foreign) return WEIGHT_SHOWN;
    for (uint32_t i = index; i > 0 && model->rows[i - 1].time == row->time; i--) {
        const struct model_row *before = &model->rows[i - 1];
        if (before->kind != ROW_ARRIVAL || before->host != row->host) continue;
        struct record packet = model_record(model, model->packets[model->flights[before->flight].packet].at);
        const struct tcp_segment *segment = &packet.packet.segment;
        bool same = tcp_text_seq(segment) == delivery.delivery.seq && segment->len == delivery.delivery.text.length;
        return same ? WEIGHT_DETAIL : WEIGHT_SHOWN;
    }
    return WEIGHT_SHOWN;
}

static uint8_t weight_of_signal(const struct model *model, uint32_t index) {
    struct record signal = model_record(model, model->rows[index].at);
    bool states_show = signal.signal.signal == TCP_SIGNAL_ESTABLISHED || signal.signal.signal == TCP_SIGNAL_CLOSED;
    return states_show ? WEIGHT_DETAIL : WEIGHT_SHOWN;
}

// Steps that let time pass, or whose row of another kind says it all: the ladder shows what comes of them.
static uint8_t weight_of_call(const struct model *model, uint32_t index) {
    static const char *const waiting[] = {"sleep", "recv", "wait_"};
    struct record_text text = model_record(model, model->rows[index].at).call.text;
    if (text.length >= 4 && memcmp(text.bytes, "note", 4) == 0) return WEIGHT_HIDDEN;
    for (size_t i = 0; i < sizeof waiting / sizeof waiting[0]; i++)
        if (text.length >= strlen(waiting[i]) && memcmp(text.bytes, waiting[i], strlen(waiting[i])) == 0)
            return WEIGHT_DETAIL;
    return WEIGHT_SHOWN;
}

void model_complete(struct model *model) {
    for (uint32_t i = 0; i < model->connection_count; i++)
        model->hosts[model->connections[i].host].connections++;
    for (uint32_t i = 0; i < model->connection_count; i++)
        if (model->hosts[model->connections[i].host].connections > 1) name_connection(model, &model->connections[i]);
    measure_delays(model);
    compare_windows(model);
    for (uint32_t i = 0; i < model->row_count; i++) {
        struct model_row *row = &model->rows[i];
        if (row->kind == ROW_CALL) row->weight = weight_of_call(model, i);
        if (row->kind == ROW_WAIT) row->weight = weight_of_wait(model, i);
        if (row->kind == ROW_DELIVERY) row->weight = weight_of_delivery(model, i);
        if (row->kind == ROW_SIGNAL) row->weight = weight_of_signal(model, i);
    }
}
