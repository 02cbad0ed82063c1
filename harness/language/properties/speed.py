"""speed: ratios of what a program has measured, and of processor time to elapsed time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.language.patterns import FieldKind
from harness.language.properties.base import (
    Facts,
    Family,
    Handler,
    Key,
    Monitor,
    Rule,
    Sample,
    Told,
)
from harness.language.properties.selectors import Events, FieldRef, Selector, parse_field
from harness.language.tables import Table
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Scope, Value

CPU_OVER_WALL = "cpu/wall"

_SUM = re.compile(r"sum\((.*)\)$")


@dataclass(frozen=True, slots=True)
class Duration:
    """What one side of a ratio is: the only value of a field, or the sum of all."""

    of: FieldRef
    is_sum: bool = False

    def __str__(self) -> str:
        """As it is written in a spec."""
        return f"sum({self.of})" if self.is_sum else str(self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed(Rule):
    """A ratio is at least ``least``, or at most ``most``; just one of them is given.

    ``ratio`` divides its first by its second; without it, the processor time
    of the whole process is divided by its elapsed time.
    """

    family: ClassVar[str] = "speed"

    ratio: tuple[Duration, Duration] | None = None
    least: float | None = None
    most: float | None = None

    def sentence(self) -> Message:
        """```sequential.seconds` is at least 1.3 times `threaded.seconds```."""
        if self.ratio is None:
            return say("speed.of-process", bound=self.bound)
        one, other = map(str, self.ratio)
        return say("speed.of-ratio", one=one, other=other, bound=self.bound)

    @property
    def bound(self) -> Message:
        """``at least 1.3``."""
        if self.least is not None:
            return say("speed.at-least", n=self.least)
        return say("speed.at-most", n=self.most or 0.0)

    @property
    def allowed_scopes(self) -> tuple[Scope, ...]:
        """A busy machine slows any run down, but speeds none up."""
        return (Scope.SOME_RUN,) if self.least is not None else (Scope.EVERY_RUN,)

    @property
    def needs_processor_time(self) -> bool:
        """For the ratio of that to the elapsed time."""
        return self.ratio is None

    def selectors(self) -> Iterable[Selector]:
        """The lines that print what was measured."""
        return [duration.of.selector for duration in self.ratio or ()]

    def monitor(self) -> Monitor:
        """The two durations."""
        return _Durations(self)


class _Durations(Monitor):
    """Adds up both durations as they are printed, in the program's own unit.

    Only their ratio is judged. Without ``ratio`` it is the processor time of the whole
    process over its wall time, in seconds.
    """

    def __init__(self, rule: Speed) -> None:
        self.rule = rule
        self.totals = [0.0, 0.0]
        self.lines = [0, 0]
        self.last = [0, 0]

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        for position, duration in enumerate(self.rule.ratio or ()):
            yield duration.of.selector, self._taker(position, duration.of.index)

    def _taker(self, position: int, index: int) -> Handler:
        def take(line: int, fields: Sequence[Value]) -> Violation | None:
            self.totals[position] += _as_float(fields[index])
            self.lines[position] += 1
            self.last[position] = line
            return None

        return take

    def finish(self, facts: Facts) -> Violation | None:
        if self.rule.ratio is None:
            return self._judge(facts.cpu_seconds, facts.wall_seconds)
        for duration, lines in zip(self.rule.ratio, self.lines, strict=True):
            if not lines or (lines > 1 and not duration.is_sum):
                found = say("printed.times", n=lines) if lines else say("printed.never")
                return self._wrong(say("speed.printed", of=str(duration.of), how=found), found)
        return self._judge(*self.totals)

    def _judge(self, first: float, second: float) -> Violation | None:
        if second <= 0:
            return self._wrong(say("speed.to-nothing"), f"{first:g} / {second:g}")
        ratio = first / second
        found = f"{ratio:.3g} ({first:.6g} / {second:.6g})"
        # Written so that infinity by infinity, which is no number, is no pass either.
        if self.rule.least is not None and not ratio >= self.rule.least:
            return self._wrong(say("speed.too-small"), found)
        if self.rule.most is not None and not ratio <= self.rule.most:
            return self._wrong(say("speed.too-large"), found)
        return None

    def _wrong(self, message: Message, found: str) -> Violation:
        durations = self.rule.ratio or ()
        ratio = " / ".join(map(str, durations)) or CPU_OVER_WALL
        return Violation(
            message=message,
            marks=tuple(
                Mark(line=line, note=str(duration))
                for line, duration in zip(self.last, durations, strict=False)
                if line
            ),
            expected=say("speed.expected", ratio=ratio, bound=self.rule.bound),
            found=found,
        )


def _as_float(value: Value) -> float:
    """As a float; an integer beyond the greatest float is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def parse(table: Table, events: Events) -> Speed:
    """Read the table of a speed: one ratio and one bound on it."""
    if ("ratio" in table) == ("of" in table):
        table.fail("", f'expected either "ratio" or of = "{CPU_OVER_WALL}"')
    table.choice("of", (CPU_OVER_WALL,), None)
    ratio = _parse_ratio(table, events)
    least, most = table.number("at-least", None), table.number("at-most", None)
    if (least is None) == (most is None):
        table.fail(
            "", 'expected either "at-least" (sometimes) or "at-most" (always); '
            "for both, write two properties"
        )  # fmt: skip
    for key, bound in (("at-least", least), ("at-most", most)):
        if bound is not None and not 0 < bound < float("inf"):
            table.fail(key, f"expected a number above 0, found {bound}")
    return Speed(ratio=ratio, least=least, most=most)


def _parse_ratio(table: Table, events: Events) -> tuple[Duration, Duration] | None:
    """Two different durations; ``None`` where the table asks for processor time instead."""
    texts = table.texts("ratio", None) if "ratio" in table else table.take("ratio", None)
    if texts is None:
        return None
    if len(texts) != 2:
        table.fail("ratio", f"expected two fields, found {len(texts)}")
    first, second = (_parse_duration(table, text, events) for text in texts)
    if first.of == second.of:
        table.fail("ratio", f'"{first}" to itself is always the same')
    return first, second


def _parse_duration(table: Table, text: str, events: Events) -> Duration:
    """A field that holds a number, by itself or as ``sum(field)``."""
    inner = _SUM.match(text)
    of = parse_field(table, "ratio", inner[1] if inner else text, events)
    if events[of.selector.event].fields[of.index].kind not in (
        FieldKind.INTEGER,
        FieldKind.DECIMAL,
    ):
        table.fail("ratio", f'"{of}" is a text, which measures nothing')
    return Duration(of, is_sum=inner is not None)


FAMILY = Family(
    name="speed",
    summary="How durations compare, never how long they are: a machine may always be slower.",
    keys=(
        Key(
            name="ratio",
            takes="two fields",
            says="the first divided by the second; each is printed once, or is `sum(event.field)`",
        ),
        Key(name="of", takes='"cpu/wall"', says="processor time by elapsed time of the process"),
        Key(
            name="at-least",
            takes="number",
            says="the ratio is at least so much; only of `sometimes`",
        ),
        Key(name="at-most", takes="number", says="the ratio is at most so much; only of `always`"),
    ),
    parse=parse,
    samples=(
        Sample(
            events='one = "one thread: {seconds:f} s"\ntwo = "two threads: {seconds:f} s"',
            rule='speed = { ratio = ["one.seconds", "two.seconds"], at-least = 1.3 }',
            accepted="one thread: 2.0 s\ntwo threads: 1.1 s\n",
            refused="one thread: 2.0 s\ntwo threads: 1.9 s\n",
            violation="the ratio is too small",
        ),
        Sample(
            events='done = "done"',
            rule='speed = { of = "cpu/wall", at-most = 1.2 }',
            accepted="done\n",
            refused="done\n",
            violation="the ratio is too large",
            accepted_with=Told(cpu_seconds=0.9, wall_seconds=1.0),
            refused_with=Told(cpu_seconds=1.9, wall_seconds=1.0),
        ),
    ),
)
