/* Input and output: what is written to stdout and stderr is an event that the log records; a call
 * that would block on any other descriptor, or on a child process, waits under the scheduler.
 *
 * The decision that follows a write is taken after Rust's print has let go of the lock on stdout:
 * taken inside, every other thread that prints would only run into that lock. */
#include "controlled.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_console(int fd)
{
    return fd == STDOUT_FILENO || fd == STDERR_FILENO;
}

static bool is_ready(struct pollfd *descriptor)
{
    return REAL(poll)(descriptor, 1, 0) != 0;
}

static bool returns_at_once(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 || (flags & O_NONBLOCK) != 0;
}

/* When a socket with a timeout of its own gives up. */
static Nanoseconds deadline_for(int fd, short awaited)
{
    struct timeval time = {0};
    socklen_t size = sizeof time;
    int option = awaited == POLLIN ? SO_RCVTIMEO : SO_SNDTIMEO;
    if (getsockopt(fd, SOL_SOCKET, option, &time, &size) != 0 ||
        (time.tv_sec == 0 && time.tv_usec == 0)) {
        return NEVER;
    }
    return after((Nanoseconds)time.tv_sec * 1000000000 + (Nanoseconds)time.tv_usec * 1000);
}

static bool wait_until(int fd, short awaited, Nanoseconds deadline)
{
    struct pollfd descriptor = {.fd = fd, .events = awaited};
    while (!is_ready(&descriptor)) {
        Wakeup wakeup = block((Wait){
            .kind = awaited == POLLIN ? "read" : "write",
            .deadline = deadline,
            .descriptors = &descriptor,
            .descriptor_count = 1,
        });
        if (wakeup == TIMED_OUT) {
            return false;
        }
    }
    return true;
}

/* Waits until the call that follows will not block, or has the right to. */
static bool prepare(int fd, short awaited)
{
    if (!controlled() || alone()) {
        return true;
    }
    decide_if_due();
    if (returns_at_once(fd) || wait_until(fd, awaited, deadline_for(fd, awaited))) {
        return true;
    }
    errno = EAGAIN;
    return false;
}

static ssize_t transferred(ssize_t result)
{
    happened(result >= 0 ? CHANGED : UNCHANGED);
    return result;
}

#define WAITING_CALL(type, name, parameters, arguments, awaited)                                   \
    INTERPOSED type name parameters                                                                \
    {                                                                                              \
        return prepare(fd, awaited) ? (type)transferred(REAL(name) arguments) : -1;                \
    }

WAITING_CALL(ssize_t, read, (int fd, void *bytes, size_t size), (fd, bytes, size), POLLIN)
WAITING_CALL(ssize_t, readv, (int fd, const struct iovec *parts, int count), (fd, parts, count),
             POLLIN)
WAITING_CALL(ssize_t, recv, (int fd, void *bytes, size_t size, int flags), (fd, bytes, size, flags),
             POLLIN)
WAITING_CALL(ssize_t, recvfrom,
             (int fd, void *bytes, size_t size, int flags, __SOCKADDR_ARG from, socklen_t *length),
             (fd, bytes, size, flags, from, length), POLLIN)
WAITING_CALL(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags),
             POLLIN)
WAITING_CALL(int, accept, (int fd, __SOCKADDR_ARG from, socklen_t *length), (fd, from, length),
             POLLIN)
WAITING_CALL(int, accept4, (int fd, __SOCKADDR_ARG from, socklen_t *length, int flags),
             (fd, from, length, flags), POLLIN)
WAITING_CALL(ssize_t, send, (int fd, const void *bytes, size_t size, int flags),
             (fd, bytes, size, flags), POLLOUT)
WAITING_CALL(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags),
             (fd, message, flags), POLLOUT)

/* --- stdout and stderr -------------------------------------------------------------------- */

static ssize_t written(int fd, ssize_t result)
{
    if (controlled() && result > 0 && is_console(fd)) {
        log_record("%c %d %zd", fd == STDOUT_FILENO ? 'o' : 'e', self->number, result);
        self->wrote = true;
    }
    return transferred(result);
}

static bool prepare_output(int fd)
{
    if (!is_console(fd)) {
        return prepare(fd, POLLOUT);
    }
    decide_if_due();
    return true;
}

INTERPOSED ssize_t write(int fd, const void *bytes, size_t size)
{
    return prepare_output(fd) ? written(fd, REAL(write)(fd, bytes, size)) : -1;
}

INTERPOSED ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return prepare_output(fd) ? written(fd, REAL(writev)(fd, parts, count)) : -1;
}

/* --- several descriptors at once ---------------------------------------------------------- */

INTERPOSED int poll(struct pollfd *descriptors, nfds_t count, int milliseconds)
{
    if (!controlled() || alone()) {
        return REAL(poll)(descriptors, count, milliseconds);
    }
    decide_if_due();
    if (milliseconds != 0 && REAL(poll)(descriptors, count, 0) == 0) {
        block((Wait){
            .kind = "read",
            .deadline = milliseconds < 0 ? NEVER : after((Nanoseconds)milliseconds * 1000000),
            .descriptors = descriptors,
            .descriptor_count = count,
        });
    }
    return (int)transferred(REAL(poll)(descriptors, count, 0));
}

INTERPOSED int epoll_wait(int fd, struct epoll_event *events, int limit, int milliseconds)
{
    if (!controlled() || alone()) {
        return REAL(epoll_wait)(fd, events, limit, milliseconds);
    }
    decide_if_due();
    if (milliseconds != 0) {
        wait_until(fd, POLLIN,
                   milliseconds < 0 ? NEVER : after((Nanoseconds)milliseconds * 1000000));
    }
    return (int)transferred(REAL(epoll_wait)(fd, events, limit, 0));
}

/* --- child processes ---------------------------------------------------------------------- */

static void wait_for_exit(int process_fd)
{
    if (process_fd >= 0 && !alone()) {
        decide_if_due();
        wait_until(process_fd, POLLIN, NEVER);
    }
}

static void wait_for_child(pid_t process)
{
    int fd = (int)REAL(syscall)(SYS_pidfd_open, process, 0);
    wait_for_exit(fd);
    if (fd >= 0) {
        close(fd);
    }
}

INTERPOSED pid_t waitpid(pid_t process, int *status, int options)
{
    if (controlled() && process > 0 && (options & WNOHANG) == 0) {
        wait_for_child(process);
    }
    return (pid_t)transferred(REAL(waitpid)(process, status, options));
}

INTERPOSED int waitid(idtype_t type, id_t id, siginfo_t *information, int options)
{
    if (controlled() && (options & WNOHANG) == 0) {
        if (type == P_PID) {
            wait_for_child((pid_t)id);
        } else if (type == (idtype_t)P_PIDFD) {
            wait_for_exit((int)id);
        }
    }
    return (int)transferred(REAL(waitid)(type, id, information, options));
}
