#include "sim/script/suggest.h"

#include <stdbool.h>
#include <string.h>

static int small_letter(char c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

// How many characters must be inserted, deleted, replaced or swapped with their neighbour to make `a` into `b`, where
// capital and small letters are the same. Both shorter than SUGGEST_NAME.
static size_t distance_between(const char *a, const char *b) {
    size_t cost[SUGGEST_NAME + 1][SUGGEST_NAME + 1];
    size_t rows = strlen(a), columns = strlen(b);
    for (size_t i = 0; i <= rows; i++)
        cost[i][0] = i;
    for (size_t j = 0; j <= columns; j++)
        cost[0][j] = j;
    for (size_t i = 1; i <= rows; i++) {
        for (size_t j = 1; j <= columns; j++) {
            int last_a = small_letter(a[i - 1]), last_b = small_letter(b[j - 1]);
            size_t best = cost[i - 1][j - 1] + (last_a != last_b);
            best = least(best, least(cost[i - 1][j], cost[i][j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && last_a == small_letter(b[j - 2]) && small_letter(a[i - 2]) == last_b;
            if (swapped) best = least(best, cost[i - 2][j - 2] + 1);
            cost[i][j] = best;
        }
    }
    return cost[rows][columns];
}

void suggest_begin(struct suggestion *suggestion, const char *wanted) {
    *suggestion = (struct suggestion){{0}, {0}, 0};
    size_t length = strlen(wanted);
    if (length >= SUGGEST_NAME) return;
    memcpy(suggestion->wanted, wanted, length);
    // A third of the letters may be wrong, and one letter may be in a name of two.
    suggestion->distance = length < 2 ? 1 : (length + 2) / 3 + 1;
}

void suggest_add(struct suggestion *suggestion, const char *candidate) {
    size_t length = strlen(candidate);
    if (suggestion->wanted[0] == '\0' || length == 0 || length >= SUGGEST_NAME) return;
    size_t wanted = strlen(suggestion->wanted);
    if ((wanted > length ? wanted - length : length - wanted) >= suggestion->distance) return;
    size_t distance = distance_between(suggestion->wanted, candidate);
    if (distance >= suggestion->distance || distance >= length) return;
    suggestion->distance = distance;
    memcpy(suggestion->best, candidate, length + 1);
}
