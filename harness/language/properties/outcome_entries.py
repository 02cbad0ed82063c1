"""The entries of a table of outcomes: which outcomes each takes, how it grades them, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from harness.language.properties.ending import ending_text, parse_ending
from harness.language.properties.selectors import (
    Events,
    FieldRef,
    Numbers,
    Selector,
    check_types,
    parse_numbers,
)
from harness.language.tables import Table
from harness.values.program import Value
from harness.values.run import Ending
from harness.values.words import kind_of, listed

Grade: TypeAlias = Literal["acceptable", "interesting", "sometimes", "forbidden"]
GRADES: tuple[Grade, ...] = get_args(Grade)
ANY = "any"

GRADE_NAMES = {
    "acceptable": "grade.acceptable",
    "interesting": "grade.interesting",
    "sometimes": "grade.sometimes",
    "forbidden": "grade.forbidden",
}
"""For each grade the message that says it."""

Subject: TypeAlias = "tuple[FieldRef, ...] | tuple[Selector, ...]"
"""What an outcome is read from: fields, events whose order counts, or (empty) the ending."""

Outcome: TypeAlias = tuple[Value, ...]
"""What one run came to: a value for each field, an ending, or the events in their order."""


@dataclass(frozen=True, slots=True)
class EntryPart:
    """What an entry asks of one value of an outcome: one of these, or (``None``) nothing."""

    allowed: Numbers | None
    text: str

    def takes(self, value: Value) -> bool:
        """Whether the value is allowed."""
        return self.allowed is None or value in self.allowed

    def covers(self, other: EntryPart) -> bool:
        """Whether whatever ``other`` takes, this takes too."""
        if self.allowed is None or other.allowed is None:
            return self.allowed is None
        return _contains(self.allowed.items, other.allowed.items)


def _contains(one: range | tuple[Value, ...], other: range | tuple[Value, ...]) -> bool:
    """Ranges are never listed: they may have millions of numbers."""
    if isinstance(one, range) and isinstance(other, range):
        return other[0] in one and other[-1] in one
    return len(other) <= len(one) and all(value in one for value in other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Outcomes that are graded alike. ``parts`` are one for each value, ``None`` takes any.

    ``ending`` is the one that the text means, where the outcome is the ending.
    """

    parts: tuple[EntryPart, ...] | None
    text: str
    grade: Grade
    why: str
    ending: Ending | None = None

    @property
    def told(self) -> str:
        """The text as reports say it: an ending in the reader's language."""
        return self.text if self.ending is None else ending_text(self.ending)

    def takes(self, outcome: Outcome) -> bool:
        """Whether the outcome is one of these."""
        return self.parts is None or (
            len(self.parts) == len(outcome)
            and all(part.takes(value) for part, value in zip(self.parts, outcome, strict=True))
        )

    def covers(self, other: Entry) -> bool:
        """Whether nothing is left for ``other`` where this comes before it."""
        if self.parts is None or other.parts is None:
            return self.parts is None
        return len(self.parts) == len(other.parts) and all(
            one.covers(another) for one, another in zip(self.parts, other.parts, strict=True)
        )


def parse_entries(table: Table, of: Subject, events: Events) -> tuple[Entry, ...]:
    """Read the key ``are``; raises SpecError for entries that nothing can break or reach."""
    entries = tuple(_parse_entry(item, of, events) for item in table.tables("are"))
    if not entries:
        table.fail("are", "expected at least one outcome")
    _refuse_unreachable(table, entries)
    if any(e.parts is None for e in entries) and all(
        e.grade in ("acceptable", "interesting") for e in entries
    ):
        table.fail("are", 'nothing can break this: "any" outcome is allowed')
    return entries


def _parse_entry(table: Table, of: Subject, events: Events) -> Entry:
    """One entry: an outcome, its grade, and under the grade's word the reason."""
    value = table.take("is")
    parts = None if value == ANY else _parse_parts(table, value, of, events)
    grade = _parse_grade(table)
    texts = ", ".join(part.text for part in parts or ())
    entry = Entry(
        parts=parts,
        text=ANY if parts is None else texts or "nothing",
        grade=grade,
        why=table.text(grade),
        ending=parse_ending(texts) if parts and not of else None,
    )
    table.finish()
    return entry


def _parse_grade(table: Table) -> Grade:
    """The grade, which is the key that the reason stands under."""
    found = [grade for grade in GRADES if grade in table]
    if len(found) != 1:
        given = listed(found) if found else "none"
        table.fail("", f'expected one grade with its reason, such as {GRADES[0]} = "…": one of '
                       f"{listed(GRADES)}; found {given}")  # fmt: skip
    return found[0]


def _parse_parts(table: Table, value: object, of: Subject, events: Events) -> tuple[EntryPart, ...]:
    """A part for each field; of an ending one, of an order one for each that came."""
    if not of:
        return (_parse_ending_part(table, value),)
    values = value if isinstance(value, list) else [value]
    if isinstance(of[0], Selector):
        return _parse_order(table, values, [str(selector) for selector in of])
    if len(values) != len(of):
        table.fail("is", f"expected {len(of)} values, one for each field, found {len(values)}")
    return tuple(
        _parse_part(table, item, ref, events)
        for item, ref in zip(values, of, strict=True)
        if isinstance(ref, FieldRef)
    )


def _parse_ending_part(table: Table, value: object) -> EntryPart:
    """An ending in the words in which reports tell it."""
    if not isinstance(value, str) or parse_ending(value) is None:
        table.fail(
            "is", 'expected an ending, such as "exit 0", "signal SIGABRT" or "hang", '
            f"found {kind_of(value)}"
        )  # fmt: skip
    return EntryPart(Numbers((value,), value), value)


def _parse_order(table: Table, values: list[object], names: list[str]) -> tuple[EntryPart, ...]:
    """Names in the order in which they come first; each at most once."""
    for position, value in enumerate(values):
        if value not in names:
            table.fail("is", f"expected some of {listed(names)}, found {kind_of(value)}")
        if value in values[:position]:
            table.fail("is", f'"{value}" comes first only once')
    return tuple(EntryPart(Numbers((str(value),), str(value)), str(value)) for value in values)


def _parse_part(table: Table, value: object, ref: FieldRef, events: Events) -> EntryPart:
    """A value, a range such as ``0..10``, or any."""
    if value == ANY:
        return EntryPart(None, ANY)
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        table.fail("is", f'expected a value, a range or "{ANY}", found {kind_of(value)}')
    is_range = isinstance(value, str) and ".." in value
    numbers = parse_numbers(table, "is", value if is_range else [value])
    check_types(table, "is", ref, numbers, events)
    return EntryPart(numbers, str(value))


def _refuse_unreachable(table: Table, entries: tuple[Entry, ...]) -> None:
    """The first entry that takes an outcome grades it: one that is covered says nothing."""
    for position, entry in enumerate(entries):
        for earlier in entries[:position]:
            if earlier.covers(entry):
                table.fail(
                    f"are[{position}]",
                    f'"{entry.text}" is never reached: "{earlier.text}" before it takes it',
                )
