// The ladder: a vertical line for each host, time running down, packets as slanted arrows between them. It is composed
// line by line; what stays from one line to the next (packets under way, states that found no room yet) is kept here.
#ifndef VIEW_LADDER_H
#define VIEW_LADDER_H

#include "sim/view/canvas.h"
#include "sim/view/model.h"
#include "sim/view/timeline.h"
#include "sim/view/words.h"

enum {
    LADDER_TRACKS = 8,       // packets under way that are drawn without a gap
    LADDER_HOST_TRACKS = 4,  // of these, how many go to one host from one side
    LADDER_CELL = 3,         // lines of a host's state
};

// A packet under way: a vertical stroke near the host that it goes to.
struct ladder_track {
    uint32_t flight;
    unsigned x;
};

// What a host's state column still has to show.
struct ladder_state {
    struct words lines[LADDER_CELL];
    unsigned count, shown;
};

struct ladder_slice {
    size_t begin, length;
    unsigned indent;  // columns, below a bullet
};

struct ladder {
    const struct model *model;
    const struct timeline_options *options;
    struct canvas canvas;
    unsigned width;
    bool list;        // more hosts than have room side by side: lines of text alone
    bool inside;      // states are written between the hosts' lines
    unsigned digits;  // of the fraction of a second
    unsigned time_width;
    unsigned x[MODEL_HOSTS];  // the hosts' lines; in a list, all where the text begins
    bool down[MODEL_HOSTS];   // the host has crashed and not yet rebooted
    struct ladder_track tracks[LADDER_TRACKS];
    unsigned track_count;
    uint64_t now;    // of the line that comes next
    uint64_t shown;  // the time that the time column shows last; UINT64_MAX: none
    struct ladder_state states[MODEL_HOSTS];
    bool flushes;                 // the line that is composed is for states alone
    struct words text;            // what is being laid out
    struct ladder_slice *slices;  // its lines
    size_t slice_count, slice_capacity;
    bool carries;  // the last line of a departure's text waits for the line of its arrival
    unsigned carries_x;
    struct tcp_rule_set explained;  // rules whose sentences were printed
};

// Finds the geometry for `model`. The options are complete: width and language are in their ranges.
void ladder_init(struct ladder *ladder, const struct model *model, const struct timeline_options *options, FILE *out);
void ladder_free(struct ladder *ladder);

// A line: the hosts' lines and the packets under way, ready for more; then states and time are added and it is printed.
void ladder_begin(struct ladder *ladder);
void ladder_end(struct ladder *ladder);

// The state column of a host shows a connection's state from the next line on.
void ladder_state(struct ladder *ladder, const struct model_change *change);
// Prints lines until no state waits any more: of `host`, or of all (MODEL_NONE).
void ladder_flush(struct ladder *ladder, uint32_t host);

// Narrows columns [*from, *to) to where no packet under way is drawn, if there is room enough.
void ladder_clear_of_tracks(const struct ladder *ladder, unsigned *from, unsigned *to);
// The columns [*from, *to) beside `host`'s line (MODEL_NONE: all between the hosts) in which its text is written;
// true when they lie to the left of it.
bool ladder_beside(const struct ladder *ladder, uint32_t host, unsigned *from, unsigned *to);
// Breaks ladder->text into slices of `columns`; it may hold line ends.
void ladder_break(struct ladder *ladder, unsigned columns);
// Prints ladder->text beside `host`, on lines of its own.
void ladder_text(struct ladder *ladder, uint32_t host);
// Puts slice `index` at column `x`.
void ladder_slice(struct ladder *ladder, size_t index, unsigned x);

// The heading: the hosts' names; and their states at the start.
void ladder_heading(struct ladder *ladder);
// A line that says that much time passes in which nothing happens.
void ladder_gap(struct ladder *ladder, uint64_t nanoseconds);

// ladder_packets.c: rows of packets. `next` is the index of the row that is shown next, or MODEL_NONE. `more` is text
// for the lines below (explanations), or NULL.
void ladder_departure(struct ladder *ladder, const struct model_row *row, uint32_t next, const struct words *more);
void ladder_arrival(struct ladder *ladder, const struct model_row *row);

#endif
