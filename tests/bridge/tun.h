// A network namespace of this process's own, with one TUN device between this machine's kernel and the process.
#ifndef TESTS_BRIDGE_TUN_H
#define TESTS_BRIDGE_TUN_H

#include <stdbool.h>
#include <stddef.h>

struct tun {
    int fd;         // IP packets, one a read() or write(); -1: it can't be had here
    bool ipv6;      // the kernel has an IPv6 address too
    char why[160];  // it can't be had
};

// Moves this process into a fresh network namespace, as root or in a user namespace of its own, and makes the device
// there, up, with the left addresses of end.h and networks that hold the right ones.
struct tun tun_open(void);

#endif
