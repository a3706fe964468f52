// What a capture says about its packets, in words.
#ifndef VIEW_PCAP_COMMENT_H
#define VIEW_PCAP_COMMENT_H

#include "sim/view/model.h"
#include "sim/view/timeline.h"
#include "sim/view/words.h"

// "#4 · answers #3 · acknowledges #3 · ack-answers-syn-ack (RFC 9293 3.10.7.3) · arrived at server after 20 ms": the
// timeline's number, why it was sent, and what befell it; with `arrived` of this copy alone, else of all its copies.
// Added to `words` as plain text.
void pcap_comment(struct words *words, const struct model *model, const struct timeline_options *options,
                  const struct model_flight *flight, bool arrived);

// The run's title and question, and the command that repeats it, a line each.
void pcap_comment_run(struct words *words, const struct record *run, const struct timeline_options *options);

#endif
