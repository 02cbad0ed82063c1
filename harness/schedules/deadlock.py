"""A deadlock in words: who waits for what, who has it, and where. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harness.schedules.record import Record, Waiting, thread_name

_END = re.compile(r"(?:.*::)?(?:join|scope)$")
_LOCK = re.compile(
    r"(?:.*::)?(?:r?lock|mutex|rwlock|acquire|read|write|.*_lock|(?:.*_)?(?:rd|wr)lock)$",
    re.IGNORECASE,
)
"""What threads wait in that want a lock; streams are read and written too, but nobody holds them.

A ring is of locks and ends alone, so that a ``read`` in one is a lock's.
"""


def deadlock_lines(record: Record) -> tuple[str, ...]:
    """A line for each ring of threads, and one for each thread that waits."""
    holders = dict(record.rings)
    rings = tuple(_rings(holders))
    heads = tuple(f"{_ring_in_words(ring)}{_others(record)}" for ring in rings)
    return (*heads, *(_wait_in_words(wait, holders) for wait in record.waiting))


def others_went_on(record: Record) -> bool:
    """Whether some thread neither waits nor has ended: then it is a deadlock of some."""
    return bool(_alive(record) - {wait.thread for wait in record.waiting})


def _alive(record: Record) -> set[int]:
    return {0, *(number for number, _ in record.names)} - set(record.ended)


def _others(record: Record) -> str:
    return "; the others went on" if others_went_on(record) else ""


def _rings(holders: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Each ring once, from its lowest thread on; whoever waits for one is not in it."""
    for start in sorted(holders):
        ring = [start]
        while (following := holders.get(ring[-1])) is not None and following not in ring:
            ring.append(following)
        if following == start == min(ring):
            yield tuple(ring)


def _ring_in_words(ring: Sequence[int]) -> str:
    """``threads 1 and 2 wait for each other``; a ring of one has taken a lock twice."""
    if len(ring) == 1:
        return f"{thread_name(ring[0])} waits for itself"
    among = "" if len(ring) == 2 else " in a ring"
    return f"{_listed(ring)} wait for each other{among}"


def _listed(ring: Sequence[int]) -> str:
    """``threads 1, 2 and 3``; main is named first, as it is no number."""
    numbers = [str(number) for number in ring if number]
    named = ["main"] if 0 in ring else []
    if named and len(numbers) == 1:
        return f"main and thread {numbers[0]}"
    *first, last = numbers
    return f"{'main and ' if named else ''}threads {', '.join(first)} and {last}"


def _wait_in_words(wait: Waiting, holders: Mapping[int, int]) -> str:
    """``thread 1 waits for the lock that thread 2 holds: Mutex::lock at src/main.rs:12``."""
    holder = holders.get(wait.thread)
    if holder is None:
        return str(wait)
    name = thread_name(wait.thread)
    where = f"{wait.kind} at {wait.place}" if wait.place else wait.kind
    if _END.match(wait.kind):
        return f"{name} waits for the end of {thread_name(holder)}: {where}"
    if holder == wait.thread:
        return f"{name} waits for the lock that it holds itself: {where}"
    if _LOCK.match(wait.kind):
        return f"{name} waits for the lock that {thread_name(holder)} holds: {where}"
    return f"{name} waits for {thread_name(holder)}: {where}"
