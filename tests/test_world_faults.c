// Crashes, forged segments, scripted fates, full backlogs, cables.
#include "core/seq.h"
#include "tests/worlds.h"

static struct selector any_packet(void) {
    struct selector select;
    memset(&select, 0, sizeof select);
    select.from = UINT32_MAX;
    select.to = UINT32_MAX;
    return select;
}

static struct selector with_flags(uint8_t flags) {
    struct selector select = any_packet();
    select.has_flags = true;
    select.flags = flags;
    return select;
}

static uint32_t records(const struct trace *trace, uint8_t kind, struct record *last) {
    uint32_t count = 0;
    size_t offset = 0;
    struct trace_record raw;
    struct record record;
    while (trace_next(trace, &offset, &raw)) {
        if (raw.kind != kind || !record_decode(&raw, &record)) continue;
        count++;
        if (last != NULL) *last = record;
    }
    return count;
}

// RFC 9293 figure 9: the server crashes in an established connection, and answers the next segment with RST.
static void test_crash(bool quiet) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("crash and reboot, quiet time %d", quiet);
    options.server.tcp.msl = 10 * SECOND;
    pair_make(&pair, &options);
    if (!quiet) world_without(pair.world, pair.server, TCP_RULE_QUIET_TIME);
    const struct step client[] = {step_connect(pair.server, 80),
                                  step_sleep(SECOND),
                                  step_on_host(STEP_CRASH, pair.server),
                                  step_on_host(STEP_CRASH, pair.server),  // which changes nothing
                                  step_sleep(SECOND),
                                  step_on_host(STEP_REBOOT, pair.server),
                                  step_send(pair.world, "are you there?"),
                                  failing(step_of(STEP_RECV_EOF), PROGRAM_ERROR_RESET),
                                  step_connect(pair.server, 80)};
    const struct step server[] = {failing(step_recv(100), PROGRAM_ERROR_RESET)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    world_ends(pair.world, 60 * SECOND);
    pair_run(&pair, RUN_CLAIM_FAILS);  // the second visit's server waits for ever
    CHECK(failure_of(pair.world, "programs-end-as-they-say") == NULL);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, 2);
    CHECK_EQ(connection(pair.world, pair.client, 2).tcp.state, TCP_ESTABLISHED);
    struct record drop;
    memset(&drop, 0, sizeof drop);
    uint32_t drops = records(&pair.trace, RECORD_DROP, &drop);
    CHECK_EQ(drops > 0, quiet);
    if (quiet) CHECK_EQ(drop.drop.rule, TCP_RULE_QUIET_TIME);
    CHECK_EQ(records(&pair.trace, RECORD_HOST_EVENT, NULL), quiet ? 3 : 2);
    CHECK_EQ(connection(pair.world, pair.server, 1).exists, false);
    pair_free(&pair);
}

static void test_own_crash(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("a host crashes itself and runs its boot program again");
    pair_make(&pair, &options);
    const struct step boot[] = {step_sleep(MS)};
    const struct step suicide[] = {step_sleep(10 * MS), step_on_host(STEP_CRASH, pair.client), step_sleep(MS)};
    const struct step saviour[] = {step_sleep(SECOND), step_on_host(STEP_REBOOT, pair.client)};
    CHECK_STR(world_runs(pair.world, pair.client, world_program(pair.world, boot, 1), true, 0), NULL);
    runs(pair.world, pair.client, suicide, COUNT_OF(suicide));
    runs(pair.world, pair.server, saviour, COUNT_OF(saviour));
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(records(&pair.trace, RECORD_CALL, NULL), 1 + 2 + 2 + 1);
    CHECK(world_host(pair.world, pair.client).up);
    pair_free(&pair);
}

static void test_exit(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("the server's process ends");
    pair_make(&pair, &options);
    const struct step client[] = {step_connect(pair.server, 80), step_of(STEP_RECV_EOF), step_of(STEP_CLOSE),
                                  step_of(STEP_WAIT_CLOSED),
                                  failing(step_connect(pair.server, 80), PROGRAM_ERROR_RESET)};
    const struct step server[] = {step_recv(1)};
    const struct step killer[] = {step_sleep(SECOND), step_of(STEP_EXIT), step_sleep(SECOND)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    runs(pair.world, pair.server, killer, COUNT_OF(killer));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    claim_property(pair.world, "everything-closed");
    pair_run(&pair, RUN_HOLDS);
    CHECK(connection(pair.world, pair.client, 1).peer_closed);
    pair_free(&pair);
}

// An attacker sees the connection's ACK, and resets it by one forged segment.
static void test_attacker(bool exact) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("forged RST, exact %d", exact);
    pair_make(&pair, &options);
    struct host_options attacker_options = host_named("attacker");
    struct link_settings link = link_of(MS);
    uint32_t attacker;
    CHECK_STR(world_add_host(pair.world, &attacker_options, &attacker), NULL);
    CHECK_STR(world_link(pair.world, attacker, pair.server, &link, &link), NULL);
    struct step observe = step_of(STEP_OBSERVE), inject = step_of(STEP_INJECT);
    observe.select = with_flags(TCP_ACK);
    observe.select.from = pair.client;
    inject.inject = (struct injection){.from = pair.client, .to = pair.server, .sender = attacker, .flags = TCP_RST};
    inject.inject.has_ports = true;
    inject.inject.source_port = (struct operand){.kind = OPERAND_SEEN, .field = FIELD_SOURCE_PORT};
    inject.inject.destination_port = (struct operand){.kind = OPERAND_SEEN, .field = FIELD_DESTINATION_PORT};
    inject.inject.seq = (struct operand){.kind = OPERAND_SEEN, .field = FIELD_SEG_SEQ, .add = exact ? 0 : 10};
    const struct step attack[] = {observe, step_sleep(SECOND), inject};
    const struct step client[] = {step_connect(pair.server, 80)};
    const struct step server[] = {exact ? failing(step_recv(1), PROGRAM_ERROR_RESET) : step_sleep(MS)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    runs(pair.world, attacker, attack, COUNT_OF(attack));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(world_host(pair.world, pair.server).refused, exact);
    CHECK_EQ(world_host(pair.world, pair.server).open, !exact);
    struct record packet;
    CHECK_EQ(records(&pair.trace, RECORD_PACKET, &packet), exact ? 4 : 5);  // beyond the window's edge: a challenge ACK
    pair_free(&pair);
}

// Text of an attacker who knows the numbers is delivered; the property sees where it came from.
static void test_foreign_text(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("forged text");
    pair_make(&pair, &options);
    struct step inject = step_of(STEP_INJECT);
    inject.inject = (struct injection){
        .from = pair.client, .to = pair.server, .sender = pair.client, .flags = TCP_ACK, .text_length = 4};
    inject.inject.text = world_text(pair.world, "evil", 4);
    inject.inject.seq = (struct operand){.kind = OPERAND_FIELD, .field = FIELD_RCV_NXT, .host = (uint16_t)pair.server};
    inject.inject.ack = (struct operand){.kind = OPERAND_FIELD, .field = FIELD_SND_NXT, .host = (uint16_t)pair.server};
    inject.inject.wnd = (struct operand){.kind = OPERAND_NUMBER, .add = 1000};
    const struct step client[] = {step_connect(pair.server, 80), step_sleep(SECOND), inject};
    const struct step server[] = {step_recv(4)};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    claim_property(pair.world, "text-is-from-this-incarnation");
    claim_property(pair.world, "synchronized-ends-agree");
    world_ends(pair.world, 2 * SECOND);
    pair_run(&pair, RUN_CLAIM_FAILS);
    CHECK_CONTAINS(failure_of(pair.world, "text-is-from-this-incarnation"), "connection 1 of server (ESTABLISHED)");
    CHECK(failure_of(pair.world, "synchronized-ends-agree") == NULL);
    CHECK(connection(pair.world, pair.server, 1).foreign_text);
    check_received(pair.world, pair.server, 1, "evil");
    struct record delivery = {0};
    CHECK_EQ(records(&pair.trace, RECORD_DELIVERY, &delivery), 1);
    CHECK(delivery.delivery.foreign);
    pair_free(&pair);
}

static void test_backlog(bool bounded) {
    enum { FLOOD = 5, BACKLOG = 3 };
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("SYN flood, bounded %d", bounded);
    pair_make(&pair, &options);
    if (!bounded) world_without(pair.world, pair.server, TCP_RULE_LISTEN_BACKLOG);
    struct step flood[FLOOD];
    for (uint32_t i = 0; i < FLOOD; i++) {
        flood[i] = step_of(STEP_INJECT);
        flood[i].inject =
            (struct injection){.from = pair.client, .to = pair.server, .sender = pair.client, .flags = TCP_SYN};
        flood[i].inject.has_ports = true;
        flood[i].inject.source_port.add = 2000 + i;
        flood[i].inject.destination_port.add = 80;
        flood[i].inject.seq.add = 1000;
    }
    // The client's resets would free the backlog at once: they are lost.
    struct selector resets = with_flags(TCP_RST);
    const struct fate_order lost = {.drop = true};
    CHECK_STR(world_fate(pair.world, &resets, &lost, 0), NULL);
    const struct step server[] = {step_recv(1)};
    runs(pair.world, pair.client, flood, FLOOD);
    const struct service service = {.port = 80, .program = world_program(pair.world, server, 1), .backlog = BACKLOG};
    CHECK_STR(world_serves(pair.world, pair.server, &service), NULL);
    world_ends(pair.world, SECOND / 2);
    pair_run(&pair, RUN_HOLDS);
    struct host_view view = world_host(pair.world, pair.server);
    CHECK_EQ(view.half_open, bounded ? BACKLOG : FLOOD);
    CHECK_EQ(view.accepted, 0);
    struct record drop;
    memset(&drop, 0, sizeof drop);
    CHECK_EQ(records(&pair.trace, RECORD_DROP, &drop), bounded ? FLOOD - BACKLOG : 0);
    if (bounded) CHECK_EQ(drop.drop.rule, TCP_RULE_LISTEN_BACKLOG);
    pair_free(&pair);
}

// The article's impatient visitor: the first SYN is held back for seconds.
static void test_stale_syn(bool three_way) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("stale duplicate SYN, three-way handshake %d", three_way);
    pair_make(&pair, &options);
    if (!three_way) world_without(pair.world, UINT32_MAX, TCP_RULE_THREE_WAY_HANDSHAKE);
    struct selector first = with_flags(TCP_SYN);
    first.from = pair.client;
    first.connection = 1;
    const struct fate_order held = {.hold = 3 * SECOND};
    CHECK_STR(world_fate(pair.world, &first, &held, 0), NULL);
    struct step impatient = step_connect(pair.server, 80);
    impatient.flag = false;
    struct step close = step_of(STEP_CLOSE);
    const struct step client[] = {impatient,
                                  step_sleep(2 * SECOND),
                                  step_of(STEP_ABORT),
                                  step_connect(pair.server, 80),
                                  step_send(pair.world, "GET /"),
                                  step_of(STEP_RECV_EOF),
                                  close};
    struct step recv = step_recv(5);
    recv.outcome = OUTCOME_MAY_FAIL;
    const struct step server[] = {recv, step_send(pair.world, "200 OK"), close};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    claim_property(pair.world, "synchronized-ends-agree");
    claim_property(pair.world, "no-ghost-connection");
    pair_run(&pair, three_way ? RUN_HOLDS : RUN_CLAIM_FAILS);
    CHECK_EQ(world_host(pair.world, pair.server).accepted > 1, !three_way);
    CHECK_EQ(failure_of(pair.world, "no-ghost-connection") == NULL, three_way);
    check_received(pair.world, pair.client, 2, "200 OK");
    pair_free(&pair);
}

static void test_nth_and_duplicates(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("the second SYN alone is lost; the FIN comes three times");
    pair_make(&pair, &options);
    struct selector syn = with_flags(TCP_SYN), fin = with_flags(TCP_FIN | TCP_ACK);
    const struct fate_order lost = {.drop = true}, thrice = {.duplicates = 2, .spacing = MS};
    syn.nth = 1;
    CHECK_STR(world_fate(pair.world, &syn, &lost, 0), NULL);
    syn.nth = 2;
    CHECK_STR(world_fate(pair.world, &syn, &lost, 0), NULL);
    fin.from = pair.client;
    fin.nth = 1;
    CHECK_STR(world_fate(pair.world, &fin, &thrice, 0), NULL);
    visit(&pair);
    claim_all_properties(pair.world);
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(connection(pair.world, pair.server, 1).born, 3 * SECOND + 20 * MS);  // 1 s, then 2 s
    CHECK_EQ(records(&pair.trace, TRACE_KIND_FATE, NULL), world_packets(pair.world) + 2);
    pair_free(&pair);
}

static void test_cable(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("the cable is pulled and put back");
    pair_make(&pair, &options);
    struct step down = step_on_host(STEP_LINK, pair.client), up = down;
    down.host2 = up.host2 = pair.server;
    up.flag = true;
    const struct step client[] = {step_connect(pair.server, 80), down, step_send(pair.world, "GET /"),
                                  step_of(STEP_RECV_EOF), step_of(STEP_CLOSE)};
    const struct step server[] = {step_recv(5), step_send(pair.world, "200 OK"), step_of(STEP_CLOSE)};
    const struct step fitter[] = {step_sleep(5 * SECOND), up};
    runs(pair.world, pair.client, client, COUNT_OF(client));
    runs(pair.world, pair.client, fitter, COUNT_OF(fitter));
    serves(pair.world, pair.server, 80, server, COUNT_OF(server));
    claim_all_properties(pair.world);
    pair_run(&pair, RUN_HOLDS);
    check_received(pair.world, pair.server, 1, "GET /");
    pair_free(&pair);
}

static void test_listen_steps(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    check_about("LISTEN and UNLISTEN as steps; waiting for the host's newest connection");
    pair_make(&pair, &options);
    const struct step served[] = {step_of(STEP_RECV_EOF), step_of(STEP_CLOSE)};
    struct step listen = step_of(STEP_LISTEN), unlisten = step_of(STEP_UNLISTEN), wait = step_of(STEP_WAIT_STATE);
    listen.port = unlisten.port = 80;
    listen.program = world_program(pair.world, served, COUNT_OF(served));
    wait.state = TCP_ESTABLISHED;
    const struct step server[] = {listen, failing(listen, PROGRAM_ERROR_ALREADY_EXISTS), wait, unlisten,
                                  failing(unlisten, PROGRAM_ERROR_DOES_NOT_EXIST)};
    const struct step client[] = {step_connect(pair.server, 80), step_sleep(SECOND), step_of(STEP_CLOSE),
                                  step_of(STEP_WAIT_CLOSED),
                                  failing(step_connect(pair.server, 80), PROGRAM_ERROR_RESET)};
    runs(pair.world, pair.server, server, COUNT_OF(server));
    runs(pair.world, pair.client, client, COUNT_OF(client));
    pair_run(&pair, RUN_HOLDS);
    CHECK_EQ(world_host(pair.world, pair.server).accepted, 1);
    pair_free(&pair);
}

static void test_bad_worlds(void) {
    struct pair_options options = pair_options();
    struct pair pair;
    uint32_t line = 0, host;
    check_about("worlds that don't fit together");
    pair_make(&pair, &options);
    struct link_settings link = link_of(MS);
    CHECK_STR(world_add_host(pair.world, &options.client, &host), "another host has this name");
    CHECK_STR(world_link(pair.world, 0, 0, &link, &link), "a link needs two different hosts");
    CHECK_STR(world_link(pair.world, 1, 0, &link, &link), "these hosts are linked already");
    link.loss = 1000001;
    CHECK_STR(world_link(pair.world, 0, 1, &link, &link), "these hosts are linked already");
    struct host_options lonely = host_named("lonely");
    CHECK_STR(world_add_host(pair.world, &lonely, &host), NULL);
    CHECK_STR(world_link(pair.world, 0, host, &link, &link), "a probability is at most 1");
    struct step connect = step_connect(host, 80);
    connect.line = 17;
    runs(pair.world, pair.client, &connect, 1);
    CHECK_STR(world_start(pair.world, &line), "there is no link between 'client' and 'lonely'");
    CHECK_EQ(line, 17);
    pair_free(&pair);
}

int main(void) {
    test_crash(true);
    test_crash(false);
    test_own_crash();
    test_exit();
    test_attacker(true);
    test_attacker(false);
    test_foreign_text();
    test_backlog(true);
    test_backlog(false);
    test_stale_syn(true);
    test_stale_syn(false);
    test_nth_and_duplicates();
    test_cable();
    test_listen_steps();
    test_bad_worlds();
    return check_result();
}
