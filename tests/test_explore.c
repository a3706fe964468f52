// explore: its number of states is that of a slow enumerator that keeps whole worlds and compares everything; digests
// and whole states agree; what a missing rule breaks is found by a shortest way.
#include <inttypes.h>
#include <stdlib.h>

#include "sim/host/internal.h"
#include "sim/search/edges.h"
#include "sim/search/explore.h"
#include "sim/search/graph.h"
#include "sim/search/livelock.h"
#include "tests/worlds.h"

// ---- Small worlds ---------------------------------------------------------------------------------------------

struct small {
    void (*build)(struct pair *pair);
    enum tcp_rule without;
    const char *claims[4];
};

static struct world *make(void *context, struct trace *trace, const char *command, void **handle) {
    const struct small *small = context;
    (void)command;
    struct pair_options options = pair_options();
    options.client.iss_count = options.server.iss_count = 2;
    options.client.iss[0] = 100;
    options.client.iss[1] = 900;
    options.server.iss[0] = 300;
    options.server.iss[1] = 700;
    struct pair pair;
    pair_make(&pair, &options);
    trace_free(&pair.trace);
    world_free(pair.world);
    pair.world = world_new(1, trace);
    CHECK_STR(world_add_host(pair.world, &options.client, &pair.client), NULL);
    CHECK_STR(world_add_host(pair.world, &options.server, &pair.server), NULL);
    CHECK_STR(world_link(pair.world, pair.client, pair.server, &options.link, &options.link), NULL);
    if (small->without != TCP_RULE_NONE) world_without(pair.world, UINT32_MAX, small->without);
    small->build(&pair);
    for (unsigned i = 0; i < 4 && small->claims[i] != NULL; i++)
        claim_property(pair.world, small->claims[i]);
    world_hold(pair.world);
    pair_start(&pair);
    *handle = pair.world;
    return pair.world;
}

static void drop(void *context, void *handle) {
    (void)context;
    world_free(handle);
}

static struct subject subject_of(struct small *small) {
    return (struct subject){.name = "small", .context = small, .forks = true, .make = make, .drop = drop};
}

static void handshake(struct pair *pair) {
    const struct step client[] = {step_connect(pair->server, 80)};
    runs(pair->world, pair->client, client, COUNT_OF(client));
    serves(pair->world, pair->server, 80, client, 0);
}

// One visit, closed from both sides.
static void teardown(struct pair *pair) {
    const struct step client[] = {step_connect(pair->server, 80), step_of(STEP_CLOSE), step_of(STEP_RECV_EOF)};
    const struct step server[] = {step_of(STEP_RECV_EOF), step_of(STEP_CLOSE)};
    runs(pair->world, pair->client, client, COUNT_OF(client));
    serves(pair->world, pair->server, 80, server, COUNT_OF(server));
}

// The first visitor is gone before his SYN arrives.
static void stale_syn(struct pair *pair) {
    struct step connect = step_connect(pair->server, 80);
    connect.flag = false;
    const struct step client[] = {connect, step_of(STEP_ABORT), step_connect(pair->server, 80), step_of(STEP_CLOSE),
                                  step_of(STEP_RECV_EOF)};
    struct step eof = step_of(STEP_RECV_EOF);
    eof.outcome = OUTCOME_MAY_FAIL;
    const struct step server[] = {eof, step_of(STEP_CLOSE)};
    runs(pair->world, pair->client, client, COUNT_OF(client));
    serves(pair->world, pair->server, 80, server, COUNT_OF(server));
}

static void text_and_sleep(struct pair *pair) {
    struct world *world = pair->world;
    const struct step client[] = {step_connect(pair->server, 80), step_send(world, "GET /"), step_sleep(SECOND),
                                  step_of(STEP_CLOSE), step_of(STEP_RECV_EOF)};
    const struct step server[] = {step_recv(5), step_of(STEP_CLOSE)};
    runs(world, pair->client, client, COUNT_OF(client));
    serves(world, pair->server, 80, server, COUNT_OF(server));
}

// The client waits for text that nobody sends.
static void nobody_sends(struct pair *pair) {
    const struct step client[] = {step_connect(pair->server, 80), step_recv(1)};
    const struct step server[] = {step_recv(1)};
    runs(pair->world, pair->client, client, COUNT_OF(client));
    serves(pair->world, pair->server, 80, server, COUNT_OF(server));
}

// The client comes to a server that is not up. It goes on trying, until it gives up.
static void nobody_home(struct pair *pair) {
    struct step crash = step_of(STEP_CRASH), connect = step_connect(pair->server, 80);
    crash.host = pair->server;
    connect.outcome = OUTCOME_MAY_FAIL;
    const struct step client[] = {crash, connect};
    runs(pair->world, pair->client, client, COUNT_OF(client));
}

// The client goes on trying for as long as the server sleeps before it opens its port.
static void late_listener(struct pair *pair) {
    nobody_home(pair);
    struct step reboot = step_of(STEP_REBOOT);
    reboot.host = pair->server;
    const struct step friend[] = {step_sleep(SECOND), reboot};
    runs(pair->world, pair->client, friend, COUNT_OF(friend));
}

// Nobody listens, and the visitor is gone before he is told.
static void refused(struct pair *pair) {
    struct step connect = step_connect(pair->server, 80);
    connect.flag = false;
    const struct step client[] = {connect, step_of(STEP_ABORT)};
    runs(pair->world, pair->client, client, COUNT_OF(client));
}

static struct explore_options within(uint8_t drop_budget, uint8_t duplicate, uint8_t overtake, uint8_t fire) {
    return (struct explore_options){.limits = {.budget = {drop_budget, duplicate, overtake, fire}},
                                    .memory = (size_t)1 << 30};
}

// ---- A slow enumerator: whole worlds, and everything compared --------------------------------------------------

static void say_tcb(FILE *out, const struct tcp_connection *tcp) {
    fprintf(out, "%u,%u,%x,%u,%u,%u", tcp->state, tcp->compartment, tcp->flags, tcp->repeats, tcp->probes,
            tcp->ack_rule);
    const uint32_t numbers[] = {
        tcp->snd_una,     tcp->snd_nxt,  tcp->snd_wnd,       tcp->snd_wl1, tcp->snd_wl2,    tcp->snd_end,
        tcp->max_snd_wnd, tcp->iss,      tcp->rcv_nxt,       tcp->rcv_wnd, tcp->rcv_user,   tcp->irs,
        tcp->held_fin,    tcp->recover,  tcp->snd_up,        tcp->rcv_up,  tcp->snd_mss,    tcp->rcv_mss,
        tcp->snd_source,  tcp->high_rxt, tcp->last_ack_sent, tcp->rounds,  tcp->held_order, tcp->duplicate_acks};
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        fprintf(out, ",%" PRIu32, numbers[i]);
    for (int timer = 0; timer < TCP_TIMERS; timer++)
        fprintf(out, ",%d", tcp->deadline[timer] != TCP_NEVER);
    fprintf(out, ",%" PRIu32, abstract_silence(tcp));
    for (uint32_t i = 0; i < tcp->held_count; i++)
        fprintf(out, ",[%" PRIu32 " %" PRIu32 " %" PRIu32 "]", tcp->held[i].seq, tcp->held[i].len, tcp->held[i].source);
}

static void say_segment(FILE *out, const struct flight *flight) {
    const struct tcp_segment *segment = &flight->segment;
    fprintf(out,
            "packet %" PRIu32 " %d %016" PRIx64 " %x %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32
            " %u %u %u %u %" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
            (uint32_t)flight->direction, flight->loose, tuple_key(flight->tuple), segment->flags, segment->seq,
            segment->ack, segment->len, segment->source, segment->wnd, segment->mss, segment->up, segment->options,
            flight->sender_source, flight->receiver_source, flight->sender);
}

static void say_host(FILE *out, const struct world *world, uint32_t number) {
    const struct host *host = world_host_at(world, number);
    fprintf(out, "host %d %u %u %u %u %u %u\n", host->up, host->opened, host->accepted, host->refused, host->open,
            host->half_open, host->next_port);
    for (uint32_t ordinal = 1; ordinal <= host->opened; ordinal++) {
        for (uint32_t i = 0; i < world->sockets.count; i++) {
            const struct socket *socket = pool_at(&world->sockets, i, NULL);
            if (socket == NULL || socket->host != number || socket->ordinal != ordinal) continue;
            fprintf(out, "socket %016" PRIx64 " %x %u %u %u %" PRIu64 " %" PRIu64 " %" PRIu64 " ",
                    tuple_key(socket->tuple), socket->flags, socket->listener, socket->peer_source, socket->reason,
                    socket->sent, socket->received, socket->delivered);
            say_tcb(out, &socket->tcp);
            fputc('\n', out);
        }
        struct connection_view view;
        if (!world->keeps || !world_connection(world, number, ordinal, &view) || view.exists) continue;
        fprintf(out, "past %u %u %d%d%d%d%d%d%d%d %u %" PRIu64 " %" PRIu64 " ", view.local.port, view.remote.port,
                view.passive, view.accepted, view.established, view.peer_closed, view.timed_out, view.foreign_text,
                view.urgent, view.troubled, view.resets, view.sent, view.received);
        struct tcp_connection tcp = view.tcp;
        tcp.flags &= ~(uint32_t)TCP_CONNECTION_TIMING;
        if (tcp.repeats > 3) tcp.repeats = 3;
        say_tcb(out, &tcp);
        fputc('\n', out);
    }
}

// Everything that a later step can read, in words.
static char *say_world(const struct world *world) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; i < BUDGETS; i++)
        fprintf(out, "%u ", world->abstract->left[i]);
    for (uint32_t i = 0; i < world->host_count; i++)
        say_host(out, world, i);
    struct order order;
    abstract_order(world, &order);
    for (uint32_t i = 0; i < order.processes; i++) {
        const struct process *process = process_at(world, order.process[i]);
        fprintf(out, "process %u %u %u %d%d%d %u %u %u %u %d\n", process->host, process->program, process->place,
                process->begun, process->opened, process->over, process->connection, process->end, process->left,
                process->unread, process->until == TCP_NEVER);
    }
    for (uint32_t i = 0; i < world->abstract->count; i++)
        say_segment(out, &world->abstract->flight[i]);
    for (uint32_t i = 0; i < world->listeners.count; i++)
        fprintf(out, "listener %u %u\n", listener_at(world, i)->half_open, listener_at(world, i)->running);
    fclose(out);
    return text;
}

struct enumerated {
    uint64_t states, transitions;
};

static struct enumerated enumerate(struct small *small, const struct explore_options *options) {
    enum { MOST = 20000 };
    struct world **worlds = calloc(MOST, sizeof(void *));
    char **words = calloc(MOST, sizeof(void *));
    struct enumerated seen = {1, 0};
    void *handle;
    worlds[0] = make(small, NULL, NULL, &handle);
    abstract_begin(worlds[0], &options->limits);
    world_begin(worlds[0]);
    words[0] = say_world(worlds[0]);
    for (uint64_t i = 0; i < seen.states; i++) {
        struct action list[ABSTRACT_ACTIONS];
        bool cut;
        uint32_t count = abstract_actions(worlds[i], list, &cut);
        for (uint32_t k = 0; k < count && seen.states < MOST; k++) {
            struct world *next = world_fork(worlds[i], NULL);
            abstract_act(next, list[k]);
            seen.transitions++;
            char *said = say_world(next);
            uint64_t at = 0;
            while (at < seen.states && strcmp(said, words[at]) != 0)
                at++;
            if (at < seen.states) {
                free(said);
                world_free(next);
                continue;
            }
            worlds[seen.states] = next;
            words[seen.states++] = said;
        }
    }
    for (uint64_t i = 0; i < seen.states; i++) {
        world_free(worlds[i]);
        free(words[i]);
    }
    free(worlds);
    free(words);
    return seen;
}

static void counts_agree(const char *name, void (*build)(struct pair *), struct explore_options options) {
    struct small small = {.build = build};
    struct subject subject = subject_of(&small);
    struct explored explored, exact;
    check_about("%s, budgets %u %u %u %u", name, options.limits.budget[0], options.limits.budget[1],
                options.limits.budget[2], options.limits.budget[3]);
    struct enumerated slow = enumerate(&small, &options);
    CHECK_STR(explore(&subject, &options, &explored), NULL);
    CHECK_EQ(explored.end, EXPLORE_HOLDS);
    CHECK_EQ(explored.states, slow.states);
    CHECK_EQ(explored.transitions, slow.transitions);
    options.exact = true;
    CHECK_STR(explore(&subject, &options, &exact), NULL);
    CHECK_EQ(exact.states, slow.states);
    CHECK_EQ(exact.transitions, slow.transitions);
    CHECK_EQ(exact.depth, explored.depth);
    CHECK_EQ(memcmp(exact.pairs, explored.pairs, sizeof exact.pairs), 0);
    explored_free(&explored);
    explored_free(&exact);
    check_about(NULL);
}

// A bound on packets in flight cuts off what lies beyond it, and the slow enumerator agrees.
static void flights_are_bounded(void) {
    struct small small = {.build = stale_syn};
    struct subject subject = subject_of(&small);
    struct explore_options options = within(0, 1, 0, 0);
    struct explored any, few;
    CHECK_STR(explore(&subject, &options, &any), NULL);
    options.limits.flights = 2;
    counts_agree("stale SYN, at most two packets in flight", stale_syn, options);
    CHECK_STR(explore(&subject, &options, &few), NULL);
    CHECK(few.states < any.states);
    CHECK(few.cuts > 0);
    explored_free(&any);
    explored_free(&few);
}

// ---- What is found --------------------------------------------------------------------------------------------

static void look(void *context, const struct world *world) {
    char *name = context;
    uint32_t count;
    const struct failure *failures = world_failures(world, &count);
    snprintf(name, 64, "%s", count > 0 ? failures[0].claim[0] : "");
}

static void finds(struct small *small, struct explore_options options, enum explore_end end, const char *claim,
                  uint32_t length) {
    struct subject subject = subject_of(small);
    struct explored explored;
    CHECK_STR(explore(&subject, &options, &explored), NULL);
    CHECK_EQ(explored.end, end);
    if (explored.end != EXPLORE_HOLDS && explored.end != EXPLORE_INCOMPLETE) {
        char name[64];
        struct trace trace;
        trace_init(&trace);
        CHECK_EQ(explored.length, length);
        CHECK(explore_replay(&subject, &options, &explored, &trace, NULL, look, name));
        CHECK_STR(name, claim);
        trace_free(&trace);
    }
    explored_free(&explored);
}

static void rules_matter(void) {
    struct small small = {.build = stale_syn, .claims = {"no-ghost-connection", "synchronized-ends-agree"}};
    finds(&small, within(0, 0, 1, 0), EXPLORE_HOLDS, "", 0);
    finds(&small, within(1, 0, 1, 0), EXPLORE_HOLDS, "", 0);
    small.without = TCP_RULE_THREE_WAY_HANDSHAKE;
    finds(&small, within(0, 0, 0, 0), EXPLORE_FAILS, "no-ghost-connection", 1);
}

static void what_ends_badly(void) {
    struct small small = {.build = nobody_sends};
    finds(&small, within(0, 0, 0, 0), EXPLORE_DEADLOCK, "programs-finish", 3);
}

// Where it begins, how long it is, and that the world is the same again behind it: replaying checks that.
static void finds_round(struct small *small, struct explore_options options, uint32_t there, uint32_t round) {
    struct subject subject = subject_of(small);
    struct explored explored;
    CHECK_STR(explore(&subject, &options, &explored), NULL);
    if (CHECK_EQ(explored.end, EXPLORE_LIVELOCK)) {
        char name[64];
        struct trace trace;
        trace_init(&trace);
        CHECK_EQ(explored.length, there + round);
        CHECK_EQ(explored.round, round);
        CHECK(explore_replay(&subject, &options, &explored, &trace, NULL, look, name));
        trace_free(&trace);
    }
    explored_free(&explored);
}

// A reset for a reset: each arrives, and draws the next. The SYN leads there.
static void livelocks_are_found(void) {
    struct small small = {.build = refused};
    finds(&small, within(0, 0, 0, 0), EXPLORE_HOLDS, "", 0);
    small.without = TCP_RULE_RST_NEVER_ANSWERS_RST;
    finds_round(&small, within(0, 0, 0, 0), 2, 2);
    finds_round(&small, within(1, 0, 0, 0), 2, 2);  // a loss would end it, but nothing need be lost
}

// Ways that lead back, but not for ever: a timer fires at last, or a sleeper wakes.
static void what_ends_is_no_livelock(void) {
    struct small small = {.build = nobody_home};
    finds(&small, within(0, 0, 0, 0), EXPLORE_HOLDS, "", 0);
    small.build = late_listener;
    finds(&small, within(0, 0, 0, 0), EXPLORE_HOLDS, "", 0);
}

// The same is found, and the same was seen, whoever did the work.
static void jobs_agree(struct small *small, struct explore_options options) {
    struct subject subject = subject_of(small);
    struct explored one, three;
    CHECK_STR(explore(&subject, &options, &one), NULL);
    options.jobs = 3;
    CHECK_STR(explore(&subject, &options, &three), NULL);
    CHECK_EQ(three.end, one.end);
    CHECK_EQ(three.limit, one.limit);
    CHECK_EQ(three.states, one.states);
    CHECK_EQ(three.transitions, one.transitions);
    CHECK_EQ(three.ends, one.ends);
    CHECK_EQ(three.cuts, one.cuts);
    CHECK_EQ(three.depth, one.depth);
    CHECK_EQ(three.bytes, one.bytes);
    CHECK_EQ(three.frontier, one.frontier);
    for (int word = 0; word < TCP_RULE_WORDS; word++)
        CHECK_EQ(three.coverage.rules.bits[word], one.coverage.rules.bits[word]);
    CHECK_EQ(three.coverage.labels, one.coverage.labels);
    for (int i = 0; i < TCP_STATES; i++)
        CHECK_EQ(three.coverage.transitions[i], one.coverage.transitions[i]);
    for (int i = 0; i < COVERAGE_FATES; i++)
        CHECK_EQ(three.coverage.fates[i], one.coverage.fates[i]);
    CHECK_EQ(memcmp(three.pairs, one.pairs, sizeof one.pairs), 0);
    CHECK_EQ(three.round, one.round);
    if (CHECK_EQ(three.length, one.length) && one.length > 0)
        CHECK_EQ(memcmp(three.path, one.path, one.length * sizeof *one.path), 0);
    explored_free(&one);
    explored_free(&three);
}

static void jobs_change_nothing(void) {
    struct small small = {.build = stale_syn, .claims = {"no-ghost-connection"}};
    struct explore_options options = within(1, 1, 1, 0);
    jobs_agree(&small, options);
    options.exact = true;
    jobs_agree(&small, options);
    options.depth = 7;
    jobs_agree(&small, options);
    options.depth = 0;
    options.memory = 500000;
    jobs_agree(&small, options);
    small.without = TCP_RULE_THREE_WAY_HANDSHAKE;
    jobs_agree(&small, within(1, 1, 1, 1));
    small = (struct small){.build = refused, .without = TCP_RULE_RST_NEVER_ANSWERS_RST};
    jobs_agree(&small, within(1, 1, 1, 1));
    small = (struct small){.build = nobody_sends};
    jobs_agree(&small, within(1, 1, 1, 1));
}

static void limits_are_told(void) {
    struct small small = {.build = stale_syn};
    struct subject subject = subject_of(&small);
    struct explored explored;
    struct explore_options options = within(1, 1, 1, 1);
    options.depth = 3;
    CHECK_STR(explore(&subject, &options, &explored), NULL);
    CHECK_EQ(explored.end, EXPLORE_INCOMPLETE);
    CHECK_EQ(explored.limit, LIMIT_DEPTH);
    CHECK_EQ(explored.depth, 3);
    options.depth = 0;
    options.memory = 1000000;
    CHECK_STR(explore(&subject, &options, &explored), NULL);
    CHECK_EQ(explored.end, EXPLORE_INCOMPLETE);
    CHECK_EQ(explored.limit, LIMIT_MEMORY);
    CHECK(explored.states > 1000);
    CHECK(explored.bytes + explored.frontier <= options.memory);
    options.memory = 1;
    CHECK_STR(explore(&subject, &options, &explored), NULL);
    CHECK_EQ(explored.end, EXPLORE_INCOMPLETE);
    CHECK_EQ(explored.limit, LIMIT_MEMORY);
}

// ---- Going round ----------------------------------------------------------------------------------------------

static void add(void *context, uint32_t from, uint32_t to) {
    uint32_t *sum = context;
    *sum = *sum * 10 + from * 3 + to;
}

// 0 leads to 1 and to the end 3; 1 and 2 lead to each other alone.
static void endless_states_are_seen(void) {
    struct edges edges;
    unsigned char endless[4];
    uint32_t sum = 0;
    edges_init(&edges, 1 << 20);
    edges_add(&edges, 0, 1);
    edges_add(&edges, 0, 3);
    edges_add(&edges, 1, 2);
    edges_add(&edges, 2, 1);
    CHECK(edges_close(&edges, 4));
    edges_endless(&edges, 4, endless);
    CHECK_EQ(memcmp(endless, (const unsigned char[]){1, 1, 1, 0}, 4), 0);
    edges_each(&edges, 4, endless, add, &sum);
    CHECK_EQ(sum, 1 * 1000 + 3 * 100 + 5 * 10 + 7);
    edges_free(&edges);
}

// A long way that comes to an end, over several blocks; then one that leads back from its end.
static void long_ways(bool back) {
    enum { LONG = 5 * EDGES_BLOCK / 2 };
    static unsigned char endless[LONG];
    struct edges edges;
    edges_init(&edges, 1 << 20);
    for (uint32_t i = 0; i + 1 < LONG; i++)
        edges_add(&edges, i, i + 1);
    if (back) edges_add(&edges, LONG - 1, LONG / 2);
    CHECK(edges_close(&edges, LONG));
    edges_endless(&edges, LONG, endless);
    for (uint32_t i = 0; i < LONG; i++)
        if (!CHECK_EQ(endless[i], back)) break;
    edges_free(&edges);
    // All of it doesn't fit.
    edges_init(&edges, 4500);
    for (uint32_t i = 0; i + 1 < LONG; i++)
        edges_add(&edges, i, i + 1);
    CHECK(!edges_close(&edges, LONG));
    CHECK(edges_bytes(&edges) <= 4500);
    edges_free(&edges);
}

// 0 -> 1 <-> 2 -> 3 -> 3, 3 -> 4 -> 5 -> 6 -> 4
static void components_are_found(void) {
    static const size_t first[] = {0, 1, 2, 4, 6, 7, 8, 9};
    static const uint32_t to[] = {1, 2, 1, 3, 3, 4, 5, 6, 4};
    const struct graph graph = {7, first, to};
    uint32_t name[7];
    CHECK(graph_components(&graph, name));
    CHECK_EQ(name[0], GRAPH_NONE);
    CHECK(name[1] != GRAPH_NONE && name[1] == name[2]);
    CHECK(name[3] != GRAPH_NONE && name[3] != name[1] && name[3] != name[4]);
    CHECK(name[4] != GRAPH_NONE && name[4] == name[5] && name[5] == name[6]);
}

// Where edges or memory are missing, nobody says that there is no livelock.
static void what_is_not_known_is_told(void) {
    struct visited visited = {.count = 100};
    struct edges edges;
    struct livelock livelock;
    struct livelock_search search = {.visited = &visited, .edges = &edges, .limit = 1 << 20};
    edges_init(&edges, 1 << 20);
    CHECK(livelock_find(&search, &livelock));
    CHECK(!livelock.found);
    search.limit = 50;
    CHECK(!livelock_find(&search, &livelock));
    edges_free(&edges);
    edges_init(&edges, 10);
    edges_add(&edges, 0, 1);
    search.limit = 1 << 20;
    CHECK(!livelock_find(&search, &livelock));
    edges_free(&edges);
}

int main(void) {
    endless_states_are_seen();
    long_ways(false);
    long_ways(true);
    components_are_found();
    counts_agree("handshake", handshake, within(0, 0, 0, 0));
    counts_agree("handshake", handshake, within(1, 1, 1, 1));
    counts_agree("teardown", teardown, within(0, 0, 0, 0));
    counts_agree("teardown", teardown, within(1, 0, 1, 0));
    counts_agree("stale SYN", stale_syn, within(0, 0, 1, 0));
    counts_agree("text", text_and_sleep, within(0, 0, 0, 1));
    flights_are_bounded();
    rules_matter();
    what_ends_badly();
    livelocks_are_found();
    what_ends_is_no_livelock();
    jobs_change_nothing();
    limits_are_told();
    what_is_not_known_is_told();
    return check_result();
}
