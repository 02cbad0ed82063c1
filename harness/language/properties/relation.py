"""relation: arithmetic over what is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from harness.language.properties.base import Facts, Family, Handler, Key, Monitor, Row, Rule, Sample
from harness.language.properties.expression_parser import FUNCTIONS, Expression, parse_expression
from harness.language.properties.expressions import (
    CannotTell,
    Result,
    Term,
    is_true,
    show,
    shown_sides,
)
from harness.language.properties.selectors import Events, FieldRef, Selector
from harness.language.tables import Table
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Rule):
    """When the run has ended, ``holds`` is true of the values that it printed."""

    family: ClassVar[str] = "relation"

    holds: Expression

    def sentence(self) -> Message:
        """```total.value == sum(part.value)` holds``."""
        return say("relation", holds=self.holds.text)

    def selectors(self) -> Iterable[Selector]:
        """The lines whose values or number it takes."""
        return [_selector(source) for _, source in self.holds.sources]

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """One for lines of which a term takes the first or last, or adds up what is rounded."""
        for function, source in self.holds.sources:
            if _selector(source) == selector and _tells_order(function, source, fields):
                return Row(str(selector))
        return None

    def monitor(self) -> Monitor:
        """One accumulator for each term; only sorted and set keep the values."""
        return _Gathering(self)


def _tells_order(function: str, source: FieldRef | Selector, fields: Sequence[Value]) -> bool:
    """Whether what a function gives of such lines may depend on their order."""
    is_rounded = isinstance(source, FieldRef) and isinstance(fields[source.index], float)
    return function in ("first", "last") or (function == "sum" and is_rounded)


def _selector(source: FieldRef | Selector) -> Selector:
    """The lines that hold the field, or the lines that are counted."""
    return source if isinstance(source, Selector) else source.selector


# --- accumulators ---------------------------------------------------------------


class _Accumulator(Protocol):
    """What one term has gathered so far."""

    def take(self, line: int, value: Value) -> None:
        """Add the value of a line."""

    def result(self, of: str) -> Result:
        """What it comes to; raises CannotTell where nothing has been gathered."""


class _Only:
    """The value of the only line."""

    __slots__ = ("line", "lines", "value")

    def __init__(self) -> None:
        self.lines = 0
        self.line = 0
        self.value: Value = 0

    def take(self, line: int, value: Value) -> None:
        self.lines += 1
        if self.lines == 1:
            self.line, self.value = line, value

    def result(self, of: str) -> Result:
        if self.lines != 1:
            if self.lines:
                raise CannotTell(say("relation.printed-times", of=of, n=self.lines))
            raise CannotTell(say("relation.never-printed", of=of))
        return self.value


class _LineCount:
    """How many lines there are."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        self.lines = 0

    def take(self, _line: int, _value: Value) -> None:
        self.lines += 1

    def result(self, _of: str) -> Result:
        return self.lines


class _Sum:
    """The sum of the values, 0 of none."""

    __slots__ = ("total",)

    def __init__(self) -> None:
        self.total: float = 0

    def take(self, _line: int, value: Value) -> None:
        if isinstance(value, int | float):
            # Integers are exact, however great. Floats are rounded at each line, which CPython's
            # own `sum` of them no longer does from 3.12 on.
            self.total += value

    def result(self, _of: str) -> Result:
        return self.total


class _Picked:
    """One of the values: ``choose`` says which of the one so far and the next."""

    __slots__ = ("choose", "function", "value")

    def __init__(self, function: str, choose: Callable[[Value, Value], Value]) -> None:
        self.function = function
        self.choose = choose
        self.value: Value | None = None

    def take(self, _line: int, value: Value) -> None:
        self.value = value if self.value is None else self.choose(self.value, value)

    def result(self, of: str) -> Result:
        if self.value is None:
            raise CannotTell(say("relation.nothing-to", of=of, function=self.function))
        return self.value


class _Many:
    """All the values, sorted."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: list[Value] = []

    def take(self, _line: int, value: Value) -> None:
        self.values.append(value)

    def result(self, _of: str) -> Result:
        return tuple(sorted(self.values))


class _Set:
    """The different values."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: set[Value] = set()

    def take(self, _line: int, value: Value) -> None:
        self.values.add(value)

    def result(self, _of: str) -> Result:
        return frozenset(self.values)


def _smaller(one: Value, other: Value) -> Value:
    return min(one, other)


def _greater(one: Value, other: Value) -> Value:
    return max(one, other)


_ACCUMULATORS: dict[str, Callable[[], _Accumulator]] = {
    "only": _Only,
    "len": _LineCount,
    "count": _LineCount,
    "sum": _Sum,
    "min": lambda: _Picked("min", _smaller),
    "max": lambda: _Picked("max", _greater),
    "first": lambda: _Picked("first", lambda one, _: one),
    "last": lambda: _Picked("last", lambda _, other: other),
    "sorted": _Many,
    "set": _Set,
}


# --- the monitor ----------------------------------------------------------------


class _Gathering(Monitor):
    """One accumulator for each source of the expression, in the order of its slots.

    One source that two terms name is gathered once.
    """

    def __init__(self, rule: Relation) -> None:
        self.holds = rule.holds
        self.gathered = [_ACCUMULATORS[function]() for function, _ in rule.holds.sources]

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        for (_, source), accumulator in zip(self.holds.sources, self.gathered, strict=True):
            yield _selector(source), _taker(source, accumulator)

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        try:
            if is_true(self.holds.truth, self._value):
                return None
        except CannotTell as error:
            return Violation(
                message=say("relation.cannot-tell", reason=error.reason),
                marks=self._marks(),
                expected=self.holds.text,
                found=error.reason,
            )
        return Violation(
            message=say("relation.broken"),
            marks=self._marks(),
            expected=self.holds.text,
            found=shown_sides(self.holds.truth, self._value),
        )

    def _value(self, term: Term) -> Result:
        return self.gathered[term.slot].result(term.of)

    def _marks(self) -> tuple[Mark, ...]:
        """The lines of the values that are printed once."""
        marks = {}
        for (_, source), gathered in zip(self.holds.sources, self.gathered, strict=True):
            if isinstance(gathered, _Only) and gathered.lines and isinstance(source, FieldRef):
                note = f"{source.field} = {show(gathered.value)}"
                marks[gathered.line, note] = Mark(line=gathered.line, note=note)
        return tuple(marks[key] for key in sorted(marks))


def _taker(source: FieldRef | Selector, accumulator: _Accumulator) -> Handler:
    """The handler that gathers a field, or counts lines."""
    take = accumulator.take
    if isinstance(source, Selector):

        def count(line: int, _fields: Sequence[Value]) -> Violation | None:
            take(line, 1)
            return None

        return count
    index = source.index

    def gather(line: int, fields: Sequence[Value]) -> Violation | None:
        take(line, fields[index])
        return None

    return gather


def parse(table: Table, events: Events) -> Relation:
    """Read the table of a relation: one expression that compares what is printed."""
    return Relation(holds=parse_expression(table, "holds", table.text("holds"), events))


FAMILY = Family(
    name="relation",
    summary="Arithmetic over the fields of a run, judged when it has ended.",
    keys=(
        Key(
            name="holds",
            takes="expression",
            says="comparisons (chained, with `and`, `or`, `not`) of numbers, texts, fields and "
            "`+ - * / // % **`; `" + "` `".join(FUNCTIONS) + "` take one argument; "
            "a field by itself is its only value",
            required=True,
        ),
    ),
    parse=parse,
    samples=(
        Sample(
            events='part = "part: {value:d}"\ntotal = "total: {value:d}"',
            rule='relation = { holds = "total.value == sum(part.value)" }',
            accepted="part: 1\npart: 2\ntotal: 3\n",
            refused="part: 1\npart: 2\ntotal: 2\n",
            violation="the relation does not hold",
        ),
        Sample(
            events='put = "put {item:w}"\ngot = "got {item:w}"',
            rule='relation = { holds = "sorted(put.item) == sorted(got.item) and count(put) > 0" }',
            accepted="put a\nput b\ngot b\ngot a\n",
            refused="put a\nput b\ngot b\n",
            violation="the relation does not hold",
        ),
    ),
)
