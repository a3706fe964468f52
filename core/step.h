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
    struct tcp_block duplicate;  // what of it had arrived before, for D-SACK; empty: nothing
};

// True when the host's TCP has the rule; then it is noted that the rule decided something.
static inline bool rule(struct step *s, enum tcp_rule r) {
    return tcp_rule_in_force(&s->config->without, &s->effects->applied, r);
}

// Any of the flags.
static inline bool tcb_has(const struct tcp_connection *tcb, uint32_t flags) {
    return (tcb->flags & flags) != 0;
}

static inline void tcb_set(struct tcp_connection *tcb, uint32_t flags) {
    tcb->flags |= flags;
}

static inline void tcb_clear(struct tcp_connection *tcb, uint32_t flags) {
    tcb->flags &= ~flags;
}

// A cookie let the peer's SYN in: text goes both ways although the handshake is not over (RFC 7413 section 4.2.2).
static inline bool opened_fast(const struct tcp_connection *tcb) {
    return (tcb->flags & (TCP_CONNECTION_FAST_OPEN | TCP_CONNECTION_ACTIVE)) == TCP_CONNECTION_FAST_OPEN;
}

// After a passive OPEN, nobody is told of the connection before it is ESTABLISHED: until then it ends in silence.
static inline bool user_knows(const struct tcp_connection *tcb) {
    return tcb->state != TCP_SYN_RECEIVED || tcb_has(tcb, TCP_CONNECTION_ACTIVE | TCP_CONNECTION_FAST_OPEN);
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
// The same, as long as RFC 5961's limit permits.
void effect_challenge_ack(struct step *s, enum tcp_rule why);
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

void call_set_no_delay(struct step *s);
void call_set_keep_alive(struct step *s);
void call_set_user_timeout(struct step *s);

// ---- icmp.c: section 3.9.2.2

void icmp_arrives(struct step *s);

// ---- options.c

// This end's timestamp now.
uint32_t timestamp(const struct step *s);
// Puts on what the connection has agreed to, or offers. The flags, and whether it acknowledges, are set already.
void add_options(struct step *s, struct tcp_segment *segment);
// The text that fits into one segment beside the options that every segment carries.
uint32_t segment_text_max(const struct tcp_connection *tcb);
// Until the peer's SYN comes: what this end and its path take, as far as is known.
uint16_t path_mss(const struct tcp_connection *tcb);
// What the peer's SYN says and offers.
void take_syn_options(struct step *s);
// PAWS: false when the segment is older than one that was taken before.
bool timestamp_acceptable(struct step *s);
// True when timestamps were agreed and the segment has none.
bool timestamp_missing(struct step *s);
// TS.Recent, from an acceptable segment.
void take_timestamp(struct step *s);
// What the host's users have for a user timeout, unless they say otherwise, in milliseconds; 0: none.
uint32_t configured_user_timeout(const struct tcp_config *config);
// The peer's user timeout (RFC 5482) is kept, and taken once the connection is synchronized.
void note_user_timeout(struct step *s);
void take_user_timeout(struct step *s);
// Our SYN is acknowledged: from now on the option of RFC 5482 counts.
void user_timeout_counts(struct step *s);
// The Fast Open cookie of a SYN,ACK.
void take_cookie(struct step *s);
// For a SYN in TIME-WAIT: 1 its timestamp is newer, -1 it is older, 0 it doesn't tell.
int newer_by_timestamp(struct step *s);

// ---- sack.c

// held[] got or extended a range, or lost one: the order of their blocks. `count` is held_count before.
void order_newest(struct tcp_connection *tcb, unsigned count, unsigned at, bool inserted);
void order_removed(struct tcp_connection *tcb, unsigned count, unsigned at);
void add_sack_blocks(struct step *s, struct tcp_segment *segment);
// Takes in what the segment says that the peer holds; true when that is news.
bool take_sack_blocks(struct step *s);
void forget_sacked_below_una(struct tcp_connection *tcb);
void forget_sacked(struct tcp_connection *tcb);
// True when what the peer holds tells that the front of the retransmission queue is lost.
bool front_is_lost(const struct tcp_connection *tcb);
// True while repetitions follow the scoreboard: after a timeout, and in fast recovery with SACK.
bool repairs_loss(const struct tcp_connection *tcb);
uint32_t octets_in_flight(const struct tcp_connection *tcb);
// What is to be repeated next while a loss is repaired; false: nothing.
bool next_repeat(const struct tcp_connection *tcb, bool new_text_waits, struct tcp_block *next);

// ---- congestion.c

// The first window, when the SYN has been acknowledged.
void congestion_start(struct step *s, bool syn_repeated);
// New text is about to be sent.
void congestion_restart_after_idle(struct step *s);
// Whether `len` more octets may be in flight.
bool congestion_permits(const struct tcp_config *config, struct tcp_rule_set *applied, const struct tcp_connection *tcb,
                        uint32_t len);
// What is repeated from now on may have been repeated before: it gets another number.
void begin_round(struct tcp_connection *tcb);
void congestion_duplicate_ack(struct step *s, bool sack_news);
void congestion_acknowledged(struct step *s, uint32_t acked);
void congestion_timeout(struct step *s);
// All that is in flight was dropped for another reason than congestion, and is sent again.
void congestion_repeat_all(struct step *s, enum tcp_rule why);

// ---- arrives.c: section 3.10.7

void segment_arrives(struct step *s);
// Cuts off what of the segment lies beyond the receive window.
void trim_to_window(struct step *s);
// Sixth: check the URG bit.
void check_urg(struct step *s);
// The peer's text is urgent up to `up`.
void take_urgent_pointer(struct step *s, uint32_t up);

// ---- arrives_early.c: sections 3.10.7.1 to 3.10.7.3

void arrives_in_closed(struct step *s);
void arrives_in_listen(struct step *s);
void arrives_in_syn_sent(struct step *s);
bool compartment_differs(struct step *s);
void enter_established(struct step *s, enum tcp_rule why);
// What Fast Open sent with the SYN, and the SYN's acknowledgement left out.
void send_syn_text_again(struct step *s);

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
void take_duplicate_acknowledgement(struct step *s, bool sack_news);
// SEG.WND in octets.
uint32_t window_of(const struct step *s);

// ---- receive.c: text and FIN

// Text and controls of a SYN are kept until the connection is ESTABLISHED.
void hold_syn_text(struct step *s);
// Gives the user what is held at RCV.NXT; where nobody will read it, the connection may end.
void receive_held_text(struct step *s);
void receive_text(struct step *s);
void receive_fin(struct step *s);
// [begin, end) of the segment arrived a second time: its ACK says so (D-SACK, RFC 2883). Only the first such part is.
void note_duplicate(struct step *s, uint32_t begin, uint32_t end);
// The acknowledgement that is owed goes out now, where it is to tell of a duplicate.
void report_duplicate(struct step *s);
// An acknowledgement is owed; the first reason is kept.
void owe_ack(struct step *s, enum tcp_rule why);
// The window of our SYN.
uint32_t first_window(const struct tcp_config *config, uint16_t mss);
// Opens the window as far as the buffer and silly window avoidance permit.
void open_window(struct step *s);
// The window of a connection that has just been opened.
void show_whole_window(struct step *s);

// ---- send.c

// Sends new text and the queued FIN as far as window and room permit.
void send_owed(struct step *s);
// Sends the acknowledgement that is still owed.
void send_owed_ack(struct step *s);
// Sends our FIN again.
void send_fin_again(struct step *s, enum tcp_rule why);
// Sends the front of the retransmission queue again.
void send_front_again(struct step *s, enum tcp_rule why);
// True when send_owed() or send_owed_ack() would send something.
bool something_owed(const struct tcp_config *config, const struct tcp_connection *tcb);
// One octet into a closed window (section 3.8.6.1).
void send_window_probe(struct step *s);
// True while something that was sent waits for its acknowledgement.
bool something_unacknowledged(const struct tcp_connection *tcb);
// True when text waits although nothing is in flight. Where send_owed() has been called, it is the window that has no
// room for it, or for so little that sending it would be silly.
bool stopped_by_window(const struct tcp_connection *tcb);
bool window_is_closed(const struct tcp_connection *tcb);
// As much as a small window permits, once the override timeout has come.
void send_into_small_window(struct step *s);

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
void timer_retransmit_now(struct step *s);
// TIME-WAIT, or what a TCP without it does.
void enter_time_wait(struct step *s);
void retransmission_timeout(struct step *s);
void persist_timeout(struct step *s);
void give_up_timeout(struct step *s);
void user_timeout(struct step *s);
void time_wait_timeout(struct step *s);
// The user timeout has changed.
void timer_restart_user(struct step *s);
void timer_delay_ack(struct step *s);
void delayed_ack_timeout(struct step *s);
// Armed exactly while the connection is idle and keep-alives are on.
void timer_update_keep_alive(struct step *s);
void timer_peer_heard(struct step *s);
void keep_alive_timeout(struct step *s);
void timer_update_orphan(struct step *s);

#endif
