// What the timeline says about a packet, and about the rules behind it.
#ifndef VIEW_LABEL_H
#define VIEW_LABEL_H

#include "sim/view/model.h"
#include "sim/view/timeline.h"
#include "sim/view/words.h"

// Flags as a set of names: "SYN,ACK".
void label_flags(struct words *words, uint8_t flags, int language);

// The packet's line: "#2 SYN,ACK seq=0 (300) ack=1 (101)", its text, and its window where that says something. The
// flag ACK is a name, the number ack an equation. Members hold together when the line is wrapped.
void label_packet(struct words *words, const struct model *model, const struct timeline_options *options,
                  const struct model_packet *packet);

// Why it was sent: "answers #1 · acknowledges #1 · three-way-handshake". Continues a line whose members begin at
// `begin`. May add nothing.
void label_why(struct words *words, size_t begin, const struct model *model, const struct timeline_options *options,
               const struct model_packet *packet);

// Why it was sent and what became of it: "answers #1 · acknowledges #1 · three-way-handshake", or for a lost one how.
// May be empty.
void label_reasons(struct words *words, const struct model *model, const struct timeline_options *options,
                   const struct model_flight *flight);

// What is to be said where it arrives, beside its number: overtakings, why TCP never saw it, that nothing came of it.
// May be empty.
void label_arrival(struct words *words, const struct model *model, const struct timeline_options *options,
                   const struct model_row *row);

// label_row.c: the text of a row that is no packet, without the connection's label: a step as the script has it, what
// TCP tells the user, a note. May be empty: nothing is to be said.
void label_row(struct words *words, const struct model *model, const struct timeline_options *options,
               const struct model_row *row);

// label_row.c: of a text in both languages the wanted one, else the first.
struct record_text label_in_language(const struct record_text text[TCP_LANGUAGES], int language);

// "three-way-handshake (RFC 9293 3.5, MUST-4)", and with `sentence` what the rule does.
void label_rule(struct words *words, const struct model *model, const struct timeline_options *options, uint32_t rule,
                bool sentence);

// Its name alone.
void label_rule_name(struct words *words, const struct model *model, const struct timeline_options *options,
                     uint32_t rule);

// What tells the connection from its host's others, and a space: "49152 ", "5000/2 ". Nothing where there are none.
void label_connection(struct words *words, const struct model *model, const struct timeline_options *options,
                      uint32_t connection);

// The name of a state, in both languages the RFC's; of MODEL_STATE_DOWN, DOWN.
const char *label_state(int language, uint8_t state);

// A host's name.
void label_host(struct words *words, const struct model *model, const struct timeline_options *options, uint32_t host);

// True when what others wrote must be printed in ASCII.
bool label_ascii(const struct timeline_options *options);

// Between the members of a line: " · ".
void label_separator(struct words *words, const struct timeline_options *options);

#endif
