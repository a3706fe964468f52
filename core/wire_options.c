// TCP options as octets: RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 5482, RFC 7413.
#include <assert.h>
#include <string.h>

#include "core/wire.h"
#include "core/wire_parts.h"

// Kinds (IANA's registry), and lengths with the two octets of kind and length.
enum {
    WIRE_KIND_EOL = 0,
    WIRE_KIND_NOP = 1,
    WIRE_KIND_MSS = 2,
    WIRE_KIND_WINDOW_SCALE = 3,
    WIRE_KIND_SACK_PERMITTED = 4,
    WIRE_KIND_SACK = 5,
    WIRE_KIND_TIMESTAMPS = 8,
    WIRE_KIND_USER_TIMEOUT = 28,
    WIRE_KIND_FAST_OPEN = 34,
    WIRE_KIND_EXPERIMENT = 254,  // RFC 6994: two octets of identifier follow

    WIRE_LENGTH_MSS = 4,
    WIRE_LENGTH_WINDOW_SCALE = 3,
    WIRE_LENGTH_SACK_PERMITTED = 2,
    WIRE_LENGTH_TIMESTAMPS = 10,
    WIRE_LENGTH_USER_TIMEOUT = 4,

    WIRE_EXPERIMENT_FAST_OPEN = 0xf989,  // RFC 7413 section 4.1, before kind 34 was assigned
    WIRE_COOKIE_LEAST = 4,
};

// ---------------------------------------------------------------------------------------------------------------
// Writing

// Where in a word an option may begin: a bit for each of the four octets.
enum { AT_0 = 1, AT_1 = 2, AT_2 = 4, AT_3 = 8, AT_EVEN = AT_0 | AT_2, AT_ODD = AT_1 | AT_3, AT_ANY = AT_EVEN | AT_ODD };

enum { WIRE_OPTION_KINDS = 7 };

struct wire_option_place {
    uint8_t option;  // TCP_OPTION_MSS ...
    uint8_t start;   // AT_0 ...
};

struct wire_layout_row {
    struct wire_option_place places[WIRE_OPTION_KINDS];  // in the order in which they are written
    uint8_t sack_permitted_alone;                        // where SACK-permitted begins without timestamps behind it
    uint8_t padding;                                     // what fills the last word
};

// With these places a SYN of Linux comes out as <mss,sackOK,TS,nop,wscale>, without timestamps as
// <mss,nop,nop,sackOK,nop,wscale>; one of FreeBSD as <mss,nop,wscale,sackOK,TS>, without RFC 7323 <mss,sackOK,eol,eol>.
// A cookie stands before a user timeout: there is no room for both of full length, and the timeout can wait.
static const struct wire_layout_row wire_layout_rows[WIRE_LAYOUTS] = {
    [WIRE_LAYOUT_RFC9293] = {{{TCP_OPTION_MSS, AT_0},
                              {TCP_OPTION_WINDOW_SCALE, AT_1},
                              {TCP_OPTION_SACK_PERMITTED, AT_0},
                              {TCP_OPTION_TIMESTAMPS, AT_2},
                              {TCP_OPTION_SACK, AT_2},
                              {TCP_OPTION_FAST_OPEN, AT_0},
                              {TCP_OPTION_USER_TIMEOUT, AT_0}},
                             AT_2,
                             WIRE_KIND_EOL},
    [WIRE_LAYOUT_LINUX] = {{{TCP_OPTION_MSS, AT_0},
                            {TCP_OPTION_SACK_PERMITTED, AT_0},
                            {TCP_OPTION_TIMESTAMPS, AT_2},
                            {TCP_OPTION_WINDOW_SCALE, AT_1},
                            {TCP_OPTION_SACK, AT_2},
                            {TCP_OPTION_FAST_OPEN, AT_0},
                            {TCP_OPTION_USER_TIMEOUT, AT_0}},
                           AT_2,
                           WIRE_KIND_NOP},
    [WIRE_LAYOUT_FREEBSD] = {{{TCP_OPTION_MSS, AT_0},
                              {TCP_OPTION_WINDOW_SCALE, AT_ODD},
                              {TCP_OPTION_SACK_PERMITTED, AT_EVEN},
                              {TCP_OPTION_TIMESTAMPS, AT_2},
                              {TCP_OPTION_SACK, AT_2},
                              {TCP_OPTION_FAST_OPEN, AT_ANY},
                              {TCP_OPTION_USER_TIMEOUT, AT_0}},
                             AT_EVEN,
                             WIRE_KIND_EOL},
};

static size_t wire_put_head(uint8_t *out, uint8_t kind, size_t length) {
    out[0] = kind;
    out[1] = (uint8_t)length;
    return length;
}

// As many SACK blocks as `room` octets hold, the first ones. All four are written, and the length leaves out the rest.
static size_t wire_put_sack(const struct tcp_segment *segment, size_t room, uint8_t *out) {
    size_t blocks = segment->blocks;
    assert(blocks <= TCP_SACK_BLOCKS);
    while (2 + 8 * blocks > room)
        blocks--;
    for (size_t i = 0; i < TCP_SACK_BLOCKS; i++) {
        wire_put32(out + 2 + 8 * i, segment->sack[i].begin);
        wire_put32(out + 6 + 8 * i, segment->sack[i].end);
    }
    return wire_put_head(out, WIRE_KIND_SACK, 2 + 8 * blocks);
}

// Writes one option into WIRE_OPTIONS octets of its own and returns its length: SACK's is at most `room`.
static size_t wire_put_option(const struct tcp_segment *segment, uint8_t option, size_t room, uint8_t *out) {
    if (option == TCP_OPTION_MSS) {
        wire_put16(out + 2, segment->mss);
        return wire_put_head(out, WIRE_KIND_MSS, WIRE_LENGTH_MSS);
    }
    if (option == TCP_OPTION_WINDOW_SCALE) {
        out[2] = segment->scale;
        return wire_put_head(out, WIRE_KIND_WINDOW_SCALE, WIRE_LENGTH_WINDOW_SCALE);
    }
    if (option == TCP_OPTION_SACK_PERMITTED)
        return wire_put_head(out, WIRE_KIND_SACK_PERMITTED, WIRE_LENGTH_SACK_PERMITTED);
    if (option == TCP_OPTION_TIMESTAMPS) {
        wire_put32(out + 2, segment->ts_val);
        wire_put32(out + 6, (segment->flags & TCP_ACK) != 0 ? segment->ts_ecr : 0);
        return wire_put_head(out, WIRE_KIND_TIMESTAMPS, WIRE_LENGTH_TIMESTAMPS);
    }
    if (option == TCP_OPTION_SACK) {
        bool timeout = (segment->options & TCP_OPTION_USER_TIMEOUT) != 0;
        return wire_put_sack(segment, room - (timeout ? WIRE_LENGTH_USER_TIMEOUT : 0), out);
    }
    if (option == TCP_OPTION_FAST_OPEN) {
        assert(segment->cookie_len <= TCP_COOKIE_LENGTH);
        memcpy(out + 2, segment->cookie, segment->cookie_len);
        return wire_put_head(out, WIRE_KIND_FAST_OPEN, 2u + segment->cookie_len);
    }
    assert(option == TCP_OPTION_USER_TIMEOUT);
    wire_put16(out + 2, segment->timeout);
    return wire_put_head(out, WIRE_KIND_USER_TIMEOUT, WIRE_LENGTH_USER_TIMEOUT);
}

size_t wire_options(enum wire_layout layout, const struct tcp_segment *segment, uint8_t out[WIRE_OPTIONS]) {
    const struct wire_layout_row *row = &wire_layout_rows[layout];
    unsigned options = segment->options;
    options &= ~(unsigned)((segment->flags & TCP_SYN) != 0 ? TCP_OPTION_SACK : TCP_OPTION_FAST_OPEN);
    if (segment->blocks == 0) options &= ~(unsigned)TCP_OPTION_SACK;

    size_t at = 0;
    for (size_t i = 0; i < WIRE_OPTION_KINDS; i++) {
        uint8_t option = row->places[i].option, written[WIRE_OPTIONS];
        unsigned start = row->places[i].start;
        if ((options & option) == 0) continue;
        if (option == TCP_OPTION_SACK_PERMITTED && (options & TCP_OPTION_TIMESTAMPS) == 0)
            start = row->sack_permitted_alone;
        size_t begin = at;
        while ((start >> begin % 4 & 1u) == 0)
            begin++;
        size_t length = wire_put_option(segment, option, WIRE_OPTIONS - begin, written);
        if (begin + length > WIRE_OPTIONS) continue;
        memset(out + at, WIRE_KIND_NOP, begin - at);
        memcpy(out + begin, written, length);
        at = begin + length;
    }
    while (at % 4 != 0)
        out[at++] = row->padding;
    return at;
}

// ---------------------------------------------------------------------------------------------------------------
// Reading. Each function is given a whole option, whose length can be believed; false: it isn't one of its kind.

// RFC 7413 section 4.1: a request, or a cookie of 4 to 16 octets, an even number. `octets` is the cookie.
static bool wire_take_cookie(const uint8_t *octets, size_t length, struct tcp_segment *segment) {
    if (length != 0 && (length < WIRE_COOKIE_LEAST || length > TCP_COOKIE_LENGTH || length % 2 != 0)) return false;
    memset(segment->cookie, 0, sizeof segment->cookie);
    memcpy(segment->cookie, octets, length);
    segment->cookie_len = (uint8_t)length;
    segment->options |= TCP_OPTION_FAST_OPEN;
    return true;
}

// Those that count with SYN alone.
static bool wire_take_syn_option(const uint8_t *octets, size_t length, struct tcp_segment *segment) {
    switch (octets[0]) {
    case WIRE_KIND_MSS:
        if (length != WIRE_LENGTH_MSS) return false;
        segment->mss = wire_get16(octets + 2);
        segment->options |= TCP_OPTION_MSS;
        break;
    case WIRE_KIND_WINDOW_SCALE:
        if (length != WIRE_LENGTH_WINDOW_SCALE) return false;
        segment->scale = octets[2];
        segment->options |= TCP_OPTION_WINDOW_SCALE;
        break;
    case WIRE_KIND_SACK_PERMITTED:
        if (length != WIRE_LENGTH_SACK_PERMITTED) return false;
        segment->options |= TCP_OPTION_SACK_PERMITTED;
        break;
    case WIRE_KIND_FAST_OPEN: return wire_take_cookie(octets + 2, length - 2, segment);
    case WIRE_KIND_EXPERIMENT:
        if (length >= 4 && wire_get16(octets + 2) == WIRE_EXPERIMENT_FAST_OPEN)
            return wire_take_cookie(octets + 4, length - 4, segment);
        break;
    }
    return true;
}

// 40 octets hold no more than four blocks.
static bool wire_take_sack(const uint8_t *octets, size_t length, struct tcp_segment *segment) {
    if (length < 10 || length % 8 != 2) return false;
    memset(segment->sack, 0, sizeof segment->sack);
    segment->blocks = (uint8_t)(length / 8);
    for (size_t i = 0; i < segment->blocks; i++) {
        segment->sack[i].begin = wire_get32(octets + 2 + 8 * i);
        segment->sack[i].end = wire_get32(octets + 6 + 8 * i);
    }
    segment->options |= TCP_OPTION_SACK;
    return true;
}

static bool wire_take_option(const uint8_t *octets, size_t length, struct tcp_segment *segment) {
    bool syn = (segment->flags & TCP_SYN) != 0;
    if (octets[0] == WIRE_KIND_TIMESTAMPS) {
        if (length != WIRE_LENGTH_TIMESTAMPS) return false;
        segment->ts_val = wire_get32(octets + 2);
        segment->ts_ecr = (segment->flags & TCP_ACK) != 0 ? wire_get32(octets + 6) : 0;
        segment->options |= TCP_OPTION_TIMESTAMPS;
    } else if (octets[0] == WIRE_KIND_USER_TIMEOUT) {
        if (length != WIRE_LENGTH_USER_TIMEOUT) return false;
        segment->timeout = wire_get16(octets + 2);
        segment->options |= TCP_OPTION_USER_TIMEOUT;
    } else if (octets[0] == WIRE_KIND_SACK) {
        return syn || wire_take_sack(octets, length, segment);
    } else if (syn) {
        return wire_take_syn_option(octets, length, segment);
    }
    return true;
}

enum wire_error wire_read_options(const uint8_t *octets, size_t length, struct tcp_segment *segment) {
    enum wire_error fault = WIRE_OK;
    size_t at = 0;
    while (at < length && octets[at] != WIRE_KIND_EOL) {
        if (octets[at] == WIRE_KIND_NOP) {
            at++;
            continue;
        }
        enum wire_error broken = WIRE_OK;
        size_t room = length - at;
        if (room < 2)
            broken = WIRE_OPTION_CUT;
        else if (octets[at + 1] < 2)
            broken = WIRE_OPTION_SHORT;
        else if (octets[at + 1] > room)
            broken = WIRE_OPTION_LONG;
        else if (!wire_take_option(octets + at, octets[at + 1], segment) && fault == WIRE_OK)
            fault = WIRE_OPTION_LENGTH;
        if (broken != WIRE_OK) return fault == WIRE_OK ? broken : fault;
        at += octets[at + 1];
    }
    return fault;
}
