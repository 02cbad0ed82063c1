"""From the bytes that a program printed to the lines and the events that they are."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from harness.values.finding import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.language.patterns import Matcher

_BLOCK = 1 << 16
"""Bytes read at a time."""

_MENDABLE = 1024
"""Characters of the longest line that is looked at for a tear."""

_LOOKED_BACK = 100
"""Lines before an empty line that are looked at for a tear."""

_EFFORT = 2_000_000
"""Characters that may be matched in the search of one line for tears."""

_EFFORT_IN_VAIN = 20_000_000
"""Characters that may be matched in vain, in all lines of one trace, in the search for tears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What one run printed.

    ``lines`` are numbered from 1 as they stand here: a torn line is there as
    the lines that it was meant to be. ``torn`` counts the torn lines,
    ``unpaid`` the newlines that they still owe at the end. ``complete`` says
    that the last line ended with its newline.
    """

    lines: tuple[Line, ...]
    torn: int = 0
    unpaid: int = 0
    complete: bool = True


class LineBlock(NamedTuple):
    """Some lines in a row; ``complete`` is false if the last of them had no newline."""

    lines: list[str]
    complete: bool = True


def split_lines(data: bytes) -> tuple[list[str], bool]:
    r"""Return the lines, without their newlines, and whether the last one had its own.

    Only ``\n`` ends a line; every other control character stays in its line.
    What is no UTF-8 is written as ``\xff``.
    """
    lines = data.decode("utf-8", "backslashreplace").split("\n")
    complete = not lines[-1]
    if complete:
        lines.pop()
    return lines, complete


def line_blocks(file: BinaryIO, size: int = _BLOCK) -> Iterator[LineBlock]:
    """Read the lines of a file of any length, as ``split_lines`` would, in constant memory.

    ``size`` is the number of bytes read at a time; a line longer than that is
    still one line.
    """
    carried: list[bytes] = []
    while data := file.read(size):
        head, newline, tail = data.rpartition(b"\n")
        if newline:
            yield LineBlock(split_lines(b"".join((*carried, head, newline)))[0])
            carried = []
        carried.append(tail)
    rest, _ = split_lines(b"".join(carried))
    if rest:
        yield LineBlock(rest, complete=False)


def read_trace(data: bytes, matcher: Matcher, *, mend: bool) -> Trace:
    """Return the trace of what was printed; a line that is no event has the event ``None``.

    ``mend`` says that the program's prints can tear lines (see ``Mender``).
    """
    texts, complete = split_lines(data)
    mender = Mender(matcher)
    if mend:
        texts = mender.mend(texts)
    lines = tuple(
        Line(number, text, *(matcher.recognise(text) or (None, ())))
        for number, text in enumerate(texts, 1)
    )
    return Trace(lines=lines, torn=mender.torn, unpaid=mender.owed, complete=complete)


class Mender:
    """Puts right the lines that two threads printed into one another.

    Python's ``print`` writes the text and the newline apart, so that two
    threads may write text, text, newline, newline. A line that is no event
    but a row of k events' texts therefore owes k - 1 newlines, and the empty
    lines that follow, however much later, pay them. Where an empty line is an
    event itself, it is one as soon as nothing is owed.

    ``torn`` counts the torn lines so far, ``owed`` the newlines still owed.

    One for each run, fed in the order of its lines. What it costs is bounded for any input: the
    search for tears is quadratic in what is left of a line, for each place at which an event's text
    may end, so that long lines, and traces full of lines that are no events, are given up on.
    """

    __slots__ = ("_empty_is_event", "_fullmatch", "_left", "_split", "owed", "torn")

    def __init__(self, matcher: Matcher) -> None:
        self._fullmatch = matcher.regex.fullmatch
        self._empty_is_event = matcher.match("") is not None
        # `_look_back` asks of the same hundred lines again at each empty line that is no event.
        self._split = lru_cache(maxsize=2 * _LOOKED_BACK)(self._search)
        self._left = _EFFORT_IN_VAIN
        self.torn = 0
        self.owed = 0

    def mend(self, texts: Iterable[str]) -> list[str]:
        """Return the lines as they were meant, for all the lines of a run.

        A row of texts may happen to be an event as it stands (``end`` and
        ``ada begins`` are, where anyone may begin). It is known by the empty
        line that nothing else owes: the last line before that can be a row is
        then taken for one. Where empty lines are events, none tells of a tear.
        """
        whole: list[str] = []
        for text in texts:
            pieces = None if text and self._fullmatch(text) else self.pieces(text)
            is_odd = pieces is None and not text and not self._empty_is_event
            if is_odd and self._look_back(whole):
                pieces = self.pieces(text)
            whole.extend((text,) if pieces is None else pieces)
        return whole

    def pieces(self, text: str) -> tuple[str, ...] | None:
        """Return the lines that a line stands for, to be called for each that is no event or empty.

        None at all, ``()``, for an empty line that pays what is owed; the
        texts of the events for a torn line; and ``None`` if it is neither.
        """
        if not text and self.owed:
            self.owed -= 1
            return ()
        return self._tear(text) or None

    def _tear(self, text: str) -> tuple[str, ...]:
        """Return the texts that a line is a row of, and count it as torn, if it is one."""
        pieces = self._split(text)
        if pieces:
            self.torn += 1
            self.owed += len(pieces) - 1
        return pieces

    def _look_back(self, whole: list[str]) -> bool:
        """Take the last of the lines that can be a row of texts for one; say if there is one."""
        for index in range(len(whole) - 1, max(0, len(whole) - _LOOKED_BACK) - 1, -1):
            pieces = self._tear(whole[index])
            if pieces:
                whole[index : index + 1] = pieces
                return True
        return False

    def _search(self, text: str) -> tuple[str, ...]:
        """Return the fewest events' texts that make up the line, or ``()``.

        Breadth first over the places where one text can end and the next
        begin. The effort is bounded for each line, and for all lines that
        turn out to be no row of events. The whole line is no row.
        """
        if not text or len(text) > _MENDABLE or self._left <= 0:
            return ()
        came = {0: 0}
        queue = deque([0])
        effort = 0
        while queue and len(text) not in came and effort < _EFFORT:
            start = queue.popleft()
            # So many characters `_ends` matches at worst, should each attempt read to its end.
            effort += (len(text) - start) ** 2 // 2
            for end in self._ends(text, start):
                # The first way to a place is the shortest, as in any search by breadth; the
                # whole line in one piece was asked before.
                if end not in came and end - start < len(text):
                    came[end] = start
                    queue.append(end)
        if len(text) in came:
            return _pieces(text, came)
        self._left -= effort
        return ()

    def _ends(self, text: str, start: int) -> Iterator[int]:
        """Yield where an event's text can end that begins at ``start``, the furthest first."""
        for end in range(len(text), start, -1):
            if self._fullmatch(text, start, end):
                yield end


def _pieces(text: str, came: dict[int, int]) -> tuple[str, ...]:
    """Return the pieces of the text, from where each end was come to."""
    pieces = []
    end = len(text)
    while end:
        pieces.append(text[came[end] : end])
        end = came[end]
    return tuple(reversed(pieces))


def signature(lines: Iterable[Line]) -> str:
    """Return a digest of the interleaving: the order of the events and their fields.

    Decimal fields are left out, since measured times differ between runs that
    interleave alike. 16 hexadecimal digits; equal for equal interleavings on
    any machine.
    """
    digest = blake2b(digest_size=8)
    for line in lines:
        kept = [value for value in line.fields if not isinstance(value, float)]
        digest.update(repr((line.event, kept)).encode())
    return digest.hexdigest()
