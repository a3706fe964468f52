// The end that is this machine's kernel: plain sockets, and what the kernel says of them. Its headers have names of
// their own for the states of TCP, so core's are not seen here.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bridge/end.h"

// What the calls below know; one a process.
static struct {
    int listener, connection;  // -1: none
    uint16_t local, remote;    // ports of the newest connection
} kernel = {.listener = -1, .connection = -1};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t address_of(const struct end *end, bool right, uint16_t port, union address *address) {
    memset(address, 0, sizeof *address);
    if (end->version == 4) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(port);
        memcpy(&address->v4.sin_addr, end_address4[right], 4);
        return sizeof address->v4;
    }
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons(port);
    memcpy(&address->v6.sin6_addr, end_address6[right], 16);
    return sizeof address->v6;
}

static _Noreturn void give_up(const char *what) {
    perror(what);
    exit(1);
}

// A non-blocking socket, bound to this end's address.
static int bound_socket(const struct end *end, uint16_t port) {
    union address address;
    socklen_t length = address_of(end, end->right, port, &address);
    int yes = 1, fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) give_up("socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0) give_up("SO_REUSEADDR");
    if (bind(fd, &address.any, length) != 0) give_up("bind");
    return fd;
}

static void forget(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static enum end_outcome outcome_of(int error) {
    switch (error) {
    case 0: return END_OK;
    case ECONNRESET:
    case EPIPE: return END_RESET;
    case ECONNREFUSED: return END_REFUSED;
    case ETIMEDOUT:
    case EAGAIN: return END_TIMED_OUT;
    default: break;
    }
    fprintf(stderr, "kernel: %s\n", strerror(error));
    return END_WRONG;
}

static bool ready(int fd, short events, int milliseconds) {
    struct pollfd poll_for = {.fd = fd, .events = events};
    return poll(&poll_for, 1, milliseconds) == 1;
}

// Ports of the connection, to find it again when its socket is gone.
static void note_ports(struct end *end, bool client) {
    union address here, there;
    memset(&here, 0, sizeof here);
    memset(&there, 0, sizeof there);
    socklen_t length = sizeof here, other_length = sizeof there;
    end->client = client;
    end->sent = end->received = 0;
    if (getsockname(kernel.connection, &here.any, &length) != 0) give_up("getsockname");
    if (getpeername(kernel.connection, &there.any, &other_length) != 0) give_up("getpeername");
    kernel.local = ntohs(end->version == 4 ? here.v4.sin_port : here.v6.sin6_port);
    kernel.remote = ntohs(end->version == 4 ? there.v4.sin_port : there.v6.sin6_port);
}

static void kernel_listen(struct end *end, uint16_t port) {
    forget(&kernel.listener);
    forget(&kernel.connection);
    kernel.listener = bound_socket(end, port);
    if (listen(kernel.listener, 5) != 0) give_up("listen");
}

static enum end_outcome kernel_accept(struct end *end) {
    forget(&kernel.connection);
    if (!ready(kernel.listener, POLLIN, END_PATIENCE)) return END_TIMED_OUT;
    kernel.connection = accept4(kernel.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (kernel.connection < 0) return outcome_of(errno);
    note_ports(end, false);
    return END_OK;
}

static enum end_outcome kernel_connect(struct end *end, uint16_t port, bool again) {
    union address peer;
    socklen_t length = address_of(end, !end->right, again ? kernel.remote : port, &peer);
    forget(&kernel.listener);
    forget(&kernel.connection);
    kernel.connection = bound_socket(end, again ? kernel.local : 0);
    if (connect(kernel.connection, &peer.any, length) != 0 && errno != EINPROGRESS) return outcome_of(errno);
    if (!ready(kernel.connection, POLLOUT, END_PATIENCE)) return END_TIMED_OUT;
    int error = 0;
    socklen_t error_length = sizeof error;
    if (getsockopt(kernel.connection, SOL_SOCKET, SO_ERROR, &error, &error_length) != 0) give_up("SO_ERROR");
    if (error == 0) note_ports(end, true);
    return outcome_of(error);
}

static enum end_outcome send_some(struct end *end, uint32_t *left) {
    uint8_t octets[END_CHUNK];
    uint32_t count = *left < END_CHUNK ? *left : END_CHUNK;
    end_fill(end, octets, count);
    ssize_t done = send(kernel.connection, octets, count, MSG_NOSIGNAL);
    if (done < 0) return errno == EAGAIN ? END_OK : outcome_of(errno);
    end->sent += (uint32_t)done;
    *left -= (uint32_t)done;
    return END_OK;
}

static enum end_outcome receive_some(struct end *end, uint32_t *left) {
    uint8_t octets[END_CHUNK];
    ssize_t done = recv(kernel.connection, octets, *left < END_CHUNK ? *left : END_CHUNK, 0);
    if (done < 0) return errno == EAGAIN ? END_OK : outcome_of(errno);
    if (done == 0) return END_EOF;
    *left -= (uint32_t)done;
    return end_take(end, octets, (uint32_t)done) ? END_OK : END_WRONG;
}

static enum end_outcome kernel_exchange(struct end *end, uint32_t to_send, uint32_t to_receive) {
    enum end_outcome outcome = END_OK;
    while (outcome == END_OK && (to_send > 0 || to_receive > 0)) {
        short events = (short)((to_send > 0 ? POLLOUT : 0) | (to_receive > 0 ? POLLIN : 0));
        if (!ready(kernel.connection, events, END_PATIENCE)) return END_TIMED_OUT;
        if (to_receive > 0) outcome = receive_some(end, &to_receive);
        if (outcome == END_OK && to_send > 0) outcome = send_some(end, &to_send);
    }
    return outcome;
}

static enum end_outcome kernel_receive_end(struct end *end, int milliseconds) {
    uint8_t octet;
    (void)end;
    if (!ready(kernel.connection, POLLIN, milliseconds)) return END_TIMED_OUT;
    ssize_t done = recv(kernel.connection, &octet, 1, 0);
    if (done < 0) return outcome_of(errno);
    return done == 0 ? END_EOF : END_WRONG;
}

static uint32_t kernel_unread(struct end *end) {
    int count = 0;
    (void)end;
    if (ioctl(kernel.connection, FIONREAD, &count) != 0) give_up("FIONREAD");
    return (uint32_t)count;
}

static void kernel_close(struct end *end) {
    (void)end;
    if (shutdown(kernel.connection, SHUT_WR) != 0) perror("shutdown");
}

static void kernel_sockets_close(struct end *end) {
    (void)end;
    forget(&kernel.connection);
}

static void kernel_abort(struct end *end) {
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    (void)end;
    if (setsockopt(kernel.connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0) perror("SO_LINGER");
    forget(&kernel.connection);
}

// The state in a line of /proc/net/tcp, or 0 when it is another connection's: "  0: ADDRESS:PORT ADDRESS:PORT STATE
// ...".
static unsigned long state_in(char *line) {
    char *rest = NULL, *field[6];
    for (int i = 0; i < 6; i++) {
        field[i] = strtok_r(i == 0 ? line : NULL, " :", &rest);
        if (field[i] == NULL) return 0;
    }
    if (strtoul(field[2], NULL, 16) != kernel.local || strtoul(field[4], NULL, 16) != kernel.remote) return 0;
    return strtoul(field[5], NULL, 16);
}

static const char *kernel_state(struct end *end) {
    static const char *const names[] = {
        [TCP_ESTABLISHED] = "ESTABLISHED",
        [TCP_SYN_SENT] = "SYN-SENT",
        [TCP_SYN_RECV] = "SYN-RECEIVED",
        [TCP_FIN_WAIT1] = "FIN-WAIT-1",
        [TCP_FIN_WAIT2] = "FIN-WAIT-2",
        [TCP_TIME_WAIT] = "TIME-WAIT",
        [TCP_CLOSE] = "CLOSED",
        [TCP_CLOSE_WAIT] = "CLOSE-WAIT",
        [TCP_LAST_ACK] = "LAST-ACK",
        [TCP_LISTEN] = "LISTEN",
        [TCP_CLOSING] = "CLOSING",
    };
    const unsigned long count = sizeof names / sizeof names[0];
    char line[512];
    unsigned long state = 0;
    FILE *table = fopen(end->version == 4 ? "/proc/self/net/tcp" : "/proc/self/net/tcp6", "r");
    if (table == NULL) give_up("/proc/self/net/tcp");
    while (state == 0 && fgets(line, sizeof line, table) != NULL)
        state = state_in(line);
    fclose(table);
    return state > 0 && state < count ? names[state] : "CLOSED";
}

static unsigned kernel_options(struct end *end) {
    struct tcp_info info;
    socklen_t length = sizeof info;
    (void)end;
    memset(&info, 0, sizeof info);
    if (getsockopt(kernel.connection, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) give_up("TCP_INFO");
    return (info.tcpi_options & TCPI_OPT_WSCALE ? END_WINDOW_SCALE : 0u) |
           (info.tcpi_options & TCPI_OPT_SACK ? END_SACK : 0u) |
           (info.tcpi_options & TCPI_OPT_TIMESTAMPS ? END_TIMESTAMPS : 0u);
}

static void kernel_wait(struct end *end, int milliseconds) {
    (void)end;
    poll(NULL, 0, milliseconds);
}

static bool kernel_meet(struct end *end, bool deaf) {
    (void)deaf;  // nobody can tell a kernel not to listen
    return end_say(end) && end_hear(end, 2 * END_PATIENCE);
}

// ---- what the kernel holds against its peer

// True when the counter is one that no segment of a right-minded peer raises where nothing is lost.
static bool is_complaint(const char *name) {
    static const char *const names[] = {"InErrs",          "InCsumErrors",   "EmbryonicRsts",   "PAWSActive",
                                        "PAWSEstab",       "TSEcrRejected",  "TCPSACKReneging", "TCPSACKDiscard",
                                        "TCPChallengeACK", "TCPSYNChallenge"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

// A line of names, and one of their values.
static unsigned long complaints_in(char *names, char *values) {
    unsigned long sum = 0;
    char *rest_of_names = NULL, *rest_of_values = NULL;
    const char *name = strtok_r(names, " \n", &rest_of_names);
    const char *value = strtok_r(values, " \n", &rest_of_values);
    bool of_tcp = name != NULL && strncmp(name, "Tcp", 3) == 0;
    for (; of_tcp && name != NULL && value != NULL;
         name = strtok_r(NULL, " \n", &rest_of_names), value = strtok_r(NULL, " \n", &rest_of_values)) {
        if (!is_complaint(name) || strcmp(value, "0") == 0) continue;
        fprintf(stderr, "kernel: %s is %s\n", name, value);
        sum += strtoul(value, NULL, 10);
    }
    return sum;
}

unsigned long kernel_complaints(void) {
    static const char *const paths[] = {"/proc/self/net/snmp", "/proc/self/net/netstat"};
    static char names[1 << 14], values[1 << 14];
    unsigned long sum = 0;
    for (int i = 0; i < 2; i++) {
        FILE *table = fopen(paths[i], "r");
        if (table == NULL) give_up(paths[i]);
        while (fgets(names, sizeof names, table) != NULL && fgets(values, sizeof values, table) != NULL)
            sum += complaints_in(names, values);
        fclose(table);
    }
    return sum;
}

void kernel_end(struct end *end) {
    static const struct end_calls calls = {
        .listen = kernel_listen,
        .accept = kernel_accept,
        .connect = kernel_connect,
        .exchange = kernel_exchange,
        .receive_end = kernel_receive_end,
        .unread = kernel_unread,
        .close = kernel_close,
        .sockets_close = kernel_sockets_close,
        .abort = kernel_abort,
        .state = kernel_state,
        .options = kernel_options,
        .wait = kernel_wait,
        .meet = kernel_meet,
    };
    end->calls = &calls;
    end->name = "kernel";
}
