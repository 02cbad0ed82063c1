/* Vector clocks: what each thread has seen of the others. */
#include "memory.h"

#include <string.h>
#include <sys/mman.h>

Knowledge knowledge[MEMORY_THREADS];

bool memory_followed(void)
{
    return (settings.old || settings.races) && run.created > 1 && controlled();
}

void next_epoch(void)
{
    mine()->now.seen.at[self->number]++;
}

static void clock_join(Clock *clock, const Clock *other)
{
    for (int i = 0; i < run.created; i++) {
        if (clock->at[i] < other->at[i]) {
            clock->at[i] = other->at[i];
        }
    }
}

void view_join(View *view, const View *other)
{
    clock_join(&view->seen, &other->seen);
    if (other->fence != NULL && (view->fence == NULL || view->fence->rank < other->fence->rank)) {
        view->fence = other->fence;
    }
}

void view_join_all(View *view)
{
    for (int i = 0; i < run.created; i++) {
        knowledge[i].now.seen.at[i]++;
        view_join(view, &knowledge[i].now);
    }
}

static char *room_next, *room_last;

bool room_ensure(size_t size)
{
    enum { BATCH = 1 << 20 };
    if (room_next != NULL && (size_t)(room_last - room_next) >= size) {
        return true;
    }
    size_t batch = size > BATCH ? size : BATCH;
    char *more = mmap(NULL, batch, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (more == MAP_FAILED) {
        return false;
    }
    room_next = more;
    room_last = more + batch;
    return true;
}

void *room_for(size_t size)
{
    if (!room_ensure(size)) {
        return NULL;
    }
    room_next += size;
    return room_next - size;
}

void memory_give_up(void)
{
    if (settings.old || settings.races) {
        log_record("note memory");
    }
    settings.old = settings.races = false;
}

void memory_thread_created(const Thread *thread)
{
    if (!settings.old && !settings.races) {
        return;
    }
    if (run.created > MEMORY_THREADS) {
        memory_give_up();
        return;
    }
    memory_settle();
    next_epoch();
    knowledge[thread->number].now = mine()->now;
}

void memory_thread_joined(const Thread *thread)
{
    if (memory_followed()) {
        view_join(&mine()->now, &knowledge[thread->number].now);
    }
}

/* Its stack is used again, by whoever is created next. */
void memory_thread_ends(void)
{
    if (!memory_followed()) {
        return;
    }
    memory_settle();
    next_epoch();
    pthread_attr_t attributes;
    void *stack;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        if (pthread_attr_getstack(&attributes, &stack, &size) == 0) {
            memory_forget(stack, size);
        }
        pthread_attr_destroy(&attributes);
    }
}
