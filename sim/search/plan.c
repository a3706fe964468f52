#include "sim/search/plan.h"

#include <inttypes.h>
#include <string.h>

#include "core/tcp.h"
#include "sim/host/program.h"

static void put_flags(uint32_t flags, char *text, size_t size) {
    static const struct {
        uint8_t bit;
        const char *name;
    } order[] = {{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_PSH, "PSH"},
                 {TCP_ACK, "ACK"}, {TCP_URG, "URG"}, {TCP_ECE, "ECE"}, {TCP_CWR, "CWR"}};
    size_t length = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (flags & order[i].bit)
            length += (size_t)snprintf(text + length, size - length, "%s%s", length > 0 ? "," : "", order[i].name);
    if (length == 0) snprintf(text, size, "none");
}

void plan_key(const struct packet_key *key, char text[PLAN_KEY]) {
    char flags[40];
    const uint32_t *word = key->word;
    if (word[1] >= FATE_KEY_ICMP)
        snprintf(flags, sizeof flags, "%s", tcp_icmp_name((enum tcp_icmp)(word[1] - FATE_KEY_ICMP)));
    else
        put_flags(word[1], flags, sizeof flags);
    snprintf(text, PLAN_KEY, "%08" PRIx32 " %s %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32, word[0], flags, word[2],
             word[3], word[4], word[5]);
}

void plan_time(uint64_t time, char text[PLAN_KEY]) {
    static const struct {
        uint64_t value;
        const char *name;
    } units[] = {{1000000000, " * s"}, {1000000, " * ms"}, {1000, " * us"}, {1, ""}};
    size_t unit = 0;
    while (time % units[unit].value != 0)
        unit++;
    snprintf(text, PLAN_KEY, "%" PRIu64 "%s", time / units[unit].value, time == 0 ? "" : units[unit].name);
}

// As Lua's string: names have no control characters.
static void put_name(FILE *out, const char *name) {
    fputc('"', out);
    for (; *name != '\0'; name++) {
        if (*name == '"' || *name == '\\') fputc('\\', out);
        fputc(*name, out);
    }
    fputc('"', out);
}

static void put_time(FILE *out, const char *name, uint64_t time) {
    char text[PLAN_KEY];
    plan_time(time, text);
    fprintf(out, ", %s = %s", name, text);
}

static void put_flips(FILE *out, const struct fate_order *order) {
    if (order->flips == 0) return;
    fputs(", corrupt = {", out);
    for (uint32_t i = 0; i < order->flips; i++)
        fprintf(out, "%s %" PRIu32, i > 0 ? "," : "", order->flip[i]);
    fputs(" }", out);
    if (order->flipped > 0) fprintf(out, ", copy = %u", (unsigned)order->flipped);
}

void plan_entry_write(FILE *out, const struct plan_entry *entry, const struct world *world) {
    char key[PLAN_KEY];
    const struct fate_order *order = &entry->order;
    fputs(entry->kind == PLAN_CRASH ? "{ crash = " : "{ from = ", out);
    put_name(out, world_host_name(world, entry->from));
    if (entry->kind == PLAN_CRASH) {
        put_time(out, "at", entry->at);
        put_time(out, "boots", entry->boots);
    } else {
        fputs(", to = ", out);
        put_name(out, world_host_name(world, entry->to));
        plan_key(&entry->key, key);
        fprintf(out, ", key = \"%s\"", key);
        if (order->drop) fputs(", drop = true", out);
        if (order->hold > 0) put_time(out, "hold", order->hold);
        if (order->duplicates > 0) fprintf(out, ", duplicate = %" PRIu32, order->duplicates);
        if (order->spacing > 0) put_time(out, "spacing", order->spacing);
        put_flips(out, order);
    }
    fputs(" },", out);
}
