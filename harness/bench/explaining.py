"""Where a controlled run fails, make the failure small, and draw who did what.

A drawn schedule has hand-overs wherever chance put them; what one with few shows, a reader can
follow. So the smallest is looked for that breaks the same property.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from harness.bench.execution import with_places_of_departures
from harness.bench.subject import Executed, Request
from harness.judging.judge import judge_run, reproduce_command
from harness.schedules.lanes import ending_rows, lane_rows, race_rows, standing_rows
from harness.schedules.names import MOST_CHARACTERS, Schedule
from harness.schedules.record import TASK, Record
from harness.schedules.reduction import Reduced, TriedSchedule, reduce_schedule
from harness.values.finding import Finding
from harness.values.messages import say
from harness.values.program import Side

_Shown = tuple[Finding, Executed]
"""What a run that was made to reduce a schedule has shown."""

Fitting = Callable[[Request], Executed | None]
"""Makes a run, if its schedule fits the program."""

REDUCTION_RUNS = {Side.PYTHON: 300, Side.RUST: 500}
"""How many runs may be spent on making one failing schedule smaller; few take so many."""


class Explainer:
    """Explains the findings of one program; several threads may ask at once."""

    def __init__(self, make_fitting: Fitting) -> None:
        self._make_fitting = make_fitting
        self._reduced: set[str] = set()
        self._lock = threading.Lock()

    def explained(
        self, request: Request, executed: Executed, finding: Finding, *, comes_again: bool
    ) -> Finding:
        """The finding under the smallest schedule that shows it too, with its lanes.

        Only the first finding of each property is worth the runs, and only if
        its run ``comes_again``.
        """
        record = executed.record
        if record is None:
            return finding
        finding = replace(finding, scope=scope_of(request, record))
        with self._lock:
            # Under the lock, and before the runs: of two threads with
            # the same property one reduces.
            if finding.property in self._reduced:
                return finding
            self._reduced.add(finding.property)
        if not comes_again:
            return with_lanes(request, finding, executed)

        def attempt(schedule: Schedule) -> TriedSchedule[_Shown] | None:
            return self._attempt(replace(request, schedule=schedule, candidates=True), finding)

        budget = REDUCTION_RUNS[request.toolchain.side]
        reduced = reduce_schedule(record, attempt, budget=budget)
        if reduced is None:
            return with_lanes(request, finding, executed)
        return _smallest(request, finding, reduced)

    def _attempt(self, request: Request, finding: Finding) -> TriedSchedule[_Shown] | None:
        """One run of the reduction: it fails if it breaks the same property, as much under control.

        ``None``: its schedule has too long a name, or does not fit the program.
        """
        if len(str(request.schedule)) > MOST_CHARACTERS:
            return None
        tried = self._make_fitting(request)
        if tried is None or tried.record is None:
            return None
        # Else the small schedule would show what control may have done, in
        # the place of what the program did.
        if tried.run.doubts and not finding.doubts:
            return TriedSchedule(tried.record, fails=False, kept=(finding, tried))
        judgement = judge_run(request.claims, tried.run)
        same = next((f for f in judgement.findings if f.property == finding.property), None)
        return TriedSchedule(tried.record, same is not None, (same or finding, tried))


def _smallest(request: Request, finding: Finding, reduced: Reduced[_Shown]) -> Finding:
    """The finding of the smallest run, as one of the run in which it was found."""
    smaller, executed = reduced.kept
    command = reproduce_command(
        request.claims, replace(executed.run, schedule=str(reduced.schedule))
    )
    smaller = replace(
        smaller,
        schedule=finding.schedule,
        run_index=finding.run_index,
        scope=scope_of(replace(request, schedule=reduced.schedule), executed.record),
        doubts=finding.doubts,
        confirmation=finding.confirmation,
        reproduce=command,
        switches=len(reduced.departures),
    )
    return with_lanes(request, smaller, executed)


def scope_of(request: Request, record: Record | None = None) -> str:
    """When what a controlled run shows can be: on which interpreters, and after early timeouts."""
    scope = _scope_of_switches(request, record)
    if record is None or not record.fired or not _takes_early_timeouts(request.schedule):
        return scope
    early = say("try.early" if request.claims.spec.tried else "scope.early")
    return say("scope.both", first=scope, second=early) if scope else early


def _takes_early_timeouts(schedule: Schedule) -> bool:
    return schedule.early or schedule.sleepless or bool(schedule.early_steps)


def _scope_of_switches(request: Request, record: Record | None) -> str:
    """On which interpreters its hand-overs can be; nothing for a compiled program."""
    toolchain = request.toolchain
    if toolchain.side is not Side.PYTHON:
        return ""
    on_it = request.claims.spec.granularity == "gil" or not toolchain.has_gil
    scope = say("scope.on" if on_it else "scope.without-gil", toolchain=toolchain.title)
    if record is None or not any(each.departs and each.kind == TASK for each in record.decisions):
        return scope
    free = say("scope.free-tasks")
    return free if on_it else say("scope.both", first=scope, second=free)


def with_lanes(request: Request, finding: Finding, executed: Executed) -> Finding:
    """The finding with the lanes of the run that shows it, if that was controlled."""
    if executed.record is None:
        return finding
    record = with_places_of_departures(executed.record, request)
    rows = lane_rows(record, executed.run.stdout, finding.excerpt.marks)
    ends = race_rows(record) if finding.property == "no-data-race" else standing_rows(record)
    if not ends and finding.switches:
        ends = ending_rows(record)
    return replace(finding, lanes=(*rows, *ends), tasks=record.tasks)
