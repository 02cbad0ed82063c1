/* A server that forks: what all runs of a program have in common is done once.
 *
 * The harness starts it as it starts a run.  Where the runs part (for a Rust program before its
 * constructors, for a Python program before its script) it stops, and for each request on its socket makes
 * a child, which goes on as a run that was started then: with the streams that came along, in a session of
 * its own, and as a child of the harness (CLONE_PARENT), who follows it, limits it and takes its end as
 * of any other.  Limits, cores, the layout in memory and the directory are the server's.
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
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { REQUEST_SIZE = 1 << 17, STREAMS = 3, LISTING_SIZE = 4096 };

static const char server_prefix[] = "server:";
static char request[REQUEST_SIZE]; /* always ends in a zero */
static uint64_t mark;              /* of the run that is asked for, and of all that descends from it; or 0 */

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

static void close_all(const int *streams)
{
    for (int i = 0; i < STREAMS; i++) {
        if (streams[i] >= STREAMS) {
            CALL(SYS_close, streams[i], 0, 0);
        }
    }
}

/* As a run that has just been started.  The answer comes last: whoever gets it finds the session.  The mark
 * is put on here, before the program's first step: what that starts must have it, however quickly. */
static void become_run(int socket, const int *streams, int on_parents_death)
{
    CALL(SYS_setsid, 0, 0, 0);
    if (on_parents_death != 0) {
        CALL(SYS_prctl, PR_SET_PDEATHSIG, on_parents_death, 0); /* a fork's child has it not */
    }
    if (mark != 0) {
        struct rlimit64 limit = {mark, RLIM64_INFINITY};
        call(SYS_prlimit64, 0, RLIMIT_RTTIME, (long)&limit, 0, 0);
    }
    for (int i = 0; i < STREAMS; i++) {
        CALL(SYS_dup3, streams[i], i, 0);
    }
    close_all(streams);
    answer(socket, (int)CALL(SYS_getpid, 0, 0, 0));
    CALL(SYS_close, socket, 0, 0);
}

/* --- serving -------------------------------------------------------------------------------------- */

/* Takes the next request and its streams; false if there will be no more. */
static bool receive(int socket, int *streams)
{
    char control[CMSG_SPACE(STREAMS * sizeof(int))] = {0};
    struct iovec parts[] = {{&mark, sizeof mark}, {request, sizeof request - 1}};
    struct msghdr message = {
        .msg_iov = parts,
        .msg_iovlen = sizeof parts / sizeof *parts,
        .msg_control = control,
        .msg_controllen = sizeof control,
    };
    long size = CALL(SYS_recvmsg, socket, &message, MSG_CMSG_CLOEXEC);
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (size < (long)sizeof mark || head == NULL || head->cmsg_len != CMSG_LEN(STREAMS * sizeof(int))) {
        return false;
    }
    request[size - (long)sizeof mark] = '\0';
    memcpy(streams, CMSG_DATA(head), STREAMS * sizeof(int));
    return true;
}

static _Noreturn void leave(void)
{
    for (;;) {
        CALL(SYS_exit_group, 0, 0, 0);
    }
}

/* Returns in each child. */
static void serve(int socket, bool fit)
{
    int streams[STREAMS];
    int on_parents_death = 0;
    call(SYS_prctl, PR_GET_PDEATHSIG, (long)&on_parents_death, 0, 0, 0);
    bool serves = fit && is_alone();
    answer(socket, serves ? 0 : -EPERM);
    while (serves && receive(socket, streams)) {
        long child = make_child();
        if (child == 0) {
            become_run(socket, streams, on_parents_death);
            return;
        }
        close_all(streams);
        if (child < 0) {
            answer(socket, -errno);
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
