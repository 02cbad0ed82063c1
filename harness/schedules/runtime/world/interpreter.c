/* The functions of CPython's stable ABI that this library calls, found by name. */
#include "world.h"

struct Interpreter py;
bool without_gil;

bool find_interpreter(void)
{
    const struct {
        void *to;
        const char *name;
    } wanted[] = {
        {&py.Ensure, "PyGILState_Ensure"},
        {&py.Release, "PyGILState_Release"},
        {&py.Current, "_PyThreadState_UncheckedGet"},
        {&py.ThisThread, "PyGILState_GetThisThreadState"},
        {&py.InterpreterOf, "PyThreadState_GetInterpreter"},
        {&py.SaveThread, "PyEval_SaveThread"},
        {&py.RestoreThread, "PyEval_RestoreThread"},
        {&py.GetFrame, "PyEval_GetFrame"},
        {&py.GetCode, "PyFrame_GetCode"},
        {&py.GetObject, "PySys_GetObject"},
        {&py.NewFunction, "PyCFunction_NewEx"},
        {&py.SetAttr, "PyObject_SetAttrString"},
        {&py.GetAttr, "PyObject_GetAttrString"},
        {&py.BuildArguments, "Py_VaBuildValue"},
        {&py.Call, "PyObject_CallObject"},
        {&py.CallNamed, "PyObject_Call"},
        {&py.FromLong, "PyLong_FromLongLong"},
        {&py.AsLong, "PyLong_AsLongLong"},
        {&py.TupleItem, "PyTuple_GetItem"},
        {&py.TupleSize, "PyTuple_Size"},
        {&py.IsTrue, "PyObject_IsTrue"},
        {&py.Occurred, "PyErr_Occurred"},
        {&py.Clear, "PyErr_Clear"},
        {&py.Fetch, "PyErr_Fetch"},
        {&py.Restore, "PyErr_Restore"},
        {&py.Print, "PyErr_Print"},
        {&py.AsText, "PyUnicode_AsUTF8String"},
        {&py.TextOf, "PyBytes_AsString"},
        {&py.NewTuple, "PyTuple_New"},
        {&py.SetItem, "PyTuple_SetItem"},
        {&py.IncRef, "Py_IncRef"},
        {&py.DecRef, "Py_DecRef"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        void *found = dlsym(RTLD_DEFAULT, wanted[i].name);
        if (found == NULL && wanted[i].to == &py.Current) {
            found = dlsym(RTLD_DEFAULT, "PyThreadState_GetUnchecked");
        }
        if (found == NULL) {
            return false;
        }
        *(void **)wanted[i].to = found;
    }
    py.EnterTracing = (void (*)(void *))dlsym(RTLD_DEFAULT, "PyThreadState_EnterTracing");
    py.LeaveTracing = (void (*)(void *))dlsym(RTLD_DEFAULT, "PyThreadState_LeaveTracing");
    without_gil = dlsym(RTLD_DEFAULT, "_Py_MergeZeroLocalRefcount") != NULL;
    return true;
}

bool attached(void)
{
    void *current = py.Current();
    return current != NULL && current == py.ThisThread();
}
