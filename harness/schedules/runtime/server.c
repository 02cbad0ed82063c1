/* A server that forks: what all runs of a program have in common is done once.
 *
 * The harness starts it as it starts a run.  Where the runs part (for a Rust program before its
 * constructors, for a Python program before its script) it stops, and for each request on its socket makes
 * a child, which goes on as a run that was started then: in a session of its own, and as a child of the
 * harness (CLONE_PARENT), who takes its end as of any other.  Limits, cores, the layout in memory and the
 * directory are the server's.
 *
 * The streams of a run come along with the request, and then the harness follows it.  Or the server opens
 * them, and follows the run itself for a moment, in which most come to their end: the harness is woken once.
 * Of a run that has not, or has said too much, or has left something behind, the harness is given our ends of
 * the streams, and what was read of them.
 *
 * A server does one thing at a time.  For several at once it makes servers that are as it is.
 *
 * Nothing is allocated here, and what a run is asked for never comes by its environment or its heap: a child
 * has everything at the addresses at which a run has it that was started for itself (from a file, which is
 * read into the same place).  Programs do hash addresses, and compare them.
 *
 * It calls the kernel past everything that the runtimes interpose. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "server.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

enum { REQUEST_SIZE = 1 << 17, STREAMS = 3, LISTING_SIZE = 4096 };

/* What is asked for.  With it come: three streams, nothing, a socket. */
enum { MAKE = 1, FOLLOW, JOIN };

typedef struct {
    uint64_t mark;      /* of the run that is asked for, and of all that descends from it; or 0 */
    uint64_t moment_ns; /* for so long it is followed */
    uint64_t kind;
} Header;

static const char server_prefix[] = "server:";
static char request[REQUEST_SIZE]; /* always ends in a zero */
static Header header;

static long call(long number, long a, long b, long c, long d, long e)
{
    static long (*real)(long, ...);
    if (real == NULL) {
        real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    }
    return real(number, a, b, c, d, e);
}

#define CALL(number, a, b, c) call(number, (long)(a), (long)(b), (long)(c), 0, 0)

/* --- what a child must not share ------------------------------------------------------------------ */

/* How many numbers a directory of /proc names. */
static int count_in(const char *directory)
{
    static char listing[LISTING_SIZE] __attribute__((aligned(8)));
    int found = 0;
    int descriptor =
        (int)call(SYS_openat, AT_FDCWD, (long)directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, 0);
    long size;
    while ((size = CALL(SYS_getdents64, descriptor, listing, sizeof listing)) > 0) {
        for (long at = 0; at < size;) {
            const struct dirent64 *entry = (const void *)(listing + at);
            found += entry->d_name[0] != '.';
            at += entry->d_reclen;
        }
    }
    CALL(SYS_close, descriptor, 0, 0);
    return found;
}

static bool is_alone(void)
{
    enum { OWN_FILES = STREAMS + 2 }; /* the socket, and the directory that is being read */
    return count_in("/proc/self/task") == 1 && count_in("/proc/self/fd") == OWN_FILES;
}

/* --- a child of the harness ----------------------------------------------------------------------- */

/* What the C library's fork does, but that the child is our parent's, and that nobody's handlers of a fork
 * run: for the child this is no fork.  The word in which the C library keeps the thread's number is known
 * to the kernel, who clears it at the thread's end. */
static long make_child(void)
{
    int *thread_number = NULL;
    void *robust_list = NULL;
    size_t robust_size = 0;
    if (call(SYS_prctl, PR_GET_TID_ADDRESS, (long)&thread_number, 0, 0, 0) != 0) {
        return -1;
    }
    CALL(SYS_get_robust_list, 0, &robust_list, &robust_size);
    long flags = CLONE_PARENT | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD;
#if defined(__x86_64__)
    long child = call(SYS_clone, flags, 0, 0, (long)thread_number, 0);
#else
    long child = call(SYS_clone, flags, 0, 0, 0, (long)thread_number);
#endif
    if (child == 0 && robust_list != NULL) {
        CALL(SYS_set_robust_list, robust_list, robust_size, 0);
    }
    return child;
}

static void answer(int socket, int number)
{
    call(SYS_sendto, socket, (long)&number, sizeof number, MSG_NOSIGNAL, 0);
}

static void shut(int *descriptor)
{
    if (*descriptor >= STREAMS) {
        CALL(SYS_close, *descriptor, 0, 0);
    }
    *descriptor = -1;
}

static void shut_all(int *descriptors, int count)
{
    for (int i = 0; i < count; i++) {
        shut(&descriptors[i]);
    }
}

/* As a process that has just been started.  The mark is put on here, before the program's first step: what
 * that starts must have it, however quickly. */
static void become_new(int on_parents_death)
{
    CALL(SYS_setsid, 0, 0, 0);
    if (on_parents_death != 0) {
        CALL(SYS_prctl, PR_SET_PDEATHSIG, on_parents_death, 0); /* a fork's child has it not */
    }
    if (header.mark != 0) {
        struct rlimit64 limit = {header.mark, RLIM64_INFINITY};
        call(SYS_prlimit64, 0, RLIMIT_RTTIME, (long)&limit, 0, 0);
    }
}

static void take_streams(int *streams)
{
    for (int i = 0; i < STREAMS; i++) {
        CALL(SYS_dup3, streams[i], i, 0);
    }
    shut_all(streams, STREAMS);
}

/* --- following a run ------------------------------------------------------------------------------ */

enum { KEPT = 1 << 14, FIRST_NS = 5000000 };

/* Its stdout (a terminal's other end) and its stderr; our ends of them, and what was read. */
enum { OUT, ERROR, OUTPUTS };
static struct {
    int ends[OUTPUTS];
    bool open[OUTPUTS];
    uint32_t sizes[OUTPUTS];
    char read[OUTPUTS][KEPT];
} followed;

/* A terminal that passes every byte on as it is, of the size that all runs have (see spawning.py). */
static bool open_terminal(int *master, int *slave)
{
    struct {
        uint32_t input, output, control, local;
        char rest[64]; /* more than the kernel's has: the C library's is another */
    } modes;
    const struct winsize size = {.ws_row = 24, .ws_col = 80};
    int unlocked = 0;
    *slave = -1;
    *master = (int)call(SYS_openat, AT_FDCWD, (long)"/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC, 0, 0);
    if (*master >= 0 && CALL(SYS_ioctl, *master, TIOCSPTLCK, &unlocked) == 0) {
        *slave = (int)CALL(SYS_ioctl, *master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    if (*slave < 0 || CALL(SYS_ioctl, *slave, TCGETS, &modes) != 0) {
        return false;
    }
    modes.input = modes.output = modes.local = 0;
    return CALL(SYS_ioctl, *slave, TCSETS, &modes) == 0 &&
           CALL(SYS_ioctl, *slave, TIOCSWINSZ, &size) == 0;
}

/* The streams of a run, and our ends of two of them. */
static bool open_streams(int *streams)
{
    int ends[2] = {-1, -1};
    streams[0] = (int)call(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDONLY | O_CLOEXEC, 0, 0);
    bool opened = streams[0] >= 0 && open_terminal(&followed.ends[OUT], &streams[1]) &&
                  CALL(SYS_pipe2, ends, O_CLOEXEC, 0) == 0;
    followed.ends[ERROR] = ends[0];
    streams[2] = ends[1];
    for (int i = 0; i < OUTPUTS; i++) {
        followed.open[i] = true;
        followed.sizes[i] = 0;
    }
    return opened;
}

static uint64_t now(void)
{
    struct timespec time;
    CALL(SYS_clock_gettime, CLOCK_MONOTONIC, &time, 0);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Takes in what has come; false if there is more than we keep. */
static bool take_in(int which)
{
    uint32_t used = followed.sizes[which];
    long count = CALL(SYS_read, followed.ends[which], followed.read[which] + used, KEPT - used);
    if (count > 0) {
        followed.sizes[which] += (uint32_t)count;
    } else if (count == 0 || errno != EINTR) {
        followed.open[which] = false; /* a terminal whose last writer has gone gives EIO */
    }
    return followed.sizes[which] < KEPT;
}

/* Waits for the process's end, or for news of the outputs that are open; false if so long nothing comes. */
static bool await_news(struct pollfd *of, int count, uint64_t until)
{
    uint64_t time = now();
    uint64_t left = until > time ? until - time : 0;
    struct timespec patience = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    long found = call(SYS_ppoll, (long)of, count, (long)&patience, 0, 0);
    return found > 0 || (found < 0 && errno == EINTR);
}

/* Whether the process has come to its end by then, and nobody has its outputs open.  What it prints is
 * waited for only after a while: most have ended before, and it is there then. */
static bool has_ended_by(int process, uint64_t until)
{
    struct pollfd of[1 + OUTPUTS] = {{.fd = process, .events = POLLIN}};
    uint64_t soon = now() + FIRST_NS;
    bool has_ended = process >= 0 && await_news(of, 1, soon < until ? soon : until) && of[0].revents != 0;
    while (process >= 0 && (!has_ended || followed.open[OUT] || followed.open[ERROR])) {
        for (int i = 0; i < OUTPUTS; i++) {
            of[1 + i] = (struct pollfd){.fd = followed.open[i] ? followed.ends[i] : -1, .events = POLLIN};
        }
        of[0].fd = has_ended ? -1 : process;
        if (!await_news(of, 1 + OUTPUTS, has_ended ? 0 : until)) {
            return false; /* or somebody else has them */
        }
        has_ended |= of[0].fd >= 0 && of[0].revents != 0;
        for (int i = 0; i < OUTPUTS; i++) {
            if (of[1 + i].fd >= 0 && of[1 + i].revents != 0 && !take_in(i)) {
                return false;
            }
        }
    }
    return has_ended;
}

/* The number that was given last to a process or a thread; 0 if nothing says. */
static long last_number(void)
{
    static char text[LISTING_SIZE];
    int file = (int)call(SYS_openat, AT_FDCWD, (long)"/proc/loadavg", O_RDONLY | O_CLOEXEC, 0, 0);
    long size = CALL(SYS_read, file, text, sizeof text - 1);
    CALL(SYS_close, file, 0, 0);
    text[size > 0 ? size : 0] = '\0';
    const char *last = strrchr(text, ' ');
    return last != NULL ? strtol(last, NULL, 10) : 0;
}

/* Whether nothing that the run has started is there any more.  Numbers are given in turn, and what descends
 * from it has its mark; where there are many to be asked, others are to look. */
static bool has_left_nothing(long child)
{
    enum { MANY = 256 };
    long last = last_number();
    bool is_sure = last >= child && last - child < MANY;
    for (long number = child + 1; is_sure && number <= last; number++) {
        struct rlimit64 limit = {0};
        call(SYS_prlimit64, number, RLIMIT_RTTIME, 0, (long)&limit, 0);
        is_sure = limit.rlim_cur != header.mark;
    }
    return is_sure;
}

/* What was read of a run, and of one that goes on our ends of its outputs. */
static void hand_over(int socket, long child, bool has_ended)
{
    int32_t sizes[] = {(int32_t)followed.sizes[OUT], (int32_t)followed.sizes[ERROR]};
    int32_t head[] = {(int32_t)child, has_ended, sizes[OUT], sizes[ERROR]};
    struct iovec parts[] = {
        {head, sizeof head},
        {followed.read[OUT], followed.sizes[OUT]},
        {followed.read[ERROR], followed.sizes[ERROR]},
    };
    char control[CMSG_SPACE(sizeof followed.ends)] __attribute__((aligned(sizeof(size_t)))) = {0};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = sizeof parts / sizeof *parts};
    if (!has_ended) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof followed.ends);
        memcpy(CMSG_DATA(rights), followed.ends, sizeof followed.ends);
    }
    CALL(SYS_sendmsg, socket, &message, MSG_NOSIGNAL);
}

static void follow(int socket, long child)
{
    int process = (int)CALL(SYS_pidfd_open, child, 0, 0);
    bool has_ended = has_ended_by(process, now() + header.moment_ns) && has_left_nothing(child);
    hand_over(socket, child, has_ended);
    shut(&process);
}

/* --- serving -------------------------------------------------------------------------------------- */

/* Takes the next request and what comes with it; false if there will be no more. */
static bool receive(int socket, int *descriptors)
{
    char control[CMSG_SPACE(STREAMS * sizeof(int))] __attribute__((aligned(sizeof(size_t)))) = {0};
    struct iovec parts[] = {{&header, sizeof header}, {request, sizeof request - 1}};
    struct msghdr message = {
        .msg_iov = parts,
        .msg_iovlen = sizeof parts / sizeof *parts,
        .msg_control = control,
        .msg_controllen = sizeof control,
    };
    long size = CALL(SYS_recvmsg, socket, &message, MSG_CMSG_CLOEXEC);
    if (size < (long)sizeof header) {
        return false;
    }
    request[size - (long)sizeof header] = '\0';
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    size_t expected = header.kind == FOLLOW ? 0 : (header.kind == MAKE ? STREAMS : 1) * sizeof(int);
    if (head != NULL && head->cmsg_len == CMSG_LEN(expected)) {
        memcpy(descriptors, CMSG_DATA(head), expected);
        return true;
    }
    return head == NULL && expected == 0;
}

static _Noreturn void leave(void)
{
    for (;;) {
        CALL(SYS_exit_group, 0, 0, 0);
    }
}

/* The answer to MAKE comes last: whoever gets it finds the session. */
static void become_run(int *socket, int *streams)
{
    shut_all(followed.ends, OUTPUTS);
    take_streams(streams);
    if (header.kind == MAKE) {
        answer(*socket, (int)CALL(SYS_getpid, 0, 0, 0));
    }
    shut(socket);
}

/* Makes what is asked for: a run, and true in it; or a server, which goes on with a socket of its own. */
static bool make(int *socket, int *descriptors, int on_parents_death)
{
    bool can_be = header.kind != FOLLOW || open_streams(descriptors);
    long child = can_be ? make_child() : -1;
    int error = errno;
    if (child == 0) {
        become_new(on_parents_death);
        if (header.kind != JOIN) {
            become_run(socket, descriptors);
            return true;
        }
        shut(socket);
        *socket = descriptors[0];
        descriptors[0] = -1;
        answer(*socket, (int)CALL(SYS_getpid, 0, 0, 0));
        return false;
    }
    shut_all(descriptors, STREAMS);
    if (child < 0) {
        answer(*socket, -error);
    } else if (header.kind == FOLLOW) {
        follow(*socket, child);
    }
    shut_all(followed.ends, OUTPUTS);
    return false;
}

/* Returns in each run. */
static void serve(int socket, bool fit)
{
    int on_parents_death = 0;
    call(SYS_prctl, PR_GET_PDEATHSIG, (long)&on_parents_death, 0, 0, 0);
    bool serves = fit && is_alone();
    answer(socket, serves ? 0 : -EPERM);
    int descriptors[STREAMS] = {-1, -1, -1};
    while (serves && receive(socket, descriptors)) {
        if (make(&socket, descriptors, on_parents_death)) {
            return;
        }
    }
    leave();
}

static void read_request(const char *path)
{
    long size = 0, count;
    int file = (int)call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0);
    while (size < REQUEST_SIZE - 1 &&
           (count = CALL(SYS_read, file, request + size, REQUEST_SIZE - 1 - size)) > 0) {
        size += count;
    }
    request[size] = '\0';
    CALL(SYS_close, file, 0, 0);
}

char *request_take(const char *place, bool fit)
{
    if (strncmp(place, server_prefix, sizeof server_prefix - 1) == 0) {
        serve((int)strtol(place + sizeof server_prefix - 1, NULL, 10), fit);
    } else {
        read_request(place);
    }
    return request;
}
