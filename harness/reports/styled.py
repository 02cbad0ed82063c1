"""Lines of styled text, which every report for people is made of.

A line is a tuple of pieces (style, text); the styles are the names below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import east_asian_width

Piece = tuple[str, str]
TextLine = tuple[Piece, ...]

GOOD, BAD, UNSURE, FAINT, STRONG, MARK, PLAIN = (
    "good",
    "bad",
    "unsure",
    "faint",
    "strong",
    "mark",
    "plain",
)

AGAIN = "again:"
"""What a command stands behind: where it is folded, a shell still takes it as one."""

COLUMNS = 80
"""Columns of a line where nobody says how many there are: every terminal has these."""


def folded(line: TextLine, columns: int) -> Iterator[TextLine]:
    """The line in lines of so many columns at most; what goes on stands deeper than it began.

    It breaks at blanks only: a path or a schedule that is longer than a line stays whole.
    """
    text = "".join(piece for _, piece in line)
    if width_of(text) <= columns or "\n" in text:
        yield line
        return
    is_command = text.lstrip().startswith(AGAIN)
    hang = min(len(text) - len(text.lstrip(" ")) + 4, columns // 2)
    pieces, indent = list(line), ""
    room = columns - 2 * is_command
    while width_of(text) > room - len(indent):
        cut = _cut(text, room - len(indent))
        if cut == len(text):
            break
        head, pieces = _divided(pieces, cut)
        yield ((PLAIN, indent), *head, *([(FAINT, " \\")] if is_command else []))
        pieces = _without_blanks(pieces)
        text = "".join(piece for _, piece in pieces)
        indent = " " * hang
    yield ((PLAIN, indent), *pieces)


def width_of(text: str) -> int:
    """How many columns a text takes: signs of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _cut(text: str, columns: int) -> int:
    """Where a line of so many columns ends: behind its last word that fits, or its first."""
    fits = next(n for n in range(len(text) + 1) if width_of(text[: n + 1]) > columns)
    begins = len(text) - len(text.lstrip(" "))
    blank = text.rfind(" ", begins + 1, fits + 1)
    if blank <= 0:
        blank = text.find(" ", begins + 1)
    return blank if blank > 0 else len(text)


def _divided(pieces: Iterable[Piece], cut: int) -> tuple[list[Piece], list[Piece]]:
    """Pieces divided at that character, which may be within one."""
    head: list[Piece] = []
    rest: list[Piece] = []
    for style, piece in pieces:
        head.append((style, piece[:cut]))
        rest.append((style, piece[cut:]))
        cut = max(0, cut - len(piece))
    return [each for each in head if each[1]], [each for each in rest if each[1]]


def _without_blanks(pieces: Sequence[Piece]) -> list[Piece]:
    """Without those that the line begins with."""
    for number, (style, piece) in enumerate(pieces):
        if piece.strip(" "):
            return [(style, piece.lstrip(" ")), *pieces[number + 1 :]]
    return []


def plain(lines: Iterable[TextLine]) -> str:
    """The lines without their styles."""
    return "".join("".join(text for _, text in line).rstrip() + "\n" for line in lines)
