"""Random yields, for runs that cannot be controlled: a small library loaded into the program.

It is compiled once from ``runtime/yields/yields.c``. What it does is noise: it varies how threads
interleave, and the same seed may give another run.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from harness.model import Built, Exited
from harness.process import Command, run_process, tool_environment
from harness.schedules.names import Schedule, Strategy

SOURCE = Path(__file__).parent / "runtime" / "yields" / "yields.c"
CFLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-fPIC", "-shared")
TIMEOUT_SECONDS = 120.0


def compile_yields(out_dir: Path) -> Path | str:
    """The library in ``out_dir``, compiled if it is not there yet; or why it cannot be had."""
    if sys.platform != "linux":
        return f"random yields are for Linux; this is {sys.platform}"
    compiler = shutil.which("cc")
    if compiler is None:
        return "random yields need a C compiler (cc), and none was found"
    target = out_dir.absolute() / f"yields-{_digest(compiler)}.so"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        draft = Path(scratch) / target.name
        command = Command(
            argv=(compiler, *CFLAGS, "-o", str(draft), str(SOURCE), "-ldl"),
            cwd=Path(scratch),
            environment=tool_environment(),
            timeout_seconds=TIMEOUT_SECONDS,
        )
        completed = run_process(command)
        if completed.ending != Exited(0):
            said = completed.stderr.decode("utf-8", "replace").strip().splitlines()
            return f"random yields cannot be compiled: {said[0] if said else completed.ending}"
        draft.replace(target)
    return target


def with_yields(build: Built, library: Path) -> Built:
    """How the program is started with the library in it."""
    return replace(build, environment={**build.environment, "LD_PRELOAD": str(library)})


def yield_variables(schedule: Schedule) -> dict[str, str]:
    """The environment variables that tell the library its seed; none for any other schedule."""
    if schedule.strategy is not Strategy.YIELD:
        return {}
    return {"HARNESS_YIELDS": str(schedule.seed)}


def _digest(compiler: str) -> str:
    content = repr((compiler, CFLAGS)).encode() + SOURCE.read_bytes()
    return hashlib.sha256(content).hexdigest()[:16]
