"""What some strategies have to know of a program before its runs can be scheduled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.execution import Executed, Request
from harness.schedules.controlled import Estimate, estimate_of
from harness.schedules.names import STAY, Strategy

GO_BY_ESTIMATES = frozenset({Strategy.PCT, Strategy.WEIGHTED})


@dataclass(slots=True)
class Estimates:
    """The estimates of programs, each taken once, from a run under the plainest schedule.

    Several threads may ask at once; in the worst case two of them take the
    same estimate.
    """

    _known: dict[int, Estimate | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self, request: Request, execute: Callable[[Request], Executed | None]) -> Request:
        """The request with the estimate that its strategy goes by, if it goes by one."""
        if request.schedule.strategy not in GO_BY_ESTIMATES:
            return request
        key = id(request.claims)
        with self._lock:
            is_known = key in self._known
        if not is_known:
            executed = execute(replace(request, schedule=STAY))
            record = executed.record if executed else None
            with self._lock:
                self._known[key] = estimate_of(record) if record else None
        return replace(request, estimate=self._known[key])
