#include "tests/bridge/host.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OURS = 1, THEIRS = 2 };  // names of a connection's two streams

static uint64_t machine_clock(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

static uint64_t now(const struct host *host) {
    return machine_clock() - host->began;
}

void host_begin(struct host *host) {
    assert(host->config.send_buffer <= HOST_RING && host->config.receive_buffer <= HOST_RING);
    host->began = machine_clock();
    host->sessions = calloc(HOST_SESSIONS + 1, sizeof *host->sessions);
    if (host->sessions != NULL) return;
    perror("synfin");
    exit(1);
}

void host_end(struct host *host) {
    free(host->sessions);
    host->sessions = NULL;
}

// ---- octets: count of them, from a stream's ring or into it

static void ring_read(const uint8_t *ring, uint32_t seq, uint8_t *octets, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        octets[i] = ring[(seq + i) % HOST_RING];
}

static void ring_write(uint8_t *ring, uint32_t seq, const uint8_t *octets, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        ring[(seq + i) % HOST_RING] = octets[i];
}

// Core will take text within the window alone; what lies below it may be where something else is held now.
static void keep_text(struct session *session, const struct tcp_segment *segment, const uint8_t *text) {
    const struct tcp_connection *tcb = &session->tcb;
    uint32_t seq = tcp_text_seq(segment);
    uint32_t begin = tcb->state >= TCP_SYN_RECEIVED ? tcb->rcv_nxt : seq;
    for (uint32_t i = 0; i < segment->len; i++)
        if (seq + i - begin < tcb->rcv_wnd) ring_write(session->arrived, seq + i, &text[i], 1);
}

// ---- what follows from a step

static struct wire_endpoints ends_of(const struct host *host, uint16_t local, uint16_t remote) {
    struct wire_endpoints ends = {.version = host->version, .source_port = local, .destination_port = remote};
    memcpy(ends.source, host->address, sizeof ends.source);
    memcpy(ends.destination, host->peer, sizeof ends.destination);
    return ends;
}

// `session` may be NULL: a reset from nowhere.
static void transmit(struct host *host, const struct session *session, const struct wire_endpoints *ends,
                     const struct tcp_segment *segment) {
    static uint8_t text[UINT16_MAX], packet[WIRE_LONGEST];
    struct wire_buffer out = {.octets = packet, .capacity = sizeof packet};
    if (segment->len > 0) ring_read(session->sent, tcp_text_seq(segment), text, segment->len);
    enum wire_error error =
        wire_encode_tcp(ends, (struct wire_ip){0}, host->layout, segment, segment->len > 0 ? text : NULL, &out);
    assert(error == WIRE_OK);
    (void)error;
    link_send(&host->link, out.octets, out.length);
}

static void deliver(struct session *session, struct tcp_range text) {
    if (text.seq != session->delivered || text.source != THEIRS) session->misdelivered = true;
    session->delivered = text.seq + text.len;
}

static void carry_out(struct host *host, struct session *session, const struct tcp_effects *effects) {
    const struct wire_endpoints ends = ends_of(host, session->local, session->remote);
    for (uint32_t i = 0; i < effects->count; i++) {
        const struct tcp_effect *effect = &effects->list[i];
        switch ((enum tcp_effect_kind)effect->kind) {
        case TCP_EFFECT_SEGMENT: transmit(host, session, &ends, &effect->segment); break;
        case TCP_EFFECT_TEXT: deliver(session, effect->text); break;
        case TCP_EFFECT_SIGNAL: session->signals |= UINT32_C(1) << effect->signal; break;
        case TCP_EFFECT_DELETE:
        case TCP_EFFECT_REOPEN: break;  // the caller looks at the state, and for the other
        }
    }
}

// Before the peer's SYN nothing can be delivered: from where it begins is known with it.
static void step(struct host *host, struct session *session, const struct tcp_event *event,
                 struct tcp_effects *effects) {
    bool knew_peer = session->tcb.state >= TCP_SYN_RECEIVED;
    tcp_step(&host->config, &session->tcb, event, now(host), effects);
    if (!knew_peer && session->tcb.state >= TCP_SYN_RECEIVED)
        session->delivered = session->taken = session->tcb.irs + 1;
    carry_out(host, session, effects);
}

enum tcp_error host_call(struct host *host, struct session *session, enum tcp_event_kind kind, uint32_t length) {
    struct tcp_effects effects;
    const struct tcp_event event = {.kind = kind, .length = length};
    step(host, session, &event, &effects);
    return effects.error;
}

// ---- connections

static struct tcp_incarnation incarnation(const struct host *host, uint16_t local, uint16_t remote) {
    static const uint64_t key[2] = {UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210)};
    const struct wire_endpoints ends = ends_of(host, local, remote);
    const uint16_t header = host->version == 4 ? WIRE_IPV4_HEADER : WIRE_IPV6_HEADER;
    return (struct tcp_incarnation){
        .source = OURS,
        .isn_clock = (uint32_t)(now(host) / 4000),
        .isn_hash = tcp_isn_hash(key, &ends, sizeof ends),
        .ts_offset = 4000000000,  // it wraps soon
        .mss = (uint16_t)(1500 - header - WIRE_TCP_HEADER),
        .default_mss = host->version == 4 ? TCP_DEFAULT_MSS_IPV4 : TCP_DEFAULT_MSS_IPV6,
    };
}

static struct session *find(struct host *host, uint16_t local, uint16_t remote) {
    for (int i = 0; i < HOST_SESSIONS; i++) {
        struct session *session = &host->sessions[i];
        if (session->used && session->tcb.state != TCP_CLOSED && session->local == local && session->remote == remote)
            return session;
    }
    return NULL;
}

static struct session *free_session(struct host *host) {
    for (int i = 0; i < HOST_SESSIONS; i++)
        if (!host->sessions[i].used || host->sessions[i].tcb.state == TCP_CLOSED) return &host->sessions[i];
    fprintf(stderr, "synfin: more than %d connections\n", HOST_SESSIONS);
    exit(1);
}

static void begin_session(struct session *session, uint16_t local, uint16_t remote) {
    memset(session, 0, sizeof *session);
    session->used = true;
    session->local = local;
    session->remote = remote;
}

struct session *host_connect(struct host *host, uint16_t from, uint16_t port) {
    struct tcp_effects effects;
    uint16_t local = from != 0 ? from : host->next_port++;
    struct session *session = free_session(host);
    begin_session(session, local, port);
    const struct tcp_event event = {.kind = TCP_OPEN_ACTIVE, .incarnation = incarnation(host, local, port)};
    step(host, session, &event, &effects);
    return session;
}

// A copy of the listener's connection takes the SYN, or answers otherwise. `reopen`: what TIME-WAIT gave up.
static void arrives_at_listener(struct host *host, const struct wire_packet *packet, const struct tcp_effect *reopen) {
    struct tcp_effects effects;
    uint16_t local = packet->ends.destination_port, remote = packet->ends.source_port;
    struct session *session = &host->sessions[HOST_SESSIONS];
    begin_session(session, local, remote);
    struct tcp_event event = {.kind = TCP_OPEN_PASSIVE, .incarnation = incarnation(host, local, remote)};
    step(host, session, &event, &effects);
    event.kind = TCP_SEGMENT_ARRIVES;
    event.segment = packet->segment;
    keep_text(session, &event.segment, packet->text);
    if (reopen != NULL) {
        event.incarnation.iss_has_floor = true;
        event.incarnation.iss_floor = reopen->floor;
    }
    step(host, session, &event, &effects);
    session->fresh = true;
    if (session->tcb.state == TCP_SYN_RECEIVED) *free_session(host) = *session;
}

static void arrives_nowhere(struct host *host, const struct wire_endpoints *ends, const struct tcp_segment *segment) {
    struct tcp_effects effects;
    const struct wire_endpoints back = ends_of(host, ends->destination_port, ends->source_port);
    tcp_step_closed(&host->config, segment, &effects);
    for (uint32_t i = 0; i < effects.count; i++)
        if (effects.list[i].kind == TCP_EFFECT_SEGMENT) transmit(host, NULL, &back, &effects.list[i].segment);
}

struct session *host_accepted(struct host *host) {
    for (int i = 0; i < HOST_SESSIONS; i++) {
        struct session *session = &host->sessions[i];
        if (!session->used || !session->fresh || !(session->signals & 1u << TCP_SIGNAL_ESTABLISHED)) continue;
        session->fresh = false;
        return session;
    }
    return NULL;
}

// ---- packets

static void arrives(struct host *host, struct wire_packet *packet) {
    struct tcp_effects effects;
    if (packet->segment.len > 0) packet->segment.source = THEIRS;
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .segment = packet->segment};
    bool listens = host->listens != 0 && host->listens == packet->ends.destination_port;
    struct session *session = find(host, packet->ends.destination_port, packet->ends.source_port);
    if (session == NULL) {
        if (listens)
            arrives_at_listener(host, packet, NULL);
        else
            arrives_nowhere(host, &packet->ends, &event.segment);
        return;
    }
    event.may_reopen = listens;
    keep_text(session, &event.segment, packet->text);
    step(host, session, &event, &effects);
    for (uint32_t i = 0; i < effects.count; i++)
        if (effects.list[i].kind == TCP_EFFECT_REOPEN) arrives_at_listener(host, packet, &effects.list[i]);
}

static void take_packet(struct host *host) {
    static uint8_t octets[WIRE_LONGEST];
    struct wire_packet packet;
    size_t length = link_receive(&host->link, octets, sizeof octets);
    if (length == 0) return;
    enum wire_error error = wire_decode(octets, length, WIRE_CHECK, &packet);
    // A kernel asks for routers and tells of groups.
    if (error == WIRE_PROTOCOL || error == WIRE_ICMP_OTHER || error == WIRE_EXTENSION) return;
    if (error != WIRE_OK || packet.fault != WIRE_OK) {
        fprintf(stderr, "synfin: %s\n", wire_error_text(error != WIRE_OK ? error : packet.fault, 0));
        host->malformed++;
    }
    if (error != WIRE_OK || packet.icmp.kind != TCP_ICMP_NONE || packet.ends.version != host->version) return;
    if (memcmp(packet.ends.destination, host->address, sizeof host->address) != 0) return;
    arrives(host, &packet);
}

// ---- time

// Lets everything happen that is due; when the next thing is.
static uint64_t run_timers(struct host *host) {
    uint64_t next = TCP_NEVER;
    for (int i = 0; i < HOST_SESSIONS; i++) {
        struct session *session = &host->sessions[i];
        enum tcp_event_kind kind = TCP_CONTINUE;
        if (!session->used) continue;
        uint64_t deadline = tcp_deadline(&host->config, &session->tcb, &kind);
        while (deadline <= now(host)) {
            host_call(host, session, kind, 0);
            deadline = tcp_deadline(&host->config, &session->tcb, &kind);
        }
        if (deadline < next) next = deadline;
    }
    return next;
}

// Milliseconds until then, rounded up, and at most `most`.
static int until(const struct host *host, uint64_t deadline, int most) {
    uint64_t time = now(host);
    if (deadline <= time) return 0;
    uint64_t milliseconds = (deadline - time) / 1000000 + 1;
    return milliseconds < (uint64_t)most ? (int)milliseconds : most;
}

bool host_turn(struct host *host, int fd, int milliseconds) {
    struct pollfd poll_for[2] = {{.fd = host->link.fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    uint64_t deadline = run_timers(host);
    if (poll(poll_for, 2, until(host, deadline, milliseconds)) <= 0) return false;
    if (poll_for[0].revents & POLLIN) take_packet(host);
    return fd >= 0 && poll_for[1].revents != 0;
}

// ---- the user's octets

uint32_t host_room(const struct host *host, const struct session *session) {
    return tcp_send_room(&host->config, &session->tcb);
}

void host_write(struct host *host, struct session *session, const uint8_t *octets, uint32_t count) {
    ring_write(session->sent, session->tcb.snd_end, octets, count);
    host_call(host, session, TCP_SEND, count);
}

uint32_t host_unread(const struct session *session) {
    return session->delivered - session->taken;
}

void host_read(struct host *host, struct session *session, uint8_t *octets, uint32_t count) {
    ring_read(session->arrived, session->taken, octets, count);
    session->taken += count;
    if (session->tcb.state != TCP_CLOSED) host_call(host, session, TCP_RECEIVE, count);
}
