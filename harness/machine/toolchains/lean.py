"""A bare environment for an interpreter: what a program is started from, without site-packages.

What happens to be installed in an interpreter's site-packages, which it reads when
it starts, should not matter to any program here, nor to how long it takes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from harness.machine.process import UNLIMITED, Command, clean_environment, run_process
from harness.values.run import Exited
from harness.values.toolchain import Toolchain

TIMEOUT_SECONDS = 60.0


def lean_python(toolchain: Toolchain, place: Path) -> Path:
    """The interpreter of an environment without packages, made below ``place`` if it is not there.

    Two interpreters of one version have an environment each. Where none can
    be made (a system that keeps ``venv`` apart) it is the interpreter itself;
    and so it is if that is an environment's: whoever names one means what is in it.
    """
    if is_of_an_environment(toolchain.program):
        return toolchain.program
    home = place / distinct_name(toolchain)
    return environment_at(home, lambda draft: run_venv(toolchain, draft)) or toolchain.program


def python_in(home: Path) -> Path:
    """The interpreter of an environment."""
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_of_an_environment(program: Path) -> bool:
    """Whether it is a virtual environment's: such a one stands for another interpreter.

    It may be a copy of that, and linked to from elsewhere.
    """
    return any(
        (place / "pyvenv.cfg").exists()
        for each in (program, program.resolve())
        for place in (each.parent, each.parent.parent)
    )


def distinct_name(toolchain: Toolchain) -> str:
    """The label, the version, and a digest of where it is installed: what files are named by."""
    place = blake2b(os.fsencode(toolchain.program.resolve()), digest_size=4).hexdigest()
    return f"{toolchain.label}-{toolchain.version}-{place}"


def environment_at(home: Path, make: Callable[[Path], bool]) -> Path | None:
    """The interpreter of the environment at ``home``; where there is none, ``make`` fills one.

    It is filled aside and moved, so that nobody finds half of one. ``None`` if it cannot be had.
    """
    if not (python := python_in(home)).exists():
        _make_aside(home, make)
    return python if python.exists() else None


def _make_aside(home: Path, make: Callable[[Path], bool]) -> None:
    """Make a directory elsewhere and put it in its place at once; none is there if that fails."""
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=home.parent))
    except OSError:
        return
    try:
        if make(draft):
            with contextlib.suppress(OSError):  # somebody else was quicker
                draft.rename(home)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def run_venv(toolchain: Toolchain, draft: Path) -> bool:
    """Make an environment without packages, and say whether that was possible."""
    command = Command(
        argv=(str(toolchain.program), "-I", "-m", "venv", "--without-pip", str(draft)),
        cwd=draft,
        environment=clean_environment(),
        timeout_seconds=TIMEOUT_SECONDS,
        limits=UNLIMITED,
    )
    return run_process(command).ending == Exited(0)
