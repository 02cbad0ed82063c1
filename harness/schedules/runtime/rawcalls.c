/* System calls made past the C library: by inline assembly (rustix), by code that was generated.
 *
 * Linux can send a thread SIGSYS for each system call that is made outside one range of addresses
 * (Syscall User Dispatch, 5.11, x86-64).  The range is the C library's code, so what goes through
 * it costs nothing; what does not comes here, and is done by our functions as if the C library's
 * had been called.  Each thread asks for itself; its children, and programs that are executed, are
 * free of it. Where the kernel has no such thing, the watcher remains. */
#include "controlled.h"

#include <errno.h>
#include <limits.h>
#include <link.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON 1
#endif

enum {
    LET_THROUGH = 0,
    CATCH = 1,
    CALL_SIZE = 2
}; /* the kernel's selector; `syscall` is two bytes */

typedef struct {
    uintptr_t start;
    size_t size;
} Range;

static Range libc_code;
static __thread char selector __attribute__((tls_model("initial-exec"))) = CATCH;

static int find_code(struct dl_phdr_info *object, size_t size, void *inside)
{
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0 &&
            (uintptr_t)inside - start < part->p_memsz) {
            libc_code = (Range){start, part->p_memsz};
            return 1;
        }
    }
    return 0;
}

/* Before 2.34 the C library's threads were a library of their own, whose calls would be caught. */
static bool has_one_library(void)
{
    return (uintptr_t)dlsym(RTLD_NEXT, "pthread_create") - libc_code.start < libc_code.size;
}

/* As the kernel says it: a failure is -errno. */
static long said(long result)
{
    return result < 0 ? -errno : result;
}

#define P(n) ((void *)values[n])
#define I(n) ((int)values[n])
#define Z(n) ((size_t)values[n])

#define NOT_OURS LONG_MIN /* no result of the kernel's */

static long input_or_output(long number, const long values[6])
{
    switch (number) {
    case SYS_read:
        return said(read(I(0), P(1), Z(2)));
    case SYS_readv:
        return said(readv(I(0), P(1), I(2)));
    case SYS_write:
        return said(write(I(0), P(1), Z(2)));
    case SYS_writev:
        return said(writev(I(0), P(1), I(2)));
    case SYS_recvfrom:
        return said(recvfrom(I(0), P(1), Z(2), I(3), P(4), P(5)));
    case SYS_recvmsg:
        return said(recvmsg(I(0), P(1), I(2)));
    case SYS_sendto:
        return said(sendto(I(0), P(1), Z(2), I(3), P(4), (socklen_t)values[5]));
    case SYS_sendmsg:
        return said(sendmsg(I(0), P(1), I(2)));
    case SYS_accept:
        return said(accept(I(0), P(1), P(2)));
    case SYS_accept4:
        return said(accept4(I(0), P(1), P(2), I(3)));
    case SYS_connect:
        return said(connect(I(0), P(1), (socklen_t)values[2]));
    case SYS_poll:
        return said(poll(P(0), (nfds_t)values[1], I(2)));
    case SYS_ppoll:
        return said(ppoll(P(0), (nfds_t)values[1], P(2), NULL));
    case SYS_select:
        return said(select(I(0), P(1), P(2), P(3), P(4)));
    case SYS_epoll_wait:
        return said(epoll_wait(I(0), P(1), I(2), I(3)));
    case SYS_epoll_pwait:
        return said(epoll_wait(I(0), P(1), I(2), I(3)));
    case SYS_flock:
        return said(flock(I(0), I(1)));
    case SYS_fcntl:
        return said(fcntl(I(0), I(1), P(2)));
    default:
        return NOT_OURS;
    }
}

static long time_or_other(long number, const long values[6])
{
    switch (number) {
    case SYS_clock_gettime:
        return said(clock_gettime((clockid_t)values[0], P(1)));
    case SYS_gettimeofday:
        return said(gettimeofday(P(0), P(1)));
    case SYS_time:
        return time(P(0));
    case SYS_times:
        return said(times(P(0)));
    case SYS_getrusage:
        return said(getrusage(I(0), P(1)));
    case SYS_alarm:
        return alarm((unsigned)values[0]);
    case SYS_getitimer:
        return said(getitimer(I(0), P(1)));
    case SYS_setitimer:
        return said(setitimer(I(0), P(1), P(2)));
    case SYS_nanosleep:
        return said(nanosleep(P(0), P(1)));
    case SYS_clock_nanosleep:
        return -clock_nanosleep((clockid_t)values[0], I(1), P(2), P(3));
    case SYS_timerfd_create:
        return said(timerfd_create(I(0), I(1)));
    case SYS_timerfd_settime:
        return said(timerfd_settime(I(0), I(1), P(2), P(3)));
    case SYS_timerfd_gettime:
        return said(timerfd_gettime(I(0), P(1)));
    case SYS_getrandom:
        return said(getrandom(P(0), Z(1), (unsigned)values[2]));
    case SYS_sched_yield:
        return said(sched_yield());
    case SYS_pause:
        return said(pause());
    case SYS_wait4:
        return said(wait4((pid_t)values[0], P(1), I(2), P(3)));
    case SYS_waitid:
        return said(waitid((idtype_t)values[0], (id_t)values[1], P(2), I(3)));
    case SYS_kill:
        return said(kill((pid_t)values[0], I(1)));
    case SYS_exit_group:
        _exit(I(0));
    default:
        return NOT_OURS;
    }
}

/* What can only be done where it stands: it returns twice, or not at all, or to another frame. */
static bool is_done_in_place(long number)
{
    return number == SYS_clone || number == SYS_clone3 || number == SYS_fork ||
           number == SYS_vfork || number == SYS_rt_sigreturn || number == SYS_exit ||
           number == SYS_execve || number == SYS_execveat;
}

/* The dynamic loader's own calls, and those of threads that are not ours, are none of the
 * program's. */
static bool is_of_the_program(uintptr_t from)
{
    Dl_info found;
    return controlled() &&
           (dladdr((void *)from, &found) == 0 || strstr(found.dli_fname, "/ld-linux") == NULL);
}

bool do_by_number(long number, const long values[6], long *result)
{
    *result = input_or_output(number, values);
    if (*result == NOT_OURS) {
        *result = time_or_other(number, values);
    }
    return *result != NOT_OURS;
}

static long do_call(long number, const long values[6], uintptr_t from)
{
    if (is_of_the_program(from)) {
        return said(
            syscall(number, values[0], values[1], values[2], values[3], values[4], values[5]));
    }
    return said(
        REAL(syscall)(number, values[0], values[1], values[2], values[3], values[4], values[5]));
}

static void on_raw_call(int signal_number, siginfo_t *information, void *context)
{
    (void)signal_number;
    (void)information;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    long number = registers[REG_RAX];
    if (is_done_in_place(number)) {
        if (number != SYS_rt_sigreturn && number != SYS_exit) {
            note_child();
        }
        selector = LET_THROUGH; /* until the thread's next event: see raw_calls_catch_again */
        self->attention = true;
        registers[REG_RIP] -= CALL_SIZE;
        return;
    }
    int error = errno;
    const long values[6] = {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                            registers[REG_R10], registers[REG_R8],  registers[REG_R9]};
    registers[REG_RAX] = do_call(number, values, (uintptr_t)registers[REG_RIP]);
    errno = error;
}

void raw_calls_catch_again(void)
{
    selector = CATCH;
}

void raw_calls_catch(void)
{
    static bool possible = true;
    if (libc_code.size == 0 && possible) {
        dl_iterate_phdr(find_code, dlsym(RTLD_NEXT, "syscall"));
        struct sigaction action = {.sa_sigaction = on_raw_call,
                                   .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
        possible =
            libc_code.size > 0 && has_one_library() && REAL(sigaction)(SIGSYS, &action, NULL) == 0;
    }
    possible = possible && REAL(prctl)(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON,
                                       libc_code.start, libc_code.size, &selector) == 0;
}

#else

bool do_by_number(long number, const long values[6], long *result)
{
    (void)number, (void)values, (void)result;
    return false;
}

void raw_calls_catch(void) {}
void raw_calls_catch_again(void) {}

#endif
