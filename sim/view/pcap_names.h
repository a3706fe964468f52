// What captures call the hosts: names, addresses, files.
#ifndef VIEW_PCAP_NAMES_H
#define VIEW_PCAP_NAMES_H

#include "sim/view/model.h"
#include "sim/view/words.h"

enum { PCAP_ADDRESSES = 16 };  // of a host; others go without a name

struct pcap_host {
    struct words name;  // without anything hidden
    struct words file;
    struct record_endpoint addresses[PCAP_ADDRESSES];  // port 0; those that the trace tells of
    uint32_t count;
};

struct pcap_names {
    struct pcap_host host[MODEL_HOSTS];
};

// `names` is all zero.
void pcap_names_find(struct pcap_names *names, const struct model *model);
void pcap_names_free(struct pcap_names *names);

#endif
