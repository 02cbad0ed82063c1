"""Selectors, field references and ranges: the small texts inside properties.

``worker`` names every line of an event, ``worker[i=3]`` some of them,
``worker.i`` a field; ``0..10`` is half-open and ``1..=3`` inclusive, as in
Rust.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from harness.language.patterns import Field, FieldKind, Pattern
from harness.language.tables import Table
from harness.values.program import Value
from harness.values.words import kind_of, listed, nearest

_SELECTOR = re.compile(r"([A-Za-z][\w-]*)(?:\[([^\]]*)\])?$")
_RANGE = re.compile(r"(-?[0-9]{1,18})\.\.(=?)(-?[0-9]{1,18})$")
_NUMBER = {
    FieldKind.INTEGER: re.compile(r"-?[0-9]{1,18}$"),
    FieldKind.DECIMAL: re.compile(r"-?[0-9]{1,18}(?:\.[0-9]+)?$"),
}


Events = Mapping[str, Pattern]
"""The events of a spec, by name."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Lines of one event: all, or those whose fields (by position) have these values."""

    event: str
    where: tuple[tuple[int, Value], ...] = ()
    text: str = ""

    def __str__(self) -> str:
        """As it is written in a spec."""
        return self.text or self.event

    def takes(self, fields: Sequence[Value]) -> bool:
        """Whether a line of the event with these fields is selected."""
        return all(fields[index] == value for index, value in self.where)

    def meets(self, other: Selector) -> bool:
        """Whether one and the same line can be selected by both."""
        mine = dict(self.where)
        return self.event == other.event and all(
            mine.get(index, value) == value for index, value in other.where
        )


@dataclass(frozen=True, slots=True)
class FieldRef:
    """One field (by name and position) of the lines of a selector."""

    selector: Selector
    field: str
    index: int

    def __str__(self) -> str:
        """As it is written in a spec."""
        return f"{self.selector}.{self.field}"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A range of whole numbers, or a list of values; ``text`` as the spec writes it."""

    items: range | tuple[Value, ...]
    text: str

    def __str__(self) -> str:
        """As it is written in a spec."""
        return self.text

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.items)

    def __contains__(self, value: object) -> bool:
        """Whether ``value`` is one of them."""
        return value in self.items


def parse_selector(table: Table, key: str, text: object, events: Events) -> Selector:
    """Read ``worker`` or ``worker[i=3]``; raises SpecError for what does not exist."""
    if not isinstance(text, str) or not (found := _SELECTOR.match(text.strip())):
        table.fail(
            key, f'expected an event, such as "worker" or "worker[i=3]", found {kind_of(text)}'
        )
    name, conditions = found[1], found[2]
    if name not in events:
        table.fail(
            key,
            f'there is no event "{name}"{nearest(name, events)}; '
            f"declared are {listed(events) or 'none'}",
        )
    if conditions is None:
        return Selector(event=name)
    where = tuple(
        _parse_condition(table, key, name, part, events) for part in conditions.split(",")
    )
    if len({index for index, _ in where}) < len(where):
        table.fail(key, f'"{text}" asks for one field twice')
    return Selector(event=name, where=where, text=text.strip())


def _parse_condition(
    table: Table, key: str, event: str, text: str, events: Events
) -> tuple[int, Value]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        table.fail(key, f'expected "field=value" inside the brackets, found "{text}"')
    index = field_index(table, key, event, name, events)
    return index, _as_value(table, key, events[event].fields[index], value)


def _as_value(table: Table, key: str, field: Field, text: str) -> Value:
    if field.words and text not in field.words:
        table.fail(
            key,
            f'"{field.name}" is one of {listed(field.words)}, '
            f'never "{text}"{nearest(text, field.words)}',
        )
    if field.kind in _NUMBER and not _NUMBER[field.kind].match(text):
        wanted = "a whole number" if field.kind is FieldKind.INTEGER else "a number"
        table.fail(key, f'"{field.name}" is {wanted}, "{text}" is none')
    match field.kind:
        case FieldKind.INTEGER:
            return int(text)
        case FieldKind.DECIMAL:
            return float(text)
        case FieldKind.WORD | FieldKind.TEXT | FieldKind.CHOICE:
            return text
        case _:
            assert_never(field.kind)


def field_index(table: Table, key: str, event: str, name: str, events: Events) -> int:
    """The position of a field of an event; raises SpecError if it has no such field."""
    names = events[event].names
    if name not in names:
        has = f"it has {listed(names)}" if names else "it has no fields"
        table.fail(key, f'event "{event}" has no field "{name}"{nearest(name, names)}; {has}')
    return names.index(name)


def parse_field(table: Table, key: str, text: object, events: Events) -> FieldRef:
    """Read ``worker.i`` or ``worker[who=2].i``."""
    if not isinstance(text, str) or "." not in text.rpartition("]")[2]:
        table.fail(key, f'expected a field, such as "worker.i", found {kind_of(text)}')
    event, _, name = text.rpartition(".")
    selector = parse_selector(table, key, event, events)
    return FieldRef(selector, name, field_index(table, key, selector.event, name, events))


def parse_numbers(table: Table, key: str, value: object) -> Numbers:
    """Read a range (``"0..10"``) or a list of values; an empty one is refused."""
    match value:
        case str() if found := _RANGE.match(value.strip()):
            numbers = range(int(found[1]), int(found[3]) + (found[2] == "="))
            if not numbers:
                table.fail(key, f'nothing is in the range "{value}"')
            return Numbers(numbers, value.strip())
        case list() if value and all(_is_value(item) for item in value):
            return Numbers(tuple(value), f"[{', '.join(map(str, value))}]")
        case _:
            table.fail(
                key,
                f'expected a range, such as "0..10", or a list of values, found {kind_of(value)}',
            )


def check_comparable(
    table: Table, key: str, fields: Iterable[tuple[Selector, int]], events: Events
) -> None:
    """Refuse a key that is a number in one event and a text in another: they never equal."""
    kinds = {events[selector.event].fields[index].kind for selector, index in fields}
    if len({kind in (FieldKind.INTEGER, FieldKind.DECIMAL) for kind in kinds}) > 1:
        table.fail(key, "a number and a text are never the same")


def _is_value(item: object) -> bool:
    return isinstance(item, int | float | str) and not isinstance(item, bool)


def check_types(table: Table, key: str, ref: FieldRef, numbers: Numbers, events: Events) -> None:
    """Refuse a list that ``ref`` can never give: texts for a number, words not allowed."""
    field = events[ref.selector.event].fields[ref.index]
    is_number = field.kind in (FieldKind.INTEGER, FieldKind.DECIMAL)
    for item in numbers.items[:1] if isinstance(numbers.items, range) else numbers.items:
        if isinstance(item, str) == is_number:
            wanted = "a number" if is_number else "a text"
            table.fail(key, f'"{ref}" is {wanted}, which {item!r} is not')
        if field.kind is FieldKind.INTEGER and int(item) != item:
            table.fail(key, f'"{ref}" is a whole number, which {item} is not')
        if field.words and item not in field.words:
            table.fail(key, f'"{ref}" is one of {listed(field.words)}, never {item!r}')
