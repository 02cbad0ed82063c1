/* Child processes run free, and are said to; waiting for one is a wait under the scheduler.  A
 * program that is executed in the place of this one is no part of the run, whose log is closed
 * before. */
#include "controlled.h"

#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void note_child(void)
{
    static bool noted;
    if (controlled() && !noted) {
        noted = true;
        log_record("uncontrolled child-process");
    }
}

/* --- starting ----------------------------------------------------------------------------- */

#define SPAWN(name)                                                                                \
    INTERPOSED int name(pid_t *restrict process, const char *restrict program,                     \
                        const posix_spawn_file_actions_t *restrict actions,                        \
                        const posix_spawnattr_t *restrict attributes,                              \
                        char *const arguments[restrict], char *const environment[restrict])        \
    {                                                                                              \
        note_child();                                                                              \
        return REAL(name)(process, program, actions, attributes, arguments, environment);          \
    }

SPAWN(posix_spawn)
SPAWN(posix_spawnp)

/* A function that returns twice into a frame that is gone cannot be passed on; to the program this
 * one is the same. */
INTERPOSED pid_t vfork(void)
{
    return fork();
}

INTERPOSED int system(const char *command)
{
    note_child();
    return REAL(system)(command);
}

/* --- executing another program ------------------------------------------------------------- */

INTERPOSED int execve(const char *program, char *const arguments[], char *const environment[])
{
    bool closed = log_end_before_exec();
    int result = REAL(execve)(program, arguments, environment);
    if (closed) {
        log_go_on();
    }
    return result;
}

INTERPOSED int execvpe(const char *program, char *const arguments[], char *const environment[])
{
    bool closed = log_end_before_exec();
    int result = REAL(execvpe)(program, arguments, environment);
    if (closed) {
        log_go_on();
    }
    return result;
}

INTERPOSED int fexecve(int fd, char *const arguments[], char *const environment[])
{
    bool closed = log_end_before_exec();
    int result = REAL(fexecve)(fd, arguments, environment);
    if (closed) {
        log_go_on();
    }
    return result;
}

INTERPOSED int execv(const char *program, char *const arguments[])
{
    return execve(program, arguments, environ);
}

INTERPOSED int execvp(const char *program, char *const arguments[])
{
    return execvpe(program, arguments, environ);
}

enum { MAX_ARGUMENTS = 4096 };

/* The arguments of execl and its like, up to the NULL; what stands behind it is left to be read. */
static void gather(char **gathered, const char *first, va_list *rest)
{
    int count = 0;
    gathered[count++] =
        (char *)first; /* as the C library does: the type says nothing of our intent */
    while (gathered[count - 1] != NULL && count < MAX_ARGUMENTS) {
        gathered[count++] = va_arg(*rest, char *);
    }
}

INTERPOSED int execl(const char *program, const char *argument, ...)
{
    char *arguments[MAX_ARGUMENTS + 1] = {NULL};
    va_list rest;
    va_start(rest, argument);
    gather(arguments, argument, &rest);
    va_end(rest);
    return execve(program, arguments, environ);
}

INTERPOSED int execlp(const char *program, const char *argument, ...)
{
    char *arguments[MAX_ARGUMENTS + 1] = {NULL};
    va_list rest;
    va_start(rest, argument);
    gather(arguments, argument, &rest);
    va_end(rest);
    return execvpe(program, arguments, environ);
}

INTERPOSED int execle(const char *program, const char *argument, ...)
{
    char *arguments[MAX_ARGUMENTS + 1] = {NULL};
    va_list rest;
    va_start(rest, argument);
    gather(arguments, argument, &rest);
    char *const *environment = va_arg(rest, char *const *);
    va_end(rest);
    return execve(program, arguments, environment);
}

/* --- waiting ------------------------------------------------------------------------------ */

typedef struct {
    idtype_t type;
    id_t id;
    int options;
} Children;

static bool one_is_ready(const void *what)
{
    const Children *children = what;
    siginfo_t information = {0};
    int failure = REAL(waitid)(children->type, children->id, &information,
                               children->options | WNOHANG | WNOWAIT);
    return failure != 0 || information.si_pid != 0;
}

/* Whether the call that follows will not block; if not, a signal has ended the wait. */
static bool wait_for(Children children)
{
    decide_if_due();
    while (!one_is_ready(&children)) {
        Wakeup wakeup = block((Wait){
            .kind = "child",
            .deadline = NEVER,
            .holds = one_is_ready,
            .what = &children,
            .on_signal = ENDS_UNLESS_RESTARTED,
        });
        if (wakeup == INTERRUPTED) {
            errno = EINTR;
            return false;
        }
    }
    return true;
}

static Children named(pid_t process, int options)
{
    int flags = WEXITED | ((options & WUNTRACED) != 0 ? WSTOPPED : 0) | (options & WCONTINUED);
    return process > 0     ? (Children){P_PID, (id_t)process, flags}
           : process == -1 ? (Children){P_ALL, 0, flags}
           : process == 0  ? (Children){P_PGID, (id_t)getpgrp(), flags}
                           : (Children){P_PGID, (id_t)-process, flags};
}

static bool may_go_on(Children children, int options)
{
    return !controlled() || (options & WNOHANG) != 0 || alone() || wait_for(children);
}

static pid_t waited(pid_t result)
{
    memory_meet_world();
    happened(result > 0 ? CHANGED : UNCHANGED);
    return result;
}

INTERPOSED pid_t waitpid(pid_t process, int *status, int options)
{
    return may_go_on(named(process, options), options)
               ? waited(REAL(waitpid)(process, status, options))
               : -1;
}

INTERPOSED pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

INTERPOSED pid_t wait4(pid_t process, int *status, int options, struct rusage *usage)
{
    return may_go_on(named(process, options), options)
               ? waited(REAL(wait4)(process, status, options, usage))
               : -1;
}

INTERPOSED int waitid(idtype_t type, id_t id, siginfo_t *information, int options)
{
    Children children = {type, id, options & (WEXITED | WSTOPPED | WCONTINUED)};
    if (!may_go_on(children, options)) {
        return -1;
    }
    int result = REAL(waitid)(type, id, information, options);
    memory_meet_world();
    happened(result == 0 ? CHANGED : UNCHANGED);
    return result;
}
