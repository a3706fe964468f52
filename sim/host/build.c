// Building a world, before it starts.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/luck.h"
#include "sim/host/internal.h"

enum { DAY_SECONDS = 86400, LEAST_MTU = 68 /* RFC 791 */, MOST_ADDRESSES = 1024 };
enum { MOST_DSCP = 63 };
static const char wrong_dscp[] = SENTENCE("a Diffserv code point is 0 to 63", "DSCP 应为 0 到 63");
static const uint64_t longest = UINT64_C(1000000000) * DAY_SECONDS;
static const uint64_t most_ack_delay = UINT64_C(500000000);

// SENTENCE() with names and numbers in it. The world keeps it.
static const char *say(struct world *world, const char *english, const char *chinese, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

static const char *say(struct world *world, const char *english, const char *chinese, ...) {
    char text[2][200];
    va_list arguments;
    for (int i = 0; i < 2; i++) {
        va_start(arguments, chinese);
        vsnprintf(text[i], sizeof text[i], i == 0 ? english : chinese, arguments);
        va_end(arguments);
    }
    uint32_t first = world_text(world, text[0], (uint32_t)strlen(text[0]) + 1);
    world_text(world, text[1], (uint32_t)strlen(text[1]) + 1);
    return text_at(world, first);
}

const char *sentence_in(const char *sentence, int language) {
    return language == 0 ? sentence : sentence + strlen(sentence) + 1;
}

// ---- Hosts ----------------------------------------------------------------------------------------------------

static bool good_name(const char *name) {
    enum { LONGEST_NAME = 32 };
    size_t length = strlen(name);
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) return false;
    return length >= 1 && length <= LONGEST_NAME;
}

static bool same_address(const struct record_endpoint *a, const struct record_endpoint *b) {
    return a->family == b->family && memcmp(a->address, b->address, sizeof a->address) == 0;
}

// An address of one host (MUST-46, MUST-57): not the unspecified one, no multicast, no broadcast.
static bool is_unicast(const struct record_endpoint *address) {
    static const unsigned char zero[16];
    const uint8_t *bytes = address->address;
    if (memcmp(bytes, zero, sizeof zero) == 0) return false;
    if (address->family == 6) return bytes[0] != 0xff;
    return bytes[0] != 0 && bytes[0] < 224;  // 224.0.0.0/4 is multicast, the rest is reserved or broadcast
}

static const char *check_addresses(struct world *world, const struct host_options *options) {
    if (options->address_count > WORLD_ADDRESSES)
        return SENTENCE("a host has at most 4 addresses", "一台主机最多有 4 个地址");
    for (uint32_t i = 0; i < options->address_count; i++) {
        const struct record_endpoint *address = &options->address[i];
        if (address->family != 4 && address->family != 6)
            return SENTENCE("an address is of family 4 or 6", "地址只能是 IPv4 或 IPv6");
        if (!is_unicast(address))
            return SENTENCE("an address is one host's: not unspecified, multicast or broadcast",
                            "主机地址应为单播地址，不能是未指定地址、多播地址或广播地址");
        for (uint32_t j = 0; j < i; j++)
            if (same_address(address, &options->address[j]))
                return SENTENCE("a host's addresses differ", "一台主机的各个地址不能相同");
        for (uint32_t j = 0; j < world->addresses.count; j++)
            if (same_address(address, &address_at(world, j)->endpoint))
                return say(world, "'%s' has this address already", "“%s”已经占用这个地址",
                           world_host_at(world, address_at(world, j)->host)->name);
    }
    return NULL;
}

static const char *check_tcp(const struct tcp_config *tcp) {
    enum { LARGEST_BUFFER = 1 << 30 };
    if (tcp->receive_buffer < 1 || tcp->receive_buffer > LARGEST_BUFFER)
        return SENTENCE("a receive buffer has 1 octet to 1 GiB", "接收缓冲区应为 1 字节到 1 GiB");
    if (tcp->scale > TCP_WINDOW_SCALE_MAX) return SENTENCE("a window scale is 0 to 14", "窗口扩大因子应为 0 到 14");
    if (tcp->send_buffer < 1 || tcp->send_buffer > LARGEST_BUFFER)
        return SENTENCE("a send buffer has 1 octet to 1 GiB", "发送缓冲区应为 1 字节到 1 GiB");
    if (tcp->rto_min > tcp->rto_max) return SENTENCE("the smallest RTO is above the largest", "RTO 的下限大于上限");
    const uint64_t times[] = {tcp->msl,
                              tcp->rto_initial,
                              tcp->rto_max,
                              tcp->r2,
                              tcp->r2_syn,
                              tcp->r2_syn_ack,
                              tcp->user_timeout,
                              tcp->fin_wait_2,
                              tcp->keep_alive_idle,
                              tcp->keep_alive_interval,
                              tcp->delayed_ack,
                              tcp->challenge_interval};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (times[i] > longest) return SENTENCE("no time of TCP is longer than a day", "TCP 的各项时间最长为一天");
    // The RTO is kept in 32 bits of microseconds.
    if (tcp->rto_max / 1000 > UINT32_MAX || tcp->rto_initial / 1000 > UINT32_MAX)
        return SENTENCE("an RTO is at most 4294 seconds", "RTO 最长为 4294 秒");
    if (tcp->rto_initial == 0 || tcp->rto_min == 0) return SENTENCE("an RTO is above 0", "RTO 应大于 0");
    if (tcp->delayed_ack >= most_ack_delay)
        return SENTENCE("the delay of an ACK is less than half a second (MUST-40)", "ACK 的延迟应小于半秒（MUST-40）");
    return NULL;
}

static const char *check_host(struct world *world, const struct host_options *options) {
    if (world->started) return SENTENCE("hosts are added before the world starts", "运行开始之后不能再添加主机");
    if (world->host_count >= WORLD_HOSTS) return SENTENCE("a world has at most 64 hosts", "最多有 64 台主机");
    if (options->name == NULL || !good_name(options->name))
        return SENTENCE("a host's name has 1 to 32 bytes and no control characters",
                        "主机名应为 1 到 32 字节，不含控制字符");
    if (world_host_by_name(world, options->name) != UINT32_MAX)
        return SENTENCE("another host has this name", "已有同名的主机");
    if (options->iss_count > WORLD_GIVEN_ISS)
        return SENTENCE("a host has at most 64 given ISNs", "一台主机最多指定 64 个 ISN");
    if (options->iss_fixed && options->iss_count == 0)
        return SENTENCE("a fixed ISN needs its number", "固定的 ISN 缺少数值");
    if (options->first_port > options->last_port)
        return SENTENCE("the first ephemeral port is above the last", "临时端口的起点大于终点");
    if ((options->first_port == 0) != (options->last_port == 0))
        return SENTENCE("ephemeral ports are 1 to 65535", "临时端口应为 1 到 65535");
    if (syn_queue_name(options->syn_queue) == NULL)
        return SENTENCE("a SYN queue is a backlog, a cache, cookies, or cookies when full",
                        "SYN 队列的方式只有 backlog、cache、cookies 和 cookies-when-full");
    if (options->dscp > MOST_DSCP) return wrong_dscp;
    const char *wrong = check_tcp(&options->tcp);
    return wrong != NULL ? wrong : check_addresses(world, options);
}

static void add_address(struct world *world, struct host *host, uint32_t number,
                        const struct record_endpoint *endpoint) {
    host->address[host->address_count++] = (uint16_t)world->addresses.count;
    struct address *address = array_add(&world->addresses);
    address->endpoint = *endpoint;
    address->endpoint.port = 0;
    address->host = number;
}

// 10.0.0.n and fd00::n.
static void give_addresses(struct world *world, struct host *host, uint32_t number) {
    const unsigned char n = (unsigned char)(number + 1);
    const struct record_endpoint given[] = {
        {.family = 4, .address = {10, 0, 0, n}},
        {.family = 6, .address = {[0] = 0xfd, [15] = n}},
    };
    for (uint32_t i = 0; i < 2; i++) {
        bool taken = false;
        for (uint32_t j = 0; j < world->addresses.count; j++)
            taken = taken || same_address(&given[i], &address_at(world, j)->endpoint);
        if (!taken) add_address(world, host, number, &given[i]);
    }
}

const char *world_add_host(struct world *world, const struct host_options *options, uint32_t *number) {
    enum { FIRST_EPHEMERAL = 49152, LAST_EPHEMERAL = 65535 };  // RFC 6335 section 6
    const char *wrong = check_host(world, options);
    if (wrong != NULL) return wrong;
    *number = world->host_count++;
    struct host *host = array_add(&world->hosts);
    memcpy(host->name, options->name, strlen(options->name));
    host->tcp = options->tcp;
    for (uint32_t rule = 0; rule < TCP_RULES; rule++)
        if (tcp_rule_set_has(&world->without, (enum tcp_rule)rule))
            tcp_rule_set_add(&host->tcp.without, (enum tcp_rule)rule);
    for (uint32_t i = 0; i < options->address_count; i++)
        add_address(world, host, *number, &options->address[i]);
    if (host->address_count == 0) give_addresses(world, host, *number);
    if (host->address_count == 0)
        return SENTENCE("its addresses are taken: name others", "自动分配的地址已被占用：请另行指定地址");
    host->mss = options->mss;
    host->syn_queue = options->syn_queue;
    host->syn_sent_refuses = options->syn_sent_refuses;
    host->layout = options->layout;
    host->ip = (struct packet_ip){.ttl = options->ttl, .dscp = options->dscp};
    host->first_port = options->first_port == 0 ? FIRST_EPHEMERAL : options->first_port;
    host->last_port = options->last_port == 0 ? LAST_EPHEMERAL : options->last_port;
    host->next_port = host->first_port;
    host->iss_count = options->iss_count;
    host->iss_fixed = options->iss_fixed;
    memcpy(host->iss, options->iss, options->iss_count * sizeof *host->iss);
    for (uint32_t i = 0; i < 2; i++)
        host->secret[i] = luck_draw(world->seed, LUCK_SECRET, (uint64_t)*number * 2 + i, NULL, 0);
    host->up = true;
    host->line = options->line;
    return NULL;
}

void world_without(struct world *world, uint32_t host, enum tcp_rule rule) {
    if (host == UINT32_MAX) tcp_rule_set_add(&world->without, rule);
    for (uint32_t i = 0; i < world->host_count; i++)
        if (host == UINT32_MAX || host == i) tcp_rule_set_add(&world_host_at(world, i)->tcp.without, rule);
}

// ---- Links ----------------------------------------------------------------------------------------------------

static const char *check_settings(const struct link_settings *link) {
    const uint32_t chances[] = {link->loss,      link->burst,   link->burst_loss,
                                link->duplicate, link->reorder, link->corrupt};
    for (size_t i = 0; i < sizeof chances / sizeof *chances; i++)
        if (chances[i] > ENGINE_MILLION) return SENTENCE("a probability is at most 1", "概率最大为 1");
    const uint64_t times[] = {link->delay, link->jitter, link->duplicate_delay, link->reorder_delay, link->burst_slot};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (times[i] > longest) return SENTENCE("no time of a link is longer than a day", "链路的各项时间最长为一天");
    if (link->burst > 0 && link->burst_slot == 0)
        return SENTENCE("a burst needs the length of its time slots", "突发丢包需要给出时隙长度");
    if (link->down_count > ENGINE_DOWN_PERIODS)
        return SENTENCE("a link has at most 16 down periods", "一条链路最多有 16 个中断时段");
    if (link->mtu != 0 && (link->mtu < LEAST_MTU || link->mtu > UINT16_MAX))
        return SENTENCE("an MTU is 68 to 65535", "MTU 应为 68 到 65535");
    return NULL;
}

static bool linked(const struct world *world, uint32_t from, uint32_t to) {
    for (uint32_t i = 0; i < world->links.count; i++) {
        const struct link_pair *pair = array_at(&world->links, i);
        if (pair->from == from && pair->to == to) return true;
    }
    return false;
}

static void add_direction(struct world *world, uint32_t from, uint32_t to, const struct link_settings *settings) {
    uint32_t direction = engine_add_link(&world->engine, settings);
    struct link_pair *pair = array_add(&world->links);
    *pair = (struct link_pair){.from = from, .to = to, .direction = direction};
}

const char *world_link(struct world *world, uint32_t a, uint32_t b, const struct link_settings *a_to_b,
                       const struct link_settings *b_to_a) {
    if (world->started) return SENTENCE("links are added before the world starts", "运行开始之后不能再添加链路");
    if (a >= world->host_count || b >= world->host_count)
        return SENTENCE("a link needs two hosts", "链路的两端应为主机");
    if (a == b) return SENTENCE("a link needs two different hosts", "链路的两端应为两台不同的主机");
    if (linked(world, a, b)) return SENTENCE("these hosts are linked already", "这两台主机之间已有链路");
    const char *wrong = check_settings(a_to_b);
    if (wrong == NULL) wrong = check_settings(b_to_a);
    if (wrong != NULL) return wrong;
    add_direction(world, a, b, a_to_b);
    add_direction(world, b, a, b_to_a);
    return NULL;
}

const char *world_odd_address(struct world *world, const struct record_endpoint *endpoint, uint32_t host,
                              uint32_t *number) {
    if (endpoint->family != 4 && endpoint->family != 6)
        return SENTENCE("an address is of family 4 or 6", "地址只能是 IPv4 或 IPv6");
    if (is_unicast(endpoint))
        return SENTENCE("an address of one host is that host's: name it as from or to",
                        "单播地址属于某台主机：请用 from 或 to 写明那台主机");
    if (world->addresses.count >= MOST_ADDRESSES) return SENTENCE("there are too many addresses", "地址太多");
    struct address *address = array_add(&world->addresses);
    *address = (struct address){.endpoint = *endpoint, .host = host, .odd = true};
    address->endpoint.port = 0;
    *number = world->addresses.count;
    return NULL;
}

const char *world_fate(struct world *world, const struct selector *select, const struct fate_order *order,
                       uint32_t line) {
    enum { MOST_DUPLICATES = 8 };
    if (order->duplicates > MOST_DUPLICATES)
        return SENTENCE("a packet has at most 8 duplicates", "一个包最多有 8 个副本");
    if (order->delay > longest || order->hold > longest || order->spacing > longest)
        return SENTENCE("no time of a fate is longer than a day", "fate 的各项时间最长为一天");
    struct fate_rule *rule = array_add(&world->fates);
    rule->select = *select;
    rule->order = *order;
    rule->line = line;
    return NULL;
}

// ---- Programs -------------------------------------------------------------------------------------------------

uint32_t world_text(struct world *world, const void *bytes, uint32_t length) {
    return array_append(&world->texts, bytes, length) + 1;
}

uint32_t world_program(struct world *world, const struct step *steps, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (steps[i].kind == STEP_FUNCTION && !world->functions) {
            world->functions = true;
            world->function_line = steps[i].line;
        }
    const struct program program = {.first = array_append(&world->steps, steps, count), .count = count};
    return array_append(&world->programs, &program, 1);
}

const char *world_runs(struct world *world, uint32_t host, uint32_t program, bool at_boot, uint32_t line) {
    if (host >= world->host_count) return SENTENCE("there is no such host", "没有这台主机");
    if (program >= world->programs.count) return SENTENCE("there is no such program", "没有这个程序");
    struct start *start = array_add(&world->starts);
    *start = (struct start){.host = host, .program = program, .line = line, .at_boot = at_boot};
    return NULL;
}

static const char *no_address(struct world *world, uint32_t host, unsigned number) {
    return say(world, "'%s' has no address number %u", "“%s”没有第 %u 个地址", world_host_at(world, host)->name,
               number);
}

const char *world_serves(struct world *world, uint32_t host, const struct service *service) {
    if (host >= world->host_count) return SENTENCE("there is no such host", "没有这台主机");
    if (service->program >= world->programs.count) return SENTENCE("there is no such program", "没有这个程序");
    if (service->port == 0) return SENTENCE("a port is 1 to 65535", "端口应为 1 到 65535");
    if (service->address > world_host_at(world, host)->address_count) return no_address(world, host, service->address);
    listener_add(world, host, service);
    const struct listener *last = listener_at(world, world->listeners.count - 1);
    for (uint32_t i = 0; i + 1 < world->listeners.count; i++) {
        const struct listener *listener = listener_at(world, i);
        if (listener->host != host || listener->port != service->port || listener->address != last->address) continue;
        world->listeners.count--;
        return say(world, "'%s' serves port %u already", "“%s”的端口 %u 上已有服务", world_host_at(world, host)->name,
                   (unsigned)service->port);
    }
    return NULL;
}

const char *world_bulk(struct world *world, const struct bulk *bulk) {
    if (bulk->client >= world->host_count || bulk->server >= world->host_count)
        return SENTENCE("there is no such host", "没有这台主机");
    if (bulk->client == bulk->server)
        return SENTENCE("a client and a server are two different hosts", "客户端与服务器应为两台不同的主机");
    if (bulk->port == 0 || bulk->ports == 0 || bulk->ports > UINT16_MAX - bulk->port + 1)
        return SENTENCE("a port is 1 to 65535", "端口应为 1 到 65535");
    const struct step step = {.kind = STEP_REQUEST, .count = bulk->request, .count2 = bulk->response, .repeat = 1};
    struct bulk_entry *entry = array_add(&world->bulks);
    entry->bulk = *bulk;
    entry->step = array_append(&world->steps, &step, 1);
    return NULL;
}

// ---- The rest -------------------------------------------------------------------------------------------------

void world_claim(struct world *world, const struct claim *claim) {
    struct claim_entry *entry = array_add(&world->claims);
    entry->claim = *claim;
}

void world_ends(struct world *world, uint64_t time) {
    world->ends = time;
    world->ends_given = true;
}

void world_set_call(struct world *world, world_call call, void *context) {
    world->call = call;
    world->call_context = context;
}

static uint32_t keep_string(struct world *world, const char *string) {
    return string == NULL ? 0 : world_text(world, string, (uint32_t)strlen(string) + 1);
}

void world_describe(struct world *world, const struct world_description *description) {
    world->file = keep_string(world, description->file);
    world->source_lines = keep_string(world, description->sources);
    world->command = keep_string(world, description->command);
    for (int i = 0; i < TCP_LANGUAGES; i++) {
        world->title[i] = keep_string(world, description->title[i]);
        world->about[i] = keep_string(world, description->about[i]);
        world->question[i] = keep_string(world, description->question[i]);
    }
}

// ---- Does everything fit together? ----------------------------------------------------------------------------

struct check {
    struct world *world;
    uint32_t host;
    const char *wrong;
    uint32_t line;
};

static bool share_family(const struct world *world, uint32_t a, uint32_t b) {
    const struct host *x = world_host_at(world, a), *y = world_host_at(world, b);
    for (uint32_t i = 0; i < x->address_count; i++)
        for (uint32_t j = 0; j < y->address_count; j++)
            if (address_at(world, x->address[i])->endpoint.family == address_at(world, y->address[j])->endpoint.family)
                return true;
    return false;
}

static const char *no_link(struct world *world, uint32_t a, uint32_t b) {
    return say(world, "there is no link between '%s' and '%s'", "“%s”与“%s”之间没有链路", world_host_at(world, a)->name,
               world_host_at(world, b)->name);
}

static const char *check_peer(struct world *world, uint32_t from, uint32_t to) {
    if (to >= world->host_count) return SENTENCE("there is no such host", "没有这台主机");
    if (from == to)
        return say(world, "'%s' can't connect to itself", "“%s”不能连接自己", world_host_at(world, from)->name);
    if (!linked(world, from, to)) return no_link(world, from, to);
    if (!share_family(world, from, to))
        return say(world, "'%s' and '%s' have no address family in common", "“%s”与“%s”没有共同的地址族",
                   world_host_at(world, from)->name, world_host_at(world, to)->name);
    return NULL;
}

static const char *check_injection(struct world *world, const struct injection *inject) {
    bool anybody = inject->icmp != TCP_ICMP_NONE && inject->from == UINT32_MAX;
    if ((inject->from >= world->host_count && !anybody) || inject->to >= world->host_count ||
        inject->sender >= world->host_count)
        return SENTENCE("there is no such host", "没有这台主机");
    if (inject->sender == inject->to || !linked(world, inject->sender, inject->to))
        return say(world, "'%s' injects, and has no link to '%s'", "“%s”要注入报文段，却与“%s”之间没有链路",
                   world_host_at(world, inject->sender)->name, world_host_at(world, inject->to)->name);
    return inject->text_length <= UINT16_MAX
               ? NULL
               : SENTENCE("a segment has at most 65535 octets of text", "一个报文段最多携带 65535 字节数据");
}

static const char *check_step(const struct check *check, const struct step *step) {
    struct world *world = check->world;
    switch ((enum step_kind)step->kind) {
    case STEP_CONNECT:
        if (step->port == 0 || (step->has_local_port && step->local_port == 0))
            return SENTENCE("a port is 1 to 65535", "端口应为 1 到 65535");
        if (step->address > world_host_at(world, check->host)->address_count)
            return no_address(world, check->host, step->address);
        return check_peer(world, check->host, step->host);
    case STEP_LISTEN:
        if (step->port == 0) return SENTENCE("a port is 1 to 65535", "端口应为 1 到 65535");
        if (step->address > world_host_at(world, check->host)->address_count)
            return no_address(world, check->host, step->address);
        return step->program < world->programs.count ? NULL : SENTENCE("there is no such program", "没有这个程序");
    case STEP_INJECT: return check_injection(world, &step->inject);
    case STEP_CRASH:
    case STEP_REBOOT: return step->host < world->host_count ? NULL : SENTENCE("there is no such host", "没有这台主机");
    case STEP_LINK: return linked(world, step->host, step->host2) ? NULL : no_link(world, step->host, step->host2);
    case STEP_RESPOND:
        return step->count > 0 ? NULL : SENTENCE("a request has at least one octet", "请求至少有 1 字节");
    case STEP_DIFFSERV: return step->count <= MOST_DSCP ? NULL : wrong_dscp;
    case STEP_HOP_LIMIT:
        return step->count >= 1 && step->count <= UINT8_MAX
                   ? NULL
                   : SENTENCE("a hop limit is 1 to 255", "跳数限制应为 1 到 255");
    case STEP_USER_TIMEOUT:
        return step->duration <= longest ? NULL
                                         : SENTENCE("no user timeout is longer than a day", "用户超时最长为一天");
    case STEP_SLEEP:
    case STEP_SLEEP_UNTIL:
        return step->duration <= longest ? NULL : SENTENCE("nobody sleeps longer than a day", "休眠最长为一天");
    case STEP_SEND:
    case STEP_RECV:
    case STEP_RECV_EOF:
    case STEP_CLOSE:
    case STEP_SOCKETS_CLOSE:
    case STEP_ABORT:
    case STEP_NO_DELAY:
    case STEP_KEEP_ALIVE:
    case STEP_WAIT_STATE:
    case STEP_WAIT_CLOSED:
    case STEP_UNLISTEN:
    case STEP_NOTE:
    case STEP_OBSERVE:
    case STEP_EXIT:
    case STEP_REPEAT:
    case STEP_FUNCTION:
    case STEP_ECHO:
    case STEP_SINK:
    case STEP_REQUEST: return NULL;
    }
    return SENTENCE("there is no such step", "没有这种步骤");
}

// Loops lie within each other and within the program, `depth` of them around steps [first, end).
static const char *check_loops(const struct step *steps, uint32_t first, uint32_t end, uint32_t depth) {
    for (uint32_t i = first; i < end; i++) {
        if (steps[i].kind != STEP_REPEAT) continue;
        if (depth == PROCESS_LOOPS) return SENTENCE("loops are nested at most 8 deep", "循环最多嵌套 8 层");
        if (steps[i].skip == 0 || steps[i].skip > end - i - 1)
            return SENTENCE("a loop has at least one step", "循环里至少要有一个步骤");
        const char *wrong = check_loops(steps, i + 1, i + 1 + steps[i].skip, depth + 1);
        if (wrong != NULL) return wrong;
        i += steps[i].skip;
    }
    return NULL;
}

static bool check_program(struct check *check, uint32_t number) {
    const struct program *program = array_at(&check->world->programs, number);
    const struct step *steps = check->world->steps.items;
    check->wrong = check_loops(steps, program->first, program->first + program->count, 0);
    for (uint32_t i = 0; i < program->count && check->wrong == NULL; i++) {
        const struct step *step = &steps[program->first + i];
        check->line = step->line;
        check->wrong = check_step(check, step);
        // Programs are made from the inside out, so this ends.
        if (check->wrong == NULL && step->kind == STEP_LISTEN) {
            if (step->program >= number)
                check->wrong = SENTENCE("a program doesn't serve itself", "程序不能为自己提供服务");
            if (check->wrong == NULL) check_program(check, step->program);
        }
    }
    return check->wrong == NULL;
}

const char *build_check(struct world *world, uint32_t *line) {
    struct check check = {.world = world};
    if (world->host_count == 0) return SENTENCE("a world needs a host", "至少要有一台主机");
    for (uint32_t i = 0; i < world->claims.count; i++) {
        const struct claim *claim = &((const struct claim_entry *)array_at(&world->claims, i))->claim;
        if (claim->when == CLAIM_AT && claim->at > world->ends)
            return SENTENCE("an expectation lies behind the end of the run", "expect 的时刻晚于运行结束的时刻");
    }
    for (uint32_t i = 0; i < world->starts.count && check.wrong == NULL; i++) {
        const struct start *start = array_at(&world->starts, i);
        check.host = start->host;
        check_program(&check, start->program);
    }
    for (uint32_t i = 0; i < world->listeners.count && check.wrong == NULL; i++) {
        check.host = listener_at(world, i)->host;
        check_program(&check, listener_at(world, i)->program);
    }
    for (uint32_t i = 0; i < world->bulks.count && check.wrong == NULL; i++) {
        const struct bulk *bulk = &((const struct bulk_entry *)array_at(&world->bulks, i))->bulk;
        check.wrong = check_peer(world, bulk->client, bulk->server);
    }
    *line = check.line;
    return check.wrong;
}

void build_directions(struct world *world) {
    size_t pairs = (size_t)world->host_count * world->host_count;
    world->directions = malloc(pairs * sizeof *world->directions);
    if (world->directions == NULL) abort();
    for (size_t i = 0; i < pairs; i++)
        world->directions[i] = UINT32_MAX;
    for (uint32_t i = 0; i < world->links.count; i++) {
        const struct link_pair *pair = array_at(&world->links, i);
        world->directions[pair->from * world->host_count + pair->to] = pair->direction;
    }
}
