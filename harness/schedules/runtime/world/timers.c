/* Timers that run by virtual time: `alarm` and ITIMER_REAL, which are one, and those that are
 * descriptors.  The scheduler takes them into account when it moves the clock.  Those of timer_create,
 * which only C code and ctypes come to, are real, and are said to be: such a run is loosely
 * controlled. */
#include "world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

typedef struct {
    Nanoseconds at; /* since the start; NEVER: not set */
    Nanoseconds every;
} Timer;

static Timer the_alarm = {NEVER, 0};

enum { FILE_TIMERS = 64 };

static struct {
    int fd; /* an eventfd, which counts as a timer's descriptor does; 0: none */
    clockid_t clock;
    Timer timer;
} files[FILE_TIMERS];

static Nanoseconds left_of(const Timer *timer)
{
    Nanoseconds left = timer->at == NEVER ? 0 : timer->at - virtual_now;
    return left > 0 ? left : 0;
}

static void set(Timer *timer, Nanoseconds in, Nanoseconds every)
{
    *timer = (Timer){in > 0 ? virtual_now + in : NEVER, every};
    if (in > 0 && controlled()) {
        points_matter = true;
        ask(hooks.timer, 0, "()"); /* who spins until it comes needs points for time to pass */
    }
}

/* How often it has come by now; then it is set anew. */
static uint64_t expired(Timer *timer)
{
    if (timer->at == NEVER || timer->at > virtual_now) {
        return 0;
    }
    uint64_t times = timer->every > 0 ? 1 + (uint64_t)((virtual_now - timer->at) / timer->every) : 1;
    timer->at = timer->every > 0 ? timer->at + (Nanoseconds)times * timer->every : NEVER;
    return times;
}

Nanoseconds next_timer(void)
{
    Nanoseconds next = the_alarm.at;
    for (int i = 0; i < FILE_TIMERS; i++) {
        Nanoseconds at = files[i].fd != 0 ? files[i].timer.at : NEVER;
        if (at != NEVER && (next == NEVER || at < next)) {
            next = at;
        }
    }
    return next;
}

bool timer_due(void)
{
    return the_alarm.at != NEVER && the_alarm.at <= virtual_now;
}

/* Called by main outside the scheduler: the signal comes to it at once. */
void sound_alarm(void)
{
    if (expired(&the_alarm) > 0) {
        REAL(pthread_kill)(pthread_self(), SIGALRM);
    }
}

void fire_timers(void)
{
    for (int i = 0; i < FILE_TIMERS; i++) {
        uint64_t times = files[i].fd != 0 ? expired(&files[i].timer) : 0;
        if (times > 0) {
            REAL(write)(files[i].fd, &times, sizeof times);
        }
    }
}

/* --- alarm, setitimer ---------------------------------------------------------------------------- */

INTERPOSED unsigned alarm(unsigned seconds)
{
    if (mode != VIRTUAL) {
        return REAL(alarm)(seconds);
    }
    Nanoseconds left = left_of(&the_alarm);
    set(&the_alarm, seconds * SECOND, 0);
    return (unsigned)((left + SECOND - 1) / SECOND);
}

static Nanoseconds ns_of_val(struct timeval time)
{
    return time.tv_sec * SECOND + time.tv_usec * 1000;
}

static struct timeval val_of(Nanoseconds ns)
{
    return (struct timeval){ns / SECOND, ns % SECOND / 1000};
}

INTERPOSED int getitimer(__itimer_which_t which, struct itimerval *value)
{
    if (mode != VIRTUAL || which != ITIMER_REAL) {
        return REAL(getitimer)(which, value);
    }
    *value = (struct itimerval){val_of(the_alarm.every), val_of(left_of(&the_alarm))};
    return 0;
}

INTERPOSED int setitimer(__itimer_which_t which, const struct itimerval *new, struct itimerval *old)
{
    if (mode != VIRTUAL || which != ITIMER_REAL) {
        return REAL(setitimer)(which, new, old);
    }
    if (old != NULL) {
        getitimer(which, old);
    }
    set(&the_alarm, ns_of_val(new->it_value), ns_of_val(new->it_interval));
    return 0;
}

/* --- timerfd --------------------------------------------------------------------------------------- */

static int index_of(int fd)
{
    for (int i = 0; fd > 0 && i < FILE_TIMERS; i++) {
        if (files[i].fd == fd) {
            return i;
        }
    }
    return -1;
}

bool is_timer(int fd)
{
    return index_of(fd) >= 0;
}

void forget_timer(int fd)
{
    int index = index_of(fd);
    if (index >= 0) {
        files[index].fd = 0;
    }
}

INTERPOSED int timerfd_create(clockid_t clock, int flags)
{
    if (mode != VIRTUAL) {
        return REAL(timerfd_create)(clock, flags);
    }
    for (int i = 0; i < FILE_TIMERS; i++) {
        if (files[i].fd == 0) {
            int fd = eventfd(0, flags); /* the flags have the same values */
            if (fd > 0) {
                files[i].fd = fd;
                files[i].clock = clock;
                files[i].timer = (Timer){NEVER, 0};
            }
            return fd;
        }
    }
    errno = EMFILE;
    return -1;
}

INTERPOSED int timerfd_gettime(int fd, struct itimerspec *value)
{
    int index = index_of(fd);
    if (index < 0) {
        return REAL(timerfd_gettime)(fd, value);
    }
    const Timer *timer = &files[index].timer;
    *value = (struct itimerspec){spec_of(timer->every), spec_of(left_of(timer))};
    return 0;
}

INTERPOSED int timerfd_settime(int fd, int flags, const struct itimerspec *new,
                               struct itimerspec *old)
{
    int index = index_of(fd);
    if (index < 0) {
        return REAL(timerfd_settime)(fd, flags, new, old);
    }
    if (old != NULL) {
        timerfd_gettime(fd, old);
    }
    Nanoseconds in = ns_of(&new->it_value);
    if (in > 0 && (flags & TFD_TIMER_ABSTIME) != 0) {
        in -= start_of(files[index].clock) + virtual_now;
        in = in > 0 ? in : 1;
    }
    uint64_t before; /* what it had counted is forgotten */
    int kept = REAL(fcntl)(fd, F_GETFL);
    REAL(fcntl)(fd, F_SETFL, kept | O_NONBLOCK);
    REAL(read)(fd, &before, sizeof before);
    REAL(fcntl)(fd, F_SETFL, kept);
    set(&files[index].timer, in, ns_of(&new->it_interval));
    return 0;
}

/* --- timer_create ---------------------------------------------------------------------------------- */

INTERPOSED int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict name)
{
    if (controlled()) {
        bool by_thread = event != NULL && event->sigev_notify == SIGEV_THREAD;
        ask(hooks.stray, 0, "(s)", by_thread ? "timer-thread" : "timer");
    }
    return REAL(timer_create)(clock, event, name);
}
