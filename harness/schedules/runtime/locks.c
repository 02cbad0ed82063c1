/* The C library's mutexes, locks of readers and writers, condition variables, semaphores, and
 * pthread_once.  Rust's standard library has its own (see futex.c); these are for the other libraries
 * of a program.
 *
 * Mutexes, rwlocks and semaphores keep their state: they are only ever tried, and a failed try is a
 * wait.  So an rwlock prefers nobody, whatever its attributes say.  A condition variable is not used
 * at all: its waiters wait here. */
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
    memory_meet(mutex, 0);
    happened(CHANGED);
    return failure;
}

/* POSIX lets nobody else unlock it. */
Thread *owner_of_mutex(const void *mutex)
{
    int owner = ((const pthread_mutex_t *)mutex)->__data.__owner;
    for (int i = 0; owner != 0 && i < run.live_count; i++) {
        if (run.live[i]->kernel_id == owner) {
            return run.live[i];
        }
    }
    return NULL;
}

static int unlock(pthread_mutex_t *mutex)
{
    memory_meet(mutex, 0);
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
    memory_meet(mutex, 0);
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

/* --- readers and writers ------------------------------------------------------------------ */

typedef int Try(pthread_rwlock_t *lock);

static int rwlock_until(pthread_rwlock_t *lock, Try *try, void (*note)(const uint32_t *word),
                        Nanoseconds deadline)
{
    int failure;
    decide_if_due();
    while ((failure = try(lock)) == EBUSY) {
        if (wait_for("rwlock", lock, deadline) == TIMED_OUT) {
            return ETIMEDOUT;
        }
    }
    if (failure == 0) {
        note((const uint32_t *)lock);
    }
    memory_meet(lock, 0);
    happened(CHANGED);
    return failure;
}

static int try_rwlock(pthread_rwlock_t *lock, Try *try, void (*note)(const uint32_t *word))
{
    decide_if_due();
    int failure = try(lock);
    if (failure == 0 && controlled()) {
        note((const uint32_t *)lock);
    }
    memory_meet(lock, 0);
    happened(failure == 0 ? CHANGED : UNCHANGED);
    return failure;
}

#define READING(lock, deadline)                                                                    \
    rwlock_until(lock, REAL(pthread_rwlock_tryrdlock), note_reads, deadline)
#define WRITING(lock, deadline)                                                                    \
    rwlock_until(lock, REAL(pthread_rwlock_trywrlock), note_writes, deadline)

INTERPOSED int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    return controlled() ? READING(lock, NEVER) : REAL(pthread_rwlock_rdlock)(lock);
}

INTERPOSED int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    return controlled() ? WRITING(lock, NEVER) : REAL(pthread_rwlock_wrlock)(lock);
}

INTERPOSED int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
                                          const struct timespec *restrict time)
{
    return controlled() ? READING(lock, moment_of(CLOCK_REALTIME, time))
                        : REAL(pthread_rwlock_timedrdlock)(lock, time);
}

INTERPOSED int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
                                          const struct timespec *restrict time)
{
    return controlled() ? WRITING(lock, moment_of(CLOCK_REALTIME, time))
                        : REAL(pthread_rwlock_timedwrlock)(lock, time);
}

INTERPOSED int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    return try_rwlock(lock, REAL(pthread_rwlock_tryrdlock), note_reads);
}

INTERPOSED int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    return try_rwlock(lock, REAL(pthread_rwlock_trywrlock), note_writes);
}

INTERPOSED int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    if (!controlled()) {
        return REAL(pthread_rwlock_unlock)(lock);
    }
    decide_if_due();
    if (!note_reads_no_more((const uint32_t *)lock)) {
        note_given_up((const uint32_t *)lock);
    }
    memory_meet(lock, 0);
    int failure = REAL(pthread_rwlock_unlock)(lock);
    wake(lock, ALL_WAITERS, ALL_BITS);
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
    memory_meet(semaphore, 0);
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
    memory_meet(semaphore, 0);
    happened(failure == 0 ? CHANGED : UNCHANGED);
    return failure;
}

INTERPOSED int sem_post(sem_t *semaphore)
{
    decide_if_due();
    memory_meet(semaphore, 0);
    int failure = REAL(sem_post)(semaphore);
    if (controlled()) {
        wake(semaphore, 1, ALL_BITS);
        happened(CHANGED);
    }
    return failure;
}

/* --- once --------------------------------------------------------------------------------- */

/* Those that are being run; a function may itself call pthread_once. */
typedef struct Once {
    pthread_once_t *control;
    Thread *runner;
    struct Once *next;
} Once;

static Once *running;

Thread *runner_of_once(const void *control)
{
    for (const Once *once = running; once != NULL; once = once->next) {
        if (once->control == control) {
            return once->runner;
        }
    }
    return NULL;
}

/* Also if the function leaves by the thread's end: then somebody else runs it. */
static void end_once(void *ended)
{
    Once **at = &running;
    while (*at != ended) {
        at = &(*at)->next;
    }
    *at = (*at)->next;
    wake(((Once *)ended)->control, ALL_WAITERS, ALL_BITS);
}

/* As both glibc and musl mark it: nothing is run any more, and nobody waits.  The unwinder asks so for each
 * frame that a panic goes through. */
static bool is_done(const pthread_once_t *control)
{
    enum { DONE = 2 };
    return *(const int *)control == DONE;
}

static int run_once(pthread_once_t *control, void (*function)(void))
{
    /* What the function does without hooks is seen by whoever has asked whether it was done. */
    const char told = is_done(control) ? 'r' : 'w';
    Once once = {.control = control, .runner = self, .next = running};
    int failure;
    running = &once;
    tell(told, (uint64_t)(uintptr_t)control);
    happened(CHANGED); /* from now on the others wait */
    pthread_cleanup_push(end_once, &once);
    failure = REAL(pthread_once)(control, function);
    pthread_cleanup_pop(1);
    memory_meet(control, 0);
    tell(told, (uint64_t)(uintptr_t)control);
    happened(CHANGED);
    return failure;
}

INTERPOSED int pthread_once(pthread_once_t *control, void (*function)(void))
{
    if (walks_stack || !controlled()) {
        return REAL(pthread_once)(control, function);
    }
    decide_if_due();
    while (runner_of_once(control) != NULL) {
        wait_for("once", control, NEVER);
    }
    memory_meet(control, 0);
    return run_once(control, function);
}
