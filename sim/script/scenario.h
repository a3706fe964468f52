// Scenarios: a Lua file becomes a world that is ready to run. The API that scenarios use is documented for people and
// editors in scenarios/synfin.meta.lua.
//
// A scenario owns its world, the Lua state that its claims and function steps live in, and every string that it or its
// world's claims point to. The world's claims may be evaluated on forks of it as long as the scenario exists.
#ifndef SCRIPT_SCENARIO_H
#define SCRIPT_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rules.h"
#include "sim/engine/trace.h"
#include "sim/host/world.h"

// What the command line says about a run. All zero is a plain run.
struct scenario_options {
    uint64_t seed;
    const char *const *sets;  // "name=value", each for a param() that the scenario declares
    size_t set_count;
    const char *const *without;  // "RULE" (all hosts), or "HOST:RULE"
    size_t without_count;
    const char *profile;  // of hosts that name none: one of sim/host/profile.h; NULL: what the scenario says
    struct trace *trace;  // the caller's, initialised, or NULL: recording off
    const char *command;  // the command line that repeats this run, or NULL
    bool held;            // the world waits for world_begin(), see sim/host/fates.h
    int language;         // of scenario_load()'s error: 0 English, 1 Chinese. Nothing else depends on it
};

// A param() of the scenario.
struct scenario_param {
    const char *name;
    const char *initial;  // as text: what it is without --set
    const char *value;    // as text: what it is in this run
};

// How far a search of the scenario goes: `bounds`, and what it means where the scenario says nothing.
struct scenario_bounds {
    bool given;
    uint32_t drop, duplicate, overtake, fire;
    uint32_t depth;  // 0: any
    bool long_silence;
};
enum { SCENARIO_ERROR = 1024 };  // bytes that hold every error of scenario_load(), or nearly all of it
enum { SCENARIO_BUDGET_MOST = 200, SCENARIO_DEPTH_MOST = 1000000 };

// What grows when a rule is missing, in runs whose time is real.
enum scenario_measure {
    SCENARIO_MEASURE_NONE,
    SCENARIO_MEASURE_SEGMENTS,  // that were sent
    SCENARIO_MEASURE_OCTETS,    // of text that were sent, repetitions too
    SCENARIO_MEASURE_TIME,      // until nothing is left to happen
    SCENARIO_MEASURE_CLAIMS,    // that are broken: runs in which one is
};

// What Wireshark says of the TCP streams in a host's capture: tcp.completeness, the sum of SYN 1, SYN,ACK 2, ACK 4,
// text 8, FIN 16 and RST 32, as far as it saw them.
enum { SCENARIO_COMPLETENESS_MOST = 63, SCENARIO_STREAMS_MOST = 32, SCENARIO_COMPLETENESS_TEXT = 48 };
struct scenario_streams {
    const char *host;                             // whose capture; NULL: that of every host
    uint32_t count;                               // how many streams it has; 0: any number, each with completeness[0]
    uint8_t completeness[SCENARIO_STREAMS_MOST];  // in Wireshark's order, which is that of the first packets
};

// A packet that Wireshark marks (tcp.analysis) otherwise than the trace, which knows better.
enum { SCENARIO_GUESSES_MOST = 64 };
struct scenario_guess {
    uint64_t packet;  // the timeline's number
    const char *why[TCP_LANGUAGES];
};

// Of the run without options; all zero where the scenario says nothing.
struct scenario_wireshark {
    const struct scenario_streams *captures;  // one for every host, or some with names
    size_t capture_count;
    const struct scenario_guess *guesses;
    size_t guess_count;
};

// What a scenario says about itself. Index 0 is English, 1 Chinese; a text in one language stands for both, a missing
// one is "". Strings belong to the scenario.
struct scenario_info {
    const char *file;
    const char *title[TCP_LANGUAGES];  // the file's path where the scenario has no title
    const char *about[TCP_LANGUAGES];
    const char *question[TCP_LANGUAGES];
    const char *const *sources;
    size_t source_count;
    const char *const *needs;  // names of the rules that save the day
    size_t needs_count;
    struct scenario_bounds bounds;
    enum scenario_measure measure;
    const char *harmless[TCP_LANGUAGES];  // why nothing gets worse without the rule, or ""
    struct scenario_wireshark wireshark;
    bool has_functions;                   // a function is a step: the world can't be forked
    const struct scenario_param *params;  // in order of declaration
    size_t param_count;
};

struct scenario;

// Runs the script at `path` in its sandbox and builds its world, which is started and ready for world_run(). `options`
// may be NULL. On failure NULL, with one line in `error` (`size` bytes, cut to fit): "FILE:LINE: what is wrong; what
// would be right", or without LINE when it isn't about a line of the script. What Lua itself says of a script is
// English in any language.
struct scenario *scenario_load(const char *path, const struct scenario_options *options, char *error, size_t size);

// The world. It belongs to the scenario, which changes it no more.
struct world *scenario_world(struct scenario *scenario);

// Claims and function steps have their whole budget again: for the next of many runs of forks of the world.
void scenario_renew(struct scenario *scenario);

// Valid until scenario_free().
const struct scenario_info *scenario_info(const struct scenario *scenario);

// Wireshark's words for a stream's completeness, from 0 to SCENARIO_COMPLETENESS_MOST: "Complete, WITH_DATA (31)".
void scenario_completeness(unsigned completeness, char text[SCENARIO_COMPLETENESS_TEXT]);

// Frees the world, the Lua state and all strings. Forks of the world must be gone, or be run no more. NULL is fine.
void scenario_free(struct scenario *scenario);

#endif
