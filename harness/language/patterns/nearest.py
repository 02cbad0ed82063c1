"""For a line that is no event: which pattern comes nearest, and where the line leaves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, assert_never

from harness.language.patterns.matching import regex_of
from harness.language.patterns.notation import Element, FieldKind, Literal, is_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.language.patterns.matching import Pattern

_LOOKED_AT = 400
"""Characters of a line that are looked at: a reader looks no further, and it bounds the time."""

_SHOWN = 24
"""Characters of the line, or of a literal, that a message shows."""

_SAMPLES = {
    FieldKind.INTEGER: "1",
    FieldKind.DECIMAL: "1.5",
    FieldKind.WORD: "word",
    FieldKind.TEXT: "text",
}


@dataclass(frozen=True, slots=True)
class _Miss:
    """How far a line follows a pattern, in characters; what should come there; how near it is."""

    pattern: Pattern
    column: int
    expected: str
    nearness: float


def nearest_miss(text: str, patterns: Sequence[Pattern]) -> str:
    """Return a phrase that says which pattern comes nearest to a line, and where they differ.

    Nearest is what follows the line furthest and is most alike (Ratcliff and
    Obershelp's measure, of ``difflib``). The column counts from 1. The time
    is bounded, however long the line.
    """
    if not patterns:
        return "the spec declares no events"
    if not text:
        return 'an empty line is an event where one has the empty pattern: blank = ""'
    head = text[:_LOOKED_AT]
    miss = max((_miss(head, pattern) for pattern in patterns), key=lambda m: m.nearness)
    return (
        f'nearest: {miss.pattern.event} = "{miss.pattern.source}"; '
        f"differs at column {miss.column + 1}: "
        f"expected {miss.expected}, found {_found(text, miss.column)}"
    )


def _miss(head: str, pattern: Pattern) -> _Miss:
    """Return where the line leaves the pattern."""
    read, column = _longest_start(head, pattern.elements)
    expected = _expected(pattern.elements, read)
    if read < len(pattern.elements):
        element = pattern.elements[read]
        if isinstance(element, Literal):
            common = _common_start(element.text, head[column:])
            column += common
            expected = _quoted(element.text[common:])
    # Without the heuristic that leaves out frequent characters: lines are short, and blanks count.
    alike = SequenceMatcher(None, head, _sample(pattern)[:_LOOKED_AT], autojunk=False).ratio()
    return _Miss(pattern, column, expected, alike + column / len(head))


def _common_start(one: str, other: str) -> int:
    """Return the length of the longest common prefix."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _longest_start(head: str, elements: Sequence[Element]) -> tuple[int, int]:
    """Return how many elements the line starts with, and the column after them.

    A text counts only together with the literal that ends it: without, it
    would swallow the rest of any line.
    """
    for count in range(len(elements), 0, -1):
        if count < len(elements) and is_text(elements[count - 1]):
            continue
        match = _start(tuple(elements[:count])).match(head)
        if match:
            return count, match.end()
    return 0, 0


@lru_cache(maxsize=512)
def _start(elements: tuple[Element, ...]) -> re.Pattern[str]:
    """Return the expression of the start of a pattern."""
    return re.compile(regex_of(elements))


def _expected(elements: Sequence[Element], read: int) -> str:
    """Return what a reader would say has to come after ``read`` elements."""
    if read == len(elements):
        return "the end of the line"
    element = elements[read]
    if isinstance(element, Literal):
        return _quoted(element.text)
    match element.kind:
        case FieldKind.INTEGER:
            return "a whole number"
        case FieldKind.DECIMAL:
            return "a number"
        case FieldKind.WORD:
            return "a word"
        case FieldKind.CHOICE:
            return _one_of(element.words)
        case FieldKind.TEXT:
            return _text_before(elements[read + 1 : read + 2])
        case _:
            assert_never(element.kind)


def _one_of(words: Sequence[str]) -> str:
    """Return ``one of "red", "green"``, cut short where there are many."""
    some = ", ".join(_quoted(word) for word in words[:6])
    return f"one of {some}{', …' if len(words) > 6 else ''}"


def _text_before(following: Sequence[Element]) -> str:
    """Return what a text field asks for: some text, and the literal that ends it."""
    match following:
        case [Literal(text)]:
            return f"some text, then {_quoted(text)}"
        case _:
            return "some text"


def _found(text: str, column: int) -> str:
    """Return what the line holds at the column."""
    return _quoted(text[column:]) if column < len(text) else "the end of the line"


def _quoted(text: str) -> str:
    """Return the text's beginning in quotes, with nothing in it that a terminal would obey."""
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:_SHOWN])
    return f'"{shown}{"…" if len(text) > _SHOWN else ""}"'


def _sample(pattern: Pattern) -> str:
    """Return a line such as the pattern matches."""
    return "".join(
        e.text if isinstance(e, Literal) else (e.words[0] if e.words else _SAMPLES[e.kind])
        for e in pattern.elements
    )
