"""Build, run, judge: whether each variant breaks what its control names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from harness.bench.explaining import with_lanes
from harness.bench.options import Options
from harness.bench.subject import Request, Subject, unmet_by
from harness.bench.trial import Judged, Trial
from harness.judging.claims import Claims
from harness.judging.tally import Tally
from harness.judging.verdict import AcrossFindings, judge_across
from harness.machine.toolchains import cannot_run
from harness.proof.audit.recording import Recording, some_run_budget, uncaught, waits_for_a_run
from harness.proof.audit.results import ControlOutcome, ControlResult
from harness.proof.copies import Copy
from harness.proof.hanging import judge_to_the_end
from harness.proof.shown import BrokenProperty, broken_property
from harness.proof.variants import Variant
from harness.proof.yard import Yard, why_refused
from harness.values.finding import Finding
from harness.values.messages import say
from harness.values.run import Run, StderrReport, TimedOut
from harness.values.toolchain import NotBuilt, Refused, Toolchain

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
class _Breaking:
    """One variant under way.

    ``broken`` says in a line what has broken each property, ``shown`` how the first run that broke
    it looks; ``total`` is how many runs it may have.
    """

    variant: Variant
    named: tuple[str, ...]
    recording: Recording | None
    others: Sequence[Tally]
    trial: Trial
    broken: dict[str, str] = field(default_factory=dict)
    shown: dict[str, BrokenProperty] = field(default_factory=dict)
    timeouts: int = 0
    slip: str = ""
    total: int = 0

    @property
    def claims(self) -> Claims:
        """What is claimed of the variant: all that is of the program."""
        return self.trial.subject.claims

    @property
    def tally(self) -> Tally:
        """What its runs have shown."""
        return self.trial.tally

    def run(self, requests: Sequence[Request]) -> None:
        """Make these runs until all that is named has broken, or can no longer."""
        self.total = len(requests)
        for judged in self.trial.run(self.is_settled, filter(self._is_worth_it, requests)):
            self.add(judged)
            if self.slip:
                break
        is_done = self.slip or (self.tally.runs >= MIN_RUNS and self.is_settled())
        self.conclude(self.total if is_done else self.tally.runs)

    def _is_worth_it(self, request: Request) -> bool:
        """Whether a run may still tell something: a hang that was seen twice costs time only."""
        return request.schedule.is_controlled or self.timeouts < MAX_TIMEOUTS

    def add(self, judged: Judged) -> None:
        """See what one more run has broken, by itself and with all others of the example."""
        run, judgement = judged.run, judged.judgement
        # Where a hang may be, silence alone is waited for, and no timeout.
        self.timeouts += isinstance(run.ending, TimedOut) and not self.claims.may_hang
        self.slip = self.slip or self._slip_of(run)
        for finding in judgement.findings:
            if finding.property not in self.broken:
                self.broken[finding.property] = f"{run.schedule}: {finding.violation.message}"
                drawn = with_lanes(judged.request, finding, judged.executed)
                self.shown[finding.property] = broken_property(drawn, self.tally.runs)
        for finding in self._across().findings:
            if finding.property not in self.broken:
                self.broken[finding.property] = f"all runs: {finding.violation.message}"
                self.shown[finding.property] = broken_property(finding, 0)

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
        """Whether the control names anything by which a crash is what it is about."""
        endings = {
            prop.name
            for prop in self.claims.properties
            if prop.rule.replaces_ending and prop.family != "hang"
        }
        return not endings.isdisjoint(self.named) or not set(_MEANT).isdisjoint(self.named)

    def is_settled(self) -> bool:
        """Whether every named property is broken, or can no longer be."""
        return {*self.broken, *self._lacking(self.total)}.issuperset(self.named)

    def conclude(self, total: int) -> None:
        """Count as broken what the unbroken program shows in some run, and this one in none."""
        for name, runs in self._lacking(total).items():
            if name not in self.broken:
                message = self.broken[name] = say("break.not-seen", n=runs)
                self.shown[name] = BrokenProperty(name=name, message=message)

    def _lacking(self, total: int) -> Mapping[str, int]:
        """What some run must show and none did, in as many runs as that may take."""
        if self.recording is None:
            return {}
        recording, runs = self.recording, self.tally.runs
        spent = [
            prop
            for prop in filter(waits_for_a_run, self.claims.properties)
            if runs >= some_run_budget(recording, prop.name, total)
        ]
        if not spent:
            return {}
        # What the unbroken program has not shown either is no sign of being broken.
        never_shown = {prop.name for prop in recording.tally.unwitnessed}
        unseen = {prop.name for prop in self.tally.unwitnessed}
        is_across = any(prop.rule.is_across for prop in spent)
        unseen_by_all = self._across().unseen if is_across else {}
        return {
            prop.name: runs
            for prop in spent
            if prop.name not in never_shown
            and prop.name in (unseen_by_all if prop.rule.is_across else unseen)
        }

    def _across(self) -> AcrossFindings:
        """What all runs of the example show together, those of the variant among them."""
        return judge_across(self.variant.spec, self.variant.side, (self.tally, *self.others))


def try_variant(
    yard: Yard,
    copy: Copy,
    recordings: Sequence[Recording],
    options: Options,
    *,
    is_alone: bool = False,
) -> ControlResult:
    """Run a variant until it has broken all that it names, or its budget is spent.

    ``recordings`` are those of the unbroken example, of all its sides, or of
    one of two if ``is_alone``.
    """
    variant, toolchain = copy.variant, yard.toolchains[copy.program.side]
    named, absent = _applicable(toolchain, variant, is_alone=is_alone)
    result = replace(_blank(variant), named=named)
    skipped = absent if not named else cannot_run(variant.program, toolchain)
    if skipped:
        return replace(result, outcome=ControlOutcome.SKIPPED, detail=skipped)
    if isinstance(build := yard.build_of(copy), NotBuilt):
        return replace(result, detail=build.reason)
    if copy.spec.is_refused(variant.program):
        return _concluded(_refused(result, yard.judge_build(copy, {})))
    if isinstance(build, Refused):
        return replace(result, detail=why_refused(build))
    subject = yard.subject_of(copy)
    assert subject is not None  # noqa: S101 - it is built, and meant to be
    return _try_runs(yard, variant, subject, result, recordings, options)


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


def _applicable(
    toolchain: Toolchain, variant: Variant, *, is_alone: bool
) -> tuple[tuple[str, ...], str]:
    """What is named and applies here (rules of the closed world do), and why the rest does not."""
    unmet = {
        prop.name: NEEDS_BOTH if is_alone and prop.rule.is_across else unmet_by(prop, toolchain)
        for prop in variant.spec.properties
    }
    named = tuple(name for name in variant.breaks if not unmet.get(name))
    return named, "; ".join(filter(None, (unmet.get(name, "") for name in variant.breaks)))


def _refused(result: ControlResult, findings: Sequence[Finding]) -> ControlResult:
    """The result for a program that the compiler should refuse: how it compiles is all there is."""
    return replace(
        result,
        broken={each.property: f"built: {each.violation.message}" for each in findings},
        shown=tuple(broken_property(each, 0) for each in findings),
    )


def _try_runs(
    yard: Yard,
    variant: Variant,
    subject: Subject,
    result: ControlResult,
    recordings: Sequence[Recording],
    options: Options,
) -> ControlResult:
    """Make runs of a variant as an audit has them, and more where what it breaks is seldom seen."""
    own = next((r for r in recordings if r.claims.program == variant.program), None)
    budget = replace(yard.budget, at_least=MIN_RUNS, run_seconds=_timeout(variant, own))
    trial = yard.trial(subject, budget, judge=judge_to_the_end)
    requests = tuple(trial.requests())
    if own is not None and own.goes_on:
        beyond = budget.beyond(options.extra_runs, options.extra_schedules)
        requests += tuple(trial.requests(beyond, first=len(requests)))
    breaking = _Breaking(
        variant=variant,
        named=result.named,
        recording=own,
        others=[r.tally for r in recordings if r is not own],
        trial=trial,
    )
    breaking.run(requests)
    result = replace(
        result,
        broken=breaking.broken,
        shown=tuple(breaking.shown.values()),
        runs=breaking.tally.runs,
    )
    return replace(result, detail=breaking.slip) if breaking.slip else _concluded(result)


def _timeout(variant: Variant, recording: Recording | None) -> float:
    """Seconds that a variant gets: some times what the unbroken program took."""
    limit = variant.program.timeout_seconds
    taken = recording.longest_seconds if recording is not None else limit
    return min(limit, max(2.0, 6 * taken))


def _is_misspelt(report: StderrReport) -> bool:
    """Whether an exception tells of a name that is not there."""
    if report.type == "AttributeError":
        return _ABSENT.match(report.headline) is not None
    return report.type in _SLIPS


def _concluded(result: ControlResult) -> ControlResult:
    """The result, with its outcome by what was broken of what is named."""
    if not result.missing:
        return replace(result, outcome=ControlOutcome.BROKEN)
    outcome = ControlOutcome.INSTEAD if result.broken else ControlOutcome.UNBROKEN
    return replace(result, outcome=outcome)
