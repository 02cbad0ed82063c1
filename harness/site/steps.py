"""Cut a program into the steps that its comments mark, and set equal steps side by side. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_MARK = re.compile(r"(?P<indent>[ \t]*)(?:#|//) (?P<number>[1-9]\d?)\. (?P<text>\S.*)$")
_COMMENT = re.compile(r"[ \t]*(?:#|//)(?![!/\[]) {0,8}(?P<text>\S.*)$")
_CLOSERS = re.compile(r"[ \t]*[)\]}]+[;,)?]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Lines ``start`` to ``end`` (0-based, half-open) of a source.

    A step has a ``number`` and a ``heading``, the text of its comment, whose
    lines are not in the piece; what stands between steps has neither.
    """

    start: int
    end: int
    number: int = 0
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """What stands side by side: the same step of both sides, or what stands before it in each."""

    number: int = 0
    headings: tuple[str, ...] = ()
    pieces: tuple[Piece | None, ...] = field(default=())

    @property
    def heading(self) -> str:
        """The heading of all sides, if it is the same; else empty."""
        texts = {text for text in self.headings if text}
        return texts.pop() if len(texts) == 1 else ""


def cut(source: str) -> tuple[Piece, ...]:
    """The pieces of ``source`` in order, blank ones left out.

    A step goes from its mark to the next one, or to the end of the block (at
    the left margin: of the definition) that the mark stands in, whichever
    comes first.
    """
    lines = source.rstrip("\n").split("\n")
    marks = [(index, found) for index, line in enumerate(lines) if (found := _MARK.match(line))]
    pieces: list[Piece] = []
    done = 0
    for position, (index, found) in enumerate(marks):
        following = marks[position + 1][0] if position + 1 < len(marks) else len(lines)
        start = _after_heading(lines, index + 1, following)
        end = _end_of_step(lines, start, following, len(found["indent"]))
        heading = " ".join((found["text"], *_continued(lines[index + 1 : start])))
        pieces.append(Piece(start=done, end=index))
        pieces.append(Piece(start=start, end=end, number=int(found["number"]), heading=heading))
        done = end
    pieces.append(Piece(start=done, end=len(lines)))
    return tuple(
        p for p in (_trimmed(lines, piece) for piece in pieces) if p.number or p.start < p.end
    )


def align(sources: Sequence[str]) -> tuple[StepRow, ...]:
    """The rows of programs that stand side by side: steps by number, in the first one's order.

    What stands between steps stands with what comes before the same step of
    the others.
    """
    cuts = [_by_step(cut(source)) for source in sources]
    numbers = list(dict.fromkeys(number for pieces in cuts for number, _ in pieces if number))
    rows: list[StepRow] = []
    for number in (*numbers, 0):
        leads = tuple(_find(pieces, number, lead=True) for pieces in cuts)
        if any(leads):
            rows.append(StepRow(pieces=leads))
        steps = tuple(_find(pieces, number, lead=False) for pieces in cuts)
        if number:
            headings = tuple(step.heading if step else "" for step in steps)
            rows.append(StepRow(number=number, headings=headings, pieces=steps))
    return tuple(rows)


_Led = tuple[int, tuple[Piece | None, Piece | None]]


def _by_step(pieces: Sequence[Piece]) -> tuple[_Led, ...]:
    """For each step: its number, what leads to it, and the step; 0 is the end of the program."""
    return tuple(_pairs(pieces))


def _pairs(pieces: Sequence[Piece]) -> Iterator[_Led]:
    """Each step with the code that stands before it without a heading.

    The last may be that alone.
    """
    lead: Piece | None = None
    for piece in pieces:
        if piece.number:
            yield piece.number, (lead, piece)
            lead = None
        else:
            lead = piece
    yield 0, (lead, None)


def _find(pieces: Sequence[_Led], number: int, *, lead: bool) -> Piece | None:
    """The step of that number, or what leads to it."""
    for found, (before, step) in pieces:
        if found == number:
            return before if lead else step
    return None


def _after_heading(lines: Sequence[str], start: int, limit: int) -> int:
    """Where the comment that a mark opens has ended."""
    while start < limit and _COMMENT.match(lines[start]):
        start += 1
    return start


def _continued(lines: Sequence[str]) -> Iterator[str]:
    """The texts of those lines that are comments."""
    for line in lines:
        if found := _COMMENT.match(line):
            yield found["text"].strip()


def _end_of_step(lines: Sequence[str], start: int, limit: int, indent: int) -> int:
    """The first line after the block; closing brackets still belong to it."""
    for index in range(start + 1, limit):
        line = lines[index]
        if not line.strip() or _CLOSERS.match(line):
            continue
        depth = len(line) - len(line.lstrip())
        is_left = depth < indent
        is_next_definition = indent == 0 and depth == 0 and not lines[index - 1].strip()
        if is_left or is_next_definition:
            return index
    return limit


def _trimmed(lines: Sequence[str], piece: Piece) -> Piece:
    """The piece without blank lines at its ends."""
    start, end = piece.start, piece.end
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return Piece(start=start, end=end, number=piece.number, heading=piece.heading)
