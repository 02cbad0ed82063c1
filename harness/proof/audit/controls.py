"""Build, run, judge: whether each variant breaks what its control names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from harness.bench.planning import claims_of
from harness.judging.claims import Claims
from harness.judging.verdict import Tally, judge_across, judge_builds
from harness.machine.toolchains import cannot_run, condition_unmet
from harness.proof.audit.bench import Bench, Runner
from harness.proof.audit.hanging import judge_to_the_end
from harness.proof.audit.recording import Recording, some_run_budget, uncaught, waits_for_a_run
from harness.proof.audit.results import ControlOutcome, ControlResult
from harness.proof.audit.variants import Variant
from harness.proof.audit.workspace import Scratch
from harness.values.run import Run, StderrReport, TimedOut
from harness.values.toolchain import Build, Built, NotBuilt, Refused

MIN_RUNS = 4
"""Runs of a variant at least, so that all that it breaks has a chance to be seen."""

MAX_TIMEOUTS = 2
"""Runs of a variant that may time out before the rest of its plain runs are left out."""

_SLIPS = ("NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError")
"""What a compiler would have refused: a variant that raises one of these is no control."""

_ABSENT = re.compile(r"(?!'NoneType' ).* has no attribute ")
"""What an AttributeError says of a misspelt name; of None, which has none, it says as much."""

NEEDS_BOTH = "it compares both sides, and only one is audited"

_MEANT = ("quiet-stderr", "exit-code")
"""A control that names one of these may well be meant to crash."""


@dataclass(slots=True, kw_only=True)
class _Trial:
    """One variant under way."""

    variant: Variant
    claims: Claims
    named: tuple[str, ...]
    recording: Recording | None
    others: Sequence[Tally]
    tally: Tally
    broken: dict[str, str] = field(default_factory=dict)
    timeouts: int = 0
    slip: str = ""

    def add(self, run: Run) -> None:
        """Judge one more run by itself, and with all others of the example."""
        judgement = judge_to_the_end(self.claims, run)
        self.tally.add(judgement, run.wall_seconds)
        # Where a hang may be, silence alone is waited for, and no timeout.
        self.timeouts += isinstance(run.ending, TimedOut) and not self.claims.may_hang
        self.slip = self.slip or self._slip_of(run)
        for finding in judgement.findings:
            said = f"{run.schedule}: {finding.violation.message}"
            self.broken.setdefault(finding.property, said)
        spec, side = self.variant.spec, self.variant.side
        across = judge_across(spec, side, (self.tally, *self.others))
        for finding in across.findings:
            self.broken.setdefault(finding.property, f"all runs: {finding.violation.message}")

    def _slip_of(self, run: Run) -> str:
        """What shows that the variant is no program that anybody would run, if anything does.

        A crash breaks whatever it comes before: that proves nothing of a check,
        unless the unbroken program crashes like that, too, or it is meant.
        """
        known = self.recording.exceptions if self.recording is not None else set()
        for report in uncaught(run):
            said = f"it crashes: {report.type}: {report.headline}"
            if _is_misspelt(report):
                return said
            if report.type not in known and not self._may_crash():
                return f'{said}; if that is meant, name "quiet-stderr" among what it breaks'
        return ""

    def _may_crash(self) -> bool:
        endings = {
            prop.name
            for prop in self.claims.properties
            if prop.rule.replaces_ending and prop.family != "hang"
        }
        return not endings.isdisjoint(self.named) or not set(_MEANT).isdisjoint(self.named)

    def is_done(self, total: int) -> bool:
        """Whether every named property is broken, or can no longer be."""
        if self.slip:
            return True
        settled = {*self.broken, *self._lacking(total)}
        return self.tally.runs >= MIN_RUNS and settled.issuperset(self.named)

    def conclude(self, total: int) -> None:
        """Count as broken what the unbroken program shows in some run, and this one in none."""
        for name, runs in self._lacking(total).items():
            self.broken.setdefault(name, f"not seen in {runs} runs")

    def _lacking(self, total: int) -> Mapping[str, int]:
        """What some run must show and none did, in as many runs as that may take."""
        if self.recording is None:
            return {}
        lacking = {}
        for prop in filter(waits_for_a_run, self.claims.properties):
            is_spent = self.tally.runs >= some_run_budget(self.recording, prop.name, total)
            if is_spent and self._was_shown(prop.name) and not self._shows(prop.name):
                lacking[prop.name] = self.tally.runs
        return lacking

    def _was_shown(self, name: str) -> bool:
        return self.recording is not None and not any(
            prop.name == name for prop in self.recording.tally.unwitnessed
        )

    def _shows(self, name: str) -> bool:
        prop = next(p for p in self.claims.properties if p.name == name)
        if not prop.rule.is_across:
            return prop not in self.tally.unwitnessed
        across = judge_across(self.variant.spec, self.variant.side, (self.tally, *self.others))
        return name not in across.unseen


def try_variant(
    bench: Bench, scratch: Scratch, recordings: Sequence[Recording], *, is_alone: bool = False
) -> ControlResult:
    """Run a variant until it has broken all that it names, or its budget is spent.

    ``recordings`` are those of the unbroken example, of all its sides, or of
    one of two if ``is_alone``.
    """
    variant, spec = scratch.variant, scratch.spec
    named, absent = _applicable(bench, variant, is_alone=is_alone)
    result = replace(_blank(variant), named=named)
    skipped = absent if not named else cannot_run(variant.program, bench.toolchain)
    if skipped:
        return replace(result, outcome=ControlOutcome.SKIPPED, detail=skipped)
    build = bench.builds.of(spec, variant.program, bench.toolchain)
    if isinstance(build, NotBuilt):
        return replace(result, detail=build.reason)
    if spec.is_refused(variant.program):
        return _concluded(result, _broken_by_build(bench, scratch, build), 0)
    if isinstance(build, Refused):
        said = build.diagnostics[0].message if build.diagnostics else "no error was shown"
        return replace(result, detail=f"it does not compile: {said}")
    return _try_runs(bench, scratch, build, result, recordings)


def faulty(variant: Variant) -> ControlResult:
    """What a variant that could not even be written comes to."""
    return replace(_blank(variant), detail=variant.fault)


def _blank(variant: Variant) -> ControlResult:
    """A variant of which nothing is known yet: errored, until it has been run."""
    return ControlResult(
        name=variant.name,
        side=variant.side,
        program=variant.program.name,
        named=variant.breaks,
        outcome=ControlOutcome.ERRORED,
        line=variant.line,
    )


def _applicable(bench: Bench, variant: Variant, *, is_alone: bool) -> tuple[tuple[str, ...], str]:
    """What is named and applies here (rules of the closed world do), and why the rest does not."""
    unmet = {
        prop.name: NEEDS_BOTH
        if is_alone and prop.rule.is_across
        else condition_unmet(prop.when, bench.toolchain)
        for prop in variant.spec.properties
    }
    named = tuple(name for name in variant.breaks if not unmet.get(name))
    return named, "; ".join(filter(None, (unmet.get(name, "") for name in variant.breaks)))


def _broken_by_build(bench: Bench, scratch: Scratch, build: Build) -> dict[str, str]:
    variant = scratch.variant
    findings = judge_builds(
        scratch.spec,
        [(variant.program, build)],
        bench.toolchain.label,
        {},
        {variant.program.name: variant.text},
    )
    return {finding.property: f"built: {finding.violation.message}" for finding in findings}


def _try_runs(
    bench: Bench,
    scratch: Scratch,
    build: Built,
    result: ControlResult,
    recordings: Sequence[Recording],
) -> ControlResult:
    trial = _trial(bench, scratch, result, recordings)
    schedules = bench.schedules(trial.claims)
    if trial.recording is not None and trial.recording.goes_on:
        schedules += bench.further_schedules(trial.claims)
    requests = tuple(bench.requests(trial.claims, build, schedules))
    runner = Runner(bench, _timeout(trial))
    for request in requests:
        if trial.timeouts >= MAX_TIMEOUTS and not request.schedule.is_controlled:
            continue
        executed = runner.make(request)
        if executed is not None:
            trial.add(executed.run)
        if trial.is_done(len(requests)):
            trial.conclude(len(requests))
            break
    else:
        trial.conclude(trial.tally.runs)
    if trial.slip:
        return replace(result, broken=trial.broken, runs=trial.tally.runs, detail=trial.slip)
    return _concluded(result, trial.broken, trial.tally.runs)


def _trial(
    bench: Bench, scratch: Scratch, result: ControlResult, recordings: Sequence[Recording]
) -> _Trial:
    variant = scratch.variant
    own = next((r for r in recordings if r.claims.program == variant.program), None)
    claims = claims_of(scratch.spec, variant.program, bench.toolchain)
    return _Trial(
        variant=variant,
        claims=claims,
        named=result.named,
        recording=own,
        others=[r.tally for r in recordings if r is not own],
        tally=Tally(claims=claims),
    )


def _timeout(trial: _Trial) -> float:
    """Seconds that a variant gets: some times what the unbroken program took."""
    limit = trial.claims.program.timeout_seconds
    taken = trial.recording.longest_seconds if trial.recording is not None else limit
    return min(limit, max(2.0, 6 * taken))


def _is_misspelt(report: StderrReport) -> bool:
    if report.type == "AttributeError":
        return _ABSENT.match(report.headline) is not None
    return report.type in _SLIPS


def _concluded(result: ControlResult, broken: Mapping[str, str], runs: int) -> ControlResult:
    result = replace(result, broken=dict(broken), runs=runs, outcome=ControlOutcome.BROKEN)
    if not result.missing:
        return result
    outcome = ControlOutcome.INSTEAD if broken else ControlOutcome.UNBROKEN
    return replace(result, outcome=outcome)
