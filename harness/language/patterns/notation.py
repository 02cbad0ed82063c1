"""From the text of a pattern to its elements: literals and fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from harness.values.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_LENGTH = 1000
"""Characters of a pattern: what is decided about pairs of patterns grows with their product."""

# Every character is in one of its branches, so that finditer passes over nothing.
_TOKEN = re.compile(
    r"(?P<double>\{\{|\}\})|\{(?P<name>[^{}:]*)(?P<colon>:)?(?P<kind>[^{}]*)\}"
    r"|(?P<lone>[{}])|(?P<plain>[^{}]+)"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ONE_WORD = re.compile(r"[A-Za-z0-9_]+")


class PatternError(SpecError):
    """A pattern that cannot be taken.

    ``position`` is the 0-based character of the pattern where it goes wrong;
    the message names it as a column, counted from 1.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"column {position + 1}: {reason}")
        self.reason = reason
        self.position = position


class FieldKind(Enum):
    """What a field may hold."""

    INTEGER = "d"
    DECIMAL = "f"
    WORD = "w"
    TEXT = ""
    CHOICE = "words"


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands in the line as it is. ``position`` is where it starts in the pattern."""

    text: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A named part of the line. ``words`` are all that a ``CHOICE`` may hold."""

    name: str
    kind: FieldKind
    words: tuple[str, ...] = ()
    position: int = 0


Element: TypeAlias = Literal | Field


def is_text(element: Element) -> bool:
    """Whether the element is a text, which needs to know what follows it."""
    return isinstance(element, Field) and element.kind is FieldKind.TEXT


def parse(text: str, words: Mapping[str, Sequence[str]]) -> tuple[Element, ...]:
    """Return the elements of a pattern; no two literals are neighbours.

    The empty pattern has none: it is that of the empty line. ``words`` lists
    the allowed words of a field. Raises ``PatternError`` for whatever the
    notation does not allow.
    """
    if len(text) > MAX_LENGTH:
        raise PatternError(f"the pattern is longer than {MAX_LENGTH} characters", MAX_LENGTH)
    elements = _join_literals([_element(token, words) for token in _TOKEN.finditer(text)])
    _refuse_line_breaks(elements)
    _refuse_duplicates(elements)
    _refuse_unknown_words(elements, words)
    _refuse_open_texts(elements)
    return elements


def _element(token: re.Match[str], words: Mapping[str, Sequence[str]]) -> Element:
    """Return the element that a token of the notation stands for."""
    match token.lastgroup:
        case "plain":
            return Literal(token[0], token.start())
        case "double":
            # One brace of the two, as Python's format strings have it.
            return Literal(token[0][0], token.start())
        case "lone":
            raise PatternError(
                f'unbalanced "{token[0]}"; write "{token[0] * 2}" for the character itself',
                token.start(),
            )
        case _:
            return _field(token, words)


def _field(token: re.Match[str], words: Mapping[str, Sequence[str]]) -> Field:
    """Return the field that ``{name:kind}`` declares."""
    name, kind, position = token["name"], token["kind"], token.start()
    if not name:
        raise PatternError(f"a field without a name; write {{name{token[0][1:-1]}}}", position)
    if not _NAME.fullmatch(name):
        raise PatternError(f'"{name}" is no name for a field; use letters, digits and _', position)
    if kind not in ("", "d", "f", "w"):
        raise PatternError(
            f'unknown kind "{kind}" of field "{name}"; expected d (integer), f (decimal number), '
            "w (one word), or none (text)",
            position,
        )
    # After the kind, which a field with words may have too: `{who:w}` says what its words may be.
    if name not in words:
        return Field(name, FieldKind(kind), (), position)
    return _choice(name, FieldKind(kind), tuple(words[name]), position)


def _choice(name: str, kind: FieldKind, words: tuple[str, ...], position: int) -> Field:
    """Return a field that is restricted to ``words``, if it can be."""
    if kind in (FieldKind.INTEGER, FieldKind.DECIMAL):
        raise PatternError(f'field "{name}" is a number, and cannot have a list of words', position)
    if not words:
        raise PatternError(f'the list of words of field "{name}" is empty', position)
    for word in words:
        if not word or "\n" in word:
            raise PatternError(f'a word of field "{name}" is empty or breaks the line', position)
        if kind is FieldKind.WORD and not _ONE_WORD.fullmatch(word):
            raise PatternError(f'"{word}" of field "{name}" is not one word, as :w asks', position)
        if words.count(word) > 1:
            raise PatternError(f'"{word}" is twice among the words of field "{name}"', position)
    return Field(name, FieldKind.CHOICE, words, position)


def _join_literals(elements: Sequence[Element]) -> tuple[Element, ...]:
    """Return the elements with neighbouring literals made one."""
    joined: list[Element] = []
    for element in elements:
        last = joined[-1] if joined else None
        if isinstance(element, Literal) and isinstance(last, Literal):
            joined[-1] = Literal(last.text + element.text, last.position)
        else:
            joined.append(element)
    return tuple(joined)


def _refuse_line_breaks(elements: Sequence[Element]) -> None:
    """A line holds no line break, so such a pattern would match nothing."""
    for element in elements:
        if isinstance(element, Literal) and "\n" in element.text:
            raise PatternError(
                "a line break; an event is one line", element.position + element.text.index("\n")
            )


def _refuse_duplicates(elements: Sequence[Element]) -> None:
    """A field's name has to say which field is meant."""
    seen: set[str] = set()
    for element in elements:
        if isinstance(element, Field):
            if element.name in seen:
                raise PatternError(f'field "{element.name}" is there twice', element.position)
            seen.add(element.name)


def _refuse_unknown_words(elements: Sequence[Element], words: Mapping[str, Sequence[str]]) -> None:
    """A list of words has to belong to a field."""
    names = {element.name for element in elements if isinstance(element, Field)}
    for name in words:
        if name not in names:
            raise PatternError(f'words are listed for "{name}", which is no field of it', 0)


def _refuse_open_texts(elements: Sequence[Element]) -> None:
    """A text ends where a literal begins; before another field it would have no end."""
    for element, following in pairwise(elements):
        if not isinstance(element, Field) or not isinstance(following, Field):
            continue
        # Any other kind ends by itself, where its characters do; whether two of those can be told
        # apart is decided of the whole pattern (``decisions``).
        if element.kind is FieldKind.TEXT:
            raise PatternError(
                f'nothing says where text field "{element.name}" ends; '
                f'put a literal between it and "{following.name}"',
                following.position,
            )
