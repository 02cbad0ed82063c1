/* What CPython's locks, queues, events and joins block in: semaphores, all of them.
 *
 * A lock is tried first and waited for if that fails, with the GIL let go (or the thread detached).  What
 * is free is taken at once.  A wait with the GIL held is for the interpreter's own, brief locks, and is
 * real; so are those of the GIL itself, whose deadlines are reckoned from the virtual clock. */
#include "world.h"

#include <semaphore.h>

enum { SHARED = 256 };

static sem_t *shared[SHARED]; /* with other processes: by sem_open */
static int shared_count;

static bool is_shared(const sem_t *semaphore)
{
    for (int i = 0; i < shared_count; i++) {
        if (shared[i] == semaphore) {
            return true;
        }
    }
    return false;
}

INTERPOSED sem_t *sem_open(const char *name, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t permissions = va_arg(list, mode_t);
    unsigned value = va_arg(list, unsigned);
    va_end(list);
    sem_t *semaphore = REAL(sem_open)(name, flags, permissions, value);
    if (semaphore != SEM_FAILED && shared_count < SHARED) {
        shared[shared_count++] = semaphore;
    }
    return semaphore;
}

static bool can_take(void *semaphore)
{
    int value = 0;
    return sem_getvalue(semaphore, &value) != 0 || value > 0;
}

/* Without a GIL, a thread may have to stand still for another that stops them all for a moment, and that
 * one for the others: these waits end by themselves, and nobody may come between.  They show by being no
 * part of an operation of Python's; the first kind is tried until all others are at rest, who could end it,
 * however slow a busy machine makes them; the second has a limit. */
static bool is_brief(const sem_t *semaphore)
{
    return self != NULL && self->operation == NULL && !is_shared(semaphore);
}

static bool ends_by_itself(sem_t *semaphore)
{
    enum { LOOK_NS = 5000000, RESTED_LOOKS = 4, MOST_LOOKS = 2000 };
    Slot *me = self;
    if (!without_gil || !is_brief(semaphore) || me->inside) {
        return false;
    }
    me->inside = true;
    bool taken = false;
    for (int looks = 0, rested = 0; !taken && rested < RESTED_LOOKS && looks < MOST_LOOKS; looks++) {
        struct timespec until;
        REAL(clock_gettime)(CLOCK_MONOTONIC, &until);
        until = spec_of(ns_of(&until) + LOOK_NS);
        taken = REAL(sem_clockwait)(semaphore, CLOCK_MONOTONIC, &until) == 0;
        rested = somebody_runs(me) ? 0 : rested + 1;
    }
    me->inside = false;
    return taken;
}

/* Takes it under the scheduler, until the moment `deadline`; `free`: nobody controls this wait. */
static int take(sem_t *semaphore, Nanoseconds deadline, bool *free)
{
    *free = deadline != NEVER && is_brief(semaphore);
    if (*free || REAL(sem_trywait)(semaphore) == 0 ||
        (deadline == NEVER && ends_by_itself(semaphore))) {
        return 0;
    }
    while (REAL(sem_trywait)(semaphore) != 0) {
        if (errno != EAGAIN) {
            return -1;
        }
        Nanoseconds left = deadline == NEVER ? NEVER : deadline - passed();
        bool late = deadline != NEVER && left <= 0;
        bool outside = is_shared(semaphore);
        Answer answer = late ? TIMED_OUT
                             : wait_for(outside ? "semaphore" : "lock", can_take, semaphore, left,
                                        outside ? OUTSIDE : 0);
        if (answer == FREE) {
            *free = true;
            return 0;
        }
        if (answer == INTERRUPTED || (answer == TIMED_OUT && !can_take(semaphore))) {
            errno = answer == INTERRUPTED ? EINTR : ETIMEDOUT;
            return -1;
        }
    }
    return 0;
}

INTERPOSED int sem_wait(sem_t *semaphore)
{
    bool free = true;
    int result = mode == AWAY ? 0 : take(semaphore, NEVER, &free);
    return free ? REAL(sem_wait)(semaphore) : result;
}

INTERPOSED int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *time)
{
    if (mode == AWAY) {
        return REAL(sem_clockwait)(semaphore, clock, time);
    }
    bool free;
    int result = take(semaphore, ns_of(time) - start_of(clock), &free);
    struct timespec moment = really(clock, time);
    return free ? REAL(sem_clockwait)(semaphore, clock, &moment) : result;
}

INTERPOSED int sem_timedwait(sem_t *semaphore, const struct timespec *time)
{
    if (mode == AWAY) {
        return REAL(sem_timedwait)(semaphore, time);
    }
    bool free;
    int result = take(semaphore, ns_of(time) - start_of(CLOCK_REALTIME), &free);
    struct timespec moment = really(CLOCK_REALTIME, time);
    return free ? REAL(sem_timedwait)(semaphore, &moment) : result;
}

/* --- the GIL --------------------------------------------------------------------------------------- */

enum { GIL_MUTEXES = 8 };

/* Those that a thread locks when it takes and drops the GIL; learnt at the start. */
static pthread_mutex_t *_Atomic gil_mutexes[GIL_MUTEXES];
static _Thread_local bool learning;
static _Atomic int gil_waiters;

void learn_gil(void)
{
    learning = true;
    py.RestoreThread(py.SaveThread());
    learning = false;
}

static bool is_gil(pthread_mutex_t *mutex)
{
    for (int i = 0; i < GIL_MUTEXES && gil_mutexes[i] != NULL; i++) {
        if (gil_mutexes[i] == mutex) {
            return true;
        }
    }
    return false;
}

static void learn(pthread_mutex_t *mutex)
{
    for (int i = 0; i < GIL_MUTEXES && !is_gil(mutex); i++) {
        if (gil_mutexes[i] == NULL) {
            gil_mutexes[i] = mutex;
        }
    }
}

/* Whether the thread locks the GIL's own mutex to come back to the interpreter, having let go of it by
 * itself: it locks it for either in turn.  What happened meanwhile has gone through the scheduler if
 * there was a step.  Who lets go since another waits for the GIL (the watcher) was made to. */
static bool comes_back(Slot *me, const pthread_mutex_t *mutex)
{
    if (mutex != gil_mutexes[0] || without_gil) {
        return false;
    }
    bool back = me->outside;
    me->outside = !back;
    if (!back) {
        me->left_at = gil_waiters == 0 ? serial : 0;
    }
    return back && me->left_at == serial;
}

/* Whoever returns to the interpreter takes the GIL's mutex: there a thread that was passed over waits for
 * its turn, before it can do anything that others see.  (Without a GIL it waits at its next point.) */
INTERPOSED int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    static int (*lock)(pthread_mutex_t *);
    if (lock == NULL) {
        lock = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_lock");
    }
    Slot *me = self;
    if (learning) {
        learn(mutex);
    } else if (me != NULL && mode == VIRTUAL && !me->inside && is_gil(mutex)) {
        me->arrivals++;
        bool was_outside = me->outside, back = comes_back(me, mutex);
        if (me->lost) {
            me->returned = true;
            await_grant(me);
        } else if (back) {
            come_to_point("g");
        }
        if (was_outside && !me->outside) {
            deliver();
        }
    }
    return lock(mutex);
}

typedef int TimedWait(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);

static TimedWait *real_timedwait(void)
{
    static TimedWait *found;
    if (found == NULL) { /* not the oldest of its versions */
        found = (TimedWait *)dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    }
    if (found == NULL) {
        found = (TimedWait *)dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    }
    return found;
}

INTERPOSED int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                      const struct timespec *time)
{
    if (mode == AWAY) {
        return real_timedwait()(condition, mutex, time);
    }
    clockid_t clock = ns_of(time) >= start_of(CLOCK_REALTIME) ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    struct timespec moment = really(clock, time);
    bool for_gil = is_gil(mutex);
    Slot *me = for_gil ? self : NULL;
    gil_waiters += for_gil;
    if (me != NULL) {
        me->at_gil = true;
    }
    int result = real_timedwait()(condition, mutex, &moment);
    if (me != NULL) {
        me->at_gil = false;
    }
    gil_waiters -= for_gil;
    return result;
}
