"""Which thread wrote which line, and where one was put in the place of another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import TypeVar

from harness.schedules.deadlock import holders_of, named
from harness.schedules.record import Fired, Record, Waiting
from harness.values.finding import LaneRow, Mark
from harness.values.messages import Message, say
from harness.values.run import TaskName

T = TypeVar("T")

MAIN = 0
"""The number of the main thread."""


def lane_rows(record: Record, stdout: bytes, marks: Iterable[Mark]) -> tuple[LaneRow, ...]:
    """The lines of ``stdout`` in order, each with its thread and the hand-overs before it.

    A line belongs to the thread that wrote its last byte.
    """
    notes = {mark.line: mark.note for mark in marks}
    ends = list(_ends_of_writes(record))
    happenings = _Happenings(record)
    rows = []
    done, before = -1, 0
    offset = 0
    for number, line in enumerate(stdout.split(b"\n")[:-1], 1):
        offset += len(line) + 1
        # The first write that ends at or behind the line's last byte. A line may take several
        # writes, and a write may be of several lines.
        place = bisect_left(ends, offset, key=itemgetter(0))
        last = (offset, 0, done, len(record.written))
        _, thread, decision, written = ends[place] if place < len(ends) else last
        row = LaneRow(
            line=number,
            thread=thread,
            text=line.decode("utf-8", "backslashreplace"),
            note=notes.get(number, ""),
        )
        rows.append(happenings.before(row, (done, decision), (before, written)))
        done, before = max(done, decision), max(before, written)
    return tuple(rows)


def standing_rows(record: Record) -> tuple[LaneRow, ...]:
    """Where each thread of a deadlock stands, and for whom it waits; also if it printed nothing.

    The threads come in the order in which each waits for the next, as far as that is known.
    """
    holders = holders_of(record)
    waiting = {each.thread: each for each in record.waiting}
    rows = []
    while waiting:
        thread: int | None = next(iter(waiting))
        while thread is not None and (one := waiting.pop(thread, None)) is not None:
            awaited = holders.get(thread, ())
            stands = _standing(one, awaited, record.tasks)
            rows.append(LaneRow(line=0, thread=thread, text="", stands=stands))
            thread = next((each for each in awaited if each in waiting), None)
    return _after_all(record, rows)


def _after_all(record: Record, rows: Sequence[LaneRow]) -> tuple[LaneRow, ...]:
    """The rows, the first with what happened after the last line."""
    *_, last = ((0, 0, -1, 0), *_ends_of_writes(record))
    decisions, written = (last[2], len(record.decisions)), (last[3], len(record.written) + 1)
    happenings = _Happenings(record)
    first = (happenings.before(row, decisions, written) for row in rows[:1])
    return (*first, *rows[1:])


def race_rows(record: Record) -> tuple[LaneRow, ...]:
    """What each thread of the first race does, and where; also if it printed nothing."""
    rows = [
        LaneRow(line=0, thread=access.thread, text="", stands=access.done)
        for race in record.races[:1]
        for access in (race.earlier, race.later)
    ]
    return _after_all(record, rows)


def ending_rows(record: Record) -> tuple[LaneRow, ...]:
    """The end of the run, if anything happened after the last line, that nothing forced."""
    end = LaneRow(line=0, thread=MAIN, text="", stands=say("stands.end"))
    return tuple(row for row in _after_all(record, [end]) if row != end)


def _standing(waiting: Waiting, awaited: Sequence[int], tasks: Sequence[TaskName]) -> Message:
    """Where a thread of a deadlock stands, and for whom, as far as that is known."""
    if not awaited:
        return say("stands", where=waiting.where)
    return say("stands.for", whom=named(awaited, tasks), where=waiting.where)


class _Happenings:
    """What happened to threads between two decisions, though nothing forced it."""

    def __init__(self, record: Record) -> None:
        number, decision = attrgetter("number"), attrgetter("decision")
        departing = [each for each in record.decisions if each.departs]
        self._departing = sorted(departing, key=number)
        self._early = sorted(record.fired, key=decision)
        self._spurious = sorted(record.spurious, key=decision)
        self._weak = sorted(record.weak, key=decision)
        self._old = record.old

    def before(self, row: LaneRow, decisions: tuple[int, int], written: tuple[int, int]) -> LaneRow:
        """The row with what happened from the one of these decisions to the other.

        Of values that is told by how much had been ``written``: no decision need lie between.
        """
        done, decision = decisions
        departing = _slice(self._departing, done + 1, decision + 1, attrgetter("number"))

        def between(entries: Sequence[Fired]) -> Sequence[Fired]:
            return _slice(entries, done, decision, attrgetter("decision"))

        spurious, weak = between(self._spurious), between(self._weak)
        olds = _slice(self._old, *written, attrgetter("written"))

        return replace(
            row,
            preempted=tuple(each.current for each in departing if each.is_switch),
            chances=tuple(each.kind for each in departing if not each.is_switch),
            early=tuple(each.thread for each in between(self._early)),
            spurious=tuple(each.thread for each in spurious),
            weak=tuple(each.thread for each in weak),
            old=tuple((each.thread, each.told) for each in olds),
            places=tuple(each.place for each in (*spurious, *weak)),
        )


def _slice(found: Sequence[T], first: int, last: int, number: Callable[[T], int]) -> Sequence[T]:
    """Those whose number is from ``first`` up to, but not including, ``last``."""
    return found[bisect_left(found, first, key=number) : bisect_left(found, last, key=number)]


def _ends_of_writes(record: Record) -> Iterator[tuple[int, int, int, int]]:
    """For each write to stdout: where it ends, by whom, after which decision, the how-manyth."""
    end = 0
    for number, written in enumerate(record.written, 1):
        if written.stream == "stdout":
            end += written.size
            yield end, written.thread, written.decision, number
