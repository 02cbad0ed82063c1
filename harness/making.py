"""Make one run and judge it; where a controlled one fails, make the failure small."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.estimating import Estimates
from harness.execution import Executed, HarnessFault, Request, execute
from harness.judge import Judgement, judge_run, reproduce_command
from harness.model import Finding, Run, Side
from harness.options import Options
from harness.recording import Recorder
from harness.schedules.lanes import lane_rows, standing_rows
from harness.schedules.names import Schedule
from harness.schedules.record import Record
from harness.schedules.reduction import Reduced, Tried, reduce_schedule

_Shown = tuple[Finding, Executed]
"""What a run that was made to reduce a schedule has shown."""

REDUCTION_RUNS = {Side.PYTHON: 300, Side.RUST: 500}
"""How many runs may be spent on making one failing schedule smaller; few take so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One run, what it shows, and the record of its schedule if that was controlled."""

    run: Run
    judgement: Judgement
    record: Record | None = None


@dataclass(slots=True)
class Maker:
    """Makes runs for one call of the harness; several threads may ask at once.

    ``recorder`` keeps what they show, if there is one. ``make`` gives ``None``
    once ``stop`` is set, and raises HarnessFault where control was lost.
    """

    options: Options
    stop: threading.Event = field(default_factory=threading.Event)
    recorder: Recorder | None = None
    _estimates: Estimates = field(default_factory=Estimates)
    _reduced: set[tuple[int, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def make(
        self, request: Request, on_output: Callable[[bytes], None] | None = None
    ) -> Made | None:
        """Make the run and judge it."""
        request = self._estimates.prepare(request, self._execute)
        executed = self._execute(request, on_output)
        self._estimates.learn(request, executed)
        if executed is None:
            return None
        judgement = judge_run(request.claims, executed.run)
        if executed.record is not None and judgement.findings:
            scope = scope_of(request)
            findings = tuple(
                replace(self._explained(request, executed, finding), scope=scope)
                for finding in judgement.findings
            )
            judgement = replace(judgement, findings=findings)
        if self.recorder is not None:
            self.recorder.record(request.claims, request.toolchain, executed.run, judgement)
        return Made(run=executed.run, judgement=judgement, record=executed.record)

    def _execute(
        self, request: Request, on_output: Callable[[bytes], None] | None = None
    ) -> Executed | None:
        timeout = self.options.timeout_seconds
        executed = execute(request, timeout_seconds=timeout, stop=self.stop, on_output=on_output)
        if executed and executed.record and executed.record.end in ("mismatch", "refused"):
            raise HarnessFault(
                f"{request.claims.spec.id} ({request.toolchain.side.value}): the schedule "
                f'"{request.schedule}" does not fit the program'
                f"{''.join(f'; {reason}' for reason in executed.record.uncontrolled)}"
            )
        return executed

    # --- smaller counter-examples -----------------------------------------------

    def _explained(self, request: Request, executed: Executed, finding: Finding) -> Finding:
        """The finding under the smallest schedule that shows it too, with its lanes.

        Only the first finding of each property is worth the runs. A run that
        does not fail again when it is made again is a fault of ours.
        """
        key = (id(request.claims), finding.property)
        with self._lock:
            if key in self._reduced:
                return finding
            self._reduced.add(key)
        self._make_again(request, executed)
        assert executed.record is not None  # noqa: S101 - the caller has asked

        def attempt(schedule: Schedule) -> Tried[_Shown] | None:
            tried = self._fitting(request, schedule)
            if tried is None or tried.record is None:
                return None
            judgement = judge_run(request.claims, tried.run)
            same = next((f for f in judgement.findings if f.property == finding.property), None)
            return Tried(tried.record, same is not None, (same or finding, tried))

        budget = REDUCTION_RUNS[request.toolchain.side]
        reduced = reduce_schedule(executed.record, attempt, budget=budget)
        if reduced is None:
            return with_lanes(finding, executed)
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
            reproduce=command,
            switches=len(reduced.departures),
        )
        return with_lanes(smaller, executed)

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

    def _make_again(self, request: Request, executed: Executed) -> None:
        """The same schedule must give the same run; child processes are beyond control."""
        again = self._execute(request)
        if again is None or again.record is None or executed.record is None:
            return
        same = again.record == executed.record and again.run.stdout == executed.run.stdout
        if not same and not executed.record.uncontrolled:
            raise HarnessFault(
                f"{request.claims.spec.id} ({request.toolchain.side.value}): the schedule "
                f'"{request.schedule}" gave two different runs'
            )


def scope_of(request: Request) -> str:
    """On which interpreters what a controlled run shows can be; nothing for a compiled program."""
    toolchain = request.toolchain
    if toolchain.side is not Side.PYTHON:
        return ""
    if request.claims.spec.granularity == "gil" or not toolchain.has_gil:
        return f"possible on {toolchain.title}: threads were switched only where it may switch them"
    return (
        "possible without the GIL: threads were switched at every bytecode, "
        f"where {toolchain.title} may never do so"
    )


def with_lanes(finding: Finding, executed: Executed) -> Finding:
    """The finding with the lanes of the run that shows it, if that was controlled."""
    if executed.record is None:
        return finding
    rows = lane_rows(executed.record, executed.run.stdout, finding.excerpt.marks)
    return replace(finding, lanes=(*rows, *standing_rows(executed.record)))
