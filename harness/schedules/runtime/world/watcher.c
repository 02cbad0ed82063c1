/* Blocking that nobody foresaw: the thread that has the turn sits in a system call that was made past our
 * functions, or goes round in C code without a point.  A thread of our own sees that it sleeps (or runs on)
 * and that nothing happens, and passes the turn on in its stead.
 *
 * A busy machine is no reason: who sleeps while another of the program's threads would run, had it a
 * processor, may be waiting for that one, which has just handed the turn on and is not at rest yet.
 *
 * The thread that was passed over may come back at any moment; hence the order on both sides.  It: its
 * arrival first, then a look at `lost`.  The watcher: `lost` first, then a look at the arrivals and at
 * whether it still sleeps. */
#include "world.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    LOOK_NS = 4000000,        /* between two looks */
    PATIENCE_LOOKS = 8,       /* asleep so often, and not once awake: blocked, after 30 ms and more… */
    LONGEST_LOOKS = 1250,     /* …even if another runs, which has not been passed over */
    SPIN_NS = 500000000,      /* of processor time without a point: it goes on by itself */
    SETTLE_NS = 50000000,
};

#define AWAKE_NS (5 * SECOND) /* a thread that is awake is given a processor by then */

/* What the kernel tells of a thread. */
typedef struct {
    char state;          /* 'R', 'S', 'D'…; '?' if there is none */
    long long processor; /* nanoseconds */
} Sight;

static void read_file(pid_t tid, const char *name, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/%s", tid, name);
    int fd = (int)REAL(syscall)(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    long count = fd < 0 ? -1 : REAL(syscall)(SYS_read, fd, text, size - 1);
    if (fd >= 0) {
        REAL(syscall)(SYS_close, fd);
    }
    text[count > 0 ? count : 0] = '\0';
}

static char state_of(pid_t tid)
{
    char text[512];
    read_file(tid, "stat", text, sizeof text);
    const char *end = strrchr(text, ')'); /* the name may hold anything */
    return end != NULL ? end[2] : '?';
}

uint64_t pending_for(pid_t tid)
{
    static const char label[] = "SigPnd:";
    char text[4096];
    read_file(tid, "status", text, sizeof text);
    const char *found = strstr(text, label);
    return found != NULL ? strtoull(found + sizeof label - 1, NULL, 16) : 0;
}

static Sight look_at(pid_t tid)
{
    char text[128];
    read_file(tid, "schedstat", text, sizeof text);
    return (Sight){state_of(tid), strtoll(text, NULL, 10)};
}

static long call_of(pid_t tid)
{
    char text[256];
    read_file(tid, "syscall", text, sizeof text);
    return text[0] >= '0' && text[0] <= '9' ? strtol(text, NULL, 10) : -1;
}

bool somebody_runs(const Slot *but)
{
    for (int i = 0; i < MAX_THREADS && (i == 0 || slots[i].tid != 0); i++) {
        char state = &slots[i] != but && !slots[i].lost ? state_of(slots[i].tid) : 'S';
        if (state == 'R' || state == 'D') {
            return true;
        }
    }
    return false;
}

void settle(void)
{
    Nanoseconds began = real_ns();
    for (int i = 0; i < MAX_THREADS && (i == 0 || slots[i].tid != 0); i++) {
        Nanoseconds limit = began + (slots[i].by_itself ? SETTLE_NS : AWAKE_NS);
        while (slots[i].lost && !slots[i].returned && real_ns() < limit) {
            if (state_of(slots[i].tid) != 'R') {
                break;
            }
            REAL(sched_yield)();
        }
    }
}

static bool goes_on(const Slot *slot, unsigned long seen, unsigned long arrivals)
{
    return serial != seen || slot->arrivals != arrivals || slot->inside || slot->at_gil;
}

static void pass_over(Slot *slot, unsigned long seen, unsigned long arrivals, bool spins)
{
    long call = spins ? -1 : call_of(slot->tid);
    int state = py.Ensure(); /* the GIL is free, or will be */
    slot->returned = false;
    slot->by_itself = spins;
    slot->lost = true;
    bool same = !goes_on(slot, seen, arrivals) && (spins || state_of(slot->tid) == 'S');
    if (!same || ask(hooks.lost, 0, "(iL)", number_of(slot), (long long)call) != 1) {
        bool waits = slot->returned;
        slot->lost = false;
        if (waits) {
            grant(slot); /* it came back just now */
        }
    }
    py.Release(state);
}

static _Atomic uint32_t stopping;
static bool watching;
static pthread_t watcher;
static pid_t watcher_tid;

static void *watch(void *nothing_at_all)
{
    unsigned long seen = 0, arrivals = 0;
    long long processor = 0, started = 0;
    int asleep = 0;
    watcher_tid = (pid_t)REAL(syscall)(SYS_gettid);
    /* By itself, past /proc (see is_there).  The harness knows it by that for none of the program's. */
    REAL(syscall)(SYS_prctl, PR_SET_NAME, "control-watcher", 0, 0, 0);
    while (!stopping) {
        struct timespec pause = {0, LOOK_NS};
        REAL(syscall)(SYS_futex, &stopping, FUTEX_WAIT_PRIVATE, 0, &pause, NULL, 0);
        Slot *slot = &slots[holder];
        bool same = !goes_on(slot, seen, arrivals) && !slot->lost && slot->tid != 0;
        seen = serial;
        arrivals = slot->arrivals;
        if (!same || mode != VIRTUAL || stopping) {
            asleep = 0;
            started = -1;
            continue;
        }
        Sight sight = look_at(slot->tid);
        bool rested = sight.state == 'S' && (asleep == 0 || sight.processor == processor);
        asleep = rested ? asleep + 1 : 0;
        processor = sight.processor;
        started = started < 0 ? processor : started;
        bool spins = sight.state == 'R' && processor - started >= SPIN_NS;
        if (asleep >= PATIENCE_LOOKS || spins) {
            if (spins || asleep >= LONGEST_LOOKS || !somebody_runs(slot)) {
                pass_over(slot, seen, arrivals, spins);
                asleep = 0;
                started = -1;
            }
        }
    }
    return nothing_at_all;
}

void watch_threads(void)
{
    sigset_t all, before;
    if (watching) {
        return;
    }
    sigfillset(&all); /* no signal of the program's is to land there */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (REAL(pthread_create)(&watcher, NULL, watch, NULL) == 0) {
        watching = true;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void stop_watching(void)
{
    stopping = 1;
    REAL(syscall)(SYS_futex, &stopping, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* The kernel is asked, and not /proc: what was opened there of a thread is undone as that and the process
 * end, and whoever takes the process's end goes round until it is, for as long as nobody runs the thread. */
static bool is_there(pid_t tid)
{
    return REAL(syscall)(SYS_tgkill, getpid(), tid, 0) == 0;
}

void await_end_of(pid_t tid)
{
    Nanoseconds limit = real_ns() + AWAKE_NS;
    while (tid != 0 && is_there(tid) && real_ns() < limit) {
        REAL(sched_yield)();
    }
}

void await_ends(void)
{
    for (int i = 1; i < MAX_THREADS && slots[i].tid != 0; i++) {
        if (slots[i].left) {
            await_end_of(slots[i].tid);
        }
    }
}

void end_watching(void)
{
    if (watching) {
        stop_watching();
        REAL(pthread_join)(watcher, NULL);
        await_end_of(watcher_tid);
        watching = false;
        stopping = 0;
    }
}
