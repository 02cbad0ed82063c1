"""The Python runtime's bytecode, made once for an interpreter.

A program's runs write none (``PYTHONDONTWRITEBYTECODE``), so that nothing is left beside its
sources; without this each controlled run would compile the scheduler again, which takes as long
as the interpreter's start.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from harness.machine.process import Command, clean_environment, run_process
from harness.schedules.controlled import PYTHON_RUNTIME

TIMEOUT_SECONDS = 60.0


def compile_runtime(python: Path, name: str, done: Path) -> None:
    """Have the interpreter compile the runtime, unless ``done`` holds a note that it has.

    ``name`` tells interpreters apart. Where nothing can be written beside
    the runtime, its runs only take longer: that is no error.
    """
    note = done / f"bytecode-{name}-{_digest()}"
    if note.exists():
        return
    run_process(
        Command(
            argv=(str(python), "-m", "compileall", "-q", str(PYTHON_RUNTIME)),
            cwd=PYTHON_RUNTIME,
            environment=clean_environment(),
            timeout_seconds=TIMEOUT_SECONDS,
        )
    )
    done.mkdir(parents=True, exist_ok=True)
    note.touch()


def _digest() -> str:
    """What the bytecode is of: the place of the runtime, and the text of its modules."""
    content = hashlib.sha256(str(PYTHON_RUNTIME).encode())
    for source in sorted(PYTHON_RUNTIME.rglob("*.py")):
        content.update(source.read_bytes())
    return content.hexdigest()[:16]
