/* Some of the interpreter's builtin functions are observed: locks (a point before one is taken and after
 * it is let go, and who has it), the starts of threads and processes, readings of clocks, lines.
 *
 * The functions themselves stay the same objects; only the pointer to the code in C, in the table that they
 * were made of, leads here first.  Nothing that a program can ask of them is different. */
#include "world.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

typedef enum {
    BEFORE,   /* a point before it; `operation` says what it may wait for */
    AFTER,    /* a point after it */
    ACQUIRE,  /* takes the lock that is its first argument */
    ENTER,    /* the same, by `with`: who has taken it lets it go */
    RESTORE,  /* the same, for a condition */
    RELEASE,  /* lets go of it */
    FORSAKE,  /* lets go of it as often as it was taken */
    READING,  /* reads a clock */
    LINE,     /* writes to a text stream */
    WRITING,  /* writes to a descriptor */
    YIELDING, /* gives way */
    STARTING, /* starts a thread */
    SPAWNING, /* starts a process */
    FORKING,  /* the same, by vfork: the child shares our memory for a while */
    LOADING,  /* ends the import of a module in C */
    STRAYING, /* begins what cannot be followed: `operation` says what */
    LOOPING,  /* says which event loop runs in the thread, or that none does */
    TRIPPING, /* has main interrupted as if by a signal */
} Kind;

enum { MAX_HOOKS = 64 };

typedef PyObject *Keywords(PyObject *, PyObject *, PyObject *);
typedef PyObject *Fast(PyObject *, PyObject *const *, ptrdiff_t);
typedef PyObject *FastKeywords(PyObject *, PyObject *const *, ptrdiff_t, PyObject *);
typedef PyObject *OfClass(PyObject *, PyObject *, PyObject *const *, ptrdiff_t, PyObject *);

typedef struct {
    Kind kind;
    int flags;
    Method original;
    const char *operation;
    bool recursive; /* a lock that its owner may take again */
} Hook;

static Hook table[MAX_HOOKS];
static int hook_count;

/* A call of one of them, in whichever of CPython's conventions. */
typedef struct {
    PyObject *self, *class, *tuple, *names;
    PyObject *const *vector;
    ptrdiff_t count;
} Call;

static PyObject *proceed(const Hook *hook, const Call *call)
{
    void *code = (void *)hook->original;
    switch (hook->flags) {
    case VARARGS | KEYWORDS:
        return ((Keywords *)code)(call->self, call->tuple, call->names);
    case FASTCALL:
        return ((Fast *)code)(call->self, call->vector, call->count);
    case FASTCALL | KEYWORDS:
        return ((FastKeywords *)code)(call->self, call->vector, call->count, call->names);
    case WITH_CLASS | FASTCALL | KEYWORDS:
        return ((OfClass *)code)(call->self, call->class, call->vector, call->count, call->names);
    default:
        return hook->original(call->self, call->tuple);
    }
}

/* The first positional argument, borrowed; NULL if there is none. */
static PyObject *first_of(const Hook *hook, const Call *call)
{
    if ((hook->flags & FASTCALL) != 0) {
        return call->count > 0 ? call->vector[0] : NULL;
    }
    if ((hook->flags & VARARGS) != 0) {
        return py.TupleSize(call->tuple) > 0 ? py.TupleItem(call->tuple, 0) : NULL;
    }
    return call->tuple;
}

/* --- who has which lock ------------------------------------------------------------------------------- */

typedef struct Ownership {
    struct Ownership *next;
    PyObject *lock; /* not held: another may come to stand at the same place */
    int owner;      /* -1: nobody */
    int depth;
    bool recursive;
    bool entered;   /* by `with` */
    bool foreign;   /* it was once let go by another than had taken it: it is a signal */
    bool silent;    /* no point: one of the interpreter's own, and held */
    int ends;       /* the thread by whose end it is let go, and held; 0: it is no such lock */
} Ownership;

enum { BUCKETS = 4096 };

static Ownership *buckets[BUCKETS];
static PyObject *birth_lock; /* which a new thread lets go before it runs */

static Ownership *find(PyObject *lock, bool make)
{
    Ownership **bucket = &buckets[((uintptr_t)lock >> 4) % BUCKETS];
    for (Ownership *entry = *bucket; entry != NULL; entry = entry->next) {
        if (entry->lock == lock) {
            return entry;
        }
    }
    Ownership *entry = make ? calloc(1, sizeof *entry) : NULL;
    if (entry != NULL) {
        *entry = (Ownership){.next = *bucket, .lock = lock, .owner = -1};
        *bucket = entry;
    }
    return entry;
}

int owner_of(PyObject *lock, bool *certain)
{
    const Ownership *entry = lock != NULL ? find(lock, false) : NULL;
    *certain = entry != NULL && !entry->foreign && (entry->recursive || entry->entered);
    return entry != NULL ? entry->owner : -1;
}

static void note_taken(const Hook *hook, PyObject *lock)
{
    Ownership *entry = find(lock, true);
    int me = number_of(self);
    if (entry == NULL) {
        return;
    }
    bool again = hook->recursive && entry->owner == me && entry->depth > 0;
    entry->depth = again ? entry->depth + 1 : 1;
    entry->owner = me;
    entry->recursive = hook->recursive;
    entry->entered = hook->kind == ENTER;
}

static void note_let_go(const Hook *hook, PyObject *lock)
{
    Ownership *entry = find(lock, false);
    if (entry == NULL || entry->owner < 0) {
        return;
    }
    entry->foreign = entry->foreign || entry->owner != number_of(self);
    entry->depth = hook->kind == FORSAKE ? 0 : entry->depth - 1;
    if (entry->depth <= 0) {
        entry->owner = -1;
    }
}

static bool is_silent(PyObject *lock)
{
    const Ownership *entry = find(lock, false);
    return entry != NULL && entry->silent;
}

/* Whether a call waits for its lock, however long.  What it was given by name is not looked at. */
static bool waits_for_ever(const Hook *hook, const Call *call)
{
    ptrdiff_t given = call->tuple != NULL ? py.TupleSize(call->tuple) : call->count;
    if (hook->kind != ACQUIRE || (given == 0 && call->names == NULL)) {
        return true;
    }
    PyObject *first = given > 0 ? first_of(hook, call) : NULL;
    PyObject *second = given < 2 ? NULL : call->tuple != NULL ? py.TupleItem(call->tuple, 1) : call->vector[1];
    /* A float is no integer: that is an error, and a limit. */
    bool timed = second != NULL && (py.AsLong(second) != -1 || py.Occurred() != NULL);
    py.Clear();
    return call->names == NULL && !timed && first != NULL && py.IsTrue(first) > 0;
}

static void tell_taken(PyObject *lock, bool waited, bool taken)
{
    const Ownership *entry = find(lock, false);
    if (entry == NULL || entry->ends == 0) {
        touch(!taken ? 'r' : waited ? 'a' : 't', (uintptr_t)lock);
    } else if (waited && taken) {
        touch('j', (uint64_t)entry->ends);
    }
}

static void tell_let_go(PyObject *lock)
{
    const Ownership *entry = find(lock, false);
    if (entry == NULL || entry->ends == 0) {
        touch('u', (uintptr_t)lock);
    }
}

static bool is_own(PyObject *lock)
{
    const Ownership *entry = find(lock, false);
    return entry != NULL && entry->recursive && entry->owner == number_of(self) && entry->depth > 0;
}

static PyObject *acquire(const Hook *hook, const Call *call)
{
    Slot *me = self;
    PyObject *lock = call->self;
    bool told = follows && !is_silent(lock) && !(hook->recursive && is_own(lock));
    bool waits = told && waits_for_ever(hook, call);
    if (hook->kind != RESTORE && !is_silent(lock)) {
        me->wanted = waits ? lock : NULL;
        come_to_point("l");
        me->wanted = NULL;
    }
    PyObject *lock_before = me->lock;
    const char *operation_before = me->operation;
    me->lock = lock;
    me->operation = hook->operation;
    PyObject *result = proceed(hook, call);
    me->lock = lock_before;
    me->operation = operation_before;
    bool taken = result != NULL && (hook->kind == RESTORE || py.IsTrue(result) > 0);
    if (told && result != NULL) {
        tell_taken(lock, waits, taken);
    }
    if (taken) {
        note_taken(hook, lock);
    }
    return result;
}

static PyObject *let_go(const Hook *hook, const Call *call)
{
    PyObject *lock = call->self;
    PyObject *result = proceed(hook, call);
    if (result == NULL) {
        return NULL;
    }
    note_let_go(hook, lock);
    if (follows && !is_silent(lock) && !(hook->recursive && is_own(lock))) {
        tell_let_go(lock);
    }
    if (lock == birth_lock && !self->born) {
        self->born = true;
        if (self != &slots[0]) {
            ask(hooks.born, 0, "()");
        }
    } else if (hook->kind != FORSAKE && !is_silent(lock)) {
        come_to_point("l");
    }
    return result;
}

/* --- the others ------------------------------------------------------------------------------------------ */

/* Whether a thread's handle is joined without a limit. */
static bool joins_for_ever(const Hook *hook, const Call *call)
{
    const PyObject *limit = first_of(hook, call);
    return strcmp(hook->operation, "join") == 0 && call->names == NULL && (limit == NULL || limit == none);
}

/* What it did: a queue that was found empty, say, is as it was. */
static void tell_done(const Hook *hook, const Call *call, bool succeeded)
{
    const bool joined = succeeded && joins_for_ever(hook, call);
    const Ownership *entry = joined ? find(call->self, false) : NULL;
    if (strcmp(hook->operation, "queue") == 0) {
        touch(succeeded ? 'w' : 'r', (uintptr_t)call->self);
    } else if (entry != NULL && entry->ends != 0) {
        touch('j', (uint64_t)entry->ends);
    }
}

static PyObject *with_operation(const Hook *hook, const Call *call)
{
    Slot *me = self;
    const char *before = me->operation;
    if (hook->kind == BEFORE) {
        come_to_point("-");
    }
    me->operation = hook->operation;
    PyObject *result = proceed(hook, call);
    me->operation = before;
    if (follows) {
        tell_done(hook, call, result != NULL);
    }
    if (hook->kind == AFTER && result != NULL) {
        come_to_point("-");
    }
    return result;
}

/* Whether the caller is the program's code; asked once for each piece of code, which is kept. */
static bool read_by_program(void)
{
    enum { KNOWN = 512 };
    static struct {
        PyObject *code;
        bool program;
    } known[KNOWN];
    void *frame = py.GetFrame();
    PyObject *code = frame != NULL ? py.GetCode(frame) : NULL;
    if (code == NULL) {
        return true;
    }
    size_t place = ((uintptr_t)code >> 5) % KNOWN;
    if (known[place].code == code) {
        py.DecRef(code);
        return known[place].program;
    }
    PyObject *name = py.GetAttr(code, "co_filename");
    bool program = ask(hooks.is_program, 1, "(O)", name) != 0;
    py.DecRef(name);
    py.DecRef(known[place].code);
    known[place].code = code;
    known[place].program = program;
    return program;
}

static PyObject *read_clock(const Hook *hook, const Call *call)
{
    program_reads = read_by_program();
    if (follows) {
        ask(hooks.reading, 0, "(i)", (int)program_reads);
    }
    PyObject *result = proceed(hook, call);
    program_reads = false;
    return result;
}

static PyObject *streams[2]; /* stdout and stderr, as they were at the start */

static PyObject *write_line(const Hook *hook, const Call *call)
{
    if (call->self == streams[0] || call->self == streams[1]) {
        ask(hooks.line, 0, "(O)", call->tuple);
        deliver();
        touch_line(call->self == streams[0] ? STDOUT_FILENO : STDERR_FILENO);
    }
    return proceed(hook, call);
}

static PyObject *write_out(const Hook *hook, const Call *call)
{
    PyObject *first = first_of(hook, call);
    long long fd = first != NULL ? py.AsLong(first) : -1;
    py.Clear();
    if (fd == STDOUT_FILENO || fd == STDERR_FILENO) {
        ask(hooks.point, 0, "(s)", "w");
        deliver();
        touch_line((int)fd);
    }
    return proceed(hook, call);
}

/* The arguments of `start_new_thread`, with another function; as they were, if they are wrong. */
static PyObject *replaced(PyObject *tuple, PyObject *function)
{
    ptrdiff_t count = py.TupleSize(tuple);
    PyObject *arguments = count > 1 ? py.TupleItem(tuple, 1) : NULL;
    switch (count) {
    case 2:
        return build("(OO)", function, arguments);
    case 3:
        return build("(OOO)", function, arguments, py.TupleItem(tuple, 2));
    default:
        return tuple;
    }
}

/* What a thread runs that asks for its own tracing.  It is C, and so no frame of the thread's stack. */
static PyObject *run_between(PyObject *parts, PyObject *arguments, PyObject *named)
{
    PyObject *begun = py.Call(py.TupleItem(parts, 0), NULL);
    if (begun == NULL) {
        return NULL;
    }
    py.DecRef(begun);
    PyObject *result = py.CallNamed(py.TupleItem(parts, 1), arguments, named);
    PyObject *type, *value, *traceback;
    py.Fetch(&type, &value, &traceback);
    PyObject *ended = py.Call(py.TupleItem(parts, 2), NULL);
    if (ended == NULL) {
        py.Print();
    } else {
        py.DecRef(ended);
    }
    py.Restore(type, value, traceback);
    return result;
}

static PyObject *between(PyObject *unused, PyObject *parts)
{
    static MethodDef method = {"__call__", NULL, VARARGS | KEYWORDS, ""};
    (void)unused;
    method.method = (Method)(void *)run_between;
    return py.NewFunction(&method, parts, NULL);
}

/* Before CPython 3.12 each new thread has to ask for its own tracing: its function is put in another. */
static PyObject *start_thread(const Hook *hook, const Call *call)
{
    Slot *me = self;
    PyObject *function = first_of(hook, call), *wrapper = NULL;
    if (function == NULL) {
        return proceed(hook, call);
    }
    long long number = ask(hooks.starting, 0, "(O)", function);
    if (number <= 0) {
        return proceed(hook, call);
    }
    Call changed = *call;
    if ((hook->flags & VARARGS) != 0 && (wrapper = py.GetObject("_controlled_wrapper")) != NULL) {
        changed.tuple = replaced(call->tuple, wrapper);
    }
    me->expected = (int)number;
    PyObject *result = proceed(hook, &changed);
    bool started = result != NULL && me->expected == 0;
    me->expected = 0;
    if (changed.tuple != call->tuple) {
        py.DecRef(changed.tuple);
    }
    ask(hooks.started, 0, "(iLi)", (int)number, (long long)(uintptr_t)slots[number].handle, started);
    deliver();
    return result;
}

static PyObject *spawn(const Hook *hook, const Call *call)
{
    ask(hooks.child, 0, "()");
    self->inside = hook->kind == FORKING;
    PyObject *result = proceed(hook, call);
    self->inside = false;
    return result;
}

static PyObject *load(const Hook *hook, const Call *call)
{
    PyObject *result = proceed(hook, call);
    if (result != NULL) {
        ask(hooks.loaded, 0, "(O)", first_of(hook, call));
    }
    return result;
}

/* CPython would leave its mark at once, and main look at it within the scheduler's code. */
static PyObject *trip_main(const Hook *hook, const Call *call)
{
    PyObject *first = first_of(hook, call);
    long long signal = first != NULL ? py.AsLong(first) : SIGINT;
    py.Clear();
    return trip((int)signal) ? nothing() : proceed(hook, call);
}

static PyObject *observe(const Hook *hook, const Call *call)
{
    if (!controlled()) {
        return proceed(hook, call);
    }
    switch (hook->kind) {
    case ACQUIRE:
    case ENTER:
    case RESTORE:
        return acquire(hook, call);
    case RELEASE:
    case FORSAKE:
        return let_go(hook, call);
    case READING:
        return read_clock(hook, call);
    case LINE:
        return write_line(hook, call);
    case WRITING:
        return write_out(hook, call);
    case YIELDING:
        come_to_point("y");
        return proceed(hook, call);
    case STARTING:
        return start_thread(hook, call);
    case SPAWNING:
    case FORKING:
        return spawn(hook, call);
    case LOADING:
        return load(hook, call);
    case STRAYING:
        ask(hooks.stray, 0, "(s)", hook->operation);
        return proceed(hook, call);
    case LOOPING:
        ask(hooks.looping, 0, "(O)", first_of(hook, call));
        return proceed(hook, call);
    case TRIPPING:
        return trip_main(hook, call);
    default:
        return with_operation(hook, call);
    }
}

/* --- the code that the tables lead to: one function for each hook, in each convention ------------------- */

#define ENTRIES(n)                                                                                 \
    static PyObject *two_##n(PyObject *of, PyObject *tuple)                                        \
    {                                                                                              \
        return observe(&table[n], &(Call){.self = of, .tuple = tuple});                            \
    }                                                                                              \
    static PyObject *keywords_##n(PyObject *of, PyObject *tuple, PyObject *names)                  \
    {                                                                                              \
        return observe(&table[n], &(Call){.self = of, .tuple = tuple, .names = names});            \
    }                                                                                              \
    static PyObject *fast_##n(PyObject *of, PyObject *const *vector, ptrdiff_t count)              \
    {                                                                                              \
        return observe(&table[n], &(Call){.self = of, .vector = vector, .count = count});          \
    }                                                                                              \
    static PyObject *named_##n(PyObject *of, PyObject *const *vector, ptrdiff_t count,             \
                               PyObject *names)                                                    \
    {                                                                                              \
        return observe(&table[n],                                                                  \
                       &(Call){.self = of, .vector = vector, .count = count, .names = names});     \
    }                                                                                              \
    static PyObject *class_##n(PyObject *of, PyObject *class, PyObject *const *vector,             \
                               ptrdiff_t count, PyObject *names)                                   \
    {                                                                                              \
        return observe(&table[n], &(Call){of, class, NULL, names, vector, count});                 \
    }
#define ENTRY(n)                                                                                   \
    {(void *)two_##n, (void *)keywords_##n, (void *)fast_##n, (void *)named_##n, (void *)class_##n},
#define EIGHT(X, t) X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7)
#define ALL(X)                                                                                     \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) EIGHT(X, 1) X(18) X(19) EIGHT(X, 2)          \
    X(28) X(29) EIGHT(X, 3) X(38) X(39) EIGHT(X, 4) X(48) X(49) EIGHT(X, 5) X(58) X(59)            \
    X(60) X(61) X(62) X(63)

ALL(ENTRIES)

static void *const entries[MAX_HOOKS][5] = {ALL(ENTRY)};

static void *entry_for(int index, int flags)
{
    switch (flags) {
    case VARARGS:
    case NOARGS:
    case ONE:
        return entries[index][0];
    case VARARGS | KEYWORDS:
        return entries[index][1];
    case FASTCALL:
        return entries[index][2];
    case FASTCALL | KEYWORDS:
        return entries[index][3];
    case WITH_CLASS | FASTCALL | KEYWORDS:
        return entries[index][4];
    default:
        return NULL;
    }
}

/* --- installing ------------------------------------------------------------------------------------------- */

/* The table's entry that a builtin function, or a method of a builtin type, was made of.  `head` is the size
 * of an object without contents; a function has it first there, a method after its type and two names. */
static MethodDef *definition_of(PyObject *function, size_t head, bool is_method, const char *name)
{
    MethodDef *found = *(MethodDef **)((char *)function + head + (is_method ? 3 * sizeof(void *) : 0));
    return found != NULL && found->name != NULL && strcmp(found->name, name) == 0 ? found : NULL;
}

/* hook(function, size of an object's head, is a method, name, kind, operation, recursive): whether it
 * could be. */
static PyObject *install(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    long long values[4];
    const int places[] = {1, 2, 4, 6};
    for (int i = 0; i < 4; i++) {
        values[i] = py.AsLong(py.TupleItem(arguments, places[i]));
    }
    const char *name = text_of(py.TupleItem(arguments, 3));
    const char *operation = text_of(py.TupleItem(arguments, 5));
    MethodDef *found =
        definition_of(py.TupleItem(arguments, 0), (size_t)values[0], values[1] != 0, name);
    void *entry = found != NULL && hook_count < MAX_HOOKS ? entry_for(hook_count, found->flags & ~OF_TYPE) : NULL;
    for (int i = 0; entry != NULL && i < hook_count; i++) {
        if (table[i].original != NULL && (void *)found->method == entry_for(i, found->flags & ~OF_TYPE)) {
            entry = NULL; /* it is one already */
        }
    }
    if (entry == NULL) {
        return number(0);
    }
    table[hook_count++] = (Hook){.kind = (Kind)values[2],
                                 .flags = found->flags & ~OF_TYPE,
                                 .original = found->method,
                                 .operation = *operation != '\0' ? strdup(operation) : NULL,
                                 .recursive = values[3] != 0};
    uintptr_t page = (uintptr_t)&found->method & ~(uintptr_t)(sysconf(_SC_PAGESIZE) - 1);
    mprotect((void *)page, (size_t)((uintptr_t)(&found->method + 1) - page), PROT_READ | PROT_WRITE);
    found->method = (Method)entry;
    return number(1);
}

/* This lock is one of the interpreter's own: no point is taken at it.  It is kept. */
static PyObject *silence(PyObject *unused, PyObject *lock)
{
    (void)unused;
    Ownership *entry = find(lock, true);
    if (entry != NULL && !entry->silent) {
        entry->silent = true;
        py.IncRef(lock);
    }
    return nothing();
}

/* ends(lock, n): thread n lets it go by its end, and nobody else does.  It is kept. */
static PyObject *set_end_lock(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    PyObject *lock = py.TupleItem(arguments, 0);
    Ownership *entry = find(lock, true);
    if (entry != NULL) {
        entry->ends = (int)py.AsLong(py.TupleItem(arguments, 1));
        py.IncRef(lock);
    }
    return nothing();
}

/* Whether a thread stands before a lock that another has: it would only begin to wait. */
static PyObject *would_wait(PyObject *unused, PyObject *which)
{
    (void)unused;
    PyObject *lock = slots[(unsigned long long)py.AsLong(which) % MAX_THREADS].wanted;
    if (lock == NULL) {
        return number(0);
    }
    const Ownership *entry = find(lock, false);
    if (entry != NULL && entry->recursive) {
        return number(entry->owner >= 0);
    }
    PyObject *asked = py.GetAttr(lock, "locked"), *said = asked != NULL ? py.Call(asked, NULL) : NULL;
    bool held = said != NULL && py.IsTrue(said) > 0;
    py.DecRef(asked);
    py.DecRef(said);
    py.Clear();
    return number(held);
}

/* The lock that a wait is for, by its address; 0 if it is for none. */
static PyObject *lock_of(PyObject *unused, PyObject *address)
{
    (void)unused;
    return number((long long)(uintptr_t)((const Wanted *)(intptr_t)py.AsLong(address))->lock);
}

/* Who has a lock: a thread's number, or -1. */
static PyObject *holder_of(PyObject *unused, PyObject *lock)
{
    (void)unused;
    bool certain;
    return number(owner_of(lock, &certain));
}

static PyObject *set_birth_lock(PyObject *unused, PyObject *lock)
{
    py.IncRef(lock);
    birth_lock = lock;
    return silence(unused, lock);
}

static PyObject *set_streams(PyObject *unused, PyObject *both)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        streams[i] = py.TupleItem(both, i);
        py.IncRef(streams[i]);
    }
    return nothing();
}

MethodDef hook_methods[] = {
    {"hook", install, VARARGS, ""},
    {"holder", holder_of, ONE, ""},
    {"silence", silence, ONE, ""},
    {"set_end_lock", set_end_lock, VARARGS, ""},
    {"would_wait", would_wait, ONE, ""},
    {"lock_of", lock_of, ONE, ""},
    {"set_birth_lock", set_birth_lock, ONE, ""},
    {"between", between, VARARGS, ""},
    {"set_streams", set_streams, VARARGS, ""},
    {NULL, NULL, 0, NULL},
};
