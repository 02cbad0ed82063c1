/* A controlled scheduler for unmodified threaded programs.
 *
 * Linked into a Rust program that was compiled with ThreadSanitizer's instrumentation, in the place
 * of ThreadSanitizer's own runtime.  One thread runs at a time: it holds the baton.  Between any two
 * events of a thread (an atomic access, a futex call, a write to stdout…) there is one decision
 * about who goes on, taken by the strategy that HARNESS_SCHEDULE names.  Time is virtual.
 * Without HARNESS_SCHEDULE everything here passes straight through to the C library.
 *
 * Nearly all state is plain, unlocked data: only the holder of the baton may touch it.
 *
 * The parts: settings.c reads the environment, log.c writes the log, scheduler.c passes the baton,
 * waiting.c keeps the clock, strategies.c chooses, process.c starts and ends a run; the interposed
 * functions are in threads.c, locks.c, futex.c, clocks.c and io.c, the compiler's hooks in tsan.c.
 */
#ifndef CONTROLLED_H
#define CONTROLLED_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* The library is compiled with hidden visibility; what replaces a C library function is not. */
#define INTERPOSED __attribute__((visibility("default")))

/* The C library's own function of this name, found once. */
#define REAL(name)                                                                                 \
    ({                                                                                             \
        static __typeof__(&name) found;                                                            \
        if (found == NULL) {                                                                       \
            found = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                                    \
        }                                                                                          \
        found;                                                                                     \
    })

enum {
    MAX_THREADS = 4096,       /* threads created in one run; one more ends the run at its bound */
    MAX_DEPTH = 16,           /* of PCT */
    SPIN_LIMIT = 16,          /* events in a row that change nothing: the thread is spinning */
    RUN_LIMIT = 1000,         /* decisions in a row for one thread: it is worn */
    STALL_LIMIT = 10000,      /* steps without time moving: a timeout fires all the same */
    EARLY_RANGE = 6,          /* in early mode, of the odds 1, 2, 4, … so many: see strategy_start */
    CLOCK_READ_TIME = 1000,   /* nanoseconds by which reading the clock moves it */
    SPIN_TIME = 1000000,      /* nanoseconds that pass when all who can run are spinning */
};

/* In early mode a timeout may come as if the others had been so slow, and no slower: programs do
 * rely on a machine that gets somewhere within a minute. */
#define EARLY_REACH UINT64_C(60000000000) /* nanoseconds */

enum { EXIT_DEADLOCK = 66, EXIT_MISMATCH = 67, EXIT_BOUND = 68 };

/* --- values ------------------------------------------------------------------------------- */

typedef uint64_t Nanoseconds; /* since the start of the run, unless said otherwise */
#define NEVER UINT64_MAX

typedef enum { RUNNABLE, BLOCKED, FINISHED } State;
typedef enum { WOKEN, TIMED_OUT } Wakeup;
typedef enum { UNCHANGED, CHANGED } Effect; /* whether an event changed what others can see */

/* What a blocked thread waits for: a wake-up by its key, a descriptor, a moment, or several. */
typedef struct {
    const char *kind; /* as the log names it at a deadlock */
    const void *key;
    uint32_t bits; /* of FUTEX_WAIT_BITSET; all ones elsewhere */
    Nanoseconds deadline;
    struct pollfd *descriptors; /* any of these being ready ends the wait */
    nfds_t descriptor_count;
} Wait;

typedef struct Thread {
    int number; /* main is 0, then in the order of creation */
    int creator; /* the number of the thread that created it */
    State state;
    Wait wait;          /* while BLOCKED */
    Wakeup wakeup;      /* how the last wait ended */
    uint64_t wait_rank; /* order of arrival: wake-ups are first come, first served, as in Linux */
    uint32_t baton;     /* the futex that the thread sleeps on while others run */
    pthread_t handle;
    const char *stack_top;

    bool due;          /* an event has happened since the last decision */
    bool wrote;        /* a line was written since the weighted strategy chose it */
    int idle;          /* events in a row that changed nothing… */
    uint64_t seen;     /* …since this many changes were made by anybody */
    int run;           /* decisions in a row that chose this thread */
    bool worn;         /* …too many of them: rests until the others are worn too */
    int rests;         /* how often it was worn */
    int64_t priority;  /* of PCT */
    long events;       /* done so far, while other threads were alive */
} Thread;

/* Where the run stands. */
typedef struct {
    bool active; /* threads are under control */
    bool ended;  /* the log has its end; the process is on its way out */
    Thread threads[MAX_THREADS];
    int created;
    Thread *live[MAX_THREADS]; /* those that have not finished, by number */
    int live_count;
    Nanoseconds clock;
    uint64_t clock_moved_at; /* in steps */
    uint64_t steps;
    uint64_t decisions;
    uint64_t changes; /* events that changed something */
    uint64_t hash;    /* FNV-1a of the decisions */
} Run;

typedef enum { RANDOM, STICKY, PCT, WEIGHTED, SWITCH } Strategy;

typedef struct {
    bool controlled;  /* a schedule was given */
    bool understood;  /* …and it is one of ours */
    Strategy strategy;
    uint64_t seed;
    int depth;        /* of PCT */
    bool early;       /* a timeout may fire while others can run */
    char *switches;   /* the LIST of switch:LIST, which has hand-overs and early timeouts */
    long *counts;     /* events to be expected of each thread, by number */
    int count_length;
    uint64_t step_limit;
    uint64_t length;  /* decisions to be expected of the run */
    bool memory;      /* plain accesses outside the own stack are events, too */
    char *log_path;
} Settings;

/* One decision: who may go on, and who was running. */
typedef struct {
    uint64_t number;
    Thread **runnable; /* by number, at least two */
    int count;
    Thread *current; /* NULL if it is not among the runnable */
    bool yielding;   /* it asked to step back, or spins, or is worn */
} Decision;

/* --- settings.c --------------------------------------------------------------------------- */

extern Settings settings;
/* Reads HARNESS_SCHEDULE… and removes it from the environment, so that children run free. */
void settings_take(void);

/* --- log.c -------------------------------------------------------------------------------- */

void log_open(const char *path);
void log_close(void);
void log_abandon(void);
__attribute__((format(printf, 1, 2))) void log_record(const char *format, ...);
void log_decision(const Decision *decision, const Thread *from, const Thread *chosen, char how);

/* --- process.c ---------------------------------------------------------------------------- */

/* Logs what the calling thread waits for, and where it stands. */
void log_wait(const Thread *thread);
/* Ends the run from inside: writes the log's end and leaves the process. */
_Noreturn void end_run(const char *kind, int status);

/* --- scheduler.c -------------------------------------------------------------------------- */

/* The calling thread; NULL if it is not controlled. */
extern __thread Thread *self __attribute__((tls_model("initial-exec")));
extern Run run;

void scheduler_start(void);
/* Whether the caller is under control: a run is controlled, it is one of its threads, and the
 * process is not on its way out. */
bool controlled(void);
/* Whether no other thread is left (or there yet): then nothing needs deciding. */
bool alone(void);

Thread *thread_add(void);
void thread_withdraw(Thread *thread); /* it could not be created after all */
void thread_enter(Thread *thread);    /* called by a new thread; returns when it is chosen */
void thread_finish(void);
Thread *thread_by_handle(pthread_t handle);

/* Takes the decision that is due since the last event, if any.  Called before each event, and
 * wherever else the compiler lets us in. */
void decide_if_due(void);
/* Takes a decision at once; yielding says that the caller steps back. */
void decide(bool yielding);
/* Counts an event of the calling thread, and makes a decision due. */
void happened(Effect effect);
/* Waits, as an event; says how the wait ended. */
Wakeup block(Wait wait);
/* Has a thread log its wait: the caller's baton is lent to it for that. */
void ask_for_wait(Thread *thread);

/* --- waiting.c ---------------------------------------------------------------------------- */

#define ALL_WAITERS MAX_THREADS
#define ALL_BITS UINT32_MAX

Nanoseconds now(void);
void advance_clock(Nanoseconds by);
/* Wakes up to limit threads that wait for key, longest waiting first; returns how many. */
int wake(const void *key, int limit, uint32_t bits);
/* Lets a blocked thread go on if its moment has come or its descriptor is ready. */
void settle(Thread *thread);
/* The thread whose timeout comes first, or NULL; of equals, the lowest number. */
Thread *earliest(void);
/* Lets the thread's wait time out, moving the clock to that moment if it is still to come. */
void fire(Thread *thread);
/* Nobody inside can go on.  Waits for a descriptor to become ready; says whether one did. */
bool wait_outside(const Thread *sleeper, bool somebody_spins);

/* --- strategies.c ------------------------------------------------------------------------- */

void strategy_start(void);
void strategy_new_thread(Thread *thread);
Thread *strategy_choose(const Decision *decision);
uint64_t random_number(void);
bool fires_early(void);

/* --- clocks.c ----------------------------------------------------------------------------- */

Nanoseconds duration_of(const struct timespec *time);
/* The moment that an absolute time of this clock stands for. */
Nanoseconds moment_of(clockid_t clock, const struct timespec *time);
Nanoseconds after(Nanoseconds duration);

#endif
