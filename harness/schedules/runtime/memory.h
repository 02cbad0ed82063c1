/* What the language's memory model says of a run: who has seen what, which stores a load may still
 * read, and which accesses nothing orders.
 *
 * views.c has the vector clocks, stores.c the histories of atomic locations, shadow.c what is kept of
 * each eight bytes, races.c the plain accesses.  Like everything else they are touched by the holder
 * of the baton alone, and nothing here runs unless it was asked for.
 *
 * A thread's *epoch* is one more than its own entry in its clock, which grows whenever the thread lets
 * others know what it has done.  What happened at epoch e of thread t happens before whatever is done
 * by one who has seen[t] >= e. */
#ifndef MEMORY_H
#define MEMORY_H

#include "controlled.h"

enum {
    MEMORY_THREADS = 64, /* threads of one run; with more, memory is no longer followed */
    HISTORY = 16,        /* stores kept of one location */
    CELLS = 4,           /* accesses kept of eight bytes */
};

typedef uint32_t Epoch;

typedef struct {
    Epoch at[MEMORY_THREADS];
} Clock;

/* A sequentially consistent fence, and all that happened before it or an earlier one. */
typedef struct {
    uint32_t rank; /* in the order of all sequentially consistent operations */
    Clock before;
} Fence;

/* What a thread knows, or what a store hands on: all that happened before, and the latest
 * sequentially consistent fence among it. */
typedef struct {
    Clock seen;
    const Fence *fence;
} View;

/* Where the program is: the place in its executable, and the calls that led there (see races.c). */
typedef struct {
    uint32_t place;
    uint32_t context;
} Spot;

enum { NOBODY = -1 };

typedef struct Store {
    struct Store *older, *newer; /* in modification order */
    uint64_t value;
    int thread; /* whose it is; NOBODY: it was there, or code that we do not see has made it */
    Spot spot;
    Epoch seen[MEMORY_THREADS]; /* by thread: when it first read or wrote it; 0 is never */
    uint32_t rank;              /* of the first sequentially consistent access to it; 0 is none */
    bool update;                /* of a read-and-write: it follows what that has read */
    View handed_on;             /* what whoever reads it may acquire */
} Store;

/* An atomic location, or (of size 0) anything else that hands views on. */
typedef struct Location {
    struct Location *next; /* of the same eight bytes */
    const char *address;
    int size;
    bool shared;   /* with code that we do not see: see stores.c */
    bool replaced; /* a plain write has come since */
    int length;
    Store *newest; /* its value is what real memory has */
    int index;     /* among all locations */
} Location;

typedef enum { READS = 0, WRITES = 1, ATOMIC = 2 } AccessKind; /* bits */

typedef struct {
    Epoch epoch; /* 0: an empty cell */
    uint16_t thread;
    uint8_t bytes; /* which of the eight */
    uint8_t kind;
    Spot spot;
} Cell;

/* What is known of eight bytes. */
typedef struct {
    Cell cells[CELLS];
    Location *locations;
    unsigned turn; /* of the cells, when one has to go */
} Granule;

/* --- views.c ------------------------------------------------------------------------------ */

/* What one thread knows. */
typedef struct {
    View now;
    View released;   /* as of its last release fence: what its relaxed stores hand on */
    View acquirable; /* what an acquire fence would add: handed on by what it read relaxedly */
    Location *last;  /* the atomic location that it used last */
    bool updated;    /* …in a read-and-write: on x86 that is a fence, too */
} Knowledge;

extern Knowledge knowledge[MEMORY_THREADS];

static inline Knowledge *mine(void)
{
    return &knowledge[self->number];
}

static inline Epoch epoch(void)
{
    return mine()->now.seen.at[self->number] + 1;
}

static inline bool has_seen(Epoch when, int thread)
{
    return thread == self->number || when <= mine()->now.seen.at[thread];
}

/* The same as memory_followed, for one who has come to the runtime and has the baton. */
static inline bool followed_here(void)
{
    return (settings.old || settings.races) && run.created > 1 && self != NULL && run.active &&
           !run.ended;
}

/* Room that is no part of the program's heap and is never given back: sees to it that so much can be
 * had at once, or says that the system has no more… */
bool room_ensure(size_t size);
/* …and gives of it, all zero: there are lists of free stores and locations.  What was not ensured may
 * be NULL. */
void *room_for(size_t size);
void next_epoch(void);
void view_join(View *view, const View *other);
/* Whoever reads this may come after anything that was done by anybody. */
void view_join_all(View *view);
/* From here on nothing is followed any more, and the log says so. */
void memory_give_up(void);

/* --- stores.c ----------------------------------------------------------------------------- */

uint64_t memory_load(const void *address, int size, int order, Spot spot);
/* Says whether the store is to be done: it may be that later ones have overwritten it already. */
bool memory_store(void *address, int size, uint64_t value, int order, Spot spot);
/* Before an update is done in real memory, and after. */
void memory_prepare(const void *address, int size, int order);
void memory_update(void *address, int size, uint64_t value, int order, Spot spot);
/* Whether a compare-and-exchange fails on an older store; then *value is what it has read. */
bool memory_fails(const void *address, int size, uint64_t expected, int order, uint64_t *value,
                  Spot spot);
void memory_fence(int order);
/* A fence for the compiler alone. */
void memory_compiler_fence(int order);
/* Whether code that we do not see may have told us of it, without a trace. */
bool memory_maybe_told(Epoch when, int thread);
void location_forget(Location *location);
extern int locations_known;

/* --- shadow.c ----------------------------------------------------------------------------- */

/* What is kept of the eight bytes around the address; NULL, unless it is to be made, if nothing is. */
Granule *granule_at(const void *address, bool make);
/* The memory is given back: who gets it next need not know. */
void memory_forget(const void *start, size_t size);

/* --- races.c ------------------------------------------------------------------------------ */

/* Where the access is, is told by the address to which the hook returns. */
void races_check(const void *address, size_t size, AccessKind kind, const void *return_address);
void races_enter(const void *caller, const void *frame);
void races_leave(const void *frame);
/* Where the calling thread is, in a function whose call returns to that address. */
Spot spot_of(const void *return_address);
/* "+0x5d385,+0x5c1f0": the place and its callers, innermost first; "-" if there is none. */
void write_spot(char *text, size_t size, Spot spot);

#endif
