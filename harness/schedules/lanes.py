"""Which thread wrote which line, and where one was put in the place of another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter
from typing import TypeVar

from harness.model import LaneRow, Mark
from harness.schedules.record import Record

T = TypeVar("T")


def lane_rows(record: Record, stdout: bytes, marks: Iterable[Mark]) -> tuple[LaneRow, ...]:
    """The lines of ``stdout`` in order, each with its thread and the hand-overs before it.

    A line belongs to the thread that wrote its last byte.
    """
    notes = {mark.line: mark.note for mark in marks}
    ends = list(_ends_of_writes(record))
    switches = sorted(
        (d for d in record.decisions if d.chosen != d.current), key=attrgetter("number")
    )
    early = sorted(record.fired, key=attrgetter("decision"))
    rows = []
    done = -1
    offset = 0
    for number, line in enumerate(stdout.split(b"\n")[:-1], 1):
        offset += len(line) + 1
        place = bisect_left(ends, offset, key=itemgetter(0))
        _, thread, decision = ends[place] if place < len(ends) else (offset, 0, done)
        between = _slice(switches, done + 1, decision + 1, attrgetter("number"))
        fired = [f.thread for f in _slice(early, done, decision, attrgetter("decision"))]
        done = max(done, decision)
        rows.append(
            LaneRow(
                line=number,
                thread=thread,
                text=line.decode("utf-8", "backslashreplace"),
                preempted=tuple(d.current for d in between if not d.forced),
                early=tuple(fired),
                note=notes.get(number, ""),
            )
        )
    return tuple(rows)


def _slice(found: Sequence[T], first: int, last: int, number: Callable[[T], int]) -> Sequence[T]:
    """Those whose number is from ``first`` up to, but not including, ``last``."""
    return found[bisect_left(found, first, key=number) : bisect_left(found, last, key=number)]


def _ends_of_writes(record: Record) -> Iterator[tuple[int, int, int]]:
    """For each write to stdout: where it ends, by which thread, after which decision."""
    end = 0
    for written in record.written:
        if written.stream == "stdout":
            end += written.size
            yield end, written.thread, written.decision
