/* Calls on descriptors that may block: pipes, sockets, terminals, and those that wait for several.
 *
 * Where such a call would block, the thread waits under the scheduler until it would not; it is a point in
 * any case.  A call that may not block (O_NONBLOCK, MSG_DONTWAIT, no timeout) never does. */
#include "world.h"
#include "../beyond.h"
#include "../filetimes.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static bool network; /* a socket of the internet's was made */
static bool beyond;  /* it was connected to another machine */

static int wait_flags(void)
{
    return network ? OUTSIDE | NETWORK : OUTSIDE;
}

static bool is_ready(void *descriptor)
{
    return REAL(poll)(descriptor, 1, 0) != 0;
}

/* Regular files never keep a thread waiting. */
static bool can_block(int fd)
{
    struct stat status;
    int flags = REAL(fcntl)(fd, F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK) == 0 && fstat(fd, &status) == 0 &&
           !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode) && !S_ISBLK(status.st_mode);
}

/* 0: go on with the call; -1: errno says why not. */
static int await_events(int fd, short events, const char *kind)
{
    if (!may_wait() || !can_block(fd)) {
        return 0;
    }
    come_to_point("-");
    struct pollfd descriptor = {.fd = fd, .events = events};
    while (!is_ready(&descriptor)) {
        Answer answer = wait_for(kind, is_ready, &descriptor, NEVER, wait_flags());
        if (answer == INTERRUPTED) {
            errno = EINTR;
            return -1;
        }
        if (answer == FREE) {
            break;
        }
    }
    return 0;
}

#define WAITING_CALL(type, name, kind, parameters, arguments, events)                              \
    INTERPOSED type name parameters                                                                \
    {                                                                                              \
        return await_events(fd, events, kind) != 0 ? -1 : REAL(name) arguments;                    \
    }

#define SOCKET_CALL(type, name, kind, parameters, arguments, events)                               \
    INTERPOSED type name parameters                                                                \
    {                                                                                              \
        bool waits = (flags & MSG_DONTWAIT) == 0;                                                  \
        return waits && await_events(fd, events, kind) != 0 ? -1 : REAL(name) arguments;           \
    }

WAITING_CALL(ssize_t, readv, "read", (int fd, const struct iovec *parts, int count),
             (fd, parts, count), POLLIN)
SOCKET_CALL(ssize_t, recv, "read", (int fd, void *to, size_t size, int flags), (fd, to, size, flags),
            POLLIN)
SOCKET_CALL(ssize_t, recvfrom, "read",
            (int fd, void *restrict to, size_t size, int flags, __SOCKADDR_ARG from,
             socklen_t *restrict length),
            (fd, to, size, flags, from, length), POLLIN)
SOCKET_CALL(ssize_t, recvmsg, "read", (int fd, struct msghdr *message, int flags),
            (fd, message, flags), POLLIN)
SOCKET_CALL(ssize_t, sendto, "write",
            (int fd, const void *from, size_t size, int flags, __CONST_SOCKADDR_ARG to,
             socklen_t length),
            (fd, from, size, flags, to, length), POLLOUT)
SOCKET_CALL(ssize_t, sendmsg, "write", (int fd, const struct msghdr *message, int flags),
            (fd, message, flags), POLLOUT)
WAITING_CALL(int, accept, "accept",
             (int fd, __SOCKADDR_ARG from, socklen_t *restrict length), (fd, from, length), POLLIN)
WAITING_CALL(int, accept4, "accept",
             (int fd, __SOCKADDR_ARG from, socklen_t *restrict length, int flags),
             (fd, from, length, flags), POLLIN)

INTERPOSED ssize_t read(int fd, void *to, size_t size)
{
    if (is_random(fd)) {
        draw(to, size);
        return (ssize_t)size;
    }
    return await_events(fd, POLLIN, "read") != 0 ? -1 : REAL(read)(fd, to, size);
}

INTERPOSED int eventfd_read(int fd, eventfd_t *value)
{
    return await_events(fd, POLLIN, "read") != 0 ? -1 : REAL(eventfd_read)(fd, value);
}

INTERPOSED int eventfd_write(int fd, eventfd_t value)
{
    return await_events(fd, POLLOUT, "write") != 0 ? -1 : REAL(eventfd_write)(fd, value);
}

/* Dropping the last reference to a file closes it without the GIL: there others may run. */
INTERPOSED int close(int fd)
{
    if (may_wait()) {
        come_to_point("-");
    }
    forget_random(fd);
    forget_timer(fd);
    return REAL(close)(fd);
}

/* --- writing ------------------------------------------------------------------------------------------ */

enum { AT_ONCE = 4096 }; /* so many bytes go into a pipe that `poll` calls writable */

/* A blocking write of much may fill a pipe half-way and then wait: it is cut to what goes at once. */
static ssize_t write_in_parts(int fd, const char *from, size_t size, int flags, bool is_socket)
{
    size_t done = 0;
    do {
        if (await_events(fd, POLLOUT, "write") != 0) {
            return done > 0 ? (ssize_t)done : -1;
        }
        size_t part = size - done > AT_ONCE && !is_socket ? AT_ONCE : size - done;
        ssize_t count = is_socket ? REAL(send)(fd, from + done, part, flags | MSG_DONTWAIT)
                                  : REAL(write)(fd, from + done, part);
        if (count < 0 && !(is_socket && errno == EAGAIN)) {
            return done > 0 ? (ssize_t)done : -1;
        }
        done += count > 0 ? (size_t)count : 0;
    } while (done < size);
    return (ssize_t)done;
}

/* What goes to the reader of this run is not the program's to wait for: the watcher lets it be. */
static ssize_t write_out(int fd, const void *from, size_t size)
{
    Slot *me = self;
    me->inside = true;
    ssize_t written = REAL(write)(fd, from, size);
    me->inside = false;
    if (written > 0) {
        note_output(fd, number_of(me), written);
    }
    return written;
}

INTERPOSED ssize_t write(int fd, const void *from, size_t size)
{
    if (!controlled()) {
        return file_written(fd, REAL(write)(fd, from, size));
    }
    if (fd == STDOUT_FILENO || fd == STDERR_FILENO) {
        return write_out(fd, from, size);
    }
    if (!may_wait() || !can_block(fd)) {
        return file_written(fd, REAL(write)(fd, from, size));
    }
    return write_in_parts(fd, from, size, 0, false);
}

INTERPOSED ssize_t send(int fd, const void *from, size_t size, int flags)
{
    if ((flags & MSG_DONTWAIT) != 0 || !may_wait() || !can_block(fd)) {
        return REAL(send)(fd, from, size, flags);
    }
    return write_in_parts(fd, from, size, flags, true);
}

/* --- connecting --------------------------------------------------------------------------------------- */

INTERPOSED int socket(int domain, int type, int protocol)
{
    network = network || domain == AF_INET || domain == AF_INET6;
    return REAL(socket)(domain, type, protocol);
}

/* Goes on in the background; -1 with errno if it failed. */
static int await_connection(int fd)
{
    if (await_events(fd, POLLOUT, "connect") != 0) {
        return -1;
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    return error != 0 ? -1 : 0;
}

bool reaches_beyond(void)
{
    return beyond;
}

INTERPOSED int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t length)
{
    beyond = beyond || leads_beyond(fd, to.__sockaddr__, length);
    if (!may_wait() || !can_block(fd)) {
        return REAL(connect)(fd, to, length);
    }
    come_to_point("-");
    int flags = REAL(fcntl)(fd, F_GETFL);
    REAL(fcntl)(fd, F_SETFL, flags | O_NONBLOCK);
    int result = REAL(connect)(fd, to, length), error = errno;
    REAL(fcntl)(fd, F_SETFL, flags);
    errno = error;
    if (result == 0 || (error != EINPROGRESS && error != EAGAIN)) {
        return result;
    }
    return error == EAGAIN ? REAL(connect)(fd, to, length) : await_connection(fd);
}

/* --- waiting for several ------------------------------------------------------------------------------ */

#define OF_MILLISECONDS(ms) ((ms) < 0 ? NEVER : (Nanoseconds)(ms)*1000000)

/* Waits as `poll` and its like do: true if the caller is to look now, without waiting; else errno is
 * EINTR, or 0 for doing the real thing. */
static bool await_any(const char *kind, Ready *ready, void *data, Nanoseconds timeout)
{
    come_to_point("-");
    errno = 0;
    if (ready(data)) {
        return true;
    }
    Answer answer = wait_for(kind, ready, data, timeout, wait_flags());
    errno = answer == INTERRUPTED ? EINTR : 0;
    return answer == READY || answer == TIMED_OUT;
}

typedef struct {
    struct pollfd *list;
    nfds_t count;
} Descriptors;

static bool any_ready(void *data)
{
    Descriptors *all = data;
    return REAL(poll)(all->list, all->count, 0) != 0;
}

INTERPOSED int poll(struct pollfd *list, nfds_t count, int ms)
{
    Descriptors all = {list, count};
    if (ms == 0 || !may_wait()) {
        return REAL(poll)(list, count, ms);
    }
    bool now = await_any("select", any_ready, &all, OF_MILLISECONDS(ms));
    return now || errno == 0 ? REAL(poll)(list, count, now ? 0 : ms) : -1;
}

INTERPOSED int ppoll(struct pollfd *list, nfds_t count, const struct timespec *time,
                     const sigset_t *mask)
{
    static const struct timespec nothing = {0, 0};
    Descriptors all = {list, count};
    Nanoseconds timeout = time == NULL ? NEVER : ns_of(time);
    if (timeout == 0 || !may_wait()) {
        return REAL(ppoll)(list, count, time, mask);
    }
    bool now = await_any("select", any_ready, &all, timeout);
    return now || errno == 0 ? REAL(ppoll)(list, count, now ? &nothing : time, mask) : -1;
}

INTERPOSED int epoll_wait(int fd, struct epoll_event *events, int limit, int ms)
{
    struct pollfd descriptor = {.fd = fd, .events = POLLIN};
    if (ms == 0 || !may_wait()) {
        return REAL(epoll_wait)(fd, events, limit, ms);
    }
    Nanoseconds deadline = ms < 0 ? NEVER : passed() + OF_MILLISECONDS(ms);
    while (true) {
        Nanoseconds left = deadline == NEVER ? NEVER : deadline - passed();
        bool now = await_any("select", is_ready, &descriptor, left > 0 || left == NEVER ? left : 0);
        if (!now) {
            return errno == 0 ? REAL(epoll_wait)(fd, events, limit, ms) : -1;
        }
        int count = REAL(epoll_wait)(fd, events, limit, 0);
        if (count != 0 || (deadline != NEVER && passed() >= deadline) || !is_ready(&descriptor)) {
            return count;
        }
    }
}

typedef struct {
    int limit;
    fd_set *sets[3];
    fd_set kept[3];
} Selection;

static int select_now(Selection *selection)
{
    struct timeval nothing = {0, 0};
    for (int i = 0; i < 3; i++) {
        if (selection->sets[i] != NULL) {
            *selection->sets[i] = selection->kept[i];
        }
    }
    fd_set **sets = selection->sets;
    return REAL(select)(selection->limit, sets[0], sets[1], sets[2], &nothing);
}

static bool any_selected(void *selection)
{
    return select_now(selection) != 0;
}

static bool never(void *data)
{
    (void)data;
    return false;
}

/* `select` of nothing is how CPython 3.9 and 3.10 sleep. */
INTERPOSED int select(int limit, fd_set *restrict r, fd_set *restrict w, fd_set *restrict e,
                      struct timeval *restrict time)
{
    Nanoseconds timeout = time == NULL ? NEVER : time->tv_sec * SECOND + time->tv_usec * 1000;
    bool none = r == NULL && w == NULL && e == NULL;
    if (!may_wait() || (timeout == 0 && !none)) {
        return REAL(select)(limit, r, w, e, time);
    }
    Selection selection = {.limit = limit, .sets = {r, w, e}};
    for (int i = 0; i < 3; i++) {
        if (selection.sets[i] != NULL) {
            selection.kept[i] = *selection.sets[i];
        }
    }
    if (none) {
        Answer answer = wait_for("sleep", never, NULL, timeout, 0);
        errno = EINTR;
        return answer == FREE ? REAL(select)(limit, r, w, e, time) : answer == INTERRUPTED ? -1 : 0;
    }
    if (await_any("select", any_selected, &selection, timeout)) {
        return select_now(&selection);
    }
    if (errno != 0) {
        return -1;
    }
    select_now(&selection); /* the sets as they were given */
    for (int i = 0; i < 3; i++) {
        if (selection.sets[i] != NULL) {
            *selection.sets[i] = selection.kept[i];
        }
    }
    return REAL(select)(limit, r, w, e, time);
}
