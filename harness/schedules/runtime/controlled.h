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
 * The parts: settings.c reads what is asked, server.c forks a process for each run, log.c writes the log, scheduler.c passes the baton,
 * waiting.c keeps the clock, strategies.c chooses, process.c starts and ends a run, watcher.c passes
 * over who blocks where nobody looks; departures.c lets waits and exchanges fail for nothing,
 * touches.c tells what each step touches, whole.c which calls are one step, owners.c knows who holds which lock, symbols.c where a thread stands.  The interposed functions are
 * in threads.c, locks.c, futex.c, clocks.c, timers.c, io.c, files.c, filetimes.c, children.c, signals.c and
 * random.c, system calls past the C library come by rawcalls.c and vdso.c, the compiler's hooks are in
 * tsan.c; what the memory model makes of a run is told in memory.h.
 */
#ifndef CONTROLLED_H
#define CONTROLLED_H

#include "interposing.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
    MAX_THREADS = 4096,       /* threads created in one run; one more ends the run at its bound */
    MAX_DEPTH = 16,           /* of PCT */
    SPIN_LIMIT = 16,          /* events in a row that change nothing: the thread is spinning */
    LOOK_EVENTS = 2,          /* …which may do so many more each time a timeout fires */
    SLOW_LOOKS = 16,          /* …and so often before time moves past it: locks spin, then sleep */
    RUN_LIMIT = 1000,         /* decisions in a row for one thread: it is worn */
    STARVING_LIMIT = 1000,    /* decisions that pass over a thread: the others are worn */
    STALL_LIMIT = 10000,      /* steps without time moving: a timeout fires all the same */
    EARLY_RANGE = 6,          /* in early mode, of the odds 1, 2, 4, … so many: see strategy_start */
    EARLY_LIMIT = 50,         /* early timeouts in a row of a thread while nobody else goes on */
    SPURIOUS_LIMIT = 50,      /* wake-ups for nothing of a thread between two that somebody made */
    CLOCK_READ_TIME = 1000,   /* nanoseconds by which reading the clock moves it */
    SPIN_TIME = 1000000,      /* nanoseconds that pass when all who can run are spinning */
};

/* In early mode a timeout may come as if the others had been so slow, and no slower: programs do
 * rely on a machine that gets somewhere within a minute. */
#define EARLY_REACH UINT64_C(60000000000) /* nanoseconds */

/* Who does what comes for nothing, as if it were a thread of its own: see touches.c. */
enum { WAKERS = MAX_THREADS, FAILERS = 2 * MAX_THREADS };

enum { EXIT_DEADLOCK = 66, EXIT_MISMATCH = 67, EXIT_BOUND = 68 };

/* --- values ------------------------------------------------------------------------------- */

typedef uint64_t Nanoseconds; /* since the start of the run, unless said otherwise */
#define NEVER UINT64_MAX

typedef enum { RUNNABLE, BLOCKED, FINISHED, PASSED_OVER } State;
/* How a wait ended.  By a signal: for good, or so that what was waited for is to be looked at anew, for
 * other threads may have gone on meanwhile. */
typedef enum { WOKEN, TIMED_OUT, INTERRUPTED, RESUMED } Wakeup;
typedef enum { UNCHANGED, CHANGED } Effect; /* whether an event changed what others can see */

/* Whether a thread that blocks where nobody looks is passed over: see watcher.c. */
typedef enum { NOT_PASSED, BEING_PASSED, PASSED } Passing;

/* What a handler of a signal does to the wait that it interrupts: see signal(7). */
typedef enum { WAITS_ON, ENDS_UNLESS_RESTARTED, ENDS } OnSignal;

/* Which function of the standard library a futex wait is of; RELOCK: of the lock that a wait on a
 * condition variable takes again. */
typedef enum {
    UNKNOWN,
    MUTEX_LOCK,
    RELOCK,
    READ_LOCK,
    WRITE_LOCK,
    CONDVAR_WAIT,
    PARK,
    OTHER_WAIT
} WaitClass;

/* What a blocked thread waits for: a wake-up by its key, a descriptor, a moment, that something
 * becomes true, or several of these. */
typedef struct {
    const char *kind; /* as the log names it at a deadlock */
    const void *key;
    uint32_t bits; /* of FUTEX_WAIT_BITSET; all ones elsewhere */
    Nanoseconds deadline;
    struct pollfd *descriptors; /* any of these being ready ends the wait */
    nfds_t descriptor_count;
    bool (*holds)(const void *what); /* asked again and again; the world outside may make it true */
    const void *what;
    OnSignal on_signal;
    WaitClass class; /* found out when it is needed */
    const uint32_t *lock; /* the word that says whether it is free, if the key may be a lock's */
} Wait;

enum { HELD_LIMIT = 16, NOTED_LIMIT = 32 };

/* What a lock may be had for: a Mutex, or one of the two ways to have an RwLock. */
typedef enum { ALONE, TO_READ, TO_WRITE } Access;

/* A word that may be a lock, and when the thread got it: a Mutex, or an RwLock to write. */
typedef struct {
    const uint32_t *word;
    Access access;
    uint64_t since;
} Held;

/* How often the thread has it for reading. */
typedef struct {
    const uint32_t *word;
    int times;
} Reading;

typedef struct {
    const uint32_t *word; /* NULL: there is none */
    Access access;
    bool waited;
    int hooks_left; /* till it is forgotten */
} Attempt;

/* A weak exchange that is made to fail has to return another value than was expected, for that is how
 * the compiler tells; it is taken back on the thread's stack at the thread's next event. */
typedef struct {
    char *frame; /* where the caller's frame begins; NULL: there is no lie */
    uint64_t told;
    uint64_t truth;
    unsigned size;
} Lie;

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
    volatile int kernel_id;
    volatile bool awaits_baton;

    volatile uint32_t entries; /* how often it came to the runtime; see watcher.c */
    volatile uint32_t passing; /* whether it is passed over: a Passing */
    volatile uint32_t returned;
    const char *passed_over_in;
    bool console; /* it writes to stdout or stderr just now */

    volatile sig_atomic_t attention; /* its next event has more to do: signals, or a lock to be had */
    volatile uint32_t noted_count;   /* signals whose handlers it is to run */
    siginfo_t noted[NOTED_LIMIT];
    uint64_t blocked_signals; /* bit n: signal n + 1 */
    uint64_t directed;        /* pending for this thread alone, as far as we know */

    Held held[HELD_LIMIT];
    int held_at;                  /* where the next one is noted */
    Reading readings[HELD_LIMIT];
    int reading_at;
    Attempt attempted;        /* a lock that it may have got, unseen: see owners.c */
    const uint32_t *refused;  /* the last lock that it was refused… */
    const uint32_t *refused_to_write; /* …to write… */
    const uint32_t *looked_at;        /* …or may have been, to read: it loaded the word */
    const uint32_t *set_free; /* one that it gave up for the time of a wait */

    const uint32_t *wanted; /* it waits till this lock is free, or that thread has ended: touches.c */
    const struct Thread *joined;
    const void *echo; /* its next step touches this word, too */
    bool told;        /* what its last event touched was told */

    const uint32_t *takes_again; /* once woken, it waits till this lock is free */
    bool set_aside;        /* it would wait, and is BLOCKED for now */
    const void *may_fail; /* it is about to exchange here, weakly… */
    uint64_t fails_unless; /* …if this is there */
    bool fails;            /* it does so in vain */
    bool waits_anew;       /* since it was offered to wake it for nothing, its word was touched… */
    bool was_offered;      /* …or not: that was for the step that goes on */

    const char *whole_call; /* the frame of the call that is one step: see whole.c; NULL: there is none */
    const char *own_code;   /* of the program's own function that it has called */
    bool receives;          /* it is about to look for a message, and waits till there is one */
    const char *dropping;   /* the frame in which it drops the result of a thread */
    const void *received_from; /* the head of the channel that had one */
    const struct Channel *awaited; /* it waits for one from there */

    bool fired;       /* its timeout came since nobody could go on */

    Lie lie;
    uint64_t random_state;
    Nanoseconds busy; /* processor time, virtually */

    bool due;          /* an event has happened since the last decision */
    bool wrote;        /* a line was written since the weighted strategy chose it */
    int idle;          /* events in a row that changed nothing… */
    uint64_t seen;     /* …since this many changes were made by anybody */
    int looks;         /* so often it was let go on since, before time moved */
    int passed_by;     /* decisions in a row that could have chosen it, and did not */
    int run;           /* decisions in a row that chose this thread… */
    bool worn;         /* …too many of them: rests until the others are worn too */
    int rests;         /* how often it was worn */
    int early_run;     /* its timeouts and wake-ups that came unforced, since another was chosen */
    int spurious_run;  /* its wake-ups for nothing since somebody woke it */
    int64_t priority;  /* of PCT */
    long events;       /* done so far, while other threads were alive */
} Thread;

/* Where the run stands. */
typedef struct {
    bool active; /* threads are under control */
    bool ended;  /* the log has its end; the process is on its way out */
    Thread *volatile holder; /* of the baton */
    volatile bool resting;   /* the holder waits for the world outside, inside the runtime */
    int passed_over;         /* threads that are */
    Thread threads[MAX_THREADS];
    int created;
    Thread *live[MAX_THREADS]; /* those that have not finished, by number */
    int live_count;
    Thread *stirring[MAX_THREADS]; /* those of them that may go on without an act of another… */
    int stirring_count;
    uint32_t signals_seen; /* …as long as no further signal was noted */
    Nanoseconds clock;
    Nanoseconds busy; /* the part of it in which a processor was at work */
    uint64_t clock_moved_at; /* in steps */
    uint64_t steps;
    uint64_t vain_steps; /* those of them in which somebody only found that he had to wait */
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
    bool sleepless;   /* every sleep of no more than EARLY_REACH ends at once */
    bool whole;       /* a call of a channel is one step */
    bool spurious;    /* a wait may end, and a weak exchange fail, for nothing */
    bool old;         /* a load may read an older store, where the memory model lets it */
    bool races;       /* accesses that nothing orders are looked for */
    bool candidates;  /* the log says which departures were possible */
    uint64_t places;  /* the log says of so many decisions where the thread stood */
    bool touches;     /* the log says what each step touches */
    bool for_nothing;   /* …and one wait may be chosen to end, or one exchange to fail, for nothing */
    bool lines_commute; /* …and which of two threads writes first to stdout does not matter */
    char *switches;   /* the LIST of switch:LIST, which has hand-overs and other departures */
    long *counts;     /* events to be expected of each thread, by number */
    int count_length;
    uint64_t step_limit;
    uint64_t length;  /* decisions to be expected of the run */
    bool memory;      /* plain accesses outside the own stack are events, too */
    char *log_path;
    bool is_asked; /* by a request */
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
/* Reads HARNESS_SCHEDULE… and removes it from the environment, so that children run free.  In a server
 * (see server.c) it returns in each run; `fit`: nothing of the program's has run yet. */
void settings_take(bool fit);

/* --- log.c -------------------------------------------------------------------------------- */

void log_open(const char *path, bool is_asked); /* if so, whoever asks knows a log from what was there */
void log_close(void);
void log_abandon(void);
/* Writes the end that the run has if a program is executed in its place; says whether there is a log.
 * If that fails, the log goes on where it was. */
bool log_end_before_exec(void);
void log_go_on(void);
/* A part of a record. */
void log_text(const char *text);
__attribute__((format(printf, 1, 2))) void log_record(const char *format, ...);
void log_end(const char *kind);
void log_decision(const Decision *decision, const Thread *from, const Thread *chosen, char how);

/* --- process.c ---------------------------------------------------------------------------- */

enum { PLACES_SIZE = 400 };

/* Starts the run, once.  Before anything of the program's (`is_first`): so its constructors are under
 * control, and the run's end is written after every handler of its own. */
void start_run(bool is_first);
/* Where the calling thread stands, as the log says it; "-" if nobody knows. */
void tell_places(char *places, size_t size);
/* Logs what the calling thread waits for, and where it stands. */
void log_wait(const Thread *thread);
/* Ends the run for threads that wait for each other in a ring. */
_Noreturn void end_in_ring(Thread *const *ring, int length);
/* Ends the run from inside: writes the log's end and leaves the process. */
_Noreturn void end_run(const char *kind, int status);

/* --- scheduler.c -------------------------------------------------------------------------- */

/* The calling thread; NULL if it is not controlled. */
extern __thread Thread *self __attribute__((tls_model("initial-exec")));
extern Run run;

void scheduler_start(void);
void come_back(Thread *me); /* see watcher.c */
/* Each time a thread comes to the runtime, before it looks at anything: it waits if it was passed
 * over.  The order of the two accesses is the watcher's to enforce, who has the kernel put a barrier
 * there. */
static inline void enter(Thread *me)
{
    me->entries++;
    __asm__ volatile("" ::: "memory");
    if (me->passing != NOT_PASSED) {
        come_back(me);
    }
}

/* Whether the caller is under control: a run is controlled, it is one of its threads, and the
 * process is not on its way out. */
bool controlled(void);
/* Whether no other thread is left (or there yet)… */
bool alone(void);
/* …and no timer can go off, either: then nothing needs deciding. */
bool undisturbed(void);

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
/* Has a thread say or do something about its wait: the caller's baton is lent to it for that. */
void ask(Thread *thread, void (*question)(Thread *thread));
/* Chooses who goes on; for the watcher, who then hands the baton to it. */
Thread *choose(bool yielding);
void hand_baton(Thread *thread);
/* What a thread does that comes back after it was passed over. */
void await_baton(Thread *thread);

/* --- watcher.c ---------------------------------------------------------------------------- */

void watcher_prepare(void);
void watcher_start(void);
/* Waits until the calling thread, which was passed over, is chosen. */
void come_back(Thread *me);
/* Lets those who have come back be chosen, and waits for those who are about to; with patience, also
 * for others.  Says whether anybody is back. */
bool settle_passed_over(Nanoseconds patience);
/* The system's own sleep, and nobody else's. */
void really_sleep(Nanoseconds duration);

/* --- symbols.c ---------------------------------------------------------------------------- */

enum { MAX_FRAMES = 24 };

/* Whether the calling thread is being looked at, by code that may call back into the runtime. */
extern __thread bool walks_stack __attribute__((tls_model("initial-exec")));
/* The return addresses of the calling thread's functions within the executable, innermost first. */
int own_frames(uintptr_t *addresses, int limit);
/* Where in the program's own code the calling thread stands, innermost; 0: nobody knows. */
uintptr_t own_place(void);
/* The place of an address in the executable. */
ptrdiff_t offset_of(uintptr_t address);
/* The name, as the linker has it, of the function around the address; empty if nobody knows. */
const char *symbol_at(uintptr_t address);
/* Which of the standard library's waits the calling thread is in. */
WaitClass own_wait_class(void);
/* Whether a wait of that class is the program's own, and not one that a library repeats. */
bool is_own_wait(WaitClass class);
/* Whether the call that returns to this address is a weak exchange of the program's own. */
bool is_weak_exchange(uintptr_t return_address);

/* What the library's function that has the calling thread's access is for. */
typedef enum {
    OTHER_SITE,
    COUNT_SITE,
    THREAD_COUNT_SITE,  /* of what a thread shares with its handle */
    LOCK_SITE,
    ONCE_SITE,
    SCOPE_SITE,
    RECEIVE_SITE,       /* looks into an unbounded channel… */
    BOUND_RECEIVE_SITE, /* …or a bounded one, for a message */
    SLOT_SITE           /* waits for the message of a slot to be there */
} AccessSite;
AccessSite own_access_site(void);
/* What the library's own code around a futex call waits for, or wakes. */
typedef enum { UNKNOWN_FUTEX, BARRIER_FUTEX, OWN_FUTEX } FutexSite;
FutexSite own_futex_site(void);
/* Of a function by its name: whether it is a library's, and of the library's channels whether it is
 * part of them, and whether it is the one that waits for a message without end. */
bool is_library_function(const char *name);
bool is_of_channels(const char *name);
bool is_receiving(const char *name);
/* Whether it drops the result of a thread that nobody has asked for. */
bool drops_result(const char *name);
/* Whether a function of Rust's library is in the executable whose name has that part… */
bool links_library(const char *part);
/* …and whether it uses the C library's function of that name. */
bool imports(const char *name);
/* The name, as the linker has it, of the object of the executable at the address; empty if none. */
const char *object_at(const void *address);
/* Where the first object or function of the executable is whose name has that part, and its size. */
const void *object_named(const char *part, size_t *size);

/* --- whole.c ------------------------------------------------------------------------------ */

/* At the entry and the exit of a function with hooks. */
void call_begins(const void *return_address, const char *frame);
void call_ends(const char *frame);
/* Whether nobody is let in before the thread's next event: it is inside of a call that is one step. */
static inline bool goes_on(const Thread *thread)
{
    return thread->whole_call != NULL && thread->own_code == NULL;
}

/* The two ends of one of the library's channels, as it lays them out: how many messages were taken and
 * how many sent, in units of their own.  Once the other side is gone the tail has a bit more. */
typedef struct Channel {
    _Alignas(128) volatile uint64_t head;
    _Alignas(128) volatile uint64_t tail;
} Channel;

static inline bool is_empty(const Channel *channel)
{
    return channel->head == channel->tail;
}

/* --- touches.c ---------------------------------------------------------------------------- */

/* Objects that are no words. */
enum { STDOUT_OBJECT = 1, STDERR_OBJECT, CLOCK_OBJECT, THREADS_OBJECT, OWN_LINES };
#define BARRIERS_OBJECT UINT64_C(0xffff) /* all of them; behind the lines of all threads */

bool touches_parse(const char *text);
void touches_start(void);
void touches_end(const char *kind);
/* The calling thread's step touches that; with tell(), it is all that its next event does. */
void touch(char kind, uint64_t object);
void tell(char kind, uint64_t object);
/* Something was written to stdout. */
void tell_line(void);
/* A sleep that begins, and a clock that is read. */
void tell_sleep(void);
void tell_reading(void);
/* What the run does, or may do, of which no step tells. */
void hide(const char *what);
/* With nobody to choose from, what comes next is another step all the same. */
void touches_part(void);
/* At an event: if nothing has told what it touches, it may be anything. */
void touch_untold(void);
void touch_futex(const void *address);
/* The caller was woken there. */
void tell_woken(const void *address, Wakeup wakeup);
/* The block of the heap is about to be given back. */
void words_freed(void *block);
void tell_futex(const void *address);
void tell_access(const void *address, unsigned size, bool changes, uint64_t old, uint64_t new);
void tell_update(const void *address, unsigned size, uint64_t old, uint64_t new);
void tell_load(const void *address, unsigned size, uint64_t value);
/* Adds who would do what may come for nothing to those who are offered; says how many they are then. */
int offer_for_nothing(Thread **offered, int count);
/* Does what such a one was chosen for, and says whether others are to be offered then. */
bool come_for_nothing(Thread **chosen, Thread **offered, int count);
/* The calling thread is about to wait, or to exchange weakly. */
void may_wake_for_nothing(WaitClass class);
void may_fail_for_nothing(const void *address, unsigned size, uint64_t expected,
                          uintptr_t return_address);
void step_end(void);
void step_begin(Thread **offered, int count, Thread *chosen);
Thread *choose_awake(const Decision *decision);
/* Whether the thread would only find that it has to wait: nobody chooses it then. */
static inline bool has_to_wait(const Thread *thread)
{
    return (thread->wanted != NULL && *thread->wanted != 0) ||
           (thread->takes_again != NULL && thread->state == RUNNABLE && *thread->takes_again != 0) ||
           (thread->awaited != NULL && is_empty(thread->awaited)) ||
           (thread->joined != NULL && thread->joined->state != FINISHED);
}
/* From here to the run's end, such threads are blocked like others. */
void guards_as_waits(void);
/* Before an exchange that takes a lock and before a join; says whether the lock is known to be one. */
bool await_lock(const void *address, uint64_t expected);
/* Before the first load of a call that receives: till there is something. */
void await_message(const void *address);
/* Before a load by which a scope looks whether its threads have ended; says whether it is one. */
bool await_scope(const void *address);
void tell_taken(const void *address);
/* Around a wait in the library's code that takes this lock when it ends. */
void will_take_again(WaitClass class, const uint32_t *lock);
void tell_taken_again(void);
void await_end(const Thread *thread);
/* The thread is about to leave us, and whoever goes on waits until it has left the process. */
void note_departing(const Thread *thread);
void await_departed(void);

/* --- views.c, stores.c -------------------------------------------------------------------- */

/* Whether memory is followed: asked for, under control, and there is, or was, a second thread. */
bool memory_followed(void);
/* The thread starts with what its creator, the caller, knows. */
void memory_thread_created(const Thread *thread);
void memory_thread_joined(const Thread *thread);
void memory_thread_ends(void);
/* The caller gets and gives everything that goes with this object, or (if it has a size) this word. */
void memory_meet(const void *object, int size);
/* The same of what is outside the process: who reads from a pipe comes after who wrote to it, or to
 * any, as far as we know. */
void memory_meet_world(void);
/* Looks for what this thread has done, since it last told us of anything, in code without hooks… */
void memory_settle(void);
/* …which may do something from here on. */
void memory_unsettle(void);

/* --- owners.c ----------------------------------------------------------------------------- */

void note_taken(const uint32_t *word);
void note_writes(const uint32_t *word);
/* At a thread's end. */
void forget_held(Thread *thread);
void note_refused(const uint32_t *word);
void note_given_up(const uint32_t *word);
/* The calling thread has the lock for reading once more, or once less. */
void note_reads(const uint32_t *word);
bool note_reads_no_more(const uint32_t *word);
/* What the hooks see of words that may be locks: loads, exchanges that were done and those that were
 * not, and other changes. */
void note_load(const uint32_t *word, uint32_t value);
void note_exchanged(const uint32_t *word, uint32_t old, uint32_t new);
void note_not_exchanged(const uint32_t *word, uint32_t expected, uint32_t new);
void note_updated(const uint32_t *word, uint32_t old, uint32_t new);
/* Before the calling thread wakes those who wait for the word. */
void note_wakes(const uint32_t *word);
/* Before and after the calling thread waits for the word. */
void note_waits(const uint32_t *word);
void note_waited(const uint32_t *word);
/* The word of the lock that the calling thread wants, if it waits for this one. */
const uint32_t *lock_of(const uint32_t *awaited);
/* At each event while the thread may have got a lock unseen; says whether it still may. */
bool note_unseen(Thread *me);
/* Who has what the blocked thread waits for, in a ring with it if there is one; NULL if that is not
 * certain. */
Thread *holder_of(Thread *waiter);
/* Ends the run if the calling thread, blocked, has closed a ring of threads that wait for each
 * other. */
void end_if_in_ring(void);

/* --- locks.c ------------------------------------------------------------------------------ */

/* Who has the C library's mutex, or runs the function of a pthread_once; NULL if nobody has. */
Thread *owner_of_mutex(const void *mutex);
Thread *runner_of_once(const void *control);

/* --- departures.c ------------------------------------------------------------------------- */

/* Before each decision: timeouts that come early, waits that end for nothing. */
void depart(void);
/* Whether the thread is in a wait that may end for nothing; has that be logged, and done. */
bool may_wake(const Thread *thread);
void log_waking(Thread *thread);
void wake_one(Thread *thread);
/* Whether this weak exchange, which could succeed, is to fail. */
bool exchange_fails(uintptr_t return_address);
/* What a failed exchange of so many bytes returns, and what is to be taken back of it. */
uint64_t tell_lie(char *frame, uint64_t truth, unsigned size);
void take_back(Lie *lie);
/* Whether waits have to be told apart. */
bool waits_matter(void);
/* Whether weak exchanges have to be told apart from others. */
bool departures_matter(void);
void note_alone(void);

/* --- signals.c ---------------------------------------------------------------------------- */

/* How often a signal was noted for anybody. */
extern uint32_t signals_noted;
/* Runs the handlers of the signals that were noted for the calling thread, which has the baton.
 * Says whether one of them ends the call that was interrupted. */
bool run_handlers(void);
/* Whether it has such handlers to run, which end or interrupt its wait. */
bool is_signalled(const Thread *thread);
/* Gives the thread, or if it is NULL the process, a signal; says whether that could be done without
 * the kernel. */
bool deliver(int number, const siginfo_t *information, Thread *thread);
void signals_enter(Thread *thread);

/* --- threads.c ---------------------------------------------------------------------------- */

/* Creates a thread that is controlled; no event, and nothing is decided. */
int thread_start(pthread_t *handle, const pthread_attr_t *attributes, void *(*function)(void *),
                 void *argument, int creator);

/* --- timers.c ----------------------------------------------------------------------------- */

/* The moment at which the next timer goes off, or NEVER. */
Nanoseconds next_timer(void);
/* Lets the timers go off whose moment has come. */
void fire_timers(void);

/* --- rawcalls.c, vdso.c ------------------------------------------------------------------- */

/* Does a system call by the function of ours that is for it, if there is one; the result is the
 * kernel's, -errno for a failure. */
bool do_by_number(long number, const long values[6], long *result);
/* In each thread that comes under control. */
void raw_calls_catch(void);
/* After a call that could only be let through. */
void raw_calls_catch_again(void);
void vdso_replace(void);

/* --- children.c --------------------------------------------------------------------------- */

void note_child(void);

/* --- random.c ----------------------------------------------------------------------------- */

bool is_random_device(int fd);
ssize_t read_random(void *bytes, size_t count);

/* --- waiting.c ---------------------------------------------------------------------------- */

#define ALL_WAITERS MAX_THREADS
#define ALL_BITS UINT32_MAX

void release(Thread *thread, Wakeup wakeup);
/* The thread may go on, or only another one's act can let it. */
void stir(Thread *thread);
void still(Thread *thread);
Nanoseconds now(void);
/* Lets time pass in which the calling thread, or everybody, is at work. */
void pass_busily(Nanoseconds time);
void advance_clock(Nanoseconds by);
/* Wakes up to limit threads that wait for key, longest waiting first; returns how many. */
int wake(const void *key, int limit, uint32_t bits);
/* Lets a blocked thread go on if its moment has come or its descriptor is ready. */
void settle(Thread *thread);
/* The thread whose timeout comes first, or NULL; of equals, the lowest number. */
Thread *earliest(void);
/* Whether anything but another thread's act can let somebody go on, or somebody is not blocked. */
bool somebody_could_go_on(void);
/* Lets the thread's wait time out, moving the clock to that moment if it is still to come. */
void fire(Thread *thread);
/* Nobody inside can go on.  Waits for a descriptor to become ready; says whether one did. */
bool wait_outside(const Thread *sleeper, bool somebody_spins);
bool has_children(void); /* that it has not waited for */
void note_beyond(void);  /* it connects to another machine */

/* --- strategies.c ------------------------------------------------------------------------- */

void strategy_start(void);
void strategy_new_thread(Thread *thread);
Thread *strategy_choose(const Decision *decision);
uint64_t random_number(void);
/* Whether a timeout may come at this step though somebody can run. */
bool fires_early(void);
/* Whom to wake at this step for nothing: its number, -1 for nobody, -2 for anybody. */
long wakes_for_nothing(void);
/* The thread was woken for nothing: what comes of that shows if it goes on before the others. */
void strategy_favour(Thread *thread);
/* Whether a weak exchange is to fail at this step. */
bool fails_for_nothing(void);
/* How many stores before the newest, of so many that there are, this step reads; 0: the newest. */
uint64_t goes_back(uint64_t most);
/* Whether departures of that kind can come in this run. */
bool wakes_may_come(void);
bool failures_may_come(void);

/* --- clocks.c ----------------------------------------------------------------------------- */

Nanoseconds duration_of(const struct timespec *time);
/* The moment that an absolute time of this clock stands for. */
Nanoseconds moment_of(clockid_t clock, const struct timespec *time);
Nanoseconds after(Nanoseconds duration);
struct timespec timespec_of(Nanoseconds time);
/* What a virtual clock shows; reading it is no event. */
Nanoseconds reading_of(clockid_t clock);

#endif
