#include <string.h>

#include "sim/view/model.h"

static bool same_endpoint(const struct record_endpoint *a, const struct record_endpoint *b) {
    return a->family == b->family && a->port == b->port && memcmp(a->address, b->address, sizeof a->address) == 0;
}

static unsigned higher_port(const struct model_connection *connection) {
    unsigned local = connection->local.port, remote = connection->remote.port;
    return local > remote ? local : remote;
}

static unsigned lower_port(const struct model_connection *connection) {
    unsigned local = connection->local.port, remote = connection->remote.port;
    return local < remote ? local : remote;
}

// The port that tells connections of one host apart, the same at both ends: the higher one, which is the client's; the
// lower one where only that differs.
static uint16_t telling_port(const struct model *model, const struct model_connection *connection) {
    bool higher_differs = false, lower_differs = false;
    for (uint32_t i = 0; i < model->connection_count; i++) {
        const struct model_connection *other = &model->connections[i];
        if (other->host != connection->host) continue;
        if (higher_port(other) != higher_port(connection)) higher_differs = true;
        if (lower_port(other) != lower_port(connection)) lower_differs = true;
    }
    return (uint16_t)(lower_differs && !higher_differs ? lower_port(connection) : higher_port(connection));
}

static uint32_t host_of_address(const struct model *model, const struct record_endpoint *endpoint) {
    for (uint32_t i = 0; i < model->host_count; i++) {
        const struct record_endpoint *address = &model->hosts[i].address;
        if (address->family == endpoint->family &&
            memcmp(address->address, endpoint->address, sizeof address->address) == 0)
            return i;
    }
    return MODEL_NONE;
}

// Incarnations of the same endpoints are numbered; other hosts that use the same port are named.
static void name_connection(const struct model *model, struct model_connection *connection) {
    connection->port = telling_port(model, connection);
    connection->ordinal = 1;
    connection->peer = MODEL_NONE;
    for (uint32_t i = 0; i < model->connection_count; i++) {
        const struct model_connection *other = &model->connections[i];
        if (other == connection || other->host != connection->host) continue;
        if (same_endpoint(&other->local, &connection->local) && same_endpoint(&other->remote, &connection->remote)) {
            connection->reuses = true;
            if (other < connection) connection->ordinal++;
        } else if (higher_port(other) == higher_port(connection) && lower_port(other) == lower_port(connection)) {
            connection->peer = host_of_address(model, &connection->remote);
        }
    }
}

// A script's delay is what a flight takes beyond the quickest flight in its direction that luck alone decided.
static void measure_delays(struct model *model) {
    for (uint32_t i = 0; i < model->flight_count; i++) {
        struct model_flight *flight = &model->flights[i];
        if (!flight->scripted || !model_arrives(flight)) continue;
        uint64_t took = flight->arrival - flight->sent, usual = UINT64_MAX;
        for (uint32_t j = 0; j < model->flight_count; j++) {
            const struct model_flight *other = &model->flights[j];
            if (other->scripted || !model_arrives(other) || other->direction != flight->direction) continue;
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
            uint32_t was = (uint32_t)before.packet.segment.wnd << earlier->scale;
            uint32_t is = (uint32_t)record.packet.segment.wnd << packet->scale;
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

static bool begins_with(struct record_text text, const char *string) {
    return text.length >= strlen(string) && memcmp(text.bytes, string, strlen(string)) == 0;
}

// Steps that let time pass, or whose row of another kind says it all: the ladder shows what comes of them.
static uint8_t weight_of_call(const struct model *model, uint32_t index) {
    static const char *const waiting[] = {"sleep", "recv", "wait_", "observe"};
    struct record_text text = model_record(model, model->rows[index].at).call.text;
    if (begins_with(text, "note")) return WEIGHT_HIDDEN;
    for (size_t i = 0; i < sizeof waiting / sizeof waiting[0]; i++)
        if (begins_with(text, waiting[i])) return WEIGHT_DETAIL;
    return WEIGHT_SHOWN;
}

// The rule because of which nothing came of an arrival: the one that refuses, among those that were applied.
static uint16_t ignoring_rule(const struct tcp_rule_set *applied) {
    static const enum tcp_rule refusing[] = {
        TCP_RULE_RST_IN_SYN_SENT_NEEDS_ACK,
        TCP_RULE_RST_NEVER_ANSWERS_RST,
        TCP_RULE_LISTEN_IGNORES_RST,
        TCP_RULE_RST_MUST_BE_IN_WINDOW,
        TCP_RULE_SEGMENT_NEEDS_ACK_BIT,
        TCP_RULE_FAR_TOO_OLD_ACK_IS_REFUSED,
        TCP_RULE_SEQUENCE_NUMBER_MUST_BE_ACCEPTABLE,
        TCP_RULE_ACK_ACCEPTABLE_IN_SYN_SENT,
        TCP_RULE_ICMP_MUST_QUOTE_FLIGHT,
    };
    for (size_t i = 0; i < sizeof refusing / sizeof refusing[0]; i++)
        if (tcp_rule_set_has(applied, refusing[i])) return (uint16_t)refusing[i];
    return TCP_RULE_NONE;
}

static void complete_row(struct model *model, uint32_t index) {
    struct model_row *row = &model->rows[index];
    switch (row->kind) {
    case ROW_CALL: row->weight = weight_of_call(model, index); break;
    case ROW_WAIT: row->weight = weight_of_wait(model, index); break;
    case ROW_DELIVERY: row->weight = weight_of_delivery(model, index); break;
    case ROW_SIGNAL: row->weight = weight_of_signal(model, index); break;
    case ROW_ARRIVAL:
        row->ignored = row->drop == 0 && row->stepped && !row->fruitful;
        if (row->ignored) row->drop_rule = ignoring_rule(&row->applied);
        break;
    case ROW_TIMER:
    case ROW_STATE:
    case ROW_DEPARTURE:
    case ROW_NOTE:
    case ROW_HOST_EVENT: break;
    }
}

// Other calls are of no connection, or of one that is only made.
static bool uses_connection(const struct model *model, const struct model_row *row) {
    static const char *const uses[] = {"send", "recv", "close", "sockets_close", "abort", "wait_"};
    struct record_text text = model_record(model, row->at).call.text;
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        if (begins_with(text, uses[i])) return true;
    return false;
}

// A connection is named where its host's state column, read from above, shows another one.
static void place_labels(struct model *model) {
    uint32_t last[MODEL_HOSTS] = {0};
    for (uint32_t i = 0; i < model->row_count; i++) {
        struct model_row *row = &model->rows[i];
        for (uint32_t j = row->first_change; j != MODEL_NONE; j = model->changes[j].next) {
            struct model_change *change = &model->changes[j];
            change->labelled = change->connection != last[change->host];
            last[change->host] = change->connection;
        }
        if (row->host != MODEL_NONE && (row->kind != ROW_CALL || uses_connection(model, row)))
            row->labelled = row->connection != 0 && row->connection != last[row->host];
    }
}

void model_complete(struct model *model) {
    for (uint32_t i = 0; i < model->connection_count; i++)
        model->hosts[model->connections[i].host].connections++;
    for (uint32_t i = 0; i < model->connection_count; i++)
        if (model->hosts[model->connections[i].host].connections > 1) name_connection(model, &model->connections[i]);
    measure_delays(model);
    compare_windows(model);
    for (uint32_t i = 0; i < model->row_count; i++)
        complete_row(model, i);
    place_labels(model);
}
