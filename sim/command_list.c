#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/command.h"
#include "sim/library.h"
#include "sim/output.h"
#include "sim/script/scenario.h"

// The library's folder: the one here, else the one that synfin was built from. NULL: neither is there.
static const char *library_folder(void) {
    static const char *const places[] = {"scenarios", SYNFIN_SOURCE_DIR "/scenarios"};
    struct stat what;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (stat(places[i], &what) == 0 && S_ISDIR(what.st_mode)) return places[i];
    return NULL;
}

static bool list_scenario(const char *path, enum language language) {
    const struct scenario_options how = {.language = (int)language};
    char error[SCENARIO_ERROR];
    struct scenario *scenario = scenario_load(path, &how, error, sizeof error);
    if (scenario == NULL) {
        output_flush();
        fprintf(stderr, "synfin: %s\n", error);
        return false;
    }
    const struct scenario_info *info = scenario_info(scenario);
    printf("%s\n    %s\n", path, info->title[language]);
    if (info->question[language][0] != '\0') printf("    %s\n", info->question[language]);
    scenario_free(scenario);
    return true;
}

enum status command_list(const struct options *options) {
    const char *folder = options->operand != NULL ? options->operand : library_folder();
    if (folder == NULL) {
        message_error(options->language, MESSAGE_NO_LIBRARY, NULL, NULL);
        return STATUS_BAD_INPUT;
    }
    struct library library = {.path = NULL};
    enum status status = library_find(&library, folder, options->language) ? STATUS_HOLDS : STATUS_BAD_INPUT;
    for (size_t i = 0; i < library.count; i++)
        if (!list_scenario(library.path[i], options->language)) status = STATUS_BAD_INPUT;
    library_free(&library);
    return status;
}
