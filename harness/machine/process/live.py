"""The processes that run now, so that all of them can be ended at once.

A leader is listed from its start until it is reaped: while it is listed its
number cannot belong to anybody else.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resource import struct_rusage

_lock = threading.Lock()
_endings: dict[int, Callable[[], None]] = {}
_times_ended = 0


def enlist(pid: int, end: Callable[[], None]) -> None:
    """List the process ``pid``; ``end`` ends it and its group, quickly, from any thread.

    ``end`` is called with the lock of this list held: it must neither reap nor enlist.
    """
    with _lock:
        _endings[pid] = end


def delist(pid: int) -> None:
    """Forget the process: it was reaped by other means."""
    with _lock:
        _endings.pop(pid, None)


def reap(pid: int) -> tuple[int, struct_rusage] | None:
    """Take the wait status and the usage of a process and forget it; ``None``: it still runs."""
    with _lock:
        # Reaped and struck off under one lock: in between, the number might be given to a process
        # of somebody else's, and ``end_all_processes`` would kill that.
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if not ended or os.WIFSTOPPED(status):  # one that asked us to trace it tells of each stop
            return None
        _endings.pop(pid, None)
        return status, usage


def end_all_processes() -> int:
    """End every process that runs now, with its group, and return how many there were.

    Returns at once; the threads that wait for these processes find them
    ended. A process that is started later is not affected: set the ``stop``
    event of the runs first.
    """
    global _times_ended  # noqa: PLW0603 - of all processes there are
    with _lock:
        _times_ended += 1
        for end in _endings.values():
            end()
        return len(_endings)


def times_ended() -> int:
    """How often all processes were ended.

    Whoever has one that was not listed yet knows by that whether it was to be ended, too.
    """
    return _times_ended


def signal_group(leader: int, number: signal.Signals) -> None:
    """Send a signal to the process group of ``leader``; one that is gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def group_exists(leader: int) -> bool:
    """Whether anything is left of the process group of ``leader`` (which has been reaped).

    The number cannot be another group's meanwhile: no process gets a number that a group still has.
    """
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    # There is somebody, of another user: one who has become that by a set-user-ID program.
    except PermissionError:
        return True
    return True
