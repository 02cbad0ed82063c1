"""What every program is started with: interpreters for one side, cargo for the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.language.spec.packages import unpinned
from harness.machine.cargo import BuildReport, build, build_extension, library_environment
from harness.machine.cargo.manifests import has_library, is_loaded
from harness.machine.pool import both
from harness.machine.toolchains import cannot_run, default_rust, is_below_floor
from harness.machine.toolchains.environments import (
    Unavailable,
    environment_importing,
    environment_with,
)
from harness.machine.toolchains.lean import is_of_an_environment, lean_python
from harness.machine.toolchains.sources import source_faults
from harness.values.errors import BuildImpossible, ToolchainMissing
from harness.values.messages import say
from harness.values.program import Packages, Program, Side
from harness.values.report import BuildFinished, BuildStarted, RunEvent
from harness.values.toolchain import Build, Built, NotBuilt, Place, Toolchain
from harness.values.words import shortened

Key = tuple[str, str, str]
"""A compiler's label, an example's id, a program's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Builds:
    """What became of every Rust program with every compiler.

    ``libraries`` is the target directory whose libraries Python programs
    load: that of the first compiler, if there is one. ``pythons`` are the
    interpreters that programs are started with, by label and packages, or why
    there is none; ``unreadable`` are the programs that one of them cannot start.
    """

    rust: Mapping[Key, Build]
    libraries: Path | None = None
    pythons: Mapping[tuple[str, Packages], Path | Unavailable] = field(default_factory=dict)
    unreadable: Mapping[Key, NotBuilt] = field(default_factory=dict)
    seconds: float = 0.0

    def lacking(self, spec: Spec, toolchain: Toolchain) -> str:
        """Why a side cannot be run at all on this machine; nothing if it can."""
        if toolchain.side is Side.RUST:
            return self._unreachable(spec, toolchain)
        if self.libraries is None and has_library(spec.directory):
            return say("build.no-compiler")
        python = self.pythons.get((toolchain.label, spec.packages))
        if isinstance(python, Unavailable):
            return _why_unavailable(spec.packages, python)
        return ""

    def _unreachable(self, spec: Spec, toolchain: Toolchain) -> str:
        """Why an example's crates cannot be had here; empty if they can, or need none."""
        programs = spec.programs_of(Side.RUST)
        made = (self.rust.get((toolchain.label, spec.id, program.name)) for program in programs)
        said = (build.unreachable for build in made if isinstance(build, NotBuilt))
        reason = next(filter(None, said), "")
        return say("build.no-crates", reason=shortened(reason)) if reason else ""

    def of(self, spec: Spec, program: Program, toolchain: Toolchain) -> Build:
        """How ``program`` is started with ``toolchain``, or why it cannot be."""
        if reason := cannot_run(program, toolchain):
            return NotBuilt(reason=say("build.not-run", program=program.path, reason=reason))
        key = (toolchain.label, spec.id, program.name)
        if program.side is Side.PYTHON:
            if fault := self.unreadable.get(key):
                return fault
            python = self.pythons.get((toolchain.label, spec.packages), toolchain.program)
            if isinstance(python, Unavailable):
                return NotBuilt(reason=self.lacking(spec, toolchain))
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
    compilers = [toolchain for toolchain in toolchains if toolchain.side is Side.RUST]
    if not compilers:
        distinct = tuple(spec for spec in distinct if is_loaded(spec))
        is_wanted = distinct or any(spec.packages.extension for spec in every)
        compilers = _library_compilers() if is_wanted else []
    (rust, seconds), (pythons, unreadable) = both(
        lambda: _crates(compilers if distinct else [], distinct, options, tell),
        lambda: _pythons(toolchains, every, compilers, options),
        name="builder",
    )
    libraries = target_of(compilers[0], options) if compilers else None
    return Builds(
        rust=rust, libraries=libraries, pythons=pythons, unreadable=unreadable, seconds=seconds
    )


def _crates(
    compilers: Sequence[Toolchain],
    specs: Sequence[Spec],
    options: Options,
    tell: Callable[[RunEvent], None],
) -> tuple[dict[Key, Build], float]:
    """What each compiler makes of the programs, and what that took."""
    rust: dict[Key, Build] = {}
    seconds = 0.0
    for compiler in compilers:
        tell(BuildStarted(toolchain=compiler, crates=len(specs)))
        report = _build(compiler, specs, options, is_only=len(compilers) == 1)
        tell(BuildFinished(toolchain=compiler, seconds=report.seconds, fresh=report.fresh))
        for (example, program), made in report.builds.items():
            rust[compiler.label, example, program] = made
        seconds += report.seconds
    return rust, seconds


def _why_unavailable(packages: Packages, python: Unavailable) -> str:
    """Why a Python program lacks what it imports.

    Packages of others, or a module of its own crate.
    """
    if packages.extension:
        return say("build.no-extension", reason=shortened(python.reason))
    return say("build.no-packages", wanted=", ".join(packages.wanted), reason=python.reason)


def _pythons(
    toolchains: Iterable[Toolchain],
    specs: Sequence[Spec],
    compilers: Sequence[Toolchain],
    options: Options,
) -> tuple[dict[tuple[str, Packages], Path | Unavailable], dict[Key, NotBuilt]]:
    """What programs are started with, by label and packages; and what cannot be started so."""
    pythons: dict[tuple[str, Packages], Path | Unavailable] = {}
    unreadable: dict[Key, NotBuilt] = {}
    pairs = product((t for t in toolchains if t.side is Side.PYTHON), _by_packages(specs).items())
    for toolchain, (packages, using) in pairs:
        python = _python_with(packages, toolchain, options)
        if packages.extension and isinstance(python, Path):
            python = _python_importing(using[0], python, toolchain, compilers, options)
        if isinstance(python, NotBuilt):
            unreadable |= _of_all_programs(python, toolchain.label, using)
            continue
        pythons[toolchain.label, packages] = python
        if isinstance(python, Path):
            unreadable |= _unreadable(toolchain.label, python, using)
    return pythons, unreadable


def _by_packages(specs: Iterable[Spec]) -> Mapping[Packages, list[Spec]]:
    """The examples by what their Python programs need, where they have any."""
    found: dict[Packages, list[Spec]] = {}
    for spec in specs:
        if Side.PYTHON in spec.sides:
            found.setdefault(spec.packages, []).append(spec)
    return found


def _python_with(
    packages: Packages, toolchain: Toolchain, options: Options
) -> Path | Unavailable | NotBuilt:
    """What programs that need these packages are started with; NotBuilt if no pin names them.

    Whoever names an environment means what is in it: nothing is installed into it, and none made.
    """
    place = options.state.absolute() / "python"
    if not packages.wanted or is_of_an_environment(toolchain.program):
        return lean_python(toolchain, place)
    if missing := tuple(unpinned(packages)):
        return NotBuilt(reason=say("build.unpinned", names=", ".join(missing)))
    return environment_with(packages, toolchain, place)


def _python_importing(
    spec: Spec,
    python: Path,
    toolchain: Toolchain,
    compilers: Sequence[Toolchain],
    options: Options,
) -> Path | Unavailable | NotBuilt:
    """What programs are started with that import the module in Rust of their own example."""
    target = options.state.absolute() / "target" / "extensions"
    why_none: str = say("build.no-compiler")
    for compiler in compilers:
        if too_old := is_below_floor(spec, compiler):
            why_none = too_old
            continue
        built = build_extension(compiler, spec, toolchain, target / compiler.label)
        if isinstance(built, Path):
            place = options.state.absolute() / "python"
            return environment_importing(built, python, toolchain, place)
        return Unavailable(reason=built.unreachable) if built.unreachable else built
    return Unavailable(reason=why_none)


def _of_all_programs(
    fault: NotBuilt, label: str, specs: Iterable[Spec]
) -> Iterator[tuple[Key, NotBuilt]]:
    """The same fault for each Python program of these examples."""
    for spec in specs:
        for program in spec.programs_of(Side.PYTHON):
            yield (label, spec.id, program.name), fault


def _unreadable(label: str, python: Path, specs: Iterable[Spec]) -> dict[Key, NotBuilt]:
    """The programs that an interpreter cannot read or that lack a module, each with what it says.

    One of which the spec says what it reports is left to be run.
    """
    programs = {
        spec.directory / program.path: (spec, program)
        for spec in specs
        for program in spec.programs_of(Side.PYTHON)
        if not any(p.rule.replaces_reports and p.covers(program) for p in spec.properties)
    }
    found = {}
    for file, fault in source_faults(python, tuple(programs)).items():
        spec, program = programs[file]
        place = Place(file=program.path, line=fault.line, text=fault.text)
        where = f"{place}" if fault.line else program.path
        text = f": {fault.text}" if fault.text else ""
        reason = f"{where}: {fault.kind}: {fault.message}{text}"
        if fault.module:
            is_library = fault.module in sys.stdlib_module_names
            declared = say("build.newer-library") if is_library else say("build.no-module")
            hint = say("try.no-module") if spec.tried else declared
            reason = f"{reason}; {hint}"
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
