/* What the contracts of libraries allow and a schedule may take: a timeout that comes while others
 * could go on, a wait on a condition variable or a park that ends for nothing, a weak exchange that
 * fails for nothing. */
#include "controlled.h"

#include <stdio.h>
#include <string.h>

static unsigned long long step(void)
{
    return (unsigned long long)(run.steps - run.vain_steps);
}

bool waits_matter(void)
{
    return settings.candidates || wakes_may_come();
}

bool departures_matter(void)
{
    return settings.candidates || failures_may_come();
}

/* --- timeouts and waits ------------------------------------------------------------------- */

static bool somebody_can_run(void)
{
    for (int i = 0; i < run.live_count; i++) {
        if (run.live[i]->state == RUNNABLE) {
            return true;
        }
    }
    return false;
}

/* Whose timeout may come early: the next one, if it is near.  A thread whose timeouts have come
 * early many times while nobody else went on polls for what the others do: now they get to do it.
 */
static Thread *early_candidate(void)
{
    Thread *sleeper = earliest();
    if (sleeper == NULL || sleeper->early_run >= EARLY_LIMIT) {
        return NULL;
    }
    return sleeper->wait.deadline <= run.clock + EARLY_REACH ? sleeper : NULL;
}

bool may_wake(const Thread *thread)
{
    return thread->state == BLOCKED && is_own_wait(thread->wait.class);
}

static void log_candidates(void)
{
    char text[400] = "";
    size_t length = 0;
    const Thread *sleeper = early_candidate();
    if (sleeper != NULL && somebody_can_run()) {
        length += (size_t)snprintf(text, sizeof text, " e%d", sleeper->number);
    }
    for (int i = 0; i < run.live_count && length < sizeof text - 16; i++) {
        if (may_wake(run.live[i])) {
            length +=
                (size_t)snprintf(text + length, sizeof text - length, " p%d", run.live[i]->number);
        }
    }
    if (length > 0) {
        log_record("c %llu%s", step(), text);
    }
}

/* Whoever wakes at once and is not chosen has slept as long as any.  So with every choice of who goes
 * on, each length of every sleep is met.  None is longer than until a timer: what that brings ends the
 * sleep, or comes before its end. */
static void end_sleeps(void)
{
    Thread *sleeper = earliest();
    while (sleeper != NULL && strcmp(sleeper->wait.kind, "sleep") == 0) {
        if (sleeper->wait.deadline > run.clock + EARLY_REACH) {
            hide("long-sleeps");
            return;
        }
        if (next_timer() < sleeper->wait.deadline) {
            hide("clock");
            return;
        }
        log_record("t %llu %d", step(), sleeper->number);
        fire(sleeper);
        sleeper = earliest();
    }
}

static void fire_early(void)
{
    Thread *sleeper = fires_early() ? early_candidate() : NULL;
    if (sleeper != NULL) {
        log_record("t %llu %d", step(), sleeper->number);
        sleeper->early_run++;
        fire(sleeper);
    }
}

/* Nor is it woken for nothing for ever, while nobody else goes on or others who wait like it. */
static bool may_be_drawn(const Thread *thread)
{
    return may_wake(thread) && thread->early_run < EARLY_LIMIT &&
           thread->spurious_run < SPURIOUS_LIMIT;
}

static Thread *any_that_may_wake(void)
{
    if (!somebody_could_go_on()) {
        return NULL; /* it is a deadlock, and is told as one */
    }
    int count = 0;
    for (int i = 0; i < run.live_count; i++) {
        count += may_be_drawn(run.live[i]);
    }
    int at = count > 0 ? (int)(random_number() % (uint64_t)count) : -1;
    for (int i = 0; at >= 0 && i < run.live_count; i++) {
        if (may_be_drawn(run.live[i]) && at-- == 0) {
            return run.live[i];
        }
    }
    return NULL;
}

/* The library's park goes on waiting until its word says that it was notified, though its contract
 * promises less.  It gets that word; a true notification that comes before it has looked is one
 * with it, and was made before the call returns, as the program will find. */
void wake_one(Thread *thread)
{
    enum { NOTIFIED = 1 };
    uint32_t parked = UINT32_MAX;
    if (thread->wait.class == PARK) {
        __atomic_compare_exchange_n((uint32_t *)thread->wait.key, &parked, NOTIFIED, false,
                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }
    release(thread, WOKEN);
}

static char places[PLACES_SIZE]; /* of who departs */

static void answer(Thread *thread)
{
    (void)thread;
    tell_places(places, sizeof places);
}

/* One that was passed over cannot ask: it may be about to come back. */
void log_waking(Thread *thread)
{
    if (self->state == PASSED_OVER) {
        strcpy(places, "-");
    } else {
        ask(thread, answer);
    }
    log_record("p %llu %d %s", step(), thread->number, places);
}

static void wake_for_nothing(void)
{
    long wanted = wakes_for_nothing();
    if (wanted == -1) {
        return;
    }
    Thread *thread = wanted == -2                                ? any_that_may_wake()
                     : wanted >= 0 && wanted < (long)run.created ? &run.threads[wanted]
                                                                 : NULL;
    if (thread != NULL && may_wake(thread)) {
        log_waking(thread);
        wake_one(thread);
        if (wanted == -2) {
            thread->early_run++;
            thread->spurious_run++;
            strategy_favour(thread);
        }
    } else if (wanted != -2) {
        end_run("mismatch", EXIT_MISMATCH);
    }
}

void depart(void)
{
    if (settings.sleepless) {
        end_sleeps();
    }
    if (settings.candidates) {
        log_candidates();
    }
    fire_early();
    if (wakes_may_come()) {
        wake_for_nothing();
    }
}

/* Where nobody else is there steps do not count on, and so could not name what comes for nothing: a
 * search has to know that it was not tried. */
void note_alone(void)
{
    static bool noted;
    if (settings.candidates && !noted) {
        noted = true;
        log_record("note alone");
    }
}

/* --- exchanges ---------------------------------------------------------------------------- */

bool exchange_fails(uintptr_t return_address)
{
    if (!controlled() || !is_weak_exchange(return_address)) {
        return false;
    }
    if (alone()) {
        note_alone();
        return false;
    }
    if (settings.candidates) {
        log_record("c %llu x%d", step(), self->number);
    }
    if (!self->fails && !fails_for_nothing()) {
        return false;
    }
    self->fails = false;
    tell_places(places, sizeof places);
    log_record("x %llu %d %s", step(), self->number, places);
    return true;
}

static uint64_t mask_of(unsigned size)
{
    return size == sizeof(uint64_t) ? UINT64_MAX : (UINT64_C(1) << size * 8) - 1;
}

enum { FRAME_SIZE = 256 }; /* of the caller, and somewhat of its caller's */

static const char *end_of(const char *frame)
{
    const char *end = frame + FRAME_SIZE;
    return end < self->stack_top ? end : self->stack_top;
}

static bool stands_in(const char *frame, uint64_t value, unsigned size)
{
    for (const char *place = frame; place + size <= end_of(frame); place++) {
        if (memcmp(place, &value, size) == 0) {
            return true;
        }
    }
    return false;
}

/* A value that stands nowhere near: where it does later, it is the lie. */
uint64_t tell_lie(char *frame, uint64_t truth, unsigned size)
{
    uint64_t told = truth ^ (UINT64_C(0xa5c3965a3c69d2b4) & mask_of(size));
    while (told == truth || stands_in(frame, told, size)) {
        told = (told + 1) & mask_of(size);
    }
    self->lie = (Lie){.frame = frame, .told = told, .truth = truth, .size = size};
    self->attention = true;
    return told;
}

void take_back(Lie *lie)
{
    for (char *place = lie->frame; place + lie->size <= end_of(lie->frame); place++) {
        if (memcmp(place, &lie->told, lie->size) == 0) {
            memcpy(place, &lie->truth, lie->size);
        }
    }
    lie->frame = NULL;
}
