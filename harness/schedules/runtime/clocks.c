/* Virtual time: sleeps, clocks, and stepping back.
 *
 * A sleep costs no real time.  Reading the clock is an event and moves it by CLOCK_READ_TIME, so that
 * no two moments are equal.  The clocks start at fixed times, the same in every run; the clocks of
 * CPU time are real. */
#include "controlled.h"

#include <sched.h>
#include <unistd.h>

#define SECOND ((Nanoseconds)1000000000)
#define MONOTONIC_START (1000 * SECOND)
#define CALENDAR_START (1700000000 * SECOND) /* 14 November 2023 */

static Nanoseconds start_of(clockid_t clock)
{
    return clock == CLOCK_REALTIME ? CALENDAR_START : MONOTONIC_START;
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

static int sleep_until(Nanoseconds deadline)
{
    decide_if_due();
    block((Wait){.kind = "sleep", .deadline = deadline});
    return 0;
}

INTERPOSED int nanosleep(const struct timespec *duration, struct timespec *left)
{
    return controlled() ? sleep_until(after(duration_of(duration)))
                        : REAL(nanosleep)(duration, left);
}

INTERPOSED int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                               struct timespec *left)
{
    if (!controlled()) {
        return REAL(clock_nanosleep)(clock, flags, time, left);
    }
    bool absolute = (flags & TIMER_ABSTIME) != 0;
    return sleep_until(absolute ? moment_of(clock, time) : after(duration_of(time)));
}

INTERPOSED int usleep(useconds_t microseconds)
{
    return controlled() ? sleep_until(after((Nanoseconds)microseconds * 1000))
                        : REAL(usleep)(microseconds);
}

INTERPOSED unsigned sleep(unsigned seconds)
{
    return controlled() ? (unsigned)sleep_until(after(seconds * SECOND)) : REAL(sleep)(seconds);
}

INTERPOSED int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (!controlled() || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)) {
        return REAL(clock_gettime)(clock, time);
    }
    decide_if_due();
    advance_clock(CLOCK_READ_TIME);
    happened(UNCHANGED);
    Nanoseconds moment = start_of(clock) + now();
    time->tv_sec = (time_t)(moment / SECOND);
    time->tv_nsec = (long)(moment % SECOND);
    return 0;
}

INTERPOSED int sched_yield(void)
{
    if (!controlled()) {
        return REAL(sched_yield)();
    }
    happened(UNCHANGED);
    decide(true);
    return 0;
}
