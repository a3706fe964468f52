// TCP Fast Open: cookies of both sides, text with the SYN, and what happens where it doesn't work (RFC 7413).
#include "sim/host/internal.h"
#include "tests/worlds.h"

struct visits {
    bool client_asks, server_gives;
    uint32_t length;  // of the request
    enum syn_queue queue;
    uint32_t send_buffer;  // of the client
    uint32_t accept;
};

static struct step step_fast(struct world *world, uint32_t host, const struct visits *visits) {
    static char text[4096];
    struct step step = step_connect(host, 80);
    for (uint32_t i = 0; i < visits->length; i++)
        text[i] = (char)('a' + i % 26);
    step.fast_open = visits->client_asks;
    step.text_length = visits->length;
    step.text = world_text(world, text, visits->length);
    return step;
}

// Two visits, a second apart: the first gets the cookie, the second uses it.
static void make(struct pair *pair, const struct visits *visits) {
    struct pair_options options = pair_options();
    options.server.syn_queue = visits->queue;
    if (visits->send_buffer > 0) options.client.tcp.send_buffer = visits->send_buffer;
    pair_make(pair, &options);
    struct world *world = pair->world;
    const struct step open = step_fast(world, pair->server, visits), end = step_of(STEP_RECV_EOF);
    const struct step client[] = {open, end, step_of(STEP_CLOSE), step_sleep(SECOND), open, end, step_of(STEP_CLOSE)};
    const struct step server[] = {step_recv(visits->length), step_send(world, "OK"), step_of(STEP_CLOSE)};
    const struct service service = {.port = 80,
                                    .program = world_program(world, server, COUNT_OF(server)),
                                    .accept = visits->accept,
                                    .fast_open = visits->server_gives};
    runs(world, pair->client, client, COUNT_OF(client));
    CHECK_STR(world_serves(world, pair->server, &service), NULL);
    claim_all_properties(world);
}

static void check_served(const struct pair *pair, uint32_t length) {
    CHECK_EQ(world_host(pair->world, pair->server).accepted, 2);
    for (uint32_t i = 1; i <= 2; i++) {
        CHECK_EQ(connection(pair->world, pair->server, i).received, length);
        CHECK_EQ(connection(pair->world, pair->server, i).foreign_text, false);
        check_received(pair->world, pair->client, i, "OK");
    }
}

// How much text went with the second SYN; UINT32_MAX: there was none.
static uint32_t text_of_second_syn(const struct trace *trace) {
    size_t offset = 0;
    struct trace_record raw;
    struct record record;
    uint32_t syns = 0;
    while (trace_next(trace, &offset, &raw)) {
        if (!CHECK(record_decode(&raw, &record)) || record.kind != RECORD_PACKET) continue;
        uint8_t flags = record.packet.segment.flags;
        if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && ++syns == 2) return record.packet.segment.len;
    }
    return UINT32_MAX;
}

static void test_visits(void) {
    static const struct {
        struct visits visits;
        uint32_t with_syn;
    } cases[] = {
        {{.client_asks = true, .server_gives = true, .length = 5}, 5},
        {{.client_asks = true, .server_gives = false, .length = 5}, 0},
        {{.client_asks = false, .server_gives = true, .length = 5}, 0},
        {{.client_asks = true, .server_gives = true, .length = 3000}, 496},                     // 536 less the options
        {{.client_asks = true, .server_gives = true, .length = 3000, .send_buffer = 100}, 99},  // the SYN takes one
        {{.client_asks = true, .server_gives = true, .length = 5, .queue = SYN_QUEUE_CACHE}, 5},
        {{.client_asks = true, .server_gives = true, .length = 5, .queue = SYN_QUEUE_COOKIES}, 5},
        {{.client_asks = true, .server_gives = true, .length = 5, .accept = 1}, 5},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pair pair;
        check_about("visits %zu", i);
        make(&pair, &cases[i].visits);
        pair_run(&pair, RUN_HOLDS);
        check_served(&pair, cases[i].visits.length);
        CHECK_EQ(text_of_second_syn(&pair.trace), cases[i].with_syn);
        CHECK_EQ(pair.world->cookies.count, cases[i].visits.client_asks && cases[i].visits.server_gives);
        pair_free(&pair);
    }
}

// Any one of the second visit's segments is lost.
static void test_losses(void) {
    for (uint32_t nth = 1; nth <= 4; nth++) {
        for (uint32_t end = 0; end < 2; end++) {
            struct pair pair;
            const struct visits visits = {.client_asks = true, .server_gives = true, .length = 5};
            check_about("packet %u of the second visit's %s lost", (unsigned)nth, end == 0 ? "client" : "server");
            make(&pair, &visits);
            const struct selector select = {
                .from = end == 0 ? pair.client : pair.server, .to = UINT32_MAX, .connection = 2, .nth = nth};
            CHECK_STR(world_fate(pair.world, &select, &(struct fate_order){.drop = true}, 0), NULL);
            pair_run(&pair, RUN_HOLDS);
            check_served(&pair, visits.length);
            pair_free(&pair);
        }
    }
}

// A cookie that the server doesn't know gets the right one back, and the text waits for the handshake.
static void test_wrong_cookie(void) {
    struct pair pair;
    const struct visits visits = {.client_asks = true, .server_gives = true, .length = 5};
    check_about("a wrong cookie");
    make(&pair, &visits);
    pair_start(&pair);
    while (world_now(pair.world) < SECOND && world_step(pair.world) == RUN_RUNNING)
        ;
    if (!CHECK_EQ(pair.world->cookies.count, 1)) return;
    struct fast_open_cookie *cookie = array_at(&pair.world->cookies, 0);
    const struct fast_open_cookie right = *cookie;
    cookie->octets[3] ^= 1;
    CHECK_EQ(world_run(pair.world), RUN_HOLDS);
    check_served(&pair, visits.length);
    CHECK_EQ(memcmp(cookie, &right, sizeof right), 0);
    CHECK_EQ(connection(pair.world, pair.server, 2).tcp.flags & TCP_CONNECTION_FAST_OPEN, 0);
    pair_free(&pair);
}

// A host that crashes has no cookies any more.
static void test_crash(void) {
    struct pair pair;
    const struct visits visits = {.client_asks = true, .server_gives = true, .length = 5};
    check_about("a crash of the client");
    make(&pair, &visits);
    const struct step steps[] = {step_sleep(SECOND), step_on_host(STEP_CRASH, pair.client)};
    runs(pair.world, pair.server, steps, COUNT_OF(steps));
    pair_start(&pair);
    world_run(pair.world);
    CHECK_EQ(pair.world->cookies.count, 0);
    pair_free(&pair);
}

int main(void) {
    test_visits();
    test_losses();
    test_wrong_cookie();
    test_crash();
    return check_result();
}
