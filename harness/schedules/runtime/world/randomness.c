/* Randomness from the system: a stream of each thread's own, so that what a thread draws does not depend
 * on who else drew before.  It is the same in every run and under every schedule: a reduction must not
 * change the program. */
#include "world.h"
#include "../filetimes.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool seeded; /* from the interpreter's very start: `site` may import random */
static uint64_t shared = 1;
static uint64_t children;
static bool sources[MAX_FILES]; /* descriptors of /dev/urandom */

void seed_randomness(void)
{
    seeded = true;
}

void count_child(void)
{
    children++; /* in the parent: its children would all count from one */
}

static uint64_t bits(uint64_t *state) /* SplitMix64 */
{
    uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/* Each child draws a stream of its own; it is none of the scheduler's threads any more. */
void reseed_child(void)
{
    uint64_t state = (self != NULL ? self->random : shared) ^ (children * 7919 + 3);
    shared = bits(&state);
}

void draw(void *to, size_t size)
{
    uint64_t *state = self != NULL ? &self->random : &shared;
    for (size_t i = 0; i < size; i++) {
        ((unsigned char *)to)[i] = (unsigned char)(bits(state) >> 24);
    }
}

INTERPOSED ssize_t getrandom(void *to, size_t size, unsigned flags)
{
    if (!seeded) {
        return REAL(getrandom)(to, size, flags);
    }
    draw(to, size);
    return (ssize_t)size;
}

INTERPOSED int getentropy(void *to, size_t size)
{
    if (!seeded) {
        return REAL(getentropy)(to, size);
    }
    draw(to, size);
    return 0;
}

/* os.getrandom is syscall(SYS_getrandom, …). */
INTERPOSED long syscall(long call, ...)
{
    va_list list;
    va_start(list, call);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (call == SYS_getrandom && seeded) {
        draw((void *)a, (size_t)b);
        return b;
    }
    return REAL(syscall)(call, a, b, c, d, e, f);
}

/* --- /dev/urandom ------------------------------------------------------------------------------- */

bool is_random(int fd)
{
    return fd >= 0 && fd < MAX_FILES && sources[fd];
}

void forget_random(int fd)
{
    if (fd >= 0 && fd < MAX_FILES) {
        sources[fd] = false;
    }
}

static int note_source(const char *path, int fd)
{
    if (fd >= 0 && fd < MAX_FILES) {
        sources[fd] = seeded && (!strcmp(path, "/dev/urandom") || !strcmp(path, "/dev/random"));
    }
    return fd;
}

static mode_t permissions_of(int flags, va_list list)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define OPENING(name, way, directory, parameters)                                                  \
    INTERPOSED int name parameters                                                                 \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t permissions = permissions_of(flags, list);                                          \
        va_end(list);                                                                              \
        return opens_fifo(directory, path, flags)                                                  \
                   ? open_fifo(directory, path, flags)                                             \
                   : note_source(path, file_open(REAL(way), directory, path, flags, permissions)); \
    }

OPENING(open, openat, AT_FDCWD, (const char *path, int flags, ...))
OPENING(open64, openat64, AT_FDCWD, (const char *path, int flags, ...))
OPENING(openat, openat, directory, (int directory, const char *path, int flags, ...))
OPENING(openat64, openat64, directory, (int directory, const char *path, int flags, ...))
