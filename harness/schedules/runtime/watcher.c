/* Blocking that nobody foresaw: a thread that holds the baton sits in a system call that was made
 * past our functions, or goes round in machine code that has no hook.  The watcher, which is no
 * thread of the program's, sees that it sleeps, or runs on, while it never comes to the runtime and
 * others could go on.  Then it passes the baton in its stead.  Where the thread next comes to the
 * runtime, it waits for its turn.
 *
 * All state is the baton holder's, and the thread may come back at any moment; hence an order on
 * both sides.  The thread counts its entry, then looks whether it is being passed over (see enter);
 * the watcher says that it is passing it over, then looks at the entries.  The barrier between the
 * two that the thread saves itself, the watcher has the kernel put there (membarrier).
 *
 * A busy machine is no reason: a thread that only waits for a processor does not sleep, nor is one
 * blocked that sleeps until another has let go of something on its way out; and of one
 * that runs the time counts that a processor gave it.  That is a second: it may be computing.  But a
 * thread that was met in one and the same state again and again, at one place with the same values in
 * all registers, gets nowhere by itself: it waits for what another thread is to write. */
#include "controlled.h"

#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum {
    LOOK_NS = 4000000,  /* between two looks */
    PATIENCE_LOOKS = 6, /* asleep so often in a row: it is blocked… */
    LONGEST_LOOKS = 1250, /* …even if another runs, which has not been passed over */
    CONSOLE_LOOKS =
        1000, /* the same, while it writes to stdout or stderr: those outside are slow */
    COMPUTE_NS =
        1000000000, /* of processor time without coming to the runtime: it goes on by itself */
    SUSPECT_NS = 20000000,   /* the same: it is looked at whether it spins */
    STANDINGS = 16,          /* so often… */
    LEAST_EQUAL = 4,         /* …and in so many of them it is met in a state that it was met in before */
    SPIN_REACH = 4096,       /* bytes of code within which it does so */
    STACK_WORDS = 1024, /* of its stack, looked through for return addresses */
    PLACES = 8,
    NO_CALL = -1,
};

extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[];

/* --- what the kernel says of a thread ------------------------------------------------------- */

static void read_file(const Thread *thread, const char *file, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/%s", thread->kernel_id, file);
    int fd = (int)REAL(syscall)(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    ssize_t count = fd < 0 ? -1 : REAL(syscall)(SYS_read, fd, text, size - 1);
    if (fd >= 0) {
        REAL(syscall)(SYS_close, fd);
    }
    text[count > 0 ? count : 0] = '\0';
}

/* 'R', 'S', 'D'…; '?' if the thread is gone. */
static char state_of(const Thread *thread)
{
    char text[256];
    read_file(thread, "stat", text, sizeof text);
    const char *end = strrchr(text, ')');
    return end != NULL && end[1] != '\0' ? end[2] : '?';
}

static uint64_t processor_time_of(const Thread *thread)
{
    struct timespec time = {0};
    clockid_t clock = (~(clockid_t)thread->kernel_id << 3) | 6; /* see clock_getcpuclockid(3) */
    REAL(syscall)(SYS_clock_gettime, clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void really_sleep(Nanoseconds duration)
{
    struct timespec time = timespec_of(duration);
    REAL(syscall)(SYS_nanosleep, &time, NULL);
}

/* --- where it stands ------------------------------------------------------------------------ */

enum { REGISTERS = 31 };

typedef struct {
    volatile uintptr_t instruction;
    volatile uintptr_t stack;
    uintptr_t registers[REGISTERS];
} Standing;

static Standing running; /* of a thread that runs, as its signal handler saw it */

static void note_standing(int number, siginfo_t *information, void *context)
{
    (void)number;
    (void)information;
    const ucontext_t *user = context;
#if defined(__x86_64__)
    memcpy(running.registers, user->uc_mcontext.gregs, REG_RIP * sizeof *running.registers);
    running.stack = (uintptr_t)user->uc_mcontext.gregs[REG_RSP];
    running.instruction = (uintptr_t)user->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    memcpy(running.registers, user->uc_mcontext.regs, sizeof running.registers);
    running.stack = (uintptr_t)user->uc_mcontext.sp;
    running.instruction = (uintptr_t)user->uc_mcontext.pc;
#else
    (void)user;
#endif
}

/* A thread that runs is in no call that a signal would disturb, so a signal may ask it. */
static Standing standing_of_running(const Thread *thread)
{
    struct sigaction ours = {.sa_sigaction = note_standing, .sa_flags = SA_SIGINFO | SA_RESTART};
    struct sigaction theirs;
    running.instruction = 0;
    REAL(sigaction)(SIGURG, &ours, &theirs);
    REAL(syscall)(SYS_tgkill, getpid(), thread->kernel_id, SIGURG);
    for (int i = 0; i < 1000 && running.instruction == 0; i++) {
        really_sleep(100000);
    }
    REAL(sigaction)(SIGURG, &theirs, NULL);
    return running;
}

static Standing standing_of_sleeping(const Thread *thread, long *call)
{
    char text[256];
    unsigned long long stack = 0, instruction = 0;
    read_file(thread, "syscall", text, sizeof text);
    sscanf(text, "%ld %*x %*x %*x %*x %*x %*x %llx %llx", call, &stack, &instruction);
    return (Standing){.instruction = (uintptr_t)instruction, .stack = (uintptr_t)stack};
}

#if defined(__x86_64__)
static bool follows_call(const unsigned char *code)
{
    return code[-5] == 0xe8 || (code[-6] == 0xff && code[-5] == 0x15) ||
           (code[-2] == 0xff && (code[-1] & 0xf8) == 0xd0) ||
           (code[-3] == 0xff && (code[-2] & 0xf8) == 0x50);
}
#elif defined(__aarch64__)
static bool follows_call(const unsigned char *code)
{
    return (code[-1] & 0xfc) == 0x94 || (code[-1] == 0xd6 && code[-2] == 0x3f); /* bl, blr */
}
#else
static bool follows_call(const unsigned char *code)
{
    (void)code;
    return false;
}
#endif

static bool is_code(uintptr_t address)
{
    return address >= (uintptr_t)__ehdr_start + 4096 && address < (uintptr_t)etext;
}

/* The thread stands still, and its stack is ours to read.  What lies there and follows a call is
 * taken for a return address: that is good enough to say where, and no signal has to break in on
 * the call. */
static void describe(Standing standing, const char *stack_top, char *text, size_t size)
{
    size_t length = 0;
    int found = 0;
    const uintptr_t *stack = (const uintptr_t *)standing.stack;
    snprintf(text, size, "-");
    if (is_code(standing.instruction)) {
        length += (size_t)snprintf(text, size, "+0x%tx", offset_of(standing.instruction));
        found++;
    }
    for (int i = 0; stack != NULL && i < STACK_WORDS && found < PLACES; i++) {
        if ((const char *)(stack + i + 1) > stack_top) {
            break;
        }
        if (is_code(stack[i]) && follows_call((const unsigned char *)stack[i])) {
            length += (size_t)snprintf(text + length, size - length, "%s+0x%tx",
                                       found++ > 0 ? "," : "", offset_of(stack[i] - 1));
        }
    }
}

typedef struct {
    long number;
    const char *name;
} Call;

static const Call calls[] = {
    {SYS_read, "read"},
    {SYS_write, "write"},
    {SYS_readv, "readv"},
    {SYS_writev, "writev"},
    {SYS_openat, "openat"},
    {SYS_flock, "flock"},
    {SYS_fcntl, "fcntl"},
    {SYS_recvfrom, "recvfrom"},
    {SYS_recvmsg, "recvmsg"},
    {SYS_sendto, "sendto"},
    {SYS_accept, "accept"},
    {SYS_accept4, "accept4"},
    {SYS_connect, "connect"},
    {SYS_ppoll, "ppoll"},
    {SYS_pselect6, "pselect6"},
    {SYS_epoll_pwait, "epoll_pwait"},
    {SYS_rt_sigtimedwait, "rt_sigtimedwait"},
    {SYS_rt_sigsuspend, "rt_sigsuspend"},
    {SYS_wait4, "wait4"},
    {SYS_waitid, "waitid"},
    {SYS_futex, "futex"},
    {SYS_nanosleep, "nanosleep"},
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_splice, "splice"},
    {SYS_sendfile, "sendfile"},
    {SYS_msgrcv, "msgrcv"},
    {SYS_semtimedop, "semtimedop"},
    {SYS_mq_timedreceive, "mq_timedreceive"},
    {SYS_io_getevents, "io_getevents"},
#ifdef SYS_poll
    {SYS_poll, "poll"},
    {SYS_select, "select"},
    {SYS_pause, "pause"},
    {SYS_open, "open"},
    {SYS_epoll_wait, "epoll_wait"},
#endif
};

static const char *name_of(long call)
{
    static char number[24];
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (calls[i].number == call) {
            return calls[i].name;
        }
    }
    snprintf(number, sizeof number, "%ld", call);
    return call == NO_CALL ? "-" : number;
}

static void record_passing(Thread *thread, bool spins)
{
    char places[300];
    long call = NO_CALL;
    Standing standing = spins ? standing_of_running(thread) : standing_of_sleeping(thread, &call);
    const char *top = thread->number != 0 ? thread->stack_top : (const char *)standing.stack + 4096;
    describe(standing, top, places, sizeof places);
    thread->passed_over_in = name_of(call);
    log_record("l %d %s %s", thread->number, thread->passed_over_in, places);
}

/* --- passing over --------------------------------------------------------------------------- */

static bool others_could_go_on(const Thread *thread)
{
    if (next_timer() != NEVER) {
        return true;
    }
    for (int i = 0; i < run.live_count; i++) {
        const Thread *other = run.live[i];
        if (other == thread) {
            continue;
        }
        const Wait *wait = &other->wait;
        if (other->state == RUNNABLE || is_signalled(other) ||
            (other->state == BLOCKED &&
             (wait->deadline != NEVER || wait->descriptor_count > 0 || wait->holds != NULL))) {
            return true;
        }
    }
    return false;
}

/* Whoever has not the baton is asleep, or nearly: a thread that has finished gives memory back to the C
 * library, under its locks. */
static bool somebody_runs(const Thread *but)
{
    for (int i = 0; i < run.created; i++) {
        const Thread *other = &run.threads[i];
        if (other != but && other->state != PASSED_OVER && other->kernel_id != 0) {
            char state = state_of(other);
            if (state == 'R' || state == 'D') {
                return true;
            }
        }
    }
    return false;
}

static void put_barrier(void)
{
    REAL(syscall)(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

static void pass_over(Thread *thread, uint32_t entries, bool spins)
{
    thread->passing = BEING_PASSED;
    put_barrier();
    bool still = thread->entries == entries && run.holder == thread && !thread->awaits_baton &&
                 !run.resting && !run.ended &&
                 (spins || state_of(thread) == 'S') && others_could_go_on(thread);
    if (!still) {
        thread->passing = NOT_PASSED;
        return;
    }
    record_passing(thread, spins);
    run.passed_over++;
    thread->state = PASSED_OVER;
    thread->passing = PASSED;
    self = thread; /* the decision is taken in its name */
    Thread *next = choose(false);
    self = NULL;
    hand_baton(next);
}

typedef struct {
    Thread *holder;
    uint32_t entries;
    int asleep;         /* looks in a row at which it slept and had not come to the runtime */
    uint64_t used_from; /* its processor time when it last came there */
    uint64_t used_at_standing;
    int standing_count;
    Standing standings[STANDINGS];
} Look;

static bool are_equal(const Standing *one, const Standing *other)
{
    return one->stack == other->stack &&
           memcmp(one->registers, other->registers, sizeof one->registers) == 0;
}

/* Whether the thread, met so often, gets nowhere: it stays at one place of the code, and wherever it
 * was met twice all registers were the same.  Of a loop that counts or computes that is not true. */
static bool is_going_round(const Look *look)
{
    int equal = 0;
    for (int i = 1; i < look->standing_count; i++) {
        const Standing *one = &look->standings[i];
        bool met = false;
        for (int j = 0; j < i; j++) {
            const Standing *other = &look->standings[j];
            uintptr_t distance = one->instruction - other->instruction + SPIN_REACH;
            bool same_place = one->instruction == other->instruction;
            if (distance > 2 * SPIN_REACH || (same_place && !are_equal(one, other))) {
                return false;
            }
            met |= same_place;
        }
        equal += met;
    }
    return equal >= LEAST_EQUAL;
}

/* A standing is worth nothing if the thread has not run since the last. */
static void note_standing_of(Look *look, uint64_t used)
{
    enum { LEAST_RUN_NS = 100000 };
    if (look->standing_count < STANDINGS && used - look->used_at_standing >= LEAST_RUN_NS) {
        Standing standing = standing_of_running(look->holder);
        if (standing.instruction != 0) {
            look->standings[look->standing_count++] = standing;
        }
        look->used_at_standing = used;
    }
}

/* Whether the thread, which does not sleep, goes on by itself. */
static bool spins_on(Look *look)
{
    uint64_t used = processor_time_of(look->holder);
    if (used - look->used_from < SUSPECT_NS) {
        return false;
    }
    if (look->standing_count < STANDINGS && others_could_go_on(look->holder)) {
        note_standing_of(look, used);
        return look->standing_count == STANDINGS && is_going_round(look);
    }
    return used - look->used_from >= COMPUTE_NS;
}

/* Looks at the holder once more; says whether it is to be passed over. */
static bool look(Look *look, bool *spins)
{
    Thread *holder = run.holder;
    bool same = holder != NULL && holder == look->holder && holder->entries == look->entries &&
                !holder->awaits_baton && !run.resting && run.live_count > 1;
    if (!same) {
        /* A thread that has not begun has no number with the kernel, nor any time. */
        bool has_begun = holder != NULL && holder->kernel_id != 0;
        *look = (Look){.holder = has_begun ? holder : NULL};
        if (has_begun) {
            look->entries = holder->entries;
            look->used_from = processor_time_of(holder);
        }
        return false;
    }
    look->asleep = state_of(holder) == 'S' ? look->asleep + 1 : 0;
    *spins = look->asleep == 0 && spins_on(look);
    bool blocked = look->asleep >= (holder->console ? CONSOLE_LOOKS : PATIENCE_LOOKS);
    return *spins || (blocked && (look->asleep >= LONGEST_LOOKS || !somebody_runs(holder)));
}

static void *watch(void *nothing)
{
    Look last = {0};
    while (!run.ended && run.active) {
        really_sleep(LOOK_NS);
        bool spins = false;
        if (look(&last, &spins)) {
            pass_over(last.holder, last.entries, spins);
            last = (Look){0};
        }
    }
    return nothing;
}

static bool has_barrier;

/* To be called while there is one thread: with several the kernel takes its time. */
void watcher_prepare(void)
{
    has_barrier =
        REAL(syscall)(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

/* Without the kernel's barrier there is no watcher. */
void watcher_start(void)
{
    if (!has_barrier) {
        return;
    }
    pthread_t handle;
    sigset_t all, before;
    sigfillset(&all);
    REAL(pthread_sigmask)(SIG_SETMASK, &all, &before);
    if (REAL(pthread_create)(&handle, NULL, watch, NULL) == 0) {
        pthread_detach(handle);
    }
    REAL(pthread_sigmask)(SIG_SETMASK, &before, NULL);
}

/* --- coming back ---------------------------------------------------------------------------- */

void come_back(Thread *me)
{
    while (me->passing == BEING_PASSED) {
        REAL(sched_yield)();
    }
    if (me->passing == PASSED && self == me && run.holder != me) {
        __atomic_store_n(&me->returned, 1, __ATOMIC_SEQ_CST);
        await_baton(me);
    }
}

/* Whom the kernel has woken will be back in a moment: what one thread's act frees is then seen at
 * the decision after it, in every run. */
static bool await_return(Thread *thread)
{
    while (__atomic_load_n(&thread->returned, __ATOMIC_SEQ_CST) == 0) {
        if (strcmp(thread->passed_over_in, "-") == 0 || state_of(thread) != 'R') {
            return false;
        }
        REAL(sched_yield)();
    }
    thread->state = RUNNABLE;
    return true;
}

bool settle_passed_over(Nanoseconds patience)
{
    enum { PAUSE_NS = 200000 };
    for (Nanoseconds waited = 0;; waited += PAUSE_NS) {
        bool any = false;
        for (int i = 0; i < run.live_count; i++) {
            any |= run.live[i]->state == PASSED_OVER && await_return(run.live[i]);
        }
        if (any || waited >= patience) {
            return any;
        }
        run.resting = true;
        really_sleep(PAUSE_NS);
        run.resting = false;
    }
}
