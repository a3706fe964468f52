// Selective acknowledgement: which blocks are reported (RFC 2018, RFC 2883), and what the peer's reports say is lost
// (RFC 6675).
#include "core/step.h"

#include <string.h>

// ---- the order in which held[] was last added to: places, newest first, 4 bits each

enum { PLACE_BITS = 4, PLACE_MASK = 0xf };

static unsigned place_at(uint32_t order, unsigned n) {
    return order >> (PLACE_BITS * n) & PLACE_MASK;
}

// Builds an order out of another, place by place.
struct places {
    uint32_t order;
    unsigned count;
};

static void append(struct places *places, unsigned place) {
    places->order |= (uint32_t)place << (PLACE_BITS * places->count++);
}

// `count` places are in the order. The range at `at` is the newest; where it was inserted there, those behind moved up.
void order_newest(struct tcp_connection *tcb, unsigned count, unsigned at, bool inserted) {
    struct places places = {0, 0};
    append(&places, at);
    for (unsigned n = 0; n < count; n++) {
        unsigned place = place_at(tcb->held_order, n);
        if (inserted && place >= at)
            append(&places, place + 1);
        else if (place != at)
            append(&places, place);
    }
    tcb->held_order = places.order;
}

// The range at `at` has left held[]; those behind moved down.
void order_removed(struct tcp_connection *tcb, unsigned count, unsigned at) {
    struct places places = {0, 0};
    for (unsigned n = 0; n < count; n++) {
        unsigned place = place_at(tcb->held_order, n);
        if (place != at) append(&places, place > at ? place - 1 : place);
    }
    tcb->held_order = places.order;
}

// ---- what is reported

static bool reported(const struct tcp_segment *segment, unsigned from, const struct tcp_block *block) {
    for (unsigned i = from; i < segment->blocks; i++)
        if (segment->sack[i].begin == block->begin) return true;
    return false;
}

// The block of held[at], with its neighbours: they may come from another source, and still be one block.
static struct tcp_block block_around(const struct tcp_connection *tcb, unsigned at) {
    unsigned first = at, last = at;
    while (first > 0 && tcb->held[first - 1].seq + tcb->held[first - 1].len == tcb->held[first].seq)
        first--;
    while (last + 1u < tcb->held_count && tcb->held[last].seq + tcb->held[last].len == tcb->held[last + 1].seq)
        last++;
    return (struct tcp_block){tcb->held[first].seq, tcb->held[last].seq + tcb->held[last].len};
}

// Beside timestamps, an option has room for three; and text leaves them what it doesn't need of the MSS itself.
static unsigned room_for_blocks(const struct tcp_connection *tcb, const struct tcp_segment *segment) {
    bool timestamps = (segment->options & TCP_OPTION_TIMESTAMPS) != 0;
    unsigned most = timestamps ? TCP_SACK_BLOCKS - 1 : TCP_SACK_BLOCKS;
    uint32_t used = segment->len + (timestamps ? 12 : 0) + 4;
    if (segment->options & TCP_OPTION_USER_TIMEOUT) used += 4;
    if (segment->len == 0) return most;
    uint32_t left = tcb->snd_mss > used ? (tcb->snd_mss - used) / 8 : 0;
    return left < most ? left : most;
}

void add_sack_blocks(struct step *s, struct tcp_segment *segment) {
    const struct tcp_connection *tcb = s->tcb;
    if (!tcb_has(tcb, TCP_CONNECTION_SACK)) return;
    bool duplicate = s->duplicate.begin != s->duplicate.end;
    if ((tcb->held_count == 0 && !duplicate) || !rule(s, TCP_RULE_HELD_TEXT_IS_REPORTED)) return;
    unsigned most = room_for_blocks(tcb, segment);
    if (most == 0) return;
    segment->options |= TCP_OPTION_SACK;
    if (duplicate) segment->sack[segment->blocks++] = s->duplicate;
    unsigned first = segment->blocks;
    for (unsigned n = 0; n < tcb->held_count && segment->blocks < most; n++) {
        struct tcp_block block = block_around(tcb, place_at(tcb->held_order, n));
        if (!reported(segment, first, &block)) segment->sack[segment->blocks++] = block;
    }
}

// ---- what the peer reports: sacked[], by number, disjoint and apart

static void remove_sacked(struct tcp_connection *tcb, unsigned at) {
    tcb->sacked_count--;
    memmove(&tcb->sacked[at], &tcb->sacked[at + 1], (tcb->sacked_count - at) * sizeof tcb->sacked[0]);
    memset(&tcb->sacked[tcb->sacked_count], 0, sizeof tcb->sacked[0]);
}

// A full list forgets the smallest range where the newcomer is larger: it is then repeated needlessly. Where it was in
// the list; TCP_SACKED_RANGES: nowhere.
static unsigned forget_smallest(struct tcp_connection *tcb, struct tcp_block newcomer) {
    unsigned at = TCP_SACKED_RANGES;
    uint32_t least = newcomer.end - newcomer.begin;
    for (unsigned i = 0; i < tcb->sacked_count; i++) {
        if (tcb->sacked[i].end - tcb->sacked[i].begin >= least) continue;
        least = tcb->sacked[i].end - tcb->sacked[i].begin;
        at = i;
    }
    if (at < TCP_SACKED_RANGES) remove_sacked(tcb, at);
    return at;
}

static bool insert_sacked(struct tcp_connection *tcb, unsigned at, struct tcp_block block) {
    if (tcb->sacked_count == TCP_SACKED_RANGES) {
        unsigned gone = forget_smallest(tcb, block);
        if (gone == TCP_SACKED_RANGES) return false;
        if (gone < at) at--;
    }
    memmove(&tcb->sacked[at + 1], &tcb->sacked[at], (tcb->sacked_count - at) * sizeof block);
    tcb->sacked[at] = block;
    tcb->sacked_count++;
    return true;
}

// Adds a block; true when it says something new.
static bool add_sacked(struct tcp_connection *tcb, struct tcp_block block) {
    unsigned at = 0;
    while (at < tcb->sacked_count && seq_lt(tcb->sacked[at].end, block.begin))
        at++;
    if (at == tcb->sacked_count || seq_lt(block.end, tcb->sacked[at].begin)) return insert_sacked(tcb, at, block);
    if (seq_le(tcb->sacked[at].begin, block.begin) && seq_le(block.end, tcb->sacked[at].end)) return false;
    tcb->sacked[at].begin = seq_min(tcb->sacked[at].begin, block.begin);
    tcb->sacked[at].end = seq_max(tcb->sacked[at].end, block.end);
    while (at + 1u < tcb->sacked_count && seq_le(tcb->sacked[at + 1].begin, tcb->sacked[at].end)) {
        tcb->sacked[at].end = seq_max(tcb->sacked[at].end, tcb->sacked[at + 1].end);
        remove_sacked(tcb, at + 1u);
    }
    return true;
}

// Blocks that are empty, below SND.UNA (D-SACK among them) or beyond SND.NXT say nothing.
bool take_sack_blocks(struct step *s) {
    struct tcp_connection *tcb = s->tcb;
    const struct tcp_segment *segment = &s->segment;
    bool news = false;
    if (!tcb_has(tcb, TCP_CONNECTION_SACK) || !(segment->options & TCP_OPTION_SACK)) return false;
    if (!rule(s, TCP_RULE_SACK_STEERS_REPEATS)) return false;
    for (unsigned i = 0; i < segment->blocks && i < TCP_SACK_BLOCKS; i++) {
        struct tcp_block block = segment->sack[i];
        // As offsets, for three comparisons of sequence numbers can all hold for a block that goes around the circle.
        uint32_t begin = block.begin - tcb->snd_una, end = block.end - tcb->snd_una;
        if (begin == 0 || begin >= end || end > tcb->snd_nxt - tcb->snd_una) continue;
        if (add_sacked(tcb, block)) news = true;
    }
    return news;
}

void forget_sacked_below_una(struct tcp_connection *tcb) {
    while (tcb->sacked_count > 0 && seq_le(tcb->sacked[0].end, tcb->snd_una))
        remove_sacked(tcb, 0);
    // The peer would have acknowledged more if it still held this: it reneged, or the block was never true.
    if (tcb->sacked_count > 0 && seq_le(tcb->sacked[0].begin, tcb->snd_una)) remove_sacked(tcb, 0);
}

void forget_sacked(struct tcp_connection *tcb) {
    tcb->sacked_count = 0;
    memset(tcb->sacked, 0, sizeof tcb->sacked);
}

// ---- holes: what lies between the ranges that the peer holds

// The hole at or behind `seq`: where it begins, and where the next range that the peer holds does, or SND.NXT.
static struct tcp_block hole_from(const struct tcp_connection *tcb, uint32_t seq) {
    for (unsigned i = 0; i < tcb->sacked_count; i++) {
        if (seq_lt(seq, tcb->sacked[i].begin)) return (struct tcp_block){seq, tcb->sacked[i].begin};
        if (seq_lt(seq, tcb->sacked[i].end)) seq = tcb->sacked[i].end;
    }
    return (struct tcp_block){seq, tcb->snd_nxt};
}

// IsLost() of RFC 6675 section 4: three ranges above it, or more than two segments' octets in them.
static bool hole_is_lost(const struct tcp_connection *tcb, uint32_t seq) {
    uint32_t octets = 0;
    unsigned ranges = 0;
    for (unsigned i = 0; i < tcb->sacked_count; i++) {
        if (seq_lt(tcb->sacked[i].begin, seq)) continue;
        ranges++;
        octets += tcb->sacked[i].end - tcb->sacked[i].begin;
    }
    return ranges >= 3 || octets > 2 * segment_text_max(tcb);
}

bool front_is_lost(const struct tcp_connection *tcb) {
    return hole_is_lost(tcb, tcb->snd_una);
}

// After a timeout all that was sent before counts as lost.
static uint32_t lost_part(const struct tcp_connection *tcb, const struct tcp_block *hole) {
    if (hole_is_lost(tcb, hole->begin)) return hole->end - hole->begin;
    if (!tcb_has(tcb, TCP_CONNECTION_LOSS) || seq_ge(hole->begin, tcb->recover)) return 0;
    return seq_min(hole->end, tcb->recover) - hole->begin;
}

bool repairs_loss(const struct tcp_connection *tcb) {
    if (tcb_has(tcb, TCP_CONNECTION_LOSS)) return true;
    return tcb_has(tcb, TCP_CONNECTION_FAST_RECOVERY) && tcb_has(tcb, TCP_CONNECTION_SACK);
}

// "pipe" of RFC 6675 section 4: octets that are thought to be in the network.
uint32_t octets_in_flight(const struct tcp_connection *tcb) {
    uint32_t pipe = 0;
    if (tcb->sacked_count == 0 && !repairs_loss(tcb)) return tcb->snd_nxt - tcb->snd_una;
    for (struct tcp_block hole = hole_from(tcb, tcb->snd_una); hole.begin != hole.end;
         hole = hole_from(tcb, hole.end)) {
        pipe += hole.end - hole.begin - lost_part(tcb, &hole);
        if (repairs_loss(tcb) && seq_gt(tcb->high_rxt, hole.begin))
            pipe += seq_min(tcb->high_rxt, hole.end) - hole.begin;
    }
    return pipe;
}

// NextSeg() of RFC 6675 section 4, (1) and (3); after a timeout, what was in flight then.
bool next_repeat(const struct tcp_connection *tcb, bool new_text_waits, struct tcp_block *next) {
    struct tcp_block hole = hole_from(tcb, seq_max(tcb->snd_una, tcb->high_rxt));
    if (hole.begin == hole.end || seq_ge(hole.begin, tcb->recover)) return false;
    bool above = tcb->sacked_count > 0 && seq_lt(hole.begin, tcb->sacked[tcb->sacked_count - 1].begin);
    if (lost_part(tcb, &hole) == 0 && (new_text_waits || !above)) return false;
    hole.end = seq_min(hole.end, tcb->recover);
    uint32_t most = segment_text_max(tcb);
    if (hole.end - hole.begin > most) hole.end = hole.begin + most;
    *next = hole;
    return true;
}
