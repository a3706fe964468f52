// Captures as octets: the blocks of pcapng (draft-ietf-opsawg-pcapng), always little-endian, so that they are the same
// on every machine. The order is: a section, its interfaces, names, packets.
#ifndef VIEW_PCAPNG_H
#define VIEW_PCAPNG_H

#include <stddef.h>
#include <stdint.h>

#include "sim/host/record.h"

enum pcapng_direction { PCAPNG_INBOUND = 1, PCAPNG_OUTBOUND = 2 };

// A file that grows. All zero is an empty one.
struct pcapng {
    unsigned char *octets;
    size_t length;
    size_t capacity;
};
void pcapng_free(struct pcapng *file);

// Texts are UTF-8 and NUL-terminated; those that are longer than an option can be are cut. NULL or empty: left out.

// Begins the file: section header block. `application`: what wrote it.
void pcapng_section(struct pcapng *file, const char *application, const char *comment);

// Interface description block: raw IP packets, nanoseconds. `addresses`: the interface's, `count` of them.
void pcapng_interface(struct pcapng *file, const char *name, const char *description,
                      const struct record_endpoint *addresses, uint32_t count);

// Name resolution block, of pairs of an address and its name. Without any, nothing is written.
struct pcapng_name {
    struct record_endpoint address;
    const char *name;
};
void pcapng_names(struct pcapng *file, const struct pcapng_name *names, uint32_t count);

// Enhanced packet block. `time`: nanoseconds; `interface`: counted from 0; `id`: the same wherever the same packet was
// seen.
struct pcapng_packet {
    uint32_t interface;
    uint64_t time;
    const unsigned char *octets;
    uint32_t length;
    enum pcapng_direction direction;
    uint64_t id;
    const char *comment;
};
void pcapng_packet(struct pcapng *file, const struct pcapng_packet *packet);

#endif
