"""Small C libraries of ours, loaded into the programs that run: compiled once, when needed."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from harness.machine.process import Command, run_process, tool_environment
from harness.values.run import Exited
from harness.values.toolchain import Built

CFLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-fPIC", "-shared")
TIMEOUT_SECONDS = 120.0


def compile_preload(
    name: str, what: str, sources: Sequence[Path], out_dir: Path, flags: Sequence[str] = ()
) -> Path | str:
    """The library of that name in ``out_dir``, compiled if need be; or why it cannot be had.

    ``what`` names in that reason what the library is for. C files among ``sources`` are compiled;
    all of them are in the digest that tells versions apart.
    """
    if sys.platform != "linux":
        return f"{what} are for Linux; this is {sys.platform}"
    compiler = shutil.which("cc")
    if compiler is None:
        return f"{what} need a C compiler (cc), and none was found"
    flags = (*CFLAGS, *flags)
    target = out_dir.absolute() / f"{name}-{_digest(compiler, flags, sources)}.so"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        draft = Path(scratch) / target.name
        code = [str(source) for source in sources if source.suffix == ".c"]
        command = Command(
            argv=(compiler, *flags, "-o", str(draft), *code, "-ldl"),
            cwd=Path(scratch),
            environment=tool_environment(),
            timeout_seconds=TIMEOUT_SECONDS,
        )
        completed = run_process(command)
        if completed.ending != Exited(0):
            said = completed.stderr.decode("utf-8", "replace").strip().splitlines()
            return f"{what} cannot be compiled: {said[0] if said else completed.ending}"
        draft.replace(target)
    return target


def with_preload(build: Built, library: Path) -> Built:
    """How the program is started with the library in it."""
    return replace(build, environment={**build.environment, "LD_PRELOAD": str(library)})


def _digest(compiler: str, flags: Sequence[str], sources: Sequence[Path]) -> str:
    content = hashlib.sha256(repr((compiler, tuple(flags))).encode())
    for source in sources:
        content.update(source.name.encode() + b"\0" + source.read_bytes())
    return content.hexdigest()[:16]
