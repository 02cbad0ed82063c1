"""The unchanged programs, run as their mutants are: what they print, and what they break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harness.bench.planning import claims_of, unmet_of
from harness.judging.judge import judge_run
from harness.judging.verdict import Tally, judge_across, judge_builds
from harness.language.declarations import Property, Spec
from harness.language.properties.base import Across
from harness.machine.toolchains import cannot_run
from harness.proof.mutants.making import source_of
from harness.proof.mutants.subjects import Print, Setting, make_subject, print_of
from harness.values.program import Program, Side
from harness.values.toolchain import Build, Built

_LEAST_SECONDS = 3.0
_SLOWER = 10.0
"""A mutant gets so many times the longest run of the original, and no less than the above."""


@dataclass(slots=True, kw_only=True)
class Baseline:
    """What the runs of one original showed; ``slowest`` in seconds of the wall clock."""

    tally: Tally
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


def run_originals(spec: Spec, setting: Setting) -> Original:
    """Run each program of ``spec`` that properties speak of and that compiles, and judge the rest.

    A program that cannot run here at all is left out.
    """
    baselines: dict[tuple[Side, str], Baseline] = {}
    refusals: dict[tuple[Side, str], Build] = {}
    misbuilt: dict[Side, tuple[str, ...]] = {}
    for program in spec.programs:
        toolchain = setting.toolchains[program.side]
        is_spoken_of = any(prop.covers(program) for prop in spec.properties)
        if not is_spoken_of or cannot_run(program, toolchain):
            continue
        names = _broken_by_build(spec, program, setting)
        misbuilt[program.side] = (*misbuilt.get(program.side, ()), *names)
        if spec.is_refused(program):
            build = setting.builds.of(spec, program, toolchain)
            refusals[program.side, program.name] = build
        elif baseline := run_original(spec, program, setting):
            baselines[program.side, program.name] = baseline
    return Original(spec=spec, baselines=baselines, refusals=refusals, misbuilt=misbuilt)


def _broken_by_build(spec: Spec, program: Program, setting: Setting) -> Iterator[str]:
    toolchain = setting.toolchains[program.side]
    build = setting.builds.of(spec, program, toolchain)
    unmet, sources = unmet_of(spec, toolchain), {program.name: source_of(spec, program)}
    findings = judge_builds(spec, [(program, build)], toolchain.label, unmet, sources)
    return (finding.property for finding in findings)


def run_original(spec: Spec, program: Program, setting: Setting) -> Baseline | None:
    """Run one program as often as the setting says; ``None`` if it is not built."""
    toolchain = setting.toolchains[program.side]
    plain = setting.builds.of(spec, program, toolchain)
    if not isinstance(plain, Built):
        return None
    claims = claims_of(spec, program, toolchain)
    steered = setting.controllable.build_of(spec, program, toolchain, plain)
    baseline = Baseline(tally=Tally(claims=claims))
    for run in make_subject(claims, plain, steered, setting).runs(setting):
        baseline.tally.add(judge_run(claims, run), run.wall_seconds)
        baseline.prints[print_of(claims, run)] += 1
        baseline.slowest = max(baseline.slowest, run.wall_seconds)
    return baseline
