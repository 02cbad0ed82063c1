/* Opening a FIFO waits until somebody opens its other end.  Here either end is opened without waiting, and the
 * wait for the other is the scheduler's. */
#include "world.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    int directory;
    const char *path;
    int flags;
    int fd; /* -1: not yet */
    int error;
} Opening;

bool opens_fifo(int directory, const char *path, int flags)
{
    struct stat status;
    return (flags & (O_NONBLOCK | O_PATH | O_EXCL)) == 0 && (flags & O_ACCMODE) != O_RDWR && may_wait() &&
           fstatat(directory, path, &status, 0) == 0 && S_ISFIFO(status.st_mode);
}

/* It fails as long as nobody reads. */
static bool has_reader(void *data)
{
    Opening *opening = data;
    if (opening->fd < 0) {
        opening->fd = REAL(openat)(opening->directory, opening->path, opening->flags | O_NONBLOCK);
        opening->error = errno;
    }
    return opening->fd >= 0 || opening->error != ENXIO;
}

/* Whether somebody has the other end, is told by an attempt to copy what is in the FIFO: where there is nothing
 * it is the end of the file, or one would have to wait for more.  A writer that has left again shows, too. */
static bool has_writer(void *data)
{
    const Opening *opening = data;
    struct pollfd descriptor = {.fd = opening->fd, .events = POLLIN};
    int copy[2];
    if (REAL(poll)(&descriptor, 1, 0) != 0 || pipe2(copy, O_CLOEXEC) != 0) {
        return true;
    }
    bool there = tee(opening->fd, copy[1], 1, SPLICE_F_NONBLOCK) != 0;
    REAL(close)(copy[0]);
    REAL(close)(copy[1]);
    return there;
}

int open_fifo(int directory, const char *path, int flags)
{
    Opening opening = {directory, path, flags & ~O_CREAT, -1, 0}; /* it is there */
    bool reads = (flags & O_ACCMODE) == O_RDONLY;
    Answer answer = READY;
    come_to_point("-");
    if (reads) {
        opening.fd = REAL(openat)(directory, path, opening.flags | O_NONBLOCK);
        opening.error = errno;
    }
    Ready *ready = reads ? has_writer : has_reader;
    if (!reads || opening.fd >= 0) {
        answer = ready(&opening) ? READY : wait_for("open", ready, &opening, NEVER, OUTSIDE);
    }
    if (answer == READY && opening.fd >= 0) {
        REAL(fcntl)(opening.fd, F_SETFL, REAL(fcntl)(opening.fd, F_GETFL) & ~O_NONBLOCK);
        return opening.fd;
    }
    if (opening.fd >= 0) {
        REAL(close)(opening.fd);
    }
    if (answer == FREE) {
        return REAL(openat)(directory, path, opening.flags);
    }
    errno = answer == INTERRUPTED ? EINTR : opening.error;
    return -1;
}
