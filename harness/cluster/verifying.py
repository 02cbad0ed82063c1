"""What ``harness verify`` does where workers make the runs: plan, send, add up, conclude."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from harness.bench.budget import budget_of
from harness.bench.making import Maker, Tell, by_example, fault_finding
from harness.bench.options import Options
from harness.bench.planning import SidePlan, Work, plan_sides
from harness.bench.recording import open_recorder
from harness.bench.subject import Subject, claims_of, unmet_of
from harness.bench.trial import Trial
from harness.bench.verifying import report_of
from harness.cluster.calling import Corpora, done_lots, programs_of
from harness.cluster.connection import Cluster
from harness.cluster.journal import Journal
from harness.cluster.losing import lost_finding
from harness.cluster.lots import Lot, LotDone, LotKind, Part, PartDone, SideTold, Wanted, cut
from harness.cluster.merging import InOrder
from harness.judging.shown import Shown
from harness.language.declarations import Spec
from harness.values.finding import Finding
from harness.values.program import Side
from harness.values.report import Planned, Report, RunFinished, Verdict
from harness.values.toolchain import Toolchain

LOT_RUNS = 240
"""Runs of one lot: seconds of a worker, which are what is lost with it."""

LEAST_RUNS = 20
LOTS = 48
"""Into how many lots a small call is cut, so that every worker has some."""

_Key = tuple[tuple[int, str], Side, str]
"""An example, and a side of it with the label of a toolchain."""


def verify_on(
    cluster: Cluster,
    journal: Journal,
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
) -> Report:
    """The report that a verification here would give, of runs that the workers make.

    The cluster has begun the call. Raises ClusterLost: what was done until then is in the journal.
    """
    started = time.monotonic()
    corpora = Corpora.of(specs)
    plans = plan_sides(specs, toolchains, options)
    sides = [_Side(plan, corpora.example(plan.spec), options) for plan in plans]
    asked = sum(side.work.asked for side in sides)
    tell(Planned(examples=len(specs), sides=len(sides), runs=asked))
    verification = _Verification(sides, options, tell)
    with open_recorder(options.state) as recorder:
        for lots in (verification.traces(), verification.planned(asked), verification.further()):
            for done in done_lots(cluster, journal, partial(next, lots, None), recorder):
                verification.take(done)
    return report_of(
        specs,
        toolchains,
        options,
        verdicts=verification.conclude(),
        faults=verification.faults,
        recorder=recorder,
        seconds=time.monotonic() - started,
        build_seconds=verification.build_seconds,
    )


class _Side:
    """One side as it is known here: what its programs claim, and what workers have told of it."""

    def __init__(self, plan: SidePlan, example: tuple[int, str], options: Options) -> None:
        self.work = Work(plan=plan)
        self.example = example
        self._in_order: dict[str, InOrder] = {}
        if plan.skip:
            return
        budget = budget_of(options)
        self._runs = budget.runs + budget.schedules
        self._begins_with_search = budget.searches
        self.work.unmet = unmet_of(plan.spec, plan.toolchain)
        for program in programs_of(plan, options.programs):
            claims = claims_of(plan.spec, program, plan.toolchain)
            subject = Subject(claims=claims, toolchain=plan.toolchain, plain=None)
            trial = Trial(subject=subject, budget=budget)
            self.work.trials.append(trial)
            self._in_order[program.name] = InOrder(partial(self._merge, trial))
        self.work.asked = self._runs * len(self.work.trials)
        # One at least: a side of which nothing can be run is built all the same, and that is told.
        self.work.left = max(1, self.work.asked)

    @property
    def key(self) -> _Key:
        """By what a part of it is found."""
        return self.example, self.work.plan.side, self.work.plan.toolchain.label

    @property
    def traces(self) -> Iterator[Lot]:
        """A search for each program, each on its own: nobody knows how long it takes."""
        if not self.work.plan.skip and self._begins_with_search:
            for name in self._in_order:
                part = Part(example=self.example, program=name)
                yield Lot(kind=LotKind.TRACES, toolchain=self.work.plan.toolchain, parts=(part,))

    @property
    def wanted(self) -> Iterator[Wanted]:
        """The runs that are to be made; where there are none, how the side is built."""
        toolchain = self.work.plan.toolchain
        searched = {each.program for each in self.work.searched_elsewhere}
        if not self.work.plan.skip:
            for name in self._in_order or ("",):
                yield (
                    toolchain,
                    Part(
                        example=self.example,
                        program=name,
                        stop=self._runs if name else 0,
                        is_searched=name in searched,
                    ),
                )

    @property
    def unwitnessed(self) -> Iterator[Lot]:
        """Further runs for each program that has not shown all that it should."""
        searched = {each.program for each in self.work.searched_elsewhere}
        for trial in self.work.trials:
            if trial.tally.unwitnessed and not trial.tally.findings:
                name = trial.subject.claims.program.name
                part = Part(
                    example=self.example,
                    program=name,
                    start=self._runs,
                    stop=self._runs,
                    before=Shown.of(trial.tally),
                    is_searched=name in searched,
                )
                toolchain = self.work.plan.toolchain
                yield Lot(kind=LotKind.FURTHER, toolchain=toolchain, parts=(part,))

    def take(self, done: PartDone, kind: LotKind) -> None:
        """Take what came of a part, behind those before it."""
        self._take_side(done)
        if not done.part.program:
            self.work.left = 0
        elif kind is not LotKind.VERIFY:
            self._trial_of(done.part).tally.add_all(done.shown)
            if done.searched is not None:
                self.work.searched_elsewhere += (done.searched,)
        else:
            self._in_order[done.part.program].add(done)

    def fail(self, part: Part, kind: LotKind, finding: Finding) -> None:
        """Take that nothing will come of a part."""
        if part.program:
            self._trial_of(part).tally.add_findings([replace(finding, program=part.program)])
        else:
            self.work.build_findings = (*self.work.build_findings, finding)
        self.take(PartDone(part=part, side=SideTold(), reached=part.stop), kind)

    def _take_side(self, done: PartDone) -> None:
        """Take what a worker tells of the side as a whole.

        Each note and finding of its build once.
        """
        told, work = done.side, self.work
        if told.skip:
            work.plan = replace(work.plan, skip=told.skip)
        for note in told.notes:
            work.add_note(note)
        # Each worker that got a part of the side has built it, and tells what came of that.
        new = [each for each in told.build_findings if each not in work.build_findings]
        work.build_findings = (*work.build_findings, *new)

    def _merge(self, trial: Trial, done: PartDone) -> None:
        """Add what a part has shown; called in the order of runs, whatever came back first."""
        planned = done.part.stop - done.part.start
        self.work.left -= planned
        self.work.asked -= planned - done.asked
        trial.tally.add_all(done.shown)

    def _trial_of(self, part: Part) -> Trial:
        """The trial that a part of the work belongs to, by its program."""
        trials = self.work.trials
        return next(t for t in trials if t.subject.claims.program.name == part.program)


class _Verification:
    """What has come of the lots of a call so far."""

    def __init__(self, sides: Sequence[_Side], options: Options, tell: Tell) -> None:
        self._sides = {side.key: side for side in sides}
        self._groups = by_example(side.work for side in sides)
        self._group_of = {id(work): group for group in self._groups for work in group}
        self._options = options
        self._maker = Maker(tell)
        self.build_seconds = 0.0

    @property
    def faults(self) -> tuple[str, ...]:
        """The tracebacks of what went wrong by our own fault."""
        return tuple(self._maker.faults)

    def traces(self) -> Iterator[Lot]:
        """One run of each trace; where all were made, no schedule is to be run."""
        for group in self._groups:
            self._maker.conclude_if_done(group)
        for side in self._sides.values():
            for lot in side.traces:
                if self._is_over:
                    return
                yield lot

    def planned(self, asked: int) -> Iterator[Lot]:
        """The runs of the budget; none once one has failed, if that is enough."""
        wanted = (each for side in self._sides.values() for each in side.wanted)
        for lot in cut(wanted, max(LEAST_RUNS, min(LOT_RUNS, asked // LOTS))):
            if self._is_over:
                return
            yield lot

    def further(self) -> Iterator[Lot]:
        """Further runs for what some run must show, and none has."""
        for side in self._sides.values():
            if not self._maker.is_concluded(side.work) and not side.work.left:
                yield from side.unwitnessed

    @property
    def _is_over(self) -> bool:
        return self._maker.failed and self._options.fail_fast

    def take(self, done: LotDone) -> None:
        """Take what came of a lot, and conclude of the examples of which all is known now."""
        self.build_seconds += done.build_seconds
        self._maker.faults.extend(done.faults)
        toolchain = done.lot.toolchain
        sides = [self._sides[p.example, toolchain.side, toolchain.label] for p in done.lot.parts]
        if done.parts:
            for side, part in zip(sides, done.parts, strict=True):
                side.take(part, done.lot.kind)
                if done.lot.kind is not LotKind.TRACES:
                    self._tell_runs(side.work, part)
        # What is lost of a search, runs will show.
        elif done.lot.kind is not LotKind.TRACES or done.faults:
            for side, unmade in zip(sides, done.lot.parts, strict=True):
                side.fail(unmade, done.lot.kind, _finding_of(side.work, done))
        for side in sides:
            self._maker.failed = self._maker.failed or _has_failed(side.work)
            self._maker.conclude_if_done(self._group_of[id(side.work)])

    def _tell_runs(self, work: Work, done: PartDone) -> None:
        """Tell of each run, though they come together: whoever shows how far it is counts them."""
        plan = work.plan
        for number in range(done.shown.runs):
            self._maker.tell(
                RunFinished(
                    example=plan.spec.id,
                    side=plan.side,
                    program=done.part.program,
                    toolchain=plan.toolchain.label,
                    ok=number >= done.bad,
                )
            )

    def conclude(self) -> tuple[Verdict, ...]:
        """The verdicts, in the order of the plan."""
        for group in self._groups:
            self._maker.conclude(group)
        return self._maker.concluded(side.work for side in self._sides.values())


def _has_failed(work: Work) -> bool:
    return bool(work.build_findings) or any(tally.findings for tally in work.tallies)


def _finding_of(work: Work, done: LotDone) -> Finding:
    """Why nothing is known of the runs of a lot: its workers were lost, or ours is the fault."""
    if done.faults:
        return fault_finding(work, done.faults[0])
    return lost_finding(work.plan.toolchain)
