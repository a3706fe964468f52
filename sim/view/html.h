// The player: a page that shows a trace step by step, or two beside each other, in one file that needs no other and no
// network. Written from the trace alone: the model as JSON inside player.html, with player.css and player*.js.
#ifndef VIEW_HTML_H
#define VIEW_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/engine/trace.h"
#include "sim/view/words.h"

// Adds the page for `trace` to `page`, which then holds octets of UTF-8; it opens in `language` (0 English, 1 Chinese).
// `beside`: another run, which the page plays to the right of it, or NULL. Nothing that a trace says can become markup
// or script. False when one makes no sense: then `error` (`size` bytes) says what is wrong, in English, with the
// record's number, and nothing was added.
bool html_write(const struct trace *trace, const struct trace *beside, int language, struct words *page, char *error,
                size_t size);

#endif
