#include "sim/options.h"

#include <stdlib.h>
#include <string.h>

#include "sim/host/profile.h"
#include "sim/script/suggest.h"
#include "sim/view/timeline.h"

// Takes an option's value (NULL for an option without one). False: it is wrong, and that has been said.
typedef bool (*take_option)(struct options *options, const char *value);

#define RUNS_MOST UINT64_C(1000000000000000)  // more than anybody has time for

struct option {
    const char *name;
    const char *value;  // what help calls its value; NULL: it takes none
    unsigned commands;  // enum command_bit, or-ed
    enum message help;
    take_option take;
};

// ---- Values --------------------------------------------------------------------------------------------------------

// Decimal digits alone, up to `limit`. strtoull() would take signs, spaces and overflow.
static bool parse_number(const char *text, uint64_t limit, uint64_t *number) {
    uint64_t value = 0;
    if (*text == '\0') return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (limit - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}

static bool parse_language(const char *text, enum language *language) {
    if (strcmp(text, "en") == 0)
        *language = ENGLISH;
    else if (strcmp(text, "zh") == 0)
        *language = CHINESE;
    else
        return false;
    return true;
}

static bool take_seed(struct options *options, const char *value) {
    if (parse_number(value, UINT64_MAX, &options->seed)) return true;
    message_error(options->language, MESSAGE_NOT_A_SEED, value, NULL);
    return false;
}

static bool take_width(struct options *options, const char *value) {
    uint64_t width;
    if (parse_number(value, TIMELINE_WIDTH_MOST, &width) && width >= TIMELINE_WIDTH_LEAST) {
        options->width = (uint32_t)width;
        return true;
    }
    message_error(options->language, MESSAGE_NOT_A_WIDTH, value, NULL);
    return false;
}

static bool take_lang(struct options *options, const char *value) {
    if (parse_language(value, &options->language)) return true;
    message_error(options->language, MESSAGE_NOT_A_LANGUAGE, value, "--lang");
    return false;
}

static bool take_set(struct options *options, const char *value) {
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value) {
        message_error(options->language, MESSAGE_NOT_A_SETTING, value, NULL);
        return false;
    }
    if (options->set_count == OPTIONS_REPEATED) {
        message_error(options->language, MESSAGE_TOO_OFTEN, "--set", NULL);
        return false;
    }
    options->set[options->set_count++] = value;
    return true;
}

static bool take_without(struct options *options, const char *value) {
    if (options->without_count == OPTIONS_REPEATED) {
        message_error(options->language, MESSAGE_TOO_OFTEN, "--without", NULL);
        return false;
    }
    options->without[options->without_count++] = value;
    return true;
}

static bool take_profile(struct options *options, const char *value) {
    enum profile profile;
    if (profile_by_name(value, &profile)) {
        options->profile = value;
        return true;
    }
    char list[80] = "";
    for (int i = 0; i < PROFILES; i++) {
        size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "", profile_name((enum profile)i));
    }
    message_error(options->language, MESSAGE_NOT_A_PROFILE, value, list);
    return false;
}

static bool take_trace(struct options *options, const char *value) {
    options->trace = value;
    return true;
}

static bool take_pcap(struct options *options, const char *value) {
    options->pcap = value;
    return true;
}

static bool take_pcap_merged(struct options *options, const char *value) {
    options->pcap_merged = value;
    return true;
}

static bool take_jsonl(struct options *options, const char *value) {
    options->jsonl = value;
    return true;
}

static bool take_html(struct options *options, const char *value) {
    options->html = value;
    return true;
}

static bool take_both(struct options *options, const char *value) {
    (void)value;
    return options->both = true;
}

static bool take_beside(struct options *options, const char *value) {
    options->beside = value;
    return true;
}

static bool take_mermaid(struct options *options, const char *value) {
    options->mermaid = value;
    return true;
}

static bool take_svg(struct options *options, const char *value) {
    options->svg = value;
    return true;
}

static bool take_explain(struct options *options, const char *value) {
    (void)value;
    return options->explain = true;
}

static bool take_absolute(struct options *options, const char *value) {
    (void)value;
    return options->absolute = true;
}

static bool take_digest(struct options *options, const char *value) {
    (void)value;
    return options->digest = true;
}

static bool take_ascii(struct options *options, const char *value) {
    (void)value;
    return options->ascii = true;
}

static bool take_quiet(struct options *options, const char *value) {
    (void)value;
    return options->quiet = true;
}

static bool take_properties(struct options *options, const char *value) {
    (void)value;
    return options->properties = true;
}

static bool take_ledger(struct options *options, const char *value) {
    (void)value;
    return options->ledger = true;
}

static bool take_help(struct options *options, const char *value) {
    (void)value;
    return options->help = true;
}

// A whole number from 1 to `most`.
static bool take_count(const struct options *options, const char *name, const char *value, uint64_t most,
                       uint64_t *number) {
    if (parse_number(value, most, number) && *number > 0) return true;
    char range[80];
    snprintf(range, sizeof range, "1..%llu", (unsigned long long)most);
    message_error(options->language, MESSAGE_NOT_A_COUNT, name, range);
    return false;
}

static bool take_runs(struct options *options, const char *value) {
    return take_count(options, "--runs", value, RUNS_MOST, &options->runs);
}

static bool take_run(struct options *options, const char *value) {
    return take_count(options, "--run", value, RUNS_MOST, &options->run);
}

static bool take_jobs(struct options *options, const char *value) {
    uint64_t jobs;
    if (!take_count(options, "--jobs", value, OPTIONS_JOBS, &jobs)) return false;
    options->jobs = (uint32_t)jobs;
    return true;
}

// "30s", "500ms", "2min".
static bool take_time(struct options *options, const char *value) {
    static const struct {
        const char *name;
        uint64_t milliseconds;
    } units[] = {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}};
    char digits[16];
    size_t length = strspn(value, "0123456789");
    uint64_t number = 0;
    snprintf(digits, sizeof digits, "%.*s", (int)(length < sizeof digits ? length : sizeof digits - 1), value);
    bool good = length < sizeof digits && parse_number(digits, 1000000000, &number) && number > 0;
    for (size_t i = 0; good && i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(value + length, units[i].name) != 0) continue;
        options->time = number * units[i].milliseconds;
        return true;
    }
    message_error(options->language, MESSAGE_NOT_A_TIME, value, NULL);
    return false;
}

// "2/8"
static bool take_shard(struct options *options, const char *value) {
    char first[16];
    size_t length = strcspn(value, "/");
    uint64_t shard = 0, shards = 0;
    snprintf(first, sizeof first, "%.*s", (int)(length < sizeof first ? length : sizeof first - 1), value);
    if (value[length] == '/' && parse_number(first, OPTIONS_SHARDS, &shard) &&
        parse_number(value + length + 1, OPTIONS_SHARDS, &shards) && shard >= 1 && shard <= shards) {
        options->shard = (uint32_t)shard;
        options->shards = (uint32_t)shards;
        return true;
    }
    message_error(options->language, MESSAGE_NOT_A_SHARD, value, NULL);
    return false;
}

static bool take_save(struct options *options, const char *value) {
    options->save = value;
    return true;
}

static bool take_report(struct options *options, const char *value) {
    options->report = value;
    return true;
}

enum { BUDGET_MOST = 200, DEPTH_MOST = 1000000 };

static bool take_small(const struct options *options, const char *name, const char *value, uint32_t most,
                       uint32_t *number) {
    uint64_t count;
    if (!take_count(options, name, value, most, &count)) return false;
    *number = (uint32_t)count;
    return true;
}

static bool take_budget(const struct options *options, const char *name, const char *value, uint32_t *number) {
    uint64_t count;
    char range[24];
    if (parse_number(value, BUDGET_MOST, &count) && count > 0) {
        *number = (uint32_t)count;
        return true;
    }
    snprintf(range, sizeof range, "1..%d", BUDGET_MOST);
    message_error(options->language, MESSAGE_NOT_A_BUDGET, name, range);
    return false;
}

static bool take_no_budgets(struct options *options, const char *value) {
    (void)value;
    return options->no_budgets = true;
}

static bool take_drop(struct options *options, const char *value) {
    return take_budget(options, "--drop", value, &options->drop);
}

static bool take_duplicate(struct options *options, const char *value) {
    return take_budget(options, "--duplicate", value, &options->duplicate);
}

static bool take_overtake(struct options *options, const char *value) {
    return take_budget(options, "--overtake", value, &options->overtake);
}

static bool take_fire(struct options *options, const char *value) {
    return take_budget(options, "--fire", value, &options->fire);
}

static bool take_depth(struct options *options, const char *value) {
    return take_small(options, "--depth", value, DEPTH_MOST, &options->depth);
}

// "512MiB", "2GiB".
static bool take_memory(struct options *options, const char *value) {
    static const struct {
        const char *name;
        unsigned shift;
    } units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
    char digits[16];
    size_t length = strspn(value, "0123456789");
    uint64_t number = 0;
    snprintf(digits, sizeof digits, "%.*s", (int)(length < sizeof digits ? length : sizeof digits - 1), value);
    bool good = length < sizeof digits && parse_number(digits, 1000000, &number) && number > 0;
    for (size_t i = 0; good && i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(value + length, units[i].name) != 0) continue;
        options->memory = number << units[i].shift;
        return true;
    }
    message_error(options->language, MESSAGE_NOT_A_SIZE, value, NULL);
    return false;
}

static bool take_exact(struct options *options, const char *value) {
    (void)value;
    return options->exact = true;
}

static bool take_long_silence(struct options *options, const char *value) {
    (void)value;
    return options->long_silence = true;
}

static bool take_dot(struct options *options, const char *value) {
    options->dot = value;
    return true;
}

static bool take_tap(struct options *options, const char *value) {
    (void)value;
    return options->tap = true;
}

// ---- The table -----------------------------------------------------------------------------------------------------

enum {
    SHOWS = COMMAND_RUN | COMMAND_VIEW,
    LOADS = COMMAND_RUN | COMMAND_CHECK | COMMAND_EXPLORE,
    TRIES = COMMAND_RUN | COMMAND_CHECK,
    DRAWS = SHOWS | COMMAND_CHECK | COMMAND_EXPLORE,
    ALL = COMMAND_RUN | COMMAND_VIEW | COMMAND_LIST | COMMAND_RULES | COMMAND_HELP | COMMAND_CHECK | COMMAND_MERGE |
          COMMAND_EXPLORE | COMMAND_PROVE,
};

static const struct option table[] = {
    {"--seed", "N", TRIES, MESSAGE_OPTION_SEED, take_seed},
    {"--set", "NAME=VALUE", LOADS, MESSAGE_OPTION_SET, take_set},
    {"--without", "[HOST:]RULE", LOADS, MESSAGE_OPTION_WITHOUT, take_without},
    {"--profile", "NAME", LOADS, MESSAGE_OPTION_PROFILE, take_profile},
    {"--lang", "en|zh", ALL, MESSAGE_OPTION_LANG, take_lang},
    {"--explain", NULL, DRAWS, MESSAGE_OPTION_EXPLAIN, take_explain},
    {"--absolute", NULL, DRAWS, MESSAGE_OPTION_ABSOLUTE, take_absolute},
    {"--trace", "FILE", COMMAND_RUN, MESSAGE_OPTION_TRACE, take_trace},
    {"--html", "FILE", SHOWS, MESSAGE_OPTION_HTML, take_html},
    {"--both", NULL, COMMAND_RUN, MESSAGE_OPTION_BOTH, take_both},
    {"--beside", "TRACE", COMMAND_VIEW, MESSAGE_OPTION_BESIDE, take_beside},
    {"--pcap", "DIR", SHOWS, MESSAGE_OPTION_PCAP, take_pcap},
    {"--pcap-merged", "FILE", SHOWS, MESSAGE_OPTION_PCAP_MERGED, take_pcap_merged},
    {"--svg", "FILE", SHOWS, MESSAGE_OPTION_SVG, take_svg},
    {"--mermaid", "FILE", SHOWS, MESSAGE_OPTION_MERMAID, take_mermaid},
    {"--jsonl", "FILE", SHOWS, MESSAGE_OPTION_JSONL, take_jsonl},
    {"--digest", NULL, SHOWS, MESSAGE_OPTION_DIGEST, take_digest},
    {"--width", "N", DRAWS | COMMAND_RULES, MESSAGE_OPTION_WIDTH, take_width},
    {"--ascii", NULL, DRAWS | COMMAND_RULES, MESSAGE_OPTION_ASCII, take_ascii},
    {"--quiet", NULL, COMMAND_RUN | COMMAND_EXPLORE, MESSAGE_OPTION_QUIET, take_quiet},
    {"--runs", "N", COMMAND_CHECK, MESSAGE_OPTION_RUNS, take_runs},
    {"--time", "30s", COMMAND_CHECK, MESSAGE_OPTION_TIME, take_time},
    {"--run", "N", COMMAND_CHECK, MESSAGE_OPTION_RUN, take_run},
    {"--jobs", "N", COMMAND_CHECK | COMMAND_PROVE | COMMAND_EXPLORE, MESSAGE_OPTION_JOBS, take_jobs},
    {"--shard", "I/N", COMMAND_CHECK, MESSAGE_OPTION_SHARD, take_shard},
    {"--save", "DIR", COMMAND_CHECK, MESSAGE_OPTION_SAVE, take_save},
    {"--report", "FILE", COMMAND_CHECK, MESSAGE_OPTION_REPORT, take_report},
    {"--tap", NULL, COMMAND_CHECK, MESSAGE_OPTION_TAP, take_tap},
    {"--drop", "N", COMMAND_EXPLORE, MESSAGE_OPTION_DROP, take_drop},
    {"--duplicate", "N", COMMAND_EXPLORE, MESSAGE_OPTION_DUPLICATE, take_duplicate},
    {"--overtake", "N", COMMAND_EXPLORE, MESSAGE_OPTION_OVERTAKE, take_overtake},
    {"--fire", "N", COMMAND_EXPLORE, MESSAGE_OPTION_FIRE, take_fire},
    {"--no-budgets", NULL, COMMAND_EXPLORE, MESSAGE_OPTION_NO_BUDGETS, take_no_budgets},
    {"--long-silence", NULL, COMMAND_EXPLORE, MESSAGE_OPTION_LONG_SILENCE, take_long_silence},
    {"--depth", "N", COMMAND_EXPLORE, MESSAGE_OPTION_DEPTH, take_depth},
    {"--memory", "SIZE", COMMAND_EXPLORE, MESSAGE_OPTION_MEMORY, take_memory},
    {"--exact", NULL, COMMAND_EXPLORE, MESSAGE_OPTION_EXACT, take_exact},
    {"--dot", "FILE", COMMAND_EXPLORE, MESSAGE_OPTION_DOT, take_dot},
    {"--properties", NULL, COMMAND_RULES, MESSAGE_OPTION_PROPERTIES, take_properties},
    {"--ledger", NULL, COMMAND_RULES, MESSAGE_OPTION_LEDGER, take_ledger},
    {"--help", NULL, ALL, MESSAGE_OPTION_HELP, take_help},
};
enum { TABLE = sizeof table / sizeof table[0] };

// The option of that name (`length` bytes), whichever commands know it.
static const struct option *find_option(const char *name, size_t length) {
    for (size_t i = 0; i < TABLE; i++)
        if (strncmp(table[i].name, name, length) == 0 && table[i].name[length] == '\0') return &table[i];
    return NULL;
}

static void say_unknown(const struct options *options, const char *name, const char *command) {
    struct suggestion suggestion;
    suggest_begin(&suggestion, name);
    for (size_t i = 0; i < TABLE; i++)
        if ((table[i].commands & options->command) != 0) suggest_add(&suggestion, table[i].name);
    fputs("synfin: ", stderr);
    message_print(stderr, options->language, MESSAGE_UNKNOWN_OPTION, name, NULL);
    if (suggestion.best[0] != '\0')
        message_print(stderr, options->language, MESSAGE_DID_YOU_MEAN, suggestion.best, NULL);
    fputc('\n', stderr);
    char help[64];
    snprintf(help, sizeof help, "%s --help", command);
    message_error(options->language, MESSAGE_SEE_HELP, help, NULL);
}

// ---- Parsing -------------------------------------------------------------------------------------------------------

struct arguments {
    const char *command;
    int count, next;
    char *const *list;
};

// Reads the option at `next`, and its value, from "--name", "--name value" or "--name=value".
static bool parse_option(struct options *options, struct arguments *arguments) {
    const char *text = arguments->list[arguments->next++];
    if (strcmp(text, "-h") == 0) return take_help(options, NULL);
    size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    const struct option *option = find_option(text, length);
    if (option == NULL) {
        char name[SUGGEST_NAME];
        snprintf(name, sizeof name, "%.*s", (int)length, text);
        say_unknown(options, name, arguments->command);
        return false;
    }
    if ((option->commands & options->command) == 0) {
        message_error(options->language, MESSAGE_OPTION_ELSEWHERE, option->name, arguments->command);
        return false;
    }
    if (option->value == NULL && value != NULL) {
        message_error(options->language, MESSAGE_VALUE_NOT_WANTED, option->name, value);
        return false;
    }
    if (option->value != NULL && value == NULL && arguments->next < arguments->count)
        value = arguments->list[arguments->next++];
    if (option->value != NULL && (value == NULL || value[0] == '\0')) {
        message_error(options->language, MESSAGE_VALUE_MISSING, option->name, option->value);
        return false;
    }
    return option->take(options, value);
}

static bool parse_operand(struct options *options, const struct arguments *arguments, const char *text) {
    if (options->operand == NULL && options->command != COMMAND_RULES) {
        options->operand = text;
        return true;
    }
    if (options->command == COMMAND_MERGE && options->more_count < OPTIONS_OPERANDS) {
        options->more[options->more_count++] = text;
        return true;
    }
    message_error(options->language, MESSAGE_OPERAND_TOO_MANY, arguments->command, text);
    return false;
}

// Options that contradict each other. False: they do, and that has been said.
static bool agree(const struct options *options) {
    bool budget = options->drop + options->duplicate + options->overtake + options->fire > 0;
    bool both = options->no_budgets && budget, lists = options->properties && options->ledger;
    if (both) message_error(options->language, MESSAGE_BUDGETS_OR_NONE, NULL, NULL);
    if (lists) message_error(options->language, MESSAGE_ONE_LIST, NULL, NULL);
    return !both && !lists;
}

bool options_parse(struct options *options, const char *command, int count, char *const *arguments) {
    struct arguments rest = {command, count, 0, arguments};
    bool operands_only = false;
    const char *language = getenv("SYNFIN_LANG");
    enum language ignored;
    if (language != NULL && language[0] != '\0' && !parse_language(language, &ignored)) {
        message_error(options->language, MESSAGE_NOT_A_LANGUAGE, language, "SYNFIN_LANG");
        return false;
    }
    while (rest.next < count) {
        const char *text = arguments[rest.next];
        if (!operands_only && strcmp(text, "--") == 0) {
            operands_only = true;
            rest.next++;
        } else if (!operands_only && text[0] == '-' && text[1] != '\0') {
            if (!parse_option(options, &rest)) return false;
        } else {
            rest.next++;
            if (!parse_operand(options, &rest, text)) return false;
        }
    }
    if (options->help) return true;
    if (!agree(options)) return false;
    if (options->operand != NULL) return true;
    if ((options->command & (COMMAND_RUN | COMMAND_VIEW | COMMAND_CHECK | COMMAND_MERGE | COMMAND_EXPLORE)) == 0)
        return true;
    message_error(options->language, MESSAGE_OPERAND_MISSING, command,
                  options->command == COMMAND_VIEW    ? "TRACE"
                  : options->command == COMMAND_MERGE ? "REPORT..."
                                                      : "FILE");
    return false;
}

enum language options_language(int count, char *const *arguments) {
    enum language language = ENGLISH;
    const char *wanted = getenv("SYNFIN_LANG");
    if (wanted != NULL) parse_language(wanted, &language);
    for (int i = 0; i < count && strcmp(arguments[i], "--") != 0; i++) {
        if (strncmp(arguments[i], "--lang=", 7) == 0) parse_language(arguments[i] + 7, &language);
        if (strcmp(arguments[i], "--lang") == 0 && i + 1 < count) parse_language(arguments[i + 1], &language);
    }
    return language;
}

void options_print(FILE *out, enum command_bit command, enum language language) {
    for (size_t i = 0; i < TABLE; i++) {
        if ((table[i].commands & command) == 0) continue;
        char usage[40];
        snprintf(usage, sizeof usage, "%s%s%s", table[i].name, table[i].value == NULL ? "" : " ",
                 table[i].value == NULL ? "" : table[i].value);
        fprintf(out, "  %-24s ", usage);
        message_print(out, language, table[i].help, NULL, NULL);
        fputc('\n', out);
    }
}
