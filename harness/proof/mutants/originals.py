"""The unchanged programs, run as their mutants are: what they print, and what they break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.bench.budget import Budget
from harness.bench.execution import Misfit
from harness.bench.subject import Subject, unmet_of
from harness.judging.builds import judge_builds
from harness.judging.tally import Tally
from harness.judging.verdict import judge_across
from harness.language.declarations import Property, Spec
from harness.language.properties.base import Across
from harness.language.sources import source_of
from harness.machine.toolchains import cannot_run
from harness.proof.mutants.prints import Print, print_of
from harness.proof.yard import Yard
from harness.values.program import Program, Side
from harness.values.toolchain import Build

_LEAST_SECONDS = 3.0
_SLOWER = 10.0
"""A mutant gets so many times the longest run of the original, and no less than the above."""


@dataclass(slots=True, kw_only=True)
class Baseline:
    """What the runs of one original showed; ``slowest`` in seconds of the wall clock."""

    tally: Tally
    subject: Subject | None = None
    prints: Counter[Print] = field(default_factory=Counter)
    slowest: float = 0.0

    def chance_of_news(self) -> float:
        """How likely one more run is to print what no run has (Good and Turing's estimate)."""
        once = sum(count == 1 for count in self.prints.values())
        return once / max(1, self.tally.runs)

    def times_shown(self, prop: Property, mutant: Tally) -> int:
        """How often the original showed what ``prop`` waits for and ``mutant`` never showed."""
        return max(self.tally.witnesses[prop.name], self.least_required(prop, mutant))

    def least_required(self, prop: Property, mutant: Tally) -> int:
        """How often the original came to what ``prop`` requires and ``mutant`` never came to.

        Of several such outcomes that counts which came most often; 0 if there is none.
        """
        here, there = (_required(prop, tally) for tally in (self.tally, mutant))
        return max((count for outcome, count in here.items() if not there[outcome]), default=0)

    def timeout(self) -> float:
        """Seconds that a mutant may take."""
        program = self.tally.claims.program
        return min(program.timeout_seconds, max(_LEAST_SECONDS, _SLOWER * self.slowest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The originals of one example, by side and name.

    ``refusals`` has those that the compiler should refuse, with what it made
    of them; ``misbuilt`` the properties that were broken by how they compiled.
    """

    spec: Spec
    baselines: dict[tuple[Side, str], Baseline]
    refusals: dict[tuple[Side, str], Build] = field(default_factory=dict)
    misbuilt: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)

    def others(self, program: Program) -> list[Tally]:
        """The tallies of all programs but this: what a mutant of it is compared with."""
        own = (program.side, program.name)
        return [base.tally for key, base in self.baselines.items() if key != own]

    def broken_on(self, side: Side) -> frozenset[str]:
        """The properties that the unchanged programs broke here; they can kill nothing."""
        tallies = [base.tally for base in self.baselines.values()]
        own = [t for t in tallies if t.claims.program.side is side]
        across = judge_across(self.spec, side, tallies).findings
        return frozenset(
            [
                *self.misbuilt.get(side, ()),
                *(finding.property for tally in own for finding in tally.findings.values()),
                *(finding.property for finding in across),
            ]
        )


def _required(prop: Property, tally: Tally) -> Counter[str]:
    """How often each outcome came that ``prop`` requires of some run."""
    side = tally.claims.program.side
    observed = {side: tally.observed.get(prop.name, Counter())}
    table = prop.rule.table_of(Across(side=side, observed=observed, runs={side: tally.runs}))
    return Counter({outcome: count for outcome, grade, _, count in table if grade == "sometimes"})


def run_originals(spec: Spec, yard: Yard) -> Original:
    """Run each program of ``spec`` that properties speak of and that compiles, and judge the rest.

    A program that cannot run here at all is left out.
    """
    baselines: dict[tuple[Side, str], Baseline] = {}
    refusals: dict[tuple[Side, str], Build] = {}
    misbuilt: dict[Side, tuple[str, ...]] = {}
    for program in spec.programs:
        toolchain = yard.toolchains[program.side]
        is_spoken_of = any(prop.covers(program) for prop in spec.properties)
        if not is_spoken_of or cannot_run(program, toolchain):
            continue
        source = source_of(spec, program)
        build = yard.whole.build_of(spec, program, toolchain)
        unmet, sources = unmet_of(spec, toolchain), {program.name: source}
        found = judge_builds(spec, [(program, build)], toolchain.label, unmet, sources)
        names = tuple(finding.property for finding in found)
        misbuilt[program.side] = (*misbuilt.get(program.side, ()), *names)
        if spec.is_refused(program):
            refusals[program.side, program.name] = build
        elif subject := yard.whole.subject(spec, program, toolchain, source):
            baselines[program.side, program.name] = run_original(yard, subject, yard.budget)
    return Original(spec=spec, baselines=baselines, refusals=refusals, misbuilt=misbuilt)


def run_original(yard: Yard, subject: Subject, budget: Budget) -> Baseline:
    """Run one program as often as the budget says."""
    trial = yard.trial(subject, budget, forgives=Misfit)
    baseline = Baseline(tally=trial.tally, subject=subject)
    for judged in trial.run():
        baseline.prints[print_of(subject.claims, judged.run)] += 1
        baseline.slowest = max(baseline.slowest, judged.run.wall_seconds)
    return baseline
