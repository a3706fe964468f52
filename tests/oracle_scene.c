#include "tests/oracle_scene.h"

#include <string.h>

const struct scene_story scene_stories[SCENE_STORIES] = {
    {"CLOSED", TCP_CLOSED, SCENE_NOTHING, ""},
    {"LISTEN", TCP_LISTEN, SCENE_OPEN, ""},
    {"SYN-SENT", TCP_SYN_SENT, SCENE_OPEN, ""},
    {"SYN-RECEIVED", TCP_SYN_RECEIVED, SCENE_HALF, ""},
    {"ESTABLISHED", TCP_ESTABLISHED, SCENE_FULL, ""},
    {"ESTABLISHED, text in flight", TCP_ESTABLISHED, SCENE_FULL, "s"},
    {"ESTABLISHED, newer window known", TCP_ESTABLISHED, SCENE_FULL, "sw"},
    {"FIN-WAIT-1 out of SYN-RECEIVED", TCP_FIN_WAIT_1, SCENE_HALF, "c"},
    {"FIN-WAIT-1", TCP_FIN_WAIT_1, SCENE_FULL, "c"},
    {"FIN-WAIT-1, text in flight", TCP_FIN_WAIT_1, SCENE_FULL, "sc"},
    {"FIN-WAIT-2", TCP_FIN_WAIT_2, SCENE_FULL, "ca"},
    {"CLOSE-WAIT", TCP_CLOSE_WAIT, SCENE_FULL, "f"},
    {"CLOSE-WAIT, text in flight", TCP_CLOSE_WAIT, SCENE_FULL, "sf"},
    {"CLOSING", TCP_CLOSING, SCENE_FULL, "cf"},
    {"CLOSING, text in flight", TCP_CLOSING, SCENE_FULL, "scf"},
    {"LAST-ACK", TCP_LAST_ACK, SCENE_FULL, "fc"},
    {"LAST-ACK, text in flight", TCP_LAST_ACK, SCENE_FULL, "sfc"},
    {"TIME-WAIT after FIN-WAIT-2", TCP_TIME_WAIT, SCENE_FULL, "caf"},
    {"TIME-WAIT after CLOSING", TCP_TIME_WAIT, SCENE_FULL, "cfa"},
    {"TIME-WAIT after FIN-WAIT-1", TCP_TIME_WAIT, SCENE_FULL, "cg"},
};

static const uint64_t first_position = UINT64_C(1) << 32;

uint64_t scene_position(uint64_t near, uint32_t seq) {
    uint32_t ahead = seq - (uint32_t)near;
    return ahead < UINT32_C(0x80000000) ? near + ahead : near - (uint32_t)-ahead;
}

void scene_step(struct scene *scene, const struct tcp_event *event, struct scene_effects *all) {
    const struct tcp_event go_on = {.kind = TCP_CONTINUE};
    all->count = 0;
    for (;;) {
        struct tcp_effects effects;
        tcp_step(&scene->config, &scene->connection, event, scene->now, &effects);
        for (uint32_t i = 0; i < effects.count && all->count < SCENE_EFFECTS; i++)
            all->list[all->count++] = effects.list[i];
        enum tcp_event_kind kind;
        if (tcp_deadline(&scene->config, &scene->connection, &kind) != 0 || all->count == SCENE_EFFECTS) return;
        event = &go_on;
    }
}

// ---- Events ---------------------------------------------------------------------------------------------------------

static void happens(struct scene *scene, const struct tcp_event *event) {
    struct scene_effects effects;
    scene->now += 1000000;
    scene_step(scene, event, &effects);
}

static void user(struct scene *scene, enum tcp_event_kind call, uint32_t octets) {
    struct tcp_event event = {.kind = call, .length = octets, .incarnation = scene->incarnation};
    happens(scene, &event);
}

// A segment of the peer, in order, that acknowledges everything below `ack` (with TCP_ACK).
static void peer(struct scene *scene, uint8_t flags, uint32_t text, uint32_t ack) {
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES, .incarnation = scene->incarnation};
    event.segment = (struct tcp_segment){.seq = (uint32_t)scene->peer_nxt,
                                         .ack = (flags & TCP_ACK) != 0 ? ack : 0,
                                         .len = text,
                                         .source = text > 0 ? SCENE_OLD_SOURCE : 0,
                                         .wnd = SCENE_PEER_WINDOW,
                                         .flags = flags};
    scene->peer_nxt += tcp_segment_length(&event.segment);
    happens(scene, &event);
}

static void open(struct scene *scene, const struct scene_story *story, bool passive) {
    const struct tcp_connection *connection = &scene->connection;
    if (story->opening == SCENE_NOTHING) return;
    if (story->opening == SCENE_OPEN) passive = story->state == TCP_LISTEN;
    user(scene, passive ? TCP_OPEN_PASSIVE : TCP_OPEN_ACTIVE, 0);
    if (story->opening == SCENE_OPEN) return;

    if (passive || story->opening == SCENE_HALF) {  // actively: both ends open at once
        peer(scene, TCP_SYN, 0, 0);
        if (story->opening == SCENE_FULL) peer(scene, TCP_ACK, 0, connection->snd_nxt);
    } else {
        peer(scene, TCP_SYN | TCP_ACK, 0, connection->snd_nxt);
    }
}

// Text that nobody reads fills the window. Where a FIN is to follow it leaves one sequence number for it.
static void fill_window(struct scene *scene, const struct scene_story *story) {
    struct tcp_connection *connection = &scene->connection;
    if (story->opening == SCENE_HALF) {
        // No text can wait for the user before ESTABLISHED, but a host without memory may offer no window in its
        // SYN,ACK.
        connection->rcv_wnd = 0;
        return;
    }
    bool fin = strpbrk(story->events, "fg") != NULL;
    peer(scene, TCP_ACK, connection->rcv_wnd - (fin ? 1 : 0), connection->snd_una);
}

static void play_event(struct scene *scene, char event) {
    const struct tcp_connection *connection = &scene->connection;
    switch (event) {
    case 's': user(scene, TCP_SEND, SCENE_TEXT); break;
    case 'c': user(scene, TCP_CLOSE, 0); break;
    case 'a': peer(scene, TCP_ACK, 0, connection->snd_nxt); break;
    case 'f': peer(scene, TCP_FIN | TCP_ACK, 0, connection->snd_una); break;
    case 'w':
        scene->peer_nxt += 2;
        peer(scene, TCP_ACK, 0, connection->snd_una);
        scene->peer_nxt -= 2;
        break;
    case 'g': peer(scene, TCP_FIN | TCP_ACK, 0, connection->snd_nxt); break;
    default: break;
    }
}

// ---- Was it played as it was written? -------------------------------------------------------------------------------

static bool has(const struct scene_story *story, const char *letters) {
    return strpbrk(story->events, letters) != NULL;
}

static uint64_t expected_snd_nxt(const struct scene *scene, const struct scene_story *story) {
    uint64_t fin = has(story, "c") ? 1 : 0;
    uint64_t text = has(story, "s") ? SCENE_TEXT : 0;
    return scene->tcb.iss + 1 + text + fin;
}

static uint64_t expected_snd_una(const struct scene *scene, const struct scene_story *story) {
    if (has(story, "ag")) return expected_snd_nxt(scene, story);
    return scene->tcb.iss + (story->opening == SCENE_FULL ? 1 : 0);
}

static const char *compare(const struct scene *scene, const struct scene_story *story, bool passive,
                           enum scene_window window) {
    const struct oracle_tcb *tcb = &scene->tcb;
    const struct tcp_connection *connection = &scene->connection;
    if (tcb->state != story->state) return "the state is another";
    if (story->opening == SCENE_NOTHING || story->state == TCP_LISTEN) return NULL;
    if (connection->iss != (uint32_t)tcb->iss) return "ISS is another";
    if (tcb->snd_una != expected_snd_una(scene, story)) return "SND.UNA is another";
    if (tcb->snd_nxt != expected_snd_nxt(scene, story)) return "SND.NXT is another";
    if (story->opening == SCENE_OPEN) return NULL;
    if (tcb->rcv_nxt != scene->peer_nxt) return "RCV.NXT is another";
    if (tcb->passive != passive) return "the origin is another";
    if (tcb->max_snd_wnd != SCENE_PEER_WINDOW) return "MAX.SND.WND is another";
    if ((tcb->rcv_wnd == 0) != (window == SCENE_ZERO)) return "RCV.WND is zero where it should not be, or reverse";
    if (connection->held_count != 0) return "text is held";
    return NULL;
}

// ---- The same connection as the oracle sees it ----------------------------------------------------------------------

static void tell_oracle(struct scene *scene, const struct scene_story *story) {
    const struct tcp_connection *connection = &scene->connection;
    uint64_t iss = scene->tcb.iss;
    bool windowless = story->opening == SCENE_NOTHING || story->opening == SCENE_OPEN;
    scene->tcb = (struct oracle_tcb){
        .state = (enum tcp_state)connection->state,
        .passive = (connection->flags & TCP_CONNECTION_ACTIVE) == 0,
        .fin_sent = has(story, "c"),
        .iss = iss,
        .snd_una = scene_position(iss, connection->snd_una),
        .snd_nxt = scene_position(iss, connection->snd_nxt),
        .snd_wnd = connection->snd_wnd,
        .snd_wl1 = scene_position(scene->irs, connection->snd_wl1),
        .snd_wl2 = scene_position(iss, connection->snd_wl2),
        .max_snd_wnd = connection->max_snd_wnd,
        .rcv_user = scene_position(scene->irs, connection->rcv_user),
        .rcv_nxt = scene_position(scene->irs, connection->rcv_nxt),
        .rcv_wnd = windowless ? scene->config.receive_buffer : connection->rcv_wnd,
    };
}

const char *scene_play(struct scene *scene, const struct scene_story *story, bool passive, enum scene_window window,
                       enum scene_numbers numbers) {
    static const uint32_t iss[SCENE_NUMBERS] = {1000000, UINT32_C(0xfffffffe), UINT32_C(0x7ffffffe)};
    static const uint32_t irs[SCENE_NUMBERS] = {5000000, UINT32_C(0xfffffffb), UINT32_C(0x7ffffffb)};
    memset(scene, 0, sizeof *scene);
    scene->config = tcp_config_default();
    scene->config.delayed_ack = 0;  // 3.10.7 leaves it open when an acknowledgement is sent
    scene->config.receive_buffer = window == SCENE_TINY ? SCENE_TINY_BUFFER : SCENE_WIDE_BUFFER;
    scene->incarnation =
        (struct tcp_incarnation){.source = SCENE_ISS_SOURCE, .mss = 1460, .iss_given = true, .iss = iss[numbers]};
    scene->tcb.iss = first_position + iss[numbers];
    scene->irs = first_position + irs[numbers];
    scene->peer_nxt = scene->irs;

    open(scene, story, passive);
    if (window == SCENE_ZERO) fill_window(scene, story);
    for (const char *event = story->events; *event != '\0'; event++)
        play_event(scene, *event);
    tell_oracle(scene, story);
    return compare(scene, story, passive, window);
}
