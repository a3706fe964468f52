// Another implementation of core/tcp.h: the smallest TCP that opens, transfers and closes over a network that loses and
// reorders nothing. It repeats nothing, checks nothing and applies no rules.
#include "tests/other_tcp.h"

#include <string.h>

#include "core/tcp.h"

// One event at one connection.
struct run {
    const struct tcp_config *config;
    struct tcp_connection *tcb;
    struct tcp_effects *effects;
    uint64_t now;
};

// ---- Effects --------------------------------------------------------------------------------------------------------

static struct tcp_effect *add(struct tcp_effects *effects, enum tcp_effect_kind kind) {
    struct tcp_effect *effect = &effects->list[effects->count++];
    memset(effect, 0, sizeof *effect);
    effect->kind = (uint8_t)kind;
    return effect;
}

static void signal_user(struct run *run, enum tcp_signal signal) {
    add(run->effects, TCP_EFFECT_SIGNAL)->signal = (uint8_t)signal;
}

static void delete_tcb(struct run *run) {
    add(run->effects, TCP_EFFECT_DELETE);
    memset(run->tcb, 0, sizeof *run->tcb);
}

static uint32_t free_buffer(const struct run *run) {
    return run->config->receive_buffer - tcp_unread(run->tcb);
}

// Sends the next `len` octets of text with the control bits `flags`, and takes their sequence numbers.
static void send(struct run *run, uint8_t flags, uint32_t len) {
    struct tcp_connection *tcb = run->tcb;
    struct tcp_segment *segment = &add(run->effects, TCP_EFFECT_SEGMENT)->segment;
    tcb->rcv_wnd = free_buffer(run);
    segment->seq = (flags & TCP_SYN) != 0 ? tcb->iss : tcb->snd_nxt;
    segment->ack = (flags & TCP_ACK) != 0 ? tcb->rcv_nxt : 0;
    segment->len = len;
    segment->source = len > 0 ? tcb->snd_source : 0;
    segment->wnd = (uint16_t)tcb->rcv_wnd;
    segment->flags = flags;
    if ((flags & TCP_SYN) != 0) {
        segment->options = TCP_OPTION_MSS;
        segment->mss = tcb->rcv_mss;
    }
    tcb->snd_nxt = segment->seq + tcp_segment_length(segment);
    if ((flags & TCP_ACK) != 0) tcb->flags &= (uint16_t)~TCP_CONNECTION_ACK_OWED;
}

// ---- What the state owes --------------------------------------------------------------------------------------------

static bool can_send(const struct tcp_connection *tcb) {
    return tcb->state == TCP_ESTABLISHED || tcb->state == TCP_FIN_WAIT_1 || tcb->state == TCP_CLOSE_WAIT ||
           tcb->state == TCP_CLOSING || tcb->state == TCP_LAST_ACK;
}

// Octets that may go out in the next segment.
static uint32_t ready(const struct tcp_connection *tcb) {
    if (!can_send(tcb) || (tcb->flags & TCP_CONNECTION_FIN_SENT) != 0) return 0;
    uint32_t in_flight = tcb->snd_nxt - tcb->snd_una;
    uint32_t left = tcb->snd_end - tcb->snd_nxt;
    uint32_t window = tcb->snd_wnd > in_flight ? tcb->snd_wnd - in_flight : 0;
    if (left > window) left = window;
    return left > tcb->snd_mss ? tcb->snd_mss : left;
}

static bool owes_fin(const struct tcp_connection *tcb) {
    return can_send(tcb) && tcb->snd_nxt == tcb->snd_end &&
           (tcb->flags & (TCP_CONNECTION_FIN_QUEUED | TCP_CONNECTION_FIN_SENT)) == TCP_CONNECTION_FIN_QUEUED;
}

static bool owes(const struct tcp_connection *tcb) {
    return ready(tcb) > 0 || owes_fin(tcb) || (tcb->flags & TCP_CONNECTION_ACK_OWED) != 0;
}

static void pay(struct run *run) {
    struct tcp_connection *tcb = run->tcb;
    while (run->effects->count < TCP_EFFECTS && owes(tcb)) {
        uint32_t len = ready(tcb);
        if (len > 0) {
            send(run, TCP_ACK | TCP_PSH, len);
        } else if (owes_fin(tcb)) {
            tcb->flags |= TCP_CONNECTION_FIN_SENT;
            send(run, TCP_FIN | TCP_ACK, 0);
        } else {
            send(run, TCP_ACK, 0);
        }
    }
}

// ---- Calls ----------------------------------------------------------------------------------------------------------

static void born(struct run *run, const struct tcp_incarnation *incarnation) {
    struct tcp_connection *tcb = run->tcb;
    uint16_t mss = incarnation->mss;
    if (tcb->state == TCP_LISTEN) mss = tcb->rcv_mss;
    memset(tcb, 0, sizeof *tcb);
    for (unsigned timer = 0; timer < TCP_TIMERS; timer++)
        tcb->deadline[timer] = TCP_NEVER;
    tcb->rcv_mss = mss;
    tcb->snd_mss = 536;
    tcb->snd_source = incarnation->source;
    tcb->iss = OTHER_TCP_ISS;
    tcb->snd_una = tcb->iss;
    tcb->snd_nxt = tcb->iss;
    tcb->snd_end = tcb->iss + 1;
}

static enum tcp_error open(struct run *run, const struct tcp_event *event) {
    if (run->tcb->state != TCP_CLOSED) return TCP_ERROR_ALREADY_EXISTS;
    born(run, &event->incarnation);
    if (event->kind == TCP_OPEN_PASSIVE) {
        run->tcb->state = TCP_LISTEN;
    } else {
        run->tcb->state = TCP_SYN_SENT;
        run->tcb->flags = TCP_CONNECTION_ACTIVE;
        send(run, TCP_SYN, 0);
    }
    return TCP_OK;
}

static enum tcp_error queue_text(struct run *run, uint32_t length) {
    if (run->tcb->state == TCP_LISTEN) return TCP_ERROR_REMOTE_UNSPECIFIED;
    if ((run->tcb->flags & TCP_CONNECTION_FIN_QUEUED) != 0) return TCP_ERROR_CLOSING;
    uint32_t room = tcp_send_room(run->config, run->tcb);
    run->effects->accepted = length < room ? length : room;
    run->tcb->snd_end += run->effects->accepted;
    return TCP_OK;
}

// The window is told anew when half of the buffer has become free.
static enum tcp_error take_text(struct run *run, uint32_t length) {
    struct tcp_connection *tcb = run->tcb;
    uint32_t half = run->config->receive_buffer / 2;
    uint32_t unread = tcp_unread(tcb);
    tcb->rcv_user += length < unread ? length : unread;
    if (tcb->rcv_wnd <= half && free_buffer(run) > half && can_send(tcb)) tcb->flags |= TCP_CONNECTION_ACK_OWED;
    if (tcb->state == TCP_FIN_WAIT_2 && tcb->rcv_wnd <= half) tcb->flags |= TCP_CONNECTION_ACK_OWED;
    return TCP_OK;
}

static enum tcp_error close(struct run *run) {
    struct tcp_connection *tcb = run->tcb;
    if (tcb->state == TCP_LISTEN || tcb->state == TCP_SYN_SENT) {
        delete_tcb(run);
        return TCP_OK;
    }
    if ((tcb->flags & TCP_CONNECTION_FIN_QUEUED) != 0) return TCP_ERROR_CLOSING;
    tcb->flags |= TCP_CONNECTION_FIN_QUEUED;
    if (tcb->state == TCP_ESTABLISHED) tcb->state = TCP_FIN_WAIT_1;
    if (tcb->state == TCP_CLOSE_WAIT) tcb->state = TCP_LAST_ACK;
    return TCP_OK;
}

static enum tcp_error abort_tcb(struct run *run) {
    if (tcp_synchronized((enum tcp_state)run->tcb->state)) send(run, TCP_RST, 0);
    delete_tcb(run);
    return TCP_OK;
}

// ---- Segments -------------------------------------------------------------------------------------------------------

static void take_syn(struct run *run, const struct tcp_segment *segment) {
    struct tcp_connection *tcb = run->tcb;
    tcb->irs = segment->seq;
    tcb->rcv_nxt = segment->seq + 1;
    tcb->rcv_user = tcb->rcv_nxt;
    tcb->snd_wnd = segment->wnd;
    if ((segment->options & TCP_OPTION_MSS) != 0) tcb->snd_mss = segment->mss;
    if (tcb->snd_mss > tcb->rcv_mss) tcb->snd_mss = tcb->rcv_mss;
}

static void established(struct run *run) {
    run->tcb->state = (run->tcb->flags & TCP_CONNECTION_FIN_QUEUED) != 0 ? TCP_FIN_WAIT_1 : TCP_ESTABLISHED;
    signal_user(run, TCP_SIGNAL_ESTABLISHED);
}

static void wait_2_msl(struct run *run) {
    run->tcb->state = TCP_TIME_WAIT;
    run->tcb->deadline[TCP_TIMER_TIME_WAIT] = run->now + 2 * run->config->msl;
}

// False: the connection is gone.
static bool fin_acknowledged(struct run *run) {
    signal_user(run, TCP_SIGNAL_CLOSED);
    if (run->tcb->state == TCP_FIN_WAIT_1) run->tcb->state = TCP_FIN_WAIT_2;
    if (run->tcb->state == TCP_CLOSING) wait_2_msl(run);
    if (run->tcb->state == TCP_LAST_ACK) delete_tcb(run);
    return run->tcb->state != TCP_CLOSED;
}

static bool take_ack(struct run *run, const struct tcp_segment *segment) {
    struct tcp_connection *tcb = run->tcb;
    bool fin_was_open = (tcb->flags & TCP_CONNECTION_FIN_SENT) != 0 && tcb->snd_una != tcb->snd_nxt;
    tcb->snd_una = segment->ack;
    tcb->snd_wnd = segment->wnd;
    if (tcb->state == TCP_SYN_RECEIVED) established(run);
    return !fin_was_open || tcb->snd_una != tcb->snd_nxt || fin_acknowledged(run);
}

static void take_octets(struct run *run, const struct tcp_segment *segment) {
    struct tcp_effect *effect = add(run->effects, TCP_EFFECT_TEXT);
    effect->text = (struct tcp_range){tcp_text_seq(segment), segment->len, segment->source};
    run->tcb->rcv_nxt += segment->len;
    run->tcb->flags |= TCP_CONNECTION_ACK_OWED;
}

static void take_fin(struct run *run) {
    struct tcp_connection *tcb = run->tcb;
    tcb->rcv_nxt += 1;
    tcb->flags |= TCP_CONNECTION_FIN_RECEIVED | TCP_CONNECTION_ACK_OWED;
    signal_user(run, TCP_SIGNAL_CLOSING);
    if (tcb->state == TCP_ESTABLISHED)
        tcb->state = TCP_CLOSE_WAIT;
    else if (tcb->state == TCP_FIN_WAIT_1)
        tcb->state = TCP_CLOSING;
    else if (tcb->state == TCP_FIN_WAIT_2)
        wait_2_msl(run);
}

// Behind the handshake: the segment stands at RCV.NXT, for nothing is lost or reordered. What doesn't is answered.
static void in_sequence(struct run *run, const struct tcp_segment *segment) {
    if (segment->seq != run->tcb->rcv_nxt || (segment->flags & TCP_SYN) != 0) {
        run->tcb->flags |= TCP_CONNECTION_ACK_OWED;
        return;
    }
    if ((segment->flags & TCP_ACK) == 0 || !take_ack(run, segment)) return;
    if (segment->len > 0) take_octets(run, segment);
    if ((segment->flags & TCP_FIN) != 0) take_fin(run);
}

static void segment_arrives(struct run *run, const struct tcp_event *event) {
    struct tcp_connection *tcb = run->tcb;
    const struct tcp_segment *segment = &event->segment;
    bool syn = (segment->flags & TCP_SYN) != 0;
    bool ack = (segment->flags & TCP_ACK) != 0;
    if ((segment->flags & TCP_RST) != 0) {
        if (tcb->state == TCP_LISTEN) return;
        signal_user(run, TCP_SIGNAL_RESET);
        delete_tcb(run);
    } else if (tcb->state == TCP_LISTEN) {
        if (!syn || ack) return;
        born(run, &event->incarnation);
        take_syn(run, segment);
        tcb->state = TCP_SYN_RECEIVED;
        send(run, TCP_SYN | TCP_ACK, 0);
    } else if (tcb->state == TCP_SYN_SENT) {
        if (!syn || !ack) return;
        take_syn(run, segment);
        tcb->snd_una = segment->ack;
        tcb->flags |= TCP_CONNECTION_ACK_OWED;
        established(run);
    } else {
        in_sequence(run, segment);
    }
}

// ---- core/tcp.h -----------------------------------------------------------------------------------------------------

void tcp_step_closed(const struct tcp_config *config, const struct tcp_segment *segment, struct tcp_effects *effects) {
    (void)config;
    memset(effects, 0, sizeof *effects);
    if ((segment->flags & TCP_RST) != 0) return;
    struct tcp_segment *reset = &add(effects, TCP_EFFECT_SEGMENT)->segment;
    bool ack = (segment->flags & TCP_ACK) != 0;
    reset->flags = ack ? TCP_RST : TCP_RST | TCP_ACK;
    reset->seq = ack ? segment->ack : 0;
    reset->ack = ack ? 0 : segment->seq + tcp_segment_length(segment);
}

static enum tcp_error call(struct run *run, const struct tcp_event *event) {
    if (run->tcb->state == TCP_CLOSED) return TCP_ERROR_DOES_NOT_EXIST;
    if (event->kind == TCP_SEND) return queue_text(run, event->length);
    if (event->kind == TCP_RECEIVE) return take_text(run, event->length);
    if (event->kind == TCP_CLOSE || event->kind == TCP_SOCKETS_CLOSE) return close(run);
    if (event->kind == TCP_ABORT) return abort_tcb(run);
    return TCP_OK;
}

static bool is_call(enum tcp_event_kind kind) {
    return kind == TCP_SEND || kind == TCP_RECEIVE || kind == TCP_CLOSE || kind == TCP_SOCKETS_CLOSE ||
           kind == TCP_ABORT || kind == TCP_STATUS;
}

void tcp_step(const struct tcp_config *config, struct tcp_connection *connection, const struct tcp_event *event,
              uint64_t now, struct tcp_effects *effects) {
    struct run run = {config, connection, effects, now};
    memset(effects, 0, sizeof *effects);
    if (event->kind == TCP_OPEN_ACTIVE || event->kind == TCP_OPEN_PASSIVE) {
        effects->error = open(&run, event);
    } else if (is_call(event->kind)) {
        effects->error = call(&run, event);
    } else if (event->kind == TCP_SEGMENT_ARRIVES) {
        if (connection->state == TCP_CLOSED) {
            tcp_step_closed(config, &event->segment, effects);
        } else {
            segment_arrives(&run, event);
        }
    } else if (event->kind == TCP_TIME_WAIT_TIMEOUT && connection->state == TCP_TIME_WAIT) {
        delete_tcb(&run);
    }
    pay(&run);
}

uint64_t tcp_deadline(const struct tcp_config *config, const struct tcp_connection *connection,
                      enum tcp_event_kind *kind) {
    (void)config;
    bool now = owes(connection);
    if (kind != NULL) *kind = now ? TCP_CONTINUE : TCP_TIME_WAIT_TIMEOUT;
    if (now) return 0;
    return connection->state == TCP_TIME_WAIT ? connection->deadline[TCP_TIMER_TIME_WAIT] : TCP_NEVER;
}

// The host wants them all in their ranges, though this TCP reads msl and the buffers alone.
struct tcp_config tcp_config_default(void) {
    const uint64_t second = UINT64_C(1000000000);
    return (struct tcp_config){.msl = 120 * second,
                               .rto_initial = second,
                               .rto_min = second,
                               .rto_max = 60 * second,
                               .r2 = 100 * second,
                               .r2_syn = 180 * second,
                               .receive_buffer = 65535,
                               .send_buffer = 1u << 20};
}

uint32_t tcp_isn_hash(const uint64_t key[2], const void *endpoints, size_t length) {
    (void)endpoints;
    return (uint32_t)(key[0] ^ key[1]) + (uint32_t)length;
}

uint32_t tcp_send_room(const struct tcp_config *config, const struct tcp_connection *connection) {
    uint32_t queued = connection->snd_end - connection->snd_una;
    return queued < config->send_buffer ? config->send_buffer - queued : 0;
}

uint32_t tcp_unread(const struct tcp_connection *connection) {
    uint32_t fin = (connection->flags & TCP_CONNECTION_FIN_RECEIVED) != 0 ? 1 : 0;
    return connection->rcv_nxt - fin - connection->rcv_user;
}

bool tcp_would_establish(const struct tcp_connection *connection, const struct tcp_segment *segment) {
    bool acknowledges = (segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_ACK;
    return connection->state == TCP_SYN_RECEIVED && acknowledges && segment->ack == connection->snd_nxt;
}

bool tcp_synchronized(enum tcp_state state) {
    return state >= TCP_ESTABLISHED && state <= TCP_TIME_WAIT;
}

const char *tcp_state_name(enum tcp_state state) {
    static const char *const names[TCP_STATES] = {
        "CLOSED",     "LISTEN",     "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
        "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING",  "LAST-ACK",     "TIME-WAIT",
    };
    return (unsigned)state < TCP_STATES ? names[state] : "?";
}

// This TCP speaks of nothing else by name.
const char *tcp_event_name(enum tcp_event_kind kind) {
    return kind == TCP_SEGMENT_ARRIVES ? "SEGMENT ARRIVES" : "?";
}

const char *tcp_timer_name(enum tcp_timer timer) {
    return timer == TCP_TIMER_TIME_WAIT ? "TIME-WAIT" : "?";
}

const char *tcp_error_name(enum tcp_error error) {
    return error == TCP_OK ? "ok" : "?";
}

const char *tcp_signal_name(enum tcp_signal signal) {
    return signal == TCP_SIGNAL_RESET ? "connection reset" : "?";
}

const char *tcp_icmp_name(enum tcp_icmp kind) {
    return kind == TCP_ICMP_NONE ? "" : "?";
}
