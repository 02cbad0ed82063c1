"""outcomes: the results that a racy program may have, each graded and explained."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.language.properties.base import (
    Across,
    Facts,
    Family,
    Handler,
    Key,
    Monitor,
    Row,
    Rule,
    Sample,
    Told,
)
from harness.language.properties.ending import ending_text
from harness.language.properties.outcome_entries import (
    GRADE_NAMES,
    Entry,
    Outcome,
    Subject,
    parse_entries,
)
from harness.language.properties.selectors import (
    Events,
    FieldRef,
    Selector,
    parse_field,
    parse_selector,
)
from harness.language.tables import Table
from harness.values.finding import Mark, Violation
from harness.values.messages import Message, say
from harness.values.program import Scope, Value
from harness.values.words import kind_of

ENDING = "ending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes(Rule):
    """Every outcome is one of ``entries``, of which the first that takes it counts.

    ``of`` are fields that are printed once each, or selectors whose order of
    first appearance is the outcome, or nothing: then it is the ending.
    """

    family: ClassVar[str] = "outcomes"

    of: Subject
    entries: tuple[Entry, ...]

    def sentence(self) -> Message:
        """``the outcome of `total.value` is 6 (acceptable) or 2 (interesting)``."""
        allowed = tuple(
            say("outcomes.graded", outcome=e.told, grade=say(GRADE_NAMES[e.grade]))
            for e in self.entries
            if e.grade != "forbidden"
        )
        forbidden = tuple(e.told for e in self.entries if e.grade == "forbidden")
        return say(
            "outcomes",
            subject=self._subject(),
            allowed=allowed or say("outcomes.any-other"),
            never=say("outcomes.never", outcomes=forbidden) if forbidden else "",
        )

    def _subject(self) -> Message:
        """What the outcome is read from, for the property's sentence."""
        names = tuple(map(str, self.of))
        if not self.of:
            return say("outcomes.of-ending")
        if isinstance(self.of[0], Selector):
            return say("outcomes.of-order", names=names)
        return say("outcomes.of-fields", names=names)

    def selectors(self) -> Iterable[Selector]:
        """The lines that hold the outcome."""
        return [of if isinstance(of, Selector) else of.selector for of in self.of]

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """Fields are printed once each: only of events it is the order that is the outcome."""
        del selector, fields
        return Row() if self.of and isinstance(self.of[0], Selector) else None

    @property
    def replaces_ending(self) -> bool:
        """Whether the outcome is the ending."""
        return not self.of

    @property
    def allowed_scopes(self) -> tuple[Scope, ...]:
        """Grades are of all runs; what some run must show is graded ``sometimes``."""
        return (Scope.EVERY_RUN,)

    def monitor(self) -> Monitor:
        """The outcome so far."""
        if not self.of:
            return _Ending(self)
        return _Firsts(self) if isinstance(self.of[0], Selector) else _Fields(self)

    def entry_of(self, outcome: Outcome) -> Entry | None:
        """The entry that counts for an outcome, if any does."""
        return next((entry for entry in self.entries if entry.takes(outcome)), None)

    def counts(self, observed: Iterable[tuple[Hashable, int]]) -> dict[Entry | None, int]:
        """How often the outcomes of each entry came, and (``None``) of no entry."""
        counts: dict[Entry | None, int] = dict.fromkeys(self.entries, 0)
        for outcome, count in observed:
            entry = self.entry_of(outcome) if isinstance(outcome, tuple) else None
            counts[entry] = counts.get(entry, 0) + count
        return counts

    @property
    def may_come_later(self) -> bool:
        """What some run must show and none has shown yet may still come."""
        return True

    @property
    def allows_hang(self) -> bool:
        """A hang is one of the endings that are graded."""
        return self.replaces_ending

    def across(self, seen: Across) -> Sequence[Violation]:
        """What some run must show, and none did."""
        counts = self.counts(seen.observed.get(seen.side, {}).items())
        runs = seen.runs.get(seen.side, 0)
        others = runs - seen.plain_runs.get(seen.side, runs)
        said = say("outcomes.in-none", n=runs)
        if others:
            said = say("outcomes.in-none-steered", n=runs, steered=others)
        return [
            Violation(
                message=say("outcomes.missing", outcome=entry.told),
                expected=say("outcomes.in-some-run", outcome=entry.told),
                found=said,
            )
            for entry in self.entries
            if runs and entry.grade == "sometimes" and not counts[entry]
        ]

    def table_of(self, seen: Across) -> Sequence[tuple[str, str, str, int]]:
        """Each entry with how often it came, and what is not listed."""
        counts = self.counts(seen.observed.get(seen.side, {}).items())
        return [
            (entry.text, entry.grade, entry.why, count)
            if entry is not None
            else (say("outcomes.unlisted"), "forbidden", say("outcomes.unlisted-why"), count)
            for entry, count in counts.items()
        ]


def outcome_text(outcome: Outcome) -> str:
    """An outcome as a report shows it."""
    match outcome:
        case ():
            return say("nothing")
        case (Message() as ending,):
            return ending
        case _:
            return ", ".join(map(str, outcome))


class _Graded(Monitor):
    """Judges the outcome when the run has ended."""

    def __init__(self, rule: Outcomes) -> None:
        self.rule = rule
        self.outcome: Outcome | None = None

    def observation(self) -> Hashable | None:
        return self.outcome

    def _judge(self, outcome: Outcome, marks: tuple[Mark, ...] = ()) -> Violation | None:
        """Keep the outcome, and say what is wrong with it.

        Of allowed ones all runs together tell.
        """
        self.outcome = outcome
        entry = self.rule.entry_of(outcome)
        if entry is not None and entry.grade != "forbidden":
            return None
        text = outcome_text(outcome)
        allowed = tuple(entry.told for entry in self.rule.entries if entry.grade != "forbidden")
        if entry is None:
            message = say("outcomes.not-listed", outcome=text)
        else:
            message = say("outcomes.forbidden", outcome=text, why=entry.why)
        return Violation(
            message=message,
            marks=marks,
            expected=say("either", items=allowed) if allowed else say("outcomes.any-other-outcome"),
            found=text,
        )


class _Ending(_Graded):
    """The outcome is how the run ended."""

    def finish(self, facts: Facts) -> Violation | None:
        return self._judge((ending_text(facts.ending),))


class _Firsts(_Graded):
    """The outcome is in which order the events came first; those that never came are left out."""

    def __init__(self, rule: Outcomes) -> None:
        super().__init__(rule)
        self.came: dict[str, int] = {}

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        return [(selector, self._taker(str(selector))) for selector in self.rule.selectors()]

    def _taker(self, name: str) -> Handler:
        def take(line: int, _fields: Sequence[Value]) -> Violation | None:
            self.came.setdefault(name, line)
            return None

        return take

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        marks = tuple(
            Mark(line=line, note=f"{number}: {name}")
            for number, (name, line) in enumerate(self.came.items(), 1)
        )
        return self._judge(tuple(self.came), marks)


class _Fields(_Graded):
    """The outcome is the values of the fields, each printed once in a run, in the order of ``of``.

    A field that is printed twice, or never, makes the run a violation without an outcome.
    """

    def __init__(self, rule: Outcomes) -> None:
        super().__init__(rule)
        self.of = [ref for ref in rule.of if isinstance(ref, FieldRef)]
        self.values: list[Value] = [0] * len(self.of)
        self.lines: list[int] = [0] * len(self.of)

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        for position, ref in enumerate(self.of):
            yield ref.selector, self._taker(position, ref)

    def _taker(self, position: int, ref: FieldRef) -> Handler:
        def take(line: int, fields: Sequence[Value]) -> Violation | None:
            if self.lines[position]:
                return self._twice(position, line)
            self.values[position], self.lines[position] = fields[ref.index], line
            return None

        return take

    def _twice(self, position: int, line: int) -> Violation:
        """A field that makes up an outcome is to come once in a run."""
        ref = self.of[position]
        return Violation(
            message=say("outcomes.twice", of=str(ref)),
            marks=(
                Mark(line=self.lines[position], note=say("first", name=str(ref))),
                Mark(line=line, note=say("again", name=str(ref))),
            ),
            expected=say("one-line", name=str(ref.selector)),
            found=say("a-second-one"),
        )

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        for ref, line in zip(self.of, self.lines, strict=True):
            if not line:
                return Violation(
                    message=say("outcomes.never-printed", of=str(ref)),
                    expected=say("one-line", name=str(ref.selector)),
                    found=say("none"),
                )
        marks = (
            Mark(line=line, note=f"{ref.field} = {value}")
            for ref, line, value in zip(self.of, self.lines, self.values, strict=True)
        )
        return self._judge(tuple(self.values), tuple(marks))


# --- reading ----------------------------------------------------------------------


def parse(table: Table, events: Events) -> Outcomes:
    """Read the table of outcomes; an entry that nothing can reach is refused."""
    of = _parse_of(table, events)
    return Outcomes(of=of, entries=parse_entries(table, of, events))


def _parse_of(table: Table, events: Events) -> Subject:
    """Fields, or events whose order is asked, or nothing: then it is the ending."""
    value = table.take("of")
    if value == ENDING and ENDING not in events:
        return ()
    texts = value if isinstance(value, list) else [value]
    fields = [isinstance(text, str) and "." in text.rpartition("]")[2] for text in texts]
    if not texts or not (all(fields) or (isinstance(value, list) and not any(fields))):
        table.fail(
            "of", f'expected a field, a list of fields or of events, or "{ENDING}", '
            f"found {kind_of(value)}"
        )  # fmt: skip
    if all(fields):
        return _distinct(table, tuple(parse_field(table, "of", text, events) for text in texts))
    selectors = tuple(parse_selector(table, "of", text, events) for text in texts)
    for position, one in enumerate(selectors):
        if any(one.meets(other) for other in selectors[:position]):
            table.fail("of", f'"{one}" can be the same line as another')
    return selectors


def _distinct(table: Table, refs: tuple[FieldRef, ...]) -> tuple[FieldRef, ...]:
    """The same fields; refuses one that is there twice."""
    for position, ref in enumerate(refs):
        if ref in refs[:position]:
            table.fail("of", f'"{ref}" is there twice')
    return refs


_LOST = """outcomes = { of = "total.value", are = [
    { is = 2, acceptable = "no update was lost" },
    { is = 1, interesting = "one update overwrote the other" },
] }"""

_DEADLOCK = """outcomes = { of = "ending", are = [
    { is = "exit 0", acceptable = "one was done before the other began" },
    { is = "hang", interesting = "each waits for the other" },
] }"""

FAMILY = Family(
    name="outcomes",
    summary="The results that a racy program may have, each graded, explained and counted.",
    keys=(
        Key(
            name="of",
            takes='field(s), selectors, or "ending"',
            says="what the result is: fields that are printed once each; the order in which "
            "lines of these events first come; or how the program ends",
            required=True,
        ),
        Key(
            name="are",
            takes="list of tables",
            says="`is` (a value, a range, a list of one for each field, or `any`) and its grade "
            "with the reason: `acceptable`, `interesting`, `sometimes` (some run must show it) or "
            "`forbidden`; the first that fits counts, and what is not listed is a violation",
            required=True,
        ),
    ),
    parse=parse,
    samples=(
        Sample(
            events='total = "total: {value:d}"',
            rule=_LOST,
            accepted="total: 1\n",
            refused="total: 0\n",
            violation="the outcome 0 is not listed",
        ),
        Sample(
            events='start = "start"',
            rule=_DEADLOCK,
            accepted="start\n",
            refused="start\n",
            violation="the outcome exit 1 is not listed",
            accepted_with=Told(ending="hang"),
            refused_with=Told(ending="exit 1"),
        ),
    ),
)
