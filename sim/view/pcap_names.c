#include "sim/view/pcap_names.h"

#include <string.h>

#include "sim/view/width.h"

enum { FILE_NAME_MOST = 100 };  // octets of a host's name in a file's, beside number and suffix

// ---- Addresses -----------------------------------------------------------------------------------------------------

static bool same_address(const struct record_endpoint *a, const struct record_endpoint *b) {
    return a->family == b->family && memcmp(a->address, b->address, sizeof a->address) == 0;
}

// An address has one name: the first host's that uses it.
static void add_address(struct pcap_names *names, uint32_t host, const struct record_endpoint *address) {
    if (host == MODEL_NONE || address->family == 0) return;
    for (uint32_t i = 0; i < MODEL_HOSTS; i++)
        for (uint32_t j = 0; j < names->host[i].count; j++)
            if (same_address(&names->host[i].addresses[j], address)) return;
    struct pcap_host *named = &names->host[host];
    if (named->count == PCAP_ADDRESSES) return;
    named->addresses[named->count] = *address;
    named->addresses[named->count++].port = 0;
}

// A host's record has its first address; packets show others.
static void find_addresses(struct pcap_names *names, const struct model *model) {
    for (uint32_t i = 0; i < model->host_count; i++)
        add_address(names, i, &model->hosts[i].address);
    for (uint32_t i = 0; i < model->packet_count; i++) {
        struct record record = model_record(model, model->packets[i].at);
        if (!record.packet.injected) add_address(names, record.packet.host, &record.packet.from);
        add_address(names, record.packet.to_host, &record.packet.to);
    }
}

// ---- Files ---------------------------------------------------------------------------------------------------------

// Letters, digits, '-' and '_' of ASCII, dots within, and whatever can be seen of other scripts.
static bool is_harmless(uint32_t point, bool first) {
    if (point >= 0x80) return !width_hidden(point) && width_of(point) > 0;
    if (point == '.' || point == '-') return !first;
    return point == '_' || (point >= '0' && point <= '9') || ((point | 0x20) >= 'a' && (point | 0x20) <= 'z');
}

static void add_harmless(struct words *file, struct record_text name) {
    const char *bytes = (const char *)name.bytes;
    size_t size;
    for (size_t at = 0; at < name.length; at += size) {
        uint32_t point = 0;
        size = width_decode(bytes + at, name.length - at, &point);
        bool good = size > 0 && is_harmless(point, at == 0);
        if (size == 0) size = 1;
        if (file->length + size > FILE_NAME_MOST) return;
        if (good)
            words_add_bytes(file, bytes + at, size);
        else
            words_add(file, "_");
    }
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_file(const char *a, const char *b) {
    for (; *a != '\0' && lower(*a) == lower(*b); a++, b++)
        continue;
    return lower(*a) == lower(*b);
}

static bool is_taken(const struct pcap_names *names, uint32_t host) {
    for (uint32_t i = 0; i < host; i++)
        if (same_file(words_string(&names->host[i].file), words_string(&names->host[host].file))) return true;
    return false;
}

// "a_b.pcapng", "a_b-2.pcapng" ...
static void name_file(struct pcap_names *names, uint32_t host, struct record_text name) {
    struct words *file = &names->host[host].file;
    for (uint64_t number = 1; number == 1 || is_taken(names, host); number++) {
        words_clear(file);
        add_harmless(file, name);
        if (file->length == 0) words_add(file, "host");
        if (number > 1) {
            words_add(file, "-");
            words_add_number(file, number);
        }
        words_add(file, ".pcapng");
    }
}

void pcap_names_find(struct pcap_names *names, const struct model *model) {
    for (uint32_t i = 0; i < model->host_count; i++) {
        words_add_prose(&names->host[i].name, model->hosts[i].name, false);
        name_file(names, i, model->hosts[i].name);
    }
    find_addresses(names, model);
}

void pcap_names_free(struct pcap_names *names) {
    for (uint32_t i = 0; i < MODEL_HOSTS; i++) {
        words_free(&names->host[i].name);
        words_free(&names->host[i].file);
    }
}
