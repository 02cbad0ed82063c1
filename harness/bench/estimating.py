"""What has to be known of a program before some of its runs can be scheduled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.bench.execution import Executed, Request
from harness.schedules.controlled import Estimate, estimate_of
from harness.schedules.names import STAY, Schedule, Strategy
from harness.schedules.probing import Probing
from harness.schedules.record import Record

GO_BY_ESTIMATES = frozenset({Strategy.PCT, Strategy.WEIGHTED})

Execute = Callable[[Request], Executed | None]


@dataclass(slots=True)
class Estimates:
    """What first runs told of each program, each made once; several threads may ask at once.

    Some strategies go by one run under the plainest schedule; a probe, by its
    number, is one of the schedules that the first runs of a program lead to.
    """

    _probings: dict[int, Probing] = field(default_factory=dict)
    _estimates: dict[int, Estimate | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self, request: Request, execute: Execute) -> Request:
        """The request with the schedule that is really run, and what its strategy goes by."""
        asked = request.schedule
        if asked.strategy is Strategy.PROBE or asked.spurious:
            resolved = self._probing(request, execute).resolved(asked)
            is_probe = asked.strategy is Strategy.PROBE
            request = replace(request, schedule=resolved, candidates=is_probe)
        if request.schedule.strategy not in GO_BY_ESTIMATES:
            return request
        return replace(request, estimate=self._estimate(request, execute))

    def learn(self, request: Request, executed: Executed | None) -> None:
        """Take what a run has shown, so that it need not be made again for its record."""
        probing = self._probings.get(id(request.claims))
        if probing is not None and executed is not None and request.candidates:
            probing.add(request.schedule, executed.record)

    def _estimate(self, request: Request, execute: Execute) -> Estimate | None:
        key = id(request.claims)
        with self._lock:
            is_known = key in self._estimates
        if not is_known:
            executed = execute(replace(request, schedule=STAY, candidates=True))
            record = executed.record if executed else None
            self._probing(request, execute).add(STAY, record)
            with self._lock:
                self._estimates[key] = estimate_of(record) if record else None
        return self._estimates[key]

    def _probing(self, request: Request, execute: Execute) -> Probing:
        def run(schedule: Schedule) -> Record | None:
            executed = execute(replace(request, schedule=schedule, candidates=True, estimate=None))
            return executed.record if executed else None

        with self._lock:
            early = request.claims.spec.timing == "free"
            return self._probings.setdefault(id(request.claims), Probing(run, early=early))
