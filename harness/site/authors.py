"""Who wrote each line of a run, and when: off its own record, or off those of others. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from harness.schedules.lanes import lane_rows, standing_rows
from harness.schedules.record import Record, RecordError, read_record
from harness.values.finding import LaneRow, Line
from harness.values.run import thread_name

_PYTHONS_OWN = re.compile(r"(Thread-\d+)_(\(.+\))")
"""A thread that Python has named by its function; a record has no blanks within a name."""

_TOLD = re.compile(r"(?P<thread>main|thread \d+) waits[^:]*: (?P<what>.+) at (?P<place>\S+:\d+)$")
"""How an ending tells where a thread of a deadlock waits."""

Label = tuple[str, str]
"""What tells one author's lines from another's: the event, and whom the line is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a line.

    ``stopped`` are the threads that were stopped since the line before,
    though they could have gone on.
    """

    thread: str
    stopped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a thread of a deadlock stands, and for whom it waits (empty: not known).

    ``place`` is a file and a line (``main.py:18``), or empty.
    """

    thread: str
    whom: str
    what: str
    place: str


def recorded_authors(log: str, stdout: bytes, lines: Sequence[Line]) -> tuple[Author, ...]:
    """The author of each line, from the record that a controlled schedule left.

    None where there is no record, or where it does not fit the lines.
    """
    record = _record(log)
    if record is None:
        return ()
    rows = lane_rows(record, stdout, ())
    if [row.text for row in rows] != [line.text for line in lines]:
        return ()
    return tuple(_author(row, _names(record)) for row in rows)


def recorded_threads(log: str) -> tuple[str, ...]:
    """All threads of a controlled run, main first; those that printed nothing, too."""
    record = _record(log)
    return tuple(_names(record).values()) if record is not None else ()


def recorded_stands(log: str, told: Iterable[str] = ()) -> tuple[Stand, ...]:
    """Who waits for whom at a deadlock, each next to whom it waits for.

    ``told`` is how the run's ending tells it (``thread 1 waits: Mutex::lock at src/main.rs:12``):
    a record of a Rust program has addresses alone, which were looked up for that.
    """
    record = _record(log)
    if record is None or not record.waiting:
        return ()
    names, holders = _names(record), dict(record.rings)
    waiting = {each.thread: each for each in record.waiting}
    looked_up = {found["thread"]: found for each in told if (found := _TOLD.match(each))}
    stands = []
    for thread in (row.thread for row in standing_rows(record)):
        what, place = waiting[thread].kind, waiting[thread].place
        if not place and (found := looked_up.get(thread_name(thread))):
            what, place = found["what"], found["place"]
        whom = _name(names, holders[thread]) if thread in holders else ""
        stands.append(Stand(thread=_name(names, thread), whom=whom, what=what, place=place))
    return tuple(stands)


def _record(log: str) -> Record | None:
    """The record that was kept with a run.

    ``None`` for a plain one, and for one that cannot be read.
    """
    try:
        return read_record(log) if log else None
    except (RecordError, ValueError, IndexError):
        return None


def _names(record: Record) -> Mapping[int, str]:
    """What each thread is called; those without a name by their numbers."""
    given = {
        number: _PYTHONS_OWN.sub(r"\1 \2", name) or thread_name(number)
        for number, name in record.names
    }
    return {0: thread_name(0), **given}


def _author(row: LaneRow, names: Mapping[int, str]) -> Author:
    """Who wrote a line, and which threads were stopped there though they could have gone on."""
    stopped = dict.fromkeys(_name(names, number) for number in row.preempted)
    return Author(thread=_name(names, row.thread), stopped=tuple(stopped))


def _name(names: Mapping[int, str], number: int) -> str:
    return names.get(number) or thread_name(number)


def agreed_threads(
    runs: Iterable[tuple[Sequence[Label], Sequence[Author]]],
) -> Mapping[Label, str]:
    """For each label the thread that wrote its lines, if all recorded runs agree on one."""
    seen: dict[Label, set[str]] = {}
    for labels, authors in runs:
        for label, author in zip(labels, authors, strict=False):
            seen.setdefault(label, set()).add(author.thread)
    return {label: threads.pop() for label, threads in seen.items() if len(threads) == 1}


def supposed_authors(labels: Sequence[Label], threads: Mapping[Label, str]) -> tuple[Author, ...]:
    """The author of each line of a run without a record; none if one is not known."""
    if not all(label in threads for label in labels):
        return ()
    return tuple(Author(thread=threads[label]) for label in labels)


def milliseconds(
    stdout: bytes, arrivals: Sequence[tuple[int, float]], lines: Sequence[Line]
) -> tuple[float, ...]:
    """When each line had arrived, from the first one on; none if lines were torn."""
    raw = stdout.split(b"\n")[:-1]
    if len(raw) != len(lines) or not arrivals:
        return ()
    times, end = [], 0
    for line in raw:
        end += len(line) + 1
        place = bisect_left(arrivals, end, key=itemgetter(0))
        times.append(arrivals[min(place, len(arrivals) - 1)][1])
    return tuple((when - times[0]) * 1000 for when in times)
