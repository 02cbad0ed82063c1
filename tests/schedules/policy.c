/* Answers tests/schedules/policy.txt by the policy of the Rust side: strategies.c and settings.c.
 *
 * Each block of the file is a run.  What stands behind " > " is thrown away and put there anew. */
#include "controlled.h"
#include "filetimes.h"
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Run run;
__thread Thread *self;

_Noreturn void end_run(const char *kind, int status)
{
    printf("%s\n", kind);
    exit(status);
}

char *request_take(const char *place, bool fit)
{
    (void)place, (void)fit;
    return NULL;
}

void vdso_replace(void)
{
}

void file_times_begin(void)
{
}

bool touches_parse(const char *text)
{
    (void)text;
    return false;
}

Thread *choose_awake(const Decision *decision)
{
    return decision->runnable[0];
}

static Thread *listed[MAX_THREADS];

/* The threads of "0,2,3"; how many they are. */
static int read_threads(const char *text)
{
    int count = 0;
    for (char *end; *text != '\0'; text = *end == ',' ? end + 1 : "") {
        listed[count++] = &run.threads[strtol(text, &end, 10)];
    }
    return count;
}

static void start(const char *schedule, const char *length, const char *counts)
{
    setenv("HARNESS_SCHEDULE", schedule, 1);
    setenv("HARNESS_SCHEDULE_LENGTH", length, 1);
    setenv("HARNESS_SCHEDULE_COUNTS", strcmp(counts, "-") == 0 ? "" : counts, 1);
    settings_take(false);
    if (!settings.understood) {
        end_run("refused", 1);
    }
    strategy_start();
}

static void answer_decision(uint64_t number, int current, char mark, const char *runnable)
{
    int count = read_threads(runnable);
    Decision decision = {
        .number = number,
        .runnable = listed,
        .count = count,
        .current = mark == 'b' ? NULL : &run.threads[current],
        .yielding = mark == 'y',
    };
    printf(" > %d\n", strategy_choose(&decision)->number);
}

static void wake_one_of(const char *waiting)
{
    if (wakes_for_nothing() != -2) {
        printf(" > -\n");
        return;
    }
    Thread *woken = listed[random_number() % (uint64_t)read_threads(waiting)];
    strategy_favour(woken);
    printf(" > %d\n", woken->number);
}

static void answer(char *line)
{
    char word[8], one[64], two[64], three[64];
    line[strcspn(line, ">\n")] = '\0';
    line[strlen(line) - (line[strlen(line) - 1] == ' ')] = '\0';
    printf("%s", line);
    int words = sscanf(line, "%7s %63s %63s %63s", word, one, two, three);
    if (words == 4 && strcmp(word, "run") == 0) {
        printf("\n");
        start(one, two, three);
    } else if (strcmp(word, "thread") == 0) {
        run.threads[run.created].number = run.created;
        strategy_new_thread(&run.threads[run.created++]);
        printf("\n");
    } else if (words == 2 && strcmp(word, "line") == 0) {
        run.threads[atoi(one)].events++;
        run.threads[atoi(one)].wrote = true;
        printf("\n");
    } else if (strcmp(word, "early") == 0) {
        printf(" > %s\n", fires_early() ? "yes" : "no");
    } else if (words == 2 && strcmp(word, "wake") == 0) {
        wake_one_of(one);
    } else {
        char mark, runnable[64];
        unsigned long long number;
        int current;
        sscanf(line, "at %llu %d%c %63s", &number, &current, &mark, runnable);
        answer_decision(number, current, mark, runnable);
    }
}

/* Each in a process of its own: a policy has state, and no way back to its beginning. */
static void answer_block(char *const *lines, int count)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < count; i++) {
            answer(lines[i]);
        }
        exit(0);
    }
    waitpid(child, NULL, 0);
}

int main(void)
{
    static char *lines[1 << 16];
    int count = 0, start_of_block = 0;
    for (size_t size = 0; getline(&lines[count], &size, stdin) > 0; size = 0) {
        if (strncmp(lines[count], "run ", 4) == 0 && count > 0) {
            answer_block(lines + start_of_block, count - start_of_block);
            start_of_block = count;
        }
        count++;
    }
    answer_block(lines + start_of_block, count - start_of_block);
    return 0;
}
