"""Plan, build, run, judge, tell: what ``harness verify`` does, step by step."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from harness.bench.budget import Mix
from harness.bench.doubts import unexplored
from harness.bench.execution import Unmade
from harness.bench.lab import Lab
from harness.bench.options import Options
from harness.bench.planning import Work, make_work, plan_sides, prepare
from harness.bench.recording import open_recorder
from harness.bench.subject import Request
from harness.bench.trial import Judged, Trial
from harness.judging.verdict import AcrossFindings, Tally, conclude, judge_across
from harness.language.declarations import Spec
from harness.machine.pool import in_parallel
from harness.machine.process import has_terminals
from harness.machine.process.linux import TELLS_OF_THREADS
from harness.record.verdicts import keep_verdicts
from harness.values.finding import Finding, Violation
from harness.values.messages import say
from harness.values.report import (
    Outcome,
    Planned,
    Report,
    RunEvent,
    RunFinished,
    SideFinished,
    Verdict,
)
from harness.values.toolchain import Toolchain

Tell = Callable[[RunEvent], None]


def verify(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
    *,
    stop: threading.Event | None = None,
    lab: Lab | None = None,
) -> Report:
    """Build and run both sides of every example, and judge what they print.

    ``tell`` is called for each event as it happens, from one thread at a
    time. With a ``lab`` for the same toolchains and options nothing is built
    again. Raises HarnessError if nothing can be built at all,
    and KeyboardInterrupt after every process has been ended.
    """
    started = time.monotonic()
    lab = lab or prepare(specs, toolchains, options, tell)
    stop = stop or threading.Event()
    with open_recorder(options.state) as recorder:
        works = [
            make_work(plan, lab, options, stop=stop, recorder=recorder)
            for plan in plan_sides(specs, toolchains, options)
        ]
        tell(Planned(examples=len(specs), sides=len(works), runs=sum(work.left for work in works)))
        verification = _Verification(works, options, tell, stop)
        verdicts = verification.run()
    return Report(
        verdicts=tuple(verdicts),
        toolchains=tuple(toolchains),
        faults=tuple(verification.faults),
        notes=(*recorder.notes, *_kept(specs, verdicts, options), *_lacking()),
        seconds=time.monotonic() - started,
        build_seconds=lab.seconds,
        seed=options.seed,
        runs_requested=options.runs,
    )


def _kept(specs: Sequence[Spec], verdicts: Iterable[Verdict], options: Options) -> Iterator[str]:
    """Keep what was concluded, for pages that show the pairs; nothing else needs it."""
    if options.only:
        return  # a part of the runs concludes nothing of the pair
    try:
        keep_verdicts(options.state, specs, verdicts)
    except OSError as error:
        yield say("note.no-verdicts", reason=error.strerror or str(error))


def _lacking() -> Iterator[str]:
    """What this system has not, and what that means for all runs."""
    if not TELLS_OF_THREADS:
        yield say("note.no-strays")
    if not has_terminals():
        yield say("note.no-terminals")


_Pull = tuple[list[Work], Work, Trial, Request]
"""One run of one program: of which side, among all sides of its example."""


class _Verification:
    """The runs of one call, made by a few threads that pull from one list."""

    def __init__(
        self, works: Sequence[Work], options: Options, tell: Tell, stop: threading.Event
    ) -> None:
        self._works = works
        self._options = options
        self._tell = tell
        self._stop = stop
        self._lock = threading.RLock()
        self._verdicts: dict[int, Verdict] = {}
        self._failed = False
        self.faults: list[str] = []

    def run(self) -> list[Verdict]:
        """Make all runs; the verdicts come in the order of the plan."""
        groups = _by_example(self._works)
        self._failed = any(work.build_findings for work in self._works)
        for group in groups:
            self._conclude_if_done(group)
        self._in_parallel(
            (group, work, *run) for group in groups for work in group for run in work.runs
        )
        for group in groups:
            self._look_further(group)
            self._conclude(group)
        return [self._verdicts[id(work)] for work in self._works]

    def _in_parallel(self, items: Iterator[_Pull]) -> None:
        source = _Locked(items)
        jobs = self._options.jobs
        in_parallel(self._pull, [source] * jobs, jobs=jobs, name="runner", stop=self._stop)

    def _pull(self, source: _Locked) -> None:
        for group, work, trial, request in source:
            if self._is_over:
                return
            with self._lock:
                hopeless = trial.gives_up(request.schedule)
                if hopeless:
                    work.add_note(hopeless)
            if not hopeless and not self._make(work, trial, request):
                return
            with self._lock:
                work.left -= 1
                self._conclude_if_done(group)

    @property
    def _is_over(self) -> bool:
        """Whether no further run is to be started."""
        return self._stop.is_set() or (self._failed and self._options.fail_fast)

    def _make(self, work: Work, trial: Trial, request: Request) -> bool:
        """One run, judged; a fault of ours is kept as such, and the other examples go on.

        False if the harness was told to stop meanwhile: then nothing is known of the run.
        """
        try:
            judged = trial.make(request)
        except Unmade as lost:
            self._keep_finding(trial, request, _unmade(work, lost))
            return True
        except Exception:  # noqa: BLE001 - whatever it is, it is ours
            self._keep_finding(trial, request, self._fault(work))
            return True
        if judged is None:
            return False
        with self._lock:
            trial.take(judged)
            self._note(work, judged)
            self._failed = self._failed or bool(judged.judgement.findings)
            self._tell(
                RunFinished(
                    example=work.plan.spec.id,
                    side=work.plan.side,
                    program=request.claims.program.name,
                    toolchain=work.plan.toolchain.label,
                    ok=not judged.judgement.findings,
                )
            )
        return True

    def _note(self, work: Work, judged: Judged) -> None:
        """What a reader of the verdict should know of how the run was made."""
        for note in (*judged.notes, *unexplored(judged.record)):
            work.add_note(note)
        if judged.record is not None and judged.record.uncontrolled:
            work.add_note(say("note.not-controlled", what=tuple(judged.record.uncontrolled)))

    def _keep_finding(self, trial: Trial, request: Request, finding: Finding) -> None:
        """Tell of a run that could not be judged."""
        program, schedule = request.claims.program.name, str(request.schedule)
        with self._lock:
            trial.tally.add_findings([replace(finding, program=program, schedule=schedule)])
            self._failed = True

    def _fault(self, work: Work) -> Finding:
        """Keep the exception that is being handled, and give what the verdict says of it."""
        text = traceback.format_exc()
        with self._lock:
            self.faults.append(f"{work.plan.spec.id} ({work.plan.side.value}):\n{text}")
        return Finding(
            property="harness",
            why=say("harness.why"),
            violation=Violation(message=say("harness.fault"), found=text.splitlines()[-1]),
            side=work.plan.side,
            toolchain=work.plan.toolchain.label,
        )

    def _look_further(self, group: list[Work]) -> None:
        """Give properties of some run that nobody has seen yet more runs, alone on the machine."""
        for work in group:
            for trial in work.trials:
                if id(work) not in self._verdicts and not self._options.only:
                    self._try_for_witnesses(work, trial)

    def _try_for_witnesses(self, work: Work, trial: Trial) -> None:
        for request in _further_requests(work, trial, self._options):
            if not trial.tally.unwitnessed or self._stop.is_set() or trial.tally.findings:
                return
            self._make(work, trial, request)

    def _conclude_if_done(self, group: list[Work]) -> None:
        """Tell the verdicts as soon as nothing more is wanted of the example's runs."""
        waiting = any(work.left for work in group)
        if not waiting and not any(tally.unwitnessed for w in group for tally in w.tallies):
            self._conclude(group)

    def _conclude(self, group: list[Work]) -> None:
        every = [tally for work in group for tally in work.tallies]
        for work in group:
            if id(work) in self._verdicts:
                continue
            verdict = self._verdict_of(work, every)
            self._verdicts[id(work)] = verdict
            self._failed = self._failed or verdict.outcome.is_bad
            self._tell(SideFinished(verdict=verdict))

    def _verdict_of(self, work: Work, every: Iterable[Tally]) -> Verdict:
        plan = work.plan
        if reason := _why_skipped(work):
            return Verdict(
                example=plan.spec.id,
                side=plan.side,
                toolchain=plan.toolchain.label,
                outcome=Outcome.SKIPPED,
                reason=reason,
            )
        try:
            across = judge_across(plan.spec, plan.side, every, plan.toolchain.label)
        except Exception:  # noqa: BLE001 - whatever it is, it is ours
            across = AcrossFindings(findings=(self._fault(work),))
        return conclude(
            plan.spec,
            plan.side,
            plan.toolchain.label,
            work.tallies,
            build_findings=work.build_findings,
            unmet=work.unmet,
            across=across,
            notes=work.notes,
        )


def _unmade(work: Work, lost: Unmade) -> Finding:
    return Finding(
        property=lost.rule,
        why=lost.why,
        violation=Violation(message=lost.message, expected=lost.expected, found=lost.found),
        side=work.plan.side,
        toolchain=work.plan.toolchain.label,
    )


class _Locked:
    """An iterator that several threads may pull from."""

    def __init__(self, items: Iterator[_Pull]) -> None:
        self._items = items
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[_Pull]:
        return self

    def __next__(self) -> _Pull:
        with self._lock:
            return next(self._items)


def _by_example(works: Iterable[Work]) -> list[list[Work]]:
    groups: dict[str, list[Work]] = {}
    for work in works:
        groups.setdefault(work.plan.spec.id, []).append(work)
    return list(groups.values())


def _further_requests(work: Work, trial: Trial, options: Options) -> Iterator[Request]:
    """Plain runs and controlled schedules in turn, beyond those that have been made."""
    beyond = trial.budget.beyond(options.extra_runs, options.extra_schedules)
    made = sum(other is trial for other, _ in work.runs)
    return trial.requests(replace(beyond, mix=Mix.DRAWN_IN_TURN), first=made)


def _why_skipped(work: Work) -> str:
    """Why nothing can be concluded of a side; empty if something can.

    What has gone wrong already is told even if the verification was stopped;
    that nothing has, is not.
    """
    if work.plan.skip:
        return work.plan.skip
    if work.build_findings or any(tally.findings for tally in work.tallies):
        return ""
    if work.left:
        made = sum(tally.runs for tally in work.tallies)
        return say("skipped.stopped", made=made, of=len(work.requests))
    if work.tallies and not work.requests:
        if work.notes:
            return say("verdict.reasons", reasons=work.notes)
        return say("skipped.none-run")
    return ""
