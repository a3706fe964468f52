#include "sim/view/pcap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/view/pcap_comment.h"
#include "sim/view/pcap_names.h"
#include "sim/view/pcap_octets.h"
#include "sim/view/text.h"

struct pcap {
    struct model model;
    struct timeline_options options;  // language and the like, for what is said
    struct pcap_names names;
};

// What is being written.
struct capture {
    const struct pcap *pcap;
    uint32_t vantage;  // a host, or PCAP_MERGED
    struct pcapng *file;
    struct words comment;
    char *error;
    size_t size;
};

struct pcap *pcap_open(const struct trace *trace, int language, char *error, size_t size) {
    struct pcap *pcap = calloc(1, sizeof *pcap);
    if (pcap == NULL) {
        fprintf(stderr, "synfin: out of memory\n");
        exit(4);
    }
    pcap->options = (struct timeline_options){.language = language, .explain = true};
    if (model_read(&pcap->model, trace, error, size)) {
        pcap_names_find(&pcap->names, &pcap->model);
        return pcap;
    }
    pcap_close(pcap);
    return NULL;
}

void pcap_close(struct pcap *pcap) {
    pcap_names_free(&pcap->names);
    model_free(&pcap->model);
    free(pcap);
}

uint32_t pcap_vantages(const struct pcap *pcap) {
    return pcap->model.host_count;
}

const char *pcap_file_name(const struct pcap *pcap, uint32_t vantage) {
    return words_string(&pcap->names.host[vantage].file);
}

// ---- Writing -------------------------------------------------------------------------------------------------------

// The copy of a packet, as `host` sees it leave or arrive.
static bool put_packet(struct capture *capture, const struct model_row *row, uint32_t host) {
    static uint8_t octets[WIRE_LONGEST];
    const struct model *model = &capture->pcap->model;
    const struct model_flight *flight = &model->flights[row->flight];
    const struct model_packet *packet = &model->packets[flight->packet];
    bool arrives = row->kind == ROW_ARRIVAL;
    struct wire_buffer wire = {.octets = octets, .capacity = sizeof octets};
    enum wire_error wrong = pcap_octets(model, flight, arrives, &wire);
    if (wrong != WIRE_OK) {
        snprintf(capture->error, capture->size, "packet #%" PRIu64 ": %s", packet->number,
                 wire_error_text(wrong, capture->pcap->options.language == 1));
        return false;
    }
    words_clear(&capture->comment);
    pcap_comment(&capture->comment, model, &capture->pcap->options, flight, arrives);
    const struct pcapng_packet out = {.interface = capture->vantage == PCAP_MERGED ? host : 0,
                                      .time = row->time,
                                      .octets = octets,
                                      .length = (uint32_t)wire.length,
                                      .direction = arrives ? PCAPNG_INBOUND : PCAPNG_OUTBOUND,
                                      .id = (uint64_t)flight->copy << 32 | (packet->number & UINT32_MAX),
                                      .comment = words_string(&capture->comment)};
    pcapng_packet(capture->file, &out);
    return true;
}

// The host that sees the row's packet; MODEL_NONE: none does. Copies are made by the network, and an ICMP error is a
// router's unless an attacker made it.
static uint32_t seen_by(const struct model *model, const struct model_row *row) {
    if (row->kind != ROW_DEPARTURE && row->kind != ROW_ARRIVAL) return MODEL_NONE;
    const struct model_flight *flight = &model->flights[row->flight];
    const struct model_packet *packet = &model->packets[flight->packet];
    if (row->kind == ROW_ARRIVAL) return packet->to_host;
    if (flight->copy > 0) return MODEL_NONE;
    struct record record = model_record(model, packet->at);
    return record.kind == RECORD_ICMP && !record.packet.injected ? MODEL_NONE : packet->host;
}

// The run's title, its question, and the command that repeats it.
static void put_section(struct capture *capture) {
    const struct model *model = &capture->pcap->model;
    const struct timeline_options *options = &capture->pcap->options;
    struct words application = {0};
    words_add(&application, "synfin");
    words_clear(&capture->comment);
    if (model->has_run) {
        struct record run = model_record(model, model->run_at);
        words_add(&application, " ");
        words_add_prose(&application, run.run.version, false);
        pcap_comment_run(&capture->comment, &run, options);
    }
    pcapng_section(capture->file, words_string(&application), words_string(&capture->comment));
    words_free(&application);
}

static void put_interface(struct capture *capture, uint32_t host) {
    const struct pcap_host *named = &capture->pcap->names.host[host];
    pcapng_interface(capture->file, words_string(&named->name), NULL, named->addresses, named->count);
}

static void put_names(struct capture *capture) {
    static struct pcapng_name names[MODEL_HOSTS * PCAP_ADDRESSES];
    const struct pcap *pcap = capture->pcap;
    uint32_t count = 0;
    for (uint32_t i = 0; i < pcap->model.host_count; i++)
        for (uint32_t j = 0; j < pcap->names.host[i].count && pcap->names.host[i].name.length > 0; j++)
            names[count++] = (struct pcapng_name){.address = pcap->names.host[i].addresses[j],
                                                  .name = words_string(&pcap->names.host[i].name)};
    pcapng_names(capture->file, names, count);
}

bool pcap_write(const struct pcap *pcap, uint32_t vantage, struct pcapng *file, char *error, size_t size) {
    struct capture capture = {.pcap = pcap, .vantage = vantage, .file = file, .error = error, .size = size};
    const struct model *model = &pcap->model;
    put_section(&capture);
    for (uint32_t i = 0; i < model->host_count; i++)
        if (vantage == PCAP_MERGED || vantage == i) put_interface(&capture, i);
    put_names(&capture);
    bool good = true;
    for (uint32_t i = 0; i < model->row_count && good; i++) {
        uint32_t host = seen_by(model, &model->rows[i]);
        if (host != MODEL_NONE && (vantage == PCAP_MERGED || vantage == host))
            good = put_packet(&capture, &model->rows[i], host);
    }
    words_free(&capture.comment);
    return good;
}
