"""Controls that no longer fit their programs: told, after what the programs themselves break."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.options import Options
from harness.bench.runner import verify
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all, select
from harness.machine.toolchains import default_python
from harness.values.program import Side
from harness.values.report import Outcome


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A pair of one's own, with a control on each side."""
    return scaffold(tmp_path / "corpus", "topic", "pair").directory


def _spec(pair: Path) -> Spec:
    (spec,) = load_all(select(find_examples((pair.parent.parent,)), ()))
    return spec


def _change(pair: Path, old: str, new: str) -> None:
    program = pair / "main.py"
    text = program.read_text(encoding="utf-8")
    assert old in text
    program.write_text(text.replace(old, new), encoding="utf-8")


def _findings(pair: Path) -> tuple[Outcome, list[str]]:
    spec = _spec(pair)
    options = Options(runs=2, schedules=0, sides=(Side.PYTHON,), jobs=1, state=pair / ".state")
    (verdict,) = verify((spec,), (default_python(),), options, lambda _: None).verdicts
    return verdict.outcome, [finding.property for finding in verdict.findings]


def test_who_breaks_a_program_sees_what_that_breaks(pair: Path) -> None:
    """The spec loads all the same; that its control is out of date is the last thing told."""
    (control,) = (c for c in _spec(pair).controls if c.side is Side.PYTHON)
    (edit,) = control.edits
    _change(pair, edit.replace, edit.replacement.replace("start", "run"))
    outcome, broken = _findings(pair)
    assert Outcome.FAILED is outcome
    assert set(control.breaks) & set(broken[:-1])  # some take both sides
    assert "controls-apply" == broken[-1]


def test_a_control_that_no_longer_fits_is_a_failure_by_itself(pair: Path) -> None:
    """However well the program does: the proof that its checks can fail is gone."""
    (control,) = (c for c in _spec(pair).controls if c.side is Side.PYTHON)
    (edit,) = control.edits
    _change(pair, edit.replace, f"{edit.replace}  # {edit.replace}")
    assert (Outcome.FAILED, ["controls-apply"]) == _findings(pair)


def test_a_control_that_fits_is_nothing_to_speak_of(pair: Path) -> None:
    """Nor is one of the other side."""
    assert (Outcome.PASSED, []) == _findings(pair)
