/* Randomness from the system: the same in every run, so that a run can be made again.
 *
 * Each thread has a stream of its own: the order in which threads draw is no order of the
 * program's. And it does not go by the schedule's name: a smaller schedule is one for the same
 * program. */
#include "controlled.h"

#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

uint32_t arc4random(void);
uint32_t arc4random_uniform(uint32_t bound);
void arc4random_buf(void *bytes, size_t count);

/* Whoever has seen every schedule has seen one stream of many. */
static void note_draw(void)
{
    static bool is_noted;
    if (!is_noted) {
        is_noted = true;
        log_record("note random");
    }
}

static void draw(void *bytes, size_t count)
{
    note_draw();
    uint64_t state = self->random_state;
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        ((unsigned char *)bytes)[i] = (unsigned char)(state >> 56);
    }
    self->random_state = state;
}

bool is_random_device(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) &&
           (status.st_rdev == makedev(1, 8) || status.st_rdev == makedev(1, 9));
}

ssize_t read_random(void *bytes, size_t count)
{
    draw(bytes, count);
    return (ssize_t)count;
}

INTERPOSED ssize_t getrandom(void *bytes, size_t count, unsigned flags)
{
    return controlled() ? read_random(bytes, count) : REAL(getrandom)(bytes, count, flags);
}

INTERPOSED int getentropy(void *bytes, size_t count)
{
    if (!controlled() || count > 256) {
        return REAL(getentropy)(bytes, count);
    }
    draw(bytes, count);
    return 0;
}

INTERPOSED void arc4random_buf(void *bytes, size_t count)
{
    if (!controlled()) {
        for (size_t done = 0; done < count;) {
            ssize_t got = REAL(getrandom)((char *)bytes + done, count - done, 0);
            done += got > 0 ? (size_t)got : 0;
        }
        return;
    }
    draw(bytes, count);
}

INTERPOSED uint32_t arc4random(void)
{
    uint32_t number;
    arc4random_buf(&number, sizeof number);
    return number;
}

INTERPOSED uint32_t arc4random_uniform(uint32_t bound)
{
    uint64_t number;
    arc4random_buf(&number, sizeof number);
    return bound > 1 ? (uint32_t)(number % bound) : 0;
}
