"""Programs of ``tests/schedules``, built with one toolchain and run under schedules."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from harness.machine.process import (
    Command,
    Completed,
    clean_environment,
    run_process,
    tool_environment,
)
from harness.machine.toolchains import satisfies
from harness.machine.toolchains.lean import lean_python
from harness.schedules.bytecode import compile_runtime
from harness.schedules.controlled import (
    REQUEST,
    Estimate,
    ending_under_control,
    estimate_of,
    lasting_variables,
    log_of,
    request_of,
)
from harness.schedules.instrument import Instrumentation, probe
from harness.schedules.memory import MemoryFile, run_place
from harness.schedules.names import STAY, Schedule
from harness.schedules.record import Record
from harness.schedules.serving import run_served
from harness.schedules.world import compile_world
from harness.values.program import Side
from harness.values.run import Ending, Exited
from harness.values.toolchain import Toolchain
from tests.bench.programs import PROGRAMS, Program

WORKERS = 2
TIMEOUT_SECONDS = 30.0
SILENCE_SECONDS = 0.1
"""A plain run that has been silent and idle for so long is taken to hang: none ever sleeps."""

STATE = Path(".harness/bench/schedules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one run; ``record`` is what a controlled one left."""

    stdout: str
    stderr: str
    ending: Ending
    record: Record | None = None

    @property
    def is_good(self) -> bool:
        """Whether a program with a planted bug did not show it."""
        return (self.stdout, self.ending) == ("good\n", Exited(0))

    def __str__(self) -> str:
        """Its ending and what it printed, in a line."""
        return ", ".join(map(repr, filter(None, (self.ending, self.stdout, self.stderr[-300:]))))


@dataclass(slots=True, kw_only=True)
class Workbench:
    """Runs programs with one toolchain, as the harness runs those of its corpus."""

    toolchain: Toolchain
    plain: Path
    """The interpreter, or the directory of what the compiler has built."""

    controlled: Path
    """The same for what runs under control."""

    world: Path | None = None
    """The library that is loaded into a controlled interpreter."""

    _estimates: dict[Program, Estimate] = field(default_factory=dict)
    _never_spurious: set[Program] = field(default_factory=set)

    def run(
        self,
        program: Program,
        schedule: Schedule,
        *,
        candidates: bool = False,
        touches: str = "",
    ) -> Outcome:
        """Make one run. What the strategies go by is taken from a first run, once a program."""
        if not schedule.is_controlled:
            return _outcome(run_process(self._command(program, {}, self.plain)))
        if program not in self._estimates and schedule != STAY:
            first = self._run_controlled(program, STAY)
            assert first.record is not None
            self._estimates[program] = estimate_of(first.record)
            if not first.record.tells_candidates:
                self._never_spurious.add(program)
        if schedule.spurious and program in self._never_spurious:
            schedule = replace(schedule, spurious=False)
        return self._run_controlled(program, schedule, candidates=candidates, touches=touches)

    def run_all(self, program: Program, schedules: Iterable[Schedule]) -> Iterator[Outcome]:
        """Make these runs, two at a time; their outcomes in the order of the schedules."""
        with ThreadPoolExecutor(WORKERS) as pool:
            yield from pool.map(partial(self.run, program), schedules)

    def _run_controlled(
        self,
        program: Program,
        schedule: Schedule,
        *,
        candidates: bool = False,
        touches: str = "",
    ) -> Outcome:
        with run_place() as place, MemoryFile() as file:
            asked = request_of(
                schedule,
                file.place,
                place,
                estimate=self._estimates.get(program),
                candidates=candidates,
                touches=touches,
            )
            lasting = lasting_variables(
                program.side,
                granularity=program.granularity,
                task_order=program.task_order,
                script=program.source,
            )
            variables = lasting | place.variables | {REQUEST: file.place}
            command = self._command(program, variables, self.controlled)
            completed = run_served(command, asked, file)
            log = log_of(file, asked)
        if not isinstance(completed.ending, Exited):
            return _outcome(completed)
        assert log.record is not None, log.fault
        return _outcome(completed, log.record)

    def _command(self, program: Program, variables: dict[str, str], place: Path) -> Command:
        is_python = program.side is Side.PYTHON
        if is_python and variables:
            variables = {**variables, "LD_PRELOAD": str(self.world)}
        start = (str(place), str(program.source)) if is_python else (str(place / program.file),)
        return Command(
            argv=(*start, *program.arguments),
            cwd=PROGRAMS,
            environment=clean_environment(variables),
            timeout_seconds=TIMEOUT_SECONDS,
            silence_seconds=None if variables else SILENCE_SECONDS,
            terminal=True,
            address_randomisation=not variables,
        )


def _outcome(completed: Completed, record: Record | None = None) -> Outcome:
    return Outcome(
        stdout=completed.stdout.decode(),
        stderr=completed.stderr.decode(),
        ending=ending_under_control(completed.ending, record) if record else completed.ending,
        record=record,
    )


def make_workbench(
    toolchain: Toolchain, state: Path = STATE, *, has_plain: bool = True
) -> Workbench | str:
    """Build all that this toolchain can build, or say why it cannot control anything."""
    state = state.absolute()
    if toolchain.side is Side.PYTHON:
        compile_runtime(toolchain.program, f"{toolchain.label}-{toolchain.version}", state)
        python = lean_python(toolchain, state / "python")
        world = compile_world(state)
        if isinstance(world, str):
            return world
        return Workbench(toolchain=toolchain, plain=python, controlled=python, world=world)
    environment = tool_environment() | dict(toolchain.environment)
    found = probe(str(toolchain.program), shutil.which("cc") or "cc", state, environment)
    if isinstance(found, str):
        return found
    plain = state / toolchain.label / "plain"
    controlled = state / toolchain.label / "controlled"
    if has_plain:
        _compile(toolchain, None, plain)
    _compile(toolchain, found, controlled)
    return Workbench(toolchain=toolchain, plain=plain, controlled=controlled)


NEW_SOURCES = {"lazies": "1.80"}
"""Sources that older compilers do not take."""


def _compile(toolchain: Toolchain, instrumentation: Instrumentation | None, place: Path) -> None:
    """Compile the Rust programs into ``place``, at once."""
    place.mkdir(parents=True, exist_ok=True)
    command = [str(toolchain.program), "--edition=2021", "--out-dir", str(place)]
    environment = tool_environment() | dict(toolchain.environment)
    if instrumentation is not None:
        command += ["--target", instrumentation.host, *instrumentation.rustflags]
        environment |= dict(instrumentation.environment)
    compilers = [
        subprocess.Popen([*command, str(source)], env=environment)
        for source in sorted(PROGRAMS.glob("rust/*.rs"))
        if satisfies(toolchain.version, f">={NEW_SOURCES.get(source.stem, '0')}")
    ]
    codes = {compiler.wait() for compiler in compilers}
    if codes != {0}:
        raise SystemExit(f"{toolchain.title}: the programs of tests/schedules/rust do not compile")
