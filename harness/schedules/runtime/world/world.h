/* The world as a CPython under control sees it, at the level of the C library.
 *
 * Loaded into the interpreter by LD_PRELOAD.  Until the scheduler, which is Python, attaches,
 * everything passes straight through.  Then every clock shows virtual time and timers run by it,
 * randomness comes from a stream of each thread's own, and a call that would block waits under the
 * scheduler instead.  The interpreter's own objects stay as they are: of its builtin functions some
 * are observed (hooks.c), and its locks block in calls that are waited for (semaphores.c).
 *
 * What nobody foresaw is left to a watcher, which hands the turn on (watcher.c).
 *
 * One thread has the turn.  It alone calls the scheduler; each other one rests in `await_grant`, or in
 * a call in which it was passed over.
 *
 * No header of CPython's is needed: the functions of its stable ABI are found by name, and so one
 * library serves every version, with the GIL and without. */
#ifndef WORLD_H
#define WORLD_H

#include "../interposing.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

#define SECOND INT64_C(1000000000)
#define NEVER INT64_C(-1) /* as a timeout or as a moment */

enum { MAX_THREADS = 65536, MAX_FILES = 4096 }; /* the first is known to the scheduler, too */

typedef int64_t Nanoseconds;

/* --- interpreter.c: CPython's stable ABI, by name ------------------------------------------- */

typedef struct Object PyObject;
typedef PyObject *(*Method)(PyObject *, PyObject *);
typedef struct {
    const char *name;
    Method method;
    int flags;
    const char *doc;
} MethodDef;

enum { VARARGS = 0x1, KEYWORDS = 0x2, NOARGS = 0x4, ONE = 0x8, FASTCALL = 0x80, WITH_CLASS = 0x200, OF_TYPE = 0x70 };

extern struct Interpreter {
    int (*Ensure)(void);
    void (*Release)(int);
    void *(*Current)(void);
    void *(*ThisThread)(void);
    void *(*InterpreterOf)(void *);
    void *(*SaveThread)(void);
    void (*RestoreThread)(void *);
    void *(*GetFrame)(void);
    PyObject *(*GetCode)(void *);
    PyObject *(*GetObject)(const char *);
    PyObject *(*NewFunction)(MethodDef *, PyObject *, PyObject *);
    int (*SetAttr)(PyObject *, const char *, PyObject *);
    PyObject *(*GetAttr)(PyObject *, const char *);
    PyObject *(*BuildArguments)(const char *, va_list);
    PyObject *(*Call)(PyObject *, PyObject *);
    PyObject *(*CallNamed)(PyObject *, PyObject *, PyObject *);
    PyObject *(*FromLong)(long long);
    long long (*AsLong)(PyObject *);
    PyObject *(*TupleItem)(PyObject *, ptrdiff_t);
    ptrdiff_t (*TupleSize)(PyObject *);
    int (*IsTrue)(PyObject *);
    PyObject *(*Occurred)(void);
    void (*Clear)(void);
    void (*Fetch)(PyObject **, PyObject **, PyObject **);
    void (*Restore)(PyObject *, PyObject *, PyObject *);
    void (*Print)(void);
    PyObject *(*AsText)(PyObject *);
    char *(*TextOf)(PyObject *);
    PyObject *(*NewTuple)(ptrdiff_t);
    int (*SetItem)(PyObject *, ptrdiff_t, PyObject *);
    void (*IncRef)(PyObject *);
    void (*DecRef)(PyObject *);
    void (*EnterTracing)(void *); /* NULL before CPython 3.11, and so is the other */
    void (*LeaveTracing)(void *);
} py;

extern bool without_gil; /* a free-threaded build */

/* False if this process is no CPython that has them all. */
bool find_interpreter(void);

/* Whether the calling thread has the GIL, or is attached where there is none. */
bool attached(void);

/* --- turns.c: threads and whose turn it is --------------------------------------------------- */

typedef struct {
    pid_t tid;
    pthread_t handle;
    _Atomic uint32_t granted; /* the futex on which it waits for its turn */
    atomic_bool inside;       /* in the scheduler, or in a call of the runtime's own: nothing that it
                                 does is scheduled, and the watcher does not judge it */
    atomic_bool at_gil;       /* waits for the GIL, really */
    atomic_bool lost;         /* passed over while blocked in C… */
    atomic_bool by_itself;    /* …or rather while it ran there, perhaps for ever */
    atomic_bool returned;     /* …and back from there: waits for its turn */
    atomic_bool left;         /* has left the interpreter, and is about to end */
    atomic_ulong arrivals;    /* how often it came for the GIL */
    bool outside;             /* has let go of the GIL… */
    unsigned long left_at;    /* …when this was the serial; 0: was made to, or has never had it */
    bool born;                /* has come to the end of its start */
    int expected;             /* the number of the thread that it is about to create; 0: none */
    PyObject *lock;           /* which it is about to take */
    PyObject *wanted;         /* which it is to take when it goes on from this point, however long it waits */
    const char *operation;    /* what it is doing, in the words of the record; NULL: not known */
    uint64_t random;
} Slot;

typedef enum { FREE = -1, READY, TIMED_OUT, INTERRUPTED } Answer;
typedef bool Ready(void *data);

/* What a blocked thread waits for, as the scheduler gets to see it. */
typedef struct {
    Ready *ready;
    void *data;
    PyObject *lock; /* a lock of Python's, if it is one */
} Wanted;

enum { OUTSIDE = 1, NETWORK = 2 }; /* what frees it may come from outside, over a network */

extern Slot slots[MAX_THREADS];
extern void *main_interpreter;
extern __thread Slot *self __attribute__((tls_model("initial-exec")));
extern enum Mode { AWAY, VIRTUAL, FORSAKEN } mode; /* FORSAKEN: after the end, and in a fork's child */
extern _Atomic int holder;            /* whose turn it is */
extern _Atomic unsigned long serial;  /* changes with each turn and each step */
extern bool points_matter;            /* there has been more than one thread, or a timer */

int number_of(const Slot *slot);

/* Whether the calling thread is under control and outside the scheduler: then it has the turn.  One
 * that was passed over waits for it here. */
bool controlled(void);

/* The same in a call for which CPython has let go of the GIL (or has detached the thread): there the
 * scheduler may be called, and the thread may wait. */
bool may_wait(void);

/* Asks the scheduler, the arguments built as by Py_BuildValue; `otherwise` if it had no answer. */
long long ask(PyObject *hook, long long otherwise, const char *format, ...);

/* A point: others may go on here.  `mark` is "-", "y" for giving way, "w" before a line, "l" at a
 * lock, "g" where C code has let go of the GIL and comes back. */
void come_to_point(const char *mark);

/* Waits under the scheduler until `ready` or for `timeout`, virtual.  FREE: the caller is not under
 * control, and shall do the real thing. */
Answer wait_for(const char *kind, Ready *ready, void *data, Nanoseconds timeout, int flags);

void grant(Slot *slot);
void await_grant(Slot *slot);
void leave(void);

/* --- clocks.c, timers.c ----------------------------------------------------------------------- */

extern _Atomic Nanoseconds virtual_now;
extern bool program_reads; /* a reading by the program's code: others hardly move the clock */

Nanoseconds real_ns(void);
Nanoseconds passed(void); /* since the start, without a reading */
Nanoseconds start_of(clockid_t clock);
struct timespec spec_of(Nanoseconds ns);
Nanoseconds ns_of(const struct timespec *time);
/* A moment reckoned from a virtual clock, as a moment of the real one. */
struct timespec really(clockid_t clock, const struct timespec *moment);
void detach_clocks(void);

Nanoseconds next_timer(void);
bool timer_due(void);
void fire_timers(void);  /* those that are descriptors */
void sound_alarm(void);  /* the other, in main */
bool is_timer(int fd);
void forget_timer(int fd);

/* --- signals.c -------------------------------------------------------------------------------- */

/* Whether main has a signal to handle; called by whoever has the turn. */
bool interrupted(void);
/* Has main run the handler of this signal once it goes on by itself, without ending what it waits for; false
 * where it need not be kept from it: main is here, or nobody handles it. */
bool trip(int number);
/* Calls what must not be left by a handler's exception: main's handlers run when it has returned. */
PyObject *hold_back(PyObject *function, PyObject *arguments);
/* Main leaves the scheduler: what came meanwhile reaches CPython now. */
void deliver(void);

/* --- processes.c ------------------------------------------------------------------------------ */

/* Whether there are any that it has not waited for. */
bool has_children(void);
bool reaches_beyond(void); /* it has connected to another machine */

/* --- randomness.c ----------------------------------------------------------------------------- */

void draw(void *to, size_t size);
void seed_randomness(void);
void count_child(void);
void reseed_child(void);
bool is_random(int fd);
void forget_random(int fd);

/* --- fifos.c ----------------------------------------------------------------------------------- */

/* Whether this is to open an end of a FIFO, and to wait for the other. */
bool opens_fifo(int directory, const char *path, int flags);
int open_fifo(int directory, const char *path, int flags);

/* --- hooks.c ----------------------------------------------------------------------------------- */

extern MethodDef hook_methods[];
/* Who has a lock of Python's: a thread's number, or -1.  `certain`: it alone will let it go. */
int owner_of(PyObject *lock, bool *certain);

/* --- touches.c --------------------------------------------------------------------------------- */

extern bool follows; /* whether this run is to tell what its steps touch */
extern MethodDef touch_methods[];
void touches_asked(char *request);
/* The current step does this to an object: `kind` as in dependence.py. */
void touch(char kind, uint64_t object);
void touch_line(int fd);

/* --- attach.c: what was written since the scheduler last asked ------------------------------ */

void note_output(int fd, int thread, ssize_t size);

/* --- semaphores.c ---------------------------------------------------------------------------- */

void learn_gil(void);

/* --- watcher.c --------------------------------------------------------------------------------- */

void watch_threads(void);
void stop_watching(void);
/* The same where nobody is left but the main thread, which can be told how many threads there are (a fork
 * warns of others): the caller has not the GIL. */
void end_watching(void);
/* Whether any thread but this, and but those who were passed over, is not at rest: it may be on its way to
 * where it waits for its turn, and have yet to let go of what the one at the turn needs. */
bool somebody_runs(const Slot *but);
/* Waits until the kernel no longer counts this thread, or any that has left, for a short time at most. */
void await_end_of(pid_t tid);
void await_ends(void);
/* The signals, the first in the lowest bit, that wait for this thread and for no other. */
uint64_t pending_for(pid_t tid);
/* Waits for those who were passed over and whom the kernel has woken. */
void settle(void);

/* --- leaving.c --------------------------------------------------------------------------------- */

PyObject *leave_quietly(PyObject *unused, PyObject *no);
PyObject *goes_plainly(PyObject *unused, PyObject *classes);

/* --- attach.c ---------------------------------------------------------------------------------- */

extern struct Hooks {
    PyObject *wait, *lost, *point, *left, *starting, *started, *born, *line, *loaded, *child,
        *ending, *stray, *timer, *looping, *is_program, *reading;
} hooks;

PyObject *number(long long value);
PyObject *build(const char *format, ...); /* as Py_BuildValue */
const char *text_of(PyObject *text); /* in UTF-8; it is never freed */
PyObject *nothing(void); /* None, a new reference */
extern PyObject *none;

#endif
