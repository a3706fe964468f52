// What the parts of core share while one event is processed. Not for callers.
#ifndef CORE_STEP_H
#define CORE_STEP_H

#include "core/seq.h"
#include "core/tcp.h"

// One event in progress.
struct step {
    const struct tcp_config *config;
    struct tcp_connection *tcb;
    const struct tcp_event *event;
    uint64_t now;
    struct tcp_effects *effects;
    struct tcp_segment segment;  // as it arrived
    // What of it is still to be processed, trimmed to the window (3.10.7.4, first): "the idealized segment".
    uint32_t seq;           // where it begins
    struct tcp_range text;  // its text; a FIN stands behind it
    bool fin;
};

// True when the host's TCP has the rule; then it is noted that the rule decided something.
static inline bool rule(struct step *s, enum tcp_rule r) {
    return tcp_rule_in_force(&s->config->without, &s->effects->applied, r);
}

static inline bool tcb_has(const struct tcp_connection *tcb, unsigned flag) {
    return (tcb->flags & flag) != 0;
}

static inline void tcb_set(struct tcp_connection *tcb, unsigned flag) {
    tcb->flags = (uint16_t)(tcb->flags | flag);
}

static inline void tcb_clear(struct tcp_connection *tcb, unsigned flag) {
    tcb->flags = (uint16_t)(tcb->flags & ~flag);
}

// ---- effects.c: what follows from the event

void effect_signal(struct step *s, enum tcp_rule why, enum tcp_signal signal);
void effect_text(struct step *s, enum tcp_rule why, struct tcp_range text);
// Deletes the TCB: the connection is CLOSED, every byte of it zero.
void effect_delete(struct step *s, enum tcp_rule why);
// DELETE, and the SYN goes to the listener (MAY-2).
void effect_reopen(struct step *s, enum tcp_rule why);
// Sends a segment from `seq` with `len` octets of our stream. With ACK, it acknowledges rcv_nxt.
void effect_segment(struct step *s, enum tcp_rule why, uint8_t flags, uint32_t seq, uint32_t len, uint8_t repeat);
// <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
void effect_ack(struct step *s, enum tcp_rule why);
// The reset of section 3.10.7.1 in answer to the arriving segment: acceptable to whoever sent it.
void effect_reset_for(struct step *s, enum tcp_rule why, const struct tcp_segment *segment);
// What SYN and FIN take of the sequence space.
uint32_t syn_size(struct step *s);
uint32_t fin_size(struct step *s);
// SEG.LEN as this TCP counts it.
uint32_t segment_length(struct step *s, const struct tcp_segment *segment);

// ---- calls.c: user calls, sections 3.10.1 to 3.10.6

void call_open_passive(struct step *s);
void call_open_active(struct step *s);
void call_send(struct step *s);
void call_receive(struct step *s);
void call_close(struct step *s);
void call_sockets_close(struct step *s);
void call_abort(struct step *s);
void call_status(struct step *s);
// A TCB as OPEN makes it.
void create_tcb(struct step *s, const struct tcp_incarnation *incarnation);
// ISS, SND.UNA, SND.NXT for a connection that is about to send its SYN.
void select_iss(struct step *s);

// ---- arrives.c: section 3.10.7

void segment_arrives(struct step *s);

// ---- acknowledge.c: the ACK field, and what it does to the retransmission queue

// Takes in what SEG.ACK newly acknowledges (it is between SND.UNA and SND.NXT).
void take_acknowledgement(struct step *s, uint32_t ack);
// The same, when it is our SYN's.
void take_acknowledgement_of_syn(struct step *s, uint32_t ack);
// SND.WND <- SEG.WND without asking whether the segment is newer.
void take_window(struct step *s);
// The same, when the segment is newer than the last that did so.
void take_newer_window(struct step *s);
bool our_fin_acknowledged(struct step *s);

// ---- receive.c: text and FIN

// Text of a SYN is kept until the connection is ESTABLISHED.
void hold_syn_text(struct step *s);
// Gives the user what is held at RCV.NXT; where nobody will read it, the connection may end.
void receive_held_text(struct step *s);
void receive_text(struct step *s);
void receive_fin(struct step *s);
// An acknowledgement is owed; the first reason is kept.
void owe_ack(struct step *s, enum tcp_rule why);
// Opens the window as far as the buffer and silly window avoidance permit.
void open_window(struct step *s);

// ---- send.c

// Sends new text and the queued FIN as far as window and room permit.
void send_owed(struct step *s);
// Sends the acknowledgement that is still owed.
void send_owed_ack(struct step *s);
// Sends the front of the retransmission queue again.
void send_front_again(struct step *s, enum tcp_rule why);
// True when send_owed() or send_owed_ack() would send something.
bool something_owed(const struct tcp_config *config, const struct tcp_connection *tcb);
// One octet into a closed window (section 3.8.6.1).
void send_window_probe(struct step *s);
// True while something that was sent waits for its acknowledgement.
bool something_unacknowledged(const struct tcp_connection *tcb);
// True when text waits and the window, with nothing in flight, has no room for any.
bool stopped_by_window(const struct tcp_connection *tcb);

// ---- timers.c

void timer_stop_all(struct tcp_connection *tcb);
// Something was sent that must be acknowledged.
void timer_sent(struct step *s, bool is_new);
// No sample from what is sent twice (Karn's algorithm).
void timer_forget_sample(struct step *s);
// SND.UNA moved.
void timer_acknowledged(struct step *s);
// The peer is alive although nothing is acknowledged: its window is closed.
void timer_peer_alive(struct step *s);
// Armed exactly when text waits for a window that is closed.
void timer_update_persist(struct step *s);
void timer_start_time_wait(struct step *s);
// TIME-WAIT, or what a TCP without it does.
void enter_time_wait(struct step *s);
void retransmission_timeout(struct step *s);
void persist_timeout(struct step *s);
void give_up_timeout(struct step *s);
void user_timeout(struct step *s);
void time_wait_timeout(struct step *s);

#endif
