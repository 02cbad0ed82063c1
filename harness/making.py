"""Make one run and judge it; where a controlled one fails, make the failure small."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.estimating import Estimates
from harness.execution import Executed, HarnessFault, Request, execute
from harness.judge import Judgement, judge_run, reproduce_command
from harness.model import Finding, Run
from harness.options import Options
from harness.recording import Recorder
from harness.schedules.lanes import lane_rows
from harness.schedules.names import Schedule
from harness.schedules.record import Record
from harness.schedules.search import reduce_schedule

REDUCTION_RUNS = 120
"""How many runs may be spent on making one failing schedule smaller."""


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
        if executed is None:
            return None
        judgement = judge_run(request.claims, executed.run)
        if executed.record is not None and judgement.findings:
            findings = tuple(self._explained(request, executed, f) for f in judgement.findings)
            judgement = replace(judgement, findings=findings)
        if self.recorder is not None:
            self.recorder.record(request.claims, request.toolchain, executed.run, judgement)
        return Made(run=executed.run, judgement=judgement, record=executed.record)

    def _execute(
        self, request: Request, on_output: Callable[[bytes], None] | None = None
    ) -> Executed | None:
        timeout = self.options.timeout_seconds
        executed = execute(request, timeout_seconds=timeout, stop=self.stop, on_output=on_output)
        if executed and executed.record and executed.record.end == "mismatch":
            raise HarnessFault(
                f"{request.claims.spec.id} ({request.toolchain.side.value}): the schedule "
                f'"{request.schedule}" does not fit the program'
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
        found: dict[str, tuple[Finding, Executed]] = {}

        def attempt(schedule: Schedule) -> Record | None:
            tried = self._try(request, schedule, finding.property)
            if tried is None or tried[1].record is None:
                return None
            found[str(schedule)] = tried
            return tried[1].record

        reduced = reduce_schedule(executed.record, attempt, budget=REDUCTION_RUNS)
        if reduced is None:
            return _with_lanes(finding, executed)
        return self._smallest(request, finding, reduced.schedule, reduced.record, found)

    def _smallest(
        self,
        request: Request,
        finding: Finding,
        schedule: Schedule,
        record: Record,
        found: dict[str, tuple[Finding, Executed]],
    ) -> Finding:
        match = next((pair for pair in found.values() if pair[1].record is record), None)
        if match is None:
            return finding
        smaller, executed = match
        command = reproduce_command(request.claims, replace(executed.run, schedule=str(schedule)))
        smaller = replace(
            smaller,
            schedule=finding.schedule,
            run_index=finding.run_index,
            reproduce=command,
            switches=len(schedule.switches),
        )
        return _with_lanes(smaller, executed)

    def _try(
        self, request: Request, schedule: Schedule, name: str
    ) -> tuple[Finding, Executed] | None:
        timeout = self.options.timeout_seconds
        executed = execute(
            replace(request, schedule=schedule), timeout_seconds=timeout, stop=self.stop
        )
        if executed is None or executed.record is None or executed.record.end == "mismatch":
            return None
        judgement = judge_run(request.claims, executed.run)
        finding = next((f for f in judgement.findings if f.property == name), None)
        return None if finding is None else (finding, executed)

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


def _with_lanes(finding: Finding, executed: Executed) -> Finding:
    if executed.record is None:
        return finding
    rows = lane_rows(executed.record, executed.run.stdout, finding.excerpt.marks)
    return replace(finding, lanes=rows)
