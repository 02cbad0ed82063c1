/* Data races: of each eight bytes of memory the last few accesses, and whether anything orders the
 * new one after them.  A race is told once for each pair of places.
 *
 * Where an access is, is told by a place in the executable and a context: the calls that led there, as
 * a node of the tree of all calls so far.  So one number stands for a stack. */
#include "memory.h"

#include <stdio.h>

enum {
    CONTEXTS = 1 << 15, /* nodes of the tree of calls; beyond, callers are not known */
    DEPTH = 256,        /* of calls that are followed */
    TOLD_CALLERS = 7,
    MAX_REPORTS = 32,
};

typedef struct {
    uint32_t parent; /* the context of the caller */
    uint32_t place;  /* 0: an empty place */
} Context;

typedef struct {
    const char *frame;
    uint32_t context;
} Call;

typedef struct {
    Call calls[DEPTH];
    int depth;
} Calls;

static Context contexts[CONTEXTS]; /* 0 is the root */
static int context_count;
static Calls calls[MEMORY_THREADS];
static uint64_t told[MAX_REPORTS];
static int told_count;

/* --- where an access is ------------------------------------------------------------------- */

/* Within the call, not after it: that is what debuggers look up. */
static uint32_t place_of(const void *return_address)
{
    return (uint32_t)offset_of((uintptr_t)return_address - 1);
}

static uint32_t context_of(uint32_t parent, uint32_t place)
{
    uint32_t at = (parent * 0x9e3779b1u ^ place * 0x85ebca6bu) % (CONTEXTS - 1) + 1;
    while (contexts[at].place != 0) {
        if (contexts[at].parent == parent && contexts[at].place == place) {
            return at;
        }
        at = at % (CONTEXTS - 1) + 1;
    }
    if (context_count >= CONTEXTS / 2) {
        return parent;
    }
    context_count++;
    contexts[at] = (Context){.parent = parent, .place = place};
    return at;
}

static uint32_t current_context(const Calls *stack)
{
    return stack->depth > 0 ? stack->calls[stack->depth - 1].context : 0;
}

/* Frames that a panic has left are known by their being below the new one's. */
static void leave_frames_below(Calls *stack, const char *frame)
{
    while (stack->depth > 0 && stack->calls[stack->depth - 1].frame <= frame) {
        stack->depth--;
    }
}

void races_enter(const void *caller, const void *frame)
{
    Calls *stack = &calls[self->number];
    leave_frames_below(stack, frame);
    if (stack->depth < DEPTH) {
        uint32_t context = context_of(current_context(stack), place_of(caller));
        stack->calls[stack->depth++] = (Call){.frame = frame, .context = context};
    }
}

void races_leave(const void *frame)
{
    leave_frames_below(&calls[self->number], frame);
}

Spot spot_of(const void *return_address)
{
    return (Spot){.place = place_of(return_address),
                  .context = current_context(&calls[self->number])};
}

void write_spot(char *text, size_t size, Spot spot)
{
    size_t length = (size_t)snprintf(text, size, spot.place != 0 ? "+0x%x" : "-", spot.place);
    uint32_t context = spot.context;
    for (int i = 0; i < TOLD_CALLERS && context != 0 && length + 16 < size; i++) {
        length += (size_t)snprintf(text + length, size - length, ",+0x%x", contexts[context].place);
        context = contexts[context].parent;
    }
}

/* --- telling ------------------------------------------------------------------------------ */

static bool is_told(const Cell *earlier, const Cell *later)
{
    uint64_t pair = (uint64_t)earlier->spot.place << 32 | later->spot.place;
    for (int i = 0; i < told_count; i++) {
        if (told[i] == pair) {
            return true;
        }
    }
    if (told_count == MAX_REPORTS) {
        return true;
    }
    told[told_count++] = pair;
    return false;
}

static void tell_race(const Cell *earlier, const Cell *later)
{
    static const char *const kinds[] = {"read", "write", "atomic-read", "atomic-write"};
    char first[150], second[150];
    if (is_told(earlier, later)) {
        return;
    }
    write_spot(first, sizeof first, earlier->spot);
    write_spot(second, sizeof second, later->spot);
    log_record("race %d %s %s %d %s %s", earlier->thread, kinds[earlier->kind], first,
               later->thread, kinds[later->kind], second);
}

/* --- checking ----------------------------------------------------------------------------- */

static bool comes_before(const Cell *cell)
{
    return has_seen(cell->epoch, cell->thread);
}

static bool conflict(const Cell *one, const Cell *other)
{
    bool writes = ((one->kind | other->kind) & WRITES) != 0;
    bool both_atomic = (one->kind & other->kind & ATOMIC) != 0;
    return (one->bytes & other->bytes) != 0 && writes && !both_atomic;
}

/* Whether all that would race with the old access and comes after the new one races with that, too. */
static bool is_outdone(const Cell *old, const Cell *new)
{
    bool more_plain = (new->kind & ATOMIC) <= (old->kind & ATOMIC);
    bool more_writing = (new->kind & WRITES) >= (old->kind & WRITES);
    return (old->bytes & ~new->bytes) == 0 && more_plain && more_writing && comes_before(old);
}

static bool says_the_same(const Cell *old, const Cell *new)
{
    return old->epoch == new->epoch && old->thread == new->thread && old->kind == new->kind &&
           (new->bytes & ~old->bytes) == 0;
}

/* Nobody is accused before a look at what code without hooks may have done. */
static void check_pair(const Cell *old, const Cell *new)
{
    if (!conflict(old, new) || comes_before(old)) {
        return;
    }
    memory_unsettle();
    memory_settle();
    if (!comes_before(old) && !memory_maybe_told(old->epoch, old->thread)) {
        tell_race(old, new);
    }
}

static bool is_known(const Granule *granule, const Cell *new)
{
    for (int i = 0; i < CELLS; i++) {
        if (says_the_same(&granule->cells[i], new)) {
            return true;
        }
    }
    return false;
}

static void check(Granule *granule, const Cell *new)
{
    Cell *cells = granule->cells, *room = NULL;
    for (int i = 0; i < CELLS; i++) {
        if (cells[i].epoch != 0) {
            check_pair(&cells[i], new);
        }
        if (cells[i].epoch == 0 || is_outdone(&cells[i], new)) {
            cells[i].epoch = 0;
            room = &cells[i];
        }
    }
    *(room != NULL ? room : &cells[granule->turn++ % CELLS]) = *new;
}

/* A plain write is about to come, once the hook has returned.  Beside what is written there may be a
 * word of another kind: a Mutex and what it guards may have eight bytes in common. */
static void mark_replaced(const char *from, const char *to)
{
    for (const char *at = from; at < to; at += 8 - (uintptr_t)at % 8) {
        Granule *granule = granule_at(at, false);
        Location *location = granule != NULL ? granule->locations : NULL;
        for (; location != NULL; location = location->next) {
            location->replaced |=
                location->address < to && from < location->address + location->size;
        }
    }
}

/* Most accesses say what another one has just said. */
static void check_granule(Granule *granule, Cell *cell, const void *return_address)
{
    if (!is_known(granule, cell)) {
        cell->spot = spot_of(return_address);
        check(granule, cell);
    }
}

static void check_bytes(const char *from, const char *to, AccessKind kind,
                        const void *return_address)
{
    Cell cell = {.epoch = epoch(), .thread = (uint16_t)self->number, .kind = (uint8_t)kind};
    while (from < to && settings.races) {
        unsigned offset = (unsigned)((uintptr_t)from % 8);
        unsigned count = to - from < 8 - (int)offset ? (unsigned)(to - from) : 8 - offset;
        Granule *granule = granule_at(from, true);
        cell.bytes = (uint8_t)(((1u << count) - 1) << offset);
        if (granule != NULL) {
            check_granule(granule, &cell, return_address);
        }
        from += count;
    }
}

/* What is written is marked once all is checked: a check looks for what has been changed unseen. */
void races_check(const void *address, size_t size, AccessKind kind, const void *return_address)
{
    const char *from = address, *to = from + size;
    check_bytes(from, to, kind, return_address);
    if (kind == WRITES && locations_known > 0) {
        mark_replaced(from, to);
    }
}
