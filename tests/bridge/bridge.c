// A synfin host in real time, at one end of connections whose other end is a process of its own:
//
//     bridge self      another synfin host, over a socket
//     bridge kernel    this machine's kernel, over a TUN device in a network namespace of its own, as client and as
//                      server; exit status 77, with the reason, where there is no such device or no right to it
//
// Each path (IPv4 or IPv6, with or without options, 0 or 5 % loss in both directions) has its own processes; they run
// at the same time, since most of it is waiting.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bridge/cases.h"
#include "tests/bridge/synfin.h"
#include "tests/bridge/tun.h"
#include "tests/check.h"

enum {
    SKIPPED = 77,
    TIME_LIMIT = 55,  // seconds for all of it
    LOSS = 5,         // per cent
    PATHS = 16,
    PORT = 5001,
};

// What one pair of processes tries.
struct path {
    char name[80];
    unsigned number;
    uint8_t version;
    bool options;
    bool loss;
    bool right_opens;  // the client is the end with the right address: synfin, where the other one is the kernel
};

// `left`: what the left end is called.
static struct path path_of(unsigned number, const char *left) {
    struct path path = {.number = number,
                        .version = number & 1 ? 6 : 4,
                        .options = (number & 2) != 0,
                        .loss = (number & 4) != 0,
                        .right_opens = (number & 8) != 0};
    snprintf(path.name, sizeof path.name, "IPv%d, %s options, %d %% loss, %s opens", path.version,
             path.options ? "all" : "no", path.loss ? LOSS : 0, path.right_opens ? "synfin" : left);
    return path;
}

static struct plan plan_of(const struct path *path) {
    unsigned all = END_WINDOW_SCALE | END_SACK | END_TIMESTAMPS;
    return (struct plan){.name = path->name, .options = path->options ? all : 0, .port = PORT};
}

static _Noreturn void give_up(const char *what) {
    perror(what);
    exit(1);
}

// ---- the synfin end

static struct tcp_config config_of(const struct path *path) {
    struct tcp_config config = tcp_config_default();
    // TIME-WAIT must outlast the other end's repetitions, whose timeout grows with each loss.
    config.msl = path->loss ? UINT64_C(4000000000) : UINT64_C(500000000);
    // A SYN,ACK that was lost makes the first round trip a long one, and the timeout far longer than the path.
    config.rto_min = UINT64_C(200000000);
    config.rto_max = UINT64_C(1000000000);
    config.send_buffer = HOST_RING;
    if (!path->options) return config;
    config.options = TCP_OPTION_WINDOW_SCALE | TCP_OPTION_SACK_PERMITTED | TCP_OPTION_TIMESTAMPS;
    config.receive_buffer = HOST_RING;
    config.scale = 2;
    return config;
}

// `loss_in`: it loses what arrives too, because the other end can't.
static struct host host_of(const struct path *path, int fd, bool right, bool loss_in) {
    struct host host = {
        .config = config_of(path),
        .link = {.fd = fd, .luck = {2 * path->number + 1 + right, UINT64_C(1) << 40 | (path->number + 1)}},
        .layout = (enum wire_layout)(path->number % WIRE_LAYOUTS),
        .version = path->version,
        .next_port = 40000,
    };
    host.link.loss[LINK_OUT] = path->loss ? LOSS : 0;
    host.link.loss[LINK_IN] = path->loss && loss_in ? LOSS : 0;
    memcpy(host.address, path->version == 4 ? end_address4[right] : end_address6[right], path->version == 4 ? 4 : 16);
    memcpy(host.peer, path->version == 4 ? end_address4[!right] : end_address6[!right], path->version == 4 ? 4 : 16);
    return host;
}

// After the cases: TIME-WAIT ends, and nothing that arrived was unreadable.
static unsigned long finish_host(struct host *host, const struct path *path) {
    unsigned long before = check_failures;
    check_about("%s", path->name);
    CHECK(synfin_drain(host));
    CHECK_EQ(host->malformed, 0);
    CHECK((host->link.lost[LINK_OUT] > 0) == path->loss);
    host_end(host);
    return check_failures - before;
}

static bool play_synfin(const struct path *path, struct end end, int fd, bool against_kernel) {
    struct host host = host_of(path, fd, end.right, against_kernel);
    const struct plan plan = plan_of(path);
    host_begin(&host);
    synfin_end(&end, &host);
    end.patient = end.right;
    unsigned long failures = cases_play(&end, end.right == path->right_opens, &plan);
    if (failures == 0) failures = finish_host(&host, path);
    return failures == 0;
}

static bool play_kernel(const struct path *path, struct end end) {
    const struct plan plan = plan_of(path);
    kernel_end(&end);
    unsigned long failures = cases_play(&end, end.right == path->right_opens, &plan);
    // Where segments are lost, a SYN,ACK that is repeated to an ESTABLISHED end is one of them.
    return failures == 0 && (path->loss || kernel_complaints() == 0);
}

// ---- the processes of a path

static bool succeeded(pid_t process) {
    int status = 0;
    return waitpid(process, &status, 0) == process && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void make_pair(int type, int pair[2]) {
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0) give_up("socketpair");
}

static pid_t start(void) {
    fflush(NULL);
    pid_t process = fork();
    if (process < 0) give_up("fork");
    if (process == 0) alarm(TIME_LIMIT);
    return process;
}

// The kernel's end runs in a child, the host's here.
static bool run_against_kernel(const struct path *path) {
    int meeting[2];
    struct tun tun = tun_open();
    if (tun.fd < 0 || (path->version == 6 && !tun.ipv6)) {
        fprintf(stderr, "%s: %s\n", path->name, tun.fd < 0 ? tun.why : "the kernel takes no IPv6 address");
        return false;
    }
    make_pair(SOCK_STREAM, meeting);
    struct end end = {.version = path->version, .other = meeting[0]};
    pid_t child = start();
    if (child == 0) {
        close(meeting[1]);
        close(tun.fd);
        exit(play_kernel(path, end) ? 0 : 1);
    }
    close(meeting[0]);
    end.other = meeting[1];
    end.right = true;
    bool good = play_synfin(path, end, tun.fd, true);
    close(meeting[1]);
    return succeeded(child) && good;
}

static bool run_against_self(const struct path *path) {
    int meeting[2], wire[2];
    make_pair(SOCK_STREAM, meeting);
    make_pair(SOCK_SEQPACKET | SOCK_NONBLOCK, wire);
    pid_t child = start();
    bool right = child != 0;
    struct end end = {.version = path->version, .other = meeting[right], .right = right};
    close(meeting[!right]);
    close(wire[!right]);
    bool good = play_synfin(path, end, wire[right], false);
    close(meeting[right]);
    if (!right) exit(good ? 0 : 1);
    return succeeded(child) && good;
}

// ---- all paths

static void run_paths(bool (*run)(const struct path *path), const char *left, unsigned versions) {
    pid_t process[PATHS] = {0};
    uint64_t began = end_clock();
    for (unsigned i = 0; i < PATHS; i++) {
        const struct path path = path_of(i, left);
        if (path.version == 6 && versions == 1) continue;
        process[i] = start();
        if (process[i] > 0) continue;
        bool good = run(&path);
        printf("%-44s %s in %.1f s\n", path.name, good ? "passed" : "failed", (double)(end_clock() - began) * 1e-3);
        exit(good ? 0 : 1);
    }
    for (unsigned i = 0; i < PATHS; i++) {
        const struct path path = path_of(i, left);
        check_about("%s", path.name);
        if (process[i] > 0) CHECK(succeeded(process[i]));
    }
}

// In a process of its own: how many versions of IP this kernel speaks on a TUN device; 0, after saying why.
static unsigned versions_here(void) {
    int status = 0;
    pid_t process = start();
    if (process == 0) {
        struct tun tun = tun_open();
        if (tun.fd < 0) printf("no network namespace with a TUN device here: %s\n", tun.why);
        exit(tun.fd < 0 ? 0 : 1 + tun.ipv6);
    }
    if (waitpid(process, &status, 0) != process || !WIFEXITED(status)) give_up("waitpid");
    return (unsigned)WEXITSTATUS(status);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    if (argc == 2 && strcmp(argv[1], "self") == 0) {
        run_paths(run_against_self, "the other", 2);
        return check_result();
    }
    if (argc != 2 || strcmp(argv[1], "kernel") != 0) {
        fprintf(stderr, "usage: bridge self | kernel\n");
        return 2;
    }
    unsigned versions = versions_here();
    if (versions == 0) return SKIPPED;
    if (versions == 1) printf("IPv6 is left out: this kernel takes no such address\n");
    run_paths(run_against_kernel, "kernel", versions);
    return check_result();
}
