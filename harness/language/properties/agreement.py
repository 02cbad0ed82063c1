"""agreement: both sides, in every run, print the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import ClassVar, Literal, TypeAlias, cast, get_args

from harness.language.properties.base import (
    Across,
    Facts,
    Family,
    Handler,
    Key,
    LineHandler,
    Monitor,
    Row,
    Rule,
    Sample,
    Told,
)
from harness.language.properties.outcomes import Outcomes
from harness.language.properties.selectors import Events, FieldRef, Selector, parse_field
from harness.language.tables import Table
from harness.values.finding import Violation
from harness.values.messages import Message, say
from harness.values.program import Scope, Side, Value

Way: TypeAlias = Literal["sequence", "multiset", "set"]
WAYS: tuple[Way, ...] = get_args(Way)
OUTPUT = "output"
OUTCOMES = "outcomes"
SHOWN_LINES = 200
"""Lines of output that are kept to show where two outputs part; all are compared."""

_SHOWN_VALUES = 10

_CLAIMS = {
    "sequence": "agreement.sequence",
    "multiset": "agreement.multiset",
    "set": "agreement.set",
}
"""For each way to compare values the message that says what agrees."""


_Key: TypeAlias = tuple[Side, str]
"""A toolchain: its side and label."""


@dataclass(frozen=True, slots=True)
class SeenValues:
    """What one run printed, in the form in which runs are compared.

    ``items`` are what can be shown of it, ``count`` how many there are in
    all, and ``digest`` stands for those that are not kept.
    """

    items: tuple[Hashable, ...]
    count: int
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairwise(Rule):
    """A rule about both sides: about the programs that its property names."""

    family: ClassVar[str] = "agreement"

    @property
    def is_across(self) -> bool:
        """One run by itself agrees with anything."""
        return True

    @property
    def compares_sides(self) -> bool:
        """It is nothing without either."""
        return True

    @property
    def allowed_sides(self) -> tuple[Side | None, ...]:
        """It is always about both."""
        return (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(_Pairwise):
    """All runs of both sides print the same values of ``of``, or (``None``) the same text."""

    of: FieldRef | None
    way: Way = "sequence"
    events: tuple[Selector, ...] = ()

    def sentence(self) -> Message:
        """``both sides print the same sequence of `result.value` in every run``."""
        if self.of is None:
            return say("agreement.text")
        return say(_CLAIMS[self.way], of=str(self.of))

    def selectors(self) -> Iterable[Selector]:
        """The lines that hold the field; for the text, all."""
        return self.events if self.of is None else (self.of.selector,)

    def row_of(self, selector: Selector, fields: Sequence[Value]) -> Row | None:
        """None where it is asked which values there are, or how often each."""
        del selector, fields
        return Row() if self.way == "sequence" else None

    def monitor(self) -> Monitor:
        """What the run prints."""
        return _WholeText() if self.of is None else _FieldValues(self.of, self.way)

    @property
    def allowed_scopes(self) -> tuple[Scope, ...]:
        """It compares all runs."""
        return (Scope.EVERY_RUN,)

    def across(self, seen: Across) -> Sequence[Violation]:
        """Where runs under this toolchain differ, or it and another one do.

        Of two that disagree it is the one that fewer others agree with which is
        wrong, or both: what one interpreter does is laid at no other's door.
        """
        printed = _printed(seen)
        own = (seen.side, seen.toolchain)
        mine = printed.get(own, [])
        # Before any other toolchain is looked at: what differs from itself agrees with nobody.
        if len(mine) > 1:
            where, expected, found = self._difference(mine[0], mine[1])
            message = say("agreement.own-runs", of=_name(own), where=where)
            return [Violation(message=message, expected=expected, found=found)]
        if not mine:
            return ()
        # With how many toolchains each output was: most interpreters agree, and one differs.
        alike = Counter(first for first, *_ in printed.values())
        # The other side first: that the languages differ says more than that two versions do.
        for other in sorted(printed, key=lambda key: key[0] is seen.side):
            first, *_ = printed[other]
            # Of as many on either side both are told of: nobody knows which is wrong.
            if first != mine[0] and alike[mine[0]] <= alike[first]:
                return [self._apart(own, other, printed)]
        return ()

    def _apart(self, own: _Key, other: _Key, printed: Mapping[_Key, list[SeenValues]]) -> Violation:
        """That two toolchains disagree: Python is named first, or the one that is right."""
        one, two = (own, other) if own[0] is Side.PYTHON and other[0] is Side.RUST else (other, own)
        where, expected, found = self._difference(printed[one][0], printed[two][0])
        message = say("agreement.broken", one=_name(one), other=_name(two), where=where)
        return Violation(message=message, expected=expected, found=found)

    def _difference(self, one: SeenValues, other: SeenValues) -> tuple[str, str, str]:
        """From where on two outputs differ, if they have an order, and what each is there."""
        if self.way != "sequence":
            return "", _show(one.items), _show(other.items)
        number, expected, found = _first_difference(one, other)
        unit = "agreement.from-line" if self.of is None else "agreement.from-value"
        return say(unit, n=number), expected, found


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesAgreement(_Pairwise):
    """Both sides have shown the same outcomes, as the rule of another property tells them apart."""

    name: str
    outcomes: Outcomes | None = None

    def sentence(self) -> Message:
        """``both sides show the same outcomes of `unlocked-total```."""
        return say("agreement.outcomes", of=self.name)

    @property
    def needs(self) -> str:
        """The property whose outcomes are compared."""
        return self.name

    def linked(self, other: Rule) -> Rule:
        """With the rule that reads the outcomes; raises TypeError for another family's."""
        if not isinstance(other, Outcomes):
            raise TypeError(f"expected outcomes, found {other.family}")
        return replace(self, outcomes=other)

    def selectors(self) -> Iterable[Selector]:
        """The lines that hold the outcome."""
        return self.outcomes.selectors() if self.outcomes is not None else ()

    def monitor(self) -> Monitor:
        """Reads the outcome, and leaves judging it to the other property."""
        return Monitor() if self.outcomes is None else _Read(self.outcomes.monitor())

    @property
    def allowed_scopes(self) -> tuple[Scope, ...]:
        """What has not been seen yet may still come."""
        return (Scope.SOME_RUN,)

    @property
    def may_come_later(self) -> bool:
        """What one side has not shown yet it may still show."""
        return True

    def across(self, seen: Across) -> Sequence[Violation]:
        """Which outcomes one side has shown and the other has not."""
        # A side that was not run has shown nothing, which is no disagreement.
        if self.outcomes is None or not all(seen.runs.get(side) for side in Side):
            return ()
        python, rust = (self._shown(seen, side) for side in Side)
        if python == rust:
            return ()
        return [
            Violation(
                message=say("agreement.not-the-same"),
                expected=_outcomes_of(Side.PYTHON, python),
                found=_outcomes_of(Side.RUST, rust),
            )
        ]

    def _shown(self, seen: Across, side: Side) -> list[str]:
        """The outcomes that a side has shown, as the other property's entries tell them."""
        if self.outcomes is None:
            return []
        counts = self.outcomes.counts(seen.observed.get(side, {}).items())
        return [entry.told for entry, count in counts.items() if entry is not None and count]


def _outcomes_of(side: Side, outcomes: Sequence[str]) -> Message:
    """Which outcomes a side has shown."""
    shown = tuple(outcomes) or say("none")
    return say("agreement.shown", side=_name((side, "")), outcomes=shown)


def _name(key: _Key) -> Message:
    """``python 3.14``; the side alone where no toolchain is known."""
    side, toolchain = key
    name = say("side.python" if side is Side.PYTHON else "side.rust")
    return say("side.with", side=name, toolchain=toolchain) if toolchain else name


def _printed(seen: Across) -> dict[_Key, list[SeenValues]]:
    """What the runs under each toolchain printed that have printed something."""
    apart = seen.apart or {(side, ""): counts for side, counts in seen.observed.items()}
    printed = {key: _distinct(counts) for key, counts in apart.items()}
    return {key: items for key, items in printed.items() if items}


def _distinct(observed: Mapping[Hashable, int]) -> list[SeenValues]:
    """What the runs printed, the most frequent first."""
    ranked = sorted(observed.items(), key=lambda item: item[1], reverse=True)
    return [item for item, _ in ranked if isinstance(item, SeenValues)]


def _first_difference(one: SeenValues, other: SeenValues) -> tuple[int, str, str]:
    """The number of the first item that differs, and what it is in each."""
    for number, (left, right) in enumerate(zip_longest(one.items, other.items), 1):
        if left != right:
            return number, _or_end(left), _or_end(right)
    # The heads that were kept are alike: it is further down that the digests differ.
    kept = len(one.items)
    return (
        kept + 1,
        say("agreement.in-all", n=one.count),
        say("agreement.in-all-or-others", n=other.count),
    )


def _or_end(item: Hashable) -> str:
    """An item; or that there is none any more."""
    return say("the-end") if item is None else str(item)


def _show(items: tuple[Hashable, ...]) -> str:
    shown = ", ".join(map(str, items[:_SHOWN_VALUES])) or say("none")
    return f"{shown}, … ({len(items)})" if len(items) > _SHOWN_VALUES else shown


# --- monitors -------------------------------------------------------------------


class _FieldValues(Monitor):
    """The values of a field: all in their order, how often each, or which.

    Of `multiset` and `set` numbers of each value are kept, not lines:
    memory grows with different values.
    """

    def __init__(self, of: FieldRef, way: Way) -> None:
        self.of, self.way = of, way
        self.sequence: list[Value] = []
        self.counts: Counter[Value] = Counter()
        self.has_ended = False

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        yield self.of.selector, self._append if self.way == "sequence" else self._count

    def _append(self, _line: int, fields: Sequence[Value]) -> Violation | None:
        self.sequence.append(fields[self.of.index])
        return None

    def _count(self, _line: int, fields: Sequence[Value]) -> Violation | None:
        self.counts[fields[self.of.index]] += 1
        return None

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        self.has_ended = True
        return None

    def observation(self) -> Hashable | None:
        """What was printed, of a run that came to its end: a part would never agree."""
        items: tuple[Hashable, ...]
        if not self.has_ended:
            return None
        match self.way:
            case "sequence":
                items = tuple(self.sequence)
            case "multiset":
                items = tuple(sorted(self.counts.elements()))
            case "set":
                items = tuple(sorted(self.counts))
        return SeenValues(items, len(items))


class _WholeText(Monitor):
    """Every line as it is.

    The whole goes into one SHA-256; to show where two differ the first lines are kept.
    """

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.head: list[str] = []
        self.lines = 0
        self.has_ended = False

    def line_handler(self) -> LineHandler | None:
        return self._take

    def _take(self, _line: int, text: str) -> None:
        # Lines as they were mended: two sides agree though one of them tore a line.
        self.digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
        self.lines += 1
        if self.lines <= SHOWN_LINES:
            self.head.append(text)

    def finish(self, facts: Facts) -> Violation | None:
        del facts
        self.has_ended = True
        return None

    def observation(self) -> Hashable | None:
        if not self.has_ended:
            return None
        return SeenValues(tuple(self.head), self.lines, self.digest.hexdigest())


class _Read(Monitor):
    """Reads with another rule's monitor, and finds nothing wrong itself.

    That the other property is broken is told once, as that property.
    """

    def __init__(self, inner: Monitor) -> None:
        self.inner = inner

    def handlers(self) -> Iterable[tuple[Selector, Handler]]:
        return self.inner.handlers()

    def finish(self, facts: Facts) -> Violation | None:
        self.inner.finish(facts)
        return None

    def observation(self) -> Hashable | None:
        return self.inner.observation()


# --- reading ----------------------------------------------------------------------


def parse(table: Table, events: Events) -> Agreement | OutcomesAgreement:
    """Read the table of an agreement: of a field, of all output, or of outcomes."""
    of = table.text("of")
    way, name = table.choice("as", WAYS, None), table.text("property", None)
    if of == OUTCOMES:
        if name is None:
            table.fail("property", "expected the name of the property that lists the outcomes")
        if way is not None:
            table.fail("as", "outcomes are compared as a set")
        return OutcomesAgreement(name=name)
    if name is not None:
        table.fail("property", f'expected only with of = "{OUTCOMES}"')
    if of == OUTPUT:
        if way is not None:
            table.fail("as", "output is compared as a text, line by line")
        every = tuple(Selector(event=event) for event in events)
        return Agreement(of=None, events=every)
    ref = parse_field(table, "of", of, events)
    if way is None:
        table.fail("as", 'expected "sequence", "multiset" or "set"')
    return Agreement(of=ref, way=cast("Way", way))


FAMILY = Family(
    name="agreement",
    summary="Both sides, in every run, print the same values or the same text.",
    keys=(
        Key(
            name="of",
            takes='field, "output" or "outcomes"',
            says="the values of a field; all text, line by line; or the outcomes that were seen",
            required=True,
        ),
        Key(name="as", takes=", ".join(WAYS), says="whether order and number count, for a field"),
        Key(
            name="property",
            takes="name",
            says='for of = "outcomes": the property that lists them; only of "sometimes"',
        ),
    ),
    parse=parse,
    samples=(
        Sample(
            events='result = "result {value:d}"',
            rule='agreement = { of = "result.value", as = "sequence" }',
            accepted="result 1\nresult 2\n",
            refused="result 1\nresult 2\n",
            violation="python and rust do not agree from value 2 on",
            accepted_with=Told(rust="result 1\nresult 2\n"),
            refused_with=Told(rust="result 1\nresult 3\n"),
        ),
        Sample(
            events='found = "found {word:w}"',
            rule='agreement = { of = "found.word", as = "multiset" }',
            accepted="found a\nfound b\n",
            refused="found a\nfound b\n",
            violation="python and rust do not agree",
            accepted_with=Told(rust="found b\nfound a\n"),
            refused_with=Told(rust="found b\n"),
        ),
    ),
    is_pairwise=True,
)
