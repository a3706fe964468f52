// Captures: what every host of a run sees on its network interface, for Wireshark. Written from the trace alone.
//
// A vantage point is a host: what it sends, and what comes in, each when it does. A packet that a router sends, an ICMP
// error, is seen by its receiver alone. Every packet has a comment with the timeline's number, why it was sent and what
// befell it; and an id, the packet's number and in its upper 32 bits the copy's, which is the same at both ends.
#ifndef VIEW_PCAP_H
#define VIEW_PCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/engine/trace.h"
#include "sim/view/pcapng.h"

struct pcap;

// Reads `trace`, which must outlive what is returned. `language` is that of comments: 0 English, 1 Chinese. NULL when
// the trace makes no sense: `error` says what is wrong, with the record's number.
struct pcap *pcap_open(const struct trace *trace, int language, char *error, size_t size);
void pcap_close(struct pcap *pcap);

// How many vantage points there are: the hosts, in order.
uint32_t pcap_vantages(const struct pcap *pcap);

// "client.pcapng": the host's name, in which everything is replaced that could harm a file system or a terminal; no two
// names are equal, not even without regard to case. Valid until pcap_close().
const char *pcap_file_name(const struct pcap *pcap, uint32_t vantage);

#define PCAP_MERGED UINT32_MAX  // all vantage points in one file, an interface each

// Adds the capture to `file`, which is empty. False: a packet can't be written as octets; `error` says which, and why.
bool pcap_write(const struct pcap *pcap, uint32_t vantage, struct pcapng *file, char *error, size_t size);

#endif
