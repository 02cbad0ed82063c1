/* The end of a process whose interpreter is not taken down piece by piece: nothing would come of that. */
#include "world.h"

#include <stdio.h>

/* CPython flushes this stream when it has met SystemExit, before its handlers run; and at no other end.
 * What code the process is to end with, it knows alone. */
static bool knows_a_code;

INTERPOSED int fflush(FILE *stream)
{
    knows_a_code |= stream == stdout && mode == VIRTUAL;
    return REAL(fflush)(stream);
}

/* Ends the process as a program that has come to its end does; returns if it may be that it has not. */
PyObject *leave_quietly(PyObject *unused, PyObject *no)
{
    (void)unused, (void)no;
    if (!knows_a_code) {
        exit(0);
    }
    return nothing();
}

/* Whether instances of the class go by what classes written in Python have: that calls __del__, if there
 * is one, and does nothing else that shows. */
PyObject *goes_plainly(PyObject *model, PyObject *classes)
{
    enum { DEALLOCATOR = 52 };
    (void)model;
    static void *(*slot_of)(PyObject *, int);
    if (slot_of == NULL) {
        slot_of = (void *(*)(PyObject *, int))dlsym(RTLD_DEFAULT, "PyType_GetSlot");
    }
    void *one = slot_of(py.TupleItem(classes, 0), DEALLOCATOR);
    void *other = slot_of(py.TupleItem(classes, 1), DEALLOCATOR);
    if (one == NULL || other == NULL) {
        py.Clear(); /* before 3.10 those that are written in C do not tell */
    }
    return number(one != NULL && one == other);
}
