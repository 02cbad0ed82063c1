"""Runs of the unbroken programs: the good traces that mutations start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from harness.bench.options import Options
from harness.bench.subject import Subject
from harness.bench.trial import Judged, Trial
from harness.judging.claims import Claims
from harness.judging.judge import Judgement
from harness.judging.stderr import parse_stderr
from harness.judging.tally import Tally
from harness.language.declarations import Property, Spec
from harness.proof.audit.mutants import good_of
from harness.proof.audit.open_orders import Orders
from harness.proof.audit.results import Unshown
from harness.proof.yard import Yard
from harness.values.finding import Finding
from harness.values.program import Scope, Side
from harness.values.run import Run, StderrReport

MAX_TRACES = 3
"""Good traces of one program that are mutated: of different interleavings, if there are any."""

SAMPLED_RUNS = 12
"""Runs among which they are looked for: the first ones, so that no luck comes in."""


@dataclass(slots=True, kw_only=True)
class Recording:
    """What the runs of one unbroken program showed.

    ``traces`` are good runs with distinct interleavings, and ``signatures``
    stand for all that were among the sampled runs: controlled ones where the
    program ``is_steered``, so that the next audit finds the same. ``first_seen``
    says after how many runs each some-run property had been witnessed, and
    ``witnesses`` holds the first good run that showed it; ``goes_on`` says that
    further runs were made to see them all. ``exceptions`` are the types of
    those that no run of it caught, and ``orders`` says what came before what
    in its good runs.
    """

    trial: Trial
    is_steered: bool
    traces: list[Run] = field(default_factory=list)
    signatures: set[str] = field(default_factory=set)
    sampled: int = 0
    first_seen: dict[str, int] = field(default_factory=dict)
    witnesses: dict[str, Run] = field(default_factory=dict)
    exceptions: set[str] = field(default_factory=set)
    orders: Orders = field(default_factory=Orders)
    longest_seconds: float = 0.0
    goes_on: bool = False

    @property
    def claims(self) -> Claims:
        """What is claimed of the program."""
        return self.trial.subject.claims

    @property
    def tally(self) -> Tally:
        """What all its runs have shown."""
        return self.trial.tally

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with the program as it is."""
        return tuple(self.tally.findings.values())

    def add(self, judged: Judged) -> None:
        """Note what one more run shows; its trace is kept if it is good and of a new kind."""
        run, judgement = judged.run, judged.judgement
        self.longest_seconds = max(self.longest_seconds, run.wall_seconds)
        self.exceptions.update(report.type for report in uncaught(run))
        if not judgement.findings:
            self.orders.add(good_of(self.claims, run).lines)
            for name in judgement.witnessed:
                self.witnesses.setdefault(name, run)
        waiting = self.tally.unwitnessed
        for prop in filter(waits_for_a_run, self.claims.properties):
            if not (prop.rule.is_across or prop in waiting):
                self.first_seen.setdefault(prop.name, self.tally.runs)
        is_controlled = judged.request.schedule.is_controlled
        if is_controlled is self.is_steered and self.sampled < SAMPLED_RUNS:
            self._sample(run, judgement)

    def _sample(self, run: Run, judgement: Judgement) -> None:
        """Count one more interleaving; the first few sound ones are kept, to be mutated."""
        self.sampled += 1
        is_new = judgement.signature not in self.signatures
        self.signatures.add(judgement.signature)
        if is_new and not judgement.findings and len(self.traces) < MAX_TRACES:
            self.traces.append(run)

    def has_enough(self) -> bool:
        """Whether further runs would add nothing that the audit wants."""
        return self.sampled >= SAMPLED_RUNS and not self.tally.unwitnessed


def uncaught(run: Run) -> tuple[StderrReport, ...]:
    """The reports of exceptions that ended the program, or one of its threads."""
    reports = parse_stderr(run.stderr).reports
    return tuple(each for each in reports if each.kind == "exception" and not each.ignored)


def waits_for_a_run(prop: Property) -> bool:
    """Whether some run must show the property, or an outcome that it requires."""
    return prop.scope is Scope.SOME_RUN or (prop.rule.may_come_later and not prop.rule.is_across)


def record_side(yard: Yard, side: Side, spec: Spec, options: Options) -> list[Recording]:
    """Run each program of a side that is built and meant to run."""
    toolchain = yard.toolchains[side]
    subjects = (yard.whole.subject(spec, each, toolchain) for each in spec.programs_of(side))
    return [_record(yard, subject, options) for subject in subjects if subject is not None]


def _record(yard: Yard, subject: Subject, options: Options) -> Recording:
    """Run one program until the audit knows enough of it.

    Where something that some run must show was not seen within the budget, it goes on beyond.
    """
    trial = yard.trial(subject, yard.budget)
    requests = tuple(trial.requests())
    is_steered = any(request.schedule.is_controlled for request in requests)
    recording = Recording(trial=trial, is_steered=is_steered)
    for judged in trial.run(recording.has_enough, requests):
        recording.add(judged)
    if not recording.has_enough():
        beyond = yard.budget.beyond(options.extra_runs, options.extra_schedules)
        further = tuple(trial.requests(beyond, first=len(requests)))
        recording.goes_on = bool(further)
        for judged in trial.run(recording.has_enough, further):
            recording.add(judged)
    return recording


def some_run_budget(recording: Recording, name: str, runs: int) -> int:
    """In how many runs a variant may still show a some-run property.

    Five times as many as the unbroken program needed, ten at least, and no
    more than ``runs``.
    """
    needed = recording.first_seen.get(name, runs)
    return min(runs, max(10, 5 * needed))


def unshown(
    recordings: Iterable[Recording], across: Mapping[Side, Mapping[str, str]]
) -> Iterator[Unshown]:
    """What some run of the unbroken programs must show, and none did.

    ``across`` says the same of what is asked of both sides together.
    """
    told = set()
    for recording in recordings:
        program, runs = recording.claims.program, recording.tally.runs
        of = f" of {program.name}" if program.name != "main" else ""
        for prop in recording.tally.unwitnessed:
            told.add(prop.name)
            yield prop.name, program.side, f"none of {runs} runs{of} shows it"
    for side, unseen in across.items():
        for name, message in unseen.items():
            if name not in told:
                yield name, side, message
