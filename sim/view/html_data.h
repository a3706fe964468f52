// What the page of `--html` is made from: the model as JSON, its sentences in both languages. For html.c alone.
#ifndef VIEW_HTML_DATA_H
#define VIEW_HTML_DATA_H

#include "sim/view/model.h"
#include "sim/view/timeline.h"
#include "sim/view/words.h"

// Adds a run as one JSON object to `words`; sim/view/player_run.js says what is in it. A text is a string, or, where
// the languages differ, an array of the English and the Chinese one.
void html_data(struct words *words, const struct model *model);

// html_data_steps.c: its members "steps" and "tcbs".
void html_data_steps(struct words *words, const struct model *model);

// A sentence in the language of the options.
typedef void (*html_says)(struct words *words, const struct model *model, const struct timeline_options *options,
                          const void *what);

// "key":TEXT; and nothing at all where it is empty in both languages.
void html_data_text(struct words *words, const struct model *model, const char *key, html_says says, const void *what);
// ,"key":NUMBER
void html_data_number(struct words *words, const char *key, uint64_t number);
// "key": alone.
void html_data_key(struct words *words, const char *key);
// A string in which everything hidden was made visible before; marks of style are left out.
void html_data_string(struct words *words, const char *string);

#endif
