// What every test program uses: checks that count themselves, and a last line that says how to see a failure again.
//
//     int main(void) {
//         CHECK(queue_empty(&queue));
//         CHECK_EQ(queue.count, 3);
//         return check_result();
//     }
//
// A failed check prints file, line and values, and the program goes on; only the first CHECK_LOUD failures are printed.
// SYNFIN_TEST is the test's name; the build defines it.
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CHECK_LOUD = 20 };

static unsigned long check_count;
static unsigned long check_failures;
static char check_note[512];

// Says what the checks that follow are about: a case's name, the numbers it was made from. Printed with each failure.
// NULL: nothing.
__attribute__((format(printf, 1, 2), unused)) static void check_about(const char *format, ...) {
    check_note[0] = '\0';
    if (format == NULL) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(check_note, sizeof check_note, format, arguments);
    va_end(arguments);
}

// Counts a failure; true when it is to be printed.
__attribute__((unused)) static bool check_failed(const char *file, int line) {
    check_failures++;
    if (check_failures == CHECK_LOUD + 1) fprintf(stderr, "... and more\n");
    if (check_failures > CHECK_LOUD) return false;
    fprintf(stderr, "%s:%d: ", file, line);
    if (check_note[0] != '\0') fprintf(stderr, "[%s] ", check_note);
    return true;
}

__attribute__((unused)) static bool check_true(bool holds, const char *what, const char *file, int line) {
    check_count++;
    if (!holds && check_failed(file, line)) fprintf(stderr, "does not hold: %s\n", what);
    return holds;
}

__attribute__((unused)) static bool check_equal(unsigned long long a, unsigned long long b, const char *what_a,
                                                const char *what_b, const char *file, int line) {
    check_count++;
    if (a != b && check_failed(file, line))
        fprintf(stderr, "%s is %llu (0x%llx), not %s = %llu (0x%llx)\n", what_a, a, a, what_b, b, b);
    return a == b;
}

__attribute__((unused)) static bool check_string(const char *a, const char *b, const char *what, const char *file,
                                                 int line) {
    check_count++;
    bool same = a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
    if (!same && check_failed(file, line))
        fprintf(stderr, "%s is\n    \"%s\"\nnot\n    \"%s\"\n", what, a == NULL ? "(null)" : a,
                b == NULL ? "(null)" : b);
    return same;
}

__attribute__((unused)) static bool check_contains(const char *text, const char *part, const char *what,
                                                   const char *file, int line) {
    check_count++;
    bool found = text != NULL && strstr(text, part) != NULL;
    if (!found && check_failed(file, line))
        fprintf(stderr, "%s is\n    \"%s\"\nwithout\n    \"%s\"\n", what, text == NULL ? "(null)" : text, part);
    return found;
}

// Each is true when the check holds. Integers are compared as 64 bits.
#define CHECK(condition) check_true((condition), #condition, __FILE__, __LINE__)
#define CHECK_EQ(a, b) check_equal((unsigned long long)(a), (unsigned long long)(b), #a, #b, __FILE__, __LINE__)
#define CHECK_STR(a, b) check_string((a), (b), #a, __FILE__, __LINE__)
#define CHECK_CONTAINS(text, part) check_contains((text), (part), #text, __FILE__, __LINE__)

// The program's exit status, after a line that sums up. A program without a single check has failed.
__attribute__((unused)) static int check_result(void) {
    if (check_count == 0) fprintf(stderr, "no check was made\n");
    printf("%lu checks, %lu failed\n", check_count, check_failures);
    if (check_failures == 0) return check_count == 0;
    fprintf(stderr, "to see it again: ctest --test-dir build --output-on-failure -R '^%s$'\n", SYNFIN_TEST);
    return 1;
}

#endif
