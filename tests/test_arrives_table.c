// Section 3.10.7 as a table without a hole: every state with every kind of segment at every place of the window with
// every class of ACK. What tcp_step() does is compared with what the oracle reads in the text.
//
//     test_arrives_table        all cases; the first mismatches are printed
//     test_arrives_table N      case N alone, said in words
//     test_arrives_table all    all cases, all mismatches
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/oracle_arrives.h"
#include "tests/oracle_scene.h"

// ---- The table's columns --------------------------------------------------------------------------------------------

static const struct {
    const char *name;
    bool syn, fin, rst, urg, other_compartment;
    uint64_t text;
} kinds[] = {
    {.name = "no control"},
    {.name = "SYN", .syn = true},
    {.name = "FIN", .fin = true},
    {.name = "RST", .rst = true},
    {.name = "text", .text = 10},
    {.name = "text and FIN", .fin = true, .text = 10},
    {.name = "SYN and text", .syn = true, .text = 10},
    {.name = "SYN, text and URG", .syn = true, .urg = true, .text = 10},
    {.name = "SYN and FIN", .syn = true, .fin = true},
    {.name = "RST and text", .rst = true, .text = 10},
    {.name = "text and URG", .urg = true, .text = 10},
    {.name = "text in another compartment", .other_compartment = true, .text = 10},
    {.name = "SYN in another compartment", .other_compartment = true, .syn = true},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

// L is RCV.NXT, R is RCV.NXT + RCV.WND.
enum position {
    FAR_LEFT,
    OUTSIDE_LEFT,  // the last octet is L - 1
    STRADDLES,     // begins at L - 1
    ENDS_AT_LEFT,  // the last octet is L
    LEFT_EDGE,
    BEHIND_LEFT,  // begins at L + 1; with a zero window beyond it
    MIDDLE,
    ENDS_AT_RIGHT,  // the last octet is R - 1
    RIGHT_EDGE,     // begins at R - 1
    OUTSIDE_RIGHT,  // begins at R; with a zero window at RCV.NXT
    FAR_RIGHT,
    POSITIONS,
};
static const char *const position_names[POSITIONS] = {
    "far left of the window",
    "just outside left",
    "begins one before the left edge",
    "ends at the left edge",
    "left edge",
    "one behind the left edge",
    "middle of the window",
    "ends at the right edge",
    "right edge",
    "just outside right",
    "far right of the window",
};

enum ack_class { ACK_OFF, ACK_NEW, ACK_PARTIAL, ACK_DUPLICATE, ACK_OLD, ACK_TOO_OLD, ACK_TOO_NEW, ACK_CLASSES };
static const char *const ack_names[ACK_CLASSES] = {
    "off",
    "SND.NXT",
    "SND.UNA + 1 (at most SND.NXT)",
    "SND.UNA",
    "SND.UNA - MAX.SND.WND",
    "SND.UNA - MAX.SND.WND - 1",
    "SND.NXT + 1",
};
static const char *const window_names[SCENE_WINDOWS] = {"1000 octets", "4 octets", "zero"};
static const char *const number_names[SCENE_NUMBERS] = {"ordinary", "around 2^32", "around 2^31"};

enum {
    TEST_WINDOW = 2345,  // SEG.WND of the segments under test
    TEST_URGENT = 5,     // SEG.UP, with URG
    TEST_SOURCE = 9,     // the stream of their text
    COLUMNS = KINDS * ACK_CLASSES * SCENE_NUMBERS,
    CASES = SCENE_WINDOWLESS * COLUMNS +
            (SCENE_STORIES - SCENE_WINDOWLESS) * 2 /* origins */ * SCENE_WINDOWS * POSITIONS * COLUMNS,
};

struct test_case {
    unsigned long number;
    const struct scene_story *story;
    bool passive;
    enum scene_window window;
    enum scene_numbers numbers;
    enum position position;
    unsigned kind;
    enum ack_class ack;
};

static uint64_t segment_seq(const struct oracle_tcb *tcb, enum position position, uint64_t length) {
    const uint64_t far = UINT64_C(1) << 30;
    uint64_t left = tcb->rcv_nxt;
    uint64_t beyond = left + tcb->rcv_wnd;
    uint64_t most = length > 0 ? length : 1;  // an empty segment stands where one octet would
    switch (position) {
    case FAR_LEFT: return left - far;
    case OUTSIDE_LEFT: return left - most;
    case STRADDLES: return left - 1;
    case ENDS_AT_LEFT: return left + 1 - most;
    case LEFT_EDGE: return left;
    case BEHIND_LEFT: return left + 1;
    case MIDDLE: return left + tcb->rcv_wnd / 2;
    case ENDS_AT_RIGHT: return beyond - most;
    case RIGHT_EDGE: return beyond - 1;
    case OUTSIDE_RIGHT: return beyond;
    case FAR_RIGHT: return beyond + far;
    case POSITIONS: break;
    }
    return 0;
}

static uint64_t ack_number(const struct oracle_tcb *tcb, enum ack_class ack) {
    switch (ack) {
    case ACK_OFF: return 0;
    case ACK_NEW: return tcb->snd_nxt;
    case ACK_PARTIAL: return tcb->snd_una + 1 < tcb->snd_nxt ? tcb->snd_una + 1 : tcb->snd_nxt;
    case ACK_DUPLICATE: return tcb->snd_una;
    case ACK_OLD: return tcb->snd_una - tcb->max_snd_wnd;
    case ACK_TOO_OLD: return tcb->snd_una - tcb->max_snd_wnd - 1;
    case ACK_TOO_NEW: return tcb->snd_nxt + 1;
    case ACK_CLASSES: break;
    }
    return 0;
}

static struct oracle_segment make_segment(const struct scene *scene, const struct test_case *test) {
    const uint64_t length = kinds[test->kind].text + kinds[test->kind].syn + kinds[test->kind].fin;
    bool windowless = test->story < scene_stories + SCENE_WINDOWLESS;
    return (struct oracle_segment){
        .syn = kinds[test->kind].syn,
        .ack = test->ack != ACK_OFF,
        .fin = kinds[test->kind].fin,
        .rst = kinds[test->kind].rst,
        .urg = kinds[test->kind].urg,
        .other_compartment = kinds[test->kind].other_compartment,
        .up = kinds[test->kind].urg ? TEST_URGENT : 0,
        .seq = windowless ? scene->irs : segment_seq(&scene->tcb, test->position, length),
        .ack_number = ack_number(&scene->tcb, test->ack),
        .text = kinds[test->kind].text,
        .wnd = TEST_WINDOW,
    };
}

// ---- What tcp_step() did, in the oracle's words ---------------------------------------------------------------------

static uint8_t flags_of(const struct oracle_segment *segment) {
    return (uint8_t)((segment->syn ? TCP_SYN : 0) | (segment->ack ? TCP_ACK : 0) | (segment->fin ? TCP_FIN : 0) |
                     (segment->rst ? TCP_RST : 0) | (segment->urg ? TCP_URG : 0));
}

static struct tcp_segment on_the_wire(const struct oracle_segment *segment) {
    return (struct tcp_segment){.seq = (uint32_t)segment->seq,
                                .ack = (uint32_t)segment->ack_number,
                                .len = (uint32_t)segment->text,
                                .source = segment->text > 0 ? TEST_SOURCE : 0,
                                .wnd = (uint16_t)segment->wnd,
                                .up = (uint16_t)segment->up,
                                .flags = flags_of(segment),
                                .compartment = segment->other_compartment ? 1 : 0};
}

// What was found, and what no outcome has room for.
struct found {
    struct oracle_outcome outcome;
    const char *complaint;  // or NULL
};

static void complain(struct found *found, bool fault, const char *complaint) {
    if (fault && found->complaint == NULL) found->complaint = complaint;
}

static void find_reply(struct found *found, const struct scene *after, const struct tcp_segment *segment) {
    struct oracle_outcome *o = &found->outcome;
    complain(found, o->replied, "more than one segment in reply");
    complain(found, segment->len != 0 || segment->source != 0, "text in the reply");
    complain(found, (segment->flags & ~(TCP_SYN | TCP_ACK | TCP_FIN | TCP_RST)) != 0,
             "other control bits in the reply");
    complain(found, (segment->flags & TCP_ACK) == 0 && segment->ack != 0, "an ACK number without the ACK bit");
    complain(found, !o->deleted && (segment->flags & TCP_RST) == 0 && segment->wnd != after->connection.rcv_wnd,
             "the reply's window is not RCV.WND");
    o->replied = true;
    o->reply = (struct oracle_segment){.syn = (segment->flags & TCP_SYN) != 0,
                                       .ack = (segment->flags & TCP_ACK) != 0,
                                       .fin = (segment->flags & TCP_FIN) != 0,
                                       .rst = (segment->flags & TCP_RST) != 0,
                                       .seq = segment->seq,
                                       .ack_number = segment->ack};
}

static void find_text(struct found *found, const struct tcp_range *text) {
    complain(found, found->outcome.delivered.len != 0, "text is delivered in more than one piece");
    complain(found, text->len == 0, "empty text is delivered");
    complain(found, text->source != TEST_SOURCE, "text of another source is delivered");
    found->outcome.delivered = (struct oracle_text){text->seq, text->len};
}

static void find_effect(struct found *found, const struct scene *after, const struct tcp_effect *effect) {
    struct oracle_outcome *o = &found->outcome;
    complain(found, effect->rule == TCP_RULE_NONE || effect->rule >= TCP_RULES, "an effect without a rule");
    switch ((enum tcp_effect_kind)effect->kind) {
    case TCP_EFFECT_SEGMENT: find_reply(found, after, &effect->segment); break;
    case TCP_EFFECT_TEXT: find_text(found, &effect->text); break;
    case TCP_EFFECT_SIGNAL:
        complain(found, o->signal_count == ORACLE_SIGNALS, "more than four signals");
        if (o->signal_count < ORACLE_SIGNALS) o->signals[o->signal_count++] = (enum tcp_signal)effect->signal;
        break;
    case TCP_EFFECT_DELETE:
        complain(found, o->deleted, "deleted twice");
        o->deleted = true;
        break;
    case TCP_EFFECT_REOPEN:
        complain(found, !o->deleted, "reopened and not yet deleted");
        o->reopened = true;
        o->floor = effect->floor;
        break;
    }
}

static void find_variables(struct found *found, const struct scene *before, const struct scene *after) {
    struct oracle_outcome *o = &found->outcome;
    const struct tcp_connection *was = &before->connection;
    const struct tcp_connection *is = &after->connection;
    o->after.state = (enum tcp_state)is->state;
    o->after.snd_una = is->snd_una;
    o->after.snd_nxt = is->snd_nxt;
    o->after.snd_wnd = is->snd_wnd;
    o->after.rcv_nxt = is->rcv_nxt;
    if (is->held_count > 0) o->held = (struct oracle_text){is->held[0].seq, is->held[0].len};
    complain(found, is->held_count > 1, "more than one range is held");
    complain(found, is->held_count > 0 && is->held[0].source != TEST_SOURCE, "text of another source is held");
    o->fin_held = (is->flags & TCP_CONNECTION_FIN_HELD) != 0;
    o->held_fin = is->held_fin;
    o->urgent_held = (is->flags & TCP_CONNECTION_URGENT_HELD) != 0;
    o->held_up = is->rcv_up;
    o->time_wait_started = is->deadline[TCP_TIMER_TIME_WAIT] != was->deadline[TCP_TIMER_TIME_WAIT];
    complain(found, o->time_wait_started && is->deadline[TCP_TIMER_TIME_WAIT] != after->now + 2 * after->config.msl,
             "the TIME-WAIT timer is not at 2 MSL from now");
    uint32_t right_edge_moved = is->rcv_nxt + is->rcv_wnd - (was->rcv_nxt + was->rcv_wnd);
    bool windowed = before->tcb.state >= TCP_SYN_RECEIVED;
    complain(found, windowed && right_edge_moved >= UINT32_C(0x80000000), "the window's right edge moved left");
    bool others = is->deadline[TCP_TIMER_RETRANSMISSION] != TCP_NEVER || is->deadline[TCP_TIMER_PERSIST] != TCP_NEVER ||
                  is->deadline[TCP_TIMER_R2] != TCP_NEVER;
    complain(found, is->state == TCP_TIME_WAIT && others, "another timer runs in TIME-WAIT");
}

static struct found find(const struct scene *before, const struct scene *after, const struct scene_effects *effects) {
    struct found found = {0};
    for (uint32_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == TCP_EFFECT_DELETE) found.outcome.deleted = true;
    bool deleted = found.outcome.deleted;
    if (deleted) {
        complain(&found, after->connection.state != TCP_CLOSED, "deleted and not CLOSED");
    } else {
        find_variables(&found, before, after);
    }
    found.outcome.deleted = false;
    for (uint32_t i = 0; i < effects->count; i++)
        find_effect(&found, after, &effects->list[i]);
    bool same = memcmp(&before->connection, &after->connection, sizeof before->connection) == 0;
    found.outcome.untouched = effects->count == 0 && same;
    return found;
}

// ---- Words ----------------------------------------------------------------------------------------------------------

enum { WORDS = 512 };

struct words {
    char text[WORDS];
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void say(struct words *words, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(words->text + words->length, WORDS - words->length, format, arguments);
    va_end(arguments);
    words->length += (size_t)length;
    if (words->length >= WORDS) words->length = WORDS - 1;
}

static void say_segment(struct words *words, const struct oracle_segment *segment) {
    say(words, "<SEQ=%" PRIu32 ">", (uint32_t)segment->seq);
    if (segment->ack) say(words, "<ACK=%" PRIu32 ">", (uint32_t)segment->ack_number);
    if (segment->text > 0) say(words, "<DATA=%" PRIu64 ">", segment->text);
    say(words, "<CTL=%s%s%s%s%s>", segment->syn ? "SYN " : "", segment->urg ? "URG " : "", segment->fin ? "FIN " : "",
        segment->rst ? "RST " : "", segment->ack ? "ACK " : "");
}

static bool sends(enum tcp_state state) {
    return state == TCP_ESTABLISHED || state == TCP_FIN_WAIT_1 || state == TCP_FIN_WAIT_2 || state == TCP_CLOSE_WAIT ||
           state == TCP_CLOSING;
}

static void say_variables(struct words *words, const struct oracle_outcome *o) {
    say(words, "%s", tcp_state_name(o->after.state));
    if (o->after.state >= TCP_SYN_SENT) {
        say(words, " SND.UNA=%" PRIu32 " SND.NXT=%" PRIu32, (uint32_t)o->after.snd_una, (uint32_t)o->after.snd_nxt);
        if (o->after.state > TCP_SYN_SENT) say(words, " RCV.NXT=%" PRIu32, (uint32_t)o->after.rcv_nxt);
        // What the text says of SND.WND before ESTABLISHED and after the last FIN is nobody's concern.
        if (sends(o->after.state)) say(words, " SND.WND=%" PRIu64, o->after.snd_wnd);
    }
    if (o->held.len > 0) say(words, ", holds %" PRIu64 " octets at %" PRIu32, o->held.len, (uint32_t)o->held.seq);
    if (o->fin_held) say(words, ", holds a FIN at %" PRIu32, (uint32_t)o->held_fin);
    if (o->urgent_held) say(words, ", holds an urgent pointer to %" PRIu32, (uint32_t)o->held_up);
    if (o->time_wait_started) say(words, ", 2 MSL starts");
}

// Two outcomes are the same when they are described by the same words.
static struct words describe(const struct oracle_outcome *o) {
    struct words words = {.length = 0};
    if (o->deleted) {
        say(&words, "deleted");
    } else {
        say_variables(&words, o);
    }
    if (o->reopened) say(&words, ", reopened above %" PRIu32, (uint32_t)o->floor);
    if (o->delivered.len > 0)
        say(&words, ", delivers %" PRIu64 " octets at %" PRIu32, o->delivered.len, (uint32_t)o->delivered.seq);
    for (uint32_t i = 0; i < o->signal_count; i++)
        say(&words, ", signals \"%s\"", tcp_signal_name(o->signals[i]));
    if (o->replied) {
        say(&words, ", replies ");
        say_segment(&words, &o->reply);
    }
    return words;
}

static void print_case(const struct test_case *test, const struct scene *scene, const struct oracle_segment *segment) {
    struct words before = {.length = 0};
    struct words arrives = {.length = 0};
    say_variables(&before, &(struct oracle_outcome){.after = scene->tcb});
    say_segment(&arrives, segment);
    bool windowless = test->story < scene_stories + SCENE_WINDOWLESS;
    printf("case %lu: %s, %s; segment: %s; position: %s; window: %s; ACK: %s; numbers: %s\n", test->number,
           test->story->name, test->passive ? "passive" : "active", kinds[test->kind].name,
           windowless ? "none" : position_names[test->position], window_names[test->window], ack_names[test->ack],
           number_names[test->numbers]);
    printf("    before:   %s RCV.WND=%" PRIu64 " MAX.SND.WND=%" PRIu64 "\n    arrives:  %s\n", before.text,
           scene->tcb.rcv_wnd, scene->tcb.max_snd_wnd, arrives.text);
}

// ---- One case -------------------------------------------------------------------------------------------------------

static const char *program;
static unsigned long only;       // the one case to run; 0: all
static unsigned long loud = 20;  // how many mismatches are printed
static unsigned long cases, mismatches;

static void report(const struct test_case *test, const struct scene *scene, const struct oracle_segment *segment,
                   const struct oracle_outcome *expected, const struct found *found) {
    struct words should = describe(expected);
    struct words did = describe(&found->outcome);
    print_case(test, scene, segment);
    printf("    expected: %s%s\n", should.text, expected->untouched ? ", and not one byte changed" : "");
    printf("    found:    %s%s", did.text, found->outcome.untouched ? ", and not one byte changed" : "");
    if (found->complaint != NULL) printf(" -- %s", found->complaint);
    printf("\n    to see it again: %s %lu\n", program, test->number);
}

static void run_case(const struct scene *before, const struct test_case *test) {
    const struct oracle_segment segment = make_segment(before, test);
    const struct oracle_outcome expected = oracle_segment_arrives(&before->tcb, &segment);

    struct scene after = *before;
    struct scene_effects effects;
    struct tcp_event event = {.kind = TCP_SEGMENT_ARRIVES,
                              .segment = on_the_wire(&segment),
                              .incarnation = before->incarnation,
                              .may_reopen = true};
    after.now += UINT64_C(1000000000);
    scene_step(&after, &event, &effects);

    struct found found = find(before, &after, &effects);
    bool same = strcmp(describe(&expected).text, describe(&found.outcome).text) == 0;
    complain(&found, expected.untouched && !found.outcome.untouched, "something changed");
    bool good = same && found.complaint == NULL;
    if (!good) mismatches++;
    if ((!good && mismatches <= loud) || only != 0) report(test, before, &segment, &expected, &found);
    if (before->tcb.state != TCP_CLOSED) return;

    // Section 3.10.7.1 has a second door: a function of the segment alone.
    struct tcp_effects closed;
    tcp_step_closed(&before->config, &event.segment, &closed);
    effects.count = closed.count;
    memcpy(effects.list, closed.list, closed.count * sizeof closed.list[0]);
    struct found door = find(before, before, &effects);
    CHECK_STR(describe(&door.outcome).text, describe(&expected).text);
}

// ---- All cases ------------------------------------------------------------------------------------------------------

// Every kind with every ACK at one position.
static void run_columns(const struct scene *scene, struct test_case test) {
    for (test.kind = 0; test.kind < KINDS; test.kind++) {
        for (unsigned ack = 0; ack < ACK_CLASSES; ack++) {
            test.ack = (enum ack_class)ack;
            test.number = ++cases;
            if (only == 0 || only == test.number) run_case(scene, &test);
        }
    }
}

static void run_scene(struct test_case test) {
    struct scene scene;
    const char *fault = scene_play(&scene, test.story, test.passive, test.window, test.numbers);
    check_about("%s, %s, window %s, numbers %s", test.story->name, test.passive ? "passive" : "active",
                window_names[test.window], number_names[test.numbers]);
    CHECK_STR(fault, NULL);
    bool windowless = test.story < scene_stories + SCENE_WINDOWLESS;
    for (unsigned position = 0; position < (windowless ? 1 : POSITIONS); position++) {
        test.position = (enum position)position;
        run_columns(&scene, test);
    }
}

static void run_story(const struct scene_story *story) {
    bool windowless = story < scene_stories + SCENE_WINDOWLESS;
    struct test_case test = {.story = story};
    for (unsigned numbers = 0; numbers < SCENE_NUMBERS; numbers++) {
        test.numbers = (enum scene_numbers)numbers;
        for (unsigned origin = 0; origin < (windowless ? 1 : 2); origin++) {
            test.passive = windowless ? story->state == TCP_LISTEN : origin == 1;
            for (unsigned window = 0; window < (windowless ? 1 : SCENE_WINDOWS); window++) {
                test.window = (enum scene_window)window;
                run_scene(test);
            }
        }
    }
}

int main(int argc, char **argv) {
    program = argv[0];
    if (argc > 1 && strcmp(argv[1], "all") == 0) {
        loud = CASES;
    } else if (argc > 1) {
        only = strtoul(argv[1], NULL, 10);
    }
    for (unsigned i = 0; i < SCENE_STORIES; i++)
        run_story(&scene_stories[i]);
    printf("%lu cases, %lu mismatches\n", cases, mismatches);
    check_about(NULL);
    CHECK_EQ(cases, CASES);
    CHECK_EQ(CASES, 307125);
    CHECK_EQ(mismatches, 0);
    return check_result();
}
