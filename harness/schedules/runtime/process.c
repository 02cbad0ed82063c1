/* How a controlled run starts, and the ways in which its process may end. */
#include "controlled.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>
#include <unwind.h>

enum { FIRST_THREAD_ID = 1000, MAX_FRAMES = 24, PLACES_SIZE = 400 };

/* The ends of the executable's code, as linkers name them. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[];

typedef struct {
    char text[PLACES_SIZE];
    size_t length;
    int frames;
} Places;

static _Unwind_Reason_Code add_place(struct _Unwind_Context *context, void *data)
{
    Places *places = data;
    /* Within the call, not after it: that is what debuggers look up. */
    const char *address = (const char *)_Unwind_GetIP(context) - 1;
    if (address < __ehdr_start || address >= etext) {
        return _URC_NO_REASON;
    }
    size_t room = sizeof places->text - places->length;
    int added = snprintf(places->text + places->length, room, "%s+0x%tx",
                         places->frames > 0 ? "," : "", address - __ehdr_start);
    if ((size_t)added >= room || ++places->frames > MAX_FRAMES) {
        places->text[places->length] = '\0';
        return _URC_END_OF_STACK;
    }
    places->length += (size_t)added;
    return _URC_NO_REASON;
}

/* Called by the thread itself, since it alone can walk its stack. The first frame is this one. */
void log_wait(const Thread *thread)
{
    Places places = {.text = "-"};
    _Unwind_Reason_Code (*walk)(_Unwind_Trace_Fn, void *) = dlsym(RTLD_DEFAULT, "_Unwind_Backtrace");
    if (walk != NULL) {
        walk(add_place, &places);
    }
    log_record("w %d %s %s", thread->number, thread->wait.kind, places.text);
}

static void log_waits(void)
{
    for (int i = 0; i < run.live_count; i++) {
        ask_for_wait(run.live[i]);
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
