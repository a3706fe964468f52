// What the files of the Lua API (api_*.c) share. Each of them covers one part of the API and has one function that
// makes it known: api_add_*(). Nobody outside sim/script includes this.
//
// All API functions raise errors with sandbox_error(); none keeps memory of its own on the C heap while it may raise.
#ifndef SCRIPT_API_H
#define SCRIPT_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lua.h>

#include "sim/host/claim.h"
#include "sim/host/profile.h"
#include "sim/host/program.h"
#include "sim/script/args.h"
#include "sim/script/sandbox.h"
#include "sim/script/scenario.h"
#include "sim/script/suggest.h"

// A script is bounded in all that it can make the C side hold.
enum {
    API_LINKS = 512,
    API_SERVES = 512,
    API_CLAIMS = 256,
    API_PARAMS = 64,
    API_SETTINGS = 64,  // of each kind
    API_SOURCES = 16,
    API_NEEDS = 32,
    API_WORDS = 96,        // bytes of a step as written
    API_STEPS = 1 << 16,   // of all programs together
    API_TEXT = 32 << 20,   // bytes of all texts together
    API_KEPT = 8 << 20,    // bytes of all names, claims and notes together
    API_LONG_TEXT = 4000,  // bytes of `about`
    API_SHORT_TEXT = 300,  // bytes of a title, a claim's name
    API_NOTE = 600,        // bytes of a note, in each language
    API_READS = 8,         // values that a failed claim can show
};

struct api_host {
    struct host_options options;
    struct tcp_rule_set without;
    bool described;  // its table of options was given
};

struct api_link {
    uint32_t a, b, line;
    bool described;
    struct link_settings there, back;
};

// server:serves(80) without its program yet.
struct api_serves {
    uint32_t host;
    struct service service;
    bool programmed;
};

struct api_claim {
    struct scenario *scenario;
    const char *where;  // kept
    int function;       // luaL_ref() in the registry
};

// A value that a claim looked at: a field of the world (host UINT32_MAX), a host, or a connection.
struct api_read {
    uint32_t host, connection;  // connection 0: the host itself
    uint32_t field;             // enum view_field
};

// What settings { } says: words as on a command line, the first one said in front.
struct api_settings {
    struct api_setting {
        const char *text;  // kept
        uint32_t line;
    } list[API_SETTINGS];
    uint32_t count;
};

struct kept;  // a string or block that lives as long as the scenario

struct scenario {
    char *path;
    struct sandbox *sandbox;
    lua_State *L;  // the sandbox's main thread
    struct world *world;
    struct scenario_options options;
    struct scenario_info info;
    bool building;  // the script is running; false: the world is

    struct api_host hosts[WORLD_HOSTS];
    uint32_t host_count, hosts_added;  // the world has the first `hosts_added`
    struct api_link links[API_LINKS];
    uint32_t link_count;
    struct api_serves serves[API_SERVES];
    uint32_t serves_count;
    uint32_t claim_count;
    uint32_t label_count;                    // covers()
    uint64_t steps, text_bytes, kept_bytes;  // so far
    bool introduced;                         // scenario { } was called
    uint32_t introduced_at;                  // in this line
    bool ended;                              // ends() was called
    struct scenario_param params[API_PARAMS];
    struct api_settings set, without;
    enum profile profile;  // of hosts that name none
    const char *sources[API_SOURCES];
    const char *needs[API_NEEDS];
    struct scenario_streams captures[WORLD_HOSTS];
    struct scenario_guess guesses[SCENARIO_GUESSES_MOST];

    int world_view;               // luaL_ref() of w
    int host_views[WORLD_HOSTS];  // of w's hosts; 0: not asked for yet
    const struct world *looking;  // while a claim or function step looks at a world; else NULL
    struct api_read reads[API_READS];
    uint32_t read_count;
    char sentence[TCP_LANGUAGES * CLAIM_DETAIL];  // of a function step that failed
    struct kept *kept;
};

// ---- api.c: what all parts need -------------------------------------------------------------------------------

// Makes the whole API known to scenario->L, whose scenario this is from now on.
void api_open(struct scenario *scenario);
// Pushes the table of the API's names.
void api_push_names(lua_State *L);
// Frees what api_keep() has kept.
void api_free_kept(struct scenario *scenario);
// The scenario that the Lua state belongs to.
struct scenario *api_scenario(lua_State *L);
// The same; raises an error when the world is already running: `what` is a thing of the script's building.
struct scenario *api_building(lua_State *L, const char *what);
// A copy that lives as long as the scenario. Ends the process with a message when memory runs out, as the world does.
void *api_keep(lua_State *L, const void *bytes, size_t size);
const char *api_keep_string(lua_State *L, const char *string);
// Text for the world: its number there.
uint32_t api_text(lua_State *L, const char *bytes, size_t length);
// Raises `sentence`, a SENTENCE() of the world's or NULL, at the script's line.
void api_check(lua_State *L, const char *sentence);
// As sandbox_error(), for a line that isn't the one being run; 0: the one being run.
_Noreturn void api_error_at(lua_State *L, uint32_t line, const char *format, ...);

// A type of our objects. `name` is what args_show() calls it; each function may be NULL.
struct api_type {
    const char *name;
    lua_CFunction index, call, length, add, subtract;
};
void api_define_type(lua_State *L, const struct api_type *type);
// Pushes a new object of the type: `size` bytes, zero but for the struct sandbox_object that it starts with.
void *api_push_object(lua_State *L, const char *type, size_t size);
// The object at `index`, or NULL when it is something else.
void *api_object(lua_State *L, int index, const char *type);
void api_add_function(lua_State *L, const char *name, lua_CFunction function);
// Names the value on top of the stack, pops it.
void api_add_value(lua_State *L, const char *name);

// A text in one or two languages at `index`: "text" or {en = "text", zh = "文字"}. The pointers are kept.
void api_two_texts(lua_State *L, int index, const char *label, size_t high, const char *texts[TCP_LANGUAGES]);

// ---- One function a part --------------------------------------------------------------------------------------

void api_add_scenario(lua_State *L);  // scenario, ends, fill
void api_add_params(lua_State *L);    // param, settings, units
void api_add_hosts(lua_State *L);     // host, :runs, :serves
void api_add_links(lua_State *L);     // link
void api_add_packets(lua_State *L);   // fate, inject, observe, seen, operands
void api_add_steps(lua_State *L);     // steps of control: sleep, times, note ...
void api_add_calls(lua_State *L);     // steps that call TCP: connect, send ...
void api_add_claims(lua_State *L);    // always, finally, expect, covers
void api_add_faults(lua_State *L);    // faults, fates
void api_add_views(lua_State *L);     // w

// ---- api_params.c ---------------------------------------------------------------------------------------------

// Raises an error when --set or settings { } names a parameter that the script has not declared.
void api_check_sets(lua_State *L);

// ---- api_scenario.c -------------------------------------------------------------------------------------------

// Octet `position` of the text that fill() makes.
char api_fill_octet(uint32_t position);

// ---- api_wireshark.c ------------------------------------------------------------------------------------------

// What scenario { } says of Wireshark.
void api_read_wireshark(const struct args *args);
// Raises an error at scenario { } when it speaks of the capture of a host that there is not.
void api_check_captures(lua_State *L);

// ---- api_host.c -----------------------------------------------------------------------------------------------

// Adds the hosts that the script has declared so far to the world, where they keep their numbers.
void api_flush_hosts(lua_State *L);
// Raises an error when a server:serves(port) never got its program.
void api_check_serves(lua_State *L);
// The number of the host at `index`.
uint32_t api_host_at(lua_State *L, int index, const char *label);
bool api_host_field(const struct args *args, const char *name, uint32_t *host);
const char *api_host_name(const struct scenario *scenario, uint32_t host);

// ---- api_host_options.c, api_host_tcp.c -----------------------------------------------------------------------

// Takes in the table of options at `index`.
void api_read_host(lua_State *L, int index, struct api_host *host);
// The profile whose name is on top of the stack.
enum profile api_profile(lua_State *L, const char *label);
// Those that are TCP's. API_TCP_OPTIONS are their names.
void api_read_tcp(const struct args *args, struct tcp_config *tcp);
#define API_TCP_OPTIONS                                                                                                \
    "msl", "r2", "r2_syn", "rto", "receive_buffer", "send_buffer", "user_timeout", "fin_wait_2", "options", "scale",   \
        "delayed_ack", "nagle", "keep_alive", "ecn", "initial_window", "congestion_control", "challenge_limit",        \
        "challenge_interval", "drop_syn_fin", "plain_syn"

// ---- api_icmp.c ---

// The kind of ICMP error called `name`: "port-unreachable", ...; false: no such option.
bool api_icmp_field(const struct args *args, const char *name, enum tcp_icmp *kind);
// The same of what is unreachable, in short: "host", "port", ... Gives the kind that says so, or 0.
void api_unreachable_field(const struct args *args, uint8_t *kind);
// Reads inject { icmp = ... } into `forged`, but for who sends it to whom.
void api_read_icmp(const struct args *args, struct injection *forged);
// corrupt of fate: true, a bit, or a list of bits. False: no such option. `corrupt` of fates too, without true.
bool api_flips_field(const struct args *args, bool may_be_lucky, struct fate_order *order);

// ---- api_link.c -----------------------------------------------------------------------------------------------

// Adds all links to the world.
void api_flush_links(lua_State *L);

// ---- api_address.c --------------------------------------------------------------------------------------------

// Reads "10.0.0.1" or "2001:db8::1". False: it is neither.
bool api_parse_address(const char *text, struct record_endpoint *address);

// ---- api_steps.c ----------------------------------------------------------------------------------------------

// The words of a step as they are put together: connect(server, 80).
struct api_words {
    char text[API_WORDS + 4];
    size_t length;
    bool cut;  // they were too long: ends in "..."
};
void api_words(struct api_words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
// A time as a script would write it: 20 * ms.
void api_words_time(struct api_words *words, uint64_t time);
// A string as a script would write it, or fill(1000).
void api_words_string(struct api_words *words, const char *text, size_t length);
// A host by its name.
void api_words_host(struct api_words *words, const struct scenario *scenario, uint32_t host);

// Pushes a step with these words. `step` needs no line and words of its own.
int api_push_step(lua_State *L, const struct step *step, const struct api_words *words);
// The world's number of the program that the table at `index` is.
uint32_t api_program(lua_State *L, int index, const char *label);

// ---- api_packets.c --------------------------------------------------------------------------------------------

// Pushes the operand `field` of the host's connection (0: its newest). False, and nothing pushed: no such field.
bool api_push_connection_field(lua_State *L, uint32_t host, uint32_t connection, const char *field);
void api_suggest_connection_fields(struct suggestion *suggestion);
// The operand or number at `index`.
struct operand api_operand_at(lua_State *L, int index, const char *label, uint32_t high);
// The operand called `name`; a plain number is from 0 to `high`. False: no such option.
bool api_operand_field(const struct args *args, const char *name, uint32_t high, struct operand *operand);
// server:connection(2)
int api_host_connection(lua_State *L);

// ---- api_options.c --------------------------------------------------------------------------------------------

// What inject { } says of TCP options, of a segment whose flags are read already.
void api_read_segment_options(const struct args *args, struct injection *forged);

// ---- api_claims.c ---------------------------------------------------------------------------------------------

// A world_call: does the function step `function` of the scenario that `context` is.
const char *api_call_function(struct world *world, uint32_t host, uint32_t function, void *context);

// ---- api_view.c -----------------------------------------------------------------------------------------------

// Calls the Lua function `reference` with a view of `world`. True: it returned, `results` values are on the stack.
// False: it failed, and how is in `error`.
bool api_look(struct scenario *scenario, const struct world *world, int reference, int results,
              struct claim_detail *error);
// What the last call of api_look() read, as "server.accepted = 2", in `detail`, the same in each language.
void api_describe_reads(struct scenario *scenario, const struct world *world, struct claim_detail *detail);

#endif
