/* Threads: created, named, joined, finished. */
#include "controlled.h"

#include <stdlib.h>

typedef struct {
    void *(*function)(void *);
    void *argument;
    Thread *thread;
} Start;

static pthread_key_t finish_key;
static pthread_once_t finish_key_once = PTHREAD_ONCE_INIT;

/* The C library runs destructors of keys in rounds, ours among others: the last round is late enough
 * for the program's own thread-locals to be dropped while the thread is still under control. */
static void on_thread_exit(void *rounds_left)
{
    uintptr_t rounds = (uintptr_t)rounds_left;
    if (rounds > 1) {
        pthread_setspecific(finish_key, (void *)(rounds - 1));
    } else {
        thread_finish();
    }
}

static void make_finish_key(void)
{
    pthread_key_create(&finish_key, on_thread_exit);
}

static void *run_thread(void *argument)
{
    Start start = *(Start *)argument;
    thread_enter(start.thread);
    free(argument);
    REAL(pthread_once)(&finish_key_once, make_finish_key);
    pthread_setspecific(finish_key, (void *)(uintptr_t)3);
    return start.function(start.argument);
}

int thread_start(pthread_t *handle, const pthread_attr_t *attributes, void *(*function)(void *),
                 void *argument, int creator)
{
    Start *start = malloc(sizeof *start);
    *start = (Start){.function = function, .argument = argument, .thread = thread_add()};
    Thread *thread = start->thread;
    memory_thread_created(thread);
    int failure = REAL(pthread_create)(handle, attributes, run_thread, start);
    if (failure != 0) {
        thread_withdraw(thread);
        free(start);
        return failure;
    }
    thread->handle = *handle;
    thread->creator = creator;
    thread->random_state = (uint64_t)thread->number * 0x9e3779b97f4a7c15u + 1;
    log_record("thread %d %d", thread->number, thread->creator);
    static bool watched;
    if (!watched) {
        watched = true; /* a program with one thread needs no watcher */
        watcher_start();
    }
    return 0;
}

INTERPOSED int pthread_create(pthread_t *handle, const pthread_attr_t *attributes,
                              void *(*function)(void *), void *argument)
{
    if (!controlled()) {
        return REAL(pthread_create)(handle, attributes, function, argument);
    }
    decide_if_due();
    int failure = thread_start(handle, attributes, function, argument, self->number);
    if (failure == 0) {
        touch('e', (uint64_t)run.created - 1);
        tell('w', THREADS_OBJECT);
        happened(CHANGED);
        decide(false);
    }
    return failure;
}

INTERPOSED int pthread_join(pthread_t handle, void **result)
{
    Thread *thread = controlled() ? thread_by_handle(handle) : NULL;
    if (thread != NULL) {
        await_end(thread);
        decide_if_due();
        while (thread->state != FINISHED) {
            block((Wait){.kind = "join", .key = thread, .bits = ALL_BITS, .deadline = NEVER});
        }
        memory_thread_joined(thread);
    }
    if (thread == NULL) {
        return REAL(pthread_join)(handle, result);
    }
    run.resting = true; /* what is left is the system's: nobody is to take it for blocking */
    int failure = REAL(pthread_join)(handle, result);
    run.resting = false;
    return failure;
}

/* A thread names itself once it runs: its record is repeated, now with the name. */
INTERPOSED int pthread_setname_np(pthread_t handle, const char *name)
{
    if (controlled() && self->number != 0 && pthread_equal(handle, self->handle)) {
        log_record("thread %d %d %s", self->number, self->creator, name);
    }
    return REAL(pthread_setname_np)(handle, name);
}
