"""values: what a field holds, from line to line."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from harness.language.properties.base import Facts, Family, Handler, Key, Monitor, Row, Rule, Sample
from harness.language.properties.selectors import (
    Events,
    FieldRef,
    Numbers,
    Selector,
    check_types,
    field_index,
    parse_field,
    parse_numbers,
)
from harness.language.tables import Table
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Value
from harness.values.words import listed

_WITH_VALUES = {
    "are": "values.are",
    "prefix-of": "values.prefix-of",
    "permutation-of": "values.permutation-of",
    "among": "values.among",
}
_FLAGS = {"increasing": "values.increasing", "distinct": "values.distinct"}
"""For each way to compare the message that says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values(Rule):
    """The values of ``of``, line by line, compared with ``numbers`` as ``mode`` says.

    With ``same`` the lines of each key (by position ``key``) are taken separately.
    """

    family: ClassVar[str] = "values"

    of: FieldRef
    mode: str
    numbers: Numbers | None = None
    same: str = ""
    key: int = 0

    def sentence(self) -> Message:
        """``the values of `worker.i` are exactly 0..10``."""
        of, each = str(self.of), say("each.apart", same=self.same) if self.same else ""
        if self.numbers is None:
            return say(_FLAGS[self.mode], of=of, each=each)
        return say(_WITH_VALUES[self.mode], of=of, numbers=str(self.numbers), each=each)

    @property
    def needs_the_end(self) -> bool:
        """What is missing may still come."""
        return self.mode in ("are", "permutation-of")

    def selectors(self) -> Iterable[Selector]:
        """The lines that hold the field."""
        return (self.of.selector,)

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """One for each key, if it asks for an order at all."""
        del selector
        if self.mode in _IN_ANY_ORDER:
            return None
        return Row(fields[self.key]) if self.same else Row()

    def monitor(self) -> Monitor:
        """One sequence, or one for each key."""
        return _PerKey(self) if self.same else _Single(self)


class _Sequence:
    """The values of one key so far; ``take`` says what is wrong with the next one."""

    __slots__ = ()

    @abstractmethod
    def take(self, line: int, value: Value) -> Violation | None:
        """Judge the value of the next line."""

    def missing(self) -> str:
        """What is still owed at the end, or nothing."""
        return ""


class _Exactly(_Sequence):
    """The expected values in their order; all of them, unless a prefix will do."""

    __slots__ = ("expected", "next", "rule", "whole")

    def __init__(self, rule: Values, expected: Sequence[Value]) -> None:
        self.rule, self.expected, self.next = rule, expected, 0
        self.whole = rule.mode == "are"

    def take(self, line: int, value: Value) -> Violation | None:
        position = self.next
        if position < len(self.expected) and self.expected[position] == value:
            self.next = position + 1
            return None
        wanted = (
            str(self.expected[position])
            if position < len(self.expected)
            else say("values.no-further", n=position, numbers=str(self.rule.numbers))
        )
        return _wrong(self.rule, line, value, wanted)

    def missing(self) -> str:
        if not self.whole or self.next == len(self.expected):
            return ""
        rest = self.expected[self.next :]
        return say("values.and-rest", value=rest[0]) if len(rest) > 1 else f"{rest[0]}"


class _Permutation(_Sequence):
    """Each expected value as often as it is listed, in any order.

    Only what has come is kept, so that a long range costs nothing in advance.
    """

    __slots__ = ("expected", "listed", "rule", "seen")

    def __init__(self, rule: Values, expected: Sequence[Value]) -> None:
        self.rule, self.expected = rule, expected
        self.listed = None if isinstance(expected, range) else Counter(expected)
        self.seen: Counter[Value] = Counter()

    def take(self, line: int, value: Value) -> Violation | None:
        if self.seen[value] < self._allowed(value):
            self.seen[value] += 1
            return None
        return _wrong(
            self.rule, line, value, say("values.each-once", numbers=str(self.rule.numbers))
        )

    def _allowed(self, value: Value) -> int:
        return int(value in self.expected) if self.listed is None else self.listed[value]

    def missing(self) -> str:
        distinct = self.expected if self.listed is None else self.listed
        owed = (value for value in distinct if self.seen[value] < self._allowed(value))
        some = list(islice(owed, 6))
        shown = ", ".join(map(str, some[:5]))
        return say("values.and-more", values=shown) if len(some) > 5 else shown


class _Among(_Sequence):
    """Only allowed values."""

    __slots__ = ("allowed", "rule")

    def __init__(self, rule: Values, expected: Sequence[Value]) -> None:
        self.rule = rule
        self.allowed = expected if isinstance(expected, range) else frozenset(expected)

    def take(self, line: int, value: Value) -> Violation | None:
        if value in self.allowed:
            return None
        return _wrong(self.rule, line, value, say("values.one-of", numbers=str(self.rule.numbers)))


class _Increasing(_Sequence):
    """Each value greater than the one before."""

    __slots__ = ("before", "before_line", "rule")

    def __init__(self, rule: Values, _expected: Sequence[Value]) -> None:
        self.rule = rule
        self.before: Value | None = None
        self.before_line = 0

    def take(self, line: int, value: Value) -> Violation | None:
        before, before_line = self.before, self.before_line
        self.before, self.before_line = value, line
        # Numbers are compared with numbers and words with words: a field has one type.
        if before is None or value > before:  # type: ignore[operator]
            return None
        wanted = say("values.more-than", value=before)
        return _wrong(self.rule, line, value, wanted, (before_line, str(before)))


class _Distinct(_Sequence):
    """No value twice; remembers where each was seen."""

    __slots__ = ("rule", "seen")

    def __init__(self, rule: Values, _expected: Sequence[Value]) -> None:
        self.rule = rule
        self.seen: dict[Value, int] = {}

    def take(self, line: int, value: Value) -> Violation | None:
        # One look-up for both: a value that is new has this very line as its first.
        first = self.seen.setdefault(value, line)
        if first == line:
            return None
        note = say("first", name=value)
        return _wrong(self.rule, line, value, say("values.not-seen-before"), (first, note))


_IN_ANY_ORDER = frozenset({"permutation-of", "among", "distinct"})
"""What a row of values may be asked that no other order of it would answer otherwise."""

_SEQUENCES: dict[str, Callable[[Values, Sequence[Value]], _Sequence]] = {
    "are": _Exactly,
    "prefix-of": _Exactly,
    "permutation-of": _Permutation,
    "among": _Among,
    "increasing": _Increasing,
    "distinct": _Distinct,
}


def _new_sequence(rule: Values) -> _Sequence:
    return _SEQUENCES[rule.mode](rule, rule.numbers.items if rule.numbers else ())


def _wrong(
    rule: Values, line: int, value: Value, wanted: str, other: tuple[int, str] | None = None
) -> Violation:
    """One value that is wrong where it stands.

    ``other`` is the line and the note of what it is held against.
    """
    mark = Mark(line=line, note=f"{rule.of.field} = {value}")
    return Violation(
        message=say("values.wrong", of=str(rule.of), value=value),
        marks=(mark,) if other is None else (Mark(line=other[0], note=other[1]), mark),
        expected=wanted,
        found=str(value),
    )


def _owed(rule: Values, missing: str, where: str) -> Violation:
    """The run has ended, and these values never came."""
    return Violation(
        message=say("values.stops-short", of=str(rule.of), where=where),
        expected=f"{rule.numbers}",
        found=say("values.end-without", missing=missing),
    )


class _Single(Monitor):
    """All lines are one sequence."""

    def __init__(self, rule: Values) -> None:
        self.rule = rule
        self.values = _new_sequence(rule)

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        take, index = self.values.take, self.rule.of.index
        yield self.rule.of.selector, lambda line, fields: take(line, fields[index])

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        missing = self.values.missing()
        return _owed(self.rule, missing, "") if missing else None


class _PerKey(Monitor):
    """A sequence for each key, made when its first line comes.

    A key without any line owes nothing: that there are such keys is what `count` is for.
    """

    def __init__(self, rule: Values) -> None:
        self.rule = rule
        self.values: dict[Value, _Sequence] = {}

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        yield self.rule.of.selector, self._take

    def _take(self, line: int, fields: Sequence[Value]) -> Violation | None:
        key = fields[self.rule.key]
        if key not in self.values:
            self.values[key] = _new_sequence(self.rule)
        return self.values[key].take(line, fields[self.rule.of.index])

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        for key, values in self.values.items():
            if missing := values.missing():
                return _owed(self.rule, missing, say("for", key=self.rule.same, value=key))
        return None


def parse(table: Table, events: Events) -> Values:
    """Read the table of a values property: one field, one way to compare."""
    of = parse_field(table, "of", table.take("of"), events)
    modes = [mode for mode in (*_WITH_VALUES, *_FLAGS) if mode in table]
    if len(modes) != 1:
        table.fail("", f"expected exactly one of {listed((*_WITH_VALUES, *_FLAGS))}")
    (mode,) = modes
    numbers = None
    if mode in _WITH_VALUES:
        numbers = parse_numbers(table, mode, table.take(mode))
        check_types(table, mode, of, numbers, events)
    elif not table.flag(mode):
        table.fail(mode, "expected true; leave the key away instead")
    _refuse_vacuous(table, mode, of, numbers, events)
    same = table.text("same", "")
    key = field_index(table, "same", of.selector.event, same, events) if same else 0
    if same == of.field and same:
        table.fail("same", f'"{same}" is always the same for the same "{same}"')
    return Values(of=of, mode=mode, numbers=numbers, same=same, key=key)


def _refuse_vacuous(
    table: Table, mode: str, of: FieldRef, numbers: Numbers | None, events: Events
) -> None:
    """Refuse a list of words that has all that the field can hold: nothing could break it."""
    words = events[of.selector.event].fields[of.index].words
    if mode == "among" and numbers and words and set(words) <= set(numbers.items):
        table.fail(mode, f'nothing can break this: "{of}" is one of {listed(words)} already')


FAMILY = Family(
    name="values",
    summary="What a field holds from line to line.",
    keys=(
        Key(name="of", takes="field", says="whose values", required=True),
        Key(name="are", takes="range or list", says="exactly these, in this order"),
        Key(name="prefix-of", takes="range or list", says="the first of these, however many"),
        Key(name="permutation-of", takes="range or list", says="exactly these, in any order"),
        Key(name="among", takes="range or list", says="each is one of these"),
        Key(name="increasing", takes="true", says="each is greater than the one before"),
        Key(name="distinct", takes="true", says="no value comes twice"),
        Key(name="same", takes="field", says="separately for each value of this field"),
    ),
    parse=parse,
    samples=(
        Sample(
            events='tick = "tick {i:d}"',
            rule='values = { of = "tick.i", are = "0..3" }',
            accepted="tick 0\ntick 1\ntick 2\n",
            refused="tick 0\ntick 2\n",
            violation="tick.i is 2 where it cannot be",
        ),
        Sample(
            events='tick = "tick {i:d}"',
            rule='values = { of = "tick.i", prefix-of = "0..3" }',
            accepted="tick 0\ntick 1\n",
            refused="tick 1\n",
            violation="tick.i is 1 where it cannot be",
        ),
        Sample(
            events='done = "done {job}"',
            rule='values = { of = "done.job", permutation-of = ["a", "b"] }',
            accepted="done b\ndone a\n",
            refused="done b\n",
            violation="done.job stops short",
        ),
        Sample(
            events='step = "{who:w}: {i:d}"',
            rule='values = { of = "step.i", increasing = true, same = "who" }',
            accepted="a: 1\nb: 1\na: 2\n",
            refused="a: 1\nb: 1\na: 1\n",
            violation="step.i is 1 where it cannot be",
        ),
        Sample(
            events='light = "light: {colour}"',
            rule='values = { of = "light.colour", among = ["red", "green"] }',
            accepted="light: green\nlight: green\n",
            refused="light: blue\n",
            violation="light.colour is blue where it cannot be",
        ),
        Sample(
            events='drawn = "drawn {ticket:d}"',
            rule='values = { of = "drawn.ticket", distinct = true }',
            accepted="drawn 7\ndrawn 3\n",
            refused="drawn 7\ndrawn 7\n",
            violation="drawn.ticket is 7 where it cannot be",
        ),
    ),
)
