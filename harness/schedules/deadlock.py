"""A deadlock in words: who waits for what, who has it, and where. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harness.schedules.record import Record, Waiting
from harness.values.messages import Message, say
from harness.values.run import thread_name

_END = re.compile(r"(?:.*::)?(?:join|scope)$")
_LOCK = re.compile(
    r"(?:.*::)?(?:r?lock|mutex|rwlock|acquire|read|write|.*_lock|(?:.*_)?(?:rd|wr)lock)$",
    re.IGNORECASE,
)
"""What threads wait in that want a lock; streams are read and written too, but nobody holds them.

A ring is of locks and ends alone, so that a ``read`` in one is a lock's.
"""


def deadlock_lines(record: Record) -> tuple[Message, ...]:
    """A line for each ring of threads, and one for each thread that waits."""
    holders = dict(record.rings)
    rings = tuple(_rings(holders))
    others = say("deadlock.others-went-on") if others_went_on(record) else ""
    heads = tuple(_ring_in_words(ring, others) for ring in rings)
    return (*heads, *(_wait_in_words(wait, holders) for wait in record.waiting))


def others_went_on(record: Record) -> bool:
    """Whether some thread neither waits nor has ended: then it is a deadlock of some."""
    return bool(_alive(record) - {wait.thread for wait in record.waiting})


def _alive(record: Record) -> set[int]:
    return {0, *(number for number, _ in record.names)} - set(record.ended)


def _rings(holders: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Each ring once, from its lowest thread on; whoever waits for one is not in it."""
    for start in sorted(holders):
        ring = [start]
        while (following := holders.get(ring[-1])) is not None and following not in ring:
            ring.append(following)
        if following == start == min(ring):
            yield tuple(ring)


def _ring_in_words(ring: Sequence[int], others: str) -> Message:
    """``threads 1 and 2 wait for each other``; a ring of one has taken a lock twice."""
    if len(ring) == 1:
        return say("deadlock.itself", thread=thread_name(ring[0]), others=others)
    known = "deadlock.pair" if len(ring) == 2 else "deadlock.ring"
    return say(known, threads=_listed(ring), others=others)


def _listed(ring: Sequence[int]) -> Message:
    """``threads 1, 2 and 3``; main is named first, as it is no number."""
    numbers = tuple(number for number in ring if number)
    if 0 not in ring:
        return say("threads", numbers=numbers)
    if len(numbers) == 1:
        return say("threads.main-and-one", n=numbers[0])
    return say("threads.main-and", numbers=numbers)


def _wait_in_words(wait: Waiting, holders: Mapping[int, int]) -> Message:
    """``thread 1 waits for the lock that thread 2 holds: Mutex::lock at src/main.rs:12``."""
    holder = holders.get(wait.thread)
    if holder is None:
        return wait.told
    name, whom, where = thread_name(wait.thread), thread_name(holder), wait.where
    if _END.match(wait.kind):
        return say("deadlock.waits-for-end", thread=name, whom=whom, where=where)
    if holder == wait.thread:
        return say("deadlock.waits-for-own", thread=name, where=where)
    if _LOCK.match(wait.kind):
        return say("deadlock.waits-for-lock", thread=name, whom=whom, where=where)
    return say("deadlock.waits-for", thread=name, whom=whom, where=where)
