"""The alphabet of a program: every line that its properties could allow.

A line is a *letter*: an event with a value for each field. What the
properties say nothing of is stood for by ``OTHER`` (any further value), what
follows from the rest of the run by ``SETTLED`` (one value, whichever).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import prod
from typing import TypeAlias

from harness.judging.freedom.relations import Key
from harness.language.patterns import FieldKind, Pattern
from harness.language.properties.base import Rule
from harness.language.properties.outcomes import Outcomes
from harness.language.properties.sections import Sections
from harness.language.properties.selectors import FieldRef, Selector
from harness.language.properties.values import Values
from harness.values.program import Value

MAX_LETTERS = 2_000
"""Different lines of one program that are reckoned with."""


class Placeholder(Enum):
    """Stands for values that no property gives."""

    OTHER = "any further value"
    SETTLED = "the value that follows from the others, or is measured"


Part: TypeAlias = "Value | Placeholder"


@dataclass(frozen=True, slots=True)
class Letter:
    """One line: its event and what its fields hold."""

    event: str
    fields: tuple[Part, ...]

    @property
    def is_open(self) -> bool:
        """Whether it stands for many lines."""
        return Placeholder.OTHER in self.fields


class TooManyLetters(Exception):
    """There are more different lines than are reckoned with; the message names the event."""


class Alphabet:
    """The letters, by number; a set of letters is a whole number with a bit for each."""

    def __init__(self, letters: Iterable[Letter]) -> None:
        # Two choices of values may give one line: a letter is counted once.
        self.letters = tuple(dict.fromkeys(letters))
        self.of_event: dict[str, list[int]] = {}
        for number, letter in enumerate(self.letters):
            self.of_event.setdefault(letter.event, []).append(number)

    def selected(self, selector: Selector) -> Iterator[tuple[int, tuple[Part, ...]]]:
        """The letters (number and fields) that a selector takes."""
        for number in self.of_event.get(selector.event, ()):
            fields = self.letters[number].fields
            if all(fields[index] == value for index, value in selector.where):
                yield number, fields

    def mask(self, selectors: Iterable[Selector]) -> int:
        """The set of the letters that any of the selectors takes."""
        return mask_of(number for selector in selectors for number, _ in self.selected(selector))

    def by_value(self, selector: Selector, index: int) -> dict[Part, int]:
        """The selected letters, as one set for each value of a field; open ones left out."""
        return self._grouped(selector, lambda fields: fields[index])

    def _grouped(
        self, selector: Selector, key: Callable[[tuple[Part, ...]], Part]
    ) -> dict[Part, int]:
        """Masks of the letters that a selector takes, by a key.

        Those of which it is open are in none.
        """
        groups: dict[Part, int] = {}
        for number, fields in self.selected(selector):
            value = key(fields)
            if value is not Placeholder.OTHER:
                groups[value] = groups.get(value, 0) | 1 << number
        return groups


def mask_of(numbers: Iterable[int]) -> int:
    """The set of these letters."""
    mask = 0
    for number in numbers:
        mask |= 1 << number
    return mask


def numbers_of(mask: int) -> Iterator[int]:
    """The numbers of the letters in a set."""
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def possible_letters(
    patterns: Iterable[Pattern], rules: Sequence[Rule], settled: frozenset[Key]
) -> Alphabet:
    """Every line of these events that the rules could allow.

    ``settled`` are the fields, by event and position, whose value follows from
    the rest. Raises TooManyLetters.
    """
    letters: list[Letter] = []
    for pattern in patterns:
        domains = [_domain(pattern, index, rules, settled) for index in range(len(pattern.fields))]
        # Before they are made: each field multiplies them.
        if len(letters) + prod(map(len, domains)) > MAX_LETTERS:
            raise TooManyLetters(f"there are too many different {pattern.event} lines")
        letters += (Letter(pattern.event, fields) for fields in product(*domains))
    return Alphabet(letters)


def _domain(
    pattern: Pattern, index: int, rules: Sequence[Rule], settled: frozenset[Key]
) -> tuple[Part, ...]:
    """What one field of an event may hold."""
    field = pattern.fields[index]
    if field.kind is FieldKind.CHOICE:
        return tuple(field.words)
    key = pattern.event, index
    for one in _reaching(key, rules):
        for ref, values in (pair for rule in rules for pair in _given(rule)):
            if values is not None and not ref.selector.where and _key_of(ref) == one:
                return values
    named = tuple(dict.fromkeys(_named(key, rules)))
    if named:
        return (*named, Placeholder.OTHER)
    # An interleaving does not tell decimals apart (see `judging.trace.signature`).
    if field.kind is FieldKind.DECIMAL or key in settled:
        return (Placeholder.SETTLED,)
    return (Placeholder.OTHER,)


def _named(key: Key, rules: Sequence[Rule]) -> Iterator[Part]:
    """The values that the rules speak of, in a field that may hold others, too."""
    for rule in rules:
        for ref, values in _given(rule):
            if _key_of(ref) == key:
                yield from values or ()
    yield from _constants(*key, rules)


def _key_of(ref: FieldRef) -> Key:
    """The field, whatever its lines have in others."""
    return ref.selector.event, ref.index


def _reaching(key: Key, rules: Sequence[Rule]) -> tuple[Key, ...]:
    """The field itself, and those that can hold no less than it does.

    Who leaves has entered; where all must leave, who enters leaves.
    """
    found = {key: None}
    while True:
        more = {
            wide: None
            for rule in rules
            if isinstance(rule, Sections)
            for narrow, wide in _links(rule)
            if narrow in found and wide not in found
        }
        if not more:
            return tuple(found)
        found |= more


def _links(rule: Sections) -> Iterator[tuple[Key, Key]]:
    """Fields that hold only what another holds, each with that other."""
    for kind in (rule.kind, rule.other):
        if kind is None or kind.enter.where or kind.leave.where:
            continue
        for positions in (kind.who, kind.per):
            if positions is not None:
                enter, leave = (kind.enter.event, positions[0]), (kind.leave.event, positions[1])
                yield leave, enter
                if rule.must_leave:
                    yield enter, leave


def _given(rule: Rule) -> Iterator[tuple[FieldRef, tuple[Part, ...] | None]]:
    """The fields whose every value the rule lists; ``None`` where they are too many."""
    match rule:
        case Values(of=of, numbers=numbers) if numbers is not None:
            yield of, _distinct(numbers.items)
        case Outcomes(of=refs, entries=entries):
            for position, ref in enumerate(refs):
                if isinstance(ref, FieldRef) and all(entry.parts for entry in entries):
                    yield ref, _allowed_by(entries_parts(rule, position))
        case _:
            return


def entries_parts(rule: Outcomes, position: int) -> Iterator[Sequence[Value] | None]:
    """What each entry that is not forbidden allows at a position; ``None``: anything."""
    for entry in rule.entries:
        if entry.grade != "forbidden" and entry.parts is not None:
            allowed = entry.parts[position].allowed
            yield None if allowed is None else allowed.items


def _allowed_by(parts: Iterable[Sequence[Value] | None]) -> tuple[Part, ...] | None:
    """All values that any entry allows.

    ``None`` where one allows anything, or more than are reckoned with.
    """
    allowed: list[Part] = []
    for items in parts:
        if items is None or len(items) > MAX_LETTERS:
            return None
        allowed += items
    return tuple(dict.fromkeys(allowed))


def _distinct(items: Sequence[Value]) -> tuple[Part, ...] | None:
    """The values, each once; ``None`` for a range that is too long to be listed."""
    return tuple(dict.fromkeys(items)) if len(items) <= MAX_LETTERS else None


def _constants(event: str, index: int, rules: Iterable[Rule]) -> Iterator[Value]:
    """The values that selectors ask for in a field."""
    for rule in rules:
        for selector in rule.selectors():
            where: Mapping[int, Value] = dict(selector.where)
            if selector.event == event and index in where:
                yield where[index]
