/* How the scheduler, which is Python, gets hold of this library: it calls os.getpgid(ATTACH), and finds the
 * functions below in the object that it has laid into `sys`. */
#include "../filetimes.h"
#include "../server.h"
#include "world.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { ATTACH = 0x5eedc10c };

struct Hooks hooks;
PyObject *none;

PyObject *number(long long value)
{
    return py.FromLong(value);
}

PyObject *nothing(void)
{
    py.IncRef(none);
    return none;
}

const char *text_of(PyObject *text)
{
    PyObject *bytes = py.AsText(text);
    return bytes != NULL ? py.TextOf(bytes) : "";
}

static Slot *slot_of(PyObject *which)
{
    return &slots[(unsigned long long)py.AsLong(which) % MAX_THREADS];
}

static const Wanted *wanted_at(PyObject *address)
{
    return (const Wanted *)(intptr_t)py.AsLong(address);
}

/* --- output that was written since the scheduler last asked ---------------------------------------- */

static char *output;
static size_t output_size, output_room;

void note_output(int fd, int thread, ssize_t size)
{
    if (output_room - output_size < 64) {
        char *larger = realloc(output, output_room * 2 + 256);
        if (larger == NULL) {
            return;
        }
        output = larger;
        output_room = output_room * 2 + 256;
    }
    output_size += (size_t)snprintf(output + output_size, 64, "%s%c %d %zd",
                                    output_size > 0 ? "\n" : "", fd == STDOUT_FILENO ? 'o' : 'e',
                                    thread, size);
}

PyObject *build(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    PyObject *built = py.BuildArguments(format, values);
    va_end(values);
    return built;
}

static PyObject *take_output(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    if (output_size == 0) {
        return nothing();
    }
    output_size = 0;
    return build("s", output);
}

/* --- turns ------------------------------------------------------------------------------------------ */

static PyObject *switch_to(PyObject *unused, PyObject *which)
{
    (void)unused;
    Slot *me = self, *other = slot_of(which);
    bool before = me->inside;
    me->inside = true;
    void *state = py.SaveThread();
    grant(other);
    await_grant(me);
    py.RestoreThread(state);
    me->inside = before;
    return nothing();
}

static PyObject *grant_to(PyObject *unused, PyObject *which)
{
    (void)unused;
    grant(slot_of(which));
    return nothing();
}

/* A point of the program's, taken by tracing; whatever the arguments. */
static PyObject *point(PyObject *unused, PyObject *event)
{
    (void)unused, (void)event;
    come_to_point("-");
    return nothing();
}

static PyObject *is_stuck(PyObject *unused, PyObject *address)
{
    (void)unused;
    const Wanted *wanted = wanted_at(address);
    return number(!wanted->ready(wanted->data));
}

/* Who has the lock that a thread waits for: (number or -1, whether that one alone lets it go). */
static PyObject *owner_of_wanted(PyObject *unused, PyObject *address)
{
    (void)unused;
    bool certain;
    int owner = owner_of(wanted_at(address)->lock, &certain);
    return build("(ii)", owner, (int)certain);
}

static PyObject *has_returned(PyObject *unused, PyObject *which)
{
    (void)unused;
    return number(slot_of(which)->returned);
}

static PyObject *settle_lost(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    settle();
    return nothing();
}

static PyObject *await_those_ended(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    await_ends();
    return nothing();
}

static PyObject *on_jump;

static PyObject *set_on_jump(PyObject *unused, PyObject *function)
{
    (void)unused;
    py.IncRef(function);
    on_jump = function;
    return nothing();
}

/* CPython 3.12 and 3.13 lose their place if what they tell of a jump raises an exception: no `try` around
 * the loop sees it. */
static PyObject *jump(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    return hold_back(on_jump, arguments);
}

static PyObject *ident_of(PyObject *unused, PyObject *which)
{
    (void)unused;
    return number((long long)(uintptr_t)slot_of(which)->handle);
}

/* --- time --------------------------------------------------------------------------------------------- */

/* A step begins: the virtual time of it. */
static PyObject *now(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    serial++;
    return number(virtual_now);
}

static PyObject *set_now(PyObject *unused, PyObject *ns)
{
    (void)unused;
    virtual_now = py.AsLong(ns);
    fire_timers();
    return nothing();
}

static PyObject *get_next_timer(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    return number(next_timer());
}

static PyObject *get_interrupted(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    return number(interrupted());
}

static PyObject *get_real_ns(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    return number(real_ns());
}

static PyObject *get_reaches_beyond(PyObject *unused, PyObject *no)
{
    (void)unused;
    (void)no;
    return number(reaches_beyond());
}

static PyObject *get_has_children(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    return number(has_children());
}

static PyObject *rest(PyObject *unused, PyObject *ns)
{
    (void)unused;
    struct timespec pause = spec_of(py.AsLong(ns));
    Slot *me = self;
    bool before = me != NULL && me->inside;
    if (me != NULL) {
        me->inside = true;
    }
    void *state = py.SaveThread();
    REAL(nanosleep)(&pause, NULL);
    py.RestoreThread(state);
    if (me != NULL) {
        me->inside = before;
    }
    return nothing();
}

/* --- the end ------------------------------------------------------------------------------------------- */

/* From here on nothing is scheduled, and time is real. */
static PyObject *forsake(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    if (mode == VIRTUAL) {
        detach_clocks();
        stop_watching();
        mode = FORSAKEN;
    }
    return nothing();
}

/* --- a run of its own ----------------------------------------------------------------------------------- */

/* What this run is asked for; in a server this returns in each run (see ../server.c). */
static PyObject *take_request(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    PyObject *place = py.TupleItem(arguments, 0);
    char *request = request_take(text_of(place), py.IsTrue(py.TupleItem(arguments, 1)) == 1);
    touches_asked(request);
    file_times_begin();
    self->tid = getpid();
    return build("s", request);
}

static MethodDef methods[] = {
    {"take_request", take_request, VARARGS, ""},
    {"switch_to", switch_to, ONE, ""},
    {"grant", grant_to, ONE, ""},
    {"point", point, VARARGS, ""},
    {"is_stuck", is_stuck, ONE, ""},
    {"owner", owner_of_wanted, ONE, ""},
    {"has_returned", has_returned, ONE, ""},
    {"settle", settle_lost, NOARGS, ""},
    {"await_ended", await_those_ended, NOARGS, ""},
    {"set_on_jump", set_on_jump, ONE, ""},
    {"jump", jump, VARARGS, ""},
    {"ident", ident_of, ONE, ""},
    {"now", now, NOARGS, ""},
    {"set_now", set_now, ONE, ""},
    {"next_timer", get_next_timer, NOARGS, ""},
    {"interrupted", get_interrupted, NOARGS, ""},
    {"real_ns", get_real_ns, NOARGS, ""},
    {"has_children", get_has_children, NOARGS, ""},
    {"reaches_beyond", get_reaches_beyond, NOARGS, ""},
    {"rest", rest, ONE, ""},
    {"take_output", take_output, NOARGS, ""},
    {"forsake", forsake, NOARGS, ""},
    {"leave_quietly", leave_quietly, NOARGS, ""},
    {"goes_plainly", goes_plainly, VARARGS, ""},
    {NULL, NULL, 0, NULL},
};

/* --- attaching ------------------------------------------------------------------------------------------ */

static void give(PyObject *world, MethodDef *list)
{
    for (; list->name != NULL; list++) {
        PyObject *function = py.NewFunction(list, NULL, NULL);
        py.SetAttr(world, list->name, function);
        py.DecRef(function);
    }
}

static bool take_hooks(PyObject *world)
{
    const struct {
        PyObject **to;
        const char *name;
    } wanted[] = {
        {&hooks.wait, "wait"},         {&hooks.lost, "lost"},       {&hooks.point, "come"},
        {&hooks.left, "left"},         {&hooks.starting, "starting"}, {&hooks.started, "started"},
        {&hooks.born, "born"},         {&hooks.line, "line"},       {&hooks.loaded, "loaded"},
        {&hooks.child, "child"},       {&hooks.ending, "ending"},   {&hooks.timer, "timer"},
        {&hooks.stray, "stray"},       {&hooks.looping, "looping"},
        {&hooks.is_program, "is_program"}, {&hooks.reading, "reading"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        *wanted[i].to = py.GetAttr(world, wanted[i].name);
        if (*wanted[i].to == NULL) {
            return false;
        }
    }
    return true;
}


static void before_fork(void)
{
    if (mode == VIRTUAL) {
        detach_clocks();
    }
    if (mode != AWAY) {
        count_child();
    }
}

/* A fork's child goes on in real time, from where virtual time stood. */
static void in_child(void)
{
    if (mode != AWAY) {
        reseed_child();
    }
    if (mode == VIRTUAL) {
        mode = FORSAKEN;
        self = NULL;
    }
}

static void attach(void)
{
    PyObject *world = find_interpreter() ? py.GetObject("_controlled_world") : NULL;
    if (world == NULL || !take_hooks(world)) {
        return;
    }
    none = dlsym(RTLD_DEFAULT, "_Py_NoneStruct");
    give(world, methods);
    give(world, hook_methods);
    give(world, touch_methods);
    pthread_atfork(before_fork, NULL, in_child);
    self = &slots[0];
    self->tid = getpid();
    self->handle = pthread_self();
    self->born = true;
    self->random = 17;
    main_interpreter = py.InterpreterOf(py.ThisThread());
    learn_gil();
    file_times_begin();
    mode = VIRTUAL;
}

INTERPOSED pid_t getpgid(pid_t process)
{
    if (process != ATTACH) {
        return REAL(getpgid)(process);
    }
    attach();
    return 0;
}

/* Children of the interpreter run free: they are not to load this.  (What starts the interpreter is to
 * pass it on.)  It ends with who has started it: nobody else would end a program that goes round for ever.
 * That is the thread in which the run is followed. */
__attribute__((constructor)) static void start(void)
{
    bool asked = getenv("HARNESS_SCHEDULE") != NULL || getenv("HARNESS_SCHEDULE_REQUEST") != NULL;
    if (asked && find_interpreter()) {
        unsetenv("LD_PRELOAD");
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        seed_randomness();
    }
}
