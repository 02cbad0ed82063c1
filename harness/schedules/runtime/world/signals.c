/* Signals.  CPython's handler in C only leaves a mark; the Python one runs in the main thread, at its next
 * look at the mark.  It must not run inside the scheduler's own code.  So a signal that comes while main is
 * there is noted, ends main's wait, and reaches CPython when main has left, with the turn.  So is one that
 * comes while main has let go of the GIL: it goes through the scheduler on its way back.  One that comes to
 * another thread is sent on to main. */
#include "world.h"

#include <poll.h>
#include <sched.h>
#include <unistd.h>

static void (*handlers[NSIG])(int);
static atomic_bool noted[NSIG];
static atomic_bool any_noted;
static atomic_bool tripped[NSIG]; /* by a call: no signal has come that would end main's wait */
static atomic_bool any_tripped;
static atomic_bool held_back; /* main is where no handler may raise anything */
static atomic_ulong arrived;

static bool is_valid(int number)
{
    return number > 0 && number < NSIG;
}

static void on_signal(int number)
{
    int error = errno;
    Slot *main = &slots[0];
    if (mode == VIRTUAL && self != main) {
        REAL(pthread_kill)(main->handle, number);
    } else if (mode == VIRTUAL && (main->inside || main->outside || held_back)) {
        noted[number] = true;
        any_noted = true;
        arrived++;
    } else {
        arrived++;
        handlers[number](number);
    }
    errno = error;
}

bool interrupted(void)
{
    return any_noted || timer_due();
}


bool trip(int number)
{
    struct sigaction now;
    if (self == &slots[0] || !is_valid(number) || REAL(sigaction)(number, NULL, &now) != 0 ||
        now.sa_handler != on_signal) {
        return false;
    }
    tripped[number] = true;
    any_tripped = true;
    return true;
}

static void deliver_all(atomic_bool *any, atomic_bool *each)
{
    if (*any) {
        *any = false;
        for (int number = 1; number < NSIG; number++) {
            if (atomic_exchange(&each[number], false)) {
                handlers[number](number);
            }
        }
    }
}

void deliver(void)
{
    if (self != &slots[0] || mode != VIRTUAL || self->inside || held_back) {
        return;
    }
    deliver_all(&any_noted, noted);
    deliver_all(&any_tripped, tripped);
    sound_alarm();
}

PyObject *hold_back(PyObject *function, PyObject *arguments)
{
    bool is_main = self == &slots[0];
    if (is_main) {
        held_back = true;
    }
    PyObject *result = py.Call(function, arguments);
    if (is_main) {
        held_back = false;
        deliver();
    }
    return result;
}

INTERPOSED int sigaction(int number, const struct sigaction *restrict new,
                         struct sigaction *restrict old)
{
    struct sigaction wrapped, before;
    void (*previous)(int) = is_valid(number) ? handlers[number] : NULL;
    bool wraps = new != NULL && is_valid(number) && (new->sa_flags & SA_SIGINFO) == 0 &&
                 new->sa_handler != SIG_DFL && new->sa_handler != SIG_IGN;
    if (wraps) {
        wrapped = *new;
        handlers[number] = new->sa_handler;
        wrapped.sa_handler = on_signal;
        new = &wrapped;
    }
    int result = REAL(sigaction)(number, new, &before);
    if (result == 0 && before.sa_handler == on_signal) {
        before.sa_handler = previous;
    }
    if (result == 0 && old != NULL) {
        *old = before;
    }
    return result;
}

/* A signal that a controlled thread sends to its own process has arrived when the call returns, so that the
 * next decision sees it in every run.  (It may be blocked: then there is nothing to wait for.) */
static int await_arrival(int result, int number, unsigned long before)
{
    struct sigaction now;
    bool handled = mode == VIRTUAL && self != NULL && result == 0 && is_valid(number) &&
                   REAL(sigaction)(number, NULL, &now) == 0 && now.sa_handler == on_signal;
    Nanoseconds limit = handled ? real_ns() + 20000000 : 0;
    while (handled && arrived == before && real_ns() < limit) {
        REAL(sched_yield)();
    }
    return result;
}

INTERPOSED int kill(pid_t process, int number)
{
    unsigned long before = arrived;
    int result = REAL(kill)(process, number);
    return process == getpid() || process == 0 ? await_arrival(result, number, before) : result;
}

INTERPOSED int pthread_kill(pthread_t thread, int number)
{
    unsigned long before = arrived;
    return await_arrival(REAL(pthread_kill)(thread, number), number, before);
}

/* --- waiting for signals ----------------------------------------------------------------------------- */

typedef struct {
    const sigset_t *set;
    pid_t tid; /* who waits */
} Awaited;

/* Asked in whatever thread has the turn.  `sigpending` tells of the process's signals and of the caller's; one
 * that was sent to the waiting thread alone is told by the kernel's account of that. */
static bool is_pending(void *data)
{
    const Awaited *awaited = data;
    sigset_t pending;
    sigpending(&pending);
    sigandset(&pending, &pending, awaited->set);
    if (!sigisemptyset(&pending)) {
        return true;
    }
    uint64_t own = pending_for(awaited->tid);
    for (int number = 1; own != 0 && number < NSIG; number++) {
        if ((own >> (number - 1) & 1) != 0 && sigismember(awaited->set, number) == 1) {
            return true;
        }
    }
    return false;
}

/* 0: one is there; else the error. */
static int await_pending(const char *kind, const sigset_t *set, Nanoseconds timeout)
{
    come_to_point("-");
    Awaited awaited = {set, self != NULL ? self->tid : 0};
    while (may_wait() && !is_pending(&awaited)) {
        Answer answer = wait_for(kind, is_pending, &awaited, timeout, OUTSIDE);
        if (answer == INTERRUPTED || answer == TIMED_OUT) {
            return answer == INTERRUPTED ? EINTR : EAGAIN;
        }
        if (answer == FREE) {
            break;
        }
    }
    return 0;
}

INTERPOSED int sigwait(const sigset_t *restrict set, int *restrict number)
{
    while (await_pending("sigwait", set, NEVER) != 0) {
    }
    return REAL(sigwait)(set, number);
}

INTERPOSED int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict information)
{
    errno = await_pending("sigwait", set, NEVER);
    return errno != 0 ? -1 : REAL(sigwaitinfo)(set, information);
}

INTERPOSED int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict information,
                            const struct timespec *restrict time)
{
    if (!may_wait()) {
        return REAL(sigtimedwait)(set, information, time);
    }
    struct timespec nothing = {0, 0};
    Nanoseconds timeout = time != NULL ? ns_of(time) : NEVER;
    errno = timeout == 0 ? 0 : await_pending("sigwait", set, timeout);
    return errno != 0 ? -1 : REAL(sigtimedwait)(set, information, &nothing);
}

static bool never(void *data)
{
    (void)data;
    return false;
}

INTERPOSED int pause(void)
{
    if (!may_wait() || wait_for("pause", never, NULL, NEVER, OUTSIDE) == FREE) {
        return REAL(pause)();
    }
    errno = EINTR;
    return -1;
}
