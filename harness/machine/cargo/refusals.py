"""Remembering refused programs.

Cargo keeps what it has built, but compiles a program that is refused again at
every call. One whose crate has no dependencies, and is unchanged, is refused
again with the same errors: these are kept beside the target directory's own
files, one file for each program.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from pathlib import Path

from harness.machine.cargo.invocation import Setting
from harness.machine.cargo.manifests import Crate
from harness.machine.working_places import write_whole
from harness.values.program import Program
from harness.values.toolchain import Diagnostic, Place, Refused

FORMAT = 2
"""Part of every key: to be raised when what is kept changes."""


def recall(setting: Setting, crate: Crate, program: Program) -> Refused | None:
    """Return how the compiler refused exactly this program before, if that is known."""
    try:
        path = _path(setting, crate, program)
        entries = json.loads(path.read_text(encoding="utf-8"))
        return Refused(diagnostics=tuple(_diagnostic(entry) for entry in entries))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember(setting: Setting, crate: Crate, program: Program, refused: Refused) -> None:
    """Keep how the compiler refused the program. A full disk is no fault: it is asked again."""
    with contextlib.suppress(OSError):
        entries = [dataclasses.asdict(diagnostic) for diagnostic in refused.diagnostics]
        write_whole(_path(setting, crate, program), json.dumps(entries))


def _diagnostic(entry: dict[str, object]) -> Diagnostic:
    place, notes = entry.pop("place"), tuple(entry.pop("notes", ()))  # type: ignore[var-annotated,arg-type]
    return Diagnostic(place=Place(**place) if place else None, notes=notes, **entry)  # type: ignore[arg-type]


def _path(setting: Setting, crate: Crate, program: Program) -> Path:
    """The file for one program as it is, with this compiler and these flags; raises OSError."""
    key = hashlib.sha256()
    toolchain = setting.toolchain
    compiler = toolchain.program.stat()
    told = (FORMAT, toolchain.version, toolchain.program, compiler.st_mtime_ns, compiler.st_size)
    for part in (*told, program.path, setting.instrumentation, crate.root):
        key.update(repr(part).encode() + b"\0")
    for path in sorted(_sources(crate, program)):
        key.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return setting.target_dir / ".refused" / f"{key.hexdigest()}.json"


def _sources(crate: Crate, program: Program) -> set[Path]:
    """Return the files that decide whether a program of a crate without dependencies compiles."""
    fixed = {crate.directory / "Cargo.toml", crate.directory / program.path}
    return fixed.union((crate.directory / "src").rglob("*.rs"))
