/* Threads, their turns, and the ways into the scheduler. */
#include "world.h"

#include <linux/futex.h>
#include <sched.h>

#include <sys/syscall.h>
#include <unistd.h>

Slot slots[MAX_THREADS];
__thread Slot *self;
enum Mode mode;
_Atomic int holder;
_Atomic unsigned long serial;
bool points_matter;

int number_of(const Slot *slot)
{
    return (int)(slot - slots);
}

static void call_futex(_Atomic uint32_t *word, int operation, uint32_t value)
{
    REAL(syscall)(SYS_futex, word, operation, value, NULL, NULL, 0);
}

void await_grant(Slot *slot)
{
    while (atomic_exchange(&slot->granted, 0) == 0) {
        call_futex(&slot->granted, FUTEX_WAIT_PRIVATE, 0);
    }
}

void grant(Slot *slot)
{
    holder = number_of(slot);
    serial++;
    slot->lost = slot->returned = false;
    atomic_store(&slot->granted, 1);
    call_futex(&slot->granted, FUTEX_WAKE_PRIVATE, 1);
}

/* A thread that was passed over is back: it waits for its turn, and lets go of the interpreter. */
static void rejoin(Slot *me)
{
    void *state = attached() ? py.SaveThread() : NULL;
    me->returned = true;
    await_grant(me);
    if (state != NULL) {
        py.RestoreThread(state);
    }
}

void *main_interpreter;

/* Other interpreters of this process are not followed: the scheduler lives in the first. */
static bool is_elsewhere(void)
{
    void *thread = py.ThisThread();
    return thread != NULL && py.InterpreterOf(thread) != main_interpreter;
}

bool controlled(void)
{
    Slot *me = self;
    if (mode != VIRTUAL || me == NULL || me->inside || is_elsewhere()) {
        return false;
    }
    if (me->lost) {
        rejoin(me);
    }
    return mode == VIRTUAL;
}

bool may_wait(void)
{
    return controlled() && !attached() && py.ThisThread() != NULL;
}

/* The scheduler is Python, too, and no part of the program: none of its own calls are traced.  (Each would
 * come to the tracing that finds the program's points, which is most of what a decision costs.) */
static PyObject *call_untraced(PyObject *hook, PyObject *arguments)
{
    if (py.EnterTracing == NULL || py.LeaveTracing == NULL) {
        return py.Call(hook, arguments);
    }
    void *thread = py.ThisThread();
    py.EnterTracing(thread);
    PyObject *said = py.Call(hook, arguments);
    py.LeaveTracing(thread);
    return said;
}

/* The way into the scheduler and back, whatever the interpreter was about. */
static long long call_scheduler(PyObject *hook, long long otherwise, PyObject *arguments)
{
    long long answer = otherwise;
    PyObject *said = arguments != NULL ? call_untraced(hook, arguments) : NULL;
    if (said == NULL) {
        py.Print();
    } else if (said != none) {
        answer = py.AsLong(said);
    }
    py.DecRef(said);
    py.DecRef(arguments);
    return answer;
}

long long ask(PyObject *hook, long long otherwise, const char *format, ...)
{
    Slot *me = self;
    int error = errno;
    PyObject *kept[3];
    va_list values;
    if (me != NULL) {
        me->inside = true;
    }
    int state = py.Ensure();
    py.Fetch(&kept[0], &kept[1], &kept[2]);
    va_start(values, format);
    long long answer = call_scheduler(hook, otherwise, py.BuildArguments(format, values));
    va_end(values);
    py.Restore(kept[0], kept[1], kept[2]);
    py.Release(state);
    if (me != NULL) {
        me->inside = false;
    }
    errno = error;
    return answer;
}

void come_to_point(const char *mark)
{
    if (points_matter && controlled()) {
        ask(hooks.point, 0, "(s)", mark);
        deliver();
    }
}

Answer wait_for(const char *kind, Ready *ready, void *data, Nanoseconds timeout, int flags)
{
    if (!may_wait()) {
        return FREE;
    }
    Slot *me = self;
    Wanted wanted = {ready, data, me->lock};
    long long answer = ask(hooks.wait, FREE, "(sLLi)", me->operation != NULL ? me->operation : kind,
                           (long long)(intptr_t)&wanted, (long long)timeout, flags);
    deliver();
    return (Answer)answer;
}

/* --- a thread's life ---------------------------------------------------------------------------- */

typedef struct {
    void *(*function)(void *);
    void *argument;
    Slot *slot;
} Life;

static _Atomic int living; /* but for the main thread */

/* The thread has left the interpreter, and its locks are free: the turn goes to another. */
void leave(void)
{
    Slot *me = self;
    if (me == NULL || !controlled()) {
        return;
    }
    long long following = ask(hooks.left, -1, "(i)", number_of(me));
    me->inside = true;
    me->left = true;
    self = NULL;
    if (--living == 0) {
        end_watching();
    }
    if (following >= 0) {
        grant(&slots[following]);
    }
}

static void leave_at_end(void *nothing)
{
    (void)nothing;
    sigset_t all; /* from here on no signal is for it, however long the kernel takes to end it */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    leave();
}

static void *live(void *data)
{
    Life life = *(Life *)data;
    free(data);
    self = life.slot;
    self->tid = (pid_t)REAL(syscall)(SYS_gettid);
    await_grant(self);
    self->inside = false;
    void *result;
    pthread_cleanup_push(leave_at_end, NULL);
    result = life.function(life.argument);
    pthread_cleanup_pop(1);
    return result;
}

INTERPOSED int pthread_create(pthread_t *restrict handle, const pthread_attr_t *restrict attributes,
                              void *(*function)(void *), void *restrict argument)
{
    Slot *me = self;
    if (mode != VIRTUAL || me == NULL || me->expected == 0) {
        return REAL(pthread_create)(handle, attributes, function, argument);
    }
    Life *life = malloc(sizeof *life);
    if (life == NULL) {
        return EAGAIN;
    }
    Slot *slot = &slots[me->expected % MAX_THREADS];
    me->expected = 0;
    *life = (Life){function, argument, slot};
    slot->left = false;
    slot->inside = true; /* until its first turn */
    slot->outside = true;
    slot->random = (uint64_t)number_of(slot) * 1000003 + 17;
    int error = REAL(pthread_create)(handle, attributes, live, life);
    if (error != 0) {
        free(life);
        return error;
    }
    slot->handle = *handle;
    living++;
    points_matter = true;
    watch_threads();
    return 0;
}

static pid_t tid_of(pthread_t handle)
{
    for (int i = 1; i < MAX_THREADS && slots[i].tid != 0; i++) {
        if (pthread_equal(slots[i].handle, handle)) {
            return slots[i].tid;
        }
    }
    return 0;
}

/* Short: who is joined has told the scheduler that it is gone.  The kernel counts it a little longer. */
INTERPOSED int pthread_join(pthread_t handle, void **result)
{
    Slot *me = self;
    pid_t tid = me != NULL ? tid_of(handle) : 0;
    bool before = me != NULL && me->inside;
    if (me != NULL) {
        me->inside = true;
    }
    int error = REAL(pthread_join)(handle, result);
    if (error == 0) {
        await_end_of(tid);
    }
    if (me != NULL) {
        me->inside = before;
    }
    return error;
}
