// Host profiles: how systems fill in what the RFCs leave open. A profile is data, sim/host/profile.def: values of what
// every host has, and rules that it goes without. Nothing anywhere asks for a profile's name.
#ifndef HOST_PROFILE_H
#define HOST_PROFILE_H

#include <stdbool.h>

#include "sim/host/world.h"

enum profile {
#define PROFILE(id, name) PROFILE_##id,
#define VALUE(field, value)
#define WITHOUT(rule)
#include "sim/host/profile.def"
    PROFILES,
};

// "linux"; "?" outside the enum. Static.
const char *profile_name(enum profile profile);
// The profile of that name; false: there is none.
bool profile_by_name(const char *name, enum profile *profile);
// Makes all of the options that a profile has something to say about what the profile says: TCP's values and the rules
// it goes without, the layout of its options, how it names errors. Name, addresses, ports and ISNs stay.
void profile_apply(enum profile profile, struct host_options *options);

#endif
