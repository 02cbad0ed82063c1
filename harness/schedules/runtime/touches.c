/* What each step of a run touches, for a search that makes one run of each trace (dpor.py), and what
 * that search asks for: who sleeps, and that nobody tries what he would have to wait for.
 *
 * A step is what a thread does from one choice to the next.  What no hook tells of is looked for: the
 * standard library's own code changes words that it inlined accesses of into the program (silent
 * writes), and the buffer of stdout.  What cannot be found is named ("hidden"), and an event that no
 * hook has told of may touch anything.  Nothing here runs unless it was asked for. */
#include "controlled.h"
#include "question.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_WORDS = 1000 };
enum { EXIT_ASLEEP = 69 };
/* A word that the program's threads use, and what it was after the last step.  Memory is used again:
 * its name has in its upper bits how often it was freed. */
typedef struct {
    uint64_t address, name, value;
    unsigned size;
    bool gone;
    bool awaited; /* it counts down, and somebody waits until it is 0 */
} Word;

static Touch touches[MOST_TOUCHES];
static int touch_count;
static bool wrote_line; /* in this step */
static bool ends;       /* it is the last */
static char chosen_from[400] = "- 0"; /* the decision of the step, and who could have been chosen */
static int chosen_as; /* the number by which its thread was chosen */
static bool came_for_nothing; /* something did: once is enough */
static Question question;
static Word words[MOST_WORDS];
static int word_count;

void hide(const char *what)
{
    if (!settings.touches) {
        return;
    }
    static const char *told[16];
    size_t count = sizeof told / sizeof *told, i = 0;
    while (i < count && told[i] != NULL && strcmp(told[i], what) != 0) {
        i++;
    }
    if (i < count && told[i] == NULL) {
        told[i] = what;
        log_record("hidden %s", what);
    }
}

/* --- what was asked for ------------------------------------------------------------------- */

bool touches_parse(const char *text)
{
    bool has_room = question_parse(&question, text);
    settings.lines_commute = question.lines_commute;
    settings.for_nothing = question.for_nothing;
    return has_room;
}

/* --- touches ------------------------------------------------------------------------------ */

static bool is_followed(void)
{
    return settings.touches && run.created > 1 && controlled();
}

static void add(Touch touch)
{
    for (int i = 0; i < touch_count; i++) {
        if (memcmp(&touches[i], &touch, sizeof touch) == 0) {
            return;
        }
    }
    if (touch_count < MOST_TOUCHES) {
        touches[touch_count++] = touch;
    } else {
        touches[0] = (Touch){.kind = '*', .left = NOT_DOWN};
    }
}

static Touch touch_of(char kind, uint64_t object, int64_t left)
{
    Touch touch;
    memset(&touch, 0, sizeof touch); /* they are compared byte by byte */
    touch.kind = kind;
    touch.object = object;
    touch.left = left;
    return touch;
}

void touch(char kind, uint64_t object)
{
    if (is_followed()) {
        add(touch_of(kind, object, NOT_DOWN));
    }
}

void tell(char kind, uint64_t object)
{
    touch(kind, object);
    if (self != NULL) {
        self->told = true;
        if (self->dropping != NULL) {
            hide("the drop of a result");
        }
    }
}

/* Where sleeps end at once, they move the clock, and commute with all but a look at it. */
static void note_clock(bool read, bool slept)
{
    static bool was_read, was_slept;
    was_read |= read;
    was_slept |= slept;
    if (settings.sleepless && was_read && was_slept) {
        hide("clock");
    }
}

/* Lines that commute are each thread's own, but for what may end the run. */
void tell_line(void)
{
    tell('w', settings.lines_commute ? (uint64_t)OWN_LINES + (uint64_t)self->number : STDOUT_OBJECT);
    wrote_line = true;
}

void tell_sleep(void)
{
    note_clock(false, true);
    if (settings.sleepless) {
        self->told = true;
    } else {
        tell('w', CLOCK_OBJECT);
    }
}

void tell_reading(void)
{
    note_clock(true, false);
    tell('w', CLOCK_OBJECT);
}

/* With nobody to choose from, a step is one event all the same: a join in the midst of it would order
 * what was before, too. */
void touches_part(void)
{
    if (settings.touches && undisturbed() && !goes_on(self)) {
        step_end();
        step_begin(&self, 1, self);
    }
}

void touch_untold(void)
{
    if (!self->told) {
        touch('*', 0);
    }
    self->told = false;
    touches_part();
}

/* --- words -------------------------------------------------------------------------------- */

static void lose(Word *word)
{
    word->gone = true;
    word->name += (uint64_t)1 << 48;
}

static Word *find_word(const void *address)
{
    for (int i = 0; i < word_count; i++) {
        if (words[i].address == (uint64_t)address) {
            return &words[i];
        }
    }
    return NULL;
}

static Word *know_word(const void *address, unsigned size)
{
    Word *word = find_word(address);
    if (word == NULL && word_count == MOST_WORDS) {
        hide("too-many-words");
        return NULL;
    }
    if (word == NULL) {
        word = &words[word_count++];
        word->address = word->name = (uint64_t)address;
        word->gone = true;
    }
    if (word->gone || word->size != size) {
        word->gone = false;
        word->size = size;
        word->value = 0;
        memcpy(&word->value, address, size);
    }
    return word;
}

/* Inside of a channel what a thread changes is what others wait for, and no lock.  In which order the
 * threads of a scope end nobody learns who waits for all of them. */
static char kind_of_change(const Word *word, uint64_t old, uint64_t new)
{
    bool lets_go = goes_on(self) && word->size == sizeof(uint64_t);
    return word->awaited ? 'n' : lets_go ? 'u' : old == 0 && new != 0 ? 't' : old != 0 && new == 0 ? 'u' : 'w';
}

void tell_access(const void *address, unsigned size, bool changes, uint64_t old, uint64_t new)
{
    if (!is_followed()) {
        return;
    }
    Word *word = know_word(address, size);
    if (word == NULL) {
        tell('*', 0);
        return;
    }
    tell(changes ? kind_of_change(word, old, new) : 'r', word->name);
    word->value = new;
}

/* How the library counts references is not seen by whoever holds one, but by the last; and not by him
 * either, if it is a thread's own to which the other is the handle that nobody joins: there is nothing
 * to be done then but to give memory back. */
void tell_update(const void *address, unsigned size, uint64_t old, uint64_t new)
{
    bool may_count = is_followed() && size == sizeof(void *);
    AccessSite site = may_count ? own_access_site() : OTHER_SITE;
    if (site == COUNT_SITE || site == THREAD_COUNT_SITE) {
        Word *word = know_word(address, size);
        if (word != NULL) {
            bool tells = site == COUNT_SITE && new < old;
            add(touch_of('n', word->name, tells ? (int64_t)new : NOT_DOWN));
            word->value = new;
            self->told = true;
            return;
        }
    }
    tell_access(address, size, true, old, new);
}

/* Whoever has found a message has learnt of the other end of the channel only that there was one.  It
 * comes after whoever sent it, and could not have come before: a slot is like a lock that was let go.
 * With nobody left to send any, it comes after the last of those. */
static bool tell_received(const void *address)
{
    const Channel *channel = self->received_from;
    if (channel == NULL || !goes_on(self)) {
        return false;
    }
    AccessSite site = own_access_site();
    bool looks = site == RECEIVE_SITE && address == (const void *)&channel->tail;
    bool is_slot = site == SLOT_SITE || (site == BOUND_RECEIVE_SITE && address != (const void *)channel);
    if (looks && channel->head >> 1 != channel->tail >> 1) {
        self->told = true;
        return true;
    }
    if (looks || is_slot) {
        tell_taken(address);
        return true;
    }
    return false;
}

/* A Once that was looked at may be run, or waited for, in code that has no hooks, up to the next. */
void tell_load(const void *address, unsigned size, uint64_t value)
{
    if (!is_followed() || (size == sizeof(uint64_t) && tell_received(address))) {
        return;
    }
    tell_access(address, size, false, value, value);
    if (size == sizeof(uint32_t) && own_access_site() == ONCE_SITE) {
        self->echo = address;
        touch('w', know_word(address, size) != NULL ? find_word(address)->name : 0);
    }
}

static void touch_word(const Word *word)
{
    touch(word != NULL ? 'w' : '*', word != NULL ? word->name : 0);
}

/* An RwLock has two words, one beside the other. */
static void touch_neighbours(const char *address)
{
    for (int offset = -4; offset <= 4; offset += 8) {
        const Word *word = find_word(address + offset);
        if (word != NULL && word->size == sizeof(uint32_t)) {
            touch_word(word);
        }
    }
}

/* The library's own code around this call uses the word; if the program does not, it is one of many
 * that go together, unless it is known what the library does there. */
void touch_futex(const void *address)
{
    if (!is_followed()) {
        return;
    }
    for (int i = 0; settings.for_nothing && i < run.live_count; i++) {
        if (run.live[i]->wait.key == address) {
            run.live[i]->waits_anew = true;
            run.live[i]->was_offered = false;
        }
    }
    if (find_word(address) != NULL) {
        touch_word(find_word(address));
        return;
    }
    switch (own_futex_site()) {
    case BARRIER_FUTEX:
        touch('w', BARRIERS_OBJECT);
        break;
    case OWN_FUTEX:
        touch_word(know_word(address, sizeof(uint32_t)));
        touch_neighbours(address);
        break;
    default:
        touch('*', 0);
    }
}

/* What a thread does that comes out of a barrier does not matter to those who do, too. */
void tell_woken(const void *address, Wakeup wakeup)
{
    bool is_let_out = wakeup == WOKEN && is_followed() && find_word(address) == NULL &&
                      own_futex_site() == BARRIER_FUTEX;
    if (!is_let_out) {
        touch_futex(address);
    }
    tell_taken_again();
}

void tell_futex(const void *address)
{
    touch_futex(address);
    self->told = true;
}

void words_freed(void *block)
{
    uint64_t start = (uint64_t)block, end = start + (word_count > 0 ? malloc_usable_size(block) : 0);
    for (int i = 0; i < word_count; i++) {
        if (!words[i].gone && words[i].address >= start && words[i].address < end) {
            lose(&words[i]);
        }
    }
}

/* Reads as many of the words as can be read, from this one on, in one system call. */
static int read_words(int from, uint64_t *values)
{
    static struct iovec here[MOST_WORDS], there[MOST_WORDS];
    for (int i = from; i < word_count; i++) {
        size_t size = words[i].gone ? 0 : words[i].size;
        values[i] = 0;
        here[i] = (struct iovec){&values[i], size};
        there[i] = (struct iovec){(void *)words[i].address, size};
    }
    size_t count = (size_t)(word_count - from);
    long got = REAL(syscall)(SYS_process_vm_readv, (long)getpid(), here + from, count, there + from,
                             count, 0L);
    if (got < 0 && errno != EFAULT) {
        hide("silent-writes");
        return word_count;
    }
    int at = from;
    while (at < word_count && got >= (long)here[at].iov_len) {
        got -= (long)here[at++].iov_len;
    }
    return at;
}

static void find_silent_writes(void)
{
    static uint64_t values[MOST_WORDS];
    for (int at = 0; at < word_count; at++) {
        int end = read_words(at, values);
        for (; at < end; at++) {
            if (!words[at].gone && values[at] != words[at].value) {
                char kind = kind_of_change(&words[at], words[at].value, values[at]);
                add(touch_of(kind, words[at].name, NOT_DOWN));
                words[at].value = values[at];
            }
        }
        if (at < word_count) {
            lose(&words[at]); /* its memory is not there any more */
        }
    }
}

/* At its end the library gives stdout a buffer without room: the words that were its size and its address
 * are 0 and 1 then, wherever they stand. */
static bool was_closed(const char *before, const char *now, size_t size)
{
    enum { ROOM = 1024, NOWHERE = 1, LEAST_ADDRESS = 1 << 16 };
    bool is_roomless = false, is_nowhere = false;
    for (size_t at = 0; at + sizeof(uint64_t) <= size; at += sizeof(uint64_t)) {
        uint64_t old, new;
        memcpy(&old, before + at, sizeof old);
        memcpy(&new, now + at, sizeof new);
        is_roomless |= old == ROOM && new == 0;
        is_nowhere |= old >= LEAST_ADDRESS && new == NOWHERE;
    }
    return is_roomless && is_nowhere;
}

/* What is printed without a line's end stays in the library's buffer. */
static void find_silent_output(void)
{
    enum { MOST = 512 };
    static char before[MOST];
    static const char *stream;
    static size_t size;
    static bool sought;
    if (!sought) {
        sought = true;
        stream = object_named("5stdio6STDOUT", &size);
        size = size < MOST ? size : MOST;
        if (stream == NULL) {
            hide("stdout");
        } else {
            memcpy(before, stream, size);
        }
    }
    if (settings.lines_commute && undisturbed()) {
        return; /* a step ends in the midst of a print, then; what is left of it comes to light later */
    }
    if (stream != NULL && memcmp(before, stream, size) != 0) {
        static bool was_made; /* with the first line; what the library does to it at the end is no line */
        if (settings.lines_commute && was_closed(before, stream, size)) {
            touch('*', 0); /* whoever prints from now on does so in parts */
        } else if (settings.lines_commute && (was_made || !wrote_line) && !ends) {
            hide("parts-of-lines");
        }
        was_made = true;
        memcpy(before, stream, size);
        if (!settings.lines_commute) {
            touch('w', STDOUT_OBJECT);
        }
    }
    wrote_line = false;
}

/* --- sleepers ----------------------------------------------------------------------------- */

static bool is_asleep(const Thread *thread)
{
    return question_has_asleep(&question, thread->number, run.decisions);
}

static void wake_sleepers(void)
{
    question_wake(&question, run.decisions, touches, touch_count);
}

/* The default rule among those who can go on and are awake. */
Thread *choose_awake(const Decision *decision)
{
    if (decision->current != NULL && !decision->yielding && !is_asleep(decision->current)) {
        return decision->current;
    }
    Thread *chosen = NULL;
    for (int i = 0; i < decision->count; i++) {
        Thread *thread = decision->runnable[i];
        if (thread->number < WAKERS && !has_to_wait(thread) && !is_asleep(thread) &&
            (chosen == NULL || chosen == decision->current)) {
            chosen = thread;
        }
    }
    for (int i = 0; chosen == NULL && i < decision->count; i++) {
        int number = decision->runnable[i]->number;
        if (WAKERS <= number && number < FAILERS && !is_asleep(decision->runnable[i])) {
            chosen = decision->runnable[i]; /* whom it wakes may wake those who sleep */
        }
    }
    if (chosen == NULL) {
        end_run("asleep", EXIT_ASLEEP);
    }
    return chosen;
}

/* --- steps -------------------------------------------------------------------------------- */

static bool is_of_threads(const Touch *touch)
{
    return touch->kind == 'e' || touch->kind == 'j';
}

static void log_touch(const Touch *touch)
{
    char text[64];
    unsigned long long object = touch->object;
    int length = strchr("!*", touch->kind) != NULL ? snprintf(text, sizeof text, " %c", touch->kind)
                 : is_of_threads(touch) ? snprintf(text, sizeof text, " %c:%llu", touch->kind, object)
                                        : snprintf(text, sizeof text, " %c:%llx", touch->kind, object);
    if (touch->left != NOT_DOWN) {
        snprintf(text + length, sizeof text - (size_t)length, ":%lld", (long long)touch->left);
    }
    log_text(text);
}

static void log_step(int number)
{
    char start[sizeof chosen_from + 16];
    snprintf(start, sizeof start, "touch %d %s", number, chosen_from);
    log_text(start);
    for (int i = 0; i < touch_count; i++) {
        log_touch(&touches[i]);
    }
    log_text("\n");
}

void step_end(void)
{
    if (!is_followed()) {
        return;
    }
    find_silent_writes();
    find_silent_output();
    if (touch_count == 0 && (has_to_wait(self) || self->may_fail != NULL)) {
        run.vain_steps++;
        return; /* it was chosen in vain, and has done nothing */
    }
    if (self->fired && touch_count > 0) {
        self->fired = false;
        add(touch_of('!', 0, NOT_DOWN));
    }
    log_step(chosen_as >= FAILERS ? chosen_as : self->number);
    wake_sleepers();
    touch_count = 0;
    self->told = false;
    for (int i = 0; settings.for_nothing && i < run.live_count; i++) {
        run.live[i]->waits_anew &= !run.live[i]->was_offered;
        run.live[i]->was_offered = false;
    }
}

static void note_choice(Thread **offered, int count)
{
    size_t used = count > 1 ? (size_t)snprintf(chosen_from, sizeof chosen_from, "%llu",
                                               (unsigned long long)run.decisions - 1)
                            : (size_t)snprintf(chosen_from, sizeof chosen_from, "-");
    if (used + (size_t)count * 5 > sizeof chosen_from) {
        hide("too-many-threads");
    }
    char before = ' ';
    for (int i = 0; i < count && used < sizeof chosen_from - 12; i++) {
        if (!has_to_wait(offered[i])) {
            used += (size_t)snprintf(chosen_from + used, sizeof chosen_from - used, "%c%d", before,
                                     offered[i]->number);
            before = ',';
        }
    }
}

void step_begin(Thread **offered, int count, Thread *chosen)
{
    if (!settings.touches) {
        return;
    }
    if (count == 1 && is_asleep(chosen)) {
        end_run("asleep", EXIT_ASLEEP);
    }
    note_choice(offered, count);
    if (chosen->echo != NULL) {
        touch_futex(chosen->echo);
        chosen->echo = NULL;
    }
}

/* --- what comes for nothing ---------------------------------------------------------------- */

/* That a wait wakes, or a weak exchange fails, is a step of somebody who waits for the occasion.  One of
 * them comes in a run: a loop around a wait could be woken for ever.  Waking somebody commutes with all
 * that does not touch the word that is waited on: it is offered as soon as that is so, and again
 * whenever somebody has touched it. */
enum { MOST_OFFERED = 64 };

static Thread for_nothing[2 * MOST_OFFERED];

static Thread *add_for_nothing(int kind, const Thread *thread)
{
    Thread *one = &for_nothing[(kind == WAKERS ? 0 : MOST_OFFERED) + thread->number];
    one->number = kind + thread->number;
    one->state = RUNNABLE;
    return one;
}

int offer_for_nothing(Thread **offered, int count)
{
    int real = count;
    for (int i = 0; i < run.live_count && !came_for_nothing; i++) {
        Thread *thread = run.live[i];
        if (thread->number < MOST_OFFERED && thread->waits_anew && may_wake(thread)) {
            thread->was_offered = true;
            offered[count++] = add_for_nothing(WAKERS, thread);
        }
    }
    for (int i = 0; i < real && !came_for_nothing; i++) {
        const Thread *thread = offered[i];
        uint64_t value = 0;
        if (thread->may_fail != NULL && thread->number < MOST_OFFERED) {
            memcpy(&value, thread->may_fail, find_word(thread->may_fail)->size);
            if (value == thread->fails_unless) {
                offered[count++] = add_for_nothing(FAILERS, thread);
            }
        }
    }
    return count;
}

static void log_woken(const Thread *waker, Thread *thread)
{
    const Word *word = know_word(thread->wait.key, sizeof(uint32_t));
    touch_count = 0;
    add(word != NULL ? touch_of('w', word->name, NOT_DOWN) : touch_of('*', 0, NOT_DOWN));
    log_waking(thread);
    wake_one(thread);
    find_silent_writes();
    add(touch_of('e', (uint64_t)thread->number, NOT_DOWN));
    log_step(waker->number);
    wake_sleepers();
    touch_count = 0;
}

bool come_for_nothing(Thread **chosen, Thread **offered, int count)
{
    int number = (*chosen)->number;
    chosen_as = number;
    if (number < WAKERS) {
        return false;
    }
    came_for_nothing = true;
    Thread *thread = &run.threads[number % MAX_THREADS];
    if (number >= FAILERS) {
        thread->fails = true;
        *chosen = thread;
        return false;
    }
    note_choice(offered, count);
    log_woken(*chosen, thread);
    return true;
}

void may_wake_for_nothing(WaitClass class)
{
    if (settings.for_nothing && is_followed() && is_own_wait(class)) {
        if (self->number >= MOST_OFFERED) {
            hide("too-many-threads");
        }
        self->waits_anew = true;
        touch('e', (uint64_t)(WAKERS + self->number));
    }
}

void may_fail_for_nothing(const void *address, unsigned size, uint64_t expected,
                          uintptr_t return_address)
{
    if (!is_followed() || goes_on(self) || !is_weak_exchange(return_address)) {
        return;
    }
    if (self->number >= MOST_OFFERED || know_word(address, size) == NULL) {
        hide("too-many-threads");
        return;
    }
    self->may_fail = address;
    self->fails_unless = expected;
    self->due = true;
    decide_if_due();
    self->may_fail = NULL;
}

/* --- what would have to wait -------------------------------------------------------------- */

static void be_blocked(bool blocked)
{
    for (int i = 0; i < run.live_count; i++) {
        Thread *thread = run.live[i];
        if (blocked ? thread->state == RUNNABLE && has_to_wait(thread) : thread->set_aside) {
            thread->state = blocked ? BLOCKED : RUNNABLE;
            thread->set_aside = blocked;
        }
    }
}

void guards_as_waits(void)
{
    if (settings.touches) {
        be_blocked(true);
    }
}

static void wait_guarded(void)
{
    const char *call = self->whole_call;
    self->whole_call = NULL; /* nothing was done in it yet */
    decide_if_due();
    while (has_to_wait(self) && !undisturbed()) {
        be_blocked(true);
        end_if_in_ring();
        be_blocked(false);
        decide(false);
    }
    self->wanted = NULL;
    self->joined = NULL;
    self->awaited = NULL;
    self->whole_call = call;
}

/* Whoever has to wait there is told of as if in the system's own call. */
static Wait wait_at(const void *address, WaitClass class)
{
    return (Wait){.kind = "futex",
                  .key = address,
                  .bits = ALL_BITS,
                  .deadline = NEVER,
                  .class = class,
                  .lock = address};
}

static bool await_zero(const uint32_t *word)
{
    self->wanted = word;
    wait_guarded();
    return *(const volatile uint32_t *)word == 0;
}

bool await_lock(const void *address, uint64_t expected)
{
    if (!is_followed() || expected != 0 || goes_on(self) || own_access_site() != LOCK_SITE) {
        return false;
    }
    self->wait = wait_at(address, MUTEX_LOCK);
    return await_zero(address);
}

/* The count of a scope's threads goes down in the library's own code, which then unparks the one who
 * waits: with nobody parked, that changes nothing. */
bool await_scope(const void *address)
{
    if (!is_followed() || own_access_site() != SCOPE_SITE) {
        return false;
    }
    if (links_library("9functions4park") || links_library("9functions12park_timeout") ||
        links_library("6thread4park17h") || links_library("6thread12park_timeout17h")) {
        hide("park"); /* it may find that the scope has unparked it, which it did not wait for here */
    }
    Word *word = know_word(address, sizeof(uint64_t));
    if (word != NULL) {
        word->awaited = true;
    }
    self->wait = wait_at(address, OTHER_WAIT);
    return await_zero(address);
}

void await_message(const void *address)
{
    if (!is_followed() || !self->receives || !goes_on(self)) {
        return;
    }
    self->receives = false;
    AccessSite site = own_access_site();
    if (site != RECEIVE_SITE && site != BOUND_RECEIVE_SITE) {
        return;
    }
    self->wait = wait_at(address, OTHER_WAIT);
    self->awaited = address;
    wait_guarded();
    self->received_from = address;
}

void tell_taken(const void *address)
{
    Word *word = find_word(address);
    unsigned size = goes_on(self) ? sizeof(uint64_t) : sizeof(uint32_t);
    word = word != NULL ? word : know_word(address, size);
    tell(word != NULL ? 'a' : '*', word != NULL ? word->name : 0);
    if (word != NULL) {
        memcpy(&word->value, address, word->size);
    }
}

/* A wait on a condition variable takes its lock again in the library's own code. */
void will_take_again(WaitClass class, const uint32_t *lock)
{
    bool is_known = is_followed() && class == CONDVAR_WAIT && lock != NULL && find_word(lock) != NULL;
    self->takes_again = is_known ? lock : NULL;
}

void tell_taken_again(void)
{
    const uint32_t *lock = self->takes_again;
    self->takes_again = NULL;
    Word *word = lock != NULL ? find_word(lock) : NULL;
    if (word != NULL && is_followed()) {
        touch('a', word->name);
        word->value = 1;
    }
}

void await_end(const Thread *thread)
{
    if (!is_followed()) {
        return;
    }
    self->wait = (Wait){.kind = "join", .key = thread, .bits = ALL_BITS, .deadline = NEVER};
    self->joined = thread;
    wait_guarded();
    touch('j', (uint64_t)thread->number);
}

static volatile int departing; /* the kernel's number of a thread; 0: nobody's */

void note_departing(const Thread *thread)
{
    departing = settings.touches ? thread->kernel_id : 0;
}

/* On its way out the C library gives the thread's memory back, and nobody decides when: objects would be
 * here in one run and there in another, and steps could not be compared by them. */
void await_departed(void)
{
    if (departing == 0) {
        return;
    }
    run.resting = true;
    while (REAL(syscall)(SYS_tgkill, (long)getpid(), (long)departing, 0L) == 0) {
        really_sleep(10000);
    }
    run.resting = false;
    departing = 0;
}

/* --- the run ------------------------------------------------------------------------------ */

/* What the program may do without an event, and share by it: the names of files, the environment.  And
 * what the channels of an older library did in code of its own. */
void touches_start(void)
{
    if (!settings.touches) {
        return;
    }
    if (links_library("SignalToken")) {
        hide("channels");
    }
    const char *calls[] = {"unlink", "unlinkat", "rename",  "mkdir",   "rmdir",
                           "link",   "linkat",   "symlink", "readdir", "readdir64",
                           "chmod",  "setenv",   "chdir",   "ftruncate64"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (imports(calls[i])) {
            hide(calls[i]);
        }
    }
}

void touches_end(const char *kind)
{
    if (!settings.touches) {
        return;
    }
    if (strcmp(kind, "exit") == 0 && !alone()) {
        touch('*', 0); /* the others end here */
    }
    ends = true;
    if (self != NULL) {
        step_end();
    }
    for (int i = 0; i < run.live_count; i++) {
        const Thread *thread = run.live[i];
        bool is_back = thread->state == RUNNABLE || thread->set_aside;
        const uint32_t *wanted = is_back && thread->takes_again != NULL ? thread->takes_again
                                                                        : thread->wanted;
        const Word *word = wanted != NULL ? find_word(wanted) : NULL;
        if (word != NULL) {
            log_record("g %d %llx", run.live[i]->number, (unsigned long long)word->name);
        }
    }
}
