/* What is asked of a controlled run, read once at start: by its environment, from which it is then
 * removed, or by a request (see server.c). */
#include "controlled.h"
#include "filetimes.h"
#include "server.h"

#include <stdlib.h>
#include <string.h>

Settings settings;

extern char **environ;

static char *request; /* "NAME=value" a line; NULL: the environment says it all */

/* Whether a line, or an entry of the environment, is the variable's. */
static bool has_name(const char *entry, const char *name, size_t length)
{
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

/* The value's first character; it ends at the line's end. */
static const char *find_in_request(const char *name)
{
    size_t length = strlen(name);
    for (const char *line = request; line != NULL && *line != '\0';) {
        if (has_name(line, name, length)) {
            return line + length + 1;
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return NULL;
}

/* What the request says of the program's own environment takes the place of what is there. */
static void change_environment(void)
{
    for (char *line = request; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        size_t length = strcspn(line, "=");
        bool is_ours = strncmp(line, "HARNESS_", strlen("HARNESS_")) == 0;
        for (char **entry = environ; end != NULL && !is_ours && *entry != NULL; entry++) {
            if (has_name(*entry, line, length)) {
                *end = '\0';
                *entry = line;
            }
        }
        line = end != NULL ? end + 1 : NULL;
    }
}

/* Copies lie outside the heap: else the length of a schedule would move the program's objects. */
static char *keep(const char *text, size_t length)
{
    static char kept[1 << 19];
    static size_t used;
    char *copy = kept + used;
    if (used + length >= sizeof kept) {
        return NULL;
    }
    memcpy(copy, text, length);
    used += length + 1;
    return copy;
}

/* A copy of the variable's value, or NULL; the variable is gone afterwards. */
static char *take(const char *name)
{
    const char *asked = find_in_request(name);
    const char *value = asked != NULL ? asked : getenv(name);
    size_t length = value == NULL ? 0 : strcspn(value, asked != NULL ? "\n" : "");
    char *copy = value == NULL ? NULL : keep(value, length);
    unsetenv(name);
    return copy;
}

static uint64_t take_number(const char *name, uint64_t otherwise)
{
    const char *text = take(name);
    return text != NULL && *text != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

static bool parse_seed(const char *text)
{
    char *end;
    settings.seed = strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

static bool parse_pct(const char *text)
{
    char *end;
    settings.strategy = PCT;
    settings.depth = (int)strtol(text, &end, 10);
    return settings.depth >= 1 && settings.depth <= MAX_DEPTH && *end == ':' && parse_seed(end + 1);
}

static bool cut_suffix(char *text, const char *suffix)
{
    size_t length = strlen(text);
    size_t cut = strlen(suffix);
    if (length < cut || strcmp(text + length - cut, suffix) != 0) {
        return false;
    }
    text[length - cut] = '\0';
    return true;
}

static bool parse_seeded(Strategy strategy, const char *seed)
{
    settings.strategy = strategy;
    return parse_seed(seed);
}

/* Understands "random:7", "pct3:7/early/spurious/old", "switch:4>1,early@9"…; says whether it could. */
static bool parse_schedule(char *text)
{
    settings.old = cut_suffix(text, "/old");
    settings.spurious = cut_suffix(text, "/spurious");
    settings.early = cut_suffix(text, "/early");
    char *rest = strchr(text, ':');
    if (rest == NULL) {
        return false;
    }
    *rest++ = '\0';
    if (strcmp(text, "random") == 0) {
        return parse_seeded(RANDOM, rest);
    }
    if (strcmp(text, "sticky") == 0) {
        return parse_seeded(STICKY, rest);
    }
    if (strcmp(text, "weighted") == 0) {
        return parse_seeded(WEIGHTED, rest);
    }
    if (strcmp(text, "switch") == 0) {
        settings.strategy = SWITCH;
        settings.switches = rest;
        settings.sleepless = strstr(rest, "early@*") != NULL;
        settings.whole = strstr(rest, "whole@*") != NULL;
        return !settings.early && !settings.spurious && !settings.old;
    }
    rest[-1] = ':';
    return strncmp(text, "pct", 3) == 0 && parse_pct(text + 3);
}

/* "17,40,38": the events of threads 0, 1 and 2. */
static void parse_counts(const char *text)
{
    settings.counts = calloc(MAX_THREADS, sizeof *settings.counts);
    while (*text != '\0' && settings.count_length < MAX_THREADS) {
        char *end;
        settings.counts[settings.count_length++] = strtol(text, &end, 10);
        text = *end == ',' ? end + 1 : "";
    }
}

void settings_take(bool fit)
{
    const char *place = getenv("HARNESS_SCHEDULE_REQUEST");
    if (place != NULL) {
        vdso_replace(); /* in a server, once for all of its runs */
        request = request_take(place, fit);
        settings.is_asked = true;
    }
    file_times_begin();
    unsetenv("HARNESS_SCHEDULE_REQUEST");
    char *schedule = take("HARNESS_SCHEDULE");
    settings.controlled = schedule != NULL;
    settings.log_path = take("HARNESS_SCHEDULE_LOG");
    settings.step_limit = take_number("HARNESS_SCHEDULE_STEPS", 200000);
    settings.length = take_number("HARNESS_SCHEDULE_LENGTH", 200);
    settings.candidates = take_number("HARNESS_SCHEDULE_CANDIDATES", 0) != 0;
    settings.places = take_number("HARNESS_SCHEDULE_PLACES", 0);
    char *touches = take("HARNESS_SCHEDULE_TOUCHES");
    settings.touches = touches != NULL;
    char *counts = take("HARNESS_SCHEDULE_COUNTS");
    char *granularity = take("HARNESS_SCHEDULE_GRANULARITY");
    settings.races = take_number("HARNESS_SCHEDULE_RACES", 0) != 0;
    bool olds = take_number("HARNESS_SCHEDULE_OLD", 0) != 0;
    settings.memory = granularity != NULL && strcmp(granularity, "memory") == 0;
    if (schedule != NULL) {
        settings.understood =
            parse_schedule(schedule) && (touches == NULL || touches_parse(touches));
        settings.old |= olds && settings.strategy == SWITCH;
        parse_counts(counts != NULL ? counts : "");
    }
    change_environment();
}
