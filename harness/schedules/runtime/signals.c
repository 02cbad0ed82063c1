/* Signals: a handler is its thread's code, and so runs when its thread has the baton, at an event
 * of it or in the midst of a wait.
 *
 * What the program sends to itself never goes to the kernel if a handler is there for it: it is
 * noted for the thread that the kernel would choose (main if it does not block the signal, else the
 * lowest number).  What comes from outside is noted by the handler that we install in the place of
 * the program's.  Signals that a thread's own instruction raises are left alone. */
#include "controlled.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(number) (UINT64_C(1) << ((number) - 1))

enum { SIGNALS = 64 };

static struct sigaction
    wanted[SIGNALS + 1]; /* the program's own; meaningful where handled says so */
static bool handled[SIGNALS + 1];

static bool is_left_alone(int number)
{
    return number <= 0 || number > SIGNALS || number == SIGSEGV || number == SIGBUS ||
           number == SIGFPE || number == SIGILL || number == SIGTRAP || number == SIGSYS ||
           number == SIGABRT || number == SIGURG;
}

static uint64_t bits_of(const sigset_t *set)
{
    uint64_t bits;
    memcpy(&bits, set, sizeof bits);
    return bits;
}

static int fail(int error)
{
    errno = error;
    return -1;
}

/* --- noting ------------------------------------------------------------------------------- */

uint32_t signals_noted;

/* May break in on the thread anywhere: it touches nothing but the thread's own list. */
static void note(Thread *thread, int number, const siginfo_t *information)
{
    uint32_t at = __atomic_fetch_add(&thread->noted_count, 1, __ATOMIC_SEQ_CST);
    if (at >= NOTED_LIMIT) {
        __atomic_fetch_sub(&thread->noted_count, 1, __ATOMIC_SEQ_CST);
        return;
    }
    thread->noted[at] = *information;
    thread->noted[at].si_signo = number;
    thread->attention = true;
    __atomic_fetch_add(&signals_noted, 1, __ATOMIC_SEQ_CST);
}

static void call_handler(int number, siginfo_t *information, void *context)
{
    const struct sigaction action = wanted[number];
    if ((action.sa_flags & (int)SA_RESETHAND) != 0) {
        handled[number] = false;
        REAL(signal)(number, SIG_DFL);
    }
    if ((action.sa_flags & SA_SIGINFO) != 0) {
        action.sa_sigaction(number, information, context);
    } else {
        action.sa_handler(number);
    }
}

static void on_signal(int number, siginfo_t *information, void *context)
{
    int error = errno;
    if (self != NULL && run.active && !run.ended) {
        note(self, number, information);
    } else {
        call_handler(number, information, context);
    }
    errno = error;
}

/* --- running ------------------------------------------------------------------------------ */

static void run_handler(siginfo_t *information)
{
    static char no_context[4096]; /* the interrupted place is ours, and nobody's business */
    int number = information->si_signo;
    sigset_t mask = wanted[number].sa_mask, before;
    if ((wanted[number].sa_flags & SA_NODEFER) == 0) {
        sigaddset(&mask, number);
    }
    pthread_sigmask(SIG_BLOCK, &mask, &before);
    call_handler(number, information, no_context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static bool take_noted(Thread *me, siginfo_t *first)
{
    sigset_t all, before;
    sigfillset(&all);
    REAL(pthread_sigmask)(SIG_BLOCK, &all, &before);
    int found = -1;
    for (int i = 0; found < 0 && i < (int)me->noted_count; i++) {
        /* What is blocked by now (the handler that runs blocks it) waits until it is not. */
        if ((me->blocked_signals & BIT(me->noted[i].si_signo)) == 0) {
            found = i;
        }
    }
    if (found >= 0) {
        *first = me->noted[found];
        me->noted_count--;
        memmove(me->noted + found, me->noted + found + 1,
                (me->noted_count - (size_t)found) * sizeof *me->noted);
    }
    REAL(pthread_sigmask)(SIG_SETMASK, &before, NULL);
    return found >= 0;
}

bool is_signalled(const Thread *thread)
{
    for (uint32_t i = 0; i < thread->noted_count && i < NOTED_LIMIT; i++) {
        if ((thread->blocked_signals & BIT(thread->noted[i].si_signo)) == 0) {
            return true;
        }
    }
    return false;
}

bool run_handlers(void)
{
    bool ends = false;
    siginfo_t information;
    while (take_noted(self, &information)) {
        if (handled[information.si_signo]) {
            touch('*', 0);
            memory_meet_world(); /* whoever sent it comes before */
            ends |= (wanted[information.si_signo].sa_flags & SA_RESTART) == 0;
            run_handler(&information);
        }
    }
    return ends;
}

/* --- sending ------------------------------------------------------------------------------ */

/* Whom the kernel would interrupt. */
static Thread *receiver_of(int number)
{
    for (int i = 0; i < run.live_count; i++) {
        if ((run.live[i]->blocked_signals & BIT(number)) == 0) {
            return run.live[i];
        }
    }
    return NULL;
}

bool deliver(int number, const siginfo_t *information, Thread *thread)
{
    if (is_left_alone(number) || !handled[number]) {
        return false;
    }
    Thread *receiver = thread != NULL ? thread : receiver_of(number);
    if (receiver == NULL || (receiver->blocked_signals & BIT(number)) != 0 ||
        receiver->state == PASSED_OVER) {
        return false; /* it stays pending, or ends a call that we do not know */
    }
    note(receiver, number, information);
    return true;
}

static siginfo_t sent_by_us(int number, int code)
{
    siginfo_t information = {0};
    information.si_signo = number;
    information.si_code = code;
    information.si_pid = getpid();
    information.si_uid = getuid();
    return information;
}

/* Sending is an event, and what the thread sent to itself has been handled when the call returns. */
static int sent(int result)
{
    memory_meet_world();
    happened(CHANGED);
    decide_if_due();
    return result;
}

INTERPOSED int kill(pid_t process, int number)
{
    if (!controlled() || (process != getpid() && process != 0) || number == 0) {
        return REAL(kill)(process, number);
    }
    decide_if_due();
    siginfo_t information = sent_by_us(number, SI_USER);
    return sent(deliver(number, &information, NULL) ? 0 : REAL(kill)(process, number));
}

static int send_to_thread(Thread *thread, int number)
{
    decide_if_due();
    siginfo_t information = sent_by_us(number, SI_TKILL);
    if (deliver(number, &information, thread)) {
        return sent(0);
    }
    if (!is_left_alone(number) && (thread->blocked_signals & BIT(number)) != 0) {
        thread->directed |= BIT(number);
    }
    return sent(REAL(pthread_kill)(thread->handle, number));
}

INTERPOSED int pthread_kill(pthread_t handle, int number)
{
    Thread *thread = controlled() && number != 0 ? thread_by_handle(handle) : NULL;
    if (thread == NULL || thread->state == FINISHED) {
        return REAL(pthread_kill)(handle, number);
    }
    return send_to_thread(thread, number);
}

INTERPOSED int raise(int number)
{
    return controlled() && !is_left_alone(number) ? send_to_thread(self, number)
                                                  : REAL(raise)(number);
}

INTERPOSED int sigqueue(pid_t process, int number, const union sigval value)
{
    if (!controlled() || process != getpid() || number == 0) {
        return REAL(sigqueue)(process, number, value);
    }
    decide_if_due();
    siginfo_t information = sent_by_us(number, SI_QUEUE);
    information.si_value = value;
    return sent(deliver(number, &information, NULL) ? 0 : REAL(sigqueue)(process, number, value));
}

/* --- handlers and masks ------------------------------------------------------------------- */

INTERPOSED int sigaction(int number, const struct sigaction *new, struct sigaction *old)
{
    if (!settings.controlled || is_left_alone(number)) {
        return REAL(sigaction)(number, new, old);
    }
    const struct sigaction previous = wanted[number];
    const bool was_handled = handled[number];
    struct sigaction ours;
    const struct sigaction *installed = new;
    if (new != NULL) {
        handled[number] = new->sa_handler != SIG_DFL && new->sa_handler != SIG_IGN;
        wanted[number] = *new;
    }
    if (new != NULL && handled[number]) {
        ours = *new;
        ours.sa_sigaction = on_signal;
        ours.sa_flags = (ours.sa_flags & ~(int)SA_RESETHAND) | SA_SIGINFO;
        sigfillset(&ours.sa_mask);
        sigdelset(&ours.sa_mask, SIGSYS);
        installed = &ours;
    }
    int result = REAL(sigaction)(number, installed, old);
    if (result == 0 && old != NULL && was_handled) {
        *old = previous;
    }
    return result;
}

INTERPOSED __sighandler_t signal(int number, __sighandler_t handler)
{
    if (!settings.controlled || is_left_alone(number)) {
        return REAL(signal)(number, handler);
    }
    struct sigaction new = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
    return sigaction(number, &new, &old) == 0 ? old.sa_handler : SIG_ERR;
}

void signals_enter(Thread *thread)
{
    sigset_t mask;
    if (REAL(pthread_sigmask)(SIG_BLOCK, NULL, &mask) == 0) {
        thread->blocked_signals = bits_of(&mask);
    }
}

/* System calls that are caught raise SIGSYS (see rawcalls.c): that is never blocked. */
static int change_mask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t allowed;
    if (set != NULL && how != SIG_UNBLOCK) {
        allowed = *set;
        sigdelset(&allowed, SIGSYS);
        set = &allowed;
    }
    int failure = REAL(pthread_sigmask)(how, set, old);
    if (set != NULL && self != NULL) {
        signals_enter(self);
        self->attention = true; /* what was noted may be handled now */
    }
    return failure;
}

INTERPOSED int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    return settings.controlled ? change_mask(how, set, old) : REAL(pthread_sigmask)(how, set, old);
}

INTERPOSED int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    if (!settings.controlled) {
        return REAL(sigprocmask)(how, set, old);
    }
    int failure = change_mask(how, set, old);
    return failure == 0 ? 0 : fail(failure);
}

/* --- waiting for signals ------------------------------------------------------------------ */

typedef struct {
    const Thread *waiter;
    uint64_t bits;
} Awaited;

static bool is_pending(const void *what)
{
    const Awaited *awaited = what;
    sigset_t pending;
    return ((sigpending(&pending) == 0 ? bits_of(&pending) : 0) & awaited->bits) != 0 ||
           (awaited->waiter->directed & awaited->bits) != 0;
}

static bool is_never(const void *what)
{
    (void)what;
    return false;
}

static int take_pending(const sigset_t *set, siginfo_t *information)
{
    static const struct timespec at_once;
    int number = REAL(sigtimedwait)(set, information, &at_once);
    if (number > 0) {
        self->directed &= ~BIT(number);
    }
    return number;
}

static int wait_for_signal(const sigset_t *set, siginfo_t *information, Nanoseconds deadline)
{
    Awaited awaited = {.waiter = self, .bits = bits_of(set)};
    decide_if_due();
    int number;
    while ((number = take_pending(set, information)) < 0) {
        Wakeup wakeup = block((Wait){
            .kind = "sigwait",
            .deadline = deadline,
            .holds = is_pending,
            .what = &awaited,
            .on_signal = ENDS,
        });
        if (wakeup == TIMED_OUT || wakeup == INTERRUPTED) {
            return fail(wakeup == TIMED_OUT ? EAGAIN : EINTR);
        }
    }
    memory_meet_world();
    happened(CHANGED);
    return number;
}

INTERPOSED int sigtimedwait(const sigset_t *set, siginfo_t *information,
                            const struct timespec *time)
{
    return controlled()
               ? wait_for_signal(set, information, time == NULL ? NEVER : after(duration_of(time)))
               : REAL(sigtimedwait)(set, information, time);
}

INTERPOSED int sigwaitinfo(const sigset_t *set, siginfo_t *information)
{
    return controlled() ? wait_for_signal(set, information, NEVER)
                        : REAL(sigwaitinfo)(set, information);
}

INTERPOSED int sigwait(const sigset_t *set, int *number)
{
    if (!controlled()) {
        return REAL(sigwait)(set, number);
    }
    int found;
    while ((found = wait_for_signal(set, NULL, NEVER)) < 0) {
    }
    *number = found;
    return 0;
}

static int wait_for_handler(const char *kind)
{
    decide_if_due();
    block((Wait){.kind = kind, .deadline = NEVER, .holds = is_never, .on_signal = ENDS});
    return fail(EINTR);
}

INTERPOSED int pause(void)
{
    return controlled() ? wait_for_handler("pause") : REAL(pause)();
}

INTERPOSED int sigsuspend(const sigset_t *mask)
{
    if (!controlled()) {
        return REAL(sigsuspend)(mask);
    }
    sigset_t before;
    pthread_sigmask(SIG_SETMASK, mask, &before);
    int result = is_signalled(self) ? (run_handlers(), fail(EINTR)) : wait_for_handler("pause");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}
