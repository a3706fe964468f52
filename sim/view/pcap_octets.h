// Packets of a trace as the octets of the wire.
#ifndef VIEW_PCAP_OCTETS_H
#define VIEW_PCAP_OCTETS_H

#include "core/wire.h"
#include "sim/view/model.h"

// A copy of `packet` as it was sent, or, with `arrived`, with those bits flipped that were flipped on the way. IPv4's
// identification is the packet's number. `out` is the caller's; WIRE_LONGEST is room enough. After an error there is
// nothing in it: the packet is longer than IP can carry, ICMPv6 has no such message, or the trace is not one of
// synfin's.
enum wire_error pcap_octets(const struct model *model, const struct model_flight *flight, bool arrived,
                            struct wire_buffer *out);

#endif
