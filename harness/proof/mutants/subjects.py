"""One program that is run again and again under the schedules of a budget."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest

from harness.bench.building import Builds
from harness.bench.controllable import Controllable, is_timed
from harness.bench.estimating import Estimates
from harness.bench.execution import Executed, Request, execute
from harness.bench.options import Options
from harness.judging.claims import Claims
from harness.judging.judge import stderr_events
from harness.judging.stderr import parse_stderr
from harness.judging.trace import read_trace
from harness.language.properties.ending import ending_text
from harness.schedules.names import Schedule
from harness.schedules.rotation import mixed_rotation, plain_rotation
from harness.values.program import Side
from harness.values.run import Run
from harness.values.toolchain import Built, Toolchain

Print = tuple[Hashable, ...]
"""What a run gave, whatever the order of its lines and the time it took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """With what everything is run: one toolchain a side, what is built, and the budget."""

    toolchains: Mapping[Side, Toolchain]
    builds: Builds
    controllable: Controllable
    options: Options
    stop: threading.Event = field(default_factory=threading.Event)

    def with_options(
        self, *, runs: int | None = None, schedules: int | None = None, seed: int | None = None
    ) -> Setting:
        """The same with other numbers of runs, or another seed."""
        now = self.options
        options = replace(
            now,
            runs=now.runs if runs is None else runs,
            schedules=now.schedules if schedules is None else schedules,
            seed=now.seed if seed is None else seed,
        )
        return replace(self, options=options)


@dataclass(slots=True, kw_only=True)
class Subject:
    """A program, the build for plain runs, and the build for controlled ones if there is one."""

    claims: Claims
    toolchain: Toolchain
    plain: Built
    steered: Built | None
    timeout_seconds: float | None = None
    _estimates: Estimates = field(default_factory=Estimates)

    def runs(self, setting: Setting) -> Iterator[Run]:
        """Make the runs of the budget, one for each that is asked for; fewer once stopped."""
        for index, schedule in enumerate(self._schedules(setting.options)):
            run = self._run(schedule, index, setting)
            if run is None:
                return
            yield run

    def _schedules(self, options: Options) -> Iterator[Schedule]:
        """Plain and controlled ones in turn, so that what is easily found is found early."""
        early = self.claims.spec.timing == "free"
        count = options.schedules if self.steered is not None else 0
        steered = mixed_rotation(count, options.seed, early=early)
        turns = zip_longest(plain_rotation(options.runs), steered)
        return (schedule for schedule in chain.from_iterable(turns) if schedule is not None)

    def _run(self, schedule: Schedule, index: int, setting: Setting) -> Run | None:
        build = self.plain
        if schedule.is_controlled and self.steered is not None:
            build = self.steered
        request = Request(
            claims=self.claims,
            toolchain=self.toolchain,
            build=build,
            schedule=schedule,
            index=index,
        )

        def make(one: Request) -> Executed | None:
            return execute(one, timeout_seconds=self.timeout_seconds, stop=setting.stop)

        executed = make(self._estimates.prepare(request, make))
        return None if executed is None else executed.run


def make_subject(claims: Claims, plain: Built, steered: Built | None, setting: Setting) -> Subject:
    """The subject; a program whose speed is judged is only run as it comes."""
    toolchain = setting.toolchains[claims.program.side]
    can_steer = not (is_timed(claims) or setting.controllable.reason(toolchain))
    return Subject(
        claims=claims,
        toolchain=toolchain,
        plain=plain,
        steered=steered if can_steer else None,
    )


def print_of(claims: Claims, run: Run) -> Print:
    """What the run gave: which lines, how often each, what it reported, and how it ended."""
    trace = read_trace(run.stdout, claims.stdout, mend=run.side is Side.PYTHON)
    stderr = parse_stderr(run.stderr, lambda line: claims.stderr.match(line) is not None)
    lines = (
        (line.event or line.text, tuple(v for v in line.fields if not isinstance(v, float)))
        for line in (*trace.lines, *stderr_events(claims, stderr, after=0))
    )
    reports = sorted(f"{report.thread}: {report.headline}" for report in stderr.reports)
    return ending_text(run.ending), (*sorted(lines, key=repr), *reports)
