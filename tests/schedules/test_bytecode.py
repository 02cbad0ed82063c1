"""The Python runtime is compiled once for an interpreter."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from harness.schedules import bytecode
from harness.schedules.bytecode import compile_runtime
from harness.schedules.controlled import PYTHON_RUNTIME

PYTHON = Path(sys.executable)


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the runtime, without bytecode, which is compiled instead of ours."""
    copy = tmp_path / "runtime"
    shutil.copytree(PYTHON_RUNTIME, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(bytecode, "PYTHON_RUNTIME", copy)
    return copy


def compiled(runtime: Path) -> set[str]:
    """The modules that have bytecode."""
    return {path.name.partition(".")[0] for path in runtime.rglob("*.pyc")}


def test_every_module_is_compiled(runtime: Path, tmp_path: Path) -> None:
    """All that a controlled run imports."""
    compile_runtime(PYTHON, "py-3.11.7", tmp_path / "state")
    assert {path.stem for path in runtime.rglob("*.py")} == compiled(runtime)


def test_it_is_not_done_again(runtime: Path, tmp_path: Path) -> None:
    """The note is believed: asking an interpreter costs as much as a run."""
    compile_runtime(PYTHON, "py-3.11.7", tmp_path / "state")
    for path in runtime.rglob("*.pyc"):
        path.unlink()
    compile_runtime(PYTHON, "py-3.11.7", tmp_path / "state")
    assert not compiled(runtime)


@pytest.mark.parametrize("change", ["source", "interpreter"])
def test_it_is_done_again_for_what_is_new(runtime: Path, tmp_path: Path, change: str) -> None:
    """Another text, or another interpreter."""
    compile_runtime(PYTHON, "py-3.11.7", tmp_path / "state")
    for path in runtime.rglob("*.pyc"):
        path.unlink()
    if change == "source":
        with (runtime / "sitecustomize.py").open("a", encoding="utf-8") as file:
            file.write("\n")
    name = "py-3.12.1" if change == "interpreter" else "py-3.11.7"
    compile_runtime(PYTHON, name, tmp_path / "state")
    assert compiled(runtime)


def test_where_nothing_can_be_written_it_is_left(runtime: Path, tmp_path: Path) -> None:
    """Controlled runs do without."""
    for package in {path.parent for path in runtime.rglob("*.py")}:
        (package / "__pycache__").touch()
    compile_runtime(PYTHON, "py-3.11.7", tmp_path / "state")
    assert not compiled(runtime)
