#include "core/step.h"

#include <string.h>

_Static_assert(sizeof(struct tcp_connection) <= 320, "a connection's size");
_Static_assert(sizeof(struct tcp_connection) == 320, "no padding: equal states are equal bytes");
_Static_assert(TCP_EFFECTS_ANSWERS < TCP_EFFECTS, "the answers of one event fit");
_Static_assert(TCP_RULES <= UINT8_MAX, "ack_rule holds any rule");

static const uint64_t SECOND = UINT64_C(1000000000);

struct tcp_config tcp_config_default(void) {
    return (struct tcp_config){
        .msl = 120 * SECOND,
        .rto_initial = 1 * SECOND,
        .rto_min = 1 * SECOND,
        .rto_max = 60 * SECOND,
        .r2 = 100 * SECOND,
        .r2_syn = 180 * SECOND,
        .delayed_ack = SECOND / 5,
        .keep_alive_idle = 7200 * SECOND,
        .keep_alive_interval = 75 * SECOND,
        .challenge_interval = 5 * SECOND,
        .receive_buffer = 65535,
        .send_buffer = 1 << 20,
        .challenge_limit = 10,
        .initial_window = 10,
        .keep_alive_probes = 9,
        .congestion_control = true,
        .rto_margin = 1000,
        .syn_ecn = UINT8_MAX,
        .window_step = 1,
    };
}

static void begin(struct tcp_effects *effects) {
    effects->count = 0;
    effects->accepted = 0;
    effects->error = TCP_OK;
    effects->applied = (struct tcp_rule_set){{0}};
    effects->cookie_len = 0;
    memset(effects->cookie, 0, sizeof effects->cookie);
}

static void process(struct step *s) {
    switch (s->event->kind) {
    case TCP_OPEN_PASSIVE: call_open_passive(s); return;
    case TCP_OPEN_ACTIVE: call_open_active(s); return;
    case TCP_SEND: call_send(s); return;
    case TCP_RECEIVE: call_receive(s); return;
    case TCP_CLOSE: call_close(s); return;
    case TCP_SOCKETS_CLOSE: call_sockets_close(s); return;
    case TCP_ABORT: call_abort(s); return;
    case TCP_STATUS: call_status(s); return;
    case TCP_SEGMENT_ARRIVES:
        s->segment = s->event->segment;
        segment_arrives(s);
        return;
    case TCP_RETRANSMISSION_TIMEOUT: retransmission_timeout(s); return;
    case TCP_PERSIST_TIMEOUT: persist_timeout(s); return;
    case TCP_R2_TIMEOUT: give_up_timeout(s); return;
    case TCP_USER_TIMEOUT: user_timeout(s); return;
    case TCP_DELAYED_ACK_TIMEOUT: delayed_ack_timeout(s); return;
    case TCP_KEEP_ALIVE_TIMEOUT: keep_alive_timeout(s); return;
    case TCP_TIME_WAIT_TIMEOUT: time_wait_timeout(s); return;
    case TCP_SET_NO_DELAY: call_set_no_delay(s); return;
    case TCP_SET_KEEP_ALIVE: call_set_keep_alive(s); return;
    case TCP_SET_USER_TIMEOUT: call_set_user_timeout(s); return;
    case TCP_ICMP_ARRIVES: icmp_arrives(s); return;
    case TCP_CONTINUE: return;
    }
}

void tcp_step(const struct tcp_config *config, struct tcp_connection *connection, const struct tcp_event *event,
              uint64_t now, struct tcp_effects *effects) {
    struct step s = {.config = config, .tcb = connection, .event = event, .now = now, .effects = effects};
    begin(effects);
    process(&s);
    if (connection->state == TCP_CLOSED || connection->state == TCP_LISTEN) return;
    send_owed(&s);
    if (event->kind == TCP_CONTINUE) send_owed_ack(&s);
    timer_update_persist(&s);
    timer_update_keep_alive(&s);
    timer_update_orphan(&s);
}

void tcp_step_closed(const struct tcp_config *config, const struct tcp_segment *segment, struct tcp_effects *effects) {
    struct tcp_connection closed;
    memset(&closed, 0, sizeof closed);
    struct step s = {.config = config, .tcb = &closed, .effects = effects, .segment = *segment};
    begin(effects);
    segment_arrives(&s);
}

uint64_t tcp_deadline(const struct tcp_config *config, const struct tcp_connection *connection,
                      enum tcp_event_kind *kind) {
    if (connection->state == TCP_CLOSED || connection->state == TCP_LISTEN) return TCP_NEVER;
    if (something_owed(config, connection)) {
        if (kind) *kind = TCP_CONTINUE;
        return 0;
    }
    int first = 0;
    for (int timer = 1; timer < TCP_TIMERS; timer++)
        if (connection->deadline[timer] < connection->deadline[first]) first = timer;
    // Nothing is repeated at the moment at which it is given up.
    if (connection->deadline[TCP_TIMER_R2] == connection->deadline[first]) first = TCP_TIMER_R2;
    if (kind) *kind = tcp_timeout_of((enum tcp_timer)first);
    return connection->deadline[first];
}

uint32_t tcp_send_room(const struct tcp_config *config, const struct tcp_connection *connection) {
    uint32_t queued = connection->snd_end - connection->snd_una;
    return queued < config->send_buffer ? config->send_buffer - queued : 0;
}

uint32_t tcp_unread(const struct tcp_connection *connection) {
    return connection->rcv_nxt - connection->rcv_user;
}

bool tcp_synchronized(enum tcp_state state) {
    return state >= TCP_ESTABLISHED;
}
