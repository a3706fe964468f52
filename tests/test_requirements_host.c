// Requirements of RFC 9293 appendix B on the host around the state machine: OPEN, addresses, reports to programs. Which
// requirement is shown where is in core/ledger.def.
#include "tests/worlds.h"

static const struct record_endpoint four[] = {{.family = 4, .address = {10, 1, 0, 1}},
                                              {.family = 4, .address = {10, 1, 0, 2}},
                                              {.family = 4, .address = {10, 2, 0, 1}},
                                              {.family = 4, .address = {10, 2, 0, 2}}};
static const struct record_endpoint six[] = {{.family = 6, .address = {0xfd, [15] = 1}},
                                             {.family = 6, .address = {0xfd, [15] = 2}}};

static bool same_address(const struct record_endpoint *a, const struct record_endpoint *b) {
    return a->family == b->family && memcmp(a->address, b->address, sizeof a->address) == 0;
}

// The next record of that kind; false: there is none.
static bool next_record(const struct trace *trace, size_t *offset, uint8_t kind, struct record *record) {
    struct trace_record raw;
    while (trace_next(trace, offset, &raw))
        if (CHECK(record_decode(&raw, record)) && record->kind == kind) return true;
    return false;
}

// Every packet between the two bears these addresses.
static void check_addresses(const struct pair *pair, const struct record_endpoint *client,
                            const struct record_endpoint *server) {
    struct record record;
    unsigned count = 0;
    for (size_t offset = 0; next_record(&pair->trace, &offset, RECORD_PACKET, &record); count++) {
        bool forth = record.packet.host == pair->client;
        CHECK(same_address(&record.packet.from, forth ? client : server));
        CHECK(same_address(&record.packet.to, forth ? server : client));
    }
    CHECK(count > 5);
}

static void run_until(const struct pair *pair, uint64_t time) {
    while (world_now(pair->world) < time && world_step(pair->world) == RUN_RUNNING)
        ;
}

static void lose(struct world *world, uint32_t from, uint8_t flags, uint32_t ordinal) {
    struct selector select;
    const struct fate_order lost = {.drop = true};
    memset(&select, 0, sizeof select);
    select.from = from;
    select.to = UINT32_MAX;
    select.connection = ordinal;
    select.has_flags = true;
    select.flags = flags;
    CHECK_STR(world_fate(world, &select, &lost, 0), NULL);
}

static struct step step_listen(struct world *world, uint16_t port) {
    struct step step = step_of(STEP_LISTEN);
    const struct step sink = step_of(STEP_SINK);
    step.port = port;
    step.program = world_program(world, &sink, 1);
    return step;
}

// ---- OPEN

// MUST-41: a second LISTEN is refused; the listener that was there, and its connection, go on.
static void test_passive_open_disturbs_nobody(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    pair_make(&pair, &options);
    struct world *world = pair.world;
    const struct step client[] = {step_connect(pair.server, 80), step_recv(2),
                                  step_send(world, "GET"),       step_recv(2),
                                  step_of(STEP_CLOSE),           step_of(STEP_RECV_EOF)};
    const struct step server[] = {step_send(world, "hi"), failing(step_listen(world, 80), PROGRAM_ERROR_ALREADY_EXISTS),
                                  step_recv(3), step_send(world, "OK"), step_of(STEP_CLOSE)};
    runs(world, pair.client, client, COUNT_OF(client));
    runs(world, pair.client, client, COUNT_OF(client));
    serves(world, pair.server, 80, server, COUNT_OF(server));
    pair_run(&pair, RUN_HOLDS);
    check_received(world, pair.client, 1, "hiOK");
    check_received(world, pair.client, 2, "hiOK");
    pair_free(&pair);
}

// MUST-42: LISTEN on a port from which a SYN was sent that nobody has answered.
static void test_listen_beside_syn_sent(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    pair_make(&pair, &options);
    struct step ask = step_connect(pair.client, 9);
    ask.flag = false;
    ask.has_local_port = true;
    ask.local_port = 80;
    lose(pair.world, pair.server, TCP_SYN, 1);
    const struct step server[] = {ask, step_listen(pair.world, 80)};
    const struct step client[] = {step_sleep(MS), step_connect(pair.server, 80)};
    runs(pair.world, pair.server, server, COUNT_OF(server));
    runs(pair.world, pair.client, client, COUNT_OF(client));
    pair_start(&pair);
    run_until(&pair, SECOND);
    CHECK_EQ(connection(pair.world, pair.server, 1).tcp.state, TCP_SYN_SENT);
    CHECK_EQ(connection(pair.world, pair.server, 2).tcp.state, TCP_ESTABLISHED);
    CHECK_EQ(connection(pair.world, pair.server, 2).local.port, 80);
    pair_free(&pair);
}

// The same, where a connection of the port is in SYN-RECEIVED.
static void test_listen_beside_syn_received(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    pair_make(&pair, &options);
    struct step unlisten = step_of(STEP_UNLISTEN), ask = step_connect(pair.server, 80);
    unlisten.port = 80;
    ask.flag = false;
    lose(pair.world, pair.server, TCP_SYN | TCP_ACK, 1);
    const struct step server[] = {step_listen(pair.world, 80), step_sleep(100 * MS), unlisten,
                                  step_listen(pair.world, 80)};
    const struct step client[] = {step_sleep(MS), ask, step_sleep(200 * MS), step_connect(pair.server, 80)};
    runs(pair.world, pair.server, server, COUNT_OF(server));
    runs(pair.world, pair.client, client, COUNT_OF(client));
    pair_start(&pair);
    run_until(&pair, 900 * MS);
    CHECK_EQ(connection(pair.world, pair.server, 1).tcp.state, TCP_SYN_RECEIVED);
    CHECK_EQ(connection(pair.world, pair.server, 2).tcp.state, TCP_ESTABLISHED);
    pair_free(&pair);
}

static void two_addresses(struct host_options *options, const struct record_endpoint *addresses) {
    options->address_count = 2;
    memcpy(options->address, addresses, 2 * sizeof *addresses);
}

// MUST-43, MUST-45: the user names one of the host's addresses: for an active OPEN that it comes from, and for a
// passive one that alone is listened on.
static void test_local_address_is_given(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    two_addresses(&options.client, four);
    two_addresses(&options.server, four + 2);
    pair_make(&pair, &options);
    const struct step echo = step_of(STEP_ECHO);
    struct service service = {.port = 80, .address = 1, .program = world_program(pair.world, &echo, 1)};
    CHECK_STR(world_serves(pair.world, pair.server, &service), NULL);
    CHECK(world_serves(pair.world, pair.server, &service) != NULL);  // twice
    service.address = 2;
    CHECK_STR(world_serves(pair.world, pair.server, &service), NULL);
    service.port = 81;
    CHECK_STR(world_serves(pair.world, pair.server, &service), NULL);
    service.address = 3;
    CHECK(world_serves(pair.world, pair.server, &service) != NULL);  // it has two
    struct step from_second = step_connect(pair.server, 80);
    from_second.address = 2;
    const struct step client[] = {from_second, step_send(pair.world, "hello"), step_recv(5), step_of(STEP_CLOSE),
                                  step_of(STEP_RECV_EOF)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    pair_run(&pair, RUN_HOLDS);
    check_addresses(&pair, &four[1], &four[2]);
    pair_free(&pair);

    // Port 81 is listened on, but not at the address that the SYN is for.
    pair_make(&pair, &options);
    service = (struct service){.port = 81, .address = 2, .program = world_program(pair.world, &echo, 1)};
    CHECK_STR(world_serves(pair.world, pair.server, &service), NULL);
    const struct step refused = failing(step_connect(pair.server, 81), PROGRAM_ERROR_RESET);
    runs(pair.world, pair.client, &refused, 1);
    pair_run(&pair, RUN_HOLDS);
    pair_free(&pair);
}

// MUST-44, MUST-45: left to itself, the host takes the address that suits the peer, and stays with it.
static void test_local_address_is_chosen(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    const struct record_endpoint both[] = {four[0], six[0]};
    two_addresses(&options.client, both);
    options.server.address_count = 1;
    options.server.address[0] = six[1];
    pair_make(&pair, &options);
    visit(&pair);
    pair_run(&pair, RUN_HOLDS);
    check_addresses(&pair, &six[0], &six[1]);
    pair_free(&pair);
}

// MUST-67: what fits into an Ethernet's 1500 octets behind the headers of IP and TCP.
static void test_mss_of_each_version(void) {
    for (int version = 4; version <= 6; version += 2) {
        struct pair_options options = pair_options();
        struct pair pair;
        struct record record;
        options.client.address_count = options.server.address_count = 1;
        options.client.address[0] = version == 4 ? four[0] : six[0];
        options.server.address[0] = version == 4 ? four[1] : six[1];
        pair_make(&pair, &options);
        visit(&pair);
        pair_run(&pair, RUN_HOLDS);
        unsigned syns = 0;
        for (size_t offset = 0; next_record(&pair.trace, &offset, RECORD_PACKET, &record);) {
            if (!(record.packet.segment.flags & TCP_SYN)) continue;
            CHECK_EQ(record.packet.segment.mss, version == 4 ? 1500 - 20 - 20 : 1500 - 40 - 20);
            syns++;
        }
        CHECK_EQ(syns, 2);
        pair_free(&pair);
    }
}

// MUST-8: between two connections of the same ends the ISN moves on by one for each 4 microseconds.
static void test_isn_follows_clock(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    pair_make(&pair, &options);
    struct step open = step_connect(pair.server, 80);
    open.has_local_port = true;
    open.local_port = 5000;
    const struct step client[] = {open, step_of(STEP_ABORT), step_sleep(1234567 * 1000), open, step_of(STEP_ABORT)};
    const struct step server = failing(step_of(STEP_RECV_EOF), PROGRAM_ERROR_RESET);
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, &server, 1);
    pair_run(&pair, RUN_HOLDS);
    struct connection_view first = connection(pair.world, pair.client, 1);
    struct connection_view second = connection(pair.world, pair.client, 2);
    CHECK_EQ(second.tcp.iss - first.tcp.iss, (uint32_t)(second.born / 4000 - first.born / 4000));
    CHECK(second.born - first.born > SECOND);
    pair_free(&pair);
}

// SHLD-20: a program that waits for an answer is not disturbed by what TCP reports meanwhile.
static void test_reports_disturb_nobody(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    struct record record;
    options.link.down_count = 1;
    options.link.down[0].from = 50 * MS;
    options.link.down[0].to = 12 * SECOND;
    pair_make(&pair, &options);
    const struct step client[] = {
        step_connect(pair.server, 7), step_sleep(100 * MS),  step_send(pair.world, "hello"), step_recv(5),
        step_of(STEP_CLOSE),          step_of(STEP_RECV_EOF)};
    const struct step echo = step_of(STEP_ECHO);
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 7, &echo, 1);
    pair_run(&pair, RUN_HOLDS);
    check_received(pair.world, pair.client, 1, "hello");
    unsigned reports = 0;
    for (size_t offset = 0; next_record(&pair.trace, &offset, RECORD_SIGNAL, &record);)
        reports += record.signal.signal == TCP_SIGNAL_SOFT_ERROR;
    CHECK_EQ(reports, 1);
    pair_free(&pair);
}

// ---- Addresses that are nobody's, and ICMP

static const struct record_endpoint nobodys[] = {
    {.family = 4, .address = {0}},                     // unspecified
    {.family = 4, .address = {224, 0, 0, 1}},          // multicast
    {.family = 4, .address = {255, 255, 255, 255}},    // broadcast
    {.family = 6, .address = {0}},                     // unspecified
    {.family = 6, .address = {0xff, 0x02, [15] = 1}},  // multicast
};

// MUST-46: an OPEN names a host, and no host can have such an address.
static void test_nobody_to_open_to(void) {
    for (uint32_t i = 0; i < COUNT_OF(nobodys); i++) {
        struct world *world = world_new(1, NULL);
        struct host_options options = host_named("server");
        uint32_t number;
        options.address_count = 1;
        options.address[0] = nobodys[i];
        check_about("address %u", i);
        CHECK(world_add_host(world, &options, &number) != NULL);
        CHECK_EQ(world_hosts(world), 0);
        world_free(world);
    }
    check_about(NULL);
}

// MUST-57, MUST-63: a SYN to such an address, or from one, draws nothing and opens nothing. Between two hosts it does.
static void test_syn_of_nobody(void) {
    enum { BETWEEN_HOSTS = COUNT_OF(nobodys) };
    for (uint32_t i = 0; i <= BETWEEN_HOSTS; i++)
        for (int from = 0; from <= 1; from++) {
            struct pair_options options = pair_options();
            struct pair pair;
            uint32_t address = 0;
            check_about("address %u, %s it", i, from ? "from" : "to");
            pair_make(&pair, &options);
            uint32_t whose = from ? pair.client : pair.server;
            if (i < BETWEEN_HOSTS) CHECK_STR(world_odd_address(pair.world, &nobodys[i], whose, &address), NULL);
            struct step syn = step_of(STEP_INJECT), sink = step_of(STEP_SINK);
            syn.inject = (struct injection){
                .from = pair.client, .to = pair.server, .sender = pair.client, .flags = TCP_SYN, .has_ports = true};
            syn.inject.source_port.add = 2000;
            syn.inject.destination_port.add = 80;
            if (from)
                syn.inject.source_address = address;
            else
                syn.inject.destination_address = address;
            runs(pair.world, pair.client, &syn, 1);
            serves(pair.world, pair.server, 80, &sink, 1);
            pair_run(&pair, RUN_HOLDS);
            CHECK_EQ(world_host(pair.world, pair.server).opened, i == BETWEEN_HOSTS);
            CHECK_EQ(world_packets(pair.world) > 1, i == BETWEEN_HOSTS);
            pair_free(&pair);
        }
    check_about(NULL);
}

// MUST-54: of two connections between the same hosts, the one whose segment is quoted is told.
static void test_icmp_finds_its_connection(void) {
    for (uint32_t told = 1; told <= 2; told++) {
        struct pair_options options = pair_options();
        struct pair pair;
        pair_make(&pair, &options);
        struct step error = step_of(STEP_INJECT);
        const struct operand port = {
            .kind = OPERAND_FIELD, .field = FIELD_LOCAL_PORT, .host = (uint16_t)pair.client, .connection = told};
        error.inject = (struct injection){.from = pair.server,
                                          .to = pair.client,
                                          .sender = pair.server,
                                          .icmp = TCP_ICMP_HOST_UNREACHABLE,
                                          .has_ports = true,
                                          .destination_port = port,
                                          .seq = port};
        error.inject.source_port.add = 80;
        error.inject.seq.field = FIELD_SND_UNA;
        const struct step client[] = {step_connect(pair.server, 80), step_send(pair.world, "hello")};
        const struct step router[] = {step_sleep(500 * MS), error};
        const struct step sink = step_of(STEP_SINK);
        lose(pair.world, pair.client, TCP_ACK | TCP_PSH, 0);
        runs(pair.world, pair.client, client, COUNT_OF(client));
        runs(pair.world, pair.client, client, COUNT_OF(client));
        runs(pair.world, pair.server, router, COUNT_OF(router));
        serves(pair.world, pair.server, 80, &sink, 1);
        pair_start(&pair);
        run_until(&pair, SECOND);
        for (uint32_t i = 1; i <= 2; i++)
            CHECK_EQ(connection(pair.world, pair.client, i).tcp.soft_error, i == told ? TCP_ICMP_HOST_UNREACHABLE : 0);
        pair_free(&pair);
    }
}

// MUST-40: no host delays an ACK for half a second.
static void test_ack_delay_is_bounded(void) {
    const uint64_t delays[] = {0, 499 * MS, 500 * MS, SECOND};
    for (size_t i = 0; i < COUNT_OF(delays); i++) {
        struct pair_options options = pair_options();
        struct pair pair;
        pair_make(&pair, &options);
        uint32_t host;
        options.client.name = "another";
        options.client.address_count = 0;
        options.client.tcp.delayed_ack = delays[i];
        CHECK_STR(world_add_host(pair.world, &options.client, &host),
                  delays[i] < 500 * MS ? NULL : "the delay of an ACK is less than half a second (MUST-40)");
        pair_free(&pair);
    }
}

int main(void) {
    test_ack_delay_is_bounded();
    test_passive_open_disturbs_nobody();
    test_listen_beside_syn_sent();
    test_listen_beside_syn_received();
    test_local_address_is_given();
    test_local_address_is_chosen();
    test_mss_of_each_version();
    test_isn_follows_clock();
    test_reports_disturb_nobody();
    test_nobody_to_open_to();
    test_syn_of_nobody();
    test_icmp_finds_its_connection();
    return check_result();
}
