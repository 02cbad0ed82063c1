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
 * Its RwLock is two words: the lower 30 bits of the first count who reads, all ones say that somebody
 * writes, the upper two that readers and writers wait; readers wait for that word, writers for the
 * other.  What is inlined is an exchange by one more, or of 0 by all ones, and at the end a
 * subtraction; a downgrade is an addition of their difference.  A reader that finds the word taken has
 * only loaded it before it waits.
 *
 * Whoever waits for an RwLock, for reading too, waits till all who have it have given it up: the word
 * is not free before, and a reader waits only because of a writer that has it or is before him.  These
 * are requests of the AND model (Knapp, "Deadlock detection in distributed databases", 1987): one ring
 * through any one of the owners is a deadlock, whatever the others do.  (In the OR model, where each
 * of several may serve, all of them would have to wait: so nothing is said of semaphores.)
 *
 * Other words look the same.  So before anything is said of a ring, each of its threads is asked
 * for its call: it must be Mutex::lock or RwLock::read or write (by name; a guard of these cannot be
 * sent to another thread, and the call ends only with the lock), or the wait for a thread's end.  And
 * of an RwLock that is read as many readers must be known as its word says.
 *
 * The C library's mutexes know their owners, and a mutex may be unlocked by nobody else; whoever has
 * its rwlocks is noted where they are interposed. */
#include "controlled.h"

#include <string.h>

enum { ATTEMPT_HOOKS = 16 };

/* The first word of an RwLock. */
#define OWNERS (((uint32_t)1 << 30) - 1)
#define READ_LOCKED ((uint32_t)1)
#define WRITE_LOCKED OWNERS
#define DOWNGRADE (READ_LOCKED - WRITE_LOCKED)

static uint64_t acquisitions;

/* Of each word that somebody holds or reads: how many do of those that hash so, and who took it last.  So
 * most questions are answered without asking every thread. */
enum { LASTS = 4096 };

typedef struct {
    int count, readers;
    const uint32_t *word;
    Thread *taker;
} Last;

static Last lasts[LASTS];

static Last *last_of(const uint32_t *word)
{
    return &lasts[((uintptr_t)word >> 2) * 0x9e3779b1u % LASTS];
}

static void set_word(Held *held, const uint32_t *word)
{
    if (held->word != NULL) {
        last_of(held->word)->count--;
    }
    if (word != NULL) {
        last_of(word)->count++;
    }
    held->word = word;
}

/* A thread that begins to read, or reads no more, the word. */
static void set_read(Reading *reading, const uint32_t *word)
{
    if (reading->word != NULL) {
        last_of(reading->word)->readers--;
    }
    if (word != NULL) {
        last_of(word)->readers++;
    }
    *reading = (Reading){.word = word};
}

static Held *find_held(Thread *thread, const uint32_t *word)
{
    for (int i = 0; i < HELD_LIMIT; i++) {
        if (thread->held[i].word == word) {
            return &thread->held[i];
        }
    }
    return NULL;
}

static Reading *find_reading(Thread *thread, const uint32_t *word)
{
    for (int i = 0; i < HELD_LIMIT; i++) {
        if (thread->readings[i].word == word) {
            return &thread->readings[i];
        }
    }
    return NULL;
}

static void note_had(const uint32_t *word, Access access)
{
    Thread *me = self;
    if (me == NULL) {
        return;
    }
    Held *held = find_held(me, word);
    if (held == NULL) {
        held = &me->held[me->held_at++ % HELD_LIMIT];
    }
    set_word(held, word);
    held->access = access;
    held->since = ++acquisitions;
    last_of(word)->word = word;
    last_of(word)->taker = me;
}

void note_taken(const uint32_t *word)
{
    note_had(word, ALONE);
}

void note_writes(const uint32_t *word)
{
    note_had(word, TO_WRITE);
}

void forget_held(Thread *thread)
{
    for (int i = 0; i < HELD_LIMIT; i++) {
        set_word(&thread->held[i], NULL);
        set_read(&thread->readings[i], NULL);
    }
}

static Thread *known_holder(const uint32_t *word)
{
    const Last *last = last_of(word);
    if (last->count == 0) {
        return NULL;
    }
    if (last->word == word && find_held(last->taker, word) != NULL) {
        return last->taker;
    }
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

static Thread *known_writer(const uint32_t *word)
{
    Thread *holder = known_holder(word);
    return holder != NULL && find_held(holder, word)->access == TO_WRITE ? holder : NULL;
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
        set_word(held, NULL);
    }
    Reading *reading = self != NULL ? find_reading(self, word) : NULL;
    if (reading != NULL) {
        set_read(reading, NULL);
    }
}

/* --- who reads ---------------------------------------------------------------------------- */

static int times_read(Thread *thread, const uint32_t *word)
{
    const Reading *reading = find_reading(thread, word);
    return reading != NULL ? reading->times : 0;
}

static uint32_t known_readings(const uint32_t *word)
{
    uint32_t sum = 0;
    for (int i = 0; last_of(word)->readers > 0 && i < run.live_count; i++) {
        sum += (uint32_t)times_read(run.live[i], word);
    }
    return sum;
}

void note_reads(const uint32_t *word)
{
    Thread *me = self;
    if (me == NULL) {
        return;
    }
    Reading *reading = find_reading(me, word);
    if (reading == NULL) {
        reading = find_reading(me, NULL);
        reading = reading != NULL ? reading : &me->readings[me->reading_at++ % HELD_LIMIT];
        set_read(reading, word);
    }
    reading->times++;
}

bool note_reads_no_more(const uint32_t *word)
{
    Reading *reading = self != NULL ? find_reading(self, word) : NULL;
    if (reading != NULL && --reading->times == 0) {
        set_read(reading, NULL);
    }
    return reading != NULL;
}

/* Nobody reads what was free just now: something else has been at this place, or a counter that
 * looked like a lock. */
static void forget_readings(const uint32_t *word)
{
    for (int i = 0; last_of(word)->readers > 0 && i < run.live_count; i++) {
        Reading *reading = find_reading(run.live[i], word);
        if (reading != NULL) {
            set_read(reading, NULL);
        }
    }
}

/* --- what the hooks see ------------------------------------------------------------------- */

static void note_attempt(const uint32_t *word, Access access)
{
    self->attempted = (Attempt){.word = word, .access = access, .hooks_left = ATTEMPT_HOOKS};
    self->attention = true;
}

/* By the time that the library tries it again it may be free. */
void note_load(const uint32_t *word, uint32_t value)
{
    if (self == NULL) {
        return;
    }
    self->looked_at = word;
    if (value >= OWNERS - 1) { /* nobody can read now, if it is an RwLock */
        note_attempt(word, TO_READ);
    }
}

static bool is_to_read(uint32_t old, uint32_t new)
{
    return new - old == READ_LOCKED && (old & OWNERS) < OWNERS - 1;
}

static bool is_to_write(uint32_t old, uint32_t new)
{
    return new - old == WRITE_LOCKED && (old & OWNERS) == 0;
}

void note_exchanged(const uint32_t *word, uint32_t old, uint32_t new)
{
    if ((old & OWNERS) == 0) {
        forget_readings(word);
    }
    if (is_to_read(old, new)) {
        note_reads(word);
    }
    if (is_to_write(old, new)) {
        note_writes(word);
    } else if (old == 0 && new == 1) {
        note_taken(word);
    }
}

void note_not_exchanged(const uint32_t *word, uint32_t expected, uint32_t new)
{
    Thread *me = self;
    if (me == NULL) {
        return;
    }
    if (is_to_read(expected, new)) {
        me->looked_at = word;
        note_attempt(word, TO_READ);
    } else if (is_to_write(expected, new)) {
        me->refused_to_write = word;
        note_attempt(word, TO_WRITE);
    }
    if (expected == 0 && new == 1) {
        note_refused(word);
    }
}

void note_updated(const uint32_t *word, uint32_t old, uint32_t new)
{
    if (old - new == READ_LOCKED) {
        Held *held = self != NULL ? find_held(self, word) : NULL;
        if (held != NULL && held->access == ALONE) {
            set_word(held, NULL); /* the first reader's exchange looked like that for a Mutex */
        }
        note_reads_no_more(word);
    } else if (old - new == WRITE_LOCKED) {
        note_given_up(word);
    } else if (new - old == DOWNGRADE && (old & OWNERS) == WRITE_LOCKED) {
        note_given_up(word);
        note_reads(word);
    }
}

/* --- what is not seen --------------------------------------------------------------------- */

const uint32_t *lock_of(const uint32_t *awaited)
{
    const uint32_t *lock = self->refused_to_write;
    return lock != NULL && (awaited == lock + 1 || awaited + 1 == lock) ? lock : awaited;
}

void note_wakes(const uint32_t *word)
{
    Held *held = self != NULL ? find_held(self, word) : NULL;
    if (held != NULL) { /* its end was not seen: the library gives it up, for the time of a wait */
        set_word(held, NULL);
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
            set_word(&me->held[i], NULL);
            me->set_free = word;
            me->attention = true;
        }
    }
}

/* It does not have what it goes on waiting for. */
void note_waits(const uint32_t *word)
{
    note_set_free(self, word);
    if (self->attempted.word == lock_of(word)) {
        self->attempted.word = NULL;
    }
}

void note_waited(const uint32_t *word)
{
    Access access = ALONE;
    if (lock_of(word) != word) {
        access = TO_WRITE;
    } else if (word == self->looked_at && word != self->refused) {
        access = TO_READ;
    } else if (word != self->refused && word != self->set_free) {
        return; /* a lock of the library's own, whose end will not be seen either */
    }
    self->attempted = (Attempt){
        .word = lock_of(word), .access = access, .waited = true, .hooks_left = ATTEMPT_HOOKS};
    self->attention = true;
}

static bool is_taken_by_nobody_else(const uint32_t *word)
{
    return word != NULL && __atomic_load_n(word, __ATOMIC_RELAXED) != 0 &&
           known_holder(word) == NULL;
}

static bool is_written_by_nobody_else(const uint32_t *word)
{
    return (__atomic_load_n(word, __ATOMIC_RELAXED) & OWNERS) == WRITE_LOCKED &&
           known_holder(word) == NULL;
}

static bool is_read_by_one_more(const uint32_t *word)
{
    uint32_t owners = __atomic_load_n(word, __ATOMIC_RELAXED) & OWNERS;
    return owners != WRITE_LOCKED && owners == known_readings(word) + 1;
}

/* Whether the lock was had as attempted. The first reader's exchange looks like that for a Mutex, so
 * that this may have been either. */
static bool note_attempted(const Attempt *attempt)
{
    const uint32_t *word = attempt->word;
    if (attempt->access == TO_WRITE) {
        if (is_written_by_nobody_else(word)) {
            note_writes(word);
            self->refused_to_write = NULL;
            return true;
        }
        return false;
    }
    bool reads = is_read_by_one_more(word);
    if (reads) {
        note_reads(word);
    }
    if (attempt->access == TO_READ) {
        return reads;
    }
    if (attempt->waited || is_taken_by_nobody_else(word)) {
        note_taken(word);
        return true;
    }
    return false;
}

bool note_unseen(Thread *me)
{
    Attempt *attempt = &me->attempted;
    if (attempt->word != NULL && note_attempted(attempt)) {
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

/* The owners of an RwLock that somebody waits for; there are none if not all of them are known. */
static int owners_of_word(const uint32_t *word, Thread **owners)
{
    uint32_t state = __atomic_load_n(word, __ATOMIC_RELAXED);
    if (state == 0) {
        return 0;
    }
    Thread *writer = known_holder(word);
    bool is_read = (state & OWNERS) != WRITE_LOCKED && known_readings(word) == (state & OWNERS);
    int count = 0;
    for (int i = 0; i < run.live_count; i++) {
        if (run.live[i] == writer || (is_read && times_read(run.live[i], word) > 0)) {
            owners[count++] = run.live[i];
        }
    }
    return count;
}

static int owners_of_rwlock(const uint32_t *lock, Thread **owners)
{
    int count = 0;
    for (int i = 0; i < run.live_count; i++) {
        if (find_held(run.live[i], lock) != NULL || times_read(run.live[i], lock) > 0) {
            owners[count++] = run.live[i];
        }
    }
    return count;
}

static bool is_kind(const Thread *waiter, const char *kind)
{
    return strcmp(waiter->wait.kind, kind) == 0;
}

static int one_or_none(Thread *owner, Thread **owners)
{
    owners[0] = owner;
    return owner != NULL;
}

/* Whom the thread waits for, if its wait is what it looks like: each of them has to go on. */
static int supposed_owners(const Thread *waiter, Thread **owners)
{
    const Wait *wait = &waiter->wait;
    if (waiter->state != BLOCKED || wait->deadline != NEVER || is_signalled(waiter)) {
        return 0;
    }
    if (is_kind(waiter, "join")) {
        return one_or_none(awaited_end(waiter), owners);
    }
    if (is_kind(waiter, "once")) {
        return one_or_none(runner_of_once(wait->key), owners);
    }
    if (is_kind(waiter, "mutex")) {
        return one_or_none(owner_of_mutex(wait->key), owners);
    }
    if (is_kind(waiter, "rwlock")) {
        return owners_of_rwlock(wait->key, owners);
    }
    return is_kind(waiter, "futex") ? owners_of_word(wait->lock, owners) : 0;
}

static void find_class(Thread *thread)
{
    thread->wait.class = own_wait_class();
}

/* Whether the thread waits for that one indeed, and will do so till it has given up what it has. */
static bool waits_for(Thread *waiter, Thread *owner)
{
    if (!is_kind(waiter, "futex")) {
        return true;
    }
    if (waiter->wait.class == UNKNOWN) {
        ask(waiter, find_class);
    }
    uint32_t state = __atomic_load_n(waiter->wait.lock, __ATOMIC_RELAXED);
    switch (waiter->wait.class) {
    case MUTEX_LOCK:
        return owner == known_holder(waiter->wait.lock);
    case RELOCK: /* Nobody waits for himself where he has just given the lock up. */
        return owner == known_holder(waiter->wait.lock) && owner != waiter;
    case READ_LOCK:
    case WRITE_LOCK:
        return (state & OWNERS) == WRITE_LOCKED ? owner == known_writer(waiter->wait.lock)
                                                : times_read(owner, waiter->wait.lock) > 0;
    default:
        return false;
    }
}

typedef struct {
    Thread *thread;
    int before; /* who waits for it, by index; the first is where the search began */
} Reached;

/* The way to that one, from the first. */
static int way_to(const Reached *reached, int at, Thread **way)
{
    int length = 1;
    for (int i = at; i > 0; i = reached[i].before) {
        length++;
    }
    for (int i = at, place = length - 1; place >= 0; place--, i = reached[i].before) {
        way[place] = reached[i].thread;
    }
    return length;
}

/* The shortest way from the thread back to it, by breadth; 0 if there is none. */
static int find_ring(Thread *start, Thread **ring)
{
    static Reached reached[MAX_THREADS];
    static Thread *owners[MAX_THREADS];
    static bool seen[MAX_THREADS]; /* by number */
    memset(seen, 0, (size_t)run.created * sizeof *seen);
    int count = 1;
    reached[0] = (Reached){.thread = start};
    seen[start->number] = true;
    for (int at = 0; at < count; at++) {
        int found = supposed_owners(reached[at].thread, owners);
        for (int i = 0; i < found; i++) {
            if (owners[i] == start) {
                return way_to(reached, at, ring);
            }
            if (!seen[owners[i]->number]) {
                seen[owners[i]->number] = true;
                reached[count++] = (Reached){.thread = owners[i], .before = at};
            }
        }
    }
    return 0;
}

static bool is_certain(Thread *const *ring, int length)
{
    for (int i = 0; i < length; i++) {
        if (!waits_for(ring[i], ring[(i + 1) % length])) {
            return false;
        }
    }
    return true;
}

Thread *holder_of(Thread *waiter)
{
    static Thread *ring[MAX_THREADS], *owners[MAX_THREADS];
    int length = find_ring(waiter, ring);
    if (length > 0 && is_certain(ring, length)) {
        return ring[length > 1 ? 1 : 0];
    }
    int count = supposed_owners(waiter, owners);
    for (int i = 0; i < count; i++) {
        if (waits_for(waiter, owners[i])) {
            return owners[i];
        }
    }
    return NULL;
}

void end_if_in_ring(void)
{
    static Thread *ring[MAX_THREADS];
    int length = find_ring(self, ring);
    /* A deadlock of all is found anyhow. */
    if (length > 0 && somebody_could_go_on() && is_certain(ring, length)) {
        end_in_ring(ring, length);
    }
}
