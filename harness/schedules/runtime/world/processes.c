/* Other processes, which nobody controls: waiting for them, and the ways in which this one stops being
 * what it was.  (That one is started is seen by the hooks, and by those that `os` has for a fork.) */
#include "world.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    idtype_t kind;
    id_t id;
    int options;
} Child;

static bool has_changed(void *data)
{
    Child *child = data;
    siginfo_t found = {.si_pid = 0};
    int options = child->options | WNOHANG | WNOWAIT;
    return REAL(waitid)(child->kind, child->id, &found, options) != 0 || found.si_pid != 0;
}

bool has_children(void)
{
    siginfo_t found;
    return REAL(waitid)(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* 0: the call that follows will not block, or is to do the real thing; -1: errno. */
static int await_child(Child child, int options)
{
    if ((options & WNOHANG) != 0 || !may_wait()) {
        return 0;
    }
    come_to_point("-");
    if (!has_changed(&child) &&
        wait_for("process", has_changed, &child, NEVER, OUTSIDE) == INTERRUPTED) {
        errno = EINTR;
        return -1;
    }
    return 0;
}

static Child child_of(pid_t process, int options)
{
    int changes = WEXITED | ((options & WUNTRACED) != 0 ? WSTOPPED : 0) | (options & WCONTINUED);
    if (process > 0) {
        return (Child){P_PID, (id_t)process, changes};
    }
    return process == -1 ? (Child){P_ALL, 0, changes} : (Child){P_PGID, (id_t)-process, changes};
}

INTERPOSED pid_t waitpid(pid_t process, int *status, int options)
{
    return await_child(child_of(process, options), options) != 0
               ? -1
               : REAL(waitpid)(process, status, options);
}

INTERPOSED pid_t wait4(pid_t process, int *status, int options, struct rusage *usage)
{
    return await_child(child_of(process, options), options) != 0
               ? -1
               : REAL(wait4)(process, status, options, usage);
}

INTERPOSED pid_t wait3(int *status, int options, struct rusage *usage)
{
    return wait4(-1, status, options, usage);
}

INTERPOSED pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

INTERPOSED int waitid(idtype_t kind, id_t id, siginfo_t *information, int options)
{
    Child child = {kind, id, options & (WEXITED | WSTOPPED | WCONTINUED)};
    return await_child(child, options) != 0 ? -1 : REAL(waitid)(kind, id, information, options);
}

/* --- ends --------------------------------------------------------------------------------------------- */

INTERPOSED void _exit(int status)
{
    if (controlled()) {
        ask(hooks.ending, 0, "(s)", "exit");
    }
    REAL(_exit)(status);
    __builtin_unreachable();
}

/* Another program takes this one's place: the record has its end first, and loses it if that fails. */
#define REPLACING(name, parameters, arguments)                                                     \
    INTERPOSED int name parameters                                                                 \
    {                                                                                              \
        bool ends = controlled();                                                                  \
        if (ends) {                                                                                \
            ask(hooks.ending, 0, "(s)", "exec");                                                   \
        }                                                                                          \
        int result = REAL(name) arguments, error = errno;                                          \
        if (ends) {                                                                                \
            ask(hooks.ending, 0, "(s)", "failed");                                                 \
        }                                                                                          \
        errno = error;                                                                             \
        return result;                                                                             \
    }

REPLACING(execv, (const char *path, char *const arguments[]), (path, arguments))
REPLACING(execve, (const char *path, char *const arguments[], char *const environment[]),
          (path, arguments, environment))
REPLACING(fexecve, (int fd, char *const arguments[], char *const environment[]),
          (fd, arguments, environment))
