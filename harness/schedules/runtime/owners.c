/* Who holds which lock, as far as that is certain; and rings of threads that wait for each other.
 *
 * The standard library's Mutex is a word: 0 free, 1 locked, 2 locked with somebody waiting.  Its
 * quick ways are inlined into the crate, so the hooks see an exchange of 0 by 1 and, at the end, of
 * 0 for the rest.  Its slow ways are in the library's own object code, without hooks.  A thread
 * that was refused the lock and waited for it has it at its next event, unless that is to wait for
 * it again.  One that was refused it, or that gave it up for the time of Condvar::wait, has it at
 * an event at which the word is taken and nobody is known to have it: no other thread ran in
 * between.
 *
 * Other words look the same.  So before anything is said of a ring, each of its threads is asked
 * for its call: it must be Mutex::lock (by name; a guard of that cannot be sent to another thread,
 * and the call ends only with the lock), or the wait for a thread's end. */
#include "controlled.h"

#include <string.h>

enum { ATTEMPT_HOOKS = 16 };

static uint64_t acquisitions;

static Held *find_held(Thread *thread, const uint32_t *word)
{
    for (int i = 0; i < HELD_LIMIT; i++) {
        if (thread->held[i].word == word) {
            return &thread->held[i];
        }
    }
    return NULL;
}

void note_taken(const uint32_t *word)
{
    Thread *me = self;
    if (me == NULL) {
        return;
    }
    Held *held = find_held(me, word);
    if (held == NULL) {
        held = &me->held[me->held_at++ % HELD_LIMIT];
    }
    *held = (Held){.word = word, .since = ++acquisitions};
}

static Thread *known_holder(const uint32_t *word)
{
    Thread *found = NULL;
    uint64_t since = 0;
    for (int i = 0; i < run.live_count; i++) {
        const Held *held = find_held(run.live[i], word);
        if (held != NULL && held->since > since) {
            since = held->since;
            found = run.live[i];
        }
    }
    return found;
}

void note_refused(const uint32_t *word)
{
    Thread *me = self;
    if (me == NULL) {
        return;
    }
    me->refused = word;
    if (known_holder(word) != NULL) {
        me->attempted = (Attempt){.word = word, .hooks_left = ATTEMPT_HOOKS};
        me->attention = true;
    }
}

void note_given_up(const uint32_t *word)
{
    Held *held = self != NULL ? find_held(self, word) : NULL;
    if (held != NULL) {
        held->word = NULL;
    }
}

void note_wakes(const uint32_t *word)
{
    Held *held = self != NULL ? find_held(self, word) : NULL;
    if (held != NULL) { /* its end was not seen: the library gives it up, for the time of a wait */
        held->word = NULL;
        self->set_free = word;
        self->attention = true;
    }
}

/* What Condvar::wait has given up is free by now. */
static void note_set_free(Thread *me, const uint32_t *awaited)
{
    for (int i = 0; i < HELD_LIMIT; i++) {
        const uint32_t *word = me->held[i].word;
        if (word != NULL && word != awaited && __atomic_load_n(word, __ATOMIC_RELAXED) == 0) {
            me->held[i].word = NULL;
            me->set_free = word;
            me->attention = true;
        }
    }
}

/* It does not have what it goes on waiting for. */
void note_waits(const uint32_t *word)
{
    note_set_free(self, word);
    if (self->attempted.word == word) {
        self->attempted.word = NULL;
    }
}

void note_waited(const uint32_t *word)
{
    if (word != self->refused && word != self->set_free) {
        return; /* a lock of the library's own, whose end will not be seen either */
    }
    self->attempted = (Attempt){.word = word, .waited = true, .hooks_left = ATTEMPT_HOOKS};
    self->attention = true;
}

static bool is_taken_by_nobody_else(const uint32_t *word)
{
    return word != NULL && __atomic_load_n(word, __ATOMIC_RELAXED) != 0 &&
           known_holder(word) == NULL;
}

bool note_unseen(Thread *me)
{
    Attempt *attempt = &me->attempted;
    if (attempt->word != NULL && (attempt->waited || is_taken_by_nobody_else(attempt->word))) {
        note_taken(attempt->word);
        attempt->word = NULL;
    }
    if (is_taken_by_nobody_else(me->set_free)) {
        note_taken(me->set_free);
        me->set_free = NULL;
    }
    if (--attempt->hooks_left <= 0) {
        attempt->word = NULL;
    }
    return attempt->word != NULL || me->set_free != NULL;
}

/* --- who waits for whom ------------------------------------------------------------------- */

static Thread *awaited_end(const Thread *waiter)
{
    const Thread *thread = waiter->wait.key;
    return thread->state != FINISHED ? &run.threads[thread->number] : NULL;
}

/* Whom the thread waits for, if its wait is what it looks like. */
static Thread *supposed_holder(const Thread *waiter)
{
    if (waiter->state != BLOCKED || waiter->wait.deadline != NEVER || is_signalled(waiter)) {
        return NULL;
    }
    if (strcmp(waiter->wait.kind, "join") == 0) {
        return awaited_end(waiter);
    }
    if (strcmp(waiter->wait.kind, "futex") != 0) {
        return NULL;
    }
    return __atomic_load_n((const uint32_t *)waiter->wait.key, __ATOMIC_RELAXED) != 0
               ? known_holder(waiter->wait.key)
               : NULL;
}

static void find_class(Thread *thread)
{
    thread->wait.class = own_wait_class();
}

Thread *holder_of(Thread *waiter)
{
    Thread *holder = supposed_holder(waiter);
    if (holder == NULL || strcmp(waiter->wait.kind, "join") == 0) {
        return holder;
    }
    if (waiter->wait.class == UNKNOWN) {
        ask(waiter, find_class);
    }
    /* Nobody waits for himself where he has just given the lock up. */
    bool is_certain = waiter->wait.class == MUTEX_LOCK ||
                      (waiter->wait.class == RELOCK && holder != waiter);
    return is_certain ? holder : NULL;
}

static int follow_ring(Thread **ring)
{
    int length = 0;
    Thread *thread = self;
    do {
        ring[length++] = thread;
        thread = supposed_holder(thread);
    } while (thread != NULL && thread != self && length < run.live_count);
    return thread == self ? length : 0;
}

void end_if_in_ring(void)
{
    static Thread *ring[MAX_THREADS];
    int length = follow_ring(ring);
    if (length == 0 || !somebody_could_go_on()) {
        return; /* a deadlock of all is found anyhow */
    }
    for (int i = 0; i < length; i++) {
        if (holder_of(ring[i]) == NULL) {
            return;
        }
    }
    end_in_ring(ring, length);
}
