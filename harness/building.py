"""What every program is started with: interpreters for one side, cargo for the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.cargo import build, library_environment
from harness.model import (
    Build,
    BuildFinished,
    BuildStarted,
    Built,
    NotBuilt,
    Program,
    RunEvent,
    Side,
    Spec,
    Toolchain,
)
from harness.options import Options

Key = tuple[str, str, str]
"""A compiler's label, an example's id, a program's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Builds:
    """What became of every Rust program with every compiler.

    ``libraries`` is the target directory whose libraries Python programs
    load: that of the first compiler, if there is one.
    """

    rust: Mapping[Key, Build]
    libraries: Path | None = None
    seconds: float = 0.0

    def of(self, spec: Spec, program: Program, toolchain: Toolchain) -> Build:
        """How ``program`` is started with ``toolchain``, or why it cannot be."""
        if program.side is Side.PYTHON:
            command = (str(toolchain.program), program.path)
            return Built(command=command, environment=self._environment(spec))
        missing = NotBuilt(reason="cargo said nothing of it")
        return self.rust.get((toolchain.label, spec.id, program.name), missing)

    def _environment(self, spec: Spec) -> Mapping[str, str]:
        return library_environment(spec, self.libraries) if self.libraries else {}


def build_all(
    specs: Iterable[Spec],
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[RunEvent], None],
) -> Builds:
    """Build the crates of ``specs`` with every compiler, each into a directory of its own."""
    distinct = tuple({spec.id: spec for spec in specs}.values())
    rust: dict[Key, Build] = {}
    compilers = [toolchain for toolchain in toolchains if toolchain.side is Side.RUST]
    seconds = 0.0
    for compiler in compilers:
        tell(BuildStarted(toolchain=compiler, crates=len(distinct)))
        report = build(compiler, distinct, target_dir=target_of(compiler, options))
        tell(BuildFinished(toolchain=compiler, seconds=report.seconds, fresh=report.fresh))
        for (example, program), made in report.builds.items():
            rust[compiler.label, example, program] = made
        seconds += report.seconds
    libraries = target_of(compilers[0], options) if compilers else None
    return Builds(rust=rust, libraries=libraries, seconds=seconds)


def target_of(compiler: Toolchain, options: Options) -> Path:
    """Where ``compiler`` builds into: no two compilers share a directory."""
    return options.state.absolute() / "target" / compiler.label
