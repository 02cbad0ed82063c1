"""A deadlock in words: who waits for what, who has it, and where. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harness.schedules.record import Record, Waiting
from harness.values.messages import Message, say
from harness.values.run import TaskName, thread_name

_END = re.compile(r"(?:.*::)?(?:join|scope)$|task$|gather$|task-group$")
_LOCK = re.compile(
    r"(?:.*::)?(?:r?lock|mutex|rwlock|acquire|read|write|.*_lock|(?:.*_)?(?:rd|wr)lock)$",
    re.IGNORECASE,
)
"""What threads wait in that want a lock; streams are read and written too, but nobody holds them.

A ring is of locks and ends alone, so that a ``read`` in one is a lock's.
"""


def deadlock_lines(record: Record) -> tuple[Message, ...]:
    """A line for each ring of threads, and one for each thread that waits."""
    holders = holders_of(record)
    rings = tuple(_rings(holders))
    others = say("deadlock.others-went-on") if others_went_on(record) else ""
    heads = tuple(_ring_in_words(ring, record.tasks, others) for ring in rings)
    return (*heads, *(_wait_in_words(wait, holders, record.tasks) for wait in record.waiting))


def holders_of(record: Record) -> Mapping[int, tuple[int, ...]]:
    """For whom each waits, as far as it is known: for one, or for the ends of several tasks."""
    found: dict[int, list[int]] = {}
    for one, other in record.rings:
        found.setdefault(one, []).append(other)
    return {one: tuple(others) for one, others in found.items()}


def others_went_on(record: Record) -> bool:
    """Whether some thread neither waits nor has ended: then it is a deadlock of some."""
    return bool(_alive(record) - {wait.thread for wait in record.waiting})


def _alive(record: Record) -> set[int]:
    tasks = {task.number for task in record.tasks}
    return {0, *(number for number, _ in record.names)} - set(record.ended) - tasks


def named(numbers: Sequence[int], tasks: Sequence[TaskName]) -> Message:
    """One thread or task by its name; several tasks by their numbers."""
    if len(numbers) == 1:
        return thread_name(numbers[0], tasks)
    return say("tasks", numbers=tuple(numbers))


def _rings(holders: Mapping[int, tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Each ring once, from its lowest thread on; whoever waits for one is not in it.

    Of those that lead from a thread back to it, the shortest.
    """
    for start in sorted(holders):
        ways: list[tuple[int, ...]] = [(start,)]
        known = {start}
        for way in ways:
            following = holders.get(way[-1], ())
            if start in following:
                if start == min(way):
                    yield way
                break
            ways += ((*way, each) for each in following if each not in known)
            known.update(following)


def _ring_in_words(ring: Sequence[int], tasks: Sequence[TaskName], others: str) -> Message:
    """``threads 1 and 2 wait for each other``; a ring of one has taken a lock twice."""
    if len(ring) == 1:
        return say("deadlock.itself", thread=thread_name(ring[0], tasks), others=others)
    known = "deadlock.pair" if len(ring) == 2 else "deadlock.ring"
    return say(known, threads=_listed(ring, tasks), others=others)


def _listed(ring: Sequence[int], tasks: Sequence[TaskName]) -> Message:
    """``threads 1, 2 and 3``; main is named first, as it is no number."""
    numbers = tuple(number for number in ring if number)
    if {*ring} <= {task.number for task in tasks}:
        return say("tasks", numbers=numbers)
    if 0 not in ring:
        return say("threads", numbers=numbers)
    if len(numbers) == 1:
        return say("threads.main-and-one", n=numbers[0])
    return say("threads.main-and", numbers=numbers)


def _wait_in_words(
    wait: Waiting, holders: Mapping[int, tuple[int, ...]], tasks: Sequence[TaskName]
) -> Message:
    """``thread 1 waits for the lock that thread 2 holds: Mutex::lock at src/main.rs:12``."""
    held_by = holders.get(wait.thread, ())
    name, where = thread_name(wait.thread, tasks), wait.where
    if not held_by:
        return say("deadlock.waits", thread=name, where=where)
    holder = held_by[0]
    whom = named(held_by, tasks)
    if _END.match(wait.kind):
        return say("deadlock.waits-for-end", thread=name, whom=whom, where=where)
    if holder == wait.thread:
        return say("deadlock.waits-for-own", thread=name, where=where)
    if _LOCK.match(wait.kind):
        return say("deadlock.waits-for-lock", thread=name, whom=whom, where=where)
    return say("deadlock.waits-for", thread=name, whom=whom, where=where)
