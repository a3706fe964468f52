// What check does with runs that are very long, or have no end.
#include <string.h>
#include <sys/stat.h>

#include "tests/check.h"
#include "tests/support.h"

#define FOLDER SYNFIN_SCRATCH "/check_long"

// An old SYN sets off an endless exchange, with no rule missing: that run is cut off, and no claim is said to be
// broken.
static void check_storm(void) {
    const char *path = FOLDER "/storm.lua", *first = FOLDER "/storm.1", *second = FOLDER "/storm.2";
    static const char *const words = "cut off in the middle: 1 of them";
    write_whole_file(path,
                     "local client = host 'client' { receive_buffer = 500 }\n"
                     "local server = host 'server' { receive_buffer = 700, send_buffer = 200 }\n"
                     "link(client, server) { delay = 20 * ms }\n"
                     "faults { duplicate = 0.1, heals = 6 * s }\n"
                     "client:runs { connect(server, 80, { may_fail = true }), send(fill(9000), { may_fail = true }),\n"
                     "  recv(3000, { may_fail = true }), close { may_fail = true }, recv_eof { may_fail = true } }\n"
                     "server:serves(80) { recv(9000, { may_fail = true }), send(fill(3000), { may_fail = true }),\n"
                     "  recv_eof { may_fail = true }, close { may_fail = true } }\n");
    check_about("a run without an end");
    struct finished one = SYNFIN("check", path, "--run=63");
    struct finished odd = SYNFIN("check", path, "--runs=64", "--shard=1/2", "--report", first);
    struct finished even = SYNFIN("check", path, "--runs=64", "--shard=2/2", "--report", second);
    struct finished both = SYNFIN("merge", first, second);
    CHECK(one.status == 0 && odd.status == 0 && even.status == 0 && both.status == 0);
    CHECK_CONTAINS(one.out, words);
    CHECK_CONTAINS(both.out, words);
    CHECK(strstr(even.out, "cut off") == NULL);
    free_finished(&one);
    free_finished(&odd);
    free_finished(&even);
    free_finished(&both);
}

// Shrinking a long run in which many fates count is given up, and what is left is told.
static void check_long_shrinking(void) {
    const char *path = FOLDER "/long.lua";
    write_whole_file(
        path, "local client = host 'client'\nlocal server = host 'server'\n"
              "link(client, server) { delay = 5 * ms }\n"
              "faults { loss = 0.1, heals = 3000 * s }\n"
              "client:runs { connect(server, 80), send(fill(1000000)), send(fill(1000000)), close(), recv_eof() }\n"
              "server:serves(80) { recv_eof(), close() }\n"
              "always('it is quick', function (w) return w.now < 120 * s or w.server.open == 0 end)\n");
    check_about("shrinking that would take too long");
    struct finished found = SYNFIN("check", path);
    CHECK_EQ(found.status, 1);
    CHECK_CONTAINS(found.out, "Shrinking was given up after ");
    CHECK_CONTAINS(found.out, "  ... and ");
    free_finished(&found);
}

int main(void) {
    mkdir(FOLDER, 0777);
    check_storm();
    check_long_shrinking();
    return check_result();
}
