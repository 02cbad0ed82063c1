/* Virtual time, and waiting: for a wake-up, for a moment, or for the world outside. */
#include "controlled.h"

#include <limits.h>
#include <string.h>
#include <sys/wait.h>

Nanoseconds now(void)
{
    return run.clock;
}

void advance_clock(Nanoseconds by)
{
    run.clock += by;
    run.clock_moved_at = run.steps;
}

void pass_busily(Nanoseconds time)
{
    advance_clock(time);
    run.busy += time;
    self->busy += time;
}

/* --- who may go on ------------------------------------------------------------------------ */

/* Where the thread is among the stirring, who are sorted by number, or would be. */
static int place_of(const Thread *thread)
{
    int low = 0, high = run.stirring_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (run.stirring[middle]->number < thread->number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void stir(Thread *thread)
{
    int at = place_of(thread);
    if (at < run.stirring_count && run.stirring[at] == thread) {
        return;
    }
    memmove(run.stirring + at + 1, run.stirring + at,
            (size_t)(run.stirring_count - at) * sizeof *run.stirring);
    run.stirring[at] = thread;
    run.stirring_count++;
}

void still(Thread *thread)
{
    int at = place_of(thread);
    if (at == run.stirring_count || run.stirring[at] != thread) {
        return;
    }
    run.stirring_count--;
    memmove(run.stirring + at, run.stirring + at + 1,
            (size_t)(run.stirring_count - at) * sizeof *run.stirring);
}

void release(Thread *thread, Wakeup wakeup)
{
    stir(thread);
    thread->state = RUNNABLE;
    thread->wakeup = wakeup;
}

/* Those who spin may look again: they may wait for the clock, or not spin at all, but be slow to come
 * to what they do.  A few events each time, so that they do not outlast the run. */
static void let_spinning_look(void)
{
    for (int i = 0; i < run.live_count; i++) {
        if (run.live[i]->idle >= SPIN_LIMIT) {
            run.live[i]->idle = SPIN_LIMIT - LOOK_EVENTS;
        }
    }
}

void fire(Thread *thread)
{
    if (thread->wait.deadline > run.clock) {
        advance_clock(thread->wait.deadline - run.clock);
    }
    release(thread, TIMED_OUT);
    let_spinning_look();
}

Thread *earliest(void)
{
    Thread *first = NULL;
    for (int i = 0; i < run.stirring_count; i++) {
        Thread *thread = run.stirring[i];
        if (thread->state == BLOCKED && thread->wait.deadline != NEVER &&
            (first == NULL || thread->wait.deadline < first->wait.deadline)) {
            first = thread;
        }
    }
    return first;
}

void settle(Thread *thread)
{
    if (thread->state != BLOCKED) {
        return;
    }
    const Wait *wait = &thread->wait;
    if (is_signalled(thread)) {
        release(thread, INTERRUPTED);
    } else if (wait->descriptor_count > 0 &&
               REAL(poll)(wait->descriptors, wait->descriptor_count, 0) > 0) {
        release(thread, WOKEN);
    } else if (wait->holds != NULL && wait->holds(wait->what)) {
        release(thread, WOKEN);
    } else if (wait->deadline <= run.clock) {
        release(thread, TIMED_OUT);
    }
}

bool somebody_could_go_on(void)
{
    for (int i = 0; i < run.live_count; i++) {
        const Thread *thread = run.live[i];
        const Wait *wait = &thread->wait;
        if (thread->state != BLOCKED || wait->deadline != NEVER || wait->descriptor_count > 0 ||
            wait->holds != NULL || is_signalled(thread)) {
            return true;
        }
    }
    return next_timer() != NEVER;
}

int wake(const void *key, int limit, uint32_t bits)
{
    int woken = 0;
    while (woken < limit) {
        Thread *first = NULL;
        for (int i = 0; i < run.live_count; i++) {
            Thread *thread = run.live[i];
            if (thread->state == BLOCKED && thread->wait.key == key &&
                (thread->wait.bits & bits) != 0 &&
                (first == NULL || thread->wait_rank < first->wait_rank)) {
                first = thread;
            }
        }
        if (first == NULL) {
            break;
        }
        if (is_own_wait(first->wait.class)) {
            first->spurious_run = 0;
        }
        release(first, WOKEN);
        touch('e', (uint64_t)first->number);
        woken++;
    }
    return woken;
}

/* --- the world outside -------------------------------------------------------------------- */

enum { MAX_DESCRIPTORS = 1024, FOREVER = -1, GRACE_MS = 200 };

static struct pollfd outside[MAX_DESCRIPTORS];

static nfds_t gather_descriptors(void)
{
    nfds_t count = 0;
    for (int i = 0; i < run.live_count; i++) {
        const Wait *wait = &run.live[i]->wait;
        if (run.live[i]->state != BLOCKED || count + wait->descriptor_count > MAX_DESCRIPTORS) {
            continue;
        }
        memcpy(outside + count, wait->descriptors, wait->descriptor_count * sizeof *outside);
        count += wait->descriptor_count;
    }
    return count;
}

/* Whether something came true that a thread waits for, or a signal came. */
static bool something_holds(void)
{
    for (int i = 0; i < run.live_count; i++) {
        const Thread *thread = run.live[i];
        if (thread->state == BLOCKED &&
            (is_signalled(thread) ||
             (thread->wait.holds != NULL && thread->wait.holds(thread->wait.what)))) {
            return true;
        }
    }
    return false;
}

static bool somebody_asks(void)
{
    for (int i = 0; i < run.live_count; i++) {
        if (run.live[i]->state == BLOCKED && run.live[i]->wait.holds != NULL) {
            return true;
        }
    }
    return false;
}

bool has_children(void)
{
    siginfo_t information;
    return REAL(waitid)(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static bool beyond; /* it has connected to another machine */

void note_beyond(void)
{
    if (controlled() && !beyond) {
        beyond = true;
        log_record("uncontrolled network");
    }
}

/* When time itself brings something: the end of a sleep, or a timer. */
static Nanoseconds next_moment(const Thread *sleeper)
{
    Nanoseconds timer = next_timer();
    return sleeper != NULL && sleeper->wait.deadline < timer ? sleeper->wait.deadline : timer;
}

/* How long to wait, in real milliseconds, for what only the world outside can bring.  While a child
 * process lives, or another machine may answer, the world's time is ours; else nothing is expected that is not there yet. */
static int patience(const Thread *sleeper, bool somebody_spins)
{
    if (run.passed_over > 0) {
        return 0; /* they have been waited for */
    }
    Nanoseconds next = next_moment(sleeper);
    if (has_children() || beyond) {
        if (next == NEVER) {
            return FOREVER;
        }
        Nanoseconds left = next > run.clock ? (next - run.clock) / 1000000 : 0;
        return left < INT_MAX ? (int)left : INT_MAX;
    }
    return next == NEVER && !somebody_spins ? GRACE_MS : 0;
}

/* What no descriptor tells is asked for every millisecond. */
static bool ask_outside(nfds_t count, int patience)
{
    for (int waited = 0; !something_holds(); waited += patience != FOREVER) {
        if (waited >= patience && patience != FOREVER) {
            return false;
        }
        if (REAL(poll)(outside, count, 1) > 0) {
            return true;
        }
    }
    return true;
}

bool wait_outside(const Thread *sleeper, bool somebody_spins)
{
    nfds_t count = gather_descriptors();
    bool asks = somebody_asks();
    if (count == 0 && !asks && (next_moment(sleeper) == NEVER || !has_children())) {
        return false;
    }
    int longest = patience(sleeper, somebody_spins);
    run.resting = true;
    bool ready = asks ? ask_outside(count, longest)
                      : REAL(poll)(outside, count, longest) > 0 || something_holds();
    run.resting = false;
    return ready;
}
