"""A trial: one program is run under the schedules of a budget, and each run is judged.

Whatever runs programs does it by a trial: a verification, an exploration, an audit, mutants. Where
its findings are told, it ``explains`` them: a controlled run that fails is made small, and what it
may owe to control counts only once a plain run shows it, too (``harness.bench.weighing``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from harness.bench.budget import Budget
from harness.bench.execution import HarnessFault, Misfit, NoRoom, execute
from harness.bench.explaining import Explainer
from harness.bench.options import DEFAULT_RUNS
from harness.bench.recording import Recorder
from harness.bench.subject import Executed, Request, Subject
from harness.bench.weighing import Confirmer, Weigher
from harness.judging.claims import Claims
from harness.judging.judge import Judgement, Judging, JudgingStopped, judge_run
from harness.judging.tally import Tally
from harness.machine.cores import PARTS, parts_of
from harness.schedules.memory import place_without_room
from harness.schedules.names import Schedule, Strategy
from harness.schedules.record import Record
from harness.values.errors import UsageError
from harness.values.messages import say
from harness.values.program import Side
from harness.values.run import OverLimit, Run, TimedOut

Judge = Callable[[Claims, Run], Judgement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One run, what it shows, and the record of its schedule if that was controlled.

    ``request`` is how it was really made; ``notes`` say what a reader of the verdict should know
    of that.
    """

    request: Request
    run: Run
    judgement: Judgement
    record: Record | None = None
    notes: tuple[str, ...] = ()

    @property
    def executed(self) -> Executed:
        """The run and its record, whatever they show."""
        return Executed(run=self.run, record=self.record)


def _never() -> bool:
    return False


@dataclass(kw_only=True)
class Trial:
    """The runs of one program. Several threads may make them at once; one at a time takes them.

    A run of which control is lost in a way that it ``forgives`` shows nothing, and the next
    schedule will have to do; else HarnessFault is raised. With ``explains`` findings are weighed
    and made small. ``judge`` takes the place of the judge of a verification. ``recorder`` keeps
    what runs show, if there is one. No run is made any more once ``stop`` is set.
    """

    subject: Subject
    budget: Budget
    stop: threading.Event = field(default_factory=threading.Event)
    recorder: Recorder | None = None
    explains: bool = True
    forgives: tuple[type[HarnessFault], ...] = ()
    judge: Judge | None = None
    tally: Tally = field(init=False)
    _weigher: Weigher = field(init=False)
    judging: Judging = field(init=False)
    _parts: int = field(default=0, init=False)
    """Of a core: what the busiest natural run so far has taken."""
    _is_beyond_control: bool = field(default=False, init=False)
    """Whether a run was: then no further one need be as that was."""

    def __post_init__(self) -> None:
        """Plain runs that confirm are as many as the plain ones of a whole verification."""
        # Where nothing is told of a program, it runs on one toolchain only, which none need name.
        label = self.subject.toolchain.label if self.explains else ""
        self.judging = Judging(self.subject.claims, is_timed=self.subject.is_timed)
        self.tally = Tally(claims=self.subject.claims, toolchain=label)
        plain_runs = max(DEFAULT_RUNS, self.budget.runs)
        confirmer = Confirmer(plain_runs, self._make_plain)
        self._weigher = Weigher(self.execute, confirmer, Explainer(self._execute_fitting))

    # --- the runs of the budget -----------------------------------------------------

    def requests(self, budget: Budget | None = None, *, first: int = 0) -> Iterator[Request]:
        """The runs of the budget, in turn, numbered from ``first``: those that can be started."""
        schedules = (budget or self.budget).schedules_for(self.subject)
        for index, schedule in enumerate(schedules, first):
            if self.subject.build_for(schedule) is not None:
                yield Request(subject=self.subject, schedule=schedule, index=index)

    def run(
        self, until: Callable[[], bool] = _never, requests: Iterable[Request] | None = None
    ) -> Iterator[Judged]:
        """Make and take the runs of the budget (or these), in turn, until enough is known.

        Gives each once it has been taken, and asks then whether it was the last.
        """
        started = time.monotonic()
        for request in self.requests() if requests is None else requests:
            if time.monotonic() - started >= self.budget.seconds:
                return
            if self.gives_up(request.schedule):
                continue
            judged = self.make(request)
            if judged is not None:
                self.take(judged)
                yield judged
            if self.stop.is_set() or (self.tally.runs >= self.budget.at_least and until()):
                return

    def gives_up(self, schedule: Schedule) -> str:
        """Why no further run like this is made, though the budget has one; empty if one is.

        Others like it have been waited for in vain so often that it tells nothing.
        """
        most = self.budget.most_late
        if most is None:
            return ""
        if self.tally.floods:
            return say("note.flood")
        if schedule.is_controlled:
            return say("note.cut-off", n=most) if self.tally.cut_off >= most else ""
        return say("note.hopeless", n=most) if self.tally.timeouts >= most else ""

    def parts_for(self, schedule: Schedule) -> int:
        """How many parts of a core a run like this takes, by those that were made.

        All of one that is controlled, whose sleeps are none, or whose speed is judged.
        """
        if not schedule.is_natural or self.subject.is_timed:
            return PARTS
        return self._parts or PARTS

    def take(self, judged: Judged) -> None:
        """Count a run that was made."""
        is_steered = not judged.request.schedule.is_natural
        if not is_steered:
            run = judged.run
            self._parts = max(self._parts, parts_of(run.cpu_seconds, run.wall_seconds))
        self.tally.add(judged.judgement, judged.run.wall_seconds, is_steered=is_steered)
        ending = judged.run.ending
        self.tally.floods += isinstance(ending, OverLimit) and not ending.of_steps
        self.tally.cut_off += (
            isinstance(judged.run.ending, TimedOut)
            and judged.request.schedule.is_controlled
            and not self.subject.claims.has_said_enough(judged.run.stdout)
        )

    # --- one run --------------------------------------------------------------------

    def make(
        self, request: Request, on_output: Callable[[bytes], None] | None = None
    ) -> Judged | None:
        """Make one run and judge it.

        ``None`` if the harness was told to stop, or where control was lost in a way that is
        forgiven; UsageError for a schedule that was asked for and is not one of the program's.

        Raises NoRoom where something is wrong and no room is left for what the program writes.
        """
        try:
            request, executed = self._scheduled(request, on_output)
        except self.forgives:
            return None
        self.subject.estimates.learn(request, executed)
        if executed is None:
            return None
        notes: tuple[str, ...] = ()
        try:
            judgement = self._judgement_of(request, executed)
            if self.explains and request.schedule.is_controlled:
                executed, judgement, notes = self._weigher.weigh(request, executed, judgement)
        except JudgingStopped:
            return None
        if self.explains and not request.schedule.is_controlled:
            self._weigher.confirmer.note(judgement)
        # Only where something is wrong: a full disk may be why, and nothing
        # is said against the program then.
        if judgement.findings and (place := place_without_room(self.subject.claims.spec.directory)):
            raise NoRoom(place)
        self._keep(executed.run, judgement)
        return Judged(
            request=request,
            run=executed.run,
            judgement=judgement,
            record=executed.record,
            notes=notes,
        )

    def _judgement_of(self, request: Request, executed: Executed) -> Judgement:
        if self.judge is not None:
            return self.judge(request.claims, executed.run)
        return self.judging.judge(executed.run, self.stop.is_set)

    def _scheduled(
        self, asked: Request, on_output: Callable[[bytes], None] | None
    ) -> tuple[Request, Executed | None]:
        """The run, and with which schedule it was really made.

        A probe that need not fit, and does not, is given up for a random one.
        """
        schedule = asked.schedule
        is_probe = schedule.strategy.is_numbered
        try:
            request = self.subject.estimates.prepare(asked, self._execute_first)
            return request, self.execute(request, on_output)
        except Misfit as misfit:
            may_differ = self._may_differ
            if schedule in self.budget.only and (may_differ or not is_probe):
                raise UsageError(str(misfit)) from misfit
            if self.forgives or not (is_probe and may_differ):
                raise
        drawn = replace(asked, schedule=Schedule(strategy=Strategy.RANDOM, seed=schedule.seed))
        return drawn, self.execute(drawn, on_output)

    def _execute_first(self, request: Request) -> Executed | None:
        """A run that others are made by; ``None`` if it need not fit, and does not."""
        try:
            return self.execute(request)
        except Misfit:
            if self._may_differ:
                return None
            raise

    @property
    def _may_differ(self) -> bool:
        """Whether a schedule that was made by one run need not fit another.

        One of them was beyond control; or it is CPython that runs: when its collector begins,
        and in which order a set of objects is gone through, goes by what was allocated before
        the program began, to which the name of the schedule belongs.
        """
        return self._is_beyond_control or self.subject.toolchain.side is Side.PYTHON

    def execute(
        self, request: Request, on_output: Callable[[bytes], None] | None = None
    ) -> Executed | None:
        """The run; raises Misfit where its schedule does not fit, HarnessFault where there is none.

        Then the run was ended by the scheduler, and says nothing of the program.
        """
        timeout = self.budget.run_seconds
        executed = execute(request, timeout_seconds=timeout, stop=self.stop, on_output=on_output)
        record = executed.record if executed else None
        if request.schedule.is_controlled and executed and (record is None or record.is_loose):
            self._is_beyond_control = True
        if record is not None and record.end in ("mismatch", "refused"):
            reasons = "".join(f"; {reason}" for reason in record.uncontrolled)
            message = (
                f"{request.claims.spec.id} ({request.toolchain.side.value}): the schedule "
                f'"{request.schedule}" does not fit the program{reasons}'
            )
            raise Misfit(message) if record.end == "mismatch" else HarnessFault(message)
        return executed

    def _execute_fitting(self, request: Request) -> Executed | None:
        """The run, if its schedule fits the program."""
        try:
            return self.execute(request)
        except Misfit:
            return None

    def _make_plain(self, request: Request) -> Judgement | None:
        """A plain run that is made to confirm what a doubtful one showed."""
        executed = self.execute(request)
        if executed is None:
            return None
        judgement = judge_run(request.claims, executed.run, self.stop.is_set)
        self._keep(executed.run, judgement)
        return judgement

    def keep_searched(self, run: Run, judgement: Judgement, traces: int = 0) -> None:
        """Keep for evidence what a run of a search showed; of the last of all, the traces."""
        if self.recorder is not None:
            self.recorder.record_searched(self.subject, run, judgement, traces)

    def _keep(self, run: Run, judgement: Judgement) -> None:
        if self.recorder is not None:
            self.recorder.record(self.subject, run, judgement)
