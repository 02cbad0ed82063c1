"""What runs of one program have shown so far, and what they show of a property together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace

from harness.judging.claims import Claims
from harness.judging.judge import Judgement
from harness.judging.shown import Shown
from harness.language.declarations import Property
from harness.language.properties.base import Across
from harness.values.finding import Finding
from harness.values.program import Scope, Side
from harness.values.run import PassedOver

MAX_PASSED_OVER = 20
"""Threads and places of one program that are told of loosely controlled runs."""

OF_TIME = frozenset({"ends-in-time"})
"""Rules of the closed world that a machine under load may seem to break."""


@dataclass(slots=True)
class Tally(Shown):
    """What the runs of one program under one toolchain (its label) have shown so far.

    The one value here that changes: it is added to as runs come in.
    """

    claims: Claims = field(kw_only=True)
    toolchain: str = field(default="", kw_only=True)

    def add(self, judgement: Judgement, seconds: float, *, is_steered: bool = False) -> None:
        """Count one more run; of findings that say the same one is kept, with their number."""
        self.runs += 1
        self.ended += judgement.ended
        self.seconds += seconds
        self.torn += judgement.torn
        # What control may have led astray printed an order that the
        # program need not be able to print.
        if not judgement.unconfirmed:
            self.signatures[judgement.signature] += 1
            (self.steered_signatures if is_steered else self.plain.signatures).add(
                judgement.signature
            )
        if not is_steered:
            self.plain.runs += 1
            self.plain.witnesses.update(judgement.witnessed)
        self.witnesses.update(judgement.witnessed)
        self.missed.update(judgement.missed)
        self.passed_over.update(judgement.passed_over)
        for name, seen in judgement.observed.items():
            if not (judgement.doubts and name in self._compared):
                self.observed.setdefault(name, Counter())[seen] += 1
                if not is_steered:
                    self.plain.observed.setdefault(name, Counter())[seen] += 1
        self.add_findings(_once(judgement.findings, is_steered=is_steered))
        self.add_unconfirmed(_once(judgement.unconfirmed, is_steered=is_steered))

    @property
    def _compared(self) -> frozenset[str]:
        """The properties that one run more can break: what a doubtful run printed is no reason."""
        properties = self.claims.properties
        return frozenset(
            p.name for p in properties if p.rule.is_across and not p.rule.may_come_later
        )

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings, each with the number of runs that it was looked for in."""
        return tuple(map(self._told, self.findings.values()))

    @property
    def told_unconfirmed(self) -> tuple[Finding, ...]:
        """The same of what does not count."""
        return tuple(map(self._told, self.unconfirmed.values()))

    def _told(self, finding: Finding) -> Finding:
        """The finding, with how many runs were made in all."""
        return replace(finding, runs=self.runs, plain_runs=self.plain.runs)

    @property
    def timeouts(self) -> int:
        """How many runs had not ended in time, and should have."""
        late = (finding for (name, _), finding in self.findings.items() if name in OF_TIME)
        return sum(finding.occurrences for finding in late)

    @property
    def unwitnessed(self) -> tuple[Property, ...]:
        """The properties that wait for a run to show them."""
        side = self.claims.program.side
        return tuple(
            prop
            for prop in self.claims.properties
            if not prop.rule.is_across
            and (
                (prop.scope is Scope.SOME_RUN and not self.witnesses[prop.name])
                or (prop.rule.may_come_later and prop.rule.across(across_of(prop, side, (self,))))
            )
        )


def _once(findings: Iterable[Finding], *, is_steered: bool) -> list[Finding]:
    """The findings of one run, as those of a plain one or not."""
    return [replace(each, plain_occurrences=int(not is_steered)) for each in findings]


def across_of(
    prop: Property,
    side: Side,
    tallies: Iterable[Tally],
    toolchain: str = "",
    *,
    only_plain: bool = False,
) -> Across:
    """The runs that concern a property, added up for one side under one toolchain."""
    observed: dict[Side, Counter[Hashable]] = {s: Counter() for s in Side}
    apart: dict[tuple[Side, str], Counter[Hashable]] = {}
    runs: Counter[Side] = Counter()
    plain_runs: Counter[Side] = Counter()
    for tally in tallies:
        program = tally.claims.program
        if tally.claims.has(prop):
            part = tally.plain if only_plain else tally
            counts = part.observed.get(prop.name, Counter())
            observed[program.side].update(counts)
            apart.setdefault((program.side, tally.toolchain), Counter()).update(counts)
            runs[program.side] += part.runs
            plain_runs[program.side] += tally.plain.runs
    return Across(
        side=side,
        observed=observed,
        runs=runs,
        plain_runs=plain_runs,
        toolchain=toolchain,
        apart=apart,
    )


def told_passed_over(tallies: Iterable[Tally]) -> tuple[PassedOver, ...]:
    """Each thread and place of a program once, with its runs, the most frequent first."""
    return tuple(
        replace(each, runs=runs)
        for tally in tallies
        for each, runs in tally.passed_over.most_common(MAX_PASSED_OVER)
    )
