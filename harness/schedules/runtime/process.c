/* How a controlled run starts, and the ways in which its process may end. */
#include "controlled.h"

#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

enum { FIRST_THREAD_ID = 1000 };

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

static void log_waits(void)
{
    for (int i = 0; i < run.live_count; i++) {
        const Thread *thread = run.live[i];
        if (thread->place == NULL) {
            log_record("w %d %s -", thread->number, thread->wait.kind);
        } else {
            /* Within the call, not after it: that is what debuggers look up. */
            log_record("w %d %s +0x%tx", thread->number, thread->wait.kind,
                       (const char *)thread->place - 1 - __ehdr_start);
        }
    }
}

/* Writes the log's end, once. */
static void end_log(const char *kind)
{
    if (run.ended) {
        return;
    }
    run.ended = true;
    for (int i = 0; i < run.created; i++) {
        log_record("n %d %ld", run.threads[i].number, run.threads[i].events);
    }
    log_record("end %s steps=%llu decisions=%llu virtual_ns=%llu hash=%012llx", kind,
               (unsigned long long)run.steps, (unsigned long long)run.decisions,
               (unsigned long long)run.clock,
               (unsigned long long)(run.hash & 0xffffffffffff));
    log_close();
}

_Noreturn void end_run(const char *kind, int status)
{
    if (status == EXIT_DEADLOCK) {
        log_waits();
    }
    end_log(kind);
    REAL(_exit)(status);
    __builtin_unreachable();
}

static void at_exit(void)
{
    if (controlled()) {
        end_log("exit");
    }
}

/* The child of a fork has one thread, and runs free; the log stays the parent's. */
static void in_child(void)
{
    log_abandon();
    run.active = false;
}

/* Registered by the constructor, so at_exit runs after every handler of the program's own. */
__attribute__((constructor)) static void start(void)
{
    settings_take();
    if (!settings.controlled) {
        return;
    }
    if (settings.log_path != NULL) {
        log_open(settings.log_path);
    }
    log_record("schedule 1");
    scheduler_start();
    if (!settings.understood) {
        end_run("mismatch", EXIT_MISMATCH);
    }
    atexit(at_exit);
    pthread_atfork(NULL, NULL, in_child);
}

INTERPOSED _Noreturn void _exit(int status)
{
    at_exit();
    REAL(_exit)(status);
    __builtin_unreachable();
}

INTERPOSED _Noreturn void abort(void)
{
    at_exit();
    REAL(abort)();
    __builtin_unreachable();
}

/* Seeds of hash maps decide the order in which they are walked: the same in every run. */
INTERPOSED ssize_t getrandom(void *bytes, size_t count, unsigned flags)
{
    static uint64_t state = 1;
    if (!controlled()) {
        return REAL(getrandom)(bytes, count, flags);
    }
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        ((unsigned char *)bytes)[i] = (unsigned char)(state >> 56);
    }
    return (ssize_t)count;
}

/* Panic messages name the thread by the kernel's number, which differs from run to run. */
INTERPOSED pid_t gettid(void)
{
    return controlled() ? FIRST_THREAD_ID + self->number : REAL(gettid)();
}
