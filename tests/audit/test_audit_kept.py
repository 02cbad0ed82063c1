"""What an audit keeps of each control, for whoever shows how it breaks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.machine.toolchains import default_python
from harness.proof.audit import audit
from harness.proof.kept import load_broken
from harness.site.gathering import gather_missing
from harness.values.program import Side
from harness.values.progress import Progress
from tests.audit.driver import spec_named


@pytest.fixture
def spec() -> Spec:
    """An example with a control of each side."""
    return spec_named("sound")


def names_of(spec: Spec) -> list[str]:
    """Its Python controls."""
    return [control.name for control in spec.controls if control.side is Side.PYTHON]


def test_an_audit_keeps_how_each_control_breaks_what_it_names(spec: Spec, tmp_path: Path) -> None:
    """The message, and the lines that show it with the offending one marked."""
    audit([spec], [default_python()], Options(runs=4, schedules=0, state=tmp_path), lambda _: None)
    kept = load_broken(tmp_path, spec)
    assert names_of(spec) == list(kept)
    for control in spec.controls:
        if control.side is Side.PYTHON:
            first = kept[control.name].broken[0]
            assert first.name in control.breaks
            assert ("plain", 1) == (first.schedule, first.run)
            assert any(line.note is not None for line in first.lines)


class Noted(Progress):
    """What was told of how far it had come."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.steps: list[str] = []

    def stage(self, words: str) -> None:
        """Note it."""
        self.begun.append(words)

    def begin(self, words: str, total: int) -> None:
        """Note it."""
        self.begun.append(f"{total} {words}")

    def advance(self, words: str = "") -> None:
        """Note it."""
        self.steps.append(words)


def test_what_is_kept_is_not_gathered_again(spec: Spec, tmp_path: Path) -> None:
    """The site asks for what is missing, and then nothing is."""
    own = tuple(control for control in spec.controls if control.side is Side.PYTHON)
    spec, noted = replace(spec, controls=own), Noted()
    options = Options(state=tmp_path, progress=noted)
    gather_missing([spec], [default_python()], options)
    assert names_of(spec) == list(load_broken(tmp_path, spec))
    assert [
        "asking the compilers",
        f"building {len(own)} variants",
        f"{len(own)} control",
    ] == noted.begun
    assert ["specs/sound · python"] * len(own) == noted.steps
    noted.begun.clear()
    gather_missing([spec], [default_python()], options)
    assert ["asking the compilers"] == noted.begun
