/* Virtual time: sleeps, clocks, and stepping back.
 *
 * A sleep costs no real time.  Reading a clock is an event and moves it by CLOCK_READ_TIME, so that
 * no two moments are equal.  All clocks agree, and start at fixed times, the same in every run; the
 * clocks of processor time show the part of it that did not pass in sleep. */
#include "controlled.h"
#include "filetimes.h"

#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

#define SECOND ((Nanoseconds)1000000000)
#define MONOTONIC_START (1000 * SECOND)
#define CALENDAR_START (1894968000 * SECOND) /* noon of 18 January 2030: no file is newer */

static Nanoseconds start_of(clockid_t clock)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_TAI:
        return CALENDAR_START;
    default:
        return MONOTONIC_START;
    }
}

Nanoseconds duration_of(const struct timespec *time)
{
    uint64_t seconds = (uint64_t)time->tv_sec;
    return seconds >= NEVER / SECOND ? NEVER : seconds * SECOND + (uint64_t)time->tv_nsec;
}

Nanoseconds after(Nanoseconds duration)
{
    return duration >= NEVER - now() ? NEVER : now() + duration;
}

Nanoseconds moment_of(clockid_t clock, const struct timespec *time)
{
    Nanoseconds absolute = duration_of(time);
    if (absolute == NEVER) {
        return NEVER;
    }
    return absolute > start_of(clock) ? absolute - start_of(clock) : 0;
}

struct timespec timespec_of(Nanoseconds time)
{
    return (struct timespec){.tv_sec = (time_t)(time / SECOND), .tv_nsec = (long)(time % SECOND)};
}

/* --- sleeping ----------------------------------------------------------------------------- */

/* Says what is left of the sleep, if a signal ended it. */
static Nanoseconds sleep_until(Nanoseconds deadline)
{
    decide_if_due();
    tell_sleep();
    Wakeup wakeup = block((Wait){.kind = "sleep", .deadline = deadline, .on_signal = ENDS});
    return wakeup != INTERRUPTED ? 0 : deadline > now() ? deadline - now() : 1;
}

static int interrupted(Nanoseconds left, struct timespec *told)
{
    if (left > 0 && told != NULL) {
        *told = timespec_of(left);
    }
    return left > 0 ? EINTR : 0;
}

static int slept(int failure)
{
    if (failure != 0) {
        errno = failure;
    }
    return failure == 0 ? 0 : -1;
}

INTERPOSED int nanosleep(const struct timespec *duration, struct timespec *left)
{
    return controlled() ? slept(interrupted(sleep_until(after(duration_of(duration))), left))
                        : REAL(nanosleep)(duration, left);
}

INTERPOSED int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                               struct timespec *left)
{
    if (!controlled()) {
        return REAL(clock_nanosleep)(clock, flags, time, left);
    }
    bool absolute = (flags & TIMER_ABSTIME) != 0;
    return interrupted(sleep_until(absolute ? moment_of(clock, time) : after(duration_of(time))),
                       absolute ? NULL : left);
}

INTERPOSED int usleep(useconds_t microseconds)
{
    return controlled()
               ? slept(interrupted(sleep_until(after((Nanoseconds)microseconds * 1000)), NULL))
               : REAL(usleep)(microseconds);
}

INTERPOSED unsigned sleep(unsigned seconds)
{
    return controlled() ? (unsigned)((sleep_until(after(seconds * SECOND)) + SECOND - 1) / SECOND)
                        : REAL(sleep)(seconds);
}

/* --- reading ------------------------------------------------------------------------------ */

static bool is_of_a_thread(clockid_t clock)
{
    return clock == CLOCK_THREAD_CPUTIME_ID || (clock < 0 && (clock & 4) != 0);
}

Nanoseconds reading_of(clockid_t clock)
{
    if (is_of_a_thread(clock)) {
        return self->busy;
    }
    if (clock == CLOCK_PROCESS_CPUTIME_ID || clock < 0) {
        return run.busy;
    }
    return start_of(clock) + now();
}

/* The moment that is read, as an event. */
static Nanoseconds read_clock(clockid_t clock)
{
    decide_if_due();
    tell_reading();
    pass_busily(CLOCK_READ_TIME);
    happened(UNCHANGED);
    return reading_of(clock);
}

INTERPOSED int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (!controlled()) {
        /* By the call itself: the C library's way may lead through the kernel's code that leads
         * here. */
        return (int)REAL(syscall)(SYS_clock_gettime, clock, time);
    }
    *time = timespec_of(read_clock(clock));
    return 0;
}

INTERPOSED int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    (void)zone;
    struct timespec exact;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    *time = (struct timeval){.tv_sec = exact.tv_sec, .tv_usec = exact.tv_nsec / 1000};
    return result;
}

INTERPOSED int timespec_get(struct timespec *time, int base)
{
    return clock_gettime(CLOCK_REALTIME, time) == 0 ? base : 0;
}

INTERPOSED time_t time(time_t *to)
{
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (to != NULL) {
        *to = exact.tv_sec;
    }
    return exact.tv_sec;
}

/* --- the times of files -------------------------------------------------------------------- */

bool file_times_are_virtual(void)
{
    return controlled();
}

struct timespec file_time_now(void)
{
    return timespec_of(reading_of(CLOCK_REALTIME));
}

void file_time_is_shown(void)
{
    touch('*', 0);
}

/* --- processor time ----------------------------------------------------------------------- */

INTERPOSED clock_t clock(void)
{
    struct timespec exact;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &exact);
    return exact.tv_sec * CLOCKS_PER_SEC + exact.tv_nsec / (1000000000 / CLOCKS_PER_SEC);
}

INTERPOSED clock_t times(struct tms *told)
{
    if (!controlled()) {
        return REAL(times)(told);
    }
    const Nanoseconds tick = SECOND / (Nanoseconds)sysconf(_SC_CLK_TCK);
    Nanoseconds moment = read_clock(CLOCK_MONOTONIC);
    if (told != NULL) {
        *told = (struct tms){.tms_utime = (clock_t)(run.busy / tick)};
    }
    return (clock_t)(moment / tick);
}

INTERPOSED int getrusage(__rusage_who_t who, struct rusage *usage)
{
    int result = REAL(getrusage)(who, usage);
    if (result == 0 && controlled() && (int)who != RUSAGE_CHILDREN) {
        Nanoseconds time = read_clock((int)who == RUSAGE_SELF ? CLOCK_PROCESS_CPUTIME_ID
                                                              : CLOCK_THREAD_CPUTIME_ID);
        usage->ru_utime = (struct timeval){.tv_sec = (time_t)(time / SECOND),
                                           .tv_usec = (suseconds_t)(time % SECOND / 1000)};
        usage->ru_stime = (struct timeval){0};
    }
    return result;
}

/* --- stepping back ------------------------------------------------------------------------ */

INTERPOSED int sched_yield(void)
{
    if (!controlled()) {
        return REAL(sched_yield)();
    }
    happened(UNCHANGED);
    decide(true);
    return 0;
}
