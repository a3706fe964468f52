// README.md tells the truth: every command of synfin in a ```console block prints what stands below it.
//
//     $ synfin run FILE            run from the project's folder; "build/" is the folder of the synfin that was built
//     what it prints               ... a line "..." stands for any number of lines
//
// `test_readme write` writes the blocks anew.
#include <stdlib.h>
#include <sys/wait.h>

#include "tests/check.h"
#include "tests/support.h"

enum { LINES_MOST = 4000 };

struct lines {
    char *line[LINES_MOST];
    size_t count;
};

// Cuts `text` into lines, in place. The last one may lack its line feed.
static void cut_lines(char *text, struct lines *lines) {
    lines->count = 0;
    while (*text != '\0' && lines->count < LINES_MOST) {
        lines->line[lines->count++] = text;
        text += strcspn(text, "\n");
        if (*text == '\n') *text++ = '\0';
    }
}

// The command with the folder of the synfin that was built wherever a word begins with "build/".
static char *in_build_folder(const char *command) {
    static const char build[] = "build/";
    const int folder = (int)(strrchr(SYNFIN_BINARY, '/') + 1 - SYNFIN_BINARY);
    char *line = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&line, &size);
    if (out == NULL) exit(1);
    for (const char *at = command; *at != '\0';) {
        bool begins = at == command || at[-1] == ' ';
        if (begins && strncmp(at, build, sizeof build - 1) == 0) {
            fprintf(out, "%.*s", folder, SYNFIN_BINARY);
            at += sizeof build - 1;
        } else {
            fputc(*at++, out);
        }
    }
    if (fclose(out) != 0) exit(1);
    return line;
}

static char *output_of(const char *command) {
    char *line = in_build_folder(command);
    const char *words[] = {"/bin/sh", "-c", "eval \"$0\" 2>&1", line, NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    free(finished.err);
    free(line);
    CHECK(finished.status == 0 || finished.status == 1);
    return finished.out;
}

// Holds what was printed against the lines [from, to) of the README. Returns the first line of the README that it
// doesn't go with, `to` where only more was printed than stands there, or -1; `at`: as far as it came in `printed`.
static long first_difference(const struct lines *readme, size_t from, size_t to, const struct lines *printed,
                             size_t *at) {
    *at = 0;
    for (size_t i = from; i < to; i++) {
        if (strcmp(readme->line[i], "...") == 0) {
            const char *next = i + 1 < to ? readme->line[i + 1] : NULL;
            while (*at < printed->count && (next == NULL || strcmp(printed->line[*at], next) != 0))
                ++*at;
            continue;
        }
        if (*at == printed->count || strcmp(readme->line[i], printed->line[*at]) != 0) return (long)i;
        ++*at;
    }
    return *at == printed->count ? -1 : (long)to;
}

static void check_lines(const struct lines *readme, size_t from, size_t to, const struct lines *printed) {
    size_t at;
    long differs = first_difference(readme, from, to, printed, &at);
    if (differs < 0) {
        CHECK(true);
        return;
    }
    check_about("README.md:%ld", differs + 1);
    CHECK_STR((size_t)differs < to ? readme->line[differs] : "(end of the block)",
              at < printed->count ? printed->line[at] : "(end of output)");
}

static void put_lines(FILE *out, const struct lines *lines, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        fprintf(out, "%s\n", lines->line[i]);
}

// Writes what was printed in place of the lines [from, to) of the README, unless they go with it as they are. Where
// those had a "...", as many lines as before stay in front of it and behind it.
static void put_printed(FILE *out, const struct lines *readme, size_t from, size_t to, const struct lines *printed) {
    size_t gap = from, at;
    if (first_difference(readme, from, to, printed, &at) < 0) {
        put_lines(out, readme, from, to);
        return;
    }
    while (gap < to && strcmp(readme->line[gap], "...") != 0)
        gap++;
    size_t front = gap - from, back = gap < to ? to - gap - 1 : 0;
    if (gap == to || front + back >= printed->count) {
        put_lines(out, printed, 0, printed->count);
        return;
    }
    put_lines(out, printed, 0, front);
    fputs("...\n", out);
    put_lines(out, printed, printed->count - back, printed->count);
}

static bool is_ours(const char *line) {
    return strncmp(line, "$ synfin ", 9) == 0 || strncmp(line, "$ build/synfin ", 15) == 0;
}

// A console block: the lines [from, to) inside the fences, compared, or written to `out` if there is one. How many
// commands were run.
static unsigned do_block(const struct lines *readme, size_t from, size_t to, FILE *out) {
    static struct lines printed;
    unsigned commands = 0;
    while (from < to) {
        const char *line = readme->line[from++];
        size_t end = from;
        while (end < to && strncmp(readme->line[end], "$ ", 2) != 0)
            end++;
        if (out != NULL) fprintf(out, "%s\n", line);
        if (is_ours(line)) {
            check_about("README.md:%zu: %s", from, line);
            char *output = output_of(line + 2);
            cut_lines(output, &printed);
            if (out != NULL)
                put_printed(out, readme, from, end, &printed);
            else
                check_lines(readme, from, end, &printed);
            free(output);
            commands++;
        } else if (out != NULL) {
            put_lines(out, readme, from, end);
        }
        from = end;
    }
    return commands;
}

// All of the README, in the same way.
static void do_readme(const struct lines *readme, FILE *out) {
    unsigned commands = 0;
    for (size_t i = 0; i < readme->count; i++) {
        if (out != NULL) fprintf(out, "%s\n", readme->line[i]);
        if (strcmp(readme->line[i], "```console") != 0) continue;
        size_t end = i + 1;
        while (end < readme->count && strcmp(readme->line[end], "```") != 0)
            end++;
        commands += do_block(readme, i + 1, end, out);
        i = end - 1;
    }
    CHECK(commands >= 3);
}

// The ```lua blocks together are a scenario, and its claims hold.
static void check_scenario(const struct lines *readme) {
    const char *path = SYNFIN_SCRATCH "/readme.lua";
    FILE *file = fopen(path, "wb");
    if (!CHECK(file != NULL)) return;
    unsigned blocks = 0;
    bool inside = false;
    for (size_t i = 0; i < readme->count; i++) {
        if (strncmp(readme->line[i], "```", 3) == 0) {
            inside = strcmp(readme->line[i], "```lua") == 0;
            blocks += inside;
        } else if (inside) {
            fprintf(file, "%s\n", readme->line[i]);
        }
    }
    CHECK(fclose(file) == 0 && blocks > 0);
    const char *words[] = {SYNFIN_BINARY, "run", path, NULL};
    struct finished finished = run_process(words, STDOUT_KEPT);
    check_about("synfin run %s: %s", path, finished.err);
    CHECK_EQ(finished.status, 0);
    free_finished(&finished);
    remove(path);
}

// The folder of the synfin that was built comes first in PATH; nothing of the environment changes the output.
static void set_environment(void) {
    char path[4000];
    const char *slash = strrchr(SYNFIN_BINARY, '/');
    const char *rest = getenv("PATH");
    snprintf(path, sizeof path, "%.*s:%s", (int)(slash - SYNFIN_BINARY), SYNFIN_BINARY, rest == NULL ? "/bin" : rest);
    setenv("PATH", path, 1);
    unsetenv("SYNFIN_LANG");
}

// Writes README.md anew with what the commands print now.
static void write_readme(const struct lines *readme) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!CHECK(out != NULL)) return;
    do_readme(readme, out);
    if (!CHECK(fclose(out) == 0)) return;
    FILE *file = fopen("README.md", "wb");
    CHECK(file != NULL && fwrite(text, 1, size, file) == size && fclose(file) == 0);
    free(text);
}

int main(int count, char **arguments) {
    static struct lines readme;
    char *text = read_whole_file("README.md", NULL);
    if (!CHECK(text != NULL)) return check_result();
    set_environment();
    cut_lines(text, &readme);
    if (count > 1 && strcmp(arguments[1], "write") == 0)
        write_readme(&readme);
    else
        do_readme(&readme, NULL);
    check_scenario(&readme);
    free(text);
    int result = check_result();
    if (result != 0) fprintf(stderr, "if the change is meant: cmake --build build --target goldens\n");
    return result;
}
