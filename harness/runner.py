"""Plan, build, run, judge, tell: what ``harness verify`` does, step by step."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from harness.building import build_all
from harness.controllable import make_controllable
from harness.execution import Request
from harness.making import Maker
from harness.model import (
    Finding,
    Outcome,
    Planned,
    Report,
    RunEvent,
    RunFinished,
    SideFinished,
    Spec,
    Toolchain,
    Verdict,
    Violation,
)
from harness.options import Options
from harness.planning import Work, make_work, plan_sides
from harness.process import end_all_processes
from harness.schedules.names import PLAIN
from harness.schedules.rotation import controlled_rotation
from harness.verdict import Tally, conclude, judge_across

Tell = Callable[[RunEvent], None]


def verify(
    specs: Sequence[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Tell,
    *,
    stop: threading.Event | None = None,
) -> Report:
    """Build and run both sides of every example, and judge what they print.

    ``tell`` is called for each event as it happens, from one thread at a
    time. Raises HarnessError if nothing can be built at all, and
    KeyboardInterrupt after every process has been ended.
    """
    started = time.monotonic()
    plans = plan_sides(specs, toolchains, options)
    wanted = [plan.spec for plan in plans if not plan.skip]
    builds = build_all(wanted, toolchains, options, tell)
    controllable = make_controllable(wanted, toolchains, options)
    works = [make_work(plan, builds, controllable, options) for plan in plans]
    tell(Planned(examples=len(specs), sides=len(works), runs=sum(work.left for work in works)))
    verification = _Verification(works, options, tell, stop or threading.Event())
    verdicts = verification.run()
    return Report(
        verdicts=tuple(verdicts),
        toolchains=tuple(toolchains),
        faults=tuple(verification.faults),
        seconds=time.monotonic() - started,
        build_seconds=builds.seconds + controllable.seconds,
        seed=options.seed,
        runs_requested=options.runs,
    )


class _Verification:
    """The runs of one call, made by a few threads that pull from one list."""

    def __init__(
        self, works: Sequence[Work], options: Options, tell: Tell, stop: threading.Event
    ) -> None:
        self._works = works
        self._options = options
        self._tell = tell
        self._stop = stop
        self._maker = Maker(options, stop)
        self._lock = threading.RLock()
        self._verdicts: dict[int, Verdict] = {}
        self._failed = False
        self.faults: list[str] = []

    def run(self) -> list[Verdict]:
        """Make all runs; the verdicts come in the order of the plan."""
        groups = _by_example(self._works)
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
        with ThreadPoolExecutor(self._options.jobs, thread_name_prefix="runner") as pool:
            workers = [pool.submit(self._pull, source) for _ in range(self._options.jobs)]
            try:
                for worker in workers:
                    worker.result()
            except BaseException:
                self._stop.set()
                end_all_processes()
                raise

    def _pull(self, source: _Locked) -> None:
        for group, work, request in source:
            if self._stop.is_set() or (self._failed and self._options.fail_fast):
                return
            self._make(work, request)
            with self._lock:
                work.left -= 1
                self._conclude_if_done(group)

    def _make(self, work: Work, request: Request) -> None:
        """One run, judged; a fault of ours is kept as such, and the other examples go on."""
        try:
            made = self._maker.make(request)
        except Exception:  # noqa: BLE001 - whatever it is, it is ours
            self._note_fault(work, request)
            return
        if made is None:
            return
        with self._lock:
            _tally_of(work, request).add(made.judgement, made.run.wall_seconds)
            if made.record is not None and made.record.uncontrolled:
                _note(work, f"not controlled: {', '.join(made.record.uncontrolled)}")
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

    def _note_fault(self, work: Work, request: Request) -> None:
        text = traceback.format_exc()
        violation = Violation(message="a fault of the harness", found=text.splitlines()[-1])
        with self._lock:
            self.faults.append(f"{work.plan.spec.id} ({work.plan.side.value}):\n{text}")
            _tally_of(work, request).add_finding(
                Finding(
                    property="harness",
                    why="the harness itself does not fail",
                    violation=violation,
                    side=work.plan.side,
                    program=request.claims.program.name,
                    toolchain=work.plan.toolchain.label,
                    schedule=str(request.schedule),
                )
            )

    def _look_further(self, group: list[Work]) -> None:
        """Give properties of some run that nobody has seen yet more runs, alone on the machine."""
        for work in group:
            for tally in work.tallies:
                if id(work) not in self._verdicts and not self._options.only:
                    self._try_for_witnesses(work, tally)

    def _try_for_witnesses(self, work: Work, tally: Tally) -> None:
        plain = _first_request(work, tally, controlled=False)
        controlled = _first_request(work, tally, controlled=True)
        early = tally.claims.spec.timing == "free"
        seed = self._options.seed + self._options.schedules
        further = controlled_rotation(self._options.extra_runs, seed, early=early)
        for extra in range(self._options.extra_runs):
            if not tally.unwitnessed or self._stop.is_set() or tally.findings:
                return
            index = len(work.requests) + extra
            if plain is not None:
                self._make(work, replace(plain, schedule=PLAIN, index=index))
            if controlled is not None:
                self._make(work, replace(controlled, schedule=further[extra], index=index))

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
            verdict = _verdict_of(work, every)
            self._verdicts[id(work)] = verdict
            self._failed = self._failed or verdict.outcome.is_bad
            self._tell(SideFinished(verdict=verdict))


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


def _first_request(work: Work, tally: Tally, *, controlled: bool) -> Request | None:
    return next(
        (
            request
            for request in work.requests
            if request.claims is tally.claims and request.schedule.is_controlled is controlled
        ),
        None,
    )


def _note(work: Work, note: str) -> None:
    if note not in work.notes:
        work.notes = (*work.notes, note)


def _tally_of(work: Work, request: Request) -> Tally:
    return next(tally for tally in work.tallies if tally.claims is request.claims)


def _verdict_of(work: Work, every: Iterable[Tally]) -> Verdict:
    plan = work.plan
    if plan.skip or (work.left and not any(tally.runs for tally in work.tallies)):
        return Verdict(
            example=plan.spec.id,
            side=plan.side,
            toolchain=plan.toolchain.label,
            outcome=Outcome.SKIPPED,
            reason=plan.skip or "not run: the verification was stopped before",
        )
    return conclude(
        plan.spec,
        plan.side,
        plan.toolchain.label,
        work.tallies,
        build_findings=work.build_findings,
        across=judge_across(plan.spec, plan.side, every),
        notes=work.notes,
    )


