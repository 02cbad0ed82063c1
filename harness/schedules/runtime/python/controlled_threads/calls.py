"""The names of system calls in which a thread may be found blocked."""

from __future__ import annotations

import os

_X86_64 = {
    0: "read",
    1: "write",
    2: "open",
    7: "poll",
    19: "readv",
    20: "writev",
    23: "select",
    34: "pause",
    35: "nanosleep",
    42: "connect",
    43: "accept",
    44: "sendto",
    45: "recvfrom",
    46: "sendmsg",
    47: "recvmsg",
    61: "wait4",
    65: "semop",
    69: "msgsnd",
    70: "msgrcv",
    72: "fcntl",
    73: "flock",
    74: "fsync",
    128: "sigtimedwait",
    130: "sigsuspend",
    202: "futex",
    220: "semtimedop",
    230: "clock_nanosleep",
    232: "epoll_wait",
    242: "mq_timedsend",
    243: "mq_timedreceive",
    247: "waitid",
    257: "openat",
    270: "pselect",
    271: "ppoll",
    275: "splice",
    281: "epoll_pwait",
    288: "accept4",
    426: "io_uring_enter",
}
_GENERIC = {
    22: "epoll_pwait",
    25: "fcntl",
    32: "flock",
    56: "openat",
    63: "read",
    64: "write",
    72: "pselect",
    73: "ppoll",
    76: "splice",
    95: "waitid",
    98: "futex",
    101: "nanosleep",
    115: "clock_nanosleep",
    133: "sigsuspend",
    137: "sigtimedwait",
    202: "accept",
    203: "connect",
    206: "sendto",
    207: "recvfrom",
    211: "sendmsg",
    212: "recvmsg",
    242: "accept4",
    260: "wait4",
}


def name_of(call: int) -> str:
    """The name of a system call of this machine, or its number; `-` for none (-1)."""
    if call < 0:
        return "-"
    names = _X86_64 if os.uname().machine == "x86_64" else _GENERIC
    return names.get(call, str(call))
