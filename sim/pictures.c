#include "sim/pictures.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/engine/file.h"
#include "sim/output.h"
#include "sim/view/html.h"
#include "sim/view/jsonl.h"
#include "sim/view/mermaid.h"
#include "sim/view/pcap.h"
#include "sim/view/svg.h"

static bool is_stdout(const char *path) {
    return path != NULL && strcmp(path, "-") == 0;
}

unsigned pictures_on_stdout(const struct options *options) {
    return (unsigned)options->digest + is_stdout(options->trace) + is_stdout(options->pcap_merged) +
           is_stdout(options->jsonl) + is_stdout(options->mermaid) + is_stdout(options->svg) + is_stdout(options->html);
}

bool pictures_possible(const struct options *options) {
    if (is_stdout(options->pcap)) {
        message_error(options->language, MESSAGE_PCAP_WANTS_FOLDER, NULL, NULL);
        return false;
    }
    if (options->both && (options->html == NULL || options->without_count == 0)) {
        message_error(options->language, MESSAGE_BOTH_WANTS, NULL, NULL);
        return false;
    }
    if (options->beside != NULL && options->html == NULL) {
        message_error(options->language, MESSAGE_BESIDE_WANTS, NULL, NULL);
        return false;
    }
    if (is_stdout(options->beside) && is_stdout(options->operand)) {
        message_error(options->language, MESSAGE_STDIN_TWICE, NULL, NULL);
        return false;
    }
    if (pictures_on_stdout(options) <= 1) return true;
    message_error(options->language, MESSAGE_BOTH_TO_STDOUT, NULL, NULL);
    return false;
}

static bool write_file(const struct options *options, const char *path, const void *octets, size_t length) {
    int reason = file_write(path, &(struct file_part){octets, length}, 1);
    return reason == 0 || output_failed(options->language, path, reason);
}

// ---- Captures ------------------------------------------------------------------------------------------------------

static bool write_capture(const struct options *options, const struct pcap *pcap, uint32_t vantage, const char *path) {
    char error[512];
    struct pcapng file = {0};
    bool good = pcap_write(pcap, vantage, &file, error, sizeof error);
    if (good)
        good = write_file(options, path, file.octets, file.length);
    else
        message_error(options->language, MESSAGE_BAD_TRACE, path, error);
    pcapng_free(&file);
    return good;
}

static bool write_folder(const struct options *options, const struct pcap *pcap) {
    const char *folder = options->pcap;
    errno = 0;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return output_failed(options->language, folder, errno != 0 ? errno : EIO);
    bool good = true;
    for (uint32_t i = 0; i < pcap_vantages(pcap) && good; i++) {
        size_t size = strlen(folder) + strlen(pcap_file_name(pcap, i)) + 2;
        char *path = malloc(size);
        if (path == NULL) return output_failed(options->language, folder, ENOMEM);
        snprintf(path, size, "%s/%s", folder, pcap_file_name(pcap, i));
        good = write_capture(options, pcap, i, path);
        free(path);
    }
    return good;
}

static bool write_captures(const struct options *options, const struct trace *trace) {
    if (options->pcap == NULL && options->pcap_merged == NULL) return true;
    char error[512];
    struct pcap *pcap = pcap_open(trace, (int)options->language, error, sizeof error);
    if (pcap == NULL) {
        fprintf(stderr, "synfin: %s\n", error);
        return false;
    }
    bool good = options->pcap == NULL || write_folder(options, pcap);
    if (options->pcap_merged != NULL) good = write_capture(options, pcap, PCAP_MERGED, options->pcap_merged) && good;
    pcap_close(pcap);
    return good;
}

// ---- Texts ---------------------------------------------------------------------------------------------------------

// Writes a text that was made, or says why it couldn't be, and frees it.
static bool write_made(const struct options *options, const char *path, bool made, struct words *text,
                       const char *error) {
    bool good = made && write_file(options, path, text->bytes, text->length);
    if (!made) message_error(options->language, MESSAGE_BAD_TRACE, path, error);
    words_free(text);
    return good;
}

static bool make_jsonl(const struct trace *trace, const struct timeline_options *look, struct words *out, char *error,
                       size_t size) {
    (void)look;
    return jsonl_write(trace, out, error, size);
}

typedef bool (*maker)(const struct trace *trace, const struct timeline_options *look, struct words *out, char *error,
                      size_t size);

static bool write_text(const struct options *options, const struct trace *trace, const char *path, maker make) {
    if (path == NULL) return true;
    char error[512];
    struct words text = {0};
    struct timeline_options look = output_look(options);
    bool made = make(trace, &look, &text, error, sizeof error);
    return write_made(options, path, made, &text, error);
}

// The run with every rule stands on the left, as what is known; another trace on the right.
static bool write_player(const struct options *options, const struct trace *trace, const struct trace *beside) {
    if (options->html == NULL) return true;
    char error[512];
    struct words page = {0};
    const struct trace *left = options->both ? beside : trace, *right = options->both ? trace : beside;
    bool made = html_write(left, right, (int)options->language, &page, error, sizeof error);
    return write_made(options, options->html, made, &page, error);
}

bool pictures_write(const struct options *options, const struct trace *trace, const struct trace *beside) {
    bool good = write_captures(options, trace);
    good = write_text(options, trace, options->jsonl, make_jsonl) && good;
    good = write_text(options, trace, options->mermaid, mermaid_write) && good;
    good = write_text(options, trace, options->svg, svg_write) && good;
    return write_player(options, trace, beside) && good;
}
