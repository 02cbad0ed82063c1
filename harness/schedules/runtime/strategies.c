/* The strategies: pure choices among the runnable, from the seed and the decisions so far. */
#include "controlled.h"

#include <stdlib.h>
#include <string.h>

enum { FAVOURS = 30 };

static uint64_t random_state;
static int64_t lowest_priority;                /* of PCT: handed out downwards */
static uint64_t change_points[MAX_DEPTH];      /* of PCT: decision numbers */
static uint64_t switch_odds;                   /* of sticky: one decision in so many switches */
static bool by_line;                           /* of weighted: see choose_weighted */
static Thread *intended;                       /* of weighted by line: who is to write the next */
static const char *next_switch;                /* of switch: the rest of the list… */
static const char *next_early;                 /* …as seen by each kind of its items */
static const char *next_wake;
static const char *next_failure;
static const char *next_old;
static Thread *favoured; /* see strategy_favour */
static int favours;      /* decisions that it still gets */
static uint64_t early_odds;                    /* in early mode: one decision in so many */
static uint64_t spurious_odds;                 /* of waits and exchanges that end for nothing */
static uint64_t old_odds;                      /* of loads that read an older store */

/* SplitMix64 (Steele, Lea and Flood, 2014). */
uint64_t random_number(void)
{
    uint64_t bits = random_state += 0x9e3779b97f4a7c15u;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

/* The kinds of items by how they begin; hand-overs by a digit. */
static const char EARLY[] = "early@", WAKE[] = "spurious@", FAILURE[] = "weak@", OLD[] = "old@",
                  WHOLE[] = "whole@", HAND_OVER[] = "";

static const char *kind_of(const char *item)
{
    const char *kinds[] = {EARLY, WAKE, FAILURE, OLD, WHOLE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strncmp(item, kinds[i], strlen(kinds[i])) == 0) {
            return kinds[i];
        }
    }
    return HAND_OVER;
}

/* The list from its next item of that kind on; its end if there is none. */
static const char *item_of_kind(const char *list, const char *kind)
{
    while (list != NULL && *list != '\0') {
        list += *list == ',';
        if (kind_of(list) == kind) {
            break;
        }
        list += strcspn(list, ",");
    }
    return list;
}

/* Whether an item of that kind names this step; rest, if one does, is what stands behind the step.
 * Items of this step and of those before it are done with. */
static bool is_listed(const char **list, const char *kind, const char **rest)
{
    while (*list != NULL && **list != '\0') {
        char *end;
        uint64_t step = strtoull(*list + strlen(kind), &end, 10);
        if (step > run.steps) {
            break;
        }
        *rest = end;
        *list = item_of_kind(end, kind);
        if (step == run.steps) {
            return true;
        }
    }
    return false;
}

/* One in 1, 2, 4… 32, as the seed draws it: half of the seeds draw 1. */
static uint64_t draw_odds(bool wanted)
{
    uint64_t draw = wanted ? random_number() % (2 * EARLY_RANGE) : 0;
    return draw < EARLY_RANGE ? 1 : (uint64_t)1 << (draw - EARLY_RANGE);
}

void strategy_start(void)
{
    /* Seeds are small numbers that stand next to each other: spread over the 64 bits first. By
     * the same factor in Python's runtime, so that a seed means one choice in both. */
    random_state = settings.seed * 0x2545f4914f6cdd1du;
    next_switch = item_of_kind(settings.switches, HAND_OVER);
    next_early = item_of_kind(settings.switches, EARLY);
    next_wake = item_of_kind(settings.switches, WAKE);
    next_failure = item_of_kind(settings.switches, FAILURE);
    next_old = item_of_kind(settings.switches, OLD);
    settings.old |= next_old != NULL && *next_old != '\0';
    switch (settings.strategy) {
    case STICKY:
        switch_odds = (uint64_t)2 << (random_number() % 5);
        break;
    case PCT:
        for (int i = 0; i < settings.depth - 1; i++) {
            change_points[i] = random_number() % (settings.length + 1);
        }
        break;
    case WEIGHTED:
        by_line = random_number() % 2 == 0;
        break;
    default:
        break;
    }
    /* No odds suit every program: at 1 sleeps are as good as none, at 32 they mostly hold.
     * Half of the seeds take the first: with it sleeps order nothing at all. */
    early_odds = draw_odds(settings.early);
    spurious_odds = draw_odds(settings.spurious);
    old_odds = settings.old && settings.strategy != SWITCH ? (uint64_t)2 << random_number() % 3 : 1;
}

bool fires_early(void)
{
    const char *rest;
    return is_listed(&next_early, EARLY, &rest) ||
           (settings.early && random_number() % early_odds == 0);
}

long wakes_for_nothing(void)
{
    const char *rest;
    if (is_listed(&next_wake, WAKE, &rest)) {
        return *rest == '>' ? strtol(rest + 1, NULL, 10) : -1;
    }
    return settings.spurious && random_number() % spurious_odds == 0 ? -2 : -1;
}

/* Never all of them: a loop is to end. */
bool fails_for_nothing(void)
{
    const char *rest;
    return is_listed(&next_failure, FAILURE, &rest) ||
           (settings.spurious && random_number() % (2 * spurious_odds) == 0);
}

uint64_t goes_back(uint64_t most)
{
    const char *rest;
    if (settings.strategy != SWITCH) {
        return random_number() % old_odds == 0 ? 1 + random_number() % most : 0;
    }
    if (!is_listed(&next_old, OLD, &rest)) {
        return 0;
    }
    uint64_t back = *rest == '>' ? strtoull(rest + 1, NULL, 10) : 0;
    if (back == 0 || back > most) {
        end_run("mismatch", EXIT_MISMATCH);
    }
    return back;
}

bool wakes_may_come(void)
{
    return settings.spurious || (next_wake != NULL && *next_wake != '\0');
}

bool failures_may_come(void)
{
    return settings.spurious || (next_failure != NULL && *next_failure != '\0');
}

void strategy_new_thread(Thread *thread)
{
    if (settings.strategy == PCT) {
        /* Above the depth - 1 priorities that change points give, so that
         * whoever is put down is below all. */
        thread->priority = settings.depth + (int64_t)(random_number() >> 33);
    }
    intended = NULL; /* the newcomer has not been considered */
}

/* Any of the runnable, but a thread that yields only if there is no other. */
static Thread *choose_random(const Decision *decision)
{
    if (decision->current == NULL || !decision->yielding) {
        return decision->runnable[random_number() % (uint64_t)decision->count];
    }
    int at = (int)(random_number() % (uint64_t)(decision->count - 1));
    for (int i = 0; i <= at; i++) {
        at += decision->runnable[i] == decision->current;
    }
    return decision->runnable[at];
}

static Thread *choose_sticky(const Decision *decision)
{
    bool stays = decision->current != NULL && !decision->yielding;
    return stays && random_number() % switch_odds != 0 ? decision->current
                                                       : choose_random(decision);
}

/* Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding bugs", 2010:
 * the highest priority runs; at depth - 1 decisions, the running thread's falls. */
static Thread *choose_pct(const Decision *decision)
{
    Thread *current = decision->current;
    for (int i = 0; current != NULL && i < settings.depth - 1; i++) {
        if (change_points[i] == decision->number) {
            current->priority = i + 1;
        }
    }
    if (current != NULL && decision->yielding) {
        current->priority = --lowest_priority;
    }
    Thread *chosen = decision->runnable[0];
    for (int i = 1; i < decision->count; i++) {
        if (decision->runnable[i]->priority > chosen->priority) {
            chosen = decision->runnable[i];
        }
    }
    return chosen;
}

/* What a thread has left to do, by what one run showed of it; at least 1, lest it never run. */
static uint64_t weight_of(const Thread *thread)
{
    long expected = thread->number < settings.count_length ? settings.counts[thread->number] : 1;
    long remaining = expected - thread->events;
    return remaining > 0 ? (uint64_t)remaining : 1;
}

/* One of the runnable, each with a chance in proportion to its weight. */
static Thread *choose_by_weight(const Decision *decision)
{
    uint64_t total = 0;
    for (int i = 0; i < decision->count; i++) {
        total += weight_of(decision->runnable[i]);
    }
    /* The bias of the remainder is below total / 2^64. */
    uint64_t at = random_number() % total;
    int i = 0;
    while (at >= weight_of(decision->runnable[i])) {
        at -= weight_of(decision->runnable[i++]);
    }
    return decision->runnable[i];
}

/* After URW and SURW (Zhao et al., ASPLOS 2025): a thread's chance is its share of the events that
 * remain, so that long threads are not left to run alone at the end.  Half of the seeds decide at
 * each event; the other half at each written line, so that the orders of the output are drawn evenly
 * whatever else happens between two lines. */
static Thread *choose_weighted(const Decision *decision)
{
    Thread *current = decision->current;
    bool stays = by_line && current != NULL && current == intended && !decision->yielding;
    if (stays && !current->wrote) {
        return current;
    }
    intended = choose_by_weight(decision);
    intended->wrote = false;
    return intended;
}

/* The runnable thread of that number; ends the run if there is none:
 * the list is not of this program. */
static Thread *find(const Decision *decision, long number)
{
    for (int i = 0; i < decision->count; i++) {
        if (decision->runnable[i]->number == number) {
            return decision->runnable[i];
        }
    }
    end_run("mismatch", EXIT_MISMATCH);
}

/* The default rule: stay; if that cannot be, the lowest-numbered other. */
static Thread *choose_default(const Decision *decision)
{
    if (decision->current != NULL && !decision->yielding) {
        return decision->current;
    }
    return decision->runnable[decision->runnable[0] == decision->current ? 1 : 0];
}

/* The list is in the order of its decisions; what is left of it starts with the next to come. */
static Thread *listed_choice(const Decision *decision)
{
    if (*next_switch == '\0') {
        return NULL;
    }
    char *end;
    uint64_t number = strtoull(next_switch, &end, 10);
    if (*end != '>' || number < decision->number) {
        end_run("mismatch", EXIT_MISMATCH);
    }
    if (number > decision->number) {
        return NULL;
    }
    long chosen = strtol(end + 1, &end, 10);
    next_switch = item_of_kind(end, HAND_OVER);
    return find(decision, chosen);
}

static Thread *choose_switch(const Decision *decision)
{
    Thread *listed = listed_choice(decision);
    if (listed != NULL) {
        return listed;
    }
    return settings.touches ? choose_awake(decision) : choose_default(decision);
}

void strategy_favour(Thread *thread)
{
    favoured = thread;
    favours = random_number() % 2 == 0 ? FAVOURS : 0;
}

static Thread *choose_favoured(const Decision *decision)
{
    for (int i = 0; favours > 0 && i < decision->count; i++) {
        if (decision->runnable[i] == favoured) {
            favours--;
            return favoured;
        }
    }
    favours = 0; /* it waits again */
    return NULL;
}

Thread *strategy_choose(const Decision *decision)
{
    Thread *first = choose_favoured(decision);
    if (first != NULL) {
        return first;
    }
    switch (settings.strategy) {
    case STICKY:
        return choose_sticky(decision);
    case PCT:
        return choose_pct(decision);
    case WEIGHTED:
        return choose_weighted(decision);
    case SWITCH:
        return choose_switch(decision);
    case RANDOM:
        break;
    }
    return choose_random(decision);
}
