"""The lanes of one run as text: while its lines come, or all at once when it has ended."""

from __future__ import annotations

import shutil
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence

from harness.judging.claims import Claims
from harness.judging.trace import read_trace
from harness.reports.lanes import LaneText
from harness.reports.styled import FAINT, TextLine
from harness.schedules.names import parse_schedule
from harness.site.authors import milliseconds, recorded_authors
from harness.site.lanes import labeller
from harness.values.finding import Line
from harness.values.program import Side
from harness.values.run import Run


class LiveLanes:
    """Shows a program's lines in their lanes as they come; to be called with its output.

    A line is shown once it is whole; ``finish`` shows what is left of one. Who
    a line is about makes its lane, or its event: no more is known by then.
    """

    def __init__(self, claims: Claims, write: Callable[[Iterable[TextLine]], None]) -> None:
        self._matcher = claims.stdout
        self._label = labeller(claims.spec)
        self._lanes = LaneText(sorted(claims.bound), shutil.get_terminal_size().columns)
        self._write = write
        # Output comes in pieces that may end within a character.
        self._decoder = getincrementaldecoder("utf-8")("backslashreplace")
        self._rest = ""
        self._first: float | None = None

    def __call__(self, data: bytes) -> None:
        """Show the lines that one more piece of output has completed."""
        *lines, self._rest = (self._rest + self._decoder.decode(data)).split("\n")
        self._write([self._row(line) for line in lines])

    def finish(self) -> None:
        """Show the last line, if it did not end."""
        rest = self._rest + self._decoder.decode(b"", final=True)
        if rest:
            self._write([self._row(rest)])

    def _row(self, text: str) -> TextLine:
        """A line in its lane, with the milliseconds since the first, by our own clock."""
        now = time.monotonic()
        self._first = now if self._first is None else self._first
        line = Line(0, text, *(self._matcher.recognise(text) or (None, ())))
        when = _milliseconds((now - self._first) * 1000)
        return self._lanes.row(self._label(line)[1], text, when=when)


def final_rows(claims: Claims, run: Run) -> Iterator[TextLine]:
    """All rows of a run that has ended; a lane is a thread, where the schedule was controlled."""
    lines = read_trace(run.stdout, claims.stdout, mend=run.side is Side.PYTHON).lines
    authors = recorded_authors(run.log, run.stdout, lines)
    names = [author.thread for author in authors] or _names(claims, lines)
    stopped = [set(author.stopped) for author in authors] or [set[str]()] * len(lines)
    is_controlled = parse_schedule(run.schedule).is_controlled
    times = () if is_controlled else milliseconds(run.stdout, run.arrivals, lines)
    lanes = LaneText(dict.fromkeys(names))
    for index, (line, name) in enumerate(zip(lines, names, strict=True)):
        when = _milliseconds(times[index]) if times else ""
        yield lanes.row(name, line.text, when=when, stopped=stopped[index])
    if lanes.has_stops:
        yield ((FAINT, "┄ stopped there, though it could have gone on"),)


def _names(claims: Claims, lines: Sequence[Line]) -> list[str]:
    label = labeller(claims.spec)
    return [label(line)[1] for line in lines]


def _milliseconds(number: float) -> str:
    return f"{number:.1f} ms"
