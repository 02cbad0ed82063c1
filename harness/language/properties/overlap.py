"""overlap: two streams of lines really interleave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.language.properties.base import Facts, Family, Handler, Key, Monitor, Rule, Sample
from harness.language.properties.selectors import Events, Selector, parse_selector
from harness.language.tables import Table
from harness.values.finding import Violation
from harness.values.messages import Message, say
from harness.values.program import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap(Rule):
    """Neither of the two streams lies wholly before the other."""

    family: ClassVar[str] = "overlap"

    one: Selector
    other: Selector

    def sentence(self) -> Message:
        """``the `worker` and the `main` lines interleave``."""
        return say("overlap", one=str(self.one), other=str(self.other))

    def selectors(self) -> Iterable[Selector]:
        """Both streams."""
        return (self.one, self.other)

    def monitor(self) -> Monitor:
        """The first and the last line of each stream."""
        return _Extents(self)


class _Extents(Monitor):
    def __init__(self, rule: Overlap) -> None:
        self.rule = rule
        self.first = [0, 0]
        self.last = [0, 0]

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        return ((self.rule.one, self._taker(0)), (self.rule.other, self._taker(1)))

    def _taker(self, which: int) -> Handler:
        """The first and the last line of each stream are all that has to be known."""
        first, last = self.first, self.last

        def take(line: int, _fields: Sequence[Value]) -> Violation | None:
            first[which] = first[which] or line
            last[which] = line
            return None

        return take

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        names = (str(self.rule.one), str(self.rule.other))
        for name, first in zip(names, self.first, strict=True):
            if not first:
                return self._apart(say("overlap.none", name=name))
        if self.last[0] < self.first[1]:
            return self._apart(say("overlap.wholly-before", one=names[0], other=names[1]))
        if self.last[1] < self.first[0]:
            return self._apart(say("overlap.wholly-before", one=names[1], other=names[0]))
        return None

    def _apart(self, found: Message) -> Violation:
        """The two are not beside each other; ``found`` says how they are instead."""
        return Violation(
            message=say("overlap.broken", one=str(self.rule.one), other=str(self.rule.other)),
            expected=say("overlap.expected"),
            found=found,
        )


def parse(table: Table, events: Events) -> Overlap:
    """Read the table of an overlap: two selectors of different lines."""
    texts = table.texts("of")
    if len(texts) != 2:
        table.fail("of", f"expected two events, found {len(texts)}")
    one, other = (parse_selector(table, "of", text, events) for text in texts)
    if one.meets(other):
        table.fail("of", f'"{one}" and "{other}" can be the same line')
    return Overlap(one=one, other=other)


FAMILY = Family(
    name="overlap",
    summary="Two streams interleave: neither lies wholly before the other. Best of `sometimes`.",
    keys=(Key(name="of", takes="two selectors", says="the two streams", required=True),),
    parse=parse,
    samples=(
        Sample(
            events='worker = "worker {i:d}"\nmain = "main {i:d}"',
            rule='overlap = { of = ["worker", "main"] }',
            accepted="worker 0\nmain 0\nworker 1\n",
            refused="worker 0\nworker 1\nmain 0\n",
            violation="worker and main do not overlap",
        ),
    ),
)
