#include "sim/failure.h"

#include <inttypes.h>
#include <stdio.h>

void failure_say_part(enum language language, enum message which, const char *value) {
    fputs("  ", stderr);
    message_print(stderr, language, which, value, NULL);
    fputc('\n', stderr);
}

void failure_time(uint64_t time, char *text, size_t size) {
    int length = snprintf(text, size, "%" PRIu64 ".%09" PRIu64, time / 1000000000, time % 1000000000);
    while (length > 0 && text[length - 1] == '0')
        length--;
    if (length > 0 && text[length - 1] == '.') length--;
    snprintf(text + length, size - (size_t)length, " s");
}

void failure_say(enum language language, const struct failure *failure) {
    char time[40];
    failure_time(failure->time, time, sizeof time);
    message_error(language, failure->faulty ? MESSAGE_CLAIM_FAULTY : MESSAGE_CLAIM_FAILED, failure->claim[language],
                  NULL);
    bool built_in = failure->where == NULL || failure->where[0] == '\0';
    // A function step has no place of its own: what was found names the line.
    if (!built_in || !failure->faulty)
        failure_say_part(language, MESSAGE_WHERE, built_in ? message(language, MESSAGE_BUILT_IN) : failure->where);
    failure_say_part(language, MESSAGE_WHEN, time);
    const char *found = failure->detail.text[language];
    if (found[0] == '\0') found = failure->detail.text[0];
    if (found[0] != '\0') failure_say_part(language, MESSAGE_FOUND, found);
}
