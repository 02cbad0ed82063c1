/* The core: the baton that one thread holds, and who may be chosen to hold it next.
 *
 * A thread that spins (SPIN_LIMIT events in a row that changed nothing) rests until somebody changes
 * something; one that was chosen RUN_LIMIT times in a row rests until the others have had a chance.
 * So no strategy can run one waiting thread for ever.  The clock moves when nobody can run or all
 * who can are spinning: to the next timeout, or by SPIN_TIME, so that a busy wait for the clock ends.
 * And lest a busy wait that changes things outlast the run, a timeout fires after STALL_LIMIT steps. */
#include "controlled.h"

#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

__thread Thread *self;

Run run = {.hash = 0xcbf29ce484222325u}; /* where FNV-1a starts */

static Thread *offered[MAX_THREADS]; /* those whom the strategy may choose now, by number */
static uint64_t arrivals;
static Thread *asker; /* who, at a deadlock, lends the others the baton to say where they wait */

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
    while (__atomic_exchange_n(&thread->baton, 0, __ATOMIC_ACQUIRE) == 0) {
        call_futex(&thread->baton, FUTEX_WAIT_PRIVATE, 0);
    }
}

static void await_baton(Thread *thread)
{
    sleep_for_baton(thread);
    while (asker != NULL) {
        log_wait(thread);
        give_baton(asker);
        sleep_for_baton(thread);
    }
}

void ask_for_wait(Thread *thread)
{
    if (thread == self) {
        log_wait(thread);
        return;
    }
    asker = self;
    give_baton(thread);
    sleep_for_baton(asker);
    asker = NULL;
}

static void pass_baton(Thread *next)
{
    Thread *me = self;
    if (next != me) {
        give_baton(next);
        await_baton(me);
    }
}

/* --- who may be chosen -------------------------------------------------------------------- */

static bool resting(const Thread *thread)
{
    return thread->worn || (thread->idle >= SPIN_LIMIT && thread->seen == run.changes);
}

static int offer_awake(void)
{
    int count = 0;
    for (int i = 0; i < run.live_count; i++) {
        settle(run.live[i]);
        if (run.live[i]->state == RUNNABLE && !resting(run.live[i])) {
            offered[count++] = run.live[i];
        }
    }
    return count;
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
        any |= run.live[i]->state == RUNNABLE;
        run.live[i]->idle = 0;
    }
    return any;
}

static bool somebody_runnable(void)
{
    for (int i = 0; i < run.live_count; i++) {
        if (run.live[i]->state == RUNNABLE) {
            return true;
        }
    }
    return false;
}

/* Nobody is awake: rouses somebody, lets time move, or finds the deadlock. */
static void rouse_somebody(void)
{
    if (rouse_worn()) {
        return;
    }
    Thread *sleeper = earliest();
    if (wait_outside(sleeper, somebody_runnable())) {
        return;
    }
    if (sleeper != NULL) {
        fire(sleeper);
    } else if (rouse_spinning()) {
        advance_clock(SPIN_TIME);
    } else {
        end_run("deadlock", EXIT_DEADLOCK);
    }
}

static bool near(const Thread *sleeper)
{
    return sleeper->wait.deadline <= run.clock + EARLY_REACH;
}

/* A timeout that fires although somebody can run: in early mode, or since a run stalls. */
static void fire_unforced(void)
{
    bool early = fires_early();
    bool stalled = run.steps - run.clock_moved_at >= STALL_LIMIT;
    Thread *sleeper = early || stalled ? earliest() : NULL;
    if (sleeper != NULL && !stalled && !near(sleeper)) {
        return;
    }
    if (sleeper != NULL && early) {
        log_record("t %llu %d", (unsigned long long)run.steps, sleeper->number);
    }
    if (sleeper != NULL) {
        fire(sleeper);
    }
    if (stalled) {
        run.clock_moved_at = run.steps;
    }
}

static int offer(void)
{
    fire_unforced();
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

static Thread *choose_among(int count, bool yielding)
{
    bool can_run = self->state == RUNNABLE;
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
    hash_choice(chosen);
    run.decisions++;
    chosen->run = chosen == self ? chosen->run + 1 : 1;
    /* One more each time: else a loop whose length divides the limit always rests at one point of
     * it, which may be just where it holds what the others wait for. */
    if (chosen->run >= RUN_LIMIT + chosen->rests) {
        chosen->worn = true;
        chosen->rests++;
        chosen->run = 0;
    }
    return chosen;
}

static Thread *choose(bool yielding)
{
    if (++run.steps > settings.step_limit) {
        end_run("bound", EXIT_BOUND);
    }
    self->due = false;
    int count = offer();
    return count == 1 ? offered[0] : choose_among(count, yielding);
}

bool controlled(void)
{
    return run.active && self != NULL && !run.ended;
}

bool alone(void)
{
    return run.live_count == 1;
}

void decide(bool yielding)
{
    if (controlled() && !alone()) {
        int error = errno; /* the program does not know that it called us */
        pass_baton(choose(yielding));
        errno = error;
    }
}

void decide_if_due(void)
{
    if (self != NULL && self->due) {
        decide(false);
    }
}

void happened(Effect effect)
{
    if (!controlled() || alone()) {
        return;
    }
    self->events++;
    self->due = true;
    run.changes += effect == CHANGED;
    if (self->seen != run.changes) {
        self->seen = run.changes;
        self->idle = 0;
    }
    self->idle += effect == UNCHANGED;
}

Wakeup block(Wait wait)
{
    self->wait = wait;
    self->wait_rank = ++arrivals;
    self->state = BLOCKED;
    self->events++;
    self->idle = 0;
    pass_baton(choose(false));
    return self->wakeup;
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
    strategy_new_thread(thread);
    return thread;
}

void thread_withdraw(Thread *thread)
{
    memset(thread, 0, sizeof *thread);
    run.created--;
    run.live_count--;
}

void thread_enter(Thread *thread)
{
    thread->stack_top = __builtin_frame_address(0);
    self = thread;
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
    me->state = FINISHED;
    run.changes++;
    remove_from_live(me);
    wake(me, ALL_WAITERS, ALL_BITS);
    Thread *next = run.live_count > 0 ? choose(false) : NULL;
    self = NULL;
    if (next != NULL) {
        give_baton(next);
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
    strategy_start();
    self = thread_add();
    self->handle = pthread_self();
    self->stack_top = (const char *)UINTPTR_MAX; /* the main thread's stack is the topmost mapping */
    run.active = true;
}
