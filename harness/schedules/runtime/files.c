/* Files: opening them, and locks on them.  A lock is tried, never waited for in the kernel; whoever holds it may be another
 * process, so the world outside is asked. */
#include "controlled.h"
#include "filetimes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <unistd.h>

/* --- opening ------------------------------------------------------------------------------ */

#undef open64
#undef openat64

#define OPENING(name, way, at, parameters)                                                         \
    INTERPOSED int name parameters                                                                 \
    {                                                                                              \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode_t permissions = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;      \
        va_end(rest);                                                                              \
        return file_open(REAL(way), at, path, flags, permissions);                                 \
    }

OPENING(open, openat, AT_FDCWD, (const char *path, int flags, ...))
OPENING(open64, openat64, AT_FDCWD, (const char *path, int flags, ...))
OPENING(openat, openat, directory, (int directory, const char *path, int flags, ...))
OPENING(openat64, openat64, directory, (int directory, const char *path, int flags, ...))

/* --- locks -------------------------------------------------------------------------------- */

typedef struct {
    int fd;
    int command; /* of fcntl, or of flock */
    struct flock lock;
} Sought;

static int fail(int error)
{
    errno = error;
    return -1;
}

static bool wait_until(const char *kind, bool (*holds)(const void *), const Sought *sought)
{
    return block((Wait){
               .kind = kind,
               .deadline = NEVER,
               .holds = holds,
               .what = sought,
               .on_signal = ENDS_UNLESS_RESTARTED,
           }) != INTERRUPTED;
}

/* Whether a lock could be had; it is not kept, for its thread may not be the next to run. */
static bool flock_is_free(const void *what)
{
    const Sought *sought = what;
    if (REAL(flock)(sought->fd, sought->command | LOCK_NB) != 0) {
        return errno != EWOULDBLOCK;
    }
    REAL(flock)(sought->fd, LOCK_UN);
    return true;
}

INTERPOSED int flock(int fd, int operation)
{
    if (!controlled()) {
        return REAL(flock)(fd, operation);
    }
    decide_if_due();
    Sought sought = {.fd = fd, .command = operation};
    bool waits = (operation & (LOCK_NB | LOCK_UN)) == 0;
    int result;
    while ((result = REAL(flock)(fd, waits ? operation | LOCK_NB : operation)) != 0 && waits &&
           errno == EWOULDBLOCK) {
        if (!wait_until("flock", flock_is_free, &sought)) {
            return fail(EINTR);
        }
    }
    memory_meet_world();
    happened(result == 0 ? CHANGED : UNCHANGED);
    return result;
}

static bool record_is_free(const void *what)
{
    const Sought *sought = what;
    struct flock found = sought->lock;
    int query = sought->command == F_OFD_SETLKW ? F_OFD_GETLK : F_GETLK;
    return REAL(fcntl)(sought->fd, query, &found) != 0 || found.l_type == F_UNLCK;
}

static int lock_record(int fd, int command, const struct flock *lock)
{
    decide_if_due();
    Sought sought = {.fd = fd, .command = command, .lock = *lock};
    int try = command == F_OFD_SETLKW ? F_OFD_SETLK : F_SETLK;
    int result;
    while ((result = REAL(fcntl)(fd, try, lock)) != 0 && (errno == EAGAIN || errno == EACCES)) {
        if (!wait_until("file-lock", record_is_free, &sought)) {
            return fail(EINTR);
        }
    }
    memory_meet_world();
    happened(result == 0 ? CHANGED : UNCHANGED);
    return result;
}

static int any_fcntl(int fd, int command, void *argument)
{
    bool waits = command == F_SETLKW || command == F_OFD_SETLKW;
    return waits && controlled() ? lock_record(fd, command, argument)
                                 : REAL(fcntl)(fd, command, argument);
}

#undef fcntl64
int fcntl64(int fd, int command, ...);

#define FCNTL(name)                                                                                \
    INTERPOSED int name(int fd, int command, ...)                                                  \
    {                                                                                              \
        va_list rest;                                                                              \
        va_start(rest, command);                                                                   \
        void *argument = va_arg(rest, void *);                                                     \
        va_end(rest);                                                                              \
        return any_fcntl(fd, command, argument);                                                   \
    }

FCNTL(fcntl)
FCNTL(fcntl64)

#undef lockf64
int lockf64(int fd, int command, off_t size);

INTERPOSED int lockf(int fd, int command, off_t size)
{
    struct flock lock = {
        .l_type = command == F_ULOCK ? F_UNLCK : F_WRLCK, .l_whence = SEEK_CUR, .l_len = size};
    return controlled() && command == F_LOCK ? lock_record(fd, F_SETLKW, &lock)
                                             : REAL(lockf)(fd, command, size);
}

INTERPOSED int lockf64(int fd, int command, off_t size)
{
    return lockf(fd, command, size);
}
