// Churn: connect, 100 octets, 100 octets back, close, over a link of 10 ms, with recording off. A connection means both
// ends. Every connection is accounted for; one that was lost without a word is exit status 1.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/host/world.h"

enum {
    MESSAGE = 100,
    FIRST_PORT = 1024,  // of the client's ephemeral ports: with SERVER_PORTS there are a million four-tuples
    SERVER_PORTS = 16,
    ROUNDS = 7,  // of the short runs; the fastest counts
};

static const uint64_t microsecond = 1000, millisecond = 1000000;

struct setting {
    uint32_t connections;
    uint64_t msl;
    uint32_t loss;  // out of a million
};

struct result {
    double seconds;
    uint64_t events, packets;
    size_t bytes;
    uint32_t completed, failed;
};

// The process's own time, so that others on the machine count less.
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void must(const char *wrong) {
    if (wrong == NULL) return;
    fprintf(stderr, "churn: %s\n", wrong);
    _exit(1);
}

static struct world *build(const struct setting *setting) {
    struct world *world = world_new(1, NULL);
    struct host_options options = {.tcp = tcp_config_default(), .first_port = FIRST_PORT, .last_port = UINT16_MAX};
    struct link_settings link = {.delay = 10 * millisecond, .loss = setting->loss};
    struct step respond = {.kind = STEP_RESPOND, .count = MESSAGE, .count2 = MESSAGE};
    uint32_t client, server, line;
    options.tcp.msl = setting->msl;
    options.name = "client";
    must(world_add_host(world, &options, &client));
    options.name = "server";
    must(world_add_host(world, &options, &server));
    must(world_link(world, client, server, &link, &link));
    respond.outcome = OUTCOME_MAY_FAIL;
    uint32_t program = world_program(world, &respond, 1);
    const struct bulk bulk = {.client = client,
                              .server = server,
                              .port = 80,
                              .ports = SERVER_PORTS,
                              .count = setting->connections,
                              .interval = 10 * microsecond,
                              .request = MESSAGE,
                              .response = MESSAGE};
    for (uint32_t i = 0; i < SERVER_PORTS; i++)
        must(world_serves(
            world, server,
            &(struct service){.port = (uint16_t)(bulk.port + i), .program = program, .backlog = UINT32_MAX}));
    must(world_bulk(world, &bulk));
    must(world_start(world, &line));
    return world;
}

static size_t resident_peak(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (size_t)usage.ru_maxrss * 1024;
}

static struct result run_once(const struct setting *setting) {
    struct result result;
    memset(&result, 0, sizeof result);
    size_t before = resident_peak();
    struct world *world = build(setting);
    double begin = now();
    enum run_status status = world_run(world);
    result.seconds = now() - begin;
    result.events = world_events(world);
    result.packets = world_packets(world);
    result.bytes = resident_peak() - before;
    struct bulk_result bulk = world_bulk_result(world);
    result.completed = bulk.completed;
    result.failed = bulk.failed;
    if (status != RUN_HOLDS) {
        uint32_t count;
        const struct failure *failures = world_failures(world, &count);
        for (uint32_t i = 0; i < count; i++)
            fprintf(stderr, "churn: %s: %s\n", failures[i].claim[0], failures[i].detail.text[0]);
    }
    world_free(world);
    return result;
}

// In a process of its own, so that the peak of memory is this setting's. True: all connections are accounted for.
static bool measure(const struct setting *setting) {
    fflush(stdout);
    pid_t child = fork();
    if (child != 0) {
        int status = 1;
        return child > 0 && waitpid(child, &status, 0) == child && status == 0;
    }
    struct result best = run_once(setting);
    for (int round = 1; round < ROUNDS && setting->connections <= 100000; round++) {
        struct result again = run_once(setting);
        if (again.seconds < best.seconds) best.seconds = again.seconds;
    }
    double n = setting->connections;
    printf("%9u connections, MSL %6.2f s, loss %u %%: %6.2f us a connection, %10llu events, %6.1f ns an event, "
           "%5.0f bytes a connection at the peak; %u completed, %u failed\n",
           setting->connections, (double)setting->msl * 1e-9, setting->loss / 10000, best.seconds / n * 1e6,
           (unsigned long long)best.events, best.seconds / (double)best.events * 1e9, (double)best.bytes / n,
           best.completed, best.failed);
    fflush(stdout);
    _exit(best.completed + best.failed == setting->connections ? 0 : 1);
}

int main(int count, char **arguments) {
    static const uint32_t sizes[] = {1000, 100000, 1000000};
    int kinds = count > 1 && strcmp(arguments[1], "--quick") == 0 ? 1 : 3;  // of the sizes
    const uint64_t msls[] = {10 * millisecond, 120000 * millisecond};
    bool complete = true;
    for (int m = 0; m < 2; m++)
        for (int loss = 0; loss <= 1; loss++)
            for (int s = 0; s < kinds; s++)
                complete = measure(&(struct setting){sizes[s], msls[m], (uint32_t)loss * 10000}) && complete;
    if (!complete) fprintf(stderr, "churn: not all connections are accounted for\n");
    return complete ? 0 : 1;
}
