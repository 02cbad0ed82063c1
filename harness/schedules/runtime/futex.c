/* System calls made by number.  Rust's Mutex, Condvar, RwLock, Once, park and channels all come
 * down to the futex call; randomness and the thread's number may be asked for this way, too. */
#include "controlled.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
    uint32_t *word;
    int operation;
    uint32_t value; /* what the word is expected to be, or how many to wake */
    const struct timespec *timeout;
    uint32_t bits;
} FutexCall;

/* FUTEX_WAIT's timeout is a duration, FUTEX_WAIT_BITSET's a moment: see futex(2). */
static Nanoseconds deadline_of(const FutexCall *call)
{
    if (call->timeout == NULL) {
        return NEVER;
    }
    if ((call->operation & FUTEX_CMD_MASK) == FUTEX_WAIT) {
        return after(duration_of(call->timeout));
    }
    bool calendar = (call->operation & FUTEX_CLOCK_REALTIME) != 0;
    return moment_of(calendar ? CLOCK_REALTIME : CLOCK_MONOTONIC, call->timeout);
}

static long fail(int error)
{
    errno = error;
    return -1;
}

static bool is_as_expected(const FutexCall *call)
{
    return __atomic_load_n(call->word, __ATOMIC_SEQ_CST) == call->value;
}

static long futex_wait(const FutexCall *call)
{
    note_waits(call->word);
    touch_futex(call->word);
    memory_meet(call->word, sizeof *call->word); /* others may come to its code while we decide */
    decide_if_due();
    memory_meet(call->word, sizeof *call->word);
    const Wait wait = {
        .kind = "futex",
        .key = call->word,
        .bits = call->bits,
        .deadline = deadline_of(call),
        .on_signal = call->timeout != NULL ? ENDS : ENDS_UNLESS_RESTARTED,
        .class = waits_matter() ? own_wait_class() : UNKNOWN,
        .lock = lock_of(call->word),
    };
    Wakeup wakeup = RESUMED;
    while (wakeup == RESUMED && is_as_expected(call)) {
        tell_futex(call->word);
        may_wake_for_nothing(wait.class);
        will_take_again(wait.class, self->set_free);
        wakeup = block(wait);
        tell_woken(call->word, wakeup);
        memory_meet(call->word, sizeof *call->word);
        memory_unsettle();
    }
    note_waited(call->word);
    switch (wakeup) {
    case WOKEN:
        return 0;
    case TIMED_OUT:
        return fail(ETIMEDOUT);
    case INTERRUPTED:
        return fail(EINTR);
    default:
        tell_futex(call->word);
        happened(UNCHANGED);
        return fail(EAGAIN);
    }
}

static long futex_wake(const FutexCall *call)
{
    note_wakes(call->word);
    touch_futex(call->word);
    memory_meet(call->word, sizeof *call->word);
    decide_if_due();
    tell_futex(call->word);
    int limit = call->value < ALL_WAITERS ? (int)call->value : ALL_WAITERS;
    int woken = wake(call->word, limit, call->bits);
    happened(woken > 0 ? CHANGED : UNCHANGED);
    if (settings.whole && own_futex_site() == BARRIER_FUTEX) {
        hide("whole-calls"); /* its own lock is still held */
    } else {
        decide(false);
        touch_futex(call->word);
    }
    return woken;
}

static bool is_wait_or_wake(int command)
{
    return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_WAKE ||
           command == FUTEX_WAKE_BITSET;
}

static long futex(FutexCall call)
{
    int command = call.operation & FUTEX_CMD_MASK;
    if (command == FUTEX_WAIT || command == FUTEX_WAKE) {
        call.bits = ALL_BITS;
    }
    bool waits = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
    return waits ? futex_wait(&call) : futex_wake(&call);
}

INTERPOSED long syscall(long number, ...)
{
    long values[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; i++) {
        values[i] = va_arg(arguments, long);
    }
    va_end(arguments);
    if (controlled() && number == SYS_futex && is_wait_or_wake((int)values[1] & FUTEX_CMD_MASK)) {
        return futex((FutexCall){
            .word = (uint32_t *)values[0],
            .operation = (int)values[1],
            .value = (uint32_t)values[2],
            .timeout = (const struct timespec *)values[3],
            .bits = (uint32_t)values[5],
        });
    }
    if (controlled() && number == SYS_getrandom) {
        return getrandom((void *)values[0], (size_t)values[1], (unsigned)values[2]);
    }
    if (number == SYS_gettid) {
        return gettid();
    }
    long result;
    if (controlled() && do_by_number(number, values, &result)) {
        return result < 0 ? fail((int)-result) : result;
    }
    if (controlled() && (number == SYS_clone || number == SYS_clone3)) {
        note_child();
    }
    return REAL(syscall)(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}
