/* Timers go by the virtual clock: alarm, ualarm, setitimer, timer_create, timerfd.
 *
 * A timer that goes off sends its signal as if the program had, or starts a thread for its function.
 * A timerfd is an eventfd here: what is read from it is the number of times that it went off, as the
 * kernel would say. */
#include "controlled.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MAX_TIMERS = 64, ITIMERS = 3, NO_DESCRIPTOR = -1 };

typedef struct {
    bool used;
    Nanoseconds due; /* NEVER: it is not armed */
    Nanoseconds interval;
    clockid_t clock;
    int descriptor; /* of a timerfd */
    int number;     /* of the signal; 0 for none */
    union sigval value;
    bool has_value;
    void (*function)(union sigval value); /* of SIGEV_THREAD */
    size_t stack_size;                    /* of its threads; 0: as usual */
    int creator;                          /* of the timer, and of these threads */
    Thread *receiver;                     /* NULL: the process */
    int overruns;
} Timer;

/* The first three are those of setitimer. */
static Timer timers[MAX_TIMERS] = {
    [ITIMER_REAL] = {.used = true, .due = NEVER, .descriptor = NO_DESCRIPTOR, .number = SIGALRM},
    [ITIMER_VIRTUAL] = {.used = true,
                        .due = NEVER,
                        .descriptor = NO_DESCRIPTOR,
                        .number = SIGVTALRM},
    [ITIMER_PROF] = {.used = true, .due = NEVER, .descriptor = NO_DESCRIPTOR, .number = SIGPROF},
};
static int in_use = ITIMERS; /* no timer beyond is used */
static int armed;

static int fail(int error)
{
    errno = error;
    return -1;
}

static void arm(Timer *timer, Nanoseconds due, Nanoseconds interval)
{
    armed += (due != NEVER) - (timer->due != NEVER);
    timer->due = due;
    timer->interval = interval;
}

Nanoseconds next_timer(void)
{
    Nanoseconds first = NEVER;
    for (int i = 0; armed > 0 && i < in_use; i++) {
        if (timers[i].used && timers[i].due < first) {
            first = timers[i].due;
        }
    }
    return first;
}

typedef struct {
    void (*function)(union sigval value);
    union sigval value;
} Notification;

/* In such a thread all signals are blocked, as in the C library's. */
static void *notify(void *argument)
{
    Notification notification = *(Notification *)argument;
    free(argument);
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    notification.function(notification.value);
    return NULL;
}

/* As the C library does: each time a thread of its own, which nobody can join. */
static void start_notification(const Timer *timer)
{
    pthread_t handle;
    pthread_attr_t attributes;
    Notification *notification = malloc(sizeof *notification);
    *notification = (Notification){.function = timer->function, .value = timer->value};
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (timer->stack_size != 0) {
        pthread_attr_setstacksize(&attributes, timer->stack_size);
    }
    if (thread_start(&handle, &attributes, notify, notification, timer->creator) != 0) {
        free(notification);
    }
    pthread_attr_destroy(&attributes);
}

static void go_off(Timer *timer, uint64_t times)
{
    timer->overruns = (int)times - 1;
    if (timer->function != NULL) {
        start_notification(timer);
        return;
    }
    if (timer->descriptor != NO_DESCRIPTOR) {
        REAL(write)(timer->descriptor, &times, sizeof times);
        return;
    }
    if (timer->number == 0) {
        return;
    }
    siginfo_t information = {0};
    information.si_code = timer->has_value ? SI_TIMER : SI_KERNEL;
    information.si_value = timer->value;
    if (!deliver(timer->number, &information, timer->receiver)) {
        if (timer->receiver != NULL) {
            REAL(pthread_kill)(timer->receiver->handle, timer->number);
        } else {
            REAL(kill)(getpid(), timer->number);
        }
    }
}

void fire_timers(void)
{
    for (int i = 0; armed > 0 && i < in_use; i++) {
        Timer *timer = &timers[i];
        if (!timer->used || timer->due > run.clock) {
            continue;
        }
        uint64_t times = timer->interval == 0 ? 1 : (run.clock - timer->due) / timer->interval + 1;
        arm(timer, timer->interval == 0 ? NEVER : timer->due + times * timer->interval,
            timer->interval);
        run.changes++;
        go_off(timer, times);
    }
}

static Timer *new_timer(clockid_t clock)
{
    for (int i = ITIMERS; i < MAX_TIMERS; i++) {
        if (!timers[i].used) {
            timers[i] =
                (Timer){.used = true, .due = NEVER, .clock = clock, .descriptor = NO_DESCRIPTOR};
            in_use = i < in_use ? in_use : i + 1;
            return &timers[i];
        }
    }
    return NULL;
}

static Nanoseconds left_of(const Timer *timer)
{
    return timer->due == NEVER ? 0 : timer->due > run.clock ? timer->due - run.clock : 1;
}

static bool is_zero(const struct timespec *time)
{
    return time->tv_sec == 0 && time->tv_nsec == 0;
}

static void report(const Timer *timer, struct itimerspec *told)
{
    *told = (struct itimerspec){.it_value = timespec_of(left_of(timer)),
                                .it_interval = timespec_of(timer->interval)};
}

static void set(Timer *timer, bool absolute, const struct itimerspec *new, struct itimerspec *old)
{
    if (old != NULL) {
        report(timer, old);
    }
    Nanoseconds due = is_zero(&new->it_value) ? NEVER
                      : absolute              ? moment_of(timer->clock, &new->it_value)
                                              : after(duration_of(&new->it_value));
    arm(timer, due, duration_of(&new->it_interval));
}

/* --- alarm and setitimer ------------------------------------------------------------------ */

static struct timeval timeval_of(Nanoseconds time)
{
    return (struct timeval){.tv_sec = (time_t)(time / 1000000000),
                            .tv_usec = (suseconds_t)(time % 1000000000 / 1000)};
}

static Nanoseconds of_timeval(const struct timeval *time)
{
    return (Nanoseconds)time->tv_sec * 1000000000 + (Nanoseconds)time->tv_usec * 1000;
}

INTERPOSED int setitimer(__itimer_which_t which, const struct itimerval *restrict new,
                         struct itimerval *restrict old)
{
    if (!controlled() || (int)which < 0 || (int)which >= ITIMERS) {
        return REAL(setitimer)(which, new, old);
    }
    decide_if_due();
    Timer *timer = &timers[which];
    if (old != NULL) {
        *old = (struct itimerval){timeval_of(timer->interval), timeval_of(left_of(timer))};
    }
    Nanoseconds duration = of_timeval(&new->it_value);
    arm(timer, duration == 0 ? NEVER : after(duration), of_timeval(&new->it_interval));
    memory_meet_world();
    happened(CHANGED);
    return 0;
}

INTERPOSED int getitimer(__itimer_which_t which, struct itimerval *told)
{
    if (!controlled() || (int)which < 0 || (int)which >= ITIMERS) {
        return REAL(getitimer)(which, told);
    }
    *told =
        (struct itimerval){timeval_of(timers[which].interval), timeval_of(left_of(&timers[which]))};
    return 0;
}

INTERPOSED unsigned alarm(unsigned seconds)
{
    if (!controlled()) {
        return REAL(alarm)(seconds);
    }
    struct itimerval new = {.it_value = {.tv_sec = (time_t)seconds}}, old;
    setitimer(ITIMER_REAL, &new, &old);
    return (unsigned)(old.it_value.tv_sec + (old.it_value.tv_usec > 0));
}

/* The C library's goes past our setitimer. */
INTERPOSED useconds_t ualarm(useconds_t first, useconds_t interval)
{
    if (!controlled()) {
        return REAL(ualarm)(first, interval);
    }
    struct itimerval new = {.it_value = timeval_of((Nanoseconds)first * 1000),
                            .it_interval = timeval_of((Nanoseconds)interval * 1000)};
    struct itimerval old;
    setitimer(ITIMER_REAL, &new, &old);
    return (useconds_t)(old.it_value.tv_sec * 1000000 + old.it_value.tv_usec);
}

/* --- timer_create ------------------------------------------------------------------------- */

/* Our timers' names lie outside the range of addresses and small numbers that the C library gives. */
#define NAME_BASE ((uintptr_t)0x7e00000000000000)

static Timer *named(timer_t name)
{
    uintptr_t at = (uintptr_t)name - NAME_BASE;
    return at >= ITIMERS && at < MAX_TIMERS && timers[at].used ? &timers[at] : NULL;
}

static size_t stack_size_of(const pthread_attr_t *attributes)
{
    size_t size = 0;
    if (attributes != NULL) {
        pthread_attr_getstacksize(attributes, &size);
    }
    return size;
}

INTERPOSED int timer_create(clockid_t clock, struct sigevent *restrict event,
                            timer_t *restrict name)
{
    if (!controlled()) {
        return REAL(timer_create)(clock, event, name);
    }
    Timer *timer = new_timer(clock);
    if (timer == NULL) {
        return fail(EAGAIN);
    }
    timer->has_value = true;
    timer->number = event == NULL                       ? SIGALRM
                    : event->sigev_notify == SIGEV_NONE ? 0
                                                        : event->sigev_signo;
    timer->value =
        event == NULL ? (union sigval){.sival_int = (int)(timer - timers)} : event->sigev_value;
    if (event != NULL && event->sigev_notify == SIGEV_THREAD_ID) {
        timer->receiver = self; /* the usual case; our numbers of threads are not the kernel's */
    } else if (event != NULL && event->sigev_notify == SIGEV_THREAD) {
        timer->function = event->sigev_notify_function;
        timer->stack_size = stack_size_of(event->sigev_notify_attributes);
        timer->creator = self->number;
    }
    *name = (timer_t)(NAME_BASE + (uintptr_t)(timer - timers));
    return 0;
}

INTERPOSED int timer_settime(timer_t name, int flags, const struct itimerspec *restrict new,
                             struct itimerspec *restrict old)
{
    Timer *timer = controlled() ? named(name) : NULL;
    if (timer == NULL) {
        return REAL(timer_settime)(name, flags, new, old);
    }
    decide_if_due();
    set(timer, (flags & TIMER_ABSTIME) != 0, new, old);
    memory_meet_world();
    happened(CHANGED);
    return 0;
}

INTERPOSED int timer_gettime(timer_t name, struct itimerspec *told)
{
    Timer *timer = controlled() ? named(name) : NULL;
    if (timer == NULL) {
        return REAL(timer_gettime)(name, told);
    }
    report(timer, told);
    return 0;
}

INTERPOSED int timer_getoverrun(timer_t name)
{
    Timer *timer = controlled() ? named(name) : NULL;
    return timer != NULL ? timer->overruns : REAL(timer_getoverrun)(name);
}

INTERPOSED int timer_delete(timer_t name)
{
    Timer *timer = controlled() ? named(name) : NULL;
    if (timer == NULL) {
        return REAL(timer_delete)(name);
    }
    arm(timer, NEVER, 0);
    timer->used = false;
    return 0;
}

/* --- timerfd ------------------------------------------------------------------------------ */

static Timer *of_descriptor(int fd)
{
    for (int i = ITIMERS; i < in_use; i++) {
        if (timers[i].used && timers[i].descriptor == fd) {
            return &timers[i];
        }
    }
    return NULL;
}

INTERPOSED int timerfd_create(__clockid_t clock, int flags)
{
    if (!controlled()) {
        return REAL(timerfd_create)(clock, flags);
    }
    int fd = eventfd(0, ((flags & TFD_CLOEXEC) != 0 ? EFD_CLOEXEC : 0) |
                            ((flags & TFD_NONBLOCK) != 0 ? EFD_NONBLOCK : 0));
    Timer *timer = fd < 0 ? NULL : of_descriptor(fd); /* of a descriptor that was closed */
    timer = timer == NULL && fd >= 0 ? new_timer(clock) : timer;
    if (timer == NULL) {
        return fd < 0 ? fd : fail(EMFILE);
    }
    arm(timer, NEVER, 0);
    timer->clock = clock;
    timer->descriptor = fd;
    return fd;
}

/* Setting a timerfd forgets what has gone off before. */
static void forget_times(int fd)
{
    struct pollfd descriptor = {.fd = fd, .events = POLLIN};
    uint64_t times;
    if (REAL(poll)(&descriptor, 1, 0) > 0) {
        REAL(read)(fd, &times, sizeof times);
    }
}

INTERPOSED int timerfd_settime(int fd, int flags, const struct itimerspec *new,
                               struct itimerspec *old)
{
    Timer *timer = controlled() ? of_descriptor(fd) : NULL;
    if (timer == NULL) {
        return REAL(timerfd_settime)(fd, flags, new, old);
    }
    decide_if_due();
    forget_times(fd);
    set(timer, (flags & TFD_TIMER_ABSTIME) != 0, new, old);
    memory_meet_world();
    happened(CHANGED);
    return 0;
}

INTERPOSED int timerfd_gettime(int fd, struct itimerspec *told)
{
    Timer *timer = controlled() ? of_descriptor(fd) : NULL;
    if (timer == NULL) {
        return REAL(timerfd_gettime)(fd, told);
    }
    report(timer, told);
    return 0;
}
