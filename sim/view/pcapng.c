#include "sim/view/pcapng.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_NAMES = 4,
    BLOCK_PACKET = 6,

    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    LINKTYPE_RAW = 101,  // IPv4 or IPv6, as the first four bits say
    NANOSECONDS = 9,     // negative power of ten

    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_SECTION_APPLICATION = 4,
    OPTION_INTERFACE_NAME = 2,
    OPTION_INTERFACE_DESCRIPTION = 3,
    OPTION_INTERFACE_IPV4 = 4,
    OPTION_INTERFACE_IPV6 = 5,
    OPTION_INTERFACE_RESOLUTION = 9,
    OPTION_PACKET_FLAGS = 2,
    OPTION_PACKET_ID = 5,

    NAME_END = 0,
    NAME_IPV4 = 1,
    NAME_IPV6 = 2,

    VALUE_MOST = 65532,  // octets of an option or a name: 16 bits, and a multiple of 4
};

void pcapng_free(struct pcapng *file) {
    free(file->octets);
    *file = (struct pcapng){0};
}

// ---- Octets --------------------------------------------------------------------------------------------------------

static unsigned char *room(struct pcapng *file, size_t length) {
    if (file->capacity - file->length < length) {
        size_t capacity = file->capacity + file->capacity / 2 + length + 4096;
        unsigned char *moved = realloc(file->octets, capacity);
        if (moved == NULL) {
            fprintf(stderr, "synfin: out of memory\n");
            exit(4);
        }
        file->octets = moved;
        file->capacity = capacity;
    }
    unsigned char *at = file->octets + file->length;
    file->length += length;
    return at;
}

static void put16(struct pcapng *file, uint32_t value) {
    unsigned char *at = room(file, 2);
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
}

static void store32(unsigned char *at, uint32_t value) {
    for (unsigned i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static void put32(struct pcapng *file, uint32_t value) {
    store32(room(file, 4), value);
}

// What follows begins at a multiple of four octets.
static void pad(struct pcapng *file) {
    size_t missing = (4 - file->length % 4) % 4;
    memset(room(file, missing), 0, missing);
}

static void put(struct pcapng *file, const void *octets, size_t length) {
    if (length > 0) memcpy(room(file, length), octets, length);
}

// ---- Blocks and options --------------------------------------------------------------------------------------------

// Returns where the block begins.
static size_t begin_block(struct pcapng *file, uint32_t type) {
    size_t begin = file->length;
    put32(file, type);
    put32(file, 0);
    return begin;
}

static void end_block(struct pcapng *file, size_t begin) {
    uint32_t length = (uint32_t)(file->length - begin) + 4;
    assert(length % 4 == 0);
    put32(file, length);
    store32(file->octets + begin + 4, length);
}

static void put_option(struct pcapng *file, uint32_t code, const void *value, size_t length) {
    put16(file, code);
    put16(file, (uint32_t)length);
    put(file, value, length);
    pad(file);
}

// How much of the text there is room for: no character is cut in two.
static size_t fitting(const char *text, size_t most) {
    size_t length = strlen(text);
    if (length <= most) return length;
    length = most;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

static void put_text_option(struct pcapng *file, uint32_t code, const char *text) {
    if (text == NULL || text[0] == '\0') return;
    put_option(file, code, text, fitting(text, VALUE_MOST));
}

static void end_options(struct pcapng *file) {
    put_option(file, OPTION_END, NULL, 0);
}

void pcapng_section(struct pcapng *file, const char *application, const char *comment) {
    size_t begin = begin_block(file, BLOCK_SECTION);
    put32(file, BYTE_ORDER_MAGIC);
    put16(file, 1);  // version 1.0
    put16(file, 0);
    put32(file, UINT32_MAX);  // the section's length isn't said
    put32(file, UINT32_MAX);
    put_text_option(file, OPTION_COMMENT, comment);
    put_text_option(file, OPTION_SECTION_APPLICATION, application);
    end_options(file);
    end_block(file, begin);
}

// The address alone is the interface's network.
static void put_address(struct pcapng *file, const struct record_endpoint *address) {
    unsigned char value[17];
    if (address->family == 4) {
        memcpy(value, address->address, 4);
        memset(value + 4, 0xff, 4);
        put_option(file, OPTION_INTERFACE_IPV4, value, 8);
    } else if (address->family == 6) {
        memcpy(value, address->address, 16);
        value[16] = 128;
        put_option(file, OPTION_INTERFACE_IPV6, value, 17);
    }
}

void pcapng_interface(struct pcapng *file, const char *name, const char *description,
                      const struct record_endpoint *addresses, uint32_t count) {
    size_t begin = begin_block(file, BLOCK_INTERFACE);
    const unsigned char resolution = NANOSECONDS;
    put16(file, LINKTYPE_RAW);
    put16(file, 0);
    put32(file, 0);  // packets are captured whole
    put_text_option(file, OPTION_INTERFACE_NAME, name);
    put_text_option(file, OPTION_INTERFACE_DESCRIPTION, description);
    for (uint32_t i = 0; i < count; i++)
        put_address(file, &addresses[i]);
    put_option(file, OPTION_INTERFACE_RESOLUTION, &resolution, 1);
    end_options(file);
    end_block(file, begin);
}

void pcapng_names(struct pcapng *file, const struct pcapng_name *names, uint32_t count) {
    if (count == 0) return;
    size_t begin = begin_block(file, BLOCK_NAMES);
    for (uint32_t i = 0; i < count; i++) {
        bool older = names[i].address.family == 4;
        size_t size = older ? 4 : 16, length = fitting(names[i].name, VALUE_MOST - size - 1);
        put16(file, older ? NAME_IPV4 : NAME_IPV6);
        put16(file, (uint32_t)(size + length + 1));
        put(file, names[i].address.address, size);
        put(file, names[i].name, length);
        put(file, "", 1);
        pad(file);
    }
    put16(file, NAME_END);
    put16(file, 0);
    end_block(file, begin);
}

void pcapng_packet(struct pcapng *file, const struct pcapng_packet *packet) {
    unsigned char flags[4], id[8];
    store32(flags, packet->direction);
    store32(id, (uint32_t)packet->id);
    store32(id + 4, (uint32_t)(packet->id >> 32));
    size_t begin = begin_block(file, BLOCK_PACKET);
    put32(file, packet->interface);
    put32(file, (uint32_t)(packet->time >> 32));
    put32(file, (uint32_t)packet->time);
    put32(file, packet->length);  // captured
    put32(file, packet->length);  // sent
    put(file, packet->octets, packet->length);
    pad(file);
    put_text_option(file, OPTION_COMMENT, packet->comment);
    put_option(file, OPTION_PACKET_FLAGS, flags, sizeof flags);
    put_option(file, OPTION_PACKET_ID, id, sizeof id);
    end_options(file);
    end_block(file, begin);
}
