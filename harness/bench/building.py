"""What every program is started with: interpreters for one side, cargo for the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.machine.cargo import BuildReport, build, library_environment
from harness.machine.cargo.manifests import has_library
from harness.machine.toolchains import cannot_run, default_rust
from harness.machine.toolchains.lean import lean_python
from harness.machine.toolchains.syntax import syntax_faults
from harness.values.errors import BuildImpossible, ToolchainMissing
from harness.values.messages import say
from harness.values.program import Program, Side
from harness.values.report import BuildFinished, BuildStarted, RunEvent
from harness.values.toolchain import Build, Built, NotBuilt, Place, Toolchain

Key = tuple[str, str, str]
"""A compiler's label, an example's id, a program's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Builds:
    """What became of every Rust program with every compiler.

    ``libraries`` is the target directory whose libraries Python programs
    load: that of the first compiler, if there is one. ``pythons`` are the
    interpreters that programs are started with, by label; ``unreadable`` are
    the programs that one of them cannot read.
    """

    rust: Mapping[Key, Build]
    libraries: Path | None = None
    pythons: Mapping[str, Path] = field(default_factory=dict)
    unreadable: Mapping[Key, NotBuilt] = field(default_factory=dict)
    seconds: float = 0.0

    def lacking(self, spec: Spec, side: Side) -> str:
        """Why a side cannot be run at all on this machine; nothing if it can."""
        if side is Side.PYTHON and self.libraries is None and has_library(spec.directory):
            return say("build.no-compiler")
        return ""

    def of(self, spec: Spec, program: Program, toolchain: Toolchain) -> Build:
        """How ``program`` is started with ``toolchain``, or why it cannot be."""
        if reason := cannot_run(program, toolchain):
            return NotBuilt(reason=say("build.not-run", program=program.path, reason=reason))
        key = (toolchain.label, spec.id, program.name)
        if program.side is Side.PYTHON:
            if fault := self.unreadable.get(key):
                return fault
            python = self.pythons.get(toolchain.label, toolchain.program)
            command = (str(python), program.path)
            return Built(command=command, environment=self._environment(spec))
        missing = NotBuilt(reason=say("build.cargo-silent"))
        return self.rust.get(key, missing)

    def _environment(self, spec: Spec) -> Mapping[str, str]:
        return library_environment(spec, self.libraries) if self.libraries else {}


def build_all(
    specs: Iterable[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[RunEvent], None],
) -> Builds:
    """Build the crates of ``specs`` with every compiler, each into a directory of its own."""
    distinct = every = tuple({spec.id: spec for spec in specs}.values())
    rust: dict[Key, Build] = {}
    compilers = [toolchain for toolchain in toolchains if toolchain.side is Side.RUST]
    if not compilers:
        distinct = tuple(spec for spec in distinct if has_library(spec.directory))
        compilers = _library_compilers() if distinct else []
    seconds = 0.0
    for compiler in compilers:
        tell(BuildStarted(toolchain=compiler, crates=len(distinct)))
        report = _build(compiler, distinct, options, is_only=len(compilers) == 1)
        tell(BuildFinished(toolchain=compiler, seconds=report.seconds, fresh=report.fresh))
        for (example, program), made in report.builds.items():
            rust[compiler.label, example, program] = made
        seconds += report.seconds
    libraries = target_of(compilers[0], options) if compilers else None
    pythons = {
        toolchain.label: lean_python(toolchain, options.state.absolute() / "python")
        for toolchain in toolchains
        if toolchain.side is Side.PYTHON
    }
    unreadable: dict[Key, NotBuilt] = {}
    for label, python in pythons.items():
        unreadable |= _unreadable(label, python, every)
    return Builds(
        rust=rust, libraries=libraries, pythons=pythons, unreadable=unreadable, seconds=seconds
    )


def _unreadable(label: str, python: Path, specs: Iterable[Spec]) -> dict[Key, NotBuilt]:
    """The programs that an interpreter cannot read, each with what it says in one line.

    One of which the spec says what it reports is left to be run.
    """
    programs = {
        spec.directory / program.path: (spec, program)
        for spec in specs
        for program in spec.programs_of(Side.PYTHON)
        if not any(p.rule.replaces_reports and p.covers(program) for p in spec.properties)
    }
    found = {}
    for file, fault in syntax_faults(python, tuple(programs)).items():
        spec, program = programs[file]
        place = Place(file=program.path, line=fault.line, text=fault.text)
        where = f"{place}" if fault.line else program.path
        text = f": {fault.text}" if fault.text else ""
        reason = f"{where}: {fault.kind}: {fault.message}{text}"
        found[label, spec.id, program.name] = NotBuilt(reason=reason, place=place)
    return found


def _build(
    compiler: Toolchain, specs: Sequence[Spec], options: Options, *, is_only: bool
) -> BuildReport:
    """What one compiler makes of the specs; if it cannot work at all, the others go on."""
    try:
        return build(compiler, specs, target_dir=target_of(compiler, options))
    except BuildImpossible as error:
        if is_only:
            raise
        why = NotBuilt(reason=str(error))
    programs = ((spec, program) for spec in specs for program in spec.programs_of(Side.RUST))
    builds = {(spec.id, program.name): why for spec, program in programs}
    return BuildReport(builds=builds, fresh=False, seconds=0.0)


def _library_compilers() -> list[Toolchain]:
    """Libraries that Python programs load are built even where no compiler was asked for."""
    try:
        return [default_rust()]
    except ToolchainMissing:
        return []


def target_of(compiler: Toolchain, options: Options) -> Path:
    """Where ``compiler`` builds into: no two compilers share a directory."""
    return options.state.absolute() / "target" / compiler.label
