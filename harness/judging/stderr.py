"""What a program said on stderr: panics, exceptions, and lines that are neither.

Three forms of Rust's panic message are read: up to 1.72 (the message quoted
before the place), since 1.73 (the place, then the message), and the newest
(with the thread's number). Python's tracebacks are read as 3.9 to 3.13 print
them.

Where a message of several lines ends is not marked in either language: it
goes on up to the next line that is known to begin something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from harness.judging.trace import split_lines
from harness.values.run import MAIN_THREAD, StderrReport
from harness.values.toolchain import Place

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 10_000
"""Characters of the longest line that is looked at for the beginning of a report."""

_SYNTAX_ERROR_LINES = 8
"""Lines between the place of a syntax error, which has no header, and its message, at most."""

_HEADER = "Traceback (most recent call last):"
_GROUP_HEADER = "  + Exception Group Traceback (most recent call last):"
_CHAINS = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_FRAME = re.compile(r'  File "(?P<file>[^"]+)", line (?P<line>[0-9]+)')
_LAST = re.compile(r"(?:__main__\.)?(?P<type>[A-Za-z_][\w.<>]*)(?:: ?(?P<message>.*))?")
_REMOTE = re.compile(r"[\w.]*RemoteTraceback: ?")
_IN_THREAD = re.compile(r"Exception in thread (?P<name>.*):")
_NUMBERED = re.compile(r"(?P<name>Thread-[0-9]+) \(.*\)")

_PLACE = r":(?P<line>[0-9]+):(?P<column>[0-9]+)"
_PANIC = re.compile(r"thread '(?P<name>.*?)'(?: \([0-9]+\))? panicked at ")
_PANIC_PLACE = re.compile(rf"(?P<file>.+){_PLACE}:")
_QUOTED_END = re.compile(rf"(?P<message>.*)', (?P<file>[^',]+){_PLACE}")
_NOTE = re.compile("note: (?:run with `RUST_BACKTRACE|[Ss]ome details are omitted)")
_BACKTRACE = "stack backtrace:"

_CANDIDATE = re.compile(
    "thread '|Traceback |Exception |  File |  \\+ Exception |[\\w.]{0,200}RemoteTraceback"
)
"""What may begin a report; only then is it worth a closer look."""

_BEGINNING = re.compile(
    "|".join(
        (
            re.escape(_HEADER),
            re.escape(_GROUP_HEADER),
            "Exception in thread ",
            "Exception ignored ",
            "(?:Task|Future) exception was never retrieved",
            "Fatal Python error: ",
            "thread '.*?'(?: \\([0-9]+\\))? panicked at ",
            "thread caused non-unwinding panic",
            "thread panicked while ",
            "fatal runtime error: ",
            _BACKTRACE,
            _NOTE.pattern,
        )
    )
)
"""What ends a message, since it begins something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stderr:
    """The reports in order, and the lines that belong to none, in order."""

    reports: tuple[StderrReport, ...] = ()
    rest: tuple[str, ...] = ()


class _Cursor:
    """The lines that are still to be read."""

    __slots__ = ("at", "lines")

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def peek(self, ahead: int = 0) -> str | None:
        """Return a line without taking it, or ``None`` past the end."""
        index = self.at + ahead
        return self.lines[index] if index < len(self.lines) else None

    def take(self) -> str:
        """Take a line; past the end there are only empty ones."""
        line = self.peek() or ""
        self.at += 1
        return line

    def take_while(self, wanted: Callable[[str], bool], most: int | None = None) -> list[str]:
        """Take the lines up to the first that is not wanted, and no more than ``most``."""
        start = self.at
        end = len(self.lines) if most is None else min(start + most, len(self.lines))
        while self.at < end and wanted(self.lines[self.at]):
            self.at += 1
        return self.lines[start : self.at]


def parse_stderr(data: bytes, is_event: Callable[[str], bool] = lambda _: False) -> Stderr:
    """Return what stderr holds.

    Lines for which ``is_event`` holds are set aside before reports are looked
    for, so that they may stand inside one; they are part of the rest. Empty
    lines are parts of reports, too, and are left where no report takes them.
    """
    kept: list[str] = []
    numbers: list[int] = []
    rest: list[tuple[int, str]] = []
    for number, line in enumerate(split_lines(data)[0]):
        if line and is_event(line):
            rest.append((number, line))
        else:
            kept.append(line)
            numbers.append(number)
    reports, left = _reports(_Cursor(kept))
    # Numbered before, so that what was set aside stands among the others where it was printed.
    rest += [(numbers[index], kept[index]) for index in left]
    return Stderr(reports=tuple(reports), rest=tuple(line for _, line in sorted(rest)))


def _reports(cursor: _Cursor) -> tuple[list[StderrReport], list[int]]:
    """Return the reports, and the indices of the lines that belong to none."""
    reports: list[StderrReport] = []
    left: list[int] = []
    while (line := cursor.peek()) is not None:
        report = _report(cursor) if _CANDIDATE.match(line or cursor.peek(1) or "") else None
        if report:
            reports.append(report)
        else:
            left.append(cursor.at)
            cursor.at += 1
    return reports, left


def _report(cursor: _Cursor) -> StderrReport | None:
    """Take the report that stands here, if one does."""
    return _panic(cursor) or _exception(cursor)


def _begins(line: str | None) -> re.Match[str] | None:
    """Whether a line begins something that is no part of a message."""
    return _BEGINNING.match(line[:_LONGEST]) if line else None


def _message(cursor: _Cursor, first: str) -> str:
    """Take the rest of a message and return it whole."""
    lines = [first]
    while (line := cursor.peek()) is not None and not _begins(line):
        following = cursor.peek(1)
        if not line and (_begins(following) or following in _CHAINS):
            break
        lines.append(line)
        cursor.at += 1
    return "\n".join(lines).rstrip("\n")


# --- Rust -----------------------------------------------------------------------


def _panic(cursor: _Cursor) -> StderrReport | None:
    """Take a panic message with its backtrace and notes, if one stands here."""
    start = cursor.at
    if cursor.peek() == "":
        cursor.at += 1
    header = _PANIC.match((cursor.peek() or "")[:_LONGEST])
    report = header and (_new_panic(cursor, header) or _quoted_panic(cursor, header))
    if not report:
        cursor.at = start
        return None
    if cursor.peek() == _BACKTRACE:
        cursor.at += 1
        cursor.take_while(lambda line: line.startswith(" "))
    cursor.take_while(lambda line: _NOTE.match(line) is not None)
    return report


def _new_panic(cursor: _Cursor, header: re.Match[str]) -> StderrReport | None:
    """Take a panic whose message stands below its place."""
    place = _PANIC_PLACE.fullmatch(header.string, header.end())
    if not place:
        return None
    cursor.at += 1
    first = "" if _begins(cursor.peek()) else cursor.take()
    return _panic_report(header["name"], _message(cursor, first), place)


def _quoted_panic(cursor: _Cursor, header: re.Match[str]) -> StderrReport | None:
    """Take a panic whose message stands quoted before its place, over one or more lines."""
    if not header.string.startswith("'", header.end()):
        return None
    cursor.at += 1
    lines = [header.string[header.end() + 1 :]]
    while True:
        end = _QUOTED_END.fullmatch(lines[-1][:_LONGEST])
        if end:
            lines[-1] = end["message"]
            return _panic_report(header["name"], "\n".join(lines), end)
        line = cursor.peek()
        if line is None or _begins(line):
            return None
        lines.append(line)
        cursor.at += 1


def _panic_report(thread: str, message: str, place: re.Match[str]) -> StderrReport:
    """Return the report of a panic."""
    return StderrReport(
        kind="panic",
        message=message,
        thread=thread,
        place=Place(file=place["file"], line=int(place["line"]), column=int(place["column"])),
    )


# --- Python ---------------------------------------------------------------------


def _exception(cursor: _Cursor) -> StderrReport | None:
    """Take the traceback that stands here, with all that it is chained to, if one does."""
    taken_to = cursor.at
    thread, ignored = _heading(cursor)
    report = None
    # Of a chain the last is what ended the thread; those before it are how that came about.
    while (following := _traceback(cursor, thread, ignored=ignored)) is not None:
        report, taken_to = following, cursor.at
        if cursor.peek(1) not in _CHAINS:
            break
        cursor.at += 3
    cursor.at = taken_to
    return report


def _heading(cursor: _Cursor) -> tuple[str, bool]:
    """Take the line before a traceback; return the thread, and whether it is ignored."""
    line = cursor.peek() or ""
    in_thread = _IN_THREAD.fullmatch(line[:_LONGEST])
    ignored = line.startswith("Exception ignored ")
    cursor.at += bool(in_thread or ignored)
    if not in_thread:
        return MAIN_THREAD, ignored
    numbered = _NUMBERED.fullmatch(in_thread["name"])
    return (numbered or in_thread)["name"], False


def _traceback(cursor: _Cursor, thread: str, *, ignored: bool) -> StderrReport | None:
    """Take one traceback: header, frames, and the exception with its message."""
    if _REMOTE.fullmatch((cursor.peek() or "")[:_LONGEST]) and cursor.peek(1) == '"""':
        cursor.at += 2
    if cursor.peek() == _GROUP_HEADER:
        cursor = _Cursor(_group(cursor))
    # A syntax error that stops the script itself has no header: only its place tells it, and that
    # could be anybody's text. So it is believed for a few lines.
    most: int | None = _SYNTAX_ERROR_LINES
    if cursor.peek() == _HEADER:
        cursor.at += 1
        most = None
    elif not _FRAME.match((cursor.peek() or "")[:_LONGEST]):
        return None
    frames = _frames(cursor.take_while(lambda line: line.startswith("  "), most))
    last = _LAST.fullmatch(cursor.peek() or "")
    if not last:
        return None
    cursor.at += 1
    return StderrReport(
        kind="exception",
        type=last["type"],
        message=_message(cursor, last["message"] or ""),
        thread=thread,
        place=frames[-1] if frames else None,
        frames=frames,
        ignored=ignored,
    )


def _group(cursor: _Cursor) -> list[str]:
    """Take an exception group; return the group's own traceback, without its margin."""
    lines = cursor.take_while(lambda line: line.lstrip(" ")[:1] in ("|", "+"))
    own = [_HEADER]
    for line in lines[1:]:
        if not line.startswith("  |"):
            break
        # The margin of the outermost group is two blanks, a bar and a blank; sub-groups stand
        # deeper, and begin with their own corner.
        own.append(line[4:])
    return own


def _frames(lines: list[str]) -> tuple[Place, ...]:
    """Return the frames, each with the first line of the source text that is shown for it."""
    places = []
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        frame = _FRAME.match(line[:_LONGEST])
        if frame:
            text = below.strip() if below.startswith("    ") else ""
            places.append(Place(file=frame["file"], line=int(frame["line"]), text=text))
    return tuple(places)
