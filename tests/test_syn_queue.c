// What a listener keeps of a SYN: a backlog, a SYN cache, SYN cookies (RFC 4987).
#include "sim/host/internal.h"
#include "tests/worlds.h"

static const uint16_t client_port = 49152;

// A visit to a server with this SYN queue; all properties are claimed.
static void make(struct pair *pair, enum syn_queue queue, struct pair_options options) {
    options.server.syn_queue = queue;
    pair_make(pair, &options);
    visit(pair);
    claim_all_properties(pair->world);
}

// The client's nth packet with these flags is lost.
static void lose(struct world *world, uint32_t host, uint8_t flags, uint32_t nth) {
    const struct selector select = {.from = host, .to = UINT32_MAX, .has_flags = true, .flags = flags, .nth = nth};
    CHECK_STR(world_fate(world, &select, &(struct fate_order){.drop = true}, 0), NULL);
}

static void run_until(struct pair *pair, uint64_t time) {
    while (queue_next_time(pair->world->engine.queue) <= time && world_step(pair->world) == RUN_RUNNING)
        ;
}

static void check_served(const struct pair *pair) {
    check_received(pair->world, pair->client, 1, "200 OK");
    CHECK_EQ(world_host(pair->world, pair->server).accepted, 1);
    CHECK_EQ(world_host(pair->world, pair->server).half_open, 0);
}

static void test_visits(void) {
    for (int queue = 0; queue < SYN_QUEUES; queue++) {
        struct pair pair;
        check_about("%s", syn_queue_name((enum syn_queue)queue));
        make(&pair, (enum syn_queue)queue, pair_options());
        pair_start(&pair);
        run_until(&pair, 30 * MS);
        const struct host_view server = world_host(pair.world, pair.server);
        bool tcb = queue == SYN_QUEUE_BACKLOG || queue == SYN_QUEUE_COOKIES_WHEN_FULL;
        CHECK_EQ(server.open, tcb);
        CHECK_EQ(server.half_open, queue != SYN_QUEUE_COOKIES);
        CHECK_EQ(world_run(pair.world), RUN_HOLDS);
        check_served(&pair);
        pair_free(&pair);
    }
    CHECK(syn_queue_name((enum syn_queue)SYN_QUEUES) == NULL);
}

// Any one of the first segments is lost, in every way of keeping SYNs: a client that speaks first is served.
static void test_losses(void) {
    for (int queue = 0; queue < SYN_QUEUES; queue++) {
        for (int lost = 0; lost < 4; lost++) {
            struct pair pair;
            check_about("%s, segment %d lost", syn_queue_name((enum syn_queue)queue), lost + 1);
            make(&pair, (enum syn_queue)queue, pair_options());
            static const uint8_t flags[] = {TCP_SYN, TCP_SYN | TCP_ACK, TCP_ACK, TCP_PSH | TCP_ACK};
            lose(pair.world, lost == 1 ? pair.server : pair.client, flags[lost], 1);
            pair_run(&pair, RUN_HOLDS);
            check_served(&pair);
            pair_free(&pair);
        }
    }
}

// A cookie carries a rough MSS and nothing else; an entry carries all that the SYN said.
static void test_options(void) {
    static const struct {
        uint16_t offered, kept;
    } sizes[] = {{1, 1}, {215, 1}, {216, 216}, {535, 216}, {536, 536}, {1300, 1220}, {1439, 1360}, {1460, 1460}};
    const uint8_t options = TCP_OPTION_WINDOW_SCALE | TCP_OPTION_SACK_PERMITTED | TCP_OPTION_TIMESTAMPS;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        for (int queue = SYN_QUEUE_CACHE; queue <= SYN_QUEUE_COOKIES; queue++) {
            struct pair pair;
            struct pair_options both = pair_options();
            check_about("%s", syn_queue_name((enum syn_queue)queue));
            both.client.mss = sizes[i].offered;
            both.client.tcp.options = both.server.tcp.options = options;
            make(&pair, (enum syn_queue)queue, both);
            pair_run(&pair, RUN_HOLDS);
            const struct tcp_connection tcp = connection(pair.world, pair.server, 1).tcp;
            const uint32_t agreed =
                tcp.flags & (TCP_CONNECTION_WINDOW_SCALE | TCP_CONNECTION_SACK | TCP_CONNECTION_TIMESTAMPS);
            bool cache = queue == SYN_QUEUE_CACHE;
            CHECK_EQ(tcp.snd_mss, cache ? sizes[i].offered : sizes[i].kept);
            CHECK_EQ(agreed != 0, cache);
            check_served(&pair);
            pair_free(&pair);
        }
    }
}

// ---- The cookie itself

struct checked {
    struct tuple tuple;
    struct tcp_segment ack;
    struct tcp_segment syn;
};

static bool good(const struct pair *pair, struct checked *checked) {
    struct tcp_rule_set applied = {{0}};
    return syn_cookie_check(pair->world, pair->server, checked->tuple, &checked->ack, &checked->syn, &applied);
}

static struct checked cookie_of(const struct pair *pair) {
    const struct host *client = world_host_at(pair->world, pair->client),
                      *server = world_host_at(pair->world, pair->server);
    struct checked checked = {.tuple = {server->address[0], client->address[0], 80, client_port}};
    const struct tcp_segment syn = {.flags = TCP_SYN, .seq = 7000, .options = TCP_OPTION_MSS, .mss = 1460};
    checked.ack.flags = TCP_ACK;
    checked.ack.seq = syn.seq + 1;
    checked.ack.ack = syn_cookie_make(pair->world, pair->server, checked.tuple, &syn) + 1;
    return checked;
}

// Whatever is changed of the ACK, it is no cookie any more.
static void test_forgery(void) {
    enum { GUESSES = 1 << 16 };
    struct pair pair;
    struct pair_options options = pair_options();
    check_about("a forged cookie");
    pair_make(&pair, &options);
    const struct checked genuine = cookie_of(&pair);
    struct checked checked = genuine;
    CHECK(good(&pair, &checked));
    CHECK_EQ(checked.syn.seq, 7000);
    CHECK_EQ(checked.syn.mss, 1460);
    for (unsigned bit = 0; bit < 32; bit++) {
        checked = genuine;
        checked.ack.ack = ((genuine.ack.ack - 1) ^ UINT32_C(1) << bit) + 1;
        CHECK(!good(&pair, &checked));
        checked = genuine;
        checked.ack.seq ^= UINT32_C(1) << bit;
        CHECK(!good(&pair, &checked));
    }
    for (unsigned bit = 0; bit < 16; bit++) {
        checked = genuine;
        checked.tuple.remote_port ^= (uint16_t)(1U << bit);
        CHECK(!good(&pair, &checked));
    }
    uint32_t hits = 0;
    for (uint32_t i = 1; i <= GUESSES; i++) {
        checked = genuine;
        checked.ack.ack += i;  // only the hash is guessed
        hits += good(&pair, &checked);
    }
    CHECK_EQ(hits, 0);
    pair_free(&pair);
}

// From 64 to 128 seconds; without the rule, until the five bits of its counter have come round.
static void test_age(void) {
    struct pair pair;
    struct pair_options options = pair_options();
    check_about("the age of a cookie");
    pair_make(&pair, &options);
    for (uint64_t made = 0; made < 64; made += 21) {
        pair.world->engine.now = made * SECOND;
        struct checked checked = cookie_of(&pair);
        pair.world->engine.now = 127 * SECOND;
        CHECK(good(&pair, &checked));
        pair.world->engine.now = 128 * SECOND;
        CHECK(!good(&pair, &checked));
    }
    world_without(pair.world, pair.server, TCP_RULE_SYN_COOKIES_EXPIRE);
    pair.world->engine.now = 0;
    struct checked checked = cookie_of(&pair);
    pair.world->engine.now = 2047 * SECOND;
    CHECK(good(&pair, &checked));
    pair.world->engine.now = 2048 * SECOND;
    CHECK(!good(&pair, &checked));
    pair_free(&pair);
}

// ---- The cache

// SYNs from ports where nobody is.
static void flood(struct pair *pair, uint32_t count, uint32_t backlog) {
    for (uint32_t i = 0; i < count; i++) {
        struct step step = step_of(STEP_INJECT);
        step.inject = (struct injection){.from = pair->client,
                                         .to = pair->server,
                                         .sender = pair->client,
                                         .flags = TCP_SYN,
                                         .has_ports = true,
                                         .source_port = {.add = 1001 + i},
                                         .destination_port = {.add = 80},
                                         .seq = {.add = 7000},
                                         .wnd = {.add = 65535}};
        const struct step steps[] = {step_sleep(i * MS), step};
        runs(pair->world, pair->client, steps, COUNT_OF(steps));
    }
    const struct step server[] = {step_of(STEP_RECV_EOF), step_of(STEP_CLOSE)};
    const struct service service = {
        .port = 80, .program = world_program(pair->world, server, COUNT_OF(server)), .backlog = backlog};
    CHECK_STR(world_serves(pair->world, pair->server, &service), NULL);
}

// The client's host answers each SYN,ACK by a reset, which removes the entry.
static void test_resets_remove_entries(void) {
    struct pair pair;
    struct pair_options options = pair_options();
    check_about("resets in the cache");
    options.server.syn_queue = SYN_QUEUE_CACHE;
    pair_make(&pair, &options);
    flood(&pair, 5, 3);
    pair_start(&pair);
    run_until(&pair, 30 * MS);
    CHECK_EQ(world_host(pair.world, pair.server).half_open, 3);
    CHECK_EQ(pair.world->half_open.count, 3);
    CHECK_EQ(world_run(pair.world), RUN_HOLDS);
    CHECK_EQ(world_host(pair.world, pair.server).half_open, 0);
    CHECK_EQ(world_host(pair.world, pair.server).opened, 0);
    CHECK(world_now(pair.world) < SECOND);
    pair_free(&pair);
}

// Nobody answers: each entry's SYN,ACK is sent four times, 1, 2 and 4 seconds apart, and 8 seconds later it is
// forgotten.
static void test_entries_are_forgotten(void) {
    struct pair pair;
    struct pair_options options = pair_options();
    check_about("entries that nobody answers");
    options.server.syn_queue = SYN_QUEUE_CACHE;
    pair_make(&pair, &options);
    flood(&pair, 2, 3);
    lose(pair.world, pair.server, TCP_SYN | TCP_ACK, 0);
    pair_start(&pair);
    run_until(&pair, 14 * SECOND);
    CHECK_EQ(world_host(pair.world, pair.server).half_open, 2);
    CHECK_EQ(world_run(pair.world), RUN_HOLDS);
    CHECK_EQ(world_host(pair.world, pair.server).half_open, 0);
    CHECK_EQ(world_packets(pair.world), 2 + 2 * 4);
    CHECK_EQ(world_now(pair.world) / SECOND, 15);
    pair_free(&pair);
}

// A crash, and a listener that is closed, take the entries with them.
static void test_entries_end_with_their_listener(void) {
    for (int crash = 0; crash < 2; crash++) {
        struct pair pair;
        struct pair_options options = pair_options();
        check_about("the cache in %s", crash ? "a crash" : "a listener that is closed");
        options.server.syn_queue = SYN_QUEUE_CACHE;
        pair_make(&pair, &options);
        flood(&pair, 2, 3);
        lose(pair.world, pair.server, TCP_SYN | TCP_ACK, 0);
        struct step end = crash ? step_on_host(STEP_CRASH, pair.server) : step_of(STEP_UNLISTEN);
        end.port = 80;
        const struct step steps[] = {step_sleep(SECOND / 2), end};
        runs(pair.world, pair.server, steps, COUNT_OF(steps));
        pair_start(&pair);
        run_until(&pair, 400 * MS);
        CHECK_EQ(pair.world->half_open.count, 2);
        world_run(pair.world);
        CHECK_EQ(pair.world->half_open.count, 0);
        CHECK_EQ(world_host(pair.world, pair.server).half_open, 0);
        pair_free(&pair);
    }
}

// A copy of the world in which entries wait goes on as the world does.
static void test_fork(void) {
    struct pair pair;
    check_about("a fork with an entry");
    make(&pair, SYN_QUEUE_CACHE, pair_options());
    lose(pair.world, pair.server, TCP_SYN | TCP_ACK, 1);
    pair_start(&pair);
    run_until(&pair, 30 * MS);
    struct trace trace;
    trace_init(&trace);
    struct world *copy = world_fork(pair.world, &trace);
    CHECK_EQ(world_run(pair.world), RUN_HOLDS);
    CHECK_EQ(world_run(copy), RUN_HOLDS);
    CHECK_EQ(trace.length, pair.trace.length);
    CHECK_EQ(memcmp(trace.bytes, pair.trace.bytes, trace.length), 0);
    check_served(&pair);
    world_free(copy);
    trace_free(&trace);
    pair_free(&pair);
}

// ---- Cookies when the backlog is full

static void test_when_full(void) {
    struct pair pair;
    struct pair_options options = pair_options();
    check_about("cookies when full");
    options.server.syn_queue = SYN_QUEUE_COOKIES_WHEN_FULL;
    pair_make(&pair, &options);
    const struct step client[] = {step_connect(pair.server, 80), step_send(pair.world, "GET /"), step_of(STEP_CLOSE),
                                  step_of(STEP_RECV_EOF)};
    const struct step server[] = {step_recv(5), step_of(STEP_RECV_EOF), step_of(STEP_CLOSE)};
    const struct service service = {
        .port = 80, .program = world_program(pair.world, server, COUNT_OF(server)), .backlog = 1};
    for (int i = 0; i < 3; i++)
        runs(pair.world, pair.client, client, COUNT_OF(client));
    CHECK_STR(world_serves(pair.world, pair.server, &service), NULL);
    claim_all_properties(pair.world);
    CHECK_EQ(listener_at(pair.world, 0)->cookies_until, 0);
    pair_start(&pair);
    run_until(&pair, 30 * MS);
    CHECK_EQ(world_host(pair.world, pair.server).open, 1);
    CHECK(listener_at(pair.world, 0)->cookies_until > 0);
    CHECK_EQ(world_run(pair.world), RUN_HOLDS);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, 3);
    pair_free(&pair);
}

// The accept queue bounds what comes out of a cache or a cookie, too. Whose ACK was dropped, and whose first text with
// it, repeats that. (Had the client closed at once, its FIN would have met a listener that knows nothing of it.)
static void test_accept_queue(void) {
    for (int queue = SYN_QUEUE_CACHE; queue <= SYN_QUEUE_COOKIES; queue++) {
        struct pair pair;
        struct pair_options options = pair_options();
        check_about("%s", syn_queue_name((enum syn_queue)queue));
        options.server.syn_queue = (enum syn_queue)queue;
        pair_make(&pair, &options);
        const struct step client[] = {step_connect(pair.server, 80), step_send(pair.world, "GET /"),
                                      step_of(STEP_RECV_EOF), step_of(STEP_CLOSE)};
        const struct step server[] = {step_sleep(SECOND / 2), step_recv(5), step_of(STEP_CLOSE),
                                      step_of(STEP_RECV_EOF)};
        const struct service service = {
            .port = 80, .program = world_program(pair.world, server, COUNT_OF(server)), .backlog = 1, .accept = 1};
        for (int i = 0; i < 3; i++) {
            const struct step wait[] = {step_sleep((uint64_t)i * 50 * MS), client[0], client[1], client[2], client[3]};
            runs(pair.world, pair.client, wait, COUNT_OF(wait));
        }
        CHECK_STR(world_serves(pair.world, pair.server, &service), NULL);
        pair_start(&pair);
        run_until(&pair, 300 * MS);
        CHECK_EQ(world_host(pair.world, pair.server).open, 2);
        CHECK_EQ(world_run(pair.world), RUN_HOLDS);
        CHECK_EQ(world_host(pair.world, pair.server).accepted, 3);
        pair_free(&pair);
    }
}

int main(void) {
    test_visits();
    test_losses();
    test_options();
    test_forgery();
    test_age();
    test_resets_remove_entries();
    test_entries_are_forgotten();
    test_entries_end_with_their_listener();
    test_fork();
    test_when_full();
    test_accept_queue();
    return check_result();
}
