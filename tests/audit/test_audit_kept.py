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


def test_what_is_kept_is_not_gathered_again(spec: Spec, tmp_path: Path) -> None:
    """The site asks for what is missing, and then nothing is."""
    own = tuple(control for control in spec.controls if control.side is Side.PYTHON)
    spec, said = replace(spec, controls=own), list[str]()
    gather_missing([spec], [default_python()], Options(state=tmp_path), said.append)
    assert names_of(spec) == list(load_broken(tmp_path, spec))
    assert f"sound: {len(own)} controls" == said[-1]
    said.clear()
    gather_missing([spec], [default_python()], Options(state=tmp_path), said.append)
    assert ["asking the compilers"] == said
