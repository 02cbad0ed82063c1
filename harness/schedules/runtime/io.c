/* Input and output: what is written to stdout and stderr is an event that the log records; a call
 * that would block on any other descriptor waits under the scheduler.  A call that may not block
 * does not: O_NONBLOCK and MSG_DONTWAIT.
 *
 * The decision that follows a write is taken after Rust's print has let go of the lock on stdout:
 * taken inside, every other thread that prints would only run into that lock. */
#include "controlled.h"
#include "beyond.h"
#include "filetimes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#define MILLISECOND ((Nanoseconds)1000000)

static ssize_t fail(int error)
{
    errno = error;
    return -1;
}

static bool is_console(int fd)
{
    return fd == STDOUT_FILENO || fd == STDERR_FILENO;
}

static bool returns_at_once(int fd)
{
    int flags = REAL(fcntl)(fd, F_GETFL);
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

/* Waits for the descriptor; sets errno if the wait ends without it. */
static bool wait_until(int fd, short awaited, Nanoseconds deadline, OnSignal on_signal)
{
    struct pollfd descriptor = {.fd = fd, .events = awaited};
    while (REAL(poll)(&descriptor, 1, 0) == 0) {
        Wakeup wakeup = block((Wait){
            .kind = awaited == POLLIN ? "read" : "write",
            .deadline = deadline,
            .descriptors = &descriptor,
            .descriptor_count = 1,
            .on_signal = on_signal,
        });
        if (wakeup == TIMED_OUT || wakeup == INTERRUPTED) {
            errno = wakeup == TIMED_OUT ? EAGAIN : EINTR;
            return false;
        }
    }
    return true;
}

/* With no other thread a call may as well wait in the kernel, unless a timer of ours has to end it. */
static bool is_followed(void)
{
    return controlled() && !undisturbed();
}

/* The same of a call that brings news, but whose wait nobody could end: alone in the kernel a thread would
 * wait for ever, and that is a deadlock.  While there is a child, the news is its, and comes when it comes:
 * waited for in the kernel, it costs the same steps in every run. */
static bool is_followed_waiting(void)
{
    return controlled() && (!undisturbed() || !has_children());
}

/* Waits until the call that follows will not block, or has the right to.  What comes on stdin comes from
 * outside. */
static bool prepare(int fd, short awaited, int flags)
{
    if (fd == STDIN_FILENO ? !is_followed() : !is_followed_waiting()) {
        return true;
    }
    decide_if_due();
    return (flags & MSG_DONTWAIT) != 0 || returns_at_once(fd) ||
           wait_until(fd, awaited, deadline_for(fd, awaited), ENDS_UNLESS_RESTARTED);
}

static ssize_t transferred(ssize_t result)
{
    memory_meet_world();
    happened(result >= 0 ? CHANGED : UNCHANGED);
    return result;
}

/* --- reading ------------------------------------------------------------------------------ */

INTERPOSED ssize_t read(int fd, void *bytes, size_t size)
{
    if (controlled() && is_random_device(fd)) {
        return read_random(bytes, size);
    }
    return prepare(fd, POLLIN, 0) ? transferred(REAL(read)(fd, bytes, size)) : -1;
}

#define WAITING_CALL(type, name, parameters, arguments, awaited, flags)                            \
    INTERPOSED type name parameters                                                                \
    {                                                                                              \
        return prepare(fd, awaited, flags) ? (type)transferred(REAL(name) arguments) : -1;         \
    }

WAITING_CALL(ssize_t, readv, (int fd, const struct iovec *parts, int count), (fd, parts, count),
             POLLIN, 0)
WAITING_CALL(int, accept, (int fd, __SOCKADDR_ARG from, socklen_t *length), (fd, from, length),
             POLLIN, 0)
WAITING_CALL(int, accept4, (int fd, __SOCKADDR_ARG from, socklen_t *length, int mode),
             (fd, from, length, mode), POLLIN, 0)
WAITING_CALL(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags),
             POLLIN, flags)

/* With MSG_WAITALL a call goes on until it has all: so many calls, here, that may wait between
 * them. */
static ssize_t receive(int fd, void *bytes, size_t size, int flags, __SOCKADDR_ARG from,
                       socklen_t *length)
{
    size_t done = 0;
    bool all = (flags & MSG_WAITALL) != 0 && (flags & (MSG_DONTWAIT | MSG_PEEK)) == 0 &&
               is_followed() && !returns_at_once(fd);
    int once = all ? flags & ~MSG_WAITALL : flags;
    do {
        ssize_t count = prepare(fd, POLLIN, flags)
                            ? transferred(REAL(recvfrom)(fd, (char *)bytes + done, size - done,
                                                         once, from, length))
                            : -1;
        if (count <= 0) {
            return done > 0 ? (ssize_t)done : count;
        }
        done += (size_t)count;
    } while (all && done < size);
    return (ssize_t)done;
}

INTERPOSED ssize_t recvfrom(int fd, void *restrict bytes, size_t size, int flags,
                            __SOCKADDR_ARG from, socklen_t *restrict length)
{
    return receive(fd, bytes, size, flags, from, length);
}

INTERPOSED ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
    return receive(fd, bytes, size, flags, (__SOCKADDR_ARG){NULL}, NULL);
}

INTERPOSED int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                        struct timespec *timeout)
{
    if (!is_followed() || (flags & MSG_DONTWAIT) != 0 || returns_at_once(fd)) {
        decide_if_due();
        return (int)transferred(REAL(recvmmsg)(fd, messages, count, flags, timeout));
    }
    int once = (flags & ~MSG_WAITFORONE) | MSG_DONTWAIT;
    unsigned done = 0;
    while (done < count && (done == 0 || (flags & MSG_WAITFORONE) == 0) && prepare(fd, POLLIN, 0)) {
        int got = REAL(recvmmsg)(fd, messages + done, count - done, once, NULL);
        if (got <= 0) {
            break;
        }
        done += (unsigned)transferred(got);
    }
    return done > 0 ? (int)done : -1;
}

/* --- writing ------------------------------------------------------------------------------ */

/* A pipe that has room at all has room for so much; a socket is asked not to wait. */
static ssize_t write_what_fits(int fd, const char *bytes, size_t size)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode)) {
        ssize_t count = REAL(send)(fd, bytes, size, MSG_DONTWAIT);
        return count < 0 && errno == EAGAIN ? 0 : count;
    }
    bool is_pipe = S_ISFIFO(status.st_mode) && size > PIPE_BUF;
    return file_written(fd, REAL(write)(fd, bytes, is_pipe ? PIPE_BUF : size));
}

/* A blocking write goes on until all is written; its thread waits whenever there is no room. */
static ssize_t write_all(int fd, const char *bytes, size_t size)
{
    size_t done = 0;
    do {
        ssize_t count =
            prepare(fd, POLLOUT, 0) ? write_what_fits(fd, bytes + done, size - done) : -1;
        if (count < 0) {
            return done > 0 ? (ssize_t)done : count;
        }
        done += (size_t)count;
        if (done < size) {
            transferred(count);
        }
    } while (done < size);
    return transferred((ssize_t)done);
}

static ssize_t written(int fd, ssize_t result)
{
    self->console = false;
    if (result > 0) {
        log_record("%c %d %zd", fd == STDOUT_FILENO ? 'o' : 'e', self->number, result);
        self->wrote = true;
        if (fd == STDOUT_FILENO) {
            tell_line();
        } else {
            tell('w', STDERR_OBJECT);
        }
    }
    happened(result >= 0 ? CHANGED : UNCHANGED); /* nobody learns anything from it */
    return result;
}

static bool to_console(int fd)
{
    if (!is_console(fd) || !controlled()) {
        return false;
    }
    decide_if_due();
    self->console = true;
    return true;
}

INTERPOSED ssize_t write(int fd, const void *bytes, size_t size)
{
    if (to_console(fd)) {
        return written(fd, REAL(write)(fd, bytes, size));
    }
    if (!is_followed() || size == 0 || returns_at_once(fd)) {
        decide_if_due();
        return transferred(file_written(fd, REAL(write)(fd, bytes, size)));
    }
    return write_all(fd, bytes, size);
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count)
{
    size_t done = 0;
    for (int i = 0; i < count; i++) {
        ssize_t written_now =
            parts[i].iov_len > 0 ? write_all(fd, parts[i].iov_base, parts[i].iov_len) : 0;
        if (written_now < 0) {
            return done > 0 ? (ssize_t)done : -1;
        }
        done += (size_t)written_now;
        if ((size_t)written_now < parts[i].iov_len) {
            break;
        }
    }
    return (ssize_t)done;
}

/* Whether its parts have to be written one by one: together they may be more than there is room
 * for. */
static bool is_written_by_parts(int fd, const struct iovec *parts, int count)
{
    size_t size = 0;
    for (int i = 0; i < count; i++) {
        size += parts[i].iov_len;
    }
    struct stat status;
    bool is_stream =
        fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
    return is_stream && size > PIPE_BUF;
}

INTERPOSED ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (to_console(fd)) {
        return written(fd, REAL(writev)(fd, parts, count));
    }
    if (!is_followed() || returns_at_once(fd)) {
        decide_if_due();
        return transferred(file_written(fd, REAL(writev)(fd, parts, count)));
    }
    if (is_written_by_parts(fd, parts, count)) {
        return write_parts(fd, parts, count);
    }
    return prepare(fd, POLLOUT, 0)
               ? transferred(file_written(fd, REAL(writev)(fd, parts, count)))
               : -1;
}

static bool sends_a_stream(int fd)
{
    int type = 0;
    socklen_t size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

INTERPOSED ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    bool waits = is_followed() && (flags & MSG_DONTWAIT) == 0 && !returns_at_once(fd);
    if (!waits || !sends_a_stream(fd)) {
        return prepare(fd, POLLOUT, flags) ? transferred(REAL(send)(fd, bytes, size, flags)) : -1;
    }
    size_t done = 0;
    do {
        ssize_t count = -1;
        if (prepare(fd, POLLOUT, 0)) {
            count = REAL(send)(fd, (const char *)bytes + done, size - done, flags | MSG_DONTWAIT);
            count = count < 0 && errno == EAGAIN ? 0 : count;
        }
        if (count < 0) {
            return done > 0 ? (ssize_t)done : count;
        }
        done += (size_t)transferred(count);
    } while (done < size);
    return (ssize_t)done;
}

WAITING_CALL(ssize_t, sendto,
             (int fd, const void *bytes, size_t size, int flags, __CONST_SOCKADDR_ARG to,
              socklen_t length),
             (fd, bytes, size, flags, to, length), POLLOUT, flags)
WAITING_CALL(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags),
             (fd, message, flags), POLLOUT, flags)

/* --- connecting --------------------------------------------------------------------------- */

static int finish_connecting(int fd)
{
    if (!wait_until(fd, POLLOUT, deadline_for(fd, POLLOUT), ENDS_UNLESS_RESTARTED)) {
        return errno == EAGAIN ? (int)fail(EINPROGRESS) : -1;
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? 0 : (int)fail(error);
}

/* Begun without waiting, and waited for here.  A local socket whose queue is full says only that. */
INTERPOSED int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t length)
{
    if (leads_beyond(fd, to.__sockaddr__, length)) {
        note_beyond();
    }
    if (!is_followed() || returns_at_once(fd)) {
        decide_if_due();
        return (int)transferred(REAL(connect)(fd, to, length));
    }
    decide_if_due();
    int flags = REAL(fcntl)(fd, F_GETFL);
    REAL(fcntl)(fd, F_SETFL, flags | O_NONBLOCK);
    int result = REAL(connect)(fd, to, length);
    int error = errno;
    REAL(fcntl)(fd, F_SETFL, flags);
    errno = error;
    if (result != 0 && error == EINPROGRESS) {
        result = finish_connecting(fd);
    } else if (result != 0 && error == EAGAIN) {
        result = REAL(connect)(fd, to, length);
    }
    return (int)transferred(result);
}

/* --- several descriptors at once ---------------------------------------------------------- */

static Nanoseconds after_milliseconds(int milliseconds)
{
    return milliseconds < 0 ? NEVER : after((Nanoseconds)milliseconds * MILLISECOND);
}

static Nanoseconds after_timespec(const struct timespec *time)
{
    return time == NULL ? NEVER : after(duration_of(time));
}

static int poll_until(struct pollfd *descriptors, nfds_t count, Nanoseconds deadline)
{
    decide_if_due();
    if (deadline > now() && REAL(poll)(descriptors, count, 0) == 0) {
        Wakeup wakeup = block((Wait){
            .kind = "read",
            .deadline = deadline,
            .descriptors = descriptors,
            .descriptor_count = count,
            .on_signal = ENDS,
        });
        if (wakeup == INTERRUPTED) {
            return (int)fail(EINTR);
        }
    }
    return (int)transferred(REAL(poll)(descriptors, count, 0));
}

INTERPOSED int poll(struct pollfd *descriptors, nfds_t count, int milliseconds)
{
    return is_followed_waiting() || (controlled() && milliseconds > 0)
               ? poll_until(descriptors, count, after_milliseconds(milliseconds))
               : REAL(poll)(descriptors, count, milliseconds);
}

/* The mask that some calls put in the place of the thread's while they wait. */
typedef struct {
    bool set;
    sigset_t before;
} Masked;

static Masked mask(const sigset_t *signals)
{
    Masked masked = {.set = signals != NULL};
    if (masked.set) {
        pthread_sigmask(SIG_SETMASK, signals, &masked.before);
    }
    return masked;
}

static int unmask(Masked masked, int result)
{
    int error = errno;
    if (masked.set) {
        pthread_sigmask(SIG_SETMASK, &masked.before, NULL);
    }
    errno = error;
    return result;
}

INTERPOSED int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *time,
                     const sigset_t *signals)
{
    if (!is_followed_waiting()) {
        return REAL(ppoll)(descriptors, count, time, signals);
    }
    Masked masked = mask(signals);
    return unmask(masked, poll_until(descriptors, count, after_timespec(time)));
}

static short events_in(const fd_set *readable, const fd_set *writable, const fd_set *exceptional,
                       int fd)
{
    return (short)((readable != NULL && FD_ISSET(fd, readable) ? POLLIN : 0) |
                   (writable != NULL && FD_ISSET(fd, writable) ? POLLOUT : 0) |
                   (exceptional != NULL && FD_ISSET(fd, exceptional) ? POLLPRI : 0));
}

static int keep(fd_set *set, const struct pollfd *descriptor, short events)
{
    if (set == NULL || !FD_ISSET(descriptor->fd, set)) {
        return 0;
    }
    if ((descriptor->revents & events) != 0) {
        return 1;
    }
    FD_CLR(descriptor->fd, set);
    return 0;
}

static int select_until(int limit, fd_set *readable, fd_set *writable, fd_set *exceptional,
                        Nanoseconds deadline)
{
    struct pollfd descriptors[FD_SETSIZE];
    nfds_t count = 0;
    for (int fd = 0; fd < limit && fd < FD_SETSIZE; fd++) {
        short events = events_in(readable, writable, exceptional, fd);
        if (events != 0) {
            descriptors[count++] = (struct pollfd){.fd = fd, .events = events};
        }
    }
    if (poll_until(descriptors, count, deadline) < 0) {
        return -1;
    }
    int ready = 0;
    for (nfds_t i = 0; i < count; i++) {
        if ((descriptors[i].revents & POLLNVAL) != 0) {
            return (int)fail(EBADF);
        }
        ready += keep(readable, &descriptors[i], POLLIN | POLLHUP | POLLERR);
        ready += keep(writable, &descriptors[i], POLLOUT | POLLERR);
        ready += keep(exceptional, &descriptors[i], POLLPRI);
    }
    return ready;
}

INTERPOSED int select(int limit, fd_set *restrict readable, fd_set *restrict writable,
                      fd_set *restrict exceptional, struct timeval *restrict time)
{
    if (!controlled()) {
        return REAL(select)(limit, readable, writable, exceptional, time);
    }
    Nanoseconds deadline =
        time == NULL
            ? NEVER
            : after((Nanoseconds)time->tv_sec * 1000000000 + (Nanoseconds)time->tv_usec * 1000);
    return select_until(limit, readable, writable, exceptional, deadline);
}

INTERPOSED int pselect(int limit, fd_set *restrict readable, fd_set *restrict writable,
                       fd_set *restrict exceptional, const struct timespec *restrict time,
                       const sigset_t *restrict signals)
{
    if (!controlled()) {
        return REAL(pselect)(limit, readable, writable, exceptional, time, signals);
    }
    Masked masked = mask(signals);
    return unmask(masked,
                  select_until(limit, readable, writable, exceptional, after_timespec(time)));
}

static int epoll_until(int fd, struct epoll_event *events, int limit, Nanoseconds deadline)
{
    decide_if_due();
    if (deadline > now() && !wait_until(fd, POLLIN, deadline, ENDS) && errno == EINTR) {
        return -1;
    }
    return (int)transferred(REAL(epoll_wait)(fd, events, limit, 0));
}

INTERPOSED int epoll_wait(int fd, struct epoll_event *events, int limit, int milliseconds)
{
    return is_followed_waiting() || (controlled() && milliseconds > 0)
               ? epoll_until(fd, events, limit, after_milliseconds(milliseconds))
               : REAL(epoll_wait)(fd, events, limit, milliseconds);
}

INTERPOSED int epoll_pwait(int fd, struct epoll_event *events, int limit, int milliseconds,
                           const sigset_t *signals)
{
    Masked masked = mask(controlled() ? signals : NULL);
    return controlled() ? unmask(masked, epoll_wait(fd, events, limit, milliseconds))
                        : REAL(epoll_pwait)(fd, events, limit, milliseconds, signals);
}

#if __GLIBC_PREREQ(2, 35)
INTERPOSED int epoll_pwait2(int fd, struct epoll_event *events, int limit,
                            const struct timespec *time, const sigset_t *signals)
{
    if (!is_followed_waiting()) {
        return REAL(epoll_pwait2)(fd, events, limit, time, signals);
    }
    Masked masked = mask(signals);
    return unmask(masked, epoll_until(fd, events, limit, after_timespec(time)));
}
#endif
