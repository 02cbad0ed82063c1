/* How a controlled run starts, and the ways in which its process may end. */
#include "controlled.h"

#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FIRST_THREAD_ID = 1000 };

/* Called by the thread itself, since it alone can walk its stack. */
void tell_places(char *places, size_t size)
{
    uintptr_t addresses[MAX_FRAMES];
    size_t length = 0;
    int count = own_frames(addresses, MAX_FRAMES);
    snprintf(places, size, "-");
    for (int i = 0; i < count && length < size - 24; i++) {
        /* Within the call, not after it: that is what debuggers look up. */
        length += (size_t)snprintf(places + length, size - length, "%s+0x%tx", i > 0 ? "," : "",
                                   offset_of(addresses[i] - 1));
    }
}

void log_wait(const Thread *thread)
{
    char places[PLACES_SIZE];
    tell_places(places, sizeof places);
    log_record("w %d %s %s", thread->number, thread->wait.kind, places);
}

static void answer(Thread *thread)
{
    log_wait(thread);
}

static void log_waits(Thread *const *threads, int count)
{
    for (int i = 0; i < count; i++) {
        if (threads[i]->state == PASSED_OVER) {
            log_record("w %d %s -", threads[i]->number, threads[i]->passed_over_in);
        } else {
            ask(threads[i], answer);
        }
    }
    for (int i = 0; i < count; i++) {
        const Thread *holder = holder_of(threads[i]);
        if (holder != NULL) {
            log_record("h %d %d", threads[i]->number, holder->number);
        }
    }
}

void log_end(const char *kind)
{
    for (int i = 0; i < run.created; i++) {
        log_record("n %d %ld", run.threads[i].number, run.threads[i].events);
    }
    log_record("end %s steps=%llu decisions=%llu virtual_ns=%llu hash=%012llx", kind,
               (unsigned long long)run.steps, (unsigned long long)run.decisions,
               (unsigned long long)run.clock,
               (unsigned long long)(run.hash & 0xffffffffffff));
}

/* Writes the log's end, once. */
static void end_log(const char *kind)
{
    if (!run.ended) {
        touches_end(kind);
        run.ended = true;
        log_end(kind);
        log_close();
    }
}

_Noreturn void end_run(const char *kind, int status)
{
    if (status == EXIT_DEADLOCK) {
        guards_as_waits();
        log_waits(run.live, run.live_count);
    }
    end_log(kind);
    REAL(_exit)(status);
    __builtin_unreachable();
}

_Noreturn void end_in_ring(Thread *const *ring, int length)
{
    log_waits(ring, length);
    end_log("deadlock");
    REAL(_exit)(EXIT_DEADLOCK);
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
    self = NULL;
}

static void in_parent(void)
{
    note_child();
}

extern ElfW(Dyn) _DYNAMIC[] __attribute__((weak, visibility("hidden")));

/* Whether the program has functions that run even before constructors. */
static bool has_earlier_ones(void)
{
    const ElfW(Dyn) *entry = _DYNAMIC;
    while (entry != NULL && entry->d_tag != DT_NULL && entry->d_tag != DT_PREINIT_ARRAYSZ) {
        entry++;
    }
    return entry != NULL && entry->d_tag == DT_PREINIT_ARRAYSZ && entry->d_un.d_val > 0;
}

void start_run(bool is_first)
{
    static bool is_started;
    if (is_started) {
        return;
    }
    is_started = true;
    settings_take(is_first && !has_earlier_ones());
    if (!settings.controlled) {
        return;
    }
    if (settings.log_path != NULL) {
        log_open(settings.log_path, settings.is_asked);
    }
    log_record("schedule 2");
    scheduler_start();
    touches_start();
    if (!settings.understood) {
        end_run("mismatch", EXIT_MISMATCH);
    }
    atexit(at_exit);
    pthread_atfork(NULL, in_parent, in_child);
}

__attribute__((constructor)) static void start(void)
{
    start_run(false);
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

/* Panic messages name the thread by the kernel's number, which differs from run to run. */
INTERPOSED pid_t gettid(void)
{
    return controlled() ? FIRST_THREAD_ID + self->number : REAL(gettid)();
}
