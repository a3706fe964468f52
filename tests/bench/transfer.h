// One long transfer over a path of 100 Mbit/s and 40 ms with loss in the data's direction, and what is known of how
// fast Reno is there. What the bench prints as a table, and a test holds to it.
#ifndef TESTS_BENCH_TRANSFER_H
#define TESTS_BENCH_TRANSFER_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/world.h"

#define TRANSFER_RATE UINT64_C(100000000)       // bits a second
#define TRANSFER_ROUND_TRIP UINT64_C(40000000)  // nanoseconds

enum {
    TRANSFER_BUFFER = 1000000,  // two bandwidth-delay products: the sender's, the receiver's, the link's queue
    TRANSFER_SCALE = 4,
    TRANSFER_SEGMENT = 1448,  // octets of text beside timestamps
    TRANSFER_HEADERS = 52,    // of each segment: IPv4, TCP, timestamps
    TRANSFER_PORT = 80,
};

struct transfer {
    uint64_t seed;
    uint32_t loss;    // out of a million
    uint32_t octets;  // to be sent
    bool sack;
    bool claims;  // every octet once, in order, is claimed after every event: slower
};

struct transferred {
    double seconds;  // simulated, from the handshake's end to the last octet's arrival
    uint64_t events, packets;
    uint64_t octets;  // that arrived
    bool held;        // the run ended, and all claims held
};

static void transfer_must(const char *wrong) {
    if (wrong == NULL) return;
    fprintf(stderr, "transfer: %s\n", wrong);
    exit(1);
}

static struct host_options transfer_host(const struct transfer *transfer, const char *name) {
    struct host_options options;
    memset(&options, 0, sizeof options);
    options.name = name;
    options.tcp = tcp_config_default();
    options.tcp.options = TCP_OPTION_WINDOW_SCALE | TCP_OPTION_TIMESTAMPS;
    if (transfer->sack) options.tcp.options |= TCP_OPTION_SACK_PERMITTED;
    options.tcp.scale = TRANSFER_SCALE;
    options.tcp.receive_buffer = TRANSFER_BUFFER;
    options.tcp.send_buffer = TRANSFER_BUFFER;
    return options;
}

static void transfer_claims(struct world *world) {
    static const char *const names[] = {"text-is-in-order", "text-is-from-this-incarnation",
                                        "all-is-delivered-in-the-end", "repetitions-keep-their-numbers"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct property *property = property_by_name(names[i]);
        if (property == NULL) transfer_must(names[i]);
        world_claim_property(world, property, property->when, "");
    }
}

static struct world *transfer_world(const struct transfer *transfer) {
    struct world *world = world_new(transfer->seed, NULL);
    struct host_options client = transfer_host(transfer, "client"), server = transfer_host(transfer, "server");
    struct link_settings there, back;
    memset(&there, 0, sizeof there);
    there.delay = TRANSFER_ROUND_TRIP / 2;
    there.rate = TRANSFER_RATE;
    there.queue_limit = TRANSFER_BUFFER;
    back = there;
    there.loss = transfer->loss;
    uint32_t from, to, line;
    transfer_must(world_add_host(world, &client, &from));
    transfer_must(world_add_host(world, &server, &to));
    transfer_must(world_link(world, from, to, &there, &back));
    struct step steps[] = {{.kind = STEP_CONNECT, .host = to, .port = TRANSFER_PORT, .flag = true},
                           {.kind = STEP_SEND, .text_length = transfer->octets},
                           {.kind = STEP_CLOSE}};
    struct step sink = {.kind = STEP_SINK};
    struct service service = {.port = TRANSFER_PORT, .program = world_program(world, &sink, 1)};
    transfer_must(world_serves(world, to, &service));
    transfer_must(world_runs(world, from, world_program(world, steps, 3), false, 0));
    world_ends(world, UINT64_C(100000) * 1000000000);
    if (transfer->claims) transfer_claims(world);
    transfer_must(world_start(world, &line));
    return world;
}

static uint64_t transfer_received(const struct world *world) {
    struct connection_view view;
    return world_connection(world, 1, 1, &view) ? view.received : 0;
}

// Runs the transfer to its end.
__attribute__((unused)) static struct transferred transfer_run(const struct transfer *transfer) {
    struct transferred result;
    memset(&result, 0, sizeof result);
    struct world *world = transfer_world(transfer);
    uint64_t end = 0;
    enum run_status status;
    while ((status = world_step(world)) == RUN_RUNNING) {
        uint64_t octets = transfer_received(world);
        if (octets > result.octets) end = world_now(world);
        if (octets > result.octets) result.octets = octets;
    }
    result.seconds = (double)(end - TRANSFER_ROUND_TRIP) * 1e-9;
    result.events = world_events(world);
    result.packets = world_packets(world);
    uint32_t count = 0;
    const struct failure *failures = world_failures(world, &count);
    for (uint32_t i = 0; i < count; i++)
        fprintf(stderr, "transfer: %s: %s\n", failures[i].claim[0], failures[i].detail.text[0]);
    result.held = status == RUN_HOLDS;
    world_free(world);
    return result;
}

// Octets of text a second that theory expects: what the link can carry without loss; else Mathis, Semke, Mahdavi and
// Ott, "The macroscopic behavior of the TCP congestion avoidance algorithm" (1997): MSS / RTT * C / sqrt(p), where C is
// sqrt(3/4) when every second segment is acknowledged.
__attribute__((unused)) static double transfer_expected(uint32_t loss) {
    double link = (double)TRANSFER_RATE / 8 * TRANSFER_SEGMENT / (TRANSFER_SEGMENT + TRANSFER_HEADERS);
    if (loss == 0) return link;
    double p = (double)loss * 1e-6, round_trip = (double)TRANSFER_ROUND_TRIP * 1e-9;
    double mathis = TRANSFER_SEGMENT / round_trip * sqrt(0.75 / p);
    return mathis < link ? mathis : link;
}

#endif
