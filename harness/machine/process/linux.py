"""What ``/proc`` tells of other processes. Elsewhere every answer is "nothing known".

Format of the files: proc(5).
"""
# Hundreds of tiny files in a row: a path object for each would serve nobody.
# ruff: noqa: PTH115, PTH123, PTH208

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TypeAlias

Snapshot: TypeAlias = tuple[tuple[int, bytes], ...]
"""Each thread of a process tree with its processor time so far, in ``schedstat``'s terms."""

TELLS_OF_THREADS = os.path.isdir("/proc/self/task")  # noqa: PTH112 - as above
"""Whether there is anything to be known here."""

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_TIMES = slice(11, 15)
"""Of the fields of ``stat`` from the state on: utime, stime, and those of children waited for."""

ENDED = (b"Z", b"X")
ASLEEP = b"S"


def sleeping_threads(leader: int) -> Snapshot | None:
    """Return the threads of ``leader`` and its descendants, or ``None`` if one is not asleep.

    Equal snapshots mean that none of the threads ran in between.
    """
    return _sleeping(family(leader)) or None


def are_asleep(pids: Iterable[int]) -> bool:
    """Whether no thread of these processes runs, or could if it had a processor."""
    return _sleeping(pids) is not None


def _sleeping(pids: Iterable[int]) -> Snapshot | None:
    threads = []
    for pid in pids:
        for tid in _numbers(f"/proc/{pid}/task"):
            place = f"/proc/{pid}/task/{tid}"
            state, *_ = _fields(place) or (ENDED[0],)
            if state in ENDED:
                continue
            if state != ASLEEP:
                return None
            threads.append((tid, _read(f"{place}/schedstat")))
    return tuple(threads)


def family(leader: int) -> Iterator[int]:
    """Yield ``leader`` and its living descendants, whatever session they are in."""
    waiting = [leader]
    while waiting:
        pid = waiting.pop()
        yield pid
        for tid in _numbers(f"/proc/{pid}/task"):
            waiting.extend(map(int, _read(f"/proc/{pid}/task/{tid}/children").split()))


def processor_seconds(leader: int) -> float | None:
    """Return what ``leader`` and its descendants have used so far; ``None`` if that is not told."""
    used = _seconds_of(_fields(f"/proc/{pid}") for pid in family(leader))
    return used if TELLS_OF_THREADS else None


def leftovers(session: int, outputs: AbstractSet[str]) -> set[int]:
    """Find what a session leader that has ended left behind.

    These are the processes of its session or process group, those that hold
    one of the ``outputs`` open (named as the links in ``/proc/*/fd`` are),
    and the descendants of all of them.
    """
    found: set[int] = set()
    harness = os.getpid()  # holds the other ends; its own children are leaders, never leftovers
    for pid in _numbers("/proc"):
        fields = _fields(f"/proc/{pid}")
        if fields is None or fields[0] in ENDED or harness in (pid, int(fields[1])):
            continue
        if session in (int(fields[2]), int(fields[3])) or _holds(pid, outputs):
            found.update(family(pid))
    return found


def session_seconds(session: int) -> float:
    """Return the processor time of the processes of a session, and of children they waited for."""
    every = (_fields(f"/proc/{pid}") for pid in _numbers("/proc"))
    return _seconds_of(fields for fields in every if fields and int(fields[3]) == session)


def _seconds_of(processes: Iterable[list[bytes] | None]) -> float:
    """The processor time of those of the processes that are there."""
    ticks = sum(int(field) for fields in processes if fields for field in fields[_TIMES])
    return ticks / _TICKS_A_SECOND


def _holds(pid: int, outputs: AbstractSet[str]) -> bool:
    place = f"/proc/{pid}/fd"
    with contextlib.suppress(OSError):
        for name in os.listdir(place):
            with contextlib.suppress(OSError):
                if os.readlink(f"{place}/{name}") in outputs:
                    return True
    return False


def _fields(place: str) -> list[bytes] | None:
    """Return the fields of ``stat`` from the state on, or ``None`` where it is gone."""
    # A program may put blanks and parentheses into its own name: cut after the last one.
    _, found, rest = _read(f"{place}/stat").rpartition(b") ")
    return rest.split() if found else None


def _numbers(place: str) -> list[int]:
    try:
        return [int(name) for name in os.listdir(place) if name.isdigit()]
    except OSError:
        return []


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""
