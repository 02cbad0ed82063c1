"""Run both sides many times, and keep what they gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harness.authoring.propose.candidates import View
from harness.bench.building import build_all
from harness.bench.controllable import make_controllable
from harness.bench.execution import HarnessFault
from harness.bench.options import Options
from harness.bench.planning import claims_of
from harness.judging.claims import Claims
from harness.judging.trace import read_trace
from harness.language.declarations import Property, Spec
from harness.language.properties.hang import Hang
from harness.machine.pool import in_parallel
from harness.proof.mutants.subjects import Setting, Subject, make_subject
from harness.schedules.names import parse_schedule
from harness.values.finding import Line
from harness.values.program import Program, Side
from harness.values.run import Deadlocked, NotStarted, OverLimit, Run, TimedOut
from harness.values.toolchain import Build, Built, Refused, Toolchain

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
        patterns = {pattern.event: pattern for pattern in self.claims.patterns}
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
    """What programs are built and run with, made ready once for many examples."""

    setting: Setting

    def build_of(self, spec: Spec, program: Program) -> Build:
        """How the program is started, or what the compiler says of it."""
        return self.setting.builds.of(spec, program, self.setting.toolchains[program.side])

    def gather(self, spec: Spec, seed: int = 0) -> Gathered:
        """Run every program of ``spec`` that compiles, as often as the options say."""
        builds = [(program, self.build_of(spec, program)) for program in spec.programs]
        subjects = [
            self._subject(spec, program, build)
            for program, build in builds
            if isinstance(build, Built)
        ]
        setting = self.setting.with_options(seed=self.setting.options.seed + seed)
        controlled = in_parallel(
            lambda each: tuple(_controlled(each, setting)),
            subjects,
            jobs=setting.options.jobs,
            name="gather",
            stop=setting.stop,
        )
        # One after the other: else what is measured would be how they hinder each other.
        recorded = [
            read_runs(subject.claims, (*runs, *_plain(subject, runs, setting)))
            for subject, runs in zip(subjects, controlled, strict=True)
        ]
        return Gathered(
            spec=spec,
            recorded={place_of(each): each for each in recorded if each.runs},
            refused={p.name: build for p, build in builds if isinstance(build, Refused)},
        )

    def _subject(self, spec: Spec, program: Program, build: Built) -> Subject:
        toolchain = self.setting.toolchains[program.side]
        claims = claims_of(spec, program, toolchain)
        steered = self.setting.controllable.build_of(spec, program, toolchain, build)
        return make_subject(claims, build, steered, self.setting)


def open_workshop(
    specs: Sequence[Spec], toolchains: Sequence[Toolchain], options: Options
) -> Workshop:
    """Build the programs of all ``specs``. Raises HarnessError if nothing can be built at all."""
    return Workshop(
        setting=Setting(
            toolchains={toolchain.side: toolchain for toolchain in toolchains},
            builds=build_all(specs, toolchains, options, lambda _: None),
            controllable=make_controllable(specs, toolchains, options),
            options=options,
        )
    )


def place_of(recorded: Recorded) -> Place:
    """Which program it was."""
    program = recorded.claims.program
    return program.side, program.name


def _controlled(subject: Subject, setting: Setting) -> Iterator[Run]:
    """The controlled runs, as far as the program can be controlled at all."""
    try:
        for run in subject.runs(setting.with_options(runs=0)):
            if isinstance(run.ending, OverLimit | NotStarted | TimedOut):
                return
            yield run
    except HarnessFault:
        return


def _plain(subject: Subject, controlled: Sequence[Run], setting: Setting) -> Iterator[Run]:
    """The runs that the system schedules; whether the program can hang is known by then."""
    if any(isinstance(run.ending, Deadlocked) for run in controlled):
        subject = replace(subject, claims=may_hang(subject.claims))
    for run in subject.runs(setting.with_options(schedules=0)):
        if not isinstance(run.ending, OverLimit | NotStarted):
            yield run


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
