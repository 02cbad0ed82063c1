"""From what cargo said to what became of each program. Nothing here acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from harness.machine.cargo.manifests import Crate
from harness.machine.cargo.messages import BuildLog, CompilerError
from harness.values.program import Program
from harness.values.toolchain import Build, Built, NotBuilt, Refused

Key: TypeAlias = tuple[str, str]
"""An example's id and a program's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One program that cargo is to build. It ``is_apart`` if another crate's has the same name."""

    crate: Crate
    program: Program
    is_apart: bool = False

    @property
    def key(self) -> Key:
        """How the program is named among all."""
        return self.crate.spec.id, self.program.name

    @property
    def bin(self) -> str:
        """The name of its binary."""
        return self.crate.bin_name(self.program)

    @property
    def source(self) -> str:
        """The absolute path of its main file."""
        return self.crate.source(self.program)

    @property
    def is_refused(self) -> bool:
        """Whether the spec says that the compiler refuses it."""
        return self.crate.spec.is_refused(self.program)


def list_targets(crates: Sequence[Crate]) -> tuple[Target, ...]:
    """Return the programs of all crates. Of names that are used twice every use is apart."""
    targets = [Target(crate=crate, program=p) for crate in crates for p in crate.programs]
    counts = Counter(target.bin for target in targets)
    return tuple(
        Target(crate=t.crate, program=t.program, is_apart=counts[t.bin] > 1) for t in targets
    )


def resolve(target: Target, log: BuildLog) -> Build | None:
    """Say what became of a program, or ``None`` if ``log`` does not tell (cargo gave up before)."""
    for artifact in log.artifacts:
        if artifact.source == target.source and artifact.executable is not None:
            environment = _library_environment(target.crate, Path(artifact.executable))
            return Built(command=(artifact.executable,), environment=environment)
    errors = _errors_of(target, log)
    if any(error.is_crash for error in errors):
        return NotBuilt(reason="the compiler crashed", detail=errors[0].diagnostic.rendered)
    if errors:
        return Refused(diagnostics=tuple(error.diagnostic for error in errors))
    return None


def _library_environment(crate: Crate, executable: Path) -> dict[str, str]:
    """Return where a program that loads the library of its crate finds it."""
    return {"CARGO_TARGET_DIR": str(executable.parent.parent)} if crate.has_library else {}


def _errors_of(target: Target, log: BuildLog) -> tuple[CompilerError, ...]:
    """Return the errors of the program itself, else those of the rest of its crate."""
    own = tuple(error for error in log.errors if error.source == target.source)
    return own or tuple(error for error in log.errors if _is_shared(error, target.crate))


def _is_shared(error: CompilerError, crate: Crate) -> bool:
    """Whether an error is one of the crate, and of none of its programs: of its library, say."""
    programs = {crate.source(program) for program in crate.programs}
    return error.manifest == str(crate.directory / "Cargo.toml") and error.source not in programs
