// Every file of tests/bad is a scenario with one mistake. Its first line, "-- expect: TEXT", says what the one line of
// its error must contain behind "FILE:LINE: ". tests/bad/chinese.txt has each error in Chinese, whole;
// `test_script_bad write` writes it anew.
#include <dirent.h>
#include <stdlib.h>

#include "sim/script/scenario.h"
#include "tests/check.h"

enum { FILES = 1000 };

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The text behind "-- expect: " in the file's first line.
static bool read_expectation(const char *path, char *text, size_t size) {
    static const char mark[] = "-- expect: ";
    FILE *file = fopen(path, "r");
    if (file == NULL) return false;
    char line[512] = "";
    bool read = fgets(line, sizeof line, file) != NULL && strncmp(line, mark, sizeof mark - 1) == 0;
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    if (read) snprintf(text, size, "%s", line + sizeof mark - 1);
    return read;
}

// "FILE:12: what" or, where no line is to blame, "FILE: what".
static void check_shape(const char *path, const char *error) {
    size_t length = strlen(path);
    CHECK(strncmp(error, path, length) == 0 && error[length] == ':');
    CHECK(strchr(error, '\n') == NULL);
    bool whole_file = strstr(error, "there is no host in this scenario") != NULL;
    CHECK(whole_file || (error[length + 1] >= '1' && error[length + 1] <= '9'));
    CHECK(strstr(error + length, path) == NULL);  // one place, not two
}

static void check_file(const char *path) {
    char expected[512], error[1024] = "";
    check_about("%s", path);
    if (!CHECK(read_expectation(path, expected, sizeof expected))) return;
    struct scenario *scenario = scenario_load(path, NULL, error, sizeof error);
    if (CHECK(scenario == NULL)) {
        check_shape(path, error);
        CHECK_CONTAINS(error, expected);
    }
    scenario_free(scenario);
}

// ---- In Chinese ------------------------------------------------------------------------------------------------

static const char chinese[] = SYNFIN_SOURCE_DIR "/tests/bad/chinese.txt";

// The error as a line of chinese.txt: without the folder.
static void write_chinese(const char *path, char *line, size_t size) {
    const struct scenario_options options = {.language = 1};
    char error[SCENARIO_ERROR] = "";
    scenario_free(scenario_load(path, &options, error, sizeof error));
    size_t folder = (size_t)(strrchr(path, '/') + 1 - path);
    snprintf(line, size, "%s\n", strlen(error) > folder ? error + folder : error);
}

static void check_chinese(char **paths, size_t count, bool anew) {
    char line[SCENARIO_ERROR + 2], expected[SCENARIO_ERROR + 2];
    FILE *file = fopen(chinese, anew ? "w" : "r");
    if (!CHECK(file != NULL)) return;
    for (size_t i = 0; i < count; i++) {
        check_about("%s", paths[i]);
        write_chinese(paths[i], line, sizeof line);
        if (anew) {
            CHECK(fputs(line, file) >= 0);
        } else if (CHECK(fgets(expected, sizeof expected, file) != NULL)) {
            CHECK_STR(line, expected);
        }
    }
    check_about(NULL);
    CHECK(anew || fgetc(file) == EOF);
    CHECK(fclose(file) == 0);
}

int main(int count_of_arguments, char **arguments) {
    static const char folder[] = SYNFIN_SOURCE_DIR "/tests/bad";
    static char *paths[FILES];
    size_t count = 0;
    DIR *directory = opendir(folder);
    if (!CHECK(directory != NULL)) return check_result();
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL && count < FILES) {
        size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".lua") != 0) continue;
        size_t size = sizeof folder + 1 + length;
        paths[count] = malloc(size);
        if (paths[count] == NULL) abort();
        snprintf(paths[count++], size, "%s/%s", folder, entry->d_name);
    }
    closedir(directory);
    CHECK(count >= 35);
    qsort(paths, count, sizeof paths[0], by_name);
    for (size_t i = 0; i < count; i++)
        check_file(paths[i]);
    check_chinese(paths, count, count_of_arguments > 1 && strcmp(arguments[1], "write") == 0);
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    return check_result();
}
