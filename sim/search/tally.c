#include "sim/search/tally.h"

void tally_run(struct tally *tally, const struct coverage *coverage) {
    tally->runs++;
    for (uint32_t word = 0; word < TCP_RULE_WORDS; word++)
        for (uint64_t left = coverage->rules.bits[word]; left != 0; left &= left - 1) {
            uint32_t rule = 64 * word + bits_lowest64(left);
            if (rule < TCP_RULES) tally->rules[rule]++;
        }
    for (uint32_t from = 0; from < TCP_STATES; from++)
        for (uint32_t left = coverage->transitions[from]; left != 0; left &= left - 1)
            tally->transitions[from][bits_lowest(left)]++;
    for (uint64_t left = coverage->labels; left != 0; left &= left - 1)
        tally->labels[bits_lowest64(left)]++;
    for (uint32_t fate = 0; fate < COVERAGE_FATES; fate++)
        tally->fates[fate] += coverage->fates[fate];
    tally->cut += coverage->cut;
}

void tally_add(struct tally *to, const struct tally *from) {
    to->runs += from->runs;
    for (uint32_t i = 0; i < TCP_RULES; i++)
        to->rules[i] += from->rules[i];
    for (uint32_t i = 0; i < TCP_STATES; i++)
        for (uint32_t k = 0; k < TCP_STATES; k++)
            to->transitions[i][k] += from->transitions[i][k];
    for (uint32_t i = 0; i < COVERAGE_LABELS; i++)
        to->labels[i] += from->labels[i];
    for (uint32_t i = 0; i < COVERAGE_FATES; i++)
        to->fates[i] += from->fates[i];
    to->cut += from->cut;
}

uint64_t tally_state(const struct tally *tally, enum tcp_state state) {
    uint64_t most = 0;
    for (uint32_t i = 0; i < TCP_STATES; i++) {
        if (tally->transitions[state][i] > most) most = tally->transitions[state][i];
        if (tally->transitions[i][state] > most) most = tally->transitions[i][state];
    }
    return most;
}

const struct tally_edge *tally_edges(uint32_t *count) {
    static const struct tally_edge edges[] = {
        {TCP_CLOSED, TCP_LISTEN},
        {TCP_CLOSED, TCP_SYN_SENT},
        {TCP_LISTEN, TCP_SYN_RECEIVED},
        {TCP_SYN_SENT, TCP_CLOSED},
        {TCP_SYN_SENT, TCP_SYN_RECEIVED},
        {TCP_SYN_SENT, TCP_ESTABLISHED},
        {TCP_SYN_RECEIVED, TCP_CLOSED},  // of a passive OPEN: the copy ends, LISTEN goes on
        {TCP_SYN_RECEIVED, TCP_ESTABLISHED},
        {TCP_SYN_RECEIVED, TCP_FIN_WAIT_1},
        {TCP_SYN_RECEIVED, TCP_CLOSE_WAIT},
        {TCP_ESTABLISHED, TCP_FIN_WAIT_1},
        {TCP_ESTABLISHED, TCP_CLOSE_WAIT},
        {TCP_ESTABLISHED, TCP_CLOSED},
        {TCP_FIN_WAIT_1, TCP_FIN_WAIT_2},
        {TCP_FIN_WAIT_1, TCP_CLOSING},
        {TCP_FIN_WAIT_1, TCP_TIME_WAIT},
        {TCP_FIN_WAIT_1, TCP_CLOSED},
        {TCP_FIN_WAIT_2, TCP_TIME_WAIT},
        {TCP_FIN_WAIT_2, TCP_CLOSED},
        {TCP_CLOSE_WAIT, TCP_LAST_ACK},
        {TCP_CLOSE_WAIT, TCP_CLOSED},
        {TCP_CLOSING, TCP_TIME_WAIT},
        {TCP_CLOSING, TCP_CLOSED},
        {TCP_LAST_ACK, TCP_CLOSED},
        {TCP_TIME_WAIT, TCP_CLOSED},
    };
    *count = sizeof edges / sizeof *edges;
    return edges;
}
