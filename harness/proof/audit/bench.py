"""What runs are made with: toolchains, builds, and which schedules a program is put under."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harness.bench.building import Builds
from harness.bench.controllable import Controllable, is_timed
from harness.bench.estimating import Estimates
from harness.bench.execution import Executed, HarnessFault, Request, execute
from harness.bench.options import Options
from harness.judging.claims import Claims
from harness.schedules.names import Schedule
from harness.schedules.rotation import mixed_rotation, plain_rotation
from harness.values.toolchain import Built, Toolchain

_PLAIN_FIRST = 3
"""Plain runs before the first controlled one: what they show is the surest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One side's toolchain, what was built with it, and how many runs are made with it."""

    toolchain: Toolchain
    builds: Builds
    controllable: Controllable
    options: Options
    stop: threading.Event = field(default_factory=threading.Event)

    def schedules(self, claims: Claims) -> tuple[Schedule, ...]:
        """What a program is put under, one run each: a few plain, then controlled, then plain.

        A program whose speed is judged is never controlled: controlled time
        is not real.
        """
        now = self.options
        return now.only or self._schedules(claims, now.runs, now.schedules, now.seed)

    def further_schedules(self, claims: Claims) -> tuple[Schedule, ...]:
        """What it is put under while something that some run must show was not seen yet."""
        now = self.options
        if now.only:
            return ()
        schedules = now.extra_schedules if now.schedules else 0
        return self._schedules(claims, now.extra_runs, schedules, now.seed + now.schedules)

    def _schedules(
        self, claims: Claims, runs: int, schedules: int, seed: int
    ) -> tuple[Schedule, ...]:
        plain = plain_rotation(runs)
        if is_timed(claims) or self.controllable.reason(self.toolchain):
            return plain
        controlled = mixed_rotation(schedules, seed, early=claims.spec.timing == "free")
        return (*plain[:_PLAIN_FIRST], *controlled, *plain[_PLAIN_FIRST:])

    def requests(
        self, claims: Claims, build: Built, schedules: Sequence[Schedule], first: int = 0
    ) -> Iterator[Request]:
        """The runs of a program, in turn; controlled ones only where it is built for them.

        ``first`` numbers the first of them.
        """
        spec, program = claims.spec, claims.program
        steered = self.controllable.build_of(spec, program, self.toolchain, build)
        for index, schedule in enumerate(schedules, first):
            chosen = steered if schedule.is_controlled else build
            if chosen is not None:
                yield Request(
                    claims=claims,
                    toolchain=self.toolchain,
                    build=chosen,
                    index=index,
                    schedule=schedule,
                )


class Runner:
    """Makes the runs of one program; knows what some schedules go by."""

    def __init__(self, bench: Bench, timeout_seconds: float | None = None) -> None:
        self._bench = bench
        self._timeout = timeout_seconds
        self._estimates = Estimates()

    def make(self, request: Request) -> Executed | None:
        """The run, or ``None`` if the audit was told to stop or control was lost.

        A variant may well do what no scheduler can follow; such a run shows
        nothing, and another schedule will do. Nor does one that was ended as
        its schedule did not fit.
        """
        try:
            executed = self._execute(self._estimates.prepare(request, self._execute))
        except HarnessFault:
            return None
        record = executed.record if executed else None
        return None if record and record.end in ("mismatch", "refused") else executed

    def _execute(self, request: Request) -> Executed | None:
        return execute(request, timeout_seconds=self._timeout, stop=self._bench.stop)
