"""From the elements of a pattern to a regular expression, and from a line to its event.

A compiled pattern takes linear time on any line: no line can be read in two
ways (see ``decisions.ambiguity``), and texts are taken possessively.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeAlias, assert_never

from harness.language.patterns.decisions import ambiguity
from harness.language.patterns.notation import (
    Element,
    Field,
    FieldKind,
    Literal,
    PatternError,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.values.program import EventSpec, Value

MAX_DIGITS = sys.int_info.str_digits_check_threshold
"""Digits of an integer field: as many as Python converts under any setting."""

Convert: TypeAlias = "Callable[[re.Match[str]], tuple[Value, ...]]"
"""From a match to the values of the event's fields."""

_INTEGER = f"-?[0-9]{{1,{MAX_DIGITS}}}"
_DECIMAL = r"[-+]?[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+|)|[eE][-+]?[0-9]+|)"
_WORD = "[A-Za-z0-9_]+"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One event's pattern, compiled.

    ``regex`` is the source of the regular expression: one group a field, in
    order, to be matched against the whole line.
    """

    event: str
    source: str
    elements: tuple[Element, ...]
    regex: str
    _convert: Convert = field(repr=False, compare=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields, in the order of the line and of the values."""
        return fields_of(self.elements)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in that order."""
        return tuple(f.name for f in self.fields)

    def match(self, text: str) -> tuple[Value, ...] | None:
        """Return the values of the fields, or ``None`` if the line is no such event."""
        # The module keeps what it has compiled; most patterns are never used this way.
        match = re.fullmatch(self.regex, text)
        return None if match is None else self._convert(match)

    def render(self, values: Sequence[Value]) -> str:
        """Return the line that ``match`` reads as these values.

        Raises ``ValueError`` if there is no such line: too many or too few
        values, or one that its field cannot hold at that place.
        """
        texts = iter([_written(value) for value in values])
        if len(values) == len(self.fields):
            line = "".join(e.text if isinstance(e, Literal) else next(texts) for e in self.elements)
            if self.match(line) == tuple(values):
                return line
        raise ValueError(f'no line of event "{self.event}" holds {tuple(values)!r}')


class Matcher:
    """Recognises a line as one of several events, with one regular expression.

    For a loop over many lines, use the pieces: ``match`` is the bound method
    that takes a line and returns a ``re.Match`` or ``None``, and ``table``
    holds at the match's ``lastindex`` the event's name and the function from
    the match to the values. ``regex`` is the compiled expression itself.
    """

    __slots__ = ("match", "patterns", "regex", "table")

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        table: list[tuple[str, Convert]] = [("", _no_values)]
        for pattern in self.patterns:
            entry = (pattern.event, _converter(pattern.fields, first_group=len(table)))
            # An entry for each group: ``lastindex`` is that of the last group that
            # matched, which is the event's last field. An event without fields gets
            # an empty group of its own for that.
            table += [entry] * max(1, len(pattern.fields))
        self.table = tuple(table)
        self.regex = re.compile(
            "|".join(p.regex if p.fields else f"{p.regex}()" for p in self.patterns) or "(?!)"
        )
        self.match: Callable[[str], re.Match[str] | None] = self.regex.fullmatch

    def recognise(self, text: str) -> tuple[str, tuple[Value, ...]] | None:
        """Return the name of the event that the line is and its values, or ``None``."""
        match = self.match(text)
        if match is None:
            return None
        event, convert = self.table[match.lastindex or 0]
        return event, convert(match)


def compile_pattern(event: EventSpec) -> Pattern:
    """Return the compiled pattern of an event.

    Raises ``PatternError``, with the position, for a pattern that breaks the
    notation, or can read some line in two ways.
    """
    elements = parse(event.pattern, event.words)
    _refuse_ambiguity(elements)
    return Pattern(
        event=event.name,
        source=event.pattern,
        elements=elements,
        regex=regex_of(elements),
        _convert=_converter(fields_of(elements), first_group=1),
    )


def fields_of(elements: Sequence[Element]) -> tuple[Field, ...]:
    """Return the fields among the elements."""
    return tuple(e for e in elements if isinstance(e, Field))


def regex_of(elements: Sequence[Element]) -> str:
    """Return the regular expression of the elements, one group a field."""
    pairs = zip_longest(elements, elements[1:])
    return "".join(_regex(element, following) for element, following in pairs)


def _refuse_ambiguity(elements: Sequence[Element]) -> None:
    """Which value a field gets must not depend on how the matching goes about it."""
    found = ambiguity(elements)
    if found is None:
        return
    one, other = found.readings
    parted = next(f for f in fields_of(elements) if one.get(f.name) != other.get(f.name))
    raise PatternError(
        f'the line "{found.line}" can be read in two ways: {_shown(one)}, or {_shown(other)}; '
        "put a literal between the fields that none of them can hold",
        parted.position,
    )


def _shown(reading: dict[str, str]) -> str:
    """Return ``a = "1", b = "2"``."""
    return ", ".join(f'{name} = "{text}"' for name, text in reading.items())


def _written(value: Value) -> str:
    """Return a value as a program prints it."""
    return value if isinstance(value, str) else repr(value)


# --- regular expressions --------------------------------------------------------


def _regex(element: Element, following: Element | None) -> str:
    """Return the regular expression of one element; a text has to know what follows it."""
    if isinstance(element, Literal):
        return re.escape(element.text)
    match element.kind:
        case FieldKind.INTEGER:
            return f"({_INTEGER})"
        case FieldKind.DECIMAL:
            return f"({_DECIMAL})"
        case FieldKind.WORD:
            return f"({_WORD})"
        case FieldKind.CHOICE:
            return f"({'|'.join(map(re.escape, element.words))})"
        case FieldKind.TEXT:
            return f"({_text_up_to(following.text if isinstance(following, Literal) else '')})"
        case _:
            assert_never(element.kind)


def _text_up_to(stop: str) -> str:
    """Return the expression of a non-empty text that ends at the first ``stop``, or at the end.

    The text is taken in runs without the first character of ``stop``: only where
    that stands is looked ahead.
    """
    if not stop:
        return ".++"
    head, rest = re.escape(stop[0]), re.escape(stop[1:])
    run = rf"[^{head}\n]"
    # Possessive (Python 3.11): what a text has taken is never given back, so that a line
    # that is no event is refused in one pass.
    return rf"(?!{head}{rest}){run}*+(?:{head}(?!{rest}){run}*+)*+" if rest else f"{run}++"


# --- values ---------------------------------------------------------------------


def _converter(fields: Sequence[Field], *, first_group: int) -> Convert:
    """Return the function from a match to the values of ``fields``.

    It is called for each line of a trace: the few shapes that nearly every
    event has get a function of their own.
    """
    types = [_type_of(f.kind) for f in fields]
    groups = range(first_group, first_group + len(fields))
    match list(zip(groups, types, strict=True)):
        case []:
            return _no_values
        case [(group, kind)]:
            return _one_value(group, kind)
        case [(group, kind), (other_group, other_kind)]:
            return _two_values(group, kind, other_group, other_kind)
        case many:
            # A list and not a generator, which would be resumed for each field of each line.
            return lambda match: tuple([kind(match[group]) for group, kind in many])


def _type_of(kind: FieldKind) -> Callable[[str], Value]:
    """Return what makes a value of a field's text."""
    match kind:
        case FieldKind.INTEGER:
            return int
        case FieldKind.DECIMAL:
            return float
        case FieldKind.WORD | FieldKind.TEXT | FieldKind.CHOICE:
            return str
        case _:
            assert_never(kind)


def _no_values(_: re.Match[str]) -> tuple[Value, ...]:
    return ()


def _one_value(group: int, kind: Callable[[str], Value]) -> Convert:
    """Converts the only field of an event.

    Made apart, since most events of long traces have one or two.
    """
    if kind is str:
        return lambda match: (match[group],)
    return lambda match: (kind(match[group]),)


def _two_values(
    group: int,
    kind: Callable[[str], Value],
    other_group: int,
    other_kind: Callable[[str], Value],
) -> Convert:
    """The same for two fields."""
    return lambda match: (kind(match[group]), other_kind(match[other_group]))
