/* Random yields: noise for runs that cannot be controlled.
 *
 * Loaded before the C library (LD_PRELOAD) into any dynamically linked program.  Once there is a
 * second thread, a thread that comes to one of the calls below may give way first, or sleep for some
 * microseconds, as a generator says that HARNESS_YIELDS seeds.  It moves runs about, and decides
 * nothing: the same seed may give another run.
 *
 * The variables are removed from the environment: the program, and processes that it starts, see
 * what they would see in a plain run. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The C library's own function of this name. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum { ONE_IN = 4, LONGEST_NS = 100000 };

static bool seeded;
static uint64_t seed;
static uint32_t threads_seen;
static bool has_threads;
static __thread uint64_t state;

/* SplitMix64 (Steele, Lea and Flood, 2014), a stream for each thread. */
static uint64_t random_number(void)
{
    if (state == 0) {
        state = (seed << 20) + 1 + __atomic_fetch_add(&threads_seen, 1, __ATOMIC_RELAXED);
    }
    uint64_t bits = state += 0x9e3779b97f4a7c15u;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

static void perhaps_yield(void)
{
    if (!seeded || !__atomic_load_n(&has_threads, __ATOMIC_RELAXED)) {
        return;
    }
    uint64_t bits = random_number();
    if (bits % ONE_IN != 0) {
        return;
    }
    int error = errno; /* the program does not know that it called us */
    if (bits >> 63 != 0) {
        sched_yield();
    } else {
        struct timespec time = {.tv_nsec = (long)((bits >> 8) % LONGEST_NS)};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
    }
    errno = error;
}

__attribute__((constructor)) static void start(void)
{
    const char *text = getenv("HARNESS_YIELDS");
    seeded = text != NULL;
    seed = seeded ? strtoull(text, NULL, 10) : 0;
    unsetenv("HARNESS_YIELDS");
    unsetenv("LD_PRELOAD");
}

/* --- threads ------------------------------------------------------------------------------ */

typedef struct {
    void *(*body)(void *);
    void *argument;
} Start;

static void *begin(void *start)
{
    Start told = *(Start *)start;
    free(start);
    perhaps_yield();
    return told.body(told.argument);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                   void *argument)
{
    Start *told = malloc(sizeof *told);
    if (told == NULL) {
        return EAGAIN;
    }
    *told = (Start){body, argument};
    __atomic_store_n(&has_threads, true, __ATOMIC_RELAXED);
    int error = REAL(pthread_create)(thread, attributes, begin, told);
    if (error != 0) {
        free(told);
    }
    perhaps_yield();
    return error;
}

int pthread_join(pthread_t thread, void **value)
{
    perhaps_yield();
    return REAL(pthread_join)(thread, value);
}

/* --- locks -------------------------------------------------------------------------------- */

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    perhaps_yield();
    return REAL(pthread_mutex_lock)(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    int error = REAL(pthread_mutex_unlock)(mutex);
    perhaps_yield();
    return error;
}

int sem_wait(sem_t *semaphore)
{
    perhaps_yield();
    return REAL(sem_wait)(semaphore);
}

int sem_post(sem_t *semaphore)
{
    int error = REAL(sem_post)(semaphore);
    perhaps_yield();
    return error;
}

/* Rust's standard library calls futex(2) by number. */
long syscall(long number, ...)
{
    long values[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; i++) {
        values[i] = va_arg(arguments, long);
    }
    va_end(arguments);
    if (number == SYS_futex) {
        perhaps_yield();
    }
    return REAL(syscall)(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}

/* --- output ------------------------------------------------------------------------------- */

ssize_t write(int descriptor, const void *bytes, size_t count)
{
    perhaps_yield();
    ssize_t written = REAL(write)(descriptor, bytes, count);
    perhaps_yield();
    return written;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    perhaps_yield();
    ssize_t written = REAL(writev)(descriptor, parts, count);
    perhaps_yield();
    return written;
}
