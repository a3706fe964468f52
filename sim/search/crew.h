// Expanders at work on the batches of one depth, each in a thread of its own. What they find is taken in the order of
// the batches, so that it never matters who was faster.
#ifndef SEARCH_CREW_H
#define SEARCH_CREW_H

#include "sim/search/expand.h"

enum { CREW_MOST = 256 };

struct crew;
// `jobs` expanders, one of which works when somebody waits for findings. Fewer, where the system has no more threads.
// NULL: there is no memory.
struct crew *crew_new(const struct subject *subject, const struct explore_options *options, uint32_t jobs);
void crew_free(struct crew *crew);
// The one that works here. Not to be used between crew_begin() and crew_end().
struct expander *crew_expander(struct crew *crew);
// The batches of `frontier` will be done.
void crew_begin(struct crew *crew, const struct frontier *frontier, bool judge_only);
// What is begun from now on is only judged.
void crew_only_judge(struct crew *crew);
// What was found in the next batch, of which there must be one; until it is given back.
const struct findings *crew_take(struct crew *crew);
void crew_give_back(struct crew *crew);
// Nobody works any more, whether everything was taken or not.
void crew_end(struct crew *crew);

#endif
