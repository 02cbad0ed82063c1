/* What each step of a run touches, for a search that makes one run of each trace (dpor.py), and what that
 * search asks for: whom to choose, and who sleeps.
 *
 * What is asked for is kept here, and never comes into the interpreter's memory: objects are named by their
 * addresses, and those must not depend on the question.  What instructions touch the scheduler's side finds
 * out (touching.py), with the operands that it finds on an interpreter's stack (operands.py). */
#include "world.h"

#include "../question.h"

#include <stdio.h>
#include <unistd.h>

enum { MOST_CHOICES = 1 << 14 };

typedef struct {
    long decision;
    int thread;
} Choice;

bool follows;

static Touch touches[MOST_TOUCHES];
static int touch_count;
static Question question;
static Choice choices[MOST_CHOICES];
static int choice_count, next_choice;
static bool sleepless, too_much;
static bool begun; /* there is, or is about to be, a second thread */

/* --- what was asked for ---------------------------------------------------------------------------- */

/* "switch:3>1,7>2,early@*": the choices, in order.  Of what else may be listed a search asks for nothing
 * that there is here. */
static void parse_choices(const char *text)
{
    const char *at = strchr(text, ':');
    while (at != NULL && at[1] != '\0') {
        char *end;
        const char *item = at + 1;
        if (*item < '0' || *item > '9') {
            sleepless |= *item == 'e';
        } else if (choice_count < MOST_CHOICES) {
            long decision = strtol(item, &end, 10);
            choices[choice_count++] = (Choice){decision, (int)strtol(end + 1, NULL, 10)};
        } else {
            too_much = true;
        }
        at = strchr(item, ',');
    }
}

/* Takes the line that begins so out of the request, and gives what it says; NULL if there is none. */
static const char *cut_out(char *request, const char *name, char *to, size_t room)
{
    char *line = strstr(request, name);
    if (line == NULL || (line != request && line[-1] != '\n')) {
        return NULL;
    }
    char *end = strchrnul(line, '\n');
    size_t length = (size_t)(end - line) - strlen(name);
    too_much |= length >= room;
    length = length < room ? length : room - 1;
    memcpy(to, line + strlen(name), length);
    to[length] = '\0';
    memmove(line, *end == '\n' ? end + 1 : end, strlen(end) + 1 - (*end == '\n'));
    return to;
}

/* What is left of the request is of one length for all runs of a search. */
void touches_asked(char *request)
{
    static char text[1 << 17];
    if (cut_out(request, "HARNESS_SCHEDULE_TOUCHES=", text, sizeof text) == NULL) {
        return;
    }
    follows = true;
    too_much |= !question_parse(&question, text);
    if (cut_out(request, "HARNESS_SCHEDULE=", text, sizeof text) != NULL) {
        parse_choices(text);
    }
}

/* --- touches ----------------------------------------------------------------------------------------- */

void touch(char kind, uint64_t object)
{
    begun |= kind == 'e';
    if (!follows || !begun) {
        return;
    }
    for (int i = 0; i < touch_count; i++) {
        if (touches[i].kind == kind && touches[i].object == object) {
            return;
        }
    }
    if (touch_count < MOST_TOUCHES) {
        touches[touch_count++] = (Touch){.kind = kind, .object = object};
    } else {
        touches[0] = (Touch){.kind = '*'};
    }
}

/* Lines that commute are each thread's own. */
void touch_line(int fd)
{
    enum { OWN_LINES = 5 }; /* as dpor.py has it */
    bool own = question.lines_commute && fd == STDOUT_FILENO && self != NULL;
    touch('w', own ? (uint64_t)OWN_LINES + (uint64_t)number_of(self) : (uint64_t)fd);
}

static PyObject *touch_object(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    const char kind = (char)py.AsLong(py.TupleItem(arguments, 0));
    touch(kind, (uint64_t)py.AsLong(py.TupleItem(arguments, 1)));
    return nothing();
}

/* --- steps --------------------------------------------------------------------------------------------- */

/* The touches of the step that ends after so many decisions, as a record has them; None: it has none. */
static PyObject *end_step(PyObject *unused, PyObject *decisions)
{
    (void)unused;
    static char text[MOST_TOUCHES * 24];
    size_t length = 0;
    if (touch_count == 0) {
        return nothing();
    }
    for (int i = 0; i < touch_count; i++) {
        const char *form = strchr("!*", touches[i].kind) != NULL   ? " %c"
                           : strchr("ej", touches[i].kind) != NULL ? " %c:%lld"
                                                                   : " %c:%llx";
        length += (size_t)snprintf(text + length, sizeof text - length, form, touches[i].kind,
                                   (unsigned long long)touches[i].object);
    }
    question_wake(&question, (uint64_t)py.AsLong(decisions), touches, touch_count);
    touch_count = 0;
    return build("s", text);
}

/* is_asleep(thread, decisions so far) */
static PyObject *is_asleep(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    const int thread = (int)py.AsLong(py.TupleItem(arguments, 0));
    const uint64_t decisions = (uint64_t)py.AsLong(py.TupleItem(arguments, 1));
    return number(question_has_asleep(&question, thread, decisions));
}

/* Whom to choose at this decision; -1: nobody in particular.  To be asked of each in turn. */
static PyObject *asked_choice(PyObject *unused, PyObject *decision)
{
    (void)unused;
    if (next_choice < choice_count && choices[next_choice].decision == py.AsLong(decision)) {
        return number(choices[next_choice++].thread);
    }
    return number(-1);
}

/* (whether steps are followed, lines commute, what comes for nothing is asked for, sleeps end at once, more
 * was asked than there is room for) */
static PyObject *asked_touches(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    return build("(iiiii)", (int)follows, (int)question.lines_commute, (int)question.for_nothing, (int)sleepless,
                 (int)too_much);
}

/* --- operands ------------------------------------------------------------------------------------------- */

static struct {
    ptrdiff_t inner;  /* of what points to the interpreter's own frame, in the object */
    ptrdiff_t values; /* of the first place for locals and values, in that frame */
    PyObject *empty;  /* stands for a place without an object; held */
} layout;

static PyObject *set_layout(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    layout.inner = (ptrdiff_t)py.AsLong(py.TupleItem(arguments, 0));
    layout.values = (ptrdiff_t)py.AsLong(py.TupleItem(arguments, 1));
    layout.empty = py.TupleItem(arguments, 2);
    py.IncRef(layout.empty);
    return nothing();
}

static const uintptr_t *place_in(PyObject *frame, PyObject *which)
{
    char *inner = *(char **)((char *)frame + layout.inner);
    return (uintptr_t *)(inner + layout.values) + py.AsLong(which);
}

/* What stands there; NULL if it is no object.  From CPython 3.14 on the lowest bits are marks: of an object
 * who holds it, or that it is a number and none. */
static PyObject *object_in(uintptr_t value)
{
    enum { MARKS = 3, IS_NUMBER = 3 };
    return (value & MARKS) == IS_NUMBER ? NULL : (PyObject *)(value & ~(uintptr_t)MARKS);
}

/* values(frame, i, n): what stands at n places of a frame, from the one numbered i on: its variables come
 * first, a cell being itself, then its stack. */
static PyObject *values(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    const uintptr_t *place = place_in(py.TupleItem(arguments, 0), py.TupleItem(arguments, 1));
    const ptrdiff_t count = (ptrdiff_t)py.AsLong(py.TupleItem(arguments, 2));
    PyObject *found = py.NewTuple(count);
    for (ptrdiff_t i = 0; i < count; i++) {
        PyObject *value = object_in(place[i]);
        value = value != NULL ? value : layout.empty;
        py.IncRef(value);
        py.SetItem(found, i, value);
    }
    return found;
}

/* holds(frame, i, object): whether that is what stands at place i, which is looked at for nothing else. */
static PyObject *holds(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    const uintptr_t *place = place_in(py.TupleItem(arguments, 0), py.TupleItem(arguments, 1));
    return number(object_in(*place) == py.TupleItem(arguments, 2));
}

/* is_lone(frame, i): whether nothing else refers to the object that stands at place i.  That of a build with
 * the GIL begins with the count. */
static PyObject *is_lone(PyObject *unused, PyObject *arguments)
{
    (void)unused;
    const uintptr_t *place = place_in(py.TupleItem(arguments, 0), py.TupleItem(arguments, 1));
    const PyObject *value = object_in(*place);
    return number(value != NULL && *(const uint32_t *)value == 1);
}

MethodDef touch_methods[] = {
    {"touch", touch_object, VARARGS, ""},
    {"end_step", end_step, ONE, ""},
    {"is_asleep", is_asleep, VARARGS, ""},
    {"asked_choice", asked_choice, ONE, ""},
    {"asked_touches", asked_touches, NOARGS, ""},
    {"set_layout", set_layout, VARARGS, ""},
    {"values", values, VARARGS, ""},
    {"holds", holds, VARARGS, ""},
    {"is_lone", is_lone, VARARGS, ""},
    {NULL, NULL, 0, NULL},
};
