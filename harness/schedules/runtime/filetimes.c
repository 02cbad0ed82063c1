/* The times of files that are written in a run are those of its virtual clocks.
 *
 * A run's calendar begins at a fixed date, so that the same schedule prints the same tomorrow.  Files that
 * were there before are as old as they say; that date is later than all of them.  But the kernel stamps
 * what is written now with real time, by which a new file would be years old, and two writes with an hour
 * of virtual time between them came at once.
 *
 * So the disk keeps real times (child processes go by them), and the program is shown others: for each
 * file that it has written or asked about we know which real time stands for which virtual one.  A
 * write that passes through here is known by the moment at which it was made; a real time that is not
 * known and later than the run's beginning (a child has written, or a mapping of memory) stands for
 * the moment at which it is first seen.  What a program sets itself, it gets back. */
#include "interposing.h"
#include "filetimes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utime.h>

typedef enum { ACCESSED, MODIFIED, STATUS_CHANGED, BORN, KINDS } Kind;

typedef struct File {
    struct File *next;
    uint64_t device, number;
    struct {
        struct timespec real, shown;
    } times[KINDS];
} File;

enum { BUCKETS = 1024 };

static File *buckets[BUCKETS];
static struct timespec began; /* real */
static atomic_flag taken = ATOMIC_FLAG_INIT;
static __thread bool inside; /* a handler of a signal may come in between */

/* Files are stamped by the tick, as by the kernel: no moment that was read before the write was seen is
 * earlier, be it in floating point. */
static struct timespec moment(void)
{
    enum { TICK_NS = 4000000 };
    struct timespec now = file_time_now();
    now.tv_nsec -= now.tv_nsec % TICK_NS;
    return now;
}

static bool enter(void)
{
    if (inside || began.tv_sec == 0 || !file_times_are_virtual()) {
        return false;
    }
    inside = true;
    while (atomic_flag_test_and_set(&taken)) {
    }
    return true;
}

static void leave(void)
{
    atomic_flag_clear(&taken);
    inside = false;
}

void file_times_begin(void)
{
    /* The coarse clock is what the kernel stamps files by. */
    REAL(syscall)(SYS_clock_gettime, CLOCK_REALTIME_COARSE, &began);
}

/* --- what is known of a file ------------------------------------------------------------------ */

static File *find(uint64_t device, uint64_t number, bool make)
{
    File **bucket = &buckets[(device * 31 + number) % BUCKETS];
    for (File *file = *bucket; file != NULL; file = file->next) {
        if (file->device == device && file->number == number) {
            return file;
        }
    }
    File *file = make ? calloc(1, sizeof *file) : NULL;
    if (file != NULL) {
        *file = (File){.next = *bucket, .device = device, .number = number};
        *bucket = file;
    }
    return file;
}

static bool same(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool is_of_this_run(const struct timespec *real)
{
    return real->tv_sec > began.tv_sec ||
           (real->tv_sec == began.tv_sec && real->tv_nsec > began.tv_nsec);
}

static void set(File *file, Kind kind, struct timespec real, struct timespec shown)
{
    file->times[kind].real = real;
    file->times[kind].shown = shown;
}

/* What the program is shown for a real time.  When a file was made nobody can change: it is known by that. */
static struct timespec shown(uint64_t device, uint64_t number, Kind kind, struct timespec real)
{
    File *file = find(device, number, false);
    bool born = kind == BORN && file != NULL && file->times[BORN].shown.tv_sec != 0;
    if (file != NULL && (born || same(&file->times[kind].real, &real))) {
        return file->times[kind].shown;
    }
    if (!is_of_this_run(&real) || (file = find(device, number, true)) == NULL) {
        return real;
    }
    set(file, kind, real, moment());
    return file->times[kind].shown;
}

/* --- asking the kernel ------------------------------------------------------------------------- */

/* Not by the C library's functions: which of them it has differs from version to version. */
static int ask(int directory, const char *path, struct stat *to, int flags)
{
    return (int)REAL(syscall)(SYS_newfstatat, directory, path, to, flags);
}

static int ask_open(int fd, struct stat *to)
{
    return (int)REAL(syscall)(SYS_fstat, fd, to);
}

static bool is_told(const struct stat *status)
{
    return S_ISREG(status->st_mode) || S_ISDIR(status->st_mode) || S_ISLNK(status->st_mode);
}

static void replace(uint64_t device, uint64_t number, Kind kind, struct timespec *time, bool *any)
{
    struct timespec instead = shown(device, number, kind, *time);
    *any |= !same(&instead, time);
    *time = instead;
}

static int told(int result, struct stat *status)
{
    if (result != 0 || !is_told(status) || !enter()) {
        return result;
    }
    bool any = false;
    replace(status->st_dev, status->st_ino, ACCESSED, &status->st_atim, &any);
    replace(status->st_dev, status->st_ino, MODIFIED, &status->st_mtim, &any);
    replace(status->st_dev, status->st_ino, STATUS_CHANGED, &status->st_ctim, &any);
    leave();
    if (any) {
        file_time_is_shown();
    }
    return result;
}

#undef stat64
#undef lstat64
#undef fstat64
#undef fstatat64

#define ASKING(name, kind)                                                                         \
    INTERPOSED int name(const char *restrict path, struct kind *restrict to)                       \
    {                                                                                              \
        return told(ask(AT_FDCWD, path, (struct stat *)to, 0), (struct stat *)to);                 \
    }
#define ASKING_LINK(name, kind)                                                                    \
    INTERPOSED int name(const char *restrict path, struct kind *restrict to)                       \
    {                                                                                              \
        return told(ask(AT_FDCWD, path, (struct stat *)to, AT_SYMLINK_NOFOLLOW),                   \
                    (struct stat *)to);                                                            \
    }
#define ASKING_OPEN(name, kind)                                                                    \
    INTERPOSED int name(int fd, struct kind *to)                                                   \
    {                                                                                              \
        return told(ask_open(fd, (struct stat *)to), (struct stat *)to);                           \
    }
#define ASKING_AT(name, kind)                                                                      \
    INTERPOSED int name(int directory, const char *restrict path, struct kind *restrict to,        \
                        int flags)                                                                 \
    {                                                                                              \
        return told(ask(directory, path, (struct stat *)to, flags), (struct stat *)to);            \
    }

/* The two structures are one where a file's size always has 64 bits. */
_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "struct stat64");

ASKING(stat, stat)
ASKING(stat64, stat64)
ASKING_LINK(lstat, stat)
ASKING_LINK(lstat64, stat64)
ASKING_OPEN(fstat, stat)
ASKING_OPEN(fstat64, stat64)
ASKING_AT(fstatat, stat)
ASKING_AT(fstatat64, stat64)

/* What programs call that were built with a C library older than 2.33. */
#define OLD_ASKING(name, parameters, asked)                                                        \
    int name parameters;                                                                           \
    INTERPOSED int name parameters                                                                 \
    {                                                                                              \
        (void)version;                                                                             \
        return told(asked, to);                                                                    \
    }

OLD_ASKING(__xstat, (int version, const char *path, struct stat *to), ask(AT_FDCWD, path, to, 0))
OLD_ASKING(__xstat64, (int version, const char *path, struct stat *to), ask(AT_FDCWD, path, to, 0))
OLD_ASKING(__lxstat, (int version, const char *path, struct stat *to),
           ask(AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW))
OLD_ASKING(__lxstat64, (int version, const char *path, struct stat *to),
           ask(AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW))
OLD_ASKING(__fxstat, (int version, int fd, struct stat *to), ask_open(fd, to))
OLD_ASKING(__fxstat64, (int version, int fd, struct stat *to), ask_open(fd, to))
OLD_ASKING(__fxstatat, (int version, int directory, const char *path, struct stat *to, int flags),
           ask(directory, path, to, flags))
OLD_ASKING(__fxstatat64,
           (int version, int directory, const char *path, struct stat *to, int flags),
           ask(directory, path, to, flags))

static void replace_statx(uint64_t device, uint64_t number, Kind kind, struct statx_timestamp *time,
                          bool *any)
{
    struct timespec real = {time->tv_sec, time->tv_nsec};
    replace(device, number, kind, &real, any);
    time->tv_sec = real.tv_sec;
    time->tv_nsec = (uint32_t)real.tv_nsec;
}

INTERPOSED int statx(int directory, const char *restrict path, int flags, unsigned mask,
                     struct statx *restrict to)
{
    int result = (int)REAL(syscall)(SYS_statx, directory, path, flags, mask, to);
    const struct stat kind = {.st_mode = result == 0 ? to->stx_mode : 0};
    if (result != 0 || !is_told(&kind) || !enter()) {
        return result;
    }
    uint64_t device = makedev(to->stx_dev_major, to->stx_dev_minor), number = to->stx_ino;
    bool any = false;
    replace_statx(device, number, ACCESSED, &to->stx_atime, &any);
    replace_statx(device, number, MODIFIED, &to->stx_mtime, &any);
    replace_statx(device, number, STATUS_CHANGED, &to->stx_ctime, &any);
    if ((to->stx_mask & STATX_BTIME) != 0) {
        replace_statx(device, number, BORN, &to->stx_btime, &any);
    }
    leave();
    if (any) {
        file_time_is_shown();
    }
    return result;
}

/* --- writing ----------------------------------------------------------------------------------- */

static void note(const struct stat *status, bool new)
{
    if (!is_told(status) || !enter()) {
        return;
    }
    File *file = find(status->st_dev, status->st_ino, true);
    if (file != NULL) {
        struct timespec now = moment();
        set(file, MODIFIED, status->st_mtim, now);
        set(file, STATUS_CHANGED, status->st_ctim, now);
        if (new) {
            set(file, ACCESSED, status->st_atim, now);
            set(file, BORN, status->st_ctim, now);
        }
    }
    leave();
}

static void note_open(int fd, bool new)
{
    int error = errno;
    struct stat status;
    if (ask_open(fd, &status) == 0) {
        note(&status, new);
    }
    errno = error;
}

static void note_at(int directory, const char *path, bool new)
{
    int error = errno;
    struct stat status;
    if (ask(directory, path, &status, 0) == 0) {
        note(&status, new);
    }
    errno = error;
}

ssize_t file_written(int fd, ssize_t result)
{
    if (result >= 0) {
        note_open(fd, false);
    }
    return result;
}

int file_open(int (*openat)(int, const char *, int, ...), int directory, const char *path,
              int flags, mode_t permissions)
{
    bool makes = (flags & (O_CREAT | O_TRUNC)) != 0 && file_times_are_virtual();
    struct stat before;
    bool is_there = makes && ask(directory, path, &before, 0) == 0;
    int fd = openat(directory, path, flags, permissions);
    if (fd >= 0 && makes && (!is_there || (flags & O_TRUNC) != 0)) {
        note_open(fd, !is_there);
    }
    return fd;
}

#define WRITING(type, name, parameters, arguments)                                                 \
    INTERPOSED type name parameters                                                                \
    {                                                                                              \
        return (type)file_written(fd, REAL(name) arguments);                                       \
    }

#undef pwrite64
#undef pwritev64
#undef ftruncate64
#undef truncate64
#undef sendfile64

WRITING(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t at), (fd, from, size, at))
WRITING(ssize_t, pwrite64, (int fd, const void *from, size_t size, off64_t at),
        (fd, from, size, at))
WRITING(ssize_t, pwritev, (int fd, const struct iovec *parts, int count, off_t at),
        (fd, parts, count, at))
WRITING(ssize_t, pwritev64, (int fd, const struct iovec *parts, int count, off64_t at),
        (fd, parts, count, at))
WRITING(int, ftruncate, (int fd, off_t size), (fd, size))
WRITING(int, ftruncate64, (int fd, off64_t size), (fd, size))
WRITING(ssize_t, copy_file_range,
        (int from, off64_t *at, int fd, off64_t *to, size_t size, unsigned flags),
        (from, at, fd, to, size, flags))

WRITING(ssize_t, sendfile, (int fd, int from, off_t *at, size_t size), (fd, from, at, size))
WRITING(ssize_t, sendfile64, (int fd, int from, off64_t *at, size_t size), (fd, from, at, size))

#define MAKING(name, directory, parameters, arguments, new)                                        \
    INTERPOSED int name parameters                                                                 \
    {                                                                                              \
        int result = REAL(name) arguments;                                                         \
        if (result == 0) {                                                                         \
            note_at(directory, path, new);                                                         \
        }                                                                                          \
        return result;                                                                             \
    }

MAKING(truncate, AT_FDCWD, (const char *path, off_t size), (path, size), false)
MAKING(truncate64, AT_FDCWD, (const char *path, off64_t size), (path, size), false)
MAKING(mkdir, AT_FDCWD, (const char *path, mode_t mode), (path, mode), true)
MAKING(mkdirat, directory, (int directory, const char *path, mode_t mode), (directory, path, mode),
       true)

/* --- setting times ------------------------------------------------------------------------------ */

/* `times` as for utimensat(2): NULL is now, twice. */
static void note_set(const struct stat *status, const struct timespec *times)
{
    const struct timespec real[] = {status->st_atim, status->st_mtim};
    if (!is_told(status) || !enter()) {
        return;
    }
    File *file = find(status->st_dev, status->st_ino, true);
    for (Kind kind = ACCESSED; file != NULL && kind <= MODIFIED; kind++) {
        bool is_now = times == NULL || times[kind].tv_nsec == UTIME_NOW;
        if (is_now || times[kind].tv_nsec != UTIME_OMIT) {
            set(file, kind, real[kind], is_now ? moment() : real[kind]);
        }
    }
    if (file != NULL) {
        set(file, STATUS_CHANGED, status->st_ctim, moment());
    }
    leave();
}

static int times_set(int result, int directory, const char *path, int flags,
                     const struct timespec *times)
{
    struct stat status;
    if (result == 0 && (path == NULL ? ask_open(directory, &status)
                                     : ask(directory, path, &status, flags)) == 0) {
        note_set(&status, times);
    }
    return result;
}

INTERPOSED int utimensat(int directory, const char *path, const struct timespec times[2], int flags)
{
    return times_set(REAL(utimensat)(directory, path, times, flags), directory, path, flags, times);
}

INTERPOSED int futimens(int fd, const struct timespec times[2])
{
    return times_set(REAL(futimens)(fd, times), fd, NULL, 0, times);
}

static const struct timespec *exact(const struct timeval *times, struct timespec *to)
{
    for (int i = 0; times != NULL && i < 2; i++) {
        to[i] = (struct timespec){times[i].tv_sec, times[i].tv_usec * 1000};
    }
    return times != NULL ? to : NULL;
}

INTERPOSED int utimes(const char *path, const struct timeval times[2])
{
    struct timespec to[2];
    return times_set(REAL(utimes)(path, times), AT_FDCWD, path, 0, exact(times, to));
}

INTERPOSED int futimes(int fd, const struct timeval times[2])
{
    struct timespec to[2];
    return times_set(REAL(futimes)(fd, times), fd, NULL, 0, exact(times, to));
}

INTERPOSED int utime(const char *path, const struct utimbuf *times)
{
    const struct timespec to[2] = {{times != NULL ? times->actime : 0, 0},
                                   {times != NULL ? times->modtime : 0, 0}};
    return times_set(REAL(utime)(path, times), AT_FDCWD, path, 0, times != NULL ? to : NULL);
}
