/* Virtual time: every clock of the C library shows it, and sleeps pass in it.
 *
 * Time stands still while somebody can run, but two readings by the program are never equal: each adds
 * a microsecond.  A thread that does nothing but read a clock makes time pass, faster and faster: it
 * waits for it.  The interpreter's own waits (for the GIL) are reckoned from these clocks and stay
 * real: their deadlines are put right. */
#include "world.h"
#include "../filetimes.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <unistd.h>

#define MONOTONIC_START (INT64_C(1000) * SECOND)
#define CALENDAR_START (INT64_C(1894968000) * SECOND) /* noon of 18 January 2030: no file is newer */

enum {
    TICK_NS = 1000,
    LIBRARY_TICK_NS = 1,  /* loops of the library count on a clock that moves; equal sleeps stay so */
    BUSY_READINGS = 64,   /* and nothing else: from here on time passes faster */
    FASTEST = 13,
};

_Atomic Nanoseconds virtual_now;
bool program_reads;
static _Atomic Nanoseconds ahead; /* what readings added to what is shown */
static Nanoseconds child_offset;  /* what a process that runs on adds to real time */

Nanoseconds real_ns(void)
{
    struct timespec now;
    REAL(syscall)(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return ns_of(&now);
}

Nanoseconds start_of(clockid_t clock)
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

struct timespec spec_of(Nanoseconds ns)
{
    return (struct timespec){ns / SECOND, ns % SECOND};
}

Nanoseconds ns_of(const struct timespec *time)
{
    return time->tv_sec * SECOND + time->tv_nsec;
}

Nanoseconds passed(void)
{
    return mode == FORSAKEN ? real_ns() + child_offset : virtual_now + ahead;
}

void detach_clocks(void)
{
    child_offset = virtual_now + ahead - real_ns();
}

static void tick(void)
{
    static unsigned long readings;
    static Nanoseconds seen;
    if (!program_reads) {
        ahead += LIBRARY_TICK_NS;
        return;
    }
    readings = seen == virtual_now ? readings + 1 : 0;
    ahead += TICK_NS;
    if (readings > BUSY_READINGS) {
        unsigned long speed = readings / BUSY_READINGS;
        virtual_now += (Nanoseconds)TICK_NS << (speed < FASTEST ? speed : FASTEST);
    }
    seen = virtual_now;
}

/* Only a reading with the GIL is the program's: waits for the GIL read clocks, too, and as often as the
 * machine pleases. */
static Nanoseconds elapsed(void)
{
    if (mode == VIRTUAL && self != NULL && !self->inside && attached()) {
        tick();
    }
    return passed();
}

static Nanoseconds processor_time(void)
{
    return (Nanoseconds)serial * TICK_NS + ahead;
}

static bool is_processor(clockid_t clock)
{
    return clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

INTERPOSED int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (mode == AWAY || (mode == FORSAKEN && is_processor(clock))) {
        return REAL(clock_gettime)(clock, time);
    }
    Nanoseconds now = elapsed();
    *time = spec_of(is_processor(clock) ? processor_time() : start_of(clock) + now);
    return 0;
}

INTERPOSED int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    if (mode == AWAY) {
        return REAL(gettimeofday)(time, zone);
    }
    Nanoseconds now = CALENDAR_START + elapsed();
    *time = (struct timeval){now / SECOND, now % SECOND / 1000};
    return 0;
}

INTERPOSED time_t time(time_t *to)
{
    if (mode == AWAY) {
        return REAL(time)(to);
    }
    time_t seconds = (CALENDAR_START + elapsed()) / SECOND;
    if (to != NULL) {
        *to = seconds;
    }
    return seconds;
}

INTERPOSED clock_t clock(void)
{
    return mode == VIRTUAL ? (elapsed(), processor_time() / (SECOND / CLOCKS_PER_SEC)) : REAL(clock)();
}

INTERPOSED clock_t times(struct tms *to)
{
    if (mode != VIRTUAL) {
        return REAL(times)(to);
    }
    Nanoseconds per_tick = SECOND / sysconf(_SC_CLK_TCK), now = MONOTONIC_START + elapsed();
    if (to != NULL) {
        *to = (struct tms){.tms_utime = processor_time() / per_tick};
    }
    return now / per_tick;
}

INTERPOSED int getrusage(__rusage_who_t who, struct rusage *to)
{
    int result = REAL(getrusage)(who, to);
    if (mode == VIRTUAL && result == 0 && who != RUSAGE_CHILDREN) {
        Nanoseconds used = (elapsed(), processor_time());
        to->ru_utime = (struct timeval){used / SECOND, used % SECOND / 1000};
        to->ru_stime = (struct timeval){0, 0};
    }
    return result;
}

/* --- the times of files ------------------------------------------------------------------------- */

bool file_times_are_virtual(void)
{
    return mode != AWAY;
}

struct timespec file_time_now(void)
{
    return spec_of(CALENDAR_START + passed());
}

void file_time_is_shown(void)
{
    if (follows && controlled()) {
        touch('*', 0);
    }
}

/* --- sleeping ----------------------------------------------------------------------------------- */

static bool never(void *data)
{
    (void)data;
    return false;
}

/* A "nap" is a sleep of C code's own, as sqlite's between two tries: it is never cut short. */
static int sleep_by(const char *kind, clockid_t clock, int flags, const struct timespec *time,
                    struct timespec *left)
{
    if (mode == AWAY) {
        return REAL(clock_nanosleep)(clock, flags, time, left);
    }
    bool absolute = (flags & TIMER_ABSTIME) != 0;
    Nanoseconds ns = ns_of(time) - (absolute ? start_of(clock) + passed() : 0);
    bool valid = time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < SECOND;
    Nanoseconds until = passed() + ns;
    Answer answer = valid ? wait_for(kind, never, NULL, ns > 0 ? ns : 0, 0) : FREE;
    if (answer != FREE) {
        if (answer == INTERRUPTED && left != NULL && !absolute) {
            *left = spec_of(until > passed() ? until - passed() : 0);
        }
        return answer == INTERRUPTED ? EINTR : 0;
    }
    struct timespec moment = absolute ? really(clock, time) : *time;
    return REAL(clock_nanosleep)(clock, flags, &moment, left);
}

INTERPOSED int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                               struct timespec *left)
{
    return sleep_by("sleep", clock, flags, time, left);
}

INTERPOSED int nanosleep(const struct timespec *time, struct timespec *left)
{
    int error = sleep_by("nap", CLOCK_MONOTONIC, 0, time, left);
    if (error == 0) {
        return 0;
    }
    errno = error;
    return -1;
}

INTERPOSED int usleep(useconds_t us)
{
    struct timespec time = spec_of(us * INT64_C(1000));
    return nanosleep(&time, NULL);
}

INTERPOSED unsigned sleep(unsigned seconds)
{
    struct timespec time = {seconds, 0}, left = {0, 0};
    return nanosleep(&time, &left) == 0 ? 0 : (unsigned)left.tv_sec + (left.tv_nsec > 0);
}

struct timespec really(clockid_t clock, const struct timespec *moment)
{
    struct timespec base;
    REAL(clock_gettime)(clock, &base);
    Nanoseconds left = ns_of(moment) - start_of(clock) - passed();
    return spec_of(ns_of(&base) + (left > 0 ? left : 0));
}
