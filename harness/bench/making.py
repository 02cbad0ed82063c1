"""Make one run and judge it; where a controlled one fails, make the failure small.

What comes in a run that control may have led astray is told, and counts only
once a plain run shows it, too (``harness.bench.doubts``, ``harness.bench.confirming``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from harness.bench.confirming import Confirmer
from harness.bench.doubts import difference, passed_over
from harness.bench.estimating import Estimates
from harness.bench.execution import (
    Executed,
    HarnessFault,
    Request,
    execute,
    with_places_of_departures,
)
from harness.bench.options import DEFAULT_RUNS, Options
from harness.bench.recording import Recorder
from harness.judging.judge import Judgement, judge_run, reproduce_command
from harness.machine.toolchains import why_untried
from harness.schedules.lanes import lane_rows, standing_rows
from harness.schedules.names import Schedule, Strategy
from harness.schedules.record import RESTED, Record
from harness.schedules.reduction import Reduced, Tried, reduce_schedule
from harness.values.errors import UsageError
from harness.values.finding import Finding
from harness.values.messages import say
from harness.values.program import Side
from harness.values.run import Run

_Shown = tuple[Finding, Executed]
"""What a run that was made to reduce a schedule has shown."""

REDUCTION_RUNS = {Side.PYTHON: 300, Side.RUST: 500}
"""How many runs may be spent on making one failing schedule smaller; few take so many."""


class Misfit(HarnessFault):
    """A schedule by its hand-overs that the program does not come to.

    Whoever typed it made a mistake, and gets a UsageError. One that was made here, of an
    earlier run, is a fault of ours, unless that run or this one was beyond control.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One run, what it shows, and the record of its schedule if that was controlled.

    ``notes`` say what a reader of the verdict should know of how it was made.
    """

    run: Run
    judgement: Judgement
    record: Record | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Replays:
    """Of which properties a breaking run was made again, and in what one was another then."""

    properties: set[str] = field(default_factory=set)
    unlike: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(slots=True)
class Maker:
    """Makes runs for one call of the harness; several threads may ask at once.

    ``recorder`` keeps what they show, if there is one. ``make`` gives ``None``
    once ``stop`` is set, and raises HarnessFault where control was lost, and
    UsageError for a schedule that was asked for and is not one of the program's.
    """

    options: Options
    stop: threading.Event = field(default_factory=threading.Event)
    recorder: Recorder | None = None
    _estimates: Estimates = field(default_factory=Estimates)
    _reduced: set[tuple[int, str]] = field(default_factory=set)
    _replays: dict[int, _Replays] = field(default_factory=dict)
    _beyond_control: set[int] = field(default_factory=set)
    _confirmer: Confirmer = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Plain runs that confirm are as many as the plain ones of a whole verification."""
        self._confirmer = Confirmer(max(DEFAULT_RUNS, self.options.runs), self._make_plain)

    def make(
        self, request: Request, on_output: Callable[[bytes], None] | None = None
    ) -> Made | None:
        """Make the run and judge it."""
        request, executed = self._scheduled(request, on_output)
        self._estimates.learn(request, executed)
        if executed is None:
            return None
        judgement = judge_run(request.claims, executed.run)
        notes: tuple[str, ...] = ()
        if request.schedule.is_controlled:
            executed, judgement, notes = self._weighed(request, executed, judgement)
        else:
            self._confirmer.note(request, judgement)
        self._keep(request, executed.run, judgement)
        return Made(run=executed.run, judgement=judgement, record=executed.record, notes=notes)

    def _scheduled(
        self, asked: Request, on_output: Callable[[bytes], None] | None
    ) -> tuple[Request, Executed | None]:
        """The run, and with which schedule it was really made.

        A probe that does not fit a program that is beyond control is given up for a random one.
        """
        schedule = asked.schedule
        is_probe = schedule.strategy is Strategy.PROBE
        try:
            request = self._estimates.prepare(asked, self._execute_first)
            return request, self._execute(request, on_output)
        except Misfit as misfit:
            may_differ = self._is_beyond_control(asked)
            if schedule in self.options.only and (may_differ or not is_probe):
                raise UsageError(str(misfit)) from misfit
            if not (is_probe and may_differ):
                raise
        drawn = replace(asked, schedule=Schedule(strategy=Strategy.RANDOM, seed=schedule.seed))
        return drawn, self._execute(drawn, on_output)

    def _execute_first(self, request: Request) -> Executed | None:
        """A run that others are made by; ``None`` if it need not fit, and does not."""
        try:
            return self._execute(request)
        except Misfit:
            if self._is_beyond_control(request):
                return None
            raise

    def _is_beyond_control(self, request: Request) -> bool:
        """Whether a run of the program was: then no further one need be as that was."""
        return id(request.claims) in self._beyond_control

    def _keep(self, request: Request, run: Run, judgement: Judgement) -> None:
        if self.recorder is not None:
            self.recorder.record(request.claims, request.toolchain, run, judgement)

    def _make_plain(self, request: Request) -> Judgement | None:
        """A plain run that is made to confirm what a doubtful one showed."""
        executed = self._execute(request)
        if executed is None:
            return None
        judgement = judge_run(request.claims, executed.run)
        self._keep(request, executed.run, judgement)
        return judgement

    def _execute(
        self, request: Request, on_output: Callable[[bytes], None] | None = None
    ) -> Executed | None:
        timeout = self.options.timeout_seconds
        executed = execute(request, timeout_seconds=timeout, stop=self.stop, on_output=on_output)
        record = executed.record if executed else None
        if request.schedule.is_controlled and executed and (record is None or record.is_loose):
            self._beyond_control.add(id(request.claims))
        if record is not None and record.end in ("mismatch", "refused"):
            reasons = "".join(f"; {reason}" for reason in record.uncontrolled)
            message = (
                f"{request.claims.spec.id} ({request.toolchain.side.value}): the schedule "
                f'"{request.schedule}" does not fit the program{reasons}'
            )
            raise Misfit(message) if record.end == "mismatch" else HarnessFault(message)
        return executed

    # --- what counts ----------------------------------------------------------------

    def _weighed(
        self, request: Request, executed: Executed, judgement: Judgement
    ) -> tuple[Executed, Judgement, tuple[str, ...]]:
        """A controlled run with its doubts, what of it counts, and what is to be noted."""
        record, unlike = executed.record, ""
        if record is not None:
            name = request.claims.program.name
            judgement = replace(judgement, passed_over=passed_over(record, name))
            if judgement.findings:
                unlike = self._unlike(request, executed, record, judgement)
        why = (*executed.run.doubts, unlike, why_untried(request.toolchain))
        doubts = tuple(filter(None, why))
        executed = replace(executed, run=replace(executed.run, doubts=doubts))
        judgement = self._counted(request, executed, replace(judgement, doubts=doubts))
        path = request.claims.program.path
        return (
            executed,
            judgement,
            (say("note.never-the-same", program=path, unlike=unlike),) * bool(unlike),
        )

    def _counted(self, request: Request, executed: Executed, judgement: Judgement) -> Judgement:
        """The judgement with its findings explained, those apart that do not count."""
        counted: list[Finding] = []
        unconfirmed: list[Finding] = []
        for finding in judgement.findings:
            confirmation = None
            if judgement.doubts:
                confirmation = self._confirmer.confirm(request, finding.property)
                finding = replace(  # noqa: PLW2901
                    finding, doubts=judgement.doubts, confirmation=confirmation.text
                )
            if confirmation is None or confirmation.is_given:
                counted.append(self._explained(request, executed, finding))
            else:
                unconfirmed.append(with_lanes(request, finding, executed))
        if unconfirmed:
            # What such a run printed is none of the interleavings that the properties allow.
            judgement = replace(judgement, signature="")
        return replace(judgement, findings=tuple(counted), unconfirmed=tuple(unconfirmed))

    def _unlike(
        self, request: Request, executed: Executed, record: Record, judgement: Judgement
    ) -> str:
        """In what runs of the program under one schedule differ; empty if nothing says so.

        The first run that breaks a property is made again. Others wait for what comes of it.
        """
        with self._lock:
            replays = self._replays.setdefault(id(request.claims), _Replays())
        with replays.lock:
            names = {finding.property for finding in judgement.findings} - replays.properties
            if names and not replays.unlike:
                replays.properties |= names
                replays.unlike = self._make_again(request, executed, record)
            return replays.unlike

    def _make_again(self, request: Request, executed: Executed, record: Record) -> str:
        """In what the run is another when it is made again."""
        first = executed.run, record
        try:
            again = self._execute(request)
        except Misfit:
            return difference(first, None)
        if again is None:
            return ""
        if again.record is None and request.claims.has_said_enough(again.run.stdout):
            # It was stopped as it was meant to be, at a moment that nobody decides.
            return ""
        return difference(first, (again.run, again.record))

    # --- smaller counter-examples -----------------------------------------------

    def _explained(self, request: Request, executed: Executed, finding: Finding) -> Finding:
        """The finding under the smallest schedule that shows it too, with its lanes.

        Only the first finding of each property is worth the runs, and only if
        its run can be made again.
        """
        record = executed.record
        if record is None:
            return finding
        finding = replace(finding, scope=scope_of(request))
        key = (id(request.claims), finding.property)
        with self._lock:
            if key in self._reduced:
                return finding
            self._reduced.add(key)
        if self._replays[id(request.claims)].unlike:
            return with_lanes(request, finding, executed)

        def attempt(schedule: Schedule) -> Tried[_Shown] | None:
            tried = self._fitting(request, schedule)
            if tried is None or tried.record is None:
                return None
            if tried.run.doubts and not finding.doubts:
                return Tried(tried.record, fails=False, kept=(finding, tried))
            judgement = judge_run(request.claims, tried.run)
            same = next((f for f in judgement.findings if f.property == finding.property), None)
            return Tried(tried.record, same is not None, (same or finding, tried))

        budget = REDUCTION_RUNS[request.toolchain.side]
        reduced = reduce_schedule(record, attempt, budget=budget)
        if reduced is None:
            return with_lanes(request, finding, executed)
        return self._smallest(request, finding, reduced)

    @staticmethod
    def _smallest(request: Request, finding: Finding, reduced: Reduced[_Shown]) -> Finding:
        smaller, executed = reduced.kept
        command = reproduce_command(
            request.claims, replace(executed.run, schedule=str(reduced.schedule))
        )
        smaller = replace(
            smaller,
            schedule=finding.schedule,
            run_index=finding.run_index,
            scope=finding.scope,
            doubts=finding.doubts,
            confirmation=finding.confirmation,
            reproduce=command,
            switches=len(reduced.departures),
        )
        return with_lanes(request, smaller, executed)

    def _fitting(self, request: Request, schedule: Schedule) -> Executed | None:
        """A run under a schedule, if that fits the program."""
        timeout = self.options.timeout_seconds
        executed = execute(
            replace(request, schedule=schedule, candidates=True),
            timeout_seconds=timeout,
            stop=self.stop,
        )
        if executed is None or executed.record is None or executed.record.end == "mismatch":
            return None
        return executed


def unexplored(record: Record | None) -> Iterator[str]:
    """What the program uses that takes its turns by itself, as the runtime has noted it."""
    for word in dict.fromkeys(record.notes if record else ()):
        if word == RESTED:
            continue  # of interest to a search for all schedules alone
        yield say("note.unexplored", what=word)


def scope_of(request: Request) -> str:
    """On which interpreters what a controlled run shows can be; nothing for a compiled program."""
    toolchain = request.toolchain
    if toolchain.side is not Side.PYTHON:
        return ""
    if request.claims.spec.granularity == "gil" or not toolchain.has_gil:
        return say("scope.on", toolchain=toolchain.title)
    return say("scope.without-gil", toolchain=toolchain.title)


def with_lanes(request: Request, finding: Finding, executed: Executed) -> Finding:
    """The finding with the lanes of the run that shows it, if that was controlled."""
    if executed.record is None:
        return finding
    record = with_places_of_departures(executed.record, request)
    rows = lane_rows(record, executed.run.stdout, finding.excerpt.marks)
    return replace(finding, lanes=(*rows, *standing_rows(record)))
