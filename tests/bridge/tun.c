#define _GNU_SOURCE
#include "tests/bridge/tun.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tests/bridge/end.h"

static const char device[] = "synfin0";

// As in the kernel's <linux/ipv6.h>, which can't be had beside <netinet/in.h>.
struct address6_request {
    struct in6_addr address;
    uint32_t prefix_length;
    int interface;
};

static bool fails(struct tun *tun, const char *what) {
    snprintf(tun->why, sizeof tun->why, "%s: %s", what, strerror(errno));
    return false;
}

// The device's file; where /dev has none, one that is made for the moment.
static int open_device(void) {
    char name[40];
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT) return fd;
    snprintf(name, sizeof name, "tun-%ld", (long)getpid());
    if (mknod(name, S_IFCHR | 0600, makedev(10, 200)) != 0) {
        errno = ENOENT;
        return -1;
    }
    fd = open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    int error = errno;
    unlink(name);
    errno = error;
    return fd;
}

static struct ifreq request(void) {
    struct ifreq wanted;
    memset(&wanted, 0, sizeof wanted);
    snprintf(wanted.ifr_name, sizeof wanted.ifr_name, "%s", device);
    return wanted;
}

static struct sockaddr address4(uint32_t address) {
    struct sockaddr_in of_internet = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    struct sockaddr any;
    memcpy(&any, &of_internet, sizeof any);
    return any;
}

static bool configure4(struct tun *tun, int any) {
    const uint8_t *left = end_address4[0];
    struct ifreq wanted = request();
    wanted.ifr_addr = address4((uint32_t)left[0] << 24 | (uint32_t)left[1] << 16 | (uint32_t)left[2] << 8 | left[3]);
    if (ioctl(any, SIOCSIFADDR, &wanted) != 0) return fails(tun, "SIOCSIFADDR");
    wanted.ifr_netmask = address4(UINT32_C(0xffffff00));
    if (ioctl(any, SIOCSIFNETMASK, &wanted) != 0) return fails(tun, "SIOCSIFNETMASK");
    wanted = request();
    wanted.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(any, SIOCSIFFLAGS, &wanted) != 0) return fails(tun, "SIOCSIFFLAGS");
    return true;
}

// The kernel gives an address out only after it has looked for duplicates, or found that there is nobody to ask.
static bool usable6(int fd) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    memcpy(&address.sin6_addr, end_address6[0], sizeof address.sin6_addr);
    uint64_t limit = end_clock() + 3000;
    while (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        if (errno != EADDRNOTAVAIL || end_clock() > limit) return false;
        poll(NULL, 0, 10);
    }
    return true;
}

static bool configure6(int any) {
    struct ifreq wanted = request();
    struct address6_request address = {.prefix_length = 64};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    memcpy(&address.address, end_address6[0], sizeof address.address);
    bool done = ioctl(any, SIOCGIFINDEX, &wanted) == 0;
    address.interface = wanted.ifr_ifindex;
    done = done && ioctl(fd, SIOCSIFADDR, &address) == 0 && usable6(fd);
    close(fd);
    return done;
}

static bool configure(struct tun *tun) {
    struct ifreq wanted = request();
    wanted.ifr_flags = IFF_TUN | IFF_NO_PI;
    if (ioctl(tun->fd, TUNSETIFF, &wanted) != 0) return fails(tun, "TUNSETIFF");
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0) return fails(tun, "socket");
    bool done = configure4(tun, any);
    tun->ipv6 = done && configure6(any);
    close(any);
    return done;
}

// The device belongs to the namespace in which its file was opened.
struct tun tun_open(void) {
    struct tun tun = {.fd = -1};
    if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
        fails(&tun, "unshare(CLONE_NEWNET), as root or in a user namespace");
        return tun;
    }
    tun.fd = open_device();
    if (tun.fd < 0) fails(&tun, "/dev/net/tun");
    if (tun.fd < 0 || configure(&tun)) return tun;
    close(tun.fd);
    tun.fd = -1;
    return tun;
}
