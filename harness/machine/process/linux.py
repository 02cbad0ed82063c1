"""What ``/proc`` tells of other processes. Elsewhere every answer is "nothing known".

Format of the files: proc(5).
"""
# Hundreds of tiny files in a row: a path object for each would serve nobody.
# ruff: noqa: PTH116, PTH123, PTH208

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from harness.machine.process.interpreter import Interpreter
from harness.machine.process.marks import can_mark, mark_of

Snapshot: TypeAlias = tuple[tuple[int, bytes], ...]
"""Each thread of a process tree with its processor time so far, in ``schedstat``'s terms.

Of one that waits for the GIL it is not said: it may wake, ask for it again, and no more.
"""

_WATCHER = b"control-watcher\n"
"""What looks on in a controlled interpreter, and is none of its program's threads."""

_FOR_THE_GIL = b"waits for the GIL"

Channel: TypeAlias = tuple[int, int]
"""The other end of a channel, by its device and inode: its name another one may have as well."""

TELLS_OF_THREADS = os.path.isdir("/proc/self/task")  # noqa: PTH112 - as above
"""Whether there is anything to be known here."""

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_TIMES = slice(11, 15)
"""Of the fields of ``stat`` from the state on: utime, stime, and those of children waited for."""

_FEW = 256
"""Numbers that are sooner asked one by one than looked for in a listing."""

ENDED = (b"Z", b"X")
ASLEEP = b"S"


def sleeping_threads(leader: int) -> Snapshot | None:
    """Return the threads of ``leader`` and its descendants, or ``None`` if one is not asleep.

    Equal snapshots mean that none of the threads ran in between, but to ask for the GIL.

    State "S" is an interruptible sleep; one in "D" waits for a disk, which answers,
    so that it counts as at work. A thread that was born and died between two looks
    shows by its parent's ``schedstat``.
    """
    return _sleeping(family(leader)) or None


def are_asleep(pids: Iterable[int]) -> bool:
    """Whether no thread of these processes runs, or could if it had a processor."""
    return _sleeping(pids) is not None


def _sleeping(pids: Iterable[int]) -> Snapshot | None:
    """All threads of these processes; ``None`` at the first that is not asleep."""
    threads = []
    for pid in pids:
        interpreter = Interpreter(pid, _read)
        for tid in _numbers(f"/proc/{pid}/task"):
            place = f"/proc/{pid}/task/{tid}"
            state, *_ = _fields(place) or (ENDED[0],)
            if state in ENDED or _read(f"{place}/comm") == _WATCHER:
                continue
            if state != ASLEEP:
                return None
            # CPython's waiters for the GIL wake each switch interval (5 ms) to ask for it, and so
            # use processor time for ever beside one that is stuck with it.
            waits = interpreter.is_awaited_by(tid)
            threads.append((tid, _FOR_THE_GIL if waits else _read(f"{place}/schedstat")))
    return tuple(threads)


def family(leader: int) -> Iterator[int]:
    """Yield ``leader`` and its living descendants, whatever session they are in."""
    waiting = [leader]
    while waiting:
        pid = waiting.pop()
        yield pid
        for tid in _numbers(f"/proc/{pid}/task"):
            # Children are listed with the thread that made them (CONFIG_PROC_CHILDREN).
            waiting.extend(map(int, _read(f"/proc/{pid}/task/{tid}/children").split()))


def processor_seconds(leader: int) -> float | None:
    """Return what ``leader`` and its descendants have used so far; ``None`` if that is not told."""
    used = _seconds_of(_fields(f"/proc/{pid}") for pid in family(leader))
    return used if TELLS_OF_THREADS else None


def largest_resident(leader: int) -> int:
    """How many bytes of memory the largest of ``leader`` and its descendants holds."""
    pages = (_read(f"/proc/{pid}/statm").split()[1:2] for pid in family(leader))
    return max((int(each[0]) for each in pages if each), default=0) * _PAGE


def leftovers(session: int, outputs: AbstractSet[Channel], mark: int | None) -> set[int]:
    """Find what a session leader that has ended left behind.

    These are the processes with its mark, those of its session or process group, and those that
    hold one of the ``outputs`` open. What has no mark of this harness descends from no run, and
    is none of them, whatever it holds. Where nothing can be marked, descendants of those that are
    found count as well.
    """
    found: set[int] = set()
    harness = os.getpid()  # holds the other ends; its own children are leaders, never leftovers
    for pid in _numbers("/proc"):
        # Fields by their place after the name: 0 state, 1 parent, 2 group, 3 session.
        fields = _fields(f"/proc/{pid}")
        if fields is None or fields[0] in ENDED or harness in (pid, int(fields[1])):
            continue
        own = mark_of(pid)
        if own is None and can_mark():
            continue
        if own is not None and own == mark:
            found.add(pid)
        elif session in (int(fields[2]), int(fields[3])) or _holds(pid, outputs):
            # It is here by its session or by what it holds: what it has
            # started since may have neither.
            found.update(family(pid))
    return found


def is_marked_since(leader: int, mark: int | None) -> bool:
    """Whether anything that was started after ``leader`` has the mark, if only as a zombie.

    Numbers are given in turn, so that there are but a few to be asked, and threads among them.
    """
    last = _read("/proc/loadavg").split()[-1:]
    if mark is None or not last:
        return False
    # The fifth field is the number that was given last (proc(5)). It is smaller than the leader's
    # once numbers have begun again at the bottom; then all are gone through.
    if 0 <= int(last[0]) - leader < _FEW:
        return any(mark_of(pid) == mark for pid in range(leader + 1, int(last[0]) + 1))
    # prlimit(2) is asked of each of them: cheaper than any file of
    # /proc, and it answers of zombies.
    return any(mark_of(pid) == mark for pid in _numbers("/proc") if pid != leader)


def end_marked(mark: int | None) -> None:
    """End whatever has the mark, and take the end of what is a child of ours."""
    for pid in _numbers("/proc") if mark is not None else ():
        if mark_of(pid) == mark:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def session_seconds(session: int) -> float:
    """Return the processor time of the processes of a session, and of children they waited for."""
    every = (_fields(f"/proc/{pid}") for pid in _numbers("/proc"))
    return _seconds_of(fields for fields in every if fields and int(fields[3]) == session)


def _seconds_of(processes: Iterable[list[bytes] | None]) -> float:
    """The processor time of those of the processes that are there."""
    ticks = sum(int(field) for fields in processes if fields for field in fields[_TIMES])
    return ticks / _TICKS_A_SECOND


def channel_of(status: os.stat_result) -> Channel:
    """The channel that a descriptor with this status leads to."""
    return status.st_dev, status.st_ino


def _holds(pid: int, outputs: AbstractSet[Channel]) -> bool:
    """Whether a process has one of these open; of another user's nobody can tell."""
    place = f"/proc/{pid}/fd"
    with contextlib.suppress(OSError):
        for name in os.listdir(place):
            with contextlib.suppress(OSError):
                if channel_of(os.stat(f"{place}/{name}")) in outputs:
                    return True
    return False


def _fields(place: str) -> list[bytes] | None:
    """Return the fields of ``stat`` from the state on, or ``None`` where it is gone."""
    # A program may put blanks and parentheses into its own name: cut after the last one.
    _, found, rest = _read(f"{place}/stat").rpartition(b") ")
    return rest.split() if found else None


def _numbers(place: str) -> list[int]:
    """The numbers that a directory lists; none where it has gone."""
    try:
        return [int(name) for name in os.listdir(place) if name.isdigit()]
    except OSError:
        return []


def _read(path: str) -> bytes:
    """All of a file; nothing where it has gone, or is closed to us."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""
