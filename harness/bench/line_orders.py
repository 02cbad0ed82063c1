"""Whether anything that is claimed of a program could tell in which order its threads write.

Lines of different threads that nothing else orders may come in any order. In all those runs each
thread writes the same, and what is claimed of every run holds in all or in none of them if no
property asks for the order of two such lines: then one of the runs is enough. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from harness.judging.claims import Claims
from harness.judging.trace import read_trace
from harness.language.declarations import Property
from harness.schedules.dependence import Kind, Touch
from harness.schedules.dpor import OWN_LINES, PARTS_OF_LINES, ReducedSearch
from harness.schedules.record import Record
from harness.values.finding import Line
from harness.values.program import Scope

IN_PARTS = "lines that are written in parts"

MOST_LINES = 500
"""Of a run whose lines are compared with each other."""


_ALONE = -1
"""In the place of a step: what main wrote before there was another thread comes before all."""


class _Place(NamedTuple):
    """A line of a property's row: the step that wrote it, of which thread, and its rank."""

    step: int
    thread: int
    rank: int | None


def who_minds(claims: Claims, stdout: bytes, record: Record, search: ReducedSearch) -> str:
    """What may tell another order of the lines of a run; empty if nothing does.

    A property by its name, or that what was written is not whole lines. The record is that of a run
    of a search whose lines commute.
    """
    steps = list(_steps_of_lines(stdout, record))
    lines = read_trace(stdout, claims.stdout, mend=False).lines
    if PARTS_OF_LINES in record.hidden or len(lines) != len(steps) or None in steps:
        return IN_PARTS
    pairs = zip(lines, steps, strict=True)
    told = [(line, step) for line, step in pairs if step is not None and step != _ALONE]
    if len({record.told[step].thread for _, step in told}) < 2:
        return ""
    if len(told) > MOST_LINES:
        return f"more than {MOST_LINES} lines"
    pasts = search.pasts_of(record)
    return next((prop.name for prop in _asked(claims) if _minds(prop, told, record, pasts)), "")


def _steps_of_lines(stdout: bytes, record: Record) -> Iterator[int | None]:
    """The step that wrote each line; ``None`` for what is not written as whole lines.

    A thread writes once in a step, if at all.
    """
    left = {thread: iter(_writing(record, thread)) for thread in {w.thread for w in record.written}}
    start = 0
    for each in record.written:
        if each.stream == "stdout":
            piece = stdout[start : start + each.size]
            start += each.size
            is_alone = each.decision < 0
            step = _ALONE if is_alone else next(left[each.thread], None)
            yield from (step,) * piece.count(b"\n")
            if not piece.endswith(b"\n"):
                yield None
    if start != len(stdout) or any(next(rest, None) is not None for rest in left.values()):
        yield None


def _writing(record: Record, thread: int) -> Iterator[int]:
    """The steps of a thread that wrote to stdout."""
    own = Touch(Kind.WRITE, f"{OWN_LINES + thread:x}")
    for at, step in enumerate(record.told):
        if step.thread == thread and own in step.touches:
            yield at


def _asked(claims: Claims) -> Iterator[Property]:
    """What is claimed of every run, or of all together: some run shows the rest, whichever."""
    for prop in claims.properties:
        if prop.scope is Scope.EVERY_RUN or prop.rule.is_across:
            yield prop


def _minds(
    prop: Property, told: Sequence[tuple[Line, int]], record: Record, pasts: Sequence[int]
) -> bool:
    """Whether the property asks for the order of two lines that might come the other way round."""
    rows: dict[Hashable, list[_Place]] = defaultdict(list)
    by_text = prop.rule.monitor().line_handler() is not None
    for line, step in told:
        thread = record.told[step].thread
        if by_text:
            rows[None].append(_Place(step, thread, None))
            continue
        for selector in prop.rule.selectors():
            if selector.event == line.event and selector.takes(line.fields):
                row = prop.rule.row_of(selector, line.fields)
                if row is not None:
                    rows[row.key].append(_Place(step, thread, row.rank))
    return any(_has_free(row, pasts) for row in rows.values())


def _has_free(row: Sequence[_Place], pasts: Sequence[int]) -> bool:
    """Whether two lines of a row are told apart, and nothing orders them."""
    for number, later in enumerate(row):
        for earlier in row[:number]:
            is_told = earlier.rank is None or earlier.rank != later.rank
            if earlier.thread != later.thread and is_told:
                first, last = sorted((earlier.step, later.step))
                if not pasts[last] >> first & 1:
                    return True
    return False
