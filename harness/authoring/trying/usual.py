"""What plain runs of a program always print: a claim that nobody has made, and each run is held to.

Where threads only take turns otherwise, lines come in another order and are still the same lines.
So the order is nobody's matter here; which lines there are, is. What differs from plain run to
plain run (a time, a port, which worker takes what) is the program's way, and is not compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from harness.authoring.propose.learning import learn_events
from harness.judging.stderr import parse_stderr
from harness.judging.trace import read_trace
from harness.language.declarations import Property
from harness.language.patterns import Matcher, Pattern, compile_pattern
from harness.language.properties.base import Across, Facts, Handler, Monitor, Row, Rule
from harness.language.properties.ending import EndingRule
from harness.language.properties.selectors import Selector
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import EventSpec, Value
from harness.values.run import Exited, Run

MOST_KINDS = 40
"""Kinds of lines beyond which none is told from another: they are one event, which is counted."""

MOST_MARKS = 5
MOST_VALUES = 8
MOST_OUTCOMES = 8

ANY = EventSpec(name="line", pattern="{text}")
"""Any line at all."""

_NUMBER = re.compile(r"\d+")

Sightings = Sequence[Mapping[str, Sequence[Sequence[Value]]]]
"""Of each run, by event, the fields of its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What plain runs have in common: the kinds of lines, and a property for each of them.

    ``varying`` are the patterns of lines of which nothing is compared, since plain runs differ.
    """

    events: tuple[EventSpec, ...]
    properties: tuple[Property, ...]
    varying: tuple[str, ...] = ()


def usual_of(runs: Sequence[Run]) -> Usual:
    """What these plain runs of one program have in common."""
    printed = [{"stdout": _lines(run), "stderr": _errors(run)} for run in runs]
    stdout = _events(each["stdout"] for each in printed)
    taken = [event.name for event in stdout]
    stderr = _events((each["stderr"] for each in printed), taken)
    events = (*stdout, *(replace(event, stream="stderr") for event in stderr))
    patterns = {event.name: compile_pattern(event) for event in events}
    seen = [_sighted(each, events, patterns) for each in printed]
    rules = {event.name: _rule(event, patterns[event.name], seen) for event in events}
    return Usual(
        events=events,
        properties=(*_ending(runs), *(property_of(e, rules[e.name]) for e in events)),
        varying=tuple(event.pattern for event in events if rules[event.name].is_empty),
    )


def _lines(run: Run) -> list[str]:
    """The lines of stdout that are not empty: empty ones are layout, or of a torn line."""
    matcher = Matcher([])
    return [line.text for line in read_trace(run.stdout, matcher, mend=False).lines if line.text]


def _errors(run: Run) -> list[str]:
    """The lines of stderr but for panics and tracebacks, which are findings by themselves."""
    return [line for line in parse_stderr(run.stderr, lambda _: False).rest if line]


def _events(runs: Iterable[Sequence[str]], taken: Sequence[str] = ()) -> tuple[EventSpec, ...]:
    """The kinds of lines that these runs have printed; one for all, if they are too many."""
    lines = dict.fromkeys(line for run in runs for line in run)
    kinds = {_NUMBER.sub("0", line) for line in lines}
    if len(kinds) > MOST_KINDS:
        return (replace(ANY, name=f"{ANY.name}-on-stderr") if taken else ANY,)
    return learn_events(lines, taken)


def _sighted(
    printed: Mapping[str, Sequence[str]],
    events: Sequence[EventSpec],
    patterns: Mapping[str, Pattern],
) -> Mapping[str, Sequence[Sequence[Value]]]:
    found: dict[str, list[Sequence[Value]]] = {event.name: [] for event in events}
    for stream, lines in printed.items():
        matcher = Matcher([patterns[e.name] for e in events if e.stream == stream])
        for line in lines:
            if (known := matcher.recognise(line)) is not None:
                found[known[0]].append(known[1])
    return found


def _ending(runs: Sequence[Run]) -> Iterator[Property]:
    """That the program ends with the exit code that it always ended with, if that is not 0."""
    endings = {run.ending for run in runs}
    codes = {ending.code for ending in endings if isinstance(ending, Exited)}
    has_reports = any(parse_stderr(run.stderr, lambda _: False).reports for run in runs)
    if len(endings) == len(codes) == 1 and codes != {0} and not has_reports:
        rule = EndingRule(ending=Exited(*codes))
        yield Property(name="exit code", why=say("try.why-ending"), family="ending", rule=rule)


def property_of(event: EventSpec, rule: UsualLines) -> Property:
    """That a kind of line is printed as in plain runs; it is called by its pattern."""
    name = event.pattern if event.stream == "stdout" else f"{event.pattern} (stderr)"
    return Property(name=name, why=say("try.why-lines"), family=rule.family, rule=rule)


def _rule(event: EventSpec, pattern: Pattern, seen: Sightings) -> UsualLines:
    """What all plain runs agree in, of one kind of lines: their number, and fields of them."""
    counts = {len(run[event.name]) for run in seen}
    if len(counts) > 1:
        return UsualLines(event=event.name)
    # Of any line at all there is nothing but its number that could be compared.
    indexes = range(len(pattern.fields)) if event.pattern != ANY.pattern else ()
    values = {
        index: [Counter(f[index] for f in run[event.name]) for run in seen] for index in indexes
    }
    return UsualLines(
        event=event.name,
        count=counts.pop(),
        values={index: of[0] for index, of in values.items() if all(of[0] == each for each in of)},
        names=pattern.names,
    )


# --- the rule ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualLines(Rule):
    """The lines of one event are those of plain runs, in whatever order.

    There are ``count`` of them (``None``: that varies, and nothing is compared), and those of
    their fields (by position) that never vary have these ``values``, each so many times.
    """

    family: ClassVar[str] = "usual-lines"

    event: str
    count: int | None = None
    values: Mapping[int, Counter[Value]] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is compared."""
        return self.count is None

    def sentence(self) -> Message:
        """``the lines are those of plain runs``."""
        return say("try.sentence")

    def selectors(self) -> Iterable[Selector]:
        """All lines of the event."""
        return (Selector(event=self.event),)

    def monitor(self) -> Monitor:
        """Counts, and compares when the run has ended."""
        return Monitor() if self.is_empty else _Counting(self)

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """The order of the lines is nobody's matter."""
        del selector, fields
        return None

    def table_of(self, seen: Across) -> Sequence[tuple[str, str, str, int]]:
        """What was printed in how many runs, the most frequent first."""
        most = Counter(seen.observed[seen.side]).most_common()
        rows = [(str(outcome), "", "", count) for outcome, count in most[:MOST_OUTCOMES]]
        if left := most[MOST_OUTCOMES:]:
            further = say("try.further", n=len(left))
            rows.append((further, "", "", sum(count for _, count in left)))
        return rows


class _Counting(Monitor):
    """Keeps the fields of the event's lines, and where they were."""

    def __init__(self, rule: UsualLines) -> None:
        self._rule = rule
        self._seen: list[tuple[int, Sequence[Value]]] = []
        self._violation: Violation | None = None

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        """Every line of the event."""
        return ((Selector(event=self._rule.event), self._take),)

    def _take(self, number: int, fields: Sequence[Value]) -> Violation | None:
        self._seen.append((number, fields))
        return None

    def observation(self) -> Hashable | None:
        """What of it differs from plain runs, in one line."""
        violation = self._violation
        if violation is None:
            return say("try.as-usual")
        return violation.found

    def finish(self, facts: Facts) -> Violation | None:
        """Hold what was printed against what plain runs print."""
        del facts
        self._violation = self._held()
        return self._violation

    def _held(self) -> Violation | None:
        rule = self._rule
        for index, usual in rule.values.items():
            found = Counter(fields[index] for _, fields in self._seen)
            if found == usual:
                continue
            more, less = found - usual, usual - found
            name = rule.names[index]
            return Violation(
                message=say("try.other-values"),
                marks=tuple(self._marks(index, more)),
                expected=_told(name, less),
                found=_told(name, more),
            )
        if rule.count is not None and rule.count != len(self._seen):
            return Violation(
                message=say("try.other-number"),
                expected=say("lines", n=rule.count),
                found=say("lines", n=len(self._seen)),
            )
        return None

    def _marks(self, index: int, more: Mapping[Value, int]) -> Iterator[Mark]:
        """The lines whose value is not a usual one, as far as they can be told."""
        unusual = [n for n, fields in self._seen if fields[index] in more]
        for number in unusual[:MOST_MARKS]:
            yield Mark(line=number, note=say("try.mark"))


def _told(name: str, values: Mapping[Value, int]) -> str:
    """``total = 9``, ``i = 3, 4 and 2 more``; nothing, if there are none."""
    texts = [str(v) for v, times in sorted(values.items(), key=_by_value) for _ in range(times)]
    if not texts:
        return say("try.no-such", name=name)
    shown = ", ".join(texts[:MOST_VALUES])
    left = len(texts) - MOST_VALUES
    if left > 0:
        return say("try.values-and-more", name=name, values=shown, n=left)
    return say("try.values", name=name, values=shown)


def _by_value(item: tuple[Value, int]) -> tuple[bool, float, str]:
    """Numbers by size, before texts."""
    value = item[0]
    is_text = isinstance(value, str)
    return (is_text, 0.0 if isinstance(value, str) else float(value), str(value))
