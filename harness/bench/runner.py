"""Plan, build, run, judge, tell: what ``harness verify`` does, step by step."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from harness.bench.building import Builds, build_all
from harness.bench.controllable import Controllable, make_controllable
from harness.bench.execution import Request
from harness.bench.making import Made, Maker, unexplored
from harness.bench.options import Options
from harness.bench.planning import Work, make_work, plan_sides
from harness.bench.recording import open_recorder
from harness.judging.verdict import AcrossFindings, Tally, conclude, judge_across
from harness.language.declarations import Spec
from harness.machine.pool import in_parallel
from harness.schedules.names import PLAIN
from harness.schedules.rotation import controlled_rotation
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
from harness.values.run import TimedOut
from harness.values.toolchain import Toolchain

Tell = Callable[[RunEvent], None]

MAX_TIMEOUTS = 3
"""Runs of one program that are waited for in vain: each takes the whole timeout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Every program built, plainly and for control."""

    builds: Builds
    controllable: Controllable

    @property
    def seconds(self) -> float:
        """What that took."""
        return self.builds.seconds + self.controllable.seconds


def prepare(
    specs: Sequence[Spec], toolchains: Sequence[Toolchain], options: Options, tell: Tell
) -> Prepared:
    """Build what ``verify`` runs; raises HarnessError if nothing can be built at all."""
    plans = plan_sides(specs, toolchains, options)
    wanted = [plan.spec for plan in plans if not plan.skip]
    return Prepared(
        builds=build_all(wanted, toolchains, options, tell),
        controllable=make_controllable(wanted, toolchains, options),
    )


def verify(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
    *,
    stop: threading.Event | None = None,
    prepared: Prepared | None = None,
) -> Report:
    """Build and run both sides of every example, and judge what they print.

    ``tell`` is called for each event as it happens, from one thread at a
    time. What is ``prepared`` already, with the same toolchains and options,
    is not built again. Raises HarnessError if nothing can be built at all,
    and KeyboardInterrupt after every process has been ended.
    """
    started = time.monotonic()
    prepared = prepared or prepare(specs, toolchains, options, tell)
    plans = plan_sides(specs, toolchains, options)
    works = [make_work(plan, prepared.builds, prepared.controllable, options) for plan in plans]
    tell(Planned(examples=len(specs), sides=len(works), runs=sum(work.left for work in works)))
    with open_recorder(options.state) as recorder:
        maker = Maker(options, stop or threading.Event(), recorder)
        verification = _Verification(works, options, tell, maker)
        verdicts = verification.run()
    return Report(
        verdicts=tuple(verdicts),
        toolchains=tuple(toolchains),
        faults=tuple(verification.faults),
        notes=tuple(recorder.notes),
        seconds=time.monotonic() - started,
        build_seconds=prepared.seconds,
        seed=options.seed,
        runs_requested=options.runs,
    )


class _Verification:
    """The runs of one call, made by a few threads that pull from one list."""

    def __init__(self, works: Sequence[Work], options: Options, tell: Tell, maker: Maker) -> None:
        self._works = works
        self._options = options
        self._tell = tell
        self._maker = maker
        self._stop = maker.stop
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
        pairs = ((group, work, r) for group in groups for work in group for r in work.requests)
        self._in_parallel(pairs)
        for group in groups:
            self._look_further(group)
            self._conclude(group)
        return [self._verdicts[id(work)] for work in self._works]

    def _in_parallel(self, items: Iterator[tuple[list[Work], Work, Request]]) -> None:
        source = _Locked(items)
        jobs = self._options.jobs
        in_parallel(self._pull, [source] * jobs, jobs=jobs, name="runner", stop=self._stop)

    def _pull(self, source: _Locked) -> None:
        for group, work, request in source:
            if self._is_over:
                return
            with self._lock:
                hopeless = _why_hopeless(work, request)
                if hopeless:
                    work.add_note(hopeless)
            if not hopeless and not self._make(work, request):
                return
            with self._lock:
                work.left -= 1
                self._conclude_if_done(group)

    @property
    def _is_over(self) -> bool:
        """Whether no further run is to be started."""
        return self._stop.is_set() or (self._failed and self._options.fail_fast)

    def _make(self, work: Work, request: Request) -> bool:
        """One run, judged; a fault of ours is kept as such, and the other examples go on.

        False if the harness was told to stop meanwhile: then nothing is known of the run.
        """
        try:
            made = self._maker.make(request)
        except Exception:  # noqa: BLE001 - whatever it is, it is ours
            self._note_fault(work, request)
            return True
        if made is None:
            return False
        with self._lock:
            is_steered = not request.schedule.is_natural
            _tally_of(work, request).add(
                made.judgement, made.run.wall_seconds, is_steered=is_steered
            )
            self._note(work, request, made)
            self._failed = self._failed or bool(made.judgement.findings)
            self._tell(
                RunFinished(
                    example=work.plan.spec.id,
                    side=work.plan.side,
                    program=request.claims.program.name,
                    toolchain=work.plan.toolchain.label,
                    ok=not made.judgement.findings,
                )
            )
        return True

    def _note(self, work: Work, request: Request, made: Made) -> None:
        """What a reader of the verdict should know of how the run was made."""
        for note in (*made.notes, *unexplored(made.record)):
            work.add_note(note)
        if made.record is not None and made.record.uncontrolled:
            work.add_note(say("note.not-controlled", what=tuple(made.record.uncontrolled)))
        is_cut_off = isinstance(made.run.ending, TimedOut)
        if (
            is_cut_off
            and request.schedule.is_controlled
            and not request.claims.has_said_enough(made.run.stdout)
        ):
            _tally_of(work, request).cut_off += 1

    def _note_fault(self, work: Work, request: Request) -> None:
        with self._lock:
            finding = replace(
                self._fault(work),
                program=request.claims.program.name,
                schedule=str(request.schedule),
            )
            _tally_of(work, request).add_findings([finding])
            self._failed = True

    def _fault(self, work: Work) -> Finding:
        """Keep the exception that is being handled, and give what the verdict says of it."""
        text = traceback.format_exc()
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
            for tally in work.tallies:
                if id(work) not in self._verdicts and not self._options.only:
                    self._try_for_witnesses(work, tally)

    def _try_for_witnesses(self, work: Work, tally: Tally) -> None:
        for request in _further_requests(work, tally, self._options):
            if not tally.unwitnessed or self._stop.is_set() or tally.findings:
                return
            self._make(work, request)

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


class _Locked:
    """An iterator that several threads may pull from."""

    def __init__(self, items: Iterator[tuple[list[Work], Work, Request]]) -> None:
        self._items = items
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[tuple[list[Work], Work, Request]]:
        return self

    def __next__(self) -> tuple[list[Work], Work, Request]:
        with self._lock:
            return next(self._items)


def _by_example(works: Iterable[Work]) -> list[list[Work]]:
    groups: dict[str, list[Work]] = {}
    for work in works:
        groups.setdefault(work.plan.spec.id, []).append(work)
    return list(groups.values())


def _further_requests(work: Work, tally: Tally, options: Options) -> Iterator[Request]:
    """Plain runs and controlled schedules in turn, beyond those that have been made."""
    mine = [request for request in work.requests if request.claims is tally.claims]
    plain = next((r for r in mine if not r.schedule.is_controlled), None)
    controlled = next((r for r in mine if r.schedule.is_controlled), None)
    early = tally.claims.spec.timing == "free"
    seed = options.seed + options.schedules
    schedules = controlled_rotation(options.extra_schedules, seed, early=early)
    for turn in range(max(options.extra_runs, options.extra_schedules)):
        index = len(mine) + turn
        if plain is not None and turn < options.extra_runs:
            yield replace(plain, schedule=PLAIN, index=index)
        if controlled is not None and turn < len(schedules):
            yield replace(controlled, schedule=schedules[turn], index=index)


def _why_hopeless(work: Work, request: Request) -> str:
    """Why a run is not made: others like it have timed out so often that it tells nothing."""
    tally = _tally_of(work, request)
    if request.schedule.is_controlled:
        return say("note.cut-off", n=MAX_TIMEOUTS) if tally.cut_off >= MAX_TIMEOUTS else ""
    return say("note.hopeless", n=MAX_TIMEOUTS) if tally.timeouts >= MAX_TIMEOUTS else ""


def _tally_of(work: Work, request: Request) -> Tally:
    return next(tally for tally in work.tallies if tally.claims is request.claims)


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
