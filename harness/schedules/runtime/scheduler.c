/* The core: the baton that one thread holds, and who may be chosen to hold it next.
 *
 * A thread that spins (SPIN_LIMIT events in a row that changed nothing) rests until somebody changes
 * something; one that was chosen RUN_LIMIT times in a row rests until the others have had a chance,
 * and so do all others if one was passed by STARVING_LIMIT times in a row.
 * So no strategy can run waiting threads for ever.  The clock moves when nobody can run or all
 * who can are spinning, and have looked on for a while: to the next timeout, or by SPIN_TIME, so that
 * a busy wait for the clock ends.
 * And lest a busy wait that changes things outlast the run, a timeout fires after STALL_LIMIT steps. */
#include "controlled.h"

#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

__thread Thread *self;

#define RETURN_GRACE ((Nanoseconds)20000000) /* real time for one who was passed over to come back */

Run run; /* all zeroes, so that it takes no room in the executable */

static Thread *offered[MAX_THREADS]; /* those whom the strategy may choose now, by number */
static uint64_t arrivals;
static Thread *asker; /* who lends the others the baton to say something of their waits… */
static void (*question)(Thread *thread); /* …by this function */

/* --- the baton ---------------------------------------------------------------------------- */

static void call_futex(uint32_t *word, int operation, uint32_t value)
{
    REAL(syscall)(SYS_futex, word, operation, value, NULL, NULL, 0);
}

static void give_baton(Thread *thread)
{
    __atomic_store_n(&thread->baton, 1, __ATOMIC_RELEASE);
    call_futex(&thread->baton, FUTEX_WAKE_PRIVATE, 1);
}

static void sleep_for_baton(Thread *thread)
{
    thread->awaits_baton = true; /* it may have been given it, and only be slow to wake */
    while (__atomic_exchange_n(&thread->baton, 0, __ATOMIC_ACQUIRE) == 0) {
        call_futex(&thread->baton, FUTEX_WAIT_PRIVATE, 0);
    }
    thread->awaits_baton = false;
}

void await_baton(Thread *thread)
{
    sleep_for_baton(thread);
    while (asker != NULL) {
        question(thread);
        give_baton(asker);
        sleep_for_baton(thread);
    }
    await_departed();
}

void ask(Thread *thread, void (*ask_it)(Thread *thread))
{
    if (thread == self) {
        ask_it(thread);
        return;
    }
    bool rested = run.resting;
    run.resting = true; /* the watcher is not to take this for blocking */
    asker = self;
    question = ask_it;
    give_baton(thread);
    sleep_for_baton(asker);
    asker = NULL;
    run.resting = rested;
}

static void hold(Thread *thread)
{
    if (thread->passing == PASSED) {
        thread->returned = 0;
        thread->passing = NOT_PASSED;
        run.passed_over--;
    }
    run.holder = thread;
}

void hand_baton(Thread *thread)
{
    hold(thread);
    give_baton(thread);
}

static void pass_baton(Thread *next)
{
    Thread *me = self;
    if (next != me) {
        hand_baton(next);
        await_baton(me);
    } else {
        hold(me);
    }
}

/* --- who may be chosen -------------------------------------------------------------------- */

static bool resting(const Thread *thread)
{
    return thread->worn || (thread->idle >= SPIN_LIMIT && thread->seen == run.changes);
}

/* Somebody who could go on is left out of a choice: a program that counts how often it spins could
 * have gone another way, and whoever has seen all other choices has not seen all runs. */
static void note_rest(void)
{
    static bool is_noted;
    if (!is_noted) {
        is_noted = true;
        log_record("note rested");
    }
}

/* A signal may have come for one who waits for another's act alone, at any moment: hence the count is
 * read first. */
static void stir_signalled(void)
{
    uint32_t noted = __atomic_load_n(&signals_noted, __ATOMIC_SEQ_CST);
    for (int i = 0; run.signals_seen != noted && i < run.live_count; i++) {
        if (run.live[i]->noted_count > 0) {
            stir(run.live[i]);
        }
    }
    run.signals_seen = noted;
}

/* Asks those alone who may go on: what a decision costs does not grow with those who wait. */
static int offer_awake(void)
{
    int count = 0, able = 0;
    bool rests = false;
    stir_signalled();
    for (int i = 0; i < run.stirring_count; i++) {
        Thread *thread = run.stirring[i];
        settle(thread);
        if (thread->state == RUNNABLE && resting(thread)) {
            rests = true;
        } else if (thread->state == RUNNABLE) {
            offered[count++] = thread;
            able += !has_to_wait(thread);
        }
    }
    if (rests && able > 0) {
        note_rest();
    }
    if (settings.for_nothing && able > 0) {
        count = offer_for_nothing(offered, count);
    }
    return able > 0 ? count : 0;
}

static bool somebody_is_worn(void)
{
    for (int i = 0; i < run.stirring_count; i++) {
        if (run.stirring[i]->state == RUNNABLE && run.stirring[i]->worn) {
            return true;
        }
    }
    return false;
}

static bool rouse_worn(void)
{
    bool any = false;
    for (int i = 0; i < run.live_count; i++) {
        any |= run.live[i]->state == RUNNABLE && run.live[i]->worn;
        run.live[i]->worn = false;
    }
    return any;
}

static bool rouse_spinning(void)
{
    bool any = false;
    for (int i = 0; i < run.live_count; i++) {
        any |= run.live[i]->state == RUNNABLE && !has_to_wait(run.live[i]);
        run.live[i]->idle = 0;
    }
    return any;
}

static bool somebody_runnable(void)
{
    for (int i = 0; i < run.live_count; i++) {
        if (run.live[i]->state == RUNNABLE && !has_to_wait(run.live[i])) {
            return true;
        }
    }
    return false;
}

/* Moves the clock to the next thing that is due, if anything is. */
static bool fire_next(Thread *sleeper)
{
    Nanoseconds timer = next_timer();
    if (sleeper != NULL && sleeper->wait.deadline <= timer) {
        fire(sleeper);
        sleeper->fired = true;
        return true;
    }
    if (timer == NEVER) {
        return false;
    }
    if (timer > run.clock) {
        advance_clock(timer - run.clock);
    }
    fire_timers();
    return true;
}

/* Who spins need not wait for the clock: most locks look a few times before they sleep, and a sleep
 * of others that ended meanwhile would be none.  So they may look on for a while first. */
static bool rouse_slow(void)
{
    bool any = false;
    for (int i = 0; i < run.live_count; i++) {
        Thread *thread = run.live[i];
        if (thread->state == RUNNABLE && !has_to_wait(thread) && thread->looks < SLOW_LOOKS) {
            thread->looks++;
            thread->idle = SPIN_LIMIT - LOOK_EVENTS;
            any = true;
        }
    }
    return any;
}

/* Nobody is awake: rouses somebody, lets time move, or finds the deadlock. */
static void rouse_somebody(void)
{
    if (rouse_worn()) {
        return;
    }
    Thread *sleeper = earliest();
    if (run.passed_over > 0 && settle_passed_over(RETURN_GRACE)) {
        return;
    }
    bool somebody_spins = somebody_runnable();
    if (somebody_spins && rouse_slow()) {
        return;
    }
    if (wait_outside(sleeper, somebody_spins) || fire_next(sleeper)) {
        if (somebody_spins) {
            note_rest();
        }
        return;
    }
    if (rouse_spinning()) {
        pass_busily(SPIN_TIME);
    } else if (run.passed_over == 0) { /* else they are all that is left to wait for */
        end_run("deadlock", EXIT_DEADLOCK);
    }
}

/* A busy wait that changes things may outlast the run, had the clock to wait for it. */
static void end_stall(void)
{
    if (run.steps - run.clock_moved_at >= STALL_LIMIT) {
        fire_next(earliest());
        run.clock_moved_at = run.steps;
    }
}

static int offer(void)
{
    depart();
    end_stall();
    fire_timers();
    if (run.passed_over > 0) {
        settle_passed_over(0);
    }
    int count;
    while ((count = offer_awake()) == 0) {
        rouse_somebody();
    }
    return count;
}

/* --- decisions ---------------------------------------------------------------------------- */

static void hash_choice(const Thread *chosen)
{
    run.hash = (run.hash ^ run.decisions) * 0x100000001b3u;
    run.hash = (run.hash ^ (uint64_t)chosen->number) * 0x100000001b3u;
}

static void wear(Thread *chosen, bool stays)
{
    chosen->passed_by = 0;
    chosen->run = stays ? chosen->run + 1 : 1;
    /* One more each time: else a loop whose length divides the limit always rests at one point of
     * it, which may be just where it holds what the others wait for. */
    if (chosen->run >= RUN_LIMIT + chosen->rests) {
        chosen->worn = true;
        chosen->rests++;
        chosen->run = 0;
    }
}

/* Those who were offered and not chosen; all others rest if one of them starves, be they blocked just
 * now: threads that poll by turns would else be back before it had done anything. */
static void pass_by(int count, const Thread *chosen)
{
    bool somebody_starves = false;
    for (int i = 0; i < count; i++) {
        somebody_starves |= offered[i] != chosen && ++offered[i]->passed_by >= STARVING_LIMIT;
    }
    for (int i = 0; somebody_starves && i < run.live_count; i++) {
        run.live[i]->worn |= run.live[i]->passed_by < STARVING_LIMIT;
    }
}

static void log_place(void)
{
    uintptr_t place = own_place();
    if (place != 0) {
        log_record("at %llu +0x%tx", (unsigned long long)run.decisions, offset_of(place));
    }
}

static Thread *choose_among(int count, bool yielding)
{
    bool can_run = self->state == RUNNABLE && !has_to_wait(self);
    bool rests = can_run && resting(self);
    Decision decision = {
        .number = run.decisions,
        .runnable = offered,
        .count = count,
        .current = can_run && !rests ? self : NULL,
        .yielding = can_run && (yielding || rests),
    };
    Thread *chosen = strategy_choose(&decision);
    log_decision(&decision, self, chosen, !can_run ? 'b' : decision.yielding ? 'y' : '-');
    if (run.decisions < settings.places) {
        log_place();
    }
    hash_choice(chosen);
    run.decisions++;
    if (chosen != self) {
        self->early_run = 0;
    }
    wear(chosen, chosen == self);
    pass_by(count, chosen);
    return chosen;
}

static Thread *choose_only(void)
{
    if (somebody_is_worn()) {
        wear(offered[0], offered[0] == self);
    }
    return offered[0];
}

Thread *choose(bool yielding)
{
    if (++run.steps > settings.step_limit) {
        end_run("bound", EXIT_BOUND);
    }
    self->due = false;
    step_end();
    memory_settle();
    int count;
    Thread *chosen;
    do {
        count = offer();
        chosen = count > 1 ? choose_among(count, yielding) : choose_only();
    } while (settings.for_nothing && come_for_nothing(&chosen, offered, count));
    step_begin(offered, count, chosen);
    return chosen;
}

bool controlled(void)
{
    Thread *me = self;
    if (me == NULL || !run.active) {
        return false;
    }
    enter(me);
    return !run.ended;
}

bool alone(void)
{
    return run.live_count == 1;
}

bool undisturbed(void)
{
    return alone() && next_timer() == NEVER;
}

void decide(bool yielding)
{
    if (controlled() && goes_on(self)) {
        self->due = true;
    } else if (controlled() && !undisturbed()) {
        int error = errno; /* the program does not know that it called us */
        pass_baton(choose(yielding));
        memory_unsettle(); /* it may go on in code without hooks */
        errno = error;
    }
}

/* What the last events of the thread left for its next. */
__attribute__((noinline)) static void attend(Thread *me)
{
    raw_calls_catch_again();
    if (me->lie.frame != NULL) {
        take_back(&me->lie);
    }
    if (me->noted_count > 0 && controlled()) {
        run_handlers();
    }
    me->attention = false;
    if (note_unseen(me) || me->noted_count > 0) {
        me->attention = true;
    }
}

void decide_if_due(void)
{
    Thread *me = self;
    if (me == NULL) {
        return;
    }
    enter(me);
    if (me->attention) {
        attend(me);
    }
    if (me->due && !goes_on(me)) {
        decide(false);
    }
}

void happened(Effect effect)
{
    memory_unsettle();
    if (settings.touches && controlled()) {
        touch_untold();
    }
    if (!controlled() || undisturbed()) {
        return;
    }
    self->events++;
    self->due = true;
    run.changes += effect == CHANGED;
    if (self->seen != run.changes) {
        self->seen = run.changes;
        self->idle = 0;
        self->looks = 0;
    }
    self->idle += effect == UNCHANGED;
    if (self->idle >= SPIN_LIMIT) {
        self->whole_call = NULL; /* others are let in, for whom it may wait */
    }
}

Wakeup block(Wait wait)
{
    Thread *me = self;
    if (settings.touches) {
        touch_untold();
    }
    me->events++;
    me->idle = 0;
    me->wait = wait;
    me->wait_rank = ++arrivals;
    me->state = BLOCKED;
    if (wait.deadline == NEVER && wait.descriptor_count == 0 && wait.holds == NULL &&
        me->noted_count == 0) {
        still(me); /* a signal that comes from here on is counted */
    }
    end_if_in_ring();
    pass_baton(choose(false));
    memory_unsettle();
    Wakeup wakeup = me->wakeup;
    bool ends = me->noted_count > 0 && run_handlers();
    if (wakeup != INTERRUPTED) {
        return wakeup;
    }
    ends = wait.on_signal == ENDS || (wait.on_signal == ENDS_UNLESS_RESTARTED && ends);
    return ends ? INTERRUPTED : RESUMED;
}

/* --- threads ------------------------------------------------------------------------------ */

Thread *thread_add(void)
{
    if (run.created == MAX_THREADS) {
        end_run("bound", EXIT_BOUND);
    }
    Thread *thread = &run.threads[run.created];
    thread->number = run.created++;
    run.live[run.live_count++] = thread;
    stir(thread);
    strategy_new_thread(thread);
    return thread;
}

void thread_withdraw(Thread *thread)
{
    still(thread);
    memset(thread, 0, sizeof *thread);
    run.created--;
    run.live_count--;
}

static void come_under_control(Thread *thread)
{
    thread->kernel_id = (int)REAL(syscall)(SYS_gettid);
    signals_enter(thread);
    raw_calls_catch();
    self = thread;
}

void thread_enter(Thread *thread)
{
    thread->stack_top = __builtin_frame_address(0);
    come_under_control(thread);
    await_baton(thread);
}

static void remove_from_live(const Thread *thread)
{
    int at = 0;
    while (run.live[at] != thread) {
        at++;
    }
    run.live_count--;
    memmove(run.live + at, run.live + at + 1, (size_t)(run.live_count - at) * sizeof *run.live);
}

void thread_finish(void)
{
    Thread *me = self;
    if (!controlled()) {
        return;
    }
    log_record("f %d", me->number);
    note_departing(me);
    memory_thread_ends();
    me->state = FINISHED;
    run.changes++;
    still(me);
    forget_held(me);
    remove_from_live(me);
    wake(me, ALL_WAITERS, ALL_BITS);
    Thread *next = run.live_count > 0 ? choose(false) : NULL;
    self = NULL;
    if (next != NULL) {
        hand_baton(next);
    }
}

Thread *thread_by_handle(pthread_t handle)
{
    /* From the latest: a handle may be used again once its thread is gone. */
    for (int i = run.created - 1; i >= 0; i--) {
        if (pthread_equal(run.threads[i].handle, handle)) {
            return &run.threads[i];
        }
    }
    return NULL;
}

/* --- the run ------------------------------------------------------------------------------ */

void scheduler_start(void)
{
    run.hash = 0xcbf29ce484222325u; /* where FNV-1a starts */
    strategy_start();
    Thread *main_thread = thread_add();
    main_thread->handle = pthread_self();
    /* The main thread's stack is the topmost mapping. */
    main_thread->stack_top = (const char *)UINTPTR_MAX;
    main_thread->random_state = 1;
    run.holder = main_thread;
    come_under_control(main_thread);
    vdso_replace();
    watcher_prepare();
    run.active = true;
}
