"""The bare environments that programs are started from."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from harness.machine.toolchains import default_python
from harness.machine.toolchains.lean import distinct_name, lean_python


def test_an_environment_is_made_once(tmp_path: Path) -> None:
    """It is the interpreter's own, without packages, and is found again."""
    python = lean_python(default_python(), tmp_path)
    home = tmp_path / distinct_name(default_python())
    assert home in python.parents
    assert [home] == list(tmp_path.iterdir())
    before = (home / "pyvenv.cfg").stat().st_mtime_ns
    assert python == lean_python(default_python(), tmp_path)
    assert before == (home / "pyvenv.cfg").stat().st_mtime_ns


def test_two_interpreters_of_one_version_have_an_environment_each(tmp_path: Path) -> None:
    """What was asked for is run, and not another of the same name."""
    own = default_python()
    other = tmp_path / "python3"
    shutil.copy(own.program, other)
    assert distinct_name(own) != distinct_name(replace(own, program=other))
    assert distinct_name(own) == distinct_name(replace(own, program=own.program.resolve()))


def test_without_an_environment_it_is_the_interpreter_itself(tmp_path: Path) -> None:
    """Where none can be made, or what was made has gone stale."""
    broken = replace(default_python(), program=Path("/bin/false"))
    assert Path("/bin/false") == lean_python(broken, tmp_path)
    stale = tmp_path / distinct_name(default_python()) / "bin"
    stale.mkdir(parents=True)
    (stale / "python").symlink_to(tmp_path / "gone")
    assert default_python().program == lean_python(default_python(), tmp_path)
