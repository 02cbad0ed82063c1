"""Run both sides many times, and keep what they gave."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harness.authoring.propose.candidates import View
from harness.bench.budget import Budget, Mix, budget_of
from harness.bench.execution import HarnessFault, Misfit
from harness.bench.lab import Lab, open_lab
from harness.bench.options import Options
from harness.bench.subject import Subject
from harness.bench.trial import Trial
from harness.judging.claims import Claims
from harness.judging.trace import read_trace
from harness.language.declarations import Property, Spec
from harness.language.properties.hang import Hang
from harness.machine.pool import in_parallel
from harness.schedules.names import parse_schedule
from harness.values.finding import Line
from harness.values.program import Program, Side
from harness.values.progress import SILENT, Progress
from harness.values.run import Deadlocked, NotStarted, OverLimit, Run, TimedOut
from harness.values.toolchain import Build, Refused, Toolchain

Place = tuple[Side, str]
"""A program of an example: its side and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The runs of one program. ``unknown`` are lines that are no event, each once."""

    claims: Claims
    runs: tuple[Run, ...]
    lines: tuple[tuple[Line, ...], ...]
    unknown: tuple[str, ...] = ()

    @property
    def view(self) -> View:
        """What was printed."""
        patterns = self.claims.by_event
        return View(patterns=patterns, runs=self.lines)

    @property
    def plain(self) -> tuple[tuple[Run, tuple[Line, ...]], ...]:
        """The runs that the system scheduled: only in these is time what it is."""
        pairs = zip(self.runs, self.lines, strict=True)
        return tuple((run, lines) for run, lines in pairs if not _is_controlled(run))


def _is_controlled(run: Run) -> bool:
    return parse_schedule(run.schedule).is_controlled


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All that was learned of one example; ``refused`` are the programs that do not compile."""

    spec: Spec
    recorded: Mapping[Place, Recorded]
    refused: Mapping[str, Refused] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The lab in which many examples are run, with one toolchain a side and one budget."""

    lab: Lab
    toolchains: Mapping[Side, Toolchain]
    budget: Budget
    jobs: int = 1
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Progress = SILENT

    def build_of(self, spec: Spec, program: Program) -> Build:
        """How the program is started, or what the compiler says of it."""
        return self.lab.build_of(spec, program, self.toolchains[program.side])

    def gather(self, spec: Spec, seed: int = 0) -> Gathered:
        """Run every program of ``spec`` that compiles, as often as the budget says."""
        subjects = [
            subject
            for program in spec.programs
            if (subject := self.lab.subject(spec, program, self.toolchains[program.side]))
        ]
        budget = replace(self.budget, seed=self.budget.seed + seed)
        self.progress.begin("run", len(subjects) * (budget.runs + budget.schedules))
        controlled = in_parallel(
            lambda each: tuple(self._controlled(each, budget)),
            subjects,
            jobs=self.jobs,
            name="gather",
            stop=self.stop,
        )
        # One after the other: else what is measured would be how they hinder each other.
        recorded = [
            read_runs(subject.claims, (*runs, *self._plain(subject, runs, budget)))
            for subject, runs in zip(subjects, controlled, strict=True)
        ]
        builds = [(program, self.build_of(spec, program)) for program in spec.programs]
        return Gathered(
            spec=spec,
            recorded={place_of(each): each for each in recorded if each.runs},
            refused={p.name: build for p, build in builds if isinstance(build, Refused)},
        )

    def _controlled(self, subject: Subject, budget: Budget) -> Iterator[Run]:
        """The controlled runs, as far as the program can be controlled at all."""
        try:
            for run in self._runs(subject, replace(budget, runs=0)):
                if isinstance(run.ending, OverLimit | NotStarted | TimedOut):
                    return
                yield run
        except HarnessFault:
            return

    def _plain(self, subject: Subject, controlled: Sequence[Run], budget: Budget) -> Iterator[Run]:
        """The runs that the system schedules; whether the program can hang is known by then."""
        if any(isinstance(run.ending, Deadlocked) for run in controlled):
            subject = replace(subject, claims=may_hang(subject.claims))
        for run in self._runs(subject, replace(budget, schedules=0)):
            if not isinstance(run.ending, OverLimit | NotStarted):
                yield run

    def _runs(self, subject: Subject, budget: Budget) -> Iterator[Run]:
        """The runs of the budget, as they are made; a schedule that does not fit gives none."""
        trial = Trial(
            subject=subject, budget=budget, stop=self.stop, explains=False, forgives=(Misfit,)
        )
        for judged in trial.run():
            self.progress.advance(
                f"{subject.claims.program.side.value} {subject.claims.program.name}"
            )
            yield judged.run


def open_workshop(
    specs: Sequence[Spec], toolchains: Sequence[Toolchain], options: Options
) -> Workshop:
    """Build the programs of all ``specs``. Raises HarnessError if nothing can be built at all."""
    options.progress.stage("building the programs")
    return Workshop(
        lab=open_lab(specs, toolchains, options),
        toolchains={toolchain.side: toolchain for toolchain in toolchains},
        budget=budget_of(options, Mix.IN_TURN),
        jobs=options.jobs,
        progress=options.progress,
    )


def place_of(recorded: Recorded) -> Place:
    """Which program it was."""
    program = recorded.claims.program
    return program.side, program.name


def may_hang(claims: Claims) -> Claims:
    """The claims of a program for which silence is worth watching."""
    rule = Hang(after=())
    hang = Property(name="may-hang", why="it did under control", family="hang", rule=rule)
    return replace(claims, properties=(*claims.properties, hang))


def read_runs(claims: Claims, runs: tuple[Run, ...]) -> Recorded:
    """The runs with the lines that they printed."""
    mend = claims.program.side is Side.PYTHON
    traces = [read_trace(run.stdout, claims.stdout, mend=mend).lines for run in runs]
    unknown = dict.fromkeys(line.text for lines in traces for line in lines if line.event is None)
    lines = tuple(tuple(line for line in trace if line.event is not None) for trace in traces)
    return Recorded(claims=claims, runs=runs, lines=lines, unknown=tuple(unknown))
