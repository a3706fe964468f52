// Proofs that a rule of TCP is needed: a scenario of scenarios/proofs names the rule, and shows what its absence does.
//
// It does harm: every schedule within the scenario's bounds holds with the rule, and one without it breaks a claim.
// Or it costs: the same runs take more segments, octets or time without it. Or the scenario says why it does neither.
#ifndef SIM_PROOF_H
#define SIM_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rules.h"
#include "sim/options.h"
#include "sim/script/scenario.h"

enum { PROOF_PATH = 512, PROOF_BROKEN = 128, PROOF_RUNS = 100 };

enum proof_kind { PROOF_OF_HARM, PROOF_OF_COST, PROOF_OF_NOTHING };

// A scenario that names rules.
struct proof_scenario {
    char path[PROOF_PATH];
    const char *name;  // its path within the folder: points into `path`
    enum proof_kind kind;
    struct tcp_rule_set needs;
    uint32_t needed;  // rules in `needs`
    struct scenario_bounds bounds;
    enum scenario_measure measure;
    char harmless[TCP_LANGUAGES][512];
};
// Reads what the file at scenario->path says. False: it can't be loaded, and why has been said.
bool proof_read(const struct options *options, struct proof_scenario *scenario);

enum proof_end {
    PROOF_HOLDS,       // the scenario with every rule; it is silent without the rule
    PROOF_HARMS,       // a claim is broken
    PROOF_COSTS,       // `with` and `amount` tell the measure
    PROOF_INCOMPLETE,  // there was not enough memory or depth for an answer
    PROOF_REFUSED,     // the scenario can't be explored: `wrong`
};
struct proof {
    enum proof_end end;
    const char *wrong;          // as explore() says it
    uint32_t line;              // that it is about, or 0
    uint64_t states;            // that were explored
    uint32_t length;            // actions to harm
    bool own;                   // a claim of the scenario is broken, not only a property that every search adds
    char broken[PROOF_BROKEN];  // the claim, in the language of the options
    uint64_t amount;            // of the measure, over `runs` runs
    uint32_t runs;
    struct tcp_rule_set applied;  // rules that decided something
};
// Tries the scenario without the rule; TCP_RULE_NONE: with all.
void proof_try(const struct options *options, const struct proof_scenario *scenario, enum tcp_rule rule,
               struct proof *proof);
// The command that shows it, to be free()d.
char *proof_command(const struct options *options, const struct proof_scenario *scenario, enum tcp_rule rule);

#endif
