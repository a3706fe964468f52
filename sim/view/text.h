// Every word that views print, in both languages, in one table.
#ifndef VIEW_TEXT_H
#define VIEW_TEXT_H

#include <stdint.h>

#include "core/tcp.h"
#include "sim/view/words.h"

enum text_id {
    TEXT_SEED,         // {0}: number
    TEXT_SOURCES,      // {0}: list
    TEXT_REUSED,       // {0}, {1}: names of connections
    TEXT_WITHOUT_ALL,  // {0}: rules
    TEXT_WITHOUT,      // {0}: host, {1}: rules
    TEXT_REPEAT,       // the command line stands on the next line
    TEXT_TIME,         // heading of the time column
    TEXT_TIME_NARROW,
    TEXT_COLON,  // between a name and what it means
    TEXT_COMMA,  // between the members of a list
    TEXT_BYTE,   // {0}: 1
    TEXT_BYTES,  // {0}: how many
    TEXT_NO_FLAGS,
    TEXT_ANSWERS,        // {0}: packet
    TEXT_ANSWERS_COPY,   // {0}: packet
    TEXT_REPEATS,        // {0}: packet
    TEXT_ACKNOWLEDGES,   // {0}: packet
    TEXT_COPY_OF,        // {0}: packet
    TEXT_FORGED,         // {0}: host
    TEXT_OVERTAKES,      // {0}: packet
    TEXT_ICMP_MTU,       // {0}: octets; behind the name of an ICMP error
    TEXT_ICMP_ABOUT,     // {0}: name of an ICMP error, {1}: packet
    TEXT_HELD,           // {0}: duration
    TEXT_ARRIVES_AFTER,  // {0}: duration
    TEXT_ARRIVES,        // behind a packet
    TEXT_ARRIVES_AS,     // before what flipped bits made of a packet
    TEXT_STILL_IN_FLIGHT,
    TEXT_ARRIVED,          // {0}: host, {1}: duration
    TEXT_DROPPED_BY,       // {0}: host; before why
    TEXT_LOST_ON_THE_WAY,  // {0}: why
    TEXT_IGNORED,          // an arrival of which nothing came
    TEXT_NOTHING_NEW,      // a bare ACK of which nothing came
    TEXT_DUPLICATE_ACK,    // the same, of text that is in flight
    TEXT_ORPHAN_TIMEOUT,   // TIME-WAIT TIMEOUT, in FIN-WAIT-2
    TEXT_DOWN,             // in the place of a state
    TEXT_LINK_DOWN,        // {0}: two hosts
    TEXT_LINK_UP,          // {0}: two hosts
    TEXT_LOST,             // beside the cross
    TEXT_DELIVERED,        // {0}: text
    TEXT_FOREIGN,          // {0}: text
    TEXT_LATER,            // {0}: duration
    TEXT_CLAIM_FAILED,     // {0}: claim
    TEXT_CLAIM_AT,         // {0}: time
    TEXT_END,              // {0}: time, {1}: why
    TEXT_UNFINISHED,
    TEXT_RULE_WITHOUT,           // before what a TCP without the rule does
    TEXT_RULE_COUNT,             // {0}: how many
    TEXT_RULE_HOST,              // the rule is the host's
    TEXT_PROPERTY_ASSUMES,       // before what a property takes for granted
    TEXT_LEDGER_NOT_TAKEN,       // before why a permission is not taken
    TEXT_LEDGER_NOT_APPLICABLE,  // before why a requirement does not apply
    TEXT_LEDGER_COUNT,           // {0}: rows
    TEXT_LEDGER_SUMS,            // {0}: shown, {1}: not taken; the others do not apply
};
enum { TEXT_IDS = TEXT_LEDGER_SUMS + 1 };

// The sentence `id` in `language` (0 English, 1 Chinese). Static.
const char *text_of(int language, enum text_id id);
// Adds the sentence with its {0} and {1} replaced by `first` and `second` (NULL: by nothing).
void text_add(struct words *words, int language, enum text_id id, const char *first, const char *second);
// The same with a number for {0}.
void text_add_number(struct words *words, int language, enum text_id id, uint64_t number);

// Names of what records hold. Static; "?" outside the enums. TCP's state names are the RFC's in both languages
// (tcp_state_name()); text_state() is the Chinese gloss, and "" in English.
const char *text_state(int language, uint8_t state);
const char *text_event(int language, uint8_t event);    // enum tcp_event_kind
const char *text_signal(int language, uint8_t signal);  // enum tcp_signal
const char *text_error(int language, uint8_t error);    // enum tcp_error
// What a program's step ended in, by TCP's English name for it; NULL: it isn't one of TCP's.
const char *text_outcome(int language, struct record_text name);
const char *text_fate(int language, uint8_t fate);         // enum packet_fate: why a packet was lost
const char *text_drop(int language, uint8_t drop);         // enum packet_drop
const char *text_icmp(int language, uint8_t icmp);         // enum tcp_icmp
const char *text_host_event(int language, uint8_t event);  // enum host_event
const char *text_run_end(int language, uint8_t end);       // enum run_end

#endif
