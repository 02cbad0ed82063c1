/* The C library's mutexes, condition variables and semaphores.  Rust's standard library has its own
 * (see futex.c); these are for the other libraries of a program.
 *
 * Mutexes and semaphores keep their state: they are only ever tried, and a failed try is a wait.  A
 * condition variable is not used at all: its waiters wait here. */
#include "controlled.h"

#include <errno.h>
#include <semaphore.h>

static Wakeup wait_for(const char *kind, const void *key, Nanoseconds deadline)
{
    return block((Wait){.kind = kind, .key = key, .bits = ALL_BITS, .deadline = deadline});
}

/* The condition functions have two versions in the C library; the default is the newer. */
static void *newer(const char *name)
{
    void *function = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
    return function != NULL ? function : dlsym(RTLD_NEXT, name);
}

#define REAL_CONDITION(name) ((__typeof__(&name))newer(#name))

/* --- mutexes ------------------------------------------------------------------------------ */

static int lock_until(pthread_mutex_t *mutex, Nanoseconds deadline)
{
    int failure;
    while ((failure = REAL(pthread_mutex_trylock)(mutex)) == EBUSY) {
        if (wait_for("mutex", mutex, deadline) == TIMED_OUT) {
            return ETIMEDOUT;
        }
    }
    happened(CHANGED);
    return failure;
}

static int unlock(pthread_mutex_t *mutex)
{
    int failure = REAL(pthread_mutex_unlock)(mutex);
    wake(mutex, ALL_WAITERS, ALL_BITS);
    return failure;
}

INTERPOSED int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (!controlled()) {
        return REAL(pthread_mutex_lock)(mutex);
    }
    decide_if_due();
    return lock_until(mutex, NEVER);
}

INTERPOSED int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *time)
{
    if (!controlled()) {
        return REAL(pthread_mutex_timedlock)(mutex, time);
    }
    decide_if_due();
    return lock_until(mutex, moment_of(CLOCK_REALTIME, time));
}

INTERPOSED int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    decide_if_due();
    int failure = REAL(pthread_mutex_trylock)(mutex);
    happened(failure == 0 ? CHANGED : UNCHANGED);
    return failure;
}

INTERPOSED int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (!controlled()) {
        return REAL(pthread_mutex_unlock)(mutex);
    }
    decide_if_due();
    int failure = unlock(mutex);
    happened(CHANGED);
    return failure;
}

/* --- condition variables ------------------------------------------------------------------ */

static int wait_on(pthread_cond_t *condition, pthread_mutex_t *mutex, Nanoseconds deadline)
{
    decide_if_due();
    unlock(mutex);
    Wakeup wakeup = wait_for("condition", condition, deadline);
    lock_until(mutex, NEVER);
    return wakeup == TIMED_OUT ? ETIMEDOUT : 0;
}

INTERPOSED int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    return controlled() ? wait_on(condition, mutex, NEVER)
                        : REAL_CONDITION(pthread_cond_wait)(condition, mutex);
}

/* Which clock a condition variable uses is said in its attributes, which cannot be asked for: a time
 * of this century is the calendar's. */
static clockid_t clock_meant(const struct timespec *time)
{
    return time->tv_sec > 1000000000 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

INTERPOSED int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                      const struct timespec *time)
{
    return controlled() ? wait_on(condition, mutex, moment_of(clock_meant(time), time))
                        : REAL_CONDITION(pthread_cond_timedwait)(condition, mutex, time);
}

static void notify(pthread_cond_t *condition, int limit)
{
    decide_if_due();
    int woken = wake(condition, limit, ALL_BITS);
    happened(woken > 0 ? CHANGED : UNCHANGED);
}

INTERPOSED int pthread_cond_signal(pthread_cond_t *condition)
{
    if (!controlled()) {
        return REAL_CONDITION(pthread_cond_signal)(condition);
    }
    notify(condition, 1);
    return 0;
}

INTERPOSED int pthread_cond_broadcast(pthread_cond_t *condition)
{
    if (!controlled()) {
        return REAL_CONDITION(pthread_cond_broadcast)(condition);
    }
    notify(condition, ALL_WAITERS);
    return 0;
}

/* --- semaphores --------------------------------------------------------------------------- */

static int down_until(sem_t *semaphore, Nanoseconds deadline)
{
    decide_if_due();
    while (REAL(sem_trywait)(semaphore) != 0) {
        if (wait_for("semaphore", semaphore, deadline) == TIMED_OUT) {
            errno = ETIMEDOUT;
            return -1;
        }
    }
    happened(CHANGED);
    return 0;
}

INTERPOSED int sem_wait(sem_t *semaphore)
{
    return controlled() ? down_until(semaphore, NEVER) : REAL(sem_wait)(semaphore);
}

INTERPOSED int sem_timedwait(sem_t *semaphore, const struct timespec *time)
{
    return controlled() ? down_until(semaphore, moment_of(CLOCK_REALTIME, time))
                        : REAL(sem_timedwait)(semaphore, time);
}

INTERPOSED int sem_trywait(sem_t *semaphore)
{
    decide_if_due();
    int failure = REAL(sem_trywait)(semaphore);
    happened(failure == 0 ? CHANGED : UNCHANGED);
    return failure;
}

INTERPOSED int sem_post(sem_t *semaphore)
{
    decide_if_due();
    int failure = REAL(sem_post)(semaphore);
    if (controlled()) {
        wake(semaphore, 1, ALL_BITS);
        happened(CHANGED);
    }
    return failure;
}
