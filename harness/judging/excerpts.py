"""Which lines of a trace to show with a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from harness.values.finding import Excerpt, Line, Mark

CONTEXT_LINES = 2
"""How many lines are shown before and after each marked line."""

MAX_LINES = 24
"""An excerpt is no longer than this, whatever is marked."""

MAX_TEXT = 160
"""Characters of a line that are shown."""


def excerpt_of(lines: Sequence[Line], marks: tuple[Mark, ...]) -> Excerpt:
    """The marked lines with some around them; the last ones, if nothing is marked.

    ``lines`` is the whole trace, numbered from 1.
    """
    wanted = _numbers(len(lines), marks)
    shown = tuple(_shortened(lines[number - 1]) for number in wanted)
    return Excerpt(lines=shown, marks=marks, total=len(lines))


def _numbers(total: int, marks: Iterable[Mark]) -> list[int]:
    """Which lines are shown, in their order: around marks, or the last ones; too many are cut."""
    around = {
        number
        for mark in marks
        for number in range(mark.line - CONTEXT_LINES, mark.line + CONTEXT_LINES + 1)
    } or set(range(total - 2 * CONTEXT_LINES, total + 1))
    return sorted(number for number in around if 1 <= number <= total)[:MAX_LINES]


def _shortened(line: Line) -> Line:
    """The line as far as it is shown; its event and fields stay."""
    if len(line.text) <= MAX_TEXT:
        return line
    return Line(line.number, f"{line.text[:MAX_TEXT]}…", line.event, line.fields)


def excerpt_of_stream(
    texts: Iterable[str], total: int, marks: tuple[Mark, ...], read: Callable[[int, str], Line]
) -> Excerpt:
    """The same for a trace that is too long to be held: its ``texts`` are gone through once more.

    ``read`` makes a line of the number and the text of each that is shown.
    """
    wanted = _numbers(total, marks)
    shown = tuple(_shortened(read(number, text)) for number, text in _pick(texts, wanted))
    return Excerpt(lines=shown, marks=marks, total=total)


def _pick(texts: Iterable[str], wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The texts with these numbers, which ascend from 1."""
    rest = iter(texts)
    before = 0
    for number in wanted:
        yield number, next(islice(rest, number - before - 1, None))
        before = number
