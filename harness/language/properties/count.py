"""count: how many lines of an event there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.language.properties.base import Facts, Family, Handler, Key, Monitor, Row, Rule, Sample
from harness.language.properties.selectors import Events, Selector, field_index, parse_selector
from harness.language.tables import Table
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Value

_NO_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Rule):
    """At least ``least`` and at most ``most`` lines, together or for each key.

    ``keys`` gives the position of the key field in each selector's event.
    """

    family: ClassVar[str] = "count"

    of: tuple[Selector, ...]
    least: int = 0
    most: int = _NO_LIMIT
    same: str = ""
    keys: tuple[int, ...] = ()

    def sentence(self) -> Message:
        """``there are exactly 10 `worker` lines``."""
        names = _names(self)
        each = say("each", same=self.same) if self.same else ""
        bounds = self.bounds
        if bounds is None:
            return say("count.is-none", names=names, each=each)
        one = self.most == 1 or (self.most == _NO_LIMIT and self.least == 1)
        return say("count.is" if one else "count.are", bounds=bounds, names=names, each=each)

    @property
    def bounds(self) -> Message | None:
        """Such as ``exactly 10`` or ``at least 2``; ``None``: there is to be no such line."""
        if self.least == self.most:
            return say("count.exactly", n=self.most) if self.most else None
        if self.most == _NO_LIMIT:
            return say("count.at-least", n=self.least)
        if self.least:
            return say("count.from-to", least=self.least, most=self.most)
        return say("count.at-most", n=self.most)

    @property
    def needs_the_end(self) -> bool:
        """What is missing may still come; one line too many is one for ever."""
        return self.least > 0

    def selectors(self) -> Iterable[Selector]:
        """The counted lines."""
        return self.of

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """None: how many there are is all that matters."""
        del selector, fields
        return None

    def monitor(self) -> Monitor:
        """One number, or one for each key."""
        return _CountPerKey(self) if self.same else _Total(self)


class _Total(Monitor):
    """One number for all lines."""

    def __init__(self, rule: Count) -> None:
        self.rule = rule
        self.seen = 0
        self.most = rule.most

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        return ((selector, self._take) for selector in self.rule.of)

    def _take(self, line: int, _fields: Sequence[Value]) -> Violation | None:
        self.seen += 1
        if self.seen <= self.most:
            return None
        return _too_many(self.rule, self.seen, line)

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        return _too_few(self.rule, self.seen) if self.seen < self.rule.least else None


class _CountPerKey(Monitor):
    """A key that no line has is not looked at: ``at-least`` is of those that are seen."""

    def __init__(self, rule: Count) -> None:
        self.rule = rule
        self.seen: dict[Value, int] = {}

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        for selector, index in zip(self.rule.of, self.rule.keys, strict=True):
            yield selector, self._taker(index)

    def _taker(self, index: int) -> Handler:
        def take(line: int, fields: Sequence[Value]) -> Violation | None:
            key = fields[index]
            self.seen[key] = seen = self.seen.get(key, 0) + 1
            if seen <= self.rule.most:
                return None
            return _too_many(self.rule, seen, line, say("for", key=self.rule.same, value=key))

        return take

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        for key, seen in self.seen.items():
            if seen < self.rule.least:
                return _too_few(self.rule, seen, say("for", key=self.rule.same, value=key))
        return None


def _names(rule: Count) -> tuple[str, ...]:
    return tuple(map(str, rule.of))


def _too_many(rule: Count, seen: int, line: int, where: str = "") -> Violation:
    """The line is the first that is too many: what breaks later is not told."""
    return Violation(
        message=say("count.too-many", names=_names(rule), where=where),
        marks=(Mark(line=line, note=say("count.number", n=seen)),),
        expected=_expected(rule, where),
        found=say("count.further", line=line),
    )


def _too_few(rule: Count, seen: int, where: str = "") -> Violation:
    """The run has ended with fewer than the least."""
    return Violation(
        message=say("count.too-few", names=_names(rule), where=where),
        expected=_expected(rule, where),
        found=str(seen) if seen else say("none"),
    )


def _expected(rule: Count, where: str) -> Message:
    """The bounds in words; ``most = 0`` as what may never be printed."""
    if (bounds := rule.bounds) is None:
        return say("count.expected-none", names=_names(rule), where=where)
    return say("count.expected", bounds=bounds, names=_names(rule), where=where)


def parse(table: Table, events: Events) -> Count:
    """Read the table of a count; a bound that no trace could break is refused."""
    of = tuple(parse_selector(table, "of", text, events) for text in table.texts("of"))
    if not of:
        table.fail("of", "expected at least one event")
    for position, one in enumerate(of):
        for other in of[:position]:
            if one.meets(other):
                table.fail("of", f'"{other}" and "{one}" would count the same line twice')
    least, most = _parse_bounds(table)
    same = table.text("same", "")
    keys = tuple(field_index(table, "same", s.event, same, events) for s in of) if same else ()
    if same and most == _NO_LIMIT and least <= 1:
        table.fail("", f'nothing can break this: a "{same}" that is seen is seen at least once')
    return Count(of=of, least=least, most=most, same=same, keys=keys)


def _parse_bounds(table: Table) -> tuple[int, int]:
    """The least and the most; bounds that nothing can break, or nothing keep, are refused."""
    exact = table.integer("is", None)
    least, most = table.integer("at-least", None), table.integer("at-most", None)
    for key, bound in (("is", exact), ("at-least", least), ("at-most", most)):
        if bound is not None and bound < 0:
            table.fail(key, f"expected a number from 0 on, found {bound}")
    if exact is not None:
        if least is not None or most is not None:
            table.fail("is", 'give either "is" or bounds, not both')
        return exact, exact
    if least is None and most is None:
        table.fail("", 'expected "is", "at-least" or "at-most"')
    if least is not None and most is not None and least > most:
        table.fail("at-least", f"no count is at least {least} and at most {most}")
    if least == 0 and most is None:
        table.fail("at-least", "nothing can break this: every count is at least 0")
    return least or 0, _NO_LIMIT if most is None else most


FAMILY = Family(
    name="count",
    summary="How many lines there are: exactly, at least, at most; together or for each key.",
    keys=(
        Key(name="of", takes="selector(s)", says="the lines to count", required=True),
        Key(name="is", takes="number", says="exactly so many"),
        Key(name="at-least", takes="number", says="so many or more"),
        Key(name="at-most", takes="number", says="so many or fewer"),
        Key(name="same", takes="field", says="count separately for each value of this field"),
    ),
    parse=parse,
    samples=(
        Sample(
            events='tick = "tick {i:d}"',
            rule='count = { of = "tick", is = 2 }',
            accepted="tick 0\ntick 1\n",
            refused="tick 0\ntick 1\ntick 2\n",
            violation="one tick line too many",
        ),
        Sample(
            events='done = "worker {w:d} did {job}"',
            rule='count = { of = "done", at-least = 2, at-most = 3, same = "w" }',
            accepted="worker 1 did a\nworker 2 did b\nworker 2 did c\nworker 1 did d\n",
            refused="worker 1 did a\nworker 2 did b\nworker 2 did c\n",
            violation="too few done lines for w 1",
        ),
    ),
)
