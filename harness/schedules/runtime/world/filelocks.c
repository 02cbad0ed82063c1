/* Locks on files.  Whether one could be had is asked without taking it, or taken and given back: who takes
 * it is the scheduler's to choose. */
#include "world.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* Until it can be had; 0: try now, or do the real thing; -1: errno. */
static int await_lock(const char *kind, Ready *ready, void *data, bool *real)
{
    Answer answer = wait_for(kind, ready, data, NEVER, OUTSIDE);
    *real = answer == FREE;
    if (answer == INTERRUPTED) {
        errno = EINTR;
        return -1;
    }
    return 0;
}

typedef struct {
    int fd, operation;
} WholeFile;

static bool can_flock(void *data)
{
    WholeFile *lock = data;
    if (REAL(flock)(lock->fd, lock->operation | LOCK_NB) != 0) {
        return errno != EWOULDBLOCK;
    }
    REAL(flock)(lock->fd, LOCK_UN);
    return true;
}

INTERPOSED int flock(int fd, int operation)
{
    if ((operation & (LOCK_NB | LOCK_UN)) != 0 || !may_wait()) {
        return REAL(flock)(fd, operation);
    }
    come_to_point("-");
    WholeFile lock = {fd, operation};
    bool real = false;
    int result;
    while ((result = REAL(flock)(fd, operation | LOCK_NB)) != 0 && errno == EWOULDBLOCK) {
        if (await_lock("flock", can_flock, &lock, &real) != 0) {
            return -1;
        }
        if (real) {
            return REAL(flock)(fd, operation);
        }
    }
    return result;
}

typedef struct {
    int fd, command;
    struct flock64 *wanted;
} Region;

static bool can_lock(void *data)
{
    Region *lock = data;
    struct flock64 asked = *lock->wanted;
    int ask_for = lock->command == F_SETLKW ? F_GETLK : F_OFD_GETLK;
    return REAL(fcntl64)(lock->fd, ask_for, &asked) != 0 || asked.l_type == F_UNLCK;
}

static int control(int fd, int command, void *argument)
{
    Region lock = {fd, command, argument};
    bool real = false;
    come_to_point("-");
    while (!real && !can_lock(&lock)) {
        if (await_lock("fcntl", can_lock, &lock, &real) != 0) {
            return -1;
        }
    }
    return REAL(fcntl64)(fd, command, argument);
}

#define CONTROLLING(name)                                                                          \
    INTERPOSED int name(int fd, int command, ...)                                                  \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, command);                                                                   \
        void *argument = va_arg(list, void *);                                                     \
        va_end(list);                                                                              \
        bool waits = command == F_SETLKW || command == F_OFD_SETLKW;                               \
        return waits && may_wait() ? control(fd, command, argument)                                \
                                   : REAL(name)(fd, command, argument);                            \
    }

CONTROLLING(fcntl)
CONTROLLING(fcntl64)

typedef struct {
    int fd;
    off64_t size;
} Stretch;

static bool can_lockf(void *data)
{
    Stretch *lock = data;
    return REAL(lockf64)(lock->fd, F_TEST, lock->size) == 0 || (errno != EACCES && errno != EAGAIN);
}

static int lock_stretch(int fd, off64_t size)
{
    Stretch lock = {fd, size};
    bool real = false;
    come_to_point("-");
    while (!real && !can_lockf(&lock)) {
        if (await_lock("lockf", can_lockf, &lock, &real) != 0) {
            return -1;
        }
    }
    return REAL(lockf64)(fd, F_LOCK, size);
}

INTERPOSED int lockf(int fd, int command, off_t size)
{
    return command == F_LOCK && may_wait() ? lock_stretch(fd, size) : REAL(lockf)(fd, command, size);
}

INTERPOSED int lockf64(int fd, int command, off64_t size)
{
    return command == F_LOCK && may_wait() ? lock_stretch(fd, size)
                                           : REAL(lockf64)(fd, command, size);
}
