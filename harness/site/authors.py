"""Who wrote each line of a run, and when: off its own record, or off those of others. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from harness.schedules.lanes import lane_rows
from harness.schedules.record import Record, RecordError, read_record
from harness.values.finding import LaneRow, Line
from harness.values.run import thread_name

_PYTHONS_OWN = re.compile(r"(Thread-\d+)_(\(.+\))")
"""A thread that Python has named by its function; a record has no blanks within a name."""

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


def recorded_authors(log: str, stdout: bytes, lines: Sequence[Line]) -> tuple[Author, ...]:
    """The author of each line, from the record that a controlled schedule left.

    None where there is no record, or where it does not fit the lines.
    """
    try:
        record = read_record(log) if log else None
    except (RecordError, ValueError, IndexError):
        record = None
    if record is None:
        return ()
    rows = lane_rows(record, stdout, ())
    if [row.text for row in rows] != [line.text for line in lines]:
        return ()
    return tuple(_author(row, _names(record)) for row in rows)


def _names(record: Record) -> Mapping[int, str]:
    given = {number: _PYTHONS_OWN.sub(r"\1 \2", name) for number, name in record.names if name}
    return {0: thread_name(0), **given}


def _author(row: LaneRow, names: Mapping[int, str]) -> Author:
    def name(number: int) -> str:
        return names.get(number) or thread_name(number)

    stopped = dict.fromkeys(map(name, row.preempted))
    return Author(thread=name(row.thread), stopped=tuple(stopped))


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
